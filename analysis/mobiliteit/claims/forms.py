"""The claims of the text as data: what is said, and what it says about the numbers, formally.

The file with claims of a study lists them. Each has a paraphrase in both languages and a
statement in one of the forms below; :func:`mobiliteit.claims.schema.load_claims` reads them and
checks that everything a statement names exists. The file holds statements, not results: numbers
that the text mentions stand in the claim itself, so that a claim can be judged on a wave without
reading any published table.

What a statement speaks of (lines, cells, coefficients and numbers) is in
:mod:`mobiliteit.claims.terms`.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field, model_validator

from mobiliteit.claims.terms import Cell, Frozen, Line, Number, SignedCell, Text, TextCell
from mobiliteit.study_schema import Conditions, Name


class Statement(Frozen):
    """What all forms have in common."""

    @property
    def lines_named(self) -> tuple[Line, ...]:
        """The lines that it speaks of."""
        return tuple(getattr(self, "lines", ()))

    @property
    def positions_named(self) -> tuple[str, ...]:
        """The positions on those lines that it names."""
        return ()

    @property
    def cells_named(self) -> tuple[Cell, ...]:
        """The cells and coefficients that it speaks of."""
        return ()


class OnLines(Statement):
    """A statement that holds for each of its lines."""

    lines: list[Line] = Field(min_length=1)


class Order(OnLines):
    """The positions from high to low, each above the next."""

    form: Literal["order"]
    order: list[str] = Field(min_length=2)

    @property
    def positions_named(self) -> tuple[str, ...]:
        """The positions in order."""
        return tuple(self.order)


class Larger(OnLines):
    """Each of `more` is above each of `less`."""

    form: Literal["larger"]
    more: list[str] = Field(min_length=1)
    less: list[str] = Field(min_length=1)

    @property
    def positions_named(self) -> tuple[str, ...]:
        """Both sides."""
        return (*self.more, *self.less)


class Extreme(OnLines):
    """One position is above (below) all others of its line."""

    form: Literal["largest", "smallest"]
    position: str

    @property
    def positions_named(self) -> tuple[str, ...]:
        """The one position."""
        return (self.position,)


class Differ(OnLines):
    """The positions differ (the test over all of them is significant)."""

    form: Literal["differ"]


class NoDifference(OnLines):
    """The positions, all of them, do not differ."""

    form: Literal["no_difference"]


class Equal(OnLines):
    """Two positions are said to be alike."""

    form: Literal["equal"]
    pair: tuple[str, str]

    @property
    def positions_named(self) -> tuple[str, ...]:
        """The two."""
        return self.pair


class Monotone(OnLines):
    """The higher the class, the higher (lower) the number."""

    form: Literal["monotone"]
    direction: Literal["up", "down"]


class Value(Statement):
    """Numbers of the text that should be those of cells."""

    form: Literal["value"]
    cells: list[TextCell] = Field(min_length=1)

    @property
    def cells_named(self) -> tuple[Cell, ...]:
        """The cells."""
        return tuple(self.cells)


class Ratio(Statement):
    """One cell is so many times another."""

    form: Literal["ratio"]
    more: Cell
    less: Cell
    value: Number

    @property
    def cells_named(self) -> tuple[Cell, ...]:
        """Both."""
        return self.more, self.less


class Compare(Statement):
    """One cell is above another; on a wave only for two explained variances of one outcome."""

    form: Literal["compare"]
    more: Cell
    less: Cell

    @property
    def cells_named(self) -> tuple[Cell, ...]:
        """Both."""
        return self.more, self.less


class Sign(Statement):
    """Coefficients are significant with a sign."""

    form: Literal["sign"]
    coefficients: list[SignedCell] = Field(min_length=1)

    @property
    def cells_named(self) -> tuple[Cell, ...]:
        """The coefficients."""
        return tuple(self.coefficients)


class NoRelation(Statement):
    """Predictors of a model have nothing to do with its outcome."""

    form: Literal["no_relation"]
    table: Name
    column: str
    rows: list[str] = Field(min_length=1)

    @property
    def cells_named(self) -> tuple[Cell, ...]:
        """The coefficients."""
        return tuple(Cell(table=self.table, row=r, column=self.column) for r in self.rows)


class Explained(Statement):
    """A model explains so many percent of variance, and whether that is significant."""

    form: Literal["explained"]
    table: Name
    column: str
    value: Number
    significant: bool | None = None


class Change(Statement):
    """Coefficients grow, shrink, stay, or do not shrink (in size) from one model to another.

    ``tolerance``: for ``stays`` and ``not_shrinks``, the change in beta that still counts as none.
    """

    form: Literal["change"]
    table: Name
    rows: list[str] = Field(min_length=1)
    before: str
    after: str
    change: Literal["grows", "shrinks", "stays", "not_shrinks"]
    tolerance: Number = "0,02"

    @property
    def cells_named(self) -> tuple[Cell, ...]:
        """Each coefficient in both models."""
        return tuple(
            Cell(table=self.table, row=row, column=column)
            for row in self.rows
            for column in (self.before, self.after)
        )


class Strongest(Statement):
    """A coefficient is the largest in size of its model."""

    form: Literal["strongest"]
    coefficient: Cell

    @property
    def cells_named(self) -> tuple[Cell, ...]:
        """The coefficient."""
        return (self.coefficient,)


class Mediation(Statement):
    """Factors are related to an outcome by way of a mediator, or are not.

    Columns of the table: `path` (mediator on factors), `total` (outcome on factors) and `direct`
    (outcome on factors and mediator).
    """

    form: Literal["mediated", "not_mediated"]
    table: Name
    factors: list[str] = Field(min_length=1)
    mediator: str
    path: str
    total: str
    direct: str

    @property
    def cells_named(self) -> tuple[Cell, ...]:
        """Every coefficient of the three steps."""
        steps = [(row, c) for row in self.factors for c in (self.path, self.total, self.direct)]
        steps.append((self.mediator, self.direct))
        return tuple(Cell(table=self.table, row=row, column=c) for row, c in steps)


class Correlation(Statement):
    """Two variables correlate: positively, negatively, or about zero. No table prints it."""

    form: Literal["correlation"]
    x: str
    y: str
    sign: Literal["+", "-", "0"]
    sample: Conditions = Field(default_factory=dict)


class Suppressor(Statement):
    """A predictor without a correlation has a coefficient by suppression. No table prints it."""

    form: Literal["suppressor"]
    coefficient: Cell

    @property
    def cells_named(self) -> tuple[Cell, ...]:
        """The coefficient."""
        return (self.coefficient,)


class Fact(Frozen):
    """A number about the respondents.

    ``share`` and ``count`` are of those with one of `values`; ``at_least`` is the share with
    `values[0]` or more. What the tables say about it, if anything: the sum of `cells` (for a share:
    over the cell `of`), or a `line` over the groups, weighted with their sizes; `complement` takes
    100 minus that line.
    """

    statistic: Literal["share", "at_least", "count", "mean", "min", "max"]
    value: Number
    values: list[Any] = Field(default_factory=list)
    within: Number | None = None
    cells: list[Cell] = Field(default_factory=list)
    of: Cell | None = None
    line: Line | None = None
    complement: bool = False

    @model_validator(mode="after")
    def _values_where_needed(self) -> Fact:
        if bool(self.values) == (self.statistic in ("mean", "min", "max")):
            raise ValueError("a share, a count and at_least need `values`; the others have none")
        if (self.cells and self.line) or (self.of and not self.cells):
            raise ValueError("give `cells` (for a share with `of`) or `line`, not both")
        return self


class Respondents(Statement):
    """Numbers about the respondents."""

    form: Literal["respondents"]
    variable: str
    facts: list[Fact] = Field(min_length=1)
    sample: Conditions = Field(default_factory=dict)

    @property
    def lines_named(self) -> tuple[Line, ...]:
        """The lines of its facts."""
        return tuple(fact.line for fact in self.facts if fact.line)

    @property
    def cells_named(self) -> tuple[Cell, ...]:
        """The cells of its facts."""
        return tuple(
            cell for fact in self.facts for cell in (*fact.cells, *([fact.of] if fact.of else []))
        )


class NotCheckable(Statement):
    """Nothing in the data can tell: a cause, a judgement, or something outside the data."""

    form: Literal["not_checkable"]
    reason: Text


AnyStatement = Annotated[
    Order
    | Larger
    | Extreme
    | Differ
    | NoDifference
    | Equal
    | Monotone
    | Value
    | Ratio
    | Compare
    | Sign
    | NoRelation
    | Explained
    | Change
    | Strongest
    | Mediation
    | Correlation
    | Suppressor
    | Respondents
    | NotCheckable,
    Field(discriminator="form"),
]


class Claim(Frozen):
    """One claim of the text.

    ``note`` says what a reader should know about it; ``cites`` is the table that the text names,
    where that is not the table with these numbers.
    """

    id: str = Field(pattern=r"^[a-z0-9_]+$")
    page: int = Field(gt=0)
    section: Name
    nl: str = Field(min_length=1)
    en: str = Field(min_length=1)
    statement: AnyStatement
    note: Text | None = None
    cites: Name | None = None

    @property
    def form(self) -> str:
        """The form of its statement."""
        return str(self.statement.form)


class Claims(Frozen):
    """The file."""

    claims: list[Claim]
