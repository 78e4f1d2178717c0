"""Text files in every dialect and encoding, broken ones, and tables of odd sizes."""

from __future__ import annotations

import csv
import io
import random
import zipfile
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mutation_tools import Arena, Dialect, Export, cases, text_of, write

AGE, CONTRACT = "V21", "V22"
# Answers as a supplier may write them, with all that a text file has to be careful with.
WORDS = {
    1.0: 'vast; "voor altijd", of | langer',
    2.0: "uitzicht op vást, één dag",
    3.0: "tijdelijk\nzonder uitzicht",
    4.0: "coöperatie, café of à la carte",
    9.0: "géén antwoord",
}
PLAIN_WORDS = {1.0: "vást", 2.0: "één dag", 3.0: "zonder", 4.0: "coöperatie", 9.0: "géén"}
ENCODINGS = (
    *("utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252", "latin-1"),
    *("iso8859-15", "cp850", "mac-roman"),
)


def in_words(arena: Arena, words: dict[float, str]) -> tuple[Export, dict[str, Any]]:
    """The good wave with its contracts in words, ages with decimals, and the sidecar for it."""
    export, sidecar = arena.good.copy(), arena.described()
    contract, age = export.names.index(CONTRACT), export.names.index(AGE)
    for number, row in enumerate(export.rows):
        row[contract] = words.get(row[contract])
        if row[age] is not None and 15 <= row[age] < 64 and number % 3 == 0 and row[0] != 5009:
            row[age] += 0.5
    again = {row[0]: row for row in export.rows[:-4]}
    export.rows[-4:] = [list(again[row[0]]) for row in export.rows[-4:]]
    variable = sidecar["columns"][CONTRACT]
    sidecar["columns"][CONTRACT] = {
        "variable": variable,
        "recode": {words[code]: int(code) for code in words if code != 9.0},
        "missing": {words[9.0]: "geen_antwoord"},
    }
    return export, sidecar


@pytest.mark.slow
def test_dialects(arena):
    @cases("dialects")
    @given(
        separator=st.sampled_from(";,\t|"),
        decimal=st.sampled_from(",."),
        newline=st.sampled_from(("\r\n", "\n", "\r")),
        quoting=st.sampled_from((csv.QUOTE_MINIMAL, csv.QUOTE_ALL)),
        flags=st.tuples(*[st.booleans()] * 3),
        stated=st.sampled_from(
            ("", "", "", "separator", "decimal", "wrong separator", "wrong decimal")
        ),
        broken=st.sampled_from(("", "", "", "", "quote", "more", "less")),
        line=st.integers(2, 40),
    )
    def run(separator, decimal, newline, quoting, flags, stated, broken, line) -> None:
        export, sidecar = in_words(arena, PLAIN_WORDS if broken else WORDS)
        trailing, sep_line, last_newline = flags
        if newline == "\r":
            quoting = csv.QUOTE_ALL  # or the writer leaves ends of lines within answers bare
        if broken:
            sep_line = False
        dialect = Dialect(
            separator=separator,
            decimal=decimal,
            newline=newline,
            quoting=quoting,
            trailing=trailing,
            sep_line=sep_line,
            last_newline=last_newline,
        )
        wrong = stated.startswith("wrong")
        said = {
            "separator": {"separator": separator},
            "decimal": {"decimal": decimal},
            "wrong separator": {"separator": "#"},
            "wrong decimal": {"decimal": ",."[decimal == ","]},
        }.get(stated)
        if said:
            sidecar["file"]["csv"] = said
        content = text_of(export, dialect)
        places = [stated.removeprefix("wrong ")] if wrong else None
        if broken:
            lines = content.split(newline.encode())
            spoilt = {
                "quote": b'"' + lines[line - 1].replace(b'"', b""),
                "more": lines[line - 1] + separator.encode() + b"4",
                "less": lines[line - 1].rsplit(separator.encode(), 2)[0],
            }
            lines[line - 1] = spoilt[broken]
            content = newline.encode().join(lines)
            places = None if wrong else [f"line {line}"]
        arena.place(content, "klein.csv", sidecar, len(export.rows))
        if wrong and broken:
            assert arena.clean() is not None
            return
        arena.judge(export.names, export.rows, sidecar, places=places)

    run()
    arena.tallied("dialects", right=10, refused=20)


def test_encodings(arena):
    @cases("encodings")
    @given(
        encoding=st.sampled_from((*ENCODINGS, "utf-8", "utf-8", "utf-8")),
        stated=st.sampled_from(("", "as it is", "another")),
        broken=st.booleans(),
        seed=st.integers(0, 2**32),
    )
    def run(encoding: str, stated: str, broken: bool, seed: int) -> None:
        export, sidecar = in_words(arena, WORDS)
        content = text_of(export, Dialect(encoding=encoding))
        said = {"as it is": encoding, "another": "utf-8" if encoding != "utf-8" else "utf-16"}
        if stated:
            sidecar["file"]["csv"] = {"encoding": said[stated]}
        if broken:
            rng = random.Random(seed)
            place = rng.randrange(len(content))
            content = content[:place] + rng.choice((b"\xff", b"\xe9", b"\x81")) + content[place:]
        arena.place(content, "klein.csv", sidecar, len(export.rows))
        if stated == "another" and encoding != "utf-8-sig":
            message = arena.clean()
            assert message is not None
            assert "file klein.csv" in message
        elif broken:
            message = arena.clean()
            if message is not None:
                assert "file klein.csv" in message
                return
            # a stray byte that is a letter of some encoding, where no answer stands
            meant = content.decode(encoding, errors="replace").removeprefix("\ufeff")
            names, *rows = csv.reader(io.StringIO(meant, newline=""), delimiter=";")
            arena.holds(names, rows, sidecar)
        else:
            # which of the older encodings it is can be a guess
            guess = not stated and not encoding.startswith("utf")
            arena.judge(export.names, export.rows, sidecar, lenient=guess)

    run()
    arena.tallied("encodings", right=10, refused=15)


# ---- sizes


def repeated(arena: Arena, n: int) -> Export:
    """The good wave over and over with new ids, n rows, without its hand corrections."""
    rows = arena.good.rows[:32]
    many = [[float(100_000 + i), *rows[i % 32][1:]] for i in range(n)]
    for row in many:
        for place, wrong in ((21, 510.0), (10, 3650.0)):
            if row[place] == wrong:
                row[place] = None
    return Export(arena.good.names, many)


SMALL = ("no rows", "one row", "one column", "large cell", "large name")
SIZES = [(size, form) for size in SMALL for form in ("csv", "parquet", "xlsx", "sav")]


@pytest.mark.parametrize(("size", "form"), [*SIZES, ("wide", "parquet"), ("long", "sav")])
def test_sizes(arena, form, size):
    export, places = repeated(arena, 20_000 if size == "long" else 32), None
    if size == "no rows":
        export.rows, places = [], ["klein"]
    elif size == "one row":
        export.rows = export.rows[:1]
    elif size == "one column":
        export = Export(export.names[:1], [row[:1] for row in export.rows])
        places = ["klein"]
    elif size == "wide":
        export.names = [*export.names, *(f"W{n}" for n in range(3_000))]
        export.rows = [[*row, *[1.0] * 3_000] for row in export.rows]
        places = ["W0", "W2999"]
    elif size == "large cell":
        # as much as each format can hold: a cell of Excel, a text of SPSS, a field of text
        length = {"xlsx": 32_000, "sav": 30_000, "csv": 2**20 + 1, "parquet": 2**20}[form]
        export.rows[3][5] = "x" * length
        places = ["V5"] if form != "csv" else ["line 5"]
    elif size == "large name":
        export.names[5] = "V" * 60 if form == "sav" else "V" * 20_000
    arena.sidecar["corrections"] = []
    path = arena.root / f"scratch.{form}"
    content = write(export, form, path)
    path.unlink()
    sidecar = arena.described()
    arena.place(content, f"klein.{form}", sidecar, max(len(export.rows), 1))
    arena.judge(export.names, export.rows, sidecar, places=places)


@pytest.mark.parametrize("form", ["xlsx", "zsav"])
def test_bombs(arena, form):
    """A gigabyte of nothing in a file of a megabyte or less."""
    sidecar, stream = arena.described(), io.BytesIO()
    if form == "xlsx":
        with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("xl/workbook.xml", "<workbook/>")
            archive.writestr("xl/worksheets/sheet1.xml", bytes(300 * 2**20))
        content = stream.getvalue()
    else:
        path = arena.root / "scratch.zsav"
        content = write(arena.good, form, path)
        path.unlink()
        # the number of rows, where the header says it
        content = content[:80] + (2**31 - 1).to_bytes(4, "little") + content[84:]
    arena.place(content, f"klein.{form}", sidecar, len(arena.good.rows))
    message = arena.clean()
    assert message is None or f"file klein.{form}" in message
    if form == "xlsx":
        assert message is not None
        assert "unpacks to 300 MiB" in message
