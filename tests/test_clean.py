"""From raw codes to clean answers: every value accounted for, all faults in one message."""

from __future__ import annotations

import dataclasses
import math
from collections import Counter

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from builders import RESPONDENT, YES_NO, at, failure, only, source
from mobiliteit.clean import ABSENT, NOT_ASKED_BUT_ANSWERED, SYSTEM_MISSING, clean
from mobiliteit.errors import WaveError
from mobiliteit.reading import MissingCodes


def counts(ledger, kind, by="column"):
    """Ledger entries of one kind: (column, reason) or the like to count."""
    frame = ledger.frame()
    frame = frame[frame["kind"] == kind]
    return dict(zip(zip(frame[by], frame["reason"], strict=True), frame["n"], strict=True))


# ---- an oracle: what each cell must become, one at a time, without pandas


def expected(wave):
    """Clean codes of each respondent, counts of what is missing or not asked, unknown codes."""
    rows = wave.frame.to_dict("records")
    recodes = {
        entry["variable"]: entry["recode"]
        for entry in wave.sidecar["columns"].values()
        if isinstance(entry, dict)
    }
    values, tally, unknown = [], Counter(), Counter()
    for row in rows:
        answers, asked = {}, {}
        for column in wave.study.codebook.columns():
            code, reason = row[source(column.name)], None
            if math.isnan(code):
                reason = SYSTEM_MISSING
            elif code in column.missing:
                code, reason = math.nan, column.missing[code]
            elif column.name in recodes:
                unknown[column.name] += code not in recodes[column.name]
                code = recodes[column.name].get(code, math.nan)
            elif column.range:
                unknown[column.name] += not column.range[0] <= code <= column.range[1]
            else:
                unknown[column.name] += code not in column.values
            was_asked = all(
                asked[name] and (math.isnan(answers[name]) or answers[name] in listed)
                for name, listed in column.asked.items()
            )
            asked[column.variable] = was_asked
            if not was_asked:
                tally["not_asked", column.name, NOT_ASKED_BUT_ANSWERED] += not math.isnan(code)
                code = math.nan
            elif math.isnan(code):
                tally["missing", column.name, reason or "unknown"] += 1
            answers[column.name] = code
        values.append(answers)
    return values, +tally, +unknown


def assert_as_expected(cleaned, wave):
    values, tally, unknown = expected(wave)
    assert not unknown
    assert len(cleaned.frame) == len(values)
    for column in wave.study.codebook.columns():
        got = cleaned.frame[column.name]
        if column.value_ids is not None:
            got = got.astype("object").map({v: k for k, v in column.value_ids.items()})
        want = [row[column.name] for row in values]
        np.testing.assert_array_equal(got.astype("float64"), want, err_msg=column.name)
    for kind in ("missing", "not_asked"):
        want = {key[1:]: n for key, n in tally.items() if key[0] == kind}
        assert counts(cleaned.ledger, kind) == want


# ---- a valid file


def test_every_cell_and_every_count_of_a_valid_wave(small):
    assert_as_expected(small.clean(), small)


def test_the_frame_is_made_of_codebook_columns_and_respondents(small):
    cleaned = small.clean()
    assert list(cleaned.frame.columns) == [c.name for c in small.study.codebook.columns()]
    assert cleaned.frame.index.name == "respondent"
    assert list(cleaned.frame.index) == [f"{5001 + number}" for number in range(32)]
    for column in small.study.codebook.columns():
        if column.level == "nominal":
            assert list(cleaned.frame[column.name].cat.categories) == list(
                column.value_ids.values()
            )
        else:
            assert cleaned.frame[column.name].dtype == "float64"


def test_the_raw_frame_stays_as_it_is(messy):
    raw = messy.raw()
    before = raw.frame.copy()
    clean(raw, messy.study)
    pd.testing.assert_frame_equal(raw.frame, before)


def test_codes_are_translated(brief):
    brief.set(0, "geslacht", 1).set(1, "geslacht", 2).set(2, "geslacht", 9)
    brief.set(0, "employability_4", 1).set(0, "dienstverband", 4).set(1, "dienstverband", 9)
    cleaned = brief.write().clean()
    frame = cleaned.frame
    assert frame["geslacht"].iloc[:2].tolist() == [1.0, 0.0]
    assert math.isnan(frame["geslacht"].iloc[2])
    assert frame["employability_4"].iloc[0] == 1.0  # mirrored later, when scales are scored
    assert frame["dienstverband"].iloc[0] == "oproep_uitzend"
    assert pd.isna(frame["dienstverband"].iloc[1])
    recoded = counts(cleaned.ledger, "recoded")
    assert recoded["geslacht", "1->1, 2->0"] == int(
        brief.frame[source("geslacht")].isin([1, 2]).sum()
    )


def test_messy_wave_excludes_by_reason_and_corrects(messy):
    cleaned = messy.clean()
    assert counts(cleaned.ledger, "excluded", "stage") == {
        ("clean", "screen_out"): 3,
        ("clean", "onvolledig"): 2,
        ("clean", "dubbel_geleverd"): 4,
    }
    assert cleaned.ledger.total("in") == len(messy.frame) == len(cleaned.frame) + 9
    assert cleaned.frame.index.is_unique
    assert cleaned.frame.at[messy.id(8), "leeftijd"] == 51
    assert math.isnan(cleaned.frame.at[messy.id(9), "opleiding_nieuw"])
    assert counts(cleaned.ledger, "corrected") == {
        (source("leeftijd"), "a zero too many"): 1,
        (source("opleiding_nieuw"), "more days than a year has"): 1,
    }
    stayed = messy.id(messy.person("niet_overwogen"))
    assert pd.isna(cleaned.frame.at[stayed, "sector_vorig"])
    assert counts(cleaned.ledger, "not_asked") == {("sector_vorig", NOT_ASKED_BUT_ANSWERED): 1}


def test_a_removed_value_is_missing_for_the_reason_given(brief):
    brief.set(0, "leeftijd", 37)
    correction = {"respondent": 5001, "column": source("leeftijd"), "value": 37, "to": None}
    brief.sidecar["corrections"] = [correction | {"missing_reason": "weet_niet", "reason": "x"}]
    before = int((brief.frame[source("leeftijd")] == 998).sum())
    ledger = brief.write().clean().ledger
    assert counts(ledger, "missing")["leeftijd", "weet_niet"] == before + 1


def test_a_column_that_the_wave_lacks_is_missing_for_all(brief):
    name = source("dienstverband")
    del brief.frame[name], brief.sidecar["columns"][name]
    brief.sidecar["absent"] = {"dienstverband": "not asked in 2031"}
    cleaned = brief.write().clean()
    assert cleaned.frame["dienstverband"].isna().all()
    assert counts(cleaned.ledger, "missing")["dienstverband", ABSENT] == len(brief.frame)


def test_columns_in_another_order_make_no_difference(brief):
    before = brief.clean().frame
    brief.frame = brief.frame[brief.frame.columns[::-1]]
    pd.testing.assert_frame_equal(brief.write().clean().frame, before)


def test_text_respondent_ids(brief):
    brief.frame[RESPONDENT] = [f"p{number:03}" for number in range(len(brief.frame))]
    assert list(brief.write().clean().frame.index[:2]) == ["p000", "p001"]


def test_codes_delivered_as_text(brief):
    """A column of digits typed as text holds codes all the same; blanks are no answer."""
    brief.set(0, "leeftijd", np.nan).set(1, "leeftijd", 37)
    column = brief.frame[source("leeftijd")]
    brief.frame[source("leeftijd")] = ["" if math.isnan(v) else f" {v:.0f}" for v in column]
    ages = brief.write().clean().frame["leeftijd"]
    assert math.isnan(ages.iloc[0])
    assert ages.iloc[1] == 37


# ---- skip rules


def test_an_answer_that_was_not_asked_for_goes_and_so_does_what_hangs_on_it(brief):
    """No possibility of a coach, yet used one and found it useful: both answers are counted out."""
    brief.set(0, "coach_intern_mogelijk", 2)
    brief.set(0, "coach_intern_gebruikt", 1).set(0, "coach_intern_nut", 5)
    cleaned = brief.write().clean()
    row = cleaned.frame.iloc[0]
    assert row["coach_intern_mogelijk"] == 0
    assert math.isnan(row["coach_intern_gebruikt"])
    assert math.isnan(row["coach_intern_nut"])
    assert counts(cleaned.ledger, "not_asked") == {
        ("coach_intern_gebruikt", NOT_ASKED_BUT_ANSWERED): 1,
        ("coach_intern_nut", NOT_ASKED_BUT_ANSWERED): 1,
    }


def test_a_filter_question_without_an_answer_does_not_close_the_way(brief):
    brief.set(0, "coach_intern_mogelijk", 9)
    brief.set(0, "coach_intern_gebruikt", 1).set(0, "coach_intern_nut", 5)
    row = brief.write().clean().frame.iloc[0]
    assert (row["coach_intern_gebruikt"], row["coach_intern_nut"]) == (1, 5)


def test_a_missing_code_where_nothing_was_asked_is_not_counted_as_missing(brief):
    before = counts(brief.clean().ledger, "missing")
    brief.set(brief.person("niet_overwogen"), "branche_vorig", 99)
    after = brief.write().clean().ledger
    assert counts(after, "missing") == before
    assert counts(after, "not_asked") == {}


# ---- rows


def test_identical_rows_are_one_respondent(brief):
    brief.append(brief.frame.iloc[[3, 3, 7]]).write()
    cleaned = brief.clean()
    assert len(cleaned.frame) == 32
    assert counts(cleaned.ledger, "excluded", "stage") == {("clean", "dubbel_geleverd"): 3}


def test_identical_rows_are_a_problem_where_the_sidecar_does_not_allow_them(brief):
    del brief.sidecar["identical_rows"]
    brief.append(brief.frame.iloc[[3]]).write()
    assert at(failure(brief.clean, WaveError), RESPONDENT).values == ("5004",)


def test_one_respondent_with_two_different_records(brief):
    twice = brief.frame.iloc[[3]].assign(**{source("leeftijd"): 22})
    brief.append(twice).set(3, "leeftijd", 23).write()
    problem = only(failure(brief.clean, WaveError))
    assert (problem.wave, problem.file, problem.column) == ("2031", "klein.sav", RESPONDENT)
    assert problem.values == ("5004",)
    assert problem.rows == ("row 4", "row 33")


def test_one_respondent_twice_who_is_also_corrected(brief):
    brief.append(brief.frame.iloc[[3]].assign(**{source("leeftijd"): 22})).set(3, "leeftijd", 510)
    correction = {"respondent": 5004, "column": source("leeftijd"), "value": 510, "to": 51}
    brief.sidecar["corrections"] = [correction | {"reason": "a zero too many"}]
    error = failure(brief.write().clean, WaveError)
    assert at(error, RESPONDENT).values == ("5004",)


@pytest.mark.parametrize("rows", [[0], [0, 5]])
def test_missing_id(brief, rows):
    brief.frame.loc[rows, RESPONDENT] = np.nan
    problem = only(failure(brief.write().clean, WaveError))
    assert problem.column == RESPONDENT
    assert problem.what.startswith(f"{len(rows)} ")
    assert problem.rows == tuple(f"row {row + 1}" for row in rows)


def test_missing_text_id(brief):
    brief.frame[RESPONDENT] = [
        f"p{number:03}" if number else "" for number in range(len(brief.frame))
    ]
    problem = at(failure(brief.write().clean, WaveError), RESPONDENT)
    assert problem.rows == ("row 1",)


def test_no_row_left(brief):
    brief.frame["status"] = 2.0
    assert "no row is left" in only(failure(brief.write().clean, WaveError)).what


def test_an_excluded_row_may_hold_anything(brief):
    brief.frame.loc[0, "status"] = 2.0
    brief.set(0, "leeftijd", 777).set(0, "sector", 44)
    assert len(brief.write().clean().frame) == 31


@pytest.mark.parametrize("status", ["2", "screened out"])
def test_an_exclusion_that_cannot_see_its_codes(brief, status):
    """Codes typed as text: rows that should leave would stay in silence."""
    brief.frame["status"] = [status, *["1"] * (len(brief.frame) - 1)]
    try:
        cleaned = brief.write().clean()
    except WaveError as error:
        assert at(error, "status")
    else:
        assert status == "2"
        assert len(cleaned.frame) == 31


def test_a_code_that_is_neither_included_nor_excluded(brief):
    brief.sidecar["include"] = {"column": "status", "is": [1]}
    brief.frame.loc[[4, 7], "status"] = [5.0, np.nan]
    problem = at(failure(brief.write().clean, WaveError), "status")
    assert problem.values == ("5", "nan")
    assert problem.rows == ("row 5", "row 8")


# ---- values

UNKNOWN = [
    ("sector", 7, "1, 2, 3"),
    ("stap", 3, "1, 2 (the codes that wave.yaml recodes)"),
    ("stap", 0, "1, 2 (the codes that wave.yaml recodes)"),
    ("branche", 11, "1, 2, 3, 4, 5, 6, 7, 8, 9, 10"),
    ("employability_2", 6, "1, 2, 3, 4, 5"),
    ("employability_2", 2.5, "1, 2, 3, 4, 5"),
    ("leeftijd", 14, "15 to 64"),
    ("leeftijd", 65, "15 to 64"),
    ("leeftijd", -1, "15 to 64"),
    ("leeftijd", 1e300, "15 to 64"),
    ("opleiding_nieuw", 366, "0 to 365"),
]


@pytest.mark.parametrize(("name", "value", "valid"), UNKNOWN)
def test_unknown_code_or_number_out_of_range(brief, name, value, valid):
    brief.set(0, name, value).set(16, name, value)
    problem = only(failure(brief.write().clean, WaveError))
    assert (problem.wave, problem.file, problem.column) == ("2031", "klein.sav", source(name))
    assert problem.values == (f"{value:g}",)
    assert problem.rows == ("5001", "5017")
    assert f"valid are {valid};" in problem.what
    column = next(c for c in brief.study.codebook.columns() if c.name == name)
    assert ", ".join(map(str, column.missing)) in problem.what
    for part in (name, "recode", "correction"):
        assert part in str(problem)


@pytest.mark.parametrize("value", [15, 64, 998, 999])
def test_the_ends_of_a_range_and_the_missing_codes_are_known(brief, value):
    brief.set(0, "leeftijd", value).write().clean()


def test_text_in_a_column_of_codes(brief):
    ages = brief.frame[source("leeftijd")].map("{:g}".format).replace("nan", "")
    ages.iloc[[0, 4]] = ["zeven", "n.v.t."]
    brief.frame[source("leeftijd")] = ages
    problem = only(failure(brief.write().clean, WaveError))
    assert (problem.wave, problem.column) == ("2031", source("leeftijd"))
    assert problem.values == ("zeven", "n.v.t.")
    assert problem.rows == ("5001", "5005")
    assert "text" in problem.what


def test_dates_in_a_column_of_codes(brief):
    brief.frame[source("leeftijd")] = brief.frame["startdatum"]
    assert only(failure(brief.write().clean, WaveError)).column == source("leeftijd")


# ---- columns


def test_renamed_column(brief):
    brief.frame = brief.frame.rename(columns={source("leeftijd"): "AGE"})
    error = failure(brief.write().clean, WaveError)
    assert len(error.problems) == 2
    lost, found = at(error, source("leeftijd")), at(error, "AGE")
    assert "the file does not have it" in lost.what
    assert "AGE" in lost.remedy
    assert "the sidecar does not name it" in found.what
    assert "ignore" in found.remedy


def test_columns_ignored_by_a_pattern(brief):
    brief.frame["timer_1"] = brief.frame["timer_20"] = 3.0
    brief.sidecar["ignore"]["timer_*"] = "process data"
    brief.write().clean()
    del brief.frame["timer_1"], brief.frame["timer_20"]
    assert only(failure(brief.write().clean, WaveError)).column == "timer_*"


def test_a_pattern_ignores_no_more_than_it_says(brief):
    brief.frame["xtimer_1"] = brief.frame["timer_1"] = 3.0
    brief.sidecar["ignore"]["timer_*"] = "process data"
    assert only(failure(brief.write().clean, WaveError)).column == "xtimer_1"


def test_codes_of_rules_may_be_texts(brief):
    n = len(brief.frame)
    brief.frame["status"] = ["Uitgescreend", " half\u00a0af", *["compleet"] * (n - 2)]
    brief.sidecar["exclude"][0]["is"] = ["uitgescreend"]
    brief.sidecar["exclude"][1]["is"] = ["half af", "gestopt"]
    brief.sidecar["include"] = {"column": "status", "is": ["Compleet"]}
    cleaned = brief.write().clean()
    assert counts(cleaned.ledger, "excluded", "stage") == {
        ("clean", "screen_out"): 1,
        ("clean", "onvolledig"): 1,
    }
    brief.frame.loc[5, "status"] = "compleet?"
    problem = at(failure(brief.write().clean, WaveError), "status")
    assert problem.values == ("compleet?",)
    assert problem.rows == ("row 6",)


@pytest.mark.parametrize("column", [RESPONDENT, "status", "startdatum", "q_leeftijd"])
def test_missing_column(brief, column):
    del brief.frame[column]
    problem = only(failure(brief.write().clean, WaveError))
    assert (problem.wave, problem.file, problem.column) == ("2031", "klein.sav", column)


def test_extra_column(brief):
    brief.frame["iets_nieuws"] = 1.0
    assert only(failure(brief.write().clean, WaveError)).column == "iets_nieuws"


# ---- corrections

CORRECTION = {
    "respondent": 5001,
    "column": "q_leeftijd",
    "value": 510,
    "to": 51,
    "reason": "typing",
}


@pytest.mark.parametrize(
    ("change", "found"),
    [
        ({"respondent": 9999}, "no such respondent"),
        ({"value": 511}, "found: 510"),
        ({"column": "q_opleiding_nieuw"}, "found: 3"),
        ({"value": math.nan}, "found: 510"),
    ],
)
def test_a_correction_that_matches_no_row(brief, change, found):
    brief.set(0, "leeftijd", 510).set(0, "opleiding_nieuw", 3)
    brief.sidecar["corrections"] = [CORRECTION, CORRECTION | change]
    if change != {"column": "q_opleiding_nieuw"} and "value" in change:
        brief.sidecar["corrections"].reverse()  # the right one would take the value away
    problem = only(failure(brief.write().clean, WaveError))
    assert (problem.wave, problem.file) == ("2031", "klein.sav")
    assert problem.column == (CORRECTION | change)["column"]
    assert problem.rows == (str((CORRECTION | change)["respondent"]),)
    assert "matches no row" in problem.what
    assert found in problem.what


def test_a_correction_cannot_be_applied_twice(brief):
    brief.set(0, "leeftijd", 510)
    brief.sidecar["corrections"] = [CORRECTION, CORRECTION]
    assert "found: 51)" in only(failure(brief.write().clean, WaveError)).what


def test_a_correction_to_what_is_not_valid(brief):
    brief.set(0, "leeftijd", 510)
    brief.sidecar["corrections"] = [CORRECTION | {"to": 510.5}]
    assert only(failure(brief.write().clean, WaveError)).values == ("510.5",)


# ---- how people answered, and how they were drawn


def test_process_columns_come_along_as_delivered(brief):
    n = len(brief.frame)
    brief.frame["duur"] = ["12,5", "", *["300"] * (n - 2)]
    brief.frame["w"] = np.linspace(0.5, 1.5, n)
    brief.frame["regio"] = ["noord", "zuid"] * (n // 2)
    brief.sidecar |= {
        "careless": {"speeders": {"column": "duur", "seconds": 1}},
        "weights": {"column": "w", "stratum": "regio", "cluster": source("branche")},
    }
    brief.sidecar["exclude"][0]["is"] = [2]
    brief.frame.loc[2, "status"] = 2.0
    cleaned = brief.write().clean()
    process = cleaned.process
    assert list(process) == ["duur", "w", "regio", source("branche")]
    assert process.index.equals(cleaned.frame.index)
    assert len(process) == n - 1
    np.testing.assert_array_equal(process["duur"].iloc[:3], [12.5, math.nan, 300])
    assert process["w"].iloc[0] == 0.5
    assert process["regio"].iloc[:3].tolist() == ["noord", "zuid", "zuid"]


def test_a_declared_missing_code_is_no_weight(brief):
    brief.frame["w"] = [99.0, *[1.0] * (len(brief.frame) - 1)]
    brief.sidecar["weights"] = {"column": "w"}
    raw = brief.write().raw()
    raw.table.missing["w"] = MissingCodes(codes=(99.0,))
    weights = clean(raw, brief.study).process["w"]
    assert math.isnan(weights.iloc[0])
    assert weights.iloc[1:].eq(1).all()


def test_no_process_columns(brief):
    process = brief.clean().process
    assert process.shape == (32, 0)


def test_a_process_column_that_the_file_lacks(brief):
    brief.sidecar["weights"] = {"column": "w"}
    assert only(failure(brief.write().clean, WaveError)).column == "w"


# ---- everything at once


def test_all_faults_of_values_and_rows_are_shown_together(brief):
    brief.set(0, "leeftijd", 777).set(1, "sector", 8).set(2, "stap", 5)
    brief.frame[source("geslacht")] = "vrouw"
    brief.frame.loc[4, RESPONDENT] = np.nan
    brief.append(brief.frame.iloc[[3]].assign(**{source("employability_1"): 77}))
    brief.sidecar["corrections"] = [CORRECTION | {"respondent": 9999}]
    brief.write(seal=False)
    error = failure(brief.clean, WaveError)
    assert Counter(problem.column for problem in error.problems) == {
        None: 2,  # checksum and number of rows
        RESPONDENT: 2,  # one missing, one twice
        source("sector"): 1,
        source("stap"): 1,
        source("employability_1"): 1,
        source("geslacht"): 1,
        source("leeftijd"): 2,  # a correction and a value
    }
    assert all(problem.wave == "2031" for problem in error.problems)
    assert f"({len(error.problems)} found)" in error.headline


def test_faults_of_columns_do_not_hide_those_of_values(brief):
    brief.set(0, "sector", 8)
    brief.frame = brief.frame.rename(columns={source("leeftijd"): "AGE"})
    brief.frame["iets_nieuws"] = 1.0
    error = failure(brief.write(seal=False).clean, WaveError)
    named = {problem.column for problem in error.problems}
    assert named == {None, source("leeftijd"), "AGE", "iets_nieuws", source("sector")}


def test_checksum_and_columns_are_shown_together(brief):
    brief.frame["iets_nieuws"] = 1.0
    named = [problem.column for problem in failure(brief.write(seal=False).clean).problems]
    assert named == [None, "iets_nieuws"]


# ---- any change of codes: accounted for, or an error that names it

CODES = st.sampled_from(
    [-1, 0, 1, 2, 3, 4, 5, 7, 8, 9, 10, 11, 37, 98, 99, 366, 998, 999, 2.5, math.nan]
)


@pytest.fixture
def brief_raw(brief):
    return brief.raw()


@settings(
    max_examples=15,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(data=st.data())
def test_any_change_of_codes_is_accounted_for_or_refused(brief, brief_raw, data):
    names = [column.name for column in brief.study.codebook.columns()]
    cells = st.tuples(st.integers(0, len(brief.frame) - 1), st.sampled_from(names), CODES)
    original = brief.frame
    changed = dataclasses.replace(brief, frame=original.copy())
    for row, name, code in data.draw(st.lists(cells, max_size=6)):
        changed.set(row, name, code)
    table = dataclasses.replace(brief_raw.table, frame=changed.frame)
    raw = dataclasses.replace(brief_raw, table=table)
    unknown = expected(changed)[2]
    if unknown:
        error = failure(lambda: clean(raw, brief.study), WaveError)
        assert {problem.column for problem in error.problems} == {source(name) for name in unknown}
    else:
        assert_as_expected(clean(raw, brief.study), changed)


def test_the_oracle_knows_the_recode(brief):
    """The property above would be idle if the sidecar recoded nothing."""
    assert brief.sidecar["columns"][source("stap")]["recode"] == YES_NO
    values, _, _ = expected(brief)
    assert values[brief.person("overwogen")]["stap"] == 0
