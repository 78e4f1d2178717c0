"""Reads what imputation.R gave (see that script)."""

import csv
from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd

HERE = Path(__file__).parent
PREDICTORS = [
    *("netwerken", "effectiviteit", "scholing", "leeftijd", "opleidingsniveau"),
    *("geslacht", "zorgtaken", "pop"),
]
OUTCOME = "succes"
DATA_SETS = 5


@cache
def _values() -> dict[tuple[str, str, str], float]:
    with (HERE / "imputation_r.csv").open(encoding="utf-8", newline="") as file:
        rows = [list(row.values()) for row in csv.DictReader(file)]
    values = {(row[0], row[1], row[2]): float(row[3]) for row in rows}
    assert len(values) == len(rows)
    return values


def r(analysis: str, row: str, statistic: str) -> float:
    """One number of imputation_r.csv."""
    return _values()[analysis, row, statistic]


def incomplete() -> pd.DataFrame:
    """The data that mice had, ids aside; groep is nominal."""
    data = pd.read_csv(HERE / "data.csv")[[OUTCOME, *PREDICTORS, "groep"]]
    return data.assign(groep=data["groep"].astype("category"))


def draws() -> dict[str, np.ndarray]:
    """What mice filled in: variable to (imputations, missing), in the order of the rows."""
    frame = pd.read_csv(HERE / "imputation_draws.csv").sort_values(["imputation", "row"])
    return {
        str(name): part["value"].to_numpy().reshape(DATA_SETS, -1)
        for name, part in frame.groupby("variable")
    }


def cells() -> pd.DataFrame:
    """Mean and standard deviation of every cell over 400 imputations by mice.

    Columns ``variable, row, mean, sd``, and the shares of codes 2 and 4 (of groep).
    """
    return pd.read_csv(HERE / "imputation_cells.csv")
