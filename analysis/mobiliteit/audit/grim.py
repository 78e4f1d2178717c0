"""Verdicts on means and percentages: inside the scale, and what whole answers can give (GRIM)."""

from __future__ import annotations

from collections import defaultdict
from fractions import Fraction

from mobiliteit.audit import intervals
from mobiliteit.audit.grim_findings import (
    exact_counts,
    impossible,
    nonresponse,
    one_question,
)
from mobiliteit.audit.reach import Reach, count_pairs, reach
from mobiliteit.audit.report_data import Asked, Report
from mobiliteit.audit.verdicts import (
    BOUNDS,
    CONSISTENT,
    INCONSISTENT,
    UNDETERMINED,
    Check,
    Outcome,
)
from mobiliteit.published import PrintedCell
from mobiliteit.study_schema import ClassTable, GroupTable

SMALL = 150  # below this a whole percentage says which counts are behind it


def check_grim(report: Report) -> Outcome:
    """Check every mean and percentage of the group and class tables.

    Returns
    -------
    Outcome
        Checks ``bounds`` (inside the scale) and ``grim``; findings on nonresponse and exact counts.
    """
    outcome = Outcome()
    missing: dict[str, list[tuple[PrintedCell, Asked, Reach]]] = defaultdict(list)
    exact: dict[str, list[tuple[PrintedCell, Asked, Reach, list[tuple[int, int]]]]] = defaultdict(
        list
    )
    for number, table in report.tables(GroupTable):
        for row in report.rows(number):
            variable = report.variable(number, row)
            share = report.statistic(number, row) == "percent"
            for column in report.groups_of(table):
                cell = report.cells.get((number, row, column))
                if cell is None or cell.number is None:
                    continue
                bounds = (0.0, 1.0) if share else report.bounds(variable)
                outcome.checks += _in_bounds(cell, bounds, share)
                parent = report.study.codebook.derived.get(variable)
                name = parent.of[0] if parent is not None and parent.of else variable
                asked = report.asked(name, table.by, column)
                if bounds is None:
                    continue
                if not share and not report.single(variable):
                    outcome.checks.append(_several_items(cell, variable, report))
                    continue
                value, decimals = Fraction(cell.number), cell.decimals
                if share:
                    value, decimals = value / 100, decimals + 2
                found = reach(value, decimals, bounds, asked)
                outcome.checks.append(_judge(cell, asked, found, share))
                if not found.possible:
                    outcome.findings.append(impossible(cell, asked))
                elif not found.asked and asked.known:
                    missing[variable].append((cell, asked, found))
                if share and asked.hi <= SMALL:
                    pairs = count_pairs(cell, asked)
                    exact[variable].append((cell, asked, found, pairs))
                elif (
                    asked.known
                    and asked.lo < asked.hi
                    and set(found.asked) != set(range(asked.lo, asked.hi + 1))
                ):
                    exact[variable].append((cell, asked, found, []))
    for number, table in report.tables(ClassTable):
        for row in report.rows(number):
            for column, cell in report.columns(number, row).items():
                variable = table.columns[column].variable or column
                outcome.checks += _in_bounds(cell, report.bounds(variable), False)
                outcome.checks.append(
                    Check(
                        number,
                        row,
                        column,
                        "grim",
                        UNDETERMINED,
                        "Hoeveel mensen in deze klasse vallen staat niet in het rapport, dus deze "
                        "toets kan niets uitsluiten.",
                        "The report does not say how many are in this class, so this test can "
                        "exclude nothing.",
                        could_fail=False,
                        power=0.0,
                    )
                )
    outcome.findings += nonresponse(report, missing)
    outcome.findings += exact_counts(report, exact)
    outcome.findings += one_question(report)
    return outcome


def _in_bounds(cell: PrintedCell, bounds: tuple[float, float] | None, share: bool) -> list[Check]:
    place = (cell.table, cell.row, cell.column)
    if bounds is None:
        return []
    box = intervals.share_of_cell(cell) if share else intervals.of_cell(cell)
    value = Fraction(cell.number or 0) / (100 if share else 1)
    good = Fraction(bounds[0]) <= value <= Fraction(bounds[1]) and box.lo <= box.hi
    if share:
        ends, power = "0 tot 100%", 0.0
    else:
        ends = intervals.show_range(bounds[0], bounds[1], 0)
        # The leading digit is what a slip would change: which of 0 to 9 lie outside the scale?
        power = 0.0 if bounds[1] >= 10 else 1 - (bounds[1] - bounds[0]) / 10
    return [
        Check(
            *place,
            BOUNDS,
            (CONSISTENT if power > 0 else UNDETERMINED) if good else INCONSISTENT,
            f"{cell.printed} ligt binnen de schaal ({ends})"
            + ("." if power else ", maar wat hier te drukken viel ligt dat bijna altijd.")
            if good
            else f"{cell.printed} ligt buiten de schaal ({ends}).",
            f"{cell.printed} lies within the scale"
            + ("." if power else ", but almost anything printable does.")
            if good
            else f"{cell.printed} lies outside the scale.",
            f"schaal {ends}",
            could_fail=power > 0 or not good,
            power=power,
        )
    ]


def _several_items(cell: PrintedCell, variable: str, report: Report) -> Check:
    entry = report.study.codebook.variables.get(variable)
    items = len(entry.items) if entry else 0
    return Check(
        cell.table,
        cell.row,
        cell.column,
        "grim",
        UNDETERMINED,
        "Het is een schaal van meer vragen en het rapport noemt hun aantal niet"
        + (f" (het codeboek veronderstelt er {items})" if items else "")
        + "; op een verondersteld aantal mag geen oordeel rusten.",
        "It is a scale of several questions whose number the report does not give"
        + (f" (the codebook supposes {items})" if items else "")
        + "; no verdict may rest on a supposed number.",
        could_fail=False,
        power=0.0,
    )


def _judge(cell: PrintedCell, asked: Asked, found: Reach, share: bool) -> Check:
    place = (cell.table, cell.row, cell.column)
    thing_nl, thing_en = ("percentage", "percentage") if share else ("gemiddelde", "mean")
    n = (
        str(asked.hi)
        if asked.lo == asked.hi
        else f"{asked.lo}–{asked.hi}"
        if asked.known
        else f"≤ {asked.most}"
    )
    if not found.possible:
        verdict = INCONSISTENT
        nl = (
            f"Geen enkel aantal hele antwoorden tot en met {asked.most} heeft een {thing_nl} dat "
            f"op {cell.printed} afrondt."
        )
        en = (
            f"No number of whole answers up to {asked.most} has a {thing_en} that rounds to "
            f"{cell.printed}."
        )
    elif found.asked and found.power_asked > 0:
        verdict = CONSISTENT
        nl = (
            f"{cell.printed} kan uit hele antwoorden van n = {n} komen; "
            f"{intervals.show(100 * found.power_asked, 0)}% van de waarden kan dat niet."
        )
        en = (
            f"{cell.printed} can come from whole answers of n = {n}; "
            f"{100 * found.power_asked:.0f}% of the values cannot."
        )
    elif found.power_asked == 0:
        verdict = UNDETERMINED
        nl = (
            f"Bij n = {n} kan elke waarde met zoveel decimalen voorkomen: deze toets bewijst hier "
            "niets."
        )
        en = (
            f"At n = {n} every value with so many decimals can occur: this test proves nothing "
            "here."
        )
    elif found.power > 0:
        verdict = CONSISTENT
        nl = (
            f"{cell.printed} kan niet uit n = {n} komen, wel als een deel de vraag openliet (n = "
            f"{intervals.show_numbers(found.possible, 6)})."
        )
        en = (
            f"{cell.printed} cannot come from n = {n}, but it can when some left the question open "
            f"(n = {intervals.show_numbers(found.possible, 6)})."
        )
    else:
        verdict = UNDETERMINED
        nl = (
            f"{cell.printed} kan niet uit n = {n} komen; met minder antwoorden kan elke waarde, "
            "dus een fout is het niet."
        )
        en = (
            f"{cell.printed} cannot come from n = {n}; with fewer answers any value can, so it is "
            "no error."
        )
    # Only when no smaller n helps is it 'inconsistent'; what it says of the full n is weaker.
    power = found.power_asked if found.asked or not found.possible else found.power
    return Check(
        *place,
        "grim",
        verdict,
        nl,
        en,
        f"n = {n}",
        could_fail=verdict != UNDETERMINED,
        power=power,
    )
