"""What the pictures of answers share: their words, titles of axes, and numbers along them."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

from matplotlib.ticker import FuncFormatter, MaxNLocator

from mobiliteit.render.answer_words import held_constant, label_of, listed
from mobiliteit.render.numbers import format_number

WIDTH = 5.2  # inches
PERCENT = "%"

WORDS: dict[str, dict[str, str]] = {
    "nl": {
        "scatter": "{y} naar {x}",
        "slopes": "{y} naar {x}",
        "groups": "{y} naar {x}",
        "shares": "{y} naar {x}",
        "paths": "{a} en {y}, via {m}",
        "coefficients": "Wat samenhangt met {y}",
        "held": ", bij gelijke waarden van {held}",
        "line": "lijn met {level}%-band",
        "point": "één antwoord, iets verschoven",
        "mean": "gemiddelde met {level}%-interval",
        "share": "percentage met {level}%-interval",
        "sure": "verband aangetoond",
        "unsure": "niet aangetoond (streeplijn)",
        "beta": "gestandaardiseerde coëfficiënten (bèta)",
        "hidden": "wat ontbreekt gaat over te weinig mensen",
    },
    "en": {
        "scatter": "{y} by {x}",
        "slopes": "{y} by {x}",
        "groups": "{y} by {x}",
        "shares": "{y} by {x}",
        "paths": "{a} and {y}, via {m}",
        "coefficients": "What goes with {y}",
        "held": ", at equal values of {held}",
        "line": "line with {level}% band",
        "point": "one answer, moved a little",
        "mean": "mean with {level}% interval",
        "share": "percentage with {level}% interval",
        "sure": "association shown",
        "unsure": "not shown (dashed)",
        "beta": "standardized coefficients (beta)",
        "hidden": "what is absent is about too few people",
    },
}


def label(holder: Any, name: str, lang: str) -> str:
    """Return a label of a picture, or the label of a name of an answer; the name without one."""
    labels = holder.labels if hasattr(holder, "labels") else holder.names
    return str(getattr(labels[name], lang)) if name in labels else name


def scale_of(picture: Any) -> float:
    """Return what values are shown times: 100 for shares."""
    unit = picture.labels.get("unit")
    return 100.0 if unit is not None and unit.nl == PERCENT else 1.0


def axis_title(picture: Any, lang: str) -> str:
    """Return the title of the axis of the outcome, with its unit."""
    title = label(picture, "y", lang)
    return f"{title} ({label(picture, 'unit', lang)})" if "unit" in picture.labels else title


def held_words(answer: Any, lang: str, held: Sequence[str] | None = None) -> str:
    """Say what is held constant, by default all that is; empty where nothing is."""
    names = held_constant(answer) if held is None else held
    labels = [label_of(answer, name, lang) for name in names]
    return WORDS[lang]["held"].format(held=listed(labels, lang)) if labels else ""


def foot(answer: Any, lang: str) -> str:
    """Return the mark of the wave, for the foot of a picture."""
    return str(getattr(answer.mark, lang))


def numbers(axis: Any, lang: str) -> None:
    """Write the numbers along an axis with as many decimals as its range needs."""
    locator = MaxNLocator(6, steps=[1, 2, 5, 10])
    axis.set_major_locator(locator)
    first, second, *_ = locator.tick_values(*sorted(axis.get_view_interval()))
    # A step of 0.2 that is not quite 0.2 in binary still needs one decimal.
    decimals = max(0, -math.floor(math.log10(second - first) + 1e-9))

    def write(value: float, _: object) -> str:
        return format_number(value, decimals, lang=lang)

    axis.set_major_formatter(FuncFormatter(write))
