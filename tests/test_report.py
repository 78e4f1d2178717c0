"""The report as it comes out: Word and HTML opened, PDF pages drawn and read, failures survived."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable, Iterator
from functools import cache
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path
from types import SimpleNamespace

import docx
import numpy as np
import openpyxl
import pandas as pd
import pypdfium2 as pdfium
import pypdfium2.raw as raw
import pytest
from docx.oxml.ns import qn
from matplotlib.figure import Figure

from builders import SmallWave
from mobiliteit import cli
from mobiliteit.errors import AnalysisError, OutputError
from mobiliteit.gallery import Gallery, figure_names
from mobiliteit.gallery.shown import Picture
from mobiliteit.gallery.told import Told
from mobiliteit.render import canvas
from mobiliteit.render.drawing import plain_title
from mobiliteit.render.numbers import format_p
from mobiliteit.render.tables import TableView
from mobiliteit.report import Report, build_report, content, pdf, pictures, write_report
from mobiliteit.report.blocks import Bullets, FigureBlock, Grid, Heading, Paragraph, TableBlock
from mobiliteit.report.docx import report_docx
from mobiliteit.report.html import report_html
from mobiliteit.report.pdf import report_pdf
from mobiliteit.scorecard import score_wave
from mobiliteit.tables import DIFFERENCE, TableResult, compute_tables
from mobiliteit.wave import Wave

RENDER, DRAW = canvas.render, pictures._draw
ROWS: dict[int, list[list[str]]] = {}  # of the views that live as long as the tests
LANGS = ("nl", "en")
CM = 72 / 2.54  # points
NASTY = 'a #set page(width: 1cm) $x^2$ \\n "q" <b>x</b> & _u_ *s* @r // [y] {z} ~ %'
AUDIT = {
    "coverage": lambda: pd.DataFrame(
        {"cells": 5, "verified": 2, "consistent": 1, "inconsistent": 0, "undetermined": 2},
        index=["3.1", "totaal"],
    ),
    "findings": pd.DataFrame(
        {"page": ["24", ""] * 6, "title_nl": "Een bevinding", "title_en": "A finding"}
    ),
}


def stub(name: str, gallery: Gallery, lang: str) -> Picture:
    """One small picture for every figure of the gallery, with the words of its own."""
    entry = gallery.catalogue.figures[name]
    told = Told(f"To be seen: {name}", ("0.15", "0.16")) if lang == "en" else Told("Te zien: 0,15")
    return Picture(f"Figure {name}", getattr(entry, lang), told, *drawn_once())


def draw(view: TableView) -> Figure:
    """Draw a figure of a table, in English no more than its title."""
    if view.lang == "nl":
        return DRAW(view)
    figure = Figure()
    figure.set_label(plain_title(view))
    return figure


@cache
def drawn_once() -> tuple[bytes, bytes]:
    figure = canvas.start("x", "", size=(4.0, 1.0)).figure
    return RENDER(figure, "png"), RENDER(figure, "svg")


@pytest.fixture(scope="module")
def quick() -> Iterator[pytest.MonkeyPatch]:
    """Draw no figure: which goes where is decided for real, and what each shows has its tests.

    How the figure of a table is chosen is tried in Dutch alone.
    """
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(canvas, "render", lambda _, suffix, *text: drawn_once()[suffix == "svg"])
        patch.setattr(pictures, "picture", stub)
        patch.setattr(pictures, "_draw", draw)
        patch.setattr(content, "picture", stub)
        yield patch


def gallery_of(wave: Wave, results: dict[str, TableResult], earlier: Wave | None = None) -> Gallery:
    gallery = Gallery.around(score_wave(wave, results), results, earlier)
    gallery.__dict__["audit"] = SimpleNamespace(**AUDIT)
    return gallery


@pytest.fixture(scope="module")
def gallery(bundled: Wave, bundled_tables: dict[str, TableResult]) -> Gallery:
    return gallery_of(bundled, bundled_tables)


@pytest.fixture(scope="module")
def reports(gallery: Gallery, quick: pytest.MonkeyPatch) -> dict[str, Report]:
    return {lang: build_report(gallery, lang=lang) for lang in LANGS}


@pytest.fixture(scope="module")
def files(reports: dict[str, Report]) -> dict[str, dict[str, bytes]]:
    return {
        lang: {"docx": report_docx(report), "pdf": report_pdf(report)}
        for lang, report in reports.items()
    }


def views_of(report: Report) -> list[TableView]:
    return [block.view for block in report.blocks if isinstance(block, TableBlock)]


def drawn_in(report: Report) -> list[FigureBlock]:
    return [block for block in report.blocks if isinstance(block, FigureBlock)]


def rows_of(view: TableView) -> list[list[str]]:
    """The rows of a table as a reader should find them, made from its cells alone."""
    if id(view) in ROWS:
        return ROWS[id(view)]
    rows = []
    for _, cells in view.cells.groupby("row", sort=False):
        by_column = {cell["column"]: cell for cell in cells.to_dict("records")}
        texts = [str(cells["row_label"].iloc[0])]
        for column in dict.fromkeys(view.cells["column"]):
            cell = by_column.get(column)
            texts.append(f"{cell['text']} {cell['sign']}".strip() if cell else "")
            texts.append(cell["published"] if cell else "")
            if column == DIFFERENCE:
                texts.append(format_p(cell["p"], view.lang) if cell else "")
        rows.append(texts)
    ROWS[id(view)] = rows
    return rows


def plain(text: str) -> str:
    """Text without joiners, and with one kind of space."""
    return re.sub(r"\s+", " ", text.replace("\N{WORD JOINER}", "")).strip()


def texts_of(report: Report) -> list[str]:
    """Every text of a report that its own language has, so without the printed cells."""
    found = [report.title, report.subtitle, report.mark]
    for block in report.blocks:
        match block:
            case Heading() | Paragraph():
                found.append(block.text)
            case Bullets():
                found += block.items
            case Grid():
                found += [*block.header, *(text for row in block.rows for text in row)]
            case TableBlock():
                cells = block.view.cells
                found += [block.view.title, *block.view.columns().values(), *block.view.notes()]
                found += [*cells["row_label"], *cells["group"], *cells["text"]]
            case FigureBlock():
                own = block.picture
                found += [own.title, own.caption, own.told.alt, *own.told.details]
    return found


@pytest.mark.parametrize("lang", LANGS)
def test_the_word_file_holds_every_cell(
    lang: str, reports: dict[str, Report], files: dict[str, dict[str, bytes]]
) -> None:
    report = reports[lang]
    document = docx.Document(io.BytesIO(files[lang]["docx"]))
    captioned = {
        table._tbl.tblPr.find(qn("w:tblCaption")).get(qn("w:val")): table
        for table in document.tables
    }
    for view in views_of(report):
        table = captioned[view.title]
        shown = [[plain(cell.text) for cell in row.cells] for row in table.rows]
        groups = [row[0] for row in shown[2:] if len(set(row)) == 1]
        assert groups == list(dict.fromkeys(filter(None, view.cells["group"])))
        body = [row for row in shown[2:] if len(set(row)) > 1]
        assert body == [[plain(text) for text in row] for row in rows_of(view)]
        # Merged headings name every column that stands under them.
        assert shown[0][1] == shown[0][2]
        least = view.result.n_range()["most"].iloc[0]
        assert shown[0][1].startswith(next(iter(view.columns().values()))), view.number
        assert str(least) in shown[0][1]
        for row in table.rows:
            assert row._tr.trPr.find(qn("w:cantSplit")) is not None
        heads = [row._tr.trPr.find(qn("w:tblHeader")) is not None for row in table.rows]
        assert heads == [True, True, *[False] * (len(heads) - 2)]


@pytest.mark.parametrize("lang", LANGS)
def test_the_word_file_is_one_for_people_and_readers(
    lang: str, reports: dict[str, Report], files: dict[str, dict[str, bytes]]
) -> None:
    report = reports[lang]
    document = docx.Document(io.BytesIO(files[lang]["docx"]))
    levels = [
        int(paragraph.style.name[-1])
        for paragraph in document.paragraphs
        if paragraph.style.name.startswith("Heading")
    ]
    assert len(levels) == len(report.headings) and levels[0] == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))
    captions = [
        (p.text, p._p.xpath(".//w:instrText/text()"))
        for p in document.paragraphs
        if p.style.name == "Caption"
    ]
    tables = [
        re.search(r"SEQ (\w+) .*\\r (\d+)", field[0]) for _, field in captions if "Tab" in field[0]
    ]
    assert [found[2] for found in tables if found] == [str(k) for k in range(1, 12)]
    alts = document.element.body.xpath(".//wp:docPr/@descr")
    figures = drawn_in(report)
    assert alts == [figure.picture.told.alt for figure in figures] and all(alts)
    wide = [section for section in document.sections if section.page_width > section.page_height]
    assert len(wide) == 1
    assert report.mark in document.sections[0].header.paragraphs[0].text
    assert set(document.styles.element.xpath("//w:lang/@w:val")) == {
        {"nl": "nl-NL", "en": "en-GB"}[lang]
    }
    properties = document.core_properties
    assert properties.title == report.title and properties.created.date() == report.made
    anchors = document.element.body.xpath(".//w:hyperlink/@w:anchor")
    assert anchors == document.element.body.xpath(".//w:bookmarkStart/@w:name")
    assert len(anchors) == len(report.headings)


def test_the_same_report_gives_the_same_bytes(
    reports: dict[str, Report], files: dict[str, dict[str, bytes]]
) -> None:
    assert report_docx(reports["nl"]) == files["nl"]["docx"]
    assert report_pdf(reports["nl"]) == files["nl"]["pdf"]
    with zipfile.ZipFile(io.BytesIO(files["nl"]["docx"])) as archive:
        assert {entry.date_time for entry in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}


class Page(HTMLParser):
    """Collects what a page refers to, its headings, and its texts."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.addresses: list[str] = []
        self.alts: list[str] = []
        self.levels: list[int] = []
        self.ids: list[str] = []
        self.lang = ""
        self.cells: list[str] = []
        self._in_cell = False
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = {key: value or "" for key, value in attrs}
        self.addresses += [found[name] for name in ("src", "href") if name in found]
        if tag == "img":
            self.alts.append(found.get("alt", ""))
        if re.fullmatch(r"h[1-6]", tag):
            self.levels.append(int(tag[1]))
        if tag == "html":
            self.lang = found["lang"]
        if "id" in found:
            self.ids.append(found["id"])
        if tag in ("td", "th"):
            self._in_cell = True
            self.cells.append("")

    def handle_endtag(self, tag: str) -> None:
        if tag in ("td", "th"):
            self._in_cell = False

    def handle_data(self, data: str) -> None:
        if self._in_cell:
            self.cells[-1] += data


@pytest.mark.parametrize("lang", LANGS)
def test_the_page_stands_alone_and_holds_every_cell(lang: str, reports: dict[str, Report]) -> None:
    report = reports[lang]
    text = report_html(report)
    page = Page(text)
    assert page.lang == lang
    outside = [a for a in page.addresses if not a.startswith(("#", "data:image/svg+xml;base64,"))]
    assert not outside and not re.search(r"url\(|@import|<script|<link", text)
    assert [a[1:] for a in page.addresses if a.startswith("#")] == [
        name for name in page.ids if re.fullmatch(r"s\d+", name)
    ]
    assert len(page.ids) == len(set(page.ids))
    assert page.levels[0] == 1 and page.levels.count(1) == 1
    assert all(after <= before + 1 for before, after in pairwise(page.levels))
    assert page.alts == [b.picture.told.alt for b in drawn_in(report)]
    shown = "|".join(plain(cell) for cell in page.cells)
    for view in views_of(report):
        for row in rows_of(view):
            assert "|".join(plain(one) for one in row) in shown, (view.number, row[0])


@pytest.fixture(scope="module", params=LANGS)
def printed(
    request: pytest.FixtureRequest,
    reports: dict[str, Report],
    files: dict[str, dict[str, bytes]],
) -> tuple[Report, pdfium.PdfDocument]:
    return reports[request.param], pdfium.PdfDocument(files[request.param]["pdf"])


def page_text(document: pdfium.PdfDocument) -> str:
    """The text of all pages, lines and pages joined by spaces."""
    return plain(" ".join(page.get_textpage().get_text_range() for page in document))


def test_the_pdf_holds_every_row_in_order(printed: tuple[Report, pdfium.PdfDocument]) -> None:
    report, document = printed
    shown = page_text(document)
    for view in views_of(report):
        assert plain(view.title) in shown
        for _, *cells in rows_of(view):
            assert plain(" ".join(filter(None, cells))) in shown, (view.number, cells)
        for note in view.notes():
            assert plain(note) in shown
    assert plain(report.mark) in shown


def test_nothing_runs_off_a_page(printed: tuple[Report, pdfium.PdfDocument]) -> None:
    report, document = printed
    assert 12 <= len(document) <= 40
    sides = [page.get_size() for page in document]
    assert sum(width > height for width, height in sides) == 1
    assert {tuple(sorted(round(side) for side in pair)) for pair in sides} == {(595, 842)}
    for number, page in enumerate(document, start=1):
        drawn = np.asarray(page.render(scale=1, grayscale=True).to_pil())
        margin, edge = int(1.9 * CM), int(0.6 * CM)
        blank = (drawn[:, :margin], drawn[:, -margin:], drawn[:edge], drawn[-edge:])
        assert all(part.min() > 250 for part in blank), f"page {number} has ink in its margin"
        assert drawn[margin:-margin].min() < 200, f"page {number} is empty"
    assert raw.FPDFCatalog_IsTagged(document)
    assert document.get_metadata_value("Title") == report.title
    assert not document.get_metadata_value("CreationDate")


def test_a_table_that_fits_a_page_stands_on_one(
    printed: tuple[Report, pdfium.PdfDocument],
) -> None:
    report, document = printed
    pages = [plain(page.get_textpage().get_text_range()) for page in document]
    for view in views_of(report):
        rows = rows_of(view)
        ends = [plain(" ".join(filter(None, row[1:]))) for row in (rows[0], rows[-1])]
        both = [page for page in pages if all(end in page for end in ends)]
        assert both or len(rows) > 20, view.number


DUTCH = re.compile(
    r"\b(niet|van|het|een|gedrukt|berekend|golf|jaar|uur|naar|met|geen|voor|aantal|tabel|zonder"
    r"|rapport|hoofdstuk|alleen|wordt|zijn|werk|vrouw|ja|nee)\b",
    re.IGNORECASE,
)


def test_english_has_no_dutch_left(reports: dict[str, Report]) -> None:
    left = {text for text in texts_of(reports["en"]) if DUTCH.search(text)}
    # Who made the raw file stands in its sidecar.
    assert {text for text in left if "na TNO-rapport" not in text} == set()
    assert any(DUTCH.search(text) for text in texts_of(reports["nl"]))


def test_english_has_decimal_points(reports: dict[str, Report]) -> None:
    for view in views_of(reports["en"]):
        assert not view.cells["text"].str.contains(r"\d,\d").any()
    for view in views_of(reports["nl"]):
        assert not view.cells["text"].str.contains(r"\d\.\d").any()


def test_a_wave_with_gaps_and_weights(
    bundled: Wave, practice: Wave, quick: pytest.MonkeyPatch
) -> None:
    demo = gallery_of(practice, compute_tables(practice), bundled)
    report = build_report(demo, lang="en")
    texts = texts_of(report)
    reasons = set(practice.descriptor.absent.values())
    for text in texts:
        bare = text
        for reason in (*reasons, practice.descriptor.producer):
            bare = bare.replace(reason, "")
        assert not DUTCH.search(bare), text
    assert any("Effective n" in text for text in texts)
    assert any(text.startswith("Note: not asked in this wave") for text in texts)
    assert any("carried over from a scale of 1-7" in text for text in texts)
    gaps = next(b for b in report.blocks if isinstance(b, Grid) and b.header[0] == "Variable")
    assert [row[1] for row in gaps.rows] == ["1 of 1", "1 of 1"]
    many = (demo.scorecard.frame["verdict"] != "exact").sum()
    assert any(text.startswith(f"The {many} cells that are not equal") for text in texts)
    headings = {heading.text for heading in report.headings}
    drawn = drawn_in(report)
    assert [block.number for block in drawn] == list(range(1, len(drawn) + 1))
    assert "What the printed numbers prove by themselves" not in headings
    assert "This wave beside an earlier one" in headings
    shown = {block.picture.title for block in drawn}
    assert {f"Figure {name}" for name in figure_names(demo)} - shown == {"Figure audit"}
    assert any("Wave 2008-demo beside wave 2006" in text for text in texts)


def test_a_small_wave_has_a_report_too(messy: SmallWave, quick: pytest.MonkeyPatch) -> None:
    wave = messy.load()
    report = build_report(gallery_of(wave, compute_tables(wave)), lang="en")
    ledger = next(block for block in report.blocks if isinstance(block, Grid))
    counts = {row[1]: 0 for row in ledger.rows}
    for _, what, _, n in ledger.rows:
        counts[what] += int(n)
    assert counts["delivered"] == counts["leaves"] + counts["kept"]
    assert not [text for text in texts_of(report) if DUTCH.search(text)]
    assert plain(report.mark) in page_text(pdfium.PdfDocument(report_pdf(report)))


def test_every_figure_has_its_place(reports: dict[str, Report], gallery: Gallery) -> None:
    report = reports["nl"]
    drawn = drawn_in(report)
    assert [block.number for block in drawn] == list(range(1, len(drawn) + 1))
    told = [re.findall(r"\(bij tabel (3\.\d+)\)", block.picture.caption) for block in drawn]
    assert told[:11] == [[f"3.{k}"] for k in range(1, 12)] and not any(told[11:])
    # A figure of the gallery tells its numbers; another says where they are.
    assert drawn[6].picture.caption.startswith("Figure coefficienten_gedrag (bij tabel 3.7). ")
    assert "0,15" in drawn[6].picture.told.alt
    assert "staan in tabel 3.1." in drawn[0].picture.told.alt
    titles = [block.picture.title for block in drawn]
    assert titles[-2:] == ["Figure scorekaart", "Figure audit"]
    assert {f"Figure {name}" for name in figure_names(gallery)} < set(titles)
    assert len(titles) == len(set(titles))
    chapter = report.blocks.index(Heading(1, "Meer figuren"))
    assert report.blocks[chapter + 2].picture.title == "Figure antwoorden_gedrag"  # type: ignore[union-attr]


def test_a_figure_that_cannot_be_drawn_is_named(
    gallery: Gallery, quick: pytest.MonkeyPatch, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(name: str, gallery: Gallery, lang: str) -> Picture:
        if name in ("mediatie", "audit"):
            raise AnalysisError("no", [])
        return stub(name, gallery, lang)

    monkeypatch.setattr(content, "picture", fail)
    monkeypatch.setattr(content, "table_pictures", lambda *_: {})
    report = build_report(gallery)
    left = [text for text in texts_of(report) if text.startswith("Niet te tekenen met wat deze")]
    assert len(left) == 2 and "indirecte verbanden" in left[0]
    numbers = [block.number for block in drawn_in(report)]
    assert numbers == list(range(1, len(numbers) + 1))


def nasty(report: Report) -> Report:
    blocks = (
        Heading(1, NASTY),
        Paragraph(NASTY),
        Bullets((NASTY,)),
        Grid((NASTY, "n"), ((NASTY, "1"),), numbers=1),
    )
    return Report(NASTY, NASTY, "nl", NASTY, report.made, blocks)


def test_text_is_never_read_as_markup(reports: dict[str, Report]) -> None:
    report = nasty(reports["nl"])
    shown = page_text(pdfium.PdfDocument(report_pdf(report)))
    squeezed = NASTY.replace(" ", "")
    assert shown.replace(" ", "").count(squeezed) >= 6
    document = docx.Document(io.BytesIO(report_docx(report)))
    assert [p.text for p in document.paragraphs].count(NASTY) >= 5
    assert document.tables[0].cell(1, 0).text == NASTY
    page = Page(report_html(report))
    assert page.cells == [NASTY, "n", NASTY, "1"]


def test_signs_that_xml_cannot_hold_are_left_out(reports: dict[str, Report]) -> None:
    odd = Report("a\x00b\x0bc", "d", "nl", "", reports["nl"].made, (Paragraph("e\x01f\ud800g"),))
    document = docx.Document(io.BytesIO(report_docx(odd)))
    assert document.core_properties.title == "abc"
    assert "efg" in [p.text for p in document.paragraphs]


@pytest.fixture
def ready(reports: dict[str, Report], monkeypatch: pytest.MonkeyPatch) -> None:
    """Let `write_report` write a report of a few words."""
    build = build_report

    def take(gallery: Gallery, lang: str) -> Report:
        return nasty(reports[lang]) if lang in reports else build(gallery, lang=lang)

    monkeypatch.setattr("mobiliteit.report.write.build_report", take)


def test_files_and_their_names(gallery: Gallery, ready: None, tmp_path: Path) -> None:
    written = write_report(gallery, tmp_path / "new", lang="en")
    assert [path.name for path in written] == [
        "reproduction.html", "reproduction.docx", "reproduction.pdf", "tables.xlsx",
    ]  # fmt: skip
    book = openpyxl.load_workbook(written[-1], read_only=True)
    assert book.sheetnames[0] == "Table 3.1" and len(book.sheetnames) == 11
    assert book.properties.title == gallery.wave.study.codebook.study.title_en
    (one,) = write_report(gallery, tmp_path, formats=["xlsx"])
    assert one.name == "tabellen.xlsx"
    with pytest.raises(AnalysisError, match="there is no format odt"):
        write_report(gallery, tmp_path, formats=["odt"])
    with pytest.raises(AnalysisError, match="there is no language 'fr'"):
        write_report(gallery, tmp_path, lang="fr", formats=["html"])


def fill_disk(patch: pytest.MonkeyPatch) -> None:
    def full(content: bytes, path: Path) -> None:
        path.write_bytes(content[:100])
        raise OSError(28, "No space left on device")

    patch.setattr("mobiliteit.report.write.write_bytes", full)


def hide_font(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(pdf, "FONT", "Geen Letter")


def break_typst(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(pdf, "_SETTINGS", "#geen-naam\n// {header}{font}{lang}\n")


@pytest.mark.parametrize(
    ("breaks", "says"),
    [
        (fill_disk, "No space left"),
        (hide_font, "unknown font family: geen letter"),
        (break_typst, "unknown variable: geen-naam"),
    ],
)
def test_a_failure_is_one_message_and_leaves_the_last_report(
    breaks: Callable[[pytest.MonkeyPatch], None],
    says: str,
    gallery: Gallery,
    ready: None,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for name in ("reproductie.docx", "reproductie.pdf"):
        (tmp_path / name).write_bytes(b"the last good one")
    breaks(monkeypatch)
    with pytest.raises(OutputError, match=says):
        write_report(gallery, tmp_path, formats=["docx", "pdf"])
    assert {path.name for path in tmp_path.iterdir()} == {"reproductie.docx", "reproductie.pdf"}
    assert {path.read_bytes() for path in tmp_path.iterdir()} == {b"the last good one"}


def test_a_folder_that_cannot_be_made(gallery: Gallery, ready: None, tmp_path: Path) -> None:
    (tmp_path / "reports").write_text("a file stands in the way")
    with pytest.raises(OutputError, match="could not be written"):
        write_report(gallery, tmp_path / "reports", formats=["html"])


def test_the_command(
    messy: SmallWave,
    ready: None,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    def run(*arguments: str) -> int:
        monkeypatch.setattr(
            "sys.argv", ["mobiliteit", "report", "--root", str(messy.root), *arguments]
        )
        with pytest.raises(SystemExit) as stop:
            cli.main()
        return int(stop.value.code or 0)

    assert run("--wave", messy.name, "--lang", "en", "--format", "html", "--format", "pdf") == 0
    shown = capsys.readouterr().out
    written = re.findall(r"Written: (.*)", shown)
    assert [Path(name).name for name in written] == ["reproduction.html", "reproduction.pdf"]
    assert all(Path(name).stat().st_size for name in written)
    assert run("--format", "odt") == 2
    assert run("--wave", "1999") == 2
    assert "no wave 1999" in capsys.readouterr().err


def test_the_audit_is_told_in_short(reports: dict[str, Report]) -> None:
    blocks = list(reports["en"].blocks)
    start = blocks.index(Heading(1, "What the printed numbers prove by themselves"))
    text, counts, _, findings = blocks[start + 1 : start + 5]
    assert "Of the 5 cells 2 are proven; 1 could have clashed" in text.text
    assert counts.rows == (("3.1", *"52102"), ("Total", *"52102"))
    assert findings.items[:2] == ("A finding (p. 24)", "A finding") and len(findings.items) == 10


@pytest.mark.slow  # draws every figure of a wave
@pytest.mark.parametrize(("wave", "lang"), [("2006", "en"), ("2008-demo", "nl")])
def test_real_pictures_fit_their_pages(wave: str, lang: str, bundled: Wave, practice: Wave) -> None:
    own, earlier = (bundled, None) if wave == bundled.id else (practice, bundled)
    report = build_report(Gallery(own, earlier), lang=lang)
    document = pdfium.PdfDocument(report_pdf(report))
    test_nothing_runs_off_a_page((report, document))
    if lang == "en":
        left = [text for text in texts_of(report) if DUTCH.search(text)]
        assert not [text for text in left if "na TNO-rapport" not in text]
