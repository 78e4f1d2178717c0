"""Reads what inference_groups.R and inference_groups.sps gave for data.csv (see README.md)."""

import csv
from functools import cache

import pandas as pd
import pytest

from reference import values

GROUPINGS = ("groep", "klein", "geslacht", "opleidingsniveau", "s2")


def data() -> pd.DataFrame:
    """The made-up respondents, every grouping variable as a categorical of the same name + _by."""
    frame = values.data()
    for name in GROUPINGS:
        codes = sorted(int(code) for code in frame[name].dropna().unique())
        frame[f"{name}_by"] = pd.Categorical(frame[name], categories=codes)
    return frame


@cache
def _table() -> dict[tuple[str, ...], float]:
    keys = ["analysis", "row", "column", "statistic"]
    path = values.HERE / "inference_groups_r.csv"
    frame = pd.read_csv(path, dtype="str", keep_default_na=False)
    assert not frame.duplicated(keys).any()
    return {tuple(row[key] for key in keys): float(row["value"]) for _, row in frame.iterrows()}


def r_number(analysis: str, row: str, column: str, statistic: str) -> float:
    """A number of inference_groups_r.csv."""
    return _table()[analysis, row, column, statistic]


def r_pairs(analysis: str, row: str) -> list[str]:
    """The pairs that R compared."""
    return list(dict.fromkeys(key[2] for key in _table() if key[:2] == (analysis, row)))


def r_value(analysis: str, row: str, column: str, statistic: str, *, rel: float = 1e-10):
    """A number of inference_groups_r.csv to compare with ``==``.

    1e-10, relative, for whatever is a closed form of sums over 240 rows (why: values.py). Tests
    that compare a numerical integral or a root say which accuracy that one has.
    """
    return pytest.approx(r_number(analysis, row, column, statistic), rel=rel, abs=1e-13)


@cache
def pspp_tables() -> dict[str, list[list[str]]]:
    """The tables that PSPP printed: rows of cells by title, the last table of each."""
    tables: dict[str, list[list[str]]] = {}
    path = values.HERE / "inference_groups_pspp.csv"
    with path.open(encoding="utf-8", newline="") as file:
        rows: list[list[str]] = []
        for cells in csv.reader(file):
            if cells and cells[0].startswith("Table: "):
                rows = tables[cells[0].removeprefix("Table: ")] = []
            elif cells:
                rows.append(cells)
    return tables
