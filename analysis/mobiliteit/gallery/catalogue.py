"""The figures of the gallery: ``figures.yaml`` and what it may say."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from mobiliteit.errors import Problem, StudyError
from mobiliteit.study import Study, read_checked
from mobiliteit.study_schema import ClassTable, Conditions, GroupTable, RegressionTable, TableBase

FILE = "figures.yaml"


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Entry(_Frozen):
    """What every figure has: its caption in both languages."""

    nl: str
    en: str


class TableEntry(Entry):
    """A figure of one table of the study."""

    draws: Literal["profile", "coefficients"]
    table: str


class ClassEntry(Entry):
    """Means of one column of a table of classes."""

    draws: Literal["classes"]
    table: str
    column: str
    factors: list[str] = Field(min_length=1)


class ItemsEntry(Entry):
    """Answers to the questions of scales with the same answers."""

    draws: Literal["items"]
    variables: list[str] = Field(min_length=1)


class FlowEntry(Entry):
    """Where people were and are: two variables with categories, or more."""

    draws: Literal["flow"]
    through: list[str] = Field(min_length=2)
    sample: Conditions = {}


class MediationEntry(Entry):
    """Indirect associations that tables of regressions argue."""

    draws: Literal["mediation"]
    tables: list[str] = Field(min_length=1)


class WaveEntry(Entry):
    """A figure of everything that one wave, or the published tables alone, give."""

    draws: Literal["model", "scorecard", "audit"]


class PairEntry(Entry):
    """A figure of a wave against the first."""

    draws: Literal["moves", "moves_flow", "change", "trends", "words", "side_by_side"]


AnyEntry = Annotated[
    TableEntry | ClassEntry | ItemsEntry | FlowEntry | MediationEntry | WaveEntry | PairEntry,
    Field(discriminator="draws"),
]


class Factor(_Frozen):
    """A factor of the model; without a variable it was not asked."""

    nl: str
    en: str
    variable: str | None = None


class Part(_Frozen):
    """Factors under one heading."""

    nl: str
    en: str
    factors: list[Factor] = Field(min_length=1)


class Block(_Frozen):
    """A box of the model, and where its coefficients are.

    Attributes
    ----------
    nl, en : str
        Heading.
    table : str
        Number of a table of regressions.
    to_mediator, to_outcome : str
        Its columns with the coefficients towards the behaviour, and towards the outcome with the
        behaviour held constant.
    parts : list of Part
        What is in the box.
    """

    nl: str
    en: str
    table: str
    to_mediator: str
    to_outcome: str
    parts: list[Part] = Field(min_length=1)


class Target(_Frozen):
    """A box that arrows go to."""

    variable: str
    nl: str
    en: str


class PathModel(_Frozen):
    """The model of the study: boxes of factors, a behaviour and an outcome."""

    behaviour: Target
    outcome: Target
    blocks: list[Block] = Field(min_length=1)


class Catalogue(_Frozen):
    """The whole file: the figures by name, in the order of the gallery, and the model."""

    figures: dict[str, AnyEntry]
    model: PathModel


def load_catalogue(study: Study) -> Catalogue:
    """Read and check the figures of a study.

    Parameters
    ----------
    study : Study
        Whose folder holds ``figures.yaml``.

    Returns
    -------
    Catalogue
        Frozen.

    Raises
    ------
    StudyError
        The file is missing, no YAML or does not fit, or a figure names a table, column or variable
        that the study does not have. All together.
    """
    catalogue = read_checked(study.path / FILE, Catalogue)
    problems = list(_model_problems(study, catalogue.model))
    for name, entry in catalogue.figures.items():
        problems += _problems(study, name, entry)
    if problems:
        raise StudyError("The figures do not fit the study.", problems)
    return catalogue


def _problems(study: Study, name: str, entry: AnyEntry) -> Iterator[Problem]:
    if isinstance(entry, TableEntry):
        kind = GroupTable if entry.draws == "profile" else RegressionTable
        yield from _table_problems(study, name, entry.table, kind)
    elif isinstance(entry, MediationEntry):
        for table in entry.tables:
            yield from _table_problems(study, name, table, RegressionTable)
    elif isinstance(entry, ClassEntry):
        yield from _table_problems(study, name, entry.table, ClassTable)
        definition = study.tables.tables.get(entry.table)
        if isinstance(definition, ClassTable):
            yield from _unknown(name, [entry.column], definition.columns)
            yield from _unknown(name, entry.factors, definition.factors)
    elif isinstance(entry, ItemsEntry):
        scales = study.codebook.scale_variables()
        yield from _unknown(name, entry.variables, scales)
        answers = {scales[key].scale for key in entry.variables if key in scales}
        if len(answers) > 1:
            yield Problem(
                f"{name} puts scales with other answers together: {', '.join(map(str, answers))}",
                "Make a figure for each.",
                file=FILE,
            )
    elif isinstance(entry, FlowEntry):
        yield from _unknown(name, [*entry.through, *entry.sample], _variables(study))


def _model_problems(study: Study, model: PathModel) -> Iterator[Problem]:
    yield from _unknown(
        "model", [model.behaviour.variable, model.outcome.variable], _variables(study)
    )
    for block in model.blocks:
        yield from _table_problems(study, "model", block.table, RegressionTable)
        table = study.tables.tables.get(block.table)
        if not isinstance(table, RegressionTable):
            continue
        yield from _unknown("model", [block.to_mediator, block.to_outcome], table.columns)
        named = [f.variable for part in block.parts for f in part.factors if f.variable is not None]
        yield from _unknown("model", named, table.rows)


def _table_problems(
    study: Study, name: str, table: str, kind: type[TableBase]
) -> Iterator[Problem]:
    fitting = [key for key, entry in study.tables.tables.items() if isinstance(entry, kind)]
    yield from _unknown(name, [table], fitting)


def _unknown(name: str, used: Iterable[str], known: Iterable[str]) -> Iterator[Problem]:
    names = list(known)
    for key in used:
        if key not in names:
            yield Problem(
                f"{name} names {key!r}, which is not there", f"Use one of: {', '.join(names)}.",
                file=FILE,
            )  # fmt: skip


def _variables(study: Study) -> list[str]:
    sorting = [study.segments.segment_variable.id, study.segments.group_variable.id]
    return [*study.codebook.variables, *study.codebook.derived, *sorting]
