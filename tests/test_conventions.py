"""Words for sizes, against the tables of those who proposed them, and the verdict."""

from __future__ import annotations

from math import asin, nan, sqrt
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from mobiliteit.asking.answer import Measure
from mobiliteit.asking.conventions import (
    OMNIBUS,
    SIZES,
    convention,
    distance,
    negligible,
    null_value,
    size,
    verdict_of,
)

OWN_UNIT = {"difference", "b"}


@pytest.mark.parametrize("measure", get_args(Measure))
def test_every_measure_has_a_convention_or_is_in_its_own_unit(measure):
    text = convention(measure)
    assert text.nl
    assert text.en
    assert (negligible(measure) != negligible(measure)) == (measure in OWN_UNIT)
    assert (size(measure, null_value(measure)) == "") == (measure in OWN_UNIT)


@pytest.mark.parametrize(
    ("measure", "values"),
    [
        ("beta", (0.09, 0.10, 0.30, 0.50)),  # Cohen (1988), page 79 and following, of r
        ("d", (0.19, 0.20, 0.50, 0.80)),  # page 40
        ("cramers_v", (0.09, 0.10, 0.30, 0.50)),  # page 227, of w
        ("omega2", (0.009, 0.01, 0.06, 0.14)),  # pages 285-287: .0099, .0588 and .1379
        ("r2", (0.019, 0.02, 0.13, 0.26)),  # page 413: f2 of .02, .15 and .35
        ("superiority", (0.55, 0.557, 0.639, 0.715)),  # McGraw and Wong (1992): .56, .64, .71
        ("odds_ratio", (1.43, 1.45, 2.48, 4.27)),  # Chinn (2000): ln OR = 1.81 d
        ("indirect", (0.009, 0.01, 0.09, 0.25)),
    ],
)
def test_sizes_as_printed(measure, values):
    assert tuple(size(measure, value) for value in values) == SIZES


def test_sizes_do_not_depend_on_the_direction():
    assert size("d", -0.6) == size("d", 0.6) == "medium"
    assert size("odds_ratio", 1 / 2.5) == size("odds_ratio", 2.5) == "medium"
    assert size("superiority", 0.3) == size("superiority", 0.7) == "medium"


@pytest.mark.parametrize(("points", "h"), [(0.0998, 0.2), (0.2474, 0.5), (0.3894, 0.8)])
def test_points_are_cohens_h_around_one_half(points, h):
    shares = 0.5 + points / 2, 0.5 - points / 2
    assert 2 * asin(sqrt(shares[0])) - 2 * asin(sqrt(shares[1])) == pytest.approx(h, abs=2e-4)
    assert size("points", points - 0.001) != size("points", points + 0.001)


# Cohen (1988), pages 184 and 185: pairs of proportions that make his small, medium and large h, to
# two decimals.
PAIRS = {
    0.2: ((0.05, 0.10), (0.20, 0.29), (0.40, 0.50), (0.60, 0.70), (0.80, 0.87), (0.90, 0.95)),
    0.5: ((0.05, 0.21), (0.20, 0.43), (0.40, 0.65), (0.60, 0.82), (0.80, 0.96)),
    0.8: ((0.05, 0.34), (0.20, 0.58), (0.40, 0.78), (0.60, 0.92), (0.80, 0.996)),
}


@pytest.mark.parametrize(("h", "pair"), [(h, pair) for h, pairs in PAIRS.items() for pair in pairs])
def test_points_from_a_known_share_are_the_h_of_two_shares(h, pair):
    # a difference of one in the last decimal is 0.03 in h at the edges
    low, high = pair
    assert distance("points", high - low, base=low) == pytest.approx(h, abs=0.026)
    assert distance("points", low - high, base=high) == pytest.approx(
        distance("points", high - low, base=low)
    )
    sizes = [size("points", high - low + step, base=low) for step in (-0.03, 0.03)]
    word = {0.2: "small", 0.5: "medium", 0.8: "large"}[h]
    assert sizes == [SIZES[SIZES.index(word) - 1], word] or high > 0.97


def test_six_points_are_small_from_two_percent_and_negligible_from_a_half():
    assert size("points", 0.06, base=0.02) == "small"
    assert size("points", 0.06, base=0.5) == size("points", 0.06) == "negligible"
    # an interval of points that would be nothing around a half
    assert verdict_of("points", -0.005, 0.06, 0.5, 0.95, base=0.02) == "unclear"
    assert verdict_of("points", -0.005, 0.06, 0.5, 0.95, base=0.5) == "none"
    assert convention("points", base=0.02) != convention("points")


def test_a_limit_beyond_what_a_share_can_be_counts_as_all_or_nobody():
    assert distance("points", 0.3, base=0.9) == distance("points", 0.1, base=0.9)
    assert distance("points", -0.3, base=0.1) == distance("points", -0.1, base=0.1)


def test_points_per_standard_deviation_of_a_rare_answer_are_a_correlation():
    """A 0/1 outcome that one in ten has, has a standard deviation of 0.3."""
    assert size("points", 0.031, per_sd=True, base=0.1) == "small"
    assert size("points", 0.029, per_sd=True, base=0.1) == "negligible"
    assert size("points", 0.049, per_sd=True, base=0.5) == "negligible"


def test_per_standard_deviation_a_correlation_is_the_measure():
    """A 0/1 outcome with half of the people at 1 has a standard deviation of a half."""
    assert size("points", 0.06) == "negligible"
    assert size("points", 0.06, per_sd=True) == "small"
    slope = stats.logistic.std() * 0.3 / sqrt(1 - 0.3**2)
    assert size("odds_ratio", 2.718281828**slope + 0.01, per_sd=True) == "medium"
    assert size("odds_ratio", 2.718281828**slope - 0.01, per_sd=True) == "small"
    assert size("d", 0.3, per_sd=True) == size("d", 0.3)


def test_a_missing_value_has_no_size():
    assert size("beta", nan) == ""


@pytest.mark.parametrize(
    ("measure", "low", "high", "p", "verdict"),
    [
        ("beta", 0.02, 0.30, 0.5, "clear"),
        ("beta", -0.30, -0.02, 0.5, "clear"),
        ("beta", -0.09, 0.09, 0.001, "none"),
        ("beta", -0.11, 0.09, 0.001, "unclear"),
        ("odds_ratio", 1.01, 3.0, 0.5, "clear"),
        ("odds_ratio", 0.75, 1.3, 0.5, "none"),
        ("odds_ratio", 0.6, 1.3, 0.5, "unclear"),
        ("superiority", 0.46, 0.54, 0.5, "none"),
        ("omega2", 0.0, 0.2, 0.01, "clear"),
        ("omega2", 0.001, 0.2, 0.06, "unclear"),
        ("omega2", 0.0, 0.008, 0.06, "none"),
        ("difference", -0.001, 0.001, 0.9, "unclear"),
        ("beta", nan, nan, 0.001, "unclear"),
        ("r2", nan, nan, nan, "unclear"),
    ],
)
def test_verdict(measure, low, high, p, verdict):
    assert verdict_of(measure, low, high, p, 0.95) == verdict


def test_the_verdict_of_a_test_of_several_groups_takes_the_level():
    assert verdict_of("omega2", 0.0, 0.2, 0.03, 0.95) == "clear"
    assert verdict_of("omega2", 0.0, 0.2, 0.03, 0.99) == "unclear"
    assert {"omega2", "r2", "cramers_v", "epsilon2"} == OMNIBUS


@given(st.floats(0.01, 100), st.sampled_from(["odds_ratio"]))
def test_a_ratio_and_its_inverse_are_as_far(value, measure):
    assert distance(measure, value) == pytest.approx(distance(measure, 1 / value), rel=1e-9)
