"""What was kept of a session as a Word document, with real headings, tables and captions."""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import partial
from io import BytesIO
from pathlib import Path

import docx
from docx.document import Document
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt

from mobiliteit.logbook.entry import FAMILIES, Entry, LoggedEstimate
from mobiliteit.logbook.export_words import say
from mobiliteit.logbook.overview import (
    NUMBERS,
    Kept,
    asked_header,
    asked_rows,
    kept_entries,
    waiting_lines,
)
from mobiliteit.logbook.session import Session
from mobiliteit.logbook.words import moment
from mobiliteit.project import write_atomically
from mobiliteit.render.answer_alt import alternative_text
from mobiliteit.render.answer_measures import NAMES, decimals_for, number_text
from mobiliteit.render.canvas import render
from mobiliteit.render.export import write_bytes
from mobiliteit.render.figures_answer import answer_figure
from mobiliteit.render.numbers import MISSING, format_number, format_p

TABLE = "Light Shading"
LOCALES = {"nl": "nl-NL", "en": "en-GB"}
WIDTH = Cm(16)
SMALL = Pt(9)
ESTIMATE_WIDTHS = (4.6, 3.4, 1.9, 3.2, 1.6, 1.3)  # centimetres; together the width of the text
ASKED_WIDTHS = (5.9, 1.8, 2.2, 1.6, 1.5, 1.5, 1.5)


def write_docx(session: Session, path: Path | str, *, lang: str = "nl") -> Path:
    """Write the kept answers of a session as a Word document.

    Parameters
    ----------
    session : Session
        The session.
    path : path
        Where; written as a whole or not at all.
    lang : {'nl', 'en'}
        Language, and the decimal sign.

    Returns
    -------
    Path
        The file. Per question a heading, the answer, its picture with alternative text, a table of
        estimates, what to mind, and how to repeat it; at the end every question that was asked.
        Numbers are those of the log; a picture is drawn only while the wave's file is the one that
        the log rests on. The same session gives the same contents.

    Raises
    ------
    AnalysisError
        Nothing was kept, or there is no such language.
    OutputError
        The file cannot be written.
    """
    words, gathered = say(lang), kept_entries(session)
    document = _start(session, words["title"], lang)
    marks = dict.fromkeys(getattr(kept.entry.mark, lang) for kept in gathered)
    shown = " ".join(filter(None, marks))
    if shown:
        document.add_paragraph(shown, style="Intense Quote")
        document.sections[0].header.paragraphs[0].text = shown
    families = session.corrected()["family"].value_counts()
    document.add_paragraph(
        words["summary"].format(
            at=getattr(moment(session.started), lang),
            asked=len(session.entries),
            kept=len(gathered),
            **{family: families.get(family, 0) for family in FAMILIES},
        )
    )
    for number, kept in enumerate(gathered, start=1):
        _question(document, session, kept, number, lang)
    _overview(document, session, lang)
    target, written = Path(path), BytesIO()
    document.save(written)
    write_atomically(target, partial(write_bytes, written.getvalue()))
    return target


def _start(session: Session, title: str, lang: str) -> Document:
    document = docx.Document()
    properties = document.core_properties
    # The moments of writing would make every copy a different file.
    made = session.started.replace(tzinfo=None)
    properties.created = properties.modified = made
    properties.author = properties.last_modified_by = "mobiliteit"
    properties.title, properties.comments, properties.language = title, "", LOCALES[lang]
    for language in document.styles.element.xpath("//w:lang"):
        language.set(qn("w:val"), LOCALES[lang])
    section = document.sections[0]
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.left_margin = section.right_margin = Cm(2.5)
    document.add_heading(title, level=0)
    return document


def _question(document: Document, session: Session, kept: Kept, number: int, lang: str) -> None:
    entry, words = kept.entry, say(lang)
    document.add_heading(getattr(entry.sentence, lang), level=1)
    document.add_paragraph(getattr(entry.says, lang))
    if entry.remark:
        document.add_heading(words["remark"], level=2)
        document.add_paragraph(entry.remark, style="Quote")
    _picture(document, session, entry, number, lang)
    if entry.estimates:
        rows = [_estimate(estimate, lang) for estimate in entry.estimates]
        interval = words["interval"].format(level=format_number(100 * entry.level, 0, lang=lang))
        header = [words["estimate"], words["measure"], words["value"], interval, "p", "n"]
        _table(document, header, rows, ESTIMATE_WIDTHS, numbers=4)
    document.add_heading(words["notes"], level=2)
    for note in kept.notes:
        document.add_paragraph(getattr(note, lang), style="List Bullet")
    document.add_heading(words["account"], level=2)
    lines = [
        words["method"].format(text=getattr(entry.method, lang).rstrip(".")),
        words["question"].format(text=entry.question),
        words["python"].format(text=entry.python),
        words["file"].format(wave=entry.wave, sha256=entry.sha256),
        words["asked_at"].format(at=getattr(moment(entry.at), lang), version=entry.mobiliteit),
    ]
    if entry.registration is not None:
        lines.append(words["fixed_at"].format(at=getattr(moment(entry.registration.at), lang)))
    if entry.since:
        against = words["file"].format(wave=entry.since, sha256=entry.against_sha256)
        lines.insert(4, against)
    for line in lines:
        document.add_paragraph().add_run(line).font.size = SMALL


def _picture(document: Document, session: Session, entry: Entry, number: int, lang: str) -> None:
    answer = session.answer(entry)
    if answer is None:
        document.add_paragraph(say(lang)["no_picture"])
        return
    figure = answer_figure(answer, lang)
    if figure is None:
        return
    document.add_picture(BytesIO(render(figure, "png")), width=WIDTH)
    document.paragraphs[-1].paragraph_format.keep_with_next = True
    described = document.inline_shapes[-1]._inline.docPr
    described.set("descr", alternative_text(answer, lang))
    caption = say(lang)["figure"].format(number=number, text=getattr(entry.sentence, lang))
    document.add_paragraph(caption, style="Caption")


def _estimate(estimate: LoggedEstimate, lang: str) -> list[str]:
    words = say(lang)
    value, low, high = (
        math.nan if number is None else number
        for number in (estimate.value, estimate.low, estimate.high)
    )
    decimals = decimals_for(estimate.measure, low, high)
    write = partial(number_text, estimate.measure, decimals=decimals, lang=lang)
    limits = words["to"].format(low=write(low), high=write(high))
    label = getattr(estimate.label, lang)
    if estimate.robust:
        label = words["robust"].format(label=label, method=getattr(estimate.method, lang))
    return [
        label,
        NAMES[lang][estimate.measure],
        write(value),
        limits if math.isfinite(low) or math.isfinite(high) else MISSING,
        _p(estimate.p, lang),
        str(estimate.n) if estimate.n else MISSING,
    ]


def _overview(document: Document, session: Session, lang: str) -> None:
    words, waiting = say(lang), waiting_lines(session, lang)
    document.add_heading(words["all"], level=1)
    document.add_paragraph(words["all_lead"])
    _table(document, asked_header(lang), asked_rows(session, lang), ASKED_WIDTHS, numbers=NUMBERS)
    if waiting:
        document.add_heading(words["waiting"], level=2)
    for line in waiting:
        document.add_paragraph(line, style="List Bullet")


def _table(
    document: Document,
    header: Sequence[str],
    rows: Sequence[Sequence[str]],
    widths: Sequence[float],
    *,
    numbers: int,
) -> None:
    table = document.add_table(rows=1 + len(rows), cols=len(header), style=TABLE)
    table.alignment = WD_TABLE_ALIGNMENT.CENTER
    for row, texts in zip(table.rows, [header, *rows], strict=True):
        for position, (cell, text, width) in enumerate(zip(row.cells, texts, widths, strict=True)):
            cell.width = Cm(width)
            paragraph = cell.paragraphs[0]
            paragraph.add_run(text).font.size = SMALL
            if position >= len(header) - numbers:
                paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT
    # Repeated on every page, and read out as the heading of its column.
    head = OxmlElement("w:tblHeader")
    head.set(qn("w:val"), "true")
    table.rows[0]._tr.get_or_add_trPr().append(head)
    document.add_paragraph()


def _p(p: float | None, lang: str) -> str:
    return MISSING if p is None else format_p(p, lang)
