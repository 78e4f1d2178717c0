"""A table as a piece of HTML, with great_tables."""

from __future__ import annotations

import html
from collections.abc import Mapping
from typing import Any

import pandas as pd

from mobiliteit.render import wording
from mobiliteit.render.numbers import format_p
from mobiliteit.render.tables import COLOURS, TableView, grid, n_by_column
from mobiliteit.study_schema import RegressionTable
from mobiliteit.tables import DIFFERENCE, TOTAL

MUTED = "#595959"
# More columns than this get smaller type, so that the table fits a laptop.
WIDE = 6


def to_html(view: TableView) -> str:
    """Write a table as a piece of HTML that needs nothing from outside.

    Parameters
    ----------
    view : TableView
        The table.

    Returns
    -------
    str
        One ``<div>`` with its own style. Cells that differ from the published number have a colour
        and a sign. The synthetic mark stands under the title.
    """
    from great_tables import GT, loc, style
    from great_tables import html as raw

    say = wording.words(view.lang)
    columns, n = view.columns(), n_by_column(view)
    rows = grid(view)
    names = list(dict.fromkeys(view.cells["row"]))
    first = view.cells.drop_duplicates("row").set_index("row")
    data: dict[str, list[str]] = {
        "label": [_unbroken(str(first.at[row, "row_label"])) for row in names],
        "group": [str(first.at[row, "group"]) for row in names],
    }
    headings: dict[str, Any] = {}
    spanners: list[tuple[str, list[str]]] = []
    for position, (column, label) in enumerate(columns.items()):
        cells = [row[position] for row in rows]
        members = {f"c{position}": (say["computed"], [_with_sign(cell) for cell in cells])}
        if view.has_published:
            printed = ["" if cell is None else cell["published"] for cell in cells]
            members[f"p{position}"] = (say["published"], printed)
        if column == DIFFERENCE:
            p_values = ["" if cell is None else format_p(cell["p"], view.lang) for cell in cells]
            members[f"t{position}"] = ("p", p_values)
        for name, (heading, texts) in members.items():
            headings[name], data[name] = heading, texts
        size = f"<br><span style='font-weight:normal'>{n[column]}</span>" if n[column] else ""
        spanners.append((f"{html.escape(label)}{size}", list(members)))
    wide = len(columns) > WIDE
    frame = pd.DataFrame(data)
    grouped = any(data["group"])
    table = GT(
        frame if grouped else frame.drop(columns="group"),
        rowname_col="label",
        groupname_col="group" if grouped else None,
        id=f"tabel-{view.number.replace('.', '-')}",
    )
    table = table.tab_header(
        title=raw(html.escape(view.title)),
        subtitle=raw(f"<em>{html.escape(view.mark)}</em>") if view.mark else None,
    )
    for position, (label, spanned) in enumerate(spanners):
        table = table.tab_spanner(label=raw(label), columns=spanned, id=f"s{position}")
    table = table.cols_label(cases=headings).cols_align("right", columns=list(headings))
    muted = [name for name in headings if name[0] in "pt"]
    table = table.tab_style(style.text(color=MUTED, style="italic"), loc.body(columns=muted))
    table = table.tab_style(style.css("white-space:nowrap;"), loc.body(columns=list(headings)))
    table = table.tab_style(
        style.css(f"max-width:24em;min-width:{9 if wide else 13}em;"), loc.stub()
    )
    for verdict, colour in COLOURS.items():
        for position in range(len(columns)):
            hit = [k for k, row in enumerate(rows) if _verdict(row[position]) == verdict]
            if hit:
                table = table.tab_style(
                    style.fill(colour), loc.body(columns=[f"c{position}"], rows=hit)
                )
    last = _summary_rows(view, names)
    if last:
        table = table.tab_style(
            style.borders(sides="top", color="#333333", weight="1.5px"),
            [loc.body(rows=last), loc.stub(rows=last)],
        )
    for note in view.notes():
        table = table.tab_source_note(raw(html.escape(note)))
    table = table.tab_options(
        table_font_names=["system-ui", "Segoe UI", "Helvetica", "Arial", "sans-serif"],
        table_font_size="11.5px" if wide else "13px",
        table_margin_left="0",
        heading_align="left",
        heading_title_font_size="16px",
        heading_subtitle_font_size="12px",
        data_row_padding="3px",
        data_row_padding_horizontal="3px" if wide else "5px",
        column_labels_padding_horizontal="3px" if wide else "5px",
        row_group_padding="5px",
        row_group_font_weight="bold",
        column_labels_font_weight="bold",
        source_notes_font_size="11.5px",
        source_notes_padding="2px",
    )
    return str(table.as_raw_html())


def _unbroken(label: str) -> str:
    """Keep a range such as 1–5 on one line; great_tables itself escapes what stands in a cell."""
    return label.replace("–", "\N{WORD JOINER}–\N{WORD JOINER}")


def _with_sign(cell: Mapping[str, Any] | None) -> str:
    if cell is None:
        return ""
    return f"{cell['text']} {cell['sign']}".rstrip()


def _verdict(cell: Mapping[str, Any] | None) -> str:
    return "" if cell is None else str(cell["verdict"])


def _summary_rows(view: TableView, names: list[str]) -> list[int]:
    """Positions of the rows that sum up the others: a total, or the explained variance."""
    table = view.result.definition
    summing = {table.explained_variance} if isinstance(table, RegressionTable) else {TOTAL}
    return [position for position, name in enumerate(names) if name in summing]
