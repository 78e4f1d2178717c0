"""Codes as people write them: when two of them mean the same.

A code of a source file is looked up under its *key*: a number, or a text without what differs
between two ways of typing the same (spaces around it, capitals, accents composed or not).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

import numpy as np
import pandas as pd

from mobiliteit.descriptor_schema import CsvOptions, Descriptor, SourceColumn
from mobiliteit.study_schema import Column

Key = float | str | None
"""A number, a text in its plainest form, or None for an empty cell."""

NUMBERS = (int, float, np.integer, np.floating)
_NUMBER = re.compile(r"[+-]?\d+(?:[.,]\d+)?")
_THOUSANDS_OR_DECIMALS = re.compile(r"[+-]?[1-9]\d{0,2}[.,]\d{3}")


def key_of(value: object, csv: CsvOptions | None = None) -> Key:
    """Return what a value of the source, or a code of the sidecar, is looked up under.

    Parameters
    ----------
    value : object
        A cell, or a code as the sidecar writes it.
    csv : CsvOptions, optional
        Whose `decimal` and `thousands` numbers within texts follow. Without them a comma or point
        before decimals is understood, but a text such as ``1.137``, which may be a thousand or a
        fraction, stays a text.

    Returns
    -------
    Key
        ``" Ja "`` and ``"ja"`` have one key, and so have ``1``, ``1.0``, ``"1"`` and ``"1,0"``.
        Empty cells and texts of spaces have None.
    """
    if isinstance(value, NUMBERS) and not isinstance(value, bool):
        return None if np.isnan(float(value)) else float(value)
    if value is None or value is pd.NA or value is pd.NaT:
        return None
    # a non-breaking space is a space to split(), and composed and loose accents look alike
    text = " ".join(unicodedata.normalize("NFC", str(value)).split()).casefold()
    if not text:
        return None
    number = _number(text, csv or CsvOptions())
    return text if number is None else number


def _number(text: str, csv: CsvOptions) -> float | None:
    if csv.thousands is not None:
        grouped = rf"[+-]?\d{{1,3}}(?:{re.escape(csv.thousands)}\d{{3}})+(?:\D\d+)?"
        if re.fullmatch(grouped, text):
            text = text.replace(csv.thousands, "")
    if not _NUMBER.fullmatch(text):
        return None
    if csv.decimal is None and csv.thousands is None and _THOUSANDS_OR_DECIMALS.fullmatch(text):
        return None
    if csv.decimal is not None and {",", "."} & set(text) - {csv.decimal}:
        return None
    return float(text.replace(",", "."))


def keys_of(codes: Iterable[object], csv: CsvOptions | None = None) -> set[Key]:
    """Return the keys of several codes."""
    return {key_of(code, csv) for code in codes}


def missing_codes(
    entry: SourceColumn, column: Column, descriptor: Descriptor
) -> dict[int | float | str, str]:
    """Missing codes of one source column and their reasons.

    The column's own where it has any; otherwise those of the codebook and those that the sidecar
    gives for the whole file, which come first where both name a code.
    """
    if entry.missing is not None:
        return dict(entry.missing)
    codes: dict[int | float | str, str] = dict(column.missing.items())
    return codes | descriptor.missing


def shown(value: object) -> str:
    """Write a value of the source for a message: numbers short, texts as they are."""
    if isinstance(value, NUMBERS) and not isinstance(value, bool):
        return f"{float(value):g}"
    return str(value)
