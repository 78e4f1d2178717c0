"""Reads the made-up items and what factors.R gave for them (see README.md)."""

import csv
from functools import cache
from pathlib import Path

import pandas as pd

HERE = Path(__file__).parent
ITEMS = {
    "v": ["v1", "v2", "v3", "v4"],
    "w": ["w1", "w2", "w3", "w4", "w5"],
    "u": ["u1", "u2", "u3"],
    "h": ["h1", "h2", "h3", "h4"],
    "d": ["d1", "d2"],
}


def data(waves: str) -> pd.DataFrame:
    """The made-up respondents of some waves, such as ``"abc"``; ``wave`` is categorical."""
    frame = pd.read_csv(HERE / "factor_data.csv", index_col="id")
    frame = frame[frame["wave"].isin(list(waves))]
    return frame.assign(wave=pd.Categorical(frame["wave"], categories=list(waves)))


@cache
def _values() -> dict[tuple[str, ...], float]:
    with (HERE / "factors_r.csv").open(encoding="utf-8", newline="") as file:
        rows = [list(row.values()) for row in csv.DictReader(file)]
    values = {tuple(row[:4]): float("nan" if row[4] == "NA" else row[4]) for row in rows}
    assert len(values) == len(rows)
    return values


def r(analysis: str, row: str, column: str, statistic: str) -> float:
    """One number of factors_r.csv; NaN where R gave none."""
    return _values()[analysis, row, column, statistic]


def given(analysis: str, row: str) -> dict[tuple[str, str], float]:
    """All numbers of an analysis and row, by column and statistic."""
    return {key[2:]: value for key, value in _values().items() if key[:2] == (analysis, row)}
