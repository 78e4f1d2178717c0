"""What one browser has on its desk: its question, its answers, its log."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import TYPE_CHECKING

from mobiliteit.asking.question import Direction, Question
from mobiliteit.lab.draft import Draft
from mobiliteit.lab.waves import Waves

if TYPE_CHECKING:
    from mobiliteit.asking.answer import Answer
    from mobiliteit.logbook.entry import Entry, Registration
    from mobiliteit.logbook.session import Session

MOST_DESKS = 20
HOUR = 3600.0


class Desk:
    """The state behind a page: what a reload shows again.

    Parameters
    ----------
    waves : Waves
        Shared by all desks.
    wave : str
        That questions are put to at first.
    lang : {'nl', 'en'}
        Language at first.

    Attributes
    ----------
    waves, wave, lang
        As they are now.
    draft : Draft
        The question that is being put together.
    shown : Answer or None
        The answer on the page.
    used : float
        When somebody last came to it or asked something, in seconds of a clock.
    """

    def __init__(self, waves: Waves, wave: str, lang: str) -> None:
        self.waves, self.wave, self.lang = waves, wave, lang
        self.draft = Draft()
        self.shown: Answer | None = None
        self.used = time.monotonic()
        self._session: Session | None = None
        self._lock = threading.RLock()

    @property
    def session(self) -> Session:
        """The session of questions; begins with the first of them.

        Raises
        ------
        MobiliteitError
            The wave cannot be used.
        """
        # The statistics are a second of importing, which the first page need not wait for.
        from mobiliteit.logbook.session import Session

        with self._lock:
            if self._session is None:
                self._session = Session(self.waves.read(self.wave), read=self.waves.read)
            return self._session

    @property
    def entries(self) -> tuple[Entry, ...]:
        """Everything asked so far."""
        return () if self._session is None else self._session.entries

    @property
    def waiting(self) -> tuple[Registration, ...]:
        """What was fixed beforehand and has not been asked yet."""
        return () if self._session is None else self._session.waiting

    def ask(self, question: Question) -> Answer:
        """Put a question to the wave of the desk, and lay the answer on it.

        Raises
        ------
        MobiliteitError
            The wave cannot answer it.
        """
        self.used = time.monotonic()
        self.shown = self.session.ask(question, self.wave)
        return self.shown

    def fix(self, question: Question, direction: Direction) -> Registration:
        """Fix a question beforehand.

        Raises
        ------
        MobiliteitError
            It was fixed already, or an answer was seen that tells something of it.
        """
        return self.session.register(question, direction, self.wave)

    def show(self, entry: Entry) -> None:
        """Lay an earlier answer on the desk again."""
        self.shown = self.session.answer(entry)

    @property
    def shown_entry(self) -> Entry | None:
        """The log entry of the answer on the page."""
        if self.shown is None:
            return None
        text, wave = self.shown.question.text, self.shown.wave
        return next((e for e in self.entries if (e.question, e.wave) == (text, wave)), None)


class Desks:
    """The desks of a process, by the key that a browser sends along.

    Parameters
    ----------
    make : callable, optional
        Makes a desk for a key that is new; without it there are only desks that were put there.
    clock : callable
        Seconds, of which only differences count.

    Notes
    -----
    At most :data:`MOST_DESKS`. One that was made for a browser is cleared when nobody came to it
    for an hour; one that was put there stays until room is needed.
    """

    def __init__(
        self,
        make: Callable[[], Desk] | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._make, self._clock = make, clock
        self._desks: dict[str, Desk] = {}

    def put(self, key: str, desk: Desk) -> None:
        """Put a desk where a key finds it; the one that was used longest ago makes room."""
        if len(self._desks) >= MOST_DESKS:
            self._desks.pop(min(self._desks, key=lambda name: self._desks[name].used))
        self._desks[key] = desk

    def at(self, key: str) -> Desk | None:
        """Return the desk of a browser; None when all are taken, or there is none."""
        now = self._clock()
        if self._make is not None:
            self._desks = {k: desk for k, desk in self._desks.items() if now - desk.used < HOUR}
            if key not in self._desks and len(self._desks) < MOST_DESKS:
                self._desks[key] = self._make()
        desk = self._desks.get(key)
        if desk is not None:
            desk.used = now
        return desk
