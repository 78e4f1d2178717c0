"""Proposed translations as entries of a sidecar: short where the codebook says it already."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

import yaml

from mobiliteit.descriptor_schema import ITEM, PLACEHOLDER
from mobiliteit.proposal.columns import Code
from mobiliteit.proposal.matching import Match
from mobiliteit.proposal.wording import stem_and_index
from mobiliteit.study_schema import Codebook, Column

SHARED_MISSING = 3
"""A missing code of at least this many columns is written once, for the whole wave."""


class _OneLine(yaml.SafeDumper):
    """Writes texts with signs that cannot be seen, ends of lines among them, as escapes."""


def _represent(dumper: yaml.SafeDumper, text: str) -> yaml.ScalarNode:
    style = None if text.isprintable() else '"'
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style=style)


_OneLine.add_representer(str, _represent)


def flow(value: object) -> str:
    """Write a value as YAML on one line."""
    text = yaml.dump(
        value,
        Dumper=_OneLine,
        default_flow_style=True,
        allow_unicode=True,
        sort_keys=False,
        width=10**9,
    )
    return str(text).removesuffix("\n").removesuffix("\n...").strip()


def number(code: Code) -> int | float | str:
    """Return a code without the decimal point that files give whole numbers."""
    return int(code) if isinstance(code, float) and code.is_integer() else code


def shared_missing(matches: Sequence[Match], columns: dict[str, Column]) -> dict[Code, str]:
    """Find the missing codes that many columns share and none contradicts.

    Parameters
    ----------
    matches : sequence of Match
        Proposed pairs.
    columns : dict of str to Column
        The codebook.

    Returns
    -------
    dict
        Code to reason, for `missing` of the sidecar; without what the codebook says already.
    """
    reasons: dict[Code, Counter[str]] = {}
    for match in matches:
        for code, reason in needed_missing(match, columns[match.target]).items():
            reasons.setdefault(code, Counter())[reason] += 1
    valid = {
        code
        for match in matches
        for code in reasons
        if code not in match.translation.missing and _is_answer(code, columns[match.target], match)
    }
    return {
        code: next(iter(counts))
        for code, counts in reasons.items()
        if len(counts) == 1 and counts.total() >= SHARED_MISSING and code not in valid
    }


def _is_answer(code: Code, column: Column, match: Match) -> bool:
    if code in match.translation.recode:
        return True
    if isinstance(code, str):
        return False
    low, high = column.bounds
    return low <= code <= high if column.range else code in column.values


def needed_missing(match: Match, column: Column) -> dict[Code, str]:
    """Missing codes of a match that the codebook does not list with the same reason."""
    return {
        code: reason
        for code, reason in match.translation.missing.items()
        if isinstance(code, str) or column.missing.get(int(code)) != reason
    }


def entry(match: Match, column: Column, shared: dict[Code, str]) -> str | dict[str, Any]:
    """Return what stands behind the source column: the codebook column, or a longer form."""
    translation = match.translation
    details: dict[str, Any] = {}
    if translation.recode:
        by_answer = sorted(translation.recode.items(), key=lambda pair: pair[1])
        details["recode"] = {number(code): answer for code, answer in by_answer}
    if translation.rescale is not None:
        details["rescale"] = [number(end) for end in translation.rescale]
    if translation.reversed:
        details["reversed"] = True
    needed = needed_missing(match, column)
    clash = [code for code in column.missing if code in translation.recode and code not in needed]
    if clash or any(shared.get(code) != reason for code, reason in needed.items()):
        details["missing"] = {number(k): v for k, v in translation.missing.items()}
    return {"variable": match.target, **details} if details else match.target


def grouped(
    matches: Sequence[Match], entries: dict[str, Any], book: Codebook
) -> list[tuple[str, Any, list[Match]]]:
    """Write the items of a scale as one line where their names, numbers and codes allow.

    Parameters
    ----------
    matches : sequence of Match
        In codebook order.
    entries : dict
        Source column to its entry.
    book : Codebook
        With the scales.

    Returns
    -------
    list of (key, entry, matches)
        ``Q12_#`` with ``netwerken_#`` for a whole scale, a source column with its entry otherwise.
    """
    of = {
        item: name for name, variable in book.scale_variables().items() for item in variable.items
    }
    lines: list[tuple[str, Any, list[Match]]] = []
    by_scale: dict[str, list[Match]] = {}
    for match in matches:
        by_scale.setdefault(of.get(match.target, match.target), []).append(match)
    for name, members in by_scale.items():
        pattern = _pattern(members, entries) if len(members) > 1 else None
        if pattern and len(members) == len(book.variables[name].items):
            lines.append((*pattern, members))
        else:
            lines += [(match.source, entries[match.source], [match]) for match in members]
    return lines


def _pattern(members: Sequence[Match], entries: dict[str, Any]) -> tuple[str, Any] | None:
    """Return the one line for all members, when writing it out gives exactly their entries."""
    if len({match.accepted for match in members}) > 1:
        return None
    source, target = (
        {_with_item(getattr(match, side)) for match in members} for side in ("source", "target")
    )
    forms = [
        {**value, "variable": ""} if isinstance(value := entries[match.source], dict) else ""
        for match in members
    ]
    aligned = all(
        stem_and_index(match.source)[1] == stem_and_index(match.target)[1] for match in members
    )
    if len(source) > 1 or len(target) > 1 or not aligned or any(f != forms[0] for f in forms):
        return None
    key, variable = source.pop(), target.pop()
    if not key or not variable:
        return None
    form = forms[0]
    return key, {**form, "variable": variable} if isinstance(form, dict) else variable


def _with_item(name: str) -> str:
    """Write the item number as ``#``; empty where it is written with a zero before it."""
    index = stem_and_index(name)[1]
    stem = name.removesuffix(str(index))
    return "" if index is None or stem == name or stem.endswith("0") else stem + ITEM


def undecided(matches: Sequence[Match]) -> bool:
    """Whether a reason for a missing code is left to the researcher."""
    return any(PLACEHOLDER in match.translation.missing.values() for match in matches)
