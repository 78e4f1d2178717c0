"""Beyond the tables: the numbers are those of the functions underneath, for the study's tables."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

import mobiliteit as mb
from mobiliteit.beyond import (
    compare_beyond,
    count_tests,
    mediate_beyond,
    mediation_columns,
    nested_columns,
    regress_beyond,
)
from mobiliteit.errors import AnalysisError
from mobiliteit.results import TIDY_COLUMNS
from mobiliteit.study_schema import RegressionTable
from mobiliteit.tables import DIFFERENCE, compute_table
from mobiliteit.wave import Wave, load_wave


@pytest.fixture(scope="module")
def wave() -> Wave:
    return load_wave("2006")


def regression(number: str, wave: Wave) -> RegressionTable:
    definition = wave.study.tables.tables[number]
    assert isinstance(definition, RegressionTable)
    return definition


def without(wave: Wave, name: str) -> Wave:
    """The wave as if nobody had been asked for a variable."""
    return replace(wave, frame=wave.frame.assign(**{name: np.nan}))


def test_p_values_are_those_of_the_table_and_of_the_functions(wave: Wave) -> None:
    result = compare_beyond(wave, "3.5")
    cells = compute_table(wave, "3.5").tidy()
    published = cells[cells["column"] == DIFFERENCE].set_index("row")["p"]
    tests = result.tests.set_index("row")
    pd.testing.assert_series_equal(tests["p"], published, check_names=False)
    age = mb.welch_anova(wave.frame, "leeftijd", "mobiliteitsgroep")
    assert tests.at["leeftijd", "p_welch"] == age.p
    effect = mb.association(wave.frame, "zorgtaken", "mobiliteitsgroep")
    assert tests.at["zorgtaken", "estimate"] == effect.v_corrected
    assert tests.at["zorgtaken", "high"] == effect.high
    assert tests.at["opleidingsniveau", "outcome"] == "hoger_opgeleid"
    assert np.isnan(tests.at["zorgtaken", "p_welch"])


def test_ordered_answers_are_ranked_and_scale_scores_are_not(wave: Wave) -> None:
    tests = compare_beyond(wave, "3.6").tests.set_index("row")
    movers = wave.sample({"mobiliteitsgroep": ["mobielen"]})
    ranks = mb.compare_ranks(movers, "inkomen", "mobiliteitssegment")
    assert tests.at["inkomen", "p_rank"] == ranks.p
    assert np.isnan(tests.at["loopbaantevredenheid", "p_rank"])


def test_pairs_only_where_the_groups_differ(wave: Wave) -> None:
    result = compare_beyond(wave, "3.4")
    compared = result.tests.set_index("row")["compared"]
    assert set(result.pairs["row"]) == set(compared.index[compared])
    assert not compared["coach_extern_mogelijk"]
    own = mb.shares(wave.frame, "pop", "mobiliteitsgroep").pairs
    pairs = result.pairs[result.pairs["row"] == "pop"]
    assert pairs["p"].tolist() == own["p"].tolist()
    assert (pairs["difference"].to_numpy() == own["difference"].abs().to_numpy()).all()
    differing = result.differing("pop", "mobiliteitsgroep")
    percent = mb.compare_shares(wave.frame, "pop", "mobiliteitsgroep").groups["percent"]
    assert differing
    assert all(percent[higher] > percent[lower] for higher, lower in differing)


def test_exact_where_an_expected_count_is_small(wave: Wave) -> None:
    few = replace(wave, frame=wave.frame.iloc[::12])
    tests = compare_beyond(few, "3.4").tests.set_index("row")
    exact = mb.independence(few.frame, "coach_buiten", "mobiliteitsgroep")
    assert exact.least_expected < 5
    assert tests.at["coach_buiten", "p_exact"] == exact.p_exact
    assert tests.at["coach_buiten", "exact_method"] == exact.exact_method


def test_families_are_counted(wave: Wave) -> None:
    result = compare_beyond(wave, "3.4")
    [family] = mb.correct_table(compute_table(wave, "3.4").tidy())
    assert (result.m, result.n_missing_tests) == (family.m, family.n_missing) == (8, 0)
    assert result.tests["p_holm"].tolist() == family.tests["p_holm"].tolist()
    assert result.tests["p_bh"].tolist() == family.tests["p_bh"].tolist()
    counts = count_tests(wave).counts
    assert counts.at["3.4", "tests"] == 8
    assert counts.at["3.10", "tests"] == 6 * 4
    # 21 coefficients and three explained variances
    assert counts.at["3.7", "tests"] == 24
    assert (counts["p_holm"] <= counts["p_bh"]).all()
    assert (counts["p_bh"] <= counts["p"]).all()


def test_nested_columns_and_the_mediator_follow_from_the_definition(wave: Wave) -> None:
    assert nested_columns(regression("3.7", wave)) == []
    environment = regression("3.8", wave)
    assert nested_columns(environment) == [("model_2", "model_3"), ("model_3", "model_4")]
    assert mediation_columns(environment) == [("model_1", "model_3"), ("model_1", "model_4")]


def test_regressions_as_the_functions_underneath(wave: Wave) -> None:
    result = regress_beyond(wave, "3.9")
    movers = wave.sample({"mobiliteitsgroep": ["mobielen"]})
    model = result.definition.columns["model_3"]
    names = model.predictors or []
    own = mb.infer_regression(movers, model.outcome, names)
    pd.testing.assert_frame_equal(result.models["model_3"].coefficients, own.coefficients)
    table = compute_table(wave, "3.9").cells
    printed = table[(table["column"] == "model_3") & (table["statistic"] == "beta")]
    np.testing.assert_allclose(printed["value"], own.coefficients["beta"])
    found = mb.find_suppressors(movers, model.outcome, names)
    assert list(result.suppressors("model_3")) == found.suppressors
    change = result.changes.iloc[0]
    blocks = {"factors": names[:-1], "mediator": names[-1:]}
    step = mb.block_regression(movers, model.outcome, blocks).steps.loc["mediator"]
    assert change["added"] == ("netwerken",)
    assert (change["r2_change"], change["p"]) == (step["r2_change"], step["p"])


def test_mediation_of_all_factors_at_once(wave: Wave) -> None:
    result = mediate_beyond(wave, "3.9", resamples=999)
    model = result.definition.columns[result.mediator_column]
    movers = wave.sample({"mobiliteitsgroep": ["mobielen"]})
    outcome = result.definition.columns[result.outcome_column].outcome
    own = mb.mediate(movers, outcome, model.outcome, model.predictors or [], resamples=999)
    assert result.mediation is not None
    pd.testing.assert_frame_equal(result.mediation.indirect, own.indirect)
    wider = mediate_beyond(wave, "3.9", "model_4", resamples=999)
    assert wider.mediation is not None
    assert len(wider.mediation.covariates) == 6
    html = mb.show_beyond(result)._repr_html_()
    assert own.caution() in html.replace("&#x27;", "'")
    assert f"n = {own.n}" in html


@pytest.mark.parametrize("lang", ["nl", "en"])
def test_shown_with_the_mark_and_nothing_from_outside(wave: Wave, lang: str) -> None:
    results = [
        compare_beyond(wave, "3.4"),
        regress_beyond(wave, "3.9"),
        mediate_beyond(wave, "3.8", resamples=999),
        count_tests(wave),
    ]
    for result in results:
        html = mb.show_beyond(result, lang)._repr_html_()
        assert wave.mark(lang) in html
        assert "http" not in html
        assert "nan" not in html
        tidy = result.tidy()
        assert list(tidy.columns) == list(TIDY_COLUMNS)
        assert set(tidy["wave"]) == {wave.id}
    html = mb.show_beyond(results[0], lang)._repr_html_()
    assert ("Mobielen\N{NO-BREAK SPACE}&gt;" in html) == (lang == "nl")
    assert ("0,095" in html) == (lang == "nl")


def test_a_variable_that_the_wave_lacks_is_a_gap(wave: Wave) -> None:
    lacking = without(wave, "netwerken")
    groups = compare_beyond(without(wave, "loopbaantevredenheid"), "3.6")
    row = groups.tests.set_index("row").loc["loopbaantevredenheid"]
    assert np.isnan(row["p"]) and row["note"]
    assert (groups.m, groups.n_missing_tests) == (3, 1)
    models = regress_beyond(lacking, "3.9")
    assert set(models.gaps) == {"model_1", "model_3", "model_4"}
    assert set(models.models) == {"model_2"}
    mediation = mediate_beyond(lacking, "3.9")
    assert mediation.mediation is None
    for result in (groups, models, mediation):
        html = mb.show_beyond(result)._repr_html_()
        assert wave.mark() in html
        assert "iet te berekenen" in html or row["note"] in html
        assert result.tidy()["note"].ne("").any()
    gone = replace(wave, frame=wave.frame.drop(columns="pop"))
    tests = compare_beyond(gone, "3.4").tests.set_index("row")
    assert "pop is not in the data" in tests.at["pop", "note"]
    assert "model_2" in regress_beyond(gone, "3.8").gaps


def test_what_is_asked_must_fit(wave: Wave) -> None:
    with pytest.raises(AnalysisError, match=r"'3\.7' is no table of this kind"):
        compare_beyond(wave, "3.7")
    with pytest.raises(AnalysisError, match="no table of this kind"):
        regress_beyond(wave, "3.3")
    with pytest.raises(AnalysisError, match=r"3\.7 argues no such mediation"):
        mediate_beyond(wave, "3.7")
    with pytest.raises(AnalysisError, match="is no such result"):
        mb.show_beyond(wave)
