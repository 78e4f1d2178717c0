"""Notes of results in English. The results themselves carry them in Dutch."""

from __future__ import annotations

import re
from collections.abc import Mapping

# {} stands for what is filled in: names, numbers, and where.
ENGLISH: Mapping[str, str] = {
    "niet te berekenen: te weinig mensen, of voorspellers die elkaar bepalen": (
        "cannot be computed: too few people, or predictors that determine each other"
    ),
    "minder dan 10 mensen per coëfficiënt": "fewer than 10 people per coefficient",
    "minder dan twee mensen met beide antwoorden": "fewer than two people with both answers",
    "iedereen bleef, of niemand: er is geen model van het blijven": (
        "everybody stayed, or nobody: there is no model of staying"
    ),
    "het model voorspelt het blijven volmaakt en heeft geen schatting": (
        "the model predicts staying perfectly and has no estimate"
    ),
    "niemand heeft alle items beantwoord": "nobody answered all items",
    "te weinig respondenten: {}, nodig {}": "too few respondents: {}, needed {}",
    "iedereen gaf hetzelfde antwoord op {}": "everybody gave the same answer to {}",
    "een item volgt geheel uit de andere{}": "an item follows entirely from the others{}",
    "minder dan twee groepen met antwoorden": "fewer than two groups with answers",
    "niet meer respondenten dan groepen": "no more respondents than groups",
    "geen variantie binnen de groepen": "no variance within the groups",
    "minder dan vijf verschillende antwoorden: {}": "fewer than five different answers: {}",
    "met twee items is één factor niet te bepalen: niet te toetsen": (
        "two items do not determine one factor: it cannot be tested"
    ),
    "verzadigd model: past altijd, dus niet te toetsen": (
        "saturated model: it always fits, so it cannot be tested"
    ),
    "geen maximum gevonden": "no maximum found",
    "de items hangen te zwak samen om één factor te bepalen": (
        "the items are too weakly related to determine one factor"
    ),
    "negatieve residuele variantie (Heywood): {}": "negative residual variance (Heywood): {}",
    "de schaal is niet aantoonbaar dezelfde: dit verschil kan aan de items liggen": (
        "the scale is not demonstrably the same: this difference may be due to its items"
    ),
}
_PATTERNS = {
    re.compile(re.escape(dutch).replace(r"\{\}", "(.*)")): english
    for dutch, english in ENGLISH.items()
}


def note_text(note: str, lang: str) -> str:
    """Return a note of a result in the language of a page.

    Parameters
    ----------
    note : str
        In Dutch; several are joined with semicolons.
    lang : {'nl', 'en'}
        Language.

    Returns
    -------
    str
        Part by part from `ENGLISH`; a part that is not in it stays as it is.
    """
    if lang == "nl":
        return note
    return "; ".join(_in_english(part) for part in note.split("; "))


def _in_english(part: str) -> str:
    for pattern, english in _PATTERNS.items():
        match = pattern.fullmatch(part)
        if match:
            return english.format(*match.groups())
    return part
