"""What the codebook says of a variable: its level, its categories, and what it is made of.

The ground of :class:`mobiliteit.asking.lexicon.Lexicon`, which adds words.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

from mobiliteit.asking.question import split_name
from mobiliteit.claims.terms import Text
from mobiliteit.study import Study
from mobiliteit.study_schema import Level

Kind = Literal["number", "two", "many"]


@dataclass(frozen=True)
class Vocabulary:
    """The variables of a study.

    Attributes
    ----------
    study : Study
        The study.
    """

    study: Study

    @property
    def group(self) -> str:
        """The variable that says which mobility group somebody is in."""
        return self.study.segments.group_variable.id

    @property
    def segment(self) -> str:
        """The variable that says which mobility segment somebody is in."""
        return self.study.segments.segment_variable.id

    @cached_property
    def variables(self) -> tuple[str, ...]:
        """All variables: those that sort people, then per role in codebook order."""
        book = self.study.codebook
        roles = {name: entry.role for name, entry in book.variables.items()}
        roles |= {name: entry.role for name, entry in book.derived.items()}
        by_role = [name for role in book.roles for name, own in roles.items() if own == role]
        return (self.group, self.segment, *by_role)

    def level(self, name: str) -> Level:
        """Return the measurement level of a name; ``variable=category`` is binary."""
        variable, category = split_name(name)
        if category:
            return "binary"
        return "nominal" if variable in self.sorting else self.study.codebook.level(variable)

    def kind(self, name: str) -> Kind:
        """Say what a model makes of a name.

        Parameters
        ----------
        name : str
            A name.

        Returns
        -------
        {'number', 'two', 'many'}
            ``number``: interval, and ordinal answers with codes, which count as numbers. ``two``:
            two categories, or in a category or not. ``many``: more categories than two.
        """
        variable, category = split_name(name)
        if category:
            return "two"
        categories = self.categories(variable)
        if len(categories) == 2:
            return "two"
        return "many" if categories and not self.codes(variable) else "number"

    def categories(self, variable: str) -> tuple[tuple[str, Text], ...]:
        """Return the ids and labels of what an answer can be; empty for numbers.

        An id is the value id of the clean frame; for answers that are codes there (binary and
        ordinal questions), the code as text.
        """
        return self._categories.get(variable, ())

    def codes(self, variable: str) -> dict[str, float]:
        """Return the number in the clean frame per category id; empty where it holds the ids."""
        book = self.study.codebook
        if variable in book.derived:
            classes = book.derived[variable].classes
            return {str(c.code): float(c.code) for c in classes.values() if c.code is not None}
        if variable not in book.variables or self.level(variable) in ("nominal", "interval"):
            return {}
        return {str(code): float(code) for code in book.answers(variable).values}

    def bounds(self, variable: str) -> tuple[float, float] | None:
        """Return the lowest and highest number that an answer can be; None for categories."""
        book = self.study.codebook
        if variable in book.derived and book.derived[variable].kind == "mean":
            found = [self.bounds(source) for source in book.derived[variable].of]
            reach = [bound for bound in found if bound]
            return min(low for low, _ in reach), max(high for _, high in reach)
        codes = self.codes(variable)
        if codes:
            return min(codes.values()), max(codes.values())
        if variable not in book.variables or self.level(variable) == "nominal":
            return None
        answers = book.answers(variable)
        return answers.range or (float(min(answers.values)), float(max(answers.values)))

    def unit(self, variable: str) -> Text:
        """Return the unit of an open number; empty texts where there is none."""
        book = self.study.codebook
        if variable not in book.variables:
            return Text(nl="", en="")
        answers = book.answers(variable)
        return Text(nl=answers.unit_nl or "", en=answers.unit_en or "")

    def category_label(self, variable: str, category: str) -> Text:
        """Return the label of a category; its id where there is no such category."""
        return dict(self.categories(variable)).get(category) or Text(nl=category, en=category)

    def category_id(self, variable: str, code: int | str) -> str:
        """Return the id of a category by its code or value id, as the study's files write it."""
        book = self.study.codebook
        values = book.answers(variable).values if variable in book.variables else {}
        label = values.get(code) if isinstance(code, int) else None
        nominal = label is not None and self.level(variable) == "nominal"
        return (label.id if nominal and label else None) or str(code)

    def derives_from(self, variable: str) -> frozenset[str]:
        """Return what a variable is made of, itself included.

        For what sorts people: the questions that its rules want a certain answer to, but for those
        that they also compare with another question.
        """
        rules = self.study.segments
        if variable in self.sorting:
            conditions = [one for segment in rules.segments.values() for one in segment.when]
            compared = {name for one in conditions if not one.is_ for name in one.variables}
            asked = {name for one in conditions if one.is_ for name in one.variables}
            return frozenset({variable, *self.sorting, *(asked - compared)})
        derived = self.study.codebook.derived
        return frozenset({variable, *(derived[variable].of if variable in derived else ())})

    def classes_of(self, variable: str) -> tuple[str, ...]:
        """List the classed variables that are made of a variable."""
        derived = self.study.codebook.derived
        return tuple(
            name for name, entry in derived.items() if entry.classes and variable in entry.of
        )

    @property
    def sorting(self) -> tuple[str, str]:
        """The two variables that the segment rules make."""
        return self.group, self.segment

    @cached_property
    def _categories(self) -> Mapping[str, tuple[tuple[str, Text], ...]]:
        return {name: self._find_categories(name) for name in self.variables}

    def _find_categories(self, variable: str) -> tuple[tuple[str, Text], ...]:
        book = self.study.codebook
        if variable in book.variables:
            answers = book.answers(variable)
            if self.level(variable) == "interval":
                return ()
            if answers.level != "nominal":
                return tuple(
                    (str(code), Text(nl=label.nl, en=label.en))
                    for code, label in answers.values.items()
                )
        elif variable in book.derived:
            classes = book.derived[variable].classes
            return tuple(
                (key if c.code is None else str(c.code), Text(nl=c.nl, en=c.en))
                for key, c in classes.items()
            )
        named = self.study.categories(variable)
        return tuple((key, Text(nl=nl, en=en)) for key, (nl, en) in named.items())

    @cached_property
    def repeats(self) -> frozenset[str]:
        """Classed variables with one class per answer of their source."""
        return frozenset(
            name
            for name, entry in self.study.codebook.derived.items()
            if entry.kind == "recode"
            and all(len(one.from_) == 1 for one in entry.classes.values())
            and len(entry.classes) == len(self.categories(entry.of[0]))
        )
