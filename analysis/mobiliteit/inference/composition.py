"""Which part of a change between two waves is another composition of the people.

The second wave is raked to the margins of the first; what then is left of a change is the rest. The
split is one of arithmetic: it holds for the characteristics that are made equal, and says nothing
of why the composition changed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from mobiliteit.errors import AnalysisError, Problem
from mobiliteit.inference.changes import Array, Estimate, Mean, TwoWaves
from mobiliteit.raking import MISSING, rake


@dataclass(frozen=True)
class Reweighted:
    """The second wave, reweighted to the margins of the first.

    Attributes
    ----------
    weight : numpy.ndarray
        New weight of each respondent of the second wave; mean 1.
    columns, targets : tuple of numpy.ndarray
        Per wave, respondents by categories of all margins: 1 in the category, 0 elsewhere. And per
        wave what of each category is taken as given: its deviation from the margin, per respondent.
    design_effect : float
        Kish's 1 + cv^2 of the new weights.
    """

    weight: Array
    columns: Array
    targets: tuple[Array, Array]
    design_effect: float


@dataclass(frozen=True)
class Decomposition:
    """A change, split in two.

    Attributes
    ----------
    composition : Estimate
        The second wave as it is, minus the second wave with the margins of the first.
    rest : Estimate
        The second wave with the margins of the first, minus the first.
    counterfactual : float
        Mean of the second wave with the margins of the first.
    """

    composition: Estimate
    rest: Estimate
    counterfactual: float


def reweight(
    waves: TwoWaves, margins: Sequence[tuple[Array, Array]], *, tolerance: float = 1e-10
) -> Reweighted:
    """Rake the second wave to the margins that the first has by its own weights.

    Parameters
    ----------
    waves : TwoWaves
        The designs.
    margins : sequence of (numpy.ndarray, numpy.ndarray)
        Per margin the category of each respondent of the first and of the second wave: 0, 1, ...,
        or ``mobiliteit.raking.MISSING``.
    tolerance : float
        As of :func:`mobiliteit.raking.rake`.

    Returns
    -------
    Reweighted
        Who has no value on a margin keeps, with the others who have none, their share.

    Raises
    ------
    AnalysisError
        A category has people in one wave only, or raking does not converge.

    Notes
    -----
    New weights over old ones are the same for all people of a cell of the margins, so that cells
    are raked instead of people.
    """
    problems = []
    for k, pair in enumerate(margins):
        own, other = (set(np.unique(codes[codes != MISSING]).tolist()) for codes in pair)
        for only, where in ((own - other, "second"), (other - own, "first")):
            problems += [
                Problem(f"category {code} of margin {k} has nobody in the {where} wave",
                        "Merge it with another category, or leave the margin out.")
                for code in sorted(only)
            ]  # fmt: skip
    if problems:
        raise AnalysisError("The second wave cannot be given the margins of the first.", problems)
    base = waves.second.weight
    codes = np.column_stack([pair[1] for pair in margins])
    cells, cell = np.unique(codes, axis=0, return_inverse=True)
    cell = cell.reshape(-1)
    sums = np.bincount(cell, weights=base)
    shares = [_shares(pair[0], waves.first.weight, int(pair[0].max()) + 1) for pair in margins]
    raked = rake(
        sums,
        [(cells[:, k], share) for k, share in enumerate(shares)],
        tolerance=tolerance,
        max_iterations=1000,
    )
    weight = base * (raked.weights / sums)[cell]
    weight = weight / weight.mean()
    columns, one, two = [], [], []
    for pair, share in zip(margins, shares, strict=True):
        here, there = pair
        valued, kept = here != MISSING, there != MISSING
        given = float(base[kept].sum() / base.sum())
        first_sum = waves.first.weight[valued].sum()
        # The last category follows from the others and the constant; who has no value is one more.
        for k in range(len(share) - 1):
            columns.append((there == k).astype("float64"))
            one.append(given * waves.first.weight * valued * ((here == k) - share[k]) / first_sum)
            two.append(share[k] * base * (kept - given) / base.sum())
        if not kept.all():
            columns.append((~kept).astype("float64"))
            one.append(np.zeros(len(here)))
            two.append(base * (~kept - (1 - given)) / base.sum())
    n = len(weight)
    return Reweighted(
        weight=weight,
        columns=np.column_stack(columns),
        targets=(np.column_stack(one), np.column_stack(two)),
        design_effect=float(n * (weight**2).sum() / weight.sum() ** 2),
    )


def decompose(
    waves: TwoWaves, again: Reweighted, first: Mean, second: Mean, values: Array
) -> Decomposition:
    """Split a change into another composition and the rest.

    Parameters
    ----------
    waves : TwoWaves
        The designs and who is shared.
    again : Reweighted
        The second wave with the margins of the first.
    first, second : Mean
        Of :func:`mean_of`.
    values : numpy.ndarray
        The values behind `second`.

    Returns
    -------
    Decomposition
        The two parts sum to the change. NaN when one of the waves has nobody.

    Notes
    -----
    A raked mean is asymptotically that of a regression estimator (Deville & Särndal, 1992): the
    influence of a respondent of the second wave is that of his residual from the regression on the
    margins (base weights, as R's ``calibrate``), and of one of the first wave what he adds to the
    margins times the coefficients. The margins of the first wave count as estimated, not as known.

    Tested against R's ``calibrate(calfun = "raking")`` (margins known), and by simulation: where
    only the composition changed, intervals of the rest cover 0 as often as they say
    (`tests/test_trends_numbers.py`).

    References
    ----------
    Deville, J.-C., & Särndal, C.-E. (1992). Journal of the American Statistical Association, 87,
    376-382.
    """
    used = np.isfinite(values)
    if not (first.n and second.n):
        nothing = Estimate(np.nan, np.nan, 0)
        return Decomposition(nothing, nothing, np.nan)
    base, weight = waves.second.weight, again.weight
    total = weight[used].sum()
    mean = float(weight[used] @ values[used] / total)
    # Linearized variable of the mean of a part, per unit of the whole raked sample.
    linear = np.zeros(len(values))
    linear[used] = (values[used] - mean) * weight.sum() / total
    x = np.column_stack([np.ones(len(values)), again.columns])
    root = np.sqrt(base)
    slopes = np.linalg.lstsq(x * root[:, None], linear * root, rcond=None)[0]
    own = again.targets[0] @ slopes[1:]
    other = weight * (linear - x @ slopes) / weight.sum() + again.targets[1] @ slopes[1:]
    df = (first.df, second.df)
    rest = waves.combine(own - first.influence, other, mean - first.value, df)
    composition = waves.combine(-own, second.influence - other, second.value - mean, df)
    return Decomposition(composition, rest, mean)


def _shares(codes: Array, weight: Array, categories: int) -> Array:
    valued = codes != MISSING
    sums = np.bincount(codes[valued], weights=weight[valued], minlength=categories)
    return np.asarray(sums / sums.sum())
