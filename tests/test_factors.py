"""One common factor in one group or several: against lavaan, by hand, and where it cannot be."""

from functools import cache

import numpy as np
import pytest
from scipy.optimize import minimize

from factor_builder import draw, exact_rows, frame_of
from mobiliteit.errors import AnalysisError
from mobiliteit.inference.factor_model import (
    Moments,
    _upright,
    discrepancy,
    implied,
    maximize,
    moments_of,
    place_parameters,
    robust_trace,
)
from mobiliteit.inference.factors import SATURATED, chi2_difference, fit_factor
from mobiliteit.inference.item_samples import item_sample
from mobiliteit.results import TIDY_COLUMNS
from mobiliteit.weights import WEIGHT
from reference.factor_values import ITEMS, data, given, r

EQUAL = {
    "configural": (),
    "metric": ("loadings",),
    "scalar": ("loadings", "intercepts"),
    "strict": ("loadings", "intercepts", "residuals"),
}
OWN = {
    "scalar w1": {"intercepts": ("w1",)},
    "scalar w2": {"intercepts": ("w2",)},
    "metric u3": {"loadings": ("u3",)},
    "scalar u3": {"loadings": ("u3",), "intercepts": ("u3",)},
}
SETS = ["v ab", "v abc", "w abcd", "u abc", "h ab"]
FITS = [(name, model) for name in SETS for model in EQUAL]
FITS += [("w abcd", "scalar w1"), ("w abcd", "scalar w2")]
FITS += [("u abc", "metric u3"), ("u abc", "scalar u3")]
LAVAAN = {
    "chi2": "chisq", "df": "df", "p": "pvalue", "chi2_scaled": "chisq.scaled",
    "p_scaled": "pvalue.scaled", "scaling": "chisq.scaling.factor", "cfi": "cfi", "tli": "tli",
    "rmsea": "rmsea", "rmsea_low": "rmsea.ci.lower", "rmsea_high": "rmsea.ci.upper",
    "srmr": "srmr", "cfi_robust": "cfi.robust", "rmsea_robust": "rmsea.robust", "loglik": "logl",
    "aic": "aic", "bic": "bic", "npar": "npar",
}  # fmt: skip
# lavaan's optimizer stops with a chi-square up to 4e-9 above the least one (asked for more, it
# says that it did not converge). In a quadratic top that is 6e-5 standard errors of an estimate,
# and the errors here are below 0.3: 2e-5. What depends on estimates to first order (errors, the
# scaling, SRMR) moves by as much; what depends on the top itself (chi-square and what is made of
# it) by 4e-9.
TOP = {"rel": 1e-8, "abs": 1e-8}
POINT = {"rel": 2e-5, "abs": 2e-5}
FIRST_ORDER = {"chi2_scaled", "scaling", "srmr", "cfi_robust", "rmsea_robust"}
# A chi-square of 160 off by 1e-7 of itself moves the tail beyond it by 1e-5 of itself.
# lavaan takes 1 - pchisq, of which below 1e-12 less and less is left.
TAIL = {"rel": 1e-4, "abs": 3e-16}
# lavaan looks for these limits with uniroot and its default tolerance.
ROOT = {"rel": 0, "abs": 5e-7}


@cache
def fitted(name, model):
    scale, waves = name.split()
    sample = item_sample(data(waves), ITEMS[scale], "wave")
    return fit_factor(sample, equal=EQUAL[model.split()[0]], own=OWN.get(model))


def by_name(fit):
    return {(p.group, p.parameter, p.item): p for p in fit.parameters.itertuples()}


# ---- against lavaan


@pytest.mark.parametrize(("name", "model"), FITS)
def test_measures_of_fit_are_those_of_lavaan(name, model):
    fit = fitted(name, model)
    saturated = fit.measures["df"] == 0
    for ours, theirs in LAVAAN.items():
        # of a saturated model lavaan makes a scaled chi-square, and limits of an RMSEA, of zero
        if saturated and ours in ("chi2_scaled", "rmsea_low", "rmsea_high", "cfi_robust"):
            continue
        expected = r("fit", name, model, theirs)
        if ours.startswith("rmsea_") and ours != "rmsea_robust":
            tolerance = ROOT
        elif ours.startswith("p"):
            tolerance = TAIL
        else:
            tolerance = POINT if ours in FIRST_ORDER else TOP
        assert fit.measures[ours] == pytest.approx(expected, **tolerance, nan_ok=True), ours
    assert fit.note == (SATURATED if saturated else "")


@pytest.mark.parametrize(("name", "model"), FITS)
def test_parameters_and_both_errors_are_those_of_lavaan(name, model):
    ours = by_name(fitted(name, model))
    seen = 0
    for kind in ("loading", "residual", "intercept", "variance", "mean"):
        for (where, statistic), expected in given(kind, f"{name} {model}").items():
            group, _, item = where.partition(" ")
            entry = ours[group, kind, item]
            value = entry.estimate if statistic == "est" else getattr(entry, statistic)
            assert value == pytest.approx(expected, **POINT), (kind, where, statistic)
            seen += 1
    free = [entry for entry in ours.values() if np.isfinite(entry.se)]
    assert seen == 3 * len(free)


@pytest.mark.parametrize(("name", "model"), FITS)
def test_no_likelihood_of_lavaan_is_higher(name, model):
    assert fitted(name, model).measures["chi2"] <= r("fit", name, model, "chisq") + 1e-10


@pytest.mark.parametrize(
    ("name", "tighter", "looser"),
    [(name, tight, loose) for name in SETS
     for tight, loose in (("metric", "configural"), ("scalar", "metric"), ("strict", "scalar"))]
    + [("w abcd", "scalar", "scalar w2"), ("w abcd", "scalar", "scalar w1"),
       ("u abc", "metric", "metric u3"), ("u abc", "scalar", "scalar u3")],
)  # fmt: skip
def test_difference_tests_are_those_of_lavaan(name, tighter, looser):
    test = chi2_difference(fitted(name, tighter), fitted(name, looser))
    key = looser if " " in looser else tighter
    assert test.df == r("step", name, key, "df")
    assert test.chi2 == pytest.approx(r("step", name, key, "chi2"), rel=1e-8, abs=1e-8)
    assert test.p == pytest.approx(r("step", name, key, "p"), rel=1e-7)
    scaled = r("step", name, key, "chi2_scaled")
    if np.isnan(scaled):  # lavaan does not give it against a saturated model: the fit itself is it
        scaled = r("fit", name, tighter, "chisq.scaled")
        assert test.p_scaled == pytest.approx(r("fit", name, tighter, "pvalue.scaled"), rel=1e-4)
    else:
        assert test.p_scaled == pytest.approx(r("step", name, key, "p_scaled"), **TAIL)
    assert test.chi2_scaled == pytest.approx(scaled, **POINT)


@pytest.mark.parametrize("name", ["v a", "w d", "u b"])
def test_one_group_is_that_of_lavaan(name):
    scale, wave = name.split()
    fit = fit_factor(item_sample(data(wave), ITEMS[scale]))
    assert fit.measures["chi2"] == pytest.approx(r("fit", name, "one", "chisq"), **TOP)
    if fit.measures["df"]:
        assert fit.measures["rmsea"] == pytest.approx(r("fit", name, "one", "rmsea"), abs=1e-7)
        assert fit.measures["cfi"] == pytest.approx(r("fit", name, "one", "cfi"), **TOP)


# ---- by hand, and against what must be so


def test_three_items_have_the_loadings_of_spearman():
    covariance = np.array([[1.5, 0.6, 0.5], [0.6, 1.2, 0.4], [0.5, 0.4, 0.9]])
    fit = fit_factor(item_sample(frame_of(exact_rows(covariance)), ["x1", "x2", "x3"]))
    squared = [0.6 * 0.5 / 0.4, 0.6 * 0.4 / 0.5, 0.5 * 0.4 / 0.6]
    found = fit.parameters.set_index(["parameter", "item"])["estimate"]
    assert found["loading"].tolist() == pytest.approx(np.sqrt(squared), rel=1e-7)
    assert found["residual"].tolist() == pytest.approx(np.diag(covariance) - squared, rel=1e-6)
    assert fit.measures["chi2"] == pytest.approx(0, abs=1e-9)
    assert np.isnan(fit.measures["p"]) and "niet te toetsen" in fit.note


def test_a_general_optimizer_finds_no_better_point():
    sample = item_sample(data("abc"), ITEMS["v"], "wave")
    places = place_parameters(3, 4, EQUAL["scalar"], {})
    solution = maximize(sample.moments, places)
    free = places >= 0

    def chi2(x):
        values = solution.values.copy()
        values[free] = x[places[free]]
        return min(discrepancy(sample.moments, values), 1e6)

    start = np.zeros(int(places.max()) + 1)
    start[places[free]] = solution.values[free]
    away = start * 1.2 + 0.05
    found = minimize(chi2, away, method="BFGS", options={"gtol": 1e-5})
    assert found.fun == pytest.approx(solution.discrepancy, abs=1e-5)
    assert found.fun >= solution.discrepancy - 1e-9


def test_with_normal_fourth_moments_the_trace_is_the_degrees_of_freedom():
    # Γ of normal items: covariances of means and of products (Isserlis), no third moments
    sample = item_sample(data("abcd"), ITEMS["w"], "wave")
    places = place_parameters(4, 5, EQUAL["scalar"], {})
    solution = maximize(sample.moments, places)
    sigma = implied(solution.values)[0]
    i, j = np.tril_indices(5)
    products = (
        sigma[:, i][:, :, i] * sigma[:, j][:, :, j] + sigma[:, i][:, :, j] * (sigma[:, j][:, :, i])
    )
    gamma = np.zeros((4, 20, 20))
    gamma[:, :5, :5], gamma[:, 5:, 5:] = sigma, products
    moments = Moments(sample.moments.n, sample.moments.means, sample.moments.covariances, gamma)
    normal = maximize(moments, places)
    assert normal.trace == pytest.approx(44, rel=1e-9)
    assert normal.vcov_robust == pytest.approx(normal.vcov, rel=1e-7, abs=1e-12)
    looser = place_parameters(4, 5, EQUAL["metric"], {})
    assert robust_trace(moments, normal.values, looser) == pytest.approx(32, rel=1e-9)


def test_units_do_not_matter():
    frame = data("abc")
    larger = frame.assign(**{item: 1000 * frame[item] + 7 for item in ITEMS["v"][:2]})
    ours, theirs = (
        fit_factor(item_sample(part, ITEMS["v"], "wave"), equal=EQUAL["scalar"])
        for part in (frame, larger)
    )
    for measure in ("chi2", "chi2_scaled", "cfi", "rmsea", "srmr"):
        assert theirs.measures[measure] == pytest.approx(ours.measures[measure], rel=1e-7)
    for key, entry in by_name(ours).items():
        factor = 1000 if key[2] in ITEMS["v"][:2] else 1
        if key[1] == "loading":
            assert by_name(theirs)[key].estimate == pytest.approx(factor * entry.estimate, rel=1e-6)
        if key[1] == "mean":
            assert by_name(theirs)[key].estimate == pytest.approx(entry.estimate, rel=1e-5)


def test_the_factor_points_the_way_that_most_items_do():
    frame = data("ab")
    mirrored = frame.assign(v1=6 - frame["v1"])
    fit = fit_factor(item_sample(mirrored, ITEMS["v"], "wave"), equal=EQUAL["scalar"])
    loadings = fit.parameters[fit.parameters["parameter"] == "loading"].groupby("item")["estimate"]
    assert (loadings.max() < 0).to_dict() == {"v1": True, "v2": False, "v3": False, "v4": False}
    same = fitted("v ab", "scalar")
    assert fit.measures["chi2"] == pytest.approx(same.measures["chi2"], rel=1e-8)
    assert by_name(fit)["b", "mean", ""].estimate == pytest.approx(
        by_name(same)["b", "mean", ""].estimate, abs=1e-6
    )


@pytest.mark.parametrize("equal", [(), ("loadings", "intercepts")])
def test_a_factor_upside_down_is_turned_with_its_mean(equal):
    places = place_parameters(2, 3, equal, {})
    one = [-0.8, -0.7, 0.2, 0.5, 0.5, 0.5, 1.0, 2.0, 3.0, 1.0, 0.0]
    values = np.array([one, [*one[:-1], 0.4]])
    turned = _upright(values, places)
    assert (turned[:, :3].sum(axis=1) > 0).all()
    for ours, theirs in zip(implied(turned), implied(values), strict=True):
        assert ours == pytest.approx(theirs)


def test_difference_without_anything_given_up():
    fit = fitted("v ab", "metric")
    nothing = chi2_difference(fit, fit)
    assert nothing.df == 0 and np.isnan(nothing.chi2) and np.isnan(nothing.p_scaled)
    swapped = chi2_difference(fitted("v ab", "configural"), fit)
    assert np.isnan(swapped.p)


# ---- who is counted


def test_gaps_are_counted_and_who_was_not_asked_is_not():
    frame = frame_of(exact_rows(np.eye(3) + 1, n=40), exact_rows(np.eye(3) + 1, n=30))
    frame.loc[0, "x1"] = np.nan
    frame.loc[1, ["x1", "x2", "x3"]] = np.nan
    frame.loc[69, "wave"] = None
    sample = item_sample(frame, ["x1", "x2", "x3"], "wave")
    assert sample.moments.n.tolist() == [38, 29]
    assert sample.n == 67 and sample.n_missing == 2


def test_groups_without_anybody_are_left_out():
    frame = data("ab")
    frame["wave"] = frame["wave"].cat.add_categories(["z"])
    frame.loc[frame["wave"] == "a", "v1"] = np.nan
    sample = item_sample(frame, ITEMS["v"], "wave")
    assert sample.labels == ("b",)


# ---- what cannot be fitted says so


def failing(frame, items=("x1", "x2", "x3"), by=None):
    fit = fit_factor(item_sample(frame, items, by))
    assert not fit.solved and fit.parameters.empty
    assert all(np.isnan(value) for value in fit.measures.values())
    assert set(fit.tidy()["note"]) == {fit.note}
    return fit.note


def test_a_constant_item():
    frame = frame_of(exact_rows(np.eye(3) + 1), exact_rows(np.eye(3) + 1)).assign()
    frame.loc[frame["wave"] == "b", "x2"] = 3.0
    note = failing(frame, by="wave")
    assert "iedereen gaf hetzelfde antwoord op x2 (b)" in note and "(a)" not in note


def test_an_item_that_is_the_sum_of_others():
    frame = frame_of(exact_rows(np.eye(3) + 1))
    assert "volgt geheel uit" in failing(frame.assign(x3=frame["x1"] - 2 * frame["x2"]))


def test_too_few_respondents():
    assert "te weinig respondenten: 9, nodig 10" in failing(frame_of(exact_rows(np.eye(3), n=9)))
    assert fit_factor(item_sample(frame_of(exact_rows(np.eye(3) + 1, n=10)), ["x1", "x2", "x3"]))


def test_nobody():
    frame = frame_of(exact_rows(np.eye(3) + 1))
    assert "niemand" in failing(frame.assign(x1=np.nan))


def test_two_items():
    frame = frame_of(exact_rows(np.eye(3) + 1))
    assert "niet te toetsen" in failing(frame, ("x1", "x2"))


@pytest.mark.parametrize("weak", [0.0, 1e-6, 1e-3])
def test_items_that_do_not_hang_together(weak):
    covariance = np.eye(3) + weak * (1 - np.eye(3))
    assert failing(frame_of(exact_rows(covariance))) == (
        "de items hangen te zwak samen om één factor te bepalen"
    )


def test_correlations_that_no_factor_can_have():
    # r12 r13 r23 < 0: no three real loadings give these
    covariance = np.array([[1, 0.5, 0.4], [0.5, 1, -0.3], [0.4, -0.3, 1]])
    assert failing(frame_of(exact_rows(covariance))) == "geen maximum gevonden"


def test_a_heywood_case_is_named():
    covariance = np.array([[1, 0.8, 0.8], [0.8, 1, 0.5], [0.8, 0.5, 1]])
    fit = fit_factor(item_sample(frame_of(exact_rows(covariance)), ["x1", "x2", "x3"]))
    assert "negatieve residuele variantie (Heywood): x1" in fit.note
    residual = fit.parameters.set_index(["parameter", "item"]).loc[("residual", "x1"), "estimate"]
    assert residual == pytest.approx(1 - 0.64 / 0.5, rel=1e-6)


def test_few_different_answers_are_a_caution():
    rng = np.random.default_rng(3)
    frame = frame_of(draw(rng, 300, [0.8, 0.7, 0.6, 0.7]))
    frame["x2"] = frame["x2"].clip(2, 4)
    fit = fit_factor(item_sample(frame, ["x1", "x2", "x3", "x4"]))
    assert fit.note == "minder dan vijf verschillende antwoorden: x2"


# ---- what is refused


def test_all_that_is_wrong_with_the_constraints_is_said():
    sample = item_sample(data("ab"), ITEMS["v"], "wave")
    with pytest.raises(AnalysisError) as error:
        fit_factor(
            sample,
            equal=("loadings", "slopes"),
            own={"loadings": ("v1", "v2", "v3", "x"), "intercepts": ("v1",)},
        )
    text = str(error.value)
    assert "'slopes'" in text and "x is no item" in text and "intercepts are not shared" in text
    assert "fewer than two items share their loadings" in text


@pytest.mark.parametrize(
    ("items", "by", "says"),
    [
        (["v1"], "wave", "1 different items"),
        (["v1", "v1", "v2"], "wave", "2 different items were named, out of 3"),
        (["v1", "nope", "v2"], "wave", "nope is not in the data"),
        (["v1", "wave", "v2"], None, "wave is not numeric"),
        (["v1", "v2", "v3"], "v4", "v4 makes no groups"),
    ],
)
def test_columns_that_cannot_serve(items, by, says):
    with pytest.raises(AnalysisError, match=says):
        item_sample(data("ab"), items, by)


def test_weighted_respondents_are_refused():
    with pytest.raises(AnalysisError, match="no weighted form"):
        item_sample(data("ab").assign(**{WEIGHT: 1.0}), ITEMS["v"], "wave")


def test_tidy():
    fit = fitted("v ab", "scalar")
    tidy = fit.tidy()
    assert tuple(tidy.columns) == TIDY_COLUMNS
    cells = tidy.set_index(["row", "column", "statistic"])
    assert cells.loc[("fit", "wave", "chi2"), "value"] == fit.measures["chi2"]
    assert cells.loc[("fit", "wave", "chi2"), "p"] == fit.measures["p"]
    assert cells.loc[("fit", "wave", "chi2_scaled"), "p"] == fit.measures["p_scaled"]
    assert cells.loc[("factor", "b", "mean"), "value"] == by_name(fit)["b", "mean", ""].estimate
    assert cells.loc[("v2", "a", "loading_se_robust"), "value"] > 0
    assert not cells.index.duplicated().any()
    assert set(tidy["n"]) == {fit.sample.n} and set(tidy["n_missing"]) == {fit.sample.n_missing}


def test_moments_have_divisor_n():
    rows = np.array([[1.0, 2], [3, 5], [2, 2], [4, 1]])
    moments = moments_of([rows])
    assert moments.covariances[0] == pytest.approx(np.cov(rows.T, ddof=0))
    assert moments.gamma[0][:2, :2] == pytest.approx(np.cov(rows.T, ddof=0))
    products = np.prod(rows - rows.mean(axis=0), axis=1)
    assert moments.gamma[0][3, 3] == pytest.approx(products.var())
