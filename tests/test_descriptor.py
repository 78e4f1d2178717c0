"""The sidecar of a wave: what it may say, and that every mistake in it is named."""

from __future__ import annotations

import pytest

from builders import YES_NO, at, failure, only, source
from mobiliteit.descriptor import load_descriptor
from mobiliteit.errors import StudyError, WaveError


def load(wave):
    return load_descriptor(wave.write_sidecar().folder, wave.study)


def test_a_valid_sidecar(small):
    descriptor = load(small)
    assert (descriptor.wave, descriptor.year, descriptor.synthetic) == ("2031", 2031, True)
    assert descriptor.columns[source("leeftijd")].variable == "leeftijd"
    assert descriptor.columns[source("leeftijd")].recode == {}
    assert descriptor.columns[source("pop")].recode == YES_NO
    assert descriptor.source_of["pop"] == source("pop")
    assert [rule.is_ for rule in descriptor.exclude] == [[2], [3]]


def test_numbers_that_are_names_are_read_as_text(small):
    text = (small.folder / "wave.yaml").read_text()
    small.write_sidecar(text.replace("wave: '2031'", "wave: 2031"))
    assert load_descriptor(small.folder, small.study).wave == "2031"


def test_a_real_wave_needs_no_note(small):
    small.sidecar |= {"synthetic": False, "synthetic_note_nl": "", "synthetic_note_en": ""}
    assert load(small).synthetic is False


def test_a_wave_may_lack_a_column_for_a_reason(small):
    del small.sidecar["columns"][source("functie")]
    small.sidecar["absent"] = {"functie": "not asked in 2031"}
    assert "functie" not in load(small).source_of


def test_missing_wave_names_those_there_are(small):
    missing = small.folder.parent / "2032"
    error = failure(lambda: load_descriptor(missing, small.study), WaveError)
    assert "2032" in error.headline
    assert "there are: 2031" in only(error).remedy


def test_missing_wave_where_there_is_none_yet(tmp_path, study):
    error = failure(lambda: load_descriptor(tmp_path / "data_raw" / "2032", study), WaveError)
    assert "there is none yet" in only(error).remedy


def test_missing_sidecar(small):
    (small.folder / "wave.yaml").unlink()
    error = failure(lambda: load_descriptor(small.folder, small.study))
    assert str(small.folder / "wave.yaml") in str(error)


@pytest.mark.parametrize("text", ["wave: [2031", "wave: 2031: x", "\twave: 1", "wave: '2031"])
def test_bad_yaml(small, text):
    small.write_sidecar(text)
    error = failure(lambda: load_descriptor(small.folder, small.study))
    assert "no valid YAML" in only(error).what
    assert "line 1" in only(error).what or "line 2" in only(error).what
    assert "wave.yaml" in str(error)


@pytest.mark.parametrize("text", ["", "- 1\n", "words"])
def test_yaml_of_another_shape(small, text):
    small.write_sidecar(text)
    failure(lambda: load_descriptor(small.folder, small.study))


@pytest.mark.parametrize(
    "key",
    ["wave", "year", "producer", "licence", "date", "synthetic", "file", "respondent", "columns"],
)
def test_missing_key(small, key):
    del small.sidecar[key]
    error = failure(lambda: load(small))
    assert only(error).what.startswith(f"{key}: ")


@pytest.mark.parametrize(
    ("place", "key"),
    [
        ((), "colour"),
        (("file",), "colour"),
        (("exclude", 0), "colour"),
        (("identical_rows",), "colour"),
    ],
)
def test_unknown_key(small, place, key):
    part = small.sidecar
    for step in place:
        part = part[step]
    part[key] = "red"
    error = failure(lambda: load(small), StudyError)
    assert ".".join(map(str, (*place, key))) in only(error).what


@pytest.mark.parametrize(
    ("place", "value"),
    [
        (("file", "sha256"), "abc"),
        (("file", "sha256"), "G" * 64),
        (("file", "rows"), 0),
        (("year",), "last year"),
        (("date",), "31-02-2031"),
        (("synthetic",), "perhaps"),
        (("identical_rows", "action"), "keep"),
        (("exclude", 0, "is"), [[2]]),
        (("columns", "q_pop"), {"variable": "pop", "recode": {"ja": "yes"}}),
        (("columns", "q_pop"), None),
    ],
)
def test_a_value_of_the_wrong_kind(small, place, value):
    part = small.sidecar
    for step in place[:-1]:
        part = part[step]
    part[place[-1]] = value
    error = failure(lambda: load(small))
    assert error.problems[0].what.startswith(".".join(map(str, place)))


@pytest.mark.parametrize(
    ("place", "value"),
    [
        (("exclude", 0, "is"), [True]),
        (("columns", "q_pop"), {"variable": "pop", "recode": {True: 1, False: 0}}),
        (("columns", "q_pop"), {"variable": "pop", "missing": {False: "weet_niet"}}),
        (("missing",), {True: "weet_niet"}),
    ],
)
def test_a_truth_value_is_no_code(small, place, value):
    """YAML reads an unquoted yes as true, which Python holds equal to 1."""
    part = small.sidecar
    for step in place[:-1]:
        part = part[step]
    part[place[-1]] = value
    error = failure(lambda: load(small), StudyError)
    assert error.problems[0].what.startswith(".".join(map(str, place)))
    assert all("quotes" in problem.what for problem in error.problems)


def test_all_misfits_are_shown_together(small):
    del small.sidecar["producer"]
    small.sidecar["colour"] = "red"
    small.sidecar["file"]["rows"] = -1
    wrong = {problem.what.split(":")[0] for problem in failure(lambda: load(small)).problems}
    assert wrong == {"producer", "colour", "file.rows"}


def test_unmapped_codebook_column(small):
    del small.sidecar["columns"][source("leeftijd")]
    problem = only(failure(lambda: load(small), WaveError))
    assert problem.wave == "2031"
    assert "no source column is mapped to leeftijd" in problem.what
    assert "absent" in problem.remedy


def test_codebook_column_mapped_twice(small):
    small.sidecar["columns"]["V99"] = "leeftijd"
    error = failure(lambda: load(small), WaveError)
    assert {problem.column for problem in error.problems} == {source("leeftijd"), "V99"}
    assert all("leeftijd is mapped more than once" in problem.what for problem in error.problems)


def test_mapped_to_a_name_that_the_codebook_lacks(small):
    small.sidecar["columns"][source("leeftijd")] = "leeftyd"
    error = failure(lambda: load(small), WaveError)
    assert "'leeftyd'" in at(error, source("leeftijd")).what
    assert any("mapped to leeftijd" in problem.what for problem in error.problems)


def test_a_long_text_of_the_sidecar_does_not_flood_the_message(small):
    """Each place whose own text the checks repeat."""
    long = "x" * 3000
    small.sidecar["wave"] = long
    small.sidecar["columns"][source("leeftijd")] = {"variable": long, "missing": {long: long}}
    small.sidecar["absent"] = {long: "why"}
    small.sidecar["corrections"] = [
        {"respondent": "1", "column": long, "value": long, "to": 1, "reason": long}
    ]
    problems = failure(lambda: load(small), WaveError).problems
    said = [str(problem) for problem in problems]
    assert sum("x" * 99 in text for text in said) >= 5
    assert all(len(text) < 600 for text in said)


def test_a_scale_is_mapped_by_its_items(small):
    small.sidecar["columns"]["V99"] = "netwerken"
    assert "not in the codebook" in at(failure(lambda: load(small), WaveError), "V99").what


def test_mapped_and_absent(small):
    small.sidecar["absent"] = {"leeftijd": "why", "leeftyd": "why"}
    error = failure(lambda: load(small), WaveError)
    assert len(error.problems) == 2
    assert "leeftijd is both mapped and absent" in str(error)
    assert "`absent` lists leeftyd" in str(error)


def test_another_name_than_its_folder(small):
    small.sidecar["wave"] = "2032"
    problem = only(failure(lambda: load(small), WaveError))
    assert "2032" in problem.what
    assert "2031" in problem.what


@pytest.mark.parametrize("note", ["synthetic_note_nl", "synthetic_note_en"])
def test_synthetic_without_saying_so(small, note):
    small.sidecar[note] = ""
    assert "synthetic" in only(failure(lambda: load(small), WaveError)).what


CORRECTION = {
    "respondent": 5001,
    "column": "q_leeftijd",
    "value": 510,
    "to": 51,
    "reason": "typing",
}


@pytest.mark.parametrize(
    "change",
    [
        {"column": "q_nowhere"},
        {"column": "status"},
        {"to": None},
        {"to": None, "missing_reason": "just because"},
        {"missing_reason": "weet_niet"},
    ],
)
def test_incomplete_correction(small, change):
    small.sidecar["corrections"] = [CORRECTION, CORRECTION | change]
    problem = only(failure(lambda: load(small), WaveError))
    assert problem.column == change.get("column", "q_leeftijd")


@pytest.mark.parametrize("key", ["respondent", "column", "value", "to", "reason"])
def test_a_correction_lacks_nothing(small, key):
    small.sidecar["corrections"] = [{k: v for k, v in CORRECTION.items() if k != key}]
    assert f"corrections.0.{key}" in only(failure(lambda: load(small))).what


@pytest.mark.parametrize(
    ("name", "recode", "names"),
    [
        ("pop", {1: 1, 2: 7}, "7"),  # no answer to this question is 7
        ("functie", {1: 1, 2: 2, 3: 3, 5: 5}, "5"),
        ("leeftijd", {1: 20, 2: 200}, "200"),
        ("pop", {1: 1, 9: 0}, "9"),  # 9 is a missing code: nobody would ever answer no
    ],
)
def test_a_recode_to_what_cannot_be(small, name, recode, names):
    small.sidecar["columns"][source(name)] = {"variable": name, "recode": recode}
    problem = at(failure(lambda: load(small), WaveError), source(name))
    assert names in str(problem)


def test_a_source_column_both_mapped_and_ignored(small):
    small.sidecar["ignore"][source("leeftijd")] = "not needed"
    failure(lambda: load(small), WaveError)


def test_a_source_column_twice_in_the_sidecar_is_named(small):
    text = (small.folder / "wave.yaml").read_text()
    small.write_sidecar(
        text.replace("  q_sector: sector\n", "  q_sector: sector\n  q_sector: branche\n")
    )
    error = failure(lambda: load_descriptor(small.folder, small.study))
    assert "q_sector" in str(error)


def test_a_broken_sidecar_says_of_which_wave_it_is(small):
    small.sidecar["colour"] = "red"
    assert "2031" in str(failure(lambda: load(small)))


# ---- short forms, written out


def items(wave, name):
    return list(wave.study.codebook.variables[name].items)


def shorten(wave, name, **entry):
    """Put one pattern in the place of the entries of a scale."""
    columns = wave.sidecar["columns"]
    for item in items(wave, name):
        del columns[source(item)]
    short = f"{name}_#" if not entry else {"variable": f"{name}_#", **entry}
    columns["W27_Q12_#_r"] = short
    return wave


def test_a_pattern_maps_all_items_of_a_scale(small):
    before = load(small).columns
    after = load(shorten(small, "netwerken")).columns
    renamed = {f"W27_Q12_{n}_r": f"netwerken_{n}" for n in (1, 2, 3, 4)}
    assert {s: after[s].variable for s in renamed} == renamed
    assert set(after) - set(renamed) == set(before) - {source(i) for i in items(small, "netwerken")}


def test_a_pattern_in_long_form_gives_each_item_the_same_translation(small):
    after = load(shorten(small, "netwerken", rescale=[1, 7], reversed=True))
    assert all(after.columns[f"W27_Q12_{n}_r"].reversed for n in (1, 2, 3, 4))
    assert after.rescaled == {f"netwerken_{n}": (1, 7) for n in (1, 2, 3, 4)}


def test_an_entry_of_its_own_goes_before_the_pattern(small):
    shorten(small, "netwerken")
    small.sidecar["columns"]["W27_Q12_2_r"] = {"variable": "netwerken_2", "reversed": True}
    small.sidecar["columns"]["elsewhere"] = "netwerken_3"
    small.sidecar["absent"] = {"netwerken_4": "not asked"}
    descriptor = load(small)
    assert descriptor.columns["W27_Q12_2_r"].reversed
    assert not descriptor.columns["W27_Q12_1_r"].reversed
    assert descriptor.source_of["netwerken_3"] == "elsewhere"
    assert "W27_Q12_3_r" not in descriptor.columns
    assert "netwerken_4" not in descriptor.source_of


@pytest.mark.parametrize(
    ("name", "entry", "says"),
    [
        ("Q99_#", "netwerk_#", "no items such as netwerk_#"),
        ("Q99", "netwerken_#", "stands once on either side"),
        ("Q#_#", "netwerken_#", "stands once on either side"),
    ],
)
def test_a_pattern_that_stands_for_nothing(small, name, entry, says):
    small.sidecar["columns"][name] = entry
    assert says in at(failure(lambda: load(small), WaveError), name).what


def test_a_file_column_may_hold_the_sign_itself(small):
    entry = small.sidecar["columns"].pop(source("functie"))
    small.sidecar["columns"]["V#53"] = entry
    assert load(small).source_of["functie"] == "V#53"


# ---- what fits the schema and cannot be meant


def one(wave, name, **entry):
    wave.sidecar["columns"][source(name)] = {"variable": name, **entry}
    return at(failure(lambda: load(wave), WaveError), source(name)).what


def test_two_keys_that_become_the_same(small):
    assert "cannot be told apart" in one(small, "pop", recode={"Ja": 1, " ja\u00a0": 0})
    assert "cannot be told apart" in one(small, "pop", recode={1: 1, "1,0": 0})


def test_an_empty_text_is_no_code(small):
    assert "empty cell" in one(small, "pop", recode={"ja": 1, " ": 0})


def test_missing_for_an_unknown_reason(small):
    assert "'zomaar'" in one(small, "leeftijd", missing={99: "zomaar"})


def test_missing_for_the_whole_file(small):
    small.sidecar["missing"] = {99: "zomaar"}
    assert any("'zomaar'" in p.what for p in failure(lambda: load(small), WaveError).problems)


def test_a_missing_code_of_the_whole_file_that_is_an_answer(small):
    """99 days of training are an answer: blanking them would lose it in silence."""
    small.sidecar["missing"] = {99: "weet_niet"}
    named = {p.column for p in failure(lambda: load(small), WaveError).problems}
    assert source("opleiding_nieuw") in named
    assert source("leeftijd") not in named
    for name in ("opleiding_huidig", "opleiding_aangrenzend", "opleiding_nieuw"):
        small.sidecar["columns"][source(name)] = {"variable": name, "missing": {998: "weet_niet"}}
    named -= {source(n) for n in ("opleiding_huidig", "opleiding_aangrenzend", "opleiding_nieuw")}
    assert {p.column for p in failure(lambda: load(small), WaveError).problems} == named


@pytest.mark.parametrize(
    ("name", "entry", "says"),
    [
        ("leeftijd", {"rescale": [1, 7]}, "no response scale"),
        ("branche", {"rescale": [1, 7]}, "no response scale"),
        ("pop", {"rescale": [1, 7]}, "no response scale"),
        ("netwerken_1", {"rescale": [0, 10]}, "missing code and lies on the scale"),
        ("freq_functionering", {"rescale": [1, 7]}, "decide who is asked what"),
        ("branche", {"reversed": True}, "have no order"),
        ("leeftijd", {"reversed": True}, "have no order"),
        ("netwerken_1", {"reversed": True, "recode": {1: 5, 5: 1}}, "not both"),
    ],
)
def test_a_scale_that_cannot_be_carried_over(small, name, entry, says):
    assert says in one(small, name, **entry)


def test_a_longer_scale_with_its_own_missing_codes(small):
    entry = {"variable": "netwerken_1", "rescale": [0, 10], "missing": {99: "geen_antwoord"}}
    small.sidecar["columns"][source("netwerken_1")] = entry
    assert load(small).rescaled == {"netwerken_1": (0, 10)}


def test_absent_and_needed_to_sort_people(small):
    del small.sidecar["columns"][source("stap")]
    small.sidecar["absent"] = {"stap": "forgotten"}
    problem = only(failure(lambda: load(small), WaveError))
    assert "stap" in problem.what
    assert "segment" in problem.what


@pytest.mark.parametrize("field", ["producer", "licence", "title_nl", "title_en"])
def test_what_is_still_to_be_filled_in(small, field):
    small.sidecar[field] = "invullen"
    assert field in only(failure(lambda: load(small), WaveError)).what


def test_the_salt_of_a_real_wave_is_not_written_down(small):
    small.sidecar |= {
        "synthetic": False,
        "respondent": {"column": "respnr", "salt": "for all to read"},
    }
    assert "salt" in only(failure(lambda: load(small), WaveError)).what


# ---- every source column has one role

SPEEDERS = {"speeders": {"column": "duur", "seconds": 60}}


@pytest.mark.parametrize(
    ("change", "column"),
    [
        ({"identifiers": {"q_leeftijd": "x"}}, "q_leeftijd"),
        ({"identifiers": {"respnr": "x"}}, "respnr"),
        ({"identifiers": {"status": "x"}, "ignore": {"startdatum": "x"}}, "status"),
        ({"identifiers": {"naam": "x"}, "not_identifying": {"naam": "y"}}, "naam"),
        ({"weights": {"column": "q_leeftijd"}}, "q_leeftijd"),
        ({"weights": {"column": "respnr"}}, "respnr"),
        ({"weights": {"column": "w", "cluster": "w"}}, "w"),
        ({"weights": {"column": "duur"}, "careless": SPEEDERS}, "duur"),
        ({"careless": {"speeders": {"column": "q_uren", "seconds": 60}}}, "q_uren"),
        ({"include": {"column": "status", "is": ["2", 1]}}, "status"),
    ],
)
def test_two_roles_that_exclude_each_other(small, change, column):
    small.sidecar |= change
    assert at(failure(lambda: load(small), WaveError), column)


def test_roles_that_go_together(small):
    small.sidecar |= {
        "weights": {"column": "w", "stratum": "q_branche", "cluster": "organisatie"},
        "careless": SPEEDERS,
        "ignore": {**small.sidecar["ignore"], "duur": "process data", "timer_*": "process data"},
    }
    descriptor = load(small)
    assert descriptor.process_columns == ["duur", "w", "q_branche", "organisatie"]


# ---- questions with several answers


def ticks(small, **change):
    for name in ("coach_buiten", "mobiliteitscentrum"):
        del small.sidecar["columns"][source(name)]
    small.sidecar["multi_select"] = [
        {
            "kind": "columns",
            "columns": {"M1": "coach_buiten", "M2": "mobiliteitscentrum"},
            "ticked": [1],
            "unticked": [0],
            "nothing_ticked": "no",
        }
        | change
    ]
    return small


def list_of(small, **change):
    ticks(small)
    small.sidecar["multi_select"] = [
        {
            "kind": "list",
            "column": "M",
            "separator": ";",
            "options": {1: "coach_buiten", 2: "mobiliteitscentrum", 3: None},
        }
        | change
    ]
    return small


def test_sources_of_ticks(small):
    descriptor = load(ticks(small))
    assert descriptor.source_of["coach_buiten"] == "M1"
    assert descriptor.sources_of["mobiliteitscentrum"] == ("M2",)


def test_sources_of_a_list(small):
    descriptor = load(list_of(small))
    assert descriptor.source_of["coach_buiten"] == descriptor.source_of["mobiliteitscentrum"] == "M"


def test_sources_of_one_answer(small):
    del small.sidecar["columns"][source("dienstverband")]
    small.sidecar["multi_select"] = [
        {
            "kind": "columns",
            "variable": "dienstverband",
            "columns": {"D1": 1, "D2": 2},
            "ticked": ["x"],
            "nothing_ticked": "missing",
        }
    ]
    descriptor = load(small)
    assert descriptor.source_of["dienstverband"] == "D1"
    assert descriptor.sources_of["dienstverband"] == ("D1", "D2")
    small.sidecar["multi_select"][0]["columns"] = {"D1": 1, "D2": 77}
    assert "77" in only(failure(lambda: load(small), WaveError)).what


def test_an_unquoted_no_is_understood_where_it_can_mean_one_thing(small):
    assert load(ticks(small, nothing_ticked=False)).multi_select[0].nothing_ticked == "no"


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"columns": {"M1": "coach_buiten", "M2": "leeftijd"}}, "no yes-or-no question"),
        ({"columns": {"M1": "coach_buiten", "M2": "coach_buiten"}}, "mapped more than once"),
        ({"columns": {"M1": "coach_buiten", "M2": "centrum"}}, "not in the codebook"),
        ({"columns": {"M1": "coach_buiten", "q_leeftijd": "mobiliteitscentrum"}}, "stands under"),
        ({"unticked": [0, "1"]}, "ticked and unticked"),
        ({"ticked": [1, ""]}, "empty cell"),
        ({"none": "M2"}, "none of them"),
    ],
)
def test_ticks_that_cannot_be_meant(small, change, says):
    assert says in str(failure(lambda: load(ticks(small, **change)), WaveError))


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"options": {1: "coach_buiten", "1.0": "mobiliteitscentrum"}}, "cannot be told apart"),
        ({"options": {1: "coach_buiten", "2;3": "mobiliteitscentrum"}}, "separator"),
        ({"options": {1: "coach_buiten", 2: "uren"}}, "no yes-or-no question"),
        ({"none": [2]}, "cannot be told apart"),
        ({"missing": {99: "zomaar"}}, "zomaar"),
    ],
)
def test_a_list_that_cannot_be_meant(small, change, says):
    assert says in str(failure(lambda: load(list_of(small, **change)), WaveError))


def test_a_correction_of_a_list_column(small):
    list_of(small)
    fix = {"respondent": 5001, "column": "M", "value": "1;9", "to": "1", "reason": "slip"}
    small.sidecar["corrections"] = [fix]
    assert load(small).corrections[0].column == "M"
