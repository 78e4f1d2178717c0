"""Writing the replication package of a wave."""

from __future__ import annotations

import os
import platform
from pathlib import Path

from mobiliteit.project import Project, all_or_none, write_text
from mobiliteit.replication.codebook_page import NAMES, codebook_html
from mobiliteit.replication.ddi import codebook_xml
from mobiliteit.replication.manifest import FOLDER, manifest_path, outputs, write_manifest
from mobiliteit.replication.readme import Run, readme_text
from mobiliteit.replication.variables import describe_variables
from mobiliteit.scorecard import Scorecard

README, DDI = "README.md", "codebook.xml"


def write_replication(
    scorecard: Scorecard,
    project: Project,
    *,
    stage: Project | None = None,
    seconds: float | None = None,
) -> list[Path]:
    """Write README, codebook and manifest of a wave, after its other outputs.

    Parameters
    ----------
    scorecard : Scorecard
        Published against computed; knows the wave.
    project : Project
        Where inputs, notebooks and outputs are; its `wave` is that of the scorecard.
    stage : Project, optional
        Where the main job has put its outputs before they are moved into `project`: the package
        is written there.
    seconds : float, optional
        How long the main job took so far; the README says it in coarse classes.

    Returns
    -------
    list of Path
        In ``reports/replicatie/`` (or in the folder of the wave below ``reports/``): ``README.md``,
        ``codeboek.html`` (Dutch), ``codebook.html`` (English), ``codebook.xml`` (DDI-Codebook 2.5)
        and ``manifest.json``. None of them holds a respondent's answers. Files that they are about
        must be there already.

    Raises
    ------
    OutputError
        A file cannot be written; the package that was there is as it was.
    """
    wave = scorecard.wave
    folder = (stage or project).reports / FOLDER
    variables = describe_variables(wave)
    paths = [folder / README, *(folder / name for name in NAMES.values()), folder / DDI]
    pages = {name: codebook_html(wave, lang, variables) for lang, name in NAMES.items()}
    own = [str(path.relative_to((stage or project).root).as_posix()) for path in paths]
    run = Run(seconds, _system(), platform.python_version())
    readme = readme_text(scorecard, project, sorted({*_outputs(project, stage), *own}), run)
    texts = {**pages, DDI: codebook_xml(wave, variables), README: readme}
    with all_or_none([*paths, manifest_path(stage or project)]):
        for name, text in texts.items():
            write_text(folder / name, text)
        return [*paths, write_manifest(project, stage)]


def _outputs(project: Project, stage: Project | None) -> list[str]:
    found = {path.relative_to(project.root).as_posix() for path in outputs(project)}
    if stage is not None:
        made = outputs(stage, project.waves())
        found |= {path.relative_to(stage.root).as_posix() for path in made}
    return sorted(found)


def _system() -> str:
    return f"{platform.system()} on {platform.machine()}, {os.cpu_count()} processors"
