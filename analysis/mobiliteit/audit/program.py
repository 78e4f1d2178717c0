"""Linear programs over named unknowns: building them up, and solving many small ones at once.

A program is a list of constraints, each with the printed number that it comes from, so that it can
be solved again as if that number were not known.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
from scipy import sparse
from scipy.optimize import linprog

Key = tuple[str, ...]
Place = tuple[str, str, str]
BATCH = 24


@dataclass
class Program:
    """Constraints of the form low <= row <= high over unknowns that are not negative."""

    names: dict[Key, int] = field(default_factory=dict)
    rows: list[tuple[dict[int, float], float, float, Place | None]] = field(default_factory=list)

    def unknown(self, *key: str) -> int:
        """Index of an unknown, made when it is new."""
        return self.names.setdefault(key, len(self.names))

    def need(
        self, terms: Mapping[int, float], low: float, high: float, place: Place | None = None
    ) -> None:
        """Add a constraint; `place` is the printed number that it comes from."""
        self.rows.append((dict(terms), low, high, place))

    def between(
        self, whole: int, size: Iterable[int], low: float, high: float, place: Place | None = None
    ) -> None:
        """Constrain an unknown to lie between `low` and `high` times the sum of other unknowns."""
        sizes = list(size)
        self.need({whole: 1.0, **{i: -low for i in sizes}}, 0.0, np.inf, place)
        self.need({whole: -1.0, **{i: high for i in sizes}}, 0.0, np.inf, place)

    def same(self, left: Iterable[int], right: Iterable[int]) -> None:
        """Make two sums equal."""
        terms: dict[int, float] = {}
        for i in left:
            terms[i] = terms.get(i, 0.0) + 1.0
        for i in right:
            terms[i] = terms.get(i, 0.0) - 1.0
        self.need(terms, 0.0, 0.0)

    def _sparse(self, rows: list[dict[int, float]]) -> Any:
        data = [v for terms in rows for v in terms.values()]
        at = [i for terms in rows for i in terms]
        start = np.cumsum([0, *(len(terms) for terms in rows)])
        return sparse.csr_matrix((data, at, start), shape=(len(rows), len(self.names)))

    def solver(self) -> Solver:
        """Freeze the constraints for solving."""
        upper, top, places, equal, right = [], [], [], [], []
        for terms, low, high, place in self.rows:
            if low == high:
                equal.append(terms)
                right.append(low)
                continue
            if np.isfinite(high):
                upper.append(terms)
                top.append(high)
                places.append(place)
            if np.isfinite(low):
                upper.append({i: -v for i, v in terms.items()})
                top.append(-low)
                places.append(place)
        return Solver(
            dict(self.names),
            self._sparse(upper),
            np.array(top),
            tuple(places),
            self._sparse(equal),
            np.array(right),
        )


@dataclass(frozen=True)
class Solver:
    """A frozen program, of which the largest or smallest of a sum or a ratio can be asked."""

    names: dict[Key, int]
    upper: Any
    top: Any
    places: tuple[Place | None, ...]
    equal: Any
    right: Any

    def without(self, forget: Collection[Place]) -> Solver:
        """Drop the constraints that come from some printed numbers."""
        keep = np.array([place is None or place not in forget for place in self.places], dtype=bool)
        places = tuple(place for place, kept in zip(self.places, keep, strict=True) if kept)
        return replace(self, upper=self.upper[keep], top=self.top[keep], places=places)

    def extreme_task(self, cost: Mapping[int, float], *, largest: bool) -> Task:
        """Ask for the largest or smallest value of a sum."""
        objective = np.zeros(len(self.names))
        for i, value in cost.items():
            objective[i] += value
        return Task(objective, self.upper, self.top, self.equal, self.right, largest)

    def ratio_tasks(self, whole: int, size: list[int]) -> list[Task]:
        """Ask for the smallest and largest ratio of an unknown to a sum (Charnes & Cooper 1962)."""
        n = len(self.names)
        upper = sparse.hstack(
            [self.upper, sparse.csr_matrix(-self.top.reshape(-1, 1))], format="csr"
        )
        one = sparse.csr_matrix(
            (np.ones(len(size)), (np.zeros(len(size), int), size)), shape=(1, n + 1)
        )
        held = sparse.hstack([self.equal, sparse.csr_matrix(-self.right.reshape(-1, 1))])
        equal = sparse.vstack([held, one], format="csr")
        objective = np.zeros(n + 1)
        objective[whole] = 1.0
        right = np.zeros(equal.shape[0])
        right[-1] = 1.0
        top = np.zeros(upper.shape[0])
        return [Task(objective, upper, top, equal, right, largest) for largest in (False, True)]

    def extreme(self, cost: Mapping[int, float], *, largest: bool) -> float | None:
        """Largest or smallest value of a sum; None when no solution exists."""
        return solve([self.extreme_task(cost, largest=largest)])[0]

    @property
    def feasible(self) -> bool:
        """Whether any solution exists."""
        return self.extreme({}, largest=False) is not None


@dataclass(frozen=True)
class Task:
    """One linear program: the largest or smallest objective under inequalities and equalities."""

    objective: Any
    upper: Any
    top: Any
    equal: Any
    right: Any
    largest: bool


def solve(tasks: list[Task]) -> list[float | None]:
    """Solve many small programs, several side by side in one large one.

    Parameters
    ----------
    tasks : list of Task
        Independent of each other.

    Returns
    -------
    list of float or None
        The optimum of each; None where there is no solution or no bound.

    Notes
    -----
    A call of the solver costs more than a small program; side by side (block-diagonal, objectives
    added up) the optimum is that of each. A batch that fails is solved one by one.
    """
    values: list[float | None] = []
    for start in range(0, len(tasks), BATCH):
        batch = tasks[start : start + BATCH]
        found = _solve_together(batch)
        if found is None and len(batch) > 1:
            singles = [_solve_together([task]) for task in batch]
            values += [None if single is None else single[0] for single in singles]
        else:
            values += list(found) if found is not None else [None]
    return values


def _solve_together(batch: list[Task]) -> list[float] | None:
    cost = np.concatenate([-task.objective if task.largest else task.objective for task in batch])
    if not len(cost):
        return [0.0] * len(batch)
    top = np.concatenate([task.top for task in batch])
    right = np.concatenate([task.right for task in batch])
    found = linprog(
        cost,
        A_ub=sparse.block_diag([task.upper for task in batch], format="csr") if len(top) else None,
        b_ub=top if len(top) else None,
        A_eq=sparse.block_diag([task.equal for task in batch], format="csr")
        if len(right)
        else None,
        b_eq=right if len(right) else None,
        bounds=(0, None),
        method="highs",
    )
    if found.status != 0:
        return None
    ends = np.cumsum([0, *(len(task.objective) for task in batch)])
    return [float(task.objective @ found.x[ends[k] : ends[k + 1]]) for k, task in enumerate(batch)]
