"""The study's files: what they hold, and that every mistake in them is named."""

from __future__ import annotations

import pytest
import yaml

from builders import SEGMENTS, copy_study, failure, only
from mobiliteit.errors import MAX_ROWS, MAX_VALUES, Problem, StudyError
from mobiliteit.study import load_study

# Issue 2: the canonical names after cleaning.
CANONICAL = """
mobiliteitssegment, mobiliteitsgroep, loopbaantevredenheid, inkomen, loopbaanstap_succes,
orienteren, netwerken, sollicitaties, opleiding_huidig, opleiding_aangrenzend, opleiding_nieuw,
opleiding_persoonlijk, effectiviteit, gezondheidsbelemmeringen, privebelemmeringen,
employability, willen, moeten, sociale_norm, mobiliteitsgerichte_organisatie, leermogelijkheden,
uitdagende_taken, freq_functionering, nut_functionering, freq_loopbaangesprek,
nut_loopbaangesprek, dialoog, pop, nut_pop, coach_intern_mogelijk, coach_intern_gebruikt,
coach_intern_nut, coach_extern_mogelijk, coach_extern_gebruikt, coach_extern_nut,
ondersteuning_buiten, coach_buiten, mobiliteitscentrum, werkgelegenheid_nu,
werkgelegenheid_jaar_geleden, geslacht, leeftijd, opleidingsniveau, zorgtaken, uren,
dienstverband, diensttijd, branche, functie
"""


def changed(tmp_path, **texts):
    """Load a copy of the study with the text of some files changed."""
    return load_study(copy_study(tmp_path / "study", **texts))


def swap(old, new):
    return lambda text: text.replace(old, new, 1)


# ---- what it holds


def test_every_canonical_name_is_there(study):
    names = [name.strip() for name in CANONICAL.split(",")]
    sorting = {study.segments.segment_variable.id, study.segments.group_variable.id}
    known = {*study.codebook.variables, *study.codebook.derived, *sorting}
    assert len(names) == 49
    assert [name for name in names if name not in known] == []


def test_segments_groups_and_tables(study):
    assert list(study.segments.segments) == list(SEGMENTS)
    assert list(study.segments.groups) == ["blijvers", "overwegers", "mobielen"]
    assert list(study.tables.tables) == [f"3.{number}" for number in range(1, 12)]


def test_variables_are_labelled_in_two_languages_and_say_where_they_come_from(study):
    for name, variable in study.codebook.variables.items():
        assert variable.label_nl.strip(), name
        assert variable.label_en.strip(), name
        assert 24 <= variable.source.page <= 37, name
        assert set(variable.source.tables) <= set(study.tables.tables), name


def test_inferred_scales_say_that_they_are_an_assumption(study):
    for name, variable in study.codebook.scale_variables().items():
        assert variable.assumption, name
        assert len(variable.items) >= 2, name


def test_columns_are_single_questions_and_items_in_order(study):
    names = [column.name for column in study.codebook.columns()]
    assert len(names) == len(set(names))
    first = names.index("netwerken_1")
    assert names[first : first + 4] == [f"netwerken_{number}" for number in range(1, 5)]
    assert "netwerken" not in names
    reversed_items = {column.name for column in study.codebook.columns() if column.reversed}
    assert reversed_items == {"loopbaantevredenheid_2", "employability_4"}


def test_a_column_carries_the_answers_of_its_scale(study):
    columns = {column.name: column for column in study.codebook.columns()}
    item, age, branch = columns["netwerken_1"], columns["leeftijd"], columns["branche"]
    assert list(item.values) == [1, 2, 3, 4, 5]
    assert (item.bounds, item.missing, item.value_ids) == ((1, 5), {9: "geen_antwoord"}, None)
    assert (age.range, age.bounds, age.values) == ((15, 64), (15, 64), {})
    assert branch.value_ids is not None
    assert branch.value_ids[7] == "ambulancevervoer"
    assert columns["coach_intern_nut"].asked == {"coach_intern_gebruikt": [1]}


@pytest.mark.parametrize(
    ("name", "first", "count"),
    [
        ("mobiliteitssegment", "instroom", 8),
        ("mobiliteitsgroep", "blijvers", 3),
        ("leeftijd_klasse", "15_24", 5),
        ("branche", "verpleeg_verzorgingshuizen", 10),
    ],
)
def test_categories(study, name, first, count):
    categories = study.categories(name)
    assert next(iter(categories)) == first
    assert len(categories) == count
    assert all(nl and en for nl, en in categories.values())


@pytest.mark.parametrize("name", ["leeftijd", "netwerken", "pop", "dialoog", "no_such_variable"])
def test_what_has_no_categories_cannot_divide_people(study, name):
    error = failure(lambda: study.categories(name), StudyError)
    assert name in only(error).what


def test_labels_in_both_languages(study):
    assert study.label("netwerken") == "Netwerken"
    assert study.label("netwerken", "en") == "Networking"
    assert study.label("mobiliteitsgroep", "en") == "Mobility group"
    assert study.label("leeftijd_klasse") == "Leeftijd"


def test_levels(study):
    book = study.codebook
    expected = {
        "netwerken": "interval",
        "leeftijd": "interval",
        "pop": "binary",
        "branche": "nominal",
        "inkomen": "ordinal",
        "dialoog": "interval",
        "hoger_opgeleid": "binary",
        "leeftijd_klasse": "ordinal",
        "opleiding_klasse": "nominal",
    }
    assert {name: book.level(name) for name in expected} == expected


def test_a_study_is_loaded_once_and_cannot_be_changed(study):
    assert load_study() is study
    with pytest.raises(ValueError, match="frozen"):
        study.codebook.variables["leeftijd"].label_nl = "x"


# ---- a copy with a mistake


def test_an_unchanged_copy_loads(tmp_path, study):
    copied = load_study(copy_study(tmp_path / "study"))
    assert copied.codebook == study.codebook
    assert copied.path != study.path


@pytest.mark.parametrize("name", ["codebook", "segments", "tables"])
def test_missing_file(tmp_path, name):
    folder = copy_study(tmp_path / "study")
    (folder / f"{name}.yaml").unlink()
    error = failure(lambda: load_study(folder), StudyError)
    assert f"{name}.yaml" in error.headline
    assert str(folder / f"{name}.yaml") in str(error)


def test_a_folder_that_is_not_there(tmp_path):
    error = failure(lambda: load_study(tmp_path / "nowhere"), StudyError)
    assert "nowhere" in str(error)


@pytest.mark.parametrize("text", ["a: [1\n", "a: b: c", "\ttab: 1", "x: \x00"])
def test_no_yaml(tmp_path, text):
    folder = copy_study(tmp_path / "study")
    (folder / "segments.yaml").write_text(text)
    assert "no valid YAML" in only(failure(lambda: load_study(folder), StudyError)).what


def test_not_utf8(tmp_path):
    folder = copy_study(tmp_path / "study")
    (folder / "tables.yaml").write_bytes("titel: één".encode("utf-16"))
    assert "no valid YAML" in only(failure(lambda: load_study(folder), StudyError)).what


@pytest.mark.parametrize("text", ["", "[]", "just words", "42"])
def test_yaml_of_another_shape(tmp_path, text):
    folder = copy_study(tmp_path / "study")
    (folder / "codebook.yaml").write_text(text)
    failure(lambda: load_study(folder), StudyError)


MISTAKES = [
    ("codebook", "label_nl: Netwerken\n", "label_nl: Netwerken\n    lable: x\n", "lable"),
    ("codebook", "    label_nl: Netwerken\n", "", "netwerken.label_nl"),
    ("codebook", "scale: keer_5", "scale: keer_6", "keer_6"),
    ("codebook", "role: demografie", "role: demograaf", "demograaf"),
    ("codebook", "asked: {pop: [1]}", "asked: {plan: [1]}", "plan"),
    ("codebook", "missing: {998: weet_niet", "missing: {998: onzin", "onzin"),
    ("codebook", "missing: {8: geen_mening", "missing: {5: geen_mening", "code 5 is both"),
    ("codebook", "missing: {998: weet_niet", "missing: {98: weet_niet", "code 98 is both"),
    (
        "codebook",
        "      netwerken_2:",
        "      netwerken_1a: {nl: x, en: y}\n      orienteren_1:",
        "",
    ),
    (
        "codebook",
        "    scale: keer_5",
        "    scale: keer_5\n    level: ordinal\n    range: [0, 3]",
        "sollicitaties",
    ),
    ("codebook", "  dialoog:\n    role", "  dienstverband:\n    role", "dienstverband"),
    ("codebook", "of: [nut_functionering, ", "of: [nut_onbekend, ", "nut_onbekend"),
    ("codebook", "kind: recode", "kind: mean", "opleiding_klasse"),
    ("codebook", "min_answered: 0.5", "min_answered: 1.5", "min_answered"),
    ("segments", "group: mobielen", "group: reizigers", "reizigers"),
    ("segments", "variable: stap, is", "variable: sprong, is", "sprong"),
    ("segments", "{variable: stap, is: [1]}", "{variable: stap}", "give one of"),
    ("segments", "different: [sector_vorig, sector]", "different: [sector_vorig]", "different"),
    ("tables", "      inkomen: {}", "      salaris: {}", "salaris"),
    ("tables", "by: mobiliteitsgroep", "by: groepje", "groepje"),
    ("tables", "sample: {mobiliteitsgroep: [mobielen]}", "sample: {groep: [x]}", "groep"),
    ("tables", "[mobielen]}", "[mobieltjes]}", "mobieltjes"),
    ("tables", "default: usual", "default: gewoon", "gewoon"),
    ("tables", "difference: 0.05", "difference: 5", "difference"),
    ("tables", "kind: frequency", "kind: kruistabel", "kruistabel"),
    (
        "tables",
        "predictors: &individual [effectiviteit,",
        "predictors: &individual [uren_klasse,",
        "",
    ),
]


@pytest.mark.parametrize(("name", "old", "new", "names"), MISTAKES)
def test_a_mistake_is_named(tmp_path, name, old, new, names):
    error = failure(lambda: changed(tmp_path, **{name: swap(old, new)}), StudyError)
    assert names in str(error)
    assert f"{name}.yaml" in str(error)


def test_all_mistakes_of_the_files_are_shown_together(tmp_path):
    def codebook(text):
        text = text.replace("asked: {pop: [1]}", "asked: {plan: [1]}")
        return text.replace("scale: keer_5", "scale: keer_6")

    segments = swap("group: mobielen", "group: reizigers")
    error = failure(lambda: changed(tmp_path, codebook=codebook, segments=segments), StudyError)
    assert len(error.problems) == 3
    for name in ("plan", "keer_6", "reizigers"):
        assert repr(name) in str(error)


def test_all_misfits_with_the_schema_are_shown_together(tmp_path):
    def codebook(text):
        return text.replace("role: screening", "rol: screening")

    error = failure(lambda: changed(tmp_path, codebook=codebook), StudyError)
    wrong = {problem.what.split(":")[0] for problem in error.problems}
    assert "variables.sector.rol" in wrong
    assert "variables.sector.role" in wrong
    assert len(wrong) == 2 * 7


@pytest.mark.parametrize(
    ("name", "old", "new", "names"),
    [
        # cleaning asks filter questions in codebook order, and a scale is no question
        ("codebook", "asked: {pop: [1]}", "asked: {uren: [1]}", "uren"),
        ("codebook", "asked: {pop: [1]}", "asked: {netwerken: [1]}", "netwerken"),
        ("codebook", "asked: {pop: [1]}", "asked: {pop: [7]}", "7"),
        # who is in a class that no answer belongs to would go missing in silence
        ("codebook", "from: [tijdelijk, oproep_uitzend]}", "from: [tijdelijk, oproep]}", "oproep"),
        ("codebook", "from: [6, 7]}", "from: [6, 8]}", "8"),
        ("segments", "{variable: sector_vorig, is: [3]}", "{variable: sector_vorig, is: [4]}", "4"),
        ("segments", "{variable: stap, is: [1]}", "{variable: netwerken, is: [1]}", "netwerken"),
    ],
)
def test_a_reference_to_an_answer_or_question_that_cannot_be(tmp_path, name, old, new, names):
    error = failure(lambda: changed(tmp_path, **{name: swap(old, new)}), StudyError)
    assert names in str(error)


def test_a_variable_defined_twice_is_named(tmp_path):
    def codebook(text):
        return text.replace("  effectiviteit:\n    role", "  netwerken:\n    role", 1)

    assert yaml.safe_load(codebook("variables:\n  effectiviteit:\n    role: x"))
    error = failure(lambda: changed(tmp_path, codebook=codebook), StudyError)
    assert "netwerken" in str(error)


# ---- how a problem reads


def test_a_problem_says_where_what_and_what_to_do():
    problem = Problem(
        "it is wrong",
        "Mend it.",
        wave="2031",
        file="x.sav",
        column="V1",
        values=tuple(map(str, range(20))),
        rows=tuple(f"p{number}" for number in range(7)),
    )
    text = str(problem)
    assert text.startswith("wave 2031, file x.sav, column V1: it is wrong; values: 0, 1, 2")
    assert text.endswith("Mend it.")
    assert f"(and {20 - MAX_VALUES} more)" in text
    assert f"(and {7 - MAX_ROWS} more)" in text
    assert str(Problem("it is wrong", "Mend it.")) == "it is wrong. Mend it."
