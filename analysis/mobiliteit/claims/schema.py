"""Loading the claims of the text, with a check that all that they name exists in the study.

The forms that a claim can have are in :mod:`mobiliteit.claims.forms`, what their lines and cells
stand for in :mod:`mobiliteit.claims.places`. This module reads no published number: the file with
claims holds statements only.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from mobiliteit.claims.forms import (
    Change,
    Claim,
    Claims,
    Compare,
    Correlation,
    Explained,
    Mediation,
    Monotone,
    NoRelation,
    Respondents,
    Sign,
    Statement,
    Strongest,
    Suppressor,
)
from mobiliteit.claims.places import model_of, place_of
from mobiliteit.claims.terms import Cell, Line
from mobiliteit.errors import Problem, StudyError
from mobiliteit.study import Study, read_checked
from mobiliteit.study_schema import ClassTable, FrequencyTable, GroupTable, RegressionTable
from mobiliteit.tables import DIFFERENCE, TOTAL

FOLDER, FILE = "published", "claims.yaml"
COEFFICIENTS = (Sign, NoRelation, Change, Strongest, Mediation, Suppressor)


def load_claims(study: Study) -> tuple[Claim, ...]:
    """Read and check the claims of a study.

    Parameters
    ----------
    study : Study
        Whose folder holds ``published/claims.yaml``.

    Returns
    -------
    tuple of Claim
        In the order of the file.

    Raises
    ------
    StudyError
        The file is missing, no YAML or does not fit; an id occurs twice; or a statement names a
        table, row, column, class, variable or value that the study does not have. All together.
    """
    claims = tuple(read_checked(study.path / FOLDER / FILE, Claims).claims)
    problems = [*_twice(claims)]
    for claim in claims:
        problems += statement_problems(study, claim)
    if problems:
        raise StudyError("The claims of the text do not fit the study.", problems)
    return claims


def _twice(claims: Iterable[Claim]) -> Iterator[Problem]:
    seen: set[str] = set()
    for claim in claims:
        if claim.id in seen:
            yield Problem(f"the id {claim.id!r} occurs twice", "Rename one.", file=FILE)
        seen.add(claim.id)


def statement_problems(study: Study, claim: Claim) -> Iterator[Problem]:
    """Say what a claim names that the study does not have.

    Parameters
    ----------
    study : Study
        The study.
    claim : Claim
        A claim that fits its schema.

    Yields
    ------
    Problem
        One per wrong name.
    """
    statement = claim.statement
    found: list[str] = []
    for line in statement.lines_named:
        wrong = list(_line_problems(study, line))
        found += wrong
        if not wrong:
            known = place_of(study, line).positions
            found += _unknown(statement.positions_named, known, "position")
            if isinstance(statement, Monotone) and line.factor is None:
                found.append("only the classes of a factor can be monotone")
    for cell in statement.cells_named:
        found += _cell_problems(study, cell)
    found += _statement_problems(study, statement)
    for what in dict.fromkeys(found):
        yield Problem(f"claim {claim.id}: {what}", "Correct the name.", file=FILE)


def _unknown(names: Iterable[Any], known: Iterable[Any], kind: str) -> Iterator[str]:
    known = list(known)
    for name in names:
        if name not in known:
            yield f"{kind} {name!r} does not exist; there are {', '.join(map(str, known))}"


def _variables(study: Study) -> set[str]:
    sorting = {study.segments.segment_variable.id, study.segments.group_variable.id}
    return {*study.codebook.variables, *study.codebook.derived, *sorting}


def _line_problems(study: Study, line: Line) -> Iterator[str]:
    if line.variable is not None:
        names = [line.variable, str(line.by), *line.sample]
        wrong = list(_unknown_variables(study, names))
        yield from wrong
        if not wrong:
            try:
                study.categories(str(line.by))
            except StudyError:
                yield f"{line.by} has no groups"
        return
    tables = study.tables.tables
    if line.table not in tables:
        yield from _unknown([line.table], tables, "table")
        return
    table = tables[str(line.table)]
    fits = (
        (line.row is not None and isinstance(table, GroupTable))
        or (line.factor is not None and isinstance(table, ClassTable))
        or (line.row is None and line.factor is None and isinstance(table, FrequencyTable))
    )
    if not fits:
        yield f"table {line.table} ({table.kind}) has no such line"
    elif isinstance(table, GroupTable):
        yield from _unknown([line.row], table.rows, "row")
    elif isinstance(table, ClassTable):
        yield from _unknown([line.factor], table.factors, "factor")
        yield from _unknown([line.column], table.columns, "column")
    elif isinstance(table, FrequencyTable):
        yield from _unknown([line.column], table.columns, "column")


def _unknown_variables(study: Study, names: Iterable[str]) -> Iterator[str]:
    for name in names:
        if name not in _variables(study):
            yield f"variable {name!r} does not exist"


def _cell_problems(study: Study, cell: Cell) -> Iterator[str]:
    tables = study.tables.tables
    if cell.table not in tables:
        yield from _unknown([cell.table], tables, "table")
        return
    table = tables[cell.table]
    if isinstance(table, FrequencyTable):
        total = [TOTAL] if table.total else []
        yield from _unknown([cell.row], [*study.categories(table.variable), *total], "row")
        yield from _unknown([cell.column], table.columns, "column")
    elif isinstance(table, GroupTable):
        yield from _unknown([cell.row], table.rows, "row")
        positions = study.positions(table.by, table.sample)
        yield from _unknown([cell.column], [*positions, DIFFERENCE], "column")
    elif isinstance(table, ClassTable):
        rows = [f"{f}_{cls}" for f, by in table.factors.items() for cls in study.categories(by)]
        yield from _unknown([cell.row], rows, "row")
        yield from _unknown([cell.column], table.columns, "column")
    else:
        yield from _unknown([cell.column], table.columns, "column")
        rows = [*table.rows, table.explained_variance]
        if cell.column in table.columns:
            predictors = model_of(study, cell.table, cell.column).predictors
            rows = [*predictors, table.explained_variance]
        yield from _unknown([cell.row], rows, "row")


def _statement_problems(study: Study, statement: Statement) -> Iterator[str]:
    tables = study.tables.tables
    if isinstance(statement, Explained):
        table = tables.get(statement.table)
        if not isinstance(table, RegressionTable):
            yield f"table {statement.table} has no explained variance"
        else:
            yield from _unknown([statement.column], table.columns, "column")
    elif isinstance(statement, COEFFICIENTS):
        for cell in statement.cells_named:
            table = tables.get(cell.table)
            if table is not None and not isinstance(table, RegressionTable):
                yield f"table {cell.table} has no coefficients"
    elif isinstance(statement, Compare):
        kinds = {type(tables.get(cell.table)) for cell in statement.cells_named}
        if len(kinds) > 1:
            yield "the two cells stand in different kinds of tables"
    elif isinstance(statement, Correlation):
        names = (statement.x, statement.y, *statement.sample)
        yield from _unknown_variables(study, names)
    elif isinstance(statement, Respondents):
        yield from _unknown_variables(study, (statement.variable, *statement.sample))
        if statement.variable in _variables(study):
            yield from _value_problems(study, statement)


def _value_problems(study: Study, statement: Respondents) -> Iterator[str]:
    name = statement.variable
    try:
        known: list[Any] = list(study.categories(name))
    except StudyError:
        book = study.codebook
        known = list(book.answers(name).values) if name in book.variables else []
    if not known:
        return
    for fact in statement.facts:
        if fact.statistic != "at_least":
            yield from _unknown(fact.values, known, f"value of {name}")
