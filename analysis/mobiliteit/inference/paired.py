"""Two measurements of the same people: their mean change, and who changed reliably; square tables.

Plain numbers in and out; :mod:`mobiliteit.panel` puts names to them.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import stats
from statsmodels.stats.proportion import proportion_confint

from mobiliteit.inference.effects import noncentral_t_interval
from mobiliteit.samples import check_level

Array = np.ndarray


@dataclass(frozen=True)
class PairedChange:
    """Mean change of the people who were measured twice.

    Attributes
    ----------
    n : int
        People with both measurements.
    before, after : float
        Their means.
    mean, low, high : float
        Mean change (after minus before), and its confidence limits; NaN with fewer than two people.
    t, p : float
        Paired t test with n - 1 degrees of freedom.
    d_z, d_z_low, d_z_high : float
        Change in standard deviations of the change, with limits.
    d_av : float
        Change in standard deviations of the answers, the mean of before and after.
    correlation : float
        Between the two measurements.
    """

    n: int
    before: float
    after: float
    mean: float
    low: float
    high: float
    t: float
    p: float
    d_z: float
    d_z_low: float
    d_z_high: float
    d_av: float
    correlation: float


def paired_change(before: Array, after: Array, level: float = 0.95) -> PairedChange:
    """Describe and test the mean change of people who were measured twice.

    Parameters
    ----------
    before, after : numpy.ndarray, shape (n,)
        Nothing missing, the same people in the same order.
    level : float
        Confidence level.

    Returns
    -------
    PairedChange
        NaN where there are too few people or nobody differs.

    Raises
    ------
    AnalysisError
        A level outside (0, 1).

    Notes
    -----
    The interval of d_z inverts the noncentral t; d_av is that of Cumming (2012). Tested against R's
    ``t.test(paired = TRUE)`` and ``effectsize::cohens_d(paired = TRUE)``.

    References
    ----------
    Cumming, G. (2012). Understanding the new statistics. Routledge.
    """
    check_level(level)
    n, change = len(before), after - before
    nothing = dict.fromkeys(
        ("low", "high", "t", "p", "d_z", "d_z_low", "d_z_high", "d_av", "correlation"), np.nan
    )
    means = [float(values.mean()) if n else np.nan for values in (before, after, change)]
    found = {"before": means[0], "after": means[1], "mean": means[2], **nothing}
    sd = float(change.std(ddof=1)) if n > 1 else 0.0
    spreads = [float(v.std(ddof=1)) if n > 1 else 0.0 for v in (before, after)]
    if sum(spreads) > 0:
        found["d_av"] = means[2] / (sum(spreads) / 2)
    if min(spreads) > 0 and n > 2:
        found["correlation"] = float(np.corrcoef(before, after)[0, 1])
    if sd > 0:
        se = sd / np.sqrt(n)
        reach = float(stats.t.ppf((1 + level) / 2, n - 1)) * se
        t = means[2] / se
        low, high = noncentral_t_interval(np.array([t]), n - 1, level)
        found |= {"low": means[2] - reach, "high": means[2] + reach, "t": t, "d_z": t / np.sqrt(n)}
        found |= {"p": float(2 * stats.t.sf(abs(t), n - 1))}
        found |= {"d_z_low": float(low[0] / np.sqrt(n)), "d_z_high": float(high[0] / np.sqrt(n))}
    return PairedChange(n, **found)


def reliable_change(before: Array, after: Array, sd: float, alpha: float, level: float) -> Array:
    """Tell who changed by more than the error of measurement lets one expect.

    Parameters
    ----------
    before, after : numpy.ndarray, shape (n,)
        The two scores of each.
    sd : float
        Standard deviation of the score among all.
    alpha : float
        Reliability of the score, in [0, 1).
    level : float
        Confidence level: of those who did not change, 1 - `level` are still called changed.

    Returns
    -------
    numpy.ndarray of int, shape (n,)
        -1 lower, 0 not reliably changed, 1 higher.

    Notes
    -----
    (after - before) / (sd sqrt(2 (1 - alpha))) against the normal distribution (Jacobson & Truax,
    1991). It takes all of what is not reliable for noise, and no growth for granted.

    References
    ----------
    Jacobson, N. S., & Truax, P. (1991). Clinical significance. Journal of Consulting and Clinical
    Psychology, 59, 12-19.
    """
    limit = float(stats.norm.ppf((1 + check_level(level)) / 2)) * sd * np.sqrt(2 * (1 - alpha))
    change = after - before
    return np.where(np.abs(change) > limit, np.sign(change), 0).astype("int64")


def symmetry(counts: Array) -> tuple[float, int, float]:
    """Bowker's test that as many people go from i to j as from j to i.

    Parameters
    ----------
    counts : numpy.ndarray, shape (k, k)
        People by where they were (rows) and are (columns).

    Returns
    -------
    tuple
        Chi-square, degrees of freedom (pairs that anybody is in) and p; NaN where nobody moved.

    Notes
    -----
    Bowker (1948), JASA 43, 572-574. Tested against R's ``mcnemar.test``.
    """
    up, down = counts[np.triu_indices(len(counts), 1)], counts.T[np.triu_indices(len(counts), 1)]
    moved = up + down > 0
    df = int(moved.sum())
    if not df:
        return np.nan, 0, np.nan
    chi2 = float(((up - down)[moved] ** 2 / (up + down)[moved]).sum())
    return chi2, df, float(stats.chi2.sf(chi2, df))


def marginal_homogeneity(counts: Array) -> tuple[float, int, float]:
    """Stuart and Maxwell's test that the groups are as large after as before.

    Parameters
    ----------
    counts : numpy.ndarray, shape (k, k)
        As of :func:`symmetry`.

    Returns
    -------
    tuple
        Chi-square, degrees of freedom and p; NaN where nobody moved.

    Notes
    -----
    Stuart (1955), Biometrika 42, 412-416; Maxwell (1970). Groups that nobody left or entered give
    no degree of freedom. Tested against R's ``coin::mh_test``.
    """
    rows, columns = counts.sum(axis=1), counts.sum(axis=0)
    difference = rows - columns
    covariance = np.diag(rows + columns) - counts - counts.T
    df = int(np.linalg.matrix_rank(covariance, hermitian=True))
    if not df:
        return np.nan, 0, np.nan
    chi2 = float(difference @ np.linalg.pinv(covariance, hermitian=True) @ difference)
    return chi2, df, float(stats.chi2.sf(chi2, df))


def wilson(count: Array, n: Array, level: float) -> tuple[Array, Array]:
    """Confidence limits of shares, each by itself (Wilson, 1927); NaN where n is 0."""
    with np.errstate(invalid="ignore", divide="ignore"):
        low, high = proportion_confint(count, n, alpha=1 - level, method="wilson")
    return np.where(count == 0, np.where(n > 0, 0, np.nan), low), np.where(
        count == n, np.where(n > 0, 1, np.nan), high
    )


def goodman(count: Array, n: Array, k: int, level: float) -> tuple[Array, Array]:
    """Confidence limits of shares that hold for all k of a row at once (Goodman, 1965).

    Parameters
    ----------
    count, n : numpy.ndarray
        How many of how many.
    k : int
        Shares that add up to 1.
    level : float
        Confidence level of all together.

    Returns
    -------
    tuple of numpy.ndarray
        Limits, those of :func:`wilson` at the level 1 - (1 - `level`) / k.
    """
    return wilson(count, n, 1 - (1 - level) / k)
