"""Linear regression with standardized coefficients, as the 2006 report printed it.

Complete cases only (listwise), z-scores after deletion. Weights are not supported.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
import statsmodels.api as sm

from mobiliteit.errors import AnalysisError, Problem
from mobiliteit.results import tidy_frame


@dataclass(frozen=True)
class Regression:
    """A fitted regression.

    Attributes
    ----------
    outcome : str
        Predicted variable.
    coefficients : pandas.DataFrame
        Index: predictors in the order given. Columns ``beta`` (standardized on outcome and
        predictor, dummies included), ``b``, ``se`` (of `b`, classic), ``t`` and ``p`` (two-sided,
        n - k - 1 degrees of freedom).
    intercept : float
        Of the unstandardized equation.
    r2, r2_adjusted : float
        Explained variance as a share, in [0, 1]; the report prints `r2` as a percentage.
    f, f_p : float
        F test of all predictors together, with `df` degrees of freedom.
    df : tuple of int
        k and n - k - 1.
    n, n_missing : int
        Complete respondents, and those left out because any of the variables is missing.
    """

    outcome: str
    coefficients: pd.DataFrame
    intercept: float
    r2: float
    r2_adjusted: float
    f: float
    f_p: float
    df: tuple[int, int]
    n: int
    n_missing: int

    def tidy(self) -> pd.DataFrame:
        """Return coefficients and fit as a tidy frame."""
        common = {"column": self.outcome, "n": self.n, "n_missing": self.n_missing}
        records = [
            {"row": row, "statistic": statistic, "value": values[statistic], **common}
            | ({"p": values["p"]} if statistic in ("beta", "b") else {})
            for row, values in self.coefficients.iterrows()
            for statistic in ("beta", "b", "se", "t")
        ]
        records += [
            {"row": "", "statistic": "r2", "value": self.r2, "p": self.f_p, **common},
            {"row": "", "statistic": "r2_adjusted", "value": self.r2_adjusted, **common},
            {"row": "", "statistic": "F", "value": self.f, "p": self.f_p, **common},
        ]
        return tidy_frame(records, analysis="ols")


def standardized_regression(
    frame: pd.DataFrame, outcome: str, predictors: Sequence[str]
) -> Regression:
    """Ordinary least squares with standardized coefficients.

    Parameters
    ----------
    frame : pandas.DataFrame
        Respondents.
    outcome : str
        A numeric column.
    predictors : sequence of str
        Numeric columns; 0/1 variables are standardized like the others.

    Returns
    -------
    Regression
        On the respondents who have all variables.

    Raises
    ------
    AnalysisError
        A column is missing, not numeric, or without variance among complete respondents; a name
        occurs twice; there are too few complete respondents; or predictors determine each other.

    Notes
    -----
    ``statsmodels.OLS``; beta = b * sd(x) / sd(y), with the standard deviations of the complete
    respondents. Tested against R's ``lm`` on ``scale``-d data.
    """
    names = [outcome, *predictors]
    problems = [
        Problem(f"{name} is not in the data", "Use a name of the codebook.")
        for name in names
        if name not in frame
    ]
    problems += [
        Problem(f"{name} is named more than once", "Name every variable once.")
        for name in sorted({name for name in names if names.count(name) > 1})
    ]
    problems += [
        Problem(
            f"{name} is not numeric: its type is {frame[name].dtype}",
            "Use a scale score, a number or a 0/1 variable.",
        )
        for name in names
        if name in frame and not pd.api.types.is_numeric_dtype(frame[name])
    ]
    _raise_if(problems, outcome)
    complete = frame[names].dropna().astype("float64")
    n, k = len(complete), len(predictors)
    if n < k + 2:
        problems.append(
            Problem(
                f"only {n} respondents have all {k + 1} variables",
                "Use fewer predictors, or ones that more respondents answered.",
            )
        )
    problems += [
        Problem(f"{name} is the same for all {n} complete respondents", "Leave it out.")
        for name in names
        if n and complete[name].nunique() < 2
    ]
    _raise_if(problems, outcome)
    scores = (complete - complete.mean()) / complete.std(ddof=1)
    if np.linalg.matrix_rank(scores[list(predictors)].to_numpy()) < k:
        _raise_if(
            [Problem("some predictors determine another exactly", "Leave one of them out.")],
            outcome,
        )
    fit = sm.OLS(complete[outcome], sm.add_constant(complete[list(predictors)])).fit()
    ratio = complete[list(predictors)].std(ddof=1) / complete[outcome].std(ddof=1)
    slopes = fit.params.drop("const")
    coefficients = pd.DataFrame(
        {
            "beta": slopes * ratio,
            "b": slopes,
            "se": fit.bse.drop("const"),
            "t": fit.tvalues.drop("const"),
            "p": fit.pvalues.drop("const"),
        }
    ).loc[list(predictors)]
    return Regression(
        outcome=outcome,
        coefficients=coefficients,
        intercept=float(fit.params["const"]),
        r2=float(fit.rsquared),
        r2_adjusted=float(fit.rsquared_adj),
        f=float(fit.fvalue),
        f_p=float(fit.f_pvalue),
        df=(k, n - k - 1),
        n=n,
        n_missing=len(frame) - n,
    )


def _raise_if(problems: list[Problem], outcome: str) -> None:
    if problems:
        raise AnalysisError(f"The regression of {outcome} cannot be done.", problems)
