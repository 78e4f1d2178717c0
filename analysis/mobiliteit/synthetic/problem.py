"""The annealing problem as plain arrays: cells, flags, regressions and priors."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
from scipy import stats

from .cells import class_codes
from .counts import class_cells
from .draw import Draw
from .shapes import BINARY, DAYS, FIXED, SCORE, histograms
from .targets import Cell, Targets


class Problem(NamedTuple):
    """Everything that stays fixed during the annealing.

    Shapes: n respondents, v columns (the last is the derived dialogue), p partitions, c classes,
    r regressions, q columns of a regression (outcome last), g groups, b bins.
    """

    valid: np.ndarray  # (n, v) 0/1
    k: np.ndarray  # (n, v) answered items
    lo: np.ndarray  # (v,)
    hi: np.ndarray  # (v,)
    kind: np.ndarray  # (v,)
    group: np.ndarray  # (n,)
    unit: np.ndarray  # (n,) exchange unit: segment of mobielen, group of others
    lab: np.ndarray  # (p, n) class, -1 = not in the partition
    part_on: np.ndarray  # (v, p) 0/1
    cell_n: np.ndarray  # (v, p, c)
    cell_lo: np.ndarray  # (v, p, c) NaN = no cell
    cell_hi: np.ndarray
    cell_half: np.ndarray
    flag: np.ndarray  # (v, p) 1 = significant, -1 = not, 0 = no test
    f_crit: np.ndarray  # (v, p)
    part_k: np.ndarray  # (p,) classes
    reg_q: np.ndarray  # (r,)
    reg_col: np.ndarray  # (r, q)
    reg_mask: np.ndarray  # (r, n)
    reg_n: np.ndarray  # (r,)
    beta_lo: np.ndarray  # (r, q)
    beta_hi: np.ndarray
    t_lo: np.ndarray  # (r, q) bounds on the t value in the direction of the sign
    t_hi: np.ndarray
    t_sign: np.ndarray
    r2_lo: np.ndarray  # (r,)
    r2_hi: np.ndarray
    pos: np.ndarray  # (v, r) position of a column in a regression, -1 = absent
    pair_r: np.ndarray  # (v, v)
    pair_w: np.ndarray  # (v, v) 1 / tol**2
    bound_lo: np.ndarray  # (v, v)
    bound_hi: np.ndarray
    expect: np.ndarray  # (v, g, b) expected numbers by score
    shape_w: np.ndarray  # (v,) weight of the shapes
    bins: np.ndarray  # (v,) steps per point
    day_bin: np.ndarray  # (days,) bin of a number of days
    heap: np.ndarray  # answers of days
    days_of: np.ndarray  # columns of days
    days_max: float
    dual: np.ndarray  # (v,) 1 = part of the dialogue
    dual_n: np.ndarray  # (n,) answered kinds of talk
    movable: np.ndarray  # (v, n) rows that may move, first move_n of them
    move_n: np.ndarray  # (v,)
    pick: np.ndarray  # cumulative weights of the columns


@dataclass(frozen=True)
class RegressionSpec:
    """One printed regression column."""

    table: str
    column: str
    outcome: str
    predictors: tuple[str, ...]
    sample: str | None  # a group, None = everybody
    cells: tuple[Cell, ...]
    r2: Cell


def regression_specs(targets: Targets) -> list[RegressionSpec]:
    """List the regressions of tables 3.7 to 3.9: the printed columns and their predictors."""
    specs = []
    known = set(targets.codebook["variables"]) | set(targets.codebook["derived"])
    for rule in targets.config["regressions"]:
        table = rule["table"]
        for column, outcome in rule["outcome"].items():
            cells = [c for c in targets.table(table) if c.column == column and c.row in known]
            r2 = next(c for c in targets.table(table) if c.column == column and c.row not in known)
            sample = (
                rule["sample"].get(column) if isinstance(rule["sample"], dict) else rule["sample"]
            )
            specs.append(
                RegressionSpec(
                    table, column, outcome, tuple(c.row for c in cells), sample, tuple(cells), r2
                )
            )
    return specs


def t_band(stars: int, df: int, p_margin: float) -> tuple[float, float]:
    """Return bounds of the absolute t value that prints as so many stars, drawn in a little."""
    levels = [1.0, 0.05, 0.01, 0.001, 0.0]
    above, below = levels[stars], levels[stars + 1]
    low = 0.0 if stars == 0 else float(stats.t.isf(above * (1 - p_margin) / 2, df))
    high = np.inf if stars == 3 else float(stats.t.isf(below * (1 + p_margin) / 2, df))
    return low, high


def r2_band(stars: int, n: int, predictors: int, p_margin: float) -> tuple[float, float]:
    """Bounds of R2 that print as so many stars on its F test."""
    levels = [1.0, 0.05, 0.01, 0.001, 0.0]
    df1, df2 = predictors, n - predictors - 1

    def at(p: float) -> float:
        f = stats.f.isf(p, df1, df2)
        return float(f * df1 / (f * df1 + df2))

    low = 0.0 if stars == 0 else at(levels[stars] * (1 - p_margin))
    high = 1.0 if stars == 3 else at(levels[stars + 1] * (1 + p_margin))
    return low, high


def partitions(targets: Targets, draw: Draw) -> list[tuple[str, np.ndarray, list[str]]]:
    """Group, segment and class variables as integer labels with their class names."""
    group = draw.people["group"].to_numpy()
    segment = draw.people["segment"].to_numpy()
    mobile = [
        s for s, e in targets.segments["segments"].items() if e["group"] == targets.groups[-1]
    ]
    out = [
        ("groups", _codes(group, targets.groups), targets.groups),
        ("segments", _codes(segment, mobile), mobile),
    ]
    for factor, klass in class_codes(targets, draw.people).items():
        names = list(targets.codebook["derived"][factor]["classes"])
        out.append((factor, _codes(klass, names), names))
    return out


def _codes(values: np.ndarray, names: list[str]) -> np.ndarray:
    lookup = {name: k for k, name in enumerate(names)}
    return np.array([lookup.get(v, -1) for v in values], dtype=np.int64)


def dialogue(draw: Draw, parts: list[str]) -> tuple[np.ndarray, np.ndarray]:
    """Mean of the answered kinds of talk, and how many were answered."""
    both = np.column_stack([draw.column(p) for p in parts])
    count = (~np.isnan(both)).sum(1)
    return np.where(count > 0, np.nansum(both, 1) / np.maximum(1, count), 0.0), count


def build_problem(targets: Targets, draw: Draw) -> tuple[Problem, np.ndarray]:
    """Arrays of the problem and the starting values (n, v), the dialogue in the last column."""
    config = targets.config
    names = [*draw.names, "dialoog"]
    n, v = len(draw.people), len(names)
    parts = targets.codebook["derived"]["dialoog"]["of"]
    talk, count = dialogue(draw, parts)
    values = np.column_stack([draw.values, talk])
    k = np.column_stack([draw.answered, (count > 0).astype(np.int64)])
    vast = names.index("dienstverband")
    # temporary work (1) against (prospect of) permanent (0) is the form in which the contract
    # correlates
    values[:, vast] = np.isin(
        values[:, vast], config["counts"]["dienstverband_shares"]["tijdelijk"]
    )
    valid = (k > 0).astype(np.int64)
    lo = np.zeros(v)
    hi = np.full(v, 1e9)
    kind = np.zeros(v, dtype=np.int64)
    for j, name in enumerate(draw.names):
        if name in config["scores"]:
            kind[j] = DAYS if "days" in config["scores"][name] else SCORE
            lo[j], hi[j] = targets.bounds_of(name)
            lo[j] = 2 if name in config["talks"] else lo[j]
        elif name in config["binary"]:
            kind[j], hi[j] = BINARY, 1.0
    movable = np.zeros((v, n), dtype=np.int64)
    move_n = np.zeros(v, dtype=np.int64)
    for j in map(int, np.flatnonzero(kind != FIXED)):
        rows = np.flatnonzero((valid[:, j] > 0) & (values[:, j] >= lo[j]))
        movable[j, : len(rows)] = rows
        move_n[j] = len(rows)
    cells = _cell_arrays(targets, draw, names, valid)
    regs = _regression_arrays(targets, draw, names, valid)
    pairs = _pair_arrays(targets, names)
    group = _codes(draw.people["group"].to_numpy(), targets.groups)
    hist = histograms(targets, names, kind, values, valid, group, lo, hi, cells)
    in_reg = (regs["pos"] >= 0).any(1)
    weights = config["anneal"]["weights"]
    pick = np.where(kind == FIXED, 0.0, np.where(in_reg, weights["regression"], weights["default"]))
    segment_lab = cells["lab"][1]
    problem = Problem(
        valid=valid,
        k=k,
        lo=lo,
        hi=hi,
        kind=kind,
        group=group,
        unit=np.where(segment_lab >= 0, 10 + segment_lab, group),
        **cells,
        **regs,
        **pairs,
        **hist,
        days_of=np.flatnonzero(kind == DAYS),
        days_max=float(config["days"]["total_max"]),
        dual=np.array([int(name in parts) for name in names]),
        dual_n=count.astype(np.int64),
        movable=movable,
        move_n=move_n,
        pick=np.cumsum(pick / pick.sum()),
    )
    return problem, values


def _cell_arrays(
    targets: Targets, draw: Draw, names: list[str], valid: np.ndarray
) -> dict[str, np.ndarray]:
    margin, p_margin = targets.config["anneal"]["margin"], targets.config["anneal"]["p_margin"]
    parts = partitions(targets, draw)
    v, p, c = len(names), len(parts), max(len(x[2]) for x in parts)
    lab = np.array([x[1] for x in parts])
    out = {
        "lab": lab,
        "part_on": np.zeros((v, p), dtype=np.int64),
        "cell_n": np.zeros((v, p, c)),
        "cell_lo": np.full((v, p, c), np.nan),
        "cell_hi": np.full((v, p, c), np.nan),
        "cell_half": np.ones((v, p, c)),
        "flag": np.zeros((v, p), dtype=np.int64),
        "f_crit": np.zeros((v, p)),
        "part_k": np.array([len(x[2]) for x in parts]),
    }
    placed: list[tuple[int, int, str, Cell]] = []
    scores = set(targets.config["scores"])
    for cell in targets.cells:
        if cell.row in scores:
            for q, (title, _, classes) in enumerate(parts[:2]):
                if cell.column in classes or (
                    cell.column == "verschil" and (title == "segments") == (cell.table == "3.6")
                ):
                    placed.append((names.index(cell.row), q, cell.column, cell))
    titles = [x[0] for x in parts]
    for factor, key, cell in class_cells(targets):
        placed.append((names.index(cell.column), titles.index(factor), key, cell))
    for j, q, key, cell in placed:
        out["part_on"][j, q] = 1
        classes = parts[q][2]
        if cell.verdict is not None:
            out["flag"][j, q] = 1 if cell.verdict else -1
            continue
        lo, hi = cell.interval(margin)
        at = classes.index(key)
        out["cell_lo"][j, q, at], out["cell_hi"][j, q, at], out["cell_half"][j, q, at] = (
            lo,
            hi,
            cell.half,
        )
        if q > 1 and at == 0:
            out["flag"][j, q] = 1 if cell.lead_star else -1
    for j, q in zip(*np.nonzero(out["part_on"]), strict=True):
        counts = np.bincount(lab[q][(lab[q] >= 0) & (valid[:, j] > 0)], minlength=c)
        out["cell_n"][j, q] = counts
        k = int((counts > 0).sum())
        alpha = 0.05 * (1 - p_margin if out["flag"][j, q] > 0 else 1 + p_margin)
        out["f_crit"][j, q] = stats.f.isf(alpha, k - 1, counts.sum() - k)
    return out


def _regression_arrays(
    targets: Targets, draw: Draw, names: list[str], valid: np.ndarray
) -> dict[str, np.ndarray]:
    anneal = targets.config["anneal"]
    specs = regression_specs(targets)
    r, n, v = len(specs), len(draw.people), len(names)
    q = max(len(s.predictors) for s in specs) + 1
    out: dict[str, Any] = {
        "reg_q": np.zeros(r, dtype=np.int64),
        "reg_col": np.zeros((r, q), dtype=np.int64),
        "reg_mask": np.zeros((r, n), dtype=np.int64),
        "reg_n": np.zeros(r),
        "beta_lo": np.zeros((r, q)),
        "beta_hi": np.zeros((r, q)),
        "t_lo": np.zeros((r, q)),
        "t_hi": np.full((r, q), np.inf),
        "t_sign": np.ones((r, q)),
        "r2_lo": np.zeros(r),
        "r2_hi": np.ones(r),
        "pos": np.full((v, r), -1, dtype=np.int64),
    }
    group = draw.people["group"].to_numpy()
    for s, spec in enumerate(specs):
        cols = [names.index(p) for p in (*spec.predictors, spec.outcome)]
        mask = (valid[:, cols] > 0).all(1) & ((group == spec.sample) | (spec.sample is None))
        out["reg_q"][s], out["reg_col"][s, : len(cols)] = len(cols), cols
        out["reg_mask"][s], out["reg_n"][s] = mask, mask.sum()
        out["pos"][cols, s] = np.arange(len(cols))
        df = int(mask.sum()) - len(spec.predictors) - 1
        for j, cell in enumerate(spec.cells):
            out["beta_lo"][s, j], out["beta_hi"][s, j] = cell.interval(anneal["margin"])
            out["t_lo"][s, j], out["t_hi"][s, j] = t_band(cell.stars, df, anneal["p_margin"])
            out["t_sign"][s, j] = -1.0 if cell.number < 0 else 1.0
        lo, hi = (x / 100 for x in spec.r2.interval(anneal["margin_r2"]))
        band = r2_band(spec.r2.stars, int(mask.sum()), len(spec.predictors), anneal["p_margin_r2"])
        out["r2_lo"][s], out["r2_hi"][s] = max(lo, band[0]), min(hi, band[1])
        if out["r2_lo"][s] > out["r2_hi"][s]:
            raise ValueError(
                f"table {spec.table} {spec.column}: no R2 prints as {spec.r2.printed} "
                f"with n = {mask.sum()}"
            )
    return out


def _pair_arrays(targets: Targets, names: list[str]) -> dict[str, np.ndarray]:
    config = targets.config
    v = len(names)
    out = {
        "pair_r": np.zeros((v, v)),
        "pair_w": np.zeros((v, v)),
        "bound_lo": np.full((v, v), -1.0),
        "bound_hi": np.full((v, v), 1.0),
    }
    free = [names.index(x) for x in (*config["scores"], *config["binary"])]
    out["pair_w"][np.ix_(free, free)] = 1 / config["prior"]["free_tol"] ** 2
    # the printed coefficients settle how a predictor goes with its outcome
    for spec in regression_specs(targets):
        for p in spec.predictors:
            a, b = names.index(p), names.index(spec.outcome)
            out["pair_w"][a, b] = out["pair_w"][b, a] = 0.0
    np.fill_diagonal(out["pair_w"], 0.0)
    for a, b, r in config["prior"]["pairs"]:
        i, j = names.index(a), names.index(b)
        out["pair_r"][i, j] = out["pair_r"][j, i] = r
        out["pair_w"][i, j] = out["pair_w"][j, i] = 1 / config["prior"]["tol"] ** 2
    for bound in config["bounds"]["correlations"]:
        a, b = bound["pair"]
        if a in names and b in names:
            i, j = names.index(a), names.index(b)
            out["bound_lo"][[i, j], [j, i]] = bound["min"] + 0.01
            out["bound_hi"][[i, j], [j, i]] = bound["max"] - 0.01
    return out
