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
    ``statsmodels.OLS`` on z-scores; b = beta * sd(y) / sd(x), with the standard deviations of the
    complete respondents. Tested against R's ``lm`` on raw and on ``scale``-d data.
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
    if not k:
        problems.append(Problem("there are no predictors", "Name at least one."))
    problems += [
        Problem(f"{name} holds infinite values", "Correct them in the data.")
        for name in names
        if np.isinf(complete[name]).any()
    ]
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
    mean, sd = complete.mean(), complete.std(ddof=1)
    # Fitted on z-scores and carried back: on raw columns a predictor far from zero (a date, a
    # person number) would fall below the cut-off of the solver and vanish without a word.
    scores = (complete - mean) / sd
    design = scores[list(predictors)].to_numpy()
    if np.linalg.matrix_rank(design) < k:
        _raise_if(
            [Problem("some predictors determine another exactly", "Leave one of them out.")],
            outcome,
        )
    fit = sm.OLS(scores[outcome].to_numpy(), np.column_stack([np.ones(n), design])).fit()
    scale = (sd[outcome] / sd[list(predictors)]).to_numpy()
    coefficients = pd.DataFrame(
        {
            "beta": fit.params[1:],
            "b": fit.params[1:] * scale,
            "se": fit.bse[1:] * scale,
            "t": fit.tvalues[1:],
            "p": fit.pvalues[1:],
        },
        index=list(predictors),
    )
    return Regression(
        outcome=outcome,
        coefficients=coefficients,
        intercept=float(mean[outcome] - coefficients["b"] @ mean[list(predictors)]),
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
