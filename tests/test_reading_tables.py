"""Excel and Parquet: what the cells hold, and nothing that a workbook would like to have done."""

from __future__ import annotations

import datetime as dt
import io
import zipfile
from pathlib import Path

import openpyxl
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from builders import failure, only
from mobiliteit.descriptor_schema import ExcelOptions
from mobiliteit.errors import WaveError
from mobiliteit.reading import Limits, RawTable, read_file


def workbook(path: Path, rows: list[list], *, title: str = "Data") -> openpyxl.Workbook:
    book = openpyxl.Workbook()
    book.active.title = title
    for row in rows:
        book.active.append(row)
    book.save(path)
    return book


def rezip(path: Path, change: dict[str, bytes | None]) -> None:
    """Change members of an archive: new content, or None to leave one out."""
    content = path.read_bytes()
    with (
        zipfile.ZipFile(io.BytesIO(content)) as old,
        zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for name in dict.fromkeys([*old.namelist(), *change]):
            changed = change[name] if name in change else old.read(name)
            if changed is not None:
                new.writestr(name, changed)


def member(path: Path, name: str) -> bytes:
    with zipfile.ZipFile(path) as archive:
        return archive.read(name)


def values(table: RawTable, name: str) -> list:
    return [None if value != value else value for value in table.frame[name]]


def refused(path: Path, **options) -> WaveError:
    return failure(lambda: read_file(path, **options), WaveError)


# ---- cells

DAY = dt.datetime(2031, 2, 17)


@pytest.mark.parametrize(
    ("cells", "read", "dtype"),
    [
        ([1, 2.5, None], [1, 2.5, None], "float64"),
        (["ja", " nee ", ""], ["ja", " nee ", None], "str"),
        (["0031", "0042", "   "], ["0031", "0042", None], "str"),
        ([1, "weet niet", 2.5], ["1", "weet niet", "2.5"], "str"),
        (
            [DAY, None, DAY + dt.timedelta(hours=3)],
            [DAY, None, DAY.replace(hour=3)],
            "datetime64[us]",
        ),
        ([DAY, "onbekend", 3], ["2031-02-17", "onbekend", "3"], "str"),
        ([True, False, None], [1, 0, None], "float64"),
        ([True, 3, None], ["TRUE", "3", None], "str"),
        ([dt.time(1, 2, 3), dt.timedelta(hours=30), None], [3723, 108_000, None], "float64"),
    ],
)
def test_what_cells_hold(tmp_path, cells, read, dtype):
    path = tmp_path / "a.xlsx"
    workbook(path, [["id", "x"], *([n, cell] for n, cell in enumerate(cells))])
    table = read_file(path)
    assert values(table, "id") == [0, 1, 2]
    assert values(table, "x") == read
    assert table.frame["x"].dtype == dtype
    assert table.value_labels == (
        {"x": {1.0: "TRUE", 0.0: "FALSE"}} if cells[0:2] == [True, False] else {}
    )
    assert any("read as text" in caution for caution in table.cautions) is (
        dtype == "str" and not all(isinstance(cell, str) for cell in cells)
    )


def test_text_that_looks_like_a_formula_stays_text(tmp_path):
    path = tmp_path / "a.xlsx"
    book = workbook(path, [["id", "x"], [1, "@SUM(1)"], [2, "-1+1"]])
    cell = book.active["B3"]
    cell.value, cell.data_type = "=1+1", "s"
    book.save(path)
    assert values(read_file(path), "x") == ["@SUM(1)", "=1+1"]


def test_formulas_and_errors_are_named_with_their_cells(tmp_path):
    path = tmp_path / "a.xlsx"
    workbook(path, [["id", "x"], [1, "=1+1"], [2, 3], ["=A2", 4], [5, "#N/A"]])
    formulas, errors = refused(path).problems
    assert formulas.rows == ("B2", "A4")
    assert "sheet Data" in formulas.what
    assert "paste it as values" in formulas.remedy
    assert errors.rows == ("B5 (#N/A)",)


# ---- headers and sheets


def headers(path: Path) -> Path:
    book = workbook(
        path,
        [
            ["Respondent", None, "Blok A: werk", None, "Tot slot"],
            ["respnr", "naam", "q1", "q2", "q3"],
            ["Nummer", None, "Tevreden?", "Zeker?", None],
            [1, "Jan", 4, 5, "ja"],
            [2, "Zoë", 3, None, "nee"],
        ],
    )
    book.active.merge_cells("A1:B1")
    book.active.merge_cells("C1:D1")
    book.active.merge_cells("E1:E3")
    book.save(path)
    return path


def test_several_rows_of_headers_with_merged_cells(tmp_path):
    path = headers(tmp_path / "a.xlsx")
    table = read_file(path, excel=ExcelOptions(header_rows=3, names_row=2))
    assert list(table.frame)[:4] == ["respnr", "naam", "q1", "q2"]
    assert table.labels == {
        "respnr": "Respondent - Nummer",
        "naam": "Respondent",
        "q1": "Blok A: werk - Tevreden?",
        "q2": "Blok A: werk - Zeker?",
    }
    assert list(table.frame)[4] == "Tot slot"  # merged over all three rows
    assert values(table, "q2") == [5, None]
    assert table.facts["header_rows"] == "3"
    last = read_file(path, excel=ExcelOptions(header_rows=2))
    assert last.labels["q1"] == "Blok A: werk"
    assert len(last.frame) == 3


def test_more_names_than_headers(tmp_path):
    path = headers(tmp_path / "a.xlsx")
    problem = only(refused(path, excel=ExcelOptions(header_rows=2, names_row=3)))
    assert "`names_row` is 3, of 2 rows of headers" in problem.what


def test_names_that_are_missing_or_the_same(tmp_path):
    path = tmp_path / "a.xlsx"
    workbook(path, [["id", "x", "x", None, None], [1, 2, 3, None, 5]])
    empty, twice = refused(path).problems
    assert empty.rows == ("column 4",)  # the empty column without a name does not count
    assert twice.values == ("x",)


def test_which_sheet(tmp_path):
    path = tmp_path / "a.xlsx"
    book = workbook(path, [], title="Leeg")
    for title, state in (("Data", "visible"), ("Codeboek", "visible"), ("Stiekem", "hidden")):
        sheet = book.create_sheet(title)
        sheet.sheet_state = state
        sheet.append(["id", title])
        sheet.append([1, 2])
    book.save(path)
    table = read_file(path)
    assert table.facts["sheet"] == "Data"
    assert table.cautions == (
        "sheets that were not read: Leeg, Codeboek",
        "hidden sheets, not read: Stiekem",
    )
    named = read_file(path, excel=ExcelOptions(sheet="Stiekem"))
    assert list(named.frame) == ["id", "Stiekem"]
    problem = only(refused(path, excel=ExcelOptions(sheet="data")))
    assert problem.what == "it has no sheet data; it has: Leeg, Data, Codeboek, Stiekem"


def test_empty_rows_and_columns(tmp_path):
    path = tmp_path / "a.xlsx"
    book = workbook(
        path, [["id", None, "x"], [1, None, 2], [None] * 3, [3, None, 4], [None, " ", None]]
    )
    book.active["Z90"] = "  "
    book.save(path)
    table = read_file(path)
    assert values(table, "x") == [2, 4]
    assert list(table.frame) == ["id", "x"]
    assert table.cautions == ("empty rows between others are left out: 1",)


def test_an_empty_workbook_and_a_header_alone(tmp_path):
    path = tmp_path / "a.xlsx"
    workbook(path, [])
    assert "no visible sheet with answers" in only(refused(path)).what
    workbook(path, [["id", "x"]])
    assert only(refused(path)).what == "it holds no respondents"


def test_a_last_row_of_totals(tmp_path):
    path = tmp_path / "a.xlsx"
    workbook(path, [["id", "x"], [1, 2], [2, 3], ["Totaal", 5]])
    assert "looks like totals" in only(refused(path)).what


# ---- what may be meant to do harm


def test_macros_are_left_alone(tmp_path):
    path = tmp_path / "a.xlsm"
    workbook(path, [["id", "x"], [1, 2]])
    rezip(path, {"xl/vbaProject.bin": b"Sub Auto_Open()"})
    table = read_file(path)
    assert table.cautions == ("its macros were left alone",)
    assert table.facts["format"] == "Excel (.xlsm)"


def test_an_archive_that_unpacks_to_too_much(tmp_path):
    path = tmp_path / "a.xlsx"
    workbook(path, [["id", "x"], [1, 2]])
    sheet = member(path, "xl/worksheets/sheet1.xml")
    huge = sheet.replace(b"<sheetData>", b"<sheetData>" + b" " * (110 * 2**20))
    rezip(path, {"xl/worksheets/sheet1.xml": huge})
    assert path.stat().st_size < 2**20
    assert "unpacks to 110 MiB from 0." in only(refused(path)).what
    workbook(path, [["id", "x"], [1, 2]])
    assert "unpacks to" in only(refused(path, limits=Limits(inflated=1000))).what


@pytest.mark.parametrize(
    "where", ["xl/workbook.xml", "xl/worksheets/sheet1.xml", "xl/_rels/workbook.xml.rels"]
)
def test_xml_that_defines_entities(tmp_path, where):
    """Nine levels of ten make a billion; a file of another place can be asked for the same way."""
    path = tmp_path / "a.xlsx"
    workbook(path, [["id", "x"], [1, 2]])
    levels = b"".join(
        b'<!ENTITY e%d "%b">' % (level, b"&e%d;" % (level - 1) * 10) for level in range(1, 10)
    )
    bomb = b"<!-- " + b"x" * 9000 + b' --><!DOCTYPE b [<!ENTITY e0 "ha">' + levels + b"]>"
    content = member(path, where)
    start = content.index(b"?>") + 2 if content.startswith(b"<?xml") else 0
    rezip(path, {where: content[:start] + bomb + content[start:]})
    problem = only(refused(path))
    assert f"its XML defines entities ({where})" in problem.what


@pytest.mark.parametrize(
    ("name", "what"),
    [
        ("word/document.xml", "a Word document"),
        ("xl/workbook.bin", "a binary workbook"),
        ("content.xml", "an OpenDocument file"),
        ("data.csv", "a ZIP archive"),
    ],
)
def test_archives_that_are_no_workbook(tmp_path, name, what):
    path = tmp_path / "a.xlsx"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(name, "x")
    assert f"it is {what}" in only(refused(path)).what


@pytest.mark.parametrize("share", [0.1, 0.5, 0.95])
def test_workbooks_and_parquet_files_cut_off(tmp_path, share):
    book, table = tmp_path / "a.xlsx", tmp_path / "a.parquet"
    workbook(book, [["id", "x"], *([n, n] for n in range(50))])
    pd.DataFrame({"id": range(50), "x": ["a"] * 50}).to_parquet(table)
    for path in (book, table):
        content = path.read_bytes()
        path.write_bytes(content[: int(len(content) * share)])
        assert "cut off" in only(refused(path)).what


# ---- Parquet


def test_what_parquet_columns_hold(tmp_path):
    path = tmp_path / "a.parquet"
    moment = dt.datetime(2031, 2, 17, 12, 30, 15)
    table = pa.table(
        {
            "whole": pa.array([1, None, 3], pa.int16()),
            "exact": pa.array([1, 2, 2**60]),
            "amount": pa.array([1.5, float("nan"), None]),
            "text": pa.array(["a", " ", None]),
            "kind": pa.array(["ja", "nee", "ja"]).dictionary_encode(),
            "truth": pa.array([True, False, None]),
            "day": pa.array([moment.date(), None, dt.date(1899, 12, 31)]),
            "moment": pa.array([moment, None, moment], pa.timestamp("ns", "Europe/Amsterdam")),
            "time": pa.array([dt.time(1, 2, 3), None, dt.time()]),
        }
    )
    pq.write_table(table, path)
    read = read_file(path)
    assert {name: values(read, name) for name in read.frame} == {
        "whole": [1, None, 3],
        "exact": ["1", "2", "1152921504606846976"],
        "amount": [1.5, None, None],
        "text": ["a", None, None],
        "kind": ["ja", "nee", "ja"],
        "truth": [1, 0, None],
        "day": [dt.datetime(2031, 2, 17), None, dt.datetime(1899, 12, 31)],
        "moment": [moment, None, moment],
        "time": [3723, None, 0],
    }
    assert read.value_labels == {"truth": {1.0: "TRUE", 0.0: "FALSE"}}
    assert read.facts["format"] == "Parquet"
    assert {caution.rsplit(": ", 1)[1] for caution in read.cautions} == {"exact", "moment", "time"}


def test_parquet_columns_that_are_no_answers(tmp_path):
    path = tmp_path / "a.parquet"
    pq.write_table(pa.table({"id": [1], "lijst": [[1, 2]], "bytes": [b"x"]}), path)
    assert [problem.column for problem in refused(path).problems] == ["lijst", "bytes"]


def test_parquet_that_unpacks_to_too_much(tmp_path):
    """Eight megabytes of the same letter take next to nothing."""
    path = tmp_path / "a.parquet"
    table = pa.table({"id": [1], "x": ["a" * 2**23]})
    pq.write_table(table, path, compression="zstd", use_dictionary=False, write_statistics=False)
    assert path.stat().st_size < 2**16
    assert "unpacks to 8 MiB" in only(refused(path, limits=Limits(inflated=2**22))).what
    assert len(read_file(path).frame) == 1
