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
from mobiliteit.gallery.told import Told
from mobiliteit.gallery.words import WORDS
from mobiliteit.project import FIRST_WAVE, find_project
from mobiliteit.render import canvas
from mobiliteit.render.wording import words
from mobiliteit.wave import Wave, load_wave

PREFIX = {"nl": "galerij", "en": "gallery"}


@dataclass(frozen=True)
class Picture:
    """A figure as it comes out, the same in every file that holds it.

    Attributes
    ----------
    title, caption : str
        What it is, and what is drawn and how to read it.
    told : Told
        What is to be seen.
    png, svg : bytes
        The figure, twice; the SVG holds title and description.
    """

    title: str
    caption: str
    told: Told
    png: bytes = field(repr=False)
    svg: bytes = field(repr=False)

    @classmethod
    def of(cls, figure: Figure, caption: str, told: Told) -> Picture:
        """Draw a figure in both formats."""
        return cls(
            str(figure.get_label()),
            caption,
            told,
            canvas.render(figure, "png"),
            canvas.render(figure, "svg", told.description),
        )


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
    told : Told
        What is to be seen, with its numbers, from the data: for who cannot see it.
    lang : str
        Language.
    """

    name: str
    figure: Figure = field(repr=False)
    caption: str
    told: Told
    lang: str

    @property
    def alt(self) -> str:
        """Alternative text: all that is to be seen, or what stands out most."""
        return self.told.alt

    def svg(self) -> bytes:
        """Return the figure as SVG, with its title and its description inside."""
        return canvas.render(self.figure, "svg", self.told.description)

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
        return _save(Picture.of(self.figure, self.caption, self.told), folder, self.name, self.lang)

    def _repr_html_(self) -> str:
        return figure_html(self.svg(), self.told, self.caption, self.lang)


def figure_html(svg: bytes, told: Told, caption: str, lang: str) -> str:
    """Write a figure as HTML, with what its alternative text leaves out one click away."""
    picture = base64.b64encode(svg).decode("ascii")
    details = ""
    if told.details:
        rows = "".join(f"<li>{escape(row)}</li>" for row in told.details)
        summary = escape(WORDS[lang]["details"])
        details = f'<details class="numbers"><summary>{summary}</summary><ul>{rows}</ul></details>'
    return (
        f'<figure lang="{lang}"><img alt="{escape(told.alt, quote=True)}" '
        f'src="data:image/svg+xml;base64,{picture}">'
        f"<figcaption>{escape(caption)}</figcaption>{details}</figure>"
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
    return Gallery(load_wave(name, root=root), earlier_wave(name, root=root), legend)


def earlier_wave(wave: str, *, root: Path | str | None = None) -> Wave | None:
    """Read the wave that another is held against: the first, for all but itself.

    Parameters
    ----------
    wave : str
        Folder under ``data_raw/``.
    root : path, optional
        A folder in the project; by default the current one.

    Returns
    -------
    Wave or None
        None for the first wave, and in a project that does not hold the first.

    Raises
    ------
    MobiliteitError
        The first wave cannot be used.
    """
    project = find_project(root)
    if wave == FIRST_WAVE or not project.raw(FIRST_WAVE).is_dir():
        return None
    return load_wave(FIRST_WAVE, root=project.root)


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
    drawn, told = DRAW[entry.draws](gallery, entry, lang)
    return GalleryFigure(name, drawn, getattr(entry, lang), told, lang)


def picture(name: str, gallery: Gallery, lang: str = "nl") -> Picture:
    """Draw a figure of the gallery for files: once, whatever number of files it is for.

    Parameters, errors : as :func:`figure`, of a gallery.

    Returns
    -------
    Picture
        Kept in the gallery.
    """

    def make() -> Picture:
        shown = figure(name, gallery, lang)
        return Picture.of(shown.figure, shown.caption, shown.told)

    return gallery.keep(("picture", name, lang), make)


def _save(drawn: Picture, folder: Path, name: str, lang: str) -> list[Path]:
    files = {"png": drawn.png, "svg": drawn.svg}
    return canvas.save_drawn(files, folder, f"{PREFIX[lang]}_{name}")


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
            paths += _save(picture(name, gallery, lang), folder, name, lang)
        except OutputError:
            raise
        except MobiliteitError as error:
            skipped[name] = "; ".join(problem.what for problem in error.problems)
    return WrittenFigures(tuple(paths), skipped)
