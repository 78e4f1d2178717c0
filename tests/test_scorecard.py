"""Published against computed: one verdict per printed cell."""

from __future__ import annotations

import math
from types import SimpleNamespace

import pandas as pd
import pytest

from builders import failure, only
from mobiliteit.errors import AnalysisError
from mobiliteit.published import PrintedCell, load_published
from mobiliteit.scorecard import COLUMNS, VERDICTS, judge, score_wave, star_legend

USUAL = {"*": 0.05, "**": 0.01, "***": 0.001}
AS_PRINTED = {"*": 0.05, "**": 0.10, "***": 0.01}
NAN = math.nan


def verdict(printed, statistic, value, p=NAN, legend=USUAL):
    cell = {"statistic": statistic, "value": value, "p": p}
    return judge(PrintedCell("3.7", 31, "row", "Row", "column", printed), cell, legend, 0.05)


# ---- one cell

CASES = [
    # numbers at printed precision, half up on the decimal string
    ("3,20", "mean", 3.2, NAN, "exact"),
    ("3,20", "mean", 3.1951, NAN, "exact"),
    ("3,20", "mean", 3.195, NAN, "exact"),
    ("3,20", "mean", 3.205, NAN, "last_digit"),
    ("3,20", "mean", 3.1949, NAN, "last_digit"),
    ("3,20", "mean", 3.2149, NAN, "last_digit"),
    ("3,20", "mean", 3.215, NAN, "different"),
    ("3,20", "mean", 3.1849, NAN, "different"),
    ("2,68", "mean", 2.675, NAN, "exact"),  # stored as 2.67499999999999982
    ("17", "mean", 16.5, NAN, "exact"),
    ("17", "mean", 17.5, NAN, "last_digit"),
    ("37 jaar", "mean", 37.4, NAN, "exact"),
    ("1137", "count", 1137.0, NAN, "exact"),
    ("1137", "count", 1136.0, NAN, "last_digit"),
    ("26%", "percent", 25.5, NAN, "exact"),
    ("26%", "percent", 0.26, NAN, "different"),
    ("0,4%", "percent", 0.35, NAN, "exact"),
    ("0,4%", "percent", 0.3518, NAN, "exact"),
    ("0,4%", "percent", 0.28, NAN, "last_digit"),
    # stars of coefficients and explained variances
    (",15***", "beta", 0.151, 0.0009, "exact"),
    (",15***", "beta", 0.151, 0.001, "different"),
    (",15**", "beta", 0.151, 0.0011, "exact"),
    (",15*", "beta", 0.151, 0.0499, "exact"),
    (",15*", "beta", 0.151, 0.05, "different"),
    (",15", "beta", 0.151, 0.05, "exact"),
    (",15", "beta", 0.151, 0.049, "different"),
    (",15***", "beta", 0.16, 0.0001, "last_digit"),
    (",15***", "beta", 0.16, 0.5, "different"),
    (",15***", "beta", -0.15, 0.0001, "different"),
    ("-,10**", "beta", -0.104, 0.005, "exact"),
    ("-,10**", "beta", 0.10, 0.005, "different"),
    (",00", "beta", -0.004, 0.9, "exact"),
    ("-,01", "beta", 0.0, 0.9, "last_digit"),
    ("-,01", "beta", 0.01, 0.9, "different"),
    ("8%***", "r2_percent", 8.2, 0.0001, "exact"),
    ("8%", "r2_percent", 8.2, 0.0001, "different"),
    # the star before a class mean
    ("*2,84", "mean", 2.84, 0.049, "exact"),
    ("*2,84", "mean", 2.84, 0.051, "different"),
    ("2,84", "mean", 2.84, 0.049, "different"),
    ("2,84", "mean", 2.84, 0.051, "exact"),
    ("*2,84", "mean", 2.85, 0.0001, "last_digit"),
    # differences
    ("Ja", "F", 12.3, 0.049, "exact"),
    ("Ja", "F", 1.3, 0.05, "different"),
    ("Nee", "F", 1.3, 0.05, "exact"),
    ("Nee", "chi2", 12.3, 0.0001, "different"),
    ("Ja", "chi2", 12.3, 0.0001, "exact"),
    # one thing printed, another computed
    ("Ja", "mean", 1.0, 0.01, "different"),
    ("3,20", "F", 3.2, 0.5, "different"),
    # nothing computed
    ("3,20", "mean", NAN, NAN, "not_computable"),
    (",15***", "beta", NAN, NAN, "not_computable"),
    ("Ja", "F", NAN, NAN, "not_computable"),
    ("Ja", "F", 3.0, NAN, "not_computable"),
]


@pytest.mark.parametrize(("printed", "statistic", "value", "p", "expected"), CASES)
def test_judge(printed, statistic, value, p, expected):
    assert verdict(printed, statistic, value, p) == expected


def test_a_cell_that_the_tables_do_not_have():
    cell = PrintedCell("3.7", 31, "row", "Row", "column", ",15***")
    assert judge(cell, None, USUAL, 0.05) == "not_computable"


@pytest.mark.parametrize(
    ("printed", "p", "usual", "as_printed"),
    [
        (",15***", 0.0005, "exact", "exact"),
        (",15***", 0.005, "different", "exact"),
        (",15**", 0.005, "exact", "different"),
        (",15*", 0.03, "exact", "exact"),
        (",15**", 0.07, "different", "exact"),
        (",15", 0.07, "exact", "different"),
        (",15", 0.2, "exact", "exact"),
    ],
)
def test_the_legend_decides_about_the_stars(printed, p, usual, as_printed):
    assert verdict(printed, "beta", 0.15, p) == usual
    assert verdict(printed, "beta", 0.15, p, AS_PRINTED) == as_printed


def test_the_legend_does_not_touch_the_star_of_a_mean():
    for legend in (USUAL, AS_PRINTED):
        assert verdict("*2,84", "mean", 2.84, 0.04, legend) == "exact"
        assert verdict("2,84", "mean", 2.84, 0.07, legend) == "exact"


# ---- legends


def test_legends_of_the_study(loaded):
    assert star_legend(loaded, None) == ("usual", USUAL)
    assert star_legend(loaded, "as_printed") == ("as_printed", AS_PRINTED)


def test_a_legend_that_is_not_there(loaded):
    error = failure(lambda: star_legend(loaded, "gewoon"), AnalysisError)
    assert "'gewoon'" in only(error).what
    assert "usual, as_printed" in only(error).remedy
    failure(lambda: score_wave(loaded, {}, legend="gewoon"), AnalysisError)


# ---- the whole


def statistic_of(study, cell):
    """What a printed cell is, from the definition of its table."""
    if cell.verdict:
        return "F"
    if study.tables.tables[cell.table].kind == "regression":
        return "r2_percent" if cell.printed.rstrip("*").endswith("%") else "beta"
    return "percent" if cell.printed.endswith("%") else "mean"


def as_published(study):
    """Tables that would print just what the report prints."""
    tables = {}
    for cell in load_published(study):
        statistic = statistic_of(study, cell)
        p = {"Ja": 0.01, "Nee": 0.5}.get(cell.printed)
        if p is None:
            p = {"": NAN, "*": 0.03, "**": 0.005, "***": 0.0005}[cell.marks]
        tables.setdefault(cell.table, []).append(
            {
                "row": cell.row,
                "column": cell.column,
                "statistic": statistic,
                "value": 1.0 if cell.number is None else float(cell.number),
                "p": p,
                "n": 100,
                "n_missing": 3,
                "note": "",
                "decimals": cell.decimals,
                "unit": cell.printed.partition(" ")[2],
            }
        )
    return {number: SimpleNamespace(cells=pd.DataFrame(rows)) for number, rows in tables.items()}


@pytest.fixture(scope="module")
def perfect(loaded):
    return score_wave(loaded, as_published(loaded.study))


def test_rows_are_the_published_cells_in_their_order(perfect, loaded):
    frame = perfect.frame
    assert tuple(frame.columns) == COLUMNS
    assert list(frame.columns[:8]) == [
        *("table", "page", "row", "row_label_nl", "column", "published", "computed", "verdict")
    ]
    places = list(
        zip(frame["table"], frame["row"], frame["column"], frame["published"], strict=True)
    )
    cells = load_published(loaded.study)
    assert places == [(c.table, c.row, c.column, c.printed) for c in cells]
    assert len(frame) == 479


def test_a_perfect_score(perfect):
    wrong = perfect.frame.query("verdict != 'exact'")
    assert wrong[["table", "row", "column", "published", "computed"]].values.tolist() == []


def test_what_agrees_reads_as_it_was_printed(perfect):
    differs = perfect.frame[perfect.frame["published"] != perfect.frame["computed"]]
    assert differs[["table", "row", "published", "computed"]].values.tolist() == []


def test_every_row_says_that_the_wave_is_synthetic(perfect):
    assert perfect.frame["synthetic"].eq(True).all()
    assert perfect.frame["wave"].eq("2031").all()
    assert perfect.frame["n"].eq(100).all()


def test_summary_counts_the_verdicts_of_each_table(loaded):
    tables = as_published(loaded.study)
    del tables["3.2"]
    means = tables["3.3"].cells
    means.loc[0, "value"] += 0.01
    means.loc[1, "value"] += 0.5
    means.loc[2, "value"] = NAN
    summary = score_wave(loaded, tables).summary()
    assert list(summary.columns) == ["cells", *VERDICTS]
    assert list(summary.index) == [*(f"3.{number}" for number in range(1, 12)), "totaal"]
    assert summary.loc["3.1"].tolist() == [9, 9, 0, 0, 0]
    assert summary.loc["3.2"].tolist() == [22, 0, 0, 0, 22]
    assert summary.loc["3.3"].tolist() == [112, 109, 1, 1, 1]
    assert summary.loc["totaal"].tolist() == [479, 454, 1, 1, 23]
    assert summary.dtypes.eq("int64").all()


def test_a_cell_without_a_counterpart_is_kept_with_a_note(loaded):
    frame = score_wave(loaded, {}).frame
    assert len(frame) == 479
    assert set(frame["verdict"]) == {"not_computable"}
    assert set(frame["computed"]) == {""}
    assert frame["note"].ne("").all()
    assert frame["value"].isna().all()


def test_the_legend_in_use_is_told(loaded):
    tables = as_published(loaded.study)
    usual, printed = (score_wave(loaded, tables, legend=name) for name in (None, "as_printed"))
    assert (usual.legend, printed.legend) == ("usual", "as_printed")
    stars = usual.frame["published"].str.endswith("**") & usual.frame["table"].isin(
        ["3.7", "3.8", "3.9"]
    )
    assert (printed.frame.loc[stars, "verdict"] == "different").any()


def test_a_small_wave_is_scored_from_end_to_end(loaded):
    """32 random respondents agree with nothing much, but every cell gets its verdict."""
    card = score_wave(loaded)
    assert len(card.frame) == 479
    assert set(card.frame["verdict"]) <= set(VERDICTS)
    assert card.wave is loaded
    assert (card.frame["note"].ne("") | card.frame["verdict"].ne("not_computable")).all()
    assert card.summary().loc["totaal", "cells"] == 479
