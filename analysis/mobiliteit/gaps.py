"""What a wave lacks or asked otherwise, and which cells of a table that touches.

A codebook column under `absent` in ``wave.yaml`` was not asked in the wave. What rests on it is a
marked gap: the reason stands with it, apart from the case that a question was asked and nobody in
a group answered it. What was asked on another scale, and carried over, is marked too.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import pandas as pd

from mobiliteit.descriptor import rescale_note
from mobiliteit.study_schema import FrequencyTable, GroupTable, RegressionTable, Table
from mobiliteit.wave import Wave

NOT_ASKED = {"nl": "niet gevraagd in deze golf", "en": "not asked in this wave"}
PARTLY = {
    "nl": "in deze golf zonder {absent} van de {total} vragen",
    "en": "in this wave without {absent} of its {total} questions",
}
NO_MODEL = "dit model is met deze golf niet te schatten"


def gap(wave: Wave, name: str, lang: str = "nl") -> str:
    """Say why a wave cannot give a variable, or not as the study means it.

    Parameters
    ----------
    wave : Wave
        The wave.
    name : str
        A variable, derived or not.
    lang : {'nl', 'en'}
        Language of the sentence; the reasons are those of the sidecar.

    Returns
    -------
    str
        Empty when all its questions were asked. With the reasons in brackets: not asked, or (for a
        scale, or a mean of several) how many of its questions were not.
    """
    absent = wave.descriptor.absent
    if not absent:
        return ""
    questions = wave.study.questions(name)
    lacking = [question for question in questions if question in absent]
    if not lacking:
        return ""
    reasons = "; ".join(dict.fromkeys(absent[question] for question in lacking))
    if len(lacking) == len(questions):
        return f"{NOT_ASKED[lang]} ({reasons})"
    return f"{PARTLY[lang].format(absent=len(lacking), total=len(questions))} ({reasons})"


def unavailable(wave: Wave, names: Iterable[str], lang: str = "nl") -> str:
    """Say which of several variables nobody has because the wave did not ask for them.

    Parameters
    ----------
    wave : Wave
        The wave.
    names : iterable of str
        Variables, such as those of a model.
    lang : {'nl', 'en'}
        Language.

    Returns
    -------
    str
        Such as ``Leeftijd: niet gevraagd in deze golf (...)``, joined with semicolons; empty when
        there is none. A scale that still has a score without some of its items is not among them.
    """
    found = {name: gap(wave, name, lang) for name in dict.fromkeys(names)}
    return "; ".join(
        f"{wave.study.label(name, lang)}: {text}"
        for name, text in found.items()
        if text and wave.frame[name].isna().all()
    )


def mark_gap(wave: Wave, table: Table, cell: Mapping[str, Any]) -> dict[str, Any]:
    """Put the gaps that a cell of a table rests on into its note.

    Parameters
    ----------
    wave : Wave
        The wave.
    table : Table
        The definition of the table.
    cell : mapping
        With ``row``, ``column``, ``value`` and ``note``.

    Returns
    -------
    dict
        The cell. Where it has no number, what the wave lacks replaces the note; where it has one
        all the same (a scale of which some items were asked), it is added as a caution.
    """
    empty = pd.isna(cell["value"])
    own, whole_model = _variables(table, str(cell["row"]), str(cell["column"]))
    note = str(cell.get("note", ""))
    if empty and whole_model:
        lacking = unavailable(wave, whole_model)
        return {**cell, "note": f"{NO_MODEL}: {lacking}" if lacking else note}
    texts = {name: gap(wave, name) for name in own}
    if empty:
        texts = {n: text for n, text in texts.items() if wave.frame[n].isna().all()} or texts
    lacking = "; ".join(dict.fromkeys(filter(None, texts.values())))
    kept = "" if empty and lacking else note
    return {**cell, "note": "; ".join(filter(None, [lacking, kept]))}


def mark_rescaled(wave: Wave, table: Table, cell: Mapping[str, Any]) -> dict[str, Any]:
    """Say in the note of a cell that answers behind it came from another scale.

    Parameters
    ----------
    wave : Wave
        The wave; ``rescale`` in its sidecar says which columns were carried over.
    table : Table
        The definition of the table.
    cell : mapping
        With ``row``, ``column``, ``value`` and ``note``.

    Returns
    -------
    dict
        The cell, its note added to where it has a number. An explained variance rests on all the
        variables of its model, any other cell on those that it shows.
    """
    own, whole_model = _variables(table, str(cell["row"]), str(cell["column"]))
    if isinstance(table, RegressionTable) and cell["row"] == table.explained_variance:
        own = whole_model
    found = (rescale_note(wave.descriptor, wave.study, name) for name in own)
    texts = () if pd.isna(cell["value"]) else found
    parts = dict.fromkeys(filter(None, (str(cell.get("note", "")), *texts)))
    return {**cell, "note": "; ".join(parts)}


def _variables(table: Table, row: str, column: str) -> tuple[list[str], list[str]]:
    """List the variables that a cell shows, and for a regression all those of its model."""
    if isinstance(table, GroupTable):
        return [table.rows[row].variable or row], []
    if isinstance(table, FrequencyTable):
        return [table.variable], []
    if isinstance(table, RegressionTable):
        model = table.columns[column]
        shown = [row] if row != table.explained_variance else []
        return [*shown, model.outcome], [model.outcome, *(model.predictors or table.rows)]
    factor = max((name for name in table.factors if row.startswith(f"{name}_")), key=len)
    return [table.columns[column].variable or column, table.factors[factor]], []
