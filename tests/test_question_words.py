"""Questions as sentences: every form in both languages, and no variable that spoils them."""

from __future__ import annotations

import re

import pytest

import mobiliteit as mb
from mobiliteit.asking.lexicon import load_lexicon
from mobiliteit.asking.phrases import lowered
from mobiliteit.asking.question import Question
from mobiliteit.render.question_words import FORMS, about, joined, question_sentence

SENTENCES = [
    (
        "netwerken -> loopbaanstap_succes | mobielen, controls: leeftijd, uren",
        "Hangt netwerken samen met het succes van de loopbaanstap, onder mobielen, als leeftijd en"
        " het aantal werkuren per week volgens contract gelijk worden gehouden?",
        "Is networking related to the success of the career step, among movers, with age and the"
        " number of contract hours a week held constant?",
    ),
    (
        "netwerken + pop + geslacht=man -> inkomen | controls: leeftijd",
        "Hangen netwerken, het hebben van een persoonlijk ontwikkelingsplan (POP) en het antwoord"
        " ‘man’ op ‘geslacht’, elk los van de rest, samen met het netto maandinkomen, als leeftijd"
        " gelijk wordt gehouden?",
        "Are networking, having a personal development plan (POP) and the answer ‘man’ to ‘sex’,"
        " each apart from the rest, related to net monthly income, with age held constant?",
    ),
    (
        "loopbaantevredenheid between mobiliteitsgroep | vrouw, leeftijd 25-44",
        "Verschilt de tevredenheid met de loopbaan naar mobiliteitsgroep, onder wie hieraan voldoet"
        " (geslacht: vrouw; leeftijd: 25 tot en met 44 jaar)?",
        "Does career satisfaction differ by mobility group, among those who meet this (sex: woman;"
        " age: 25 to 44 years)?",
    ),
    (
        "pop -> netwerken -> inkomen | mobiliteitsgroep = mobielen/blijvers, uren > 12,5",
        "Loopt de samenhang van het hebben van een persoonlijk ontwikkelingsplan (POP) met het"
        " netto maandinkomen via netwerken, onder blijvers of mobielen (aantal werkuren per week"
        " volgens contract: meer dan 12,5 uur per week)?",
        "Does the relation of having a personal development plan (POP) with net monthly income run"
        " via networking, among stayers or movers (contract hours a week: more than 12.5 hours a"
        " week)?",
    ),
    (
        "employability * leeftijd -> inkomen | opleidingsniveau >= 6, netwerken <= 3",
        "Verschilt de samenhang van de employability-oriëntatie met het netto maandinkomen naar"
        " leeftijd, onder wie hieraan voldoet (opleidingsniveau: ‘hoger beroepsonderwijs (HBO)’ of"
        " meer; netwerken: 3 of minder)?",
        "Does the relation of employability orientation with net monthly income differ by age,"
        " among those who meet this (level of education: ‘higher vocational education’ or more;"
        " networking: 3 or less)?",
    ),
    (
        "inkomen since 2006 | pop=ja",
        "Is het netto maandinkomen veranderd sinds golf 2006, onder wie hieraan voldoet (heeft een"
        " persoonlijk ontwikkelingsplan (POP): ja)?",
        "Has net monthly income changed since wave 2006, among those who meet this (has a personal"
        " development plan (POP): yes)?",
    ),
    (
        "coach_buiten -> mobielen since 2006 | uren < 20",
        "Is de samenhang van het gebruik van een externe loopbaancoach buiten de werkgever om met"
        " het behoren tot ‘mobielen’ (mobiliteitsgroep) veranderd sinds golf 2006, onder wie"
        " hieraan voldoet (aantal werkuren per week volgens contract: minder dan 20 uur per week)?",
        "Has the relation of the use of a career coach outside the employer with belonging to"
        " ‘movers’ (mobility group) changed since wave 2006, among those who meet this (contract"
        " hours a week: less than 20 hours a week)?",
    ),
]


@pytest.mark.parametrize(("text", "dutch", "english"), SENTENCES)
def test_a_question_reads_as_a_sentence(text, dutch, english, study):
    question, phrase = mb.parse_question(text), load_lexicon(study).phrase
    assert question_sentence(question, phrase, "nl") == dutch
    assert question_sentence(question, phrase, "en") == english


def test_every_variable_reads_inside_a_sentence(study):
    """A noun phrase: no capital, no colon, not a verb, and singular after "Hangt" and "Is"."""
    lexicon = load_lexicon(study)
    for name in lexicon.variables:
        for lang in ("nl", "en"):
            sentence = question_sentence(Question("effect", "x", (name,)), _plain(lexicon), lang)
            phrase = getattr(lexicon.phrase(name), lang)
            assert phrase in sentence
            assert ":" not in phrase and "  " not in phrase and phrase[-1] not in ".,;"
            assert phrase[0].islower(), phrase
            assert not re.match(r"(heeft|has|made|used|sought|cares|considered|still|nog) ", phrase)
        # plural nouns would want "Hangen"
        first = lexicon.phrase(name).nl.split()[0]
        assert first in ("de", "het") or not re.search(r"(dagen|mogelijkheden|taken)$", first), name


def _plain(lexicon):
    def label(what):
        return type("Words", (), {"nl": "x", "en": "x"}) if what == "x" else lexicon.phrase(what)

    return label


def test_every_form_has_a_name_and_an_explanation_in_both_languages():
    assert set(FORMS) == {"effect", "difference", "mediation", "moderation", "change"}
    for words in FORMS.values():
        for lang in ("nl", "en"):
            assert words.name[lang] and words.explanation[lang].endswith("?")
    for lang in ("nl", "en"):
        assert len({words.name[lang] for words in FORMS.values()}) == len(FORMS)


def test_who_and_what_is_held_constant_can_be_said_apart(study):
    phrase = load_lexicon(study).phrase
    question = mb.parse_question("pop -> inkomen | blijvers, controls: uren")
    assert about(question, phrase, "en") == (
        ", among stayers, with the number of contract hours a week held constant"
    )
    assert about(mb.parse_question("pop -> inkomen"), phrase, "nl") == ""


def test_a_label_loses_its_capital_unless_it_is_an_acronym():
    assert lowered("Nut POP") == "nut POP"
    assert lowered("POP: nut") == "POP: nut"
    assert lowered("") == ""


def test_words_are_listed_as_a_sentence_does():
    assert joined([], "nl") == ""
    assert joined(["a"], "nl") == "a"
    assert joined(["a", "b"], "nl") == "a en b"
    assert joined(["a", "b", "c"], "en") == "a, b and c"
