"""The commands that hold a wave against 2006, or against other waves.

Heavy imports happen inside the functions, so that ``--help`` answers at once.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

RootOption = Annotated[
    Path | None, typer.Option("--root", help="Folder of the project; by default the current one.")
]
WavesArgument = Annotated[
    list[str], typer.Argument(help="Folders in data_raw/; the others are held against the first.")
]


def hold_against(wave: str, against: str, *, lang: str, root: Path | None) -> None:
    """Hold a wave against the findings of 2006, write page and figures, and show the counts.

    Parameters
    ----------
    wave, against : str
        Folder in ``data_raw/``, and whose findings.
    lang : {'nl', 'en'}
        Language of the page.
    root : Path or None
        A folder in the project.

    Raises
    ------
    MobiliteitError
        The wave, its study or a folder cannot be used.
    """
    from mobiliteit.against import score_against
    from mobiliteit.project import find_project
    from mobiliteit.render.against import write_against
    from mobiliteit.wave import load_wave

    data = load_wave(wave, root=root)
    result = score_against(data, against)
    paths = write_against(result, find_project(root, wave), lang=lang)
    if data.mark("nl"):
        typer.echo(f"NB {data.mark('nl')}\n")
    typer.echo(f"Findings of {against} on wave {wave}:\n{result.summary().to_string()}\n")
    changed = result.frame[result.frame["word"].isin(["reversed", "gone", "weaker"])]
    for finding in changed[changed["source"] == "table"].to_dict("records"):
        typer.echo(f"  {finding['word']}: {finding['id']}")
    for path in paths:
        if path.suffix in (".html", ".csv"):
            typer.echo(f"Written: {path}")
    typer.echo(f"Figures: {len(paths) - 2}, in {paths[-1].parent}")


def panel(
    waves: Annotated[
        list[str], typer.Argument(help="Two waves or more: folders in data_raw/, in any order.")
    ],
    lang: Annotated[
        str, typer.Option("--lang", help="Language of labels and numbers: nl or en.")
    ] = "nl",
    root: Annotated[
        Path | None, typer.Option("--root", help="Folder of the project; by default this one.")
    ] = None,
) -> None:
    """Follow the same people over waves: moves between groups, who was lost, change, what follows.

    The page, the numbers and the figures go with those of the last wave.
    """
    from mobiliteit.panel import analyse_panel, link_waves
    from mobiliteit.project import find_project
    from mobiliteit.render.panel import write_panel
    from mobiliteit.wave import load_wave

    if lang not in ("nl", "en"):
        what = f"{lang!r} is no language here; use nl or en"
        raise typer.BadParameter(what, param_hint="--lang")
    linked = link_waves([load_wave(name, root=root).unweighted() for name in waves])
    report = analyse_panel(linked)
    project = find_project(root, linked.ids[-1])
    paths = write_panel(report, project.reports, project.figures, lang=lang)
    if linked.mark("nl"):
        typer.echo(f"NB {linked.mark('nl')}\n")
    for step in report.attrition.steps:
        typer.echo(f"{step.first} to {step.second}: {step.stayed} of {step.n} respondents linked")
    flagged = linked.inconsistent["person"].nunique()
    typer.echo(f"Contradictions: {flagged} of {len(linked.linked)} linked people")
    for path in paths:
        if path.suffix in (".html", ".csv"):
            typer.echo(f"Written: {path}")
    typer.echo(f"Figures: {len(paths) - 2}, in {paths[-1].parent}")


def sorting(
    wave: Annotated[str, typer.Argument(help="Which wave: a folder in data_raw/.")] = "2006",
    root: RootOption = None,
) -> None:
    """Sort a wave by other versions of the segment rules: who moves, and which findings flip.

    The versions are in study/segment_versions.yaml. Judges all claims again for each version, which
    takes a minute or so.
    """
    from mobiliteit.project import find_project
    from mobiliteit.sorting import sort_otherwise, write_sorting

    result = sort_otherwise(wave, root=root)
    project = find_project(root, wave)
    paths = write_sorting(result, project.reports, project.figures)
    _marked(result.wave.mark())
    typer.echo(f"Wave {wave}, other segment rules:\n{result.summary().to_string()}\n")
    for version in result.versions:
        if not version.decided:
            typer.echo(f"  cannot be decided with this wave: {version.id} ({version.undecided})")
    _written(paths)


def scales(waves: WavesArgument, root: RootOption = None) -> None:
    """Ask of every scale whether it is still the same scale: reliability and invariance."""
    from mobiliteit.project import find_project
    from mobiliteit.scale_checks import check_scales, write_scales
    from mobiliteit.wave import load_wave

    result = check_scales(*(load_wave(wave, root=root).unweighted() for wave in waves))
    project = find_project(root, waves[-1])
    paths = write_scales(result, project.reports, project.figures)
    _marked(result.mark)
    typer.echo(result.summary()[["items", "verdict", "freed"]].to_string())
    _written(paths)


def trends(waves: WavesArgument, root: RootOption = None) -> None:
    """Follow all means and shares over waves; split changes into composition and the rest."""
    from mobiliteit.project import find_project
    from mobiliteit.trends import follow, write_trends
    from mobiliteit.wave import load_wave

    result = follow(*(load_wave(wave, root=root) for wave in waves))
    project = find_project(root, waves[-1])
    paths = write_trends(result, project.reports, project.figures)
    _marked(result.mark)
    changed = result.lines[result.lines["p_holm"] < 0.05]
    typer.echo(f"{len(changed)} of {len(result.lines)} numbers changed (Holm within a table):")
    for line in changed.to_dict("records"):
        typer.echo(f"  {line['wave']}, {line['table']}: {line['row']} / {line['column']}")
    for wave, reason in result.undecided.items():
        typer.echo(f"{wave} cannot be split by composition: {reason}")
    _written(paths)


def _marked(mark: str) -> None:
    if mark:
        typer.echo(f"NB {mark}\n")


def _written(paths: list[Path]) -> None:
    for path in paths:
        typer.echo(f"Written: {path}")
