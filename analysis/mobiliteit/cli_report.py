"""The commands that write what can be published: the report and the replication package.

Heavy imports happen inside the functions, so that ``--help`` answers at once.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

import typer

from mobiliteit.cli_options import LangOption, RootOption, show_mark, show_written


class ReportFormat(StrEnum):
    """Formats that the report can be written in."""

    html = "html"
    docx = "docx"
    pdf = "pdf"
    xlsx = "xlsx"


WaveOption = Annotated[str, typer.Option("--wave", help="Which wave: a folder in data_raw/.")]


def report(
    wave: WaveOption = "2006",
    file_format: Annotated[
        list[ReportFormat] | None,
        typer.Option("--format", help="One format; may be repeated. By default all."),
    ] = None,
    lang: LangOption = "nl",
    root: RootOption = None,
    legend: Annotated[
        str | None, typer.Option("--legend", help="What the stars mean: usual or as_printed.")
    ] = None,
) -> None:
    """Write the report of a wave: tables and figures as a page, a Word file, a PDF, a workbook."""
    from mobiliteit.gallery import open_gallery
    from mobiliteit.project import find_project
    from mobiliteit.report import FORMATS, write_report

    gallery = open_gallery(wave, legend=legend, root=root)
    formats = [one.value for one in file_format] if file_format else FORMATS
    folder = find_project(root, wave).reports
    show_mark(gallery.wave.mark(lang))
    show_written(write_report(gallery, folder, lang=lang, formats=formats))


def figures(wave: WaveOption = "2006", lang: LangOption = "nl", root: RootOption = None) -> None:
    """Write the figures of the gallery, each as PNG and SVG with its alternative text inside.

    Their names and captions are in study/figures.yaml. A wave after the first is held against it.
    """
    from mobiliteit.gallery import open_gallery, write_figures
    from mobiliteit.project import find_project

    gallery = open_gallery(wave, root=root)
    written = write_figures(gallery, find_project(root, wave).figures, lang=lang)
    show_mark(gallery.wave.mark(lang))
    for name, reason in written.skipped.items():
        typer.echo(f"Not drawn: {name}: {reason}")
    show_written(written.paths)


def replication(wave: WaveOption = "2006", root: RootOption = None) -> None:
    """Write the replication package: README, codebook as pages and as DDI XML, and the manifest.

    It describes the outputs that are there: run it last, as `mobiliteit reproduce` does.
    """
    from mobiliteit.project import find_project
    from mobiliteit.replication import write_replication
    from mobiliteit.scorecard import score_wave
    from mobiliteit.wave import load_wave

    scorecard = score_wave(load_wave(wave, root=root))
    show_mark(scorecard.wave.mark("en"))
    show_written(write_replication(scorecard, find_project(root, wave)))


def manifest(
    wave: WaveOption = "2006",
    check: Annotated[
        bool, typer.Option("--check", help="Write nothing: hold the files against the manifest.")
    ] = False,
    root: RootOption = None,
) -> None:
    """List every input, program and output of a wave with its checksum, or check them.

    With --check every file that is missing, changed or extra is named. Exit code 0: none is; 1:
    some are; 2: there is no manifest, or it cannot be read.
    """
    from mobiliteit.project import find_project
    from mobiliteit.replication import check_manifest, write_manifest

    project = find_project(root, wave)
    if not check:
        show_written([write_manifest(project)])
        return
    found = check_manifest(project)
    for kind, entries in (
        ("missing", found.missing),
        ("changed", found.changed),
        ("extra", found.extra),
    ):
        for entry in entries:
            typer.echo(f"{kind}: {entry.path} ({entry.role})")
    for name, (then, now) in found.versions.items():
        typer.echo(f"note: {name} was {then or 'not there'}, and is {now or 'not there'}")
    if not found.none:
        differing = len(found.missing) + len(found.changed) + len(found.extra)
        typer.echo(f"{differing} files are not as the manifest says.")
        raise typer.Exit(1)
    typer.echo("All files are as the manifest says.")
