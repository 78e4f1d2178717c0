"""Which answers remain possible among the people that a question is about.

Worked out from the codebook and the segment rules alone, without a wave: a restriction to one
group leaves the answers that its rules want, a filter question leaves those that open it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from mobiliteit.asking.lexicon import Lexicon
from mobiliteit.asking.question import Restriction
from mobiliteit.study_schema import Segment


@dataclass
class Remaining:
    """Answers that are left, narrowed step by step.

    Attributes
    ----------
    lexicon : Lexicon
        The words of the study.
    ids : dict
        Category ids that are left, per question that was narrowed.
    reach : dict
        Lowest and highest number that are left, per number that was narrowed.
    segments : set of str
        Segments that are left.
    """

    lexicon: Lexicon
    ids: dict[str, set[str]] = field(default_factory=dict)
    reach: dict[str, tuple[float, float]] = field(default_factory=dict)
    segments: set[str] = field(default_factory=set)


def remaining(
    lexicon: Lexicon, who: Iterable[Restriction], answered: Iterable[str] = ()
) -> Remaining:
    """Narrow what people can have answered.

    Parameters
    ----------
    lexicon : Lexicon
        The words of the study.
    who : iterable of Restriction
        All must hold.
    answered : iterable of str
        Variables that everybody has a value of: only who was asked has one.

    Returns
    -------
    Remaining
        What is left of every question, and of the segments.
    """
    left = Remaining(lexicon, segments=set(lexicon.study.segments.segments))
    for restriction in who:
        _restrict(left, restriction)
    for variable in answered:
        _open_filters(left, variable)
    _join_rules(left)
    return left


def is_nobody(left: Remaining) -> bool:
    """Whether no answers or no segments are left somewhere."""
    empty = any(low > high for low, high in left.reach.values())
    return not left.segments or empty or not all(left.ids.values())


def possible_ids(left: Remaining, variable: str) -> set[str]:
    """Return the category ids of a variable that are left; empty when nobody is."""
    lexicon = left.lexicon
    if variable == lexicon.segment:
        return set(left.segments)
    if variable == lexicon.group:
        return {lexicon.study.segments.segments[one].group for one in left.segments}
    derived = lexicon.study.codebook.derived.get(variable)
    if derived is None:
        return left.ids.get(variable, {key for key, _ in lexicon.categories(variable)})
    source = derived.of[0]
    return {
        key if one.code is None else str(one.code)
        for key, one in derived.classes.items()
        if _meets(left, source, one.from_, one.to)
    }


def possible_reach(left: Remaining, variable: str) -> tuple[float, float] | None:
    """Return the lowest and highest number of a variable that are left; None for categories."""
    return left.reach.get(variable) or left.lexicon.bounds(variable)


def _meets(left: Remaining, source: str, start: object, stop: float | None) -> bool:
    """Whether any of what is left of a source falls into a class."""
    if isinstance(start, list):
        codes = {left.lexicon.category_id(source, code) for code in start}
        return bool(codes & possible_ids(left, source))
    reach = possible_reach(left, source)
    return reach is None or stop is None or (reach[0] < stop and reach[1] >= float(str(start)))


def _restrict(left: Remaining, restriction: Restriction) -> None:
    lexicon, variable = left.lexicon, restriction.variable
    wanted = set(restriction.values)
    if not wanted:
        low = float("-inf") if restriction.low is None else restriction.low
        high = float("inf") if restriction.high is None else restriction.high
        wanted = {key for key, code in lexicon.codes(variable).items() if low <= code <= high}
        if not lexicon.categories(variable):
            _narrow_reach(left, variable, low, high)
            return
    segments = lexicon.study.segments.segments
    derived = lexicon.study.codebook.derived.get(variable)
    if variable == lexicon.segment:
        left.segments &= wanted
    elif variable == lexicon.group:
        left.segments &= {key for key, one in segments.items() if one.group in wanted}
    elif derived is None:
        _narrow_ids(left, variable, wanted)
    else:
        chosen = [
            one
            for key, one in derived.classes.items()
            if (key if one.code is None else str(one.code)) in wanted
        ]
        source = derived.of[0]
        if derived.kind == "recode":
            codes = {lexicon.category_id(source, code) for one in chosen for code in one.from_}
            _narrow_ids(left, source, codes)
        elif chosen:
            # classes that lie apart leave the numbers between them: that can only leave too much
            top = max(float(one.to or 0.0) for one in chosen)
            _narrow_reach(left, source, min(float(one.from_) for one in chosen), top, above=True)


def _narrow_ids(left: Remaining, variable: str, wanted: set[str]) -> None:
    left.ids[variable] = possible_ids(left, variable) & wanted


def _narrow_reach(
    left: Remaining, variable: str, low: float, high: float, *, above: bool = False
) -> None:
    """Narrow a number; `above` means that `high` itself is out."""
    found = possible_reach(left, variable)
    if found is not None:
        top = high - 1e-9 if above else high
        left.reach[variable] = max(found[0], low), min(found[1], top)


def _open_filters(left: Remaining, variable: str) -> None:
    """Leave of the filter questions of a variable only what opens it."""
    book = left.lexicon.study.codebook
    entry, derived = book.variables.get(variable), book.derived.get(variable)
    if derived is not None and derived.kind != "mean":
        _open_filters(left, derived.of[0])
    for asked, codes in (entry.asked if entry else {}).items():
        _narrow_ids(left, asked, {left.lexicon.category_id(asked, code) for code in codes})
        _open_filters(left, asked)


def _join_rules(left: Remaining) -> None:
    """Hold the segments and the questions of their rules against each other."""
    rules = left.lexicon.study.segments.segments
    answers = {key: _answers_of(left, rules[key]) for key in left.segments}
    left.segments = {key for key, found in answers.items() if all(found.values())}
    for variable in {name for found in answers.values() for name in found}:
        if all(variable in answers[key] for key in left.segments):
            _narrow_ids(
                left, variable, {c for key in left.segments for c in answers[key][variable]}
            )


def _answers_of(left: Remaining, segment: Segment) -> dict[str, set[str]]:
    """Return the answers that are left to those of a segment, per question of its rule."""
    found: dict[str, set[str]] = {}
    for one in segment.when:
        for variable in one.variables:
            found.setdefault(variable, possible_ids(left, variable))
        if one.is_:
            name = one.variables[0]
            found[name] = found[name] & {left.lexicon.category_id(name, code) for code in one.is_}
    for one in segment.when:
        if one.same:
            first, second = one.same
            found[first] = found[second] = found[first] & found[second]
    return found
