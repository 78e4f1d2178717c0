"""Errors that a user can act on.

Bad input is never an assertion and never a bare traceback: every check collects what it finds as
:class:`Problem` objects, and one :class:`MobiliteitError` shows them all together. The command line
turns it into exit code 2.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

MAX_VALUES = 8
MAX_ROWS = 5
MAX_LETTERS = 100


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong, where it is, and what to do about it.

    Attributes
    ----------
    what : str
        The problem in one sentence, without a full stop.
    remedy : str
        What the user can do, as an instruction.
    wave, file, column : str, optional
        Where it is.
    values : tuple of str
        The offending values, at most `MAX_VALUES` of which are shown.
    rows : tuple of str
        Respondent ids (or row numbers) where it occurs, at most `MAX_ROWS` of which are shown.

    Notes
    -----
    Names and values come from files that nobody checked yet. Shown are at most `MAX_LETTERS` of
    each, and what cannot be seen as an escape, since a terminal obeys it.
    """

    what: str
    remedy: str
    wave: str | None = None
    file: str | None = None
    column: str | None = None
    values: tuple[str, ...] = ()
    rows: tuple[str, ...] = ()

    def __str__(self) -> str:
        """Return the problem on one line: where, what, which values and rows, and the remedy."""
        where = [
            f"{name} {value}"
            for name, value in (
                ("wave", self.wave and legible(self.wave)),
                ("file", self.file and legible(self.file)),
                ("column", self.column and brief(self.column)),
            )
            if value
        ]
        # what a parser says may take several lines
        what = legible(" ".join(line.strip() for line in self.what.splitlines()))
        text = f"{', '.join(where)}: {what}" if where else what
        if self.values:
            text += f"; values: {shorten([brief(value) for value in self.values], MAX_VALUES)}"
        if self.rows:
            text += f"; first at: {shorten([brief(row) for row in self.rows], MAX_ROWS)}"
        return f"{text}. {legible(self.remedy)}"


def legible(text: str) -> str:
    """Write signs that cannot be seen, or that a terminal would obey, as escapes."""
    if text.isprintable():
        return text
    return "".join(
        sign if sign.isprintable() else sign.encode("unicode_escape").decode("ascii")
        for sign in text
    )


def brief(text: str) -> str:
    """Write a name or a value legibly, of at most :data:`MAX_LETTERS` letters."""
    text = str(text)
    return legible(text if len(text) <= MAX_LETTERS else f"{text[:MAX_LETTERS]}…")


def shorten(values: Sequence[str], most: int) -> str:
    """Join `values` with commas and say how many were left out beyond `most`."""
    shown = ", ".join(str(value) for value in values[:most])
    left_out = len(values) - most
    return f"{shown} (and {left_out} more)" if left_out > 0 else shown


class MobiliteitError(Exception):
    """Input that cannot be used, with all problems found.

    Parameters
    ----------
    headline : str
        What failed, in one sentence.
    problems : sequence of Problem
        At least one; all that were found.
    """

    def __init__(self, headline: str, problems: Sequence[Problem]) -> None:
        self.headline = headline
        self.problems = tuple(problems)
        super().__init__(str(self))

    def __str__(self) -> str:
        """Return the headline and one line per problem."""
        lines = "\n".join(f"  - {problem}" for problem in self.problems)
        return f"{self.headline}\n{lines}"


class StudyError(MobiliteitError):
    """A file of the study (codebook, segments, tables, published) is not as it should be."""


class WaveError(MobiliteitError):
    """A wave's file or sidecar cannot be used as it is."""


class AnalysisError(MobiliteitError):
    """An analysis was asked for that these data or this function cannot give."""


class OutputError(MobiliteitError):
    """An output could not be written; earlier outputs were left as they were."""
