"""What stands behind the bar of a question: who is asked about, and what is held constant."""

from __future__ import annotations

import math

from mobiliteit.asking.question import (
    BAR,
    CONTROLS,
    FOUND_IN,
    OR,
    Restriction,
    split_name,
    written,
)
from mobiliteit.asking.reader import Reader
from mobiliteit.asking.refusals import no_numbers, perhaps
from mobiliteit.asking.tokens import MOST_DIGITS, Part, Token, divide
from mobiliteit.claims.terms import Text
from mobiliteit.errors import brief

_COMPARE = (">=", "<=", ">", "<")
TERMS = Text(
    nl=f"Schrijf een groep, variabele {FOUND_IN} categorie, variabele 25 - 44 of variabele >= 25;"
    f" {CONTROLS}: komt het laatst.",
    en=f"Write a group, variable {FOUND_IN} category, variable 25 - 44 or variable >= 25;"
    f" {CONTROLS}: comes last.",
)


def read_terms(reader: Reader, part: Part) -> tuple[tuple[Restriction, ...], tuple[str, ...]]:
    """Read the restrictions and the controls of a question.

    Parameters
    ----------
    reader : Reader
        Collects the problems.
    part : Part
        The tokens behind the bar.

    Returns
    -------
    tuple
        Restrictions and control names, as far as they could be read.
    """
    if not part.tokens:
        what = Text(nl=f"achter {BAR} staat niets", en=f"nothing stands behind {BAR}")
        reader.wrong(part.span, what, TERMS)
        return (), ()
    who, *rest = divide(part, CONTROLS)
    restrictions: list[Restriction] = []
    terms = divide(who, ",") if who.tokens else []
    if rest and terms:
        if terms[-1].tokens:
            keyword = Part((), rest[0].before)
            what = Text(
                nl=f"voor {CONTROLS} ontbreekt een komma",
                en=f"a comma is missing before {CONTROLS}",
            )
            reader.wrong(keyword.span, what, TERMS)
        else:
            terms.pop()
    for term in terms:
        restriction = _term(reader, term)
        if restriction is not None:
            restrictions.append(restriction)
            reader.places.setdefault(restriction.text, []).append(term.span)
    controls = [name for one in rest for name in _controls(reader, one)]
    return tuple(dict.fromkeys(restrictions)), tuple(controls)


def _controls(reader: Reader, part: Part) -> list[str]:
    if not part.tokens or not part.tokens[0].is_sign(":"):
        what = Text(
            nl=f"achter {CONTROLS} ontbreekt een dubbele punt",
            en=f"a colon is missing behind {CONTROLS}",
        )
        remedy = Text(nl=f"Schrijf {CONTROLS}: naam, naam.", en=f"Write {CONTROLS}: name, name.")
        reader.wrong(Part((), part.before).span, what, remedy)
        return []
    listed = Part(part.tokens[1:], part.tokens[0], part.after)
    return [reader.name(one) for one in divide(listed, ",")]


def _term(reader: Reader, part: Part) -> Restriction | None:
    if not part.tokens:
        what = Text(nl="hier ontbreekt een groep of voorwaarde", en="a term is missing here")
        reader.wrong(part.span, what, TERMS)
        return None
    if part.sign(FOUND_IN):
        return _among(reader, part)
    if part.sign(*_COMPARE):
        return _beyond(reader, part)
    if len(part.tokens) > 1 and part.tokens[0].kind != "sign" and part.sign("-"):
        return _between(reader, part)
    return _people(reader, part)


def _people(reader: Reader, part: Part) -> Restriction | None:
    """Read a category alone: a group, a segment, a class."""
    if len(part.tokens) > 1:
        start, end = part.span
        whole = reader.text[start:end]
        if reader.lexicon.resolve_people(whole):
            reader.unquoted(part, "category")
            return None
        what = Text(
            nl=f"{brief(whole)} zegt niet over wie het gaat",
            en=f"{brief(whole)} says not who is asked about",
        )
        reader.wrong(part.span, what, TERMS)
        return None
    word = reader.word(part, "category")
    if word is None:
        return None
    found = reader.lexicon.resolve_people(word)
    if len(found) == 1:
        variable, category = split_name(found[0])
        return Restriction(variable, (category,))
    if found:
        options = [
            _spaced(name) if split_name(name)[1] else f"{name} {FOUND_IN} …" for name in found
        ]
        reader.several(part.span, word, options)
        return None
    variables = reader.lexicon.resolve(word)
    if variables:
        what = Text(
            nl=f"{variables[0]} is een variabele, en welke antwoorden bedoeld zijn staat er niet",
            en=f"{variables[0]} is a variable, and which answers are meant is not said",
        )
        reader.wrong(part.span, what, _example(reader, variables[0]))
        return None
    what = Text(
        nl=f"{brief(word)} is geen groep, segment of klasse",
        en=f"{brief(word)} is no group, segment or class",
    )
    reader.wrong(part.span, what, perhaps(map(_spaced, reader.lexicon.nearest_people(word)), TERMS))
    return None


def _among(reader: Reader, part: Part) -> Restriction | None:
    """Read ``variable = category / category``, or ``variable = number``."""
    sides = divide(part, FOUND_IN)
    if len(sides) > 2:
        what = Text(nl=f"een voorwaarde heeft één {FOUND_IN}", en=f"a term has one {FOUND_IN}")
        reader.wrong(sides[2].span, what, TERMS)
        return None
    variable = reader.variable(sides[0], alone=False)
    if not variable:
        return None
    lexicon = reader.lexicon
    if not lexicon.categories(variable):
        number = _number(reader, sides[1])
        return None if number is None else Restriction(variable, low=number, high=number)
    found = [reader.category(variable, one) for one in divide(sides[1], OR)]
    if not all(found):
        return None
    return Restriction(
        variable, tuple(key for key, _ in lexicon.categories(variable) if key in found)
    )


def _beyond(reader: Reader, part: Part) -> Restriction | None:
    """Read ``variable >= number`` and the like."""
    sides = divide(part, *_COMPARE)
    if len(sides) > 2:
        what = Text(nl="een voorwaarde vergelijkt één keer", en="a term compares once")
        remedy = Text(
            nl="Schrijf een bereik als variabele 25 - 44.", en="Write a range as variable 25 - 44."
        )
        reader.wrong(sides[2].span, what, remedy)
        return None
    variable, number = _measured(reader, sides[0]), _number(reader, sides[1])
    if not variable or number is None or sides[1].before is None:
        return None
    match sides[1].before.text:
        case ">=":
            return Restriction(variable, low=number)
        case "<=":
            return Restriction(variable, high=number)
        case ">":
            return Restriction(variable, low=math.nextafter(number, math.inf))
        case _:
            return Restriction(variable, high=math.nextafter(number, -math.inf))


def _between(reader: Reader, part: Part) -> Restriction | None:
    """Read ``variable number - number``."""
    first, *rest = part.tokens
    variable = _measured(reader, Part((first,), part.before, rest[0]))
    start = 1 if rest[0].is_sign("-") else 0
    middle = next((n for n, token in enumerate(rest) if n > start and token.is_sign("-")), None)
    if middle is None:
        what = Text(
            nl="een bereik loopt van een getal tot een getal",
            en="a range runs from a number to a number",
        )
        reader.wrong(part.span, what, TERMS)
        return None
    low = _number(reader, Part(tuple(rest[:middle]), first, rest[middle]))
    high = _number(reader, Part(tuple(rest[middle + 1 :]), rest[middle], part.after))
    if not variable or low is None or high is None:
        return None
    if low > high:
        what = Text(nl="het bereik eindigt voor het begint", en="the range ends before it starts")
        remedy = Text(nl="Zet het kleinste getal voorop.", en="Put the smaller number first.")
        reader.wrong((rest[0].start, rest[-1].end), what, remedy)
        return None
    return Restriction(variable, low=low, high=high)


def _measured(reader: Reader, part: Part) -> str:
    """Read a variable that has numbers or codes."""
    variable = reader.variable(part, alone=False)
    if variable and reader.lexicon.bounds(variable) is None:
        reader.wrong(part.span, no_numbers(variable), _example(reader, variable))
        return ""
    return variable


def _number(reader: Reader, part: Part) -> float | None:
    tokens: tuple[Token, ...] = part.tokens
    negative = len(tokens) == 2 and tokens[0].is_sign("-")
    digits = tokens[1:] if negative else tokens
    if len(digits) != 1 or digits[0].kind != "number":
        what = (
            Text(nl="dit is geen getal", en="this is no number")
            if tokens
            else Text(nl="hier ontbreekt een getal", en="a number is missing here")
        )
        remedy = Text(
            nl="Schrijf een getal, zoals 25 of 2,5.", en="Write a number, such as 25 or 2.5."
        )
        reader.wrong(part.span, what, remedy)
        return None
    text = digits[0].text.replace(",", ".")
    if len(text) > MOST_DIGITS:
        what = Text(nl="dit getal is te lang", en="this number is too long")
        remedy = Text(
            nl=f"Schrijf ten hoogste {MOST_DIGITS} cijfers.",
            en=f"Write at most {MOST_DIGITS} digits.",
        )
        reader.wrong(part.span, what, remedy)
        return None
    number = float(text)
    return -number if negative and number else number


def _example(reader: Reader, variable: str) -> Text:
    categories = reader.lexicon.categories(variable)
    if categories:
        term = f"{variable} {FOUND_IN} {written(categories[0][0])}"
    else:
        low, high = reader.lexicon.bounds(variable) or (0.0, 1.0)
        term = f"{variable} {low:g} - {high:g}"
    return Text(nl=f"Schrijf bijvoorbeeld {term}.", en=f"Write {term}, for example.")


def _spaced(name: str) -> str:
    variable, category = split_name(name)
    return f"{written(variable)} {FOUND_IN} {written(category)}"
