"""Which respondents stand behind a printed mean, and what its decimals allow."""

from __future__ import annotations

import numpy as np
import pandas as pd

from .counts import class_cells, restricted_groups
from .targets import Cell, Targets


def class_codes(targets: Targets, people: pd.DataFrame) -> dict[str, np.ndarray]:
    """Return the class of each respondent on every class variable, as strings."""
    out = {}
    for factor in targets.config["factors"].values():
        entry = targets.codebook["derived"][factor]
        source = entry["of"][0]
        raw = people[source].to_numpy(dtype=float)
        codes = targets.codebook["variables"][source].get("values", {})
        ids = {v.get("id"): int(k) for k, v in codes.items() if isinstance(v, dict)}
        klass = np.full(len(people), "", dtype=object)
        for key, rule in entry["classes"].items():
            if entry["kind"] == "classes":
                hit = (raw >= rule["from"]) & (raw < rule["to"])
            else:
                hit = np.isin(raw, [ids.get(c, c) for c in rule["from"]])
            klass[hit] = key
        out[factor] = klass
    return out


def mean_cells(targets: Targets, people: pd.DataFrame) -> list[tuple[str, np.ndarray, Cell]]:
    """List the cells that print a mean or percentage, as (variable, respondents, cell)."""
    classes = class_codes(targets, people)
    group = people["group"].to_numpy()
    segment = people["segment"].to_numpy()
    known = targets.codebook["variables"]
    out = []
    for cell in targets.cells:
        if cell.value is None or cell.row not in known:
            continue
        if cell.column in targets.groups:
            out.append((cell.row, group == cell.column, cell))
        elif cell.column in targets.segments["segments"]:
            out.append((cell.row, segment == cell.column, cell))
    for factor, key, cell in class_cells(targets):
        asked = np.isin(group, [targets.groups[g] for g in restricted_groups(targets, cell.column)])
        out.append((cell.column, (classes[factor] == key) & asked, cell))
    return out


def reachable(n: int, cell: Cell, per: int = 1, margin: float = 0.03) -> bool:
    """Tell whether integers of ``n`` respondents, ``per`` items each, can print as the cell."""
    lo, hi = cell.interval(margin)
    return n > 0 and np.floor(hi * n * per) >= np.ceil(lo * n * per)
