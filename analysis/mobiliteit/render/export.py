"""Tables as files: Markdown, CSV and Excel here, the other formats from the modules beside this."""

from __future__ import annotations

import datetime
import html
from collections.abc import Iterable, Mapping, Sequence
from functools import partial
from io import BytesIO
from pathlib import Path
from typing import Any

import pandas as pd

from mobiliteit.csvfile import csv_text
from mobiliteit.errors import AnalysisError, Problem
from mobiliteit.project import write_atomically, write_text
from mobiliteit.render import wording
from mobiliteit.render.latex import to_latex
from mobiliteit.render.markup import to_html
from mobiliteit.render.page import page
from mobiliteit.render.tables import (
    COLOURS,
    TableView,
    display,
    grid,
    n_by_column,
    split_printed,
)
from mobiliteit.tables import TableResult

FORMATS = ("csv", "html", "markdown", "xlsx", "docx", "latex")
STEMS = {"nl": "tabellen", "en": "tables"}
SUFFIX = {
    "csv": "csv",
    "html": "html",
    "markdown": "md",
    "xlsx": "xlsx",
    "docx": "docx",
    "latex": "tex",
}


def to_markdown(views: TableView | Iterable[TableView]) -> str:
    """Write tables as Markdown, each with title, mark, n, and notes.

    Parameters
    ----------
    views : TableView or iterable of TableView
        The tables.

    Returns
    -------
    str
        Pipe tables; a sign follows each computed number that differs from the printed one.
    """
    return "\n".join(_markdown(view) for view in _several(views))


def _markdown(view: TableView) -> str:
    say, n = wording.words(view.lang), n_by_column(view)
    header, align = [""], [":--"]
    for column, label in view.columns().items():
        header.append(f"{label} ({n[column]})" if n[column] else label)
        align.append("--:")
        if view.has_published:
            header.append(say["published"])
            align.append("--:")
    lines = [f"## {view.title}", ""]
    if view.mark:
        lines += [f"*{view.mark}*", ""]
    lines += [_pipe(header), _pipe(align)]
    labels = view.cells.drop_duplicates("row")
    heading = ""
    for label, group, row in zip(labels["row_label"], labels["group"], grid(view), strict=True):
        if group and group != heading:
            lines.append(_pipe([f"**{group}**", *[""] * (len(header) - 1)]))
        heading = group
        texts = [label]
        for cell in row:
            texts.append("" if cell is None else f"{cell['text']} {cell['sign']}".rstrip())
            if view.has_published:
                texts.append("" if cell is None else cell["published"])
        lines.append(_pipe(texts))
    return "\n".join([*lines, "", *[f"- {_starless(note)}" for note in view.notes()], ""])


def _pipe(texts: Sequence[str]) -> str:
    return "| " + " | ".join(_starless(text, keep=2).replace("|", "\\|") for text in texts) + " |"


def _starless(text: str, keep: int = 0) -> str:
    # Stars are marks of significance here, and emphasis to Markdown.
    if keep and text.startswith("**") and text.endswith("**") and text.strip("*"):
        return text
    return text.replace("*", "\\*")


def to_csv(views: TableView | Iterable[TableView]) -> str:
    """Write tables as one tidy CSV.

    Parameters
    ----------
    views : TableView or iterable of TableView
        The tables.

    Returns
    -------
    str
        One line per cell: the tidy columns with unrounded numbers (decimal point), labels, ``text``
        (as people read it), ``published``, ``verdict``, ``synthetic`` and ``weighted`` (then all
        numbers are, but for `n`).
    """
    frames = []
    for view in _several(views):
        frame = view.cells.drop(columns=["sign"]).rename(columns={"analysis": "table"})
        frame["synthetic"] = view.result.wave.synthetic
        frame["weighted"] = view.result.wave.weights is not None
        frames.append(frame)
    return csv_text(pd.concat(frames, ignore_index=True), printed=("text", "published"))


def to_xlsx(views: TableView | Iterable[TableView]) -> bytes:
    """Write tables as an Excel workbook, one sheet per table.

    Parameters
    ----------
    views : TableView or iterable of TableView
        The tables.

    Returns
    -------
    bytes
        Numbers are numbers, unrounded, shown by their number format as the report prints them;
        published numbers stand beside them. The same tables give the same bytes.
    """
    import xlsxwriter

    views = list(_several(views))
    target = BytesIO()
    book = xlsxwriter.Workbook(target, {"in_memory": True, "strings_to_formulas": False})
    wave = views[0].result.wave
    made = datetime.datetime.combine(wave.descriptor.date, datetime.time())
    book.set_properties(
        {
            "title": _heading(views[0]),
            "comments": wave.mark(views[0].lang),
            # The moment of writing would make every copy a different file.
            "created": made,
        }
    )
    for view in views:
        _sheet(book, view)
    book.close()
    return target.getvalue()


def _sheet(book: Any, view: TableView) -> None:
    say, n = wording.words(view.lang), n_by_column(view)
    sheet = book.add_worksheet(f"{say['table']} {view.number}")
    style = partial(book.add_format)
    bold, wrapped = style({"bold": True}), style({"text_wrap": True, "valign": "top"})
    head = style({"bold": True, "text_wrap": True, "align": "center", "valign": "top", "bottom": 1})
    small = style({"italic": True, "font_color": "#595959", "align": "right"})
    sheet.write_string(0, 0, view.title, style({"bold": True, "font_size": 13}))
    sheet.write_string(1, 0, view.mark, style({"italic": True}))
    sheet.set_column(0, 0, 46)
    width = 2 if view.has_published else 1
    top = 3
    for position, (column, label) in enumerate(view.columns().items()):
        left = 1 + position * width
        if width > 1:
            sheet.merge_range(top, left, top, left + 1, label, head)
            sheet.merge_range(top + 1, left, top + 1, left + 1, n[column], small)
            sheet.write_string(top + 2, left + 1, say["published"], small)
        else:
            sheet.write_string(top, left, label, head)
            sheet.write_string(top + 1, left, n[column], small)
        sheet.write_string(top + 2, left, say["computed"], small)
        sheet.set_column(left, left + width - 1, 12)
    sheet.set_row(top, 45)
    line, heading = top + 3, ""
    labels = view.cells.drop_duplicates("row")
    for label, group, row in zip(labels["row_label"], labels["group"], grid(view), strict=True):
        if group and group != heading:
            sheet.write_string(line, 0, group, bold)
            line += 1
        heading = group
        sheet.write_string(line, 0, label, wrapped)
        for position, cell in enumerate(row):
            if cell is not None:
                _write_cell(book, sheet, line, 1 + position * width, cell, view)
        line += 1
    line += 1
    for note in view.notes():
        sheet.write_string(line, 0, note)
        line += 1
    sheet.freeze_panes(top + 3, 1)
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)


def _write_cell(
    book: Any, sheet: Any, line: int, left: int, cell: dict[str, Any], view: TableView
) -> None:
    fill = {"bg_color": COLOURS[cell["verdict"]]} if cell["verdict"] in COLOURS else {}
    tail = f" {cell['sign']}" if cell["sign"] else ""
    right: dict[str, Any] = {"align": "right"}
    number, mask = _number_and_mask(cell["text"].replace(".", ","))
    if number is None:
        sheet.write_string(line, left, cell["text"] + tail, book.add_format(right | fill))
    else:
        # The value itself, not the rounded text: the format does the rounding.
        layout = right | fill | {"num_format": mask + (f'"{tail}"' if tail else "")}
        sheet.write_number(line, left, cell["value"], book.add_format(layout))
    if view.has_published:
        muted = right | {"italic": True, "font_color": "#595959"}
        number, mask = _number_and_mask(cell["published"])
        if number is None:
            sheet.write_string(line, left + 1, cell["published"], book.add_format(muted))
        else:
            muted = muted | {"num_format": mask}
            sheet.write_number(line, left + 1, number, book.add_format(muted))


def _number_and_mask(text: str) -> tuple[float | None, str]:
    """Split a printed cell into its number and the Excel format that shows it as printed."""
    parts = split_printed(text)
    if parts is None:
        return None, ""
    number, digits, around = parts
    before, after = around.split("{}")
    return number, "".join([f'"{before}"' if before else "", digits, f'"{after}"' if after else ""])


def write_tables(
    results: Mapping[str, TableResult],
    scorecard: Any,
    folder: Path,
    formats: Sequence[str] = FORMATS,
    *,
    lang: str = "nl",
) -> list[Path]:
    """Write tables beside their published numbers, one file per format.

    Parameters
    ----------
    results : mapping of str to TableResult
        The tables.
    scorecard : Scorecard or None
        Gives the published numbers, the verdicts and the star legend.
    folder : Path
        Usually ``reports/``.
    formats : sequence of {'csv', 'html', 'markdown', 'xlsx', 'docx', 'latex'}
        Which files.
    lang : {'nl', 'en'}
        Language.

    Returns
    -------
    list of Path
        ``tabellen.csv``, ``tabellen.html``, ``tabellen.md``, ``tabellen.xlsx``, ``tabellen.docx``,
        ``tabellen.tex``; in English ``tables.*``. With some of the study's tables only, their
        numbers stand behind the name, such as ``tabellen_3.7.docx``, so that the file of all of
        them is left alone.

    Raises
    ------
    AnalysisError
        There is no such format, or no table.
    OutputError
        A file cannot be written.
    """
    check_formats(formats)
    frame = None if scorecard is None else scorecard.frame
    legend = None if scorecard is None else scorecard.legend
    views = [display(result, frame, lang=lang, legend=legend) for result in results.values()]
    if not views:
        problem = Problem("no table was asked for", "Name at least one.")
        raise AnalysisError("The tables cannot be written.", [problem])
    heading, paths = _heading(views[0]), []
    stem = STEMS[lang]
    if list(results) != list(views[0].result.wave.study.tables.tables):
        stem = "_".join([stem, *results])
    for name in formats:
        path = folder / f"{stem}.{SUFFIX[name]}"
        if name == "csv":
            write_text(path, to_csv(views))
        elif name == "markdown":
            write_text(path, f"# {heading}\n\n{to_markdown(views)}")
        elif name == "html":
            sections = "\n".join(f"<section>{to_html(view)}</section>" for view in views)
            body = f"<h1>{html.escape(heading)}</h1>\n{sections}"
            write_text(path, page(heading, body, mark=views[0].mark, lang=lang))
        elif name == "latex":
            write_text(path, to_latex(views))
        elif name == "docx":
            # Imported here: reading python-docx takes longer than writing the other formats.
            from mobiliteit.render.word import to_docx

            write_atomically(path, partial(write_bytes, to_docx(views)))
        else:
            write_atomically(path, partial(write_bytes, to_xlsx(views)))
        paths.append(path)
    return paths


def _heading(view: TableView) -> str:
    facts = view.result.wave.study.codebook.study
    return facts.title_nl if view.lang == "nl" else facts.title_en


def write_bytes(content: bytes, path: Path) -> None:
    """Write `content` to `path`; a callable for ``project.write_atomically``."""
    path.write_bytes(content)


def _several(views: TableView | Iterable[TableView]) -> Iterable[TableView]:
    return [views] if isinstance(views, TableView) else views


def check_formats(formats: Sequence[str], known: Sequence[str] = FORMATS) -> None:
    """Raise AnalysisError for a format that is not among those `known`."""
    unknown = [name for name in formats if name not in known]
    if unknown:
        problem = Problem(
            f"there is no format {', '.join(unknown)}", f"Use one of: {', '.join(known)}."
        )
        raise AnalysisError("This cannot be written.", [problem])
