"""Regression coefficients in the ways that students compute them.

``beta``
    standardized, z-scores of the complete respondents (the house)
``b``, ``x_only``, ``y_only``, ``dummies_raw``
    nothing standardized, only the predictors, only the outcome, or all but the 0/1 variables
``z_sample``, ``z_everybody``
    z-scores before incomplete respondents are left out: of the sample, or of the whole wave
``population_y``, ``population_x``
    z-scores with the population standard deviation on one side only
``pairwise``
    from correlations over all who have both variables
``alone``
    each predictor in a model of its own
"""

from __future__ import annotations

from collections.abc import Sequence
from math import sqrt

import numpy as np
import pandas as pd

from mobiliteit.hints.recipe import Recipe

FACTORS = ("b", "x_only", "y_only", "dummies_raw", "z_sample", "z_everybody")


def coefficients(
    sample: np.ndarray, everybody: np.ndarray, binary: Sequence[bool], recipe: Recipe
) -> tuple[np.ndarray, float, int]:
    """Fit one model.

    Parameters
    ----------
    sample, everybody : numpy.ndarray
        Respondents of the model, and all of the wave, by variables: the outcome first, then the
        predictors; NaN where missing.
    binary : sequence of bool
        Which predictors are 0/1 variables.
    recipe : Recipe
        Its `coefficient` and `explained` are used.

    Returns
    -------
    tuple
        The coefficients, the explained variance (a share; NaN for ``alone``) and the respondents.
        NaN where the model cannot be fitted. Weights are not supported.
    """
    k = len(binary)
    complete = sample[~np.isnan(sample).any(axis=1)]
    n = len(complete)
    nothing = np.full(k, np.nan), np.nan, n
    if recipe.coefficient == "alone":
        return pd.DataFrame(sample).corr().to_numpy()[1:, 0], np.nan, n
    if recipe.coefficient == "pairwise":
        related = pd.DataFrame(sample).corr().to_numpy()
    elif n < k + 2:
        return nothing
    else:
        with np.errstate(invalid="ignore", divide="ignore"):
            related = np.corrcoef(complete, rowvar=False)
    inner, outer = related[1:, 1:], related[1:, 0]
    if not np.isfinite(related).all() or np.linalg.matrix_rank(inner) < k:
        return nothing
    beta = np.linalg.solve(inner, outer)
    r2 = float(outer @ beta)
    if recipe.explained == "adjusted":
        r2 = 1 - (1 - r2) * (n - 1) / (n - k - 1)
    elif recipe.explained == "r":
        r2 = sqrt(max(r2, 0.0))
    if recipe.coefficient == "population_y":
        beta = beta * sqrt(n / (n - 1))
    elif recipe.coefficient == "population_x":
        beta = beta * sqrt((n - 1) / n)
    elif recipe.coefficient in FACTORS:
        sd = complete.std(axis=0, ddof=1)
        b = beta * sd[0] / sd[1:]
        before = {"z_sample": sample, "z_everybody": everybody}.get(recipe.coefficient)
        if before is not None:
            wide = np.nanstd(before, axis=0, ddof=1)
            beta = b * wide[1:] / wide[0]
        else:
            beta = {
                "b": b,
                "x_only": b * sd[1:],
                "y_only": b / sd[0],
                "dummies_raw": np.where(binary, beta / sd[1:], beta),
            }[recipe.coefficient]
    return beta, r2, n
