"""The figure of the scales: observed changes beside those that the factor alone would make."""

from __future__ import annotations

from typing import Any

from matplotlib import rc_context
from matplotlib.figure import Figure

from mobiliteit.render import canvas
from mobiliteit.render.drawing import APART, PAIRED, interval, square
from mobiliteit.render.scales_words import SIGNS, WORDS, verdict
from mobiliteit.samples import percent_text


def draw_changes(checks: Any, wave: str, lang: str = "nl") -> Figure | None:
    """Draw the change in each scale from the first wave to a later one, twice.

    Parameters
    ----------
    checks : ScaleChecks
        Of two waves or more.
    wave : str
        Which later wave.
    lang : {'nl', 'en'}
        Language.

    Returns
    -------
    matplotlib.figure.Figure or None
        Filled: the difference of the means. Hollow: the difference that the factor alone would have
        made, the items as in the first wave; not drawn for a scale that is not comparable. A sign
        before the name gives the verdict on the scale. None where no scale is in both waves.
    """
    say, study = WORDS[lang], checks.waves[0].study
    names, rows = [], []
    for scale, check in checks.checks.items():
        if check.invariance is None or checks.waves[0].id != check.invariance.sample.labels[0]:
            continue
        means = check.invariance.means
        for row in means[means["group"] == wave].to_dict("records"):
            names.append(f"{SIGNS[check.verdict]} {study.label(scale, lang)}")
            rows.append(row)
    if not rows:
        return None
    level = percent_text(checks.level, lang)
    with rc_context(canvas.style()):
        drawing = canvas.start(
            say["figure"].format(first=checks.waves[0].id, later=wave, level=level),
            checks.mark(lang),
            size=(8.6, PAIRED * len(rows) + 0.5),
            legend=[(canvas.dot(0), say["means"]), (square(), say["factor"])],
            lang=lang,
        )
        axes = drawing.axes[0]
        for y, row in enumerate(rows):
            for what, place, series in (("observed", -APART, 0), ("expected", APART, 1)):
                numbers = [row[what + limit] for limit in ("_low", "", "_high")]
                interval(axes, numbers, y + place, series)
        axes.axvline(0, color=canvas.SOFT, linewidth=0.8)
        canvas.label_rows(axes, names, width=44)
        canvas.number_axis(axes, lang)
        axes.set_xlabel("   ".join(verdict(name, lang) for name in SIGNS), fontsize=8)
    return drawing.figure
