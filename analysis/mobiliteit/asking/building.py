"""What every form of question shares in building its answer, and in withholding it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import pandas as pd

from mobiliteit.asking.answer import Answer, Check, Estimate, Picture
from mobiliteit.asking.conventions import convention, size, verdict_of
from mobiliteit.asking.data import Asked
from mobiliteit.asking.question import FOUND_IN
from mobiliteit.claims.terms import Text
from mobiliteit.disclosure import SMALLEST
from mobiliteit.errors import MobiliteitError
from mobiliteit.results import tidy_frame


def build(
    asked: Asked,
    *,
    method: Text,
    why: Text,
    estimates: Sequence[Estimate],
    robust: Sequence[Estimate] = (),
    table: pd.DataFrame | None = None,
    checks: Sequence[Check] = (),
    picture: Picture | None = None,
    p: float | None = None,
    n: int | None = None,
    against_sha256: str = "",
) -> Answer:
    """Build an answer around its estimates.

    Parameters
    ----------
    asked : Asked
        The question with its respondents.
    method, why : Text
        As of :class:`~mobiliteit.asking.answer.Answer`.
    estimates : sequence of Estimate
        At least one, the main one first.
    robust, checks, picture, against_sha256
        As of the answer.
    table : pandas.DataFrame, optional
        Tidy; what the estimates say is put in front of it.
    p : float, optional
        What counts in a family of questions, and of an omnibus measure for the verdict; by default
        that of the main estimate.
    n : int, optional
        People in the answer; by default those prepared.

    Returns
    -------
    Answer
        Without cautions and published notes: those are the same for all forms
        (:mod:`mobiliteit.asking.ask`).
    """
    main = estimates[0]
    decisive = main.p if p is None else p
    per_sd = asked.prepared.kinds.get(main.id) == "number"
    verdict = verdict_of(
        main.measure, main.low, main.high, decisive, asked.level, per_sd=per_sd, base=main.base
    )
    tagged = [*(("", one) for one in estimates), *(("robust", one) for one in robust)]
    whole = _tidy(tagged, asked)
    if table is not None and len(table):
        own = table.assign(wave=asked.wave.id, sample=_sample(asked))
        whole = pd.concat([whole, own], ignore_index=True)
    return Answer(
        question=asked.question,
        wave=asked.wave.id,
        sha256=asked.wave.sha256,
        against_sha256=against_sha256,
        verdict=verdict,  # type: ignore[arg-type]
        method=method,
        why=why,
        mark=mark_of(asked),
        estimates=tuple(estimates),
        robust=tuple(robust),
        table=whole,
        n=asked.prepared.n if n is None else n,
        left_out=asked.prepared.left_out,
        checks=tuple(checks),
        picture=picture,
        level=asked.level,
        p=decisive,
        size=size(main.measure, main.value, per_sd=per_sd, base=main.base),
        convention=convention(main.measure, per_sd=per_sd, base=main.base),
        **_spoken(asked),
    )


def withheld(asked: Asked, why: Text) -> Answer:
    """Build an answer that shows nothing, and says why.

    Parameters
    ----------
    asked : Asked
        The question with its respondents.
    why : Text
        Why there is nothing to show, in a sentence.

    Returns
    -------
    Answer
        Verdict ``withheld``; without numbers, counts of who was left out included.
    """
    return Answer(
        question=asked.question,
        wave=asked.wave.id,
        sha256=asked.wave.sha256,
        verdict="withheld",
        method=Text(nl="niets berekend", en="nothing computed"),
        why=why,
        mark=mark_of(asked),
        level=asked.level,
        **_spoken(asked),
    )


def too_few(asked: Asked, coefficients: int) -> Text | None:
    """Say why there are too few people, or too little variation, to show anything.

    Parameters
    ----------
    asked : Asked
        The question with its respondents.
    coefficients : int
        Of the model, the intercept left out.

    Returns
    -------
    Text or None
        None where an answer may be given: at least :data:`~mobiliteit.asking.privacy.SMALLEST`
        people more than coefficients, and more than one value on every name.
    """
    prepared = asked.prepared
    least = SMALLEST + coefficients
    if prepared.n < least:
        return Text(
            nl=f"Er zijn minder dan {least} mensen met een antwoord op alle variabelen van de"
            " vraag; daarover wordt niets getoond.",
            en=f"Fewer than {least} people have an answer to all variables of the question; nothing"
            " is shown about so few.",
        )
    same = [name for name in prepared.frame if prepared.frame[name].nunique() < 2]
    if not same:
        return None
    labels = [asked.label(str(name)) for name in same]
    return Text(
        nl=f"Op {' en '.join(_quoted(label.nl) for label in labels)} verschillen de mensen van deze"
        f" vraag niet, of is een groep kleiner dan {SMALLEST}.",
        en=f"On {' and '.join(_quoted(label.en) for label in labels)} the people of this question"
        f" do not differ, or a group is smaller than {SMALLEST}.",
    )


def not_estimated(asked: Asked, error: MobiliteitError) -> Answer:
    """Build an answer to a question for which these data have no estimate.

    Parameters
    ----------
    asked : Asked
        The question with its respondents.
    error : MobiliteitError
        What the method said, such as a predictor that separates the outcome.

    Returns
    -------
    Answer
        Verdict ``withheld``, with what stood in the way.
    """
    en = "; ".join(problem.what for problem in error.problems)
    # what a method says of its arguments alone is in English, and says nothing to who asks
    nl = "; ".join(problem.nl[0] for problem in error.problems if problem.nl)
    return withheld(
        asked,
        Text(
            nl=f"Met deze antwoorden is dit niet te schatten{f' ({nl})' if nl else ''}.",
            en=f"These answers do not allow an estimate ({en}).",
        ),
    )


def mark_of(asked: Asked) -> Text:
    """Return what must be shown with an answer: synthetic, unweighted; empty for a real wave."""
    return Text(nl=asked.wave.mark("nl"), en=asked.wave.mark("en"))


def _spoken(asked: Asked) -> dict[str, Any]:
    """Return the words that an answer is put into a sentence with."""
    lexicon, question, categories = asked.lexicon, asked.question, asked.prepared.categories
    names = {name: lexicon.label(name) for name in question.names}
    names |= {
        f"{name}{FOUND_IN}{key}": text
        for name, all_of in categories.items()
        for key, text in all_of
    }
    nobody = Text(nl="", en="")
    return {
        "names": names,
        "phrases": {name: lexicon.phrase(name) for name in question.names},
        "people": lexicon.phrase(question.who) if question.who else nobody,
        "kinds": dict(asked.prepared.kinds),
    }


def _quoted(label: str) -> str:
    return f"‘{label}’"


def _sample(asked: Asked) -> str:
    return ", ".join(restriction.text for restriction in asked.question.who) or "all"


def _tidy(estimates: Iterable[tuple[str, Estimate]], asked: Asked) -> pd.DataFrame:
    records = [
        {
            "row": entry.id,
            "column": asked.question.outcome,
            "statistic": "_".join(filter(None, (prefix, entry.measure, limit))),
            "value": value,
            "p": float("nan") if limit else entry.p,
            "n": entry.n or None,
            "note": entry.method.nl,
        }
        for prefix, entry in estimates
        for limit, value in (("", entry.value), ("low", entry.low), ("high", entry.high))
    ]
    return tidy_frame(records, analysis="question", wave=asked.wave.id, sample=_sample(asked))
