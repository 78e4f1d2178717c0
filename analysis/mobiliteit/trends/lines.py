"""What is followed: the numbers of the study's tables that are means or shares, and a few more."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from pydantic import BaseModel, ConfigDict, Field

from mobiliteit.errors import Problem, StudyError
from mobiliteit.study import Study, read_checked
from mobiliteit.study_schema import ClassTable, FrequencyTable, GroupTable
from mobiliteit.tables import TOTAL

FILE = "trends.yaml"
SORTING = "indeling"


class TrendSettings(BaseModel):
    """What ``trends.yaml`` says.

    Attributes
    ----------
    shares : list of str
        Variables of which every category is followed, besides those of the tables of counts.
    margins : list of str
        The composition: variables with categories.
    decompose : list of str
        Variables split into composition and the rest, besides all scales and `shares`.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    shares: list[str]
    margins: list[str] = Field(min_length=1)
    decompose: list[str] = []


@dataclass(frozen=True)
class Line:
    """A number that every wave has.

    Attributes
    ----------
    table : str
        Number of the table, or `SORTING`.
    variable : str
        What it is the mean, or a share, of.
    row, column : str
        Where it stands in the table; `TOTAL` over all groups.
    statistic : str
        ``mean`` or ``percent``.
    category : str, optional
        Of which value the share is; otherwise of code 1.
    conditions : tuple of (str, list)
        Who: variable to values.
    """

    table: str
    variable: str
    row: str
    column: str
    statistic: str
    category: str | None = None
    conditions: tuple[tuple[str, tuple[Any, ...]], ...] = ()

    @property
    def percent(self) -> bool:
        """Whether it is a share."""
        return self.statistic == "percent"

    @property
    def unit(self) -> float:
        """What a number is multiplied by to be shown: a share counts in percentages."""
        return 100.0 if self.percent else 1.0

    def values(self, frame: pd.DataFrame) -> np.ndarray:
        """Values of all respondents: numbers, or 1 and 0 for a share; NaN for who is not meant."""
        answers = frame[self.variable]
        if self.statistic == "mean":
            values = answers.astype("float64")
        else:
            yes = answers == (1 if self.category is None else self.category)
            values = yes.astype("float64").where(answers.notna())
        for variable, wanted in self.conditions:
            values = values.where(frame[variable].isin(list(wanted)))
        return values.to_numpy(dtype="float64")


def load_settings(study: Study) -> TrendSettings:
    """Read and check what is followed.

    Parameters
    ----------
    study : Study
        Whose folder holds ``trends.yaml``.

    Returns
    -------
    TrendSettings
        Checked.

    Raises
    ------
    StudyError
        The file is missing, no YAML or does not fit; `shares` or `margins` name what has no
        categories, or `decompose` what the study does not have.
    """
    settings = read_checked(study.path / FILE, TrendSettings)
    problems = []
    for name in [*settings.shares, *settings.margins]:
        try:
            study.categories(name)
        except StudyError as error:
            problems += [
                Problem(problem.what, problem.remedy, file=FILE) for problem in error.problems
            ]
    for name in settings.decompose:
        if name not in study.codebook.variables and name not in study.codebook.derived:
            what = f"decompose names {name!r}, which does not exist"
            problems.append(Problem(what, "Use a name of the codebook.", file=FILE))
    if problems:
        raise StudyError("What is followed over waves does not fit the study.", problems)
    return settings


def lines(study: Study, settings: TrendSettings) -> tuple[Line, ...]:
    """List the numbers to follow.

    Parameters
    ----------
    study : Study
        With its tables.
    settings : TrendSettings
        Of :func:`load_settings`.

    Returns
    -------
    tuple of Line
        Shares of `settings` first, then per table: categories of a table of counts; rows of a table
        of groups, over everybody and in each group; means in each class.
    """
    found = [line for name in settings.shares for line in _categories(study, SORTING, name, ())]
    for number, table in study.tables.tables.items():
        who = _conditions(table.sample)
        if isinstance(table, FrequencyTable):
            found += _categories(study, number, table.variable, who)
        elif isinstance(table, GroupTable):
            found += _groups(study, number, table)
        elif isinstance(table, ClassTable):
            found += _classes(study, number, table)
    return tuple(found)


def parts(study: Study, settings: TrendSettings) -> tuple[Line, ...]:
    """List what is split by composition: scales, `decompose`, and every category of `shares`."""
    book = study.codebook
    means = dict.fromkeys([*book.scale_variables(), *settings.decompose])
    found = [line for name in settings.shares for line in _categories(study, SORTING, name, ())]
    for name in means:
        statistic = "percent" if book.level(name) == "binary" else "mean"
        found.append(Line("", name, name, TOTAL, statistic))
    return tuple(found)


def _conditions(sample: dict[str, list[Any]]) -> tuple[tuple[str, tuple[Any, ...]], ...]:
    return tuple((name, tuple(values)) for name, values in sample.items())


def _categories(study: Study, table: str, name: str, who: Any) -> Iterator[Line]:
    for category in study.categories(name):
        yield Line(table, name, category, TOTAL, "percent", category, who)


def _groups(study: Study, number: str, table: GroupTable) -> Iterator[Line]:
    who = _conditions(table.sample)
    for name, row in table.rows.items():
        variable, statistic = row.variable or name, row.statistic or table.statistic
        yield Line(number, variable, name, TOTAL, statistic, None, who)
        for group in study.positions(table.by, table.sample):
            inside = (*who, (table.by, (group,)))
            yield Line(number, variable, name, group, statistic, None, inside)


def _classes(study: Study, number: str, table: ClassTable) -> Iterator[Line]:
    who = _conditions(table.sample)
    for factor, classed in table.factors.items():
        for cls in study.categories(classed):
            for column, entry in table.columns.items():
                inside = (*who, (classed, (cls,)))
                variable = entry.variable or column
                yield Line(number, variable, f"{factor}_{cls}", column, "mean", None, inside)
