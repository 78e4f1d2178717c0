"""Which program makes which table, figure, in-text number and file.

Tables and figures are looked up in the notebooks, numbers of the text in the claims of the study;
what commands write is listed here, and a test goes through all that the main job leaves.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path

from mobiliteit.claims.forms import NotCheckable
from mobiliteit.claims.schema import load_claims
from mobiliteit.gallery.catalogue import PairEntry, load_catalogue
from mobiliteit.notebooks_runner import list_notebooks
from mobiliteit.project import FIRST_WAVE, Project
from mobiliteit.study import Study

SHOWN_TABLE = re.compile(r"show_table\(\s*\w+\s*,\s*\"([\w.]+)\"")
SHOWN_FIGURE = re.compile(
    r"figures\.show\(\s*mb\.figures\.(\w+)\(.*?\"(\w+)\"\s*,?\s*\)", re.DOTALL
)
# Claims of these forms state numbers; the others compare, rank or explain.
NUMERIC_FORMS = ("value", "respondents", "explained", "ratio", "compare")


@dataclass(frozen=True)
class Program:
    """A function that writes files.

    Attributes
    ----------
    function : str
        Where it is in the package, without ``mobiliteit.`` before it.
    command : str
        What to type, without ``mobiliteit`` before it: ``{wave}`` is the wave, ``{option}`` the
        option that names it, which the first wave does not need.
    files : tuple of str
        Patterns of what it writes, below the root of the project; ``{wave}`` is the wave, ``{own}``
        its own folder with a slash, empty for the first wave.
    what : str
        What that is.
    """

    function: str
    command: str
    files: tuple[str, ...]
    what: str

    def typed(self, wave: str) -> str:
        """Return what to type for a wave."""
        option = wave_option(wave)
        # what holds a later wave against the first needs one
        later = "WAVE" if wave == FIRST_WAVE and FIRST_WAVE in self.command else wave
        return f"mobiliteit {self.command.format(wave=later, option=option)}"


def wave_option(wave: str) -> str:
    """Return the option that names a wave, with a space before it; empty for the first wave."""
    return "" if wave == FIRST_WAVE else f" --wave {wave}"


PROGRAMS = (
    Program(
        "wave.write_clean",
        "clean{option}",
        ("data_clean/{wave}.parquet", "data_clean/{wave}_*.csv"),
        "clean data with codebook, ledger of exclusions and missing values, reliabilities",
    ),
    Program(
        "render.export.write_tables",
        "tables{option}",
        ("reports/{own}tabellen.*", "reports/{own}tables.*"),
        "the tables, computed beside published",
    ),
    Program(
        "render.scorecards.write_scorecard",
        "scorecard{option}",
        ("reports/{own}scorecard.*",),
        "every published cell beside the computed one, with a verdict",
    ),
    Program(
        "report.write_report",
        "report{option}",
        ("reports/{own}reproductie.*", "reports/{own}reproduction.*"),
        "the report",
    ),
    Program(
        "notebooks_runner.run_notebooks",
        "reproduce{option}",
        ("reports/{own}[0-9][0-9]_*.html", "figures/{own}[0-9][0-9]_*"),
        "the notebooks, executed, with their figures",
    ),
    Program(
        "gallery.write_figures",
        "figures{option}",
        ("figures/{own}galerij_*", "figures/{own}gallery_*"),
        "the figures of the gallery, with alternative text",
    ),
    Program(
        "replication.write_replication",
        "replication{option}",
        ("reports/{own}replicatie/*",),
        "this package: README, codebook, manifest",
    ),
    Program(
        "claims.page.write_claims",
        "claims{option}",
        ("reports/{own}claims.*",),
        "every statement of the text, judged on its own tables and on the wave",
    ),
    Program(
        "audit.write_audit",
        "audit",
        ("reports/{own}audit.*",),
        "what arithmetic allows of the published numbers",
    ),
    Program(
        "render.imputed.write_imputed",
        "impute{option}",
        ("reports/{own}imputatie.*",),
        "the regressions with missing answers left out and imputed",
    ),
    Program(
        "render.sorting.write_sorting",
        "sorting {wave}",
        ("reports/{own}indeling.*", "figures/{own}indeling_*"),
        "other segment rules: who moves, and which findings flip",
    ),
    Program(
        "render.hypotheses.write_hypotheses",
        "hypotheses{option}",
        ("reports/{own}hypothesen.*", "figures/{own}hypothesen*"),
        "the register of hypotheses, tested as one family",
    ),
    Program(
        "render.against.write_against",
        "scorecard {wave} --against 2006",
        ("reports/{own}houdt_het_stand.*", "figures/{own}houdt_het_stand_*"),
        "a later wave held against the findings of 2006",
    ),
    Program(
        "render.panel.write_panel",
        "panel 2006 {wave}",
        ("reports/{own}panel.*", "figures/{own}panel_*"),
        "the same people over waves",
    ),
    Program(
        "render.trends.write_trends",
        "trends 2006 {wave}",
        ("reports/{own}trends.*", "figures/{own}trends_*"),
        "different people over waves",
    ),
    Program(
        "render.scales.write_scales",
        "scales 2006 {wave}",
        ("reports/{own}schalen.*", "figures/{own}schalen_*"),
        "whether a scale is still the same scale",
    ),
    Program(
        "synthetic.page.write_page",
        "synthesize --check",
        ("reports/{own}bundled_wave.html",),
        "what the bundled wave was held to",
    ),
)


@dataclass(frozen=True)
class Shown:
    """A table or figure: its number or file name, the function that makes it, and where it is."""

    name: str
    function: str
    notebook: str
    """Name of the notebook that shows it; empty where only a command does."""


@dataclass(frozen=True)
class Statement:
    """A number of the text: id and page, the statement in our words, and why it cannot be checked.

    `reason` is empty where it can.
    """

    id: str
    page: int
    text: str
    reason: str


def program_of(path: str, wave: str) -> Program | None:
    """Find the program that makes a file.

    Parameters
    ----------
    path : str
        Below the root of the project, with slashes.
    wave : str
        Whose output it is.

    Returns
    -------
    Program or None
        The first of :data:`PROGRAMS` that writes it; None where none does.
    """
    own = "" if wave == FIRST_WAVE else f"{wave}/"
    for program in PROGRAMS:
        for pattern in program.files:
            if fnmatchcase(path, pattern.format(wave=wave, own=own)):
                return program
    return None


def notebook_tables(project: Project) -> tuple[Shown, ...]:
    """List the tables that the notebooks show, in their order."""
    return tuple(
        Shown(number, "render.tables.show_table", path.stem)
        for path in list_notebooks(project)
        for number in dict.fromkeys(SHOWN_TABLE.findall(_code(path)))
    )


def notebook_figures(project: Project) -> tuple[Shown, ...]:
    """List the figures that the notebooks save, by file name, with the function that draws each."""
    return tuple(
        Shown(name, f"render.figures.{function}", path.stem)
        for path in list_notebooks(project)
        for function, name in SHOWN_FIGURE.findall(_code(path))
    )


def gallery_figures(study: Study, wave: str) -> tuple[Shown, ...]:
    """List the figures that the gallery draws of a wave, by file name (in Dutch).

    Figures of a wave against the first are left out for the first.
    """
    return tuple(
        Shown(f"galerij_{name}", "gallery.figure", "")
        for name, entry in load_catalogue(study).figures.items()
        if wave != FIRST_WAVE or not isinstance(entry, PairEntry)
    )


def text_numbers(study: Study) -> tuple[Statement, ...]:
    """List the numbers that the text states besides its tables, in its order.

    Parameters
    ----------
    study : Study
        With the claims of its text.

    Returns
    -------
    tuple of Statement
        Those that nothing in the data can tell have a reason.
    """
    found = []
    for claim in load_claims(study):
        unknown = isinstance(claim.statement, NotCheckable) and re.search(r"\d", claim.en)
        if claim.form in NUMERIC_FORMS or unknown:
            stated = claim.statement
            reason = stated.reason.en if isinstance(stated, NotCheckable) else ""
            found.append(Statement(claim.id, claim.page, claim.en, reason))
    return tuple(found)


def _code(path: Path) -> str:
    """Return the code of a notebook."""
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    code = (cell["source"] for cell in cells if cell["cell_type"] == "code")
    return "\n".join("".join(source) for source in code)
