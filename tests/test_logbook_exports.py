"""What a session is written to: a notebook that runs, Word and CSV; and how it is shown."""

from __future__ import annotations

import ast
import contextlib
import re
import shutil
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import docx
import nbformat
import numpy as np
import pandas as pd
import pytest

from builders import SmallWave
from mobiliteit.csvfile import guarded
from mobiliteit.errors import AnalysisError, OutputError
from mobiliteit.logbook import (
    Session,
    load_session,
    save_session,
    show_answer,
    show_repeat,
    show_session,
    write_csv,
    write_docx,
    write_log,
    write_notebook,
)
from mobiliteit.notebooks_runner import run_notebooks
from mobiliteit.project import Project, find_project
from mobiliteit.wave import Wave
from session_builder import Asking, began, by_hand

PROJECT = find_project(Path(__file__).parent)
EFFECT = "netwerken -> loopbaantevredenheid"
WILL = "willen -> orienteren"
GROUPS = "loopbaantevredenheid between mobiliteitsgroep"
OTHER = "effectiviteit -> sollicitaties"
REMARK = '=HYPERLINK("http://x.invalid";"klik") <b>*vet*</b>'


@pytest.fixture
def asking(monkeypatch: pytest.MonkeyPatch) -> Asking:
    return by_hand(monkeypatch)


@pytest.fixture
def session(asking: Asking, loaded: Wave) -> Session:
    """Four questions asked and one waiting; three kept, the last of them withheld."""
    session = Session(loaded)
    session.register(asking.plan(WILL, 0.0004, value=-0.256), "negative")
    session.register("moeten -> orienteren", "any")
    session.keep(session.ask(asking.plan(EFFECT, 0.02, value=0.25)), REMARK)
    session.keep(session.ask(WILL))
    session.ask(asking.plan(OTHER, 0.5))
    session.keep(session.ask(asking.plan(GROUPS, float("nan"))))
    return session


# ---- CSV


def test_csv_has_a_line_per_estimate_and_both_languages(session: Session, tmp_path: Path) -> None:
    path = write_csv(session, tmp_path / "in" / "log.csv")
    frame = pd.read_csv(path)
    assert list(frame["question"]) == [EFFECT, EFFECT, WILL, WILL, GROUPS]
    assert list(frame["robust"]) == [False, True] * 2 + [False]
    np.testing.assert_allclose(frame["value"], [0.25, 0.25, -0.256, -0.256, np.nan])
    np.testing.assert_allclose(frame["low"][:4], [0.15, 0.05, -0.356, -0.456])
    # Holm over two exploratory questions with a p (0.02 and 0.5); the registered one by itself.
    np.testing.assert_allclose(frame["p_holm"], [0.04, np.nan, 0.0004, np.nan, np.nan])
    assert list(frame["tests"].fillna(0)) == [2, 0, 1, 0, 2]
    assert list(frame["family"]) == ["exploratory"] * 2 + ["confirmatory"] * 2 + ["exploratory"]
    assert frame["outcome"].tolist()[2] == "expected" and pd.isna(frame["outcome"][0])
    assert set(frame["mark_nl"]) == {session.wave.mark("nl")}
    assert not frame["file_changed"].any()
    assert frame["python"][0] == f'mb.ask("{EFFECT}", "{session.wave.id}")'
    assert set(frame["sha256"]) == {session.wave.sha256}
    assert {"question_nl", "question_en", "answer_nl", "answer_en"} <= set(frame)


def test_no_cell_is_a_formula(session: Session, tmp_path: Path) -> None:
    frame = pd.read_csv(write_csv(session, tmp_path / "log.csv"), dtype="str")
    assert frame["remark"][0] == "'" + REMARK
    for column in frame.columns.difference(["value", "low", "high"]):
        for text in frame[column].dropna():
            assert not text.lstrip().startswith(("=", "+", "-", "@")), (column, text)
    # A negative number is a number, and stays one.
    assert float(frame["value"][2]) == -0.256


@pytest.mark.parametrize(
    ("text", "safe"),
    [
        ("=1+1", "'=1+1"),
        ("+1", "'+1"),
        ("-1", "'-1"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("\t=1", "'\t=1"),
        (" \r\n=1", "' \r\n=1"),
        ("＝1", "'＝1"),
        ("gewoon - tekst", "gewoon - tekst"),
        ("", ""),
        (-1.5, -1.5),
    ],
)
def test_formulas_are_guarded(text: Any, safe: Any) -> None:
    assert guarded(text) == safe


# ---- Word


def contents(path: Path) -> dict[str, bytes]:
    with ZipFile(path) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def texts(document: Any) -> list[str]:
    return [paragraph.text for paragraph in document.paragraphs]


def test_word_has_real_headings_tables_and_a_mark(session: Session, tmp_path: Path) -> None:
    document = docx.Document(str(write_docx(session, tmp_path / "log.docx")))
    styles = {style: [] for style in ("Title", "Heading 1", "Heading 2", "List Bullet", "Quote")}
    for paragraph in document.paragraphs:
        styles.setdefault(paragraph.style.name, []).append(paragraph.text)
    sentences = [entry.sentence.nl for entry in session.kept]
    assert styles["Heading 1"] == [*sentences, "Alle vragen van deze sessie"]
    assert styles["Heading 2"].count("Let op") == styles["Heading 2"].count("Verantwoording") == 3
    assert styles["Quote"] == [REMARK]
    mark = session.wave.mark("nl")
    assert mark in styles["Intense Quote"]
    assert mark in [line.text for line in document.sections[0].header.paragraphs]
    assert any("moeten -> orienteren" in line for line in styles["List Bullet"])
    estimates, _, every = document.tables
    assert [cell.text for cell in estimates.rows[0].cells] == [
        "Schatting", "Maat", "Waarde", "95%-interval", "p", "n",
    ]  # fmt: skip
    assert [cell.text for cell in estimates.rows[1].cells] == [
        "netwerken", "bèta", "0,25", "0,15 tot 0,35", "0,020", "120",
    ]  # fmt: skip
    assert estimates.rows[2].cells[0].text == "netwerken (robuust: met de hand)"
    assert len(every.rows) == 5
    assert [cell.text for cell in every.rows[2].cells][1:] == [
        session.wave.id, "toetsend", "ja", "< 0,001", "< 0,001", "< 0,001",
    ]  # fmt: skip
    for table in document.tables:
        assert table.style.name == "Light Shading"
        assert table.rows[0]._tr.xpath("./w:trPr/w:tblHeader")
    shown = "\n".join(texts(document))
    assert f"begonnen op {began(session)}, zijn vragen gesteld: 4" in shown
    assert f'mb.ask("{EFFECT}", "{session.wave.id}")' in shown and session.wave.sha256 in shown
    made = document.core_properties
    assert made.created == made.modified == session.started
    assert not re.search(r"\d\.\d", "".join(c.text for r in estimates.rows for c in r.cells))


def test_word_in_english(session: Session, tmp_path: Path) -> None:
    document = docx.Document(str(write_docx(session, tmp_path / "log.docx", lang="en")))
    assert document.tables[0].rows[1].cells[3].text == "0.15 to 0.35"
    assert document.core_properties.language == "en-GB"
    shown = "\n".join(texts(document))
    assert "Questions asked in this session" in shown and session.wave.mark("en") in shown
    for entry in session.kept:
        assert entry.sentence.en in shown and entry.says.en in shown
        assert entry.sentence.nl not in shown


def test_the_same_session_gives_the_same_files(
    session: Session, messy: SmallWave, tmp_path: Path
) -> None:
    first, second = write_log(session, tmp_path / "a"), write_log(session, tmp_path / "b")
    assert [path.name for path in first] == [
        "logboek.ipynb", "logboek.docx", "logboek.csv", "logboek.json",
    ]  # fmt: skip
    for one, other in zip(first, second, strict=True):
        if one.suffix == ".docx":
            assert contents(one) == contents(other)
        else:
            assert one.read_bytes() == other.read_bytes()
    again = load_session(first[3], root=messy.root)
    assert write_log(again, tmp_path / "c", lang="en")[0].name == "log.ipynb"


@pytest.mark.parametrize("write", [write_notebook, write_docx, write_csv])
def test_nothing_kept_is_nothing_to_export(
    write: Any, asking: Asking, loaded: Wave, tmp_path: Path
) -> None:
    session = Session(loaded)
    session.ask(EFFECT)
    with pytest.raises(AnalysisError, match="Keep at least one"):
        write(session, tmp_path / "x")
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("write", [write_notebook, write_docx, write_log])
def test_another_language_is_refused(write: Any, session: Session, tmp_path: Path) -> None:
    with pytest.raises(AnalysisError, match="Use one of: nl, en"):
        write(session, tmp_path / "x", lang="de")
    assert not list(tmp_path.iterdir())


def test_a_folder_that_cannot_be_made(session: Session, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x", encoding="utf-8")
    with pytest.raises(OutputError):
        write_log(session, tmp_path / "file" / "below")


# ---- notebook


def test_what_people_wrote_is_text_in_the_notebook(session: Session, tmp_path: Path) -> None:
    notebook = nbformat.read(write_notebook(session, tmp_path / "log.ipynb"), as_version=4)
    nbformat.validate(notebook)
    text = "\n".join(cell.source for cell in notebook.cells if cell.cell_type == "markdown")
    assert "<b>" not in text and r"\<b\>\*vet\*\</b\>" in text
    assert session.wave.mark("nl")[:20] in text
    code = "\n".join(cell.source for cell in notebook.cells if cell.cell_type == "code")
    assert REMARK not in code


def run_here(source: Project, path: Path) -> str:
    """Run the cells of a notebook in this process; their code and what the last line shows."""
    names: dict[str, Any] = {}
    shown = []
    with contextlib.chdir(source.root):
        for cell in nbformat.read(path, as_version=4).cells:
            if cell.cell_type == "code":
                tree = ast.parse(cell.source)
                last = tree.body.pop() if isinstance(tree.body[-1], ast.Expr) else None
                exec(compile(tree, str(path), "exec"), names)
                shown.append(cell.source)
                if isinstance(last, ast.Expr):
                    result = eval(compile(ast.Expression(last.value), str(path), "eval"), names)
                    shown.append(result._repr_html_())
    return "\n".join(shown)


def run_in_a_kernel(source: Project, path: Path) -> str:
    (page,) = run_notebooks(source, Project(path.parents[2] / "output"), wave="2006")
    return page.read_text(encoding="utf-8")


# A kernel of its own imports everything once more, which takes ten seconds.
@pytest.mark.parametrize(
    "run", [run_here, pytest.param(run_in_a_kernel, marks=pytest.mark.slow)], ids=["here", "kernel"]
)
def test_the_notebook_runs_and_says_what_is_not_as_in_the_log(tmp_path: Path, run: Any) -> None:
    source = Project(tmp_path / "source")
    shutil.copytree(PROJECT.raw("2006"), source.raw("2006"))
    session = Session("2006", root=source.root)
    session.register(WILL, "positive")
    for text in (WILL, GROUPS):
        session.keep(session.ask(text))
    path = write_notebook(session, source.notebooks / "01_logboek.ipynb")
    # One number of the log is changed: then that question is no longer the same.
    content = path.read_text(encoding="utf-8")
    value = repr(session.kept[1].facts()["value"])
    assert content.count(value) == 1
    path.write_text(content.replace(value, "0.123456789"), encoding="utf-8")
    shown = run(source, path)
    assert shown.count("Gelijk aan het logboek") == 1
    same, differs = shown.index("Gelijk aan het logboek"), shown.index("anders dan in het logboek")
    assert same < differs < shown.rindex("0.123456789")
    assert shown.count(value) == 1


def test_a_picture_has_alternative_text_unless_the_file_changed(tmp_path: Path) -> None:
    shutil.copytree(PROJECT.raw("2006"), tmp_path / "data_raw" / "2006")
    session = Session("2006", root=tmp_path)
    session.keep(session.ask(GROUPS))
    path = write_docx(session, tmp_path / "log.docx")
    document = docx.Document(str(path))
    (picture,) = document.inline_shapes
    described = picture._inline.docPr.get("descr")
    assert described and "mobiel" in described.lower()
    assert "Figuur 1. " in "\n".join(texts(document))
    saved = save_session(session, tmp_path / "log.json")
    again = load_session(saved, root=tmp_path)
    same = contents(write_docx(again, tmp_path / "again.docx"))
    assert same == contents(path)
    content = saved.read_text(encoding="utf-8").replace(session.wave.sha256, "0" * 64)
    saved.write_text(content, encoding="utf-8")
    changed = load_session(saved, root=tmp_path)
    document = docx.Document(str(write_docx(changed, tmp_path / "changed.docx")))
    assert len(document.inline_shapes) == 0
    shown = "\n".join(texts(document))
    assert "Geen figuur" in shown and "is sindsdien veranderd" in shown


def test_a_change_rests_on_two_files(tmp_path: Path) -> None:
    session = Session("2008-demo", root=PROJECT.root)
    session.keep(session.ask("netwerken since 2006"))
    (entry,) = session.kept
    assert entry.since == "2006" and entry.against_sha256 == session._open("2006").sha256
    assert entry.sha256 == session.wave.sha256 != entry.against_sha256
    assert session.changed(entry) is None
    shown = "\n".join(texts(docx.Document(str(write_docx(session, tmp_path / "log.docx")))))
    for name, sha256 in (("2008-demo", entry.sha256), ("2006", entry.against_sha256)):
        assert f"Golf {name}, controlegetal (SHA-256) {sha256}." in shown


# ---- what a notebook shows


def test_what_differs_from_the_log_is_said(session: Session) -> None:
    entry, answer = session.kept[0], session.ask(EFFECT)
    assert show_repeat(answer, entry.facts()).lead == ("Gelijk aan het logboek.",)
    assert show_repeat(answer, entry.facts() | {"value": 0.25 * (1 + 1e-12)}).rows == ()
    other = entry.facts() | {"value": 0.2501, "sha256": "0" * 64, "verdict": "none", "p": None}
    shown = show_repeat(answer, other, lang="en")
    assert [row[0] for row in shown.rows] == ["checksum of the file", "verdict", "value", "p"]
    assert shown.rows[2] == ("value", "0.2501", "0.25") and shown.rows[3] == ("p", "–", "0.02")
    withheld = session.kept[2]
    assert show_repeat(session.ask(GROUPS), withheld.facts()).rows == ()


def test_a_question_without_an_answer_is_shown_with_its_message(session: Session) -> None:
    shown = show_answer(session, "netwerkn -> loopbaantevredenheid", remark="x")
    html = shown._repr_html_()
    assert "krijgt geen antwoord" in html and "<pre" in html
    assert "^^^^" in html and "netwerken" in html and "-&gt;" in html
    answer = show_answer(session, OTHER, remark="alsnog")
    assert answer.question.text == OTHER
    assert next(entry for entry in session.kept if entry.question == OTHER).remark == "alsnog"


def test_everything_asked_is_listed(session: Session) -> None:
    shown = show_session(session)
    assert len(shown.rows) == 4
    assert shown.rows[2][2:] == ("verkennend", "nee", "0,500", "0,500", "0,500")
    assert shown.rows[3][4:] == ("–", "–", "–")
    assert "moeten -> orienteren" in shown.lead[1] and "verwachte richting" in shown.lead[1]
