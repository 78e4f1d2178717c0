"""Proposing a sidecar: how often a match is right, and how answers translate.

What is right is known: the bundled wave with its own sidecar, as another supplier would write it.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
import pytest
import yaml

from mobiliteit.descriptor import load_descriptor
from mobiliteit.descriptor_schema import PLACEHOLDER
from mobiliteit.proposal import Proposal, propose
from mobiliteit.proposal.answers import translate
from mobiliteit.proposal.columns import describe_columns, find_batteries
from mobiliteit.proposal.matching import ACCEPTED, BY_ANSWERS, Match, match_columns
from mobiliteit.proposal.wording import alike, contradict, plain, plain_label, stem_and_index
from mobiliteit.reading import MissingCodes, RawTable, read_file
from mobiliteit.study import Study
from proposal_builders import (
    FOLDER,
    bundled,
    in_english,
    labelled,
    misspelt,
    numbered,
    renamed,
    without_value_labels,
)

EVERY = 86  # columns of the codebook, all of which the bundled wave has


@dataclass(frozen=True)
class Score:
    """What came of matching: all pairs, those above the threshold, and those that are right."""

    matches: list[Match]
    accepted: int
    right: int
    wrong: tuple[tuple[str, str, float], ...]

    @property
    def recall(self) -> float:
        return self.right / EVERY


@pytest.fixture(scope="module")
def wave() -> tuple[RawTable, dict[str, str]]:
    return bundled()


@pytest.fixture
def rng() -> np.random.Generator:
    return np.random.default_rng(20270101)


def score(table: RawTable, truth: dict[str, str], study: Study) -> Score:
    matches = match_columns(describe_columns(table), study.codebook)
    sure = [match for match in matches if match.confidence >= ACCEPTED]
    right = [match for match in sure if truth.get(match.source) == match.target]
    wrong = tuple((m.source, m.target, m.confidence) for m in sure if m not in right)
    return Score(matches, len(sure), len(right), wrong)


# ---- how often a match is right


def test_labels_alone_or_names_alone_find_every_column(wave, study, rng):
    table, truth = wave
    anonymous, known = numbered(table, truth, rng)
    assert score(without_value_labels(anonymous), known, study).right == EVERY
    named = labelled(renamed(table, truth), lambda label: "")
    shuffled = RawTable(named.frame[list(rng.permutation(named.frame.columns))])
    itself = {target: target for target in truth.values()}
    found = score(shuffled, itself, study)
    assert found.right == EVERY
    assert not found.wrong


def test_english_labels_find_every_column(wave, study, rng):
    table, truth = wave
    found = score(*numbered(in_english(table, truth, study), truth, rng), study)
    assert found.right == EVERY
    assert not found.wrong


@pytest.mark.parametrize(
    ("change", "least"),
    [
        (lambda label: label[:60], 0.9),
        (lambda label: label[:40], 0.70),
        (lambda label: label.rpartition(": ")[2], 0.85),
        (lambda label: label.upper(), 1.0),
        (lambda label: f"Q7_2. {label}", 1.0),
        (lambda label: f"Geef aan in hoeverre u het eens bent - {label}", 0.0),
    ],
    ids=["cut at 60", "cut at 40", "items only", "capitals", "question numbers", "introduction"],
)
def test_what_suppliers_do_to_labels_costs_matches_but_makes_none_wrong(
    change, least, wave, study, rng
):
    table, truth = wave
    found = score(*numbered(labelled(table, change), truth, rng), study)
    assert not found.wrong
    assert found.recall >= least


def test_slips_of_the_pen_cost_some_matches_but_make_none_wrong(wave, study, rng):
    """One letter in twenty: some three per label. Four in five are still found, none is wrong."""
    table, truth = wave
    for _ in range(3):
        anonymous, known = numbered(table, truth, rng)
        values = {
            column: {code: misspelt(text, rng) for code, text in labels.items()}
            for column, labels in anonymous.value_labels.items()
        }
        slips = labelled(anonymous, lambda label: misspelt(label, rng))
        found = score(RawTable(slips.frame, slips.labels, values, slips.missing), known, study)
        assert not found.wrong
        assert found.recall >= 0.8


def test_the_demo_wave_as_its_own_supplier_names_it(study):
    """No labels, other names and codes: nearly half is found, and none is wrong."""
    folder = FOLDER.parent / "2008-demo"
    sources = load_descriptor(folder, study).source_of
    truth = {source: target for target, source in sources.items()}
    found = score(read_file(folder / "export_careers_2008.csv"), truth, study)
    assert not found.wrong
    assert found.right >= 40


def test_answers_alone_are_never_taken_for_granted(wave, study, rng):
    table, truth = wave
    anonymous, known = numbered(labelled(table, lambda label: ""), truth, rng)
    found = score(anonymous, known, study)
    assert found.accepted == 0
    assert found.matches
    assert max(match.confidence for match in found.matches) <= BY_ANSWERS
    assert all(match.why for match in found.matches)


def test_nothing_to_go_by_gives_nothing(wave, study, rng):
    table, truth = wave
    frame = table.frame
    noise = pd.DataFrame(rng.normal(size=(200, 8)), columns=[f"V{i}" for i in range(8)])
    assert match_columns(describe_columns(RawTable(noise)), study.codebook) == []
    assert match_columns([], study.codebook) == []
    bare = numbered(RawTable(frame), truth, rng)[0]
    assert not [m for m in match_columns(describe_columns(bare), study.codebook) if m.accepted]


def test_a_confidence_holds_where_the_right_column_is_not_there(wave, study, rng):
    """The worst error: a sure match with a neighbour, because the column itself is missing.

    Half of the questionnaire is taken out of the codebook, or of the file; what is left over then
    is as like the others as any real question could be. Wrong pairs with a confidence of 0.8 or
    more: none in some 500.
    """
    table, truth = wave
    sure, wrong = 0, []
    for turn in range(10):
        file, known = numbered(table, truth, rng)
        if turn % 2:
            file = labelled(file, lambda label: misspelt(label, rng))
        book = study.codebook
        kept = {name for name in book.variables if rng.random() < 0.5}
        if turn < 6:
            variables = {n: entry for n, entry in book.variables.items() if n in kept}
            book = book.model_copy(update={"variables": variables})
        else:
            items = {item for name in kept for item in (book.variables[name].items or [name])}
            left = [c for c in file.frame.columns if known.get(c) is None or known[c] in items]
            file = RawTable(file.frame[left], file.labels, file.value_labels, file.missing)
        for match in match_columns(describe_columns(file), book):
            if match.confidence >= ACCEPTED:
                sure += 1
                if known.get(match.source) != match.target:
                    wrong.append((match.source, match.target, match.confidence))
    assert sure > 300
    assert wrong == []


def test_two_columns_that_fit_equally_share_their_confidence(wave, study):
    table, _ = wave
    twice = table.frame.assign(copy=table.frame["V46"])
    labels = {**table.labels, "copy": table.labels["V46"]}
    found = match_columns(describe_columns(RawTable(twice, labels)), study.codebook)
    age = [match for match in found if match.source in ("V46", "copy")]
    assert len(age) == 1
    assert age[0].confidence < 0.55
    assert not age[0].accepted


def test_a_battery_of_another_length_is_less_sure_than_one_that_fits(study):
    name, variable = next(
        (n, v) for n, v in study.codebook.scale_variables().items() if len(v.items) == 4
    )
    rng = np.random.default_rng(3)

    def confidence(k: int, stem: str = "P3_{}") -> float:
        frame = pd.DataFrame(rng.integers(1, 6, (80, k)), dtype="float64")
        frame.columns = pd.Index([stem.format(i) for i in range(1, k + 1)])
        # labels that are only somewhat like those of the codebook
        labels = {
            stem.format(i): item.nl[: len(item.nl) * 2 // 3] + " of zo"
            for i, item in zip(range(1, k + 1), variable.items.values(), strict=False)
        }
        found = match_columns(describe_columns(RawTable(frame, labels)), study.codebook)
        own = [m.confidence for m in found if m.target.startswith(f"{name}_")]
        return float(np.mean(own)) if own else 0.0

    assert confidence(4) > confidence(5) + 0.2
    assert confidence(5, "P{}_0") > confidence(5) + 0.05  # no battery at all


# ---- words


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("mee eens", "mee oneens"),
        ("interne coach nut", "externe coach nut"),
        ("wel tevreden", "wel ontevreden"),
        ("helemaal zeker", "helemaal niet zeker"),
        ("500 tot 1000", "1000 tot 1250"),
    ],
)
def test_opposites_are_never_alike(left, right):
    assert contradict(left, right)
    assert contradict(right, left)
    assert alike(left, right) <= 0.6


def test_plain_texts():
    assert plain("  Privé-Belemmeringen: €\u00a01.000 ") == "prive belemmeringen euro 1000"
    assert plain_label("V12_1. Mijn baan", "V12_1") == "mijn baan"
    assert plain_label("3a) Mijn baan") == "mijn baan"
    assert plain_label("12 uur of meer") == "12 uur of meer"
    assert stem_and_index("Q12_3") == ("Q12", 3)
    assert stem_and_index("V12") == ("V12", None)
    assert stem_and_index("wil_2") == ("wil", 2)
    assert stem_and_index("netwerk2") == ("netwerk", 2)


# ---- answers


def column(study: Study, name: str):
    return next(entry for entry in study.codebook.columns() if entry.name == name)


def translated(study: Study, name: str, values: list, labels: dict | None = None, **more):
    frame = pd.DataFrame({"x": values})
    profile = describe_columns(RawTable(frame, {}, {"x": labels or {}}, **more))[0]
    return translate(profile, column(study, name), study.codebook)


AGREE = {1: "Helemaal mee oneens", 2: "Mee oneens", 3: "Niet eens en niet oneens"}
AGREE |= {4: "Mee eens", 5: "Helemaal mee eens"}


def test_codes_that_mean_the_same_need_no_recode(study):
    found = translated(study, "willen_1", [1.0, 2.0, 5.0], AGREE)
    assert (found.recode, found.reversed, found.rescale) == ({}, False, None)
    assert found.evidence > 3


def test_answers_in_the_other_direction_are_reversed(study):
    found = translated(study, "willen_1", [1.0, 5.0], {6 - k: v for k, v in AGREE.items()})
    assert found.reversed
    assert found.recode == {}
    assert found.notes


def test_shifted_codes_are_recoded(study):
    found = translated(study, "willen_1", [0.0, 4.0], {k - 1: v for k, v in AGREE.items()})
    assert found.recode == {0.0: 1, 1.0: 2, 2.0: 3, 3.0: 4, 4.0: 5}


def test_yes_and_no_whatever_their_code_or_language(study):
    for labels, wanted in (
        ({1.0: "Ja", 2.0: "Nee"}, {1.0: 1, 2.0: 0}),
        ({1.0: "No", 2.0: "Yes"}, {1.0: 0, 2.0: 1}),
    ):
        assert translated(study, "pop", [1.0, 2.0], labels).recode == wanted
    assert translated(study, "pop", ["J", "N", "N"]).recode == {"J": 1, "N": 0}
    bare = translated(study, "pop", [1.0, 2.0])
    assert bare.recode == {1.0: 1, 2.0: 0}
    assert "aangenomen" in bare.notes[0]
    assert translated(study, "pop", [0.0, 1.0]).recode == {}


def test_refusals_get_the_reason_that_they_give(study):
    labels = {1.0: "ja", 2.0: "nee", 8.0: "Weet ik niet", 9.0: "Wil niet zeggen", 7.0: "N.v.t."}
    found = translated(study, "pop", [1.0, 2.0, 7.0, 8.0, 9.0], labels)
    assert found.missing == {8.0: "weet_niet", 9.0: "wil_niet_zeggen", 7.0: PLACEHOLDER}
    assert found.recode == {1.0: 1, 2.0: 0}
    text = translated(study, "pop", ["ja", "nee", "weet niet"])
    assert text.missing == {"weet niet": "weet_niet"}


def test_a_declared_missing_code_without_a_word_is_left_to_the_researcher(study):
    declared = {"missing": {"x": MissingCodes((-1.0,), ((97.0, 99.0),))}}
    found = translated(study, "willen_1", [1.0, 5.0, -1.0, 98.0], AGREE, **declared)
    assert found.missing == {-1.0: PLACEHOLDER, 98.0: PLACEHOLDER}
    own = {"missing": {"x": MissingCodes((9.0,))}}  # the codebook knows the reason for 9
    assert translated(study, "willen_1", [1.0, 9.0], AGREE, **own).missing == {9.0: "geen_antwoord"}


def test_a_longer_scale_is_shown_but_never_converted(study):
    ends = {1.0: "helemaal mee oneens", 7.0: "helemaal mee eens"}
    for values, labels in (([float(i) for i in range(1, 8)], {}), ([1.0, 4.0, 7.0], ends)):
        found = translated(study, "willen_1", values, labels)
        assert found.rescale == (1.0, 7.0)
        assert found.recode == {}
        assert not Match("x", "willen_1", 0.99, (), found).accepted


def test_a_tick_is_no_answer_by_itself(study):
    for values, labels in (([1.0, np.nan], {}), ([1.0, np.nan], {1.0: "gekozen"})):
        assert translated(study, "pop", values, labels).ticks == (1.0,)
    both = translated(study, "pop", [0.0, 1.0], {0.0: "niet gekozen", 1.0: "gekozen"})
    assert both.ticks == ()


def test_other_answers_speak_against_the_match(study):
    colours = {1.0: "rood", 2.0: "groen", 3.0: "blauw"}
    assert translated(study, "willen_1", [1.0, 2.0], colours).evidence < 0
    assert translated(study, "leeftijd", [1950.0, 1987.0]).evidence < 0
    assert translated(study, "leeftijd", [30.0, 51.0]).evidence > 0
    assert translated(study, "pop", list(pd.to_datetime(["2027-01-02"]))).evidence <= -6


# ---- the sidecar


def proposal(table: RawTable, study: Study) -> Proposal:
    return propose(table, study, wave="2027", file="x.sav", sha256="0" * 64)


def test_the_proposed_sidecar_of_the_bundled_wave_maps_as_its_own_does(wave, study):
    table, truth = wave
    content = yaml.safe_load(proposal(table, study).text)
    scales = {item for v in study.codebook.scale_variables().values() for item in v.items}
    plainly = {
        source: entry if isinstance(entry, str) else entry["variable"]
        for source, entry in content["columns"].items()
        if "#" not in source
    }
    assert plainly == {s: target for s, target in truth.items() if target not in scales}
    assert content["columns"]["V12_#"] == "netwerken_#"
    assert content["columns"]["V45"] == {"variable": "geslacht", "recode": {1: 1, 2: 0}}
    assert content["respondent"] == "respnr"
    assert content["file"]["rows"] == len(table.frame)
    assert content["synthetic"] is False
    assert {content[key] for key in ("producer", "licence", "title_nl", "date")} == {PLACEHOLDER}
    assert "missing" not in content  # the codebook's own codes


def test_comments_that_are_taken_over_are_valid_yaml(wave, study):
    """What a researcher gets by taking away the signs of a comment must be the entry meant."""
    table, _ = wave
    answers = proposal(labelled(table, lambda label: ""), study).text
    assert "columns: {}" in answers
    taken = answers.replace("# ? ", "").replace("columns: {}", "columns:")
    content = yaml.safe_load(taken)
    assert "inkomen" in content["columns"].values()
    whole = proposal(table, study).text
    for block in ("include:", "exclude:", "ignore:", "careless:", "identical_rows:"):
        assert f"# {block}" in whole
    start = whole.index("# include:")
    lines = whole[start:].split("\n\n")[0].splitlines()
    rules = yaml.safe_load("\n".join(line.removeprefix("# ") for line in lines))
    assert rules["include"] == {"column": "status", "is": [1]}
    assert [rule["is"] for rule in rules["exclude"]] == [[2], [3]]


def test_the_codes_of_most_columns_are_written_once(wave, study):
    table, truth = wave
    frame = table.frame.copy()
    values = {column: dict(labels) for column, labels in table.value_labels.items()}
    moved = [name for name in truth if values.get(name, {}).get(9.0) == "geen antwoord"]
    for name in moved:
        frame[name] = frame[name].replace({9.0: -9.0})
        values[name][-9.0] = values[name].pop(9.0)
    missing = {**table.missing, **dict.fromkeys(moved, MissingCodes((-9.0,)))}
    content = yaml.safe_load(proposal(RawTable(frame, table.labels, values, missing), study).text)
    assert content["missing"] == {-9: "geen_antwoord"}
    assert not any(
        "missing" in entry for entry in content["columns"].values() if isinstance(entry, dict)
    )


def test_the_text_shows_nothing_that_few_people_said(study):
    n = 40
    frame = pd.DataFrame(
        {
            "respid": [f"A{i:03d}" for i in range(n)],
            "toelichting": ["ik ben Jan uit Ons Dorp"] + ["geen"] * (n - 1),
            "mail": [f"persoon{i}@example.org" for i in range(n)],
        }
    )
    made = proposal(RawTable(frame), study)
    assert "Jan" not in made.text
    assert "example.org" not in made.text
    assert "geen 98%" in made.text
    content = yaml.safe_load(made.text)
    assert content["identifiers"] == {"mail": "e-mail"}
    assert content["respondent"] == "respid"
    assert made.unmatched_columns == ("toelichting",)
    assert len(made.unmatched_variables) == EVERY


def test_ticks_lists_weights_and_times_are_suggestions_only(study):
    n = 60
    ticks = np.where(np.arange(n) % 3 == 0, 1.0, np.nan)
    labels = {
        "hulp_1": column(study, "ondersteuning_buiten").label_nl,
        "hulp_2": column(study, "coach_buiten").label_nl,
    }
    frame = pd.DataFrame(
        {
            "uuid": [f"{i:05d}" for i in range(n)],
            "hulp_1": ticks,
            "hulp_2": np.roll(ticks, 1),
            "gebruik": ["1;2", "2", "1;3"] * (n // 3),
            "weegfactor": np.linspace(0.5, 1.5, n),
            "duur_sec": np.arange(n) + 100.0,
        }
    )
    made = proposal(RawTable(frame, labels), study)
    content = yaml.safe_load(made.text)
    assert content["columns"] == {}
    assert "weights" not in content and "careless" not in content
    assert [tick.columns for tick in made.roles.ticks] == [
        {"hulp_1": "ondersteuning_buiten", "hulp_2": "coach_buiten"}
    ]
    assert made.roles.lists[0].separator == ";"
    assert set(made.roles.lists[0].options) == {"1", "2", "3"}
    assert made.roles.weights == ("weegfactor",)
    assert made.roles.durations == ("duur_sec",)
    for line in ("# multi_select:", "# weights: {column: weegfactor}", "#   - kind: list"):
        assert line in made.text


def test_the_frame_of_a_proposal_says_how_sure_each_match_is(wave, study):
    frame = proposal(wave[0], study).frame()
    assert len(frame) == EVERY
    assert frame["confidence"].between(ACCEPTED, 1).all()
    assert frame["accepted"].all()
    assert frame["source"].is_unique and frame["target"].is_unique


def test_items_are_a_battery_only_when_numbered_without_a_gap():
    names = ["Q1_1", "Q1_2", "Q1_3", "Q2_1", "Q2_3", "V1", "V2", "V3", "alleen_1"]
    table = RawTable(pd.DataFrame(1.0, index=range(3), columns=pd.Index(names)))
    assert [battery.columns for battery in find_batteries(describe_columns(table))] == [
        ("Q1_1", "Q1_2", "Q1_3")
    ]
