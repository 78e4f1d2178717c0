"""Who was lost between two waves, and weights that let those who stayed stand for them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from scipy import stats

from mobiliteit.errors import AnalysisError, Problem
from mobiliteit.inference.association import association
from mobiliteit.inference.effects import standardized_differences
from mobiliteit.inference.multiplicity import adjust
from mobiliteit.inference.staying import UNKNOWN, Staying, fit_staying
from mobiliteit.panel.link import Panel
from mobiliteit.results import tidy_frame
from mobiliteit.samples import check_level, percent_text

STATUS, STAYED, LOST = "verloop", "gebleven", "uitgevallen"
LOST_COLUMNS = (
    "variable", "kind", "stayed", "lost", "effect", "low", "high", "p", "p_holm", "n",
    "n_missing", "note",
)  # fmt: skip
BALANCE_COLUMNS = (
    "variable", "category", "everybody", "stayed", "weighted", "before", "after",
)  # fmt: skip


@dataclass(frozen=True)
class AttritionStep:
    """Who was lost from one wave to the next.

    Attributes
    ----------
    first, second : str
        Ids of the waves.
    n, stayed : int
        Respondents of the first wave, and those of them who are in the second.
    lost : pandas.DataFrame
        One row per variable of the first wave: ``kind`` (``mean`` or ``groups``), the means of
        those who ``stayed`` and were ``lost`` (NaN for groups), ``effect`` (Hedges' g, stayed minus
        lost; or Cramér's V) with limits ``low`` and ``high``, ``p`` (Welch's t, or chi-square),
        ``p_holm`` over the variables, ``n``, ``n_missing`` and ``note``.
    model : pandas.DataFrame
        Of the chance to stay. Index: ``variable`` and ``category`` (empty for numbers). Columns
        ``b`` (log odds), ``se``, ``odds``, ``low``, ``high`` (of the odds ratio) and ``p``. Empty
        where there is none.
    nobody : tuple of (str, str, int)
        Categories of the model of which nobody stayed, with how many people are in them: no weight
        can make up for those.
    weight : pandas.Series or None
        Of those who stayed, mean 1, index: hashed id. None where there is no model.
    balance : pandas.DataFrame
        One row per number or category of the model: the mean (share) of ``everybody`` whom the
        weights speak for, of those who ``stayed``, and of those ``weighted``; and the differences
        from everybody in standard deviations, ``before`` and ``after`` weighing.
    auc : float
        Chance that somebody who stayed had the larger predicted chance.
    trimmed : int
        People whose weight was cut off.
    note : str
        Why there are no weights.
    """

    first: str
    second: str
    n: int
    stayed: int
    lost: pd.DataFrame
    model: pd.DataFrame
    nobody: tuple[tuple[str, str, int], ...]
    weight: pd.Series | None
    balance: pd.DataFrame
    auc: float
    trimmed: int
    note: str = ""

    @property
    def effective_n(self) -> float:
        """People that unweighted would be as precise, by Kish; NaN without weights."""
        if self.weight is None:
            return np.nan
        return float(self.weight.sum() ** 2 / (self.weight**2).sum())


@dataclass(frozen=True)
class Attrition:
    """Who was lost in each step from wave to wave.

    Attributes
    ----------
    steps : tuple of AttritionStep
        In the order of the waves.
    level : float
        Confidence level.
    """

    steps: tuple[AttritionStep, ...]
    level: float

    def weights(self, step: int) -> pd.Series | None:
        """Weights of those who stayed in a step, index: hashed id; None where there are none."""
        return self.steps[step].weight

    def tidy(self) -> pd.DataFrame:
        """Return comparison, model, weights and balance as a tidy frame."""
        interval = f"{percent_text(self.level)}-interval"
        return pd.concat(
            [
                tidy_frame(
                    _records(step, interval),
                    analysis="attrition",
                    wave=f"{step.first} - {step.second}",
                    sample=step.first,
                )
                for step in self.steps
            ],
            ignore_index=True,
        )


def attrition(
    panel: Panel,
    *,
    compare: Sequence[str] | None = None,
    model: Sequence[str] | None = None,
    trim: tuple[float, float] | None = None,
    level: float | None = None,
) -> Attrition:
    """Compare those who stayed with those who were lost, and weigh those who stayed.

    Parameters
    ----------
    panel : Panel
        The waves.
    compare : sequence of str, optional
        Variables of the earlier wave to compare on; by default those of the study.
    model : sequence of str, optional
        Variables that the chance to stay is made of; by default those of the study. A missing
        answer is a category of its own; of a number it is also filled in with the mean.
    trim : tuple of float, optional
        Shares of the weights that are cut off below and above; by default those of the study.
    level : float, optional
        Confidence level; by default that of the study.

    Returns
    -------
    Attrition
        One step per two waves that follow each other, each about the respondents of its first wave.

    Raises
    ------
    AnalysisError
        A variable is not in the data, shares that are out of order, or a level outside (0, 1).

    Notes
    -----
    A logistic regression gives each one's chance to stay; the weight is the share that stayed over
    that chance (stabilised; Robins, Hernán & Brumback, 2000), cut off at quantiles of the weights,
    with mean 1. Weights make up for what the model knows, and for nothing else. Tested against R's
    ``glm``. In 600 simulated panels of 600 people whose loss hung on what the model knows, weighted
    95% intervals held the true mean change in 96.2%, unweighted ones in 15.0%
    (``tests/test_panel_truth.py``).

    References
    ----------
    Robins, J. M., Hernán, M. A., & Brumback, B. (2000). Marginal structural models and causal
    inference in epidemiology. Epidemiology, 11, 550-560.
    """
    settings = panel.settings
    level = check_level(settings.level if level is None else level)
    compare = settings.attrition.compare if compare is None else compare
    model = settings.attrition.model if model is None else model
    low, high = settings.attrition.trim if trim is None else trim
    if not 0 <= low < high <= 1:
        problem = Problem(f"{low} and {high} are no shares in order", "Use, say, 0.01 and 0.99.")
        raise AnalysisError("These weights cannot be made.", [problem])
    panel.check([*compare, *model])
    steps = []
    for i, j in panel.steps:
        frame = panel.frames[i]
        stays = frame.index.isin(panel.frames[j].index)
        names = (panel.ids[i], panel.ids[j])
        steps.append(_step(frame, stays, names, (compare, model), (low, high), level))
    return Attrition(tuple(steps), level)


def _step(
    frame: pd.DataFrame,
    stays: np.ndarray,
    names: tuple[str, str],
    variables: tuple[Sequence[str], Sequence[str]],
    trim: tuple[float, float],
    level: float,
) -> AttritionStep:
    status = pd.Categorical(np.where(stays, STAYED, LOST), categories=[STAYED, LOST])
    people = frame.assign(**{STATUS: status})
    lost = pd.DataFrame(
        [_compared(people, name, level) for name in variables[0]], columns=list(LOST_COLUMNS)
    )
    lost["p_holm"] = adjust(lost["p"].astype("float64"))
    blocks = {name: _block(frame[name]) for name in variables[1]}
    found = fit_staying(blocks, stays, trim, level)
    weight = None
    if found.weight is not None:
        weight = pd.Series(found.weight[stays & found.used], index=frame.index[stays & found.used])
    return AttritionStep(
        first=names[0],
        second=names[1],
        n=len(frame),
        stayed=int(stays.sum()),
        lost=lost,
        model=found.model,
        nobody=found.nobody,
        weight=weight,
        balance=_balance(blocks, stays, found),
        auc=found.auc,
        trimmed=found.trimmed,
        note=found.note,
    )


def _compared(people: pd.DataFrame, name: str, level: float) -> dict[str, Any]:
    nothing = dict.fromkeys(("stayed", "lost", "effect", "low", "high", "p"), np.nan)
    if isinstance(people[name].dtype, pd.CategoricalDtype):
        found = association(people, name, STATUS, level=level)
        filled = people.loc[people[name].notna(), name].nunique()
        p = float(stats.chi2.sf(found.chi2, filled - 1)) if filled > 1 else np.nan
        row = {"kind": "groups", "effect": found.v, "low": found.low, "high": found.high, "p": p}
        counts = {"n": found.n, "n_missing": found.n_missing, "note": found.note}
        return {"variable": name, **nothing, **row, **counts}
    pair = standardized_differences(people, name, STATUS, level=level)
    parts = [people.loc[people[STATUS] == one, name].dropna() for one in (STAYED, LOST)]
    means = {"stayed": float(parts[0].mean()), "lost": float(parts[1].mean())}
    row = {"variable": name, "kind": "mean", **nothing, **means}
    row |= {"n": pair.n, "n_missing": pair.n_missing, "note": ""}
    for line in pair.pairs.to_dict("records"):
        row |= {"effect": line["g"], "low": line["low"], "high": line["high"]}
        row["note"] = line["note"]
        if np.isfinite(line["g"]):
            row["p"] = float(stats.ttest_ind(*parts, equal_var=False).pvalue)
    return row


def _block(values: pd.Series) -> pd.DataFrame:
    """Turn a variable into columns: itself, or one per category, with one for a missing answer."""
    missing = values.isna()
    if isinstance(values.dtype, pd.CategoricalDtype):
        columns = {
            str(category): (values == category).astype("float64")
            for category in values.cat.categories
        }
        block = pd.DataFrame(columns, index=values.index)
        block = block.loc[:, block.sum() > 0]
    else:
        numbers = values.astype("float64")
        block = pd.DataFrame({"": numbers.fillna(numbers.mean())})
    return block.assign(**{UNKNOWN: missing.astype("float64")}) if missing.any() else block


def _balance(blocks: dict[str, pd.DataFrame], stays: np.ndarray, found: Staying) -> pd.DataFrame:
    if found.weight is None:
        return pd.DataFrame(columns=list(BALANCE_COLUMNS))
    used, rows = found.used, []
    here = stays & used
    for name, block in blocks.items():
        for category in block:
            values = block[category].to_numpy()
            sd = float(values[used].std())
            if not sd:
                continue
            means = [
                float(values[used].mean()),
                float(values[here].mean()),
                float(np.average(values[here], weights=found.weight[here])),
            ]
            gaps = [(mean - means[0]) / sd for mean in means[1:]]
            rows.append(dict(zip(BALANCE_COLUMNS, [name, category, *means, *gaps], strict=True)))
    return pd.DataFrame(rows, columns=list(BALANCE_COLUMNS))


def _records(step: AttritionStep, interval: str) -> list[dict[str, Any]]:
    common = {"column": STAYED, "n": step.n}
    records: list[dict[str, Any]] = [
        common | {"row": "", "statistic": "stayed", "value": step.stayed, "note": step.note},
        common | {"row": "", "statistic": "percent", "value": 100 * step.stayed / step.n},
    ]
    for row in step.lost.to_dict("records"):
        about = {"row": row["variable"], "n": row["n"], "n_missing": row["n_missing"]}
        about |= {"column": f"{STAYED} - {LOST}", "note": row["note"]}
        effect = "hedges_g" if row["kind"] == "mean" else "cramers_v"
        records += [
            about | {"statistic": effect, "value": row["effect"], "p": row["p"]},
            about | {"statistic": "ci_low", "value": row["low"], "note": row["note"] or interval},
            about | {"statistic": "ci_high", "value": row["high"], "note": row["note"] or interval},
            about | {"statistic": "p_holm", "value": row["p_holm"], "p": row["p_holm"]},
        ]
        if row["kind"] == "mean":
            records += [
                about | {"column": name, "statistic": "mean", "value": row[source]}
                for name, source in ((STAYED, "stayed"), (LOST, "lost"))
            ]
    for key, line in step.model.iterrows():
        about = {"row": _name(key), "column": STAYED, "n": step.n}
        records += [
            about | {"statistic": name, "value": line[name], "p": line["p"]}
            for name in ("b", "se", "odds")
        ]
    for row in step.balance.to_dict("records"):
        about = {"row": _name((row["variable"], row["category"])), "n": step.stayed}
        records += [
            about | {"column": name, "statistic": "smd", "value": row[name]}
            for name in ("before", "after")
        ]
    for variable, category, n in step.nobody:
        name = _name((variable, category))
        records.append(common | {"row": name, "statistic": "nobody_stayed", "value": n})
    if step.weight is not None:
        facts = {"auc": step.auc, "effective_n": step.effective_n, "trimmed": step.trimmed}
        facts |= {"lowest": step.weight.min(), "highest": step.weight.max()}
        records += [
            {"row": "", "column": "gewicht", "statistic": name, "value": float(value),
             "n": len(step.weight)}
            for name, value in facts.items()
        ]  # fmt: skip
    return records


def _name(key: Any) -> str:
    variable, category = key
    return f"{variable} = {category}" if category else str(variable)
