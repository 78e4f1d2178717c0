"""What a regression's numbers are worth: intervals, robust errors, unique shares.

Complete cases only (listwise), z-scores after deletion, as in :mod:`mobiliteit.regress`. Weights
are not supported.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from scipy import optimize, special, stats
from statsmodels.regression.linear_model import OLS
from statsmodels.stats.outliers_influence import OLSInfluence
from statsmodels.tools.tools import add_constant

from mobiliteit.errors import AnalysisError, Problem
from mobiliteit.inference.resample import DEFAULT_RESAMPLES, DEFAULT_SEED, Array, resample
from mobiliteit.regress import Regression, standardized_regression
from mobiliteit.results import tidy_frame
from mobiliteit.samples import check_level
from mobiliteit.weights import without_weights

INTERVALS = {
    "delta": "deltamethode, verdelingsvrij, HC3",
    "percentile": "bootstrap, percentiel",
    "bca": "bootstrap, BCa",
}
# How near to 1 a leverage is 1.
LEVERAGE_ONE = 1e-10
# How near to 1 a limit of R^2 is still worked out; what lies beyond is given as 1.
LEAST_REST = 1e-4
# Statistics of a coefficient, in the order of the tidy frame, and the column of the p beside them.
STATISTICS = {
    "beta": "p",
    "beta_se": "",
    "beta_low": "",
    "beta_high": "",
    "b": "p",
    "b_se": "",
    "b_low": "",
    "b_high": "",
    "b_se_hc3": "p_hc3",
    "b_low_hc3": "",
    "b_high_hc3": "",
    "vif": "",
    "partial_r": "p",
    "partial_r_low": "",
    "partial_r_high": "",
    "partial_r2": "p",
    "semipartial_r2": "p",
}


@dataclass(frozen=True)
class RegressionInference:
    """A regression with intervals.

    Attributes
    ----------
    fit : Regression
        The regression itself.
    coefficients : pandas.DataFrame
        Index: predictors. Columns ``beta, beta_se, beta_low, beta_high`` (standardized); ``b, b_se,
        b_low, b_high, p`` (classic, t with n - k - 1 degrees of freedom); ``b_se_hc3, b_low_hc3,
        b_high_hc3, p_hc3`` (see :func:`hc3`); ``vif``; ``partial_r,
        partial_r_low, partial_r_high``; ``partial_r2`` and ``semipartial_r2`` (shares).
    r2_low, r2_high : float
        Interval of the explained variance, a share.
    f_hc3, f_hc3_p : float
        Wald F of all predictors together with HC3 errors, k and n - k - 1 degrees of freedom.
    level : float
        Confidence level of all intervals.
    interval : str
        How the interval of beta was made: ``delta``, ``percentile`` or ``bca``.
    note : str
        How, in Dutch, and what the bootstrap left out.
    """

    fit: Regression
    coefficients: pd.DataFrame
    r2_low: float
    r2_high: float
    f_hc3: float
    f_hc3_p: float
    level: float
    interval: str
    note: str

    def tidy(self) -> pd.DataFrame:
        """Return coefficients, intervals and fit as a tidy frame."""
        fit, percent = self.fit, f"{100 * self.level:g}%"
        common = {"column": fit.outcome, "n": fit.n, "n_missing": fit.n_missing}
        records: list[dict[str, Any]] = []
        for row, values in self.coefficients.iterrows():
            for statistic, p in STATISTICS.items():
                limit = "_low" in statistic or "_high" in statistic
                note = self.note if statistic.startswith("beta_") else percent if limit else ""
                records.append(
                    {"row": row, "statistic": statistic, "value": values[statistic], "note": note}
                    | ({"p": values[p]} if p else {})
                    | common
                )
        records += [
            {"row": "", "statistic": statistic, "value": value, "p": p, "note": note, **common}
            for statistic, value, p, note in (
                ("r2", fit.r2, fit.f_p, ""),
                ("r2_low", self.r2_low, np.nan, percent),
                ("r2_high", self.r2_high, np.nan, percent),
                ("r2_adjusted", fit.r2_adjusted, np.nan, ""),
                ("F", fit.f, fit.f_p, ""),
                ("F_hc3", self.f_hc3, self.f_hc3_p, ""),
            )
        ]
        return tidy_frame(records, analysis="ols_inference")


@without_weights
def infer_regression(
    frame: pd.DataFrame,
    outcome: str,
    predictors: Sequence[str],
    *,
    level: float = 0.95,
    interval: str = "delta",
    resamples: int = DEFAULT_RESAMPLES,
    seed: int = DEFAULT_SEED,
) -> RegressionInference:
    """Ordinary least squares with an interval beside every estimate.

    Parameters
    ----------
    frame : pandas.DataFrame
        Respondents.
    outcome : str
        A numeric column.
    predictors : sequence of str
        Numeric columns; 0/1 variables are standardized like the others.
    level : float
        Confidence level of all intervals.
    interval : {'delta', 'percentile', 'bca'}
        How the interval of beta is made: delta method, or a seeded bootstrap of respondents.
    resamples, seed : int
        Of the bootstrap.

    Returns
    -------
    RegressionInference
        On the respondents who have all variables; weights are refused.

    Raises
    ------
    AnalysisError
        As :func:`mobiliteit.regress.standardized_regression`; or an unknown interval, a level
        outside (0, 1), or a bootstrap that the data cannot bear.

    Notes
    -----
    - beta: Yuan and Chan (2011, Psychometrika 76) showed that the usual error of b on z-scores
      ignores that the standard deviations are estimates too. Here the distribution-free delta
      method of Jones and Waller (2015, Psychometrika 80), :func:`standardized_influence`, with the
      residuals divided by 1 - leverage as in HC3, and t with n - k - 1 degrees of freedom. `p`
      stays that of b's t test, so near the limit it may disagree with the interval.
    - b: ``statsmodels.OLS``, classic and ``HC3``.
    - partial r = t / sqrt(t^2 + df), with Fisher's z on n - k - 2; semipartial r^2 = t^2 (1 - R^2)
      / df. VIF is the diagonal of the inverse correlation matrix.
    - R^2: see :func:`r2_interval`.

    Tested against R: ``lm``, ``confint``, ``car::hccm``, ``car::vif``, and ``lavaan`` for the
    distribution-free errors of beta (without the HC3 division).

    Coverage of 95% intervals, in percent, lowest and highest of four predictors over 2,000 samples
    (``tests/test_coverage_regression.py``): normal data, n = 150; skewed and 0/1 predictors, n =
    390; and the same where the residuals spread more as one predictor rises:

    ================  ===========  ===========  ==============
    interval          normal       skewed       unequal spread
    ================  ===========  ===========  ==============
    beta, delta       94.5 - 95.2  94.1 - 95.7  94.2 - 96.1
    beta, percentile  94.2 - 95.2  94.2 - 95.6  93.5 - 95.8
    beta, BCa         94.1 - 95.1  94.2 - 95.3  92.5 - 95.5
    b, classic        94.5 - 95.6  94.3 - 95.9  86.8 - 95.7
    b, HC3            94.7 - 95.7  94.5 - 95.7  94.3 - 96.0
    partial r         94.4 - 95.8  94.3 - 95.6  87.1 - 95.8
    R^2               94.9         94.5         94.0
    ================  ===========  ===========  ==============

    So where Breusch-Pagan (:mod:`mobiliteit.inference.diagnostics`) warns of unequal spread, read
    HC3 and the delta interval: the classic ones and partial r rest on equal spread, BCa limits run
    narrow.
    """
    check_level(level)
    if interval not in INTERVALS:
        problem = Problem(
            f"{interval!r} is no way to make an interval of beta", f"Use one of {[*INTERVALS]}."
        )
        raise AnalysisError(f"The regression of {outcome} cannot be done.", [problem])
    fit = standardized_regression(frame, outcome, predictors)
    names = list(predictors)
    complete = frame[[*names, outcome]].dropna().astype("float64")
    k, df = fit.df
    t = float(stats.t.ppf((1 + level) / 2, df))
    scores = ((complete - complete.mean()) / complete.std(ddof=0)).to_numpy()
    table = fit.coefficients.rename(columns={"se": "b_se"})
    note = f"{100 * level:g}%, {INTERVALS[interval]}"
    if interval == "delta":
        influence = standardized_influence(scores[:, :-1], scores[:, -1])
        table["beta_se"] = np.sqrt((influence**2).sum(axis=0)) / fit.n
        table["beta_low"] = table["beta"] - t * table["beta_se"]
        table["beta_high"] = table["beta"] + t * table["beta_se"]
    else:
        drawn = resample(scores, betas_of, resamples=resamples, seed=seed)
        low, high = drawn.bca(level) if interval == "bca" else drawn.percentile(level)
        table["beta_se"] = drawn.draws.std(axis=0, ddof=1)
        table["beta_low"], table["beta_high"] = low, high
        note += f", {resamples} hertrekkingen, seed {seed}"
        note += f"; {drawn.note}" if drawn.note else ""
    errors, p_values, f_hc3, f_hc3_p = hc3(fit_ols(complete, outcome, names), np.eye(k + 1)[1:])
    table["b_low"] = table["b"] - t * table["b_se"]
    table["b_high"] = table["b"] + t * table["b_se"]
    table["b_se_hc3"], table["p_hc3"] = errors[1:], p_values[1:]
    table["b_low_hc3"] = table["b"] - t * table["b_se_hc3"]
    table["b_high_hc3"] = table["b"] + t * table["b_se_hc3"]
    table["vif"] = np.diag(np.linalg.inv(np.corrcoef(scores[:, :-1], rowvar=False).reshape(k, k)))
    table["partial_r"] = table["t"] / np.sqrt(table["t"] ** 2 + df)
    spread = stats.norm.ppf((1 + level) / 2) / np.sqrt(df - 1) if df > 1 else np.inf
    table["partial_r_low"] = np.tanh(np.arctanh(table["partial_r"]) - spread)
    table["partial_r_high"] = np.tanh(np.arctanh(table["partial_r"]) + spread)
    table["partial_r2"] = table["partial_r"] ** 2
    table["semipartial_r2"] = table["t"] ** 2 * (1 - fit.r2) / df
    low_r2, high_r2 = r2_interval(fit.r2, fit.n, k, level)
    return RegressionInference(
        fit=fit,
        coefficients=table[[*STATISTICS, "p", "p_hc3"]],
        r2_low=low_r2,
        r2_high=high_r2,
        f_hc3=f_hc3,
        f_hc3_p=f_hc3_p,
        level=level,
        interval=interval,
        note=note,
    )


def standardized_influence(x: Array, y: Array, *, leverage: bool = True) -> Array:
    """Influence of each respondent on the standardized coefficients.

    Parameters
    ----------
    x : numpy.ndarray, shape (n, k)
        Predictors as z-scores (divisor n).
    y : numpy.ndarray, shape (n,)
        Outcome as z-scores (divisor n).
    leverage : bool
        Divide the residuals by 1 - leverage, as HC3 does; without it the errors are those of Jones
        and Waller (2015), too small in small samples.

    Returns
    -------
    numpy.ndarray, shape (n, k)
        Sums of its cross-products over n^2 are the covariance matrix of the betas.

    Notes
    -----
    With ``e`` the standardized residual, R the correlations of the predictors and beta = R^-1
    r, the derivative of beta with respect to the correlations comes to ``(R^-1 x)_j e + beta_j
    (x_j^2 - y^2) / 2``. The second term is what the usual errors leave out. No distribution is
    assumed, 0/1 predictors included.
    """
    n = len(x)
    inverse = np.linalg.inv(x.T @ x / n)
    slopes = inverse @ (x.T @ y) / n
    rotated = x @ inverse
    residuals = y - x @ slopes
    if leverage:
        hat = 1 / n + (rotated * x).sum(axis=1) / n
        # Somebody whose own value fixes a coefficient has leverage 1 and residual 0.
        residuals = residuals / np.maximum(1 - hat, 1e-12)
    return rotated * residuals[:, None] + slopes * (x**2 - y[:, None] ** 2) / 2


def r2_interval(r2: float, n: int, k: int, level: float = 0.95) -> tuple[float, float]:
    """Exact interval of the explained variance when predictors are as random as the outcome.

    Parameters
    ----------
    r2 : float
        Explained variance, unadjusted, as a share.
    n, k : int
        Respondents and predictors, n > k + 1.
    level : float
        Confidence level.

    Returns
    -------
    tuple of float
        Lower and upper limit, in [0, 1]. The lower one is 0 where R^2 is no larger than chance
        gives; when nothing at all is explained the interval then holds 0 in (1 + level) / 2 of
        samples. A limit above 1 - :data:`LEAST_REST` is given as 1.

    Raises
    ------
    AnalysisError
        A level outside (0, 1).

    Notes
    -----
    Fisher's (1928) distribution for multivariate normal data, as a mixture of betas: R^2 ~
    Beta(k/2 + J, (n - k - 1)/2) with J negative binomial ((n - 1)/2, 1 - rho^2) (Muirhead, 1982,
    theorem 5.2.4), inverted on both sides. Skewed or 0/1 predictors change it little while R^2 is
    small (coverage: :func:`infer_regression`). Tested against a numerical integral of R's ``pf``
    over the noncentrality.
    """
    check_level(level)

    def below(rho2: float) -> float:
        size = (n - 1) / 2
        low, high = stats.nbinom.ppf([1e-13, 1 - 1e-13], size, 1 - rho2)
        j = np.arange(max(low, 0), high + 1)
        weights = stats.nbinom.pmf(j, size, 1 - rho2)
        return float(weights @ special.betainc(k / 2 + j, (n - k - 1) / 2, r2))

    def limit(share: float) -> float:
        if below(0.0) <= share:
            return 0.0
        # The number of terms grows with 1 / (1 - rho^2): walk up rather than start at the top, and
        # never so far that they would fill the memory.
        rest = max((1 - r2) / 2, LEAST_REST)
        while below(1 - rest) > share:
            rest /= 4
            if rest < LEAST_REST:
                return 1.0
        return float(optimize.brentq(lambda rho2: below(rho2) - share, 0.0, 1 - rest, xtol=1e-12))

    return limit((1 + level) / 2), limit((1 - level) / 2)


def betas_of(covariances: Array) -> Array:
    """Standardized coefficients, (r, k), from covariances (r, k + 1, k + 1), the outcome last."""
    x, y = covariances[:, :-1, :-1], covariances[:, :-1, -1:]
    slopes = np.linalg.solve(x, y)[:, :, 0]
    variances = np.diagonal(covariances, axis1=1, axis2=2)
    return np.asarray(slopes * np.sqrt(variances[:, :-1] / variances[:, -1:]), dtype=np.float64)


@without_weights
def fit_ols(complete: pd.DataFrame, outcome: str, names: Sequence[str]) -> Any:
    """Fit ``statsmodels.OLS`` with an intercept, in front, on a complete frame."""
    design = add_constant(complete[list(names)], has_constant="add")
    return OLS(complete[outcome], design).fit()


def hc3(fit: Any, contrast: Array) -> tuple[Array, Array, float, float]:
    """Errors and tests that are robust against unequal residual variance.

    Parameters
    ----------
    fit : statsmodels results
        Of :func:`fit_ols`.
    contrast : numpy.ndarray, shape (q, k + 1)
        Coefficients to test together.

    Returns
    -------
    tuple
        HC3 standard errors and p-values of all coefficients, intercept first, and F and p of the
        contrast (MacKinnon and White, 1985). All NaN where one respondent alone fixes a coefficient
        (leverage 1): HC3 divides by what is left of him.
    """
    leverage = OLSInfluence(fit).hat_matrix_diag
    if leverage.max() > 1 - LEVERAGE_ONE:
        nothing = np.full(len(fit.params), np.nan)
        return nothing, nothing, np.nan, np.nan
    robust = fit.get_robustcov_results("HC3", use_t=True)
    test = robust.f_test(contrast)
    statistic, p = float(np.squeeze(test.fvalue)), float(np.squeeze(test.pvalue))
    return robust.bse, robust.pvalues, statistic, p
