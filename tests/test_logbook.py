"""Sessions: what counts as asked, what it is corrected for, and what may be fixed beforehand."""

from __future__ import annotations

import threading
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from mobiliteit.asking.grammar import parse
from mobiliteit.asking.lexicon import load_lexicon
from mobiliteit.asking.question import Question
from mobiliteit.errors import AnalysisError, MobiliteitError, QuestionError
from mobiliteit.logbook import Session
from mobiliteit.logbook.families import seen_before
from mobiliteit.study import Study
from mobiliteit.wave import Wave
from session_builder import Asking, by_hand, notes

EFFECT = "netwerken -> loopbaantevredenheid"
GROUPS = "loopbaantevredenheid between mobiliteitsgroep"
WILL = "willen -> orienteren"
OTHER = "effectiviteit -> sollicitaties"
NONSENSE = Question("effect", "netwerken", ("netwerken",))


@pytest.fixture
def asking(monkeypatch: pytest.MonkeyPatch) -> Asking:
    return by_hand(monkeypatch)


@pytest.fixture
def session(asking: Asking, loaded: Wave) -> Session:
    return Session(loaded)


# ---- what counts


def test_a_question_that_is_repeated_counts_once(session: Session, asking: Asking) -> None:
    first = session.ask(EFFECT)
    again = session.ask(f"  {EFFECT.replace('->', '→').upper()} ")
    session.ask(parse(EFFECT, load_lexicon(session.wave.study)))
    assert asking.asked == [EFFECT]
    assert len(session.entries) == 1
    assert again.question == first.question
    assert len(session.ask(f"{EFFECT} | mobielen").cautions) == 3
    assert [entry.question for entry in session.entries] == asking.asked


def test_a_question_that_cannot_be_put_does_not_count(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(MobiliteitError, match="netwerkn"):
        session.ask("netwerkn -> loopbaantevredenheid")
    monkeypatch.setattr("mobiliteit.logbook.session.ask", refusing)
    with pytest.raises(AnalysisError, match="not asked"):
        session.ask(EFFECT)
    assert session.entries == ()
    assert session.corrected().empty


def refusing(*_: Any, **__: Any) -> Any:
    from mobiliteit.errors import Problem

    raise AnalysisError("No.", [Problem("it was not asked", "Ask it.")])


def test_corrected_by_hand_within_two_families(session: Session, asking: Asking) -> None:
    fixed = asking.plan(WILL, 0.03)
    session.register(fixed, "positive")
    for text, p in (
        (EFFECT, 0.04),
        (f"{EFFECT} | vrouw", 0.01),
        (GROUPS, np.nan),
        (OTHER, 0.02),
        (fixed, 0.03),
    ):
        session.ask(asking.plan(text, p))
    corrected = session.corrected()
    assert list(corrected["family"]) == ["exploratory"] * 4 + ["confirmatory"]
    assert list(corrected["tests"]) == [3, 3, 3, 3, 1]
    # 0.01 x 3, then 0.02 x 2, then 0.04 x 1 but never below the one before.
    np.testing.assert_allclose(corrected["p_holm"], [0.04, 0.03, np.nan, 0.04, 0.03])
    # 0.04 x 3/3, 0.02 x 3/2, 0.01 x 3/1.
    np.testing.assert_allclose(corrected["p_bh"], [0.04, 0.03, np.nan, 0.03, 0.03])


def test_an_answer_says_of_how_many_it_is_one(session: Session, asking: Asking) -> None:
    asking.plan(EFFECT, 0.02)
    alone = notes(session.ask(EFFECT))
    assert "many_tests" not in alone and "exploratory" in alone and "cross_section" in alone
    session.ask(asking.plan(OTHER, 0.5))
    session.ask(asking.plan(GROUPS, float("nan")))
    said = notes(session.ask(EFFECT))["many_tests"]
    assert "een van 2 verkennende vragen" in said.nl
    assert "p = 0,040 (Holm), p = 0,040 (Benjamini-Hochberg)" in said.nl
    assert "one of 2 exploratory questions" in said.en and "p = 0.040 (Holm)" in said.en
    assert "many_tests" not in notes(session.ask(GROUPS))


def test_kept_and_forgotten(session: Session, asking: Asking, loaded: Wave) -> None:
    first, second = session.ask(EFFECT), session.ask(OTHER)
    session.keep(second)
    entry = session.keep(first, "eerste\nregel\x0b")
    assert entry.remark == "eerste\nregel "
    assert [kept.question for kept in session.kept] == [EFFECT, OTHER]
    session.forget(entry)
    session.forget(second)
    assert session.kept == () and len(session.entries) == 2
    assert session.entries[0].remark == ""
    other = asking(parse(GROUPS, load_lexicon(loaded.study)), loaded)
    with pytest.raises(AnalysisError, match="not asked in this session"):
        session.keep(other)
    with pytest.raises(AnalysisError, match="not asked in this session"):
        session.keep(replace(first, sha256="0" * 64))


def test_threads_lose_nothing(session: Session, asking: Asking) -> None:
    texts = [f"{EFFECT} | leeftijd {low} - {low + 20}" for low in range(20, 36)]

    def work(own: list[str]) -> None:
        for text in own:
            session.keep(session.ask(text))

    threads = [threading.Thread(target=work, args=(texts[k::2] * 2,)) for k in (0, 1, 0, 1)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(asking.asked) == sorted(texts)
    assert len(session.kept) == len(texts)


# ---- fixed before looking


@pytest.mark.parametrize(
    ("direction", "changes", "p", "outcome"),
    [
        ("positive", {}, 0.01, "expected"),
        ("negative", {}, 0.01, "opposite"),
        ("negative", {"value": -0.2}, 0.01, "expected"),
        ("negative", {"measure": "odds_ratio", "value": 0.6}, 0.01, "expected"),
        ("positive", {"measure": "superiority", "value": 0.4}, 0.01, "opposite"),
        ("positive", {}, 0.2, "undecided"),
        ("positive", {}, np.nan, "undecided"),
        ("positive", {"measure": "omega2"}, 0.01, "undirected"),
        ("any", {}, 0.01, "undirected"),
    ],
)
def test_the_direction_is_held_against_what_was_expected(
    session: Session,
    asking: Asking,
    direction: Any,
    changes: dict[str, Any],
    p: float,
    outcome: str,
) -> None:
    asking.plan(EFFECT, p, **changes)
    registration = session.register(EFFECT, direction)
    assert session.waiting == (registration,)
    answer = session.ask(EFFECT)
    (entry,) = session.entries
    assert session.waiting == ()
    assert entry.family == "confirmatory" and entry.outcome == outcome
    assert entry.registration == registration and registration.at < entry.at
    said = notes(answer)["confirmatory"]
    assert "vóór" in said.nl or "vast voordat" in said.nl
    assert {
        "expected": "is de verwachte",
        "opposite": "tegengesteld",
        "undecided": "niet te zeggen",
        "undirected": "valt hier niet te toetsen",
    }[outcome] in said.nl


@pytest.mark.parametrize(
    "later",
    [
        EFFECT,
        f"{EFFECT} | vrouw",
        f"{EFFECT} | controls: uren",
        "loopbaantevredenheid -> netwerken",
        "netwerken + willen -> loopbaantevredenheid",
        "netwerken * geslacht -> loopbaantevredenheid",
    ],
)
def test_what_was_seen_cannot_be_fixed_any_more(session: Session, later: str) -> None:
    session.ask(EFFECT)
    with pytest.raises(AnalysisError, match="tells something of it: netwerken -> "):
        session.register(later, "positive")
    assert session.waiting == ()


def test_all_reasons_against_fixing_are_given_at_once(session: Session) -> None:
    session.register(EFFECT, "positive")
    session.ask(f"{EFFECT} | vrouw")
    session.ask(f"{EFFECT} | man")
    with pytest.raises(AnalysisError) as caught:
        session.register(EFFECT, "upwards")  # type: ignore[arg-type]
    said = [problem.what for problem in caught.value.problems]
    assert len(said) == 4
    assert "it was fixed at 2026-03-02 09:01 UTC, direction positive" in said[0]
    assert "'upwards'" in said[3] and "positive, negative, any" in caught.value.problems[3].remedy


@pytest.mark.parametrize("question", [NONSENSE, NONSENSE.text], ids=["question", "text"])
def test_a_question_that_does_not_fit_together_cannot_be_fixed(
    session: Session, question: Any
) -> None:
    with pytest.raises(QuestionError):
        session.register(question, "positive")
    assert session.waiting == ()


SEEN = [
    ("a -> y", "a -> y", True),
    ("a -> y", "a + b -> y | controls: c", True),
    ("c -> y", "a -> y | controls: c", True),
    ("a + b -> y", "a -> y", True),
    ("y between a", "a=x -> y", True),
    ("b -> y", "a -> y", False),
    ("a -> y", "a -> z", False),
    ("a -> b", "a -> y | controls: z", False),
]
WORDS = {
    "a": "mobiliteitsgroep", "b": "netwerken", "c": "leeftijd", "y": "loopbaantevredenheid",
    "z": "orienteren", "x": "mobielen",
}  # fmt: skip


@pytest.mark.parametrize(("new", "old", "seen"), SEEN)
def test_what_an_answer_tells_of_another_question(
    new: str, old: str, seen: bool, study: Study
) -> None:
    def read(text: str) -> Any:
        spelt = [WORDS.get(part, part) for part in text.replace("=", " = ").split()]
        return parse(" ".join(spelt).replace(" = ", "="), load_lexicon(study))

    assert seen_before(read(new), "w1", read(old), "w1") is seen
    assert not seen_before(read(new), "w2", read(old), "w1")
    assert seen_before(read(new), "w2", replace(read(old), since="w2"), "w1") is seen


def test_an_outcome_by_itself_tells_nothing_of_its_relations(study: Study) -> None:
    lexicon = load_lexicon(study)
    change = parse("netwerken since 2006", lexicon)
    effect = parse("netwerken -> loopbaantevredenheid", lexicon)
    assert not seen_before(effect, "2006", change, "2008")
    assert not seen_before(change, "2008", effect, "2006")
    assert seen_before(change, "2008", change, "2008")
