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

from mobiliteit.descriptor_rules import Careless as Careless
from mobiliteit.descriptor_rules import DuplicateAnswers as DuplicateAnswers
from mobiliteit.descriptor_rules import InconsistentItems as InconsistentItems
from mobiliteit.descriptor_rules import LongString as LongString
from mobiliteit.descriptor_rules import Raking as Raking
from mobiliteit.descriptor_rules import Speeders as Speeders
from mobiliteit.descriptor_rules import StraightLining as StraightLining
from mobiliteit.descriptor_rules import Weighting as Weighting


def _as_text(value: object) -> object:
    # nothing else: the text of a list that YAML repeats by reference can fill all memory
    written = isinstance(value, int | float | date) and not isinstance(value, bool)
    return str(value) if written else value


Text = Annotated[str, BeforeValidator(_as_text)]


def _a_code(value: object) -> object:
    if isinstance(value, bool):
        raise ValueError(
            "YAML reads an unquoted yes, no, on, off, true or false as a truth value; "
            'put it in quotes, such as "yes"'
        )
    if not isinstance(value, int | float | str):
        raise ValueError("a code is a number or a text; put anything else in quotes")
    return value


# A code as the supplier writes it: a number, or a text such as "ja" or ".a". Strict, because a
# truth value must not pass for 1 or 0.
Code = Annotated[StrictInt | StrictFloat | StrictStr, BeforeValidator(_a_code)]
ITEM = "#"
"""Stands for the number of an item: ``Q12_#: netwerken_#`` maps all items of a scale."""
ANY = "*"
"""In `ignore`, stands for any text: ``timer_*``."""
PLACEHOLDER = "invullen"
"""What ``wave new`` writes where only the researcher knows; ``wave check`` refuses it."""


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
    `nothing_ticked` says. An empty cell is unticked where `unticked` lists no codes (or lists the
    empty text); where it lists some, an empty cell is no answer.
    """

    kind: Literal["columns"]
    columns: dict[str, str | StrictInt] = Field(min_length=1)
    variable: str | None = None
    ticked: list[Code] = Field(min_length=1)
    unticked: list[Code] = []
    none: str | None = None
    # an unquoted no is a truth value in YAML; here it can mean only one thing
    nothing_ticked: Annotated[
        Literal["missing", "no"], BeforeValidator(lambda value: "no" if value is False else value)
    ]

    @model_validator(mode="after")
    def _targets_fit(self) -> TickColumns:
        wanted = str if self.variable is None else int
        if any(not isinstance(target, wanted) for target in self.columns.values()):
            raise ValueError(
                "`columns` maps to codebook columns, or with `variable` to its codes (numbers)"
            )
        if self.variable is not None and (self.nothing_ticked == "no" or self.none is not None):
            raise ValueError(
                "with `variable`, who ticked nothing has no answer: say `missing`, without `none`"
            )
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
    def process_columns(self) -> list[str]:
        """Source columns that `careless` and `weights` name, which are no answers."""
        speeders = self.careless.speeders if self.careless else None
        design = self.weights
        named = [speeders.column] if speeders else []
        if design is not None:
            named += [name for name in (design.column, design.stratum, design.cluster) if name]
        return list(dict.fromkeys(named))

    @property
    def rescaled(self) -> dict[str, tuple[float, float]]:
        """Codebook columns carried over from another scale, with the ends of that scale."""
        entries = self.columns.values()
        return {entry.variable: entry.rescale for entry in entries if entry.rescale is not None}

    @property
    def sources_of(self) -> dict[str, tuple[str, ...]]:
        """Codebook column to the source columns that answer it.

        One column, but for a question with one answer that was delivered as a column per answer;
        the options of a delivered list share their one source column.
        """
        found: dict[str, tuple[str, ...]] = {}
        for source, entry in self.columns.items():
            found[entry.variable] = (source,)
        for multi in self.multi_select:
            if isinstance(multi, TickList):
                targets = [target for target in multi.options.values() if target is not None]
                found |= dict.fromkeys(targets, (multi.column,))
            elif multi.variable is not None:
                found[multi.variable] = tuple(multi.columns)
            else:
                found |= {str(target): (source,) for source, target in multi.columns.items()}
        return found

    @property
    def source_of(self) -> dict[str, str]:
        """Codebook column to source column: the first of :attr:`sources_of`."""
        return {name: sources[0] for name, sources in self.sources_of.items()}
