"""Changes between two waves: shared people, who is meant, other questions, and what is hidden."""

import dataclasses

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from asking_builder import planted
from builders import failure
from mobiliteit.asking.ask import ask
from mobiliteit.asking.change import answer_change
from mobiliteit.asking.data import Asked, prepare
from mobiliteit.asking.lexicon import load_lexicon
from mobiliteit.asking.question import Question, Restriction

SINCE = "2006"
SHARED = 80


def named(wave, name):
    """The same wave under another id."""
    return dataclasses.replace(
        wave, descriptor=wave.descriptor.model_copy(update={"wave": name, "year": int(name)})
    )


def answered(now, before, outcome, predictors=(), controls=(), who=()):
    question = Question(
        "change", outcome, tuple(predictors), since=SINCE, controls=controls, who=who
    )
    asked = Asked(question, prepare(question, now), now, load_lexicon(now.study), 0.95, before)
    return answer_change(asked)


def drawn(loaded, n, seed, shift=0.0, slope=0.2, first=0, person=None):
    rng = np.random.default_rng(seed)
    men = rng.integers(0, 2, n) * 1.0
    x = rng.normal(3, 1, n)
    own = rng.normal(0, 0.6, n) if person is None else person
    y = 3 + shift + slope * (x - 3) + own + rng.normal(0, 0.4, n)
    wave = planted(
        loaded, n, loopbaantevredenheid=y, netwerken=x, geslacht=men,
        pop=(rng.uniform(size=n) < 0.3 + shift / 2) * 1.0,
        mobiliteitsgroep=np.where(men == 1, "blijvers", "mobielen"),
    )  # fmt: skip
    frame = wave.frame.set_axis([f"p{first + i:06d}" for i in range(n)])
    return dataclasses.replace(wave, frame=frame)


@pytest.fixture(scope="module")
def waves(loaded):
    # The last 80 of the first wave are the first 80 of the second, and keep what is their own.
    own = np.random.default_rng(1).normal(0, 0.6, 420)
    before = drawn(loaded, 200, 2, person=own[:200])
    now = drawn(loaded, 300, 3, 0.3, 0.5, first=200 - SHARED, person=own[120:420])
    return named(now, "2010"), named(before, SINCE)


def test_a_change_is_this_wave_less_the_other(waves):
    now, before = waves
    found = answered(now, before, "loopbaantevredenheid")
    assert [one.measure for one in found.estimates] == ["d", "difference"]
    y, z = (wave.frame["loopbaantevredenheid"] for wave in (now, before))
    assert found.estimates[1].value == pytest.approx(y.mean() - z.mean())
    sd = np.sqrt((299 * y.var(ddof=1) + 199 * z.var(ddof=1)) / 498)
    assert found.main.value == pytest.approx((y.mean() - z.mean()) / sd, rel=2e-3)
    assert found.verdict == "clear" and found.main.value > 0
    assert found.n == 300 + 200 - SHARED and found.against_sha256 == before.sha256


def test_people_in_both_make_the_error_smaller_by_their_covariance(waves, loaded):
    now, before = waves
    together = answered(now, before, "loopbaantevredenheid").estimates[1]
    apart = named(dataclasses.replace(now, frame=now.frame.rename(lambda one: f"q{one}")), "2010")
    separate = answered(apart, before, "loopbaantevredenheid").estimates[1]
    y, z = (wave.frame["loopbaantevredenheid"] for wave in (now, before))
    welch = stats.ttest_ind(y, z, equal_var=False)
    assert separate.value == together.value
    # Without anybody shared the error is that of Welch, by t with all degrees of freedom.
    half = stats.t.ppf(0.975, 498) * (y.mean() - z.mean()) / welch.statistic
    assert (separate.high - separate.low) / 2 == pytest.approx(half, rel=1e-6)
    assert together.high - together.low < 0.95 * (separate.high - separate.low)


def test_those_in_both_are_compared_with_themselves_beside_it(waves):
    now, before = waves
    beside = answered(now, before, "loopbaantevredenheid").robust[0]
    shared = before.frame.index.intersection(now.frame.index)
    y, z = (wave.frame.loc[shared, "loopbaantevredenheid"] for wave in (now, before))
    assert beside.n == SHARED
    assert beside.p == pytest.approx(stats.ttest_rel(y, z).pvalue, rel=1e-9)


def test_a_yes_changes_by_percentage_points(waves):
    now, before = waves
    found = answered(now, before, "pop")
    shares = [wave.frame["pop"].mean() for wave in waves]
    assert [one.measure for one in found.estimates] == ["points"]
    assert found.main.value == pytest.approx(shares[0] - shares[1])
    assert found.main.base == pytest.approx(shares[1])
    assert found.picture.labels["unit"].nl == "%" and "points" not in found.picture.data


def test_controls_take_out_what_they_account_for(waves):
    now, before = waves
    older = dataclasses.replace(
        now,
        frame=now.frame.assign(
            netwerken=now.frame["netwerken"] + 1,
            loopbaantevredenheid=now.frame["loopbaantevredenheid"] + 0.5,
        ),
    )
    plain = answered(older, before, "loopbaantevredenheid").estimates[1].value
    held = answered(older, before, "loopbaantevredenheid", controls=("netwerken",)).estimates[1]
    both = pd.concat([before.frame, older.frame])
    design = np.column_stack(
        [np.ones(500), np.repeat([0, 1], [200, 300]), both["netwerken"].astype("float64")]
    )
    slopes = np.linalg.lstsq(design, both["loopbaantevredenheid"].to_numpy("float64"), rcond=None)
    assert held.value == pytest.approx(slopes[0][1], rel=1e-9) and held.value < plain - 0.2


def test_a_change_of_an_association_is_that_of_the_slopes(waves):
    now, before = waves
    found = answered(now, before, "loopbaantevredenheid", ["netwerken"])
    assert [one.measure for one in found.estimates] == ["interaction", "beta", "beta"]
    assert [one.id for one in found.estimates[1:]] == [SINCE, "2010"]
    frames = [wave.frame[["netwerken", "loopbaantevredenheid"]] for wave in (before, now)]
    raw = [np.polyfit(frame.iloc[:, 0], frame.iloc[:, 1], 1)[0] for frame in frames]
    sds = [
        np.sqrt(sum((len(f) - 1) * f[name].var(ddof=1) for f in frames) / 498)
        for name in ("netwerken", "loopbaantevredenheid")
    ]
    betas = [one * sds[0] / sds[1] for one in raw]
    assert [one.value for one in found.estimates[1:]] == pytest.approx(betas, rel=1e-9)
    assert found.main.value == pytest.approx(betas[1] - betas[0], rel=1e-9)
    assert found.verdict == "clear" and found.picture.kind == "slopes"


def test_a_yes_or_no_predictor_counts_from_no_to_yes(waves):
    now, before = waves
    found = answered(now, before, "loopbaantevredenheid", ["geslacht"])
    assert [one.measure for one in found.estimates] == ["interaction", "d", "d"]
    means = now.frame.groupby("geslacht")["loopbaantevredenheid"].mean()
    y, z = (wave.frame["loopbaantevredenheid"] for wave in (now, before))
    sd = np.sqrt((299 * y.var(ddof=1) + 199 * z.var(ddof=1)) / 498)
    assert found.estimates[2].value == pytest.approx((means[1] - means[0]) / sd, rel=1e-9)


def test_who_is_meant_is_meant_in_both_waves(waves):
    now, before = waves
    who = (Restriction("mobiliteitsgroep", ("blijvers",)),)
    found = answered(now, before, "loopbaantevredenheid", who=who)
    parts = [
        wave.frame.loc[wave.frame["mobiliteitsgroep"] == "blijvers", "loopbaantevredenheid"]
        for wave in waves
    ]
    assert found.estimates[1].value == pytest.approx(parts[0].mean() - parts[1].mean())


def test_people_who_left_in_either_wave_are_told(waves):
    now, before = waves
    frame = before.frame.copy()
    frame.iloc[:15, frame.columns.get_loc("loopbaantevredenheid")] = np.nan
    found = answered(now, dataclasses.replace(before, frame=frame), "loopbaantevredenheid")
    assert [(one.why.nl.split(":")[0], one.count) for one in found.left_out] == [
        (f"golf {SINCE}", 15)
    ]


def test_a_question_that_the_other_wave_did_not_ask_is_an_error(waves):
    now, before = waves
    lacking = dataclasses.replace(before, frame=before.frame.assign(netwerken=np.nan))
    error = failure(lambda: answered(now, lacking, "loopbaantevredenheid", ["netwerken"]))
    assert SINCE in str(error)


def test_rescaled_answers_are_told(waves, study, monkeypatch):
    now, before = waves
    item = study.questions("loopbaantevredenheid")[0]
    kind = type(before.descriptor)
    monkeypatch.setattr(
        kind, "rescaled",
        property(lambda self: {item: (1.0, 7.0)} if self.wave == SINCE else {}),
    )  # fmt: skip
    notes = answered(now, before, "loopbaantevredenheid").cautions
    told = next(note.text for note in notes if note.id == "asked_otherwise")
    assert SINCE in told.nl and "1-7" in told.nl and "1-7" in told.en


def test_a_scale_points_at_the_check_of_scales(waves):
    now, before = waves
    scale = {note.id for note in answered(now, before, "loopbaantevredenheid").cautions}
    single = {note.id for note in answered(now, before, "pop").cautions}
    assert "invariance" in scale and "invariance" not in single


def test_a_yes_of_few_is_withheld(waves):
    now, before = waves
    rare = before.frame.assign(pop=(np.arange(200) < 5) * 1.0)
    found = answered(now, dataclasses.replace(before, frame=rare), "pop")
    assert found.verdict == "withheld" and not found.estimates


def test_few_shared_people_are_neither_shown_nor_counted_out(loaded):
    before = named(drawn(loaded, 100, 2), SINCE)
    now = named(drawn(loaded, 100, 3, first=95), "2010")
    found = answered(now, before, "loopbaantevredenheid")
    assert found.n == 200 and not found.robust


def test_the_same_people_answering_the_same_have_no_error_to_judge_by(waves):
    now, _ = waves
    found = answered(now, named(now, SINCE), "loopbaantevredenheid")
    assert found.verdict == "withheld"


def test_waves_that_cannot_be_compared_are_refused(waves):
    now, _ = waves
    same = failure(lambda: answered(now, now, "loopbaantevredenheid"))
    assert "itself" in str(same)
    nothing = failure(lambda: answered(now, None, "loopbaantevredenheid"))
    assert "since" in str(nothing)
    for error in (same, nothing):
        assert error.say("nl").startswith("Deze verandering is niet te volgen.")


def test_nobody_in_either_wave_is_too_few(waves):
    """A restriction that nobody meets leaves a category of nobody."""
    now, before = waves
    nobody = (Restriction("leeftijd", low=64.5, high=64.6),)
    found = answered(now, before, "pop", ["geslacht"], who=nobody)
    assert found.verdict == "withheld" and "minder dan" in found.why.nl


def test_asking_loads_and_names_the_other_wave(waves):
    now, before = waves
    text = f"loopbaantevredenheid since {SINCE}"
    found = ask(text, now, since=before)
    assert {"composition", "invariance"} <= {note.id for note in found.cautions}
    assert f"golf {SINCE}" in found.say("nl")
    wrong = failure(lambda: ask(text, now, since=named(before, "2007")))
    assert "2007" in str(wrong) and "Geef de golf die de vraag noemt." in wrong.say("nl")
