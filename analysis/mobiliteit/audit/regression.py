"""What stars, coefficients and explained variances force on each other and on the number of cases.

For standardized coefficients ``t = beta sqrt((n - p - 1) / ((1 - R2) VIF))`` with ``VIF >= 1``,
and ``F = (R2 / p) / ((1 - R2) / (n - p - 1))``. With beta and R2 in their rounding intervals,
each star says which listwise n it can stand for. A model that uses all variables of another and
more cannot have more cases. And a predictor added to a model raises R2 by ``beta^2 / VIF``; when
the report also regresses that predictor on the others, its VIF is known.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from scipy import stats

from mobiliteit.audit import intervals
from mobiliteit.audit.intervals import show, show_range
from mobiliteit.audit.report_data import Report
from mobiliteit.published import PrintedCell
from mobiliteit.study_schema import RegressionTable

Place = tuple[str, str, str]
Array = NDArray[np.float64]
Bools = NDArray[np.bool_]
MARKS = ("", "*", "**", "***")
TINY = 1e-9


@dataclass(frozen=True)
class Coefficient:
    """A printed standardized coefficient: its place, absolute rounding interval and mark."""

    place: Place
    predictor: str
    low: float
    high: float
    mark: str


@dataclass(frozen=True)
class PrintedModel:
    """One column of a regression table.

    Attributes
    ----------
    table, column : str
        Where it stands.
    position : int
        Which column of the table it is, from 1.
    page : int
        Page of the report.
    outcome : str
    predictors : tuple of str
    groups : tuple of str
        Groups of respondents in the sample.
    most : int
        Respondents in those groups: the largest n possible.
    coefficients : tuple of Coefficient
    r2 : (float, float)
        Rounding interval of the explained variance as a share.
    r2_place : (table, row, column)
    r2_mark : str
    """

    table: str
    column: str
    position: int
    page: int
    outcome: str
    predictors: tuple[str, ...]
    groups: tuple[str, ...]
    most: int
    coefficients: tuple[Coefficient, ...]
    r2: tuple[float, float]
    r2_place: Place
    r2_mark: str

    @property
    def variables(self) -> frozenset[str]:
        """Outcome and predictors: who lacks one of them is not in the sample."""
        return frozenset({self.outcome, *self.predictors})

    @property
    def name(self) -> str:
        """Table and column in words."""
        return f"tabel {self.table} kolom {self.position}"

    @property
    def ns(self) -> Array:
        """Numbers of cases that are possible at all."""
        return np.arange(len(self.predictors) + 2, self.most + 1, dtype=float)

    @property
    def df(self) -> Array:
        """Residual degrees of freedom at each n."""
        return self.ns - len(self.predictors) - 1

    def shares(self, adjusted: bool) -> tuple[Array, Array]:
        """Interval of R2 at each n, when the printed one is R2 or the adjusted R2."""
        low, high = (np.full(len(self.ns), max(end, 0.0)) for end in self.r2)
        if not adjusted:
            return low, high
        ratio = self.df / (self.ns - 1)
        return np.clip(1 - (1 - low) * ratio, 0, 1), np.clip(1 - (1 - high) * ratio, 0, 1)


def read_models(report: Report) -> list[PrintedModel]:
    """Collect the columns of all regression tables that print an explained variance."""
    models = []
    group_variable = report.study.segments.group_variable.id
    for number, table in report.tables(RegressionTable):
        for position, (column, entry) in enumerate(table.columns.items(), start=1):
            sample = entry.sample if entry.sample is not None else table.sample
            names = tuple(
                g for g in report.group_sizes if g in sample.get(group_variable, report.group_sizes)
            )
            predictors = tuple(entry.predictors or table.rows)
            top = report.cells.get((number, table.explained_variance, column))
            cells = {row: report.cells.get((number, row, column)) for row in predictors}
            found = {
                row: cell
                for row, cell in cells.items()
                if cell is not None and cell.number is not None
            }
            most = sum(report.group_sizes[g] for g in names)
            if top is None or top.number is None or most <= len(predictors) + 2:
                continue
            low, high = intervals.share_of_cell(top).floats
            models.append(
                PrintedModel(
                    number,
                    column,
                    position,
                    top.page,
                    entry.outcome,
                    predictors,
                    names,
                    most,
                    tuple(_coefficient(row, cell) for row, cell in found.items()),
                    (low, high),
                    (number, table.explained_variance, column),
                    top.marks,
                )
            )
    return models


def _coefficient(row: str, cell: PrintedCell) -> Coefficient:
    box = intervals.of_cell(cell)
    ends = sorted((abs(float(box.lo)), abs(float(box.hi))))
    low = 0.0 if box.lo <= 0 <= box.hi else ends[0]
    return Coefficient((cell.table, cell.row, cell.column), row, low, ends[1], cell.marks)


def p_range(mark: str, legend: Mapping[str, float]) -> tuple[float, float]:
    """Which p a mark stands for: from the next stricter level up to its own; none: above all."""
    level = legend.get(mark, 1.0) if mark else 1.0
    if mark and mark not in legend:
        return 1.0, 0.0
    stricter = [other for other in legend.values() if other < level]
    return max(stricter, default=0.0), level


@lru_cache(maxsize=512)
def _t_needed(p: float, predictors: int, most: int) -> Array:
    df = np.arange(predictors + 2, most + 1, dtype=float) - predictors - 1
    if p <= 0:
        return np.full(len(df), np.inf)
    return np.asarray(stats.t.isf(p / 2, df)) if p < 1 else np.zeros(len(df))


@lru_cache(maxsize=512)
def _f_needed(p: float, predictors: int, most: int) -> Array:
    df = np.arange(predictors + 2, most + 1, dtype=float) - predictors - 1
    if p <= 0:
        return np.full(len(df), np.inf)
    return np.asarray(stats.f.isf(p, predictors, df)) if p < 1 else np.zeros(len(df))


@dataclass(frozen=True)
class Setting:
    """How stars and explained variances are read: a legend, and plain or adjusted R2."""

    legend: tuple[tuple[str, float], ...]
    adjusted: bool = False

    @property
    def levels(self) -> dict[str, float]:
        """The legend as a mapping."""
        return dict(self.legend)


def t_range(
    model: PrintedModel,
    cell: Coefficient,
    models: list[PrintedModel],
    report: Report,
    adjusted: bool,
) -> tuple[Array, Array]:
    """Smallest and largest t at each n; the smallest is zero unless the VIF is known."""
    low, high = model.shares(adjusted)
    largest = cell.high * np.sqrt(model.df / np.maximum(1 - high, TINY))
    tolerance = known_tolerance(model, cell.predictor, models, report, adjusted)
    if tolerance is None:
        return np.zeros(len(largest)), largest
    smallest = cell.low * np.sqrt(model.df * tolerance[0] / np.maximum(1 - low, TINY))
    return smallest, largest * np.sqrt(tolerance[1])


def known_tolerance(
    model: PrintedModel, predictor: str, models: list[PrintedModel], report: Report, adjusted: bool
) -> tuple[Array, Array] | None:
    """1/VIF of a predictor at each n, when its regression on the rest is printed too."""
    rest = frozenset(model.predictors) - {predictor}
    for other in models:
        if (
            other.table == model.table
            and other.outcome == predictor
            and frozenset(other.predictors) == rest
            and same_sample(report, model, other)
        ):
            low, high = (np.full(len(model.ns), end) for end in other.r2)
            if adjusted:
                ratio = (model.ns - len(rest) - 1) / (model.ns - 1)
                low, high = 1 - (1 - low) * ratio, 1 - (1 - high) * ratio
            return 1 - high, 1 - low
    return None


def same_sample(report: Report, one: PrintedModel, other: PrintedModel) -> bool:
    """Whether ``audit.yaml`` says that two columns are meant to be about the same people."""
    lists = report.facts.same_sample.get(one.table, [])
    return one.table == other.table and any(
        one.column in names and other.column in names for names in lists
    )


def star_fits(
    model: PrintedModel,
    cell: Coefficient,
    mark: str,
    setting: Setting,
    spread: tuple[Array, Array],
) -> Bools:
    """At which n a coefficient can carry a mark."""
    low, high = p_range(mark, setting.levels)
    predictors = len(model.predictors)
    if high <= low:
        return np.zeros(len(model.ns), dtype=bool)
    enough = spread[1] >= _t_needed(high, predictors, model.most) - TINY
    not_too_much = spread[0] <= _t_needed(low, predictors, model.most) + TINY
    return np.asarray(enough & not_too_much)


def variance_fits(model: PrintedModel, mark: str, setting: Setting) -> Bools:
    """At which n the explained variance can carry a mark."""
    low, high = p_range(mark, setting.levels)
    predictors = len(model.predictors)
    if high <= low:
        return np.zeros(len(model.ns), dtype=bool)
    least, most = model.shares(setting.adjusted)
    f_low = least / predictors / np.maximum(1 - least, TINY) * model.df
    f_high = most / predictors / np.maximum(1 - most, TINY) * model.df
    enough = f_high >= _f_needed(high, predictors, model.most) - TINY
    return np.asarray(enough & (f_low <= _f_needed(low, predictors, model.most) + TINY))


@dataclass(frozen=True)
class Fit:
    """Which n every cell of a column allows, under one setting.

    Attributes
    ----------
    model : PrintedModel
    by_cell : dict
        Place of a cell to a mask over ``model.ns``.
    spreads : dict
        Place of a coefficient to its range of t at each n.
    """

    model: PrintedModel
    by_cell: dict[Place, Bools]
    spreads: dict[Place, tuple[Array, Array]]

    def allowed(self, without: Place | None = None) -> Bools:
        """Mask of n that all cells allow, but one."""
        mask = np.ones(len(self.model.ns), dtype=bool)
        for place, fits in self.by_cell.items():
            if place != without:
                mask &= fits
        return mask


def fit_models(models: list[PrintedModel], report: Report, setting: Setting) -> list[Fit]:
    """Work out for every column which n its cells allow."""
    result = []
    for model in models:
        spreads = {
            cell.place: t_range(model, cell, models, report, setting.adjusted)
            for cell in model.coefficients
        }
        by_cell = {
            cell.place: star_fits(model, cell, cell.mark, setting, spreads[cell.place])
            for cell in model.coefficients
        }
        by_cell[model.r2_place] = variance_fits(model, model.r2_mark, setting)
        result.append(Fit(model, by_cell, spreads))
    return result


def narrowed(fits: list[Fit], without: Place | None = None) -> list[Bools]:
    """Masks of n after holding nested samples against each other.

    A column that uses all variables of another, on the same groups, has at most as many cases.
    """
    masks = [fit.allowed(without) for fit in fits]
    for _ in range(len(fits) + 1):
        changed = False
        for i, small in enumerate(fits):
            for j, large in enumerate(fits):
                if i == j or not nested(small.model, large.model):
                    continue
                if not masks[i].any() or not masks[j].any():
                    continue
                top = small.model.ns[masks[i]].max()
                bottom = large.model.ns[masks[j]].min()
                new_large = masks[j] & (large.model.ns <= top)
                new_small = masks[i] & (small.model.ns >= bottom)
                if (new_large != masks[j]).any() or (new_small != masks[i]).any():
                    masks[j], masks[i] = new_large, new_small
                    changed = True
        if not changed:
            break
    return masks


def nested(small: PrintedModel, large: PrintedModel) -> bool:
    """Whether whoever is in the sample of `large` must be in that of `small`."""
    return (
        set(large.groups) <= set(small.groups)
        and small.variables <= large.variables
        and (small.table, small.column) != (large.table, large.column)
    )


def show_n(model: PrintedModel, mask: Bools) -> str:
    """Write the range of n of a mask."""
    if not mask.any():
        return "geen"
    ns = model.ns[mask].astype(int)
    low, high = int(ns.min()), int(ns.max())
    if low <= len(model.predictors) + 2:
        return f"hoogstens {high}"
    return f"minstens {low}" if high == model.most else f"{low}–{high}" if low < high else str(low)


def added_share(
    small: PrintedModel, large: PrintedModel, models: list[PrintedModel], report: Report
) -> tuple[float, float, str] | None:
    """Share of variance that the one predictor that `large` adds must bring.

    Returns
    -------
    (float, float, str) or None
        Smallest and largest added share and the predictor; None unless `large` adds just one.
    """
    extra = set(large.predictors) - set(small.predictors)
    if len(extra) != 1 or not set(small.predictors) <= set(large.predictors):
        return None
    name = next(iter(extra))
    cell = next((c for c in large.coefficients if c.predictor == name), None)
    if cell is None:
        return None
    tolerance = known_tolerance(large, name, models, report, False)
    if tolerance is None:
        return 0.0, cell.high**2, name
    return cell.low**2 * float(tolerance[0][0]), cell.high**2 * float(tolerance[1][0]), name


def describe(cell: Coefficient, report: Report) -> str:
    """Write a coefficient with its interval."""
    return f"|β| = {show_range(cell.low, cell.high, 3)} ({report.cells[cell.place].printed})"


def show_share(low: float, high: float) -> str:
    """Write a range of shares as percentages."""
    return f"{show(100 * low, 2)} tot {show(100 * high, 2)}%"
