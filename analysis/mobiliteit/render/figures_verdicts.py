"""The heat map of verdicts: every published cell, one strip per table."""

from __future__ import annotations

from collections.abc import Sequence

from matplotlib import rc_context
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Patch, Rectangle

from mobiliteit.render import canvas
from mobiliteit.render.tables import TableView
from mobiliteit.render.wording import SIGNS, words

VERDICT_COLOURS = {
    "exact": "#BFDCEB",
    "last_digit": "#F6D68B",
    "different": "#D55E00",
    "not_computable": "#FFFFFF",
}


def verdicts(views: Sequence[TableView]) -> Figure:
    """Heat map of the verdict on every published cell, one strip per table.

    Parameters
    ----------
    views : sequence of TableView
        Tables with their published numbers.

    Returns
    -------
    matplotlib.figure.Figure
        Columns of a table run down, its rows run across; a cell that is not exact has a sign too.
    """
    lang = views[0].lang
    say = words(lang)
    shapes = [(len(view.columns()), view.cells["row"].nunique()) for view in views]
    widest = max(wide for _, wide in shapes)
    legend = [
        (Patch(facecolor=colour, edgecolor="#888888"), f"{SIGNS[name]} {say[name]}".strip())
        for name, colour in VERDICT_COLOURS.items()
    ]
    total = sum((view.cells["verdict"] != "").sum() for view in views)
    with rc_context(canvas.style()):
        drawing = canvas.start(
            f"{say['scorecard']} ({total} {say['cells']})",
            views[0].mark,
            size=(3.6 + 0.2 * widest, sum(0.2 * tall + 0.36 for tall, _ in shapes) + 0.3),
            rows=len(views),
            legend=legend,
            lang=lang,
            height_ratios=[tall for tall, _ in shapes],
            sharex=True,
        )
        for axes, view in zip(drawing.axes, views, strict=True):
            _strip(axes, view, widest)
            axes.tick_params(axis="x", bottom=axes is drawing.axes[-1])
        drawing.axes[-1].set_xlabel(say["row"])
    return drawing.figure


def _strip(axes: Axes, view: TableView, widest: int) -> None:
    rows = {row: k for k, row in enumerate(dict.fromkeys(view.cells["row"]))}
    columns = {column: k for k, column in enumerate(view.columns())}
    # Rectangles one by one: a mesh would get other ids in the SVG on every run.
    for cell in view.cells[view.cells["verdict"] != ""].to_dict("records"):
        x, y = rows[cell["row"]], columns[cell["column"]]
        colour = VERDICT_COLOURS[cell["verdict"]]
        edge = "#999999" if cell["verdict"] == "not_computable" else "#FFFFFF"
        axes.add_patch(
            Rectangle((x - 0.46, y - 0.46), 0.92, 0.92, facecolor=colour, edgecolor=edge)
        )
        if cell["sign"]:
            light = "#FFFFFF" if cell["verdict"] == "different" else canvas.INK
            axes.text(x, y, cell["sign"], ha="center", va="center", fontsize=7, color=light)
    axes.set_xlim(-0.6, widest - 0.4)
    axes.set_yticks(range(len(columns)), [_short(label) for label in view.columns().values()])
    axes.tick_params(axis="y", labelsize=7)
    axes.set_ylim(len(columns) - 0.5, -0.5)
    axes.set_xticks([0, *range(4, widest, 5)], [str(k + 1) for k in [0, *range(4, widest, 5)]])
    axes.grid(visible=False)
    axes.spines[:].set_visible(False)
    say, known = words(view.lang), view.cells[view.cells["verdict"] != ""]
    exact = int((known["verdict"] == "exact").sum())
    axes.set_title(
        f"{say['table']} {view.number}: {exact}/{len(known)} {say['equal_of']}", fontsize=8.5, pad=3
    )


def _short(label: str, most: int = 52) -> str:
    return label if len(label) <= most else label[: most - 1].rstrip() + "…"
