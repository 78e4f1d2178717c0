"""What the tests of figures measure: boxes of drawn text, size of type, contrast, colours."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
from matplotlib import rc_context
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.colors import to_hex, to_rgb
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from matplotlib.text import Text
from matplotlib.transforms import Bbox

from mobiliteit.render import (
    canvas,
    figures_against,
    figures_flows,
    figures_items,
    figures_verdicts,
)

CONTRAST = 4.5  # of WCAG 2.1, level AA


def texts(figure: Figure) -> list[tuple[Text, Bbox]]:
    """Every text that is seen, with its box in pixels; ticks outside their axis are not."""
    agg = FigureCanvasAgg(figure)
    with rc_context(canvas.style()):
        agg.draw()  # axis labels and legends find their place only when drawn
    renderer = agg.get_renderer()
    hidden = set()
    for axes in figure.axes:
        shown = axes.get_visible() and axes.axison
        for axis in (axes.xaxis, axes.yaxis):
            low, high = sorted(axis.get_view_interval())
            for tick in [*axis.get_major_ticks(), *axis.get_minor_ticks()]:
                outside = not low - 1e-9 <= tick.get_loc() <= high + 1e-9
                hidden |= {tick.label2} | ({tick.label1} if outside or not shown else set())
            hidden |= set() if shown else {axis.label, axis.offsetText}
        if not axes.get_visible():
            hidden |= set(axes.findobj(Text))
    return [
        (text, text.get_window_extent(renderer))
        for text in figure.findobj(Text)
        if text.get_visible() and text.get_text().strip() and text not in hidden
    ]


@dataclass(frozen=True)
class Measured:
    """A figure as it was drawn."""

    cut: list[str]  # texts partly outside the canvas
    overlapping: list[tuple[str, str]]  # pairs of texts over each other, by more than a pixel
    smallest: float  # points of the smallest type, on half a page
    faint: list[tuple[str, float]]  # texts with less contrast than WCAG asks for
    strange: set[str]  # colours that are neither grey nor of the house


def measure(figure: Figure) -> Measured:
    """Draw a figure and measure all that is seen."""
    canvas.lay_out(figure)
    found, whole = texts(figure), figure.bbox.padded(1)
    half = canvas.PAGE / 2 / figure.get_figwidth()
    return Measured(
        cut=[
            text.get_text()
            for text, box in found
            if box.x0 < whole.x0 or box.x1 > whole.x1 or box.y0 < whole.y0 or box.y1 > whole.y1
        ],
        overlapping=[
            (first.get_text(), second.get_text())
            for (first, one), (second, other) in combinations(found, 2)
            if one.padded(-1).overlaps(other.padded(-1))
        ],
        smallest=round(min(text.get_fontsize() for text, _ in found) * half, 2),
        faint=[(text, ratio) for text, ratio in contrasts(figure, found) if ratio < CONTRAST],
        strange=strange_colours(figure),
    )


def luminance(rgb: np.ndarray) -> np.ndarray:
    """Relative luminance of WCAG 2.1, of colours in [0, 1]."""
    linear = np.where(rgb <= 0.04045, rgb / 12.92, ((rgb + 0.055) / 1.055) ** 2.4)
    return linear @ np.array([0.2126, 0.7152, 0.0722])


def contrasts(figure: Figure, found: Sequence[tuple[Text, Bbox]]) -> Iterator[tuple[str, float]]:
    """Contrast of every text with what is drawn under it."""
    for text, _ in found:
        text.set_visible(False)
    agg = FigureCanvasAgg(figure)
    agg.draw()
    under = np.asarray(agg.buffer_rgba())[::-1, :, :3] / 255
    for text, box in found:
        text.set_visible(True)
        rows = slice(max(int(box.y0), 0), int(box.y1) + 1)
        behind = under[rows, max(int(box.x0), 0) : int(box.x1) + 1].reshape(-1, 3)
        back = float(np.median(luminance(behind)))
        ink = float(luminance(np.array(to_rgb(text.get_color()))))
        light, dark = max(back, ink), min(back, ink)
        yield text.get_text(), (light + 0.05) / (dark + 0.05)


def strange_colours(figure: Figure) -> set[str]:
    """Colours of lines and patches that are neither grey nor of the house's palette."""
    house = {
        *(colour for colour, _ in canvas.SERIES),
        *figures_items.LOWER,
        *figures_items.HIGHER,
        *figures_verdicts.VERDICT_COLOURS.values(),
        *(colour for colour, _, _ in figures_verdicts.AUDIT_LOOKS.values()),
        *figures_against.COLOURS.values(),
        *figures_flows.COLOURS,
    }
    known = {to_hex(colour) for colour in house}
    used = set()
    for line in figure.findobj(Line2D):
        used |= {line.get_color()} if line.get_linestyle() != "None" else set()
        used |= {line.get_markeredgecolor()} if line.get_marker() != "None" else set()
    for patch in figure.findobj(Patch):
        used.add(to_hex(patch.get_facecolor()))
        if patch.get_linewidth():
            used.add(to_hex(patch.get_edgecolor()))
    found = {to_hex(colour) for colour in used if colour != "none"} - known
    return {colour for colour in found if len({*map(int, _bytes(colour))}) > 1}


def _bytes(colour: str) -> tuple[int, int, int]:
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)
