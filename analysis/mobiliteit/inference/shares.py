"""Shares per group and their differences, with intervals that hold for small counts.

Missing values leave pairwise (see :mod:`mobiliteit.samples`). Weights are refused.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from scipy import stats
from scipy.optimize import elementwise
from statsmodels.stats.proportion import confint_proportions_2indep, proportion_confint

from mobiliteit.inference.categorical import FEW_EXPECTED, SMALL_EXPECTED
from mobiliteit.inference.multiplicity import adjust
from mobiliteit.results import tidy_frame
from mobiliteit.samples import (
    TOO_FEW_GROUPS,
    check_level,
    pair_label,
    pairs,
    percent_text,
    samples,
)
from mobiliteit.weights import without_weights


@dataclass(frozen=True)
class Shares:
    """The share of an answer in each group, and the differences between groups, with intervals.

    Attributes
    ----------
    outcome, by : str
        Variable compared, and variable that makes the groups.
    code : float
        The code that counts as yes.
    level : float
        Confidence level, of each interval by itself.
    groups : pandas.DataFrame
        Index: groups that have anybody. Columns ``n``, ``count``, ``percent``, ``low`` and ``high``
        (Wilson), in percent.
    pairs : pandas.DataFrame
        One row per pair. Columns ``a``, ``b``, ``n``, ``difference`` (percentage points, `a` minus
        `b`), ``low`` and ``high`` (Newcombe), ``z``, ``p_unadjusted``, ``p`` (Holm), ``test``
        (``z``, or ``fisher`` where an expected count is below 5) and ``note``.
    n, n_missing : int
        Respondents used, and left out for want of an outcome or a group.
    note : str
        Why there are no pairs.
    """

    outcome: str
    by: str
    code: float
    level: float
    groups: pd.DataFrame
    pairs: pd.DataFrame
    n: int
    n_missing: int
    note: str = ""

    def tidy(self) -> pd.DataFrame:
        """Return ``percent`` per group, ``difference`` (with p) per pair, and their intervals."""
        interval = f"{percent_text(self.level)}-interval"
        records = [
            {
                "row": self.outcome,
                "column": str(group),
                "statistic": statistic,
                "value": float(values[name]),
                "n": int(values["n"]),
                "note": "" if name == "percent" else interval,
            }
            for group, values in self.groups.iterrows()
            for statistic, name in (("percent", "percent"), ("ci_low", "low"), ("ci_high", "high"))
        ]
        for _, pair in self.pairs.iterrows():
            common = {
                "row": self.outcome,
                "column": pair_label(pair["a"], pair["b"]),
                "n": pair["n"],
                "n_missing": self.n_missing,
            }
            records += [
                common
                | {
                    "statistic": "difference",
                    "value": pair["difference"],
                    "p": pair["p"],
                    "note": pair["note"],
                },
                common | {"statistic": "z", "value": pair["z"], "note": pair["note"]},
                common | {"statistic": "p_unadjusted", "value": pair["p_unadjusted"]},
                common | {"statistic": "ci_low", "value": pair["low"], "note": interval},
                common | {"statistic": "ci_high", "value": pair["high"], "note": interval},
            ]
        return tidy_frame(records, analysis="shares")


@without_weights
def shares(
    frame: pd.DataFrame, outcome: str, by: str, *, code: float = 1, level: float = 0.95
) -> Shares:
    """Share of an answer per group (Wilson), and all differences between groups (Newcombe).

    Parameters
    ----------
    frame : pandas.DataFrame
        Respondents.
    outcome : str
        A numeric column of codes; the share is that of `code` against all other codes.
    by : str
        A categorical column; its categories are the groups.
    code : float
        The code that counts as yes.
    level : float
        Confidence level.

    Returns
    -------
    Shares
        Shares and differences in percent. A pair in which everybody answered the same has an
        interval but no test.

    Raises
    ------
    AnalysisError
        A column is not there or of the wrong type, or the level is not between 0 and 1.

    Notes
    -----
    ``statsmodels`` ``proportion_confint(method="wilson")`` and
    ``confint_proportions_2indep(method="newcomb")``. Test of a pair: z with the pooled share, whose
    square is Pearson's chi-square without continuity correction; Fisher's exact test where an
    expected count of the pair is below 5. p Holm-corrected over the pairs. Tested against R's
    ``prop.test(correct = FALSE)`` (Wilson, chi-square), ``fisher.test`` and the formulas of
    Newcombe (1998) in R.

    Coverage of the 95% intervals, exact sums over binomials. Wilson moves up and down with share
    and n, as counts are whole: averaged over shares of 5 to 95% it is 95.4% with n = 20, 95.1%
    with 100 and 95.0% with 347 or more; at single shares with at least 5 expected on either side
    it runs from 92.7 to 97.5% (n = 20 to 100), 93.9 to 96.1% (n = 347) and 94.5 to 95.5% (n =
    1,137), and with an expected count of 0.17 it drops to 84%. Newcombe, groups of 40 to 500 with
    shares of 10 to 60%: 94.5 to 95.3%; groups of 20 with 10 and 30%: 96.1%; shares of 2 and 5% in
    groups of 40: 98.7%.

    References
    ----------
    Wilson, E. B. (1927). JASA, 22, 209-212. Newcombe, R. G. (1998). Interval estimation for the
    difference between independent proportions. Statistics in Medicine, 17, 873-890.
    """
    check_level(level)
    used = samples(frame, outcome, by)
    n = used.sizes
    count = np.array([(sample == code).sum() for sample in used.values], dtype="float64")
    alpha = 1 - level
    low, high = proportion_confint(count, n, alpha=alpha, method="wilson")
    low, high = np.where(count == 0, 0, low), np.where(count == n, 1, high)  # but for rounding
    index = pd.Index(used.labels, name=by)
    groups = pd.DataFrame(
        {"n": n, "count": count, "percent": 100 * count / n, "low": 100 * low, "high": 100 * high},
        index=index,
    )
    rows = [
        {"a": used.labels[i], "b": used.labels[j], "n": int(n[i] + n[j])}
        | _share_pair(count[[i, j]], n[[i, j]], alpha)
        for i, j in pairs(used.labels)
    ]
    columns = [
        "a", "b", "n", "difference", "low", "high", "z", "p_unadjusted", "p", "test", "note",
    ]  # fmt: skip
    table = pd.DataFrame(rows, columns=columns)
    table["p"] = adjust(table["p_unadjusted"].astype("float64"))
    note = "" if len(used.labels) > 1 else TOO_FEW_GROUPS
    return Shares(outcome, by, code, level, groups, table, used.n, used.n_missing, note)


def score_z(count: np.ndarray, n: np.ndarray, difference: np.ndarray) -> np.ndarray:
    """Score statistic of a difference between two shares (Miettinen & Nurminen, 1985).

    Parameters
    ----------
    count, n : numpy.ndarray
        Shape (..., 2): how many said yes, of how many, in either group.
    difference : numpy.ndarray
        Shape (...): the difference of the shares, first minus second, that is tested; in (-1, 1).

    Returns
    -------
    numpy.ndarray
        z, standard normal when the difference is the one tested; positive when the observed one is
        larger. Zero when the data are exactly what the hypothesis says.

    Notes
    -----
    z = (s_1 - s_2 - difference) / sqrt((p_1 q_1/n_1 + p_2 q_2/n_2) N/(N - 1)), with p_1 and p_2 the
    likeliest shares that differ by exactly `difference`: the root of a cubic, in closed form.
    ``statsmodels`` 0.15 has a slip in that cubic (its issue 10269: a count stands where a group
    size belongs), so that its score tests and intervals of a difference are off, and it fails
    where a group has nobody or everybody saying yes. Hence this own code, tested against R, where
    the likelihood is maximized numerically.
    """
    x1, x2, n1, n2 = count[..., 0], count[..., 1], n[..., 0], n[..., 1]
    total, d = n1 + n2, np.asarray(difference, dtype="float64")
    # Coefficients of the cubic in p_2, as Miettinen and Nurminen number them.
    l2 = (n1 + 2 * n2) * d - total - (x1 + x2)
    l1 = (n2 * d - total - 2 * x2) * d + x1 + x2
    l0 = x2 * d * (1 - d)
    q = l2**3 / (3 * total) ** 3 - l1 * l2 / (6 * total**2) + l0 / (2 * total)
    size = np.sqrt(np.maximum(l2**2 / (3 * total) ** 2 - l1 / (3 * total), 0))
    p = np.where(q > 0, size, -size)
    with np.errstate(invalid="ignore", divide="ignore"):
        cosine = np.where(p == 0, 0, q / p**3)
    angle = (np.pi + np.arccos(np.clip(cosine, -1, 1))) / 3
    p2 = np.clip(2 * p * np.cos(angle) - l2 / (3 * total), np.maximum(0, -d), np.minimum(1, 1 - d))
    p1 = np.clip(p2 + d, 0, 1)
    variance = (p1 * (1 - p1) / n1 + p2 * (1 - p2) / n2) * total / (total - 1)
    gap = x1 / n1 - x2 / n2 - d
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.where(np.abs(gap) < 1e-14, 0, gap / np.sqrt(variance))


def score_interval(count: np.ndarray, n: np.ndarray, level: float) -> tuple[np.ndarray, np.ndarray]:
    """Confidence limits of a difference between two shares: all that :func:`score_z` accepts.

    Parameters
    ----------
    count, n : numpy.ndarray
        Shape (..., 2): how many said yes, of how many, in either group.
    level : float
        Confidence level.

    Returns
    -------
    low, high : numpy.ndarray
        Shape (...), shares, in [-1, 1].
    """
    critical = float(stats.norm.ppf((1 + level) / 2))
    observed = count[..., 0] / n[..., 0] - count[..., 1] / n[..., 1]
    edge = np.full(observed.shape, 1 - 1e-9)

    def excess(d: np.ndarray, x1: Any, x2: Any, n1: Any, n2: Any, at: Any) -> np.ndarray:
        return score_z(np.stack([x1, x2], axis=-1), np.stack([n1, n2], axis=-1), d) - at

    def limit(at: float, least: np.ndarray, most: np.ndarray) -> np.ndarray:
        parts = (count[..., 0], count[..., 1], n[..., 0], n[..., 1], np.full(observed.shape, at))
        found = elementwise.find_root(excess, (least, most), args=parts)
        return np.asarray(found.x)

    inside = np.clip(observed, -edge, edge)
    low = np.where(observed <= -edge, -1, limit(critical, -edge, inside))
    high = np.where(observed >= edge, 1, limit(-critical, inside, edge))
    return low, high


def _share_pair(count: np.ndarray, n: np.ndarray, alpha: float) -> dict[str, Any]:
    low, high = confint_proportions_2indep(
        count[0], n[0], count[1], n[1], method="newcomb", compare="diff", alpha=alpha
    )
    share = count / n
    pooled = count.sum() / n.sum()
    row: dict[str, Any] = {
        "difference": 100 * (share[0] - share[1]),
        "low": 100 * low,
        "high": 100 * high,
    }
    if pooled in (0, 1):
        note = "iedereen gaf hetzelfde antwoord"
        return row | {"z": np.nan, "p_unadjusted": np.nan, "test": "", "note": note}
    z = (share[0] - share[1]) / np.sqrt(pooled * (1 - pooled) * (1 / n).sum())
    least = float(n.min() * min(pooled, 1 - pooled))
    if least >= SMALL_EXPECTED:
        p = 2 * stats.norm.sf(abs(z))
        return row | {"z": z, "p_unadjusted": p, "test": "z", "note": ""}
    p = stats.fisher_exact(np.array([count, n - count])).pvalue
    note = f"{FEW_EXPECTED}: exacte toets"
    return row | {"z": z, "p_unadjusted": float(p), "test": "fisher", "note": note}
