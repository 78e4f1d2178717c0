"""Reads the made-up sample with weights and what R's survey gave for it (see README.md)."""

from functools import cache
from pathlib import Path

import pandas as pd
import pytest

HERE = Path(__file__).parent


def survey_data() -> pd.DataFrame:
    """The made-up sample; `groep` has a category 4 that nobody is in."""
    frame = pd.read_csv(HERE / "survey_data.csv", index_col="id")
    for name, codes in {"groep": [1, 2, 3, 4], "leeftijd": [1, 2, 3, 4]}.items():
        frame[name] = pd.Categorical(frame[name], categories=codes)
    return frame


@cache
def _r_values() -> dict[tuple[str, ...], float]:
    keys = ["analysis", "row", "column", "statistic"]
    frame = pd.read_csv(HERE / "survey_r.csv", dtype="str", keep_default_na=False)
    assert not frame.duplicated(keys).any()
    return {tuple(row[key] for key in keys): float(row["value"]) for _, row in frame.iterrows()}


def r_value(analysis: str, row: str, column: str, statistic: str):
    """A number of survey_r.csv, to compare with ``==``: 1e-9, relative.

    Weights of a sum of 30,000 leave about 1e-13 of a statistic; a p-value in the tail multiplies
    that by up to a thousand, and ``svyglm`` fits by iterations that stop at a deviance of 1e-8.
    """
    return pytest.approx(_r_values()[analysis, row, column, statistic], rel=1e-9, abs=1e-14)


def r_weights(analysis: str) -> pd.Series:
    """The weights that R raked, by respondent id."""
    found = {
        int(row): value
        for (name, row, _, statistic), value in _r_values().items()
        if name == analysis and statistic == "weight"
    }
    return pd.Series(found)
