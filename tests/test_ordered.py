"""Ordinal logit: against R, on what must hold, and what it refuses."""

import numpy as np
import pandas as pd
import pytest

from mobiliteit.errors import AnalysisError
from mobiliteit.inference.ordered import ordinal_regression
from mobiliteit.results import TIDY_COLUMNS
from reference.regression_values import r
from reference.values import data

OUTCOME = "s1"
PREDICTORS = ["netwerken", "effectiviteit", "leeftijd", "geslacht"]


@pytest.fixture(scope="module")
def fit():
    return ordinal_regression(data(), OUTCOME, PREDICTORS)


# ---- against R


def test_coefficients_agree_with_clm(fit):
    # statsmodels climbs with numerical derivatives: estimates good to 1e-6, errors to 1e-5. clm
    # stops at a gradient of 1e-12.
    for name in PREDICTORS:
        for statistic in ("b", "b_se", "p"):
            value = fit.coefficients.at[name, statistic]
            tolerance = 1e-3 if statistic == "p" else 1e-5
            assert value == pytest.approx(r("clm", name, OUTCOME, statistic), rel=tolerance)
    for cut, row in fit.thresholds.iterrows():
        assert row["estimate"] == pytest.approx(r("clm", cut, OUTCOME, "b"), rel=1e-5)
        assert row["se"] == pytest.approx(r("clm", cut, OUTCOME, "b_se"), rel=1e-5)
    assert fit.log_likelihood == pytest.approx(r("clm", "", OUTCOME, "log_likelihood"), rel=1e-9)
    assert fit.chi2 == pytest.approx(r("clm", "", OUTCOME, "lr_chi2"), rel=1e-8)


def test_coefficients_agree_with_polr(fit):
    # polr stops where a step changes the deviance by 1e-8 of it: four to five digits.
    for name in PREDICTORS:
        for statistic in ("b", "b_se"):
            expected = r("polr", name, OUTCOME, statistic)
            assert fit.coefficients.at[name, statistic] == pytest.approx(expected, rel=2e-4)


def test_brants_test_agrees_with_its_formula_in_r(fit):
    for row in ["", *PREDICTORS]:
        expected = r("brant", row, OUTCOME, "chi2")
        assert fit.proportional.at[row, "chi2"] == pytest.approx(expected, rel=1e-6)
    assert fit.proportional.at["", "p"] == pytest.approx(r("brant", "", OUTCOME, "p"), rel=1e-6)
    assert fit.note == "Brant: 2 van 4 sneden gebruikt (2|3, 3|4)"


# ---- what must hold


def test_only_the_order_counts(fit):
    stretched = data()
    stretched["s1"] = stretched["s1"] ** 3
    again = ordinal_regression(stretched, OUTCOME, PREDICTORS)
    columns = ["b", "b_se", "odds_ratio"]
    pd.testing.assert_frame_equal(again.coefficients[columns], fit.coefficients[columns])
    assert again.thresholds.index.tolist() == ["1|8", "8|27", "27|64", "64|125"]


def test_units_of_a_predictor(fit):
    rescaled = data()
    rescaled["leeftijd"] = rescaled["leeftijd"] / 10 - 4
    again = ordinal_regression(rescaled, OUTCOME, PREDICTORS)
    b = fit.coefficients["b"]
    assert again.coefficients.at["leeftijd", "b"] == pytest.approx(10 * b["leeftijd"], rel=1e-4)
    assert again.coefficients.at["netwerken", "b"] == pytest.approx(b["netwerken"], rel=1e-4)
    np.testing.assert_allclose(
        again.coefficients["odds_ratio_sd"], fit.coefficients["odds_ratio_sd"], rtol=1e-4
    )
    shifted = fit.thresholds["estimate"] - 40 * b["leeftijd"]
    np.testing.assert_allclose(again.thresholds["estimate"], shifted, rtol=1e-4)


def test_a_known_truth_is_recovered():
    generator = np.random.default_rng(12)
    n = 5000
    x1, x2 = generator.normal(5, 2, n), (generator.random(n) < 0.3).astype(float)
    latent = 0.4 * x1 - 1.0 * x2 + generator.logistic(size=n)
    frame = pd.DataFrame({"x1": x1, "x2": x2, "y": np.searchsorted([0.5, 2.0, 3.5], latent)})
    fit = ordinal_regression(frame, "y", ["x1", "x2"])
    assert fit.coefficients["b"].tolist() == pytest.approx([0.4, -1.0], abs=0.15)
    assert fit.thresholds["estimate"].tolist() == pytest.approx([0.5, 2.0, 3.5], abs=0.2)
    assert fit.proportional.at["", "p"] > 0.001 and fit.counts.sum() == n
    assert fit.chi2_p < 1e-50


def test_odds_that_are_not_proportional_are_found():
    # x1 matters for the upper cut only.
    generator = np.random.default_rng(13)
    x = generator.normal(size=1500)
    high = generator.random(1500) < 1 / (1 + np.exp(-1.5 * x))
    frame = pd.DataFrame({"x": x, "other": generator.normal(size=1500)})
    frame["y"] = np.where(generator.random(1500) < 0.4, 0, np.where(high, 2, 1))
    fit = ordinal_regression(frame, "y", ["x", "other"])
    assert fit.proportional.at["x", "p"] < 1e-6
    assert fit.proportional.at["other", "p"] > 0.001


def test_a_tiny_category_makes_no_cut_of_its_own():
    # One respondent between two cuts: the two logits would be the same but for that one.
    frame = data()[["s1", "netwerken"]].dropna()
    position = np.flatnonzero(frame["s1"] == 3)[0]
    frame.iloc[position, 0] = 3.5
    fit = ordinal_regression(frame, "s1", ["netwerken"])
    assert fit.counts["3.5"] == 1 and "3.5|4" in fit.thresholds.index
    assert "3|3.5" in fit.note and "3.5|4" not in fit.note


def test_agreement(fit):
    assert fit.agreement() == "4 van de 4 tekens als in OLS; significant in beide: " + (
        "netwerken, effectiviteit"
    )
    assert fit.agreement("en").startswith("4 of the 4 signs as in OLS; significant in both: ")


def test_who_lacks_an_answer_is_counted(fit):
    assert (fit.n, fit.n_missing) == (199, 41)
    assert (
        fit.counts.to_dict()
        == data()[["s1", *PREDICTORS]]
        .dropna()["s1"]
        .value_counts()
        .rename(lambda value: f"{value:g}")
        .sort_index()
        .to_dict()
    )


def test_tidy(fit):
    tidy = fit.tidy()
    assert list(tidy.columns) == list(TIDY_COLUMNS)
    cells = tidy.set_index(["row", "statistic"])
    assert cells.at[("netwerken", "odds_ratio"), "value"] == pytest.approx(
        np.exp(fit.coefficients.at["netwerken", "b"])
    )
    assert cells.at[("netwerken", "b"), "p"] == fit.coefficients.at["netwerken", "p"]
    assert cells.at[("2|3", "threshold"), "value"] == fit.thresholds.at["2|3", "estimate"]
    assert cells.at[("", "brant_chi2"), "note"] == fit.note
    assert cells.at[("", "same_signs"), "note"] == fit.agreement()


# ---- errors


@pytest.mark.parametrize(
    ("outcome", "predictors", "message"),
    [
        ("geslacht", ["netwerken"], "geslacht has 2 different values"),
        ("succes", ["netwerken"], "Use an outcome with 3 to 25"),
        ("s1", ["weg"], "weg is not in the data"),
        ("s1", ["groep_klasse"], "groep_klasse is not numeric"),
    ],
)
def test_ordinal_regressions_that_cannot_be(outcome, predictors, message):
    with pytest.raises(AnalysisError) as caught:
        ordinal_regression(data(), outcome, predictors)
    assert message in str(caught.value)


def test_a_predictor_that_separates_the_categories():
    x = np.arange(90.0)
    frame = pd.DataFrame({"x": x, "y": np.repeat([1, 2, 3], 30)})
    with pytest.raises(AnalysisError, match="a predictor may separate the categories"):
        ordinal_regression(frame, "y", ["x"])
