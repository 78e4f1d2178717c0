"""What a log keeps: a question, what was expected of it beforehand, and the answer's numbers.

An entry stands alone. It holds every number that its sentence is made of, and the line of Python
that repeats it, but never a respondent. These are also the schemas of the file that a session is
saved in: what does not fit them is refused when the file is read.
"""

from __future__ import annotations

import json
import math
import re
from datetime import datetime
from importlib.metadata import version
from typing import Annotated, Literal, get_args

from pydantic import AwareDatetime, Field, FiniteFloat, model_validator

from mobiliteit.asking.answer import Answer, Estimate, Measure, Verdict
from mobiliteit.asking.question import Direction
from mobiliteit.claims.terms import Frozen, Text
from mobiliteit.render.answer_measures import direction

Outcome = Literal["expected", "opposite", "undecided", "undirected"]
Family = Literal["confirmatory", "exploratory"]
FAMILIES: tuple[Family, ...] = get_args(Family)
USUAL_LEVEL = 0.95
Key = tuple[str, str, str, str]
UNWRITABLE = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
"""Signs that a Word file or a text file cannot hold."""

WaveId = Annotated[str, Field(pattern=r"^[^/\\\x00-\x1f]+$")]
Checksum = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
Chance = Annotated[float, Field(ge=0, le=1)]
Count = Annotated[int, Field(ge=0)]


class Registration(Frozen):
    """A question that was fixed before its answer was seen.

    Attributes
    ----------
    question : str
        Canonical text.
    wave : str
        Wave that it will be put to.
    direction : {'positive', 'negative', 'any'}
        Expected sign of the main estimate; ``any`` where none is expected.
    at : datetime
        When, in UTC.
    """

    question: str
    wave: WaveId
    direction: Direction
    at: AwareDatetime


class LoggedEstimate(Frozen):
    """An :class:`~mobiliteit.asking.answer.Estimate` as a log keeps it; None is no number."""

    id: str
    label: Text
    measure: Measure
    value: FiniteFloat | None
    low: FiniteFloat | None
    high: FiniteFloat | None
    p: Chance | None
    n: Count
    method: Text
    robust: bool


class Entry(Frozen):
    """A question that was asked, with what came out.

    Attributes
    ----------
    question : str
        Canonical text, as the grammar reads it.
    sentence : Text
        The question in words.
    wave, since : str
        Wave that answered, and the wave it was held against (empty without one).
    sha256, against_sha256 : str
        Checksums of their raw files; the second empty without one.
    python : str
        The line that repeats the answer.
    at : datetime
        When it was asked first, in UTC.
    registration : Registration or None
        Of a question that was fixed beforehand.
    verdict, n, level, p
        As in :class:`~mobiliteit.asking.answer.Answer`; `p` None where there is none.
    says, method, mark : Text
        The answer in a sentence, how it was found, and what must be shown with it.
    estimates : tuple of LoggedEstimate
        The main one first; those by the robust method last.
    cautions : tuple of Text
        Without those that depend on the session, which change with every question.
    kept : bool
        Whether it was put aside for the exports.
    remark : str
        Of who kept it.
    mobiliteit : str
        Version that answered.
    """

    question: str
    sentence: Text
    wave: WaveId
    since: WaveId | Literal[""]
    sha256: Checksum
    against_sha256: Checksum | Literal[""]
    python: str
    at: AwareDatetime
    registration: Registration | None
    verdict: Verdict
    n: Count
    level: Annotated[float, Field(gt=0, lt=1)]
    p: Chance | None
    says: Text
    method: Text
    mark: Text
    estimates: tuple[LoggedEstimate, ...]
    cautions: tuple[Text, ...]
    kept: bool = False
    remark: str = ""
    mobiliteit: str

    @model_validator(mode="after")
    def _hangs_together(self) -> Entry:
        if self.python != python_line(self.question, self.wave, self.level):
            raise ValueError("`python` is not the line that repeats this question")
        registered = self.registration
        if registered is None:
            return self
        if (registered.question, registered.wave) != (self.question, self.wave):
            raise ValueError("the registration is of another question")
        if registered.at > self.at:
            raise ValueError("it was registered after it was asked")
        return self

    @property
    def key(self) -> Key:
        """Wave, checksums and question: the same question, put to the same answers."""
        return self.wave, self.sha256, self.against_sha256, self.question

    @property
    def family(self) -> Family:
        """Whether it was fixed before looking."""
        return "exploratory" if self.registration is None else "confirmatory"

    @property
    def main(self) -> LoggedEstimate | None:
        """The main estimate; None when there is none."""
        return next((estimate for estimate in self.estimates if not estimate.robust), None)

    @property
    def outcome(self) -> Outcome:
        """How the answer bears on the direction that was expected.

        ``undirected`` where no direction was expected or the measure has none; ``undecided`` where
        the interval does not exclude no effect.
        """
        main, registered = self.main, self.registration
        if registered is None or registered.direction == "any":
            return "undirected"
        if main is None or main.value is None or self.verdict != "clear":
            return "undecided"
        way = direction(main.measure, main.value)
        if way == 0:
            return "undirected"
        found = "positive" if way > 0 else "negative"
        return "expected" if found == registered.direction else "opposite"

    def facts(self) -> dict[str, object]:
        """Return what a repeated answer is held against, as plain values.

        Returns
        -------
        dict
            Keys of :func:`mobiliteit.asking.answer.facts`; None where there is no number.
        """
        main = self.main
        return {
            "question": self.question,
            "wave": self.wave,
            "sha256": self.sha256,
            "against_sha256": self.against_sha256,
            "verdict": self.verdict,
            "n": self.n,
            "measure": main.measure if main else "",
            "value": main.value if main else None,
            "low": main.low if main else None,
            "high": main.high if main else None,
            "p": self.p,
        }


def python_line(question: str, wave: str, level: float) -> str:
    """Return the line of Python that asks a question again.

    Parameters
    ----------
    question, wave : str
        Canonical text, and id of the wave; as strings, so that nothing in them is code.
    level : float
        Confidence level; left out when it is the usual one.

    Returns
    -------
    str
        Such as ``mb.ask("a -> b", "2006")``.
    """
    more = "" if level == USUAL_LEVEL else f", level={level!r}"
    # A JSON string is a Python string too, and has the double quotes that people type.
    asked, of = (json.dumps(text, ensure_ascii=False) for text in (question, wave))
    return f"mb.ask({asked}, {of}{more})"


def log_answer(
    answer: Answer, sentence: Text, *, at: datetime, registration: Registration | None
) -> Entry:
    """Make an entry of an answer.

    Parameters
    ----------
    answer : Answer
        As :func:`mobiliteit.ask` gives it, without cautions of the session.
    sentence : Text
        The question in words.
    at : datetime
        When it was asked, in UTC.
    registration : Registration or None
        Where it was fixed beforehand.

    Returns
    -------
    Entry
        Not kept yet.
    """
    text = answer.question.text
    pairs = [(estimate, False) for estimate in answer.estimates]
    pairs += [(estimate, True) for estimate in answer.robust]
    return Entry(
        question=text,
        sentence=sentence,
        wave=answer.wave,
        since=answer.question.since,
        sha256=answer.sha256,
        against_sha256=answer.against_sha256,
        python=python_line(text, answer.wave, answer.level),
        at=at,
        registration=registration,
        verdict=answer.verdict,
        n=int(answer.n),
        level=answer.level,
        p=_number(answer.p),
        says=Text(nl=answer.say("nl"), en=answer.say("en")),
        method=answer.method,
        mark=answer.mark,
        estimates=tuple(_logged(estimate, robust) for estimate, robust in pairs),
        cautions=tuple(note.text for note in answer.cautions),
        mobiliteit=version("mobiliteit"),
    )


def _logged(estimate: Estimate, robust: bool) -> LoggedEstimate:
    return LoggedEstimate(
        id=estimate.id,
        label=estimate.label,
        measure=estimate.measure,
        value=_number(estimate.value),
        low=_number(estimate.low),
        high=_number(estimate.high),
        p=_number(estimate.p),
        n=int(estimate.n),
        method=estimate.method,
        robust=robust,
    )


def _number(value: float) -> float | None:
    return float(value) if math.isfinite(value) else None
