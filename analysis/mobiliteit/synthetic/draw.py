"""First draw of the answers: right shapes and roughly right means and correlations.

A Gaussian copula with the wanted correlations (see ``prior`` in ``synthetic_targets.yaml``) and
beta shaped margins around a mean that differs by group, segment and class. The annealing
(:mod:`.anneal`) then moves these answers until every published cell comes out; starting from
people rather than from noise keeps the moves few.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from scipy import stats

from .cells import mean_cells, reachable
from .missing import draw_missing, missing_by_group
from .targets import Cell, Targets


@dataclass
class Draw:
    """State of the wave while it is made.

    Attributes
    ----------
    names : list of str
        Columns: annealed scores, then binary variables, then demographics.
    values : (n, v) float
        Scores; 0.0 where missing.
    answered : (n, v) int
        Number of answered items; 0 = no score (missing or not asked).
    people : DataFrame
        Demographics and screening answers.
    """

    names: list[str]
    values: np.ndarray
    answered: np.ndarray
    people: pd.DataFrame

    def column(self, name: str) -> np.ndarray:
        """Scores of one variable with NaN where there is none."""
        j = self.names.index(name)
        return np.where(self.answered[:, j] > 0, self.values[:, j], np.nan)


def binary_counts(
    targets: Targets,
    variable: str,
    sizes: np.ndarray,
    extra: Callable[[int, int], bool] | None = None,
) -> list[int]:
    """Choose numbers of yes by group that print as the cells and give the printed flag.

    Among the numbers allowed, the ones nearest to the printed percentages are taken. ``extra``
    (group, number) -> bool may rule numbers out.
    """
    cells = [targets.cell("3.4", variable, g) for g in targets.groups]
    verdict = targets.cell("3.4", variable, "verschil").verdict
    allowed = []
    for g, (n, cell) in enumerate(zip(sizes, cells, strict=True)):
        lo, hi = cell.interval(0.03)
        pool = [k for k in range(int(np.ceil(lo / 100 * n)), int(np.floor(hi / 100 * n)) + 1)]
        allowed.append([k for k in pool if extra is None or extra(g, k)])
    best, best_cost = None, np.inf
    for pick in itertools.product(*allowed):
        cost = sum(abs(100 * k / n - c.number) for k, n, c in zip(pick, sizes, cells, strict=True))
        if cost < best_cost:
            table = np.array([pick, np.asarray(sizes) - pick])
            p = stats.chi2_contingency(table, correction=False).pvalue
            if (p < 0.045) if verdict else (p > 0.06):
                best, best_cost = list(pick), cost
    if best is None:
        raise ValueError(f"{variable}: no numbers of yes agree with table 3.4")
    return best


def _beta_quantile(
    u: np.ndarray, mean: np.ndarray, sd: float, lo: np.ndarray, hi: np.ndarray
) -> np.ndarray:
    """Return quantiles of beta distributions on [lo, hi] with given mean and spread."""
    width = hi - lo
    m = np.clip((mean - lo) / width, 0.02, 0.98)
    v = np.minimum((sd / width) ** 2, 0.95 * m * (1 - m))
    k = m * (1 - m) / v - 1
    return lo + width * stats.beta.ppf(u, m * k, (1 - m) * k)


def _means(
    targets: Targets, variable: str, cells: list[tuple[str, np.ndarray, Cell]], n: int
) -> tuple[np.ndarray, bool]:
    """Spread the cells over respondents: the smallest additive effects that give all of them."""
    own = [(mask, cell) for name, mask, cell in cells if name == variable]
    x = np.array([mask / max(1, mask.sum()) for mask, _ in own], dtype=float)
    y = np.array([cell.number for _, cell in own])
    base = y[: len(targets.groups)].mean()
    effects, *_ = np.linalg.lstsq(x, y - base * (x.sum(1) > 0), rcond=None)
    return base + effects, len(own) > 10


def copula(targets: Targets, names: list[str]) -> np.ndarray:
    """Correlation matrix of the latent scores, made positive definite."""
    r = np.eye(len(names))
    for a, b, value in targets.config["prior"]["pairs"]:
        if a in names and b in names:
            i, j = names.index(a), names.index(b)
            r[i, j] = r[j, i] = np.clip(1.1 * value, -0.9, 0.9)
    w, v = np.linalg.eigh(r)
    r = (v * np.maximum(w, 0.05)) @ v.T
    d = np.sqrt(np.diag(r))
    return r / np.outer(d, d)


def draw_answers(targets: Targets, people: pd.DataFrame, rng: np.random.Generator) -> Draw:
    """Draw all annealed and binary variables for given people."""
    config = targets.config
    scores, binary, demo = (
        list(config["scores"]),
        list(config["binary"]),
        list(config["demographic"]),
    )
    n = len(people)
    group = people["group"].to_numpy()
    code = np.array([targets.groups.index(g) for g in group])
    cells = mean_cells(targets, people)
    names = scores + binary + demo
    latent = _latent(targets, people, names, len(scores) + len(binary), code, cells, rng)
    values = np.zeros((n, len(names)))
    answered = np.zeros((n, len(names)), dtype=np.int64)
    for j, name in enumerate(demo, start=len(scores) + len(binary)):
        values[:, j] = people[name]
        answered[:, j] = 1
    for j, name in enumerate(binary, start=len(scores)):
        sizes = np.bincount(code)
        extra = None
        if name == "pop":
            extra = lambda g, k: reachable(k - 1, targets.cell("3.3", "nut_pop", targets.groups[g]))  # noqa: E731
        if name.endswith("_mogelijk"):
            extra = lambda g, k, s=name: use_count(targets, s, g, k) is not None  # noqa: E731
        for g, k in enumerate(binary_counts(targets, name, sizes, extra)):
            rows = np.flatnonzero(code == g)
            values[rows[np.argsort(-latent[rows, j])[:k]], j] = 1.0
        answered[:, j] = 1
    answered[:, : len(scores)] = draw_missing(targets, people, names, latent, rng)[:, : len(scores)]
    k_diensttijd = names.index("diensttijd")
    missing_by_group(targets, "diensttijd", code, answered, values, k_diensttijd, rng)
    for j, name in enumerate(scores):
        spec = config["scores"][name]
        lo, hi = targets.bounds_of(name)
        u = np.clip(stats.norm.cdf(latent[:, j]), 1e-4, 1 - 1e-4)
        mean, _ = _means(targets, name, cells, n)
        if "days" in spec:
            values[:, j] = _days(config["days"]["values"], spec["days"], u, mean, code)
        elif name in config["talks"]:
            values[:, j] = _talk_values(targets, name, code, latent[:, j], answered, names)
        else:
            per = np.maximum(1, answered[:, j])
            raw = _beta_quantile(u, mean, spec["sd"], lo - 0.5 / per, hi + 0.5 / per)
            values[:, j] = np.clip(np.rint(raw * per), lo * per, hi * per) / per
    columns = [names.index(s) for s in scores if "days" in config["scores"][s]]
    _cap_days(values, columns, config["days"]["total_max"])
    for j in columns:
        _top_up(targets, names[j], values, j, columns, code, answered, rng)
    values[answered == 0] = 0.0
    return Draw(names, values, answered, people)


def use_count(targets: Targets, possible: str, g: int, n: int) -> int | None:
    """Return a number of coach users whose share and mean usefulness can print as they do."""
    used, useful = possible.replace("_mogelijk", "_gebruikt"), possible.replace("_mogelijk", "_nut")
    lo, hi = targets.cell("3.4", used, targets.groups[g]).interval(0.03)
    for k in range(int(np.ceil(lo / 100 * n)), int(np.floor(hi / 100 * n)) + 1):
        # one user may have no opinion on usefulness
        if any(reachable(m, targets.cell("3.3", useful, targets.groups[g])) for m in (k, k - 1)):
            return k
    return None


def _latent(
    targets: Targets,
    people: pd.DataFrame,
    names: list[str],
    n_free: int,
    code: np.ndarray,
    cells: list[tuple[str, np.ndarray, Cell]],
    rng: np.random.Generator,
) -> np.ndarray:
    """Draw latent normal scores, given the demographics where no class mean rules."""
    n = len(people)
    r = copula(targets, names)
    demo = names[n_free:]
    z_demo = np.column_stack([_normal_scores(people[d].to_numpy(float), rng) for d in demo])
    fixed = np.array([sum(name == v for v, _, _ in cells) > 10 for name in names[:n_free]])
    r_sd = r[:n_free, n_free:].copy()
    r_sd[fixed] = 0.0
    weights = r_sd @ np.linalg.inv(np.corrcoef(z_demo.T))
    part = z_demo @ weights.T
    cov = r[:n_free, :n_free] - weights @ r_sd.T
    w, v = np.linalg.eigh(cov)
    z = part + rng.standard_normal((n, n_free)) @ ((v * np.sqrt(np.maximum(w, 1e-3))) @ v.T)
    for g in np.unique(code):
        z[code == g] -= z[code == g].mean(0)
    return z / z.std(0)


def _normal_scores(x: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    order = np.argsort(np.argsort(x + 1e-6 * rng.standard_normal(len(x))))
    return stats.norm.ppf((order + 0.5) / len(x))


def _days(
    values: np.ndarray, spec: dict[str, Any], u: np.ndarray, mean: np.ndarray, code: np.ndarray
) -> np.ndarray:
    """Return days: a share of zeros, above it round numbers with a long tail."""
    heap = np.array(values, dtype=float)
    zero, sigma = spec["zero"], spec["spread"]
    v = np.clip((u - zero) / (1 - zero), 1e-4, 0.998)
    shape = np.maximum(1.0, mean) * np.exp(sigma * stats.norm.ppf(v))
    out = np.zeros(len(u))
    for g in np.unique(code):
        rows = (code == g) & (u >= zero)
        low, high = -6.0, 6.0
        for _ in range(40):
            mid = (low + high) / 2
            raw = np.exp(mid) * shape[rows]
            out[rows] = heap[
                np.abs(np.log(np.maximum(raw, 0.5))[:, None] - np.log(heap)[None]).argmin(1)
            ]
            low, high = (
                (mid, high) if out[code == g].mean() < mean[code == g].mean() else (low, mid)
            )
    return out


def _cap_days(values: np.ndarray, columns: list[int], total_max: float) -> None:
    """Nobody trains more days than there are working days."""
    while True:
        over = np.flatnonzero(values[:, columns].sum(1) > total_max)
        if not len(over):
            return
        for i in over:
            j = columns[int(np.argmax(values[i, columns]))]
            values[i, j] = np.floor(values[i, j] / 20) * 10


def _top_up(
    targets: Targets,
    name: str,
    values: np.ndarray,
    j: int,
    columns: list[int],
    code: np.ndarray,
    answered: np.ndarray,
    rng: np.random.Generator,
) -> None:
    """Give back the mean that the maximum took, most of it to those who train most."""
    heap = np.array([0, *targets.config["days"]["values"]], dtype=float)
    for g, group in enumerate(targets.groups):
        rows = np.flatnonzero((code == g) & (answered[:, j] > 0))
        goal = targets.cell("3.3", name, group).number
        for _ in range(5000):
            if values[rows, j].mean() >= goal - 0.1:
                break
            w = values[rows, j] + 1e-9
            i = int(rng.choice(rows, p=w / w.sum()))
            at = int(np.abs(heap - values[i, j]).argmin())
            new = heap[min(len(heap) - 1, at + int(rng.integers(1, 3)))]
            if values[i, columns].sum() + new - values[i, j] <= targets.config["days"]["total_max"]:
                values[i, j] = new


def _talk_values(
    targets: Targets,
    name: str,
    code: np.ndarray,
    z: np.ndarray,
    answered: np.ndarray,
    names: list[str],
) -> np.ndarray:
    """Return frequencies by rank inside the group, at least 2 for who had talks."""
    out = np.ones(len(z))
    useful = names.index(name.replace("freq_", "nut_"))
    never = answered[:, useful] < 0
    for g, group in enumerate(targets.groups):
        shares = np.array(targets.config["talks"][name][group])
        rows = np.flatnonzero((code == g) & ~never)
        rank = (np.argsort(np.argsort(z[rows])) + 0.5) / len(rows)
        cuts = np.cumsum(shares[1:] / shares[1:].sum())
        out[rows] = 2 + np.searchsorted(cuts[:-1], rank)
    answered[never, useful] = 0
    return out
