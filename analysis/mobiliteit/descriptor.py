"""The sidecar of a wave: ``wave.yaml`` beside the raw file, and how it maps onto the codebook.

A sidecar says who made the file, under what licence, with which checksum; which rows are no
respondents; which source column is which variable of the codebook; and every value corrected by
hand.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from mobiliteit.errors import Problem, WaveError
from mobiliteit.study import Study, read_checked
from mobiliteit.study_schema import Column

SIDECAR = "wave.yaml"
Text = Annotated[str, BeforeValidator(lambda value: str(value) if value is not None else value)]


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class RawFile(_Frozen):
    """The raw file: name beside the sidecar, checksum and number of rows."""

    name: str
    sha256: str = Field(pattern=r"^[0-9a-f]{64}$")
    rows: int = Field(gt=0)


class Generator(_Frozen):
    """What drew a synthetic wave."""

    name: str
    version: Text
    seed: int


class ExclusionRule(_Frozen):
    """Rows that are no respondents: `column` holds one of the codes `is`."""

    reason: str
    nl: str
    en: str
    column: str
    is_: list[int] = Field(alias="is")


class InclusionRule(_Frozen):
    """Codes of the rows that are respondents; what no rule names is an error."""

    column: str
    is_: list[int] = Field(alias="is")


class IdenticalRows(_Frozen):
    """Records delivered twice: of rows alike in every column, the first is kept."""

    action: Literal["drop"]
    reason: str
    nl: str
    en: str


class SourceColumn(_Frozen):
    """Which codebook column a source column is, and how its codes translate."""

    variable: str
    recode: dict[int, int] = {}


def _short_form(value: object) -> object:
    return {"variable": value} if isinstance(value, str) else value


class Correction(_Frozen):
    """One value replaced by hand, with the reason.

    `to` is the value the source should have held; None makes it missing, for `missing_reason`.
    """

    respondent: Text
    column: str
    value: float
    to: float | None
    missing_reason: str | None = None
    reason: str


class Descriptor(_Frozen):
    """A wave's sidecar."""

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
    file: RawFile
    generator: Generator | None = None
    respondent: str
    exclude: list[ExclusionRule] = []
    include: InclusionRule | None = None
    identical_rows: IdenticalRows | None = None
    columns: dict[str, Annotated[SourceColumn, BeforeValidator(_short_form)]]
    ignore: dict[str, str] = {}
    absent: dict[str, str] = {}
    corrections: list[Correction] = []

    @property
    def selection_columns(self) -> list[str]:
        """Source columns that decide which rows are respondents."""
        columns = [rule.column for rule in self.exclude]
        return columns + ([self.include.column] if self.include else [])

    @property
    def source_of(self) -> dict[str, str]:
        """Codebook column to source column."""
        return {entry.variable: source for source, entry in self.columns.items()}


def load_descriptor(directory: Path, study: Study) -> Descriptor:
    """Read a wave's sidecar and hold it against the codebook.

    Parameters
    ----------
    directory : Path
        Folder of the wave, ``data_raw/<wave>``.
    study : Study
        Whose codebook the columns refer to.

    Returns
    -------
    Descriptor
        Every codebook column is mapped once, or listed under `absent` with a reason.

    Raises
    ------
    WaveError
        The folder is not there, or the sidecar does not fit the codebook.
    StudyError
        The sidecar is missing or does not fit its schema.
    """
    if not directory.is_dir():
        waves = sorted(path.parent.name for path in directory.parent.glob(f"*/{SIDECAR}"))
        have = f"there are: {', '.join(waves)}" if waves else "there is none yet"
        raise WaveError(
            f"There is no wave {directory.name}.",
            [Problem(f"the folder {directory} does not exist", f"Name another wave; {have}.")],
        )
    descriptor = read_checked(directory / SIDECAR, Descriptor)
    problems = list(_problems(descriptor, study, directory))
    if problems:
        raise WaveError(f"The sidecar of wave {descriptor.wave} does not fit.", problems)
    return descriptor


def _problems(descriptor: Descriptor, study: Study, directory: Path) -> Iterator[Problem]:
    def problem(what: str, remedy: str, column: str | None = None) -> Problem:
        return Problem(what, remedy, wave=descriptor.wave, file=SIDECAR, column=column)

    if descriptor.wave != directory.name:
        yield problem(
            f"the sidecar names wave {descriptor.wave}, its folder is {directory.name}",
            "Give both the same name.",
        )
    if descriptor.synthetic and not (descriptor.synthetic_note_nl and descriptor.synthetic_note_en):
        yield problem(
            "a synthetic wave without a note that says so",
            "Fill in synthetic_note_nl and synthetic_note_en.",
        )
    columns = {column.name: column for column in study.codebook.columns()}
    known = set(columns)
    mapped = [entry.variable for entry in descriptor.columns.values()]
    for source, entry in descriptor.columns.items():
        if entry.variable not in known:
            yield problem(
                f"it maps to {entry.variable!r}, which is not in the codebook",
                "Correct the name, or move the column to `ignore`.",
                source,
            )
        elif mapped.count(entry.variable) > 1:
            yield problem(
                f"{entry.variable} is mapped more than once", "Keep one source column.", source
            )
        else:
            yield from (
                problem(what, "Correct the recode.", source)
                for what in _recode_problems(entry, columns[entry.variable])
            )
    for source in sorted(set(descriptor.columns) & set(descriptor.ignore)):
        yield problem("it is both mapped and ignored", "Remove one of the two.", source)
    for name in sorted(known - set(mapped) - set(descriptor.absent)):
        yield problem(
            f"no source column is mapped to {name}",
            "Map one under `columns`, or list it under `absent` with the reason.",
        )
    for name in sorted(set(descriptor.absent) & set(mapped)):
        yield problem(f"{name} is both mapped and absent", "Remove one of the two.")
    for name in sorted(set(descriptor.absent) - known):
        yield problem(f"`absent` lists {name}, which is not in the codebook", "Correct the name.")
    for correction in descriptor.corrections:
        if correction.column not in descriptor.columns:
            yield problem(
                "a correction of a column that is not mapped", "Correct it.", correction.column
            )
        reasons = study.codebook.missing_reasons
        if (correction.to is None) != (correction.missing_reason in reasons):
            yield problem(
                "a correction needs either `to`, or `to: null` with a missing_reason out of "
                + ", ".join(reasons),
                "Complete the entry.",
                correction.column,
            )


def _recode_problems(entry: SourceColumn, column: Column) -> Iterator[str]:
    """Say which source codes of a recode can never arrive, and which targets are no answers."""
    for code, target in entry.recode.items():
        low, high = column.bounds
        valid = low <= target <= high if column.range else target in column.values
        if not valid:
            yield f"it recodes {code} to {target}, which is no answer to {column.variable}"
        if code in column.missing:
            yield f"it recodes {code}, which is a missing code of {column.variable}"
