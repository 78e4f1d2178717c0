"""The scorecard: every published cell beside its computed counterpart, with a verdict.

The verdict compares at printed precision. A cell is exact only when its number and its stars, or
its Ja or Nee, agree.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from mobiliteit.errors import AnalysisError, Problem
from mobiliteit.published import PrintedCell, load_published
from mobiliteit.render.numbers import format_cell, round_half_up, stars
from mobiliteit.results import TEST_STATISTICS
from mobiliteit.tables import TableResult, compute_tables
from mobiliteit.wave import Wave

VERDICTS = ("exact", "last_digit", "different", "not_computable")
COLUMNS = (
    "table",
    "page",
    "row",
    "row_label_nl",
    "column",
    "published",
    "computed",
    "verdict",
    "value",
    "p",
    "n",
    "n_missing",
    "note",
    "wave",
    "synthetic",
)


@dataclass(frozen=True)
class Scorecard:
    """Published against computed.

    Attributes
    ----------
    frame : pandas.DataFrame
        One row per published cell, in the report's reading order, with the columns of
        :data:`COLUMNS`. ``computed`` is the number as the report would print it, ``value`` the
        number itself; ``verdict`` is one of :data:`VERDICTS`.
    legend : str
        Name of the star legend used.
    wave : Wave
        The wave.
    """

    frame: pd.DataFrame
    legend: str
    wave: Wave

    def summary(self) -> pd.DataFrame:
        """Count the verdicts per table.

        Returns
        -------
        pandas.DataFrame
            Index: table number in order, then ``totaal``; columns ``cells`` and the verdicts.
        """
        counts = (
            self.frame.groupby(["table", "verdict"], sort=False)
            .size()
            .unstack(fill_value=0)
            .reindex(columns=list(VERDICTS), fill_value=0)
        )
        counts.loc["totaal"] = counts.sum()
        counts.insert(0, "cells", counts.sum(axis=1))
        return counts.astype("int64").rename_axis(columns=None)


def star_legend(wave: Wave, name: str | None = None) -> tuple[str, dict[str, float]]:
    """Look up a star legend of the study by name; None takes the default.

    Raises
    ------
    AnalysisError
        The study has no legend of that name.
    """
    significance = wave.study.tables.significance
    name = name or significance.default
    if name not in significance.legends:
        known = ", ".join(significance.legends)
        problem = Problem(f"there is no star legend {name!r}", f"Use one of: {known}.")
        raise AnalysisError("The stars cannot be set.", [problem])
    return name, significance.legends[name]


def score_wave(
    wave: Wave,
    results: Mapping[str, TableResult] | None = None,
    *,
    legend: str | None = None,
) -> Scorecard:
    """Hold the tables computed from a wave against the published ones.

    Parameters
    ----------
    wave : Wave
        A clean wave.
    results : mapping of str to TableResult, optional
        Its tables, when they were computed already.
    legend : str, optional
        Star legend by name; by default that of ``study/tables.yaml``.

    Returns
    -------
    Scorecard
        One verdict per published cell.
    """
    results = compute_tables(wave) if results is None else results
    name, levels = star_legend(wave, legend)
    difference = wave.study.tables.significance.difference
    computed: dict[tuple[str, str, str], dict[str, Any]] = {
        (number, str(cell["row"]), str(cell["column"])): {str(k): v for k, v in cell.items()}
        for number, result in results.items()
        for cell in result.cells.to_dict("records")
    }
    records = []
    for printed in load_published(wave.study):
        cell = computed.get((printed.table, printed.row, printed.column))
        records.append(
            {
                "table": printed.table,
                "page": printed.page,
                "row": printed.row,
                "row_label_nl": printed.row_label,
                "column": printed.column,
                "published": printed.printed,
                "computed": "" if cell is None else format_cell(cell, levels, difference),
                "verdict": judge(printed, cell, levels, difference),
                "value": np.nan if cell is None else cell["value"],
                "p": np.nan if cell is None else cell["p"],
                "n": pd.NA if cell is None else cell["n"],
                "n_missing": pd.NA if cell is None else cell["n_missing"],
                "note": "geen berekende cel" if cell is None else cell["note"],
                "wave": wave.id,
                "synthetic": wave.synthetic,
            }
        )
    return Scorecard(pd.DataFrame(records, columns=list(COLUMNS)), name, wave)


def judge(
    printed: PrintedCell,
    cell: Mapping[str, Any] | None,
    legend: Mapping[str, float],
    difference: float,
) -> str:
    """Compare one computed cell with the printed one.

    Parameters
    ----------
    printed : PrintedCell
        As published.
    cell : mapping or None
        A row of ``TableResult.cells``; None when the study's tables hold no such cell.
    legend : mapping of str to float
        Mark to level, for the stars of coefficients and explained variances.
    difference : float
        Level of Ja/Nee and of the star of a class mean.

    Returns
    -------
    str
        ``exact`` (number and marks agree), ``last_digit`` (marks agree, number one off in the last
        printed digit), ``different`` or ``not_computable``.
    """
    if cell is None:
        return "not_computable"
    test = cell["statistic"] in TEST_STATISTICS
    if pd.isna(cell["p"] if test else cell["value"]):
        return "not_computable"
    if test or printed.verdict:
        agrees = test and printed.verdict == ("Ja" if cell["p"] < difference else "Nee")
        return "exact" if agrees else "different"
    if cell["statistic"] in ("beta", "r2_percent"):
        marks = stars(cell["p"], legend)
    else:
        marks = "*" if cell["p"] < difference else ""
    if marks != printed.marks or printed.number is None:
        return "different"
    off = abs(round_half_up(cell["value"], printed.decimals) - printed.number)
    steps = off.scaleb(printed.decimals)
    return "exact" if steps == 0 else "last_digit" if steps == 1 else "different"
