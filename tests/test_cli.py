"""The command line: what it prints and writes, and how it refuses."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest

from builders import SmallWave
from mobiliteit import cli


def run(monkeypatch: pytest.MonkeyPatch, *arguments: str) -> int:
    """Run the command line in this process and return its exit code."""
    monkeypatch.setattr(sys, "argv", ["mobiliteit", *arguments])
    with pytest.raises(SystemExit) as stop:
        cli.main()
    return int(stop.value.code or 0)


def outputs(root: Path) -> dict[str, bytes]:
    """All files that commands may write, with their content."""
    return {
        str(path.relative_to(root)): path.read_bytes()
        for folder in ("data_clean", "figures", "reports")
        for path in (root / folder).rglob("*")
        if path.is_file()
    }


def test_help_names_every_command_and_needs_no_heavy_import() -> None:
    code = (
        "import sys; sys.argv = ['mobiliteit', '--help']\n"
        "from mobiliteit.cli import main\n"
        "try:\n    main()\nexcept SystemExit as stop:\n    assert not stop.code\n"
        "heavy = {'pandas', 'numpy', 'scipy', 'statsmodels', 'matplotlib', 'pydantic'}\n"
        "print('loaded:', sorted(heavy & set(sys.modules)))"
    )
    shown = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    ).stdout
    for command in ("reproduce", "clean", "tables", "scorecard", "synthesize"):
        assert command in shown
    assert "loaded: []" in shown


@pytest.mark.parametrize("command", ["reproduce", "clean", "tables", "scorecard", "synthesize"])
def test_each_command_has_help(
    command: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(monkeypatch, command, "--help") == 0
    assert f"mobiliteit {command}" in capsys.readouterr().out


def test_clean_writes_the_wave_and_accounts_for_every_record(
    messy: SmallWave, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(monkeypatch, "clean", "--wave", messy.name, "--root", str(messy.root)) == 0
    shown = capsys.readouterr().out
    ledger = pd.read_csv(messy.root / "data_clean" / f"{messy.name}_ledger.csv")
    assert f"Records delivered: {messy.sidecar['file']['rows']}" in shown
    totals = ledger.groupby("kind")["n"].sum()
    assert totals["in"] == totals["kept"] + totals["excluded"]
    assert messy.sidecar["synthetic_note_nl"] in shown
    assert (messy.root / "data_clean" / f"{messy.name}.parquet").stat().st_size > 0


@pytest.mark.parametrize(
    ("file_format", "suffix"),
    [("csv", "csv"), ("html", "html"), ("markdown", "md"), ("docx", "docx"), ("latex", "tex")],
)
def test_tables_writes_the_format_asked_for(
    file_format: str,
    suffix: str,
    messy: SmallWave,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    arguments = ["--wave", messy.name, "--root", str(messy.root), "--table", "3.1"]
    assert run(monkeypatch, "tables", *arguments, "--format", file_format) == 0
    written = [
        Path(line.removeprefix("Written: "))
        for line in capsys.readouterr().out.splitlines()
        if line.startswith("Written: ")
    ]
    assert [path.name for path in written] == [f"tabellen_3.1.{suffix}"]
    assert all(path.stat().st_size > 0 for path in written)


def test_scorecard_prints_the_summary_and_the_legend_in_use(
    messy: SmallWave, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    arguments = ["--wave", messy.name, "--root", str(messy.root), "--legend", "as_printed"]
    assert run(monkeypatch, "scorecard", *arguments) == 0
    shown = capsys.readouterr().out
    assert "of 479 cells exact" in shown
    assert "as_printed" in shown
    assert "** p < .10" in shown


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["clean", "--wave", "1999"], ["no wave 1999", "Name another wave"]),
        (["tables", "--table", "9.9"], ["no table '9.9'", "3.11"]),
        (["scorecard", "--legend", "odd"], ["no star legend 'odd'", "as_printed"]),
        (["tables", "--lang", "fr"], ["'fr' is no language", "nl or en"]),
        (["tables", "--format", "pdf"], ["'pdf'", "markdown"]),
        (["reproduce", "--wave", "../elders"], ["no wave", "Name another wave"]),
    ],
)
def test_a_wrong_argument_is_one_message_and_exit_code_2(
    arguments: list[str],
    words: list[str],
    messy: SmallWave,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    if "--wave" not in arguments:
        arguments = [*arguments, "--wave", messy.name]
    assert run(monkeypatch, *arguments, "--root", str(messy.root)) == 2
    captured = capsys.readouterr()
    assert all(word in captured.err for word in words), captured.err
    assert "Traceback" not in captured.err


def test_a_folder_that_is_no_project_is_exit_code_2(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(monkeypatch, "clean", "--root", str(tmp_path)) == 2
    assert "--root" in capsys.readouterr().err


@pytest.mark.parametrize("command", ["reproduce", "clean", "tables", "scorecard"])
def test_a_broken_wave_leaves_earlier_outputs_as_they_were(
    command: str,
    messy: SmallWave,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    arguments = ["--wave", messy.name, "--root", str(messy.root)]
    assert run(monkeypatch, "clean", *arguments) == 0
    before = outputs(messy.root)
    messy.sav.write_bytes(messy.sav.read_bytes()[:2000])
    capsys.readouterr()
    assert run(monkeypatch, command, *arguments) == 2
    message = capsys.readouterr().err
    assert messy.sav.name in message
    assert "cut off" in message
    assert outputs(messy.root) == before
    assert not list(messy.root.glob(".staging-*"))
