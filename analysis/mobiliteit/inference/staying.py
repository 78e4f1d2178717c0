"""The chance that somebody took part again, and the weights that follow from it.

Blocks of numbers in and numbers out; :mod:`mobiliteit.panel.lost` makes the blocks.
"""

from __future__ import annotations

import warnings
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy import stats
from statsmodels.genmod.families import Binomial
from statsmodels.genmod.generalized_linear_model import GLM
from statsmodels.tools.sm_exceptions import PerfectSeparationWarning

Array = np.ndarray
UNKNOWN = "onbekend"
"""The category of a missing answer."""
MODEL_COLUMNS = ("b", "se", "odds", "low", "high", "p")
NO_VARIATION = "iedereen bleef, of niemand: er is geen model van het blijven"
SEPARATED = "het model voorspelt het blijven volmaakt en heeft geen schatting"
# A log odds ratio per standard deviation beyond this is a fit that runs away.
RUNAWAY = 15.0


@dataclass(frozen=True)
class Staying:
    """A logistic regression of staying, with weights.

    Attributes
    ----------
    model : pandas.DataFrame
        Index: variable and category. Columns :data:`MODEL_COLUMNS`; empty where there is no model.
    used : numpy.ndarray of bool
        Who the weights speak for: everybody but those of whose category nobody stayed.
    weight : numpy.ndarray or None
        Of everybody; only those of who stayed and is `used` mean something, with mean 1.
    nobody : tuple of (str, str, int)
        Categories of which nobody stayed, with how many people are in them.
    auc : float
        Area under the curve.
    trimmed : int
        Weights of those who stayed that were cut off.
    note : str
        Why there is no model.
    """

    model: pd.DataFrame
    used: Array
    weight: Array | None
    nobody: tuple[tuple[str, str, int], ...]
    auc: float
    trimmed: int
    note: str = ""


def fit_staying(
    blocks: Mapping[str, pd.DataFrame], stays: Array, trim: tuple[float, float], level: float
) -> Staying:
    """Fit the chance to stay by logistic regression and make stabilised weights of it.

    Parameters
    ----------
    blocks : mapping of str to pandas.DataFrame
        Per variable its columns, nothing missing: one column called '' for a number, one of 0 and 1
        per category otherwise (the first one that is used is the reference).
    stays : numpy.ndarray of bool
        Who stayed.
    trim : tuple of float
        Quantiles of the weights of those who stayed at which they are cut off.
    level : float
        Confidence level of the odds ratios.

    Returns
    -------
    Staying
        A category of which nobody stayed has no finite coefficient: its people are set apart. One
        of which everybody stayed gets weight by a chance of 1.

    Notes
    -----
    ``statsmodels.GLM``; tested against R's ``glm``.
    """
    used, nobody = np.ones(len(stays), dtype=bool), []
    sure = np.zeros(len(stays), dtype=bool)
    changed = True
    # Setting people apart may empty a category of another variable.
    while changed:
        changed = False
        for name, block in blocks.items():
            for category in block:
                if category == "":
                    continue
                here = (block[category].to_numpy() > 0) & used & ~sure
                if here.any() and not stays[here].any():
                    nobody.append((name, str(category), int(here.sum())))
                    used = used & ~here
                    changed = True
                elif here.any() and stays[here].all():
                    sure |= here
                    changed = True
    fitted = used & ~sure
    nothing = pd.DataFrame(columns=list(MODEL_COLUMNS))

    def without(note: str) -> Staying:
        return Staying(nothing, used, None, tuple(nobody), np.nan, 0, note)

    if len(np.unique(stays[fitted])) < 2:
        return without(NO_VARIATION)
    names, x = _matrix(blocks, fitted)
    # A perfect prediction, and the overflow that it ends in, are found and said below.
    with warnings.catch_warnings(), np.errstate(over="ignore"):
        warnings.simplefilter("ignore", PerfectSeparationWarning)
        fit = GLM(stays[fitted].astype("float64"), x, family=Binomial()).fit(maxiter=100, tol=1e-12)
    sd = np.append(1.0, x[:, 1:].std(axis=0))
    if not np.isfinite(fit.bse).all() or (np.abs(fit.params * sd) > RUNAWAY).any():
        return without(SEPARATED)
    reach = float(stats.norm.ppf((1 + level) / 2)) * fit.bse
    model = pd.DataFrame(
        {
            "b": fit.params,
            "se": fit.bse,
            "odds": np.exp(fit.params),
            "low": np.exp(fit.params - reach),
            "high": np.exp(fit.params + reach),
            "p": fit.pvalues,
        },
        index=pd.MultiIndex.from_tuples(names, names=["variable", "category"]),
    ).iloc[1:]
    chance = np.ones(len(stays))
    chance[fitted] = fit.fittedvalues
    here = stays & used
    raw = stays[used].mean() / chance
    limits = np.quantile(raw[here], trim)
    weight = np.clip(raw, *limits)
    trimmed = int((raw[here] != weight[here]).sum())
    ranks = stats.rankdata(chance[used])
    yes = stays[used]
    n_yes, n_no = int(yes.sum()), int((~yes).sum())
    auc = (ranks[yes].sum() - n_yes * (n_yes + 1) / 2) / (n_yes * n_no)
    return Staying(model, used, weight / weight[here].mean(), tuple(nobody), float(auc), trimmed)


def _matrix(blocks: Mapping[str, pd.DataFrame], rows: Array) -> tuple[list[tuple[str, str]], Array]:
    """Put the blocks beside each other; what adds nothing to the columns before it is left out."""
    names, columns = [("", "")], [np.ones(int(rows.sum()))]
    for name, block in blocks.items():
        categories = [c for c in block if block[c].to_numpy()[rows].std() > 0]
        plain = [c for c in categories if c == ""]
        # the first category is the reference; a missing answer to a number has none
        for category in categories if plain else categories[1:]:
            candidate = block[category].to_numpy()[rows]
            beside = np.column_stack([*columns, candidate])
            if np.linalg.matrix_rank(beside / np.sqrt((beside**2).sum(axis=0))) == beside.shape[1]:
                names.append((name, str(category)))
                columns.append(candidate)
    return names, np.column_stack(columns)
