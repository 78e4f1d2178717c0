"""The published numbers, as printed.

Only the audit, the scorecard and the generator of the bundled wave may import this module; a
contract of import-linter and a test hold that. Numbers stay strings, with their decimals, stars
and units.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from mobiliteit.errors import Problem, StudyError
from mobiliteit.study import Study

COLUMNS = ("table", "page", "row", "row_label_nl", "column", "printed")
FILE = "published/tables.csv"
PATTERN = re.compile(
    r"(?P<lead>\*?)(?P<number>-?\d*(?:,\d+)?)(?P<percent>%?)(?P<stars>\*{0,3})"
    r"(?: (?P<unit>[a-z]+))?"
)


@dataclass(frozen=True)
class PrintedCell:
    """One cell as the report prints it.

    Attributes
    ----------
    table, row, column : str
        Where it stands.
    page : int
        Page of the report.
    row_label : str
        Label of the row as printed.
    printed : str
        The cell as printed, such as ``,15***``, ``26%``, ``*2,84``, ``Ja`` or ``0,4%``.
    """

    table: str
    page: int
    row: str
    row_label: str
    column: str
    printed: str

    @property
    def verdict(self) -> str | None:
        """``Ja`` or ``Nee`` where the cell is that, otherwise None."""
        return self.printed if self.printed in ("Ja", "Nee") else None

    @property
    def number(self) -> Decimal | None:
        """The printed number, exactly; None for Ja and Nee."""
        if self.verdict:
            return None
        digits = self._parts["number"].replace(",", ".")
        return Decimal(re.sub(r"^(-?)\.", r"\g<1>0.", digits))

    @property
    def decimals(self) -> int:
        """Number of printed decimals; 0 for Ja and Nee."""
        _, comma, fraction = self._parts["number"].partition(",") if not self.verdict else ("",) * 3
        return len(fraction) if comma else 0

    @property
    def marks(self) -> str:
        """The stars, whether they stand before or after the number."""
        return "" if self.verdict else self._parts["lead"] + self._parts["stars"]

    @property
    def _parts(self) -> dict[str, str]:
        match = PATTERN.fullmatch(self.printed)
        if match is None or not re.search(r"\d", self.printed):
            raise ValueError(f"not a printed cell: {self.printed!r}")
        return {name: value or "" for name, value in match.groupdict().items()}


def load_published(study: Study) -> tuple[PrintedCell, ...]:
    """Read ``published/tables.csv``.

    Parameters
    ----------
    study : Study
        Whose folder holds it.

    Returns
    -------
    tuple of PrintedCell
        In the report's reading order.

    Raises
    ------
    StudyError
        The file is missing, has other columns, a cell that cannot be read, or one twice.
    """
    path = study.path / FILE
    headline = "The published tables cannot be used."
    if not path.is_file():
        raise StudyError(headline, [Problem("it is not there", "Put it back.", file=str(path))])
    try:
        text = path.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        problem = Problem(f"it is no UTF-8 text: {error}", "Save it as UTF-8.", file=FILE)
        raise StudyError(headline, [problem]) from None
    reader = csv.DictReader(text.splitlines())
    if tuple(reader.fieldnames or ()) != COLUMNS:
        problem = Problem(
            f"its columns are {reader.fieldnames}", f"They must be {', '.join(COLUMNS)}."
        )
        raise StudyError(headline, [problem])
    problems, cells = [], []
    for line, record in enumerate(reader, start=2):
        try:
            if None in record or None in record.values():
                raise ValueError(f"it does not have {len(COLUMNS)} fields; quote decimal commas")
            cell = PrintedCell(
                table=record["table"],
                page=int(record["page"]),
                row=record["row"],
                row_label=record["row_label_nl"],
                column=record["column"],
                printed=record["printed"],
            )
            _ = cell.number
            cells.append(cell)
        except ValueError as error:
            problems.append(Problem(f"line {line}: {error}", "Correct the cell.", file=FILE))
    problems += _misplaced(cells, study)
    if problems:
        raise StudyError(headline, problems)
    return tuple(cells)


def _misplaced(cells: list[PrintedCell], study: Study) -> Iterator[Problem]:
    seen: set[tuple[str, str, str]] = set()
    for cell in cells:
        place = (cell.table, cell.row, cell.column)
        if place in seen:
            yield Problem(f"{' '.join(place)} is there twice", "Remove one.", file=FILE)
        seen.add(place)
        if cell.table not in study.tables.tables:
            yield Problem(f"table {cell.table} is not in tables.yaml", "Add it.", file=FILE)
