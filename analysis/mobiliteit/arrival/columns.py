"""What arrives of each column of the codebook: counts per answer, and what is missing and why."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from mobiliteit.arrival.stages import Stages
from mobiliteit.clean import CleanAnswers
from mobiliteit.codes import shown
from mobiliteit.descriptor_checks import multi_sources, multi_targets
from mobiliteit.descriptor_schema import Descriptor
from mobiliteit.identifiers import find_identifiers
from mobiliteit.study import Study
from mobiliteit.study_schema import Column

MOST_CODES = 12
UNUSED_FROM = 50
"""Answers from which it is odd that nobody used either end of a scale."""


@dataclass(frozen=True)
class Arrival:
    """What arrives of one column of the codebook.

    Attributes
    ----------
    name : str
        The codebook column.
    variable : str
        Variable that it is, or is an item of.
    label : str
        In Dutch.
    sources : tuple of str
        Source columns; empty where there is none.
    state : str
        ``answers``; ``absent``: the sidecar says that this wave lacks it; ``aside``: something is
        wrong with it, `counts` then are of the source as delivered; ``none``: nothing is mapped.
    note : str
        Why it is absent.
    n : int
        Respondents with an answer.
    not_asked : int
        Respondents whom a skip rule led past the question, and who gave no answer.
    counts : dict
        Answer, in words or as a number, to how many gave it; for an open number empty. Codes come
        before their words: ``1 ja``.
    missing : dict
        Reason in Dutch to how many were asked and gave no answer for it.
    low, high, mean : float
        Of the answers in codebook coding; NaN for nominal answers, and where there are none.
    marks : tuple of str
        What was done to the answers: ``reversed by the supplier``, ``rescaled from 1-7``, ...
    """

    name: str
    variable: str
    label: str
    sources: tuple[str, ...]
    state: str
    note: str = ""
    n: int = 0
    not_asked: int = 0
    counts: dict[str, int] = field(default_factory=dict)
    missing: dict[str, int] = field(default_factory=dict)
    low: float = float("nan")
    high: float = float("nan")
    mean: float = float("nan")
    marks: tuple[str, ...] = ()

    @property
    def share_missing(self) -> float:
        """Share of those asked who gave no answer, 0 to 1; NaN when nobody was asked."""
        asked = self.n + sum(self.missing.values())
        return sum(self.missing.values()) / asked if asked else float("nan")


def arrivals(stages: Stages, study: Study) -> tuple[Arrival, ...]:
    """Describe what arrives, column by column in codebook order.

    Parameters
    ----------
    stages : Stages
        How far the wave came.
    study : Study
        With the codebook.

    Returns
    -------
    tuple of Arrival
        Empty when the sidecar could not be read. Answers are those of all respondents that the
        exclusion rules keep, before careless answers or unclassified people leave.
    """
    descriptor = stages.descriptor
    if descriptor is None:
        return ()
    sources = _sources(descriptor)
    hidden = _hidden(stages)
    found = []
    for column in study.codebook.columns():
        names = sources.get(column.name, ())
        common: dict[str, Any] = {
            "name": column.name,
            "variable": column.variable,
            "label": column.label_nl,
            "sources": names,
            "marks": tuple(_marks(column, names, descriptor)),
        }
        if column.name in descriptor.absent and not names:
            found.append(Arrival(**common, state="absent", note=descriptor.absent[column.name]))
        elif not names:
            found.append(Arrival(**common, state="none"))
        elif stages.answers is None or column.name in stages.aside:
            raw = {} if hidden & set(names) else _as_delivered(stages, names)
            found.append(Arrival(**common, state="aside", counts=raw, n=sum(raw.values())))
        else:
            found.append(
                Arrival(**common, state="answers", **_answers(column, stages.answers, study))
            )
    return tuple(found)


def _sources(descriptor: Descriptor) -> dict[str, tuple[str, ...]]:
    sources = {
        target: tuple(multi_sources(question))
        for question in descriptor.multi_select
        for target in multi_targets(question)
    }
    return sources | {entry.variable: (name,) for name, entry in descriptor.columns.items()}


def _hidden(stages: Stages) -> set[str]:
    """Columns whose values are never shown."""
    if stages.raw is None or stages.descriptor is None:
        return set()
    found = find_identifiers(stages.raw.frame, stages.raw.table.labels)
    return {finding.column for finding in found} | set(stages.descriptor.identifiers)


def _marks(column: Column, names: tuple[str, ...], descriptor: Descriptor) -> Iterator[str]:
    entry = descriptor.columns.get(names[0]) if len(names) == 1 else None
    if entry is not None and entry.rescale is not None:
        low, high = entry.rescale
        yield f"rescaled from {low:g}-{high:g}"
    if entry is not None and entry.reversed:
        yield "reversed by the supplier"
    if column.reversed:
        yield "reversed item"


def _as_delivered(stages: Stages, names: tuple[str, ...]) -> dict[str, int]:
    """Count the codes of a source column, with the supplier's labels; only where they are few."""
    if stages.raw is None or len(names) != 1 or names[0] not in stages.raw.frame:
        return {}
    counts = stages.raw.frame[names[0]].value_counts()
    labels: Mapping[Any, str] = stages.raw.table.value_labels.get(names[0], {})
    if len(counts) > MOST_CODES:
        return {}
    return {f"{shown(code)} {labels.get(code, '')}".strip(): int(n) for code, n in counts.items()}


def _answers(column: Column, answers: CleanAnswers, study: Study) -> dict[str, Any]:
    """Return counts, range and missing reasons of a column that was cleaned."""
    values = answers.frame[column.name]
    given = values.dropna()
    missing = _missing(column.name, answers, study)
    facts: dict[str, Any] = {
        "n": len(given),
        "missing": missing,
        "not_asked": len(values) - len(given) - sum(missing.values()),
    }
    if column.range is None:
        counts = given.value_counts()
        keys: Mapping[int, int | str] = column.value_ids or {code: code for code in column.values}
        words = {key: f"{code} {column.values[code].nl}" for code, key in keys.items()}
        # a rescaled answer lies between two answers of the codebook
        between = sorted(value for value in counts.index if value not in words)
        facts["counts"] = {words[key]: int(counts.get(key, 0)) for key in words} | {
            f"{value:.4g}": int(counts[value]) for value in between
        }
    if column.value_ids is None and len(given):
        numbers = given.astype("float64")
        ends = {"low": numbers.min(), "high": numbers.max(), "mean": numbers.mean()}
        facts |= {name: float(value) for name, value in ends.items()}
    return facts


def _missing(name: str, answers: CleanAnswers, study: Study) -> dict[str, int]:
    reasons = study.codebook.missing_reasons
    missing: dict[str, int] = {}
    for entry in answers.ledger.entries:
        if entry["kind"] == "missing" and entry["column"] == name:
            reason = str(entry["reason"])
            words = reasons[reason].nl if reason in reasons else reason.replace("_", " ")
            missing[words] = missing.get(words, 0) + int(str(entry["n"]))
    return missing


def odd_answers(arrival: Arrival, column: Column) -> str:
    """Say what is odd about the answers to a question on a scale; empty when nothing is.

    Parameters
    ----------
    arrival : Arrival
        What arrives.
    column : Column
        Its codebook entry.

    Returns
    -------
    str
        In English, to follow the name of the column.
    """
    if arrival.state != "answers" or column.level != "ordinal" or not arrival.counts:
        return ""
    used = [n > 0 for n in arrival.counts.values()]
    if arrival.n >= UNUSED_FROM and sum(used) == 1:
        return f"all {arrival.n} gave the same answer"
    ends = len(column.values) > 2 and not used[0] and not used[len(column.values) - 1]
    if arrival.n >= UNUSED_FROM and ends:
        return f"none of {arrival.n} used either end of the scale: is it the same scale?"
    return ""
