"""Whether a slope differs: least squares with a product of two standardized predictors.

Complete cases only (listwise), z-scores after deletion, as in :mod:`mobiliteit.regress`. Weights
are refused.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from scipy import stats

from mobiliteit.errors import AnalysisError, Problem
from mobiliteit.inference.regression import LEVERAGE_ONE, r2_interval
from mobiliteit.inference.resample import Array
from mobiliteit.regress import standardized_regression
from mobiliteit.results import tidy_frame
from mobiliteit.samples import check_level
from mobiliteit.weights import without_weights

# Where the slope is taken of a moderator that is a number: standard deviations from its mean.
LEVELS = (-1, 0, 1)
COLUMNS = ("value", "se", "low", "high", "p", "se_hc3", "low_hc3", "high_hc3", "p_hc3")


@dataclass(frozen=True)
class ModeratedRegression:
    """A regression in which the slope of one predictor depends on another variable.

    Attributes
    ----------
    outcome, predictor, moderator : str
    interactions : pandas.DataFrame
        Change of the standardized slope. Index: ``''`` per standard deviation of a moderator that
        is a number; ``category:reference`` for categories. Columns :data:`COLUMNS`.
    slopes : pandas.DataFrame
        Standardized slopes. Index: ``-1``, ``0``, ``1`` standard deviations of the moderator, or
        its categories. Same columns.
    r2, r2_low, r2_high : float
        Share of the variance that the products add, and its limits.
    f, p, f_hc3, p_hc3 : float
        Test of all products together, classic and with HC3 errors.
    df : tuple of int
        Its degrees of freedom.
    level : float
        Confidence level.
    n, n_missing : int
        Complete respondents, and those left out.
    """

    outcome: str
    predictor: str
    moderator: str
    interactions: pd.DataFrame
    slopes: pd.DataFrame
    r2: float
    r2_low: float
    r2_high: float
    f: float
    p: float
    f_hc3: float
    p_hc3: float
    df: tuple[int, int]
    level: float
    n: int
    n_missing: int
    _fit: _Fit

    def lines(self, grid: Array) -> pd.DataFrame:
        """Fitted outcome over values of the predictor, per row of `slopes`.

        Parameters
        ----------
        grid : numpy.ndarray
            Values of the predictor, in its own unit.

        Returns
        -------
        pandas.DataFrame
            Columns ``level, x, y, low, high``, the outcome in its own unit, everything else at its
            mean; limits with HC3 errors.
        """
        fit, parts = self._fit, []
        scores = (np.asarray(grid, dtype="float64") - fit.mean_x) / fit.sd_x
        reach = stats.t.ppf((1 + self.level) / 2, self.df[1])
        for key, place in fit.places.items():
            rows = np.zeros((len(scores), len(fit.coefficients)))
            rows[:, 0], rows[:, 1] = 1.0, scores
            q = len(place)
            rows[:, 2 : 2 + q] = place
            rows[:, 2 + q : 2 + 2 * q] = scores[:, None] * place
            y = rows @ fit.coefficients
            # where all who are compared answered the same, rounding can take it below zero
            variance = np.maximum(np.einsum("ij,jk,ik->i", rows, fit.robust, rows), 0)
            error = np.sqrt(variance)
            values = {"y": y, "low": y - reach * error, "high": y + reach * error}
            units = {name: fit.mean_y + fit.sd_y * value for name, value in values.items()}
            parts.append(pd.DataFrame({"level": key, "x": grid, **units}))
        return pd.concat(parts, ignore_index=True)

    def tidy(self) -> pd.DataFrame:
        """Return interactions, slopes and the test of the products as a tidy frame."""
        common = {"column": self.outcome, "n": self.n, "n_missing": self.n_missing}
        product, percent = f"{self.predictor} * {self.moderator}", f"{100 * self.level:g}%"
        records: list[dict[str, Any]] = [
            {
                "row": f"{name} ({key})" if key else name,
                "statistic": statistic if column == "value" else f"{statistic}_{column}",
                "value": row[column],
                "p": row["p"]
                if column == "value"
                else row["p_hc3"]
                if "se_hc3" in column
                else None,
                "note": percent if "low" in column or "high" in column else "",
                **common,
            }
            for name, statistic, table in (
                (product, "interaction", self.interactions),
                (self.predictor, "slope", self.slopes),
            )
            for key, row in table.iterrows()
            for column in COLUMNS
            if not column.startswith("p")
        ]
        records += [
            {"row": product, "statistic": statistic, "value": value, "p": p, **common}
            for statistic, value, p in (
                ("r2_change", self.r2, self.p),
                ("r2_change_low", self.r2_low, np.nan),
                ("r2_change_high", self.r2_high, np.nan),
                ("F", self.f, self.p),
                ("F_hc3", self.f_hc3, self.p_hc3),
            )
        ]
        return tidy_frame(records, analysis="moderation")


@dataclass(frozen=True)
class _Fit:
    """What lines are drawn from: coefficients, their HC3 covariance, units, moderator places."""

    coefficients: Array
    robust: Array
    mean_x: float
    sd_x: float
    mean_y: float
    sd_y: float
    places: dict[str, Array]


@without_weights
def moderated_regression(
    frame: pd.DataFrame,
    outcome: str,
    predictor: str,
    moderator: str,
    controls: Sequence[str] = (),
    *,
    reference: str | None = None,
    level: float = 0.95,
) -> ModeratedRegression:
    """Least squares in which the slope of a predictor differs for a moderator.

    Parameters
    ----------
    frame : pandas.DataFrame
        Respondents.
    outcome, predictor : str
        Numeric columns.
    moderator : str
        A numeric column, or a categorical one.
    controls : sequence of str
        Numeric columns.
    reference : str, optional
        Category that the others are held against; by default the first.
    level : float
        Confidence level.

    Returns
    -------
    ModeratedRegression
        On the respondents who have all variables; weights are refused.

    Raises
    ------
    AnalysisError
        As :func:`mobiliteit.regress.standardized_regression` for all columns of the model, the
        products included; a moderator with fewer than two categories, or an unknown reference.

    Notes
    -----
    Numbers (0/1 predictors included) as z-scores, so that both slopes are at the mean of the other
    and the coefficient of the product is the change of the standardized slope per standard
    deviation of the moderator (Aiken and West, 1991); the product itself is not standardized.
    Categories as dummies, the change then between them. Errors: classic, and HC3 (MacKinnon and
    White, 1985), which are NaN where one respondent alone fixes a coefficient; both take the
    standard deviations as known. R^2 of the products: as the last block of
    :func:`mobiliteit.inference.blocks.block_regression`. Tested against R: ``lm``, ``confint``,
    ``sandwich::vcovHC``, ``lmtest::waldtest``. Simulated coverage stands in
    ``tests/test_ask_moderation.py``.

    References
    ----------
    Aiken, L. S., & West, S. G. (1991). Multiple regression: testing and interpreting interactions.
    Sage.
    """
    check_level(level)
    names = [outcome, predictor, moderator, *controls]
    problems = [
        Problem(f"{name} is not in the data", "Use a name of the codebook.")
        for name in names
        if name not in frame
    ]
    if problems:
        _refuse(outcome, problems)
    complete = frame[names].dropna()
    columns, places = _moderator(complete, moderator, reference, outcome)
    own = complete[[outcome, predictor, *controls]].astype("float64")
    scores = (own - own.mean()) / own.std(ddof=1)
    products = [f"{predictor} * {name}" for name in columns]
    design = pd.concat(
        [
            scores[[predictor]],
            columns,
            (columns.mul(scores[predictor], axis=0)).set_axis(products, axis=1),
            scores[list(controls)],
        ],
        axis=1,
    )
    # Refuses what cannot be estimated, naming the columns.
    whole = standardized_regression(design.assign(**{outcome: scores[outcome]}), outcome, [*design])
    x = np.column_stack([np.ones(len(design)), design.to_numpy()])
    y = scores[outcome].to_numpy()
    inverse = np.linalg.inv(x.T @ x)
    coefficients = inverse @ (x.T @ y)
    residuals = y - x @ coefficients
    df = whole.df[1]
    classic = float(residuals @ residuals) / df * inverse
    leverage = ((x @ inverse) * x).sum(axis=1)
    robust = np.full_like(classic, np.nan)
    if leverage.max() < 1 - LEVERAGE_ONE:
        weighted = (x @ inverse) * (residuals / (1 - leverage))[:, None]
        robust = weighted.T @ weighted
    q = len(columns.columns)
    at = slice(2 + q, 2 + 2 * q)

    def contrasts(rows: dict[str, Array]) -> pd.DataFrame:
        return _contrasts(rows, coefficients, classic, robust, df, level)

    slopes, changes = {}, {}
    for key, place in places.items():
        row = np.zeros(len(coefficients))
        row[1], row[at] = 1.0, place
        slopes[key] = row
    if isinstance(complete[moderator].dtype, pd.CategoricalDtype):
        chosen = next(key for key, place in places.items() if not place.any())
        changes = {f"{k}:{chosen}": slopes[k] - slopes[chosen] for k in slopes if k != chosen}
    else:
        changes = {"": slopes["1"] - slopes["0"]}
    f, p = _together(coefficients[at], classic[at, at], df)
    f_hc3, p_hc3 = _together(coefficients[at], robust[at, at], df)
    partial = q * f / (q * f + df)
    before = 1 - (whole.r2 - partial) / (1 - partial)
    low, high = r2_interval(partial, whole.n - (len(coefficients) - 1 - q), q, level)
    return ModeratedRegression(
        outcome=outcome,
        predictor=predictor,
        moderator=moderator,
        interactions=contrasts(changes),
        slopes=contrasts(slopes),
        r2=partial * before,
        r2_low=low * before,
        r2_high=high * before,
        f=f,
        p=p,
        f_hc3=f_hc3,
        p_hc3=p_hc3,
        df=(q, df),
        level=level,
        n=whole.n,
        n_missing=len(frame) - whole.n,
        _fit=_Fit(
            coefficients=coefficients,
            robust=robust,
            mean_x=float(own[predictor].mean()),
            sd_x=float(own[predictor].std(ddof=1)),
            mean_y=float(own[outcome].mean()),
            sd_y=float(own[outcome].std(ddof=1)),
            places=places,
        ),
    )


def _moderator(
    complete: pd.DataFrame, moderator: str, reference: str | None, outcome: str
) -> tuple[pd.DataFrame, dict[str, Array]]:
    """Columns of the moderator, and where each of its levels lies in them."""
    values = complete[moderator]
    if not isinstance(values.dtype, pd.CategoricalDtype):
        numbers = values.astype("float64")
        column = ((numbers - numbers.mean()) / numbers.std(ddof=1)).to_frame(moderator)
        return column, {str(level): np.array([float(level)]) for level in LEVELS}
    keys = [str(key) for key in values.cat.remove_unused_categories().cat.categories]
    chosen = keys[0] if reference is None and keys else reference
    if len(keys) < 2 or chosen not in keys:
        what = f"{moderator} has no categories to compare with {chosen!r}"
        _refuse(outcome, [Problem(what, f"Use a category of {keys}, of two or more.")])
    others = [key for key in keys if key != chosen]
    texts = values.astype("object").astype("str")
    columns = pd.DataFrame(
        {f"{moderator}={key}": (texts == key).astype("float64") for key in others}
    )
    return columns, {key: np.array([float(key == o) for o in others]) for key in keys}


def _contrasts(
    rows: dict[str, Array],
    coefficients: Array,
    classic: Array,
    robust: Array,
    df: int,
    level: float,
) -> pd.DataFrame:
    matrix = np.array(list(rows.values()))
    value, reach = matrix @ coefficients, stats.t.ppf((1 + level) / 2, df)
    table = {"value": value}
    for covariance, tag in ((classic, ""), (robust, "_hc3")):
        se = np.sqrt(np.diag(matrix @ covariance @ matrix.T))
        table |= {
            f"se{tag}": se,
            f"low{tag}": value - reach * se,
            f"high{tag}": value + reach * se,
            f"p{tag}": 2 * stats.t.sf(np.abs(value / se), df),
        }
    return pd.DataFrame(table, index=list(rows))[list(COLUMNS)]


def _together(coefficients: Array, covariance: Array, df: int) -> tuple[float, float]:
    if np.isnan(covariance).any():
        return np.nan, np.nan
    q = len(coefficients)
    f = float(coefficients @ np.linalg.solve(covariance, coefficients)) / q
    return f, float(stats.f.sf(f, q, df))


def _refuse(outcome: str, problems: list[Problem]) -> None:
    raise AnalysisError(f"The regression of {outcome} cannot be done.", problems)
