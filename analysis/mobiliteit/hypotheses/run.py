"""Testing the register of hypotheses on a wave, as one family."""

from __future__ import annotations

from collections.abc import Mapping

from mobiliteit.asking.answer import Answer
from mobiliteit.asking.ask import ask
from mobiliteit.asking.lexicon import load_lexicon
from mobiliteit.claims.terms import Text
from mobiliteit.hypotheses.judging import Judgement, judge
from mobiliteit.hypotheses.result import Hypotheses, Judged
from mobiliteit.hypotheses.schema import Hypothesis, Register, load_hypotheses
from mobiliteit.inference.multiplicity import adjust
from mobiliteit.wave import Wave, load_wave

LEVEL = 0.95


def run_hypotheses(wave: Wave | str = "2006", *, level: float = LEVEL) -> Hypotheses:
    """Put every question of the register to a wave, and judge each hypothesis.

    Parameters
    ----------
    wave : Wave or str
        A wave, or its folder in ``data_raw/``. Weights are left out, as in every answer; the mark
        of the wave says so.
    level : float
        Confidence level; its complement is the significance level after correction.

    Returns
    -------
    Hypotheses
        In the order of the register.

    Raises
    ------
    StudyError
        The register does not fit the study.
    WaveError
        The wave cannot be used.
    AnalysisError
        `level` is not between 0 and 1.

    Notes
    -----
    One family: all different questions that the wave could answer, corrected by Holm (which the
    verdicts use) and by Benjamini and Hochberg (shown beside it). The rule of the verdicts is in
    :func:`mobiliteit.hypotheses.judging.judge`. Findings of chapter 3 come from the data of 2006:
    on that wave they are no independent test.
    """
    data = (load_wave(wave) if isinstance(wave, str) else wave).unweighted()
    register = load_hypotheses(data.study)
    missing = load_lexicon(data.study).missing_in(data)
    answers = _answers(register, data, missing, level)
    p = [answer.p for answer in answers.values()]
    corrected = {
        text: both for text, *both in zip(answers, adjust(p, "holm"), adjust(p, "bh"), strict=True)
    }
    judged = []
    for hypothesis in register.hypotheses:
        text = hypothesis.question.text if hypothesis.question else ""
        if text not in answers:
            judged.append(_unanswered(hypothesis, missing))
            continue
        answer, (holm, bh) = answers[text], map(float, corrected[text])
        judgement = judge(hypothesis.entry, answer, holm)
        judged.append(Judged(hypothesis, judgement, answer, None, holm, bh))
    m = sum(value == value for value in p)
    return Hypotheses(data, register, tuple(judged), m, level)


def _answers(
    register: Register, wave: Wave, missing: Mapping[str, Text], level: float
) -> dict[str, Answer]:
    answers: dict[str, Answer] = {}
    for hypothesis in register.hypotheses:
        question = hypothesis.question
        if question is None or question.text in answers or set(hypothesis.needs) & set(missing):
            continue
        answers[question.text] = ask(question, wave, level=level)
    return answers


def _unanswered(hypothesis: Hypothesis, missing: Mapping[str, Text]) -> Judged:
    entry = hypothesis.entry
    if entry.claims:
        return Judged(hypothesis, Judgement("elsewhere"))
    if entry.lacks:
        return Judged(hypothesis, Judgement("needs_question"))
    reasons = [missing[name] for name in hypothesis.needs if name in missing]
    reason = Text(
        nl="; ".join(dict.fromkeys(text.nl for text in reasons)),
        en="; ".join(dict.fromkeys(text.en for text in reasons)),
    )
    return Judged(hypothesis, Judgement("not_asked"), reason=reason)
