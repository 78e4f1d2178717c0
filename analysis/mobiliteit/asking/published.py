"""What the report of 2006 printed on what a question asks, in words, with the numbers as printed.

Printed numbers stay strings. They are read through the floors that hold them against a wave
(:mod:`mobiliteit.against`, :mod:`mobiliteit.audit`) and stand beside an answer; nothing computed
rests on them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mobiliteit.against.findings import frozen
from mobiliteit.asking.answer import Note
from mobiliteit.asking.question import Question, Restriction, split_name
from mobiliteit.audit.report_data import DIFFERENCE, Report, read_report
from mobiliteit.claims.forms import (
    Claim,
    Differ,
    Equal,
    Extreme,
    Larger,
    Mediation,
    Monotone,
    NoDifference,
    NoRelation,
    Order,
    Sign,
    Strongest,
)
from mobiliteit.claims.places import model_of, place_of
from mobiliteit.claims.schema import load_claims
from mobiliteit.claims.terms import Text
from mobiliteit.study import Study, load_study
from mobiliteit.study_schema import ClassTable, Conditions, GroupTable, RegressionTable

if TYPE_CHECKING:
    from mobiliteit.asking.lexicon import Lexicon

NOTHING = Note(
    "none",
    Text(
        nl="Het rapport van 2006 geeft hierover geen cijfer en doet er geen uitspraak over.",
        en="The 2006 report prints no number on this and makes no statement about it.",
    ),
)
# What the report never tested, whatever it prints about the parts of such a question.
UNTESTED = {
    "moderation": Note(
        "untested",
        Text(
            nl=(
                "Of dit verband voor de een anders is dan voor de ander heeft het rapport niet "
                "getoetst."
            ),
            en="The report did not test whether this association differs between people.",
        ),
    ),
    "change": Note(
        "untested",
        Text(
            nl="Het rapport is van één meting en zegt niets over verandering.",
            en="The report is about one survey and says nothing about change.",
        ),
    ),
}
OTHER_PEOPLE = Text(
    nl=" Dat ging over {who}; uw vraag gaat niet over dezelfde mensen.",
    en=" That was about {who}; your question is not about the same people.",
)
EVERYBODY = Text(nl="alle respondenten", en="all respondents")
# Statements that say by themselves what one thing has to do with another.
OF_A_PAIR = (
    Sign,
    NoRelation,
    Strongest,
    Differ,
    NoDifference,
    Equal,
    Order,
    Larger,
    Extreme,
    Monotone,
)
Pair = tuple[str, str]
Sample = tuple[tuple[str, tuple[Any, ...]], ...]


@dataclass(frozen=True)
class _Asked:
    # A question as far as the report can speak of it: drivers with outcomes, and who.
    pairs: tuple[Pair, ...]
    who: tuple[Restriction, ...]
    lexicon: Lexicon
    report: Report

    @property
    def study(self) -> Study:
        return self.report.study

    def label(self, name: str) -> Text:
        return self.lexicon.label(name)


def published_notes(question: Question, lexicon: Lexicon, study: Study) -> tuple[Note, ...]:
    """Say what the 2006 report printed on the relation or difference of a question.

    Parameters
    ----------
    question : Question
        Its names are of the codebook.
    lexicon : Lexicon
        Of the same study; gives the labels.
    study : Study
        Whose folder holds the published tables and claims.

    Returns
    -------
    tuple of Note
        In the order of the tables: the standardized coefficients of each predictor for the
        outcome, per table with every model; the means or percentages of the groups with the
        verdict on their difference; then what the text says about the same pair. A variable and
        the classes made of it count as one. Each says so when the sample was another, the groups
        that were asked a question taken into account. One note with id ``none`` when the report
        says nothing.

    Raises
    ------
    StudyError
        The published tables, ``audit.yaml`` or the claims cannot be used.

    Notes
    -----
    Numbers are printed strings, in English with a decimal point. Controls of the question and
    predictors of a printed model need not be the same: the note tells how many other predictors
    the model has.
    """
    report, claims = _read(study.path)
    asked = _Asked(_pairs(question), question.who, lexicon, report)
    found = [*_printed(asked, question), *_said(asked, claims)]
    if not found:
        return (NOTHING,)
    untested = UNTESTED.get(question.form)
    return (*found, untested) if untested else tuple(found)


@cache
def _read(path: Path) -> tuple[Report, tuple[Claim, ...]]:
    study = load_study(path)
    return read_report(study), load_claims(study)


def _pairs(question: Question) -> tuple[Pair, ...]:
    outcome, by = question.outcome, question.by
    drivers = [*question.predictors]
    pairs = [(driver, outcome) for driver in drivers]
    if question.form == "mediation":
        pairs = [*((driver, by) for driver in drivers), (by, outcome), *pairs]
    elif by:
        pairs.append((by, outcome))
    parts = [(split_name(driver)[0], split_name(to)[0]) for driver, to in pairs]
    return tuple(dict.fromkeys(parts))


def _printed(asked: _Asked, question: Question) -> Iterator[Note]:
    for number, table in asked.study.tables.tables.items():
        if isinstance(table, RegressionTable):
            for driver, outcome in asked.pairs:
                yield from _coefficients(asked, number, table, driver, outcome)
        elif isinstance(table, GroupTable):
            for driver, outcome in asked.pairs:
                if _base(asked.study, table.by) == _base(asked.study, driver):
                    yield from _groups(asked, number, table, outcome)
        elif isinstance(table, ClassTable):
            for driver, outcome in asked.pairs:
                for factor, by in table.factors.items():
                    if _base(asked.study, by) == _base(asked.study, driver):
                        yield from _classes(asked, number, table, factor, outcome)
    if question.form == "change" and not question.predictors:
        for number, table in asked.report.tables(GroupTable):
            yield from _groups(asked, number, table, split_name(question.outcome)[0])


def _base(study: Study, name: str) -> str:
    """Name the question that classes were made of; any other variable is itself."""
    derived = study.codebook.derived.get(name)
    return derived.of[0] if derived is not None and len(derived.of) == 1 else name


def _coefficients(
    asked: _Asked, number: str, table: RegressionTable, driver: str, outcome: str
) -> Iterator[Note]:
    study, cells = asked.study, asked.report.cells
    found: dict[tuple[str, Sample], list[tuple[int, str, int]]] = {}
    for position, (column, model) in enumerate(table.columns.items(), start=1):
        place = model_of(study, number, column)
        for row in place.predictors if model.outcome == outcome else ():
            if _base(study, row) == _base(study, driver) and (number, row, column) in cells:
                sample = frozen(_effective(asked.report, place.sample, [row, outcome]))
                others = len(place.predictors) - 1
                found.setdefault((row, sample), []).append((position, column, others))
    several = len({model.outcome for model in table.columns.values()}) < len(table.columns)
    for (row, sample), entries in found.items():
        page = cells[number, row, entries[0][1]].page
        parts = [
            _one_coefficient(cells[number, row, column], position, others, several)
            for position, column, others in entries
        ]
        name, to = asked.label(row), asked.label(outcome)
        nl, en = ("; ".join(texts) for texts in zip(*parts, strict=True))
        text = Text(
            nl=f"Tabel {number}, p. {page}: beta van {name.nl} voor {to.nl}: {nl}.",
            en=f"Table {number}, p. {page}: beta of {name.en} for {to.en}: {en}.",
        )
        columns = " ".join(column for _, column, _ in entries)
        shown = _with_sample(asked, text, _thawed(sample), [row, outcome])
        yield Note(f"{number} {row} {columns}", shown)


def _one_coefficient(cell: Any, position: int, others: int, several: bool) -> tuple[str, str]:
    model = f", model {position}" if several else ""
    nl, en = (
        ("significant", "significant") if cell.marks else ("niet significant", "not significant")
    )
    if others:
        nl += f", naast {others} andere kenmerken" if others > 1 else ", naast één ander kenmerk"
        en += (
            f", beside {others} other predictors" if others > 1 else ", beside one other predictor"
        )
    return f"{cell.printed} ({nl}{model})", f"{_english(cell.printed)} ({en}{model})"


def _groups(asked: _Asked, number: str, table: GroupTable, outcome: str) -> Iterator[Note]:
    report, study = asked.report, asked.study
    for row in report.rows(number):
        if report.variable(number, row) != outcome:
            continue
        cells = report.columns(number, row)
        percent = report.statistic(number, row) == "percent"
        labels = study.categories(table.by)
        shown = {labels[name]: cell.printed for name, cell in cells.items() if name in labels}
        flag, page = cells.get(DIFFERENCE), next(iter(cells.values())).page
        verdict = ("", "")
        if flag is not None and flag.verdict:
            verdict = (
                (" Verschil: Ja (significant).", " Difference: yes (significant).")
                if flag.verdict == "Ja"
                else (" Verschil: Nee (niet significant).", " Difference: no (not significant).")
            )
        text = _means(asked.label(outcome), shown, number, page, verdict, percent=percent)
        sample = _effective(report, table.sample, [outcome])
        yield Note(f"{number} {row}", _with_sample(asked, text, sample, [outcome]))


def _classes(
    asked: _Asked, number: str, table: ClassTable, factor: str, outcome: str
) -> Iterator[Note]:
    report, study = asked.report, asked.study
    labels, rows = study.categories(table.factors[factor]), report.class_rows(number, factor)
    for column, entry in table.columns.items():
        keys = {name: (number, row, column) for name, row in rows.items()}
        cells = {name: report.cells[key] for name, key in keys.items() if key in report.cells}
        if (entry.variable or column) != outcome or not cells:
            continue
        # The star of the test stands on one of the classes.
        starred = any(cell.marks for cell in cells.values())
        verdict = (
            (" Het verschil is significant (ster).", " The difference is significant (star).")
            if starred
            else (
                " Het verschil is niet significant (geen ster).",
                " The difference is not significant (no star).",
            )
        )
        shown = {labels[name]: cell.printed for name, cell in cells.items()}
        page = next(iter(cells.values())).page
        text = _means(asked.label(outcome), shown, number, page, verdict, percent=False)
        sample = _effective(report, table.sample, [outcome])
        yield Note(f"{number} {factor} {column}", _with_sample(asked, text, sample, [outcome]))


def _means(
    outcome: Text,
    shown: dict[tuple[str, str], str],
    number: str,
    page: int,
    verdict: tuple[str, str],
    *,
    percent: bool,
) -> Text:
    what = ("percentage", "percentage") if percent else ("gemiddelde", "mean")
    nl = "; ".join(f"{label[0]} {printed}" for label, printed in shown.items())
    en = "; ".join(f"{label[1]} {_english(printed)}" for label, printed in shown.items())
    return Text(
        nl=f"Tabel {number}, p. {page}: {what[0]} van {outcome.nl}: {nl}.{verdict[0]}",
        en=f"Table {number}, p. {page}: {what[1]} of {outcome.en}: {en}.{verdict[1]}",
    )


def _said(asked: _Asked, claims: Iterable[Claim]) -> Iterator[Note]:
    study = asked.study
    # Summary and footnotes repeat, or cannot be read without what stands around them.
    own = {table.section for table in study.tables.tables.values()}
    bases = {_bases(study, pair) for pair in asked.pairs}
    for claim in claims:
        if claim.section in own and any(
            {_bases(study, pair) for pair in way} <= bases for way in _ways(study, claim)
        ):
            nl, en = (
                f"De tekst, p. {claim.page}: {claim.nl}",
                f"The text, p. {claim.page}: {claim.en}",
            )
            yield Note(claim.id, Text(nl=nl, en=en))


def _ways(study: Study, claim: Claim) -> Iterator[list[Pair]]:
    """List what a question must ask, all of each list, for a claim to be about it."""
    statement = claim.statement
    if isinstance(statement, Mediation):
        mediator = statement.mediator
        outcome = model_of(study, statement.table, statement.direct).outcome
        for factor in statement.factors:
            yield [(factor, mediator), (mediator, outcome), (factor, outcome)]
    elif isinstance(statement, OF_A_PAIR):
        for cell in statement.cells_named:
            table = study.tables.tables[cell.table]
            if isinstance(table, RegressionTable) and cell.row != table.explained_variance:
                yield [(cell.row, table.columns[cell.column].outcome)]
        for line in statement.lines_named:
            place = place_of(study, line)
            yield [(place.by, place.variable)]


def _bases(study: Study, pair: Pair) -> Pair:
    return _base(study, pair[0]), pair[1]


def _effective(report: Report, sample: Conditions, names: Iterable[str]) -> Conditions:
    """Add to a sample the groups that were asked all of some questions, where not everybody was."""
    rules = report.study.segments
    group = rules.group_variable.id
    everybody = set(rules.groups)
    asked = everybody.intersection(*(report.of_groups(name) for name in names))
    if asked != everybody and group not in sample:
        return {**sample, group: [name for name in rules.groups if name in asked]}
    return sample


def _thawed(sample: Sample) -> Conditions:
    return {name: list(values) for name, values in sample}


def _with_sample(asked: _Asked, text: Text, sample: Conditions, names: Iterable[str]) -> Text:
    """Add who it was about, where the question is about others."""
    if _same_people(asked, sample, names):
        return text
    who = _sample_words(asked.study, sample)
    return Text(
        nl=text.nl + OTHER_PEOPLE.nl.format(who=who.nl),
        en=text.en + OTHER_PEOPLE.en.format(who=who.en),
    )


def _same_people(asked: _Asked, sample: Conditions, names: Iterable[str]) -> bool:
    own: dict[str, list[Any]] = {}
    for restriction in asked.who:
        if not restriction.values or restriction.variable in own:
            return False
        own[restriction.variable] = list(restriction.values)
    mine = _effective(asked.report, own, names)
    return _plain(mine) == _plain(sample)


def _plain(sample: Conditions) -> dict[str, set[str]]:
    return {name: {str(value) for value in values} for name, values in sample.items()}


def _sample_words(study: Study, sample: Conditions) -> Text:
    if not sample:
        return EVERYBODY
    parts = []
    for name, values in sample.items():
        labels = study.categories(name)
        one = [labels[value] for value in values]
        parts.append((" of ".join(nl for nl, _ in one), " or ".join(en for _, en in one)))
    nl, en = ("; ".join(texts) for texts in zip(*parts, strict=True))
    return Text(nl=nl.lower(), en=en.lower())


def _english(printed: str) -> str:
    return printed.replace(",", ".")
