"""The commands that hold a wave against 2006, or against other waves.

Heavy imports happen inside the functions, so that ``--help`` answers at once.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from mobiliteit.cli_options import LangOption, RootOption, show_mark, show_written

FollowedArgument = Annotated[
    list[str], typer.Argument(help="Two waves or more: folders in data_raw/, in any order.")
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
    project = find_project(root, wave)
    paths = write_against(result, project.reports, project.figures, lang=lang)
    show_mark(data.mark("nl"))
    typer.echo(f"Findings of {against} on wave {wave}:\n{result.summary().to_string()}\n")
    changed = result.frame[result.frame["word"].isin(["reversed", "gone", "weaker"])]
    for finding in changed[changed["source"] == "table"].to_dict("records"):
        typer.echo(f"  {finding['word']}: {finding['id']}")
    show_written(paths)


def panel(waves: FollowedArgument, lang: LangOption = "nl", root: RootOption = None) -> None:
    """Follow the same people over waves: moves between groups, who was lost, change, what follows.

    The page, the numbers and the figures go with those of the last wave.
    """
    from mobiliteit.panel import analyse_panel, link_waves
    from mobiliteit.project import find_project
    from mobiliteit.render.panel import write_panel
    from mobiliteit.wave import load_wave

    linked = link_waves([load_wave(name, root=root).unweighted() for name in waves])
    report = analyse_panel(linked)
    project = find_project(root, linked.ids[-1])
    paths = write_panel(report, project.reports, project.figures, lang=lang)
    show_mark(linked.mark("nl"))
    for step in report.attrition.steps:
        typer.echo(f"{step.first} to {step.second}: {step.stayed} of {step.n} respondents linked")
    flagged = linked.inconsistent["person"].nunique()
    typer.echo(f"Contradictions: {flagged} of {len(linked.linked)} linked people")
    show_written(paths)


def sorting(
    wave: Annotated[str, typer.Argument(help="Which wave: a folder in data_raw/.")] = "2006",
    lang: LangOption = "nl",
    root: RootOption = None,
) -> None:
    """Sort a wave by other versions of the segment rules: who moves, and which findings flip.

    The versions are in study/segment_versions.yaml. Every version judges all claims: some ten
    seconds, or twenty with 20,000 respondents.
    """
    from mobiliteit.project import find_project
    from mobiliteit.render.sorting import write_sorting
    from mobiliteit.sorting import sort_otherwise

    result = sort_otherwise(wave, root=root)
    project = find_project(root, wave)
    paths = write_sorting(result, project.reports, project.figures, lang=lang)
    show_mark(result.wave.mark("nl"))
    typer.echo(f"Wave {wave}, other segment rules:\n{result.summary().to_string()}\n")
    for version in result.versions:
        if version.undecided is not None:
            reason = version.undecided.en
            typer.echo(f"  cannot be decided with this wave: {version.id} ({reason})")
    show_written(paths)


def scales(waves: WavesArgument, lang: LangOption = "nl", root: RootOption = None) -> None:
    """Ask of every scale whether it is still the same scale: reliability and invariance."""
    from mobiliteit.project import find_project
    from mobiliteit.render.scales import write_scales
    from mobiliteit.scale_checks import check_scales
    from mobiliteit.wave import load_wave

    result = check_scales(*(load_wave(wave, root=root).unweighted() for wave in waves))
    project = find_project(root, waves[-1])
    paths = write_scales(result, project.reports, project.figures, lang=lang)
    show_mark(result.mark("nl"))
    typer.echo(result.summary()[["items", "verdict", "freed"]].to_string())
    show_written(paths)


def trends(waves: WavesArgument, lang: LangOption = "nl", root: RootOption = None) -> None:
    """Follow all means and shares over waves; split changes into composition and the rest."""
    from mobiliteit.project import find_project
    from mobiliteit.render.trends import write_trends
    from mobiliteit.trends import follow
    from mobiliteit.wave import load_wave

    result = follow(*(load_wave(wave, root=root) for wave in waves))
    project = find_project(root, waves[-1])
    paths = write_trends(result, project.reports, project.figures, lang=lang)
    show_mark(result.mark("nl"))
    changed = result.lines[result.lines["p_holm"] < 0.05]
    typer.echo(f"{len(changed)} of {len(result.lines)} numbers changed (Holm within a table):")
    for line in changed.to_dict("records"):
        typer.echo(f"  {line['wave']}, {line['table']}: {line['row']} / {line['column']}")
    for wave, reason in result.undecided.items():
        typer.echo(f"{wave} cannot be split by composition: {reason.en}")
    show_written(paths)
