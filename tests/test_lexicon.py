"""The words of the codebook, and what the rules say can still be answered, against real frames."""

from __future__ import annotations

from typing import get_args

import pytest

import mobiliteit as mb
from builders import brief_study
from mobiliteit.asking.lexicon import MOST_CATEGORIES, Lexicon, Use, load_lexicon
from mobiliteit.asking.question import Restriction
from mobiliteit.asking.remaining import is_nobody, possible_ids, possible_reach, remaining
from mobiliteit.wave import Wave


@pytest.fixture(scope="module")
def lexicon(study) -> Lexicon:
    return load_lexicon(study)


@pytest.fixture(scope="module")
def wave() -> Wave:
    return mb.load_wave("2006")


def test_one_lexicon_per_study(study):
    other = brief_study(study)
    assert load_lexicon(study) is load_lexicon(study)
    assert load_lexicon(other) is not load_lexicon(study)
    assert "netwerken" not in load_lexicon(other).variables


def test_every_variable_can_be_chosen_or_only_repeats_another(lexicon, study):
    book = study.codebook
    names = {choice.name for choice in lexicon.choices("outcome")}
    everything = {*book.variables, *book.derived, "mobiliteitsgroep", "mobiliteitssegment"}
    assert everything - names == {"geslacht_klasse", "zorgtaken_klasse"}
    for use in get_args(Use):
        choices = lexicon.choices(use)
        roles = [choice.role.nl for choice in choices]
        # roles stand together, each under one heading
        assert len(set(roles)) == sum(a != b for a, b in zip(roles, [None, *roles], strict=False))
        for lang in ("nl", "en"):
            labels = [getattr(choice.label, lang) for choice in choices]
            assert len(labels) == len(set(labels))
            assert all(getattr(choice.explanation, lang).endswith(".") for choice in choices)


def test_what_divides_people_has_few_categories_and_a_mediator_is_a_number(lexicon):
    dividing = {choice.name for choice in lexicon.choices("by")}
    assert {"mobiliteitsgroep", "branche", "geslacht", "leeftijd_klasse", "inkomen"} <= dividing
    assert not {"leeftijd", "netwerken", "uren"} & dividing
    assert all(2 <= len(lexicon.categories(name)) <= MOST_CATEGORIES for name in dividing)
    between = {choice.name for choice in lexicon.choices("mediator")}
    assert {"netwerken", "inkomen", "leeftijd", "dialoog"} <= between
    assert not {"pop", "branche", "leeftijd_klasse", "hoger_opgeleid"} & between


@pytest.mark.parametrize(
    ("name", "level", "kind"),
    [
        ("netwerken", "interval", "number"),
        ("inkomen", "ordinal", "number"),
        ("pop", "binary", "two"),
        ("hoger_opgeleid", "binary", "two"),
        ("branche", "nominal", "many"),
        ("branche=ggz", "binary", "two"),
        ("leeftijd_klasse", "ordinal", "many"),
        ("dienstverband_klasse", "nominal", "two"),
        ("mobiliteitsgroep", "nominal", "many"),
    ],
)
def test_levels_and_what_a_model_makes_of_them(lexicon, name, level, kind):
    assert (lexicon.level(name), lexicon.kind(name)) == (level, kind)


@pytest.mark.parametrize(
    ("variable", "explanation"),
    [
        (
            "loopbaanstap_succes",
            "Schaalscore van 1 (lager of slechter) tot 3 (hoger of beter), gemiddelde van 3 vragen."
            " Alleen gevraagd aan wie op ‘In de afgelopen twaalf maanden een loopbaanstap gezet’"
            " antwoordde: ja.",
        ),
        ("uren", "Een getal van 0 tot 60 uur per week."),
        ("geslacht", "Antwoord: vrouw of man."),
        ("sollicitaties", "5 antwoorden, van ‘nul keer’ tot ‘vaker dan drie keer’."),
        ("hoger_opgeleid", "Antwoord: nee of ja. Gemaakt van ‘Opleidingsniveau’."),
        ("dialoog", "Gemiddelde van ‘Nut functioneringsgesprekken’, ‘Nut loopbaangesprekken’."),
    ],
)
def test_an_explanation_says_what_an_answer_can_be(lexicon, variable, explanation):
    (choice,) = [one for one in lexicon.choices("outcome") if one.name == variable]
    assert choice.explanation.nl == explanation


def test_categories_and_codes_are_those_of_the_clean_frame(lexicon, wave):
    for name in lexicon.variables:
        seen = wave.frame[name].dropna().unique()
        codes, ids = lexicon.codes(name), {key for key, _ in lexicon.categories(name)}
        if codes:
            assert set(codes) == ids
            assert set(seen) <= set(codes.values())
        elif ids:
            assert set(seen) <= ids
        else:
            low, high = lexicon.bounds(name)
            assert low <= min(seen) and max(seen) <= high


@pytest.mark.parametrize(
    ("word", "found"),
    [
        ("netwerken", ("netwerken",)),
        ("NETWORKING", ("netwerken",)),
        ("overwogen", ("overwogen",)),
        ("stayers", ("mobiliteitsgroep=blijvers",)),
        ("the success of the career step", ("loopbaanstap_succes",)),
        ("Subjectief succes: tevredenheid met loopbaan", ("loopbaantevredenheid",)),
        ("leeftijd (klassen)", ("leeftijd_klasse",)),
        ("vrouw", ()),
        ("", ()),
    ],
)
def test_a_word_means_a_name_or_nothing(lexicon, word, found):
    assert lexicon.resolve(word) == found


@pytest.mark.parametrize(
    ("word", "first"),
    [
        ("netwerkn", "netwerken"),
        ("tevredenheid", "loopbaantevredenheid"),
        ("leeftyd", "leeftijd"),
        ("carreer satisfaction", "loopbaantevredenheid"),
        ("mobile", "mobielen"),
    ],
)
def test_the_nearest_name_comes_first(lexicon, word, first):
    assert lexicon.nearest(word)[0] == first


def test_a_word_like_nothing_has_no_suggestion(lexicon):
    assert lexicon.nearest("xqzv") == ()
    assert lexicon.nearest_people("xqzv") == ()


def test_a_wave_says_what_it_did_not_ask():
    practice = mb.load_wave("2008-demo")
    missing = load_lexicon(practice.study).missing_in(practice)
    empty = {
        name for name in load_lexicon(practice.study).variables if practice.frame[name].isna().all()
    }
    assert set(missing) == empty and empty
    for text in missing.values():
        assert text.nl.startswith("niet gevraagd in deze golf (")
        assert text.en.startswith("not asked in this wave (")
    assert load_lexicon(practice.study).missing_in(mb.load_wave("2006")) == {}


# ---- what people can have answered, against what the bundled wave holds

WHO = [
    *[Restriction("mobiliteitsgroep", (key,)) for key in ("blijvers", "overwegers", "mobielen")],
    *[Restriction("mobiliteitssegment", (key,)) for key in ("instroom", "uitstroom", "overwogen")],
    Restriction("stap", ("1",)),
    Restriction("overwogen", ("0",)),
    Restriction("sector", ("andere_sector",)),
    Restriction("leeftijd", low=30, high=44),
    Restriction("leeftijd_klasse", ("15_24", "25_34")),
    Restriction("opleiding_klasse", ("lager",)),
    Restriction("hoger_opgeleid", ("1",)),
    Restriction("opleidingsniveau", low=6),
    Restriction("dienstverband_klasse", ("tijdelijk",)),
    Restriction("nut_pop", low=3),
]


def people(wave: Wave, lexicon: Lexicon, who: Restriction):
    values = wave.frame[who.variable]
    if who.values:
        codes = lexicon.codes(who.variable)
        return wave.frame[values.isin([codes.get(key, key) for key in who.values])]
    return wave.frame[
        values.ge(-1e9 if who.low is None else who.low)
        & values.le(1e9 if who.high is None else who.high)
    ]


@pytest.mark.parametrize("who", WHO, ids=lambda one: one.text)
def test_nobody_has_an_answer_that_the_rules_exclude(wave, lexicon, who):
    chosen, left = people(wave, lexicon, who), remaining(lexicon, [who], [who.variable])
    assert len(chosen) and not is_nobody(left)
    for name in lexicon.variables:
        seen = chosen[name].dropna().unique()
        codes = {code: key for key, code in lexicon.codes(name).items()}
        if lexicon.categories(name):
            assert {codes.get(value, value) for value in seen} <= possible_ids(left, name), name
        else:
            low, high = possible_reach(left, name)
            assert not len(seen) or low <= min(seen) <= max(seen) <= high, name


@pytest.mark.parametrize(
    ("who", "name", "ids"),
    [
        (WHO[0], "mobiliteitssegment", {"niet_overwogen"}),
        (WHO[1], "stap", {"0"}),
        (WHO[1], "overwogen", {"1"}),
        (WHO[2], "stap", {"1"}),
        (WHO[3], "mobiliteitsgroep", {"mobielen"}),
        (WHO[3], "sector_vorig", {"andere_sector"}),
        (WHO[4], "sector", {"andere_sector"}),
        (WHO[6], "mobiliteitsgroep", {"mobielen"}),
        (WHO[7], "mobiliteitsgroep", {"blijvers"}),
        (WHO[8], "mobiliteitssegment", {"uitstroom"}),
        (WHO[9], "leeftijd_klasse", {"25_34", "35_44"}),
        (Restriction("leeftijd", low=30, high=45), "leeftijd_klasse", {"25_34", "35_44", "45_54"}),
        (WHO[10], "leeftijd_klasse", {"15_24", "25_34"}),
        (WHO[11], "opleidingsniveau", {"1", "2"}),
        (WHO[11], "hoger_opgeleid", {"0"}),
        (WHO[13], "opleiding_klasse", {"hoger"}),
        (WHO[14], "dienstverband", {"tijdelijk", "oproep_uitzend"}),
        (WHO[14], "vast_dienstverband", {"0"}),
        (WHO[15], "pop", {"1"}),
    ],
)
def test_what_remains_is_what_the_rules_leave(lexicon, who, name, ids):
    assert possible_ids(remaining(lexicon, [who], [who.variable]), name) == ids


def test_restrictions_that_exclude_each_other_leave_nobody(lexicon):
    movers, considered = WHO[2], Restriction("overwogen", ("1",))
    assert is_nobody(remaining(lexicon, [movers, considered], ["overwogen"]))
    young, old = Restriction("leeftijd", high=30), Restriction("leeftijd_klasse", ("55_64",))
    assert is_nobody(remaining(lexicon, [young, old]))
    assert not is_nobody(remaining(lexicon, [young, WHO[10]]))
