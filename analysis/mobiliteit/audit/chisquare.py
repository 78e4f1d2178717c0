"""Pearson chi-square recomputed from rounded percentages, as an interval.

The printed percentage and the size of the group leave a few whole counts; all combinations of them
are tried, so that the interval of the statistic and its p is exact as long as everybody answered.
How many may have left the question open before the conclusion falls is bounded as well.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from itertools import product

import numpy as np
from scipy import stats

from mobiliteit.audit import intervals
from mobiliteit.audit.intervals import Interval, show
from mobiliteit.audit.report_data import DIFFERENCE, Asked, Report
from mobiliteit.audit.verdicts import (
    CONSISTENT,
    INCONSISTENT,
    UNDETERMINED,
    VERIFIED,
    Check,
    Finding,
    Outcome,
)
from mobiliteit.published import PrintedCell
from mobiliteit.study_schema import GroupTable

MOST = 60_000
YES, NO = "Ja", "Nee"


@dataclass(frozen=True)
class ChiRange:
    """Smallest and largest chi-square that rounded percentages allow, and degrees of freedom."""

    low: float
    high: float
    df: int

    @property
    def p(self) -> tuple[float, float]:
        """Smallest and largest p-value."""
        return float(stats.chi2.sf(self.high, self.df)), float(stats.chi2.sf(self.low, self.df))


def chi_square_range(shares: list[Interval], asked: list[Asked]) -> ChiRange | None:
    """Interval of Pearson's statistic (no continuity correction) of a two-by-k table.

    Parameters
    ----------
    shares : list of Interval
        Shares of yes per group.
    asked : list of Asked
        How many were asked per group; all of them are taken to have answered.

    Returns
    -------
    ChiRange or None
        None when no whole counts fit a percentage.
    """
    options = []
    for share, group in zip(shares, asked, strict=True):
        pairs = [(x, n) for n in range(group.lo, group.hi + 1) for x in intervals.counts(share, n)]
        if not pairs:
            return None
        options.append(pairs)
    if np.prod([float(len(pairs)) for pairs in options]) > MOST:
        # The extremes of many combinations lie where the counts are extreme.
        options = [_extremes(pairs) for pairs in options]
    combos = np.array(list(product(*options)), dtype=float)
    x, n = combos[:, :, 0], combos[:, :, 1]
    share_all = x.sum(axis=1) / n.sum(axis=1)
    spread = share_all * (1 - share_all)
    between = (n * (x / n - share_all[:, None]) ** 2).sum(axis=1)
    with np.errstate(invalid="ignore", divide="ignore"):
        value = np.where(spread > 0, between / spread, 0.0)
    return ChiRange(float(value.min()), float(value.max()), len(shares) - 1)


def _extremes(pairs: list[tuple[int, int]]) -> list[tuple[int, int]]:
    order = sorted(pairs, key=lambda pair: pair[0] / pair[1])
    sizes = sorted(pairs, key=lambda pair: pair[1])
    return list(dict.fromkeys([*order[:8], *order[-8:], *sizes[:4], *sizes[-4:]]))


def robust_bounds(shares: list[Interval], asked: list[Asked]) -> tuple[float, float]:
    """Bounds of chi-square that hold however many answered.

    Returns
    -------
    (float, float)
        The lower bound per unit of response (times the smallest response rate of the groups it
        still holds) and the upper bound for any number of answers.

    Notes
    -----
    The weighted sum of squares around the best common share only grows with each n, and the
    variance of the common share lies between its extremes over the hull of the intervals.
    """
    low, high = between_range(shares, [a.lo for a in asked], [a.most for a in asked])
    ends = [end for share in shares for end in share.floats]
    smallest, largest = min(ends), max(ends)
    most = 0.25 if smallest <= 0.5 <= largest else max(e * (1 - e) for e in (smallest, largest))
    least = min(e * (1 - e) for e in (smallest, largest))
    return low / most, high / least if least > 0 else float("inf")


def between_range(
    boxes: list[Interval], n_low: list[int], n_high: list[int]
) -> tuple[float, float]:
    """Smallest and largest between-group sum of squares of means that lie in intervals.

    Parameters
    ----------
    boxes : list of Interval
        One per group.
    n_low, n_high : list of int
        Sizes for the lower and for the upper bound.

    Returns
    -------
    (float, float)
        The lower one by minimizing over the common mean (a convex function of one variable), the
        upper one over the corners (the sum of squares is convex).
    """
    ends = [box.floats for box in boxes]
    common_mean = _lowest(ends, n_low)
    smallest = sum(
        n * (min(max(common_mean, low), high) - common_mean) ** 2
        for n, (low, high) in zip(n_low, ends, strict=True)
    )
    corners = np.array(list(product(*ends)))
    many = np.array(n_high, dtype=float)
    common = corners @ many / many.sum()
    largest = ((corners - common[:, None]) ** 2 @ many).max()
    return float(smallest), float(largest)


def _lowest(ends: list[tuple[float, float]], n: list[int]) -> float:
    """Find the common mean with the smallest sum of squares to means in intervals.

    The slope of that sum rises in straight pieces from end to end of the intervals.
    """

    def slope(at: float) -> float:
        return sum(
            k * (at - min(max(at, low), high)) for k, (low, high) in zip(n, ends, strict=True)
        )

    points = sorted({end for pair in ends for end in pair})
    before, below = points[0], slope(points[0])
    for point in points:
        rise = slope(point)
        if rise >= 0:
            return point if rise == below else before - below * (point - before) / (rise - below)
        before, below = point, rise
    return before


def check_chi_square(report: Report) -> Outcome:
    """Check every Ja/Nee that rests on a chi-square test, and the percentages under it.

    Returns
    -------
    Outcome
        Check ``chi2`` for the cell with Ja or Nee and for each percentage of its row.
    """
    outcome = Outcome()
    level = report.study.tables.significance.difference
    for number, table in report.tables(GroupTable):
        for row in report.rows(number):
            if report.test(number, row) != "chi2" or report.statistic(number, row) != "percent":
                continue
            printed = report.columns(number, row)
            flag = printed.get(DIFFERENCE)
            cells = [printed[c] for c in report.groups_of(table) if c in printed]
            if flag is None or flag.verdict is None or len(cells) < 2:
                continue
            derived = report.study.codebook.derived.get(report.variable(number, row))
            name = derived.of[0] if derived else report.variable(number, row)
            asked = [report.asked(name, table.by, cell.column) for cell in cells]
            if all(group.hi > 0 for group in asked):
                _row(outcome, report, flag, cells, asked, level)
    return outcome


def _row(
    outcome: Outcome,
    report: Report,
    flag: PrintedCell,
    cells: list[PrintedCell],
    asked: list[Asked],
    level: float,
) -> None:
    shares = [intervals.share_of_cell(cell) for cell in cells]
    place = (flag.table, flag.row, flag.column)
    found = chi_square_range(shares, asked)
    crit = float(stats.chi2.isf(level, len(cells) - 1))
    low, high = robust_bounds(shares, asked)
    floor = report.facts.response_floor
    numbers = ", ".join(
        f"{c.printed} van {a.hi if a.lo == a.hi else f'{a.lo}–{a.hi}'}"
        for c, a in zip(cells, asked, strict=True)
    )
    possible = {YES: high >= crit, NO: floor * low < crit}
    said = str(flag.verdict)
    other = NO if said == YES else YES
    span = ""
    if found is not None:
        span = (
            f"; chi² = {intervals.show_range(found.low, found.high, 2)}, "
            f"p = {intervals.show_range(*found.p, 3)}"
        )
    robust = crit / low if low > crit else 1.0
    if not possible[said]:
        verdict = INCONSISTENT
        if said == YES:
            nl = (
                f"De percentages verschillen te weinig voor Ja: chi² is hoogstens {show(high, 2)}, "
                f"nodig is {show(crit, 2)}."
            )
            en = (
                f"The percentages differ too little for Ja: chi-square is at most {high:.2f}, "
                f"{crit:.2f} is needed."
            )
        else:
            nl = (
                "De percentages verschillen te veel voor Nee: ook als maar "
                f"{show(100 * floor, 0)}% antwoordde is chi² minstens {show(floor * low, 2)}."
            )
            en = (
                f"The percentages differ too much for Nee: even if only {100 * floor:.0f}% "
                f"answered, chi-square is at least {floor * low:.2f}."
            )
    elif not possible[other]:
        verdict = VERIFIED
        nl = f"{said} moet wel: elke uitkomst die bij de percentages past geeft dat" + (
            f", ook als maar {show(100 * robust, 0)}% antwoordde." if said == YES else "."
        )
        en = f"{said} must be: every result that fits the percentages gives it" + (
            f", even if only {100 * robust:.0f}% answered." if said == YES else "."
        )
    elif (
        found is not None
        and ((found.low >= crit) == (said == YES))
        and ((found.high >= crit) == (said == YES))
    ):
        verdict = CONSISTENT
        nl = f"Als iedereen antwoordde moet het {said} zijn; bij veel non-respons kan het anders."
        en = f"If everybody answered it must be {said}; with much nonresponse it can be otherwise."
    elif (
        found is not None
        and ((found.low >= crit) != (said == YES))
        and ((found.high >= crit) != (said == YES))
    ):
        verdict = CONSISTENT
        nl = (
            f"{said} kan alleen als een deel de vraag openliet; met alle antwoorden zou het "
            f"{other} zijn."
        )
        en = (
            f"{said} can only be if some left the question open; with all answers it would be "
            f"{other}."
        )
        outcome.findings.append(
            Finding(
                "afgedwongen",
                f"Tabel {flag.table}, {flag.row_label}: {said} vraagt non-respons",
                f"Table {flag.table}, {flag.row_label}: {said} needs nonresponse",
                nl + f" ({numbers}{span})",
                en + f" ({numbers})",
                page=str(flag.page),
                cells=(place,),
            )
        )
    else:
        verdict = UNDETERMINED
        nl = "De afronding van de percentages laat zowel Ja als Nee toe."
        en = "The rounding of the percentages allows both Ja and Nee."
    outcome.checks.append(
        Check(*place, "chi2", verdict, nl, en, numbers + span, could_fail=verdict != UNDETERMINED)
    )
    if verdict == INCONSISTENT:
        outcome.findings.append(
            Finding(
                "onmogelijk",
                f"Tabel {flag.table}, {flag.row_label}: {said} kan niet",
                f"Table {flag.table}, {flag.row_label}: {said} cannot be",
                f"{nl} ({numbers}{span})",
                f"{en} ({numbers})",
                page=str(flag.page),
                cells=(place, *((c.table, c.row, c.column) for c in cells)),
            )
        )
    for i, cell in enumerate(cells):
        outcome.checks.append(
            _percentage(cell, i, cells, shares, asked, said, crit, floor, verdict)
        )


def _percentage(
    cell: PrintedCell,
    index: int,
    cells: list[PrintedCell],
    shares: list[Interval],
    asked: list[Asked],
    said: str,
    crit: float,
    floor: float,
    verdict: str,
) -> Check:
    """Which percentages could have stood here with this Ja or Nee: the power of the check."""
    allowed = []
    for value in range(101):
        box = intervals.around(value, 0).scaled(Fraction(1, 100))
        box = Interval(max(box.lo, Fraction(0)), min(box.hi, Fraction(1)))
        low, high = robust_bounds([*shares[:index], box, *shares[index + 1 :]], asked)
        if (high >= crit) if said == YES else (floor * low < crit):
            allowed.append(value)
    power = 1 - len(allowed) / 101
    text = intervals.show_numbers(allowed)
    if verdict == INCONSISTENT:
        given = UNDETERMINED
        nl = (
            f"Past niet bij {said}, maar welk van de getallen in de rij dan fout is valt niet te "
            "zeggen."
        )
        en = f"Does not fit {said}, but which number of the row is wrong cannot be told."
    elif power > 0:
        given = CONSISTENT
        nl = (
            f"Past bij {said}; bij de andere cellen van de rij konden {text}% dat ook, andere "
            "waarden niet."
        )
        en = f"Fits {said}; given the other cells of the row {text}% would too, other values not."
    else:
        given = UNDETERMINED
        nl = f"Bij elke waarde hier zou {said} kunnen: de toets kon niet mislukken."
        en = f"With any value here {said} could be: the check could not have failed."
    return Check(
        cell.table,
        cell.row,
        cell.column,
        "chi2",
        given,
        nl,
        en,
        f"toelaatbaar {text}%",
        could_fail=given != UNDETERMINED,
        power=power,
    )
