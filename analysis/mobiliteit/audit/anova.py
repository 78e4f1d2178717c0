"""Whether a Ja, a Nee or a star of a one-way analysis of variance can be, given means, n and scale.

Each is judged by the range of F that means and scale leave (see :mod:`mobiliteit.audit.flags`),
and against the others: the bounds that the Ja and the Nee on one variable put on its standard
deviation must not exclude each other.
"""

from __future__ import annotations

import math
from collections import defaultdict
from dataclasses import replace
from fractions import Fraction

import numpy as np

from mobiliteit.audit import intervals
from mobiliteit.audit.chisquare import NO, YES, between_range
from mobiliteit.audit.flags import Flag, spread_bounds, within_range
from mobiliteit.audit.intervals import show
from mobiliteit.audit.report_data import DIFFERENCE, Report
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


def judge_flags(report: Report, flags: list[Flag]) -> Outcome:
    """Judge every flag on its own and against the other flags on the same variable and sample.

    Parameters
    ----------
    report : Report
        For the level and the response floor.
    flags : list of Flag
        Of the group tables and of the class tables.

    Returns
    -------
    Outcome
        One check ``anova`` per flag, findings on what cannot be and on standard deviations.
    """
    outcome = Outcome()
    level = report.study.tables.significance.difference
    floor = report.facts.response_floor
    by_variable: dict[tuple[str, tuple[str, ...]], list[Flag]] = defaultdict(list)
    for flag in flags:
        if flag.full:
            by_variable[flag.variable, flag.sample].append(flag)
    for flag in flags:
        family = by_variable.get((flag.variable, flag.sample), []) if flag.full else [flag]
        outcome.add(_judge(report, flag, family, level, floor))
    outcome.findings += _spread_findings(report, by_variable, level)
    return outcome


def _can_be(flag: Flag, family: list[Flag], level: float, response: float) -> bool:
    """Whether a flag can be, when at least so large a part answered."""
    crit = flag.critical(level)
    if flag.yes and flag.f_high() < crit:
        return False
    if not flag.yes and flag.f_low(response) >= flag.critical(level, response * flag.n):
        return False
    low, high = spread_bounds(
        family, level, without=next((f for f in family if f.place == flag.place), None)
    )
    own = flag.variance(level)
    # A Nee bounds the variance less when fewer answered, in proportion to their number. Once more
    # that much is left for those who answered one question and not the other, taken to differ no
    # more widely than the rest.
    loss = response**2
    return low.value * loss <= own if flag.yes else own * loss <= high.value


def _judge(report: Report, flag: Flag, family: list[Flag], level: float, floor: float) -> Outcome:
    outcome = Outcome()
    said, other = (YES, NO) if flag.yes else (NO, YES)
    if flag.place[2] != DIFFERENCE:
        said, other = ("een ster", "geen ster") if flag.yes else ("geen ster", "een ster")
    opposite = replace(flag, yes=not flag.yes)
    crit = flag.critical(level)
    low, high = flag.f_low(), flag.f_high()
    top = "onbegrensd" if math.isinf(high) else show(high, 2)
    numbers = f"F = {show(low, 2)} tot {top}; nodig {show(crit, 2)}; n ≤ {flag.n}"
    spread = spread_bounds(
        family, level, without=next((f for f in family if f.place == flag.place), None)
    )
    if math.isfinite(spread[1].value) and spread[0].value > 0:
        numbers += (
            f"; sd uit de andere cellen {show(math.sqrt(spread[0].value), 2)} tot "
            f"{show(math.sqrt(spread[1].value), 2)}"
        )
    fits_full = _can_be(flag, family, level, 1.0)
    fits_floor = _can_be(flag, family, level, floor)
    other_floor = _can_be(opposite, family, level, floor)
    english = {"een ster": "a star", "geen ster": "no star"}
    said_en, other_en = english.get(said, said), english.get(other, other)
    if not fits_floor:
        verdict = INCONSISTENT
        nl = f"{said} kan niet bij deze gemiddelden, deze aantallen en deze schaal" + (
            f", ook niet als maar {show(100 * floor, 0)}% antwoordde." if not flag.yes else "."
        )
        en = f"{said_en} cannot be with these means, these numbers and this scale."
    elif not other_floor:
        verdict = VERIFIED
        nl = (
            f"{said} moet wel: met elke spreiding die de schaal en de andere cellen toelaten "
            "verschillen de gemiddelden "
            f"{'genoeg' if flag.yes else 'te weinig'}."
        )
        en = (
            f"{said_en} must be: with any spread that the scale and the other cells allow the "
            "means differ "
            f"{'enough' if flag.yes else 'too little'}."
        )
    elif not fits_full:
        verdict = CONSISTENT
        nl = f"{said} kan alleen als een deel niet antwoordde."
        en = f"{said_en} can only be if some did not answer."
    elif not _can_be(opposite, family, level, 1.0):
        verdict = CONSISTENT
        nl = f"Als iedereen antwoordde moet het {said} zijn; met veel non-respons niet per se."
        en = f"If everybody answered it must be {said_en}; with much nonresponse not necessarily."
    else:
        verdict = UNDETERMINED
        nl = f"Zonder standaardafwijkingen is zowel {said} als {other} mogelijk."
        en = f"Without standard deviations both {said_en} and {other_en} are possible."
    outcome.checks.append(
        Check(
            *flag.place,
            "anova",
            verdict,
            nl[0].upper() + nl[1:],
            en[0].upper() + en[1:],
            numbers,
            could_fail=verdict != UNDETERMINED,
        )
    )
    if verdict == INCONSISTENT or (verdict == CONSISTENT and not fits_full):
        kind = "onmogelijk" if verdict == INCONSISTENT else "afgedwongen"
        end_nl = "kan niet" if verdict == INCONSISTENT else "vraagt non-respons"
        end_en = "cannot be" if verdict == INCONSISTENT else "needs nonresponse"
        outcome.findings.append(
            Finding(
                kind,
                f"Tabel {flag.place[0]}, {flag.label}: {said} {end_nl}",
                f"Table {flag.place[0]}, {flag.label}: {said_en} {end_en}",
                f"{nl[0].upper()}{nl[1:]} ({numbers})",
                f"{en[0].upper()}{en[1:]} ({numbers})",
                page=str(flag.page),
                cells=(flag.place, *flag.means),
                weight=3.0,
            )
        )
    return outcome


def _spread_findings(
    report: Report, families: dict[tuple[str, tuple[str, ...]], list[Flag]], level: float
) -> list[Finding]:
    """Tell the standard deviations that flags force, beyond what scale and means do."""
    parts_nl, parts_en, cells = [], [], []
    for (variable, sample), family in families.items():
        low, high = spread_bounds(family, level)
        bare_low = spread_bounds([replace(f, yes=True) for f in family], level)[0]
        bare_high = spread_bounds([replace(f, yes=False) for f in family], level)[1]
        decimals = 2 if (report.bounds(variable) or (0, 10))[1] < 10 else 0
        width = (report.bounds(variable) or (0, 10))[1] - (report.bounds(variable) or (0, 10))[0]
        # Bounds below a tenth of a short scale, or one unit of a long one, are no news.
        enough = 0.1 * width if width < 10 else 1.0
        tells_low = low.source == "vlag" and low.value > max(1.5 * bare_low.value, enough**2)
        tells_high = high.source == "vlag" and high.value < 0.45 * bare_high.value
        who = "" if set(sample) == set(report.group_sizes) else f" ({', '.join(sample)})"
        label_nl, label_en = (
            report.study.label(variable) + who,
            report.study.label(variable, "en") + who,
        )
        for tells, bound, nl, en in (
            (tells_low, low, "minstens", "at least"),
            (tells_high, high, "hoogstens", "at most"),
        ):
            if tells and bound.place is not None:
                size = math.sqrt(bound.value)
                parts_nl.append(f"{label_nl} {nl} {show(size, decimals)} (tabel {bound.place[0]})")
                parts_en.append(f"{label_en} {en} {size:.{decimals}f} (table {bound.place[0]})")
                cells.append(bound.place)
    if not parts_nl:
        return []
    return [
        Finding(
            "afgedwongen",
            "Standaardafwijkingen die uit Ja, Nee en sterren volgen",
            "Standard deviations that follow from Ja, Nee and stars",
            "Het rapport drukt ze niet, maar met alle antwoorden moeten ze zijn: "
            + "; ".join(parts_nl)
            + ".",
            "The report does not print them, but with all answers they must be: "
            + "; ".join(parts_en)
            + ".",
            page=", ".join(
                str(page) for page in sorted({report.cells[place].page for place in cells})
            ),
            cells=tuple(cells),
            weight=0.8,
        )
    ]


def check_means(report: Report, flags: list[Flag]) -> list[Check]:
    """Which means could have stood in a group table with the printed Ja or Nee.

    Returns
    -------
    list of Check
        Check ``anova`` for every mean under a Nee, or under a Ja of whole answers; its power is the
        share of the scale that is excluded.
    """
    checks = []
    level, floor = report.study.tables.significance.difference, report.facts.response_floor
    for flag in flags:
        if flag.place[2] != DIFFERENCE:
            continue
        cells = [report.cells[place] for place in flag.means]
        table = report.study.tables.tables[flag.place[0]]
        bounds = report.bounds(flag.variable)
        if bounds is None or not isinstance(table, GroupTable):
            continue
        asked = [report.asked(flag.variable, table.by, cell.column) for cell in cells]
        boxes = [intervals.of_cell(cell) for cell in cells]
        whole = report.single(flag.variable)
        grid = np.linspace(bounds[0], bounds[1], 41)
        for i, cell in enumerate(cells):
            fits = []
            for value in grid:
                step = intervals.around(
                    Fraction(round(float(value), 3)).limit_denominator(1000),
                    cell.decimals,
                )
                trial = [*boxes[:i], step, *boxes[i + 1 :]]
                tried = replace(
                    flag,
                    between=between_range(trial, [a.lo for a in asked], [a.most for a in asked]),
                    within=within_range(trial, bounds, whole),
                )
                fits.append(_can_be(tried, [tried], level, floor))
            checks.append(_mean(flag, cell, np.array(fits), grid))
    return checks


def _mean(flag: Flag, cell: PrintedCell, fits: np.ndarray, grid: np.ndarray) -> Check:
    power = float(1 - fits.mean())
    said = YES if flag.yes else NO
    if power == 0 or not fits.any():
        verdict = UNDETERMINED
        nl = f"Bij elk gemiddelde hier zou {said} kunnen: de toets kon niet mislukken."
        en = f"With any mean here {said} could be: the check could not have failed."
        numbers = ""
    else:
        verdict = CONSISTENT
        inside = grid[fits]
        numbers = f"toelaatbaar ongeveer {intervals.show_range(inside.min(), inside.max(), 2)}"
        nl = (
            f"Past bij {said}; {show(100 * power, 0)}% van de schaal zou bij de andere cellen van "
            "de rij niet passen."
        )
        en = (
            f"Fits {said}; {100 * power:.0f}% of the scale would not fit, given the other cells of "
            "the row."
        )
    return Check(
        cell.table,
        cell.row,
        cell.column,
        "anova",
        verdict,
        nl,
        en,
        numbers,
        could_fail=verdict == CONSISTENT,
        power=power,
    )
