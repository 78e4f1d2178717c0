"""The margins of a population: a CSV file beside the sidecar, held against study and respondents.

One line per category with ``variable, category, share``. Shares lie between 0 and 1 and sum to 1
per variable; anything larger is a count (or a percentage), of which only the proportions matter.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from mobiliteit.errors import Problem
from mobiliteit.study import Study

COLUMNS = ("variable", "category", "share")
# Shares printed with three decimals, over ten categories, are this far from 1 at worst.
ROUNDING = 0.005
_NUMBER = re.compile(r"\d+(?:[.,]\d+)?")
_THOUSANDS = re.compile(r"[1-9]\d{0,2}[.,]\d{3}")
_Maker = Callable[..., Problem]


@dataclass(frozen=True)
class Margin:
    """The distribution of one variable in the population.

    Attributes
    ----------
    variable : str
        A column of the clean frame.
    shares : dict
        Value in the clean frame (a value id, or a code as float) to its share; they sum to 1.
    """

    variable: str
    shares: Mapping[str | float, float]

    def codes(self, frame: pd.DataFrame) -> pd.Series:
        """Position of each respondent's value among the categories; -1 where there is none."""
        places = {value: place for place, value in enumerate(self.shares)}
        return frame[self.variable].map(places).astype("float64").fillna(-1).astype("int64")


@dataclass(frozen=True)
class _Line:
    number: int
    variable: str
    category: str
    share: float


def read_margins(
    path: Path, study: Study, frame: pd.DataFrame, wave: str
) -> tuple[list[Margin], list[Problem]]:
    """Read margins and hold them against the codebook and the respondents.

    Parameters
    ----------
    path : Path
        A UTF-8 CSV file, with commas and decimal points or semicolons and decimal commas.
    study : Study
        Its single questions with codes, derived variables with classes, segments and groups may be
        margins; categories go by value id, code or label (Dutch or English, any case).
    frame : pandas.DataFrame
        The kept respondents, scored.
    wave : str
        Id of the wave, for the problems.

    Returns
    -------
    margins : list of Margin
        In the order of the file.
    problems : list of Problem
        All that is wrong: a file or line that cannot be read, unknown variables and categories,
        categories twice or not there, categories without respondents, and shares that are negative
        or do not sum to 1. Margins with problems are left out.
    """

    def problem(what: str, remedy: str, column: str | None = None, *lines: int) -> Problem:
        rows = tuple(f"line {number}" for number in lines)
        return Problem(what, remedy, wave=wave, file=path.name, column=column, rows=rows)

    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        reason = "is not UTF-8" if isinstance(error, UnicodeDecodeError) else "cannot be read"
        return [], [problem(f"the file of margins {reason}", "Put it beside wave.yaml, in UTF-8.")]
    problems: list[Problem] = []
    lines = list(_lines(text, problem, problems))
    margins = []
    for variable in dict.fromkeys(line.variable for line in lines):
        names = _categories(study, frame, variable)
        if not names:
            known = variable in frame
            what = "has no categories" if known else "is no variable of the study"
            remedy = "Use a question with codes, a classed variable, or the groups."
            problems.append(problem(f"{variable} {what}", remedy, variable))
            continue
        own = [line for line in lines if line.variable == variable]
        margin = list(_margin(variable, own, names, frame, problem))
        problems += [found for found in margin if isinstance(found, Problem)]
        margins += [found for found in margin if isinstance(found, Margin)]
    return margins, problems


def _lines(text: str, problem: _Maker, problems: list[Problem]) -> Iterator[_Line]:
    head = text.partition("\n")[0]
    separator = next((sign for sign in ";\t" if sign in head), ",")
    rows = list(csv.reader(text.splitlines(), delimiter=separator))
    header = [name.strip().casefold() for name in rows[0]] if rows else []
    if sorted(header) != sorted(COLUMNS):
        problems.append(
            problem(
                f"the first line names the columns {', '.join(header) or 'nothing'}",
                f"Name them {', '.join(COLUMNS)}.",
            )
        )
        return
    if not any(cell.strip() for row in rows[1:] for cell in row):
        problems.append(problem("the file holds no margins", "Give one line per category."))
    unread: dict[str, list[int]] = {}
    for number, row in enumerate(rows[1:], start=2):
        cells = dict(zip(header, (cell.strip() for cell in row), strict=False))
        if not any(cells.values()):
            continue
        share = cells.get("share", "")
        if len(row) != len(COLUMNS) or not (cells["variable"] and cells["category"]):
            unread.setdefault("a line does not hold a variable, a category and a share", []).append(
                number
            )
        elif _THOUSANDS.fullmatch(share):
            unread.setdefault(f"{share} may be thousands or three decimals", []).append(number)
        elif not _NUMBER.fullmatch(share):
            unread.setdefault(f"{share or 'nothing'} is no share or count", []).append(number)
        else:
            yield _Line(
                number, cells["variable"], cells["category"], float(share.replace(",", "."))
            )
    for what, numbers in unread.items():
        problems.append(
            problem(what, "Write numbers as 0.25, 0,25 or 1137, none below 0.", None, *numbers)
        )


def _margin(
    variable: str,
    lines: list[_Line],
    names: Mapping[str, str | float | None],
    frame: pd.DataFrame,
    problem: _Maker,
) -> Iterator[Margin | Problem]:
    found: dict[str | float, _Line] = {}
    values = list(dict.fromkeys(value for value in names.values() if value is not None))
    wrong = False
    for line in lines:
        value = names.get(line.category.casefold())
        if value is None:
            known = ", ".join(f"{v:g}" if isinstance(v, float) else v for v in values)
            what = f"{line.category!r} is no category of {variable}"
            yield problem(what, f"Use one of: {known}.", variable, line.number)
            wrong = True
        elif value in found:
            what = f"{line.category!r} is given twice"
            yield problem(what, "Give it once.", variable, found[value].number, line.number)
            wrong = True
        else:
            found[value] = line
    total = sum(line.share for line in found.values())
    if not wrong and total == 0:
        yield problem("the shares sum to 0", "Give the shares of the population.", variable)
        return
    shares = [line.share for line in found.values()]
    if not wrong and max(shares) <= 1 and abs(total - 1) > ROUNDING:
        what = f"the shares sum to {total:.4g}, not to 1"
        yield problem(what, "Give every category, or counts.", variable)
        return
    counts = frame[variable].value_counts()
    absent = [value for value in counts.index[counts > 0] if value not in found]
    empty = [value for value, line in found.items() if line.share and not counts.get(value, 0)]
    zero = [value for value, line in found.items() if not line.share and counts.get(value, 0)]
    if absent and not wrong:
        people = ", ".join(f"{value} ({counts[value]} respondents)" for value in absent)
        yield problem(f"not in the margins: {people}", "Add a line for each.", variable)
    for values, what, remedy in (
        (empty, "has a share and no respondents", "Merge it with another category."),
        (zero, "has respondents and a share of 0", "Give its share, or exclude the respondents."),
    ):
        for value in values:
            yield problem(f"{value} {what}", remedy, variable, found[value].number)
    if not (wrong or absent or empty or zero):
        used = {value: line.share / total for value, line in found.items() if line.share}
        yield Margin(variable, used)


def _categories(study: Study, frame: pd.DataFrame, variable: str) -> dict[str, str | float | None]:
    """Map what a category may be called, in lower case, to its value in the clean frame."""
    if variable not in frame:
        return {}
    book = study.codebook
    exact: list[tuple[str, str | float]] = []
    labels: list[tuple[str, str | float]] = []
    if isinstance(frame[variable].dtype, pd.CategoricalDtype):
        for value, both in study.categories(variable).items():
            exact.append((value, value))
            labels += [(name, value) for name in both]
        if variable in book.variables:
            ids = {code: entry.id for code, entry in book.answers(variable).values.items()}
            exact += [(str(code), id_ or str(code)) for code, id_ in ids.items()]
    elif variable in book.derived:
        for name, cls in book.derived[variable].classes.items():
            if cls.code is not None:
                exact += [(name, float(cls.code)), (str(cls.code), float(cls.code))]
                labels += [(cls.nl, float(cls.code)), (cls.en, float(cls.code))]
    elif variable in book.variables and not book.variables[variable].items:
        for code, entry in book.answers(variable).values.items():
            exact += [(name, float(code)) for name in (str(code), entry.id) if name]
            labels += [(entry.nl, float(code)), (entry.en, float(code))]
    names: dict[str, str | float | None] = {}
    for text, means in labels:
        key = text.casefold()
        # A label that two categories share names neither.
        names[key] = means if names.get(key, means) == means else None
    names.update({text.casefold(): value for text, value in exact})
    return names
