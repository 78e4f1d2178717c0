"""The picture of the scales: observed changes beside those that the factor alone would make."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from matplotlib import rc_context
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from mobiliteit.inference.invariance_results import FAILS, HOLDS, PARTIAL
from mobiliteit.render import canvas
from mobiliteit.samples import percent_text
from mobiliteit.scale_checks.checks import ScaleChecks

SIGNS = {HOLDS: "✓", PARTIAL: "◐", FAILS: "✗"}
OFFSET = 0.16


def changes_figure(checks: ScaleChecks) -> Figure:
    """Draw the change in each scale from the first wave to the second, twice.

    Parameters
    ----------
    checks : ScaleChecks
        Of two waves or more; the second is drawn against the first.

    Returns
    -------
    matplotlib.figure.Figure
        Filled: the difference of the means. Hollow: the difference that the factor alone would have
        made, the items as in the first wave; not drawn for a scale that is not comparable. A sign
        before the name gives the verdict on the scale.
    """
    first, second = checks.waves[:2]
    names, rows = [], []
    for scale, check in checks.checks.items():
        if check.invariance is None:
            continue
        means = check.invariance.means
        own = means[means["group"] == second.id]
        if own.empty:
            continue
        names.append(f"{SIGNS.get(check.verdict, '?')} {first.study.label(scale)}")
        rows.append({str(name): value for name, value in own.iloc[0].items()})
    limits = f"{percent_text(checks.level)}-interval"
    hollow = Line2D([], [], linestyle="none", marker="s", markersize=6, color=canvas.SERIES[1][0])
    hollow.set_markerfacecolor("none")
    with rc_context(canvas.style()):
        drawing = canvas.start(
            f"Verandering van golf {first.id} naar {second.id}, in punten van de schaal ({limits})",
            checks.mark,
            size=(8.6, 0.34 * len(rows) + 0.5),
            legend=[
                (canvas.dot(0), "gemiddelden"),
                (hollow, "de factor alleen, items als in de eerste golf"),
            ],
        )
        axes = drawing.axes[0]
        for y, row in enumerate(rows):
            _interval(axes, row, "observed", y - OFFSET, 0)
            _interval(axes, row, "expected", y + OFFSET, 1)
        axes.axvline(0, color=canvas.SOFT, linewidth=0.8)
        canvas.label_rows(axes, names, width=44)
        canvas.number_axis(axes, "nl")
        axes.set_xlabel("✓ dezelfde   ◐ deels   ✗ niet dezelfde   ? niet te toetsen", fontsize=8)
    return drawing.figure


def _interval(axes: Axes, row: Mapping[str, Any], what: str, y: float, series: int) -> None:
    if not np.isfinite(row[what]):
        return
    colour, marker = canvas.SERIES[series]
    axes.plot([row[f"{what}_low"], row[f"{what}_high"]], [y, y], color=colour, linewidth=1.4)
    face = "white" if series else colour
    axes.plot([row[what]], [y], marker=marker, markersize=5, color=colour, markerfacecolor=face)
