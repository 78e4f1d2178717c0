"""How a table is computed, as a list of choices; a convention is a change of one of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, NamedTuple

Conditions = tuple[tuple[str, tuple[str, ...]], ...]
SIGNIFICANT = "significant"


class Key(NamedTuple):
    """Which number of a table: its row, its column, and the statistic that stands there."""

    row: str
    column: str
    statistic: str


@dataclass(frozen=True)
class Recipe:
    """All choices behind the numbers of a table; the defaults are those of the house.

    Attributes
    ----------
    missing_codes : bool
        Missing codes stay in as numbers.
    reversing : {'mirror', 'none', 'top'}
        Reversed items: ``min + max - x``, as they are, or ``max - x``.
    combining : {'mean', 'sum_answered', 'sum_complete'}
        Items to a scale score: their mean, the sum of the answered ones (0 without any), or the sum
        where all are answered.
    least : {'codebook', 'any', 'all'}
        How many items must be answered for a mean.
    closed : {'left', 'right'}
        Which edge belongs to a class.
    rows : tuple of str
        Respondents that the wave leaves out and that are kept, by reason.
    filled : {'', 'zero', 'mean'}
        What stands in the place of a missing value.
    listwise : bool
        Who misses any of the variables is left out everywhere.
    sample : tuple or None
        Another sample: variable to values; None is that of the table.
    without : tuple of str
        Predictors left out.
    coefficient : str
        Kind of regression coefficient; see :mod:`mobiliteit.hints.models`.
    explained : {'r2', 'adjusted', 'r'}
        What is given as explained variance.
    percent_of : {'valid', 'all', 'answer', 'no'}
        Of those with an answer, of everybody, of those who gave this answer, or of the other one.
    centre : {'mean', 'median'}
        What stands for a mean.
    test : {'classic', 'welch', 'corrected', 'likelihood'}
        Which test of a difference.
    ddof : {1, 0}
        Sample or population standard deviation.
    swapped : tuple of str
        ``('column' or 'row', one, other)`` that changed places.
    factor : tuple of (str, float)
        Numbers of these statistics are multiplied; empty for none.
    turned : tuple of str
        Predictors that were coded the other way round.
    rounding : {'half_up', 'half_even', 'cut'}
        How the number was rounded.
    """

    missing_codes: bool = False
    reversing: Literal["mirror", "none", "top"] = "mirror"
    combining: Literal["mean", "sum_answered", "sum_complete"] = "mean"
    least: Literal["codebook", "any", "all"] = "codebook"
    closed: Literal["left", "right"] = "left"
    rows: tuple[str, ...] = ()
    filled: Literal["", "zero", "mean"] = ""
    listwise: bool = False
    sample: Conditions | None = None
    without: tuple[str, ...] = ()
    coefficient: str = "beta"
    explained: Literal["r2", "adjusted", "r"] = "r2"
    percent_of: Literal["valid", "all", "answer", "no"] = "valid"
    centre: Literal["mean", "median"] = "mean"
    test: Literal["classic", "welch", "corrected", "likelihood"] = "classic"
    ddof: Literal[0, 1] = 1
    swapped: tuple[str, ...] = ()
    factor: tuple[tuple[str, float], ...] = ()
    turned: tuple[str, ...] = ()
    rounding: Literal["half_up", "half_even", "cut"] = "half_up"

    @property
    def scoring(self) -> tuple[object, ...]:
        """The choices that decide what the respondents' scores are."""
        return (
            self.missing_codes,
            self.reversing,
            self.combining,
            self.least,
            self.closed,
            self.rows,
            self.filled,
        )
