"""The published report as the audit sees it: cells, sizes of groups, and who was asked what."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from mobiliteit.audit import intervals
from mobiliteit.audit.facts import Facts, load_facts
from mobiliteit.published import PrintedCell, load_published
from mobiliteit.study import Study
from mobiliteit.study_schema import ClassTable, FrequencyTable, GroupTable, Row

# Fixed names in published/tables.csv; `mobiliteit.tables` has them too, but loads statsmodels.
TOTAL = "totaal"
DIFFERENCE = "verschil"


@dataclass(frozen=True)
class Asked:
    """How many were asked a question, as far as the report tells.

    Attributes
    ----------
    lo, hi : int
        Fewest and most people who were asked, when nobody left an earlier question open.
    most : int
        Most people who were asked, whoever left an earlier question open.
    known : bool
        Whether `lo` means anything: False when the size of the group asked is not printed.
    """

    lo: int
    hi: int
    most: int
    known: bool


@dataclass(frozen=True)
class Report:
    """The published tables of a study, indexed.

    Attributes
    ----------
    study : Study
        Definitions.
    facts : Facts
        What ``audit.yaml`` adds.
    cells : dict
        (table, row, column) to cell, in reading order.
    """

    study: Study
    facts: Facts
    cells: dict[tuple[str, str, str], PrintedCell]

    @cached_property
    def segment_sizes(self) -> dict[str, int]:
        """Respondents per segment, from the table of counts of the segment variable."""
        variable = self.study.segments.segment_variable.id
        for number, table in self.tables(FrequencyTable):
            if table.variable == variable:
                return {
                    row: int(cell.number)
                    for (place, row, column), cell in self.cells.items()
                    if place == number
                    and row in self.study.segments.segments
                    and table.columns.get(column) == "count"
                    and cell.number is not None
                }
        return {}

    @cached_property
    def group_sizes(self) -> dict[str, int]:
        """Respondents per group: the sum of its segments; empty when a segment is not printed."""
        segments = self.study.segments.segments
        if not self.segment_sizes or set(segments) - set(self.segment_sizes):
            return {}
        return {
            group: sum(
                self.segment_sizes[s] for s, entry in segments.items() if entry.group == group
            )
            for group in self.study.segments.groups
        }

    def tables(self, kind: type[Any]) -> Iterator[tuple[str, Any]]:
        """Yield number and definition of the published tables of a kind."""
        for number, table in self.study.tables.tables.items():
            if isinstance(table, kind) and number in self._index:
                yield number, table

    def sizes(self, by: str) -> dict[str, int]:
        """Respondents per category of the variable that divides a table's columns."""
        if by == self.study.segments.group_variable.id:
            return self.group_sizes
        return self.segment_sizes if by == self.study.segments.segment_variable.id else {}

    def groups_of(self, table: GroupTable) -> dict[str, int]:
        """Columns of a group table that hold a known group, with their sizes."""
        sample = table.sample.get(self.study.segments.group_variable.id)
        segments = self.study.segments.segments
        return {
            name: size
            for name, size in self.sizes(table.by).items()
            if sample is None
            or name in sample
            or (name in segments and segments[name].group in sample)
        }

    @cached_property
    def _index(self) -> dict[str, dict[str, dict[str, PrintedCell]]]:
        index: dict[str, dict[str, dict[str, PrintedCell]]] = {}
        for (table, row, column), cell in self.cells.items():
            index.setdefault(table, {}).setdefault(row, {})[column] = cell
        return index

    def rows(self, number: str) -> list[str]:
        """Rows of a table, in order."""
        return list(self._index.get(number, {}))

    def columns(self, number: str, row: str) -> dict[str, PrintedCell]:
        """Cells of one row by column."""
        return self._index.get(number, {}).get(row, {})

    def variable(self, number: str, row: str) -> str:
        """Variable of the codebook behind a row of a group table."""
        table = self.study.tables.tables[number]
        entry = table.rows.get(row, Row()) if isinstance(table, GroupTable) else Row()
        return entry.variable or row

    def statistic(self, number: str, row: str) -> str:
        """Mean or percent: what a row of a group table holds."""
        table = self.study.tables.tables[number]
        if not isinstance(table, GroupTable):
            return ""
        return table.rows.get(row, Row()).statistic or table.statistic

    def test(self, number: str, row: str) -> str:
        """Test of a row of a group table."""
        table = self.study.tables.tables[number]
        if not isinstance(table, GroupTable):
            return ""
        return table.rows.get(row, Row()).test or table.test

    def bounds(self, variable: str) -> tuple[float, float] | None:
        """Lowest and highest value that a variable can have, or None."""
        if variable in self.facts.bounds:
            return self.facts.bounds[variable]
        book = self.study.codebook
        if variable in book.variables:
            answers = book.answers(variable)
            return answers.range or (min(answers.values), max(answers.values))
        derived = book.derived.get(variable)
        if derived is not None and derived.kind == "mean":
            ends = [self.bounds(name) for name in derived.of]
            known = [end for end in ends if end is not None]
            return (min(e[0] for e in known), max(e[1] for e in known)) if known else None
        return (0.0, 1.0) if derived is not None and derived.level == "binary" else None

    def single(self, variable: str) -> bool:
        """Whether the codebook takes a variable for one question with whole answers."""
        entry = self.study.codebook.variables.get(variable)
        return entry is not None and not entry.items

    def of_groups(self, variable: str) -> tuple[str, ...]:
        """Name the groups that were asked a question, from its skip rule and the segments."""
        rules = self.study.segments
        entry = self.study.codebook.variables.get(variable)
        skipped: set[str] = set()
        for parent, codes in (entry.asked if entry else {}).items():
            for segment in rules.segments.values():
                for condition in segment.when:
                    if condition.variable == parent and not set(condition.is_ or []) & set(codes):
                        skipped.add(segment.group)
        return tuple(group for group in rules.groups if group not in skipped)

    def asked(self, variable: str, by: str, column: str) -> Asked:
        """How many of a group were asked a question.

        The skip rule of the codebook names the earlier question; the printed percentage of that
        question gives the number, as an interval of whole numbers.
        """
        size = self.sizes(by).get(column, 0)
        entry = self.study.codebook.variables.get(variable)
        result = Asked(size, size, size, True)
        screening = {
            condition.variable
            for segment in self.study.segments.segments.values()
            for condition in segment.when
        }
        for parent, codes in (entry.asked if entry else {}).items():
            if parent in screening:
                continue
            cell = self._percentage(parent, by, column)
            if cell is None or codes != [1]:
                return Asked(1, size, size, False)
            before = self.asked(parent, by, column)
            share = intervals.share_of_cell(cell)
            most = max(int(share.hi * before.most), 1)
            found = [x for n in range(before.lo, before.hi + 1) for x in intervals.counts(share, n)]
            if not found or max(found) < 1:
                return Asked(1, most, most, False)
            result = Asked(max(min(found), 1), max(found), most, before.known)
        return result

    def _percentage(self, variable: str, by: str, column: str) -> PrintedCell | None:
        for number, table in self.tables(GroupTable):
            if table.by != by:
                continue
            for row in self.rows(number):
                if (
                    self.variable(number, row) == variable
                    and self.statistic(number, row) == "percent"
                ):
                    return self.cells.get((number, row, column))
        return None

    def class_rows(self, number: str, factor: str) -> dict[str, str]:
        """Class id to row of one factor of a class table, those that are printed."""
        table = self.study.tables.tables[number]
        if not isinstance(table, ClassTable):
            return {}
        rows = set(self.rows(number))
        return {
            name: f"{factor}_{name}"
            for name in self.study.categories(table.factors[factor])
            if f"{factor}_{name}" in rows
        }


def read_report(study: Study) -> Report:
    """Load the published cells and ``audit.yaml`` of a study.

    Raises
    ------
    StudyError
        A file is missing, cannot be read, or names a cell that is not there.
    """
    cells = {(c.table, c.row, c.column): c for c in load_published(study)}
    return Report(study, load_facts(study, set(cells)), cells)
