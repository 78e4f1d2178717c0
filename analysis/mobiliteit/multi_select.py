"""Questions with several answers: a column per answer, or all answers in one text.

Both become yes-or-no columns of the codebook (or one answer, where ticks stand for the answers to
a single question). What contradicts itself is never resolved by a guess: it is a problem that names
the rows.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np
import pandas as pd

from mobiliteit.codes import Key, key_of, keys_of
from mobiliteit.descriptor_schema import CsvOptions, TickColumns, TickList
from mobiliteit.recode import Translation

Report = Callable[..., None]
"""Told what is wrong: what, remedy, column, mask of the rows, and the values of a mask's rows."""
YES, NO = 1.0, 0.0
TICKED, UNTICKED, UNANSWERED = 1, 0, -1
_CONTRADICTION = "Correct the contradiction under `corrections` in wave.yaml, with the reason."


def tick_columns(
    entry: TickColumns,
    rows: pd.DataFrame,
    removed: Mapping[str, Mapping[str, str]],
    missing: Mapping[Key, str],
    csv: CsvOptions | None,
    report: Report,
) -> dict[str, Translation]:
    """Translate a question that was delivered as one column per answer.

    Parameters
    ----------
    entry : TickColumns
        What the sidecar says about it.
    rows : pandas.DataFrame
        Respondents with the source columns, hand corrections made.
    removed : mapping
        Source column to respondent to the reason for which a correction made the value missing.
    missing : mapping of Key to str
        Missing codes that hold for the whole file, with their reasons.
    csv : CsvOptions, optional
        How numbers within texts are written.
    report : callable
        Told of values that are neither ticked nor unticked, and of contradictions.

    Returns
    -------
    dict
        Codebook column to its translation: 1 and 0, or the code of the one answer.
    """
    names = [*entry.columns, *([entry.none] if entry.none is not None else [])]
    states, reasons = {}, {}
    for name in names:
        states[name], reasons[name] = _ticks(entry, rows[name], missing, csv, report)
        for person, reason in removed.get(name, {}).items():
            states[name].loc[person] = UNANSWERED
            reasons[name].loc[person] = reason
    ticks = pd.DataFrame({name: states[name] == TICKED for name in entry.columns})
    none = states[entry.none] == TICKED if entry.none else pd.Series(False, index=rows.index)
    some = ticks.any(axis=1)
    if (some & none).any():
        report(
            f"it is ticked, and so is {_listed(entry.columns)}",
            _CONTRADICTION,
            entry.none,
            some & none,
        )
    if entry.variable is not None:
        return {entry.variable: _one_answer(entry, ticks, reasons, report)}
    answered = some | (entry.nothing_ticked == "no")
    found = {}
    for name, target in entry.columns.items():
        said_no = ((states[name] == UNTICKED) & answered) | none
        answers = pd.Series(np.select([ticks[name], said_no], [YES, NO], np.nan), rows.index)
        found[str(target)] = _translation(answers, reasons[name].where(answers.isna(), pd.NA))
    return found


def _ticks(
    entry: TickColumns,
    values: pd.Series,
    missing: Mapping[Key, str],
    csv: CsvOptions | None,
    report: Report,
) -> tuple[pd.Series, pd.Series]:
    """Whether each cell is ticked, and the reason of those that hold a missing code."""
    codes, distinct = pd.factorize(values)
    ticked, unticked = keys_of(entry.ticked, csv), keys_of(entry.unticked, csv)
    empty = UNTICKED if not entry.unticked or None in unticked else UNANSWERED
    state = np.full(len(distinct) + 1, empty)
    reason = np.full(len(distinct) + 1, pd.NA, dtype="object")
    strange = np.zeros(len(distinct) + 1, dtype=bool)
    for position, value in enumerate(distinct):
        key = key_of(value, csv)
        if key in ticked:
            state[position] = TICKED
        elif key is None:
            continue
        elif key in unticked:
            state[position] = UNTICKED
        else:
            state[position] = UNANSWERED
            reason[position] = missing.get(key, pd.NA)
            strange[position] = key not in missing
    unknown = pd.Series(strange[codes], index=values.index)
    if unknown.any():
        report(
            "it holds values that are neither ticked nor unticked",
            "Add them to `ticked` or `unticked` under `multi_select` in wave.yaml.",
            values.name,
            unknown,
            values[unknown],
        )
    return (
        pd.Series(state[codes], index=values.index),
        pd.Series(reason[codes], index=values.index, dtype="object"),
    )


def _one_answer(
    entry: TickColumns, ticks: pd.DataFrame, reasons: Mapping[str, pd.Series], report: Report
) -> Translation:
    several = ticks.sum(axis=1) > 1
    if several.any():
        report(
            f"more than one of {_listed(entry.columns)} is ticked, and {entry.variable} has one "
            "answer",
            _CONTRADICTION,
            next(iter(entry.columns)),
            several,
        )
    answers = pd.Series(np.nan, index=ticks.index)
    for name, code in entry.columns.items():
        answers = answers.mask(ticks[name], float(code))
    reason = pd.Series(pd.NA, index=ticks.index, dtype="object")
    for name in entry.columns:
        reason = reason.where(reason.notna(), reasons[name])
    return _translation(answers, reason.where(answers.isna(), pd.NA))


def tick_list(
    entry: TickList,
    values: pd.Series,
    removed: Mapping[str, str],
    missing: Mapping[Key, str],
    csv: CsvOptions | None,
    report: Report,
) -> dict[str, Translation]:
    """Translate a question whose answers were delivered in one text, such as ``1;4;7``.

    Parameters
    ----------
    entry : TickList
        What the sidecar says about it; its own missing codes go before `missing`.
    values : pandas.Series
        The source column of the respondents, hand corrections made.
    removed, missing, csv, report
        As for :func:`tick_columns`, for this one column.

    Returns
    -------
    dict
        Codebook column to its translation: 1 where one of its options is in the text, 0 where the
        text holds others or says "none of these".
    """
    options = {key_of(code, csv): target for code, target in entry.options.items()}
    none = keys_of(entry.none, csv)
    known_missing = {**missing, **{key_of(code, csv): why for code, why in entry.missing.items()}}
    targets = list(dict.fromkeys(target for target in options.values() if target is not None))
    codes, distinct = pd.factorize(values)
    answers = np.full((len(distinct) + 1, len(targets)), np.nan)
    reasons = np.full(len(distinct) + 1, pd.NA, dtype="object")
    strange, torn = np.zeros((2, len(distinct) + 1), dtype=bool)
    for position, value in enumerate(distinct):
        whole = key_of(value, csv)
        if whole is None:
            continue
        if whole in known_missing and whole not in options:
            reasons[position] = known_missing[whole]
            continue
        text = f"{value:g}" if isinstance(value, float) else str(value)
        parts = keys_of(text.split(entry.separator), csv) - {None}
        said_none = parts & none
        strange[position] = not parts <= {*options, *none}
        torn[position] = bool(said_none) and len(parts) > len(said_none)
        chosen = {options.get(part) for part in parts}
        if parts:
            answers[position] = [YES if target in chosen else NO for target in targets]
    for rows, what, remedy in (
        (
            strange,
            "it holds answers that `options` does not name",
            "Add them to `options` (null where the study does not use one), `none` or `missing`.",
        ),
        (torn, "it holds an answer together with one that means none of these", _CONTRADICTION),
    ):
        mask = pd.Series(rows[codes], index=values.index)
        if mask.any():
            report(what, remedy, entry.column, mask, values[mask])
    reason = pd.Series(reasons[codes], index=values.index, dtype="object")
    for person, why in removed.items():
        reason.loc[person] = why
    return {
        target: _translation(pd.Series(answers[codes, place], index=values.index), reason)
        for place, target in enumerate(targets)
    }


def _translation(answers: pd.Series, reasons: pd.Series) -> Translation:
    nothing = pd.Series(np.nan, index=answers.index, dtype="object")
    return Translation(answers=answers, reasons=reasons, unknown=nothing)


def _listed(columns: Mapping[str, object]) -> str:
    names = list(columns)
    return ", ".join(names[:4]) + (", ..." if len(names) > 4 else "")
