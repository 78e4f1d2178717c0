"""A session in a file: it goes on where it was, and a file that was changed is refused or said."""

from __future__ import annotations

import ast
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from builders import SmallWave
from mobiliteit.errors import AnalysisError, MobiliteitError
from mobiliteit.logbook import Session, load_session, save_session
from mobiliteit.logbook.entry import python_line
from mobiliteit.wave import Wave
from session_builder import Asking, by_hand, notes

EFFECT = "netwerken -> loopbaantevredenheid"
GROUPS = "loopbaantevredenheid between mobiliteitsgroep"
WILL = "willen -> orienteren"
OTHER = "effectiviteit -> sollicitaties"


@pytest.fixture
def asking(monkeypatch: pytest.MonkeyPatch) -> Asking:
    return by_hand(monkeypatch)


@pytest.fixture
def session(asking: Asking, loaded: Wave) -> Session:
    return Session(loaded)


@given(st.text(max_size=40), st.text(max_size=10), st.sampled_from([0.95, 0.9]))
def test_the_line_of_python_holds_its_texts_and_no_code(text: str, wave: str, level: float) -> None:
    call = ast.parse(python_line(text, wave, level), mode="eval").body
    assert isinstance(call, ast.Call)
    assert [ast.literal_eval(argument) for argument in call.args] == [text, wave]
    named = {word.arg: ast.literal_eval(word.value) for word in call.keywords}
    assert named == ({} if level == 0.95 else {"level": 0.9})


@pytest.fixture
def saved(session: Session, asking: Asking, tmp_path: Path, messy: SmallWave) -> Path:
    """A session of three questions, two kept, one of those fixed beforehand, and one waiting."""
    session.register(asking.plan(WILL, 0.03), "positive")
    session.register(OTHER, "any")
    session.keep(session.ask(asking.plan(EFFECT, 0.02)), "een opmerking")
    session.keep(session.ask(WILL))
    session.ask(asking.plan(GROUPS, float("nan")))
    return save_session(session, tmp_path / "sessie.json")


def test_a_session_goes_on_where_it_was(
    saved: Path, session: Session, asking: Asking, messy: SmallWave
) -> None:
    before = saved.read_bytes()
    again = load_session(saved, root=messy.root)
    assert again.entries == session.entries
    assert again.waiting == session.waiting
    assert again.started == session.started
    assert again.corrected().equals(session.corrected())
    assert save_session(again, saved).read_bytes() == before
    again.ask(EFFECT)
    assert len(again.entries) == 3
    assert again.entries[0].at == session.entries[0].at
    answer = again.ask(OTHER)
    assert "confirmatory" in notes(answer) and again.waiting == ()
    assert [again.changed(entry) for entry in again.entries] == [None] * 4
    with pytest.raises(AnalysisError, match="tells something"):
        again.register(f"{EFFECT} | vrouw", "positive")


def test_another_file_is_said_of_each_entry(saved: Path, asking: Asking, messy: SmallWave) -> None:
    then = load_session(saved, root=messy.root).wave.sha256
    women = messy.frame["q_geslacht"] == messy.frame["q_geslacht"].max()
    messy.set(messy.frame.index[women][0], "geslacht", messy.frame["q_geslacht"].min()).write()
    session = load_session(saved, root=messy.root)
    now = session.wave.sha256
    assert now != then
    for entry in session.entries:
        changed = session.changed(entry)
        assert changed is not None
        assert then[:12] in changed.nl and now[:12] in changed.nl and "veranderd" in changed.nl
        assert "has changed" in changed.en
        assert session.answer(entry) is None
    # Asked of the new answers it is another question, and no longer one that nobody looked at.
    assert "exploratory" in notes(session.ask(WILL))
    assert len(session.entries) == 4
    assert session.changed(session.entries[3]) is None


def damage(path: Path, change: Callable[[dict[str, Any]], object]) -> None:
    content = json.loads(path.read_text(encoding="utf-8"))
    change(content)
    path.write_text(json.dumps(content), encoding="utf-8")


def test_a_wave_that_is_gone_is_said(saved: Path, asking: Asking, messy: SmallWave) -> None:
    def since(content: dict[str, Any]) -> None:
        entry = content["entries"][0]
        for name in ("question", "python"):
            entry[name] = entry[name].replace(EFFECT, f"{EFFECT} since 1999")
        entry.update(since="1999", against_sha256="a" * 64)

    damage(saved, since)
    session = load_session(saved, root=messy.root)
    changed = session.changed(session.entries[0])
    assert changed is not None
    assert changed.nl.startswith("Golf 1999 is hier nu niet te lezen")
    assert session.answer(session.entries[0]) is None
    assert session.changed(session.entries[1]) is None
    assert session.answer(session.entries[1]) is not None


BROKEN: dict[str, tuple[Callable[[dict[str, Any]], object], str]] = {
    "format": (lambda c: c.update(format="iets"), "format"),
    "version": (lambda c: c.update(version=2), "version"),
    "unknown key": (lambda c: c.update(more=1), "more"),
    "no entries": (lambda c: c.pop("entries"), "entries"),
    "twice": (lambda c: c["entries"].append(c["entries"][0]), "more than once"),
    "code": (
        lambda c: c["entries"][0].update(python="__import__('os').system('true')"),
        "entries.0: .*not the line that repeats",
    ),
    "late": (
        lambda c: c["entries"][1]["registration"].update(at="2030-01-01T00:00:00Z"),
        "registered after it was asked",
    ),
    "other": (
        lambda c: c["entries"][1]["registration"].update(wave="1999"),
        "registration is of another question",
    ),
    "no zone": (lambda c: c.update(started="2026-03-02T09:00:00"), "started"),
    "p": (lambda c: c["entries"][0].update(p=1.5), "entries.0.p"),
    "n": (lambda c: c["entries"][0].update(n=-1), "entries.0.n"),
    "text": (lambda c: c["entries"][0].update(n="veel"), "entries.0.n"),
    "infinite": (lambda c: c["entries"][0]["estimates"][0].update(value=np.inf), "value"),
    "folder": (lambda c: c.update(wave="../../etc"), "wave"),
    "checksum": (lambda c: c["entries"][0].update(sha256="abc"), "sha256"),
    "signs": (lambda c: c["entries"][0].update(remark="a\x00b"), "cannot be written"),
}


@pytest.mark.parametrize("kind", BROKEN)
def test_a_file_that_is_not_as_it_was_saved(kind: str, saved: Path, messy: SmallWave) -> None:
    change, said = BROKEN[kind]
    damage(saved, change)
    with pytest.raises(MobiliteitError, match=said) as caught:
        load_session(saved, root=messy.root)
    assert "sessie.json is not a session that can be read" in str(caught.value)


def test_all_misfits_of_a_file_are_said_together(saved: Path, messy: SmallWave) -> None:
    damage(saved, lambda c: (c["entries"][0].update(p=2), c["entries"][2].update(kept="x")))
    with pytest.raises(MobiliteitError) as caught:
        load_session(saved, root=messy.root)
    assert len(caught.value.problems) == 2


@pytest.mark.parametrize("content", [b"", b"{", b"\xff\xfe", b"[]", b"null", b'"' * 9])
def test_a_file_that_is_no_session(content: bytes, tmp_path: Path) -> None:
    path = tmp_path / "x.json"
    path.write_bytes(content)
    with pytest.raises(MobiliteitError, match="not a session"):
        load_session(path)
    with pytest.raises(MobiliteitError, match=r"(?s)not a session.*No such file"):
        load_session(tmp_path / "weg.json")


def test_a_question_that_the_codebook_no_longer_has(saved: Path, messy: SmallWave) -> None:
    def rename(content: dict[str, Any]) -> None:
        entry = content["entries"][0]
        entry["question"] = "vroeger -> loopbaantevredenheid"
        entry["python"] = entry["python"].replace("netwerken", "vroeger")

    damage(saved, rename)
    with pytest.raises(MobiliteitError, match="vroeger"):
        load_session(saved, root=messy.root)
