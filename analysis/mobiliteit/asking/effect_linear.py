"""Effects on an outcome that is a number, and the linear model beside the others."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from math import nan

import pandas as pd
from scipy import stats

from mobiliteit.asking.answer import Check, Estimate, Picture
from mobiliteit.asking.checks import linear_checks
from mobiliteit.asking.data import Asked
from mobiliteit.asking.models import (
    Model,
    contrast_id,
    contrast_label,
    held_constant,
    pair_of,
    row_of,
)
from mobiliteit.asking.pictures import coefficients, means_of_groups, scatter
from mobiliteit.claims.terms import Text
from mobiliteit.inference.adjusted import AdjustedDifferences, adjusted_differences
from mobiliteit.inference.blocks import block_regression
from mobiliteit.inference.regression import RegressionInference, infer_regression

OLS = Text(nl="lineaire regressie (OLS)", en="linear regression (OLS)")
HC3 = Text(
    nl="lineaire regressie met fouten die ongelijke spreiding verdragen (HC3)",
    en="linear regression with errors that bear unequal spread (HC3)",
)
BETA = Text(
    nl="lineaire regressie op z-scores; interval met de deltamethode, die ongelijke spreiding"
    " verdraagt",
    en="linear regression on z-scores; interval by the delta method, which bears unequal spread",
)
GROUPS = Text(
    nl="gecorrigeerd verschil in standaardafwijkingen binnen de groepen (covariantieanalyse)",
    en="adjusted difference in standard deviations within the groups (analysis of covariance)",
)
BLOCK = Text(
    nl="deel van de variantie dat alleen deze groepen verklaren; F-toets van alle samen",
    en="share of variance that these groups alone explain; F test of all together",
)
BLOCK_HC3 = Text(
    nl="alle groepen samen getoetst met HC3-fouten",
    en="all groups tested together with HC3 errors",
)


@dataclass(frozen=True)
class Effects:
    """What a model says of the predictors.

    Attributes
    ----------
    estimates, robust : tuple of Estimate
        Predictor by predictor, the main measure of each first.
    checks : tuple of Check
    picture : Picture
    table : pandas.DataFrame
        Tidy, of the model.
    method : Text
    """

    estimates: tuple[Estimate, ...]
    robust: tuple[Estimate, ...]
    checks: tuple[Check, ...]
    picture: Picture
    table: pd.DataFrame
    method: Text


def linear_effects(asked: Asked, model: Model) -> Effects:
    """Estimate effects on a number by least squares.

    Parameters
    ----------
    asked, model : Asked, Model
        The question and its columns.

    Returns
    -------
    Effects
        Of a number ``beta`` and ``b``; of groups ``d`` and ``difference``, of more than two ``r2``
        before them.

    Raises
    ------
    AnalysisError
        The model has no estimate.
    """
    fit = infer_regression(model.frame, model.outcome, model.predictors, level=asked.level)
    compared = groups_on_mean(asked)
    estimates, robust = [], []
    for name in asked.question.predictors:
        if asked.prepared.kinds[name] == "number":
            estimates += [beta_of(asked, name, fit), _slope(asked, name, fit)]
            robust.append(_slope(asked, name, fit, tag="_hc3"))
            continue
        if asked.prepared.kinds[name] == "many":
            together, with_hc3 = block_of(asked, model, name)
            estimates.append(together)
            robust.append(with_hc3)
        for entry in differences_of(asked, name, compared[name]):
            (robust if entry.method is HC3 else estimates).append(entry)
    first = asked.question.predictors[0]
    column = model.columns[first][0]
    return Effects(
        tuple(estimates),
        tuple(robust),
        linear_checks(model, fit, column),
        linear_picture(asked, model, fit, estimates, compared),
        fit.tidy(),
        OLS,
    )


def linear_picture(
    asked: Asked,
    model: Model,
    fit: RegressionInference,
    estimates: list[Estimate],
    compared: Mapping[str, AdjustedDifferences],
) -> Picture:
    """Draw the one predictor of a question, or the coefficients of several."""
    predictors = asked.question.predictors
    if len(predictors) > 1 and sum(e.measure == estimates[0].measure for e in estimates) > 1:
        return coefficients(estimates)
    if asked.prepared.kinds[predictors[0]] == "number":
        return scatter(asked, model, predictors[0], fit)
    return means_of_groups(asked, predictors[0], compared[predictors[0]])


def beta_of(asked: Asked, name: str, fit: RegressionInference) -> Estimate:
    """Return the standardized coefficient of a column; its p goes with its interval."""
    row = row_of(fit.coefficients, name)
    t = abs(row["beta"] / row["beta_se"])
    return Estimate(
        id=name,
        label=asked.label(name),
        measure="beta",
        value=row["beta"],
        low=row["beta_low"],
        high=row["beta_high"],
        p=float(2 * stats.t.sf(t, fit.fit.df[1])),
        n=fit.fit.n,
        method=BETA,
    )


def groups_on_mean(asked: Asked) -> dict[str, AdjustedDifferences]:
    """Compare the groups of each predictor on the outcome, the other predictors held constant."""
    prepared, question = asked.prepared, asked.question
    return {
        name: adjusted_differences(
            prepared.frame.assign(**{name: prepared.groups_of(name)}),
            question.outcome,
            name,
            held_constant(asked, name),
            level=asked.level,
        )
        for name in question.predictors
        if name in prepared.categories
    }


def differences_of(asked: Asked, name: str, groups: AdjustedDifferences) -> Iterator[Estimate]:
    """Yield ``d`` and ``difference`` of each group against the reference, and HC3 behind them."""
    prepared = asked.prepared
    if prepared.kinds[name] == "two":
        reference = prepared.categories[name][0][0]
    else:
        reference = prepared.commonest(name)
    for pair in groups.pairs.to_dict("records"):
        if reference not in (pair["a"], pair["b"]):
            continue
        # pairs are earlier minus later; here it is a group minus the reference
        sign = 1.0 if pair["b"] == reference else -1.0
        group = pair["a"] if sign > 0 else pair["b"]
        key, label = (
            pair_of(asked, name)
            if prepared.kinds[name] == "two"
            else (
                contrast_id(name, group, reference),
                contrast_label(asked, name, group, reference),
            )
        )
        for measure, value, limits, p, method in (
            ("d", "d", ("d_low", "d_high"), "p_unadjusted", GROUPS),
            ("difference", "difference", ("low", "high"), "p_unadjusted", OLS),
            ("difference", "difference", ("low_hc3", "high_hc3"), "p_unadjusted_hc3", HC3),
        ):
            low, high = sorted(sign * float(pair[limit]) for limit in limits)
            yield Estimate(
                id=key,
                label=label,
                measure=measure,  # type: ignore[arg-type]
                value=sign * float(pair[value]),
                low=low,
                high=high,
                p=float(pair[p]),
                n=int(pair["n"]),
                method=method,
            )


def block_of(asked: Asked, model: Model, name: str) -> tuple[Estimate, Estimate]:
    """Return what the groups of a predictor explain together, and the same with an HC3 test."""
    others = {"others": model.without(name)} if model.without(name) else {}
    blocks = {**others, "groups": list(model.columns[name])}
    steps = block_regression(model.frame, model.outcome, blocks, level=asked.level).steps
    step = row_of(steps, "groups")
    before = 1 - (row_of(steps, "others")["r2"] if others else 0.0)
    found = Estimate(
        id=name,
        label=asked.label(name),
        measure="r2",
        value=step["r2_change"],
        low=step["partial_r2_low"] * before,
        high=step["partial_r2_high"] * before,
        p=step["p"],
        n=asked.prepared.n,
        method=BLOCK,
    )
    robust = Estimate(
        id=name,
        label=asked.label(name),
        measure="r2",
        value=found.value,
        low=nan,
        high=nan,
        p=step["p_hc3"],
        n=asked.prepared.n,
        method=BLOCK_HC3,
    )
    return found, robust


def _slope(asked: Asked, name: str, fit: RegressionInference, tag: str = "") -> Estimate:
    row = row_of(fit.coefficients, name)
    return Estimate(
        id=name,
        label=asked.label(name),
        measure="b",
        value=row["b"],
        low=row[f"b_low{tag}"],
        high=row[f"b_high{tag}"],
        p=row[f"p{tag}"],
        n=fit.fit.n,
        method=HC3 if tag else OLS,
    )
