"""A scale of two items over groups: what can be said where no factor model can be tested.

Listwise. Weights are not supported.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from scipy import stats
from statsmodels.stats.oneway import anova_generic

from mobiliteit.inference.item_samples import ItemSample
from mobiliteit.results import tidy_frame
from mobiliteit.samples import check_level, percent_text


@dataclass(frozen=True)
class ItemPair:
    """Two items, compared over groups.

    Attributes
    ----------
    sample : ItemSample
        The two items.
    groups : pandas.DataFrame
        Index: groups. Columns ``n``, ``mean_1`` and ``mean_2`` (of the two items, in points),
        ``gap`` (the second minus the first), ``r`` (their correlation), ``r_low`` and ``r_high``.
    level : float
        Confidence level of the intervals of r.
    same_r : tuple of float
        Chi-square and p of equal correlations, G - 1 degrees of freedom.
    same_gap : tuple of float
        Welch's F and p of equal gaps: do both items move by the same amount?
    note : str
        Why there is no test, in Dutch.
    """

    sample: ItemSample
    groups: pd.DataFrame
    level: float
    same_r: tuple[float, float]
    same_gap: tuple[float, float]
    note: str

    def tidy(self) -> pd.DataFrame:
        """Return what the groups have, and the two tests over groups."""
        interval = f"{percent_text(self.level)}-interval"
        row = ", ".join(self.sample.items)
        n_missing = self.sample.n_missing
        records: list[dict[str, Any]] = [
            {
                "row": row,
                "column": group,
                "statistic": statistic,
                "value": values[statistic],
                "n": values["n"],
                "n_missing": n_missing,
                "note": interval if statistic in ("r_low", "r_high") else "",
            }
            for group, values in self.groups.iterrows()
            for statistic in ("mean_1", "mean_2", "gap", "r", "r_low", "r_high")
        ]
        for statistic, (value, p) in (
            ("chi2_same_r", self.same_r),
            ("F_same_gap", self.same_gap),
        ):
            test = {"row": row, "column": self.sample.by, "statistic": statistic, "value": value}
            counts = {"n": self.sample.n, "n_missing": n_missing}
            records.append({**test, **counts, "p": p, "note": self.note})
        return tidy_frame(records, analysis="item_pair")


def compare_pair(sample: ItemSample, *, level: float = 0.95) -> ItemPair:
    """Compare two items over groups: their correlation, and whether they move together.

    Parameters
    ----------
    sample : ItemSample
        Two items.
    level : float
        Confidence level of the intervals of the correlations.

    Returns
    -------
    ItemPair
        NaN with a note where groups or answers do not allow the tests.

    Notes
    -----
    Two items have one covariance, so their loadings cannot be told apart and nothing of a factor
    model can be tested by itself. If both load alike, equal intercepts mean that the difference of
    the two items has the same mean in every group: that is what the test of the gap looks at
    (Welch). Without that assumption a gap that moves may also be a factor that moved.

    Correlations: Fisher's z, interval and homogeneity (chi-square of the weighted z's). Tested
    against R's ``cor.test`` and ``oneway.test``, and by hand.
    """
    check_level(level)
    moments = sample.moments
    n, covariances = moments.n, moments.covariances
    gaps = moments.means[:, 1] - moments.means[:, 0]
    sd = np.sqrt(np.diagonal(covariances, axis1=1, axis2=2))
    note = sample.problem or ("minder dan twee groepen" if len(n) < 2 else "")
    none = (np.nan, np.nan)
    with np.errstate(invalid="ignore", divide="ignore"):
        r = covariances[:, 0, 1] / (sd[:, 0] * sd[:, 1])
        z, weight = np.arctanh(r), np.where(n > 3, n - 3, np.nan)
        reach = stats.norm.ppf((1 + level) / 2) / np.sqrt(weight)
    groups = pd.DataFrame(
        {
            "n": n,
            "mean_1": moments.means[:, 0],
            "mean_2": moments.means[:, 1],
            "gap": gaps,
            "r": r,
            "r_low": np.tanh(z - reach),
            "r_high": np.tanh(z + reach),
        }
    ).iloc[: len(sample.labels)]
    groups.index = pd.Index(sample.labels, name=sample.by)
    if note:
        return ItemPair(sample, groups, level, none, none, note)
    chi2 = float(weight @ (z - weight @ z / weight.sum()) ** 2)
    same_r = (chi2, float(stats.chi2.sf(chi2, len(n) - 1)))
    variance = covariances[:, 0, 0] + covariances[:, 1, 1] - 2 * covariances[:, 0, 1]
    welch = anova_generic(gaps, variance * n / (n - 1), n, use_var="unequal", welch_correction=True)
    same_gap = (float(welch.statistic), float(welch.pvalue))
    return ItemPair(sample, groups, level, same_r, same_gap, "")
