"""Raking: weights that make a sample agree with the margins of a population.

Own code, after looking at two libraries: weightipy 0.4 starts every weight at 1 (no base weights),
stops at a coarse rule of its own and keeps no account of the iterations; svy 0.35 does more than is
needed here, on polars and a compiled extension of 200 MB, and asks for a second kind of data frame
throughout. Iterative proportional fitting itself is a few lines.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from mobiliteit.errors import AnalysisError, Problem

MISSING = -1
"""Code of a respondent without a value on a margin."""


@dataclass(frozen=True)
class Raked:
    """Weights that were raked.

    Attributes
    ----------
    weights : numpy.ndarray
        One per respondent, positive; their mean is 1, with limits within the tolerance.
    deviations : numpy.ndarray
        After each iteration the largest difference, over all categories of all margins, between a
        weighted share and its target; shares in [0, 1].
    trimmed : numpy.ndarray of bool
        Who stands on a limit.
    """

    weights: np.ndarray
    deviations: np.ndarray
    trimmed: np.ndarray

    @property
    def iterations(self) -> int:
        """Number of iterations done."""
        return len(self.deviations)


def rake(
    base: np.ndarray,
    margins: Sequence[tuple[np.ndarray, np.ndarray]],
    *,
    trim: tuple[float, float] | None = None,
    tolerance: float = 1e-8,
    max_iterations: int = 200,
) -> Raked:
    """Rake by iterative proportional fitting, within limits where these are asked for.

    Parameters
    ----------
    base : numpy.ndarray
        Weight of each respondent before raking; positive.
    margins : sequence of (numpy.ndarray, numpy.ndarray)
        Per margin the category of each respondent (0, 1, ..., or `MISSING`) and the share of each
        category in the population, summing to 1. Respondents without a value keep, together, the
        share that they have by their base weights; the others divide the rest as the population
        does, so that the margin holds among those who have a value.
    trim : tuple of float, optional
        Smallest and largest weight, relative to the mean of 1.
    tolerance : float
        Largest deviation of a share at which raking stops.
    max_iterations : int
        Iterations after which it counts as not converged.

    Returns
    -------
    Raked
        Margins within `tolerance`, and weights within `trim`, hold at the same time.

    Raises
    ------
    AnalysisError
        They do not hold after `max_iterations`.

    Notes
    -----
    Deming and Stephan (1940). An iteration passes once over the margins and then sets weights
    beyond a limit on that limit; the deviation is taken after that, so nothing is trimmed without
    being raked again. Each of these steps is a projection in the Kullback-Leibler sense onto a
    convex set, and passing through them in turn leads to a point in all of them where there is one
    (Bregman, 1967). Trimming does not look for the solution nearest to the base weights.

    Tested against R: ``survey::rake``; and with limits against the same steps written in R.
    """
    weights = base / base.mean()
    n = len(weights)
    # Who has no value is one category more, with its share before raking as the target.
    steps = []
    for codes, shares in margins:
        missing = float(weights[codes == MISSING].sum()) / n
        targets = np.append(shares * (1 - missing), missing)
        steps.append((np.where(codes == MISSING, len(shares), codes), targets))
    low, high = (0.0, np.inf) if trim is None else trim
    deviations: list[float] = []
    while len(deviations) < max_iterations:
        for codes, targets in steps:
            sums = np.bincount(codes, weights=weights, minlength=len(targets))
            factors = np.divide(n * targets, sums, out=np.ones(len(targets)), where=sums > 0)
            weights = weights * factors[codes]
        weights = np.clip(weights, low, high)
        total = weights.sum()
        deviations.append(
            max(float(np.abs(np.bincount(c, weights, len(t)) / total - t).max()) for c, t in steps)
        )
        if deviations[-1] <= tolerance and abs(total / n - 1) <= tolerance:
            trimmed = (weights <= low) | (weights >= high)
            return Raked(weights, np.array(deviations), trimmed)
    after = (
        f"after {max_iterations} iterations a share is still {deviations[-1]:.2g} off its margin"
    )
    problem = (
        Problem(after, "Merge rare categories, or allow more `max_iterations`.")
        if trim is None
        else Problem(
            f"{after}, with weights kept between {low:g} and {high:g}",
            "Widen `trim`, merge rare categories, or allow more `max_iterations`.",
        )
    )
    raise AnalysisError("These weights cannot be raked.", [problem])
