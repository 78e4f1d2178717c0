"""The four kinds of table, on eleven hand-made respondents, each cell worked out in a comment."""

import math
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from mobiliteit.descriptor_schema import Descriptor
from mobiliteit.errors import AnalysisError
from mobiliteit.ledger import Ledger
from mobiliteit.results import TIDY_COLUMNS
from mobiliteit.study import Study, load_study
from mobiliteit.study_schema import Tables
from mobiliteit.tables import CELL_COLUMNS, compute_table, compute_tables
from mobiliteit.wave import Wave

NaN = np.nan

# Groups a, b and c, nobody in d, and one respondent without a group.
RESPONDENTS = pd.DataFrame(
    [
        # groep, klasse, schaal, ja, dagen, x1, x2, y
        ("a", "laag", 1, 0, 10, -1, -1, 1),
        ("a", "laag", 2, 0, 20, -1, 1, 3),
        ("a", "laag", 3, 1, 30, 1, -1, 5),
        ("b", "midden", 2, 0, NaN, 1, 1, 9),
        ("b", "midden", 3, 1, 10, 0, 0, 2),
        ("b", "midden", 4, NaN, 20, 0, NaN, 4),
        ("c", "hoog", 5, 1, 60, NaN, 1, NaN),
        ("c", "hoog", 6, 1, 60, NaN, 1, NaN),
        ("c", "hoog", 7, 1, 60, 1, 1, NaN),
        ("c", "hoog", NaN, 0, 60, 1, NaN, NaN),
        (None, None, 9, 1, 99, 2, 2, NaN),
    ],
    columns=["groep", "klasse", "schaal", "ja", "dagen", "x1", "x2", "y"],
).assign(leeg=NaN)

SECTION = {"section": "1", "title_nl": "…", "title_en": "…"}
TABLES = {
    "f": {
        **SECTION,
        "kind": "frequency",
        "variable": "groep",
        "columns": {"aantal": "count", "aandeel": "percent"},
        "total": True,
        "decimals": 0,
        "small_decimals": 1,
    },
    "g": {
        **SECTION,
        "kind": "group_comparison",
        "by": "groep",
        "test": "anova",
        "statistic": "mean",
        "decimals": 2,
        "rows": {
            "schaal": {},
            "toegezegd": {
                "variable": "ja",
                "statistic": "percent",
                "test": "chi2",
                "decimals": 0,
                "unit": "%",
            },
            "leeg": {},
        },
    },
    "g_steekproef": {
        **SECTION,
        "kind": "group_comparison",
        "by": "groep",
        "sample": {"groep": ["a", "c"]},
        "test": "anova",
        "statistic": "mean",
        "rows": {"schaal": {}},
    },
    "r": {
        **SECTION,
        "kind": "regression",
        "rows": ["x1", "x2", "leeg"],
        "explained_variance": "verklaard",
        "columns": {
            "twee": {"outcome": "y", "predictors": ["x1", "x2"]},
            "een": {"outcome": "y", "predictors": ["x1"]},
            "een_van_ab": {
                "outcome": "y",
                "predictors": ["x1"],
                "sample": {"groep": ["a", "b"]},
            },
            "alles": {"outcome": "y"},
        },
    },
    "r_steekproef": {
        **SECTION,
        "kind": "regression",
        "sample": {"groep": ["a", "b"]},
        "rows": ["x1"],
        "explained_variance": "verklaard",
        "columns": {
            "ab": {"outcome": "y"},
            "iedereen": {"outcome": "y", "sample": {}},
            "niemand": {"outcome": "y", "sample": {"groep": ["c"]}},
        },
    },
    "k": {
        **SECTION,
        "kind": "class_comparison",
        "factors": {"indeling": "klasse", "andere": "groep"},
        "test": "anova",
        "columns": {"schaal": {}, "scholing": {"variable": "dagen", "decimals": 0}},
    },
}


def wave_of(frame, tables=None, groups="abcd"):
    """A wave with these respondents and a study with these tables."""
    frame = frame.copy()
    frame["groep"] = pd.Categorical(frame["groep"], categories=list(groups))
    if "klasse" in frame:
        classes = ["laag", "midden", "hoog", "niemand"]
        frame["klasse"] = pd.Categorical(frame["klasse"], categories=classes, ordered=True)
    definitions = Tables.model_validate(
        {
            "significance": {"default": "s", "legends": {"s": {"*": 0.05}}, "difference": 0.05},
            "tables": tables or TABLES,
        }
    )
    study = Study(Path(), codebook=None, segments=load_study().segments, tables=definitions)
    descriptor = Descriptor.model_construct(wave="proef", synthetic=True, columns={})
    return Wave(descriptor, study, frame, pd.DataFrame(), Ledger("proef"), (), "0" * 64)


@pytest.fixture(scope="module")
def wave():
    return wave_of(RESPONDENTS)


def cells_of(wave, number):
    cells = compute_table(wave, number).cells
    assert not cells.duplicated(["row", "column"]).any()
    return cells.set_index(["row", "column"])


def check(cells, row, column, value, *, p=NaN, n, n_missing, **more):
    cell = cells.loc[(row, column)]
    assert cell["value"] == pytest.approx(value, rel=1e-12, abs=1e-12, nan_ok=True)
    assert cell["p"] == pytest.approx(p, rel=1e-9, nan_ok=True)
    assert (cell["n"], cell["n_missing"]) == (n, n_missing)
    expected = {"note": "", "unit": "", **more}
    assert {key: cell[key] for key in expected} == expected


# ---- counts


@pytest.mark.parametrize(
    ("row", "count", "percent"),
    [("a", 3, 30), ("b", 3, 30), ("c", 4, 40), ("d", 0, 0), ("totaal", 10, 100)],
)
def test_frequency(wave, row, count, percent):
    # Ten with a group: 3, 3, 4 and 0; one without.
    cells = cells_of(wave, "f")
    check(cells, row, "aantal", count, n=10, n_missing=1, statistic="count", decimals=0)
    check(cells, row, "aandeel", percent, n=10, n_missing=1, statistic="percent", decimals=0)


def test_frequency_in_reading_order_with_nothing_else(wave):
    assert list(cells_of(wave, "f").index) == [
        (row, column) for row in ["a", "b", "c", "d", "totaal"] for column in ["aantal", "aandeel"]
    ]


def test_frequency_without_total(wave):
    tables = {"f": {**TABLES["f"], "total": False}}
    cells = cells_of(wave_of(RESPONDENTS, tables), "f")
    assert cells.index.get_level_values("row").unique().tolist() == [*"abcd"]


@pytest.mark.parametrize(
    ("few", "percent", "decimals"),
    [(1, 0.4, 1), (2, 0.8, 1), (3, 1.2, 0), (0, 0, 0)],  # a percentage in (0, 1) gets its decimal
)
def test_small_percentages_get_small_decimals(few, percent, decimals):
    frame = pd.DataFrame({"groep": ["a"] * few + ["b"] * (250 - few)})
    cells = cells_of(wave_of(frame, {"f": TABLES["f"]}), "f")
    check(cells, "a", "aandeel", percent, n=250, n_missing=0, decimals=decimals)
    check(cells, "a", "aantal", few, n=250, n_missing=0, decimals=0)  # also of a count of 1
    assert cells.loc[("b", "aandeel"), "decimals"] == 0


def test_a_sample_restricts_counts():
    # Of those with ja = 1: one in a, one in b, three in c and one without a group.
    tables = {"f": {**TABLES["f"], "sample": {"ja": [1]}}}
    cells = cells_of(wave_of(RESPONDENTS, tables), "f")
    for row, count in {"a": 1, "b": 1, "c": 3, "d": 0, "totaal": 5}.items():
        check(cells, row, "aantal", count, n=5, n_missing=1)
        check(cells, row, "aandeel", 20 * count, n=5, n_missing=1)


def test_frequency_of_a_variable_that_the_wave_lacks():
    # Nobody was asked: that is no count of zero.
    frame = pd.DataFrame({"groep": [None] * 3})
    cells = cells_of(wave_of(frame, {"f": TABLES["f"]}), "f")
    for row, column in cells.index:
        note = "niemand heeft hier een antwoord"
        check(cells, row, column, NaN, n=0, n_missing=3, note=note, decimals=0)


# ---- groups


def test_means_by_group(wave):
    # schaal: a 1, 2, 3; b 2, 3, 4; c 5, 6, 7 and one without; d nobody, so no column; one without
    # group. F = (26 / 2) / (6 / 6) = 13 and p = (1 + 2 * 13 / 6)^-3 = 27/4096 (worked out in
    # test_compare.py).
    cells = cells_of(wave, "g")
    check(cells, "schaal", "a", 2, n=3, n_missing=0, statistic="mean", decimals=2)
    check(cells, "schaal", "b", 3, n=3, n_missing=0, statistic="mean", decimals=2)
    check(cells, "schaal", "c", 6, n=3, n_missing=1, statistic="mean", decimals=2)
    check(cells, "schaal", "verschil", 13, p=27 / 4096, n=9, n_missing=2, statistic="F")


def test_percentages_by_group(wave):
    # ja: 1 of 3 in a, 1 of 2 in b (one without answer), 3 of 4 in c; 5 of 9 together. Expected:
    # 5/3, 10/9 and 20/9 yes; 4/3, 8/9 and 16/9 no. chi2 = (4/9)(3/5 + 3/4) + (1/81)(9/10 + 9/8) +
    # (49/81)(9/20 + 9/16) = .6 + .025 + .6125 = 1.2375; on 2 df, p = exp(-chi2/2). Smallest
    # expected count 8/9.
    cells = cells_of(wave, "g")
    common = {"statistic": "percent", "decimals": 0, "unit": "%"}
    check(cells, "toegezegd", "a", 100 / 3, n=3, n_missing=0, **common)
    check(cells, "toegezegd", "b", 50, n=2, n_missing=1, **common)
    check(cells, "toegezegd", "c", 75, n=4, n_missing=0, **common)
    note = "een verwacht aantal is kleiner dan 5"
    p = math.exp(-1.2375 / 2)
    check(
        cells, "toegezegd", "verschil", 1.2375, p=p, n=9, n_missing=2, statistic="chi2", note=note
    )


def test_a_variable_that_the_wave_lacks(wave):
    cells = cells_of(wave, "g")
    note = "geen antwoorden in deze groep"
    for group, size in {"a": 3, "b": 3, "c": 4}.items():
        check(cells, "leeg", group, NaN, n=0, n_missing=size, note=note)
    note = "minder dan twee groepen met antwoorden"
    check(cells, "leeg", "verschil", NaN, n=0, n_missing=11, note=note)


def test_groups_in_reading_order_with_nothing_else(wave):
    columns = ["a", "b", "c", "d", "verschil"]  # nobody is in d: a gap, and not forgotten
    rows = ["schaal", "toegezegd", "leeg"]
    assert list(cells_of(wave, "g").index) == [(r, c) for r in rows for c in columns]


def test_a_sample_restricts_groups_and_test(wave):
    # a 1, 2, 3 and c 5, 6, 7: between 3 * 2^2 * 2 = 24 on 1 df, within 4 on 4 df: F = 24, so t^2
    # = 24. With 4 df, p = 1 - s (1 + q/2), s = sqrt(24/28), q = 4/28. The one without a group is
    # outside.
    cells = cells_of(wave, "g_steekproef")
    assert cells.index.get_level_values("column").tolist() == ["a", "c", "verschil"]
    check(cells, "schaal", "a", 2, n=3, n_missing=0)
    check(cells, "schaal", "c", 6, n=3, n_missing=1)
    p = 1 - math.sqrt(24 / 28) * (1 + 4 / 28 / 2)
    check(cells, "schaal", "verschil", 24, p=p, n=6, n_missing=1)
    assert cells["sample"].eq("a/c").all()
    assert cells_of(wave, "g")["sample"].eq("all").all()


def test_a_sample_of_nobody():
    tables = {"g": {**TABLES["g"], "sample": {"groep": ["d"]}}}
    cells = cells_of(wave_of(RESPONDENTS, tables), "g")
    assert cells.index.get_level_values("column").unique().tolist() == ["d", "verschil"]
    check(cells, "schaal", "d", NaN, n=0, n_missing=0, note="niemand in deze groep")
    note = "minder dan twee groepen met antwoorden"
    check(cells, "schaal", "verschil", NaN, n=0, n_missing=0, note=note)


# ---- regressions

# The five with x1, x2 and y: b1 = 2.5, b2 = 1.5, beta = b sqrt(4/40), se = sqrt(3/4), R2 = .85 on
# 2 and 2 df: p(t) = 1 - |t| / sqrt(2 + t^2), p(F) = 1 - R2 (worked out in test_regress.py). The
# six with x1 and y: Sxx 4, Sxy 10, Syy 40: beta = r = 10 / sqrt(160), R2 = .625 on 1 and 4 df: p
# = 1 - r (1 + (1 - R2)/2), the same for t and F.


def test_two_predictors_on_complete_respondents(wave):
    cells = cells_of(wave, "r")
    common = {"n": 5, "n_missing": 6}
    for row, b in {"x1": 2.5, "x2": 1.5}.items():
        t = b / math.sqrt(0.75)
        p = 1 - t / math.sqrt(2 + t * t)
        beta = b * math.sqrt(0.1)
        check(cells, row, "twee", beta, p=p, statistic="beta", decimals=2, **common)
    r2 = {"statistic": "r2_percent", "decimals": 0}
    check(cells, "verklaard", "twee", 85, p=0.15, **r2, **common)


@pytest.mark.parametrize(
    ("table", "column", "n_missing"),
    [
        ("r", "een", 5),  # eleven respondents, six complete
        ("r", "een_van_ab", 0),  # the same six are all of a and b: the model's own sample
        ("r_steekproef", "ab", 0),  # the table's sample
        ("r_steekproef", "iedereen", 5),  # a model without restriction in a table with one
    ],
)
def test_one_predictor_by_sample(wave, table, column, n_missing):
    cells = cells_of(wave, table)
    r = 10 / math.sqrt(160)
    p = 1 - r * (1 + 0.375 / 2)
    check(cells, "x1", column, r, p=p, n=6, n_missing=n_missing)
    check(cells, "verklaard", column, 62.5, p=p, n=6, n_missing=n_missing)


def test_a_model_that_cannot_be_fitted_leaves_the_others_alone(wave):
    cells = cells_of(wave, "r")
    note = "dit model is met deze golf niet te schatten: only 0 respondents have all 4 variables"
    for row in ("x1", "x2", "leeg"):
        check(cells, row, "alles", NaN, n=0, n_missing=11, note=note, statistic="beta", decimals=2)
    r2 = {"statistic": "r2_percent", "decimals": 0}
    check(cells, "verklaard", "alles", NaN, n=0, n_missing=11, note=note, **r2)
    assert cells.xs("twee", level="column")["value"].notna().all()


def test_all_problems_of_a_model_are_in_its_note(wave):
    # Nobody in c has y: too few, but no constant to complain of.
    cells = cells_of(wave, "r_steekproef")
    note = "dit model is met deze golf niet te schatten: only 0 respondents have all 2 variables"
    check(cells, "x1", "niemand", NaN, n=0, n_missing=4, note=note)
    tables = {"r": {**TABLES["r"], "columns": {"m": {"outcome": "weg", "predictors": ["x1", "w"]}}}}
    cells = cells_of(wave_of(RESPONDENTS, tables), "r")
    note = (
        "dit model is met deze golf niet te schatten: weg is not in the data; w is not in the data"
    )
    check(cells, "x1", "m", NaN, n=0, n_missing=11, note=note)


def test_a_cell_names_the_sample_of_its_own_model(wave):
    samples = cells_of(wave, "r").xs("x1", level="row")["sample"]
    expected = {"twee": "all", "een": "all", "een_van_ab": "a/b", "alles": "all"}
    assert samples.to_dict() == expected


def test_regressions_in_reading_order_with_nothing_else(wave):
    # A cell only where the model has the predictor.
    assert list(cells_of(wave, "r").index) == [
        *[("x1", model) for model in ("twee", "een", "een_van_ab", "alles")],
        ("x2", "twee"),
        ("x2", "alles"),
        ("leeg", "alles"),
        *[("verklaard", model) for model in ("twee", "een", "een_van_ab", "alles")],
    ]


# ---- classes


def test_means_by_class_with_the_test_on_the_first_class(wave):
    # The classes hold the same people as the groups. dagen: a 10, 20, 30; b 10, 20 and one without;
    # c 60 four times: means 20, 15 and 60. Grand mean 330/9 = 110/3; between
    # 3 (50/3)^2 + 2 (65/3)^2 + 4 (70/3)^2 = 35550/9 = 3950 on 2 df, within 200 + 50 + 0 on 6 df:
    # F = 1975 / (250/6) = 47.4; p = (1 + 2 * 47.4 / 6)^-3 = 16.8^-3.
    cells = cells_of(wave, "k")
    first = {"schaal": 27 / 4096, "scholing": 16.8**-3}
    expected = {
        "laag": {"schaal": (2, 3, 0), "scholing": (20, 3, 0)},
        "midden": {"schaal": (3, 3, 0), "scholing": (15, 2, 1)},
        "hoog": {"schaal": (6, 3, 1), "scholing": (60, 4, 0)},
    }
    for cls, columns in expected.items():
        for column, (mean, n, n_missing) in columns.items():
            check(
                cells,
                f"indeling_{cls}",
                column,
                mean,
                p=first[column] if cls == "laag" else NaN,
                n=n,
                n_missing=n_missing,
                statistic="mean",
                decimals=0 if column == "scholing" else 2,
            )


def test_a_class_without_anybody(wave):
    cells = cells_of(wave, "k")
    note = "niemand in deze klasse"
    check(cells, "indeling_niemand", "schaal", NaN, n=0, n_missing=0, note=note)


def test_a_factor_without_a_test_says_why():
    # Only one class has anybody: no p, and somewhere the reason.
    frame = RESPONDENTS[RESPONDENTS["klasse"] == "laag"]
    tables = {"k": {**TABLES["k"], "factors": {"indeling": "klasse"}}}
    cells = cells_of(wave_of(frame, tables), "k")
    check(
        cells,
        "indeling_laag",
        "schaal",
        2,
        n=3,
        n_missing=0,
        note="minder dan twee groepen met antwoorden",
    )


def test_the_test_of_a_factor_shows_when_its_first_class_has_nobody():
    frame = RESPONDENTS[RESPONDENTS["klasse"] != "laag"]
    cells = cells_of(wave_of(frame), "k")
    assert (cells["value"].notna() | cells["p"].isna()).all()


def test_every_factor_has_its_own_test(wave):
    cells = cells_of(wave, "k")
    with_test = cells.index[cells["p"].notna()].tolist()
    assert with_test == [
        ("indeling_laag", "schaal"),
        ("indeling_laag", "scholing"),
        ("andere_a", "schaal"),
        ("andere_a", "scholing"),
    ]


def test_classes_in_reading_order_with_nothing_else(wave):
    rows = [f"indeling_{cls}" for cls in ("laag", "midden", "hoog", "niemand")]
    rows += [f"andere_{group}" for group in "abcd"]
    expected = [(row, column) for row in rows for column in ("schaal", "scholing")]
    assert list(cells_of(wave, "k").index) == expected


def test_a_sample_restricts_classes():
    tables = {"k": {**TABLES["k"], "sample": {"klasse": ["laag", "hoog"]}}}
    cells = cells_of(wave_of(RESPONDENTS, tables), "k")
    # F = 24 as above.
    p = 1 - math.sqrt(24 / 28) * (1 + 4 / 28 / 2)
    check(cells, "indeling_laag", "schaal", 2, p=p, n=3, n_missing=0)
    note = "niemand in deze klasse"
    check(cells, "indeling_midden", "schaal", NaN, n=0, n_missing=0, note=note)


# ---- all kinds


@pytest.mark.parametrize("number", TABLES)
def test_cells_are_tidy_and_marked(wave, number):
    result = compute_table(wave, number)
    assert tuple(result.cells.columns) == CELL_COLUMNS
    assert tuple(result.tidy().columns) == TIDY_COLUMNS
    assert result.cells["analysis"].eq(number).all()
    assert result.cells["wave"].eq("proef").all()
    assert result.cells["decimals"].dtype == "int64"
    assert result.wave is wave
    missing = result.cells[result.cells["value"].isna()]
    assert missing["note"].ne("").all()


def test_all_tables_in_order(wave):
    results = compute_tables(wave)
    assert list(results) == list(TABLES)
    for number, result in results.items():
        assert result.number == number
        assert result.definition is wave.study.tables.tables[number]


def test_a_table_does_not_change_the_wave(wave):
    before = wave.frame.copy(deep=True)
    compute_tables(wave)
    pd.testing.assert_frame_equal(wave.frame, before)


@pytest.mark.parametrize(
    ("number", "expected"),
    [
        # rows in which nobody answered do not count, unless there are no others (d)
        ("g", {"a": (3, 3), "b": (2, 3), "c": (3, 4), "d": (0, 0)}),
        ("r", {"twee": (5, 5), "een": (6, 6), "een_van_ab": (6, 6), "alles": (0, 0)}),
        ("k", {"schaal": (3, 3), "scholing": (2, 4)}),
    ],
)
def test_range_of_n(wave, number, expected):
    least_most = compute_table(wave, number).n_range()
    assert {row.Index: (row.least, row.most) for row in least_most.itertuples()} == expected


def test_an_unknown_table(wave):
    with pytest.raises(AnalysisError) as caught:
        compute_table(wave, "3.12")
    assert str(caught.value) == (
        "This table cannot be computed.\n"
        "  - the study has no table '3.12'. "
        "There are f, g, g_steekproef, r, r_steekproef, k."
    )


def test_a_sample_of_an_unknown_variable():
    tables = {"f": {**TABLES["f"], "sample": {"weg": [1]}}}
    with pytest.raises(AnalysisError) as caught:
        compute_table(wave_of(RESPONDENTS, tables), "f")
    assert str(caught.value) == (
        "This sample cannot be taken.\n  - weg is not in the data. Use a name of the codebook."
    )


# ---- the definitions of the 2006 study


def test_the_study_defines_the_eleven_tables_with_the_tests_of_the_report():
    tables = load_study().tables.tables
    assert list(tables) == [f"3.{number}" for number in range(1, 12)]
    tests = {number: getattr(table, "test", None) for number, table in tables.items()}
    assert {number for number, test in tests.items() if test == "anova"} == {
        "3.3",
        "3.5",
        "3.6",
        "3.10",
        "3.11",
    }
    assert tests["3.4"] == "chi2"
    # Table 3.5 mixes: shares by chi-square, ages, hours and years of service by ANOVA.
    rows = tables["3.5"].rows
    assert {name for name, row in rows.items() if row.test == "chi2"} == {
        name for name, row in rows.items() if row.statistic == "percent"
    }
    assert [tables[n].kind for n in ("3.7", "3.8", "3.9")] == ["regression"] * 3
    assert tables["3.8"].sample == tables["3.9"].sample == {"mobiliteitsgroep": ["mobielen"]}
    assert tables["3.7"].columns["loopbaanstap_succes"].sample == tables["3.8"].sample
