"""Reading an untrusted file: what it is, what it may cost, and that it cannot hurt the reader."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import textwrap
import threading
from pathlib import Path

import numpy as np
import pandas as pd
import pyreadstat
import pytest

from builders import failure, only
from mobiliteit.descriptor_schema import CsvOptions, ExcelOptions
from mobiliteit.errors import Problem, WaveError
from mobiliteit.reading import Limits, helper, read_file
from mobiliteit.reading.parsed import (
    Column,
    Garbage,
    Parsed,
    column_of,
    load,
    save,
    save_problems,
)

LINUX = pytest.mark.skipif(sys.platform != "linux", reason="limits and forks are those of Linux")


def problem_of(path: Path, **options) -> Problem:
    error = failure(lambda: read_file(path, **options), WaveError)
    assert path.name in error.headline
    problem = only(error)
    assert problem.file == path.name
    return problem


def sav(path: Path, rows: int = 60, columns: int = 8, **options) -> Path:
    rng = np.random.default_rng(5)
    frame = pd.DataFrame(rng.integers(1, 6, (rows, columns)).astype("float64"))
    frame.columns = [f"q{number}" for number in range(columns)]
    frame["t"] = np.resize(["ja", "nee", "weet niet"], rows)
    labels = {name: {1: "een", 5: "vijf"} for name in frame if name != "t"}
    pyreadstat.write_sav(
        frame,
        str(path),
        variable_value_labels=labels,
        missing_ranges={"q1": [9]},
        column_labels=["label"] * (columns + 1),
        **options,
    )
    return path


# ---- what it is


@pytest.mark.parametrize(
    ("name", "content", "what", "remedy"),
    [
        ("a.sav", b"id;x\n1;2\n", "its content is text (CSV)", ".csv"),
        ("a.csv", b"$FL2@(#) SPSS DATA FILE" + bytes(200), "its content is SPSS", ".sav"),
        ("a.sav", b"PAR1" + bytes(50), "its content is Parquet", ".parquet"),
        ("a.dta", b"PK\x03\x04" + bytes(50), "ZIP archive, such as an Excel", ".xlsx"),
        ("a.csv", b"%PDF-1.7\nxxxx", "a PDF document", "data themselves"),
        ("a.csv", b"<!DOCTYPE html><html>inloggen", "a web page", "again, as .csv"),
        ("a.xls", bytes.fromhex("d0cf11e0a1b11ae1") + bytes(99), "old Excel", "save it as .xlsx"),
        ("a.xlsx", bytes.fromhex("d0cf11e0a1b11ae1") + bytes(99), "with a password", ".xlsx"),
        ("a.sav.gz", b"\x1f\x8b" + bytes(40), "compressed with gzip", "Unpack"),
        ("a.doc", b"id;x\n1;2\n", "its name ends in .doc, its content is text", ".csv"),
        ("a", b"$FL2" + bytes(200), "no suffix", ".sav"),
        ("a.xyz", bytes(range(256)), "no file of a known format", ".sav, .por"),
        ("a.sav", bytes(range(256)), "no readable SPSS file, or it was cut off", ".sav"),
        ("a.csv", b"", "the file is empty", "supplier"),
    ],
)
def test_the_content_says_what_a_file_is(tmp_path, name, content, what, remedy):
    path = tmp_path / name
    path.write_bytes(content)
    problem = problem_of(path)
    assert what in problem.what
    assert remedy in problem.remedy


def test_the_suffix_may_be_in_capitals(tmp_path):
    assert read_file(sav(tmp_path / "A.SAV")).frame.shape == (60, 9)


def test_options_of_another_format_are_refused(tmp_path):
    path = sav(tmp_path / "a.sav")
    assert "`file.csv`" in problem_of(path, csv=CsvOptions(decimal=",")).what
    assert "`file.excel`" in problem_of(path, excel=ExcelOptions(sheet="Data")).what


def test_a_file_that_may_not_be_opened(tmp_path):
    with pytest.raises(OSError):
        read_file(tmp_path)


# ---- what it may cost


@LINUX
def test_a_file_that_takes_too_much_memory(tmp_path):
    path = sav(tmp_path / "a.sav", 40_000, 100, row_compress=True)
    problem = problem_of(path, limits=Limits(memory=200 * 2**20))
    assert "more than 0.195 GiB of memory" in problem.what
    assert read_file(path).frame.shape == (40_000, 101)


@LINUX
def test_a_file_that_takes_too_much_processor_time(tmp_path, monkeypatch):
    """A workbook is slow to read; here one second is not enough, whatever the machine."""
    rows = "".join(f"{n};{n / 7};tekst {n}\n" for n in range(700_000))
    path = tmp_path / "a.csv"
    path.write_text("a;b;c\n" + rows.replace(".", ","), encoding="utf-8")
    assert "longer than 1 seconds" in problem_of(path, limits=Limits(seconds=1)).what


@LINUX
def test_a_parser_that_hangs_is_ended(tmp_path):
    """A pipe without a writer: the parser waits for ever, and takes no processor time."""
    path = tmp_path / "a.csv"
    os.mkfifo(path)
    order = {
        "path": str(path),
        "module": "text",
        "kind": "",
        "name": "text",
        "options": {},
        "limits": {"memory": 2**30, "seconds": 9, "cells": 9, "inflated": 9},
        "folder": str(tmp_path),
    }
    parser = helper.Helper()
    assert parser.parse(order, seconds=0.7) is None
    path.unlink()
    path.write_text("a;b\n1;2\n", encoding="utf-8")
    assert parser.parse(order, seconds=30) == 0
    parser.close()


def test_too_many_cells(tmp_path):
    path = sav(tmp_path / "a.sav")
    problem = problem_of(path, limits=Limits(cells=60 * 9 - 1))
    assert "60 rows of 9 columns" in problem.what
    assert read_file(path, limits=Limits(cells=60 * 9)).frame.shape == (60, 9)


# ---- that it cannot hurt


@LINUX
def test_bytes_that_end_the_parser_end_nothing_else(tmp_path):
    """In this file the value labels say that they belong to a variable that is not there."""
    path = sav(tmp_path / "a.sav")
    content = path.read_bytes()
    start = content.index(b"\x04\0\0\0\x01\0\0\0") + 8
    path.write_bytes(content[:start] + (60_000).to_bytes(4, "little") + content[start + 4 :])
    alone = "import sys, pyreadstat; pyreadstat.read_sav(sys.argv[1], user_missing=True)"
    done = subprocess.run([sys.executable, "-c", alone, path], capture_output=True, check=False)
    assert done.returncode < 0, "the file no longer ends the parser: find another"
    problem = problem_of(path)
    assert "ends the parser (SIG" in problem.what
    assert "Restore the file" in problem.remedy
    assert len(read_file(sav(path)).frame) == 60


@LINUX
@pytest.mark.parametrize("options", [{}, {"row_compress": True}, {"compress": True}])
def test_flipped_bits_give_a_table_or_one_clear_error(tmp_path, options):
    """Of 2,100 such files 41 ended the parser; of these 150, some do."""
    path = sav(tmp_path / "a.sav", **options)
    good = path.read_bytes()
    ended = 0
    rng = np.random.default_rng(1)
    for _ in range(50):
        content = bytearray(good)
        # The first kilobyte describes the file; that is where a parser stumbles.
        content[int(rng.integers(170, min(1100, len(content))))] ^= 1 << int(rng.integers(8))
        path.write_bytes(content)
        try:
            table = read_file(path)
        except WaveError as error:
            ended += "ends the parser" in only(error).what
        else:
            assert len(table.frame)
    assert ended


def test_what_comes_back_is_held_against_itself(tmp_path):
    table = Parsed(
        rows=3,
        columns={
            "a": column_of([1.0, None, 2.5]),
            "b": column_of(["x", None, "x"]),
            "c": column_of([1.0, ".a", None]),
            "d": Column("date", np.array([0, 1, 2])),
        },
        labels={"a": "label"},
        value_labels={"a": {1.0: "een"}, "b": {"x": "iks"}},
        missing={"a": ([9.0], [(97.0, float("inf"))]), "c": ([".a"], [])},
        facts={"format": "test"},
        cautions=["let op"],
    )
    save(table, tmp_path)
    back = load(tmp_path)
    assert isinstance(back, Parsed)
    for name, column in table.columns.items():
        np.testing.assert_array_equal(back.columns[name].data, column.data)
        assert back.columns[name].distinct == column.distinct
    assert (back.labels, back.value_labels, back.missing, back.facts, back.cautions) == (
        table.labels,
        table.value_labels,
        table.missing,
        table.facts,
        table.cautions,
    )


def damage_rows(answer):
    answer["rows"] = 4


def damage_kind(answer):
    answer["columns"][0][1] = "module"


def damage_codes(answer):
    answer["columns"][1][2] = []


def damage_names(answer):
    answer["columns"][1][0] = answer["columns"][0][0]


def damage_labels(answer):
    answer["labels"] = 7


@pytest.mark.parametrize(
    "damage", [damage_rows, damage_kind, damage_codes, damage_names, damage_labels]
)
def test_garbage_is_refused(tmp_path, damage):
    save(Parsed(2, {"a": column_of([1.0, 2.0]), "b": column_of(["x", "y"])}), tmp_path)
    answer = json.loads((tmp_path / "table.json").read_text(encoding="utf-8"))
    damage(answer)
    (tmp_path / "table.json").write_text(json.dumps(answer), encoding="utf-8")
    with pytest.raises(Garbage):
        load(tmp_path)


def test_no_answer_and_pickled_answers_are_garbage(tmp_path):
    with pytest.raises(Garbage):
        load(tmp_path)
    save(Parsed(2, {"a": column_of([1.0, 2.0])}), tmp_path)
    np.save(tmp_path / "number.npy", np.array([[1.0, "x"]], dtype="object"), allow_pickle=True)
    with pytest.raises(Garbage):
        load(tmp_path)


def test_problems_come_back_as_they_were(tmp_path):
    problems = [
        Problem("wat", "Doe iets.", column="a", values=("1",), rows=("r",)),
        Problem("x", "Y."),
    ]
    save_problems(problems, tmp_path)
    assert load(tmp_path) == problems


@LINUX
def test_the_parsing_process_sees_no_secrets_and_ends_with_its_owner(tmp_path):
    code = textwrap.dedent(
        """
        import os, sys
        from pathlib import Path
        os.environ["SECRET_TOKEN"] = "geheim"
        from mobiliteit.reading import helper, read_file
        read_file(Path(sys.argv[1]))
        child = helper.HELPER._process.pid
        environment = Path(f"/proc/{child}/environ").read_bytes()
        print(child, b"geheim" in environment, flush=True)
        """
    )
    path = sav(tmp_path / "a.sav")
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", code, path],
        capture_output=True,
        text=True,
        check=True,
    )
    child, secret = done.stdout.split()
    assert secret == "False"
    assert done.stderr == ""
    assert not Path(f"/proc/{child}").exists()


def test_several_threads_read_at_once(tmp_path):
    paths = [sav(tmp_path / f"{n}.sav", rows=10 + n) for n in range(6)]
    rows = {}
    threads = [
        threading.Thread(target=lambda p=path: rows.update({p: len(read_file(p).frame)}))
        for path in paths
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [rows[path] for path in paths] == [10, 11, 12, 13, 14, 15]


def test_parsing_does_not_wait_for_pandas():
    """What a parsing process imports costs every command that loads a wave."""
    code = (
        "import sys, importlib\n"
        "for name in ('child', 'parsed', 'statistical', 'text', 'excel', 'parquet'):\n"
        "    importlib.import_module(f'mobiliteit.reading.{name}')\n"
        "    assert 'pandas' not in sys.modules and 'pydantic' not in sys.modules, name\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


def test_reading_parquet_does_not_wait_for_pandas(tmp_path):
    """Every file is read in a new fork, where it would be imported anew."""
    path = tmp_path / "a.parquet"
    pd.DataFrame({"a": [1.0, np.nan, 3.0], "t": ["ja", None, "nee"], "n": [1, 2, 3]}).to_parquet(
        path
    )
    code = (
        "import sys; from pathlib import Path; from mobiliteit.reading import parquet\n"
        f"table = parquet.read(Path({str(path)!r}), '', {{}}, {{'cells': 99, 'inflated': 10**6}})\n"
        "assert [str(x) for x in table.columns['a'].data] == ['1.0', 'nan', '3.0']\n"
        "assert 'pandas' not in sys.modules\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
