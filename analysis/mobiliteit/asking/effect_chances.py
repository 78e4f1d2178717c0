"""Effects on a yes or a no, and on a few ordered answers; the linear model stands beside."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from math import exp, nan

from scipy import stats

from mobiliteit.asking.answer import Estimate
from mobiliteit.asking.checks import odds_checks, yes_or_no_checks
from mobiliteit.asking.data import Asked
from mobiliteit.asking.effect_linear import (
    HC3,
    Effects,
    beta_of,
    block_of,
    differences_of,
    groups_on_mean,
    linear_picture,
)
from mobiliteit.asking.models import Model, contrast_id, contrast_label, pair_of, row_of
from mobiliteit.asking.pictures import chances, coefficients, shares_of_groups
from mobiliteit.claims.terms import Text
from mobiliteit.inference.binary import binary_regression
from mobiliteit.inference.ordered import OrdinalRegression, ordinal_regression
from mobiliteit.inference.regression import infer_regression

LOGIT = Text(nl="logistische regressie", en="logistic regression")
POINTS = Text(
    nl="logistische regressie: gemiddeld verschil in kans (interval met de deltamethode)",
    en="logistic regression: average difference in chance (interval by the delta method)",
)
LINEAR_CHANCE = Text(
    nl="lineair kansmodel met HC3-fouten", en="linear probability model with HC3 errors"
)
LOGIT_BLOCK = Text(
    nl="deel van de variantie dat alleen deze groepen verklaren (lineair kansmodel); p van de"
    " logistische regressie (Wald)",
    en="share of variance that these groups alone explain (linear probability model); p of the"
    " logistic regression (Wald)",
)
ODDS = Text(
    nl="ordinale logistische regressie (proportional odds)",
    en="ordinal logistic regression (proportional odds)",
)
ODDS_BLOCK = Text(
    nl="deel van de variantie van de codes dat alleen deze groepen verklaren; p van de ordinale"
    " regressie (aannemelijkheidsverhouding)",
    en="share of variance of the codes that these groups alone explain; p of the ordinal"
    " regression (likelihood ratio)",
)


def yes_or_no_effects(asked: Asked, model: Model) -> Effects:
    """Estimate effects on a yes or a no by logistic regression.

    Parameters
    ----------
    asked, model : Asked, Model
        The question and its columns; the outcome is 0 or 1.

    Returns
    -------
    Effects
        Per predictor ``points`` and ``odds_ratio``, of more than two groups ``r2`` before them;
        the linear probability model beside.

    Raises
    ------
    AnalysisError
        The model has no estimate, as with separation.
    """
    level = asked.level
    fit = binary_regression(
        model.frame, model.outcome, model.predictors, blocks=model.blocks, level=level
    )
    linear = infer_regression(model.frame, model.outcome, model.predictors, level=level)
    estimates: list[Estimate] = []
    robust: list[Estimate] = []
    for name in asked.question.predictors:
        if asked.prepared.kinds[name] == "many":
            together, with_hc3 = block_of(asked, model, name)
            _, p = fit.together(model.columns[name])
            estimates.append(replace(together, p=p, method=LOGIT_BLOCK))
            robust.append(with_hc3)
        for column, key, label in _columns(asked, model, name):
            number = asked.prepared.kinds[name] == "number"
            own, beside = row_of(fit.coefficients, column), row_of(linear.coefficients, column)
            unit = float(model.frame[column].std(ddof=1)) if number else 1.0
            tag = "_sd" if number else ""
            points = Estimate(
                id=key,
                label=label,
                measure="points",
                value=own["points"],
                low=own["points_low"],
                high=own["points_high"],
                p=own["points_p"],
                n=fit.n,
                method=POINTS,
                base=_base(asked, model, name),
            )
            odds = replace(
                points,
                measure="odds_ratio",
                value=own[f"odds_ratio{tag}"],
                low=own[f"odds_ratio{tag}_low"],
                high=own[f"odds_ratio{tag}_high"],
                p=own["p"],
                method=LOGIT,
                base=nan,
            )
            estimates += [points, odds]
            robust.append(
                replace(
                    points,
                    value=beside["b"] * unit,
                    low=beside["b_low_hc3"] * unit,
                    high=beside["b_high_hc3"] * unit,
                    p=beside["p_hc3"],
                    method=LINEAR_CHANCE,
                )
            )
    first = asked.question.predictors[0]
    if len(asked.question.predictors) > 1 and estimates[0].measure == "points":
        picture = coefficients(estimates)
    elif asked.prepared.kinds[first] == "number":
        picture = chances(asked, model, first, fit)
    else:
        picture = shares_of_groups(asked, model, first, fit)
    column = model.columns[first][0]
    checks = yes_or_no_checks(model, fit, linear, column)
    return Effects(tuple(estimates), tuple(robust), checks, picture, fit.tidy(), LOGIT)


def _base(asked: Asked, model: Model, name: str) -> float:
    """Return the share of a yes among those who are held against, or among all for a number."""
    yes = model.frame[model.outcome].to_numpy()
    if asked.prepared.kinds[name] != "number":
        # who is in none of the categories that have a column
        yes = yes[~model.frame[list(model.columns[name])].to_numpy().any(axis=1)]
    return float(yes.mean())


def ordered_effects(asked: Asked, model: Model) -> Effects:
    """Estimate effects on a few ordered answers by proportional odds.

    Parameters
    ----------
    asked, model : Asked, Model
        The question and its columns; the outcome has at least three codes.

    Returns
    -------
    Effects
        Per predictor ``odds_ratio``, of more than two groups ``r2`` before it; least squares on the
        codes, as the report did, beside.

    Raises
    ------
    AnalysisError
        The model has no estimate.
    """
    level = asked.level
    fit = ordinal_regression(model.frame, model.outcome, model.predictors, level=level)
    linear = infer_regression(model.frame, model.outcome, model.predictors, level=level)
    compared = groups_on_mean(asked)
    estimates: list[Estimate] = []
    robust: list[Estimate] = []
    for name in asked.question.predictors:
        kind = asked.prepared.kinds[name]
        if kind == "many":
            together, with_hc3 = block_of(asked, model, name)
            p = _likelihood_ratio(model, name, fit)
            estimates.append(replace(together, p=p, method=ODDS_BLOCK))
            robust.append(with_hc3)
        for column, key, label in _columns(asked, model, name):
            row = row_of(fit.coefficients, column)
            unit = float(model.frame[column].std(ddof=1)) if kind == "number" else 1.0
            estimates.append(
                Estimate(
                    id=key,
                    label=label,
                    measure="odds_ratio",
                    value=exp(row["b"] * unit),
                    low=exp(row["b_low"] * unit),
                    high=exp(row["b_high"] * unit),
                    p=row["p"],
                    n=fit.n,
                    method=ODDS,
                )
            )
        if kind == "number":
            robust.append(beta_of(asked, name, linear))
        else:
            beside = differences_of(asked, name, compared[name])
            robust += [entry for entry in beside if entry.method is HC3]
    if len(asked.question.predictors) > 1 and estimates[0].measure == "odds_ratio":
        picture = coefficients(estimates)
    else:
        picture = linear_picture(asked, model, linear, estimates, compared)
    column = model.columns[asked.question.predictors[0]][0]
    checks = odds_checks(fit, linear, column)
    return Effects(tuple(estimates), tuple(robust), checks, picture, fit.tidy(), ODDS)


def _columns(asked: Asked, model: Model, name: str) -> Iterator[tuple[str, str, Text]]:
    """Yield per column of a predictor: column, id and label of its estimate."""
    match asked.prepared.kinds[name]:
        case "number":
            yield name, name, asked.label(name)
        case "two":
            yield name, *pair_of(asked, name)
        case _:
            reference = model.references[name]
            for column in model.columns[name]:
                key = column.removeprefix(f"{name}=")
                label = contrast_label(asked, name, key, reference)
                yield column, contrast_id(name, key, reference), label


def _likelihood_ratio(model: Model, name: str, fit: OrdinalRegression) -> float:
    others = model.without(name)
    if not others:
        return fit.chi2_p
    without = ordinal_regression(model.frame, model.outcome, others)
    chi2 = 2 * (fit.log_likelihood - without.log_likelihood)
    return float(stats.chi2.sf(chi2, len(model.columns[name])))
