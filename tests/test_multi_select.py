"""Questions with several answers: ticks in columns, answers in one text."""

from __future__ import annotations

import math

import numpy as np
import pytest

from builders import at, failure, source
from mobiliteit.errors import WaveError

NAN = math.nan
TWO = ("coach_buiten", "mobiliteitscentrum")


def ticks(wave, rows, **change):
    """Deliver two yes-or-no questions as ticks M1 and M2, and M0 for none; later rows tick M1."""
    for name in TWO:
        del wave.frame[source(name)], wave.sidecar["columns"][source(name)]
    entry = {
        "kind": "columns",
        "columns": dict(zip(("M1", "M2"), TWO, strict=True)),
        "ticked": [1],
        "nothing_ticked": "missing",
    }
    wave.sidecar["multi_select"] = [entry | change]
    columns = ["M1", "M2", "M0"] if "none" in change else ["M1", "M2"]
    filler = [1.0, *[NAN] * (len(columns) - 1)]
    filled = [*rows, *[filler] * (len(wave.frame) - len(rows))]
    for place, column in enumerate(columns):
        wave.frame[column] = [row[place] for row in filled]
    return wave.write()


def answers(wave, n):
    return wave.clean().frame[list(TWO)].iloc[:n].to_numpy().tolist()


def same(found, expected):
    np.testing.assert_array_equal(np.array(found), np.array(expected, dtype="float64"))


ROWS = [(1, 1), (1, NAN), (NAN, 1), (NAN, NAN)]


@pytest.mark.parametrize(("nothing", "last"), [("missing", [NAN, NAN]), ("no", [0, 0])])
def test_an_empty_cell_is_unticked(small, nothing, last):
    wave = ticks(small, ROWS, nothing_ticked=nothing)
    same(answers(wave, 4), [[1, 1], [1, 0], [0, 1], last])


@pytest.mark.parametrize(("nothing", "last"), [("missing", [NAN, NAN]), ("no", [0, 0])])
def test_an_empty_cell_is_no_answer_where_unticked_has_a_code(small, nothing, last):
    rows = [(1, 0), (0, 1), (1, NAN), (NAN, NAN), (0, 0)]
    wave = ticks(small, rows, unticked=[0], nothing_ticked=nothing)
    same(answers(wave, 5), [[1, 0], [0, 1], [1, NAN], [NAN, NAN], last])


def test_none_of_these(small):
    rows = [(NAN, NAN, 1), (NAN, NAN, NAN), (1, NAN, NAN)]
    same(answers(ticks(small, rows, none="M0"), 3), [[0, 0], [NAN, NAN], [1, 0]])


def test_none_of_these_and_an_answer(small):
    wave = ticks(small, [(1, NAN, 1), (NAN, 1, 1), (NAN, NAN, 1)], none="M0")
    problem = at(failure(wave.clean, WaveError), "M0")
    assert problem.rows == ("5001", "5002")


def test_neither_ticked_nor_unticked(small):
    wave = ticks(small, [(1, 5), (7, NAN)])
    error = failure(wave.clean, WaveError)
    assert at(error, "M2").values == ("5",)
    assert at(error, "M1").rows == ("5002",)


def test_a_missing_code_of_the_whole_file(small):
    small.sidecar["missing"] = {-9: "wil_niet_zeggen"}
    wave = ticks(small, [(1, -9), (-9, -9)])
    cleaned = wave.clean()
    same(cleaned.frame[list(TWO)].iloc[:2], [[1, NAN], [NAN, NAN]])
    ledger = cleaned.ledger.frame()
    refused = ledger[(ledger["kind"] == "missing") & (ledger["reason"] == "wil_niet_zeggen")]
    found = dict(zip(refused["column"], refused["n"], strict=True))
    assert (found["coach_buiten"], found["mobiliteitscentrum"]) == (1, 2)


def test_texts_as_ticks(small):
    wave = ticks(small, [(1, 1)])
    for column in ("M1", "M2"):
        wave.frame[column] = ["Gekozen" if tick == 1 else "" for tick in wave.frame[column]]
    wave.frame.loc[1, "M2"] = "niet gekozen"
    wave.sidecar["multi_select"][0] |= {"ticked": ["gekozen"], "unticked": ["niet gekozen", ""]}
    same(answers(wave.write(), 2), [[1, 1], [1, 0]])


def test_a_corrected_tick(small):
    wave = ticks(small, [(1, 5), (1, 1)])
    fix = {"column": "M2", "value": 5, "to": 1, "reason": "slip"}
    away = {"column": "M2", "value": 1, "to": None, "missing_reason": "weet_niet", "reason": "x"}
    wave.sidecar["corrections"] = [{"respondent": 5001} | fix, {"respondent": 5002} | away]
    same(answers(wave.write(), 2), [[1, 1], [1, NAN]])


def one_answer(wave, rows):
    """Deliver a question with one answer as ticks D1, D2, D3."""
    name = "dienstverband"
    del wave.frame[source(name)], wave.sidecar["columns"][source(name)]
    wave.sidecar["multi_select"] = [
        {
            "kind": "columns",
            "variable": name,
            "columns": {"D1": 1, "D2": 2, "D3": 4},
            "ticked": ["x"],
            "nothing_ticked": "missing",
        }
    ]
    filled = [*rows, *[("x", "", "")] * (len(wave.frame) - len(rows))]
    for place, column in enumerate(("D1", "D2", "D3")):
        wave.frame[column] = [row[place] for row in filled]
    return wave.write()


def test_ticks_for_one_answer(brief):
    cleaned = one_answer(brief, [("x", "", ""), ("", "", "X"), ("", "", "")]).clean()
    labels = brief.study.codebook.answers("dienstverband").values
    found = cleaned.frame["dienstverband"].iloc[:3].astype("object").tolist()
    assert found[:2] == [labels[1].id, labels[4].id]
    assert found[2] is NAN or math.isnan(found[2])


def test_two_ticks_for_one_answer(brief):
    error = failure(one_answer(brief, [("x", "", ""), ("x", "", "x")]).clean, WaveError)
    problem = at(error, "D1")
    assert "one answer" in problem.what
    assert problem.rows == ("5002",)


def listed(wave, texts, **change):
    ticks(wave, [])
    del wave.frame["M1"], wave.frame["M2"]
    wave.sidecar["multi_select"] = [
        {
            "kind": "list",
            "column": "M",
            "separator": ";",
            "options": {1: TWO[0], "centrum": TWO[1], 3: None},
            "none": [9, "geen van deze"],
        }
        | change
    ]
    wave.frame["M"] = [*texts, *["1"] * (len(wave.frame) - len(texts))]
    return wave.write()


def test_answers_in_one_text(small):
    texts = ["1;centrum", " 1 ;", "Centrum;3", "3", "9", "Geen van deze", "", "01;1"]
    expected = [[1, 1], [1, 0], [0, 1], [0, 0], [0, 0], [0, 0], [NAN, NAN], [1, 0]]
    same(answers(listed(small, texts), 8), expected)


def test_a_single_answer_in_a_column_of_numbers(small):
    wave = listed(small, [], options={1: TWO[0], 2: TWO[1]}, none=[])
    wave.frame["M"] = [1.0, 2.0, NAN, *[1.0] * (len(wave.frame) - 3)]
    same(answers(wave.write(), 3), [[1, 0], [0, 1], [NAN, NAN]])


def test_a_list_with_missing_codes(small):
    wave = listed(small, ["99", "wil niet", "1"], missing={99: "weet_niet"})
    wave.sidecar["missing"] = {"Wil niet": "wil_niet_zeggen"}
    ledger = wave.write().clean().ledger.frame()
    reasons = ledger[(ledger["kind"] == "missing") & ledger["column"].isin(TWO)]
    assert set(reasons["reason"]) == {"weet_niet", "wil_niet_zeggen"}


def test_answers_that_the_list_does_not_know(small):
    problem = at(failure(listed(small, ["1", "1;4", "coach"]).clean, WaveError), "M")
    assert problem.values == ("1;4", "coach")
    assert problem.rows == ("5002", "5003")


def test_an_answer_and_none_of_these_in_one_text(small):
    problem = at(failure(listed(small, ["1", "1;9"]).clean, WaveError), "M")
    assert problem.values == ("1;9",)
    assert problem.rows == ("5002",)


def test_a_corrected_list(small):
    wave = listed(small, ["1;4", "1"])
    fix = {"respondent": 5001, "column": "M", "value": "1;4", "to": "1;3", "reason": "slip"}
    away = {"column": "M", "value": 1, "to": None, "missing_reason": "weet_niet", "reason": "x"}
    wave.sidecar["corrections"] = [fix, {"respondent": 5002} | away]
    same(answers(wave.write(), 2), [[1, 0], [NAN, NAN]])


def test_skip_rules_hold_for_ticks(small):
    """Who was not asked has no answer, whatever the ticks say; it is counted."""
    name = next(
        name
        for name, entry in small.study.codebook.variables.items()
        if entry.asked and set(small.study.codebook.answers(name).values) == {0, 1}
    )
    skipped = small.clean().frame
    asked = small.study.codebook.variables[name].asked
    (filter_variable, codes), *_ = asked.items()
    closed = skipped[filter_variable].notna() & ~skipped[filter_variable].isin(codes)
    del small.frame[source(name)], small.sidecar["columns"][source(name)]
    small.sidecar["multi_select"] = [
        {"kind": "columns", "columns": {"M": name}, "ticked": [1], "nothing_ticked": "no"}
    ]
    small.frame["M"] = 1.0
    cleaned = small.write().clean()
    assert closed.any()
    assert cleaned.frame.loc[closed, name].isna().all()
    ledger = cleaned.ledger.frame()
    entry = ledger[(ledger["kind"] == "not_asked") & (ledger["column"] == name)]
    assert entry["n"].sum() == cleaned.frame[name].isna().sum() >= closed.sum()
