"""Counts that must add up, and percentages that must follow from printed counts."""

from __future__ import annotations

from fractions import Fraction

from mobiliteit.audit import intervals
from mobiliteit.audit.report_data import TOTAL, Report
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
from mobiliteit.study_schema import FrequencyTable


def check_sums(report: Report) -> Outcome:
    """Check all tables of counts and percentages.

    Parameters
    ----------
    report : Report
        The published cells.

    Returns
    -------
    Outcome
        Checks ``sum`` (counts against their total), ``percentage`` (a percentage against its
        count) and ``same_total`` (totals of several tables).
    """
    outcome = Outcome()
    totals: dict[tuple[str, str, str], int] = {}
    for number, table in report.tables(FrequencyTable):
        rows = [row for row in report.rows(number) if row != TOTAL]
        counts: dict[str, int] = {}
        whole: int | None = None
        for column, kind in table.columns.items():
            if kind != "count":
                continue
            total = report.cells.get((number, TOTAL, column))
            parts = {
                row: report.cells[number, row, column]
                for row in rows
                if (number, row, column) in report.cells
            }
            counts = {
                row: int(cell.number) for row, cell in parts.items() if cell.number is not None
            }
            whole = int(total.number) if total is not None and total.number is not None else None
            _add_up(outcome, number, column, counts, whole)
            if whole is not None:
                totals[number, TOTAL, column] = whole
        for column, kind in table.columns.items():
            if kind == "percent":
                _percentages(outcome, report, number, column, counts, whole)
    _same_totals(outcome, totals)
    return outcome


def _add_up(
    outcome: Outcome, number: str, column: str, counts: dict[str, int], whole: int | None
) -> None:
    if whole is None:
        return
    added = sum(counts.values())
    numbers = f"{' + '.join(str(n) for n in counts.values())} = {added}; totaal {whole}"
    good = added == whole
    verdict = VERIFIED if good else INCONSISTENT
    outcome.checks.append(
        Check(
            number,
            TOTAL,
            column,
            "sum",
            verdict,
            "De aantallen tellen op tot het totaal."
            if good
            else f"De aantallen tellen op tot {added}, niet tot {whole}.",
            "The counts add up to the total."
            if good
            else f"The counts add up to {added}, not to {whole}.",
            numbers,
        )
    )
    for row, count in counts.items():
        outcome.checks.append(
            Check(
                number,
                row,
                column,
                "sum",
                VERIFIED if good else UNDETERMINED,
                "Het aantal is wat het totaal overlaat na aftrek van de andere rijen."
                if good
                else f"Het totaal klopt niet; met {whole - added + count} in deze rij zou "
                "het kloppen.",
                "The count is what the total leaves after the other rows."
                if good
                else f"The total does not fit; {whole - added + count} in this row would make "
                "it fit.",
                numbers,
            )
        )
    if not good:
        outcome.findings.append(
            Finding(
                "onmogelijk",
                f"Tabel {number}: de aantallen tellen niet op",
                f"Table {number}: the counts do not add up",
                f"De rijen tellen samen {added}, het gedrukte totaal is {whole}: een verschil van "
                f"{abs(added - whole)}.",
                f"The rows add up to {added}, the printed total is {whole}: a difference of "
                f"{abs(added - whole)}.",
                cells=((number, TOTAL, column),),
            )
        )


def _percentages(
    outcome: Outcome,
    report: Report,
    number: str,
    column: str,
    counts: dict[str, int],
    whole: int | None,
) -> None:
    if not whole:
        return
    shown: list[PrintedCell] = []
    for row in report.rows(number):
        cell = report.cells.get((number, row, column))
        if cell is None or cell.number is None:
            continue
        count = whole if row == TOTAL else counts.get(row)
        if row != TOTAL:
            shown.append(cell)
        if count is None:
            continue
        exact = Fraction(100 * count, whole)
        good = exact in intervals.of_cell(cell)
        text = f"{count} / {whole} = {intervals.show(exact, 2)}%"
        outcome.checks.append(
            Check(
                number,
                row,
                column,
                "percentage",
                VERIFIED if good else INCONSISTENT,
                "Het percentage volgt uit het gedrukte aantal."
                if good
                else f"Het gedrukte aantal geeft {intervals.show(exact, 2)}%, niet {cell.printed}.",
                "The percentage follows from the printed count."
                if good
                else f"The printed count gives {intervals.show(exact, 2)}%, not {cell.printed}.",
                text,
            )
        )
        if not good:
            outcome.findings.append(
                Finding(
                    "onmogelijk",
                    f"Tabel {number}, {cell.row_label}: percentage en aantal passen niet",
                    f"Table {number}, {cell.row_label}: percentage and count do not fit",
                    f"{text}, gedrukt staat {cell.printed}.",
                    f"{text}, printed is {cell.printed}.",
                    page=str(cell.page),
                    cells=((number, row, column),),
                )
            )
    total = report.cells.get((number, TOTAL, column))
    if total is not None and total.number is not None and shown:
        room = intervals.total([intervals.of_cell(cell) for cell in shown])
        good = room.meets(intervals.of_cell(total))
        added = sum((Fraction(cell.number) for cell in shown if cell.number), Fraction(0))
        outcome.checks.append(
            Check(
                number,
                TOTAL,
                column,
                "sum",
                CONSISTENT if good else INCONSISTENT,
                f"De gedrukte percentages tellen op tot {intervals.show(added, 1)}; afronding "
                "verklaart "
                f"{intervals.show_range(room.lo, room.hi, 1)}.",
                f"The printed percentages add up to {float(added):.1f}; rounding explains "
                f"{float(room.lo):.1f} to {float(room.hi):.1f}.",
                f"{' + '.join(cell.printed for cell in shown)}",
            )
        )


def _same_totals(outcome: Outcome, totals: dict[tuple[str, str, str], int]) -> None:
    if len(totals) < 2:
        return
    same = len(set(totals.values())) == 1
    numbers = "; ".join(f"tabel {place[0]}: {n}" for place, n in totals.items())
    for place in totals:
        outcome.checks.append(
            Check(
                *place,
                "same_total",
                CONSISTENT if same else INCONSISTENT,
                "De tabellen van aantallen hebben hetzelfde totaal."
                if same
                else "De tabellen van aantallen hebben niet hetzelfde totaal.",
                "The tables of counts have the same total."
                if same
                else "The tables of counts do not have the same total.",
                numbers,
            )
        )
