"""What a wave says about the register of hypotheses."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from math import isfinite, nan
from typing import Any, get_args

import pandas as pd

from mobiliteit.asking.answer import Answer
from mobiliteit.claims.terms import Text
from mobiliteit.hypotheses.judging import (
    Judgement,
    Verdict,
    detectable,
    in_small_effects,
    per_sd,
)
from mobiliteit.hypotheses.schema import Hypothesis, Lacking, Register
from mobiliteit.results import tidy_frame
from mobiliteit.wave import Wave

VERDICTS: tuple[Verdict, ...] = get_args(Verdict)
COLUMNS = (
    *("id", "group", "basis", "document", "page", "section"),
    *("figure", "part_nl", "part_en", "cited"),
    *("nl", "en", "direction", "highest", "lowest", "needs", "lacks", "question", "python"),
    *("verdict", "why", "reason_nl", "reason_en", "measure", "value", "low", "high", "n"),
    *("p", "p_holm", "p_bh", "detectable", "unit", "unit_low", "unit_high"),
)


@dataclass(frozen=True)
class Judged:
    """One hypothesis on one wave.

    Attributes
    ----------
    hypothesis : Hypothesis
    judgement : Judgement
    answer : Answer or None
        None where the wave, or any wave so far, cannot answer.
    reason : Text or None
        What was not asked, and why, where the wave cannot answer.
    p_holm, p_bh : float
        Corrected over the family; NaN without an answer.
    """

    hypothesis: Hypothesis
    judgement: Judgement
    answer: Answer | None = None
    reason: Text | None = None
    p_holm: float = nan
    p_bh: float = nan

    @property
    def group(self) -> str:
        """What it stands with: its document, of the report also what it rests on and section."""
        entry = self.hypothesis.entry
        if entry.basis == "expectation":
            return entry.source.document
        section = f" {entry.source.section}" if entry.basis == "finding" else ""
        return f"{entry.source.document} {entry.basis}{section}"


@dataclass(frozen=True)
class Hypotheses:
    """The register of hypotheses, tested on a wave as one family.

    Attributes
    ----------
    wave : Wave
        The wave, without weights.
    register : Register
        The hypotheses with their documents and lacking questions.
    judged : tuple of Judged
        In the order of the register.
    m : int
        Questions in the family: different ones with a p-value. Hypotheses that share a question
        share its test.
    level : float
        Confidence level; significance is its complement.
    """

    wave: Wave
    register: Register
    judged: tuple[Judged, ...]
    m: int
    level: float

    def __getitem__(self, name: str) -> Judged:
        """Return a hypothesis by its id; KeyError when there is none."""
        for judged in self.judged:
            if judged.hypothesis.entry.id == name:
                return judged
        raise KeyError(name)

    @property
    def lacking(self) -> dict[str, tuple[Lacking, tuple[str, ...]]]:
        """What a next wave would have to ask, with the ids of the hypotheses that it would help.

        The question that helps most comes first.
        """
        found = {
            name: (
                entry,
                tuple(j.entry.id for j in self.register.hypotheses if name in j.entry.lacks),
            )
            for name, entry in self.register.lacking.items()
        }
        return dict(sorted(found.items(), key=lambda pair: -len(pair[1][1])))

    @cached_property
    def frame(self) -> pd.DataFrame:
        """One row per hypothesis, unrounded; only to be read.

        Returns
        -------
        pandas.DataFrame
            Columns :data:`COLUMNS`. ``group``: what it stands with on the page. ``needs`` and
            ``lacks``: names joined by commas. ``measure`` to ``p_bh``: of the main estimate, as
            :class:`~mobiliteit.asking.answer.Answer` has them. ``detectable``: of
            :func:`~mobiliteit.hypotheses.judging.detectable`. ``unit``, ``unit_low``,
            ``unit_high``: estimate and interval in small effects
            (:func:`~mobiliteit.hypotheses.judging.in_small_effects`). Missing numbers are NaN,
            missing words empty.
        """
        rows = [_row(judged, self.wave.id, self.level) for judged in self.judged]
        frame = pd.DataFrame(rows, columns=list(COLUMNS))
        return frame.astype({"page": "Int64", "n": "Int64"})

    def summary(self) -> pd.DataFrame:
        """Count verdicts.

        Returns
        -------
        pandas.DataFrame
            Index: the groups in the order of the register. Columns: ``hypotheses`` and the
            verdicts.
        """
        frame = self.frame
        counts = pd.crosstab(frame["group"], frame["verdict"])
        counts = counts.reindex(index=frame["group"].unique(), columns=list(VERDICTS), fill_value=0)
        counts.insert(0, "hypotheses", counts.sum(axis=1))
        counts.columns.name = counts.index.name = None
        return counts

    def tidy(self) -> pd.DataFrame:
        """Return every main estimate with its corrected p, as a tidy frame.

        ``row`` is the hypothesis, ``column`` its question, the note its verdict; of a hypothesis
        without an answer there is a record ``verdict`` without a number.
        """
        records = [record for judged in self.judged for record in _records(judged)]
        return tidy_frame(records, analysis="hypotheses", wave=self.wave.id)


def _row(judged: Judged, wave: str, level: float) -> dict[str, Any]:
    entry, question, answer = judged.hypothesis.entry, judged.hypothesis.question, judged.answer
    source, text = entry.source, question.text if question else ""
    row = {
        "id": entry.id,
        "group": judged.group,
        "basis": entry.basis,
        "document": source.document,
        "page": source.page,
        "section": source.section,
        "figure": source.figure or "",
        "part_nl": source.part.nl if source.part else "",
        "part_en": source.part.en if source.part else "",
        "cited": source.cited,
        "nl": entry.nl,
        "en": entry.en,
        "direction": entry.direction,
        "highest": entry.highest or "",
        "lowest": entry.lowest or "",
        "needs": ", ".join(judged.hypothesis.needs),
        "lacks": ", ".join(entry.lacks),
        "question": text,
        "python": f"mb.ask({text!r}, {wave!r})" if text else "",
        "verdict": judged.judgement.verdict,
        "why": judged.judgement.why,
        "reason_nl": judged.reason.nl if judged.reason else "",
        "reason_en": judged.reason.en if judged.reason else "",
        "p_holm": judged.p_holm,
        "p_bh": judged.p_bh,
        "measure": "",
    }
    if answer is None or answer.main is None:
        return row
    main = answer.main
    units = [
        in_small_effects(main.measure, end, per_sd=per_sd(answer), base=main.base)
        for end in (main.value, main.low, main.high)
    ]
    return row | {
        "measure": main.measure,
        "value": main.value,
        "low": main.low,
        "high": main.high,
        "n": answer.n,
        "p": answer.p,
        "detectable": detectable(main, level),
        **dict(zip(("unit", "unit_low", "unit_high"), units, strict=True)),
    }


def _records(judged: Judged) -> Iterator[dict[str, Any]]:
    entry, answer, verdict = judged.hypothesis.entry, judged.answer, judged.judgement.verdict
    common: dict[str, Any] = {"row": entry.id, "note": verdict}
    if answer is None or answer.main is None:
        yield {**common, "statistic": "verdict"}
        return
    main = answer.main
    common |= {"column": answer.question.text, "n": answer.n}
    yield {**common, "statistic": main.measure, "value": main.value, "p": answer.p}
    for name, value in (("low", main.low), ("high", main.high)):
        yield {**common, "statistic": f"{main.measure}_{name}", "value": value}
    for name, value in (("p_holm", judged.p_holm), ("p_bh", judged.p_bh)):
        if isfinite(value):
            yield {**common, "statistic": name, "value": value, "p": value}
