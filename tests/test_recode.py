"""From what a supplier writes to codebook codes: texts, other scales, ticks, corrections."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from builders import at, failure, only, source
from mobiliteit.clean import SYSTEM_MISSING, clean
from mobiliteit.codes import key_of
from mobiliteit.descriptor_schema import CsvOptions
from mobiliteit.errors import WaveError
from mobiliteit.reading import MissingCodes
from mobiliteit.recode import as_numbers, rescaled
from mobiliteit.tables import compute_table
from mobiliteit.wave import codebook_frame

NAN = math.nan


def counted(ledger, kind):
    frame = ledger.frame()
    frame = frame[frame["kind"] == kind]
    return dict(zip(zip(frame["column"], frame["reason"], strict=True), frame["n"], strict=True))


def put(wave, name, values, **entry):
    """Deliver one column otherwise; the first rows get `values`, the others the last of them."""
    n = len(wave.frame)
    filled = [*values, *[values[-1]] * (n - len(values))]
    wave.frame[source(name)] = pd.Series(
        filled, dtype=None if entry.pop("numbers", 0) else "object"
    )
    if entry:
        wave.sidecar["columns"][source(name)] = {"variable": name, **entry}
    return wave


# ---- when two codes are the same


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Ja", " ja "),
        ("JA", "ja"),
        ("wil niet zeggen", "Wil\u00a0niet  zeggen"),
        ("één keer", "e\u0301e\u0301n keer"),
        ("STRASSE", "straße"),
        (1, 1.0),
        (1, "1"),
        (1.0, "1,0"),
        (1, " 01 "),
        (-1, "-1"),
        (38.5, "38,5"),
        (0.125, "0,125"),
        (1137, "1137"),
        (np.int64(3), "3"),
    ],
)
def test_one_code_in_two_spellings(one, other):
    assert key_of(one) == key_of(other) is not None


@pytest.mark.parametrize(
    ("one", "other"),
    [("ja", "jaa"), ("1", "1a"), ("1,5", "15"), (".a", "a"), ("2-1", "1"), ("1e3", 1000)],
)
def test_two_codes(one, other):
    assert key_of(one) != key_of(other)


@pytest.mark.parametrize("value", ["", "  ", "\u00a0", None, NAN, pd.NA, pd.NaT])
def test_empty(value):
    assert key_of(value) is None


def test_a_thousand_or_a_fraction_is_not_guessed():
    assert key_of("1.137") == "1.137"
    assert key_of("1.137", CsvOptions(decimal=".")) == 1.137
    assert key_of("1.137", CsvOptions(thousands=".")) == 1137
    assert key_of("1.137,5", CsvOptions(decimal=",", thousands=".")) == 1137.5
    assert key_of("1.5", CsvOptions(decimal=",")) == "1.5"


@given(st.text(max_size=8), st.sampled_from(["", " ", "\u00a0", "\t"]))
def test_keys_are_keys_of_themselves(text, around):
    key = key_of(text)
    assert key_of(around + text + around) == key
    assert key is None or key_of(key) == key


def test_columns_of_numbers_written_as_text():
    values = pd.Series(["1,5", "", " 2"], dtype="object")
    assert as_numbers(values).tolist()[::2] == [1.5, 2]
    mixed = pd.Series(["1,5", "twee"], dtype="object")
    assert as_numbers(mixed) is mixed


# ---- texts


def test_texts_become_codes(brief):
    put(brief, "stap", [" JA", "nee\u00a0", "Ja", "", "weet niet", "nee"])
    entry = {"variable": "stap", "recode": {"ja": 1, "nee": 0}}
    brief.sidecar["columns"][source("stap")] = entry | {"missing": {"Weet niet": "weet_niet"}}
    cleaned = brief.write().clean()
    np.testing.assert_array_equal(cleaned.frame["stap"].iloc[:6], [1, 0, 1, NAN, NAN, 0])
    assert counted(cleaned.ledger, "recoded")["stap", "ja->1, nee->0"] == 30
    missing = counted(cleaned.ledger, "missing")
    assert missing["stap", "weet_niet"] == missing["stap", SYSTEM_MISSING] == 1


def test_a_text_that_nobody_foresaw(brief):
    put(brief, "stap", ["ja", "misschien", "ja"], recode={"ja": 1, "nee": 0})
    problem = at(failure(brief.write().clean, WaveError), source("stap"))
    assert problem.values == ("misschien",)
    assert problem.rows == ("5002",)
    assert "recode" in problem.remedy


def test_numbers_with_a_decimal_comma_among_texts(brief):
    put(brief, "opleiding_nieuw", ["12,5", "weet niet", "3"], missing={"weet niet": "weet_niet"})
    values = brief.write().clean().frame["opleiding_nieuw"]
    np.testing.assert_array_equal(values.iloc[:3], [12.5, NAN, 3])


def test_what_may_be_a_thousand_is_refused(brief):
    put(brief, "opleiding_nieuw", ["1.137", "geen", "3"], missing={"geen": "geen_antwoord"})
    problem = at(failure(brief.write().clean, WaveError), source("opleiding_nieuw"))
    assert problem.values == ("1.137",)
    assert "file.csv" in problem.remedy


def test_numeric_texts_match_numeric_codes(brief):
    put(brief, "stap", ["1", "1,0", "2.0", "02"], recode={1: 1, 2: 0})
    assert brief.write().clean().frame["stap"].iloc[:4].tolist() == [1, 1, 0, 0]


# ---- missing codes


def test_missing_codes_for_the_whole_file_and_for_a_column(brief):
    brief.sidecar["missing"] = {-1: "weet_niet", "-": "geen_antwoord"}
    put(brief, "leeftijd", [-1, 999, 40], numbers=1)
    put(brief, "geslacht", [-1, 8, 9, 1], numbers=1, recode={1: 1}, missing={8: "weet_niet"})
    error = failure(brief.write().clean, WaveError)
    # the column's own codes replace those of the file and of the codebook
    found = [problem for problem in error.problems if problem.column == source("geslacht")]
    assert sorted(value for problem in found for value in problem.values) == ["-1", "9"]
    brief.sidecar["columns"][source("geslacht")]["missing"] |= {-1: "weet_niet", 9: "geen_mening"}
    ledger = brief.write().clean().ledger
    missing = counted(ledger, "missing")
    assert missing["geslacht", "weet_niet"] == 2
    assert missing["geslacht", "geen_mening"] == 1
    assert missing["leeftijd", "weet_niet"] == missing["leeftijd", "geen_antwoord"] == 1


def test_a_code_that_the_file_declares_missing_needs_a_reason(brief):
    """5 is an answer in the codebook; this supplier uses it for "not applicable"."""
    name = "coach_intern_nut"
    brief.write()
    raw = brief.raw()
    assert 5 in next(c for c in brief.study.codebook.columns() if c.name == name).values
    asked = raw.frame[source(name)].first_valid_index()
    brief.set(asked, name, 5).write()
    raw = brief.raw()
    raw.table.missing[source(name)] = MissingCodes(codes=(5.0,), ranges=((90.0, 99.0),))
    raw.table.value_labels[source(name)] = {5.0: "niet van toepassing"}
    problem = at(failure(lambda: clean(raw, brief.study), WaveError), source(name))
    assert "declares" in problem.what
    assert problem.values == ("5 (niet van toepassing)",)
    raw.descriptor.columns[source(name)] = raw.descriptor.columns[source(name)].model_copy(
        update={"missing": {5: "geen_mening", 8: "geen_mening", 9: "geen_antwoord"}}
    )
    assert math.isnan(clean(raw, brief.study).frame[name].iloc[asked])


# ---- other scales


@pytest.mark.parametrize(
    ("value", "source_scale", "expected"),
    [
        *[(1, (1, 7), 1), (7, (1, 7), 5), (4, (1, 7), 3), (2, (1, 7), 5 / 3)],
        *[(0, (0, 10), 1), (10, (0, 10), 5), (5, (0, 10), 3), (3, (0, 10), 2.2)],
    ],
)
def test_carried_over_by_hand(value, source_scale, expected):
    assert rescaled(value, source_scale, (1, 5)) == pytest.approx(expected, abs=1e-12)


def test_a_longer_scale_is_carried_over_and_marked(small):
    for number in (1, 2, 3, 4):
        name = f"netwerken_{number}"
        small.sidecar["columns"][source(name)] = {"variable": name, "rescale": [1, 7]}
        small.frame[source(name)] = np.where(np.arange(len(small.frame)) % 2, 7.0, 4.0)
    small.set(0, "netwerken_1", 2).set(1, "netwerken_1", 9)
    wave = small.write().load()
    items = small.clean().frame["netwerken_1"]
    assert items.iloc[0] == pytest.approx(1 + (2 - 1) * 4 / 6)
    assert math.isnan(items.iloc[1])
    assert items.iloc[2:4].tolist() == [3, 5]
    ledger = counted(wave.ledger, "rescaled")
    assert ledger["netwerken_1", "1 + (x - 1) * (5 - 1) / (7 - 1)"] == 31
    assert sum(ledger.values()) == 31 + 3 * 32
    book = codebook_frame(wave).set_index("column")["label_nl"]
    marked = book[book.str.contains("omgerekend van een schaal van 1-7")]
    assert set(marked.index) == {"netwerken", *(f"netwerken_{n}" for n in (1, 2, 3, 4))}


def test_tables_mark_the_cells_that_rest_on_it(small):
    entry = {"variable": "netwerken_2", "rescale": [1, 7]}
    small.sidecar["columns"][source("netwerken_2")] = entry
    wave = small.write().load()
    note = "omgerekend van een schaal van 1-7"
    groups = compute_table(wave, "3.3").cells
    assert set(groups.loc[groups["note"].str.contains(note), "row"]) == {"netwerken"}
    assert groups.loc[groups["row"] == "netwerken", "note"].str.contains(note).all()
    classes = compute_table(wave, "3.10").cells
    assert set(classes.loc[classes["note"].str.contains(note), "column"]) == {"netwerken"}
    counts = compute_table(wave, "3.1").cells
    assert not counts["note"].str.contains(note).any()


@pytest.mark.parametrize("value", [0, 8, 2.5])
def test_an_answer_off_the_other_scale(brief, value):
    brief.sidecar["columns"][source("employability_1")] = {
        "variable": "employability_1",
        "rescale": [1, 7],
    }
    brief.set(0, "employability_1", value)
    problem = only(failure(brief.write().clean, WaveError))
    assert problem.values == (f"{value:g}",)
    assert "1 to 7" in problem.what


def test_a_scale_that_runs_the_other_way(brief):
    before = brief.clean().frame["employability_1"]
    column = brief.frame[source("employability_1")]
    brief.frame[source("employability_1")] = column.where(column == 9, 6 - column)
    entry = {"variable": "employability_1", "reversed": True}
    brief.sidecar["columns"][source("employability_1")] = entry
    cleaned = brief.write().clean()
    pd.testing.assert_series_equal(cleaned.frame["employability_1"], before)
    assert counted(cleaned.ledger, "turned") == {("employability_1", "6 - x"): before.notna().sum()}


def test_the_other_way_on_a_longer_scale(brief):
    """On the source's scale 2 of 7 becomes 6, which is 1 + 5 * 4 / 6 of 5."""
    entry = {"variable": "employability_1", "reversed": True, "rescale": [1, 7]}
    brief.sidecar["columns"][source("employability_1")] = entry
    brief.set(0, "employability_1", 2)
    cleaned = brief.write().clean()
    assert cleaned.frame["employability_1"].iloc[0] == pytest.approx(1 + 5 * 4 / 6)
    (entry,) = counted(cleaned.ledger, "rescaled")
    assert entry == ("employability_1", "1 + ((8 - x) - 1) * (5 - 1) / (7 - 1)")


# ---- corrections


def correct(wave, *entries):
    wave.sidecar["corrections"] = [
        {"respondent": 5001, "reason": "slip of the pen"} | entry for entry in entries
    ]
    return wave.write()


def test_a_text_is_corrected_before_it_is_translated(brief):
    put(brief, "stap", ["jaa", "nee", "ja"], recode={"ja": 1, "nee": 0})
    correct(brief, {"column": source("stap"), "value": "JAA ", "to": "nee"})
    cleaned = brief.clean()
    assert cleaned.frame["stap"].iloc[0] == 0
    assert counted(cleaned.ledger, "corrected") == {(source("stap"), "slip of the pen"): 1}


def test_a_number_is_corrected_into_a_text(brief):
    brief.set(0, "leeftijd", 510)
    brief.sidecar["columns"][source("leeftijd")] = {
        "variable": "leeftijd",
        "missing": {"onleesbaar": "weet_niet", 998: "weet_niet", 999: "geen_antwoord"},
    }
    correct(brief, {"column": source("leeftijd"), "value": 510, "to": "onleesbaar"})
    assert math.isnan(brief.clean().frame["leeftijd"].iloc[0])


def test_text_ids_are_as_the_supplier_wrote_them(brief):
    brief.frame["respnr"] = [f"00{number}" for number in range(len(brief.frame))]
    fix = {"respondent": "000", "column": source("leeftijd"), "value": 37, "to": 38}
    brief.set(0, "leeftijd", 37)
    assert correct(brief, fix).clean().frame["leeftijd"].iloc[0] == 38
    problem = only(failure(correct(brief, fix | {"respondent": "0"}).clean, WaveError))
    assert "no such respondent" in problem.what
