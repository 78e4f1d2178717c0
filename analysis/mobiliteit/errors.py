"""Errors that a user can act on.

Bad input is never an assertion and never a bare traceback: every check collects what it finds as
:class:`Problem` objects, and one :class:`MobiliteitError` shows them all together. The command line
turns it into exit code 2.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

MAX_VALUES = 8
MAX_ROWS = 5
MAX_LETTERS = 100
SHOWN = 76  # signs of a question that are shown around the word that is wrong
_WORDS = {
    "en": ("wave", "file", "column", "values", "first at", "and {} more"),
    "nl": ("golf", "bestand", "kolom", "waarden", "het eerst bij", "en nog {}"),
}


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
    nl : tuple of str
        `what` and `remedy` in Dutch, of what a Dutch page can show; otherwise empty.

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
    nl: tuple[str, ...] = ()

    def __str__(self) -> str:
        """Return the problem in English, as :meth:`say` does."""
        return self.say("en")

    def say(self, lang: str) -> str:
        """Return the problem on one line: where, what, which values and rows, and the remedy.

        Parameters
        ----------
        lang : {'nl', 'en'}
            Language; one that has no Dutch is said in English.
        """
        dutch = lang == "nl" and bool(self.nl)
        said, remedy = self.nl if dutch else (self.what, self.remedy)
        wave, file, column, values, rows, more = _WORDS["nl" if dutch else "en"]
        where = [
            f"{name} {value}"
            for name, value in (
                (wave, self.wave and brief(self.wave)),
                (file, self.file and legible(self.file)),
                (column, self.column and brief(self.column)),
            )
            if value
        ]
        # what a parser says may take several lines
        what = legible(" ".join(line.strip() for line in said.splitlines()))
        text = f"{', '.join(where)}: {what}" if where else what
        for name, those, most in ((values, self.values, MAX_VALUES), (rows, self.rows, MAX_ROWS)):
            if those:
                text += f"; {name}: {shorten([brief(value) for value in those], most, more)}"
        return f"{text}. {legible(remedy)}"


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


def shorten(values: Sequence[str], most: int, more: str = _WORDS["en"][-1]) -> str:
    """Join `values` with commas and say with `more` how many were left out beyond `most`."""
    shown = ", ".join(str(value) for value in values[:most])
    left_out = len(values) - most
    return f"{shown} ({more.format(left_out)})" if left_out > 0 else shown


class MobiliteitError(Exception):
    """Input that cannot be used, with all problems found.

    Parameters
    ----------
    headline : str
        What failed, in one sentence.
    problems : sequence of Problem
        At least one; all that were found.
    nl : str
        The headline in Dutch, of what a Dutch page can show.
    """

    def __init__(self, headline: str, problems: Sequence[Problem], *, nl: str = "") -> None:
        self.headline = headline
        self.problems = tuple(problems)
        self.nl = nl
        super().__init__(str(self))

    def __str__(self) -> str:
        """Return the headline and one line per problem, in English."""
        return self.say("en")

    def spoken(self, lang: str) -> str:
        """Return the language that :meth:`say` uses when it is asked for another.

        Parameters
        ----------
        lang : {'nl', 'en'}
            Language that is wanted.

        Returns
        -------
        {'nl', 'en'}
            Dutch only where the headline and every problem have it, so that none is mixed.
        """
        dutch = bool(self.nl) and all(problem.nl for problem in self.problems)
        return "nl" if lang == "nl" and dutch else "en"

    def say(self, lang: str = "en") -> str:
        """Return the headline and one line per problem.

        Parameters
        ----------
        lang : {'nl', 'en'}
            Language; see :meth:`spoken` for what has no Dutch.
        """
        spoken = self.spoken(lang)
        lines = [line for problem in self.problems for line in self._lines(problem, spoken)]
        return "\n".join([self.nl if spoken == "nl" else self.headline, *lines])

    def _lines(self, problem: Problem, lang: str) -> tuple[str, ...]:
        return (f"  - {problem.say(lang)}",)


class StudyError(MobiliteitError):
    """A file of the study (codebook, segments, tables, published) is not as it should be."""


class WaveError(MobiliteitError):
    """A wave's file or sidecar cannot be used as it is."""


class AnalysisError(MobiliteitError):
    """An analysis was asked for that these data or this function cannot give."""


class OutputError(MobiliteitError):
    """An output could not be written; earlier outputs were left as they were."""


@dataclass(frozen=True)
class Misread(Problem):
    """One thing that is wrong with a question.

    Attributes
    ----------
    start, end : int
        Which signs of its text; -1 where it is about no place.
    about : tuple of str
        The names of the question that it is about, as the question writes them.
    """

    start: int = -1
    end: int = -1
    about: tuple[str, ...] = ()


class QuestionError(MobiliteitError):
    """A question that cannot be read, or that cannot be asked.

    Parameters
    ----------
    headline : str
        What failed, in one sentence.
    problems : sequence of Misread
        All that were found, each with its place in `text`.
    text : str
        The question as it was written.
    nl : str
        The headline in Dutch.
    """

    def __init__(
        self, headline: str, problems: Sequence[Misread], text: str, *, nl: str = ""
    ) -> None:
        self.text = text
        super().__init__(headline, problems, nl=nl)

    def _lines(self, problem: Problem, lang: str) -> tuple[str, ...]:
        """Return the problem, below the question with the word underlined."""
        lines = super()._lines(problem, lang)
        if isinstance(problem, Misread) and problem.start >= 0:
            return (*point_at(self.text, problem.start, problem.end), *lines)
        return lines


def point_at(text: str, start: int, end: int) -> tuple[str, str]:
    """Show a piece of a text, and on a second line carets under it.

    Parameters
    ----------
    text : str
        The text; signs that cannot be seen are shown as spaces.
    start, end : int
        The piece; when it is empty, one caret stands there.

    Returns
    -------
    tuple of str
        Two lines, indented by four; what is far from the piece is left out with an ellipsis.
    """
    last = min(end, start + SHOWN)
    room = (SHOWN - (last - start)) // 2 if len(text) > SHOWN else SHOWN
    first, until = max(0, start - room), min(len(text), last + room)
    before, word, after = (
        "".join(sign if sign.isprintable() else " " for sign in part)
        for part in (text[first:start], text[start:last], text[last:until])
    )
    lead, tail = ("…" if first else ""), ("…" if until < len(text) else "")
    shown = f"    {lead}{before}{word}{after}{tail}".rstrip()
    return shown, " " * (4 + len(lead) + _width(before)) + "^" * max(1, _width(word))


def _width(text: str) -> int:
    """Columns that a text takes in a terminal."""
    return sum(
        0 if unicodedata.combining(sign) else 1 + (unicodedata.east_asian_width(sign) in "WF")
        for sign in text
    )
