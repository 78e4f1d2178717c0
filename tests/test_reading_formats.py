"""The same answers in any format; files made by PSPP and R say what they mean."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import pandas as pd
import pyreadstat
import pytest

from builders import RESPONDENT, SmallWave
from mobiliteit.reading import MissingCodes, RawTable, read_file

REFERENCE = Path(__file__).parent / "reference" / "formats"
INF = math.inf


def values(table: RawTable, name: str) -> list:
    return [None if value != value else value for value in table.frame[name]]


# ---- files of other programs


@pytest.mark.parametrize(
    ("name", "form"),
    [
        ("small.dta", "Stata (.dta)"),
        ("small.sas7bdat", "SAS (.sas7bdat)"),
        ("small_v5.xpt", "SAS transport (.xpt)"),
        ("small_v8.xpt", "SAS transport (.xpt)"),
    ],
)
def test_files_that_r_made(name, form):
    """Two kinds of missing answers stay apart, and both stay apart from no answer."""
    told = pd.read_csv(REFERENCE / "values.csv", dtype=str, keep_default_na=False)
    table = read_file(REFERENCE / name)
    score = [
        None if text == "" else text if text.startswith(".") else float(text)
        for text in told["score"]
    ]
    assert table.facts["format"] == form
    assert table.frame["score"].dtype == "object"
    assert values(table, "score") == score
    assert table.missing == {"score": MissingCodes(codes=(".a", ".z"))}
    assert table.labels == {"score": "Score van de vraag"}
    assert values(table, "respnr") == [float(text) for text in told["respnr"]]
    assert values(table, "naam") == [text or None for text in told["naam"]]
    for column in ("dag", "moment"):
        assert list(table.frame[column]) == list(
            pd.to_datetime(told[column].replace("", None)).astype("datetime64[us]")
        )
    if name.endswith(".dta"):
        labels = {1.0: "laag", 5.0: "hoog", ".a": "weigert", ".z": "weet niet"}
        assert table.value_labels == {"score": labels}
        assert table.cautions == ()
    else:
        assert table.value_labels == {}
        assert "catalog" in table.cautions[0]


@pytest.mark.parametrize("name", ["small.sav", "small.zsav", "small.por"])
def test_files_that_pspp_made(name):
    """Single codes, ranges, half-open ranges and texts that are declared missing stay codes."""
    table = read_file(REFERENCE / name)
    portable = name.endswith(".por")

    def called(column: str) -> str:
        return column.upper() if portable else column

    assert {name: values(table, name) for name in table.frame} == {
        called("respnr"): [5001, 5002, 5003, 5004],
        called("vraag"): [1, 9, 5, None],
        called("naam"): ["aap", "n/a", "mies", None],
        called("uren"): [3.5, 98, 97, None],
        called("saldo"): [-5, 999, 1, None],
        called("dag"): [*pd.to_datetime(["2031-02-17", "1950-05-05", "2000-02-29"]), None],
        called("duur"): [3723, 1, None, None],
    }
    assert table.labels == {called("vraag"): "Vraag een", called("naam"): "Naam"}
    assert table.value_labels == {
        called("vraag"): {1.0: "ja", 5.0: "nee", 9.0: "weet niet"},
        called("naam"): {"n/a": "niet van toepassing"},
    }
    missing = {
        called("vraag"): MissingCodes((5.0,), ((7.0, 9.0),)),
        called("naam"): MissingCodes(("n/a",)),
        called("uren"): MissingCodes((), ((97.0, INF),)),
        called("saldo"): MissingCodes((999.0,), ((-INF, -1.0),)),
    }
    if portable:
        del missing["UREN"]  # the parser loses where the range starts; a caution asks for it
        assert "list them in the sidecar: UREN" in table.cautions[0]
    assert table.missing == missing
    assert "seconds" in table.cautions[-1]


# ---- one wave, any format

FORMATS = (
    *("a.sav", "a.zsav", "a.por", "a.dta", "a.xpt", "a.parquet", "a.xlsx", "a_nl.csv", "a_en.csv"),
)


@pytest.fixture
def plain(small: SmallWave) -> SmallWave:
    """The small wave with columns V0, V1, ..., which is what every format can write."""
    names = {name: f"V{number}" for number, name in enumerate(small.frame)}
    small.frame = small.frame.rename(columns=names)
    for part in ("columns", "ignore"):
        small.sidecar[part] = {names[name]: to for name, to in small.sidecar[part].items()}
    for rule in small.sidecar["exclude"]:
        rule["column"] = names[rule["column"]]
    small.sidecar["respondent"] = names[RESPONDENT]
    return small


@pytest.fixture(scope="module")
def cleaned(_small: SmallWave) -> pd.DataFrame:
    """The small wave from the SPSS file that it came in."""
    return _small.clean().frame


def write_as(wave: SmallWave, name: str) -> Path:
    """Write the frame of a wave in another format, and let the sidecar name that file."""
    path, frame = wave.folder / name, wave.frame
    if path.suffix in {".sav", ".zsav"}:
        pyreadstat.write_sav(frame, str(path), compress=path.suffix == ".zsav")
    elif path.suffix == ".dta":
        pyreadstat.write_dta(frame, str(path))
    elif path.suffix == ".xpt":
        pyreadstat.write_xport(frame, str(path))
    elif path.suffix == ".por":
        pyreadstat.write_por(frame, str(path), variable_format={"V2": "DATE11"})
    elif path.suffix == ".parquet":
        frame.to_parquet(path)
    elif path.suffix == ".xlsx":
        frame.to_excel(path, index=False)
    elif name == "a_nl.csv":
        frame.to_csv(path, index=False, sep=";", decimal=",", encoding="cp1252")
    else:
        frame.to_csv(path, index=False, encoding="utf-8-sig")
    wave.sidecar["file"]["name"] = name
    wave.seal(len(frame)).write_sidecar()
    return path


@pytest.mark.parametrize("name", FORMATS)
def test_the_same_answers_in_any_format(plain, name):
    plain.frame["V5"] += 0.5  # something to have a decimal sign
    read = read_file(write_as(plain, name)).frame
    assert list(read) == list(plain.frame)
    for column in read:
        if column == "V2":
            assert list(pd.to_datetime(read[column]).dt.date) == list(plain.frame[column])
        else:
            np.testing.assert_array_equal(read[column], plain.frame[column].astype("float64"))


@pytest.mark.parametrize("name", FORMATS)
def test_the_same_clean_wave_from_any_format(cleaned, plain, name):
    write_as(plain, name)
    pd.testing.assert_frame_equal(plain.clean().frame, cleaned)


@pytest.mark.parametrize("name", ["a.xlsx", "a_nl.csv", "a_en.csv", "a.parquet"])
def test_the_same_clean_wave_from_answers_in_words(cleaned, plain, name):
    """As most tools export them: labels instead of codes; missing codes stay numbers."""
    entries = {}
    for place, entry in plain.sidecar["columns"].items():
        variable = entry if isinstance(entry, str) else entry["variable"]
        (column,) = (c for c in plain.study.codebook.columns() if c.name == variable)
        recode = {} if isinstance(entry, str) else entry["recode"]
        words = {code: label.nl for code, label in column.values.items()}
        if not words:
            entries[place] = entry
            continue
        said = {old: words[recode.get(old, old)] for old in recode or words}
        plain.frame[place] = [
            None if np.isnan(code) else said.get(code, f"{code:g}") for code in plain.frame[place]
        ]
        entries[place] = {
            "variable": variable,
            "recode": {word: recode.get(old, old) for old, word in said.items()},
        }
    plain.sidecar["columns"] = entries
    write_as(plain, name)
    pd.testing.assert_frame_equal(plain.clean().frame, cleaned)
