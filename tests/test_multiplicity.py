"""Holm and Benjamini-Hochberg: against R, by hand, and over a table's tests."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from statsmodels.stats.multitest import multipletests

from mobiliteit.errors import AnalysisError
from mobiliteit.inference.multiplicity import adjust, correct_table
from mobiliteit.results import TIDY_COLUMNS, tidy_frame
from reference.groups_values import r_value

P = [0.01, 0.04, np.nan, 0.03, 0.005, 0.5, 0.04, 1e-12, 1, np.nan]


def cells() -> pd.DataFrame:
    """A small table: two regressions with coefficients and an explained variance."""
    return tidy_frame(
        [
            {"row": "x", "column": "m1", "statistic": "beta", "value": 0.3, "p": 0.001, "n": 90},
            {"row": "z", "column": "m1", "statistic": "beta", "value": 0.1, "p": 0.039, "n": 90},
            {"row": "r2", "column": "m1", "statistic": "r2", "value": 0.2, "p": 0.002, "n": 90},
            {"row": "x", "column": "m2", "statistic": "beta", "value": 0.2, "p": 0.029, "n": 80},
            {"row": "z", "column": "m2", "statistic": "beta", "value": np.nan, "n": 0},
            {"row": "r2", "column": "m2", "statistic": "r2", "value": 0.1, "p": 0.2, "n": 80},
            {"row": "m", "column": "m2", "statistic": "mean", "value": 3.1, "n": 80},
            {"row": "m", "column": "m3", "statistic": "mean", "value": np.nan, "n": 0},
        ],
        analysis="9.9",
    )


@pytest.mark.parametrize("method", ["holm", "bh"])
def test_adjusted_p_is_that_of_r(method):
    adjusted = adjust(P, method)
    for i, p in enumerate(P, start=1):
        if np.isnan(p):
            assert np.isnan(adjusted[i - 1])
        else:
            assert adjusted[i - 1] == r_value("p.adjust", str(i), "", method, rel=1e-14)


def test_adjusted_p_is_that_of_statsmodels():
    p = np.random.default_rng(4).uniform(size=40) ** 3
    p[7] = p[11]  # a tie
    for method, theirs in (("holm", "holm"), ("bh", "fdr_bh")):
        np.testing.assert_allclose(
            adjust(p, method), multipletests(p, method=theirs)[1], rtol=1e-13
        )


def test_by_hand():
    assert adjust([0.01, 0.04, 0.03]).tolist() == pytest.approx([0.03, 0.06, 0.06])
    assert adjust([0.01, 0.04, 0.03], "bh").tolist() == pytest.approx([0.03, 0.04, 0.04])


def test_a_family_of_none_or_one():
    assert adjust([]).tolist() == []
    assert np.isnan(adjust([np.nan, np.nan])).all()
    assert adjust([np.nan, 0.03])[1] == 0.03


@given(st.lists(st.one_of(st.floats(0, 1), st.just(np.nan)), max_size=12))
def test_corrected_is_never_below_and_keeps_the_order(p):
    p = np.array(p)
    tested = np.isfinite(p)
    holm, bh = adjust(p, "holm"), adjust(p, "bh")
    assert (np.isfinite(holm) == tested).all() and (np.isfinite(bh) == tested).all()
    order = np.argsort(p[tested], kind="stable")
    for corrected in (holm[tested], bh[tested]):
        assert (corrected >= p[tested] - 1e-15).all() and (corrected <= 1).all()
        assert (np.diff(corrected[order]) >= 0).all()
    assert (holm[tested] >= bh[tested] - 1e-15).all()


@pytest.mark.parametrize(
    ("p", "method", "says"),
    [([0.5], "bonferroni", "'holm', 'bh'"), ([1.2, 0.1], "holm", "1.2"), ([-0.1], "bh", "-0.1")],
)
def test_what_is_no_p_or_no_method_is_refused(p, method, says):
    with pytest.raises(AnalysisError, match=says):
        adjust(p, method)


def test_a_table_is_one_family():
    (family,) = correct_table(cells())
    assert (family.name, family.m, family.n_missing) == ("9.9", 5, 1)
    # sorted .001 .002 .029 .039 .2 times 5 4 3 2 1
    expected = {"x m1": 0.005, "r2 m1": 0.008, "x m2": 0.087, "z m1": 0.087, "r2 m2": 0.2}
    found = dict(
        zip(family.tests["row"] + " " + family.tests["column"], family.tests["p_holm"], strict=True)
    )
    assert np.isnan(found.pop("z m2"))
    assert found == pytest.approx(expected)
    assert family.significant == {"p": 4, "p_holm": 2, "p_bh": 4}
    assert (family.lost["row"] + family.lost["column"]).tolist() == ["zm1", "xm2"]


def test_families_within_columns_and_of_chosen_statistics():
    families = correct_table(cells(), statistics=["beta"], within=["column"])
    assert [(family.name, family.m, family.n_missing) for family in families] == [
        ("9.9: m1", 2, 0),
        ("9.9: m2", 1, 1),
    ]
    assert families[0].tests["p_holm"].tolist() == pytest.approx([0.002, 0.039])


def test_a_class_without_a_p_by_design_is_no_failed_test():
    # tables by class carry the p of a factor on its first class; the others have a mean and no p
    frame = tidy_frame(
        [
            {"row": "a", "column": "y", "statistic": "mean", "value": 3.0, "p": 0.02, "n": 9},
            {"row": "b", "column": "y", "statistic": "mean", "value": 2.0, "n": 9},
        ],
        analysis="t",
    )
    (family,) = correct_table(frame)
    assert (family.m, family.n_missing) == (1, 0)


def test_no_test_no_family():
    assert correct_table(cells()[cells()["statistic"] == "mean"]) == []
    assert correct_table(cells().iloc[:0]) == []


def test_tidy_counts_the_family():
    (family,) = correct_table(cells())
    tidy = family.tidy()
    assert tuple(tidy.columns) == TIDY_COLUMNS and set(tidy["sample"]) == {"9.9"}
    counts = tidy.set_index("statistic")["value"]
    assert (
        counts["tests"] == 5 and counts["tests_missing"] == 1 and counts["significant_p_holm"] == 2
    )
    assert "gecorrigeerd voor 5 toetsen" in set(tidy["note"])


def test_what_is_no_tidy_frame_is_refused():
    with pytest.raises(AnalysisError, match="p is not in the frame"):
        correct_table(cells().drop(columns="p"))
    with pytest.raises(AnalysisError, match="model is no tidy column"):
        correct_table(cells(), within=["model"])
