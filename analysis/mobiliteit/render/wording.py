"""Words of tables and figures in Dutch and English, and labels of rows and columns."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from itertools import pairwise

from mobiliteit.errors import AnalysisError, Problem
from mobiliteit.render import weight_words
from mobiliteit.render.numbers import describe_legend, format_number
from mobiliteit.study import Study
from mobiliteit.study_schema import ClassTable, FrequencyTable, GroupTable, RegressionTable
from mobiliteit.tables import DIFFERENCE, TOTAL, TableResult

# A sign beside the colour, so that a difference can be seen in black and white too.
SIGNS = {"exact": "", "last_digit": "≈", "different": "≠", "not_computable": "∅"}
VERDICTS = tuple(SIGNS)

_WORDS: dict[str, dict[str, str]] = {
    "nl": {
        "table": "Tabel",
        "figure": "Figuur",
        "computed": "berekend",
        "published": "gedrukt",
        "total": "Totaal",
        "count": "Aantal",
        "percent": "Percentage",
        "difference": "Significant verschil?",
        "explained": "Verklaarde variantie",
        "model": "Model",
        "exact": "gelijk",
        "last_digit": "laatste cijfer anders",
        "different": "anders",
        "not_computable": "niet te berekenen",
        "cells": "cellen",
        "stars": "Sterren",
        "signs": "Tekens",
        "no_sign": "zonder teken: gelijk aan het gedrukte getal",
        "anova": "eenwegsvariantie-analyse (F-toets)",
        "chi2": "Pearsons chi-kwadraattoets zonder continuïteitscorrectie",
        "ols": "gewone kleinste kwadraten met gestandaardiseerde coëfficiënten (bèta), F-toets van"
        " de verklaarde variantie",
        "test": "Toets",
        "no_test": "geen; aantallen en percentages",
        "yes_below": "Ja: p <",
        "star_below": "* bij de eerste klasse: de klassen verschillen, p <",
        "missing": "Ontbrekende antwoorden",
        "missing_pairwise": "per rij weggelaten; n is het kleinste en grootste aantal per kolom",
        "missing_listwise": "wie op een variabele van het model geen antwoord gaf, telt in dat"
        " model niet mee; n is dat aantal",
        "missing_none": "weggelaten uit de telling",
        "note": "Opmerking",
        "whole_table": "de hele tabel",
        "source": "Gedrukte getallen",
        "page": "p.",
        "scorecard": "Scorekaart: berekende tegenover gedrukte cellen",
        "mean": "gemiddelde",
        "beta_short": "gestandaardiseerde bèta",
        "computed_legend": "berekend (gevuld)",
        "published_legend": "gedrukt (open)",
        "equal_of": "gelijk",
        "wave": "Golf",
        "row": "Rij van de tabel",
        "column": "Kolom",
        "verdict": "Oordeel",
        "all_equal": "Alle cellen zijn gelijk.",
        "no_evidence": "Synthetisch: wat hier staat is geen nieuwe bevinding en geen bewijs.",
        "sheet_n": "n",
    },
    "en": {
        "table": "Table",
        "figure": "Figure",
        "computed": "computed",
        "published": "printed",
        "total": "Total",
        "count": "Count",
        "percent": "Percentage",
        "difference": "Significant difference?",
        "explained": "Explained variance",
        "model": "Model",
        "exact": "equal",
        "last_digit": "last digit differs",
        "different": "different",
        "not_computable": "not computable",
        "cells": "cells",
        "stars": "Stars",
        "signs": "Signs",
        "no_sign": "no sign: equal to the printed number",
        "anova": "one-way analysis of variance (F test)",
        "chi2": "Pearson's chi-square test without continuity correction",
        "ols": "ordinary least squares with standardized coefficients (beta), F test of the"
        " explained variance",
        "test": "Test",
        "no_test": "none; counts and percentages",
        "yes_below": "Yes: p <",
        "star_below": "* on the first class: the classes differ, p <",
        "missing": "Missing answers",
        "missing_pairwise": "left out row by row; n is the smallest and largest number per column",
        "missing_listwise": "a respondent without an answer on a variable of the model is left out"
        " of that model; n is what remains",
        "missing_none": "left out of the count",
        "note": "Note",
        "whole_table": "the whole table",
        "source": "Printed numbers",
        "page": "p.",
        "scorecard": "Scorecard: computed against printed cells",
        "mean": "mean",
        "beta_short": "standardized beta",
        "computed_legend": "computed (filled)",
        "published_legend": "printed (open)",
        "equal_of": "equal",
        "wave": "Wave",
        "row": "Row of the table",
        "column": "Column",
        "verdict": "Verdict",
        "all_equal": "All cells are equal.",
        "no_evidence": "Synthetic: nothing here is a new finding, nor evidence.",
        "sheet_n": "n",
    },
}


def words(lang: str) -> Mapping[str, str]:
    """Return the wording in a language.

    Parameters
    ----------
    lang : {'nl', 'en'}
        Language.

    Returns
    -------
    mapping of str to str
        Key to text.

    Raises
    ------
    AnalysisError
        There is no wording in that language.
    """
    if lang not in _WORDS:
        problem = Problem(f"there is no language {lang!r}", f"Use one of: {', '.join(_WORDS)}.")
        raise AnalysisError("Tables and figures cannot be written.", [problem])
    return _WORDS[lang]


def title(result: TableResult, lang: str) -> str:
    """Return number and title of a table."""
    text = result.definition.title_nl if lang == "nl" else result.definition.title_en
    return f"{words(lang)['table']} {result.number}. {text}"


def variable_label(study: Study, name: str, lang: str, *, coding: bool = False) -> str:
    """Label of a variable, with its coding where asked for.

    Parameters
    ----------
    study : Study
        Holds the codebook.
    name : str
        A variable, derived or not.
    lang : {'nl', 'en'}
        Language.
    coding : bool
        Add ``(1-5)`` for a scale, ``(0 = vrouw, 1 = man)`` for a binary variable, or the unit.

    Returns
    -------
    str
        The label.
    """
    label = study.label(name, lang)
    if not coding or name not in study.codebook.variables:
        return label
    answers = study.codebook.answers(name)
    codes = {code: entry.nl if lang == "nl" else entry.en for code, entry in answers.values.items()}
    unit = answers.unit_nl if lang == "nl" else answers.unit_en
    if answers.level == "binary":
        # No-break spaces keep each code with its meaning.
        pairs = [
            f"{code}\N{NO-BREAK SPACE}=\N{NO-BREAK SPACE}{text}" for code, text in codes.items()
        ]
        return f"{label} ({', '.join(pairs)})"
    if answers.level == "ordinal":
        return f"{label} ({min(codes)}–{max(codes)})"
    return f"{label} ({unit})" if unit else label


def row_labels(result: TableResult, lang: str, *, coding: bool = True) -> dict[str, str]:
    """Labels of the rows of a table, in its order.

    Parameters
    ----------
    result : TableResult
        A computed table.
    lang : {'nl', 'en'}
        Language.
    coding : bool
        Say how a variable is coded, as the report does.

    Returns
    -------
    dict
        Row key to label. A row of percentages names the answer that is counted.
    """
    study, table, say = result.wave.study, result.definition, words(lang)
    which = 0 if lang == "nl" else 1
    labels: dict[str, str] = {}
    if isinstance(table, FrequencyTable):
        labels = {
            key: _capital(pair[which]) for key, pair in study.categories(table.variable).items()
        }
        labels[TOTAL] = say["total"]
    elif isinstance(table, GroupTable):
        for name, row in table.rows.items():
            variable = row.variable or name
            if (row.statistic or table.statistic) == "percent":
                counted = _counted_answer(study, variable, lang)
                labels[name] = study.label(variable, lang) + (
                    f", %\N{NO-BREAK SPACE}{counted}" if coding else ""
                )
            else:
                labels[name] = variable_label(study, variable, lang, coding=coding)
    elif isinstance(table, RegressionTable):
        labels = {name: variable_label(study, name, lang, coding=coding) for name in table.rows}
        labels[table.explained_variance] = say["explained"]
    elif isinstance(table, ClassTable):
        for factor, classed in table.factors.items():
            for key, pair in study.categories(classed).items():
                labels[f"{factor}_{key}"] = pair[which]
    return {row: labels.get(row, row) for row in dict.fromkeys(result.cells["row"])}


def row_groups(result: TableResult, lang: str) -> dict[str, str]:
    """Headings above the rows of a table.

    Parameters
    ----------
    result : TableResult
        A computed table.
    lang : {'nl', 'en'}
        Language.

    Returns
    -------
    dict
        Row key to heading: the factor of a class, or the role of a variable. Empty where the table
        has one role only, or where roles alternate.
    """
    study, table = result.wave.study, result.definition
    if isinstance(table, ClassTable):
        return {
            f"{factor}_{key}": study.label(classed, lang)
            for factor, classed in table.factors.items()
            for key in study.categories(classed)
        }
    if not isinstance(table, GroupTable):
        return {}
    book = study.codebook
    roles = {
        name: (book.variables.get(row.variable or name) or book.derived[row.variable or name]).role
        for name, row in table.rows.items()
    }
    order = list(roles.values())
    changes = 1 + sum(before != after for before, after in pairwise(order))
    if changes != len(set(order)) or len(set(order)) == 1:
        return {}
    labels = {role: entry.nl if lang == "nl" else entry.en for role, entry in book.roles.items()}
    return {name: labels[role] for name, role in roles.items()}


def english_units(result: TableResult) -> dict[str, str]:
    """Units that stand behind the means of a table, in English: row key to unit."""
    table = result.definition
    rows = table.rows if isinstance(table, GroupTable) else {}
    return {name: row.unit_en for name, row in rows.items() if row.unit_en}


def column_labels(result: TableResult, lang: str) -> dict[str, str]:
    """Labels of the columns of a table, in its order.

    Parameters
    ----------
    result : TableResult
        A computed table.
    lang : {'nl', 'en'}
        Language.

    Returns
    -------
    dict
        Column key to label. Models with the same outcome are numbered.
    """
    study, table, say = result.wave.study, result.definition, words(lang)
    which = 0 if lang == "nl" else 1
    labels: dict[str, str] = {}
    if isinstance(table, FrequencyTable):
        labels = {name: say[statistic] for name, statistic in table.columns.items()}
    elif isinstance(table, GroupTable):
        labels = {key: _capital(pair[which]) for key, pair in study.categories(table.by).items()}
        labels[DIFFERENCE] = say["difference"]
    elif isinstance(table, RegressionTable):
        outcomes = Counter(model.outcome for model in table.columns.values())
        numbered = max(outcomes.values()) > 1
        for position, (name, model) in enumerate(table.columns.items(), start=1):
            label = study.label(model.outcome, lang)
            labels[name] = f"{say['model']} {position}: {label}" if numbered else label
    elif isinstance(table, ClassTable):
        labels = {
            name: study.label(entry.variable or name, lang) for name, entry in table.columns.items()
        }
    return {name: labels.get(name, name) for name in dict.fromkeys(result.cells["column"])}


def method_notes(result: TableResult, legend: Mapping[str, float], lang: str) -> list[str]:
    """Say which test a table uses, what its marks mean, and what missing values and weights do.

    Parameters
    ----------
    result : TableResult
        A computed table.
    legend : mapping of str to float
        Star to level.
    lang : {'nl', 'en'}
        Language.

    Returns
    -------
    list of str
        One sentence per note.
    """
    table, say = result.definition, words(lang)
    level = format_number(result.wave.study.tables.significance.difference, 2, lang=lang)
    weighted = weight_words.WORDS[lang]
    has_weights = result.wave.weights is not None
    means = weighted["F_design"] if has_weights else say["anova"]
    tests = {
        "F": say["anova"],
        "chi2": say["chi2"],
        "F_design": weighted["F_design"],
        "F_rao_scott": weighted["F_rao_scott"],
        "beta": weighted["ols"] if has_weights else say["ols"],
        "mean": means if isinstance(table, ClassTable) else "",
    }
    used = list(dict.fromkeys(tests.get(name, "") for name in result.cells["statistic"]))
    named = "; ".join(test for test in used if test) or say["no_test"]
    notes = [f"{say['test']}: {named}."]
    if isinstance(table, RegressionTable):
        notes.append(f"{say['stars']}: {describe_legend(legend, lang)}.")
        notes.append(f"{say['missing']}: {say['missing_listwise']}.")
    elif isinstance(table, FrequencyTable):
        notes.append(f"{say['missing']}: {say['missing_none']}.")
    else:
        mark = say["star_below"] if isinstance(table, ClassTable) else say["yes_below"]
        notes.append(f"{mark} {level}.")
        notes.append(f"{say['missing']}: {say['missing_pairwise']}.")
    if has_weights:
        notes.append(weight_words.weight_note(result.wave, lang))
    return notes


def sign_note(lang: str) -> str:
    """Explain the signs of the verdicts."""
    say = words(lang)
    parts = [f"{sign} {say[verdict]}" for verdict, sign in SIGNS.items() if sign]
    return f"{say['signs']}: {', '.join(parts)}; {say['no_sign']}."


def n_text(least: int, most: int) -> str:
    """Write the number of respondents, as a range where it differs by row."""
    return f"n = {most}" if least == most else f"n = {least}–{most}"


def answer_bounds(study: Study, name: str) -> tuple[float, float] | None:
    """Lowest and highest answer of an ordinal variable or scale; None for other variables."""
    if name not in study.codebook.variables:
        return None
    answers = study.codebook.answers(name)
    return (min(answers.values), max(answers.values)) if answers.level == "ordinal" else None


def _counted_answer(study: Study, variable: str, lang: str) -> str:
    if variable in study.codebook.derived:
        classes = study.codebook.derived[variable].classes.values()
        label = next((entry for entry in classes if entry.code == 1), None)
    else:
        label = study.codebook.answers(variable).values.get(1)  # type: ignore[assignment]
    if label is None:
        return "1"
    return label.nl if lang == "nl" else label.en


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
