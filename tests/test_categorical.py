"""Chi-square of whole tables, exact p, residuals, shares: against R, PSPP, and by hand."""

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from mobiliteit.compare import compare_shares
from mobiliteit.errors import AnalysisError
from mobiliteit.inference.categorical import exact_p, fisher_freeman_halton, independence
from mobiliteit.inference.shares import score_interval, score_z, shares
from mobiliteit.results import TIDY_COLUMNS
from reference.groups_values import data, pspp_tables, r_number, r_pairs, r_value
from reference.values import printed

TABLES = [
    ("pop", "groep"),
    ("pop", "klein"),
    ("t1", "klein"),
    ("t1", "groep"),
    ("s1", "klein"),
    ("opleidingsniveau", "groep"),
    ("zorgtaken", "geslacht"),
    ("opleidingsniveau", "geslacht"),
]
SMALL = {
    "2x3": [[3, 0, 2], [1, 6, 4]],
    "3x3": [[4, 1, 0], [2, 5, 1], [0, 2, 6]],
    "4x2": [[10, 0], [7, 3], [12, 1], [3, 4]],
    "2x2": [[1, 9], [11, 3]],
    "3x4": [[2, 0, 1, 3], [0, 4, 1, 0], [5, 1, 0, 2]],
}
SHARES = [("pop", "groep"), ("pop", "klein"), ("zorgtaken", "opleidingsniveau")]


# ---- the test of a whole table


@pytest.mark.parametrize(("outcome", "by"), TABLES)
def test_chi_square_and_residuals_are_those_of_r(outcome, by):
    result, row = independence(data(), outcome, f"{by}_by"), f"{outcome} by {by}"
    assert result.chi2 == r_value("chi2", row, by, "chi2")
    assert result.df == r_number("chi2", row, by, "df")
    assert result.p == r_value("chi2", row, by, "p")
    assert result.least_expected == r_value("chi2", row, by, "least_expected")
    for answer in result.residuals.columns:
        for group in result.residuals.index:
            theirs = r_value("residual", f"{row}: {answer}", group, "z")
            assert result.residuals.at[group, answer] == theirs


@pytest.mark.parametrize(("outcome", "by"), TABLES)
def test_small_counts_have_the_exact_p_of_r(outcome, by):
    result, row = independence(data(), outcome, f"{by}_by"), f"{outcome} by {by}"
    theirs = r_number("chi2", row, by, "p_fisher")
    assert (result.exact_method != "") == (result.least_expected < 5)
    if result.exact_method == "monte_carlo":
        # 99,999 draws: four standard errors, once, as the seed is fixed
        assert result.p_exact == pytest.approx(theirs, abs=4 * result.monte_carlo_se)
    elif result.exact_method:
        # R's network algorithm keeps about seven digits in its hash keys
        assert result.p_exact == pytest.approx(theirs, rel=1e-6)
    else:
        assert np.isnan(result.p_exact) and result.note == ""


@pytest.mark.parametrize("name", SMALL)
def test_exact_p_of_small_tables_is_that_of_r(name):
    p, method = exact_p(np.array(SMALL[name]), draws=999, seed=1)
    assert p == r_value("fisher", name, "", "p", rel=1e-7)
    assert method == ("fisher" if name == "2x2" else "fisher_freeman_halton")
    turned, _ = exact_p(np.array(SMALL[name]).T, draws=999, seed=1)
    assert turned == pytest.approx(p, rel=1e-10)


def test_visiting_tables_gives_fishers_test_and_gives_up_when_there_are_too_many():
    counts = np.array([[1, 9], [11, 3]])
    theirs = stats.fisher_exact(counts).pvalue
    assert fisher_freeman_halton(counts) == pytest.approx(theirs, rel=1e-12)
    assert fisher_freeman_halton(np.full((4, 4), 30)) is None
    assert fisher_freeman_halton(np.array(SMALL["3x4"]), most=100) is None


def test_all_tables_together_have_probability_one():
    # a table that none is likelier than: its p is the sum of all probabilities
    assert fisher_freeman_halton(np.array([[2, 2, 2], [4, 4, 4]])) == pytest.approx(1, abs=1e-12)


def test_monte_carlo_is_seeded_and_near_the_exact_p():
    frame = data()
    first = independence(frame, "opleidingsniveau", "groep_by", draws=2_000, seed=7)
    again = independence(frame, "opleidingsniveau", "groep_by", draws=2_000, seed=7)
    other = independence(frame, "opleidingsniveau", "groep_by", draws=2_000, seed=8)
    assert first.exact_method == "monte_carlo"
    assert first.p_exact == again.p_exact != other.p_exact
    assert first.monte_carlo_se == pytest.approx(0.0103, abs=0.001)


def test_chi_square_is_that_of_pspp():
    result = independence(data(), "opleidingsniveau", "groep_by")
    table = pspp_tables()["groep × opleidingsniveau"]
    lines = {}
    group = ""
    for cells in table:
        if cells[0] == "Total":
            break
        group = cells[1] or group
        lines[group, cells[2]] = cells[3:]
    for i, group in enumerate(result.observed.index):
        for j in range(result.observed.shape[1]):
            assert result.observed.iloc[i, j] == float(lines[group, "Count"][j])
            assert result.expected.iloc[i, j] == printed(lines[group, "Expected"][j])
            assert result.residuals.iloc[i, j] == printed(lines[group, "Adjusted Residual"][j])
    # the last table of that title: geslacht by zorgtaken
    tests = {cells[0]: cells[1:] for cells in pspp_tables()["Chi-Square Tests"]}
    result = independence(data(), "zorgtaken", "geslacht_by")
    assert result.chi2 == printed(tests["Pearson Chi-Square"][0])
    assert result.p == printed(tests["Pearson Chi-Square"][2])
    p, _ = exact_p(result.observed.to_numpy(), draws=1, seed=1)
    assert p == printed(tests["Fisher's Exact Test"][3])


def test_mirrored_cells_are_one_test():
    result = independence(data(), "pop", "groep_by")  # three groups, two answers
    z = result.residuals.to_numpy()
    np.testing.assert_allclose(z[:, 0], -z[:, 1])
    plain = 2 * stats.norm.sf(np.abs(z[:, 0]))
    holm = result.residual_p.to_numpy()
    np.testing.assert_allclose(holm[:, 0], holm[:, 1])
    assert holm[np.argmin(plain), 0] == pytest.approx(min(3 * plain.min(), 1))
    # two by two: all four are the same test, and it is the chi-square's
    two = independence(data(), "zorgtaken", "geslacht_by")
    np.testing.assert_allclose(two.residual_p.to_numpy(), two.p, rtol=1e-9)


def test_the_published_test_of_a_share_is_the_two_column_case():
    ours, published = (
        compute(data(), "pop", "groep_by") for compute in (independence, compare_shares)
    )
    assert ours.chi2 == pytest.approx(published.statistic, rel=1e-12)
    assert ours.p == pytest.approx(published.p, rel=1e-12)
    assert ours.note == published.note


def test_categories_are_taken_as_answers_and_empty_ones_left_out():
    frame = data()
    frame["answer"] = pd.Categorical(
        frame["zorgtaken"].map({0: "nee", 1: "ja"}), categories=["nee", "ja", "weet niet"]
    )
    result = independence(frame, "answer", "groep_klasse")  # nobody in its category 3
    assert list(result.observed.columns) == ["nee", "ja"]
    assert list(result.observed.index) == ["1", "2", "4"]
    codes = independence(frame, "zorgtaken", "groep_klasse")
    assert list(codes.observed.columns) == ["0", "1"] and codes.chi2 == result.chi2


def test_without_a_test_the_note_says_why():
    frame = data()
    result = independence(frame[frame["pop"] == 1], "pop", "groep_by")
    assert result.note == "iedereen gaf hetzelfde antwoord" and np.isnan(result.p)
    result = independence(frame[frame["groep"] == 1], "pop", "groep_by")
    assert result.note == "minder dan twee groepen met antwoorden"
    assert result.tidy()["p"].isna().all()


def test_what_cannot_be_asked_is_refused():
    frame = data()
    frame["text"] = "a"
    for asked in ({"outcome": "text"}, {"by": "groep"}, {"outcome": "nergens"}, {"draws": 0}):
        with pytest.raises(AnalysisError):
            independence(frame, **{"outcome": "pop", "by": "groep_by"} | asked)
    for asked in ({"outcome": "text"}, {"by": "groep"}, {"level": 1.0}):
        with pytest.raises(AnalysisError):
            shares(frame, **{"outcome": "pop", "by": "groep_by"} | asked)


def test_tidy():
    result = independence(data(), "pop", "klein_by")
    tidy = result.tidy()
    assert tuple(tidy.columns) == TIDY_COLUMNS
    exact = tidy[tidy["statistic"] == "p_exact"].iloc[0]
    assert exact["p"] == result.p_exact and exact["note"] == "fisher_freeman_halton"
    cell = tidy[
        (tidy["statistic"] == "count") & (tidy["row"] == "pop: 1") & (tidy["column"] == "1")
    ]
    assert cell["value"].item() == result.observed.at["1", "1"]
    assert tuple(shares(data(), "pop", "klein_by").tidy().columns) == TIDY_COLUMNS


# ---- shares


@pytest.mark.parametrize(("outcome", "by"), SHARES)
def test_shares_and_their_differences_are_those_of_r(outcome, by):
    result, row = shares(data(), outcome, f"{by}_by"), f"{outcome} by {by}"
    for group, values in result.groups.iterrows():
        # prop.test reaches 0 but for a rounding error, ours is 0
        for limit in ("low", "high"):
            theirs = r_number("wilson", row, group, limit)
            assert values[limit] == pytest.approx(theirs, rel=1e-10, abs=1e-10)
    names = [f"{pair['a']} - {pair['b']}" for _, pair in result.pairs.iterrows()]
    assert names == r_pairs("newcombe", row)
    for name, (_, pair) in zip(names, result.pairs.iterrows(), strict=True):
        assert pair["low"] == r_value("newcombe", row, name, "low", rel=1e-9)
        assert pair["high"] == r_value("newcombe", row, name, "high", rel=1e-9)
        assert pair["z"] ** 2 == r_value("newcombe", row, name, "z2", rel=1e-9)
        for p in ("p_unadjusted", "p"):
            assert pair[p] == r_value("newcombe", row, name, p, rel=1e-9)


def test_wilson_as_printed_by_newcombe():
    # Newcombe (1998, Statistics in Medicine 17, 857-872), table I: 81/263 and 15/148, 95%
    frame = pd.DataFrame(
        {
            "y": [1.0] * 81 + [0.0] * 182 + [1.0] * 15 + [0.0] * 133,
            "g": pd.Categorical(["a"] * 263 + ["b"] * 148),
        }
    )
    groups = shares(frame, "y", "g").groups
    assert groups["low"].round(2).tolist() == [25.53, 6.24]
    assert groups["high"].round(2).tolist() == [36.62, 16.05]


def test_newcombe_as_printed_by_newcombe():
    # Newcombe (1998, Statistics in Medicine 17, 873-890), table II, method 10: 56/70 - 48/80
    frame = pd.DataFrame(
        {
            "y": [1.0] * 56 + [0.0] * 14 + [1.0] * 48 + [0.0] * 32,
            "g": pd.Categorical(["a"] * 70 + ["b"] * 80),
        }
    )
    pair = shares(frame, "y", "g").pairs.iloc[0]
    assert (round(pair["low"], 2), round(pair["high"], 2)) == (5.24, 33.39)


def test_everybody_the_same_has_intervals_but_no_test():
    frame = pd.DataFrame({"y": [0.0] * 5, "g": pd.Categorical(list("aaabb"))})
    result = shares(frame, "y", "g")
    assert result.groups["low"].tolist() == [0, 0] and (result.groups["high"] > 40).all()
    pair = result.pairs.iloc[0]
    assert np.isnan(pair["p"]) and pair["low"] < 0 < pair["high"]
    assert pair["note"] == "iedereen gaf hetzelfde antwoord"


def test_missing_answers_are_counted():
    frame = data()
    result = shares(frame, "pop", "groep_klasse")
    used = frame[["pop", "groep_klasse"]].notna().all(axis=1)
    assert (result.n, result.n_missing) == (used.sum(), (~used).sum())
    assert result.groups["n"].sum() == result.n
    other = shares(frame, "opleidingsniveau", "groep_klasse", code=6)
    assert (
        other.groups["count"].sum()
        == ((frame["opleidingsniveau"] == 6) & frame["groep"].notna()).sum()
    )


# ---- the score statistic of a difference (R: test_equivalence.py)


def test_score_limits_are_where_the_score_is_critical():
    count, n = np.array([[18.0, 10], [3, 9], [0, 2]]), np.array([[127.0, 70], [20, 15], [19, 12]])
    low, high = score_interval(count, n, 0.9)
    np.testing.assert_allclose(score_z(count, n, low), 1.644853627, rtol=1e-8)
    np.testing.assert_allclose(score_z(count, n, high), -1.644853627, rtol=1e-8)


def test_score_of_no_difference_is_the_pooled_test():
    count, n = np.array([18.0, 10]), np.array([127.0, 70])
    chi2 = stats.chi2_contingency(np.array([count, n - count]), correction=False).statistic
    # Miettinen and Nurminen multiply the variance by N / (N - 1)
    assert score_z(count, n, np.array(0.0)) ** 2 == pytest.approx(chi2 * 196 / 197, rel=1e-10)


def test_score_keeps_its_footing_where_nobody_or_everybody_says_yes():
    n = np.array([19.0, 12])
    for count in ([0, 0], [19, 12], [19, 0], [0, 12]):
        low, high = score_interval(np.array(count, dtype="float64"), n, 0.95)
        observed = count[0] / 19 - count[1] / 12
        assert -1 <= low <= observed <= high <= 1 and low < high
    # turning yes and no round turns the interval round
    low, high = score_interval(np.array([0.0, 2]), n, 0.95)
    mirrored = score_interval(np.array([19.0, 10]), n, 0.95)
    assert (low, high) == pytest.approx((-mirrored[1], -mirrored[0]), abs=1e-9)
