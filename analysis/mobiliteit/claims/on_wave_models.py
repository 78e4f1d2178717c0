"""Claims about coefficients, explained variance, mediation and suppression, on a wave.

The rules are stated in :mod:`mobiliteit.claims.on_wave`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

import numpy as np
import pandas as pd

from mobiliteit.claims.bench import Bench, absent, directed, said, said_p
from mobiliteit.claims.forms import (
    Change,
    Compare,
    Explained,
    Mediation,
    NoRelation,
    Sign,
    Statement,
    Strongest,
    Suppressor,
)
from mobiliteit.claims.on_wave_cells import agreement, cell_estimate
from mobiliteit.claims.places import ModelPlace, cell_label, explained_cell, model_of, row_label
from mobiliteit.claims.terms import Cell, Text, text_number, text_reach
from mobiliteit.claims.verdicts import Part, not_checkable
from mobiliteit.errors import AnalysisError, Problem
from mobiliteit.inference.equivalence import equivalent_in
from mobiliteit.inference.regression import betas_of
from mobiliteit.inference.resample import Array, Resampled, resample
from mobiliteit.inference.suppress import find_suppressors
from mobiliteit.results import number
from mobiliteit.study_schema import RegressionTable

ONE_OUTCOME = Text(
    nl="vergeleken worden alleen modellen van één uitkomst in één steekproef",
    en="only models of one outcome in one sample are compared",
)


def _coefficient(bench: Bench, cell: Cell) -> tuple[dict[str, Any], Text]:
    _, fit = bench.model(cell)
    label = cell_label(bench.study, cell)
    beta, low, high, p = (
        number(fit.coefficients, cell.row, name) for name in ("beta", "beta_low", "beta_high", "p")
    )
    shown, shown_p = said(beta, 2, low, high), said_p(p)
    basis = Text(
        nl=f"{label.nl}: bèta {shown.nl}, {shown_p.nl}",
        en=f"{label.en}: beta {shown.en}, {shown_p.en}",
    )
    return {"estimate": beta, "low": low, "high": high, "p": p, "n": fit.fit.n}, basis


def _sign(bench: Bench, statement: Sign) -> Iterator[Part]:
    for cell in statement.coefficients:
        numbers, basis = _coefficient(bench, cell)
        sign = 1 if cell.sign == "+" else -1
        signed = {**numbers, "estimate": sign * numbers["estimate"]}
        part = directed(cell.subject, basis, signed, bench.alpha, "beta")
        yield Part(**{**vars(part), "estimate": numbers["estimate"]})


def _no_relation(bench: Bench, statement: NoRelation) -> Iterator[Part]:
    for cell in statement.cells_named:
        numbers, basis = _coefficient(bench, cell)
        _, fit = bench.model(cell)
        test = equivalent_in(fit, cell.row, bound=bench.bounds.beta, alpha=bench.alpha)
        bound, p = said(test.bound, 2), said_p(test.p)
        basis = Text(
            nl=f"{basis.nl}; kleiner dan {bound.nl}: {p.nl}",
            en=f"{basis.en}; smaller than {bound.en}: {p.en}",
        )
        yield absent(
            cell.subject,
            basis,
            {**numbers, "p": test.p},
            equivalent=test.equivalent,
            significant=numbers["p"] < bench.alpha,
            statistic="beta",
        )


def _explained(bench: Bench, statement: Explained) -> Iterator[Part]:
    cell = explained_cell(bench.study, statement.table, statement.column)
    found, label = cell_estimate(bench, cell), cell_label(bench.study, cell)
    reach = text_reach(statement.value)
    part = agreement(cell.subject, label, found, f"{statement.value}%", reach)
    _, fit = bench.model(cell)
    p = fit.fit.f_p
    yield Part(**{**vars(part), "p": p})
    if statement.significant is None:
        return
    significant = p < bench.alpha
    verdict, why = "supported", ""
    if statement.significant and not significant:
        verdict, why = "not_supported", "not_significant"
    elif significant and not statement.significant:
        verdict = "contradicted"
    shown, f = said_p(p), said(fit.fit.f, 2)
    basis = Text(nl=f"{label.nl}: F = {f.nl}, {shown.nl}", en=f"{label.en}: F = {f.en}, {shown.en}")
    yield Part(
        f"{cell.subject}: significant",
        verdict,
        basis,
        why,
        statistic="F",
        estimate=fit.fit.f,
        p=p,
        n=fit.fit.n,
    )


def _bootstrap(
    bench: Bench,
    statement: Statement,
    models: Sequence[ModelPlace],
    statistic: Callable[..., Array],
) -> tuple[Resampled, int]:
    """Bootstrap a function of the betas and R2 of models of one outcome, on one listwise n."""
    names = list(dict.fromkeys(name for model in models for name in model.predictors))
    return bench.once(
        ("bootstrap", repr(statement)),
        models[0].sample,
        (models[0].outcome, *names),
        lambda frame: _drawn(bench, frame, models, names, statistic),
    )


def _drawn(
    bench: Bench,
    frame: pd.DataFrame,
    models: Sequence[ModelPlace],
    names: list[str],
    statistic: Callable[..., Array],
) -> tuple[Resampled, int]:
    outcome = models[0].outcome
    lacking = [name for name in [*names, outcome] if name not in frame]
    complete = None if lacking else frame[[*names, outcome]].dropna().astype("float64")
    if complete is None or len(complete) < len(names) + 2 or (complete.nunique() < 2).any():
        what = f"{lacking[0]} is not in the data" if lacking else "too few complete respondents"
        raise AnalysisError("This claim cannot be judged.", [Problem(what, "Use other data.")])
    scores = ((complete - complete.mean()) / complete.std(ddof=0)).to_numpy()
    places = [[*(names.index(name) for name in m.predictors), len(names)] for m in models]

    def of_models(covariances: Array) -> Array:
        fits = []
        for place in places:
            part = covariances[:, place][:, :, place]
            deviations = np.sqrt(np.diagonal(part, axis1=1, axis2=2))
            r = part[:, :-1, -1] / (deviations[:, :-1] * deviations[:, -1:])
            betas = betas_of(part)
            fits.append((betas, (betas * r).sum(axis=1)))
        return statistic(*fits)

    drawn = resample(scores, of_models, resamples=bench.resamples, seed=bench.seed)
    return drawn, len(complete)


def _change(bench: Bench, statement: Change) -> Iterator[Part]:
    tolerance = float(text_number(statement.tolerance))
    before, after = (
        model_of(bench.study, statement.table, column)
        for column in (statement.before, statement.after)
    )
    if (before.outcome, before.sample) != (after.outcome, after.sample):
        yield not_checkable(statement.table, ONE_OUTCOME)
        return
    rows = [(before.predictors.index(row), after.predictors.index(row)) for row in statement.rows]

    def statistic(first: tuple[Array, Array], second: tuple[Array, Array]) -> Array:
        grown = [np.abs(second[0][:, b]) - np.abs(first[0][:, a]) for a, b in rows]
        both = [fit[0][:, k] for a, b in rows for fit, k in ((first, a), (second, b))]
        return np.stack([*grown, *both], axis=1)

    drawn, n = _bootstrap(bench, statement, [before, after], statistic)
    wide, narrow = drawn.percentile(bench.level), drawn.percentile(1 - 2 * bench.alpha)
    for k, row in enumerate(statement.rows):
        low, high = (float(limit[k]) for limit in wide)
        inner = tuple(float(limit[k]) for limit in narrow)
        first, second = (float(drawn.estimate[len(rows) + 2 * k + j]) for j in (0, 1))
        verdict, why = _changed(statement.change, (low, high), inner, tolerance)
        grown, label = said(float(drawn.estimate[k]), 3, low, high), row_label(bench.study, row)
        one, two = said(first, 2), said(second, 2)
        yield Part(
            f"{statement.table} {row}: {statement.before} > {statement.after}",
            verdict,
            Text(
                nl=f"{label.nl}: bèta {one.nl} wordt {two.nl}, verschil in grootte {grown.nl}",
                en=f"{label.en}: beta {one.en} becomes {two.en}, change in size {grown.en}",
            ),
            why,
            statistic="change_in_size",
            estimate=float(drawn.estimate[k]),
            low=low,
            high=high,
            n=n,
        )


def _changed(
    change: str, wide: tuple[float, float], inner: tuple[float, ...], tolerance: float
) -> tuple[str, str]:
    """Judge a change in size by its interval, and by the narrower one for equivalence."""
    low, high = wide
    if change in ("grows", "shrinks"):
        low, high = (low, high) if change == "grows" else (-high, -low)
        if low > 0:
            return "supported", ""
        return ("contradicted", "") if high < 0 else ("not_supported", "not_significant")
    above = inner[0] > -tolerance
    if above and (change == "not_shrinks" or inner[1] < tolerance):
        return "supported", ""
    outside = high < 0 if change == "not_shrinks" else (low > 0 or high < 0)
    return ("contradicted", "") if outside else ("not_supported", "not_equivalent")


def _strongest(bench: Bench, statement: Strongest) -> Iterator[Part]:
    own = statement.coefficient
    model = model_of(bench.study, own.table, own.column)
    position = model.predictors.index(own.row)

    def statistic(fit: tuple[Array, Array]) -> Array:
        size = np.abs(fit[0])
        return size[:, [position]] - size

    drawn, n = _bootstrap(bench, statement, [model], statistic)
    low, high = drawn.percentile(bench.level)
    _, basis = _coefficient(bench, own)
    for k, row in enumerate(model.predictors):
        if row != own.row:
            label = row_label(bench.study, row)
            shown = said(number(bench.model(own)[1].coefficients, row, "beta"), 2)
            ahead = said(float(drawn.estimate[k]), 2, float(low[k]), float(high[k]))
            yield _by_interval(
                f"{own.subject} - {row}",
                Text(
                    nl=f"{basis.nl}; {label.nl} {shown.nl}, verschil in grootte {ahead.nl}",
                    en=f"{basis.en}; {label.en} {shown.en}, difference in size {ahead.en}",
                ),
                (float(drawn.estimate[k]), float(low[k]), float(high[k])),
                n,
            )


def _by_interval(subject: str, basis: Text, found: tuple[float, float, float], n: int) -> Part:
    estimate, low, high = found
    verdict, why = "not_supported", "not_significant"
    if low > 0 or high < 0:
        verdict, why = ("supported" if low > 0 else "contradicted"), ""
    return Part(
        subject,
        verdict,
        basis,
        why,
        statistic="difference",
        estimate=estimate,
        low=low,
        high=high,
        n=n,
    )


def _compare(bench: Bench, statement: Compare) -> Iterator[Part]:
    cells = (statement.more, statement.less)
    subject = " - ".join(cell.subject for cell in cells)
    tables = [bench.study.tables.tables[cell.table] for cell in cells]
    explained = all(
        isinstance(table, RegressionTable) and cell.row == table.explained_variance
        for table, cell in zip(tables, cells, strict=True)
    )
    models = [model_of(bench.study, c.table, c.column) for c in cells] if explained else []
    if not explained or (models[0].outcome, models[0].sample) != (
        models[1].outcome,
        models[1].sample,
    ):
        yield not_checkable(subject, ONE_OUTCOME)
        return

    def statistic(first: tuple[Array, Array], second: tuple[Array, Array]) -> Array:
        return np.stack([first[1] - second[1], first[1], second[1]], axis=1) * 100

    drawn, n = _bootstrap(bench, statement, models, statistic)
    low, high = drawn.percentile(bench.level)
    shown = said(float(drawn.estimate[0]), 1, float(low[0]), float(high[0]))
    one, two = (said(float(drawn.estimate[k]), 1) for k in (1, 2))
    labels = [cell_label(bench.study, cell) for cell in cells]
    basis = Text(
        nl=f"{labels[0].nl} {one.nl}%, {labels[1].nl} {two.nl}%, verschil {shown.nl} (één n)",
        en=f"{labels[0].en} {one.en}%, {labels[1].en} {two.en}%, difference {shown.en} (one n)",
    )
    found = float(drawn.estimate[0]), float(low[0]), float(high[0])
    yield _by_interval(subject, basis, found, n)


def _mediation(bench: Bench, statement: Mediation) -> Iterator[Part]:
    name = "indirect_standardized"
    fit = bench.mediation(statement.table, statement.path, statement.total)
    for factor in statement.factors:
        label = row_label(bench.study, factor)
        estimate, low, high = (
            number(fit.indirect, factor, name + side) for side in ("", "_bca_low", "_bca_high")
        )
        limits = fit.percentile(factor, 1 - 2 * bench.alpha)
        bound = bench.bounds.indirect
        present = low > 0 or high < 0
        small = -bound < limits[0] and limits[1] < bound
        shown, least = said(estimate, 3, low, high), said(bound, 2)
        between = [said(limit, 3) for limit in limits]
        basis = Text(
            nl=f"{label.nl}: indirect {shown.nl}; {fit.reading(factor, 'nl')}; tussen"
            f" {between[0].nl} en {between[1].nl} (grens {least.nl})",
            en=f"{label.en}: indirect {shown.en}; {fit.reading(factor, 'en')}; between"
            f" {between[0].en} and {between[1].en} (bound {least.en})",
        )
        numbers: dict[str, Any] = {"estimate": estimate, "low": low, "high": high, "n": fit.n}
        subject = f"{statement.table} {factor} > {statement.mediator}"
        if statement.form == "not_mediated":
            yield absent(
                subject, basis, numbers, equivalent=small, significant=present, statistic=name
            )
        elif present:
            yield Part(subject, "supported", basis, statistic=name, **numbers)
        else:
            verdict, why = ("contradicted", "") if small else ("not_supported", "not_significant")
            yield Part(subject, verdict, basis, why, statistic=name, **numbers)


def _suppressor(bench: Bench, statement: Suppressor) -> Iterator[Part]:
    cell = statement.coefficient
    model = model_of(bench.study, cell.table, cell.column)
    found = find_suppressors(
        bench.frame(model.sample, model.outcome, *model.predictors),
        model.outcome,
        model.predictors,
        level=bench.level,
        alpha=bench.alpha,
    )
    table, label = found.predictors, cell_label(bench.study, cell)
    r, r_p, beta, beta_p = (
        number(table, cell.row, name) for name in ("r", "r_p", "beta", "beta_p")
    )
    verdict, why = "not_supported", "not_significant"
    if table.at[cell.row, "kind"] == "classical":
        verdict, why = "supported", ""
    elif r_p < bench.alpha:
        verdict, why = "contradicted", ""
    texts = said(r, 2), said_p(r_p), said(beta, 2), said_p(beta_p)
    yield Part(
        cell.subject,
        verdict,
        Text(
            nl=f"{label.nl}: r = {texts[0].nl}, {texts[1].nl}; bèta {texts[2].nl}, {texts[3].nl}",
            en=f"{label.en}: r = {texts[0].en}, {texts[1].en}; beta {texts[2].en}, {texts[3].en}",
        ),
        why,
        statistic="beta_minus_r",
        estimate=beta - r,
        low=number(table, cell.row, "difference_low"),
        high=number(table, cell.row, "difference_high"),
        p=beta_p,
        n=found.n,
    )


MODEL_RULES: dict[type[Statement], Callable[[Bench, Any], Iterator[Part]]] = {
    Sign: _sign,
    NoRelation: _no_relation,
    Explained: _explained,
    Change: _change,
    Strongest: _strongest,
    Compare: _compare,
    Mediation: _mediation,
    Suppressor: _suppressor,
}
