"""Effect sizes and their intervals: against R, by hand, and on what must hold."""

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from mobiliteit.compare import compare_means
from mobiliteit.errors import AnalysisError
from mobiliteit.inference.association import association, cramers_v_interval, phi2_variance
from mobiliteit.inference.effects import (
    noncentral_f_interval,
    noncentral_t_interval,
    small_sample_factor,
    standardized_differences,
    variance_explained,
)
from mobiliteit.results import TIDY_COLUMNS
from mobiliteit.samples import cross_table, samples
from reference.groups_values import data, r_number, r_pairs, r_value

MEANS = [
    ("netwerken", "groep"),
    ("scholing", "groep"),
    ("effectiviteit", "groep"),
    ("succes", "klein"),
    ("leeftijd", "s2"),
]
TABLES = [
    ("pop", "groep"),
    ("pop", "klein"),
    ("t1", "klein"),
    ("s1", "klein"),
    ("opleidingsniveau", "groep"),
    ("zorgtaken", "geslacht"),
    ("opleidingsniveau", "geslacht"),
]
# Roots of noncentral distribution functions: R's pt and pf stop their series at a relative 1e-12 of
# the probability, and its uniroot at 1e-13; near the root that leaves about 1e-9 of a limit.
ROOT = 1e-8


def two(a: list[float], b: list[float]) -> pd.DataFrame:
    """A frame of two groups."""
    return pd.DataFrame({"y": [*a, *b], "g": pd.Categorical(["a"] * len(a) + ["b"] * len(b))})


# ---- variance explained


@pytest.mark.parametrize(("outcome", "by"), MEANS)
def test_variance_explained_is_that_of_r(outcome, by):
    result, row = variance_explained(data(), outcome, f"{by}_by"), f"{outcome} by {by}"
    assert result.eta2 == r_value("variance", row, by, "eta2")
    # effectsize cuts off at zero
    assert max(result.omega2, 0) == r_value("variance", row, by, "omega2")
    assert result.low == pytest.approx(r_number("variance", row, by, "low"), rel=ROOT, abs=1e-12)
    assert result.high == pytest.approx(r_number("variance", row, by, "high"), rel=ROOT)


def test_variance_explained_by_hand():
    # means 2 and 4, within squares 2 + 2, between squares 6: F = 6 on 1 and 4
    result = variance_explained(two([1, 2, 3], [3, 4, 5]), "y", "g")
    assert result.f == pytest.approx(6)
    assert result.eta2 == pytest.approx(6 / 10)
    assert result.omega2 == pytest.approx((6 - 1) / (10 + 1))


def test_f_is_that_of_the_published_test():
    classic = compare_means(data(), "netwerken", "groep_by")
    result = variance_explained(data(), "netwerken", "groep_by")
    assert (result.f, result.p, result.df) == (classic.statistic, classic.p, classic.df)


def test_nothing_explained_is_below_zero_for_omega_and_an_interval_from_zero():
    result = variance_explained(two([1, 2, 3], [1, 2, 3]), "y", "g")
    assert result.eta2 == 0 and result.omega2 < 0
    assert result.low == 0 and result.high == 0  # F = 0 is below the lower tail of any F


def test_limits_solve_what_they_say():
    f, df = np.array([0.2, 3.0, 40.0]), (3.0, 250.0)
    low, high = noncentral_f_interval(f, df, 0.9)
    assert low[0] == 0
    np.testing.assert_allclose(stats.ncf.sf(f[1:], *df, low[1:]), 0.05, rtol=1e-8)
    np.testing.assert_allclose(stats.ncf.cdf(f, *df, high), 0.05, rtol=1e-8)


@pytest.mark.parametrize("df", [1, 3, 20, 1135])
def test_t_limits_solve_what_they_say_far_out_too(df):
    t = np.array([-300.0, -4.0, 0.0, 1.5, 30.0])
    low, high = noncentral_t_interval(t, df, 0.95)
    assert (low < high).all()
    np.testing.assert_allclose(stats.nct.cdf(t, df, low), 0.975, rtol=1e-7)
    np.testing.assert_allclose(stats.nct.cdf(t, df, high), 0.025, rtol=1e-6)


# ---- standardized differences


@pytest.mark.parametrize(("outcome", "by"), MEANS)
def test_standardized_differences_are_those_of_r(outcome, by):
    result, row = standardized_differences(data(), outcome, f"{by}_by"), f"{outcome} by {by}"
    names = [f"{pair['a']} - {pair['b']}" for _, pair in result.pairs.iterrows()]
    assert names == r_pairs("cohens_d", row)
    for name, (_, pair) in zip(names, result.pairs.iterrows(), strict=True):
        assert pair["d"] == r_value("cohens_d", row, name, "d")
        assert pair["g"] == r_value("cohens_d", row, name, "g")
        for limit in ("low", "high"):
            theirs = r_number("cohens_d", row, name, limit)
            assert pair[limit] == pytest.approx(theirs, rel=ROOT, abs=1e-9)
            # effectsize finds the limit with optim() on squared errors: four digits or so
            rough = r_number("cohens_d", row, name, f"{limit}_effectsize")
            assert pair[limit] == pytest.approx(rough, abs=2e-3)


def test_d_and_g_by_hand():
    pair = standardized_differences(two([1, 2, 3], [3, 4, 5]), "y", "g").pairs.iloc[0]
    assert pair["d"] == pytest.approx(-2)
    # Gamma(2) / (sqrt(2) Gamma(3/2)) = 1 / (sqrt(2) sqrt(pi) / 2)
    assert small_sample_factor(4) == pytest.approx(np.sqrt(2 / np.pi))
    assert pair["g"] == pytest.approx(-2 * np.sqrt(2 / np.pi))


def test_hedges_takes_the_bias_away():
    rng = np.random.default_rng(1)
    a, b = rng.normal(0.8, 1, (40_000, 6)), rng.normal(0, 1, (40_000, 5))
    pooled = (5 * a.var(axis=1, ddof=1) + 4 * b.var(axis=1, ddof=1)) / 9
    d = (a.mean(axis=1) - b.mean(axis=1)) / np.sqrt(pooled)
    # standard error of the mean of 40,000 draws: 0.004; the bias of d itself is 0.07
    assert d.mean() * small_sample_factor(9) == pytest.approx(0.8, abs=0.016)
    assert abs(d.mean() - 0.8) > 0.05


def test_a_pair_without_variance_or_respondents_has_a_note():
    frame = pd.DataFrame({"y": [1.0, 1, 2, 2, 4], "g": pd.Categorical(list("aabbc"))})
    result = standardized_differences(frame, "y", "g").pairs
    assert result["d"].isna().tolist() == [True, True, True]
    assert result["note"][0] == "geen variantie binnen de groepen"


def test_a_constant_group_has_no_variance_left_by_rounding():
    frame = two([10 / 3] * 7, [1.0, 2, 4])
    assert samples(frame, "y", "g").variances[0] == 0
    pair = standardized_differences(frame, "y", "g").pairs.iloc[0]
    assert pair["d"] == pytest.approx((10 / 3 - 7 / 3) / np.sqrt((14 / 3) / 8))


# ---- association


@pytest.mark.parametrize(("outcome", "by"), TABLES)
def test_association_is_that_of_r(outcome, by):
    result, row = association(data(), outcome, f"{by}_by"), f"{outcome} by {by}"
    assert result.v == r_value("cramers_v", row, by, "v")
    assert result.v_corrected == r_value("cramers_v", row, by, "v_corrected")
    counts = cross_table(data(), outcome, f"{by}_by").observed.to_numpy(dtype="float64")
    # five-point numerical derivatives with steps of 1e-5: error about 1e-9 of the slope's scale
    theirs = r_number("cramers_v", row, by, "phi2_variance")
    assert float(phi2_variance(counts)) == pytest.approx(theirs, rel=1e-5)
    assert 0 <= result.low <= result.v_corrected <= result.high <= 1 or result.v_corrected == 0


def test_bergsma_by_hand():
    # 2 x 2, 60 respondents, chi-square 60 (35^2 - 25^2 ...): phi = (20 20 - 10 10)/900 = 1/3
    frame = pd.DataFrame(
        {
            "y": [1.0] * 20 + [0.0] * 10 + [1.0] * 10 + [0.0] * 20,
            "g": pd.Categorical(["a"] * 30 + ["b"] * 30),
        }
    )
    result = association(frame, "y", "g")
    assert result.v == pytest.approx(1 / 3)
    smaller = 2 - 1 / 59 - 1
    assert result.v_corrected == pytest.approx(np.sqrt((1 / 9 - 1 / 59) / smaller))


def test_perfect_association_stays_within_one():
    frame = pd.DataFrame({"y": [1.0] * 9 + [0.0] * 6, "g": pd.Categorical(["a"] * 9 + ["b"] * 6)})
    result = association(frame, "y", "g")
    assert result.v == pytest.approx(1) and result.v_corrected <= 1 and result.high == 1
    assert 0 < result.low < 1


def test_wider_level_wider_interval_and_the_test_agrees_with_the_lower_limit():
    rng = np.random.default_rng(3)
    tables = rng.multinomial(400, np.outer([0.5, 0.3, 0.2], [0.7, 0.3]).ravel(), size=300)
    tables = tables.reshape(300, 3, 2).astype("float64")
    low, high = cramers_v_interval(tables, 0.95)
    wide_low, wide_high = cramers_v_interval(tables, 0.99)
    assert (wide_low <= low).all() and (high <= wide_high).all()
    chi2 = np.array([stats.chi2_contingency(t, correction=False).statistic for t in tables])
    beyond = chi2 > stats.chi2.ppf(0.975, 2)
    assert not (low[~beyond] > 0).any()  # above zero only where the test rejects
    assert (low[beyond] > 0).mean() > 0.7


# ---- all of them


@pytest.mark.parametrize("compute", [variance_explained, standardized_differences, association])
def test_tidy_missing_and_errors(compute):
    frame = data()
    outcome = "s1"
    result = compute(frame, outcome, "groep_klasse")
    assert tuple(result.tidy().columns) == TIDY_COLUMNS
    used = frame[[outcome, "groep_klasse"]].notna().all(axis=1)
    assert (result.n, result.n_missing) == (used.sum(), (~used).sum())
    nobody = compute(frame[frame["groep"] == 1], outcome, "groep_klasse").tidy()
    assert nobody["value"].isna().all()
    for asked in ({"outcome": "nergens"}, {"by": "groep"}, {"level": 0.0}):
        with pytest.raises(AnalysisError):
            compute(frame, **{"outcome": outcome, "by": "groep_klasse"} | asked)
