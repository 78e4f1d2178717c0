"""The respondents of a question: who is meant, who has an answer to everything, and as what.

A question names variables; this module turns them into one frame without gaps. Weights are left out
(:meth:`mobiliteit.wave.Wave.unweighted`), since the methods of :mod:`mobiliteit.asking` have no
weighted form.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd

from mobiliteit.asking.answer import LeftOut
from mobiliteit.asking.lexicon import NOBODY, Lexicon, load_lexicon
from mobiliteit.asking.question import Question, Restriction, split_name
from mobiliteit.asking.refusals import problem
from mobiliteit.claims.terms import Text
from mobiliteit.disclosure import SMALLEST, protected, shown_counts
from mobiliteit.errors import AnalysisError
from mobiliteit.gaps import gap
from mobiliteit.inference.asked import asked as was_asked
from mobiliteit.wave import Wave

Kind = Literal["number", "two", "many"]
Categories = tuple[tuple[str, Text], ...]

NO, YES = Text(nl="nee", en="no"), Text(nl="ja", en="yes")
IN_SMALL_GROUPS = Text(
    nl=f"in een groep van minder dan {SMALLEST} mensen",
    en=f"in a group of fewer than {SMALLEST} people",
)


@dataclass(frozen=True)
class Prepared:
    """The respondents of a question.

    Attributes
    ----------
    frame : pandas.DataFrame
        Index: respondent id. One column per name of the question, nothing missing. A ``number`` is
        a float (an ordinal one its codes; classes, as an outcome, their places from 1). ``two`` is
        a float of 0 and 1, in the order of `categories`. ``many`` is an ordered categorical of
        value ids, those that anybody has. What a difference is *between* is always such a
        categorical, also of two.
    kinds : mapping of str to {'number', 'two', 'many'}
        Per name.
    levels : mapping of str to {'nominal', 'ordinal', 'interval', 'binary'}
        Per name, as in the codebook; an indicator ``variable=category`` is binary.
    categories : mapping of str to tuple of (str, Text)
        Per name that has them: id (or code as text) and label of those that anybody has, in
        codebook order.
    n, selected : int
        People in `frame`, and people whom the question is about.
    left_out : tuple of LeftOut
        Why the others of `selected` are not in `frame`, each counted once, at the first reason:
        per name not asked, then no answer; then the groups that are too small to show.
    small_groups : int
        People in groups of fewer than :data:`~mobiliteit.asking.privacy.SMALLEST`.
    rounded : bool
        Whether numbers of people must be shown in tens, since the size of what is hidden would
        follow from them.
    """

    frame: pd.DataFrame
    kinds: Mapping[str, Kind]
    levels: Mapping[str, str]
    categories: Mapping[str, Categories]
    n: int
    selected: int
    left_out: tuple[LeftOut, ...]
    small_groups: int
    rounded: bool

    def label_of(self, name: str, category: str) -> Text:
        """Label of a category of a name."""
        return dict(self.categories[name])[category]

    def groups_of(self, name: str) -> pd.Series:
        """Return a name that has categories as an ordered categorical of their ids."""
        values, ids = self.frame[name], [key for key, _ in self.categories[name]]
        if isinstance(values.dtype, pd.CategoricalDtype):
            return values
        codes = np.asarray(values == values.max(), dtype="int64")
        made = pd.Categorical.from_codes(codes, pd.Index(ids), ordered=True)
        return pd.Series(made, index=values.index, name=name)

    def commonest(self, name: str) -> str:
        """Id of the category with most people, the earlier of equals."""
        return str(self.groups_of(name).value_counts(sort=False).idxmax())


@dataclass(frozen=True)
class Asked:
    """A question put to a wave, and what answering it needs.

    Attributes
    ----------
    question : Question
    prepared : Prepared
        Its respondents.
    wave : Wave
        Without weights.
    lexicon : Lexicon
        Labels and levels.
    level : float
        Confidence level of all intervals.
    against : Wave or None
        Without weights: the wave that a change is held against; None for the other forms.
    """

    question: Question
    prepared: Prepared
    wave: Wave
    lexicon: Lexicon
    level: float
    against: Wave | None = None

    def label(self, name: str) -> Text:
        """Label of a name of the question."""
        return self.lexicon.label(name)


def prepare(question: Question, wave: Wave) -> Prepared:
    """Take the respondents of a question from a wave.

    Parameters
    ----------
    question : Question
        Of which the names are in the codebook.
    wave : Wave
        Weights are left out.

    Returns
    -------
    Prepared
        People who have a value on every name of the question, and are in no group of fewer than
        ten. Who lacks a value on what restricts the question is not meant by it.

    Raises
    ------
    AnalysisError
        The wave has no value at all of a name, or of a restriction; all such names together.
    """
    wave = wave.unweighted()
    lexicon = load_lexicon(wave.study)
    _raise_if_absent(question, wave, lexicon)
    chosen = np.ones(len(wave.frame), dtype=bool)
    for restriction in question.who:
        chosen &= matches(restriction, wave.frame, lexicon)
    people = wave.frame[chosen]
    columns = {name: column_of(name, people, lexicon) for name in question.names}
    left = np.ones(len(people), dtype=bool)
    reasons: list[tuple[Text, int]] = []
    for name, values in columns.items():
        label, empty = lexicon.label(name), values.isna().to_numpy()
        reached = was_asked(wave, people, split_name(name)[0])
        for rows, why in (
            (empty & ~reached, _not_asked(label)),
            (empty & reached, _no_answer(label)),
        ):
            if (left & rows).any():
                reasons.append((why, int((left & rows).sum())))
        left &= ~empty
    levels = {name: lexicon.level(name) for name in columns}
    grouped = [name for name in columns if _makes_groups(name, question, columns[name], levels)]
    kept = _without_small_groups(pd.DataFrame(columns)[left], grouped)
    small_groups = int(left.sum()) - len(kept)
    if small_groups:
        reasons.append((IN_SMALL_GROUPS, small_groups))
    counts = [count for _, count in reasons]
    shown = shown_counts(counts, total_known=True)
    frame, kinds, categories = {}, {}, {}
    for name in columns:
        present = {}
        if name in grouped:
            seen_values = set(kept[name].unique())
            stored = _stored_categories(name, lexicon)
            present = {value: entry for value, entry in stored.items() if value in seen_values}
            categories[name] = tuple(present.values())
        frame[name], kinds[name] = _as_kind(kept[name], present, grouped=name in grouped)
        if question.form == "difference" and name == question.by:
            frame[name] = _as_categories(kept[name], present)
    return Prepared(
        frame=pd.DataFrame(frame, index=kept.index),
        kinds=kinds,
        levels=levels,
        categories=categories,
        n=len(kept),
        selected=len(people),
        left_out=tuple(LeftOut(why, seen) for (why, _), seen in zip(reasons, shown, strict=True)),
        small_groups=small_groups,
        rounded=not protected(counts, shown),
    )


def matches(restriction: Restriction, frame: pd.DataFrame, lexicon: Lexicon) -> np.ndarray:
    """Say who meets a restriction; a missing value never does.

    Parameters
    ----------
    restriction : Restriction
        Of a variable in `frame`.
    frame : pandas.DataFrame
        Respondents of a clean wave.
    lexicon : Lexicon
        With the codes of categories.

    Returns
    -------
    numpy.ndarray of bool
        In the order of `frame`.
    """
    values = frame[restriction.variable]
    if restriction.values:
        wanted = [_stored(restriction.variable, value, lexicon) for value in restriction.values]
        return np.asarray(values.isin(wanted))
    low = -np.inf if restriction.low is None else restriction.low
    high = np.inf if restriction.high is None else restriction.high
    return np.asarray(values.between(low, high))


def column_of(name: str, frame: pd.DataFrame, lexicon: Lexicon) -> pd.Series:
    """Return a name of a question as a column: a variable, or 0/1 of an indicator.

    Parameters
    ----------
    name : str
        A variable, or ``variable=category``.
    frame : pandas.DataFrame
        Respondents of a clean wave.
    lexicon : Lexicon
        With the codes of categories.

    Returns
    -------
    pandas.Series
        As in the clean frame. An indicator is 1.0 for who is in the category, 0.0 for who is in
        another, and NaN for who has none.
    """
    variable, category = split_name(name)
    values = frame[variable]
    if not category:
        return values.rename(name)
    inside = (values == _stored(variable, category, lexicon)).astype("float64")
    return inside.where(values.notna()).rename(name)


def _raise_if_absent(question: Question, wave: Wave, lexicon: Lexicon) -> None:
    named = [split_name(name)[0] for name in question.names]
    named += [restriction.variable for restriction in question.who]
    problems = []
    for variable in dict.fromkeys(named):
        if variable not in wave.frame or wave.frame[variable].isna().all():
            label = lexicon.label(variable)
            what = Text(
                nl=f"{label.nl}: {gap(wave, variable, 'nl') or NOBODY.nl}",
                en=f"{label.en}: {gap(wave, variable, 'en') or NOBODY.en}",
            )
            remedy = Text(
                nl="Stel de vraag aan een andere golf, of vraag iets anders.",
                en="Ask another wave, or another question.",
            )
            problems.append(problem(what, remedy, wave=wave.id, column=variable))
    if problems:
        nl = "Deze golf kan de vraag niet beantwoorden."
        raise AnalysisError("This wave cannot answer the question.", problems, nl=nl)


def _not_asked(label: Text) -> Text:
    return Text(nl=f"niet gevraagd: {label.nl}", en=f"not asked: {label.en}")


def _no_answer(label: Text) -> Text:
    return Text(nl=f"geen antwoord: {label.nl}", en=f"no answer: {label.en}")


def _stored(variable: str, value: str, lexicon: Lexicon) -> str | float:
    """Return what the clean frame holds for a category: its id, or its code as a number."""
    return lexicon.codes(variable).get(value, value)


def _makes_groups(
    name: str, question: Question, values: pd.Series, levels: Mapping[str, str]
) -> bool:
    if question.form == "difference" and name == question.by:
        return True
    if name == question.outcome and levels[name] == "ordinal":
        return False
    return isinstance(values.dtype, pd.CategoricalDtype) or levels[name] == "binary"


def _without_small_groups(frame: pd.DataFrame, grouped: list[str]) -> pd.DataFrame:
    # Who leaves one group leaves another smaller, so this goes on until nobody leaves.
    while True:
        keep = np.ones(len(frame), dtype=bool)
        for name in grouped:
            counts = frame[name].value_counts()
            keep &= frame[name].astype("object").map(counts).to_numpy(dtype="float64") >= SMALLEST
        if keep.all():
            return frame
        frame = frame[keep]


def _stored_categories(name: str, lexicon: Lexicon) -> dict[str | float, tuple[str, Text]]:
    """Map what the clean frame holds to id and label, for a name that has categories."""
    variable, category = split_name(name)
    if category:
        return {0.0: ("0", NO), 1.0: ("1", YES)}
    return {
        _stored(variable, key, lexicon): (key, label) for key, label in lexicon.categories(variable)
    }


def _as_kind(
    values: pd.Series, present: Mapping[str | float, tuple[str, Text]], *, grouped: bool
) -> tuple[pd.Series, Kind]:
    if not grouped:
        if isinstance(values.dtype, pd.CategoricalDtype):
            return (values.cat.codes + 1).astype("float64"), "number"
        return values.astype("float64"), "number"
    if len(present) > 2:
        return _as_categories(values, present), "many"
    if not present:  # nobody is left, and nothing will be shown
        return pd.Series(index=values.index, dtype="float64"), "two"
    if pd.api.types.is_numeric_dtype(values):
        return values.astype("float64"), "two"
    return (values == list(present)[-1]).astype("float64"), "two"


def _as_categories(values: pd.Series, present: Mapping[str | float, tuple[str, Text]]) -> pd.Series:
    ids = {stored: key for stored, (key, _) in present.items()}
    named = [ids[value] for value in values]
    return pd.Series(
        pd.Categorical(named, categories=list(ids.values()), ordered=True),
        index=values.index,
        name=values.name,
    )
