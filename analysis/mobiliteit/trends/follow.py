"""Following the numbers of a study over waves: values, changes, and what composition explains.

Weighted waves count by their weights and design, unweighted ones as simple random samples. Who is
in two waves makes them covary (:mod:`mobiliteit.inference.changes`).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from mobiliteit.design import Design, design_of
from mobiliteit.errors import AnalysisError, Problem
from mobiliteit.inference.changes import (
    Estimate,
    Mean,
    TwoWaves,
    change,
    estimate_of,
    mean_of,
    two_waves,
)
from mobiliteit.inference.composition import Reweighted, decompose, reweight
from mobiliteit.inference.invariance import DEFAULT_RULE
from mobiliteit.inference.invariance_results import InvarianceRule
from mobiliteit.inference.multiplicity import adjust
from mobiliteit.raking import MISSING
from mobiliteit.samples import check_level
from mobiliteit.scale_checks import check_scales
from mobiliteit.study import Study
from mobiliteit.study_schema import Label
from mobiliteit.tables import TOTAL
from mobiliteit.trends.lines import Line, lines, load_settings, parts
from mobiliteit.trends.notes import SAYS, Notes
from mobiliteit.trends.result import LINE_COLUMNS, PART_COLUMNS, SPLIT, Trends
from mobiliteit.wave import Wave
from mobiliteit.weights import carries_weights, with_design


@dataclass(frozen=True)
class _Measured:
    # A line in one wave.
    values: np.ndarray
    mean: Mean
    estimate: Estimate


def follow(*waves: Wave, rule: InvarianceRule = DEFAULT_RULE, level: float = 0.95) -> Trends:
    """Follow the numbers of the study's tables over waves, each later one against the first.

    Parameters
    ----------
    *waves : Wave
        Two or more of the same study, with or without weights.
    rule : InvarianceRule
        When a scale is no longer the same.
    level : float
        Confidence level.

    Returns
    -------
    Trends
        What a wave lacks is NaN with the reason. A wave that has nobody in a class of the margins
        of the first (or has people in a class that the first lacks) gets no split.

    Raises
    ------
    StudyError
        ``trends.yaml`` cannot be used.
    AnalysisError
        Fewer than two waves, one named twice, a level out of range, or somebody twice in a wave.

    Notes
    -----
    Intervals of a mean by t with the design's degrees of freedom, of a share by t on the logit (R:
    ``svyciprop(method = "logit")``), of a change by t. Corrected p: Holm, and Benjamini-Hochberg,
    within a table and wave.
    """
    check_level(level)
    # Checks the waves too: fewer than two, or one twice.
    scales = check_scales(*(wave.unweighted() for wave in waves), rule=rule, level=level)
    for wave in waves:
        if not wave.frame.index.is_unique:
            problem = Problem("somebody is in it twice", "Correct its ids.", wave=wave.id)
            raise AnalysisError("These waves cannot be followed.", [problem])
    study = waves[0].study
    settings = load_settings(study)
    followed, split = lines(study, settings), parts(study, settings)
    designs = [_design(wave) for wave in waves]
    own = [
        {line: _measure(wave, design, line) for line in (*followed, *split)}
        for wave, design in zip(waves, designs, strict=True)
    ]
    records: list[dict[str, Any]] = []
    part_records: list[dict[str, Any]] = []
    undecided: dict[str, Label] = {}
    effects: dict[str, float] = {}
    shared: dict[str, int] = {}
    for k, wave in enumerate(waves[1:], start=1):
        both = two_waves(designs[0], designs[k], (waves[0].frame.index, wave.frame.index))
        shared[wave.id] = both.shared
        notes = Notes(waves[0], wave, scales)
        records += _changes(both, notes, followed, own[0], own[k], level)
        again = _reweighted(both, waves[0], wave, settings.margins)
        if isinstance(again, Label):
            undecided[wave.id] = again
        else:
            effects[wave.id] = again.design_effect
            part_records += _split(both, again, notes, split, own[0], own[k], level)
    return Trends(
        waves=waves,
        lines=pd.DataFrame(records, columns=list(LINE_COLUMNS)),
        parts=pd.DataFrame(part_records, columns=list(PART_COLUMNS)),
        margins=tuple(settings.margins),
        undecided=undecided,
        design_effects=effects,
        shared=shared,
        scales=scales,
        level=level,
    )


def _design(wave: Wave) -> Design:
    frame = wave.frame
    weighted = frame if carries_weights(frame) else with_design(frame, np.ones(len(frame)))
    return design_of(weighted)


def _measure(wave: Wave, design: Design, line: Line) -> _Measured:
    values = line.values(wave.frame)
    mean = mean_of(design, values)
    return _Measured(values, mean, estimate_of(mean))


def _changes(
    both: TwoWaves,
    notes: Notes,
    followed: Iterable[Line],
    own: Mapping[Line, _Measured],
    other: Mapping[Line, _Measured],
    level: float,
) -> list[dict[str, Any]]:
    records = []
    for line in followed:
        one, two, times = own[line], other[line], line.unit
        found = change(both, one.mean, two.mean)
        low, high = found.limits(level)
        record = _described(line, notes, one.mean, two.mean) | {
            "table": line.table,
            "row": line.row,
            "column": line.column,
            "change": times * found.value,
            "low": times * low,
            "high": times * high,
            "standardized": _standardized(one.mean, two.mean, percent=line.percent),
            "p": found.p,
        }
        for name, measured in (("first", one), ("second", two)):
            estimate = measured.estimate
            limits = estimate.share_limits(level) if line.percent else estimate.limits(level)
            record |= {
                name: times * estimate.value,
                f"{name}_low": times * limits[0],
                f"{name}_high": times * limits[1],
                f"{name}_n": measured.mean.n,
            }
        records.append(record)
    for table in dict.fromkeys(record["table"] for record in records):
        family = [record for record in records if record["table"] == table]
        p = [record["p"] for record in family]
        for name in ("holm", "bh"):
            for record, corrected in zip(family, adjust(p, name), strict=True):
                record[f"p_{name}"] = float(corrected)
    return records


def _described(line: Line, notes: Notes, one: Mean, two: Mean) -> dict[str, Any]:
    note = notes.about(line, one, two)
    return {
        "variable": line.variable,
        "statistic": line.statistic,
        "wave": notes.second.id,
        "note": note.nl,
        "note_en": note.en,
    }


def _standardized(first: Mean, second: Mean, *, percent: bool) -> float:
    if not (first.n and second.n):
        return float("nan")
    if percent:
        one, two = (2 * np.arcsin(np.sqrt(np.clip(m.value, 0, 1))) for m in (first, second))
        return float(two - one)
    return float((second.value - first.value) / first.sd) if first.sd > 0 else float("nan")


def _reweighted(
    both: TwoWaves, first: Wave, second: Wave, margins: Iterable[str]
) -> Reweighted | Label:
    # The new weights, or why there are none.
    coded, reasons = [], []
    for name in margins:
        categories = first.study.categories(name)
        places = {category: k for k, category in enumerate(categories)}
        codes = [
            wave.frame[name].astype("object").map(places).fillna(MISSING).to_numpy(dtype="int64")
            for wave in (first, second)
        ]
        coded.append((codes[0], codes[1]))
        here, there = (set(part[part != MISSING].tolist()) for part in codes)
        for lost, where in ((here - there, second), (there - here, first)):
            pairs = [list(categories.values())[k] for k in sorted(lost)]
            if pairs:
                reasons.append(_no_class(first.study, where, name, pairs))
    if reasons:
        nl, en = ("; ".join(texts) for texts in zip(*reasons, strict=True))
        return Label(nl=nl, en=en)
    try:
        return reweight(both, coded)
    except AnalysisError as error:
        what = "; ".join(problem.what for problem in error.problems)
        nl, en = (say["no_split"].format(what=what) for say in SAYS.values())
        return Label(nl=nl, en=en)


def _no_class(
    study: Study, wave: Wave, name: str, pairs: Iterable[tuple[str, str]]
) -> tuple[str, str]:
    nl, en = (
        SAYS[lang]["no_class"].format(
            wave=wave.id, label=study.label(name, lang), classes=", ".join(classes)
        )
        for lang, classes in zip(SAYS, zip(*pairs, strict=True), strict=True)
    )
    return nl, en


def _split(
    both: TwoWaves,
    again: Reweighted,
    notes: Notes,
    split: Iterable[Line],
    own: Mapping[Line, _Measured],
    other: Mapping[Line, _Measured],
    level: float,
) -> list[dict[str, Any]]:
    records = []
    for line in split:
        one, two, times = own[line].mean, other[line].mean, line.unit
        found = decompose(both, again, one, two, other[line].values)
        record = _described(line, notes, one, two) | {
            "row": line.row if line.category else TOTAL,
            "first": times * one.value,
            "counterfactual": times * found.counterfactual,
            "second": times * two.value,
            "unit": 1.0 if line.percent else one.sd,
            "n": one.n + two.n,
        }
        estimates = (change(both, one, two), found.composition, found.rest)
        for name, estimate in zip(SPLIT, estimates, strict=True):
            low, high = estimate.limits(level)
            record |= {
                name: times * estimate.value,
                f"{name}_low": times * low,
                f"{name}_high": times * high,
                f"{name}_p": estimate.p,
            }
        records.append(record)
    corrected = adjust([record["rest_p"] for record in records])
    for record, p in zip(records, corrected, strict=True):
        record["rest_p_holm"] = float(p)
    return records
