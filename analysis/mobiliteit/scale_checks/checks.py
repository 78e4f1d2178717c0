"""Every scale of the codebook in several waves: how reliable, and whether it is the same scale.

The numbers are those of :mod:`mobiliteit.inference.reliability` and
:mod:`mobiliteit.inference.invariance`; this module finds the items and waves, and says what a
change in means may be taken for. Weights are refused: use ``wave.unweighted()``.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from mobiliteit.descriptor import rescale_note
from mobiliteit.errors import AnalysisError, Problem
from mobiliteit.gaps import gap
from mobiliteit.inference.invariance import DEFAULT_RULE, measurement_invariance
from mobiliteit.inference.invariance_results import (
    CANNOT_SAY,
    FAILS,
    HOLDS,
    PARTIAL,
    Invariance,
    InvarianceRule,
)
from mobiliteit.inference.reliability import ItemReliability, item_reliability
from mobiliteit.study_schema import Label
from mobiliteit.wave import Wave
from mobiliteit.weights import without_weights

WAVE_COLUMN = "golf"
CAUTIONS: Mapping[str, Mapping[str, str]] = {
    "nl": {
        HOLDS: "",
        PARTIAL: "schaal deels dezelfde; anders beantwoord: {items}",
        FAILS: "schaal niet aantoonbaar dezelfde: dit verschil kan aan de items liggen",
        CANNOT_SAY: "of de schaal dezelfde bleef is niet te toetsen",
    },
    "en": {
        HOLDS: "",
        PARTIAL: "scale partly the same; answered differently: {items}",
        FAILS: "scale not demonstrably the same: this difference may be due to its items",
        CANNOT_SAY: "whether the scale stayed the same cannot be tested",
    },
}
MIRRORED = {"nl": "gespiegeld", "en": "reversed"}


@dataclass(frozen=True)
class ScaleCheck:
    """One scale in several waves.

    Attributes
    ----------
    scale : str
        Variable of the codebook.
    reliabilities : dict of str to ItemReliability
        By wave; without the waves that did not ask all its items.
    invariance : Invariance or None
        Over the waves that did; None with fewer than two.
    gaps : dict of str to Label
        Wave to what it did not ask, or asked on another scale.
    """

    scale: str
    reliabilities: dict[str, ItemReliability]
    invariance: Invariance | None
    gaps: dict[str, Label]

    @property
    def verdict(self) -> str:
        """``holds``, ``partial``, ``fails`` or ``cannot say``."""
        return CANNOT_SAY if self.invariance is None else self.invariance.verdict

    @property
    def freed(self) -> tuple[str, ...]:
        """Items that differ between the waves."""
        if self.invariance is None:
            return ()
        return tuple(dict.fromkeys(str(item) for item in self.invariance.freed["item"]))


@dataclass(frozen=True)
class ScaleChecks:
    """Every scale of the codebook in several waves.

    Attributes
    ----------
    waves : tuple of Wave
        Unweighted; the first is what the others are held against.
    checks : dict of str to ScaleCheck
        By scale, in codebook order.
    shared : int
        Respondents who are in more than one wave. They count as different people, so that tests
        and intervals of a change are too wide as a rule.
    level : float
        Confidence level.
    """

    waves: tuple[Wave, ...]
    checks: dict[str, ScaleCheck]
    shared: int
    level: float

    def __getitem__(self, scale: str) -> ScaleCheck:
        """Return one scale; KeyError when there is none."""
        return self.checks[scale]

    @property
    def synthetic(self) -> bool:
        """Whether one of the waves was drawn by a generator."""
        return any(wave.synthetic for wave in self.waves)

    def mark(self, lang: str = "nl") -> str:
        """Return the marks of all waves, each once."""
        return " ".join(dict.fromkeys(filter(None, (wave.mark(lang) for wave in self.waves))))

    def item(self, name: str, lang: str = "nl") -> str:
        """Return the words of an item, without its full stop; says when it is a reversed one."""
        for column in self.waves[0].study.codebook.columns():
            if column.name == name:
                label = column.label_nl if lang == "nl" else column.label_en
                mirrored = f" ({MIRRORED[lang]})" if column.reversed else ""
                return label.rstrip(".") + mirrored
        return name

    def caution(self, scale: str, lang: str = "nl") -> str:
        """Say what must stand beside a change in means; empty for a scale that holds."""
        check = self.checks[scale]
        items = ", ".join(f"“{self.item(name, lang)}”" for name in check.freed)
        return CAUTIONS[lang][check.verdict].format(items=items)

    def summary(self) -> pd.DataFrame:
        """One row per scale.

        Returns
        -------
        pandas.DataFrame
            Index: scales. Columns ``items`` (how many), ``alpha <wave>`` and ``omega <wave>`` for
            each wave, ``verdict`` and ``freed`` (items, joined with commas).
        """
        records = {}
        for scale, check in self.checks.items():
            items = self.waves[0].study.codebook.variables[scale].items
            record: dict[str, Any] = {"items": len(items)}
            for wave in self.waves:
                own = check.reliabilities.get(wave.id)
                record[f"alpha {wave.id}"] = float("nan") if own is None else own.alpha
                record[f"omega {wave.id}"] = float("nan") if own is None else own.omega
            records[scale] = record | {"verdict": check.verdict, "freed": ", ".join(check.freed)}
        return pd.DataFrame.from_dict(records, orient="index")

    def tidy(self) -> pd.DataFrame:
        """Return everything as a tidy frame.

        ``sample`` is the scale; ``wave`` the wave of a reliability, or all waves for invariance.
        What a wave lacks is a record ``gap`` with the reason in its note.
        """
        frames = [frame for check in self.checks.values() for frame in self._frames(check)]
        return pd.concat(frames, ignore_index=True)

    def _frames(self, check: ScaleCheck) -> Iterator[pd.DataFrame]:
        for wave, own in check.reliabilities.items():
            frame = own.tidy().assign(wave=wave, sample=check.scale)
            yield _noted(frame, check.gaps[wave].nl) if wave in check.gaps else frame
        if check.invariance is not None:
            waves = " ".join(wave.id for wave in self.waves)
            yield check.invariance.tidy().assign(wave=waves, sample=check.scale)


def _noted(frame: pd.DataFrame, note: str) -> pd.DataFrame:
    return frame.assign(note=[f"{own}; {note}" if own else note for own in frame["note"]])


@without_weights
def check_scales(
    *waves: Wave, rule: InvarianceRule = DEFAULT_RULE, level: float = 0.95
) -> ScaleChecks:
    """Check every scale of the codebook in several waves.

    Parameters
    ----------
    *waves : Wave
        Two or more, unweighted, of the same study; the others are held against the first.
    rule : InvarianceRule
        When a step of invariance fails.
    level : float
        Confidence level.

    Returns
    -------
    ScaleChecks
        A wave that did not ask all items of a scale takes no part for that scale; with fewer than
        two waves left the verdict is ``cannot say``.

    Raises
    ------
    AnalysisError
        Fewer than two waves, one named twice, or weights.

    Notes
    -----
    Reversed items are mirrored in the frames already. One step fails by chance more often over many
    scales than over one: the verdicts are not corrected for their number.
    """
    ids = [wave.id for wave in waves]
    if len(set(ids)) < max(2, len(ids)):
        problem = Problem(f"{len(set(ids))} different waves were named", "Name two or more.")
        raise AnalysisError("These scales cannot be compared over waves.", [problem])
    people = pd.concat([pd.Series(wave.frame.index.unique()) for wave in waves])
    shared = int((people.value_counts() > 1).sum())
    checks = {
        scale: _check(scale, list(variable.items), waves, rule, level)
        for scale, variable in waves[0].study.codebook.scale_variables().items()
    }
    return ScaleChecks(tuple(waves), checks, shared, level)


def _check(
    scale: str, items: list[str], waves: tuple[Wave, ...], rule: InvarianceRule, level: float
) -> ScaleCheck:
    asked = [wave for wave in waves if not gap(wave, scale)]
    frames: Mapping[str, pd.DataFrame] = {wave.id: wave.frame[items] for wave in asked}
    reliabilities = {
        wave: item_reliability(frame, items, level=level) for wave, frame in frames.items()
    }
    invariance = None
    if len(asked) > 1:
        both = pd.concat(frames.values(), ignore_index=True)
        labels = [wave for wave, frame in frames.items() for _ in range(len(frame))]
        both[WAVE_COLUMN] = pd.Categorical(labels, categories=list(frames))
        invariance = measurement_invariance(both, items, WAVE_COLUMN, rule=rule, level=level)
    gaps = {wave.id: note for wave in waves if (note := _gap(wave, scale)) is not None}
    return ScaleCheck(scale, reliabilities, invariance, gaps)


def _gap(wave: Wave, scale: str) -> Label | None:
    nl, en = (
        gap(wave, scale, lang) or rescale_note(wave.descriptor, wave.study, scale, lang)
        for lang in ("nl", "en")
    )
    return Label(nl=nl, en=en) if nl else None
