"""``wave check``: all that is wrong at once, and what arrives of each variable."""

from __future__ import annotations

import numpy as np
import pytest

from builders import SmallWave, small_wave, source
from mobiliteit.arrival import Arrival, ArrivalReport, check_wave
from mobiliteit.errors import WaveError


def check(wave: SmallWave) -> ArrivalReport:
    return check_wave(wave.name, root=wave.root, study=wave.study)


def arrival(report: ArrivalReport, name: str) -> Arrival:
    return next(entry for entry in report.columns if entry.name == name)


def about(report: ArrivalReport, words: str) -> list[str]:
    return [str(problem) for problem in report.problems if words in str(problem)]


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory) -> SmallWave:
    """A wave of 160: enough for warnings about scales."""
    return small_wave(tmp_path_factory.mktemp("large"), per_segment=20)


def copy_of(wave: SmallWave, root) -> SmallWave:
    return SmallWave(root, wave.name, wave.study, wave.frame.copy(), dict(wave.sidecar))


# ---- what arrives


def test_a_good_wave_has_no_problems_and_the_rows_of_its_ledger(messy):
    report = check(messy)
    wave = messy.load()
    assert report.usable
    assert report.problems == ()
    rows = dict(report.rows)
    delivered = rows.pop("geleverde records")
    assert delivered == messy.sidecar["file"]["rows"] == sum(rows.values())
    assert rows["behouden respondenten"] == len(wave.frame)
    assert report.groups["niet in te delen"] == len(wave.unclassified)
    sizes = wave.frame[wave.study.segments.group_variable.id].value_counts()
    assert {report.groups[g.nl] for g in wave.study.segments.groups.values()} == set(sizes)
    assert [entry.scale for entry in report.reliabilities] == list(
        wave.study.codebook.scale_variables()
    )


def test_counts_and_missing_reasons_are_those_of_the_file(small):
    """Counted by hand from the frame that was written: no cleaning in between."""
    small.frame.loc[:, source("sollicitaties")] = [1.0] * 10 + [5.0] * 8 + [9.0] * 4 + [np.nan] * 10
    small.write()
    found = arrival(check(small), "sollicitaties")
    assert found.sources == (source("sollicitaties"),)
    assert found.state == "answers"
    assert found.counts == {
        "1 nul keer": 10,
        "2 één keer": 0,
        "3 twee keer": 0,
        "4 drie keer": 0,
        "5 vaker dan drie keer": 8,
    }
    assert found.missing == {"geen antwoord": 4, "zonder opgave": 10}
    assert (found.n, found.not_asked) == (18, 0)
    assert found.share_missing == pytest.approx(14 / 32)
    assert (found.low, found.high) == (1, 5)
    assert found.mean == pytest.approx((10 + 40) / 18)


def test_who_was_not_asked_is_not_missing(small):
    found = arrival(check(small), "sector_vorig")
    moved = int((small.frame[source("stap")] == 1).sum())
    assert found.n == moved
    assert found.not_asked == len(small.frame) - moved
    assert found.missing == {}
    assert np.isnan(found.mean)  # nominal: a mean of codes says nothing


def test_an_open_number_shows_its_range(small):
    values = np.linspace(20, 60, len(small.frame)).round()
    small.frame[source("leeftijd")] = values
    small.write()
    found = arrival(check(small), "leeftijd")
    assert (found.low, found.high, found.counts) == (20, 60, {})
    assert found.mean == pytest.approx(values.mean())


def test_marks_say_what_was_done_to_the_answers(small):
    columns = small.sidecar["columns"]
    columns[source("willen_1")] = {"variable": "willen_1", "rescale": [1, 7]}
    columns[source("willen_2")] = {"variable": "willen_2", "reversed": True}
    small.frame[source("willen_1")] = [1.0, 4.0, 7.0, 2.0] * 8
    small.write()
    report = check(small)
    assert report.usable, report.problems
    rescaled = arrival(report, "willen_1")
    assert rescaled.marks == ("rescaled from 1-7",)
    assert rescaled.counts["1 helemaal mee oneens"] == 8
    assert rescaled.counts["1.667"] == 8  # 1 + (2 - 1) * 4 / 6
    assert sum(rescaled.counts.values()) == rescaled.n == 32
    assert arrival(report, "willen_2").marks == ("reversed by the supplier",)
    assert arrival(report, "employability_4").marks == ("reversed item",)


def test_an_absent_variable_is_shown_with_its_reason(small):
    del small.sidecar["columns"][source("functie")]
    small.sidecar["absent"] = {"functie": "niet gevraagd in 2031"}
    small.sidecar["ignore"][source("functie")] = "oude vraag"
    small.write()
    report = check(small)
    assert report.usable
    found = arrival(report, "functie")
    assert (found.state, found.note, found.n) == ("absent", "niet gevraagd in 2031", 0)


def test_the_tidy_frame_adds_up(messy):
    report = check(messy)
    tidy = report.tidy()
    counts = tidy[(tidy["row"] == "stap") & (tidy["statistic"] == "count")]
    assert counts["value"].sum() == arrival(report, "stap").n
    assert set(tidy["statistic"]) >= {"count", "missing", "mean", "alpha", "item_rest"}
    assert set(tidy["wave"]) == {messy.name}


# ---- warnings


def test_a_forgotten_reversal_shows(large, tmp_path, study):
    """One factor behind all items; the supplier turned one of them round and did not say so."""
    wave = copy_of(large, tmp_path)
    rng = np.random.default_rng(11)
    factor = rng.normal(size=len(wave.frame))
    for name in study.codebook.variables["netwerken"].items:
        noise = factor + rng.normal(scale=0.6, size=len(factor))
        wave.frame[source(name)] = np.clip(np.round(3 + noise), 1, 5)
    wave.write()
    named = [line for line in check(wave).warnings if line.startswith("netwerken:")]
    assert named == []
    wave.frame[source("netwerken_3")] = 6 - wave.frame[source("netwerken_3")]
    wave.write()
    (line,) = [line for line in check(wave).warnings if line.startswith("netwerken:")]
    assert "netwerken_3" in line
    assert "netwerken_1" not in line
    wave.sidecar["columns"] = dict(wave.sidecar["columns"])
    wave.sidecar["columns"][source("netwerken_3")] = {"variable": "netwerken_3", "reversed": True}
    wave.write()
    assert not [line for line in check(wave).warnings if line.startswith("netwerken:")]


def test_answers_unlike_the_scale_show(large, tmp_path):
    wave = copy_of(large, tmp_path)
    n = len(wave.frame)
    wave.frame[source("moeten_1")] = [2.0, 3.0, 4.0, 3.0] * (n // 4)
    wave.frame[source("moeten_2")] = 3.0
    wave.frame[source("moeten_3")] = [1.0, 3.0] * (n // 2)
    wave.write()
    warnings = check(wave).warnings
    assert any(w.startswith("moeten_1:") and "either end" in w for w in warnings)
    assert any(w.startswith("moeten_2:") and "the same answer" in w for w in warnings)
    assert not any(w.startswith("moeten_3:") for w in warnings)


# ---- everything at once


def test_problems_of_every_stage_are_told_together(small):
    """Schema, codebook, file, columns, values, corrections, ids, careless: one check for all."""
    sidecar = small.sidecar
    sidecar["dat"] = "2031-02-03"  # an unknown key
    sidecar["date"] = "binnenkort"  # no date
    sidecar["producer"] = "invullen"
    sidecar["columns"][source("willen_1")] = {"variable": "willen_1", "recode": {1: 77}}
    del sidecar["columns"][source("functie")]
    small.frame["nieuw"] = 1.0
    small.set(0, "leeftijd", 470).set(3, "branche", 55)
    sidecar["corrections"] = [
        {"respondent": "1", "column": source("uren"), "value": 1, "to": 2, "reason": "x"}
    ]
    small.frame["mail"] = [f"p{i}@example.org" for i in range(len(small.frame))]
    small.frame.loc[small.frame.index[5], "respnr"] = small.frame["respnr"].iloc[4]
    sidecar["careless"] = {"speeders": {"column": "duur", "seconds": 60}}
    small.frame["duur"] = [-5.0] + [300.0] * (len(small.frame) - 1)
    small.write()
    small.sidecar["file"]["sha256"] = "0" * 64
    small.write_sidecar()
    report = check(small)
    for words in (
        "dat: Extra inputs",
        "date: Input should be a valid date",
        "producer is still to be filled in",
        "recodes 1 to 77",
        "no source column is mapped to functie",
        "its checksum is",
        "column nieuw: the file has it",
        f"column {source('functie')}: the file has it",
        "values: 470",
        "values: 55",
        "a correction of 1 matches no row",
        "column mail: it tells who somebody is",
        "column mail: the file has it",
        "occur more than once",
        "duur",
    ):
        assert len(about(report, words)) == 1, (words, report.problems)
    assert len(report.problems) == 15, "\n".join(map(str, report.problems))
    assert not report.usable


def test_a_problem_is_told_as_loading_tells_it(small):
    """What check says of a file is what load_wave says, and nothing that is not so."""
    small.set(0, "leeftijd", 470).set(3, "willen_2", 8).write()
    with pytest.raises(WaveError) as caught:
        small.load()
    report = check(small)
    assert list(report.problems) == list(caught.value.problems)
    other = [entry for entry in report.columns if entry.state != "answers"]
    assert {entry.name for entry in other} == {"leeftijd", "willen_2"}
    assert arrival(report, "willen_2").counts["8"] == 1
    assert arrival(report, "willen_3").n > 0
    assert report.reliabilities


def test_an_entry_that_does_not_fit_has_no_consequences_of_its_own(small):
    small.sidecar["columns"][source("willen_1")] = {"variable": "willen_1", "recod": {1: 1}}
    small.write()
    report = check(small)
    assert len(report.problems) == 1, report.problems
    assert "recod" in report.problems[0].what
    assert arrival(report, "willen_2").state == "answers"


def test_screening_questions_set_aside_leave_the_groups_open(small):
    small.set(0, "stap", 7).write()
    report = check(small)
    assert len(report.problems) == 1
    assert report.groups == {}
    assert report.reliabilities == ()
    assert arrival(report, "stap").state == "aside"
    assert arrival(report, "willen_1").state == "answers"


def test_a_bad_margins_file_hides_nothing_else(small):
    small.sidecar["weights"] = {"rake": {"margins": "weg.csv", "source": "x"}}
    small.write()
    report = check(small)
    assert len(report.problems) == 1
    assert "weg.csv" in str(report.problems[0])
    assert report.weights is None
    assert report.groups


def test_weights_and_careless_answers_are_shown(small):
    small.frame["w"] = [0.5, 1.5] * (len(small.frame) // 2)
    small.frame["duur"] = [10.0] + [300.0] * (len(small.frame) - 1)
    small.sidecar["weights"] = {"column": "w"}
    small.sidecar["careless"] = {"speeders": {"column": "duur", "seconds": 60}}
    small.write()
    report = check(small)
    assert report.usable, report.problems
    assert report.weights is not None
    assert report.weights.design_effect == pytest.approx(1 + 0.25)  # 1 + variance over mean²
    assert report.careless is not None
    assert int(report.careless.flags["speeders"].sum()) == 1


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("wave: [", "no valid YAML"),
        ("- a\n- b", "valid dictionary"),
        ("wave: '2031'\n", "file: Field required"),
    ],
)
def test_a_sidecar_that_says_nothing_is_one_message(small, text, words):
    small.write_sidecar(text)
    report = check(small)
    assert not report.usable
    assert about(report, words)
    assert report.columns == ()


def test_a_damaged_file_does_not_hide_what_is_wrong_with_the_sidecar(small):
    small.sidecar["producer"] = "invullen"
    small.write_sidecar()
    small.write_bytes(b"$FL2 en verder niets", seal=False)
    report = check(small)
    assert about(report, "producer is still to be filled in")
    assert about(report, "klein.sav")
    assert arrival(report, "stap").state == "aside"


def test_values_that_identify_people_are_never_in_a_report(small):
    """Also not where the researcher mapped such a column by mistake."""
    secret = [f"06{12345678 + i % 4}" for i in range(len(small.frame))]
    small.frame[source("functie")] = secret
    small.write()
    report = check(small)
    assert not report.usable
    assert not any(number in str(vars(report)) for number in secret)


def test_a_missing_salt_is_one_problem_beside_the_others(small):
    small.sidecar["synthetic"] = False
    small.set(0, "leeftijd", 470).write()
    report = check(small)
    assert len(report.problems) == 2, report.problems
    assert about(report, "salt.txt")
    assert arrival(report, "stap").state == "answers"
    assert report.groups


def test_several_misfits_in_one_list_leave_the_rest_of_it(small):
    rules = small.sidecar["exclude"]
    small.sidecar["exclude"] = [{"reason": "a"}, *rules, {"colum": "status"}, {"is": 2}]
    small.write()
    report = check(small)
    assert all("exclude." in str(problem) for problem in report.problems), report.problems
    assert report.rows["geleverde records"] == 32
    assert report.groups


def test_no_such_wave(small):
    with pytest.raises(WaveError, match="no wave 1999"):
        check_wave("1999", root=small.root)
