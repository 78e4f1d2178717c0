"""A wave against 2006: numbers, words, page and command, on the two waves that come with it."""

from __future__ import annotations

import math
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from scipy import stats
from typer.testing import CliRunner

from mobiliteit.against import Against, score_against
from mobiliteit.against.rule import Rule, choose, load_rule
from mobiliteit.cli import app
from mobiliteit.design import design_of, group_means
from mobiliteit.errors import AnalysisError, StudyError
from mobiliteit.inference.replication import Replication, replicate
from mobiliteit.project import find_project
from mobiliteit.regress import standardized_regression
from mobiliteit.render.against import against_figures, against_html
from mobiliteit.render.figures_against import forest, side_by_side, strip
from mobiliteit.results import TIDY_COLUMNS
from mobiliteit.study import Study
from mobiliteit.wave import Wave, load_wave

PROJECT = find_project(__file__)
LOST = ["reversed", "gone", "weaker"]


@pytest.fixture(scope="module")
def first() -> Wave:
    return load_wave("2006", root=PROJECT.root)


@pytest.fixture(scope="module")
def demo() -> Wave:
    return load_wave("2008-demo", root=PROJECT.root)


@pytest.fixture(scope="module")
def itself(first: Wave) -> pd.DataFrame:
    return score_against(first).frame


@pytest.fixture(scope="module")
def result(demo: Wave) -> Against:
    return score_against(demo)


def table(frame: pd.DataFrame, form: str) -> pd.DataFrame:
    return frame[(frame["source"] == "table") & (frame["form"] == form)]


# ---- 2006 against itself: every number is the printed one, every error in its range


def test_every_finding_of_the_tables_is_there(itself: pd.DataFrame) -> None:
    found = itself[itself["source"] == "table"]
    # 3.7: 7 predictors x 3; 3.8: 8 + 8 + 9 + 15; 3.9: 6 + 6 + 7 + 13
    assert len(table(itself, "beta")) == 21 + 40 + 32
    assert len(table(itself, "r2")) == 3 + 4 + 4
    # rows of 3.3 to 3.6; six factors by eight columns in 3.10 and 3.11
    assert len(table(itself, "difference")) == 28 + 8 + 7 + 4 + 48
    assert found["id"].is_unique and itself["id"].is_unique
    assert itself["claim"].replace("", pd.NA).nunique() == 213


def test_on_2006_itself_every_number_is_the_printed_one(itself: pd.DataFrame) -> None:
    found = itself[(itself["source"] == "table") & itself["new"].notna()]
    assert len(found) == 199
    assert (found["new"] >= found["old_low"] - 1e-9).all()
    assert (found["new"] <= found["old_high"] + 1e-9).all()
    shares = itself[(itself["form"] == "shares") & itself["old"].notna()]
    assert np.allclose(shares["new"], shares["old"]) and np.allclose(
        shares["se_new"], shares["se_old_low"], rtol=1e-3
    )


def test_on_2006_itself_every_error_lies_in_its_range(itself: pd.DataFrame) -> None:
    known = itself[itself["new"].notna() & itself["old"].notna() & itself["se_new"].notna()]
    known = known[known["form"] != "shares"]
    inside = (known["se_new"] >= known["se_old_low"]) & (known["se_new"] <= known["se_old_high"])
    # The claims' pairs and numbers too; Welch's error may leave a range of pooled ones by a little.
    off = known[~inside]
    assert (off["form"] == "difference").all() and (off["source"] == "claim").all()
    assert len(off) < 0.02 * len(known)
    assert not known["se_old_odd"].any()


def test_on_2006_itself_nothing_is_lost(itself: pd.DataFrame) -> None:
    assert not itself["word"].isin(LOST).any()
    starred = itself[(itself["kind"] == "effect") & (itself["source"] == "table")]
    # two differences from a handful of people in the lowest class: a pair, where 2006 tested three
    assert (starred["word"] != "holds").sum() <= 2


# ---- the demo wave: what was planted


def test_the_planted_changes_of_the_demo_wave(result: Against) -> None:
    found = result.frame.set_index("id")
    assert found.at["3.7 sollicitaties / loopbaantevredenheid", "word"] == "reversed"
    assert found.at["3.7 netwerken / loopbaanstap_succes", "word"] == "gone"
    tables = result.frame[result.frame["source"] == "table"]
    assert tables["word"].isin(LOST).sum() == 2
    # three years older, more movers
    assert found.at["r_leeftijd_gemiddeld", "word"] == "gone"
    assert found.at["g_mobielen 2", "word"] == "gone"


def test_weighted_numbers_are_design_based(result: Against, demo: Wave) -> None:
    found = result.frame.set_index("id")
    fit = standardized_regression(
        demo.frame, "inkomen", ["orienteren", "netwerken", "sollicitaties", "opleiding_huidig",
                                "opleiding_aangrenzend", "opleiding_nieuw",
                                "opleiding_persoonlijk"],
    )  # fmt: skip
    row = fit.coefficients.loc["netwerken"]
    here = found.loc["3.7 netwerken / inkomen"]
    assert (here["new"], here["p"]) == pytest.approx((row["beta"], row["p"]))
    assert here["se_new"] == pytest.approx(row["beta"] / row["t"]) and here["df"] == fit.df[1]
    assert result.frame["weighted"].sum() > 500
    # movers minus stayers, as R's svyglm would have it
    frame = demo.frame[demo.frame["netwerken"].notna()]
    frame = frame[frame["mobiliteitsgroep"].isin(["mobielen", "blijvers"])]
    codes = (frame["mobiliteitsgroep"] == "blijvers").to_numpy().astype("int64")
    means = group_means(design_of(frame), frame["netwerken"].to_numpy(), codes, 2)
    here = found.loc["3.3 netwerken"]
    assert here["new"] == pytest.approx(means.means[0] - means.means[1])
    assert here["p"] == pytest.approx(means.test.p)


def test_unweighted_differences_are_those_of_welch(itself: pd.DataFrame, first: Wave) -> None:
    parts = [
        first.frame.loc[first.frame["mobiliteitsgroep"] == group, "netwerken"].dropna()
        for group in ("mobielen", "blijvers")
    ]
    test = stats.ttest_ind(*parts, equal_var=False)
    here = itself.set_index("id").loc["3.3 netwerken"]
    assert (here["p"], here["df"]) == pytest.approx((test.pvalue, test.df))
    assert here["new"] / here["se_new"] == pytest.approx(test.statistic)


def test_claims_beyond_one_number_say_that_they_leave_the_weights_out(result: Against) -> None:
    judged = result.frame[(result.frame["kind"] == "judged") & result.frame["new"].notna()]
    assert len(judged) > 5 and judged["note"].str.contains("Ongewogen").all()


def test_what_the_wave_did_not_ask_cannot_be_said(result: Against) -> None:
    found = result.frame.set_index("id").loc["3.3 werkgelegenheid_jaar_geleden"]
    assert found["word"] == "cannot_say" and "niet gevraagd" in found["note"]
    assert math.isnan(found["new"]) and found["old"] == pytest.approx(0.29)


def test_the_same_test_is_counted_once(result: Against) -> None:
    frame, tests = result.frame, result.tests
    tested = frame[frame["kind"].isin(["effect", "none"]) & frame["p"].notna()]
    assert tests["tests"] < len(tested)
    same = frame[frame["id"].isin(["3.3 netwerken", "g_netwerken 1"])]
    assert same["p"].nunique() == 1 and same["p_holm"].nunique() == 1
    smallest = tested.loc[tested["p"].idxmin()]
    assert smallest["p_holm"] == pytest.approx(min(1, smallest["p"] * tests["tests"]))
    distinct = pd.DataFrame({"size": tested["new"].abs(), "se": tested["se_new"], "n": tested["n"]})
    assert tests["tests"] == len(distinct.astype("float64").round(10).drop_duplicates())
    assert tests["by_chance"] == pytest.approx(0.05 * tests["tests"])
    assert tests["p_holm"] <= tests["p_bh"] <= tests["significant"]


def test_summary_and_tidy(result: Against) -> None:
    summary = result.summary()
    assert summary.loc["table", "findings"].sum() == 199
    assert summary.loc["claim", "findings"].sum() == 213
    words = summary.drop(columns="findings")
    assert (words.sum(axis=1) == summary["findings"]).all()
    tidy = result.tidy()
    assert list(tidy.columns) == list(TIDY_COLUMNS)
    one = tidy[(tidy["row"] == "3.7 netwerken / inkomen") & (tidy["statistic"] == "new")].iloc[0]
    assert one["note"] == "holds" and one["p"] < 0.05


def test_a_claim_has_the_word_of_its_worst_part(result: Against) -> None:
    claims = result.claims.set_index("claim")
    parts = result.frame[result.frame["claim"] == "b_tevredenheid_negatief"]
    assert set(parts["word"]) >= {"reversed", "holds"}
    assert claims.at["b_tevredenheid_negatief", "word"] == "reversed"
    # a count of respondents, which no wave can confirm, does not decide
    assert claims.at["g_mobielen", "word"] == "gone"


def test_only_2006_has_a_report(demo: Wave) -> None:
    with pytest.raises(AnalysisError, match="no published report"):
        score_against(demo, "2004")


# ---- the rule, clause by clause


def measures(
    old: float, se: tuple[float, float], new: float, se_new: float, half: float = 0.005
) -> Replication:
    return replicate(old, se, new, se_new, 500, old_box=(old - half, old + half))


@pytest.mark.parametrize(
    ("kind", "found", "word", "why"),
    [
        ("effect", measures(0.20, (0.04, 0.06), -0.15, 0.05), "reversed", "other_sign"),
        ("effect", measures(0.20, (0.04, 0.06), -0.05, 0.05), "gone", "telescopes"),
        ("effect", measures(0.20, (0.04, 0.06), 0.06, 0.05), "cannot_say", "no_power"),
        ("effect", measures(0.30, (0.03, 0.04), 0.10, 0.04), "weaker", "smaller"),
        # the largest error makes room for it
        ("effect", measures(0.30, (0.03, 0.15), 0.10, 0.04), "holds", "significant"),
        # larger than in 2006 is no weaker
        ("effect", measures(0.10, (0.03, 0.04), 0.40, 0.04), "holds", "significant"),
        # insignificant, not below what 2006 could see, and yet significantly smaller
        ("effect", measures(0.60, (0.10, 0.12), 0.15, 0.09), "weaker", "smaller"),
        # a finding in groups of unknown size: its own estimate bounds what 2006 could see
        ("effect", measures(0.20, (0.0, 3.0), 0.15, 0.10), "cannot_say", "no_power"),
        ("none", measures(0.03, (0.04, 0.12), 0.01, 0.03), "holds", "equivalent"),
        ("none", measures(0.03, (0.04, 0.05), 0.40, 0.05), "gone", "changed"),
        ("none", measures(0.08, (0.04, 0.12), 0.15, 0.05), "cannot_say", "now_significant"),
        ("none", measures(0.03, (0.04, 0.12), 0.08, 0.06), "cannot_say", "no_power"),
        # significant and yet too small to count
        ("none", measures(0.03, (0.04, 0.12), 0.05, 0.02), "holds", "equivalent"),
        ("level", measures(3.10, (0.01, 0.05), 3.12, 0.03), "holds", "equivalent"),
        ("level", measures(3.10, (0.01, 0.05), 3.60, 0.03), "gone", "changed"),
        ("level", measures(3.10, (0.01, 0.05), 3.15, 0.10), "cannot_say", "no_power"),
    ],
)
def test_the_rule(study: Study, kind: str, found: Replication, word: str, why: str) -> None:
    assert choose(load_rule(study), kind, found, 0.10, 1) == (word, why)


def test_the_rule_turned_round(study: Study) -> None:
    rule = load_rule(study)
    assert (
        choose(rule, "effect", measures(-0.2, (0.04, 0.06), 0.15, 0.05), 0.1, -1)[0] == "reversed"
    )
    assert choose(rule, "effect", measures(-0.2, (0.04, 0.06), -0.15, 0.05), 0.1, -1)[0] == "holds"
    assert choose(rule, "effect", measures(-0.2, (0.04, 0.06), 0.05, 0.05), 0.1, -1)[0] == "gone"


def test_the_settings_of_the_rule_count(study: Study) -> None:
    rule = load_rule(study)
    some = rule.model_copy(update={"prediction": "some"})
    found = measures(0.30, (0.03, 0.15), 0.10, 0.04)
    assert choose(some, "effect", found, 0.1, 1)[0] == "weaker"
    strict = rule.model_copy(update={"telescopes": "all"})
    found = measures(0.20, (0.01, 0.06), -0.05, 0.05)
    assert choose(rule, "effect", found, 0.1, 1)[0] == "gone"
    assert choose(strict, "effect", found, 0.1, 1)[0] != "gone"


def test_a_rule_that_does_not_fit_is_refused(study: Study, tmp_path: Path) -> None:
    text = (study.path / "against.yaml").read_text(encoding="utf-8")
    (tmp_path / "against.yaml").write_text(text.replace("alpha: 0.05", "alpha: 5"))
    with pytest.raises(StudyError, match="alpha"):
        load_rule(replace(study, path=tmp_path))
    whole = load_rule(study).model_dump()
    whole["words"].pop("gone")
    with pytest.raises(ValueError, match="name the words"):
        Rule.model_validate(whole)


# ---- page, figures, command


def test_the_page_says_what_it_must(result: Against) -> None:
    names = ["alles", "strook", *(f"tabel_3_{k}" for k in range(3, 12))]
    drawn = {f"houdt_het_stand_{name}": "<figure></figure>" for name in names}
    for lang, words in (("nl", ("omgekeerd", "0,222")), ("en", ("reversed", "0.222"))):
        text = against_html(result, lang, drawn)
        assert result.wave.mark(lang) in text and words[0] in text
        assert text.index("<figure>") < text.index("<table")
        assert "http" not in text.replace("http-equiv", "")
        for clause in result.rule.text["effect"]:
            assert getattr(clause, lang) in text
    with pytest.raises(AnalysisError, match="'fr'"):
        against_html(result, "fr")


def test_the_figures_hold_all_findings(result: Against) -> None:
    words, mark = result.rule.words, result.wave.mark("nl")
    tiles = strip(result.frame, words, mark, "nl")
    assert len(tiles.axes[0].patches) == len(result.frame)
    one = forest(result.frame, "3.7", words, mark, "nl")
    assert len(one.axes[0].get_yticks()) == 24
    assert any(mark[:30] in text.get_text().replace("\n", " ") for text in one.texts)
    shown = side_by_side(result.frame, words, mark, "en")
    named = [text.get_text() for text in shown.axes[0].texts]
    assert any("3.7" in text and "→" in text for text in named)


@pytest.mark.slow
def test_the_command_writes_page_csv_and_figures(tmp_path: Path, demo: Wave) -> None:
    import shutil

    shutil.copytree(PROJECT.raw("2008-demo"), tmp_path / "data_raw" / "2008-demo")
    run = ["scorecard", "2008-demo", "--against", "2006", "--root", str(tmp_path)]
    done = CliRunner().invoke(app, run)
    assert done.exit_code == 0, done.output
    assert "reversed: 3.7 sollicitaties / loopbaantevredenheid" in done.output
    folder = tmp_path / "reports" / "2008-demo"
    frame = pd.read_csv(folder / "houdt_het_stand.csv")
    assert frame["synthetic"].all() and len(frame) > 500
    assert (folder / "houdt_het_stand.html").is_file()
    figures = {path.name for path in (tmp_path / "figures" / "2008-demo").iterdir()}
    expected = {f"{name}.png" for name in against_figures(score_against(demo))}
    assert expected <= figures
