"""Questions that few are asked: the use of coaches and the usefulness of coach and POP.

Their means rest on a handful of answers, so their sums are set by hand of the printed decimals
rather than searched.
"""

from __future__ import annotations

import numpy as np
from scipy import stats

from .cells import reachable
from .draw import Draw, use_count
from .targets import Cell, Targets


def draw_late(targets: Targets, draw: Draw, rng: np.random.Generator) -> dict[str, np.ndarray]:
    """Draw the late variables.

    Returns
    -------
    dict
        variable -> (n,) float; NaN = not asked; -1.0 = asked, no opinion.
    """
    out: dict[str, np.ndarray] = {}
    code = np.array([targets.groups.index(g) for g in draw.people["group"]])
    # who finds talks useful tends to find a plan or a coach useful too
    useful = np.nan_to_num(draw.column("nut_functionering") - 3.3, nan=0.0)
    active = np.nan_to_num(draw.column("willen") - 2.8, nan=0.0)
    share = targets.config["missing"]["nut_pop"]["share"]
    out["nut_pop"] = _usefulness(
        targets, "nut_pop", draw.column("pop") == 1, code, useful, share, rng
    )
    for kind in ("intern", "extern"):
        possible, used = f"coach_{kind}_mogelijk", f"coach_{kind}_gebruikt"
        can = draw.column(possible) == 1
        use = np.where(can, 0.0, np.nan)
        for g in range(len(targets.groups)):
            rows = np.flatnonzero(can & (code == g))
            k = use_count(targets, possible, g, len(rows))
            if k is None:
                raise ValueError(f"{used}: no number of users agrees with tables 3.3 and 3.4")
            use[rows[np.argsort(-(active[rows] + 1.5 * rng.standard_normal(len(rows))))[:k]]] = 1.0
        out[used] = use
        out[f"coach_{kind}_nut"] = _usefulness(
            targets, f"coach_{kind}_nut", use == 1, code, useful, 0.0, rng
        )
    return out


def _usefulness(
    targets: Targets,
    name: str,
    asked: np.ndarray,
    code: np.ndarray,
    lean: np.ndarray,
    share: float,
    rng: np.random.Generator,
) -> np.ndarray:
    """Draw integer answers whose group means print as the cells, with the printed flag."""
    lo, hi = targets.bounds_of(name)
    verdict = targets.cell("3.3", name, "verschil").verdict
    for _ in range(200):
        out = np.where(asked, 0.0, np.nan)
        for g, group in enumerate(targets.groups):
            cell = targets.cell("3.3", name, group)
            rows = rng.permutation(np.flatnonzero(asked & (code == g)))
            want = round(share * len(rows))
            n = next(
                m
                for m in sorted(range(1, len(rows) + 1), key=lambda m: abs(len(rows) - want - m))
                if reachable(m, cell)
            )
            out[rows[n:]] = -1.0
            out[rows[:n]] = _with_mean(cell, lean[rows[:n]], lo, hi, rng)
        parts = [out[(code == g) & (out > 0)] for g in range(len(targets.groups))]
        p = stats.f_oneway(*parts).pvalue
        if (p < 0.045) if verdict else (p > 0.06):
            return out
    raise ValueError(f"{name}: no answers agree with table 3.3")


def _with_mean(
    cell: Cell, lean: np.ndarray, lo: int, hi: int, rng: np.random.Generator
) -> np.ndarray:
    """Answers around the printed mean, moved one point at a time until the sum fits."""
    n = len(lean)
    low, high = cell.interval(0.03)
    total = next(
        s
        for s in sorted(range(lo * n, hi * n + 1), key=lambda s: abs(s / n - cell.number))
        if low <= s / n <= high
    )
    spread = min(0.85, 0.9 * (hi - total / n) + 0.25)
    x = np.clip(np.rint(total / n + 0.35 * lean + spread * rng.standard_normal(n)), lo, hi)
    while x.sum() != total:
        step = np.sign(total - x.sum())
        i = int(rng.integers(n))
        if lo <= x[i] + step <= hi:
            x[i] += step
    return x
