"""From a source column to codebook codes: texts and numbers matched, missing codes given reasons.

A value of the source is looked up under its *key*: a number, or a text without what differs
between two ways of typing the same (spaces around it, capitals, accents composed or not). Each
distinct value is translated once, so that the size of a wave hardly matters.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import partial

import numpy as np
import pandas as pd

from mobiliteit.codes import Key, key_of, missing_codes, shown
from mobiliteit.descriptor_schema import Correction, CsvOptions, Descriptor, SourceColumn
from mobiliteit.errors import Problem
from mobiliteit.ingest import RawWave
from mobiliteit.reading import MissingCodes
from mobiliteit.study_schema import Column

MakeProblem = Callable[..., Problem]


@dataclass(frozen=True)
class Rules:
    """How the values of one source column translate; made by :func:`rules_for`.

    Attributes
    ----------
    column : Column
        The codebook column that they answer.
    recode : mapping of Key to int
        Codebook codes; empty where the source uses the codebook's own.
    missing : mapping of Key to str
        Reasons of the codes that are no answer.
    rescale : tuple of float, optional
        Lowest and highest answer of the source's own scale.
    reversed : bool
        Whether the source's scale runs the other way.
    declared : MissingCodes, optional
        What the file itself declares missing: unknown, unless `recode` or `missing` explains it.
    csv : CsvOptions
        Decimal and thousands marks of numbers within texts, where the sidecar states them.
    """

    column: Column
    recode: Mapping[Key, int]
    missing: Mapping[Key, str]
    rescale: tuple[float, float] | None
    reversed: bool
    declared: MissingCodes | None
    csv: CsvOptions

    def declares(self, value: object) -> bool:
        """Whether the file declares a value missing."""
        return self.declared is not None and declares_missing(self.declared, value)

    def answer(self, key: Key) -> float:
        """Codebook code of an answer that is not missing; NaN where there is none."""
        if self.recode:
            return float(self.recode.get(key, np.nan))
        if not isinstance(key, float):
            return np.nan
        low, high = self.rescale or self.column.bounds
        if self.rescale is not None:
            known = key.is_integer() and low <= key <= high
        elif self.column.range is not None:
            known = low <= key <= high
        else:
            known = key in self.column.values
        if not known:
            return np.nan
        return rescaled(low + high - key if self.reversed else key, (low, high), self.column.bounds)

    @property
    def valid(self) -> str:
        """The answers that may arrive, in words."""
        low, high = self.rescale or self.column.bounds
        if self.recode:
            listed = ", ".join(map(shown, self.recode))
            return f"{listed} (the codes that wave.yaml recodes)"
        if self.rescale is not None:
            return f"whole numbers from {low:g} to {high:g} (the scale that wave.yaml rescales)"
        if self.column.range is not None:
            return f"{low:g} to {high:g}"
        return ", ".join(map(str, self.column.values))


@dataclass(frozen=True)
class Translation:
    """One codebook column, translated.

    Attributes
    ----------
    answers : pandas.Series
        Codebook codes or numbers, index as the source; NaN where there is no answer.
    reasons : pandas.Series
        Why a code or a hand correction made an answer missing; <NA> elsewhere.
    unknown : pandas.Series
        Values that no rule knows, by row; NaN elsewhere.
    """

    answers: pd.Series
    reasons: pd.Series
    unknown: pd.Series


def problem_in(raw: RawWave) -> MakeProblem:
    """Return what makes a problem that names this wave and its file."""
    return partial(Problem, wave=raw.descriptor.wave, file=raw.path.name)


def column_keys(values: pd.Series, csv: CsvOptions | None = None) -> pd.Series:
    """Return the key of every cell, as objects; each distinct value is worked out once."""
    codes, distinct = pd.factorize(values)
    keys = np.array([*(key_of(value, csv) for value in distinct), None], dtype="object")
    return pd.Series(keys[codes], index=values.index, dtype="object")


def as_numbers(values: pd.Series, csv: CsvOptions | None = None) -> pd.Series:
    """Return a column as floats where every cell is a number or empty, and as it is otherwise."""
    if pd.api.types.is_numeric_dtype(values):
        return values.astype("float64")
    keys = column_keys(values, csv)
    is_number = keys.map(lambda key: key is None or isinstance(key, float))
    return keys.astype("float64") if is_number.all() else values


def declares_missing(declared: MissingCodes, value: object) -> bool:
    """Whether a code is among those that a file declares missing."""
    key = key_of(value)
    if any(key == key_of(code) for code in declared.codes):
        return True
    return isinstance(key, float) and any(low <= key <= high for low, high in declared.ranges)


def rules_for(
    entry: SourceColumn,
    column: Column,
    descriptor: Descriptor,
    declared: MissingCodes | None = None,
) -> Rules:
    """Prepare the translation of a source column into the codebook column that it answers."""
    csv = descriptor.file.csv or CsvOptions()
    missing = missing_codes(entry, column, descriptor)
    return Rules(
        column=column,
        recode={key_of(code, csv): target for code, target in entry.recode.items()},
        missing={key_of(code, csv): reason for code, reason in missing.items()},
        rescale=entry.rescale,
        reversed=entry.reversed,
        declared=declared,
        csv=csv,
    )


def translate(values: pd.Series, rules: Rules, removed: Mapping[str, str]) -> Translation:
    """Translate a source column.

    Parameters
    ----------
    values : pandas.Series
        The source column, index: respondent id as delivered. Numbers, texts, or both; NaN and
        texts of spaces are no answer given.
    rules : Rules
        What its values mean.
    removed : mapping of str to str
        Respondent to the reason for which a hand correction made the value missing.

    Returns
    -------
    Translation
        Every cell is an answer, missing (with a reason where a code or a correction gave one), or
        unknown. Weights play no part.
    """
    codes, distinct = pd.factorize(values)
    # factorize gives -1 to empty cells: they take the last entry
    answers = np.full(len(distinct) + 1, np.nan)
    reasons = np.full(len(distinct) + 1, pd.NA, dtype="object")
    unknown = np.full(len(distinct) + 1, np.nan, dtype="object")
    for position, value in enumerate(distinct):
        key = key_of(value, rules.csv)
        if key is None:
            continue
        if key in rules.missing:
            reasons[position] = rules.missing[key]
            continue
        if key in rules.recode or not rules.declares(value):
            answers[position] = rules.answer(key)
        if np.isnan(answers[position]):
            unknown[position] = value
    result = Translation(
        answers=pd.Series(answers[codes], index=values.index),
        reasons=pd.Series(reasons[codes], index=values.index, dtype="object"),
        unknown=pd.Series(unknown[codes], index=values.index, dtype="object"),
    )
    for person, reason in removed.items():
        result.reasons.loc[person] = reason
    return result


def rescaled(value: float, source: tuple[float, float], target: tuple[float, float]) -> float:
    """Carry an answer over linearly from one scale to another; ends go to ends."""
    (a, b), (low, high) = source, target
    return value if source == target else low + (value - a) * (high - low) / (b - a)


def formula(rules: Rules) -> str:
    """Write what :func:`rescaled` does to a column, for the ledger."""
    (a, b), (low, high) = rules.rescale or rules.column.bounds, rules.column.bounds
    x = f"{a + b:g} - x" if rules.reversed else "x"
    if rules.rescale is None:
        return x
    inner = f"({x})" if rules.reversed else x
    return f"{low:g} + ({inner} - {a:g}) * ({high:g} - {low:g}) / ({b:g} - {a:g})"


def corrected(
    values: pd.Series,
    corrections: Iterable[Correction],
    csv: CsvOptions | None,
    fail: Callable[[Correction, str], None],
) -> tuple[pd.Series, dict[str, str], list[Correction]]:
    """Apply hand corrections to a source column, before anything is translated.

    Parameters
    ----------
    values : pandas.Series
        The source column, index: respondent id as delivered.
    corrections : iterable of Correction
        Those of this column.
    csv : CsvOptions, optional
        How numbers within texts are written.
    fail : callable
        Told of each correction that matches no row, and of what was found there.

    Returns
    -------
    values : pandas.Series
        With the corrections made; the column that came in stays as it was.
    removed : dict
        Respondent to reason, where a correction made the value missing.
    applied : list of Correction
        Those that matched.
    """
    removed: dict[str, str] = {}
    applied: list[Correction] = []
    for correction in corrections:
        person = correction.respondent.strip()
        if (values.index == person).sum() > 1:
            continue  # the id that occurs twice is a problem already
        if person not in values.index:
            fail(correction, "no such respondent")
            continue
        found = values.at[person]
        if key_of(found, csv) != key_of(correction.value, csv):
            fail(correction, shown(found))
            continue
        if not applied:
            values = values.astype("object")
        values.at[person] = np.nan if correction.to is None else correction.to
        if correction.to is None:
            removed[person] = str(correction.missing_reason)
        applied.append(correction)
    return values, removed, applied
