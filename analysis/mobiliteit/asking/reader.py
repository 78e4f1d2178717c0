"""Reads the names of a question's text, and collects what is wrong with it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Literal

from mobiliteit.asking.lexicon import Lexicon
from mobiliteit.asking.question import (
    ARROW,
    BAR,
    BETWEEN,
    FOUND_IN,
    PLUS,
    SINCE,
    TIMES,
    split_name,
    written,
)
from mobiliteit.asking.refusals import misread, no_category, one_of, perhaps, write
from mobiliteit.asking.tokens import Part, divide
from mobiliteit.claims.terms import Text
from mobiliteit.errors import Misread, brief

FORMS = Text(
    nl=f"Schrijf een van: naam {ARROW} uitkomst; naam {ARROW} mediator {ARROW} uitkomst;"
    f" naam {TIMES} moderator {ARROW} uitkomst; uitkomst {BETWEEN} groepen; uitkomst {SINCE} golf.",
    en=f"Write one of: name {ARROW} outcome; name {ARROW} mediator {ARROW} outcome;"
    f" name {TIMES} moderator {ARROW} outcome; outcome {BETWEEN} groups; outcome {SINCE} wave.",
)
KINDS = {
    "name": Text(nl="naam", en="name"),
    "category": Text(nl="categorie", en="category"),
}
_LISTED = 12  # categories that a remedy lists


@dataclass
class Reader:
    """Reads one text and collects what is wrong with it.

    Attributes
    ----------
    text : str
        The question.
    lexicon : Lexicon
        The words that it may use.
    problems : list of Misread
        Found so far.
    places : dict
        Name, or text of a restriction, to the signs where it stood.
    """

    text: str
    lexicon: Lexicon
    problems: list[Misread] = field(default_factory=list)
    places: dict[str, list[tuple[int, int]]] = field(default_factory=dict)

    def wrong(self, span: tuple[int, int], what: Text, remedy: Text) -> None:
        """Add a problem at a place."""
        self.problems.append(misread(what, remedy, span=span))

    def place(self, problems: tuple[Misread, ...]) -> None:
        """Add problems of a question that was read, each at the last place that it is about."""
        for problem in problems:
            spans = [span for one in problem.about for span in self.places.get(one, ())]
            start, end = max(spans, default=(0, len(self.text)))
            self.problems.append(replace(problem, start=start, end=end))

    def name(self, part: Part) -> str:
        """Read one name: a variable, ``variable=category``, or a group or segment alone."""
        if not part.tokens:
            self.missing(part, "name")
            return ""
        sides = divide(part, FOUND_IN)
        for side in sides:
            sign = side.sign("/", ":", "<", ">", "<=", ">=", "-", ",", PLUS, TIMES, ARROW)
            if sign:
                what = Text(
                    nl=f"{sign.text} kan niet in een naam staan",
                    en=f"{sign.text} cannot stand in a name",
                )
                self.wrong((sign.start, sign.end), what, FORMS)
                return ""
        if len(sides) > 2:
            what = Text(nl="een naam heeft één categorie", en="a name has one category")
            remedy = Text(
                nl=f"Schrijf variabele{FOUND_IN}categorie.", en=f"Write variable{FOUND_IN}category."
            )
            self.wrong(sides[2].span, what, remedy)
            return ""
        name = self.variable(sides[0], alone=len(sides) == 1)
        if name and len(sides) == 2:
            category = self.category(name, sides[1])
            name = category and f"{name}{FOUND_IN}{category}"
        if name:
            self.places.setdefault(name, []).append(part.span)
        return name

    def names(self, part: Part) -> tuple[str, ...]:
        """Read names with a plus between them."""
        return tuple(self.name(one) for one in divide(part, PLUS))

    def variable(self, part: Part, *, alone: bool) -> str:
        """Read a variable; `alone` it may also be a group or a segment."""
        word = self.word(part, "name")
        if word is None:
            return ""
        lexicon, found = self.lexicon, self.lexicon.resolve(word)
        if len(found) > 1:
            self.several(part.span, word, [written(name) for name in found])
            return ""
        if found:
            if alone or not split_name(found[0])[1]:
                return found[0]
            self._is_category(part, word, found)
            return ""
        people = lexicon.resolve_people(word)
        if people:
            self._is_category(part, word, [name for name in people if split_name(name)[1]])
            return ""
        self.unknown(part.span, word, lexicon.nearest(word))
        return ""

    def category(self, variable: str, part: Part) -> str:
        """Read a category of a variable, by its id, its code or its label."""
        categories = self.lexicon.categories(variable)
        if not categories:
            what = Text(
                nl=f"{variable} is een getal en heeft geen categorieën",
                en=f"{variable} is a number and has no categories",
            )
            remedy = Text(
                nl=f"Schrijf {variable} alleen, of achter {BAR} een bereik, als {variable} >= 1.",
                en=f"Write {variable} alone, or a range behind {BAR}, as {variable} >= 1.",
            )
            self.wrong(part.span, what, remedy)
            return ""
        word = self.word(part, "category")
        if word is None:
            return ""
        found = self.lexicon.resolve_category(variable, word)
        if len(found) == 1:
            return found[0]
        listed = ", ".join(
            written(key)
            if key == text.nl or key not in self.lexicon.codes(variable)
            else f"{key} ({text.nl})"
            for key, text in categories[:_LISTED]
        )
        self.wrong(part.span, no_category(brief(word), variable), one_of(listed))
        return ""

    def word(self, part: Part, kind: Literal["name", "category"]) -> str | None:
        """Return the one word of a part; None, with a problem, when there is none or several."""
        if not part.tokens:
            self.missing(part, kind)
            return None
        if len(part.tokens) == 1 and part.tokens[0].kind != "sign":
            return part.tokens[0].text
        start, end = part.span
        whole = self.text[start:end]
        if self.lexicon.resolve(whole):
            self.unquoted(part, kind)
            return None
        one = KINDS[kind]
        what = Text(
            nl=f"{brief(whole)} is niet één {one.nl}", en=f"{brief(whole)} is not one {one.en}"
        )
        remedy = Text(
            nl=f"Tussen twee namen staat {ARROW}, {TIMES}, {PLUS}, {BETWEEN} of {SINCE}; een"
            f" {one.nl} van meer woorden staat tussen aanhalingstekens.",
            en=f"Between two names stands {ARROW}, {TIMES}, {PLUS}, {BETWEEN} or {SINCE}; a"
            f" {one.en} of several words stands in quotes.",
        )
        self.wrong((start, end), what, remedy)
        return None

    def missing(self, part: Part, kind: Literal["name", "category"]) -> None:
        """Say that there is nothing where a name or a category should be."""
        one = KINDS[kind]
        what = Text(nl=f"hier ontbreekt een {one.nl}", en=f"a {one.en} is missing here")
        self.wrong(part.span, what, FORMS)

    def unquoted(self, part: Part, kind: Literal["name", "category"]) -> None:
        """Say that a name or a category of several words stands without quotes."""
        start, end = part.span
        whole, one = self.text[start:end], KINDS[kind]
        what = Text(
            nl=f"een {one.nl} van meer woorden hoort tussen aanhalingstekens",
            en=f"a {one.en} of several words needs quotes",
        )
        self.wrong(part.span, what, write(f'"{whole}"'))

    def several(self, span: tuple[int, int], word: str, meant: Sequence[str]) -> None:
        """Say that a word has several meanings, and which."""
        what = Text(
            nl=f"{brief(word)} kan verschillende dingen betekenen",
            en=f"{brief(word)} can be several things",
        )
        listed = ", ".join(meant)
        remedy = Text(nl=f"Schrijf een van: {listed}.", en=f"Write one of: {listed}.")
        self.wrong(span, what, remedy)

    def unknown(self, span: tuple[int, int], word: str, nearest: tuple[str, ...]) -> None:
        """Say that a word means nothing, and what comes nearest."""
        what = Text(
            nl=f"{brief(word)} is geen naam uit het codeboek",
            en=f"{brief(word)} is no name of the codebook",
        )
        otherwise = Text(
            nl="Gebruik een naam uit het codeboek, of het label ervan tussen aanhalingstekens.",
            en="Use a name of the codebook, or its label in quotes.",
        )
        self.wrong(span, what, perhaps(map(written, nearest), otherwise))

    def _is_category(self, part: Part, word: str, names: Sequence[str]) -> None:
        what = Text(
            nl=f"{brief(word)} is een categorie, geen variabele",
            en=f"{brief(word)} is a category, not a variable",
        )
        self.wrong(part.span, what, write(*map(written, names)))
