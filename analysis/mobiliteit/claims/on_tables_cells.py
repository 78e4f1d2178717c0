"""Claims about cells, respondents and correlations, against the report's own tables.

The rules are stated in :mod:`mobiliteit.claims.on_tables`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import Any

from mobiliteit.claims.forms import Compare, Correlation, Fact, Ratio, Respondents, Statement, Value
from mobiliteit.claims.places import line_label, place_of
from mobiliteit.claims.printed import Key, Printed, cell_text, in_text, meet
from mobiliteit.claims.terms import Cell, Text, text_number, text_reach
from mobiliteit.claims.verdicts import NOT_PRINTED, Part, not_checkable


def _value(tables: Printed, statement: Value) -> Iterator[Part]:
    for cell in statement.cells:
        if not tables.has(cell.key):
            yield not_checkable(cell.subject, NOT_PRINTED)
            continue
        shift = text_number(cell.shift)
        low, high = (limit + shift for limit in tables.reach(cell.key))
        agrees = meet((low, high), text_reach(cell.value, cell.within))
        basis = cell_text(tables, cell)
        if shift:
            basis = Text(nl=f"{basis.nl} ({cell.shift})", en=f"{basis.en} ({cell.shift})")
        yield Part(
            cell.subject,
            "supported" if agrees else "contradicted",
            in_text(basis, cell.value),
            statistic="value",
            estimate=float(tables.number(cell.key) + shift),
            low=float(low),
            high=float(high),
        )


def _two(tables: Printed, more: Cell, less: Cell) -> tuple[str, Text]:
    a, b = cell_text(tables, more), cell_text(tables, less)
    text = Text(nl=f"{a.nl} tegen {b.nl}", en=f"{a.en} against {b.en}")
    return f"{more.subject} - {less.subject}", text


def _ratio(tables: Printed, statement: Ratio) -> Iterator[Part]:
    more, less = statement.more, statement.less
    if not tables.has(more.key, less.key) or tables.reach(less.key)[0] <= 0:
        yield not_checkable(f"{more.subject} : {less.subject}", NOT_PRINTED)
        return
    a, b = tables.reach(more.key), tables.reach(less.key)
    low, high = a[0] / b[1], a[1] / b[0]
    subject, basis = _two(tables, more, less)
    agrees = meet((low, high), text_reach(statement.value))
    yield Part(
        subject.replace(" - ", " : "),
        "supported" if agrees else "contradicted",
        in_text(basis, f"{statement.value} x"),
        statistic="ratio",
        estimate=float(tables.number(more.key) / tables.number(less.key)),
        low=float(low),
        high=float(high),
    )


def _compare(tables: Printed, statement: Compare) -> Iterator[Part]:
    more, less = statement.more, statement.less
    if not tables.has(more.key, less.key):
        yield not_checkable(f"{more.subject} - {less.subject}", NOT_PRINTED)
        return
    subject, basis = _two(tables, more, less)
    yield by_size(tables, subject, basis, more.key, less.key)


def by_size(
    tables: Printed, subject: str, basis: Text, more: Key, less: Key, *, size: bool = False
) -> Part:
    """Judge by the printed numbers (with `size`: their absolute values) that one is the larger."""
    a, b = tables.number(more), tables.number(less)
    if size:
        a, b = abs(a), abs(b)
    half = sum(Decimal("0.5").scaleb(-tables.cells[key].decimals) for key in (more, less))
    numbers: dict[str, Any] = {
        "statistic": "difference",
        "estimate": float(a - b),
        "low": float(a - b - half),
        "high": float(a - b + half),
    }
    if a == b:
        return Part(subject, "not_supported", basis, "untested", **numbers)
    return Part(subject, "supported" if a > b else "contradicted", basis, **numbers)


def _respondents(tables: Printed, statement: Respondents) -> Iterator[Part]:
    for fact in statement.facts:
        what = ", ".join(map(str, fact.values))
        subject = f"{statement.variable}: {fact.statistic}" + (f" {what}" if what else "")
        found = _sum_of_cells(tables, fact) or _weighted(tables, fact)
        if found is None:
            yield not_checkable(subject, NOT_PRINTED)
            continue
        low, high, basis = found
        agrees = meet((low, high), text_reach(fact.value, fact.within))
        yield Part(
            subject,
            "supported" if agrees else "contradicted",
            in_text(basis, fact.value),
            statistic=fact.statistic,
            estimate=float((low + high) / 2),
            low=float(low),
            high=float(high),
        )


def _sum_of_cells(tables: Printed, fact: Fact) -> tuple[Decimal, Decimal, Text] | None:
    keys = [cell.key for cell in fact.cells] + ([fact.of.key] if fact.of else [])
    if not fact.cells or not tables.has(*keys):
        return None
    total = sum((tables.number(cell.key) for cell in fact.cells), Decimal(0))
    sign = " + ".join(tables.text(cell.key).nl for cell in fact.cells)
    table = fact.cells[0].table
    if fact.of is None:
        half = Decimal("0.5")
        text = Text(nl=f"tabel {table}: {sign} = {total}", en=f"table {table}: {sign} = {total}")
        return total - half, total + half, text
    share = 100 * total / tables.number(fact.of.key)
    of = tables.text(fact.of.key).nl
    short = str(share.quantize(Decimal("0.01")))
    # A share of counts is exact: an interval that is no wider than it needs to be.
    hair = Decimal("1e-9")
    nl = f"tabel {table}: {total} van {of} = {short.replace('.', ',')}%"
    return share - hair, share + hair, Text(nl=nl, en=f"table {table}: {total} of {of} = {short}%")


def _weighted(tables: Printed, fact: Fact) -> tuple[Decimal, Decimal, Text] | None:
    line = fact.line
    sizes = tables.group_sizes()
    if line is None or not sizes:
        return None
    place = place_of(tables.study, line)
    keys = {position: line.key(position) for position in place.positions}
    if not tables.has(*keys.values()) or not set(place.positions) <= set(sizes):
        return None
    n = sum((sizes[position] for position in place.positions), Decimal(0))
    low, high = (
        sum((sizes[p] * tables.reach(key)[side] for p, key in keys.items()), Decimal(0)) / n
        for side in (0, 1)
    )
    if fact.complement:
        low, high = 100 - high, 100 - low
    label = line_label(tables.study, line)
    cells_nl = ", ".join(tables.text(key).nl for key in keys.values())
    cells_en = ", ".join(tables.text(key).en for key in keys.values())
    reach = [f"{limit:.1f}" for limit in (low, high)]
    comma = [limit.replace(".", ",") for limit in reach]
    rest = (", het overige deel", ", the remainder") if fact.complement else ("", "")
    return (
        low,
        high,
        Text(
            nl=f"tabel {line.table}, {label.nl}: {cells_nl}, gewogen met de groepen{rest[0]}:"
            f" tussen {comma[0]} en {comma[1]}",
            en=f"table {line.table}, {label.en}: {cells_en}, weighted with the"
            f" groups{rest[1]}: between {reach[0]} and {reach[1]}",
        ),
    )


def _correlation(tables: Printed, statement: Correlation) -> Iterator[Part]:
    yield not_checkable(f"{statement.x} ~ {statement.y}", NOT_PRINTED)


CELL_RULES: dict[type[Statement], Callable[[Printed, Any], Iterator[Part]]] = {
    Value: _value,
    Ratio: _ratio,
    Compare: _compare,
    Respondents: _respondents,
    Correlation: _correlation,
}
