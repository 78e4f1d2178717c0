"""Changes between two waves and their split by composition: against R, by hand, by simulation."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from mobiliteit.design import Design, design_of
from mobiliteit.errors import AnalysisError
from mobiliteit.inference.changes import change, estimate_of, mean_of, two_waves
from mobiliteit.inference.composition import decompose, reweight
from mobiliteit.raking import MISSING
from mobiliteit.weights import with_design

HERE = Path(__file__).parent / "reference"
# The same sums in another order.
EXACT = 1e-9


def waves() -> tuple[pd.DataFrame, pd.DataFrame]:
    frame = pd.read_csv(HERE / "trends_data.csv").set_index("person", drop=False)
    return frame[frame["wave"] == 1], frame[frame["wave"] == 2]


@cache
def r(analysis: str, row: str, statistic: str) -> float:
    frame = pd.read_csv(HERE / "trends_r.csv").set_index(["analysis", "row", "statistic"])
    return float(frame.loc[(analysis, row, statistic), "value"])


def plain(frame: pd.DataFrame, *, strata: bool) -> Design:
    """The design of a wave by the weights of the file, with or without its strata."""
    stratum = frame["stratum"] if strata else None
    return design_of(with_design(frame, frame["w"], stratum=stratum))


def compared(first, second, part, *, strata, apart=False):
    own, other = plain(first, strata=strata), plain(second, strata=strata)
    people = (pd.Index(-first.index if apart else first.index), pd.Index(second.index))
    both = two_waves(own, other, people)
    values = [f["y"].where((f["group"] == part) | (part == "all")) for f in (first, second)]
    means = [mean_of(d, v.to_numpy()) for d, v in zip((own, other), values, strict=True)]
    return both, change(both, *means)


@pytest.mark.parametrize("part", ["all", "a"])
def test_a_change_without_shared_people_is_that_of_r(part):
    both, found = compared(*waves(), part, strata=True, apart=True)
    assert both.shared == 0
    assert found.value == pytest.approx(r("apart", part, "difference"), rel=EXACT)
    assert found.se == pytest.approx(r("apart", part, "se"), rel=EXACT)
    assert found.df == r("apart", part, "df")
    assert found.p == pytest.approx(r("apart", part, "p"), rel=1e-7)


def test_a_change_in_the_same_people_is_that_of_r():
    first, second = waves()
    keep = range(101, 221)
    both, found = compared(first.loc[keep], second.loc[keep], "all", strata=False)
    assert both.shared == 120
    assert found.value == pytest.approx(r("same", "all", "difference"), rel=EXACT)
    assert found.se == pytest.approx(r("same", "all", "se"), rel=EXACT)
    assert found.df == r("same", "all", "df")


@pytest.mark.parametrize("part", ["all", "a"])
def test_a_change_with_some_shared_people_is_that_of_r(part):
    """R takes one n / (n - 1) over the 350 people of both, we that of each wave (220 and 250)."""
    both, found = compared(*waves(), part, strata=False)
    assert both.shared == 120
    assert found.se == pytest.approx(r("some", part, "se"), rel=0.5 / 220)
    assert found.df == r("some", part, "df")
    apart = compared(*waves(), part, strata=False, apart=True)[1]
    # What sharing people is worth here: the answers of a person go together.
    assert (found.se < 0.95 * apart.se) == (part == "all")


def test_unweighted_waves_give_welch():
    first, second = waves()
    one, two = (f["y"].dropna().to_numpy() for f in (first, second))
    ours = [with_design(f, np.ones(len(f))) for f in (first, second)]
    own, other = (design_of(f) for f in ours)
    both = two_waves(own, other, (pd.Index(-first.index), pd.Index(second.index)))
    means = [mean_of(d, f["y"].to_numpy()) for d, f in zip((own, other), ours, strict=True)]
    found = change(both, *means)
    welch = stats.ttest_ind(two, one, equal_var=False)
    # n of the whole wave in n / (n - 1), those with an answer in Welch.
    assert found.value / found.se == pytest.approx(welch.statistic, rel=1e-3)


def test_limits_of_a_mean_and_a_share_are_those_of_r():
    second = waves()[1]
    design = plain(second, strata=True)
    mean = estimate_of(mean_of(design, second["y"].to_numpy()))
    assert mean.se == pytest.approx(r("one", "y", "se"), rel=EXACT)
    expected = (r("one", "y", "low"), r("one", "y", "high"))
    assert mean.limits(0.95) == pytest.approx(expected, rel=EXACT)
    share = estimate_of(mean_of(design, second["yes"].to_numpy(dtype="float64")))
    assert share.value == pytest.approx(r("one", "yes", "share"), rel=1e-7)
    expected = (r("one", "yes", "low"), r("one", "yes", "high"))
    # svyciprop fits a logistic regression by iterations.
    assert share.share_limits(0.95) == pytest.approx(expected, rel=1e-6)


# ---- composition


def codes(frame: pd.DataFrame, *names: str) -> list[np.ndarray]:
    return [frame[name].to_numpy() - 1 for name in names]


def split(first, second, part="all", own=None, other=None, names=("old", "sex")):
    own = plain(first, strata=True) if own is None else own
    other = plain(second, strata=True) if other is None else other
    both = two_waves(own, other, (pd.Index(-first.index), pd.Index(second.index)))
    margins = list(zip(codes(first, *names), codes(second, *names), strict=True))
    again = reweight(both, margins)
    values = [
        f["y"].where((f["group"] == part) | (part == "all")).to_numpy() for f in (first, second)
    ]
    means = [mean_of(d, v) for d, v in zip((own, other), values, strict=True)]
    return both, again, means, decompose(both, again, *means, values[1])


@pytest.mark.parametrize("part", ["all", "a"])
def test_the_reweighted_mean_and_its_error_are_those_of_r(part):
    first, second = waves()
    _, again, means, found = split(first, second, part)
    assert found.counterfactual == pytest.approx(r("raked", part, "mean"), rel=1e-8)
    assert again.design_effect == pytest.approx(r("raked", "weights", "design_effect"), rel=1e-8)
    # R takes the margins for known. Then only the second wave has an error; of the rest we drop
    # what the first wave adds: its own mean, and its margins.
    other = plain(second, strata=True)
    none = Design(*(np.zeros(len(first)), *(np.zeros(len(first), dtype=int),) * 2,
                    np.full(len(first), len(first))))  # fmt: skip
    known = type(again)(again.weight, again.columns,
                        (0 * again.targets[0], again.targets[1]), again.design_effect)  # fmt: skip
    alone = two_waves(none, other, (pd.Index(-first.index), pd.Index(second.index)))
    still = replace(means[0], value=0.0, influence=np.zeros(len(first)), variance=0.0)
    values = second["y"].where((second["group"] == part) | (part == "all")).to_numpy()
    rest = decompose(alone, known, still, means[1], values).rest
    assert rest.se == pytest.approx(r("raked", part, "se"), rel=1e-7)


def test_the_parts_sum_to_the_change():
    first, second = waves()
    both, _, means, found = split(first, second)
    total = change(both, *means)
    assert found.composition.value + found.rest.value == pytest.approx(total.value, abs=1e-12)


def test_with_one_margin_it_is_the_split_of_kitagawa():
    """Shares of the classes in each wave, and means of the classes in the second, by hand."""
    first, second = waves()
    found = split(first, second.dropna(subset="y"), names=("old",))[3]
    valued = second.dropna(subset="y")
    shares = [f.groupby("old")["w"].sum() / f["w"].sum() for f in (first, valued)]
    means = valued.groupby("old")[["y", "w"]].apply(lambda f: np.average(f["y"], weights=f["w"]))
    composition = float(((shares[1] - shares[0]) * means).sum())
    assert found.composition.value == pytest.approx(composition, abs=1e-9)


def test_who_has_no_value_on_a_margin_keeps_a_share():
    first, second = waves()
    second = second.assign(sex=second["sex"].where(second.index % 10 > 0, MISSING + 1))
    again = split(first, second)[1]
    lost = (second["sex"] == MISSING + 1).to_numpy()
    before = second["w"][lost].sum() / second["w"].sum()
    assert again.weight[lost].sum() / again.weight.sum() == pytest.approx(before, abs=1e-8)
    women = first["sex"] == 1
    reached = again.weight[(second["sex"] == 1).to_numpy()].sum() / again.weight[~lost].sum()
    assert reached == pytest.approx(women.mean(), abs=1e-8)


def test_errors_of_the_parts_are_those_of_the_jackknife():
    """Leaving out one person at a time, with margins that matter and gaps in one of them.

    To 5%: the jackknife rakes to the margins without that person, the linearization to none.
    """
    first, second = (f.dropna(subset="y").assign(w=1.0) for f in waves())
    first, second = (f.assign(y=f["y"] + 2 * f["old"] + 2 * f["sex"]) for f in (first, second))
    second = second.assign(sex=second["sex"].where(second.index % 6 > 0, MISSING + 1))
    second["y"] += 3 * (second["sex"] == MISSING + 1)

    def parts(one, other):
        designs = [design_of(with_design(f, f["w"])) for f in (one, other)]
        found = split(one, other, own=designs[0], other=designs[1])[3]
        return found.composition, found.rest

    whole = parts(first, second)
    squares = np.zeros(2)
    for which, frame in ((0, first), (1, second)):
        left = []
        for k in range(len(frame)):
            pair = [first, second]
            pair[which] = frame.drop(index=frame.index[k])
            left.append([part.value for part in parts(*pair)])
        spread = np.array(left) - np.mean(left, axis=0)
        squares += (len(frame) - 1) / len(frame) * (spread**2).sum(axis=0)
    assert [part.se for part in whole] == pytest.approx(np.sqrt(squares), rel=0.05)


def test_a_class_that_one_wave_lacks_cannot_be_reweighted():
    first, second = waves()
    with pytest.raises(AnalysisError, match="nobody in the second wave"):
        split(first, second[second["old"] < 3])
    with pytest.raises(AnalysisError, match="nobody in the first wave"):
        split(first[first["old"] < 3], second)


@pytest.mark.slow
def test_intervals_cover_when_only_the_composition_changed():
    """2,000 pairs of waves of 600, a third shared: 95% intervals of the rest hold 0.

    Binomial error of a share of 0.95 over 2,000: 0.5 points; four of them on both sides. Measured:
    rest 0.952, composition 0.950, change 0.945.
    """
    rng = np.random.default_rng(1)
    rest, composition, total = [], [], []
    moved = 0.6 * 0.3 + 0.2 * -0.15
    for _ in range(2000):
        u = rng.normal(0, 0.7, 1000)
        ids = (np.arange(600), np.r_[np.arange(400, 600), np.arange(600, 1000)])
        frames = []
        for k, who in enumerate(ids):
            old = (rng.random(600) < (0.3, 0.6)[k]).astype(int)
            sex = (rng.random(600) < (0.4, 0.25)[k]).astype(int)
            y = 0.6 * old + 0.2 * sex + u[who] + rng.normal(0, 1, 600)
            frames.append(pd.DataFrame({"y": y, "old": old, "sex": sex}, index=who))
        one = Design(np.ones(600), np.zeros(600, int), np.arange(600), np.full(600, 600))
        both = two_waves(one, one, (pd.Index(ids[0]), pd.Index(ids[1])))
        margins = [tuple(f[name].to_numpy() for f in frames) for name in ("old", "sex")]
        means = [mean_of(one, f["y"].to_numpy()) for f in frames]
        found = decompose(both, reweight(both, margins), *means, frames[1]["y"].to_numpy())
        for kept, part, truth in (
            (rest, found.rest, 0.0),
            (composition, found.composition, moved),
            (total, change(both, *means), moved),
        ):
            low, high = part.limits(0.95)
            kept.append(low <= truth <= high)
    shares = [float(np.mean(kept)) for kept in (rest, composition, total)]
    print("covered (rest, composition, change):", shares)
    assert all(abs(share - 0.95) < 0.02 for share in shares)
