"""One question, one wave, one answer."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from mobiliteit.asking.answer import Answer
from mobiliteit.asking.cautions import cautions_of
from mobiliteit.asking.change import answer_change
from mobiliteit.asking.data import Asked, prepare
from mobiliteit.asking.difference import answer_difference
from mobiliteit.asking.effect import answer_effect
from mobiliteit.asking.grammar import parse
from mobiliteit.asking.lexicon import load_lexicon
from mobiliteit.asking.mediation import answer_mediation
from mobiliteit.asking.moderation import answer_moderation
from mobiliteit.asking.privacy import with_rounded_people
from mobiliteit.asking.published import published_notes
from mobiliteit.asking.question import Form, Question
from mobiliteit.asking.refusals import problem
from mobiliteit.asking.rules import check_question
from mobiliteit.asking.two_waves import not_followed
from mobiliteit.claims.terms import Text
from mobiliteit.samples import check_level
from mobiliteit.wave import Wave, load_wave

_FORMS: Mapping[Form, Callable[[Asked], Answer]] = {
    "effect": answer_effect,
    "difference": answer_difference,
    "mediation": answer_mediation,
    "moderation": answer_moderation,
    "change": answer_change,
}


def ask(
    question: str | Question,
    wave: Wave | str = "2006",
    *,
    level: float = 0.95,
    since: Wave | None = None,
) -> Answer:
    """Put a question to a wave.

    Parameters
    ----------
    question : str or Question
        Such as ``netwerken -> loopbaanstap_succes | mobielen, controls: leeftijd, uren``; see
        :func:`mobiliteit.asking.grammar.parse_question`.
    wave : Wave or str
        The wave, or its folder under ``data_raw/``. Weights are left out, and the answer says so.
    level : float
        Confidence level of all intervals.
    since : Wave, optional
        Of a change, the wave that the question names; by default it is loaded.

    Returns
    -------
    Answer
        The test follows from the measurement levels of the codebook (``Answer.why``). People
        without an answer to a question leave listwise, and are counted (``Answer.left_out``).
        Groups of fewer than ten people are left out, and a whole answer about fewer than ten
        people more than coefficients is withheld.

    Raises
    ------
    QuestionError
        The text cannot be read, or what it asks does not fit together.
    AnalysisError
        The wave did not ask what the question is about, or the level is not between 0 and 1.
    MobiliteitError
        The wave cannot be used.
    """
    check_level(level)
    whole = load_wave(wave) if isinstance(wave, str) else wave
    lexicon = load_lexicon(whole.study)
    if isinstance(question, str):
        question = parse(question, lexicon)
    else:
        check_question(question, lexicon)
    used = whole.unweighted()
    against = _against(question, whole, since)
    asked = Asked(question, prepare(question, used), used, lexicon, level, against)
    answer = _FORMS[question.form](asked)
    answer = replace(
        answer,
        cautions=(*answer.cautions, *cautions_of(asked, answer)),
        published=published_notes(question, lexicon, whole.study),
    )
    return with_rounded_people(answer) if asked.prepared.rounded else answer


def _against(question: Question, wave: Wave, since: Wave | None) -> Wave | None:
    """Return the wave that a change is held against, without weights; None for another form."""
    if not question.since:
        return None
    if since is None:
        since = load_wave(question.since, study=wave.study)
    if since.id != question.since:
        what = Text(
            nl=f"de vraag gaat over een verandering sinds golf {question.since}, niet {since.id}",
            en=f"the question is about a change since wave {question.since}, not since {since.id}",
        )
        remedy = Text(
            nl="Geef de golf die de vraag noemt.", en="Give the wave that the question names."
        )
        raise not_followed([problem(what, remedy, wave=since.id)])
    return since.unweighted()
