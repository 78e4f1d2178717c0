"""Who is in the demo wave: whom of 2006 it follows, whose answers they give, and whom it adds.

Everything here is a probability per respondent of 2006, worked out once; :mod:`.demo` draws from
it. Without planted changes the wave is, in expectation, composed as that of 2006 was.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from mobiliteit.errors import MobiliteitError, Problem

Floats = NDArray[np.float64]

RESPONDENTS = 1300
FOLLOWED_SHARE = 1 / 3
OWN_ANSWERS = 0.6
"""Chance that who is followed answers as in 2006, where the age class is still the same."""
YEARS = 2
# Chance of being found again, relative to others: the young and the mobile are lost more often, and
# who left care and welfare no longer belongs to the population.
RETENTION_BY_AGE = {15: 0.75, 25: 0.95, 35: 1.1, 45: 1.15, 55: 1.0}
RETENTION_BY_GROUP = {"blijvers": 1.1, "overwegers": 1.0, "mobielen": 0.9}
LEFT_THE_SECTOR = "uitstroom"
# Chance of answering when invited, on a log scale, for the planted change `selectieve_respons`.
RESPONSE_BY_AGE = {15: -0.5, 25: -0.25, 35: 0.0, 45: 0.1, 55: 0.1}
RESPONSE_OF_MEN = -0.35
RESPONSE_BY_EDUCATION = {"lager": -0.5, "middelbaar": -0.15, "hoger": 0.15}

MORE_MOVERS = 0.08
OLDER_YEARS = 3.0
COMPOSITION = ("meer_mobielen", "ouder_personeel", "selectieve_respons")
"""Planted changes that work through who is in the wave."""


@dataclass(frozen=True, eq=False)
class Panel:
    """The respondents of 2006 that the demo wave builds on.

    Attributes
    ----------
    answers : pandas.DataFrame
        Index: respondent id as the supplier of 2006 wrote it. One column per codebook column, in
        codebook codes (value codes for nominal ones), items not yet reversed; NaN where missing.
    segment, group : numpy.ndarray of str
        Mobility segment and group.
    age_class : numpy.ndarray of int
        Lowest age of the age class.
    education : numpy.ndarray of str
        Education in three classes.
    """

    answers: pd.DataFrame
    segment: NDArray[np.str_]
    group: NDArray[np.str_]
    age_class: NDArray[np.int64]
    education: NDArray[np.str_]

    def column(self, name: str) -> Floats:
        """Answers to one question, as an array."""
        return self.answers[name].to_numpy(dtype=float)


@dataclass(frozen=True, eq=False)
class Design:
    """Probabilities by respondent of 2006.

    Attributes
    ----------
    follow : numpy.ndarray
        Chance of being in the demo wave too; adds up to a third of its size.
    own : numpy.ndarray
        Chance that who is followed answers as in 2006 rather than as a donor.
    donors : numpy.ndarray, shape (respondents, respondents)
        Cumulative chance of each donor, by row.
    fresh : numpy.ndarray
        Chance that a new respondent is modelled on this one; adds up to 1.
    population : numpy.ndarray
        The population of the demo wave as weights of the respondents of 2006; adds up to 1.
    """

    follow: Floats
    own: Floats
    donors: Floats
    fresh: Floats
    population: Floats


def age_class(age: Floats) -> NDArray[np.int64]:
    """Lowest age of the ten-year class of each age."""
    return (np.floor((age - 5) / 10) * 10 + 5).astype(int)


@lru_cache(maxsize=32)
def make_design(panel: Panel, planted: frozenset[str]) -> Design:
    """Work out the probabilities for a set of planted changes.

    The followed grow older and are found again with unequal chances; the new respondents are drawn
    with unequal chances such that both together have the composition that is meant: sex, age and
    education (crossed), segments, age, sex, education and tenure by group, and branches. Among
    all chances that do so, those nearest to equal are taken (entropy balancing, Hainmueller 2012).

    Parameters
    ----------
    panel : Panel
        The respondents of 2006.
    planted : frozenset of str
        Ids of planted changes; those of :data:`COMPOSITION` play a part here.

    Returns
    -------
    Design
    """
    population = _population(panel, planted)
    respondents = population.copy()
    if "selectieve_respons" in planted:
        respondents *= np.exp(_response(panel))
        respondents /= respondents.sum()
    age = panel.column("leeftijd")
    follow = _retention(panel)
    own = np.where(age_class(age + YEARS) == panel.age_class, OWN_ANSWERS, 0.0)
    donors = _evened(_donors(panel, respondents), follow * (1 - own), follow * own, respondents)
    mixture = (1 - own)[:, None] * donors
    mixture[np.diag_indices_from(mixture)] += own
    total = RESPONDENTS * _features(panel) @ respondents
    wanted = total - _followed_features(panel, mixture) @ follow
    # every set of answers as often as it should be, less what the followed took of it
    left = np.maximum(RESPONDENTS * respondents - follow @ mixture, 0.05 * respondents)
    fresh = _balance(_features(panel), wanted / (RESPONDENTS - follow.sum()), left / left.sum())
    return Design(follow, own, np.cumsum(donors, axis=1), fresh, population)


def _population(panel: Panel, planted: frozenset[str]) -> Floats:
    """Reweight 2006 by age and group alone, so that all relations given those two are kept."""
    n = len(panel.answers)
    if not planted & {"meer_mobielen", "ouder_personeel"}:
        return np.full(n, 1 / n)
    age, mover = panel.column("leeftijd"), (panel.group == "mobielen").astype(float)
    considers = (panel.group == "overwegers").astype(float)
    share, extra = mover.mean(), MORE_MOVERS if "meer_mobielen" in planted else 0.0
    target = [
        age.mean() + (OLDER_YEARS if "ouder_personeel" in planted else 0.0),
        share + extra,
        considers.mean() * (1 - share - extra) / (1 - share),
    ]
    return _balance(np.vstack([age, mover, considers]), np.array(target), np.full(n, 1 / n))


def _response(panel: Panel) -> Floats:
    by_age = np.array([RESPONSE_BY_AGE[k] for k in panel.age_class])
    by_education = np.array([RESPONSE_BY_EDUCATION[k] for k in panel.education])
    return by_age + by_education + RESPONSE_OF_MEN * panel.column("geslacht")


def _retention(panel: Panel) -> Floats:
    chance = np.array([RETENTION_BY_AGE[k] for k in panel.age_class])
    chance *= np.array([RETENTION_BY_GROUP[k] for k in panel.group])
    chance[panel.segment == LEFT_THE_SECTOR] = 0.0
    chance[panel.column("leeftijd") + YEARS > 64] = 0.0
    return chance * (RESPONDENTS * FOLLOWED_SHARE / chance.sum())


def _new_employer(panel: Panel) -> NDArray[np.bool_]:
    return (panel.column("stap") == 1) & (panel.column("zelfde_instelling") == 0)


def _donors(panel: Panel, weights: Floats) -> Floats:
    """Chance of each donor: same sex, age class and education, near in age and level.

    A donor who is still with the same employer is also near in tenure, since the followed keep
    their own; how often donors changed employer does not depend on that.
    """
    age = panel.column("leeftijd")
    older = age + YEARS
    level, sex = panel.column("opleidingsniveau"), panel.column("geslacht")
    apart = np.abs(older[:, None] - age[None, :]) / 2
    apart += 1.5 * np.abs(level[:, None] - level[None, :])
    # far, rather than impossible: a rare kind of person still gets the nearest donor there is
    apart += 20.0 * (sex[:, None] != sex[None, :])
    apart += 20.0 * (age_class(older)[:, None] != panel.age_class[None, :])
    apart += 20.0 * (panel.education[:, None] != panel.education[None, :])
    chance = weights[None, :] * np.exp(-apart)
    chance /= chance.sum(axis=1, keepdims=True)
    stays = ~_new_employer(panel)
    tenure = np.nan_to_num(panel.column("diensttijd"), nan=np.nanmedian(panel.column("diensttijd")))
    near = np.exp(-np.abs((tenure + YEARS)[:, None] - tenure[None, stays]) / 3)
    staying = chance[:, stays]
    mass = staying.sum(axis=1, keepdims=True)
    staying = staying * near
    chance[:, stays] = staying * (mass / staying.sum(axis=1, keepdims=True))
    return chance


def _evened(donors: Floats, asking: Floats, own: Floats, respondents: Floats) -> Floats:
    """Let no donor be asked for so often that the wave would hold too many of those answers."""
    room = np.maximum(0.9 * RESPONDENTS * respondents - own, 0.05 * RESPONDENTS * respondents)
    for _ in range(30):
        donors = donors * np.minimum(1.0, room / (asking @ donors))
        donors /= donors.sum(axis=1, keepdims=True)
    return donors


def keeps_own_job(panel: Panel) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Tell whose sector and branch can be kept, and which answers leave them as they were.

    Returns
    -------
    own : numpy.ndarray of bool
        Works in care or welfare, so that who makes no step still does.
    still : numpy.ndarray of bool
        Answered that no step was made.
    """
    return np.isin(panel.column("sector"), (1, 2)), panel.column("stap") == 0


def _followed_features(panel: Panel, mixture: Floats) -> Floats:
    """Return the expected features of each respondent of 2006 when followed."""
    older = panel.answers.assign(leeftijd=panel.column("leeftijd") + YEARS)
    by_group = mixture @ _dummies(panel.group, list(RETENTION_BY_GROUP)).T
    stays = ~_new_employer(panel)
    tenure = panel.column("diensttijd")
    kept = np.isfinite(tenure)
    years = np.nan_to_num(tenure)
    groups = _dummies(panel.group, list(RETENTION_BY_GROUP))
    leaving, staying = mixture * ~stays[None, :], mixture * stays[None, :]
    later = (years + YEARS) * kept
    tenures = [leaving @ (years**k * g) + later**k * (staying @ g) for g in groups for k in (1, 2)]
    known = [leaving @ (kept * g) + kept * (staying @ g) for g in groups]
    own, still = keeps_own_job(panel)
    branches = _dummies(panel.column("branche"), list(range(1, 11)))
    at_home = own * (mixture @ still)
    through_donor = mixture * ~(own[:, None] & still[None, :])
    branch = branches * at_home + (through_donor @ branches.T).T
    return _stack(
        older,
        panel.education,
        by_group.T,
        (mixture @ _dummies(panel.segment, sorted(set(panel.segment))).T).T,
        np.vstack([*tenures, *known]),
        branch,
        panel,
    )


def _features(panel: Panel) -> Floats:
    """Features that the composition is balanced on, one row each, by respondent of 2006."""
    groups = _dummies(panel.group, list(RETENTION_BY_GROUP))
    tenure = panel.column("diensttijd")
    years, kept = np.nan_to_num(tenure), np.isfinite(tenure)
    return _stack(
        panel.answers,
        panel.education,
        groups,
        _dummies(panel.segment, sorted(set(panel.segment))),
        np.vstack([years**k * g for g in groups for k in (1, 2)] + [groups * kept]),
        _dummies(panel.column("branche"), list(range(1, 11))),
        panel,
    )


def _stack(
    answers: pd.DataFrame,
    education: NDArray[np.str_],
    groups: Floats,
    segments: Floats,
    tenure: Floats,
    branches: Floats,
    panel: Panel,
) -> Floats:
    age = answers["leeftijd"].to_numpy(dtype=float)
    sex = answers["geslacht"].to_numpy(dtype=float)
    level = answers["opleidingsniveau"].to_numpy(dtype=float)
    cells = _cells(sex, age_class(age), education)
    common = pd.Series(_cells(panel.column("geslacht"), panel.age_class, panel.education))
    frequent = [cell for cell, n in common.value_counts().items() if n >= 20]
    return np.vstack(
        [
            _dummies(cells, sorted(map(str, frequent))),
            age,
            age**2,
            groups * age,
            groups * sex,
            groups * level,
            segments,
            tenure,
            branches,
        ]
    )


def _cells(sex: Floats, ages: NDArray[np.int64], education: NDArray[np.str_]) -> NDArray[np.str_]:
    return np.array([f"{s:g} {a} {e}" for s, a, e in zip(sex, ages, education, strict=True)])


def _dummies(values: NDArray[Any], categories: Sequence[Any]) -> Floats:
    return np.vstack([(values == category).astype(float) for category in categories])


def _balance(features: Floats, target: Floats, base: Floats) -> Floats:
    """Weights nearest to `base` under which the features have the target means."""
    mean, spread = features @ base, features.std(axis=1)
    used = spread > 1e-12
    x = (features[used] - mean[used, None]) / spread[used, None]
    goal = (target[used] - mean[used]) / spread[used]
    tilt = np.zeros(len(x))
    for _ in range(100):
        log_weights = np.log(base) + tilt @ x
        weights = np.exp(log_weights - log_weights.max())
        weights /= weights.sum()
        off = x @ weights - goal
        if np.abs(off).max() < 1e-9:
            return weights
        spread_now = (x * weights) @ x.T - np.outer(x @ weights, x @ weights)
        step = np.linalg.lstsq(spread_now, off, rcond=1e-10)[0]
        tilt -= step / max(1.0, np.abs(step).max())
    raise MobiliteitError(
        "The demo wave cannot be composed.",
        [Problem("no weights of 2006 give the composition", "Plant smaller changes.")],
    )
