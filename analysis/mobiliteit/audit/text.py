"""The running text against the tables, and what a reader notes about its references and terms."""

from __future__ import annotations

from fractions import Fraction

from mobiliteit.audit import intervals
from mobiliteit.audit.coherence import ClassSize
from mobiliteit.audit.facts import Statement
from mobiliteit.audit.intervals import Interval, show, show_range
from mobiliteit.audit.report_data import Report
from mobiliteit.audit.verdicts import (
    CONSISTENT,
    INCONSISTENT,
    TEXT,
    UNDETERMINED,
    VERIFIED,
    Check,
    Finding,
    Outcome,
)
from mobiliteit.published import PrintedCell
from mobiliteit.study_schema import RegressionTable


def check_text(report: Report, sizes: tuple[ClassSize, ...]) -> Outcome:
    """Hold every statement of ``audit.yaml`` against its cells, and add the remarks.

    Parameters
    ----------
    report : Report
        The published cells and the statements.
    sizes : tuple of ClassSize
        Feasible class sizes from the linear program.

    Returns
    -------
    Outcome
        A check ``text`` per statement (table ``tekst``) and per cell that it quotes.
    """
    outcome = Outcome()
    for statement in report.facts.statements:
        verdict, nl, en, numbers = _judge(report, statement, sizes)
        could_fail = verdict != UNDETERMINED
        outcome.checks.append(
            Check(
                TEXT,
                f"p. {statement.page}",
                statement.id,
                "text",
                verdict,
                nl,
                en,
                numbers,
                could_fail,
            )
        )
        exact = statement.kind in ("cell", "share", "count")
        for place in statement.cells if exact and verdict in (CONSISTENT, VERIFIED) else ():
            outcome.checks.append(
                Check(
                    *place,
                    "text",
                    CONSISTENT,
                    f"De tekst op p. {statement.page} noemt een getal dat hiermee klopt "
                    f"({statement.id.replace('_', ' ')}).",
                    f"The text on p. {statement.page} gives a number that agrees with it.",
                    numbers,
                )
            )
        if verdict == INCONSISTENT:
            outcome.findings.append(
                Finding(
                    "tekst en tabel",
                    statement.nl,
                    statement.en,
                    nl,
                    en,
                    page=statement.page,
                    cells=(*statement.cells, *([statement.flag] if statement.flag else [])),
                )
            )
        elif statement.kind == "sum" and "≠" in numbers:
            outcome.findings.append(
                Finding("afronding", statement.nl, statement.en, nl, en, page=statement.page)
            )
    for cut in report.facts.class_cuts:
        outcome.findings += _class_cut(report, cut.factor, sizes)
    for remark in report.facts.remarks:
        outcome.findings.append(
            Finding(
                remark.kind,
                remark.title_nl,
                remark.title_en,
                remark.nl,
                remark.en,
                page=remark.page,
                cells=tuple(remark.cells),
            )
        )
    return outcome


def _judge(
    report: Report, statement: Statement, sizes: tuple[ClassSize, ...]
) -> tuple[str, str, str, str]:
    """Verdict, reason in both languages and the numbers."""
    cells = [report.cells[place] for place in statement.cells]
    said = intervals.around(statement.value, statement.decimals) if statement.value else None
    value = statement.value.replace(".", ",")
    if statement.kind == "no_stars":
        starred = [cell for cell in cells if cell.marks]
        numbers = ", ".join(
            f"{cell.row_label} {cell.printed} ({_column(report, cell)})" for cell in starred
        )
        return _outcome(
            not starred,
            f"In de tabel zijn wel significant: {numbers}",
            numbers,
            "Geen van de cellen heeft een ster",
            "None of the cells has a star",
        )
    if statement.kind == "larger":
        flag = report.cells[statement.flag] if statement.flag else None
        first, *rest = cells
        ahead = all((first.number or 0) > (cell.number or 0) for cell in rest)
        numbers = ", ".join(f"{cell.column} {cell.printed}" for cell in cells) + (
            f"; verschil: {flag.printed}" if flag is not None else ""
        )
        good = ahead and (flag is None or flag.verdict == "Ja")
        return _outcome(
            good,
            f"De tabel geeft {numbers}",
            numbers,
            "De tabel geeft dit verschil",
            "The table shows this difference",
        )
    if said is None:
        return UNDETERMINED, "Er is niets te toetsen.", "There is nothing to check.", ""
    if statement.kind == "count":
        found = sum(int(cell.number or 0) for cell in cells)
        numbers = f"{' + '.join(cell.printed for cell in cells)} = {found}; tekst {value}"
        return _outcome(
            found == int(statement.value),
            f"De tabel geeft {found}, de tekst {value}",
            numbers,
            "Het aantal volgt uit de tabel",
            "The count follows from the table",
            VERIFIED,
        )
    if statement.kind == "share":
        *parts, whole = cells
        exact = Fraction(100 * sum(int(c.number or 0) for c in parts), int(whole.number or 1))
        numbers = (
            f"{' + '.join(c.printed for c in parts)} van {whole.printed} = {show(exact, 2)}%; "
            f"tekst {value}%"
        )
        return _outcome(
            exact in said,
            f"De aantallen geven {show(exact, 2)}%",
            numbers,
            "Het percentage volgt uit de aantallen",
            "The percentage follows from the counts",
            VERIFIED,
        )
    if statement.kind == "cell":
        slack = Fraction(str(statement.tolerance))
        boxes = [intervals.of_cell(cell) for cell in cells]
        moved = [
            Interval(b.lo + statement.offset - slack, b.hi + statement.offset + slack)
            for b in boxes
        ]
        numbers = f"{', '.join(c.printed for c in cells)}; tekst {value}"
        return _outcome(
            all(said.meets(box) for box in moved),
            f"In de tabel staat {numbers}",
            numbers,
            "Het getal van de tekst is dat van de tabel",
            "The number of the text is that of the table",
        )
    if statement.kind == "ratio":
        one, two = (intervals.of_cell(cell) for cell in cells[:2])
        room = Interval(one.lo / two.hi, one.hi / two.lo)
        numbers = (
            f"{cells[0].printed} / {cells[1].printed} = {show_range(room.lo, room.hi, 2)}; tekst "
            f"{value}"
        )
        return _outcome(
            said.meets(room),
            f"De verhouding is {numbers}",
            numbers,
            "De verhouding klopt bij afronding",
            "The ratio is right after rounding",
        )
    if statement.kind == "sum":
        boxes = [intervals.around(part, len(part.partition(".")[2])) for part in statement.parts]
        room = intervals.total(boxes)
        added = sum((Fraction(part) for part in statement.parts), Fraction(0))
        equal = added == Fraction(statement.value)
        numbers = (
            f"{' + '.join(statement.parts)} = {show(added, 0)} {'=' if equal else '≠'} {value}; "
            f"marge {show_range(room.lo, room.hi, 1)}"
        )
        return _outcome(
            Fraction(statement.value) in room,
            f"De delen tellen op tot {show(added, 0)}, meer dan afronding verklaart",
            numbers,
            f"De genoemde delen tellen op tot {show(added, 0)}; afronding kan dat "
            "verklaren, het is geen fout",
            f"The parts named add up to {show(added, 0)}; rounding can explain that, it is no "
            "error",
        )
    if statement.kind in ("overall", "sum_overall"):
        return _overall(report, statement, said)
    return _class_share(statement, said, sizes)


def _column(report: Report, cell: PrintedCell) -> str:
    """Name a column as a reader sees it: columns of models have only their number."""
    table = report.study.tables.tables[cell.table]
    if isinstance(table, RegressionTable):
        return f"kolom {list(table.columns).index(cell.column) + 1}"
    return cell.column


def _overall(report: Report, statement: Statement, said: Interval) -> tuple[str, str, str, str]:
    number, row = statement.row or ("", "")
    columns = report.columns(number, row)
    sizes = {c: n for c, n in report.group_sizes.items() if c in columns}
    if not sizes or set(sizes) != set(report.group_sizes):
        return UNDETERMINED, "De tabel heeft deze rij niet.", "The table lacks this row.", ""
    whole = sum(sizes.values())
    room = intervals.total(
        [intervals.of_cell(columns[c]).scaled(Fraction(n, whole)) for c, n in sizes.items()]
    )
    if statement.complement:
        room = Interval(100 - room.hi, 100 - room.lo)
    if statement.kind == "sum_overall":
        said = intervals.total(
            [intervals.around(p, len(p.partition(".")[2])) for p in statement.parts]
        )
    text = " + ".join(statement.parts) or statement.value.replace(".", ",")
    numbers = f"groepen samen {show_range(room.lo, room.hi, 2)}; tekst {text}"
    return _outcome(
        said.meets(room),
        f"De groepen geven samen {show_range(room.lo, room.hi, 2)}",
        numbers,
        "Het getal van de tekst past bij de groepen samen (als iedereen antwoordde)",
        "The number of the text fits the groups together (if everybody answered)",
    )


def _class_share(
    statement: Statement, said: Interval, sizes: tuple[ClassSize, ...]
) -> tuple[str, str, str, str]:
    factor, class_id = statement.row or ("", "")
    size = next((s for s in sizes if (s.factor, s.class_id) == (factor, class_id)), None)
    if size is None:
        return UNDETERMINED, "De klasse is niet te bepalen.", "The class cannot be determined.", ""
    low, high = 100 * size.low / size.whole, 100 * size.high / size.whole
    numbers = f"klasse {show_range(low, high, 1)}%; tekst {statement.value}%"
    return _outcome(
        float(said.lo) <= high + 1e-6,
        f"De klasse is hoogstens {show(high, 1)}%",
        numbers,
        "Het percentage past in de ruimere klasse van de tabel",
        "The percentage fits in the wider class of the table",
    )


def _outcome(
    good: bool, wrong: str, numbers: str, nl: str, en: str, best: str = CONSISTENT
) -> tuple[str, str, str, str]:
    if good:
        return best, f"{nl}.", f"{en}.", numbers
    return INCONSISTENT, f"{wrong}.", f"The table says otherwise: {numbers}.", numbers


def _class_cut(report: Report, factor: str, sizes: tuple[ClassSize, ...]) -> list[Finding]:
    """Which levels of the text a class of a table can consist of."""
    cut = next(entry for entry in report.facts.class_cuts if entry.factor == factor)
    size = next((s for s in sizes if (s.factor, s.class_id) == (factor, cut.class_row)), None)
    if size is None:
        return []
    fits: list[tuple[int, float, float]] = []
    misfits: list[tuple[int, float, float]] = []
    for k in range(1, len(cut.parts)):
        share = intervals.total(
            [intervals.around(p, len(p.partition(".")[2])) for p in cut.parts[:k]]
        )
        low, high = (float(end) * size.whole / 100 for end in (share.lo, share.hi))
        (fits if low <= size.high and high >= size.low else misfits).append((k, low, high))
    if not fits or not misfits:
        return []
    last = fits[-1][0] - 1
    label_nl = report.study.categories(f"{_variable(report, factor)}")[cut.class_row]
    out = misfits[0]
    return [
        Finding(
            "afgedwongen",
            f"Wat in de tabellen '{label_nl[0]}' heet, reikt hoogstens tot {cut.labels_nl[last]}",
            f"What the tables call '{label_nl[1]}' reaches at most up to {cut.labels_en[last]}",
            f"De klassegemiddelden laten voor die klasse hoogstens {show(size.high, 0)} van "
            f"{size.whole} mensen toe; met "
            f"{cut.labels_nl[out[0] - 1]} erbij zouden het er volgens de percentages in de tekst "
            f"minstens {show(out[1], 0)} zijn.",
            f"The class means allow at most {size.high:.0f} of {size.whole} people in that class; "
            "with "
            f"{cut.labels_en[out[0] - 1]} it would be at least {out[1]:.0f} by the percentages in "
            "the text.",
            page=cut.page,
            weight=1.2,
        )
    ]


def _variable(report: Report, factor: str) -> str:
    for table in report.study.tables.tables.values():
        factors = getattr(table, "factors", {})
        if factor in factors:
            return str(factors[factor])
    return factor
