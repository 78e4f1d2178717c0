"""The register of hypotheses: complete, checked on loading, judged by its rule, run on waves."""

from __future__ import annotations

import html
import json
import math
import re
import shutil
from collections.abc import Callable
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
import yaml
from statsmodels.stats.multitest import multipletests
from statsmodels.stats.power import NormalIndPower

import mobiliteit as mb
from answer_builders import answer, estimate
from builders import SmallWave, failure
from mobiliteit.asking.conventions import negligible
from mobiliteit.asking.question import Question
from mobiliteit.errors import AnalysisError, StudyError
from mobiliteit.hypotheses import Hypotheses, load_hypotheses, run_hypotheses
from mobiliteit.hypotheses.judging import detectable, in_small_effects, judge
from mobiliteit.hypotheses.result import COLUMNS, VERDICTS
from mobiliteit.hypotheses.schema import FILE, Entry, Register
from mobiliteit.render.hypotheses import NAME
from mobiliteit.results import TIDY_COLUMNS
from mobiliteit.study import STUDY_DIR, Study
from mobiliteit.wave import Wave
from test_cli import run

ROOT = Path(__file__).parents[1]

# Figure 2.1, page 10, lines 245 and 275-282 of the extracted text: four boxes, and above it (lines
# 241-244) that both kinds of factors work on behaviour and on steps. The chains are those
# that section 3.2.4 says it tests (lines 1293-1306 and 1417-1421).
ARROWS_2_1 = (
    "individuele factoren -> loopbaangedrag",
    "omgevingsfactoren -> loopbaangedrag",
    "loopbaangedrag -> succesvolle loopbaanstappen",
    "individuele factoren -> succesvolle loopbaanstappen",
    "omgevingsfactoren -> succesvolle loopbaanstappen",
    "individuele factoren -> loopbaangedrag -> succesvolle loopbaanstappen",
    "omgevingsfactoren -> loopbaangedrag -> succesvolle loopbaanstappen",
)
# Figure 2.2, page 22: line of the extracted text to a word of the factor on it. What the
# extraction cut off is completed from the headings of sections 2.2 to 2.3.4.
FACTORS_2_2 = {
    829: "alternatieven",
    830: "stoppen",
    831: "loopbaaninteresse",
    832: "werkinhoud",
    833: "expert",
    835: "vaardigheden",
    837: "effectiviteit",
    839: "zelfsturing",
    840: "fitheid",
    841: "privé",
    843: "moeten",
    845: "employability",
    847: "sociale norm",
    850: "strategisch",
    852: "cultuur",
    855: "loopbaaninstrumenten",
    857: "werkgelegenheid",
    858: "marktwerking",
    860: "Bijstand",
    861: "persoonlijke flexibiliteit",
    862: "corporate sense",
    863: "elders of binnen",
    864: "verticaal",
    865: "sector",
}
# The last section of the digest: each statement, in its order, to the entries that hold it.
DIGEST = {
    "TNO-2007": (
        ("more functions or organisations", "w_ervaring_flexibel", "w_ervaring_alternatieven"),
        ("willers and moeters", "w_willers", "w_moeters"),
        ("migrants", "w_migranten"),
        ("older workers", "w_ouderen"),
        ("lower educated", "w_lager_opgeleiden"),
        ("no guidance needed", "w_netwerkers_zelf", "w_flexibelen_zelf"),
        ("others gain more", "w_begeleiding_helpt_anderen"),
        ("no regular steps required", "w_zonder_stappen"),
        ("inequality", "w_ongelijkheid"),
        ("temporary workers and training", "w_tijdelijk_opleiding"),
    ),
    "COMBI": (
        ("skills", "c_vaardigheden"),
        ("network", "c_netwerk"),
        ("variety", "c_variatie"),
        ("satisfaction", "c_tevredenheid"),
        ("demands x resources", "c_belasting"),
        ("guidance", "c_begeleiding"),
    ),
    "KRACHT": (
        *(
            (factor, f"k_{factor}_regie", f"k_{factor}_stap")
            for factor in ("weten", "willen", "kunnen", "durven", "mogen")
        ),
        ("threat messages", "k_dreiging"),
        ("barriers", "k_belemmeringen"),
        ("explicit policy", "k_impliciet_beleid"),
        ("leadership", "k_leiderschap"),
        ("dialogue", "k_dialoog"),
        ("learning culture", "k_leercultuur"),
    ),
    "BBM": (
        ("self-insight", "b_zelfinzicht"),
        ("profile, confidence, move", "b_profiel"),
        ("networking", "b_netwerken"),
        ("beliefs about age", "b_leeftijdsovertuiging"),
        ("tenure", "b_diensttijd"),
        ("few earlier moves", "b_weinig_stappen"),
        ("income loss", "b_inkomensverlies"),
        ("eight posten", "b_acht_posten"),
        ("guidance", "b_begeleiding"),
        ("onboarding", "b_onboarding"),
        ("manager", "b_leidinggevende"),
        ("smaller employers", "b_kleine_werkgever_tijd", "b_kleine_werkgever_stap"),
        ("temporary contracts", "b_tijdelijk"),
    ),
}
# Sections of chapter 2 and of 3.2 that state relations.
SECTIONS = {
    "literature": {
        *("2.1", "2.2.1", "2.2.2", "2.2.3", "2.2.4", "2.3.1", "2.3.2", "2.3.3", "2.3.4"),
    },
    "finding": {"3.2.1", "3.2.2", "3.2.3", "3.2.4", "3.2.5"},
}


# ---- the register


@pytest.fixture(scope="module")
def register(study: Study) -> Register:
    return load_hypotheses(study)


def test_every_arrow_and_factor_of_the_figures_has_an_entry(register: Register) -> None:
    sources = [h.entry.source for h in register.hypotheses]
    parts = {
        number: [s.part.nl for s in sources if s.figure == number] for number in ("2.1", "2.2")
    }
    assert sorted(parts["2.1"]) == sorted(ARROWS_2_1)
    for line, word in FACTORS_2_2.items():
        assert sum(word in part for part in parts["2.2"]) == 1, (line, word)
    assert len(parts["2.2"]) == len(FACTORS_2_2)


def test_every_hypothesis_of_the_digest_has_an_entry(register: Register) -> None:
    for document, statements in DIGEST.items():
        for what, *ids in statements:
            for name in ids:
                assert register[name].entry.source.document == document, (what, name)


def test_every_section_that_states_relations_has_entries(register: Register) -> None:
    entries = [h.entry for h in register.hypotheses]
    for basis, sections in SECTIONS.items():
        assert {e.source.section for e in entries if e.basis == basis} == sections


def test_every_regression_of_the_report_is_asked_with_its_other_predictors(
    study: Study, register: Register
) -> None:
    """Table 3.7: what is held constant is all the other behaviour of the table."""
    rows = set(study.tables.tables["3.7"].rows)  # type: ignore[union-attr]
    asked = [h.question for h in register.hypotheses if h.entry.id[:2] == "g_"]
    assert len(asked) == 14
    for question in asked:
        assert question is not None
        assert {*question.predictors, *question.controls} == rows, question.text


def test_statements_are_whole_sentences_in_both_languages(register: Register) -> None:
    for hypothesis in register.hypotheses:
        entry = hypothesis.entry
        for text in (entry.nl, entry.en):
            assert re.fullmatch(r"[A-Z].*[.)]", text), entry.id
        assert entry.nl != entry.en
        assert bool(hypothesis.needs) or entry.lacks or entry.claims
        assert "veroorza" not in entry.nl and " cause" not in entry.en, entry.id
    for name, lacking in register.lacking.items():
        assert re.fullmatch(r"[A-Z].*[.?)]", lacking.ask.nl), name
        assert re.fullmatch(r"[A-Z].*[.?)]", lacking.ask.en), name


# ---- a register that does not fit


@cache
def contents() -> str:
    """The register as JSON, which is YAML too, and a hundred times quicker to write."""
    text = (STUDY_DIR / FILE).read_text(encoding="utf-8")
    return json.dumps(yaml.load(text, Loader=yaml.CSafeLoader))


def damaged(study: Study, folder: Path, change: Callable[[dict[str, Any]], None]) -> Study:
    """The study with its register changed, and without claims."""
    content = json.loads(contents())
    change(content)
    (folder / FILE).write_text(json.dumps(content), encoding="utf-8")
    (folder / "published").mkdir()
    (folder / "published" / "claims.yaml").write_text("claims: []\n", encoding="utf-8")
    return replace(study, path=folder)


def entry_of(content: dict[str, Any], name: str) -> dict[str, Any]:
    return next(entry for entry in content["hypotheses"] if entry["id"] == name)


def test_all_wrong_names_are_said_together(study: Study, tmp_path: Path) -> None:
    def change(content: dict[str, Any]) -> None:
        entry_of(content, "v_netwerken")["highest"] = "vertrekkers"
        entry_of(content, "v_orienteren")["direction"] = "positive"
        entry_of(content, "v_orienteren").pop("lowest")
        entry_of(content, "m_gedrag_stap")["question"] = "netwerkn -> loopbaanstap_succes"
        entry_of(content, "m_omgeving_stap")["direction"] = "differs"
        entry_of(content, "b_onboarding")["lacks"] = ["onbording"]
        entry_of(content, "b_tijdelijk")["needs"] = ["overwogn"]
        entry_of(content, "c_netwerk")["source"]["document"] = "KOMBI"
        content["lacking"]["weten"]["scale"] = "eens_6"
        content["lacking"]["netwerken"] = content["lacking"]["durven"]
        content["hypotheses"].append(dict(entry_of(content, "w_willers")))

    study = damaged(study, tmp_path, change)
    error = failure(lambda: load_hypotheses(study), StudyError)
    expected = (
        *("'vertrekkers'", "v_orienteren: a difference between groups cannot be positive"),
        *("m_gedrag_stap", "m_omgeving_stap", "asks of no groups", "'onbording'", "'overwogn'"),
        *("'KOMBI'", "'eens_6'", "'w_willers' occurs 2 times", "no hypothesis lacks 'onboarding'"),
        *("'netwerken' is asked", "'i_sterker_dan_omgeving' does not exist", "overwogen"),
    )
    for text in expected:
        assert text in str(error), text
    # netwerken and onboarding are lacked by nobody now
    assert len(error.problems) == 13


@pytest.mark.parametrize(
    ("name", "change"),
    [
        ("w_willers", {"lacks": ["weten"]}),
        ("w_willers", {"question": None}),
        ("w_willers", {"needs": ["stap"]}),
        ("w_willers", {"highest": "mobielen"}),
        ("w_willers", {"direction": "upwards"}),
        ("m_gedrag_stap", {"source": {"document": "TNO-2006", "figure": "2.1"}}),
        ("w_willers", {"sample": "mobielen"}),
    ],
)
def test_an_entry_that_contradicts_itself_is_refused(
    study: Study, tmp_path: Path, name: str, change: dict[str, Any]
) -> None:
    study = damaged(study, tmp_path, lambda content: entry_of(content, name).update(change))
    error = failure(lambda: load_hypotheses(study), StudyError)
    assert FILE in str(error)


# ---- the rule


def entry(direction: str, **rest: Any) -> Entry:
    given = {"id": "a", "basis": "model", "nl": "A.", "en": "A.", "question": "x -> y"}
    source = {"document": "TNO-2006"}
    return Entry.model_validate(given | {"source": source, "direction": direction} | rest)


def beta(value: float, width: float, p: float, verdict: str) -> Any:
    question = Question("effect", "y", predictors=("x",))
    main = estimate("x", "beta", value, value - width, value + width, p=p)
    return answer(question, main, p=p, verdict=verdict)


CLEAR, DOWN = beta(0.3, 0.06, 1e-8, "clear"), beta(-0.3, 0.06, 1e-8, "clear")
NOTHING, VAGUE = beta(0.01, 0.06, 0.8, "none"), beta(0.05, 0.09, 0.3, "unclear")
LOST = beta(0.12, 0.09, 0.01, "clear")
WITHHELD = answer(Question("effect", "y", predictors=("x",)), verdict="withheld")


@pytest.mark.parametrize(
    ("direction", "found", "p_holm", "verdict", "why"),
    [
        ("positive", CLEAR, 1e-6, "supported", ""),
        ("negative", DOWN, 1e-6, "supported", ""),
        ("positive", DOWN, 1e-6, "contradicted", "reversed"),
        ("negative", CLEAR, 1e-6, "contradicted", "reversed"),
        ("any", DOWN, 1e-6, "supported", ""),
        ("none", CLEAR, 1e-6, "contradicted", "effect"),
        ("none", NOTHING, 1.0, "supported", ""),
        ("none", VAGUE, 1.0, "cannot_tell", "unclear"),
        ("positive", NOTHING, 1.0, "none", ""),
        ("any", NOTHING, 1.0, "none", ""),
        ("positive", VAGUE, 1.0, "cannot_tell", "unclear"),
        ("positive", LOST, 0.4, "cannot_tell", "corrected_away"),
        ("none", LOST, 0.4, "cannot_tell", "corrected_away"),
        ("positive", WITHHELD, math.nan, "cannot_tell", "withheld"),
        ("none", WITHHELD, math.nan, "cannot_tell", "withheld"),
        ("positive", CLEAR, math.nan, "cannot_tell", "corrected_away"),
    ],
)
def test_a_verdict_takes_significance_after_correction_and_the_direction(
    direction: str, found: Any, p_holm: float, verdict: str, why: str
) -> None:
    judgement = judge(entry(direction), found, p_holm)
    assert (judgement.verdict, judgement.why) == (verdict, why)


def test_an_odds_ratio_below_one_is_negative() -> None:
    question = Question("effect", "y", predictors=("x",))
    found = answer(question, estimate("x", "odds_ratio", 0.5, 0.4, 0.62, p=1e-8), p=1e-8)
    assert judge(entry("negative"), found, 1e-6).verdict == "supported"
    assert judge(entry("positive"), found, 1e-6).verdict == "contradicted"


def groups(**pairs: tuple[float, float, float]) -> Any:
    main = estimate("y", "omega2", 0.05, 0.02, 0.08, p=1e-8)
    others = [
        estimate(name.replace("_", ":"), "d", *numbers, p=0.01) for name, numbers in pairs.items()
    ]
    return answer(Question("difference", "y", by="g"), main, *others, p=1e-8)


UP, LITTLE, SLIGHTLY_DOWN = (0.4, 0.2, 0.6), (0.1, -0.1, 0.3), (-0.1, -0.3, 0.1)
FAR_DOWN = (-0.4, -0.6, -0.2)


@pytest.mark.parametrize(
    ("wanted", "pairs", "verdict"),
    [
        ({"highest": "a"}, {"a_b": UP, "a_c": LITTLE, "b_c": FAR_DOWN}, "supported"),
        ({"highest": "a"}, {"a_b": LITTLE, "a_c": LITTLE, "b_c": UP}, "cannot_tell"),
        ({"highest": "a"}, {"a_b": UP, "a_c": SLIGHTLY_DOWN, "b_c": FAR_DOWN}, "cannot_tell"),
        ({"highest": "a"}, {"a_b": UP, "a_c": FAR_DOWN, "b_c": FAR_DOWN}, "contradicted"),
        ({"highest": "b"}, {"a_b": FAR_DOWN, "a_c": UP, "b_c": LITTLE}, "supported"),
        ({"lowest": "c"}, {"a_b": FAR_DOWN, "a_c": UP, "b_c": UP}, "supported"),
        ({"lowest": "a"}, {"a_b": FAR_DOWN, "a_c": LITTLE, "b_c": UP}, "cannot_tell"),
        ({"highest": "a", "lowest": "c"}, {"a_b": UP, "a_c": UP, "b_c": LITTLE}, "supported"),
        ({"highest": "a", "lowest": "c"}, {"a_b": UP, "a_c": UP, "b_c": FAR_DOWN}, "contradicted"),
        ({"highest": "d"}, {"a_b": UP}, "cannot_tell"),
        ({}, {"a_b": UP}, "supported"),
    ],
)
def test_an_expected_order_is_read_from_the_pairs(
    wanted: dict[str, str], pairs: dict[str, Any], verdict: str
) -> None:
    expected = entry("differs", question="y between g", **wanted)
    assert judge(expected, groups(**pairs), 1e-6).verdict == verdict
    assert judge(expected, groups(**pairs), 0.2).verdict == "cannot_tell"


SMALL_RATIO = 1 + negligible("odds_ratio")


@pytest.mark.parametrize(
    ("measure", "value", "units"),
    [
        ("beta", 0.1, 1.0),
        ("beta", -0.3, -3.0),
        ("d", 0.5, 2.5),
        ("odds_ratio", SMALL_RATIO, 1.0),
        ("odds_ratio", 1 / SMALL_RATIO, -1.0),
        ("odds_ratio", SMALL_RATIO**2, 2.0),
        ("omega2", 0.01, 1.0),
        ("omega2", 0.04, 2.0),
        ("omega2", -0.01, 0.0),
        ("indirect", -0.09, -3.0),
    ],
)
def test_effects_in_small_ones(measure: str, value: float, units: float) -> None:
    assert in_small_effects(measure, value) == pytest.approx(units)


def test_points_in_small_effects_depend_on_the_share_they_start_from() -> None:
    # 2 arcsin of the roots of .80, .50 and .20 are 2.214, 1.571 and 0.927 (Cohen, 1988, page 183)
    assert in_small_effects("points", 0.3, base=0.5) == pytest.approx(0.6435 / 0.2, abs=1e-3)
    assert in_small_effects("points", -0.3, base=0.5) == pytest.approx(-0.6435 / 0.2, abs=1e-3)
    # a standard deviation of 0.3, of which a tenth is Cohen's small correlation
    assert in_small_effects("points", -0.06, per_sd=True, base=0.1) == pytest.approx(-2.0)


def test_the_detectable_effect_has_the_power_it_claims() -> None:
    """A difference of two means with known spread: statsmodels gives the power of that z-test."""
    n, z = 100, 1.959963984540054
    half = z * math.sqrt(2 / n)
    least = detectable(estimate("x", "d", 0.3, 0.3 - half, 0.3 + half), 0.95)
    power = NormalIndPower().power(least, nobs1=n, alpha=0.05, alternative="two-sided")
    assert power == pytest.approx(0.8, abs=1e-4)
    ratio = detectable(estimate("x", "odds_ratio", 2.0, 1.0, 4.0), 0.95)
    se = math.log(4) / (2 * z)
    assert ratio == pytest.approx(math.exp((z + 0.8416212335729143) * se))
    assert math.isnan(detectable(estimate("x", "omega2", 0.1, 0.0, 0.2), 0.95))


# ---- on the waves


# A handful of each kind, since the whole register takes a dozen seconds; test_the_whole_register
# runs it all. The two mediations share a question.
HANDFUL = (
    *("m_gedrag_stap", "m_individueel_via_gedrag", "f_effectiviteit", "f_alternatieven"),
    *(
        "l_blijven_hangen",
        "l_leeftijd_stap",
        "l_grenzeloos_netwerk",
        "l_individu_boven_organisatie",
    ),
    *("v_tevredenheid", "v_sollicitaties", "v_coach_intern", "v_coach_extern_nut", "v_inkomen"),
    *("v_werkgelegenheid_toen", "g_tevreden_sollicitaties", "g_stap_netwerken"),
    *("g_tevreden_netwerken", "i_effectiviteit_geen_spil", "w_zonder_stappen", "c_netwerk"),
    *("k_dreiging", "b_profiel"),
)


def keep(content: dict[str, Any]) -> None:
    """Leave out of the register what is not in `HANDFUL`."""
    content["hypotheses"] = [entry_of(content, name) for name in HANDFUL]
    lacking = {name for entry in content["hypotheses"] for name in entry.get("lacks", ())}
    content["lacking"] = {name: content["lacking"][name] for name in sorted(lacking)}


@pytest.fixture(scope="module")
def handful(tmp_path_factory: pytest.TempPathFactory, study: Study) -> Study:
    folder = tmp_path_factory.mktemp("handful") / "study"
    shutil.copytree(STUDY_DIR, folder)
    content = json.loads(contents())
    keep(content)
    (folder / FILE).write_text(json.dumps(content), encoding="utf-8")
    return replace(study, path=folder)


@pytest.fixture(scope="module")
def first(bundled: Wave, handful: Study) -> Hypotheses:
    return run_hypotheses(replace(bundled, study=handful))


@pytest.fixture(scope="module")
def later(practice: Wave, handful: Study) -> Hypotheses:
    return run_hypotheses(replace(practice, study=handful))


@pytest.mark.slow
def test_the_whole_register(study: Study, bundled: Wave, practice: Wave) -> None:
    """Every question gets an answer; nothing of the register is left without a verdict."""
    for wave, not_asked in ((bundled, 0), (practice, 2)):
        result = run_hypotheses(replace(wave, study=study))
        counts = result.summary()
        assert len(result.judged) == len(result.register.hypotheses) >= 250
        assert counts["not_asked"].sum() == not_asked
        assert result.m >= 175


def test_the_family_is_every_different_question_once(first: Hypotheses) -> None:
    frame = first.frame
    assert tuple(frame) == COLUMNS
    tests = frame[frame["p"].notna()].drop_duplicates("question")
    assert len(tests) == first.m
    for column, method in (("p_holm", "holm"), ("p_bh", "fdr_bh")):
        np.testing.assert_allclose(tests[column], multipletests(tests["p"], method=method)[1])
    shared = frame[frame["question"].isin(tests["question"])].groupby("question")["p_holm"]
    assert (shared.nunique() <= 1).all()


def test_every_hypothesis_gets_one_verdict(first: Hypotheses) -> None:
    frame, counts = first.frame, first.summary()
    assert set(frame["verdict"]) <= set(VERDICTS)
    assert counts["hypotheses"].sum() == len(frame) == len(first.register.hypotheses)
    assert (counts[list(VERDICTS)].sum(axis=1) == counts["hypotheses"]).all()
    answered = frame["verdict"].isin(("supported", "contradicted", "none", "cannot_tell"))
    assert (frame.loc[answered, "question"] != "").all()
    assert frame.loc[~answered, "value"].isna().all()
    assert (frame["verdict"] == "needs_question").equals(frame["lacks"] != "")
    assert not (frame["verdict"] == "not_asked").any()  # 2006 asked all that there is to ask
    tidy = first.tidy()
    assert tuple(tidy) == TIDY_COLUMNS and set(tidy["row"]) == set(frame["id"])


def test_the_python_line_gives_the_same_answer(
    first: Hypotheses, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(ROOT)
    row = first.frame.set_index("id").loc["v_tevredenheid"]
    found = eval(row["python"], {"mb": mb})
    assert found.main is not None
    assert (found.main.value, found.p, found.n) == (row["value"], row["p"], row["n"])


def test_what_a_wave_did_not_ask_is_said_with_its_reason(later: Hypotheses) -> None:
    not_asked = [j for j in later.judged if j.judgement.verdict == "not_asked"]
    ids = {j.hypothesis.entry.id for j in not_asked}
    assert ids == {"v_werkgelegenheid_toen", "v_coach_extern_nut"}
    for judged in not_asked:
        assert judged.reason is not None and "in 2008 niet meer gevraagd" in judged.reason.nl
        assert judged.answer is None


def test_planted_changes_flip_what_they_should(first: Hypotheses, later: Hypotheses) -> None:
    """The sidecar of 2008-demo lists what was planted; these hypotheses speak of it."""
    # applying for jobs went with less satisfaction, and now goes with more
    name = "g_tevreden_sollicitaties"
    assert first[name].judgement.verdict == "supported"
    assert later[name].judgement.verdict == "contradicted"
    # networking no longer goes with a successful step
    for name in ("m_gedrag_stap", "g_stap_netwerken"):
        before, after = first[name].answer, later[name].answer
        assert before is not None and before.main is not None
        assert after is not None and after.main is not None
        assert before.main.low > 0 > after.main.low, name
        assert later[name].judgement.verdict in ("none", "cannot_tell"), name
    # what was not touched keeps its verdict
    for name in ("v_tevredenheid", "v_sollicitaties", "g_tevreden_netwerken", "f_effectiviteit"):
        assert first[name].judgement == later[name].judgement, name
        assert first[name].judgement.verdict == "supported", name


def test_weights_are_left_out_and_the_mark_says_so(practice: Wave, later: Hypotheses) -> None:
    assert practice.weights is not None
    assert "Ongewogen" in later.wave.mark("nl") and later.wave.weights is None


def test_too_few_people_are_judged_about_nothing(small: SmallWave, handful: Study) -> None:
    """32 respondents: what takes ten in each of three groups is withheld."""
    result = run_hypotheses(replace(small.load(), study=handful))
    frame = result.frame
    withheld = frame[frame["why"] == "withheld"]
    assert len(withheld) and withheld[["value", "n", "p", "p_holm"]].isna().all(axis=None)
    assert (withheld["verdict"] == "cannot_tell").all()


# ---- the page


@pytest.fixture(scope="module")
def written(first: Hypotheses, tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    folder = tmp_path_factory.mktemp("page")
    return mb.write_hypotheses(first, folder / "reports", folder / "figures")


def without_pictures(result: Hypotheses, lang: str) -> str:
    return mb.hypotheses_html(result, lang, drawn={NAME: ""})


def test_the_page_shows_every_hypothesis_and_the_mark(
    first: Hypotheses, written: list[Path]
) -> None:
    pages = {"nl": written[0].read_text(encoding="utf-8"), "en": without_pictures(first, "en")}
    for lang, page in pages.items():
        assert html.escape(first.wave.mark(lang)) in page
        for judged in first.judged:
            assert html.escape(getattr(judged.hypothesis.entry, lang)) in page
            assert html.escape(judged.hypothesis.question.text if judged.answer else "") in page
        for lacking in first.register.lacking.values():
            assert html.escape(getattr(lacking.ask, lang)) in page
        assert not re.search(r"(src|href)=\"(?!data:)", page)
        assert "nan" not in re.findall(r"[a-z]+", re.sub(r"base64,[^\"]*", "", page))
        assert "{" not in page.split("</style>")[1]
    assert "geen onafhankelijke toets" in pages["nl"] and "no independent test" in pages["en"]
    assert "geen bewijs" in pages["nl"] and "nor evidence" in pages["en"]


def test_the_counts_on_the_page_are_those_of_the_verdicts(
    first: Hypotheses, written: list[Path]
) -> None:
    page = written[0].read_text(encoding="utf-8")
    counts = first.summary().sum()
    for word, name in (("Gesteund", "supported"), ("Weersproken", "contradicted")):
        assert f"{word}: {counts[name]}." in page and counts[name] > 0
    assert f"De {first.m} toetsen zijn als één familie gecorrigeerd." in page
    assert page.count("<figure>") == len(written[2:]) / 2


def test_the_page_of_another_wave_does_not_call_itself_circular(later: Hypotheses) -> None:
    assert "geen onafhankelijke toets" not in without_pictures(later, "nl")


def test_another_language_is_refused(first: Hypotheses) -> None:
    error = failure(lambda: mb.hypotheses_html(first, "de"), AnalysisError)
    assert "'de'" in str(error)


def test_page_csv_and_figures_are_written(first: Hypotheses, written: list[Path]) -> None:
    assert [path.name for path in written[:2]] == ["hypothesen.html", "hypothesen.csv"]
    frame = pd.read_csv(written[1])
    assert frame["synthetic"].all() and len(frame) == len(first.judged)
    np.testing.assert_allclose(frame["value"], first.frame["value"], rtol=1e-12)
    assert {path.suffix for path in written[2:]} == {".png", ".svg"}


# ---- the command


def test_the_command_prints_counts_and_writes(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], first: Hypotheses
) -> None:
    written = []

    def write(result: Hypotheses, reports: Path, figures: Path, *, lang: str) -> list[Path]:
        written.append((result, lang))
        return [reports / "hypothesen.html"]

    monkeypatch.chdir(ROOT)
    monkeypatch.setattr("mobiliteit.hypotheses.run_hypotheses", lambda wave: first)
    monkeypatch.setattr("mobiliteit.render.hypotheses.write_hypotheses", write)
    assert run(monkeypatch, "hypotheses", "--wave", "2006", "--lang", "en") == 0
    shown = capsys.readouterr().out
    assert written == [(first, "en")]
    assert "NB This wave was drawn" in shown and "contradicted" in shown
    assert f"one family of {first.m} tests" in shown and "hypothesen.html" in shown
    for judged in first.judged:
        named = f"  {judged.hypothesis.entry.id}: " in shown
        assert named == (judged.judgement.verdict == "contradicted")
    assert run(monkeypatch, "hypotheses", "--wave", "1999") == 2
    assert run(monkeypatch, "hypotheses", "--lang", "de") == 2
