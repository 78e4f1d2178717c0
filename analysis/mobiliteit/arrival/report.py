"""``wave check``: everything that is wrong with a wave, and what arrives of it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from mobiliteit.arrival.columns import Arrival, arrivals, odd_answers
from mobiliteit.arrival.stages import Stages, run_stages
from mobiliteit.careless import CarelessReport
from mobiliteit.errors import Problem
from mobiliteit.project import find_project
from mobiliteit.results import tidy_frame
from mobiliteit.scales import Reliability
from mobiliteit.study import Study, load_study
from mobiliteit.weights import Weights

LOW_ALPHA = 0.5
"""Below this a scale measures little of one thing, or one of its items is turned round."""
ENOUGH = 30
"""Respondents from which a reliability is worth a warning."""


@dataclass(frozen=True)
class ArrivalReport:
    """What is wrong with a wave, and what arrives of it.

    Attributes
    ----------
    wave : str
        Name of the wave.
    problems : tuple of Problem
        All that must be put right before the wave can be used; empty when it can.
    warnings : tuple of str
        What may be right, but is odd: read these before believing a table.
    facts : dict
        What was found about the file.
    cautions : tuple of str
        What the reader of the file warns of.
    columns : tuple of Arrival
        One per column of the codebook.
    rows : dict
        In Dutch: records delivered, those that left by rule, respondents kept. Before
        classification when that could not be done.
    groups : dict
        Group in Dutch to its respondents, those who fit no rule included; empty when
        classification could not be done.
    reliabilities : tuple of Reliability
        Of the kept respondents; empty when they could not be scored.
    careless : CarelessReport or None
        Who was flagged, where the sidecar has rules.
    weights : Weights or None
        How weights came about, where the sidecar asks for them.
    """

    wave: str
    problems: tuple[Problem, ...]
    warnings: tuple[str, ...]
    facts: dict[str, str]
    cautions: tuple[str, ...]
    columns: tuple[Arrival, ...]
    rows: dict[str, int]
    groups: dict[str, int]
    reliabilities: tuple[Reliability, ...]
    careless: CarelessReport | None
    weights: Weights | None

    @property
    def usable(self) -> bool:
        """Whether the wave can be loaded as it is."""
        return not self.problems

    def tidy(self) -> pd.DataFrame:
        """Return counts, missing answers, ranges and reliabilities as a tidy frame.

        `row` is the codebook column, `column` the answer or the reason.
        """
        records: list[dict[str, Any]] = []
        for entry in self.columns:
            common = {"row": entry.name, "n": entry.n, "n_missing": sum(entry.missing.values())}
            records += [
                {**common, "column": answer, "statistic": "count", "value": n}
                for answer, n in entry.counts.items()
            ]
            records += [
                {**common, "column": reason, "statistic": "missing", "value": n}
                for reason, n in entry.missing.items()
            ]
            for statistic, value in (
                ("min", entry.low),
                ("mean", entry.mean),
                ("max", entry.high),
                ("share_missing", entry.share_missing),
            ):
                if not np.isnan(value):
                    records.append({**common, "statistic": statistic, "value": value})
        parts = [tidy_frame(records, analysis="arrival", wave=self.wave)]
        parts += [entry.tidy().assign(wave=self.wave) for entry in self.reliabilities]
        return pd.concat(parts, ignore_index=True)


def check_wave(
    name: str, *, root: Path | str | None = None, study: Study | None = None
) -> ArrivalReport:
    """Find all that is still wrong with a wave, and show what arrives of it.

    Parameters
    ----------
    name : str
        Folder under ``data_raw/``.
    root : path, optional
        A folder in the project; by default the current one.
    study : Study, optional
        By default the 2006 study.

    Returns
    -------
    ArrivalReport
        Its `problems` are those of every stage: a stage that can run on what an earlier one left
        does run. Values of columns that identify people are never in it.

    Raises
    ------
    WaveError
        There is no such wave.
    """
    study = study or load_study()
    stages = run_stages(find_project(root).raw(name), study)
    found = arrivals(stages, study)
    table = stages.raw.table if stages.raw is not None else None
    wave = stages.wave
    return ArrivalReport(
        wave=name,
        problems=tuple(stages.problems),
        warnings=tuple(_warnings(stages, found, study)),
        facts=dict(table.facts) if table is not None else {},
        cautions=tuple(table.cautions) if table is not None else (),
        columns=found,
        rows=_rows(stages),
        groups=_groups(stages, study),
        reliabilities=wave.reliabilities if wave is not None else (),
        careless=wave.careless if wave is not None else None,
        weights=wave.weights if wave is not None else None,
    )


def _rows(stages: Stages) -> dict[str, int]:
    """Rows in and out, as the ledger says."""
    source = stages.wave or stages.answers
    if source is None:
        return {"geleverde records": len(stages.raw.frame)} if stages.raw is not None else {}
    rows: dict[str, int] = {}
    for entry in source.ledger.entries:
        if entry["kind"] in ("in", "excluded", "kept"):
            label = str(entry["label_nl"] or entry["reason"])
            rows[label] = rows.get(label, 0) + int(str(entry["n"]))
    return rows


def _groups(stages: Stages, study: Study) -> dict[str, int]:
    wave = stages.wave
    if wave is None:
        return {}
    sizes = wave.frame[study.segments.group_variable.id].value_counts(sort=False)
    groups = {entry.nl: int(sizes.get(name, 0)) for name, entry in study.segments.groups.items()}
    return groups | {study.segments.unclassified.nl: len(wave.unclassified)}


def _warnings(stages: Stages, found: tuple[Arrival, ...], study: Study) -> list[str]:
    warnings = []
    columns = {column.name: column for column in study.codebook.columns()}
    for entry in found:
        odd = odd_answers(entry, columns[entry.name])
        if odd:
            warnings.append(f"{entry.name}: {odd}")
    if stages.wave is None:
        return warnings
    for scale in stages.wave.reliabilities:
        if scale.n < ENOUGH:
            continue
        against = [item for item, r in scale.item_rest.items() if r < 0]
        if against:
            warnings.append(
                f"{scale.scale}: {', '.join(against)} runs against the other items (negative "
                "item-rest correlation): did the supplier reverse it, or forget to? See `reversed`"
            )
        elif scale.alpha < LOW_ALPHA:
            warnings.append(
                f"{scale.scale}: Cronbach's alpha is {scale.alpha:.2f}, below {LOW_ALPHA:.2f}: are "
                "these the same items, in the same direction?"
            )
    empty = [name for name, n in _groups(stages, study).items() if n == 0]
    names = [entry.nl for entry in study.segments.groups.values()]
    warnings += [f"group {name} is empty" for name in empty if name in names]
    return warnings
