"""What a question may put together: forms and measurement levels, names and restrictions.

Looked at without a wave, from the codebook alone; the grammar, the page and the register use it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from mobiliteit.asking.lexicon import MOST_CATEGORIES, Lexicon
from mobiliteit.asking.question import ARROW, FOUND_IN, Question, Restriction, split_name, written
from mobiliteit.asking.refusals import (
    misread,
    no_category,
    no_numbers,
    one_of,
    perhaps,
    write,
)
from mobiliteit.asking.remaining import (
    Remaining,
    is_nobody,
    possible_ids,
    possible_reach,
    remaining,
)
from mobiliteit.claims.terms import Text
from mobiliteit.errors import Misread, QuestionError

UNASKABLE = Text(
    nl="Deze vraag kan zo niet gesteld worden.", en="The question cannot be asked like this."
)
PLACES = {
    "outcome": Text(nl="uitkomst", en="outcome"),
    "predictor": Text(nl="voorspeller", en="predictor"),
    "mediator": Text(nl="mediator", en="mediator"),
}
FREE = Text(
    nl="Laat de voorwaarde weg die dit vastlegt, of vraag iets anders.",
    en="Leave out the restriction that fixes it, or ask about something else.",
)
NOT_ASKED = Text(
    nl="Anderen is niet gevraagd waar dit over gaat; vraag iets anders.",
    en="Others were not asked what the question is about; ask about something else.",
)


def check_question(question: Question, lexicon: Lexicon) -> None:
    """Refuse a question that does not fit together.

    Parameters
    ----------
    question : Question
        However it was made.
    lexicon : Lexicon
        The words of the study.

    Raises
    ------
    QuestionError
        With all that :func:`question_problems` finds.
    """
    problems = question_problems(question, lexicon)
    if problems:
        raise unaskable(question, problems)


def unaskable(question: Question, problems: Sequence[Misread]) -> QuestionError:
    """Make the refusal of a question of what :func:`question_problems` found."""
    return QuestionError(UNASKABLE.en, problems, question.text, nl=UNASKABLE.nl)


def question_problems(question: Question, lexicon: Lexicon) -> tuple[Misread, ...]:
    """Say what does not fit together in a question.

    Parameters
    ----------
    question : Question
        However it was made.
    lexicon : Lexicon
        The words of the study.

    Returns
    -------
    tuple of Misread
        Unknown names first; only when there are none, what does not fit. Each says in ``about``
        which names (or texts of restrictions) it is about.
    """
    unknown = tuple([*_unknown(question, lexicon), *_shapeless(question)])
    if unknown:
        return unknown
    found = [
        *_twice(question),
        *_form_problems(question, lexicon),
        *_family_problems(question, lexicon),
    ]
    found += _without_variation(question, lexicon)
    return tuple(dict.fromkeys(found))


def _unknown(question: Question, lexicon: Lexicon) -> Iterator[Misread]:
    for name in question.names:
        variable, category = split_name(name)
        if variable not in lexicon.variables:
            yield misread(_no_variable(variable), _nearest(variable, lexicon), name)
        elif FOUND_IN in name and category not in dict(lexicon.categories(variable)):
            listed = ", ".join(key for key, _ in lexicon.categories(variable)[:MOST_CATEGORIES])
            alone = Text(nl=f"Schrijf {variable} alleen.", en=f"Write {variable} alone.")
            remedy = one_of(listed) if listed else alone
            yield misread(no_category(repr(category), variable), remedy, name)
    for one in question.who:
        if one.variable not in lexicon.variables:
            yield misread(_no_variable(one.variable), _nearest(one.variable, lexicon), one.text)
        else:
            yield from _restriction_problems(one, lexicon)


def _no_variable(name: str) -> Text:
    return Text(
        nl=f"{name} is geen variabele van het codeboek", en=f"{name} is no variable of the codebook"
    )


def _nearest(name: str, lexicon: Lexicon) -> Text:
    otherwise = Text(nl="Gebruik een naam uit het codeboek.", en="Use a name of the codebook.")
    return perhaps(map(written, lexicon.nearest(name)), otherwise)


def _restriction_problems(one: Restriction, lexicon: Lexicon) -> Iterator[Misread]:
    known = dict(lexicon.categories(one.variable))
    wrong = [value for value in one.values if value not in known]
    ranged = one.low is not None or one.high is not None
    if wrong:
        listed = ", ".join(list(known)[:MOST_CATEGORIES])
        ranges = Text(nl="Geef een bereik van getallen.", en="Give a range of numbers.")
        remedy = one_of(listed) if known else ranges
        yield misread(no_category(repr(wrong[0]), one.variable), remedy, one.text)
    elif ranged == bool(one.values):
        what = Text(
            nl=f"welke antwoorden op {one.variable} bedoeld zijn staat er niet",
            en=f"which answers to {one.variable} are meant is not said",
        )
        remedy = Text(
            nl="Geef of categorieën, of een bereik.", en="Give either categories or a range."
        )
        yield misread(what, remedy, one.text)
    elif ranged and lexicon.bounds(one.variable) is None:
        remedy = Text(nl="Noem de categorieën.", en="Name the categories.")
        yield misread(no_numbers(one.variable), remedy, one.text)


def _shapeless(question: Question) -> Iterator[Misread]:
    """Find parts that a form needs or cannot have; the grammar never makes such a question."""
    needs = {
        "effect": (question.predictors, not question.by, not question.since),
        "difference": (not question.predictors, question.by, not question.since),
        "mediation": (question.predictors, question.by, not question.since),
        "moderation": (len(question.predictors) == 1, question.by, not question.since),
        "change": (len(question.predictors) <= 1, not question.by, question.since),
    }
    if question.form in ("moderation", "change") and len(question.predictors) > 1:
        # the others can stay, as what is held constant
        others = ", ".join(question.predictors[1:])
        what = Text(
            nl=f"een vraag van de vorm {question.form} heeft één voorspeller",
            en=f"a question of the form {question.form} has one predictor",
        )
        remedy = Text(
            nl=f"Houd de andere gelijk: {others}.", en=f"Hold the others constant: {others}."
        )
        yield misread(what, remedy, *question.predictors[1:])
    elif not question.outcome or not all(needs.get(question.form, (False,))):
        what = Text(
            nl=f"een vraag van de vorm {question.form} heeft andere onderdelen",
            en=f"a question of the form {question.form} has other parts",
        )
        remedy = Text(
            nl="Schrijf haar als tekst, en laat mb.parse_question die lezen.",
            en="Write it as text, and let mb.parse_question read it.",
        )
        yield misread(what, remedy)


def _twice(question: Question) -> Iterator[Misread]:
    asked = [question.outcome, *question.predictors, question.by, *question.controls]
    for name in dict.fromkeys(one for one in asked if one and asked.count(one) > 1):
        what = (
            Text(
                nl=f"{name} is de uitkomst en staat ook tussen de rest",
                en=f"{name} is the outcome and stands among the rest",
            )
            if name == question.outcome
            else Text(nl=f"{name} is twee keer genoemd", en=f"{name} is named twice")
        )
        remedy = Text(nl="Laat de naam op één plaats weg.", en="Leave it out in one place.")
        yield misread(what, remedy, name)


def _form_problems(question: Question, lexicon: Lexicon) -> Iterator[Misread]:
    outcome, by, form = question.outcome, question.by, question.form
    if form != "difference" and lexicon.level(outcome) == "nominal":
        yield misread(_no_order(outcome), _one_category(outcome, lexicon, "outcome"), outcome)
    if form == "difference":
        yield from _dividing(by, lexicon)
        if question.controls and _is_unordered(outcome, lexicon):
            first = _first_category(outcome, lexicon)
            no_order = _no_order(outcome)
            what = Text(
                nl=f"{no_order.nl}, en daarbij is niets gelijk te houden",
                en=f"{no_order.en}, and nothing can be held constant there",
            )
            remedy = Text(
                nl=f"Laat de controlevariabelen weg, of vraag naar één antwoord: {first}.",
                en=f"Leave the controls out, or ask about one answer: {first}.",
            )
            yield misread(what, remedy, outcome)
    if form == "mediation":
        # a nominal outcome was told of already
        placed = [(by, PLACES["mediator"]), (outcome, PLACES["outcome"])]
        for name, place in placed[: 1 if lexicon.level(outcome) == "nominal" else 2]:
            if lexicon.kind(name) != "number":
                what = Text(
                    nl=f"de {place.nl} van een mediatie is een getal, en {name} is dat niet",
                    en=f"the {place.en} of a mediation is a number, and {name} is not",
                )
                remedy = Text(
                    nl="Noem een schaalscore of een vraag met geordende antwoorden.",
                    en="Name a scale score or a question with ordered answers.",
                )
                yield misread(what, remedy, name)
    if form == "moderation" and lexicon.kind(by) == "many":
        yield from _dividing(by, lexicon)
    if form in ("mediation", "moderation", "change"):
        for name in question.predictors:
            if lexicon.kind(name) == "many":
                what = Text(
                    nl=f"{name} heeft verschillende categorieën",
                    en=f"{name} has several categories",
                )
                yield misread(what, _one_category(name, lexicon, "predictor"), name)


def _dividing(by: str, lexicon: Lexicon) -> Iterator[Misread]:
    """Find what cannot divide people into groups."""
    if split_name(by)[1]:
        return
    number = len(lexicon.categories(by))
    if not number:
        classed = lexicon.classes_of(by)
        what = Text(
            nl=f"{by} is een getal en verdeelt mensen niet in groepen",
            en=f"{by} is a number and does not divide people into groups",
        )
        instead = Text(
            nl=f"Vraag liever {by} {ARROW} uitkomst.", en=f"Ask {by} {ARROW} outcome instead."
        )
        yield misread(what, write(*classed) if classed else instead, by)
    elif number > MOST_CATEGORIES:
        what = Text(
            nl=f"{by} heeft {number} categorieën, en er zijn er ten hoogste {MOST_CATEGORIES} te"
            " vergelijken",
            en=f"{by} has {number} categories, and at most {MOST_CATEGORIES} can be compared",
        )
        remedy = Text(nl="Gebruik een variabele met minder.", en="Use a variable with fewer.")
        yield misread(what, remedy, by)


def _no_order(name: str) -> Text:
    return Text(
        nl=f"{name} heeft categorieën zonder volgorde",
        en=f"{name} has categories without an order",
    )


def _is_unordered(name: str, lexicon: Lexicon) -> bool:
    return lexicon.level(name) == "nominal" and lexicon.kind(name) == "many"


def _first_category(name: str, lexicon: Lexicon) -> str:
    return written(f"{name}{FOUND_IN}{lexicon.categories(name)[0][0]}")


def _one_category(name: str, lexicon: Lexicon, place: str) -> Text:
    first = _first_category(name, lexicon)
    return Text(
        nl=f"Neem één categorie als {PLACES[place].nl}, zoals {first}.",
        en=f"Take one category as {PLACES[place].en}, such as {first}.",
    )


def _family_problems(question: Question, lexicon: Lexicon) -> Iterator[Misread]:
    """Find names of which one says the other, wholly or in part."""
    names = question.names
    for position, first in enumerate(names):
        for second in names[position + 1 :]:
            (one, in_one), (two, in_two) = split_name(first), split_name(second)
            if one == two:
                # two categories of one variable are two dummies, but not if one is explained
                if in_one and in_two and first != question.outcome and second != question.by:
                    continue
                what = Text(
                    nl=f"{first} en {second} gaan over dezelfde antwoorden",
                    en=f"{first} and {second} are about the same answers",
                )
            elif lexicon.derives_from(one) & lexicon.derives_from(two):
                what = Text(
                    nl=f"{first} en {second} zijn van dezelfde antwoorden gemaakt",
                    en=f"{first} and {second} are made of the same answers",
                )
            else:
                continue
            remedy = Text(nl="Houd een van de twee.", en="Keep one of the two.")
            yield misread(what, remedy, second, first)
    for variable in dict.fromkeys(split_name(name)[0] for name in names):
        categories = {f"{variable}{FOUND_IN}{key}" for key, _ in lexicon.categories(variable)}
        if len(categories) > 1 and categories <= set(names):
            what = Text(
                nl=f"alle categorieën van {variable} zijn genoemd, en de laatste volgt uit de rest",
                en=f"all categories of {variable} are named, and the last follows from the others",
            )
            remedy = Text(
                nl=f"Laat er een weg, of schrijf {variable} alleen.",
                en=f"Leave one out, or write {variable} alone.",
            )
            yield misread(what, remedy, *categories)


def _without_variation(question: Question, lexicon: Lexicon) -> Iterator[Misread]:
    """Find names of which everybody who is asked about has the same answer, or none can be had."""
    variables = dict.fromkeys(split_name(name)[0] for name in question.names)
    left = remaining(lexicon, question.who, [*variables, *(r.variable for r in question.who)])
    about = tuple(one.text for one in question.who)
    if is_nobody(left):
        what = Text(
            nl="niemand kan aan dit alles tegelijk voldoen",
            en="nobody can be in all of this at once",
        )
        remedy = Text(
            nl="Laat een voorwaarde weg, of een vraag die aan anderen gesteld is.",
            en="Leave out a restriction, or a question asked of others.",
        )
        yield misread(what, remedy, *about)
        return
    for name in question.names:
        stuck = _stuck(name, left, lexicon)
        if stuck is not None:
            yield misread(stuck, FREE if about else NOT_ASKED, name)


def _stuck(name: str, left: Remaining, lexicon: Lexicon) -> Text | None:
    """Say that nobody, or everybody, has an answer; None where people can differ."""
    variable, category = split_name(name)
    if not lexicon.categories(variable):
        reach = possible_reach(left, variable)
        if reach is None or reach[0] < reach[1]:
            return None
        if reach[0] == reach[1]:
            return Text(
                nl=f"onder deze mensen is {variable} altijd {reach[0]:g}",
                en=f"among these people {variable} is always {reach[0]:g}",
            )
        return Text(
            nl=f"onder deze mensen kan niemand een waarde van {variable} hebben",
            en=f"among these people nobody can have a value of {variable}",
        )
    ids = possible_ids(left, variable)
    if not ids or (category and category not in ids):
        return Text(
            nl=f"onder deze mensen kan niemand {name} hebben",
            en=f"among these people nobody can have {name}",
        )
    if len(ids) == 1:
        had = f"{variable}{FOUND_IN}{next(iter(ids))}"
        return Text(
            nl=f"onder deze mensen heeft iedereen {had}",
            en=f"among these people everybody has {had}",
        )
    return None
