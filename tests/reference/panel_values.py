"""Reads the made-up panel and what R's packages gave for it (see README.md)."""

from functools import cache
from pathlib import Path

import pandas as pd
import pytest

HERE = Path(__file__).parent


def panel_data() -> pd.DataFrame:
    """The made-up panel, one row per person and wave."""
    return pd.read_csv(HERE / "panel_data.csv")


def panel_wide() -> pd.DataFrame:
    """The first two waves beside each other: columns such as ``x1`` and ``x2``."""
    data = panel_data()
    parts = [data[data["wave"] == t].set_index("person").drop(columns="wave") for t in (1, 2)]
    return parts[0].add_suffix("1").join(parts[1].add_suffix("2"))


@cache
def _r_values() -> dict[tuple[str, str, str], float]:
    frame = pd.read_csv(HERE / "panel_r.csv", dtype="str", keep_default_na=False)
    keys = ["analysis", "row", "statistic"]
    assert not frame.duplicated(keys).any()
    return {tuple(row[key] for key in keys): float(row["value"]) for _, row in frame.iterrows()}


def r_value(analysis: str, row: str, statistic: str, rel: float = 1e-9):
    """A number of panel_r.csv, to compare with ``==``; relative, and absolute near zero."""
    return pytest.approx(_r_values()[analysis, row, statistic], rel=rel, abs=rel / 100)
