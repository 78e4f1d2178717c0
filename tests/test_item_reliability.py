"""Alpha, omega and the items of a scale: against psych and lavaan, by hand, and with gaps."""

import numpy as np
import pytest

from factor_builder import draw, exact_rows, frame_of
from mobiliteit.errors import AnalysisError
from mobiliteit.inference.reliability import HEYWOOD, OPPOSED, TWO_ITEMS, item_reliability
from mobiliteit.results import TIDY_COLUMNS
from mobiliteit.weights import WEIGHT
from reference.factor_values import ITEMS, data, r

SETS = ["v a", "w d", "u b", "d a"]


def result(name, **options):
    scale, wave = name.split()
    return item_reliability(data(wave), ITEMS[scale], **options)


# ---- against R


@pytest.mark.parametrize("name", SETS)
def test_alpha_and_items_are_those_of_psych(name):
    # closed forms of sums over two hundred rows
    found = result(name)
    assert found.alpha == pytest.approx(r("reliability", name, "", "alpha_psych"), rel=1e-12)
    low, high = found.alpha_interval
    assert low == pytest.approx(r("reliability", name, "", "feldt_low"), rel=1e-9)
    assert high == pytest.approx(r("reliability", name, "", "feldt_high"), rel=1e-9)
    for item, row in found.items.iterrows():
        expected = r("reliability", name, item, "item_rest")
        assert row["item_rest"] == pytest.approx(expected, rel=1e-12)
        if len(found.items) > 2:
            expected = r("reliability", name, item, "without")
            assert row["alpha_without"] == pytest.approx(expected, rel=1e-12)


@pytest.mark.parametrize("name", SETS)
def test_errors_are_those_of_lavaan(name):
    # lavaan fits by iteration even what has a closed form: seven digits (see test_factors.py)
    found = result(name)
    assert found.alpha_se == pytest.approx(r("reliability", name, "", "alpha_se"), rel=2e-7)
    if name != "d a":
        assert found.omega == pytest.approx(r("reliability", name, "", "omega"), rel=1e-6)
        assert found.omega_se == pytest.approx(r("reliability", name, "", "omega_se"), rel=1e-6)


# ---- by hand


def test_parallel_items_have_one_reliability():
    # variances 1, correlations 0.4: alpha = omega = Spearman-Brown, 4 * 0.4 / (1 + 3 * 0.4)
    covariance = 0.6 * np.eye(4) + 0.4
    found = item_reliability(frame_of(exact_rows(covariance)), ["x1", "x2", "x3", "x4"])
    assert found.alpha == pytest.approx(1.6 / 2.2, rel=1e-12)
    assert found.omega == pytest.approx(1.6 / 2.2, rel=1e-8)
    assert found.items["loading"].tolist() == pytest.approx([np.sqrt(0.4)] * 4, rel=1e-7)
    assert found.items["item_rest"].tolist() == pytest.approx([1.2 / np.sqrt(5.4)] * 4)
    assert found.items["alpha_without"].tolist() == pytest.approx([1.2 / 1.8] * 4)


def test_unequal_loadings_put_omega_above_alpha():
    loadings = np.array([0.9, 0.6, 0.3])
    covariance = np.outer(loadings, loadings)
    np.fill_diagonal(covariance, 1.0)
    found = item_reliability(frame_of(exact_rows(covariance)), ["x1", "x2", "x3"])
    assert found.omega == pytest.approx(3.24 / (3.24 + 3 - 1.26), rel=1e-8)
    assert found.alpha == pytest.approx(1.5 * (1 - 3 / (3 + 2 * 0.99)), rel=1e-12)
    assert found.omega > found.alpha


def test_limits_at_another_level():
    narrow, wide = result("v a", level=0.9), result("v a", level=0.99)
    for limits in ("alpha_interval", "alpha_robust_interval", "omega_interval"):
        (a, b), (c, d) = getattr(narrow, limits), getattr(wide, limits)
        assert c < a < b < d <= 1
    reach = 1.6448536269514722 * narrow.omega_se
    assert narrow.omega_interval == pytest.approx((narrow.omega - reach, narrow.omega + reach))


def test_no_upper_limit_above_one():
    few = exact_rows(0.7 * np.eye(3) + 0.3, n=12)
    found = item_reliability(frame_of(few), ["x1", "x2", "x3"], level=0.9999)
    assert found.alpha_robust_interval[1] == 1 and found.alpha_interval[1] < 1


# ---- gaps, and what cannot be given


def test_everything_rests_on_the_same_respondents():
    frame = frame_of(exact_rows(np.eye(3) + 1, n=60))
    frame.loc[:4, "x1"] = np.nan
    frame.loc[0, ["x2", "x3"]] = np.nan
    found = item_reliability(frame, ["x1", "x2", "x3"])
    assert (found.sample.n, found.sample.n_missing) == (55, 4)
    complete = item_reliability(frame.iloc[5:], ["x1", "x2", "x3"])
    assert found.items["alpha_without"].tolist() == complete.items["alpha_without"].tolist()
    assert found.omega == complete.omega


def test_two_items_have_no_omega():
    found = result("d a")
    assert np.isnan(found.omega) and np.isnan(found.omega_se) and found.omega_note == TWO_ITEMS
    assert found.items[["loading", "alpha_without"]].isna().all().all()
    notes = found.tidy().set_index("statistic")["note"]
    assert notes["omega"] == notes["omega_ci_low"] == TWO_ITEMS
    assert "Feldt" in notes["alpha_ci_low"]


def test_no_omega_from_a_heywood_case_or_an_item_the_wrong_way_round():
    heywood = np.array([[1, 0.8, 0.8], [0.8, 1, 0.5], [0.8, 0.5, 1]])
    found = item_reliability(frame_of(exact_rows(heywood)), ["x1", "x2", "x3"])
    assert np.isnan(found.omega) and found.omega_note == HEYWOOD and found.alpha > 0.8
    frame = data("a").assign(v2=lambda rows: 6 - rows["v2"])
    found = item_reliability(frame, ITEMS["v"])
    assert np.isnan(found.omega) and found.omega_note == OPPOSED
    assert found.items.loc["v2", "loading"] < 0


@pytest.mark.parametrize(
    ("damage", "says"),
    [
        (lambda frame: frame.assign(x2=3.0), "hetzelfde antwoord op x2"),
        (lambda frame: frame.iloc[:8], "te weinig respondenten"),
        (lambda frame: frame.assign(x2=np.nan), "niemand"),
        (lambda frame: frame.iloc[:0], "niemand"),
    ],
)
def test_data_without_an_answer_give_nan_and_a_note(damage, says):
    frame = damage(frame_of(exact_rows(np.eye(3) + 1, n=40)))
    found = item_reliability(frame, ["x1", "x2", "x3"])
    assert says in found.note and says in found.omega_note
    assert np.isnan([found.alpha_se, *found.alpha_interval, *found.alpha_robust_interval]).all()
    assert np.isnan([found.omega, found.omega_se, *found.omega_interval]).all()
    assert says in found.tidy().set_index("statistic").loc["omega", "note"]


def test_weighted_respondents_and_bad_levels_are_refused():
    with pytest.raises(AnalysisError, match="no weighted form"):
        item_reliability(data("a").assign(**{WEIGHT: 1.0}), ITEMS["v"])
    with pytest.raises(AnalysisError, match="not between 0 and 1"):
        item_reliability(data("a"), ITEMS["v"], level=95)
    with pytest.raises(AnalysisError, match="1 different items"):
        item_reliability(data("a"), ["v1"])


def test_tidy():
    found = result("v a")
    tidy = found.tidy()
    assert tuple(tidy.columns) == TIDY_COLUMNS
    cells = tidy.set_index(["row", "statistic"])
    assert cells.loc[("scale", "omega_ci_high"), "value"] == found.omega_interval[1]
    assert cells.loc[("scale", "alpha_robust_low"), "value"] == found.alpha_robust_interval[0]
    assert cells.loc[("v3", "alpha_without"), "value"] == found.items.loc["v3", "alpha_without"]
    assert set(tidy["n"]) == {found.sample.n}
    assert not cells.index.duplicated().any()


# ---- do the intervals hold what they say?


@pytest.mark.slow
@pytest.mark.parametrize("five_points", [False, True])
def test_coverage(five_points):
    # 1,500 draws: the standard error of a coverage of 95% is 0.56 points
    rng = np.random.default_rng(7)
    loadings, names = [0.8, 0.7, 0.6, 0.7], ["x1", "x2", "x3", "x4"]
    truth = item_reliability(
        frame_of(draw(rng, 1_000_000, loadings, five_points=five_points)), names
    )
    held = {"feldt": 0, "robust": 0, "omega": 0}
    for _ in range(1_500):
        frame = frame_of(draw(rng, 250, loadings, five_points=five_points))
        found = item_reliability(frame, names)
        held["feldt"] += found.alpha_interval[0] <= truth.alpha <= found.alpha_interval[1]
        low, high = found.alpha_robust_interval
        held["robust"] += low <= truth.alpha <= high
        held["omega"] += found.omega_interval[0] <= truth.omega <= found.omega_interval[1]
    for name, count in held.items():
        assert 0.93 <= count / 1_500 <= 0.965, (name, five_points)
