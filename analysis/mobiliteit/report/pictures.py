"""Which figure goes with which table."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from matplotlib.figure import Figure

from mobiliteit.gallery import figure
from mobiliteit.gallery.catalogue import ClassEntry, TableEntry
from mobiliteit.gallery.source import Gallery
from mobiliteit.render import figures
from mobiliteit.render.drawing import on_the_same_scale
from mobiliteit.render.tables import TableView
from mobiliteit.report.words import WORDS
from mobiliteit.study_schema import ClassTable, FrequencyTable, GroupTable, RegressionTable

PROFILE = 5  # rows on one scale that make a profile


@dataclass(frozen=True)
class TableFigure:
    """A figure of a table with its words.

    Attributes
    ----------
    figure : matplotlib.figure.Figure
        The figure.
    caption : str
        What is drawn.
    alt : str
        What is to be seen, for those who cannot see it.
    """

    figure: Figure
    caption: str
    alt: str


def table_figures(views: Sequence[TableView], gallery: Gallery) -> dict[str, TableFigure]:
    """Draw the figures that go with tables.

    Parameters
    ----------
    views : sequence of TableView
        The tables, in order.
    gallery : Gallery
        The figures of the study for the same wave.

    Returns
    -------
    dict of str to TableFigure
        By the number of the table: the figure that the gallery has of it, or else bars of counts;
        the profile of groups on the scales that they share, or a panel per row; coefficients; or
        the classes of the outcome in which most of them differ. A table without a number has none.
    """
    known: dict[str, str] = {}
    for name, entry in gallery.catalogue.figures.items():
        if isinstance(entry, TableEntry | ClassEntry):
            known.setdefault(entry.table, name)
    drawn = {}
    for view in views:
        if view.cells["value"].isna().all():
            continue
        say = WORDS[view.lang]
        if view.number in known:
            shown = figure(known[view.number], gallery, view.lang)
            own, caption, alt = shown.figure, f" {shown.caption}", shown.alt
        else:
            own, caption = _draw(view), ""
            alt = say["figure_alt"].format(title=own.get_label(), number=view.number)
        title = say["figure_caption"].format(title=own.get_label(), number=view.number)
        drawn[view.number] = TableFigure(own, title + caption, alt)
    return drawn


def _draw(view: TableView) -> Figure:
    definition = view.result.definition
    if isinstance(definition, FrequencyTable):
        return figures.counts([view])
    if isinstance(definition, GroupTable):
        rows = on_the_same_scale(view)
        return figures.profile(view, rows) if len(rows) >= PROFILE else figures.groups(view)
    if isinstance(definition, RegressionTable):
        return figures.coefficients(view)
    return figures.classes(view, _most_different(view, definition))


def _most_different(view: TableView, definition: ClassTable) -> str:
    """Return the outcome with the most factors whose classes differ; the first of several."""
    level = view.result.wave.study.tables.significance.difference
    counts = (view.cells["p"] < level).groupby(view.cells["column"], sort=False).sum()
    return max(definition.columns, key=lambda column: int(counts[column]))
