"""The main job: from a raw wave to clean data, tables, figures, notebooks, scorecard and report."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from mobiliteit.gallery import Gallery, earlier_wave, write_figures
from mobiliteit.notebooks_runner import list_notebooks, run_notebooks
from mobiliteit.project import FIRST_WAVE, Project, find_project, staged
from mobiliteit.render.export import write_tables
from mobiliteit.render.scorecards import write_scorecard
from mobiliteit.replication import write_replication
from mobiliteit.report import write_report
from mobiliteit.scorecard import Scorecard, score_wave
from mobiliteit.tables import compute_tables
from mobiliteit.wave import load_wave, write_clean

Report = Callable[[str], None]


@dataclass(frozen=True)
class Reproduction:
    """What the main job left.

    Attributes
    ----------
    scorecard : Scorecard
        Published against computed.
    project : Project
        Where the outputs are.
    """

    scorecard: Scorecard
    project: Project


def stages(root: Path | str | None = None) -> int:
    """Count the steps that :func:`reproduce` reports, for a progress bar."""
    return 7 + len(list_notebooks(find_project(root)))


def reproduce(
    wave: str = FIRST_WAVE,
    *,
    root: Path | str | None = None,
    legend: str | None = None,
    lang: str = "nl",
    report: Report = lambda stage: None,
) -> Reproduction:
    """Run everything for one wave.

    Parameters
    ----------
    wave : str
        Folder under ``data_raw/``.
    root : path, optional
        A folder in the project; by default the current one.
    legend : str, optional
        Star legend by name; by default that of ``study/tables.yaml``.
    lang : {'nl', 'en'}
        Language of the report, the figures, the tables and the scorecard; the notebooks are in
        Dutch.
    report : callable
        Called with the name of each stage that is done.

    Returns
    -------
    Reproduction
        All outputs are written to a scratch folder first and moved into place together.

    Raises
    ------
    MobiliteitError
        The wave cannot be used, a notebook fails, or an output cannot be written; earlier outputs
        are as they were.
    """
    started = time.monotonic()
    project = find_project(root, wave)
    data = load_wave(wave, root=project.root)
    report("golf gelezen, opgeschoond en ingedeeld")
    results = compute_tables(data)
    scorecard = score_wave(data, results, legend=legend)
    report("tabellen berekend en naast de gepubliceerde gelegd")
    with staged(project) as stage:
        write_clean(data, stage.data_clean)
        report("schone data, codeboek en logboek geschreven")
        write_tables(results, scorecard, stage.reports, lang=lang)
        write_scorecard(scorecard, stage.reports, lang=lang)
        report("tabellen en scorekaart geschreven")
        gallery = Gallery.around(scorecard, results, earlier_wave(wave, root=project.root))
        write_figures(gallery, stage.figures, lang=lang)
        report("figuren getekend")
        write_report(gallery, stage.reports, lang=lang, formats=("html", "docx", "pdf"))
        report("verslag geschreven")
        run_notebooks(project, stage, wave=wave, legend=scorecard.legend, on_done=report)
        # Last, since its manifest lists all that the others wrote.
        seconds = time.monotonic() - started
        write_replication(scorecard, project, stage=stage, seconds=seconds)
        report("replicatiepakket geschreven")
    return Reproduction(scorecard, project)
