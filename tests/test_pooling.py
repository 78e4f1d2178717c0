"""Rubin's rules against mice, on the data sets that mice completed, and against hand calculations.

R printed 17 digits and both work in double precision on well-conditioned problems: a relative 1e-8
leaves room for nothing but the order of summation (mice takes errors from a QR decomposition).
"""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from builders import failure, only
from mobiliteit.errors import AnalysisError
from mobiliteit.inference.imputation import Imputations
from mobiliteit.inference.pooling import pool, pool_r2, pool_together
from mobiliteit.inference.regress_imputed import ImputedRegression, regress_imputed
from reference.imputation_values import OUTCOME, PREDICTORS, draws, incomplete, r

TOLERANCE = 1e-8
NAMES = {
    "estimate": "estimate",
    "se": "std.error",
    "t": "statistic",
    "df": "df",
    "p": "p.value",
    "low": "low",
    "high": "high",
    "riv": "riv",
    "lambda": "lambda",
    "fmi": "fmi",
}


def completed_by_mice() -> Imputations:
    values = draws()
    nothing: dict[str, np.ndarray] = {}
    return Imputations(
        frame=incomplete()[[OUTCOME, *PREDICTORS]],
        values=values,
        methods={},
        means=nothing,
        spreads=nothing,
        m=5,
        iterations=10,
        donors=5,
    )


@pytest.fixture(scope="module")
def pooled() -> ImputedRegression:
    return regress_imputed(completed_by_mice(), OUTCOME, PREDICTORS)


@pytest.mark.parametrize("kind", ["b", "beta"])
@pytest.mark.parametrize("statistic", list(NAMES))
def test_coefficients_are_those_of_mice(
    kind: str, statistic: str, pooled: ImputedRegression
) -> None:
    table = getattr(pooled, kind)
    expected = [r(kind, name, NAMES[statistic]) for name in PREDICTORS]
    np.testing.assert_allclose(table.loc[PREDICTORS, statistic], expected, rtol=TOLERANCE)


def test_explained_variance_is_that_of_mice_but_for_its_1_96(pooled: ImputedRegression) -> None:
    exact = stats.norm.ppf(0.975)
    for name in ("r2", "r2_adjusted"):
        found = getattr(pooled, name)
        assert found.estimate == pytest.approx(r(name, "", "estimate"), rel=TOLERANCE)
        assert found.fmi == pytest.approx(r(name, "", "fmi"), rel=TOLERANCE)
        centre = np.arctanh(np.sqrt(found.estimate))
        for end in ("low", "high"):
            # mice rounds the normal quantile to 1.96: its limit is ours with that quantile
            reach = np.arctanh(np.sqrt(r(name, "", end))) - centre
            expected = np.tanh(centre + reach * exact / 1.96) ** 2
            assert getattr(found, end) == pytest.approx(expected, rel=TOLERANCE)


def test_test_of_all_predictors_is_d1_of_mice(pooled: ImputedRegression) -> None:
    test = pooled.test
    assert test.df[0] == r("D1", "", "df1")
    found = {"F": test.f, "df2": test.df[1], "p": test.p, "riv": test.riv}
    for name, value in found.items():
        assert value == pytest.approx(r("D1", "", name), rel=TOLERANCE), name


def ordinary(k: int) -> tuple[np.ndarray, np.ndarray]:
    """Coefficients and covariance of the kth completed data set by plain least squares."""
    frame = completed_by_mice().completed(k)
    x = np.column_stack([np.ones(len(frame)), frame[PREDICTORS]])
    y = frame[OUTCOME].to_numpy()
    inverse = np.linalg.inv(x.T @ x)
    b = inverse @ x.T @ y
    residual = y - x @ b
    return b[1:], (inverse * (residual @ residual) / (len(y) - x.shape[1]))[1:, 1:]


def test_large_sample_forms_are_those_of_mice() -> None:
    b, covariances = (np.stack(part) for part in zip(*map(ordinary, range(5)), strict=True))
    found = pool(b, np.diagonal(covariances, axis1=1, axis2=2)).frame(PREDICTORS)
    for statistic in ("df", "p", "low", "fmi"):
        expected = [r("b_large", name, NAMES[statistic]) for name in PREDICTORS]
        np.testing.assert_allclose(found[statistic], expected, rtol=TOLERANCE)
    test = pool_together(b, covariances)
    for name, value in {"F": test.f, "df2": test.df[1], "p": test.p}.items():
        assert value == pytest.approx(r("D1_large", "", name), rel=TOLERANCE)
    # three data sets and one coefficient: q (m - 1) is at most 4, where another formula holds
    j = PREDICTORS.index("leeftijd")
    few = pool_together(b[:3, [j]], covariances[:3, j : j + 1, j : j + 1])
    for name, value in {"F": few.f, "df2": few.df[1], "p": few.p, "riv": few.riv}.items():
        assert value == pytest.approx(r("D1_few", "leeftijd", name), rel=TOLERANCE)


def test_a_mean_is_pooled_as_mice_does() -> None:
    sets = [completed_by_mice().completed(k)["netwerken"] for k in range(5)]
    means = np.array([[values.mean()] for values in sets])
    variances = np.array([[values.var() / len(values)] for values in sets])
    found = pool(means, variances, len(sets[0]) - 1)
    got = (found.estimate, found.within, found.between, found.se**2, found.df, found.riv, found.fmi)
    names = ("qbar", "ubar", "b", "t", "df", "r", "fmi")
    for name, (value,) in zip(names, got, strict=True):
        assert value == pytest.approx(r("scalar", "netwerken", name), rel=TOLERANCE), name


def test_rules_by_hand() -> None:
    # estimates 1, 2, 3 with variances 1, 1, 4: mean 2, within 2, between 1, total 2 + 4/3
    found = pool(np.array([[1.0], [2.0], [3.0]]), np.array([[1.0], [1.0], [4.0]]))
    assert found.estimate[0] == 2
    assert found.se[0] ** 2 == pytest.approx(10 / 3)
    assert found.riv[0] == pytest.approx(2 / 3)
    assert found.lam[0] == pytest.approx(0.4)
    assert found.df[0] == pytest.approx(12.5)  # 2 / 0.4^2
    assert found.fmi[0] == pytest.approx((2 / 3 + 2 / 15.5) / (5 / 3))
    # Barnard and Rubin with 20: 1 / (1/12.5 + 1/(21/23 * 20 * 0.6))
    small = pool(np.array([[1.0], [2.0], [3.0]]), np.array([[1.0], [1.0], [4.0]]), 20)
    assert small.df[0] == pytest.approx(1 / (1 / 12.5 + 23 / (21 * 12)))


def test_fraction_of_missing_information_is_the_share_missing_where_nothing_predicts() -> None:
    # Mean of a normal variable, 30% missing completely at random, proper draws made by hand here:
    # in theory 30% of the information is missing. One draw of the fmi has a standard deviation of
    # some 0.7 * 0.3 * sqrt(2 / 1999) = 0.007 with 2,000 data sets.
    rng = np.random.default_rng(11)
    n, answered, m = 1000, 700, 2000
    y = rng.standard_normal(answered)
    sigma2 = (answered - 1) * y.var(ddof=1) / rng.chisquare(answered - 1, m)
    mu = y.mean() + rng.standard_normal(m) * np.sqrt(sigma2 / answered)
    filled = mu[:, None] + np.sqrt(sigma2)[:, None] * rng.standard_normal((m, n - answered))
    sets = np.concatenate([np.tile(y, (m, 1)), filled], axis=1)
    found = pool(sets.mean(axis=1)[:, None], sets.var(axis=1, ddof=1)[:, None] / n, n - 1)
    assert found.fmi[0] == pytest.approx(0.3, abs=0.025)
    assert found.se[0] == pytest.approx(y.std(ddof=1) / np.sqrt(answered), rel=0.02)


def test_equal_data_sets_are_the_complete_data_result() -> None:
    estimates, variances = np.full((4, 1), 0.1), np.full((4, 1), 0.0123)
    found = pool(estimates, variances, 17)
    assert (found.fmi[0], found.riv[0], found.df[0]) == (0, 0, 17)
    assert found.se[0] == np.sqrt(0.0123)
    test = pool_together(estimates, variances[:, :, None], 17)
    assert test.df == (1, 17)
    assert test.f == pytest.approx(0.1**2 / 0.0123)
    assert test.p == pytest.approx(found.p[0])
    r2 = pool_r2(np.full(4, 0.25), 100)
    assert r2.estimate == pytest.approx(0.25)
    assert r2.fmi == 0


def test_explained_variance_stays_between_0_and_1() -> None:
    found = pool_r2(np.array([0.001, 0.002, -0.003]), 50)
    assert found.low == 0
    assert 0 <= found.estimate < found.high < 1


@pytest.mark.parametrize(
    ("estimates", "variances", "words"),
    [
        (np.zeros((1, 2)), np.ones((1, 2)), "1 completed data set"),
        (np.zeros((3, 2)), np.ones((3, 1)), "other shapes"),
        (np.array([[0.0], [np.nan]]), np.ones((2, 1)), "not a finite number"),
        (np.zeros((2, 1)), np.array([[1.0], [0.0]]), "not positive"),
    ],
)
def test_what_cannot_be_pooled_is_refused(
    estimates: np.ndarray, variances: np.ndarray, words: str
) -> None:
    error = failure(lambda: pool(estimates, variances), AnalysisError)
    assert words in only(error).what


def test_a_joint_test_without_degrees_of_freedom_is_refused() -> None:
    estimates = np.array([[0.1], [0.2], [0.4]])
    few = failure(lambda: pool_together(estimates, np.ones((3, 1, 1)), 50), AnalysisError)
    assert "3 imputations" in only(few).what
    wide = np.random.default_rng(1).standard_normal((6, 4))
    small = failure(
        lambda: pool_together(wide, np.tile(np.eye(4) / 9, (6, 1, 1)), 5), AnalysisError
    )
    assert "too few respondents" in only(small).what
    full = failure(lambda: pool_r2(np.array([0.5, 1.0]), 40), AnalysisError)
    assert "explained variance of 1" in only(full).what
