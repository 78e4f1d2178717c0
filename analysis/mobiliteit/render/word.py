"""Word documents: page, styles, language, captions and pictures, and tables alone as a file."""

from __future__ import annotations

import datetime
import re
import zipfile
from collections.abc import Iterable
from io import BytesIO
from typing import Any
from xml.sax.saxutils import escape

import docx
from docx.document import Document
from docx.enum.section import WD_ORIENT, WD_SECTION
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Cm, Pt, RGBColor
from docx.text.paragraph import Paragraph

from mobiliteit.render import wording
from mobiliteit.render.tables import TableView

LOCALES = {"nl": "nl-NL", "en": "en-GB"}
PAGE = (21.0, 29.7)  # centimetres
MARGIN = 2.0
INK, SOFT = RGBColor(0x1B, 0x1B, 0x1B), RGBColor(0x59, 0x59, 0x59)
TABLE_STYLE = "Mobiliteit"
TEXT, SMALL, HEAD, NOTE = "Table Text", "Table Small", "Table Head", "Table Note"
MARK = "Synthetic Mark"
FONT = "Arial"
# Signs that an XML file cannot hold, whoever wrote them in a sidecar.
_NO_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_STYLE = """
<w:style {ns} w:type="table" w:customStyle="1" w:styleId="{name}">
  <w:name w:val="{name}"/><w:basedOn w:val="TableNormal"/><w:uiPriority w:val="59"/><w:qFormat/>
  <w:tblPr><w:tblBorders>
    <w:top w:val="single" w:sz="8" w:space="0" w:color="333333"/>
    <w:bottom w:val="single" w:sz="8" w:space="0" w:color="333333"/>
    <w:insideH w:val="single" w:sz="4" w:space="0" w:color="D5D5D5"/>
  </w:tblBorders><w:tblCellMar>
    <w:top w:w="20" w:type="dxa"/><w:left w:w="40" w:type="dxa"/>
    <w:bottom w:w="20" w:type="dxa"/><w:right w:w="40" w:type="dxa"/>
  </w:tblCellMar></w:tblPr>
</w:style>
"""


def to_docx(views: TableView | Iterable[TableView]) -> bytes:
    """Write tables as a Word document, each with caption, mark, n and notes.

    Parameters
    ----------
    views : TableView or iterable of TableView
        The tables.

    Returns
    -------
    bytes
        Real Word tables whose headings repeat on every page; texts as people read them. The same
        tables give the same bytes.
    """
    from mobiliteit.render.word_tables import add_view, room_for

    views = [views] if isinstance(views, TableView) else list(views)
    first = views[0]
    wave = first.result.wave
    facts = wave.study.codebook.study
    title = facts.title_nl if first.lang == "nl" else facts.title_en
    document = new_document(title, first.mark, first.lang, wave.descriptor.date)
    for view in views:
        with room_for(document, view):
            add_view(document, view)
    return document_bytes(document)


def new_document(title: str, mark: str, lang: str, made: datetime.date) -> Document:
    """Start a document with its styles, language and properties.

    Parameters
    ----------
    title : str
        Goes into the properties of the document; no heading is written.
    mark : str
        The synthetic mark, at the head of every page; empty for a real wave.
    lang : {'nl', 'en'}
        Language of the text, which readers and spelling follow.
    made : datetime.date
        The moment in the properties; that of writing would make every copy a different file.

    Returns
    -------
    Document
        Upright A4 with page numbers.
    """
    document = docx.Document()
    properties = document.core_properties
    moment = datetime.datetime.combine(made, datetime.time())
    properties.created = properties.modified = moment
    properties.author = properties.last_modified_by = "mobiliteit"
    properties.title, properties.comments = clean(title), clean(mark)
    properties.language = LOCALES[lang]
    for language in document.styles.element.xpath("//w:lang"):
        language.set(qn("w:val"), LOCALES[lang])
    _set_styles(document)
    section = document.sections[0]
    section.page_width, section.page_height = Cm(PAGE[0]), Cm(PAGE[1])
    section.left_margin = section.right_margin = Cm(MARGIN)
    section.top_margin = section.bottom_margin = Cm(MARGIN)
    if mark:
        section.header.paragraphs[0].add_run(clean(mark)).font.size = Pt(7.5)
        section.header.paragraphs[0].runs[0].font.color.rgb = SOFT
    foot = section.footer.paragraphs[0]
    foot.alignment = WD_ALIGN_PARAGRAPH.CENTER
    _add_field(foot, "PAGE", "1")
    return document


def _set_styles(document: Document) -> None:
    styles: Any = document.styles
    for name in (
        "Normal",
        "Title",
        "Subtitle",
        *(f"Heading {level}" for level in (1, 2, 3)),
        "Caption",
    ):
        font = styles[name].font
        font.name, font.color.rgb = FONT, INK
        fonts = styles[name].element.get_or_add_rPr().get_or_add_rFonts()
        for theme in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
            fonts.attrib.pop(qn(f"w:{theme}"), None)
    styles["Normal"].font.size, styles["Title"].font.size = Pt(10), Pt(20)
    styles["Subtitle"].font.italic = False
    styles["Caption"].font.size = Pt(10)
    styles["Caption"].paragraph_format.space_before = Pt(10)
    for name, size, colour in (
        (TEXT, 8, INK),
        (SMALL, 7, INK),
        (HEAD, 8, INK),
        (NOTE, 8.5, SOFT),
        (MARK, 10, INK),
    ):
        own = styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
        own.base_style = styles["Normal"]
        own.font.size, own.font.color.rgb = Pt(size), colour
        own.paragraph_format.space_after = Pt(3 if name in (NOTE, MARK) else 0)
        own.paragraph_format.line_spacing = 1.0
    styles[HEAD].font.bold = True
    # A frame and a ground, as the banner of a page has.
    styles[MARK].element.get_or_add_pPr().append(
        parse_xml(f'<w:shd {nsdecls("w")} w:val="clear" w:color="auto" w:fill="FFF1CC"/>')
    )
    styles.element.append(parse_xml(_STYLE.format(ns=nsdecls("w"), name=TABLE_STYLE)))


def add_caption(document: Document, word: str, number: str, text: str) -> None:
    """Add a caption that Word can list and refer to: ``Tabel 3.7. Title``.

    Parameters
    ----------
    document : Document
        The document.
    word : str
        What is numbered, such as Tabel: also the name of its sequence.
    number : str
        Its number. The last part is a field of the sequence that is set to it, so that tables keep
        the numbers of the report.
    text : str
        The caption itself.
    """
    chapter, dot, position = number.rpartition(".")
    paragraph = document.add_paragraph(f"{word} {chapter}{dot}", style="Caption")
    paragraph.paragraph_format.keep_with_next = True
    _add_field(paragraph, rf"SEQ {word} \* ARABIC \r {position}", position)
    paragraph.add_run(f". {clean(text)}")


def add_figure(
    document: Document, png: bytes, alt: str, lang: str, number: int, caption: str
) -> None:
    """Add a picture with its alternative text, and its caption under it.

    Parameters
    ----------
    document : Document
        The document.
    png : bytes
        The picture.
    alt : str
        What it shows, for those who cannot see it.
    lang : {'nl', 'en'}
        Language of the word that is numbered.
    number : int
        Number of the figure.
    caption : str
        Its caption.
    """
    document.add_picture(BytesIO(png), width=Cm(PAGE[0] - 2 * MARGIN))
    picture, last = document.inline_shapes[-1], document.paragraphs[-1]
    last.paragraph_format.keep_with_next = True
    highest = Cm(PAGE[1] - 2 * MARGIN - 4)
    if picture.height > highest:
        picture.width, picture.height = int(picture.width * highest / picture.height), highest
    picture._inline.docPr.set("descr", clean(alt))
    add_caption(document, wording.words(lang)["figure"], str(number), caption)
    document.paragraphs[-1].paragraph_format.keep_with_next = False


def turn(document: Document, *, wide: bool) -> None:
    """Let what follows begin on a new page, upright or on its side."""
    section = document.add_section(WD_SECTION.NEW_PAGE)
    sides = [Cm(side) for side in PAGE]
    section.orientation = WD_ORIENT.LANDSCAPE if wide else WD_ORIENT.PORTRAIT
    section.page_width, section.page_height = sides[::-1] if wide else sides


def document_bytes(document: Document) -> bytes:
    """Return a document as a file; the same document gives the same bytes."""
    written, target = BytesIO(), BytesIO()
    document.save(written)
    with zipfile.ZipFile(written) as old, zipfile.ZipFile(target, "w") as new:
        for name in old.namelist():
            # The moment of writing stands with every part of the archive.
            part = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            part.compress_type = zipfile.ZIP_DEFLATED
            new.writestr(part, old.read(name))
    return target.getvalue()


def clean(text: str) -> str:
    """Leave out the signs that a Word file cannot hold."""
    return _NO_XML.sub("", text)


def field_start(instruction: str) -> list[Any]:
    """Return the runs that open a field: what follows is shown until Word computes it anew."""
    code = (
        f'<w:r {nsdecls("w")}><w:instrText xml:space="preserve"> {escape(instruction)} '
        "</w:instrText></w:r>"
    )
    return [_field_sign("begin"), parse_xml(code), _field_sign("separate")]


def field_end() -> Any:
    """Return the run that closes a field."""
    return _field_sign("end")


def _field_sign(kind: str) -> Any:
    return parse_xml(f'<w:r {nsdecls("w")}><w:fldChar w:fldCharType="{kind}"/></w:r>')


def _add_field(paragraph: Paragraph, instruction: str, shown: str) -> None:
    for part in field_start(instruction):
        paragraph._p.append(part)
    paragraph.add_run(shown)
    paragraph._p.append(field_end())
