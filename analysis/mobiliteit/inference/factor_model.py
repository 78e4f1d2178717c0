"""The likelihood of one common factor in several groups: parameters, moments, Fisher scoring.

Nothing here knows respondents or names: only moments per group, and which parameters are the same
number. :mod:`mobiliteit.inference.factors` is what people call.

In group g, items y = nu + lambda f + e, with f of mean kappa and variance phi, and independent
residuals of variances theta::

    Sigma = phi lambda lambda' + diag(theta),    mu = nu + kappa lambda

Parameters are kept as one row per group, `K = 3p + 2` columns: p loadings, p residual variances,
p intercepts, the variance of the factor and its mean.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
Places = NDArray[np.intp]

FIXED = -1
MAX_STEPS = 500
MAX_HALVINGS = 30
# Of the Newton decrement, in units of chi-square: estimates are then within 1e-7 standard errors.
CONVERGED = 1e-14
# Variance of an estimate, over what it would be if all other parameters were known.
SINGULAR = 1e9


@dataclass(frozen=True)
class Moments:
    """What the likelihood and its robust corrections need of the data.

    Attributes
    ----------
    n : numpy.ndarray, shape (G,)
        Respondents per group.
    means : numpy.ndarray, shape (G, p)
        Item means.
    covariances : numpy.ndarray, shape (G, p, p)
        With divisor n.
    gamma : numpy.ndarray, shape (G, q, q)
        Covariances, divisor n, of a respondent's deviations from the means and of the products of
        those deviations, ``q = p + p (p + 1) / 2`` (lower triangle, row by row).
    """

    n: Array
    means: Array
    covariances: Array
    gamma: Array


@dataclass(frozen=True)
class Solution:
    """Where the likelihood is largest.

    Attributes
    ----------
    values : numpy.ndarray, shape (G, K)
        All parameters.
    places : numpy.ndarray, shape (G, K)
        Which free parameter each of them is; `FIXED` where it is none.
    vcov, vcov_robust : numpy.ndarray, shape (m, m)
        Covariances of the free parameters: inverse expected information, and the sandwich that does
        not assume normal items. NaN when the solution is not identified.
    discrepancy : float
        The chi-square: sum of n_g times the discrepancy of group g.
    trace : float
        Trace of U Gamma, the expectation of the chi-square whatever the distribution; the number of
        degrees of freedom when items are normal.
    converged, identified : bool
        Whether a maximum was found, and whether it says anything of every loading.
    """

    values: Array
    places: Places
    vcov: Array
    vcov_robust: Array
    discrepancy: float
    trace: float
    converged: bool
    identified: bool


def moments_of(groups: list[Array]) -> Moments:
    """Summarize complete items, one array of shape (n_g, p) per group."""
    lower = np.tril_indices(groups[0].shape[1])
    means, covariances, gamma = [], [], []
    for rows in groups:
        means.append(rows.mean(axis=0))
        centred = rows - means[-1]
        products = np.hstack([centred, centred[:, lower[0]] * centred[:, lower[1]]])
        covariances.append(centred.T @ centred / len(rows))
        products -= products.mean(axis=0)
        gamma.append(products.T @ products / len(rows))
    n = np.array([len(rows) for rows in groups], dtype="float64")
    return Moments(n, np.array(means), np.array(covariances), np.array(gamma))


def place_parameters(
    groups: int, items: int, equal: tuple[str, ...], own: dict[str, frozenset[int]]
) -> Places:
    """Give each free parameter a number; what is equal over groups shares one.

    Parameters
    ----------
    groups, items : int
        G and p.
    equal : tuple of str
        Of ``loadings``, ``intercepts`` and ``residuals``: what all groups share.
    own : dict of str to frozenset of int
        Per kind the positions of items that are left free in every group all the same.

    Returns
    -------
    numpy.ndarray, shape (G, K)
        The factor has variance 1 and mean 0 in the first group; in the others its variance is free
        where loadings are shared, and its mean where intercepts are.
    """
    places = np.full((groups, 3 * items + 2), FIXED, dtype=np.intp)
    count = 0
    for block, kind in enumerate(("loadings", "residuals", "intercepts")):
        for item in range(items):
            shared = kind in equal and item not in own.get(kind, frozenset())
            numbers = np.zeros(groups, dtype=np.intp) if shared else np.arange(groups)
            places[:, block * items + item] = count + numbers
            count += 1 if shared else groups
    for column, kind in ((-2, "loadings"), (-1, "intercepts")):
        if kind in equal:
            places[1:, column] = count + np.arange(groups - 1)
            count += groups - 1
    return places


def implied(values: Array) -> tuple[Array, Array]:
    """Covariances (G, p, p) and means (G, p) that parameters (G, K) imply."""
    loadings, residuals, intercepts, variance, mean = _split(values)
    common = variance[:, :, None] * loadings[:, :, None] * loadings[:, None, :]
    return common + residuals[:, :, None] * np.eye(loadings.shape[1]), intercepts + mean * loadings


def maximize(moments: Moments, places: Places) -> Solution:
    """Maximize the normal likelihood by Fisher scoring with step halving.

    Parameters
    ----------
    moments : Moments
        Of items whose covariances are positive definite in every group.
    places : numpy.ndarray, shape (G, K)
        From :func:`place_parameters`.

    Returns
    -------
    Solution
        Residual variances are not held above zero, so that the chi-square keeps its distribution
        (Savalei & Kolenikov, 2008); a negative one is for the caller to report.
    """
    values = _start(moments, places)
    expand = _expansion(places)
    function, converged = discrepancy(moments, values), False
    for _ in range(MAX_STEPS):
        gradient, information = _derivatives(moments, values)
        score = expand.T @ gradient.ravel()
        curvature = _gather(expand, information)
        step = _solve(curvature, score)
        if step is None:
            break
        decrement = float(score @ step)
        if decrement < CONVERGED:
            converged = True
            break
        full = (expand @ step).reshape(values.shape)
        for halving in range(MAX_HALVINGS):
            attempt = values + full / 2**halving
            reached = discrepancy(moments, attempt)
            # So near the top, a rise is only rounding.
            if reached < function or (decrement < 1e-8 and np.isfinite(reached)):
                values, function = attempt, reached
                break
        else:
            break
    values = _upright(values, places)
    return _finish(moments, values, places, function, converged)


def discrepancy(moments: Moments, values: Array) -> float:
    """Chi-square of parameters (G, K); infinite where they imply no covariance matrix."""
    sigma, mu = implied(values)
    if not np.isfinite(sigma).all():
        return np.inf
    try:
        root = np.linalg.cholesky(sigma)
    except np.linalg.LinAlgError:
        return np.inf
    inverse = np.linalg.inv(sigma)
    away = moments.means - mu
    distance = np.einsum("gi,gij,gj->g", away, inverse, away)
    fit = np.einsum("gij,gij->g", moments.covariances, inverse)
    logs = 2 * np.log(np.diagonal(root, axis1=1, axis2=2)).sum(axis=1)
    own = np.linalg.slogdet(moments.covariances)[1]
    return float((moments.n * (logs + fit - own - mu.shape[1] + distance)).sum())


def robust_trace(moments: Moments, values: Array, places: Places) -> float:
    """Trace of U Gamma of a model at given parameters.

    Parameters
    ----------
    moments : Moments
        Of the data.
    values : numpy.ndarray, shape (G, K)
        Where to look: of the model itself, or of one nested in it.
    places : numpy.ndarray, shape (G, K)
        The free parameters of the model.

    Returns
    -------
    float
        The mean of the model's chi-square when it holds, items normal or not (Satorra & Bentler,
        1994); NaN when the information is singular.

    Notes
    -----
    The same manifold may be given with the factor's variance and mean fixed at other values, so
    the parameters of a nested model serve as they are, as Satorra & Bentler (2010) ask.
    """
    expand = _expansion(places)
    bread, meat = _bread_and_meat(moments, values, expand)
    inverse = _inverse(bread)
    if inverse is None:
        return np.nan
    sigma_inverse = _inverted(implied(values)[0])
    lower = np.tril_indices(p := sigma_inverse.shape[1])
    each = np.arange(len(lower[0]))
    units = np.zeros((len(each), p, p))
    units[each, lower[0], lower[1]] = units[each, lower[1], lower[0]] = 1
    saturated_mu = np.vstack([np.eye(p), np.zeros((len(units), p))])
    saturated_sigma = np.concatenate([np.zeros((p, p, p)), units])[None]
    every_mu = saturated_mu[None].repeat(len(sigma_inverse), axis=0)
    weights = _functionals(sigma_inverse, every_mu, saturated_sigma)
    total = float(np.einsum("gij,gji->", weights, moments.gamma))
    return total - float(np.einsum("ij,ji->", inverse, meat))


def _split(values: Array) -> list[Array]:
    # Loadings, residuals, intercepts, and the variance and mean of the factor.
    p = (values.shape[1] - 2) // 3
    return np.split(values, [p, 2 * p, 3 * p, 3 * p + 1], axis=1)


def _start(moments: Moments, places: Places) -> Array:
    # Centroid loadings: row sums of the covariances over the root of their total.
    diagonals = np.diagonal(moments.covariances, axis1=1, axis2=2)
    off = moments.covariances.sum(axis=2) - diagonals
    total = off.sum(axis=1, keepdims=True)
    scale = np.sqrt(diagonals)
    centroid = np.where(total > 0, off / np.sqrt(np.where(total > 0, total, 1)), 0)
    loadings = np.clip(centroid, 0.3 * scale, 0.9 * scale)
    ones = np.ones((len(loadings), 1))
    start = np.hstack([loadings, diagonals - loadings**2, moments.means, ones, 0 * ones])
    # What groups share starts at its mean over them.
    free = places != FIXED
    sums, counts = np.bincount(places[free], start[free]), np.bincount(places[free])
    start[free] = (sums / counts)[places[free]]
    return start


def _expansion(places: Places) -> Array:
    flat = places.ravel()
    expand = np.zeros((flat.size, int(flat.max()) + 1))
    free = np.flatnonzero(flat != FIXED)
    expand[free, flat[free]] = 1
    return expand


def _slopes(values: Array) -> tuple[Array, Array]:
    loadings, _, _, variance, mean = _split(values)
    groups, p = loadings.shape
    i = np.arange(p)
    sigma = np.zeros((groups, values.shape[1], p, p))
    mu = np.zeros((groups, values.shape[1], p))
    sigma[:, i, i, :] += variance[:, :, None] * loadings[:, None, :]
    sigma[:, i, :, i] += (variance[:, :, None] * loadings[:, None, :]).transpose(1, 0, 2)
    sigma[:, p + i, i, i] = 1
    sigma[:, -2] = loadings[:, :, None] * loadings[:, None, :]
    mu[:, i, i] = mean
    mu[:, 2 * p + i, i] = 1
    mu[:, -1] = loadings
    return sigma, mu


def _derivatives(moments: Moments, values: Array) -> tuple[Array, Array]:
    # Of the log-likelihood: its slope, and its expected information per group.
    sigma, mu = implied(values)
    inverse = _inverted(sigma)
    d_sigma, d_mu = _slopes(values)
    away = moments.means - mu
    excess = moments.covariances + away[:, :, None] * away[:, None, :] - sigma
    weight = inverse @ excess @ inverse
    slope = 0.5 * np.einsum("gij,gkij->gk", weight, d_sigma)
    slope += np.einsum("gi,gij,gkj->gk", away, inverse, d_mu)
    return moments.n[:, None] * slope, _information(moments.n, inverse, d_sigma, d_mu)


def _information(n: Array, inverse: Array, d_sigma: Array, d_mu: Array) -> Array:
    groups, k, p, _ = d_sigma.shape
    turned = inverse[:, None] @ d_sigma
    left = turned.reshape(groups, k, p * p)
    right = turned.transpose(0, 1, 3, 2).reshape(groups, k, p * p)
    second = 0.5 * left @ right.transpose(0, 2, 1)
    return n[:, None, None] * (second + d_mu @ inverse @ d_mu.transpose(0, 2, 1))


def _functionals(inverse: Array, d_mu: Array, d_sigma: Array) -> Array:
    # Row a: how the score of parameter a weighs the means and the lower triangle of covariances.
    p = inverse.shape[1]
    lower = np.tril_indices(p)
    doubled = np.where(lower[0] == lower[1], 0.5, 1.0)
    middle = inverse[:, None] @ d_sigma @ inverse[:, None]
    return np.concatenate([d_mu @ inverse, middle[:, :, lower[0], lower[1]] * doubled], axis=2)


def _bread_and_meat(moments: Moments, values: Array, expand: Array) -> tuple[Array, Array]:
    inverse = _inverted(implied(values)[0])
    d_sigma, d_mu = _slopes(values)
    rows = _functionals(inverse, d_mu, d_sigma)
    meat = moments.n[:, None, None] * (rows @ moments.gamma @ rows.transpose(0, 2, 1))
    bread = _information(moments.n, inverse, d_sigma, d_mu)
    return _gather(expand, bread), _gather(expand, meat)


def _inverted(sigma: Array) -> Array:
    return np.asarray(np.linalg.inv(sigma), dtype=np.float64)


def _gather(expand: Array, blocks: Array) -> Array:
    groups, k, _ = blocks.shape
    parts = expand.reshape(groups, k, -1)
    return np.asarray((parts.transpose(0, 2, 1) @ blocks @ parts).sum(axis=0))


def _solve(matrix: Array, vector: Array) -> Array | None:
    scale = np.sqrt(np.diagonal(matrix))
    if not (np.isfinite(matrix).all() and (scale > 0).all()):
        return None
    try:
        return np.asarray(np.linalg.solve(matrix / np.outer(scale, scale), vector / scale) / scale)
    except np.linalg.LinAlgError:
        return None


def _inverse(matrix: Array) -> Array | None:
    scale = np.sqrt(np.diagonal(matrix))
    if not (np.isfinite(matrix).all() and (scale > 0).all()):
        return None
    outer = np.outer(scale, scale)
    try:
        inverse = np.linalg.inv(matrix / outer)
    except np.linalg.LinAlgError:
        return None
    inflation = np.diagonal(inverse)
    sound = inflation.min() > 0 and inflation.max() < SINGULAR
    return np.asarray(inverse / outer) if sound else None


def _upright(values: Array, places: Places) -> Array:
    # A factor and its mirror image fit alike: keep the one that most items agree with. Groups that
    # share loadings turn round together.
    p = (values.shape[1] - 2) // 3
    totals = values[:, :p].sum(axis=1)
    together = len(places) > 1 and (places[0, :p] == places[1, :p]).any()
    signs = np.where((totals.sum() + 0 * totals if together else totals) < 0, -1, 1)
    turned = values.copy()
    turned[:, :p] *= signs[:, None]
    turned[:, -1] *= signs
    return turned


def _weak(moments: Moments, places: Places, vcov: Array) -> bool:
    # A loading lies within one standard deviation of its item, of either sign; an error as large
    # says nothing of it.
    deviations = np.sqrt(np.diagonal(moments.covariances, axis1=1, axis2=2))
    errors = np.sqrt(np.diagonal(vcov))[places[:, : deviations.shape[1]]]
    return bool((errors > deviations).any())


def _finish(
    moments: Moments, values: Array, places: Places, function: float, converged: bool
) -> Solution:
    bread, meat = _bread_and_meat(moments, values, _expansion(places))
    vcov = _inverse(bread) if converged else None
    if vcov is None or _weak(moments, places, vcov):
        nothing = np.full(bread.shape, np.nan)
        return Solution(values, places, nothing, nothing, function, np.nan, converged, False)
    trace = robust_trace(moments, values, places)
    return Solution(values, places, vcov, vcov @ meat @ vcov, function, trace, converged, True)
