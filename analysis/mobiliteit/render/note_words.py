"""Notes of table cells in Dutch and English.

The cells carry them as the functions below wrote them: cautions and gaps in Dutch, what keeps a
model from being fitted in English. A reader gets one language.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from mobiliteit.compare import LONELY, NO_SPREAD, SAME_ANSWER
from mobiliteit.descriptor import RESCALED
from mobiliteit.gaps import NO_MODEL, NOT_ASKED, PARTLY
from mobiliteit.samples import NO_VARIANCE, TOO_FEW_GROUPS
from mobiliteit.study import Study

# Dutch and English; {} stands for what is filled in: numbers, names of variables, reasons.
_PARTLY = {lang: re.sub(r"\{\w+\}", "{}", text) for lang, text in PARTLY.items()}
PAIRS = (
    (f"{NO_MODEL}: {{}}", "this model cannot be estimated with this wave: {}"),
    (f"{NOT_ASKED['nl']}{{}}", f"{NOT_ASKED['en']}{{}}"),
    (f"{_PARTLY['nl']}{{}}", f"{_PARTLY['en']}{{}}"),
    (f"{RESCALED['nl'].format('{} en {}')}", f"{RESCALED['en'].format('{} and {}')}"),
    (RESCALED["nl"], RESCALED["en"]),
    ("niemand heeft hier een antwoord", "nobody has an answer here"),
    ("niemand in deze groep", "nobody in this group"),
    ("niemand in deze klasse", "nobody in this class"),
    ("geen antwoorden in deze groep", "no answers in this group"),
    ("geen antwoorden in deze klasse", "no answers in this class"),
    (TOO_FEW_GROUPS, "fewer than two groups with answers"),
    ("niet meer respondenten dan groepen", "no more respondents than groups"),
    (NO_VARIANCE, "no variance within the groups"),
    (NO_SPREAD, "a group without spread: its sampling error cannot be estimated"),
    (SAME_ANSWER, "everybody gave the same answer"),
    (LONELY, "a group of one respondent counts in the test as without sampling error"),
    ("een verwacht aantal is kleiner dan {}", "an expected count is below {}"),
    ("{} is niet numeriek: het type is {}", "{} is not numeric: its type is {}"),
    ("{} bevat oneindige waarden", "{} holds infinite values"),
    ("maar {} respondenten hebben alle {} variabelen", "only {} respondents have all {} variables"),
    (
        "{} is bij alle {} volledige respondenten hetzelfde",
        "{} is the same for all {} complete respondents",
    ),
    (
        "{} clusters meer dan strata is te weinig voor {} voorspellers",
        "{} clusters more than strata are too few for {} predictors",
    ),
    (
        "sommige voorspellers bepalen een andere precies",
        "some predictors determine another exactly",
    ),
)
_PATTERNS = [
    (re.compile(re.escape(text).replace(r"\{\}", "(.*?)")), pair) for pair in PAIRS for text in pair
]
# Reasons of a sidecar stand in brackets, and may hold semicolons themselves.
_BETWEEN = re.compile(r"; (?![^(]*\))")


def cell_notes(notes: Iterable[str], study: Study, lang: str) -> dict[str, str]:
    """Write the notes of cells in one language.

    Parameters
    ----------
    notes : iterable of str
        As ``TableResult.cells`` holds them.
    study : Study
        Names the variables.
    lang : {'nl', 'en'}
        Language.

    Returns
    -------
    dict of str to str
        Every note with its text. What a sidecar gives as the reason of a gap stays as it is there,
        and so does a note that is not among :data:`PAIRS`.
    """
    labels = {
        name: (study.label(name, "nl"), study.label(name, lang))
        for name in (*study.codebook.variables, *study.codebook.derived)
    }
    return {
        note: "; ".join(_part(part, labels, lang) for part in _BETWEEN.split(note))
        for note in dict.fromkeys(notes)
    }


def _part(part: str, labels: dict[str, tuple[str, str]], lang: str) -> str:
    for pattern, pair in _PATTERNS:
        match = pattern.fullmatch(part)
        if match:
            return pair[lang == "en"].format(*(_part(g, labels, lang) for g in match.groups()))
    if part in labels:
        return labels[part][1]
    for dutch, label in labels.values():
        if part.startswith(f"{dutch}: "):
            return f"{label}: {_part(part.removeprefix(f'{dutch}: '), labels, lang)}"
    return part
