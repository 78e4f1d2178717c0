"""Which means and percentages whole answers of so many people can give (GRIM).

The mean of ``n`` whole answers is a whole number divided by ``n``; a percentage is a count
divided by ``n``. Where the group is small, many printed values cannot be reached. Where ``n`` is
at least 100 and two decimals are printed, every value can be, and the test proves nothing.

References
----------
Brown, N. J. L., & Heathers, J. A. J. (2017). The GRIM test. Social Psychological and Personality
Science, 8(4), 363-369.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mobiliteit.audit import intervals
from mobiliteit.audit.report_data import Asked
from mobiliteit.published import PrintedCell


@dataclass(frozen=True)
class Reach:
    """Which numbers of answers can give a printed value.

    Attributes
    ----------
    possible : list of int
        Every n from 1 to the number asked that can give it.
    asked : list of int
        Those among them that are a number asked: nobody left the question out.
    power : float
        Share of the printable values that no n from 1 to the number asked can give.
    power_asked : float
        The same when nobody left the question out.
    """

    possible: list[int]
    asked: list[int]
    power: float
    power_asked: float


def reachable(scaled: NDArray[Any], ns: NDArray[Any], unit: int) -> NDArray[np.bool_]:
    """Whether n whole answers can have a mean that rounds to a value.

    Parameters
    ----------
    scaled : integer array, shape (v,)
        Values times `unit`.
    ns : integer array, shape (m,)
        Numbers of answers.
    unit : int
        Ten to the number of decimals.

    Returns
    -------
    array of bool, shape (v, m)
        Exact: whole-number arithmetic on the closed rounding interval.
    """
    low = -((-(2 * scaled[:, None] - 1) * ns[None, :]) // (2 * unit))
    high = ((2 * scaled[:, None] + 1) * ns[None, :]) // (2 * unit)
    return np.asarray(low <= high)


def reach(value: Fraction, decimals: int, bounds: tuple[float, float], asked: Asked) -> Reach:
    """Which n between 1 and the number asked can give a printed value.

    Parameters
    ----------
    value : Fraction
        The printed mean; a percentage as a share.
    decimals : int
        Decimals of `value`; two more than printed for a percentage.
    bounds : (float, float)
        Lowest and highest answer, which bound the values that could have been printed.
    asked : Asked
        How many were asked.
    """
    unit = 10**decimals
    ns = np.arange(1, asked.most + 1)
    here = reachable(np.array([int(value * unit)]), ns, unit)[0]
    grid = np.arange(int(bounds[0] * unit), int(bounds[1] * unit) + 1)
    every = reachable(grid, ns, unit)
    whole = (ns >= asked.lo) & (ns <= asked.hi)
    return Reach(
        ns[here].tolist(),
        ns[here & whole].tolist(),
        float(1 - every.any(axis=1).mean()),
        float(1 - every[:, whole].any(axis=1).mean()),
    )


def count_pairs(cell: PrintedCell, asked: Asked) -> list[tuple[int, int]]:
    """List the counts, each with its number asked, that a printed percentage can stand for."""
    share = intervals.share_of_cell(cell)
    return [(x, n) for n in range(asked.lo, asked.hi + 1) for x in intervals.counts(share, n)]
