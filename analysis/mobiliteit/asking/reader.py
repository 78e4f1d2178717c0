"""Reads the names of a question's text, and collects what is wrong with it."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

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
from mobiliteit.asking.tokens import Part, divide
from mobiliteit.errors import Misread, brief

FORMS = (
    "Write one of: name -> outcome; name -> mediator -> outcome; name * moderator -> outcome; "
    "outcome between groups; outcome since wave."
)
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

    def wrong(self, span: tuple[int, int], what: str, remedy: str) -> None:
        """Add a problem at a place."""
        self.problems.append(Misread(what, remedy, start=span[0], end=span[1]))

    def place(self, problems: tuple[Misread, ...]) -> None:
        """Add problems of a question that was read, each at the last place that it is about."""
        for problem in problems:
            spans = [span for one in problem.about for span in self.places.get(one, ())]
            start, end = max(spans, default=(0, len(self.text)))
            self.problems.append(replace(problem, start=start, end=end))

    def name(self, part: Part) -> str:
        """Read one name: a variable, ``variable=category``, or a group or segment alone."""
        if not part.tokens:
            self.wrong(part.span, "a name is missing here", FORMS)
            return ""
        sides = divide(part, FOUND_IN)
        for side in sides:
            sign = side.sign("/", ":", "<", ">", "<=", ">=", "-", ",", PLUS, TIMES, ARROW)
            if sign:
                what = f"{sign.text} cannot stand in a name"
                self.wrong((sign.start, sign.end), what, FORMS)
                return ""
        if len(sides) > 2:
            span = sides[2].span
            self.wrong(span, "a name has one category", f"Write variable{FOUND_IN}category.")
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
            meant = ", ".join(written(name) for name in found)
            what = f"{brief(word)} can be several things"
            self.wrong(part.span, what, f"Write one of: {meant}.")
            return ""
        if found:
            if alone or not split_name(found[0])[1]:
                return found[0]
            what = f"{brief(word)} is a category, not a variable"
            self.wrong(part.span, what, f"Write {written(found[0])}.")
            return ""
        people = lexicon.resolve_people(word)
        if people:
            what = f"{brief(word)} is a category, not a variable"
            options = " or ".join(written(name) for name in people if split_name(name)[1])
            self.wrong(part.span, what, f"Write {options}.")
            return ""
        self.unknown(part.span, word, lexicon.nearest(word))
        return ""

    def category(self, variable: str, part: Part) -> str:
        """Read a category of a variable, by its id, its code or its label."""
        categories = self.lexicon.categories(variable)
        if not categories:
            remedy = f"Write {variable} alone, or a range behind {BAR}, as {variable} >= 1."
            self.wrong(part.span, f"{variable} is a number and has no categories", remedy)
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
        self.wrong(
            part.span, f"{brief(word)} is no category of {variable}", f"Use one of: {listed}."
        )
        return ""

    def word(self, part: Part, kind: str) -> str | None:
        """Return the one word of a part; None, with a problem, when there is none or several."""
        if not part.tokens:
            self.wrong(part.span, f"a {kind} is missing here", FORMS)
            return None
        if len(part.tokens) == 1 and part.tokens[0].kind != "sign":
            return part.tokens[0].text
        start, end = part.span
        whole = self.text[start:end]
        if self.lexicon.resolve(whole):
            self.wrong((start, end), f"a {kind} of several words needs quotes", f'Write "{whole}".')
        else:
            remedy = (
                f"Between two names stands {ARROW}, {TIMES}, {PLUS}, {BETWEEN} or {SINCE}; a {kind}"
                " of several words stands in quotes."
            )
            self.wrong((start, end), f"{brief(whole)} is not one {kind}", remedy)
        return None

    def unknown(self, span: tuple[int, int], word: str, nearest: tuple[str, ...]) -> None:
        """Say that a word means nothing, and what comes nearest."""
        options = " or ".join(written(name) for name in nearest)
        remedy = (
            f"Perhaps {options} is meant."
            if nearest
            else "Use a name of the codebook, or its label in quotes."
        )
        self.wrong(span, f"{brief(word)} is no name of the codebook", remedy)
