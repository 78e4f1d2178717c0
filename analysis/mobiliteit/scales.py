"""Scale scores from items, their reliability, and variables derived from scores and answers."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from mobiliteit.results import tidy_frame
from mobiliteit.study import Study
from mobiliteit.study_schema import Column, Derived, Label


def reverse(values: pd.Series, low: float, high: float) -> pd.Series:
    """Mirror answers on a scale from `low` to `high`: ``low + high - x``; NaN stays NaN."""
    return low + high - values


def answers_given(column: Column) -> dict[int, Label]:
    """Say which answer each code of the clean frame stands for.

    Parameters
    ----------
    column : Column
        A column of the questionnaire.

    Returns
    -------
    dict
        Code to the label of the answer that was given: of a reversed item, whose codes are
        mirrored, that of the mirrored code. Empty for an open number.
    """
    low, high = column.bounds
    return {
        code: column.values[int(low + high - code)] if column.reversed else label
        for code, label in column.values.items()
    }


def mean_of_answered(items: pd.DataFrame, min_answered: float) -> pd.Series:
    """Mean of the answered items, where enough of them are answered.

    Parameters
    ----------
    items : pandas.DataFrame
        Respondents by items, all in the same direction; NaN where not answered.
    min_answered : float
        Share of the items, in (0, 1], that must be answered.

    Returns
    -------
    pandas.Series
        Unrounded mean; NaN where fewer are answered.
    """
    # The small allowance keeps 1 of 2 items at a share of 0.5 from failing on binary fractions.
    enough = items.notna().sum(axis=1) >= min_answered * items.shape[1] - 1e-9
    return items.mean(axis=1).where(enough)


@dataclass(frozen=True)
class Reliability:
    """How well the items of a scale hang together, over respondents who answered all of them.

    Attributes
    ----------
    scale : str
        Variable of the codebook.
    n, n_missing : int
        Respondents with all items, and those asked who missed at least one.
    alpha : float
        Cronbach's alpha (Cronbach 1951, k/(k-1) * (1 - sum of item variances / variance of the
        sum)); NaN with fewer than two items or three respondents, or without variance.
    item_rest : dict of str to float
        Pearson correlation of each item with the sum of the others; NaN where it has no variance.
    """

    scale: str
    n: int
    n_missing: int
    alpha: float
    item_rest: dict[str, float]

    def tidy(self) -> pd.DataFrame:
        """Return alpha and item-rest correlations as a tidy frame."""
        common = {"column": self.scale, "n": self.n, "n_missing": self.n_missing}
        records = [{"row": self.scale, "statistic": "alpha", "value": self.alpha, **common}]
        records += [
            {"row": item, "statistic": "item_rest", "value": value, **common}
            for item, value in self.item_rest.items()
        ]
        return tidy_frame(records, analysis="reliability")


def reliability(items: pd.DataFrame, scale: str) -> Reliability:
    """Cronbach's alpha and item-rest correlations of the items of one scale.

    Parameters
    ----------
    items : pandas.DataFrame
        Respondents by items, reversed ones already mirrored; NaN where not answered. Respondents
        without any answer (not asked) are left out and not counted as missing.
    scale : str
        Name for the result.

    Returns
    -------
    Reliability
        Over complete respondents (listwise). Weights are not supported.
    """
    answers = items.to_numpy(dtype="float64")
    given = ~np.isnan(answers)
    asked, complete = int(given.any(axis=1).sum()), answers[given.all(axis=1)]
    k, total = items.shape[1], complete.sum(axis=1)
    enough = k > 1 and len(complete) > 2
    alpha = np.nan
    if enough and np.ptp(total) > 0:
        alpha = k / (k - 1) * (1 - complete.var(axis=0, ddof=1).sum() / total.var(ddof=1))
    item_rest = {}
    for item, answer in zip(items.columns, complete.T, strict=True):
        rest = total - answer
        usable = enough and np.ptp(answer) > 0 and np.ptp(rest) > 0
        item_rest[item] = float(np.corrcoef(answer, rest)[0, 1]) if usable else np.nan
    return Reliability(
        scale=scale,
        n=len(complete),
        n_missing=asked - len(complete),
        alpha=float(alpha),
        item_rest=item_rest,
    )


def score(answers: pd.DataFrame, study: Study) -> tuple[pd.DataFrame, tuple[Reliability, ...]]:
    """Mirror reversed items, build scale scores and derived variables.

    Parameters
    ----------
    answers : pandas.DataFrame
        Cleaned answers, index: respondent id, one column per codebook column.
    study : Study
        With the codebook.

    Returns
    -------
    frame : pandas.DataFrame
        All columns of `answers` (reversed items mirrored, so that high means high on the scale),
        plus one column per scale and per derived variable.
    reliabilities : tuple of Reliability
        One per scale, in codebook order.
    """
    columns = {name: answers[name] for name in answers.columns}
    for column in study.codebook.columns():
        if column.reversed:
            columns[column.name] = reverse(answers[column.name], *column.bounds)
    reliabilities = []
    for name, variable in study.codebook.scale_variables().items():
        items = pd.DataFrame({item: columns[item] for item in variable.items})
        columns[name] = mean_of_answered(items, variable.min_answered)
        reliabilities.append(reliability(items, name))
    for name, derived in study.codebook.derived.items():
        columns[name] = _derive(columns, derived)
    return pd.DataFrame(columns, index=answers.index), tuple(reliabilities)


def _derive(columns: dict[str, pd.Series], derived: Derived) -> pd.Series:
    if derived.kind == "mean":
        return mean_of_answered(
            pd.DataFrame({name: columns[name] for name in derived.of}), derived.min_answered
        )
    source = columns[derived.of[0]]
    result = np.full(len(source), np.nan, dtype="object")
    for name, cls in derived.classes.items():
        if derived.kind == "classes":
            inside = (source >= cls.from_) & (source < cls.to)
        else:
            inside = source.isin(cls.from_)
        result[inside.to_numpy()] = name if cls.code is None else float(cls.code)
    if derived.level == "binary":
        return pd.Series(result.astype("float64"), index=source.index)
    return pd.Series(
        pd.Categorical(result, categories=list(derived.classes), ordered=derived.kind == "classes"),
        index=source.index,
    )
