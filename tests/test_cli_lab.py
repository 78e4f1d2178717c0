"""``mobiliteit ask``: what it prints and writes, and how it refuses."""

from __future__ import annotations

import errno
import sys
from pathlib import Path

import pytest

from mobiliteit.project import find_project
from test_cli import run

ROOT = find_project(Path(__file__).parent).root
GROUPS = "loopbaantevredenheid between mobiliteitsgroep"
pytestmark = pytest.mark.usefixtures("_at_root")


@pytest.fixture
def _at_root(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)


def test_ask_prints_the_answer_and_what_to_mind(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(monkeypatch, "ask", GROUPS) == 0
    shown = " ".join(capsys.readouterr().out.split())
    assert shown.startswith("NB ") and "synthetisch" in shown.lower()
    assert GROUPS in shown and "omega²" in shown and "robuust, " in shown
    assert "n = 1" in shown and "%-interval" in shown
    assert "{" not in shown and "nan" not in shown


def test_ask_in_english_and_as_a_page(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    page = tmp_path / "answer.html"
    assert run(monkeypatch, "ask", GROUPS, "--lang", "en", "--html", str(page)) == 0
    shown = " ".join(capsys.readouterr().out.split())
    assert "95% interval" in shown and "synthetic" in shown.lower() and f"Written: {page}" in shown
    html = page.read_text(encoding="utf-8")
    assert '<html lang="en">' in html and "<script" not in html


def test_the_page_is_written_though_nobody_reads_what_is_printed(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    def closed(*args: object, **kwargs: object) -> None:
        raise BrokenPipeError(errno.EPIPE, "closed")

    page = tmp_path / "answer.html"
    monkeypatch.setattr("mobiliteit.render.answers.answer_page", lambda answer, lang: "whole")
    monkeypatch.setattr("typer.echo", closed)
    for name in ("stdout", "stderr"):  # the command line wraps them when a pipe is closed
        monkeypatch.setattr(sys, name, getattr(sys, name))
    assert run(monkeypatch, "ask", GROUPS, "--html", str(page)) == 1
    assert page.read_text(encoding="utf-8") == "whole"
    assert "Traceback" not in capsys.readouterr().err


def test_a_change_holds_waves_of_the_same_project_against_each_other(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    arguments = ("ask", "netwerken since 2006", "--wave", "2008-demo", "--root", str(ROOT))
    assert run(monkeypatch, *arguments) == 0
    shown = " ".join(capsys.readouterr().out.split())
    assert "2008-demo" in shown and "%-interval" in shown


@pytest.mark.parametrize(
    ("lang", "said"), [("nl", "geen naam uit het codeboek"), ("en", "no name of the codebook")]
)
def test_a_mistake_in_the_question_is_one_message_that_points_at_it(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], lang: str, said: str
) -> None:
    assert run(monkeypatch, "ask", "netwerkn -> loopbaantevredenheid", "--lang", lang) == 2
    shown = capsys.readouterr()
    lines = shown.err.splitlines()
    place = next(k for k, line in enumerate(lines) if "^" in line)
    start = lines[place].index("^")
    assert lines[place - 1][start : start + lines[place].count("^")] == "netwerkn"
    assert "netwerken" in shown.err and said in shown.err
    assert "Traceback" not in shown.err and not shown.out


def test_another_language_and_another_wave_are_refused(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(monkeypatch, "ask", GROUPS, "--lang", "de") == 2
    assert "use nl or en" in capsys.readouterr().err
    assert run(monkeypatch, "ask", GROUPS, "--wave", "1066") == 2
    assert "1066" in capsys.readouterr().err
