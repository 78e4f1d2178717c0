"""How many people are in each class, and what they answered in sum, as a linear program.

The sizes of the classes of the demographic factors are not printed. But the sum of a variable
over the classes of every factor is the same as over the groups and over the segments, and
percentages and means of the demographics tie the classes to the groups. With the sum of the
answers of a class as an unknown between its rounding bounds times its size, all of that is
linear.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np

from mobiliteit.audit import intervals
from mobiliteit.audit.program import Key, Place, Program
from mobiliteit.audit.report_data import Report
from mobiliteit.study_schema import ClassTable, GroupTable

UNKNOWN = "?"


@dataclass(frozen=True)
class ClassCell:
    """A mean of a class table: its place, factor, class and variable."""

    place: Place
    factor: str
    class_id: str
    variable: str


@dataclass(frozen=True)
class Structure:
    """What the report says about classes and groups, ready to be put into a program.

    Attributes
    ----------
    report : Report
        The published cells.
    factors : dict
        Factor to its class variable.
    classes : dict
        Factor to the ids of all its classes.
    cells : tuple of ClassCell
        All means of the class tables.
    """

    report: Report
    factors: dict[str, str]
    classes: dict[str, tuple[str, ...]]
    cells: tuple[ClassCell, ...]

    def variables(self) -> list[str]:
        """Outcomes of the class tables."""
        return list(dict.fromkeys(cell.variable for cell in self.cells))

    def summed(self) -> dict[str, list[Place]]:
        """Variables with means by group and by segment, and the cells with those means."""
        report = self.report
        found: dict[str, dict[str, list[Place]]] = {}
        for number, table in report.tables(GroupTable):
            for row in report.rows(number):
                if report.statistic(number, row) == "mean" and report.sizes(table.by):
                    places = [
                        (number, row, c)
                        for c in report.groups_of(table)
                        if (number, row, c) in report.cells
                    ]
                    found.setdefault(report.variable(number, row), {}).setdefault(
                        table.by, []
                    ).extend(places)
        return {
            variable: [place for places in by.values() for place in places]
            for variable, by in found.items()
            if len(by) > 1
        }

    def build(
        self,
        factors: Iterable[str],
        variables: Iterable[str],
        response: float,
    ) -> Program:
        """Make the program.

        Parameters
        ----------
        factors, variables : iterable of str
            Those that take part.
        response : float
            Smallest part of every group and class that answered each question; 1 for everybody.
            Below 1, some people's class may be unknown too (``class_floor`` of ``audit.yaml``).
        """
        program = Program()
        names = list(factors)
        for factor in names:
            self._sizes(program, factor, response)
        for variable in variables:
            self._sums(program, variable, response)
            for factor in names:
                self._classes(program, factor, variable, response)
        return program

    def _sizes(self, program: Program, factor: str, response: float) -> None:
        report = self.report
        lost = [UNKNOWN] if response < 1 else []
        for group, size in report.group_sizes.items():
            known = [program.unknown("n", factor, c, group) for c in self.classes[factor]]
            every = known + [program.unknown("n", factor, c, group) for c in lost]
            program.need(dict.fromkeys(every, 1.0), size, size)
            for i in every[len(known) :]:
                program.need({i: 1.0}, 0.0, (1 - report.facts.class_floor) * size)
            for place in self.demographic_cells(factor, group):
                number, row, _ = place
                cell = report.cells[place]
                if report.statistic(number, row) == "percent":
                    inside = self.classes_of_yes(factor, report.variable(number, row))
                    if inside is None:
                        continue
                    share = intervals.share_of_cell(cell).floats
                    chosen = {program.names["n", factor, c, group] for c in inside}
                    terms = {i: (1.0 if i in chosen else 0.0) for i in known}
                    program.need({i: v - share[0] for i, v in terms.items()}, 0.0, np.inf, place)
                    program.need({i: share[1] - v for i, v in terms.items()}, 0.0, np.inf, place)
                else:
                    low, high = intervals.of_cell(cell).floats
                    edges = self._edges(factor)
                    program.need(
                        {i: edge[0] - high for i, edge in zip(known, edges, strict=True)},
                        -np.inf,
                        0.0,
                        place,
                    )
                    program.need(
                        {i: edge[1] - low for i, edge in zip(known, edges, strict=True)},
                        0.0,
                        np.inf,
                        place,
                    )

    def demographic_cells(self, factor: str, group: str) -> Iterable[Place]:
        """Cells of group tables that say how a group divides over the classes of a factor."""
        report = self.report
        derived = report.study.codebook.derived[self.factors[factor]]
        for number, table in report.tables(GroupTable):
            if table.by != report.study.segments.group_variable.id:
                continue
            for row in report.rows(number):
                variable = report.variable(number, row)
                if (number, row, group) not in report.cells:
                    continue
                percent = report.statistic(number, row) == "percent"
                if (percent and self.classes_of_yes(factor, variable) is not None) or (
                    not percent and variable in derived.of and derived.kind == "classes"
                ):
                    yield number, row, group

    def classes_of_yes(self, factor: str, variable: str) -> list[str] | None:
        """Classes of a factor that together are the yes of a binary variable, if they are."""
        book = self.report.study.codebook
        classes = book.derived[self.factors[factor]]
        if classes.kind != "recode":
            return None
        if variable in classes.of:
            yes = {1}
        elif variable in book.derived and book.derived[variable].of == classes.of:
            yes = {
                code
                for entry in book.derived[variable].classes.values()
                if entry.code == 1
                for code in entry.from_
            }
        else:
            return None
        inside = [name for name, entry in classes.classes.items() if set(entry.from_) <= yes]
        covered = {code for name in inside for code in classes.classes[name].from_}
        return inside if covered == yes else None

    def _edges(self, factor: str) -> list[tuple[float, float]]:
        derived = self.report.study.codebook.derived[self.factors[factor]]
        bounds = self.report.bounds(derived.of[0]) or (-np.inf, np.inf)
        edges = []
        for name in self.classes[factor]:
            entry = derived.classes[name]
            high = bounds[1] if entry.to is None else min(entry.to, bounds[1])
            edges.append((max(float(entry.from_), bounds[0]), float(high)))
        return edges

    def _sums(self, program: Program, variable: str, response: float) -> None:
        """Add the sums of a variable per group and per segment, between their printed means."""
        report = self.report
        bounds = report.bounds(variable) or (0.0, 1e6)
        segments = report.study.segments
        for group in report.of_groups(variable):
            size = report.group_sizes[group]
            answered = program.unknown("A", group, variable)
            summed = program.unknown("T", group, variable)
            program.need({answered: 1.0}, response * size, size)
            program.between(summed, [answered], *bounds)
        for number, table in report.tables(GroupTable):
            for row in report.rows(number):
                if (
                    report.variable(number, row) != variable
                    or report.statistic(number, row) != "mean"
                ):
                    continue
                printed = {
                    column: report.cells[number, row, column]
                    for column in report.groups_of(table)
                    if (number, row, column) in report.cells
                }
                boxes = {
                    column: intervals.of_cell(cell).floats
                    for column, cell in printed.items()
                    if cell.number is not None
                }
                if table.by == segments.group_variable.id:
                    for group, box in boxes.items():
                        if group in report.of_groups(variable):
                            program.between(
                                program.names["T", group, variable],
                                [program.names["A", group, variable]],
                                *box,
                                (number, row, group),
                            )
                    continue
                for group in report.of_groups(variable):
                    members = [s for s, entry in segments.segments.items() if entry.group == group]
                    if not members or set(members) - set(boxes):
                        continue
                    for s in members:
                        answered, summed = (
                            program.unknown("A", s, variable),
                            program.unknown("T", s, variable),
                        )
                        size = report.segment_sizes[s]
                        program.need({answered: 1.0}, response * size, size)
                        program.between(summed, [answered], *bounds)
                        program.between(summed, [answered], *boxes[s], (number, row, s))
                    for letter in ("A", "T"):
                        program.same(
                            [program.names[letter, s, variable] for s in members],
                            [program.names[letter, group, variable]],
                        )

    def _classes(self, program: Program, factor: str, variable: str, response: float) -> None:
        report = self.report
        groups = report.of_groups(variable)
        bounds = report.bounds(variable) or (0.0, 1e6)
        sums, answers = [], []
        for name in [*self.classes[factor], *([UNKNOWN] if response < 1 else [])]:
            people = [program.names["n", factor, name, group] for group in groups]
            printed = [
                cell.place
                for cell in self.cells
                if (cell.factor, cell.class_id, cell.variable) == (factor, name, variable)
            ]
            summed = program.unknown("y", factor, name, variable)
            answered = people
            if response < 1:
                answered = [program.unknown("a", factor, name, variable)]
                program.between(answered[0], people, response if name != UNKNOWN else 0.0, 1.0)
            if printed:
                # A mean is printed, so somebody was there.
                program.need(dict.fromkeys(answered, 1.0), 1.0, np.inf)
            program.between(summed, answered, *bounds)
            for place in printed:
                program.between(
                    summed, answered, *intervals.of_cell(report.cells[place]).floats, place
                )
            sums.append(summed)
            answers += answered
        program.same(sums, [program.names["T", group, variable] for group in groups])
        if response < 1:
            program.same(answers, [program.names["A", group, variable] for group in groups])

    def people(self, names: Mapping[Key, int], cell: ClassCell, response: float) -> list[int]:
        """Unknowns that add up to the number of answers behind a class mean."""
        if response < 1:
            return [names["a", cell.factor, cell.class_id, cell.variable]]
        groups = self.report.of_groups(cell.variable)
        return [names["n", cell.factor, cell.class_id, group] for group in groups]


def read_structure(report: Report) -> Structure | None:
    """Collect factors, classes and cells of the class tables; None without sizes of groups."""
    if not report.group_sizes:
        return None
    factors: dict[str, str] = {}
    cells = []
    for number, table in report.tables(ClassTable):
        usable = {name: v for name, v in table.factors.items() if factors.get(name, v) == v}
        factors.update(usable)
        for factor in usable:
            for class_id, row in report.class_rows(number, factor).items():
                for column, cell in report.columns(number, row).items():
                    if cell.number is not None and column in table.columns:
                        variable = table.columns[column].variable or column
                        cells.append(ClassCell((number, row, column), factor, class_id, variable))
    used = {cell.factor for cell in cells}
    factors = {name: v for name, v in factors.items() if name in used}
    classes = {name: tuple(report.study.categories(v)) for name, v in factors.items()}
    return Structure(report, factors, classes, tuple(cells))
