"""The report as a Word document: real headings, tables, captions and lists."""

from __future__ import annotations

from collections.abc import Sequence
from typing import assert_never
from xml.sax.saxutils import escape

from docx.document import Document
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls
from docx.shared import Cm

from mobiliteit.render import word, word_tables
from mobiliteit.report.blocks import (
    Bullets,
    FigureBlock,
    Grid,
    Heading,
    Paragraph,
    Report,
    TableBlock,
)
from mobiliteit.report.words import WORDS


def report_docx(report: Report) -> bytes:
    """Write a report as a Word document.

    Parameters
    ----------
    report : Report
        What it says.

    Returns
    -------
    bytes
        With a list of contents that Word can renew, headings of tables that repeat on every page,
        captions in numbered sequences, alternative texts, and its language set. The same report
        gives the same bytes.
    """
    document = word.new_document(report.title, report.mark, report.lang, report.made)
    document.add_heading(word.clean(report.title), level=0)
    document.add_paragraph(word.clean(report.subtitle), style="Subtitle")
    if report.mark:
        word_tables.add_mark(document, report.mark)
    _add_contents(document, report.headings, WORDS[report.lang]["contents"])
    marks = iter(range(len(report.headings)))
    for block in report.blocks:
        if isinstance(block, Heading):
            _add_heading(document, block, next(marks))
        elif isinstance(block, TableBlock):
            with word_tables.room_for(document, block.view):
                _add_heading(document, block.heading, next(marks))
                word_tables.add_view(document, block.view)
        else:
            _add(document, block, report.lang)
    return word.document_bytes(document)


def _add(document: Document, block: Paragraph | Bullets | Grid | FigureBlock, lang: str) -> None:
    match block:
        case Paragraph():
            paragraph = document.add_paragraph()
            if block.lead:
                paragraph.add_run(word.clean(f"{block.lead} ")).bold = True
            paragraph.add_run(word.clean(block.text))
        case Bullets():
            for item in block.items:
                document.add_paragraph(word.clean(item), style="List Bullet")
        case Grid():
            word_tables.add_grid(document, block.header, block.rows, numbers=block.numbers)
        case FigureBlock():
            own = block.picture
            word.add_figure(document, own.png, own.told.alt, lang, block.number, own.caption)
        case _:
            assert_never(block)


def _add_heading(document: Document, heading: Heading, position: int) -> None:
    paragraph = document.add_heading(word.clean(heading.text), level=heading.level)
    start, end = (
        parse_xml(f'<w:bookmark{side} {nsdecls("w")} w:id="{position}"{name}/>')
        for side, name in (("Start", f' w:name="{_bookmark(position)}"'), ("End", ""))
    )
    paragraph._p.insert(1, start)
    paragraph._p.append(end)


def _add_contents(document: Document, headings: Sequence[Heading], title: str) -> None:
    """Add a field with the list of contents, shown as links until Word fills in the pages."""
    document.add_paragraph(title, style=word.HEAD)
    for position, heading in enumerate(headings):
        paragraph = document.add_paragraph(style=word.TEXT)
        paragraph.paragraph_format.left_indent = Cm(0.6 * (heading.level - 1))
        if position == 0:
            for part in word.field_start(r'TOC \o "1-2" \h \z \u'):
                paragraph._p.append(part)
        paragraph._p.append(
            parse_xml(
                f'<w:hyperlink {nsdecls("w")} w:anchor="{_bookmark(position)}" w:history="1">'
                f"<w:r><w:t>{escape(word.clean(heading.text))}</w:t></w:r></w:hyperlink>"
            )
        )
        if position == len(headings) - 1:
            paragraph._p.append(word.field_end())


def _bookmark(position: int) -> str:
    return f"_Toc{position + 1:06d}"
