"""What going beyond a table gives: results for groups, regressions, mediation and families."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
import pandas as pd

from mobiliteit.inference.mediate import Mediation
from mobiliteit.inference.regression import RegressionInference
from mobiliteit.inference.suppress import KINDS, Suppression
from mobiliteit.results import tidy_frame
from mobiliteit.samples import pair_label
from mobiliteit.study_schema import ClassTable, GroupTable, RegressionTable
from mobiliteit.wave import Wave

TEST_COLUMNS = (
    "row", "column", "outcome", "by", "statistic", "p", "p_welch", "p_rank", "p_exact",
    "exact_method", "p_holm", "p_bh", "effect", "estimate", "low", "high", "compared", "n",
    "n_missing", "note",
)  # fmt: skip
P_VALUES = ("p", "p_welch", "p_rank", "p_exact", "p_holm", "p_bh")
PAIR_COLUMNS = ("row", "column", "higher", "lower", "difference", "p", "n")
CHANGE_COLUMNS = (
    "smaller", "larger", "added", "r2_change", "f", "df1", "df2", "p", "p_hc3", "n", "n_missing",
)  # fmt: skip


@dataclass(frozen=True)
class GroupsBeyond:
    """A table of group comparisons with everything beside its tests.

    Attributes
    ----------
    number : str
        Number of the table.
    definition : GroupTable or ClassTable
        What the table is.
    wave : Wave
        The wave.
    tests : pandas.DataFrame
        One row per test of the table, with `TEST_COLUMNS`: ``p`` as the report tests; Welch's
        (means), Kruskal-Wallis' (ordinal answers) and the exact or Monte Carlo p (shares with an
        expected count below 5) where they apply; ``p_holm`` and ``p_bh`` of ``p`` within the
        table; the effect, ``omega2`` or ``cramers_v_corrected``, with its interval; ``compared``:
        whether pairs were looked at.
    pairs : pandas.DataFrame
        The pairs of groups that were compared, with `PAIR_COLUMNS`: means by Games-Howell,
        shares by Holm-corrected tests (difference in percentage points).
    m, n_missing_tests : int
        Tests in the family, and tests that could not be done.
    level, alpha : float
        Confidence level of the effects; significance level.
    """

    kind: ClassVar[str] = "groups"

    number: str
    definition: GroupTable | ClassTable
    wave: Wave
    tests: pd.DataFrame
    pairs: pd.DataFrame
    m: int
    n_missing_tests: int
    level: float
    alpha: float

    def differing(self, row: str, column: str) -> list[tuple[str, str]]:
        """Pairs of one test that differ, the higher group first, by their ids."""
        found = self.pairs
        found = found[(found["row"] == row) & (found["column"] == column)]
        found = found[found["p"] < self.alpha]
        return list(zip(found["higher"], found["lower"], strict=True))

    def tidy(self) -> pd.DataFrame:
        """Return tests, effects with limits, and compared pairs as a tidy frame."""
        records: list[dict[str, Any]] = []
        for test in as_records(self.tests):
            place = {key: test[key] for key in ("row", "column", "n", "n_missing")}
            for name in P_VALUES:
                if name == "p" or np.isfinite(test[name]):
                    note = test["exact_method"] if name == "p_exact" else test["note"]
                    cell = {"statistic": name, "value": test[name], "p": test[name], "note": note}
                    records.append(place | cell)
            effect = {test["effect"]: "estimate", "ci_low": "low", "ci_high": "high"}
            for statistic, name in effect.items():
                cell = {"statistic": statistic, "value": test[name], "note": test["note"]}
                records.append(place | cell)
        for pair in as_records(self.pairs):
            cell = {key: pair[key] for key in ("column", "p", "n")}
            cell |= {"statistic": "pair_difference", "value": pair["difference"]}
            cell["row"] = f"{pair['row']}: {pair_label(pair['higher'], pair['lower'])}"
            records.append(cell)
        records.append({"statistic": "tests", "value": float(self.m)})
        records.append({"statistic": "tests_missing", "value": float(self.n_missing_tests)})
        return tidy_frame(records, analysis=f"{self.number} beyond", wave=self.wave.id)


@dataclass(frozen=True)
class RegressionsBeyond:
    """A table of regressions with intervals, robust tests, suppressors and nested models.

    Attributes
    ----------
    number, definition, wave
        As of :class:`GroupsBeyond`; the definition is a RegressionTable.
    models : dict
        Column to its :class:`RegressionInference`; columns that cannot be estimated are absent.
    suppression : dict
        Column to its :class:`Suppression`, for columns with two or more predictors.
    changes : pandas.DataFrame
        One row per pair of nested columns with the same outcome and sample, with
        `CHANGE_COLUMNS`; both models on the respondents of the larger one.
    gaps : dict
        Column to the reason why it cannot be estimated.
    """

    kind: ClassVar[str] = "regressions"

    number: str
    definition: RegressionTable
    wave: Wave
    models: dict[str, RegressionInference]
    suppression: dict[str, Suppression]
    changes: pd.DataFrame
    gaps: dict[str, str]

    def suppressors(self, column: str) -> dict[str, str]:
        """Predictors of a column that were found to be suppressors, with their kind."""
        if column not in self.suppression:
            return {}
        found = self.suppression[column]
        return {name: str(found.predictors.at[name, "kind"]) for name in found.suppressors}

    def tidy(self) -> pd.DataFrame:
        """Return all models, found suppressors, R2 changes and gaps as a tidy frame."""
        records: list[dict[str, Any]] = []
        for column, model in self.models.items():
            cells = model.tidy().drop(columns=["analysis", "wave", "sample"])
            records += [cell | {"column": column} for cell in as_records(cells)]
            for row, kind in self.suppressors(column).items():
                cell = {"row": row, "column": column, "statistic": "suppressor", "value": 1.0}
                records.append(cell | {"n": model.fit.n, "note": KINDS[kind]})
        for change in as_records(self.changes):
            place = {"row": change["smaller"], "column": change["larger"]}
            place |= {"n": change["n"], "n_missing": change["n_missing"]}
            place["note"] = f"erbij: {', '.join(change['added'])}"
            cell = {"statistic": "r2_change", "value": change["r2_change"], "p": change["p"]}
            records.append(place | cell)
            cell = {"statistic": "p_hc3", "value": change["p_hc3"], "p": change["p_hc3"]}
            records.append(place | cell)
        for column, reason in self.gaps.items():
            records.append({"column": column, "statistic": "beta", "value": np.nan, "note": reason})
        return tidy_frame(records, analysis=f"{self.number} beyond", wave=self.wave.id)


@dataclass(frozen=True)
class MediationBeyond:
    """The mediation that a table of regressions argues.

    Attributes
    ----------
    number, definition, wave
        As of :class:`RegressionsBeyond`.
    mediator_column, outcome_column : str
        The column that predicts the mediator, and the one in which it is a predictor.
    mediation : Mediation or None
        None where the wave cannot give it.
    gap : str
        Why not.
    """

    kind: ClassVar[str] = "mediation"

    number: str
    definition: RegressionTable
    wave: Wave
    mediator_column: str
    outcome_column: str
    mediation: Mediation | None
    gap: str = ""

    def tidy(self) -> pd.DataFrame:
        """Return paths, indirect effects and argument as a tidy frame, or the gap."""
        analysis = f"{self.number} beyond"
        if self.mediation is None:
            gap = {"statistic": "indirect", "value": np.nan, "note": self.gap}
            return tidy_frame([gap], analysis=analysis, wave=self.wave.id)
        return self.mediation.tidy().assign(analysis=analysis, wave=self.wave.id)


@dataclass(frozen=True)
class FamiliesBeyond:
    """How many tests the tables hold, and how many survive a correction.

    Attributes
    ----------
    wave : Wave
        The wave.
    counts : pandas.DataFrame
        Index: number of the table. Columns ``tests``, ``missing`` (could not be done), ``p``,
        ``p_holm`` and ``p_bh``: significant ones, uncorrected and corrected within the table.
    alpha : float
        Significance level.
    """

    kind: ClassVar[str] = "families"

    wave: Wave
    counts: pd.DataFrame
    alpha: float

    def tidy(self) -> pd.DataFrame:
        """Return the counts as a tidy frame, one row per table and count."""
        records = [
            {"row": str(table), "statistic": str(name), "value": float(value)}
            for table, counts in self.counts.iterrows()
            for name, value in counts.items()
        ]
        return tidy_frame(records, analysis="families", wave=self.wave.id)


def as_records(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """Return the rows of a frame as dictionaries."""
    return [{str(key): value for key, value in row.items()} for row in frame.to_dict("records")]
