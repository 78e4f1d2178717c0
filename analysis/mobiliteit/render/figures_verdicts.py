"""The heat maps of verdicts on every published cell: of the scorecard, and of the audit."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from matplotlib.figure import Figure

from mobiliteit.render import canvas
from mobiliteit.render.figures_cells import Look, Strip, draw_cells
from mobiliteit.render.tables import TableView
from mobiliteit.render.wording import SIGNS, words

VERDICT_COLOURS = {
    "exact": "#BFDCEB",
    "last_digit": "#F6D68B",
    "different": "#D55E00",
    "not_computable": "#FFFFFF",
}
AUDIT_LOOKS = {
    "verified": ("#0072B2", "#FFFFFF", "✓"),
    "consistent": ("#BFDCEB", canvas.INK, ""),
    "inconsistent": ("#D55E00", "#000000", "×"),
    "undetermined": ("#FFFFFF", canvas.INK, "?"),
}
AUDIT_SAYS = {
    "nl": {
        "title": "Audit: wat de gedrukte getallen zelf bewijzen ({n} cellen)",
        "verified": "bewezen",
        "consistent": "kan",
        "inconsistent": "kan niet",
        "undetermined": "niet te zeggen",
        "of": "bewezen {verified}, kan niet {inconsistent} van {n}",
    },
    "en": {
        "title": "Audit: what the printed numbers themselves prove ({n} cells)",
        "verified": "proved",
        "consistent": "possible",
        "inconsistent": "impossible",
        "undetermined": "cannot be said",
        "of": "proved {verified}, impossible {inconsistent} of {n}",
    },
}


def verdicts(views: Sequence[TableView]) -> Figure:
    """Heat map of the verdict on every published cell, one strip per table.

    Parameters
    ----------
    views : sequence of TableView
        Tables with their published numbers.

    Returns
    -------
    matplotlib.figure.Figure
        Columns of a table run down, its rows run across; a cell that is not exact has a sign too.
    """
    lang = views[0].lang
    say = words(lang)
    strips = []
    for view in views:
        judged = view.cells[view.cells["verdict"] != ""]
        exact = int((judged["verdict"] == "exact").sum())
        heading = f"{say['table']} {view.number}: {exact}/{len(judged)} {say['equal_of']}"
        found = zip(judged["row"], judged["column"], judged["verdict"], strict=True)
        strips.append(_strip(view, heading, {(row, column): word for row, column, word in found}))
    looks = {
        name: Look(colour, "#000000", SIGNS[name], say[name])
        for name, colour in VERDICT_COLOURS.items()
    }
    total = sum(len(strip.cells) for strip in strips)
    title = f"{say['scorecard']} ({total} {say['cells']})"
    return draw_cells(strips, looks, {"title": title, "axis": say["row"]}, views[0].mark, lang)


def audited(audit: Any, views: Sequence[TableView]) -> Figure:
    """Heat map of what arithmetic proves of every published cell.

    Parameters
    ----------
    audit : AuditResult
        Of :func:`mobiliteit.audit.run_audit`.
    views : sequence of TableView
        The tables, for the order and the labels of their rows and columns; no number of theirs is
        shown, so the figure carries no mark of a wave.

    Returns
    -------
    matplotlib.figure.Figure
        As :func:`verdicts`.
    """
    lang = views[0].lang
    say, strips = AUDIT_SAYS[lang], []
    for view in views:
        own = audit.cells[audit.cells["table"] == view.number]
        counts = own["verdict"].value_counts().reindex(list(AUDIT_LOOKS), fill_value=0)
        told = say["of"].format(n=len(own), **{str(k): int(v) for k, v in counts.items()})
        found = zip(own["row"], own["column"], own["verdict"], strict=True)
        cells = {(row, column): verdict for row, column, verdict in found}
        strips.append(_strip(view, f"{words(lang)['table']} {view.number}: {told}", cells))
    looks = {
        name: Look(colour, ink, sign, say[name])
        for name, (colour, ink, sign) in AUDIT_LOOKS.items()
    }
    title = say["title"].format(n=len(audit.cells))
    return draw_cells(strips, looks, {"title": title, "axis": words(lang)["row"]}, "", lang)


def _strip(view: TableView, heading: str, found: dict[tuple[str, str], str]) -> Strip:
    every = dict.fromkeys([*view.cells["row"], *(row for row, _ in found)])
    rows = {row: k for k, row in enumerate(every)}
    columns = {column: k for k, column in enumerate(view.columns())}
    cells = {(rows[row], columns[column]): word for (row, column), word in found.items()}
    return Strip(heading, tuple(view.columns().values()), cells)
