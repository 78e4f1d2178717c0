"""Tables in a Word document: headings that repeat, rows that do not break, styles to change."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from xml.sax.saxutils import escape

from docx.document import Document
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls

from mobiliteit.render import wording
from mobiliteit.render.layout import COMPUTED, Layout, lay_out
from mobiliteit.render.tables import COLOURS, TableView
from mobiliteit.render.word import (
    HEAD,
    MARGIN,
    MARK,
    NOTE,
    PAGE,
    SMALL,
    TABLE_STYLE,
    TEXT,
    add_caption,
    clean,
    turn,
)

TWIPS = 567  # in a centimetre
NARROW = 24  # letters of a column that takes just the room that it needs
TOGETHER = 40  # rows that are kept on one page
_GREY = "595959"


@dataclass(frozen=True)
class WordCell:
    """A cell of a Word table.

    Attributes
    ----------
    text : str
        What it says; a line feed is a line break.
    style : str
        Style of its paragraph.
    align : {'left', 'right', 'center'}
        Where the text stands.
    span : int
        Columns that it takes.
    fill : str
        Colour of its ground, such as ``FFF1CC``; empty for none.
    muted : bool
        Grey and in italics.
    merge : {'', 'restart', 'continue'}
        Whether it goes on below, or is the part below.
    """

    text: str
    style: str = TEXT
    align: str = "left"
    span: int = 1
    fill: str = ""
    muted: bool = False
    merge: str = ""


def add_view(document: Document, view: TableView) -> None:
    """Add a table of the study: caption, mark, table and notes.

    Parameters
    ----------
    document : Document
        Of ``word.new_document``; see :func:`room_for`.
    view : TableView
        The table.
    """
    layout = lay_out(view)
    title = view.title.removeprefix(f"{wording.words(view.lang)['table']} {view.number}. ")
    add_caption(document, wording.words(view.lang)["table"], view.number, title)
    if view.mark:
        document.add_paragraph(clean(view.mark), style=NOTE).paragraph_format.keep_with_next = True
    widths = _widths(layout)
    head, body = _rows(layout)
    _add(document, head, body, widths, title=view.title)
    for note in view.notes():
        document.add_paragraph(clean(note), style=NOTE)


@contextmanager
def room_for(document: Document, view: TableView) -> Iterator[None]:
    """Give a table with many columns, and what is added with it, pages on their side.

    Parameters
    ----------
    document : Document
        The document, upright; and upright again afterwards.
    view : TableView
        The table that will be added.
    """
    wide = lay_out(view).wide
    if wide:
        turn(document, wide=True)
    yield
    if wide:
        turn(document, wide=False)


def add_grid(
    document: Document, header: Sequence[str], rows: Sequence[Sequence[str]], *, numbers: int = 0
) -> None:
    """Add a plain table.

    Parameters
    ----------
    document : Document
        The document, upright.
    header : sequence of str
        Headings of the columns.
    rows : sequence of sequence of str
        Cells, one sequence per row.
    numbers : int
        How many of the last columns stand to the right.
    """
    lengths = [max(min(len(line[k]), 60) for line in [header, *rows]) for k in range(len(header))]
    narrow = [0.3 + 0.17 * length if length <= NARROW else 0.0 for length in lengths]
    room = PAGE[0] - 2 * MARGIN - sum(narrow)
    others = sum(length for length in lengths if length > NARROW)
    widths = [own or room * length / others for own, length in zip(narrow, lengths, strict=True)]
    first = len(header) - numbers
    sides = ["right" if k >= first else "left" for k in range(len(header))]
    head = [[WordCell(t, HEAD, side) for t, side in zip(header, sides, strict=True)]]
    body = [[WordCell(t, TEXT, side) for t, side in zip(row, sides, strict=True)] for row in rows]
    _add(document, head, body, widths, title=", ".join(filter(None, header)))
    document.add_paragraph(style=NOTE)


def add_mark(document: Document, mark: str) -> None:
    """Add the synthetic mark as a paragraph that stands out."""
    document.add_paragraph(clean(mark), style=MARK)


def _widths(layout: Layout) -> list[float]:
    """Widths of the columns in centimetres: as much as a number needs, the rest for the labels."""
    room = PAGE[1 if layout.wide else 0] - 2 * MARGIN
    count = len(layout.columns)
    each = min(1.9, (room - 4.6) / count)
    return [room - count * each, *[each] * count]


def _rows(layout: Layout) -> tuple[list[list[WordCell]], list[list[WordCell]]]:
    top = [WordCell("", HEAD, merge="restart")]
    under = [WordCell("", HEAD, merge="continue")]
    for spanner in layout.spanners:
        text = "\n".join(filter(None, (spanner.label, spanner.n)))
        top.append(WordCell(text, HEAD, "center", span=len(spanner.columns)))
        for column in spanner.columns:
            under.append(WordCell(column.heading, SMALL, "right", muted=True))
    body = []
    width = 1 + len(layout.columns)
    for position, label in enumerate(layout.labels):
        if layout.opens(position):
            body.append([WordCell(layout.opens(position), HEAD, span=width)])
        style = HEAD if position in layout.sums else TEXT
        row = [WordCell(label, style)]
        for column in layout.columns:
            colour = COLOURS.get(column.verdicts[position], "").removeprefix("#")
            muted = column.kind != COMPUTED
            row.append(WordCell(column.texts[position], style, "right", fill=colour, muted=muted))
        body.append(row)
    return [top, under], body


def _add(
    document: Document,
    head: list[list[WordCell]],
    body: list[list[WordCell]],
    widths: Sequence[float],
    *,
    title: str,
) -> None:
    twips = [round(width * TWIPS) for width in widths]
    grid = "".join(f'<w:gridCol w:w="{width}"/>' for width in twips)
    styles = {name: _style_id(document, name) for name in (TEXT, SMALL, HEAD)}
    rows = "".join(_row(row, twips, styles, head=True) for row in head)
    last = len(body) - 1
    rows += "".join(
        _row(row, twips, styles, stays=len(body) <= TOGETHER and k < last)
        for k, row in enumerate(body)
    )
    table = (
        f'<w:tbl {nsdecls("w")}><w:tblPr><w:tblStyle w:val="{TABLE_STYLE}"/>'
        f'<w:tblW w:w="{sum(twips)}" w:type="dxa"/><w:tblLayout w:type="fixed"/>'
        '<w:tblLook w:val="0020" w:firstRow="1" w:lastRow="0" w:firstColumn="0" w:lastColumn="0"'
        f' w:noHBand="1" w:noVBand="1"/><w:tblCaption w:val="{_attribute(title)}"/></w:tblPr>'
        f"<w:tblGrid>{grid}</w:tblGrid>{rows}</w:tbl>"
    )
    document.element.body.insert_element_before(parse_xml(table), "w:sectPr")


def _style_id(document: Document, name: str) -> str:
    return str(document.styles[name].style_id)


def _row(
    cells: Sequence[WordCell],
    twips: Sequence[int],
    styles: dict[str, str],
    *,
    head: bool = False,
    stays: bool = False,
) -> str:
    repeated = "<w:tblHeader/>" if head else ""
    parts, at = [], 0
    for cell in cells:
        width = sum(twips[at : at + cell.span])
        # A heading inside the table stays with the row under it.
        kept = head or stays or cell.span == len(twips)
        parts.append(_cell(cell, width, styles[cell.style], stays=kept))
        at += cell.span
    return f"<w:tr><w:trPr><w:cantSplit/>{repeated}</w:trPr>{''.join(parts)}</w:tr>"


def _cell(cell: WordCell, width: int, style: str, *, stays: bool) -> str:
    span = f'<w:gridSpan w:val="{cell.span}"/>' if cell.span > 1 else ""
    merge = f'<w:vMerge w:val="{cell.merge}"/>' if cell.merge else ""
    fill = f'<w:shd w:val="clear" w:color="auto" w:fill="{cell.fill}"/>' if cell.fill else ""
    kept = "<w:keepNext/>" if stays else ""
    look = f'<w:rPr><w:i/><w:color w:val="{_GREY}"/></w:rPr>' if cell.muted else ""
    lines = "<w:br/>".join(
        f'<w:t xml:space="preserve">{escape(clean(line))}</w:t>' for line in cell.text.split("\n")
    )
    return (
        f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/>{span}{merge}{fill}</w:tcPr>'
        f'<w:p><w:pPr><w:pStyle w:val="{style}"/>{kept}<w:jc w:val="{cell.align}"/></w:pPr>'
        f"<w:r>{look}{lines}</w:r></w:p></w:tc>"
    )


def _attribute(text: str) -> str:
    return escape(clean(text), {'"': "&quot;"})
