"""Differences: the method that the levels call for, the numbers behind it, and what is hidden."""

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from asking_builder import planted
from mobiliteit.asking.data import Asked, prepare
from mobiliteit.asking.difference import answer_difference
from mobiliteit.asking.lexicon import load_lexicon
from mobiliteit.asking.question import Question, Restriction
from mobiliteit.inference.binary import binary_regression
from mobiliteit.inference.ordered import ordinal_regression

GROUPS = ("blijvers", "overwegers", "mobielen")
N = 300


def answered(wave, outcome, by, controls=(), who=(), level=0.95):
    question = Question("difference", outcome, by=by, controls=controls, who=who)
    used = wave.unweighted()
    asked = Asked(question, prepare(question, used), used, load_lexicon(wave.study), level)
    return answer_difference(asked)


def of(estimates, key, measure):
    return next(one for one in estimates if (one.id, one.measure) == (key, measure))


@pytest.fixture(scope="module")
def wave(loaded):
    rng = np.random.default_rng(3)
    group = rng.permutation(np.repeat(GROUPS, N // 3))
    men = rng.permutation(np.repeat([0, 1], N // 2))
    age = rng.normal(35, 8, N).round() + 5 * men
    own = pd.Series(group).map({"blijvers": 4.0, "overwegers": 3.2, "mobielen": 3.6}).to_numpy()
    return planted(
        loaded,
        N,
        mobiliteitsgroep=group,
        geslacht=men,
        leeftijd=age,
        loopbaantevredenheid=own + 0.03 * (age - 35) + rng.normal(0, 0.6, N),
        inkomen=np.clip(np.round(3 + men + rng.normal(0, 1, N)), 1, 6),
        pop=(rng.uniform(size=N) < 0.25 + 0.3 * men) * 1.0,
        branche=np.where(rng.uniform(size=N) < 0.5, "ggz", "jeugdzorg"),
    )


def test_two_groups_of_a_number_are_compared_by_d(wave):
    found = answered(wave, "loopbaantevredenheid", "geslacht")
    assert [one.measure for one in found.estimates] == ["d", "difference"]
    values = wave.frame["loopbaantevredenheid"]
    women, men = (values[wave.frame["geslacht"] == code] for code in (0, 1))
    test = stats.ttest_ind(women, men)
    assert found.main.id == "0:1" and found.p == pytest.approx(test.pvalue, rel=1e-9)
    raw = of(found.estimates, "0:1", "difference")
    assert raw.value == pytest.approx(women.mean() - men.mean())
    limits = test.confidence_interval()
    assert (raw.low, raw.high) == pytest.approx((limits.low, limits.high))
    welch = stats.ttest_ind(women, men, equal_var=False)
    assert found.robust[0].p == pytest.approx(welch.pvalue, rel=1e-9)


def test_more_groups_have_omega_squared_first_then_pairs(wave):
    found = answered(wave, "loopbaantevredenheid", "mobiliteitsgroep")
    assert [one.measure for one in found.estimates] == ["omega2", "d", "d", "d"]
    samples = [
        wave.frame.loc[wave.frame["mobiliteitsgroep"] == g, "loopbaantevredenheid"] for g in GROUPS
    ]
    assert found.p == pytest.approx(stats.f_oneway(*samples).pvalue, rel=1e-9)
    assert found.verdict == "clear" and found.main.id == "mobiliteitsgroep"
    ids = [one.id for one in found.estimates[1:]]
    assert ids == ["blijvers:overwegers", "blijvers:mobielen", "overwegers:mobielen"]
    assert found.estimates[1].value > 0 > found.estimates[3].value
    assert found.picture.kind == "groups" and list(found.picture.data["groups"]["id"]) == [*GROUPS]


def test_spread_that_differs_is_seen_and_said(loaded):
    rng = np.random.default_rng(5)
    men = np.repeat([0, 1], [40, 200])
    values = rng.normal(3, np.where(men == 0, 3.0, 1.0))
    wide = planted(loaded, 240, geslacht=men, loopbaantevredenheid=values)
    check = answered(wide, "loopbaantevredenheid", "geslacht").checks[0]
    parts = [values[men == code] - values[men == code].mean() for code in (0, 1)]
    test = stats.levene(*parts, center="median")
    assert (check.id, check.seen) != ("equal_spread", "fine")
    assert (check.value, check.p) == pytest.approx((test.statistic, test.pvalue))


def test_controls_make_the_difference_one_between_equals(wave):
    plain = of(answered(wave, "loopbaantevredenheid", "geslacht").estimates, "0:1", "difference")
    held = answered(wave, "loopbaantevredenheid", "geslacht", ("leeftijd",))
    adjusted = of(held.estimates, "0:1", "difference")
    # Men were made five years older, and satisfaction to rise by 0.03 a year: that is taken out.
    assert adjusted.value - plain.value == pytest.approx(0.15, abs=0.06)
    design = np.column_stack(
        [np.ones(N), wave.frame["geslacht"] == 0, wave.frame["leeftijd"]]
    ).astype("float64")
    slopes = np.linalg.lstsq(design, wave.frame["loopbaantevredenheid"].to_numpy(), rcond=None)[0]
    assert adjusted.value == pytest.approx(slopes[1], rel=1e-9)


def test_ordered_answers_are_compared_by_ranks(wave):
    found = answered(wave, "inkomen", "geslacht")
    assert [one.measure for one in found.estimates] == ["superiority", "epsilon2"]
    women, men = (wave.frame.loc[wave.frame["geslacht"] == code, "inkomen"] for code in (0, 1))
    above = (women.to_numpy()[:, None] > men.to_numpy()).mean()
    ties = (women.to_numpy()[:, None] == men.to_numpy()).mean()
    assert found.main.value == pytest.approx(above + ties / 2)
    assert found.main.value < 0.5 and found.verdict == "clear"
    h = stats.kruskal(women, men)
    assert found.p == pytest.approx(h.pvalue, rel=1e-9)
    assert found.estimates[1].value == pytest.approx(h.statistic / (N - 1), rel=1e-9)
    assert {one.measure for one in found.robust} == {"d"}


def test_ordered_answers_with_controls_have_odds_ratios(wave):
    found = answered(wave, "inkomen", "geslacht", ("leeftijd",))
    frame = wave.frame[["inkomen", "leeftijd"]].assign(vrouw=(wave.frame["geslacht"] == 0) * 1.0)
    fit = ordinal_regression(frame, "inkomen", ["vrouw", "leeftijd"]).coefficients
    assert found.main.measure == "odds_ratio" and found.main.id == "0:1"
    assert found.main.value == pytest.approx(float(fit.loc["vrouw", "odds_ratio"]), rel=1e-4)
    assert any(check.id == "proportional_odds" for check in found.checks)
    # Thresholds tell how many gave an answer, also one that few gave.
    assert not found.table["statistic"].str.contains("threshold").any()
    several = answered(wave, "inkomen", "mobiliteitsgroep", ("leeftijd",))
    assert [one.measure for one in several.estimates] == ["epsilon2", "odds_ratio", "odds_ratio"]


def test_a_yes_is_compared_by_shares(wave):
    found = answered(wave, "pop", "geslacht")
    assert [one.measure for one in found.estimates] == ["points", "cramers_v"]
    shares = wave.frame.groupby("geslacht")["pop"].mean()
    assert found.main.value == pytest.approx(shares[0] - shares[1])
    assert found.main.base == pytest.approx(shares[1])
    table = pd.crosstab(wave.frame["geslacht"], wave.frame["pop"])
    assert found.p == pytest.approx(stats.chi2_contingency(table, correction=False).pvalue)
    assert "points" not in found.picture.data and found.picture.labels["unit"].nl == "%"


def test_a_yes_with_controls_has_the_average_difference_in_chance(wave):
    found = answered(wave, "pop", "geslacht", ("leeftijd",))
    assert [one.measure for one in found.estimates] == ["points", "odds_ratio"]
    frame = wave.frame[["pop", "leeftijd"]].assign(vrouw=(wave.frame["geslacht"] == 0) * 1.0)
    fit = binary_regression(frame, "pop", ["vrouw", "leeftijd"]).coefficients
    assert found.main.value == pytest.approx(float(fit.loc["vrouw", "points"]), rel=1e-8)
    assert found.robust[0].measure == "points"
    assert found.main.base == pytest.approx(
        wave.frame.loc[wave.frame["geslacht"] == 1, "pop"].mean()
    )
    several = answered(wave, "pop", "mobiliteitsgroep", ("leeftijd",))
    assert [one.measure for one in several.estimates] == ["omega2", "points", "points"]


def test_a_rare_yes_is_as_large_as_the_shares_make_it(loaded):
    """Eight in a hundred against two: Cohen's h is 0.29, though it is only six points."""
    yes, men = np.arange(2000) % 100, np.arange(2000) // 1000
    rare = planted(loaded, 2000, pop=(yes < np.where(men, 2, 8)) * 1.0, geslacht=men * 1.0)
    found = answered(rare, "pop", "geslacht")
    assert found.main.value == pytest.approx(0.06) and found.size == "small"
    assert "vanaf het aandeel" in found.convention.nl and "from the share" in found.convention.en


def test_categories_are_compared_as_a_table(wave):
    found = answered(wave, "mobiliteitsgroep", "geslacht")
    assert [one.measure for one in found.estimates] == ["cramers_v"]
    table = pd.crosstab(wave.frame["geslacht"], wave.frame["mobiliteitsgroep"])
    chi2 = stats.chi2_contingency(table, correction=False)
    assert found.main.value == pytest.approx(np.sqrt(chi2.statistic / N))
    assert found.p == pytest.approx(chi2.pvalue)
    assert found.picture.data["shares"]["share"].sum() == pytest.approx(2)


@pytest.fixture(scope="module")
def few(loaded):
    # Of the first group four said yes, of the others 30 and 40.
    group = np.repeat(GROUPS, 100)
    yes = np.concatenate([np.arange(100) < k for k in (4, 30, 40)]) * 1.0
    men = np.tile([0, 1], 150)
    return planted(loaded, 300, mobiliteitsgroep=group, pop=yes, geslacht=men)


def test_a_yes_of_few_is_not_shown_nor_what_gives_it_away(few):
    found = answered(few, "pop", "mobiliteitsgroep")
    assert [one.id for one in found.estimates] == ["mobiliteitsgroep", "overwegers:mobielen"]
    assert found.picture is None and any(check.id == "small_counts" for check in found.checks)
    assert not np.isclose(found.table["value"], 0.04).any()
    held = answered(few, "pop", "mobiliteitsgroep", ("geslacht",))
    shown = {one.id for one in (*held.estimates, *held.robust)}
    assert not any("blijvers" in key for key in shown) and held.picture is None


def test_a_yes_of_few_in_one_of_two_groups(few):
    two = (Restriction("mobiliteitsgroep", ("blijvers", "mobielen")),)
    plain = answered(few, "pop", "mobiliteitsgroep", who=two)
    assert [one.measure for one in plain.estimates] == ["cramers_v"]
    held = answered(few, "pop", "mobiliteitsgroep", ("geslacht",), who=two)
    assert held.verdict == "withheld" and not held.estimates and held.n == 0


def test_cells_of_few_are_hidden_with_another_of_their_group(loaded):
    group = np.concatenate([np.repeat(GROUPS, [5, 60, 85]), np.repeat(GROUPS, [40, 50, 60])])
    men = np.repeat([0, 1], 150)
    found = answered(
        planted(loaded, 300, mobiliteitsgroep=group, geslacht=men), "mobiliteitsgroep", "geslacht"
    )
    shares = found.picture.data["shares"]
    women = shares[shares["group"] == "0"].set_index("category")["share"]
    assert women.isna().to_dict() == {"blijvers": True, "overwegers": True, "mobielen": False}
    assert shares[shares["group"] == "1"]["share"].notna().all()
    assert not np.isclose(found.table["value"], 5 / 150).any()


def test_few_expected_get_an_exact_test(loaded):
    men = np.repeat([0, 1], [20, 280])
    yes = np.concatenate([np.arange(20) < 10, np.arange(280) < 12]) * 1.0
    found = answered(planted(loaded, 300, geslacht=men, pop=yes), "pop", "geslacht")
    exact = stats.fisher_exact([[10, 10], [12, 268]]).pvalue
    assert found.robust[0].p == pytest.approx(exact) and found.main.p == pytest.approx(exact)
    assert found.checks[0].id == "expected_counts" and found.checks[0].seen != "fine"


def test_too_few_people_are_withheld(loaded):
    tiny = planted(loaded, 10, geslacht=[0, 1] * 5)
    assert answered(tiny, "loopbaantevredenheid", "geslacht").verdict == "withheld"


def test_a_sentence_says_which_group_is_higher(wave):
    text = answered(wave, "loopbaantevredenheid", "mobiliteitsgroep").say("nl")
    assert "hoogst bij ‘Blijvers’" in text and "laagst bij ‘Overwegers’" in text
