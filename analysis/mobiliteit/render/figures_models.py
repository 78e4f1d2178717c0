"""Figures of regressions: coefficients by model, computed filled and published hollow."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from matplotlib import rc_context
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from mobiliteit.render import canvas
from mobiliteit.render.drawing import behind, check_known, finite, plain_title, require
from mobiliteit.render.tables import TableView, records
from mobiliteit.render.wording import row_labels, words
from mobiliteit.study_schema import RegressionTable

Limits = Mapping[tuple[str, str], tuple[float, float]]
MOST_ACROSS = 3  # panels that are readable beside each other


def coefficients(
    view: TableView, columns: Sequence[str] | None = None, inference: Any = None
) -> Figure:
    """Standardized coefficients, one panel per model and one row per predictor.

    Parameters
    ----------
    view : TableView
        A table of regressions.
    columns : sequence of str, optional
        Which models; by default all.
    inference : RegressionsBeyond, optional
        Of the same table and wave: adds the interval of each coefficient.

    Returns
    -------
    matplotlib.figure.Figure
        Filled markers for the computed coefficients, with their stars, and their intervals; hollow
        for the published.

    Raises
    ------
    AnalysisError
        The table holds no regressions, or has no such column.
    """
    require(view, RegressionTable)
    chosen = list(columns) if columns is not None else list(view.columns())
    check_known(chosen, view.columns())
    limits = {} if inference is None else intervals_of(inference)
    panels = [(view, [name]) for name in chosen]
    across = len(chosen) if len(chosen) <= MOST_ACROSS else 2
    return _panels(panels, plain_title(view), across=across, limits=limits)


def intervals_of(inference: Any) -> Limits:
    """Return the interval of each coefficient: (column, predictor) to its limits."""
    return {
        (column, str(row)): (values["beta_low"], values["beta_high"])
        for column, model in inference.models.items()
        for row, values in model.coefficients.iterrows()
    }


def models(views: Sequence[TableView]) -> Figure:
    """Coefficients across models, one panel per table and one marker per model.

    Shows whether the coefficients of the other predictors shrink once a predictor is added.

    Parameters
    ----------
    views : sequence of TableView
        Tables of regressions.

    Returns
    -------
    matplotlib.figure.Figure
        One marker per model, filled for computed and hollow for published.

    Raises
    ------
    AnalysisError
        A table holds no regressions.
    """
    for view in views:
        require(view, RegressionTable)
    title = " · ".join(plain_title(view) for view in views)
    return _panels([(view, list(view.columns())) for view in views], title, across=len(views))


def _panels(
    panels: list[tuple[TableView, list[str]]],
    title: str,
    *,
    across: int,
    limits: Limits | None = None,
) -> Figure:
    lang = panels[0][0].lang
    most = max(len(names) for _, names in panels)
    tables, down = len({view.number for view, _ in panels}), -(-len(panels) // across)
    legend: list[tuple[Any, str]] = []
    if most > 1:
        labels = [list(view.columns().values()) for view, _ in panels]
        shared = (
            labels[0]
            if all(own == labels[0] for own in labels)
            else [f"{words(lang)['model']} {k + 1}" for k in range(most)]
        )
        legend = [(canvas.dot(k), label) for k, label in enumerate(shared)]
    published = any(view.has_published for view, _ in panels)
    longest = max(len(_predictors(view)) for view, _ in panels)
    row = 0.24 if down > 1 else 0.34 if most == 1 else 0.11 * (most + 1)
    wide = 2.8 + across * (2.4 if across < MOST_ACROSS else 1.65)
    with rc_context(canvas.style()):
        drawing = canvas.start(
            title,
            panels[0][0].mark,
            size=(4.9 * across if tables > 1 else wide, down * (row * longest + 0.95)),
            rows=down,
            columns=across,
            legend=[*legend, *canvas.both_handles(lang, published=published)],
            lang=lang,
            sharex=True,
            sharey=tables == 1,
        )
        for axes in drawing.axes[len(panels) :]:
            axes.set_visible(False)
        for axes, (view, names) in zip(drawing.axes, panels, strict=False):
            _coefficient_panel(axes, view, names, limits or {})
            if most > 1:
                axes.set_title(f"{words(lang)['table']} {view.number}")
        for axes in drawing.axes[-across:]:
            axes.set_xlabel(words(lang)["beta_short"])
    return drawing.figure


def _coefficient_panel(axes: Axes, view: TableView, names: list[str], limits: Limits) -> None:
    rows = _predictors(view)
    columns = list(view.columns())
    step = 0.8 / len(names)
    axes.axvline(0, color="#777777", linewidth=0.9, zorder=1)
    for k, name in enumerate(names):
        series = columns.index(name) if len(names) > 1 else 0
        own = records(view.cells[view.cells["column"] == name])
        for cell in own:
            if cell["row"] not in rows:
                continue
            at = rows.index(cell["row"]) + (k - (len(names) - 1) / 2) * step
            published = finite(cell["published_value"])
            ends = limits.get((name, cell["row"]))
            if ends is not None:
                axes.plot(ends, [at, at], color=canvas.SERIES[series][0], linewidth=1.4, zorder=2)
            canvas.plot_pair(axes, cell["value"], published, at, series)
            if len(names) == 1:
                behind(axes, cell, at)
    gaps = [
        name for name in names if view.cells[view.cells["column"] == name]["value"].isna().all()
    ]
    if gaps:
        labels_of = [view.columns()[name].partition(":")[0] for name in gaps]
        what = f"{words(view.lang)['not_computable']}: {', '.join(labels_of)}"
        axes.text(0.98, 0.02, what, transform=axes.transAxes, ha="right", fontsize=8.5)
    labels = row_labels(view.result, view.lang, coding=False)
    many = len(names) == 1 and len(columns) > MOST_ACROSS
    canvas.label_rows(axes, [labels[row] for row in rows], width=56 if many else 34)
    axes.margins(x=0.08)
    outcome = require(view, RegressionTable).columns[names[0]].outcome
    label = view.result.wave.study.label(outcome, view.lang)
    if many:
        label = view.columns()[names[0]]
    axes.set_title(canvas.wrapped(label, 20), fontsize=9)
    canvas.number_axis(axes, view.lang, most=5)


def _predictors(view: TableView) -> list[str]:
    return list(require(view, RegressionTable).rows)
