"""The grammar of questions: text in, a question out, or an error that points at the word.

Nothing is evaluated: a text is divided at its signs, and every word must be a name of the
codebook, a category of one, or a keyword. :mod:`mobiliteit.asking.terms` reads what stands
behind the bar.
"""

from __future__ import annotations

import re
from dataclasses import replace

from mobiliteit.asking.lexicon import Lexicon, load_lexicon
from mobiliteit.asking.question import (
    ARROW,
    BAR,
    BETWEEN,
    CONTROLS,
    PLUS,
    SINCE,
    TIMES,
    Form,
    Question,
)
from mobiliteit.asking.reader import FORMS, Reader
from mobiliteit.asking.rules import question_problems
from mobiliteit.asking.terms import read_terms
from mobiliteit.asking.tokens import Part, Token, divide, scan
from mobiliteit.claims.terms import Text
from mobiliteit.errors import QuestionError, brief
from mobiliteit.study import Study, load_study

UNREADABLE = Text(nl="De vraag is niet te lezen.", en="The question cannot be read.")
_WAVE = re.compile(r"[\w.-]+")


def parse_question(text: str, study: Study | None = None) -> Question:
    """Read a question.

    Parameters
    ----------
    text : str
        Such as ``netwerken + uren -> loopbaantevredenheid | mobielen, controls: leeftijd``: at
        most 1,000 signs. Behind the bar stands who is asked about, and what is held constant.
    study : Study, optional
        Whose names it uses; by default the study that comes with the package.

    Returns
    -------
    Question
        Its ``text`` is the same question with the names of the codebook.

    Raises
    ------
    QuestionError
        The text cannot be read, or what it asks does not fit together: all problems, each with
        carets under the word and with the nearest names.
    """
    return parse(text, load_lexicon(load_study() if study is None else study))


def parse(text: str, lexicon: Lexicon) -> Question:
    """Read a question with the words of a lexicon; see :func:`parse_question`."""
    reader = Reader(text, lexicon)
    question = _question(reader)
    if question is not None and not reader.problems:
        reader.place(question_problems(question, lexicon))
    if reader.problems or question is None:
        found = sorted(reader.problems, key=lambda problem: (problem.start, problem.end))
        raise QuestionError(UNREADABLE.en, found, text, nl=UNREADABLE.nl)
    return question


def _question(reader: Reader) -> Question | None:
    """Read all; None when something is wrong, which the reader then holds."""
    everything, unread = scan(reader.text)
    reader.problems += unread
    if not everything.tokens:
        if not unread:
            reader.wrong((0, 0), Text(nl="er is geen vraag", en="there is no question"), FORMS)
        return None
    first, *rest = divide(everything, BAR)
    relation = _relation(reader, first)
    who, controls = read_terms(reader, rest[0]) if rest else ((), ())
    for part in rest[1:]:
        what = Text(nl=f"een vraag heeft één {BAR}", en=f"a question has one {BAR}")
        remedy = Text(
            nl=f"Zet achter de eerste {BAR} komma's tussen wat er staat.",
            en="Put commas between the terms behind the first one.",
        )
        reader.wrong(_span(part.before), what, remedy)
    return None if relation is None else replace(relation, who=who, controls=controls)


def _relation(reader: Reader, part: Part) -> Question | None:
    if not part.tokens:
        what = Text(nl="hier ontbreekt wat gevraagd wordt", en="what is asked is missing here")
        reader.wrong(part.span, what, FORMS)
        return None
    pieces = divide(part, SINCE)
    if len(pieces) > 1:
        return _change(reader, pieces)
    sides = divide(part, BETWEEN)
    if len(sides) > 1:
        return _difference(reader, sides)
    steps = divide(part, ARROW)
    if len(steps) == 1:
        for one in divide(part, PLUS, TIMES):
            reader.name(one)
        if not reader.problems:
            what = Text(
                nl="dit noemt alleen iets, en vraagt er niets over",
                en="this says of one thing only what it is, and asks nothing",
            )
            reader.wrong(part.span, what, FORMS)
        return None
    if len(steps) > 3:
        what = Text(nl=f"er staan meer dan twee {ARROW}", en=f"there are more than two {ARROW}")
        remedy = Text(
            nl=f"Zet er één mediator tussen: naam {ARROW} mediator {ARROW} uitkomst.",
            en=f"Put one mediator in between: name {ARROW} mediator {ARROW} outcome.",
        )
        reader.wrong(steps[3].span, what, remedy)
        return None
    outcome = reader.name(steps[-1])
    if steps[0].sign(TIMES):
        return _moderation(reader, steps, outcome)
    predictors = reader.names(steps[0])
    by = reader.name(steps[1]) if len(steps) == 3 else ""
    form: Form = "mediation" if len(steps) == 3 else "effect"
    return Question(form, outcome, predictors, by)


def _moderation(reader: Reader, steps: list[Part], outcome: str) -> Question | None:
    factors = divide(steps[0], TIMES)
    names = [reader.name(one) for factor in factors for one in divide(factor, PLUS)]
    remedy = Text(
        nl=f"Schrijf naam {TIMES} moderator {ARROW} uitkomst; wat er verder toe doet is een"
        " controlevariabele.",
        en=f"Write name {TIMES} moderator {ARROW} outcome; what else counts is a control.",
    )
    if len(steps) == 3:
        reader.name(steps[1])
        what = Text(
            nl=f"{TIMES} en twee {ARROW} kunnen niet in één vraag staan",
            en=f"{TIMES} and two {ARROW} cannot stand in one question",
        )
        reader.wrong(_span(steps[1].before), what, remedy)
    elif len(names) != 2:
        extra = steps[0].sign(PLUS) or factors[2].before
        what = Text(
            nl=f"{TIMES} staat tussen twee namen, en niet meer",
            en=f"{TIMES} stands between two names and no more",
        )
        reader.wrong(_span(extra), what, remedy)
    else:
        return Question("moderation", outcome, (names[0],), names[1])
    return None


def _difference(reader: Reader, sides: list[Part]) -> Question | None:
    extra = sides[0].sign(ARROW, TIMES, PLUS) or sides[1].sign(ARROW, TIMES, PLUS)
    if extra or len(sides) > 2:
        what = Text(
            nl=f"bij {BETWEEN} worden één uitkomst en één variabele genoemd",
            en=f"with {BETWEEN}, one outcome and one variable are named",
        )
        remedy = Text(
            nl=f"Schrijf uitkomst {BETWEEN} groepen; wat gelijk wordt gehouden staat achter {BAR},"
            f" na {CONTROLS}:.",
            en=f"Write outcome {BETWEEN} groups; what is held constant comes behind {BAR},"
            f" after {CONTROLS}:.",
        )
        reader.wrong(_span(extra or sides[2].before), what, remedy)
        return None
    return Question("difference", reader.name(sides[0]), by=reader.name(sides[1]))


def _change(reader: Reader, pieces: list[Part]) -> Question | None:
    remedy = Text(
        nl=f"Schrijf uitkomst {SINCE} golf, of naam {ARROW} uitkomst {SINCE} golf.",
        en=f"Write outcome {SINCE} wave, or name {ARROW} outcome {SINCE} wave.",
    )
    relation, wave = pieces[0], pieces[1]
    if len(pieces) > 2:
        what = Text(nl=f"een vraag heeft één {SINCE}", en=f"a question has one {SINCE}")
        reader.wrong(_span(pieces[2].before), what, remedy)
    start, end = wave.span
    since = wave.tokens[0].text if len(wave.tokens) == 1 else reader.text[start:end]
    if not wave.tokens:
        what = Text(
            nl=f"achter {SINCE} ontbreekt de golf", en=f"the wave is missing behind {SINCE}"
        )
        reader.wrong(wave.span, what, remedy)
    elif not _WAVE.fullmatch(since):
        what = Text(
            nl=f"{brief(since)} is geen naam van een golf",
            en=f"{brief(since)} is no name of a wave",
        )
        reader.wrong(wave.span, what, remedy)
    steps = divide(relation, ARROW)
    extra = relation.sign(TIMES, PLUS) or next(
        (token for token in relation.tokens if token.is_keyword(BETWEEN)), None
    )
    if extra or len(steps) > 2:
        what = Text(
            nl=f"bij {SINCE} worden één naam en één uitkomst genoemd",
            en=f"with {SINCE}, one name and one outcome are named",
        )
        reader.wrong(_span(extra or steps[2].before), what, remedy)
        return None
    predictors = (reader.name(steps[0]),) if len(steps) == 2 else ()
    return Question("change", reader.name(steps[-1]), predictors, since=since)


def _span(token: Token | None) -> tuple[int, int]:
    return (token.start, token.end) if token else (0, 0)
