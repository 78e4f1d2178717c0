"""OLS with standardized coefficients: by hand, against R and PSPP, and against a known truth."""

import math

import numpy as np
import pandas as pd
import pytest

from mobiliteit.errors import AnalysisError
from mobiliteit.regress import standardized_regression
from mobiliteit.results import TIDY_COLUMNS
from reference.values import data, printed, pspp_row, r_value

MODELS = {
    "model_1": ("succes", ["netwerken", "scholing", "geslacht"]),
    "model_2": (
        "succes",
        [
            "netwerken",
            "effectiviteit",
            "scholing",
            "geslacht",
            "leeftijd",
            "opleidingsniveau",
            "zorgtaken",
            "pop",
        ],
    ),
    "model_3": ("netwerken", ["effectiviteit"]),
}


@pytest.fixture
def square():
    # Five complete respondents on the corners and the centre of a square, and three incomplete
    # ones.
    return pd.DataFrame(
        {
            "x1": [-1.0, -1, 1, 1, 0, 50, np.nan, 3],
            "x2": [-1.0, 1, -1, 1, 0, np.nan, 7, 2],
            "y": [1.0, 3, 5, 9, 2, 40, 8, np.nan],
        }
    )


def test_regression_by_hand(square):
    # Among the complete: Sx1x1 = Sx2x2 = 4, Sx1x2 = 0, Sx1y = 10, Sx2y = 6, Syy = 40, mean y = 4.
    # b = 10/4 and 6/4; beta = b sqrt(4/40). R2 = (2.5 * 10 + 1.5 * 6) / 40 = .85; SSE = 6 on 2
    # df, so se = sqrt(3/4). With 2 df, p(t) = 1 - |t| / sqrt(2 + t^2), and p(F) = 1 / (1 + F)
    # with 2 and 2 df.
    fit = standardized_regression(square, "y", ["x1", "x2"])
    t1, t2 = 2.5 / math.sqrt(0.75), 1.5 / math.sqrt(0.75)
    expected = pd.DataFrame(
        {
            "beta": [2.5 * math.sqrt(0.1), 1.5 * math.sqrt(0.1)],
            "b": [2.5, 1.5],
            "se": [math.sqrt(0.75)] * 2,
            "t": [t1, t2],
            "p": [1 - t / math.sqrt(2 + t * t) for t in (t1, t2)],
        },
        index=["x1", "x2"],
    )
    pd.testing.assert_frame_equal(fit.coefficients, expected, rtol=1e-12)
    assert fit.intercept == pytest.approx(4)
    assert fit.r2 == pytest.approx(0.85)
    assert fit.r2_adjusted == pytest.approx(1 - 0.15 * 4 / 2)
    assert fit.f == pytest.approx(17 / 3)
    assert fit.f_p == pytest.approx(0.15)
    assert fit.df == (2, 2)
    assert (fit.n, fit.n_missing) == (5, 3)


def test_a_single_beta_is_the_correlation(square):
    complete = square[["x1", "y"]].dropna()
    fit = standardized_regression(square, "y", ["x1"])
    assert (fit.n, fit.n_missing) == (6, 2)
    r = np.corrcoef(complete["x1"], complete["y"])[0, 1]
    assert fit.coefficients.at["x1", "beta"] == pytest.approx(r, rel=1e-12)
    assert fit.r2 == pytest.approx(r * r, rel=1e-12)


def test_betas_do_not_depend_on_units(square):
    before = standardized_regression(square, "y", ["x1", "x2"])
    rescaled = square.assign(x1=1000 * square["x1"] - 3, y=0.01 * square["y"] + 7)
    after = standardized_regression(rescaled, "y", ["x1", "x2"])
    for column in ("beta", "t", "p"):
        np.testing.assert_allclose(
            before.coefficients[column], after.coefficients[column], rtol=1e-10
        )
    assert after.coefficients.at["x1", "b"] == pytest.approx(2.5e-5, rel=1e-10)


def test_betas_do_not_depend_on_the_origin(square):
    # Numbers like a date in milliseconds: far from zero, but full of variance.
    before = standardized_regression(square, "y", ["x1", "x2"]).coefficients
    moved = square.assign(x1=square["x1"] + 2.0**30)
    after = standardized_regression(moved, "y", ["x1", "x2"]).coefficients
    pd.testing.assert_frame_equal(after, before, rtol=1e-8)


def test_predictors_keep_the_order_they_were_given_in(square):
    fit = standardized_regression(square, "y", ["x2", "x1"])
    assert list(fit.coefficients.index) == ["x2", "x1"]
    assert fit.coefficients["b"].tolist() == pytest.approx([1.5, 2.5])


def test_nullable_integers_and_booleans_are_numbers():
    frame = pd.DataFrame(
        {
            "x": pd.array([False, False, True, True, None], dtype="boolean"),
            "y": pd.array([1, 2, 4, 6, 9], dtype="Int64"),
        }
    )
    fit = standardized_regression(frame, "y", ["x"])
    assert fit.coefficients.at["x", "b"] == pytest.approx(5 - 1.5)
    assert (fit.n, fit.n_missing) == (4, 1)


def test_the_input_is_left_as_it_was(square):
    before = square.copy(deep=True)
    standardized_regression(square, "y", ["x1", "x2"])
    pd.testing.assert_frame_equal(square, before)


@pytest.mark.parametrize("model", MODELS)
def test_regression_agrees_with_r(model):
    outcome, predictors = MODELS[model]
    fit = standardized_regression(data(), outcome, predictors)
    for row in predictors:
        for statistic in ("beta", "b", "se", "t", "p"):
            assert fit.coefficients.at[row, statistic] == r_value("ols", row, model, statistic)
    for statistic in ("intercept", "r2", "r2_adjusted", "f", "f_p", "n", "n_missing"):
        assert getattr(fit, statistic) == r_value("ols", "", model, statistic)
    assert fit.df[0] == r_value("ols", "", model, "df1")
    assert fit.df[1] == r_value("ols", "", model, "df2")


@pytest.mark.parametrize(("model", "table"), [("model_1", 0), ("model_2", 1), ("model_3", 0)])
def test_regression_agrees_with_pspp(model, table):
    outcome, predictors = MODELS[model]
    fit = standardized_regression(data(), outcome, predictors)
    for row in predictors:
        numbers = pspp_row(f"Coefficients ({outcome})", row, table=table)
        for statistic, number in zip(("b", "se", "beta", "t", "p"), numbers, strict=True):
            assert fit.coefficients.at[row, statistic] == printed(number)
    constant = pspp_row(f"Coefficients ({outcome})", "(Constant)", table=table)[0]
    assert fit.intercept == printed(constant)
    _, df1, _, f, p = pspp_row(f"ANOVA ({outcome})", "Regression", table=table)
    df2 = pspp_row(f"ANOVA ({outcome})", "Residual", table=table)[1]
    assert fit.f == printed(f)
    assert fit.f_p == printed(p)
    assert fit.df == (int(df1), int(df2))


@pytest.mark.parametrize(
    ("model", "r", "table"),
    [
        ("model_1", ".3652677201", 0),
        ("model_2", ".3935996328", 1),
        ("model_3", ".5911103523", 0),
    ],
)
def test_explained_variance_agrees_with_pspp(model, r, table):
    # The row has no label: it starts with the multiple correlation.
    outcome, predictors = MODELS[model]
    fit = standardized_regression(data(), outcome, predictors)
    r2, r2_adjusted, _ = pspp_row(f"Model Summary ({outcome})", r, table=table)
    assert math.sqrt(fit.r2) == printed(r)
    assert fit.r2 == printed(r2)
    assert fit.r2_adjusted == printed(r2_adjusted)


def test_z_scores_of_all_respondents_would_give_other_betas():
    # The trap that the R values guard: here the two differ by more than any tolerance in use.
    outcome, predictors = MODELS["model_1"]
    frame = data()[[outcome, *predictors]]
    fit = standardized_regression(frame, outcome, predictors)
    early = fit.coefficients["b"] * frame[predictors].std() / frame[outcome].std()
    assert (early - fit.coefficients["beta"]).abs().max() > 1e-3


def test_tidy(square):
    fit = standardized_regression(square, "y", ["x1", "x2"])
    tidy = fit.tidy()
    assert list(tidy.columns) == list(TIDY_COLUMNS)
    assert tidy["analysis"].eq("ols").all() and tidy["column"].eq("y").all()
    assert tidy["n"].eq(5).all() and tidy["n_missing"].eq(3).all()
    cells = tidy.set_index(["row", "statistic"])
    for row in ("x1", "x2"):
        for statistic in ("beta", "b", "se", "t"):
            value = cells.at[(row, statistic), "value"]
            assert value == fit.coefficients.at[row, statistic]
        assert cells.at[(row, "beta"), "p"] == fit.coefficients.at[row, "p"]
        assert math.isnan(cells.at[(row, "t"), "p"])
    assert cells.at[("", "r2"), "value"] == fit.r2
    assert cells.at[("", "r2"), "p"] == cells.at[("", "F"), "p"] == fit.f_p
    assert cells.at[("", "r2_adjusted"), "value"] == fit.r2_adjusted
    assert cells.at[("", "F"), "value"] == fit.f


# ---- a known truth


def test_a_known_beta_is_recovered_from_incomplete_data():
    # x1 ~ N(10, 3^2); x2 is 0/1 with probability .3; y = 2 + .5 x1 - 4 x2 + N(0, 2^2). var(y) =
    # .25 * 9 + 16 * .21 + 4 = 9.61, so beta1 = .5 * 3 / 3.1 and beta2 = -4 sqrt(.21) / 3.1, R2 =
    # 5.61 / 9.61. Four respondents in ten lack something, at random. The standard error of a beta
    # is about sqrt((1 - R2) / n) = .0059 with 12,000 complete: .025 is over four of them.
    rng = np.random.default_rng(21730)
    n = 20_000
    x1, x2 = rng.normal(10, 3, n), (rng.random(n) < 0.3).astype(float)
    y = 2 + 0.5 * x1 - 4 * x2 + rng.normal(0, 2, n)
    frame = pd.DataFrame({"x1": x1, "x2": x2, "y": y})
    for name in frame:
        frame.loc[rng.random(n) < 0.16, name] = np.nan
    fit = standardized_regression(frame, "y", ["x1", "x2"])
    assert fit.n == pytest.approx(20_000 * 0.84**3, abs=300)
    assert fit.n + fit.n_missing == n
    truth = [1.5 / 3.1, -4 * math.sqrt(0.21) / 3.1]
    assert fit.coefficients["beta"].tolist() == pytest.approx(truth, abs=0.025)
    assert fit.coefficients["b"].tolist() == pytest.approx([0.5, -4], abs=0.2)
    assert fit.r2 == pytest.approx(5.61 / 9.61, abs=0.025)
    assert (fit.coefficients["p"] < 1e-6).all()


def test_p_values_keep_their_promise():
    # Without any effect, p falls below .05 in 5% of samples: 4 of 80, give or take 1.9. With a true
    # slope of .5, error variance 1 and n = 30, the 80 slopes average to it (standard error
    # .19 / sqrt(80)), and their spread is what `se` says (known to 1 / sqrt(160) = 8%).
    rng = np.random.default_rng(11410)
    rejected, slopes, errors = 0, [], []
    for _ in range(80):
        x = rng.normal(size=(30, 2))
        frame = pd.DataFrame({"x1": x[:, 0], "x2": x[:, 1]})
        frame["y"] = 0.5 * x[:, 1] + rng.normal(size=30)
        coefficients = standardized_regression(frame, "y", ["x1", "x2"]).coefficients
        rejected += coefficients.at["x1", "p"] < 0.05
        slopes.append(coefficients.at["x2", "b"])
        errors.append(coefficients.at["x2", "se"])
    assert 1 <= rejected <= 10
    assert np.mean(slopes) == pytest.approx(0.5, abs=4 * 0.19 / math.sqrt(80))
    assert np.std(slopes) == pytest.approx(np.mean(errors), rel=0.25)


# ---- errors


def refused(frame, outcome, predictors):
    with pytest.raises(AnalysisError) as caught:
        standardized_regression(frame, outcome, predictors)
    headline, *problems = str(caught.value).split("\n  - ")
    assert headline == f"The regression of {outcome} cannot be done."
    return problems


def test_missing_doubled_and_text_columns_are_named_together(square):
    square["tekst"] = pd.Series(["a"] * 8, dtype="object")
    square["klasse"] = pd.Categorical([*"ababcabc"])
    assert refused(square, "weg", ["x1", "x1", "tekst", "klasse", "ook_weg"]) == [
        "weg is not in the data. Use a name of the codebook.",
        "ook_weg is not in the data. Use a name of the codebook.",
        "x1 is named more than once. Name every variable once.",
        "tekst is not numeric: its type is object. Use a scale score, a number or a 0/1 variable.",
        "klasse is not numeric: its type is category. "
        "Use a scale score, a number or a 0/1 variable.",
    ]


def test_the_outcome_cannot_predict_itself(square):
    assert refused(square, "y", ["x1", "y"]) == [
        "y is named more than once. Name every variable once."
    ]


def test_too_few_complete_respondents(square):
    # Two predictors and the intercept take three; one more is needed for a residual.
    assert refused(square[:3], "y", ["x1", "x2"]) == [
        "only 3 respondents have all 3 variables. "
        "Use fewer predictors, or ones that more respondents answered."
    ]
    assert standardized_regression(square[:4], "y", ["x1", "x2"]).df == (2, 1)


def test_nobody_complete(square):
    square["leeg"] = np.nan
    assert refused(square, "y", ["x1", "leeg"]) == [
        "only 0 respondents have all 3 variables. "
        "Use fewer predictors, or ones that more respondents answered."
    ]


def test_a_variable_that_is_constant_among_the_complete(square):
    square["x3"] = [1, 1, 1, 1, 1, 0, 0, 0]
    assert refused(square, "y", ["x1", "x2", "x3"]) == [
        "x3 is the same for all 5 complete respondents. Leave it out."
    ]
    assert refused(square.assign(y=3.0), "y", ["x1"]) == [
        "y is the same for all 7 complete respondents. Leave it out."
    ]


@pytest.mark.parametrize("of_x1_x2", [lambda a, b: 2 * a - 3, lambda a, b: a + b])
def test_predictors_that_determine_each_other(square, of_x1_x2):
    square["x3"] = of_x1_x2(square["x1"], square["x2"])
    assert refused(square, "y", ["x1", "x2", "x3"])[-1] == (
        "some predictors determine another exactly. Leave one of them out."
    )
