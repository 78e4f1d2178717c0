"""The report as a PDF, set by typst with the fonts that it carries.

Every text goes in as a string of typst's own code mode, so that nothing in it can be read as
markup; pictures go in as inputs. The file is tagged and meets PDF/UA-1.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import assert_never

from mobiliteit.errors import OutputError, Problem
from mobiliteit.render import wording
from mobiliteit.render.layout import COMPUTED, lay_out
from mobiliteit.render.tables import COLOURS
from mobiliteit.report.blocks import (
    Block,
    Bullets,
    FigureBlock,
    Grid,
    Heading,
    Paragraph,
    Report,
    TableBlock,
)
from mobiliteit.report.words import WORDS

FONT = "Libertinus Serif"  # with letters, signs and figures of its own; part of typst
WIDTH, TALLEST = 17.0, 19.0  # centimetres, of the text and of a figure
NARROW = 24  # letters of a column that takes just the room that it needs
HIGHEST = 650.0  # points, of a table that is kept on one page
_SETTINGS = """
#set page(paper: "a4", margin: 2cm, numbering: "1", header: {header})
#set text(font: {font}, lang: {lang}, size: 10.5pt)
#set par(justify: false, leading: 0.6em)
#set heading(numbering: none)
#show heading.where(level: 1): set text(size: 15pt)
#show heading.where(level: 2): set text(size: 12pt)
#show heading: set block(above: 1.5em, below: 0.8em)
#show figure.caption: set align(left)
#show figure.caption: set text(size: 9.5pt)
#show figure.where(kind: table): set figure.caption(position: top)
#set table(stroke: none, inset: (x: 2.5pt, y: 2.6pt))
#set table.hline(stroke: 0.4pt + luma(80%))
#let strong-line = table.hline(stroke: 0.9pt + luma(20%))
#let cell(body, ..more) = table.cell(breakable: false, ..more, text(hyphenate: false, body))
#let muted(body) = text(style: "italic", fill: luma(30%), body)
#let note(body) = block(above: 0.5em, below: 0.5em, text(size: 8.5pt, fill: luma(25%), body))
"""


def report_pdf(report: Report) -> bytes:
    """Write a report as a PDF.

    Parameters
    ----------
    report : Report
        What it says.

    Returns
    -------
    bytes
        A4, wide tables on their side, headings of tables on every page that they run over; tagged,
        with alternative texts. The same report gives the same bytes.

    Raises
    ------
    OutputError
        typst misses its font, or cannot set the document.
    """
    import typst

    source, pictures = report_source(report)
    fonts = typst.Fonts(include_system_fonts=False, include_embedded_fonts=True)
    compiler = typst.Compiler(source.encode("utf-8"), font_paths=fonts, sys_inputs=pictures)
    try:
        made, warnings = compiler.compile_with_warnings(format="pdf", pdf_standards=["ua-1"])
    except typst.TypstError as error:
        raise _failed([" ".join([error.message, *error.hints])]) from error
    if warnings:
        # Such as a font that is not there: another would be taken without a word.
        raise _failed([warning.message for warning in warnings])
    if not isinstance(made, bytes):
        raise _failed(["typst gave no file"])
    return made


def _failed(messages: list[str]) -> OutputError:
    remedy = "Install the version of typst that requirements.txt names."
    return OutputError(
        "The report cannot be set as a PDF; what was there before is untouched.",
        [Problem(message, remedy) for message in messages],
    )


def report_source(report: Report) -> tuple[str, dict[str, str]]:
    """Write a report as typst's source.

    Parameters
    ----------
    report : Report
        What it says.

    Returns
    -------
    (str, dict)
        The source, and its pictures as SVG by the name under which the source asks for them.
    """
    header = f"text(size: 7.5pt, fill: luma(30%), {quoted(report.mark)})"
    lines = [
        f"#set document(title: {quoted(report.title)}, author: {quoted('mobiliteit')}, date: none)",
        _SETTINGS.format(
            header=header if report.mark else "none", font=quoted(FONT), lang=quoted(report.lang)
        ),
        f"#block(below: 1em, text(size: 20pt, weight: 700, {quoted(report.title)}))",
        f"#block(below: 1.4em, text(size: 13pt, {quoted(report.subtitle)}))",
    ]
    if report.mark:
        lines.append(
            f'#block(fill: rgb("#FFF1CC"), inset: 8pt, width: 100%, {quoted(report.mark)})'
        )
    lines.append(f"#outline(title: {quoted(WORDS[report.lang]['contents'])}, depth: 2)")
    pictures = {}
    for block in report.blocks:
        if isinstance(block, FigureBlock):
            pictures[f"figure{block.number}"] = block.picture.svg.decode("utf-8")
        lines.append(_block(block, report.lang))
    return "\n".join(lines), pictures


def quoted(text: str) -> str:
    """Write text as a string of typst, in which nothing is markup."""
    signs = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r", "\t": "\\t"}
    body = "".join(
        signs.get(sign) or (sign if sign >= " " else f"\\u{{{ord(sign):x}}}") for sign in text
    )
    return f'"{body}"'


def _block(block: Block, lang: str) -> str:
    match block:
        case Heading():
            return f"#heading(level: {block.level}, {quoted(block.text)})"
        case Paragraph():
            lead = f"strong({quoted(block.lead + ' ')}) + " if block.lead else ""
            return f"#par({lead}{quoted(block.text)})"
        case Bullets():
            return f"#list({', '.join(quoted(item) for item in block.items)})"
        case Grid():
            return _grid(block)
        case TableBlock():
            return _table(block)
        case FigureBlock():
            word = wording.words(lang)["figure"]
            side = "width: 100%" if _flat(block.picture.svg) else f"height: {TALLEST}cm"
            return _figure(
                f'image(bytes(sys.inputs.figure{block.number}), format: "svg", {side},'
                f" alt: {quoted(block.picture.told.alt)})",
                "image",
                f"{word} {block.number}. {block.picture.caption}",
            )
        case _:
            assert_never(block)


def _flat(svg: bytes) -> bool:
    """Tell whether a picture as wide as the text is low enough for a page."""
    found = re.search(rb'viewBox="0 0 ([\d.]+) ([\d.]+)"', svg)
    return found is None or float(found[2]) * WIDTH / float(found[1]) <= TALLEST


def _figure(body: str, kind: str, caption: str) -> str:
    return (
        f"#figure({body}, kind: {kind}, supplement: none, numbering: none,"
        f" caption: text({quoted(caption)}))"
    )


def _grid(block: Grid) -> str:
    first = len(block.header) - block.numbers
    lengths = [
        max(min(len(line[k]), 60) for line in [block.header, *block.rows])
        for k in range(len(block.header))
    ]
    columns = ", ".join("auto" if length <= NARROW else f"{length}fr" for length in lengths)
    align = ", ".join("right" if k >= first else "left" for k in range(len(block.header)))
    head = ", ".join(f"cell(strong({quoted(text)}))" for text in block.header)
    rows = ",\n".join(
        ", ".join(f"cell({_breakable(text)})" for text in row) + ", table.hline()"
        for row in block.rows
    )
    labels = [max(row, key=len) for row in block.rows]
    return (
        f"#block(breakable: {_breaks(labels)}, text(size: 8.5pt, table(columns: ({columns},),"
        f" align: ({align},), table.header(strong-line, {head}, strong-line),\n{rows})))"
    )


def _breaks(labels: Sequence[str]) -> str:
    """Say whether a table may go on on the next page: only one that cannot stand on a page."""
    lines = sum(-(-len(label) // 36) for label in labels)
    return "true" if 60 + 10.5 * lines > HIGHEST else "false"


def _breakable(text: str) -> str:
    """Let a long word without spaces, such as a checksum, go on in the next line."""
    if max(map(len, text.split()), default=0) <= 40:
        return quoted(text)
    return quoted("\N{ZERO WIDTH SPACE}".join(text[k : k + 16] for k in range(0, len(text), 16)))


def _table(block: TableBlock) -> str:
    view = block.view
    layout = lay_out(view)
    count = len(layout.columns)
    width = min(1.9, ((29.7 if layout.wide else 21) - 4 - 5.2) / count)
    top = ['table.cell(rowspan: 2, "")']
    for spanner in layout.spanners:
        size = f" + linebreak() + text(weight: 400, {quoted(spanner.n)})" if spanner.n else ""
        body = f"strong({quoted(spanner.label)}){size}"
        top.append(f"cell(colspan: {len(spanner.columns)}, align: center + bottom, {body})")
    top += [f"cell(muted({quoted(column.heading)}))" for column in layout.columns]
    rows = []
    for position, label in enumerate(layout.labels):
        opens = layout.opens(position)
        if opens:
            rows.append(f"cell(colspan: {count + 1}, strong({quoted(opens)})), table.hline()")
        summing = position in layout.sums
        cells = [f"cell({_weight(quoted(label), summing)})"]
        for column in layout.columns:
            text = _weight(quoted(column.texts[position]), summing)
            if column.kind != COMPUTED:
                text = f"muted({text})"
            colour = COLOURS.get(column.verdicts[position])
            fill = f'fill: rgb("{colour}"), ' if colour else ""
            cells.append(f"cell({fill}{text})")
        rows.append(", ".join(cells) + ", table.hline()")
    rule = ",\n".join(rows)
    table = (
        f"text(size: 8pt, table(columns: (1fr,) + ({width:.3f}cm,) * {count},"
        f" align: (left,) + (right,) * {count}, table.header(strong-line, {', '.join(top)},"
        f" strong-line),\n{rule}, strong-line))"
    )
    notes = [*([view.mark] if view.mark else []), *view.notes()]
    below = "\n".join(f"#note({quoted(note)})" for note in notes)
    heading = _block(block.heading, view.lang)
    labels = [*layout.labels, *dict.fromkeys(layout.groups)]
    figure = (
        f"{heading}\n#[#show figure: set block(breakable: {_breaks(labels)})\n"
        f"{_figure(table, 'table', view.title)}]\n{below}"
    )
    return f"#page(flipped: true)[\n{figure}\n]" if layout.wide else figure


def _weight(text: str, summing: bool) -> str:
    return f"strong({text})" if summing else text
