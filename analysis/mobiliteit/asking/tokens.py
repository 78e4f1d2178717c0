"""The signs of a question's text: words, numbers and the few signs that the grammar knows."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from mobiliteit.asking.question import PLAIN_WORD
from mobiliteit.asking.refusals import misread
from mobiliteit.claims.terms import Text
from mobiliteit.errors import Misread, brief

LONGEST = 1000  # signs of a question
MOST_DIGITS = 15  # that a computer keeps

# What is typed on other keyboards, and how it is meant.
_MEANT = {"→": "->", "×": "*", "≥": ">=", "≤": "<=", "–": "-"}
_QUOTES = '"“”„'
_TOKEN = re.compile(
    rf"""
    (?P<space>\s+)
  | (?P<quoted>"[^"]*"|[“”„][^“”„]*[“”])
  | (?P<number>[0-9]+(?:[.,][0-9]+)?(?!\w|-\w*[^\W\d]))
  | (?P<word>{PLAIN_WORD})
  | (?P<sign>->|→|>=|<=|[≥≤<>*×+|=/,:–-])
    """,
    re.VERBOSE,
)

Kind = Literal["word", "quoted", "number", "sign"]


@dataclass(frozen=True)
class Token:
    """A word, a number or a sign, and where it stands.

    Attributes
    ----------
    kind : {'word', 'quoted', 'number', 'sign'}
        What it is.
    text : str
        As it is meant: without quotes, and signs as the grammar writes them.
    start, end : int
        Its signs in the question.
    """

    kind: Kind
    text: str
    start: int
    end: int

    def is_sign(self, *signs: str) -> bool:
        """Whether it is one of these signs."""
        return self.kind == "sign" and self.text in signs

    def is_keyword(self, keyword: str) -> bool:
        """Whether it is this keyword; a word in quotes never is."""
        return self.kind == "word" and self.text.casefold() == keyword


@dataclass(frozen=True)
class Part:
    """A run of tokens, and the signs that it stands between.

    Attributes
    ----------
    tokens : tuple of Token
        May be empty.
    before, after : Token or None
        None at the start and the end of the question.
    """

    tokens: tuple[Token, ...]
    before: Token | None = None
    after: Token | None = None

    @property
    def span(self) -> tuple[int, int]:
        """Its signs in the question; of an empty part, those of the sign that it lacks words at."""
        if self.tokens:
            return self.tokens[0].start, self.tokens[-1].end
        sign = self.before or self.after
        return (sign.start, sign.end) if sign else (0, 0)

    def sign(self, *signs: str) -> Token | None:
        """Return the first token that is one of these signs, or None."""
        return next((token for token in self.tokens if token.is_sign(*signs)), None)


def scan(text: str) -> tuple[Part, list[Misread]]:
    """Divide a question into tokens.

    Parameters
    ----------
    text : str
        At most :data:`LONGEST` signs.

    Returns
    -------
    tuple
        The tokens, and what could not be read, which is left out of them. No tokens at all when a
        quotation mark is not closed.
    """
    if len(text) > LONGEST:
        what = Text(
            nl=f"de vraag heeft {len(text)} tekens", en=f"the question has {len(text)} signs"
        )
        remedy = Text(nl=f"Schrijf er ten hoogste {LONGEST}.", en=f"Write at most {LONGEST}.")
        return Part(()), [misread(what, remedy)]
    tokens: list[Token] = []
    problems: list[Misread] = []
    place = 0
    while place < len(text):
        found = _TOKEN.match(text, place)
        if found is None:
            problem = _unreadable(text, place)
            problems.append(problem)
            place = problem.end
            if text[problem.start] in _QUOTES:
                # what was meant to be in quotes cannot be known, nor what stands behind it
                return Part(()), problems
            continue
        if found.lastgroup != "space":
            tokens.append(_token(found))
        place = found.end()
    return Part(tuple(tokens)), problems


def divide(part: Part, *signs: str) -> list[Part]:
    """Divide a part at every one of these signs."""
    edges = [
        index
        for index, token in enumerate(part.tokens)
        if token.is_sign(*signs) or any(token.is_keyword(sign) for sign in signs)
    ]
    starts = [0, *(edge + 1 for edge in edges)]
    ends = [*edges, len(part.tokens)]
    between = [part.before, *(part.tokens[edge] for edge in edges), part.after]
    return [
        Part(part.tokens[start:end], between[number], between[number + 1])
        for number, (start, end) in enumerate(zip(starts, ends, strict=True))
    ]


def _token(found: re.Match[str]) -> Token:
    kind, text = found.lastgroup, found.group()
    match kind:
        case "quoted":
            return Token("quoted", " ".join(text[1:-1].split()), *found.span())
        case "number":
            return Token("number", text, *found.span())
        case "word":
            return Token("word", text, *found.span())
        case _:
            return Token("sign", _MEANT.get(text, text), *found.span())


def _unreadable(text: str, place: int) -> Misread:
    sign = text[place]
    if sign in _QUOTES:
        what = Text(
            nl="dit aanhalingsteken wordt niet gesloten", en="this quotation mark is not closed"
        )
        remedy = Text(nl="Sluit het achter de naam.", en="Close it after the name.")
        return misread(what, remedy, span=(place, len(text)))
    end = place + 1
    while end < len(text) and text[end] not in _QUOTES and _TOKEN.match(text, end) is None:
        end += 1
    shown = brief(text[place:end])
    what = Text(
        nl=f"{shown} betekent niets in een vraag", en=f"{shown} means nothing in a question"
    )
    remedy = Text(
        nl="Laat het weg; zet een naam waar het in voorkomt tussen aanhalingstekens.",
        en="Leave it out; put a name that contains it in quotes.",
    )
    return misread(what, remedy, span=(place, end))
