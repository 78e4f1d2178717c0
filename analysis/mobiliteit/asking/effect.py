"""What predictors have to do with an outcome, all in one model.

The model follows from the level of the outcome: least squares for a number, proportional odds for a
few ordered answers, logistic regression for yes or no.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from mobiliteit.asking.answer import Answer
from mobiliteit.asking.building import build, not_estimated, too_few, withheld
from mobiliteit.asking.data import Asked
from mobiliteit.asking.effect_chances import ordered_effects, yes_or_no_effects
from mobiliteit.asking.effect_linear import Effects, linear_effects
from mobiliteit.asking.models import Model, model_of
from mobiliteit.claims.terms import Text
from mobiliteit.errors import AnalysisError

METHODS: Mapping[str, Callable[[Asked, Model], Effects]] = {
    "interval": linear_effects,
    "ordinal": ordered_effects,
    "binary": yes_or_no_effects,
}
OUTCOMES = {
    "interval": Text(
        nl="‘{}’ is een getal; daarbij past een lineaire regressie.",
        en="‘{}’ is a number, which calls for a linear regression.",
    ),
    "ordinal": Text(
        nl="‘{}’ is een van enkele antwoorden met een volgorde; daarbij past een ordinale"
        " logistische regressie.",
        en="‘{}’ is one of a few ordered answers, which calls for an ordinal logistic regression.",
    ),
    "binary": Text(
        nl="‘{}’ heeft twee antwoorden; daarbij past een logistische regressie.",
        en="‘{}’ has two answers, which calls for a logistic regression.",
    ),
}
PREDICTORS = {
    "number": Text(
        nl="‘{}’ telt als getal, per standaardafwijking.",
        en="‘{}’ counts as a number, per standard deviation.",
    ),
    "two": Text(
        nl="‘{}’ verdeelt mensen in twee groepen, die worden vergeleken.",
        en="‘{}’ divides people into two groups, which are compared.",
    ),
    "many": Text(
        nl="‘{}’ verdeelt mensen in meer dan twee groepen: die worden eerst samen getoetst en dan"
        " elk met de grootste groep vergeleken.",
        en="‘{}’ divides people into more than two groups: they are first tested together, then"
        " each compared with the largest.",
    ),
}


def answer_effect(asked: Asked) -> Answer:
    """Answer what predictors have to do with an outcome.

    Parameters
    ----------
    asked : Asked
        A question of the form ``effect``.

    Returns
    -------
    Answer
        Of an outcome that is a number, the main measure of a predictor is ``beta``, of two groups
        ``d`` and of more ``r2``; of ordered answers it is ``odds_ratio``, of yes or no ``points``.
        Predictors follow each other; the first is the main one. Withheld where there are too few
        people, or where the model has no estimate.

    Notes
    -----
    On complete respondents, standardized after deletion; weights are left out. What the methods
    rest on, and what they were tested against, stand in
    :func:`mobiliteit.inference.regression.infer_regression`,
    :func:`mobiliteit.inference.adjusted.adjusted_differences`,
    :func:`mobiliteit.inference.blocks.block_regression`,
    :func:`mobiliteit.inference.ordered.ordinal_regression` and
    :func:`mobiliteit.inference.binary.binary_regression`.
    """
    question, prepared = asked.question, asked.prepared
    model = model_of(asked, [*question.predictors, *question.controls])
    why_not = too_few(asked, len(model.predictors))
    if why_not:
        return withheld(asked, why_not)
    level = prepared.levels[question.outcome]
    if level == "ordinal" and model.frame[model.outcome].nunique() == 2:
        level, model = "binary", model.as_binary()
    try:
        found = METHODS[level](asked, model)
    except AnalysisError as error:
        return not_estimated(asked, error)
    return build(
        asked,
        method=found.method,
        why=_why(asked, level),
        estimates=found.estimates,
        robust=found.robust,
        table=found.table,
        checks=found.checks,
        picture=found.picture,
    )


def _why(asked: Asked, level: str) -> Text:
    parts = [(OUTCOMES[level], asked.question.outcome)]
    parts += [(PREDICTORS[asked.prepared.kinds[name]], name) for name in asked.question.predictors]
    labels = [(text, asked.label(name)) for text, name in parts]
    return Text(
        nl=" ".join(text.nl.format(label.nl) for text, label in labels),
        en=" ".join(text.en.format(label.en) for text, label in labels),
    )
