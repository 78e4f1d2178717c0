"""The codebook of a wave as a readable page, in Dutch or English."""

from __future__ import annotations

import html
import math
from collections.abc import Iterable, Mapping, Sequence

from mobiliteit.render.numbers import format_number
from mobiliteit.render.page import page
from mobiliteit.render.page_parts import Cell, paragraph, section, small, strong, table_html
from mobiliteit.render.wording import words
from mobiliteit.replication.variables import Described, describe_variables, roles
from mobiliteit.study_schema import Label
from mobiliteit.wave import Wave

NAMES = {"nl": "codeboek.html", "en": "codebook.html"}
# Room for a label with its count on one line, and for all columns beside each other on a laptop.
STYLE = (
    "table.data td:nth-child(2) { min-width: 13em; }"
    " table.data td:nth-child(3) { min-width: 19.5em; }"
    " table.data th, table.data td { padding-left: .3em; padding-right: .3em; }"
)
LEVELS = {
    "nl": {
        "nominal": "nominaal",
        "ordinal": "ordinaal",
        "interval": "interval",
        "binary": "ja of nee (0/1)",
    },
    "en": {
        "nominal": "nominal",
        "ordinal": "ordinal",
        "interval": "interval",
        "binary": "yes or no (0/1)",
    },
}
HEADERS = {
    "nl": (
        "Kolom",
        "Vraag of omschrijving",
        "Waarden (aantal)",
        "Ontbreekt",
        "n",
        "niet beantwoord",
        "niet gevraagd",
        "gemiddelde (sd)",
    ),
    "en": (
        "Column",
        "Question or description",
        "Values (count)",
        "Missing",
        "n",
        "not answered",
        "not asked",
        "mean (sd)",
    ),
}
WORDS = {
    "nl": {
        "title": "Codeboek",
        "of": "Codeboek van golf {wave}",
        "intro": "{n} respondenten, {columns} kolommen. De kolommen staan in"
        " data_clean/{wave}.parquet; wat ontbreekt is daar leeg. De codes voor ontbrekende"
        " antwoorden zijn die van de vragenlijst; hoeveel er om welke reden leeg werden staat in"
        " data_clean/{wave}_ledger.csv.",
        "ours": "Het rapport drukt geen vragenlijst af. De bewoording van items, de antwoorden en"
        " de schalen zijn afgeleid uit hoe het rapport elk begrip beschrijft; wat is aangenomen"
        " staat erbij, in het Engels.",
        "weighted": "Gemiddelden en standaarddeviaties zijn gewogen; aantallen zijn mensen.",
        "empty": "Niet gevraagd: een eerder antwoord sloot de vraag, of deze golf stelde haar niet;"
        " een score of afgeleide kolom als niets ervan is gevraagd. Niet beantwoord: leeg, al werd"
        " er iets gevraagd. sd: standaarddeviatie.",
        "asked": "Gevraagd als: {}.",
        "made": "Gemaakt: {}.",
        "from": "Uit: {}.",
        "reversed": "Gespiegeld: bij de codes staat het antwoord dat werd gegeven.",
        "page": "Rapport: p. {}{}.",
        "tables": ", tabel {}",
        "assumption": "Aanname: ",
        "to": "{} tot en met {}",
        "level": "Meetniveau: {}.",
    },
    "en": {
        "title": "Codebook",
        "of": "Codebook of wave {wave}",
        "intro": "{n} respondents, {columns} columns. The columns are in"
        " data_clean/{wave}.parquet; what is missing is empty there. The codes of missing answers"
        " are those of the questionnaire; how many became empty for which reason is in"
        " data_clean/{wave}_ledger.csv.",
        "ours": "The report prints no questionnaire. The wording of items, the answers and the"
        " scales are inferred from how the report describes each concept; what is assumed stands"
        " beside it.",
        "weighted": "Means and standard deviations are weighted; counts are people.",
        "empty": "Not asked: an earlier answer closed the question, or this wave did not have it;"
        " a score or a derived column where nothing of it was asked. Not answered: empty, though"
        " something was asked. sd: standard deviation.",
        "asked": "Asked when: {}.",
        "made": "Made: {}.",
        "from": "From: {}.",
        "reversed": "Mirrored: beside the codes stand the answers that were given.",
        "page": "Report: p. {}{}.",
        "tables": ", table {}",
        "assumption": "Assumption: ",
        "to": "{} to {}",
        "level": "Level: {}.",
    },
}


def codebook_html(
    wave: Wave, lang: str = "nl", variables: Sequence[Described] | None = None
) -> str:
    """Write the codebook of a wave as a page.

    Parameters
    ----------
    wave : Wave
        The wave. With weights, means are weighted, and the page says so.
    lang : {'nl', 'en'}
        Language of labels and numbers; assumptions are in English.
    variables : sequence of Described, optional
        Of :func:`mobiliteit.replication.variables.describe_variables`, when made already.

    Returns
    -------
    str
        A whole HTML document that needs nothing from outside, with the mark of the wave: per role
        a table with every column, its values and how many have them, its missing codes, n, and
        mean with standard deviation.

    Raises
    ------
    AnalysisError
        There is no such language.
    """
    general, say = words(lang), WORDS[lang]
    variables = describe_variables(wave) if variables is None else variables
    title = say["of"].format(wave=wave.id)
    facts = {"n": len(wave.frame), "columns": len(variables), "wave": wave.id}
    described = wave.descriptor.title_nl if lang == "nl" else wave.descriptor.title_en
    body = [f"<h1>{html.escape(title)}</h1>", paragraph(f"{described}.")]
    if wave.synthetic:
        body.append(strong(general["no_evidence"]))
    body += [paragraph(say["intro"].format(**facts)), paragraph(say["ours"])]
    for role, label in roles(wave.study).items():
        members = [entry for entry in variables if entry.role == role]
        if members:
            body.append(section(getattr(label, lang), _role(wave, members, lang)))
    links = {name: WORDS[key]["title"] for key, name in NAMES.items()}
    return page(
        title,
        "\n".join(body),
        mark=wave.mark(lang),
        lang=lang,
        style=STYLE,
        links=links,
        current=NAMES[lang],
    )


def _role(wave: Wave, members: Sequence[Described], lang: str) -> list[str]:
    say = WORDS[lang]
    headers = [Cell(text, "text" if k < 4 else "") for k, text in enumerate(HEADERS[lang])]
    notes = [say["empty"], *([say["weighted"]] if wave.weights is not None else [])]
    rows = [_row(entry, lang) for entry in members]
    return [table_html(headers, rows), small(" ".join(notes))]


def _row(entry: Described, lang: str) -> list[str | Cell]:
    name = f"<code>{html.escape(entry.name)}</code>"
    return [
        Cell(name, "indent" if entry.kind == "item" else "", markup=True),
        Cell(_described(entry, lang), "text", markup=True),
        Cell(_values(entry, lang), "text", markup=True),
        Cell(_missing(entry.missing or {}, lang), "text", markup=True),
        str(entry.n),
        str(entry.n_missing - entry.n_not_asked),
        str(entry.n_not_asked),
        _mean(entry, lang),
    ]


def _described(entry: Described, lang: str) -> str:
    """Say what was asked, and under it in small print what goes with it."""
    say = WORDS[lang]
    label = html.escape(getattr(entry.label, lang))
    head = label if entry.kind == "item" else f"<strong>{label}</strong>"
    facts = [] if entry.kind == "item" else [say["level"].format(LEVELS[lang][entry.level])]
    if entry.made:
        facts.append(say["made"].format(getattr(entry.made, lang)))
    if entry.of:
        facts.append(say["from"].format(", ".join(entry.of)))
    if entry.asked:
        facts.append(say["asked"].format(getattr(entry.asked, lang)))
    if entry.reversed:
        facts.append(say["reversed"])
    facts += [f"{getattr(note, lang).capitalize()}." for note in entry.notes]
    if entry.page and entry.kind != "item":
        tables = say["tables"].format(", ".join(entry.tables)) if entry.tables else ""
        facts.append(say["page"].format(entry.page, tables))
    parts = [head, html.escape(" ".join(facts))]
    if entry.assumption:
        language = ' lang="en"' if lang != "en" else ""
        said = html.escape(entry.assumption)
        parts.append(f"{say['assumption']}<span{language}>{said}</span>")
    small_print = "<br>".join(filter(None, parts[1:]))
    return f"{parts[0]}<br><small>{small_print}</small>" if small_print else parts[0]


def _values(entry: Described, lang: str) -> str:
    if entry.categories:
        return _lines(
            f"{one.value} = {getattr(one.label, lang)} ({one.n})" for one in entry.categories
        )
    if entry.range is None:
        return ""
    between = WORDS[lang]["to"].format(*(f"{value:g}" for value in entry.range))
    unit = f" {getattr(entry.unit, lang)}" if entry.unit else ""
    return html.escape(f"{between}{unit}")


def _missing(codes: Mapping[int, Label], lang: str) -> str:
    return _lines(f"{code} = {getattr(why, lang)}" for code, why in codes.items())


def _lines(texts: Iterable[str]) -> str:
    return "<br>".join(map(html.escape, texts))


def _mean(entry: Described, lang: str) -> str:
    found = entry.summary
    if found is None or entry.level == "nominal":
        return ""
    weighted = math.isfinite(found.weighted_mean)
    mean = found.weighted_mean if weighted else found.mean
    sd = found.weighted_sd if weighted else found.sd
    return f"{format_number(mean, 2, lang=lang)} ({format_number(sd, 2, lang=lang)})"
