"""What a statement about the text speaks of: lines, cells, coefficients and numbers of the text.

A *line* is a row of a table over its groups, a factor's classes in a column of a table, the counts
of a frequency table, or a comparison that no table prints. Numbers are strings with a decimal
comma, at the precision of the text.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from mobiliteit.study_schema import Conditions, Name

Number = Annotated[str, Field(pattern=r"^-?\d+(,\d+)?$")]


class Frozen(BaseModel):
    """A part of the file with claims: read-only, without unknown fields."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Text(Frozen):
    """The same in Dutch and in English."""

    nl: str
    en: str


class Line(Frozen):
    """A series of numbers that can be compared, one per position.

    ``table`` and ``row``: a row over the groups of a group table. ``table``, ``factor`` and
    ``column``: the classes of a factor in a class table. ``table`` and ``column``: the categories
    of a frequency table. ``variable``, ``by`` and ``sample``: a comparison that no table prints.
    """

    table: Name | None = None
    row: str | None = None
    factor: str | None = None
    column: str | None = None
    variable: str | None = None
    by: str | None = None
    sample: Conditions = Field(default_factory=dict)

    @model_validator(mode="after")
    def _one_kind(self) -> Line:
        given = {
            name
            for name in ("table", "row", "factor", "column", "variable", "by")
            if getattr(self, name) is not None
        }
        kinds = (
            {"table", "row"},
            {"table", "factor", "column"},
            {"table", "column"},
            {"variable", "by"},
        )
        if given not in kinds or (self.sample and "variable" not in given):
            raise ValueError(
                "give `table` with `row`, with `factor` and `column`, or with `column`; "
                "or `variable` with `by` (and `sample`)"
            )
        return self

    @property
    def printed(self) -> bool:
        """Whether a table prints it."""
        return self.table is not None

    def key(self, position: str) -> tuple[str, str, str]:
        """Table, row and column of the cell that a table prints at a position."""
        table, column = self.table or "", self.column or ""
        if self.row is not None:
            return table, self.row, position
        if self.factor is not None:
            return table, f"{self.factor}_{position}", column
        return table, position, column


class Cell(Frozen):
    """One cell of a table, by its keys in ``tables.yaml``."""

    table: Name
    row: str
    column: str

    @property
    def key(self) -> tuple[str, str, str]:
        """Table, row and column."""
        return self.table, self.row, self.column

    @property
    def subject(self) -> str:
        """The cell as the subject of a part of a verdict."""
        return f"{self.table} {self.row} / {self.column}"


class TextCell(Cell):
    """A cell with the number that the text gives for it.

    ``shift`` is added to the cell first; ``within`` widens what counts as agreement where the text
    speaks in words ("almost a quarter").
    """

    value: Number
    shift: Number = "0"
    within: Number | None = None


class SignedCell(Cell):
    """A coefficient with the sign that the text gives it."""

    sign: Literal["+", "-"]


def text_number(text: str) -> Decimal:
    """Return a number of the text exactly."""
    return Decimal(text.replace(",", "."))


def text_reach(text: str, within: str | None = None) -> tuple[Decimal, Decimal]:
    """Return the numbers that the text can mean: from (included) and to (excluded).

    Half a unit of its last digit on either side, or `within` where the claim gives that.
    """
    number = text_number(text)
    half = text_number(within) if within else Decimal("0.5").scaleb(-_decimals(text))
    return number - half, number + half


def _decimals(text: str) -> int:
    return len(text.partition(",")[2])
