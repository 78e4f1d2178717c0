"""Measures of replication against published values: ReplicationSuccess, Simonsohn, by hand.

Values of R's ReplicationSuccess are those that its own published tests hold (version 1.3); its help
pages say what each is. Tolerances are half a unit of the last digit published, or what R's
`uniroot` of a level leaves open (its default precision is 1.2e-4 of the level).
"""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy import stats

from mobiliteit.errors import AnalysisError
from mobiliteit.inference.replication import (
    effect_of_power,
    inside,
    power_of,
    prediction_interval,
    replicate,
    smaller_p,
)
from mobiliteit.inference.sceptical import sceptical_p
from mobiliteit.results import TIDY_COLUMNS


def z_of(p: float) -> float:
    """The z of a two-sided p."""
    return float(stats.norm.isf(p / 2))


@pytest.mark.parametrize(
    ("z_old", "z_new", "p"),
    [
        (4, 4, 0.000149544079762546),
        (4, 2, 0.0236343314115514),
        (2, 2, 0.0352998069509419),
        (-2, -4, 0.0236343314115514),
        (-4, 4, 0.999850455920237),
        (4, -2, 0.976365668588449),
        (4, 0, 0.5),
    ],
)
def test_the_nominal_sceptical_p(z_old: float, z_new: float, p: float) -> None:
    assert sceptical_p(z_old, z_new, 0.05, "nominal") == pytest.approx(p, abs=1e-14)


def test_the_worked_example_of_held() -> None:
    # chi-square statistics of 12.19 and 3.99, studies of equal size: two-sided 0.083
    p = 2 * sceptical_p(math.sqrt(12.19), math.sqrt(3.99), 1, "nominal")
    assert p == pytest.approx(0.083, abs=5e-4)


@pytest.mark.parametrize(
    ("level", "nominal"),
    [(0.005, 0.0273312878015435), (0.05, 0.123358558704367), (0.5, 0.595937883003954)],
)
def test_golden_levels(level: float, nominal: float) -> None:
    """The nominal p that passes for a golden p of `level`, two-sided."""
    z = z_of(nominal) * math.sqrt(2)  # c = 1 and equal z: z_S = z / sqrt(2)
    assert 2 * sceptical_p(z, z, 1, "nominal") == pytest.approx(nominal, rel=1e-12)
    assert 2 * sceptical_p(z, z, 1, "golden") == pytest.approx(level, rel=1e-10)


@pytest.mark.parametrize(
    ("level", "c", "two_sided_chance"),
    [
        (0.01, 1, 5.12212418299907e-05),
        (0.05, 1, 0.00205852045131949),
        (0.5, 1, 0.288916238382482),
        # published one-sided in either direction, at half this level: half the chance
        (0.10, 10, 2 * 0.000115871632941169),
    ],
)
def test_the_chance_of_success_without_an_effect(
    level: float, c: float, two_sided_chance: float
) -> None:
    """Overall type-I error of the golden p: the controlled p is its square root.

    R integrates to a relative 1.2e-4 (the default of `integrate`).
    """
    z = _equal_z(z_of(level) / math.sqrt((1 + math.sqrt(5)) / 2), c)
    controlled = 2 * sceptical_p(z, z, c, "controlled")
    assert controlled**2 == pytest.approx(two_sided_chance, rel=1.2e-4)


def _equal_z(z_s: float, c: float) -> float:
    """The z that two studies need for a z_S, when both have the same."""
    return z_s * math.sqrt(1 + math.sqrt(c))


@pytest.mark.parametrize(
    ("level", "c", "nominal"),
    [
        (0.005, 0.5, 0.0231661522426465),
        (0.05, 0.5, 0.104482884301164),
        (0.05, 1, 0.130619555416346),
        (0.1, 1.5, 0.219576651593275),
        (0.01, 5, 0.12269147198411),
        (0.5, 10, 0.668190405230152),
    ],
)
def test_controlled_levels(level: float, c: float, nominal: float) -> None:
    z = _equal_z(z_of(nominal), c)
    assert 2 * sceptical_p(z, z, c, "controlled") == pytest.approx(level, rel=5e-3)


def test_the_prediction_interval() -> None:
    low, high = prediction_interval(-2, 1, 0.5)
    assert (low, high) == pytest.approx((-4.19130635144145, 0.191306351441454), abs=1e-12)
    low, high = prediction_interval(2, 1, 2)
    assert (low, high) == pytest.approx((-2.38261270288291, 6.38261270288291), abs=1e-12)


def test_small_telescopes_of_simonsohn() -> None:
    # 20 per cell: d of 0.5 has a power of a third (Simonsohn, 2015); se of d is sqrt(2 / 20)
    d33 = effect_of_power(math.sqrt(2 / 20), 38)
    assert d33 == pytest.approx(0.5, abs=0.005)
    # 2.5 times as many people show with 80% power that nothing is there; 3.5: 90%, 4.5: 95%
    for times, aim in ((2.5, 0.80), (3.5, 0.90), (4.5, 0.95)):
        n = 50 * times
        se, bound = math.sqrt(2 / n), effect_of_power(math.sqrt(2 / 50), 98)
        effects = np.linspace(-1, 1, 2001)
        largest = max(e for e in effects if smaller_p(e, se, 2 * n - 2, bound) < 0.05)
        power = float(stats.norm.cdf(largest / se))
        assert power == pytest.approx(aim, abs=0.015)


def test_the_normal_case_by_hand() -> None:
    # power of a third needs z = 1.96 - 0.4307 with next to nothing in the other tail
    assert effect_of_power(2.0) == pytest.approx(2 * (1.959964 - 0.430727), abs=2e-3)
    assert effect_of_power(1.0, power=0.8) == pytest.approx(1.959964 + 0.841621, abs=1e-5)
    assert power_of(1.959964 + 0.841621, 1.0) == pytest.approx(0.8, abs=1e-5)


def test_the_t_case_has_the_power_that_r_gives() -> None:
    # R: power.t.test(n = 20, delta = 0.5, strict = TRUE)$power
    assert power_of(0.5, math.sqrt(2 / 20), 38) == pytest.approx(0.33793903, abs=1e-7)


def test_a_range_of_errors_says_all_some_or_none() -> None:
    box = (0.095, 0.105)
    assert inside(box, (0.05, 0.2), 0.15, 0.04) == "all"
    assert inside(box, (0.05, 0.2), 0.30, 0.04) == "some"
    assert inside(box, (0.05, 0.08), 0.30, 0.04) == "none"
    assert inside(box, (0.05, math.inf), 9.0, 0.04) == "some"
    # the edge: 0.105 + 1.959964 x 0.05 from the upper end of the rounding
    edge = 0.105 + 1.959964 * 0.05
    assert inside(box, (0.05, 0.05), edge - 1e-6, 0) == "some"
    assert inside(box, (0.05, 0.05), edge + 1e-6, 0) == "none"


def test_all_measures_together() -> None:
    found = replicate(-0.20, (0.045, 0.06), 0.18, 0.04, 600, old_box=(-0.205, -0.195))
    assert not found.same_sign and found.significant
    assert (found.old_in_new, found.new_in_old, found.predicted) == ("none", "none", "none")
    assert found.smaller == "all" and found.small[0] < 0 and found.small[1] < found.small[0]
    assert found.small[1] == pytest.approx(-0.06 * 1.529, abs=1e-3)
    assert all(p > 0.99 for pair in found.sceptical.values() for p in pair)
    assert found.high - found.new == pytest.approx(float(stats.t.ppf(0.975, 600)) * 0.04)
    assert found.detectable == pytest.approx(0.04 * 2.806, abs=1e-4)
    change = [(1.959964 + 0.841621) * math.hypot(0.04, se) for se in (0.045, 0.06)]
    assert found.detectable_change == pytest.approx(change, abs=1e-5)
    frame = found.tidy()
    assert list(frame.columns) == list(TIDY_COLUMNS)
    assert frame.set_index("statistic").at["predicted", "note"] == "none"


def test_a_study_with_no_estimate_of_its_own_direction() -> None:
    found = replicate(0.0, (0.04, 0.08), 0.02, 0.03)
    assert not found.same_sign and found.smaller == "none"
    assert math.isnan(found.small[0]) and math.isnan(found.small_p[0])
    assert found.power == pytest.approx(0.05)


def test_the_same_twice_agrees() -> None:
    found = replicate(0.30, (0.05, 0.05), 0.30, 0.05)
    assert (found.old_in_new, found.new_in_old, found.predicted) == ("all", "all", "all")
    assert found.smaller == "none"
    # c = 1: z_S^2 is half the squared z
    expected = float(stats.norm.sf(6 / math.sqrt(2)))
    assert found.sceptical["nominal"][0] == pytest.approx(expected, rel=1e-10)


@pytest.mark.parametrize(
    "arguments",
    [
        (math.nan, (0.1, 0.1), 0.2, 0.1),
        (0.2, (0.2, 0.1), 0.2, 0.1),
        (0.2, (0.1, 0.1), 0.2, 0.0),
        (0.2, (-0.1, 0.1), 0.2, 0.1),
    ],
)
def test_what_cannot_be_is_refused(
    arguments: tuple[float, tuple[float, float], float, float],
) -> None:
    with pytest.raises(AnalysisError):
        replicate(*arguments)


def test_another_kind_of_sceptical_p_is_refused() -> None:
    with pytest.raises(AnalysisError, match="liberal"):
        sceptical_p(2, 2, 1, "liberal")
    with pytest.raises(AnalysisError, match="above 0"):
        sceptical_p(2, 2, 0, "golden")
