"""Rounding intervals: what a printed number can have been before it was rounded, exactly.

An interval is closed on both sides, so that no rule for halves (up, even, down) is presumed.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from fractions import Fraction

from mobiliteit.published import PrintedCell
from mobiliteit.render.numbers import format_number


@dataclass(frozen=True)
class Interval:
    """The closed interval from `lo` to `hi`, in fractions."""

    lo: Fraction
    hi: Fraction

    def __contains__(self, value: object) -> bool:
        """Whether a number lies in the interval, its ends included."""
        return isinstance(value, int | Fraction) and self.lo <= value <= self.hi

    def __add__(self, other: Interval) -> Interval:
        """Sum of any number of the one and any of the other."""
        return Interval(self.lo + other.lo, self.hi + other.hi)

    def scaled(self, factor: int | Fraction) -> Interval:
        """Return the interval times a factor that is not negative."""
        return Interval(self.lo * factor, self.hi * factor)

    def meets(self, other: Interval) -> bool:
        """Whether the two have a number in common."""
        return self.lo <= other.hi and other.lo <= self.hi

    @property
    def floats(self) -> tuple[float, float]:
        """The ends as floats."""
        return float(self.lo), float(self.hi)


def around(number: Fraction | int | str, decimals: int) -> Interval:
    """Interval of what rounds to `number` at so many decimals."""
    value, half = Fraction(number), Fraction(1, 2 * 10**decimals)
    return Interval(value - half, value + half)


def of_cell(cell: PrintedCell) -> Interval:
    """Interval of a printed number, in the unit it is printed in (percentages in points)."""
    if cell.number is None:
        raise ValueError(f"{cell.printed!r} is not a number")
    return around(Fraction(cell.number), cell.decimals)


def share_of_cell(cell: PrintedCell) -> Interval:
    """Interval of a printed percentage as a share between 0 and 1."""
    points = of_cell(cell)
    return Interval(max(points.lo / 100, Fraction(0)), min(points.hi / 100, Fraction(1)))


def counts(share: Interval, n: int) -> range:
    """Whole numbers out of `n` whose share lies in the interval."""
    return range(max(math.ceil(share.lo * n), 0), min(math.floor(share.hi * n), n) + 1)


def total(intervals: list[Interval]) -> Interval:
    """Sum of intervals."""
    result = Interval(Fraction(0), Fraction(0))
    for interval in intervals:
        result = result + interval
    return result


def show(value: float | Fraction | int, decimals: int) -> str:
    """Write a number with a decimal comma."""
    return format_number(float(value), decimals)


def show_range(low: float | Fraction, high: float | Fraction, decimals: int) -> str:
    """Write a range with decimal commas, outward rounding left to the decimals chosen."""
    return f"{show(low, decimals)} tot {show(high, decimals)}"


def show_numbers(values: list[int], most: int = 12) -> str:
    """Write whole numbers, runs of three or more as first–last."""
    parts: list[str] = []
    run: list[int] = []
    last = 0
    for value in sorted(set(values)):
        if parts and value == last + 1:
            run.append(value)
        else:
            run = [value]
            parts.append("")
        last = value
        parts[-1] = str(run[0]) if len(run) == 1 else f"{run[0]}–{run[-1]}"
    return ", ".join(parts[:most]) + (", …" if len(parts) > most else "")
