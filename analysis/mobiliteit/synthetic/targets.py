"""What the bundled wave must agree with, read from the study files.

The published cells come from ``study/published/tables.csv`` as printed strings; everything else
(numbers in the text, plausibility bounds, wanted correlations) from
``study/synthetic_targets.yaml``. No published number is written in code.
"""

from __future__ import annotations

import csv
import math
import re
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

STUDY_DIR = Path(__file__).resolve().parent.parent / "study"

_NUMBER = re.compile(
    r"^(?P<lead>\*?)(?P<sign>-?)(?P<body>\d*(?:,\d+)?)(?P<unit>%| jaar| uur)?(?P<stars>\*{0,3})$"
)


@dataclass(frozen=True)
class Cell:
    """One printed cell.

    Attributes
    ----------
    table, row, column : str
        Keys as in ``tables.csv``.
    printed : str
        The string as printed.
    value : float or None
        The number, None for Ja and Nee.
    decimals : int
        Printed decimals.
    stars : int
        Stars behind the number (0-3).
    lead_star : bool
        A star before the number (tables 3.10 and 3.11).
    verdict : bool or None
        True for Ja, False for Nee, None for a number.
    """

    table: str
    row: str
    column: str
    printed: str
    value: float | None
    decimals: int
    stars: int
    lead_star: bool
    verdict: bool | None

    @property
    def number(self) -> float:
        """The printed number; ValueError for Ja and Nee."""
        if self.value is None:
            raise ValueError(f"table {self.table} {self.row} {self.column} prints {self.printed}")
        return self.value

    @property
    def half(self) -> float:
        """Half the width of the rounding interval."""
        return 0.5 * 10.0**-self.decimals

    def interval(self, margin: float = 0.0) -> tuple[float, float]:
        """Return the rounding interval, drawn in on both sides by a share of its half-width."""
        h = self.half * (1.0 - margin)
        # a printed 0 without a minus sign is a number that is not negative
        lo = self.number - h if self.number != 0 else self.half * margin
        return lo, self.number + h


def parse_cell(table: str, row: str, column: str, printed: str) -> Cell:
    """Read one printed cell.

    Raises
    ------
    ValueError
        The string is neither Ja, Nee nor a number in the report's notation.
    """
    if printed in ("Ja", "Nee"):
        return Cell(table, row, column, printed, None, 0, 0, False, printed == "Ja")
    match = _NUMBER.match(printed)
    if match is None or match["body"] in ("", ","):
        raise ValueError(
            f"tables.csv {table} {row} {column}: cannot read {printed!r} as a printed number"
        )
    body = match["body"]
    decimals = len(body.split(",")[1]) if "," in body else 0
    value = (
        float("0" + body.replace(",", "."))
        if body.startswith(",")
        else float(body.replace(",", "."))
    )
    value = -value if match["sign"] else value
    return Cell(
        table, row, column, printed, value, decimals, len(match["stars"]), bool(match["lead"]), None
    )


@dataclass(frozen=True)
class Targets:
    """All that the generator aims at.

    Attributes
    ----------
    cells : tuple of Cell
        The published cells in reading order.
    codebook, segments, config : dict
        The parsed ``codebook.yaml``, ``segments.yaml`` and ``synthetic_targets.yaml``.
    """

    cells: tuple[Cell, ...]
    codebook: dict[str, Any]
    segments: dict[str, Any]
    config: dict[str, Any]

    def table(self, table: str) -> list[Cell]:
        """Cells of one table in reading order."""
        return [c for c in self.cells if c.table == table]

    def cell(self, table: str, row: str, column: str) -> Cell:
        """One cell; KeyError if the report has none there."""
        for c in self.cells:
            if (c.table, c.row, c.column) == (table, row, column):
                return c
        raise KeyError((table, row, column))

    @property
    def groups(self) -> list[str]:
        """The three groups in the order of ``segments.yaml``."""
        return list(self.segments["groups"])

    @property
    def segment_sizes(self) -> dict[str, int]:
        """Respondents by segment, from the table of segments."""
        known = self.segments["segments"]
        return {
            c.row: int(c.value)
            for c in self.cells
            if c.column == "respons" and c.row in known and c.value
        }

    def scale_of(self, variable: str) -> dict[str, Any]:
        """Response scale of a variable: its own entry or the scale it refers to."""
        entry = self.codebook["variables"][variable]
        return self.codebook["scales"][entry["scale"]] if "scale" in entry else entry

    def bounds_of(self, variable: str) -> tuple[int, int]:
        """Lowest and highest valid answer."""
        scale = self.scale_of(variable)
        if "range" in scale:
            return int(scale["range"][0]), int(scale["range"][1])
        codes = [int(c) for c in scale["values"]]
        return min(codes), max(codes)

    def items_of(self, variable: str) -> list[str]:
        """Item names of a scale, or the variable itself."""
        return list(self.codebook["variables"][variable].get("items", {variable: None}))


@lru_cache(maxsize=2)
def load_targets(study_dir: Path = STUDY_DIR) -> Targets:
    """Read the study files the generator needs."""

    def read_yaml(name: str) -> dict[str, Any]:
        return yaml.safe_load((study_dir / name).read_text(encoding="utf-8"))

    with (study_dir / "published" / "tables.csv").open(encoding="utf-8", newline="") as handle:
        rows = list(csv.DictReader(handle))
    cells = tuple(parse_cell(r["table"], r["row"], r["column"], r["printed"]) for r in rows)
    return Targets(
        cells,
        read_yaml("codebook.yaml"),
        read_yaml("segments.yaml"),
        read_yaml("synthetic_targets.yaml"),
    )


def round_half_up(value: float, decimals: int) -> float:
    """Round half away from zero, as the report's software printed."""
    scaled = abs(value) * 10**decimals
    return math.copysign(math.floor(scaled + 0.5 + 1e-9) / 10**decimals, value)
