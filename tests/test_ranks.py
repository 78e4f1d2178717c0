"""Kruskal-Wallis, Dunn and the chance of superiority: against R, PSPP, and by hand."""

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from mobiliteit.errors import AnalysisError
from mobiliteit.inference.ranks import compare_ranks, superiority
from mobiliteit.results import TIDY_COLUMNS
from reference.groups_values import data, pspp_tables, r_number, r_pairs, r_value
from reference.values import printed

CASES = [("s1", "groep"), ("t1", "klein"), ("scholing", "groep")]


@pytest.mark.parametrize(("outcome", "by"), CASES)
def test_ranks_are_those_of_r(outcome, by):
    result, row = compare_ranks(data(), outcome, f"{by}_by"), f"{outcome} by {by}"
    assert result.h == r_value("kruskal", row, by, "H")
    assert result.p == r_value("kruskal", row, by, "p")
    assert result.epsilon2 == r_value("kruskal", row, by, "epsilon2")
    names = [f"{pair['a']} - {pair['b']}" for _, pair in result.pairs.iterrows()]
    assert names == r_pairs("dunn", row)
    for name, (_, pair) in zip(names, result.pairs.iterrows(), strict=True):
        for statistic in ("z", "p_unadjusted", "p"):
            assert pair[statistic] == r_value("dunn", row, name, statistic)
        assert pair["superiority"] == r_value("superiority", row, name, "chance")
        for limit in ("low", "high"):
            assert pair[limit] == r_value("superiority", row, name, limit, rel=1e-9)


def test_ranks_are_those_of_pspp():
    ranks = [cells for cells in pspp_tables()["Ranks"] if cells[3]]
    tests = {cells[0]: cells[1:] for cells in pspp_tables()["Test Statistics"]}
    found = [compare_ranks(data(), name, "groep_by") for name in ("s1", "scholing")]
    ours = [mean for result in found for mean in result.groups["mean_rank"]]
    for mean, cells in zip(ours, ranks[1:], strict=True):
        assert mean == printed(cells[3])
    for result, h, p in zip(found, tests["Chi-Square"], tests["Asymp. Sig."], strict=True):
        assert result.h == printed(h) and result.p == printed(p)


def test_by_hand():
    # ranks of 1 2 2 3: 1, 2.5, 2.5, 4; a has 1 and 2.5, b has 2.5 and 4
    frame = pd.DataFrame({"y": [1.0, 2, 2, 3], "g": pd.Categorical(list("aabb"))})
    result = compare_ranks(frame, "y", "g")
    assert result.groups["mean_rank"].tolist() == [1.75, 3.25]
    # variance of ranks 4 5 / 12 - 6 / 36 = 1.5; z = -1.5 / sqrt(1.5 (1/2 + 1/2))
    assert result.pairs["z"][0] == pytest.approx(-1.5 / np.sqrt(1.5))
    # of the four pairs, none has a above b and one is a tie
    assert result.pairs["superiority"][0] == pytest.approx(0.125)


def test_two_groups_the_square_of_dunn_is_kruskal_wallis():
    result = compare_ranks(data(), "s1", "geslacht_by")
    assert result.pairs["z"][0] ** 2 == pytest.approx(result.h, rel=1e-10)
    assert result.pairs["p"][0] == pytest.approx(result.p, rel=1e-9)


def test_only_the_order_counts():
    frame = data()
    frame["stretched"] = np.exp(frame["s1"])
    one, two = compare_ranks(frame, "s1", "groep_by"), compare_ranks(frame, "stretched", "groep_by")
    assert one.h == two.h and one.pairs.equals(two.pairs)


def test_superiority_agrees_with_brunner_and_munzel_and_turns_round():
    rng = np.random.default_rng(5)
    a, b = rng.integers(1, 6, 40).astype(float), rng.integers(2, 6, 25).astype(float)
    chance, low, high = superiority(a, b, 0.95)
    assert (chance, low, high) == pytest.approx(
        tuple(1 - value for value in np.array(superiority(b, a, 0.95))[[0, 2, 1]]), rel=1e-10
    )
    test = stats.brunnermunzel(b, a)
    spread = abs((chance - 0.5) / test.statistic)  # its standard error
    df = (np.log(high / (1 - high)) - np.log(low / (1 - low))) / 2 * chance * (1 - chance) / spread
    assert 2 < df < 2.1  # the t quantile that the interval used, 60-odd degrees of freedom


def test_groups_that_do_not_overlap_have_no_interval():
    frame = pd.DataFrame({"y": [1.0, 2, 3, 7, 8, 9], "g": pd.Categorical(list("aaabbb"))})
    pair = compare_ranks(frame, "y", "g").pairs.iloc[0]
    assert pair["superiority"] == 0 and np.isnan(pair["low"]) and np.isfinite(pair["p"])
    assert pair["note"] == "geen overlap of geen spreiding: geen interval"


def test_without_a_test_the_note_says_why():
    frame = data()
    same = compare_ranks(frame.assign(s1=3.0), "s1", "groep_by")
    assert np.isnan(same.h) and same.note == "iedereen gaf hetzelfde antwoord"
    assert same.pairs["p"].isna().all() and (same.pairs["superiority"] == 0.5).all()
    one = compare_ranks(frame[frame["groep"] == 1], "s1", "groep_by")
    assert one.note == "minder dan twee groepen met antwoorden" and one.pairs.empty
    nobody = compare_ranks(frame.iloc[:0], "s1", "groep_by")
    assert nobody.n == 0 and np.isnan(nobody.p)


def test_tidy_missing_and_errors():
    frame = data()
    result = compare_ranks(frame, "s1", "groep_klasse")
    assert tuple(result.tidy().columns) == TIDY_COLUMNS
    used = frame[["s1", "groep_klasse"]].notna().all(axis=1)
    assert (result.n, result.n_missing) == (used.sum(), (~used).sum())
    assert r_number("kruskal", "s1 by groep", "groep", "p") == pytest.approx(result.p)
    for asked in ({"outcome": "nergens"}, {"by": "groep"}, {"level": 2}):
        with pytest.raises(AnalysisError):
            compare_ranks(frame, **{"outcome": "s1", "by": "groep_by"} | asked)
