"""Careless answers: each rule against a case worked by hand and against R, and the ledger."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from builders import SmallWave, failure, only, sidecar, source
from mobiliteit.careless import CarelessReport, flag_careless
from mobiliteit.descriptor_schema import Descriptor
from mobiliteit.errors import WaveError
from mobiliteit.study import Study
from mobiliteit.wave import load_wave, write_clean

REFERENCE = Path(__file__).parent / "reference"
EENS = ["loopbaantevredenheid_1", "loopbaantevredenheid_2", "loopbaantevredenheid_3"]
ZEKER = [f"effectiviteit_{k}" for k in range(1, 6)]
WILLEN = [f"{name}_{k}" for name in ("employability", "willen") for k in range(1, 4)]
EMPLOYABILITY = [f"employability_{k}" for k in range(1, 5)]


def descriptor(study: Study, names: list[str], **rules: Any) -> Descriptor:
    """A sidecar whose file holds `names` in that order, with rules for careless answers."""
    entries = sidecar(study, "2031")
    columns = {source(name): entries["columns"][source(name)] for name in names}
    return Descriptor.model_validate(entries | {"columns": columns, "careless": rules})


def people(names: list[str], *rows: str) -> pd.DataFrame:
    """Answers written as digits, a dot where there is none; spaces are for the eye."""
    digits = [row.replace(" ", "") for row in rows]
    assert all(len(row) == len(names) for row in digits)
    frame = pd.DataFrame([list(row) for row in digits], columns=names).replace(".", None)
    return frame.astype("float64").rename_axis("respondent")


def flag(
    study: Study, frame: pd.DataFrame, process: pd.DataFrame | None = None, **rules: Any
) -> CarelessReport:
    process = pd.DataFrame(index=frame.index) if process is None else process
    return flag_careless(frame, process, descriptor(study, list(frame), **rules), study)


# ---------------------------------------------------------------------- each rule by hand


def test_a_straight_line_needs_a_whole_block_of_one_scale(study: Study) -> None:
    frame = people(
        [*EENS, *ZEKER, *WILLEN],
        "333 33333 333333",  # two blocks; the first is too short
        "345 44444 121212",  # one
        "345 44445 333334",  # none: each breaks off at the end
        "345 4.444 121212",  # a block with four answers cannot be judged, the other can
        "345 4.444 ..3333",  # nor can this one at all
        "345 ..... 5.5555",  # five answers, all the same: one
    )
    report = flag(study, frame, straight_lining={"min_items": 5})
    assert report.limits == {"straight_lining": 1}
    found = report.measured["straight_lining"].tolist()
    assert found[:4] == [2, 1, 0, 0] and np.isnan(found[4]) and found[5] == 1
    assert report.flags["straight_lining"].tolist() == [True, True, False, False, False, True]
    twice = flag(study, frame, straight_lining={"min_items": 5, "blocks": 2})
    assert twice.flags["straight_lining"].tolist() == [True, *[False] * 5]
    assert twice.measured["straight_lining"].isna().tolist() == [False] * 3 + [True] * 3


def test_what_stands_between_items_in_the_file_ends_a_block(study: Study) -> None:
    answers = people([*WILLEN, "leeftijd"], "222222 3")
    rule = {"min_items": 6}
    apart = [*WILLEN[:3], "leeftijd", *WILLEN[3:]]
    assert flag(study, answers, straight_lining=rule).flags.to_numpy().all()
    # the order of the file decides, not that of the frame or the sidecar
    sheet = descriptor(study, [*WILLEN, "leeftijd"], straight_lining=rule)
    order = [source(name) for name in apart]
    error = failure(lambda: flag_careless(answers, answers[[]], sheet, study, order), WaveError)
    assert "asks for 1 blocks of 6 items or more, the file has 0" in only(error).what
    # a column that the study does not use is no question
    timers = [*order[:3], "timer_1", *order[4:], order[3]]
    assert flag_careless(answers, answers[[]], sheet, study, timers).flags.to_numpy().all()


def test_the_longest_run_passes_over_missing_answers(study: Study) -> None:
    frame = people(
        [*EENS, *ZEKER],
        "123 33312",  # 3 3 3 3: over the edge of two scales
        "133 .3312",  # 3 3 . 3 3
        "111 22333",
        "4.. 4..44",  # four of four
        "... ....5",
    )
    report = flag(study, frame, long_string={"items": 4})
    assert report.measured["long_string"].tolist()[:4] == [4, 4, 3, 4]
    assert report.measured["long_string"].isna().tolist() == [False] * 4 + [True]
    assert report.flags["long_string"].tolist() == [True, True, False, True, False]


def test_only_ordered_answers_make_a_run(study: Study) -> None:
    names = ["pop", "coach_buiten", "mobiliteitscentrum", "ondersteuning_buiten", *EENS, "uren"]
    error = failure(lambda: flag(study, people(names, "1111 111 1"), long_string={"items": 4}))
    assert "asks for 4 items in a row, the file has 3" in only(error).what


def test_reversed_items_must_contradict(study: Study) -> None:
    frame = people(
        [*EENS, *EMPLOYABILITY],
        "515 4442",  # satisfied, and not below the level; mirrored 2 is 4: no contradiction
        "555 4442",  # agrees with both: mirrored 5 is 1, a difference of 4
        "343 2221",  # 3 against 2, and 2 against 5: differences of 1 and 3
        "5.5 444.",  # nothing to hold against the others
        ".1. 4443",  # 4 against 3
    )
    report = flag(study, frame, inconsistent={"difference": 3})
    assert report.measured["inconsistent"].tolist()[:3] == [0, 4, 3]
    assert np.isnan(report.measured["inconsistent"][3])
    assert report.measured["inconsistent"][4] == 1
    assert report.flags["inconsistent"].tolist() == [False, True, True, False, False]
    both = flag(study, frame, inconsistent={"difference": 1, "scales": 2})
    assert both.measured["inconsistent"].tolist()[:3] == [0, 0, 1]
    assert both.measured["inconsistent"].isna().tolist() == [False] * 3 + [True] * 2
    assert both.flags["inconsistent"].tolist() == [False, False, True, False, False]


def test_a_third_does_not_miss_its_limit(study: Study) -> None:
    # 1 2/3 (2, 2, 1) against 6 - 4 = 2: in binary a little less than a third apart
    assert 2 - 5 / 3 < 1 / 3
    report = flag(study, people(EMPLOYABILITY, "2214"), inconsistent={"difference": 1 / 3})
    assert report.flags["inconsistent"].tolist() == [True]


def test_duplicates_flag_each_of_them(study: Study) -> None:
    names = [*EENS, *ZEKER, "leeftijd"]
    frame = people(names, "123 12345 4", "123 12345 4", "123 12345 5", "123 .2345 4", "123 .2345 4",
                   "... ....5 .", "... ....5 .", "123 12345 4")  # fmt: skip
    report = flag(study, frame, duplicates={"min_answered": 5})
    found = report.measured["duplicates"]
    assert found.tolist()[:5] == [3, 3, 1, 2, 2] and found[7] == 3
    assert found.isna().tolist() == [False] * 5 + [True, True, False]
    assert list(report.flags.index[report.flags["duplicates"]]) == [0, 1, 3, 4, 7]


def test_a_nominal_answer_tells_two_people_apart(study: Study) -> None:
    frame = people([*EENS, *ZEKER], "123 12345", "123 12345", "123 12345")
    frame["functie"] = pd.Categorical(["a", "b", "a"], categories=["a", "b"])
    report = flag(study, frame, duplicates={"min_answered": 5})
    assert report.flags["duplicates"].tolist() == [True, False, True]


def test_speeders_by_a_limit_and_by_the_median(study: Study) -> None:
    frame = people(EENS, *["123"] * 5)
    seconds = pd.DataFrame({"duur": [120.0, 119.9, 600.0, np.nan, 300.0]})
    report = flag(study, frame, seconds, speeders={"column": "duur", "seconds": 120})
    assert report.flags["speeders"].tolist() == [False, True, False, False, False]
    counts = report.counts().loc["speeders"]
    assert (counts["evaluable"], counts["not_evaluable"], counts["flagged"]) == (4, 1, 1)
    # the median of 2, 1.9983, 10 and 5 minutes is 3.5: half of it is 105 seconds
    minutes = seconds / 60
    rule = {"column": "duur", "unit": "minutes", "share_of_median": 0.6}
    report = flag(study, frame, minutes, speeders=rule)
    assert report.limits["speeders"] == pytest.approx(126)
    assert report.flags["speeders"].tolist() == [True, True, False, False, False]
    thousandths = {"column": "duur", "unit": "milliseconds", "seconds": 0.2}
    report = flag(study, frame, seconds, speeders=thousandths)
    assert report.flags["speeders"].tolist() == [True, True, False, False, False]


@pytest.mark.parametrize("wrong", [0.0, -4.0, np.inf, "kort", "12 min"])
def test_a_duration_that_is_none_is_a_problem(study: Study, wrong: object) -> None:
    frame = people(EENS, "123", "123", "123")
    frame.index = pd.Index(["a", "b", "c"], name="respondent")
    process = pd.DataFrame({"duur": pd.Series([60.0, wrong, None], index=frame.index)})
    rule = {"column": "duur", "seconds": 30}
    problem = only(failure(lambda: flag(study, frame, process, speeders=rule), WaveError))
    assert problem.column == "duur" and problem.rows == ("b",)
    assert problem.values == (str(wrong),)


def test_rules_that_can_never_flag_are_named_together(study: Study) -> None:
    frame = people(EENS, "123")
    process = pd.DataFrame({"duur": [np.nan]})
    error = failure(
        lambda: flag(
            study,
            frame,
            process,
            speeders={"column": "duur", "seconds": 9},
            straight_lining={},
            long_string={"items": 4},
            inconsistent={"difference": 2, "scales": 2},
            duplicates={"min_answered": 5},
            exclude_from_flags=6,
        ),
        WaveError,
    )
    texts = " ".join(problem.what for problem in error.problems)
    assert len(error.problems) == 6
    for part in ("no duration", "straight_lining", "long_string", "inconsistent", "duplicates"):
        assert part in texts
    assert "exclude_from_flags asks for 6 rules that flag, there are 5" in texts


# ---------------------------------------------------------------------- against R


@pytest.fixture(scope="module")
def made_up() -> tuple[pd.DataFrame, pd.DataFrame]:
    """250 made-up respondents, and what base R makes of them (tests/reference/careless.R)."""
    answers = pd.read_csv(REFERENCE / "careless_data.csv").astype("float64")
    return answers, pd.read_csv(REFERENCE / "careless_r.csv")


def test_all_indices_are_those_of_r(
    study: Study, made_up: tuple[pd.DataFrame, pd.DataFrame]
) -> None:
    answers, r = made_up
    report = flag(
        study,
        answers,
        straight_lining={"min_items": 5},
        long_string={"items": 9},
        inconsistent={"difference": 2},
        duplicates={"min_answered": 10},
    )
    expected = {
        "straight_lining": r["straight"].where(r["usable"] >= 1),
        "long_string": r["longest"].where(r["answered"] >= 9),
        "inconsistent": r["largest"],
        "duplicates": r["alike"].where(r["answered"] >= 10),
    }
    for rule, values in expected.items():
        # counts are exact; a mean of four answers is a few binary digits away at most
        np.testing.assert_allclose(report.measured[rule], values, rtol=0, atol=1e-12)
    assert report.flags.sum().tolist() == [
        (r["straight"] >= 1).sum(),
        (r["longest"] >= 9).sum(),
        (r["largest"] >= 2).sum(),
        ((r["alike"] >= 2) & (r["answered"] >= 10)).sum(),
    ]
    two = flag(study, answers, inconsistent={"difference": 1, "scales": 2})
    np.testing.assert_allclose(two.measured["inconsistent"], r["both"], rtol=0, atol=1e-12)


# ---------------------------------------------------------------------- kept or excluded


def test_one_reason_each_in_the_stated_order(study: Study) -> None:
    frame = people([*EENS, *ZEKER], "333 33333", "123 55555", "555 12345", "123 12345")
    process = pd.DataFrame({"duur": [10.0, 500.0, 10.0, 500.0]})
    rules: dict[str, Any] = {
        "speeders": {"column": "duur", "seconds": 60},
        "straight_lining": {"action": "exclude"},
        "long_string": {"items": 5, "action": "exclude"},
        "inconsistent": {"difference": 4},
    }
    report = flag(study, frame, process, **rules)
    assert report.reasons.tolist() == ["rechte_lijn", "rechte_lijn", "", ""]
    assert report.flags.sum(axis=1).tolist() == [3, 2, 2, 0]
    counts = report.counts()
    assert counts.loc["speeders", ["flagged", "flagged_kept", "excluded"]].tolist() == [2, 1, 0]
    assert counts.loc["long_string", ["flagged", "flagged_kept", "excluded"]].tolist() == [2, 0, 0]
    several = flag(study, frame, process, **rules, exclude_from_flags=2)
    assert several.reasons.tolist() == ["rechte_lijn", "rechte_lijn", "meer_signalen", ""]
    tidy = several.tidy().set_index(["row", "statistic"])["value"]
    assert tidy["all", "excluded"] == 3
    assert tidy["straight_lining", "flagged"] == 2


def careless_wave(small: SmallWave) -> SmallWave:
    """Two too quick, of whom one also answers in a straight line; a third does only that."""
    blok = [source(name) for name in ZEKER]
    small.frame["duur"] = 900.0
    small.frame.loc[3, "duur"] = np.nan
    small.frame.loc[[4, 5], "duur"] = 30.0
    # answers of everybody else differ within the block
    small.frame[blok] = [[1.0, 2.0, 3.0, 4.0, 5.0]] * len(small.frame)
    small.frame.loc[[5, 6], blok] = 2.0
    small.sidecar["careless"] = {
        "speeders": {"column": "duur", "seconds": 120, "action": "exclude"},
        "straight_lining": {"min_items": 5},
    }
    return small.write()


def test_a_wave_leaves_them_out_and_the_ledger_adds_up(small: SmallWave, tmp_path: Path) -> None:
    plain = small.load()
    assert plain.careless is None
    wave = careless_wave(small).load()
    assert wave.careless is not None
    assert len(wave.frame) == len(plain.frame) - 2
    wave.ledger.check()
    ledger = wave.ledger.frame().query("stage == 'careless'")
    assert ledger[["kind", "reason", "n"]].to_numpy().tolist() == [
        ["excluded", "te_snel", 2],
        ["flagged", "rechte_lijn", 1],
    ]
    assert wave.careless.counts().loc["speeders", "not_evaluable"] == 1
    write_clean(wave, tmp_path / "clean")
    listed = pd.read_csv(tmp_path / "clean" / "2031_careless.csv", keep_default_na=False)
    assert listed["rules"].tolist() == [
        "speeders", "speeders + straight_lining", "straight_lining",
    ]  # fmt: skip
    assert listed["excluded"].tolist() == ["te_snel", "te_snel", ""]
    left = set(listed["respondent"][:2].map(str))
    assert list(wave.frame.index) == [name for name in plain.frame.index if name not in left]


def test_flagging_alone_changes_no_number(small: SmallWave) -> None:
    before = careless_wave(small).load().frame
    small.sidecar["careless"]["speeders"]["action"] = "flag"
    wave = small.write().load()
    assert len(wave.frame) == len(before) + 2
    assert wave.ledger.total("flagged") == 4
    pd.testing.assert_frame_equal(wave.frame.loc[before.index], before)


def test_excluding_everybody_is_said(small: SmallWave) -> None:
    careless_wave(small).sidecar["careless"]["speeders"]["seconds"] = 10_000
    small.frame["duur"] = 60.0
    error = failure(lambda: small.write().load(), WaveError)
    assert "rules for careless answers exclude all 32" in only(error).what


def test_a_bad_rule_names_the_wave_and_the_file(small: SmallWave) -> None:
    careless_wave(small).frame.loc[7, "duur"] = -1.0
    error = failure(lambda: load_wave("2031", root=small.write().root), WaveError)
    assert "wave 2031" in str(error)
    assert only(error).column == "duur"


# ---------------------------------------------------------------------- size, and what it finds


def draw(study: Study, n: int, rng: np.random.Generator) -> pd.DataFrame:
    """Attentive people: a common factor per scale, reversed items the other way round, noise."""
    columns: dict[str, np.ndarray] = {}
    factors: dict[str, np.ndarray] = {}
    for column in study.codebook.columns():
        if column.level != "ordinal":
            low, high = column.bounds
            columns[column.name] = rng.integers(int(low), int(high) + 1, n).astype("float64")
            continue
        if column.variable not in factors:
            factors[column.variable] = rng.normal(size=n)
        sign = -1 if column.reversed else 1
        trait = sign * 0.75 * factors[column.variable] + 0.66 * rng.normal(size=n)
        low, high = column.bounds
        middle, step = (low + high) / 2, (high - low) / 4
        columns[column.name] = np.clip(np.round(middle + step * trait), low, high)
    frame = pd.DataFrame(columns)
    return frame.mask(rng.random(frame.shape) < 0.03)


ALL_RULES: dict[str, Any] = {
    "speeders": {"column": "duur", "share_of_median": 0.4},
    "straight_lining": {"min_items": 5, "blocks": 2},
    "long_string": {"items": 12},
    "inconsistent": {"difference": 3},
    "duplicates": {},
}


def test_a_hundred_thousand_take_less_than_two_seconds(study: Study) -> None:
    rng = np.random.default_rng(3)
    frame = draw(study, 100_000, rng)
    process = pd.DataFrame({"duur": rng.lognormal(6.5, 0.5, len(frame))})
    start = time.process_time()
    report = flag(study, frame, process, **ALL_RULES)
    assert time.process_time() - start < 2
    assert len(report.flags) == 100_000


@pytest.mark.slow
def test_planted_careless_answers_are_found(
    study: Study, capsys: pytest.CaptureFixture[str]
) -> None:
    """Sensitivity of each rule for what it is meant for, and of two rules for the attentive."""
    rng = np.random.default_rng(2006)
    frame = draw(study, 6000, rng)
    items = [column.name for column in study.codebook.columns() if column.level == "ordinal"]
    duration = pd.Series(rng.lognormal(6.5, 0.35, len(frame)))
    kinds = pd.Series("attentive", index=frame.index)
    kinds[:200], kinds[200:400], kinds[400:600], kinds[600:800] = "line", "copy", "quick", "random"
    bounds = {column.name: column.bounds for column in study.codebook.columns()}
    for row in range(200):
        code = float(rng.integers(1, 4))
        frame.loc[row, items] = [min(code, bounds[name][1]) for name in items]
    frame.iloc[200:400] = frame.iloc[1000:1200].to_numpy()
    duration[400:600] *= 0.25
    for name in items:
        low, high = bounds[name]
        frame.loc[600:799, name] = rng.integers(int(low), int(high) + 1, 200)
    report = flag(study, frame, pd.DataFrame({"duur": duration}), **ALL_RULES)
    rates = report.flags.groupby(kinds).mean()
    honest = (kinds == "attentive") & ~frame.index.isin(range(1000, 1200))
    clean = report.flags[honest]
    with capsys.disabled():
        print("\n", rates.round(3).to_string(), "\nattentive:", clean.mean().round(4).to_dict())
    assert rates.loc["line", ["straight_lining", "long_string"]].min() > 0.95
    assert rates.loc["copy", "duplicates"] == 1
    # Four times as quick: P(z < ln(0.4 / 0.25) / 0.35) = 0.910 are below 0.4 of the median, with a
    # standard error of 0.02; of the others P(z < ln(0.4) / 0.35) = 0.0044.
    assert rates.loc["quick", "speeders"] == pytest.approx(0.910, abs=0.06)
    assert clean["speeders"].mean() == pytest.approx(0.0044, abs=0.003)
    # Whoever answers at random looks consistent more often than not: the rule says so little.
    assert 0.2 < rates.loc["random", "inconsistent"] < 0.8
    # Specificity of each rule for the attentive, and of two rules together.
    assert (clean.drop(columns="inconsistent").mean() < 0.01).all()
    assert clean["inconsistent"].mean() < 0.10
    assert (clean.sum(axis=1) >= 2).mean() < 0.005


def test_a_duration_is_found_in_the_file_by_its_own_id(brief: SmallWave) -> None:
    brief.real()
    brief.frame["duur"] = 600.0
    brief.frame.loc[3, "duur"] = -1.0
    brief.sidecar["careless"] = {"speeders": {"column": "duur", "seconds": 60}}
    error = failure(brief.write().load, WaveError)
    assert only(error).rows == (brief.id(3),)
