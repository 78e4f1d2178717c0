"""The printed cells as the judge of claims sees them: numbers, rounding, stars, tests and words."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from mobiliteit.claims.places import cell_label, place_of
from mobiliteit.claims.terms import Cell, Line, Text
from mobiliteit.published import load_published
from mobiliteit.study import Study
from mobiliteit.study_schema import FrequencyTable
from mobiliteit.tables import DIFFERENCE

Key = tuple[str, str, str]


class Printed:
    """The printed cells of a study by their place: table, row and column."""

    def __init__(self, study: Study) -> None:
        self.study = study
        self.cells = {(c.table, c.row, c.column): c for c in load_published(study)}

    def has(self, *keys: Key) -> bool:
        """Whether all these places hold a printed number."""
        return all(key in self.cells and self.cells[key].number is not None for key in keys)

    def number(self, key: Key) -> Decimal:
        """Return the printed number exactly."""
        number = self.cells[key].number
        if number is None:
            raise ValueError(f"{' '.join(key)} is no number")
        return number

    def reach(self, key: Key) -> tuple[Decimal, Decimal]:
        """Return the numbers that round to the cell: from (included) and to (excluded)."""
        half = Decimal("0.5").scaleb(-self.cells[key].decimals)
        return self.number(key) - half, self.number(key) + half

    def text(self, key: Key) -> Text:
        """Return the cell as printed; in English with a decimal point."""
        printed = self.cells[key].printed
        return Text(nl=printed, en=printed.replace(",", "."))

    def star(self, key: Key) -> bool:
        """Whether any star stands at the cell."""
        return bool(self.cells[key].marks)

    def significant(self, line: Line) -> bool | None:
        """Return Ja/Nee, or the star of a factor; None where the line has no test."""
        if line.row is not None:
            cell = self.cells.get((line.table or "", line.row, DIFFERENCE))
            return None if cell is None else cell.verdict == "Ja"
        if line.factor is not None:
            first = self.cells.get(line.key(place_of(self.study, line).positions[0]))
            return None if first is None else bool(first.marks)
        return None

    def group_sizes(self) -> dict[str, Decimal]:
        """Add up the printed respondents of the segments of each group."""
        rules, sizes = self.study.segments, dict[str, Decimal]()
        for table, definition in self.study.tables.tables.items():
            if not isinstance(definition, FrequencyTable):
                continue
            if definition.variable != rules.segment_variable.id:
                continue
            column = next(name for name, kind in definition.columns.items() if kind == "count")
            for segment, entry in rules.segments.items():
                key = (table, segment, column)
                if self.has(key):
                    sizes[entry.group] = sizes.get(entry.group, Decimal(0)) + self.number(key)
        return sizes


def difference(tables: Printed, more: Key, less: Key) -> dict[str, Any]:
    """Return the difference of two cells with what rounding leaves open, as fields of a part."""
    a, b = tables.reach(more), tables.reach(less)
    return {
        "statistic": "difference",
        "estimate": float(tables.number(more) - tables.number(less)),
        "low": float(a[0] - b[1]),
        "high": float(a[1] - b[0]),
    }


def meet(a: tuple[Decimal, Decimal], b: tuple[Decimal, Decimal]) -> bool:
    """Whether two intervals (from, included, and to, excluded) have any number in common."""
    return a[0] < b[1] and b[0] < a[1]


def cell_text(tables: Printed, cell: Cell) -> Text:
    """Say which cell it is and what it prints."""
    label, text = cell_label(tables.study, cell), tables.text(cell.key)
    return Text(
        nl=f"tabel {cell.table}, {label.nl}: {text.nl}",
        en=f"table {cell.table}, {label.en}: {text.en}",
    )


def in_text(basis: Text, value: str) -> Text:
    """Add the number of the text to a sentence about a cell."""
    return Text(
        nl=f"{basis.nl}; in de tekst {value}",
        en=f"{basis.en}; in the text {value.replace(',', '.')}",
    )
