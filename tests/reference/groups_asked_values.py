"""Reads what asking_groups.R gave for data.csv and panel_data.csv (see README.md)."""

from functools import cache

import pandas as pd
import pytest

from reference import values


def data() -> pd.DataFrame:
    """The made-up respondents, with the groups and three kinds of schooling as categories."""
    frame = values.data()
    codes = [int(code) for code in sorted(frame["groep"].dropna().unique())]
    frame["groep"] = pd.Categorical(frame["groep"], categories=codes).rename_categories(str)
    kinds = pd.cut(frame["opleidingsniveau"], [-float("inf"), 4, 6, float("inf")])
    frame["klas"] = kinds.cat.rename_categories(["laag", "midden", "hoog"])
    return frame


@cache
def _values() -> dict[tuple[str, str, str], float]:
    keys = ["analysis", "row", "statistic"]
    path = values.HERE / "asking_groups_r.csv"
    frame = pd.read_csv(path, dtype="str", keep_default_na=False)
    assert not frame.duplicated(keys).any()
    return {tuple(row[key] for key in keys): float(row["value"]) for _, row in frame.iterrows()}


def r_value(analysis: str, row: str, statistic: str, rel: float = 1e-9):
    """A number of asking_groups_r.csv, to compare with ``==``; relative, absolute near zero."""
    return pytest.approx(_values()[analysis, row, statistic], rel=rel, abs=rel / 100)
