"""What :func:`mobiliteit.hints.check` returns."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from mobiliteit.claims.terms import Text
from mobiliteit.hints.conventions import Convention
from mobiliteit.hints.recipe import Key
from mobiliteit.tables import TableResult

COLUMNS = (
    "row", "column", "statistic", "given", "value", "decimals", "computed", "agrees", "cause",
    "stars", "computed_stars", "wave", "synthetic",
)  # fmt: skip
Choice = tuple[Convention, ...]


@dataclass(frozen=True)
class Explanation:
    """A likely cause, and the numbers that it reproduces.

    Attributes
    ----------
    conventions : tuple of Convention
        One, or several at once.
    alternatives : tuple of tuple of Convention
        Others, as many at once, that reproduce the same numbers.
    keys : tuple of Key
        The student's numbers that differ from the computed ones and are what these give.
    certain : bool
        Whether so many digits agree that chance is no likely explanation.
    """

    conventions: Choice
    alternatives: tuple[Choice, ...]
    keys: tuple[Key, ...]
    certain: bool

    @property
    def id(self) -> str:
        """The conventions by their ids, joined by " + "."""
        return " + ".join(convention.id for convention in self.conventions)


@dataclass(frozen=True)
class Hints:
    """A student's numbers against the computed ones. Displays itself as HTML in a notebook.

    Attributes
    ----------
    result : TableResult
        The table as computed from the wave; published numbers play no part.
    frame : pandas.DataFrame
        One row per number given, columns :data:`COLUMNS`: `given` as it was written, `value` the
        number, `decimals` to how many they are compared, `computed` unrounded, `cause` the
        :attr:`Explanation.id` (empty where the number agrees, or where no cause is known), `stars`
        and `computed_stars` empty for none, and missing where they were not compared: when no stars
        were given at all, where the number itself differs, or where it has no test.
    explanations : tuple of Explanation
        The one that explains most first.
    notes : tuple of Text
        What was done to read the frame, and what could not be tried.
    tried : int
        How many conventions and pairs of them were tried.
    stars_cause : Text or None
        What would give all stars as they were given; None where they agree, or nothing known does.
    """

    result: TableResult
    frame: pd.DataFrame
    explanations: tuple[Explanation, ...]
    notes: tuple[Text, ...]
    tried: int
    stars_cause: Text | None = None

    @property
    def agrees(self) -> bool:
        """Whether all numbers agree, and all stars that could be compared."""
        return bool(self.frame["agrees"].all()) and not len(self.other_stars)

    @property
    def starred(self) -> pd.DataFrame:
        """The numbers whose stars were compared."""
        return self.frame[self.frame["stars"].notna()]

    @property
    def other_stars(self) -> pd.DataFrame:
        """The numbers that agree while their stars do not."""
        return self.starred[self.starred["stars"] != self.starred["computed_stars"]]

    @property
    def unexplained(self) -> pd.DataFrame:
        """The numbers that differ and that no known convention gives."""
        return self.frame[~self.frame["agrees"] & (self.frame["cause"] == "")]

    def summary(self) -> pd.DataFrame:
        """Count the numbers per cause.

        Returns
        -------
        pandas.DataFrame
            Index: ``agrees``, the cause of each explanation, ``unknown``; column ``numbers``.
        """
        counts = {"agrees": int(self.frame["agrees"].sum())}
        counts |= {entry.id: len(entry.keys) for entry in self.explanations}
        counts["unknown"] = len(self.unexplained)
        return pd.DataFrame({"numbers": counts}).rename_axis("cause")

    def say(self, lang: str = "nl") -> str:
        """Say in words what agrees, what differs, and what the likely cause is.

        Parameters
        ----------
        lang : {'nl', 'en'}
            Language.

        Returns
        -------
        str
            Paragraphs, one a line.

        Raises
        ------
        AnalysisError
            There is no such language.
        """
        from mobiliteit.hints.words import sentences

        return "\n".join(sentences(self, lang))

    def _repr_html_(self) -> str:
        from mobiliteit.hints.words import hints_html

        return hints_html(self)
