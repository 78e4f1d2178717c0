"""What a wave says on a finding: the same statistic with its standard error.

Unweighted: Welch's error of a difference, the classic one of a standardized coefficient. With
weights all are design-based (:mod:`mobiliteit.design`). Percentages are in points.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd

from mobiliteit.against.findings import Question
from mobiliteit.against.old_errors import r2_error
from mobiliteit.claims.places import model_of
from mobiliteit.design import design_of, group_means, moments
from mobiliteit.errors import AnalysisError
from mobiliteit.gaps import unavailable
from mobiliteit.regress import Regression, standardized_regression
from mobiliteit.results import number
from mobiliteit.study_schema import RegressionTable
from mobiliteit.wave import Wave
from mobiliteit.weights import carries_weights

Array = np.ndarray


@dataclass(frozen=True)
class Estimated:
    """A number of a wave.

    Attributes
    ----------
    value, se, df : float
        Estimate, standard error and degrees of freedom; NaN where the wave cannot give it.
    unit : float
        What one unit of the picture is: a standard deviation, 1 for a coefficient, 100 for an
        explained variance in percent.
    p : float
        Of the F test of an explained variance; NaN for what is tested by its own error.
    n : int
        Respondents.
    note : str
        Why there is no number.
    weighted : bool
        Whether weights were used.
    """

    value: float
    se: float
    df: float
    unit: float
    n: int
    p: float = math.nan
    note: str = ""
    weighted: bool = False

    @property
    def usable(self) -> bool:
        """Whether there is an estimate with an error above 0."""
        return bool(np.isfinite([self.value, self.se, self.df]).all() and self.se > 0)


def lacking(note: str, n: int = 0) -> Estimated:
    """Return a number that is not there, with the reason."""
    return Estimated(math.nan, math.nan, math.nan, math.nan, n, note=note)


class WaveSide:
    """A wave, asked for the numbers behind findings; each model is fitted once.

    Parameters
    ----------
    wave : Wave
        With or without weights.
    """

    def __init__(self, wave: Wave) -> None:
        self.wave = wave
        self._fits: dict[tuple[str, str], Regression | str] = {}
        self._done: dict[Question, Estimated] = {}

    def of(self, question: Question) -> Estimated:
        """Return the estimate that a question asks for."""
        if question.form == "nothing":
            return lacking("")
        if question not in self._done:
            model = question.form in ("beta", "r2")
            found = self._of_model(question) if model else self._of_values(question)
            self._done[question] = replace(found, weighted=self.wave.weights is not None)
        return self._done[question]

    def _of_model(self, question: Question) -> Estimated:
        key = question.table, question.column
        if key not in self._fits:
            place = model_of(self.wave.study, *key)
            missing = unavailable(self.wave, [place.outcome, *place.predictors])
            try:
                self._fits[key] = missing or standardized_regression(
                    self.wave.sample(place.sample), place.outcome, place.predictors
                )
            except AnalysisError as error:
                self._fits[key] = "; ".join(problem.what for problem in error.problems)
        fit = self._fits[key]
        if isinstance(fit, str):
            return lacking(fit)
        table = self.wave.study.tables.tables[question.table]
        if isinstance(table, RegressionTable) and question.row == table.explained_variance:
            k = fit.df[0]
            # With weights as many respondents as there are degrees of freedom for the errors.
            n = fit.df[1] + k + 1
            se = 100 * r2_error(fit.r2, n, k)
            return Estimated(100 * fit.r2, se, float(fit.df[1]), 100.0, fit.n, fit.f_p)
        beta, t = (number(fit.coefficients, question.row, name) for name in ("beta", "t"))
        se = beta / t if t else math.nan
        return Estimated(beta, se, float(fit.df[1]), 1.0, fit.n)

    def _of_values(self, question: Question) -> Estimated:
        names = [question.variable, *filter(None, [question.by])]
        if missing := unavailable(self.wave, names):
            return lacking(missing)
        frame = self.wave.sample(question.conditions)
        if question.form == "shares":
            values = _within(frame[question.variable], question.a, question.b)
            return _mean(frame, values)
        values = _values(frame[question.variable], question)
        if question.form != "difference":
            chosen = values.notna()
            if question.by:
                chosen &= frame[question.by] == question.a
            return _mean(frame, values.where(chosen))
        return _difference(frame, values, frame[question.by], question.a, question.b)


def _values(column: pd.Series, question: Question) -> pd.Series:
    """Values to be averaged; for a share 100 for a counted answer and 0 for another."""
    if not question.share:
        return column.astype("float64")
    counted = question.answers
    yes = column >= counted[0] if question.at_least else column.isin(counted)
    return (100.0 * yes).where(column.notna())


def _within(column: pd.Series, a: str, b: str) -> pd.Series:
    return (100.0 * (column == a) - 100.0 * (column == b)).where(column.notna())


def _mean(frame: pd.DataFrame, values: pd.Series) -> Estimated:
    used = values.notna().to_numpy()
    x = values[used].to_numpy(dtype="float64")
    n = len(x)
    if n < 2:
        return lacking("minder dan twee antwoorden", n)
    if not carries_weights(frame):
        sd = float(x.std(ddof=1))
        return Estimated(float(x.mean()), sd / math.sqrt(n), n - 1.0, sd, n)
    design = design_of(frame).only(used)
    mean, sd = moments(design.weight, x)
    influence = design.weight * (x - mean) / design.weight.sum()
    se = math.sqrt(float(design.covariance(influence[:, None])[0, 0]))
    return Estimated(mean, se, float(design.df), sd, n)


def _difference(
    frame: pd.DataFrame, values: pd.Series, groups: pd.Series, a: str, b: str
) -> Estimated:
    used = (values.notna() & groups.isin([a, b])).to_numpy()
    x = values[used].to_numpy(dtype="float64")
    second = (groups[used] == b).to_numpy()
    sizes = np.array([(~second).sum(), second.sum()])
    if (sizes < 2).any():
        return lacking("een groep met minder dan twee antwoorden", int(sizes.sum()))
    n = int(sizes.sum())
    if carries_weights(frame):
        design = design_of(frame).only(used)
        found = group_means(design, x, second.astype("int64"), 2)
        contrast = np.array([1.0, -1.0])
        se = math.sqrt(float(contrast @ found.covariance @ contrast))
        unit = _pooled(found.sds, sizes)
        return Estimated(float(contrast @ found.means), se, float(design.df - 1), unit, n)
    parts: list[Any] = [x[~second], x[second]]
    sds = np.array([part.std(ddof=1) for part in parts])
    shares = sds**2 / sizes
    se = math.sqrt(float(shares.sum()))
    df = float(shares.sum() ** 2 / (shares**2 / (sizes - 1)).sum()) if se else math.nan
    difference = float(parts[0].mean() - parts[1].mean())
    return Estimated(difference, se, df, _pooled(sds, sizes), n)


def _pooled(sds: Array, sizes: Array) -> float:
    return math.sqrt(float(((sizes - 1) * sds**2).sum() / (sizes.sum() - 2)))
