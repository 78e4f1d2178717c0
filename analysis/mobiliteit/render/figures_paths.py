"""The path diagram of the study's model: factors at the left, behaviour, and the outcome."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from matplotlib import rc_context
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import FancyArrowPatch, FancyBboxPatch
from matplotlib.path import Path

from mobiliteit.render import canvas
from mobiliteit.render.drawing import capital
from mobiliteit.render.numbers import format_number

# Everything in inches, from the top left.
WIDTH, LINE, PAD, BETWEEN = 7.8, 0.185, 0.09, 0.95
EDGE, COLUMNS = 3.72, (3.13, 3.64)  # right edge of the boxes of factors; ends of their numbers
BEHAVIOUR, OUTCOME = (4.6, 5.9), (6.6, 7.78)
HALF = 0.37  # half the height of the boxes at the right
TYPE, LETTERS = 8.6, 36
SURE = 0.05
PATHS = {"to_mediator": canvas.SERIES[0][0], "to_outcome": canvas.SERIES[5][0]}
SAYS: dict[str, dict[str, str]] = {
    "nl": {
        "title": "Het model van figuur 2.2, met gestandaardiseerde coëfficiënten (bèta)",
        "to_mediator": "naar het gedrag",
        "to_outcome": "naar de stap, bij gelijk gedrag",
        "negative": "negatief (gestreept)",
        "to_mediator_short": "het gedrag",
        "to_outcome_short": "de stap",
        "not_there": "niet in tabel {table}",
        "above": "Bij de pijl: boven met de individuele factoren in het model, onder met de"
        " omgevingsfactoren. Vet, en een pijl: p < 0,05.",
    },
    "en": {
        "title": "The model of figure 2.2, with standardized coefficients (beta)",
        "to_mediator": "towards the behaviour",
        "to_outcome": "towards the step, at equal behaviour",
        "negative": "negative (dashed)",
        "to_mediator_short": "behaviour",
        "to_outcome_short": "step",
        "not_there": "not in table {table}",
        "above": "At the arrow: above with the individual factors in the model, below with those of"
        " the environment. Bold, and an arrow: p < .05.",
    },
}


@dataclass(frozen=True)
class _Line:
    """A line of a box: its text, how it is written, and the variable whose numbers it has."""

    text: str
    kind: str
    lines: int
    variable: str | None = None


def draw_model(estimated: Any, lang: str = "nl") -> Figure:
    """Draw the boxes of a model, every coefficient, and an arrow for those that are not chance.

    Parameters
    ----------
    estimated : EstimatedModel
        Of the gallery.
    lang : {'nl', 'en'}
        Language.

    Returns
    -------
    matplotlib.figure.Figure
        An arrow is wider the larger the coefficient, and dashed where it is negative. What the
        tables do not hold stands there in grey.
    """
    say, model = SAYS[lang], estimated.model
    blocks = [_lines(block, lang) for block in model.blocks]
    heights = [2 * PAD + LINE * sum(line.lines for line in lines) for lines in blocks]
    tops = [0.0]
    for height in heights[:-1]:
        tops.append(tops[-1] + height + BETWEEN)
    total = tops[-1] + heights[-1]
    middle = total / 2 if len(blocks) == 1 else tops[1] - BETWEEN / 2
    legend = [
        *((Line2D([], [], color=PATHS[path], linewidth=2), say[path]) for path in PATHS),
        (Line2D([], [], color=canvas.SOFT, linewidth=2, linestyle=(0, (3, 1.5))), say["negative"]),
    ]
    with rc_context(canvas.style()):
        drawing = canvas.start(
            say["title"], estimated.wave.mark(lang), size=(WIDTH, total + 0.62), legend=legend,
            lang=lang,
        )  # fmt: skip
        axes = drawing.axes[0]
        axes.set_axis_off()
        axes.set_xlim(0, WIDTH)
        axes.set_ylim(total + 0.5, -0.02)
        for position, (top, height, lines) in enumerate(zip(tops, heights, blocks, strict=True)):
            _box(axes, (0.02, EDGE), (top, top + height))
            _block(axes, estimated, position, lines, (top, middle), lang)
        for (left, right), target in ((BEHAVIOUR, model.behaviour), (OUTCOME, model.outcome)):
            _box(axes, (left, right), (middle - HALF, middle + HALF))
            _target(axes, (left + right) / 2, middle, target, estimated.wave.study, lang)
        _last(axes, estimated, middle, lang)
        axes.text(
            0.02, total + 0.14, canvas.wrapped(say["above"], 100), fontsize=TYPE, va="top",
            color=canvas.SOFT,
        )  # fmt: skip
    return drawing.figure


def _lines(block: Any, lang: str) -> list[_Line]:
    lines = [_Line(getattr(block, lang), "heading", 1)]
    for part in block.parts:
        lines.append(_Line(getattr(part, lang), "part", 1))
        for factor in part.factors:
            text = canvas.wrapped(capital(getattr(factor, lang)), LETTERS)
            kind = "factor" if factor.variable else "not_there"
            lines.append(_Line(text, kind, text.count("\n") + 1, factor.variable))
    return lines


def _block(
    axes: Axes,
    estimated: Any,
    position: int,
    lines: list[_Line],
    place: tuple[float, float],
    lang: str,
) -> None:
    say = SAYS[lang]
    top, middle = place
    number = estimated.model.blocks[position].table
    paths = estimated.paths[estimated.paths["block"] == position]
    found = {(row["source"], row["path"]): row for row in paths.to_dict("records")}
    y = top + PAD
    arrows = []
    for line in lines:
        at = y + LINE * line.lines / 2
        bold = "bold" if line.kind == "heading" else "normal"
        style = "italic" if line.kind == "part" else "normal"
        colour = canvas.SOFT if line.kind == "not_there" else canvas.INK
        indent = 0.12 + (0.12 if line.kind in ("factor", "not_there") else 0)
        axes.text(
            indent, at, line.text, va="center", fontsize=TYPE, fontweight=bold, fontstyle=style,
            color=colour, zorder=5,
        )  # fmt: skip
        if line.kind == "heading":
            for end, path in zip(COLUMNS, PATHS, strict=True):
                text = say[f"{path}_short"]
                axes.text(end, at, text, ha="right", va="center", fontsize=TYPE, zorder=5)
        elif line.kind == "not_there":
            text = say["not_there"].format(table=number)
            axes.text(
                COLUMNS[1], at, text, ha="right", va="center", fontsize=TYPE, color=canvas.SOFT,
                zorder=5,
            )  # fmt: skip
        elif line.variable is not None:
            for end, path in zip(COLUMNS, PATHS, strict=True):
                row = found[line.variable, path]
                _number(axes, row, (end, at), lang, align="right")
                if row["p"] < SURE:
                    arrows.append((path, row["beta"], at))
        y += LINE * line.lines
    _arrows(axes, arrows, middle)


def _arrows(axes: Axes, arrows: list[tuple[str, float, float]], middle: float) -> None:
    """Draw the arrows of a block, each to an own place on the edge of the box that it goes to."""
    for path in PATHS:
        own = [(beta, y) for name, beta, y in arrows if name == path]
        above = all(y < middle for _, y in own)
        for k, (beta, y) in enumerate(own):
            share = (k + 1) / (len(own) + 1)
            if path == "to_mediator":
                end_y = middle + HALF * (share - 1 if above else share) * 0.85
                end = (BEHAVIOUR[0], end_y)
                controls = ((EDGE + 0.55, y), (BEHAVIOUR[0] - 0.55, end_y))
            else:
                # The outermost arrow ends farthest to the right, so that none crosses another.
                along = share if not above else 1 - share
                x = OUTCOME[0] + (OUTCOME[1] - OUTCOME[0]) * along
                end = (x, middle - HALF if above else middle + HALF)
                controls = ((x - 0.35, y), (x, (y + end[1]) / 2))
            _arrow(axes, ((EDGE, y), *controls, end), beta, PATHS[path])


def _arrow(axes: Axes, points: tuple[tuple[float, float], ...], beta: float, colour: str) -> None:
    codes = [Path.MOVETO, *[Path.CURVE4] * 3] if len(points) == 4 else [Path.MOVETO, Path.LINETO]
    axes.add_patch(
        FancyArrowPatch(
            path=Path(list(points), codes),
            arrowstyle="-|>",
            mutation_scale=11,
            linewidth=0.9 + 6 * min(abs(beta), 0.6),
            linestyle="-" if beta >= 0 else (0, (3, 1.5)),
            color=colour,
            shrinkA=0,
            shrinkB=0,
            joinstyle="miter",
            zorder=2,
        )
    )


def _last(axes: Axes, estimated: Any, middle: float, lang: str) -> None:
    """Draw the arrow from the behaviour to the outcome, with the number of each block's model."""
    rows = estimated.paths[estimated.paths["path"] == "behaviour"].to_dict("records")
    x = (BEHAVIOUR[1] + OUTCOME[0]) / 2
    for k, row in enumerate(rows):
        _number(axes, row, (x - 0.04, middle + (-0.14 if k == 0 else 0.14)), lang, align="center")
    if any(row["p"] < SURE for row in rows):
        largest = max((row["beta"] for row in rows if math.isfinite(row["beta"])), key=abs)
        ends = ((BEHAVIOUR[1], middle), (OUTCOME[0], middle))
        _arrow(axes, ends, largest, PATHS["to_mediator"])


def _number(
    axes: Axes, row: Mapping[Any, Any], place: tuple[float, float], lang: str, *, align: str
) -> None:
    sure = bool(row["p"] < SURE)
    axes.text(
        *place, format_number(row["beta"], 2, lang=lang), ha=align, va="center", fontsize=TYPE,
        fontweight="bold" if sure else "normal", color=canvas.INK if sure else canvas.SOFT,
        zorder=5,
    )  # fmt: skip


def _box(axes: Axes, across: tuple[float, float], down: tuple[float, float]) -> None:
    axes.add_patch(
        FancyBboxPatch(
            (across[0], down[0]), across[1] - across[0], down[1] - down[0],
            boxstyle="round,pad=0,rounding_size=0.06", facecolor="#F5F5F5", edgecolor="#666666",
            linewidth=1, clip_on=False, zorder=3,
        )
    )  # fmt: skip


def _target(axes: Axes, x: float, y: float, target: Any, study: Any, lang: str) -> None:
    heading = canvas.wrapped(getattr(target, lang), 15)
    below = canvas.wrapped(study.label(target.variable, lang), 15)
    text: dict[str, Any] = {"ha": "center", "fontsize": TYPE, "zorder": 5}
    axes.text(x, y - 0.03, heading, va="bottom", fontweight="bold", **text)
    axes.text(x, y + 0.01, below, va="top", **text)
