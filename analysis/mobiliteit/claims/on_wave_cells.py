"""Claims about numbers, respondents and correlations, on a wave.

The rules are stated in :mod:`mobiliteit.claims.on_wave`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import numpy as np
import pandas as pd
from scipy import stats

from mobiliteit.claims.bench import (
    YES,
    Bench,
    absent,
    directed,
    mean_interval,
    said,
    said_p,
    share_interval,
)
from mobiliteit.claims.forms import Correlation, Fact, Ratio, Respondents, Statement, Value
from mobiliteit.claims.places import answer_labels, cell_label, row_label
from mobiliteit.claims.terms import Cell, Text, text_number, text_reach
from mobiliteit.claims.verdicts import NOT_PRINTED, Part, not_checkable
from mobiliteit.compare import count_groups
from mobiliteit.errors import AnalysisError, Problem
from mobiliteit.results import number
from mobiliteit.study_schema import ClassTable, FrequencyTable, GroupTable, RegressionTable
from mobiliteit.tables import TOTAL


@dataclass(frozen=True)
class Estimate:
    """A number of a wave with its interval; NaN limits where it has none."""

    value: float
    low: float
    high: float
    n: int
    decimals: int
    statistic: str


def cell_estimate(bench: Bench, cell: Cell) -> Estimate:
    """Compute what a cell of a table is on this wave.

    Raises
    ------
    AnalysisError
        The wave lacks the variable, or the cell is no number.
    """
    table = bench.study.tables.tables[cell.table]
    if isinstance(table, RegressionTable):
        _, fit = bench.model(cell)
        if cell.row == table.explained_variance:
            r2, low, high = 100 * fit.fit.r2, 100 * fit.r2_low, 100 * fit.r2_high
            return Estimate(r2, low, high, fit.fit.n, 1, "r2_percent")
        beta, *limits = (
            number(fit.coefficients, cell.row, name) for name in ("beta", "beta_low", "beta_high")
        )
        return Estimate(beta, limits[0], limits[1], fit.fit.n, 2, "beta")
    if isinstance(table, FrequencyTable):
        counts = count_groups(bench.frame(table.sample, table.variable), table.variable)
        count = float(counts.n if cell.row == TOTAL else counts.counts[cell.row])
        if table.columns[cell.column] == "count":
            return Estimate(count, np.nan, np.nan, counts.n, 0, "count")
        return Estimate(*share_interval(count, counts.n, bench.level), counts.n, 1, "percent")
    variable, by, position, share = _in_group(bench, table, cell)
    frame = bench.frame(table.sample, variable, by)
    if variable not in frame or by not in frame:
        problem = Problem(f"{variable} or {by} is not in the data", "Use a name of the codebook.")
        raise AnalysisError("This claim cannot be judged.", [problem])
    values = frame.loc[frame[by] == position, variable].dropna().astype("float64")
    if values.empty:
        problem = Problem(f"nobody in {position} has {variable}", "Add respondents.")
        raise AnalysisError("This claim cannot be judged.", [problem])
    n = len(values)
    if share:
        found = share_interval(float((values == YES).sum()), n, bench.level)
        return Estimate(*found, n, 1, "percent")
    return Estimate(*mean_interval(values, bench.level), n, 2, "mean")


def _in_group(
    bench: Bench, table: GroupTable | ClassTable, cell: Cell
) -> tuple[str, str, str, bool]:
    if isinstance(table, GroupTable):
        row = table.rows[cell.row]
        share = (row.statistic or table.statistic) == "percent"
        return row.variable or cell.row, table.by, cell.column, share
    variable = table.columns[cell.column].variable or cell.column
    for factor, by in table.factors.items():
        for name in bench.study.categories(by):
            if cell.row == f"{factor}_{name}":
                return variable, by, name, False
    problem = Problem(f"there is no class {cell.row}", "Use a class of the table.")
    raise AnalysisError("This claim cannot be judged.", [problem])


def agreement(
    subject: str, label: Text, found: Estimate, value: str, reach: tuple[Decimal, Decimal]
) -> Part:
    """Judge a number of the text: within its rounding, outside the interval, or neither."""
    low, high = float(reach[0]), float(reach[1])
    verdict, why = "not_supported", "not_equivalent"
    least, most = (found.low, found.high) if np.isfinite(found.low) else (found.value, found.value)
    # Binary arithmetic must not move 2.5 out of what rounds to 3.
    if low <= round(found.value, 9) < high:
        verdict, why = "supported", ""
    elif most < low or least >= high:
        verdict, why = "contradicted", ""
    shown = said(found.value, found.decimals, found.low, found.high)
    basis = Text(
        nl=f"{label.nl}: {shown.nl}; in de tekst {value}",
        en=f"{label.en}: {shown.en}; in the text {value.replace(',', '.')}",
    )
    return Part(
        subject,
        verdict,
        basis,
        why,
        statistic=found.statistic,
        estimate=found.value,
        low=found.low,
        high=found.high,
        n=found.n,
    )


def _value(bench: Bench, statement: Value) -> Iterator[Part]:
    for cell in statement.cells:
        found, shift = cell_estimate(bench, cell), float(text_number(cell.shift))
        moved = Estimate(
            found.value + shift,
            found.low + shift,
            found.high + shift,
            found.n,
            found.decimals,
            found.statistic,
        )
        reach = text_reach(cell.value, cell.within)
        label = cell_label(bench.study, cell)
        if shift:
            label = Text(nl=f"{label.nl} ({cell.shift})", en=f"{label.en} ({cell.shift})")
        subject = cell.subject
        yield agreement(subject, label, moved, cell.value, reach)


def _ratio(bench: Bench, statement: Ratio) -> Iterator[Part]:
    a, b = cell_estimate(bench, statement.more), cell_estimate(bench, statement.less)
    one, other = (cell_label(bench.study, cell) for cell in (statement.more, statement.less))
    subject = f"{statement.more.row} : {statement.less.row}"
    if not (a.value > 0 and b.value > 0 and np.isfinite(a.low) and np.isfinite(b.low)):
        yield not_checkable(subject, NOT_PRINTED)
        return
    # Delta method on the logarithm; the groups are independent.
    half = np.sqrt(sum(((found.high - found.low) / (2 * found.value)) ** 2 for found in (a, b)))
    ratio = a.value / b.value
    found = Estimate(
        ratio, float(ratio * np.exp(-half)), float(ratio * np.exp(half)), a.n + b.n, 2, "ratio"
    )
    label = Text(nl=f"{one.nl} : {other.nl}", en=f"{one.en} : {other.en}")
    yield agreement(subject, label, found, statement.value, text_reach(statement.value))


def _respondents(bench: Bench, statement: Respondents) -> Iterator[Part]:
    name = statement.variable
    frame = bench.frame(statement.sample, name)
    if name not in frame:
        problem = Problem(f"{name} is not in the data", "Use a name of the codebook.")
        raise AnalysisError("This claim cannot be judged.", [problem])
    values = frame[name].dropna()
    label = row_label(bench.study, name)
    for fact in statement.facts:
        what = ", ".join(map(str, fact.values))
        subject = f"{name}: {fact.statistic}" + (f" {what}" if what else "")
        if values.empty:
            yield not_checkable(subject, NOT_PRINTED)
            continue
        found = _fact(fact, values, bench.level)
        answers = answer_labels(bench.study, name, fact.values)
        kind = _KINDS[fact.statistic]
        own = Text(
            nl=f"{label.nl} ({' '.join(filter(None, [kind[0], answers.nl]))})",
            en=f"{label.en} ({' '.join(filter(None, [kind[1], answers.en]))})",
        )
        yield agreement(subject, own, found, fact.value, text_reach(fact.value, fact.within))


_KINDS = {
    "share": ("percentage", "percentage"),
    "at_least": ("percentage ten minste", "percentage at least"),
    "count": ("aantal", "number"),
    "mean": ("gemiddelde", "mean"),
    "min": ("laagste", "lowest"),
    "max": ("hoogste", "highest"),
}


def _fact(fact: Fact, values: pd.Series, level: float) -> Estimate:
    n = len(values)
    if fact.statistic in ("share", "count", "at_least"):
        chosen = values >= fact.values[0] if fact.statistic == "at_least" else None
        count = float((values.isin(fact.values) if chosen is None else chosen).sum())
        if fact.statistic == "count":
            return Estimate(count, np.nan, np.nan, n, 0, "count")
        return Estimate(*share_interval(count, n, level), n, 1, "percent")
    numbers = values.astype("float64")
    if fact.statistic == "mean":
        return Estimate(*mean_interval(numbers, level), n, 1, "mean")
    value = float(numbers.min() if fact.statistic == "min" else numbers.max())
    return Estimate(value, np.nan, np.nan, n, 0, fact.statistic)


def _correlation(bench: Bench, statement: Correlation) -> Iterator[Part]:
    names = [statement.x, statement.y]
    frame = bench.frame(statement.sample, *names)
    lacking = [name for name in names if name not in frame]
    if lacking:
        problem = Problem(f"{lacking[0]} is not in the data", "Use a name of the codebook.")
        raise AnalysisError("This claim cannot be judged.", [problem])
    pair = frame[names].dropna().astype("float64")
    subject = f"{statement.x} ~ {statement.y}"
    n = len(pair)
    if n < 4 or (pair.nunique() < 2).any():
        yield not_checkable(subject, NOT_PRINTED)
        return
    test = stats.pearsonr(pair[statement.x], pair[statement.y])
    r, p = float(test.statistic), float(test.pvalue)
    low, high = (float(limit) for limit in test.confidence_interval(bench.level))
    label = [row_label(bench.study, name) for name in names]
    shown, shown_p = said(r, 2, low, high), said_p(p)
    basis = Text(
        nl=f"{label[0].nl} met {label[1].nl}: r = {shown.nl}, {shown_p.nl}",
        en=f"{label[0].en} with {label[1].en}: r = {shown.en}, {shown_p.en}",
    )
    numbers = {"estimate": r, "low": low, "high": high, "p": p, "n": n}
    if statement.sign != "0":
        sign = 1 if statement.sign == "+" else -1
        part = directed(subject, basis, {**numbers, "estimate": sign * r}, bench.alpha, "r")
        yield Part(**{**vars(part), "estimate": r})
        return
    # Two one-sided tests on Fisher's z.
    z, reach, scale = np.arctanh(r), np.arctanh(bench.bounds.r), np.sqrt(n - 3)
    p_zero = float(max(stats.norm.sf((z + reach) * scale), stats.norm.cdf((z - reach) * scale)))
    bound, shown_zero = said(bench.bounds.r, 2), said_p(p_zero)
    basis = Text(
        nl=f"{basis.nl}; kleiner dan {bound.nl}: {shown_zero.nl}",
        en=f"{basis.en}; smaller than {bound.en}: {shown_zero.en}",
    )
    yield absent(
        subject,
        basis,
        {**numbers, "p": p_zero},
        equivalent=p_zero < bench.alpha,
        significant=p < bench.alpha,
        statistic="r",
    )


CELL_RULES: dict[type[Statement], Callable[[Bench, Any], Iterator[Part]]] = {
    Value: _value,
    Ratio: _ratio,
    Respondents: _respondents,
    Correlation: _correlation,
}
