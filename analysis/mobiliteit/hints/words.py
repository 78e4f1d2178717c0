"""A comparison of a student's numbers in words, in Dutch and English."""

from __future__ import annotations

from collections.abc import Iterator

from mobiliteit.claims.terms import Text
from mobiliteit.hints.reading import labels_of
from mobiliteit.hints.recipe import SIGNIFICANT
from mobiliteit.hints.result import Choice, Explanation, Hints
from mobiliteit.render import wording
from mobiliteit.render.numbers import format_number
from mobiliteit.render.page_parts import paragraph, strong, table_html
from mobiliteit.render.tables import records

MOST_CELLS = 6
MORE_DECIMALS = 1  # that the computed number is shown with beyond the student's

_SAY = {
    "nl": {
        "all": "Alle {n} getallen van {table} komen overeen met de berekende.",
        "some": "Van de {n} getallen van {table} komen er {right} overeen met de berekende;"
        " {wrong} niet.",
        "cause": "Waarschijnlijke oorzaak van {n} verschil(len): {done}. {why}",
        "possible": "Mogelijke oorzaak van {n} verschil(len): {done}. {why} Het zijn te weinig"
        " cijfers om toeval uit te sluiten.",
        "or": "Dezelfde getallen geeft ook: {done}.",
        "and": "; en bovendien: ",
        "where": "Het gaat om {cells}.",
        "unknown": "Voor {n} verschil(len) geeft geen gewoonte die we kennen dit getal: {cells}."
        " Kijk naar een typefout, of naar een stap die hier niet is geprobeerd.",
        "tried": "Geprobeerd zijn {n} manieren van rekenen.",
        "more": "en nog {n}",
        "head": ("Rij", "Kolom", "Uw getal", "Berekend", "Oordeel"),
        "right": "komt overeen",
        "none": "geen oorzaak bekend",
        "verdict": ("Nee", "Ja"),
    },
    "en": {
        "all": "All {n} numbers of {table} agree with the computed ones.",
        "some": "Of the {n} numbers of {table}, {right} agree with the computed ones and {wrong}"
        " do not.",
        "cause": "Likely cause of {n} difference(s): {done}. {why}",
        "possible": "Possible cause of {n} difference(s): {done}. {why} The digits are too few to"
        " rule out chance.",
        "or": "The same numbers come from: {done}.",
        "and": "; and also: ",
        "where": "This is about {cells}.",
        "unknown": "For {n} difference(s) no convention that we know gives this number: {cells}."
        " Look for a slip of the pen, or for a step that was not tried here.",
        "tried": "{n} ways of computing were tried.",
        "more": "and {n} more",
        "head": ("Row", "Column", "Your number", "Computed", "Verdict"),
        "right": "agrees",
        "none": "no cause known",
        "verdict": ("No", "Yes"),
    },
}


def sentences(hints: Hints, lang: str) -> Iterator[str]:
    """Write the comparison, one paragraph each.

    Parameters
    ----------
    hints : Hints
        The comparison.
    lang : {'nl', 'en'}
        Language.

    Yields
    ------
    str
        What agrees, then cause by cause, what has no known cause, and the notes.

    Raises
    ------
    AnalysisError
        There is no such language.
    """
    table = f"{wording.words(lang)['table'].lower()} {hints.result.number}"
    say = _SAY[lang]
    right, n = int(hints.frame["agrees"].sum()), len(hints.frame)
    text = str(say["all" if right == n else "some"])
    yield text.format(n=n, table=table, right=right, wrong=n - right)
    for entry in hints.explanations:
        yield _cause(entry, hints, lang)
    rest = hints.unexplained
    if len(rest):
        keys = list(zip(rest["row"], rest["column"], strict=True))
        yield str(say["unknown"]).format(n=len(rest), cells=_cells(keys, hints, lang))
    if hints.tried:
        yield str(say["tried"]).format(n=hints.tried)
    for note in hints.notes:
        yield getattr(note, lang)
    if hints.result.wave.mark(lang):
        yield hints.result.wave.mark(lang)


def _cause(entry: Explanation, hints: Hints, lang: str) -> str:
    say = _SAY[lang]
    first = _done(entry.conventions, lang)
    why = " ".join(getattr(convention.why, lang) for convention in entry.conventions)
    text = str(say["cause" if entry.certain else "possible"])
    parts = [text.format(n=len(entry.keys), done=first, why=why)]
    parts += [str(say["or"]).format(done=_done(choice, lang)) for choice in entry.alternatives]
    if len(entry.keys) < len(hints.frame):
        keys = [(key.row, key.column) for key in entry.keys]
        parts.append(str(say["where"]).format(cells=_cells(keys, hints, lang)))
    return " ".join(parts)


def _done(choice: Choice, lang: str) -> str:
    return str(_SAY[lang]["and"]).join(getattr(convention.done, lang) for convention in choice)


def _cells(keys: list[tuple[str, str]], hints: Hints, lang: str) -> str:
    labels = labels_of(hints.result)
    named = list(dict.fromkeys(" / ".join(_label(labels, name, lang) for name in k) for k in keys))
    shown = "; ".join(named[:MOST_CELLS])
    left = len(named) - MOST_CELLS
    return f"{shown} ({str(_SAY[lang]['more']).format(n=left)})" if left > 0 else shown


def _label(labels: dict[str, Text], name: str, lang: str) -> str:
    return str(getattr(labels[name], lang)) if name in labels else name


def hints_html(hints: Hints, lang: str = "nl") -> str:
    """Write the comparison as HTML: the sentences, and a table of what differs.

    Parameters
    ----------
    hints : Hints
        The comparison.
    lang : {'nl', 'en'}
        Language.

    Returns
    -------
    str
        HTML for a notebook, without anything from outside.

    Raises
    ------
    AnalysisError
        There is no such language.
    """
    first, *rest = sentences(hints, lang)
    parts = [strong(first), *(paragraph(text) for text in rest)]
    say, labels = _SAY[lang], labels_of(hints.result)
    causes = {entry.id: _done(entry.conventions, lang) for entry in hints.explanations}
    rows = []
    for cell in records(hints.frame[~hints.frame["agrees"]]):
        computed = format_number(cell["computed"], cell["decimals"] + MORE_DECIMALS, lang=lang)
        if cell["statistic"] == SIGNIFICANT and cell["computed"] in (0.0, 1.0):
            computed = say["verdict"][int(cell["computed"])]
        row, column = (_label(labels, cell[line], lang) for line in ("row", "column"))
        verdict = causes.get(cell["cause"], str(say["none"]))
        rows.append((row, column, cell["given"], computed, verdict))
    if rows:
        parts.append(table_html(list(say["head"]), rows))
    return "\n".join(parts)
