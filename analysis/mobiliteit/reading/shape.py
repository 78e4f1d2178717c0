"""What every table must be, whatever its format: not too large, columns with names of their own."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from mobiliteit.errors import Problem, WaveError

TOTALS = re.compile(
    r"(totaal|totalen|total|totals|gemiddelde|gem\.|mean|average|som|sum|n)\s*[:=]?", re.IGNORECASE
)
"""What stands at the head of a last row that sums up the others."""


def check_size(rows: int, columns: int, limits: dict[str, int]) -> None:
    """Raise WaveError when a table has more cells than ``limits["cells"]``."""
    if rows * columns > limits["cells"]:
        raise WaveError(
            "",
            [
                Problem(
                    f"it holds {rows} rows of {columns} columns, more than can be read "
                    f"({limits['cells']} cells)",
                    "If it is not damaged, ask the supplier for the columns that you need.",
                )
            ],
        )


def name_problems(names: Sequence[str]) -> list[Problem]:
    """Return what is wrong with the names of columns: empty ones, and the same one twice."""
    problems = []
    empty = tuple(f"column {number}" for number, name in enumerate(names, start=1) if not name)
    if empty:
        problems.append(
            Problem("columns have no name", "Give each a name in the file.", rows=empty)
        )
    twice = tuple(name for name, n in Counter(names).items() if n > 1 and name)
    if twice:
        problems.append(
            Problem(
                "several columns have the same name",
                "Give each a name of its own in the file.",
                values=twice,
            )
        )
    return problems


def totals_problem(word: str, column: str, row: int) -> Problem:
    """Say that the last row is one of totals, which would pass for a respondent."""
    return Problem(
        f"its last row looks like totals, not like a respondent ({word})",
        "Remove that row from the file.",
        column=column,
        rows=(f"row {row}",),
    )
