"""Reads what inference_regression.R gave (see that script)."""

import csv
from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd

HERE = Path(__file__).parent


@cache
def _values() -> dict[tuple[str, ...], float]:
    with (HERE / "inference_regression_r.csv").open(encoding="utf-8", newline="") as file:
        rows = [list(row.values()) for row in csv.DictReader(file)]
    values = {tuple(row[:4]): float(row[4]) for row in rows}
    assert len(values) == len(rows)
    return values


def r(analysis: str, row: str, column: str, statistic: str) -> float:
    """One number of inference_regression_r.csv."""
    return _values()[analysis, row, column, statistic]


def draws(effect: str) -> tuple[np.ndarray, np.ndarray]:
    """R's bootstrap draws and jackknife values of an indirect effect."""
    frame = pd.read_csv(HERE / "inference_regression_draws.csv")
    kinds = frame[frame["effect"] == effect].groupby("kind")["value"]
    return kinds.get_group("draw").to_numpy(), kinds.get_group("jackknife").to_numpy()
