"""Item answers behind the scale scores.

The annealing settles the sum of each scale; here every sum is divided over its items so that
Cronbach's alpha comes out as wanted. With the sums fixed, alpha depends only on how much the
items differ within a respondent: ``sum of item variances = var(sum) (1 - alpha (k - 1) / k)``.
"""

from __future__ import annotations

import numpy as np


def cronbach_alpha(items: np.ndarray) -> float:
    """Cronbach's alpha over the respondents who answered all items (NaN = no answer)."""
    full = items[~np.isnan(items).any(1)]
    k = full.shape[1]
    return float(k / (k - 1) * (1 - full.var(0, ddof=1).sum() / full.sum(1).var(ddof=1)))


def split_sums(
    sums: np.ndarray,
    answered: np.ndarray,
    k: int,
    lo: int,
    hi: int,
    alpha: float,
    rng: np.random.Generator,
) -> np.ndarray:
    """Divide sums of answered items over ``k`` items.

    Parameters
    ----------
    sums : (n,) float
        Sum over the answered items; ignored where ``answered`` is 0.
    answered : (n,) int
        Number of answered items.
    k, lo, hi : int
        Items of the scale, lowest and highest answer.
    alpha : float
        Wanted alpha; reached from above, to about .005.

    Returns
    -------
    (n, k) float
        Answers, NaN where there is none. Row sums equal ``sums``.
    """
    n = len(sums)
    items = np.full((n, k), np.nan)
    # some items are easier to agree with than others
    ease = rng.permutation(np.linspace(-0.8, 0.8, k))
    for i in np.flatnonzero(answered > 0):
        cols = rng.permutation(k)[: answered[i]]
        base, rest = divmod(round(float(sums[i])), int(answered[i]))
        items[i, cols] = base
        order = cols[np.argsort(-(ease[cols] + 0.7 * rng.standard_normal(len(cols))))]
        items[i, order[:rest]] += 1
    rows = np.flatnonzero(answered > 1)
    for _ in range(4000):
        if cronbach_alpha(items) <= alpha:
            break
        for i in rng.choice(rows, 6):
            cols = np.flatnonzero(~np.isnan(items[i]))
            order = cols[np.argsort(ease[cols] + 1.2 * rng.standard_normal(len(cols)))]
            down, up = order[0], order[-1]
            # answers of one person stay within three points of each other
            if items[i, down] > lo and items[i, up] < hi and items[i, up] - items[i, down] < 2:
                items[i, down] -= 1
                items[i, up] += 1
    return items
