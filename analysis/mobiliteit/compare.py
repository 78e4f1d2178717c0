"""Comparing groups the way the 2006 report did: counts, one-way ANOVA, Pearson's chi-square.

Missing values leave a comparison pairwise: who has no value on the outcome or no group is counted
and left out. Weights are not supported.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy import stats

from mobiliteit.results import tidy_frame
from mobiliteit.samples import NO_VARIANCE, TOO_FEW_GROUPS, categorical, numeric

SMALL_EXPECTED = 5


@dataclass(frozen=True)
class GroupCounts:
    """Counts of a categorical variable.

    Attributes
    ----------
    variable : str
        The variable.
    counts : pandas.Series
        Index: categories in their order, those with nobody included.
    n, n_missing : int
        Respondents with and without a value.
    """

    variable: str
    counts: pd.Series
    n: int
    n_missing: int

    @property
    def percent(self) -> pd.Series:
        """Percentages of those with a value; NaN when there is nobody."""
        return 100 * self.counts / self.n if self.n else self.counts * np.nan

    def tidy(self) -> pd.DataFrame:
        """Return counts and percentages as a tidy frame."""
        common = {"column": self.variable, "n": self.n, "n_missing": self.n_missing}
        records = [
            {"row": str(category), "statistic": statistic, "value": float(value), **common}
            for statistic, values in (("count", self.counts), ("percent", self.percent))
            for category, value in values.items()
        ]
        return tidy_frame(records, analysis="counts")


@dataclass(frozen=True)
class Comparison:
    """A statistic per group and a test of their difference.

    Attributes
    ----------
    outcome, by : str
        Variable compared, and variable that makes the groups.
    test : str
        ``anova`` or ``chi2``.
    groups : pandas.DataFrame
        Index: groups in their order. Columns ``n``, ``mean`` and ``sd`` (anova; sample SD), or
        ``n``, ``count`` and ``percent`` (chi2). NaN in a group with nobody.
    statistic : float
        F, or Pearson's chi-square without continuity correction; NaN when it cannot be computed.
    df : tuple of float
        Between and within degrees of freedom, or the one of the chi-square.
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
                "statistic": "F" if self.test == "anova" else "chi2",
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
        Missing values are counted apart.

    Raises
    ------
    AnalysisError
        The column is not there or not categorical.
    """
    values = categorical(frame, variable)
    counts = values.value_counts(sort=False).reindex(values.cat.categories)
    n = int(counts.sum())
    return GroupCounts(variable, counts.astype("float64"), n, len(values) - n)


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
        note says why.

    Raises
    ------
    AnalysisError
        A column is not there, the outcome is not numeric, or `by` is not categorical.

    Notes
    -----
    ``scipy.stats.f_oneway``; tested against R's ``aov``.
    """
    groups, values = categorical(frame, by), numeric(frame, outcome)
    used = groups.notna() & values.notna()
    grouped = values[used].groupby(groups[used], observed=False)
    table = pd.DataFrame({"n": grouped.count(), "mean": grouped.mean(), "sd": grouped.std(ddof=1)})
    n, samples = int(used.sum()), [sample for _, sample in grouped if len(sample)]
    k = len(samples)
    note, statistic, p = "", np.nan, np.nan
    if k < 2:
        note = TOO_FEW_GROUPS
    elif n <= k:
        note = "niet meer respondenten dan groepen"
    elif all(sample.nunique() == 1 for sample in samples):
        note = NO_VARIANCE
    else:
        statistic, p = (float(value) for value in stats.f_oneway(*samples))
    return Comparison(
        outcome,
        by,
        "anova",
        table,
        statistic,
        (max(k - 1, 0), max(n - k, 0)),
        p,
        n,
        len(frame) - n,
        note,
    )


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
        where an expected count is below 5, and says why where no test is possible.

    Raises
    ------
    AnalysisError
        A column is not there, the outcome is not numeric, or `by` is not categorical.

    Notes
    -----
    ``scipy.stats.chi2_contingency(correction=False)``; tested against R's ``chisq.test``.
    """
    groups, values = categorical(frame, by), numeric(frame, outcome)
    used = groups.notna() & values.notna()
    yes = (values[used] == code).astype("float64")
    grouped = yes.groupby(groups[used], observed=False)
    table = pd.DataFrame(
        {"n": grouped.count(), "count": grouped.sum(), "percent": 100 * grouped.mean()}
    )
    n = int(used.sum())
    filled = table[table["n"] > 0]
    observed = np.column_stack([filled["count"], filled["n"] - filled["count"]])
    note, statistic, p = "", np.nan, np.nan
    if len(filled) < 2:
        note = TOO_FEW_GROUPS
    elif (observed.sum(axis=0) == 0).any():
        note = "iedereen gaf hetzelfde antwoord"
    else:
        test = stats.chi2_contingency(observed, correction=False)
        statistic, p = float(test.statistic), float(test.pvalue)
        if test.expected_freq.min() < SMALL_EXPECTED:
            note = f"een verwacht aantal is kleiner dan {SMALL_EXPECTED}"
    return Comparison(
        outcome,
        by,
        "chi2",
        table,
        statistic,
        (max(len(filled) - 1, 0),),
        p,
        n,
        len(frame) - n,
        note,
    )
