"""The steps of chained equations: one variable's holes drawn given all others.

Arrays carry all chains at once, the chain first. Every chain has a generator of its own, so that
its draws do not depend on how many chains run beside it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import special

from mobiliteit.inference.resample import Array

Generators = Sequence[np.random.Generator]
Positions = NDArray[np.intp]

# Below this share of the largest, an eigenvalue is a direction in which the predictors do not vary.
FLAT = 1e-9
# Predictions nearer than this share of their range are ties.
TIE = 1e-10
NEWTON_STEPS = 50
NEWTON_TOLERANCE = 1e-8
# Longest step in a linear predictor: keeps Newton's method from overshooting near separation.
LONGEST_STEP = 5.0


@dataclass(frozen=True)
class Coded:
    """One variable as the chains see it.

    Attributes
    ----------
    values : numpy.ndarray, shape (n,)
        Numbers, or positions of the categories; NaN where missing.
    categories : numpy.ndarray
        Values that a binary or nominal variable may take; empty for a number.
    columns : int
        Columns that it takes as a predictor: one, or one less than its categories.
    shift, scale : numpy.ndarray, shape (columns,)
        Mean and standard deviation of those columns among who answered.
    """

    values: Array
    categories: Array
    columns: int
    shift: Array
    scale: Array

    @property
    def missing(self) -> Positions:
        """Positions without a value."""
        return np.flatnonzero(np.isnan(self.values))

    @property
    def answered(self) -> Positions:
        """Positions with a value."""
        return np.flatnonzero(~np.isnan(self.values))

    def design(self, values: Array) -> Array:
        """Columns of shape (..., columns), standardized, for values of shape (...)."""
        return (_spread(values, self.categories) - self.shift) / self.scale


def code(values: Array, *, categorical: bool) -> Coded:
    """Prepare one variable.

    Parameters
    ----------
    values : numpy.ndarray, shape (n,)
        Numbers or category codes, NaN where missing, not all the same.
    categorical : bool
        Whether the codes name categories, of which only those that occur are drawn.

    Returns
    -------
    Coded
        Ready for :func:`run_chains`.
    """
    answered = values[~np.isnan(values)]
    categories = np.unique(answered) if categorical else np.empty(0)
    columns = _spread(answered, categories)
    return Coded(values, categories, columns.shape[1], columns.mean(axis=0), columns.std(axis=0))


def _spread(values: Array, categories: Array) -> Array:
    if len(categories) > 2:
        return (values[..., None] == categories[1:]).astype("float64")
    return values[..., None]


def run_chains(
    variables: Sequence[Coded],
    generators: Generators,
    iterations: int,
    donors: int,
) -> tuple[dict[int, Array], Array, Array]:
    """Run chains from random starts to their last draw.

    Parameters
    ----------
    variables : sequence of Coded
        All variables, complete ones too.
    generators : sequence of numpy.random.Generator
        One per chain.
    iterations : int
        Times that every incomplete variable is drawn.
    donors : int
        Respondents that predictive mean matching chooses from.

    Returns
    -------
    tuple
        Draws, by position of the variable, of shape (chains, missing); and the mean and the
        standard deviation of the draws, shape (iterations, chains, variables), NaN for complete
        variables. Of a nominal variable it is the share of its most common category.
    """
    incomplete = [j for j, variable in enumerate(variables) if len(variable.missing)]
    order = sorted(incomplete, key=lambda j: len(variables[j].missing))
    chains = len(generators)
    draws: dict[int, Array] = {}
    filled = [np.repeat(variable.values[None], chains, axis=0) for variable in variables]
    for j in order:
        missing, known = variables[j].missing, variables[j].values[variables[j].answered]
        filled[j][:, missing] = [g.choice(known, len(missing)) for g in generators]
    design = np.concatenate(
        [variable.design(values) for variable, values in zip(variables, filled, strict=True)],
        axis=2,
    )
    owner = np.repeat(np.arange(len(variables)), [variable.columns for variable in variables])
    means = np.full((iterations, chains, len(variables)), np.nan)
    spreads = means.copy()
    for iteration in range(iterations):
        for j in order:
            variable, others = variables[j], np.flatnonzero(owner != j)
            missing, answered = variable.missing, variable.answered
            known = variable.values[answered]
            x_known = design[:, answered[:, None], others]
            x_missing = design[:, missing[:, None], others]
            if len(variable.categories):
                drawn = draw_categories(known, variable.categories, x_known, x_missing, generators)
            else:
                drawn = draw_matches(known, x_known, x_missing, generators, donors)
            own = np.flatnonzero(owner == j)
            design[:, missing[:, None], own] = variable.design(drawn)
            draws[j] = drawn
            watched = drawn
            if len(variable.categories) > 2:
                counts = [(known == category).sum() for category in variable.categories]
                watched = (drawn == variable.categories[int(np.argmax(counts))]).astype("float64")
            means[iteration, :, j] = watched.mean(axis=1)
            if len(missing) > 1:
                spreads[iteration, :, j] = watched.std(axis=1, ddof=1)
    return draws, means, spreads


def draw_matches(
    known: Array, x_known: Array, x_missing: Array, generators: Generators, donors: int
) -> Array:
    """Draw by predictive mean matching on a Bayesian linear regression.

    Parameters
    ----------
    known : numpy.ndarray, shape (a,)
        Answers.
    x_known, x_missing : numpy.ndarray, shapes (c, a, q) and (c, b, q)
        Predictors of who answered, and of who did not.
    generators : sequence of numpy.random.Generator
        One per chain.
    donors : int
        Nearest respondents to choose one of.

    Returns
    -------
    numpy.ndarray, shape (c, b)
        Values that somebody gave.

    Notes
    -----
    Type 1 matching of van Buuren (2018, section 3.4): predictions with the estimated coefficients
    for who answered, with coefficients drawn from their posterior (a flat prior) for who did not. A
    direction in which the predictors do not vary among who answered gets no coefficient.
    """
    n = len(known)
    centre = x_known.mean(axis=1, keepdims=True)
    x, y = x_known - centre, known - known.mean()
    values, vectors = np.linalg.eigh(np.swapaxes(x, 1, 2) @ x)
    varies = values > FLAT * max(float(values.max(initial=0.0)), 1.0)
    inverse = np.where(varies, 1 / np.where(varies, values, 1.0), 0.0)
    rotated = np.swapaxes(vectors, 1, 2) @ (np.swapaxes(x, 1, 2) @ y)[..., None]
    slopes = vectors @ (inverse[..., None] * rotated)
    fitted = (x @ slopes)[..., 0]
    residual = ((y - fitted) ** 2).sum(axis=1)
    df = np.maximum(n - 1 - varies.sum(axis=1), 1)
    chi2 = np.array([g.chisquare(d) for g, d in zip(generators, df, strict=True)])
    sigma = np.sqrt(residual / chi2)[:, None, None]
    normal = np.stack([g.standard_normal(x.shape[2] + 1) for g in generators])[..., None]
    drawn = slopes + sigma * (vectors @ (np.sqrt(inverse)[..., None] * normal[:, 1:]))
    predicted = ((x_missing - centre) @ drawn + sigma * normal[:, :1] / np.sqrt(n))[..., 0]
    chosen = [
        nearest_donor(fitted[c], predicted[c], donors, generator)
        for c, generator in enumerate(generators)
    ]
    return known[np.stack(chosen)]


def nearest_donor(
    fitted: Array, predicted: Array, donors: int, generator: np.random.Generator
) -> Positions:
    """Choose for each prediction one of the nearest respondents, at random.

    Parameters
    ----------
    fitted : numpy.ndarray, shape (a,)
        Predictions of who answered.
    predicted : numpy.ndarray, shape (b,)
        Predictions of who did not.
    donors : int
        How many are near; fewer when fewer answered.
    generator : numpy.random.Generator
        Of the chain.

    Returns
    -------
    numpy.ndarray, shape (b,)
        Positions among who answered. Who have the same prediction have the same chance, each time
        anew: with 0/1 predictors hundreds may.
    """
    a, b, k = len(fitted), len(predicted), min(donors, len(fitted))
    order = np.argsort(fitted, kind="stable")
    ordered = fitted[order]
    starts = np.flatnonzero(
        np.concatenate([[True], np.diff(ordered) > TIE * (ordered[-1] - ordered[0])])
    )
    sizes = np.diff(np.append(starts, a))
    block = np.repeat(np.arange(len(starts)), sizes)
    window = np.searchsorted(ordered, predicted)[:, None] + np.arange(-k, k)
    inside = (window >= 0) & (window < a)
    window = np.clip(window, 0, a - 1)
    distance = np.where(inside, np.abs(ordered[window] - predicted[:, None]), np.inf)
    near = np.argpartition(distance, k - 1, axis=1)[:, :k]
    rows = np.arange(b)
    tied = block[window[rows, near[rows, generator.integers(0, k, b)]]]
    return order[starts[tied] + generator.integers(0, sizes[tied])]


def draw_categories(
    known: Array, categories: Array, x_known: Array, x_missing: Array, generators: Generators
) -> Array:
    """Draw categories from a logistic regression, multinomial where there are more than two.

    Parameters
    ----------
    known : numpy.ndarray, shape (a,)
        Answers, each one of `categories`.
    categories : numpy.ndarray, shape (k,)
        At least two.
    x_known, x_missing : numpy.ndarray, shapes (c, a, q) and (c, b, q)
        Predictors of who answered, and of who did not.
    generators : sequence of numpy.random.Generator
        One per chain.

    Returns
    -------
    numpy.ndarray, shape (c, b)
        Categories.

    Notes
    -----
    Coefficients are drawn from the normal approximation of their posterior. White, Daniel and
    Royston (2010, CSDA 54) add a few respondents of little weight (together as many as there are
    coefficients), so that a predictor that separates the categories gets a finite coefficient.
    """
    chains, n, q = x_known.shape
    k = len(categories)
    y = np.eye(k)[np.searchsorted(categories, known)][:, 1:]
    extra_x, extra_y, weight = _augmentation(np.concatenate([x_known, x_missing], axis=1), k)
    x = np.concatenate([x_known, extra_x], axis=1)
    x = np.concatenate([np.ones((chains, x.shape[1], 1)), x], axis=2)
    y = np.concatenate([y, extra_y])
    weights = np.concatenate([np.ones(n), np.full(len(extra_y), weight)])
    slopes, information = _fit_logistic(x, y, weights)
    lower = np.linalg.cholesky(information)
    normal = np.stack([g.standard_normal((k - 1) * (q + 1)) for g in generators])
    step = np.linalg.solve(np.swapaxes(lower, 1, 2), normal[..., None])[..., 0]
    slopes = slopes + step.reshape(slopes.shape)
    design = np.concatenate([np.ones((*x_missing.shape[:2], 1)), x_missing], axis=2)
    below = _probabilities(design, slopes).cumsum(axis=2)
    # The first category is the one that the others are compared with.
    below = (1 - below[..., -1:]) + np.concatenate(
        [np.zeros_like(below[..., :1]), below[..., :-1]], axis=2
    )
    uniform = np.stack([g.random(x_missing.shape[1]) for g in generators])
    return categories[(uniform[..., None] >= below).sum(axis=2)]


def _augmentation(x: Array, k: int) -> tuple[Array, Array, float]:
    """Respondents half a deviation above and below the mean of each predictor, per category."""
    chains, _, q = x.shape
    if not q:
        return np.empty((chains, 0, 0)), np.empty((0, k - 1)), 0.0
    mean, spread = x.mean(axis=1), x.std(axis=1)
    rows = np.repeat(mean[:, None], 2 * q, axis=1)
    each = np.arange(q)
    rows[:, 2 * each, each] = np.minimum(mean + spread / 2, x.max(axis=1))
    rows[:, 2 * each + 1, each] = np.maximum(mean - spread / 2, x.min(axis=1))
    y = np.repeat(np.eye(k)[:, 1:], 2 * q, axis=0)
    return np.tile(rows, (1, k, 1)), y, (q + 1) / (2 * q * k)


def _probabilities(x: Array, slopes: Array) -> Array:
    """Chances, (c, n, k - 1), of all categories but the first; slopes are (c, k - 1, q)."""
    eta = x @ np.swapaxes(slopes, 1, 2)
    base = np.zeros((*eta.shape[:2], 1))
    return np.asarray(special.softmax(np.concatenate([base, eta], axis=2), axis=2)[..., 1:])


def _fit_logistic(x: Array, y: Array, weights: Array) -> tuple[Array, Array]:
    """Maximum likelihood by Newton's method: slopes and information, chain by chain."""
    chains, _, q = x.shape
    k = y.shape[1]
    slopes = np.zeros((chains, k, q))
    transposed = np.swapaxes(x, 1, 2)
    information = np.empty((chains, k, q, k, q))
    for _ in range(NEWTON_STEPS):
        p = _probabilities(x, slopes)
        for a in range(k):
            for b in range(k):
                w = weights * p[..., a] * ((a == b) - p[..., b])
                information[:, a, :, b, :] = transposed @ (w[..., None] * x)
        flat = information.reshape(chains, k * q, k * q)
        gradient = np.swapaxes(transposed @ (weights[:, None] * (y - p)), 1, 2)
        step = np.linalg.solve(flat, gradient.reshape(chains, k * q, 1)).reshape(slopes.shape)
        moved = np.abs(x @ np.swapaxes(step, 1, 2)).max(axis=(1, 2))
        slopes = (
            slopes + step * np.minimum(1, LONGEST_STEP / np.maximum(moved, 1e-300))[:, None, None]
        )
        if moved.max() < NEWTON_TOLERANCE:
            break
    return slopes, flat
