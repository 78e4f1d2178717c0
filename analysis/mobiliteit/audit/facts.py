"""What the audit must be told about a report: its words, in the study's file ``audit.yaml``.

Everything that arithmetic needs comes from the published tables and the definitions of the study.
This file adds what only a reader knows: numbers that the running text quotes, references, labels
and terms that do not fit each other, and legends of stars worth trying.
"""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from mobiliteit.errors import Problem, StudyError
from mobiliteit.study import Study, read_checked
from mobiliteit.study_schema import Name

FILE = "audit.yaml"
Place = tuple[Name, str, str]


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Statement(_Frozen):
    """A number or a relation that the running text gives, to be held against cells.

    Kinds
    -----
    cell        the number equals each of the cells (plus `offset`)
    overall     the weighted mean over all groups of a row of a table (`row`: table, row)
    share       the percentage that the first cells are of the last, all counts
    count       the sum of the cells, all counts
    sum         numbers of the text (`parts`) that should add up to `value`
    sum_overall numbers of the text (`parts`) add up to the overall percentage of a row
    ratio       the first cell divided by the second
    at_most     the percentage is at most the feasible share of a class (`class_row`: table, row)
    larger      the text says that the first cell is larger than the others and that they differ;
                `flag` is the cell with the test
    no_stars    the text says that none of the cells is significant
    """

    id: str
    page: Name
    kind: Literal[
        "cell",
        "overall",
        "share",
        "count",
        "sum",
        "sum_overall",
        "ratio",
        "at_most",
        "larger",
        "no_stars",
    ]
    nl: str
    en: str
    value: str = ""
    parts: list[str] = []
    cells: list[Place] = []
    row: tuple[Name, str] | None = None
    complement: bool = False
    offset: int = 0
    tolerance: float = 0.0
    flag: Place | None = None

    @property
    def decimals(self) -> int:
        """Decimals of the value as the text gives it."""
        return len(self.value.partition(".")[2])


class Remark(_Frozen):
    """A reference, label or term that does not fit: reading, not arithmetic."""

    id: str
    page: Name
    kind: Literal["verwijzing", "term", "label", "drukfout"]
    title_nl: str
    title_en: str
    nl: str
    en: str
    cells: list[Place] = []


class ClassCut(_Frozen):
    """Levels of the text whose sums a class of a factor might be.

    `parts` are the percentages of the text in order of level; the class is the sum of the first so
    many.
    """

    factor: str
    class_row: str
    page: Name
    parts: list[str]
    labels_nl: list[str]
    labels_en: list[str]


class SingleItem(_Frozen):
    """A variable that a table labels as one question."""

    variable: str
    page: Name
    nl: str
    en: str


class Facts(_Frozen):
    """All that ``audit.yaml`` holds; an absent file is the same as an empty one."""

    response_floor: float = Field(default=0.75, gt=0, le=1)
    class_floor: float = Field(default=0.95, gt=0, le=1)
    bounds: dict[str, tuple[float, float]] = {}
    legends: dict[str, dict[str, float]] = {}
    legend_labels: dict[str, tuple[str, str]] = {}
    legend_printed: str = ""
    legend_page: Name = ""
    same_sample: dict[Name, list[list[str]]] = {}
    printed_as_one_question: list[SingleItem] = []
    class_cuts: list[ClassCut] = []
    statements: list[Statement] = []
    remarks: list[Remark] = []


def load_facts(study: Study, known: set[tuple[str, str, str]]) -> Facts:
    """Read ``audit.yaml`` of a study.

    Parameters
    ----------
    study : Study
        Whose folder may hold it.
    known : set of (table, row, column)
        The published cells; a statement or remark that names another is an error.

    Returns
    -------
    Facts
        Empty when the study has no such file.

    Raises
    ------
    StudyError
        The file does not fit its schema or names a cell that is not published.
    """
    path = study.path / FILE
    if not path.is_file():
        return Facts()
    facts = read_checked(path, Facts)
    used: list[tuple[str, Place]] = []
    for statement in facts.statements:
        used += [(statement.id, place) for place in statement.cells]
        used += [(statement.id, statement.flag)] if statement.flag else []
    used += [(remark.id, place) for remark in facts.remarks for place in remark.cells]
    problems = [
        Problem(
            f"{name} names the cell {' '.join(place)}, which is not published",
            "Correct the cell.",
            file=FILE,
        )
        for name, place in used
        if place not in known
    ]
    if problems:
        raise StudyError("The file audit.yaml does not fit the published tables.", problems)
    return facts
