"""Comparing a student's numbers with the computed ones, and finding what made the difference.

The causes are found by trying: the table is computed again under each convention, and under pairs
of them, and what comes out is held against the student's numbers digit by digit. A convention
counts as a cause when it gives numbers that differ from ours exactly as the student's do, in so
many digits that chance is unlikely, and does not spoil what agrees.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import combinations

import numpy as np
import pandas as pd

from mobiliteit.claims.terms import Text
from mobiliteit.errors import AnalysisError, Problem
from mobiliteit.hints.conventions import Convention, conventions_for
from mobiliteit.hints.matching import Found, Held, Tried, agrees, explain, try_out
from mobiliteit.hints.material import Material, gather
from mobiliteit.hints.numbers import Kitchen, Numbers, variables_of
from mobiliteit.hints.reading import Given, labels_of, read_frame
from mobiliteit.hints.recipe import SIGNIFICANT, Key, Recipe
from mobiliteit.hints.result import COLUMNS, Choice, Explanation, Hints
from mobiliteit.hints.stars import compare_stars
from mobiliteit.hints.texts import SAID
from mobiliteit.tables import DIFFERENCE, TableResult, compute_table
from mobiliteit.wave import Wave, load_wave

QUOTES = 'Write the number of the table in quotes, "3.7": as numbers 3.1 and 3.10 are the same.'


def check(table: str, frame: pd.DataFrame, *, wave: Wave | str = "2006") -> Hints:
    """Compare your own numbers of a table with the computed ones, and hear what differs.

    Parameters
    ----------
    table : str
        Number of the table, such as "3.7".
    frame : pandas.DataFrame
        Your numbers, all of the table or some; see :func:`mobiliteit.hints.reading.read_frame`.
        Numbers are compared to the decimals that they were given with (of 2.80 as a number: those
        of the row, or of the column of a table by classes).
    wave : Wave or str
        The wave, or its folder under ``data_raw/``. A weighted wave is compared with its weighted
        table; the conventions are tried without weights, and a cause then says so.

    Returns
    -------
    Hints
        Which numbers agree, and for the others which conventions give them; also when none does.

    Raises
    ------
    MobiliteitError
        There is no such table or wave, or the frame does not fit the table: all problems together.

    Notes
    -----
    A match of digits is weighed against chance: a number of d decimals that lies delta from the
    computed one would be hit by a wild guess with a chance of about u / (2 delta + u), u = 10^-d.
    The surprise of all matches together must exceed the number of conventions tried, with a factor
    20 to spare. Tested on frames that were made with each convention by other code.
    """
    if not isinstance(table, str):
        raise AnalysisError(
            "This table cannot be found.", [Problem(f"{table!r} is no text", QUOTES)]
        )
    if isinstance(wave, str):
        wave = load_wave(wave)
    result = compute_table(wave, table)
    given, notes = read_frame(frame, result)
    return _compare(given, notes, result, lambda: gather(result.wave))


def _compare(
    given: list[Given], notes: list[Text], result: TableResult, gathering: Callable[[], Material]
) -> Hints:
    known = _computed(result)
    explanations: list[Explanation] = []
    tried = 0
    numbers = [known.get(entry.key, np.nan) for entry in given]
    weighted = result.wave.weights is not None
    beside = any(entry.key not in known for entry in given)
    if beside or not all(map(agrees, given, numbers)):
        material = gathering()
        rows, columns = (
            frozenset(getattr(entry.key, line) for entry in given) for line in ("row", "column")
        )
        kitchen = Kitchen(
            material, result.definition, variables_of(result.definition, rows, columns)
        )
        plain = kitchen.numbers(Recipe())
        _check_keys(given, plain, known)
        base = np.array([known.get(entry.key, plain[entry.key]) for entry in given])
        numbers = list(base)
        if not all(map(agrees, given, numbers)):
            conventions = conventions_for(material, result, labels_of(result))
            left_out = Convention("unweighted", {}, *SAID["unweighted"], 1, False)
            always = (left_out,) if weighted else ()
            found, tried = _search(kitchen, conventions, Held(tuple(given), base), always)
            explanations = [
                Explanation(
                    conventions=entry.choices[0],
                    alternatives=entry.choices[1:],
                    keys=tuple(given[at].key for at in np.flatnonzero(entry.keys)),
                    certain=entry.certain,
                )
                for entry in found
            ]
            if material.untried is not None:
                notes = [*notes, material.untried]
    causes = {key: entry.id for entry in explanations for key in entry.keys}
    right = list(map(agrees, given, numbers))
    starred = compare_stars(given, right, result)
    stars, computed_stars = ({}, {}) if starred is None else (starred.given, starred.computed)
    wave = result.wave
    records = [
        (
            *entry.key,
            entry.text,
            entry.value,
            entry.decimals,
            number,
            agreed,
            causes.get(entry.key, ""),
            stars.get(entry.key),
            computed_stars.get(entry.key),
            wave.id,
            wave.synthetic,
        )
        for entry, number, agreed in zip(given, numbers, right, strict=True)
    ]
    frame = pd.DataFrame(records, columns=list(COLUMNS))
    if starred is None:
        return Hints(result, frame, tuple(explanations), tuple(notes), tried)
    notes = [*notes, *starred.notes]
    return Hints(result, frame, tuple(explanations), tuple(notes), tried, starred.cause)


def _computed(result: TableResult) -> Numbers:
    """Return the numbers of a computed table, with n and p."""
    level = result.wave.study.tables.significance.difference
    known: Numbers = {}
    for row, column, statistic, value, p, n in result.cells[
        ["row", "column", "statistic", "value", "p", "n"]
    ].itertuples(index=False):
        known[Key(row, column, statistic)] = float(value)
        if column == DIFFERENCE:
            known[Key(row, column, SIGNIFICANT)] = np.nan if np.isnan(p) else float(p < level)
        if not np.isnan(p):
            known[Key(row, column, "p")] = float(p)
        known[Key(row, column, "n")] = float(n)
    return known


def _check_keys(given: list[Given], plain: Numbers, known: Numbers) -> None:
    """Refuse statistics that a table does not have."""
    problems = [
        Problem(
            f"the table has no {entry.key.statistic} at {entry.key.row} / {entry.key.column}",
            "Leave it out, or give the statistic that the table prints there.",
        )
        for entry in given
        if entry.key not in plain and entry.key not in known
    ]
    if problems:
        raise AnalysisError("This frame cannot be compared with the table.", problems)


def _search(
    kitchen: Kitchen, conventions: list[Convention], held: Held, always: Choice
) -> tuple[list[Found], int]:
    """Try each convention, and pairs; `always` is what sets the kitchen apart from our numbers."""
    alone = sum(convention.family == 1 for convention in conventions)
    plain = _values(kitchen.numbers(Recipe()), held)
    singles = [try_out(always, kitchen.numbers(Recipe()), held, alone)] if always else []
    for convention in conventions:
        numbers = kitchen.numbers(convention.apply(Recipe()))
        # beside left out weights, what changes none of these numbers would seem to explain them too
        if always and np.array_equal(_values(numbers, held), plain, equal_nan=True):
            continue
        n_alike = alone + (convention.family if convention.family > 1 else 0)
        singles.append(try_out((*always, convention), numbers, held, n_alike))

    def pairs(left: np.ndarray) -> Iterator[Tried]:
        # a convention that changes none of these numbers cannot help another to explain them
        useful = [
            convention
            for one in singles
            for convention in one.choice[len(always) :]
            if convention.paired and (one.hits | one.misses).any()
        ]
        chosen = [
            (one, other)
            for one, other in combinations(useful, 2)
            if not set(one.change) & set(other.change)
        ]
        wanted = [entry for entry, open_ in zip(held.given, left, strict=True) if open_]
        for one, other in chosen:
            numbers = kitchen.numbers(other.apply(one.apply(Recipe())))
            # most pairs give none of them: not worth a closer look
            if any(agrees(entry, numbers.get(entry.key, np.nan)) for entry in wanted):
                yield try_out((*always, one, other), numbers, held, len(chosen))

    return explain(singles, pairs, held)


def _values(numbers: Numbers, held: Held) -> np.ndarray:
    return np.array([numbers.get(entry.key, np.nan) for entry in held.given])
