"""What the lines, cells and models of a statement stand for in the study, and their names.

All this is read from the descriptor of the study; no published number is.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from mobiliteit.claims.forms import Extreme, Larger, Order
from mobiliteit.claims.terms import Cell, Line, Text
from mobiliteit.study import Study
from mobiliteit.study_schema import (
    ClassTable,
    Conditions,
    FrequencyTable,
    GroupTable,
    RegressionTable,
)
from mobiliteit.tables import DIFFERENCE, TOTAL


@dataclass(frozen=True)
class Place:
    """What a line stands for.

    Attributes
    ----------
    variable, by : str
        Variable compared, and variable that makes the groups; equal for counts.
    sample : mapping of str to list
        Who.
    statistic : str
        ``mean``, ``percent`` or ``count``.
    positions : tuple of str
        Groups, classes or categories, in order.
    """

    variable: str
    by: str
    sample: Conditions
    statistic: str
    positions: tuple[str, ...]


@dataclass(frozen=True)
class ModelPlace:
    """What a column of a regression table stands for: outcome, predictors and sample."""

    outcome: str
    predictors: tuple[str, ...]
    sample: Conditions


def place_of(study: Study, line: Line) -> Place:
    """Say what a line stands for.

    Parameters
    ----------
    study : Study
        The study.
    line : Line
        A line that :func:`mobiliteit.claims.schema.statement_problems` found nothing wrong with.

    Returns
    -------
    Place
        Positions that the line's sample leaves out are not among its positions.
    """
    if line.variable is not None:
        by = str(line.by)
        share = study.codebook.level(line.variable) == "binary"
        positions = study.positions(by, line.sample)
        return Place(
            line.variable, by, line.sample, "percent" if share else "mean", tuple(positions)
        )
    table = study.tables.tables[str(line.table)]
    if isinstance(table, GroupTable):
        row = table.rows[str(line.row)]
        positions = study.positions(table.by, table.sample)
        variable = row.variable or str(line.row)
        statistic = row.statistic or table.statistic
        return Place(variable, table.by, table.sample, statistic, tuple(positions))
    if isinstance(table, ClassTable):
        by, column = table.factors[str(line.factor)], str(line.column)
        variable = table.columns[column].variable or column
        return Place(variable, by, table.sample, "mean", tuple(study.categories(by)))
    if isinstance(table, FrequencyTable):
        variable = table.variable
        return Place(variable, variable, table.sample, "count", tuple(study.categories(variable)))
    raise TypeError(f"table {line.table} has no lines")


def model_of(study: Study, table: str, column: str) -> ModelPlace:
    """Say what a column of a regression table stands for."""
    definition = study.tables.tables[table]
    if not isinstance(definition, RegressionTable):
        raise TypeError(f"table {table} has no models")
    model = definition.columns[column]
    predictors = model.predictors or definition.rows
    sample = definition.sample if model.sample is None else model.sample
    return ModelPlace(model.outcome, tuple(predictors), sample)


def explained_cell(study: Study, table: str, column: str) -> Cell:
    """Return the cell with a model's explained variance."""
    definition = study.tables.tables[table]
    if not isinstance(definition, RegressionTable):
        raise TypeError(f"table {table} has no models")
    return Cell(table=table, row=definition.explained_variance, column=column)


def line_label(study: Study, line: Line) -> Text:
    """Name the variable of a line, and what it is compared by where the table does not say so."""
    place = place_of(study, line)
    texts = []
    for lang in ("nl", "en"):
        text = study.label(place.variable, lang)
        if line.factor is not None or line.variable is not None:
            text += f" ({study.label(place.by, lang).lower()})"
        texts.append(text)
    return Text(nl=texts[0], en=texts[1])


def position_label(study: Study, place: Place, position: str) -> Text:
    """Name a group, class or category."""
    nl, en = study.categories(place.by)[position]
    return Text(nl=nl, en=en)


def row_label(study: Study, row: str) -> Text:
    """Name a predictor, or the explained variance."""
    try:
        return Text(nl=study.label(row, "nl"), en=study.label(row, "en"))
    except KeyError:
        return Text(nl=row.replace("_", " "), en="explained variance")


def answer_labels(study: Study, name: str, values: Iterable[Any]) -> Text:
    """Name answers to a variable by their labels; a number that has none stays a number."""
    found: list[tuple[str, str]] = []
    codes = study.codebook.answers(name).values if name in study.codebook.variables else {}
    for value in values:
        if value in codes:
            found.append((codes[value].nl, codes[value].en))
        elif isinstance(value, str):
            found.append(study.categories(name)[value])
        else:
            found.append((str(value), str(value)))
    return Text(nl=", ".join(nl for nl, _ in found), en=", ".join(en for _, en in found))


def cell_label(study: Study, cell: Cell) -> Text:
    """Name a cell of any table by its row and its column."""
    table = study.tables.tables[cell.table]
    if isinstance(table, RegressionTable):
        outcome = row_label(study, table.columns[cell.column].outcome)
        row = row_label(study, cell.row)
        return Text(
            nl=f"{row.nl} op {outcome.nl} ({cell.column})",
            en=f"{row.en} on {outcome.en} ({cell.column})",
        )
    if isinstance(table, GroupTable):
        variable = table.rows[cell.row].variable or cell.row
        if cell.column == DIFFERENCE:
            return row_label(study, variable)
        return _joined(row_label(study, variable), study.categories(table.by)[cell.column])
    if isinstance(table, ClassTable):
        for factor, by in table.factors.items():
            for name, label in study.categories(by).items():
                if cell.row == f"{factor}_{name}":
                    variable = table.columns[cell.column].variable or cell.column
                    return _joined(row_label(study, variable), label)
    if isinstance(table, FrequencyTable) and cell.row != TOTAL:
        nl, en = study.categories(table.variable)[cell.row]
        return Text(nl=nl, en=en)
    return Text(nl="totaal", en="total")


def _joined(label: Text, other: tuple[str, str]) -> Text:
    return Text(nl=f"{label.nl} / {other[0]}", en=f"{label.en} / {other[1]}")


def ranked_pairs(
    study: Study, statement: Order | Larger | Extreme
) -> Iterator[tuple[Line, str, str]]:
    """List the pairs of positions that a statement ranks.

    Parameters
    ----------
    study : Study
        Whose tables the lines stand in.
    statement : Order, Larger or Extreme
        What is said to be larger than what.

    Yields
    ------
    (Line, str, str)
        The line, the position said to be larger, and the one said to be smaller.
    """
    for line in statement.lines:
        if isinstance(statement, Order):
            pairs = list(pairwise(statement.order))
        elif isinstance(statement, Larger):
            pairs = [(more, less) for more in statement.more for less in statement.less]
        else:
            others = (p for p in place_of(study, line).positions if p != statement.position)
            pairs = [(statement.position, other) for other in others]
            if statement.form == "smallest":
                pairs = [(other, position) for position, other in pairs]
        for more, less in pairs:
            yield line, more, less
