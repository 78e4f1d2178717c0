"""Text files: what a program or a person wrote is found, obeyed where stated, or an error."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import pytest

from builders import at, failure, only
from mobiliteit.descriptor_schema import CsvOptions
from mobiliteit.errors import WaveError
from mobiliteit.reading import RawTable, read_file


@pytest.fixture
def write(tmp_path):
    def _write(text: str | bytes, encoding: str = "utf-8", name: str = "a.csv") -> Path:
        path = tmp_path / name
        path.write_bytes(text if isinstance(text, bytes) else text.encode(encoding))
        return path

    return _write


def refused(path: Path, **options) -> WaveError:
    return failure(lambda: read_file(path, csv=CsvOptions(**options)), WaveError)


def column(table: RawTable, name: str) -> list:
    return [None if value != value else value for value in table.frame[name]]


# ---- encodings

DUTCH = (
    "respnr;plaats;toelichting\n"
    "1;Coevorden;één collega is ziek, geïnteresseerd in coördinatie\n"
    "2;Zeeuws-Vlaanderen;reünie’s en crèche; \n".replace("; \n", "\n")
    + "3;Fryslân;privé € 15\n"
)


@pytest.mark.parametrize(
    ("encoding", "text"),
    [
        ("utf-8", DUTCH),
        ("utf-8-sig", DUTCH),
        ("utf-16", DUTCH),
        ("utf-16-le", DUTCH),
        ("utf-16-be", DUTCH),
        ("cp1252", DUTCH),
        ("iso8859-15", DUTCH.replace("’", "'")),
        ("iso8859-1", DUTCH.replace("’", "'").replace("€", "euro")),
        ("cp850", DUTCH.replace("’", "'").replace("€", "euro")),
        ("mac-roman", DUTCH),
    ],
)
def test_encodings_are_found(write, encoding, text):
    table = read_file(write(text, encoding))
    lines = [line.split(";") for line in text.splitlines()[1:]]
    assert column(table, "toelichting") == [line[2] for line in lines]
    assert column(table, "plaats") == [line[1] for line in lines]
    guessed = not encoding.startswith("utf")
    assert any("guess" in caution for caution in table.cautions) is guessed
    assert ("guess" in table.facts["encoding"]) is guessed


@pytest.mark.parametrize("encoding", ["cp1252", "cp850", "mac-roman"])
@pytest.mark.parametrize(
    "word",
    ["één", "geïnteresseerd", "beëindigd", "coördinator", "reünie", "crèche", "enquête", "Zoë"],
)
def test_one_word_is_enough(write, encoding, word):
    """Each of these bytes is a letter in the other encodings too."""
    assert column(read_file(write(f"a;b\n1;{word}\n", encoding)), "b") == [word]


@pytest.mark.parametrize("encoding", ["cp1252", "mac-roman"])
def test_an_apostrophe_is_no_accented_letter(write, encoding):
    """The byte of cp1252 is a letter on a Mac, and the other way round."""
    assert column(read_file(write("a;b\n1;foto’s\n", encoding)), "b") == ["foto’s"]


def test_a_guess_shows_words_to_check(write):
    table = read_file(write("id;naam\n1;Zoë Jansen\n2;Piet\n", "cp850"))
    (caution,) = table.cautions
    assert "cp850" in caution
    assert "Zoë" in caution
    assert "file.csv.encoding" in caution


def test_a_stated_encoding_is_obeyed(write):
    path = write("a;b\n1;caf\u00da\n", "cp850")
    assert column(read_file(path, csv=CsvOptions(encoding="cp1252")), "b") == ["café"]
    table = read_file(path, csv=CsvOptions(encoding="CP850"))
    assert column(table, "b") == ["cafÚ"]
    assert table.cautions == ()
    assert "stated" in table.facts["encoding"]


# Of a handful of bytes, one zero byte would make no text at all.
LONG = b"een langere tekst " * 5


@pytest.mark.parametrize(
    ("content", "encoding", "what", "rows"),
    [
        (b"a;b\n1;x\n2;caf\xe9\n", "utf-8", "byte 0xe9 at position 14", ("line 3",)),
        (b"a;b\n1;x\n2;caf\xc3\xa9\n", "ascii", "byte 0xc3 at position 14", ("line 3",)),
        (b"\xef\xbb\xbfa;b\n1;x\n", "cp1252", "starts with the mark of utf-8", ()),
        (b"a;b\n1;x\n", "rot13", "which is not known", ()),
        (b"a;b\n1;%b\n2;\x00\n3;y\n4;\x00\n" % LONG, None, "zero bytes", ("line 3", "line 5")),
        (b"a;b\n1;\x00%b\n" % LONG, "cp1252", "zero bytes", ("line 2",)),
    ],
)
def test_an_encoding_that_cannot_be(write, content, encoding, what, rows):
    problem = only(refused(write(content), encoding=encoding))
    assert what in problem.what
    assert problem.rows == rows


# ---- separators and lines


@pytest.mark.parametrize("separator", [";", ",", "\t", "|"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_separators_and_line_ends_are_found(write, separator, end):
    lines = [["id", "tekst", "x"], ["1", f'"a{separator}b ""c"""', "2"], ["2", '"regel\neen"', "3"]]
    table = read_file(write(end.join(separator.join(line) for line in lines) + end))
    assert column(table, "tekst") == [f'a{separator}b "c"', "regel\neen"]
    assert column(table, "x") == [2, 3]


def test_decimal_commas_do_not_pass_for_separators(write):
    table = read_file(write("id;x;y\n1;3,5;2,5\n2;1,5;0,5\n"))
    assert table.frame.shape == (2, 3)
    assert "semicolon" in table.facts["separator"]


def test_the_separator_that_excel_writes_down(write):
    table = read_file(write("sep=|\r\nid|x;y\r\n1|2;3\r\n"))
    assert list(table.frame) == ["id", "x;y"]
    assert "named on the first line" in table.facts["separator"]
    assert only(refused(write("sep=|\na|b\n1|2\n3\n"))).rows == ("line 4 (1 fields)",)
    error = only(refused(write("sep=|\r\nid|x;y\r\n1|2;3\r\n"), separator=";"))
    assert "first line of the file says bar" in error.what


def test_a_stated_separator_is_obeyed_or_contradicted(write):
    assert list(read_file(write("a^b\n1^2\n"), csv=CsvOptions(separator="^")).frame) == ["a", "b"]
    problem = only(refused(write("a;b\n1;2\n"), separator=","))
    assert "comma (,) is said to part the columns, but parts nothing; semicolon" in problem.what


def test_no_separator(write):
    assert "no sign was found" in only(refused(write("alleen tekst\nnog een regel\n"))).what


def test_lines_with_too_many_or_too_few_fields(write):
    problem = only(refused(write('a;b;c\n1;2;3\n1;2\n"x\ny";2;3\n1;2;3;4\n')))
    assert "2 lines do not have 3 fields" in problem.what
    assert problem.rows == ("line 3 (2 fields)", "line 6 (4 fields)")


def test_a_title_above_the_names(write):
    text = "Export 2031;x\n" + "a;b;c\n1;2;3\n" * 2
    problem = only(refused(write(text)))
    assert "the line with names has 2 fields, all others have 3" in problem.what
    assert problem.rows == ("line 1",)


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ('a;b\n1;"x\n2;y\n', "line 2"),
        ('a;b\n1;2\n2;"x"y\n', "line 3"),
        ('a;b\n"x\ny";2\n3;"\n', "line 4"),
    ],
)
def test_quotes_that_do_not_close(write, text, line):
    problem = only(refused(write(text)))
    assert "quotes do not close" in problem.what
    assert problem.rows == (line,)


def test_names(write):
    error = refused(write("a; b ;a;;c\n1;2;3;4;5\n"))
    assert [(p.what, p.values, p.rows) for p in error.problems] == [
        ("columns have no name", (), ("column 4",)),
        ("several columns have the same name", ("a",), ()),
    ]
    assert list(read_file(write('"a"; b ;"c d"\n1;2;3\n')).frame) == ["a", "b", "c d"]
    assert "first line holds numbers" in only(refused(write("1;2;3\n4;5;6\n"))).what


def test_a_header_alone(write):
    assert only(refused(write("a;b\n"))).what == "it holds no respondents"


def test_surplus_separators_and_empty_lines_are_left_out_and_said(write):
    table = read_file(write("a;b;\n1;x;\n\n2;y;\n;;\n3;z;\n;;\n"))
    assert column(table, "a") == [1, 2, 3]
    assert [caution.split(" ")[0] for caution in table.cautions] == ["lines", "lines"]
    assert table.cautions[1].endswith(": 2")


@pytest.mark.parametrize("word", ["Totaal", "TOTAL:", "gemiddelde"])
def test_a_last_line_of_totals(write, word):
    error = refused(write(f"id;x\n1;4\n2;5\n{word};9\n"))
    assert "looks like totals" in at(error, "id").what


def test_a_name_that_reads_like_a_total_is_none_among_texts(write):
    assert len(read_file(write("naam;x\nPiet;4\nTotaal;5\n")).frame) == 2


# ---- numbers


@pytest.mark.parametrize(
    ("texts", "values"),
    [
        (["1", "2", ""], [1, 2, None]),
        (["3,5", "4", "-1,25"], [3.5, 4, -1.25]),
        (["3.5", ".5", "+2"], [3.5, 0.5, 2]),
        (["1.137,50", "12"], [1137.5, 12]),
        (["1,137.50", "12"], [1137.5, 12]),
        (["1.234.567", "1"], [1234567, 1]),
        (["1 234,5", "1\u00a0234\u00a0567,5"], [1234.5, 1234567.5]),
        (["€ 1.137,50", "-€ 3,00", "12,5 EUR"], [1137.5, -3, 12.5]),
        (["1,5E+03", "2e-1"], [1500, 0.2]),
        ([" 3 ", "\u22124"], [3, -4]),
        (["0", "0,5", "-0"], [0, 0.5, 0]),
    ],
)
def test_numbers(write, texts, values):
    lines = "".join(f'{n};"{text}"\n' for n, text in enumerate(texts, start=1))
    table = read_file(write("id;x\n" + lines))
    assert table.frame["x"].dtype == "float64"
    assert column(table, "x") == values


@pytest.mark.parametrize(
    "texts",
    [
        ["0031", "0042"],
        ["1", "weet niet"],
        ["1", "NA"],
        ["12345678901234567", "1"],
        ["1.2.3", "1"],
        ["12.05.2006", "13.05.2006"],
        ["2031-02-17", "2031-02-18"],
        ["=1+1", "@SUM(A1)", "-", "+x"],
        ["1234 AB", "06-12345678"],
        ["nan", "inf"],
        ["1_000", "2"],
        ["१", "2"],
        [" ja", "nee "],
        ["10%", "20%"],
    ],
)
def test_texts_stay_as_delivered(write, texts):
    lines = "".join(f'{n};"{text}"\n' for n, text in enumerate(texts, start=1))
    table = read_file(write("id;x\n" + lines))
    assert table.frame["x"].dtype == "str"
    assert column(table, "x") == texts


def test_a_thousand_or_a_bit_more_than_one(write):
    text = "id;inkomen;{}\n1;1.137;{}\n2;2.500;1\n"
    undecided = write(text.format("x", "2"))
    problem = only(refused(undecided))
    assert problem.column == "inkomen"
    assert "1.137 may be 1137 or 1.137" in problem.what
    assert problem.remedy == 'State `file.csv.decimal`: "," for 1137, "." for 1.137.'
    for decimal, first in ((",", 1137), (".", 1.137)):
        table = read_file(undecided, csv=CsvOptions(decimal=decimal))
        assert column(table, "inkomen")[0] == first
        assert "stated" in table.facts["decimal"]
        assert table.cautions == ()
    assert column(read_file(undecided, csv=CsvOptions(thousands=".")), "inkomen")[0] == 1137

    dutch = read_file(write(text.format("uren", "3,5")))
    assert column(dutch, "inkomen") == [1137, 2500]
    assert dutch.cautions == (
        "inkomen: 1.137 is read as 1137, since the file's decimal sign is a comma",
    )
    english = read_file(write(text.format("uren", "3.5")))
    assert column(english, "inkomen") == [1.137, 2.5]
    assert "is read as 1.137" in english.cautions[0]


def test_between_commas_a_point_is_a_decimal(write):
    table = read_file(write("id,x\n1,1.137\n2,2.500\n"))
    assert column(table, "x") == [1.137, 2.5]
    assert only(refused(write('id,x\n1,"1,137"\n2,"2,500"\n'))).column == "x"


def test_columns_that_contradict_each_other(write):
    path = write("id;x;y\n1;3,5;2.5\n2;4,5;3.25\n")
    problem = only(refused(path))
    assert problem.values == ("x: 3,5", "y: 2.5")
    table = read_file(path, csv=CsvOptions(decimal=","))
    assert column(table, "x") == [3.5, 4.5]
    assert column(table, "y") == ["2.5", "3.25"]


def test_a_sidecar_that_contradicts_the_file(write):
    problem = only(refused(write("id;x\n1;3,5\n2;4,5\n"), decimal="."))
    assert "the decimal sign is a point, but columns write a comma" in problem.what
    assert "same sign" in only(refused(write("id;x\n1;3,5\n"), decimal=",", thousands=",")).what


def test_facts_tell_all_that_was_found(write):
    table = read_file(write("id;x\r\n1;€ 1.137,50\r\n2;3,5\r\n"))
    assert table.facts == {
        "format": "text (CSV)",
        "encoding": "utf-8 (no other fits)",
        "separator": "semicolon (;) (found)",
        "decimal": "comma (found)",
        "thousands": "point (found)",
        "rows": "2",
        "columns": "2",
    }
    assert table.cautions == ("amounts of money are read as plain numbers: x",)


def test_many_rows_in_the_order_of_the_file(write):
    """More than are taken together at a time."""
    n = 25_003
    lines = "".join(f"{i};{i % 7};t{i % 3}\n" for i in range(n))
    table = read_file(write("id;x;t\n" + lines))
    np.testing.assert_array_equal(table.frame["id"], np.arange(n))
    np.testing.assert_array_equal(table.frame["x"], np.arange(n) % 7)
    assert list(table.frame["t"][-3:]) == [f"t{i % 3}" for i in range(n - 3, n)]
    assert not math.isnan(table.frame["x"].sum())
