"""Figures of the hypotheses: a tile for each verdict, and per source the effects side by side."""

from __future__ import annotations

import math
from typing import Any

import pandas as pd
from matplotlib import rc_context
from matplotlib.axes import Axes
from matplotlib.colors import to_rgba
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch, Rectangle

from mobiliteit.render import canvas
from mobiliteit.render.drawing import stacked
from mobiliteit.render.hypotheses_words import SIGNS, WORDS

COLOURS = {
    "supported": "#009E73",
    "contradicted": "#D55E00",
    "none": "#0072B2",
    "cannot_tell": "#999999",
    "not_asked": "#DDDDDD",
    "needs_question": "#F3F3F3",
    "elsewhere": "#F3F3F3",
}
MARKERS = {"supported": "o", "contradicted": "X", "none": "s", "cannot_tell": "D"}
MOST_TILES, MOST_LETTERS = 36, 48
FURTHEST = 6.0
LABEL = 8.5  # points
TINT = 0.75  # of a tile's colour: black is read on all of them
BETWEEN = 0.14  # inches per row of a forest, besides the lines of its label


def draw_overview(result: Any, groups: dict[str, str], lang: str) -> Figure:
    """Draw a tile for every hypothesis, with colour and sign for its verdict, one line per source.

    Parameters
    ----------
    result : Hypotheses
        The register on a wave.
    groups : dict of str to str
        Group to its heading.
    lang : {'nl', 'en'}
        Language.

    Returns
    -------
    matplotlib.figure.Figure
        A source with many hypotheses goes on below.
    """
    say, frame = WORDS[lang], result.frame
    lines: list[tuple[str, list[str]]] = []
    for group, heading in groups.items():
        found = list(frame.loc[frame["group"] == group, "verdict"])
        for begin in range(0, len(found), MOST_TILES):
            lines.append((heading if begin == 0 else "", found[begin : begin + MOST_TILES]))
    legend = [
        (
            Patch(facecolor=to_rgba(COLOURS[name], TINT), edgecolor="#888888"),
            f"{SIGNS[name]} {say[name]}",
        )
        for name in COLOURS
        if (frame["verdict"] == name).any()
    ]
    with rc_context(canvas.style()):
        drawing = canvas.start(
            say["figure_overview"].format(wave=result.wave.id), result.wave.mark(lang),
            size=(7.8, 0.3 * len(lines) + 0.2), legend=legend, lang=lang,
        )  # fmt: skip
        axes = drawing.axes[0]
        for y, (_, found) in enumerate(lines):
            for x, verdict in enumerate(found):
                _tile(axes, x, y, verdict)
        axes.set_xlim(-0.6, MOST_TILES - 0.4)
        axes.set_ylim(len(lines) - 0.4, -0.6)
        axes.set_yticks(
            range(len(lines)), [canvas.wrapped(name, 30) for name, _ in lines], fontsize=LABEL
        )
        axes.set_xticks([])
        axes.grid(visible=False)
        axes.spines[:].set_visible(False)
    return drawing.figure


def draw_forest(result: Any, group: str, heading: str, lang: str) -> Figure:
    """Draw the effects of one source with their intervals, in small effects, by verdict.

    Parameters
    ----------
    result : Hypotheses
        The register on a wave.
    group, heading : str
        The source, and what it is called.
    lang : {'nl', 'en'}
        Language.

    Returns
    -------
    matplotlib.figure.Figure
        One row per hypothesis that the wave can answer with a number. What was expected to be
        negative is turned round; a measure that cannot fall below zero lies to the right. An
        interval that reaches beyond the edge is cut off there.
    """
    say, frame = WORDS[lang], result.frame
    chosen = drawn_rows(frame, group)
    labels = [canvas.wrapped(text, MOST_LETTERS) for text in chosen[lang]]
    middles, height = stacked(labels, BETWEEN)
    legend = [
        (_marker(name), f"{SIGNS[name]} {say[name]}")
        for name in MARKERS
        if (chosen["verdict"] == name).any()
    ]
    with rc_context(canvas.style()):
        drawing = canvas.start(
            say["figure_forest"].format(group=heading, wave=result.wave.id), result.wave.mark(lang),
            size=(7.8, height + 0.8), legend=legend, lang=lang,
        )  # fmt: skip
        axes = drawing.axes[0]
        axes.axvspan(-1, 1, color="#F0F0F0", zorder=0)
        axes.axvline(0, color=canvas.INK, linewidth=0.8, zorder=1)
        for y, row in zip(middles, chosen.to_dict("records"), strict=True):
            _effect(axes, row, y)
        axes.set_yticks(middles, labels, fontsize=LABEL)
        axes.set_ylim(height, 0)
        reach = chosen[["unit", "unit_low", "unit_high"]].abs().max().max()
        reach = min(FURTHEST, max(2.0, 1.08 * reach))
        axes.set_xlim(-reach, reach)
        canvas.number_axis(axes, lang, decimals=0)
        axes.set_xlabel(canvas.wrapped(say["axis"], 56))
        axes.grid(visible=False, axis="y")
    return drawing.figure


def drawn_rows(frame: pd.DataFrame, group: str) -> pd.DataFrame:
    """Return the hypotheses of a group that have an effect to draw."""
    return frame[(frame["group"] == group) & frame["unit"].notna()]


def _tile(axes: Axes, x: int, y: int, verdict: str) -> None:
    axes.add_patch(
        Rectangle(
            (x - 0.45, y - 0.42), 0.9, 0.84,
            facecolor=to_rgba(COLOURS[verdict], TINT), edgecolor="#AAAAAA", linewidth=0.4,
        )
    )  # fmt: skip
    axes.text(x, y, SIGNS[verdict], ha="center", va="center", fontsize=LABEL, color="#000000")


def _marker(verdict: str) -> Line2D:
    return Line2D(
        [], [], linestyle="none", marker=MARKERS[verdict], markersize=6, color=COLOURS[verdict]
    )


def _effect(axes: Axes, row: Any, y: float) -> None:
    turn = -1 if row["direction"] == "negative" else 1
    colour = COLOURS[row["verdict"]]
    ends = [turn * row["unit_low"], turn * row["unit_high"]]
    if all(map(math.isfinite, ends)):
        axes.plot(ends, [y, y], color=colour, linewidth=1.4, zorder=2)
    axes.plot(
        [turn * row["unit"]], [y], linestyle="none", marker=MARKERS[row["verdict"]],
        markersize=5, color=colour, zorder=3,
    )  # fmt: skip
