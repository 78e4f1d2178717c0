"""A question as one natural sentence, in Dutch and English, and its forms for who builds one."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

LANGUAGES = ("nl", "en")


@dataclass(frozen=True)
class FormWords:
    """A form of question in words.

    Attributes
    ----------
    name, explanation : dict of str to str
        By language: a short name, and one line on what is asked.
    """

    name: dict[str, str]
    explanation: dict[str, str]


FORMS: dict[str, FormWords] = {
    "effect": FormWords(
        {"nl": "Hangt samen met", "en": "Is related to"},
        {
            "nl": "Gaat meer of minder van het een samen met meer of minder van het ander?",
            "en": "Does more or less of one thing go with more or less of another?",
        },
    ),
    "difference": FormWords(
        {"nl": "Verschilt tussen groepen", "en": "Differs between groups"},
        {
            "nl": "Antwoorden mensen van verschillende groepen verschillend?",
            "en": "Do people of different groups answer differently?",
        },
    ),
    "mediation": FormWords(
        {"nl": "Loopt via", "en": "Runs via"},
        {
            "nl": "Is een samenhang te beschrijven met een tussenstap?",
            "en": "Can a relation be described by a step in between?",
        },
    ),
    "moderation": FormWords(
        {"nl": "Is voor de een anders dan voor de ander", "en": "Is not the same for everybody"},
        {
            "nl": "Is een samenhang voor sommige mensen sterker dan voor andere?",
            "en": "Is a relation stronger for some people than for others?",
        },
    ),
    "change": FormWords(
        {"nl": "Is veranderd sinds", "en": "Has changed since"},
        {
            "nl": "Is het antwoord, of een samenhang, anders dan in een eerdere golf?",
            "en": "Is the answer, or a relation, different from that in an earlier wave?",
        },
    ),
}

_WORDS = {
    "nl": {
        "effect": "Hangt {x} samen met {y}",
        "effects": "Hangen {x}, elk los van de rest, samen met {y}",
        "difference": "Verschilt {y} naar {by}",
        "mediation": "Loopt de samenhang van {x} met {y} via {by}",
        "moderation": "Verschilt de samenhang van {x} met {y} naar {by}",
        "change": "Is {y} veranderd sinds golf {since}",
        "change_effect": "Is de samenhang van {x} met {y} veranderd sinds golf {since}",
        "who": ", onder {who}",
        "held": ", als {controls} gelijk wordt gehouden",
        "held_all": ", als {controls} gelijk worden gehouden",
        "and": " en ",
    },
    "en": {
        "effect": "Is {x} related to {y}",
        "effects": "Are {x}, each apart from the rest, related to {y}",
        "difference": "Does {y} differ by {by}",
        "mediation": "Does the relation of {x} with {y} run via {by}",
        "moderation": "Does the relation of {x} with {y} differ by {by}",
        "change": "Has {y} changed since wave {since}",
        "change_effect": "Has the relation of {x} with {y} changed since wave {since}",
        "who": ", among {who}",
        "held": ", with {controls} held constant",
        "held_all": ", with {controls} held constant",
        "and": " and ",
    },
}


def question_sentence(question: Any, label: Callable[[Any], Any], lang: str = "nl") -> str:
    """Write a question as one sentence.

    Parameters
    ----------
    question : Question
        Any form.
    label : callable
        :meth:`mobiliteit.asking.lexicon.Lexicon.phrase`: gives what a name, or who is asked about,
        is called inside a sentence, as an object with ``nl`` and ``en``.
    lang : {'nl', 'en'}
        Language.

    Returns
    -------
    str
        Such as ``Hangt netwerken samen met het succes van de loopbaanstap, onder mobielen, als
        leeftijd gelijk wordt gehouden?``
    """
    say = _WORDS[lang]
    form = question.form
    if form == "effect" and len(question.predictors) > 1:
        form = "effects"
    elif form == "change" and question.predictors:
        form = "change_effect"

    def named(names: Sequence[str]) -> str:
        return joined([getattr(label(name), lang) for name in names], lang)

    sentence = say[form].format(
        x=named(question.predictors),
        y=named([question.outcome]),
        by=named([question.by] if question.by else []),
        since=question.since,
    )
    return f"{sentence}{about(question, label, lang)}?"


def about(question: Any, label: Callable[[Any], Any], lang: str = "nl") -> str:
    """Write who is asked about and what is held constant, each behind a comma; may be empty.

    Parameters
    ----------
    question, label, lang
        As of :func:`question_sentence`.

    Returns
    -------
    str
        Such as ``, onder mobielen, als leeftijd gelijk wordt gehouden``.
    """
    say, parts = _WORDS[lang], ""
    if question.who:
        parts += say["who"].format(who=getattr(label(question.who), lang))
    if question.controls:
        held = "held" if len(question.controls) == 1 else "held_all"
        names = [getattr(label(name), lang) for name in question.controls]
        parts += say[held].format(controls=joined(names, lang))
    return parts


def joined(words: Sequence[str], lang: str = "nl") -> str:
    """List words as a sentence does: commas, and "en" or "and" before the last."""
    *first, last = words or [""]
    return f"{', '.join(first)}{_WORDS[lang]['and']}{last}" if first else last
