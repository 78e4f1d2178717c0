"""Running every stage of loading a wave, also after an earlier one found something wrong.

Loading stops at the first stage that fails, since nothing that follows could be trusted. A check
goes on: what is wrong is set aside (an entry of the sidecar, a column, the ids), and the next stage
runs on what is left, so that a researcher hears everything at once. Nothing that is made this way
leaves this package but as counts.
"""

from __future__ import annotations

import copy
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from pathlib import Path

from mobiliteit.arrival.sidecars import read_leniently
from mobiliteit.careless import flag_careless
from mobiliteit.clean import CleanAnswers, clean
from mobiliteit.descriptor import hold_against
from mobiliteit.descriptor_checks import multi_sources, multi_targets
from mobiliteit.descriptor_schema import Descriptor
from mobiliteit.errors import Problem, WaveError
from mobiliteit.ingest import RawWave, read_described
from mobiliteit.study import Study
from mobiliteit.wave import Wave, assemble

MOST_ROUNDS = 10
_DUMMY_SALT = "set aside, ids are never shown"


@dataclass
class Stages:
    """How far a wave came.

    Attributes
    ----------
    problems : list of Problem
        All that is wrong, each once, in the order of the stages.
    descriptor : Descriptor or None
        The sidecar, its item patterns written out; what does not fit its schema left out.
    raw : RawWave or None
        The file as delivered.
    answers : CleanAnswers or None
        What could be cleaned.
    wave : Wave or None
        What could be classified and scored; None too when a segment rule lacks its variables.
    aside : set of str
        Codebook columns that were set aside for a problem.
    """

    problems: list[Problem] = field(default_factory=list)
    descriptor: Descriptor | None = None
    raw: RawWave | None = None
    answers: CleanAnswers | None = None
    wave: Wave | None = None
    aside: set[str] = field(default_factory=set)

    def add(self, problems: Iterable[Problem], consequences: Iterable[str] = ()) -> None:
        """Add what is new, but for what only follows from something set aside before."""
        names = {*self.aside, *consequences}
        for problem in problems:
            follows = problem.column in names or any(
                name in problem.what.replace(",", " ").replace(";", " ").split() for name in names
            )
            if not follows and problem not in self.problems:
                self.problems.append(problem)


def run_stages(directory: Path, study: Study) -> Stages:
    """Run all stages of loading a wave.

    Parameters
    ----------
    directory : Path
        ``data_raw/<wave>``.
    study : Study
        The study.

    Returns
    -------
    Stages
        With all problems found.

    Raises
    ------
    WaveError
        There is no such folder.
    """
    written, problems, left_out = read_leniently(directory)
    stages = Stages()
    stages.add(problems)
    if written is None:
        return stages
    stages.descriptor, found = hold_against(written, study, directory.name)
    stages.add(found, left_out)
    try:
        raw = read_described(stages.descriptor, directory)
    except WaveError as error:
        stages.add(error.problems)
        return stages
    stages.raw = raw
    stages.add(raw.problems)
    start = _lighter(replace(raw, problems=()), found, stages, first=True)
    cleaned = _clean(start, study, stages, left_out)
    if cleaned is not None:
        _finish(cleaned, study, stages)
    return stages


def _clean(raw: RawWave, study: Study, stages: Stages, left_out: Iterable[str]) -> RawWave | None:
    """Clean, setting aside what is wrong until the rest goes through."""
    for _ in range(MOST_ROUNDS):
        try:
            stages.answers = clean(raw, study)
            return raw
        except WaveError as error:
            stages.add(error.problems, left_out)
            lighter = _lighter(raw, error.problems, stages)
            if lighter is raw:
                return None
            raw = lighter
    return None


def _finish(raw: RawWave, study: Study, stages: Stages) -> None:
    """Classify, score and weigh; without weights or careless rules where these do not fit."""
    answers = stages.answers
    needed = {
        name
        for segment in study.segments.segments.values()
        for condition in segment.when
        for name in condition.variables
    }
    if answers is None:
        return
    if not needed <= set(raw.descriptor.source_of):
        # nobody can be classified, but careless answers can be looked for
        if raw.descriptor.careless is not None:
            order = [str(column) for column in raw.frame.columns]
            try:
                with answers.naming_rows():
                    flag_careless(answers.frame, answers.process, raw.descriptor, study, order)
            except WaveError as error:
                stages.add(error.problems)
        return
    for drop in ([], ["weights"], ["careless"], ["weights", "careless"]):
        lighter = raw.descriptor.model_copy(update=dict.fromkeys(drop))
        try:
            own = replace(answers, ledger=copy.deepcopy(answers.ledger))
            stages.wave = assemble(replace(raw, descriptor=lighter), own, study)
            return
        except WaveError as error:
            stages.add(error.problems)


def _lighter(
    raw: RawWave, problems: Iterable[Problem], stages: Stages, *, first: bool = False
) -> RawWave:
    """Leave out what problems are about; the same object when there is nothing to leave out."""
    before = raw
    for problem in problems:
        if problem.column is not None:
            raw = _without(raw, problem.column, stages)
        elif not first and not raw.descriptor.synthetic:
            # only the salt is missing: with any other the ids can be told apart as well
            respondent = raw.descriptor.respondent.model_copy(update={"salt": _DUMMY_SALT})
            raw = _described(raw, synthetic=True, respondent=respondent)
    column = raw.descriptor.respondent.column
    if column not in raw.frame:
        raw = _numbered(raw)
    return raw if raw.descriptor != before.descriptor or raw.table is not before.table else before


def _described(raw: RawWave, **changes: object) -> RawWave:
    return replace(raw, descriptor=raw.descriptor.model_copy(update=changes))


def _numbered(raw: RawWave) -> RawWave:
    """Put row numbers in place of ids; corrections, which name ids, are left out."""
    column = raw.descriptor.respondent.column
    numbers = [f"row {row + 1}" for row in range(len(raw.frame))]
    if column in raw.frame and list(raw.frame[column]) == numbers:
        return raw
    table = replace(raw.table, frame=raw.frame.assign(**{column: numbers}))
    return _described(replace(raw, table=table), corrections=[], identical_rows=None)


def _without(raw: RawWave, column: str, stages: Stages) -> RawWave:
    """Leave out one source column, as gently as its role allows."""
    descriptor = raw.descriptor
    harmless = {**descriptor.not_identifying, column: "set aside"}
    if column == descriptor.respondent.column and column in raw.frame:
        return _described(_numbered(raw), not_identifying=harmless)
    corrections = [entry for entry in descriptor.corrections if entry.column != column]
    if len(corrections) < len(descriptor.corrections):
        return _described(raw, corrections=corrections)
    entry = descriptor.columns.get(column)
    multi = [entry for entry in descriptor.multi_select if column in multi_sources(entry)]
    stages.aside |= {entry.variable} if entry else set()
    stages.aside |= {name for question in multi for name in multi_targets(question)}
    free = {column, *(name for question in multi for name in multi_sources(question))}
    in_file = {name: "set aside" for name in free if name in raw.frame}
    design, careless = descriptor.weights, descriptor.careless
    return _described(
        raw,
        columns={name: kept for name, kept in descriptor.columns.items() if name != column},
        multi_select=[question for question in descriptor.multi_select if question not in multi],
        identifiers=_but(descriptor.identifiers, column),
        ignore={**_but(descriptor.ignore, column), **in_file},
        not_identifying=harmless if in_file else _but(descriptor.not_identifying, column),
        exclude=[rule for rule in descriptor.exclude if rule.column != column],
        include=None
        if descriptor.include is not None and descriptor.include.column == column
        else descriptor.include,
        weights=None if column in _design_columns(descriptor) else design,
        careless=None
        if careless and careless.speeders and careless.speeders.column == column
        else careless,
    )


def _but(entries: dict[str, str], column: str) -> dict[str, str]:
    return {name: reason for name, reason in entries.items() if name != column}


def _design_columns(descriptor: Descriptor) -> set[str | None]:
    design = descriptor.weights
    return {design.column, design.stratum, design.cluster} if design else set()
