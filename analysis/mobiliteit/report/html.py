"""The report as one HTML file that needs nothing from outside."""

from __future__ import annotations

import html
from typing import assert_never

from mobiliteit.gallery.shown import figure_html
from mobiliteit.render import wording
from mobiliteit.render.markup import to_html
from mobiliteit.render.page import page
from mobiliteit.render.page_parts import Cell, table_html
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

STYLE = """
.subtitle { font-size: 18px; color: #404040; margin: 0 0 18px; }
.contents { border-top: 1px solid #ddd; border-bottom: 1px solid #ddd; padding: 8px 0; }
.contents ul { list-style: none; padding: 0; margin: 0; columns: 2; column-gap: 32px; }
.contents li { padding: 1px 0; break-inside: avoid; font-size: 14.5px; }
.contents li.under { padding-left: 18px; }
.contents a { color: #0b4f7d; text-decoration: none; }
@media (max-width: 640px) {
  main, .mark { padding-left: 14px; padding-right: 14px; }
  .contents ul { columns: 1; }
}
@media print { h1, h2, h3 { break-after: avoid; } tr { break-inside: avoid; } }
"""


def report_html(report: Report) -> str:
    """Write a report as a page.

    Parameters
    ----------
    report : Report
        What it says.

    Returns
    -------
    str
        A whole document, with its pictures inside it and a list of contents.
    """
    entries, parts, opened = [], [], False
    anchors = iter(range(1, len(report.blocks) + 1))
    for block in report.blocks:
        heading = block.heading if isinstance(block, TableBlock) else block
        if isinstance(heading, Heading):
            anchor = f"s{next(anchors)}"
            if heading.level == 1:
                parts += ["</section>"] * opened + ["<section>"]
                opened = True
            kind = ' class="under"' if heading.level > 1 else ""
            text = html.escape(heading.text)
            entries.append(f'<li{kind}><a href="#{anchor}">{text}</a></li>')
            parts.append(f'<h{heading.level + 1} id="{anchor}">{text}</h{heading.level + 1}>')
        if not isinstance(block, Heading):
            parts.append(_block(block, report.lang))
    contents = html.escape(WORDS[report.lang]["contents"])
    body = (
        f"<h1>{html.escape(report.title)}</h1>\n"
        f'<p class="subtitle">{html.escape(report.subtitle)}</p>\n'
        f'<div class="contents" role="navigation" aria-label="{contents}">'
        f"<ul>{''.join(entries)}</ul></div>\n" + "\n".join([*parts, *["</section>"] * opened])
    )
    return page(report.title, body, mark=report.mark, lang=report.lang, style=STYLE)


def _block(block: Block, lang: str) -> str:
    match block:
        case Paragraph():
            lead = f"<strong>{html.escape(block.lead)}</strong> " if block.lead else ""
            return f"<p>{lead}{html.escape(block.text)}</p>"
        case Bullets():
            return f"<ul>{''.join(f'<li>{html.escape(item)}</li>' for item in block.items)}</ul>"
        case Grid():
            first = len(block.header) - block.numbers
            rows = [
                [Cell(text, "" if k >= first else "text") for k, text in enumerate(row)]
                for row in block.rows
            ]
            heads = [Cell(t, "" if k >= first else "text") for k, t in enumerate(block.header)]
            return table_html(heads, rows)
        case TableBlock():
            return to_html(block.view)
        case FigureBlock():
            word, own = wording.words(lang)["figure"], block.picture
            caption = f"{word} {block.number}. {own.caption}"
            return figure_html(own.svg, own.told, caption, lang)
        case Heading():
            raise ValueError("headings are written with their anchors")
        case _:
            assert_never(block)
