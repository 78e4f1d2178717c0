"""The findings of 2006: every coefficient, explained variance and tested difference, every claim.

A finding asks one question that both 2006 and a new wave can answer with a number. Of a difference
between more than two groups that is the difference between the group that was highest in 2006 and
the one that was lowest. A claim of the text is split into its pairs, coefficients and numbers.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from mobiliteit.audit.report_data import DIFFERENCE, Report
from mobiliteit.claims.terms import Text
from mobiliteit.study_schema import ClassTable, Conditions, GroupTable, RegressionTable

YES = (1,)


@dataclass(frozen=True)
class Question:
    """What is to be estimated.

    Attributes
    ----------
    form : str
        ``difference`` (a - b of a mean or share), ``beta``, ``r2``, ``mean``, ``share``,
        ``shares`` (the share of one category less that of another), ``judged`` (by the rules for
        claims) or ``nothing`` (a count or an extreme, which hangs on how many were asked).
    variable, by, a, b : str
        Variable, grouping variable and the groups; `b` is empty for one group, `by` for everybody.
    sample : tuple
        Pairs of variable and values: who.
    share : bool
        Whether the variable is counted (percentages) or averaged.
    answers : tuple
        Answers that are counted.
    at_least : bool
        Whether everything from `answers` up is counted.
    table, row, column : str
        The cell, for a coefficient or an explained variance; the claim and part when judged.
    """

    form: str
    variable: str = ""
    by: str = ""
    a: str = ""
    b: str = ""
    sample: tuple[tuple[str, tuple[Any, ...]], ...] = ()
    share: bool = False
    answers: tuple[Any, ...] = YES
    at_least: bool = False
    table: str = ""
    row: str = ""
    column: str = ""

    @property
    def conditions(self) -> Conditions:
        """The sample as the wave takes it."""
        return {name: list(values) for name, values in self.sample}


@dataclass(frozen=True)
class Finding:
    """One finding of 2006.

    Attributes
    ----------
    id : str
        Place in the tables, or the claim and the number of its part.
    source : {'table', 'claim'}
    place : str
        Table, or section of the text.
    kind : {'effect', 'none', 'level', 'judged'}
        What was found: a difference or relation, none, a number, or a claim judged as a whole.
    direction : int
        Sign of the finding, 1 or -1; 0 where it has none.
    question : Question
    label : Text
        What it is about, in words.
    claim : str
        Id of the claim; empty for a finding of a table.
    given : tuple of str
        For a number of the text: the number, and what it may be off (or an empty text).
    shift : float
        What the text adds to the cell before it speaks of it.
    """

    id: str
    source: str
    place: str
    kind: str
    direction: int
    question: Question
    label: Text
    claim: str = ""
    given: tuple[str, str] = ("", "")
    shift: float = 0.0


def frozen(conditions: Conditions) -> tuple[tuple[str, tuple[Any, ...]], ...]:
    """Make a sample hashable."""
    return tuple((name, tuple(values)) for name, values in conditions.items())


def table_findings(report: Report) -> Iterator[Finding]:
    """List what the tables found.

    Parameters
    ----------
    report : Report
        The printed cells with the definitions of their tables.

    Yields
    ------
    Finding
        In the order of the tables: coefficients and explained variances, rows with Ja or Nee,
        factors of a class table with or without a star.
    """
    for number, table in report.study.tables.tables.items():
        if isinstance(table, RegressionTable):
            yield from _models(report, number, table)
        elif isinstance(table, GroupTable):
            yield from _rows(report, number, table)
        elif isinstance(table, ClassTable):
            yield from _factors(report, number, table)


def _models(report: Report, number: str, table: RegressionTable) -> Iterator[Finding]:
    study = report.study
    for position, (column, model) in enumerate(table.columns.items(), start=1):
        outcome = both(study, model.outcome)
        several = len({entry.outcome for entry in table.columns.values()}) < len(table.columns)
        where = f" ({position})" if several else ""
        for row in [*(model.predictors or table.rows), table.explained_variance]:
            cell = report.cells.get((number, row, column))
            if cell is None or cell.number is None:
                continue
            explained = row == table.explained_variance
            name = (
                Text(nl="verklaarde variantie", en="explained variance")
                if explained
                else both(study, row)
            )
            yield Finding(
                f"{number} {row} / {column}",
                "table",
                number,
                "effect" if cell.marks else "none",
                1 if explained else sign_of(float(cell.number)),
                Question("r2" if explained else "beta", table=number, row=row, column=column),
                Text(nl=f"{name.nl} → {outcome.nl}{where}", en=f"{name.en} → {outcome.en}{where}"),
            )


def _rows(report: Report, number: str, table: GroupTable) -> Iterator[Finding]:
    study = report.study
    for row in report.rows(number):
        cells = report.columns(number, row)
        flag = cells.get(DIFFERENCE)
        printed = {
            name: float(cell.number)
            for name, cell in cells.items()
            if name != DIFFERENCE and cell.number is not None
        }
        if flag is None or flag.verdict is None or len(printed) < 2:
            continue
        variable = report.variable(number, row)
        a, b = extremes(printed)
        share = report.statistic(number, row) == "percent"
        yield Finding(
            f"{number} {row}",
            "table",
            number,
            "effect" if flag.verdict == "Ja" else "none",
            1,
            Question(
                "difference", variable, table.by, a, b, frozen(table.sample), share, table=number,
                row=row,
            ),
            pair_label(both(study, variable), study.categories(table.by), a, b),
        )  # fmt: skip


def _factors(report: Report, number: str, table: ClassTable) -> Iterator[Finding]:
    study = report.study
    for factor, by in table.factors.items():
        rows = report.class_rows(number, factor)
        for column, entry in table.columns.items():
            cells = {name: report.cells.get((number, row, column)) for name, row in rows.items()}
            printed = {
                name: float(cell.number)
                for name, cell in cells.items()
                if cell is not None and cell.number is not None
            }
            if len(printed) < 2:
                continue
            first = cells[next(iter(printed))]
            variable = entry.variable or column
            a, b = extremes(printed)
            label, classed = both(study, variable), both(study, by)
            yield Finding(
                f"{number} {factor} / {column}",
                "table",
                number,
                "effect" if first is not None and first.marks else "none",
                1,
                Question(
                    "difference", variable, by, a, b, frozen(table.sample), table=number,
                    row=factor, column=column,
                ),
                pair_label(
                    Text(
                        nl=f"{label.nl} ({classed.nl.lower()})",
                        en=f"{label.en} ({classed.en.lower()})",
                    ),
                    study.categories(by), a, b,
                ),
            )  # fmt: skip


def extremes(printed: dict[str, float]) -> tuple[str, str]:
    """Return the positions with the highest and the lowest number; of equals the first and last."""
    names = list(printed)
    highest = max(names, key=lambda name: printed[name])
    lowest = min(reversed(names), key=lambda name: printed[name])
    return highest, lowest


def sign_of(value: float) -> int:
    """Return 1, or -1 for a negative number."""
    return -1 if value < 0 else 1


def both(study: Any, name: str) -> Text:
    """Label of a variable in both languages."""
    return Text(nl=study.label(name, "nl"), en=study.label(name, "en"))


def pair_label(label: Text, categories: dict[str, tuple[str, str]], a: str, b: str) -> Text:
    """Name a difference between two groups."""
    one, other = categories[a], categories[b]
    return Text(nl=f"{label.nl}: {one[0]} − {other[0]}", en=f"{label.en}: {one[1]} − {other[1]}")
