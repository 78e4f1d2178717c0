"""What all figures share: style, title, legend and synthetic mark in their places, and saving."""

from __future__ import annotations

import base64
import io
import os
import textwrap
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from html import escape
from importlib.resources import as_file, files
from pathlib import Path
from typing import Any

import matplotlib as mpl
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.legend_handler import HandlerTuple
from matplotlib.lines import Line2D
from matplotlib.ticker import FuncFormatter, MaxNLocator

from mobiliteit.project import FIRST_WAVE, find_project, write_atomically
from mobiliteit.render.numbers import format_number
from mobiliteit.render.wording import words

# Okabe and Ito's colours, with a marker each, so that colour never tells a thing alone.
SERIES = (
    ("#0072B2", "o"),
    ("#E69F00", "s"),
    ("#009E73", "D"),
    ("#CC79A7", "^"),
    ("#56B4E9", "v"),
    ("#D55E00", "P"),
)
FILLED, HOLLOW = 5.0, 9.0  # points: a ring around a dot shows that the two numbers agree
INK, SOFT = "#1B1B1B", "#595959"
_LINE = 0.022  # inches per line of small print and point of its size
# Inches between the margins of a landscape A4 page, and the smallest type on half of that.
PAGE, READABLE = 10.1, 5.5


@dataclass(frozen=True)
class Canvas:
    """A figure with its axes, and the words around them.

    Attributes
    ----------
    figure : matplotlib.figure.Figure
        The figure.
    axes : list of matplotlib.axes.Axes
        Its axes, row by row.
    lang : str
        Language.
    """

    figure: Figure
    axes: list[Axes]
    lang: str


def style() -> Any:
    """Return the settings of ``mobiliteit.mplstyle`` on top of matplotlib's own defaults.

    A user's own matplotlibrc plays no part, so that everybody gets the same figures.
    """
    with as_file(files(__package__).joinpath("mobiliteit.mplstyle")) as path:
        own = mpl.rc_params_from_file(path, use_default_template=False)
    defaults = {key: value for key, value in mpl.rcParamsDefault.items() if key != "backend"}
    return {**defaults, **own}


def start(
    title: str,
    mark: str,
    *,
    size: tuple[float, float],
    rows: int = 1,
    columns: int = 1,
    legend: Sequence[tuple[Any, str]] = (),
    lang: str = "nl",
    **subplots: Any,
) -> Canvas:
    """Make a figure with room for a title, a legend and the synthetic mark.

    Parameters
    ----------
    title : str
        Title, wrapped to the width.
    mark : str
        The synthetic mark, at the foot; empty for a real wave.
    size : tuple of float
        Width of the figure and height of its axes, in inches; title, legend and mark come on top.
    rows, columns : int
        Grid of axes.
    legend : sequence of (handle, label)
        Entries of the legend under the title.
    lang : {'nl', 'en'}
        Language.
    **subplots
        Passed to ``Figure.subplots``.

    Returns
    -------
    Canvas
        Laid out when drawn.
    """
    width, height = size
    headline = textwrap.fill(title, int(width * 10))
    per_line = _entries_per_line([label for _, label in legend], width)
    legend_lines = -(-len(legend) // per_line)
    small = max(7.0, least_type(width))
    foot = textwrap.fill(mark, int(width * 122 / small)) if mark else ""
    above = 0.16 + 0.2 * (headline.count("\n") + 1) + 0.24 * legend_lines
    below = (0.1 + _LINE * small * (foot.count("\n") + 1)) if foot else 0.04
    total = height + above + below
    figure = Figure(figsize=(width, total))
    figure.set_layout_engine(
        "constrained",
        rect=(0, below / total, 1, 1 - (above + below) / total),
        h_pad=0.04,
        w_pad=0.06,
    )
    left = 0.1 / width
    figure.text(
        left,
        1 - 0.08 / total,
        headline,
        ha="left",
        va="top",
        fontsize=11,
        fontweight="bold",
        color=INK,
    )
    if legend:
        handles, labels = zip(*legend, strict=True)
        shown = figure.legend(
            handles,
            labels,
            loc="upper left",
            bbox_to_anchor=(left, 1 - (above - 0.24 * legend_lines - 0.04) / total),
            ncols=per_line,
            borderaxespad=0,
            borderpad=0,
            columnspacing=1.6,
            handletextpad=0.5,
            handler_map={tuple: HandlerTuple(ndivide=None)},
        )
        # The room for it is reserved above; the layout must not reserve it twice.
        shown.set_in_layout(False)
    if foot:
        figure.text(left, 0.05 / total, foot, ha="left", va="bottom", fontsize=small, color=SOFT)
    axes = figure.subplots(rows, columns, squeeze=False, **subplots)
    figure.set_label(title)
    return Canvas(figure, list(axes.flat), lang)


def least_type(width: float) -> float:
    """Return the smallest type, in points, that a figure of so many inches may have.

    On half a page (:data:`PAGE`) it is then :data:`READABLE` points.
    """
    return READABLE * width / (PAGE / 2)


def _entries_per_line(labels: Sequence[str], width: float) -> int:
    """Entries of a legend that fit beside each other; all columns are as wide as the widest."""
    if sum(0.075 * len(label) + 0.5 for label in labels) <= width:
        return max(1, len(labels))
    return max(1, int(width / (0.075 * max(map(len, labels)) + 0.5)))


def dot(series: int, *, hollow: bool = False) -> Line2D:
    """Return a marker of a series for the legend: filled for computed, hollow for published."""
    colour, marker = SERIES[series % len(SERIES)]
    return Line2D(
        [],
        [],
        linestyle="none",
        marker=marker,
        markersize=HOLLOW if hollow else FILLED,
        markerfacecolor="none" if hollow else colour,
        markeredgecolor=colour,
    )


def both_handles(lang: str, *, published: bool) -> list[tuple[Any, str]]:
    """Return the entries that explain filled and hollow, in grey."""
    say = words(lang)
    computed = Line2D([], [], linestyle="none", marker="o", markersize=FILLED, color=SOFT)
    if not published:
        return []
    ring = Line2D([], [], linestyle="none", marker="o", markersize=HOLLOW, color=SOFT)
    ring.set_markerfacecolor("none")
    return [(computed, say["computed_legend"]), (ring, say["published_legend"])]


def plot_pair(axes: Axes, value: float, published: float | None, y: float, series: int = 0) -> None:
    """Draw a computed number as a filled marker and the published one as a larger hollow one."""
    colour, marker = SERIES[series % len(SERIES)]
    axes.plot(
        [value], [y], linestyle="none", marker=marker, markersize=FILLED, color=colour, zorder=3
    )
    if published is not None:
        axes.plot(
            [published],
            [y],
            linestyle="none",
            marker=marker,
            markersize=HOLLOW,
            markerfacecolor="none",
            markeredgecolor=colour,
            zorder=4,
        )


def number_axis(axes: Axes, lang: str, *, decimals: int = 1, most: int = 6) -> None:
    """Write the numbers of the x axis with the decimal sign of the language."""
    axes.xaxis.set_major_locator(MaxNLocator(most, steps=[1, 2, 5, 10], integer=decimals == 0))

    def write(value: float, _: object) -> str:
        return format_number(value, decimals, lang=lang)

    axes.xaxis.set_major_formatter(FuncFormatter(write))


def wrapped(text: str, width: int) -> str:
    """Break a label into lines of at most `width` letters, never inside a word."""
    return "\n".join(textwrap.wrap(text, width, break_long_words=False, break_on_hyphens=False))


def label_rows(axes: Axes, labels: Sequence[str], *, width: int = 38) -> None:
    """Label rows 0, 1, ... of an axis from top to bottom."""
    axes.set_yticks(range(len(labels)), [wrapped(label, width) for label in labels])
    axes.set_ylim(len(labels) - 0.4, -0.6)


def save_figure(figure: Figure, folder: Path, name: str, description: str = "") -> list[Path]:
    """Write a figure as PNG and SVG.

    Parameters
    ----------
    figure : matplotlib.figure.Figure
        The figure.
    folder : Path
        Usually ``figures/``.
    name : str
        File name without suffix.
    description : str
        Alternative text, for the SVG.

    Returns
    -------
    list of Path
        ``<name>.png`` (160 dots per inch) and ``<name>.svg``; the same figure gives the same bytes.

    Raises
    ------
    OutputError
        A file cannot be written.
    """
    drawn = {suffix: render(figure, suffix, description) for suffix in ("png", "svg")}
    return save_drawn(drawn, folder, name)


def save_drawn(drawn: Mapping[str, bytes], folder: Path, name: str) -> list[Path]:
    """Write a figure that was drawn already, as :func:`save_figure` does; suffix to content."""
    paths = []
    for suffix, content in drawn.items():
        path = folder / f"{name}.{suffix}"
        write_atomically(path, partial(_write, content))
        paths.append(path)
    return paths


def _write(content: bytes, path: Path) -> None:
    path.write_bytes(content)


def render(figure: Figure, suffix: str, description: str = "") -> bytes:
    """Return a figure as PNG or SVG, without the moment of writing in it.

    The SVG has the title of the figure as its title, and `description` as its description.
    """
    title = str(figure.get_label())
    metadata: dict[str, str | None] = {"Title": title}
    metadata |= {"Date": None} if suffix == "svg" else {"Software": "mobiliteit"}
    target = io.BytesIO()
    with mpl.rc_context(style()):
        lay_out(figure)
        figure.savefig(target, format=suffix, metadata=metadata)
    drawn = target.getvalue()
    if suffix == "svg" and description:
        text = f"</title>\n <desc>{escape(description)}</desc>".encode()
        drawn = drawn.replace(b"</title>", text, 1)
    return drawn


def lay_out(figure: Figure) -> None:
    """Give everything in a figure its place, once: every format then shows the same picture."""
    engine = figure.get_layout_engine()
    if engine is None:
        return
    with mpl.rc_context(style()):
        engine.execute(figure)
    # With None, unlike "none", matplotlib does not draw once more before it saves.
    figure.set_layout_engine(None)
    # The solver's last digits differ from run to run, and ids in the SVG hang on them.
    for axes in figure.axes:
        left, bottom, width, height = axes.get_position().bounds
        axes.set_position((round(left, 6), round(bottom, 6), round(width, 6), round(height, 6)))


@dataclass(frozen=True)
class ShownFigure:
    """A saved figure that displays itself in a notebook, with its title as alternative text."""

    figure: Figure
    paths: tuple[Path, ...]

    def _repr_html_(self) -> str:
        drawn = next(path for path in self.paths if path.suffix == ".svg").read_bytes()
        picture = base64.b64encode(drawn).decode("ascii")
        title = escape(str(self.figure.get_label()), quote=True)
        return f'<figure><img alt="{title}" src="data:image/svg+xml;base64,{picture}"></figure>'


def show(figure: Figure, name: str, folder: Path | str | None = None) -> ShownFigure:
    """Save a figure and show it in a notebook.

    Parameters
    ----------
    figure : matplotlib.figure.Figure
        The figure.
    name : str
        File name without suffix.
    folder : path, optional
        Where to save; by default the folder that the main job names in ``MOBILITEIT_FIGURES``, or
        the project's ``figures/``.

    Returns
    -------
    ShownFigure
        Displays as a picture.
    """
    if folder is None:
        named = os.environ.get("MOBILITEIT_FIGURES")
        wave = os.environ.get("MOBILITEIT_WAVE", FIRST_WAVE)
        folder = named or find_project(wave=wave).figures
    return ShownFigure(figure, tuple(save_figure(figure, Path(folder), name)))
