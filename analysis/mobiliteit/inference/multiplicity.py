"""Many tests at once: Holm and Benjamini-Hochberg over a family of p-values that is counted.

Holm keeps the chance of even one false finding in the family below the level; Benjamini-Hochberg
keeps the expected share of false findings among the findings below it. A test that could not be
done (NaN) is no member of the family: it is counted apart and stays NaN. Weights play no part.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from scipy.stats import false_discovery_control

from mobiliteit.errors import AnalysisError, Problem
from mobiliteit.results import TIDY_COLUMNS, tidy_frame

METHODS = ("holm", "bh")


@dataclass(frozen=True)
class Family:
    """The corrected tests of a family.

    Attributes
    ----------
    name : str
        What makes the family: a table, a column of it, a set of pairs.
    level : float
        Significance level that the counts below are for.
    tests : pandas.DataFrame
        One row per test, those without a p included. Columns ``row``, ``column``, ``statistic``,
        ``p``, ``p_holm``, ``p_bh``, ``n``.
    m : int
        Tests in the family: those with a p-value.
    n_missing : int
        Tests that could not be done.
    """

    name: str
    level: float
    tests: pd.DataFrame
    m: int
    n_missing: int

    @property
    def significant(self) -> dict[str, int]:
        """Tests below the level without correction, after Holm, and after Benjamini-Hochberg."""
        return {
            name: int((self.tests[name] < self.level).sum()) for name in ("p", "p_holm", "p_bh")
        }

    @property
    def lost(self) -> pd.DataFrame:
        """Tests that are below the level by themselves and no longer after Holm."""
        return self.tests[(self.tests["p"] < self.level) & ~(self.tests["p_holm"] < self.level)]

    def tidy(self) -> pd.DataFrame:
        """Return each corrected p and the counts of the family as a tidy frame.

        A record has the corrected p both as its value and in ``p``; its note says how many tests
        it was corrected for.
        """
        note = f"gecorrigeerd voor {self.m} toetsen"
        records: list[dict[str, Any]] = [
            {
                "row": test["row"],
                "column": test["column"],
                "statistic": statistic,
                "value": test[statistic],
                "p": test[statistic],
                "n": test["n"],
                "note": note if np.isfinite(test["p"]) else "geen toets mogelijk",
            }
            for _, test in self.tests.iterrows()
            for statistic in ("p_holm", "p_bh")
        ]
        counts = {"tests": self.m, "tests_missing": self.n_missing} | {
            f"significant_{name}": count for name, count in self.significant.items()
        }
        records += [{"statistic": name, "value": float(count)} for name, count in counts.items()]
        return tidy_frame(records, analysis="multiplicity", sample=self.name)


def adjust(p: Sequence[float] | np.ndarray | pd.Series, method: str = "holm") -> np.ndarray:
    """Correct p-values for their number.

    Parameters
    ----------
    p : array-like of float
        In [0, 1]; NaN where a test could not be done.
    method : {'holm', 'bh'}
        Holm (1979), or Benjamini and Hochberg (1995).

    Returns
    -------
    numpy.ndarray
        Corrected p-values in the same order, NaN where `p` is; the family counts only the others.

    Raises
    ------
    AnalysisError
        Another method, or a p-value outside [0, 1].

    Notes
    -----
    With the m p-values sorted, Holm: p'_(i) = max_{j<=i} min(1, (m - j + 1) p_(j));
    Benjamini-Hochberg: p'_(i) = min_{j>=i} min(1, m p_(j) / j). Tested against R's ``p.adjust`` and
    ``statsmodels`` ``multipletests``, which has both but collects garbage at every call: some 50
    ms, times the hundreds of pairs of a report.

    References
    ----------
    Holm, S. (1979). A simple sequentially rejective multiple test procedure. Scandinavian Journal
    of Statistics, 6, 65-70. Benjamini, Y., & Hochberg, Y. (1995). Controlling the false discovery
    rate. Journal of the Royal Statistical Society B, 57, 289-300.
    """
    values = np.asarray(p, dtype="float64")
    problems = []
    if method not in METHODS:
        problems.append(Problem(f"there is no correction {method!r}", f"Use one of {METHODS}."))
    tested = np.isfinite(values)
    wrong = values[(values < 0) | (values > 1)]
    if len(wrong):
        outside = tuple(f"{value:g}" for value in wrong)
        problems.append(
            Problem(
                "p-values lie outside 0 and 1", "Give p-values, not statistics.", values=outside
            )
        )
    if problems:
        raise AnalysisError("These tests cannot be corrected.", problems)
    adjusted = np.full(values.shape, np.nan)
    adjusted[tested] = _holm(values[tested]) if method == "holm" else _bh(values[tested])
    return adjusted


def correct_table(
    cells: pd.DataFrame,
    *,
    statistics: Sequence[str] | None = None,
    within: Sequence[str] = (),
    level: float = 0.05,
) -> list[Family]:
    """Correct the tests of a table, or of any tidy frame, for their number.

    Parameters
    ----------
    cells : pandas.DataFrame
        A tidy frame, such as ``TableResult.tidy()``. A cell counts as a test when it has a p, or
        when its statistic is one that has a p elsewhere in the frame and its own value is NaN (a
        test that could not be done).
    statistics : sequence of str, optional
        Only tests of these statistics, such as ``["beta"]`` to leave the F tests of the explained
        variance out of a family of coefficients. By default all.
    within : sequence of str
        Tidy columns whose distinct values make families of their own, such as ``["column"]`` for
        one family per regression; by default the whole frame is one.
    level : float
        Significance level of the counts.

    Returns
    -------
    list of Family
        In order of appearance. Empty when there is no test at all.

    Raises
    ------
    AnalysisError
        The frame lacks tidy columns, or `within` names another column.

    Notes
    -----
    Corrections per family by :func:`adjust`. A family per table is the choice of this package, not
    a law: it fits the question "is there anything in this table", and the number of tests is in the
    result so that a reader can make another.
    """
    lacking = [name for name in TIDY_COLUMNS if name not in cells]
    problems = [Problem(f"{name} is not in the frame", "Give a tidy frame.") for name in lacking]
    problems += [
        Problem(f"{name} is no tidy column", f"Use {TIDY_COLUMNS}.")
        for name in within
        if name not in TIDY_COLUMNS
    ]
    if problems:
        raise AnalysisError("These tests cannot be corrected.", problems)
    tested = cells["p"].notna()
    kinds = set(cells.loc[tested, "statistic"])
    if statistics is not None:
        kinds &= set(statistics)
    # A cell of a tested kind without a p is a failed test only if it has no value either: the
    # classes of a factor after the first carry a mean and, by design, no p.
    failed = ~tested & cells["value"].isna()
    tests = cells[cells["statistic"].isin(kinds) & (tested | failed)]
    keys = [", ".join(str(test[name]) for name in within) for _, test in tests.iterrows()]
    table = ", ".join(dict.fromkeys(tests["analysis"]))
    families = []
    for key in dict.fromkeys(keys):
        part = tests[[own == key for own in keys]]
        corrected = pd.DataFrame(
            {
                "row": part["row"],
                "column": part["column"],
                "statistic": part["statistic"],
                "p": part["p"],
                "p_holm": adjust(part["p"], "holm"),
                "p_bh": adjust(part["p"], "bh"),
                "n": part["n"],
            }
        ).reset_index(drop=True)
        m = int(corrected["p"].notna().sum())
        name = f"{table}: {key}" if key else table
        families.append(Family(name, level, corrected, m, len(corrected) - m))
    return families


def _holm(p: np.ndarray) -> np.ndarray:
    order = np.argsort(p)
    steps = np.maximum.accumulate(p[order] * np.arange(len(p), 0, -1))
    adjusted = np.empty(len(p))
    adjusted[order] = np.minimum(steps, 1)
    return adjusted


def _bh(p: np.ndarray) -> np.ndarray:
    return np.asarray(false_discovery_control(p, method="bh")) if len(p) else p
