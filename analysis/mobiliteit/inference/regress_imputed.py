"""Linear regression with standardized coefficients, pooled over completed data sets."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from mobiliteit.errors import AnalysisError, Problem
from mobiliteit.inference.imputation import Imputations
from mobiliteit.inference.pooling import PooledR2, PooledTest, pool, pool_r2, pool_together
from mobiliteit.inference.resample import Array
from mobiliteit.results import tidy_frame
from mobiliteit.samples import check_level

STATISTICS = ("se", "low", "high", "df", "riv", "lambda", "fmi")


@dataclass(frozen=True)
class ImputedRegression:
    """A regression pooled by Rubin's rules.

    Attributes
    ----------
    outcome : str
        Predicted variable.
    beta, b : pandas.DataFrame
        Standardized and unstandardized coefficients. Index: predictors. Columns ``estimate, se, t,
        df, p, low, high, riv, lambda, fmi`` (:meth:`Pooled.frame`).
    r2, r2_adjusted : PooledR2
        Explained variance, shares.
    test : PooledTest
        F of all predictors together.
    n, n_complete : int
        Respondents, and those of them without a missing value in this model.
    m : int
        Completed data sets.
    level : float
        Confidence level of all intervals.
    """

    outcome: str
    beta: pd.DataFrame
    b: pd.DataFrame
    r2: PooledR2
    r2_adjusted: PooledR2
    test: PooledTest
    n: int
    n_complete: int
    m: int
    level: float

    @property
    def largest_fmi(self) -> float:
        """Largest fraction of missing information among the standardized coefficients."""
        return float(self.beta["fmi"].max())

    def tidy(self) -> pd.DataFrame:
        """Return coefficients and fit as a tidy frame.

        ``n`` counts everybody; ``n_missing`` those of them with a value filled in.
        """
        filled = {"column": self.outcome, "n": self.n, "n_missing": self.n - self.n_complete}
        records = [
            {"row": str(row), "statistic": name, "value": values["estimate"], "p": values["p"]}
            | filled
            for name, table in (("beta", self.beta), ("b", self.b))
            for row, values in table.iterrows()
        ]
        records += [
            {"row": str(row), "statistic": f"{name}_{statistic}", "value": values[statistic]}
            | filled
            for name, table in (("beta", self.beta), ("b", self.b))
            for row, values in table.iterrows()
            for statistic in STATISTICS
        ]
        fit = {
            "r2": self.r2.estimate,
            "r2_low": self.r2.low,
            "r2_high": self.r2.high,
            "r2_fmi": self.r2.fmi,
            "r2_adjusted": self.r2_adjusted.estimate,
            "F": self.test.f,
            "F_df": self.test.df[1],
        }
        records += [
            {"row": "", "statistic": statistic, "value": value}
            | ({"p": self.test.p} if statistic in ("r2", "F") else {})
            | filled
            for statistic, value in fit.items()
        ]
        return tidy_frame(records, analysis="ols_mice")


def regress_imputed(
    imputations: Imputations, outcome: str, predictors: Sequence[str], *, level: float = 0.95
) -> ImputedRegression:
    """Ordinary least squares in every completed data set, pooled.

    Parameters
    ----------
    imputations : Imputations
        Of :func:`mobiliteit.inference.imputation.impute`, with outcome and predictors among its
        variables.
    outcome : str
        A numeric variable.
    predictors : sequence of str
        Numeric variables; 0/1 variables are standardized like the others.
    level : float
        Confidence level of all intervals.

    Returns
    -------
    ImputedRegression
        On all respondents. With nothing missing it is the ordinary regression. Weights are not
        supported.

    Raises
    ------
    AnalysisError
        A variable was not imputed along, is nominal, or is named twice; there are no predictors;
        a completed data set gives no regression; or as :func:`pool`.

    Notes
    -----
    beta: the coefficients of z-scores made within each completed data set, with the errors of that
    regression, as R's ``lm(scale(y) ~ scale(x))``; their p may differ a little from that of b. F:
    :func:`pool_together` on b. R^2: :func:`pool_r2`. Complete-data degrees of freedom are n - k -
    1. Tested against ``mice::pool``, ``mice::D1`` and ``mice::pool.r.squared`` on the same
    completed data sets.
    """
    check_level(level)
    names = [*predictors, outcome]
    frame = imputations.frame
    problems = [
        Problem(f"{name} was not imputed along", "Name it in the levels given to impute.")
        for name in names
        if name not in frame
    ]
    problems += [
        Problem(f"{name} is not numeric", "Use a scale score, a number or a 0/1 variable.")
        for name in names
        if name in frame and not pd.api.types.is_numeric_dtype(frame[name])
    ]
    problems += [
        Problem(f"{name} is named more than once", "Name every variable once.")
        for name in sorted({name for name in names if names.count(name) > 1})
    ]
    n, k = len(frame), len(predictors)
    if not k:
        problems.append(Problem("there are no predictors", "Name at least one."))
    _raise_if(problems, outcome)
    covariances = _covariances(imputations, names)
    spread = np.sqrt(np.diagonal(covariances, axis1=1, axis2=2))
    flat = [name for name, least in zip(names, spread.min(axis=0), strict=True) if not least > 0]
    problems = [Problem(f"{name} is the same for everybody", "Leave it out.") for name in flat]
    _raise_if(problems, outcome)
    correlations = covariances / spread[:, :, None] / spread[:, None, :]
    if (np.linalg.matrix_rank(correlations[:, :k, :k], hermitian=True) < k).any():
        problems = [Problem("some predictors determine another exactly", "Leave one of them out.")]
        _raise_if(problems, outcome)
    df = n - k - 1
    inverse = np.linalg.inv(correlations[:, :k, :k])
    beta = (inverse @ correlations[:, :k, k:])[..., 0]
    r2 = (beta * correlations[:, :k, k]).sum(axis=1)
    errors = inverse * ((1 - r2) / df)[:, None, None]
    ratio = spread[:, k:] / spread[:, :k]
    pooled_beta = pool(beta, np.diagonal(errors, axis1=1, axis2=2), df)
    b, b_errors = beta * ratio, errors * ratio[:, :, None] * ratio[:, None, :]
    pooled_b = pool(b, np.diagonal(b_errors, axis1=1, axis2=2), df)
    rows = list(predictors)
    return ImputedRegression(
        outcome=outcome,
        beta=pooled_beta.frame(rows, level),
        b=pooled_b.frame(rows, level),
        r2=pool_r2(r2, n, level),
        r2_adjusted=pool_r2(1 - (1 - r2) * (n - 1) / df, n, level),
        test=pool_together(b, b_errors, df),
        n=n,
        n_complete=int(frame[names].notna().all(axis=1).sum()),
        m=imputations.m,
        level=level,
    )


def _covariances(imputations: Imputations, names: Sequence[str]) -> Array:
    """Covariance matrices (divisor n - 1) of the completed data sets, shape (m, p, p)."""
    given = imputations.frame[list(names)].to_numpy("float64")
    holes = [(j, np.isnan(given[:, j]), name) for j, name in enumerate(names)]
    found = []
    for k in range(imputations.m):
        filled = given.copy()
        for j, missing, name in holes:
            if missing.any():
                filled[missing, j] = imputations.values[name][k]
        centred = filled - filled.mean(axis=0)
        found.append(centred.T @ centred / (len(centred) - 1))
    return np.stack(found)


def _raise_if(problems: list[Problem], outcome: str) -> None:
    if problems:
        raise AnalysisError(f"The regression of {outcome} cannot be pooled.", problems)
