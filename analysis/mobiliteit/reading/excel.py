"""Excel workbooks: one sheet of answers, under one or more rows of headers.

The archive is looked through before it is opened (:mod:`mobiliteit.reading.archive`). A formula is
an error, not computed: the value stored beside it may be an old one.
"""

from __future__ import annotations

import datetime as dt
import zipfile
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from openpyxl import load_workbook
from openpyxl.utils import get_column_letter

from mobiliteit.errors import Problem, WaveError
from mobiliteit.reading.archive import check_archive, merged_cells
from mobiliteit.reading.parsed import EMPTY_DATE, Column, Parsed, column_of
from mobiliteit.reading.shape import TOTALS, check_size, name_problems, totals_problem

TRUTH: dict[float | str, str] = {1.0: "TRUE", 0.0: "FALSE"}
_EPOCH = dt.datetime(1970, 1, 1)


@dataclass
class Sheet:
    """The cells of a sheet.

    Attributes
    ----------
    header : list of list
        The values of the rows of headers.
    columns : list of list
        The answers, one list per column, None where empty.
    formulas, errors : list of str
        Cells that hold a formula, or an error such as ``#N/A``.
    blank : int
        Rows without any answer between others.
    """

    header: list[list[Any]]
    columns: list[list[Any]] = field(default_factory=list)
    formulas: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    blank: int = 0


def read(path: Path, kind: str, options: dict[str, Any], limits: dict[str, int]) -> Parsed:
    """Read a workbook.

    Parameters
    ----------
    path : Path
        The file.
    kind : str
        Not used.
    options : dict
        The fields of ``ExcelOptions``, or empty.
    limits : dict
        ``cells``: the most rows times columns; ``inflated``: the most bytes that it may unpack to.

    Returns
    -------
    Parsed
        Without `sheet`, the first visible sheet with answers; a caution names the others. Truth
        values are 1 and 0, labelled so; times are seconds; a column of several kinds is text. Rows
        of headers other than that of the names are the labels, a merged cell that of all its
        columns.

    Raises
    ------
    WaveError
        It is no workbook, unpacks to too much, has no such sheet, formulas or errors in cells,
        names that are empty or the same.
    """
    with zipfile.ZipFile(path) as archive:
        check_archive(archive, limits)
        macros = any(name.endswith("vbaProject.bin") for name in archive.namelist())
        book = load_workbook(path, read_only=True, data_only=False, keep_links=False)
        header_rows = options.get("header_rows", 1)
        names_row = options.get("names_row") or header_rows
        if names_row > header_rows:
            raise _refuse(
                f"`names_row` is {names_row}, of {header_rows} rows of headers",
                "Correct `file.excel` in the sidecar.",
            )
        chosen, sheet = _choose(book, options.get("sheet"), header_rows, limits)
        if header_rows > 1:
            _spread_merged(sheet.header, archive, chosen._worksheet_path)
    names, labels, kept = _names(sheet, names_row - 1)
    problems = [*_cell_problems(chosen.title, sheet), *name_problems(names)]
    cautions = _cautions(book, chosen.title, macros, sheet)
    parsed = Parsed(
        rows=len(sheet.columns[0]) if sheet.columns else 0,
        columns={},
        labels=labels,
        facts={
            "format": "Excel (.xlsm)" if macros else "Excel (.xlsx)",
            "sheet": chosen.title,
            "header_rows": str(header_rows),
        },
        cautions=cautions,
    )
    if not problems:
        problems += _totals(sheet, names, kept)
    if problems:
        raise WaveError("", problems)
    times, mixed = [], []
    for name, place in zip(names, kept, strict=True):
        column, what = typed_column(sheet.columns[place])
        parsed.columns[name] = column
        if what == "truth":
            parsed.value_labels[name] = dict(TRUTH)
        times += [name] if what == "time" else []
        mixed += [name] if what == "mixed" else []
    if times:
        cautions.append(f"times of day and durations are given as seconds: {', '.join(times)}")
    if mixed:
        cautions.append(f"columns with numbers and text are read as text: {', '.join(mixed)}")
    return parsed


def _choose(
    book: Any, named: str | None, header_rows: int, limits: dict[str, int]
) -> tuple[Any, Sheet]:
    sheets = book.worksheets
    if named is not None:
        found = [sheet for sheet in sheets if sheet.title == named]
        if not found:
            raise _refuse(
                f"it has no sheet {named}; it has: {', '.join(s.title for s in sheets)}",
                "Correct `file.excel.sheet`.",
            )
        return found[0], _cells(found[0], header_rows, limits)
    for sheet in sheets:
        if sheet.sheet_state == "visible":
            cells = _cells(sheet, header_rows, limits)
            if cells.columns or any(any(row) for row in cells.header):
                return sheet, cells
    raise _refuse("it has no visible sheet with answers", "Name one under `file.excel.sheet`.")


def _cells(sheet: Any, header_rows: int, limits: dict[str, int]) -> Sheet:
    # Programs write the size of a sheet wrongly; the cells themselves tell.
    sheet.reset_dimensions()
    cells = Sheet(header=[])
    pending, rows = 0, 0
    for number, row in enumerate(sheet.iter_rows(), start=1):
        values = [_value(cell, number, place, cells) for place, cell in enumerate(row, start=1)]
        while values and values[-1] is None:
            values.pop()
        if number <= header_rows:
            cells.header.append(values)
        elif not values:
            pending += 1
        else:
            cells.blank, pending = cells.blank + pending, 0
            while len(cells.columns) < len(values):
                cells.columns.append([None] * rows)
            rows += 1
            check_size(rows, len(cells.columns), limits)
            values += [None] * (len(cells.columns) - len(values))
            for column, value in zip(cells.columns, values, strict=True):
                column.append(value)
    return cells


def _value(cell: Any, row: int, place: int, cells: Sheet) -> Any:
    value = cell.value
    if value is None:
        return None
    if cell.data_type == "f":
        cells.formulas.append(f"{get_column_letter(place)}{row}")
    elif cell.data_type == "e":
        cells.errors.append(f"{get_column_letter(place)}{row} ({value})")
    elif isinstance(value, str):
        return value if value.strip() else None
    return value


def _spread_merged(header: list[list[Any]], archive: zipfile.ZipFile, member: str) -> None:
    """Give every cell of a merged region in the headers the text of its first."""
    width = max(map(len, header), default=0)
    for left, top, right, bottom in merged_cells(archive, member):
        if top > len(header):
            continue
        source = header[top - 1]
        text = source[left - 1] if left <= len(source) else None
        for row in header[top - 1 : bottom]:
            row.extend([None] * (min(right, max(width, right)) - len(row)))
            for place in range(left - 1, right):
                row[place] = text


def _names(sheet: Sheet, names_row: int) -> tuple[list[str], dict[str, str], list[int]]:
    """Return names, labels, and the places of the columns that have a name or an answer."""
    width = max([len(sheet.columns), *map(len, sheet.header)])
    rows = len(sheet.columns[0]) if sheet.columns else 0
    while len(sheet.columns) < width:
        sheet.columns.append([None] * rows)
    heads = [
        ["" if n >= len(row) or row[n] is None else as_text(row[n]).strip() for n in range(width)]
        for row in sheet.header
    ]
    names, labels, kept = [], {}, []
    for place in range(width):
        name = heads[names_row][place] if names_row < len(heads) else ""
        if not name and all(value is None for value in sheet.columns[place]):
            continue
        others = [row[place] for n, row in enumerate(heads) if n != names_row]
        parts = dict.fromkeys(text for text in others if text and text != name)
        if parts:
            labels[name] = " - ".join(parts)
        names.append(name)
        kept.append(place)
    return names, labels, kept


def _cell_problems(title: str, sheet: Sheet) -> list[Problem]:
    problems = []
    if sheet.formulas:
        problems.append(
            Problem(
                f"{len(sheet.formulas)} cells of sheet {title} hold formulas; what they last gave "
                "may be out of date",
                "In Excel, copy the sheet and paste it as values; then save.",
                rows=tuple(sheet.formulas),
            )
        )
    if sheet.errors:
        problems.append(
            Problem(
                f"{len(sheet.errors)} cells of sheet {title} hold an error",
                "Correct them in Excel, or empty them.",
                rows=tuple(sheet.errors),
            )
        )
    return problems


def _cautions(book: Any, title: str, macros: bool, sheet: Sheet) -> list[str]:
    cautions = ["its macros were left alone"] if macros else []
    for state, said in ((True, "sheets that were not read"), (False, "hidden sheets, not read")):
        others = [
            other.title
            for other in book.worksheets
            if other.title != title and (other.sheet_state == "visible") is state
        ]
        if others:
            cautions.append(f"{said}: {', '.join(others)}")
    if sheet.blank:
        cautions.append(f"empty rows between others are left out: {sheet.blank}")
    return cautions


def _totals(sheet: Sheet, names: list[str], kept: list[int]) -> list[Problem]:
    for name, place in zip(names, kept, strict=True):
        *others, last = sheet.columns[place] or [None]
        if last is None:
            continue
        found = isinstance(last, str) and TOTALS.fullmatch(last.strip())
        filled = [value for value in others if value is not None]
        if found and filled and all(isinstance(value, (int, float)) for value in filled):
            return [totals_problem(last.strip(), name, len(sheet.columns[place]))]
        return []
    return []


def typed_column(values: list[Any]) -> tuple[Column, str]:
    """Make a column of the values of cells.

    Parameters
    ----------
    values : list
        Numbers, truth values, dates, times, texts; None where empty.

    Returns
    -------
    Column, str
        The column, and what it holds: 'number', 'text', 'truth', 'date', 'time' (in seconds), or
        'mixed', which becomes text.
    """
    kinds = {_KINDS.get(type(value), "text") for value in values if value is not None}
    if not kinds:
        return column_of(values), "number"
    if len(kinds) > 1:
        return column_of([None if value is None else as_text(value) for value in values]), "mixed"
    (kind,) = kinds
    if kind == "date":
        moments = [EMPTY_DATE if value is None else _microseconds(value) for value in values]
        return Column("date", np.array(moments, dtype="int64")), kind
    converters: dict[str, Callable[[Any], float | str]] = {"time": _seconds, "text": str}
    convert = converters.get(kind, float)
    return column_of([None if value is None else convert(value) for value in values]), kind


_KINDS: dict[type, str] = {
    int: "number",
    float: "number",
    bool: "truth",
    dt.datetime: "date",
    dt.date: "date",
    dt.time: "time",
    dt.timedelta: "time",
}


def as_text(value: Any) -> str:
    """Write the value of a cell as people see it: 3, not 3.0; TRUE; 2031-02-17."""
    if isinstance(value, bool):
        return TRUTH[float(value)]
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    if isinstance(value, dt.datetime) and value.time() == dt.time():
        return value.date().isoformat()
    return str(value)


def _microseconds(value: dt.date) -> int:
    moment = value if isinstance(value, dt.datetime) else dt.datetime.combine(value, dt.time())
    return (moment.replace(tzinfo=None) - _EPOCH) // dt.timedelta(microseconds=1)


def _seconds(value: dt.time | dt.timedelta) -> float:
    if isinstance(value, dt.time):
        value = dt.datetime.combine(_EPOCH, value.replace(tzinfo=None)) - _EPOCH
    return value.total_seconds()


def _refuse(what: str, remedy: str) -> WaveError:
    return WaveError("", [Problem(what, remedy)])
