"""One common factor behind the items of a scale, in one group or in several at once.

Confirmatory factor analysis by maximum likelihood, with the mean structure, on respondents who
answered all items (listwise). No library fits: semopy 2.3 fits each group by itself and cannot hold
loadings or intercepts equal over them; omnisem 1.0.0rc2 takes an argument for it, but its scalar
model then has the chi-square of its metric one, and no degrees of freedom; factor_analyzer and
reliabilipy break on the current scikit-learn. What is needed is one model with closed-form
derivatives (:mod:`mobiliteit.inference.factor_model`).

Weights are not supported. Items count as continuous: with five answers or more that does little
harm, with fewer loadings come out too low (Rhemtulla, Brosseau-Liard & Savalei, 2012), and a note
says so. Standard errors and chi-squares have a form beside them that does not ask for normal items.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy import stats

from mobiliteit.errors import AnalysisError, Problem
from mobiliteit.inference.factor_model import (
    FIXED,
    Solution,
    maximize,
    place_parameters,
    robust_trace,
)
from mobiliteit.inference.fit_measures import MEASURES, fit_measures
from mobiliteit.inference.item_samples import ItemSample
from mobiliteit.results import tidy_frame

KINDS = ("loadings", "intercepts", "residuals")
LEAST_ITEMS = 3
PARAMETERS = ("group", "parameter", "item", "estimate", "se", "se_robust")
SATURATED = "verzadigd model: past altijd, dus niet te toetsen"


@dataclass(frozen=True)
class FactorFit:
    """One common factor, fitted.

    Attributes
    ----------
    sample : ItemSample
        What it was fitted to.
    equal : tuple of str
        Of ``loadings``, ``intercepts`` and ``residuals``: what the groups share.
    own : dict of str to tuple of str
        Per kind of `equal` the items that each group keeps its own number for.
    measures : dict of str to float
        The keys of `MEASURES`, all NaN when there is no solution. ``scaling`` is what the
        chi-square is divided by in ``chi2_scaled`` (Satorra-Bentler).
    parameters : pandas.DataFrame
        Columns ``group``, ``parameter`` (``loading``, ``residual``, ``intercept``, ``variance``,
        ``mean``), ``item`` (empty for the last two, which are of the factor), ``estimate``, ``se``
        (expected information) and ``se_robust`` (sandwich). A fixed parameter has no errors.
    solution : Solution or None
        The numbers behind it; None when there is none to rely on.
    note : str
        Why there is no solution, or what is odd about it, in Dutch.
    """

    sample: ItemSample
    equal: tuple[str, ...]
    own: dict[str, tuple[str, ...]]
    measures: dict[str, float]
    parameters: pd.DataFrame
    solution: Solution | None
    note: str

    @property
    def solved(self) -> bool:
        """Whether a maximum was found that is a point."""
        return self.solution is not None

    def tidy(self) -> pd.DataFrame:
        """Return the measures of fit and the parameters as a tidy frame."""
        common = {"n": self.sample.n, "n_missing": self.sample.n_missing, "note": self.note}
        tests = {"chi2": "p", "chi2_scaled": "p_scaled"}
        records = [
            {"row": "fit", "column": self.sample.by, "statistic": name, "value": value, **common}
            | ({"p": self.measures[tests[name]]} if name in tests else {})
            for name, value in self.measures.items()
            if name not in tests.values()
        ]
        for _, part in self.parameters.iterrows():
            for statistic, column in (("", "estimate"), ("_se", "se"), ("_se_robust", "se_robust")):
                records.append(
                    {
                        "row": part["item"] or "factor",
                        "column": part["group"],
                        "statistic": part["parameter"] + statistic,
                        "value": part[column],
                        **common,
                    }
                )
        return tidy_frame(records, analysis="factor")


@dataclass(frozen=True)
class Difference:
    """A chi-square test of a tighter model within a looser one.

    Attributes
    ----------
    chi2, p : float
        Of normal theory.
    chi2_scaled, p_scaled : float
        Satorra & Bentler (2010): never below zero.
    df : int
        What the tighter model gives up.
    """

    chi2: float
    df: int
    p: float
    chi2_scaled: float
    p_scaled: float


def fit_factor(
    sample: ItemSample,
    *,
    equal: Sequence[str] = (),
    own: dict[str, tuple[str, ...]] | None = None,
) -> FactorFit:
    """Fit one common factor by maximum likelihood.

    Parameters
    ----------
    sample : ItemSample
        From :func:`item_sample`, three items or more.
    equal : sequence of {'loadings', 'intercepts', 'residuals'}
        What the groups share: nothing (configural), loadings (metric), loadings and intercepts
        (scalar), all three (strict).
    own : dict of str to tuple of str, optional
        Per kind of `equal` the items whose parameter each group keeps to itself (partial
        invariance). Two items must stay equal.

    Returns
    -------
    FactorFit
        NaN with a note when items or respondents do not allow the model or no maximum was found. A
        negative residual variance (Heywood case) stays, as the likelihood has it, with a note.

    Raises
    ------
    AnalysisError
        `equal` or `own` names something else, or fewer than two items stay equal.

    Notes
    -----
    Identification without a marker item: the factor has mean 0 and variance 1 in the first group;
    elsewhere its variance is free when loadings are shared and its mean when intercepts are
    (Joreskog, 1971; Meredith, 1993). Fisher scoring; chi-square is n times the discrepancy, with
    covariances of divisor n.

    CFI and TLI against uncorrelated items with free means and variances; RMSEA times the root of
    the number of groups (Steiger, 1998), its interval of 90%; SRMR with the means in it, averaged
    over groups by n; AIC and BIC from the log-likelihood. ``chi2_scaled`` is Satorra-Bentler's,
    ``cfi_robust`` and ``rmsea_robust`` are of Brosseau-Liard, Savalei & Li (2012, 2014). All are as
    lavaan has them.

    Tested against lavaan 0.6-14 (``cfa(std.lv = TRUE, estimator = "MLM")``): one to four groups,
    three to five items, all levels and partial ones. Our chi-square is the lower one, by 4e-9 at
    most, which is 6e-5 standard errors of an estimate; estimates, errors and measures agree to
    that.

    References
    ----------
    Joreskog, K. G. (1971). Simultaneous factor analysis in several populations. Psychometrika, 36,
    409-426. Meredith, W. (1993). Measurement invariance, factor analysis and factorial invariance.
    Psychometrika, 58, 525-543. Satorra, A., & Bentler, P. M. (1994), in von Eye & Clogg (eds.),
    Latent variables analysis, 399-419. Sage. Rhemtulla, M., Brosseau-Liard, P. E., & Savalei, V.
    (2012). Psychological Methods, 17, 354-373.
    """
    equal, own = tuple(equal), {kind: tuple(items) for kind, items in (own or {}).items()}
    _check_constraints(sample, equal, own)
    problem = sample.problem
    if not problem and len(sample.items) < LEAST_ITEMS:
        problem = "met twee items is één factor niet te bepalen: niet te toetsen"
    if problem:
        return _without_solution(sample, equal, own, problem)
    positions = {
        kind: frozenset(sample.items.index(item) for item in items) for kind, items in own.items()
    }
    places = place_parameters(len(sample.labels), len(sample.items), equal, positions)
    solution = maximize(sample.moments, places)
    if not solution.converged:
        return _without_solution(sample, equal, own, "geen maximum gevonden")
    if not solution.identified:
        note = "de items hangen te zwak samen om één factor te bepalen"
        return _without_solution(sample, equal, own, note)
    measures = fit_measures(sample.moments, solution)
    parameters = _parameters(sample, solution)
    negative = parameters[(parameters["parameter"] == "residual") & (parameters["estimate"] < 0)]
    notes = [SATURATED] if measures["df"] == 0 else []
    if len(negative):
        where = ", ".join(dict.fromkeys(negative["item"]))
        notes.append(f"negatieve residuele variantie (Heywood): {where}")
    notes += [sample.caution] if sample.caution else []
    return FactorFit(sample, equal, own, measures, parameters, solution, "; ".join(notes))


def chi2_difference(tighter: FactorFit, looser: FactorFit) -> Difference:
    """Test a model against one in which it is nested.

    Parameters
    ----------
    tighter, looser : FactorFit
        Of the same sample; every constraint of the looser model is one of the tighter.

    Returns
    -------
    Difference
        NaN where either has no solution, or both have as many parameters.

    Notes
    -----
    The scaled test divides by the trace that both models have at the estimates of the tighter one
    (Satorra & Bentler, 2010, Psychometrika, 75, 243-248). Tested against lavaan's
    ``lavTestLRT(method = "satorra.bentler.2010")``, which does not give it when the looser model is
    saturated.
    """
    df = int(_free(looser) - _free(tighter))
    nothing = Difference(np.nan, df, np.nan, np.nan, np.nan)
    if df <= 0 or tighter.solution is None or looser.solution is None:
        return nothing
    chi2 = max(tighter.solution.discrepancy - looser.solution.discrepancy, 0.0)
    at, places = tighter.solution.values, looser.solution.places
    scaling = (tighter.solution.trace - robust_trace(tighter.sample.moments, at, places)) / df
    scaled = chi2 / scaling
    return Difference(
        chi2, df, float(stats.chi2.sf(chi2, df)), scaled, float(stats.chi2.sf(scaled, df))
    )


def _check_constraints(
    sample: ItemSample, equal: tuple[str, ...], own: dict[str, tuple[str, ...]]
) -> None:
    problems = [
        Problem(f"there is no kind of parameter {kind!r}", f"Use {KINDS}.")
        for kind in (*equal, *own)
        if kind not in KINDS
    ]
    problems += [
        Problem(f"the {kind} are not shared, so none can be freed", "Name them in `equal` too.")
        for kind in own
        if kind in KINDS and kind not in equal
    ]
    for kind, items in own.items():
        problems += [
            Problem(f"{item} is no item of this scale", f"Use {sample.items}.")
            for item in items
            if item not in sample.items
        ]
        if len(set(sample.items) - set(items)) < 2:
            problem = Problem(f"fewer than two items share their {kind}", "Let two stay equal.")
            problems.append(problem)
    if problems:
        raise AnalysisError("This factor model cannot be fitted.", problems)


def _without_solution(
    sample: ItemSample, equal: tuple[str, ...], own: dict[str, tuple[str, ...]], note: str
) -> FactorFit:
    measures = dict.fromkeys(MEASURES, np.nan)
    return FactorFit(sample, equal, own, measures, pd.DataFrame(columns=PARAMETERS), None, note)


def _parameters(sample: ItemSample, solution: Solution) -> pd.DataFrame:
    names = [
        (parameter, item)
        for parameter in ("loading", "residual", "intercept")
        for item in sample.items
    ]
    names += [("variance", ""), ("mean", "")]
    errors = [np.sqrt(np.diagonal(vcov)) for vcov in (solution.vcov, solution.vcov_robust)]
    rows = []
    for g, label in enumerate(sample.labels):
        for k, (parameter, item) in enumerate(names):
            place = solution.places[g, k]
            own = [np.nan if place == FIXED else error[place] for error in errors]
            rows.append((label, parameter, item, solution.values[g, k], *own))
    return pd.DataFrame(rows, columns=PARAMETERS)


def _free(fit: FactorFit) -> int:
    return 0 if fit.solution is None else int(fit.solution.places.max()) + 1
