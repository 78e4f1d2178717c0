"""Makes the data of pictures (:mod:`mobiliteit.asking.pictured`) from a model and its respondents.

Points are veiled (:func:`mobiliteit.asking.privacy.veiled`), and at most 2,000 of them.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from scipy import stats

from mobiliteit.asking.answer import Estimate, Picture
from mobiliteit.asking.data import Asked
from mobiliteit.asking.models import Model, row_of
from mobiliteit.asking.privacy import SEED, drawn_places, veiled
from mobiliteit.claims.terms import Text
from mobiliteit.disclosure import SMALLEST
from mobiliteit.inference.adjusted import AdjustedDifferences
from mobiliteit.inference.binary import BinaryRegression
from mobiliteit.inference.regression import RegressionInference

GRID = 41
TITLES = {
    "beta": Text(nl="bèta (gestandaardiseerd)", en="beta (standardized)"),
    "d": Text(nl="verschil in standaardafwijkingen", en="difference in standard deviations"),
    "odds_ratio": Text(nl="odds ratio", en="odds ratio"),
    "points": Text(nl="verschil in kans", en="difference in chance"),
    "r2": Text(nl="deel van de variantie", en="share of variance"),
}
PERCENT = Text(nl="%", en="%")
# How far up and down the points of a yes or a no are spread, as a share.
YES_OR_NO_SPREAD = 0.03


def scatter(asked: Asked, model: Model, name: str, fit: RegressionInference) -> Picture:
    """Partial regression: outcome and predictor with what the others account for taken out.

    Parameters
    ----------
    asked, model : Asked, Model
        The question and its columns.
    name : str
        A predictor that is a number.
    fit : RegressionInference
        Of the whole model.

    Returns
    -------
    Picture
        Kind ``scatter``. Both axes keep their means and units; the band is that of the line, with
        HC3 errors.
    """
    others = model.without(name)
    x, y = _left(model, name, others), _left(model, model.outcome, others)
    row = row_of(fit.coefficients, name)
    rng = np.random.default_rng(SEED)
    places = drawn_places(len(x), rng)
    points = pd.DataFrame({"x": veiled(x, rng)[places], "y": veiled(y, rng)[places]})
    grid = grid_of(x)
    line = float(y.mean()) + row["b"] * (grid - float(x.mean()))
    left = y - y.mean() - row["b"] * (x - x.mean())
    df = fit.fit.df[1]
    spread = np.sqrt(left @ left / df / len(x) + (row["b_se_hc3"] * (grid - float(x.mean()))) ** 2)
    reach = stats.t.ppf((1 + fit.level) / 2, df) * spread
    frame = pd.DataFrame({"x": grid, "y": line, "low": line - reach, "high": line + reach})
    return Picture("scatter", {"points": points, "line": frame}, _axes(asked, name))


def chances(asked: Asked, model: Model, name: str, fit: BinaryRegression) -> Picture:
    """Draw the chance of a yes over a predictor that is a number, averaged over everybody.

    Parameters
    ----------
    asked, model, name
        As of :func:`scatter`.
    fit : BinaryRegression
        Of the whole model.

    Returns
    -------
    Picture
        Kind ``scatter``, the unit of the outcome ``%``.
    """
    values = model.frame[name].to_numpy()
    rng = np.random.default_rng(SEED)
    places = drawn_places(len(values), rng)
    spread = rng.uniform(-YES_OR_NO_SPREAD, YES_OR_NO_SPREAD, len(values))
    answers = model.frame[model.outcome].to_numpy() + spread
    points = pd.DataFrame({"x": veiled(values, rng)[places], "y": answers[places]})
    people = model.frame.iloc[places]
    grid = grid_of(values)
    line = pd.concat([fit.chances(people.assign(**{name: at})) for at in grid], ignore_index=True)
    line = line.rename(columns={"value": "y"}).assign(x=grid)[["x", "y", "low", "high"]]
    labels = _axes(asked, name) | {"unit": PERCENT}
    return Picture("scatter", {"points": points, "line": line}, labels)


def means_of_groups(asked: Asked, name: str, fit: AdjustedDifferences) -> Picture:
    """Means of the groups, what is held constant at its mean, and people around them.

    Parameters
    ----------
    asked : Asked
        The question.
    name : str
        A name with categories.
    fit : AdjustedDifferences
        Of the outcome, by that name.

    Returns
    -------
    Picture
        Kind ``groups``.
    """
    groups = asked.prepared.groups_of(name)
    own = fit.groups.reset_index(drop=True)
    own.insert(0, "id", list(fit.groups.index))
    adjusted = groups.astype("object").map(fit.groups["mean"]).to_numpy(dtype="float64")
    rng = np.random.default_rng(SEED)
    values = adjusted + fit.residuals
    for key in fit.groups.index:
        inside = (groups == key).to_numpy()
        values[inside] = veiled(values[inside], rng)
    places = drawn_places(len(values), rng)
    points = pd.DataFrame(
        {
            "group": groups.astype("object").to_numpy()[places],
            "offset": rng.uniform(-1, 1, len(places)),
            "y": values[places],
        }
    )
    own = own.rename(columns={"mean": "value"})
    frame = _labelled(asked, name, own[["id", "value", "low", "high", "n"]])
    return Picture("groups", {"groups": frame, "points": points}, _axes(asked, name))


def shares_of_groups(asked: Asked, model: Model, name: str, fit: BinaryRegression) -> Picture:
    """Draw the chance of a yes per group, averaged over everybody as if all were in it.

    Parameters
    ----------
    asked, model, name, fit
        As of :func:`chances`; `name` has categories.

    Returns
    -------
    Picture
        Kind ``groups``, without points.
    """
    groups, records = asked.prepared.groups_of(name), []
    ids = [key for key, _ in asked.prepared.categories[name]]
    for key in ids:
        if name in model.references:
            there = {column: float(column == f"{name}={key}") for column in model.columns[name]}
        else:
            there = {name: float(key == ids[-1])}
        row = fit.chances(model.frame.assign(**there)).iloc[0]
        records.append({"id": key, "n": int((groups == key).sum()), **row.to_dict()})
    frame = _labelled(asked, name, pd.DataFrame(records))
    return Picture("groups", {"groups": frame}, _axes(asked, name) | {"unit": PERCENT})


def coefficients(estimates: Sequence[Estimate]) -> Picture:
    """Estimates in the measure of the first, with their intervals.

    Parameters
    ----------
    estimates : sequence of Estimate
        The main one first.

    Returns
    -------
    Picture
        Kind ``coefficients``.
    """
    alike = [entry for entry in estimates if entry.measure == estimates[0].measure]
    frame = pd.DataFrame(
        [
            {
                "id": entry.id,
                "label_nl": entry.label.nl,
                "label_en": entry.label.en,
                "value": entry.value,
                "low": entry.low,
                "high": entry.high,
            }
            for entry in alike
        ]
    )
    return Picture("coefficients", {"coefficients": frame}, {"x": TITLES[alike[0].measure]})


def _labelled(asked: Asked, name: str, groups: pd.DataFrame) -> pd.DataFrame:
    labels = [asked.prepared.label_of(name, key) for key in groups["id"]]
    texts = {"label_nl": [one.nl for one in labels], "label_en": [one.en for one in labels]}
    return groups.assign(**texts)[["id", "label_nl", "label_en", "value", "low", "high", "n"]]


def _axes(asked: Asked, name: str) -> dict[str, Text]:
    return {"x": asked.label(name), "y": asked.label(asked.question.outcome)}


def _left(model: Model, name: str, others: Sequence[str]) -> np.ndarray:
    """Return a column with what the others account for taken out, around its own mean."""
    values = model.frame[name].to_numpy()
    design = np.column_stack([np.ones(len(values)), model.frame[list(others)].to_numpy()])
    slopes, *_ = np.linalg.lstsq(design, values, rcond=None)
    return np.asarray(values - design @ slopes + values.mean())


def grid_of(values: np.ndarray) -> np.ndarray:
    """Return the places on an axis over which a line is drawn."""
    # As far as the points reach: the outermost are not shown where they are.
    ordered = np.sort(values)
    edge = min(SMALLEST - 1, (len(values) - 1) // 2)
    return np.linspace(ordered[edge], ordered[-1 - edge], GRID)
