"""What a question may put together: forms and measurement levels, names and restrictions.

Looked at without a wave, from the codebook alone; the grammar, the page and the register use it.
"""

from __future__ import annotations

from collections.abc import Iterator

from mobiliteit.asking.lexicon import MOST_CATEGORIES, Lexicon
from mobiliteit.asking.question import FOUND_IN, Question, Restriction, split_name, written
from mobiliteit.asking.remaining import (
    Remaining,
    is_nobody,
    possible_ids,
    possible_reach,
    remaining,
)
from mobiliteit.errors import Misread, QuestionError

UNASKABLE = "The question cannot be asked like this."


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
        raise QuestionError(UNASKABLE, problems, question.text)


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


def _problem(what: str, remedy: str, *about: str) -> Misread:
    return Misread(what, remedy, about=about)


def _unknown(question: Question, lexicon: Lexicon) -> Iterator[Misread]:
    for name in question.names:
        variable, category = split_name(name)
        if variable not in lexicon.variables:
            nearest = " or ".join(written(one) for one in lexicon.nearest(variable))
            remedy = f"Perhaps {nearest} is meant." if nearest else "Use a name of the codebook."
            yield _problem(f"{variable} is no variable of the codebook", remedy, name)
        elif FOUND_IN in name and category not in dict(lexicon.categories(variable)):
            listed = ", ".join(key for key, _ in lexicon.categories(variable)[:MOST_CATEGORIES])
            remedy = f"Use one of: {listed}." if listed else f"Write {variable} alone."
            yield _problem(f"{category!r} is no category of {variable}", remedy, name)
    for one in question.who:
        if one.variable not in lexicon.variables:
            what = f"{one.variable} is no variable of the codebook"
            yield _problem(what, "Use a name of the codebook.", one.text)
        else:
            yield from _restriction_problems(one, lexicon)


def _restriction_problems(one: Restriction, lexicon: Lexicon) -> Iterator[Misread]:
    known = dict(lexicon.categories(one.variable))
    wrong = [value for value in one.values if value not in known]
    ranged = one.low is not None or one.high is not None
    if wrong:
        listed = ", ".join(list(known)[:MOST_CATEGORIES])
        remedy = f"Use one of: {listed}." if known else "Give a range of numbers."
        yield _problem(f"{wrong[0]!r} is no category of {one.variable}", remedy, one.text)
    elif ranged == bool(one.values):
        what = f"which answers to {one.variable} are meant is not said"
        yield _problem(what, "Give either categories or a range.", one.text)
    elif ranged and lexicon.bounds(one.variable) is None:
        what = f"{one.variable} has categories, no numbers"
        yield _problem(what, "Name the categories.", one.text)


def _shapeless(question: Question) -> Iterator[Misread]:
    """Find parts that a form needs or cannot have; the grammar never makes such a question."""
    needs = {
        "effect": (question.predictors, not question.by, not question.since),
        "difference": (not question.predictors, question.by, not question.since),
        "mediation": (question.predictors, question.by, not question.since),
        "moderation": (len(question.predictors) == 1, question.by, not question.since),
        "change": (len(question.predictors) <= 1, not question.by, question.since),
    }
    if not question.outcome or not all(needs.get(question.form, (False,))):
        what = f"a question of the form {question.form} has other parts"
        yield _problem(what, "Write it as text, and let mb.parse_question read it.")


def _twice(question: Question) -> Iterator[Misread]:
    asked = [question.outcome, *question.predictors, question.by, *question.controls]
    for name in dict.fromkeys(one for one in asked if one and asked.count(one) > 1):
        outcome = name == question.outcome
        what = (
            f"{name} is the outcome and stands among the rest"
            if outcome
            else f"{name} is named twice"
        )
        yield _problem(what, "Leave it out in one place.", name)


def _form_problems(question: Question, lexicon: Lexicon) -> Iterator[Misread]:
    outcome, by, form = question.outcome, question.by, question.form
    if form != "difference" and lexicon.level(outcome) == "nominal":
        what = f"{outcome} has categories without an order"
        yield _problem(what, _one_category(outcome, lexicon, "outcome"), outcome)
    if form == "difference":
        yield from _dividing(by, lexicon)
    if form == "mediation":
        # a nominal outcome was told of already
        placed = [(by, "the mediator"), (outcome, "the outcome")]
        for name, place in placed[: 1 if lexicon.level(outcome) == "nominal" else 2]:
            if lexicon.kind(name) != "number":
                what = f"{place} of a mediation is a number, and {name} is not"
                yield _problem(what, "Name a scale score or a question with ordered answers.", name)
    if form == "moderation" and lexicon.kind(by) == "many":
        yield from _dividing(by, lexicon)
    if form in ("mediation", "moderation", "change"):
        for name in question.predictors:
            if lexicon.kind(name) == "many":
                what = f"{name} has several categories"
                yield _problem(what, _one_category(name, lexicon, "predictor"), name)


def _dividing(by: str, lexicon: Lexicon) -> Iterator[Misread]:
    """Find what cannot divide people into groups."""
    if split_name(by)[1]:
        return
    number = len(lexicon.categories(by))
    if not number:
        classed = " or ".join(lexicon.classes_of(by))
        remedy = f"Use {classed}." if classed else f"Ask {by} -> outcome instead."
        yield _problem(f"{by} is a number and does not divide people into groups", remedy, by)
    elif number > MOST_CATEGORIES:
        what = f"{by} has {number} categories, and at most {MOST_CATEGORIES} can be compared"
        yield _problem(what, "Use a variable with fewer.", by)


def _one_category(name: str, lexicon: Lexicon, place: str) -> str:
    first = lexicon.categories(name)[0][0]
    return f"Take one category as {place}, such as {written(f'{name}{FOUND_IN}{first}')}."


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
                what = f"{first} and {second} are about the same answers"
            elif lexicon.derives_from(one) & lexicon.derives_from(two):
                what = f"{first} and {second} are made of the same answers"
            else:
                continue
            yield _problem(what, "Keep one of the two.", second, first)
    for variable in dict.fromkeys(split_name(name)[0] for name in names):
        categories = {f"{variable}{FOUND_IN}{key}" for key, _ in lexicon.categories(variable)}
        if len(categories) > 1 and categories <= set(names):
            what = f"all categories of {variable} are named, and the last follows from the others"
            yield _problem(what, f"Leave one out, or write {variable} alone.", *categories)


def _without_variation(question: Question, lexicon: Lexicon) -> Iterator[Misread]:
    """Find names of which everybody who is asked about has the same answer, or none can be had."""
    variables = dict.fromkeys(split_name(name)[0] for name in question.names)
    left = remaining(lexicon, question.who, [*variables, *(r.variable for r in question.who)])
    about = tuple(one.text for one in question.who)
    if is_nobody(left):
        what = "nobody can be in all of this at once"
        yield _problem(what, "Leave out a restriction, or a question asked of others.", *about)
        return
    for name in question.names:
        what = _stuck(name, left, lexicon)
        if what:
            remedy = (
                "Leave out the restriction that fixes it, or ask about something else."
                if about
                else "Others were not asked what the question is about; ask about something else."
            )
            yield _problem(what, remedy, name)


def _stuck(name: str, left: Remaining, lexicon: Lexicon) -> str:
    variable, category = split_name(name)
    if not lexicon.categories(variable):
        reach = possible_reach(left, variable)
        if reach is None or reach[0] < reach[1]:
            return ""
        return (
            f"among these people {variable} is always {reach[0]:g}"
            if reach[0] == reach[1]
            else f"among these people nobody can have a value of {variable}"
        )
    ids = possible_ids(left, variable)
    if not ids or (category and category not in ids):
        return f"among these people nobody can have {name}"
    if len(ids) == 1:
        return f"among these people everybody has {variable}{FOUND_IN}{next(iter(ids))}"
    return ""
