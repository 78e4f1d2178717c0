"""Labels of the codebook as they read in lists, in explanations and inside a sentence."""

from __future__ import annotations

from collections.abc import Sequence

from mobiliteit.asking.question import Restriction, split_name
from mobiliteit.asking.vocabulary import Vocabulary
from mobiliteit.claims.terms import Text

MOST_LISTED = 12  # answers that an explanation lists
_WORDS = {
    "nl": {
        "classed": " (klassen)",
        "answer": "het antwoord ‘{category}’ op ‘{label}’",
        "member": "het behoren tot ‘{category}’ ({label})",
        "some": "wie hieraan voldoet",
        "or": " of ",
        "between": "{low} tot en met {high}",
        "least": "{low} of meer",
        "most": "{high} of minder",
        "above": "meer dan {low}",
        "below": "minder dan {high}",
        "scale": "Schaalscore van {low} ({first}) tot {high} ({last}), gemiddelde van {n} vragen.",
        "mean": "Gemiddelde van {parts}.",
        "number": "Een getal van {low} tot {high}{unit}.",
        "either": "Antwoord: {listed}.",
        "one_of": "Eén van {n}: {listed}.",
        "ordered": "{n} antwoorden, van ‘{first}’ tot ‘{last}’.",
        "made": "Gemaakt van ‘{source}’.",
        "asked": "Alleen gevraagd aan wie op ‘{filter}’ antwoordde: {codes}.",
        "comma": ",",
    },
    "en": {
        "classed": " (classes)",
        "answer": "the answer ‘{category}’ to ‘{label}’",
        "member": "belonging to ‘{category}’ ({label})",
        "some": "those who meet this",
        "or": " or ",
        "between": "{low} to {high}",
        "least": "{low} or more",
        "most": "{high} or less",
        "above": "more than {low}",
        "below": "less than {high}",
        "scale": "Scale score from {low} ({first}) to {high} ({last}), the mean of {n} questions.",
        "mean": "Mean of {parts}.",
        "number": "A number from {low} to {high}{unit}.",
        "either": "Answer: {listed}.",
        "one_of": "One of {n}: {listed}.",
        "ordered": "{n} answers, from ‘{first}’ to ‘{last}’.",
        "made": "Made from ‘{source}’.",
        "asked": "Asked only of those who answered ‘{filter}’ with: {codes}.",
        "comma": ".",
    },
}
LANGUAGES = ("nl", "en")


def lowered(text: str) -> str:
    """Write a label with a small first letter, unless its first word has more capitals."""
    first = text.split(maxsplit=1)[0] if text.strip() else ""
    return text if any(sign.isupper() for sign in first[1:]) else text[:1].lower() + text[1:]


def label(book: Vocabulary, name: str) -> Text:
    """Return the label of a name: that of the codebook, or ``Label: category``.

    A classed variable with the label of its source gets "(klassen)" behind it, unless it repeats
    the answers of its source.
    """
    variable, category = split_name(name)
    derived = book.study.codebook.derived
    sources = derived[variable].of if variable in derived else []
    texts = {}
    for lang in LANGUAGES:
        text = book.study.label(variable, lang)
        if variable not in book.repeats and text in {book.study.label(s, lang) for s in sources}:
            text += _WORDS[lang]["classed"]
        if category:
            text += f": {getattr(book.category_label(variable, category), lang)}"
        texts[lang] = text
    return Text(**texts)


def phrase(book: Vocabulary, name: str) -> Text:
    """Return a name as a noun phrase in the singular, without a capital."""
    variable, category = split_name(name)
    entries = {**book.study.codebook.variables, **book.study.codebook.derived}
    entry = entries.get(variable)
    texts = {}
    for lang in LANGUAGES:
        whole = lowered(getattr(label(book, variable), lang))
        if category:
            form = "answer" if variable in book.study.codebook.variables else "member"
            shown = getattr(book.category_label(variable, category), lang)
            texts[lang] = _WORDS[lang][form].format(category=lowered(shown), label=whole)
        else:
            texts[lang] = (entry and getattr(entry, f"phrase_{lang}")) or whole
    return Text(**texts)


def condition(book: Vocabulary, restriction: Restriction) -> Text:
    """Return a restriction in words, such as ``Leeftijd: 25 tot en met 44 jaar``."""
    name = label(book, restriction.variable)
    return Text(
        **{
            lang: f"{getattr(name, lang)}: {_answers(book, restriction, lang)}"
            for lang in LANGUAGES
        }
    )


def people(book: Vocabulary, who: Sequence[Restriction]) -> Text:
    """Return who is asked about: the mobility groups by their own name, other answers in brackets.

    Such as ``mobielen (geslacht: vrouw; leeftijd: 25 tot en met 44 jaar)``.
    """
    texts = {}
    for lang in LANGUAGES:
        groups = [r for r in who if r.variable == book.group]
        named = groups[:1] if len(groups) == 1 else []
        others = [lowered(getattr(condition(book, one), lang)) for one in who if one not in named]
        noun = _answers(book, named[0], lang) if named else _WORDS[lang]["some"]
        texts[lang] = f"{noun} ({'; '.join(others)})" if others else noun
    return Text(**texts)


def explanation(book: Vocabulary, variable: str) -> Text:
    """Say what an answer can be, what it is made of and who was asked."""
    return Text(**{lang: " ".join(_explained(book, variable, lang)) for lang in LANGUAGES})


def _explained(book: Vocabulary, variable: str, lang: str) -> list[str]:
    say, codebook = _WORDS[lang], book.study.codebook
    listed = [getattr(text, lang) for _, text in book.categories(variable)]
    bounds = book.bounds(variable)
    low, high = (_number(bound, lang) for bound in bounds) if bounds else ("", "")
    unit = getattr(book.unit(variable), lang)
    parts = []
    entry = codebook.variables.get(variable)
    if entry and entry.items:
        values = codebook.answers(variable).values
        first, last = (getattr(values[code], lang) for code in (min(values), max(values)))
        texts = dict(low=low, high=high, first=first, last=last, n=len(entry.items))
        parts.append(say["scale"].format(**texts))
    elif variable in codebook.derived and not listed:
        names = [f"‘{getattr(label(book, one), lang)}’" for one in codebook.derived[variable].of]
        parts.append(say["mean"].format(parts=", ".join(names)))
    elif not listed:
        parts.append(say["number"].format(low=low, high=high, unit=f" {unit}" if unit else ""))
    elif book.level(variable) == "ordinal":
        parts.append(say["ordered"].format(n=len(listed), first=listed[0], last=listed[-1]))
    else:
        two = len(listed) == 2
        shown = say["or"].join(map(lowered, listed)) if two else "; ".join(listed[:MOST_LISTED])
        parts.append(say["either" if two else "one_of"].format(n=len(listed), listed=shown))
    if variable in codebook.derived and listed:
        source = getattr(label(book, codebook.derived[variable].of[0]), lang)
        parts.append(say["made"].format(source=source))
    for asked, codes in (entry.asked if entry else {}).items():
        answers = [
            getattr(book.category_label(asked, book.category_id(asked, code)), lang)
            for code in codes
        ]
        texts = dict(filter=getattr(label(book, asked), lang), codes=say["or"].join(answers))
        parts.append(say["asked"].format(**texts))
    return parts


def _answers(book: Vocabulary, restriction: Restriction, lang: str) -> str:
    """Return the answers of a restriction: labels of categories, or a range."""
    say, variable = _WORDS[lang], restriction.variable
    if restriction.values:
        labels = [getattr(book.category_label(variable, v), lang) for v in restriction.values]
        return say["or"].join(lowered(text) for text in labels)
    codes = {number: key for key, number in book.codes(variable).items()}
    form, low, high = restriction.reach
    shown = {}
    for side, number in (("low", low), ("high", high)):
        if number is not None:
            key = codes.get(number)
            shown[side] = (
                f"‘{getattr(book.category_label(variable, key), lang)}’"
                if key is not None
                else _number(number, lang)
            )
    unit = getattr(book.unit(variable), lang)
    text = say[form].format(**shown)
    return f"{text} {unit}" if unit else text


def _number(number: float, lang: str) -> str:
    return f"{number:.12g}".replace(".", _WORDS[lang]["comma"])
