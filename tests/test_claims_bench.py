"""Analyses that are kept between waves: done again just where something that they use changed."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from claims_builder import claim, draw, wave_of, write_study
from mobiliteit.claims.bench import Bench
from mobiliteit.claims.on_wave import Bounds, judge_wave
from mobiliteit.errors import AnalysisError, Problem

RESAMPLES = 199
LINE = {"table": "2", "row": "score"}
BY_SEX = {"table": "3", "factor": "sekse", "column": "stil"}
STATEMENTS = {
    "larger": {"form": "larger", "lines": [LINE], "more": ["hoog"], "less": ["laag"]},
    "alike": {"form": "no_difference", "lines": [BY_SEX]},
    "none": {"form": "no_relation", "table": "4", "column": "c", "rows": ["z"]},
    "change": {"form": "change", "table": "4", "before": "c", "after": "d", "rows": ["x"],
               "change": "shrinks"},
    "through": {"form": "mediated", "table": "4", "mediator": "m", "path": "a", "total": "c",
                "direct": "d", "factors": ["x"]},
}  # fmt: skip


@pytest.fixture(scope="module")
def frame() -> pd.DataFrame:
    return draw()


@pytest.fixture(scope="module")
def study(tmp_path_factory: pytest.TempPathFactory):
    return write_study(
        tmp_path_factory.mktemp("study"), [claim(s, id=k) for k, s in STATEMENTS.items()]
    )


def mean(study, frame: pd.DataFrame, done: dict, *, alpha: float = 0.05, sample=None) -> int:
    """How often the mean of `x` is taken on a wave, given what was done before."""
    bench, asked = Bench(wave_of(study, frame), alpha, Bounds(), RESAMPLES, 1, done), []
    for _ in range(2):
        found = bench.once(
            ("mean",), sample or {}, ["x", "klasse"], lambda f: asked.append(1) or f["x"].mean()
        )
    own = bench.frame(sample or {})["x"].mean()
    assert found == own
    return len(asked)


def test_the_same_values_are_analysed_once_also_on_another_wave(study, frame):
    done: dict = {}
    assert mean(study, frame, done) == 1
    assert mean(study, frame.copy(), done) == 0
    assert mean(study, frame.assign(y=frame["y"] + 1), done) == 0
    assert mean(study, frame, {}) == 1


@pytest.mark.parametrize(
    "change",
    [
        lambda f: f.assign(x=f["x"].where(f.index != f.index[0], f["x"].iloc[0] + 1e-9)),
        lambda f: f.assign(x=f["x"].where(f.index != f.index[-1])),
        lambda f: f.iloc[1:],
        lambda f: f.iloc[::-1],
        lambda f: f.assign(klasse=f["klasse"].cat.reorder_categories(["oud", "rijp", "jong"])),
        lambda f: f.assign(klasse=f["klasse"].cat.add_categories(["niemand"])),
    ],
)
def test_whatever_changes_is_analysed_again(study, frame, change):
    done: dict = {}
    mean(study, frame, done)
    assert mean(study, change(frame), done) == 1


def test_other_settings_and_other_respondents_are_another_analysis(study, frame):
    done: dict = {}
    mean(study, frame, done)
    assert mean(study, frame, done, alpha=0.01) == 1
    assert mean(study, frame, done, sample={"groep": ["laag"]}) == 1


def test_two_samples_of_one_wave_are_two_analyses(study, frame):
    bench = Bench(wave_of(study, frame), 0.05, Bounds(), RESAMPLES, 1)
    samples = [{"groep": [group]} for group in ("laag", "midden", "hoog")]
    found = [bench.once(("mean",), sample, ["x"], lambda f: f["x"].mean()) for sample in samples]
    assert found == [bench.frame(sample)["x"].mean() for sample in samples]
    assert len(set(found)) == len(samples)


def test_what_could_not_be_done_is_not_kept(study, frame):
    bench = Bench(wave_of(study, frame), 0.05, Bounds(), RESAMPLES, 1)

    def fail(frame: pd.DataFrame) -> float:
        raise AnalysisError("no", [Problem("no", "no")])

    for _ in range(2):
        with pytest.raises(AnalysisError):
            bench.once(("it",), {}, ["x"], fail)
    assert bench.once(("it",), {}, ["x"], len) == len(frame)


def test_verdicts_with_what_was_kept_are_those_without(study, frame):
    """After a wave that differs in groups, classes and answers, in turn."""
    generator = np.random.default_rng(5)
    shuffled = generator.permutation(len(frame))
    waves = [
        frame,
        frame.assign(groep=frame["groep"].iloc[shuffled].to_numpy()),
        frame.assign(m=frame["m"].iloc[shuffled].to_numpy()),
        frame.iloc[: len(frame) // 2],
        frame,
    ]
    done: dict = {}
    for one in waves:
        wave = wave_of(study, one)
        kept = judge_wave(wave, resamples=RESAMPLES, done=done)
        plain = judge_wave(wave, resamples=RESAMPLES)
        assert kept.verdicts == plain.verdicts
        assert {entry.verdict for entry in plain.verdicts} - {"not_checkable"}
