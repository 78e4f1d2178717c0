"""What 2006 printed for a finding: the number with its rounding, and the range of its error."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from mobiliteit.against.findings import Finding, Question
from mobiliteit.against.old_errors import (
    ErrorRange,
    beta_errors,
    difference_errors,
    mean_errors,
    pooled_variances,
    r2_errors,
    share_errors,
    share_variances,
)
from mobiliteit.audit import intervals
from mobiliteit.audit.chisquare import between_range
from mobiliteit.audit.flags import within_range
from mobiliteit.audit.program import Task, solve
from mobiliteit.audit.regression import (
    PrintedModel,
    Setting,
    fit_models,
    known_tolerance,
    narrowed,
    p_range,
    read_models,
)
from mobiliteit.audit.report_data import DIFFERENCE, Report
from mobiliteit.audit.structure import read_structure
from mobiliteit.claims.terms import text_number, text_reach
from mobiliteit.published import PrintedCell

UNKNOWN = ErrorRange(0.0, math.inf)


@dataclass(frozen=True)
class Printed:
    """A number of 2006.

    Attributes
    ----------
    value : float
        As printed; percentages in points. NaN where the report prints none.
    box : (float, float)
        What it can have been before rounding.
    errors : ErrorRange
        Standard errors that it can have had.
    """

    value: float
    box: tuple[float, float]
    errors: ErrorRange = UNKNOWN


NOT_PRINTED = Printed(math.nan, (math.nan, math.nan))


@dataclass
class PublishedSide:
    """The printed report, asked for the numbers behind findings.

    Parameters
    ----------
    report : Report
        Printed cells.
    legend : mapping of str to float
        What the stars mean.
    largest_vif : float
        Taken where nothing printed bounds the error of a coefficient from above.
    """

    report: Report
    legend: Mapping[str, float]
    largest_vif: float
    _models: dict[tuple[str, str], tuple[PrintedModel, tuple[int, int]]] = field(init=False)
    _all_models: list[PrintedModel] = field(init=False)
    _classes: dict[tuple[str, str, str], tuple[float, float]] = field(init=False)

    def __post_init__(self) -> None:
        """Work out which n each model and each class can have had."""
        self._all_models = read_models(self.report)
        fits = fit_models(self._all_models, self.report, Setting(tuple(self.legend.items())))
        floor = self.report.facts.response_floor
        self._models = {}
        for fit, mask in zip(fits, narrowed(fits), strict=True):
            model = fit.model
            # At least so large a part of the sample has all variables: the same floor as the audit.
            likely = model.ns >= floor * model.most
            allowed = model.ns[mask & likely] if (mask & likely).any() else model.ns[likely]
            found = int(allowed.min()), int(allowed.max())
            self._models[model.table, model.column] = model, found
        self._classes = _class_sizes(self.report)

    def of(self, finding: Finding) -> Printed:
        """Return the printed number of a finding with its range of errors."""
        question = finding.question
        rule = {
            "difference": self._difference,
            "beta": self._beta,
            "r2": self._explained,
            "shares": self._shares,
        }.get(question.form)
        if finding.kind == "level":
            return self._level(finding)
        return NOT_PRINTED if rule is None else rule(question)

    def _beta(self, question: Question) -> Printed:
        cell = self.report.cells.get((question.table, question.row, question.column))
        known = self._models.get((question.table, question.column))
        if cell is None or cell.number is None or known is None:
            return NOT_PRINTED
        model, n = known
        coefficient = next(c for c in model.coefficients if c.predictor == question.row)
        tolerance = known_tolerance(model, question.row, self._all_models, self.report, False)
        ends = None if tolerance is None else (float(tolerance[0][0]), float(tolerance[1][0]))
        errors = beta_errors(
            (coefficient.low, coefficient.high), model.r2, len(model.predictors), n,
            p_range(coefficient.mark, self.legend), ends, self.largest_vif,
        )  # fmt: skip
        return Printed(float(cell.number), intervals.of_cell(cell).floats, errors)

    def _explained(self, question: Question) -> Printed:
        cell = self.report.cells.get((question.table, question.row, question.column))
        known = self._models.get((question.table, question.column))
        if cell is None or cell.number is None or known is None:
            return NOT_PRINTED
        model, n = known
        share = r2_errors(model.r2, n, len(model.predictors))
        errors = ErrorRange(100 * share.low, 100 * share.high)
        return Printed(float(cell.number), intervals.of_cell(cell).floats, errors)

    def _cells(self, question: Question) -> dict[str, PrintedCell]:
        """Find the printed cells of the line of a question, by position."""
        report, positions = self.report, self.report.study.categories(question.by)
        if question.by in self._factors(question.table):
            keys = {q: (question.table, f"{question.row}_{q}", question.column) for q in positions}
        else:
            keys = {q: (question.table, question.row, q) for q in positions}
        found = {q: report.cells[key] for q, key in keys.items() if key in report.cells}
        return {q: cell for q, cell in found.items() if cell.number is not None}

    def _factors(self, table: str) -> set[str]:
        definition = self.report.study.tables.tables.get(table)
        return set(getattr(definition, "factors", {}).values())

    def _answered(self, question: Question, position: str) -> tuple[float, float]:
        """Fewest and most answers of a group or class."""
        report, floor = self.report, self.report.facts.response_floor
        if question.by in self._factors(question.table):
            low, high = 0.0, 0.0
            for group in report.of_groups(question.variable):
                ends = self._classes.get((question.by, position, group))
                if ends is None:
                    return 2.0, float(sum(report.group_sizes.values()))
                low, high = low + ends[0], high + ends[1]
            return max(floor * low, 2.0), max(high, 2.0)
        if not question.by:
            total = float(sum(report.group_sizes.values()))
            return floor * total, total
        asked = report.asked(question.variable, question.by, position)
        return max(floor * asked.lo, 2.0) if asked.known else 2.0, max(float(asked.most), 2.0)

    def _difference(self, question: Question) -> Printed:
        cells = self._cells(question) if question.table else {}
        if question.a not in cells or question.b not in cells:
            return NOT_PRINTED
        a, b = (intervals.of_cell(cells[q]).floats for q in (question.a, question.b))
        value = float(cells[question.a].number or 0) - float(cells[question.b].number or 0)
        box = (a[0] - b[1], a[1] - b[0])
        n_a, n_b = (self._answered(question, q) for q in (question.a, question.b))
        if question.share:
            share = share_errors(((a[0] / 100, a[1] / 100), n_a), ((b[0] / 100, b[1] / 100), n_b))
            return Printed(value, box, ErrorRange(100 * share.low, 100 * share.high))
        report, level = self.report, self.report.study.tables.significance.difference
        bounds = report.bounds(question.variable)
        sizes = [self._answered(question, q) for q in cells]
        # Class sizes add up to everybody who was asked, and groups of which nothing is known do not
        # limit the number either.
        most = min(sum(high for _, high in sizes), sum(report.group_sizes.values()))
        n = (max(int(sum(low for low, _ in sizes)), len(cells) + 1), int(most))
        n = (min(n), max(n))
        boxes = [intervals.of_cell(cell) for cell in cells.values()]
        between = between_range(
            boxes, [int(low) for low, _ in sizes], [math.ceil(high) for _, high in sizes]
        )
        whole = report.single(question.variable)
        within = (0.0, math.inf) if bounds is None else within_range(boxes, bounds, whole)
        yes = self._significant(question, cells)
        variances = pooled_variances(between, within, len(cells), n, yes, level)
        errors = difference_errors(
            variances, n_a, n_b, difference=box if len(cells) == 2 else None,
            df=(n[0] - len(cells), n[1] - len(cells)), yes=yes, level=level,
        )  # fmt: skip
        return Printed(value, box, errors)

    def _significant(self, question: Question, cells: dict[str, PrintedCell]) -> bool:
        if question.by in self._factors(question.table):
            return bool(next(iter(cells.values())).marks)
        flag = self.report.columns(question.table, question.row).get(DIFFERENCE)
        return flag is not None and flag.verdict == "Ja"

    def _shares(self, question: Question) -> Printed:
        """Compare counts of one table: two shares of the same people, exactly known."""
        report, column = self.report, question.column
        counts = {
            q: report.cells.get((question.table, q, column))
            for q in report.study.categories(question.variable)
        }
        numbers = {q: float(c.number) for q, c in counts.items() if c is not None and c.number}
        if question.a not in numbers or question.b not in numbers:
            return NOT_PRINTED
        n = sum(numbers.values())
        p, q = numbers[question.a] / n, numbers[question.b] / n
        error = 100 * math.sqrt((p + q - (p - q) ** 2) / n)
        value = 100 * (p - q)
        return Printed(value, (value, value), ErrorRange(error, error))

    def _level(self, finding: Finding) -> Printed:
        question, (text, within) = finding.question, finding.given
        if not text or question.form == "nothing":
            return NOT_PRINTED
        low, high = (float(end) for end in text_reach(text, within or None))
        value = float(text_number(text))
        value, box = value - finding.shift, (low - finding.shift, high - finding.shift)
        if question.form in ("beta", "r2"):
            rule = self._beta if question.form == "beta" else self._explained
            return Printed(value, box, rule(question).errors)
        n = self._answered(question, question.a)
        if question.form == "share":
            spread = share_variances((box[0] / 100, box[1] / 100), n)
            ends = 100 * np.sqrt(spread)
            return Printed(value, box, ErrorRange(float(ends[0]), float(ends[1])))
        bounds = self.report.bounds(question.variable)
        if bounds is None:
            return Printed(value, box)
        return Printed(
            value, box, mean_errors(box, bounds, self.report.single(question.variable), n)
        )


def _class_sizes(report: Report) -> dict[tuple[str, str, str], tuple[float, float]]:
    """Fewest and most people of each group in each class, by class variable, class and group."""
    structure = read_structure(report)
    if structure is None:
        return {}
    keys, tasks = list[tuple[str, str, str]](), list[Task]()
    floor = report.facts.response_floor
    for factor, by in structure.factors.items():
        solver = structure.build([factor], structure.variables(), floor).solver()
        for class_id in structure.classes[factor]:
            for group in report.group_sizes:
                cost = {solver.names["n", factor, class_id, group]: 1.0}
                tasks += [solver.extreme_task(cost, largest=largest) for largest in (False, True)]
                keys.append((by, class_id, group))
    ends = solve(tasks)
    pairs = zip(keys, ends[::2], ends[1::2], strict=True)
    return {key: (low, high) for key, low, high in pairs if low is not None and high is not None}
