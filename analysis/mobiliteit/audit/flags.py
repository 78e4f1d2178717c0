"""Ja, Nee and stars on differences between means, and the spread of answers they leave room for.

Standard deviations are not printed. What is known: the means lie in rounding intervals, the
answers inside a scale. The largest variance inside a group of mean ``m`` on a scale from ``a`` to
``b`` is ``(m - a)(b - m)`` (Bhatia and Davis, 2000); the smallest of whole answers is ``f(1 -
f)`` with ``f`` the fraction of ``m``, and zero when answers need not be whole. That bounds F.
Each Ja and each Nee in turn bounds the standard deviation of the variable.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache

from scipy import stats

from mobiliteit.audit import intervals
from mobiliteit.audit.chisquare import YES, between_range
from mobiliteit.audit.intervals import Interval
from mobiliteit.audit.report_data import DIFFERENCE, Report
from mobiliteit.study_schema import GroupTable


@lru_cache(maxsize=4096)
def _critical(level: float, between: float, within: float) -> float:
    return float(stats.f.isf(level, between, max(within, 1.0)))


@dataclass(frozen=True)
class Flag:
    """One significance statement about differences between means.

    Attributes
    ----------
    place : (table, row, column)
        Where it stands.
    label : str
        What it is about.
    page : int
        Page of the report.
    variable : str
        The outcome.
    sample : tuple of str
        Groups of respondents it is about.
    yes : bool
        What is printed.
    n : int
        Most respondents.
    classes : int
        Groups or classes compared.
    between : (float, float)
        Smallest (everybody answered) and largest between-group sum of squares.
    within : (float, float)
        Smallest and largest variance per person inside the groups.
    means : tuple of (table, row, column)
        The cells with the means.
    full : bool
        Whether the number of people asked is known, so that `n` and the lower bound mean something.
    """

    place: tuple[str, str, str]
    label: str
    page: int
    variable: str
    sample: tuple[str, ...]
    yes: bool
    n: int
    classes: int
    between: tuple[float, float]
    within: tuple[float, float]
    means: tuple[tuple[str, str, str], ...]
    full: bool = True

    def critical(self, level: float, n: float | None = None) -> float:
        """Critical F at `n` respondents."""
        return _critical(level, self.classes - 1, round((n or self.n) - self.classes, 3))

    def f_low(self, level_of_response: float = 1.0) -> float:
        """Smallest F: little between, as much within as the scale allows."""
        n = level_of_response * self.n
        most = self.within[1] * n
        df = (n - self.classes) / (self.classes - 1)
        return level_of_response * self.between[0] * df / most if most > 0 else math.inf

    def f_high(self) -> float:
        """Largest F for any number of answers; infinite when everybody in a group can be equal."""
        if self.between[1] <= 1e-12:
            return 0.0
        least = self.within[0]
        return self.between[1] / ((self.classes - 1) * least) if least > 1e-12 else math.inf

    def variance(self, level: float) -> float:
        """Bound that the flag puts on the variance per person: Ja from above, Nee from below."""
        between = self.between[1] if self.yes else self.between[0]
        ratio = (self.n - self.classes) / ((self.classes - 1) * self.critical(level))
        return between * (1 + ratio) / self.n


def within_range(
    boxes: list[Interval], bounds: tuple[float, float], whole: bool
) -> tuple[float, float]:
    """Smallest and largest variance per person inside any of the groups.

    Parameters
    ----------
    boxes : list of Interval
        Means per group.
    bounds : (float, float)
        The scale.
    whole : bool
        Whether answers are whole numbers.
    """
    low, high = bounds
    largest, smallest = 0.0, math.inf
    for box in boxes:
        left, right = (min(max(end, low), high) for end in box.floats)
        middle = min(max((low + high) / 2, left), right)
        largest = max(largest, *((m - low) * (high - m) for m in (left, middle, right)))
        if not whole or math.floor(right) > math.floor(left) or left == math.floor(left):
            smallest = 0.0
        else:
            parts = (left - math.floor(left), right - math.floor(left))
            smallest = min(smallest, *(f * (1 - f) for f in parts))
    return smallest, largest


def group_flags(report: Report) -> list[Flag]:
    """Collect the Ja/Nee of all group tables that rest on an analysis of variance."""
    flags = []
    for number, table in report.tables(GroupTable):
        for row in report.rows(number):
            if report.test(number, row) != "anova" or report.statistic(number, row) != "mean":
                continue
            variable = report.variable(number, row)
            printed = report.columns(number, row)
            flag = printed.get(DIFFERENCE)
            cells = [printed[c] for c in report.groups_of(table) if c in printed]
            bounds = report.bounds(variable)
            asked = [report.asked(variable, table.by, cell.column) for cell in cells]
            if flag is None or flag.verdict is None or bounds is None or len(cells) < 2:
                continue
            if any(cell.number is None for cell in cells) or any(a.most < 1 for a in asked):
                continue
            boxes = [intervals.of_cell(cell) for cell in cells]
            whole = sum(a.most for a in asked)
            if whole <= len(cells):
                continue
            segments = report.study.segments.segments
            groups = tuple(
                g
                for g in report.study.segments.groups
                if any(
                    g == c.column or (c.column in segments and segments[c.column].group == g)
                    for c in cells
                )
            )
            flags.append(
                Flag(
                    (number, row, DIFFERENCE),
                    flag.row_label,
                    flag.page,
                    variable,
                    groups,
                    flag.verdict == YES,
                    whole,
                    len(cells),
                    between_range(boxes, [a.lo for a in asked], [a.most for a in asked]),
                    within_range(boxes, bounds, report.single(variable)),
                    tuple((c.table, c.row, c.column) for c in cells),
                    full=all(a.known and a.lo == a.most for a in asked),
                )
            )
    return flags


@dataclass(frozen=True)
class SpreadBound:
    """A bound on the variance per person of a variable, and the flag it comes from."""

    value: float
    source: str
    place: tuple[str, str, str] | None


def spread_bounds(
    flags: list[Flag], level: float, without: Flag | None = None
) -> tuple[SpreadBound, SpreadBound]:
    """Bounds on the variance of one variable in one sample from all flags but one.

    Returns
    -------
    (SpreadBound, SpreadBound)
        The largest lower and the smallest upper bound. Besides the flags: the variance is at least
        that between the groups plus the least within, and at most what the scale allows.
    """
    low = SpreadBound(0.0, "", None)
    high = SpreadBound(math.inf, "", None)
    for flag in flags:
        structure = flag.between[0] / flag.n + flag.within[0]
        if structure > low.value:
            low = SpreadBound(structure, "gemiddelden", flag.place)
        top = flag.between[1] / flag.n + flag.within[1]
        if top < high.value:
            high = SpreadBound(top, "schaal", flag.place)
        if flag is without:
            continue
        bound = SpreadBound(flag.variance(level), "vlag", flag.place)
        if flag.yes and bound.value < high.value:
            high = bound
        if not flag.yes and bound.value > low.value:
            low = bound
    return low, high
