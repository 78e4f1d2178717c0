"""How well a factor model fits: the measures that go with a chi-square.

Defined as lavaan defines them, and tested against it by way of
:mod:`mobiliteit.inference.factors`. Weights are not supported.
"""

from __future__ import annotations

import numpy as np
from scipy import special, stats

from mobiliteit.inference.factor_model import Array, Moments, Solution, implied

RMSEA_LEVEL = 0.90
MEASURES = (
    "chi2", "df", "p", "chi2_scaled", "p_scaled", "scaling", "cfi", "tli", "rmsea", "rmsea_low",
    "rmsea_high", "srmr", "cfi_robust", "rmsea_robust", "loglik", "aic", "bic", "npar",
)  # fmt: skip


def fit_measures(moments: Moments, solution: Solution) -> dict[str, float]:
    """Compute the measures of fit of a solution.

    Parameters
    ----------
    moments : Moments
        Of the data.
    solution : Solution
        Converged and identified.

    Returns
    -------
    dict of str to float
        The keys of `MEASURES`. A saturated model (df 0) has CFI and TLI 1 and RMSEA 0 by
        definition, and no p-values, scaling or interval.
    """
    groups, p = moments.means.shape
    n, npar = float(moments.n.sum()), int(solution.places.max()) + 1
    chi2, df = solution.discrepancy, groups * p * (p + 3) // 2 - npar
    base, base_trace = _baseline(moments)
    base_df = groups * p * (p - 1) // 2
    log_likelihood = _log_likelihood(moments, solution)
    found = {
        "chi2": chi2,
        "df": float(df),
        "cfi": _cfi(chi2, df, base, base_df),
        "tli": 1.0,
        "rmsea": 0.0,
        "srmr": _srmr(moments, solution.values),
        "cfi_robust": 1.0,
        "rmsea_robust": 0.0,
        "loglik": log_likelihood,
        "aic": 2 * npar - 2 * log_likelihood,
        "bic": npar * float(np.log(n)) - 2 * log_likelihood,
        "npar": float(npar),
    }
    if df:
        scaling = solution.trace / df
        ratio = base / base_df
        low, high = _rmsea_interval(chi2, df, n, groups)
        found |= {
            "p": float(stats.chi2.sf(chi2, df)),
            "chi2_scaled": chi2 / scaling,
            "p_scaled": float(stats.chi2.sf(chi2 / scaling, df)),
            "scaling": scaling,
            "tli": (ratio - chi2 / df) / (ratio - 1),
            "rmsea": _rmsea(max(chi2 - df, 0), df, n, groups),
            "rmsea_low": low,
            "rmsea_high": high,
            "cfi_robust": _cfi(chi2, solution.trace, base, base_trace),
            "rmsea_robust": _rmsea(max(chi2 - solution.trace, 0), df, n, groups),
        }
    return {name: found.get(name, np.nan) for name in MEASURES}


def _baseline(moments: Moments) -> tuple[float, float]:
    # Uncorrelated items: in closed form, and its trace of U Gamma is a sum over the covariances.
    p = moments.means.shape[1]
    variances = np.diagonal(moments.covariances, axis1=1, axis2=2)
    logs = np.log(variances).sum(axis=1) - np.linalg.slogdet(moments.covariances)[1]
    lower = np.tril_indices(p)
    off = np.flatnonzero(lower[0] != lower[1])
    fourth = np.diagonal(moments.gamma, axis1=1, axis2=2)[:, p + off]
    products = variances[:, lower[0][off]] * variances[:, lower[1][off]]
    return float(moments.n @ logs), float((fourth / products).sum())


def _cfi(chi2: float, expected: float, base: float, base_expected: float) -> float:
    away = max(chi2 - expected, 0.0)
    most = max(base - base_expected, away)
    return 1 - away / most if most > 0 else 1.0


def _rmsea(noncentrality: float, df: int, n: float, groups: int) -> float:
    return float(np.sqrt(noncentrality / (df * n) * groups))


def _rmsea_interval(chi2: float, df: int, n: float, groups: int) -> tuple[float, float]:
    # The noncentralities at which the observed chi-square is an upper and a lower tail point; zero
    # where it lies below that point even without any.
    tail = (1 - RMSEA_LEVEL) / 2
    low, high = (
        _rmsea(float(special.chndtrinc(chi2, df, p)), df, n, groups)
        if special.chdtr(df, chi2) > p
        else 0.0
        for p in (1 - tail, tail)
    )
    return low, high


def _srmr(moments: Moments, values: Array) -> float:
    sigma, mu = implied(values)
    scale = np.sqrt(np.diagonal(moments.covariances, axis1=1, axis2=2))
    lower = np.tril_indices(scale.shape[1])
    apart = (moments.covariances - sigma) / (scale[:, :, None] * scale[:, None, :])
    away = (moments.means - mu) / scale
    residuals = np.hstack([apart[:, lower[0], lower[1]], away])
    per_group = np.sqrt((residuals**2).mean(axis=1))
    return float(moments.n @ per_group / moments.n.sum())


def _log_likelihood(moments: Moments, solution: Solution) -> float:
    p = moments.means.shape[1]
    saturated = np.linalg.slogdet(moments.covariances)[1] + p + p * np.log(2 * np.pi)
    return float(-(moments.n @ saturated + solution.discrepancy) / 2)
