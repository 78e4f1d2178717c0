"""Refusals of questions in both languages: what is wrong, and what to do about it.

Whatever refuses a question makes its problems with :func:`misread` and :func:`problem`, so that
none is in one language only.
"""

from __future__ import annotations

from collections.abc import Iterable

from mobiliteit.claims.terms import Text
from mobiliteit.errors import Misread, Problem

NOWHERE = (-1, -1)


def misread(what: Text, remedy: Text, *about: str, span: tuple[int, int] = NOWHERE) -> Misread:
    """Make a problem of a question.

    Parameters
    ----------
    what, remedy : Text
        As of :class:`~mobiliteit.errors.Problem`.
    *about : str
        The names, or texts of restrictions, that it is about.
    span : tuple of int
        The signs of the text that it is about, the end excluded.

    Returns
    -------
    Misread
        In both languages.
    """
    start, end = span
    return Misread(what.en, remedy.en, nl=(what.nl, remedy.nl), start=start, end=end, about=about)


def problem(
    what: Text, remedy: Text, *, wave: str | None = None, column: str | None = None
) -> Problem:
    """Make a problem of a question and a wave.

    Parameters
    ----------
    what, remedy : Text
        As of :class:`~mobiliteit.errors.Problem`.
    wave, column : str, optional
        Where it is.

    Returns
    -------
    Problem
        In both languages.
    """
    return Problem(what.en, remedy.en, wave=wave, column=column, nl=(what.nl, remedy.nl))


def write(*texts: str) -> Text:
    """Tell to write a text, or one of several."""
    return Text(nl=f"Schrijf {' of '.join(texts)}.", en=f"Write {' or '.join(texts)}.")


def one_of(listed: str) -> Text:
    """Tell to use one of what is listed."""
    return Text(nl=f"Gebruik een van: {listed}.", en=f"Use one of: {listed}.")


def perhaps(names: Iterable[str], otherwise: Text) -> Text:
    """Ask whether one of some names is meant; where there are none, say something else."""
    options = tuple(names)
    if not options:
        return otherwise
    return Text(
        nl=f"Misschien is {' of '.join(options)} bedoeld.",
        en=f"Perhaps {' or '.join(options)} is meant.",
    )


def no_category(word: str, variable: str) -> Text:
    """Say that a word is no category of a variable."""
    return Text(
        nl=f"{word} is geen categorie van {variable}", en=f"{word} is no category of {variable}"
    )


def no_numbers(variable: str) -> Text:
    """Say that a variable cannot have a range."""
    return Text(
        nl=f"{variable} heeft categorieën, geen getallen",
        en=f"{variable} has categories, no numbers",
    )
