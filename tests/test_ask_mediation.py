"""Mediation: the numbers of `mediate`, what stands beside them, and that it stays quick."""

import time

import numpy as np
import pytest

from asking_builder import planted
from mobiliteit.asking.data import Asked, prepare
from mobiliteit.asking.lexicon import load_lexicon
from mobiliteit.asking.mediation import answer_mediation, bootstrap_p
from mobiliteit.asking.question import Question
from mobiliteit.inference.mediate import mediate
from mobiliteit.inference.regression import infer_regression


def answered(wave, predictors, by, outcome, controls=()):
    question = Question("mediation", outcome, tuple(predictors), by, controls=controls)
    used = wave.unweighted()
    return answer_mediation(
        Asked(question, prepare(question, used), used, load_lexicon(wave.study), 0.95)
    )


def made(loaded, n, a=0.5, b=0.4, seed=2):
    rng = np.random.default_rng(seed)
    men = rng.integers(0, 2, n) * 1.0
    x = rng.normal(3, 1, n)
    m = 2 + a * x + 0.3 * men + rng.normal(0, 1, n)
    y = 1 + b * m + 0.2 * x + rng.normal(0, 1, n)
    group = rng.choice(["blijvers", "overwegers", "mobielen"], n, p=[0.5, 0.3, 0.2])
    return planted(
        loaded, n, effectiviteit=x, netwerken=m, loopbaantevredenheid=y, geslacht=men,
        mobiliteitsgroep=group,
    )  # fmt: skip


@pytest.fixture(scope="module")
def wave(loaded):
    return made(loaded, 400)


def test_numbers_are_those_of_mediate_with_percentile_limits_first(wave):
    found = answered(wave, ["effectiviteit"], "netwerken", "loopbaantevredenheid", ("geslacht",))
    own = mediate(
        wave.frame, "loopbaantevredenheid", "netwerken", ["effectiviteit"],
        covariates=["geslacht"], resamples=5000,
    )  # fmt: skip
    row = own.indirect.loc["effectiviteit"]
    main, bca = found.main, found.robust[0]
    assert main.value == row["indirect_standardized"]
    assert main.low == row["indirect_standardized_percentile_low"]
    assert main.high == row["indirect_standardized_percentile_high"]
    assert (bca.low, bca.high) == (
        row["indirect_standardized_bca_low"],
        row["indirect_standardized_bca_high"],
    )
    assert found.verdict == "clear" and main.measure == "indirect" and main.id == "effectiviteit"


def test_paths_are_the_regressions(wave):
    found = answered(wave, ["effectiviteit"], "netwerken", "loopbaantevredenheid")
    paths = found.picture.data["paths"].set_index("path")
    outcome = infer_regression(
        wave.frame, "loopbaantevredenheid", ["effectiviteit", "netwerken"]
    ).coefficients["beta"]
    assert paths.loc["a", "value"] == pytest.approx(
        np.corrcoef(wave.frame["effectiviteit"], wave.frame["netwerken"])[0, 1]
    )
    assert paths.loc["b", "value"] == pytest.approx(outcome["netwerken"])
    assert paths.loc["direct", "value"] == pytest.approx(outcome["effectiviteit"])
    assert found.main.value == pytest.approx(paths.loc["a", "value"] * paths.loc["b", "value"])
    whole = next(one for one in found.estimates if one.id.startswith("c:"))
    assert whole.value == pytest.approx(found.main.value + paths.loc["direct", "value"])


def test_p_is_small_just_where_the_interval_leaves_out_zero(loaded):
    # Paths of all sizes: whatever the interval says at 95%, p says at 5%.
    said = set()
    for k, (a, b) in enumerate([(0, 0.4), (0.05, 0.4), (0.1, 0.2), (0.15, 0.3), (0.5, 0.4)]):
        frame = made(loaded, 150, a, b, seed=k).frame
        own = mediate(frame, "loopbaantevredenheid", "netwerken", ["effectiviteit"], resamples=1999)
        low, high = own.percentile("effectiviteit", 0.95)
        excluded = low > 0 or high < 0
        said.add(excluded)
        assert (bootstrap_p(own, "effectiviteit") < 0.05) == excluded
    assert said == {True, False}


def test_categories_are_factors_of_their_own(wave):
    found = answered(wave, ["mobiliteitsgroep"], "netwerken", "loopbaantevredenheid")
    ids = [one.id for one in found.estimates if one.measure == "indirect"]
    assert ids == ["mobiliteitsgroep=overwegers", "mobiliteitsgroep=mobielen"]
    assert "Overwegers" in found.main.label.nl


def test_what_is_no_number_is_said_to_count_as_one(wave):
    plain = answered(wave, ["effectiviteit"], "netwerken", "loopbaantevredenheid")
    binary = answered(wave, ["effectiviteit"], "geslacht", "loopbaantevredenheid")
    assert "linear" not in {check.id for check in plain.checks}
    assert "linear" in {check.id for check in binary.checks}


def test_it_never_speaks_of_full_mediation_or_causes(wave):
    found = answered(wave, ["effectiviteit"], "netwerken", "loopbaantevredenheid")
    texts = [found.say("nl"), *(check.means.nl for check in found.checks)]
    for text in texts:
        assert (
            "volledig" not in text
            and "veroorza" not in text
            and "effect" not in text.replace("effectiviteit", "")
        )


@pytest.mark.slow
def test_a_hundred_thousand_people_take_under_three_seconds(loaded):
    large = made(loaded, 100_000)
    start = time.process_time()
    found = answered(large, ["effectiviteit"], "netwerken", "loopbaantevredenheid", ("geslacht",))
    assert time.process_time() - start < 3
    assert "500" in found.method.nl
    # What the interval is without resampling, by the delta method, is near at this size.
    own = found.table.set_index(["row", "column", "statistic"])["value"]
    ratio = (
        own["effectiviteit", "ab", "indirect_delta_se"] / own["effectiviteit", "ab", "indirect_se"]
    )
    assert 0.85 < ratio < 1.15
