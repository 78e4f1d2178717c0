"""Questions about moderation against R's lm, and coverage of the interaction."""

from __future__ import annotations

import csv
from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from asking_builder import planted
from builders import failure, only
from mobiliteit.asking.ask import ask
from mobiliteit.asking.pictured import SLOPES
from mobiliteit.errors import AnalysisError
from mobiliteit.inference.moderated import moderated_regression

REFERENCE = Path(__file__).parent / "reference"
SECTORS = {1: "zorg", 2: "welzijn", 4: "andere_sector"}
TERM = "netwerken:effectiviteit"


@cache
def _values() -> dict[tuple[str, str, str], float]:
    with (REFERENCE / "asking_r.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    return {(row["analysis"], row["row"], row["statistic"]): float(row["value"]) for row in rows}


def r(analysis: str, row: str, statistic: str) -> float:
    """One number of asking_r.csv."""
    return _values()[analysis, row, statistic]


@pytest.fixture(scope="module")
def data():
    frame = pd.read_csv(REFERENCE / "data.csv")
    groups = frame["groep"].map({key: str(key) for key in SECTORS})
    return frame.assign(groep=pd.Categorical(groups))


@pytest.fixture(scope="module")
def wave(loaded):
    data = pd.read_csv(REFERENCE / "data.csv")
    names = ("netwerken", "effectiviteit", "leeftijd", "geslacht", "pop")
    return planted(
        loaded,
        len(data),
        loopbaantevredenheid=data["succes"].to_numpy(),
        sector=data["groep"].map(SECTORS).to_numpy(),
        **{name: data[name].to_numpy() for name in names},
    )


def test_one_number_by_another_as_in_r(wave):
    answer = ask("netwerken * effectiviteit -> loopbaantevredenheid | controls: leeftijd", wave)
    main, *slopes = answer.estimates
    assert answer.n == r("numbers", "", "n")
    assert main.measure == "interaction"
    for ours, theirs in (("value", "interaction"), ("low", "low"), ("high", "high"), ("p", "p")):
        assert getattr(main, ours) == pytest.approx(r("numbers", TERM, theirs), rel=1e-9)
    robust = answer.robust[0]
    assert robust.low == pytest.approx(r("numbers", TERM, "low_hc3"), rel=1e-9)
    assert robust.high == pytest.approx(r("numbers", TERM, "high_hc3"), rel=1e-9)
    assert [slope.id for slope in slopes] == [f"effectiviteit={at}" for at in ("-1", "0", "1")]
    for slope in slopes:
        place = slope.id.removeprefix("effectiviteit=")
        assert slope.value == pytest.approx(r("numbers", place, "slope"), rel=1e-9)
        assert slope.low == pytest.approx(r("numbers", place, "low"), rel=1e-9, abs=1e-12)
        assert slope.p == pytest.approx(r("numbers", place, "p"), rel=1e-9)


def test_a_number_by_groups_as_in_r(wave):
    answer = ask("netwerken * sector -> loopbaantevredenheid | controls: leeftijd", wave)
    whole, *rest = answer.estimates
    assert answer.n == r("groups", "", "n")
    assert (whole.measure, whole.value) == ("r2", pytest.approx(r("groups", "", "r2"), rel=1e-8))
    assert answer.p == pytest.approx(r("groups", "", "p"), rel=1e-9)
    assert answer.robust[0].p == pytest.approx(r("groups", "", "p_hc3"), rel=1e-9)
    codes = {name: str(code) for code, name in SECTORS.items()}
    slopes = {codes[e.id.removeprefix("sector=")]: e for e in rest if e.measure == "beta"}
    assert list(slopes) == ["1", "2", "4"]
    for code, slope in slopes.items():
        assert slope.value == pytest.approx(r("groups", code, "slope"), rel=1e-9)
        assert slope.high == pytest.approx(r("groups", code, "high"), rel=1e-9)
    changes = [entry for entry in rest if entry.measure == "interaction"]
    assert [entry.id for entry in changes] == ["sector=welzijn:zorg", "sector=andere_sector:zorg"]
    for entry, pair in zip(changes, ("2:1", "4:1"), strict=True):
        assert entry.value == pytest.approx(r("groups", pair, "interaction"), rel=1e-8)
        assert entry.low == pytest.approx(r("groups", pair, "low"), rel=1e-8)


@pytest.mark.parametrize("reference", ["1", "2", "4"])
def test_any_group_can_be_the_reference(data, reference):
    fit = moderated_regression(
        data, "succes", "netwerken", "groep", ["leeftijd"], reference=reference
    )
    for pair, row in fit.interactions.iterrows():
        assert str(pair).endswith(f":{reference}")
        assert row["value"] == pytest.approx(r("groups", str(pair), "interaction"), rel=1e-8)
    assert fit.f == pytest.approx(r("groups", "", "F"), rel=1e-8)


def test_two_groups_have_one_interaction_the_second_less_the_first(wave):
    answer = ask("netwerken * geslacht -> loopbaantevredenheid", wave)
    main, women, men = answer.estimates
    assert (main.id, main.label.nl) == ("geslacht=1:0", "man tegenover vrouw")
    assert (women.label.nl, men.label.nl) == ("vrouw", "man")
    assert main.value == pytest.approx(men.value - women.value, abs=1e-12)


def test_the_lines_have_the_slopes(wave):
    answer = ask("netwerken * geslacht -> loopbaantevredenheid", wave)
    assert answer.picture is not None
    lines = answer.picture.data["lines"]
    assert tuple(lines.columns) == SLOPES["lines"]
    assert set(lines["level_nl"]) == {"vrouw", "man"}
    used = wave.frame[["netwerken", "geslacht", "loopbaantevredenheid"]].dropna()
    for key, group in used.groupby("geslacht"):
        # without controls the two lines are those of each group by itself
        slope, intercept = np.polyfit(group["netwerken"], group["loopbaantevredenheid"], 1)
        own = lines[lines["level"] == f"{key:g}"]
        assert own["y"].to_numpy() == pytest.approx(intercept + slope * own["x"], rel=1e-9)
        assert (own["low"] < own["y"]).all()
        assert (own["y"] < own["high"]).all()


def test_an_outcome_of_yes_or_no_counts_as_a_number(wave):
    answer = ask("netwerken * geslacht -> pop", wave)
    assert answer.main is not None
    assert answer.main.measure == "interaction"
    assert answer.picture is not None
    assert answer.picture.labels["unit"].nl == "%"
    assert "telt hier als getal" in answer.why.nl


def test_a_moderator_of_one_group_is_one_clear_error(data):
    alone = data.assign(groep=pd.Categorical(["1"] * len(data)))
    error = failure(
        lambda: moderated_regression(alone, "succes", "netwerken", "groep"), AnalysisError
    )
    assert "no categories to compare" in only(error).what


def test_tidy_names_the_product(data):
    fit = moderated_regression(data, "succes", "netwerken", "groep", ["leeftijd"])
    tidy = fit.tidy().set_index(["row", "statistic"])["value"]
    assert tidy["netwerken * groep (2:1)", "interaction"] == fit.interactions.loc["2:1", "value"]
    assert tidy["netwerken (4)", "slope_low_hc3"] == fit.slopes.loc["4", "low_hc3"]
    assert tidy["netwerken * groep", "r2_change"] == fit.r2


@pytest.mark.slow
@pytest.mark.parametrize("moderator", ["number", "groups"])
def test_intervals_of_the_interaction_hold_what_they_promise(moderator):
    """2,000 samples of 250: covered 95% of the time, two simulation errors (1%) either way.

    The truth is in standard deviations of the population: b sd(x) sd(m) / sd(y), or b sd(x) / sd(y)
    between two groups.
    """
    rng = np.random.default_rng(20060217)
    inside, robust = 0, 0
    # the slope of x is 0.3 + 0.2 m; m is normal, or 1 for four in ten
    slopes = 0.3**2 + 0.2**2 if moderator == "number" else 0.6 * 0.3**2 + 0.4 * 0.5**2
    variance = 1 + slopes + 0.2**2 * (1 if moderator == "number" else 0.4 * 0.6)
    truth = 0.2 / np.sqrt(variance)
    for _ in range(2000):
        x = rng.normal(size=250)
        m = rng.normal(size=250) if moderator == "number" else (rng.random(250) < 0.4) * 1.0
        y = 0.3 * x + 0.2 * m + 0.2 * x * m + rng.normal(size=250)
        frame = pd.DataFrame({"x": x, "m": m, "y": y})
        if moderator == "groups":
            frame["m"] = pd.Categorical(np.where(m == 1, "b", "a"))
        row = moderated_regression(frame, "y", "x", "m").interactions.iloc[0]
        inside += row["low"] <= truth <= row["high"]
        robust += row["low_hc3"] <= truth <= row["high_hc3"]
    assert 0.94 < inside / 2000 < 0.96, inside / 2000
    assert 0.94 < robust / 2000 < 0.96, robust / 2000
