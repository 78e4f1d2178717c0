"""The shapes of the first draw, which the annealing keeps: numbers by score and group."""

from __future__ import annotations

import numpy as np

from .targets import Targets

FIXED, SCORE, BINARY, DAYS = 0, 1, 2, 3


def _no_spike(h: np.ndarray) -> None:
    """Bring both ends down to the scores next to them, in place."""
    for end in (h, h[::-1]):
        extra = end[0] - end[1:3].mean()
        if extra > 0:
            end[0] -= extra
            end[1:4] += extra * np.array([0.3, 0.4, 0.3])


def _tilt(h: np.ndarray, mean: float, sd: float | None = None) -> None:
    """Tilt numbers by score to a mean, and to a spread if given; in place, same total.

    Both in steps from the lowest score.
    """
    step = np.arange(len(h), dtype=float)
    total = h.sum()
    for _ in range(20):
        now = np.dot(step, h) / total
        var = np.dot((step - now) ** 2, h) / total
        power = (mean - now) / max(1e-9, var) * (step - mean)
        if sd is not None:
            square = (step - now) ** 2 - var
            power = power + 0.5 * (sd**2 - var) / max(1e-9, np.dot(square**2, h) / total) * square
        h *= np.exp(power)
        h *= total / h.sum()


def histograms(
    targets: Targets,
    names: list[str],
    kind: np.ndarray,
    values: np.ndarray,
    valid: np.ndarray,
    group: np.ndarray,
    lo: np.ndarray,
    hi: np.ndarray,
    cells: dict[str, np.ndarray],
) -> dict[str, np.ndarray]:
    """Smooth the numbers by score of the first draw: the shape that the annealing keeps."""
    config = targets.config
    v = len(names)
    bins = np.ones(v)
    heap = np.array([0, *config["days"]["values"]], dtype=float)
    days = np.arange(int(config["days"]["total_max"]) + 1)
    day_bin = np.abs(days[:, None] - heap[None]).argmin(1)
    width = len(heap)
    for j, name in enumerate(names[:-1]):
        if kind[j] == SCORE:
            bins[j] = len(targets.items_of(name))
            width = max(width, int((hi[j] - lo[j]) * bins[j]) + 1)
    expect = np.zeros((v, int(group.max()) + 1, width))
    for j in map(int, np.flatnonzero((kind == SCORE) | (kind == DAYS))):
        name = names[j]
        for g in range(expect.shape[1]):
            rows = (group == g) & (valid[:, j] > 0) & (values[:, j] >= lo[j])
            if not rows.any():
                continue
            x = values[rows, j]
            b = (
                day_bin[x.astype(int)]
                if kind[j] == DAYS
                else np.rint((x - lo[j]) * bins[j]).astype(int)
            )
            h = np.bincount(b, minlength=width).astype(float)
            used = len(heap) if kind[j] == DAYS else int((hi[j] - lo[j]) * bins[j]) + 1
            printed = (cells["cell_lo"][j, 0, g] + cells["cell_hi"][j, 0, g]) / 2
            if np.isnan(printed) and cells["part_on"][j, 1]:
                centre, weight = (
                    (cells["cell_lo"][j, 1] + cells["cell_hi"][j, 1]) / 2,
                    cells["cell_n"][j, 1],
                )
                printed = np.nansum(centre * weight) / weight.sum()
            spread = config["scores"][name].get("keep_sd")
            spread = None if spread is None else spread * bins[j]
            goal = (
                (
                    printed
                    if np.isfinite(printed) and lo[j] == targets.bounds_of(name)[0]
                    else x.mean()
                )
                - lo[j]
            ) * bins[j]
            if kind[j] == SCORE and used > 5:
                pad = np.concatenate([h[:1], h[:used], h[used - 1 : used]])
                h[:used] = 0.25 * pad[:-2] + 0.5 * pad[1:-1] + 0.25 * pad[2:]
                if 0.25 <= (x.mean() - lo[j]) / (hi[j] - lo[j]) <= 0.85:
                    for _ in range(20):
                        _no_spike(h[:used])
                        _tilt(h[:used], goal, spread)
                _tilt(h[:used], goal, spread)
            expect[j, g] = h
    return {
        "expect": expect,
        "shape_w": np.where(
            kind == DAYS, float(config["prior"]["shape_days"]), float(config["prior"]["shape"])
        ),
        "bins": bins,
        "day_bin": day_bin,
        "heap": heap,
    }
