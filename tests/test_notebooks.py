"""Notebooks: committed without output or logic, run from a clean kernel, shown as one page."""

from __future__ import annotations

import ast
import re
import shutil
from pathlib import Path

import nbformat
import pytest

from mobiliteit import notebooks_runner
from mobiliteit.asking.grammar import parse_question
from mobiliteit.errors import MobiliteitError, QuestionError
from mobiliteit.gallery.catalogue import PairEntry, load_catalogue
from mobiliteit.notebooks_runner import list_notebooks, notebook_title, run_notebooks
from mobiliteit.project import Project, find_project
from mobiliteit.study import load_study

PROJECT = find_project(Path(__file__).parent)
NOTEBOOKS = list_notebooks(PROJECT)
LOGIC = (
    ast.For, ast.While, ast.If, ast.IfExp, ast.FunctionDef, ast.ClassDef, ast.Lambda, ast.Try,
    ast.With, ast.BinOp, ast.ListComp, ast.DictComp, ast.SetComp, ast.GeneratorExp,
)  # fmt: skip


def test_there_is_one_for_each_section() -> None:
    assert [path.name[:3] for path in NOTEBOOKS] == [f"{k:02}_" for k in range(1, 13)]


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_committed_without_output_logic_or_numbers(path: Path) -> None:
    notebook = nbformat.read(path, as_version=4)
    nbformat.validate(notebook)
    assert (notebook.nbformat, notebook.nbformat_minor) == (4, 5)
    assert notebook.metadata.kernelspec.name == "python3"
    ids = [cell.id for cell in notebook.cells]
    assert len(set(ids)) == len(ids)
    for cell in notebook.cells:
        if cell.cell_type != "code":
            continue
        assert not cell.outputs
        assert cell.execution_count is None
        tree = ast.parse(cell.source)
        for node in ast.walk(tree):
            assert not isinstance(node, LOGIC), f"{cell.id}: logic belongs in the package"
            number = isinstance(node, ast.Constant) and isinstance(node.value, int | float)
            assert not number, f"{cell.id}: a number typed in"
        imported = {
            alias.name
            for node in ast.walk(tree)
            if isinstance(node, ast.Import)
            for alias in node.names
        }
        assert imported <= {"mobiliteit"}


def test_the_audit_says_that_it_reads_no_answers() -> None:
    notebook = nbformat.read(NOTEBOOKS[7], as_version=4)
    text = "\n".join(cell.source for cell in notebook.cells if cell.cell_type == "markdown")
    assert notebook_title(notebook)
    assert "**Vraag.**" in text and "*In English:" in text
    assert "geen golf" in text


def test_the_new_wave_is_always_the_demo_wave() -> None:
    notebook = nbformat.read(NOTEBOOKS[8], as_version=4)
    text = "\n".join(cell.source for cell in notebook.cells if cell.cell_type == "markdown")
    assert notebook_title(notebook) == "9. Een nieuwe golf"
    assert "**Vraag.**" in text and "**Hoe.**" in text and "*In English:" in text
    assert "altijd de oefengolf" in text and "geen uitkomst" in text
    code = "\n".join(cell.source for cell in notebook.cells if cell.cell_type == "code")
    assert 'mb.open_scorecard("2008-demo")' in code and "mb.show_wave(golf)" in code


def test_the_lab_asks_every_form_and_shows_a_mistake() -> None:
    notebook = nbformat.read(NOTEBOOKS[9], as_version=4)
    text = "\n".join(cell.source for cell in notebook.cells if cell.cell_type == "markdown")
    assert notebook_title(notebook).startswith("10. Het lab")
    assert "**Vraag.**" in text and "**Hoe.**" in text and "*In English:" in text
    assert "geen oorzaak" in text and "mobiliteit lab" in text
    code = "\n".join(cell.source for cell in notebook.cells if cell.cell_type == "code")
    forms, wrong = set(), []
    for asked in re.findall(r'"([^"]+ (?:->|between|since) [^"]+)"', code):
        try:
            forms.add(parse_question(asked).form)
        except QuestionError:
            wrong.append(asked)
    assert forms == {"effect", "difference", "mediation", "moderation", "change"}
    assert len(wrong) == 1
    assert "sessie.register(" in code and "remark=" in code and "mb.write_log(" in code


def test_what_still_holds_is_shown_whole_and_of_the_demo_wave() -> None:
    notebook = nbformat.read(NOTEBOOKS[10], as_version=4)
    text = "\n".join(cell.source for cell in notebook.cells if cell.cell_type == "markdown")
    assert notebook_title(notebook) == "11. Houdt het stand?"
    assert "**Vraag.**" in text and "**Hoe.**" in text and "*In English:" in text
    assert "altijd de oefengolf" in text and "geen uitkomst" in text
    code = "\n".join(cell.source for cell in notebook.cells if cell.cell_type == "code")
    pages = {f"mb.show_page(mb.{name}_html(" for name in ("against", "panel", "trends", "scales")}
    assert all(page in code for page in (*pages, "mb.show_page(mb.sorting_html("))
    assert "mb.show_planted(golf)" in code


def test_the_gallery_shows_every_figure_with_its_line() -> None:
    notebook = nbformat.read(NOTEBOOKS[11], as_version=4)
    text = "\n".join(cell.source for cell in notebook.cells if cell.cell_type == "markdown")
    assert notebook_title(notebook) == "12. De galerij"
    assert "**Vraag.**" in text and "**Hoe.**" in text and "*In English:" in text
    assert "Altijd de oefengolf" in text and "geen uitkomst" in text
    catalogue = load_catalogue(load_study()).figures
    cells = [cell.source for cell in notebook.cells if 'mb.figure("' in cell.source]
    lines = {
        f'mb.figure("{name}", {"oefengolf" if isinstance(entry, PairEntry) else "galerij"})'
        for name, entry in catalogue.items()
    }
    assert {cell for cell in cells if cell.startswith("mb.")} == lines


@pytest.mark.parametrize("path", NOTEBOOKS[:7], ids=lambda path: path.stem)
def test_says_what_is_asked_how_and_of_which_wave(path: Path) -> None:
    notebook = nbformat.read(path, as_version=4)
    text = "\n".join(cell.source for cell in notebook.cells if cell.cell_type == "markdown")
    assert notebook_title(notebook)
    assert "**Vraag.**" in text
    assert "**Toets.**" in text or "**Hoe.**" in text
    assert "*In English:" in text
    # The text is for every wave: what holds of one alone comes from that wave.
    assert "ynthetisch" not in text and "generator" not in text
    code = "\n".join(cell.source for cell in notebook.cells if cell.cell_type == "code")
    assert "mb.show_wave(scorecard.wave)" in code
    assert "mb.figures.show(" in code


def scratch(root: Path, *names: str) -> Project:
    """A project with the bundled wave and some of the notebooks."""
    shutil.copytree(PROJECT.raw("2006"), root / "data_raw" / "2006")
    (root / "notebooks").mkdir()
    for name in names:
        shutil.copy(PROJECT.notebooks / name, root / "notebooks" / name)
    return Project(root)


def with_cell(path: Path, source: str) -> None:
    notebook = nbformat.v4.new_notebook(
        cells=[
            nbformat.v4.new_markdown_cell("# Proef", id="a"),
            nbformat.v4.new_code_cell(source, id="b"),
        ]
    )
    nbformat.write(notebook, path)


def test_a_notebook_becomes_a_page_that_needs_nothing_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # A kernel that the user has installed under the same name must not be taken.
    monkeypatch.setenv("JUPYTER_PATH", str(tmp_path / "kernels"))
    source = scratch(tmp_path / "source", "04_loopbaansucces.ipynb")
    output = Project(tmp_path / "output")
    done: list[str] = []
    pages = run_notebooks(source, output, wave="2006", legend="usual", on_done=done.append)
    assert pages == [output.reports / "04_loopbaansucces.html"]
    assert done == ["notebook 04_loopbaansucces"]
    html = pages[0].read_text(encoding="utf-8")
    assert re.search(r"<title>4\. Loopbaangedrag", html)
    assert 'class="mark"' in html and "generator" in html
    assert "Tabel 3.7" in html and "n = " in html
    assert html.count('<details class="code">') == 4
    assert "data:image/svg+xml;base64," in html
    assert not re.findall(r"""(?:src|href)=["'](?:https?:)?//""", html)
    assert "<script" not in html and "@import" not in html
    assert str(tmp_path) not in html
    names = sorted(path.name for path in output.figures.iterdir())
    assert names == ["04_loopbaansucces.png", "04_loopbaansucces.svg"]
    # The committed notebook is as it was.
    assert (source.notebooks / "04_loopbaansucces.ipynb").read_bytes() == (
        PROJECT.notebooks / "04_loopbaansucces.ipynb"
    ).read_bytes()


@pytest.fixture
def ordinary(monkeypatch: pytest.MonkeyPatch) -> None:
    """Ordinary kernels, as on systems where forking is not safe."""
    monkeypatch.setattr(notebooks_runner, "CAN_FORK", False)


@pytest.mark.usefixtures("ordinary")
def test_a_failing_cell_is_named(tmp_path: Path) -> None:
    source = scratch(tmp_path / "source")
    with_cell(source.notebooks / "01_proef.ipynb", "gaat = 'mis'\nraise ValueError(gaat)")
    output = Project(tmp_path / "output")
    with pytest.raises(MobiliteitError, match=r"01_proef\.ipynb: cell 2: ValueError: mis"):
        run_notebooks(source, output, wave="2006")
    assert not output.reports.exists()


@pytest.mark.usefixtures("ordinary")
def test_a_kernel_that_dies_is_named(tmp_path: Path) -> None:
    source = scratch(tmp_path / "source")
    with_cell(source.notebooks / "01_proef.ipynb", "import os\nos._exit(3)")
    with pytest.raises(MobiliteitError, match=r"01_proef\.ipynb: .*[Kk]ernel died"):
        run_notebooks(source, Project(tmp_path / "output"), wave="2006")


def test_without_notebooks_and_with_a_broken_one(tmp_path: Path) -> None:
    source = scratch(tmp_path / "source")
    with pytest.raises(MobiliteitError, match="holds no"):
        run_notebooks(source, Project(tmp_path / "output"), wave="2006")
    (source.notebooks / "01_stuk.ipynb").write_text("{", encoding="utf-8")
    with pytest.raises(MobiliteitError, match="A notebook cannot be read"):
        run_notebooks(source, Project(tmp_path / "output"), wave="2006")
