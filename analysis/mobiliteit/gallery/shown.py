"""A figure of the gallery: drawn by its name, shown in a notebook, and written to files."""

from __future__ import annotations

import base64
import os
from collections.abc import Sequence
from dataclasses import dataclass, field
from html import escape
from pathlib import Path

from matplotlib.figure import Figure

from mobiliteit.errors import AnalysisError, MobiliteitError, OutputError, Problem
from mobiliteit.gallery.catalogue import PairEntry
from mobiliteit.gallery.kinds import DRAW
from mobiliteit.gallery.source import Gallery
from mobiliteit.project import FIRST_WAVE
from mobiliteit.render import canvas
from mobiliteit.render.wording import words
from mobiliteit.wave import Wave, load_wave

PREFIX = {"nl": "galerij", "en": "gallery"}


@dataclass(frozen=True)
class GalleryFigure:
    """A drawn figure with its words.

    Attributes
    ----------
    name : str
        As in ``study/figures.yaml``.
    figure : matplotlib.figure.Figure
        The figure; its label is its title.
    caption : str
        What is drawn, and how to read it.
    alt : str
        What is to be seen, with its numbers, from the data: for who cannot see it.
    lang : str
        Language.
    """

    name: str
    figure: Figure = field(repr=False)
    caption: str
    alt: str
    lang: str

    def svg(self) -> bytes:
        """Return the figure as SVG, with its title and its alternative text inside."""
        return canvas.render(self.figure, "svg", self.alt)

    def png(self) -> bytes:
        """Return the figure as PNG."""
        return canvas.render(self.figure, "png")

    def save(self, folder: Path) -> list[Path]:
        """Write the figure as PNG and SVG.

        Parameters
        ----------
        folder : Path
            Usually ``figures/`` of the wave.

        Returns
        -------
        list of Path
            ``galerij_<name>.png`` and ``.svg`` (Dutch) or ``gallery_<name>...`` (English); the same
            figure gives the same bytes.

        Raises
        ------
        OutputError
            A file cannot be written.
        """
        stem = f"{PREFIX[self.lang]}_{self.name}"
        return canvas.save_figure(self.figure, folder, stem, self.alt)

    def _repr_html_(self) -> str:
        picture = base64.b64encode(self.svg()).decode("ascii")
        return (
            f'<figure lang="{self.lang}"><img alt="{escape(self.alt, quote=True)}" '
            f'src="data:image/svg+xml;base64,{picture}">'
            f"<figcaption>{escape(self.caption)}</figcaption></figure>"
        )


@dataclass(frozen=True)
class WrittenFigures:
    """What :func:`write_figures` left.

    Attributes
    ----------
    paths : tuple of Path
        The files.
    skipped : dict of str to str
        Figure to why it could not be drawn of this wave.
    """

    paths: tuple[Path, ...]
    skipped: dict[str, str]


def open_gallery(
    wave: str | None = None, *, legend: str | None = None, root: Path | str | None = None
) -> Gallery:
    """Read a wave, and the first one beside it, to draw its figures.

    Parameters
    ----------
    wave : str, optional
        Folder under ``data_raw/``; by default the wave that the main job runs
        (``MOBILITEIT_WAVE``), or the first.
    legend : str, optional
        Star legend by name; by default that of the main job (``MOBILITEIT_LEGEND``), or of the
        study.
    root : path, optional
        A folder in the project; by default the current one.

    Returns
    -------
    Gallery
        Give it to :func:`figure`; results are computed once, when a figure needs them. A wave after
        the first is held against the first.

    Raises
    ------
    MobiliteitError
        A wave cannot be used.
    """
    name = wave or os.environ.get("MOBILITEIT_WAVE", FIRST_WAVE)
    legend = legend or os.environ.get("MOBILITEIT_LEGEND")
    earlier = None if name == FIRST_WAVE else load_wave(FIRST_WAVE, root=root)
    return Gallery(load_wave(name, root=root), earlier, legend)


def figure_names(source: Gallery) -> list[str]:
    """List the figures that can be asked for, those of two waves only with an earlier one."""
    return [
        name
        for name, entry in source.catalogue.figures.items()
        if source.earlier is not None or not isinstance(entry, PairEntry)
    ]


def figure(
    name: str, source: Gallery | Wave | str | None = None, lang: str = "nl"
) -> GalleryFigure:
    """Draw a figure of the gallery.

    Parameters
    ----------
    name : str
        As in ``study/figures.yaml``, such as ``profiel``.
    source : Gallery, Wave or str, optional
        Of :func:`open_gallery`, which remembers what it computed; a wave, or the folder of one
        under ``data_raw/``. By default the wave of the main job.
    lang : {'nl', 'en'}
        Language.

    Returns
    -------
    GalleryFigure
        Displays itself in a notebook.

    Raises
    ------
    AnalysisError
        There is no such figure or language, or the figure needs an earlier wave that is not given.
    MobiliteitError
        The wave cannot be used.
    """
    words(lang)
    if source is None or isinstance(source, str):
        gallery = open_gallery(source)
    else:
        gallery = Gallery(source) if isinstance(source, Wave) else source
    known = gallery.catalogue.figures
    if name not in known:
        problem = Problem(f"there is no figure {name!r}", f"Use one of: {', '.join(known)}.")
        raise AnalysisError("The figure cannot be drawn.", [problem])
    entry = known[name]
    drawn, alt = DRAW[entry.draws](gallery, entry, lang)
    return GalleryFigure(name, drawn, getattr(entry, lang), alt, lang)


def write_figures(
    gallery: Gallery, folder: Path, *, lang: str = "nl", names: Sequence[str] | None = None
) -> WrittenFigures:
    """Write the figures of a wave as PNG and SVG.

    Parameters
    ----------
    gallery : Gallery
        Of :func:`open_gallery`.
    folder : Path
        Usually ``figures/`` of the wave.
    lang : {'nl', 'en'}
        Language.
    names : sequence of str, optional
        Which; by default all that :func:`figure_names` lists.

    Returns
    -------
    WrittenFigures
        A figure that this wave cannot give is skipped with the reason; the others are written.

    Raises
    ------
    AnalysisError
        There is no such figure or language.
    OutputError
        A file cannot be written.
    """
    words(lang)
    chosen = figure_names(gallery) if names is None else list(names)
    unknown = [name for name in chosen if name not in gallery.catalogue.figures]
    if unknown:
        remedy = f"Use some of: {', '.join(gallery.catalogue.figures)}."
        problems = [Problem(f"there is no figure {name!r}", remedy) for name in unknown]
        raise AnalysisError("The figures cannot be drawn.", problems)
    paths: list[Path] = []
    skipped: dict[str, str] = {}
    for name in chosen:
        try:
            paths += figure(name, gallery, lang).save(folder)
        except OutputError:
            raise
        except MobiliteitError as error:
            skipped[name] = "; ".join(problem.what for problem in error.problems)
    return WrittenFigures(tuple(paths), skipped)
