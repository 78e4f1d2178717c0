"""Comparing groups the way the 2006 report did: counts, one-way ANOVA, Pearson's chi-square.

Missing values leave a comparison pairwise: who has no value on the outcome or no group is counted
and left out. Respondents with weights (:mod:`mobiliteit.weights`) get weighted numbers and
design-based tests; `n` always counts respondents.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy import stats

from mobiliteit.design import WaldTest, design_of, group_means, rao_scott
from mobiliteit.results import tidy_frame
from mobiliteit.samples import NO_VARIANCE, TOO_FEW_GROUPS, categorical, numeric
from mobiliteit.weights import WEIGHT, carries_weights

SMALL_EXPECTED = 5
STATISTIC = {"anova": "F", "chi2": "chi2", "design_f": "F_design", "rao_scott": "F_rao_scott"}
"""Name of the statistic of each test."""
SAME_ANSWER = "iedereen gaf hetzelfde antwoord"
LONELY = "een groep van één respondent telt in de toets als zonder steekproeffout"
NO_SPREAD = "een groep zonder spreiding: haar steekproeffout is niet te schatten"


@dataclass(frozen=True)
class GroupCounts:
    """Counts of a categorical variable.

    Attributes
    ----------
    variable : str
        The variable.
    counts : pandas.Series
        Index: categories in their order, those with nobody included. With weights their sums, of
        which the mean over the whole wave is 1.
    n, n_missing : int
        Respondents with and without a value.
    weighted : bool
        Whether `counts` are sums of weights.
    """

    variable: str
    counts: pd.Series
    n: int
    n_missing: int
    weighted: bool = False

    @property
    def percent(self) -> pd.Series:
        """Percentages of those with a value; NaN when there is nobody."""
        return 100 * self.counts / self.counts.sum() if self.n else self.counts * np.nan

    def tidy(self) -> pd.DataFrame:
        """Return counts and percentages as a tidy frame."""
        common = {"column": self.variable, "n": self.n, "n_missing": self.n_missing}
        records = [
            {"row": str(category), "statistic": statistic, "value": float(value), **common}
            for statistic, values in (("count", self.counts), ("percent", self.percent))
            for category, value in values.items()
        ]
        return tidy_frame(records, analysis="weighted_counts" if self.weighted else "counts")


@dataclass(frozen=True)
class Comparison:
    """A statistic per group and a test of their difference.

    Attributes
    ----------
    outcome, by : str
        Variable compared, and variable that makes the groups.
    test : str
        ``anova`` or ``chi2``; with weights ``design_f`` or ``rao_scott``.
    groups : pandas.DataFrame
        Index: groups in their order. Columns ``n``, ``mean`` and ``sd`` (means; sample SD), or
        ``n``, ``count`` and ``percent`` (shares). With weights all but ``n`` are weighted. NaN in a
        group with nobody.
    statistic : float
        F, or Pearson's chi-square without continuity correction; NaN when it cannot be computed.
    df : tuple of float
        Between and within degrees of freedom, or the one of the chi-square; with weights those of
        the design-based F, which for shares need not be whole.
    p : float
        Its p-value.
    n, n_missing : int
        Respondents used, and left out for want of an outcome or a group.
    note : str
        Why there is no test, or a caution.
    """

    outcome: str
    by: str
    test: str
    groups: pd.DataFrame
    statistic: float
    df: tuple[float, ...]
    p: float
    n: int
    n_missing: int
    note: str = ""

    def tidy(self) -> pd.DataFrame:
        """Return group statistics and the test as a tidy frame."""
        records = [
            {
                "row": self.outcome,
                "column": str(group),
                "statistic": statistic,
                "value": float(values[statistic]),
                "n": int(values["n"]),
            }
            for group, values in self.groups.iterrows()
            for statistic in self.groups.columns
            if statistic != "n"
        ]
        records.append(
            {
                "row": self.outcome,
                "column": self.by,
                "statistic": STATISTIC[self.test],
                "value": self.statistic,
                "p": self.p,
                "n": self.n,
                "n_missing": self.n_missing,
                "note": self.note,
            }
        )
        return tidy_frame(records, analysis=self.test)


def count_groups(frame: pd.DataFrame, variable: str) -> GroupCounts:
    """Count the categories of a variable.

    Parameters
    ----------
    frame : pandas.DataFrame
        Respondents.
    variable : str
        A categorical column.

    Returns
    -------
    GroupCounts
        Missing values are counted apart. With weights `counts` are sums of weights.

    Raises
    ------
    AnalysisError
        The column is not there or not categorical.
    """
    values = categorical(frame, variable)
    counts = values.value_counts(sort=False).reindex(values.cat.categories)
    n = int(counts.sum())
    weighted = carries_weights(frame)
    if weighted:
        sums = frame[WEIGHT].groupby(values, observed=False).sum()
        counts = pd.Series(sums.to_numpy(), index=counts.index)
    return GroupCounts(variable, counts.astype("float64"), n, len(values) - n, weighted)


def compare_means(frame: pd.DataFrame, outcome: str, by: str) -> Comparison:
    """Classic one-way analysis of variance (Fisher), equal variances assumed.

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
    Comparison
        F with k - 1 and n - k degrees of freedom over the k groups that have anybody. Without at
        least two groups, a spare respondent and variance within a group, the test is NaN and the
        note says why. With weights: weighted means and standard deviations, and a design-based Wald
        F over the groups with k - 1 and (clusters - strata - k + 1) degrees of freedom, which does
        not assume equal variances, but needs spread in every group.

    Raises
    ------
    AnalysisError
        A column is not there, the outcome is not numeric, or `by` is not categorical.

    Notes
    -----
    ``scipy.stats.f_oneway``; tested against R's ``aov``. With weights
    :func:`mobiliteit.design.group_means`; tested against R's ``regTermTest`` of a ``svyglm``.
    """
    groups, values = categorical(frame, by), numeric(frame, outcome)
    used = groups.notna() & values.notna()
    answers = _by_group(values[used], groups[used])
    table = pd.DataFrame(
        {
            "n": [len(sample) for sample in answers],
            "mean": [sample.mean() if len(sample) else np.nan for sample in answers],
            "sd": [sample.std(ddof=1) if len(sample) > 1 else np.nan for sample in answers],
        },
        index=_group_index(groups),
    )
    n, samples = int(used.sum()), [sample for sample in answers if len(sample)]
    k = len(samples)
    note, statistic, p = "", np.nan, np.nan
    df: tuple[float, ...] = (max(k - 1, 0), max(n - k, 0))
    if k < 2:
        note = TOO_FEW_GROUPS
    elif n <= k:
        note = "niet meer respondenten dan groepen"
    elif all(np.ptp(sample) == 0 for sample in samples):
        note = NO_VARIANCE
    elif carries_weights(frame) and any(np.ptp(sample) == 0 for sample in samples):
        # the design-based error of such a mean is 0, and the Wald test would take it as known
        note = NO_SPREAD
    elif not carries_weights(frame):
        statistic, p = (float(value) for value in stats.f_oneway(*samples))
    weighted = carries_weights(frame)
    if weighted and n:
        codes, filled = _filled(groups[used])
        found = group_means(
            design_of(frame).only(used.to_numpy()), values[used].to_numpy(), codes, k
        )
        table.loc[filled, "mean"], table.loc[filled, "sd"] = found.means, found.sds
        if not note:
            statistic, df, p, note = _tested(found.test, table.loc[filled, "n"])
    return Comparison(
        outcome, by, "design_f" if weighted else "anova", table, statistic, df, p, n,
        len(frame) - n, note,
    )  # fmt: skip


def compare_shares(frame: pd.DataFrame, outcome: str, by: str, *, code: float = 1) -> Comparison:
    """Pearson's chi-square test of a share against groups, without continuity correction.

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

    Returns
    -------
    Comparison
        Chi-square with k - 1 degrees of freedom over the k groups that have anybody. The note warns
        where an expected count is below 5, and says why where no test is possible. With weights:
        sums of weights, weighted percentages, and the second-order F of Rao and Scott.

    Raises
    ------
    AnalysisError
        A column is not there, the outcome is not numeric, or `by` is not categorical.

    Notes
    -----
    ``scipy.stats.chi2_contingency(correction=False)``; tested against R's ``chisq.test``. With
    weights :func:`mobiliteit.design.rao_scott`; tested against R's ``svychisq``.
    """
    groups, values = categorical(frame, by), numeric(frame, outcome)
    used = groups.notna() & values.notna()
    yes = (values[used] == code).astype("float64")
    answers = _by_group(yes, groups[used])
    table = pd.DataFrame(
        {
            "n": [len(sample) for sample in answers],
            "count": [sample.sum() for sample in answers],
            "percent": [100 * sample.mean() if len(sample) else np.nan for sample in answers],
        },
        index=_group_index(groups),
    )
    n = int(used.sum())
    filled = table[table["n"] > 0]
    observed = np.column_stack([filled["count"], filled["n"] - filled["count"]])
    note, statistic, p = "", np.nan, np.nan
    df: tuple[float, ...] = (max(len(filled) - 1, 0),)
    weighted = carries_weights(frame)
    if len(filled) < 2:
        note = TOO_FEW_GROUPS
    elif (observed.sum(axis=0) == 0).any():
        note = SAME_ANSWER
    else:
        test = stats.chi2_contingency(observed, correction=False)
        if weighted:
            whole, answered = design_of(frame), used.to_numpy()
            codes, _ = _filled(groups[used])
            found = rao_scott(whole, answered, yes.to_numpy() == 1, codes, len(filled))
            statistic, df, p, note = _tested(found, filled["n"])
        else:
            statistic, p = float(test.statistic), float(test.pvalue)
        if not note and test.expected_freq.min() < SMALL_EXPECTED:
            note = f"een verwacht aantal is kleiner dan {SMALL_EXPECTED}"
    if weighted:
        weight = frame[WEIGHT][used]
        table["count"] = (weight * yes).groupby(groups[used], observed=False).sum()
        table["percent"] = 100 * table["count"] / weight.groupby(groups[used], observed=False).sum()
    return Comparison(
        outcome, by, "rao_scott" if weighted else "chi2", table, statistic, df, p, n,
        len(frame) - n, note,
    )  # fmt: skip


def _by_group(values: pd.Series, groups: pd.Series) -> list[np.ndarray]:
    # as bare numbers: pandas and scipy ask a series many things, each of which searches its index
    numbers, codes = values.to_numpy(), groups.cat.codes.to_numpy()
    return [numbers[codes == code] for code in range(len(groups.cat.categories))]


def _group_index(groups: pd.Series) -> pd.CategoricalIndex:
    kinds = groups.cat.categories
    return pd.CategoricalIndex(kinds, kinds, ordered=groups.cat.ordered, name=groups.name)


def _filled(groups: pd.Series) -> tuple[np.ndarray, pd.Index]:
    """Give each respondent the number of his group, and the groups that have anybody."""
    used = groups.cat.remove_unused_categories()
    return used.cat.codes.to_numpy(), used.cat.categories


def _tested(test: WaldTest, sizes: pd.Series) -> tuple[float, tuple[float, ...], float, str]:
    return test.f, test.df, test.p, test.note or (LONELY if (sizes == 1).any() else "")
