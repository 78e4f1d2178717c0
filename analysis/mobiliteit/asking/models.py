"""A question as the columns of a regression: numbers as they are, categories as dummies."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, cast

import pandas as pd

from mobiliteit.asking.data import Asked
from mobiliteit.asking.question import FOUND_IN
from mobiliteit.claims.terms import Text


@dataclass(frozen=True)
class Model:
    """The columns of a regression.

    Attributes
    ----------
    frame : pandas.DataFrame
        Index: respondent id. The outcome and all columns, floats without gaps.
    outcome : str
        Its column.
    columns : mapping of str to tuple of str
        Per name of the question its columns: itself, or one 0/1 column ``name=category`` per
        category but the reference.
    references : mapping of str to str
        Per name with more than two categories: the category with most people.
    """

    frame: pd.DataFrame
    outcome: str
    columns: Mapping[str, tuple[str, ...]]
    references: Mapping[str, str]

    @property
    def predictors(self) -> list[str]:
        """All columns but the outcome, in the order of the names."""
        return [column for columns in self.columns.values() for column in columns]

    @property
    def blocks(self) -> dict[str, tuple[str, ...]]:
        """Columns that exclude each other: the dummies of each name that has several."""
        return {name: self.columns[name] for name in self.references}

    def as_binary(self) -> Model:
        """Return the model with an outcome of two codes as 0 and 1."""
        values = self.frame[self.outcome]
        return replace(
            self, frame=self.frame.assign(**{self.outcome: (values == values.max()).astype(float)})
        )

    def without(self, name: str) -> list[str]:
        """All columns but the outcome and those of one name."""
        return [column for column in self.predictors if column not in self.columns[name]]


def model_of(asked: Asked, names: Sequence[str]) -> Model:
    """Make the columns of a regression of the question's outcome.

    Parameters
    ----------
    asked : Asked
        The question with its respondents.
    names : sequence of str
        Predictors and controls, names of the question.

    Returns
    -------
    Model
        A name of two categories is one column of 0 and 1.
    """
    prepared, outcome = asked.prepared, asked.question.outcome
    parts: dict[str, pd.Series] = {outcome: prepared.frame[outcome]}
    columns: dict[str, tuple[str, ...]] = {}
    references: dict[str, str] = {}
    for name in names:
        if prepared.kinds[name] != "many":
            parts[name], columns[name] = prepared.frame[name], (name,)
            continue
        reference = prepared.commonest(name)
        shown = [key for key, _ in prepared.categories[name] if key != reference]
        made = {
            f"{name}{FOUND_IN}{key}": (prepared.frame[name] == key).astype("float64")
            for key in shown
        }
        parts |= made
        columns[name], references[name] = tuple(made), reference
    return Model(pd.DataFrame(parts), outcome, columns, references)


def held_constant(asked: Asked, name: str) -> list[str]:
    """Names that stand beside one predictor in the model: other predictors, then controls."""
    question = asked.question
    return [other for other in (*question.predictors, *question.controls) if other != name]


def contrast_id(name: str, first: str, second: str) -> str:
    """Id of the difference between two categories of a name, the first minus the second."""
    return f"{name}{FOUND_IN}{first}:{second}"


def contrast_label(asked: Asked, name: str, first: str, second: str) -> Text:
    """Label of the difference between two categories of a name."""
    label = asked.label(name)
    one, other = (asked.prepared.label_of(name, key) for key in (first, second))
    return Text(
        nl=f"{label.nl}: {one.nl} tegenover {other.nl}",
        en=f"{label.en}: {one.en} against {other.en}",
    )


def is_indicator(name: str) -> bool:
    """Whether a name is a category of a variable, in which somebody is or is not."""
    return FOUND_IN in name


def pair_of(asked: Asked, name: str) -> tuple[str, Text]:
    """Id and label of the effect of a name of two categories, the second against the first.

    Of an indicator both are those of the name itself.
    """
    if is_indicator(name):
        return name, asked.label(name)
    (low, _), (high, _) = asked.prepared.categories[name]
    return contrast_id(name, high, low), contrast_label(asked, name, high, low)


def row_of(table: pd.DataFrame, name: str) -> dict[str, float]:
    """Return a row of a table of numbers, by column."""
    row = cast("pd.Series[Any]", table.loc[name])
    return {str(column): float(value) for column, value in row.items()}
