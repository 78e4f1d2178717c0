"""Claims about coefficients, explained variance and mediation, against the report's own tables.

The rules are stated in :mod:`mobiliteit.claims.on_tables`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from mobiliteit.claims.forms import (
    Change,
    Explained,
    Mediation,
    NoRelation,
    Sign,
    Statement,
    Strongest,
    Suppressor,
)
from mobiliteit.claims.on_tables_cells import by_size
from mobiliteit.claims.places import explained_cell, model_of, row_label
from mobiliteit.claims.printed import Printed, cell_text, in_text, meet
from mobiliteit.claims.terms import Cell, Text, text_number, text_reach
from mobiliteit.claims.verdicts import NOT_PRINTED, Part, not_checkable


def _coefficient(tables: Printed, cell: Cell) -> Text:
    label, text = row_label(tables.study, cell.row), tables.text(cell.key)
    outcome = model_of(tables.study, cell.table, cell.column).outcome
    to = row_label(tables.study, outcome)
    return Text(
        nl=f"tabel {cell.table}, {label.nl} op {to.nl} ({cell.column}): {text.nl}",
        en=f"table {cell.table}, {label.en} on {to.en} ({cell.column}): {text.en}",
    )


def _beta(tables: Printed, cell: Cell) -> dict[str, Any]:
    low, high = tables.reach(cell.key)
    estimate = float(tables.number(cell.key))
    return {"statistic": "beta", "estimate": estimate, "low": float(low), "high": float(high)}


def _sign(tables: Printed, statement: Sign) -> Iterator[Part]:
    for cell in statement.coefficients:
        if not tables.has(cell.key):
            yield not_checkable(cell.subject, NOT_PRINTED)
            continue
        number = tables.number(cell.key) * (1 if cell.sign == "+" else -1)
        verdict, why = "supported", ""
        if number < 0:
            verdict = "contradicted"
        elif number == 0 or not tables.star(cell.key):
            verdict, why = "not_supported", "not_significant"
        numbers = _beta(tables, cell)
        yield Part(cell.subject, verdict, _coefficient(tables, cell), why, **numbers)


def _no_relation(tables: Printed, statement: NoRelation) -> Iterator[Part]:
    for cell in statement.cells_named:
        if not tables.has(cell.key):
            yield not_checkable(cell.subject, NOT_PRINTED)
            continue
        verdict = "contradicted" if tables.star(cell.key) else "supported"
        numbers = _beta(tables, cell)
        yield Part(cell.subject, verdict, _coefficient(tables, cell), **numbers)


def _explained(tables: Printed, statement: Explained) -> Iterator[Part]:
    cell = explained_cell(tables.study, statement.table, statement.column)
    if not tables.has(cell.key):
        yield not_checkable(cell.subject, NOT_PRINTED)
        return
    low, high = tables.reach(cell.key)
    agrees = meet((low, high), text_reach(statement.value))
    basis = cell_text(tables, cell)
    numbers: dict[str, Any] = {
        "statistic": "r2_percent",
        "estimate": float(tables.number(cell.key)),
        "low": float(low),
        "high": float(high),
    }
    verdict = "supported" if agrees else "contradicted"
    yield Part(cell.subject, verdict, in_text(basis, f"{statement.value}%"), **numbers)
    if statement.significant is not None:
        agrees = tables.star(cell.key) == statement.significant
        nl, en = (
            ("significant", "significant")
            if statement.significant
            else ("niet significant", "not significant")
        )
        said = Text(nl=f"{basis.nl}; in de tekst {nl}", en=f"{basis.en}; in the text {en}")
        subject = f"{cell.subject}: significant"
        yield Part(subject, "supported" if agrees else "contradicted", said, **numbers)


def _change(tables: Printed, statement: Change) -> Iterator[Part]:
    tolerance = text_number(statement.tolerance)
    for row in statement.rows:
        before = Cell(table=statement.table, row=row, column=statement.before)
        after = Cell(table=statement.table, row=row, column=statement.after)
        subject = f"{statement.table} {row}: {statement.before} > {statement.after}"
        if not tables.has(before.key, after.key):
            yield not_checkable(subject, NOT_PRINTED)
            continue
        label, a, b = row_label(tables.study, row), tables.text(before.key), tables.text(after.key)
        basis = Text(
            nl=f"tabel {statement.table}, {label.nl}: {a.nl} wordt {b.nl}",
            en=f"table {statement.table}, {label.en}: {a.en} becomes {b.en}",
        )
        part = by_size(tables, subject, basis, after.key, before.key, size=True)
        grown = abs(tables.number(after.key)) - abs(tables.number(before.key))
        same = tables.star(before.key) == tables.star(after.key) and (
            tables.number(before.key) * tables.number(after.key) > 0
        )
        holds = {
            "grows": grown > 0,
            "shrinks": grown < 0,
            "stays": same and abs(grown) <= tolerance,
            "not_shrinks": grown >= -tolerance,
        }[statement.change]
        verdict, why = ("supported" if holds else "contradicted"), ""
        if grown == 0 and statement.change in ("grows", "shrinks"):
            verdict, why = "not_supported", "untested"
        numbers: dict[str, Any] = {"statistic": "change_in_size", "estimate": part.estimate}
        yield Part(subject, verdict, basis, why, **numbers, low=part.low, high=part.high)


def _strongest(tables: Printed, statement: Strongest) -> Iterator[Part]:
    own = statement.coefficient
    for row in model_of(tables.study, own.table, own.column).predictors:
        other = Cell(table=own.table, row=row, column=own.column)
        if row == own.row:
            continue
        subject = f"{own.subject} - {row}"
        if not tables.has(own.key, other.key):
            yield not_checkable(subject, NOT_PRINTED)
            continue
        basis = _coefficient(tables, own)
        label, text = row_label(tables.study, row), tables.text(other.key)
        basis = Text(
            nl=f"{basis.nl} tegen {label.nl} {text.nl}",
            en=f"{basis.en} against {label.en} {text.en}",
        )
        yield by_size(tables, subject, basis, own.key, other.key, size=True)


def _mediation(tables: Printed, statement: Mediation) -> Iterator[Part]:
    table = statement.table
    b = (table, statement.mediator, statement.direct)
    for factor in statement.factors:
        subject = f"{table} {factor} > {statement.mediator}"
        keys = [(table, factor, c) for c in (statement.path, statement.total, statement.direct)]
        if not tables.has(*keys, b):
            yield not_checkable(subject, NOT_PRINTED)
            continue
        a, c, direct = keys
        steps = {
            "c": tables.star(c),
            "a": tables.star(a),
            "b": tables.star(b),
            "c' < c": abs(tables.number(direct)) < abs(tables.number(c)),
        }
        label, text = row_label(tables.study, factor), {k: tables.text(k) for k in (*keys, b)}
        failing = [name for name, holds in steps.items() if not holds]
        nl = f"niet voldaan: {', '.join(failing)}" if failing else "aan alle stappen voldaan"
        en = f"failing: {', '.join(failing)}" if failing else "all steps met"
        basis = Text(
            nl=f"tabel {table}, {label.nl}: c {text[c].nl}, a {text[a].nl}, b {text[b].nl},"
            f" c' {text[direct].nl} ({nl}; indirect effect niet getoetst)",
            en=f"table {table}, {label.en}: c {text[c].en}, a {text[a].en}, b {text[b].en},"
            f" c' {text[direct].en} ({en}; indirect effect not tested)",
        )
        holds = bool(failing) == (statement.form == "not_mediated")
        product = float(tables.number(a) * tables.number(b))
        corners = [x * y for x in tables.reach(a) for y in tables.reach(b)]
        yield Part(
            subject,
            "supported" if holds else "contradicted",
            basis,
            statistic="indirect_standardized",
            estimate=product,
            low=float(min(corners)),
            high=float(max(corners)),
        )


def _suppressor(tables: Printed, statement: Suppressor) -> Iterator[Part]:
    yield not_checkable(statement.coefficient.subject, NOT_PRINTED)


MODEL_RULES: dict[type[Statement], Callable[[Printed, Any], Iterator[Part]]] = {
    Sign: _sign,
    NoRelation: _no_relation,
    Explained: _explained,
    Change: _change,
    Strongest: _strongest,
    Mediation: _mediation,
    Suppressor: _suppressor,
}
