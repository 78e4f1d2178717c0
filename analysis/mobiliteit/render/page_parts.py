"""Pieces of pages (tables, figures, notes), and writing a page with what goes with it."""

from __future__ import annotations

import base64
import html
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import pandas as pd
from matplotlib.figure import Figure

from mobiliteit.csvfile import csv_text
from mobiliteit.project import write_text
from mobiliteit.render import canvas
from mobiliteit.render.numbers import MISSING, format_number, format_p


@dataclass(frozen=True)
class Cell:
    """A cell of a table that is more than plain text.

    Attributes
    ----------
    text : str
        What it says.
    kind : str
        Class of ``page.css``: ``text`` (to the left), ``note``, ``indent``, ``sure`` (bold) or
        ``moved`` (marked).
    markup : bool
        Whether the text is HTML already.
    """

    text: str
    kind: str = ""
    markup: bool = False


def table_html(
    headers: Sequence[str | Cell], rows: Iterable[Sequence[str | Cell]], caption: str = ""
) -> str:
    """Write a table; the first column and cells of kind ``text`` and ``note`` to the left."""
    head = f"<caption>{html.escape(caption)}</caption>" if caption else ""
    body = "".join(_line("td", row) for row in rows)
    return (
        f'<div class="wide"><table class="data">{head}<thead>{_line("th", headers)}</thead>'
        f"<tbody>{body}</tbody></table></div>"
    )


def _line(tag: str, cells: Sequence[str | Cell]) -> str:
    shown = []
    for entry in cells:
        cell = entry if isinstance(entry, Cell) else Cell(entry)
        kind = f' class="{cell.kind}"' if cell.kind else ""
        text = cell.text if cell.markup else html.escape(cell.text)
        shown.append(f"<{tag}{kind}>{text}</{tag}>")
    return f"<tr>{''.join(shown)}</tr>"


def section(heading: str, parts: Iterable[str]) -> str:
    """Put parts of a page under a heading."""
    return f"<section><h2>{html.escape(heading)}</h2>\n{chr(10).join(parts)}</section>"


def paragraph(text: str) -> str:
    """Write plain text as a paragraph."""
    return f"<p>{html.escape(text)}</p>"


def strong(text: str) -> str:
    """Write plain text as a paragraph that stands out."""
    return f"<p><strong>{html.escape(text)}</strong></p>"


def small(text: str) -> str:
    """Write plain text as a note under a table."""
    return f'<p class="small">{html.escape(text)}</p>'


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


def with_limits(numbers: Sequence[float], decimals: int, lang: str) -> str:
    """Write a number with its interval, such as ``0,12 [0,05; 0,19]``; `numbers`: it, low, high."""
    value, low, high = numbers
    text, interval = format_number(value, decimals, lang=lang), limits(low, high, decimals, lang)
    return text if MISSING in (text, interval) else f"{text} {interval}"


def pictures(figures: Mapping[str, Figure]) -> dict[str, str]:
    """Draw figures as HTML that a page holds inside itself, by the same names."""
    return {
        name: _picture(canvas.render(figure, "svg"), figure) for name, figure in figures.items()
    }


def _picture(svg: bytes, figure: Figure) -> str:
    title = html.escape(str(figure.get_label()), quote=True)
    drawn = base64.b64encode(svg).decode("ascii")
    return f'<figure><img alt="{title}" src="data:image/svg+xml;base64,{drawn}"></figure>'


def write_page(
    name: str,
    make: Callable[[Mapping[str, str]], str],
    frame: pd.DataFrame,
    figures: Mapping[str, Figure],
    reports: Path,
    folder: Path,
) -> list[Path]:
    """Write a page with its figures inside it, the figures beside it, and the CSV of its numbers.

    Parameters
    ----------
    name : str
        File name of page and CSV, without suffix.
    make : callable
        Gets the figures as HTML, by name, and returns the page.
    frame : pandas.DataFrame
        What the CSV holds: unrounded, with a column ``synthetic``.
    figures : mapping of str to matplotlib.figure.Figure
        File name without suffix to figure.
    reports, folder : Path
        Where page and CSV go, and where the figures go.

    Returns
    -------
    list of Path
        The page, the CSV (decimal point), and each figure as PNG and SVG.

    Raises
    ------
    OutputError
        A file cannot be written.
    """
    saved, drawn = [], {}
    for key, figure in figures.items():
        paths = canvas.save_figure(figure, folder, key)
        svg = next(path for path in paths if path.suffix == ".svg")
        drawn[key] = _picture(svg.read_bytes(), figure)
        saved += paths
    page, table = reports / f"{name}.html", reports / f"{name}.csv"
    write_text(page, make(drawn))
    write_text(table, csv_text(frame))
    return [page, table, *saved]
