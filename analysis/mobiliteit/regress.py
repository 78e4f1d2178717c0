"""Linear regression with standardized coefficients, as the 2006 report printed it.

Complete cases only (listwise), z-scores after deletion. Respondents with weights
(:mod:`mobiliteit.weights`) get weighted coefficients with design-based errors.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from scipy import stats
from statsmodels.regression.linear_model import OLS

from mobiliteit.design import design_of, fit_weighted, moments
from mobiliteit.errors import AnalysisError, Problem
from mobiliteit.results import tidy_frame
from mobiliteit.weights import carries_weights


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
        n - k - 1 degrees of freedom). With weights all are weighted, `se` is design-based, and the
        degrees of freedom are clusters - strata - k.
    intercept : float
        Of the unstandardized equation.
    r2, r2_adjusted : float
        Explained variance as a share, in [0, 1]; the report prints `r2` as a percentage.
    f, f_p : float
        F test of all predictors together, with `df` degrees of freedom.
    df : tuple of int
        k and n - k - 1; with weights k and clusters - strata - k.
    n, n_missing : int
        Complete respondents, and those left out because any of the variables is missing.
    weighted : bool
        Whether weights were used.
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
    weighted: bool = False

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
            {
                "row": "",
                "statistic": "F_design" if self.weighted else "F",
                "value": self.f,
                "p": self.f_p,
                **common,
            },
        ]
        return tidy_frame(records, analysis="design_ols" if self.weighted else "ols")


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
        occurs twice; there are too few complete respondents (with weights: clusters); or predictors
        determine each other.

    Notes
    -----
    ``statsmodels.OLS`` on z-scores; b = beta * sd(y) / sd(x), with the standard deviations of the
    complete respondents. Tested against R's ``lm`` on raw and on ``scale``-d data.

    With weights :func:`mobiliteit.design.fit_weighted` on scores by the weighted mean and standard
    deviation of the complete respondents, R^2 of the weighted sums of squares (adjusted with n, the
    count of respondents), Wald's F; tested against R's ``svyglm`` and ``regTermTest``. These errors
    hold where the spread of the residuals differs, as HC0 does; the classic ones do not.
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
                nl=(
                    f"maar {n} respondenten hebben alle {k + 1} variabelen",
                    "Gebruik minder voorspellers, of die door meer mensen zijn beantwoord.",
                ),
            )
        )
    problems += [
        Problem(
            f"{name} is the same for all {n} complete respondents",
            "Leave it out.",
            nl=(f"{name} is hetzelfde voor alle {n} volledige respondenten", "Laat het weg."),
        )
        for name in names
        if n and complete[name].nunique() < 2
    ]
    _raise_if(problems, outcome)
    mean: pd.Series[Any]
    sd: pd.Series[Any]
    whole = None
    if carries_weights(frame):
        whole = design_of(frame).only(frame[names].notna().all(axis=1).to_numpy())
        if whole.df <= k:
            what = f"{whole.df} clusters more than strata are too few for {k} predictors"
            _raise_if([Problem(what, "Use fewer predictors, or larger samples.")], outcome)
        found = {name: moments(whole.weight, complete[name].to_numpy()) for name in names}
        mean = pd.Series({name: pair[0] for name, pair in found.items()})
        sd = pd.Series({name: pair[1] for name, pair in found.items()})
    else:
        mean, sd = complete.mean(), complete.std(ddof=1)
    # Fitted on z-scores and carried back: on raw columns a predictor far from zero (a date, a
    # person number) would fall below the cut-off of the solver and vanish without a word.
    scores = (complete - mean) / sd
    x, y = scores[list(predictors)].to_numpy(), scores[outcome].to_numpy()
    if np.linalg.matrix_rank(x) < k:
        problem = Problem(
            "some predictors determine another exactly",
            "Leave one of them out.",
            nl=("enkele voorspellers leggen een andere geheel vast", "Laat er een van weg."),
        )
        _raise_if([problem], outcome)
    scale = (sd[outcome] / sd[list(predictors)]).to_numpy()
    if whole is None:
        fit = OLS(y, np.column_stack([np.ones(n), x])).fit()
        beta, error, t, p = fit.params[1:], fit.bse[1:], fit.tvalues[1:], fit.pvalues[1:]
        r2, adjusted = float(fit.rsquared), float(fit.rsquared_adj)
        f, f_p, df = float(fit.fvalue), float(fit.f_pvalue), (k, n - k - 1)
    else:
        weighted = fit_weighted(whole, x, y)
        beta, error = weighted.coefficients[1:], weighted.errors[1:]
        t = beta / error
        p = 2 * stats.t.sf(np.abs(t), whole.df - k)
        r2, f, f_p = weighted.r2, weighted.test.f, weighted.test.p
        adjusted = 1 - (1 - r2) * (n - 1) / (n - k - 1)
        df = (k, whole.df - k)
    coefficients = pd.DataFrame(
        {"beta": beta, "b": beta * scale, "se": error * scale, "t": t, "p": p},
        index=list(predictors),
    )
    return Regression(
        outcome=outcome,
        coefficients=coefficients,
        intercept=float(mean[outcome] - coefficients["b"] @ mean[list(predictors)]),
        r2=r2,
        r2_adjusted=adjusted,
        f=f,
        f_p=f_p,
        df=df,
        n=n,
        n_missing=len(frame) - n,
        weighted=whole is not None,
    )


def _raise_if(problems: list[Problem], outcome: str) -> None:
    if problems:
        raise AnalysisError(f"The regression of {outcome} cannot be done.", problems)
