"""What is planted in the answers of the demo wave: each change a pure function of the answers.

A change touches what it names and, as far as can be, nothing else. Where a relation changes, people
exchange the items of the whole scale: its mean, spread and reliability stay as they were.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from mobiliteit.study import Study

from .demo_design import Floats, Panel

MEAN_UP_SD = 0.30
ITEM_UP = 0.60
DRIFTING_ITEM = "leermogelijkheden_2"
LAGGED = 0.60
"""Standard deviations of success per standard deviation of earlier networking."""
# Times the coefficient of 2006 that is taken away within segments; what differs between segments
# stays, so that more than 1 ends a relation. Chosen by simulation, see tests/test_demo_wave.py.
ENDING, REVERSAL = 1.6, 3.0
REVERSED_BETA = 0.20
"""Coefficient of job applications in table 3.7 under the planted reversal; -0.20 in 2006."""
# The predictors of table 3.7, beside which a relation is measured.
BESIDE = (
    "orienteren", "netwerken", "sollicitaties", "opleiding_huidig", "opleiding_aangrenzend",
    "opleiding_nieuw", "opleiding_persoonlijk",
)  # fmt: skip


def item_names(name: str, study: Study) -> list[str]:
    """Columns that hold the answers to a variable: its items, or itself."""
    return list(study.codebook.variables[name].items or [name])


def mirrored_items(answers: pd.DataFrame, name: str, study: Study) -> Floats:
    """Answers to the items of a scale, respondents by items, reversed ones mirrored."""
    columns = {column.name: column for column in study.codebook.columns()}
    items = answers[item_names(name, study)].to_numpy(dtype=float, copy=True)
    for k, item in enumerate(item_names(name, study)):
        if columns[item].reversed:
            items[:, k] = sum(columns[item].bounds) - items[:, k]
    return items


def scale_score(answers: pd.DataFrame, name: str, study: Study) -> Floats:
    """Mean of the items; NaN where one of them is missing."""
    return mirrored_items(answers, name, study).mean(axis=1)


def exchange_items(
    answers: pd.DataFrame,
    name: str,
    panel: Panel,
    study: Study,
    rng: np.random.Generator,
    up: Floats | None = None,
) -> None:
    """Give everybody the item answers of somebody of 2006 with the same score, in place.

    Makes people who share a model distinct, and keeps the distribution of the items given the
    score, and with it their reliability and factor structure.

    Parameters
    ----------
    up : numpy.ndarray, optional
        Points by which the sum of the items is to be higher, as far as the scale goes.
    """
    pool, mine = mirrored_items(panel.answers, name, study), mirrored_items(answers, name, study)
    keys, own = _keys(pool), _keys(mine)
    order = np.argsort(keys, kind="stable")
    ordered = keys[order]
    wanted = own + (0 if up is None else up.astype(int))
    for _ in range(pool.shape[1] * 5):
        first = np.searchsorted(ordered, wanted, side="left")
        count = np.searchsorted(ordered, wanted, side="right") - first
        if (count > 0).all():
            break
        # beyond the end of the scale, or a sum that nobody has: a point less
        wanted = np.where((count == 0) & (wanted > own), wanted - 1, wanted)
    pick = first + np.floor(rng.random(len(answers)) * np.maximum(count, 1)).astype(int)
    chosen = order[np.minimum(pick, len(order) - 1)]
    items = item_names(name, study)
    source = panel.answers[items].to_numpy(dtype=float)[chosen]
    present = answers[items].to_numpy(dtype=float)
    answers[items] = np.where((count > 0)[:, None], source, present)


def _keys(items: Floats) -> np.ndarray:
    """Which items are answered and their sum, in one whole number."""
    answered = np.isfinite(items)
    pattern = answered @ (2 ** np.arange(items.shape[1]))
    return (pattern * 1000 + np.nansum(items, axis=1)).astype(np.int64)


def raise_mean(
    answers: pd.DataFrame,
    name: str,
    panel: Panel,
    study: Study,
    rng: np.random.Generator,
    by_sd: float = MEAN_UP_SD,
) -> None:
    """Raise a scale for everybody by a number of standard deviations of 2006, in place.

    Whole points are added to the sum of the items; who is near the end of the scale gains less, so
    that others gain a little more.
    """
    sums = mirrored_items(panel.answers, name, study).sum(axis=1)
    sums = sums[np.isfinite(sums)]
    goal = by_sd * sums.std(ddof=1)
    top = sums.max()
    low, high = 0.0, top
    for _ in range(50):
        middle = (low + high) / 2
        floor, chance = np.floor(middle), middle % 1
        gain = (1 - chance) * np.minimum(floor, top - sums)
        gain += chance * np.minimum(floor + 1, top - sums)
        low, high = (middle, high) if gain.mean() < goal else (low, middle)
    up = np.floor(low) + (rng.random(len(answers)) < low % 1)
    exchange_items(answers, name, panel, study, rng, up=up)


def raise_item(answers: pd.DataFrame, item: str, top: float, rng: np.random.Generator) -> None:
    """Let part of those below the top answer a point higher on one item, in place."""
    values = answers[item].to_numpy(dtype=float)
    room = values < top
    chance = ITEM_UP * np.isfinite(values).sum() / room.sum()
    answers[item] = values + (room & (rng.random(len(values)) < chance))


def take_relation(
    answers: pd.DataFrame,
    outcome: str,
    predictor: str,
    times: float,
    panel: Panel,
    segment: np.ndarray,
    study: Study,
    rng: np.random.Generator,
) -> None:
    """Take away `times` the coefficient of 2006 of a predictor within segments, in place.

    The outcome less that part is ranked within each segment, and the item answers that are there
    are handed out in that order: the distribution of the outcome stays the same in each segment.

    Parameters
    ----------
    times : float
        How much of it to take.
    segment : numpy.ndarray
        Mobility segment of each respondent in `answers`.
    """
    slope = _slope(panel, outcome, predictor, study)
    x = _filled(scale_score(answers, predictor, study), segment)
    latent = _spread(scale_score(answers, outcome, study), outcome, study, rng) - times * slope * x
    hand_out(answers, outcome, latent, segment, study, rng)


def add_lagged(
    answers: pd.DataFrame,
    outcome: str,
    earlier: Floats,
    now: Floats,
    who: np.ndarray,
    study: Study,
    rng: np.random.Generator,
) -> None:
    """Let what somebody scored earlier, beyond the present score, work on the outcome, in place.

    Parameters
    ----------
    earlier, now : numpy.ndarray
        Scores on the predictor then and now.
    who : numpy.ndarray of bool
        Those among whom it works.
    """
    score = scale_score(answers, outcome, study)
    use = who & np.isfinite(earlier) & np.isfinite(now) & np.isfinite(score)
    design = np.column_stack([np.ones(use.sum()), now[use]])
    beyond = earlier[use] - design @ np.linalg.lstsq(design, earlier[use], rcond=None)[0]
    latent = np.full(len(answers), np.nan)
    spread = _spread(score, outcome, study, rng)
    latent[use] = spread[use] + LAGGED * score[use].std() / earlier[use].std() * beyond
    hand_out(answers, outcome, latent, use, study, rng)


def hand_out(
    answers: pd.DataFrame,
    name: str,
    latent: Floats,
    group: np.ndarray,
    study: Study,
    rng: np.random.Generator,
) -> None:
    """Hand the item answers of a scale out again by rank of `latent` within groups, in place.

    Who has no latent score, or missed an item, keeps the own answers.
    """
    items = item_names(name, study)
    values = answers[items].to_numpy(dtype=float, copy=True)
    score = scale_score(answers, name, study)
    chance = rng.random(len(answers))
    for value in np.unique(group):
        rows = np.flatnonzero((group == value) & np.isfinite(latent) & np.isfinite(score))
        by_score = rows[np.lexsort((chance[rows], score[rows]))]
        by_latent = rows[np.lexsort((chance[rows], latent[rows]))]
        values[by_latent] = values[by_score]
    answers[items] = values


def _spread(score: Floats, name: str, study: Study, rng: np.random.Generator) -> Floats:
    """Spread equal scores out evenly, short of the next: else a small change would move nobody."""
    return score + (rng.random(len(score)) - 0.5) / len(item_names(name, study))


def _slope(panel: Panel, outcome: str, predictor: str, study: Study) -> float:
    """Coefficient in 2006 within segments, beside the other predictors of table 3.7."""
    y = scale_score(panel.answers, outcome, study)
    x = np.column_stack([scale_score(panel.answers, name, study) for name in BESIDE])
    segments = np.column_stack([panel.segment == name for name in np.unique(panel.segment)])
    use = np.isfinite(y) & np.isfinite(x).all(axis=1)
    design = np.column_stack([x[use], segments[use]])
    return float(np.linalg.lstsq(design, y[use], rcond=None)[0][BESIDE.index(predictor)])


def _filled(values: Floats, group: np.ndarray) -> Floats:
    """Fill missing scores with the mean of the group."""
    filled = values.copy()
    for value in np.unique(group):
        filled[(group == value) & ~np.isfinite(values)] = np.nanmean(values[group == value])
    return filled


def scales_of(study: Study) -> Sequence[str]:
    """Variables that are measured by several items."""
    return list(study.codebook.scale_variables())
