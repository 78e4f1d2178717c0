"""The parts of a sidecar that are rules about respondents: careless answering, and weights.

Part of the schema of ``wave.yaml``; :mod:`mobiliteit.descriptor_schema` has the rest, and hands
these on.
"""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class _CarelessRule(_Frozen):
    """What happens to those whom a rule flags: a row may be flagged by several rules."""

    action: Literal["flag", "exclude"] = "flag"


class Speeders(_CarelessRule):
    """Too quick: less than `seconds`, or less than `share_of_median` of the median duration."""

    column: str
    unit: Literal["seconds", "minutes", "milliseconds"] = "seconds"
    seconds: float | None = Field(default=None, gt=0)
    share_of_median: float | None = Field(default=None, gt=0, lt=1)

    @model_validator(mode="after")
    def _one_limit(self) -> Speeders:
        if (self.seconds is None) == (self.share_of_median is None):
            raise ValueError("give one of `seconds` and `share_of_median`")
        return self


class StraightLining(_CarelessRule):
    """The same answer to every item of at least `blocks` answer blocks of `min_items` or more.

    A block is a run of items with the same response scale, in the order of the file.
    """

    min_items: int = Field(default=5, ge=3)
    blocks: int = Field(default=1, ge=1)


class LongString(_CarelessRule):
    """A run of at least `items` identical answers in a row, over items in the order of the file."""

    items: int = Field(ge=4)


class InconsistentItems(_CarelessRule):
    """Reversed items answered the same way as the items that they contradict.

    Per scale with reversed items: the mean of the (unreversed) answers to the others and to the
    mirrored reversed ones differ by at least `difference` scale points; flagged when that is so in
    at least `scales` scales.
    """

    difference: float = Field(gt=0)
    scales: int = Field(default=1, ge=1)


class DuplicateAnswers(_CarelessRule):
    """Two respondents with the same answers to all questions, of which `min_answered` or more."""

    min_answered: int = Field(default=20, ge=5)


class Careless(_Frozen):
    """Rules for careless answering; a rule that is not named is not applied.

    `exclude_from_flags`: respondents flagged by at least this many rules are excluded, whatever the
    action of each rule.
    """

    speeders: Speeders | None = None
    straight_lining: StraightLining | None = None
    long_string: LongString | None = None
    inconsistent: InconsistentItems | None = None
    duplicates: DuplicateAnswers | None = None
    exclude_from_flags: int | None = Field(default=None, ge=1)


class Raking(_Frozen):
    """Weights made here: raked to the margins of a population.

    Attributes
    ----------
    margins : str
        A CSV file beside the sidecar with columns ``variable, category, share`` (shares or counts
        of the population; categories by value id, code or label).
    source : str
        Where the margins come from.
    trim : tuple of float, optional
        Smallest and largest weight, relative to the mean weight of 1.
    tolerance : float
        Largest difference of a weighted share from its margin at which raking stops.
    max_iterations : int
        Raking that has not converged by then is an error.
    """

    margins: str
    source: str
    trim: tuple[float, float] | None = None
    tolerance: float = Field(default=1e-8, gt=0, lt=0.01)
    max_iterations: int = Field(default=200, ge=1)

    @model_validator(mode="after")
    def _trim_holds_one(self) -> Raking:
        if self.trim is not None and not 0 <= self.trim[0] < 1 < self.trim[1]:
            raise ValueError("`trim` runs from below 1 to above 1, the mean weight")
        return self


class Weighting(_Frozen):
    """The survey design: a weight column, raking, or both (raking from the column's weights).

    `stratum` and `cluster` name source columns, where the sample was drawn that way.
    """

    column: str | None = None
    rake: Raking | None = None
    stratum: str | None = None
    cluster: str | None = None

    @model_validator(mode="after")
    def _something(self) -> Weighting:
        if self.column is None and self.rake is None:
            raise ValueError("give `column`, `rake` or both")
        return self
