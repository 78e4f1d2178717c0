"""Welch's analysis of variance and pairwise contrasts: against R, scipy, PSPP, and by hand."""

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from mobiliteit.errors import AnalysisError
from mobiliteit.inference.contrasts import METHODS, pairwise_means, welch_anova
from mobiliteit.inference.studentized import studentized_range_quantile, studentized_range_sf
from mobiliteit.results import TIDY_COLUMNS
from mobiliteit.samples import samples
from reference.groups_values import data, pspp_tables, r_number, r_pairs, r_value
from reference.values import printed

CASES = [
    ("netwerken", "groep"),
    ("scholing", "groep"),
    ("effectiviteit", "groep"),
    ("succes", "klein"),
    ("leeftijd", "s2"),
]
# R's ptukey integrates to about 1e-10 absolute, and its qtukey stops at 1e-4 relative steps of a
# secant search (documented as "accurate to the fourth decimal place"); ours is held to the printed
# digits of scipy's own inverse below.
QTUKEY = 2e-4


def frame_of(groups: dict[str, list[float]]) -> pd.DataFrame:
    """A frame with one respondent per value."""
    labels = [label for label, values in groups.items() for _ in values]
    values = [value for values in groups.values() for value in values]
    return pd.DataFrame({"y": values, "g": pd.Categorical(labels, categories=list(groups))})


def rows(result) -> dict[str, pd.Series]:
    """The contrasts by the name of their pair."""
    return {f"{pair['a']} - {pair['b']}": pair for _, pair in result.pairs.iterrows()}


# ---- Welch


@pytest.mark.parametrize(("outcome", "by"), CASES)
def test_welch_is_that_of_r(outcome, by):
    result, row = welch_anova(data(), outcome, f"{by}_by"), f"{outcome} by {by}"
    assert result.f == r_value("welch", row, by, "F")
    assert result.df[1] == r_value("welch", row, by, "df2")
    assert result.p == r_value("welch", row, by, "p")


def test_welch_is_the_square_of_the_unequal_t_test_of_two_groups():
    result = welch_anova(data(), "effectiviteit", "geslacht_by")
    used = samples(data(), "effectiviteit", "geslacht_by")
    t = stats.ttest_ind(*used.values, equal_var=False)
    assert result.f == pytest.approx(t.statistic**2, rel=1e-10)
    assert result.df[1] == pytest.approx(t.df, rel=1e-10)
    assert result.p == pytest.approx(t.pvalue, rel=1e-9)


@pytest.mark.parametrize(
    ("groups", "why"),
    [
        ({"a": [1.0, 2], "b": []}, "minder dan twee groepen met antwoorden"),
        ({"a": [1.0, 2], "b": [3]}, "een groep met één respondent"),
        ({"a": [1.0, 2], "b": [3, 3]}, "een groep zonder variantie"),
        ({"a": [1.0, 1], "b": [3, 3]}, "geen variantie binnen de groepen"),
        ({"a": [1.0], "b": [3]}, "niet meer respondenten dan groepen"),
    ],
)
def test_without_a_welch_test_the_note_says_why(groups, why):
    result = welch_anova(frame_of(groups), "y", "g")
    assert np.isnan(result.f) and np.isnan(result.p) and result.note == why
    assert set(result.tidy()["note"]) == {why}


# ---- contrasts against R


@pytest.mark.parametrize(("outcome", "by"), CASES)
def test_tukey_kramer_is_that_of_r(outcome, by):
    row = f"{outcome} by {by}"
    found = rows(pairwise_means(data(), outcome, f"{by}_by", method="tukey_kramer"))
    assert list(found) == r_pairs("tukey_kramer", row)
    for pair, ours in found.items():
        for name in ("difference", "se", "df", "p_unadjusted"):
            assert ours[name] == r_value("tukey_kramer", row, pair, name), (pair, name)
        assert ours["p"] == pytest.approx(r_number("tukey_kramer", row, pair, "p"), abs=1e-9)
        for name in ("low", "high"):
            theirs = r_number("tukey_kramer", row, pair, name)
            assert ours[name] == pytest.approx(theirs, abs=QTUKEY * ours["se"])


@pytest.mark.parametrize(("outcome", "by"), CASES)
def test_games_howell_is_that_of_r(outcome, by):
    row = f"{outcome} by {by}"
    found = rows(pairwise_means(data(), outcome, f"{by}_by", method="games_howell"))
    for pair, ours in found.items():
        for name in ("difference", "se", "df"):
            assert ours[name] == r_value("games_howell", row, pair, name), (pair, name)
        assert ours["p"] == pytest.approx(r_number("games_howell", row, pair, "p"), abs=1e-9)
        # rstatix prints three significant digits of p
        shown = r_number("games_howell_rstatix", row, pair, "p")
        assert ours["p"] == pytest.approx(shown, rel=0.006, abs=1e-10)
        for name in ("low", "high"):
            for analysis in ("games_howell", "games_howell_rstatix"):
                theirs = r_number(analysis, row, pair, name)
                assert ours[name] == pytest.approx(theirs, abs=QTUKEY * ours["se"])


@pytest.mark.parametrize(("outcome", "by"), CASES)
@pytest.mark.parametrize("method", ["holm_pooled", "holm_welch"])
def test_holm_is_that_of_r(outcome, by, method):
    row = f"{outcome} by {by}"
    for pair, ours in rows(pairwise_means(data(), outcome, f"{by}_by", method=method)).items():
        assert ours["p"] == r_value(method, row, pair, "p")
        if method == "holm_welch":
            assert ours["low"] == r_value(method, row, pair, "low")
            assert ours["high"] == r_value(method, row, pair, "high")


@pytest.mark.parametrize("method", ["tukey_kramer", "games_howell"])
def test_simultaneous_intervals_are_those_of_scipy(method):
    used = samples(data(), "succes", "klein_by")
    theirs = stats.tukey_hsd(*used.values, equal_var=method == "tukey_kramer")
    interval = theirs.confidence_interval(0.9)
    ours = pairwise_means(data(), "succes", "klein_by", method=method, level=0.9).pairs
    above = np.triu_indices(len(used.labels), 1)
    # the same integral to double precision; both find the quantile to about 1e-8
    np.testing.assert_allclose(ours["p"], theirs.pvalue[above], atol=1e-10)
    np.testing.assert_allclose(ours["low"], interval.low[above], rtol=1e-6)
    np.testing.assert_allclose(ours["high"], interval.high[above], rtol=1e-6)


@pytest.mark.parametrize("k", [2, 3, 8])
@pytest.mark.parametrize("df", ["5.5", "37.3", "500"])
def test_studentized_range_is_that_of_r_and_its_own_inverse(k, df):
    for level in (0.95, 0.99):
        q = studentized_range_quantile(level, k, float(df))
        name = f"q{100 * level:.0f}"
        assert q == r_value("studentized_range", f"{k} {df}", "", name, rel=QTUKEY)
        assert stats.studentized_range.cdf(q, k, float(df)) == pytest.approx(level, abs=1e-10)


def test_studentized_range_with_two_degrees_of_freedom():
    # R's integral fails here (31.73 for the second); printed tables (Harter, 1960) have these
    assert studentized_range_quantile(0.95, 2, 2.0) == pytest.approx(6.085, abs=5e-4)
    assert studentized_range_quantile(0.99, 8, 2.0) == pytest.approx(29.53, abs=5e-3)
    # the range of two means is sqrt(2) |t|
    t = np.sqrt(2) * stats.t.ppf(0.975, 2)
    assert studentized_range_quantile(0.95, 2, 2.0) == pytest.approx(t, rel=1e-9)


@pytest.mark.parametrize("k", [3, 8])
@pytest.mark.parametrize("df", [1.5, 6.0, 37.3, 500.0, 3000.0])
def test_studentized_range_is_that_of_scipy(k, df):
    # scipy integrates adaptively, until it thinks that it is within 1e-11
    for q in (0.0, 0.3, 1.5, 3.4, 5.0, 9.0, 40.0):
        theirs = stats.studentized_range.sf(q, k, df)
        assert studentized_range_sf(q, k, df) == pytest.approx(theirs, abs=3e-11)


@pytest.mark.parametrize("df", [1.0, 1.3, 2.0, 4.5, 30.0, 500.0, 20_000.0, 1e6])
def test_the_range_of_two_means_is_students_t_in_the_far_tail_too(df):
    for t in (0.0, 0.01, 0.5, 2.0, 6.0, 8.0):
        chance = 2 * stats.t.sf(t, df)
        assert studentized_range_sf(np.sqrt(2) * t, 2, df) == pytest.approx(chance, abs=1e-14)


@pytest.mark.parametrize(("level", "df"), [(0.05, 30.0), (0.9999, 30.0), (0.5, 1.2)])
def test_quantiles_far_from_the_usual_levels(level, df):
    q = studentized_range_quantile(level, 3, df)
    assert stats.studentized_range.cdf(q, 3, df) == pytest.approx(level, abs=1e-10)


# ---- contrasts against PSPP


@pytest.mark.parametrize("outcome", ["netwerken", "scholing"])
def test_contrasts_are_those_of_pspp_but_for_its_games_howell_error(outcome):
    printed_rows = pspp_tables()[f"Multiple Comparisons ({outcome})"]
    method, first, slips = "", "", 0
    found = {
        "Tukey HSD": rows(pairwise_means(data(), outcome, "groep_by", method="tukey_kramer")),
        "Games-Howell": rows(pairwise_means(data(), outcome, "groep_by", method="games_howell")),
    }
    for cells in printed_rows[2:]:
        method, first = cells[0] or method, cells[1] or first
        pair = f"{first} - {cells[2]}"
        if pair not in found[method]:
            continue  # the same pair the other way round
        ours = found[method][pair]
        assert ours["difference"] == printed(cells[3])
        assert ours["p"] == printed(cells[5])
        # PSPP prints ten decimals; its quantile is R's algorithm (see QTUKEY)
        for name, cell in (("low", cells[6]), ("high", cells[7])):
            assert ours[name] == pytest.approx(float(cell), abs=QTUKEY * ours["se"])
        if method == "Tukey HSD":
            assert ours["se"] == printed(cells[4])
        else:  # PSPP 1.6.2 prints the pooled standard error here; its p and interval do not use it
            assert float(cells[4]) == pytest.approx(found["Tukey HSD"][pair]["se"], abs=1e-9)
            slips += ours["se"] != printed(cells[4])
    assert slips == 3


# ---- what must hold


def test_two_groups_need_no_correction():
    tukey, howell, pooled, welch = (
        pairwise_means(data(), "effectiviteit", "geslacht_by", method=method).pairs.iloc[0]
        for method in ("tukey_kramer", "games_howell", "holm_pooled", "holm_welch")
    )
    for corrected, plain in ((tukey, pooled), (howell, welch)):
        assert corrected["p"] == pytest.approx(plain["p"], abs=1e-10)
        assert corrected["low"] == pytest.approx(plain["low"], rel=1e-8)


def test_missing_values_are_counted_and_an_empty_group_is_no_group():
    frame = data()
    result = pairwise_means(frame, "netwerken", "groep_klasse")  # its category 3 has nobody
    used = frame[["netwerken", "groep_klasse"]].notna().all(axis=1)
    assert (result.n, result.n_missing) == (used.sum(), (~used).sum())
    assert result.k == 3 and len(result.pairs) == 3
    assert result.pairs["n"].sum() == 2 * result.n


def test_a_pair_that_cannot_be_tested_does_not_spoil_the_others():
    groups = {"a": [1.0, 2, 4, 5], "b": [3.0, 3.5, 7], "c": [9.0]}
    result = pairwise_means(frame_of(groups), "y", "g", method="games_howell")
    assert result.k == 2
    assert result.pairs["p"].notna().tolist() == [True, False, False]
    assert result.pairs["note"].tolist()[1:] == ["te weinig respondenten of geen variantie"] * 2
    # with one variance for all groups, a group of one has an error too
    pooled = pairwise_means(frame_of(groups), "y", "g", method="tukey_kramer")
    assert pooled.k == 3 and pooled.pairs["p"].notna().all()
    holm = pairwise_means(frame_of(groups), "y", "g", method="holm_welch")
    assert holm.pairs["p"][0] == holm.pairs["p_unadjusted"][0]  # a family of one


@pytest.mark.parametrize("method", METHODS)
def test_one_group_or_none_has_no_contrasts(method):
    for groups in ({"a": [1.0, 2], "b": []}, {"a": [], "b": []}):
        result = pairwise_means(frame_of(groups), "y", "g", method=method)
        assert result.pairs.empty and result.tidy().empty
        assert result.note == "minder dan twee groepen met antwoorden"


@pytest.mark.parametrize("method", METHODS)
def test_tidy_has_the_columns_and_the_p_stands_by_the_difference(method):
    tidy = pairwise_means(data(), "netwerken", "groep_by", method=method).tidy()
    assert tuple(tidy.columns) == TIDY_COLUMNS and set(tidy["analysis"]) == {method}
    assert set(tidy.loc[tidy["p"].notna(), "statistic"]) == {"difference"}
    note = tidy.loc[tidy["statistic"] == "ci_low", "note"].iloc[0]
    assert ("simultaan" in note) == (not method.startswith("holm")) and "95%" in note
    assert tuple(welch_anova(data(), "netwerken", "groep_by").tidy().columns) == TIDY_COLUMNS


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"outcome": "nergens"}, "nergens is not in the data"),
        ({"by": "groep"}, "makes no groups"),
        ({"outcome": "groep_by"}, "is not numeric"),
        ({"method": "scheffe"}, "games_howell"),
        ({"level": 95}, "not between 0 and 1"),
    ],
)
def test_what_cannot_be_asked_is_refused(change, says):
    asked = {"outcome": "netwerken", "by": "groep_by", "method": "tukey_kramer", "level": 0.95}
    asked |= change
    with pytest.raises(AnalysisError, match=says):
        pairwise_means(data(), **asked)
