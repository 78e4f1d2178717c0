"""Who does not answer: single items, whole questions, and usefulness of talks never had."""

from __future__ import annotations

import numpy as np
import pandas as pd

from .cells import mean_cells, reachable
from .counts import restricted_groups
from .targets import Targets


def missing_by_group(
    targets: Targets,
    variable: str,
    code: np.ndarray,
    answered: np.ndarray,
    values: np.ndarray,
    j: int,
    rng: np.random.Generator,
) -> None:
    """Let a number in each group not answer; the mean of the others keeps its cell."""
    spec = targets.config["missing"].get(variable, {})
    for g, k in enumerate(spec.get("by_group", [])):
        rows = np.flatnonzero(code == g)
        lo, hi = next(
            c.interval(0.1)
            for c in targets.cells
            if c.row == variable and c.column == targets.groups[g]
        )
        for _ in range(2000):
            gone = rng.choice(rows, k, replace=False)
            if lo <= values[np.setdiff1d(rows, gone), j].mean() <= hi:
                break
        answered[gone, j] = 0


def draw_missing(
    targets: Targets,
    people: pd.DataFrame,
    names: list[str],
    latent: np.ndarray,
    rng: np.random.Generator,
) -> np.ndarray:
    """Settle the number of answered items by respondent and variable.

    0 = no score; -1 = usefulness not asked because there never was such a talk (the caller turns it
    into 0).
    Where a cell rests on few respondents, the number without an answer is the nearest that its
    decimals allow.
    """
    config = targets.config
    group = people["group"].to_numpy()
    segment = people["segment"].to_numpy()
    out = np.zeros((len(people), len(names)), dtype=np.int64)
    small = np.zeros(len(people), dtype=bool)
    for mask in _small_classes(targets, people, config["missing_items"]["keep_whole_below"]):
        small |= mask
    for name in config["scores"]:
        j = names.index(name)
        k = len(targets.items_of(name))
        asked = np.isin(group, [targets.groups[g] for g in restricted_groups(targets, name)])
        out[asked, j] = k
        if k > 1:
            some = asked & ~small & (rng.random(len(people)) < config["missing_items"]["share"] * k)
            out[some, j] = k - 1
    for name, talk in (
        ("nut_functionering", "freq_functionering"),
        ("nut_loopbaangesprek", "freq_loopbaangesprek"),
    ):
        _never(targets, name, talk, group, latent, names, out)
    _no_dialogue(targets, group, latent, names, out)
    for name, spec in config["missing"].items():
        if name not in config["scores"] or "share" not in spec:
            continue
        j = names.index(name)
        units = (
            [(targets.table("3.6"), s) for s in dict.fromkeys(segment)]
            if name == "inkomen"
            else [((), None)]
        )
        for unit_cells, unit in units:
            pool = np.flatnonzero(
                (out[:, j] > 0)
                & ~small
                & ((segment == unit) | (unit is None))
                & _spare(targets, name, out, names, group)
            )
            want = round(spec["share"] * len(pool))
            cell = next((c for c in unit_cells if c.row == name and c.column == unit), None)
            total = int(((out[:, j] > 0) & (segment == unit)).sum())
            for shift in (0, 1, -1, 2, -2, 3, -3, 4, -4):
                if cell is None or (want + shift >= 0 and reachable(total - want - shift, cell)):
                    want += shift if cell is not None else 0
                    break
            out[rng.choice(pool, want, replace=False), j] = 0
    return out


def _small_classes(targets: Targets, people: pd.DataFrame, below: int) -> list[np.ndarray]:
    """Find the respondents behind a printed mean who are too few for missing items."""
    return [
        mask
        for _, mask, cell in mean_cells(targets, people)
        if cell.table != "3.3" and 0 < mask.sum() < below and cell.table != "3.6"
    ]


def _never(
    targets: Targets,
    name: str,
    talk: str,
    group: np.ndarray,
    latent: np.ndarray,
    names: list[str],
    out: np.ndarray,
) -> None:
    """Mark the respondents with the lowest latent frequency as never having had the talk."""
    j, f = names.index(name), names.index(talk)
    for g in targets.groups:
        rows = np.flatnonzero(group == g)
        k = round(targets.config["talks"][talk][g][0] * len(rows))
        out[rows[np.argsort(latent[rows, f])[:k]], j] = -1


def _no_dialogue(
    targets: Targets, group: np.ndarray, latent: np.ndarray, names: list[str], out: np.ndarray
) -> None:
    """Set the number in one group that has no usable answer on either kind of talk."""
    spec = targets.config["no_dialogue"]
    a, b = (names.index(v) for v in spec["of"])
    f = names.index(spec["of"][1].replace("nut_", "freq_"))
    rows = np.flatnonzero(group == spec["group"])
    none = rows[(out[rows, a] <= 0) & (out[rows, b] <= 0)]
    if len(none) > spec["n"]:
        # give back a career talk to those closest to having one
        back = none[np.argsort(-latent[none, f])[: len(none) - spec["n"]]]
        out[back, b] = 1
    elif len(none) < spec["n"]:
        pool = rows[(out[rows, a] <= 0) & (out[rows, b] > 0)]
        lost = pool[np.argsort(latent[pool, f])[: spec["n"] - len(none)]]
        out[lost, b] = -1
        short = spec["n"] - len(none) - len(lost)
        pool = rows[(out[rows, a] > 0) & (out[rows, b] <= 0)]
        if short > 0:
            out[pool[:short], a] = 0


def _spare(
    targets: Targets, name: str, out: np.ndarray, names: list[str], group: np.ndarray
) -> np.ndarray:
    """Find who may lose an answer and still has a dialogue with the other kind of talk."""
    of = targets.config["no_dialogue"]["of"]
    if name not in of:
        return np.ones(len(group), dtype=bool)
    other = names.index(of[1 - of.index(name)])
    return (group != targets.config["no_dialogue"]["group"]) | (out[:, other] > 0)
