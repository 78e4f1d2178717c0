"""The scorecard as a file: every published cell beside the computed one, with its verdict."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from functools import partial
from io import BytesIO
from pathlib import Path
from typing import Any

import pandas as pd

from mobiliteit.csvfile import csv_text
from mobiliteit.project import write_atomically, write_text
from mobiliteit.render import wording
from mobiliteit.render.export import SUFFIX, check_formats, write_bytes
from mobiliteit.render.page import page
from mobiliteit.render.summary import scorecard_summary
from mobiliteit.render.weight_words import weight_note

FORMATS = ("csv", "html", "markdown", "xlsx")
# What a reader needs of a cell; csv and xlsx hold the unrounded numbers, p, n and notes too.
SHOWN = ("table", "row_label_nl", "column", "published", "computed", "verdict")


def write_scorecard(
    scorecard: Any, folder: Path, formats: Sequence[str] = ("csv",), *, lang: str = "nl"
) -> list[Path]:
    """Write the scorecard: every cell, and in HTML and Markdown the summary per table above them.

    Parameters
    ----------
    scorecard : Scorecard
        Published against computed.
    folder : Path
        Usually ``reports/``.
    formats : sequence of {'csv', 'html', 'markdown', 'xlsx'}
        What to write.
    lang : {'nl', 'en'}
        Language of headings.

    Returns
    -------
    list of Path
        ``scorecard.csv``, ``scorecard.html``, ``scorecard.md``, ``scorecard.xlsx``.

    Raises
    ------
    AnalysisError
        There is no such format.
    OutputError
        A file cannot be written.
    """
    check_formats(formats, FORMATS)
    heading = wording.words(lang)["scorecard"]
    marks = scorecard.wave.mark(lang), weight_note(scorecard.wave, lang)
    mark = " ".join(text for text in marks if text)
    paths = []
    for name in formats:
        path = folder / f"scorecard.{SUFFIX[name]}"
        if name == "csv":
            write_text(path, csv_text(scorecard.frame, printed=("published", "computed")))
        elif name == "xlsx":
            write_atomically(path, partial(write_bytes, _scorecard_book(scorecard, mark)))
        elif name == "markdown":
            summary = scorecard_summary(scorecard.summary(), mark=mark, lang=lang, form="markdown")
            write_text(path, f"# {heading}\n\n{summary}\n{_cells_markdown(scorecard.frame)}")
        else:
            body = scorecard_summary(scorecard.summary(), mark="", lang=lang, form="html")
            cells = scorecard.frame[list(SHOWN)].to_html(index=False, border=0)
            body = f"<h1>{heading}</h1>{body}{cells}"
            write_text(path, page(heading, body, mark=mark, lang=lang))
        paths.append(path)
    return paths


def _scorecard_book(scorecard: Any, mark: str) -> bytes:
    import xlsxwriter

    target = BytesIO()
    book = xlsxwriter.Workbook(target, {"in_memory": True, "strings_to_formulas": False})
    made = datetime.datetime.combine(scorecard.wave.descriptor.date, datetime.time())
    book.set_properties({"title": "scorecard", "comments": mark, "created": made})
    sheet = book.add_worksheet("scorecard")
    sheet.write_string(0, 0, mark)
    frame = scorecard.frame
    for position, column in enumerate(frame.columns):
        sheet.write_string(2, position, column, book.add_format({"bold": True}))
        for line, value in enumerate(frame[column].tolist(), start=3):
            if not pd.isna(value):
                sheet.write(line, position, value)
    sheet.set_column(2, 3, 34)
    sheet.autofilter(2, 0, 2 + len(frame), len(frame.columns) - 1)
    sheet.freeze_panes(3, 0)
    book.close()
    return target.getvalue()


def _cells_markdown(frame: pd.DataFrame) -> str:
    lines = [list(SHOWN), [":--"] * len(SHOWN)]
    lines += frame[list(SHOWN)].astype("str").to_numpy().tolist()
    # Stars are marks of significance here, and emphasis to Markdown.
    return "".join("| " + " | ".join(line).replace("*", "\\*") + " |\n" for line in lines)
