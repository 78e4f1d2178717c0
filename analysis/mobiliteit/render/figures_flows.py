"""Alluvial flows: bars of where people were and are, and ribbons as wide as the people who went."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from matplotlib import rc_context
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import PathPatch, Rectangle
from matplotlib.path import Path

from mobiliteit.render import canvas
from mobiliteit.render.drawing import capital, without_numbers

COLOURS = (*(colour for colour, _ in canvas.SERIES), "#7F7F7F")
NODE = 0.014  # width of a bar, as a share of the figure
BETWEEN = 0.05  # white between bars, as a share of the height
TYPE, LINE = 8.5, 0.145  # points of the labels, and inches per line
LETTERS, MIDDLE_LETTERS = 24, 21
NBSP = "\N{NO-BREAK SPACE}"
LABEL = 0.235  # room for the labels at both sides
SAYS = {
    "nl": {
        "small": "Stromen van minder dan {few} mensen zijn niet getekend",
        "left": "; samen {n} mensen",
        "missing": "; van {n} mensen is het begin of het eind niet bekend",
        "nobody": "Geen stroom telt {few} mensen of meer.",
    },
    "en": {
        "small": "Flows of fewer than {few} people are not drawn",
        "left": "; together {n} people",
        "missing": "; of {n} people the start or the end is not known",
        "nobody": "No flow counts {few} people or more.",
    },
}


def draw_flow(flow: Any, title: str, mark: str, lang: str = "nl", *, few: int = 10) -> Figure:
    """Draw the ways that people went.

    Parameters
    ----------
    flow : Flow
        Of the gallery; holds no small counts.
    title, mark : str
        Title, and the marks of the waves.
    lang : {'nl', 'en'}
        Language.
    few : int
        Below how many people a way was left out.

    Returns
    -------
    matplotlib.figure.Figure
        Ribbons have the colour of where they start; bars are as high as what is drawn.
    """
    say = SAYS[lang]
    if flow.ways.empty:
        why = getattr(flow.gap, lang) or say["nobody"].format(few=few)
        return without_numbers(title, mark, why, lang)
    stages = range(len(flow.stages))
    lines = [
        sum(_label(flow, stage, key, lang).count("\n") + 1 for key in flow.stages[stage])
        for stage in stages
    ]
    spare = BETWEEN * (max(map(len, flow.stages)) - 1)
    height = max(3.2, 1.18 * LINE * max(lines) / (1 - spare * 0.5) + 0.6)
    with rc_context(canvas.style()):
        drawing = canvas.start(title, mark, size=(7.6, height + 0.35), lang=lang)
        axes = drawing.axes[0]
        axes.set_axis_off()
        axes.set_xlim(0, 1)
        least = 1.25 * LINE / height
        bars = [_bars(flow, stage, least, lang) for stage in stages]
        # Bars that need room for long labels can end below 1.
        end = max(1.0, *(top + tall for placed in bars for top, tall in placed.values()))
        axes.set_ylim(end + 0.1, -0.085)
        colours = {key: COLOURS[k % len(COLOURS)] for k, key in enumerate(flow.stages[0])}
        _ribbons(axes, flow, bars, colours)
        for stage in stages:
            _stage(axes, flow, stage, bars[stage], lang)
        axes.text(
            0, end + 0.09, foot_text(flow, lang, few), fontsize=TYPE, color=canvas.SOFT, va="bottom"
        )
    return drawing.figure


def foot_text(flow: Any, lang: str, few: int) -> str:
    """Say what is not drawn; a small number stays untold."""
    say = SAYS[lang]
    text = say["small"].format(few=few)
    if flow.left_out >= few:
        text += say["left"].format(n=flow.left_out)
    if flow.n_missing >= few:
        text += say["missing"].format(n=flow.n_missing)
    return canvas.wrapped(f"{text}.", 96)


def sizes(flow: Any, stage: int) -> dict[str, int]:
    """Count the people who are drawn in each place of a stage."""
    counts = flow.ways.groupby(stage)["n"].sum()
    return {key: int(counts[key]) for key in flow.stages[stage]}


def _bars(flow: Any, stage: int, least: float, lang: str) -> dict[str, tuple[float, float]]:
    """Place the bars of a stage: place to (top, height), with room for the lines of each label."""
    counts = sizes(flow, stage)
    scale = _scale(flow)
    top, placed = 0.0, {}
    for key, n in counts.items():
        need = least * (_label(flow, stage, key, lang).count("\n") + 1)
        tall = n * scale
        room = max(need, tall)
        placed[key] = (top + (room - tall) / 2, tall)
        top += room + 0.02
    # Spread what is left of the height between the bars.
    spare = (1 - (top - 0.02)) / max(len(counts) - 1, 1)
    return {
        key: (start + k * max(spare, 0.0), tall)
        for k, (key, (start, tall)) in enumerate(placed.items())
    }


def _scale(flow: Any) -> float:
    return (1 - BETWEEN * (max(map(len, flow.stages)) - 1)) / flow.drawn


def _x(flow: Any, stage: int) -> float:
    span = 1 - 2 * LABEL - NODE
    return LABEL + span * stage / (len(flow.stages) - 1)


def _ribbons(
    axes: Axes, flow: Any, bars: list[dict[str, tuple[float, float]]], colours: Mapping[str, str]
) -> None:
    # A ribbon keeps the colour of where it started, so the ways themselves are drawn.
    scale, ways = _scale(flow), flow.ways.to_dict("records")
    order = [{key: k for k, key in enumerate(places)} for places in flow.stages]
    for left in range(len(flow.stages) - 1):
        levels = []
        for here, there in ((left, left + 1), (left + 1, left)):
            rest = [k for k in range(len(flow.stages)) if k not in (here, there)]
            ranks = [[order[k][way[k]] for k in (here, there, *rest)] for way in ways]
            free = {key: top for key, (top, _) in bars[here].items()}
            tops = [0.0] * len(ways)
            for position in sorted(range(len(ways)), key=ranks.__getitem__):
                way = ways[position]
                tops[position] = free[way[here]]
                free[way[here]] += way["n"] * scale
            levels.append(tops)
        edges = (_x(flow, left) + NODE, _x(flow, left + 1))
        for way, start, end in zip(ways, *levels, strict=True):
            _ribbon(axes, edges, (start, end), way["n"] * scale, colours[way[0]])


def _ribbon(
    axes: Axes,
    edges: tuple[float, float],
    levels: tuple[float, float],
    tall: float,
    colour: str,
) -> None:
    (x0, x1), (y0, y1) = edges, levels
    half = (x0 + x1) / 2
    corners = [
        (x0, y0), (half, y0), (half, y1), (x1, y1),
        (x1, y1 + tall), (half, y1 + tall), (half, y0 + tall), (x0, y0 + tall), (x0, y0),
    ]  # fmt: skip
    codes = [Path.MOVETO, *[Path.CURVE4] * 3, Path.LINETO, *[Path.CURVE4] * 3, Path.CLOSEPOLY]
    axes.add_patch(
        PathPatch(
            Path(corners, codes), facecolor=colour, edgecolor="white", linewidth=0.5, alpha=0.5
        )
    )


def _stage(
    axes: Axes, flow: Any, stage: int, bars: Mapping[str, tuple[float, float]], lang: str
) -> None:
    x, last = _x(flow, stage), len(flow.stages) - 1
    inside = 0 < stage < last
    heading = capital(getattr(flow.names[stage], lang))
    at, align = (x - 0.01, "right") if stage == 0 else (x + NODE + 0.01, "left")
    axes.text(
        at, -0.035, canvas.wrapped(heading, MIDDLE_LETTERS), ha=align, va="bottom", fontsize=TYPE,
        fontweight="bold",
    )  # fmt: skip
    for key, (top, tall) in bars.items():
        axes.add_patch(Rectangle((x, top), NODE, tall, facecolor=canvas.INK, edgecolor="none"))
        box = {"facecolor": "white", "edgecolor": "none", "pad": 1.2, "alpha": 0.85}
        axes.text(
            at, top + tall / 2, _label(flow, stage, key, lang), ha=align, va="center",
            fontsize=TYPE, linespacing=1.05, bbox=box if inside else None, zorder=5,
        )  # fmt: skip


def _label(flow: Any, stage: int, key: str, lang: str) -> str:
    name = getattr(flow.stages[stage][key], lang)
    n = f"(n{NBSP}={NBSP}{sizes(flow, stage)[key]})"
    return canvas.wrapped(f"{name} {n}", LETTERS)
