"""The figure of the trends: the change of every scale and share, and what is left of it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from matplotlib import rc_context
from matplotlib.figure import Figure

from mobiliteit.render import canvas
from mobiliteit.render.drawing import APART, PAIRED, interval, square
from mobiliteit.render.trends_words import WORDS
from mobiliteit.samples import percent_text
from mobiliteit.tables import TOTAL


def draw_split(trends: Any, wave: str, lang: str = "nl") -> Figure:
    """Draw the changes of a later wave, and the changes with the composition of the first.

    Parameters
    ----------
    trends : Trends
        Over two waves or more.
    wave : str
        Which later wave; one that could be given the margins of the first.
    lang : {'nl', 'en'}
        Language.

    Returns
    -------
    matplotlib.figure.Figure
        Shares above, in percentage points; scales below, in standard deviations of the first wave.
        Filled: the change. Hollow: the rest, when the composition is that of the first wave.
    """
    say, study, first = WORDS[lang], trends.waves[0].study, trends.waves[0].id
    own = trends.parts[trends.parts["wave"] == wave]
    shares, means = (own[own["statistic"] == kind] for kind in ("percent", "mean"))
    level = percent_text(trends.level, lang)
    heights = [len(shares) + 0.8, len(means) + 0.8]
    labels = (say["points"], say["deviations"].format(first=first))
    with rc_context(canvas.style()):
        drawing = canvas.start(
            say["figure"].format(first=first, later=wave, level=level),
            trends.mark(lang),
            size=(7.8, PAIRED * sum(heights) + 1.0),
            rows=2,
            legend=[(canvas.dot(0), say["change"]), (square(), say["same_composition"])],
            lang=lang,
            height_ratios=heights,
        )
        for axes, part, label in zip(drawing.axes, (shares, means), labels, strict=True):
            names = []
            for y, row in enumerate(part.to_dict("records")):
                for name, place, series in (("change", -APART, 0), ("rest", APART, 1)):
                    numbers = [row[name + limit] / row["unit"] for limit in ("_low", "", "_high")]
                    interval(axes, numbers, y + place, series)
                caution = f" ({say['see_note']})" if row["note"] else ""
                names.append(f"{followed_label(study, row, lang)}{caution}")
            axes.axvline(0, color=canvas.SOFT, linewidth=0.8)
            canvas.label_rows(axes, names, width=44)
            canvas.number_axis(axes, lang, decimals=0 if part is shares else 1)
            axes.set_xlabel(label)
    return drawing.figure


def followed_label(study: Any, part: Mapping[Any, Any], lang: str) -> str:
    """Name a row of ``Trends.parts``: a variable, or the answer of which it is the share."""
    if part["row"] == TOTAL:
        return str(study.label(part["variable"], lang))
    return f"% {study.categories(part['variable'])[part['row']][lang == 'en']}"
