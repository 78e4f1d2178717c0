"""People over waves: linked, flagged, described; held against R where there are numbers."""

from __future__ import annotations

import dataclasses
import re
import sys

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from builders import SEGMENTS, copy_study, failure, only, small_wave, source
from mobiliteit import cli
from mobiliteit.errors import AnalysisError, StudyError
from mobiliteit.panel import (
    analyse_panel,
    attrition,
    cross_lagged,
    lagged_regression,
    link_waves,
    load_panel_settings,
    transitions,
    within_change,
    within_models,
)
from mobiliteit.panel.moves import hidden_cells
from mobiliteit.render.figures_panel import draw_moves
from mobiliteit.render.numbers import format_number
from mobiliteit.render.panel import panel_html, write_panel
from mobiliteit.results import TIDY_COLUMNS
from mobiliteit.study import STUDY_DIR, load_study
from mobiliteit.weights import with_design
from panel_builder import GROUPS, panel_of, people, wave_of
from reference.panel_values import panel_data, panel_wide, r_value

LETTERS = dict(zip("abc", GROUPS, strict=True))
# see test_panel_numbers.py
LMER = 2e-6


@pytest.fixture(scope="module")
def made_up(loaded):
    """The made-up panel of tests/reference, as three waves."""
    data = panel_data()
    data["mobiliteitsgroep"] = data["group"].map(LETTERS)
    frames = [
        data[data["wave"] == t].set_index(data.loc[data["wave"] == t, "person"].map("p{}".format))
        for t in (1, 2, 3)
    ]
    return panel_of(loaded, *frames)


@pytest.fixture(scope="module")
def two(made_up):
    return link_waves(made_up.waves[:2])


def heavy(panel):
    """Attrition whose weights are those that the script in R used, 1 + |z|."""
    found = attrition(panel, compare=["x"], model=["z"])
    steps = []
    for step, frame in zip(found.steps, panel.frames, strict=False):
        weight = 1 + frame.loc[step.weight.index, "z"].abs()
        steps.append(dataclasses.replace(step, weight=weight / weight.mean()))
    return dataclasses.replace(found, steps=tuple(steps))


# ---- linking


def test_waves_are_linked_in_the_order_of_their_years(loaded):
    ids = [["a", "b", "c"], ["b", "c", "d"], ["a", "c", "e"]]
    frames = [pd.DataFrame({"y": [1.0, 2, 3]}, index=index) for index in ids]
    waves = [wave_of(loaded, frame, k) for k, frame in enumerate(frames)]
    panel = link_waves(waves[::-1])
    assert panel.ids == ["2031", "2033", "2035"]
    assert list(panel.linked) == ["a", "b", "c"]
    assert panel.presence.loc["d"].tolist() == [False, True, False]
    before, after = panel.pair(0, 2)
    assert list(before.index) == list(after.index) == ["a", "c"]
    long = panel.long(["y"])
    assert list(zip(long["persoon"], long["golf"], long["y"], strict=True)) == [
        ("a", "2031", 1), ("b", "2031", 2), ("c", "2031", 3), ("b", "2033", 1), ("c", "2033", 2),
        ("a", "2035", 1), ("c", "2035", 2),
    ]  # fmt: skip
    wide = panel.wide(["y"])
    assert list(wide.columns) == ["y@2031", "y@2033", "y@2035"]
    assert wide.loc["c"].tolist() == [3, 2, 2]
    assert wide.loc["a"].isna().tolist() == [False, True, False]
    tidy = panel.tidy().set_index(["statistic", "row"])["value"]
    assert tidy["linked", "2031 - 2033"] == 2
    assert tidy["pattern", "2031 + 2035"] == 1
    assert tidy["pattern", "2031 + 2033 + 2035"] == 1


def test_people_who_contradict_themselves_are_flagged_and_kept(loaded):
    first = {"geslacht": [0.0, 1, 0, np.nan, 1], "leeftijd": [30.0, 40, 50, 20, 33]}
    # two years later: one man became a woman, somebody aged five years and somebody one, which is
    # as good as two or three; who did not answer contradicts nothing
    second = {"geslacht": [0.0, 0, 0, 1, 1], "leeftijd": [33.0, 42, 55, 22, 34]}
    panel = panel_of(loaded, people(first), people(second))
    found = panel.inconsistent.set_index("variable")
    assert found["person"].to_dict() == {"geslacht": "p1", "leeftijd": "p2"}
    assert found.loc["leeftijd", ["before", "after"]].tolist() == ["50.0", "55.0"]
    assert len(panel.linked) == 5
    tidy = panel.tidy().query("statistic == 'inconsistent'").set_index("row")["value"]
    assert tidy.to_dict() == {"geslacht": 1, "leeftijd": 1}
    rest = panel.consistent()
    assert list(rest.linked) == ["p0", "p3", "p4"]
    assert all(list(frame.index) == ["p0", "p3", "p4"] for frame in rest.frames)
    assert rest.inconsistent.empty


def test_waves_that_cannot_be_linked(loaded):
    frame = people({"y": np.arange(3.0)})
    first, second = wave_of(loaded, frame, 0), wave_of(loaded, frame, 1)
    assert "no panel" in only(failure(lambda: link_waves([first]), AnalysisError)).what
    assert "both of 2031" in only(failure(lambda: link_waves([first, first]), AnalysisError)).what
    respondent = second.descriptor.respondent.model_copy(update={"salt": "another salt"})
    other = second.descriptor.model_copy(update={"respondent": respondent})
    salted = dataclasses.replace(second, descriptor=other)
    error = failure(lambda: link_waves([first, salted]), AnalysisError)
    assert "different salts" in only(error).what
    real = second.descriptor.model_copy(update={"synthetic": False})
    error = failure(
        lambda: link_waves([first, dataclasses.replace(second, descriptor=real)]), AnalysisError
    )
    assert "different salts" in only(error).what
    strangers = wave_of(loaded, frame.rename(index=str.upper), 1)
    error = failure(lambda: link_waves([first, strangers]), AnalysisError)
    assert "share nobody" in only(error).what
    weighted = dataclasses.replace(first, frame=with_design(first.frame, np.ones(3)))
    error = failure(lambda: link_waves([weighted, salted]), AnalysisError)
    assert len(error.problems) == 2
    assert "unweighted()" in str(error)


# ---- against R


def test_transitions_agree_with_r(two):
    found = transitions(two, heavy(two)).steps[0]
    cells = found.cells.set_index(["from", "to"])
    for i, start in LETTERS.items():
        for j, end in LETTERS.items():
            cell, name = cells.loc[(start, end)], f"{i} {j}"
            assert cell["count"] == r_value("moves", name, "count")
            for ours, theirs in (("low", "low"), ("high", "high"), ("low_all", "low_goodman")):
                assert cell[ours] == r_value("moves", name, theirs)
            assert cell["weighted_share"] == r_value("moves_weighted", name, "share")
            # svyciprop fits by iterations that stop at a deviance of 1e-8
            assert cell["weighted_low"] == r_value("moves_weighted", name, "low", 1e-6)
            assert cell["weighted_high"] == r_value("moves_weighted", name, "high", 1e-6)
            assert cell["hidden"] or not 0 < cell["count"] < 10
    assert found.bowker[0] == r_value("moves", "", "bowker")
    assert found.homogeneity[2] == r_value("moves", "", "stuart_maxwell_p")


def test_weighted_change_agrees_with_r(two):
    row = within_change(two, heavy(two), variables=["y"]).table.iloc[0]
    mean, se = (r_value("change_weighted", "y", name) for name in ("mean", "se"))
    assert row["weighted"] == mean
    reach = stats.t.ppf(0.975, row["n"] - 1)
    assert (row["weighted_high"] - row["weighted"]) / reach == se
    assert row["mean"] == r_value("paired", "y", "mean")


def test_chance_to_stay_agrees_with_r(two):
    step = attrition(two, model=["z", "mobiliteitsgroep"], compare=["x"], trim=(0, 1)).steps[0]
    names = {"z.1": ("z", ""), "group.1b": ("mobiliteitsgroep", GROUPS[1])}
    names["group.1c"] = ("mobiliteitsgroep", GROUPS[2])
    for theirs, ours in names.items():
        # statsmodels stops at a deviance of 1e-12, R's script at 1e-14
        assert step.model.loc[ours, "b"] == r_value("logit", theirs, "b", 1e-7)
        assert step.model.loc[ours, "se"] == r_value("logit", theirs, "se", 1e-7)
    assert step.auc == r_value("logit", "", "auc")
    assert step.effective_n == r_value("logit", "", "effective_n", 1e-7)
    largest = step.weight.max() * r_value("logit", "", "mean_weight").expected
    assert largest == r_value("logit", "", "max_weight", 1e-7)
    assert step.trimmed == 0


def test_cross_lagged_coefficients_are_those_of_a_path_model_in_lavaan(two):
    found = cross_lagged(two, "x", "y")
    assert found.one.n == found.other.n == r_value("lavaan", "", "n")
    for fit, to in ((found.one, "x2"), (found.other, "y2")):
        table = fit.table.set_index("row")
        for name in ("x", "y"):
            # lavaan's optimizer stops some 1e-5 standard errors away
            assert table.loc[name, "b"] == r_value("lavaan", f"{to} {name}1", "b", 1e-5)
            assert table.loc[name, "beta"] == r_value("lavaan", f"{to} {name}1", "beta", 1e-5)
    assert found.residual_correlation == r_value("lavaan", "y2 x2", "residual_r", 1e-5)


def test_models_within_people_agree_with_r(made_up):
    found = within_models(made_up, "y", ["x"], beside=["z"])
    table = found.table.set_index(["model", "row"])
    for model, ours, theirs in (
        ("fixed", "x", "x"),
        ("fixed", "2035", "w3"),
        ("mundlak", "x", "x"),
        ("mundlak", "z", "z"),
        ("mundlak", "gemiddelde van x", "mean_x"),
    ):
        name, rel = ("within", 1e-9) if model == "fixed" else ("mundlak", LMER)
        assert table.loc[(model, ours), "b"] == r_value(name, theirs, "b", rel)
        assert table.loc[(model, ours), "se"] == r_value(name, theirs, "se", rel)
    line = table.loc[("mundlak", "gemiddelde van x")]
    assert found.mundlak.f == pytest.approx((line["b"] / line["se"]) ** 2)
    assert found.mundlak.df == (1, found.people - 1)
    rows = made_up.long(["x", "y"])
    assert found.n + found.n_missing == len(rows)


def test_a_lagged_regression_of_two_waves_has_hc1_errors(two):
    wide = panel_wide()[["y2", "y1", "x1", "z1"]].dropna()
    found = lagged_regression(two, "y", ["x"], beside=["z"])
    assert found.n == found.people == len(wide)
    x = np.column_stack([wide[["y1", "x1", "z1"]], np.ones(len(wide))])
    bread = np.linalg.inv(x.T @ x)
    b = bread @ x.T @ wide["y2"].to_numpy()
    e = wide["y2"].to_numpy() - x @ b
    hc1 = bread @ (x.T * e**2) @ x @ bread * len(wide) / (len(wide) - 4)
    assert found.table["row"].tolist() == ["y", "x", "z"]
    assert found.table["b"].to_numpy() == pytest.approx(b[:3], rel=1e-10)
    assert found.table["se"].to_numpy() == pytest.approx(np.sqrt(np.diag(hc1))[:3], rel=1e-10)
    spread = wide[["y1", "x1", "z1"]].std() / wide["y2"].std()
    assert found.table["beta"].to_numpy() == pytest.approx(b[:3] * spread.to_numpy(), rel=1e-10)


# ---- attrition


def test_a_class_of_which_nobody_stayed_is_set_apart(loaded):
    rng = np.random.default_rng(4)
    n = 300
    group = np.repeat(GROUPS, n // 3)
    z = rng.normal(size=n)
    z[:5] = np.nan
    stays = rng.random(n) < 1 / (1 + np.exp(-np.nan_to_num(z)))
    stays[group == "mobielen"] = False
    first = people({"z": z, "mobiliteitsgroep": group})
    panel = panel_of(loaded, first, first[stays])
    step = attrition(panel, model=["z", "mobiliteitsgroep"], compare=["z"], trim=(0, 0.9)).steps[0]
    assert step.nobody == (("mobiliteitsgroep", "mobielen", n // 3),)
    assert len(step.weight) == step.stayed == stays.sum()
    assert step.weight.mean() == pytest.approx(1)
    assert 0 < step.trimmed <= 0.1 * step.stayed + 1
    assert ("mobiliteitsgroep", "overwegers") in step.model.index
    everybody = step.balance.set_index(["variable", "category"])["everybody"]
    assert everybody["mobiliteitsgroep", "blijvers"] == 0.5
    tidy = attrition(panel, model=["mobiliteitsgroep"], compare=["z"]).tidy()
    assert tidy.query("statistic == 'nobody_stayed'")["value"].tolist() == [n // 3]
    assert (step.balance["after"].abs() < step.balance["before"].abs().max()).all()


def test_weights_bring_back_the_means_of_the_first_wave(two):
    step = attrition(two, model=["z", "mobiliteitsgroep"], compare=["x"], trim=(0, 1)).steps[0]
    before = step.balance.set_index(["variable", "category"])["before"]
    assert before["z", ""] > 0.15
    # a logistic model leaves a little, since it balances the chances rather than the means
    assert step.balance["after"].abs().max() < 0.03
    z = two.frames[0]["z"]
    everybody = (np.average(z[step.weight.index], weights=step.weight) - z.mean()) / z.std(ddof=0)
    assert everybody == pytest.approx(step.balance.iloc[0]["after"])


def test_attrition_without_a_model_says_why(loaded):
    first = people({"z": np.arange(20.0)})
    everybody = attrition(panel_of(loaded, first, first), model=["z"], compare=["z"])
    assert everybody.weights(0) is None
    assert "iedereen bleef" in everybody.steps[0].note
    split = attrition(panel_of(loaded, first, first.iloc[:10]), model=["z"], compare=["z"])
    assert split.weights(0) is None
    assert "volmaakt" in split.steps[0].note
    panel = panel_of(loaded, first, first.iloc[::2])
    failure(lambda: attrition(panel, model=["z"], compare=["z"], trim=(0.9, 0.1)), AnalysisError)
    error = failure(lambda: attrition(panel, model=["nope"], compare=["z"]), AnalysisError)
    assert "nope" in str(error)


def test_who_was_lost_is_compared_on_the_earlier_answers(loaded):
    # stayed: 1 2 3, lost: 2 4 6 4; variances 1 and 8/3, pooled 2
    first = people({"z": np.array([1.0, 2, 3, 2, 4, 6, 4])})
    first["mobiliteitsgroep"] = ["blijvers"] * 3 + ["mobielen"] * 4
    panel = panel_of(loaded, first, first.iloc[:3].assign(z=99.0))
    lost = attrition(panel, compare=["z", "mobiliteitsgroep"], model=["z"]).steps[0].lost
    row = lost.set_index("variable").loc["z"]
    assert (row["stayed"], row["lost"]) == (2, 4)
    # Hedges' 1 - 3 / (4 df - 1) is the exact factor but for three digits
    assert row["effect"] == pytest.approx(-2 / np.sqrt(2) * (1 - 3 / 19), abs=0.003)
    # Welch: the variances of the means are 1/3 and 2/3
    df = 1 / ((1 / 3) ** 2 / 2 + (2 / 3) ** 2 / 3)
    assert row["p"] == pytest.approx(2 * stats.t.sf(2, df))
    groups = lost.set_index("variable").loc["mobiliteitsgroep"]
    assert groups["effect"] == pytest.approx(1)
    assert groups["p"] == pytest.approx(stats.chi2.sf(7, 1))
    # Holm over the two: the smaller p twice, the larger at least that
    assert groups["p_holm"] == pytest.approx(2 * groups["p"])
    assert row["p_holm"] == pytest.approx(max(row["p"], 2 * groups["p"]))


def test_a_missing_answer_is_a_category_and_filled_with_the_mean(loaded):
    rng = np.random.default_rng(5)
    z = rng.normal(3, 1, 200)
    z[:40] = np.nan
    first = people({"z": z})
    panel = panel_of(loaded, first, first[rng.random(200) < 0.6])
    step = attrition(panel, model=["z"], compare=["z"]).steps[0]
    assert list(step.model.index) == [("z", ""), ("z", "onbekend")]
    everybody = step.balance.set_index("category")["everybody"]
    assert everybody[""] == pytest.approx(np.nanmean(z))
    assert everybody["onbekend"] == pytest.approx(0.2)


# ---- models that cannot be computed, and small numbers


def test_too_few_people_give_a_note_and_no_numbers(loaded):
    rng = np.random.default_rng(1)
    values = {name: rng.normal(size=4) for name in ("x", "y", "z")}
    panel = panel_of(loaded, people(values), people(values))
    found = within_models(panel, "y", ["x"], beside=["z"])
    assert found.table.empty
    assert found.note.startswith("niet te berekenen")
    assert found.tidy()["note"].str.startswith("niet te berekenen").any()
    lagged = lagged_regression(panel, "y", ["x"], beside=["z"])
    assert lagged.table.empty
    assert np.isnan(cross_lagged(panel, "x", "y", beside=["z"]).residual_correlation)
    few = panel_of(loaded, *(people({n: rng.normal(size=25) for n in "xyz"}) for _ in range(2)))
    assert "minder dan 10 mensen" in lagged_regression(few, "y", ["x"], beside=["z"]).note


def test_a_variable_that_nobody_answered_twice(loaded):
    rng = np.random.default_rng(2)
    first, second = (people({"x": rng.normal(size=20), "y": np.full(20, np.nan)}) for _ in "ab")
    table = within_change(panel_of(loaded, first, second), variables=["x", "y"]).table
    row = table.set_index("variable").loc["y"]
    assert (row["n"], row["n_missing"]) == (0, 20)
    assert row["few"]
    assert row["note"]
    # the family has one test
    assert table["p_holm"].tolist()[0] == table["p"].tolist()[0]


def test_changes_are_corrected_for_their_number(two):
    table = within_change(two, variables=["x", "y", "z", "flat"]).table
    # z never changes and has no test
    p = table["p"].dropna().sort_values()
    assert len(p) == 3
    assert table.loc[p.index[0], "p_holm"] == pytest.approx(min(1, 3 * p.iloc[0]))
    assert table["p_holm"].notna().sum() == 3


def test_names_given_twice_are_refused(two):
    failure(lambda: within_models(two, "y", ["x", "x"]), AnalysisError)
    failure(lambda: lagged_regression(two, "y", ["x"], beside=["x"]), AnalysisError)
    failure(lambda: lagged_regression(two, "y", ["x"], present=["y"]), AnalysisError)
    failure(lambda: cross_lagged(two, "y", "y"), AnalysisError)


def test_steps_of_three_waves_are_taken_together(made_up):
    found = lagged_regression(made_up, "y", ["x"], attrition=attrition(made_up, model=["z"],
                              compare=["z"]))  # fmt: skip
    pairs = [made_up.pair(0, 1), made_up.pair(1, 2)]
    complete = [
        (before["y"].notna() & before["x"].notna() & after["y"].notna()).sum()
        for before, after in pairs
    ]
    assert found.n == sum(complete)
    assert found.n_missing == sum(len(before) for before, _ in pairs) - found.n
    assert found.people < found.n
    assert found.n_weighted == found.n
    assert set(found.table["weighting"]) == {"ongewogen", "gewogen"}


# ---- the study's file, and everything together


def test_the_settings_of_the_study_fit_the_codebook(study, tmp_path):
    settings = load_panel_settings(study)
    assert settings.lagged
    folder = copy_study(tmp_path / "study")
    text = (STUDY_DIR / "panel.yaml").read_text(encoding="utf-8")
    wrong = text.replace("fixed: [geslacht]", "fixed: [sekse]").replace(
        "years: {leeftijd: 1}", "years: {leeftijd_klasse: 1}"
    )
    (folder / "panel.yaml").write_text(wrong, encoding="utf-8")
    error = failure(lambda: load_panel_settings(load_study(folder)), StudyError)
    assert len(error.problems) == 2
    assert "'sekse', which does not exist" in str(error)
    assert "leeftijd_klasse" in str(error)
    assert "makes groups" in str(error)
    (folder / "panel.yaml").write_text(text + "\nnieuw: 1\n", encoding="utf-8")
    failure(lambda: load_panel_settings(load_study(folder)), StudyError)


@pytest.fixture(scope="module")
def followed(tmp_path_factory):
    """Two waves on disk, in one project, of whom most people are in both."""
    root = tmp_path_factory.mktemp("panel")
    first = small_wave(root, per_segment=20, name="2031", seed=1)
    second = small_wave(root, per_segment=20, name="2033", seed=2)
    for name in ("geslacht", "leeftijd"):
        second.frame[source(name)] = first.frame[source(name)]
    age = second.frame[source("leeftijd")]
    second.frame[source("leeftijd")] = age.where(age > 64, age + 2)
    rng = np.random.default_rng(3)
    stays = rng.random(len(second.frame)) < 0.75
    stays[: len(SEGMENTS)] = True
    second.frame = second.frame[stays].reset_index(drop=True)
    second.sidecar["year"] = 2033
    second.write()
    return first, second


@pytest.fixture(scope="module")
def report(followed):
    return analyse_panel(link_waves([wave.load() for wave in followed]))


def test_everything_together_is_tidy(report):
    tidy = report.tidy()
    assert list(tidy.columns) == list(TIDY_COLUMNS)
    assert (tidy["wave"] != "").all()
    settings = report.panel.settings
    expected = {"panel", "attrition", "transitions", "change"}
    expected |= {f"lagged_{key}" for key in settings.lagged}
    expected |= {f"cross_lagged_{key}" for key in settings.crossed}
    expected |= {f"panel_fixed_{key}" for key in settings.within}
    assert expected <= set(tidy["analysis"])
    key = ["analysis", "wave", "sample", "row", "column", "statistic"]
    assert not tidy.duplicated(key).any()
    counts = tidy.query("analysis == 'transitions' and statistic == 'count'")["value"]
    assert counts.sum() == report.attrition.steps[0].stayed == len(report.panel.linked)


# ---- the page and the command


@pytest.fixture(scope="module")
def dutch(report):
    return panel_html(report)


def test_the_page_needs_nothing_from_outside_and_says_that_it_is_synthetic(report, tmp_path):
    paths = write_panel(report, tmp_path / "reports", tmp_path / "figures")
    text = paths[0].read_text(encoding="utf-8")
    assert [path.name for path in paths[:2]] == ["panel.html", "panel.csv"]
    assert not re.search(r"(?:src|href)=\"(?!data:)", text)
    assert "2031, 2033: Getrokken door de tests." in text
    assert text.count("<figure>") == 4
    assert "Wat de oorzaak is, zeggen ze niet" in text
    assert {path.suffix for path in paths[2:]} == {".png", ".svg"}
    frame = pd.read_csv(paths[1])
    assert frame["synthetic"].all()
    # decimal commas on the page, full precision and points in the file
    step = report.transitions.steps[0]
    share = 100 * step.cells.loc[0, "share"]
    assert format_number(share, 1) in text
    stored = frame.query("analysis == 'transitions' and statistic == 'percent'")["value"].iloc[0]
    assert stored == pytest.approx(share, rel=1e-15)


def test_the_page_in_english_and_no_other_language(report):
    text = panel_html(report, "en")
    for word in ("The same people", "From group to group", "Movers", "Networking"):
        assert word in text
    for word in ("gewogen", "eerder", "onbekend"):
        assert word not in re.sub(r"base64,[^\"]+", "", text)
    failure(lambda: panel_html(report, "fr"), AnalysisError)


def test_cells_of_few_people_are_hidden_with_what_would_tell_them(report, tmp_path):
    counts = np.array([[9, 14, 92], [20, 0, 30], [3, 5, 40]])
    hidden = [[True, True, False], [False] * 3, [True] * 3]
    assert hidden_cells(counts).tolist() == hidden
    step = report.transitions.steps[0]
    step = dataclasses.replace(step, cells=step.cells.assign(hidden=np.ravel(hidden)))
    moves = dataclasses.replace(report.transitions, steps=(step,))
    report = dataclasses.replace(report, transitions=moves)

    page = panel_html(report)
    table = page[: page.index("Bowker")].rsplit("<tbody>", 1)[1]
    rows = [re.findall(r"<td[^>]*>([^<]*)</td>", row) for row in table.split("<tr>")[1:]]
    assert [set(row[3:]) == {"–"} for row in rows] == list(np.ravel(hidden))
    shown = step.cells.loc[~step.cells["hidden"], "count"].astype("str")
    assert [row[3] for row in rows if row[3] != "–"] == shown.tolist()
    paths = write_panel(report, tmp_path / "reports", tmp_path / "figures")
    written = pd.read_csv(paths[1]).query("analysis == 'transitions'")
    for name in ("count", "percent", "ci_low_all", "percent_weighted"):
        values = written.loc[written["statistic"] == name, "value"]
        assert values.isna().tolist() == list(np.ravel(hidden)), name
    drawn = [text.get_text() for text in draw_moves(report).axes[0].texts]
    assert drawn.count("–") == 5 and len(drawn) == 5 + 2 * 4


def test_a_group_of_few_people_hides_the_whole_table(report):
    assert hidden_cells(np.array([[3, 0, 4], [0, 40, 0], [0, 0, 50]])).all()
    assert not hidden_cells(np.array([[30, 0, 40], [0, 40, 0], [0, 0, 0]])).any()
    step = report.transitions.steps[0]
    gone = dataclasses.replace(step, cells=step.cells.assign(hidden=True))
    moves = dataclasses.replace(report.transitions, steps=(gone,))
    shown = draw_moves(dataclasses.replace(report, transitions=moves)).axes[0]
    texts = [*shown.texts, *shown.get_yticklabels()]
    assert not re.search(r"\d", " ".join(text.get_text() for text in texts))


def test_people_who_contradict_themselves_are_counted_on_the_page(report, dutch):
    assert "spreekt zichzelf tegen" in dutch
    panel = report.panel
    wrong = pd.DataFrame(
        {"person": panel.linked[:2], "variable": "geslacht", "first": "2031", "second": "2033",
         "before": "0", "after": "1"}
    )  # fmt: skip
    flagged = dataclasses.replace(panel, inconsistent=wrong)
    text = panel_html(dataclasses.replace(report, panel=flagged))
    assert f"bij 2 van de {len(panel.linked)} gekoppelde mensen" in text


def test_the_command_writes_beside_the_last_wave(followed, monkeypatch, capsys):
    first, second = followed
    arguments = ["panel", second.name, first.name, "--root", str(first.root)]
    assert run(monkeypatch, *arguments) == 0
    shown = capsys.readouterr().out
    stayed = len(second.frame)
    assert f"2031 to 2033: {stayed} of {len(first.frame)} respondents linked" in shown
    assert "Getrokken door de tests." in shown
    assert (first.root / "reports" / "2033" / "panel.html").exists()
    assert (first.root / "figures" / "2033" / "panel_overgangen.png").exists()
    assert run(monkeypatch, "panel", first.name, "--root", str(first.root)) == 2
    assert "no panel" in capsys.readouterr().err
    assert run(monkeypatch, *arguments, "--lang", "fr") == 2


def run(monkeypatch, *arguments: str) -> int:
    monkeypatch.setattr(sys, "argv", ["mobiliteit", *arguments])
    with pytest.raises(SystemExit) as stop:
        cli.main()
    return int(stop.value.code or 0)
