"""The words a question may use: variables of the codebook with their labels, levels and categories.

A *name* is a variable, or ``variable=category``. Scale scores and single questions count as
variables, the items of a scale do not. Nothing here knows a respondent, but for
:meth:`Lexicon.missing_in`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Literal

from rapidfuzz import fuzz, process, utils

from mobiliteit.asking import phrases
from mobiliteit.asking.question import FOUND_IN, Restriction
from mobiliteit.asking.vocabulary import Vocabulary
from mobiliteit.claims.terms import Text
from mobiliteit.gaps import gap
from mobiliteit.study import Study
from mobiliteit.study_schema import Level
from mobiliteit.wave import Wave

Use = Literal["outcome", "predictor", "by", "mediator", "moderator", "control", "who"]

MOST_CATEGORIES = 12  # of what divides people, in a table that can still be read
NEAREST = 3  # suggestions for a word
ALIKE, ALIKE_IN_PART = 65.0, 85.0  # how alike they must be, of 100
SORTING = Text(nl="Indeling", en="Sorting")
NOBODY = Text(
    nl="in deze golf heeft niemand hier een antwoord op",
    en="nobody in this wave has an answer to it",
)


@dataclass(frozen=True)
class Choice:
    """A variable that can be chosen.

    Attributes
    ----------
    name : str
        As questions write it.
    label, explanation : Text
        What it is called, and what an answer can be and who was asked.
    level : {'nominal', 'ordinal', 'interval', 'binary'}
        Measurement level; scale scores are interval.
    role : Text
        The heading that it stands under.
    """

    name: str
    label: Text
    explanation: Text
    level: Level
    role: Text


def load_lexicon(study: Study) -> Lexicon:
    """Return the words of a study.

    Parameters
    ----------
    study : Study
        The study, as :func:`mobiliteit.load_study` or a wave gives it.

    Returns
    -------
    Lexicon
        The same object for the same study, as long as few studies are in use.
    """
    return _lexicon(_Same(study))


@dataclass(frozen=True, eq=False)
class _Same:
    """A study as a key: it is the same only when it is the same object."""

    study: Study

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Same) and other.study is self.study

    def __hash__(self) -> int:
        return id(self.study)


@lru_cache(maxsize=4)
def _lexicon(key: _Same) -> Lexicon:
    return Lexicon(key.study)


def folded(word: str) -> str:
    """Write a word as it is compared: without capitals and with single spaces."""
    return " ".join(word.casefold().split())


class Lexicon(Vocabulary):
    """The words of a study, see :func:`load_lexicon`."""

    def role(self, variable: str) -> Text:
        """Return the heading that a variable stands under."""
        if variable in self.sorting:
            return SORTING
        book = self.study.codebook
        role = (book.variables.get(variable) or book.derived[variable]).role
        return Text(nl=book.roles[role].nl, en=book.roles[role].en)

    def label(self, name: str) -> Text:
        """Return the label of a name: of the codebook, or ``Label: category``."""
        return phrases.label(self, name)

    def phrase(self, what: str | Sequence[Restriction]) -> Text:
        """Return how something reads inside a sentence.

        Parameters
        ----------
        what : str or sequence of Restriction
            A name, which becomes a noun phrase in the singular (``het aantal werkuren per week``);
            or who is asked about, which becomes people (``mobielen (leeftijd: 25 tot en met 44
            jaar)``).

        Returns
        -------
        Text
            Without a capital, unless an acronym starts it.
        """
        if isinstance(what, str):
            return phrases.phrase(self, what)
        return phrases.people(self, what)

    def condition(self, restriction: Restriction) -> Text:
        """Return a restriction in words, such as ``Leeftijd: 25 tot en met 44 jaar``."""
        return phrases.condition(self, restriction)

    def choices(self, use: Use) -> tuple[Choice, ...]:
        """List the variables that can be chosen for a place in a question.

        Parameters
        ----------
        use : {'outcome', 'predictor', 'by', 'mediator', 'moderator', 'control', 'who'}
            The place: ``by`` divides people, a ``mediator`` is a number.

        Returns
        -------
        tuple of Choice
            What sorts people first, then by role in codebook order. A classed variable that only
            repeats the answers of its source is left out.
        """
        return tuple(
            Choice(
                name=name,
                label=self.label(name),
                explanation=phrases.explanation(self, name),
                level=self.level(name),
                role=self.role(name),
            )
            for name in self.variables
            if name not in self.repeats and self._usable(name, use)
        )

    def missing_in(self, wave: Wave) -> dict[str, Text]:
        """Say which variables nobody in a wave can have.

        Parameters
        ----------
        wave : Wave
            A wave of this study.

        Returns
        -------
        dict of str to Text
            Variable to why: not asked, with the reasons of the sidecar, or nobody answered.
        """
        found = {}
        for name in self.variables:
            if wave.frame[name].isna().all():
                why = Text(nl=gap(wave, name, "nl"), en=gap(wave, name, "en"))
                found[name] = why if why.nl else NOBODY
        return found

    def resolve(self, word: str) -> tuple[str, ...]:
        """Find the names that a word can mean.

        Parameters
        ----------
        word : str
            As somebody wrote it; capitals do not matter.

        Returns
        -------
        tuple of str
            A variable of that name; otherwise the group or segment with that id; otherwise what
            has that label in Dutch or English. None, or several when it is ambiguous.
        """
        return self._first(word, (self._by_name, self._by_sorting, self._by_label))

    def resolve_people(self, word: str) -> tuple[str, ...]:
        """Find the categories, as ``variable=category``, that a word alone can mean.

        Ids of groups, segments, classes and nominal answers; otherwise labels of the first three.
        A variable of the same name makes it ambiguous and comes last.
        """
        found = self._first(word, (self._by_category_id, self._by_category_label))
        return (*found, *self._by_name.get(folded(word), ())) if found else ()

    def resolve_category(self, variable: str, word: str) -> tuple[str, ...]:
        """Find the ids of categories of a variable that a word can mean: by id, or by label."""
        categories, wanted = self.categories(variable), folded(word)
        by_id = tuple(key for key, _ in categories if folded(key) == wanted)
        return by_id or tuple(
            key for key, text in categories if wanted in (folded(text.nl), folded(text.en))
        )

    def nearest(self, word: str) -> tuple[str, ...]:
        """List the names nearest to a word that means nothing.

        Variables, groups and segments, by name and by label: at most three, the nearest first;
        empty when none is like it.
        """
        return _nearest(word, self._spoken)

    def nearest_people(self, word: str) -> tuple[str, ...]:
        """List, as ``variable=category``, the categories nearest to a word that means nothing."""
        indexes = (self._by_category_label, self._by_category_id)
        single = {
            spelled: meanings[0]
            for index in indexes
            for spelled, meanings in index.items()
            if len(meanings) == 1
        }
        return _nearest(word, single)

    def _usable(self, name: str, use: Use) -> bool:
        if use == "by":
            return 2 <= len(self.categories(name)) <= MOST_CATEGORIES
        return use != "mediator" or self.kind(name) == "number"

    def _first(
        self, word: str, indexes: Iterable[Mapping[str, tuple[str, ...]]]
    ) -> tuple[str, ...]:
        wanted = folded(word)
        return next((index[wanted] for index in indexes if wanted in index), ())

    @cached_property
    def _by_name(self) -> Mapping[str, tuple[str, ...]]:
        return _index((name, name) for name in self.variables)

    @cached_property
    def _by_sorting(self) -> Mapping[str, tuple[str, ...]]:
        return _index(self._members(self.sorting, lambda key, text: (key,)))

    @cached_property
    def _by_label(self) -> Mapping[str, tuple[str, ...]]:
        spoken = [name for name in self.variables if name not in self.repeats]
        labels = [(word, name) for name in spoken for word in self._words(name)]
        return _index([*labels, *self._members(self.sorting, lambda key, text: (text.nl, text.en))])

    @cached_property
    def _by_category_id(self) -> Mapping[str, tuple[str, ...]]:
        spelled = [name for name in self.variables if not self.codes(name)]
        return _index(self._members(spelled, lambda key, text: (key,)))

    @cached_property
    def _by_category_label(self) -> Mapping[str, tuple[str, ...]]:
        derived = self.study.codebook.derived
        classed = [name for name in derived if not self.codes(name)]
        return _index(
            self._members([*self.sorting, *classed], lambda key, text: (text.nl, text.en))
        )

    @cached_property
    def _spoken(self) -> dict[str, str]:
        texts = {name: name for name in self.variables}
        texts |= {key: key for variable in self.sorting for key, _ in self.categories(variable)}
        return {**{w: name for name in self.variables for w in self._words(name)}, **texts}

    def _words(self, variable: str) -> tuple[str, ...]:
        """Return what a variable is called: in lists, and inside sentences."""
        texts = (self.label(variable), self.phrase(variable))
        return tuple(dict.fromkeys(word for text in texts for word in (text.nl, text.en)))

    def _members(
        self, variables: Iterable[str], words: Callable[[str, Text], tuple[str, ...]]
    ) -> list[tuple[str, str]]:
        return [
            (word, f"{variable}{FOUND_IN}{key}")
            for variable in variables
            for key, text in self.categories(variable)
            for word in words(key, text)
        ]


def _index(pairs: Iterable[tuple[str, str]]) -> dict[str, tuple[str, ...]]:
    """Collect, per word as it is compared, what it can mean."""
    found: dict[str, dict[str, None]] = {}
    for word, meaning in pairs:
        found.setdefault(folded(word), {})[meaning] = None
    return {word: tuple(meanings) for word, meanings in found.items()}


def _nearest(word: str, meanings: Mapping[str, str]) -> tuple[str, ...]:
    """List what the nearest spellings mean: those that are alike as a whole before a part."""
    found = [
        hit
        for scorer, least in ((fuzz.ratio, ALIKE), (fuzz.WRatio, ALIKE_IN_PART))
        for hit in process.extract(
            word,
            list(meanings),
            scorer=scorer,
            processor=utils.default_process,
            score_cutoff=least,
            limit=4 * NEAREST,
        )
    ]
    return tuple(dict.fromkeys(meanings[text] for text, *_ in found))[:NEAREST]
