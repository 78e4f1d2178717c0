"""Simulated annealing from the first draw to a wave in which every published cell comes out."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from .problem import Problem

if TYPE_CHECKING:
    from .kernel import State


def start_state(pr: Problem, x: np.ndarray) -> State:
    """State with all sums, moments and losses computed from the values.

    Raises
    ------
    ImportError
        numba is not installed.
    """
    from . import kernel

    n, v = x.shape
    p, c = pr.lab.shape[0], pr.cell_n.shape[2]
    s, tot = np.zeros((v, p, c)), np.zeros((v, p, 2))
    for j, q in zip(*np.nonzero(pr.part_on), strict=True):
        rows = (pr.lab[q] >= 0) & (pr.valid[:, j] > 0)
        s[j, q] = np.bincount(pr.lab[q][rows], weights=x[rows, j], minlength=c)
        tot[j, q] = x[rows, j].sum(), (x[rows, j] ** 2).sum()
    r, width = pr.reg_col.shape
    mom = np.zeros((r, width + 1, width + 1))
    for k in range(r):
        m = int(pr.reg_q[k])
        z = np.column_stack([np.ones(n), x[:, pr.reg_col[k, :m]]])[pr.reg_mask[k] > 0]
        mom[k, : m + 1, : m + 1] = z.T @ z
    w = pr.valid.astype(float)
    xv = np.where(w > 0, x, 0.0)
    b = pr.expect.shape[2]
    hist = np.zeros(pr.expect.shape)
    for j in np.flatnonzero((pr.kind == kernel.SCORE) | (pr.kind == kernel.DAYS)):
        rows = np.flatnonzero((pr.valid[:, j] > 0) & (x[:, j] >= pr.lo[j]))
        bins = (
            pr.day_bin[x[rows, j].astype(int)]
            if pr.kind[j] == kernel.DAYS
            else np.rint((x[rows, j] - pr.lo[j]) * pr.bins[j]).astype(int)
        )
        np.add.at(hist[j], (pr.group[rows], np.minimum(bins, b - 1)), 1.0)
    state = kernel.State(
        x=x.copy(),
        s=s,
        tot=tot,
        mom=mom,
        inv=np.zeros((r, width, width)),
        pn=w.T @ w,
        px=xv.T @ w,
        pxx=(xv**2).T @ w,
        pxy=xv.T @ xv,
        hist=hist,
        e_cell=np.zeros((v, p)),
        e_reg=np.zeros(r),
        e_bound=np.zeros((v, v)),
        p_pair=np.zeros((v, v)),
    )
    kernel.losses(pr, state)
    return state


def loss_of(state: State) -> float:
    """Loss of the published cells and hard bounds: 0 when everything is inside."""
    return float(state.e_cell.sum() + state.e_reg.sum() + state.e_bound.sum() / 2)


def temperatures(spec: dict[str, Any]) -> np.ndarray:
    """Return the temperature of each chunk: geometric cooling, then short reheatings."""
    cooling = np.geomspace(spec["start"], spec["stop"], spec["chunks"])
    warm, cold, length = spec["reheat"]
    again = np.resize(np.geomspace(warm, cold, length), spec["extra_chunks"])
    return np.concatenate([cooling, again])


def _stamp(pr: Problem, x: np.ndarray, spec: dict[str, Any], seed: int) -> str:
    """Tell one problem from another, so that a checkpoint is only used for its own."""
    digest = hashlib.sha256(repr((seed, sorted(spec.items()))).encode())
    for part in (x, *pr):
        digest.update(np.ascontiguousarray(part).tobytes())
    return digest.hexdigest()


def anneal(
    pr: Problem,
    x: np.ndarray,
    spec: dict[str, Any],
    seed: int,
    checkpoint: Path | None = None,
    report: Callable[[int, int, float, float], None] | None = None,
) -> tuple[np.ndarray, float]:
    """Anneal the values.

    Parameters
    ----------
    pr, x : Problem, (n, v) float
        Problem and starting values.
    spec : dict
        The ``anneal`` section of the targets file.
    seed : int
        With the chunk number it seeds the moves: a run resumed at a chunk goes on as if never
        interrupted.
    checkpoint : Path, optional
        File (.npz) that is written after every chunk and read at the start when it belongs to the
        same problem.
    report : callable, optional
        Called with (chunk, chunks, temperature, loss) after every chunk.

    Returns
    -------
    values : (n, v) float
    loss : float
        0.0 when every cell is inside its interval.
    """
    from . import kernel

    first = 0
    stamp = _stamp(pr, x, spec, seed)
    if checkpoint is not None and checkpoint.exists():
        with np.load(checkpoint) as saved:
            if saved["x"].shape == x.shape and str(saved["stamp"]) == stamp:
                first, x = int(saved["chunk"]), saved["x"]
    schedule = temperatures(spec)
    loss = loss_of(start_state(pr, x))
    for chunk in range(first, len(schedule)):
        # sums start afresh each chunk, so that rounding errors do not pile up
        state = start_state(pr, x)
        kernel.moves(
            pr, state, float(schedule[chunk]), int(spec["moves"]), (seed * 1009 + chunk) % (2**31)
        )
        x = state.x
        loss = loss_of(start_state(pr, x))
        if checkpoint is not None:
            part = checkpoint.with_suffix(f".{os.getpid()}.npz")
            np.savez(part, x=x, chunk=chunk + 1, stamp=stamp)
            os.replace(part, checkpoint)
        if report is not None:
            report(chunk + 1, len(schedule), float(schedule[chunk]), loss)
        if chunk + 1 >= spec["chunks"] and loss <= 1e-9:
            break
    return x, loss
