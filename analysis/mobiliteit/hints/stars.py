"""A student's stars against the computed ones, and what stars that differ would mean."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from mobiliteit.claims.terms import Text
from mobiliteit.hints.reading import Given
from mobiliteit.hints.recipe import Key
from mobiliteit.render.numbers import describe_legend, stars
from mobiliteit.results import TEST_STATISTICS
from mobiliteit.study_schema import ClassTable
from mobiliteit.tables import TableResult

Rule = Callable[[float], str]
# Legends that are in use elsewhere; those of the study come first.
ELSEWHERE: tuple[Mapping[str, float], ...] = (
    {"*": 0.10, "**": 0.05, "***": 0.01},
    {"*": 0.05, "**": 0.01},
    {"*": 0.05},
)
ONE_SIDED = Text(nl="eenzijdig toetsen (p gehalveerd)", en="one-sided testing (p halved)")
LEGEND = Text(nl="een andere legenda ({})", en="another legend ({})")
UNTESTED = Text(
    nl="Sommige van uw sterren staan bij getallen die in deze tabel geen toets hebben; die zijn"
    " nergens mee vergeleken.",
    en="Some of your stars stand at numbers that have no test in this table; they were held against"
    " nothing.",
)


@dataclass(frozen=True)
class Starred:
    """Stars side by side.

    Attributes
    ----------
    given, computed : dict of Key to str
        The student's stars and ours, empty for none: of the numbers that agree and have a test.
    cause : Text or None
        What gives all of the student's stars where ours does not; None where nothing known does, or
        where all agree.
    notes : tuple of Text
        What was not compared.
    """

    given: dict[Key, str]
    computed: dict[Key, str]
    cause: Text | None
    notes: tuple[Text, ...]


def compare_stars(
    given: Sequence[Given], right: Sequence[bool], result: TableResult
) -> Starred | None:
    """Hold a student's stars against those of the computed p-values.

    Parameters
    ----------
    given : sequence of Given
        The student's numbers, with their stars.
    right : sequence of bool
        Which of them agree with the computed ones: of another number the stars may well differ.
    result : TableResult
        The table as computed. Of a weighted wave its p-values are those of the design.

    Returns
    -------
    Starred or None
        None where the student gave no stars at all: then they were left out, not wrong.

    Notes
    -----
    Coefficients, explained variances and test statistics get the stars of the study's own legend.
    A class mean gets one, on the first class of a factor, where the test of that factor is below
    the level of a difference, as in the report. Tested on tables starred by hand from p-values of
    scipy.
    """
    if not any(entry.marks for entry in given):
        return None
    own, tested = _marks(legend_of(result)), _tested(result)
    theirs = {
        entry.key: entry.marks
        for entry, agrees in zip(given, right, strict=True)
        if agrees and entry.key in tested
    }
    ours = {key: own(tested[key]) for key in theirs}
    untested = any(entry.marks and entry.key not in tested for entry in given)
    notes = (UNTESTED,) if untested else ()
    if theirs == ours:
        return Starred(theirs, ours, None, notes)
    fitting = (
        said
        for rule, said in _others(result)
        if all(rule(tested[key]) == marks for key, marks in theirs.items())
    )
    return Starred(theirs, ours, next(fitting, None), notes)


def _tested(result: TableResult) -> dict[Key, float]:
    """Return the p-value of each number that stars can stand at; NaN where another cell has it."""
    classes = isinstance(result.definition, ClassTable)
    starred = {"beta", "r2_percent", *TEST_STATISTICS, *(["mean"] if classes else [])}
    cells = result.cells[["row", "column", "statistic", "p"]].itertuples(index=False)
    return {Key(*cell[:3]): float(cell[3]) for cell in cells if cell[2] in starred}


def legend_of(result: TableResult) -> Mapping[str, float]:
    """Return what the stars of a table mean: star to level."""
    significance = result.wave.study.tables.significance
    if isinstance(result.definition, ClassTable):
        return {"*": significance.difference}
    return significance.legends[significance.default]


def _marks(legend: Mapping[str, float]) -> Rule:
    return lambda p: stars(p, legend)


def _others(result: TableResult) -> Iterator[tuple[Rule, Text]]:
    """Yield other rules for stars, the likelier first, with what they are."""
    own = _marks(legend_of(result))
    for legend in (*result.wave.study.tables.significance.legends.values(), *ELSEWHERE):
        said = {lang: describe_legend(legend, lang) for lang in ("nl", "en")}
        yield (
            _marks(legend),
            Text(nl=LEGEND.nl.format(said["nl"]), en=LEGEND.en.format(said["en"])),
        )
    yield (lambda p: own(p / 2 if np.isfinite(p) else p)), ONE_SIDED
