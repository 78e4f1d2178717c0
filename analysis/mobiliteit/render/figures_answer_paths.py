"""The picture of a mediation: boxes and arrows with standardized coefficients."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any, Literal

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import FancyArrowPatch, FancyBboxPatch

from mobiliteit.render import canvas
from mobiliteit.render.figures_answer_parts import WIDTH, WORDS, foot, held_words, label
from mobiliteit.render.numbers import format_number

_WIDE = 0.25  # of a box, in widths of the figure
_LINE, _PAD = 0.17, 0.09  # inches per line of a box, and around its text
# How far along its arrow a coefficient stands: apart from those of the other arrows.
_ALONG = {"a": 0.42, "b": 0.5, "direct": 0.45}
_BETWEEN = 0.32  # inches between the boxes of predictors
_BELOW, _ABOVE = 0.22, 0.62  # inches for the line at the foot, and up to the mediator
_LETTERS = 17


def draw_paths(answer: Any, lang: str) -> Figure:
    """Draw predictors at the left, the mediator above the middle and the outcome at the right.

    A path that is not shown at the level of the answer is dashed and grey, and says so in the
    legend.
    """
    picture, say, question = answer.picture, WORDS[lang], answer.question
    paths = picture.data["paths"]
    predictors = list(dict.fromkeys(paths.loc[paths["path"] == "a", "source"]))
    names = {
        name: canvas.wrapped(label(picture, name, lang), _LETTERS)
        for name in [*predictors, question.by, question.outcome]
    }
    places, height = _places(predictors, question, names)
    title = say["paths"].format(
        a=", ".join(label(picture, name, lang) for name in predictors),
        m=label(picture, question.by, lang),
        y=label(picture, question.outcome, lang),
    )
    drawing = canvas.start(
        title + held_words(answer, lang, answer.question.controls),
        foot(answer, lang),
        size=(WIDTH, height),
        legend=[(_sample(True), say["sure"]), (_sample(False), say["unsure"])],
        lang=lang,
    )
    axes = drawing.axes[0]
    axes.set_axis_off()
    axes.set_xlim(0, 1)
    axes.set_ylim(0, height)
    for name, place in places.items():
        _box(axes, place, names[name])
    for row in paths.to_dict("records"):
        _arrow(axes, row, places, names, 1 - answer.level, lang)
    axes.text(0.5, 0, say["beta"], ha="center", va="bottom", fontsize=8, color=canvas.SOFT)
    return drawing.figure


def _places(
    predictors: Sequence[str], question: Any, names: Mapping[str, str]
) -> tuple[dict[str, tuple[float, float]], float]:
    """Stack the predictors at the left, and return where the middles of boxes are, and the height.

    Across in widths of the figure, up in inches.
    """
    by, outcome = question.by, question.outcome
    places, y = {}, _BELOW
    for name in reversed(predictors):
        half = _half(names[name])
        places[name] = (_WIDE / 2, y + half)
        y += 2 * half + _BETWEEN
    top = max(y - _BETWEEN, _BELOW + 2 * _half(names[outcome])) + _ABOVE
    places[outcome] = (1 - _WIDE / 2, _BELOW + _half(names[outcome]))
    places[by] = (0.53, top + _half(names[by]))
    return places, top + 2 * _half(names[by]) + 0.04


def _sample(sure: bool) -> Line2D:
    colour, style = _look(sure)
    return Line2D([], [], color=colour, linestyle=style, linewidth=1.6)


def _look(sure: bool) -> tuple[str, Literal["-", "--"]]:
    return (canvas.SERIES[0][0], "-") if sure else (canvas.SOFT, "--")


def _half(text: str) -> float:
    return _PAD + _LINE * (text.count("\n") + 1) / 2


def _box(axes: Axes, place: tuple[float, float], text: str) -> None:
    x, y = place
    half = _half(text)
    axes.add_patch(
        FancyBboxPatch(
            (x - _WIDE / 2, y - half),
            _WIDE,
            2 * half,
            boxstyle="round,pad=0,rounding_size=0.015",
            mutation_aspect=6,
            facecolor="#F5F5F5",
            edgecolor="#666666",
            linewidth=1,
            clip_on=False,
            zorder=2,
        )
    )
    axes.text(x, y, text, ha="center", va="center", fontsize=8.5, zorder=5)


def _arrow(
    axes: Axes,
    row: Mapping[Any, Any],
    places: Mapping[str, tuple[float, float]],
    names: Mapping[str, str],
    alpha: float,
    lang: str,
) -> None:
    sure = bool(row["p"] < alpha)
    colour, style = _look(sure)
    (x0, y0), (x1, y1) = places[row["source"]], places[row["target"]]
    start, end = _ends(row["path"], (x0, y0), (x1, y1), names[row["source"]], names[row["target"]])
    axes.add_patch(
        FancyArrowPatch(
            start,
            end,
            arrowstyle="-|>",
            mutation_scale=13,
            linewidth=1.6,
            linestyle=style,
            color=colour,
            shrinkA=0,
            shrinkB=0,
            zorder=3,
        )
    )
    if not math.isfinite(row["value"]):
        return
    along = _ALONG[row["path"]]
    at = (start[0] + along * (end[0] - start[0]), start[1] + along * (end[1] - start[1]))
    axes.text(
        *at, format_number(row["value"], 2, lang=lang), ha="center", va="center", fontsize=9.5,
        fontweight="bold" if sure else "normal", color=canvas.INK if sure else canvas.SOFT,
        bbox={"facecolor": "white", "edgecolor": "none", "pad": 1.5}, zorder=6,
    )  # fmt: skip


def _ends(
    path: str,
    source: tuple[float, float],
    target: tuple[float, float],
    from_text: str,
    to_text: str,
) -> tuple[tuple[float, float], tuple[float, float]]:
    """Return where an arrow leaves its box and where it arrives."""
    (x0, y0), (x1, y1) = source, target
    if path == "a":
        return (x0 + _WIDE / 2, y0 + 0.06), (x1 - _WIDE / 2, y1)
    if path == "b":
        return (x0 + _WIDE / 2, y0), (x1, y1 + _half(to_text))
    return (x0 + _WIDE / 2, y0 - 0.04), (x1 - _WIDE / 2, y1)
