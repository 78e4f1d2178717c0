"""From the raw frame to cleaned answers: a new frame, built column by column.

Nothing leaks through unreviewed: a source column is mapped, ignored with a reason, or an error; a
code is valid, a declared missing code, corrected by hand, or an error. All errors of a file are
collected and raised together. Missing values keep their reasons in the ledger.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from mobiliteit.descriptor_schema import Correction
from mobiliteit.errors import Problem, WaveError
from mobiliteit.ingest import RawWave
from mobiliteit.ledger import Ledger
from mobiliteit.study import Study
from mobiliteit.study_schema import Column

SYSTEM_MISSING = "zonder_opgave"
ABSENT = "ontbreekt_in_golf"
NOT_ASKED_BUT_ANSWERED = "niet_gevraagd_toch_beantwoord"


@dataclass(frozen=True)
class CleanAnswers:
    """Cleaned answers of the respondents, before classification and scoring.

    Attributes
    ----------
    frame : pandas.DataFrame
        Index: respondent id. One column per codebook column (items not yet reversed). Nominal
        answers are categoricals of value ids; all others are floats in codebook coding, NaN where
        missing or not asked.
    ledger : Ledger
        Steps so far.
    """

    frame: pd.DataFrame
    ledger: Ledger


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
        Missing or unexpected columns, duplicate respondents, unknown codes, impossible values,
        corrections that match no row: all problems of the file together, each with wave, column,
        values, first respondents and the remedy.
    """
    problems = [*raw.problems, *_column_problems(raw)]
    ledger = Ledger(raw.descriptor.wave)
    ledger.add("ingest", "in", len(raw.frame), reason="geleverd", label="geleverde records")
    needed = {raw.descriptor.respondent.column, *raw.descriptor.selection_columns}
    if not needed <= set(raw.frame.columns):
        _raise(raw, problems)
    rows = _respondents(raw, ledger, problems)
    answers, reasons = {}, {}
    for column in study.codebook.columns():
        source = raw.descriptor.source_of.get(column.name)
        if source is None or source not in rows:
            answers[column.name] = pd.Series(np.nan, index=rows.index)
            reasons[column.name] = pd.Series(ABSENT, index=rows.index, dtype="object")
            continue
        corrections = [c for c in raw.descriptor.corrections if c.column == source]
        values = _numbers(raw, source, rows[source], problems)
        values, removed = _corrected(raw, values, corrections, ledger, problems)
        answers[column.name], reasons[column.name] = _answers(
            raw, source, column, values, removed, ledger, problems
        )
    if problems:
        _raise(raw, problems)
    answers = _skip_rules(answers, reasons, study, ledger)
    for column in study.codebook.columns():
        ids = column.value_ids
        if ids is not None:
            answers[column.name] = pd.Series(
                pd.Categorical(answers[column.name].map(ids), categories=list(ids.values())),
                index=rows.index,
            )
    return CleanAnswers(frame=pd.DataFrame(answers, index=rows.index), ledger=ledger)


def _raise(raw: RawWave, problems: list[Problem]) -> None:
    wave = raw.descriptor.wave
    raise WaveError(f"Wave {wave} cannot be used as it is ({len(problems)} found).", problems)


def _column_problems(raw: RawWave) -> list[Problem]:
    descriptor = raw.descriptor
    wanted = {
        descriptor.respondent.column: "respondent",
        **dict.fromkeys(descriptor.selection_columns, "exclude"),
        **dict.fromkeys(descriptor.columns, "columns"),
        **dict.fromkeys(descriptor.ignore, "ignore"),
    }
    found = list(raw.frame.columns)
    unexpected = [column for column in found if column not in wanted]
    problems = [
        Problem(
            f"the sidecar names it under `{part}`, the file does not have it",
            "Correct the name in wave.yaml"
            + (f"; not named there are: {', '.join(unexpected[:5])}." if unexpected else "."),
            wave=descriptor.wave,
            file=raw.path.name,
            column=column,
        )
        for column, part in wanted.items()
        if column not in found
    ]
    problems += [
        Problem(
            "the file has it, the sidecar does not name it",
            "Map it under `columns`, or list it under `ignore` with the reason.",
            wave=descriptor.wave,
            file=raw.path.name,
            column=column,
        )
        for column in unexpected
    ]
    return problems


def _respondents(raw: RawWave, ledger: Ledger, problems: list[Problem]) -> pd.DataFrame:
    """Rows that are respondents, indexed by respondent id."""
    descriptor, rows = raw.descriptor, raw.frame
    codes = {
        column: _numbers(raw, column, rows[column], problems)
        for column in dict.fromkeys(descriptor.selection_columns)
    }
    for rule in descriptor.exclude:
        leaves = codes[rule.column][rows.index].isin(rule.is_)
        ledger.add("clean", "excluded", int(leaves.sum()), reason=rule.reason, label=rule.nl)
        rows = rows[~leaves]
    if descriptor.include is not None:
        include = descriptor.include
        values = codes[include.column][rows.index]
        stray = ~values.isin(include.is_)
        if stray.any():
            problems.append(
                Problem(
                    "it holds codes that neither `include` nor `exclude` names",
                    "Add them to one of the two in wave.yaml.",
                    wave=descriptor.wave,
                    file=raw.path.name,
                    column=include.column,
                    values=tuple(dict.fromkeys(f"{value:g}" for value in values[stray])),
                    rows=tuple(f"row {row + 1}" for row in rows.index[stray]),
                )
            )
    if descriptor.identical_rows is not None:
        copy = rows.duplicated(keep="first")
        entry = descriptor.identical_rows
        ledger.add("clean", "excluded", int(copy.sum()), reason=entry.reason, label=entry.nl)
        rows = rows[~copy]
    ids = rows[descriptor.respondent.column]
    ids = ids.mask(ids.astype("str").str.strip() == "")
    if ids.isna().any():
        problems.append(
            Problem(
                f"{int(ids.isna().sum())} rows have no respondent id",
                "Complete the ids, or exclude these rows by a rule.",
                wave=descriptor.wave,
                file=raw.path.name,
                column=descriptor.respondent.column,
                rows=tuple(f"row {row + 1}" for row in rows.index[ids.isna()]),
            )
        )
    names = ids.map(_plain)
    twice = names[names.duplicated(keep=False) & ids.notna()]
    if len(twice):
        problems.append(
            Problem(
                f"{twice.nunique()} respondent ids occur more than once with different answers",
                "Find out which record counts and remove the other from the file.",
                wave=descriptor.wave,
                file=raw.path.name,
                column=descriptor.respondent.column,
                values=tuple(dict.fromkeys(twice)),
                rows=tuple(f"row {row + 1}" for row in twice.index),
            )
        )
    if rows.empty:
        problems.append(
            Problem(
                "no row is left after the exclusion rules",
                "Check `exclude` in wave.yaml.",
                wave=descriptor.wave,
                file=raw.path.name,
            )
        )
    return rows.set_axis(pd.Index(names, name="respondent"), axis=0)


def _plain(value: object) -> str:
    """Write a respondent id without the decimal point that SPSS numbers come with."""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)


def _numbers(raw: RawWave, source: str, values: pd.Series, problems: list[Problem]) -> pd.Series:
    """Return the source column as floats; text that is no number is a problem, not missing."""
    numbers = pd.to_numeric(values, errors="coerce").astype("float64")
    text = numbers.isna() & values.notna() & (values.astype("str").str.strip() != "")
    if text.any():
        problems.append(
            Problem(
                "it holds text where codes are expected",
                "Deliver codes, or correct the file.",
                wave=raw.descriptor.wave,
                file=raw.path.name,
                column=source,
                values=tuple(map(str, values[text].unique())),
                rows=tuple(values.index[text]),
            )
        )
    return numbers


def _corrected(
    raw: RawWave,
    values: pd.Series,
    corrections: list[Correction],
    ledger: Ledger,
    problems: list[Problem],
) -> tuple[pd.Series, dict[str, str]]:
    """Apply hand corrections; return the values and, per respondent, why a value was removed."""
    removed: dict[str, str] = {}
    for correction in corrections:
        person = correction.respondent
        if (values.index == person).sum() > 1:
            continue  # the id that occurs twice is a problem already
        if person not in values.index or values.at[person] != correction.value:
            found = f"{values.at[person]:g}" if person in values.index else "no such respondent"
            problems.append(
                Problem(
                    f"a correction of {correction.value:g} matches no row (found: {found})",
                    "Remove the correction, or correct its respondent or value.",
                    wave=raw.descriptor.wave,
                    file=raw.path.name,
                    column=correction.column,
                    rows=(person,),
                )
            )
            continue
        values = values.copy()
        values.at[person] = np.nan if correction.to is None else correction.to
        if correction.to is None:
            removed[person] = str(correction.missing_reason)
        ledger.add("clean", "corrected", 1, column=correction.column, reason=correction.reason)
    return values, removed


def _answers(
    raw: RawWave,
    source: str,
    column: Column,
    values: pd.Series,
    removed: dict[str, str],
    ledger: Ledger,
    problems: list[Problem],
) -> tuple[pd.Series, pd.Series]:
    """Recode, take out declared missing codes, and check what is left against the codebook.

    Returns the answers and, where one was declared missing, the reason.
    """
    reason_of = pd.Series(pd.NA, index=values.index, dtype="object")
    for code, reason in column.missing.items():
        reason_of.loc[values == code] = reason
    for person, reason in removed.items():
        reason_of.loc[person] = reason
    answered = values.where(reason_of.isna())
    recode = raw.descriptor.columns[source].recode
    if recode:
        targets = answered.map(recode)
        unknown = answered.notna() & targets.isna()
        valid = f"{', '.join(map(str, recode))} (the codes that wave.yaml recodes)"
        pairs = ", ".join(f"{old}->{new}" for old, new in recode.items())
        ledger.add("clean", "recoded", int(targets.notna().sum()), column=column.name, reason=pairs)
    elif column.range is not None:
        low, high = column.range
        targets, unknown = answered, answered.notna() & ~answered.between(low, high)
        valid = f"{low:g} to {high:g}"
    else:
        targets, unknown = answered, answered.notna() & ~answered.isin(list(column.values))
        valid = ", ".join(map(str, column.values))
    if unknown.any():
        missing = ", ".join(map(str, column.missing)) or "none"
        problems.append(
            Problem(
                f"it holds values that {column.name} does not know; valid are {valid}; "
                f"missing codes: {missing}",
                "Add a recode or a correction to wave.yaml, or a code to the codebook.",
                wave=raw.descriptor.wave,
                file=raw.path.name,
                column=source,
                values=tuple(f"{value:g}" for value in sorted(answered[unknown].unique())),
                rows=tuple(values.index[unknown]),
            )
        )
    return targets.astype("float64"), reason_of


def _skip_rules(
    answers: dict[str, pd.Series], reasons: dict[str, pd.Series], study: Study, ledger: Ledger
) -> dict[str, pd.Series]:
    """Blank answers to questions that were not asked; count, by reason, what is empty where asked.

    A question is asked when every filter question was asked and its answer is one of those
    listed; a filter question without an answer does not close the way, since an answer may be
    given all the same.
    """
    kept: dict[str, pd.Series] = {}
    asked_of: dict[str, pd.Series] = {}
    for column in study.codebook.columns():
        values = answers[column.name]
        asked = pd.Series(True, index=values.index)
        for filter_variable, codes in column.asked.items():
            answer = kept[filter_variable]
            asked &= asked_of[filter_variable] & (answer.isin(codes) | answer.isna())
        asked_of[column.variable] = asked
        kept[column.name] = values.where(asked)
        name = column.name
        unasked = int((values.notna() & ~asked).sum())
        ledger.add("clean", "not_asked", unasked, column=name, reason=NOT_ASKED_BUT_ANSWERED)
        empty = reasons[name][asked & values.isna()].fillna(SYSTEM_MISSING)
        for reason, n in empty.value_counts().items():
            ledger.add("clean", "missing", n, column=name, reason=str(reason))
    return kept
