"""Comparing texts of two hands: names, labels and answers, whatever their case or accents."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from functools import lru_cache

import numpy as np
from rapidfuzz import fuzz, process

SURE_SAME = 0.88
"""Two answers as alike as this are taken to be the same answer."""
_SIGNS = {"€": " euro ", "&": " en ", "%": " procent ", "<": " minder dan ", ">": " meer dan "}
# Numbering that suppliers put before the words: "V12_1.", "q3a -", "12)". It needs a digit, and a
# sign or space behind it.
_NUMBERING = re.compile(
    r"^\s*(?:v|q|vr|vraag|question|item)?[\s_]*\d+[a-z]?(?:[._]\d+)*\s*[.):\-–]\s+", re.I
)
# A name that is a number says nothing of what was asked.
_EMPTY_NAME = re.compile(
    r"^(?:[a-z]{1,2}|var|vraag|item|vrg|col|kolom|column|question)? ?\d+(?: ?[a-z])?(?: \d+)*$"
)
_LAST_NUMBER = re.compile(r"^(?P<stem>.*?[^0-9\s_.\-]|.*?\d[_.\-])[\s_.\-]*(?P<index>\d{1,2})$")

SHORTEST = 3
CONTRADICTED = 0.6
"""How alike two texts can be at most that contradict each other (see :func:`contradict`)."""
_NEGATIONS = {"niet", "geen", "nooit", "not", "no", "never", "without", "zonder"}
_OPPOSITES = ("on", "in", "ex", "dis", "un", "im")

REFUSALS: tuple[tuple[str, ...], ...] = (
    (
        "weet niet",
        "weet ik niet",
        "weet het niet",
        "onbekend",
        "dont know",
        "do not know",
        "does not know",
        "unknown",
        "w n",
        "dk",
    ),
    (
        "geen antwoord",
        "niet beantwoord",
        "niet ingevuld",
        "overgeslagen",
        "ontbreekt",
        "missing",
        "no answer",
        "not answered",
        "g a",
        "na",
        "system missing",
        "geen opgave",
        "vraag overgeslagen",
    ),
    (
        "wil niet zeggen",
        "wil ik niet zeggen",
        "wil dat niet zeggen",
        "zeg ik liever niet",
        "weigert",
        "geweigerd",
        "prefers not to say",
        "prefer not to say",
        "refused",
        "refusal",
        "liever niet",
    ),
    ("geen mening", "neutraal geen mening", "no opinion"),
)
"""Ways to say that there is no answer; those in one row mean the same."""
NOT_APPLICABLE = (
    "niet van toepassing",
    "n v t",
    "nvt",
    "not applicable",
    "n a",
    "niet gevraagd",
    "not asked",
    "niet gesteld",
    "geen van toepassing",
)
"""Ways to say that the question was not for this respondent."""


@lru_cache(maxsize=20_000)
def plain(text: str) -> str:
    """Write a text in lower case, without accents, punctuation or double spaces.

    >>> plain("Privé-belemmeringen  (1)")
    'prive belemmeringen 1'
    """
    words = text
    for sign, spoken in _SIGNS.items():
        words = words.replace(sign, spoken)
    words = unicodedata.normalize("NFKD", words.casefold())
    words = "".join(letter for letter in words if not unicodedata.combining(letter))
    words = re.sub(r"(?<=\d)[.,](?=\d{3}\b)", "", words)  # 1.000 and 1,000 are 1000
    return " ".join(re.sub(r"[^a-z0-9]+", " ", words.replace("'", "")).split())


def plain_label(label: str, name: str = "") -> str:
    """As :func:`plain`, without the number or name of the question before the words."""
    text = label.strip()
    if name and text.casefold().startswith(name.casefold()) and len(text) > len(name):
        text = text[len(name) :].lstrip(" .:-–)")
    return plain(_NUMBERING.sub("", text))


def says_nothing(name: str) -> bool:
    """Whether a (plain) name is only a number, such as ``v12 1``."""
    return not name or bool(_EMPTY_NAME.match(name))


def stem_and_index(name: str) -> tuple[str, int | None]:
    """Split the number of an item off a name: ``Q12_3`` is item 3 of ``Q12``.

    ``V12`` has no item number: a few letters and a number are one name, unless a sign parts them.
    """
    match = _LAST_NUMBER.match(name.strip())
    bare = match is not None and name.strip() == match["stem"] + match["index"]
    if match is None or (bare and re.fullmatch(r"[A-Za-z]{1,3}", match["stem"])):
        return name.strip(), None
    return match["stem"].rstrip("_.- "), int(match["index"])


def alikeness(left: Sequence[str], right: Sequence[str]) -> np.ndarray:
    """How alike two lists of plain texts are, each with each.

    Parameters
    ----------
    left, right : sequence of str
        Plain texts; an empty one is like nothing.

    Returns
    -------
    numpy.ndarray
        Shape (left, right), 0 to 1: the larger of the share of letters that need no change
        (normalized indel similarity), and the same after sorting the words.
    """
    if not left or not right:
        return np.zeros((len(left), len(right)))
    in_order = process.cdist(left, right, scorer=fuzz.ratio)
    sorted_words = process.cdist(left, right, scorer=fuzz.token_sort_ratio)
    alike = np.maximum(in_order, sorted_words).astype("float64") / 100
    for i, j in np.argwhere(alike > CONTRADICTED):
        if not left[i] or not right[j]:
            alike[i, j] = 0.0
        elif contradict(left[i], right[j]):
            alike[i, j] = CONTRADICTED
    return alike


def shortened(left: str, right: str) -> bool:
    """Whether one plain name is the other with words cut short or left out.

    >>> shortened("soc norm", "sociale norm"), shortened("leeftijd jaren", "leeftijd")
    (True, True)
    """
    few, many = sorted((left.split(), right.split()), key=len)
    if len(few) == len(many):
        return all(
            min(len(a), len(b)) >= SHORTEST and (a.startswith(b) or b.startswith(a))
            for a, b in zip(few, many, strict=True)
        )
    return set(few) < set(many) and max(map(len, few), default=0) > SHORTEST


@lru_cache(maxsize=20_000)
def contradict(left: str, right: str) -> bool:
    """Whether two plain texts differ in a word that turns the meaning round.

    A negation, a number, or a word and its opposite by prefix: few letters differ in "mee eens"
    and "mee oneens", or in "interne" and "externe", and yet they are never the same.
    """
    first, second = set(left.split()), set(right.split())
    only_left, only_right = first - second, second - first
    if (only_left ^ only_right) & _NEGATIONS:
        return True
    if {word for word in only_left if word.isdigit()} != {w for w in only_right if w.isdigit()}:
        return True
    roots = {root for word in only_left for root in _roots(word)}
    return any(root in roots for word in only_right for root in _roots(word))


def _roots(word: str) -> set[str]:
    """Return the word and what is left of it without a prefix that makes an opposite."""
    without = {word[len(prefix) :] for prefix in _OPPOSITES if word.startswith(prefix)}
    return {word} | {root for root in without if len(root) > 3}


@lru_cache(maxsize=20_000)
def alike(left: str, right: str) -> float:
    """How alike two plain texts are, 0 to 1, as :func:`alikeness`."""
    return float(alikeness([left], [right])[0, 0])
