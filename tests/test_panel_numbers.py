"""The numbers of a panel against R: mixed and fixed effects, clustered errors, paired changes."""

import numpy as np
import pandas as pd
import pytest

from builders import failure
from mobiliteit.errors import AnalysisError
from mobiliteit.inference.clustered import fit_clustered, fit_within, person_means
from mobiliteit.inference.paired import (
    goodman,
    marginal_homogeneity,
    paired_change,
    reliable_change,
    symmetry,
    wilson,
)
from mobiliteit.inference.random_intercept import fit_random_intercept, quasi_demeaned
from reference.panel_values import panel_data, panel_wide, r_value

# lmer stops where the deviance no longer changes in its 12th digit or so: the variances, which lie
# at a minimum, are then good to about half as many digits.
LMER = 2e-6
NAMES = ["(Intercept)", "factor(wave)2", "factor(wave)3", "x", "z"]


@pytest.fixture(scope="module")
def data():
    frame = panel_data().dropna()
    frame["w2"], frame["w3"] = (frame["wave"] == 2) * 1.0, (frame["wave"] == 3) * 1.0
    return frame.assign(one=1.0)


@pytest.fixture(scope="module")
def twice(data):
    return data[data.groupby("person")["y"].transform("size") >= 2]


def columns(frame, *names):
    return frame[list(names)].to_numpy(dtype="float64")


@pytest.mark.parametrize("outcome", ["y", "flat"])
def test_random_intercept_agrees_with_lme4(data, outcome):
    fit = fit_random_intercept(
        columns(data, "one", "w2", "w3", "x", "z"), data[outcome].to_numpy(), data["person"]
    )
    name = f"lmer_{outcome}"
    for k, row in enumerate(NAMES):
        assert fit.coefficients[k] == r_value(name, row, "b", LMER)
        assert fit.errors[k] == r_value(name, row, "se", LMER)
    assert fit.sd_person == r_value(name, "", "sd_person", LMER)
    assert fit.sd_residual == r_value(name, "", "sd_residual", LMER)
    assert fit.deviance == r_value(name, "", "reml_deviance", 1e-11)


def test_random_intercept_agrees_with_nlme(data):
    fit = fit_random_intercept(
        columns(data, "one", "w2", "w3", "x", "z"), data["y"].to_numpy(), data["person"]
    )
    # lme searches on its own scale and stops earlier
    for k, row in enumerate(NAMES):
        assert fit.coefficients[k] == r_value("lme_y", row, "b", 1e-5)
        assert fit.errors[k] == r_value("lme_y", row, "se", 1e-5)
    assert fit.sd_person == r_value("lme_y", "", "sd_person", 1e-5)


def test_random_intercept_does_not_hang_on_units_or_order(data):
    x, y = columns(data, "one", "w2", "x"), data["y"].to_numpy()
    fit = fit_random_intercept(x, y, data["person"])
    turned = fit_random_intercept(x[::-1], 1000 * y[::-1] + 5e5, data["person"].to_numpy()[::-1])
    assert turned.coefficients[1:] == pytest.approx(1000 * fit.coefficients[1:], rel=1e-6)
    assert turned.icc == pytest.approx(fit.icc, rel=1e-6)


def test_within_regression_agrees_with_plm(twice):
    fit = fit_within(columns(twice, "w2", "w3", "x"), twice["y"].to_numpy(), twice["person"])
    for k, row in enumerate(["w2", "w3", "x"]):
        assert fit.coefficients[k] == r_value("within", row, "b")
        assert fit.errors[k] == r_value("within", row, "se")


def test_mundlak_agrees_with_lme4_and_sandwich_and_gives_the_fixed_effects(twice):
    codes = pd.factorize(twice["person"])[0]
    own = columns(twice, "w2", "w3", "x")
    x = np.column_stack([columns(twice, "one"), own, columns(twice, "z"), person_means(own, codes)])
    y = twice["y"].to_numpy()
    fit = fit_random_intercept(x, y, codes)
    changed = quasi_demeaned(np.column_stack([x, y]), codes, fit)
    robust = fit_clustered(changed[:, :-1], changed[:, -1], codes)
    names = ["(Intercept)", "w2", "w3", "x", "z", "mean_w2", "mean_w3", "mean_x"]
    for k, row in enumerate(names):
        assert robust.coefficients[k] == r_value("mundlak", row, "b", LMER)
        assert robust.errors[k] == r_value("mundlak", row, "se", LMER)
    assert robust.test([5, 6, 7]).f == r_value("mundlak", "", "f", LMER)
    # generalized least squares, as the mixed model itself
    assert robust.coefficients == pytest.approx(fit.coefficients, rel=1e-8)
    within = fit_within(own, y, codes)
    assert robust.coefficients[1:4] == pytest.approx(within.coefficients, rel=1e-8)


def test_clustered_errors_agree_with_sandwich_and_survey(data):
    weight = (1 + data["z"].abs() + (data["person"] % 5) / 4).to_numpy()
    x, y, person = columns(data, "one", "x", "z"), data["y"].to_numpy(), data["person"]
    plain = fit_clustered(x, y, person)
    heavy = fit_clustered(x, y, person, weight)
    n, k = x.shape
    for position, row in enumerate(["(Intercept)", "x", "z"]):
        for name, fit in (("cluster", plain), ("cluster_weighted", heavy)):
            assert fit.coefficients[position] == r_value(name, row, "b")
            assert fit.errors[position] == r_value(name, row, "se")
        # survey's errors lack the last factor; svyglm stops at a deviance of 1e-8
        without = heavy.errors[position] * np.sqrt((n - k) / (n - 1))
        assert without == r_value("svyglm", row, "se", 1e-8)
    assert heavy.r2 == r_value("cluster_weighted", "", "r2")
    assert fit_clustered(x, y, person, 7 * weight).errors == pytest.approx(heavy.errors, rel=1e-12)


def test_regressions_that_cannot_be_computed_say_so(data):
    x, y, person = columns(data, "one", "x"), data["y"].to_numpy(), data["person"].to_numpy()
    doubled = np.column_stack([x, 2 * x[:, 1]])
    error = failure(lambda: fit_clustered(doubled, y, person), AnalysisError)
    assert "determine each other" in str(error)
    failure(lambda: fit_random_intercept(doubled, y, person), AnalysisError)
    failure(lambda: fit_clustered(x[:2], y[:2], person[:2]), AnalysisError)
    failure(lambda: fit_clustered(x, y, np.zeros(len(y))), AnalysisError)
    failure(lambda: fit_random_intercept(x, y, np.arange(len(y))), AnalysisError)
    failure(lambda: fit_random_intercept(x, x[:, 1] * 3 + 1, person), AnalysisError)
    failure(lambda: fit_within(columns(data, "z"), y, person), AnalysisError)


def test_paired_change_agrees_with_r():
    wide = panel_wide()[["y1", "y2"]].dropna()
    found = paired_change(wide["y1"].to_numpy(), wide["y2"].to_numpy())
    for name in ("mean", "low", "high", "t", "p", "d_z", "d_av"):
        assert getattr(found, name) == r_value("paired", "y", name)
    # effectsize searches to four digits or so
    assert found.d_z_low == r_value("paired", "y", "d_z_low", 1e-4)
    assert found.d_z_high == r_value("paired", "y", "d_z_high", 1e-4)


def test_paired_change_of_almost_nobody():
    two = paired_change(np.array([1.0, 2.0]), np.array([2.0, 3.0]))
    assert (two.mean, two.n) == (1, 2)
    assert np.isnan([two.p, two.low, two.d_z]).all()
    assert np.isnan(paired_change(np.array([]), np.array([])).mean)


def test_reliable_change_by_hand():
    # sd 2, alpha 0.5: the error of a change has sd 2 sqrt(2 x 0.5) = 2, so 3.92 is the limit
    before, after = np.zeros(4), np.array([3.91, 3.93, -3.93, 0])
    assert list(reliable_change(before, after, 2, 0.5, 0.95)) == [0, 1, -1, 0]


def moves():
    wide = panel_wide().dropna(subset=["y2"])
    return pd.crosstab(wide["group1"], wide["group2"]).to_numpy(dtype="float64")


def test_tests_of_a_square_table_agree_with_r():
    counts = moves()
    chi2, df, p = symmetry(counts)
    assert chi2 == r_value("moves", "", "bowker")
    assert df == 3
    assert p == r_value("moves", "", "bowker_p")
    chi2, df, p = marginal_homogeneity(counts)
    assert chi2 == r_value("moves", "", "stuart_maxwell")
    assert df == 2
    assert p == r_value("moves", "", "stuart_maxwell_p")


def test_tests_of_a_square_table_with_empty_cells():
    # only a and b exchange people: McNemar's test, (10 - 4)^2 / 14, in both
    counts = np.array([[20.0, 10, 0], [4, 30, 0], [0, 0, 5]])
    assert symmetry(counts)[:2] == (pytest.approx(36 / 14), 1)
    assert marginal_homogeneity(counts)[:2] == (pytest.approx(36 / 14), 1)
    assert np.isnan(symmetry(np.diag([3.0, 4, 5]))[0])
    assert np.isnan(marginal_homogeneity(np.diag([3.0, 4, 5]))[2])


def test_intervals_of_a_row_agree_with_r():
    counts = moves()
    n = counts.sum(axis=1, keepdims=True) * np.ones_like(counts)
    found = {
        "low": wilson(counts, n, 0.95)[0],
        "high": wilson(counts, n, 0.95)[1],
        "low_goodman": goodman(counts, n, 3, 0.95)[0],
        "high_goodman": goodman(counts, n, 3, 0.95)[1],
    }
    for i, start in enumerate("abc"):
        for j, end in enumerate("abc"):
            for name, values in found.items():
                assert values[i, j] == r_value("moves", f"{start} {end}", name)
