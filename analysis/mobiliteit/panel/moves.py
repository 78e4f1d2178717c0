"""From group to group: who was where in one wave and is where in the next."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from scipy import special, stats

from mobiliteit.design import design_of
from mobiliteit.disclosure import protected, shown_counts
from mobiliteit.inference.paired import goodman, marginal_homogeneity, symmetry, wilson
from mobiliteit.panel.link import Panel
from mobiliteit.panel.lost import Attrition
from mobiliteit.results import tidy_frame
from mobiliteit.samples import check_level, percent_text
from mobiliteit.weights import with_design

CELL_COLUMNS = (
    "from", "to", "count", "n", "share", "low", "high", "low_all", "high_all",
    "weighted_share", "weighted_low", "weighted_high", "hidden",
)  # fmt: skip
HIDDEN = "niet te tonen: te weinig mensen, of daaruit af te leiden"


@dataclass(frozen=True)
class TransitionStep:
    """From one wave to the next.

    Attributes
    ----------
    first, second : str
        Ids of the waves.
    counts : pandas.DataFrame
        People; index the groups of the first wave, columns those of the second, in their order.
    cells : pandas.DataFrame
        One row per cell. ``from``, ``to``, ``count``, ``n`` (of its row), ``share`` of the row in
        [0, 1], its Wilson limits ``low`` and ``high``, those that hold for the whole row at once
        (Goodman) ``low_all`` and ``high_all``; ``weighted_share`` with its limits, by the weights
        of those who stayed (NaN without); ``hidden``: not to be shown, since its people are few, or
        since the others of its row would tell (:mod:`mobiliteit.disclosure`).
    bowker, homogeneity : tuple
        Chi-square, degrees of freedom and p of Bowker's test of symmetry and of Stuart and
        Maxwell's test that the groups stayed equally large.
    n : int
        People in both waves.
    """

    first: str
    second: str
    counts: pd.DataFrame
    cells: pd.DataFrame
    bowker: tuple[float, int, float]
    homogeneity: tuple[float, int, float]
    n: int


@dataclass(frozen=True)
class Transitions:
    """All steps from wave to wave.

    Attributes
    ----------
    by : str
        The variable that makes the groups.
    steps : tuple of TransitionStep
        In the order of the waves.
    level : float
        Confidence level.
    """

    by: str
    steps: tuple[TransitionStep, ...]
    level: float

    def tidy(self) -> pd.DataFrame:
        """Return cells and tests as a tidy frame; shares in percent.

        All cells, for who analyses; those that may not be shown say so in their note.
        """
        interval = f"{percent_text(self.level)}-interval"
        frames = []
        for step in self.steps:
            records: list[dict[str, Any]] = []
            for cell in step.cells.to_dict("records"):
                mark = HIDDEN if cell["hidden"] else ""
                common = {"row": cell["from"], "column": cell["to"], "n": cell["n"]}
                records.append(
                    common | {"statistic": "count", "value": cell["count"], "note": mark}
                )
                records += [
                    common | {"statistic": name, "value": 100 * cell[source], "note": mark or note}
                    for name, source, note in _SHARES
                    if source != "share" or cell["n"]
                ]
            for name, (value, df, p) in (
                ("bowker", step.bowker),
                ("stuart_maxwell", step.homogeneity),
            ):
                records.append(
                    {"row": self.by, "statistic": name, "value": value, "p": p, "n": step.n,
                     "note": f"df = {df}; {interval}"}
                )  # fmt: skip
            wave = f"{step.first} - {step.second}"
            frames.append(tidy_frame(records, analysis="transitions", wave=wave, sample="panel"))
        return pd.concat(frames, ignore_index=True)


_SHARES = (
    ("percent", "share", ""),
    ("ci_low", "low", "Wilson"),
    ("ci_high", "high", "Wilson"),
    ("ci_low_all", "low_all", "Goodman, hele rij"),
    ("ci_high_all", "high_all", "Goodman, hele rij"),
    ("percent_weighted", "weighted_share", "gewogen voor uitval"),
    ("ci_low_weighted", "weighted_low", "gewogen voor uitval"),
    ("ci_high_weighted", "weighted_high", "gewogen voor uitval"),
)


def transitions(
    panel: Panel, attrition: Attrition | None = None, *, level: float | None = None
) -> Transitions:
    """Cross the groups of people in one wave with their groups in the next.

    Parameters
    ----------
    panel : Panel
        The linked people.
    attrition : Attrition, optional
        Its weights give the weighted shares.
    level : float, optional
        Confidence level; by default that of the study.

    Returns
    -------
    Transitions
        One step per two waves that follow each other.

    Raises
    ------
    AnalysisError
        A level outside (0, 1).

    Notes
    -----
    Limits of shares: Wilson, and Goodman (1965) for a whole row; weighted ones by the logit with
    design-based errors, as R's ``svyciprop(method = "logit")``, which does not know that the
    weights were estimated. Tested against R (``prop.test``, ``survey``, ``coin``).

    References
    ----------
    Goodman, L. A. (1965). On simultaneous confidence intervals for multinomial proportions.
    Technometrics, 7, 247-254.
    """
    level = check_level(panel.settings.level if level is None else level)
    by = panel.study.segments.group_variable.id
    groups = list(panel.study.segments.groups)
    steps = []
    for step, (i, j) in enumerate(panel.steps):
        before, after = panel.pair(i, j)
        start = pd.Categorical(before[by], categories=groups)
        end = pd.Categorical(after[by], categories=groups)
        k = len(groups)
        flat = np.bincount(start.codes.astype("int64") * k + end.codes, minlength=k * k)
        counts = flat.reshape(k, k).astype("float64")
        n = counts.sum(axis=1, keepdims=True) * np.ones_like(counts)
        with np.errstate(invalid="ignore"):
            share = counts / n
        low, high = wilson(counts, n, level)
        low_all, high_all = goodman(counts, n, k, level)
        weights = None if attrition is None else attrition.weights(step)
        weighted = _weighted(before.index, start.codes, end.codes, k, weights, level)
        cells = pd.DataFrame(
            {
                "from": np.repeat(groups, k),
                "to": np.tile(groups, k),
                "count": counts.ravel().astype("int64"),
                "n": n.ravel().astype("int64"),
                "share": share.ravel(),
                "low": low.ravel(),
                "high": high.ravel(),
                "low_all": low_all.ravel(),
                "high_all": high_all.ravel(),
                **weighted,
                "hidden": hidden_cells(counts.astype("int64")).ravel(),
            },
            columns=list(CELL_COLUMNS),
        )
        steps.append(
            TransitionStep(
                first=panel.ids[i],
                second=panel.ids[j],
                counts=pd.DataFrame(counts.astype("int64"), index=groups, columns=groups),
                cells=cells,
                bowker=symmetry(counts),
                homogeneity=marginal_homogeneity(counts),
                n=len(before),
            )
        )
    return Transitions(by, tuple(steps), level)


def hidden_cells(counts: np.ndarray) -> np.ndarray:
    """Find the cells that may not be shown in a table whose row totals are known.

    Parameters
    ----------
    counts : numpy.ndarray
        People, groups by groups.

    Returns
    -------
    numpy.ndarray of bool
        Of the same shape. Everything where a row counts so few that its total may not be shown:
        the others of the table would tell it.
    """
    rows = [[int(n) for n in row] for row in counts]
    shown = [shown_counts(row, total_known=True) for row in rows]
    if not all(map(protected, rows, shown)):
        return np.ones(counts.shape, dtype=bool)
    return np.array([[n is None for n in row] for row in shown])


def _weighted(
    people: pd.Index,
    start: np.ndarray,
    end: np.ndarray,
    k: int,
    weights: pd.Series | None,
    level: float,
) -> Mapping[str, np.ndarray]:
    share, low, high = (np.full(k * k, np.nan) for _ in range(3))
    if weights is not None:
        used = people.isin(weights.index)
        frame = pd.DataFrame({"from": start[used], "to": end[used]}, index=people[used])
        whole = design_of(with_design(frame, weights.loc[frame.index]))
        for i in range(k):
            here = frame["from"].to_numpy() == i
            if not here.any():
                continue
            design, ends = whole.only(here), frame["to"].to_numpy()[here]
            reach = float(stats.t.ppf((1 + level) / 2, design.df)) if design.df else np.nan
            total = float(design.weight.sum())
            for j in range(k):
                is_to = (ends == j).astype("float64")
                p = float(design.weight @ is_to) / total
                share[i * k + j] = p
                if not 0 < p < 1:
                    continue
                influence = design.weight * (is_to - p) / total
                se = float(np.sqrt(design.covariance(influence[:, None])[0, 0])) / (p * (1 - p))
                centre = float(special.logit(p))
                low[i * k + j] = special.expit(centre - reach * se)
                high[i * k + j] = special.expit(centre + reach * se)
    return {"weighted_share": share, "weighted_low": low, "weighted_high": high}
