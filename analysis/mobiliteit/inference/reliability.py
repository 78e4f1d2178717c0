"""How reliable a scale is, with intervals: alpha, omega, and what each item adds.

Alpha and item-rest correlations themselves are those of :func:`mobiliteit.scales.reliability`.
Listwise. Weights are not supported.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy import stats

from mobiliteit.inference.factor_model import Array
from mobiliteit.inference.factors import LEAST_ITEMS, FactorFit, fit_factor
from mobiliteit.inference.item_samples import ItemSample, item_sample
from mobiliteit.results import tidy_frame
from mobiliteit.samples import check_level, percent_text
from mobiliteit.scales import reliability
from mobiliteit.weights import without_weights

TWO_ITEMS = "met twee items is omega niet te schatten"
HEYWOOD = "omega niet gegeven: negatieve residuele variantie (Heywood)"
OPPOSED = "omega niet gegeven: een item laadt negatief; is het gespiegeld?"


@dataclass(frozen=True)
class ItemReliability:
    """Reliability of a scale, over respondents who answered all its items.

    Attributes
    ----------
    sample : ItemSample
        The items, as one group.
    level : float
        Confidence level of the intervals.
    alpha : float
        Cronbach's alpha, at most 1; below 0 when items go against each other.
    alpha_interval : tuple of float
        Feldt's limits: exact for normal items that measure alike.
    alpha_se : float
        Standard error that asks for neither (asymptotic).
    alpha_robust_interval : tuple of float
        Limits from `alpha_se`.
    omega : float
        McDonald's omega total of one factor, between 0 and 1.
    omega_se : float
        Its robust standard error.
    omega_interval : tuple of float
        Limits from `omega_se`.
    items : pandas.DataFrame
        Index: items. Columns ``loading`` (standardized, of the one factor), ``item_rest`` and
        ``alpha_without`` (alpha of the other items; NaN with two items).
    factor : FactorFit
        The one factor behind omega, with its fit.
    note, omega_note : str
        Why numbers are missing, in Dutch: all of them, or omega.
    """

    sample: ItemSample
    level: float
    alpha: float
    alpha_interval: tuple[float, float]
    alpha_se: float
    alpha_robust_interval: tuple[float, float]
    omega: float
    omega_se: float
    omega_interval: tuple[float, float]
    items: pd.DataFrame
    factor: FactorFit
    note: str
    omega_note: str

    def tidy(self) -> pd.DataFrame:
        """Return alpha and omega with their intervals, and what is known of each item."""
        common = {"n": self.sample.n, "n_missing": self.sample.n_missing}
        limits = f"{percent_text(self.level)}-interval"
        scale = [
            ("alpha", self.alpha, self.note),
            ("alpha_ci_low", self.alpha_interval[0], self.note or f"{limits}, Feldt"),
            ("alpha_ci_high", self.alpha_interval[1], self.note or f"{limits}, Feldt"),
            ("alpha_se", self.alpha_se, self.note),
            ("alpha_robust_low", self.alpha_robust_interval[0], self.note or f"{limits}, robuust"),
            ("alpha_robust_high", self.alpha_robust_interval[1], self.note or f"{limits}, robuust"),
            ("omega", self.omega, self.omega_note),
            ("omega_se", self.omega_se, self.omega_note),
            ("omega_ci_low", self.omega_interval[0], self.omega_note or f"{limits}, robuust"),
            ("omega_ci_high", self.omega_interval[1], self.omega_note or f"{limits}, robuust"),
        ]
        records = [
            {"row": "scale", "statistic": name, "value": value, "note": note, **common}
            for name, value, note in scale
        ]
        records += [
            {"row": str(item), "statistic": str(name), "value": value, **common}
            for item, values in self.items.iterrows()
            for name, value in values.items()
        ]
        return tidy_frame(records, analysis="item_reliability")


@without_weights
def item_reliability(
    frame: pd.DataFrame, items: Sequence[str], *, level: float = 0.95
) -> ItemReliability:
    """Alpha and omega of a scale with confidence intervals, and what each item adds.

    Parameters
    ----------
    frame : pandas.DataFrame
        Respondents of one wave or group; unweighted.
    items : sequence of str
        Two numeric columns or more, reversed items mirrored.
    level : float
        Confidence level.

    Returns
    -------
    ItemReliability
        NaN with a note where respondents or answers do not allow a number. Omega also when a
        residual variance or a loading is negative: it would be no share of the variance.

    Raises
    ------
    AnalysisError
        A column is not there or of the wrong type, fewer than two items, or weights.

    Notes
    -----
    Alpha by :func:`mobiliteit.scales.reliability`; omega of the one-factor model with
    standardized factor (McDonald, 1999)::

        omega = (sum of loadings)^2 / [(sum of loadings)^2 + sum of residual variances]

    Feldt's limits: ``1 - (1 - alpha) F``, F the upper and lower points with n - 1 and
    (n - 1)(k - 1) degrees of freedom (Feldt, Woodruff & Salih, 1987). Robust limits: the delta
    method on the moments, whatever their distribution (Maydeu-Olivares, Coffman & Hartmann, 2007),
    on the scale of the coefficient, cut off at 1.

    Tested against R's psych (alpha, Feldt's limits, item-rest, alpha without an item) and against
    lavaan (omega and both standard errors, ``estimator = "MLM"``).

    References
    ----------
    McDonald, R. P. (1999). Test theory: a unified treatment. Erlbaum. Feldt, L. S., Woodruff, D.
    J., & Salih, F. A. (1987). Applied Psychological Measurement, 11, 93-103. Maydeu-Olivares, A.,
    Coffman, D. L., & Hartmann, W. M. (2007). Psychological Methods, 12, 157-176.
    """
    check_level(level)
    sample = item_sample(frame, items)
    answers = frame[list(sample.items)].astype("float64")
    own = reliability(answers, "")
    fit = fit_factor(sample)
    alpha, alpha_se, feldt = own.alpha, np.nan, (np.nan, np.nan)
    if not sample.problem:
        alpha_se = _alpha_error(sample)
        feldt = _feldt(alpha, sample.n, len(sample.items), level)
    omega, omega_se, omega_note = _omega(fit)
    table = pd.DataFrame(
        {
            "loading": _standardized(fit),
            "item_rest": [own.item_rest[item] for item in sample.items],
            "alpha_without": [_without(answers, item) for item in sample.items],
        },
        index=pd.Index(sample.items, name="item"),
    )
    return ItemReliability(
        sample=sample,
        level=level,
        alpha=alpha,
        alpha_interval=feldt,
        alpha_se=alpha_se,
        alpha_robust_interval=_limits(alpha, alpha_se, level),
        omega=omega,
        omega_se=omega_se,
        omega_interval=_limits(omega, omega_se, level),
        items=table,
        factor=fit,
        note=sample.problem,
        omega_note=omega_note,
    )


def _feldt(alpha: float, n: int, k: int, level: float) -> tuple[float, float]:
    df = (n - 1, (n - 1) * (k - 1))
    tail = (1 - level) / 2
    high, low = (1 - (1 - alpha) * stats.f.ppf([tail, 1 - tail], *df)).tolist()
    return low, high


def _alpha_error(sample: ItemSample) -> float:
    # Alpha is k/(k - 1) (1 - own / total), own and total linear in the covariances.
    covariance, gamma = sample.moments.covariances[0], sample.moments.gamma[0]
    k = len(covariance)
    rows, columns = np.tril_indices(k)
    own, total = np.trace(covariance), covariance.sum()
    diagonal = rows == columns
    slope = k / (k - 1) * (np.where(diagonal, own, 2 * own) / total - diagonal) / total
    return float(np.sqrt(slope @ gamma[k:, k:] @ slope / sample.n))


def _omega(fit: FactorFit) -> tuple[float, float, str]:
    if len(fit.sample.items) < LEAST_ITEMS:
        return np.nan, np.nan, TWO_ITEMS
    if fit.solution is None:
        return np.nan, np.nan, fit.note
    k, solution = len(fit.sample.items), fit.solution
    loadings, residuals = solution.values[0, :k], solution.values[0, k : 2 * k]
    if (residuals < 0).any():
        return np.nan, np.nan, HEYWOOD
    if (loadings < 0).any():
        return np.nan, np.nan, OPPOSED
    common, rest = loadings.sum() ** 2, residuals.sum()
    slope = np.zeros(len(solution.vcov_robust))
    slope[solution.places[0, :k]] = 2 * loadings.sum() * rest / (common + rest) ** 2
    slope[solution.places[0, k : 2 * k]] = -common / (common + rest) ** 2
    se = float(np.sqrt(slope @ solution.vcov_robust @ slope))
    return float(common / (common + rest)), se, ""


def _standardized(fit: FactorFit) -> Array:
    k = len(fit.sample.items)
    if fit.solution is None:
        return np.full(k, np.nan)
    loadings, residuals = fit.solution.values[0, :k], fit.solution.values[0, k : 2 * k]
    return np.asarray(loadings / np.sqrt(loadings**2 + residuals))


def _without(answers: pd.DataFrame, item: str) -> float:
    # Over the same respondents as the whole scale: those who answered every item.
    return reliability(answers.dropna().drop(columns=item), "").alpha


def _limits(value: float, se: float, level: float) -> tuple[float, float]:
    reach = float(stats.norm.ppf((1 + level) / 2)) * se
    return value - reach, min(value + reach, 1.0) if np.isfinite(reach) else np.nan
