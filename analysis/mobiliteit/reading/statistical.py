"""SPSS, Stata and SAS: answers with labels, value labels, and missing codes that stay codes.

Parsed by ReadStat (through pyreadstat). Its limits, as far as they matter here: of a portable file,
letters outside ASCII are lost, and a missing range "from x up" loses its start.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import numpy as np

# The public read_por and read_xport blank missing codes; their common entry does not.
from pyreadstat._readstat_parser import parser_entry_point

from mobiliteit.errors import Problem, WaveError
from mobiliteit.reading.parsed import EMPTY_DATE, Column, Parsed, column_of
from mobiliteit.reading.shape import check_size

DAY = 86_400
SECONDS_FROM_1582 = 141_428 * DAY  # 14 October 1582, where SPSS counts from, to 1 January 1970
SECONDS_FROM_1960 = 3_653 * DAY  # 1 January 1960, where Stata and SAS count from
FIRST_SECOND, LAST_SECOND = -62_135_596_800, 253_402_300_799  # the years 1 to 9999
REPLACED = "\N{REPLACEMENT CHARACTER}"

_SPSS_DATES = {
    *("DATE", "ADATE", "EDATE", "JDATE", "SDATE", "QYR", "MOYR", "WKYR", "DATETIME", "YMDHMS"),
}
_SPSS_TIMES = {"TIME", "DTIME", "MTIME"}
_SAS_DATES = re.compile(
    r"DATE|(YYMMDD|DDMMYY|MMDDYY)[BCDNPS]?|WEEKDAT[EX]|[EB]8601DA|IS8601DA|MONYY|JULIAN|YYMON"
)
_SAS_MOMENTS = re.compile(r"DATETIME|DATEAMPM|MDYAMPM|DTDATE|[EB]8601D[TN]|IS8601DT")
_SAS_TIMES = re.compile(r"TIME|TIMEAMPM|TOD|HHMM|MMSS|[EB]8601TM|IS8601TM")
_NAMES = {
    "sav/zsav": "SPSS",
    "por": "SPSS portable (.por)",
    "dta": "Stata (.dta)",
    "sas7bdat": "SAS (.sas7bdat)",
    "xport": "SAS transport (.xpt)",
}


def read(path: Path, kind: str, options: dict[str, Any], limits: dict[str, int]) -> Parsed:
    """Read a file of a statistical package.

    Parameters
    ----------
    path : Path
        The file.
    kind : {'sav/zsav', 'por', 'dta', 'sas7bdat', 'xport'}
        Its format.
    options : dict
        None are known.
    limits : dict
        ``cells``: the most rows times columns.

    Returns
    -------
    Parsed
        Times of day and durations are seconds. Of SAS, value labels are in a catalog of its own,
        which is not read; a caution says so.

    Raises
    ------
    WaveError
        Too many cells, columns of one name, or dates that cannot be.
    """
    values, meta = parser_entry_point(
        str(path),
        parser_format=kind,
        output_format="dict",
        disable_datetime_conversion=True,
        user_missing=True,
    )
    rows = len(next(iter(values.values()), []))
    check_size(rows, len(values), limits)
    parsed = Parsed(rows=rows, columns={}, facts={"format": _NAMES[kind]})
    if kind == "sav/zsav":
        parsed.facts["format"] += " (.zsav)" if _is_zsav(path) else " (.sav)"
    if meta.file_encoding:
        parsed.facts["encoding"] = str(meta.file_encoding)
    problems: list[Problem] = []
    if len(values) != len(meta.column_names):
        problems.append(
            Problem("several columns have the same name", "Ask the supplier for it again.")
        )
    times = []
    for name, cells in values.items():
        is_text = meta.readstat_variable_types.get(name) == "string"
        unit, start = _clock(kind, meta.original_variable_types.get(name) or "")
        if is_text:
            column = column_of([value or None for value in cells])
        elif name in meta.missing_user_values:
            column = column_of([_tagged(value) for value in cells])
        else:
            column = Column("number", np.array(cells, dtype="float64"))
        if unit and start is None:
            times.append(name)
        if unit and column.kind == "number":
            column = _dated(name, column, unit, start, problems)
        parsed.columns[name] = column
    if problems:
        raise WaveError("", problems)
    _describe(parsed, meta, kind)
    if times:
        parsed.cautions.append(
            f"times of day and durations are given as seconds: {', '.join(times)}"
        )
    return parsed


def _is_zsav(path: Path) -> bool:
    with path.open("rb") as stream:
        return stream.read(4) == b"$FL3"


def _tagged(value: Any) -> Any:
    """Name an extended missing value of a numeric column as Stata and SAS do: ``.a``."""
    return f".{value.lower()}" if isinstance(value, str) else value


def _clock(kind: str, written: str) -> tuple[float, int | None]:
    """Return what one unit of a column is in seconds (0: no time at all), and where it starts.

    A time of day or a duration has no start.
    """
    if kind == "dta":
        form = written.replace("-", "")
        if form.startswith(("%td", "%d")):
            return DAY, SECONDS_FROM_1960
        return (0.001, SECONDS_FROM_1960) if form.startswith(("%tc", "%tC")) else (0, None)
    form = re.sub(r"\d*(\.\d*)?$", "", written.upper())
    if kind in {"sav/zsav", "por"}:
        if form in _SPSS_DATES:
            return 1, SECONDS_FROM_1582
        return (1, None) if form in _SPSS_TIMES else (0, None)
    if _SAS_DATES.fullmatch(form):
        return DAY, SECONDS_FROM_1960
    if _SAS_MOMENTS.fullmatch(form):
        return 1, SECONDS_FROM_1960
    return (1, None) if _SAS_TIMES.fullmatch(form) else (0, None)


def _dated(
    name: str, column: Column, unit: float, start: int | None, problems: list[Problem]
) -> Column:
    seconds = column.data * unit - (start or 0)
    if start is None:
        return Column("number", seconds)
    filled = ~np.isnan(seconds)
    wrong = filled & ~((seconds >= FIRST_SECOND) & (seconds <= LAST_SECOND))
    if wrong.any():
        problems.append(
            Problem(
                "it holds dates that cannot be",
                "Ask the supplier for it again, or as plain numbers.",
                column=name,
                values=tuple(f"{value:g}" for value in np.unique(column.data[wrong])),
                rows=tuple(f"row {row + 1}" for row in np.flatnonzero(wrong)),
            )
        )
        return column
    moments = np.full(len(seconds), EMPTY_DATE)
    moments[filled] = np.round(seconds[filled] * 1e6).astype("int64")
    return Column("date", moments)


def _describe(parsed: Parsed, meta: Any, kind: str) -> None:
    for name, label in meta.column_names_to_labels.items():
        if label and name in parsed.columns:
            parsed.labels[name] = str(label)
    for name, pairs in meta.variable_value_labels.items():
        if name in parsed.columns:
            texts = meta.readstat_variable_types.get(name) == "string"
            parsed.value_labels[name] = {
                code if texts else _code(code): str(label) for code, label in pairs.items()
            }
    lost = []
    for name, ranges in meta.missing_ranges.items():
        bounds = [(entry["lo"], entry["hi"]) for entry in ranges]
        if any(low == np.inf for low, _ in bounds):
            lost.append(name)
        codes = [low for low, high in bounds if low == high and low != np.inf]
        spans = [(low, high) for low, high in bounds if low != high]
        if codes or spans:
            parsed.missing[name] = (codes, spans)
    for name, tags in meta.missing_user_values.items():
        parsed.missing[name] = ([_tagged(tag) for tag in tags], [])
    if lost:
        parsed.cautions.append(
            "missing codes from some code upwards are declared, but a portable file does not let "
            f"itself be read further; list them in the sidecar: {', '.join(lost)}"
        )
    texts = [
        *parsed.labels.values(),
        *(t for v in parsed.value_labels.values() for t in v.values()),
    ]
    if any(REPLACED in text for text in texts):
        parsed.cautions.append("letters outside ASCII were lost in some labels")
    if kind in {"sas7bdat", "xport"}:
        parsed.cautions.append("SAS keeps value labels in a catalog, which is not read")


def _code(code: Any) -> Any:
    return _tagged(code) if isinstance(code, str) else float(code)
