"""The published numbers: entered twice, read as printed, kept apart from what is computed."""

from __future__ import annotations

import ast
import csv
import dataclasses
import re
from decimal import Decimal
from functools import cache
from pathlib import Path

import pytest

import mobiliteit
from builders import copy_study, failure, only
from mobiliteit.errors import StudyError
from mobiliteit.published import COLUMNS, FILE, PrintedCell, load_published
from mobiliteit.study import STUDY_DIR

SECOND_ENTRY = Path(__file__).parent / "reference" / "tables_second_entry.csv"
COUNTS = {
    **{"3.1": 9, "3.2": 22, "3.3": 112, "3.4": 32, "3.5": 28, "3.6": 28},
    **{"3.7": 24, "3.8": 44, "3.9": 36, "3.10": 72, "3.11": 72},
}


def records(path):
    with path.open(encoding="utf-8", newline="") as handle:
        return list(csv.DictReader(handle))


def cell(printed):
    return PrintedCell("3.7", 31, "netwerken", "Netwerken", "inkomen", printed)


# ---- the entries


def test_479_cells_in_reading_order(study):
    cells = load_published(study)
    assert len(cells) == 479
    counts = {}
    for entry in cells:
        counts[entry.table] = counts.get(entry.table, 0) + 1
    assert list(counts.items()) == list(COUNTS.items())
    pages = [entry.page for entry in cells]
    assert pages == sorted(pages)
    tables = [entry.table for entry in cells]
    assert tables == sorted(tables, key=list(COUNTS).index)


def test_rows_stand_together_and_their_columns_in_one_order(study):
    """A row is read to its end before the next begins, and the columns keep their order."""
    for table in COUNTS:
        cells = [entry for entry in load_published(study) if entry.table == table]
        rows = list(dict.fromkeys(entry.row for entry in cells))
        assert [entry.row for entry in cells] == sorted(
            (entry.row for entry in cells), key=rows.index
        )
        order = list(dict.fromkeys(entry.column for entry in cells))
        for row in rows:
            columns = [entry.column for entry in cells if entry.row == row]
            assert columns == sorted(columns, key=order.index), (table, row)


def test_both_entries_agree_cell_by_cell():
    first, second = records(STUDY_DIR / FILE), records(SECOND_ENTRY)
    assert len(first) == len(second) == 479
    differences = [(a, b) for a, b in zip(first, second, strict=True) if a != b]
    assert differences == []


def test_what_the_report_says_of_itself(study):
    """Sums that the report prints: a wrong digit in an entry would show."""
    cells = {(c.table, c.row, c.column): c.number for c in load_published(study)}
    segments = [cells["3.1", name, "respons"] for name in study.segments.segments]
    assert sum(segments) == cells["3.1", "totaal", "respons"] == 1137
    branches = [cells["3.2", name, "aantal"] for name in study.categories("branche")]
    assert sum(branches) == cells["3.2", "totaal", "aantal"] == 1137


def test_every_cell_has_a_place_in_the_tables_of_the_study(study):
    for entry in load_published(study):
        definition = study.tables.tables[entry.table]
        if definition.kind in ("group_comparison", "regression"):
            rows = [*definition.rows, getattr(definition, "explained_variance", "")]
            assert entry.row in rows, entry
        if definition.kind in ("regression", "class_comparison"):
            assert entry.column in definition.columns, entry


# ---- one cell


@pytest.mark.parametrize(
    ("printed", "number", "decimals", "marks"),
    [
        (",15***", "0.15", 2, "***"),
        ("26%", "26", 0, ""),
        ("*2,84", "2.84", 2, "*"),
        ("0,4%", "0.4", 1, ""),
        ("37 jaar", "37", 0, ""),
        ("-,10**", "-0.10", 2, "**"),
        (",00", "0.00", 2, ""),
        ("-,05", "-0.05", 2, ""),
        ("1137", "1137", 0, ""),
        ("8%***", "8", 0, "***"),
        ("3,20", "3.20", 2, ""),
        ("24 uur", "24", 0, ""),
        ("*12", "12", 0, "*"),
    ],
)
def test_a_printed_number(printed, number, decimals, marks):
    entry = cell(printed)
    assert entry.number == Decimal(number)
    assert str(entry.number) == number
    assert (entry.decimals, entry.marks, entry.verdict) == (decimals, marks, None)
    assert entry.printed == printed


@pytest.mark.parametrize("printed", ["Ja", "Nee"])
def test_a_printed_verdict(printed):
    entry = cell(printed)
    assert (entry.verdict, entry.number, entry.decimals, entry.marks) == (printed, None, 0, "")


BAD_CELLS = [
    "",
    " ",
    "ja",
    "JA",
    "Misschien",
    "*",
    "-",
    "%",
    ",",
    "2.84",
    "1.137",
    "2,8,4",
    "--,10",
]
BAD_CELLS += [
    ",15****",
    "** ,15",
    " 26%",
    "26% ",
    "2,84\n",
    "€ 500",
    "n.v.t.",
    "12,",
    "37 jaar oud",
]


@pytest.mark.parametrize("printed", BAD_CELLS)
def test_what_is_no_printed_cell(printed):
    with pytest.raises(ValueError, match="not a printed cell"):
        _ = cell(printed).number


# ---- a broken file


@pytest.fixture
def copied(tmp_path, study):
    folder = copy_study(tmp_path / "study")
    (folder / FILE).parent.mkdir()
    (folder / FILE).write_bytes((STUDY_DIR / FILE).read_bytes())
    return dataclasses.replace(study, path=folder), folder / FILE


def rewrite(path, change):
    rows = records(path)
    change(rows)
    with path.open("w", encoding="utf-8", newline="") as handle:
        writer = csv.DictWriter(handle, COLUMNS)
        writer.writeheader()
        writer.writerows(rows)


def test_an_unchanged_copy_loads(copied, study):
    assert load_published(copied[0]) == load_published(study)


def test_missing_file(copied):
    copied[1].unlink()
    error = failure(lambda: load_published(copied[0]), StudyError)
    assert str(copied[1]) in str(error)


@pytest.mark.parametrize(
    "text", ["", "table,row\n", "table;page;row;row_label_nl;column;printed\n"]
)
def test_other_columns(copied, text):
    copied[1].write_text(text)
    assert "printed" in only(failure(lambda: load_published(copied[0]), StudyError)).remedy


def test_all_bad_cells_are_shown_together_with_their_lines(copied):
    def change(rows):
        rows[0]["printed"] = "72?"
        rows[10]["printed"] = ""
        rows[20]["page"] = "p. 25"

    rewrite(copied[1], change)
    error = failure(lambda: load_published(copied[0]), StudyError)
    assert [problem.what.split(":")[0] for problem in error.problems] == [
        "line 2",
        "line 12",
        "line 22",
    ]
    assert "'72?'" in str(error)


def test_a_cell_twice(copied):
    rewrite(copied[1], lambda rows: rows.append(rows[0]))
    assert "3.1 instroom respons is there twice" in str(failure(lambda: load_published(copied[0])))


def test_a_table_that_the_study_does_not_know(copied):
    rewrite(copied[1], lambda rows: rows[0].update(table="3.12"))
    assert "3.12" in only(failure(lambda: load_published(copied[0]), StudyError)).what


def test_a_line_that_is_cut_off(copied):
    with copied[1].open("a", encoding="utf-8") as handle:
        handle.write("3.11,38,uren_12_19\n")
    assert "line 481" in str(failure(lambda: load_published(copied[0]), StudyError))


def test_a_decimal_comma_without_quotes_does_not_lose_its_decimals(copied):
    text = copied[1].read_text(encoding="utf-8")
    copied[1].write_text(text.replace('"0,4%"', "0,4%"), encoding="utf-8")
    assert "line " in str(failure(lambda: load_published(copied[0]), StudyError))


def test_another_encoding(copied):
    text = copied[1].read_text(encoding="utf-8")
    copied[1].write_bytes(text.encode("utf-16"))
    failure(lambda: load_published(copied[0]), StudyError)


# ---- published is not computed: who reads what, in all files of the package

PACKAGE = Path(mobiliteit.__file__).parent
MAY_READ_PUBLISHED = re.compile(
    r"mobiliteit\.(published|scorecard|claims\.printed|(against|audit|synthetic)(\..+)?)"
)
MAKES_NUMBERS = (
    *("errors", "results", "study", "study_schema", "descriptor", "ingest", "ledger", "clean"),
    *("segments", "scales", "project", "wave", "compare", "regress", "tables", "render.numbers"),
)


@cache
def modules():
    """Module name to its syntax tree."""
    trees = {}
    for path in sorted(PACKAGE.rglob("*.py")):
        parts = ("mobiliteit", *path.relative_to(PACKAGE).with_suffix("").parts)
        name = ".".join(parts[:-1] if parts[-1] == "__init__" else parts)
        trees[name] = (path, ast.parse(path.read_text(encoding="utf-8"), str(path)))
    return trees


def imports(name):
    """Names that a module imports anywhere; of ``from a import b`` both ``a`` and ``a.b``."""
    path, tree = modules()[name]
    package = name.split(".") if path.name == "__init__.py" else name.split(".")[:-1]
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = package[: len(package) - node.level + 1] if node.level else []
            home = ".".join([*base, *([node.module] if node.module else [])])
            yield home
            yield from (f"{home}.{alias.name}" for alias in node.names)


def strings(tree):
    """String literals of a tree, the fixed parts of f-strings included, docstrings not."""
    docstrings = {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef)
        and node.body
        and isinstance(node.body[0], ast.Expr)
    }
    for node in ast.walk(tree):
        if (
            isinstance(node, ast.Constant)
            and isinstance(node.value, str)
            and id(node) not in docstrings
        ):
            yield node.lineno, node.value


def test_the_walk_sees_the_package():
    assert {f"mobiliteit.{name}" for name in MAKES_NUMBERS} <= set(modules())
    assert "mobiliteit.published" in set(imports("mobiliteit.scorecard"))


def test_only_scorecard_synthetic_and_audit_import_the_published_numbers():
    readers = {
        name
        for name in modules()
        if any(part == "mobiliteit.published" for part in imports(name))
        and not MAY_READ_PUBLISHED.fullmatch(name)
    }
    assert readers == set()


def test_nobody_else_reads_the_file_itself():
    readers = {
        (name, line)
        for name, (_, tree) in modules().items()
        if not MAY_READ_PUBLISHED.fullmatch(name)
        for line, text in strings(tree)
        if text == "mobiliteit.published" or "published/" in text or "tables_second" in text
    }
    assert readers == set()


def test_what_makes_the_numbers_does_not_reach_the_published_ones_by_a_detour():
    reached = {f"mobiliteit.{name}" for name in MAKES_NUMBERS}
    while True:
        further = {
            part for name in reached for part in imports(name) if part in modules()
        } | reached
        if further == reached:
            break
        reached = further
    forbidden = {name for name in reached if MAY_READ_PUBLISHED.fullmatch(name)}
    assert forbidden == set()


def test_no_module_names_a_variable_of_the_study(study):
    """The study is data: outside study/ and the generator no variable name of it is written."""
    book = study.codebook
    names = {
        *(column.name for column in book.columns()),
        *book.variables,
        *book.derived,
        study.segments.segment_variable.id,
        study.segments.group_variable.id,
    }
    methods = {*dir(dict), *dir(list), *dir(str)}
    found = []
    for name, (_, tree) in modules().items():
        if name.startswith("mobiliteit.synthetic"):
            continue
        for line, text in strings(tree):
            # a whole literal, or a word with an underscore, which is no Dutch or English word
            words = {text.strip(), *(word for word in re.findall(r"\w+", text) if "_" in word)}
            found += [(name, line, word) for word in words & names]
        for node in ast.walk(tree):
            if isinstance(node, ast.keyword) and node.arg in names:
                found.append((name, node.value.lineno, node.arg))
            elif isinstance(node, ast.Attribute) and node.attr in names - methods:
                found.append((name, node.lineno, node.attr))
    assert found == []
