"""Sessions whose answers are made by hand, so that every number in a log is known beforehand."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from mobiliteit.asking.answer import Answer, Estimate, Note
from mobiliteit.asking.question import Question
from mobiliteit.claims.terms import Text
from mobiliteit.logbook import session as session_module
from mobiliteit.logbook.session import Session
from mobiliteit.wave import Wave

BEGIN = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
NAMES = Text(nl="netwerken", en="networking")
METHOD = Text(nl="met de hand", en="by hand")


def made(question: Question, wave: Wave, p: float, **changes: Any) -> Answer:
    """An answer with one estimate, clear when p is below 0.05, and one that is robust."""
    value = changes.pop("value", 0.25)
    measure = changes.pop("measure", "beta")
    main = Estimate("x", NAMES, measure, value, value - 0.1, value + 0.1, p, 120, METHOD)
    robust = Estimate("x", NAMES, measure, value, value - 0.2, value + 0.2, p, 120, METHOD)
    parts: dict[str, Any] = {
        "question": question,
        "wave": wave.id,
        "sha256": wave.sha256,
        "verdict": "clear" if p < 0.05 else "unclear",
        "method": METHOD,
        "why": METHOD,
        "mark": Text(nl=wave.mark("nl"), en=wave.mark("en")),
        "estimates": (main,),
        "robust": (robust,),
        "n": 120,
        "p": p,
        "cautions": (Note("cross_section", Text(nl="Eén moment.", en="One moment.")),),
    }
    if math.isnan(p):
        parts |= {"verdict": "withheld", "estimates": (), "robust": (), "n": 0}
    return Answer(**(parts | changes))


class Asking:
    """Stands in for ``ask``: answers by hand, with the p-value that was planned for a question."""

    def __init__(self) -> None:
        self.p: dict[str, float] = {}
        self.changes: dict[str, Mapping[str, Any]] = {}
        self.asked: list[str] = []

    def __call__(self, question: Question, wave: Wave, *, level: float = 0.95, **_: Any) -> Answer:
        self.asked.append(question.text)
        changes = self.changes.get(question.text, {})
        return made(question, wave, self.p.get(question.text, 0.01), level=level, **changes)

    def plan(self, text: str, p: float, **changes: Any) -> str:
        self.p[text], self.changes[text] = p, changes
        return text


def by_hand(monkeypatch: pytest.MonkeyPatch) -> Asking:
    """Let sessions ask an :class:`Asking`, with a clock that goes on a minute at every look."""
    asking, minutes = Asking(), iter(range(10**6))
    monkeypatch.setattr(session_module, "ask", asking)
    clock: Callable[[], datetime] = lambda: BEGIN + timedelta(minutes=next(minutes))  # noqa: E731
    monkeypatch.setattr(session_module, "now", clock)
    return asking


def notes(answer: Answer) -> dict[str, Text]:
    """Cautions of an answer by id."""
    return {note.id: note.text for note in answer.cautions}


def began(session: Session) -> str:
    """When a session began, as people read it in Dutch."""
    return f"{session.started:%d-%m-%Y %H:%M} UTC"
