"""CSV that is safe to open in a spreadsheet.

Labels, names of columns and files, reasons and remarks are a researcher's or a supplier's own text.
A spreadsheet takes a cell that begins with ``=`` or one of a few other signs for a formula, and may
run it; such a text gets an apostrophe in front, as spreadsheets themselves write it.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

import pandas as pd

# The last four are the same signs as Japanese and Chinese keyboards type them.
FORMULA = ("=", "+", "-", "@", "＝", "＋", "－", "＠")
GUARD = "'"


def csv_text(frame: pd.DataFrame, *, printed: Collection[str] = ()) -> str:
    """Write a frame as CSV without its index.

    Parameters
    ----------
    frame : pandas.DataFrame
        Any. Numbers, truth values and moments are written as they are: a negative number stays a
        number.
    printed : collection of str
        Columns of numbers as text, as this package or the report prints them (``-,10**``), that are
        left alone.

    Returns
    -------
    str
        With Unix line ends; numbers unrounded, with a decimal point. Texts and headings that a
        spreadsheet would take for a formula, whatever white space stands before, begin with an
        apostrophe.
    """
    columns = {
        name: values if name in printed or _holds_no_text(values) else values.map(guarded)
        for name, values in frame.items()
    }
    safe = pd.DataFrame(columns, index=frame.index).rename(columns=guarded)
    return str(safe.to_csv(index=False, lineterminator="\n"))


def guarded(value: Any) -> Any:
    """Put an apostrophe before a text that a spreadsheet would take for a formula."""
    if isinstance(value, str) and value.lstrip().startswith(FORMULA):
        return GUARD + value
    return value


def _holds_no_text(values: pd.Series) -> bool:
    kinds = pd.api.types
    return kinds.is_numeric_dtype(values) or kinds.is_datetime64_any_dtype(values)
