"""The pictures of a change: the mean of two waves, or the line of each."""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy import stats

from mobiliteit.asking.answer import Picture
from mobiliteit.asking.pictured import GROUPS, SLOPES
from mobiliteit.asking.pictures import GRID, PERCENT
from mobiliteit.asking.privacy import SEED, drawn_places, veiled
from mobiliteit.asking.two_waves import Both
from mobiliteit.claims.terms import Text
from mobiliteit.disclosure import SMALLEST
from mobiliteit.inference.changes import Mean, estimate_of
from mobiliteit.inference.pooled_waves import SlopeChange

WAVE = Text(nl="Golf", en="Wave")


def level_picture(both: Both, means: tuple[Mean, Mean], *, yes: bool) -> Picture:
    """Mean or share of each wave, nothing held equal, with veiled answers around a mean.

    Parameters
    ----------
    both : Both
        The two waves.
    means : tuple of Mean
        Of each.
    yes : bool
        Whether the outcome is a yes or a no: then there are no points.

    Returns
    -------
    Picture
        Kind ``groups``.
    """
    asked, outcome = both.asked, both.asked.question.outcome
    records = []
    for wave, mean in zip(both.waves, means, strict=True):
        found = estimate_of(mean)
        low, high = found.share_limits(asked.level) if yes else found.limits(asked.level)
        names = (f"golf {wave.id}", f"wave {wave.id}")
        records.append((wave.id, *names, found.value, low, high, mean.n))
    groups = pd.DataFrame(records, columns=list(GROUPS["groups"]))
    labels = {"x": WAVE, "y": asked.label(outcome)}
    if yes:
        return Picture("groups", {"groups": groups}, labels | {"unit": PERCENT})
    rng = np.random.default_rng(SEED)
    values = both.values(outcome).copy()
    for rows in (~both.later, both.later):
        values[rows] = veiled(values[rows], rng)
    places = drawn_places(len(values), rng)
    ids = np.where(both.later, both.waves[1].id, both.waves[0].id)
    points = pd.DataFrame(
        {"group": ids[places], "offset": rng.uniform(-1, 1, len(places)), "y": values[places]}
    )
    return Picture("groups", {"groups": groups, "points": points}, labels)


def slope_picture(both: Both, found: SlopeChange, *, yes: bool) -> Picture:
    """Draw the line of each wave, other things at their means in that wave.

    Parameters
    ----------
    both : Both
        The two waves.
    found : SlopeChange
        The lines.
    yes : bool
        Whether the outcome is a yes or a no.

    Returns
    -------
    Picture
        Kind ``slopes``, from the tenth lowest to the tenth highest value of the predictor.
    """
    asked, question = both.asked, both.asked.question
    name = question.predictors[0]
    values = np.sort(both.values(name))
    edge = SMALLEST - 1
    grid = np.linspace(values[edge], values[-1 - edge], GRID)
    at = np.column_stack([np.ones(GRID), grid])
    reach = stats.t.ppf((1 + asked.level) / 2, found.change.df)
    parts = []
    for wave, line, covariance in zip(both.waves, found.lines, found.covariances, strict=True):
        height = at @ line
        spread = reach * np.sqrt(np.einsum("ij,jk,ik->i", at, covariance, at))
        parts.append(
            pd.DataFrame(
                {
                    "level": wave.id,
                    "level_nl": f"golf {wave.id}",
                    "level_en": f"wave {wave.id}",
                    "x": grid,
                    "y": height,
                    "low": height - spread,
                    "high": height + spread,
                }
            )
        )
    lines = pd.concat(parts, ignore_index=True)[list(SLOPES["lines"])]
    labels = {"x": asked.label(name), "y": asked.label(question.outcome)}
    return Picture("slopes", {"lines": lines}, labels | ({"unit": PERCENT} if yes else {}))
