"""Saying "no difference": two one-sided tests against a bound that is stated beforehand.

A difference that is not significant may still be large. These tests ask the other question: is it
smaller than a bound that the researcher calls negligible? Missing values leave pairwise, in a
regression listwise. Weights are refused.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from scipy import stats

from mobiliteit.errors import AnalysisError, Problem
from mobiliteit.inference.contrasts import pair_statistics
from mobiliteit.inference.effects import noncentral_t_interval
from mobiliteit.inference.regression import RegressionInference, infer_regression
from mobiliteit.inference.shares import score_interval, score_z
from mobiliteit.results import tidy_frame
from mobiliteit.samples import check_level, pair_label, percent_text, samples
from mobiliteit.weights import without_weights

# The answers to the two questions, smaller than the bound? other than zero?
VERDICTS = {
    (True, False): "equivalent",
    (True, True): "trivial",  # a difference, shown to be smaller than the bound
    (False, True): "different",
    (False, False): "undecided",
}
ABOUT = ("analysis", "row", "column", "bound", "alpha", "n", "n_missing")
UNTESTED = ("estimate", "low", "high", "p_lower", "p_upper", "p_difference", "df")


@dataclass(frozen=True)
class Equivalence:
    """Outcome of two one-sided tests.

    Attributes
    ----------
    analysis : str
        ``tost_means``, ``tost_shares`` or ``tost_beta``.
    row, column : str
        The outcome and the pair of groups; or the predictor and the outcome.
    estimate : float
        In the unit of the bound: raw, standard deviations, percentage points or a standardized
        coefficient. NaN when it cannot be computed.
    bound : float
        Positive; everything between -bound and bound counts as no difference.
    alpha : float
        Significance level of each one-sided test, and of the two-sided test of a difference.
    low, high : float
        The (1 - 2 alpha) confidence interval: equivalence is shown when it lies within the bounds.
    p_lower, p_upper : float
        Against "-bound or less" and against "bound or more".
    p_difference : float
        Of the ordinary two-sided test against zero, in the same model.
    df : float
        Degrees of freedom; NaN for a test by the normal distribution.
    n, n_missing : int
        Respondents used, and left out for want of a variable.
    note : str
        Why there is no test.
    """

    analysis: str
    row: str
    column: str
    estimate: float
    bound: float
    alpha: float
    low: float
    high: float
    p_lower: float
    p_upper: float
    p_difference: float
    df: float
    n: int
    n_missing: int
    note: str = ""

    @property
    def p(self) -> float:
        """P-value of equivalence: the larger of the two one-sided ones."""
        return float(np.maximum(self.p_lower, self.p_upper))

    @property
    def equivalent(self) -> bool:
        """Whether the difference is shown to be smaller than the bound."""
        return bool(self.p < self.alpha)

    @property
    def verdict(self) -> str:
        """One of `VERDICTS`, or ``untested``.

        ``equivalent``: smaller than the bound and not shown to differ from zero; ``trivial``: not
        zero, but smaller than the bound; ``different``: not zero and not shown to be smaller than
        the bound; ``undecided``: neither shown, the data are too few.
        """
        if np.isnan(self.p):
            return "untested"
        return VERDICTS[self.equivalent, bool(self.p_difference < self.alpha)]

    def tidy(self) -> pd.DataFrame:
        """Return ``estimate`` (p: of equivalence; note: verdict), bound, interval and p's."""
        interval = f"{percent_text(1 - 2 * self.alpha)}-interval"
        common = {
            "row": self.row,
            "column": self.column,
            "n": self.n,
            "n_missing": self.n_missing,
        }
        verdict = self.note or self.verdict
        records = [
            {"statistic": "estimate", "value": self.estimate, "p": self.p, "note": verdict},
            {"statistic": "bound", "value": self.bound},
            {"statistic": "ci_low", "value": self.low, "note": self.note or interval},
            {"statistic": "ci_high", "value": self.high, "note": self.note or interval},
            {"statistic": "p_equivalence", "value": self.p},
            {"statistic": "p_difference", "value": self.p_difference},
        ]
        return tidy_frame([common | record for record in records], analysis=self.analysis)


@without_weights
def equivalent_means(
    frame: pd.DataFrame,
    outcome: str,
    by: str,
    pair: tuple[str, str],
    *,
    bound: float,
    unit: str = "raw",
    alpha: float = 0.05,
) -> Equivalence:
    """Test whether two means differ by less than a bound.

    Parameters
    ----------
    frame : pandas.DataFrame
        Respondents.
    outcome : str
        A numeric column.
    by : str
        A categorical column; its categories are the groups.
    pair : tuple of str
        Two groups; the difference is the first minus the second.
    bound : float
        Positive.
    unit : {'raw', 'sd'}
        Whether the bound is in units of the outcome, or in standard deviations (pooled over the two
        groups).
    alpha : float
        Significance level of each one-sided test.

    Returns
    -------
    Equivalence
        NaN, with a note, where a group has fewer than two respondents or neither has variance.

    Raises
    ------
    AnalysisError
        A column is not there or of the wrong type, a group has nobody, the unit does not exist, the
        bound is not positive, or alpha is not between 0 and 0.5.

    Notes
    -----
    Raw (Schuirmann, 1987, with Welch's standard error and degrees of freedom): p_lower = P(T >
    (D + bound)/SE), p_upper = P(T < (D - bound)/SE). In standard deviations the test is exact, by
    the noncentral t with noncentrality ∓bound / sqrt(1/n_a + 1/n_b) and one variance for both
    groups (Wellek, 2010): taking the bound times the sample's standard deviation for a raw bound
    would ignore that this deviation is itself an estimate.

    Tested against ``statsmodels`` ``ttost_ind``, and R's ``t.test`` and ``pt(ncp = )``. Simulated
    coverage of the 90% interval, groups of 12 to 390, normal: raw 89.3 to 90.2% with standard
    deviations 1 and 2; standardized 89.1 to 90.8% with equal ones (with unequal ones it does not
    hold, see :func:`mobiliteit.inference.effects.standardized_differences`). A difference at the
    bound is called equivalent in 4.9 to 5.4% of samples.

    References
    ----------
    Schuirmann, D. J. (1987). Journal of Pharmacokinetics and Biopharmaceutics, 15, 657-680. Wellek,
    S. (2010). Testing statistical hypotheses of equivalence and noninferiority. CRC.
    """
    _check_bound(bound, alpha)
    if unit not in ("raw", "sd"):
        problem = Problem(f"there is no unit {unit!r}", "Use 'raw' or 'sd'.")
        raise AnalysisError("This equivalence test cannot be done.", [problem])
    used = samples(frame, outcome, by).only(pair)
    about = _about("tost_means", outcome, pair_label(*pair), bound, alpha, used.n, used.n_missing)
    difference, se, df = (
        float(value[0])
        for value in pair_statistics(used.sizes, used.means, used.variances, pooled=unit == "sd")
    )
    if (used.sizes < 2).any() or not se > 0:
        note = "te weinig respondenten of geen variantie"
        numbers: dict[str, Any] = dict.fromkeys(UNTESTED, np.nan)
        return Equivalence(**about, **numbers, note=note)
    if unit == "raw":
        return _by_student(about, difference, se, df)
    scale, t = float(np.sqrt((1 / used.sizes).sum())), difference / se
    low, high = noncentral_t_interval(np.array([t]), df, 1 - 2 * alpha)
    return Equivalence(
        **about,
        estimate=t * scale,
        low=float(low[0] * scale),
        high=float(high[0] * scale),
        p_lower=float(stats.nct.sf(t, df, -bound / scale)),
        p_upper=float(stats.nct.cdf(t, df, bound / scale)),
        p_difference=float(2 * stats.t.sf(abs(t), df)),
        df=df,
    )


@without_weights
def equivalent_shares(
    frame: pd.DataFrame,
    outcome: str,
    by: str,
    pair: tuple[str, str],
    *,
    bound: float,
    code: float = 1,
    alpha: float = 0.05,
) -> Equivalence:
    """Test whether two shares differ by less than a bound.

    Parameters
    ----------
    frame : pandas.DataFrame
        Respondents.
    outcome : str
        A numeric column of codes; the share is that of `code` against all other codes.
    by : str
        A categorical column; its categories are the groups.
    pair : tuple of str
        Two groups; the difference is the first minus the second.
    bound : float
        In percentage points, above 0 and below 100.
    code : float
        The code that counts as yes.
    alpha : float
        Significance level of each one-sided test.

    Returns
    -------
    Equivalence
        In percentage points.

    Raises
    ------
    AnalysisError
        A column is not there or of the wrong type, a group has nobody, or the bound or alpha is out
        of range.

    Notes
    -----
    Score tests: the standard error is taken at the shares that are likeliest under a difference of
    exactly the bound (Miettinen & Nurminen, 1985, with their n/(n - 1)); the interval inverts the
    same test, so that interval and verdict agree: :func:`mobiliteit.inference.shares.score_z`,
    tested against R, where the restricted shares are found by maximizing the likelihood
    numerically.

    Coverage of the 90% interval, exact sums over binomials, groups of 40 to 500, shares of 10 to
    60%: 89.6 to 90.3%; groups of 20 with 10 and 30%: 89.1%; shares of 2 and 5% in groups of 40:
    91.0%.

    References
    ----------
    Miettinen, O., & Nurminen, M. (1985). Comparative analysis of two rates. Statistics in Medicine,
    4, 213-226.
    """
    _check_bound(bound, alpha)
    if bound >= 100:
        problem = Problem(f"a bound of {bound:g} points holds any difference", "Use less than 100.")
        raise AnalysisError("This equivalence test cannot be done.", [problem])
    used = samples(frame, outcome, by).only(pair)
    count = np.array([float((sample == code).sum()) for sample in used.values])
    share = count / used.sizes
    low, high = score_interval(count, used.sizes, 1 - 2 * alpha)
    at = np.array([-bound / 100, 0, bound / 100])
    lower, zero, upper = score_z(count, used.sizes, at)
    about = _about("tost_shares", outcome, pair_label(*pair), bound, alpha, used.n, used.n_missing)
    return Equivalence(
        **about,
        estimate=100 * float(share[0] - share[1]),
        low=100 * float(low),
        high=100 * float(high),
        p_lower=float(stats.norm.sf(lower)),
        p_upper=float(stats.norm.cdf(upper)),
        p_difference=float(2 * stats.norm.sf(abs(zero))),
        df=np.nan,
    )


@without_weights
def equivalent_coefficient(
    frame: pd.DataFrame,
    outcome: str,
    predictors: Sequence[str],
    predictor: str,
    *,
    bound: float,
    alpha: float = 0.05,
) -> Equivalence:
    """Test whether a standardized regression coefficient is smaller than a bound.

    Parameters
    ----------
    frame : pandas.DataFrame
        Respondents.
    outcome : str
        A numeric column.
    predictors : sequence of str
        All predictors of the model, numeric columns.
    predictor : str
        The one whose coefficient is tested.
    bound : float
        Positive, such as 0.10.
    alpha : float
        Significance level of each one-sided test.

    Returns
    -------
    Equivalence
        On the respondents who have all variables.

    Raises
    ------
    AnalysisError
        The regression cannot be done (see :func:`mobiliteit.regress.standardized_regression`), the
        predictor is not in it, or the bound or alpha is out of range.

    Notes
    -----
    Standard error by the distribution-free delta method of
    :func:`mobiliteit.inference.regression.infer_regression`, Student's t with n - k - 1 degrees of
    freedom. Tested against the formula in R. Simulated coverage of the 90% interval, four
    predictors, one of them 0/1: 89.1 to 90.4% with even residuals, 88.7 to 90.5% with residuals
    whose spread grows with a predictor (n = 150 and 390); with n = 80 and such residuals it goes
    down to 87.6%.
    """
    if predictor not in predictors:
        problem = Problem(f"{predictor} is not in the model", f"Use one of {tuple(predictors)}.")
        raise AnalysisError("This equivalence test cannot be done.", [problem])
    result = infer_regression(frame, outcome, predictors, level=1 - 2 * alpha)
    return equivalent_in(result, predictor, bound=bound, alpha=alpha)


def equivalent_in(
    result: RegressionInference, predictor: str, *, bound: float, alpha: float = 0.05
) -> Equivalence:
    """Do what :func:`equivalent_coefficient` does, in a regression that was done already.

    Parameters
    ----------
    result : RegressionInference
        With errors of beta by the delta method; the level of its intervals does not matter.
    predictor : str
        One of its predictors.
    bound, alpha : float
        As there; so are the result and the errors.
    """
    _check_bound(bound, alpha)
    fit = result.fit
    chosen = result.coefficients.loc[[predictor], ["beta", "beta_se"]]
    beta, se = (float(value) for value in chosen.to_numpy()[0])
    about = _about("tost_beta", predictor, fit.outcome, bound, alpha, fit.n, fit.n_missing)
    return _by_student(about, beta, se, float(fit.df[1]))


def _about(*facts: Any) -> dict[str, Any]:
    return dict(zip(ABOUT, facts, strict=True))


def _by_student(about: dict[str, Any], estimate: float, se: float, df: float) -> Equivalence:
    reach = float(stats.t.ppf(1 - about["alpha"], df)) * se
    return Equivalence(
        **about,
        estimate=estimate,
        low=estimate - reach,
        high=estimate + reach,
        p_lower=float(stats.t.sf((estimate + about["bound"]) / se, df)),
        p_upper=float(stats.t.cdf((estimate - about["bound"]) / se, df)),
        p_difference=float(2 * stats.t.sf(abs(estimate) / se, df)),
        df=df,
    )


def _check_bound(bound: float, alpha: float) -> None:
    check_level(2 * alpha)
    if not 0 < bound < np.inf:
        problem = Problem(f"a bound of {bound} is not positive", "State what is negligible.")
        raise AnalysisError("This equivalence test cannot be done.", [problem])
