"""The verdict on a scale in a sentence, in both languages.

A verdict has reasons: keys of `SAYS`, each with the note that goes into its sentence.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from mobiliteit.inference.notes import note_text

Reason = tuple[str, str]

SAYS: Mapping[str, Mapping[str, str]] = {
    "nl": {
        "two_items": (
            "Met twee items is niet te toetsen of de schaal dezelfde is; alleen of de items even"
            " sterk samenhangen en samen verschuiven."
        ),
        "obstacle": "Niet te toetsen: {note}.",
        "not_one": "De schaal is niet één schaal: één factor past niet bij de items.",
        "unsolved": "Niet te toetsen: geen oplossing met gelijke {note}.",
        "different": (
            "De schaal is niet dezelfde: de {note} verschillen tussen de groepen, en er blijven"
            " geen twee items over die aantoonbaar gelijk zijn."
        ),
        "partial": (
            "De schaal is gedeeltelijk dezelfde; anders: {note}. Gemiddelden zijn te vergelijken"
            " voor zover de andere items gelijk bleven."
        ),
        "same": (
            "De schaal is in alle groepen dezelfde (gelijke ladingen en intercepten): gemiddelden"
            " zijn te vergelijken."
        ),
        "three_items": "Of één factor past, is met drie items niet te toetsen.",
        "caution": "Let op: {note}.",
        "loadings": "ladingen",
        "intercepts": "intercepten",
        "freed_loadings": "lading van {item}",
        "freed_intercepts": "intercept van {item}",
    },
    "en": {
        "two_items": (
            "With two items it cannot be tested whether the scale is the same; only whether the"
            " items are as strongly related and move together."
        ),
        "obstacle": "Cannot be tested: {note}.",
        "not_one": "The scale is not one scale: one factor does not fit its items.",
        "unsolved": "Cannot be tested: no solution with equal {note}.",
        "different": (
            "The scale is not the same: the {note} differ between the groups, and no two items are"
            " left that are demonstrably equal."
        ),
        "partial": (
            "The scale is partly the same; different: {note}. Means can be compared in so far as"
            " the other items stayed equal."
        ),
        "same": (
            "The scale is the same in all groups (equal loadings and intercepts): means can be"
            " compared."
        ),
        "three_items": "Whether one factor fits cannot be tested with three items.",
        "caution": "Caution: {note}.",
        "loadings": "loadings",
        "intercepts": "intercepts",
        "freed_loadings": "loading of {item}",
        "freed_intercepts": "intercept of {item}",
    },
}


def in_words(
    reasons: Iterable[Reason], freed: Iterable[Mapping[str, Any]], lang: str = "nl"
) -> str:
    """Say a verdict.

    Parameters
    ----------
    reasons : iterable of (str, str)
        Key of `SAYS`, and its note: a Dutch note of a result, or ``loadings`` or ``intercepts``.
    freed : iterable of mapping
        Parameters that differ, each with ``kind`` and ``item``.
    lang : {'nl', 'en'}
        Language.

    Returns
    -------
    str
        One sentence per reason.
    """
    say = SAYS[lang]
    different = ", ".join(say[f"freed_{one['kind']}"].format(item=one["item"]) for one in freed)
    sentences = []
    for key, note in reasons:
        text = different if key == "partial" else say.get(note) or note_text(note, lang)
        sentences.append(say[key].format(note=text))
    return " ".join(sentences)
