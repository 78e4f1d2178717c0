"""Sorting respondents into mobility segments and groups, by the rules of ``segments.yaml``."""

from __future__ import annotations

import pandas as pd

from mobiliteit.study import Study
from mobiliteit.study_schema import Condition

RULE_COLUMN = "segmentregel"
REASON_COLUMN = "segmentreden"


def classify(answers: pd.DataFrame, study: Study) -> pd.DataFrame:
    """Give each respondent the segment and group, and the rule that decided it.

    Parameters
    ----------
    answers : pandas.DataFrame
        Index: respondent id. Cleaned screening answers: categoricals of value ids for nominal
        variables, codes for the others.
    study : Study
        With the segment rules.

    Returns
    -------
    pandas.DataFrame
        Same index. The segment and group variables as categoricals (the last category is the
        unclassified one), ``segmentregel`` (ids of all rules that fit, joined with " + ") and
        ``segmentreden`` (why nobody could say, empty where one rule fits).

    Notes
    -----
    A missing answer makes a condition undecided, so that the rule does not fit; the reason then
    names the unanswered questions. Exactly one rule must fit.
    """
    rules = study.segments
    named = dict.fromkeys(
        name
        for segment in rules.segments.values()
        for condition in segment.when
        for name in condition.variables
    )
    screening = {name: _codes(answers, name, study) for name in named}
    fits = pd.DataFrame(index=answers.index)
    for name, segment in rules.segments.items():
        holds = pd.Series(True, index=answers.index)
        for condition in segment.when:
            holds &= _holds(screening, condition)
        fits[name] = holds
    count = fits.sum(axis=1)
    single = fits.idxmax(axis=1).where(count == 1, rules.unclassified.id)
    group_of = {name: segment.group for name, segment in rules.segments.items()}
    group_of[rules.unclassified.id] = rules.unclassified.id
    # An array of plain strings: taking from the index itself is slow, once per respondent.
    names = fits.columns.to_numpy(dtype="object")
    decided_by = [" + ".join(names[row]) for row in fits.to_numpy(dtype=bool)]
    return pd.DataFrame(
        {
            rules.segment_variable.id: pd.Categorical(
                single, categories=[*rules.segments, rules.unclassified.id]
            ),
            rules.group_variable.id: pd.Categorical(
                single.map(group_of), categories=[*rules.groups, rules.unclassified.id]
            ),
            RULE_COLUMN: decided_by,
            REASON_COLUMN: _reasons(screening, count, study),
        },
        index=answers.index,
    )


def _codes(answers: pd.DataFrame, variable: str, study: Study) -> pd.Series:
    """Answers as codes, so that rules can be written in codes for every level of measurement."""
    values = answers[variable]
    if isinstance(values.dtype, pd.CategoricalDtype):
        labels = study.codebook.answers(variable).values
        code_of = {label.id or str(code): code for code, label in labels.items()}
        return values.astype("object").map(code_of).astype("float64")
    return values


def _holds(screening: dict[str, pd.Series], condition: Condition) -> pd.Series:
    if condition.is_ is not None:
        return screening[str(condition.variable)].isin(condition.is_)
    first, second = (screening[name] for name in condition.variables)
    both = first.notna() & second.notna()
    return both & ((first == second) if condition.same else (first != second))


def _reasons(screening: dict[str, pd.Series], count: pd.Series, study: Study) -> list[str]:
    """Say per respondent why no single rule fits, and which questions were left open."""
    empty = pd.DataFrame(
        {
            name: codes.isna() & _was_asked(screening, name, study)
            for name, codes in screening.items()
        }
    )
    reasons = []
    for n, unanswered in zip(count, empty.to_numpy(dtype=bool), strict=True):
        if n == 1:
            reasons.append("")
        elif n > 1:
            reasons.append("past bij meer dan één regel")
        elif unanswered.any():
            names = ", ".join(empty.columns[unanswered])
            reasons.append(f"past bij geen regel; geen antwoord op: {names}")
        else:
            reasons.append("past bij geen regel")
    return reasons


def _was_asked(screening: dict[str, pd.Series], name: str, study: Study) -> pd.Series:
    """Respondents whom the skip rule did not lead past the question."""
    asked = pd.Series(True, index=screening[name].index)
    for filter_variable, codes in study.codebook.variables[name].asked.items():
        answer = screening[filter_variable]
        asked &= answer.isna() | answer.isin(codes)
    return asked
