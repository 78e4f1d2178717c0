"""The README of a replication package, by the headings that social-science data editors ask for.

Its outline is that of "A template README for social science replication packages" (Vilhuber,
Connolly, Koren, Llull and Morrow, doi:10.5281/zenodo.7293838); the text, in ``text/``, is ours.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from importlib.resources import files as resources
from pathlib import Path

from mobiliteit.project import FIRST_WAVE, Project
from mobiliteit.replication.manifest import direct_packages, versions
from mobiliteit.replication.programs import (
    PROGRAMS,
    gallery_figures,
    notebook_figures,
    notebook_tables,
    program_of,
    text_numbers,
    wave_option,
)
from mobiliteit.results import number
from mobiliteit.scorecard import Scorecard
from mobiliteit.study import STUDY_DIR
from mobiliteit.wave import Wave

LOCK = "requirements.txt"
PIN = re.compile(r"^([A-Za-z0-9._-]+)==(\S+)", re.MULTILINE)
# The classes of the template; coarse, so that two runs on one machine say the same.
CLASSES = ((10 * 60, "less than 10 minutes"), (60 * 60, "10 to 60 minutes"))
LONGEST = "more than an hour"
NOT_MEASURED = "not measured, as this package was written without a run of it"
WORKBOOKS = ("tabellen.xlsx", "tables.xlsx")
TOTAL = "totaal"  # the last row of a scorecard's summary


@dataclass(frozen=True)
class Run:
    """The run that a package is about.

    Attributes
    ----------
    seconds : float or None
        How long it took; None where nothing was measured.
    system : str
        Operating system, machine and processors.
    python : str
        Version of Python.
    """

    seconds: float | None
    system: str
    python: str

    @property
    def length(self) -> str:
        """The class of its length."""
        if self.seconds is None:
            return NOT_MEASURED
        return next((name for limit, name in CLASSES if self.seconds < limit), LONGEST)


def readme_text(scorecard: Scorecard, project: Project, files: Sequence[str], run: Run) -> str:
    """Write the README of a package, in English.

    Parameters
    ----------
    scorecard : Scorecard
        Published against computed, with the wave.
    project : Project
        Where the lock and the notebooks are.
    files : sequence of str
        The outputs of the wave, below the root of the project, with slashes.
    run : Run
        What is said of time and machine.

    Returns
    -------
    str
        Markdown with the mark of the wave.
    """
    wave, summary = scorecard.wave, scorecard.summary()
    facts, descriptor = wave.study.codebook.study, wave.descriptor
    option = wave_option(wave.id)
    common = {
        "wave": wave.id,
        "producer": descriptor.producer,
        "licence": descriptor.licence,
    }
    return _template("readme").format(
        **common,
        **{name: int(number(summary, TOTAL, name)) for name in summary.columns},
        study=facts.title_en,
        study_nl=facts.title_nl,
        report=facts.source_en,
        mark=f"> **{wave.mark('en')}**" if wave.mark("en") else "Answers of real people.",
        tables=len(wave.study.tables.tables),
        main=_main(option),
        provenance=_template("synthetic" if wave.synthetic else "real").format(**common).strip(),
        title=descriptor.title_en,
        file=descriptor.file.name,
        rows=descriptor.file.rows,
        sha256=wave.sha256,
        date=descriptor.date.isoformat(),
        year=descriptor.date.year,
        datasets=_datasets(wave, files),
        python=run.python,
        packages=_packages(project),
        length=run.length,
        system=run.system,
        programs=_table(["Function", "Command", "Makes"], _programs(wave)),
        steps=_steps(wave, option),
        exhibits=_tables(scorecard, project, files),
        figures=_figures(wave, project),
        folder=_folder(wave),
        option=option,
        numbers=_numbers(wave),
        outputs=_table(["Output file", "Program", "Command"], _outputs(wave, files)),
    )


def lock_pins(path: Path) -> dict[str, tuple[str, ...]]:
    """Read the pinned versions of a lock.

    Parameters
    ----------
    path : Path
        ``requirements.txt``.

    Returns
    -------
    dict of str to tuple of str
        Package (lower case) to its version; to several where the lock has one for each of several
        versions of Python. Empty without a lock.
    """
    pins: dict[str, tuple[str, ...]] = {}
    for name, pin in PIN.findall(path.read_text(encoding="utf-8")) if path.is_file() else ():
        pins[name.lower()] = (*pins.get(name.lower(), ()), pin)
    return pins


def _template(name: str) -> str:
    return resources(__package__).joinpath("text", f"{name}.md").read_text(encoding="utf-8")


def _table(headers: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    cells = (
        [text.replace("|", "\\|").replace("\n", " ") for text in line]
        for line in (headers, ["---"] * len(headers), *rows)
    )
    return "\n".join(f"| {' | '.join(line)} |" for line in cells)


def _folder(wave: Wave) -> str:
    """Folder of the wave below ``reports/`` and ``figures/``, with a slash; empty for the first."""
    return "" if wave.id == FIRST_WAVE else f"{wave.id}/"


def _main(option: str) -> str:
    return f".venv/bin/mobiliteit reproduce{option}" if option else "make reproduce"


def _datasets(wave: Wave, files: Sequence[str]) -> str:
    raw, given = f"data_raw/{wave.id}", "yes" if wave.synthetic else "no"
    own = "this package"
    rows = [
        [f"`{raw}/{wave.descriptor.file.name}`", wave.descriptor.producer, "as delivered", given],
        [f"`{raw}/wave.yaml`", own, "provenance, mapping onto the codebook, corrections", "yes"],
    ]
    weighting = wave.descriptor.weights
    if weighting is not None and weighting.rake is not None:
        name = f"`{raw}/{weighting.rake.margins}`"
        rows.append([name, weighting.rake.source, "margins that the weights are raked to", "yes"])
    study = f"`analysis/mobiliteit/{STUDY_DIR.name}/`"
    rows.append([study, f"{own}, from the report", "the study as data, published numbers", "yes"])
    rows += [
        [f"`{name}`", "derived from the first", "made by `mobiliteit clean`", given]
        for name in files
        if name.startswith("data_clean/")
    ]
    return _table(["Data file", "Source", "Notes", "Provided"], rows)


def _packages(project: Project) -> str:
    """List the direct packages: the version of this run, and that of the lock where it differs."""
    pins, used = lock_pins(project.root / LOCK), versions()
    lines = []
    for name in direct_packages():
        locked, here = pins.get(name, ()), used.get(name, "not installed")
        said = f"  - {name} {here}"
        if not locked:
            said += " (the lock does not name it)"
        elif locked != (here,):
            said += f" (lock, by version of Python: {' or '.join(locked)})"
        lines.append(said)
    return "\n".join(lines)


def _programs(wave: Wave) -> Iterator[list[str]]:
    for one in PROGRAMS:
        yield [f"`mobiliteit.{one.function}`", f"`{one.typed(wave.id)}`", one.what]


def _steps(wave: Wave, option: str) -> str:
    steps = [
        "`make setup` installs the locked packages into `.venv`.",
        f"`{_main(option)}` makes all but what the last step makes, and this package at the end.",
        f"`.venv/bin/mobiliteit manifest --check{option}` holds every input, program and output"
        " against `manifest.json`, and names what is missing, changed or extra.",
        f"`.venv/bin/mobiliteit claims{option}` makes the numbers of the text. It adds files:"
        f" `.venv/bin/mobiliteit manifest{option}` then writes the manifest anew.",
    ]
    if not wave.synthetic:
        steps.insert(0, f"Put the file of the wave into `data_raw/{wave.id}/` (see above).")
    return "\n".join(f"{position}. {step}" for position, step in enumerate(steps, start=1))


def _tables(scorecard: Scorecard, project: Project, files: Sequence[str]) -> str:
    wave, counts = scorecard.wave, scorecard.summary().drop(index=TOTAL)
    possible = [f"reports/{_folder(wave)}{name}" for name in WORKBOOKS]
    workbook = next((name for name in possible if name in files), possible[0])
    homes: dict[str, str] = {}
    for shown in notebook_tables(project):
        homes.setdefault(shown.name, shown.notebook)
    rows = [
        [
            f"Table {table}",
            f'`mobiliteit.tables.compute_table(wave, "{table}")`',
            f"`mobiliteit tables{wave_option(wave.id)} --table {table}`",
            f"`notebooks/{homes[table]}.ipynb`" if table in homes else "–",
            f"`{workbook}`, sheet of {table}",
            f"{exact} of {cells} cells exact",
        ]
        for table, cells, exact in zip(counts.index, counts["cells"], counts["exact"], strict=True)
    ]
    headers = ["Table", "Program", "Command", "Notebook", "Output file", "This run"]
    return _table(headers, rows)


def _figures(wave: Wave, project: Project) -> str:
    shown = (*notebook_figures(project), *gallery_figures(wave.study, wave.id))
    drawn = f"mobiliteit figures{wave_option(wave.id)}"
    rows = [
        [
            f"`figures/{_folder(wave)}{one.name}.png` and `.svg`",
            f"`mobiliteit.{one.function}`",
            f"`notebooks/{one.notebook}.ipynb`" if one.notebook else f"`{drawn}`",
        ]
        for one in shown
    ]
    return _table(["Output file", "Program", "Notebook or command"], rows)


def _numbers(wave: Wave) -> str:
    rows = [
        [
            f"`{stated.id}`",
            str(stated.page),
            stated.text,
            f"no: {stated.reason}" if stated.reason else "yes",
        ]
        for stated in text_numbers(wave.study)
    ]
    return _table(["Id", "Page", "Number", "Computed"], rows)


def _outputs(wave: Wave, files: Sequence[str]) -> Iterator[list[str]]:
    for name in files:
        program = program_of(name, wave.id)
        if program is None:
            yield [f"`{name}`", "not a program of this package", "–"]
        else:
            yield [f"`{name}`", f"`mobiliteit.{program.function}`", f"`{program.typed(wave.id)}`"]
