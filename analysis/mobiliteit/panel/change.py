"""What changed within the people who were asked twice: means, and who changed reliably."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
import pandas as pd
from scipy import stats

from mobiliteit.design import design_of
from mobiliteit.inference.multiplicity import adjust
from mobiliteit.inference.paired import paired_change, reliable_change
from mobiliteit.panel.link import Panel
from mobiliteit.panel.lost import Attrition
from mobiliteit.results import tidy_frame
from mobiliteit.samples import check_level, percent_text
from mobiliteit.weights import with_design

FEW_ANSWERS = "minder dan twee mensen met beide antwoorden"
_STATISTICS = (
    ("mean_before", "before"),
    ("mean_after", "after"),
    ("change", "mean"),
    ("ci_low", "low"),
    ("ci_high", "high"),
    ("p_holm", "p_holm"),
    ("d_z", "d_z"),
    ("d_z_low", "d_z_low"),
    ("d_z_high", "d_z_high"),
    ("d_av", "d_av"),
    ("correlation", "correlation"),
    ("change_weighted", "weighted"),
    ("ci_low_weighted", "weighted_low"),
    ("ci_high_weighted", "weighted_high"),
    ("alpha", "alpha"),
    ("percent_lower", "percent_lower"),
    ("percent_higher", "percent_higher"),
)


@dataclass(frozen=True)
class Change:
    """Change within people, per variable and step from wave to wave.

    Attributes
    ----------
    table : pandas.DataFrame
        One row per step and variable. ``first``, ``second`` (wave ids), ``variable``, ``n``,
        ``n_missing`` (linked people without one of the answers), the facts of
        :class:`~mobiliteit.inference.paired.PairedChange`, ``p_holm`` over the variables of a step;
        ``weighted``, ``weighted_low``, ``weighted_high`` and ``weighted_p``: the mean change by the
        weights of those who stayed (NaN without); of scales ``alpha`` (in the first wave) and the
        percentages of people who are reliably lower and higher; ``few`` and ``note``.
    level : float
        Confidence level.
    """

    table: pd.DataFrame
    level: float

    def tidy(self) -> pd.DataFrame:
        """Return the table as a tidy frame."""
        interval, frames = f"{percent_text(self.level)}-interval", []
        for (first, second), rows in self.table.groupby(["first", "second"], sort=False):
            wave, records = f"{first} - {second}", []
            for row in rows.to_dict("records"):
                for statistic, source in _STATISTICS:
                    p = {"mean": "p", "weighted": "weighted_p", "p_holm": "p_holm"}.get(source)
                    limits = statistic.startswith("ci_") or statistic.startswith("d_z_")
                    record = {"row": row["variable"], "column": wave, "statistic": statistic}
                    record |= {"value": row[source], "n": row["n"], "n_missing": row["n_missing"]}
                    record["note"] = row["note"] or (interval if limits else "")
                    records.append(record | ({"p": row[p]} if p else {}))
            frames.append(tidy_frame(records, analysis="change", wave=wave, sample="panel"))
        return pd.concat(frames, ignore_index=True)


def within_change(
    panel: Panel,
    attrition: Attrition | None = None,
    *,
    variables: Sequence[str] | None = None,
    level: float | None = None,
) -> Change:
    """Describe how people changed from each wave to the next.

    Parameters
    ----------
    panel : Panel
        The linked people.
    attrition : Attrition, optional
        Its weights give the weighted mean change, with design-based errors.
    variables : sequence of str, optional
        Numeric columns; by default those of the study.
    level : float, optional
        Confidence level; by default that of the study.

    Returns
    -------
    Change
        Answers are missing pairwise, per variable.

    Raises
    ------
    AnalysisError
        A variable is not in the data, or a level outside (0, 1).

    Notes
    -----
    :func:`~mobiliteit.inference.paired.paired_change` and
    :func:`~mobiliteit.inference.paired.reliable_change`, with alpha and standard deviation of all
    respondents of the earlier wave. Where nobody changes, the limits of the reliable change still
    call 1 - `level` of the people changed. Weighted means tested against R's ``svymean``.
    """
    level = check_level(panel.settings.level if level is None else level)
    variables = panel.settings.change if variables is None else variables
    panel.check(variables)
    rows = []
    for step, (i, j) in enumerate(panel.steps):
        before, after = panel.pair(i, j)
        weights = None if attrition is None else attrition.weights(step)
        alphas = {entry.scale: entry.alpha for entry in panel.waves[i].reliabilities}
        lines = []
        for name in variables:
            was = before[name].to_numpy(dtype="float64")
            now = after[name].to_numpy(dtype="float64")
            both = np.isfinite(was) & np.isfinite(now)
            found = paired_change(was[both], now[both], level)
            line: dict[str, Any] = {"first": panel.ids[i], "second": panel.ids[j]}
            line |= {"variable": name, **asdict(found)}
            line["n_missing"] = len(both) - found.n
            weighted = _weighted(before.index[both], (now - was)[both], weights, level)
            line |= dict(
                zip(("weighted", "weighted_low", "weighted_high", "weighted_p"), weighted,
                    strict=True)
            )  # fmt: skip
            sd = float(panel.frames[i][name].std())
            line |= _reliably(was[both], now[both], sd, alphas.get(name, np.nan), level)
            line |= {"few": found.n < panel.settings.few}
            line["note"] = FEW_ANSWERS if found.n < 2 else ""
            lines.append(line)
        table = pd.DataFrame(lines)
        rows.append(table.assign(p_holm=adjust(table["p"])))
    return Change(pd.concat(rows, ignore_index=True), level)


def _reliably(
    was: np.ndarray, now: np.ndarray, sd: float, alpha: float, level: float
) -> dict[str, float]:
    found = {"alpha": alpha, "percent_lower": np.nan, "percent_higher": np.nan}
    if 0 <= alpha < 1 and sd > 0 and len(was):
        which = reliable_change(was, now, sd, alpha, level)
        found["percent_lower"] = 100 * float((which < 0).mean())
        found["percent_higher"] = 100 * float((which > 0).mean())
    return found


def _weighted(
    people: pd.Index, change: np.ndarray, weights: pd.Series | None, level: float
) -> tuple[float, float, float, float]:
    nothing = (np.nan, np.nan, np.nan, np.nan)
    if weights is None:
        return nothing
    # The errors of a part rest on the design of all who stayed.
    frame = pd.DataFrame({"change": pd.Series(change, index=people).reindex(weights.index)})
    design = design_of(with_design(frame, weights))
    used = frame["change"].notna().to_numpy()
    if used.sum() < 2:
        return nothing
    values, total = frame["change"].fillna(0.0).to_numpy(), design.weight[used].sum()
    mean = float((design.weight * used) @ values / total)
    influence = design.weight * used * (values - mean) / total
    se = float(np.sqrt(design.covariance(influence[:, None])[0, 0]))
    if not se > 0:
        return (mean, np.nan, np.nan, np.nan)
    reach = float(stats.t.ppf((1 + level) / 2, design.df)) * se
    p = float(2 * stats.t.sf(abs(mean) / se, design.df))
    return mean, mean - reach, mean + reach, p
