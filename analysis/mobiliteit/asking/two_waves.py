"""The respondents of a question in two waves, put together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd

from mobiliteit.asking.answer import LeftOut
from mobiliteit.asking.data import Asked, Prepared, prepare
from mobiliteit.asking.models import is_indicator
from mobiliteit.asking.question import split_name
from mobiliteit.asking.refusals import problem
from mobiliteit.claims.terms import Text
from mobiliteit.descriptor import rescale_note
from mobiliteit.disclosure import small
from mobiliteit.errors import AnalysisError, Problem
from mobiliteit.gaps import gap
from mobiliteit.wave import Wave

Array = np.ndarray


@dataclass(frozen=True)
class Both:
    """A question asked of two waves.

    Attributes
    ----------
    asked : Asked
        With the respondents of both waves, the earlier ones first.
    waves : tuple of Wave
        The wave that is held against, and the one that is asked.
    parts : tuple of Prepared
        The respondents of each.
    later : numpy.ndarray of bool
        Whether a row of the prepared frame is of the second.
    person : numpy.ndarray
        Hashed id of each row.
    """

    asked: Asked
    waves: tuple[Wave, Wave]
    parts: tuple[Prepared, Prepared]
    later: Array
    person: Array

    @property
    def shared(self) -> Array:
        """Ids of the people who are in both, with an answer to everything."""
        return np.intersect1d(self.person[~self.later], self.person[self.later])

    @property
    def people(self) -> int:
        """People, who is in both waves counted once.

        Twice where so few are in both that their number may not be shown.
        """
        both = len(self.shared)
        return len(self.person) - (0 if small(both) else both)

    def values(self, name: str) -> Array:
        """Return a numeric column of the prepared frame."""
        return self.asked.prepared.frame[name].to_numpy(dtype="float64")


def put_together(asked: Asked) -> Both:
    """Put the respondents of a question in two waves together.

    Parameters
    ----------
    asked : Asked
        Of a change: with the wave that is held against.

    Returns
    -------
    Both
        The categories of a name are those that either wave has.

    Raises
    ------
    AnalysisError
        There is no other wave, it is the same wave or of another study, somebody is in a wave
        twice, or a wave has no value of a name.
    """
    before = _checked(asked)
    first, second = prepare(asked.question, before), asked.prepared
    frame, kinds = dict[str, Any](), dict(second.kinds)
    categories = dict[str, tuple[tuple[str, Text], ...]]()
    for name in asked.question.names:
        own = [part.frame[name] for part in (first, second)]
        if name not in second.categories:
            frame[name] = np.concatenate([values.to_numpy(dtype="float64") for values in own])
            continue
        labels = dict(first.categories[name]) | dict(second.categories[name])
        known = [] if is_indicator(name) else asked.lexicon.categories(name)
        ids = [key for key in dict.fromkeys([*dict(known), *labels]) if key in labels]
        categories[name] = tuple((key, labels[key]) for key in ids)
        kinds[name] = "many" if len(ids) > 2 else "two"
        texts = np.concatenate([_categories_of(part, name) for part in (first, second)])
        frame[name] = (
            pd.Categorical(texts, categories=ids, ordered=True)
            if len(ids) > 2
            else np.isin(texts, ids[-1:]).astype("float64")
        )
    n = (first.n, second.n)
    later = np.repeat([False, True], n)
    person = np.concatenate([first.frame.index.to_numpy(), second.frame.index.to_numpy()])
    merged = replace(
        second,
        frame=pd.DataFrame(frame),
        kinds=kinds,
        categories=categories,
        n=sum(n),
        selected=first.selected + second.selected,
        left_out=(*_of_wave(before, first), *_of_wave(asked.wave, second)),
        small_groups=first.small_groups + second.small_groups,
        rounded=first.rounded or second.rounded,
    )
    whole = replace(asked, prepared=merged)
    return Both(whole, (before, asked.wave), (first, second), later, person)


def otherwise_asked(both: Both) -> list[tuple[str, Text]]:
    """Say of each name which wave asked it otherwise than the codebook has it.

    Parameters
    ----------
    both : Both
        The waves.

    Returns
    -------
    list of (str, Text)
        Wave and what was otherwise: carried over from another scale, or some questions left out.
    """
    found = []
    for wave in both.waves:
        for name in both.asked.question.names:
            variable, label = split_name(name)[0], both.asked.label(name)
            texts = [
                (
                    rescale_note(wave.descriptor, wave.study, variable, lang),
                    gap(wave, variable, lang),
                )
                for lang in ("nl", "en")
            ]
            for nl, en in zip(*texts, strict=True):
                if nl:
                    text = Text(nl=f"‘{label.nl}’: {nl}", en=f"‘{label.en}’: {en}")
                    found.append((wave.id, text))
    return found


def _categories_of(part: Prepared, name: str) -> Array:
    """Return the id of each respondent's category, also where all have the same."""
    own = part.categories[name]
    if len(own) == 1:
        return np.full(part.n, own[0][0], dtype="object")
    return np.asarray(part.groups_of(name).astype("object"), dtype="object")


def _checked(asked: Asked) -> Wave:
    problems = []
    before = asked.against
    if before is None:
        what = Text(
            nl="er is geen golf om mee te vergelijken", en="there is no wave to hold against"
        )
        remedy = Text(nl="Noem er een na `since`.", en="Name one after `since`.")
        raise not_followed([problem(what, remedy)])
    if before.id == asked.wave.id:
        what = Text(
            nl=f"golf {before.id} wordt met zichzelf vergeleken",
            en=f"wave {before.id} is held against itself",
        )
        remedy = Text(nl="Noem een andere golf na `since`.", en="Name another wave after `since`.")
        problems.append(problem(what, remedy))
    if before.study.path != asked.wave.study.path:
        what = Text(
            nl=f"golven {before.id} en {asked.wave.id} horen bij verschillende onderzoeken",
            en=f"waves {before.id} and {asked.wave.id} belong to different studies",
        )
        remedy = Text(nl="Lees ze met één onderzoek in.", en="Load them with one study.")
        problems.append(problem(what, remedy))
    twice = Text(nl="iemand staat er twee keer in", en="somebody is in it twice")
    correct = Text(nl="Verbeter de nummers van de respondenten.", en="Correct its ids.")
    problems += [
        problem(twice, correct, wave=wave.id)
        for wave in (before, asked.wave)
        if not wave.frame.index.is_unique
    ]
    if problems:
        raise not_followed(problems)
    return before.unweighted()


def not_followed(problems: Sequence[Problem]) -> AnalysisError:
    """Make the refusal of a change between two waves."""
    nl = "Deze verandering is niet te volgen."
    return AnalysisError("This change cannot be followed.", problems, nl=nl)


def _of_wave(wave: Wave, prepared: Prepared) -> list[LeftOut]:
    return [
        LeftOut(
            Text(nl=f"golf {wave.id}: {one.why.nl}", en=f"wave {wave.id}: {one.why.en}"), one.count
        )
        for one in prepared.left_out
    ]
