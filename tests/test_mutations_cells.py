"""Good files with a cell, a column or a row changed: a right result, or the place is named."""

from __future__ import annotations

import random
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mobiliteit.errors import MAX_LETTERS, Problem
from mutation_tools import FORMATS, Arena, Export, as_text, cases, write

PERSON, STATUS, DAY, FIRST = 0, 1, 2, 3
TWICE = (10, 11, 12, -1, -2, -3, -4)  # rows of the good wave that are delivered twice
FREE_NAMES = ("csv", "xlsx", "parquet")

NUMBERS = (0.0, 1.0, 2.0, 4.0, 7.0, 8.0, 9.0, 99.0, 998.0, -1.0, 2.5, 30.5, 366.0, 1e15, None)
WILD_NUMBERS = (float("inf"), float("-inf"), 1e300, 5e-324)
TEXTS = (
    *("weet niet", " 3 ", "3 ", "3,0", "3.0", "03", "+3", "-3", "-", ".", "nan", "NaN", "inf"),
    *("NULL", "NA", "None", "TRUE", "2031-02-17", "1/2", "3 jaar", "'3", "3%", "x" * 250, "1_0"),
    *("<script>", "%s", "{}", "9", "99", "3-4", "0x1", "()", " ", "''"),
)
# An exponent, or what may be a thousand, is a number in one place and none in another.
READ_EITHER_WAY = ("1e0", "1E1", "1.000", "2,000", "15.000", ".5")
WIDE_TEXTS = ("\u00a03", "3\u00a0", "één", "３", "٣", "\u202e3", "3\u200b", "日本", "½", "³")
CONTROLS = ("\x1b[31m3", "3\n", "3\t", "a\x07b", "\x7f3")
IDS = ("abc", " 77 ", "007", None, "", "5001", "5003", "a/b", "x" * 250)


def place(arena: Arena, export: Export, form: str, rows: int | None = None) -> dict:
    """Write a table in a format, with the good sidecar sealed for it."""
    path = arena.root / f"scratch.{form}"
    content = write(export, form, path)
    path.unlink()
    sidecar = arena.described()
    rows = len(export.rows) if rows is None else rows
    arena.place(content, f"klein.{form}", sidecar, rows)
    return sidecar


@pytest.mark.parametrize("form", FORMATS)
def test_the_good_wave_comes_out_of_every_format(arena, form):
    sidecar = place(arena, arena.good, form)
    arena.judge(arena.good.names, arena.good.rows, sidecar)
    assert arena.tally == Counter(right=1)


def odd_cells(form: str, column: int) -> list:
    """What a cell can be changed to in a format that can write it."""
    if column == PERSON:
        return list(IDS)
    odd = [*NUMBERS, *TEXTS, *READ_EITHER_WAY]
    if form in ("parquet", "csv"):
        odd += WILD_NUMBERS
    if form != "por":
        odd += WIDE_TEXTS
    if form in ("parquet", "csv"):
        odd += CONTROLS
    return odd


def test_cells(arena):
    @cases("cells")
    @given(
        form=st.sampled_from(FORMATS),
        row=st.integers(0, len(arena.good.rows) - 1),
        column=st.integers(PERSON, len(arena.good.names) - 1),
        data=st.data(),
    )
    def run(form: str, row: int, column: int, data: st.DataObject) -> None:
        value = data.draw(st.sampled_from(odd_cells(form, column)))
        export = arena.good.copy()
        export.rows[row][column] = value
        sidecar = place(arena, export, form)
        # a second copy that is written otherwise is no longer one
        odd_copy = row % len(export.rows) in {n % len(export.rows) for n in TWICE}
        either = value in READ_EITHER_WAY or value in WIDE_TEXTS or value in CONTROLS
        told = export if form == "csv" and column != PERSON else as_text(export)
        arena.judge(told.names, told.rows, sidecar, lenient=odd_copy or either)

    run()
    arena.tallied("cells", right=20, refused=40)


@pytest.mark.slow
def test_columns(arena):
    width = len(arena.good.names)

    @cases("columns")
    @given(
        form=st.sampled_from(FREE_NAMES),
        kind=st.sampled_from(("shuffle", "rename", "drop", "twice", "add", "case", "odd", "copy")),
        column=st.integers(0, width - 1),
        other=st.integers(0, width - 1),
        odd=st.sampled_from(ODD_NAMES),
    )
    def run(form: str, kind: str, column: int, other: int, odd: str) -> None:
        export, places = arena.good.copy(), None
        name = export.names[column]
        if kind == "shuffle":
            order = random.Random(column * width + other).sample(range(width), width)
            export = Export(
                [export.names[n] for n in order], [[row[n] for n in order] for row in export.rows]
            )
        elif kind == "rename":
            export.names[column] = "q_nieuw"
        elif kind == "drop":
            export = without(export, column)
        elif kind == "twice":
            if column == other:
                return arena.count()
            export.names[other] = name
            places = [name]
        elif kind == "copy":
            export.names.append(name)
            export.rows = [[*row, row[column]] for row in export.rows]
            places = [name]
        elif kind == "add":
            export.names.append("q_extra")
            export.rows = [[*row, 1.0] for row in export.rows]
        elif kind == "case":
            export.names[column] = name.casefold()
        else:
            if form == "xlsx" and (not odd.strip().isprintable() or odd.startswith("=")):
                odd = "q_gewoon"
            export.names[column] = odd
            if not odd.strip():
                places = ["klein"]
        sidecar = place(arena, export, form)
        if form in ("csv", "xlsx"):
            export.names = [one.strip() for one in export.names]
        arena.judge(export.names, export.rows, sidecar, places=places)

    run()
    arena.tallied("columns", right=8, refused=50)


ODD_NAMES = (
    *("", " ", " V7", "V8 ", "v9", "V10\u200b", "\u202eV7", "V7\u00a0", "q-ë", "日本", "x" * 9000),
    *("a\x1b[2Jb", "a\nb", "a\tb", "a;b", 'a"b', "a,b", "1", "NaN", "None", "*", "#", "V#", "=V7"),
    *("wave", "-", "../../x", "{name}", "%s", "V7'", "é" * 400, "a\x07b", "status", "\x7f"),
)


def without(export: Export, column: int) -> Export:
    keep = [n for n in range(len(export.names)) if n != column]
    return Export([export.names[n] for n in keep], [[row[n] for n in keep] for row in export.rows])


@pytest.mark.slow
def test_rows(arena):
    n = len(arena.good.rows)

    @cases("rows")
    @given(
        form=st.sampled_from(FORMATS),
        kind=st.sampled_from(
            ("shuffle", "copies", "contradict", "some", "none", "stale", "empty", "header", "total")
        ),
        row=st.integers(0, n - 1),
        seed=st.integers(0, 2**32),
    )
    def run(form: str, kind: str, row: int, seed: int) -> None:
        export, rng, rows, places = arena.good.copy(), random.Random(seed), None, None
        if kind == "shuffle":
            rng.shuffle(export.rows)
        elif kind == "copies":
            for _ in range(rng.randint(1, 5)):
                export.rows.insert(rng.randint(0, n), list(export.rows[row]))
        elif kind == "contradict":
            again = list(export.rows[row])
            again[-1] = 3.0 if again[-1] != 3.0 else 4.0
            export.rows.insert(rng.randint(0, n), again)
        elif kind == "some":
            # those who are corrected by hand have to stay
            export.rows = [
                r for i, r in enumerate(export.rows) if i in (8, 9) or rng.random() < 0.4
            ]
        elif kind == "none":
            export.rows = [r for i, r in enumerate(export.rows) if i not in (8, 9, row)]
        elif kind == "stale":
            rows = len(export.rows)
            del export.rows[row]
            places = [str(rows - 1), str(rows), "file.rows"]
        elif kind == "empty":
            export.rows.insert(row, [None] * len(export.names))
            if form in ("csv", "xlsx"):  # where nobody sees them; a caution tells
                rows = n
        elif kind == "header":
            if form == "por":
                return arena.count()
            export.rows.insert(row, list(export.names))
        else:
            export.rows.append(["Totaal", *[1.0] * (len(export.names) - 1)])
            if form in ("csv", "xlsx"):
                places = ["totals"]
        sidecar = place(arena, export, form, rows)
        if kind == "empty" and rows is not None:
            del export.rows[row]
        told = as_text(export)
        arena.judge(told.names, told.rows, sidecar, places=places)

    run()
    arena.tallied("rows", right=10, refused=10)


def test_a_message_is_one_line_that_no_terminal_obeys():
    problem = Problem(
        "it is damaged\n  (at \x1b[2J)",
        "Rename a\u202eb.",
        column="V7\n" * 500,
        values=("\ud800", "3\u200b", "x" * 500, "één"),
        rows=("\x07",),
    )
    text = str(problem)
    assert text.isprintable()
    assert "it is damaged (at \\x1b[2J); values: \\ud800, 3\\u200b, " in text
    assert f", {'x' * MAX_LETTERS}…, één; first at: \\x07. Rename a\\u202eb." in text
    assert len(text) < 500
