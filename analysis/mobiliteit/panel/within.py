"""Within and between people: mixed model, fixed effects, and whether the two tell the same."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from mobiliteit.design import WaldTest
from mobiliteit.errors import AnalysisError, Problem
from mobiliteit.inference.clustered import ClusteredFit, fit_clustered, fit_within, person_means
from mobiliteit.inference.random_intercept import (
    RandomIntercept,
    fit_random_intercept,
    quasi_demeaned,
)
from mobiliteit.panel.link import NOT_COMPUTED, PERSON, WAVE, Panel
from mobiliteit.results import tidy_frame
from mobiliteit.samples import check_level, percent_text

COLUMNS = ("model", "row", "b", "se", "low", "high", "p")
CONSTANT, MEAN_OF = "constante", "gemiddelde van "
MIXED, FIXED, MUNDLAK = "mixed", "fixed", "mundlak"


@dataclass(frozen=True)
class WithinModels:
    """One outcome in a mixed, a fixed-effects and a Mundlak model.

    Attributes
    ----------
    outcome : str
        What is explained.
    predictors, beside : tuple of str
        What changes within people, and facts of persons.
    table : pandas.DataFrame
        ``model`` (``mixed``: random intercept, REML, normal intervals; ``fixed``: within people,
        errors clustered by person; ``mundlak``: random intercept with the person's own means added,
        errors clustered), ``row``, ``b``, ``se``, ``low``, ``high`` and ``p``. A row of Mundlak
        that begins with ``gemiddelde van`` is how much the relation between people differs from
        that within them.
    sd_person, sd_residual, icc : float
        Of the mixed model: standard deviations between and within people, and the share of the
        variance that is between.
    mundlak : WaldTest
        That all those differences are 0, of the predictors together: the mixed model tells what the
        fixed effects tell. A robust form of Hausman's test.
    r2_within : float
        Share of the variance within people that the fixed effects explain.
    n, people, n_missing : int
        Rows and people used (at least two complete rows each), and rows of linked people left out.
    level : float
        Confidence level.
    note : str
        Why there is nothing.
    """

    outcome: str
    predictors: tuple[str, ...]
    beside: tuple[str, ...]
    table: pd.DataFrame
    sd_person: float
    sd_residual: float
    icc: float
    mundlak: WaldTest
    r2_within: float
    n: int
    people: int
    n_missing: int
    level: float
    note: str = ""

    def tidy(self) -> pd.DataFrame:
        """Return coefficients and facts as a tidy frame; `n` counts rows."""
        common = {"column": self.outcome, "n": self.n, "n_missing": self.n_missing}
        interval = f"{percent_text(self.level)}-interval"
        frames = []
        for model, rows in self.table.groupby("model", sort=False):
            records: list[dict[str, Any]] = []
            for row in rows.to_dict("records"):
                about = common | {"row": row["row"]}
                records += [
                    about | {"statistic": "b", "value": row["b"], "p": row["p"]},
                    about | {"statistic": "se", "value": row["se"]},
                    about | {"statistic": "ci_low", "value": row["low"], "note": interval},
                    about | {"statistic": "ci_high", "value": row["high"], "note": interval},
                ]
            frames.append(tidy_frame(records, analysis=f"panel_{model}", sample="panel"))
        facts = {"sd_person": self.sd_person, "sd_residual": self.sd_residual, "icc": self.icc}
        facts |= {"r2_within": self.r2_within, "people": self.people}
        records = [
            common | {"row": "", "statistic": name, "value": value, "note": self.note}
            for name, value in facts.items()
        ]
        test = {"row": "", "statistic": "F_mundlak", "value": self.mundlak.f, "p": self.mundlak.p}
        frames.append(tidy_frame([*records, common | test], analysis="panel_facts", sample="panel"))
        return pd.concat(frames, ignore_index=True)


def within_models(
    panel: Panel,
    outcome: str,
    predictors: Sequence[str],
    *,
    beside: Sequence[str] = (),
    level: float | None = None,
) -> WithinModels:
    """Relate an outcome to what changes within people, in three models.

    Parameters
    ----------
    panel : Panel
        The linked people.
    outcome : str
        A numeric column.
    predictors : sequence of str
        Numeric columns that change over the waves.
    beside : sequence of str
        Numeric facts of persons, taken from the first wave that they are in; the fixed effects
        contain them already.
    level : float, optional
        Confidence level; by default that of the study.

    Returns
    -------
    WithinModels
        All models hold the wave, and rest on the same rows: people with at least two complete rows.
        Empty, with a note, where these are too few.

    Raises
    ------
    AnalysisError
        A variable is not in the data or named twice, or a level outside (0, 1).

    Notes
    -----
    Mundlak (1978): with the person's own means beside them, the coefficients of a random-intercept
    model are those of the fixed effects, and what the means add is between people. The means of the
    waves are added where people are in different ones. Tested against R's ``lme4``, ``nlme``,
    ``plm`` and ``sandwich``.

    References
    ----------
    Mundlak, Y. (1978). On the pooling of time series and cross section data. Econometrica, 46,
    69-85.
    """
    level = check_level(panel.settings.level if level is None else level)
    names = [outcome, *predictors, *beside]
    if len(set(names)) < len(names):
        problem = Problem("a variable is named twice", "Name each once.")
        raise AnalysisError("These models cannot be computed.", [problem])
    rows = panel.long(names).astype(dict.fromkeys(names, "float64"))
    if beside:
        rows[list(beside)] = rows.groupby(PERSON, sort=False)[list(beside)].transform("first")
    complete = rows.dropna()
    size = complete.groupby(PERSON, sort=False)[outcome].transform("size")
    used = complete[size >= 2]
    people, _ = pd.factorize(used[PERSON])
    later = [name for name in panel.ids[1:] if (used[WAVE] == name).any()]
    if not (used[WAVE] == panel.ids[0]).any():
        later = later[1:]
    about: dict[str, Any] = {
        "outcome": outcome,
        "predictors": tuple(predictors),
        "beside": tuple(beside),
        "n": len(used),
        "people": int(people.max(initial=-1)) + 1,
        "n_missing": len(rows) - len(used),
        "level": level,
    }
    dummies = np.column_stack(
        [np.ones(len(used)), *((used[WAVE] == name).to_numpy(dtype="float64") for name in later)]
    )
    moving = np.column_stack([dummies[:, 1:], used[list(predictors)].to_numpy()])
    fixed_facts = used[list(beside)].to_numpy()
    y = used[outcome].to_numpy()
    try:
        x = np.column_stack([dummies[:, :1], moving, fixed_facts])
        mixed = fit_random_intercept(x, y, people)
        within = fit_within(moving, y, people)
        means, of_waves = _means(x, moving, people, len(later))
        both = np.column_stack([x, means])
        changed = quasi_demeaned(
            np.column_stack([both, y]), people, fit_random_intercept(both, y, people)
        )
        mundlak = fit_clustered(changed[:, :-1], changed[:, -1], people)
    except AnalysisError:
        nothing = pd.DataFrame(columns=list(COLUMNS))
        note = NOT_COMPUTED
        facts: dict[str, Any] = dict.fromkeys(
            ("sd_person", "sd_residual", "icc", "r2_within"), np.nan
        )
        test = WaldTest(np.nan, (0, 0), np.nan, note)
        return WithinModels(table=nothing, mundlak=test, note=note, **facts, **about)
    k = x.shape[1]
    labels = [CONSTANT, *later, *predictors, *beside]
    named = [*labels, *([""] * of_waves), *(MEAN_OF + name for name in predictors)]
    inside = [*later, *predictors]
    parts = [
        _part(MIXED, labels, mixed, level),
        _part(FIXED, inside, within, level),
        _part(MUNDLAK, named, mundlak, level),
    ]
    table = pd.concat(parts, ignore_index=True)
    return WithinModels(
        table=table[table["row"] != ""].reset_index(drop=True),
        sd_person=mixed.sd_person,
        sd_residual=mixed.sd_residual,
        icc=mixed.icc,
        mundlak=mundlak.test(list(range(k + of_waves, both.shape[1]))),
        r2_within=within.r2,
        **about,
    )


def _means(
    x: np.ndarray, moving: np.ndarray, people: np.ndarray, waves: int
) -> tuple[np.ndarray, int]:
    """Means of each person: those of the waves where they add something, then of predictors."""
    means = person_means(moving, people)
    kept: list[np.ndarray] = []
    for column in means[:, :waves].T:
        beside = np.column_stack([x, *kept, column])
        if np.linalg.matrix_rank(beside) == beside.shape[1]:
            kept.append(column)
    return np.column_stack([*kept, means[:, waves:]]), len(kept)


def _part(
    model: str, names: Sequence[str], fit: ClusteredFit | RandomIntercept, level: float
) -> pd.DataFrame:
    low, high = fit.interval(level)
    values = {"b": fit.coefficients, "se": fit.errors, "low": low, "high": high, "p": fit.p}
    return pd.DataFrame({"model": model, "row": list(names), **values}, columns=list(COLUMNS))
