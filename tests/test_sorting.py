"""Other versions of the segment rules: who moves by hand count, what flips, what cannot be said."""

from __future__ import annotations

import dataclasses
import html
import re
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import yaml

from builders import (
    NO_RULE,
    RESPONDENT,
    TWO_RULES,
    SmallWave,
    codes,
    copy_study,
    failure,
    small_wave,
    to_source,
)
from mobiliteit.claims.on_wave import judge_wave
from mobiliteit.claims.schema import load_claims, statement_problems
from mobiliteit.claims.verdicts import ClaimVerdict
from mobiliteit.clean import CleanAnswers, clean
from mobiliteit.errors import AnalysisError, StudyError
from mobiliteit.ingest import read_raw
from mobiliteit.ledger import Ledger
from mobiliteit.project import find_project
from mobiliteit.render.sorting import draw_sorting, sorting_html, write_sorting
from mobiliteit.results import TIDY_COLUMNS
from mobiliteit.sorting import Sorting, compare_sortings
from mobiliteit.sorting.fragile import with_silence
from mobiliteit.sorting.result import NOT_APPLICABLE
from mobiliteit.sorting.schema import FILE, load_versions
from mobiliteit.study import STUDY_DIR, Study, load_study
from mobiliteit.wave import assemble

PER_SEGMENT = 4
SILENT = (0, None, 1, None, 1, None, None, None)  # no step, and no word on having considered one
STRANGER = (None, None, 1, None, 1, None, None, None)  # no answer to the first question


def study_with(
    folder: Path, change: Callable[[dict], None] = lambda v: None, claims: str = "claims: []\n"
) -> Study:
    """The study with its versions changed, and with few claims or none."""
    copy_study(folder)
    content = yaml.safe_load((STUDY_DIR / FILE).read_text(encoding="utf-8"))
    change(content["versions"])
    (folder / FILE).write_text(yaml.safe_dump(content, sort_keys=False), encoding="utf-8")
    (folder / "published").mkdir()
    (folder / "published" / "claims.yaml").write_text(claims, encoding="utf-8")
    study = load_study(folder)
    # The tables of groups and counts, and one of regressions, do for what is tested here.
    few = {number: study.tables.tables[number] for number in ("3.1", "3.3", "3.6", "3.7")}
    return dataclasses.replace(study, tables=study.tables.model_copy(update={"tables": few}))


def keep(*names: str) -> Callable[[dict], None]:
    """Leave out the other versions, where a test needs few of them."""

    def change(versions: dict) -> None:
        for name in set(versions) - set(names):
            del versions[name]

    return change


CLAIMS = """
claims:
  - id: intern
    page: 30
    section: 3.2.2
    nl: Wie intern wisselde, solliciteerde het minst.
    en: Those who moved internally applied least.
    statement:
      form: smallest
      lines: [{table: '3.6', row: sollicitaties}]
      position: functie_instelling
"""


def odd_wave(root: Path, study: Study) -> SmallWave:
    """32 who fit one rule, and: 1 fits none, 2 fit two, 3 are silent, 1 says nothing of a step."""
    wave = small_wave(root, study=study, per_segment=PER_SEGMENT)
    odd = [NO_RULE, *[TWO_RULES] * 2, *[SILENT] * 3, STRANGER]
    drawn = to_source(codes(odd, study, np.random.default_rng(7)), study)
    extra = drawn.assign(**{RESPONDENT: np.arange(6001.0, 6001 + len(odd)), "status": 1.0})
    wave.append(extra.assign(startdatum=wave.frame["startdatum"].iloc[0]))
    return wave.write()


@pytest.fixture(scope="module")
def sorting(tmp_path_factory: pytest.TempPathFactory) -> Sorting:
    folder = tmp_path_factory.mktemp("sorting")
    study = study_with(folder / "study")
    wave = odd_wave(folder, study)
    return compare_sortings(wave.raw(), wave.clean(), study)


def moves(sorting: Sorting, version: str) -> dict[tuple[str, str], int]:
    """Who moved: (from, to) to the number."""
    counts = sorting[version].moves
    return {
        (str(a), str(b)): int(n)
        for a, row in counts.iterrows()
        for b, n in row.items()
        if a != b and n
    }


OUT = "niet_in_te_delen"


@pytest.mark.parametrize(
    ("version", "expected"),
    [
        ("intern_overweger", {("mobielen", "overwegers"): PER_SEGMENT}),
        ("intern_blijver", {("mobielen", "blijvers"): PER_SEGMENT}),
        ("nieuwe_werkgever", {(OUT, "mobielen"): 1}),
        ("branche_gaat_voor", {(OUT, "mobielen"): 2}),
        ("instelling_gaat_voor", {(OUT, "mobielen"): 2}),
        ("zwijgen_is_nee", {(OUT, "blijvers"): 3}),
        ("geen_stap_genoemd", {(OUT, "blijvers"): 4}),
    ],
)
def test_who_moves_under_each_version(sorting, version, expected):
    assert moves(sorting, version) == expected
    assert sorting[version].moved == sum(expected.values())
    assert sorting[version].moves.to_numpy().sum() == 39


def test_the_two_ways_to_decide_a_double_case_lead_to_different_segments(tmp_path):
    study = study_with(tmp_path / "study")
    wave = odd_wave(tmp_path, study)
    double = {f"{number}" for number in (6002, 6003)}
    for name, segment in (
        ("branche_gaat_voor", "doorstroom_branche"),
        ("instelling_gaat_voor", "functie_instelling"),
    ):
        changed = load_versions(study)[name].applied_to(study, name)
        frame = SmallWave(wave.root, wave.name, changed, wave.frame, wave.sidecar).load().frame
        assert set(frame.loc[list(double), "mobiliteitssegment"]) == {segment}


def test_a_window_that_the_questionnaire_lacks_cannot_be_decided(sorting):
    version = sorting["twee_jaar"]
    assert not version.decided
    assert "24 maanden" in version.undecided.nl
    assert "24 months" in version.undecided.en
    assert version.cells.empty
    assert sorting.summary().loc["twee_jaar"].isna().all()


def test_a_question_that_the_wave_did_not_ask_cannot_be_decided(tmp_path):
    study = study_with(tmp_path / "study", keep("nieuwe_werkgever", "zwijgen_is_nee"))
    wave = odd_wave(tmp_path, study)
    raw, answers = wave.raw(), wave.clean()
    absent = raw.descriptor.model_copy(update={"absent": {"zelfde_functie": "te lang"}})
    # Of the raw wave only the sidecar is asked; the answers are those of the file.
    raw = type(raw)(**{**vars(raw), "descriptor": absent})
    found = compare_sortings(raw, answers, study)
    assert "te lang" in found["nieuwe_werkgever"].undecided.nl
    assert found["zwijgen_is_nee"].decided


def test_sizes_add_up_and_say_which_rules(sorting):
    sizes = sorting.sizes
    assert list(sizes.loc["2006"]) == [4, 4, 24, 7]
    assert list(sizes.loc["zwijgen_is_nee"]) == [7, 4, 24, 4]
    assert (sizes.sum(axis=1) == 39).all()
    assert "twee_jaar" not in sizes.index


def test_cells_that_change_are_those_of_the_tables_of_the_other_wave(sorting):
    """Table 3.1 counts segments; with three more stayers only that row and the total change."""
    cells = sorting["zwijgen_is_nee"].cells
    counts = cells[cells["table"] == "3.1"].set_index("row")
    assert dict(counts["text_after"]) == {"niet_overwogen": "7", "totaal": "35"}
    assert dict(counts["text_before"]) == {"niet_overwogen": "4", "totaal": "32"}
    assert not counts["flips"].any()


def test_a_flip_is_a_test_that_comes_out_otherwise(sorting):
    level, legend = 0.05, (0.05, 0.01, 0.001)
    for version in sorting.versions:
        for cell in version.cells.itertuples():
            before, after = cell.p_before, cell.p_after
            tested = np.isfinite([before, after]).all()
            if cell.statistic in ("beta", "r2_percent"):
                other = sum(before < one for one in legend) != sum(after < one for one in legend)
            else:
                other = (before < level) != (after < level)
            assert cell.flips == (tested and other)
        assert len(version.flipped) <= version.tests


def test_nothing_is_changed_in_what_was_given(tmp_path):
    study = study_with(tmp_path / "study", keep("zwijgen_is_nee"))
    wave = odd_wave(tmp_path, study)
    answers = wave.clean()
    before, entries = answers.frame.copy(), list(answers.ledger.entries)
    compare_sortings(wave.raw(), answers, study)
    pd.testing.assert_frame_equal(answers.frame, before)
    assert answers.ledger.entries == entries


def test_silence_is_an_answer_only_where_a_question_was_asked(tmp_path):
    study = study_with(tmp_path / "study")
    answers = odd_wave(tmp_path, study).clean()
    versions = load_versions(study)
    for name, n in (("zwijgen_is_nee", 3), ("geen_stap_genoemd", 4)):
        before, after = answers.frame, with_silence(answers, versions[name], study).frame
        filled = before["overwogen"].isna() & after["overwogen"].notna()
        assert filled.sum() == n
        assert (after.loc[filled, "overwogen"] == 0).all()
        movers = after["stap"] == 1
        assert after.loc[movers, "overwogen"].isna().all()


def test_a_claim_that_a_version_cannot_speak_of_is_not_applicable(tmp_path):
    study = study_with(tmp_path / "study", keep("intern_blijver", "zwijgen_is_nee"), CLAIMS)
    wave = odd_wave(tmp_path, study)
    found = compare_sortings(wave.raw(), wave.clean(), study)
    claims = found["intern_blijver"].claims
    assert list(claims["after"]) == [NOT_APPLICABLE]
    assert found["intern_blijver"].judged == 0
    assert found["zwijgen_is_nee"].judged == 1
    assert found.summary().loc["intern_blijver", "claims_flipped"] == 0


def test_tidy_and_files(sorting, tmp_path):
    tidy = sorting.tidy()
    assert list(tidy.columns) == list(TIDY_COLUMNS)
    moved = tidy[(tidy["statistic"] == "respondents") & (tidy["sample"] == "intern_blijver")]
    assert moved["value"].sum() == 32 + 7
    paths = write_sorting(sorting, tmp_path, tmp_path)
    assert {path.name for path in paths} == {
        "indeling.html", "indeling.csv", "indeling_groepen.png", "indeling_groepen.svg",
    }  # fmt: skip
    text = paths[0].read_text(encoding="utf-8")
    assert sorting.wave.mark() in text
    assert "Niet te beslissen met golf" in text
    assert pd.read_csv(paths[1])["synthetic"].all()


def test_the_page_in_english(sorting):
    figures = {"indeling_groepen": "<figure></figure>"}
    text = sorting_html(sorting, "en", figures)
    text = re.sub(r"<style>.*?</style>", "", text, flags=re.DOTALL)
    assert sorting.wave.mark("en") in text
    assert "Cannot be decided with wave" in text
    assert "the questionnaire does not ask" in text
    for version in sorting.versions:
        assert html.escape(version.version.why_en) in text
        assert html.escape(version.version.why_nl) not in text
    assert not re.search(r"\b(?:golf|niet|een|rapport|Ja|Nee|versie)\b|\d,\d", text)
    assert re.search(r"\b(?:golf|niet|een|rapport|versie)\b", sorting_html(sorting, "nl", figures))
    error = failure(lambda: sorting_html(sorting, "fr"), AnalysisError)
    assert "'fr'" in str(error)


def test_cells_print_in_both_languages(sorting):
    cells = pd.concat([version.cells for version in sorting.versions])
    assert len(cells)
    english = cells["text_before"].replace({"Ja": "Yes", "Nee": "No"})
    units = english.str.contains("jaar")
    assert list(english[~units].str.replace(",", ".")) == list(cells["text_before_en"][~units])
    assert (cells["row_label"] != cells["row_label_en"]).any()


def test_the_figure_is_in_its_language(sorting):
    for lang, words in (("nl", ["Blijvers", "respondenten"]), ("en", ["Stayers", "respondents"])):
        (figure,) = draw_sorting(sorting, lang).values()
        legend = [text.get_text() for text in figure.legends[0].get_texts()]
        assert [legend[0], figure.axes[0].get_xlabel()] == words
        rows = [label.get_text().replace("\n", " ") for label in figure.axes[0].get_yticklabels()]
        version = next(version for version in sorting.versions if version.decided)
        assert getattr(version.version, lang) in rows


# ---- the file


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda v: v["intern_blijver"]["groups"].update(uitstap="blijvers"), "'uitstap'"),
        (lambda v: v["intern_blijver"]["groups"].update(functie_instelling="weg"), "'weg'"),
        (lambda v: v["zwijgen_is_nee"]["missing"].update(overwogen=7), "7 is no answer"),
        (
            lambda v: v["branche_gaat_voor"]["also"]["functie_instelling"].append(
                {"variable": "hobby", "is": [1]}
            ),
            "'hobby'",
        ),
        (
            lambda v: v["nieuwe_werkgever"]["new"].update(
                uitstroom=v["nieuwe_werkgever"]["new"].pop("werkgever_branche")
            ),
            "uitstroom is there already",
        ),
    ],
)
def test_a_version_that_names_what_is_not_there_is_an_error(tmp_path, change, words):
    study = study_with(tmp_path / "study", change)
    error = failure(lambda: load_versions(study), StudyError)
    assert words in str(error)
    assert FILE in str(error)


def test_a_version_that_decides_nothing_is_an_error(tmp_path):
    study = study_with(tmp_path / "study", lambda v: v["intern_blijver"].pop("groups"))
    assert "intern_blijver" in str(failure(lambda: load_versions(study), StudyError))


@pytest.mark.slow
def test_nothing_is_lost_by_analysing_once_what_the_sorting_does_not_touch(tmp_path):
    """The bundled wave, two versions: as when every version is judged from nothing."""
    chosen = ("intern_blijver", "nieuwe_werkgever")
    claims = (STUDY_DIR / "published" / "claims.yaml").read_text(encoding="utf-8")
    study = study_with(tmp_path / "study", keep(*chosen), claims)
    study = dataclasses.replace(study, tables=load_study().tables)
    raw = read_raw(find_project(Path(__file__).parent).raw("2006"), study)
    answers = clean(raw, study)
    found = compare_sortings(raw, answers, study, resamples=199)
    versions = load_versions(study)

    def judged(sorted_by: Study, given: CleanAnswers) -> dict[str, ClaimVerdict]:
        ledger = Ledger(given.ledger.wave, list(given.ledger.entries))
        wave = assemble(raw, dataclasses.replace(given, ledger=ledger), sorted_by)
        fitting = [c for c in load_claims(study) if not list(statement_problems(sorted_by, c))]
        verdicts = judge_wave(wave, resamples=199, claims=fitting).verdicts
        return {entry.claim.id: entry for entry in verdicts}

    first = judged(study, answers)
    assert all(found[name].moved > 0 for name in chosen)
    for name in chosen:
        given = with_silence(answers, versions[name], study)
        plain = judged(versions[name].applied_to(study, name), given)
        expected = {
            (k, one.verdict, plain[k].verdict, plain[k].basis("nl")): plain[k].weakest.p
            for k, one in first.items()
            if k in plain and plain[k].verdict != one.verdict
        }
        flipped = found[name].flipped_claims
        rows = flipped[["id", "before", "after", "basis_nl"]].itertuples(index=False, name=None)
        assert dict(zip(rows, flipped["p"], strict=True)) == pytest.approx(expected, nan_ok=True)
        assert found[name].judged == len(plain)
