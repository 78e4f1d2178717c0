"""The one shape that every analysis returns.

Each analysis has a small frozen dataclass with its fitted facts and a ``tidy()`` method that
gives a long frame with the columns of :data:`TIDY_COLUMNS`, unrounded. Tables, figures,
scorecard, report and lab read only that.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, cast

import numpy as np
import pandas as pd

TIDY_COLUMNS = (
    "analysis",  # what was done: 'anova', 'chi2', 'ols', ..., or the number of a table
    "wave",  # id of the wave, or '' for a bare data frame
    "sample",  # who: 'all', or a restriction in words
    "row",  # first coordinate of the statistic: a predictor, a variable, a class
    "column",  # second coordinate: a group, an outcome, a model
    "statistic",  # 'mean', 'percent', 'count', 'beta', 'r2', 'p', ...
    "value",  # the number, never rounded; NaN where it cannot be computed
    "p",  # p-value of the test that goes with this number, NaN where there is none
    "n",  # respondents the number rests on
    "n_missing",  # respondents of the sample left out because of a missing value
    "note",  # why a value is NaN, or a caution
)

# Statistics of a test, of which tables show only whether it is significant: F of an analysis of
# variance, Pearson's chi-square, and their design-based forms for weighted respondents.
TEST_STATISTICS = ("F", "chi2", "F_design", "F_rao_scott")


def number(frame: pd.DataFrame, row: object, column: str) -> float:
    """Return one cell of a numeric frame as a float."""
    return float(cast(Any, frame.at[row, column]))


def tidy_frame(
    records: Iterable[Mapping[str, Any]], *, analysis: str, wave: str = "", sample: str = "all"
) -> pd.DataFrame:
    """Build a tidy frame from records that may leave columns out.

    Parameters
    ----------
    records : iterable of mapping
        One mapping per statistic with keys of :data:`TIDY_COLUMNS`.
    analysis, wave, sample : str
        Filled in where a record does not say otherwise.

    Returns
    -------
    pandas.DataFrame
        Columns :data:`TIDY_COLUMNS`; ``value`` and ``p`` are floats, ``n`` and ``n_missing``
        nullable integers, the others strings.

    Raises
    ------
    KeyError
        A record holds a key that is not a tidy column.
    """
    defaults = {"analysis": analysis, "wave": wave, "sample": sample}
    rows = []
    for record in records:
        unknown = set(record) - set(TIDY_COLUMNS)
        if unknown:
            raise KeyError(f"not a tidy column: {sorted(unknown)}; use {TIDY_COLUMNS}")
        rows.append({**defaults, **record})
    # column by column: hundreds of these are made, and a frame of mixed rows costs five times more
    columns: dict[str, Any] = {}
    for column in TIDY_COLUMNS:
        cells = [row.get(column) for row in rows]
        if column in ("value", "p"):
            columns[column] = np.array([_number(cell) for cell in cells], dtype="float64")
        elif column in ("n", "n_missing"):
            columns[column] = pd.array([_number(cell) for cell in cells], dtype="Int64")
        else:
            columns[column] = pd.array([_text(cell) for cell in cells], dtype="str")
    return pd.DataFrame(columns)


def _number(cell: Any) -> Any:
    return np.nan if pd.isna(cell) else cell


def _text(cell: Any) -> str:
    if isinstance(cell, str):
        return cell
    return "" if pd.isna(cell) else str(cell)
