"""What source columns are besides answers: ids, identifiers, weights, process data, ticks.

Only the person id and the direct identifiers are proposed as lines that count; all else is a
suggestion in a comment, since only the researcher knows what the supplier meant.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from mobiliteit.identifiers import find_identifiers
from mobiliteit.proposal.columns import Code, SourceProfile
from mobiliteit.proposal.matching import Match
from mobiliteit.proposal.wording import SURE_SAME, alike, plain, plain_label, stem_and_index
from mobiliteit.reading import RawTable
from mobiliteit.study_schema import Column

ID_WORDS = frozenset(
    [
        "respnr",
        "resp",
        "respid",
        "respondent",
        "respondentnr",
        "respondentnummer",
        "respondentid",
        "id",
        "caseid",
        "casenr",
        "case",
        "uuid",
        "token",
        "persoonsnr",
        "persoonnr",
        "persoonsnummer",
        "panelid",
        "panelnr",
        "panellid",
        "lidnr",
        "serial",
        "recordid",
        "responseid",
        "volgnr",
        "volgnummer",
        "sleutel",
        "key",
    ]
)
WEIGHT_WORDS = frozenset(
    [
        "gewicht",
        "gewichten",
        "weegfactor",
        "wegingsfactor",
        "weging",
        "weight",
        "weights",
        "wgt",
        "weegf",
    ]
)
DURATION_WORDS = frozenset(
    [
        "duur",
        "duration",
        "looptijd",
        "invultijd",
        "invulduur",
        "tijdsduur",
        "interviewtime",
        "elapsed",
        "seconds",
        "seconden",
        "sec",
        "minutes",
        "minuten",
    ]
)
DATE_WORDS = frozenset(
    [
        "datum",
        "date",
        "startdatum",
        "einddatum",
        "startdate",
        "enddate",
        "starttijd",
        "eindtijd",
        "starttime",
        "endtime",
        "timestamp",
        "tijdstip",
        "invuldatum",
    ]
)
STATUS_WORDS = frozenset(
    ["status", "disposition", "dispositie", "completed", "finished", "afgerond"]
)
COMPLETE = ("compleet", "volledig", "complete", "completed", "afgerond", "finished", "voltooid")
MOSTLY = 0.9
"""Share of the rows that must have an id of their own: some records are delivered twice."""
LISTED = 0.2
"""Share of the given texts with a separator from which a column looks like a list of answers."""
MOST_PARTS = 25
_SEPARATORS = (";", "|", ",")


@dataclass(frozen=True)
class TickSuggestion:
    """Columns whose one answer is a tick, and the yes-or-no columns that they may answer."""

    columns: dict[str, str]
    ticked: tuple[Code, ...]


@dataclass(frozen=True)
class ListSuggestion:
    """A column that lists answers: its separator, and its parts with what each may answer."""

    column: str
    separator: str
    options: dict[Code, str | None]


@dataclass(frozen=True)
class Selection:
    """A column that may say which rows are respondents: its codes with their labels."""

    column: str
    complete: tuple[Code, ...]
    others: dict[Code, str]


@dataclass(frozen=True)
class Roles:
    """What was recognized of columns that are no answers.

    Attributes
    ----------
    respondent : str or None
        Column with person ids.
    identifiers : dict
        Column to the kind of direct identifier.
    weights, durations, dates : tuple of str
        Columns that look like it.
    selection : Selection or None
        Which rows are respondents.
    ticks, lists
        Questions with several answers.
    """

    respondent: str | None
    identifiers: dict[str, str]
    weights: tuple[str, ...]
    durations: tuple[str, ...] = ()
    dates: tuple[str, ...] = ()
    selection: Selection | None = None
    ticks: tuple[TickSuggestion, ...] = ()
    lists: tuple[ListSuggestion, ...] = ()


def find_people(table: RawTable, profiles: Sequence[SourceProfile]) -> Roles:
    """Find the columns that identify people or weigh them, before any is taken for an answer.

    Parameters
    ----------
    table : RawTable
        As read.
    profiles : sequence of SourceProfile
        Its columns.

    Returns
    -------
    Roles
        With `respondent`, `identifiers` and `weights` only.
    """
    kinds = {found.column: found.kind for found in find_identifiers(table.frame, table.labels)}
    named = [
        profile
        for profile in profiles
        if profile.empty < 1 - MOSTLY
        and profile.distinct >= MOSTLY * len(table.frame) * (1 - profile.empty)
        and (_words(profile.name) & ID_WORDS or "respondent" in profile.plain_label)
    ]
    # a name or an address is no id, however unique
    named.sort(key=lambda profile: (profile.name in kinds, profile.distinct < len(table.frame)))
    respondent = named[0].name if named else None
    weights = [
        profile.name
        for profile in profiles
        if profile.kind == "number" and profile.low > 0 and _says(profile, WEIGHT_WORDS)
    ]
    return Roles(
        respondent=respondent,
        identifiers={column: kind for column, kind in kinds.items() if column != respondent},
        weights=tuple(weights),
    )


def find_process(
    table: RawTable,
    people: Roles,
    profiles: Sequence[SourceProfile],
    matches: Sequence[Match],
    columns: Sequence[Column],
) -> Roles:
    """Complete the roles with what the columns that are nothing else look like.

    Parameters
    ----------
    table : RawTable
        As read.
    people : Roles
        Of :func:`find_people`.
    profiles : sequence of SourceProfile
        All columns of the file.
    matches : sequence of Match
        Proposed pairs; a column in an accepted one has no other role.
    columns : sequence of Column
        Of the codebook.

    Returns
    -------
    Roles
        Complete.
    """
    taken = {match.source for match in matches if match.accepted}
    taken |= {*people.identifiers, *people.weights}
    taken |= {people.respondent} if people.respondent is not None else set()
    free = [profile for profile in profiles if profile.name not in taken]
    dates = [p.name for p in free if p.kind == "date" or _says(p, DATE_WORDS)]
    durations = [
        p.name
        for p in free
        if p.kind == "number" and p.name not in dates and _says(p, DURATION_WORDS)
    ]
    answered = {match.target for match in matches if match.accepted}
    open_ticks = [column for column in columns if set(column.values) == {0, 1}]
    lists = [
        found
        for profile in free
        if profile.kind == "text" and profile.name not in {*dates, *durations}
        if (found := _list(table.frame[profile.name], profile.name, open_ticks, answered))
    ]
    return Roles(
        respondent=people.respondent,
        identifiers=people.identifiers,
        weights=people.weights,
        durations=tuple(durations),
        dates=tuple(dates),
        selection=next(filter(None, map(_selection, free)), None),
        ticks=tuple(_ticks(matches)),
        lists=tuple(lists),
    )


def _words(name: str) -> set[str]:
    spaced = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name)
    words = plain(spaced).split()
    return {*words, "".join(words)}


def _says(profile: SourceProfile, words: frozenset[str]) -> bool:
    return bool(_words(profile.name) & words or set(profile.plain_label.split()[:3]) & words)


def _selection(profile: SourceProfile) -> Selection | None:
    """Read a status column whose codes say who completed the questionnaire."""
    if not _says(profile, STATUS_WORDS) or not 1 < len(profile.codes) <= 10:
        return None
    said = {code: profile.say(code) for code in profile.codes}
    complete = tuple(
        code
        for code, text in said.items()
        if any(alike(word, plain_label(text)) >= SURE_SAME for word in COMPLETE)
    )
    others = {code: text or str(code) for code, text in said.items() if code not in complete}
    return Selection(profile.name, complete, others) if complete and others else None


def _ticks(matches: Sequence[Match]) -> list[TickSuggestion]:
    """Take together the tick columns of one name."""
    groups: dict[tuple[str, tuple[Code, ...]], dict[str, str]] = {}
    for match in matches:
        if match.translation.ticks:
            stem, index = stem_and_index(match.source)
            key = (stem if index is not None else match.source, match.translation.ticks)
            groups.setdefault(key, {})[match.source] = match.target
    return [TickSuggestion(columns, ticked) for (_, ticked), columns in groups.items()]


def _list(
    values: pd.Series, name: str, targets: Sequence[Column], answered: set[str]
) -> ListSuggestion | None:
    """Recognize a column of texts such as ``1;4;7`` by its few parts."""
    texts = values.dropna().astype("str").str.strip()
    texts = texts[texts != ""]
    for separator in _SEPARATORS:
        if texts.empty or texts.str.contains(separator, regex=False).mean() < LISTED:
            continue
        split = texts.str.split(separator)
        parts = split.explode().str.strip()
        shares = parts[parts != ""].value_counts()
        if 1 < len(shares) <= MOST_PARTS and len(parts) > 3 * len(shares):
            return ListSuggestion(
                name, separator, {part: _option(part, targets, answered) for part in shares.index}
            )
    return None


def _option(part: str, targets: Sequence[Column], answered: set[str]) -> str | None:
    words = plain(part)
    likeness = {
        column.name: max(alike(words, plain(text)) for text in (column.label_nl, column.label_en))
        for column in targets
        if column.name not in answered
    }
    best = max(likeness, key=lambda name: likeness[name], default=None)
    return best if best is not None and likeness[best] >= SURE_SAME else None
