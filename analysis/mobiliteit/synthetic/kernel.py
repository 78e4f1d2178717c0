"""Compiled moves of the annealing (needs numba, an extra that only the generator uses).

State and problem are named tuples of arrays. Every move changes one or two answers, updates the
sums, moments and pair statistics in place, and compares the loss of what it touched before and
after. The loss of the published cells is divided by the temperature; the prior on correlations
and shapes is not, so it does not cool.
"""

# mypy: disable-error-code="arg-type"
# numba unboxes the integers of arrays; mypy takes them for another type

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numba import njit

if TYPE_CHECKING:
    from .problem import Problem

FIXED, SCORE, BINARY, DAYS = 0, 1, 2, 3
# one unit of loss: half a rounding interval; a t value moves by about a tenth when its beta moves
# by that much
T_UNIT, R_UNIT, F_UNIT, BOUND_UNIT = 0.1, 0.005, 0.02, 0.01
# a mean outside costs this at once: means of few respondents move by whole steps, so a small
# distance must outweigh what the move that mends it does to the coefficients
OUTSIDE = 0.4


class State(NamedTuple):
    """What the moves keep up to date; shapes as in :class:`.problem.Problem`."""

    x: np.ndarray  # (n, v)
    s: np.ndarray  # (v, p, c) class sums
    tot: np.ndarray  # (v, p, 2) sum and sum of squares
    mom: np.ndarray  # (r, q+1, q+1) raw moments, constant first
    inv: np.ndarray  # (r, q, q) inverse correlation matrix of the predictors
    pn: np.ndarray  # (v, v) respondents with both
    px: np.ndarray  # (v, v) sum of the first over those
    pxx: np.ndarray  # (v, v) sum of squares of the first
    pxy: np.ndarray  # (v, v) sum of products
    hist: np.ndarray  # (v, g, b)
    e_cell: np.ndarray  # (v, p)
    e_reg: np.ndarray  # (r,)
    e_bound: np.ndarray  # (v, v)
    p_pair: np.ndarray  # (v, v)


@njit(cache=True)
def _bin(pr: Problem, v: int, x: float) -> int:
    if pr.kind[v] == DAYS:
        return pr.day_bin[int(x)]
    return int(np.rint((x - pr.lo[v]) * pr.bins[v]))


@njit(cache=True)
def cell_loss(pr: Problem, st: State, v: int, p: int) -> float:
    """Distance of the class means outside their intervals, and of F beyond its threshold."""
    loss = 0.0
    between = 0.0
    n = 0.0
    for c in range(pr.part_k[p]):
        m = pr.cell_n[v, p, c]
        if m > 0:
            n += m
            mean = st.s[v, p, c] / m
            between += m * mean * mean
            lo = pr.cell_lo[v, p, c]
            if lo == lo:
                if mean < lo:
                    loss += OUTSIDE + (lo - mean) / pr.cell_half[v, p, c]
                elif mean > pr.cell_hi[v, p, c]:
                    loss += OUTSIDE + (mean - pr.cell_hi[v, p, c]) / pr.cell_half[v, p, c]
    if pr.flag[v, p] != 0 and n > 0:
        grand = st.tot[v, p, 0]
        between -= grand * grand / n
        total = st.tot[v, p, 1] - grand * grand / n
        k = pr.part_k[p]
        f = (between / (k - 1)) / max(1e-9, (total - between) / (n - k))
        ratio = f / pr.f_crit[v, p]
        if pr.flag[v, p] > 0 and ratio < 1.0:
            loss += (1.0 - ratio) / F_UNIT
        elif pr.flag[v, p] < 0 and ratio > 1.0:
            loss += (ratio - 1.0) / F_UNIT
    return loss


@njit(cache=True)
def reg_loss(pr: Problem, st: State, r: int, fresh: bool, inv: np.ndarray) -> float:
    """Loss of one regression; ``fresh`` first inverts the predictors' correlations into ``inv``."""
    q = pr.reg_q[r] - 1
    n = pr.reg_n[r]
    m = st.mom[r]
    sd = np.empty(q + 1)
    for a in range(q + 1):
        sd[a] = np.sqrt(max(1e-9, m[a + 1, a + 1] - m[0, a + 1] * m[0, a + 1] / n))
    rxy = np.empty(q)
    for a in range(q):
        rxy[a] = (m[a + 1, q + 1] - m[0, a + 1] * m[0, q + 1] / n) / (sd[a] * sd[q])
    if fresh:
        for a in range(q):
            for b in range(a, q):
                c = (m[a + 1, b + 1] - m[0, a + 1] * m[0, b + 1] / n) / (sd[a] * sd[b])
                inv[a, b] = c
                inv[b, a] = c
        # sweep every pivot: the matrix becomes minus its inverse
        for k in range(q):
            d = inv[k, k]
            if d < 1e-8:
                return 1e6
            d = 1.0 / d
            for a in range(q):
                if a != k:
                    f = inv[a, k] * d
                    for b in range(q):
                        if b != k:
                            inv[a, b] -= f * inv[k, b]
            for a in range(q):
                if a != k:
                    inv[a, k] *= d
                    inv[k, a] *= d
            inv[k, k] = -d
        for a in range(q):
            for b in range(q):
                inv[a, b] = -inv[a, b]
    r2 = 0.0
    beta = np.empty(q)
    for a in range(q):
        s = 0.0
        for b in range(q):
            s += inv[a, b] * rxy[b]
        beta[a] = s
        r2 += s * rxy[a]
    loss = 0.0
    if r2 < pr.r2_lo[r]:
        loss += (pr.r2_lo[r] - r2) / R_UNIT
    elif r2 > pr.r2_hi[r]:
        loss += (r2 - pr.r2_hi[r]) / R_UNIT
    s2 = max(1e-9, 1.0 - r2) / (n - q - 1)
    for a in range(q):
        b = beta[a]
        if b < pr.beta_lo[r, a]:
            loss += (pr.beta_lo[r, a] - b) / R_UNIT
        elif b > pr.beta_hi[r, a]:
            loss += (b - pr.beta_hi[r, a]) / R_UNIT
        t = pr.t_sign[r, a] * b / np.sqrt(s2 * inv[a, a])
        if pr.t_lo[r, a] > 0.0 and t < pr.t_lo[r, a]:
            loss += (pr.t_lo[r, a] - t) / T_UNIT
        elif t > pr.t_hi[r, a]:
            loss += (t - pr.t_hi[r, a]) / T_UNIT
    return loss


@njit(cache=True)
def pair_r(st: State, a: int, b: int) -> float:
    """Correlation over the respondents with both."""
    n = st.pn[a, b]
    if n < 3:
        return 0.0
    va = st.pxx[a, b] - st.px[a, b] * st.px[a, b] / n
    vb = st.pxx[b, a] - st.px[b, a] * st.px[b, a] / n
    return (st.pxy[a, b] - st.px[a, b] * st.px[b, a] / n) / np.sqrt(max(1e-9, va * vb))


@njit(cache=True)
def _core(pr: Problem, st: State, i: int, v: int, new: float, prior: bool) -> float:
    """Set one value; returns the change in the prior on shapes."""
    x = st.x[i, v]
    d = new - x
    for p in range(pr.lab.shape[0]):
        if pr.part_on[v, p]:
            c = pr.lab[p, i]
            if c >= 0:
                st.s[v, p, c] += d
                st.tot[v, p, 0] += d
                st.tot[v, p, 1] += d * (2 * x + d)
    for r in range(pr.reg_q.shape[0]):
        a = pr.pos[v, r]
        if a >= 0 and pr.reg_mask[r, i]:
            m = st.mom[r]
            m[0, a + 1] += d
            m[a + 1, 0] += d
            for b in range(pr.reg_q[r]):
                if b != a:
                    y = st.x[i, pr.reg_col[r, b]]
                    m[a + 1, b + 1] += d * y
                    m[b + 1, a + 1] += d * y
            m[a + 1, a + 1] += d * (2 * x + d)
    change = 0.0
    if prior:
        for u in range(st.pn.shape[0]):
            if u != v and pr.valid[i, u]:
                st.px[v, u] += d
                st.pxx[v, u] += d * (2 * x + d)
                st.pxy[v, u] += d * st.x[i, u]
                st.pxy[u, v] += d * st.x[i, u]
        if pr.kind[v] == SCORE or pr.kind[v] == DAYS:
            g = pr.group[i]
            b0, b1 = _bin(pr, v, x), _bin(pr, v, new)
            if b0 != b1:
                change += _hist_step(pr, st, v, g, b0, -1.0) + _hist_step(pr, st, v, g, b1, 1.0)
    st.x[i, v] = new
    return change


@njit(cache=True)
def _hist_step(pr: Problem, st: State, v: int, g: int, b: int, step: float) -> float:
    e = pr.expect[v, g, b]
    h = st.hist[v, g, b]
    st.hist[v, g, b] = h + step
    return pr.shape_w[v] * ((h + step - e) ** 2 - (h - e) ** 2) / (2.0 * (e + 1.0))


@njit(cache=True)
def _set(pr: Problem, st: State, i: int, v: int, new: float) -> float:
    d = new - st.x[i, v]
    change = _core(pr, st, i, v, new, True)
    if pr.dual[v] and pr.dual_n[i] > 0:
        last = st.x.shape[1] - 1
        _core(pr, st, i, last, st.x[i, last] + d / pr.dual_n[i], False)
    return change


@njit(cache=True)
def _days_total(pr: Problem, st: State, i: int) -> float:
    total = 0.0
    for j in range(pr.days_of.shape[0]):
        total += st.x[i, pr.days_of[j]]
    return total


@njit(cache=True)
def losses(pr: Problem, st: State) -> None:
    """All losses afresh, into the state."""
    v_n = st.x.shape[1]
    for v in range(v_n):
        for p in range(pr.lab.shape[0]):
            st.e_cell[v, p] = cell_loss(pr, st, v, p) if pr.part_on[v, p] else 0.0
        for u in range(v_n):
            st.e_bound[v, u], st.p_pair[v, u] = _pair_losses(pr, st, v, u)
    for r in range(pr.reg_q.shape[0]):
        st.e_reg[r] = reg_loss(pr, st, r, True, st.inv[r])


@njit(cache=True)
def _pair_losses(pr: Problem, st: State, v: int, u: int) -> tuple[float, float]:
    w = pr.pair_w[v, u]
    lo, hi = pr.bound_lo[v, u], pr.bound_hi[v, u]
    if u == v or (w == 0.0 and lo <= -1.0 and hi >= 1.0):
        return 0.0, 0.0
    r = pair_r(st, v, u)
    d = r - pr.pair_r[v, u]
    bound = 0.0
    if r < lo:
        bound = (lo - r) / BOUND_UNIT
    elif r > hi:
        bound = (r - hi) / BOUND_UNIT
    return bound, 0.5 * w * d * d


@njit(cache=True)
def moves(pr: Problem, st: State, temperature: float, n_moves: int, seed: int) -> int:
    """Make a number of moves at one temperature; returns the number accepted."""
    np.random.seed(seed)
    v_n = st.x.shape[1]
    r_n = pr.reg_q.shape[0]
    q_n = st.inv.shape[1]
    scratch = np.empty((r_n, q_n, q_n))
    new_cell = np.empty(pr.lab.shape[0])
    new_reg = np.empty(r_n)
    new_bound = np.empty(v_n)
    new_pair = np.empty(v_n)
    accepted = 0
    for _ in range(n_moves):
        v = np.searchsorted(pr.pick, np.random.random())
        rows = pr.move_n[v]
        i = pr.movable[v, np.random.randint(rows)]
        j = -1
        xi = st.x[i, v]
        xj = 0.0
        kind = pr.kind[v]
        u = np.random.random()
        if kind == BINARY or u < 0.35:
            # exchange the answers of two respondents of one group (or one segment)
            for _try in range(12):
                o = pr.movable[v, np.random.randint(rows)]
                same = (
                    pr.group[o] == pr.group[i]
                    if u < 0.15 or kind == BINARY
                    else pr.unit[o] == pr.unit[i]
                )
                if o != i and same and pr.k[o, v] == pr.k[i, v] and st.x[o, v] != xi:
                    j = o
                    break
            if j < 0:
                continue
            ni = st.x[j, v]
            nj = xi
        elif kind == DAYS:
            b = pr.day_bin[int(xi)] + (1 + np.random.randint(3)) * (
                1 if np.random.random() < 0.5 else -1
            )
            if b < 0 or b >= pr.heap.shape[0]:
                continue
            ni = pr.heap[b]
            nj = 0.0
        else:
            k = pr.k[i, v]
            step = 1.0 if np.random.random() < 0.5 else -1.0
            ni = np.rint(xi * k + step) / k
            if ni < pr.lo[v] - 1e-9 or ni > pr.hi[v] + 1e-9:
                continue
            nj = 0.0
            if u < 0.65:
                # hand a point to another respondent of the group, so that its mean stays
                for _try in range(12):
                    o = pr.movable[v, np.random.randint(rows)]
                    same = pr.group[o] == pr.group[i] if u < 0.5 else pr.unit[o] == pr.unit[i]
                    if o != i and same and pr.k[o, v] == k:
                        y = np.rint(st.x[o, v] * k - step) / k
                        if pr.lo[v] - 1e-9 <= y <= pr.hi[v] + 1e-9:
                            j = o
                            nj = y
                            break
                if j < 0:
                    continue
        if j >= 0:
            xj = st.x[j, v]
        prior = _set(pr, st, i, v, ni)
        if j >= 0:
            prior += _set(pr, st, j, v, nj)
        if kind == DAYS and (
            _days_total(pr, st, i) > pr.days_max
            or (j >= 0 and _days_total(pr, st, j) > pr.days_max)
        ):
            _set(pr, st, i, v, xi)
            if j >= 0:
                _set(pr, st, j, v, xj)
            continue
        loss = 0.0
        for p in range(pr.lab.shape[0]):
            if pr.part_on[v, p]:
                new_cell[p] = cell_loss(pr, st, v, p)
                loss += new_cell[p] - st.e_cell[v, p]
        for o in range(v_n):
            if o != v:
                new_bound[o], new_pair[o] = _pair_losses(pr, st, v, o)
                loss += new_bound[o] - st.e_bound[v, o]
                prior += new_pair[o] - st.p_pair[v, o]
        limit = -np.log(np.random.random() + 1e-300)
        keep = loss / temperature + prior <= limit + 1e-12
        w = v_n - 1 if pr.dual[v] else v
        # a loss far beyond the limit need not wait for the regressions, which can win back no more
        # than they lose now
        if not keep:
            best = loss
            for r in range(r_n):
                if pr.pos[w, r] >= 0:
                    best -= st.e_reg[r]
            if best / temperature + prior > limit:
                _set(pr, st, i, v, xi)
                if j >= 0:
                    _set(pr, st, j, v, xj)
                continue
        for r in range(r_n):
            a = pr.pos[w, r]
            if a >= 0:
                fresh = a < pr.reg_q[r] - 1
                new_reg[r] = reg_loss(pr, st, r, fresh, scratch[r] if fresh else st.inv[r])
                loss += new_reg[r] - st.e_reg[r]
        if loss / temperature + prior <= limit:
            accepted += 1
            for p in range(pr.lab.shape[0]):
                if pr.part_on[v, p]:
                    st.e_cell[v, p] = new_cell[p]
            for o in range(v_n):
                if o != v:
                    st.e_bound[v, o] = new_bound[o]
                    st.e_bound[o, v] = new_bound[o]
                    st.p_pair[v, o] = new_pair[o]
                    st.p_pair[o, v] = new_pair[o]
            for r in range(r_n):
                a = pr.pos[w, r]
                if a >= 0:
                    st.e_reg[r] = new_reg[r]
                    if a < pr.reg_q[r] - 1:
                        st.inv[r] = scratch[r]
        else:
            _set(pr, st, i, v, xi)
            if j >= 0:
                _set(pr, st, j, v, xj)
    return accepted
