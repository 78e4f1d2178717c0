"""Text files: columns parted by a sign, in whatever encoding and notation of numbers.

What the sidecar does not state is found, and said in the facts. Texts stay texts, also those that
begin with ``=``; so do dates.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

from mobiliteit.errors import Problem, WaveError
from mobiliteit.reading.encoding import decode
from mobiliteit.reading.numerals import Notation, find_notation, has_currency, to_numbers
from mobiliteit.reading.parsed import EMPTY_CODE, Column, Parsed, Positions
from mobiliteit.reading.shape import TOTALS, check_size, name_problems, totals_problem

SEPARATORS = {";": "semicolon (;)", ",": "comma (,)", "\t": "tab", "|": "bar (|)"}
SAMPLE = 200
CHUNK = 10_000
LONGEST_FIELD = 2**20


def read(path: Path, kind: str, options: dict[str, Any], limits: dict[str, int]) -> Parsed:
    """Read a text file.

    Parameters
    ----------
    path : Path
        The file; its first line (after a ``sep=`` of Excel) names the columns.
    kind : str
        Not used.
    options : dict
        The fields of ``CsvOptions``, or empty.
    limits : dict
        ``cells``: the most rows times columns.

    Returns
    -------
    Parsed
        A column where all that is filled in is a number is a column of numbers; every other is
        text as delivered, so that ``1`` and ``weet niet`` stay together. Fields of nothing but
        spaces are empty. Empty lines, and a last column without name or content, are left out with
        a caution.

    Raises
    ------
    WaveError
        Wrong encoding, no separator, lines with too few or too many fields, quotes that do not
        close, names that are empty or the same, a line of totals, numbers that can be read in two
        ways.
    """
    csv.field_size_limit(LONGEST_FIELD)
    decoded = decode(path.read_bytes(), options.get("encoding"))
    text = decoded.text.rstrip("\x1a")
    cautions = [decoded.caution] if decoded.caution else []
    declared, start = _sep_line(text)
    stated = options.get("separator")
    if stated and declared and stated != declared:
        raise _refuse(
            f"the sidecar says that {SEPARATORS.get(stated, stated)} parts the columns, the first "
            f"line of the file says {SEPARATORS.get(declared, declared)}",
            "Correct `file.csv.separator`, or leave it out.",
        )
    separator, known = _separator(text[start:], stated, declared)
    facts = {
        "format": "text (CSV)",
        "encoding": decoded.encoding,
        "separator": f"{SEPARATORS.get(separator, separator)} ({known})",
    }
    names, coded = _columns(text, start, separator, cautions, limits)
    rows = len(coded[0][0]) if coded else 0
    distinct = {name: list(texts) for name, (_, texts) in zip(names, coded, strict=True)}
    notation = find_notation(
        {name: [t for t in texts if t.strip()] for name, texts in distinct.items()},
        decimal=options.get("decimal"),
        thousands=options.get("thousands"),
        separator=separator,
    )
    if notation.problems:
        raise WaveError("", notation.problems)
    columns = {
        name: _column(codes, distinct[name], notation)
        for name, (codes, _) in zip(names, coded, strict=True)
    }
    money = [n for n in names if columns[n].kind == "number" and has_currency(distinct[n])]
    if money:
        cautions.append(f"amounts of money are read as plain numbers: {', '.join(money)}")
    return Parsed(
        rows=rows,
        columns=columns,
        facts=facts | notation.facts,
        cautions=[*cautions, *notation.cautions],
    )


def _sep_line(text: str) -> tuple[str | None, int]:
    """Read Excel's own first line, ``sep=;``: the separator, and where the table starts."""
    match = re.match(r"\"?sep=([^\r\n])\"?[^\S\r\n]*(?:\r\n|\r|\n)", text, re.IGNORECASE)
    return (match[1], match.end()) if match else (None, 0)


def _records(text: str, start: int, separator: str) -> Iterator[tuple[int, list[str]]]:
    """Yield the line on which each record starts, and its fields; lines without any are skipped."""
    lines = io.StringIO(text, newline="")
    lines.seek(start)
    offset = 1 if start else 0
    reader = csv.reader(lines, delimiter=separator, strict=True)
    while True:
        line = reader.line_num + offset + 1
        try:
            fields = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            raise _refuse(
                f"its quotes do not close, or a separator is missing after one ({error})",
                "Correct the line in the file, or ask the supplier for it again.",
                rows=(f"line {line}",),
            ) from None
        if fields:
            yield line, fields


def _separator(text: str, stated: str | None, declared: str | None) -> tuple[str, str]:
    fits = {}
    for separator in dict.fromkeys((*SEPARATORS, stated, declared)):
        if separator is not None:
            fits[separator] = _fit(text, separator)
    given = stated or declared
    best = max(fits, key=lambda separator: fits[separator])
    width = fits[given or best][1]
    if given and (width > 1 or fits[best][1] == 1):
        return given, "stated" if stated else "named on the first line"
    if given:
        raise _refuse(
            f"{SEPARATORS.get(given, given)} is said to part the columns, but parts nothing; "
            f"{SEPARATORS.get(best, best)} does",
            "Correct `file.csv.separator`, or leave it out.",
        )
    if width == 1:
        raise _refuse(
            "no sign was found that parts its lines into columns "
            f"(tried: {', '.join(SEPARATORS.values())})",
            "Check that it is a table; state `file.csv.separator` if it is another sign.",
        )
    return best, "found"


def _fit(text: str, separator: str) -> tuple[float, int]:
    """Share of the first records with as many fields as the header, and how many those are."""
    widths = []
    try:
        for _, fields in _records(text, 0, separator):
            widths.append(len(fields))
            if len(widths) == SAMPLE:
                break
    except WaveError:
        pass  # of this separator the quotes make no sense; the records before count
    if not widths or widths[0] == 1:
        return 0.0, 1
    return round(sum(width == widths[0] for width in widths) / len(widths), 2), widths[0]


def _columns(
    text: str, start: int, separator: str, cautions: list[str], limits: dict[str, int]
) -> tuple[list[str], list[tuple[np.ndarray, Positions]]]:
    """Read all records into one array of positions per column, and what they point at."""
    records = _records(text, start, separator)
    header_line, header = next(records, (1, []))
    names = [name.strip() for name in header]
    while len(names) > 1 and not names[-1]:
        names.pop()
    width = len(names)
    ragged: list[tuple[int, int]] = []
    coded: list[tuple[list[np.ndarray], Positions]] = [([], Positions()) for _ in names]
    rows, surplus, blank, last = 0, len(header) > width, 0, header
    chunk: list[list[str]] = []
    for line, fields in records:
        if len(fields) > width and not any(field.strip() for field in fields[width:]):
            surplus, fields = True, fields[:width]
        if len(fields) != width:
            ragged.append((line, len(fields)))
            continue
        if not any(field.strip() for field in fields):
            blank += 1
            continue
        last = fields
        chunk.append(fields)
        rows += 1
        if len(chunk) == CHUNK:
            check_size(rows, width, limits)
            _append(coded, chunk)
            chunk = []
    check_size(rows, width, limits)
    _append(coded, chunk)
    problems = [*name_problems(names), *_ragged(ragged, width, rows, header_line)]
    if not problems and to_numbers(names, "", "") is not None:
        problems.append(
            Problem(
                "its first line holds numbers: the names of the columns are not there",
                "Put a line with names above the answers.",
            )
        )
    if not problems and rows > 1:
        problems += _totals(last, names, coded, rows)
    if problems:
        raise WaveError("", problems)
    if surplus:
        cautions.append("lines end with separators after which nothing follows; these are left out")
    if blank:
        cautions.append(f"lines with nothing but separators are left out: {blank}")
    empty = np.empty(0, dtype="int32")
    return names, [(np.concatenate([empty, *parts]), seen) for parts, seen in coded]


def _append(coded: list[tuple[list[np.ndarray], Positions]], chunk: list[list[str]]) -> None:
    for (parts, seen), fields in zip(coded, zip(*chunk, strict=True), strict=False):
        parts.append(np.fromiter(map(seen.__getitem__, fields), "int32", len(fields)))


def _ragged(
    ragged: list[tuple[int, int]], width: int, rows: int, header_line: int
) -> list[Problem]:
    if not ragged:
        return []
    others = {fields for _, fields in ragged}
    if rows == 0 and len(others) == 1:
        return [
            Problem(
                f"the line with names has {width} fields, all others have {others.pop()}",
                "Remove what stands above the names, or correct the names.",
                rows=(f"line {header_line}",),
            )
        ]
    return [
        Problem(
            f"{len(ragged)} lines do not have {width} fields, as the line with names has",
            "Correct them in the file: remove titles, notes and totals, and put text that holds "
            "the separator in quotes.",
            rows=tuple(f"line {line} ({fields} fields)" for line, fields in ragged),
        )
    ]


def _totals(
    last: list[str], names: list[str], coded: list[tuple[list[np.ndarray], Positions]], rows: int
) -> list[Problem]:
    """Recognize a last line of totals: its word stands where all other lines have a number."""
    place = next((n for n, field in enumerate(last) if field.strip()), 0)
    word = last[place].strip()
    others = [text for text in coded[place][1] if text.strip() and text.strip() != word]
    if not TOTALS.fullmatch(word) or not others or to_numbers(others, ".", "") is None:
        return []
    return [totals_problem(word, names[place], rows)]


def _column(codes: np.ndarray, texts: list[str], notation: Notation) -> Column:
    filled = [text for text in texts if text.strip()]
    numbers = to_numbers(filled, notation.decimal, notation.thousands)
    if numbers is not None:
        values = dict(zip(filled, numbers, strict=True))
        return Column("number", np.array([values.get(text, np.nan) for text in texts])[codes])
    places = {text: place for place, text in enumerate(filled)}
    lookup = np.array([places.get(text, EMPTY_CODE) for text in texts], dtype="int32")
    return Column("coded", lookup[codes], list(filled))


def _refuse(what: str, remedy: str, rows: tuple[str, ...] = ()) -> WaveError:
    return WaveError("", [Problem(what, remedy, rows=rows)])
