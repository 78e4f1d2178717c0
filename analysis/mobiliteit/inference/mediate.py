"""Mediation: the three steps as the 2006 report argued them, beside a bootstrap.

One listwise n for everything: who lacks the outcome, the mediator, a factor or a covariate is
counted and left out of all steps. Weights are refused.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd
from scipy import stats

from mobiliteit.errors import AnalysisError, Problem
from mobiliteit.inference.regression import infer_regression
from mobiliteit.inference.resample import (
    DEFAULT_RESAMPLES,
    DEFAULT_SEED,
    Array,
    Resampled,
    Statistic,
    resample,
)
from mobiliteit.regress import standardized_regression
from mobiliteit.results import tidy_frame
from mobiliteit.samples import check_level
from mobiliteit.weights import without_weights

CAUTIONS = {
    "nl": (
        "Alles is op één moment gemeten: een indirect effect beschrijft samenhang, geen oorzaak. "
        "Een andere volgorde of een gemeenschappelijke oorzaak past even goed bij deze cijfers. "
        "Dat c' niet significant is, toont geen volledige mediatie aan."
    ),
    "en": (
        "Everything was measured at one moment: an indirect effect describes association, not "
        "cause. Another order or a common cause fits these numbers equally well. That c' is not "
        "significant does not show full mediation."
    ),
}
# Reading of a factor: key, and the sentence in both languages.
READINGS = {
    "none": (
        "geen indirect verband aangetoond",
        "no indirect association shown",
    ),
    "unclear": (
        "indirect verband aangetoond; of er ook een direct verband is, blijft open",
        "indirect association shown; whether there is a direct one too remains open",
    ),
    "same": (
        "indirect verband aangetoond, in dezelfde richting als het directe",
        "indirect association shown, in the direction of the direct one",
    ),
    "opposite": (
        "indirect verband aangetoond, tegengesteld aan het directe (suppressie)",
        "indirect association shown, opposed to the direct one (suppression)",
    ),
}
PATHS = ("c", "a", "c_prime")
INDIRECT = ("indirect", "indirect_standardized")


@dataclass(frozen=True)
class Mediation:
    """The factors' associations with an outcome, divided over a mediator.

    Attributes
    ----------
    outcome, mediator : str
        Predicted variable, and the one in between.
    factors, covariates : tuple of str
        All factors are in all equations together; so are the covariates.
    paths : pandas.DataFrame
        Index: (path, variable) with paths ``c`` (outcome on factors), ``a`` (mediator on factors),
        ``c_prime`` (outcome on factors and mediator) for every factor, and ``b`` for the mediator
        in that last equation. Columns ``beta, beta_low, beta_high, b, b_se, b_low, b_high, p,
        p_hc3``.
    indirect : pandas.DataFrame
        Index: factors. ``indirect`` (a * b, outcome units per unit of the factor) and
        ``indirect_standardized``, each with ``_se`` (bootstrap), ``_percentile_low/high`` and
        ``_bca_low/high``; ``indirect_delta_se`` and ``indirect_delta_low/high`` (Sobel).
    argument : pandas.DataFrame
        Index: factors. Booleans ``c_significant, a_significant, b_significant, c_shrinks`` (c'
        nearer to 0 than c), ``three_steps`` (all four: mediation as the report argues it),
        ``percentile_excludes_zero, bca_excludes_zero``; and ``reading``: ``none`` unless both do,
        then ``unclear`` (c' not significant), ``same`` or ``opposite`` (sign of c' against that
        of a * b).
    r2 : dict
        Explained variance of the equations ``mediator``, ``outcome`` and ``outcome_with_mediator``.
    n, n_missing : int
        One listwise n.
    level, alpha : float
        Confidence level of the intervals; significance level of the three steps.
    resamples, seed : int
        Of the bootstrap.
    drawn : Resampled
        The bootstrap: the unstandardized indirect effects, then the standardized ones.
    note : str
        What the bootstrap left out, in Dutch.
    """

    outcome: str
    mediator: str
    factors: tuple[str, ...]
    covariates: tuple[str, ...]
    paths: pd.DataFrame
    indirect: pd.DataFrame
    argument: pd.DataFrame
    r2: dict[str, float]
    n: int
    n_missing: int
    level: float
    alpha: float
    resamples: int
    seed: int
    drawn: Resampled = field(repr=False, compare=False)
    note: str = ""

    def percentile(self, factor: str, level: float) -> tuple[float, float]:
        """Return the percentile limits of a standardized indirect effect at another level."""
        low, high = self.drawn.percentile(level)
        place = len(self.factors) + self.factors.index(factor)
        return float(low[place]), float(high[place])

    def caution(self, lang: str = "nl") -> str:
        """Return what cross-sectional data cannot say; it belongs beside every number shown."""
        return CAUTIONS["nl" if lang == "nl" else "en"]

    def reading(self, factor: str, lang: str = "nl") -> str:
        """Return one factor's result in a sentence. It never speaks of full mediation."""
        text = READINGS[str(self.argument.at[factor, "reading"])][0 if lang == "nl" else 1]
        met = bool(self.argument.at[factor, "three_steps"])
        if lang == "nl":
            steps = "wel" if met else "niet"
            return f"{text}; aan de drie stappen van het rapport is {steps} voldaan"
        steps = "met" if met else "not met"
        return f"{text}; the three steps of the report are {steps}"

    def tidy(self) -> pd.DataFrame:
        """Return paths, indirect effects and the argument as a tidy frame; `column` is the path."""
        common = {"n": self.n, "n_missing": self.n_missing}
        percent = f"{100 * self.level:g}%"
        how = f"{percent}, {self.resamples} hertrekkingen, seed {self.seed}"
        caution = "; ".join(part for part in (self.note, self.caution()) if part)
        records: list[dict[str, Any]] = []
        for entry in self.paths.reset_index().to_dict("records"):
            place = {"row": entry["variable"], "column": entry["path"]}
            for statistic in self.paths.columns.drop("p"):
                cell = {"statistic": statistic, "value": entry[statistic]} | place | common
                tested = {"beta": "p", "b": "p", "p_hc3": "p_hc3"}.get(statistic)
                limit = {"note": percent} if statistic.endswith(("_low", "_high")) else {}
                records.append(cell | ({"p": entry[tested]} if tested else {}) | limit)
        for row, effects in self.indirect.iterrows():
            place = {"row": row, "column": "ab"}
            for name, value in effects.items():
                note = ""
                if str(name).endswith(("_low", "_high")):
                    note = percent if "_delta_" in str(name) else how
                elif name in INDIRECT:
                    note = f"{self.reading(str(row))}. {caution}"
                cell = {"statistic": name, "value": value, "note": note}
                records.append(cell | place | common)
        for row, flags in self.argument.iterrows():
            for name, flag in flags.drop("reading").items():
                cell = {"row": row, "column": "argument", "statistic": name}
                records.append({**cell, "value": float(flag), **common})
        records += [
            {"row": "", "column": equation, "statistic": "r2", "value": value, **common}
            for equation, value in self.r2.items()
        ]
        return tidy_frame(records, analysis="mediation")


@without_weights
def mediate(
    frame: pd.DataFrame,
    outcome: str,
    mediator: str,
    factors: Sequence[str],
    *,
    covariates: Sequence[str] = (),
    level: float = 0.95,
    alpha: float = 0.05,
    resamples: int = DEFAULT_RESAMPLES,
    seed: int = DEFAULT_SEED,
) -> Mediation:
    """Divide the associations of all factors at once over a mediator.

    Parameters
    ----------
    frame : pandas.DataFrame
        Respondents.
    outcome, mediator : str
        Numeric columns.
    factors : sequence of str
        Numeric columns; each has an indirect effect, with all others held constant.
    covariates : sequence of str
        Numeric columns that enter every equation beside the factors, so that c = c' + ab holds.
        (Column 4 of the report's tables 3.8 and 3.9 lets them into the equation of the outcome
        alone.)
    level : float
        Confidence level of the intervals.
    alpha : float
        Significance level of the three steps.
    resamples, seed : int
        Of the bootstrap.

    Returns
    -------
    Mediation
        On the respondents who have all variables; weights are refused.

    Raises
    ------
    AnalysisError
        As :func:`mobiliteit.regress.standardized_regression` for all variables together; no
        factors; a level or alpha outside (0, 1); or a bootstrap that the data cannot bear.

    Notes
    -----
    Equations: mediator ~ factors (a), outcome ~ factors (c), outcome ~ factors + mediator
    (c', b); the indirect effect is a * b = c - c'. The three steps are those of Baron and Kenny
    (1986), which the report follows: c, a and b significant and c' nearer to 0 than c. The
    bootstrap draws respondents (Preacher and Hayes, 2008); percentile and BCa (Efron, 1987) limits;
    the delta interval is Sobel's (1982), ``a^2 se_b^2 + b^2 se_a^2``, whose symmetry fits a product
    badly.

    For every resample one solve serves all paths: with A = Sxx^-1 Sxm and C = Sxx^-1 Sxy,
    b = (Smy - Smx C) / (Smm - Smx A), and the indirect effects are A b. 10,000 resamples of eight
    factors (n = 390) take about 0.25 s on two cores (``benchmarks/mediation.py``).

    Tested against R: ``lm``, ``lavaan`` (paths, indirect effects, delta errors; bootstrap errors
    within simulation error), ``boot::boot.ci`` on the same draws.

    Coverage of 95% intervals of a * b, in percent, over 2,000 samples of 390 respondents with 999
    resamples each; eight factors at once, four normal ones (first four columns) that depend on four
    0/1 ones (last four, one respondent in seven), residuals with standard deviation 1
    (``tests/test_coverage_regression.py``):

    ====  ==========  =====  =====  =====  =====  =====  =====  =====  =====
    b     a =           .30    .15    .10      0    .80    .40    .25      0
    ====  ==========  =====  =====  =====  =====  =====  =====  =====  =====
    .40   percentile   95.6   94.6   94.9   93.9   95.9   94.4   94.8   93.7
    .40   BCa          95.6   94.2   94.4   93.1   96.1   94.5   94.6   93.0
    .40   delta        94.9   94.6   95.7   94.9   95.2   94.4   95.3   95.0
    .15   percentile   94.6   94.6   94.1   95.6   95.2   94.0   94.9   95.3
    .15   BCa          94.7   96.2   95.6   92.3   95.3   95.7   94.5   91.8
    .15   delta        93.9   92.1   91.9   98.7   94.3   91.5   92.7   98.6
    0     percentile   94.3   96.2   97.7   99.7   94.3   96.6   98.0   99.9
    0     BCa          92.6   92.9   95.3   99.1   92.3   93.6   95.8   99.2
    0     delta        95.9   99.0   99.7  100.0   96.2   98.9   99.6   99.9
    ====  ==========  =====  =====  =====  =====  =====  =====  =====  =====

    Standardized, with b = .40: percentile 95.3, 94.6, 94.9, 93.9, 95.7, 94.1, 95.0, 93.7; BCa 95.9,
    94.5, 94.6, 93.2, 95.5, 94.2, 94.8, 92.8.

    No interval of a * b holds 95% throughout. Where a and b are both about 0 all of them cover far
    more than they say, and an effect is easily missed; where one of the two is 0 BCa limits run
    narrow and find too much (up to 8% instead of 5). Percentile limits stay nearest. A reading
    therefore speaks of an indirect association only where both exclude 0.
    """
    check_level(level)
    factors, covariates = tuple(factors), tuple(covariates)
    problems = [] if factors else [Problem("there are no factors", "Name at least one.")]
    if not 0 < alpha < 1:
        problems.append(Problem(f"{alpha!r} is no significance level", "Use one such as 0.05."))
    if problems:
        raise AnalysisError(f"The mediation by {mediator} cannot be done.", problems)
    predictors = [*factors, *covariates]
    everything = standardized_regression(frame, outcome, [*predictors, mediator])
    complete = frame[[*predictors, mediator, outcome]].dropna().astype("float64")
    fits = {
        "a": infer_regression(complete, mediator, predictors, level=level),
        "c": infer_regression(complete, outcome, predictors, level=level),
        "c_prime": infer_regression(complete, outcome, [*predictors, mediator], level=level),
    }
    columns = ["beta", "beta_low", "beta_high", "b", "b_se", "b_low", "b_high", "p", "p_hc3"]
    tables = {path: fits[path].coefficients.loc[list(factors), columns] for path in PATHS}
    tables["b"] = fits["c_prime"].coefficients.loc[[mediator], columns]
    paths = pd.concat(tables, names=["path", "variable"])
    drawn, indirect = _indirect(complete, len(factors), level, resamples, seed)
    a, b = tables["a"], tables["b"].iloc[0]
    sobel = delta_interval(a["b"].to_numpy(), a["b_se"].to_numpy(), b["b"], b["b_se"], level)
    for name, values in zip(("se", "low", "high"), sobel, strict=True):
        indirect[f"indirect_delta_{name}"] = values
    return Mediation(
        outcome=outcome,
        mediator=mediator,
        factors=factors,
        covariates=covariates,
        paths=paths,
        indirect=indirect,
        argument=_argument(tables, indirect, alpha),
        r2={
            "mediator": fits["a"].fit.r2,
            "outcome": fits["c"].fit.r2,
            "outcome_with_mediator": fits["c_prime"].fit.r2,
        },
        n=everything.n,
        n_missing=everything.n_missing,
        level=level,
        alpha=alpha,
        resamples=resamples,
        seed=seed,
        drawn=drawn,
        note=drawn.note,
    )


def indirect_effects(factors: int, ratio: Array) -> Statistic:
    """Make the function that gives indirect effects from covariance matrices.

    Parameters
    ----------
    factors : int
        How many factors stand in front.
    ratio : numpy.ndarray, shape (factors,)
        Factor of the unstandardized effects: units of the outcome over units of each column.

    Returns
    -------
    callable
        From covariances of shape (r, p, p), with columns factors, covariates, mediator, outcome, to
        unstandardized and standardized indirect effects, shape (r, 2 * factors).
    """

    def statistic(covariances: Array) -> Array:
        paths = np.linalg.solve(covariances[:, :-2, :-2], covariances[:, :-2, -2:])
        with_mediator = covariances[:, -2, :-2]
        explained = np.einsum("rj,rjk->rk", with_mediator, paths)
        rest = covariances[:, -2, -2:] - explained
        b = rest[:, 1] / rest[:, 0]
        product = paths[:, :factors, 0] * b[:, None]
        deviations = np.sqrt(np.diagonal(covariances, axis1=1, axis2=2))
        standardized = product * deviations[:, :factors] / deviations[:, -1:]
        return np.hstack([product * ratio, standardized])

    return statistic


def delta_interval(
    a: Array, a_se: Array, b: float, b_se: float, level: float = 0.95
) -> tuple[Array, Array, Array]:
    """Return Sobel's (1982) standard error of a * b and its symmetric lower and upper limits."""
    error = np.hypot(a * b_se, b * a_se)
    half = stats.norm.ppf((1 + level) / 2) * error
    return error, a * b - half, a * b + half


def _indirect(
    complete: pd.DataFrame, factors: int, level: float, resamples: int, seed: int
) -> tuple[Resampled, pd.DataFrame]:
    answers = complete.to_numpy()
    deviations = answers.std(axis=0)
    statistic = indirect_effects(factors, deviations[-1] / deviations[:factors])
    drawn = resample(
        (answers - answers.mean(axis=0)) / deviations, statistic, resamples=resamples, seed=seed
    )
    limits = {"percentile": drawn.percentile(level), "bca": drawn.bca(level)}
    errors = drawn.draws.std(axis=0, ddof=1)
    values: dict[str, Array] = {}
    for position, name in enumerate(INDIRECT):
        part = slice(position * factors, (position + 1) * factors)
        values[name], values[f"{name}_se"] = drawn.estimate[part], errors[part]
        for kind, (low, high) in limits.items():
            values[f"{name}_{kind}_low"] = low[part]
            values[f"{name}_{kind}_high"] = high[part]
    return drawn, pd.DataFrame(values, index=complete.columns[:factors])


def _argument(
    tables: dict[str, pd.DataFrame], indirect: pd.DataFrame, alpha: float
) -> pd.DataFrame:
    c, direct = tables["c"], tables["c_prime"]
    frame = pd.DataFrame(
        {
            "c_significant": c["p"] < alpha,
            "a_significant": tables["a"]["p"] < alpha,
            "b_significant": bool(tables["b"]["p"].iloc[0] < alpha),
            "c_shrinks": direct["b"].abs() < c["b"].abs(),
        }
    )
    frame["three_steps"] = frame.all(axis=1)
    for kind in ("percentile", "bca"):
        low, high = indirect[f"indirect_{kind}_low"], indirect[f"indirect_{kind}_high"]
        frame[f"{kind}_excludes_zero"] = (low > 0) | (high < 0)
    shown = frame["percentile_excludes_zero"] & frame["bca_excludes_zero"]
    same = np.sign(indirect["indirect"]) == np.sign(direct["b"])
    frame["reading"] = np.select(
        [~shown, direct["p"] >= alpha, same],
        ["none", "unclear", "same"],
        default="opposite",
    )
    return frame
