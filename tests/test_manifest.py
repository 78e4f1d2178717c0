"""The manifest: what it lists, and what a check finds."""

from __future__ import annotations

import hashlib
import json
import zipfile
from pathlib import Path

import pytest

from builders import SmallWave
from mobiliteit.errors import MobiliteitError
from mobiliteit.project import Project, staged
from mobiliteit.replication import check_manifest, write_manifest
from mobiliteit.replication.manifest import zip_contents
from mobiliteit.study import STUDY_DIR
from test_cli import run


@pytest.fixture
def project(small: SmallWave) -> Project:
    """A wave with some outputs, and beside it another wave with its own."""
    small.frame.to_csv(small.folder.parent / "salt.txt")
    other = small.root / "data_raw" / f"{small.name}_b"
    other.mkdir()
    (other / "wave.yaml").write_text("wave: other")
    found = Project(small.root, small.name)
    for path in (
        found.data_clean / f"{small.name}_ledger.csv",
        found.data_clean / f"{small.name}_b_ledger.csv",
        found.data_clean / f"{small.name}.parquet",
        found.reports / "scorecard.csv",
        found.reports / "replicatie" / "README.md",
        found.figures / "een.svg",
        found.root / "reports" / "tabellen.html",
        found.root / "requirements.txt",
        found.root / "notebooks" / "01_een.ipynb",
    ):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(path.name)
    return found


def listed(project: Project) -> dict[str, dict[str, object]]:
    text = (project.reports / "replicatie" / "manifest.json").read_text("utf-8")
    return {entry["path"]: entry for entry in json.loads(text)["files"]}


def word_file(path: Path, *parts: tuple[str, str], level: int = 6) -> None:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=level) as file:
        for name, content in parts:
            file.writestr(name, content)


def test_it_lists_the_wave_the_programs_and_the_outputs_and_nothing_of_others(
    project: Project, small: SmallWave
) -> None:
    write_manifest(project)
    found, wave = listed(project), small.name
    roles = {
        role: {path for path, entry in found.items() if entry["role"] == role}
        for role in ("input", "output", "study", "code")
    }
    assert roles["input"] == {f"data_raw/{wave}/{small.sav.name}", f"data_raw/{wave}/wave.yaml"}
    assert roles["output"] == {
        f"data_clean/{wave}.parquet",
        f"data_clean/{wave}_ledger.csv",
        f"figures/{wave}/een.svg",
        f"reports/{wave}/scorecard.csv",
        f"reports/{wave}/replicatie/README.md",
    }
    study = {path.name for path in STUDY_DIR.rglob("*") if path.is_file()}
    assert {Path(path).name for path in roles["study"]} == study
    assert {"requirements.txt", "notebooks/01_een.ipynb"} <= roles["code"]
    assert "analysis/mobiliteit/scales.py" in roles["code"]
    assert not [path for path in found if "salt" in path or "__pycache__" in path]
    assert set().union(*roles.values()) == set(found)
    entry = found[f"data_raw/{wave}/{small.sav.name}"]
    assert entry["sha256"] == hashlib.sha256(small.sav.read_bytes()).hexdigest()
    assert entry["bytes"] == small.sav.stat().st_size


def test_the_first_wave_leaves_out_the_folders_of_the_others(project: Project) -> None:
    first = Project(project.root)
    raw = project.raw(project.wave)
    raw.rename(first.raw("2006"))
    sidecar = first.raw("2006") / "wave.yaml"
    sidecar.write_text(
        sidecar.read_text("utf-8").replace(f"wave: '{project.wave}'", "wave: '2006'")
    )
    (first.root / "data_raw" / project.wave).mkdir()
    (first.root / "data_raw" / project.wave / "wave.yaml").write_text("wave: other")
    write_manifest(first)
    outputs = {path for path, entry in listed(first).items() if entry["role"] == "output"}
    assert outputs == {"reports/tabellen.html"}


def test_a_check_of_what_was_written_finds_nothing(project: Project) -> None:
    write_manifest(project)
    found = check_manifest(project)
    assert found.none
    assert not found.versions
    before = (project.reports / "replicatie" / "manifest.json").read_bytes()
    write_manifest(project)
    assert (project.reports / "replicatie" / "manifest.json").read_bytes() == before


def test_a_check_names_what_is_missing_changed_and_extra(project: Project) -> None:
    write_manifest(project)
    (project.reports / "scorecard.csv").unlink()
    (project.figures / "een.svg").write_text("een.svh")  # as long, so that only its bytes tell
    (project.raw(project.wave) / "nieuw.csv").write_text("1")
    (project.reports / "later.html").write_text("x")
    found = check_manifest(project)
    wave = project.wave
    assert [entry.path for entry in found.missing] == [f"reports/{wave}/scorecard.csv"]
    assert [entry.path for entry in found.changed] == [f"figures/{wave}/een.svg"]
    assert [entry.path for entry in found.extra] == [
        f"data_raw/{wave}/nieuw.csv",
        f"reports/{wave}/later.html",
    ]


def test_word_and_excel_files_are_held_by_their_contents(project: Project) -> None:
    path = project.reports / "verslag.docx"
    body, maker = ("word/document.xml", "<a/>" * 500), ("docProps/core.xml", "monday")
    word_file(path, body, maker)
    write_manifest(project)
    written = path.read_bytes()
    word_file(path, ("docProps/core.xml", "tuesday"), body, level=1)
    assert path.read_bytes() != written
    assert check_manifest(project).none
    word_file(path, ("word/document.xml", "<b/>" * 500), maker)
    assert [entry.path for entry in check_manifest(project).changed] == [
        f"reports/{project.wave}/verslag.docx"
    ]
    path.write_text("geen zip")
    assert [entry.role for entry in check_manifest(project).changed] == ["output"]


def test_a_part_cannot_move_into_the_next_unseen(tmp_path: Path) -> None:
    word_file(tmp_path / "a.docx", ("a", "xy"), ("b", "z"))
    word_file(tmp_path / "b.docx", ("a", "x"), ("b", "yz"))
    assert zip_contents(tmp_path / "a.docx") != zip_contents(tmp_path / "b.docx")


def test_a_run_marks_what_it_made_and_what_lay_there(project: Project) -> None:
    with staged(project) as stage:
        stage.reports.mkdir(parents=True)
        (stage.reports / "scorecard.csv").write_text("renewed")
        (stage.reports / "nieuw.html").write_text("new")
        write_manifest(project, stage)
    found, wave = listed(project), project.wave
    assert found[f"reports/{wave}/scorecard.csv"]["role"] == "output"
    assert found[f"reports/{wave}/nieuw.html"]["role"] == "output"
    assert found[f"figures/{wave}/een.svg"]["role"] == "earlier"
    assert check_manifest(project).none


def test_other_versions_are_told_and_are_no_difference(project: Project) -> None:
    path = write_manifest(project)
    stored = json.loads(path.read_text("utf-8"))
    stored["versions"] |= {"pandas": "0.1", "gone": "2"}
    path.write_text(json.dumps(stored))
    found = check_manifest(project)
    assert found.none
    assert found.versions["pandas"][0] == "0.1"
    assert found.versions["gone"] == ("2", "")


@pytest.mark.parametrize("content", [None, "", "{", "[]", "{}", '{"files": [{"path": 1}]}', "\xff"])
def test_without_a_manifest_nothing_can_be_checked(project: Project, content: str | None) -> None:
    path = project.reports / "replicatie" / "manifest.json"
    if content is not None:
        path.write_bytes(content.encode("latin-1"))
    with pytest.raises(MobiliteitError, match="mobiliteit manifest"):
        check_manifest(project)


def test_the_command_writes_checks_and_exits(
    project: Project, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    arguments = ("--wave", project.wave, "--root", str(project.root))
    assert run(monkeypatch, "manifest", "--check", *arguments) == 2
    assert "there is no manifest" in capsys.readouterr().err
    assert run(monkeypatch, "manifest", *arguments) == 0
    assert run(monkeypatch, "manifest", "--check", *arguments) == 0
    (project.reports / "scorecard.csv").unlink()
    capsys.readouterr()
    assert run(monkeypatch, "manifest", "--check", *arguments) == 1
    assert f"missing: reports/{project.wave}/scorecard.csv (output)" in capsys.readouterr().out
