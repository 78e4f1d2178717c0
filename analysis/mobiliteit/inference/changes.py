"""A number in two waves and how much it changed, when some people are in both.

Means over a sample or a part of it, by linearization: every respondent has an influence on a mean,
the variance of a mean is that of the sum of the influences under the design of its wave
(:mod:`mobiliteit.design`), and two waves covary through the people that they share. Plain numbers
in and out; :mod:`mobiliteit.trends` puts names to them. Without weights, strata and clusters the
errors of two waves without shared people are those of Welch's test.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy import stats

from mobiliteit.design import Design, moments

Array = np.ndarray


@dataclass(frozen=True)
class Mean:
    """A mean over those of a wave who have a value.

    Attributes
    ----------
    value : float
        The (weighted) mean; NaN when nobody has a value.
    influence : numpy.ndarray, shape (respondents of the wave,)
        Of each on the mean; 0 for who has no value.
    variance : float
        Of the mean, under the design.
    sd : float
        (Weighted) standard deviation of the values.
    n, df : int
        Respondents with a value, and degrees of freedom of the variance.
    """

    value: float
    influence: Array
    variance: float
    sd: float
    n: int
    df: int


@dataclass(frozen=True)
class Estimate:
    """An estimate with its standard error, and the degrees of freedom of that error."""

    value: float
    se: float
    df: int

    @property
    def p(self) -> float:
        """Two-sided p-value of t; NaN without an error or degrees of freedom."""
        if not self.se > 0 or self.df < 1:
            return float("nan")
        return float(2 * stats.t.sf(abs(self.value) / self.se, self.df))

    def limits(self, level: float) -> tuple[float, float]:
        """Lower and upper limit by t; NaN without degrees of freedom."""
        reach = _quantile(self.df, level) * self.se
        return self.value - reach, self.value + reach

    def share_limits(self, level: float) -> tuple[float, float]:
        """Limits of a share in [0, 1], by t on the logit; NaN where the share is 0 or 1."""
        if not 0 < self.value < 1:
            return float("nan"), float("nan")
        centre = np.log(self.value / (1 - self.value))
        reach = _quantile(self.df, level) * self.se / (self.value * (1 - self.value))
        low, high = 1 / (1 + np.exp(-(centre + np.array([-reach, reach]))))
        return float(low), float(high)


@dataclass(frozen=True)
class TwoWaves:
    """The designs of two waves and who is in both.

    Attributes
    ----------
    first, second : Design
        Of all respondents of each wave.
    places : tuple of numpy.ndarray
        Positions of the shared people in the first and in the second wave, pair by pair.
    """

    first: Design
    second: Design
    places: tuple[Array, Array]

    @property
    def shared(self) -> int:
        """People in both waves."""
        return len(self.places[0])

    def combine(self, own: Array, other: Array, value: float, df: tuple[int, int]) -> Estimate:
        """Estimate of which people of the first wave have influence `own`, of the second `other`.

        Parameters
        ----------
        own, other : numpy.ndarray
            Influences on the estimate, of all respondents of each wave.
        value : float
            The estimate.
        df : tuple of int
            Degrees of freedom of each wave.

        Returns
        -------
        Estimate
            Its variance is the sum of those of the waves and twice their covariance. Its degrees of
            freedom count shared people once.
        """
        variance = self.first.covariance(own[:, None])[0, 0]
        variance += self.second.covariance(other[:, None])[0, 0]
        return self.sum_up(own, other, value, float(variance), df)

    def sum_up(
        self, own: Array, other: Array, value: float, variance: float, df: tuple[int, int]
    ) -> Estimate:
        """Do what :meth:`combine` does, the sum of the variances of both waves being known."""
        both, (here, there) = 0, self.places
        if self.shared:
            one, two = _centred(self.first, own)[here], _centred(self.second, other)[there]
            variance += 2 * float(one @ two)
            both = int(((own[here] != 0) & (other[there] != 0)).sum())
        total = df[0] + df[1] - max(both - 1, 0)
        return Estimate(value, float(np.sqrt(max(variance, 0.0))), total)


def two_waves(first: Design, second: Design, people: tuple[pd.Index, pd.Index]) -> TwoWaves:
    """Find out who is in both waves.

    Parameters
    ----------
    first, second : Design
        Of all respondents of each wave.
    people : tuple of pandas.Index
        Their ids, in the same order; each once per wave.

    Returns
    -------
    TwoWaves
        For :func:`change` and :func:`mobiliteit.inference.composition.decompose`.
    """
    there = people[1].get_indexer(people[0])
    here = np.flatnonzero(there >= 0)
    return TwoWaves(first, second, (here, there[here]))


def mean_of(design: Design, values: Array) -> Mean:
    """Mean of those who have a value.

    Parameters
    ----------
    design : Design
        Of all respondents of the wave.
    values : numpy.ndarray
        One per respondent; NaN for who has none or is not meant.

    Returns
    -------
    Mean
        NaN and no influence when nobody has a value.
    """
    used = np.isfinite(values)
    n = int(used.sum())
    if not n:
        return Mean(np.nan, np.zeros(len(values)), np.nan, np.nan, 0, 0)
    weight = design.weight
    value, sd = moments(weight[used], values[used])
    influence = np.zeros(len(values))
    influence[used] = weight[used] * (values[used] - value) / weight[used].sum()
    variance = float(design.covariance(influence[:, None])[0, 0])
    return Mean(
        value,
        influence,
        variance,
        sd,
        n,
        _filled(design.cluster[used]) - _filled(design.stratum[used]),
    )


def estimate_of(mean: Mean) -> Estimate:
    """Return a mean with its standard error (R: ``svymean`` of a ``subset``)."""
    return Estimate(mean.value, float(np.sqrt(mean.variance)), mean.df)


def change(waves: TwoWaves, first: Mean, second: Mean) -> Estimate:
    """Difference of two means, the second minus the first.

    Parameters
    ----------
    waves : TwoWaves
        The designs and who is shared.
    first, second : Mean
        Of :func:`mean_of`.

    Returns
    -------
    Estimate
        NaN when one of the waves has nobody.

    Notes
    -----
    ``Var(b - a) = Var(a) + Var(b) - 2 Cov(a, b)``, the covariance the sum over shared people of the
    products of their influences, each around the mean of its stratum. Tested against R's survey:
    ``svycontrast`` of means of the stacked waves with persons as clusters (all shared: the same
    number; some shared: R has one factor n / (n - 1) over both waves), and with waves as strata
    (nobody shared: the same number).
    """
    if not (first.n and second.n):
        return Estimate(np.nan, np.nan, 0)
    value, variance = second.value - first.value, first.variance + second.variance
    df = (first.df, second.df)
    return waves.sum_up(-first.influence, second.influence, value, variance, df)


def _centred(design: Design, influence: Array) -> Array:
    # Around the mean over the clusters of the stratum, where every respondent is a cluster.
    strata = design.stratum
    psus = np.ones(int(strata.max(initial=0)) + 1)
    psus[strata] = design.psus
    factor = np.sqrt(np.where(psus > 1, psus / np.maximum(psus - 1, 1), 1.0))
    means = np.bincount(strata, weights=influence, minlength=len(psus)) / psus
    means[(psus == 1) | (psus < np.bincount(strata, minlength=len(psus)))] = 0
    return np.asarray((influence - means[strata]) * factor[strata])


def _filled(numbers: Array) -> int:
    return int(np.count_nonzero(np.bincount(numbers)))


def _quantile(df: int, level: float) -> float:
    return float(stats.t.ppf((1 + level) / 2, df)) if df > 0 else float("nan")
