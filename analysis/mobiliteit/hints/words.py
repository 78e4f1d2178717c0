"""A comparison of a student's numbers in words, in Dutch and English."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from mobiliteit.claims.terms import Text
from mobiliteit.hints.reading import labels_of
from mobiliteit.hints.recipe import SIGNIFICANT
from mobiliteit.hints.result import Choice, Explanation, Hints
from mobiliteit.hints.stars import legend_of
from mobiliteit.render import wording
from mobiliteit.render.numbers import describe_legend, format_number
from mobiliteit.render.page_parts import paragraph, strong, table_html
from mobiliteit.render.tables import records

MOST_CELLS = 6
_MARKS = {"given": "stars", "computed": "computed_stars"}
MORE_DECIMALS = 1  # that the computed number is shown with beyond the student's

_SAY = {
    "nl": {
        "all": ("Het getal van {table} komt overeen met het berekende.",
                "Alle {n} getallen van {table} komen overeen met de berekende."),
        "nothing": ("Het getal van {table} komt niet overeen met het berekende.",
                    "Geen van de {n} getallen van {table} komt overeen met het berekende."),
        "some": ("Van de {n} getallen van {table} komt er 1 overeen met het berekende;"
                 " {wrong} niet.",
                 "Van de {n} getallen van {table} komen er {right} overeen met de berekende;"
                 " {wrong} niet."),
        "differences": ("één verschil", "{n} verschillen"),
        "cause": "Waarschijnlijke oorzaak van {differences}: {done}. {why}",
        "possible": "Mogelijke oorzaak van {differences}: {done}. {why} Het zijn te weinig"
        " cijfers om toeval uit te sluiten.",
        "or": "Dezelfde getallen geeft ook: {done}.",
        "and": "; en bovendien: ",
        "where": "Het gaat om {cells}.",
        "unknown": ("Eén verschil volgt uit geen gewoonte die we kennen: {cells}. {look}",
                    "{n} verschillen volgen uit geen gewoonte die we kennen: {cells}. {look}"),
        "look": "Kijk naar een typefout, of naar een stap die hier niet is geprobeerd.",
        "tried": "Geprobeerd zijn {n} manieren van rekenen.",
        "stars": ("De sterren bij één getal zijn vergeleken, en kloppen.",
                  "De sterren bij {n} getallen zijn vergeleken, en kloppen."),
        "other_stars": ("Bij één getal staan andere sterren: {cells}.",
                        "Bij {n} getallen staan andere sterren: {cells}."),
        "instead": "{given} in plaats van {computed}",
        "no_star": "geen ster",
        "stars_cause": "Uw sterren passen bij {cause}. Hier geldt {legend}.",
        "stars_unknown": "Geen regel die we kennen geeft al uw sterren. Hier geldt {legend}.",
        "more": "en nog {n}",
        "head": ("Rij", "Kolom", "Uw getal", "Berekend", "Oordeel"),
        "right": "komt overeen",
        "none": "geen oorzaak bekend",
        "verdict": ("Nee", "Ja"),
        "stars_differ": "andere sterren",
    },
    "en": {
        "all": ("The number of {table} agrees with the computed one.",
                "All {n} numbers of {table} agree with the computed ones."),
        "nothing": ("The number of {table} does not agree with the computed one.",
                    "None of the {n} numbers of {table} agrees with the computed one."),
        "some": ("Of the {n} numbers of {table}, 1 agrees with the computed one and {wrong} not.",
                 "Of the {n} numbers of {table}, {right} agree with the computed ones and {wrong}"
                 " not."),
        "differences": ("one difference", "{n} differences"),
        "cause": "Likely cause of {differences}: {done}. {why}",
        "possible": "Possible cause of {differences}: {done}. {why} The digits are too few to"
        " rule out chance.",
        "or": "The same numbers come from: {done}.",
        "and": "; and also: ",
        "where": "This is about {cells}.",
        "unknown": ("One difference follows from no convention that we know: {cells}. {look}",
                    "{n} differences follow from no convention that we know: {cells}. {look}"),
        "look": "Look for a slip of the pen, or for a step that was not tried here.",
        "tried": "{n} ways of computing were tried.",
        "stars": ("The stars at one number were compared, and are right.",
                  "The stars at {n} numbers were compared, and are right."),
        "other_stars": ("At one number there are other stars: {cells}.",
                        "At {n} numbers there are other stars: {cells}."),
        "instead": "{given} instead of {computed}",
        "no_star": "no star",
        "stars_cause": "Your stars fit {cause}. Here {legend} holds.",
        "stars_unknown": "No rule that we know gives all of your stars. Here {legend} holds.",
        "more": "and {n} more",
        "head": ("Row", "Column", "Your number", "Computed", "Verdict"),
        "right": "agrees",
        "none": "no cause known",
        "verdict": ("No", "Yes"),
        "stars_differ": "other stars",
    },
}  # fmt: skip


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
    some = 0 < right < n
    text = _of(say["some" if some else "all" if right else "nothing"], right if some else n)
    yield text.format(n=n, table=table, right=right, wrong=n - right)
    for entry in hints.explanations:
        yield _cause(entry, hints, lang)
    rest = hints.unexplained
    if len(rest):
        keys = list(zip(rest["row"], rest["column"], strict=True))
        text = _of(say["unknown"], len(rest))
        yield text.format(n=len(rest), cells=_cells(keys, hints, lang), look=say["look"])
    yield from _stars(hints, lang)
    if hints.tried:
        yield str(say["tried"]).format(n=hints.tried)
    for note in hints.notes:
        yield getattr(note, lang)
    if hints.result.wave.mark(lang):
        yield hints.result.wave.mark(lang)


def _of(forms: Any, n: int) -> str:
    """Choose between the text for one and that for several."""
    return str(forms[0 if n == 1 else 1])


def _stars(hints: Hints, lang: str) -> Iterator[str]:
    say, starred, other = _SAY[lang], hints.starred, hints.other_stars
    if not len(starred):
        return
    if not len(other):
        yield _of(say["stars"], len(starred)).format(n=len(starred))
        return
    labels = labels_of(hints.result)
    places = []
    for cell in records(other):
        place = " / ".join(_label(labels, cell[line], lang) for line in ("row", "column"))
        marks = {name: cell[key] or say["no_star"] for name, key in _MARKS.items()}
        places.append(f"{place} ({str(say['instead']).format(**marks)})")
    yield _of(say["other_stars"], len(other)).format(n=len(other), cells=_shown(places, lang))
    cause = hints.stars_cause
    text = str(say["stars_unknown" if cause is None else "stars_cause"])
    legend = describe_legend(legend_of(hints.result), lang)
    yield text.format(cause=cause and getattr(cause, lang), legend=legend)


def _cause(entry: Explanation, hints: Hints, lang: str) -> str:
    say = _SAY[lang]
    first = _done(entry.conventions, lang)
    why = " ".join(getattr(convention.why, lang) for convention in entry.conventions)
    text = str(say["cause" if entry.certain else "possible"])
    differences = _of(say["differences"], len(entry.keys)).format(n=len(entry.keys))
    parts = [text.format(differences=differences, done=first, why=why)]
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
    return _shown(named, lang)


def _shown(named: list[str], lang: str) -> str:
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
    differing = ~hints.frame["agrees"] | hints.frame.index.isin(hints.other_stars.index)
    for cell in records(hints.frame[differing]):
        computed = format_number(cell["computed"], cell["decimals"] + MORE_DECIMALS, lang=lang)
        if cell["statistic"] == SIGNIFICANT and cell["computed"] in (0.0, 1.0):
            computed = say["verdict"][int(cell["computed"])]
        row, column = (_label(labels, cell[line], lang) for line in ("row", "column"))
        verdict = causes.get(cell["cause"], str(say["none"]))
        if cell["agrees"]:
            computed, verdict = f"{computed}{cell['computed_stars']}", str(say["stars_differ"])
        rows.append((row, column, cell["given"], computed, verdict))
    if rows:
        parts.append(table_html(list(say["head"]), rows))
    return "\n".join(parts)
