"""Whether a regression may be believed: residuals, influence and collinearity.

Complete cases only (listwise), as in :mod:`mobiliteit.regress`. Weights are refused.
Respondents are named by their position in the frame alone, never by an id.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from scipy import stats
from statsmodels.stats.diagnostic import het_breuschpagan
from statsmodels.stats.outliers_influence import OLSInfluence

from mobiliteit.inference.regression import LEVERAGE_ONE, fit_ols
from mobiliteit.regress import standardized_regression
from mobiliteit.results import tidy_frame
from mobiliteit.weights import without_weights

CHECKS = {
    "breusch_pagan": "kleine p: de residuen spreiden niet overal gelijk; lees de HC3-fouten",
    "reset": "kleine p: het verband is niet recht, of er ontbreekt een voorspeller",
    "shapiro_wilk": (
        "normale residuen tellen vooral in kleine steekproeven; in grote wijst deze toets ook "
        "afwijkingen aan die de intervallen niet raken"
    ),
}
STRONG_CONDITION = 30
HIGH_VIF = 10
# A power of the fitted values of length 1 of which less is left than this follows from the design:
# the same bound as that of R's lm.
NOTHING_NEW = 1e-7


@dataclass(frozen=True)
class RegressionDiagnostics:
    """Checks of a fitted regression.

    Attributes
    ----------
    outcome : str
        Predicted variable.
    checks : pandas.DataFrame
        Index: ``breusch_pagan`` (studentized LM), ``reset`` (F, squares and cubes of the fitted
        values), ``shapiro_wilk`` (W of the residuals). Columns ``value, df1, df2, p``; NaN where a
        test has no such thing, or cannot be done.
    skewness, excess_kurtosis : float
        Of the residuals, moment estimates (0 and 0 for a normal distribution).
    influence : pandas.DataFrame
        The largest few per measure. Columns ``measure`` (``leverage``, ``cooks_d``, ``dfbetas``),
        ``variable`` (of a DFBETAS), ``rank``, ``position`` (row of the frame that was given, from
        0: for ``frame.iloc``) and ``value`` (signed for DFBETAS, ranked by size).
    beyond : pandas.DataFrame
        Per measure the customary bound (leverage 2(k + 1)/n, Cook's D 4/n, DFBETAS 2/sqrt(n)) and
        how many values lie beyond it. A bound is for looking, not for throwing out.
    condition : float
        Condition number of the design, intercept included, columns at length 1 (Belsley, Kuh and
        Welsch); 30 and more is strong collinearity.
    condition_centred : float
        The same of the correlation matrix of the predictors: without what a far-off zero point
        adds.
    vif : pandas.Series
        Variance inflation per predictor.
    n, n_missing : int
        Complete respondents, and those left out.
    """

    outcome: str
    checks: pd.DataFrame
    skewness: float
    excess_kurtosis: float
    influence: pd.DataFrame
    beyond: pd.DataFrame
    condition: float
    condition_centred: float
    vif: pd.Series
    n: int
    n_missing: int

    def tidy(self) -> pd.DataFrame:
        """Return all checks as a tidy frame; positions stand in the statistic's note."""
        common = {"column": self.outcome, "n": self.n, "n_missing": self.n_missing}
        records = [
            {
                "row": "",
                "statistic": str(name),
                "value": check["value"],
                "p": check["p"],
                "note": CHECKS[str(name)],
                **common,
            }
            for name, check in self.checks.iterrows()
        ]
        strong = "sterke collineariteit" if self.condition >= STRONG_CONDITION else ""
        records += [
            {"row": "", "statistic": name, "value": value, "note": note, **common}
            for name, value, note in (
                ("skewness", self.skewness, "van de residuen"),
                ("excess_kurtosis", self.excess_kurtosis, "van de residuen"),
                ("condition_number", self.condition, strong),
                ("condition_number_centred", self.condition_centred, ""),
            )
        ]
        records += [
            {
                "row": str(row),
                "statistic": "vif",
                "value": value,
                "note": "hoog" if value >= HIGH_VIF else "",
                **common,
            }
            for row, value in self.vif.items()
        ]
        records += [
            {
                "row": entry.variable,
                "statistic": f"{entry.measure}_{entry.rank}",
                "value": entry.value,
                "note": f"positie {entry.position}",
                **common,
            }
            for entry in self.influence.itertuples()
        ]
        for measure, entry in self.beyond.iterrows():
            note = f"grens {entry['bound']:.4g}".replace(".", ",")
            cell = {"row": "", "statistic": f"{measure}_beyond", "value": entry["count"]}
            records.append({**cell, "note": note, **common})
        return tidy_frame(records, analysis="ols_diagnostics")


@without_weights
def diagnose_regression(
    frame: pd.DataFrame, outcome: str, predictors: Sequence[str], *, largest: int = 5
) -> RegressionDiagnostics:
    """Check residuals, influence and collinearity of a regression.

    Parameters
    ----------
    frame : pandas.DataFrame
        Respondents.
    outcome : str
        A numeric column.
    predictors : sequence of str
        Numeric columns.
    largest : int
        How many of the largest values to keep per measure; DFBETAS: per predictor.

    Returns
    -------
    RegressionDiagnostics
        On the respondents who have all variables; weights are refused.

    Raises
    ------
    AnalysisError
        As :func:`mobiliteit.regress.standardized_regression`.

    Notes
    -----
    Breusch and Pagan (1979) as studentized by Koenker (1981): ``statsmodels``
    ``het_breuschpagan``; Ramsey's (1969) RESET, which is NaN where a square or a cube of the fitted
    values follows from the predictors, as with groups alone; ``scipy.stats.shapiro``. Leverage and
    Cook's (1977) D: ``OLSInfluence``. DFBETAS (Belsley, Kuh and Welsch, 1980):
    ``(X'X)^-1 x_i e_i / (1 - h_i)`` over ``s_(i) sqrt((X'X)^-1_jj)``. Who alone fixes a coefficient
    (leverage 1) has no Cook's D or DFBETAS and is ranked for leverage only. Tested against R:
    ``lmtest::bptest``, ``lmtest::resettest``, ``shapiro.test``, ``hatvalues``, ``cooks.distance``,
    ``dfbetas``, ``kappa``.
    """
    standard = standardized_regression(frame, outcome, predictors)
    names = list(predictors)
    used = frame[[outcome, *names]].notna().all(axis=1).to_numpy()
    positions = np.flatnonzero(used)
    complete = frame.loc[used, [outcome, *names]].astype("float64").reset_index(drop=True)
    fit = fit_ols(complete, outcome, names)
    n, (k, df) = standard.n, standard.df
    design, residuals = fit.model.exog, fit.resid.to_numpy()
    leverage = OLSInfluence(fit).hat_matrix_diag
    lonely = leverage > 1 - LEVERAGE_ONE
    rest = np.where(lonely, np.nan, 1 - leverage)
    cooks = residuals**2 * leverage / (rest**2 * (k + 1) * fit.mse_resid)
    inverse = fit.normalized_cov_params.to_numpy()
    without = np.maximum(fit.ssr - residuals**2 / rest, 0) / max(df - 1, 1)
    with np.errstate(divide="ignore", invalid="ignore"):
        shift = design @ inverse * (residuals / rest)[:, None]
        dfbetas = shift / np.sqrt(without)[:, None] / np.sqrt(np.diag(inverse))
    measures = {("leverage", ""): leverage, ("cooks_d", ""): cooks}
    measures |= {("dfbetas", name): dfbetas[:, i + 1] for i, name in enumerate(names)}
    bounds = {"leverage": 2 * (k + 1) / n, "cooks_d": 4 / n, "dfbetas": 2 / np.sqrt(n)}
    counts = {
        name: sum(
            int((np.abs(values) > bound).sum())
            for (measure, _), values in measures.items()
            if measure == name
        )
        for name, bound in bounds.items()
    }
    correlations = complete[names].corr().to_numpy()
    return RegressionDiagnostics(
        outcome=outcome,
        checks=_checks(fit, residuals),
        skewness=float(stats.skew(residuals)),
        excess_kurtosis=float(stats.kurtosis(residuals)),
        influence=_largest(measures, positions, largest),
        beyond=pd.DataFrame({"bound": bounds, "count": counts}).rename_axis("measure"),
        condition=float(np.linalg.cond(design / np.linalg.norm(design, axis=0))),
        condition_centred=float(np.sqrt(np.linalg.cond(correlations))),
        vif=pd.Series(np.diag(np.linalg.inv(correlations)), index=names),
        n=n,
        n_missing=standard.n_missing,
    )


def _checks(fit: Any, residuals: np.ndarray) -> pd.DataFrame:
    design = fit.model.exog
    lm, lm_p, _, _ = het_breuschpagan(residuals, design)
    records = {"breusch_pagan": (lm, design.shape[1] - 1, np.nan, lm_p)}
    records["reset"] = _reset(design, np.asarray(fit.fittedvalues), residuals)
    w, p = stats.shapiro(residuals)
    records["shapiro_wilk"] = (w, np.nan, np.nan, p)
    table = pd.DataFrame.from_dict(records, orient="index", columns=["value", "df1", "df2", "p"])
    return table.astype("float64")


def _reset(
    design: np.ndarray, fitted: np.ndarray, residuals: np.ndarray
) -> tuple[float, float, float, float]:
    """Ramsey's F of squares and cubes, its degrees of freedom and p; NaN where one adds nothing."""
    n, columns = design.shape
    none, spread = (np.nan, np.nan, np.nan, np.nan), float(fitted.std())
    if not spread > NOTHING_NEW * residuals.std():
        return none
    # any line through the fitted values gives the same F, and z-scores the least rounding
    scores = (fitted - fitted.mean()) / spread
    powers = np.column_stack([scores**2, scores**3])
    basis, _ = np.linalg.qr(design)
    new = powers / np.linalg.norm(powers, axis=0)
    new -= basis @ (basis.T @ new)
    df = (powers.shape[1], n - columns - powers.shape[1])
    if df[1] < 1 or np.linalg.svd(new, compute_uv=False)[-1] < NOTHING_NEW:
        return none
    explained = new @ np.linalg.lstsq(new, residuals)[0]
    gain = float(explained @ explained)
    f = (gain / df[0]) / ((float(residuals @ residuals) - gain) / df[1])
    return f, df[0], df[1], float(stats.f.sf(f, *df))


def _largest(
    measures: dict[tuple[str, str], np.ndarray], positions: np.ndarray, largest: int
) -> pd.DataFrame:
    records = []
    for (measure, variable), values in measures.items():
        order = np.argsort(-np.abs(np.nan_to_num(values)), kind="stable")[:largest]
        for rank, i in enumerate(order, start=1):
            records.append((measure, variable, rank, int(positions[i]), float(values[i])))
    return pd.DataFrame(records, columns=["measure", "variable", "rank", "position", "value"])
