"""``mobiliteit wave new`` and ``wave check``, from a supplier's file to a wave that loads."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pyreadstat
import pytest
import yaml

from builders import RESPONDENT, SmallWave
from mobiliteit import cli, propose_wave
from mobiliteit.errors import OutputError, WaveError
from mobiliteit.wave import load_wave

# The least that a researcher fills in.
FACTS = {
    "year": 2027,
    "title_nl": "Golf 2027",
    "title_en": "Wave 2027",
    "producer": "Bureau X",
    "licence": "niet openbaar",
    "date": "2027-03-01",
}
ROLES = {
    "exclude": [
        {"reason": "weg", "nl": "weg", "en": "gone", "column": "status", "is": [2, 3]},
    ],
    "ignore": {"status": "kiest rijen", "startdatum": "procesgegeven"},
}


def run(monkeypatch: pytest.MonkeyPatch, *arguments: str) -> int:
    monkeypatch.setattr(sys, "argv", ["mobiliteit", "wave", *arguments])
    with pytest.raises(SystemExit) as stop:
        cli.main()
    return int(stop.value.code or 0)


@pytest.fixture
def project(tmp_path: Path) -> Path:
    root = tmp_path / "project"
    (root / "data_raw").mkdir(parents=True)
    return root


def everything(folder: Path) -> set[str]:
    return {str(path.relative_to(folder)) for path in folder.rglob("*")}


def delivered(small: SmallWave, folder: Path, suffix: str) -> Path:
    """The small wave as a supplier would deliver it in one format or another."""
    path = folder / f"levering.{suffix}"
    columns = {f"q_{column.name}": column for column in small.study.codebook.columns()}
    frame = small.frame.drop(columns="startdatum")
    frame["startdatum"] = [f"2027-02-{1 + row % 27:02d}" for row in range(len(frame))]
    if suffix == "sav":
        labels = {
            name: {code: label.nl for code, label in column.values.items()}
            for name, column in columns.items()
            if column.values and set(column.values) != {0, 1}
        }
        yes_no = {
            name: {1: column.values[1].nl, 2: column.values[0].nl}
            for name, column in columns.items()
            if set(column.values) == {0, 1}
        }
        pyreadstat.write_sav(frame, str(path), variable_value_labels=labels | yes_no)
        return path
    texts = frame.copy()
    for name, column in columns.items():
        back = (
            {0: 2, 1: 1} if set(column.values) == {0, 1} else {code: code for code in column.values}
        )
        words = {float(back[code]): label.nl for code, label in column.values.items()}
        reasons = small.study.codebook.missing_reasons
        words |= {float(code): reasons[reason].nl for code, reason in column.missing.items()}
        if column.values:
            texts[name] = texts[name].map(words)
    if suffix == "csv":
        texts.to_csv(path, sep=";", decimal=",", index=False, encoding="cp1252")
    elif suffix == "xlsx":
        texts.to_excel(path, index=False)
    else:
        frame.to_parquet(path)
    return path


def filled_in(text: str, **more: object) -> dict:
    """A proposal as the researcher leaves it: filled in, and every column given a place."""
    content = yaml.safe_load(text)
    return content | FACTS | ROLES | more


@pytest.mark.parametrize("suffix", ["sav", "csv", "xlsx", "parquet"])
def test_from_a_file_to_a_wave(suffix, small, project, tmp_path, monkeypatch, capsys):
    """The proposal needs only what nobody can know: the wave then is the one that was delivered."""
    expected = small.load()
    path = delivered(small, tmp_path, suffix)
    before = path.read_bytes()
    assert run(monkeypatch, "new", str(path), "--name", "2027", "--root", str(project)) == 0
    shown = capsys.readouterr().out
    assert "86 of 86 questions are mapped" in shown
    assert "salt.txt" in shown
    folder = project / "data_raw" / "2027"
    assert path.read_bytes() == before
    assert (folder / path.name).read_bytes() == before
    assert everything(project) == {
        "data_raw",
        "data_raw/2027",
        f"data_raw/2027/{path.name}",
        "data_raw/2027/wave.yaml",
        "data_raw/salt.txt",
    }
    assert run(monkeypatch, "check", "2027", "--root", str(project)) == 2
    shown = " ".join(capsys.readouterr().out.split())
    for what in ("producer is still to be filled in", "date: Input should be a valid date"):
        assert what in shown
    assert "column status: the file has it" in shown
    content = filled_in((folder / "wave.yaml").read_text(encoding="utf-8"))
    (folder / "wave.yaml").write_text(yaml.safe_dump(content, allow_unicode=True), encoding="utf-8")
    assert run(monkeypatch, "check", "2027", "--root", str(project)) == 0
    shown = capsys.readouterr().out
    assert "can be used: nothing is wrong" in shown
    wave = load_wave("2027", root=project)
    # ids are hashed; the people stand in the order of the file
    pd.testing.assert_frame_equal(
        wave.frame.reset_index(drop=True), expected.frame.reset_index(drop=True)
    )
    assert not set(wave.frame.index) & set(expected.frame.index)


def test_what_was_found_out_about_a_text_file_is_stated(small, project, tmp_path):
    path = delivered(small, tmp_path, "csv")
    content = yaml.safe_load(propose_wave(path, "2027", root=project).text)
    found = content["file"]["csv"]
    assert found["separator"] == ";"
    assert found["encoding"] in {"cp1252", "iso8859-15", "latin-1"}


@pytest.mark.parametrize("name", ["a/b", "..", "a b", "", "-x", ".", "x" * 60, "golf\n1"])
def test_a_name_that_is_no_folder_is_refused(name, small, project):
    with pytest.raises(WaveError, match="no name for a wave"):
        propose_wave(small.sav, name, root=project)
    assert everything(project) == {"data_raw"}


@pytest.mark.parametrize(
    ("file", "content", "words"),
    [
        ("weg.sav", None, "not there"),
        ("leeg.csv", b"", "empty"),
        ("kop.csv", b"a;b;c\r\n", ""),
        ("stuk.sav", b"$FL2@(#) niets", ""),
        ("vreemd.pdf", b"%PDF-1.7 \x00\x01\x02\x03", ""),
        ("wave.yaml", b"wave: 1", "sidecar"),
    ],
)
def test_a_file_that_cannot_be_used_leaves_nothing_behind(
    file, content, words, project, tmp_path, monkeypatch, capsys
):
    path = tmp_path / file
    if content is not None:
        path.write_bytes(content)
    assert run(monkeypatch, "new", str(path), "--name", "2027", "--root", str(project)) == 2
    shown = capsys.readouterr().err
    assert words in shown
    assert file in shown
    assert "Traceback" not in shown
    assert everything(project) == {"data_raw"}


def test_a_wave_that_is_there_is_never_overwritten(small, project):
    first = propose_wave(small.sav, "2027", root=project)
    assert first.folder is not None
    (first.folder / "wave.yaml").write_text("met de hand verbeterd", encoding="utf-8")
    salt = (project / "data_raw" / "salt.txt").read_bytes()
    with pytest.raises(WaveError, match="has a sidecar already"):
        propose_wave(small.sav, "2027", root=project)
    assert (first.folder / "wave.yaml").read_text(encoding="utf-8") == "met de hand verbeterd"
    second = propose_wave(small.sav, "2028", root=project)
    assert second.salt is None
    assert (project / "data_raw" / "salt.txt").read_bytes() == salt


def test_a_file_put_in_the_folder_by_hand_stays_where_it_is(small, project):
    folder = project / "data_raw" / "2027"
    folder.mkdir()
    path = folder / "levering.sav"
    path.write_bytes(small.sav.read_bytes())
    propose_wave(path, "2027", root=project)
    assert {entry.name for entry in folder.iterdir()} == {"levering.sav", "wave.yaml"}
    other = project / "levering.sav"
    other.write_bytes(b"iets anders")
    (folder / "wave.yaml").unlink()
    with pytest.raises(WaveError, match="another file of that name"):
        propose_wave(other, "2027", root=project)
    assert path.read_bytes() == small.sav.read_bytes()


def test_a_full_disk_leaves_nothing_behind(small, project, monkeypatch):
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("mobiliteit.proposal.proposing.shutil.copyfile", full)
    with pytest.raises(OutputError, match="No space left"):
        propose_wave(small.sav, "2027", root=project)
    assert everything(project) <= {"data_raw", "data_raw/salt.txt"}


def test_check_tells_of_a_wave_that_is_not_there(project, monkeypatch, capsys):
    assert run(monkeypatch, "check", "1999", "--root", str(project)) == 2
    assert "no wave 1999" in capsys.readouterr().err


def test_check_fits_a_screen_of_100_columns(small, monkeypatch, capsys):
    assert run(monkeypatch, "check", small.name, "--root", str(small.root)) == 0
    shown = capsys.readouterr().out
    assert max(map(len, shown.splitlines())) <= 100
    assert "\x1b[" not in shown  # no colours in a pipe
    assert re.search(r"stap +q_stap +0 nee: \d+ · 1 ja: \d+", shown)
    assert "Blijvers" in shown
    assert "Cronbach's alpha" in shown


def test_help_needs_no_heavy_import():
    code = (
        "import sys; sys.argv = ['mobiliteit', 'wave', '--help']\n"
        "from mobiliteit.cli import main\n"
        "try:\n    main()\nexcept SystemExit as stop:\n    assert not stop.code\n"
        "heavy = {'pandas', 'numpy', 'scipy', 'rapidfuzz', 'yaml', 'mobiliteit.project'}\n"
        "print('loaded:', sorted(heavy & set(sys.modules)))"
    )
    shown = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    ).stdout
    assert "new" in shown and "check" in shown
    assert "loaded: []" in shown


def test_ids_never_reach_the_output(small, project, monkeypatch, capsys):
    secret = [f"persoon{i}@example.org" for i in range(len(small.frame))]
    frame = small.frame.drop(columns=[RESPONDENT, "startdatum"])
    frame.insert(0, "respondentnr", np.arange(len(frame)) + 90210.0)
    frame["mail"] = secret
    path = project / "levering.csv"
    frame.to_csv(path, sep=";", decimal=",", index=False)
    assert run(monkeypatch, "new", str(path), "--name", "2027", "--root", str(project)) == 0
    folder = project / "data_raw" / "2027"
    text = (folder / "wave.yaml").read_text(encoding="utf-8")
    content = yaml.safe_load(text)
    assert content["identifiers"] == {"mail": "e-mail"}
    del content["identifiers"]  # a researcher who forgets it
    (folder / "wave.yaml").write_text(yaml.safe_dump(content), encoding="utf-8")
    assert run(monkeypatch, "check", "2027", "--root", str(project)) == 2
    shown = text + capsys.readouterr().out
    assert "column mail: it tells who somebody is" in shown
    assert "example.org" not in shown


def test_what_cannot_be_found_in_the_file_can_be_stated(
    project: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture
) -> None:
    """1.137 may be a thousand or just over one: the file cannot tell, the researcher can."""
    file = tmp_path / "levering.csv"
    file.write_text("respnr;inkomen_euro\n1;1.137\n2;2.250\n3;1.900\n", encoding="utf-8")
    arguments = ("new", str(file), "--name", "2027", "--root", str(project))
    assert run(monkeypatch, *arguments) == 2
    assert "inkomen_euro" in capsys.readouterr().err
    assert not (project / "data_raw" / "2027").exists()
    assert run(monkeypatch, *arguments, "--decimal", "x") == 2
    assert "--decimal" in capsys.readouterr().err
    assert run(monkeypatch, *arguments, "--decimal", ",", "--thousands", ".") == 0
    text = (project / "data_raw" / "2027" / "wave.yaml").read_text(encoding="utf-8")
    options = yaml.safe_load(text)["file"]["csv"]
    assert (options["decimal"], options["thousands"]) == (",", ".")


def test_several_rows_of_headers_can_be_stated(
    project: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "levering.xlsx"
    rows = [["Wat is uw leeftijd?", "Nummer"], ["leeftijd", "respnr"], [34, 1], [51, 2]]
    pd.DataFrame(rows).to_excel(file, header=False, index=False)
    arguments = ("new", str(file), "--name", "2027", "--root", str(project))
    assert run(monkeypatch, *arguments, "--header-rows", "2") == 0
    side = yaml.safe_load((project / "data_raw" / "2027" / "wave.yaml").read_text(encoding="utf-8"))
    assert side["file"]["rows"] == 2
    assert side["file"]["excel"]["header_rows"] == 2


def test_what_a_supplier_wrote_begins_no_entry_and_reaches_no_terminal(
    project: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture
) -> None:
    file = tmp_path / "levering.sav"
    answer = "ja\nsynthetic: true\n\x1b[2J"
    frame = pd.DataFrame({"respnr": np.arange(1.0, 9.0), "v1": [answer] * 8, "v2": [1.0, 2.0] * 4})
    pyreadstat.write_sav(
        frame,
        str(file),
        column_labels={"v1": "Vraag\nlicence: vrij", "v2": "Kleur\x1b[31m"},
        variable_value_labels={"v2": {1.0: "rood\nwave: '1'", 2.0: "blauw"}},
    )
    assert run(monkeypatch, "new", str(file), "--name", "2027", "--root", str(project)) == 0
    side = yaml.safe_load((project / "data_raw" / "2027" / "wave.yaml").read_text(encoding="utf-8"))
    assert (side["wave"], side["synthetic"], side["licence"]) == ("2027", False, "invullen")
    assert run(monkeypatch, "check", "2027", "--root", str(project)) == 2
    shown = capsys.readouterr()
    assert "\x1b" not in shown.out + shown.err


def test_a_heading_of_two_lines_is_mapped_as_it_is(project: Path, tmp_path: Path) -> None:
    file = tmp_path / "levering.xlsx"
    pd.DataFrame({"respnr": [1, 2, 3], "leeftijd\n(jaren)": [30, 41, 52]}).to_excel(
        file, index=False
    )
    text = propose_wave(file, "2027", root=project).text
    entries = re.sub(r"(?m)^(\s*)# \?? ?", r"\1", text)
    assert '"leeftijd\\n(jaren)"' in entries
    assert yaml.safe_load(text)["wave"] == "2027"
