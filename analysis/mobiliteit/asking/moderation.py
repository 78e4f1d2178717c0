"""Whether what a predictor has to do with an outcome differs for a third variable."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from typing import Literal

import numpy as np

from mobiliteit.asking.answer import Answer, Estimate, Picture
from mobiliteit.asking.building import build, not_estimated, too_few, withheld
from mobiliteit.asking.checks import linear_checks
from mobiliteit.asking.data import Asked
from mobiliteit.asking.models import contrast_id, model_of, row_of
from mobiliteit.asking.pictures import PERCENT, grid_of
from mobiliteit.claims.terms import Text
from mobiliteit.errors import AnalysisError
from mobiliteit.inference.moderated import ModeratedRegression, moderated_regression
from mobiliteit.inference.regression import infer_regression
from mobiliteit.render.numbers import format_number

PRODUCT = Text(
    nl="lineaire regressie met een productterm van z-scores",
    en="linear regression with a product of z-scores",
)
ROBUST = Text(
    nl="dezelfde regressie met fouten die ongelijke spreiding verdragen (HC3)",
    en="the same regression with errors that bear unequal spread (HC3)",
)
SLOPE = Text(nl="enkelvoudig verband (simple slope)", en="simple slope")
BLOCK = Text(
    nl="deel van de variantie dat de verschillende verbanden toevoegen; F-toets van alle samen",
    en="share of variance that the different slopes add; F test of all together",
)
PLACES = {
    "-1": Text(nl="laag, 1 standaardafwijking onder het gemiddelde", en="low, 1 SD below the mean"),
    "0": Text(nl="gemiddeld", en="average"),
    "1": Text(nl="hoog, 1 standaardafwijking boven het gemiddelde", en="high, 1 SD above the mean"),
}


def answer_moderation(asked: Asked) -> Answer:
    """Answer whether the slope of a predictor differs for a moderator.

    Parameters
    ----------
    asked : Asked
        A question of the form ``moderation``; neither the outcome nor the predictor has more than
        two categories.

    Returns
    -------
    Answer
        ``interaction`` first, of more than two categories ``r2`` of all products before it; then
        the simple slopes as ``beta``: per category, or at the mean of the moderator and a standard
        deviation on either side. HC3 beside. Withheld where there are too few people, or where the
        model has no estimate.

    Notes
    -----
    See :func:`mobiliteit.inference.moderated.moderated_regression`. An outcome of codes or of yes
    and no counts as a number here: an interaction on a scale of odds would be another question.
    """
    question, prepared = asked.question, asked.prepared
    (predictor,), by = question.predictors, question.by
    kind = prepared.kinds[by]
    model = model_of(asked, [predictor, by, *question.controls])
    products = len(model.columns[by])
    why_not = too_few(asked, len(model.predictors) + products)
    if why_not:
        return withheld(asked, why_not)
    controls = [column for name in question.controls for column in model.columns[name]]
    reference = None
    frame = model.frame
    if kind != "number":
        groups = prepared.groups_of(by)
        frame = model.frame.drop(columns=list(model.columns[by])).assign(**{by: groups})
        first = prepared.categories[by][0][0]
        reference = first if kind == "two" else prepared.commonest(by)
    try:
        fit = moderated_regression(
            frame, question.outcome, predictor, by, controls, reference=reference, level=asked.level
        )
        plain = infer_regression(model.frame, question.outcome, model.predictors, level=asked.level)
        checks = linear_checks(model, plain, predictor)
    except AnalysisError as error:
        return not_estimated(asked, error)
    estimates, robust = [], []
    if kind == "many":
        limits = (fit.r2, fit.r2_low, fit.r2_high)
        estimates.append(_together(asked, limits, fit.p, BLOCK))
        robust.append(_together(asked, (fit.r2, np.nan, np.nan), fit.p_hc3, ROBUST))
    changes, slopes = [], []
    for key in map(str, fit.interactions.index):
        name, label = _contrast(asked, key)
        row = row_of(fit.interactions, key)
        changes.append(_estimate(row, name, label, "interaction", fit.n, PRODUCT))
        robust.append(_estimate(row, name, label, "interaction", fit.n, ROBUST, tag="_hc3"))
    for key in map(str, fit.slopes.index):
        name, label = f"{by}={key}", _place(asked, key)
        row = row_of(fit.slopes, key)
        slopes.append(_estimate(row, name, label, "beta", fit.n, SLOPE))
        robust.append(_estimate(row, name, label, "beta", fit.n, ROBUST, tag="_hc3"))
    # the test of the whole is the main estimate, so that all its slopes stand behind it
    estimates += [*slopes, *changes] if kind == "many" else [*changes, *slopes]
    return build(
        asked,
        method=PRODUCT,
        why=_why(asked),
        estimates=estimates,
        robust=robust,
        table=fit.tidy(),
        checks=checks,
        picture=_lines(asked, fit, frame[predictor].to_numpy()),
    )


def _together(asked: Asked, limits: tuple[float, float, float], p: float, method: Text) -> Estimate:
    value, low, high = limits
    return Estimate(
        id=asked.question.by,
        label=asked.label(asked.question.by),
        measure="r2",
        value=value,
        low=low,
        high=high,
        p=p,
        n=asked.prepared.n,
        method=method,
    )


def _estimate(
    row: Mapping[str, float],
    name: str,
    label: Text,
    measure: Literal["interaction", "beta"],
    n: int,
    method: Text,
    tag: str = "",
) -> Estimate:
    return Estimate(
        id=name,
        label=label,
        measure=measure,
        value=row["value"],
        low=row[f"low{tag}"],
        high=row[f"high{tag}"],
        p=row[f"p{tag}"],
        n=n,
        method=method,
    )


def _contrast(asked: Asked, key: str) -> tuple[str, Text]:
    by = asked.question.by
    if not key:
        label = asked.label(by)
        return by, Text(
            nl=f"per standaardafwijking van {label.nl}",
            en=f"per standard deviation of {label.en}",
        )
    first, second = key.split(":")
    one, other = (asked.prepared.label_of(by, category) for category in (first, second))
    return contrast_id(by, first, second), Text(
        nl=f"{one.nl} tegenover {other.nl}", en=f"{one.en} against {other.en}"
    )


def _place(asked: Asked, key: str) -> Text:
    by = asked.question.by
    if asked.prepared.kinds[by] != "number":
        return asked.prepared.label_of(by, key)
    values = asked.prepared.frame[by]
    at = float(values.mean() + int(key) * values.std(ddof=1))
    nl, en = (format_number(at, 1, lang=lang) for lang in ("nl", "en"))
    label, place = asked.label(by), PLACES[key]
    return Text(nl=f"{label.nl} {place.nl} ({nl})", en=f"{label.en} {place.en} ({en})")


def _why(asked: Asked) -> Text:
    question = asked.question
    outcome, predictor, by = (
        asked.label(name) for name in (question.outcome, question.predictors[0], question.by)
    )
    if asked.prepared.kinds[question.by] == "number":
        split = Text(
            nl=f"‘{by.nl}’ is een getal: het verband staat er bij laag, gemiddeld en hoog.",
            en=f"‘{by.en}’ is a number: the slope is given where it is low, average and high.",
        )
    else:
        split = Text(
            nl=f"‘{by.nl}’ verdeelt mensen in groepen: het verband staat er per groep.",
            en=f"‘{by.en}’ divides people into groups: the slope is given in each.",
        )
    counted = asked.prepared.levels[question.outcome] != "interval"
    nl, en = (" telt hier als getal", " counts as a number here") if counted else ("", "")
    return Text(
        nl=f"De vraag is of ‘{predictor.nl}’ overal even sterk samenhangt met ‘{outcome.nl}’"
        f"{f', dat{nl}' if counted else ''}; daarbij past een productterm. {split.nl}",
        en=f"The question is whether ‘{predictor.en}’ goes equally strongly with ‘{outcome.en}’"
        f"{f', which{en}' if counted else ''}, everywhere; that calls for a product term."
        f" {split.en}",
    )


def _lines(asked: Asked, fit: ModeratedRegression, values: np.ndarray) -> Picture:
    question = asked.question
    lines = fit.lines(grid_of(values))

    def labels(lang: str) -> dict[Hashable, str]:
        return {key: getattr(_place(asked, str(key)), lang) for key in fit.slopes.index}

    for lang in ("nl", "en"):
        lines[f"level_{lang}"] = lines["level"].map(labels(lang))
    titles = {"x": asked.label(question.predictors[0]), "y": asked.label(question.outcome)}
    if asked.prepared.kinds[question.outcome] == "two":
        titles["unit"] = PERCENT
    columns = ["level", "level_nl", "level_en", "x", "y", "low", "high"]
    return Picture("slopes", {"lines": lines[columns]}, titles)
