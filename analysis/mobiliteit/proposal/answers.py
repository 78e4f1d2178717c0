"""Whether the answers of a source column can be those of a codebook column, and how they translate.

Nothing is converted here: the outcome is a proposal, with a word on what it rests on.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import numpy as np
from scipy.optimize import linear_sum_assignment

from mobiliteit.descriptor_schema import PLACEHOLDER
from mobiliteit.proposal.columns import Code, SourceProfile
from mobiliteit.proposal.wording import (
    CONTRADICTED,
    NOT_APPLICABLE,
    REFUSALS,
    SURE_SAME,
    alike,
    alikeness,
    plain,
    plain_label,
)
from mobiliteit.study_schema import Codebook, Column

FITS = 0.98
"""Share of the numbers that must lie in the range of an open question."""
LONGEST_SCALE = 10
YES_NO = ({"ja", "yes", "j", "y", "waar", "true"}, {"nee", "no", "n", "onwaar", "false"})
TICKS = (
    {"gekozen", "aangevinkt", "genoemd", "selected", "checked", "mentioned", "quoted", "x"},
    {"niet gekozen", "niet aangevinkt", "niet genoemd", "not selected", "unchecked"}
    | {"not mentioned", "not quoted"},
)


@dataclass(frozen=True)
class Translation:
    """How the answers of a source column become those of a codebook column.

    Attributes
    ----------
    evidence : float
        What the answers say about the two being the same question, in units of
        :mod:`mobiliteit.proposal.matching`; below zero when they do not fit.
    recode, missing, rescale, reversed
        As in the sidecar; `missing` holds all missing codes of the source, `rescale` is never
        proposed by itself.
    ticks : tuple of Code
        The one answer of a column that is a tick (or empty), for a yes-or-no question.
    notes : tuple of str
        In Dutch: what was assumed, for the researcher to check.
    """

    evidence: float
    recode: dict[Code, int] = field(default_factory=dict)
    missing: dict[Code, str] = field(default_factory=dict)
    rescale: tuple[float, float] | None = None
    reversed: bool = False
    ticks: tuple[Code, ...] = ()
    notes: tuple[str, ...] = ()


def missing_codes(profile: SourceProfile, column: Column, book: Codebook) -> dict[Code, str]:
    """Find the codes of a source column that stand for no answer, with the reason.

    Parameters
    ----------
    profile : SourceProfile
        The source column.
    column : Column
        The codebook column: what is a valid answer there is no refusal.
    book : Codebook
        With the reasons.

    Returns
    -------
    dict
        Code to reason; :data:`~mobiliteit.descriptor_schema.PLACEHOLDER` where the file says that
        it is missing, but not why, or for a reason that the codebook does not have.
    """
    valid = {plain(text) for label in column.values.values() for text in (label.nl, label.en)}
    found: dict[Code, str] = {}
    for code in dict.fromkeys([*profile.codes, *profile.declared]):
        said = plain_label(profile.say(code))
        reason = _reason(said, book) if said and said not in valid else None
        if reason is not None:
            found[code] = reason
        elif code in profile.declared:
            own = {} if isinstance(code, str) else column.missing
            found[code] = (
                own.get(int(code), PLACEHOLDER) if not isinstance(code, str) else PLACEHOLDER
            )
        elif not said and not isinstance(code, str) and code in column.missing:
            found[code] = column.missing[int(code)]
        elif not said and not isinstance(code, str) and code < 0 <= column.bounds[0]:
            found[code] = PLACEHOLDER  # no answer is below zero: the file does not say what it is
    return found


def _reason(said: str, book: Codebook) -> str | None:
    """Return the reason of the codebook that a plain text gives; None when it is an answer."""
    if said in NOT_APPLICABLE:
        return PLACEHOLDER
    for reason, label in book.missing_reasons.items():
        texts = {plain(label.nl), plain(label.en)}
        same = next((set(row) for row in REFUSALS if texts & set(row)), set())
        if said in texts | same or max(alike(said, text) for text in texts) >= SURE_SAME:
            return reason
    return PLACEHOLDER if any(said in row for row in REFUSALS) else None


def translate(profile: SourceProfile, column: Column, book: Codebook) -> Translation:
    """Hold the answers of a source column against those of a codebook column.

    Parameters
    ----------
    profile : SourceProfile
        The source column.
    column : Column
        The codebook column.
    book : Codebook
        With the missing reasons.

    Returns
    -------
    Translation
        Evidence is at most 6 (a long list of answers that all agree) and at least -6.
    """
    missing = missing_codes(profile, column, book)
    if profile.kind == "date":
        return Translation(-6.0)
    if column.range is not None:
        return _open_number(profile, column, missing)
    codes = [code for code in profile.codes if code not in missing]
    if not codes:
        return Translation(-6.0 if profile.distinct > len(missing) else 0.0, missing=missing)
    said = {code: plain_label(profile.say(code)) for code in codes}
    labelled = [code for code in codes if said[code]]
    if labelled:
        return _by_words(said, column, missing)
    return _by_codes([float(code) for code in codes], column, missing)


def _open_number(profile: SourceProfile, column: Column, missing: dict[Code, str]) -> Translation:
    low, high = column.bounds
    if np.isnan(profile.low):
        return Translation(-6.0, missing=missing)
    if len(profile.labels) > len(missing) + 1:
        return Translation(-4.0, missing=missing)  # a list of answers, not an open number
    numbers = {code: n for code, n in profile.counts.items() if not isinstance(code, str)}
    answered = {code: n for code, n in numbers.items() if code not in missing}
    total = sum(answered.values())
    if total:
        inside = sum(n for code, n in answered.items() if low <= code <= high) / total
    else:
        inside = float(low <= profile.low <= high)
    if inside < FITS and total:
        return Translation(-5.0, missing=missing)
    if not inside:
        return Translation(-5.0, missing=missing)
    notes = () if profile.high <= high else (f"hoogste waarde {profile.high:g}, boven {high:g}",)
    return Translation(0.5, missing=missing, notes=notes)


def _by_words(said: dict[Code, str], column: Column, missing: dict[Code, str]) -> Translation:
    """Match the words of the answers one to one with those of the codebook."""
    targets = list(column.values)
    spoken = [code for code in said if said[code]]
    texts = [said[code] for code in spoken]
    score = np.zeros((len(texts), len(targets)))
    for lang in ("nl", "en", "id"):
        own = [plain(getattr(column.values[code], lang) or "") for code in targets]
        score = np.maximum(score, alikeness(texts, own))
        for i, text in enumerate(texts):
            begins = [word.startswith(text) for word in own]
            if len(text) == 1 and sum(begins) == 1:
                score[i, begins.index(True)] = 1.0  # V for vrouw, M for man
    if set(targets) == {0, 1}:
        for words, code in ((YES_NO[1], 0), (YES_NO[0], 1), (TICKS[1], 0), (TICKS[0], 1)):
            if _is_yes_no(column):
                score[[text in words for text in texts], targets.index(code)] = 1.0
    rows, places = linear_sum_assignment(-score)
    pairs = {
        spoken[i]: (targets[j], score[i, j])
        for i, j in zip(rows, places, strict=True)
        if score[i, j] >= SURE_SAME
    }
    matched = {code: target for code, (target, _) in pairs.items()}
    likely = {spoken[i]: (targets[j], score[i, j]) for i, j in zip(rows, places, strict=True)}
    by_place = _by_place(spoken, matched, likely, column)
    if len(by_place) < len(spoken):
        return _part_of_words(said, matched, column, missing)
    inferred = [code for code in by_place if code not in matched]
    notes = (f"naar volgorde: {_listed(inferred)}",) if inferred else ()
    matched = by_place
    evidence = min(6.0, 0.9 * len(matched)) * float(np.mean([s for _, s in likely.values()]))
    if set(targets) == {0, 1} and set(matched.values()) == {1}:
        return Translation(0.3, missing=missing, ticks=tuple(matched))
    bare = [code for code in said if not said[code]]
    found = _simplest(matched, bare, column, missing, evidence)
    return replace(found, notes=found.notes + notes)


def _by_place(
    spoken: list[Code],
    matched: dict[Code, int],
    likely: dict[Code, tuple[int, float]],
    column: Column,
) -> dict[Code, int]:
    """Complete a list of answers most of which agree, where the rest can only be what is left.

    The other answers must stand at the same codes, or look somewhat like what is left for them.
    """
    if len(spoken) != len(column.values) or 2 * len(matched) < len(spoken):
        return matched
    if set(spoken) == set(column.values) and all(code == to for code, to in matched.items()):
        return {code: int(code) for code in spoken}
    if all(likely.get(code, (0, 0.0))[1] > CONTRADICTED for code in spoken):
        return {code: likely[code][0] for code in spoken}
    return matched


def _listed(codes: list[Code]) -> str:
    return ", ".join(code if isinstance(code, str) else f"{code:g}" for code in codes)


def _is_yes_no(column: Column) -> bool:
    return {plain(label.nl) for label in column.values.values()} <= YES_NO[0] | YES_NO[1]


def _part_of_words(
    said: dict[Code, str], matched: dict[Code, int], column: Column, missing: dict[Code, str]
) -> Translation:
    """Judge answers some of which have no counterpart: another scale, or another question."""
    numbers = [float(code) for code in said if not isinstance(code, str)]
    low, high = column.bounds
    ends = {min(numbers): low, max(numbers): high} if len(numbers) == len(said) > 1 else {}
    longer = column.level == "ordinal" and len(numbers) > len(column.values)
    if longer and ends and all(matched.get(code) == end for code, end in ends.items()):
        return Translation(
            0.5,
            missing=missing,
            rescale=(min(numbers), max(numbers)),
            notes=(f"schaal van {min(numbers):g} tot {max(numbers):g}",),
        )
    share = len(matched) / len([code for code in said if said[code]])
    if share >= 0.6 and len(matched) > 1:
        unmatched = [code for code in said if code not in matched]
        note = f"geen antwoord gevonden voor {_listed(unmatched)}"
        return Translation(0.0, recode=matched, missing=missing, notes=(note,))
    return Translation(-5.0, missing=missing)


def _simplest(
    matched: dict[Code, int],
    bare: list[Code],
    column: Column,
    missing: dict[Code, str],
    evidence: float,
) -> Translation:
    """Write a translation in the shortest form that says it: nothing, reversed, or a recode."""
    low, high = column.bounds
    numeric = all(not isinstance(code, str) for code in [*matched, *bare])
    if numeric:
        numbers = [float(code) for code in [*matched, *bare]]
        if all(code == target for code, target in matched.items()):
            if set(numbers) <= set(column.values):
                return Translation(evidence, missing=missing)
        elif all(float(code) == low + high - target for code, target in matched.items()):
            if set(numbers) <= set(column.values) and column.level == "ordinal":
                return Translation(
                    evidence,
                    missing=missing,
                    reversed=True,
                    notes=("antwoorden in omgekeerde volgorde",),
                )
        elif bare and len(matched) == 2 and column.level == "ordinal":
            ends = sorted(matched, key=lambda code: float(code))
            span = (float(ends[0]), float(ends[1]))
            if [matched[code] for code in ends] == [low, high] and span[1] - span[0] > high - low:
                note = f"schaal van {span[0]:g} tot {span[1]:g}"
                return Translation(0.5, missing=missing, rescale=span, notes=(note,))
    if bare:
        note = f"zonder label: {_listed(bare)}"
        return Translation(min(evidence, 0.0), recode=matched, missing=missing, notes=(note,))
    return Translation(evidence, recode=matched, missing=missing)


def _by_codes(codes: list[float], column: Column, missing: dict[Code, str]) -> Translation:
    """Judge numbers without words: they may fit, but say little."""
    high = column.bounds[1]
    found = set(codes)
    if set(column.values) == {0, 1}:
        if found == {1.0}:
            return Translation(0.0, missing=missing, ticks=(1.0,))
        if found <= {0.0, 1.0}:
            return Translation(0.5, missing=missing)
        if found == {1.0, 2.0}:
            first = column.values[1].nl
            note = f"codes zonder label: 1 = {first} aangenomen"
            return Translation(0.3, recode={1.0: 1, 2.0: 0}, missing=missing, notes=(note,))
        return Translation(-5.0, missing=missing)
    if found <= set(column.values):
        used = len(found) / len(column.values)
        return Translation(0.5 if used > 0.5 else -0.5, missing=missing)
    whole = all(code.is_integer() for code in codes)
    longer = min(found) in (0, 1) and high < max(found) <= LONGEST_SCALE
    if column.level == "ordinal" and whole and longer:
        span = (min(found), max(found))
        note = f"schaal van {span[0]:g} tot {span[1]:g}"
        return Translation(-1.0, missing=missing, rescale=span, notes=(note,))
    return Translation(-5.0, missing=missing)
