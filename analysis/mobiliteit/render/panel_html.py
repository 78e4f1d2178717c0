"""Pieces of the page about the same people over waves: tables, notes, intervals, figures."""

from __future__ import annotations

import base64
import html
from collections.abc import Iterable, Sequence

from matplotlib.figure import Figure

from mobiliteit.render import canvas
from mobiliteit.render.numbers import MISSING, format_number, format_p
from mobiliteit.render.panel_words import NOTES_EN

STYLE = """
table.panel { border-collapse: collapse; font-size: 12.5px; margin: 10px 0 6px; }
table.panel th, table.panel td { padding: 3px 9px; border-bottom: 1px solid #d5d5d5;
  text-align: right; white-space: nowrap; }
table.panel th { white-space: normal; }
table.panel th:first-child, table.panel td:first-child { text-align: left; white-space: normal; }
table.panel td.second, table.panel th.second { text-align: left; }
table.panel thead th { border-bottom: 1.5px solid #333; vertical-align: bottom; }
table.panel caption { text-align: left; font-weight: bold; padding: 4px 0; }
p.small { font-size: 13px; color: #404040; margin: 4px 0 18px; }
section { overflow-x: auto; }
"""


def table_html(
    headers: Sequence[str],
    rows: Iterable[Sequence[str]],
    caption: str = "",
    *,
    second: bool = False,
) -> str:
    """Write a table; words to the left in the first column, and in the `second` if asked for."""

    def line(tag: str, texts: Sequence[str]) -> str:
        marks = [' class="second"' if second and k == 1 else "" for k in range(len(texts))]
        cells = (f"<{tag}{m}>{html.escape(t)}</{tag}>" for m, t in zip(marks, texts, strict=True))
        return f"<tr>{''.join(cells)}</tr>"

    head = f"<caption>{html.escape(caption)}</caption>" if caption else ""
    body = "".join(line("td", row) for row in rows)
    return (
        f'<table class="panel">{head}<thead>{line("th", headers)}</thead>'
        f"<tbody>{body}</tbody></table>"
    )


def section(heading: str, parts: Iterable[str]) -> str:
    """Put parts of a page under a heading."""
    return f"<section><h2>{html.escape(heading)}</h2>\n{chr(10).join(parts)}</section>"


def picture(figure: Figure) -> str:
    """Put a figure into the page itself, with its title as alternative text."""
    drawn = base64.b64encode(canvas.render(figure, "svg")).decode("ascii")
    title = html.escape(str(figure.get_label()), quote=True)
    return f'<figure><img alt="{title}" src="data:image/svg+xml;base64,{drawn}"></figure>'


def paragraph(text: str) -> str:
    """Write plain text as a paragraph."""
    return f"<p>{html.escape(text)}</p>"


def small(text: str) -> str:
    """Write plain text as a note under a table."""
    return f'<p class="small">{html.escape(text)}</p>'


def note_text(note: str, lang: str) -> str:
    """Return a note of a result, which is Dutch, in the language of the page."""
    return note if lang == "nl" else NOTES_EN.get(note, note)


def p_text(p: float, lang: str) -> str:
    """Write a p-value to stand after the letter p."""
    text = format_p(p, lang)
    return text if text.startswith("<") or text == MISSING else f"= {text}"


def limits(low: float, high: float, decimals: int, lang: str) -> str:
    """Write a confidence interval; an en dash where there is none."""
    ends = [format_number(value, decimals, lang=lang) for value in (low, high)]
    if MISSING in ends:
        return MISSING
    return f"[{('; ' if lang == 'nl' else ', ').join(ends)}]"
