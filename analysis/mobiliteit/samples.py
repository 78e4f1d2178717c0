"""What the group comparisons share: columns checked, respondents sorted into groups, pairs listed.

Missing values leave a comparison pairwise: who has no value on the outcome or no group is counted
and left out. Weights are refused here; where there is a weighted form, it is in
:mod:`mobiliteit.compare`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
import pandas as pd

from mobiliteit.errors import AnalysisError, Problem
from mobiliteit.weights import without_weights

TOO_FEW_GROUPS = "minder dan twee groepen met antwoorden"
NO_VARIANCE = "geen variantie binnen de groepen"


@dataclass(frozen=True)
class Samples:
    """The values of an outcome, group by group.

    Attributes
    ----------
    outcome, by : str
        Variable compared, and variable that makes the groups.
    labels : tuple of str
        Groups that have anybody, in the order of their categories.
    values : tuple of numpy.ndarray
        The outcome in each of those groups, without missing values.
    n, n_missing : int
        Respondents used, and left out for want of an outcome or a group.
    """

    outcome: str
    by: str
    labels: tuple[str, ...]
    values: tuple[np.ndarray, ...]
    n: int
    n_missing: int

    @property
    def sizes(self) -> np.ndarray:
        """Respondents per group."""
        return np.array([len(sample) for sample in self.values], dtype="float64")

    @property
    def means(self) -> np.ndarray:
        """Mean per group."""
        return np.array([sample.mean() for sample in self.values])

    @property
    def variances(self) -> np.ndarray:
        """Sample variance per group; NaN in a group of one, 0 (not nearly) where all are equal."""
        return np.array(
            [
                np.nan if len(s) < 2 else 0.0 if np.ptp(s) == 0 else s.var(ddof=1)
                for s in self.values
            ]
        )

    @property
    def no_test(self) -> str:
        """Why these groups cannot be tested against each other; empty when they can."""
        if len(self.labels) < 2:
            return TOO_FEW_GROUPS
        if self.n <= len(self.labels):
            return "niet meer respondenten dan groepen"
        if all(np.ptp(sample) == 0 for sample in self.values):
            return NO_VARIANCE
        return ""

    def describe(self) -> pd.DataFrame:
        """Return size, mean and standard deviation, one row per group."""
        columns = {"n": self.sizes, "mean": self.means, "sd": np.sqrt(self.variances)}
        return pd.DataFrame(columns, index=pd.Index(self.labels, name=self.by))

    def only(self, pair: tuple[str, str]) -> Samples:
        """Return two of the groups, in the order asked for.

        Raises
        ------
        AnalysisError
            The two are the same, or one of them has nobody.
        """
        problems = [
            Problem(f"{label} is no group of {self.by} with answers", f"Use {self.labels}.")
            for label in pair
            if label not in self.labels
        ]
        if pair[0] == pair[1]:
            problems.append(Problem(f"{pair[0]} is named twice", "Name two groups."))
        if problems:
            raise AnalysisError("This comparison cannot be made.", problems)
        chosen = tuple(self.values[self.labels.index(label)] for label in pair)
        n = sum(len(sample) for sample in chosen)
        return Samples(self.outcome, self.by, pair, chosen, n, self.n_missing)


@dataclass(frozen=True)
class CrossTable:
    """Counts of an outcome in each group.

    Attributes
    ----------
    outcome, by : str
        Variable of the columns, and of the rows.
    observed : pandas.DataFrame
        Counts; index the groups, columns the answers, those with nobody left out.
    n, n_missing : int
        Respondents counted, and left out for want of an outcome or a group.
    """

    outcome: str
    by: str
    observed: pd.DataFrame
    n: int
    n_missing: int

    @property
    def no_test(self) -> str:
        """Why there is nothing to test; empty when there is."""
        if len(self.observed) < 2:
            return TOO_FEW_GROUPS
        return "iedereen gaf hetzelfde antwoord" if self.observed.shape[1] < 2 else ""


@without_weights
def samples(frame: pd.DataFrame, outcome: str, by: str) -> Samples:
    """Sort a numeric outcome into the groups of a categorical variable.

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
    Samples
        Groups without anybody are not in it.

    Raises
    ------
    AnalysisError
        A column is not there, the outcome is not numeric, or `by` is not categorical.
    """
    groups, values = categorical(frame, by), numeric(frame, outcome)
    used = groups.notna() & values.notna()
    codes, numbers = groups[used].cat.codes.to_numpy(), values[used].to_numpy()
    filled = [code for code in range(len(groups.cat.categories)) if (codes == code).any()]
    n = int(used.sum())
    return Samples(
        outcome,
        by,
        tuple(str(groups.cat.categories[code]) for code in filled),
        tuple(numbers[codes == code] for code in filled),
        n,
        len(frame) - n,
    )


@without_weights
def cross_table(frame: pd.DataFrame, outcome: str, by: str) -> CrossTable:
    """Count the answers in each group.

    Parameters
    ----------
    frame : pandas.DataFrame
        Respondents.
    outcome : str
        A categorical column, or a numeric one of which each distinct value is an answer.
    by : str
        A categorical column; its categories are the groups.

    Returns
    -------
    CrossTable
        Groups and answers that nobody has are not in it.

    Raises
    ------
    AnalysisError
        A column is not there, the outcome is neither numeric nor categorical, or `by` is not
        categorical.
    """
    groups, answers = categorical(frame, by), _column(frame, outcome)
    if not isinstance(answers.dtype, pd.CategoricalDtype):
        answers = numeric(frame, outcome).astype("category")
    used = groups.notna() & answers.notna()
    observed = pd.crosstab(groups[used], answers[used], dropna=True)
    observed = observed.loc[observed.sum(axis=1) > 0, observed.sum(axis=0) > 0]
    observed.index = pd.Index([str(label) for label in observed.index], name=by)
    observed.columns = pd.Index([_answer(label) for label in observed.columns], name=outcome)
    n = int(used.sum())
    return CrossTable(outcome, by, observed, n, len(frame) - n)


def pairs(labels: Sequence[str]) -> list[tuple[int, int]]:
    """List the positions of all pairs, the earlier group of each first."""
    return list(combinations(range(len(labels)), 2))


def pair_label(a: str, b: str) -> str:
    """Name a contrast the way it was subtracted: the first group minus the second."""
    return f"{a} - {b}"


def check_level(level: float) -> float:
    """Return a confidence level, or a significance level, if it lies between 0 and 1.

    Raises
    ------
    AnalysisError
        It does not.
    """
    if not 0 < level < 1:
        problem = Problem(f"a level of {level} is not between 0 and 1", "Use, say, 0.95.")
        raise AnalysisError("This interval cannot be computed.", [problem])
    return level


def percent_text(level: float, lang: str = "nl") -> str:
    """Write a level: 0.95 is ``95%``, and 0.975 in Dutch ``97,5%``."""
    text = f"{100 * level:g}%"
    return text.replace(".", ",") if lang == "nl" else text


def categorical(frame: pd.DataFrame, name: str) -> pd.Series:
    """Return a column that makes groups, or raise `AnalysisError`."""
    values = _column(frame, name)
    if not isinstance(values.dtype, pd.CategoricalDtype):
        problem = Problem(
            f"{name} makes no groups: its type is {values.dtype}",
            "Use a nominal or classed variable.",
        )
        raise AnalysisError("This comparison cannot be made.", [problem])
    return values


def numeric(frame: pd.DataFrame, name: str) -> pd.Series:
    """Return a numeric column as floats, or raise `AnalysisError`."""
    values = _column(frame, name)
    if not pd.api.types.is_numeric_dtype(values):
        problem = Problem(
            f"{name} is not numeric: its type is {values.dtype}",
            "Use a scale score, a count or a code.",
        )
        raise AnalysisError("This comparison cannot be made.", [problem])
    return values.astype("float64")


def _column(frame: pd.DataFrame, name: str) -> pd.Series:
    if name not in frame:
        problem = Problem(f"{name} is not in the data", "Use a name of the codebook.")
        raise AnalysisError("This comparison cannot be made.", [problem])
    return frame[name]


def _answer(label: object) -> str:
    return f"{label:g}" if isinstance(label, float) else str(label)
