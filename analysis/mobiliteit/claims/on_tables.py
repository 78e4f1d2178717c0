"""The claims of the text against the report's own tables: what the cells, Ja/Nee and stars say.

The rules, part by part:

- *Pairs* (order, larger, largest, smallest, the steps of a monotone line). The direction is that of
  the printed numbers. The wrong way round: contradicted. Equal as printed: not supported, since
  the direction cannot be told. The right way round: supported where the test of the line is
  significant and has only these two groups; where it is not significant, not supported (not
  significant); where it is significant over more groups than the two, not supported (untested), for
  the report tested no pairs. Counts of respondents need no test.
- *differ*: Ja (or a star) supports it, Nee contradicts it.
- *no_difference*: the report means "not significant"; Nee supports it, Ja contradicts it.
- *equal*: Nee supports it; with Ja the pair was not tested (untested), unless it is the highest and
  the lowest of the line, which contradicts it.
- *value*, *ratio*: supported when the numbers that round to the printed cell and those that the
  text can mean have any in common, otherwise contradicted.
- *sign*: a star is significance, whatever its level. Sign and star support it; the other sign
  contradicts it; the sign alone or a printed zero is not supported (not significant).
- *no_relation*: a star contradicts it, no star supports it.
- *explained*: the number as for a value, and the star where the text speaks of significance.
- *change*, *compare*, *strongest*: the printed numbers decide, as the text describes them; equal as
  printed is not supported (untested). ``stays`` also asks that neither sign nor star changes.
- *mediated*: the report's own argument, with the stars: total effect, path to the mediator and the
  mediator's effect significant, and the direct effect nearer to zero than the total one.
  *not_mediated* is supported where one of these fails. The report tested no indirect effect.
- *respondents*: from the cells that bear on it. A mean over everybody must be possible as the mean
  of the groups, weighted with their sizes. Without such cells: not checkable.
- *correlation*, *suppressor* and lines that no table prints: not checkable.

Intervals are those of rounding. This module may read the published tables; the one that judges a
wave may not.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import pairwise
from typing import Any

from mobiliteit.claims.forms import (
    Claim,
    Differ,
    Equal,
    Extreme,
    Larger,
    Monotone,
    NoDifference,
    NotCheckable,
    Order,
    Statement,
)
from mobiliteit.claims.on_tables_cells import CELL_RULES
from mobiliteit.claims.on_tables_models import MODEL_RULES
from mobiliteit.claims.places import line_label, place_of, position_label, ranked_pairs
from mobiliteit.claims.printed import Printed, difference
from mobiliteit.claims.schema import load_claims
from mobiliteit.claims.terms import Line, Text
from mobiliteit.claims.verdicts import NOT_PRINTED, ClaimVerdict, ClaimVerdicts, Part, not_checkable
from mobiliteit.study import Study


def judge_published(study: Study) -> ClaimVerdicts:
    """Judge every claim of the text on the report's own tables.

    Parameters
    ----------
    study : Study
        With ``published/tables.csv`` and ``published/claims.yaml``.

    Returns
    -------
    ClaimVerdicts
        Source ``published``; n is None throughout, since the tables print none per cell.

    Raises
    ------
    StudyError
        Either file cannot be used.
    """
    tables = Printed(study)
    verdicts = tuple(
        ClaimVerdict(claim, tuple(_judge(tables, claim))) for claim in load_claims(study)
    )
    return ClaimVerdicts("published", verdicts)


def _judge(tables: Printed, claim: Claim) -> Iterator[Part]:
    yield from _RULES[type(claim.statement)](tables, claim.statement)


def _tested(significant: bool | None, groups: int) -> Text:
    if significant is None:
        return Text(nl="aantallen, zonder toets", en="counts, without a test")
    answer = ("Ja", "Yes") if significant else ("Nee", "No")
    if groups == 2:
        return Text(nl=f"significant: {answer[0]}", en=f"significant: {answer[1]}")
    return Text(
        nl=f"significant over {groups} groepen: {answer[0]}, paren niet getoetst",
        en=f"significant over {groups} groups: {answer[1]}, pairs not tested",
    )


def _pair(tables: Printed, line: Line, more: str, less: str) -> Part:
    place = place_of(tables.study, line)
    keys = line.key(more), line.key(less)
    subject = f"{place.variable}: {more} - {less}"
    if not tables.has(*keys):
        return not_checkable(subject, NOT_PRINTED)
    significant = tables.significant(line)
    names = [position_label(tables.study, place, position) for position in (more, less)]
    label, test = line_label(tables.study, line), _tested(significant, len(place.positions))
    texts = [tables.text(key) for key in keys]
    a, b = tables.number(keys[0]), tables.number(keys[1])
    sign = ">" if a > b else "<" if a < b else "="
    basis = Text(
        nl=f"tabel {line.table}, {label.nl}: {names[0].nl} {texts[0].nl} {sign} {names[1].nl}"
        f" {texts[1].nl} ({test.nl})",
        en=f"table {line.table}, {label.en}: {names[0].en} {texts[0].en} {sign} {names[1].en}"
        f" {texts[1].en} ({test.en})",
    )
    verdict, why = "supported", ""
    if a < b:
        verdict = "contradicted"
    elif significant is False:
        verdict, why = "not_supported", "not_significant"
    elif a == b or (significant and len(place.positions) > 2):
        verdict, why = "not_supported", "untested"
    return Part(subject, verdict, basis, why, **difference(tables, *keys))


def _ranked(tables: Printed, statement: Order | Larger | Extreme) -> Iterator[Part]:
    for line, more, less in ranked_pairs(tables.study, statement):
        yield _pair(tables, line, more, less)


def _monotone(tables: Printed, statement: Monotone) -> Iterator[Part]:
    for line in statement.lines:
        positions = place_of(tables.study, line).positions
        for low, high in pairwise(positions):
            yield _pair(
                tables, line, *((high, low) if statement.direction == "up" else (low, high))
            )


def _whole(tables: Printed, line: Line) -> tuple[str, Text, bool | None]:
    """Subject, sentence and test of a line with all its cells."""
    place = place_of(tables.study, line)
    keys = {position: line.key(position) for position in place.positions}
    if not line.printed or not tables.has(*keys.values()):
        return place.variable, NOT_PRINTED, None
    significant = tables.significant(line)
    label = line_label(tables.study, line)
    cells = {position: tables.text(key) for position, key in keys.items()}
    names = {position: position_label(tables.study, place, position) for position in keys}
    row = Text(
        nl=", ".join(f"{names[p].nl} {cells[p].nl}" for p in keys),
        en=", ".join(f"{names[p].en} {cells[p].en}" for p in keys),
    )
    nl, en = ("Ja", "Yes") if significant else ("Nee", "No")
    basis = Text(
        nl=f"tabel {line.table}, {label.nl}: {row.nl}; significant: {nl}",
        en=f"table {line.table}, {label.en}: {row.en}; significant: {en}",
    )
    return place.variable, basis, significant


def _differ(tables: Printed, statement: Differ | NoDifference) -> Iterator[Part]:
    expected = isinstance(statement, Differ)
    for line in statement.lines:
        subject, basis, significant = _whole(tables, line)
        if significant is None:
            yield not_checkable(subject, NOT_PRINTED)
        else:
            verdict = "supported" if significant == expected else "contradicted"
            yield Part(subject, verdict, basis, statistic="difference")


def _equal(tables: Printed, statement: Equal) -> Iterator[Part]:
    a, b = statement.pair
    for line in statement.lines:
        variable, basis, significant = _whole(tables, line)
        subject = f"{variable}: {a} - {b}"
        if significant is None:
            yield not_checkable(subject, NOT_PRINTED)
            continue
        numbers = {p: tables.number(line.key(p)) for p in place_of(tables.study, line).positions}
        extremes = {min(numbers.values()), max(numbers.values())}
        verdict, why = "supported", ""
        if significant and {numbers[a], numbers[b]} == extremes:
            verdict = "contradicted"
        elif significant:
            verdict, why = "not_supported", "untested"
        yield Part(subject, verdict, basis, why, **difference(tables, line.key(a), line.key(b)))


def _reason(tables: Printed, statement: NotCheckable) -> Iterator[Part]:
    yield not_checkable("", statement.reason)


_RULES: dict[type[Statement], Callable[[Printed, Any], Iterator[Part]]] = {
    Order: _ranked,
    Larger: _ranked,
    Extreme: _ranked,
    Monotone: _monotone,
    Differ: _differ,
    NoDifference: _differ,
    Equal: _equal,
    NotCheckable: _reason,
    **CELL_RULES,
    **MODEL_RULES,
}
