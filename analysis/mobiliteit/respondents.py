"""Which rows of a raw file are respondents, and under which id they go on.

Rows are indexed by the id that the supplier gave, so that a message can say where to look; the
clean frame is indexed by :meth:`Respondents.ids`, which are hashed.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from mobiliteit.codes import key_of, keys_of, shown
from mobiliteit.errors import Problem, WaveError
from mobiliteit.identifiers import Identifier, hashed, read_salt
from mobiliteit.ingest import RawWave
from mobiliteit.ledger import Ledger
from mobiliteit.recode import MakeProblem, column_keys, problem_in


@dataclass(frozen=True)
class Respondents:
    """The rows that are respondents.

    Attributes
    ----------
    rows : pandas.DataFrame
        Source columns, index: id as delivered (without spaces around it).
    places : numpy.ndarray of str
        What a message calls each row: its id as delivered, or its number in the file where ids
        themselves tell who somebody is.
    """

    rows: pd.DataFrame
    places: np.ndarray

    def at(self, mask: pd.Series) -> tuple[str, ...]:
        """Name the rows of a mask, as a message does."""
        return tuple(self.places[mask.to_numpy(dtype=bool)])


def select_respondents(
    raw: RawWave,
    frame: pd.DataFrame,
    found: Iterable[Identifier],
    ledger: Ledger,
    problems: list[Problem],
) -> Respondents:
    """Take out the rows that are no respondents, each kind with its entry in the ledger.

    Parameters
    ----------
    raw : RawWave
        With the rules of the sidecar.
    frame : pandas.DataFrame
        The raw frame without its identifiers.
    found : iterable of Identifier
        Columns that tell who somebody is.
    ledger : Ledger
        Gets the excluded rows.
    problems : list of Problem
        Gets what is wrong: codes that no rule names, ids missing or twice, nobody left.

    Returns
    -------
    Respondents
        In the order of the file.
    """
    descriptor, rows = raw.descriptor, frame
    problem = problem_in(raw)
    hidden = {finding.column for finding in found}
    keys = {
        column: _rule_keys(raw, rows[column], column in hidden, problems)
        for column in dict.fromkeys(descriptor.selection_columns)
    }
    csv = descriptor.file.csv
    for rule in descriptor.exclude:
        leaves = keys[rule.column][rows.index].isin(keys_of(rule.is_, csv))
        ledger.add("clean", "excluded", int(leaves.sum()), reason=rule.reason, label=rule.nl)
        rows = rows[~leaves]
    if descriptor.include is not None:
        include = descriptor.include
        kept = keys[include.column][rows.index]
        # texts that no rule names are a problem already
        stray = ~kept.isin(keys_of(include.is_, csv)) & ~kept.map(lambda key: isinstance(key, str))
        if stray.any():
            cells = rows.loc[stray, include.column]
            problems.append(
                problem(
                    "it holds codes that neither `include` nor `exclude` names",
                    "Add them to one of the two in wave.yaml.",
                    column=include.column,
                    values=tuple(dict.fromkeys(map(shown, cells))),
                    rows=_numbered(stray[stray].index),
                )
            )
    if descriptor.identical_rows is not None:
        copy = rows.duplicated(keep="first")
        entry = descriptor.identical_rows
        ledger.add("clean", "excluded", int(copy.sum()), reason=entry.reason, label=entry.nl)
        rows = rows[~copy]
    column = descriptor.respondent.column
    names = rows[column].map(_plain)
    problems += _id_problems(names, column, column in hidden, problem)
    if rows.empty:
        problems.append(
            problem("no row is left after the exclusion rules", "Check `exclude` in wave.yaml.")
        )
    places = _numbered(rows.index) if column in hidden else tuple(names)
    return Respondents(
        rows=rows.set_axis(pd.Index(names, name="respondent"), axis=0),
        places=np.array(places, dtype="object"),
    )


def _numbered(index: pd.Index) -> tuple[str, ...]:
    return tuple(f"row {row + 1}" for row in index)


def _rule_keys(raw: RawWave, values: pd.Series, hidden: bool, problems: list[Problem]) -> pd.Series:
    """Keys of a column that decides who is a respondent; a text that no rule names is a problem.

    A number that no rule of `exclude` names stays without more ado, but a text may be a code in
    another spelling, and its row would stay in silence.
    """
    descriptor = raw.descriptor
    codes = [code for rule in descriptor.exclude if rule.column == values.name for code in rule.is_]
    if descriptor.include is not None and descriptor.include.column == values.name:
        codes += descriptor.include.is_
    named = keys_of(codes, descriptor.file.csv)
    keys = column_keys(values, descriptor.file.csv)
    stray = keys.map(lambda key: isinstance(key, str) and key not in named).astype("bool")
    if stray.any():
        problems.append(
            problem_in(raw)(
                "it holds text where codes are expected, and neither `exclude` nor `include` "
                "names it",
                "Name each text under one of the two in wave.yaml, or correct the file.",
                column=str(values.name),
                values=() if hidden else tuple(dict.fromkeys(map(str, values[stray]))),
                rows=_numbered(values.index[stray]),
            )
        )
    return keys


def _plain(value: object) -> str:
    """Write a respondent id without the decimal point that SPSS numbers come with."""
    if key_of(value) is None:
        return ""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value).strip()


def _id_problems(
    names: pd.Series, column: str, hidden: bool, problem: MakeProblem
) -> Iterable[Problem]:
    missing = names == ""
    if missing.any():
        yield problem(
            f"{int(missing.sum())} rows have no respondent id",
            "Complete the ids, or exclude these rows by a rule.",
            column=column,
            rows=_numbered(names.index[missing]),
        )
    twice = names[names.duplicated(keep=False) & ~missing]
    if len(twice):
        yield problem(
            f"{twice.nunique()} respondent ids occur more than once",
            "Find out which record counts and remove the other from the file; where they are alike "
            "in every column, `identical_rows` in wave.yaml keeps the first.",
            column=column,
            values=() if hidden else tuple(dict.fromkeys(twice)),
            rows=_numbered(twice.index),
        )


def salt_of(raw: RawWave, found: Iterable[Identifier], problems: list[Problem]) -> str | None:
    """Find the salt to hash person ids with: the researcher's, or a synthetic wave's own.

    Parameters
    ----------
    raw : RawWave
        The wave; ``salt.txt`` stands in the folder that holds its own.
    found : iterable of Identifier
        Columns that tell who somebody is.
    problems : list of Problem
        Gets what keeps ids from being hashed.

    Returns
    -------
    str or None
        None leaves the ids of a synthetic wave as they are, or stands beside a problem.
    """
    descriptor = raw.descriptor
    if not descriptor.synthetic:
        try:
            return read_salt(raw.path.parent.parent)
        except WaveError as error:
            problems += [replace(found, wave=descriptor.wave) for found in error.problems]
            return None
    kinds = {finding.column: finding.kind for finding in found}
    column = descriptor.respondent.column
    if descriptor.respondent.salt is None and column in kinds:
        problems.append(
            problem_in(raw)(
                f"the respondent ids tell who somebody is ({kinds[column]}), and this wave has no "
                "salt to hash them with",
                "Give respondent.salt in wave.yaml, or name another column.",
                column=column,
            )
        )
    return descriptor.respondent.salt


def clean_ids(raw: RawWave, people: Respondents, salt: str | None) -> pd.Index:
    """Ids for the clean frame: hashed with the salt, or as delivered where there is none.

    Raises
    ------
    WaveError
        Two different ids have the same hash.
    """
    ids = list(people.rows.index)
    if salt is not None:
        hashes = hashed(ids, salt)
        if len(set(hashes)) < len(ids):
            problem = problem_in(raw)(
                "two respondent ids have the same hash",
                "Hash with another salt: all waves that are to be linked then need it.",
                column=raw.descriptor.respondent.column,
            )
            raise WaveError(f"Wave {raw.descriptor.wave} cannot be used as it is.", [problem])
        ids = hashes
    return pd.Index(ids, name="respondent", dtype="str")
