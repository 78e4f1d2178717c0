"""Good files with their bytes damaged: refused, or read as another parser reads them.

With the checksum of the good file in the sidecar every damage is seen. Sealed anew, the parser has
to cope: what it accepts is held against what a second parser makes of the same bytes.
"""

from __future__ import annotations

import csv
import io
import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import pyreadstat
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mutation_tools import CASES, FORMATS, Arena, cases, write

KINDS = ("bit", "byte", "insert", "delete", "cut", "zeros", "swap", "repeat", "head", "tail")


def damaged(content: bytes, kind: str, seed: int) -> bytes:
    """Change some bytes; the result differs from what came in."""
    rng = random.Random(seed)
    data, n = bytearray(content), len(content)
    while bytes(data) == content:
        at = rng.randrange(n)
        size = rng.choice((1, 2, 8, 64))
        if kind == "bit":
            data[at] ^= 1 << rng.randrange(8)
        elif kind == "byte":
            data[at] = rng.randrange(256)
        elif kind == "insert":
            data[at:at] = rng.randbytes(size)
        elif kind == "delete":
            del data[at : at + size]
        elif kind == "cut":
            del data[at:]
        elif kind == "zeros":
            data[at : at + size] = bytes(len(data[at : at + size]))
        elif kind == "swap":
            first, second = sorted(rng.sample(range(0, n - size, size), 2))
            a, b = data[first : first + size], data[second : second + size]
            data[first : first + size], data[second : second + size] = b, a
        elif kind == "repeat":
            data[at:at] = data[at : at + size]
        elif kind == "head":
            data[rng.randrange(min(n, 200))] ^= 1 << rng.randrange(8)
        else:
            data[n - 1 - rng.randrange(min(n, 200))] ^= 1 << rng.randrange(8)
    return bytes(data)


def cells(frame: pd.DataFrame) -> tuple[list[str], list[list[Any]]]:
    """Names and rows of a frame, None where a cell is empty."""
    rows = [
        [
            None if pd.isna(cell) or cell == "" else cell if isinstance(cell, str) else float(cell)
            for cell in row
        ]
        for row in frame.astype(object).to_numpy().tolist()
    ]
    return list(map(str, frame.columns)), rows


def by_text(path: Path) -> tuple[list[str], list[list[Any]]]:
    """Read a text file of this test by hand: UTF-8, or else the encodings of most old files."""
    content = path.read_bytes()
    for encoding in ("utf-8-sig", "cp1252", "iso8859-15"):
        try:
            text = content.decode(encoding)
            break
        except UnicodeDecodeError:
            continue
    names, *rows = csv.reader(io.StringIO(text, newline=""), delimiter=";")
    return [name.strip() for name in names], [row[: len(names)] for row in rows if any(row)]


OTHERS: dict[str, Callable[[Path], tuple[list[str], list[list[Any]]]]] = {
    "sav": lambda path: cells(pyreadstat.read_sav(path, user_missing=True)[0]),
    "zsav": lambda path: cells(pyreadstat.read_sav(path, user_missing=True)[0]),
    "por": lambda path: cells(pyreadstat.read_por(path)[0]),
    "dta": lambda path: cells(pd.read_stata(path, convert_categoricals=False)),
    "xpt": lambda path: cells(pd.read_sas(path, format="xport", encoding="latin-1")),
    "xlsx": lambda path: cells(pd.read_excel(path, dtype=object)),
    "parquet": lambda path: cells(pd.read_parquet(path)),
    "csv": by_text,
}


def good(arena: Arena) -> dict[str, bytes]:
    """The good wave in every format."""
    contents = {}
    for form in FORMATS:
        path = arena.root / f"scratch.{form}"
        contents[form] = write(arena.good, form, path)
        path.unlink()
    return contents


@pytest.mark.slow
def test_damage_is_seen_by_the_checksum(arena):
    contents, n = good(arena), len(arena.good.rows)

    @cases("bytes_as_sealed")
    @given(
        form=st.sampled_from(FORMATS),
        kind=st.sampled_from(KINDS),
        seed=st.integers(0, 2**32),
    )
    def run(form: str, kind: str, seed: int) -> None:
        content = damaged(contents[form], kind, seed)
        arena.place(content, f"klein.{form}", arena.described(), n, sealed=contents[form])
        message = arena.clean()
        assert message is not None
        assert f"wave 2031, file klein.{form}: " in message
        assert "checksum is" in message

    run()
    arena.tallied("bytes_as_sealed", refused=CASES["bytes_as_sealed"])


@pytest.mark.slow
def test_damage_that_was_sealed_in(arena):
    contents, n = good(arena), len(arena.good.rows)

    @cases("bytes_resealed")
    @given(
        form=st.sampled_from(FORMATS),
        kind=st.sampled_from(KINDS),
        seed=st.integers(0, 2**32),
    )
    def run(form: str, kind: str, seed: int) -> None:
        content = damaged(contents[form], kind, seed)
        sidecar, name = arena.described(), f"klein.{form}"
        arena.place(content, name, sidecar, n)
        message = arena.clean()
        if message is not None:
            assert f"wave 2031, file {name}" in message
            return
        try:
            names, rows = OTHERS[form](arena.folder / name)
        except Exception:
            assert form != "csv"
            # pandas gives up on any damage to the header, and more than the header may be damaged
            if form == "xpt":
                names, rows = cells(pyreadstat.read_xport(arena.folder / name)[0])
            else:
                # where the second parser gives up, the damage must have hit no answer
                names, rows = arena.good.names, arena.good.rows
        arena.holds(names, rows, sidecar)

    run()
    arena.tallied("bytes_resealed", right=20, refused=200)
