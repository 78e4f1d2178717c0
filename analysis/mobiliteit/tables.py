"""Computing the tables of the study from a wave: a definition in, tidy cells out.

The code knows no table; ``study/tables.yaml`` says what each is. Published numbers play no part
here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from mobiliteit.compare import (
    STATISTIC,
    Comparison,
    compare_means,
    compare_shares,
    count_groups,
)
from mobiliteit.errors import AnalysisError, Problem
from mobiliteit.gaps import NO_MODEL, mark_gap, mark_rescaled
from mobiliteit.regress import standardized_regression
from mobiliteit.results import TIDY_COLUMNS, number, tidy_frame
from mobiliteit.study_schema import (
    ClassTable,
    FrequencyTable,
    GroupTable,
    RegressionTable,
    Row,
    Table,
    TableBase,
)
from mobiliteit.wave import Wave

TOTAL = "totaal"
DIFFERENCE = "verschil"
CELL_COLUMNS = (*TIDY_COLUMNS, "decimals", "unit")


@dataclass(frozen=True)
class TableResult:
    """A computed table.

    Attributes
    ----------
    number : str
        Number of the table in the report.
    definition : Table
        What the table is.
    cells : pandas.DataFrame
        Tidy frame in reading order, one row per cell, plus ``decimals`` and ``unit`` for display.
        A cell with a test carries its p in ``p``: of its coefficient, of the F test of an
        explained variance, of the comparison in the column ``verschil``, or of the factor whose
        first class it is. Ja/Nee and stars are made from it at display.
    wave : Wave
        The wave that it was computed from.
    """

    number: str
    definition: Table
    cells: pd.DataFrame
    wave: Wave

    def tidy(self) -> pd.DataFrame:
        """Return the cells with the tidy columns alone."""
        return self.cells[list(TIDY_COLUMNS)]

    def n_range(self) -> pd.DataFrame:
        """Smallest and largest number of respondents behind each column of the table.

        Returns
        -------
        pandas.DataFrame
            Index: column. Columns ``least`` and ``most``; for a regression they are equal, the
            listwise n. Cells without anybody do not count, unless the column has no others.
        """
        counted = self.cells[self.cells["column"] != DIFFERENCE]
        anybody = counted["n"] > 0
        counted = counted[anybody | ~anybody.groupby(counted["column"]).transform("any")]
        grouped = counted.groupby("column", sort=False)["n"]
        return pd.DataFrame({"least": grouped.min(), "most": grouped.max()})


def compute_table(wave: Wave, table: str) -> TableResult:
    """Compute one table of the study.

    Parameters
    ----------
    wave : Wave
        A clean wave.
    table : str
        A table of ``study/tables.yaml``, such as "3.7".

    Returns
    -------
    TableResult
        A cell that this wave cannot give (a variable that it lacks, a model that cannot be fitted)
        is NaN with the reason in ``note``; the other cells are unaffected.

    Raises
    ------
    AnalysisError
        There is no such table.
    """
    tables = wave.study.tables.tables
    if table not in tables:
        problem = Problem(f"the study has no table {table!r}", f"There are {', '.join(tables)}.")
        raise AnalysisError("This table cannot be computed.", [problem])
    definition = tables[table]
    records = [
        mark_rescaled(wave, definition, mark_gap(wave, definition, record))
        for record in _COMPUTE[type(definition)](wave, definition)
    ]
    display = pd.DataFrame(
        [{"decimals": r.pop("decimals"), "unit": r.pop("unit", "")} for r in records]
    )
    sample = _in_words(definition.sample)
    cells = tidy_frame(records, analysis=table, wave=wave.id, sample=sample)
    cells["decimals"], cells["unit"] = display["decimals"].astype("int64"), display["unit"]
    return TableResult(table, definition, cells, wave)


def compute_tables(wave: Wave) -> dict[str, TableResult]:
    """Compute all tables of the study, in order."""
    return {table: compute_table(wave, table) for table in wave.study.tables.tables}


def _frequency(wave: Wave, table: FrequencyTable) -> Iterator[dict[str, Any]]:
    result = count_groups(wave.sample(table.sample), table.variable)
    values = {"count": result.counts, "percent": result.percent}
    rows = [*result.counts.index, *([TOTAL] if table.total else [])]
    for row in rows:
        for column, statistic in table.columns.items():
            series = values[statistic]
            value = float(series.sum() if row == TOTAL else series[row]) if result.n else np.nan
            yield {
                "row": str(row),
                "column": column,
                "statistic": statistic,
                "value": value,
                "n": result.n,
                "n_missing": result.n_missing,
                "note": "" if result.n else "niemand heeft hier een antwoord",
                "decimals": 0 if statistic == "count" else _decimals(table, Row(), value),
            }


def _group_comparison(wave: Wave, table: GroupTable) -> Iterator[dict[str, Any]]:
    frame = wave.sample(table.sample)
    known = wave.frame[table.by].cat.categories
    # A group without anybody keeps its column: a gap must be seen.
    groups = wave.study.positions(table.by, table.sample, known)
    sizes = frame[table.by].value_counts(sort=False)
    for name, row in table.rows.items():
        statistic = row.statistic or table.statistic
        test = row.test or table.test
        compare = compare_means if test == "anova" else compare_shares
        result = compare(frame, row.variable or name, table.by)
        for group in groups:
            value = number(result.groups, group, statistic)
            n = int(number(result.groups, group, "n"))
            yield {
                "row": name,
                "column": str(group),
                "statistic": statistic,
                "value": value,
                "n": n,
                "n_missing": int(sizes.get(group, 0)) - n,
                "note": "" if n else _nobody(frame, table.by, group, "deze groep"),
                "decimals": _decimals(table, row, value),
                "unit": row.unit or "",
            }
        yield {
            "row": name,
            "column": DIFFERENCE,
            "statistic": STATISTIC[result.test],
            "value": result.statistic,
            "p": result.p,
            "n": result.n,
            "n_missing": result.n_missing,
            "note": result.note,
            "decimals": 2,
        }


def _regression(wave: Wave, table: RegressionTable) -> Iterator[dict[str, Any]]:
    cells: dict[tuple[str, str], dict[str, Any]] = {}
    for column, model in table.columns.items():
        predictors = model.predictors or table.rows
        conditions = table.sample if model.sample is None else model.sample
        frame, sample = wave.sample(conditions), _in_words(conditions)
        try:
            fit = standardized_regression(frame, model.outcome, predictors)
        except AnalysisError as error:
            names = [model.outcome, *predictors]
            complete = len(frame[names].dropna()) if set(names) <= set(frame) else 0
            reason = "; ".join(problem.what for problem in error.problems)
            for row in [*predictors, table.explained_variance]:
                r2 = row == table.explained_variance
                cells[row, column] = {
                    "sample": sample,
                    "statistic": "r2_percent" if r2 else "beta",
                    "value": np.nan,
                    "n": complete,
                    "n_missing": len(frame) - complete,
                    "note": f"{NO_MODEL}: {reason}",
                    "decimals": 0 if r2 else table.decimals,
                }
            continue
        common = {"sample": sample, "n": fit.n, "n_missing": fit.n_missing}
        for row in predictors:
            cells[row, column] = {
                "statistic": "beta",
                "value": number(fit.coefficients, row, "beta"),
                "p": number(fit.coefficients, row, "p"),
                "decimals": table.decimals,
                **common,
            }
        cells[table.explained_variance, column] = {
            "statistic": "r2_percent",
            "value": 100 * fit.r2,
            "p": fit.f_p,
            "decimals": 0,
            **common,
        }
    for row in [*table.rows, table.explained_variance]:
        for column in table.columns:
            if (row, column) in cells:
                yield {"row": row, "column": column, **cells[row, column]}


def _class_comparison(wave: Wave, table: ClassTable) -> Iterator[dict[str, Any]]:
    frame = wave.sample(table.sample)
    for factor, classed in table.factors.items():
        sizes = frame[classed].value_counts(sort=False)
        results: dict[str, Comparison] = {
            column: compare_means(frame, entry.variable or column, classed)
            for column, entry in table.columns.items()
        }
        for cls in frame[classed].cat.categories:
            for column, entry in table.columns.items():
                result = results[column]
                filled = result.groups.index[result.groups["n"] > 0]
                # The test stands on the first class that anybody is in.
                carries_test = cls == (filled[0] if len(filled) else result.groups.index[0])
                value = number(result.groups, cls, "mean")
                n = int(number(result.groups, cls, "n"))
                cell = {
                    "row": f"{factor}_{cls}",
                    "column": column,
                    "statistic": "mean",
                    "value": value,
                    "n": n,
                    "n_missing": int(sizes.get(cls, 0)) - n,
                    "note": "" if n else _nobody(frame, classed, cls, "deze klasse"),
                    "decimals": table.decimals if entry.decimals is None else entry.decimals,
                }
                if carries_test:
                    cell |= {"p": result.p, "note": cell["note"] or result.note}
                yield cell


_COMPUTE: dict[type[TableBase], Callable[[Wave, Any], Iterator[dict[str, Any]]]] = {
    FrequencyTable: _frequency,
    GroupTable: _group_comparison,
    RegressionTable: _regression,
    ClassTable: _class_comparison,
}


def _in_words(conditions: Mapping[str, list[Any]]) -> str:
    """Name a sample by the values that its conditions ask for."""
    return ", ".join("/".join(map(str, values)) for values in conditions.values()) or "all"


def _nobody(frame: pd.DataFrame, by: str, group: str, where: str) -> str:
    """Tell a group without anybody from one in which nobody answered."""
    return f"geen antwoorden in {where}" if (frame[by] == group).any() else f"niemand in {where}"


def _decimals(table: TableBase, row: Row, value: float) -> int:
    decimals = table.decimals if row.decimals is None else row.decimals
    if table.small_decimals is not None and 0 < value < 1:
        return table.small_decimals
    return decimals
