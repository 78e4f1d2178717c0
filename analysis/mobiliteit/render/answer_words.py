"""The answer in one plain sentence, right for the result at hand.

It says what goes with what, in which direction, how large that is by whose convention, with the
interval, who it is about and what is held constant; where the wave cannot tell, it says that.
Nothing here says that one thing causes another.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from types import SimpleNamespace
from typing import Any

from mobiliteit.errors import AnalysisError, Problem
from mobiliteit.render.answer_measures import (
    UNSIGNED,
    brief_text,
    direction,
    estimate_text,
    size_text,
)
from mobiliteit.render.answer_phrases import PHRASES

# Of these the phrases compare with "no difference", of the others with "no association".
_CONTRASTS = ("difference", "moderation", "change")
# Of these several predictors are in one model, each with what the others hold constant.
_TOGETHER = ("effect", "mediation")


def sentence(answer: Any, lang: str = "nl") -> str:
    """Write an answer in one sentence, and a second one where other predictors share its model.

    Parameters
    ----------
    answer : Answer
        Of :mod:`mobiliteit.asking`.
    lang : {'nl', 'en'}
        Language.

    Returns
    -------
    str
        Plain text. Numbers are rounded here, at display; a decimal more is shown where an interval
        that excludes no effect would otherwise seem to touch it. An answer from a synthetic wave
        says so.

    Raises
    ------
    AnalysisError
        There is no such language.
    """
    if lang not in PHRASES:
        problem = Problem(f"there is no language {lang!r}", f"Use one of: {', '.join(PHRASES)}.")
        raise AnalysisError("The answer cannot be put into words.", [problem])
    say = PHRASES[lang]
    parts = _parts(answer, lang)
    form = _form(answer)
    whether = say[f"{form}_whether"].format(**parts)
    noun = say["contrast" if answer.question.form in _CONTRASTS else "association"]
    main = answer.main
    frame = {
        "lead": parts["lead"],
        "wave": answer.wave,
        "whether": whether,
        "noun": noun,
        "effect": _effect(answer, lang),
        "after": _slopes(answer, lang),
        "size": "",
    }
    if answer.verdict == "withheld":
        why = getattr(answer.why, lang)
        text = say["withheld"].format(**frame, why=why)
    elif main is None or not math.isfinite(main.value):
        text = say["inestimable"].format(**frame)
    elif answer.verdict == "unclear":
        text = say["unclear"].format(**frame)
    elif answer.verdict == "none":
        clause = say[f"{form}_none"].format(**parts)
        text = say["none" if answer.size else "none_plain"].format(**frame, clause=clause)
    else:
        clause = say[_clear(answer, form)].format(**parts, **_direction(answer, lang))
        if answer.size:
            frame["size"] = say["size"].format(noun=noun, size=size_text(answer.size, lang))
        frame["after"] += _direct(answer, lang)
        text = say["clear"].format(**frame, clause=clause)
    text += _others(answer, lang)
    if any(note.id == "synthetic" for note in answer.cautions):
        text = _before_stop(text, say["synthetic"])
    return text


def spoken(answer: Any, name: str, lang: str) -> str:
    """Return a name as it reads inside a sentence; its quoted label without such words."""
    text = answer.phrases.get(name)
    if text is not None:
        return str(getattr(text, lang))
    return PHRASES[lang]["quote"].format(label_of(answer, name, lang))


def label_of(answer: Any, name: str, lang: str) -> str:
    """Return the label of a name or a category; the name itself without one."""
    text = answer.names.get(name)
    return str(getattr(text, lang)) if text is not None else name


def listed(texts: Sequence[str], lang: str) -> str:
    """Write a list in words: a, b and c."""
    if len(texts) < 2:
        return "".join(texts)
    return f"{', '.join(texts[:-1])} {PHRASES[lang]['and']} {texts[-1]}"


def is_number(answer: Any, name: str) -> bool:
    """Whether a name of the question is a number, not categories."""
    return bool(answer.kinds.get(name, "number") == "number")


def held_constant(answer: Any) -> list[str]:
    """Return what is held constant for the main estimate: controls and the other predictors."""
    main, question = answer.main, answer.question
    others = []
    if question.form in _TOGETHER:
        own = _predictor(answer, main.id) if main is not None else question.predictors[0]
        others = [name for name in question.predictors if name != own]
    return [*others, *question.controls]


def _parts(answer: Any, lang: str) -> dict[str, str]:
    say, question = PHRASES[lang], answer.question
    who, held = getattr(answer.people, lang), held_constant(answer)
    labels = listed([spoken(answer, name, lang) for name in held], lang)
    drivers = list(question.predictors)
    if question.form in _TOGETHER and drivers:
        main = answer.main
        drivers = [_predictor(answer, main.id) if main is not None else drivers[0]]
    by = spoken(answer, question.by, lang)
    return {
        "lead": say["among" if who else "in_wave"].format(who=who, wave=answer.wave),
        "who": say["who"].format(who=who) if who else "",
        "held": say["held_one" if len(held) == 1 else "held_many"].format(held=labels)
        if held
        else "",
        "y": spoken(answer, question.outcome, lang),
        "a": listed([spoken(answer, name, lang) for name in drivers], lang),
        "by": by,
        "m": by,
        "since": question.since,
    }


def _predictor(answer: Any, of: str) -> str:
    """Return the predictor that an estimate is about: its id, or the variable of that category."""
    names = answer.question.predictors
    if of in names:
        return of
    return next((name for name in names if of.partition("=")[0] == name), names[0])


def _form(answer: Any) -> str:
    """Return the key of the phrases for the form of the question."""
    form = str(answer.question.form)
    if form == "change":
        return "trend" if answer.question.predictors else "change"
    return "number" if form == "effect" else form


def _clear(answer: Any, form: str) -> str:
    """Return the key of the main clause of an answer that is clear."""
    measure = answer.main.measure
    if form == "number":
        if measure in UNSIGNED:
            return "block_clear"
        number = is_number(answer, _predictor(answer, answer.main.id))
        if measure == "points":
            return "chance_clear" if number else "category_chance_clear"
        return "number_clear" if number else "category_clear"
    if form == "difference":
        if measure in UNSIGNED:
            return "groups_clear"
        pairs = {"points": "pair_chance_clear", "superiority": "pair_rank_clear"}
        return pairs.get(measure, "pair_clear")
    if form == "change":
        return "change_chance_clear" if measure == "points" else "change_clear"
    return f"{form}_clear"


def _direction(answer: Any, lang: str) -> dict[str, str]:
    say, main = PHRASES[lang], answer.main
    up = direction(main.measure, main.value) > 0
    return {
        "updown": say["up" if up else "down"],
        "often": say["more" if up else "less"],
        "sign": say["positive" if up else "negative"],
        "label": "" if answer.question.form == "change" else _compared(answer, main, lang),
        "extremes": _extremes(answer, lang),
    }


def _compared(answer: Any, estimate: Any, lang: str) -> str:
    """Write what an estimate compares: one category with another, or its own label alone."""
    question, say = answer.question, PHRASES[lang]
    name = question.by or _predictor(answer, estimate.id)
    pair = [f"{name}={key}" for key in estimate.id.removeprefix(f"{name}=").split(":")]
    if estimate.id == name and answer.kinds.get(name) == "two":
        # what is coded 0 stands first, and an estimate is of what is coded 1
        pair = [key for key in answer.names if key.startswith(f"{name}=")][::-1]
    if len(pair) == 2 and all(key in answer.names for key in pair):
        first, second = (say["quote"].format(label_of(answer, key, lang)) for key in pair)
        return say["than"].format(first=first, second=second)
    return str(say["quote"].format(getattr(estimate.label, lang)))


def _extremes(answer: Any, lang: str) -> str:
    """Name the group with the highest and the one with the lowest mean or share."""
    picture = answer.picture
    if picture is None or picture.kind != "groups":
        return ""
    groups = picture.data["groups"].dropna(subset=["value"])
    if len(groups) < 2:
        return ""
    say = PHRASES[lang]
    labels = groups.sort_values("value", kind="stable")[f"label_{lang}"].tolist()
    low, high = (say["quote"].format(labels[k]) for k in (0, -1))
    unit = picture.labels.get("unit")
    key = "most" if unit is not None and unit.nl == "%" else "highest"
    return str(say[key].format(low=low, high=high))


def _slopes(answer: Any, lang: str) -> str:
    """Write the lowest and the highest simple slope of a moderation, or those of two waves."""
    if _form(answer) not in ("moderation", "trend"):
        return ""
    slopes = [estimate for estimate in answer.estimates[1:] if math.isfinite(estimate.value)]
    slopes = [estimate for estimate in slopes if estimate.measure == slopes[0].measure]
    if len(slopes) < 2:
        return ""
    if len(slopes) > 2:
        ordered = sorted(slopes, key=lambda estimate: estimate.value)
        slopes = [ordered[0], ordered[-1]]
    first, second = (brief_text(slope, lang) for slope in slopes)
    say = PHRASES[lang]
    one, other = (say["quote"].format(getattr(slope.label, lang)) for slope in slopes)
    return str(say["slopes"].format(first=first, second=second, one=one, other=other))


def _direct(answer: Any, lang: str) -> str:
    """Say of the direct association what can be said; that it is gone never can."""
    picture = answer.picture
    if answer.question.form != "mediation" or picture is None or picture.kind != "paths":
        return ""
    say, paths = PHRASES[lang], picture.data["paths"]
    own = paths[
        (paths["path"] == "direct") & (paths["source"] == _predictor(answer, answer.main.id))
    ]
    if own.empty:
        return ""
    direct = own.iloc[0]
    if not float(direct["p"]) < 1 - answer.level:
        return say["direct_open"]
    same = (direct["value"] > 0) == (answer.main.value > 0)
    numbers = {name: float(direct[name]) for name in ("value", "low", "high")}
    shown = brief_text(SimpleNamespace(measure="beta", **numbers), lang)
    return say["direct_same" if same else "direct_opposite"].format(value=shown)


def _effect(answer: Any, lang: str) -> str:
    """Write estimate, interval and n between brackets; only n where nothing was estimated."""
    main = answer.main
    parts = []
    if main is not None and math.isfinite(main.value):
        p = answer.p if main.measure in UNSIGNED else math.nan
        parts.append(estimate_text(main, answer.level, lang, p=p))
    if answer.n:
        parts.append(f"n = {answer.n}")
    if not parts:
        return ""
    rule = PHRASES[lang]["rule"].format(convention=getattr(answer.convention, lang))
    return f" ({', '.join(parts)}{rule if answer.size else ''})"


def _others(answer: Any, lang: str) -> str:
    """Write the estimates of the other predictors, which are in the same model."""
    main = answer.main
    if answer.verdict == "withheld" or main is None or answer.question.form not in _TOGETHER:
        return ""
    own, texts = _predictor(answer, main.id), []
    for name in answer.question.predictors:
        estimate = next((e for e in answer.estimates if _predictor(answer, e.id) == name), None)
        if name != own and estimate is not None and math.isfinite(estimate.value):
            text = brief_text(estimate, lang)
            quoted = PHRASES[lang]["quote"].format(getattr(estimate.label, lang))
            about = spoken(answer, name, lang) if estimate.id == name else quoted
            texts.append(f"{about} {text}")
    return PHRASES[lang]["others"].format(others="; ".join(texts)) if texts else ""


def _before_stop(text: str, addition: str) -> str:
    """Put words before the full stop at the end."""
    return f"{text.removesuffix('.')}{addition}." if addition else text
