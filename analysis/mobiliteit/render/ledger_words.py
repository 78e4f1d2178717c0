"""The ledger in words: how the delivered records became respondents, in Dutch and English."""

from __future__ import annotations

import re
from collections.abc import Mapping

from mobiliteit.wave import Wave

STAGES = {
    "nl": {
        "ingest": "inlezen",
        "clean": "opschonen",
        "careless": "onzorgvuldige antwoorden",
        "classify": "indelen",
    },
    "en": {
        "ingest": "reading",
        "clean": "cleaning",
        "careless": "careless answers",
        "classify": "sorting",
    },
}
KINDS = {
    "nl": {
        "in": "geleverd",
        "excluded": "valt af",
        "flagged": "gemarkeerd en behouden",
        "kept": "behouden",
    },
    "en": {
        "in": "delivered",
        "excluded": "leaves",
        "flagged": "flagged and kept",
        "kept": "kept",
    },
}
HEADER = {
    "nl": ("Stap", "Wat", "Welke", "Aantal"),
    "en": ("Step", "What", "Which", "Number"),
}
# What the ledger calls the reasons of the code, by their ids; the others are in the sidecar.
_ENGLISH = {
    "geleverd": "delivered records",
    "behouden": "kept respondents",
    "te_snel": "too fast",
    "rechte_lijn": "always the same answer in a block",
    "lange_reeks": "a long string of equal answers",
    "tegenstrijdig": "mirrored questions answered in contradiction",
    "gelijke_antwoorden": "the same answers as somebody else",
}
_SEVERAL = re.compile(r"door meer regels aangewezen \((\d+) of meer\)")
_MORE = "past bij meer dan één regel"
_NONE = "past bij geen regel"
_NO_ANSWER = "; geen antwoord op: "


def ledger_rows(wave: Wave, lang: str) -> list[tuple[str, str, str, str]]:
    """List the entries of a ledger that count records.

    Parameters
    ----------
    wave : Wave
        The wave.
    lang : {'nl', 'en'}
        Language.

    Returns
    -------
    list of tuple of str
        Step, what happened, to which records, and how many. Delivered = leaves + kept; who is
        flagged is among the kept.
    """
    own = _own_labels(wave) if lang == "en" else {}
    return [
        (
            STAGES[lang].get(str(entry["stage"]), str(entry["stage"])),
            KINDS[lang][str(entry["kind"])],
            _label(wave, entry, own) if lang == "en" else str(entry["label_nl"]),
            str(entry["n"]),
        )
        for entry in wave.ledger.entries
        if entry["kind"] in KINDS[lang]
    ]


def _own_labels(wave: Wave) -> dict[str, str]:
    descriptor = wave.descriptor
    labels = {rule.reason: rule.en for rule in descriptor.exclude}
    if descriptor.identical_rows is not None:
        labels[descriptor.identical_rows.reason] = descriptor.identical_rows.en
    return _ENGLISH | labels


def _label(wave: Wave, entry: Mapping[str, object], own: Mapping[str, str]) -> str:
    reason, label = str(entry["reason"]), str(entry["label_nl"])
    unclassified = wave.study.segments.unclassified
    if reason == unclassified.id:
        why = label.removeprefix(f"{unclassified.nl}: ")
        for dutch, english in (
            (_MORE, "fits more than one rule"),
            (f"{_NONE}{_NO_ANSWER}", "fits no rule; no answer to: "),
            (_NONE, "fits no rule"),
        ):
            why = why.replace(dutch, english)
        for segment, named in wave.study.segments.segments.items():
            why = re.sub(rf"\b{segment}\b", named.en.lower(), why)
        return f"{unclassified.en}: {why}"
    several = _SEVERAL.fullmatch(label)
    if several:
        return f"pointed out by several rules ({several[1]} or more)"
    return own.get(reason, label)
