"""The items of a scale, group by group, over respondents who answered all of them.

What factor models, invariance and reliability have in common. Listwise: a respondent with a gap is
left out and counted. Weights are not supported.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from mobiliteit.errors import AnalysisError, Problem
from mobiliteit.inference.factor_model import Array, Moments, moments_of
from mobiliteit.samples import categorical, numeric
from mobiliteit.weights import without_weights

ANSWERS_AS_CONTINUOUS = 5
ONE_ANSWER = "iedereen gaf hetzelfde antwoord op"


@dataclass(frozen=True)
class ItemSample:
    """The items of a scale over respondents who answered all of them, group by group.

    Attributes
    ----------
    items : tuple of str
        Columns, reversed ones already mirrored.
    by : str
        Variable that makes the groups; empty when there is one group.
    labels : tuple of str
        Groups that have anybody, in the order of their categories.
    moments : Moments
        What the fits need.
    n_missing : int
        Respondents who answered an item but not all, or have no group. Who answered none was not
        asked, and is not counted.
    problem : str
        Why one factor cannot be fitted to these groups, in Dutch; empty when it can.
    caution : str
        What to keep in mind, in Dutch; may be empty.
    """

    items: tuple[str, ...]
    by: str
    labels: tuple[str, ...]
    moments: Moments
    n_missing: int
    problem: str
    caution: str

    @property
    def n(self) -> int:
        """Respondents in all groups together."""
        return int(self.moments.n.sum())


@without_weights
def item_sample(frame: pd.DataFrame, items: Sequence[str], by: str | None = None) -> ItemSample:
    """Gather the items of a scale, group by group.

    Parameters
    ----------
    frame : pandas.DataFrame
        Respondents; unweighted.
    items : sequence of str
        At least two numeric columns in the same direction (reversed items mirrored).
    by : str, optional
        A categorical column; its categories are the groups. None: one group.

    Returns
    -------
    ItemSample
        Complete respondents; groups without any are not in it.

    Raises
    ------
    AnalysisError
        A column is not there or of the wrong type, or fewer than two different items were named.
    """
    items = tuple(items)
    if len(set(items)) < max(2, len(items)):
        problem = Problem(
            f"{len(set(items))} different items were named, out of {len(items)}",
            "Name two or more, each once.",
        )
        raise AnalysisError("This scale cannot be analysed.", [problem])
    answers = pd.DataFrame({item: numeric(frame, item) for item in items})
    if by is None:
        groups = pd.Series("", index=frame.index, dtype="category")
    else:
        groups = categorical(frame, by)
    used = (answers.notna().all(axis=1) & groups.notna()).to_numpy()
    asked = int(answers.notna().any(axis=1).sum())
    rows, codes = answers.to_numpy()[used], groups.cat.codes.to_numpy()[used]
    filled = [code for code in range(len(groups.cat.categories)) if (codes == code).any()]
    labels = tuple(str(groups.cat.categories[code]) for code in filled)
    parts = [rows[codes == code] for code in filled]
    problem_nl = _problem(items, labels, parts)
    moments = moments_of(parts or [np.full((1, len(items)), np.nan)])
    few = [item for item, column in zip(items, rows.T, strict=True) if _few(column)]
    caution = f"minder dan vijf verschillende antwoorden: {', '.join(few)}" if few else ""
    return ItemSample(items, by or "", labels, moments, asked - len(rows), problem_nl, caution)


def _problem(items: Sequence[str], labels: Sequence[str], parts: Sequence[Array]) -> str:
    if not parts:
        return "niemand heeft alle items beantwoord"
    moments = len(items) * (len(items) + 3) // 2
    problems = []
    for label, rows in zip(labels, parts, strict=True):
        where = f" ({label})" if label else ""
        constant = [item for item, column in zip(items, rows.T, strict=True) if not np.ptp(column)]
        if len(rows) <= moments:
            problems.append(f"te weinig respondenten: {len(rows)}, nodig {moments + 1}{where}")
        elif constant:
            problems.append(f"{ONE_ANSWER} {', '.join(constant)}{where}")
        elif np.linalg.eigvalsh(np.corrcoef(rows.T))[0] < 1e-10:
            problems.append(f"een item volgt geheel uit de andere{where}")
    return "; ".join(problems)


def _few(column: Array) -> bool:
    return 0 < len(np.unique(column)) < ANSWERS_AS_CONTINUOUS
