"""The chained equations: against mice cell by cell, and against truth that was simulated.

Against mice both sides are random, with 400 imputations each. A difference of two means over m
draws has standard error sqrt((v1 + v2) / m); with some 100 cells, 4.5 of them would be passed once
in a thousand runs, and the seeds here are fixed. Standard errors of pooled coefficients vary
between runs by less than a percent (their between part, a fifth of the variance here, by 7%).
"""

from __future__ import annotations

from functools import cache

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from builders import failure, only
from mobiliteit.errors import AnalysisError
from mobiliteit.inference.chained import draw_categories, draw_matches, nearest_donor
from mobiliteit.inference.imputation import Imputations, impute, r_hat
from mobiliteit.inference.pooling import pool
from mobiliteit.inference.regress_imputed import regress_imputed
from mobiliteit.regress import standardized_regression
from mobiliteit.study_schema import Level
from reference.imputation_values import OUTCOME, PREDICTORS, cells, incomplete, r

LEVELS: dict[str, Level] = {
    OUTCOME: "interval",
    "netwerken": "interval",
    "effectiviteit": "interval",
    "scholing": "interval",
    "leeftijd": "interval",
    "opleidingsniveau": "ordinal",
    "geslacht": "binary",
    "zorgtaken": "binary",
    "pop": "binary",
    "groep": "nominal",
}
BY_MICE = 400
STANDARD_ERRORS = 4.5


@cache
def some() -> Imputations:
    return impute(incomplete(), LEVELS, m=40, seed=7)


@cache
def many() -> Imputations:
    return impute(incomplete(), LEVELS, m=400, seed=7)


@pytest.mark.slow
def test_pooled_coefficients_agree_with_mice_within_simulation_error() -> None:
    found = regress_imputed(many(), OUTCOME, PREDICTORS).beta
    for name in PREDICTORS:
        # between-variance from riv: (1 + 1/m) b = riv * se^2 / (1 + riv)
        own = found.at[name, "lambda"] * found.at[name, "se"] ** 2
        error = np.sqrt((own + r("many", name, "b")) / BY_MICE)
        difference = found.at[name, "estimate"] - r("many", name, "estimate")
        assert abs(difference) < STANDARD_ERRORS * error, name
        assert found.at[name, "se"] == pytest.approx(r("many", name, "std.error"), rel=0.03), name
        assert found.at[name, "fmi"] == pytest.approx(r("many", name, "fmi"), abs=0.04), name


@pytest.mark.slow
def test_every_cell_is_drawn_as_mice_draws_it() -> None:
    drawn, expected = many().values, cells()
    scores, ratios = [], []
    for name, part in expected[expected["variable"] != "groep"].groupby("variable"):
        own = drawn[str(name)]
        rows = np.flatnonzero(incomplete()[str(name)].isna())
        assert rows.tolist() == part["row"].tolist()
        spread = np.sqrt((own.var(axis=0, ddof=1) + part["sd"].to_numpy() ** 2) / BY_MICE)
        scores += ((own.mean(axis=0) - part["mean"].to_numpy()) / spread).tolist()
        ratios.append(np.sqrt(own.var(axis=0, ddof=1).mean() / (part["sd"] ** 2).mean()))
    assert len(scores) == 91
    assert np.abs(scores).max() < STANDARD_ERRORS
    # the spread of the scores as a whole: a small bias everywhere would widen it
    assert np.sqrt(np.mean(np.square(scores))) == pytest.approx(1, abs=0.25)
    np.testing.assert_allclose(ratios, 1, atol=0.06)


@pytest.mark.slow
def test_a_nominal_variable_is_drawn_as_mice_draws_it() -> None:
    # mice's polyreg does not draw its coefficients, so that its chances are a little more extreme
    drawn = many().values["groep"]
    expected = cells().query("variable == 'groep'")
    labels = incomplete()["groep"].cat.categories.to_numpy()[drawn.astype(int)]
    np.testing.assert_allclose((labels == 2).mean(axis=0), expected["twos"], atol=0.1)
    np.testing.assert_allclose((labels == 4).mean(axis=0), expected["fours"], atol=0.1)


def test_only_answers_that_somebody_gave_are_filled_in_and_the_others_stay() -> None:
    frame = incomplete()
    completed = some().completed(17)
    pd.testing.assert_series_equal(completed.dtypes, frame[list(LEVELS)].dtypes)
    assert not completed.isna().any(axis=None)
    for name in LEVELS:
        known = frame[name].notna()
        assert (completed.loc[known, name] == frame.loc[known, name]).all()
        assert set(completed[name]) <= set(frame[name].dropna())


def test_the_same_seed_gives_the_same_draws_and_more_draws_add_to_them() -> None:
    frame = incomplete()
    first, again = (impute(frame, LEVELS, m=3, iterations=2, seed=5) for _ in range(2))
    more = impute(frame, LEVELS, m=5, iterations=2, seed=5)
    other = impute(frame, LEVELS, m=3, iterations=2, seed=6)
    for name, values in first.values.items():
        np.testing.assert_array_equal(values, again.values[name])
        np.testing.assert_array_equal(values, more.values[name][:3])
    assert any((values != other.values[name]).any() for name, values in first.values.items())


def test_chunks_of_chains_change_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    frame = incomplete()
    whole = impute(frame, LEVELS, m=4, iterations=2)
    monkeypatch.setattr("mobiliteit.inference.imputation.CHUNK", 1)
    for name, values in impute(frame, LEVELS, m=4, iterations=2).values.items():
        # a batched and a single product may differ in the last bit, which can swap two donors
        assert (values == whole.values[name]).mean() > 0.98, name


def test_nothing_missing_is_the_ordinary_regression() -> None:
    frame = incomplete().dropna()
    found = regress_imputed(impute(frame, LEVELS, m=3), OUTCOME, PREDICTORS)
    plain = standardized_regression(frame, OUTCOME, PREDICTORS)
    for statistic, column in (("estimate", "b"), ("se", "se"), ("t", "t"), ("p", "p")):
        np.testing.assert_allclose(found.b[statistic], plain.coefficients[column], rtol=1e-10)
    np.testing.assert_allclose(found.beta["estimate"], plain.coefficients["beta"], rtol=1e-10)
    assert (found.beta["fmi"] == 0).all()
    assert found.r2.estimate == pytest.approx(plain.r2, rel=1e-10)
    assert found.r2_adjusted.estimate == pytest.approx(plain.r2_adjusted, rel=1e-10)
    assert found.test.f == pytest.approx(plain.f, rel=1e-10)
    assert found.test.df == plain.df
    assert found.test.p == pytest.approx(plain.f_p, rel=1e-10)


def test_donors_with_the_same_prediction_have_the_same_chance() -> None:
    # 40 donors in two ties of 20: one recipient between them, nearer to the first
    fitted = np.repeat([0.0, 1.0], 20)
    rng = np.random.default_rng(3)
    chosen = nearest_donor(fitted, np.full(20_000, 0.4), 5, rng)
    counts = np.bincount(chosen, minlength=40)
    assert counts[20:].sum() == 0
    # 1,000 each, standard deviation 31
    assert np.abs(counts[:20] - 1000).max() < 5 * 31


def test_donors_are_the_nearest_ones() -> None:
    rng = np.random.default_rng(4)
    fitted, predicted = rng.standard_normal(30), rng.standard_normal(200)
    for k in (1, 5, 40):
        chosen = nearest_donor(fitted, predicted, k, rng)
        rank = (
            np.abs(fitted - predicted[:, None]) < np.abs(fitted[chosen] - predicted)[:, None]
        ).sum(axis=1)
        assert rank.max() == min(k, 30) - 1
        assert rank.min() == 0


def test_recipients_scatter_as_student_s_t_around_the_regression() -> None:
    # Five donors at x = -2 to 2 on a line of slope 1; residuals (2, -1, -2, -1, 2) c are orthogonal
    # to it. A recipient at x = 0 then lies s / sqrt(5) times t with 3 degrees of freedom from 0.
    # With s / sqrt(5) = .75 its nearest donor is an outer one where |t| > 1.5 / .75 = 2: .139
    # (.046 had the residual variance not been drawn, 0 had the coefficients not been).
    x = np.array([-2.0, -1.0, 0.0, 1.0, 2.0])
    c = 0.75 * np.sqrt(5 * 3 / 14)
    known = x + c * np.array([2.0, -1.0, -2.0, -1.0, 2.0])
    chains = 4000
    rng = [np.random.default_rng(seed) for seed in range(chains)]
    tile = np.tile(x[None, :, None], (chains, 1, 1))
    drawn = draw_matches(known, tile, tile[:, 2:3], rng, 1)[:, 0]
    outer = np.isin(drawn, known[[0, 4]]).mean()
    # the standard error of a share of 4,000 is .0055
    assert outer == pytest.approx(2 * stats.t.sf(2, 3), abs=0.02)


def test_logistic_coefficients_are_drawn_with_their_error() -> None:
    # 20 of 40 say yes at each x: the logit at x = 0 has variance 1 / (40 / 4), a little less for
    # the respondents of small weight (2 in all): 1 / 10.5. 3,000 recipients show the logit.
    x = np.tile([-1.0, 1.0], 20)
    known = np.repeat([0.0, 1.0], 20)
    chains = 400
    rng = [np.random.default_rng(seed) for seed in range(chains)]
    tile = np.tile(x[None, :, None], (chains, 1, 1))
    drawn = draw_categories(known, np.array([0.0, 1.0]), tile, np.zeros((chains, 3000, 1)), rng)
    shares = drawn.mean(axis=1)
    # the standard error of a standard deviation over 400 is 3.5%
    assert np.log(shares / (1 - shares)).std() == pytest.approx(np.sqrt(1 / 10.5), rel=0.12)


def test_a_separating_predictor_gets_a_finite_coefficient() -> None:
    # 0/1 fully told apart by x: unpenalized logistic regression has no finite answer
    x = np.linspace(-1, 1, 40)
    known = (x > 0).astype("float64")
    rng = [np.random.default_rng(seed) for seed in range(300)]
    tile = np.tile(x[None, :, None], (300, 1, 1))
    drawn = draw_categories(known, np.array([0.0, 1.0]), tile, tile[:, [0, 20, 39]], rng)
    shares = drawn.mean(axis=0)
    assert shares[0] < 0.1 < 0.25 < shares[1] < 0.9 < shares[2] + 1e-9


def test_categories_are_drawn_with_the_chances_that_made_them() -> None:
    # three categories, chances softmax(0, 0.5 + x, -0.5 - x); at x = 0: .308, .507, .187
    rng = np.random.default_rng(8)
    n = 6000
    x = rng.standard_normal(n)
    chances = np.exp(np.column_stack([np.zeros(n), 0.5 + x, -0.5 - x]))
    chances /= chances.sum(axis=1, keepdims=True)
    known = (rng.random((n, 1)) > chances.cumsum(axis=1)).sum(axis=1).astype("float64")
    at = np.zeros((1, 20_000, 1))
    drawn = draw_categories(known, np.array([0.0, 1.0, 2.0]), x[None, :, None], at, [rng])[0]
    expected = np.array([1, np.exp(0.5), np.exp(-0.5)]) / (1 + np.exp(0.5) + np.exp(-0.5))
    shares = np.bincount(drawn.astype(int), minlength=3) / 20_000
    # one draw of the coefficients: their error at x = 0 is some 1.5 points
    np.testing.assert_allclose(shares, expected, atol=0.04)


def test_r_hat_by_hand() -> None:
    # halves (1, 3) (2, 4) (1, 3) (6, 8): variances 2, means 2, 3, 2, 7 with variance 17/3
    chains = np.array([[1.0, 1.0], [3.0, 3.0], [2.0, 6.0], [4.0, 8.0]])
    assert r_hat(chains) == pytest.approx(np.sqrt((0.5 * 2 + 17 / 3) / 2))
    assert r_hat(np.concatenate([[[9.0, -9.0]], chains])) == r_hat(chains)
    assert np.isnan(r_hat(chains[:3]))
    assert np.isnan(r_hat(np.ones((8, 3))))


def test_convergence_says_what_was_filled_in() -> None:
    found = some().convergence()
    assert found.loc["scholing", ["method", "n", "missing"]].tolist() == ["pmm", 240, 19]
    assert found.at["pop", "method"] == found.at["groep", "method"] == "logistic"
    assert "leeftijd" not in found.index
    assert found[["rhat_mean", "rhat_sd"]].max(axis=None) < 1.1
    tidy = some().tidy()
    assert tidy.query("row == 'scholing' and statistic == 'percent_missing'")["value"].item() == (
        pytest.approx(100 * 19 / 240)
    )


def broken(**columns: object) -> pd.DataFrame:
    return incomplete().assign(**columns)


@pytest.mark.parametrize(
    ("frame", "levels", "words"),
    [
        (broken(pop=np.nan), {}, "nobody has a value of pop"),
        (broken(leeftijd=40.0), {}, "leeftijd is the same"),
        (broken(leeftijd=np.inf), {}, "infinite"),
        (broken(dubbel=lambda d: 2 * d["leeftijd"]), {"dubbel": "interval"}, "determine another"),
        (broken(), {"weg": "interval"}, "weg is not in the data"),
        (broken(), {"groep": "ordinal"}, "groep is said to be ordinal"),
        (broken(), {"leeftijd": "binary"}, "binary, but has"),
        (broken().iloc[:12], {}, "respondents have all"),
    ],
)
def test_data_that_cannot_be_imputed_are_refused(
    frame: pd.DataFrame, levels: dict[str, Level], words: str
) -> None:
    error = failure(lambda: impute(frame, LEVELS | levels), AnalysisError)
    assert words in only(error).what


def test_all_problems_are_told_together() -> None:
    settings = failure(lambda: impute(incomplete(), LEVELS, m=1, iterations=0, seed=-1))
    assert len(settings.problems) == 3
    data = failure(lambda: impute(broken(pop=np.nan, leeftijd=1.0), LEVELS))
    assert len(data.problems) == 2
    model = failure(lambda: regress_imputed(some(), OUTCOME, ["weg", "groep", "pop", "pop"]))
    assert len(model.problems) == 3


def test_fraction_of_missing_information_is_what_theory_says() -> None:
    # Mean of y, 40% missing completely at random, x complete and correlated .6. The variance with
    # missing values is that of complete data times .36 + .64 / .6, so the fraction of missing
    # information is 1 - 1 / 1.427 = .299. With 300 data sets its standard deviation is .02; the
    # correlation in the sample and finite n add as much.
    rng = np.random.default_rng(12)
    n = 3000
    x = rng.standard_normal(n)
    y = 0.6 * x + 0.8 * rng.standard_normal(n)
    frame = pd.DataFrame({"x": x, "y": np.where(rng.random(n) < 0.4, np.nan, y)})
    found = impute(frame, {"x": "interval", "y": "interval"}, m=300, iterations=1, seed=1)
    sets = np.stack([found.completed(k)["y"].to_numpy() for k in range(300)])
    pooled = pool(sets.mean(axis=1)[:, None], sets.var(axis=1, ddof=1)[:, None] / n, n - 1)
    assert pooled.fmi[0] == pytest.approx(0.299, abs=0.06)


SIMULATION: dict[str, Level] = {"y": "interval", "a": "interval", "b": "interval", "c": "binary"}


def simulated(rng: np.random.Generator, n: int) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Respondents whose answers on a and c are missing because of y and b; and all answers."""
    b = rng.standard_normal(n)
    a = 0.5 * b + np.sqrt(0.75) * rng.standard_normal(n)
    c = (rng.random(n) < 1 / (1 + np.exp(-a))).astype("float64")
    y = 0.6 * a - 0.4 * b + 0.7 * c + rng.standard_normal(n)
    whole = pd.DataFrame({"y": y, "a": a, "b": b, "c": c})
    frame = whole.copy()
    frame.loc[rng.random(n) < 1 / (1 + np.exp(1.0 - 1.2 * y)), "a"] = np.nan
    frame.loc[rng.random(n) < 1 / (1 + np.exp(1.5 + 0.8 * y - 0.5 * b)), "c"] = np.nan
    return frame, whole


@pytest.mark.slow
def test_pooled_coefficients_hit_the_truth_where_listwise_ones_are_biased() -> None:
    names, samples, n = ["a", "b", "c"], 600, 400
    _, population = simulated(np.random.default_rng(99), 1_000_000)
    truth = standardized_regression(population, "y", names).coefficients["beta"]
    raw = {"a": 0.6, "b": -0.4, "c": 0.7}
    rng = np.random.default_rng(2006)
    listwise, pooled, hits, raw_hits = [], [], [], []
    for sample in range(samples):
        frame, _ = simulated(rng, n)
        listwise.append(standardized_regression(frame, "y", names).coefficients["beta"])
        found = regress_imputed(impute(frame, SIMULATION, m=20, seed=sample), "y", names)
        pooled.append(found.beta["estimate"])
        hits.append((found.beta["low"] < truth) & (truth < found.beta["high"]))
        true_b = pd.Series(raw)
        raw_hits.append((found.b["low"] < true_b) & (true_b < found.b["high"]))
    bias = pd.DataFrame(pooled).mean() - truth
    listwise_bias = pd.DataFrame(listwise).mean() - truth
    coverage = pd.DataFrame({"beta": pd.DataFrame(hits).mean(), "b": pd.DataFrame(raw_hits).mean()})
    print(pd.DataFrame({"bias": bias, "listwise": listwise_bias}).join(coverage).round(3))
    # the standard error of a bias here is .05 / sqrt(600) = .002, that of a coverage 0.9 points
    assert bias.abs().max() < 0.015
    assert listwise_bias.abs().max() > 0.05
    assert coverage.min(axis=None) > 0.92
    assert coverage.max(axis=None) < 0.98
