"""A table as a piece of HTML, with great_tables."""

from __future__ import annotations

import html
from typing import Any

import pandas as pd

from mobiliteit.render.layout import COMPUTED, lay_out
from mobiliteit.render.tables import COLOURS, TableView

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

    layout = lay_out(view)
    data: dict[str, list[str]] = {
        "label": list(layout.labels),
        "group": list(layout.groups),
    }
    headings: dict[str, Any] = {}
    verdicts: dict[str, tuple[str, ...]] = {}
    muted, spanners = [], []
    for position, spanner in enumerate(layout.spanners):
        members = {f"{column.kind}{position}": column for column in spanner.columns}
        for name, column in members.items():
            headings[name], data[name] = column.heading, list(column.texts)
            verdicts[name] = column.verdicts
            if column.kind != COMPUTED:
                muted.append(name)
        size = f"<br><span style='font-weight:normal'>{spanner.n}</span>" if spanner.n else ""
        spanners.append((f"{html.escape(spanner.label)}{size}", list(members)))
    wide = len(spanners) > WIDE
    # great_tables fills a copy cell by cell, which takes twice as long in columns of Arrow's.
    frame = pd.DataFrame(data, dtype="object")
    grouped = layout.grouped
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
    table = table.tab_style(style.text(color=MUTED, style="italic"), loc.body(columns=muted))
    table = table.tab_style(style.css("white-space:nowrap;"), loc.body(columns=list(headings)))
    table = table.tab_style(
        style.css(f"max-width:24em;min-width:{9 if wide else 13}em;"), loc.stub()
    )
    for verdict, colour in COLOURS.items():
        for name, found in verdicts.items():
            hit = [position for position, own in enumerate(found) if own == verdict]
            if hit:
                table = table.tab_style(style.fill(colour), loc.body(columns=[name], rows=hit))
    last = list(layout.sums)
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
