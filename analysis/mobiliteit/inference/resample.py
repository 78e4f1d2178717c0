"""Bootstrap and jackknife of anything that is a function of a covariance matrix.

Regression slopes, standardized coefficients and indirect effects depend on the respondents only
through means and cross-products. A resample is then a row of counts, and the cross-products of
thousands of resamples are one matrix product: no fit is done twice. Complete numeric data only;
survey weights are refused.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import stats

from mobiliteit.errors import AnalysisError, Problem
from mobiliteit.samples import check_level

Array = NDArray[np.float64]
Statistic = Callable[[Array], Array]

DEFAULT_SEED = 2006
DEFAULT_RESAMPLES = 10_000
LEAST_RESAMPLES = 199
# Doubles per chunk of counts (8 MB): memory does not grow with the number of resamples.
CHUNK = 2**20
# A resample with less than this share of the sample's variance of a variable, or of its determinant
# of the correlations, has lost a variable to rounding.
SINGULAR = 1e-8


@dataclass(frozen=True)
class Resampled:
    """A vector of q statistics with its bootstrap and its jackknife.

    Attributes
    ----------
    estimate : numpy.ndarray, shape (q,)
        On the data themselves.
    draws : numpy.ndarray, shape (resamples - left_out, q)
        On the usable resamples.
    jackknife : numpy.ndarray, shape (n - jackknife_left_out, q)
        Leaving out one respondent at a time.
    left_out, jackknife_left_out : int
        Resamples without an answer: a variable had no variance, or predictors coincided.
    """

    estimate: Array
    draws: Array
    jackknife: Array
    left_out: int
    jackknife_left_out: int

    def percentile(self, level: float = 0.95) -> tuple[Array, Array]:
        """Return the lower and upper percentile limits, each of shape (q,)."""
        return percentile_limits(self.draws, level)

    def bca(self, level: float = 0.95) -> tuple[Array, Array]:
        """Return the lower and upper BCa limits, each of shape (q,)."""
        return bca_limits(self.draws, self.estimate, self.jackknife, level)

    @property
    def note(self) -> str:
        """What was left out, in Dutch; empty when nothing was."""
        if not self.left_out:
            return ""
        total = len(self.draws) + self.left_out
        return f"{self.left_out} van {total} hertrekkingen zonder variantie overgeslagen"


def resample(
    data: Array,
    statistic: Statistic,
    *,
    resamples: int = DEFAULT_RESAMPLES,
    seed: int = DEFAULT_SEED,
) -> Resampled:
    """Bootstrap and jackknife a function of the covariance matrix.

    Parameters
    ----------
    data : numpy.ndarray, shape (n, p)
        Complete data. They are centred here; columns of like size keep the arithmetic exact.
    statistic : callable
        Takes covariance matrices of shape (r, p, p), divisor n, and returns shape (r, q).
    resamples : int
        Number of bootstrap resamples, at least 199.
    seed : int
        Of ``numpy.random.default_rng``. The same seed gives the same draws whatever the chunk size.

    Returns
    -------
    Resampled
        The nonparametric (pairs) bootstrap: respondents are drawn with replacement, so predictors
        are as random as outcomes.

    Raises
    ------
    AnalysisError
        Fewer than 199 resamples, or over half of them unusable.
    """
    if resamples < LEAST_RESAMPLES:
        problem = Problem(
            f"{resamples} resamples are too few for limits of an interval",
            f"Ask for {LEAST_RESAMPLES} or more; {DEFAULT_RESAMPLES} is the default.",
        )
        raise AnalysisError("The bootstrap cannot be done.", [problem])
    centred = data - data.mean(axis=0)
    sample = centred.T @ centred / len(centred)
    estimate = statistic(sample[None])[0]
    parts = [
        statistic(_usable(covariances, sample))
        for covariances in bootstrap_covariances(centred, resamples, seed)
    ]
    draws = np.concatenate(parts)
    if len(draws) < resamples / 2:
        problem = Problem(
            f"a variable has no variance in {resamples - len(draws)} of {resamples} resamples",
            "Leave out the variable on which nearly everybody agrees.",
            nl=(
                f"een variabele heeft geen variantie in {resamples - len(draws)} van {resamples}"
                " hertrekkingen",
                "Laat de variabele weg waarop haast iedereen hetzelfde antwoordt.",
            ),
        )
        raise AnalysisError("The bootstrap cannot be done.", [problem])
    jackknife = statistic(_usable(jackknife_covariances(centred), sample))
    return Resampled(estimate, draws, jackknife, resamples - len(draws), len(data) - len(jackknife))


def bootstrap_counts(n: int, resamples: int, seed: int, chunk: int = CHUNK) -> Iterator[Array]:
    """Draw how often each of n respondents is in a resample.

    Parameters
    ----------
    n, resamples, seed : int
        Respondents, resamples, and the seed of the generator.
    chunk : int
        Most doubles to hold at a time.

    Yields
    ------
    numpy.ndarray, shape (r, n)
        Multinomial counts; every row sums to n.
    """
    generator = np.random.default_rng(seed)
    rows = max(1, chunk // n)
    for start in range(0, resamples, rows):
        r = min(rows, resamples - start)
        drawn = generator.integers(0, n, size=(r, n)) + n * np.arange(r)[:, None]
        yield np.bincount(drawn.ravel(), minlength=r * n).reshape(r, n).astype(np.float64)


def bootstrap_covariances(
    data: Array, resamples: int, seed: int, chunk: int = CHUNK
) -> Iterator[Array]:
    """Covariance matrices (divisor n) of bootstrap resamples, in chunks of shape (r, p, p)."""
    products = _products(data)
    for counts in bootstrap_counts(len(data), resamples, seed, chunk):
        yield _covariances(counts @ products / len(data), data.shape[1])


def jackknife_covariances(data: Array) -> Array:
    """Covariance matrices (divisor n - 1) leaving out one respondent at a time, shape (n, p, p)."""
    products = _products(data)
    return _covariances((products.sum(axis=0) - products) / (len(data) - 1), data.shape[1])


def _products(data: Array) -> Array:
    upper = np.triu_indices(data.shape[1])
    return np.hstack([data, data[:, upper[0]] * data[:, upper[1]]])


def _covariances(moments: Array, p: int) -> Array:
    rows, columns = np.triu_indices(p)
    means = moments[:, :p]
    upper = moments[:, p:] - means[:, rows] * means[:, columns]
    covariances = np.empty((len(moments), p, p))
    covariances[:, rows, columns] = upper
    covariances[:, columns, rows] = upper
    return covariances


def _usable(covariances: Array, sample: Array) -> Array:
    variances = np.diagonal(covariances, axis1=1, axis2=2)
    varied = covariances[(variances > SINGULAR * np.diag(sample)).all(axis=1)]
    deviations = np.sqrt(np.diag(sample))
    least = SINGULAR * np.linalg.det(sample / np.outer(deviations, deviations))
    scales = np.sqrt(np.diagonal(varied, axis1=1, axis2=2))
    correlations = varied / (scales[:, :, None] * scales[:, None, :])
    return varied[np.linalg.det(correlations) > least]


def percentile_limits(draws: Array, level: float = 0.95) -> tuple[Array, Array]:
    """Percentile limits of a bootstrap.

    Parameters
    ----------
    draws : numpy.ndarray, shape (r, q)
        Bootstrap draws, without missing values.
    level : float
        Confidence level, between 0 and 1.

    Returns
    -------
    tuple of numpy.ndarray
        Lower and upper limits, each of shape (q,): order statistics (r + 1) alpha, interpolated.

    Notes
    -----
    Efron (1979); Davison & Hinkley (1997), section 5.3.1. Tested against ``boot::boot.ci`` on
    R's own draws.
    """
    check_level(level)
    tail = (1 - level) / 2
    low, high = np.quantile(draws, [tail, 1 - tail], axis=0, method="weibull")
    return low, high


def bca_limits(
    draws: Array, estimate: Array, jackknife: Array, level: float = 0.95
) -> tuple[Array, Array]:
    """Bias-corrected and accelerated limits of a bootstrap.

    Parameters
    ----------
    draws : numpy.ndarray, shape (r, q)
        Bootstrap draws, without missing values.
    estimate : numpy.ndarray, shape (q,)
        On the data themselves.
    jackknife : numpy.ndarray, shape (n, q)
        Leaving out one respondent at a time.
    level : float
        Confidence level, between 0 and 1.

    Returns
    -------
    tuple of numpy.ndarray
        Lower and upper limits, each of shape (q,). NaN where all draws lie on one side of the
        estimate, or where leaving out a respondent never changes it.

    Notes
    -----
    Efron (1987): ``z0`` from the share of draws below the estimate (half of those equal to
    it), the acceleration ``sum(d^3) / (6 sum(d^2)^1.5)`` with ``d`` the mean of the jackknife minus
    its values, and the percentiles ``Phi(z0 + (z0 + z) / (1 - a (z0 + z)))``. Tested against
    ``boot::boot.ci`` on R's own draws.
    """
    check_level(level)
    below = np.mean(draws < estimate, axis=0) + np.mean(draws == estimate, axis=0) / 2
    distance = jackknife.mean(axis=0) - jackknife
    with np.errstate(invalid="ignore", divide="ignore"):
        acceleration = (distance**3).sum(axis=0) / (6 * (distance**2).sum(axis=0) ** 1.5)
        bias = stats.norm.ppf(below)
        tails = stats.norm.ppf([(1 - level) / 2, (1 + level) / 2])[:, None]
        shares = stats.norm.cdf(bias + (bias + tails) / (1 - acceleration * (bias + tails)))
    limits = np.full((2, draws.shape[1]), np.nan)
    for column in range(draws.shape[1]):
        if np.isfinite(bias[column]) and np.isfinite(acceleration[column]):
            limits[:, column] = np.quantile(draws[:, column], shares[:, column], method="weibull")
    return limits[0], limits[1]
