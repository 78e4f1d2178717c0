"""What an answer shows of people: small numbers rounded, points moved a little.

Which counts are hidden is said by :mod:`mobiliteit.disclosure`. What two questions together give
away (all, and all but one) is *not* covered: who may ask anything can subtract. The lab is for
those who may see the data; these rules keep small cells out of what they show to others.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from mobiliteit.disclosure import SMALLEST

if TYPE_CHECKING:
    from mobiliteit.asking.answer import Answer

# Points of a picture: at most so many, and their places shifted by so much of a standard deviation.
MOST_POINTS = 2000
SHIFT = 0.1
SEED = 20060217


def round_people(n: int) -> int:
    """Round a number of people to the nearest ten (half up), and to ten where there are fewer."""
    return max(SMALLEST, (n + SMALLEST // 2) // SMALLEST * SMALLEST) if n else 0


def with_rounded_people(answer: Answer) -> Answer:
    """Round every number of people in an answer to tens.

    For an answer from which the size of a group that may not be shown would follow: its sum of
    people subtracted from everybody.

    Parameters
    ----------
    answer : Answer
        With exact numbers.

    Returns
    -------
    Answer
        `n` of the answer, its estimates, its table and its picture in tens; estimates, limits and
        p-values as they are.
    """
    table = answer.table.copy()
    table["n"] = table["n"].map(round_people, na_action="ignore").astype("Int64")
    table = table[~table["statistic"].isin(("df", "df1", "df2"))]
    picture = answer.picture
    if picture is not None:
        data = {name: _rounded(frame) for name, frame in picture.data.items()}
        picture = replace(picture, data=data)
    return replace(
        answer,
        n=round_people(answer.n),
        estimates=tuple(replace(entry, n=round_people(entry.n)) for entry in answer.estimates),
        robust=tuple(replace(entry, n=round_people(entry.n)) for entry in answer.robust),
        table=table,
        picture=picture,
    )


def _rounded(frame: pd.DataFrame) -> pd.DataFrame:
    if "n" not in frame:
        return frame
    return frame.assign(n=frame["n"].map(round_people, na_action="ignore"))


def veiled(values: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Shift values so that a point in a picture is nobody's answer.

    Parameters
    ----------
    values : numpy.ndarray
        One per respondent, finite.
    rng : numpy.random.Generator
        Seeded, so that the same question gives the same picture.

    Returns
    -------
    numpy.ndarray
        The outermost :data:`SMALLEST` - 1 on either side are moved to the next, so that no point
        stands alone at the edge; then each is shifted at random by at most half the smallest
        step between two values, or :data:`SHIFT` standard deviations if that is more.
    """
    if len(values) <= 2 * SMALLEST:
        low, high = np.median(values), np.median(values)
    else:
        ordered = np.sort(values)
        low, high = ordered[SMALLEST - 1], ordered[-SMALLEST]
    kept = np.clip(values, low, high)
    steps = np.diff(np.unique(kept))
    reach = max(SHIFT * float(values.std()), float(steps.min()) / 2 if len(steps) else 0.0)
    return np.asarray(kept + rng.uniform(-reach, reach, len(values)))


def drawn_places(n: int, rng: np.random.Generator) -> np.ndarray:
    """Choose the respondents whose points a picture shows: all, or :data:`MOST_POINTS` of them."""
    if n <= MOST_POINTS:
        return rng.permutation(n)
    return rng.choice(n, MOST_POINTS, replace=False)
