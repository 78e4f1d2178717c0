"""Two waves in one model: did a mean change, did a slope, when some people are in both.

Plain numbers in and out; :mod:`mobiliteit.asking` puts names to them. Errors allow for unequal
spread and for people who are in both waves, by clusters of persons
(:mod:`mobiliteit.inference.clustered`). No weights.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from mobiliteit.inference.changes import Estimate
from mobiliteit.inference.clustered import fit_clustered

Array = np.ndarray


@dataclass(frozen=True)
class SlopeChange:
    """A slope in two waves, and its change.

    Attributes
    ----------
    first, second, change : Estimate
        The slope in either wave, as a model of that wave alone gives it, and the second less the
        first; degrees of freedom are people less 1.
    lines : tuple of numpy.ndarray, shape (2,)
        Per wave the height of the line where the predictor is 0 and the other columns are at their
        means in that wave, and its slope.
    covariances : tuple of numpy.ndarray, shape (2, 2)
        Of those.
    """

    first: Estimate
    second: Estimate
    change: Estimate
    lines: tuple[Array, Array]
    covariances: tuple[Array, Array]


def change_of_mean(y: Array, later: Array, columns: Array, person: Array) -> Estimate:
    """Difference of the mean between two waves, other columns held equal.

    Parameters
    ----------
    y : numpy.ndarray, shape (n,)
        The outcome, the rows of both waves; nothing missing.
    later : numpy.ndarray of bool, shape (n,)
        Whether a row is of the second wave.
    columns : numpy.ndarray, shape (n, q)
        What is held equal; q may be 0.
    person : numpy.ndarray, shape (n,)
        Whose row it is.

    Returns
    -------
    Estimate
        Second less first, by t with people - 1 degrees of freedom.

    Raises
    ------
    AnalysisError
        As of :func:`mobiliteit.inference.clustered.fit_clustered`.

    Notes
    -----
    Tested against R's ``lm`` with ``sandwich::vcovCL(type = "HC1")``.
    """
    x = np.column_stack([np.ones(len(y)), later, columns])
    fit = fit_clustered(x, y, person)
    return Estimate(float(fit.coefficients[1]), float(fit.errors[1]), fit.df)


def change_of_slope(y: Array, x: Array, later: Array, columns: Array, person: Array) -> SlopeChange:
    """Difference of a slope between two waves, each wave with its own slopes of other columns.

    Parameters
    ----------
    y, later, person : numpy.ndarray
        As of :func:`change_of_mean`.
    x : numpy.ndarray, shape (n,)
        The predictor.
    columns : numpy.ndarray, shape (n, q)
        What is held equal, in either wave by slopes of its own; a column without spread in a wave
        is left out there.

    Returns
    -------
    SlopeChange
        The slopes are those of the waves by themselves.

    Raises
    ------
    AnalysisError
        As of :func:`mobiliteit.inference.clustered.fit_clustered`.

    Notes
    -----
    Tested against R's ``lm`` with every column by wave and ``sandwich::vcovCL(type = "HC1")``.
    """
    parts, places = list[Array](), list[int]()
    for rows in (~later, later):
        own = np.column_stack([np.ones(len(y)), x, columns]) * rows[:, None]
        varied = [k for k in range(columns.shape[1]) if np.ptp(columns[rows, k]) > 0]
        for k in varied:
            own[rows, 2 + k] -= columns[rows, k].mean()
        places.append(sum(part.shape[1] for part in parts))
        parts.append(own[:, [0, 1, *(2 + k for k in varied)]])
    fit = fit_clustered(np.column_stack(parts), y, person)
    one, two = places
    slopes = [one + 1, two + 1]
    b, v = fit.coefficients[slopes], fit.covariance[np.ix_(slopes, slopes)]
    contrast = np.array([-1.0, 1.0])
    return SlopeChange(
        first=Estimate(float(b[0]), float(np.sqrt(v[0, 0])), fit.df),
        second=Estimate(float(b[1]), float(np.sqrt(v[1, 1])), fit.df),
        change=Estimate(float(b[1] - b[0]), float(np.sqrt(contrast @ v @ contrast)), fit.df),
        lines=(fit.coefficients[one : one + 2], fit.coefficients[two : two + 2]),
        covariances=(
            fit.covariance[one : one + 2, one : one + 2],
            fit.covariance[two : two + 2, two : two + 2],
        ),
    )


def pooled_sd(values: Array, later: Array) -> float:
    """Return the standard deviation within two waves, pooled."""
    parts = [values[~later], values[later]]
    squares = sum(float(((part - part.mean()) ** 2).sum()) for part in parts)
    return float(np.sqrt(squares / (len(values) - 2)))
