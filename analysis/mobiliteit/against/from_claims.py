"""The claims of the text as findings: what each part of a claim asks of a wave."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import pairwise
from typing import Any

from mobiliteit.against.findings import (
    Finding,
    Question,
    both,
    extremes,
    frozen,
    pair_label,
    sign_of,
)
from mobiliteit.audit.report_data import Report
from mobiliteit.claims.forms import (
    Claim,
    Differ,
    Equal,
    Explained,
    Extreme,
    Larger,
    Monotone,
    NoDifference,
    NoRelation,
    Order,
    Respondents,
    Sign,
    Statement,
    Value,
)
from mobiliteit.claims.places import (
    answer_labels,
    cell_label,
    explained_cell,
    line_label,
    place_of,
    ranked_pairs,
)
from mobiliteit.claims.terms import Cell, Line, Text, text_number
from mobiliteit.study_schema import ClassTable, FrequencyTable, GroupTable, RegressionTable
from mobiliteit.tables import TOTAL


def claim_findings(report: Report, claims: tuple[Claim, ...]) -> Iterator[Finding]:
    """List the parts of every claim.

    Parameters
    ----------
    report : Report
        The printed cells, which say which group was highest.
    claims : tuple of Claim
        Of :func:`mobiliteit.claims.schema.load_claims`.

    Yields
    ------
    Finding
        At least one per claim, in their order; a claim of which the parts are no single numbers (a
        mediation, a change between models, suppression, a ratio, a correlation) is ``judged``.
    """
    for claim in claims:
        rule = _PARTS.get(type(claim.statement))
        whole = Text(nl=claim.nl, en=claim.en)
        parts = [] if rule is None else list(rule(report, claim.statement))
        if not parts:
            question = Question("judged", row=claim.id)
            parts = [Finding("", "claim", "", "judged", 0, question, whole)]
        for k, part in enumerate(parts, start=1):
            name = f"{claim.id} {k}" if len(parts) > 1 else claim.id
            yield replace(part, id=name, place=claim.section, claim=claim.id)


def _finding(kind: str, direction: int, question: Question, label: Text, **more: Any) -> Finding:
    return Finding("", "claim", "", kind, direction, question, label, **more)


def _pair(report: Report, line: Line, a: str, b: str, kind: str) -> Finding:
    study, place = report.study, place_of(report.study, line)
    label = pair_label(line_label(study, line), study.categories(place.by), a, b)
    if place.statistic == "count":
        question = Question(
            "shares", place.variable, place.variable, a, b, frozen(place.sample), True,
            table=line.table or "", column=line.column or "",
        )  # fmt: skip
    else:
        question = Question(
            "difference", place.variable, place.by, a, b, frozen(place.sample),
            place.statistic == "percent", table=line.table or "",
            row=line.row or line.factor or "", column=line.column or "",
        )  # fmt: skip
    return _finding(kind, 1, question, label)


def _ranked(report: Report, statement: Order | Larger | Extreme) -> Iterator[Finding]:
    for line, more, less in ranked_pairs(report.study, statement):
        yield _pair(report, line, more, less, "effect")


def _whole(report: Report, statement: Differ | NoDifference) -> Iterator[Finding]:
    kind = "effect" if isinstance(statement, Differ) else "none"
    for line in statement.lines:
        positions = place_of(report.study, line).positions
        printed = {q: report.cells.get(line.key(q)) for q in positions} if line.printed else {}
        numbers = {
            q: float(cell.number)
            for q, cell in printed.items()
            if cell is not None and cell.number is not None
        }
        a, b = extremes(numbers) if len(numbers) > 1 else (positions[0], positions[-1])
        yield _pair(report, line, a, b, kind)


def _equal(report: Report, statement: Equal) -> Iterator[Finding]:
    for line in statement.lines:
        yield _pair(report, line, *statement.pair, "none")


def _monotone(report: Report, statement: Monotone) -> Iterator[Finding]:
    for line in statement.lines:
        for low, high in pairwise(place_of(report.study, line).positions):
            a, b = (high, low) if statement.direction == "up" else (low, high)
            yield _pair(report, line, a, b, "effect")


def _cell(report: Report, cell: Cell) -> Question | None:
    """Return the question that a cell of a table answers; None for a total or an outcome."""
    study = report.study
    table = study.tables.tables[cell.table]
    if isinstance(table, RegressionTable):
        form = "r2" if cell.row == table.explained_variance else "beta"
        return Question(form, table=cell.table, row=cell.row, column=cell.column)
    if isinstance(table, FrequencyTable):
        if cell.row == TOTAL:
            return None
        return Question(
            "share", table.variable, sample=frozen(table.sample), share=True, answers=(cell.row,)
        )
    if isinstance(table, GroupTable):
        row = table.rows[cell.row]
        share = (row.statistic or table.statistic) == "percent"
        return Question(
            "share" if share else "mean", row.variable or cell.row, table.by, cell.column,
            sample=frozen(table.sample), share=share,
        )  # fmt: skip
    if isinstance(table, ClassTable):
        variable = table.columns[cell.column].variable or cell.column
        for factor, by in table.factors.items():
            for name in study.categories(by):
                if cell.row == f"{factor}_{name}":
                    return Question("mean", variable, by, name, sample=frozen(table.sample))
    return None


def _value(report: Report, statement: Value) -> Iterator[Finding]:
    for cell in statement.cells:
        question = _cell(report, cell)
        table = report.study.tables.tables[cell.table]
        counts = isinstance(table, FrequencyTable) and table.columns[cell.column] == "count"
        if question is None or counts:
            # How many took part is no finding about people.
            question = Question("nothing")
        yield _finding(
            "level",
            0,
            question,
            cell_label(report.study, cell),
            given=(cell.value, cell.within or ""),
            shift=float(text_number(cell.shift)),
        )


def _respondents(report: Report, statement: Respondents) -> Iterator[Finding]:
    name, study = statement.variable, report.study
    label = both(study, name)
    for fact in statement.facts:
        answers = answer_labels(study, name, fact.values)
        parts = [label.nl, answers.nl], [label.en, answers.en]
        text = Text(nl=": ".join(filter(None, parts[0])), en=": ".join(filter(None, parts[1])))
        form = "share"
        if fact.statistic in ("min", "max", "count"):
            # Counts and extremes hang on how many were asked; they have no interval.
            form = "nothing"
        elif fact.statistic == "mean":
            form = "mean"
        question = Question(
            form, name, sample=frozen(statement.sample), share=form == "share",
            answers=tuple(fact.values), at_least=fact.statistic == "at_least",
        )  # fmt: skip
        yield _finding("level", 0, question, text, given=(fact.value, fact.within or ""))


def _sign(report: Report, statement: Sign) -> Iterator[Finding]:
    for cell in statement.coefficients:
        question = Question("beta", table=cell.table, row=cell.row, column=cell.column)
        direction = 1 if cell.sign == "+" else -1
        yield _finding("effect", direction, question, cell_label(report.study, cell))


def _no_relation(report: Report, statement: NoRelation) -> Iterator[Finding]:
    for cell in statement.cells_named:
        printed = report.cells.get(cell.key)
        value = 0.0 if printed is None or printed.number is None else float(printed.number)
        question = Question("beta", table=cell.table, row=cell.row, column=cell.column)
        yield _finding("none", sign_of(value), question, cell_label(report.study, cell))


def _explained(report: Report, statement: Explained) -> Iterator[Finding]:
    cell = explained_cell(report.study, statement.table, statement.column)
    question = Question("r2", table=cell.table, row=cell.row, column=cell.column)
    label = cell_label(report.study, cell)
    yield _finding("level", 0, question, label, given=(statement.value, ""))
    if statement.significant is not None:
        kind = "effect" if statement.significant else "none"
        yield _finding(kind, 1, question, label)


_PARTS: dict[type[Statement], Callable[[Report, Any], Iterator[Finding]]] = {
    Order: _ranked,
    Larger: _ranked,
    Extreme: _ranked,
    Differ: _whole,
    NoDifference: _whole,
    Equal: _equal,
    Monotone: _monotone,
    Value: _value,
    Respondents: _respondents,
    Sign: _sign,
    NoRelation: _no_relation,
    Explained: _explained,
}
