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
        (("exclude", 0, "is"), ["two"]),
        (("columns", "q_pop"), {"variable": "pop", "recode": {"ja": 1}}),
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
