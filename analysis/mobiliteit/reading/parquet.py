"""Parquet files: a table of typed columns."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

# here, since importing it takes longer than a file does, and every file is read in a new fork
import pyarrow.compute as pc
import pyarrow.parquet as pq

from mobiliteit.errors import Problem, WaveError
from mobiliteit.reading.parsed import EMPTY_CODE, EMPTY_DATE, Column, Parsed
from mobiliteit.reading.shape import check_size, name_problems

EXACT = 2**53
_DTYPES = {pa.float64(): "float64", pa.int64(): "int64", pa.int32(): "int32"}
TRUTH: dict[float | str, str] = {1.0: "TRUE", 0.0: "FALSE"}


def read(path: Path, kind: str, options: dict[str, Any], limits: dict[str, int]) -> Parsed:
    """Read a Parquet file.

    Parameters
    ----------
    path : Path
        The file.
    kind : str
        Not used.
    options : dict
        None are known.
    limits : dict
        ``cells``: the most rows times columns; ``inflated``: the most bytes that it may unpack to.

    Returns
    -------
    Parsed
        Truth values are 1 and 0, labelled so; times are seconds; whole numbers that a double does
        not hold exactly are text. Moments with a time zone are given in UTC.

    Raises
    ------
    WaveError
        Too large, columns of one name, or columns that hold more than one value per row.
    """
    with pq.ParquetFile(path, pre_buffer=False) as file:
        about = file.metadata
        check_size(about.num_rows, about.num_columns, limits)
        size = sum(about.row_group(n).total_byte_size for n in range(about.num_row_groups))
        if size > limits["inflated"]:
            problem = Problem(
                f"it unpacks to {size / 2**20:.0f} MiB: more than a table of answers can take",
                "If it is not damaged, ask the supplier for the columns that you need.",
            )
            raise WaveError("", [problem])
        schema = file.schema_arrow
        problems = name_problems(schema.names)
        problems += [
            Problem(
                f"it holds values of type {entry.type}, which are no single answers",
                "Ask the supplier for one column per answer.",
                column=entry.name,
            )
            for entry in schema
            if pa.types.is_nested(entry.type) or _is_binary(entry.type)
        ]
        if problems:
            raise WaveError("", problems)
        table = file.read(use_threads=False)
    parsed = Parsed(rows=table.num_rows, columns={}, facts={"format": "Parquet"})
    notes: dict[str, list[str]] = {}
    for name in table.column_names:
        column, note = _column(table[name])
        parsed.columns[name] = column
        if note:
            notes.setdefault(note, []).append(name)
        if pa.types.is_boolean(table[name].type):
            parsed.value_labels[name] = dict(TRUTH)
    parsed.cautions += [f"{note}: {', '.join(names)}" for note, names in notes.items()]
    return parsed


def _is_binary(kind: pa.DataType) -> bool:
    return (
        pa.types.is_binary(kind)
        or pa.types.is_large_binary(kind)
        or pa.types.is_fixed_size_binary(kind)
    )


def _column(values: pa.ChunkedArray) -> tuple[Column, str]:
    kind = values.type
    if pa.types.is_dictionary(kind):
        values = values.cast(kind.value_type)
        kind = values.type
    if pa.types.is_integer(kind) and _inexact(values):
        return _text(values.cast(pa.string())), "whole numbers too long to count with, as text"
    if pa.types.is_date(kind) or pa.types.is_timestamp(kind):
        note = "moments given in UTC" if getattr(kind, "tz", None) else ""
        moments = values.cast(pa.timestamp("us", getattr(kind, "tz", None)), safe=False)
        return Column("date", _filled(moments.cast(pa.int64()), EMPTY_DATE)), note
    if pa.types.is_time(kind) or pa.types.is_duration(kind):
        long = pa.time64("us") if pa.types.is_time(kind) else pa.duration("us")
        micro = values.cast(long, safe=False).cast(pa.int64()).cast(pa.float64())
        return (
            Column("number", _filled(micro, np.nan) / 1e6),
            "times of day and durations are given as seconds",
        )
    if pa.types.is_boolean(kind):
        values = values.cast(pa.int8())
    if pa.types.is_string(kind) or pa.types.is_large_string(kind) or pa.types.is_string_view(kind):
        return _text(values), ""
    return Column("number", _filled(values.cast(pa.float64(), safe=False), np.nan)), ""


def _inexact(values: pa.ChunkedArray) -> bool:
    bounds = pc.min_max(values).as_py()
    return bounds["max"] is not None and max(bounds["max"], -bounds["min"]) > EXACT


def _filled(values: pa.ChunkedArray | pa.Array, empty: float) -> np.ndarray:
    """Return numbers with `empty` where there is none.

    Not by `fill_null` and `to_numpy`, which import pandas: every fork would do so anew.
    """
    array = values.combine_chunks() if isinstance(values, pa.ChunkedArray) else values
    content = array.buffers()[1]
    if content is None:
        return np.full(len(array), empty, dtype=_DTYPES[array.type])
    numbers = np.frombuffer(content, dtype=_DTYPES[array.type])
    numbers = numbers[array.offset : array.offset + len(array)].copy()
    if array.null_count:
        filled = np.from_dlpack(array.is_valid().cast(pa.int8()))
        numbers[filled == 0] = empty
    return numbers


def _text(values: pa.ChunkedArray) -> Column:
    coded = values.cast(pa.large_string()).dictionary_encode().combine_chunks()
    texts = coded.dictionary.to_pylist()
    places = np.array([n if text.strip() else EMPTY_CODE for n, text in enumerate(texts)])
    codes = _filled(coded.indices, EMPTY_CODE)
    filled = codes != EMPTY_CODE
    codes[filled] = places[codes[filled]]
    return Column("coded", codes, texts)
