"""The studentized range: how far apart the outer two of k equal means lie by chance.

scipy's distribution function integrates adaptively, some fifty times slower, and errs in the
eleventh decimal with many degrees of freedom (more with 100,000, where it takes them for infinitely
many). Tables with hundreds of contrasts need better.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from scipy import optimize, special, stats

# Beyond it a standard normal density adds less than 1e-17.
REACH = 9.0
STEP = 0.25
# Where the density of the spread has fallen by exp(-DROP), about 1e-17, from its top.
DROP = 40.0
_AT = np.arange(-REACH, REACH + STEP / 2, STEP)
_BELOW = special.ndtr(_AT)


def studentized_range_sf(q: float, k: int, df: float) -> float:
    """Chance that the studentized range of `k` means is larger than `q`.

    Parameters
    ----------
    q : float
        Observed range, over the standard error of a mean; 0 or more.
    k : int
        Means, 2 or more.
    df : float
        Degrees of freedom of the standard error, 1 or more.

    Returns
    -------
    float
        In [0, 1], with an absolute error below 1e-13.

    Notes
    -----
    The range W of k standard normal values is larger than w with chance
    ``k int phi(z) [Phi(z)^(k-1) - (Phi(z) - Phi(z - w))^(k-1)] dz``; the studentized one averages
    that over w = q s, with df s^2 chi-square. Both integrals by the trapezoidal rule, in z and in
    log s: for smooth functions that vanish at both ends its error falls exponentially with the
    number of steps (Trefethen & Weideman, 2014, SIAM Review, 56, 385-458).

    Tested against ``scipy.stats.studentized_range``, Student's t for two means, and R's ``qtukey``.
    """
    # log s has density exp(df (x - exp(2 x) / 2)), up to a constant: like exp(df x) far to the
    # left, and falling faster than a normal density to the right.
    low, high = -np.sqrt(DROP / df) - DROP / (3 * df), np.sqrt(DROP / df)
    while df * (low - np.expm1(2 * low) / 2) > -DROP:
        low *= 1.2
    x = np.linspace(low, high, 64 + int(400 / df))
    density = np.exp(df * (x - np.expm1(2 * x) / 2))
    weight = np.exp(-(_AT**2) / 2) * _BELOW ** (k - 1)
    share = special.ndtr(_AT - q * np.exp(x)[:, None]) / _BELOW
    # A difference of powers, without losing the digits of a small chance; a share of 1 gives 1.
    with np.errstate(divide="ignore"):
        beyond = -np.expm1((k - 1) * np.log1p(-share))
    found = float(density @ (beyond @ weight)) / float(density.sum() * weight.sum())
    return min(max(found, 0.0), 1.0)


@lru_cache(maxsize=4096)
def studentized_range_quantile(level: float, k: int, df: float) -> float:
    """Quantile of the studentized range of `k` means.

    Parameters
    ----------
    level : float
        Chance of a smaller range, between 0 and 1.
    k : int
        Means, 2 or more.
    df : float
        Degrees of freedom, 1 or more.

    Returns
    -------
    float
        The range.

    Notes
    -----
    It lies between the quantile for two means, sqrt(2) times that of |t|, and Bonferroni's for all
    pairs. Tested against R's ``qtukey`` and printed tables.
    """
    tails = np.array([(1 - level) / 2, (1 - level) / (k * (k - 1))])
    low, high = np.sqrt(2) * stats.t.isf(tails, df)
    if k == 2:
        return float(low)
    return float(
        optimize.brentq(lambda q: 1 - level - studentized_range_sf(q, k, df), low, high, xtol=1e-10)
    )
