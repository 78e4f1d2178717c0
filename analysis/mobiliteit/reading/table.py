"""What every reader returns: the answers as delivered, with all that the file says about them."""

from __future__ import annotations

from dataclasses import dataclass, field

import pandas as pd


@dataclass(frozen=True)
class MissingCodes:
    """What a file declares missing in one column.

    Attributes
    ----------
    codes : tuple of float or str
        Single codes: numbers, texts, or ``".a"`` to ``".z"`` (Stata, SAS).
    ranges : tuple of (float, float)
        Ranges of codes, both ends included (SPSS).
    """

    codes: tuple[float | str, ...] = ()
    ranges: tuple[tuple[float, float], ...] = ()


@dataclass(frozen=True)
class RawTable:
    """A table as a supplier delivered it; nothing is interpreted.

    Attributes
    ----------
    frame : pandas.DataFrame
        One row per record, in the order of the file, index 0, 1, ... Numbers are floats, dates
        dates, everything else text (leading and trailing spaces kept). Empty is NaN. Declared
        missing codes are still there as codes; the extended missing values of Stata and SAS
        are the texts ``".a"`` to ``".z"`` among the numbers of an object column.
    labels : dict
        Column to its label, where the file has one.
    value_labels : dict
        Column to a mapping of code (float, or text) to label.
    missing : dict
        Column to what the file declares missing.
    facts : dict
        What was found about the file, in the order to show it: ``format``, and for text
        ``encoding``, ``separator``, ``decimal``, ...; for Excel ``sheet``, ``header_rows``.
    cautions : tuple of str
        What a researcher should know: an encoding that was a guess, macros that were left alone,
        sheets that were not read.
    """

    frame: pd.DataFrame
    labels: dict[str, str] = field(default_factory=dict)
    value_labels: dict[str, dict[float | str, str]] = field(default_factory=dict)
    missing: dict[str, MissingCodes] = field(default_factory=dict)
    facts: dict[str, str] = field(default_factory=dict)
    cautions: tuple[str, ...] = ()
