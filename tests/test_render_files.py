"""Tables alone as Word and LaTeX, and the notes of their cells in both languages."""

from __future__ import annotations

import dataclasses
import io
import re
import shutil
import subprocess
from pathlib import Path

import docx
import pypdfium2 as pdfium
import pytest
from docx.oxml.ns import qn

from builders import SmallWave
from mobiliteit.errors import AnalysisError
from mobiliteit.project import find_project
from mobiliteit.regress import standardized_regression
from mobiliteit.render.latex import escaped, to_latex
from mobiliteit.render.layout import lay_out
from mobiliteit.render.note_words import cell_notes
from mobiliteit.render.tables import TableView, display
from mobiliteit.render.word import to_docx
from mobiliteit.scorecard import Scorecard, score_wave
from mobiliteit.study import Study
from mobiliteit.tables import TableResult, compute_table, compute_tables
from mobiliteit.wave import Wave

ROOT = find_project(Path(__file__).parent).root
VERDICTS = ("different", "last_digit", "not_computable")


@pytest.fixture(scope="module")
def scorecard(loaded: Wave) -> Scorecard:
    return score_wave(loaded)


@pytest.fixture(scope="module")
def results(loaded: Wave) -> dict[str, TableResult]:
    return {number: compute_table(loaded, number) for number in ("3.3", "3.6", "3.7")}


def view(
    results: dict[str, TableResult], scorecard: Scorecard, number: str, lang: str = "nl"
) -> TableView:
    return display(results[number], scorecard.frame, lang=lang)


def latex_rows(text: str) -> list[list[str]]:
    """Cells of the rows of the first tabular, commands taken off."""
    body = text.partition(r"\toprule")[2].partition(r"\bottomrule")[0]
    body = re.sub(r"\\cellcolor\{\w+\}|\\midrule|\\cmidrule\(lr\)\{[\d-]+\}", "", body)
    body = re.sub(r"\\text(?:it|bf)\{((?:[^{}]|\{[^{}]*\})*)\}", r"\1", body)
    lines = [line.removesuffix(r"\\").strip() for line in body.split("\n") if line.strip()]
    return [[cell.strip() for cell in line.split(" & ")] for line in lines]


def test_latex_holds_every_cell(results: dict[str, TableResult], scorecard: Scorecard) -> None:
    shown = view(results, scorecard, "3.7")
    rows = {row[0]: row[1:] for row in latex_rows(to_latex(shown))}
    for label, cells in shown.cells.groupby("row_label"):
        expected = [
            re.sub(r"^-", "$-$", escaped(text))
            for cell in cells.to_dict("records")
            for text in (f"{cell['text']} {cell['sign']}".rstrip(), cell["published"])
        ]
        assert rows[escaped(str(label))] == expected
    assert r"\textsuperscript" not in to_latex(shown)
    assert to_latex(shown).count(r"\caption{") == 1
    assert r"\renewcommand{\thetable}{3.7}" in to_latex(shown)
    assert shown.mark.split(".")[0] in to_latex(shown)


def test_latex_is_balanced_and_turns_wide_tables(
    results: dict[str, TableResult], scorecard: Scorecard
) -> None:
    text = to_latex([view(results, scorecard, number, "en") for number in results])
    bare = re.sub(r"\\[{}]", "", text)
    assert bare.count("{") == bare.count("}")
    for kind in re.findall(r"\\begin\{(\w+)\}", text):
        assert text.count(rf"\begin{{{kind}}}") == text.count(rf"\end{{{kind}}}")
    assert text.count(r"\begin{sidewaystable}") == 1 and text.count(r"\begin{table}") == 2
    # Every row has as many cells as the tabular has columns.
    for block in text.split(r"\begin{tabularx}")[1:]:
        count = len(re.search(r"X(r+)\}", block)[1])
        for line in block.partition(r"\bottomrule")[0].split("\n"):
            if line.endswith(r"\\") and "multicolumn" not in line:
                assert line.count(" & ") == count, line


@pytest.mark.slow  # runs LaTeX
@pytest.mark.skipif(shutil.which("pdflatex") is None, reason="there is no pdflatex here")
@pytest.mark.parametrize("lang", ["nl", "en"])
@pytest.mark.parametrize("wave", ["bundled", "practice"])
def test_latex_sets_every_table_on_a_page(
    wave: str, lang: str, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    tables = compute_tables(request.getfixturevalue(wave))
    scored = score_wave(tables["3.1"].wave, tables)
    text = to_latex([view(tables, scored, number, lang) for number in tables])
    # What the comments at the head ask for is all that a document needs.
    asked = re.findall(r"^% (\\(?:usepackage|definecolor).*)$", text, re.MULTILINE)
    lines = [r"\documentclass[a4paper]{article}", r"\usepackage[margin=2.5cm]{geometry}", *asked]
    body = "\n".join([*lines, r"\begin{document}", text, r"\end{document}"])
    (tmp_path / "tables.tex").write_text(body, encoding="utf-8")
    command = ["pdflatex", "-interaction=nonstopmode", "-halt-on-error", "tables.tex"]
    run = subprocess.run(command, cwd=tmp_path, capture_output=True, check=False)
    log = run.stdout.decode("utf-8", "replace")
    if "not found" in log:
        pytest.skip(f"a package of LaTeX is not here: {re.search(r'File .* not found', log)}")
    assert run.returncode == 0, log[-2000:]
    assert "Overfull" not in log and "too large" not in log and "Missing character" not in log
    document = pdfium.PdfDocument(tmp_path / "tables.pdf")
    shown = " ".join(page.get_textpage().get_text_range() for page in document)
    word = {"nl": "Tabel", "en": "Table"}[lang]
    assert re.findall(rf"{word} (3\.\d+):", shown) == list(tables)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("100% & #1_a", r"100\% \& \#1\_a"),
        (r"\cmd{x}$y^2~", r"\textbackslash{}cmd\{x\}\$y\textasciicircum{}2\textasciitilde{}"),
        ("0,15*** ≠", r"0,15{*}{*}{*} $\neq$"),
        ("p < .05 [0; 1]", r"p \textless{} .05 {[}0; 1{]}"),
        ("n = 4–373", r"n = 4--373"),
        ("two\nlines", "two lines"),
    ],
)
def test_latex_prints_signs_as_they_are(text: str, expected: str) -> None:
    assert escaped(text) == expected


def test_word_shows_differences_in_colour_and_sign(
    results: dict[str, TableResult], scorecard: Scorecard
) -> None:
    frame = scorecard.frame.copy()
    own = frame.index[frame["table"] == "3.7"]
    frame.loc[own, "verdict"] = "exact"
    frame.loc[own[: len(VERDICTS)], "verdict"] = VERDICTS
    document = docx.Document(io.BytesIO(to_docx(display(results["3.7"], frame))))
    (table,) = document.tables
    filled = [
        (cell._tc.tcPr.find(qn("w:shd")).get(qn("w:fill")), cell.text[-1])
        for row in table.rows
        for cell in row.cells
        if cell._tc.tcPr.find(qn("w:shd")) is not None
    ]
    assert filled == [("FBDDCF", "≠"), ("FFF1CC", "≈"), ("E4E4E4", "∅")]
    assert table.style.name == "Mobiliteit"


def test_word_without_published_numbers(results: dict[str, TableResult]) -> None:
    shown = display(results["3.6"], lang="en")
    document = docx.Document(io.BytesIO(to_docx([shown, display(results["3.7"], lang="en")])))
    assert len(document.tables) == 2
    header = [cell.text for cell in document.tables[0].rows[1].cells]
    assert set(header[1:]) == {"computed", "p"}
    assert "Table 3.6" in " ".join(paragraph.text for paragraph in document.paragraphs)


def test_layout_follows_the_table(results: dict[str, TableResult], scorecard: Scorecard) -> None:
    layout = lay_out(view(results, scorecard, "3.3"))
    assert [len(spanner.columns) for spanner in layout.spanners] == [2, 2, 2, 3]
    headings = [layout.opens(k) for k in range(len(layout.labels))]
    assert [text for text in headings if text] == list(dict.fromkeys(layout.groups))
    assert not layout.wide and lay_out(view(results, scorecard, "3.6")).wide
    sums = lay_out(view(results, scorecard, "3.7")).sums
    assert sums == (7,)


ENGLISH = {
    "niemand in deze groep": "nobody in this group",
    "een verwacht aantal is kleiner dan 5": "an expected count is below 5",
    "niet gevraagd in deze golf (te lang; te duur)": "not asked in this wave (te lang; te duur)",
    "in deze golf zonder 2 van de 5 vragen (x)": "in this wave without 2 of its 5 questions (x)",
    "omgerekend van een schaal van 1-7 en 1-10": "carried over from a scale of 1-7 and 1-10",
    "omgerekend van een schaal van 1-7": "carried over from a scale of 1-7",
    "dit model is met deze golf niet te schatten: Netwerken: niet gevraagd in deze golf (x)": (
        "this model cannot be estimated with this wave: Networking: not asked in this wave (x)"
    ),
    "niemand in deze groep; omgerekend van een schaal van 1-7": (
        "nobody in this group; carried over from a scale of 1-7"
    ),
    "dit kent niemand": "dit kent niemand",
}


def test_notes_in_both_languages(study: Study) -> None:
    assert cell_notes(ENGLISH, study, "en") == ENGLISH
    assert cell_notes(ENGLISH, study, "nl") == dict.fromkeys(ENGLISH) | {n: n for n in ENGLISH}


def test_what_keeps_a_model_from_being_fitted_is_told_in_dutch(loaded: Wave, study: Study) -> None:
    table = study.tables.tables["3.8"]
    frame = loaded.frame.assign(pop=1.0)
    for data, names, expected in (
        (loaded.frame.head(9), list(table.rows), "respondenten hebben alle"),
        (frame, ["netwerken", "pop"], "is bij alle"),
    ):
        with pytest.raises(AnalysisError) as failure:
            standardized_regression(data, "loopbaantevredenheid", names)
        notes = [problem.what for problem in failure.value.problems]
        dutch = " ".join(cell_notes(notes, study, "nl").values())
        assert expected in dutch
        assert not re.search(r"\b(the|only|have|all|same|for)\b", dutch), dutch


def test_notes_of_an_english_table_are_english(
    results: dict[str, TableResult], scorecard: Scorecard
) -> None:
    cells = results["3.7"].cells.copy()
    cells.loc[cells.index[0], "note"] = "niemand heeft hier een antwoord"
    shown = display(dataclasses.replace(results["3.7"], cells=cells), lang="en")
    assert any(note.startswith("Note: nobody has an answer here (") for note in shown.notes())


def test_the_ledger_in_english(messy: SmallWave) -> None:
    from mobiliteit.render.lists import show_ledger

    shown = show_ledger(messy.load(), "en")
    assert shown.header == ("Step", "What", "Which", "Number")
    which = {row[2]: row[3] for row in shown.rows}
    assert which["delivered records"] == "43"
    assert which["screened out"] == "3" and which["not finished"] == "2"
    assert which["cannot be classified: fits no rule"] == "1"
    more = next(name for name in which if "more than one rule" in name)
    assert "_" not in more and which["kept respondents"] == "32"
