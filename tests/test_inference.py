"""Intervals, robust errors, unique shares and blocks: against R, by hand, and on what must hold."""

import math

import numpy as np
import pandas as pd
import pytest

from mobiliteit.errors import AnalysisError
from mobiliteit.inference.blocks import block_regression
from mobiliteit.inference.regression import (
    STATISTICS,
    infer_regression,
    r2_interval,
    standardized_influence,
)
from mobiliteit.inference.resample import (
    bootstrap_counts,
    bootstrap_covariances,
    jackknife_covariances,
    resample,
)
from mobiliteit.results import TIDY_COLUMNS
from reference.regression_values import r
from reference.values import data

OUTCOME = "succes"
BLOCKS = {
    "werk": ["netwerken", "effectiviteit", "scholing"],
    "persoon": ["geslacht", "leeftijd", "opleidingsniveau"],
    "overig": ["zorgtaken", "pop"],
}
PREDICTORS = [name for names in BLOCKS.values() for name in names]

# Both sides solve the same equations in double precision; what is left is rounding (see values.py).
EXACT = {"rel": 1e-9, "abs": 1e-13}


@pytest.fixture(scope="module")
def fit():
    return infer_regression(data(), OUTCOME, PREDICTORS)


# ---- against R


@pytest.mark.parametrize(
    "statistic",
    [
        "b_low",
        "b_high",
        "b_se_hc3",
        "p_hc3",
        "vif",
        "partial_r",
        "partial_r_low",
        "partial_r_high",
        "semipartial_r2",
    ],
)
def test_coefficients_agree_with_r(fit, statistic):
    for name in PREDICTORS:
        value = fit.coefficients.at[name, statistic]
        assert value == pytest.approx(r("coef", name, OUTCOME, statistic), **EXACT)


def test_robust_f_agrees_with_r(fit):
    assert fit.f_hc3 == pytest.approx(r("coef", "", OUTCOME, "f_hc3"), **EXACT)
    assert fit.f_hc3_p == pytest.approx(r("coef", "", OUTCOME, "f_hc3_p"), **EXACT)


def test_distribution_free_errors_of_beta_agree_with_lavaan(fit):
    # lavaan optimizes: it stops some 1e-8 from the least squares, and its sandwich is the one
    # without HC3. 1e-5 tells that from the usual errors of b, which differ by a tenth and more.
    complete = data()[[*PREDICTORS, OUTCOME]].dropna()
    scores = ((complete - complete.mean()) / complete.std(ddof=0)).to_numpy()
    influence = standardized_influence(scores[:, :-1], scores[:, -1], leverage=False)
    errors = np.sqrt((influence**2).sum(axis=0)) / len(scores)
    for name, error in zip(PREDICTORS, errors, strict=True):
        assert error == pytest.approx(r("lavaan_std", name, OUTCOME, "beta_se"), rel=1e-5)
        beta = r("lavaan_std", name, OUTCOME, "beta")
        assert fit.coefficients.at[name, "beta"] == pytest.approx(beta, rel=1e-5, abs=1e-7)


@pytest.mark.parametrize(
    ("r2", "n", "k"),
    [(0.15, 163, 8), (0.04, 337, 8), (0.21, 374, 13), (0.5, 30, 3), (0.02, 100, 5)],
)
def test_r2_interval_agrees_with_an_integral_in_r(r2, n, k):
    # R integrated to 1e-11 and searched to 1e-13; the slope of the distribution leaves 1e-8.
    case = f"{r2:g} {n} {k}"
    low, high = r2_interval(r2, n, k)
    assert low == pytest.approx(r("r2", case, "", "low"), abs=1e-8)
    assert high == pytest.approx(r("r2", case, "", "high"), abs=1e-8)


@pytest.mark.parametrize("block", BLOCKS)
def test_blocks_agree_with_r(block):
    steps = block_regression(data(), OUTCOME, BLOCKS).steps
    for statistic in (
        "r2",
        "r2_adjusted",
        "r2_change",
        "f_change",
        "p",
        "f_hc3",
        "p_hc3",
        "unique_f",
        "unique_p",
    ):
        expected = r("blocks", block, OUTCOME, statistic)
        assert steps.at[block, statistic] == pytest.approx(expected, **EXACT)


# ---- what must hold


def test_influence_is_the_derivative():
    # Give one respondent slightly more weight: beta moves by weight times influence / n.
    complete = data()[["netwerken", "scholing", "geslacht", OUTCOME]].dropna().to_numpy()
    n, step = len(complete), 1e-6

    def beta(weights):
        covariance = np.cov(complete.T, fweights=None, aweights=weights, ddof=0)
        slopes = np.linalg.solve(covariance[:-1, :-1], covariance[:-1, -1])
        return slopes * np.sqrt(np.diag(covariance)[:-1] / covariance[-1, -1])

    scores = (complete - complete.mean(axis=0)) / complete.std(axis=0)
    influence = standardized_influence(scores[:, :-1], scores[:, -1], leverage=False)
    for i in (0, 17, n - 1):
        up, down = np.ones(n), np.ones(n)
        up[i], down[i] = 1 + step, 1 - step
        slope = (beta(up) - beta(down)) / (2 * step) * n
        np.testing.assert_allclose(influence[i], slope, rtol=1e-5, atol=1e-6)


def test_delta_errors_come_near_the_jackknife(fit):
    # Leaving out one respondent at a time and fitting anew, the longest way round.
    complete = data()[[*PREDICTORS, OUTCOME]].dropna().to_numpy()
    values = []
    for i in range(len(complete)):
        rest = np.delete(complete, i, axis=0)
        scores = (rest - rest.mean(axis=0)) / rest.std(axis=0)
        values.append(np.linalg.lstsq(scores[:, :-1], scores[:, -1])[0])
    n = len(values)
    errors = np.sqrt((n - 1) / n * ((values - np.mean(values, axis=0)) ** 2).sum(axis=0))
    np.testing.assert_allclose(fit.coefficients["beta_se"], errors, rtol=0.02)


def test_shares_add_up(fit):
    # A block of one predictor: its partial R2 and what is unique to it are those of the
    # coefficient.
    blocks = {"rest": PREDICTORS[1:], "last": PREDICTORS[:1]}
    step = block_regression(data(), OUTCOME, blocks).steps.loc["last"]
    row = fit.coefficients.loc[PREDICTORS[0]]
    assert step["partial_r2"] == pytest.approx(row["partial_r2"], rel=1e-9)
    assert step["unique_r2"] == pytest.approx(row["semipartial_r2"], rel=1e-9)
    assert step["r2_change"] == pytest.approx(step["unique_r2"], rel=1e-9)
    assert step["f_change"] == pytest.approx(fit.fit.coefficients.at[PREDICTORS[0], "t"] ** 2)
    assert step["r2"] == pytest.approx(fit.fit.r2, rel=1e-12)


def test_blocks_have_one_n_and_end_in_the_full_model(fit):
    result = block_regression(data(), OUTCOME, BLOCKS)
    assert (result.n, result.n_missing) == (fit.fit.n, fit.fit.n_missing)
    assert result.steps["r2_change"].sum() == pytest.approx(fit.fit.r2, rel=1e-12)
    pd.testing.assert_series_equal(
        result.betas["overig"], fit.coefficients["beta"], check_names=False, rtol=1e-10
    )
    assert result.betas["werk"].notna().tolist() == [True] * 3 + [False] * 5
    alone = infer_regression(data(), OUTCOME, BLOCKS["werk"])
    assert alone.fit.n > result.n  # on its own, the first step would have had more respondents


def test_one_block_is_the_whole_model(fit):
    step = block_regression(data(), OUTCOME, {"alles": PREDICTORS}).steps.loc["alles"]
    assert step["f_change"] == pytest.approx(fit.fit.f, rel=1e-10)
    assert step["f_hc3"] == pytest.approx(fit.f_hc3, rel=1e-10)
    assert step["unique_r2"] == pytest.approx(fit.fit.r2, rel=1e-10)
    limits = step["partial_r2_low"], step["partial_r2_high"]
    assert limits == pytest.approx((fit.r2_low, fit.r2_high), abs=1e-9)


def test_a_single_predictor():
    table = infer_regression(data(), "netwerken", ["effectiviteit"]).coefficients
    assert table.at["effectiviteit", "vif"] == pytest.approx(1)
    beta = table.at["effectiviteit", "beta"]
    assert table.at["effectiviteit", "partial_r"] == pytest.approx(beta, rel=1e-10)


@pytest.mark.parametrize(
    ("r2", "low", "high"), [(0.0, 0, 0), (0.001, 0, 0.02), (0.99, 0.986, 0.993)]
)
def test_r2_interval_at_its_ends(r2, low, high):
    found = r2_interval(r2, 200, 4)
    assert found[0] == pytest.approx(low, abs=2e-3)
    assert found[1] == pytest.approx(high, abs=2e-2)
    assert 0 <= found[0] <= found[1] <= 1


def test_r2_interval_excludes_zero_with_the_f_test():
    # Both rest on the same distribution: the lower limit leaves 0 where p falls below 2.5%.
    n, k = 120, 5
    f = 2.6790
    for factor, positive in ((0.99, False), (1.01, True)):
        r2 = f * factor * k / (f * factor * k + n - k - 1)
        assert (r2_interval(r2, n, k)[0] > 0) is positive


# ---- resampling


def test_counts_do_not_depend_on_the_chunk():
    whole = np.vstack(list(bootstrap_counts(37, 250, seed=3)))
    parts = np.vstack(list(bootstrap_counts(37, 250, seed=3, chunk=200)))
    np.testing.assert_array_equal(whole, parts)
    assert (whole.sum(axis=1) == 37).all() and whole.shape == (250, 37)
    assert not np.array_equal(whole, np.vstack(list(bootstrap_counts(37, 250, seed=4))))


def test_covariances_of_resamples_are_those_of_the_rows_drawn():
    values = np.random.default_rng(1).normal(size=(40, 4)) @ np.triu(np.ones((4, 4)))
    values -= values.mean(axis=0)
    counts = next(bootstrap_counts(40, 30, seed=8))
    covariances = next(bootstrap_covariances(values, 30, seed=8))
    for row, covariance in zip(counts, covariances, strict=True):
        drawn = np.repeat(values, row.astype(int), axis=0)
        np.testing.assert_allclose(covariance, np.cov(drawn.T, ddof=0), rtol=1e-10, atol=1e-12)
    for i, covariance in enumerate(jackknife_covariances(values)):
        rest = np.delete(values, i, axis=0)
        np.testing.assert_allclose(covariance, np.cov(rest.T, ddof=0), rtol=1e-10, atol=1e-12)


def test_a_rare_answer_missing_from_a_resample_is_counted():
    # One of 30 has it: absent from (29/30)^30 = 36% of resamples, and from one jackknife sample.
    generator = np.random.default_rng(2)
    frame = pd.DataFrame({"x": generator.normal(size=30), "rare": [1.0] + [0.0] * 29})
    frame["y"] = frame["x"] + generator.normal(size=30)
    fit = infer_regression(frame, "y", ["x", "rare"], interval="bca", resamples=999)
    left_out = int(fit.note.split("; ")[1].split()[0])
    assert left_out == pytest.approx(999 * (29 / 30) ** 30, abs=60)
    assert np.isfinite(fit.coefficients.loc["x", ["beta_low", "beta_high"]].astype(float)).all()
    scores = frame.to_numpy()
    assert resample(scores, lambda c: c[:, 0, :1], resamples=199).jackknife_left_out == 1


@pytest.mark.parametrize("interval", ["percentile", "bca"])
def test_bootstrap_intervals_come_near_the_delta_ones(fit, interval):
    drawn = infer_regression(data(), OUTCOME, PREDICTORS, interval=interval, resamples=2000)
    error = fit.coefficients["beta_se"]
    for limit in ("beta_low", "beta_high"):
        distance = (drawn.coefficients[limit] - fit.coefficients[limit]).abs() / error
        assert distance.max() < 0.4
    np.testing.assert_allclose(drawn.coefficients["beta_se"], error, rtol=0.12)
    again = infer_regression(data(), OUTCOME, PREDICTORS, interval=interval, resamples=2000)
    pd.testing.assert_frame_equal(drawn.coefficients, again.coefficients)
    assert "2000 hertrekkingen, seed 2006" in drawn.note


# ---- shape and errors


def test_tidy(fit):
    tidy = fit.tidy()
    assert list(tidy.columns) == list(TIDY_COLUMNS)
    assert len(tidy) == len(PREDICTORS) * len(STATISTICS) + 6
    assert tidy["n"].eq(163).all() and tidy["n_missing"].eq(77).all()
    cells = tidy.set_index(["row", "statistic"])
    for name in PREDICTORS:
        for statistic in STATISTICS:
            value = cells.at[(name, statistic), "value"]
            assert value == fit.coefficients.at[name, statistic]
        assert cells.at[(name, "b_se_hc3"), "p"] == fit.coefficients.at[name, "p_hc3"]
        assert math.isnan(cells.at[(name, "beta_low"), "p"])
        assert cells.at[(name, "beta_low"), "note"].startswith("95%, deltamethode")
        assert cells.at[(name, "b_low"), "note"] == "95%"
    assert cells.at[("", "r2_low"), "value"] == fit.r2_low


def test_tidy_of_blocks():
    result = block_regression(data(), OUTCOME, BLOCKS, level=0.9)
    cells = result.tidy().set_index(["row", "column", "statistic"])
    assert cells.at[("persoon", OUTCOME, "r2_change"), "p"] == result.steps.at["persoon", "p"]
    assert cells.at[("persoon", OUTCOME, "partial_r2_low"), "note"] == "90%"
    assert cells.at[("scholing", "werk", "beta"), "value"] == result.betas.at["scholing", "werk"]
    assert ("pop", "werk", "beta") not in cells.index


def test_a_higher_level_is_wider(fit):
    wide = infer_regression(data(), OUTCOME, PREDICTORS, level=0.99)
    for name in ("beta", "b", "partial_r"):
        assert (wide.coefficients[f"{name}_low"] < fit.coefficients[f"{name}_low"]).all()
        assert (wide.coefficients[f"{name}_high"] > fit.coefficients[f"{name}_high"]).all()
    assert wide.r2_low < fit.r2_low and wide.r2_high > fit.r2_high


def test_the_input_is_left_as_it_was():
    frame = data()
    infer_regression(frame, OUTCOME, PREDICTORS, interval="percentile", resamples=199)
    block_regression(frame, OUTCOME, BLOCKS)
    pd.testing.assert_frame_equal(frame, data())


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"interval": "wald"}, "Use one of ['delta', 'percentile', 'bca']."),
        ({"level": 95}, "a level of 95 is not between 0 and 1"),
        ({"interval": "bca", "resamples": 100}, "100 resamples are too few"),
    ],
)
def test_options_that_cannot_be(options, message):
    with pytest.raises(AnalysisError) as caught:
        infer_regression(data(), OUTCOME, PREDICTORS, **options)
    assert message in str(caught.value)


@pytest.mark.parametrize(
    ("blocks", "message"),
    [
        ({}, "there are no blocks"),
        ({"a": ["netwerken"], "b": []}, "block 'b' has no predictors"),
        ({"a": ["netwerken"], "b": ["netwerken", "weg"]}, "weg is not in the data"),
    ],
)
def test_blocks_that_cannot_be(blocks, message):
    with pytest.raises(AnalysisError) as caught:
        block_regression(data(), OUTCOME, blocks)
    assert message in str(caught.value)


def test_r2_interval_of_all_but_everything_needs_no_more_than_memory():
    """As many predictors as people, nearly: R2 is 1 but for the last digits."""
    low, high = r2_interval(1 - 1e-9, 14, 11)
    assert 0.99 < low <= high == 1.0
    assert r2_interval(1 - 1e-9, 200, 4) == (1.0, 1.0)
    low, high = r2_interval(0.999, 200, 4)
    assert 0.998 < low < 0.999 < high < 0.9995
