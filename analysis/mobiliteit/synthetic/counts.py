"""Head counts that the printed means of tables 3.10 and 3.11 allow.

The sum of a variable over the classes of one factor must equal its sum over the classes of any
other, and over the groups of table 3.3. With the printed means fixed, a class sum lies between
two multiples of the class count: linear in sum and count together. One mixed integer program
therefore finds counts near the preferred ones.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import lil_matrix

from .targets import Cell, Targets

AddRow = Callable[[Mapping[int, float], float, float], None]


class CountsError(ValueError):
    """No head counts agree with the printed means."""


def class_cells(targets: Targets) -> list[tuple[str, str, Cell]]:
    """Cells of the class tables as (class variable, class, cell)."""
    out = []
    for cell in targets.cells:
        for prefix, factor in targets.config["factors"].items():
            classes = targets.codebook["derived"][factor]["classes"]
            key = cell.row.removeprefix(prefix + "_")
            if key != cell.row and key in classes:
                out.append((factor, key, cell))
    return out


def group_sizes(targets: Targets) -> np.ndarray:
    """Respondents by group, in the order of ``targets.groups``."""
    sizes = dict.fromkeys(targets.groups, 0)
    for segment, n in targets.segment_sizes.items():
        sizes[targets.segments["segments"][segment]["group"]] += n
    return np.array([sizes[g] for g in targets.groups])


def restricted_groups(targets: Targets, variable: str) -> list[int]:
    """Return the positions of the groups that are asked a variable."""
    asked = targets.codebook["variables"][variable].get("asked", {})
    keep = []
    for g, group in enumerate(targets.groups):
        rules = [s["when"] for s in targets.segments["segments"].values() if s["group"] == group]
        held = [{c["variable"]: c["is"] for c in rule if "variable" in c} for rule in rules]
        if all(
            set(h.get(v, codes)) & set(codes) for h in held for v, codes in asked.items() if v in h
        ):
            keep.append(g)
    return keep


def solve_counts(targets: Targets) -> dict[str, dict[str, np.ndarray]]:
    """Solve for the counts by factor, class and group.

    Returns
    -------
    dict
        factor -> class -> integer array over groups.

    Raises
    ------
    CountsError
        The program has no solution: a preferred count or a printed number is wrong.
    """
    spec = targets.config["counts"]
    preferred: Mapping[str, Mapping[str, list[int]]] = spec["preferred"]
    sizes = group_sizes(targets)
    n_groups = len(sizes)
    keys = [(f, c) for f, classes in preferred.items() for c in classes]
    wanted = np.array([preferred[f][c] for f, c in keys], dtype=float)
    n_counts = wanted.size
    cells = class_cells(targets)
    outcomes = sorted({cell.column for _, _, cell in cells})
    # columns: counts | deviations | class sums | totals per outcome and group set
    n_sums = len(cells)
    width = 2 * n_counts + n_sums + len(outcomes)
    rows: list[Mapping[int, float]] = []
    low: list[float] = []
    high: list[float] = []

    def add(terms: Mapping[int, float], lo: float, hi: float) -> None:
        rows.append(terms)
        low.append(lo)
        high.append(hi)

    def col(k: int, g: int) -> int:
        return k * n_groups + g

    for factor in preferred:
        for g in range(n_groups):
            add(
                {col(k, g): 1.0 for k, (f, _) in enumerate(keys) if f == factor}, sizes[g], sizes[g]
            )
    for k in range(len(keys)):
        for g in range(n_groups):
            j, d = col(k, g), n_counts + col(k, g)
            add({j: 1.0, d: -1.0}, -np.inf, wanted[k, g])
            add({j: 1.0, d: 1.0}, wanted[k, g], np.inf)
    shrink = spec["shrink"]
    by_total: dict[tuple[str, str], dict[int, float]] = {}
    for s, (factor, key, cell) in enumerate(cells):
        lo, hi = cell.interval(1.0 - shrink)
        j = 2 * n_counts + s
        members = {
            col(keys.index((factor, key)), g): 1.0 for g in restricted_groups(targets, cell.column)
        }
        add({j: 1.0} | {m: -lo for m in members}, 0.0, np.inf)
        add({j: 1.0} | {m: -hi for m in members}, -np.inf, 0.0)
        by_total.setdefault((cell.column, factor), {})[j] = 1.0
    for (outcome, _), members in by_total.items():
        add(members | {2 * n_counts + n_sums + outcomes.index(outcome): -1.0}, 0.0, 0.0)
    _tie_groups(targets, outcomes, sizes, 2 * n_counts + n_sums, add, shrink)
    _tie_percentages(targets, keys, sizes, col, add)

    matrix = lil_matrix((len(rows), width))
    for r, terms in enumerate(rows):
        for j, value in terms.items():
            matrix[r, j] = value
    cost = np.zeros(width)
    cost[n_counts : 2 * n_counts] = 1.0
    integrality = np.zeros(width)
    integrality[:n_counts] = 1
    result = milp(
        cost,
        constraints=LinearConstraint(matrix.tocsr(), low, high),
        integrality=integrality,
        bounds=Bounds(0, np.inf),
    )
    if result.x is None:
        raise CountsError(f"no head counts agree with the printed means: {result.message}")
    counts = np.rint(result.x[:n_counts]).astype(int).reshape(len(keys), n_groups)
    out: dict[str, dict[str, np.ndarray]] = {}
    for k, (factor, key) in enumerate(keys):
        out.setdefault(factor, {})[key] = counts[k]
    return out


def _tie_groups(
    targets: Targets, outcomes: list[str], sizes: np.ndarray, first: int, add: AddRow, shrink: float
) -> None:
    """Totals of an outcome must agree with its printed means by group."""
    for o, outcome in enumerate(outcomes):
        cells = [
            c
            for c in targets.cells
            if c.row == outcome and c.column in targets.groups and c.value is not None
        ]
        if cells:
            bounds = [c.interval(1.0 - shrink) for c in cells]
            n = [sizes[targets.groups.index(c.column)] for c in cells]
            lo = sum(k * b[0] for k, b in zip(n, bounds, strict=True))
            hi = sum(k * b[1] for k, b in zip(n, bounds, strict=True))
            add({first + o: 1.0}, lo, hi)


def _tie_percentages(
    targets: Targets,
    keys: list[tuple[str, str]],
    sizes: np.ndarray,
    col: Callable[[int, int], int],
    add: AddRow,
) -> None:
    """Make the counts behind a printed percentage by group round to it."""
    one_class = {v: tuple(k) for v, k in targets.config["counts"]["printed_class"].items()}
    for cell in targets.cells:
        if cell.printed.endswith("%") and cell.row in one_class and cell.column in targets.groups:
            g = targets.groups.index(cell.column)
            lo, hi = cell.interval(0.03)
            add(
                {col(keys.index(one_class[cell.row]), g): 1.0},
                lo / 100 * sizes[g],
                hi / 100 * sizes[g],
            )
