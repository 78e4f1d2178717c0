"""Counts, one-way ANOVA and chi-square: worked by hand, and against R and PSPP on the same data."""

import math

import numpy as np
import pandas as pd
import pytest

from mobiliteit.compare import compare_means, compare_shares, count_groups
from mobiliteit.errors import AnalysisError
from mobiliteit.results import TIDY_COLUMNS, tidy_frame
from reference.values import data, printed, pspp_row, r_value

ANOVAS = [
    ("netwerken", "groep"),
    ("scholing", "groep"),
    ("succes", "klein"),
    ("effectiviteit", "geslacht"),
]
CHI_SQUARES = [
    ("zorgtaken", "groep", 1),
    ("pop", "groep", 1),
    ("pop", "klein", 1),
    ("zorgtaken", "geslacht", 1),
    ("opleidingsniveau", "groep", 6),
]


def grouped(groups, values, categories=("a", "b", "c")):
    return pd.DataFrame({"groep": pd.Categorical(groups, categories=categories), "y": values})


# ---- counts


def test_counts_keep_empty_categories_and_count_missing_apart():
    # a twice, b never, c once, one without a group: 2, 0 and 1 of 3 with a value.
    result = count_groups(grouped(["c", "a", None, "a"], range(4)), "groep")
    assert result.counts.to_dict() == {"a": 2, "b": 0, "c": 1}
    assert list(result.counts.index) == ["a", "b", "c"]
    assert (result.n, result.n_missing) == (3, 1)
    assert result.percent.to_dict() == pytest.approx({"a": 200 / 3, "b": 0, "c": 100 / 3})


def test_counts_of_nobody_have_no_percentages():
    result = count_groups(grouped([None, None], [1, 2]), "groep")
    assert (result.n, result.n_missing) == (0, 2)
    assert result.counts.tolist() == [0, 0, 0]
    assert result.percent.isna().all()


def test_tidy_counts():
    tidy = count_groups(grouped(["a", "a", "b", None], range(4)), "groep").tidy()
    assert list(tidy.columns) == list(TIDY_COLUMNS)
    assert tidy["analysis"].eq("counts").all()
    assert tidy["n"].eq(3).all() and tidy["n_missing"].eq(1).all()
    values = tidy.set_index(["statistic", "row"])["value"]
    assert values["count"].to_dict() == {"a": 2, "b": 1, "c": 0}
    assert values["percent"].to_dict() == pytest.approx({"a": 200 / 3, "b": 100 / 3, "c": 0})


# ---- one-way ANOVA


def test_anova_by_hand():
    # Means 2, 3 and 6, grand mean 11/3. Between: 3 ((5/3)^2 + (2/3)^2 + (7/3)^2) = 26 on 2 df;
    # within: 2 + 2 + 2 = 6 on 6 df; F = 13 / 1. With 2 df above, the tail is (1 + 2F/6)^-3 =
    # (16/3)^-3.
    frame = grouped([*"aaabbbccc"], [1, 2, 3, 2, 3, 4, 5, 6, 7])
    result = compare_means(frame, "y", "groep")
    assert result.statistic == pytest.approx(13, rel=1e-12)
    assert result.df == (2, 6)
    assert result.p == pytest.approx(27 / 4096, rel=1e-12)
    assert result.groups["mean"].to_dict() == pytest.approx({"a": 2, "b": 3, "c": 6})
    assert result.groups["sd"].tolist() == pytest.approx([1, 1, 1])  # sample SD: sqrt(2 / 2)
    assert (result.n, result.n_missing, result.note) == (9, 0, "")


def test_anova_leaves_out_who_has_no_value_or_no_group():
    frame = grouped(
        [*"aaabbbccc", None, "a", None],
        [1, 2, 3, 2, 3, 4, 5, 6, 7, 100, np.nan, np.nan],
        categories=("a", "leeg", "b", "c"),
    )
    result = compare_means(frame, "y", "groep")
    assert result.statistic == pytest.approx(13, rel=1e-12)
    assert result.df == (2, 6)  # an empty group is no group
    assert (result.n, result.n_missing) == (9, 3)
    assert list(result.groups.index) == ["a", "leeg", "b", "c"]
    assert result.groups["n"].tolist() == [3, 0, 3, 3]
    assert math.isnan(result.groups.at["leeg", "mean"])
    assert math.isnan(result.groups.at["leeg", "sd"])


def test_anova_takes_nullable_integers_and_booleans():
    frame = grouped([*"aaabbbccc", "a"], pd.array([1, 2, 3, 2, 3, 4, 5, 6, 7, None], "Int64"))
    assert compare_means(frame, "y", "groep").statistic == pytest.approx(13, rel=1e-12)
    frame["y"] = frame["y"] > 2
    assert compare_means(frame.dropna(), "y", "groep").groups["mean"].tolist() == pytest.approx(
        [1 / 3, 2 / 3, 1]
    )


def test_a_single_respondent_is_a_group_without_sd():
    # Means 2 and 6 of 3 and 1: between 3 * 1 + 9 = 12 on 1 df, within 2 on 2 df, F = 12. With 1
    # and 2 df the tail is 1 - sqrt(F / (2 + F)) = 1 - sqrt(6/7).
    result = compare_means(grouped([*"aaac"], [1, 2, 3, 6]), "y", "groep")
    assert result.statistic == pytest.approx(12, rel=1e-12)
    assert result.p == pytest.approx(1 - math.sqrt(6 / 7), rel=1e-10)
    assert math.isnan(result.groups.at["c", "sd"])


@pytest.mark.parametrize(
    ("groups", "values", "note"),
    [
        ([*"aaa"], [1, 2, 3], "minder dan twee groepen met antwoorden"),
        ([*"aab"], [1, 2, np.nan], "minder dan twee groepen met antwoorden"),
        ([None, None], [1, 2], "minder dan twee groepen met antwoorden"),
        ([*"abc"], [1, 2, 3], "niet meer respondenten dan groepen"),
        ([*"aabb"], [1, 1, 4, 4], "geen variantie binnen de groepen"),
        ([*"aabb"], [2, 2, 2, 2], "geen variantie binnen de groepen"),
    ],
)
def test_anova_that_cannot_be_done_says_why(groups, values, note):
    result = compare_means(grouped(groups, values), "y", "groep")
    assert math.isnan(result.statistic)
    assert math.isnan(result.p)
    assert result.note == note
    test = result.tidy().query("statistic == 'F'").iloc[0]
    assert math.isnan(test["value"]) and math.isnan(test["p"])
    assert test["note"] == note


def test_tidy_anova():
    tidy = compare_means(grouped([*"aab", None], [1, 3, 5, 7]), "y", "groep").tidy()
    assert tidy["analysis"].eq("anova").all()
    means = tidy[tidy["statistic"] == "mean"].set_index("column")
    assert means["value"].to_dict() == pytest.approx({"a": 2, "b": 5, "c": np.nan}, nan_ok=True)
    assert means["n"].to_dict() == {"a": 2, "b": 1, "c": 0}
    assert means["p"].isna().all()
    assert tidy["statistic"].tolist() == ["mean", "sd"] * 3 + ["F"]
    test = tidy.iloc[-1]
    assert (test["row"], test["column"], test["n"], test["n_missing"]) == ("y", "groep", 3, 1)
    assert 0 < test["p"] < 1


@pytest.mark.parametrize(("outcome", "by"), ANOVAS)
def test_anova_agrees_with_r(outcome, by):
    result = compare_means(data(), outcome, f"{by}_klasse")
    filled = result.groups[result.groups["n"] > 0]
    for group, row in filled.iterrows():
        for statistic in ("n", "mean", "sd"):
            assert row[statistic] == r_value("anova", outcome, f"{by}={group}", statistic)
    for program in ("anova", "oneway.test"):
        assert result.statistic == r_value(program, outcome, by, "F")
        assert result.p == r_value(program, outcome, by, "p")
    assert result.df[0] == r_value("anova", outcome, by, "df1")
    assert result.df[1] == r_value("anova", outcome, by, "df2")
    assert result.n_missing == r_value("anova", outcome, by, "n_missing")


@pytest.mark.parametrize(
    ("outcome", "by", "table"), [(*a, t) for a, t in zip(ANOVAS, (0, 0, 1, 2), strict=True)]
)
def test_anova_agrees_with_pspp(outcome, by, table):
    result = compare_means(data(), outcome, f"{by}_klasse")
    for group, row in result.groups[result.groups["n"] > 0].iterrows():
        n, mean, sd = pspp_row("Descriptives", str(group), table=table, below=outcome)[:3]
        assert row["n"] == int(n)
        assert row["mean"] == printed(mean)
        assert row["sd"] == printed(sd)
    _, df1, _, f, p = pspp_row("ANOVA", "Between Groups", table=table, below=outcome)
    df2 = pspp_row("ANOVA", "Within Groups", table=table, below=outcome)[1]
    assert result.statistic == printed(f)
    assert result.df == (int(df1), int(df2))
    assert result.p == printed(p)


def test_the_empty_group_of_the_made_up_data_stays_in_view():
    groups = compare_means(data(), "netwerken", "groep_klasse").groups
    assert groups.index.tolist() == [1, 2, 3, 4]
    assert groups.at[3, "n"] == 0


# ---- chi-square


def test_chi_square_by_hand_without_continuity_correction():
    # 10 of 30 against 20 of 30: chi2 = 60 (10*10 - 20*20)^2 / 30^4 = 20/3 (5.4 with Yates's
    # correction); with 1 df the tail is erfc(sqrt(chi2 / 2)).
    frame = grouped([*"a" * 30, *"b" * 30], [1] * 10 + [0] * 20 + [1] * 20 + [0] * 10)
    result = compare_shares(frame, "y", "groep")
    assert result.statistic == pytest.approx(20 / 3, rel=1e-12)
    assert result.df == (1,)
    assert result.p == pytest.approx(math.erfc(math.sqrt(10 / 3)), rel=1e-10)
    assert result.groups["count"].tolist()[:2] == [10, 20]
    assert result.groups["percent"].tolist()[:2] == pytest.approx([100 / 3, 200 / 3])
    assert (result.n, result.n_missing, result.note) == (60, 0, "")


def test_chi_square_of_three_groups_by_hand():
    # 2, 5 and 8 of 10; 5 expected everywhere: (9 + 0 + 9) / 5, twice = 7.2, on 2 df: p = exp(-3.6).
    # An expected count of exactly 5 is not below 5.
    frame = grouped(
        [*"a" * 10, *"b" * 10, *"c" * 10, "a", None],
        [1] * 2 + [0] * 8 + [1] * 5 + [0] * 5 + [1] * 8 + [0] * 2 + [np.nan, 1],
    )
    result = compare_shares(frame, "y", "groep")
    assert result.statistic == pytest.approx(7.2, rel=1e-12)
    assert result.p == pytest.approx(math.exp(-3.6), rel=1e-10)
    assert (result.df, result.n, result.n_missing, result.note) == ((2,), 30, 2, "")


def test_small_expected_counts_are_announced():
    # 12 of 30 say yes: 4 expected in each group of ten.
    frame = grouped(
        [*"a" * 10, *"b" * 10, *"c" * 10],
        [1] * 2 + [0] * 8 + [1] * 4 + [0] * 6 + [1] * 6 + [0] * 4,
    )
    result = compare_shares(frame, "y", "groep")
    assert result.note == "een verwacht aantal is kleiner dan 5"
    assert result.p == pytest.approx(math.exp(-10 / 6), rel=1e-10)  # (4 + 0 + 4) (1/4 + 1/6) = 10/3
    assert result.tidy().iloc[-1]["note"] == result.note


def test_the_code_that_counts_as_yes_can_be_chosen():
    frame = grouped([*"aaaabbbb"], [1, 2, 3, 3, 3, 3, 3, 1])
    assert compare_shares(frame, "y", "groep").groups["percent"].tolist()[:2] == [25, 25]
    assert compare_shares(frame, "y", "groep", code=3).groups["percent"].tolist()[:2] == [50, 75]


def test_an_empty_group_has_no_share_and_no_degree_of_freedom():
    frame = grouped([*"aabb"], [1, 0, 1, 1], categories=("a", "leeg", "b"))
    result = compare_shares(frame, "y", "groep")
    assert result.df == (1,)
    assert result.groups["n"].tolist() == [2, 0, 2]
    assert math.isnan(result.groups.at["leeg", "percent"])


@pytest.mark.parametrize(
    ("groups", "values", "note"),
    [
        ([*"aaa"], [1, 0, 1], "minder dan twee groepen met antwoorden"),
        ([*"aab"], [1, 0, np.nan], "minder dan twee groepen met antwoorden"),
        ([None], [1], "minder dan twee groepen met antwoorden"),
        ([*"aabb"], [1, 1, 1, 1], "iedereen gaf hetzelfde antwoord"),
        ([*"aabb"], [0, 0, 0, 0], "iedereen gaf hetzelfde antwoord"),
    ],
)
def test_chi_square_that_cannot_be_done_says_why(groups, values, note):
    result = compare_shares(grouped(groups, values), "y", "groep")
    assert math.isnan(result.statistic)
    assert math.isnan(result.p)
    assert result.note == note


def test_tidy_chi_square():
    tidy = compare_shares(grouped([*"aab", None], [1, 0, 1, 1]), "y", "groep").tidy()
    assert tidy["analysis"].eq("chi2").all()
    assert tidy["statistic"].tolist() == ["count", "percent"] * 3 + ["chi2"]
    test = tidy.iloc[-1]
    assert (test["row"], test["column"], test["n"], test["n_missing"]) == ("y", "groep", 3, 1)
    # 1 of 2 against 1 of 1: 3 (1*0 - 1*1)^2 / (2*1*2*1) = 3/4
    assert test["value"] == pytest.approx(0.75)


@pytest.mark.parametrize(("outcome", "by", "code"), CHI_SQUARES)
def test_chi_square_agrees_with_r(outcome, by, code):
    result = compare_shares(data(), outcome, f"{by}_klasse", code=code)
    name = f"{outcome}={code}"
    for group, row in result.groups[result.groups["n"] > 0].iterrows():
        for statistic in ("n", "count", "percent"):
            assert row[statistic] == r_value("chi2", name, f"{by}={group}", statistic)
    assert result.statistic == r_value("chi2", name, by, "chi2")
    assert result.df[0] == r_value("chi2", name, by, "df1")
    assert result.p == r_value("chi2", name, by, "p")
    assert result.n_missing == r_value("chi2", name, by, "n_missing")
    least = r_value("chi2", name, by, "least_expected").expected
    note = "een verwacht aantal is kleiner dan 5" if least < 5 else ""
    assert result.note == note


@pytest.mark.parametrize(
    ("outcome", "by", "code", "table"), [(*c, t) for t, c in enumerate(CHI_SQUARES)]
)
def test_chi_square_agrees_with_pspp(outcome, by, code, table):
    result = compare_shares(data(), outcome, f"{by}_klasse", code=code)
    value, df, p = pspp_row("Chi-Square Tests", "Pearson Chi-Square", table=table)[:3]
    assert result.statistic == printed(value)
    assert result.df == (int(df),)
    assert result.p == printed(p)
    assert result.n == int(pspp_row("Chi-Square Tests", "N of Valid Cases", table=table)[0])


def test_programs_disagree_only_with_the_continuity_correction():
    # 2 x 2: PSPP prints both; ours is the uncorrected one.
    result = compare_shares(data(), "zorgtaken", "geslacht_klasse")
    corrected = pspp_row("Chi-Square Tests", "Continuity Correction", table=3)[0]
    assert result.statistic != printed(corrected)


# ---- errors


@pytest.mark.parametrize("compare", [compare_means, compare_shares])
@pytest.mark.parametrize(
    ("outcome", "by", "message"),
    [
        ("weg", "groep", "weg is not in the data. Use a name of the codebook."),
        ("y", "weg", "weg is not in the data. Use a name of the codebook."),
        (
            "y",
            "z",
            "z makes no groups: its type is float64. Use a nominal or classed variable.",
        ),
        (
            "tekst",
            "groep",
            "tekst is not numeric: its type is object. Use a scale score, a count or a code.",
        ),
        (
            "groep",
            "groep",
            "groep is not numeric: its type is category. Use a scale score, a count or a code.",
        ),
    ],
)
def test_comparisons_refuse_what_they_cannot_compare(compare, outcome, by, message):
    frame = grouped([*"ab"], [1, 2]).assign(z=0.5, tekst=pd.Series(["1", "2"], dtype="object"))
    with pytest.raises(AnalysisError) as caught:
        compare(frame, outcome, by)
    assert str(caught.value) == f"This comparison cannot be made.\n  - {message}"


@pytest.mark.parametrize(
    ("variable", "message"),
    [
        ("weg", "weg is not in the data. Use a name of the codebook."),
        ("y", "y makes no groups: its type is int64. Use a nominal or classed variable."),
    ],
)
def test_counting_refuses_what_is_no_category(variable, message):
    with pytest.raises(AnalysisError) as caught:
        count_groups(grouped([*"ab"], [1, 2]), variable)
    assert str(caught.value) == f"This comparison cannot be made.\n  - {message}"


def test_a_tidy_frame_refuses_unknown_columns():
    with pytest.raises(
        KeyError, match=r"not a tidy column: \['colour'\]; use \('analysis', 'wave'"
    ):
        tidy_frame([{"row": "a", "colour": "red"}], analysis="test")


def test_a_tidy_frame_fills_in_what_a_record_leaves_out():
    tidy = tidy_frame([{"row": "a", "value": 1}, {"n": 3}], analysis="test", wave="2006")
    assert tidy.dtypes[["value", "p", "n", "n_missing"]].astype("str").tolist() == [
        "float64",
        "float64",
        "Int64",
        "Int64",
    ]
    assert tidy["sample"].tolist() == ["all", "all"]
    assert tidy["wave"].tolist() == ["2006", "2006"]
    assert tidy["note"].tolist() == ["", ""]
    assert tidy["n_missing"].isna().all()
