"""Residuals, influence, collinearity and suppression: against R, by hand, and on what must hold."""

import warnings

import numpy as np
import pandas as pd
import pytest

from mobiliteit.errors import AnalysisError
from mobiliteit.inference.diagnostics import diagnose_regression
from mobiliteit.inference.suppress import find_suppressors
from mobiliteit.regress import standardized_regression
from mobiliteit.results import TIDY_COLUMNS
from reference.regression_values import r
from reference.values import data

OUTCOME = "succes"
PREDICTORS = [
    "netwerken",
    "effectiviteit",
    "scholing",
    "geslacht",
    "leeftijd",
    "opleidingsniveau",
    "zorgtaken",
    "pop",
]
EXACT = {"rel": 1e-9, "abs": 1e-13}


@pytest.fixture(scope="module")
def checked():
    return diagnose_regression(data(), OUTCOME, PREDICTORS)


# ---- against R


@pytest.mark.parametrize("check", ["breusch_pagan", "reset", "shapiro_wilk"])
def test_checks_agree_with_r(checked, check):
    # Royston's approximation of the Shapiro-Wilk weights is coded in single precision constants:
    # 1e-6.
    exact = {"rel": 1e-6} if check == "shapiro_wilk" else {"rel": 1e-8}
    for statistic in ("value", "p"):
        expected = r("diagnostics", check, "", statistic)
        assert checked.checks.at[check, statistic] == pytest.approx(expected, **exact)


def test_condition_numbers_agree_with_r(checked):
    assert checked.condition == pytest.approx(r("diagnostics", "condition", "", "value"), **EXACT)
    centred = r("diagnostics", "condition_centred", "", "value")
    assert checked.condition_centred == pytest.approx(centred, **EXACT)
    for name in PREDICTORS:
        assert checked.vif[name] == pytest.approx(r("coef", name, OUTCOME, "vif"), **EXACT)


def test_influence_agrees_with_r(checked):
    assert len(checked.influence) == 5 * (2 + len(PREDICTORS))
    for entry in checked.influence.itertuples():
        place = ("influence", entry.measure, entry.variable)
        assert entry.position == r(*place, f"position_{entry.rank}")
        assert entry.value == pytest.approx(r(*place, f"value_{entry.rank}"), **EXACT)
    for measure in ("leverage", "cooks_d", "dfbetas"):
        assert checked.beyond.at[measure, "count"] == r("influence", measure, "", "beyond")


def test_suppression_agrees_with_r():
    found = find_suppressors(data(), OUTCOME, PREDICTORS)
    for name in PREDICTORS:
        for statistic in ("r", "r_p"):
            expected = r("suppression", name, OUTCOME, statistic)
            assert found.predictors.at[name, statistic] == pytest.approx(expected, **EXACT)
        for other in PREDICTORS:
            if other != name:
                expected = r("suppression", name, other, "growth")
                assert found.growth.at[name, other] == pytest.approx(expected, rel=1e-8, abs=1e-12)
        assert np.isnan(found.growth.at[name, name])


# ---- diagnostics


def test_an_outlier_is_found_at_its_position_in_the_frame():
    generator = np.random.default_rng(5)
    x = generator.normal(size=60)
    frame = pd.DataFrame({"x": x, "y": x + 0.1 * generator.normal(size=60)})
    frame.index = [f"respondent {i}" for i in range(60)]
    frame.iloc[3, 0] = np.nan
    frame.iloc[41] = [4.0, -9.0]
    found = diagnose_regression(frame, "y", ["x"], largest=2)
    top = found.influence[found.influence["rank"] == 1]
    assert (top["position"] == 41).all() and len(found.influence) == 6
    assert not found.tidy().astype(str).apply(lambda c: c.str.contains("respondent")).any(axis=None)
    assert "positie 41" in set(found.tidy()["note"])


def test_unequal_spread_and_a_bend_are_found():
    generator = np.random.default_rng(6)
    x = generator.uniform(0, 3, 400)
    fan = pd.DataFrame({"x": x, "y": x + x * generator.normal(size=400)})
    bend = pd.DataFrame({"x": x, "y": x**2 + generator.normal(size=400)})
    plain = pd.DataFrame({"x": x, "y": x + generator.normal(size=400)})
    p = {
        name: diagnose_regression(frame, "y", ["x"]).checks["p"]
        for name, frame in {"fan": fan, "bend": bend, "plain": plain}.items()
    }
    assert p["fan"]["breusch_pagan"] < 1e-6 and p["bend"]["reset"] < 1e-6
    assert (p["plain"] > 0.01).all()


def test_who_alone_fixes_a_coefficient_has_leverage_one_and_no_cooks_d():
    generator = np.random.default_rng(7)
    frame = pd.DataFrame({"x": generator.normal(size=30), "rare": [1.0] + [0.0] * 29})
    frame["y"] = frame["x"] + generator.normal(size=30)
    found = diagnose_regression(frame, "y", ["x", "rare"])
    leverage = found.influence[found.influence["measure"] == "leverage"]
    assert leverage.iloc[0][["position", "value"]].tolist() == pytest.approx([0, 1])
    cooks = found.influence[found.influence["measure"] == "cooks_d"]
    assert 0 not in cooks["position"].tolist() and cooks["value"].notna().all()


def test_reset_of_a_yes_no_predictor_is_not_done():
    frame = pd.DataFrame({"x": [0.0, 1] * 20, "y": np.arange(40.0) % 7})
    found = diagnose_regression(frame, "y", ["x"])
    assert np.isnan(found.checks.at["reset", "p"])
    assert found.condition_centred == pytest.approx(1) and found.vif["x"] == pytest.approx(1)


def test_reset_of_groups_alone_is_not_done_and_warns_nobody():
    """Fitted values of groups take many values, and yet their powers are in the model."""
    generator = np.random.default_rng(10)
    frame = pd.DataFrame(np.eye(8)[np.arange(160) % 8][:, 1:], columns=[*"abcdefg"])
    frame["y"] = generator.normal(size=160) + frame["a"]
    # everybody on the mean: what is fitted says nothing, and neither do its powers
    flat = pd.DataFrame({"x": [-1.0, 0, 1, 0] * 10, "y": [1.0, 0, 1, 2] * 10})
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        groups = diagnose_regression(frame, "y", [*"abcdefg"]).checks
        level = diagnose_regression(flat, "y", ["x"]).checks
        mixed = diagnose_regression(frame.assign(x=frame["y"] ** 2), "y", ["a", "x"]).checks
    assert np.isnan(groups.loc["reset"]).all() and np.isnan(level.loc["reset"]).all()
    assert mixed.loc["reset"].notna().all()


def test_collinearity_is_marked():
    generator = np.random.default_rng(8)
    x = generator.normal(size=200)
    frame = pd.DataFrame({"x1": x, "x2": x + 0.01 * generator.normal(size=200)})
    frame["y"] = x + generator.normal(size=200)
    found = diagnose_regression(frame, "y", ["x1", "x2"])
    notes = found.tidy().set_index(["row", "statistic"])["note"]
    assert notes["", "condition_number"] == "sterke collineariteit" and notes["x1", "vif"] == "hoog"


def test_tidy_of_diagnostics(checked):
    tidy = checked.tidy()
    assert list(tidy.columns) == list(TIDY_COLUMNS)
    assert tidy["n"].eq(163).all() and tidy["n_missing"].eq(77).all()
    cells = tidy.set_index(["row", "statistic"])
    assert cells.at[("", "reset"), "p"] == checked.checks.at["reset", "p"]
    assert cells.at[("", "cooks_d_beyond"), "value"] == checked.beyond.at["cooks_d", "count"]


# ---- suppression


def sample_with(correlations, n, names):
    """A sample whose correlations are exactly these."""
    generator = np.random.default_rng(9)
    raw = generator.normal(size=(n, len(names)))
    raw -= raw.mean(axis=0)
    white = raw @ np.linalg.inv(np.linalg.cholesky(raw.T @ raw / n)).T
    return pd.DataFrame(white @ np.linalg.cholesky(correlations).T, columns=names)


def footnote_three():
    # Footnote 3 (page 36): two predictors correlate zero with the outcome and have significant
    # negative betas, since they hang together with one that does predict. Effectiveness and a third
    # predictor go with networking (r = .36 and .15); the outcome with networking (.14) and with
    # wanting to leave.
    names = ["effective", "norm", "want", "network", "success"]
    upper = {
        ("effective", "network"): 0.42,
        ("norm", "want"): 0.35,
        ("want", "success"): 0.36,
        ("network", "success"): 0.20,
    }
    matrix = pd.DataFrame(np.eye(5), index=names, columns=names)
    for (one, other), value in upper.items():
        matrix.loc[one, other] = matrix.loc[other, one] = value
    return sample_with(matrix.to_numpy(), 390, names)


def test_the_suppressors_of_the_footnote_are_found():
    found = find_suppressors(footnote_three(), "success", ["effective", "norm", "want", "network"])
    table = found.predictors
    assert table.loc[["effective", "norm"], "r"].abs().max() < 1e-10
    assert (table.loc[["effective", "norm"], "beta"] < -0.05).all()
    assert (table.loc[["effective", "norm"], "beta_p"] < 0.05).all()
    assert table["kind"].tolist()[:2] == ["classical", "classical"]
    assert table.at["effective", "raises_most"] == "network"
    assert table.at["effective", "raised_by"] == "network"
    assert table.at["norm", "raises_most"] == "want"
    assert found.growth.at["network", "effective"] > 0
    assert {"effective", "norm"} <= set(found.suppressors)


def test_growth_is_what_leaving_out_shows():
    frame, names = footnote_three(), ["effective", "norm", "want", "network"]
    found = find_suppressors(frame, "success", names)
    full = standardized_regression(frame, "success", names).coefficients["beta"]
    rest = standardized_regression(frame, "success", names[1:]).coefficients["beta"]
    np.testing.assert_allclose(
        found.growth.loc[names[1:], "effective"], (full.abs() - rest.abs())[names[1:]], atol=1e-12
    )


def test_a_turned_sign_and_a_larger_beta_are_told_apart():
    # x1 correlates .2 with y, but only through x2: net. With r12 = -.5 both exceed r: cooperative.
    net = sample_with(np.array([[1, 0.8, 0.2], [0.8, 1, 0.5], [0.2, 0.5, 1]]), 300, ["a", "b", "y"])
    table = find_suppressors(net, "y", ["a", "b"]).predictors
    assert table["kind"].tolist() == ["net", "cooperative"]
    both = sample_with(
        np.array([[1, -0.5, 0.3], [-0.5, 1, 0.3], [0.3, 0.3, 1]]), 300, ["a", "b", "y"]
    )
    table = find_suppressors(both, "y", ["a", "b"]).predictors
    assert table["kind"].tolist() == ["cooperative", "cooperative"]


def test_predictors_that_share_are_no_suppressors():
    shared = np.array([[1, 0.5, 0.4], [0.5, 1, 0.4], [0.4, 0.4, 1]])
    found = find_suppressors(sample_with(shared, 300, ["a", "b", "y"]), "y", ["a", "b"])
    assert found.suppressors == [] and (found.predictors["difference"] < 0).all()
    assert (found.predictors["raises_most"] == "").all()


def test_tidy_of_suppression():
    found = find_suppressors(footnote_three(), "success", ["effective", "norm", "want", "network"])
    cells = found.tidy().set_index(["row", "column", "statistic"])
    assert cells.at[("norm", "success", "suppressor"), "value"] == 1
    assert cells.at[("norm", "success", "difference"), "note"].startswith("klassieke suppressor")
    grown = cells.at[("network", "effective", "growth"), "value"]
    assert grown == found.growth.at["network", "effective"]
    assert len(cells) == 4 * 6 + 4 * 3


@pytest.mark.parametrize(
    ("predictors", "options", "message"),
    [
        (["netwerken"], {}, "one predictor suppresses nothing"),
        (PREDICTORS, {"margin": 5}, "margin = 5 is out of range"),
        (PREDICTORS, {"level": 0}, "a level of 0 is not between 0 and 1"),
        (["netwerken", "weg"], {}, "weg is not in the data"),
    ],
)
def test_suppression_that_cannot_be_looked_for(predictors, options, message):
    with pytest.raises(AnalysisError) as caught:
        find_suppressors(data(), OUTCOME, predictors, **options)
    assert message in str(caught.value)
