"""What the mutation tests share: a good wave to damage, the real command, and the judge.

Every case is one run of ``mobiliteit clean`` on a wave in a folder of its own. It ends in a clean
wave that equals what :mod:`mutation_oracle` works out, or in exit code 2 with a message that names
the place and not a byte written.
"""

from __future__ import annotations

import contextlib
import copy
import csv
import hashlib
import io
import math
import re
import sys
import unicodedata
import warnings
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import openpyxl
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pyreadstat
import pytest
from hypothesis import HealthCheck, Phase, settings

from builders import BRIEF, SmallWave, as_yaml, brief_study, messy_wave
from mobiliteit import cli
from mobiliteit.study import load_study
from mutation_oracle import Clean, Question, Refused, interpret, questions

WAVE = "2031"
EARLIER = {f"{WAVE}.parquet": b"an earlier wave", f"{WAVE}_ledger.csv": b"an earlier ledger\n"}
BINARY = ("sav", "zsav", "por", "dta", "xpt", "xlsx", "parquet")
FORMATS = (*BINARY, "csv")
# How many cases each test runs in `make test`; test_mutations_sidecar.py adds them up.
CASES = {
    "bytes_as_sealed": 160,
    "bytes_resealed": 320,
    "cells": 100,
    "columns": 80,
    "rows": 40,
    "dialects": 50,
    "encodings": 50,
    "sidecar_values": 140,
    "sidecar_text": 90,
}


def cases(name: str) -> settings:
    """Settings of a test: its number of cases, the same ones each time, without a database."""
    return settings(
        max_examples=CASES[name],
        derandomize=True,
        database=None,
        deadline=None,
        phases=[Phase.explicit, Phase.generate],
        suppress_health_check=list(HealthCheck),
    )


@dataclass
class Export:
    """A table as a supplier would send it, before it is written in a format."""

    names: list[str]
    rows: list[list[Any]]

    def copy(self) -> Export:
        return Export(list(self.names), [list(row) for row in self.rows])

    def column(self, name: str) -> list[Any]:
        place = self.names.index(name)
        return [row[place] for row in self.rows]


@dataclass(frozen=True)
class Dialect:
    """How a text file is written."""

    separator: str = ";"
    decimal: str = ","
    newline: str = "\r\n"
    quoting: int = csv.QUOTE_MINIMAL
    encoding: str = "utf-8"
    trailing: bool = False
    sep_line: bool = False
    last_newline: bool = True


@dataclass
class Arena:
    """A folder with one wave, renewed for every case, and the tally of how cases ended."""

    root: Path
    good: Export
    sidecar: dict[str, Any]
    asked: list[Question]
    tally: Counter[str] = field(default_factory=Counter)

    @property
    def folder(self) -> Path:
        return self.root / "data_raw" / WAVE

    def described(self) -> dict[str, Any]:
        """The good sidecar, to be changed."""
        return copy.deepcopy(self.sidecar)

    def place(
        self, content: bytes, name: str, sidecar: dict[str, Any], rows: int, sealed: bytes = b""
    ) -> None:
        """Put a raw file there, with the checksum of `sealed` or else its own."""
        for path in self.folder.iterdir():
            path.unlink()
        (self.folder / name).write_bytes(content)
        sha256 = hashlib.sha256(sealed or content).hexdigest()
        sidecar["file"] |= {"name": name, "sha256": sha256, "rows": rows}
        self.describe(as_yaml(sidecar))

    def describe(self, text: str | bytes) -> None:
        """Write the sidecar."""
        content = text.encode() if isinstance(text, str) else text
        (self.folder / "wave.yaml").write_bytes(content)

    def clean(self) -> str | None:
        """Run ``mobiliteit clean``; return the message of exit code 2, or None for exit code 0."""
        out = self.root / "data_clean"
        for path in out.iterdir():
            path.unlink()
        for name, content in EARLIER.items():
            (out / name).write_bytes(content)
        before = _tree(self.root)
        code, said, message = _command("clean", "--wave", WAVE, "--root", str(self.root))
        after = _tree(self.root)
        assert "Traceback" not in said + message
        if code == 0:
            made = {f"data_clean/{WAVE}{end}" for end in MADE}
            assert set(after) == set(before) | made
            assert all(after[name] == before[name] for name in set(before) - made)
            assert not message, message
            self.tally["right"] += 1
            return None
        assert code == 2, (code, message)
        assert after == before
        first, *problems = message.rstrip("\n").split("\n")
        assert first.endswith(".")
        assert problems
        assert all(line.startswith("  - ") for line in problems), message
        odd = {sign for sign in message if unicodedata.category(sign) in ("Cc", "Cs")} - {"\n"}
        assert not odd, f"control characters reach the terminal: {odd!r}"
        assert max(map(len, problems)) < 2_000
        self.tally["refused"] += 1
        return message

    def judge(
        self,
        names: list[str],
        rows: list[list[Any]],
        sidecar: dict[str, Any],
        *,
        lenient: bool = False,
        places: list[str] | None = None,
    ) -> None:
        """Run the command and hold what it did against the oracle.

        With `lenient` a table that has a meaning may be refused all the same. With `places` it has
        to be refused, with these in the message in place of those that the oracle finds.
        """
        expected: Clean | Refused
        try:
            expected = interpret(names, rows, sidecar, self.asked)
        except Refused as refused:
            expected = refused
        if places is not None:
            expected = Refused(places)
        message = self.clean()
        if message is not None:
            if isinstance(expected, Clean) and not lenient:
                pytest.fail(f"a good wave was refused: {message}")
            assert WAVE in message
            for place in expected.places if isinstance(expected, Refused) else []:
                assert names_place(message, place), f"{place!r} is not in: {message}"
            return
        assert isinstance(expected, Clean), f"accepted, though {expected} should be refused"
        self.agrees(expected)

    def holds(self, names: list[str], rows: list[list[Any]], sidecar: dict[str, Any]) -> None:
        """Check that the wave that was just cleaned is what the oracle makes of a table."""
        self.agrees(interpret(names, rows, sidecar, self.asked))

    def count(self) -> None:
        """Count a case in which there was nothing to change."""
        self.tally["idle"] += 1

    def tallied(self, name: str, **least: int) -> None:
        """Check that a test ran all its cases, and that each ending came often enough to matter."""
        assert sum(self.tally.values()) >= CASES[name], self.tally
        for ending, n in least.items():
            assert self.tally[ending] >= n, self.tally

    def agrees(self, expected: Clean) -> None:
        """Check the clean wave and its ledger against what they should be."""
        frame = pd.read_parquet(self.root / "data_clean" / f"{WAVE}.parquet")
        found, wanted = list(frame.index), list(expected.people)
        assert found == wanted, f"{set(found) ^ set(wanted)}"
        compared = list(next(iter(expected.people.values())))
        for (name, person), row in zip(
            expected.people.items(), frame[compared].to_dict("records"), strict=True
        ):
            for column, value in person.items():
                assert same(row[column], value), f"{name}, {column}: {row[column]} for {value}"
        with (self.root / "data_clean" / f"{WAVE}_ledger.csv").open(encoding="utf-8") as stream:
            entries = list(csv.DictReader(stream))
        counts: Counter[tuple[str, str, str]] = Counter()
        for entry in entries:
            reason = "" if entry["kind"] in ("recoded", "reversed") else entry["reason"]
            counts[entry["kind"], entry["column"], reason] += int(entry["n"])
        assert counts == expected.counts
        totals: Counter[str] = Counter()
        for entry in entries:
            totals[entry["kind"]] += int(entry["n"])
        assert totals["in"] == totals["kept"] + totals["excluded"]
        assert totals["kept"] == len(frame)


MADE = (
    ".parquet",
    *(f"_{name}.csv" for name in ("codebook", "ledger", "reliability", "unclassified")),
)


def names_place(message: str, place: str) -> bool:
    """Whether a message names a place, as a word of its own; long and odd ones by their start."""
    shown = place if place.isprintable() else re.split(r"[^\w .-]", place)[0]
    return re.search(rf"(?<!\w){re.escape(shown[:40])}", message) is not None


def same(found: Any, expected: Any) -> bool:
    """Whether a cell of the clean frame holds what it should."""
    if expected is None:
        return bool(pd.isna(found))
    if isinstance(expected, str):
        return bool(found == expected)
    return isinstance(found, float) and math.isclose(found, expected, rel_tol=1e-12)


def _tree(root: Path) -> dict[str, bytes]:
    return {
        str(path.relative_to(root)): path.read_bytes() if path.is_file() else b""
        for path in root.rglob("*")
    }


def _command(*arguments: str) -> tuple[int, str, str]:
    out, err = io.StringIO(), io.StringIO()
    before, sys.argv = sys.argv, ["mobiliteit", *arguments]
    code: Any = 0
    try:
        with (
            contextlib.redirect_stdout(out),
            contextlib.redirect_stderr(err),
            warnings.catch_warnings(record=True) as told,
        ):
            warnings.simplefilter("always")
            try:
                cli.main()
            except SystemExit as leaving:
                code = leaving.code or 0
    finally:
        sys.argv = before
    assert not told, [str(warning.message) for warning in told]
    return int(code), out.getvalue(), err.getvalue()


def build_arena(root: Path) -> Arena:
    """A messy wave of the brief study, its columns called V0, V1, ... as any format allows."""
    study = brief_study(load_study())
    wave: SmallWave = messy_wave(root, study=study)
    frame = wave.frame.copy()
    frame["startdatum"] = frame["startdatum"].astype(str)
    short = {name: f"V{number}" for number, name in enumerate(frame)}
    sidecar = wave.sidecar
    for part in ("columns", "ignore"):
        sidecar[part] = {short[name]: to for name, to in sidecar[part].items()}
    for entry in [*sidecar["exclude"], *sidecar["corrections"]]:
        entry["column"] = short[entry["column"]]
    sidecar["respondent"] = short[sidecar["respondent"]]
    rows = [
        [None if isinstance(cell, float) and math.isnan(cell) else cell for cell in row]
        for row in frame.to_numpy(dtype=object).tolist()
    ]
    (root / "data_clean").mkdir()
    return Arena(root, Export(list(short.values()), rows), sidecar, questions(set(BRIEF)))


def is_number(values: Iterable[Any]) -> bool:
    """Whether cells are all numbers or empty."""
    return all(value is None or type(value) is float for value in values)


def written(value: Any, decimal: str = ".") -> str:
    """A cell as text."""
    if value is None:
        return ""
    if type(value) is not float:
        return str(value)
    text = str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
    return text.replace(".", decimal)


def as_text(export: Export) -> Export:
    """The table as a typed format delivers it: a column with any text in it is text throughout."""
    made = export.copy()
    for place, _ in enumerate(export.names):
        if not is_number(row[place] for row in export.rows):
            for row in made.rows:
                row[place] = None if row[place] is None else written(row[place])
    return made


def write(export: Export, form: str, path: Path, dialect: Dialect | None = None) -> bytes:
    """Write a table in a format, and return the bytes of the file."""
    if form == "csv":
        path.write_bytes(text_of(export, dialect or Dialect()))
        return path.read_bytes()
    table = as_text(export)
    if form == "xlsx":
        book = openpyxl.Workbook(write_only=True)
        sheet = book.create_sheet("Data")
        for row in [export.names, *export.rows]:
            sheet.append(row)
        book.save(path)
        return path.read_bytes()
    if form == "parquet":
        columns = [list(cells) for cells in zip(*table.rows, strict=True)] or [
            [] for _ in table.names
        ]
        arrays = [pa.array(c, pa.float64() if is_number(c) else pa.string()) for c in columns]
        pq.write_table(pa.Table.from_arrays(arrays, names=table.names), path)
        return path.read_bytes()
    frame = pd.DataFrame(
        {
            name: np.array([np.nan if v is None else v for v in table.column(name)], dtype=float)
            if is_number(table.column(name))
            else [v or "" for v in table.column(name)]
            for name in table.names
        }
    )
    if form in ("sav", "zsav"):
        pyreadstat.write_sav(frame, str(path), compress=form == "zsav")
    elif form == "dta":
        pyreadstat.write_dta(frame, str(path))
    elif form == "por":
        pyreadstat.write_por(frame, str(path))
    else:
        pyreadstat.write_xport(frame, str(path))
    return path.read_bytes()


def text_of(export: Export, dialect: Dialect) -> bytes:
    """Write a table as text."""
    stream = io.StringIO(newline="")
    writer = csv.writer(
        stream,
        delimiter=dialect.separator,
        quoting=dialect.quoting,  # type: ignore[arg-type]
        lineterminator=dialect.newline,
    )
    end = [""] if dialect.trailing else []
    writer.writerow([*export.names, *end])
    for row in export.rows:
        writer.writerow([*(written(value, dialect.decimal) for value in row), *end])
    text = stream.getvalue()
    if dialect.sep_line:
        text = f"sep={dialect.separator}{dialect.newline}{text}"
    return (text if dialect.last_newline else text[: -len(dialect.newline)]).encode(
        dialect.encoding
    )
