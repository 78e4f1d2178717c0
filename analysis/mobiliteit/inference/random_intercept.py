"""A linear mixed model with one random intercept per person, by restricted maximum likelihood.

``statsmodels`` has such a model, but goes through the persons one by one in each step: minutes with
80,000 rows. With a single random intercept everything is sums per person, which are made once.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy import optimize, stats

from mobiliteit.errors import AnalysisError, Problem
from mobiliteit.inference.clustered import person_means, person_sums

Array = np.ndarray
# Ratios of the two variances that are looked at, as logarithms; 0 itself is tried apart.
LEAST, MOST = -14.0, 14.0


@dataclass(frozen=True)
class RandomIntercept:
    """A fitted random-intercept model.

    Attributes
    ----------
    coefficients : numpy.ndarray, shape (k,)
        Fixed effects, in the order of the columns.
    covariance : numpy.ndarray, shape (k, k)
        Of the fixed effects, taking the variances as known.
    sd_person, sd_residual : float
        Standard deviation between persons and within; the first is 0 on the boundary.
    deviance : float
        -2 times the restricted log likelihood.
    n, people : int
        Rows and persons.
    """

    coefficients: Array
    covariance: Array
    sd_person: float
    sd_residual: float
    deviance: float
    n: int
    people: int

    @property
    def errors(self) -> Array:
        """Standard errors of the fixed effects."""
        return np.asarray(np.sqrt(np.diag(self.covariance)), dtype="float64")

    @property
    def p(self) -> Array:
        """Two-sided p-value of each fixed effect, by the normal distribution."""
        z = self.coefficients / self.errors
        return np.asarray(2 * stats.norm.sf(np.abs(z)), dtype="float64")

    @property
    def icc(self) -> float:
        """Share of the variance that lies between persons, given the predictors."""
        return self.sd_person**2 / (self.sd_person**2 + self.sd_residual**2)

    def interval(self, level: float) -> tuple[Array, Array]:
        """Confidence limits of the fixed effects, normal."""
        reach = float(stats.norm.ppf((1 + level) / 2)) * self.errors
        return self.coefficients - reach, self.coefficients + reach


def fit_random_intercept(x: Array, y: Array, person: Array) -> RandomIntercept:
    """Fit y = x b + (person) + (rest) by restricted maximum likelihood.

    Parameters
    ----------
    x : numpy.ndarray, shape (n, k)
        Predictors with the constant; nothing missing.
    y : numpy.ndarray, shape (n,)
        The outcome; nothing missing.
    person : numpy.ndarray, shape (n,)
        Whose row it is; persons may have any number of rows.

    Returns
    -------
    RandomIntercept
        Where the likelihood is highest without differences between persons, `sd_person` is 0.

    Raises
    ------
    AnalysisError
        No more rows than coefficients, no person with two rows, predictors that determine each
        other, or an outcome that they determine.

    Notes
    -----
    With theta the ratio of the two variances and n_i the rows of person i, the inverse covariance
    of his rows is (I - theta / (1 + n_i theta) J) / sigma^2, so that all sums of products are those
    of the rows less a multiple of those of the persons' sums, and only theta is searched for (Bates
    et al., 2015, give the profiled deviance). Tested against R's ``lme4::lmer`` and ``nlme::lme``.

    References
    ----------
    Bates, D., Mächler, M., Bolker, B., & Walker, S. (2015). Fitting linear mixed-effects models
    using lme4. Journal of Statistical Software, 67(1).
    """
    n, k = x.shape
    codes = pd.factorize(person)[0]
    people = int(codes.max(initial=-1)) + 1
    problem = None
    if n <= k or people == n:
        what = f"{n} rows of {people} people do not tell persons from the rest"
        problem = Problem(what, "Use people who are in more than one wave.")
    elif np.linalg.matrix_rank(x) < k:
        problem = Problem("the predictors determine each other", "Leave one of them out.")
    if problem is not None:
        raise AnalysisError("This mixed model cannot be computed.", [problem])
    # Around its fit the outcome leaves only small numbers to subtract from each other.
    start = np.linalg.lstsq(x, y, rcond=None)[0]
    both = np.column_stack([x, y - x @ start])
    sums, size = person_sums(both, codes, people), np.bincount(codes, minlength=people)
    products = both.T @ both
    sizes = np.unique(size)
    of_sums = np.stack([sums[size == m].T @ sums[size == m] for m in sizes])
    many = np.array([(size == m).sum() for m in sizes])
    if products[-1, -1] <= 1e-20 * float(y @ y):
        problem = Problem("the predictors determine the outcome", "Look at the variables.")
        raise AnalysisError("This mixed model cannot be computed.", [problem])

    def profile(theta: float) -> tuple[float, Array, Array, float]:
        shrink = theta / (1 + sizes * theta)
        left = products - np.tensordot(shrink, of_sums, axes=1)
        xx, xy, yy = left[:-1, :-1], left[:-1, -1], left[-1, -1]
        b = np.linalg.solve(xx, xy)
        variance = float(yy - xy @ b) / (n - k)
        deviance = (n - k) * (np.log(2 * np.pi * variance) + 1)
        deviance += many @ np.log1p(sizes * theta) + np.linalg.slogdet(xx)[1]
        return float(deviance), b, xx, variance

    found = optimize.minimize_scalar(
        lambda log_theta: profile(float(np.exp(log_theta)))[0],
        bounds=(LEAST, MOST),
        method="bounded",
        options={"xatol": 1e-10},
    )
    theta = float(np.exp(found.x))
    if profile(0.0)[0] <= found.fun:
        theta = 0.0
    deviance, b, xx, variance = profile(theta)
    return RandomIntercept(
        coefficients=start + b,
        covariance=variance * np.linalg.inv(xx),
        sd_person=float(np.sqrt(theta * variance)),
        sd_residual=float(np.sqrt(variance)),
        deviance=deviance,
        n=n,
        people=people,
    )


def quasi_demeaned(values: Array, person: Array, fit: RandomIntercept) -> Array:
    """Take the share of each person's mean away that makes his rows independent under a model.

    Parameters
    ----------
    values : numpy.ndarray, shape (n, j)
        Columns to transform, the constant included.
    person : numpy.ndarray, shape (n,)
        Whose row it is.
    fit : RandomIntercept
        Gives the two variances.

    Returns
    -------
    numpy.ndarray, shape (n, j)
        Least squares on these columns is generalized least squares on the original ones.
    """
    codes = pd.factorize(person)[0]
    size = np.bincount(codes)[codes]
    share = 1 - 1 / np.sqrt(1 + size * (fit.sd_person / fit.sd_residual) ** 2)
    return np.asarray(values - share[:, None] * person_means(values, codes), dtype="float64")
