"""Groups compared on a mean while other things are held equal: analysis of covariance.

One linear model of the groups and the controls; without controls it is the classic one-way analysis
of variance. Missing values leave listwise. Weights are refused.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from scipy import stats

from mobiliteit.errors import AnalysisError, Problem
from mobiliteit.inference.effects import (
    noncentral_f_interval,
    noncentral_t_interval,
    small_sample_factor,
)
from mobiliteit.inference.multiplicity import adjust
from mobiliteit.inference.notes import note_text
from mobiliteit.inference.regression import LEVERAGE_ONE
from mobiliteit.results import tidy_frame
from mobiliteit.samples import (
    categorical,
    check_level,
    numeric,
    pair_label,
    pairs,
    percent_text,
    samples,
)
from mobiliteit.weights import without_weights

Array = np.ndarray
FEWER = ("Use fewer controls.", "Gebruik minder controlevariabelen.")


@dataclass(frozen=True)
class AdjustedDifferences:
    """Means of groups that have the same controls, and their differences.

    Attributes
    ----------
    outcome, by : str
        Variable compared, and variable that makes the groups.
    controls : tuple of str
        Held equal, at their means.
    groups : pandas.DataFrame
        Index: groups that have anybody. Columns ``n``, ``mean`` (adjusted), ``se``, ``low`` and
        ``high``: of one variance for all groups.
    pairs : pandas.DataFrame
        One row per pair. Columns ``a``, ``b``, ``n`` (both groups), ``difference`` (`a` minus
        `b`), ``se``, ``low``, ``high``, ``p_unadjusted``, ``p`` (Holm over the pairs); the same
        with HC3 errors, ``..._hc3``; ``d`` (Hedges' g), ``d_low`` and ``d_high``.
    eta2, omega2 : float
        Partial share of the variance that lies between the groups: in the sample, and corrected
        for its bias (then it can fall below 0).
    low, high : float
        Confidence limits of that share in the population, which both estimate.
    f, p, f_hc3, p_hc3 : float
        Test that all adjusted means are equal, classic and with HC3 errors.
    df : tuple of int
        Its degrees of freedom, k - 1 and n - k - q with q columns of controls.
    sd : float
        Of the outcome within groups, pooled over all of them, controls not taken out: the unit of
        ``d``.
    residuals : numpy.ndarray
        Of the model, in the order of the complete respondents.
    level : float
        Confidence level of all intervals, each by itself.
    n, n_missing : int
        Complete respondents, and those left out.
    """

    outcome: str
    by: str
    controls: tuple[str, ...]
    groups: pd.DataFrame
    pairs: pd.DataFrame
    eta2: float
    omega2: float
    low: float
    high: float
    f: float
    p: float
    f_hc3: float
    p_hc3: float
    df: tuple[int, int]
    sd: float
    residuals: Array
    level: float
    n: int
    n_missing: int

    def tidy(self) -> pd.DataFrame:
        """Return adjusted means, tests and differences as a tidy frame."""
        interval = f"{percent_text(self.level)}-interval"
        held = f"bij gelijke {', '.join(self.controls)}" if self.controls else ""
        common = {"row": self.outcome, "n_missing": self.n_missing}
        records: list[dict[str, Any]] = [
            common
            | {"column": str(group), "statistic": statistic, "value": values[name]}
            | {"n": values["n"], "note": held if name == "mean" else interval}
            for group, values in self.groups.iterrows()
            for statistic, name in (("mean", "mean"), ("ci_low", "low"), ("ci_high", "high"))
        ]
        whole = common | {"column": self.by, "n": self.n, "note": held}
        records += [
            whole | {"statistic": "F", "value": self.f, "p": self.p},
            whole | {"statistic": "F_hc3", "value": self.f_hc3, "p": self.p_hc3},
            whole | {"statistic": "df1", "value": self.df[0]},
            whole | {"statistic": "df2", "value": self.df[1]},
            whole | {"statistic": "eta2", "value": self.eta2, "p": self.p},
            whole | {"statistic": "omega2", "value": self.omega2, "p": self.p},
            whole | {"statistic": "omega2_low", "value": self.low, "note": interval},
            whole | {"statistic": "omega2_high", "value": self.high, "note": interval},
        ]
        shown = {name: name for name in PAIR_COLUMNS if name not in ("a", "b", "n", "p", "p_hc3")}
        tests = {"difference": "p", "se_hc3": "p_hc3"}
        for _, pair in self.pairs.iterrows():
            place = common | {"column": pair_label(pair["a"], pair["b"]), "n": pair["n"]}
            records += [
                place
                | {"statistic": name, "value": pair[name]}
                | ({"p": pair[tests[name]]} if name in tests else {})
                for name in shown
            ]
        return tidy_frame(records, analysis="adjusted_differences")


PAIR_COLUMNS = (
    "a", "b", "n", "difference", "se", "low", "high", "p_unadjusted", "p", "se_hc3", "low_hc3",
    "high_hc3", "p_unadjusted_hc3", "p_hc3", "d", "d_low", "d_high",
)  # fmt: skip


@without_weights
def adjusted_differences(
    frame: pd.DataFrame,
    outcome: str,
    by: str,
    controls: Sequence[str] = (),
    *,
    level: float = 0.95,
) -> AdjustedDifferences:
    """Compare groups on a mean, with other things held equal.

    Parameters
    ----------
    frame : pandas.DataFrame
        Respondents.
    outcome : str
        A numeric column.
    by : str
        A categorical column; its categories are the groups.
    controls : sequence of str
        Numeric columns, and categorical ones (each category against the first).
    level : float
        Confidence level.

    Returns
    -------
    AdjustedDifferences
        On the respondents who have everything.

    Raises
    ------
    AnalysisError
        A column is not there or of the wrong type; fewer than two groups; no spare respondents or
        no variance within groups; or groups and controls that determine each other.

    Notes
    -----
    Least squares with one column per group and the controls around their means, so that the
    coefficients of the groups are adjusted means (R: ``emmeans`` at the mean of the controls'
    columns). With F the classic test of the groups on df1 and df2 and n respondents::

        eta2 = df1 F / (df1 F + df2),    omega2 = df1 (F - 1) / (df1 (F - 1) + n)

    both partial; their interval inverts the noncentral F, as
    :func:`mobiliteit.inference.effects.variance_explained` does, which this equals without
    controls. With s the standard deviation within groups, pooled, d = difference / s, times
    Hedges' correction for the n - k degrees of freedom of s; its limits are the noncentralities
    of the pair's t, times se / s: exact without controls, and with them taking as known how much
    of s the controls account for. An interval of d leaves out 0 just where the unadjusted p is
    below 1 - level. HC3: MacKinnon and White (1985), t with df2; NaN where one respondent alone
    fixes a coefficient.

    Tested against R's ``lm`` with ``anova`` and ``car::Anova``, ``predict`` and
    ``sandwich::vcovHC``, and against ``effectsize::hedges_g`` by way of
    :func:`mobiliteit.inference.effects.standardized_differences`. Simulated coverage:
    ``tests/test_adjusted.py``.
    """
    check_level(level)
    held = list(dict.fromkeys(controls))
    complete = frame[_there(frame, [outcome, by, *held])]
    used = samples(complete, outcome, by)
    if used.no_test:
        what = (note_text(used.no_test, "en"), used.no_test)
        more = "Ask about more people or other groups."
        _refuse(outcome, by, what, (more, "Vraag naar meer mensen of andere groepen."))
    labels, k, n = used.labels, len(used.labels), used.n
    groups = categorical(complete, by).cat.remove_unused_categories()
    indicators = np.eye(k)[groups.cat.codes.to_numpy()]
    columns = _control_columns(complete, held)
    x = np.column_stack([indicators, columns - columns.mean(axis=0)])
    y = numeric(complete, outcome).to_numpy(dtype="float64")
    df = (k - 1, n - x.shape[1])
    if df[1] < 1:
        what = (
            f"{n} respondents are too few for this model",
            f"{n} respondenten zijn te weinig voor dit model",
        )
        _refuse(outcome, by, what, FEWER)
    size = np.sqrt((x**2).sum(axis=0))
    if (size < 1e-12).any() or np.linalg.matrix_rank(x / size) < x.shape[1]:
        what = (
            "the groups and the controls determine each other",
            "de groepen en de controlevariabelen bepalen elkaar",
        )
        _refuse(outcome, by, what, ("Leave a control out.", "Laat een controlevariabele weg."))
    inverse = np.linalg.inv(x.T @ x)
    rotated = x @ inverse
    coefficients = rotated.T @ y
    residuals = y - x @ coefficients
    variance = float(residuals @ residuals) / df[1]
    if not variance > 1e-12 * float(y.var()):
        what = (
            "nothing is left to chance within the groups",
            "binnen de groepen blijft er niets aan toeval over",
        )
        _refuse(outcome, by, what, FEWER)
    classic = variance * inverse[:k, :k]
    leverage = (rotated * x).sum(axis=1)
    robust = np.full((k, k), np.nan)
    if leverage.max() < 1 - LEVERAGE_ONE:
        weighted = rotated[:, :k] * (residuals / (1 - leverage))[:, None]
        robust = weighted.T @ weighted
    means = coefficients[:k]
    f, p = _wald(means, classic, df)
    f_hc3, p_hc3 = _wald(means, robust, df)
    low, high = noncentral_f_interval(np.array([f]), (float(df[0]), float(df[1])), level)
    t, errors = stats.t.ppf((1 + level) / 2, df[1]), np.sqrt(np.diag(classic))
    sd = float(np.sqrt(np.nansum((used.sizes - 1) * used.variances) / (n - k)))
    return AdjustedDifferences(
        outcome=outcome,
        by=by,
        controls=tuple(held),
        groups=pd.DataFrame(
            {
                "n": used.sizes,
                "mean": means,
                "se": errors,
                "low": means - t * errors,
                "high": means + t * errors,
            },
            index=pd.Index(labels, name=by),
        ),
        pairs=_pairs(labels, used.sizes, means, (classic, robust), df[1], sd, n - k, level),
        eta2=df[0] * f / (df[0] * f + df[1]),
        omega2=df[0] * (f - 1) / (df[0] * (f - 1) + n),
        low=float(low[0] / (low[0] + n)),
        high=float(high[0] / (high[0] + n)),
        f=f,
        p=p,
        f_hc3=f_hc3,
        p_hc3=p_hc3,
        df=df,
        sd=sd,
        residuals=residuals,
        level=level,
        n=n,
        n_missing=len(frame) - n,
    )


def _control_columns(complete: pd.DataFrame, controls: Sequence[str]) -> Array:
    """Make the columns of a model: numbers as they are, categories against the first."""
    parts = [np.empty((len(complete), 0))]
    for name in controls:
        if isinstance(complete[name].dtype, pd.CategoricalDtype):
            codes = complete[name].cat.remove_unused_categories().cat.codes.to_numpy()
            parts.append(np.eye(int(codes.max(initial=0)) + 1)[codes][:, 1:])
        else:
            parts.append(numeric(complete, name).to_numpy(dtype="float64")[:, None])
    return np.column_stack(parts)


def _there(frame: pd.DataFrame, names: Sequence[str]) -> Array:
    problems = [
        Problem(f"{name} is not in the data", "Use a name of the codebook.")
        for name in names
        if name not in frame
    ]
    if problems:
        raise AnalysisError("These groups cannot be compared.", problems)
    return frame[list(names)].notna().all(axis=1).to_numpy()


def _refuse(outcome: str, by: str, what: tuple[str, str], remedy: tuple[str, str]) -> None:
    """Refuse, in English and in Dutch."""
    problem = Problem(what[0], remedy[0], nl=(what[1], remedy[1]))
    raise AnalysisError(f"{outcome} cannot be compared by {by}.", [problem])


def _wald(means: Array, covariance: Array, df: tuple[int, int]) -> tuple[float, float]:
    """Test that all means are equal."""
    if np.isnan(covariance).any():
        return np.nan, np.nan
    contrast = np.eye(len(means))[1:] - np.eye(len(means))[0]
    found, spread = contrast @ means, contrast @ covariance @ contrast.T
    f = float(found @ np.linalg.solve(spread, found)) / df[0]
    return f, float(stats.f.sf(f, *df))


def _pairs(
    labels: tuple[str, ...],
    sizes: Array,
    means: Array,
    covariances: tuple[Array, Array],
    df: int,
    sd: float,
    df_sd: int,
    level: float,
) -> pd.DataFrame:
    places = pairs(labels)
    a, b = (np.array(side) for side in zip(*places, strict=True))
    difference = means[a] - means[b]
    columns: dict[str, Any] = {
        "a": [labels[i] for i in a],
        "b": [labels[i] for i in b],
        "n": (sizes[a] + sizes[b]).astype("int64"),
        "difference": difference,
    }
    reach = stats.t.ppf((1 + level) / 2, df)
    for covariance, tag in zip(covariances, ("", "_hc3"), strict=True):
        own = np.diag(covariance)
        se = np.sqrt(own[a] + own[b] - 2 * covariance[a, b])
        p = 2 * stats.t.sf(np.abs(difference / se), df)
        columns |= {
            f"se{tag}": se,
            f"low{tag}": difference - reach * se,
            f"high{tag}": difference + reach * se,
            f"p_unadjusted{tag}": p,
            f"p{tag}": adjust(p) if not np.isnan(p).any() else p,
        }
    limits = noncentral_t_interval(difference / columns["se"], df, level)
    columns["d"] = difference / sd * small_sample_factor(df_sd)
    for name, limit in zip(("d_low", "d_high"), limits, strict=True):
        columns[name] = limit * columns["se"] / sd
    return pd.DataFrame(columns)[list(PAIR_COLUMNS)]
