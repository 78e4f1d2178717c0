"""From the raw frame to cleaned answers: a new frame, built column by column.

Nothing leaks through unreviewed: a source column is mapped, ignored with a reason, or an error; a
code is valid, a declared missing code, corrected by hand, or an error. All errors of a file are
collected and raised together. Missing values keep their reasons in the ledger.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from mobiliteit.descriptor import ignored_columns
from mobiliteit.descriptor_checks import multi_sources
from mobiliteit.errors import Problem, WaveError, brief
from mobiliteit.identifiers import Identifier, find_identifiers
from mobiliteit.ingest import RawWave
from mobiliteit.ledger import Ledger
from mobiliteit.recode import as_numbers, declares_missing, problem_in
from mobiliteit.respondents import Respondents, clean_ids, salt_of, select_respondents
from mobiliteit.study import Study
from mobiliteit.translation import Sources

SYSTEM_MISSING = "zonder_opgave"
ABSENT = "ontbreekt_in_golf"
NOT_ASKED_BUT_ANSWERED = "niet_gevraagd_toch_beantwoord"


@dataclass(frozen=True)
class CleanAnswers:
    """Cleaned answers of the respondents, before classification and scoring.

    Attributes
    ----------
    frame : pandas.DataFrame
        Index: respondent id, hashed unless a synthetic wave gives no salt. One column per codebook
        column (items not yet reversed). Nominal answers are categoricals of value ids; all others
        are floats in codebook coding, NaN where missing or not asked.
    ledger : Ledger
        Steps so far.
    process : pandas.DataFrame
        Same index. The source columns that the sidecar's `careless` and `weights` name, under the
        supplier's names and as delivered: floats where all are numbers, otherwise text; NaN where
        empty or declared missing by the file. Nothing else is checked here, and corrections do not
        reach them.
    places : dict
        Respondent id to what a message calls that row: its id as delivered, or its number in the
        file where ids themselves tell who somebody is.
    """

    frame: pd.DataFrame
    ledger: Ledger
    process: pd.DataFrame
    places: dict[str, str]

    @contextmanager
    def naming_rows(self) -> Iterator[None]:
        """Let errors of a later step name rows as the researcher finds them in the file."""
        try:
            yield
        except WaveError as error:
            raise WaveError(
                error.headline,
                [
                    replace(problem, rows=tuple(self.places.get(row, row) for row in problem.rows))
                    for problem in error.problems
                ],
            ) from None


def clean(raw: RawWave, study: Study) -> CleanAnswers:
    """Turn a raw wave into cleaned answers.

    Parameters
    ----------
    raw : RawWave
        As delivered.
    study : Study
        Codebook with valid codes, missing codes and skip rules.

    Returns
    -------
    CleanAnswers
        Rows are those that no exclusion rule of the sidecar removes and that are not a second copy.
        An answer to a question that the skip rule did not ask becomes missing and is counted.

    Raises
    ------
    WaveError
        Missing or unexpected columns, columns that tell who somebody is, duplicate respondents,
        unknown codes, impossible values, contradictory ticks, corrections that match no row, ids
        that cannot be hashed: all problems of the file together, each with wave, column, values,
        first respondents and the remedy. Respondents are named as the supplier named them; values
        of a column that identifies people are never shown.
    """
    problems = [*raw.problems, *_column_problems(raw)]
    ledger = Ledger(raw.descriptor.wave)
    ledger.add("ingest", "in", len(raw.frame), reason="geleverd", label="geleverde records")
    found = [
        finding
        for finding in find_identifiers(raw.frame, raw.table.labels)
        if finding.column not in raw.descriptor.not_identifying
    ]
    problems += _identifier_problems(raw, found)
    salt = salt_of(raw, found, problems)
    needed = {raw.descriptor.respondent.column, *raw.descriptor.selection_columns}
    if not needed <= set(raw.frame.columns) - set(raw.descriptor.identifiers):
        _raise(raw, problems)
    frame = _without_identifiers(raw, ledger)
    people = select_respondents(raw, frame, found, ledger, problems)
    hidden = {finding.column for finding in found}
    translations = Sources(raw, study, people, hidden, ledger, problems).translations()
    if problems:
        _raise(raw, problems)
    index = clean_ids(raw, people, salt)
    answers, reasons = {}, {}
    for column in study.codebook.columns():
        if column.name in translations:
            answers[column.name] = translations[column.name].answers.set_axis(index)
            reasons[column.name] = translations[column.name].reasons.set_axis(index)
        else:
            answers[column.name] = pd.Series(np.nan, index=index)
            reasons[column.name] = pd.Series(ABSENT, index=index, dtype="object")
    answers = _skip_rules(answers, reasons, study, ledger)
    for column in study.codebook.columns():
        ids = column.value_ids
        if ids is not None:
            answers[column.name] = pd.Series(
                pd.Categorical(answers[column.name].map(ids), categories=list(ids.values())),
                index=index,
            )
    return CleanAnswers(
        frame=pd.DataFrame(answers, index=index),
        ledger=ledger,
        process=_process(raw, people).set_axis(index, axis=0),
        places=dict(zip(map(str, index), map(str, people.places), strict=True)),
    )


def _process(raw: RawWave, people: Respondents) -> pd.DataFrame:
    """Columns that say how somebody answered, or was drawn, rather than what."""
    csv = raw.descriptor.file.csv
    process = {}
    for name in raw.descriptor.process_columns:
        values, declared = people.rows[name], raw.table.missing.get(name)
        if declared is not None:
            keys = {value: declares_missing(declared, value) for value in values.dropna().unique()}
            values = values.mask(values.map(keys).eq(True))
        process[name] = as_numbers(values, csv)
    return pd.DataFrame(process, index=people.rows.index)


def _raise(raw: RawWave, problems: list[Problem]) -> None:
    wave = raw.descriptor.wave
    raise WaveError(f"Wave {wave} cannot be used as it is ({len(problems)} found).", problems)


def _column_problems(raw: RawWave) -> list[Problem]:
    descriptor, problem = raw.descriptor, problem_in(raw)
    found = list(raw.frame.columns)
    ignored = ignored_columns(descriptor, found)
    multi = [source for entry in descriptor.multi_select for source in multi_sources(entry)]
    wanted = {
        descriptor.respondent.column: "respondent",
        **dict.fromkeys(descriptor.selection_columns, "exclude"),
        **dict.fromkeys(descriptor.columns, "columns"),
        **dict.fromkeys(multi, "multi_select"),
        **dict.fromkeys(descriptor.process_columns, "careless` or `weights"),
        **dict.fromkeys(descriptor.identifiers, "identifiers"),
    }
    named = {*wanted, *(column for columns in ignored.values() for column in columns)}
    wanted |= dict.fromkeys(descriptor.not_identifying, "not_identifying")
    wanted |= {entry: "ignore" for entry, columns in ignored.items() if not columns}
    unexpected = [column for column in found if column not in named]
    unnamed = [brief(column) for column in unexpected[:5]]
    problems = [
        problem(
            f"the sidecar names it under `{part}`, the file does not have it",
            "Correct the name in wave.yaml"
            + (f"; not named there are: {', '.join(unnamed)}." if unnamed else "."),
            column=column,
        )
        for column, part in wanted.items()
        if column not in found
    ]
    problems += [
        problem(
            "the file has it, the sidecar does not name it",
            "Map it under `columns`, or list it under `ignore` with the reason.",
            column=column,
        )
        for column in unexpected
    ]
    return problems


def _identifier_problems(raw: RawWave, found: list[Identifier]) -> list[Problem]:
    """Refuse columns that tell who somebody is and that the sidecar says nothing about."""
    descriptor = raw.descriptor
    dealt_with = {descriptor.respondent.column, *descriptor.identifiers}
    return [
        problem_in(raw)(
            f"it tells who somebody is ({finding.kind}: {finding.reason}; {finding.n} filled in)",
            "List it under `identifiers` in wave.yaml, so that it is dropped, or, if it identifies "
            "nobody, under `not_identifying` with the reason.",
            column=finding.column,
        )
        for finding in found
        if finding.column not in dealt_with
    ]


def _without_identifiers(raw: RawWave, ledger: Ledger) -> pd.DataFrame:
    """Drop the identifiers before anything else looks at the answers."""
    dropped = [name for name in raw.descriptor.identifiers if name in raw.frame]
    for name in dropped:
        filled = int(raw.frame[name].notna().sum())
        reason = raw.descriptor.identifiers[name]
        ledger.add("clean", "identifier", filled, column=name, reason=reason)
    return raw.frame.drop(columns=dropped)


def _skip_rules(
    answers: dict[str, pd.Series], reasons: dict[str, pd.Series], study: Study, ledger: Ledger
) -> dict[str, pd.Series]:
    """Blank answers to questions that were not asked; count, by reason, what is empty where asked.

    A question is asked when every filter question was asked and its answer is one of those
    listed; a filter question without an answer does not close the way, since an answer may be
    given all the same.
    """
    kept: dict[str, pd.Series] = {}
    asked_of: dict[str, np.ndarray] = {}
    for column in study.codebook.columns():
        name, values = column.name, answers[column.name]
        empty = values.isna().to_numpy()
        asked = np.ones(len(values), dtype=bool)
        for filter_variable, codes in column.asked.items():
            answer = kept[filter_variable].to_numpy()
            asked &= asked_of[filter_variable] & (np.isin(answer, codes) | np.isnan(answer))
        asked_of[column.variable] = asked
        kept[name] = pd.Series(np.where(asked, values, np.nan), index=values.index)
        unasked = int((~empty & ~asked).sum())
        ledger.add("clean", "not_asked", unasked, column=name, reason=NOT_ASKED_BUT_ANSWERED)
        why = [
            SYSTEM_MISSING if pd.isna(reason) else str(reason)
            for reason in reasons[name].to_numpy()[asked & empty]
        ]
        for reason, n in Counter(why).most_common():
            ledger.add("clean", "missing", n, column=name, reason=reason)
    return kept
