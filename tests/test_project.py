"""Where things are, and writing to them without leaving half a file."""

from __future__ import annotations

import os
import stat

import pytest

from builders import failure, only
from mobiliteit.errors import MobiliteitError, OutputError
from mobiliteit.project import Project, find_project, staged, write_atomically, write_text


@pytest.fixture
def project(tmp_path):
    (tmp_path / "data_raw" / "2006").mkdir(parents=True)
    return find_project(tmp_path)


def files(folder):
    return {
        path.relative_to(folder).as_posix(): path.read_text()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


# ---- where


def test_the_project_is_the_nearest_folder_upwards_with_raw_data(project):
    inside = project.root / "notebooks" / "deep"
    inside.mkdir(parents=True)
    assert find_project(inside).root == project.root
    assert find_project(str(inside)).root == project.root
    (inside / "data_raw").mkdir()
    assert find_project(inside).root == inside


def test_the_current_folder_is_the_default(project, monkeypatch):
    monkeypatch.chdir(project.raw("2006"))
    assert find_project().root == project.root.resolve()


def test_no_project(tmp_path):
    error = failure(lambda: find_project(tmp_path), MobiliteitError)
    assert str(tmp_path) in only(error).what
    assert "--root" in only(error).remedy


def test_outputs_of_another_wave_do_not_touch_those_of_the_first(project):
    first, other = project, find_project(project.root, "2008-demo")
    assert first.reports == project.root / "reports"
    assert first.figures == project.root / "figures"
    assert other.reports == project.root / "reports" / "2008-demo"
    assert other.figures == project.root / "figures" / "2008-demo"
    assert first.data_clean == other.data_clean == project.root / "data_clean"
    assert first.raw("2008-demo") == project.root / "data_raw" / "2008-demo"


def test_waves_are_folders_with_a_sidecar(project):
    for name in ("2031", "2008-demo"):
        project.raw(name).mkdir()
        (project.raw(name) / "wave.yaml").touch()
    assert project.waves() == ["2008-demo", "2031"]  # 2006 has no sidecar here


# ---- one file


def test_write_makes_its_folder_and_leaves_nothing_beside_it(tmp_path):
    write_text(tmp_path / "a" / "b" / "x.txt", "één\ntwee\n")
    assert (tmp_path / "a" / "b" / "x.txt").read_bytes() == "één\ntwee\n".encode()
    assert files(tmp_path) == {"a/b/x.txt": "één\ntwee\n"}


def test_write_replaces_the_old_file(tmp_path):
    path = tmp_path / "x.txt"
    write_text(path, "old")
    write_text(path, "new")
    assert files(tmp_path) == {"x.txt": "new"}


def test_who_is_reading_the_old_file_reads_it_to_the_end(tmp_path):
    write_text(tmp_path / "x.txt", "old")
    with (tmp_path / "x.txt").open() as reader:
        write_text(tmp_path / "x.txt", "new")
        assert reader.read() == "old"


def test_the_temporary_file_has_the_suffix_and_lies_beside_the_final_one(tmp_path):
    seen = []
    write_atomically(tmp_path / "x.parquet", lambda path: seen.append(path))
    assert seen[0].suffix == ".parquet"
    assert seen[0].parent == tmp_path
    assert seen[0].name.startswith(".")


def test_others_may_read_what_was_written(tmp_path):
    old = os.umask(0o022)
    try:
        write_text(tmp_path / "x.txt", "x")
    finally:
        os.umask(old)
    assert stat.S_IMODE((tmp_path / "x.txt").stat().st_mode) == 0o644


@pytest.mark.parametrize(
    ("raised", "seen"),
    [(OSError(28, "No space left"), OutputError), (ValueError("bad"), ValueError)],
)
def test_a_writer_that_fails_leaves_the_old_file_and_no_rubbish(tmp_path, raised, seen):
    path = tmp_path / "x.txt"
    write_text(path, "old")

    def fail(target):
        target.write_text("half a f")
        raise raised

    with pytest.raises(seen) as caught:
        write_atomically(path, fail)
    assert files(tmp_path) == {"x.txt": "old"}
    if seen is OutputError:
        assert str(path) in str(caught.value)
        assert "untouched" in str(caught.value)


def test_an_interrupt_leaves_the_old_file_and_no_rubbish(tmp_path):
    write_text(tmp_path / "x.txt", "old")

    def interrupted(target):
        target.write_text("half a f")
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        write_atomically(tmp_path / "x.txt", interrupted)
    assert files(tmp_path) == {"x.txt": "old"}


def test_a_file_where_a_folder_should_be(tmp_path):
    (tmp_path / "reports").write_text("in the way")
    with pytest.raises(OutputError):
        write_text(tmp_path / "reports" / "x.txt", "x")
    assert files(tmp_path) == {"reports": "in the way"}


def test_a_folder_where_the_file_should_be(tmp_path):
    (tmp_path / "x.txt").mkdir()
    with pytest.raises(OutputError):
        write_text(tmp_path / "x.txt", "x")
    assert [path.name for path in tmp_path.iterdir()] == ["x.txt"]


# ---- all outputs together


def test_staged_outputs_move_into_place_when_all_is_done(project):
    write_text(project.reports / "scorecard.csv", "old")
    write_text(project.reports / "kept.html", "kept")
    with staged(project) as stage:
        assert stage.root != project.root
        assert stage.wave == project.wave
        write_text(stage.reports / "scorecard.csv", "new")
        write_text(stage.figures / "3_7.svg", "figure")
        assert (project.reports / "scorecard.csv").read_text() == "old"
    assert files(project.root) == {
        "figures/3_7.svg": "figure",
        "reports/kept.html": "kept",
        "reports/scorecard.csv": "new",
    }


def test_staged_outputs_of_another_wave_go_to_its_own_folder(project):
    other = Project(project.root, "2008-demo")
    with staged(other) as stage:
        write_text(stage.reports / "scorecard.csv", "new")
    assert files(project.root) == {"reports/2008-demo/scorecard.csv": "new"}


@pytest.mark.parametrize("raised", [ValueError("halfway"), KeyboardInterrupt()])
def test_when_a_stage_fails_nothing_has_changed(project, raised):
    write_text(project.reports / "scorecard.csv", "old")
    with pytest.raises(type(raised)), staged(project) as stage:
        write_text(stage.reports / "scorecard.csv", "new")
        raise raised
    assert files(project.root) == {"reports/scorecard.csv": "old"}
    assert not list(project.root.glob(".staging-*"))


def test_a_project_that_cannot_be_written_to(project):
    gone = Project(project.root / "nowhere")
    with pytest.raises(OutputError, match="cannot be written"), staged(gone):
        pass
