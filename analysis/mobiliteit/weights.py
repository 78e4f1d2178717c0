"""Survey weights of a wave: from a column, raked to margins, or both; and how they travel.

A weighted wave's clean frame has the columns :data:`DESIGN_COLUMNS`, so that every function sees
from a bare frame that it is weighted. Functions with a weighted form use them
(:mod:`mobiliteit.design`); all others carry :func:`without_weights` and raise. Weights are never
left out in silence: ``wave.unweighted()`` does so on purpose.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import wraps
from pathlib import Path
from typing import Any, ParamSpec, TypeVar

import numpy as np
import pandas as pd

from mobiliteit.descriptor_schema import Weighting
from mobiliteit.errors import AnalysisError, Problem, WaveError
from mobiliteit.margins import Margin, read_margins
from mobiliteit.raking import Raked, rake
from mobiliteit.results import tidy_frame
from mobiliteit.study import Study

WEIGHT = "gewicht"
STRATUM = "gewicht_stratum"
CLUSTER = "gewicht_cluster"
PSUS = "gewicht_clusters_in_stratum"
DESIGN_COLUMNS = (WEIGHT, STRATUM, CLUSTER, PSUS)
LABELS = {
    WEIGHT: ("Gewicht (gemiddeld 1)", "Weight (mean 1)"),
    STRATUM: ("Stratum van de steekproef", "Stratum of the sample"),
    CLUSTER: ("Cluster van de steekproef", "Cluster of the sample"),
    PSUS: ("Clusters in het stratum, hele golf", "Clusters in the stratum, whole wave"),
}

P = ParamSpec("P")
R = TypeVar("R")


@dataclass(frozen=True)
class Weights:
    """The weights of a wave and how they came about.

    Attributes
    ----------
    column : str
        Source column of the weights, or of the base weights; empty where there is none.
    source : str
        Where the margins come from; empty without raking.
    margins : pandas.DataFrame
        One row per category: ``variable``, ``category``, ``target`` (share in the population),
        ``sample`` (unweighted share) and ``weighted`` (share by the final weights), all in [0, 1]
        among those with a value, and ``n``. Empty without raking.
    deviations : tuple of float
        Per iteration of the raking, the largest difference of a share from its margin.
    n : int
        Respondents.
    design_effect : float
        Kish's (1965) 1 + cv^2 of the weights, at least 1.
    lowest, highest : float
        Smallest and largest weight; the mean is 1.
    trimmed : int
        Respondents on a limit.
    limits : tuple of float, optional
        The limits.
    strata, clusters : int
        Strata (1 without), and clusters (as many as respondents without) of the whole wave.
    single : int
        Strata with one cluster, whose share in a variance is taken around the grand mean.
    """

    column: str
    source: str
    margins: pd.DataFrame
    deviations: tuple[float, ...]
    n: int
    design_effect: float
    lowest: float
    highest: float
    trimmed: int
    limits: tuple[float, float] | None
    strata: int
    clusters: int
    single: int

    @property
    def effective_n(self) -> float:
        """Respondents that a simple random sample would need for the same precision (Kish)."""
        return self.n / self.design_effect

    def tidy(self) -> pd.DataFrame:
        """Return margins, convergence and facts as a tidy frame."""
        common = {"n": self.n}
        records: list[dict[str, Any]] = [
            {"row": f"{row['variable']} = {row['category']}", "statistic": name,
             "value": row[name], "n": row["n"]}
            for row in self.margins.to_dict("records")
            for name in ("target", "sample", "weighted")
        ]  # fmt: skip
        records += [
            {"row": str(iteration), "statistic": "largest_deviation", "value": value, **common}
            for iteration, value in enumerate(self.deviations, start=1)
        ]
        facts = ("design_effect", "effective_n", "lowest", "highest", "trimmed", "strata",
                 "clusters", "single")  # fmt: skip
        records += [
            {"row": "", "statistic": name, "value": float(getattr(self, name)), **common}
            for name in facts
        ]
        return tidy_frame(records, analysis="weights")


def carries_weights(data: Any) -> bool:
    """Whether a frame of respondents, or a wave, has weights."""
    frame = data if isinstance(data, pd.DataFrame) else getattr(data, "frame", None)
    return isinstance(frame, pd.DataFrame) and WEIGHT in frame


def without_weights(function: Callable[P, R]) -> Callable[P, R]:
    """Make a function that has no weighted form refuse weighted respondents.

    The first argument is a frame of respondents or a wave. With weights it raises `AnalysisError`,
    whatever the other arguments are.
    """

    @wraps(function)
    def guarded(*args: P.args, **kwargs: P.kwargs) -> R:
        if any(carries_weights(value) for value in (*args, *kwargs.values())):
            problem = Problem(
                f"{function.__name__} has no weighted form, and these respondents have weights",
                "Use wave.unweighted() to leave the weights out on purpose.",
            )
            raise AnalysisError("This cannot be done with weights.", [problem])
        return function(*args, **kwargs)

    return guarded


def drop_weights(frame: pd.DataFrame) -> pd.DataFrame:
    """Return the frame without the columns of the design."""
    return frame.drop(columns=[name for name in DESIGN_COLUMNS if name in frame])


def with_design(
    frame: pd.DataFrame,
    weight: pd.Series | np.ndarray,
    *,
    stratum: pd.Series | None = None,
    cluster: pd.Series | None = None,
) -> pd.DataFrame:
    """Add weights and the design of the sample to a frame of respondents.

    Parameters
    ----------
    frame : pandas.DataFrame
        All respondents of the sample: a part of them is taken afterwards, from the result, since
        the errors of a part rest on the design of the whole.
    weight : pandas.Series or numpy.ndarray
        In the order of the frame; positive and finite. They are divided by their mean.
    stratum : pandas.Series, optional
        Stratum of each respondent, in the order of the frame; none missing.
    cluster : pandas.Series, optional
        Cluster (primary sampling unit) of each; equal names in two strata are two clusters. Without
        it every respondent is one.

    Returns
    -------
    pandas.DataFrame
        The frame with :data:`DESIGN_COLUMNS`: weight, numbers of stratum and cluster, and how many
        clusters the stratum has in the whole sample.

    Raises
    ------
    AnalysisError
        A weight is missing, infinite or not positive; a stratum or cluster is missing; or the frame
        has such columns already.
    """
    values = np.asarray(weight, dtype="float64")
    problems = []
    bad = ~(np.isfinite(values) & (values > 0))
    if bad.any():
        problems.append(
            Problem(
                f"{int(bad.sum())} weights are missing, infinite or not positive",
                "Correct them, or exclude those respondents.",
                rows=tuple(str(name) for name in frame.index[bad]),
            )
        )
    for what, given in (("stratum", stratum), ("cluster", cluster)):
        if given is not None and given.isna().any():
            problems.append(
                Problem(
                    f"{int(given.isna().sum())} respondents have no {what}",
                    "Give it, or exclude those respondents.",
                    rows=tuple(str(name) for name in frame.index[given.isna().to_numpy()]),
                )
            )
    taken = [name for name in DESIGN_COLUMNS if name in frame]
    if taken:
        what = f"the columns {', '.join(taken)} are there already"
        problems.append(Problem(what, "Take the weights out, or rename the variable."))
    if problems:
        raise AnalysisError("These weights cannot be used.", problems)
    strata = np.zeros(len(frame), dtype="int64")
    if stratum is not None:
        strata = pd.factorize(stratum.to_numpy(), sort=True)[0].astype("int64")
    clusters = np.arange(len(frame), dtype="int64")
    if cluster is not None:
        names = pd.factorize(cluster.to_numpy(), sort=True)[0].astype("int64")
        pairs = strata * (int(names.max(initial=0)) + 1) + names
        clusters = pd.factorize(pairs, sort=True)[0].astype("int64")
    first = np.unique(clusters, return_index=True)[1]
    psus = np.bincount(strata[first]) if len(frame) else np.zeros(1, dtype="int64")
    return frame.assign(
        **{
            WEIGHT: values / values.mean(),
            STRATUM: strata,
            CLUSTER: clusters,
            PSUS: psus[strata].astype("int64"),
        }
    )


def weigh(
    frame: pd.DataFrame,
    process: pd.DataFrame,
    design: Weighting,
    study: Study,
    *,
    folder: Path,
    wave: str,
) -> tuple[pd.DataFrame, Weights]:
    """Give the kept respondents their weights, as the sidecar says.

    Parameters
    ----------
    frame : pandas.DataFrame
        Index: respondent id. The kept respondents, scored and classified.
    process : pandas.DataFrame
        Same index or more: the source columns that the sidecar names, as delivered.
    design : Weighting
        The sidecar's `weights`.
    study : Study
        Names the categories of the margins.
    folder : Path
        Holds the sidecar and the file of margins.
    wave : str
        Id of the wave.

    Returns
    -------
    frame : pandas.DataFrame
        With :data:`DESIGN_COLUMNS`.
    weights : Weights
        How they came about. They are made for these respondents, so the margins hold among them;
        who has no value on a margin keeps the share that his base weight gives.

    Raises
    ------
    WaveError
        Weights, strata or clusters are missing or no numbers, margins do not fit, or raking does
        not converge; all problems together.

    Notes
    -----
    Raked weights count as given: that the margins are known is not used to lower a variance.
    """
    own = process.reindex(frame.index)
    problems: list[Problem] = []
    base = pd.Series(1.0, index=frame.index)
    if design.column is not None:
        base = own[design.column]
        if not pd.api.types.is_numeric_dtype(base):
            base = pd.to_numeric(base, errors="coerce")
        bad = ~(np.isfinite(base) & (base > 0))
        if bad.any():
            problems.append(
                Problem(
                    f"{int(bad.sum())} respondents have a weight that is missing or not above 0",
                    "Correct it, or exclude those respondents.",
                    wave=wave,
                    column=design.column,
                    values=tuple(map(str, own.loc[bad, design.column].unique())),
                    rows=tuple(map(str, frame.index[bad])),
                )
            )
    for part, name in (("stratum", design.stratum), ("cluster", design.cluster)):
        lost = own[name].isna() if name else pd.Series(False, index=frame.index)
        if lost.any():
            problems.append(
                Problem(
                    f"{int(lost.sum())} respondents have no {part}",
                    "Correct it, or exclude those respondents.",
                    wave=wave,
                    column=name,
                    rows=tuple(map(str, frame.index[lost])),
                )
            )
    margins: list[Margin] = []
    if design.rake is not None:
        path = folder / design.rake.margins
        margins, found = read_margins(path, study, frame, wave)
        problems += found
    headline = f"The weights of wave {wave} cannot be made."
    if problems:
        raise WaveError(headline, problems)
    raked = None
    codes = [margin.codes(frame).to_numpy() for margin in margins]
    if design.rake is not None:
        try:
            raked = rake(
                base.to_numpy(),
                [
                    (c, np.array(list(m.shares.values())))
                    for c, m in zip(codes, margins, strict=True)
                ],
                trim=design.rake.trim,
                tolerance=design.rake.tolerance,
                max_iterations=design.rake.max_iterations,
            )
        except AnalysisError as error:
            raise WaveError(headline, error.problems) from None
    try:
        weighted = with_design(
            frame,
            base.to_numpy() if raked is None else raked.weights,
            stratum=own[design.stratum] if design.stratum else None,
            cluster=own[design.cluster] if design.cluster else None,
        )
    except AnalysisError as error:
        raise WaveError(headline, error.problems) from None
    return weighted, _account(weighted, design, margins, codes, raked)


def _account(
    frame: pd.DataFrame,
    design: Weighting,
    margins: list[Margin],
    codes: list[np.ndarray],
    raked: Raked | None,
) -> Weights:
    weight, n = frame[WEIGHT].to_numpy(), len(frame)
    rows: list[Mapping[str, Any]] = []
    for margin, places in zip(margins, codes, strict=True):
        valued = places >= 0
        for place, (value, target) in enumerate(margin.shares.items()):
            here = places == place
            rows.append(
                {
                    "variable": margin.variable,
                    "category": value if isinstance(value, str) else f"{value:g}",
                    "target": target,
                    "sample": here.sum() / valued.sum(),
                    "weighted": weight[here].sum() / weight[valued].sum(),
                    "n": int(here.sum()),
                }
            )
    columns = ["variable", "category", "target", "sample", "weighted", "n"]
    psus = frame.groupby(STRATUM)[PSUS].first()
    return Weights(
        column=design.column or "",
        source=design.rake.source if design.rake else "",
        margins=pd.DataFrame(rows, columns=columns),
        deviations=() if raked is None else tuple(float(value) for value in raked.deviations),
        n=n,
        design_effect=float(n * (weight**2).sum() / weight.sum() ** 2),
        lowest=float(weight.min()),
        highest=float(weight.max()),
        trimmed=0 if raked is None else int(raked.trimmed.sum()),
        limits=design.rake.trim if design.rake else None,
        strata=len(psus),
        clusters=int(psus.sum()),
        single=int((psus == 1).sum()),
    )
