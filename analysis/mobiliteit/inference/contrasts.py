"""Which groups differ: Welch's analysis of variance and all pairwise contrasts of means.

The classic one-way analysis of variance is :func:`mobiliteit.compare.compare_means`; this is what
stands beside it. Missing values leave pairwise (see :mod:`mobiliteit.samples`). Weights are not
supported.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy import stats
from statsmodels.stats.oneway import anova_oneway

from mobiliteit.errors import AnalysisError, Problem
from mobiliteit.inference.multiplicity import adjust
from mobiliteit.inference.studentized import studentized_range_quantile, studentized_range_sf
from mobiliteit.results import tidy_frame
from mobiliteit.samples import Samples, check_level, pair_label, pairs, percent_text, samples
from mobiliteit.weights import without_weights

METHODS = ("tukey_kramer", "games_howell", "holm_pooled", "holm_welch")


@dataclass(frozen=True)
class WelchAnova:
    """Means per group and Welch's test of their difference.

    Attributes
    ----------
    outcome, by : str
        Variable compared, and variable that makes the groups.
    groups : pandas.DataFrame
        Index: groups that have anybody. Columns ``n``, ``mean`` and ``sd``.
    f : float
        Welch's F; NaN when it cannot be computed.
    df : tuple of float
        k - 1, and the approximated denominator degrees of freedom.
    p : float
        Its p-value.
    n, n_missing : int
        Respondents used, and left out for want of an outcome or a group.
    note : str
        Why there is no test.
    """

    outcome: str
    by: str
    groups: pd.DataFrame
    f: float
    df: tuple[float, float]
    p: float
    n: int
    n_missing: int
    note: str = ""

    def tidy(self) -> pd.DataFrame:
        """Return F and its denominator degrees of freedom as a tidy frame."""
        common = {
            "row": self.outcome,
            "column": self.by,
            "n": self.n,
            "n_missing": self.n_missing,
            "note": self.note,
        }
        records = [
            {"statistic": "F", "value": self.f, "p": self.p, **common},
            {"statistic": "df1", "value": self.df[0], **common},
            {"statistic": "df2", "value": self.df[1], **common},
        ]
        return tidy_frame(records, analysis="welch_anova")


@dataclass(frozen=True)
class Contrasts:
    """All pairwise differences of means.

    Attributes
    ----------
    outcome, by : str
        Variable compared, and variable that makes the groups.
    method : str
        One of `METHODS`.
    level : float
        Confidence level of the intervals: simultaneous for ``tukey_kramer`` and ``games_howell``,
        of each pair by itself for the two Holm methods.
    pairs : pandas.DataFrame
        One row per pair, in the order of the groups. Columns ``a``, ``b``, ``n`` (both groups),
        ``difference`` (mean of `a` minus mean of `b`), ``se``, ``df``, ``t``, ``p_unadjusted``,
        ``p`` (corrected), ``low``, ``high`` and ``note`` (why a pair could not be tested).
    k : int
        Groups that the correction counts.
    n, n_missing : int
        Respondents used, and left out for want of an outcome or a group.
    note : str
        Why there are no contrasts at all.
    """

    outcome: str
    by: str
    method: str
    level: float
    pairs: pd.DataFrame
    k: int
    n: int
    n_missing: int
    note: str = ""

    def tidy(self) -> pd.DataFrame:
        """Return per pair ``difference`` (with p), ``se``, ``df``, ``t`` and the interval."""
        scope = "simultaan " if self.method in ("tukey_kramer", "games_howell") else ""
        interval = f"{scope}{percent_text(self.level)}-interval"
        records = []
        for _, pair in self.pairs.iterrows():
            common = {
                "row": self.outcome,
                "column": pair_label(pair["a"], pair["b"]),
                "n": pair["n"],
                "n_missing": self.n_missing,
            }
            for statistic, name in (
                ("difference", "difference"),
                ("se", "se"),
                ("df", "df"),
                ("t", "t"),
                ("p_unadjusted", "p_unadjusted"),
                ("ci_low", "low"),
                ("ci_high", "high"),
            ):
                note = pair["note"] or (interval if statistic.startswith("ci_") else "")
                record = {"statistic": statistic, "value": pair[name], "note": note, **common}
                records.append(record | ({"p": pair["p"]} if name == "difference" else {}))
        return tidy_frame(records, analysis=self.method)


@without_weights
def welch_anova(frame: pd.DataFrame, outcome: str, by: str) -> WelchAnova:
    """One-way analysis of variance that does not assume equal variances (Welch).

    Parameters
    ----------
    frame : pandas.DataFrame
        Respondents.
    outcome : str
        A numeric column.
    by : str
        A categorical column; its categories are the groups.

    Returns
    -------
    WelchAnova
        NaN, with a note, unless there are two groups and each has two respondents and variance.

    Raises
    ------
    AnalysisError
        A column is not there, the outcome is not numeric, or `by` is not categorical.

    Notes
    -----
    With w_j = n_j / s_j^2, W = sum w_j, weighted mean m = sum w_j m_j / W and
    L = sum (1 - w_j / W)^2 / (n_j - 1)::

        F = [sum w_j (m_j - m)^2 / (k - 1)] / [1 + 2 (k - 2) L / (k^2 - 1)]

    with k - 1 and (k^2 - 1) / (3 L) degrees of freedom (Welch, 1951, Biometrika, 38, 330-336).
    ``statsmodels.stats.oneway.anova_oneway(use_var="unequal")``; tested against R's
    ``oneway.test``.
    """
    used = samples(frame, outcome, by)
    note = used.no_test
    if not note and (used.sizes < 2).any():
        note = "een groep met één respondent"
    elif not note and (used.variances == 0).any():
        note = "een groep zonder variantie"
    f, df2, p = np.nan, np.nan, np.nan
    if not note:
        test = anova_oneway(used.values, use_var="unequal", welch_correction=True)
        f, df2, p = float(test.statistic), float(test.df[1]), float(test.pvalue)
    df = (float(len(used.labels) - 1), df2)
    return WelchAnova(outcome, by, used.describe(), f, df, p, used.n, used.n_missing, note)


@without_weights
def pairwise_means(
    frame: pd.DataFrame,
    outcome: str,
    by: str,
    *,
    method: str = "games_howell",
    level: float = 0.95,
) -> Contrasts:
    """Compare every pair of groups on a mean.

    Parameters
    ----------
    frame : pandas.DataFrame
        Respondents.
    outcome : str
        A numeric column.
    by : str
        A categorical column; its categories are the groups.
    method : {'games_howell', 'tukey_kramer', 'holm_pooled', 'holm_welch'}
        Tukey-Kramer and ``holm_pooled`` take one variance for all groups, pooled over all of them;
        Games-Howell and ``holm_welch`` each group's own, with Welch's degrees of freedom. The first
        two correct by the studentized range and give simultaneous intervals; the Holm methods
        correct the p-values of ordinary t-tests, and their intervals are of each pair by itself, so
        that an interval may leave out zero where the corrected p is not significant.
    level : float
        Confidence level.

    Returns
    -------
    Contrasts
        A pair that cannot be tested (own variances: a group of one, or two groups without variance)
        has NaN and a note; groups of one do not count in the k of Games-Howell.

    Raises
    ------
    AnalysisError
        A column is not there or of the wrong type, or the method or level does not exist.

    Notes
    -----
    Pooled: SE = sqrt(MSE (1/n_a + 1/n_b)), df = n - k. Own variances:
    SE = sqrt(s_a^2/n_a + s_b^2/n_b), df by Welch-Satterthwaite. Studentized range: p = P(Q_{k,df} >
    sqrt(2) |t|), interval difference ± q_{level;k,df} SE / sqrt(2), by
    :mod:`mobiliteit.inference.studentized`.

    Tested against R's ``TukeyHSD``, ``pairwise.t.test`` and ``rstatix::games_howell_test``,
    scipy's ``tukey_hsd``, and PSPP's ONEWAY /POSTHOC. PSPP 1.6 prints the pooled standard error in
    its Games-Howell rows, though its p and interval rest on the right one; ours is the right one.

    Simulated coverage of the 95% intervals (``tests/test_coverage_groups.py``; three to six groups
    of 15 to 400, normal): simultaneous, Tukey-Kramer 94.8 to 95.8% with equal variances,
    Games-Howell 94.7 to 96.2% with standard deviations from 1 to 4; groups of 5, 8 and 12: 94.3 to
    94.9%. Of a pair by itself, pooled 94.3 to 95.6% (equal variances), Welch 94.4 to 96.0%. With
    unequal variances the pooled methods do not hold: with standard deviations 4, 2 and 1 in groups
    of 20, 60 and 200, 62% for Tukey-Kramer, and 99.7% with the large one in the large group. Read
    the other two then.

    References
    ----------
    Kramer, C. Y. (1956). Biometrics, 12, 307-310. Games, P. A., & Howell, J. F. (1976). Journal of
    Educational Statistics, 1, 113-125. Holm, S. (1979). Scandinavian Journal of Statistics, 6,
    65-70.
    """
    check_level(level)
    if method not in METHODS:
        problem = Problem(f"there is no method {method!r}", f"Use one of {METHODS}.")
        raise AnalysisError("These contrasts cannot be computed.", [problem])
    used = samples(frame, outcome, by)
    pooled = method in ("tukey_kramer", "holm_pooled")
    k = len(used.labels) if pooled else int((used.sizes > 1).sum())
    table = _contrasts(used, k, pooled, method, level) if len(used.labels) > 1 else _no_pairs()
    return Contrasts(outcome, by, method, level, table, k, used.n, used.n_missing, used.no_test)


def pair_statistics(
    n: np.ndarray, mean: np.ndarray, variance: np.ndarray, *, pooled: bool
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Differences of means with their standard errors and degrees of freedom.

    Parameters
    ----------
    n, mean, variance : numpy.ndarray
        Shape (..., k): size, mean and sample variance of each group; leading axes are repetitions.
    pooled : bool
        One variance for all groups, or each its own.

    Returns
    -------
    difference, se, df : numpy.ndarray
        Shape (..., k (k - 1) / 2), pairs in the order of :func:`mobiliteit.samples.pairs`.
    """
    a, b = np.triu_indices(n.shape[-1], 1)
    difference = mean[..., a] - mean[..., b]
    with np.errstate(invalid="ignore", divide="ignore"):
        if pooled:
            within = (n - 1).sum(axis=-1, keepdims=True)
            squares = np.where(n > 1, (n - 1) * variance, 0).sum(axis=-1, keepdims=True)
            squared = squares / within * (1 / n[..., a] + 1 / n[..., b])
            return difference, np.sqrt(squared), np.broadcast_to(within, squared.shape)
        share = variance / n
        squared = share[..., a] + share[..., b]
        parts = share**2 / (n - 1)
        return difference, np.sqrt(squared), squared**2 / (parts[..., a] + parts[..., b])


def _contrasts(used: Samples, k: int, pooled: bool, method: str, level: float) -> pd.DataFrame:
    difference, se, df = pair_statistics(used.sizes, used.means, used.variances, pooled=pooled)
    possible = (se > 0) & (df > 0)
    se, df = np.where(possible, se, np.nan), np.where(possible, df, np.nan)
    t = difference / se
    p_unadjusted = 2 * stats.t.sf(np.abs(t), df)
    if method.startswith("holm"):
        p = adjust(p_unadjusted, "holm")
        critical = stats.t.ppf((1 + level) / 2, df)
    else:
        p, critical = np.full(len(t), np.nan), np.full(len(t), np.nan)
        for i in np.flatnonzero(possible):
            own = float(df[i])
            p[i] = studentized_range_sf(float(np.sqrt(2) * abs(t[i])), k, own)
            critical[i] = studentized_range_quantile(level, k, own) / np.sqrt(2)
    positions = pairs(used.labels)
    return pd.DataFrame(
        {
            "a": [used.labels[i] for i, _ in positions],
            "b": [used.labels[j] for _, j in positions],
            "n": [int(used.sizes[i] + used.sizes[j]) for i, j in positions],
            "difference": difference,
            "se": se,
            "df": df,
            "t": t,
            "p_unadjusted": p_unadjusted,
            "p": p,
            "low": difference - critical * se,
            "high": difference + critical * se,
            "note": np.where(possible, "", "te weinig respondenten of geen variantie"),
        }
    )


def _no_pairs() -> pd.DataFrame:
    numbers = ("n", "difference", "se", "df", "t", "p_unadjusted", "p", "low", "high")
    empty = {name: pd.Series(dtype="float64") for name in numbers}
    text = {name: pd.Series(dtype="str") for name in ("a", "b", "note")}
    return pd.DataFrame(text | empty)[["a", "b", *numbers, "note"]]
