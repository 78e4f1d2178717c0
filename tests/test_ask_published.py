"""What the report printed on a question: the right cells, as printed, with who they were about."""

import pytest

from mobiliteit.asking.lexicon import load_lexicon
from mobiliteit.asking.published import published_notes
from mobiliteit.asking.question import Question, Restriction

MOVERS = (Restriction("mobiliteitsgroep", ("mobielen",)),)
OTHERS = "niet over dezelfde mensen"


@pytest.fixture(scope="module")
def told(study):
    lexicon = load_lexicon(study)

    def tell(form, outcome, predictors=(), **more):
        question = Question(form, outcome, tuple(predictors), **more)
        return {note.id: note.text for note in published_notes(question, lexicon, study)}

    return tell


# Every expectation below was read from the printed report, not from the package.


def test_coefficients_stand_with_table_page_and_model(told):
    notes = told("effect", "loopbaanstap_succes", ["netwerken"], who=MOVERS)
    text = notes["3.8 netwerken model_3 model_4"]
    assert text.nl.startswith("Tabel 3.8, p. 33: ")
    assert ",14** (significant, naast 8 andere kenmerken, model 3)" in text.nl
    assert ",10 (niet significant, naast 14 andere kenmerken, model 4)" in text.nl
    assert ".14** (significant, beside 8 other predictors, model 3)" in text.en
    assert "3.7 netwerken loopbaanstap_succes" in notes
    assert not any(OTHERS in text.nl for text in notes.values())


def test_another_sample_is_told(told):
    narrow = (*MOVERS, Restriction("geslacht", ("1",)))
    for who in ((), narrow, (Restriction("leeftijd", low=25, high=44),)):
        notes = told("effect", "netwerken", ["effectiviteit"], who=who)
        assert OTHERS in notes["3.9 effectiviteit model_1"].nl
        assert "mobielen" in notes["3.9 effectiviteit model_1"].nl
    same = told("effect", "netwerken", ["effectiviteit"], who=MOVERS)
    assert OTHERS not in same["3.9 effectiviteit model_1"].nl


def test_who_was_asked_is_part_of_the_sample(told):
    # Only movers were asked how their step went: without a restriction it is still about them.
    notes = told("effect", "loopbaanstap_succes", ["netwerken"])
    assert not any(OTHERS in text.nl for text in notes.values())


def test_group_means_stand_with_the_verdict(told):
    notes = told("difference", "loopbaantevredenheid", by="mobiliteitsgroep")
    text = notes["3.3 loopbaantevredenheid"]
    assert "Blijvers 4,17; Overwegers 3,62; Mobielen 3,88. Verschil: Ja" in text.nl
    assert "Stayers 4.17; Considerers 3.62; Movers 3.88. Difference: yes" in text.en
    assert text.nl.startswith("Tabel 3.3, p. 26: gemiddelde van")


def test_percentages_are_called_so(told):
    text = told("difference", "pop", by="mobiliteitsgroep")["3.4 pop"]
    assert "percentage van" in text.nl and "Blijvers 26%; Overwegers 20%; Mobielen 16%" in text.nl


def test_classes_of_a_variable_count_as_the_variable(told):
    by_class = told("difference", "loopbaantevredenheid", by="geslacht_klasse")
    by_code = told("effect", "loopbaantevredenheid", ["geslacht"])
    key = "3.10 geslacht loopbaantevredenheid"
    assert by_class[key] == by_code[key]
    assert "Vrouw 3,92; Man 3,80. Het verschil is niet significant" in by_code[key].nl


def test_a_category_counts_as_its_variable(told):
    notes = told("effect", "loopbaantevredenheid", ["mobiliteitsgroep=mobielen"])
    assert "3.3 loopbaantevredenheid" in notes


def test_mediation_names_all_three_paths_and_the_claim(told):
    notes = told("mediation", "loopbaanstap_succes", ["effectiviteit"], by="netwerken", who=MOVERS)
    assert ",34***" in notes["3.9 effectiviteit model_1"].nl
    assert ",14**" in notes["3.9 netwerken model_3 model_4"].nl
    assert "-,09" in notes["3.9 effectiviteit model_2 model_3 model_4"].nl
    assert "geen schakel" in notes["i_niet_via_netwerken"].nl


def test_a_claim_about_mediation_is_none_about_an_effect(told):
    notes = told("effect", "loopbaanstap_succes", ["netwerken"], who=MOVERS)
    assert "i_niet_via_netwerken" not in notes
    assert notes["b_stap_positief"].nl.startswith("De tekst, p. 32: ")


def test_the_summary_is_not_repeated(told):
    notes = told("effect", "loopbaanstap_succes", ["netwerken"], who=MOVERS)
    assert not any(name.startswith("z_") for name in notes)


def test_what_was_never_tested_is_told(told):
    moderation = told("moderation", "loopbaanstap_succes", ["netwerken"], by="geslacht")
    assert "niet getoetst" in moderation["untested"].nl
    change = told("change", "loopbaantevredenheid", since="2006")
    assert "één meting" in change["untested"].nl and "3.3 loopbaantevredenheid" in change


def test_nothing_is_told_as_nothing(told):
    assert list(told("effect", "uren", ["branche"])) == ["none"]
    assert "geen cijfer" in told("effect", "uren", ["branche"])["none"].nl


def test_every_printed_coefficient_is_found_by_its_question(told, study):
    table = study.tables.tables["3.9"]
    for row in table.columns["model_2"].predictors:
        notes = told("effect", "loopbaanstap_succes", [row], who=MOVERS)
        assert any(name.startswith(f"3.9 {row} model_2") for name in notes), row
