"""The appendix for students: every table explained, with a number that was computed."""

import pytest

from builders import copy_study, failure
from mobiliteit.errors import AnalysisError, StudyError
from mobiliteit.render.appendix import appendix_parts
from mobiliteit.render.numbers import format_number
from mobiliteit.study import STUDY_DIR, load_study
from mobiliteit.study_appendix import PARTS, load_appendix


@pytest.fixture(scope="module")
def results(bundled_tables):
    return bundled_tables


@pytest.mark.parametrize("lang", ["nl", "en"])
def test_every_table_is_explained_with_its_own_number(study, results, lang):
    parts = appendix_parts(study, results, lang)
    assert [part.number for part in parts] == list(study.tables.tables)
    explained = load_appendix(study).tables
    for part in parts:
        texts = [text for _, text in part.paragraphs]
        assert len({title for title, _ in part.paragraphs}) == len(PARTS) == len(texts)
        assert 90 <= sum(len(text.split()) for text in texts) <= 200
        assert not any("{" in text for text in texts)
        example = explained[part.number].example
        cells = results[part.number].cells.set_index(["row", "column"])
        cell = cells.loc[(example.row, example.column)]
        number = format_number(cell["value"], int(cell["decimals"]), lang=lang).lstrip("0")
        assert number in texts[2]


def test_dutch_and_english_differ_and_share_the_numbers(study, results):
    dutch, english = (appendix_parts(study, results, lang) for lang in ("nl", "en"))
    for one, other in zip(dutch, english, strict=True):
        assert one.heading != other.heading
        assert {text for _, text in one.paragraphs}.isdisjoint(text for _, text in other.paragraphs)
    failure(lambda: appendix_parts(study, results, "de"), AnalysisError)


def changed_study(folder, change):
    copy_study(folder)
    text = (STUDY_DIR / "appendix.yaml").read_text(encoding="utf-8")
    after = change(text)
    assert after != text
    (folder / "appendix.yaml").write_text(after, encoding="utf-8")
    return load_study(folder)


def test_all_mistakes_of_the_file_are_named_together(tmp_path):
    changes = [
        ("'3.1':", "'3.99':"),
        ("{value}, van", "{waarde}, van"),
        ("Geen toets.", "Geen {n} toets."),
    ]

    def change(text):
        for old, new in changes:
            assert old in text
            text = text.replace(old, new, 1)
        return text

    study = changed_study(tmp_path, change)
    error = str(failure(lambda: load_appendix(study), StudyError))
    for part in ("table 3.1 is not", "no table 3.99", "waarde", "3.2.test.nl", "not show its"):
        assert part in error


def test_an_example_that_is_no_cell_is_an_error(tmp_path, results):
    study = changed_study(tmp_path, lambda text: text.replace("{row: pop,", "{row: poppetje,"))
    error = failure(lambda: appendix_parts(study, results), AnalysisError)
    assert "3.4 has no cell poppetje" in str(error)
