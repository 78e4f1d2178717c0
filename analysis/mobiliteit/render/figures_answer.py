"""Pictures of answers: each from the summaries that the answer holds, never from respondents.

The frames are those that :mod:`mobiliteit.asking.pictured` documents. Every picture is
narrow, so that its letters can still be read on a telephone.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Literal

from matplotlib import rc_context
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.ticker import FixedLocator, NullLocator

from mobiliteit.errors import AnalysisError, Problem
from mobiliteit.render import canvas
from mobiliteit.render.answer_measures import MEANINGS, NAMES, null_of, shown
from mobiliteit.render.drawing import ROW
from mobiliteit.render.figures_answer_groups import draw_groups, draw_shares
from mobiliteit.render.figures_answer_parts import (
    WIDTH,
    WORDS,
    axis_title,
    foot,
    held_words,
    label,
    numbers,
    scale_of,
)
from mobiliteit.render.figures_answer_paths import draw_paths

LINES: tuple[Literal["-", "--", "-.", ":"], ...] = ("-", "--", "-.", ":")
_HEIGHT = 2.9
MOST_BANDS = 4  # of more lines, the bands would hide each other: the table has their intervals
LETTERS = 34  # of a label, on one line


def answer_figure(answer: Any, lang: str = "nl") -> Figure | None:
    """Draw the picture of an answer.

    Parameters
    ----------
    answer : Answer
        Of :mod:`mobiliteit.asking`.
    lang : {'nl', 'en'}
        Language.

    Returns
    -------
    matplotlib.figure.Figure or None
        With the mark of the wave at its foot; None for an answer without picture.

    Raises
    ------
    AnalysisError
        There is no such language, or no such kind of picture.
    """
    if lang not in WORDS:
        problem = Problem(f"there is no language {lang!r}", f"Use one of: {', '.join(WORDS)}.")
        raise AnalysisError("The picture cannot be drawn.", [problem])
    if answer.picture is None:
        return None
    draw = _DRAW.get(answer.picture.kind)
    if draw is None:
        problem = Problem(
            f"there is no picture of kind {answer.picture.kind!r}",
            f"Use one of: {', '.join(_DRAW)}.",
        )
        raise AnalysisError("The picture cannot be drawn.", [problem])
    with rc_context(canvas.style()):
        return draw(answer, lang)


def draw_scatter(answer: Any, lang: str) -> Figure:
    """Draw the line of a predictor with its band over jittered points."""
    picture, say = answer.picture, WORDS[lang]
    points, line, scale = picture.data["points"], picture.data["line"], scale_of(picture)
    across, up = label(picture, "x", lang), label(picture, "y", lang)
    colour, _ = canvas.SERIES[0]
    legend: list[tuple[Any, str]] = [
        (Line2D([], [], color=colour, linewidth=2), say["line"].format(level=_percent(answer))),
        (_speck(), say["point"]),
    ]
    drawing = canvas.start(
        say["scatter"].format(x=across, y=up) + held_words(answer, lang),
        foot(answer, lang),
        size=(WIDTH, _HEIGHT),
        legend=legend,
        lang=lang,
    )
    axes = drawing.axes[0]
    axes.plot(
        points["x"], scale * points["y"], linestyle="none", marker="o", markersize=2.6,
        color=canvas.SOFT, alpha=0.28, markeredgewidth=0, rasterized=True,
    )  # fmt: skip
    _band(axes, line, scale, 0)
    _both_axes(axes, answer, lang)
    return drawing.figure


def draw_slopes(answer: Any, lang: str) -> Figure:
    """Draw one line per level of a moderator, or per wave, with bands where they are few."""
    picture, say = answer.picture, WORDS[lang]
    lines, scale = picture.data["lines"], scale_of(picture)
    levels = lines.drop_duplicates("level")
    names = dict(zip(levels["level"], levels[f"level_{lang}"], strict=True))
    drawing = canvas.start(
        say["slopes"].format(x=label(picture, "x", lang), y=label(picture, "y", lang))
        + held_words(answer, lang),
        foot(answer, lang),
        size=(WIDTH, _HEIGHT),
        legend=[(_line(k), name) for k, name in enumerate(names.values())],
        lang=lang,
    )
    axes = drawing.axes[0]
    for k, level in enumerate(names):
        _band(axes, lines[lines["level"] == level], scale, k, band=len(names) <= MOST_BANDS)
    _both_axes(axes, answer, lang)
    return drawing.figure


def draw_coefficients(answer: Any, lang: str) -> Figure:
    """Draw estimates with their intervals, one per row, and the number at the right."""
    picture, say = answer.picture, WORDS[lang]
    frame, measure = picture.data["coefficients"], answer.main.measure
    labels = frame[f"label_{lang}"].tolist()
    lines = max(canvas.wrapped(text, LETTERS).count("\n") for text in labels) + 1
    drawing = canvas.start(
        say["coefficients"].format(y=label(answer, answer.question.outcome, lang)),
        foot(answer, lang),
        size=(WIDTH, max(ROW, 0.17 * lines) * len(frame) + 0.95),
        lang=lang,
    )
    axes = drawing.axes[0]
    axes.axvline(shown(measure, null_of(measure)), color="#777777", linewidth=0.9, zorder=1)
    for y, row in enumerate(frame.to_dict("records")):
        value, low, high = (shown(measure, row[name]) for name in ("value", "low", "high"))
        axes.plot([low, high], [y, y], color=canvas.SERIES[0][0], linewidth=1.5, zorder=2)
        canvas.plot_pair(axes, value, None, y)
    canvas.label_rows(axes, labels, width=LETTERS)
    if measure == "odds_ratio":
        _ratios(axes, lang)
    else:
        axes.margins(x=0.06)
        numbers(axes.xaxis, lang)
    name, meaning = NAMES[lang][measure], MEANINGS[lang][measure]
    axes.set_xlabel(canvas.wrapped(f"{name}: {meaning}", 42))
    return drawing.figure


def _ratios(axes: Axes, lang: str) -> None:
    """Put ratios on a scale where twice as much is as far from 1 as half as much."""
    axes.set_xscale("log")
    low, high = axes.get_xlim()
    places = [0.01, 0.03, 0.1, 0.2, 0.3, 0.5, 0.7, 1, 1.5, 2, 3, 5, 10, 30, 100]
    axes.xaxis.set_major_locator(FixedLocator([place for place in places if low <= place <= high]))
    axes.xaxis.set_minor_locator(NullLocator())
    axes.xaxis.set_major_formatter(
        lambda value, _: f"{value:g}".replace(".", "," if lang == "nl" else ".")
    )


def _band(axes: Axes, line: Any, scale: float, series: int, *, band: bool = True) -> None:
    colour, marker = canvas.SERIES[series % len(canvas.SERIES)]
    x = line["x"].to_numpy()
    if band:
        low, high = scale * line["low"], scale * line["high"]
        axes.fill_between(x, low, high, color=colour, alpha=0.18, lw=0)
    axes.plot(
        x, scale * line["y"].to_numpy(), color=colour, linewidth=2, marker=marker, markersize=4.5,
        markevery=max(1, len(x) - 1), linestyle=LINES[series % len(LINES)], zorder=3,
    )  # fmt: skip


def _line(series: int) -> Line2D:
    colour, marker = canvas.SERIES[series % len(canvas.SERIES)]
    style = LINES[series % len(LINES)]
    return Line2D([], [], color=colour, linewidth=2, marker=marker, markersize=4.5, linestyle=style)


def _speck() -> Line2D:
    return Line2D([], [], linestyle="none", marker="o", markersize=3, color=canvas.SOFT, alpha=0.5)


def _both_axes(axes: Axes, answer: Any, lang: str) -> None:
    picture = answer.picture
    axes.grid(visible=True, axis="both")
    numbers(axes.xaxis, lang)
    numbers(axes.yaxis, lang)
    axes.set_xlabel(canvas.wrapped(label(picture, "x", lang), 62))
    axes.set_ylabel(canvas.wrapped(axis_title(picture, lang), 36))


def _percent(answer: Any) -> str:
    return f"{100 * answer.level:.0f}"


_DRAW: dict[str, Callable[[Any, str], Figure]] = {
    "scatter": draw_scatter,
    "groups": draw_groups,
    "shares": draw_shares,
    "slopes": draw_slopes,
    "paths": draw_paths,
    "coefficients": draw_coefficients,
}
