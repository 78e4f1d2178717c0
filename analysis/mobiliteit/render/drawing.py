"""What the figures share beside the canvas: choosing cells, checking names, writing numbers."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any, TypeVar

import pandas as pd
from matplotlib import rc_context
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from mobiliteit.errors import AnalysisError, Problem
from mobiliteit.render import canvas
from mobiliteit.render.tables import TableView
from mobiliteit.render.wording import answer_bounds
from mobiliteit.study_schema import TableBase

ROW = 0.3  # inches per row of a figure
LINE = 0.145  # inches per line of a label
PAIRED, APART = (
    0.34,
    0.16,
)  # inches per row that holds two intervals; how far each is from the middle
Kind = TypeVar("Kind", bound=TableBase)


def plain_title(view: TableView) -> str:
    """Return the title of a table without its number."""
    table = view.result.definition
    return table.title_nl if view.lang == "nl" else table.title_en


def on_the_same_scale(view: TableView) -> list[str]:
    """Return the rows that share the answer scale most rows of the table have."""
    study = view.result.wave.study
    bounds = {row: answer_bounds(study, row) for row in dict.fromkeys(view.cells["row"])}
    common = Counter(pair for pair in bounds.values() if pair is not None).most_common(1)
    return [row for row, pair in bounds.items() if common and pair == common[0][0]]


def pick(view: TableView, rows: Sequence[str]) -> pd.DataFrame:
    """Return the cells of some rows of a table; a row that is not there raises."""
    check_known(rows, dict.fromkeys(view.cells["row"]))
    return view.cells[view.cells["row"].isin(rows)]


def check_known(names: Sequence[str], known: Any) -> None:
    """Raise an error that lists the known names when one of `names` is not among them."""
    unknown = [name for name in names if name not in known]
    if unknown:
        problem = Problem(
            f"there is no {', '.join(map(repr, unknown))} in this table",
            f"Use some of: {', '.join(known)}.",
        )
        raise AnalysisError("The figure cannot be drawn.", [problem])


def require(view: TableView, kind: type[Kind]) -> Kind:
    """Raise an error unless the table is of the kind that a figure is for."""
    definition = view.result.definition
    if not isinstance(definition, kind):
        problem = Problem(
            f"table {view.number} is a {definition.kind}",
            "Use the figure that belongs to that kind of table.",
        )
        raise AnalysisError("The figure cannot be drawn.", [problem])
    return definition


def ring(axes: Axes, value: float, y: float) -> None:
    """Draw a hollow ring, unless there is no number."""
    if math.isfinite(value):
        axes.plot(
            [value],
            [y],
            linestyle="none",
            marker="o",
            markersize=canvas.HOLLOW,
            markerfacecolor="none",
            markeredgecolor=canvas.SOFT,
            clip_on=False,
        )


def without_numbers(title: str, mark: str, why: str, lang: str) -> Figure:
    """Return a figure that says why there is nothing to draw."""
    with rc_context(canvas.style()):
        drawing = canvas.start(title, mark, size=(7.0, 1.0), lang=lang)
        axes = drawing.axes[0]
        axes.set_axis_off()
        axes.text(0, 0.5, canvas.wrapped(capital(why), 84), transform=axes.transAxes, va="center")
    return drawing.figure


def square() -> Line2D:
    """Return the hollow marker of :func:`interval` for the legend."""
    colour, marker = canvas.SERIES[1]
    handle = Line2D([], [], linestyle="none", marker=marker, markersize=6, color=colour)
    handle.set_markerfacecolor("none")
    return handle


def interval(axes: Axes, numbers: Sequence[float], y: float, series: int) -> None:
    """Draw an interval (low, value, high), series 0 with a filled marker and 1 with a hollow one.

    Nothing is drawn where there is no number.
    """
    low, value, high = numbers
    if not math.isfinite(value):
        return
    colour, marker = canvas.SERIES[series]
    axes.plot([low, high], [y, y], color=colour, linewidth=1.4)
    face = "white" if series else colour
    axes.plot([value], [y], marker=marker, markersize=5, color=colour, markerfacecolor=face)


def behind(axes: Axes, cell: Mapping[Any, Any], y: float, *, n: bool = False) -> None:
    """Write the computed number at the right edge, where no marker can be under it."""
    text = f"{cell['text']}  (n = {cell['n']})" if n else cell["text"]
    axes.annotate(
        text,
        (1, y),
        xycoords=("axes fraction", "data"),
        xytext=(3, 0),
        textcoords="offset points",
        va="center",
        fontsize=8.5,
    )


def capital(text: str) -> str:
    """Write the first letter as a capital."""
    return text[:1].upper() + text[1:]


def finite(value: float) -> float | None:
    """Return the number, or None for NaN."""
    return value if math.isfinite(value) else None


def stacked(labels: Sequence[str], between: float) -> tuple[list[float], float]:
    """Place rows whose labels may take several lines, each in the middle of the room it needs.

    Parameters
    ----------
    labels : sequence of str
        With their line breaks.
    between : float
        Inches of room per row besides its lines.

    Returns
    -------
    (list of float, float)
        Inches from the top of each middle, and of the end.
    """
    middles, top = [], 0.0
    for label in labels:
        room = between + LINE * (label.count("\n") + 1)
        middles.append(top + room / 2)
        top += room
    return middles, top
