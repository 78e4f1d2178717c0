"""Rubin's rules: one estimate, one error and one test from several completed data sets.

Nothing here knows how the holes were filled: it takes what each completed data set gave.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy import stats

from mobiliteit.errors import AnalysisError, Problem
from mobiliteit.inference.resample import Array
from mobiliteit.samples import check_level

LEAST_IMPUTATIONS = 2


@dataclass(frozen=True)
class Pooled:
    """A vector of q estimates, each pooled by itself.

    Attributes
    ----------
    m : int
        Completed data sets.
    estimate : numpy.ndarray, shape (q,)
        Mean over the data sets.
    se : numpy.ndarray, shape (q,)
        Square root of the total variance, within + (1 + 1/m) between.
    within, between : numpy.ndarray, shape (q,)
        Mean variance within the data sets, and variance of the estimates between them.
    df : numpy.ndarray, shape (q,)
        Degrees of freedom of t.
    riv : numpy.ndarray, shape (q,)
        Relative increase in variance, (1 + 1/m) between / within.
    lam : numpy.ndarray, shape (q,)
        Share of the total variance that is due to missing values, in [0, 1).
    fmi : numpy.ndarray, shape (q,)
        Fraction of missing information, in [0, 1]: `lam`, allowing for a finite m.
    """

    m: int
    estimate: Array
    se: Array
    within: Array
    between: Array
    df: Array
    riv: Array
    lam: Array
    fmi: Array

    @property
    def t(self) -> Array:
        """Estimate over error."""
        return np.asarray(self.estimate / self.se)

    @property
    def p(self) -> Array:
        """Two-sided p-value of `t`."""
        return np.asarray(2 * stats.t.sf(np.abs(self.t), self.df))

    def interval(self, level: float = 0.95) -> tuple[Array, Array]:
        """Return lower and upper confidence limits, each of shape (q,)."""
        reach = stats.t.ppf((1 + check_level(level)) / 2, self.df) * self.se
        return self.estimate - reach, self.estimate + reach

    def frame(self, names: list[str], level: float = 0.95) -> pd.DataFrame:
        """Return one row per estimate.

        Columns ``estimate, se, t, df, p, low, high, riv, lambda, fmi``.
        """
        low, high = self.interval(level)
        columns = {
            "estimate": self.estimate,
            "se": self.se,
            "t": self.t,
            "df": self.df,
            "p": self.p,
            "low": low,
            "high": high,
            "riv": self.riv,
            "lambda": self.lam,
            "fmi": self.fmi,
        }
        return pd.DataFrame(columns, index=names)


@dataclass(frozen=True)
class PooledTest:
    """A test of several coefficients together.

    Attributes
    ----------
    f, p : float
        F and its p-value.
    df : tuple of float
        Numerator and denominator degrees of freedom; the second is no whole number.
    riv : float
        Average relative increase in variance.
    """

    f: float
    p: float
    df: tuple[float, float]
    riv: float


@dataclass(frozen=True)
class PooledR2:
    """A pooled explained variance.

    Attributes
    ----------
    estimate, low, high : float
        Shares, in [0, 1].
    fmi : float
        Fraction of missing information of its Fisher z.
    """

    estimate: float
    low: float
    high: float
    fmi: float


def pool(estimates: Array, variances: Array, df_complete: float = np.inf) -> Pooled:
    """Pool estimates one by one.

    Parameters
    ----------
    estimates, variances : numpy.ndarray, shape (m, q)
        Of the m completed data sets: estimates and their squared standard errors.
    df_complete : float
        Degrees of freedom that the t test would have were nothing missing; infinite for large
        samples.

    Returns
    -------
    Pooled
        Where all data sets agree exactly, because nothing that matters was missing, it is the
        complete-data result itself: fmi 0 and `df_complete` degrees of freedom.

    Raises
    ------
    AnalysisError
        Fewer than two data sets, other shapes, or a number that is not finite or a variance that is
        not positive.

    Notes
    -----
    Rubin (1987), degrees of freedom of Barnard and Rubin (1999, Biometrika 86). With nothing
    missing their formula falls a little short of the complete-data degrees of freedom (by a factor
    (df + 1) / (df + 3)); that one case is set right here, where ``mice`` leaves it. Tested against
    ``mice::pool`` and ``mice::pool.scalar``.
    """
    estimates, variances = np.asarray(estimates, "float64"), np.asarray(variances, "float64")
    m = _check(estimates, variances, variances.shape == estimates.shape)
    estimate, same = _mean(estimates)
    within = _mean(variances)[0]
    between = np.where(same, 0.0, estimates.var(axis=0, ddof=1))
    total = within + (1 + 1 / m) * between
    riv, lam = (1 + 1 / m) * between / within, (1 + 1 / m) * between / total
    with np.errstate(divide="ignore"):
        df = (m - 1) / lam**2
    if np.isfinite(df_complete):
        observed = (df_complete + 1) / (df_complete + 3) * df_complete * (1 - lam)
        df = 1 / (1 / df + 1 / observed)
    df = np.where(same, df_complete, df)
    fmi = np.where(same, 0.0, (riv + 2 / (df + 3)) / (riv + 1))
    return Pooled(m, estimate, np.sqrt(total), within, between, df, riv, lam, fmi)


def pool_together(estimates: Array, covariances: Array, df_complete: float = np.inf) -> PooledTest:
    """Test that q coefficients are zero together (the statistic D1, a Wald test).

    Parameters
    ----------
    estimates : numpy.ndarray, shape (m, q)
        Coefficients in the m completed data sets.
    covariances : numpy.ndarray, shape (m, q, q)
        Their covariance matrices.
    df_complete : float
        Degrees of freedom that the denominator would have were nothing missing; infinite for large
        samples.

    Returns
    -------
    PooledTest
        Where all data sets agree exactly, the complete-data F test itself.

    Raises
    ------
    AnalysisError
        As :func:`pool`; or q (m - 1) is 4 or less, where the small-sample degrees of freedom do not
        exist.

    Notes
    -----
    Li, Raghunathan and Rubin (1991, JASA 86): all coefficients are taken to miss the same share of
    their information, ``riv`` on average. Denominator: theirs for large samples, Reiter's (2007,
    Biometrika 94) where `df_complete` is finite. Tested against ``mice::D1``.
    """
    estimates, covariances = np.asarray(estimates, "float64"), np.asarray(covariances, "float64")
    q = estimates.shape[-1]
    fits = covariances.shape == (*estimates.shape, q)
    m = _check(estimates, covariances.diagonal(axis1=-2, axis2=-1) if fits else estimates, fits)
    mean, same = _mean(estimates)
    within = _mean(covariances)[0]
    between = np.zeros((q, q)) if same.all() else np.cov(estimates, rowvar=False).reshape(q, q)
    riv = float((1 + 1 / m) * np.trace(np.linalg.solve(within, between)) / q)
    f = float(mean @ np.linalg.solve(within, mean) / q / (1 + riv))
    df = df_complete if same.all() else _denominator(q * (m - 1), q, riv, df_complete)
    p = float(stats.f.sf(f, q, df) if np.isfinite(df) else stats.chi2.sf(f * q, q))
    return PooledTest(f, p, (float(q), float(df)), riv)


def pool_r2(r2: Array, n: int, level: float = 0.95) -> PooledR2:
    """Pool an explained variance, adjusted or not.

    Parameters
    ----------
    r2 : numpy.ndarray, shape (m,)
        Shares, below 1, of the m completed data sets. An adjusted R^2 below 0 counts as 0.
    n : int
        Respondents, over 3.
    level : float
        Confidence level.

    Returns
    -------
    PooledR2
        The interval does not allow for the number of predictors, and its lower limit is 0 where the
        correlation could be 0; read it as rough.

    Raises
    ------
    AnalysisError
        As :func:`pool`, or a share of 1 or more.

    Notes
    -----
    Harel (2009, Journal of Applied Statistics 36): the root of R^2 as a correlation, Fisher's z
    with variance 1/(n - 3), pooled and carried back. Tested against ``mice::pool.r.squared``, which
    squares a negative lower limit; here that limit is 0.
    """
    shares = np.maximum(np.asarray(r2, "float64"), 0)
    if n <= 3 or not (shares < 1).all():
        problem = Problem(
            f"an explained variance of 1, or only {n} respondents, has no Fisher z",
            "Leave out the predictor that is the outcome in disguise, or use more respondents.",
        )
        raise AnalysisError("The explained variance cannot be pooled.", [problem])
    z = np.arctanh(np.sqrt(shares))[:, None]
    pooled = pool(z, np.full_like(z, 1 / (n - 3)))
    reach = stats.norm.ppf((1 + check_level(level)) / 2) * pooled.se[0]
    centre = pooled.estimate[0]
    return PooledR2(
        estimate=float(np.tanh(centre) ** 2),
        low=float(np.tanh(max(centre - reach, 0.0)) ** 2),
        high=float(np.tanh(centre + reach) ** 2),
        fmi=float(pooled.fmi[0]),
    )


def _check(estimates: Array, variances: Array, fits: bool) -> int:
    problems = []
    if estimates.ndim != 2 or not fits:
        problems.append(
            Problem("estimates and variances have other shapes", "Give (m, q) and the like.")
        )
    elif len(estimates) < LEAST_IMPUTATIONS:
        problems.append(
            Problem(
                f"{len(estimates)} completed data set says nothing of the uncertainty of what was"
                " filled in",
                f"Use {LEAST_IMPUTATIONS} or more; 20 is a good start.",
            )
        )
    elif not (np.isfinite(estimates).all() and np.isfinite(variances).all()):
        problems.append(
            Problem(
                "an estimate or variance is not a finite number", "Find out which model failed."
            )
        )
    elif not (variances > 0).all():
        problems.append(Problem("a variance is not positive", "Give squared standard errors."))
    if problems:
        raise AnalysisError("These results cannot be pooled.", problems)
    return len(estimates)


def _mean(values: Array) -> tuple[Array, Array]:
    """Mean over data sets, and where they all hold the same number (free of rounding there)."""
    same = (values == values[0]).all(axis=0)
    return np.where(same, values[0], values.mean(axis=0)), same


def _denominator(t: int, q: int, riv: float, df_complete: float) -> float:
    """Denominator degrees of freedom of D1, with t = q (m - 1)."""
    if not np.isfinite(df_complete):
        if t > 4:
            return 4 + (t - 4) * (1 + (1 - 2 / t) / riv) ** 2
        return t * (1 + 1 / q) * (1 + 1 / riv) ** 2 / 2
    if t <= 4:
        problem = Problem(
            f"with {t // q + 1} imputations {q} coefficients cannot be tested in a small sample",
            "Use more imputations; 20 is a good start.",
        )
        raise AnalysisError("These results cannot be pooled.", [problem])
    a = riv * t / (t - 2)
    observed = (df_complete + 1) / (df_complete + 3) * df_complete
    c1, c2 = observed - 2 * (1 + a), observed - 4 * (1 + a)
    if c2 <= 0:
        problem = Problem(
            f"too few respondents answered: {df_complete:g} degrees of freedom with nothing"
            f" missing, and a variance that missing values raise by {100 * riv:.0f}%",
            "Use fewer predictors, or ones that more respondents answered.",
        )
        raise AnalysisError("These results cannot be pooled.", [problem])
    terms = (
        a**2 * c1 / ((1 + a) ** 2 * c2)
        + 8 * a**2 * c1 / ((1 + a) * c2**2)
        + 4 * a**2 / ((1 + a) * c2)
        + 4 * a**2 / (c2 * c1)
        + 16 * a**2 * c1 / c2**3
        + 8 * a**2 / c2**2
    )
    return 4 + 1 / (1 / c2 + terms / (t - 4))
