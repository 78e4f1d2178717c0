"""Outputs that cannot be written: every file of the last run is there, byte for byte.

The conditions are real, and hold for root too: a folder where a file should be, a file where a
folder should be, and a limit of the system on the size of a file, as a full disk would be.
"""

from __future__ import annotations

import resource
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from mobiliteit.errors import OutputError
from mobiliteit.project import Project, staged, write_text
from mobiliteit.report import write_report
from mobiliteit.report.write import NAMES

LIMIT = 50_000  # bytes


@contextmanager
def small_files_only() -> Iterator[None]:
    """Let the system refuse to write a file beyond a limit, as it does when a disk is full."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (LIMIT, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def contents(folder: Path) -> dict[str, bytes]:
    """Every file below a folder, hidden ones too."""
    paths = (path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in paths}


@pytest.fixture
def makers(monkeypatch: pytest.MonkeyPatch) -> None:
    """Reports that take no time to make: here it matters only how they are written."""
    monkeypatch.setattr("mobiliteit.report.write.build_report", lambda gallery, lang: None)
    monkeypatch.setattr("mobiliteit.report.write.report_html", lambda report: "new")
    monkeypatch.setattr("mobiliteit.report.docx.report_docx", lambda report: b"new" * LIMIT)


@pytest.fixture
def reports(tmp_path: Path) -> Path:
    for name in ("html", "docx", "pdf"):
        (tmp_path / f"{NAMES['nl']}.{name}").write_bytes(b"the last good one")
    return tmp_path


def test_a_report_that_does_not_fit_on_the_disk(makers: None, reports: Path) -> None:
    before = contents(reports)
    with small_files_only(), pytest.raises(OutputError, match="too large"):
        write_report(None, reports, formats=["html", "docx"])  # type: ignore[arg-type]
    assert contents(reports) == before
    write_report(None, reports, formats=["html", "docx"])  # type: ignore[arg-type]
    assert contents(reports)["reproductie.html"] == b"new"
    assert set(contents(reports)) == set(before)


def test_a_report_with_a_folder_where_a_file_should_be(makers: None, reports: Path) -> None:
    (reports / "reproductie.docx").unlink()
    (reports / "reproductie.docx").mkdir()
    (reports / "reproductie.html").unlink()
    before = contents(reports)
    with pytest.raises(OutputError, match="untouched"):
        write_report(None, reports, formats=["html", "docx"])  # type: ignore[arg-type]
    assert contents(reports) == before


@pytest.mark.parametrize("in_the_way", ["a file", "a folder"])
def test_outputs_that_cannot_be_moved_into_place(tmp_path: Path, in_the_way: str) -> None:
    project = Project(tmp_path)
    write_text(project.data_clean / "2006_ledger.csv", "old")
    if in_the_way == "a file":
        project.reports.write_text("no folder")
    else:
        (project.reports / "tabellen.html").mkdir(parents=True)
    before = contents(tmp_path)
    with pytest.raises(OutputError), staged(project) as stage:
        write_text(stage.data_clean / "2006_ledger.csv", "new")
        write_text(stage.figures / "een.svg", "new")
        write_text(stage.reports / "tabellen.html", "new")
    assert contents(tmp_path) == before
