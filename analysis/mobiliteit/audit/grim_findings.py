"""What whole answers force: cells that cannot be, nonresponse, and the counts behind a number."""

from __future__ import annotations

from fractions import Fraction

from mobiliteit.audit import intervals
from mobiliteit.audit.reach import Reach, reach
from mobiliteit.audit.report_data import Asked, Report
from mobiliteit.audit.verdicts import Finding
from mobiliteit.published import PrintedCell
from mobiliteit.study_schema import GroupTable


def impossible(cell: PrintedCell, asked: Asked) -> Finding:
    """Tell of a cell that no whole answers can give."""
    return Finding(
        "onmogelijk",
        f"Tabel {cell.table}, {cell.row_label}: {cell.printed} kan niet",
        f"Table {cell.table}, {cell.row_label}: {cell.printed} cannot be",
        f"Hele antwoorden van hoogstens {asked.most} mensen geven nooit {cell.printed} (kolom "
        f"{cell.column}).",
        f"Whole answers of at most {asked.most} people never give {cell.printed} (column "
        f"{cell.column}).",
        page=str(cell.page),
        cells=((cell.table, cell.row, cell.column),),
    )


def _label(report: Report, variable: str, lang: str = "nl") -> str:
    return report.study.label(variable, lang)


def nonresponse(
    report: Report, missing: dict[str, list[tuple[PrintedCell, Asked, Reach]]]
) -> list[Finding]:
    """Tell by variable which cells show that some who were asked did not answer."""
    findings = []
    for variable, cells in missing.items():
        parts_nl, parts_en = [], []
        for cell, asked, _ in cells:
            n = str(asked.hi) if asked.lo == asked.hi else f"{asked.lo}–{asked.hi}"
            near = _neighbours(cell, asked)
            parts_nl.append(f"{cell.printed} kan niet het gemiddelde zijn van n = {n}{near}")
            parts_en.append(f"{cell.printed} cannot be the mean of n = {n}{near}")
        label_nl, label_en = _label(report, variable), _label(report, variable, "en")
        chained = bool(report.study.codebook.variables[variable].asked)
        findings.append(
            Finding(
                "afgedwongen",
                f"{label_nl}: niet iedereen aan wie het gevraagd is heeft geantwoord",
                f"{label_en}: not everybody who was asked answered",
                f"{'; '.join(parts_nl)}. Dat is geen fout: er is non-respons op deze vraag, die "
                "het rapport niet meldt."
                + (" (De aantallen volgen uit de gedrukte percentages.)" if chained else ""),
                f"{'; '.join(parts_en)}. That is no error: this question has nonresponse, which "
                "the report does not mention."
                + (" (The numbers follow from the printed percentages.)" if chained else ""),
                page=", ".join(dict.fromkeys(str(cell.page) for cell, _, _ in cells)),
                cells=tuple((cell.table, cell.row, cell.column) for cell, _, _ in cells),
                weight=2.0,
            )
        )
    return findings


def _neighbours(cell: PrintedCell, asked: Asked) -> str:
    if asked.lo != asked.hi or cell.number is None:
        return ""
    n, value = asked.hi, Fraction(cell.number)
    low = int(value * n)
    return (
        f" ({low}/{n} = {intervals.show(Fraction(low, n), 4)}, "
        f"{low + 1}/{n} = {intervals.show(Fraction(low + 1, n), 4)})"
    )


def exact_counts(
    report: Report,
    exact: dict[str, list[tuple[PrintedCell, Asked, Reach, list[tuple[int, int]]]]],
) -> list[Finding]:
    """Tell by variable which counts, or which n, its printed values can stand for."""
    findings = []
    for variable, cells in exact.items():
        parts_nl, parts_en, out = [], [], False
        for cell, asked, found, pairs in cells:
            options = [n for n in range(asked.lo, asked.hi + 1) if n not in found.asked]
            if pairs:
                text = ", ".join(f"{x}/{n}" for x, n in pairs) or "–"
                out = True
                parts_nl.append(f"{cell.column} {cell.printed} = {text}")
                parts_en.append(f"{cell.column} {cell.printed} = {text}")
            elif options and found.asked:
                out = True
                without = intervals.show_numbers(options)
                only = intervals.show_numbers(found.asked)
                parts_nl.append(f"{cell.column} {cell.printed}: n = {only}, niet {without}")
                parts_en.append(f"{cell.column} {cell.printed}: n = {only}, not {without}")
        if out:
            findings.append(
                Finding(
                    "afgedwongen",
                    f"{_label(report, variable)}: welke aantallen erachter kunnen zitten",
                    f"{_label(report, variable, 'en')}: which counts can be behind it",
                    "; ".join(parts_nl) + ". (Als niemand de vragen die hiertoe leidden openliet.)",
                    "; ".join(parts_en) + ". (If nobody left the questions leading to it open.)",
                    page=str(cells[0][0].page),
                    cells=tuple((c.table, c.row, c.column) for c, *_ in cells),
                    weight=1.5,
                )
            )
    return findings


def one_question(report: Report) -> list[Finding]:
    """Tell which values that pass for one question cannot be its mean if everybody answered."""
    findings = []
    for entry in report.facts.printed_as_one_question:
        bounds = report.bounds(entry.variable)
        hits = []
        for number, table in report.tables(GroupTable):
            for column in report.groups_of(table):
                cell = report.cells.get((number, entry.variable, column))
                asked = report.asked(entry.variable, table.by, column)
                if cell is None or cell.number is None or bounds is None:
                    continue
                if not reach(Fraction(cell.number), cell.decimals, bounds, asked).asked:
                    hits.append((cell, asked))
        if hits:
            nl = "; ".join(f"{c.printed} bij n = {a.hi}{_neighbours(c, a)}" for c, a in hits)
            en = "; ".join(f"{c.printed} at n = {a.hi}{_neighbours(c, a)}" for c, a in hits)
            findings.append(
                Finding(
                    "afgedwongen",
                    f"{_label(report, entry.variable)}: niet één vraag die iedereen beantwoordde",
                    f"{_label(report, entry.variable, 'en')}: not one question that everybody "
                    "answered",
                    f"Als gemiddelde van één vraag kan niet: {nl}. {entry.nl}",
                    f"As the mean of one question this cannot be: {en}. {entry.en}",
                    page=entry.page,
                    cells=tuple((c.table, c.row, c.column) for c, _ in hits),
                    weight=1.8,
                )
            )
    return findings
