"""Heat maps of cells: a verdict on every published cell, one strip per table."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from matplotlib import rc_context
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Patch, Rectangle

from mobiliteit.render import canvas

CELL, LINE, HEAD = 0.15, 0.2, 0.36  # inches: width of a cell, height of a line, room of a heading
TYPE = 8.5
LETTERS = 52


@dataclass(frozen=True)
class Look:
    """How a verdict is drawn: never by colour alone."""

    colour: str
    ink: str
    sign: str
    label: str


@dataclass(frozen=True)
class Strip:
    """One table: its heading, the labels of its lines, and (across, down) to verdict."""

    heading: str
    lines: tuple[str, ...]
    cells: Mapping[tuple[int, int], str]


def draw_cells(
    strips: Sequence[Strip],
    looks: Mapping[str, Look],
    words: Mapping[str, str],
    mark: str,
    lang: str,
) -> Figure:
    """Draw a tile for every cell, with colour and sign for its verdict.

    Parameters
    ----------
    strips : sequence of Strip
        Tables in order; columns of a table run down, its rows run across.
    looks : mapping of str to Look
        Verdict to how it is drawn.
    words : mapping of str to str
        ``title`` and ``axis`` of the figure.
    mark : str
        The marks of the wave.
    lang : {'nl', 'en'}
        Language.

    Returns
    -------
    matplotlib.figure.Figure
        Every cell, one by one.
    """
    widest = max(across for strip in strips for across, _ in strip.cells) + 1
    tall = [len(strip.lines) for strip in strips]
    legend = [
        (Patch(facecolor=look.colour, edgecolor="#888888"), f"{look.sign} {look.label}".strip())
        for look in looks.values()
    ]
    with rc_context(canvas.style()):
        drawing = canvas.start(
            words["title"],
            mark,
            size=(3.55 + CELL * widest, sum(LINE * lines + HEAD for lines in tall) + 0.3),
            rows=len(strips),
            legend=legend,
            lang=lang,
            height_ratios=tall,
            sharex=True,
        )
        for axes, strip in zip(drawing.axes, strips, strict=True):
            _draw(axes, strip, looks, widest)
            axes.tick_params(axis="x", bottom=axes is drawing.axes[-1])
        drawing.axes[-1].set_xlabel(words["axis"])
    return drawing.figure


def short(label: str) -> str:
    """Cut a label that is too long for its line."""
    return label if len(label) <= LETTERS else label[: LETTERS - 1].rstrip() + "…"


def _draw(axes: Axes, strip: Strip, looks: Mapping[str, Look], widest: int) -> None:
    # Rectangles one by one: a mesh would get other ids in the SVG on every run.
    for (x, y), verdict in strip.cells.items():
        look = looks[verdict]
        axes.add_patch(
            Rectangle(
                (x - 0.46, y - 0.46), 0.92, 0.92, facecolor=look.colour,
                edgecolor="#999999" if look.colour == "#FFFFFF" else "#FFFFFF",
            )
        )  # fmt: skip
        if look.sign:
            axes.text(x, y, look.sign, ha="center", va="center", fontsize=TYPE, color=look.ink)
    axes.set_xlim(-0.6, widest - 0.4)
    axes.set_yticks(range(len(strip.lines)), [short(label) for label in strip.lines])
    axes.tick_params(axis="y", labelsize=TYPE)
    axes.set_ylim(len(strip.lines) - 0.5, -0.5)
    ticks = [0, *range(4, widest, 5)]
    axes.set_xticks(ticks, [str(k + 1) for k in ticks])
    axes.grid(visible=False)
    axes.spines[:].set_visible(False)
    axes.set_title(strip.heading, fontsize=TYPE, pad=3)
