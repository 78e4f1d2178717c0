"""How a table is laid out, whatever it is written in: its columns, headings and rows as text."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from mobiliteit.render import wording
from mobiliteit.render.numbers import format_p
from mobiliteit.render.tables import TableView, grid, n_by_column
from mobiliteit.study_schema import RegressionTable
from mobiliteit.tables import DIFFERENCE, TOTAL

COMPUTED, PUBLISHED, P = "computed", "published", "p"
UPRIGHT = 9  # columns of numbers that fit beside the labels on an upright page


@dataclass(frozen=True)
class Column:
    """One column of texts under a heading of its own.

    Attributes
    ----------
    kind : str
        ``computed``, ``published`` or ``p``.
    heading : str
        What stands above it: computed, printed or p, in the language of the table.
    texts : tuple of str
        One per row; a computed number that differs from the printed one carries its sign.
    verdicts : tuple of str
        One per row for a computed column (``exact``, ``last_digit``, ``different``,
        ``not_computable`` or ''), all empty for others.
    """

    kind: str
    heading: str
    texts: tuple[str, ...]
    verdicts: tuple[str, ...]


@dataclass(frozen=True)
class Spanner:
    """A column of the table: what it is of, over the columns that show it.

    Attributes
    ----------
    label : str
        Group, model or outcome.
    n : str
        Number of respondents, such as ``n = 373``; empty for a test.
    columns : tuple of Column
        Computed; then, where there are, printed and p.
    """

    label: str
    n: str
    columns: tuple[Column, ...]


@dataclass(frozen=True)
class Layout:
    """A table as text.

    Attributes
    ----------
    labels : tuple of str
        One per row; a range such as 1–5 in it does not break over lines.
    groups : tuple of str
        The heading that each row stands under; all empty where rows have none.
    sums : tuple of int
        Positions of the rows that sum up the others: a total, or the explained variance.
    spanners : tuple of Spanner
        From left to right.
    """

    labels: tuple[str, ...]
    groups: tuple[str, ...]
    sums: tuple[int, ...]
    spanners: tuple[Spanner, ...]

    @property
    def columns(self) -> tuple[Column, ...]:
        """The columns of texts, without that of the labels."""
        return tuple(column for spanner in self.spanners for column in spanner.columns)

    @property
    def wide(self) -> bool:
        """Whether the table asks for a page on its side."""
        return len(self.columns) > UPRIGHT

    @property
    def grouped(self) -> bool:
        """Whether the rows stand under headings."""
        return any(self.groups)

    def opens(self, position: int) -> str:
        """Return the heading that stands right above a row; empty where none does."""
        before = self.groups[position - 1] if position else ""
        return self.groups[position] if self.groups[position] != before else ""


def lay_out(view: TableView) -> Layout:
    """Lay out a table.

    Parameters
    ----------
    view : TableView
        The table.

    Returns
    -------
    Layout
        Rows and columns in the order of the report; a column of p-values after a test.
    """
    say, n, rows = wording.words(view.lang), n_by_column(view), grid(view)
    spanners = []
    for position, (name, label) in enumerate(view.columns().items()):
        cells = [row[position] for row in rows]
        blank = ("",) * len(cells)
        columns = [
            Column(
                COMPUTED,
                say["computed"],
                tuple(_with_sign(cell) for cell in cells),
                tuple("" if cell is None else str(cell["verdict"]) for cell in cells),
            )
        ]
        if view.has_published:
            printed = tuple("" if cell is None else str(cell["published"]) for cell in cells)
            columns.append(Column(PUBLISHED, say["published"], printed, blank))
        if name == DIFFERENCE:
            p = tuple("" if cell is None else format_p(cell["p"], view.lang) for cell in cells)
            columns.append(Column(P, "p", p, blank))
        spanners.append(Spanner(label, n[name], tuple(columns)))
    first = view.cells.drop_duplicates("row")
    names = list(first["row"])
    definition = view.result.definition
    summing = (
        {definition.explained_variance} if isinstance(definition, RegressionTable) else {TOTAL}
    )
    return Layout(
        tuple(unbroken(str(label)) for label in first["row_label"]),
        tuple(map(str, first["group"])),
        tuple(position for position, name in enumerate(names) if name in summing),
        tuple(spanners),
    )


def unbroken(label: str) -> str:
    """Keep a range such as 1–5 on one line."""
    return label.replace("–", "\N{WORD JOINER}–\N{WORD JOINER}")


def _with_sign(cell: Mapping[str, Any] | None) -> str:
    return "" if cell is None else f"{cell['text']} {cell['sign']}".rstrip()
