"""The alternative text of a picture: what it shows, with the numbers that matter in it."""

from __future__ import annotations

import math
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

from mobiliteit.render.answer_measures import brief_text
from mobiliteit.render.figures_answer_parts import label, scale_of
from mobiliteit.render.numbers import format_number

# More than this nobody wants to hear: then only the most common answer of each group.
MOST_NUMBERS = 20

_SAYS: dict[str, dict[str, str]] = {
    "nl": {
        "scatter": "Puntenwolk van {y} tegen {x}, met een lijn die loopt van {first} bij {low} tot"
        " {last} bij {high}.",
        "groups": "{y} per groep, met {level}%-interval: {groups}.",
        "group": "{name} {value} ({low} tot {high})",
        "shares": "Verdeling van {y} per groep{which}: {groups}.",
        "all": "",
        "commonest": ", met het meest gegeven antwoord",
        "slopes": "{y} tegen {x}, één lijn per groep: {groups}.",
        "slope": "{name} van {first} bij {low} tot {last} bij {high}",
        "paths": "Paden met gestandaardiseerde coëfficiënten: {groups}.",
        "path": "{source} naar {target} {value}",
        "open": " (niet aangetoond)",
        "coefficients": "Schattingen met {level}%-interval: {groups}.",
    },
    "en": {
        "scatter": "Scatter of {y} against {x}, with a line that runs from {first} at {low} to"
        " {last} at {high}.",
        "groups": "{y} per group, with {level}% interval: {groups}.",
        "group": "{name} {value} ({low} to {high})",
        "shares": "Distribution of {y} per group{which}: {groups}.",
        "all": "",
        "commonest": ", with the most common answer",
        "slopes": "{y} against {x}, one line per group: {groups}.",
        "slope": "{name} from {first} at {low} to {last} at {high}",
        "paths": "Paths with standardized coefficients: {groups}.",
        "path": "{source} to {target} {value}",
        "open": " (not shown)",
        "coefficients": "Estimates with {level}% interval: {groups}.",
    },
}


def alternative_text(answer: Any, lang: str = "nl") -> str:
    """Describe the picture of an answer for who cannot see it.

    Parameters
    ----------
    answer : Answer
        Of :mod:`mobiliteit.asking`.
    lang : {'nl', 'en'}
        Language.

    Returns
    -------
    str
        Plain text with the numbers that are drawn; of a cloud of points only its line. Empty for an
        answer without picture.
    """
    if answer.picture is None:
        return ""
    say, picture = _SAYS[lang], answer.picture
    return say[picture.kind].format(
        x=label(picture, "x", lang),
        y=label(picture, "y", lang),
        level=format_number(100 * answer.level, 0, lang=lang),
        **_DESCRIBE[picture.kind](answer, lang),
    )


def _scatter(answer: Any, lang: str) -> dict[str, str]:
    return _course(answer.picture.data["line"], answer, lang)


def _groups(answer: Any, lang: str) -> dict[str, str]:
    texts = []
    for row in answer.picture.data["groups"].to_dict("records"):
        numbers = {key: _outcome(row[key], answer, lang) for key in ("value", "low", "high")}
        texts.append(_SAYS[lang]["group"].format(name=row[f"label_{lang}"], **numbers))
    return {"groups": "; ".join(texts)}


def _shares(answer: Any, lang: str) -> dict[str, str]:
    frame, texts = answer.picture.data["shares"], []
    most = len(frame) > MOST_NUMBERS
    for _, own in frame.groupby("group", sort=False):
        if most:
            own = own.nlargest(1, "share")
        own = own.dropna(subset="share")
        parts = [
            f"{name} {format_number(100 * share, 0, lang=lang)}%"
            for name, share in zip(own[f"category_{lang}"], own["share"], strict=True)
        ]
        texts.append(f"{own[f'group_{lang}'].iloc[0]}: {', '.join(parts)}")
    key = "commonest" if most else "all"
    return {"groups": "; ".join(texts), "which": _SAYS[lang][key]}


def _slopes(answer: Any, lang: str) -> dict[str, str]:
    texts = []
    for _, own in answer.picture.data["lines"].groupby("level", sort=False):
        course = _course(own, answer, lang)
        texts.append(_SAYS[lang]["slope"].format(name=own[f"level_{lang}"].iloc[0], **course))
    return {"groups": "; ".join(texts)}


def _paths(answer: Any, lang: str) -> dict[str, str]:
    say, picture, texts = _SAYS[lang], answer.picture, []
    for row in picture.data["paths"].to_dict("records"):
        text = say["path"].format(
            source=label(picture, row["source"], lang),
            target=label(picture, row["target"], lang),
            value=format_number(row["value"], 2, lang=lang),
        )
        texts.append(text if row["p"] < 1 - answer.level else text + say["open"])
    return {"groups": "; ".join(texts)}


def _coefficients(answer: Any, lang: str) -> dict[str, str]:
    measure = answer.main.measure
    texts = []
    for row in answer.picture.data["coefficients"].to_dict("records"):
        numbers = {key: float(row[key]) for key in ("value", "low", "high")}
        shown = brief_text(SimpleNamespace(measure=measure, **numbers), lang)
        texts.append(f"{row[f'label_{lang}']}: {shown}")
    return {"groups": "; ".join(texts)}


def _course(line: Any, answer: Any, lang: str) -> dict[str, str]:
    """Return where a line starts and where it ends."""
    ends = line.sort_values("x").iloc[[0, -1]]
    low, high = (format_number(x, 1, lang=lang) for x in ends["x"])
    first, last = (_outcome(y, answer, lang) for y in ends["y"])
    return {"low": low, "high": high, "first": first, "last": last}


def _outcome(value: float, answer: Any, lang: str) -> str:
    """Write a value of the outcome: a share as a percentage."""
    scale = scale_of(answer.picture)
    text = format_number(scale * value, 0 if scale > 1 else 2, lang=lang)
    return f"{text}%" if scale > 1 and math.isfinite(value) else text


_DESCRIBE: dict[str, Callable[[Any, str], dict[str, str]]] = {
    "scatter": _scatter,
    "groups": _groups,
    "shares": _shares,
    "slopes": _slopes,
    "paths": _paths,
    "coefficients": _coefficients,
}
