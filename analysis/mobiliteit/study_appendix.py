"""The appendix for students as data: per table what it asks and what may not be concluded.

``study/appendix.yaml``, checked against the tables that it explains. The numbers in it are filled
in at display, from a computed table.
"""

from __future__ import annotations

from collections.abc import Iterator
from string import Formatter

from pydantic import BaseModel, ConfigDict

from mobiliteit.errors import Problem, StudyError
from mobiliteit.study import Study, read_checked

FILE = "appendix.yaml"
PARTS = ("question", "test", "reading", "relation", "caution")
"""Parts of an explanation, in the order in which they are shown."""
FILLED = frozenset({"value", "row", "column", "n"})
"""What ``reading`` may leave open, to be filled in with its example."""


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Both(_Frozen):
    """A text in both languages."""

    nl: str
    en: str


class Example(_Frozen):
    """The cell that an explanation reads aloud."""

    row: str
    column: str


class Explained(_Frozen):
    """What a student should know about one table.

    Attributes
    ----------
    example : Example
        A cell of the table.
    question, test, reading, relation, caution : Both
        What is asked; the test and its assumptions; how to read the example; how computed and
        printed numbers relate; what may not be concluded.
    """

    example: Example
    question: Both
    test: Both
    reading: Both
    relation: Both
    caution: Both


class Appendix(_Frozen):
    """The explanations by number of the table."""

    tables: dict[str, Explained]


def load_appendix(study: Study) -> Appendix:
    """Load the explanations of a study's tables.

    Parameters
    ----------
    study : Study
        Whose folder holds ``appendix.yaml``.

    Returns
    -------
    Appendix
        One entry per table of the study, in their order.

    Raises
    ------
    StudyError
        The file is missing or does not fit its schema, a table has no entry or an entry no table,
        or a text leaves something open that nothing fills: all of it together.
    """
    appendix = read_checked(study.path / FILE, Appendix)
    problems = list(_problems(appendix, study))
    if problems:
        raise StudyError(f"The file {study.path.name}/{FILE} cannot be used.", problems)
    return Appendix(tables={number: appendix.tables[number] for number in study.tables.tables})


def _problems(appendix: Appendix, study: Study) -> Iterator[Problem]:
    for number in study.tables.tables:
        if number not in appendix.tables:
            yield Problem(f"table {number} is not explained", "Add an entry for it.", file=FILE)
    for number, entry in appendix.tables.items():
        if number not in study.tables.tables:
            yield Problem(f"there is no table {number}", "Remove the entry.", file=FILE)
        for part in PARTS:
            for lang in ("nl", "en"):
                yield from _open_places(
                    getattr(getattr(entry, part), lang), f"{number}.{part}.{lang}", part
                )


def _open_places(text: str, place: str, part: str) -> Iterator[Problem]:
    try:
        names = {name for _, name, _, _ in Formatter().parse(text) if name is not None}
    except ValueError as error:
        yield Problem(f"{place}: {error}", "Write a single brace as two.", file=FILE)
        return
    wrong = names - (FILLED if part == "reading" else frozenset())
    if wrong:
        remedy = f"In `reading` use {', '.join(sorted(FILLED))}; elsewhere none."
        what = f"{place} leaves open what nothing fills: {', '.join(sorted(wrong))}"
        yield Problem(what, remedy, file=FILE)
    if part == "reading" and "value" not in names:
        yield Problem(f"{place} does not show its example", "Write {value} in it.", file=FILE)
