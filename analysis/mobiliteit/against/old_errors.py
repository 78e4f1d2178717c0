"""Which standard error a printed number can have had: from rounding, R2, n, stars and Ja/Nee.

The report prints none. Each function gives the smallest and largest that is possible, and whether
the largest rests on an assumption instead of on what is printed. Derivations stand with each; the
tests draw data, print them as the report would, and find the true error between the two.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from scipy import stats

Box = tuple[float, float]


@dataclass(frozen=True)
class ErrorRange:
    """Standard errors that a printed number can have had.

    Attributes
    ----------
    low, high : float
        Smallest and largest.
    assumed : bool
        Whether `high` rests on an assumption: nothing printed bounds it.
    at_odds : bool
        Whether what is printed contradicts itself, so that only the wider bounds were used.
    """

    low: float
    high: float
    assumed: bool = False
    at_odds: bool = False

    def between(self, low: float, high: float) -> ErrorRange:
        """Narrow the range; where nothing is left, keep it and say that it is at odds."""
        least, most = max(self.low, low), min(self.high, high)
        if least > most:
            return ErrorRange(self.low, self.high, self.assumed, True)
        return ErrorRange(least, most, self.assumed and most == self.high, self.at_odds)


def beta_errors(
    size: Box,
    r2: Box,
    predictors: int,
    n: tuple[int, int],
    p: Box,
    tolerance: Box | None,
    largest_vif: float,
) -> ErrorRange:
    """Bound the standard error of a standardized coefficient.

    Parameters
    ----------
    size : (float, float)
        Absolute rounding interval of the coefficient.
    r2 : (float, float)
        Rounding interval of the explained variance, as a share.
    predictors : int
        Predictors in the model, k.
    n : (int, int)
        Fewest and most complete respondents, above k + 1.
    p : (float, float)
        p-values that its mark stands for; (0.05, 1) without a star.
    tolerance : (float, float), optional
        1 / VIF of the predictor, where another printed model tells.
    largest_vif : float
        Taken where neither star nor tolerance bounds it from above.

    Returns
    -------
    ErrorRange
        ``SE = sqrt((1 - R2) VIF / (n - k - 1))`` with VIF of at least 1, and ``SE = |beta| / t``
        with t between the quantiles that the mark stands for.
    """
    df = n[0] - predictors - 1, n[1] - predictors - 1
    vif = (1.0, largest_vif) if tolerance is None else (1 / tolerance[1], 1 / tolerance[0])
    found = ErrorRange(
        math.sqrt((1 - r2[1]) * vif[0] / df[1]),
        math.sqrt((1 - r2[0]) * vif[1] / df[0]),
        assumed=tolerance is None,
    )
    least = size[0] / float(stats.t.isf(p[0] / 2, df[0])) if p[0] > 0 else 0.0
    most = size[1] / float(stats.t.isf(p[1] / 2, df[1])) if p[1] < 1 else math.inf
    return found.between(least, most)


def pooled_variances(
    between: Box, within: Box, groups: int, n: tuple[int, int], yes: bool, level: float
) -> Box:
    """Bound the pooled variance within groups by a tested difference of means.

    Parameters
    ----------
    between : (float, float)
        Smallest and largest sum of squares between groups.
    within : (float, float)
        Smallest and largest variance per person that the answer scale allows within a group.
    groups : int
        Groups, k.
    n : (int, int)
        Fewest and most respondents.
    yes : bool
        Whether the test was significant.
    level : float
        Its level.

    Returns
    -------
    (float, float)
        ``F = (SSB / (k - 1)) / MSE`` is above its critical value for a Ja and below for a Nee; and
        ``MSE = n s2 / (n - k)`` with ``s2`` what the scale allows.
    """
    k = groups
    low, high = within[0], within[1] * n[0] / max(n[0] - k, 1)
    if yes:
        critical = float(stats.f.isf(level, k - 1, n[1] - k))
        return low, max(min(high, between[1] / ((k - 1) * critical)), low)
    critical = float(stats.f.isf(level, k - 1, max(n[0] - k, 1)))
    return min(max(low, between[0] / ((k - 1) * critical)), high), high


def difference_errors(
    variances: Box,
    n_a: tuple[float, float],
    n_b: tuple[float, float],
    *,
    difference: Box | None = None,
    df: tuple[float, float] = (math.inf, math.inf),
    yes: bool = False,
    level: float = 0.05,
) -> ErrorRange:
    """Bound the pooled standard error of a difference between two means.

    Parameters
    ----------
    variances : (float, float)
        Of :func:`pooled_variances`.
    n_a, n_b : (float, float)
        Fewest and most respondents in either group.
    difference : (float, float), optional
        Rounding interval of the difference, where there are only two groups: its own test is then
        the printed one, and ``SE = |difference| / t``.
    df : (float, float)
        Fewest and most degrees of freedom of that test.
    yes, level : bool, float
        Its outcome.

    Returns
    -------
    ErrorRange
        ``sqrt(MSE (1 / n_a + 1 / n_b))``.
    """
    found = ErrorRange(
        math.sqrt(variances[0] * (1 / n_a[1] + 1 / n_b[1])),
        math.sqrt(variances[1] * (1 / n_a[0] + 1 / n_b[0])),
    )
    if difference is None:
        return found
    ends = sorted(abs(end) for end in difference)
    if yes:
        return found.between(0.0, ends[1] / float(stats.t.isf(level / 2, df[1])))
    least = 0.0 if difference[0] <= 0 <= difference[1] else ends[0]
    return found.between(least / float(stats.t.isf(level / 2, df[0])), math.inf)


def share_variances(share: Box, n: tuple[float, float]) -> Box:
    """Bound the variance of a share, p (1 - p) / n: largest near a half with few people."""
    low, high = (min(max(end, 0.0), 1.0) for end in share)
    middle = min(max(0.5, low), high)
    spread = [p * (1 - p) for p in (low, high, middle)]
    return min(spread[:2]) / n[1], max(spread) / n[0]


def share_errors(*shares: tuple[Box, tuple[float, float]]) -> ErrorRange:
    """Bound the standard error of a share, or of the difference between two independent ones.

    Parameters
    ----------
    *shares : ((float, float), (float, float))
        Rounding interval of each, in [0, 1], with the fewest and most people it rests on.
    """
    found = [share_variances(share, n) for share, n in shares]
    return ErrorRange(math.sqrt(sum(v[0] for v in found)), math.sqrt(sum(v[1] for v in found)))


def mean_errors(mean: Box, bounds: Box, whole: bool, n: tuple[float, float]) -> ErrorRange:
    """Bound the standard error of a mean on a bounded scale.

    Parameters
    ----------
    mean, bounds : (float, float)
        Rounding interval of the mean, and the lowest and highest answer.
    whole : bool
        Whether answers are whole numbers.
    n : (float, float)
        Fewest and most respondents, 2 or more.

    Returns
    -------
    ErrorRange
        The variance per person is at most ``(m - a)(b - m)`` (Bhatia & Davis, 2000), and of whole
        answers at least ``f (1 - f)`` with f the fraction of m.
    """
    low, high = (min(max(end, bounds[0]), bounds[1]) for end in mean)
    middle = min(max(sum(bounds) / 2, low), high)
    most = max((m - bounds[0]) * (bounds[1] - m) for m in (low, middle, high))
    least = 0.0
    if whole and math.floor(low) == math.floor(high) and low != math.floor(low):
        least = min(f * (1 - f) for f in (low - math.floor(low), high - math.floor(high)))
    return ErrorRange(math.sqrt(least / n[1]), math.sqrt(most / (n[0] - 1)))


def r2_error(r2: float, n: float, predictors: int) -> float:
    """Return the large-sample standard error of an explained variance (Olkin & Finn, 1995).

    Psychological Bulletin, 118, 155-164: ``sqrt(4 R2 (1 - R2)^2 (n - k - 1)^2 / ((n^2 - 1)(n +
    3)))``. R2 as a share.
    """
    df = n - predictors - 1
    return math.sqrt(4 * r2 * (1 - r2) ** 2 * df**2 / ((n**2 - 1) * (n + 3)))


def r2_errors(r2: Box, n: tuple[int, int], predictors: int) -> ErrorRange:
    """Bound the standard error of an explained variance by its rounding and by n.

    ``R2 (1 - R2)^2`` is largest at 1/3.
    """
    low, high = (min(max(end, 0.0), 1.0) for end in r2)
    top = min(max(1 / 3, low), high)
    found = [r2_error(r, m, predictors) for r in (low, high, top) for m in n]
    return ErrorRange(min(found), max(found))
