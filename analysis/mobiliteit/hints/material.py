"""What the conventions are tried on: answers before scoring, missing codes, people left out.

Missing codes and people left out are only in the raw file. Where that cannot be had again, the
conventions that need it are not tried, and the result says so.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import numpy as np
import pandas as pd

from mobiliteit.claims.terms import Text
from mobiliteit.clean import clean
from mobiliteit.codes import key_of, keys_of, missing_codes
from mobiliteit.errors import MobiliteitError
from mobiliteit.ingest import RawWave, read_raw
from mobiliteit.ledger import Ledger
from mobiliteit.project import find_project
from mobiliteit.recode import column_keys
from mobiliteit.respondents import clean_ids, salt_of, select_respondents
from mobiliteit.scales import reverse
from mobiliteit.segments import classify
from mobiliteit.study import Study
from mobiliteit.wave import Wave

CARELESS = "onzorgvuldig"


@dataclass(frozen=True)
class LeftOut:
    """People whom the wave leaves out, for one reason.

    Attributes
    ----------
    label : Text
        The reason, in both languages.
    answers : pandas.DataFrame
        Their answers, as :attr:`Material.answers`.
    """

    label: Text
    answers: pd.DataFrame


@dataclass(frozen=True, eq=False)
class Material:
    """The answers of a wave, and what its cleaning took away.

    Attributes
    ----------
    wave : Wave
        Without weights.
    answers : pandas.DataFrame
        Kept respondents by codebook columns and the two sorting variables; items as they were
        answered, reversed ones not yet mirrored; NaN where missing.
    codes : pandas.DataFrame or None
        As `answers`, with missing codes as numbers; None without the raw file.
    left_out : dict of str to LeftOut
        By reason; empty without the raw file.
    untried : Text or None
        Why the raw file could not be used.
    memo : dict
        Columns scored before, by all that they depend on.
    """

    wave: Wave
    answers: pd.DataFrame
    codes: pd.DataFrame | None
    left_out: dict[str, LeftOut]
    untried: Text | None
    memo: dict[tuple[object, ...], pd.Series] = field(default_factory=dict)

    @property
    def study(self) -> Study:
        """The study of the wave."""
        return self.wave.study


def gather(wave: Wave) -> Material:
    """Find what the conventions need of a wave.

    Parameters
    ----------
    wave : Wave
        A clean wave; its weights are left out.

    Returns
    -------
    Material
        With what the raw file adds, if it lies in the project of the current folder, unchanged.
    """
    wave = wave.unweighted()
    study = wave.study
    answers = wave.frame[[*_asked(study), *_sortings(study)]].copy()
    for column in study.codebook.columns():
        if column.reversed:
            answers[column.name] = reverse(answers[column.name], *column.bounds)
    try:
        raw = read_raw(find_project().raw(wave.id), study)
        if raw.sha256 != wave.sha256:
            return Material(wave, answers, None, {}, _NO_FILE)
        codes = _with_codes(raw, study, answers)
        left_out = _left_out(raw, study, wave)
    except MobiliteitError:
        return Material(wave, answers, None, {}, _NO_FILE)
    return Material(wave, answers, codes, left_out, None)


_NO_FILE = Text(
    nl="Het ruwe bestand van deze golf is hier niet te lezen. Niet geprobeerd is daarom:"
    " codes voor ontbrekende antwoorden als getal, en weggelaten personen toch meetellen.",
    en="The raw file of this wave cannot be read here. Not tried, therefore: missing codes as"
    " numbers, and people left out who count all the same.",
)


def _asked(study: Study) -> list[str]:
    return [column.name for column in study.codebook.columns()]


def _sortings(study: Study) -> list[str]:
    return [study.segments.segment_variable.id, study.segments.group_variable.id]


def _with_codes(raw: RawWave, study: Study, answers: pd.DataFrame) -> pd.DataFrame:
    """Put the missing codes of the file back where an answer is missing.

    Not for questions that sort respondents, nor for nominal ones: there a code that is no answer is
    a category more, and no number.
    """
    people = select_respondents(raw, raw.frame, [], Ledger(raw.descriptor.wave), [])
    index = clean_ids(raw, people, salt_of(raw, [], []))
    sorting = {
        name
        for segment in study.segments.segments.values()
        for condition in segment.when
        for name in condition.variables
    }
    columns = {column.name: column for column in study.codebook.columns()}
    codes = answers.copy()
    for source, entry in raw.descriptor.columns.items():
        column = columns[entry.variable]
        if column.level == "nominal" or column.name in sorting:
            continue
        numbers = [key_of(code) for code in missing_codes(entry, column, raw.descriptor)]
        values = people.rows[source].map(lambda value: key_of(value, raw.descriptor.file.csv))
        kept = values.where(values.isin([n for n in numbers if isinstance(n, float)]))
        found = pd.Series(kept.to_numpy(dtype="float64"), index=index).reindex(codes.index)
        codes[column.name] = codes[column.name].fillna(found)
    return codes


def _left_out(raw: RawWave, study: Study, wave: Wave) -> dict[str, LeftOut]:
    """Clean the file once more without any rule that leaves rows out."""
    descriptor = raw.descriptor
    spare = [name for name in descriptor.selection_columns if name not in descriptor.columns]
    lifted = replace(
        raw,
        descriptor=descriptor.model_copy(
            update={
                "exclude": [],
                "include": None,
                "ignore": descriptor.ignore | dict.fromkeys(spare, "decides who is left out"),
            }
        ),
    )
    rows = select_respondents(lifted, raw.frame, [], Ledger(descriptor.wave), []).rows
    answers = _sorted(clean(lifted, study).frame, study)
    found: dict[str, LeftOut] = {}
    named = np.zeros(len(rows), dtype=bool)
    for rule in descriptor.exclude:
        hit = column_keys(rows[rule.column], descriptor.file.csv).isin(
            keys_of(rule.is_, descriptor.file.csv)
        )
        taken = hit.to_numpy() & ~named
        found[rule.reason] = LeftOut(Text(nl=rule.nl, en=rule.en), answers[taken])
        named |= taken
    unclassified = study.segments.unclassified
    found[unclassified.id] = LeftOut(
        Text(nl=unclassified.nl, en=unclassified.en),
        answers[answers.index.isin(wave.unclassified.index)],
    )
    known = named | answers.index.isin([*wave.frame.index, *wave.unclassified.index])
    found[CARELESS] = LeftOut(Text(nl="onzorgvuldig ingevuld", en="careless"), answers[~known])
    if descriptor.identical_rows is not None:
        entry = descriptor.identical_rows
        copies = raw.frame[descriptor.respondent.column][raw.frame.duplicated(keep="first")]
        numbers = pd.Series(np.arange(len(rows)), index=rows.index.map(key_of))
        at = [int(numbers[key]) for key in copies.map(key_of) if key in numbers.index]
        again = answers.iloc[at]
        again = again[again.index.isin(wave.frame.index)]
        found[entry.reason] = LeftOut(
            Text(nl=entry.nl, en=entry.en), again.set_axis(again.index + " (2)", axis=0)
        )
    return {reason: entry for reason, entry in found.items() if len(entry.answers)}


def _sorted(answers: pd.DataFrame, study: Study) -> pd.DataFrame:
    """Add the two sorting variables; NaN for who cannot be classified."""
    sorted_into = classify(answers, study)
    outside = study.segments.unclassified.id
    added = {name: sorted_into[name].cat.remove_categories([outside]) for name in _sortings(study)}
    return answers.assign(**added)
