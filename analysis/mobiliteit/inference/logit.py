"""The likelihood of a yes or no, maximized: what the logistic models of this package rest on."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from mobiliteit.inference.resample import Array

# Where there is no maximum, the log odds grow by about one with each step, and never settle.
MOST_STEPS, SHORTEST = 35, 1e-4
# Newton's method doubles the digits with each step: behind one this small there is nothing to win.
SETTLED, ROUNDING = 1e-8, 1e-12


@dataclass(frozen=True)
class LogitFit:
    """The maximum of a likelihood.

    Attributes
    ----------
    params : numpy.ndarray, shape (k,)
        Log odds per column of the design.
    chance : numpy.ndarray, shape (n,)
        Fitted chance of a yes.
    information : numpy.ndarray, shape (k, k)
        Minus the second derivatives; its inverse is the covariance of `params`.
    log_likelihood : float
    """

    params: Array
    chance: Array
    information: Array
    log_likelihood: float


def fit_logit(y: Array, design: Array, start: Array | None = None) -> LogitFit | None:
    """Maximize the likelihood of a binary logit.

    Parameters
    ----------
    y : numpy.ndarray, shape (n,)
        Floats 0 and 1, both of them there.
    design : numpy.ndarray, shape (n, k)
        Nothing missing; columns of like size, the intercept among them.
    start : numpy.ndarray, shape (k,), optional
        Where to begin; by default at 0.

    Returns
    -------
    LogitFit or None
        None where the likelihood has no maximum, as when the columns tell yes from no, or where
        they determine each other.

    Notes
    -----
    Newton's method with exact second derivatives, each step halved until the likelihood does not
    fall. Tested against ``statsmodels.Logit``, which takes several times as long, and against R's
    ``glm`` by way of :mod:`mobiliteit.inference.binary`.
    """
    params: Array = np.zeros(design.shape[1]) if start is None else start
    fitted = design @ params
    chance, value = _likelihood(y, fitted)
    # a step too far may leave what a computer can write: it is then halved
    with np.errstate(all="ignore"):
        for _ in range(MOST_STEPS):
            try:
                step = np.linalg.solve(_information(design, chance), design.T @ (y - chance))
            except np.linalg.LinAlgError:
                return None
            along, length = design @ step, 1.0
            # any comparison with a NaN is false
            while not (
                (tried := _likelihood(y, fitted + length * along))[1]
                >= value - ROUNDING * abs(value)
            ):
                length /= 2
                if length < SHORTEST:
                    return None
            params, fitted, (chance, value) = params + length * step, fitted + length * along, tried
            if np.abs(step).max() <= SETTLED * max(1.0, float(np.abs(params).max())):
                return LogitFit(params, chance, _information(design, chance), value)
    return None


def _information(design: Array, chance: Array) -> Array:
    return np.asarray((design * (chance * (1 - chance))[:, None]).T @ design)


def _likelihood(y: Array, fitted: Array) -> tuple[Array, float]:
    """Chances of a yes, and the log-likelihood; one exponential serves both."""
    small = np.exp(-np.abs(fitted))
    chance = np.where(fitted >= 0, 1.0, small) / (1 + small)
    return chance, float(y @ fitted - np.maximum(fitted, 0).sum() - np.log1p(small).sum())
