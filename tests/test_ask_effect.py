"""Questions about effects: the right model, R's numbers, and what is said beside them."""

from __future__ import annotations

import csv
from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import mobiliteit as mb
from asking_builder import planted
from builders import failure
from mobiliteit.asking.ask import ask
from mobiliteit.asking.cautions import cautions_of
from mobiliteit.asking.data import Asked, prepare
from mobiliteit.asking.effect import METHODS
from mobiliteit.asking.lexicon import load_lexicon
from mobiliteit.asking.pictured import FRAMES
from mobiliteit.asking.question import Question
from mobiliteit.errors import AnalysisError, Problem, QuestionError
from reference.regression_values import r as linear_r

REFERENCE = Path(__file__).parent / "reference"
AS_IN_THE_WAVE = {
    "succes": "loopbaantevredenheid",
    "scholing": "opleiding_huidig",
    "groep": "sector",
}
SECTORS = {1: "zorg", 2: "welzijn", 4: "andere_sector"}


@cache
def _values() -> dict[tuple[str, str, str], float]:
    with (REFERENCE / "asking_r.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    return {(row["analysis"], row["row"], row["statistic"]): float(row["value"]) for row in rows}


def r(analysis: str, row: str, statistic: str) -> float:
    """One number of asking_r.csv."""
    return _values()[analysis, row, statistic]


@pytest.fixture(scope="module")
def wave(loaded):
    """The made-up respondents of the reference values, as if they were a wave."""
    data = pd.read_csv(REFERENCE / "data.csv")
    names = [
        *("netwerken", "effectiviteit", "scholing", "geslacht", "leeftijd", "opleidingsniveau"),
        *("zorgtaken", "pop", "succes"),
    ]
    columns = {AS_IN_THE_WAVE.get(name, name): data[name].to_numpy() for name in names}
    return planted(loaded, len(data), sector=data["groep"].map(SECTORS).to_numpy(), **columns)


# ---- R's numbers


def test_a_number_on_a_number_as_in_r(wave):
    controls = (
        "effectiviteit, opleiding_huidig, geslacht, leeftijd, opleidingsniveau, zorgtaken, pop"
    )
    answer = ask(f"netwerken -> loopbaantevredenheid | controls: {controls}", wave)
    beta, b = answer.estimates
    (robust,) = answer.robust
    assert (beta.id, beta.measure, b.measure, robust.measure) == ("netwerken", "beta", "b", "b")
    assert b.low == pytest.approx(linear_r("coef", "netwerken", "succes", "b_low"), rel=1e-9)
    assert b.high == pytest.approx(linear_r("coef", "netwerken", "succes", "b_high"), rel=1e-9)
    assert robust.p == pytest.approx(linear_r("coef", "netwerken", "succes", "p_hc3"), rel=1e-8)
    # the p of beta goes with its own interval
    assert (beta.p < 0.05) == (not beta.low <= 0 <= beta.high)
    assert answer.p == beta.p
    collinear = next(check for check in answer.checks if check.id == "collinear")
    assert collinear.value == pytest.approx(
        linear_r("coef", "netwerken", "succes", "vif"), rel=1e-9
    )


def test_two_groups_on_a_number_as_in_r(wave):
    answer = ask("geslacht -> loopbaantevredenheid | controls: leeftijd, netwerken", wave)
    d, difference = answer.estimates
    assert (d.id, d.label.nl) == ("geslacht=1:0", "Geslacht: man tegenover vrouw")
    assert answer.n == r("adjusted", "", "n")
    # R's lm: a man minus a woman of the same age with the same network
    assert difference.value == pytest.approx(r("adjusted", "geslacht", "difference"), rel=1e-10)
    assert d.value == pytest.approx(r("adjusted", "geslacht", "d"), rel=1e-10)
    assert d.low < d.value < d.high < 0
    assert answer.picture is not None
    groups = answer.picture.data["groups"].set_index("id")
    for key in ("0", "1"):
        mean = r("adjusted", f"geslacht={key}", "mean")
        assert groups.loc[key, "value"] == pytest.approx(mean, rel=1e-10)


def test_a_number_on_yes_or_no_as_in_r(wave):
    answer = ask("netwerken -> pop | controls: leeftijd, geslacht, sector", wave)
    points, odds = answer.estimates
    assert (points.measure, odds.measure) == ("points", "odds_ratio")
    asked = wave.frame[["pop", "netwerken", "leeftijd", "geslacht", "sector"]].dropna()
    assert points.base == pytest.approx(asked["pop"].mean()) and np.isnan(odds.base)
    assert points.value == pytest.approx(r("logit", "netwerken", "points"), rel=1e-8)
    reach = 1.959963984540054 * r("logit", "netwerken", "points_se")
    assert points.high - points.value == pytest.approx(reach, rel=1e-6)
    assert odds.value == pytest.approx(r("logit", "netwerken", "odds_ratio_sd"), rel=1e-8)
    assert odds.p == pytest.approx(r("logit", "netwerken", "p"), rel=1e-8)
    assert answer.convention.en.startswith("Cohen's r")


def test_several_groups_on_yes_or_no_as_in_r(wave):
    answer = ask("sector -> pop | controls: netwerken, leeftijd, geslacht", wave)
    whole, *rest = answer.estimates
    assert (whole.id, whole.measure) == ("sector", "r2")
    assert answer.p == whole.p == pytest.approx(r("logit", "groep", "wald_p"), rel=1e-7)
    assert answer.verdict == "clear"
    points = {entry.id: entry.value for entry in rest if entry.measure == "points"}
    assert points == {
        "sector=welzijn:zorg": pytest.approx(r("logit", "groep2", "points"), rel=1e-8),
        "sector=andere_sector:zorg": pytest.approx(r("logit", "groep4", "points"), rel=1e-8),
    }
    asked = wave.frame[["pop", "netwerken", "leeftijd", "geslacht", "sector"]].dropna()
    share = asked.loc[asked["sector"] == "zorg", "pop"].mean()
    bases = [entry.base for entry in rest if entry.measure == "points"]
    assert bases == pytest.approx([share, share])


# ---- which model


@pytest.mark.parametrize(
    ("text", "measures", "robust", "picture"),
    [
        ("netwerken -> loopbaantevredenheid", ("beta", "b"), ("b",), "scatter"),
        ("geslacht -> netwerken", ("d", "difference"), ("difference",), "groups"),
        (
            "sector -> netwerken",
            ("r2", "d", "difference", "d", "difference"),
            ("r2", "difference", "difference"),
            "groups",
        ),
        ("netwerken -> opleidingsniveau", ("odds_ratio",), ("beta",), "scatter"),
        ("geslacht -> opleidingsniveau", ("odds_ratio",), ("difference",), "groups"),
        (
            "sector -> opleidingsniveau",
            ("r2", "odds_ratio", "odds_ratio"),
            ("r2", "difference", "difference"),
            "groups",
        ),
        ("netwerken -> geslacht", ("points", "odds_ratio"), ("points",), "scatter"),
        ("zorgtaken -> geslacht", ("points", "odds_ratio"), ("points",), "groups"),
        (
            "netwerken + effectiviteit -> loopbaantevredenheid",
            ("beta", "b", "beta", "b"),
            ("b", "b"),
            "coefficients",
        ),
        ("sector = zorg -> netwerken", ("d", "difference"), ("difference",), "groups"),
    ],
)
def test_the_model_follows_from_the_levels(wave, text, measures, robust, picture):
    answer = ask(text, wave)
    assert tuple(entry.measure for entry in answer.estimates) == measures
    assert tuple(entry.measure for entry in answer.robust) == robust
    assert answer.picture is not None
    assert answer.picture.kind == picture
    for name, frame in answer.picture.data.items():
        assert set(FRAMES[picture][name]) <= set(frame.columns)
        assert len(frame) <= 2000
    outcome = answer.names[answer.question.outcome]
    assert f"‘{outcome.nl}’" in answer.why.nl
    assert f"‘{outcome.en}’" in answer.why.en
    assert answer.checks
    for check in answer.checks:
        assert check.means.nl.endswith(".")
        assert check.means.en.endswith(".")
    tidy = answer.tidy()
    assert set(tidy["n"].dropna()) <= set(range(answer.n + 1))
    assert tidy["wave"].eq(wave.id).all()


def test_robust_estimates_stand_beside_the_same_thing(wave):
    answer = ask("sector + netwerken -> loopbaantevredenheid", wave)
    assert {entry.id for entry in answer.robust} <= {entry.id for entry in answer.estimates}
    ids = [entry.id for entry in answer.estimates]
    assert ids.index("netwerken") > ids.index("sector")


def test_turning_the_categories_turns_the_sign(wave):
    inside = ask("sector = zorg -> netwerken", wave).estimates[0]
    apart = wave.frame.assign(rest=(wave.frame["sector"] != "zorg").astype(float))
    means = apart.dropna(subset=["sector", "netwerken"]).groupby("rest")["netwerken"].mean()
    difference = means[0.0] - means[1.0]
    assert np.sign(inside.value) == np.sign(difference)


def test_an_ordered_outcome_of_which_two_answers_remain_is_yes_or_no(loaded):
    rng = np.random.default_rng(1)
    x = rng.normal(size=200)
    low = rng.random(200) < 1 / (1 + np.exp(-x))
    wave = planted(loaded, 200, netwerken=x, sollicitaties=np.where(low, 1, 2))
    answer = ask("netwerken -> sollicitaties", wave)
    assert answer.main is not None
    assert answer.main.measure == "points"
    assert answer.main.high < 0  # 2 is the higher answer, and lies at low x


def test_a_predictor_that_tells_yes_from_no_has_no_estimate(loaded):
    wave = planted(loaded, 100, netwerken=np.arange(100.0), pop=np.arange(100) // 50)
    answer = ask("netwerken -> pop", wave)
    assert answer.verdict == "withheld"
    assert "separation" in answer.why.en
    assert "(de voorspellers scheiden ja en nee zonder fout (separatie))" in answer.why.nl
    assert answer.estimates == ()


def test_predictors_that_determine_each_other_have_no_estimate(loaded):
    x = np.arange(100.0)
    wave = planted(loaded, 100, netwerken=x, uren=2 * x, loopbaantevredenheid=x % 7)
    answer = ask("netwerken + uren -> loopbaantevredenheid", wave)
    assert answer.verdict == "withheld"
    assert "(enkele voorspellers leggen een andere geheel vast)" in answer.why.nl


def test_what_a_method_says_in_english_alone_is_no_part_of_a_dutch_sentence(wave, monkeypatch):
    def refuse(asked, model):
        raise AnalysisError("It cannot be done.", [Problem("the matrix is odd", "Do not.")])

    monkeypatch.setitem(METHODS, "interval", refuse)
    why = ask("netwerken -> loopbaantevredenheid", wave).why
    assert why.nl == "Met deze antwoorden is dit niet te schatten."
    assert "the matrix is odd" in why.en


# ---- the question, the wave, and the errors


def test_a_question_as_text_and_as_an_object_is_the_same(wave):
    question = Question("effect", "loopbaantevredenheid", ("netwerken",))
    assert ask(question, wave).estimates == mb.ask(question.text, wave).estimates


def test_a_question_object_is_checked_like_a_text(wave):
    twice = Question("effect", "loopbaantevredenheid", ("loopbaantevredenheid",))
    failure(lambda: ask(twice, wave), QuestionError)
    failure(lambda: ask("netwerken -> sector", wave), QuestionError)


def test_what_the_wave_did_not_ask_is_an_error_that_names_it(loaded):
    wave = planted(loaded, 60, netwerken=np.nan, uren=np.nan)
    error = failure(lambda: ask("netwerken -> pop | controls: uren", wave), AnalysisError)
    assert [problem.column for problem in error.problems] == ["netwerken", "uren"]
    dutch = error.say("nl").splitlines()
    assert dutch[0] == "Deze golf kan de vraag niet beantwoorden."
    assert "kolom netwerken: Netwerken: in deze golf heeft niemand" in dutch[1]
    assert dutch[1].endswith("Stel de vraag aan een andere golf, of vraag iets anders.")


def test_a_level_that_is_none_is_an_error(wave):
    failure(lambda: ask("netwerken -> pop", wave, level=95), AnalysisError)


def test_the_level_widens_the_intervals(wave):
    wide, narrow = (
        ask("netwerken -> loopbaantevredenheid", wave, level=level).estimates[0]
        for level in (0.99, 0.8)
    )
    assert wide.low < narrow.low < narrow.high < wide.high


def test_the_same_question_gives_the_same_picture(wave):
    first, second = (ask("netwerken -> loopbaantevredenheid", wave).picture for _ in range(2))
    assert first is not None
    assert second is not None
    pd.testing.assert_frame_equal(first.data["points"], second.data["points"])


# ---- cautions


def test_cautions_that_are_due(wave):
    notes = {note.id: note.text for note in ask("opleidingsniveau -> netwerken", wave).cautions}
    assert {"synthetic", "cross_section", "ordinal"} <= set(notes)
    assert "Opleidingsniveau" in notes["ordinal"].nl
    assert not {"filter", "unweighted", "shared_items"} & set(notes)
    nothing = {note.id for note in ask("leeftijd -> netwerken", wave).cautions}
    assert "ordinal" not in nothing


def test_a_question_asked_of_some_says_of_whom(loaded):
    rng = np.random.default_rng(4)
    wave = planted(loaded, 300, loopbaanstap_succes=rng.normal(2, 0.4, 300))
    note = next(
        n for n in ask("netwerken -> loopbaanstap_succes", wave).cautions if n.id == "filter"
    )
    assert "Succesvolle loopbaanstap" in note.text.nl
    assert "past twelve months" in note.text.en


def test_weights_are_left_out_and_that_is_said(small):
    n = len(small.frame)
    small.frame["weeg"] = np.linspace(0.5, 3.0, n)
    small.sidecar["weights"] = {"column": "weeg"}
    small.sidecar["ignore"] = dict(small.sidecar["ignore"])
    answer = ask("leeftijd -> netwerken", small.write().load())
    assert "unweighted" in {note.id for note in answer.cautions}
    assert "Ongewogen" in answer.mark.nl


def test_many_who_did_not_answer_are_counted_and_told_of(loaded):
    values = np.arange(300) % 5 + 1.0
    values[:90] = np.nan
    wave = planted(loaded, 300, loopbaantevredenheid=values, netwerken=np.arange(300) % 7 / 2)
    answer = ask("netwerken -> loopbaantevredenheid", wave)
    assert [entry.count for entry in answer.left_out] == [90]
    assert "geen antwoord" in answer.left_out[0].why.nl
    assert "left_out" in {note.id for note in answer.cautions}


def test_variables_of_the_same_questions_are_told_of(wave):
    """The rules refuse such a question; the caution stands for studies whose rules do not."""
    question = Question("effect", "dialoog", ("nut_functionering",))
    lexicon = load_lexicon(wave.study)
    asked = Asked(question, prepare(question, wave), wave, lexicon, 0.95)
    answer = ask("leeftijd -> netwerken", wave)
    assert "shared_items" in {note.id for note in cautions_of(asked, answer)}


# ---- checks and pictures


def check_of(answer, name):
    return next(check for check in answer.checks if check.id == name)


def shaped(loaded, y, x):
    """The answer of a wave in which these are the outcome and its one predictor."""
    wave = planted(loaded, len(x), netwerken=x, loopbaantevredenheid=y)
    return ask("netwerken -> loopbaantevredenheid", wave)


def test_a_straight_line_with_equal_spread_is_fine(loaded):
    rng = np.random.default_rng(5)
    x = rng.normal(size=400)
    answer = shaped(loaded, 0.5 * x + rng.normal(size=400), x)
    assert {check.seen for check in answer.checks} == {"fine"}


def test_a_curve_is_seen(loaded):
    rng = np.random.default_rng(5)
    x = rng.normal(size=400)
    answer = shaped(loaded, x + 0.6 * x**2 + rng.normal(size=400), x)
    assert check_of(answer, "linear").seen == "broken"


def test_unequal_spread_that_widens_the_interval_is_seen(loaded):
    rng = np.random.default_rng(5)
    x = rng.normal(size=400)
    check = check_of(shaped(loaded, 0.3 * x + x * rng.normal(size=400), x), "equal_spread")
    assert check.seen == "broken"
    assert "keer zo breed" in check.means.nl
    # spread that differs, but by hardly more than chance or without changing the interval
    mild = check_of(shaped(loaded, 0.3 * x + rng.normal(size=400), x), "equal_spread")
    assert mild.seen == "fine"


def test_one_person_who_decides_is_seen(loaded):
    rng = np.random.default_rng(5)
    x, y = rng.normal(size=60), rng.normal(size=60)
    x[0], y[0] = 8.0, 12.0
    assert check_of(shaped(loaded, y, x), "influence").seen == "broken"


def test_skewed_residuals_matter_among_few_people(loaded):
    rng = np.random.default_rng(5)
    x, y = rng.normal(size=800), rng.exponential(size=800) ** 2
    assert check_of(shaped(loaded, y[:80], x[:80]), "residuals_normal").seen == "watch"
    assert check_of(shaped(loaded, y, x), "residuals_normal").seen == "fine"


def test_the_line_of_a_picture_is_the_slope_that_is_told(wave):
    answer = ask("netwerken -> loopbaantevredenheid | controls: leeftijd, geslacht", wave)
    assert answer.picture is not None
    line = answer.picture.data["line"]
    slope = np.polyfit(line["x"], line["y"], 1)[0]
    assert slope == pytest.approx(answer.estimates[1].value, rel=1e-9)


def test_odds_of_ordered_answers_are_per_standard_deviation(wave):
    text = "netwerken -> opleidingsniveau | controls: leeftijd"
    used = wave.frame[["opleidingsniveau", "netwerken", "leeftijd"]].dropna()
    fit = mb.ordinal_regression(used, "opleidingsniveau", ["netwerken", "leeftijd"])
    told = ask(text, wave).estimates[0]
    assert told.value == pytest.approx(fit.coefficients.loc["netwerken", "odds_ratio_sd"], rel=1e-9)
    assert fit.coefficients.loc["netwerken", "odds_ratio"] != pytest.approx(told.value, rel=1e-3)
