"""Tables as people read them: computed beside published.

A :class:`TableView` joins a computed table with the rows of the scorecard that belong to it.
:mod:`mobiliteit.render.markup` makes HTML from it, :mod:`mobiliteit.render.export` files, and
:mod:`mobiliteit.render.figures` figures.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from mobiliteit.errors import AnalysisError, Problem
from mobiliteit.render import wording
from mobiliteit.render.note_words import cell_notes
from mobiliteit.render.numbers import format_cell
from mobiliteit.study_schema import ClassTable
from mobiliteit.tables import TableResult, compute_table, compute_tables

COLOURS = {"last_digit": "#FFF1CC", "different": "#FBDDCF", "not_computable": "#E4E4E4"}
# What surrounds the digits of a printed cell: a star before, then percent sign, stars and unit.
_PRINTED = re.compile(r"(\*?)(-?)(\d*)(?:,(\d+))?(\D*)")


@dataclass(frozen=True)
class TableView:
    """A computed table with, where known, the published numbers and the verdicts beside it.

    Displays itself as HTML in a notebook.

    Attributes
    ----------
    result : TableResult
        The computed table.
    cells : pandas.DataFrame
        One row per cell, in reading order: the columns of ``TableResult.cells`` and ``row_label``,
        ``group`` (heading above the row, or ''), ``column_label``, ``text`` (computed, as printed),
        ``published``, ``published_value`` (its number), ``verdict`` and ``sign``; the last four are
        empty without a scorecard.
    legend : mapping of str to float
        Star to level.
    lang : str
        'nl' or 'en'.
    page : int or None
        Page of the report that prints the table, when a scorecard is given.
    """

    result: TableResult
    cells: pd.DataFrame
    legend: Mapping[str, float]
    lang: str
    page: int | None

    @property
    def number(self) -> str:
        """Number of the table."""
        return self.result.number

    @property
    def title(self) -> str:
        """Number and title of the table."""
        return wording.title(self.result, self.lang)

    @property
    def mark(self) -> str:
        """The synthetic mark; empty for a real wave."""
        return self.result.wave.mark(self.lang)

    @property
    def has_published(self) -> bool:
        """Whether published numbers stand beside the computed ones."""
        return self.page is not None

    def columns(self) -> dict[str, str]:
        """Column keys with their labels, in order."""
        return wording.column_labels(self.result, self.lang)

    def notes(self) -> list[str]:
        """Sentences that belong under the table: test, stars, missing values, cautions, source."""
        say = wording.words(self.lang)
        notes = wording.method_notes(self.result, self.legend, self.lang)
        cautions = self.cells[self.cells["note"] != ""]
        for text, found in cautions.groupby("note", sort=False):
            notes.append(f"{say['note']}: {text} ({'; '.join(self._places(found))}).")
        if self.has_published:
            facts = self.result.wave.study.codebook.study
            source = facts.source if self.lang == "nl" else facts.source_en
            notes.append(wording.sign_note(self.lang))
            notes.append(f"{say['source']}: {source}, {say['page']} {self.page}.")
        return notes

    def _places(self, found: pd.DataFrame) -> list[str]:
        """Name cells in few words: a whole table, heading, row or column as such."""
        if len(found) == len(self.cells):
            return [wording.words(self.lang)["whole_table"]]
        return min((self._lines(found, line) for line in ("row", "column")), key=len)

    def _lines(self, found: pd.DataFrame, line: str) -> list[str]:
        """Name cells by whole lines (rows or columns) where they fill them, others one by one."""
        held, all_cells = Counter(found[line]), Counter(self.cells[line])
        whole = {name for name, n in held.items() if n == all_cells[name]}
        classes = isinstance(self.result.definition, ClassTable)
        headed = self.cells[self.cells["group"] != ""].groupby("group")["row"].unique()
        places = []
        for cell in found.itertuples():
            row = f"{cell.group}: {cell.row_label}" if classes else str(cell.row_label)
            rows = headed.get(cell.group, ())
            if getattr(cell, line) not in whole:
                places.append(f"{row} / {cell.column_label}")
            elif line == "column":
                places.append(str(cell.column_label))
            else:
                under = len(rows) and whole >= set(rows)
                places.append(str(cell.group) if under else row)
        return list(dict.fromkeys(places))

    def _repr_html_(self) -> str:
        from mobiliteit.render.markup import to_html

        return to_html(self)

    def _repr_markdown_(self) -> str:
        from mobiliteit.render.export import to_markdown

        return to_markdown(self)


def show_table(
    source: Any, number: str | None = None, lang: str = "nl", legend: str | None = None
) -> TableView:
    """Show a table of the study beside its published numbers.

    Parameters
    ----------
    source : Scorecard, TableResult or mapping of str to TableResult
        A scorecard gives the published numbers and the verdicts; a result alone does not.
    number : str, optional
        Number of the table, such as "3.7"; may be left out for a single result.
    lang : {'nl', 'en'}
        Language of labels and decimal sign. Published numbers stay as printed.
    legend : str, optional
        Star legend by name; by default that of the scorecard, or of the study.

    Returns
    -------
    TableView
        Displays as HTML in a notebook.

    Raises
    ------
    AnalysisError
        There is no such table, legend or language.
    """
    if isinstance(source, TableResult):
        return display(source, None, lang=lang, legend=legend)
    if number is None:
        problem = Problem("no table was named", 'Give its number, such as "3.7".')
        raise AnalysisError("The table cannot be shown.", [problem])
    if isinstance(source, Mapping):
        if number not in source:
            problem = Problem(f"there is no table {number!r}", f"Use one of: {', '.join(source)}.")
            raise AnalysisError("The table cannot be shown.", [problem])
        return display(source[number], None, lang=lang, legend=legend)
    # A scorecard. This floor does not know its class: it holds published numbers.
    result = compute_table(source.wave, number)
    return display(result, source.frame, lang=lang, legend=legend or source.legend)


def show_tables(source: Any, lang: str = "nl", legend: str | None = None) -> list[TableView]:
    """Show all tables of the study, as :func:`show_table` does for one.

    Parameters
    ----------
    source : Scorecard or mapping of str to TableResult
        A scorecard gives the published numbers and the verdicts.
    lang : {'nl', 'en'}
        Language.
    legend : str, optional
        Star legend by name.

    Returns
    -------
    list of TableView
        In the order of the report.
    """
    if isinstance(source, Mapping):
        return [display(result, None, lang=lang, legend=legend) for result in source.values()]
    return [
        display(result, source.frame, lang=lang, legend=legend or source.legend)
        for result in compute_tables(source.wave).values()
    ]


def display(
    result: TableResult,
    scorecard_frame: pd.DataFrame | None = None,
    *,
    lang: str = "nl",
    legend: str | None = None,
) -> TableView:
    """Join a computed table with its rows of the scorecard.

    Parameters
    ----------
    result : TableResult
        The computed table.
    scorecard_frame : pandas.DataFrame, optional
        Frame of a scorecard, of any tables; its verdicts hold for the legend it was made with.
    lang : {'nl', 'en'}
        Language.
    legend : str, optional
        Star legend by name; by default that of the study.

    Returns
    -------
    TableView
        In the order of the computed table.

    Raises
    ------
    AnalysisError
        There is no such legend or language.
    """
    significance = result.wave.study.tables.significance
    name = legend or significance.default
    if name not in significance.legends:
        problem = Problem(
            f"there is no star legend {name!r}", f"Use one of: {', '.join(significance.legends)}."
        )
        raise AnalysisError("The stars cannot be set.", [problem])
    levels = significance.legends[name]
    cells = result.cells.copy()
    cells["row_label"] = cells["row"].map(wording.row_labels(result, lang))
    groups = wording.row_groups(result, lang)
    cells["group"] = [groups.get(row, "") for row in cells["row"]]
    cells["column_label"] = cells["column"].map(wording.column_labels(result, lang))
    cells["note"] = cells["note"].map(cell_notes(cells["note"], result.wave.study, lang))
    if lang == "en":
        units = wording.english_units(result)
        cells["unit"] = [units.get(row, "") for row in cells["row"]]
    cells["text"] = [
        format_cell(cell, levels, significance.difference, lang=lang) for cell in records(cells)
    ]
    page = None
    printed: dict[tuple[str, str], tuple[str, str]] = {}
    if scorecard_frame is not None:
        own = scorecard_frame[scorecard_frame["table"] == result.number]
        for row, column, published, verdict in zip(
            own["row"], own["column"], own["published"], own["verdict"], strict=True
        ):
            printed[row, column] = (published, verdict)
        page = int(own["page"].iloc[0]) if len(own) else None
    pairs = [printed.get(key, ("", "")) for key in zip(cells["row"], cells["column"], strict=True)]
    cells["published"] = [published for published, _ in pairs]
    numbers = [split_printed(published) for published, _ in pairs]
    cells["published_value"] = [float("nan") if number is None else number[0] for number in numbers]
    cells["verdict"] = [verdict for _, verdict in pairs]
    cells["sign"] = [wording.SIGNS.get(verdict, "") for verdict in cells["verdict"]]
    return TableView(result, cells, levels, lang, page)


def split_printed(text: str) -> tuple[float, str, str] | None:
    """Split a printed cell into its number and what surrounds the digits.

    Parameters
    ----------
    text : str
        Such as ``,15***``, ``*2,84``, ``37 jaar`` or ``Ja``, with a decimal comma.

    Returns
    -------
    tuple or None
        The number, a pattern of the digits in which 0 stands for a printed digit (``.00``), and the
        text around it with ``{}`` for the digits; None where there is no number.
    """
    match = _PRINTED.fullmatch(text)
    if match is None or not (match[3] or match[4]):
        return None
    lead, minus, whole, fraction, tail = match.groups()
    number = float(f"{minus}{whole or '0'}.{fraction or '0'}")
    digits = ("0" if whole else "") + (f".{'0' * len(fraction)}" if fraction else "")
    return number, digits, f"{lead}{{}}{tail}"


def records(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """Return the rows of a frame as mappings of column to value."""
    return [{str(name): value for name, value in row.items()} for row in frame.to_dict("records")]


def grid(view: TableView) -> list[list[dict[str, Any] | None]]:
    """Return the cells of a table as rows of columns; None where the table has no cell."""
    found = {(cell["row"], cell["column"]): cell for cell in records(view.cells)}
    return [
        [found.get((row, column)) for column in view.columns()]
        for row in dict.fromkeys(view.cells["row"])
    ]


def n_by_column(view: TableView) -> dict[str, str]:
    """Return the number of respondents behind each column as text; a test has none of its own."""
    ranges = view.result.n_range()
    texts = {
        str(column): wording.n_text(int(least), int(most))
        for column, least, most in zip(ranges.index, ranges["least"], ranges["most"], strict=True)
    }
    return {column: texts.get(column, "") for column in view.columns()}
