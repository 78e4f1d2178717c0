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
