"""A table on its way from the process that parses to the one that asked: numbers and text only.

What comes back may come from a parser that a damaged file has led astray. So it is plain data:
arrays of numbers in NumPy's format, read without pickle, and JSON; and it is held against itself
before anything is made of it.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

import numpy as np

from mobiliteit.errors import Problem

Kind = Literal["number", "date", "coded"]
DTYPES: dict[str, str] = {"number": "float64", "date": "int64", "coded": "int32"}
EMPTY_DATE = np.iinfo("int64").min
EMPTY_CODE = -1


class Garbage(Exception):
    """What came back from the parsing process is not what was agreed."""


@dataclass(frozen=True)
class Column:
    """One column.

    Attributes
    ----------
    kind : {'number', 'date', 'coded'}
        How `data` is to be read.
    data : numpy.ndarray
        One value per row: numbers (NaN where empty), microseconds since 1970 (`EMPTY_DATE` where
        empty), or positions in `distinct` (`EMPTY_CODE` where empty).
    distinct : list of str or float
        The values of a coded column: texts, or texts among numbers.
    """

    kind: Kind
    data: np.ndarray
    distinct: list[float | str] = field(default_factory=list)


@dataclass
class Parsed:
    """A table as a parser gives it; the fields are those of :class:`RawTable`.

    `missing` maps a column to its codes and its ranges.
    """

    rows: int
    columns: dict[str, Column]
    labels: dict[str, str] = field(default_factory=dict)
    value_labels: dict[str, dict[float | str, str]] = field(default_factory=dict)
    missing: dict[str, tuple[list[float | str], list[tuple[float, float]]]] = field(
        default_factory=dict
    )
    facts: dict[str, str] = field(default_factory=dict)
    cautions: list[str] = field(default_factory=list)


class Positions(dict[Any, int]):
    """Numbers values in the order in which they are first asked for."""

    def __missing__(self, key: Any) -> int:
        """Give a value that was not seen before the next number."""
        self[key] = number = len(self)
        return number


def column_of(values: Sequence[float | str | None]) -> Column:
    """Make a column of numbers and texts, None where empty.

    Parameters
    ----------
    values : sequence of float, str or None
        One per row.

    Returns
    -------
    Column
        Of kind 'number' where no text occurs (also where all is empty), else 'coded'.
    """
    # None becomes NaN; text that looks like a number must not pass for one.
    if not any(isinstance(value, str) for value in values):
        return Column("number", np.array(values, dtype="float64"))
    positions = Positions()
    codes = (EMPTY_CODE if value is None else positions[value] for value in values)
    return Column("coded", np.fromiter(codes, "int32", len(values)), list(positions))


def save(parsed: Parsed, folder: Path) -> None:
    """Write a table as ``table.json`` and one array per kind of column."""
    described = []
    for kind, dtype in DTYPES.items():
        chosen = [column.data for column in parsed.columns.values() if column.kind == kind]
        np.save(folder / f"{kind}.npy", np.array(chosen, dtype=dtype).reshape(-1, parsed.rows))
    for name, column in parsed.columns.items():
        described.append([name, column.kind, column.distinct])
    answer = {
        "rows": parsed.rows,
        "columns": described,
        "labels": parsed.labels,
        "value_labels": {name: list(v.items()) for name, v in parsed.value_labels.items()},
        "missing": parsed.missing,
        "facts": parsed.facts,
        "cautions": parsed.cautions,
    }
    (folder / "table.json").write_text(json.dumps(answer), encoding="utf-8")


def save_problems(problems: Iterable[Problem], folder: Path) -> None:
    """Write why there is no table."""
    described = [
        {
            "what": problem.what,
            "remedy": problem.remedy,
            "column": problem.column,
            "values": problem.values,
            "rows": problem.rows,
        }
        for problem in problems
    ]
    (folder / "problems.json").write_text(json.dumps(described), encoding="utf-8")


def load(folder: Path) -> Parsed | list[Problem]:
    """Read what the parsing process wrote.

    Parameters
    ----------
    folder : Path
        Where :func:`save` or :func:`save_problems` wrote.

    Returns
    -------
    Parsed or list of Problem
        The table, or why there is none.

    Raises
    ------
    Garbage
        It is neither.
    """
    try:
        if (folder / "problems.json").exists():
            return [_problem(entry) for entry in _json(folder / "problems.json")]
        return _table(_json(folder / "table.json"), folder)
    except (OSError, ValueError, TypeError, KeyError, EOFError, AttributeError) as error:
        raise Garbage(str(error)) from error


def _json(path: Path) -> Any:
    return json.loads(path.read_text(encoding="utf-8"))


def _problem(entry: Any) -> Problem:
    column = entry["column"]
    return Problem(
        str(entry["what"]),
        str(entry["remedy"]),
        column=None if column is None else str(column),
        values=tuple(map(str, entry["values"])),
        rows=tuple(map(str, entry["rows"])),
    )


def _table(answer: Any, folder: Path) -> Parsed:
    rows = answer["rows"]
    if not isinstance(rows, int) or rows < 0:
        raise ValueError("rows")
    arrays = {}
    for kind, dtype in DTYPES.items():
        array = np.load(folder / f"{kind}.npy", allow_pickle=False)
        asked = sum(entry[1] == kind for entry in answer["columns"])
        if array.dtype != dtype or array.shape != (asked, rows):
            raise ValueError(f"{kind}: {array.dtype} {array.shape}")
        arrays[kind] = iter(array)
    columns = {}
    for name, kind, distinct in answer["columns"]:
        data = next(arrays[kind])
        values = [_code(value) for value in distinct]
        if kind == "coded" and rows and not -1 <= data.min() <= data.max() < len(values):
            raise ValueError(f"codes of {name}")
        columns[str(name)] = Column(kind, data, values)
    if len(columns) != len(answer["columns"]):
        raise ValueError("columns")
    return Parsed(
        rows=rows,
        columns=columns,
        labels=_texts(answer["labels"]),
        value_labels={
            str(name): {_code(code): str(label) for code, label in pairs}
            for name, pairs in answer["value_labels"].items()
        },
        missing={
            str(name): (
                [_code(code) for code in codes],
                [(float(low), float(high)) for low, high in ranges],
            )
            for name, (codes, ranges) in answer["missing"].items()
        },
        facts=_texts(answer["facts"]),
        cautions=[str(text) for text in answer["cautions"]],
    )


def _texts(mapping: Any) -> dict[str, str]:
    return {str(key): str(value) for key, value in mapping.items()}


def _code(value: Any) -> float | str:
    return value if isinstance(value, str) else float(value)
