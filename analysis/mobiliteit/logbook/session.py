"""A session: the questions somebody asks, counted, some of them fixed before looking.

The one object of the package that changes. A lock keeps its calls apart, so that a page with more
than one thread can share it.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import get_args

import pandas as pd

from mobiliteit.asking.answer import Answer
from mobiliteit.asking.ask import ask
from mobiliteit.asking.grammar import parse
from mobiliteit.asking.lexicon import load_lexicon
from mobiliteit.asking.question import Direction, Question
from mobiliteit.asking.refusals import problem
from mobiliteit.asking.rules import check_question
from mobiliteit.claims.terms import Text
from mobiliteit.errors import AnalysisError, MobiliteitError, Problem
from mobiliteit.logbook.entry import (
    UNWRITABLE,
    USUAL_LEVEL,
    Entry,
    Key,
    Registration,
    log_answer,
)
from mobiliteit.logbook.families import correct, seen_before, session_notes
from mobiliteit.logbook.words import DIRECTIONS as EXPECTED
from mobiliteit.logbook.words import (
    EXPLORE,
    FIXED,
    STAYS,
    TOLD,
    changed_file,
    fill,
    joined,
    moment,
)
from mobiliteit.project import FIRST_WAVE
from mobiliteit.render.question_words import question_sentence
from mobiliteit.study import Study
from mobiliteit.wave import Wave, load_wave

DIRECTIONS: tuple[Direction, ...] = get_args(Direction)


class Session:
    """The questions asked in one sitting, with their answers.

    Parameters
    ----------
    wave : Wave or str
        Wave that questions are put to unless they name another; a name is read from the project.
    level : float
        Confidence level of all intervals.
    root : path, optional
        A folder in the project; by default the current one.
    read : callable, optional
        Gives a wave by its name; by default it is read from the project.

    Attributes
    ----------
    wave : Wave
        As given.
    level : float
        As given.
    started : datetime
        When, in UTC.

    Raises
    ------
    MobiliteitError
        The wave cannot be used.

    Notes
    -----
    Everything asked counts, kept or not, and forgetting takes nothing back: what was seen was seen.
    A question that was asked before counts once. Questions that could not be put at all (an error
    of the text, a question that the wave did not ask) do not count.
    """

    def __init__(
        self,
        wave: Wave | str = FIRST_WAVE,
        *,
        level: float = USUAL_LEVEL,
        root: Path | str | None = None,
        read: Callable[[str], Wave] | None = None,
    ) -> None:
        read = read or partial(load_wave, root=root, study=_study(wave))
        self.wave = read(wave) if isinstance(wave, str) else wave
        self.level = level
        self.started = now()
        self._read_wave = read
        self._waves = {self.wave.id: self.wave}
        self._questions: dict[str, Question] = {}
        self._answers: dict[tuple[str, str], Answer] = {}
        self._entries: dict[Key, Entry] = {}
        self._registered: list[Registration] = []
        self._lock = threading.RLock()

    def ask(self, question: Question | str, wave: str | None = None) -> Answer:
        """Put a question to a wave.

        Parameters
        ----------
        question : Question or str
            A question, or its text.
        wave : str, optional
            Id of another wave of the project.

        Returns
        -------
        Answer
            As of :func:`mobiliteit.ask`, with what it is within the session among its cautions:
            ``confirmatory`` or ``exploratory``, and ``many_tests``.

        Raises
        ------
        MobiliteitError
            The question cannot be read, or the wave cannot answer it.
        """
        with self._lock:
            data = self._open(wave)
            asked = self._read(question, data)
            if (data.id, asked.text) not in self._answers:
                since = self._open(asked.since) if asked.since else None
                answer = ask(asked, data, level=self.level, since=since)
                self._answers[data.id, asked.text] = answer
                fixed = {(entry.wave, entry.question): entry for entry in self.waiting}
                if _key(answer) not in self._entries:
                    self._entries[_key(answer)] = log_answer(
                        answer,
                        _in_words(asked, data),
                        at=now(),
                        registration=fixed.get((data.id, asked.text)),
                    )
                self._questions[asked.text] = asked
            answer = self._answers[data.id, asked.text]
            notes = session_notes(self._entries[_key(answer)], self.entries)
            return replace(answer, cautions=(*answer.cautions, *notes))

    def register(
        self, question: Question | str, direction: Direction, wave: str | None = None
    ) -> Registration:
        """Fix a question before its answer is seen, which makes it confirmatory.

        Parameters
        ----------
        question : Question or str
            A question, or its text.
        direction : {'positive', 'negative', 'any'}
            Expected sign of the main estimate.
        wave : str, optional
            Id of another wave of the project.

        Returns
        -------
        Registration
            With the time.

        Raises
        ------
        MobiliteitError
            The question does not fit together or is fixed already; there is no such direction; or
            an answer that was seen in this session tells something of it
            (:func:`~mobiliteit.logbook.families.seen_before`).
        """
        with self._lock:
            data = self._open(wave)
            asked = self._read(question, data)
            problems = list(self._reasons_against(asked, data))
            if direction not in DIRECTIONS:
                what = f"there is no direction {direction!r}"
                problems.append(Problem(what, f"Use one of: {', '.join(DIRECTIONS)}."))
            if problems:
                nl = "Deze vraag is niet vooraf vast te leggen."
                raise AnalysisError("This question cannot be fixed beforehand.", problems, nl=nl)
            registration = Registration(
                question=asked.text, wave=data.id, direction=direction, at=now()
            )
            self._registered.append(registration)
            return registration

    def keep(self, answer: Answer, remark: str = "") -> Entry:
        """Put an answer aside for the exports.

        Parameters
        ----------
        answer : Answer
            Of this session.
        remark : str
            What is to be read beside it; replaces an earlier one.

        Returns
        -------
        Entry
            As kept.

        Raises
        ------
        AnalysisError
            It was not asked in this session.
        """
        with self._lock:
            return self._mark(answer, kept=True, remark=remark)

    def forget(self, answer: Answer | Entry) -> Entry:
        """Leave an answer out of the exports again; it still counts as asked.

        Raises
        ------
        AnalysisError
            It was not asked in this session.
        """
        with self._lock:
            return self._mark(answer, kept=False, remark="")

    @property
    def entries(self) -> tuple[Entry, ...]:
        """Everything asked, in the order of asking."""
        with self._lock:
            return tuple(self._entries.values())

    @property
    def kept(self) -> tuple[Entry, ...]:
        """What was put aside, in the order of asking."""
        return tuple(entry for entry in self.entries if entry.kept)

    @property
    def waiting(self) -> tuple[Registration, ...]:
        """What was fixed beforehand and has not been asked yet."""
        with self._lock:
            asked = [entry.registration for entry in self._entries.values()]
            return tuple(entry for entry in self._registered if entry not in asked)

    def corrected(self) -> pd.DataFrame:
        """Correct the p-values of everything asked: :func:`mobiliteit.logbook.families.correct`."""
        return correct(self.entries)

    def changed(self, entry: Entry) -> Text | None:
        """Say in a sentence that an entry rests on another file than its wave has now.

        Returns
        -------
        Text or None
            None where the files are the same.
        """
        found = []
        for name, then in ((entry.wave, entry.sha256), (entry.since, entry.against_sha256)):
            if not name:
                continue
            try:
                current = self._open(name).sha256
            except MobiliteitError:
                found.append(changed_file(name, then, None))
            else:
                if current != then:
                    found.append(changed_file(name, then, current))
        return joined(found) if found else None

    def answer(self, entry: Entry) -> Answer | None:
        """Return the answer of an entry, asked again when the session was read from a file.

        Returns
        -------
        Answer or None
            None where the wave's file has changed since, or cannot be read.
        """
        with self._lock:
            if self.changed(entry) is not None:
                return None
            return self.ask(entry.question, entry.wave)

    def restore(self, entries: Iterable[Entry], waiting: Iterable[Registration]) -> None:
        """Take over what was asked, and what was fixed, in a session that was saved.

        Raises
        ------
        QuestionError
            The codebook has no such question (any more).
        """
        with self._lock:
            for entry in entries:
                self._questions[entry.question] = self._read(entry.question, self.wave)
                self._entries[entry.key] = entry
                if entry.registration is not None:
                    self._registered.append(entry.registration)
            for registration in waiting:
                self._read(registration.question, self.wave)
                self._registered.append(registration)

    def _open(self, name: str | None) -> Wave:
        if name is None:
            return self.wave
        with self._lock:
            if name not in self._waves:
                self._waves[name] = self._read_wave(name)
            return self._waves[name]

    def _read(self, question: Question | str, data: Wave) -> Question:
        lexicon = load_lexicon(data.study)
        if isinstance(question, str):
            return parse(question, lexicon)
        check_question(question, lexicon)
        return question

    def _reasons_against(self, asked: Question, data: Wave) -> Iterator[Problem]:
        for earlier in self._registered:
            if (earlier.wave, earlier.question) == (data.id, asked.text):
                yield problem(
                    fill(FIXED, at=moment(earlier.at), direction=EXPECTED[earlier.direction]),
                    STAYS,
                    wave=data.id,
                )
        for entry in self._entries.values():
            if seen_before(asked, data.id, self._questions[entry.question], entry.wave):
                yield problem(fill(TOLD, question=entry.question), EXPLORE, wave=entry.wave)

    def _mark(self, answer: Answer | Entry, *, kept: bool, remark: str) -> Entry:
        key = answer.key if isinstance(answer, Entry) else _key(answer)
        if key not in self._entries:
            unknown = Problem(
                "it was not asked in this session", "Ask it with `session.ask` first.", wave=key[0]
            )
            raise AnalysisError("This answer cannot be kept or forgotten.", [unknown])
        written = UNWRITABLE.sub(" ", remark)
        changed = self._entries[key].model_copy(update={"kept": kept, "remark": written})
        self._entries[key] = changed
        return changed


def _study(wave: Wave | str) -> Study | None:
    return None if isinstance(wave, str) else wave.study


def now() -> datetime:
    """Return the time in UTC, in whole seconds."""
    return datetime.now(UTC).replace(microsecond=0)


def _key(answer: Answer) -> Key:
    return answer.wave, answer.sha256, answer.against_sha256, answer.question.text


def _in_words(question: Question, data: Wave) -> Text:
    phrase = load_lexicon(data.study).phrase
    return Text(
        nl=question_sentence(question, phrase, "nl"), en=question_sentence(question, phrase, "en")
    )
