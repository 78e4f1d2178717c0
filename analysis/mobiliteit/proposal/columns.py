"""What is known of each source column before it is compared with the codebook."""

from __future__ import annotations

import re
from dataclasses import dataclass

import pandas as pd

from mobiliteit.proposal.wording import plain, plain_label, stem_and_index
from mobiliteit.reading import RawTable

MOST_DISTINCT = 40
"""A column with more different values than this is open: a number, a date or free text."""
MOST_ITEMS = 12
SHARED_BY = 0.6
"""A beginning that this share of all names has says nothing, and is left out."""

Code = float | str
# 007 is a text: the zeros mean something.
_NUMBER = re.compile(r"-?(?:0|[1-9]\d*)(?:[.,]\d+)?")


@dataclass(frozen=True)
class SourceProfile:
    """One source column.

    Attributes
    ----------
    name : str
        As in the file.
    plain_name, plain_label : str
        Comparable forms, without a beginning that most names share and without numbering.
    label : str
        As in the file; empty where it has none.
    kind : str
        ``number``, ``text`` or ``date``.
    counts : dict
        Value to how often it was given, most frequent first; empty for an open column.
    labels : dict
        Code to label, of the file.
    declared : tuple
        Codes that the file declares missing and that occur, or have a label.
    low, high : float
        Range of the numbers, declared missing codes left out; NaN where there are none.
    empty : float
        Share of rows without a value.
    distinct : int
        Number of different values.
    """

    name: str
    plain_name: str
    label: str
    plain_label: str
    kind: str
    counts: dict[Code, int]
    labels: dict[Code, str]
    declared: tuple[Code, ...]
    low: float
    high: float
    empty: float
    distinct: int

    @property
    def codes(self) -> tuple[Code, ...]:
        """Codes that occur or have a label; empty for an open column without labels."""
        return tuple(dict.fromkeys([*self.labels, *self.counts]))

    def say(self, code: Code) -> str:
        """Return what a code means: its label, or a text itself; empty for a bare number."""
        if code in self.labels:
            return self.labels[code]
        return code if isinstance(code, str) else ""


@dataclass(frozen=True)
class Battery:
    """Source columns named by one word and the numbers 1, 2, ... (or 0, 1, ...).

    Attributes
    ----------
    stem : str
        What their names share, separator included.
    columns : tuple of str
        In the order of their numbers.
    """

    stem: str
    columns: tuple[str, ...]


def describe_columns(table: RawTable) -> list[SourceProfile]:
    """Describe every column of a file, in the order of the file.

    Parameters
    ----------
    table : RawTable
        As read.

    Returns
    -------
    list of SourceProfile
        One per column.
    """
    shared = shared_beginning(list(table.frame.columns))
    return [_profile(table, str(name), shared) for name in table.frame.columns]


def shared_beginning(names: list[str]) -> str:
    """Find the beginning, up to a ``_`` or ``.``, that most names share: ``q_`` in ``q_age``."""
    starts = pd.Series([name[: name.index("_") + 1] for name in names if "_" in name])
    if starts.empty:
        return ""
    first = str(starts.value_counts().index[0])
    return first if (starts == first).sum() >= SHARED_BY * len(names) else ""


def _profile(table: RawTable, name: str, shared: str) -> SourceProfile:
    values = table.frame[name]
    given = values.dropna()
    if given.dtype == object or isinstance(given.dtype, pd.StringDtype):
        given = given[given.astype("str").str.strip() != ""]
        kind = "text"
        if not isinstance(given.dtype, pd.StringDtype) and given.map(_is_date).any():
            kind = "date"
        numbers = _as_numbers(given) if kind == "text" else pd.Series(dtype="float64")
    elif pd.api.types.is_numeric_dtype(given):
        kind, numbers = "number", given.astype("float64")
    else:
        kind, numbers = "date", pd.Series(dtype="float64")
    counts = given.value_counts() if kind != "date" else pd.Series(dtype="int64")
    labels = dict(table.value_labels.get(name, {}))
    missing = table.missing.get(name)
    declared: list[Code] = []
    if missing is not None:
        known = dict.fromkeys([*labels, *counts.index])
        declared = [
            code
            for code in known
            if code in missing.codes
            or (
                not isinstance(code, str)
                and any(low <= code <= high for low, high in missing.ranges)
            )
        ]
        declared += [code for code in missing.codes if code not in known]
    answers = numbers[~numbers.isin([code for code in declared if not isinstance(code, str)])]
    label = str(table.labels.get(name, "")).strip()
    # spreadsheets and web forms put the question itself at the head of the column
    asked = not label and len(name.split()) > 1
    return SourceProfile(
        name=name,
        plain_name="" if asked else plain(name.removeprefix(shared)),
        label=name if asked else label,
        plain_label=plain_label(name) if asked else plain_label(label, name),
        kind=kind,
        counts={_plain_code(code): int(n) for code, n in counts.items()}
        if len(counts) <= MOST_DISTINCT
        else {},
        labels={_plain_code(code): str(text) for code, text in labels.items()},
        declared=tuple(_plain_code(code) for code in declared),
        low=float(answers.min()) if len(answers) else float("nan"),
        high=float(answers.max()) if len(answers) else float("nan"),
        empty=1 - len(given) / len(values) if len(values) else 1.0,
        distinct=len(counts) if kind != "date" else int(given.nunique()),
    )


def _is_date(value: object) -> bool:
    return hasattr(value, "isoformat")


def _plain_code(code: object) -> Code:
    """Return a code as the sidecar would write it: a number in text is that number."""
    if isinstance(code, str) and not _NUMBER.fullmatch(code.strip()):
        return code.strip()
    return float(str(code).strip().replace(",", "."))


def _as_numbers(texts: pd.Series) -> pd.Series:
    """Return texts as numbers where all but a few codes in words are, otherwise nothing."""
    plain_texts = texts.astype("str").str.strip().str.replace(",", ".", regex=False)
    numbers = pd.to_numeric(plain_texts, errors="coerce").dropna()
    return numbers if len(numbers) >= len(texts) / 2 else pd.Series(dtype="float64")


def find_batteries(profiles: list[SourceProfile]) -> list[Battery]:
    """Group the source columns whose names differ in a number only and that label the same codes.

    Parameters
    ----------
    profiles : list of SourceProfile
        Of one file, in any order.

    Returns
    -------
    list of Battery
        Of two to :data:`MOST_ITEMS` columns, numbered without a gap from 0 or 1.
    """
    groups: dict[str, dict[int, SourceProfile]] = {}
    for profile in profiles:
        stem, index = stem_and_index(profile.name)
        if index is not None:
            groups.setdefault(profile.name[: profile.name.rindex(str(index))], {})[index] = profile
    batteries = []
    for stem, members in groups.items():
        numbers = sorted(members)
        complete = numbers == list(range(numbers[0], numbers[0] + len(numbers)))
        if complete and numbers[0] in (0, 1) and 2 <= len(numbers) <= MOST_ITEMS:
            items = [members[number] for number in numbers]
            if len({tuple(sorted(map(str, item.labels))) for item in items}) == 1:
                batteries.append(Battery(stem, tuple(item.name for item in items)))
    return batteries
