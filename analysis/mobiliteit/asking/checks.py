"""Assumptions of the models, looked at, and what was found means for the answer at hand.

A test alone would condemn every large sample and pass every small one. What counts here is how
much the answer would change: how much wider an interval is, how far the line bends, how far one
person moves the estimate.
"""

from __future__ import annotations

import warnings
from math import isnan, nan, sqrt

import numpy as np
import pandas as pd
from scipy import special

from mobiliteit.asking.answer import Check, Seen
from mobiliteit.asking.models import Model, row_of
from mobiliteit.asking.privacy import SEED
from mobiliteit.claims.terms import Text
from mobiliteit.errors import AnalysisError
from mobiliteit.inference.binary import BinaryRegression, binary_regression
from mobiliteit.inference.diagnostics import RegressionDiagnostics, diagnose_regression
from mobiliteit.inference.ordered import OrdinalRegression
from mobiliteit.inference.regression import RegressionInference
from mobiliteit.render.numbers import format_number

# A finding must be both unlikely by chance and large enough to matter.
UNLIKELY = 0.01
BENDS = (0.005, 0.02)  # share of the variance that a curve would add
WIDER = (1.1, 1.25)  # robust interval over classic one, or the other way round
SKEWED, PEAKED = 1.0, 3.0
ENOUGH = 200  # people with whom means are near enough to normal
MOVES = (0.5, 1.0)  # standard errors that one person moves the estimate
INFLATED = (5.0, 10.0)
PER_COEFFICIENT = (10.0, 5.0)
# Of more people a random part, always the same, tells as much of a shape.
MOST_LOOKED_AT = 20_000


def linear_checks(model: Model, fit: RegressionInference, column: str) -> tuple[Check, ...]:
    """Look at the assumptions of least squares.

    Parameters
    ----------
    model : Model
        The columns of the question.
    fit : RegressionInference
        The model.
    column : str
        The column of the main estimate.

    Returns
    -------
    tuple of Check
        ``linear``, ``equal_spread``, ``residuals_normal``, ``influence`` and ``collinear``, those
        that apply; of more than :data:`MOST_LOOKED_AT` people, in so many of them.
    """
    people = model.frame
    if len(people) > MOST_LOOKED_AT:
        people = people.sample(MOST_LOOKED_AT, random_state=SEED)
    with warnings.catch_warnings():
        # Of thousands of residuals no p-value of normality is used here.
        warnings.filterwarnings("ignore", message=".*shapiro.*")
        found = diagnose_regression(people, model.outcome, model.predictors, largest=1)
    return tuple(
        check
        for check in (
            _linear(found),
            _equal_spread(found, fit, column),
            _normal(found),
            _influence(found, column),
            _collinear(fit, column),
        )
        if check is not None
    )


def yes_or_no_checks(
    model: Model, fit: BinaryRegression, linear: RegressionInference, column: str
) -> tuple[Check, ...]:
    """Look at the assumptions of logistic regression.

    Parameters
    ----------
    model, column
        As of :func:`linear_checks`.
    fit : BinaryRegression
        The model.
    linear : RegressionInference
        The linear probability model, for the collinearity.

    Returns
    -------
    tuple of Check
        ``linear`` (Pregibon's link test), ``events`` per coefficient, and ``collinear``.
    """
    least = min(fit.share, 1 - fit.share) * fit.n / fit.df
    seen = _grade(-least, tuple(-limit for limit in PER_COEFFICIENT))
    events = {
        "fine": Text(
            nl="Van beide antwoorden zijn er genoeg voor dit model.",
            en="There are enough of both answers for this model.",
        ),
        "watch": Text(
            nl="Een van beide antwoorden komt weinig voor: minder dan 10 mensen per coëfficiënt. De"
            " odds ratio's kunnen te ver van 1 liggen.",
            en="One of the two answers is rare: fewer than 10 people per coefficient. The odds"
            " ratios may lie too far from 1.",
        ),
        "broken": Text(
            nl="Een van beide antwoorden komt zo weinig voor (minder dan 5 mensen per coëfficiënt)"
            " dat dit model te veel vraagt: houd minder constant.",
            en="One of the two answers is so rare (fewer than 5 people per coefficient) that this"
            " model asks too much: hold fewer things constant.",
        ),
    }
    checks = [_link(model, fit), Check("events", seen, nan, nan, events[seen])]
    return tuple(check for check in (*checks, _collinear(linear, column)) if check is not None)


def odds_checks(
    fit: OrdinalRegression, linear: RegressionInference, column: str
) -> tuple[Check, ...]:
    """Look at the assumptions of proportional odds.

    Parameters
    ----------
    column : str
        As of :func:`linear_checks`.
    fit : OrdinalRegression
        The model.
    linear : RegressionInference
        Least squares on the codes, for the collinearity.

    Returns
    -------
    tuple of Check
        ``proportional_odds`` (Brant's test of the main column) and ``collinear``.
    """
    test = row_of(fit.proportional, column)
    value, p = test["chi2"], test["p"]
    slopes = [row_of(one.coefficients, column)["b"] for one in (fit, linear)]
    same = slopes[0] * slopes[1] >= 0
    if isnan(p):
        seen: Seen = "watch"
        means = Text(
            nl="Er zijn te weinig mensen met de uiterste antwoorden om na te gaan of het verband"
            " over de hele schaal even sterk is.",
            en="Too few people gave the outermost answers to see whether the association is"
            " equally strong over the whole scale.",
        )
    elif p >= UNLIKELY:
        seen = "fine"
        means = Text(
            nl="Niets wijst erop dat het verband op het ene deel van de schaal sterker is dan op"
            " het andere (toets van Brant).",
            en="Nothing suggests that the association is stronger on one part of the scale than on"
            " another (Brant's test).",
        )
    else:
        seen = "watch" if same else "broken"
        means = Text(
            nl="Het verband is niet op elk deel van de schaal even sterk (toets van Brant); lees de"
            " odds ratio als een gemiddelde. Gewone regressie ernaast wijst "
            + ("dezelfde kant op." if same else "de andere kant op: trek hier geen conclusie uit."),
            en="The association is not equally strong on every part of the scale (Brant's test);"
            " read the odds ratio as an average. Ordinary regression beside it points "
            + ("the same way." if same else "the other way: draw no conclusion from this."),
        )
    found = [Check("proportional_odds", seen, value, p, means), _collinear(linear, column)]
    return tuple(check for check in found if check is not None)


def _grade(value: float, limits: tuple[float, ...]) -> Seen:
    return "broken" if value > limits[1] else "watch" if value > limits[0] else "fine"


def _linear(found: RegressionDiagnostics) -> Check | None:
    test = row_of(found.checks, "reset")
    f, p, df1, df2 = (test[name] for name in ("value", "p", "df1", "df2"))
    if isnan(f):
        return None
    share = df1 * f / (df1 * f + df2)
    seen: Seen = _grade(share, BENDS) if p < UNLIKELY else "fine"
    means = {
        "fine": Text(
            nl="Een rechte lijn vat het verband goed samen.",
            en="A straight line sums the association up well.",
        ),
        "watch": Text(
            nl="Het verband buigt wat: de lijn is een gemiddelde, op het ene stuk is het sterker"
            " dan op het andere. Kijk naar de figuur.",
            en="The association bends a little: the line is an average, and it is stronger in one"
            " part than in another. Look at the picture.",
        ),
        "broken": Text(
            nl="Het verband is duidelijk krom, of er ontbreekt een voorspeller: één getal doet het"
            " geen recht. Kijk naar de figuur.",
            en="The association is clearly curved, or a predictor is missing: one number does it no"
            " justice. Look at the picture.",
        ),
    }[seen]
    return Check("linear", seen, f, p, means)


def _equal_spread(found: RegressionDiagnostics, fit: RegressionInference, column: str) -> Check:
    test, row = row_of(found.checks, "breusch_pagan"), row_of(fit.coefficients, column)
    ratio = row["b_se_hc3"] / row["b_se"]
    p = test["p"]
    wider = 1.0 if isnan(ratio) else max(ratio, 1 / ratio)
    # The test sees only spread that rises or falls; a much wider interval speaks for itself.
    telling = p < UNLIKELY or wider > WIDER[1]
    seen: Seen = _grade(wider, WIDER) if telling else "fine"
    if seen == "fine":
        means = Text(
            nl="Ongelijke spreiding rond de lijn maakt voor dit antwoord weinig uit.",
            en="Unequal spread around the line makes little difference to this answer.",
        )
    else:
        classic, robust = (
            not row[f"b_low{tag}"] <= 0 <= row[f"b_high{tag}"] for tag in ("", "_hc3")
        )
        nl, en = (format_number(ratio, 2, lang=lang) for lang in ("nl", "en"))
        means = Text(
            nl=f"De spreiding rond de lijn is niet overal gelijk. Een interval dat dat verdraagt is"
            f" {nl} keer zo breed; de conclusie "
            + (
                "blijft dezelfde."
                if classic == robust
                else "verandert daardoor: lees het robuuste."
            ),
            en=f"The spread around the line is not the same everywhere. An interval that bears this"
            f" is {en} times as wide; the conclusion "
            + ("stays the same." if classic == robust else "changes: read the robust one."),
        )
    return Check("equal_spread", seen, test["value"], p, means)


def _normal(found: RegressionDiagnostics) -> Check:
    test = row_of(found.checks, "shapiro_wilk")
    odd = abs(found.skewness) > SKEWED or abs(found.excess_kurtosis) > PEAKED
    seen: Seen = "watch" if odd and found.n < ENOUGH else "fine"
    if not odd:
        means = Text(
            nl="De afwijkingen van de lijn zijn ongeveer normaal verdeeld.",
            en="The deviations from the line are roughly normal.",
        )
    elif seen == "fine":
        means = Text(
            nl="De afwijkingen van de lijn zijn scheef of hebben uitschieters, maar met zoveel"
            " mensen raakt dat de intervallen nauwelijks.",
            en="The deviations from the line are skewed or have outliers, but with so many people"
            " that hardly touches the intervals.",
        )
    else:
        means = Text(
            nl="De afwijkingen van de lijn zijn scheef of hebben uitschieters, en er zijn niet veel"
            " mensen: neem de intervallen ruim.",
            en="The deviations from the line are skewed or have outliers, and there are not many"
            " people: take the intervals broadly.",
        )
    return Check("residuals_normal", seen, test["value"], nan, means)


def _influence(found: RegressionDiagnostics, column: str) -> Check:
    own = found.influence[
        (found.influence["measure"] == "dfbetas") & (found.influence["variable"] == column)
    ]
    most = float(own["value"].abs().max())
    seen = _grade(0.0 if isnan(most) else most, MOVES)
    nl, en = (format_number(most, 2, lang=lang) for lang in ("nl", "en"))
    means = {
        "fine": Text(
            nl="Niemand bepaalt in zijn eentje de uitkomst.",
            en="Nobody decides the result alone.",
        ),
        "watch": Text(
            nl=f"Eén persoon verschuift de schatting {nl} standaardfout: dat is veel voor één.",
            en=f"One person moves the estimate by {en} standard errors: that is much for one.",
        ),
        "broken": Text(
            nl=f"Eén persoon verschuift de schatting {nl} standaardfout: het antwoord hangt te veel"
            " aan één antwoordenblad.",
            en=f"One person moves the estimate by {en} standard errors: the answer hangs too much"
            " on one set of answers.",
        ),
    }[seen]
    return Check("influence", seen, most, nan, means)


def _collinear(fit: RegressionInference, column: str) -> Check | None:
    if len(fit.coefficients) < 2:
        return None
    vif = row_of(fit.coefficients, column)["vif"]
    seen = _grade(vif, INFLATED)
    nl, en = (format_number(sqrt(vif), 1, lang=lang) for lang in ("nl", "en"))
    if seen == "fine":
        means = Text(
            nl="De voorspellers zijn goed uit elkaar te houden.",
            en="The predictors can be told apart well.",
        )
    else:
        means = Text(
            nl=f"De voorspellers hangen zo sterk samen dat het interval {nl} keer zo breed is als"
            " zonder die samenhang.",
            en=f"The predictors are so strongly related that the interval is {en} times as wide as"
            " without that.",
        )
    return Check("collinear", seen, vif, nan, means)


def _link(model: Model, fit: BinaryRegression) -> Check | None:
    """Pregibon's (1980) link test: whether the square of the fitted log odds adds anything."""
    x = model.frame[model.predictors].to_numpy()
    odds = fit.intercept + x @ fit.coefficients["b"].to_numpy(dtype="float64")
    if len(np.unique(np.round(odds, 9))) < 3:
        return None
    frame = pd.DataFrame({"y": model.frame[model.outcome].to_numpy(), "fitted": odds})
    frame["squared"] = (odds - odds.mean()) ** 2
    try:
        again = binary_regression(frame, "y", ["fitted", "squared"])
    except AnalysisError:
        return None
    squared, fitted = (row_of(again.coefficients, name) for name in ("squared", "fitted"))
    z, p = squared["z"], squared["p"]
    chance = special.expit(odds)
    bent = again.intercept + fitted["b"] * odds
    bent += squared["b"] * frame["squared"].to_numpy()
    moved = float(np.abs(special.expit(np.asarray(bent)) - chance).mean())
    seen: Seen = _grade(moved, (0.02, 0.05)) if p < UNLIKELY else "fine"
    nl, en = (format_number(100 * moved, 1, lang=lang) for lang in ("nl", "en"))
    if seen == "fine":
        means = Text(
            nl="De vorm van het model past bij de antwoorden (linktoets van Pregibon).",
            en="The shape of the model fits the answers (Pregibon's link test).",
        )
    else:
        means = Text(
            nl=f"De vorm van het model past niet goed: een gebogen vorm geeft gemiddeld {nl}"
            " procentpunt andere kansen (linktoets van Pregibon).",
            en=f"The shape of the model does not fit well: a curved one gives chances that differ"
            f" by {en} percentage points on average (Pregibon's link test).",
        )
    return Check("linear", seen, z, p, means)
