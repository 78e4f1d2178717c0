"""Which figure goes with which table, and which stand by themselves."""

from __future__ import annotations

from dataclasses import replace

from matplotlib.figure import Figure

from mobiliteit.gallery.catalogue import ClassEntry, PairEntry, TableEntry
from mobiliteit.gallery.shown import Picture, figure_names, picture
from mobiliteit.gallery.source import Gallery
from mobiliteit.gallery.told import Told
from mobiliteit.render import figures
from mobiliteit.render.drawing import on_the_same_scale
from mobiliteit.render.tables import TableView
from mobiliteit.report.words import WORDS
from mobiliteit.study_schema import ClassTable, FrequencyTable, GroupTable, RegressionTable

PROFILE = 5  # rows on one scale that make a profile


def table_pictures(gallery: Gallery, lang: str) -> dict[str, Picture]:
    """Draw the figures that go with tables.

    Parameters
    ----------
    gallery : Gallery
        The figures of the study for a wave.
    lang : {'nl', 'en'}
        Language.

    Returns
    -------
    dict of str to Picture
        By the number of the table: the figure that the gallery has of it, or else bars of counts;
        the profile of groups on the scales that they share, or a panel per row; coefficients; or
        the classes of the outcome in which most of them differ. A table without a number has none.
    """
    known, say, drawn = _of_tables(gallery), WORDS[lang], {}
    for view in gallery.views(lang).values():
        if view.cells["value"].isna().all():
            continue
        if view.number in known:
            own = picture(known[view.number], gallery, lang)
            caption = f" {own.caption}"
        else:
            figure, caption = _draw(view), ""
            title = str(figure.get_label())
            alt = say["figure_alt"].format(title=title, number=view.number)
            own = Picture.of(figure, "", Told(alt))
        title = say["figure_caption"].format(title=own.title, number=view.number)
        drawn[view.number] = replace(own, caption=title + caption)
    return drawn


def own_figures(gallery: Gallery, *, pairs: bool) -> list[str]:
    """List the figures of the gallery that go with no table, heat maps of all tables left out.

    Parameters
    ----------
    gallery : Gallery
        The figures of the study for a wave.
    pairs : bool
        Those that hold the wave against an earlier one, or those of one wave.

    Returns
    -------
    list of str
        Names, in the order of the gallery.
    """
    elsewhere = {*_of_tables(gallery).values(), *(of_kind(gallery, kind) for kind in HEAT_MAPS)}
    return [
        name
        for name in figure_names(gallery)
        if name not in elsewhere and isinstance(gallery.catalogue.figures[name], PairEntry) is pairs
    ]


HEAT_MAPS = ("scorecard", "audit")


def of_kind(gallery: Gallery, draws: str) -> str | None:
    """Return the name of the first figure that draws something; None where there is none."""
    found = (name for name, entry in gallery.catalogue.figures.items() if entry.draws == draws)
    return next(found, None)


def _of_tables(gallery: Gallery) -> dict[str, str]:
    known: dict[str, str] = {}
    for name, entry in gallery.catalogue.figures.items():
        if isinstance(entry, TableEntry | ClassEntry):
            known.setdefault(entry.table, name)
    return known


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
