"""Logistic regression against R's glm, separation, and coverage of its intervals."""

from __future__ import annotations

import csv
from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from scipy import special
from statsmodels.discrete.discrete_model import Logit

from builders import failure, only
from mobiliteit.errors import AnalysisError
from mobiliteit.inference.binary import binary_regression
from mobiliteit.inference.logit import fit_logit

REFERENCE = Path(__file__).parent / "reference"
PREDICTORS = ["netwerken", "leeftijd", "geslacht", "groep2", "groep4"]
BLOCKS = {"groep": ["groep2", "groep4"]}


@cache
def _values() -> dict[tuple[str, str, str], float]:
    with (REFERENCE / "asking_r.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    return {(row["analysis"], row["row"], row["statistic"]): float(row["value"]) for row in rows}


def r(row: str, statistic: str) -> float:
    """One number of asking_r.csv."""
    return _values()["logit", row, statistic]


@pytest.fixture(scope="module")
def data():
    frame = pd.read_csv(REFERENCE / "data.csv")
    for group in (2, 4):
        frame[f"groep{group}"] = (frame["groep"] == group).astype(float).where(frame["groep"] > 0)
    return frame


@pytest.fixture(scope="module")
def fit(data):
    return binary_regression(data, "pop", PREDICTORS, blocks=BLOCKS)


@pytest.mark.parametrize("name", PREDICTORS)
@pytest.mark.parametrize("statistic", ["b", "b_se", "p", "b_se_hc3", "odds_ratio_sd", "points"])
def test_coefficients_as_in_r(fit, name, statistic):
    """R's weights are those of its last step but one: its errors are good to nine digits."""
    assert fit.coefficients.loc[name, statistic] == pytest.approx(r(name, statistic), rel=1e-8)


@pytest.mark.parametrize("name", PREDICTORS)
def test_errors_of_average_effects_as_by_numerical_derivatives(fit, name):
    """The script takes differences of a difference for the numbers: some six digits."""
    row = fit.coefficients.loc[name]
    assert row["points_se"] == pytest.approx(r(name, "points_se"), rel=1e-6)
    reach = 1.959963984540054 * row["points_se"]
    assert row["points_low"] == pytest.approx(row["points"] - reach, rel=1e-12)
    assert row["points_high"] == pytest.approx(row["points"] + reach, rel=1e-12)


def test_the_model_as_a_whole_as_in_r(fit, data):
    assert fit.n == r("", "n")
    assert fit.n + fit.n_missing == len(data)
    assert fit.intercept == pytest.approx(r("", "intercept"), rel=1e-10)
    assert fit.log_likelihood == pytest.approx(r("", "log_likelihood"), rel=1e-12)
    assert fit.chi2 == pytest.approx(r("", "lr_chi2"), rel=1e-10)
    assert fit.mcfadden == pytest.approx(r("", "r2_mcfadden"), rel=1e-10)


def test_wald_of_a_block_as_in_r(fit):
    chi2, p = fit.together(BLOCKS["groep"])
    assert chi2 == pytest.approx(r("groep", "wald_chi2"), rel=1e-8)
    assert p == pytest.approx(r("groep", "wald_p"), rel=1e-7)


@pytest.mark.parametrize("value", [0, 1])
def test_average_chances_as_in_r(fit, data, value):
    rows = data[["pop", *PREDICTORS]].dropna().assign(geslacht=value)
    found = fit.chances(rows).iloc[0]
    for ours, theirs in (("value", "chance"), ("low", "chance_low"), ("high", "chance_high")):
        assert found[ours] == pytest.approx(r(f"geslacht={value}", theirs), rel=1e-8)


def test_a_dummy_is_compared_with_the_group_without_one(data):
    """Without the block, the other dummy stays as it is: another question, another number."""
    apart = binary_regression(data, "pop", PREDICTORS)
    assert abs(apart.coefficients.loc["groep4", "points"] - r("groep4", "points")) > 1e-3


def test_one_yes_or_no_predictor_is_a_table_of_two_by_two():
    """30 of 100 against 12 of 80, by hand."""
    frame = pd.DataFrame({"x": [1.0] * 100 + [0.0] * 80})
    frame["y"] = [1.0] * 30 + [0.0] * 70 + [1.0] * 12 + [0.0] * 68
    row = binary_regression(frame, "y", ["x"]).coefficients.loc["x"]
    assert row["odds_ratio"] == pytest.approx(30 * 68 / (70 * 12), rel=1e-9)
    assert row["b_se"] == pytest.approx((1 / 30 + 1 / 70 + 1 / 12 + 1 / 68) ** 0.5, rel=1e-9)
    assert row["points"] == pytest.approx(0.30 - 0.15, rel=1e-9)
    assert row["points_se"] == pytest.approx((0.3 * 0.7 / 100 + 0.15 * 0.85 / 80) ** 0.5, rel=1e-9)


def test_the_unit_of_a_predictor_changes_nothing_but_b(data):
    far = data.assign(leeftijd=1e6 + 12 * data["leeftijd"])
    ours = binary_regression(data, "pop", ["leeftijd", "geslacht"]).coefficients
    moved = binary_regression(far, "pop", ["leeftijd", "geslacht"]).coefficients
    assert moved.loc["leeftijd", "b"] == pytest.approx(ours.loc["leeftijd", "b"] / 12, rel=1e-8)
    for name in ("points", "points_se", "odds_ratio_sd", "p"):
        assert moved.loc["leeftijd", name] == pytest.approx(ours.loc["leeftijd", name], rel=1e-7)


@pytest.mark.parametrize(
    "frame",
    [
        pd.DataFrame({"x": np.arange(40.0), "y": [0.0] * 20 + [1.0] * 20}),
        # nobody without x has y, though some with x have not: one direction suffices
        pd.DataFrame({"x": [0.0] * 20 + [1.0] * 20, "y": [0.0] * 30 + [1.0] * 10}),
    ],
    ids=["complete", "quasi"],
)
def test_separation_is_one_clear_error(frame):
    problem = only(failure(lambda: binary_regression(frame, "y", ["x"]), AnalysisError))
    assert "separation" in problem.what


def test_a_strong_predictor_is_no_separation():
    frame = pd.DataFrame({"x": np.repeat(np.arange(40.0), 2)})
    frame["y"] = (frame["x"] > 19.5).astype(float)
    frame.loc[[0, 79], "y"] = [1.0, 0.0]
    assert binary_regression(frame, "y", ["x"]).coefficients.loc["x", "b"] > 0


def test_other_values_than_yes_and_no_are_refused(data):
    error = failure(lambda: binary_regression(data, "groep", ["geslacht"]), AnalysisError)
    assert "other values than 0 and 1" in only(error).what


def test_tidy_carries_interval_and_n(fit):
    tidy = fit.tidy().set_index(["row", "statistic"])
    cell = tidy.loc[("geslacht", "points")]
    assert cell["value"] == fit.coefficients.loc["geslacht", "points"]
    assert cell["p"] == fit.coefficients.loc["geslacht", "points_p"]
    assert set(tidy["n"]) == {fit.n}


@pytest.mark.slow
def test_intervals_of_points_hold_what_they_promise():
    """5,000 samples of 300: covered 95% of the time, three simulation errors (1%) either way.

    The effects that are estimated are those over the respondents of each sample, predictors fixed.
    """
    rng = np.random.default_rng(7)
    inside = np.zeros(2)
    for _ in range(5000):
        x, d = rng.normal(size=300), (rng.random(300) < 0.4).astype(float)
        odds = -0.8 + 0.5 * x + 0.7 * d
        frame = pd.DataFrame({"x": x, "d": d, "y": (rng.random(300) < special.expit(odds)) * 1.0})
        table = binary_regression(frame, "y", ["x", "d"]).coefficients
        chance = special.expit(odds)
        both = special.expit(odds + 0.7 * (1 - d)) - special.expit(odds - 0.7 * d)
        truth = 0.5 * (chance * (1 - chance)).mean() * x.std(ddof=1), both.mean()
        low, high = table["points_low"].to_numpy(), table["points_high"].to_numpy()
        inside += (low <= truth) & (truth <= high)
    assert (inside / 5000 > 0.94).all(), inside / 5000
    assert (inside / 5000 < 0.96).all(), inside / 5000


@pytest.mark.parametrize("start", [None, np.array([2.0, -1.0, 4.0])])
def test_the_maximum_is_that_of_statsmodels(start):
    generator = np.random.default_rng(8)
    design = np.column_stack([np.ones(300), generator.normal(size=(300, 2))])
    y = (generator.uniform(size=300) < special.expit(design @ [-1.5, 0.8, 0.0])) * 1.0
    fit, other = fit_logit(y, design, start), Logit(y, design).fit(disp=False, tol=1e-12)
    assert fit.params == pytest.approx(other.params, rel=1e-10, abs=1e-12)
    assert np.linalg.inv(fit.information) == pytest.approx(other.cov_params(), rel=1e-9, abs=1e-15)
    assert fit.log_likelihood == pytest.approx(other.llf, rel=1e-13)
    assert fit.chance == pytest.approx(other.predict(), rel=1e-9)


X = np.linspace(-1, 1, 40)
NO_MAXIMUM = {
    "complete": (X > 0, [X]),
    "quasi": ((X > 0) | (np.arange(40) == 0), [X > 0.0, X < -0.9]),
    "the same twice": (np.arange(40) % 2, [X, X]),
    "all yes": (np.ones(40), [X]),
    "far away": (X > 0, [1e6 * X]),
}


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("name", NO_MAXIMUM)
def test_without_a_maximum_there_is_no_fit_and_no_warning(name):
    y, columns = NO_MAXIMUM[name]
    design = np.column_stack([np.ones(40), *columns]).astype("float64")
    assert fit_logit(np.asarray(y, dtype="float64"), design) is None


@pytest.mark.filterwarnings("error")
def test_odds_that_no_computer_can_write_are_infinite():
    """A rare answer with a predictor of a very small spread, and no warning."""
    generator = np.random.default_rng(5)
    y = np.arange(60) < 20
    frame = pd.DataFrame({"x": 1e-5 * (generator.normal(size=60) + y), "y": y * 1.0})
    row = binary_regression(frame, "y", ["x"]).coefficients.loc["x"]
    assert np.isinf(row["odds_ratio_high"]) and 1 < row["odds_ratio_sd"] < 20
