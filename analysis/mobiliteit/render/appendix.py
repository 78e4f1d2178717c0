"""The appendix for students, table by table, in a form that a page and a document can both show."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from mobiliteit.errors import AnalysisError, Problem
from mobiliteit.render import wording
from mobiliteit.render.numbers import format_cell
from mobiliteit.render.tables import records
from mobiliteit.study import Study
from mobiliteit.study_appendix import PARTS, Explained, load_appendix
from mobiliteit.study_schema import ClassTable
from mobiliteit.tables import TableResult

_TITLES = {
    "nl": {
        "appendix": "Bijlage voor studenten: de tabellen uitgelegd",
        "question": "De vraag",
        "test": "De toets en wat die aanneemt",
        "reading": "Zo leest u de tabel",
        "relation": "Berekend en gedrukt",
        "caution": "Wat u niet mag concluderen",
    },
    "en": {
        "appendix": "Appendix for students: the tables explained",
        "question": "The question",
        "test": "The test and what it assumes",
        "reading": "How to read the table",
        "relation": "Computed and printed",
        "caution": "What may not be concluded",
    },
}


@dataclass(frozen=True)
class AppendixPart:
    """The explanation of one table.

    Attributes
    ----------
    number : str
        Number of the table.
    heading : str
        Its number and title.
    paragraphs : tuple of (str, str)
        Title and plain text of each part, in order, numbers filled in.
    """

    number: str
    heading: str
    paragraphs: tuple[tuple[str, str], ...]


def appendix_title(lang: str) -> str:
    """Return the title of the appendix; AnalysisError for an unknown language."""
    wording.words(lang)
    return _TITLES[lang]["appendix"]


def appendix_parts(
    study: Study, results: Mapping[str, TableResult], lang: str = "nl"
) -> tuple[AppendixPart, ...]:
    """Explain tables, each with one of its own cells as an example.

    Parameters
    ----------
    study : Study
        Holds ``appendix.yaml``.
    results : mapping of str to TableResult
        The computed tables to explain, by number.
    lang : {'nl', 'en'}
        Language of text, labels and decimal sign.

    Returns
    -------
    tuple of AppendixPart
        In the order of `results`. An example that this wave cannot give shows an en dash.

    Raises
    ------
    StudyError
        The appendix cannot be used.
    AnalysisError
        There is no such language, or an example is no cell of its table: all of them together.
    """
    wording.words(lang)
    explained = load_appendix(study).tables
    problems: list[Problem] = []
    parts = []
    for number, result in results.items():
        entry = explained[number]
        filled = _example(entry, result, lang)
        if filled is None:
            example = entry.example
            what = f"table {number} has no cell {example.row} / {example.column}"
            problems.append(Problem(what, "Name another example in appendix.yaml."))
            continue
        texts = {part: getattr(getattr(entry, part), lang) for part in PARTS}
        texts["reading"] = texts["reading"].format(**filled)
        paragraphs = tuple((_TITLES[lang][part], text) for part, text in texts.items())
        parts.append(AppendixPart(number, wording.title(result, lang), paragraphs))
    if problems:
        raise AnalysisError("The tables cannot be explained.", problems)
    return tuple(parts)


def _example(entry: Explained, result: TableResult, lang: str) -> dict[str, str] | None:
    cells, example = result.cells, entry.example
    own = records(cells[(cells["row"] == example.row) & (cells["column"] == example.column)])
    if not own:
        return None
    cell = own[0]
    if lang == "en":
        cell = cell | {"unit": wording.english_units(result).get(example.row, "")}
    significance = result.wave.study.tables.significance
    legend = significance.legends[significance.default]
    heading = wording.row_groups(result, lang).get(example.row, "")
    row = wording.row_labels(result, lang, coding=False)[example.row]
    return {
        "value": format_cell(cell, legend, significance.difference, lang=lang),
        "row": f"{heading}: {row}" if isinstance(result.definition, ClassTable) else row,
        "column": wording.column_labels(result, lang)[example.column],
        "n": str(own[0]["n"]),
    }
