"""What a session comes to: the kept entries with what holds of them, and lists of all asked."""

from __future__ import annotations

from dataclasses import dataclass

from mobiliteit.claims.terms import Text
from mobiliteit.errors import AnalysisError, Problem
from mobiliteit.logbook.entry import Entry
from mobiliteit.logbook.export_words import say
from mobiliteit.logbook.families import session_notes
from mobiliteit.logbook.session import Session
from mobiliteit.logbook.words import DIRECTIONS, moment
from mobiliteit.render.numbers import format_p

NUMBERS = 3
"""Columns of :func:`asked_rows` that hold numbers: the last."""


@dataclass(frozen=True)
class Kept:
    """A kept entry, and what holds of it at the moment of exporting.

    Attributes
    ----------
    entry : Entry
        As logged.
    p_holm, p_bh : float
        Corrected for the questions of its family; NaN without a p.
    tests : int
        Questions of the family that have a p.
    notes : tuple of Text
        Its cautions, those of the session last, and first that its wave's file has changed since.
    changed : bool
        Whether that is so, or cannot be told.
    """

    entry: Entry
    p_holm: float
    p_bh: float
    tests: int
    notes: tuple[Text, ...]
    changed: bool


def kept_entries(session: Session) -> list[Kept]:
    """Gather what was kept, in the order of asking.

    Parameters
    ----------
    session : Session
        The session.

    Returns
    -------
    list of Kept
        At least one.

    Raises
    ------
    AnalysisError
        Nothing was kept.
    """
    entries = session.entries
    gathered = []
    for entry, line in zip(entries, session.corrected().to_dict("records"), strict=True):
        if not entry.kept:
            continue
        changed = session.changed(entry)
        of_session = [note.text for note in session_notes(entry, entries)]
        notes = ([] if changed is None else [changed]) + [*entry.cautions, *of_session]
        gathered.append(
            Kept(
                entry,
                float(line["p_holm"]),
                float(line["p_bh"]),
                int(line["tests"]),
                tuple(notes),
                changed is not None,
            )
        )
    if not gathered:
        problem = Problem("no answer of this session was kept", "Keep at least one answer first.")
        raise AnalysisError("There is nothing to export.", [problem])
    return gathered


def asked_header(lang: str) -> tuple[str, ...]:
    """Headings of :func:`asked_rows`."""
    words = say(lang)
    names = ("asked", "wave", "family", "kept", "p", "holm", "bh")
    return tuple(words[name] for name in names)


def asked_rows(session: Session, lang: str) -> list[tuple[str, ...]]:
    """One line per question asked, in the order of asking, with p and corrected p."""
    words = say(lang)
    corrected = session.corrected().to_dict("records")
    return [
        (
            getattr(entry.sentence, lang),
            entry.wave,
            words[entry.family],
            words["yes" if entry.kept else "no"],
            *(format_p(float(line[name]), lang) for name in ("p", "p_holm", "p_bh")),
        )
        for entry, line in zip(session.entries, corrected, strict=True)
    ]


def waiting_lines(session: Session, lang: str) -> list[str]:
    """One line per question that was fixed beforehand and has not been asked yet."""
    return [
        say(lang)["waiting_line"].format(
            question=fixed.question,
            wave=fixed.wave,
            at=getattr(moment(fixed.at), lang),
            direction=getattr(DIRECTIONS[fixed.direction], lang),
        )
        for fixed in session.waiting
    ]
