"""A table's regressions twice: on complete cases, as published, and with missing values imputed.

A table is named by its number and read from ``study/tables.yaml``. What is filled in is only what
was asked and not answered: who a skip rule passed by is left out and counted.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
import pandas as pd

from mobiliteit.errors import AnalysisError, Problem
from mobiliteit.gaps import NO_MODEL, unavailable
from mobiliteit.inference.asked import asked
from mobiliteit.inference.imputation import (
    DEFAULT_IMPUTATIONS,
    DEFAULT_ITERATIONS,
    Imputations,
    check_settings,
    impute,
)
from mobiliteit.inference.regress_imputed import ImputedRegression, regress_imputed
from mobiliteit.inference.resample import DEFAULT_SEED
from mobiliteit.regress import Regression, standardized_regression
from mobiliteit.results import number as cell
from mobiliteit.results import tidy_frame
from mobiliteit.samples import check_level
from mobiliteit.study_schema import RegressionTable
from mobiliteit.wave import Wave
from mobiliteit.weights import without_weights

CELL_COLUMNS = (
    *("row", "column", "sample", "statistic"),
    *("listwise", "listwise_p", "listwise_n"),
    *("imputed", "low", "high", "p", "df", "fmi", "n", "n_filled", "difference", "note"),
)
EVERYBODY = "all"


@dataclass(frozen=True)
class ImputedModel:
    """One column of a table of regressions, both ways.

    Attributes
    ----------
    column, outcome : str
        Column of the table, and the variable that it predicts.
    sample : str
        Who, in words.
    listwise : Regression or None
        On complete cases; None where it cannot be estimated.
    imputed : ImputedRegression or None
        On everybody who was asked all of it; None where it cannot be estimated.
    not_asked : int
        Respondents of the sample whom a skip rule passed by for a variable of the model.
    note : str
        Why one of the two is None, in Dutch; else empty.
    """

    column: str
    outcome: str
    sample: str
    listwise: Regression | None
    imputed: ImputedRegression | None
    not_asked: int
    note: str


@dataclass(frozen=True)
class ImputedTable:
    """A table of regressions, listwise and imputed side by side.

    Attributes
    ----------
    number, definition, wave
        The table and the wave that it was computed from.
    models : dict
        Column to :class:`ImputedModel`.
    imputations : dict
        Columns that share their completed data sets to those sets.
    m, iterations, seed : int
        Completed data sets, rounds per chain, and seed.
    level : float
        Confidence level.
    """

    kind: ClassVar[str] = "imputed"

    number: str
    definition: RegressionTable
    wave: Wave
    models: dict[str, ImputedModel]
    imputations: dict[tuple[str, ...], Imputations]
    m: int
    iterations: int
    seed: int
    level: float

    def cells(self) -> pd.DataFrame:
        """Return both regressions side by side, one row per cell of the table.

        Returns
        -------
        pandas.DataFrame
            Columns :data:`CELL_COLUMNS`, unrounded. ``statistic``: beta, r2 (a share; its `p` is
            that of F), r2_adjusted or F (`df` of the denominator). ``n`` counts who was asked,
            ``n_filled`` those of them with a value filled in; ``difference`` is imputed minus
            listwise.
        """
        records: list[dict[str, Any]] = []
        for model in self.models.values():
            start = len(records)
            predictors = self.definition.columns[model.column].predictors or self.definition.rows
            for row in predictors:
                records.append({"row": row, "statistic": "beta"} | _coefficient(model, row))
            records += [{"row": "", **fit} for fit in _fit(model)]
            for record in records[start:]:
                record |= {"column": model.column, "sample": model.sample, "note": model.note}
                if model.listwise:
                    record["listwise_n"] = model.listwise.n
                if model.imputed:
                    filled = model.imputed.n - model.imputed.n_complete
                    record |= {"n": model.imputed.n, "n_filled": filled}
        frame = pd.DataFrame(records, columns=list(CELL_COLUMNS))
        frame["difference"] = frame["imputed"] - frame["listwise"]
        counts = ["listwise_n", "n", "n_filled"]
        frame[counts] = frame[counts].astype("Int64")
        return frame

    def convergence(self) -> pd.DataFrame:
        """Return :meth:`Imputations.convergence` of all completed data, plus who they are of.

        Columns ``columns`` (of the table, joined by commas), ``variable`` and those of the method.
        """
        parts = [
            found.convergence()
            .rename_axis("variable")
            .reset_index()
            .assign(columns=", ".join(columns))
            for columns, found in self.imputations.items()
        ]
        order = ["columns", "variable", "method", "n", "missing", "share", "rhat_mean", "rhat_sd"]
        return pd.concat(parts)[order] if parts else pd.DataFrame(columns=order)

    def tidy(self) -> pd.DataFrame:
        """Return both regressions, their differences and the shares filled in as a tidy frame.

        The column ``analysis`` is the number of the table with ``listwise``, ``imputed``,
        ``difference`` or ``imputation``; ``n_missing`` counts who is left out listwise, and who has
        a value filled in elsewhere.
        """
        parts = []
        for model in self.models.values():
            for name, result in (("listwise", model.listwise), ("imputed", model.imputed)):
                place = {"sample": model.sample, "column": model.column}
                if result is None:
                    gap = place | {"statistic": "beta", "value": np.nan, "note": model.note}
                    part = tidy_frame([gap], analysis="")
                else:
                    part = result.tidy().assign(**place)
                parts.append(part.assign(analysis=f"{self.number} {name}"))
        differences = [
            {name: line[name] for name in ("row", "column", "sample", "statistic", "n")}
            | {"value": line["difference"], "n_missing": line["n_filled"]}
            for line in self.cells().to_dict("records")
            if np.isfinite(line["difference"])
        ]
        parts.append(tidy_frame(differences, analysis=f"{self.number} difference"))
        for columns, found in self.imputations.items():
            part = found.tidy().assign(column=", ".join(columns))
            part["sample"] = self.models[columns[0]].sample
            parts.append(part.assign(analysis=f"{self.number} imputation"))
        return pd.concat(parts, ignore_index=True).assign(wave=self.wave.id)


@without_weights
def imputed_table(
    wave: Wave,
    number: str,
    *,
    m: int = DEFAULT_IMPUTATIONS,
    iterations: int = DEFAULT_ITERATIONS,
    seed: int = DEFAULT_SEED,
    level: float = 0.95,
) -> ImputedTable:
    """Compute a table of regressions on complete cases and with missing values imputed.

    Parameters
    ----------
    wave : Wave
        A clean wave, without weights.
    number : str
        A table of regressions, such as "3.7".
    m, iterations : int
        Completed data sets, and rounds of each chain.
    seed : int
        The same seed gives the same numbers, whatever tables were computed before.
    level : float
        Confidence level.

    Returns
    -------
    ImputedTable
        A model that the wave cannot give has the reason in its note; the others are unaffected.

    Raises
    ------
    AnalysisError
        There is no such table, it holds no regressions, the wave has weights, or m, iterations,
        seed or level are out of bounds.

    Notes
    -----
    Columns of the table about the same respondents share their completed data sets, so that nested
    models can be compared: the variables of all of them, outcomes included, predict each other. A
    derived variable (a mean, a recode) is imputed as itself. See :func:`impute` for the method,
    :func:`regress_imputed` for the pooling, :func:`asked` for who is left out.
    """
    definition = _definition(wave, number)
    check_settings(m, iterations, seed)
    check_level(level)
    settings = {"m": m, "iterations": iterations, "seed": seed}
    listwise: dict[str, Regression | None] = {}
    notes: dict[str, str] = {}
    people: dict[str, pd.DataFrame] = {}
    shared: dict[tuple[str, ...], list[str]] = {}
    for column, model in definition.columns.items():
        frame, names = wave.sample(_conditions(definition, column)), _names(definition, column)
        listwise[column], notes[column] = None, ""
        try:
            listwise[column] = standardized_regression(frame, model.outcome, names[1:])
        except AnalysisError as error:
            notes[column] = _reason(error, wave, names)
        reached = np.logical_and.reduce([asked(wave, frame, name) for name in names])
        people[column] = frame[reached]
        shared.setdefault(tuple(frame.index[reached]), []).append(column)
    fits: dict[str, ImputedRegression] = {}
    imputations: dict[tuple[str, ...], Imputations] = {}
    waiting = list(shared.values())
    while waiting:
        columns = waiting.pop(0)
        names = list(dict.fromkeys(n for column in columns for n in _names(definition, column)))
        try:
            found = _impute(wave, number, columns, people[columns[0]][names], settings)
            for column in columns:
                outcome, *predictors = _names(definition, column)
                fits[column] = regress_imputed(found, outcome, predictors, level=level)
            imputations[tuple(columns)] = found
        except AnalysisError as error:
            if len(columns) > 1:
                # One bad variable must not take the models without it along.
                waiting = [[column] for column in columns] + waiting
            else:
                notes[columns[0]] = notes[columns[0]] or _reason(error, wave, names)
    models = {
        column: ImputedModel(
            column=column,
            outcome=model.outcome,
            sample=_in_words(_conditions(definition, column)),
            listwise=listwise[column],
            imputed=fits.get(column),
            not_asked=len(wave.sample(_conditions(definition, column))) - len(people[column]),
            note=notes[column],
        )
        for column, model in definition.columns.items()
    }
    return ImputedTable(number, definition, wave, models, imputations, m, iterations, seed, level)


def imputed_tables(wave: Wave, **settings: Any) -> dict[str, ImputedTable]:
    """Compute every table of regressions of the study with :func:`imputed_table`, in order."""
    return {
        number: imputed_table(wave, number, **settings)
        for number, definition in wave.study.tables.tables.items()
        if isinstance(definition, RegressionTable)
    }


def _impute(
    wave: Wave,
    number: str,
    columns: list[str],
    frame: pd.DataFrame,
    settings: Mapping[str, int],
) -> Imputations:
    # The key is made of names alone, so that other tables and their order play no part.
    text = f"{number}:{','.join(columns)}".encode()
    key = int.from_bytes(hashlib.sha256(text).digest()[:8], "big")
    levels = {str(name): wave.study.codebook.level(str(name)) for name in frame}
    return impute(
        frame, levels, m=settings["m"], iterations=settings["iterations"],
        seed=(settings["seed"], key),
    )  # fmt: skip


def _coefficient(model: ImputedModel, row: str) -> dict[str, Any]:
    found: dict[str, Any] = {}
    if model.listwise:
        table = model.listwise.coefficients
        found |= {"listwise": cell(table, row, "beta"), "listwise_p": cell(table, row, "p")}
    if model.imputed:
        beta = model.imputed.beta
        found |= {name: cell(beta, row, name) for name in ("low", "high", "p", "df", "fmi")}
        found["imputed"] = cell(beta, row, "estimate")
    return found


def _fit(model: ImputedModel) -> list[dict[str, Any]]:
    rows: dict[str, dict[str, Any]] = {name: {} for name in ("r2", "r2_adjusted", "F")}
    if model.listwise:
        fit = model.listwise
        rows["r2"] |= {"listwise": fit.r2, "listwise_p": fit.f_p}
        rows["r2_adjusted"] |= {"listwise": fit.r2_adjusted}
        rows["F"] |= {"listwise": fit.f, "listwise_p": fit.f_p}
    if model.imputed:
        pooled = model.imputed
        for name, r2 in (("r2", pooled.r2), ("r2_adjusted", pooled.r2_adjusted)):
            rows[name] |= {"imputed": r2.estimate, "low": r2.low, "high": r2.high, "fmi": r2.fmi}
        rows["r2"]["p"] = pooled.test.p
        rows["F"] |= {"imputed": pooled.test.f, "p": pooled.test.p, "df": pooled.test.df[1]}
    return [{"statistic": name, **values} for name, values in rows.items()]


def _definition(wave: Wave, number: str) -> RegressionTable:
    tables = wave.study.tables.tables
    fitting = [key for key, table in tables.items() if isinstance(table, RegressionTable)]
    definition = tables.get(number)
    if not isinstance(definition, RegressionTable):
        problem = Problem(
            f"{number!r} is no table of regressions", f"There are {', '.join(fitting)}."
        )
        raise AnalysisError("This table cannot be imputed.", [problem])
    return definition


def _conditions(definition: RegressionTable, column: str) -> dict[str, list[Any]]:
    sample = definition.columns[column].sample
    return definition.sample if sample is None else sample


def _names(definition: RegressionTable, column: str) -> list[str]:
    """Outcome and predictors of a column, the outcome first."""
    model = definition.columns[column]
    return [model.outcome, *(model.predictors or definition.rows)]


def _in_words(conditions: Mapping[str, list[Any]]) -> str:
    return ", ".join("/".join(map(str, v)) for v in conditions.values()) or EVERYBODY


def _reason(error: AnalysisError, wave: Wave, names: list[str]) -> str:
    why = unavailable(wave, names) or "; ".join(problem.what for problem in error.problems)
    return f"{NO_MODEL}: {why}"
