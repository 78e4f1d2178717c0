"""A student's own frame: which number of the table each of its cells is meant to be."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from math import isfinite
from typing import Any

import pandas as pd
from rapidfuzz import process

from mobiliteit.claims.terms import Text
from mobiliteit.errors import AnalysisError, Problem, brief
from mobiliteit.hints.recipe import SIGNIFICANT, Key
from mobiliteit.render import wording
from mobiliteit.results import TEST_STATISTICS
from mobiliteit.study_schema import ClassTable
from mobiliteit.tables import DIFFERENCE, TableResult

MOST_DECIMALS = 6
"""Numbers with as many are taken as not rounded."""
SUGGEST_FROM = 60  # likeness, of 100, from which a name is suggested
P_COLUMN = "p"

_TIDY = {
    "row": ("row", "rij"),
    "column": ("column", "kolom"),
    "value": ("value", "waarde"),
    "statistic": ("statistic", "statistiek", "maat"),
}
_STATISTICS = {
    "mean": ("mean", "gemiddelde"),
    "sd": ("sd", "std"),
    "percent": ("percent", "percentage"),
    "count": ("count", "aantal"),
    "n": ("n",),
    "p": ("p", "p value", "p waarde"),
    "beta": ("beta", "coefficient"),
    "r2_percent": ("r2 percent", "r2"),
    "F": ("f",),
    "chi2": ("chi2", "chi square", "chi kwadraat"),
    SIGNIFICANT: ("significant",),
}
_TEXT = re.compile(r"\*{0,3}\s*([-−]?)(\d*)(?:[.,](\d+))?\s*(?:%|\*{1,3}|[A-Za-z]+)*")
_VERDICTS = {"ja": 1.0, "yes": 1.0, "nee": 0.0, "no": 0.0}

TRANSPOSED = Text(
    nl="Rijen en kolommen stonden andersom; ze zijn omgedraaid.",
    en="Rows and columns stood the other way round; they were turned.",
)
AS_TEXT = Text(
    nl="Getallen stonden er als tekst met een decimale komma; zo zijn ze gelezen.",
    en="Numbers stood there as text with a decimal comma, and were read as such.",
)


@dataclass(frozen=True)
class Given:
    """One number of the student.

    Attributes
    ----------
    key : Key
        Which number of the table it is meant to be.
    text : str
        As it was written.
    value : float
        The number; 1 or 0 for ja or nee.
    decimals : int
        To how many decimals it is held against the computed one.
    marks : str
        The stars beside it, before or behind.
    """

    key: Key
    text: str
    value: float
    decimals: int
    marks: str = ""


def read_frame(frame: pd.DataFrame, result: TableResult) -> tuple[list[Given], list[Text]]:
    """Read a student's frame.

    Parameters
    ----------
    frame : pandas.DataFrame
        Rows and columns as those of the table, by their ids or by their labels in either language
        (capitals, accents and signs play no part; as index, or as the first column), or the other
        way round; or one number a line, with columns ``row``, ``column``, ``value`` and, if wanted,
        ``statistic``. A group table may have a column ``p``. Empty cells are left out. Texts may
        have a decimal comma, stars, percent sign and unit.
    result : TableResult
        The table as computed.

    Returns
    -------
    given : list of Given
        The numbers.
    notes : list of Text
        What was done to read them.

    Raises
    ------
    AnalysisError
        It is no frame, a name is not of the table, a cell is no number, a number stands there
        twice, or there is none: all problems together.
    """
    if not isinstance(frame, pd.DataFrame):
        raise _unreadable(
            [Problem(f"it is no table but a {type(frame).__name__}", "Give a pandas DataFrame.")]
        )
    names = _Names(result)
    problems: list[Problem] = []
    notes: list[Text] = []
    tidy = _tidy_columns(frame)
    twice = [part for part, name in tidy.items() if isinstance(frame[name], pd.DataFrame)]
    if twice:
        what = f"the columns {', '.join(twice)} stand there twice"
        raise _unreadable([Problem(what, "Give each of them once.")])
    if tidy:
        cells = list(_tidy_cells(frame, tidy))
    else:
        frame = _with_index(frame, names)
        if names.known(frame.columns, "row") + names.known(frame.index, "column") > names.known(
            frame.index, "row"
        ) + names.known(frame.columns, "column"):
            frame = frame.T
            notes.append(TRANSPOSED)
        cells = list(_wide_cells(frame))
    places = {
        line: {name: names.find(name, line, problems) for name in dict.fromkeys(used)}
        for line, used in (("row", [c[0] for c in cells]), ("column", [c[1] for c in cells]))
    }
    found: dict[Key, tuple[str, float, int]] = {}
    for row, column, statistic, cell in cells:
        parsed = _parse(cell, f"{row} / {column}", problems)
        key = names.key(places["row"][row], places["column"][column], statistic, parsed, problems)
        if parsed is None or key is None:
            continue
        if key in found:
            problems.append(Problem(f"{row} / {column} stands there twice", "Give it once."))
        found[key] = parsed
        if "," in parsed[0] and AS_TEXT not in notes:
            notes.append(AS_TEXT)
    if not found and not problems:
        problems.append(Problem("it holds no numbers", "Fill in at least one cell."))
    if problems:
        raise _unreadable(problems)
    return _with_decimals(found, isinstance(result.definition, ClassTable)), notes


def labels_of(result: TableResult) -> dict[str, Text]:
    """Return the labels of the rows and columns of a table by their keys."""
    rows, columns, headings = (
        [make(lang) for lang in ("nl", "en")]
        for make in (
            lambda lang: wording.row_labels(result, lang, coding=False),
            lambda lang: wording.column_labels(result, lang),
            lambda lang: wording.row_groups(result, lang),
        )
    )
    if isinstance(result.definition, ClassTable):
        rows = [
            {key: f"{heads[key]}: {label}" for key, label in names.items()}
            for names, heads in zip(rows, headings, strict=True)
        ]
    return {
        key: Text(nl=dutch[key], en=english[key])
        for dutch, english in (rows, columns)
        for key in dutch
    }


def _unreadable(problems: list[Problem]) -> AnalysisError:
    return AnalysisError("This frame cannot be compared with the table.", problems)


Cell = tuple[str, str, str | None, object]
Parsed = tuple[str, float, int]
WORD = -1  # in place of decimals: a ja or a nee


def _tidy_columns(frame: pd.DataFrame) -> dict[str, Any]:
    """Say which columns of a tidy frame are which; empty for a frame that is none."""
    plain: dict[str, Any] = {_plain(name): name for name in frame.columns}
    found = {part: plain[name] for part, known in _TIDY.items() for name in known if name in plain}
    return found if {"row", "column", "value"} <= set(found) else {}


def _tidy_cells(frame: pd.DataFrame, columns: Mapping[str, Any]) -> Iterable[Cell]:
    for _, line in frame.iterrows():
        statistic = str(line[columns["statistic"]]) if "statistic" in columns else None
        value = line[columns["value"]]
        if not _empty(value):
            yield str(line[columns["row"]]), str(line[columns["column"]]), statistic, value


def _wide_cells(frame: pd.DataFrame) -> Iterable[Cell]:
    columns: list[Any] = list(frame.columns)
    for position, column in enumerate(columns):
        statistic = None
        if isinstance(column, tuple):
            column, statistic = _joined(column[:-1]), str(column[-1])
        for row, value in zip(frame.index, frame.iloc[:, position], strict=True):
            if not _empty(value):
                yield _joined(row), str(column), statistic, value


def _joined(name: object) -> str:
    return " ".join(map(str, name)) if isinstance(name, tuple) else str(name)


def _empty(value: object) -> bool:
    if value is None or value is pd.NA or str(value).strip() == "":
        return True
    return pd.api.types.is_scalar(value) and value != value


def _with_index(frame: pd.DataFrame, names: _Names) -> pd.DataFrame:
    """Take the first column as the index where it names what the index does not."""
    if frame.shape[1] < 2 or isinstance(frame.columns, pd.MultiIndex):
        return frame
    lines: tuple[str, ...] = ("row", "column")
    first = max(names.known(frame.iloc[:, 0], line) for line in lines)
    if first > max(names.known(frame.index, line) for line in lines):
        return frame.set_index(frame.columns[0])
    return frame


def _plain(name: object) -> str:
    """Write a name without capitals, accents and signs."""
    text = unicodedata.normalize("NFKD", _joined(name)).casefold()
    text = "".join(sign for sign in text if not unicodedata.combining(sign))
    return " ".join(re.sub(r"[\W_]+", " ", text).split())


class _Names:
    """The names that the rows, columns and statistics of a table go by."""

    def __init__(self, result: TableResult) -> None:
        self.statistics = {
            (str(row), str(column)): str(statistic)
            for row, column, statistic in result.cells[["row", "column", "statistic"]].to_numpy()
        }
        self.names = {"row": self._of_rows(result), "column": self._of_columns(result)}

    @staticmethod
    def _of_rows(result: TableResult) -> dict[str, str]:
        table, study = result.definition, result.wave.study
        written: list[tuple[str, str]] = []
        for lang in ("nl", "en"):
            for coding in (True, False):
                labels = wording.row_labels(result, lang, coding=coding)
                written += [(label, key) for key, label in labels.items()]
                groups = wording.row_groups(result, lang)
                written += [(f"{groups[key]} {labels[key]}", key) for key in groups]
        if isinstance(table, ClassTable):
            for factor, classed in table.factors.items():
                for cls in study.categories(classed):
                    written += [(cls, f"{factor}_{cls}"), (f"{classed} {cls}", f"{factor}_{cls}")]
        return _unique(written, dict.fromkeys(result.cells["row"]))

    @staticmethod
    def _of_columns(result: TableResult) -> dict[str, str]:
        written = [
            (label, key)
            for lang in ("nl", "en")
            for key, label in wording.column_labels(result, lang).items()
        ]
        keys = dict.fromkeys(result.cells["column"])
        if DIFFERENCE in keys:
            written += [(name, P_COLUMN) for name in _STATISTICS["p"]]
        return _unique(written, keys)

    def known(self, names: Iterable[object], line: str) -> int:
        """Count how many names are those of a row, or of a column."""
        return sum(_plain(name) in self.names[line] for name in names)

    def find(self, name: str, line: str, problems: list[Problem]) -> str | None:
        """Return the row or column that goes by a name; None, and a problem, where none does."""
        known = self.names[line]
        plain = _plain(name)
        if plain in known:
            return known[plain]
        near = process.extract(plain, list(known), limit=3, score_cutoff=SUGGEST_FROM)
        close = list(dict.fromkeys(known[found] for found, _, _ in near))
        several = ", ".join(close or list(dict.fromkeys(known.values()))[:8])
        what = f"the table has no {line} {brief(name)!r}, or more than one that is called so"
        remedy = f"{'Perhaps one of' if close else 'Use one of'}: {several}; or leave it out."
        problems.append(Problem(what, remedy))
        return None

    def key(
        self,
        row: str | None,
        column: str | None,
        statistic: str | None,
        parsed: Parsed | None,
        problems: list[Problem],
    ) -> Key | None:
        """Say which number of the table a cell is; None where it is none, with the problem."""
        if row is None or column is None or parsed is None:
            return None
        if column == P_COLUMN:
            column, statistic = DIFFERENCE, "p"
        own = self.statistics.get((row, column))
        if own is None:
            problems.append(Problem(f"the table has no cell {row} / {column}", "Leave it empty."))
            return None
        if parsed[2] == WORD:
            if own not in TEST_STATISTICS:
                what = f"{row} / {column} is a number, and {parsed[0]!r} stands there"
                problems.append(Problem(what, "Write the number."))
                return None
            return Key(row, column, SIGNIFICANT)
        if statistic is None:
            return Key(row, column, own)
        asked = next((k for k, known in _STATISTICS.items() if _plain(statistic) in known), None)
        if asked is None:
            remedy = f"Use one of: {', '.join(_STATISTICS)}; or none."
            problems.append(Problem(f"there is no statistic {brief(statistic)!r}", remedy))
            return None
        return Key(row, column, asked)


def _unique(written: Iterable[tuple[str, str]], keys: Iterable[str]) -> dict[str, str]:
    """Keep names that stand for one thing; ids go before labels."""
    meant: dict[str, set[str]] = {}
    for name, key in written:
        meant.setdefault(_plain(name), set()).add(key)
    single = {name: next(iter(found)) for name, found in meant.items() if len(found) == 1}
    return single | {_plain(key): str(key) for key in keys}


def _parse(cell: object, place: str, problems: list[Problem]) -> Parsed | None:
    """Read a cell: its text, its number and its decimals; :data:`WORD` for a ja or a nee."""
    text = str(cell).strip()
    if text.casefold() in _VERDICTS:
        return text, _VERDICTS[text.casefold()], WORD
    if isinstance(cell, bool):
        return text, float(cell), WORD
    if not isinstance(cell, str):
        try:
            value = float(cell)  # type: ignore[arg-type]
        except (TypeError, ValueError):
            value = float("nan")
        if isfinite(value):
            exact = f"{value:.12g}"
            decimals = len(exact.partition(".")[2]) if "e" not in exact else MOST_DECIMALS
            return exact, value, min(decimals, MOST_DECIMALS)
    match = _TEXT.fullmatch(text)
    if match is None or not (match[2] or match[3]):
        problems.append(
            Problem(
                f"{place} holds {brief(text)!r}, which is no number",
                "Write one number there, or leave the cell empty.",
            )
        )
        return None
    value = float(f"{'-' if match[1] else ''}{match[2] or '0'}.{match[3] or '0'}")
    return text, value, min(len(match[3] or ""), MOST_DECIMALS)


def _with_decimals(found: Mapping[Key, Parsed], by_column: bool) -> list[Given]:
    """Give numbers the decimals of their line, since 2.80 as a number has lost its zero."""
    most: dict[tuple[str, str], int] = {}
    for key, (_, _, decimals) in found.items():
        line = (key.column if by_column else key.row, key.statistic)
        most[line] = max(most.get(line, 0), decimals)
    given = []
    for key, (text, value, decimals) in found.items():
        line = (key.column if by_column else key.row, key.statistic)
        written = decimals if decimals == WORD else most[line]
        given.append(Given(key, text, value, max(written, 0), "*" * text.count("*")))
    return given
