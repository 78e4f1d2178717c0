"""The numbers of a table as a recipe gives them, all rows at once.

With the recipe of the house they are those of :func:`mobiliteit.tables.compute_table`, which a test
holds; that function takes its time for notes and tests of every cell, and here a table is computed
hundreds of times over.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
from scipy import stats

from mobiliteit.hints.material import Material
from mobiliteit.hints.models import coefficients
from mobiliteit.hints.recipe import SIGNIFICANT, Conditions, Key, Recipe
from mobiliteit.hints.scoring import scored
from mobiliteit.study_schema import (
    ClassTable,
    FrequencyTable,
    GroupTable,
    RegressionTable,
    Table,
    TableBase,
)
from mobiliteit.tables import DIFFERENCE, TOTAL

Numbers = dict[Key, float]


class _All(frozenset[str]):
    """Every name."""

    def __contains__(self, name: object) -> bool:
        return True


ALL = _All()


class Kitchen:
    """Computes one table by many recipes; what recipes share is done once.

    Parameters
    ----------
    material : Material
        The answers.
    table : Table
        Its definition.
    present : frozenset of str, optional
        Variables of which none may be missing where respondents are left out listwise; by default
        all of the table.
    """

    def __init__(
        self, material: Material, table: Table, present: frozenset[str] | None = None
    ) -> None:
        self.material, self.table = material, table
        self.variables = variables_of(table)
        self.present = sorted(self.variables if present is None else present)
        self._scored: dict[tuple[object, ...], pd.DataFrame] = {}
        self._samples: dict[tuple[object, ...], pd.DataFrame] = {}
        self._data: dict[tuple[int, tuple[str, ...]], np.ndarray] = {}
        self._computed: dict[Recipe, Numbers] = {}

    def frame(self, recipe: Recipe) -> pd.DataFrame:
        """Return the respondents as the recipe scores them, before any sample is taken."""
        if recipe.scoring not in self._scored:
            self._scored[recipe.scoring] = scored(self.material, recipe, self.variables)
        return self._scored[recipe.scoring]

    def numbers(self, recipe: Recipe) -> Numbers:
        """Compute the table.

        Returns
        -------
        dict
            Key to number, those of the cells and what belongs to them: ``n``, ``sd``, ``count``,
            ``p`` and, for a test, ``significant`` (1 or 0). NaN where there is none.
        """
        plain = replace(recipe, swapped=(), factor=(), turned=(), rounding="half_up")
        if plain not in self._computed:
            self._computed[plain] = _COMPUTE[type(self.table)](self, plain, self.table)
        found = self._computed[plain]
        for statistic, factor in recipe.factor:
            found = {
                key: value * factor if key.statistic == statistic else value
                for key, value in found.items()
            }
        if recipe.turned:
            found = {
                key: -value if key.row in recipe.turned and key.statistic == "beta" else value
                for key, value in found.items()
            }
        return _swap(found, recipe.swapped) if recipe.swapped else found

    def sample(self, recipe: Recipe, conditions: Mapping[str, list[Any]]) -> pd.DataFrame:
        """Return the respondents of a sample, or of the sample that the recipe takes instead."""
        wanted: Conditions = tuple((name, tuple(values)) for name, values in conditions.items())
        if recipe.sample is not None:
            wanted = recipe.sample
        place = recipe.scoring, wanted, recipe.listwise
        if place not in self._samples:
            frame = self.frame(recipe)
            for name, values in wanted:
                frame = frame[frame[name].isin(values)]
            if recipe.listwise:
                frame = frame.dropna(subset=self.present)
            self._samples[place] = frame
        return self._samples[place]

    def data(self, frame: pd.DataFrame, names: tuple[str, ...]) -> np.ndarray:
        """Return columns of a frame of this kitchen as an array of floats."""
        place = id(frame), names
        if place not in self._data:
            self._data[place] = frame[list(names)].to_numpy(dtype="float64")
        return self._data[place]


def variables_of(
    table: Table, rows: frozenset[str] = ALL, columns: frozenset[str] = ALL
) -> frozenset[str]:
    """Return the variables that a table, or some rows and columns of it, are made of."""
    names = set(table.sample)
    if isinstance(table, FrequencyTable):
        names.add(table.variable)
    elif isinstance(table, GroupTable):
        names.add(table.by)
        names |= {row.variable or name for name, row in table.rows.items() if name in rows}
    elif isinstance(table, RegressionTable):
        names |= {name for name in table.rows if name in rows}
        names |= {model.outcome for name, model in table.columns.items() if name in columns}
    elif isinstance(table, ClassTable):
        names |= {
            classed
            for factor, classed in table.factors.items()
            if rows is ALL or any(row.startswith(f"{factor}_") for row in rows)
        }
        names |= {
            entry.variable or name for name, entry in table.columns.items() if name in columns
        }
    return frozenset(names)


def _swap(found: Numbers, swapped: tuple[str, ...]) -> Numbers:
    line, one, other = swapped
    places = {one: other, other: one}
    moved = {
        key: found.get(key._replace(**{line: places[getattr(key, line)]}), np.nan)
        for key in found
        if getattr(key, line) in places
    }
    return found | moved


def _frequency(kitchen: Kitchen, recipe: Recipe, table: FrequencyTable) -> Numbers:
    sample = kitchen.sample(recipe, table.sample)
    counts = sample[table.variable].value_counts(sort=False)
    whole = len(sample) if recipe.percent_of == "all" else int(counts.sum())
    found: Numbers = {}
    for row in [*counts.index, *([TOTAL] if table.total else [])]:
        count = float(counts.sum() if row == TOTAL else counts[row])
        for column, statistic in table.columns.items():
            value = count if statistic == "count" else 100 * count / whole if whole else np.nan
            found[Key(str(row), column, statistic)] = value
    return found


def _groups(kitchen: Kitchen, recipe: Recipe, table: GroupTable) -> Numbers:
    sample = kitchen.sample(recipe, table.sample)
    names = {name: row.variable or name for name, row in table.rows.items()}
    percent = {
        name for name, row in table.rows.items() if (row.statistic or table.statistic) == "percent"
    }
    level = kitchen.material.study.tables.significance.difference
    found: Numbers = {}
    values = sample[list(dict.fromkeys(names.values()))].astype("float64")
    if percent:
        shares = [names[name] for name in percent]
        values[shares] = (values[shares] == 1).astype("float64").where(values[shares].notna())
    groups = Groups(values, sample[table.by], recipe)
    for name, variable in names.items():
        share = name in percent
        test, statistic, p = groups.shares(variable) if share else groups.means(variable)
        for position, group in enumerate(groups.labels):
            n = groups.n[variable][position]
            found[Key(name, group, "n")] = n
            if share:
                found[Key(name, group, "count")] = groups.sums[variable][position]
                found[Key(name, group, "percent")] = groups.percent(variable)[position]
            else:
                found[Key(name, group, "mean")] = groups.centre[variable][position]
                found[Key(name, group, "sd")] = groups.sd[variable][position]
        found[Key(name, DIFFERENCE, test)] = statistic
        found[Key(name, DIFFERENCE, "p")] = p
        found[Key(name, DIFFERENCE, SIGNIFICANT)] = np.nan if np.isnan(p) else float(p < level)
    return found


def _classes(kitchen: Kitchen, recipe: Recipe, table: ClassTable) -> Numbers:
    sample = kitchen.sample(recipe, table.sample)
    names = {name: entry.variable or name for name, entry in table.columns.items()}
    found: Numbers = {}
    values = sample[list(dict.fromkeys(names.values()))].astype("float64")
    for factor, classed in table.factors.items():
        groups = Groups(values, sample[classed], recipe)
        for name, variable in names.items():
            _, _, p = groups.means(variable)
            first = int(np.argmax(groups.n[variable] > 0))
            for position, cls in enumerate(groups.labels):
                row = f"{factor}_{cls}"
                found[Key(row, name, "mean")] = groups.centre[variable][position]
                found[Key(row, name, "sd")] = groups.sd[variable][position]
                found[Key(row, name, "n")] = groups.n[variable][position]
                if position == first:
                    found[Key(row, name, "p")] = p
    return found


def _models(kitchen: Kitchen, recipe: Recipe, table: RegressionTable) -> Numbers:
    found: Numbers = {}
    book, everybody = kitchen.material.study.codebook, kitchen.frame(recipe)
    for column, model in table.columns.items():
        conditions = table.sample if model.sample is None else model.sample
        sample = kitchen.sample(recipe, conditions)
        asked = model.predictors or table.rows
        kept = [name for name in asked if name not in recipe.without]
        binary = [book.level(name) == "binary" for name in kept]
        names = (model.outcome, *kept)
        values, r2, n = (
            coefficients(
                kitchen.data(sample, names), kitchen.data(everybody, names), binary, recipe
            )
            if kept
            else (np.array([]), np.nan, 0)
        )
        by_name = dict(zip(kept, values, strict=True))
        for row in asked:
            found[Key(row, column, "beta")] = float(by_name.get(row, np.nan))
            found[Key(row, column, "n")] = float(n)
        found[Key(table.explained_variance, column, "r2_percent")] = 100 * r2
        found[Key(table.explained_variance, column, "n")] = float(n)
    return found


_COMPUTE: dict[type[TableBase], Callable[[Kitchen, Recipe, Any], Numbers]] = {
    FrequencyTable: _frequency,
    GroupTable: _groups,
    RegressionTable: _models,
    ClassTable: _classes,
}


class Groups:
    """Sizes, means and tests of several variables over the same groups.

    Parameters
    ----------
    values : pandas.DataFrame
        Respondents by variables, floats; a share is a column of 0 and 1.
    by : pandas.Series
        Categorical.
    recipe : Recipe
        Its `centre`, `ddof`, `percent_of` and `test` are used.
    """

    def __init__(self, values: pd.DataFrame, by: pd.Series, recipe: Recipe) -> None:
        self.recipe = recipe
        self.labels = [str(label) for label in by.cat.categories]
        codes = by.cat.codes.to_numpy()
        member = (codes == np.arange(len(self.labels))[:, None]).astype("float64")
        self.whole = member.sum(axis=1)
        data = values.to_numpy()
        answered = ~np.isnan(data)
        n = member @ answered
        sums = member @ np.where(answered, data, 0.0)
        with np.errstate(invalid="ignore", divide="ignore"):
            mean = sums / n
            off = np.where(answered & (codes >= 0)[:, None], data - mean[codes], 0.0)
            squares = member @ off**2
            variance = np.where(n > 1, squares / (n - 1), np.nan)
            sd = np.sqrt(squares / (n - recipe.ddof))
        centre = mean
        if recipe.centre == "median":
            centre = values.groupby(by, observed=False).median().to_numpy()
        names = [str(name) for name in values]
        self.n, self.sums, self.mean, self.variance, self.sd, self.centre = (
            dict(zip(names, table.T, strict=True))
            for table in (n, sums, mean, variance, sd, centre)
        )

    def percent(self, variable: str) -> np.ndarray:
        """Return the percentage of each group, of whom the recipe says."""
        yes, n, of = self.sums[variable], self.n[variable], self.recipe.percent_of
        with np.errstate(invalid="ignore", divide="ignore"):
            if of == "all":
                return np.asarray(100 * yes / self.whole)
            if of == "answer":
                return np.asarray(100 * yes / yes.sum())
            return np.asarray(100 * (n - yes if of == "no" else yes) / n)

    def means(self, variable: str) -> tuple[str, float, float]:
        """Return name, statistic and p of the test of equal means; NaN where there is none."""
        filled = self.n[variable] > 0
        n, mean = self.n[variable][filled], self.mean[variable][filled]
        variance = np.where(n > 1, np.nan_to_num(self.variance[variable][filled]), 0.0)
        k, total = len(n), n.sum()
        if k < 2 or total <= k or not variance.any():
            return "F", np.nan, np.nan
        if self.recipe.test == "welch":
            if not variance.all():
                return "F", np.nan, np.nan
            w = n / variance
            centre = (w * mean).sum() / w.sum()
            spread = ((1 - w / w.sum()) ** 2 / (n - 1)).sum()
            f = (w * (mean - centre) ** 2).sum() / (k - 1)
            f /= 1 + 2 * (k - 2) / (k**2 - 1) * spread
            return "F", float(f), float(stats.f.sf(f, k - 1, (k**2 - 1) / (3 * spread)))
        grand = (n * mean).sum() / total
        between = (n * (mean - grand) ** 2).sum() / (k - 1)
        within = ((n - 1) * variance).sum() / (total - k)
        f = between / within
        return "F", float(f), float(stats.f.sf(f, k - 1, total - k))

    def shares(self, variable: str) -> tuple[str, float, float]:
        """Return name, statistic and p of the test of equal shares; NaN where there is none."""
        filled = self.n[variable] > 0
        yes, n = self.sums[variable][filled], self.n[variable][filled]
        observed = np.column_stack([yes, n - yes])
        if len(n) < 2 or (observed.sum(axis=0) == 0).any():
            return "chi2", np.nan, np.nan
        expected = np.outer(n, observed.sum(axis=0)) / n.sum()
        off = np.abs(observed - expected)
        if self.recipe.test == "corrected":
            off = np.maximum(off - 0.5, 0)
        chi2 = float((off**2 / expected).sum())
        if self.recipe.test == "likelihood":
            some = observed > 0
            chi2 = float(2 * (observed[some] * np.log(observed[some] / expected[some])).sum())
        return "chi2", chi2, float(stats.chi2.sf(chi2, len(n) - 1))
