"""Beyond the tables: what the tests of the report leave open, for a table of the study.

A table is named by its number and read from ``study/tables.yaml``; no variable of the study is
named here. Missing values are treated as in the functions underneath: group comparisons leave out
pairwise, regressions and mediation listwise. Weights are refused. A number that a wave cannot
give is NaN with a reason, and the rest is unaffected.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import pandas as pd

from mobiliteit.beyond_results import (
    CHANGE_COLUMNS,
    P_VALUES,
    PAIR_COLUMNS,
    TEST_COLUMNS,
    FamiliesBeyond,
    GroupsBeyond,
    MediationBeyond,
    RegressionsBeyond,
    as_records,
)
from mobiliteit.compare import compare_means, compare_shares
from mobiliteit.errors import AnalysisError, Problem
from mobiliteit.gaps import gap, unavailable
from mobiliteit.inference.association import association
from mobiliteit.inference.blocks import block_regression
from mobiliteit.inference.categorical import independence
from mobiliteit.inference.contrasts import pairwise_means, welch_anova
from mobiliteit.inference.effects import variance_explained
from mobiliteit.inference.mediate import mediate
from mobiliteit.inference.multiplicity import adjust, correct_table
from mobiliteit.inference.ranks import compare_ranks
from mobiliteit.inference.regression import RegressionInference, infer_regression
from mobiliteit.inference.resample import DEFAULT_RESAMPLES, DEFAULT_SEED
from mobiliteit.inference.shares import shares
from mobiliteit.inference.suppress import Suppression, find_suppressors
from mobiliteit.study_schema import ClassTable, GroupTable, Model, RegressionTable, Table
from mobiliteit.tables import compute_tables
from mobiliteit.wave import Wave
from mobiliteit.weights import without_weights


@without_weights
def compare_beyond(
    wave: Wave, number: str, *, level: float = 0.95, alpha: float = 0.05
) -> GroupsBeyond:
    """Put beside the tests of a table of groups what they leave open.

    Parameters
    ----------
    wave : Wave
        A clean wave.
    number : str
        A table of groups, or of classes, such as "3.3".
    level : float
        Confidence level of the effect sizes.
    alpha : float
        Significance level. Pairs are compared only where a test of the row (as published, Welch's,
        or the exact one) is below it.

    Returns
    -------
    GroupsBeyond
        Respondents without an outcome or a group are left out, test by test.

    Raises
    ------
    AnalysisError
        There is no such table, or it compares no groups.

    Notes
    -----
    :func:`welch_anova`, :func:`compare_ranks` (single questions with ordered answers),
    :func:`independence`, :func:`variance_explained`, :func:`association`, :func:`pairwise_means`
    (Games-Howell), :func:`shares` and :func:`adjust`, of the modules beside this one. The family of
    Holm and Benjamini-Hochberg is the table.
    """
    definition = _table(wave, number, GroupTable, ClassTable)
    frame = wave.sample(definition.sample)
    rows, pairs = [], []
    for row, column, outcome, by, percent in _comparisons(definition):
        place = {"row": row, "column": column, "outcome": outcome, "by": by}
        place["statistic"] = "percent" if percent else "mean"
        place["effect"] = "cramers_v_corrected" if percent else "omega2"
        try:
            found = (_shares if percent else _means)(wave, frame, outcome, by, level)
        except AnalysisError as error:
            note = _reason(error, wave, outcome, by)
            rows.append(place | {"n": 0, "n_missing": len(frame), "note": note})
            continue
        found["note"] = gap(wave, outcome) or unavailable(wave, [by]) or found["note"]
        tested = [found[key] for key in ("p", "p_welch", "p_exact") if key in found]
        compared = any(p < alpha for p in tested)
        rows.append(place | found | {"compared": compared})
        if compared:
            table = (
                shares(frame, outcome, by).pairs
                if percent
                else pairwise_means(frame, outcome, by).pairs
            )
            pairs += [{"row": row, "column": column} | _ordered(pair) for pair in as_records(table)]
    tests = pd.DataFrame(rows, columns=list(TEST_COLUMNS))
    numbers = [*P_VALUES, "estimate", "low", "high"]
    tests[numbers] = tests[numbers].astype("float64")
    tests["compared"] = [value is True for value in tests["compared"]]
    for name in ("note", "exact_method"):
        tests[name] = tests[name].astype("object").fillna("").astype("str")
    tests["p_holm"], tests["p_bh"] = adjust(tests["p"], "holm"), adjust(tests["p"], "bh")
    m = int(tests["p"].notna().sum())
    return GroupsBeyond(
        number, definition, wave, tests, pd.DataFrame(pairs, columns=list(PAIR_COLUMNS)), m,
        len(tests) - m, level, alpha,
    )  # fmt: skip


@without_weights
def regress_beyond(wave: Wave, number: str, *, level: float = 0.95) -> RegressionsBeyond:
    """Put intervals, robust tests, suppressors and nested models beside a table of regressions.

    Parameters
    ----------
    wave : Wave
        A clean wave.
    number : str
        A table of regressions, such as "3.7".
    level : float
        Confidence level.

    Returns
    -------
    RegressionsBeyond
        Complete cases per column, as in the table.

    Raises
    ------
    AnalysisError
        There is no such table, or it holds no regressions.

    Notes
    -----
    :func:`infer_regression` (delta intervals), :func:`find_suppressors` and
    :func:`block_regression`. Columns are nested when outcome and sample are the same and the
    predictors of one are among those of the other; only neighbours in such a chain are compared.
    """
    definition = _table(wave, number, RegressionTable)
    models: dict[str, RegressionInference] = {}
    suppression: dict[str, Suppression] = {}
    lacking: dict[str, str] = {}
    for column, model in definition.columns.items():
        frame, names = wave.sample(_conditions(definition, model)), _predictors(definition, model)
        try:
            models[column] = infer_regression(frame, model.outcome, names, level=level)
            if len(names) > 1:
                suppression[column] = find_suppressors(frame, model.outcome, names, level=level)
        except AnalysisError as error:
            lacking[column] = _reason(error, wave, model.outcome, *names)
    changes = []
    for smaller, larger in nested_columns(definition):
        if not {smaller, larger} <= set(models):
            continue
        model = definition.columns[larger]
        first = _predictors(definition, definition.columns[smaller])
        added = [name for name in _predictors(definition, model) if name not in first]
        blocks = {smaller: first, larger: added}
        frame = wave.sample(_conditions(definition, model))
        fit = block_regression(frame, model.outcome, blocks, level=level)
        step = as_records(fit.steps.loc[[larger]].rename(columns={"f_change": "f"}))[0]
        change = {"smaller": smaller, "larger": larger, "added": tuple(added)}
        changes.append(step | change | {"n": fit.n, "n_missing": fit.n_missing})
    table = pd.DataFrame(changes, columns=list(CHANGE_COLUMNS))
    return RegressionsBeyond(number, definition, wave, models, suppression, table, lacking)


@without_weights
def mediate_beyond(
    wave: Wave,
    number: str,
    outcome_column: str | None = None,
    *,
    level: float = 0.95,
    resamples: int = DEFAULT_RESAMPLES,
    seed: int = DEFAULT_SEED,
) -> MediationBeyond:
    """Test the mediation that a table of regressions argues, for all its factors at once.

    Parameters
    ----------
    wave : Wave
        A clean wave.
    number : str
        A table of regressions in which the outcome of one column is a predictor in another.
    outcome_column : str, optional
        Which column holds the mediator as a predictor; by default the one with fewest predictors.
        Predictors of it that do not predict the mediator in the table enter all equations, as
        covariates.
    level : float
        Confidence level.
    resamples, seed : int
        Of the bootstrap.

    Returns
    -------
    MediationBeyond
        One listwise n for all steps (so possibly fewer respondents than a column of the table).

    Raises
    ------
    AnalysisError
        There is no such table, or it argues no mediation.
    """
    definition = _table(wave, number, RegressionTable)
    found = [pair for pair in mediation_columns(definition) if outcome_column in (None, pair[1])]
    if not found:
        problem = Problem(
            "the outcome of no column is a predictor in another",
            "Name a table, and a column, that adds the mediator to its factors.",
        )
        raise AnalysisError(f"Table {number} argues no such mediation.", [problem])
    a, c = found[0]
    first, last = definition.columns[a], definition.columns[c]
    factors = _predictors(definition, first)
    others = [name for name in _predictors(definition, last) if name not in factors]
    covariates = [name for name in others if name != first.outcome]
    frame = wave.sample(_conditions(definition, last))
    try:
        result = mediate(
            frame, last.outcome, first.outcome, factors, covariates=covariates, level=level,
            resamples=resamples, seed=seed,
        )  # fmt: skip
    except AnalysisError as error:
        reason = _reason(error, wave, last.outcome, first.outcome, *factors, *covariates)
        return MediationBeyond(number, definition, wave, a, c, None, reason)
    return MediationBeyond(number, definition, wave, a, c, result)


def count_tests(wave: Wave, *, alpha: float = 0.05) -> FamiliesBeyond:
    """Count the tests of every table, and those that survive a correction within the table.

    Every p of a table is a test of its family: coefficients and the F tests of explained variance
    alike. Tests that could not be done are counted apart; tables without tests are left out.
    """
    counts = {}
    for number, result in compute_tables(wave).items():
        for family in correct_table(result.tidy(), level=alpha):
            counts[number] = {"tests": family.m, "missing": family.n_missing, **family.significant}
    columns = ["tests", "missing", "p", "p_holm", "p_bh"]
    table = pd.DataFrame.from_dict(counts, orient="index", columns=columns)
    return FamiliesBeyond(wave, table, alpha)


def nested_columns(definition: RegressionTable) -> list[tuple[str, str]]:
    """Pairs of columns (smaller, larger) that are nested, without those that skip a column."""
    pairs = [
        (a, b)
        for a, smaller in definition.columns.items()
        for b, larger in definition.columns.items()
        if smaller.outcome == larger.outcome
        and _conditions(definition, smaller) == _conditions(definition, larger)
        and set(_predictors(definition, smaller)) < set(_predictors(definition, larger))
    ]
    return [
        (a, b) for a, b in pairs if not any((a, c) in pairs and (c, b) in pairs for _, c in pairs)
    ]


def mediation_columns(definition: RegressionTable) -> list[tuple[str, str]]:
    """Pairs of columns (of the mediator, of the outcome with it), fewest predictors first."""
    pairs = [
        (a, c)
        for a, first in definition.columns.items()
        for c, last in definition.columns.items()
        if {*_predictors(definition, first), first.outcome} <= set(_predictors(definition, last))
        and _conditions(definition, first) == _conditions(definition, last)
    ]
    return sorted(pairs, key=lambda pair: len(_predictors(definition, definition.columns[pair[1]])))


def _comparisons(table: GroupTable | ClassTable) -> Iterator[tuple[str, str, str, str, bool]]:
    # Row, column, outcome, groups, and whether a share is compared.
    if isinstance(table, GroupTable):
        for name, row in table.rows.items():
            percent = (row.statistic or table.statistic) == "percent"
            yield name, table.by, row.variable or name, table.by, percent
        return
    for factor, classed in table.factors.items():
        for column, entry in table.columns.items():
            yield factor, column, entry.variable or column, classed, False


def _means(wave: Wave, frame: pd.DataFrame, outcome: str, by: str, level: float) -> dict[str, Any]:
    classic = compare_means(frame, outcome, by)
    effect = variance_explained(frame, outcome, by, level=level)
    found = {
        "p": classic.p,
        "p_welch": welch_anova(frame, outcome, by).p,
        "estimate": effect.omega2,
        "low": effect.low,
        "high": effect.high,
        "n": classic.n,
        "n_missing": classic.n_missing,
        "note": classic.note,
    }
    if wave.study.codebook.level(outcome) == "ordinal":
        found["p_rank"] = compare_ranks(frame, outcome, by).p
    return found


def _shares(wave: Wave, frame: pd.DataFrame, outcome: str, by: str, level: float) -> dict[str, Any]:
    classic = compare_shares(frame, outcome, by)
    # As the table does: code 1 against all other answers.
    yes = pd.DataFrame(
        {outcome: (frame[outcome] == 1).astype("float64").where(frame[outcome].notna())}
    ).assign(**{by: frame[by]})
    effect = association(yes, outcome, by, level=level)
    exact = independence(yes, outcome, by)
    return {
        "p": classic.p,
        "p_exact": exact.p_exact,
        "exact_method": exact.exact_method,
        "estimate": effect.v_corrected,
        "low": effect.low,
        "high": effect.high,
        "n": classic.n,
        "n_missing": classic.n_missing,
        "note": classic.note,
    }


def _ordered(pair: Mapping[str, Any]) -> dict[str, Any]:
    upward = pair["difference"] >= 0
    return {
        "higher": pair["a" if upward else "b"],
        "lower": pair["b" if upward else "a"],
        "difference": abs(pair["difference"]),
        "p": pair["p"],
        "n": pair["n"],
    }


def _predictors(definition: RegressionTable, model: Model) -> list[str]:
    return list(model.predictors or definition.rows)


def _conditions(definition: RegressionTable, model: Model) -> dict[str, list[Any]]:
    return definition.sample if model.sample is None else model.sample


def _reason(error: AnalysisError, wave: Wave, *names: str) -> str:
    # What the wave lacks explains everything that a test then stumbles over.
    why = unavailable(wave, names) or "; ".join(problem.what for problem in error.problems)
    return f"met deze golf niet te berekenen: {why}"


def _table(wave: Wave, number: str, *kinds: type[Table]) -> Any:
    fitting = [key for key, table in wave.study.tables.tables.items() if isinstance(table, kinds)]
    if number not in fitting:
        problem = Problem(
            f"{number!r} is no table of this kind", f"There are {', '.join(fitting)}."
        )
        raise AnalysisError("This cannot be done for that table.", [problem])
    return wave.study.tables.tables[number]
