"""What every reader returns: the answers as delivered, with all that the file says about them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
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
        One row per record, in the order of the file, index 0, 1, ... Numbers are ``float64``,
        dates and moments ``datetime64[us]`` (NaT where empty), everything else ``str`` (leading and
        trailing spaces kept; NaN where empty or nothing but spaces). Times of day and durations
        are numbers: seconds. Declared missing codes are still there as codes; the extended missing
        values of Stata and SAS are the texts ``".a"`` to ``".z"`` among the numbers of an
        ``object`` column.
    labels : dict
        Column to its label, where the file has one.
    value_labels : dict
        Column to a mapping of code (float, or text) to label.
    missing : dict
        Column to what the file declares missing.
    facts : dict
        What was found about the file, in the order to show it: ``format``; for text ``encoding``,
        ``separator``, ``decimal``, ``thousands``, each with how it is known; for Excel ``sheet``
        and ``header_rows``; and ``rows`` and ``columns``.
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
