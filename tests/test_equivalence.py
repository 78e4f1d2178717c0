"""Equivalence tests: against R and statsmodels, and on what must hold."""

import numpy as np
import pandas as pd
import pytest
from statsmodels.stats.weightstats import ttost_ind

from mobiliteit.errors import AnalysisError
from mobiliteit.inference.equivalence import (
    equivalent_coefficient,
    equivalent_means,
    equivalent_shares,
)
from mobiliteit.results import TIDY_COLUMNS
from mobiliteit.samples import samples
from reference.groups_values import data, r_number, r_pairs

MEANS = [("netwerken", "groep"), ("effectiviteit", "groep"), ("succes", "klein")]
SHARES = [("pop", "groep"), ("pop", "klein"), ("zorgtaken", "opleidingsniveau")]
PREDICTORS = ["netwerken", "scholing", "geslacht", "leeftijd"]


def compare(ours, analysis, row, column, names, **tolerance):
    for name in names:
        theirs = r_number(analysis, row, column, name)
        assert getattr(ours, name) == pytest.approx(theirs, **tolerance), (column, name)


@pytest.mark.parametrize(("outcome", "by"), MEANS)
def test_means_are_those_of_r(outcome, by):
    row = f"{outcome} by {by}"
    tests = ("p_lower", "p_upper", "low", "high")
    for name in r_pairs("tost_means", row):
        pair = tuple(name.split(" - "))
        raw = equivalent_means(data(), outcome, f"{by}_by", pair, bound=0.5)
        compare(raw, "tost_means", row, name, (*tests, "p_difference"), rel=1e-9, abs=1e-14)
        standard = equivalent_means(data(), outcome, f"{by}_by", pair, bound=0.5, unit="sd")
        # R's pt is documented as good to 1e-12 absolute for the noncentral t, less in its upper
        # tail
        compare(standard, "tost_sd", row, name, tests, rel=1e-7, abs=1e-10)


def test_means_are_those_of_statsmodels():
    result = equivalent_means(data(), "netwerken", "groep_by", ("1", "2"), bound=0.3)
    used = samples(data(), "netwerken", "groep_by").only(("1", "2"))
    p, lower, upper = ttost_ind(*used.values, -0.3, 0.3, usevar="unequal")
    assert result.p == pytest.approx(p, rel=1e-10)
    assert (result.p_lower, result.p_upper) == pytest.approx((lower[1], upper[1]), rel=1e-10)


@pytest.mark.parametrize(("outcome", "by"), SHARES)
def test_shares_are_those_of_r(outcome, by):
    row = f"{outcome} by {by}"
    for name in r_pairs("tost_shares", row):
        pair = tuple(name.split(" - "))
        ours = equivalent_shares(data(), outcome, f"{by}_by", pair, bound=10)
        # R's optimize finds the likeliest share to the square root of the machine precision, and
        # the variance is flat in it only when the shares are inside: 1e-6 of the statistic is left
        names = ("p_lower", "p_upper", "p_difference", "low", "high")
        compare(ours, "tost_shares", row, name, names, rel=1e-5, abs=1e-6)


@pytest.mark.parametrize("predictor", PREDICTORS)
def test_coefficient_is_that_of_r(predictor):
    ours = equivalent_coefficient(data(), "succes", PREDICTORS, predictor, bound=0.15)
    theirs = r_number("tost_beta", predictor, "succes", "beta")
    assert ours.estimate == pytest.approx(theirs, rel=1e-9)
    names = ("p_lower", "p_upper", "low", "high")
    compare(ours, "tost_beta", predictor, "succes", names, rel=1e-8, abs=1e-14)


@pytest.mark.parametrize("bound", [0.02, 0.1, 0.3, 0.6])
@pytest.mark.parametrize("kind", ["raw", "sd", "shares", "beta"])
def test_equivalent_means_the_interval_lies_within_the_bounds(kind, bound):
    frame = data()
    if kind == "shares":
        result = equivalent_shares(frame, "zorgtaken", "groep_by", ("1", "2"), bound=100 * bound)
    elif kind == "beta":
        result = equivalent_coefficient(frame, "succes", PREDICTORS, "leeftijd", bound=bound)
    else:
        result = equivalent_means(
            frame, "effectiviteit", "groep_by", ("1", "2"), bound=bound, unit=kind
        )
    within = -result.bound < result.low and result.high < result.bound
    assert result.equivalent == within
    assert result.low < result.estimate < result.high


def test_the_four_verdicts():
    rng = np.random.default_rng(2)

    def verdict(gap: float, n: int, bound: float) -> str:
        y = rng.normal(0, 1, 2 * n)
        y[:n] += gap - y[:n].mean()
        y[n:] -= y[n:].mean()
        frame = pd.DataFrame({"y": y, "g": pd.Categorical(["a"] * n + ["b"] * n)})
        return equivalent_means(frame, "y", "g", ("a", "b"), bound=bound).verdict

    assert verdict(0.0, 500, 0.3) == "equivalent"
    assert verdict(0.2, 2000, 0.5) == "trivial"
    assert verdict(0.6, 500, 0.3) == "different"
    assert verdict(0.1, 20, 0.2) == "undecided"


def test_turning_the_pair_round_turns_the_answer_round():
    frame = data()
    one = equivalent_means(frame, "netwerken", "groep_by", ("1", "4"), bound=0.4)
    two = equivalent_means(frame, "netwerken", "groep_by", ("4", "1"), bound=0.4)
    assert (one.low, one.high) == pytest.approx((-two.high, -two.low))
    assert one.p == pytest.approx(two.p) and one.p_lower == pytest.approx(two.p_upper)


def test_too_few_is_untested_not_equivalent():
    frame = pd.DataFrame({"y": [1.0, 2, 3], "g": pd.Categorical(list("aab"))})
    result = equivalent_means(frame, "y", "g", ("a", "b"), bound=1)
    assert np.isnan(result.p) and not result.equivalent and result.verdict == "untested"
    assert result.tidy()["note"].iloc[0] == "te weinig respondenten of geen variantie"


def test_nobody_says_yes_in_either_group():
    frame = pd.DataFrame({"y": [0.0] * 80, "g": pd.Categorical(["a"] * 40 + ["b"] * 40)})
    result = equivalent_shares(frame, "y", "g", ("a", "b"), bound=10)
    assert result.estimate == 0 and result.p_difference == 1
    assert result.low == pytest.approx(-result.high) and result.verdict == "equivalent"


def test_tidy_and_missing():
    frame = data()
    result = equivalent_means(frame, "netwerken", "groep_klasse", ("1", "2"), bound=0.5)
    tidy = result.tidy()
    assert tuple(tidy.columns) == TIDY_COLUMNS
    assert tidy["p"].dropna().tolist() == [result.p] and tidy["note"].iloc[0] == result.verdict
    assert "90%-interval" in set(tidy["note"])
    used = frame["netwerken"].notna() & frame["groep"].isin([1, 2])
    assert result.n == used.sum()


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"bound": 0}, "is not positive"),
        ({"bound": np.inf}, "is not positive"),
        ({"alpha": 0.5}, "not between 0 and 1"),
        ({"pair": ("1", "3")}, "3 is no group"),
        ({"pair": ("1", "1")}, "named twice"),
        ({"unit": "z"}, "'raw' or 'sd'"),
    ],
)
def test_what_cannot_be_asked_is_refused(change, says):
    asked = {"outcome": "netwerken", "by": "groep_klasse", "pair": ("1", "2"), "bound": 0.5}
    with pytest.raises(AnalysisError, match=says):
        equivalent_means(data(), **asked | change)


def test_shares_and_coefficients_refuse_too():
    with pytest.raises(AnalysisError, match="holds any difference"):
        equivalent_shares(data(), "pop", "groep_by", ("1", "2"), bound=100)
    with pytest.raises(AnalysisError, match="not in the model"):
        equivalent_coefficient(data(), "succes", PREDICTORS, "pop", bound=0.1)
