"""The schema of ``wave.yaml``, the sidecar of a raw file: all that a researcher may write there.

Frozen pydantic models, one per kind of entry; an unknown key is an error. How a sidecar is read and
held against the codebook is in :mod:`mobiliteit.descriptor`.
"""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StrictFloat,
    StrictInt,
    StrictStr,
    model_validator,
)

Text = Annotated[str, BeforeValidator(lambda value: str(value) if value is not None else value)]
# A code as the supplier writes it: a number, or a text such as "ja" or ".a". Strict, because YAML
# reads an unquoted yes or no as a truth value, which must not pass for 1 or 0.
Code = StrictInt | StrictFloat | StrictStr
ITEM = "#"
"""Stands for the number of an item: ``Q12_#: netwerken_#`` maps all items of a scale."""
ANY = "*"
"""In `ignore`, stands for any text: ``timer_*``."""


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class CsvOptions(_Frozen):
    """How a text file is written. What is left out is found, and shown by ``wave check``."""

    encoding: str | None = None
    separator: str | None = Field(default=None, min_length=1, max_length=1)
    decimal: Literal[",", "."] | None = None
    thousands: Literal[".", ",", " ", "'"] | None = None


class ExcelOptions(_Frozen):
    """Which sheet holds the answers, and how many rows of headers it has.

    With several header rows the last one names the columns and the others are their labels, unless
    `names_row` (counted from 1) says which row names them.
    """

    sheet: str | None = None
    header_rows: int = Field(default=1, ge=1, le=10)
    names_row: int | None = Field(default=None, ge=1)


class RawFile(_Frozen):
    """The raw file: name beside the sidecar, checksum, number of rows, and how to read it."""

    name: str
    sha256: str = Field(pattern=r"^[0-9a-f]{64}$")
    rows: int = Field(gt=0)
    csv: CsvOptions | None = None
    excel: ExcelOptions | None = None


class Generator(_Frozen):
    """What drew a synthetic wave."""

    name: str
    version: Text
    seed: int


class Respondent(_Frozen):
    """The column with person ids.

    Ids of a real wave are hashed with the salt in ``data_raw/salt.txt``, which stays with the
    researcher. A synthetic wave may publish its `salt`; without one its ids stay as they are.
    """

    column: str
    salt: str | None = Field(default=None, min_length=8)


class ExclusionRule(_Frozen):
    """Rows that are no respondents: `column` holds one of the codes `is`."""

    reason: str
    nl: str
    en: str
    column: str
    is_: list[Code] = Field(alias="is")


class InclusionRule(_Frozen):
    """Codes of the rows that are respondents; what no rule names is an error."""

    column: str
    is_: list[Code] = Field(alias="is")


class IdenticalRows(_Frozen):
    """Records delivered twice: of rows alike in every column, the first is kept."""

    action: Literal["drop"]
    reason: str
    nl: str
    en: str


class SourceColumn(_Frozen):
    """Which codebook column a source column is, and how its codes translate.

    Attributes
    ----------
    variable : str
        A column of the codebook.
    recode : dict
        Source code or text to codebook code. A code that is not listed is an error. Texts match
        after trimming, whatever their case.
    missing : dict, optional
        Source code or text to a missing reason of the codebook; replaces the codebook's own missing
        codes (and the sidecar's `missing`) for this column.
    rescale : tuple of float, optional
        Lowest and highest answer of the source's own scale, such as (1, 7): answers are carried
        over linearly to the codebook's scale, and everything made from them is marked.
    reversed : bool
        The supplier coded this column the other way round: low + high - x.
    """

    variable: str
    recode: dict[Code, int] = {}
    missing: dict[Code, str] | None = None
    rescale: tuple[float, float] | None = None
    reversed: bool = False

    @model_validator(mode="after")
    def _one_translation(self) -> SourceColumn:
        if self.rescale is not None and self.recode:
            raise ValueError("give `recode` or `rescale`, not both")
        if self.rescale is not None and not self.rescale[0] < self.rescale[1]:
            raise ValueError("`rescale` runs from the lowest to the highest answer")
        return self


def _short_form(value: object) -> object:
    return {"variable": value} if isinstance(value, str) else value


def _short_respondent(value: object) -> object:
    return {"column": value} if isinstance(value, str) else value


class TickColumns(_Frozen):
    """A question with several answers, delivered as one column per answer.

    `columns` maps each source column to the yes-or-no codebook column that its tick answers; with
    `variable` the question has one answer, and `columns` maps each source column to its code.
    Whoever ticked nothing (and not `none`) has no answer, or answered no throughout, as
    `nothing_ticked` says.
    """

    kind: Literal["columns"]
    columns: dict[str, str | StrictInt] = Field(min_length=1)
    variable: str | None = None
    ticked: list[Code] = Field(min_length=1)
    unticked: list[Code] = []
    none: str | None = None
    nothing_ticked: Literal["missing", "no"]

    @model_validator(mode="after")
    def _targets_fit(self) -> TickColumns:
        wanted = str if self.variable is None else int
        if any(not isinstance(target, wanted) for target in self.columns.values()):
            raise ValueError(
                "`columns` maps to codebook columns, or with `variable` to its codes (numbers)"
            )
        if self.variable is not None and self.nothing_ticked == "no":
            raise ValueError("with `variable`, who ticked nothing has no answer: say `missing`")
        return self


class TickList(_Frozen):
    """A question with several answers, delivered as one text such as ``1;4;7``.

    `options` maps each part of the text to the yes-or-no codebook column that it answers, or to
    null for an answer that the study does not use. `none` lists the texts that mean "none of
    these"; an empty text is a missing answer.
    """

    kind: Literal["list"]
    column: str
    separator: str = Field(min_length=1)
    options: dict[Code, str | None] = Field(min_length=1)
    none: list[Code] = []
    missing: dict[Code, str] = {}


MultiSelect = Annotated[TickColumns | TickList, Field(discriminator="kind")]


class Correction(_Frozen):
    """One value replaced by hand, with the reason.

    `respondent` and `value` are as the supplier wrote them, before hashing and translation. `to` is
    the value the source should have held; None makes it missing, for `missing_reason`.
    """

    respondent: Text
    column: str
    value: Code
    to: Code | None
    missing_reason: str | None = None
    reason: str


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


class PlantedChange(_Frozen):
    """A change that the generator of a synthetic wave put in on purpose."""

    id: str
    nl: str
    en: str


class Descriptor(_Frozen):
    """A wave's sidecar.

    Every column of the file stands in exactly one of `respondent`, `columns`, `multi_select`,
    `identifiers` (dropped before anything else happens), `ignore`, or a rule that names it;
    every column of the codebook is mapped once or stands in `absent` with a reason.
    `not_identifying` lists columns that look like an identifier and are none, with the reason.
    """

    wave: Text
    year: int
    title_nl: str
    title_en: str
    producer: str
    licence: str
    date: date
    synthetic: bool
    synthetic_note_nl: str = ""
    synthetic_note_en: str = ""
    planted: list[PlantedChange] = []
    file: RawFile
    generator: Generator | None = None
    respondent: Annotated[Respondent, BeforeValidator(_short_respondent)]
    identifiers: dict[str, str] = {}
    not_identifying: dict[str, str] = {}
    exclude: list[ExclusionRule] = []
    include: InclusionRule | None = None
    identical_rows: IdenticalRows | None = None
    missing: dict[Code, str] = {}
    columns: dict[str, Annotated[SourceColumn, BeforeValidator(_short_form)]]
    multi_select: list[MultiSelect] = []
    ignore: dict[str, str] = {}
    absent: dict[str, str] = {}
    corrections: list[Correction] = []
    careless: Careless | None = None
    weights: Weighting | None = None

    @property
    def selection_columns(self) -> list[str]:
        """Source columns that decide which rows are respondents."""
        columns = [rule.column for rule in self.exclude]
        return columns + ([self.include.column] if self.include else [])

    @property
    def source_of(self) -> dict[str, str]:
        """Codebook column to source column."""
        return {entry.variable: source for source, entry in self.columns.items()}
