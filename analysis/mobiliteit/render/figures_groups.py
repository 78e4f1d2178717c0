"""Figures of counts and means: by row, by group and by class, computed filled, published hollow."""

from __future__ import annotations

import math
from collections.abc import Sequence

from matplotlib import rc_context
from matplotlib.figure import Figure
from matplotlib.patches import Patch

from mobiliteit.render import canvas
from mobiliteit.render.drawing import (
    ROW,
    behind,
    capital,
    check_known,
    finite,
    on_the_same_scale,
    pick,
    plain_title,
    require,
    ring,
)
from mobiliteit.render.tables import TableView
from mobiliteit.render.wording import answer_bounds, row_labels, words
from mobiliteit.study_schema import ClassTable, GroupTable
from mobiliteit.tables import DIFFERENCE, TOTAL


def counts(views: Sequence[TableView]) -> Figure:
    """Bars with the number of respondents per row, one panel per table.

    Parameters
    ----------
    views : sequence of TableView
        Tables of counts; their totals are left out.

    Returns
    -------
    matplotlib.figure.Figure
        Bars for the computed numbers with their text, hollow rings for the published ones.
    """
    lang = views[0].lang
    picked = [
        view.cells[(view.cells["statistic"] == "count") & (view.cells["row"] != TOTAL)]
        for view in views
    ]
    heights = [len(cells) for cells in picked]
    published = any(view.has_published for view in views)
    handles = canvas.both_handles(lang, published=True)
    bar = Patch(facecolor=canvas.SERIES[0][0], alpha=0.75)
    legend = [(bar, handles[0][1]), handles[1]]
    with rc_context(canvas.style()):
        drawing = canvas.start(
            " · ".join(plain_title(view) for view in views),
            views[0].mark,
            size=(7.6, ROW * sum(heights) + 0.62 * len(views)),
            rows=len(views),
            legend=legend if published else (),
            lang=lang,
            height_ratios=heights,
            sharex=True,
        )
        for axes, view, cells in zip(drawing.axes, views, picked, strict=True):
            colour = canvas.SERIES[0][0]
            axes.barh(range(len(cells)), cells["value"], height=0.62, color=colour, alpha=0.75)
            shares = view.cells[view.cells["statistic"] == "percent"].set_index("row")["text"]
            for y, cell in enumerate(cells.to_dict("records")):
                ring(axes, cell["published_value"], y)
                share = f" ({shares[cell['row']]})" if cell["row"] in shares.index else ""
                furthest = max(finite(cell[key]) or 0 for key in ("value", "published_value"))
                axes.annotate(
                    f"{cell['text']}{share}",
                    (furthest, y),
                    xytext=(9, 0),
                    textcoords="offset points",
                    va="center",
                    fontsize=8,
                )
            canvas.label_rows(axes, list(cells["row_label"]), width=54)
            axes.set_title(f"{words(lang)['table']} {view.number}")
            canvas.number_axis(axes, lang, decimals=0)
        # Room for the numbers behind the longest bar, or behind a ring beyond it.
        highest = max(
            cells[["value", "published_value"]].fillna(0).to_numpy().max() for cells in picked
        )
        drawing.axes[0].set_xlim(0, 1.18 * max(highest, 1))
        drawing.axes[-1].set_xlabel(words(lang)["count"])
    return drawing.figure


def profile(view: TableView, rows: Sequence[str] | None = None) -> Figure:
    """Means of the groups on several scales, one row per scale and one marker per group.

    Parameters
    ----------
    view : TableView
        A comparison of groups.
    rows : sequence of str, optional
        Which rows; by default those that share the answer scale most rows have.

    Returns
    -------
    matplotlib.figure.Figure
        Filled markers for the computed means, hollow ones for the published.

    Raises
    ------
    AnalysisError
        The table is no comparison of groups, or has no such row.
    """
    require(view, GroupTable)
    chosen = list(rows) if rows is not None else on_the_same_scale(view)
    cells = pick(view, chosen)
    cells = cells[cells["column"] != DIFFERENCE]
    columns = [name for name in view.columns() if name != DIFFERENCE]
    say = words(view.lang)
    legend = [(canvas.dot(k), view.columns()[name]) for k, name in enumerate(columns)]
    labels = row_labels(view.result, view.lang, coding=False)
    bounds = {answer_bounds(view.result.wave.study, row) for row in chosen}
    scale = bounds.pop() if len(bounds) == 1 else None
    with rc_context(canvas.style()):
        drawing = canvas.start(
            plain_title(view),
            view.mark,
            size=(7.6, ROW * len(chosen) + 0.55),
            legend=[*legend, *canvas.both_handles(view.lang, published=view.has_published)],
            lang=view.lang,
        )
        axes = drawing.axes[0]
        for y, row in enumerate(chosen):
            own = cells[cells["row"] == row]
            if own["value"].isna().all():
                behind(axes, own.iloc[0].to_dict(), y)
                continue
            axes.plot([own["value"].min(), own["value"].max()], [y, y], color="#BBBBBB", zorder=1)
        for cell in cells.to_dict("records"):
            series = columns.index(cell["column"])
            published = finite(cell["published_value"])
            canvas.plot_pair(axes, cell["value"], published, chosen.index(cell["row"]), series)
        canvas.label_rows(axes, [labels[row] for row in chosen])
        canvas.number_axis(axes, view.lang)
        if scale is not None:
            axes.set_xlim(scale[0] - 0.15, scale[1] + 0.15)
        span = f" ({scale[0]:g}–{scale[1]:g})" if scale else ""
        axes.set_xlabel(capital(say["mean"]) + span)
    return drawing.figure


def groups(view: TableView, rows: Sequence[str] | None = None, *, across: int = 2) -> Figure:
    """Means of the groups, one panel per row of the table.

    Parameters
    ----------
    view : TableView
        A comparison of groups.
    rows : sequence of str, optional
        Which rows; by default all.
    across : int
        Panels beside each other.

    Returns
    -------
    matplotlib.figure.Figure
        Filled markers for the computed means, hollow ones for the published; n behind the label.

    Raises
    ------
    AnalysisError
        The table is no comparison of groups, or has no such row.
    """
    require(view, GroupTable)
    chosen = list(rows) if rows is not None else list(dict.fromkeys(view.cells["row"]))
    names = [name for name in view.columns() if name != DIFFERENCE]
    down = math.ceil(len(chosen) / across)
    labels = row_labels(view.result, view.lang)
    with rc_context(canvas.style()):
        drawing = canvas.start(
            plain_title(view),
            view.mark,
            size=(9.2, down * (0.32 * len(names) + 0.75)),
            rows=down,
            columns=across,
            legend=canvas.both_handles(view.lang, published=view.has_published),
            lang=view.lang,
            sharey=True,
        )
        for axes in drawing.axes[len(chosen) :]:
            axes.set_visible(False)
        for axes, row in zip(drawing.axes, chosen, strict=False):
            own = pick(view, [row]).set_index("column")
            for y, name in enumerate(names):
                cell = own.loc[name].to_dict()
                canvas.plot_pair(axes, cell["value"], finite(cell["published_value"]), y)
                behind(axes, cell, y)
            canvas.label_rows(axes, [view.columns()[name] for name in names], width=34)
            axes.margins(x=0.1)
            verdict = own["text"].get(DIFFERENCE, "")
            axes.set_title(canvas.wrapped(labels[row], 46))
            axes.set_xlabel(f"{words(view.lang)['difference']} {verdict}", fontsize=8)
            canvas.number_axis(axes, view.lang, most=5)
    return drawing.figure


def classes(view: TableView, column: str, factors: Sequence[str] | None = None) -> Figure:
    """Means of one outcome by class, one panel per factor.

    Parameters
    ----------
    view : TableView
        A comparison of classes.
    column : str
        The outcome: a column of the table.
    factors : sequence of str, optional
        Which factors; by default all.

    Returns
    -------
    matplotlib.figure.Figure
        Filled markers for the computed means with n, hollow ones for the published.

    Raises
    ------
    AnalysisError
        The table is no comparison of classes, or has no such column or factor.
    """
    known, study = require(view, ClassTable).factors, view.result.wave.study
    chosen = list(factors) if factors is not None else list(known)
    check_known(chosen, known)
    check_known([column], view.columns())
    members = {name: [f"{name}_{key}" for key in study.categories(known[name])] for name in chosen}
    heights = [len(rows) for rows in members.values()]
    label = view.columns()[column]
    with rc_context(canvas.style()):
        drawing = canvas.start(
            f"{plain_title(view)}: {label[:1].lower()}{label[1:]}",
            view.mark,
            size=(7.0, 0.3 * sum(heights) + 0.42 * len(chosen) + 0.3),
            rows=len(chosen),
            legend=canvas.both_handles(view.lang, published=view.has_published),
            lang=view.lang,
            height_ratios=heights,
            sharex=True,
        )
        for axes, (factor, rows) in zip(drawing.axes, members.items(), strict=True):
            own = pick(view, rows)
            own = own[own["column"] == column]
            for y, cell in enumerate(own.to_dict("records")):
                canvas.plot_pair(axes, cell["value"], finite(cell["published_value"]), y)
                behind(axes, cell, y, n=True)
            canvas.label_rows(axes, list(own["row_label"]))
            axes.margins(x=0.08)
            axes.set_title(study.label(known[factor], view.lang))
            canvas.number_axis(axes, view.lang)
        bounds = answer_bounds(study, column)
        span = f" ({bounds[0]:g}–{bounds[1]:g})" if bounds else ""
        drawing.axes[-1].set_xlabel(f"{label}, {words(view.lang)['mean']}{span}")
    return drawing.figure
