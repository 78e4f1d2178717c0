"""Groups compared with other things held equal, and two waves in one model, against R."""

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from builders import failure
from mobiliteit.design import design_of
from mobiliteit.errors import AnalysisError
from mobiliteit.inference.adjusted import adjusted_differences
from mobiliteit.inference.changes import change, mean_of, two_waves
from mobiliteit.inference.contrasts import pairwise_means
from mobiliteit.inference.effects import standardized_differences, variance_explained
from mobiliteit.inference.pooled_waves import change_of_mean, change_of_slope, pooled_sd
from mobiliteit.inference.ranks import compare_ranks
from mobiliteit.weights import with_design
from reference.groups_asked_values import data, r_value
from reference.panel_values import panel_data

CONTROLS = ["netwerken", "leeftijd", "klas"]
# Limits of a noncentral distribution: R's pt and pf stop at about ten digits, and so does the root.
NONCENTRAL = 1e-6


@pytest.fixture(scope="module")
def found():
    return adjusted_differences(data(), "scholing", "groep", CONTROLS)


def test_whole_test_agrees_with_r(found):
    assert found.n == r_value("adjusted", "", "n")
    assert found.df[1] == r_value("adjusted", "", "df2")
    for name in ("f", "p", "f_hc3", "p_hc3", "eta2", "omega2"):
        assert getattr(found, name) == r_value("adjusted", "", name), name
    assert found.low == r_value("adjusted", "", "low", NONCENTRAL)
    assert found.high == r_value("adjusted", "", "high", NONCENTRAL)


def test_adjusted_means_agree_with_r(found):
    for group, row in found.groups.iterrows():
        assert row["mean"] == r_value("adjusted", group, "mean")
        assert row["se"] == r_value("adjusted", group, "se")


def test_pairs_agree_with_r(found):
    for _, pair in found.pairs.iterrows():
        row = f"{pair['a']} {pair['b']}"
        for name in ("difference", "se", "p_unadjusted", "se_hc3", "d"):
            assert pair[name] == r_value("adjusted", row, name), (row, name)
        for name in ("d_low", "d_high"):
            assert pair[name] == r_value("adjusted", row, name, NONCENTRAL), (row, name)


def test_without_controls_it_is_the_analysis_of_variance():
    frame = data()
    own = adjusted_differences(frame, "scholing", "groep")
    whole = variance_explained(frame, "scholing", "groep")
    for name in ("f", "p", "eta2", "omega2", "low", "high", "n", "n_missing"):
        assert getattr(own, name) == pytest.approx(getattr(whole, name), rel=1e-10), name
    pairs = pairwise_means(frame, "scholing", "groep", method="holm_pooled").pairs
    for name in ("difference", "se", "p_unadjusted", "p", "low", "high"):
        assert np.allclose(own.pairs[name], pairs[name], rtol=1e-9), name


def test_d_of_two_groups_is_the_exact_one():
    frame = data()
    two = adjusted_differences(frame, "scholing", "geslacht_klasse").pairs.iloc[0]
    exact = standardized_differences(frame, "scholing", "geslacht_klasse").pairs.iloc[0]
    for mine, theirs in (("d", "g"), ("d_low", "low"), ("d_high", "high")):
        assert two[mine] == pytest.approx(exact[theirs], rel=1e-9)


def test_ranks_give_epsilon_squared():
    frame = data()[["succes", "groep"]].dropna()
    frame["grof"] = frame["succes"].round()
    ranked = frame.assign(rank=stats.rankdata(frame["grof"]))
    own = adjusted_differences(ranked, "rank", "groep")
    assert own.eta2 == r_value("ranks", "", "epsilon2")
    assert compare_ranks(frame, "grof", "groep").h == r_value("ranks", "", "h")


def test_interval_of_d_leaves_out_zero_just_where_p_does(found):
    for level in (0.5, 0.9, 0.99):
        pairs = adjusted_differences(data(), "scholing", "groep", CONTROLS, level=level).pairs
        outside = (pairs["d_low"] > 0) | (pairs["d_high"] < 0)
        assert (outside == (pairs["p_unadjusted"] < 1 - level)).all()


def test_one_alone_fixing_a_coefficient_has_no_robust_error():
    frame = data().assign(alleen=lambda f: (np.arange(len(f)) == 5) * 1.0)
    own = adjusted_differences(frame, "scholing", "geslacht_klasse", ["alleen"])
    assert np.isfinite(own.f) and np.isnan(own.f_hc3) and own.pairs["se_hc3"].isna().all()


@pytest.mark.parametrize(
    ("by", "controls", "says"),
    [
        ("groep", ["groep_getal"], "determine each other"),
        ("groep", ["scholing"], "left to chance"),
        ("groep", ["nergens"], "not in the data"),
        ("een", [], "fewer than two groups with answers"),
        ("leeftijd", [], "makes no groups"),
    ],
)
def test_what_cannot_be_compared_is_refused(by, controls, says):
    frame = data().assign(een=pd.Categorical(["a"] * 240))
    frame["groep_getal"] = (frame["groep"] == "2") * 1.0
    error = failure(lambda: adjusted_differences(frame, "scholing", by, controls), AnalysisError)
    assert says in str(error)


@pytest.fixture(scope="module")
def panel():
    frame = panel_data()
    frame = frame[frame["wave"].isin([1, 2])].drop(columns=["flat", "group"]).dropna()
    return frame.assign(later=frame["wave"] == 2)


def parts(frame, *names):
    arrays = [frame[name].to_numpy(dtype="float64") for name in names]
    return *arrays, frame["later"].to_numpy(), frame["person"].to_numpy()


def test_change_of_mean_agrees_with_clustered_errors_of_r(panel):
    y, later, person = parts(panel, "y")
    own = change_of_mean(y, later, panel[["x", "z"]].to_numpy(), person)
    assert (own.value, own.se) == (r_value("level", "", "value"), r_value("level", "", "se"))
    assert own.df == r_value("level", "", "df")


def test_change_of_slope_agrees_with_clustered_errors_of_r(panel):
    y, x, later, person = parts(panel, "y", "x")
    own = change_of_slope(y, x, later, panel[["z"]].to_numpy(), person)
    for name in ("first", "second", "change"):
        estimate = getattr(own, name)
        assert estimate.value == r_value("slope", name, "value")
        assert estimate.se == r_value("slope", name, "se")
    assert own.second.value == r_value("slope", "second", "alone")


def test_a_line_goes_through_the_means_of_its_wave(panel):
    y, x, later, person = parts(panel, "y", "x")
    own = change_of_slope(y, x, later, panel[["z"]].to_numpy(), person)
    for line, rows in zip(own.lines, (~later, later), strict=True):
        assert line @ [1, x[rows].mean()] == pytest.approx(y[rows].mean(), rel=1e-10)


def test_a_column_without_spread_in_one_wave_is_left_out_there(panel):
    y, x, later, person = parts(panel, "y", "x")
    only = np.column_stack([np.where(later, panel["z"], 1.0)])
    own = change_of_slope(y, x, later, only, person)
    rows = ~later
    assert own.first.value == pytest.approx(np.polyfit(x[rows], y[rows], 1)[0], rel=1e-9)


def test_change_of_mean_without_controls_is_that_of_the_trends_but_for_a_factor(panel):
    y, later, person = parts(panel, "y")
    own = change_of_mean(y, later, np.empty((len(y), 0)), person)
    frames = [panel[~panel["later"]].set_index("person"), panel[panel["later"]].set_index("person")]
    designs = [design_of(with_design(f, np.ones(len(f)))) for f in frames]
    waves = two_waves(*designs, (frames[0].index, frames[1].index))
    means = [mean_of(d, f["y"].to_numpy()) for d, f in zip(designs, frames, strict=True)]
    theirs = change(waves, *means)
    assert own.value == pytest.approx(theirs.value, rel=1e-12)
    assert own.se == pytest.approx(theirs.se, rel=0.005)


def test_pooled_sd_is_that_within_waves():
    values, later = np.array([1.0, 3, 10, 14]), np.array([False, False, True, True])
    assert pooled_sd(values, later) == pytest.approx(np.sqrt((2 + 8) / 2))


@pytest.mark.slow
def test_intervals_of_adjusted_d_cover():
    # 1,000 samples: a coverage of 95% is estimated with an error of 0.7 points; three of those.
    rng, n, draws = np.random.default_rng(7), 150, 1000
    hits = 0
    for _ in range(draws):
        group = rng.integers(0, 3, n)
        x = 0.5 * group + rng.normal(size=n)
        y = 0.4 * (group == 1) + 0.6 * x + rng.normal(size=n)
        frame = pd.DataFrame({"y": y, "x": x, "g": pd.Categorical(group).rename_categories(str)})
        pair = adjusted_differences(frame, "y", "g", ["x"]).pairs.iloc[0]
        # within groups x has variance 1: the outcome's is 0.36 + 1
        truth = -0.4 / np.sqrt(1.36)
        hits += pair["d_low"] <= truth <= pair["d_high"]
    assert abs(hits / draws - 0.95) < 0.021
