"""Weighted means, shares and regressions: against R's survey, by hand, and in simulated samples."""

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm
from scipy import stats

from builders import failure
from mobiliteit.compare import (
    NO_SPREAD,
    SAME_ANSWER,
    compare_means,
    compare_shares,
    count_groups,
)
from mobiliteit.design import TOO_FEW_CLUSTERS, design_of, moments
from mobiliteit.errors import AnalysisError
from mobiliteit.regress import standardized_regression
from mobiliteit.samples import NO_VARIANCE, TOO_FEW_GROUPS
from mobiliteit.weights import CLUSTER, DESIGN_COLUMNS, PSUS, STRATUM, WEIGHT, with_design
from reference.survey_values import r_value, survey_data

DESIGNS = ("gewicht", "strata", "clusters")
NAMES = [*DESIGNS, *(f"{design}_domein" for design in DESIGNS)]
PREDICTORS = ["x1", "x2", "vrouw"]


def sample_of(name: str) -> pd.DataFrame:
    """The made-up sample with a design, or the domain of it."""
    data = survey_data()
    design = name.removesuffix("_domein")
    frame = with_design(
        data.drop(columns=["stratum", "cluster", "gewicht"]),
        data["gewicht"],
        stratum=None if design == "gewicht" else data["stratum"],
        cluster=data["cluster"] if design == "clusters" else None,
    )
    return frame[frame["domein"] == 1] if name.endswith("_domein") else frame


@pytest.fixture(params=NAMES)
def case(request: pytest.FixtureRequest) -> tuple[str, pd.DataFrame]:
    return request.param, sample_of(request.param)


def test_means_and_spreads_of_groups(case):
    name, frame = case
    groups = compare_means(frame, "y", "groep").groups
    for group in (1, 2, 3):
        for statistic in ("n", "mean", "sd"):
            assert groups.at[group, statistic] == r_value(name, "y", str(group), statistic)
    assert groups.at[4, "n"] == 0
    assert np.isnan(groups.at[4, "mean"])


def test_wald_test_of_groups(case):
    name, frame = case
    found = compare_means(frame, "y", "groep")
    assert found.test == "design_f"
    for statistic, value in (
        ("f", found.statistic), ("df1", found.df[0]), ("df2", found.df[1]), ("p", found.p)
    ):  # fmt: skip
        assert value == r_value(name, "y", "groep", statistic), statistic
    assert found.n + found.n_missing == len(frame)


def test_weighted_shares_and_rao_scott(case):
    name, frame = case
    found = compare_shares(frame, "ja", "groep")
    scale = survey_data()["gewicht"].mean()
    for group in (1, 2, 3):
        percent = found.groups.at[group, "percent"]
        assert percent == r_value(name, "ja", str(group), "percent")
        count = found.groups.at[group, "count"] * scale
        assert count == r_value(name, "ja", str(group), "count")
    assert found.test == "rao_scott"
    for statistic, value in (
        ("f", found.statistic), ("df1", found.df[0]), ("df2", found.df[1]), ("p", found.p)
    ):  # fmt: skip
        assert value == r_value(name, "ja", "groep", statistic), statistic


def test_weighted_counts(case):
    name, frame = case
    found = count_groups(frame, "groep")
    scale = survey_data()["gewicht"].mean()
    for group in (1, 2, 3):
        assert found.counts[group] * scale == r_value(name, "groep", str(group), "count")
    assert found.n == frame["groep"].notna().sum()
    assert found.percent.sum() == pytest.approx(100, abs=1e-9)


def test_regression(case):
    name, frame = case
    fit = standardized_regression(frame, "y", PREDICTORS)
    for predictor in PREDICTORS:
        values = fit.coefficients.loc[predictor]
        for statistic in ("b", "beta", "se", "t", "p"):
            assert values[statistic] == r_value(name, predictor, "y", statistic), statistic
        # the error of beta is that of b on scores
        on_scores = values["beta"] / values["t"]
        assert on_scores == r_value(name, predictor, "y", "se_beta")
    for statistic, value in (
        ("intercept", fit.intercept), ("f", fit.f), ("df1", fit.df[0]), ("df2", fit.df[1]),
        ("p_f", fit.f_p), ("r2", fit.r2), ("n", fit.n),
    ):  # fmt: skip
        assert value == r_value(name, "", "y", statistic), statistic


def test_a_domain_is_not_a_sample_of_its_own():
    """Leaving the other clusters out of account gives another error: the trap of subsetting."""
    whole = sample_of("clusters")
    domain = whole[whole["domein"] == 1]
    alone = domain.drop(columns=list(DESIGN_COLUMNS))
    data = survey_data().loc[domain.index]
    alone = with_design(alone, data["gewicht"], stratum=data["stratum"], cluster=data["cluster"])
    right = standardized_regression(domain, "y", PREDICTORS).coefficients
    wrong = standardized_regression(alone, "y", PREDICTORS).coefficients
    assert right["beta"].to_numpy() == pytest.approx(wrong["beta"].to_numpy(), rel=1e-12)
    assert (abs(right["se"] / wrong["se"] - 1) > 0.001).all()


def test_equal_weights_give_the_unweighted_estimates():
    bare = survey_data().drop(columns=["stratum", "cluster", "gewicht"])
    equal = with_design(bare, np.full(len(bare), 3.7))
    for column, frame in (("mean", "y"), ("sd", "y")):
        weighted = compare_means(equal, frame, "groep").groups[column].dropna()
        plain = compare_means(bare, frame, "groep").groups[column].dropna()
        pd.testing.assert_series_equal(weighted, plain, rtol=1e-12)
    pd.testing.assert_frame_equal(
        compare_shares(equal, "ja", "groep").groups,
        compare_shares(bare, "ja", "groep").groups,
        rtol=1e-12,
    )
    pd.testing.assert_series_equal(
        count_groups(equal, "groep").counts, count_groups(bare, "groep").counts, rtol=1e-12,
        check_names=False,
    )  # fmt: skip
    weighted = standardized_regression(equal, "y", PREDICTORS)
    plain = standardized_regression(bare, "y", PREDICTORS)
    pd.testing.assert_frame_equal(
        weighted.coefficients[["beta", "b"]], plain.coefficients[["beta", "b"]], rtol=1e-10
    )
    assert weighted.r2 == pytest.approx(plain.r2, rel=1e-12)
    assert weighted.r2_adjusted == pytest.approx(plain.r2_adjusted, rel=1e-12)


def test_errors_without_a_design_are_those_of_hc0():
    """White's HC0 times n / (n - 1), by statsmodels: what linearization comes to here."""
    frame = sample_of("gewicht")
    equal = with_design(frame.drop(columns=list(DESIGN_COLUMNS)), np.ones(len(frame)))
    complete = frame[["y", *PREDICTORS]].dropna()
    n = len(complete)
    white = sm.OLS(complete["y"], sm.add_constant(complete[PREDICTORS])).fit(cov_type="HC0")
    ours = standardized_regression(equal, "y", PREDICTORS).coefficients["se"]
    # the respondents with missing answers are clusters of the sample too
    total = len(frame)
    expected = white.bse[PREDICTORS] * np.sqrt(total / (total - 1))
    assert n < total
    assert ours.to_numpy() == pytest.approx(expected.to_numpy(), rel=1e-9)


def test_weights_are_neither_frequencies_nor_precisions():
    """Twice the weights changes nothing; and errors are not those of weighted least squares."""
    frame = sample_of("gewicht")
    bare = frame.drop(columns=list(DESIGN_COLUMNS))
    twice = with_design(bare, 2 * frame[WEIGHT])
    once = standardized_regression(frame, "y", PREDICTORS)
    pd.testing.assert_frame_equal(
        once.coefficients, standardized_regression(twice, "y", PREDICTORS).coefficients
    )
    complete = frame[["y", *PREDICTORS, WEIGHT]].dropna()
    wls = sm.WLS(
        complete["y"], sm.add_constant(complete[PREDICTORS]), weights=complete[WEIGHT]
    ).fit()
    b, se = once.coefficients["b"].to_numpy(), once.coefficients["se"].to_numpy()
    assert b == pytest.approx(wls.params[PREDICTORS].to_numpy(), rel=1e-9)
    assert (abs(se / wls.bse[PREDICTORS].to_numpy() - 1) > 0.02).any()


def test_a_difference_by_hand():
    """Two strata of two clusters, weights 1: group a holds 1 2 | 5 6 and group b 3 4 | 7 8.

    Means 3.5 and 5.5. Of b - a the totals of the clusters are 1 and -1 in the first stratum, -1 and
    1 in the second, around a mean of 0; each stratum gives 2 / (2 - 1) * (1 + 1) = 4. So F is
    2^2 / 8 with 1 and 4 - 2 - 1 degrees of freedom, and p = 1 - 2 / pi * atan(sqrt(F)).
    """
    frame = pd.DataFrame({"y": np.arange(1.0, 9.0)})
    frame["g"] = pd.Categorical(["a", "a", "b", "b"] * 2)
    design = with_design(
        frame,
        np.ones(8),
        stratum=pd.Series(["s"] * 4 + ["t"] * 4),
        cluster=pd.Series([1, 1, 2, 2] * 2),
    )
    assert design[PSUS].tolist() == [2] * 8
    assert design[CLUSTER].nunique() == 4
    found = compare_means(design, "y", "g")
    assert found.groups["mean"].tolist() == [3.5, 5.5]
    assert found.statistic == pytest.approx(0.5, rel=1e-12)
    assert found.df == (1, 1)
    assert found.p == pytest.approx(1 - 2 / np.pi * np.arctan(np.sqrt(0.5)), rel=1e-12)


@pytest.fixture
def two_clusters() -> pd.DataFrame:
    """Respondents of two clusters of one stratum: one degree of freedom."""
    frame = sample_of("clusters")
    first = frame[frame["groep"].notna()]
    stratum = first[STRATUM].mode()[0]
    sizes = first.loc[first[STRATUM] == stratum, CLUSTER].value_counts()
    return frame[frame[CLUSTER].isin(sizes.index[:2])]


def test_too_few_clusters_give_no_test(two_clusters):
    means = compare_means(two_clusters, "y", "groep")
    assert means.groups["mean"].notna().sum() == 3
    assert (np.isnan(means.p), means.note) == (True, TOO_FEW_CLUSTERS)
    error = failure(lambda: standardized_regression(two_clusters, "y", PREDICTORS), AnalysisError)
    assert "too few for 3 predictors" in str(error)


def test_a_share_in_one_cluster_has_no_test(two_clusters):
    one = two_clusters[two_clusters[CLUSTER] == two_clusters[CLUSTER].iloc[0]]
    found = compare_shares(one, "ja", "groep")
    assert found.groups["percent"].notna().sum() >= 2
    assert (np.isnan(found.p), found.note) == (True, TOO_FEW_CLUSTERS)


def test_a_group_without_spread_is_not_tested():
    """Its design-based error would be 0, and the Wald test would take its mean as known."""
    frame = sample_of("gewicht")
    third = frame["groep"].eq(3)
    found = compare_means(frame.assign(y=frame["y"].mask(third, 5.0)), "y", "groep")
    assert (found.groups.at[3, "mean"], found.groups.at[3, "sd"]) == (5.0, 0.0)
    assert (np.isnan(found.p), found.note) == (True, NO_SPREAD)
    alone = frame.drop(index=frame.index[third.to_numpy().nonzero()[0][1:]])
    found = compare_means(alone, "y", "groep")
    assert found.groups.at[3, "n"] == 1
    assert np.isnan(found.groups.at[3, "sd"])
    assert (np.isnan(found.p), found.note) == (True, NO_SPREAD)


def test_nothing_to_compare_has_its_reason():
    frame = sample_of("strata")
    alike = frame.assign(y=2.0, ja=1.0)
    assert compare_means(alike, "y", "groep").note == NO_VARIANCE
    assert compare_shares(alike, "ja", "groep").note == SAME_ANSWER
    one = frame[frame["groep"] == 1]
    assert compare_means(one, "y", "groep").note == TOO_FEW_GROUPS
    nobody = compare_means(frame.iloc[:0], "y", "groep")
    assert (nobody.n, nobody.note) == (0, TOO_FEW_GROUPS)
    assert count_groups(frame.iloc[:0], "groep").percent.isna().all()


def test_weights_without_a_design_are_refused():
    frame = survey_data().rename(columns={"gewicht": WEIGHT})
    error = failure(lambda: compare_means(frame, "y", "groep"), AnalysisError)
    assert "with_design" in str(error)


def test_results_say_that_they_are_weighted():
    frame = sample_of("strata")
    found = {
        "design_f": compare_means(frame, "y", "groep").tidy(),
        "rao_scott": compare_shares(frame, "ja", "groep").tidy(),
        "weighted_counts": count_groups(frame, "groep").tidy(),
        "design_ols": standardized_regression(frame, "y", PREDICTORS).tidy(),
    }
    for name, tidy in found.items():
        assert set(tidy["analysis"]) == {name}
    assert "F_design" in set(found["design_f"]["statistic"])
    assert "F_rao_scott" in set(found["rao_scott"]["statistic"])
    assert "F_design" in set(found["design_ols"]["statistic"])


@pytest.mark.slow
def test_coverage_under_informative_sampling():
    """The answer decides who is drawn: weighted intervals hold the truth, unweighted ones do not.

    1,000 samples of some 1,100, in three strata, from a population of 30,000 in which both the mean
    and the regression are bent by the sampling. A share of 95% has a simulation error of 0.7%.
    """
    rng = np.random.default_rng(20081)
    size = 30_000
    stratum = rng.integers(0, 3, size)
    x = rng.normal(size=size) + 0.3 * stratum
    y = 1 + 0.5 * x + rng.normal(size=size) * (0.6 + 0.3 * (x > 0))
    chance = 1 / (1 + np.exp(-(-5.0 + 0.9 * y + 0.3 * stratum)))
    population = pd.DataFrame({"x": x, "y": y, "s": stratum})
    truth = {"mean": y.mean(), "b": np.polyfit(x, y, 1)[0]}
    hits = {"mean": 0, "b": 0, "plain": 0}
    samples = 1000
    for _ in range(samples):
        drawn = rng.random(size) < chance
        part = population[drawn].reset_index(drop=True)
        part["g"] = pd.Categorical(np.where(np.arange(len(part)) % 2, "a", "b"))
        weight = 1 / chance[drawn]
        frame = with_design(part, weight, stratum=part["s"])
        fit = standardized_regression(frame, "y", ["x"])
        b, se = fit.coefficients.loc["x", ["b", "se"]]
        reach = stats.t.ppf(0.975, fit.df[1])
        hits["b"] += abs(b - truth["b"]) < reach * se
        bare = standardized_regression(part, "y", ["x"])
        b, se = bare.coefficients.loc["x", ["b", "se"]]
        hits["plain"] += abs(b - truth["b"]) < stats.t.ppf(0.975, bare.df[1]) * se
        design = design_of(frame)
        mean, _ = moments(design.weight, part["y"].to_numpy())
        scores = design.weight * (part["y"].to_numpy() - mean) / design.weight.sum()
        error = np.sqrt(design.covariance(scores[:, None])[0, 0])
        hits["mean"] += abs(mean - truth["mean"]) < stats.t.ppf(0.975, design.df) * error
    shares = {name: count / samples for name, count in hits.items()}
    assert 0.92 <= shares["mean"] <= 0.97, shares
    assert 0.92 <= shares["b"] <= 0.97, shares
    assert shares["plain"] < 0.5, shares
