"""Is the scale still the same scale: against R, with planted changes, and where nobody can say."""

import numpy as np
import pytest

from factor_builder import draw, exact_rows, frame_of
from mobiliteit.errors import AnalysisError
from mobiliteit.inference.factors import chi2_difference, fit_factor
from mobiliteit.inference.invariance import (
    NOT_COMPARABLE,
    InvarianceRule,
    measurement_invariance,
)
from mobiliteit.inference.invariance_words import SAYS
from mobiliteit.inference.item_samples import item_sample
from mobiliteit.results import TIDY_COLUMNS
from mobiliteit.weights import WEIGHT
from reference.factor_values import ITEMS, data, given, r

CHI2_ONLY = InvarianceRule(cfi_drop=None, rmsea_rise=None)
LOADINGS = np.array([0.8, 0.7, 0.6, 0.7])
X = ["x1", "x2", "x3", "x4"]


def invariance(name, **options):
    scale, waves = name.split()
    return measurement_invariance(data(waves), ITEMS[scale], "wave", **options)


def exact_group(loadings=LOADINGS, intercepts=(0, 0, 0, 0), mean=0.0, sd=1.0, n=500, seed=0):
    """Rows that have the moments of a factor model exactly; residual variances 0.5."""
    loadings = np.asarray(loadings)
    covariance = sd**2 * np.outer(loadings, loadings) + 0.5 * np.eye(len(loadings))
    return exact_rows(covariance, n, np.asarray(intercepts) + mean * loadings, seed)


# ---- against R


@pytest.mark.parametrize("name", ["v ab", "v abc"])
def test_steps_are_the_difference_tests_of_lavaan(name):
    found = invariance(name, strict=True)
    steps = found.steps.set_index("model")
    assert list(steps.index) == ["metric", "scalar", "strict"]
    assert list(steps["against"]) == ["configural", "metric", "scalar"]
    fits = {model: given("fit", name) for model in ("configural", *steps.index)}
    before = "configural"
    for model, step in steps.iterrows():
        assert step["chi2"] == pytest.approx(r("step", name, model, "chi2"), rel=1e-8)
        assert step["p_scaled"] == pytest.approx(r("step", name, model, "p_scaled"), rel=1e-5)
        for change, measure, sign in (
            ("cfi_drop", "cfi", -1), ("rmsea_rise", "rmsea", 1), ("srmr_rise", "srmr", 1),
        ):  # fmt: skip
            theirs = fits[model][model, measure] - fits[before][before, measure]
            assert step[change] == pytest.approx(sign * theirs, abs=1e-6)
        before = model


def test_latent_observed_and_expected_differences_are_those_of_r():
    # latent and expected: lavaan's estimates and delta method (tolerances: test_factors.py)
    means = invariance("v abc").means.set_index("group")
    theirs = given("mean", "v abc scalar")
    for group in ("b", "c"):
        ours = means.loc[group]
        assert ours["latent"] == pytest.approx(theirs[group, "est"], abs=2e-5)
        assert ours["latent_se"] == pytest.approx(theirs[group, "se_robust"], abs=2e-5)
        for statistic, name in (("expected", "difference"), ("expected_se", "se")):
            expected = r("expected", "v abc", group, name)
            assert ours[statistic] == pytest.approx(expected, abs=2e-5)
        for statistic, name in (
            ("observed", "difference"), ("observed_low", "low"), ("observed_high", "high"),
        ):  # fmt: skip
            expected = r("observed", "v abc", group, name)
            assert ours[statistic] == pytest.approx(expected, rel=1e-10)
        reach = 1.959963984540054 * ours["latent_se"]
        assert ours["latent_low"] == pytest.approx(ours["latent"] - reach)
        assert ours["expected_high"] == pytest.approx(
            ours["expected"] + 1.959963984540054 * ours["expected_se"]
        )


def test_a_pair_is_that_of_cor_test_and_oneway_test():
    found = invariance("d abc")
    pair = found.pair
    for group, row in pair.groups.iterrows():
        for statistic in ("r", "r_low", "r_high"):
            expected = r("pair", "d abc", group, statistic)
            assert row[statistic] == pytest.approx(expected, rel=1e-10)
    assert pair.same_gap[0] == pytest.approx(r("pair", "d abc", "", "F"), rel=1e-10)
    assert pair.same_gap[1] == pytest.approx(r("pair", "d abc", "", "p"), rel=1e-9)


def test_homogeneity_of_correlations_by_hand():
    groups = [exact_rows([[1, rho], [rho, 1]], n) for rho, n in ((0.3, 103), (0.6, 53))]
    pair = measurement_invariance(frame_of(*groups), ["x1", "x2"], "wave").pair
    z = np.arctanh([0.3, 0.6])
    # two groups: the square of (z1 - z2) / sqrt(1/100 + 1/50)
    assert pair.same_r[0] == pytest.approx((z[0] - z[1]) ** 2 / 0.03, rel=1e-9)


# ---- verdicts, on exact moments: what is planted is found, and the numbers are the planted ones


def test_the_same_scale_holds_and_gives_the_planted_difference():
    frame = frame_of(exact_group(), exact_group(mean=0.5, sd=1.3), exact_group(mean=-0.2, sd=0.8))
    found = measurement_invariance(frame, X, "wave")
    assert found.verdict == "holds" and found.comparable is True and found.freed.empty
    assert found.fits["scalar"].measures["chi2"] == pytest.approx(0, abs=1e-8)
    means = found.means.set_index("group")
    assert means["latent"].tolist() == pytest.approx([0.5, -0.2], abs=1e-6)
    # nothing but the factor moved, so what it would have moved is what was seen
    assert means["expected"].tolist() == pytest.approx([0.5 * 0.7, -0.2 * 0.7], abs=1e-6)
    assert means["observed"].tolist() == pytest.approx(means["expected"].tolist(), abs=1e-6)


def test_a_shifted_intercept_is_named_and_taken_out_of_the_means():
    frame = frame_of(exact_group(), exact_group(intercepts=(0, 0.4, 0, 0), mean=0.2))
    found = measurement_invariance(frame, X, "wave")
    assert found.verdict == "partial" and found.comparable is True
    assert found.freed[["model", "kind", "item"]].values.tolist() == [
        ["scalar (partial)", "intercepts", "x2"]
    ]
    assert list(found.fits) == ["configural", "metric", "scalar", "scalar (partial)"]
    assert found.steps.set_index("model")["holds"].to_dict() == {
        "metric": True,
        "scalar": False,
        "scalar (partial)": True,
    }
    means = found.means.iloc[0]
    assert means["latent"] == pytest.approx(0.2, abs=1e-6)
    assert means["expected"] == pytest.approx(0.14, abs=1e-6)
    assert means["observed"] == pytest.approx(0.14 + 0.1, abs=1e-9)
    assert "intercept van x2" in found.in_words()


def test_an_item_with_its_own_loading_keeps_its_own_intercept():
    changed = LOADINGS * (1, 1, 0.3, 1)
    frame = frame_of(exact_group(), exact_group(changed, mean=1.0), exact_group())
    found = measurement_invariance(frame, X, "wave")
    assert found.verdict == "partial"
    assert found.freed[["kind", "item"]].values.tolist() == [
        ["loadings", "x3"],
        ["intercepts", "x3"],
    ]
    assert np.isnan(found.freed["p"].iloc[1]) and "eigen lading" in found.freed["note"].iloc[1]
    assert found.fits["scalar"].own == {"loadings": ("x3",), "intercepts": ("x3",)}
    assert found.means["latent"].tolist() == pytest.approx([1.0, 0.0], abs=1e-5)


def test_two_shifted_items_are_both_freed_and_three_are_too_many():
    one = exact_group()
    two = measurement_invariance(
        frame_of(one, exact_group(intercepts=(0, 0.6, 0, -0.9))), X, "wave", rule=CHI2_ONLY
    )
    assert two.verdict == "partial" and set(two.freed["item"]) == {"x2", "x4"}
    assert two.means["latent"].tolist() == pytest.approx([0], abs=1e-6)
    three = measurement_invariance(
        frame_of(one, exact_group(intercepts=(0, 0.6, 1.2, -0.9))), X, "wave", rule=CHI2_ONLY
    )
    assert three.verdict == "fails" and three.comparable is False
    assert "intercepten verschillen" in three.in_words()
    assert three.means[["latent", "latent_p", "expected"]].isna().all().all()
    assert set(three.means["note"]) == {NOT_COMPARABLE}
    assert three.means["observed"].tolist() == pytest.approx([0.225])


def test_loadings_that_all_differ_end_the_ladder():
    loadings = [(0.9, 0.3, 0.7), (0.3, 0.9, 0.7), (0.7, 0.6, 0.2)]
    frame = frame_of(*[exact_group(each, (0, 0, 0)) for each in loadings])
    found = measurement_invariance(frame, X[:3], "wave", rule=CHI2_ONLY)
    assert found.verdict == "fails" and "ladingen verschillen" in found.in_words()
    assert "scalar" not in found.fits


def test_items_of_more_than_one_factor_fail_at_the_start():
    found = invariance("h ab")
    assert found.verdict == "fails" and "één factor past niet" in found.in_words()
    assert list(found.fits) == ["configural"] and found.steps.empty
    # lavaan: CFI .883, SRMR .0816; each is enough
    for rule in (InvarianceRule(least_cfi=0.88), InvarianceRule(most_srmr=0.09)):
        assert invariance("h ab", rule=rule).verdict == "fails"
    lax = invariance("h ab", rule=InvarianceRule(least_cfi=0.88, most_srmr=0.09))
    assert lax.verdict == "holds"


def test_three_items_say_that_one_factor_cannot_be_tested():
    frame = frame_of(exact_group(LOADINGS[:3], (0, 0, 0)), exact_group(LOADINGS[:3], (0, 0, 0)))
    found = measurement_invariance(frame, X[:3], "wave")
    assert found.verdict == "holds" and "met drie items niet te toetsen" in found.in_words()
    four = measurement_invariance(frame_of(exact_group(), exact_group()), X, "wave")
    assert "niet te toetsen" not in four.in_words()


def test_two_items_cannot_say():
    found = invariance("d abc")
    assert found.verdict == "cannot say" and found.comparable is None
    assert found.in_words() == SAYS["nl"]["two_items"] and not found.fits
    assert found.means["observed"].notna().all() and found.means["latent"].isna().all()
    tidy = found.tidy()
    assert tidy["statistic"].tolist().count("r") == 3
    p = tidy.set_index("statistic")["p"]
    assert p["F_same_gap"] == found.pair.same_gap[1]


# ---- the rule is a setting


@pytest.mark.parametrize(
    ("parts", "holds"),
    [
        ({}, False),
        ({"alpha": 0.04}, True),
        ({"alpha": 0.042}, False),
        ({"cfi_drop": 0.0121}, True),
        ({"cfi_drop": 0.0119}, False),
        ({"cfi_drop": 0.02, "rmsea_rise": 0.0076}, False),
        ({"cfi_drop": 0.02, "rmsea_rise": 0.0078}, True),
        ({"cfi_drop": None}, True),
        ({"cfi_drop": None, "rmsea_rise": None}, False),
        ({"alpha": None}, False),
        ({"alpha": None, "cfi_drop": 0.02}, True),
    ],
)
def test_each_part_of_the_rule_counts(parts, holds):
    # lavaan: p .041, CFI falls by .0120, RMSEA rises by .0077
    steps = invariance("w abcd", rule=InvarianceRule(**parts)).steps.set_index("model")
    assert bool(steps.at["metric", "holds"]) is holds


def test_rmsea_does_not_count_against_a_saturated_model():
    # three items: RMSEA rises from 0, which is 0 by definition
    rule = InvarianceRule(cfi_drop=0.2, rmsea_rise=0.001)
    found = invariance("u abc", rule=rule)
    metric = found.steps.set_index("model").loc["metric"]
    assert metric["rmsea_rise"] > 0.1 and metric["p_scaled"] < 0.01 and metric["holds"]


def test_a_rule_that_asks_nothing_is_refused():
    with pytest.raises(AnalysisError, match="asks nothing"):
        invariance("v ab", rule=InvarianceRule(alpha=None, cfi_drop=None, rmsea_rise=None))
    with pytest.raises(AnalysisError, match="not between 0 and 1"):
        invariance("v ab", rule=InvarianceRule(alpha=5))


# ---- where nobody can say


@pytest.mark.parametrize(
    ("damage", "says"),
    [
        (lambda f: f.assign(x2=f["x2"].where(f["wave"] != "b", 3.0)), "antwoord op x2 (b)"),
        (lambda f: f.iloc[:505], "te weinig respondenten: 5, nodig 15 (b)"),
        (lambda f: f.iloc[:500], "minder dan twee groepen"),
        (lambda f: f.assign(x1=np.nan), "niemand heeft alle items beantwoord"),
        (lambda f: f.iloc[:0], "niemand heeft alle items beantwoord"),
    ],
)
@pytest.mark.parametrize("k", [2, 4])
def test_data_that_do_not_allow_it_give_a_reason(damage, says, k):
    frame = damage(frame_of(exact_group(), exact_group()))
    with np.errstate(all="raise"):
        found = measurement_invariance(frame, X[:k], "wave")
    tidy = found.tidy()
    assert found.verdict == "cannot say" and found.comparable is None
    assert tidy.set_index("statistic").loc["comparable", "value"] != 1
    if k == 4:
        assert says in found.in_words()
    else:
        assert found.in_words() == SAYS["nl"]["two_items"]
        assert says.replace("15", "6") in found.pair.note
        assert np.isnan([*found.pair.same_r, *found.pair.same_gap]).all()


def test_items_too_weak_to_carry_a_factor():
    weak = exact_rows(np.eye(4), 300)
    found = measurement_invariance(frame_of(weak, exact_group()), X, "wave")
    assert found.verdict == "cannot say" and "Niet te toetsen" in found.in_words()


def test_few_different_answers_are_a_caution():
    frame = data("ab").assign(v2=lambda rows: rows["v2"].clip(2, 4))
    found = measurement_invariance(frame, ITEMS["v"], "wave")
    assert "minder dan vijf verschillende antwoorden: v2" in found.in_words()


def test_a_heywood_case_is_a_caution():
    rows = exact_rows([[1, 0.8, 0.8], [0.8, 1, 0.5], [0.8, 0.5, 1]], 300)
    found = measurement_invariance(frame_of(rows, rows + 0.2), X[:3], "wave")
    assert found.verdict == "holds" and "(Heywood): x1" in found.in_words()
    assert "(Heywood): x1" in found.steps.set_index("model").at["scalar", "note"]


def test_an_item_freed_without_being_significant_by_itself_says_so():
    groups = [exact_group(n=150), exact_group(intercepts=(0.16, -0.16, 0.14, -0.14), n=150)]
    found = measurement_invariance(frame_of(*groups), X, "wave")
    first = found.freed.iloc[0]
    assert first["p_holm"] > 0.05 and "niet aantoonbaar op zichzelf" in first["note"]
    sure = measurement_invariance(
        frame_of(exact_group(), exact_group(intercepts=(0, 0.4, 0, 0))), X, "wave"
    )
    assert sure.freed.iloc[0]["p_holm"] < 0.001
    assert "niet aantoonbaar" not in sure.freed.iloc[0]["note"]


def test_weighted_respondents_are_refused():
    with pytest.raises(AnalysisError, match="measurement_invariance has no weighted form"):
        measurement_invariance(data("ab").assign(**{WEIGHT: 1.0}), ITEMS["v"], "wave")


def test_tidy():
    found = invariance("w abcd")
    tidy = found.tidy()
    assert tuple(tidy.columns) == TIDY_COLUMNS
    cells = tidy.set_index(["row", "column", "statistic"])
    assert not cells.index.duplicated().any()
    assert cells.loc[("verdict", "partial", "comparable"), "value"] == 1
    assert cells.loc[("verdict", "partial", "comparable"), "note"] == found.in_words()
    assert cells.loc[("metric", "", "cfi"), "value"] == found.fits["metric"].measures["cfi"]
    scalar = cells.loc[("scalar", "na metric (partial)", "step_chi2_scaled")]
    assert scalar["p"] == found.steps.set_index("model").at["scalar", "p_scaled"]
    freed = cells.loc[("w2", "scalar (partial)", "freed_intercepts")]
    assert freed["p"] == found.freed.iloc[-1]["p_holm"]
    latent = cells.loc[("mean", "c - a", "latent")]
    assert latent["value"] == found.means.set_index("group").at["c", "latent"]
    assert latent["p"] == found.means.set_index("group").at["c", "latent_p"]
    assert (
        cells.loc[("w2", "d", "intercept"), "value"] != cells.loc[("w2", "a", "intercept"), "value"]
    )
    assert (
        cells.loc[("w1", "d", "intercept"), "value"] == cells.loc[("w1", "a", "intercept"), "value"]
    )


# ---- simulated: what the tests do under invariance, and whether a planted change is found


def rates(rng, draws, groups, *, items=4, five_points):
    """Shares of the scaled metric and scalar tests below .05."""
    names, below = X[:items], np.zeros(2)
    for _ in range(draws):
        parts = [
            draw(rng, n, LOADINGS[:items], mean=mean, sd=sd, five_points=five_points)
            for n, mean, sd in groups
        ]
        sample = item_sample(frame_of(*parts), names, "wave")
        configural, metric, scalar = (
            fit_factor(sample, equal=equal)
            for equal in ((), ("loadings",), ("loadings", "intercepts"))
        )
        below += [
            chi2_difference(metric, configural).p_scaled < 0.05,
            chi2_difference(scalar, metric).p_scaled < 0.05,
        ]
    return below / draws


@pytest.mark.slow
@pytest.mark.parametrize(
    ("groups", "items", "five_points"),
    [
        ([(300, 0, 1), (300, 0.3, 1.2), (300, -0.2, 0.9)], 4, False),
        ([(300, 0, 1), (300, 0, 1), (300, 0, 1)], 4, True),
        ([(300, 0, 1), (300, 0, 1), (300, 0, 1)], 3, True),
    ],
)
def test_invariant_scales_are_rejected_one_time_in_twenty(groups, items, five_points):
    # Classes cut from a normal answer keep intercepts equal only when the factor is alike in all
    # groups, so that factors differ in the first case alone. 1,000 draws: a standard error of
    # 0.69 points.
    found = rates(np.random.default_rng(11), 1_000, groups, items=items, five_points=five_points)
    assert (found > 0.030).all() and (found < 0.071).all(), found


@pytest.mark.slow
def test_in_small_waves_a_little_more_often():
    # the docstring says 6 to 7%; 2,000 draws: a standard error of 0.55 points
    groups = [(100, 0, 1), (200, 0, 1)]
    found = rates(np.random.default_rng(16), 2_000, groups, five_points=True)
    assert (found > 0.040).all() and (found < 0.080).all(), found


def verdicts(rng, draws, n, *, shift=0.0, loading=LOADINGS[1]):
    """Results for three waves with factors apart; x2 is changed in the last wave."""
    last = LOADINGS * (1, loading / LOADINGS[1], 1, 1)
    return [
        measurement_invariance(
            frame_of(
                draw(rng, n, LOADINGS),
                draw(rng, n, LOADINGS, mean=0.3),
                draw(rng, n, last, intercepts=(0, shift, 0, 0)),
            ),
            X,
            "wave",
        )
        for _ in range(draws)
    ]


@pytest.mark.slow
def test_the_rule_seldom_sees_a_change_that_is_not_there():
    found = verdicts(np.random.default_rng(12), 300, 300)
    wrong = np.mean([result.verdict != "holds" for result in found])
    # two tests at 5%: 9.75% at most, and two standard errors of 300 draws
    assert wrong <= 0.13
    # RMSEA rises above its bound by chance, less often the larger the waves are: 1% of 300 draws
    large = verdicts(np.random.default_rng(13), 300, 3_000)
    assert np.mean([result.verdict != "holds" for result in large]) <= 0.03
    larger = verdicts(np.random.default_rng(17), 60, 20_000)
    assert all(result.verdict == "holds" for result in larger)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("change", "least"), [({"shift": 0.5}, 0.95), ({"loading": 0.3}, 0.85)], ids=str
)
def test_a_planted_change_is_found_and_the_right_item_named(change, least):
    found = verdicts(np.random.default_rng(14), 150, 300, **change)
    named = [list(dict.fromkeys(result.freed["item"])) for result in found]
    assert np.mean(["x2" in items for items in named]) >= least
    # another item now and then beside it, by chance
    assert np.mean([items == ["x2"] for items in named if "x2" in items]) >= 0.85


@pytest.mark.slow
def test_the_interval_of_the_latent_difference_holds_it():
    rng, held = np.random.default_rng(15), 0
    for _ in range(1_000):
        parts = [
            draw(rng, 250, LOADINGS, mean=mean, sd=sd, five_points=False)
            for mean, sd in ((0, 1), (0.4, 1.2))
        ]
        rule = InvarianceRule(alpha=1e-12)  # always goes on to the means
        entry = measurement_invariance(frame_of(*parts), X, "wave", rule=rule).means.iloc[0]
        held += entry["latent_low"] <= 0.4 <= entry["latent_high"]
    assert 0.93 <= held / 1_000 <= 0.97
