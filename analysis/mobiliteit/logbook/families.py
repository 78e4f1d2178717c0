"""The questions of a session as families of tests, and what that means for each answer."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
import pandas as pd

from mobiliteit.asking.answer import Note
from mobiliteit.asking.question import Question, split_name
from mobiliteit.inference.multiplicity import adjust
from mobiliteit.logbook.entry import FAMILIES, Entry
from mobiliteit.logbook.words import many_tests, status

COLUMNS = ("wave", "question", "family", "p", "p_holm", "p_bh", "tests", "kept")


def correct(entries: Iterable[Entry]) -> pd.DataFrame:
    """Correct the p-values of all questions asked, within two families.

    Parameters
    ----------
    entries : iterable of Entry
        Everything asked in a session, kept or not.

    Returns
    -------
    pandas.DataFrame
        One row per question in the order of asking. Columns ``wave``, ``question``, ``family``
        (``confirmatory`` or ``exploratory``), ``p``, ``p_holm`` and ``p_bh`` (NaN where there is no
        p), ``tests`` (questions of the family that have a p) and ``kept``.

    Notes
    -----
    Holm and Benjamini-Hochberg by :func:`mobiliteit.adjust`. What was fixed beforehand is a family
    of its own, so that exploring beside it costs it nothing.
    """
    frame = pd.DataFrame(
        [
            {
                "wave": entry.wave,
                "question": entry.question,
                "family": entry.family,
                "p": np.nan if entry.p is None else entry.p,
                "kept": entry.kept,
            }
            for entry in entries
        ],
        columns=list(COLUMNS),
    )
    frame[["p", "p_holm", "p_bh"]] = frame[["p", "p_holm", "p_bh"]].astype("float64")
    frame["tests"] = 0
    for family in FAMILIES:
        rows = frame["family"] == family
        frame.loc[rows, "p_holm"] = adjust(frame.loc[rows, "p"], "holm")
        frame.loc[rows, "p_bh"] = adjust(frame.loc[rows, "p"], "bh")
        frame.loc[rows, "tests"] = int(frame.loc[rows, "p"].notna().sum())
    return frame


def session_notes(entry: Entry, entries: Sequence[Entry]) -> tuple[Note, ...]:
    """Say what an answer is within its session.

    Parameters
    ----------
    entry : Entry
        One of `entries`.
    entries : sequence of Entry
        Everything asked in the session.

    Returns
    -------
    tuple of Note
        ``confirmatory`` or ``exploratory``; ``many_tests`` as well where more than one question of
        the family was asked and this one has a p-value.
    """
    notes = [Note(entry.family, status(entry))]
    line = correct(entries).iloc[list(entries).index(entry)]
    if line["tests"] > 1 and entry.p is not None:
        notes.append(
            Note("many_tests", many_tests(entry.family, *line[["tests", "p_holm", "p_bh"]]))
        )
    return tuple(notes)


def seen_before(question: Question, wave: str, asked: Question, of: str) -> bool:
    """Say whether an answer that was seen tells something of a question to be fixed beforehand.

    Parameters
    ----------
    question, wave
        What is to be fixed, and the wave it will be put to.
    asked, of
        What was asked already, and of which wave.

    Returns
    -------
    bool
        When both use answers of one wave, and all variables of one relation are in the other: the
        same question for other people, with other controls, with more predictors, or with a
        category for its variable. Variables that were derived from one another are not recognised.
    """
    if not {wave, question.since} & {of, asked.since} - {""}:
        return False
    new, old = _related(question), _related(asked)
    # An outcome by itself, as in a change over time, is in every relation it has, untold by it.
    return (
        new == old
        or (len(new) > 1 and new <= _variables(asked.names))
        or (len(old) > 1 and old <= _variables(question.names))
    )


def _related(question: Question) -> set[str]:
    return _variables((question.outcome, *question.predictors, question.by))


def _variables(names: Iterable[str]) -> set[str]:
    return {split_name(name)[0] for name in names if name}
