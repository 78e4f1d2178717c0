"""The page and the files of the trends."""

from __future__ import annotations

import base64
import html
import math
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from mobiliteit.project import write_text
from mobiliteit.render.canvas import render, save_figure
from mobiliteit.render.lists import NO_EVIDENCE
from mobiliteit.render.numbers import MISSING, format_number, format_p
from mobiliteit.render.page import page
from mobiliteit.samples import percent_text
from mobiliteit.study import Study
from mobiliteit.study_schema import ClassTable, GroupTable
from mobiliteit.trends.lines import EVERYBODY, SORTING
from mobiliteit.trends.picture import split_figure
from mobiliteit.trends.result import SPLIT, Trends

HTML_NAME, CSV_NAME, FIGURE_NAME = "trends.html", "trends.csv", "trends_samenstelling"
TITLE = "Wat veranderde er, en bij wie?"
INTRO = (
    "Elk gemiddelde en elk percentage van de tabellen in twee golven, met het verschil. Golven met"
    " gewichten tellen gewogen. Wie in beide golven zit maakt dat de getallen samenhangen; daarmee"
    " is gerekend."
)
SPLIT_TEXT = (
    "De latere golf is herwogen tot de verdelingen van de eerste op: {margins}. Wat dan overblijft"
    " van het verschil kan niet komen doordat er op die kenmerken andere mensen werken. Wat wel van"
    " de samenstelling komt, zegt niet waarom de samenstelling veranderde."
)
STYLE = """
table.data { border-collapse: collapse; font-size: 12.5px; margin: 8px 0 16px; }
table.data th, table.data td { padding: 3px 7px; border-bottom: 1px solid #d5d5d5;
  text-align: right; vertical-align: top; }
table.data th:first-child, table.data td:first-child { text-align: left; max-width: 30em; }
table.data td:not(:first-child):not(.note) { white-space: nowrap; }
table.data th:last-child { text-align: left; }
table.data td.note { text-align: left; max-width: 24em; color: #404040; font-size: 12px; }
table.data td.indent { padding-left: 26px; }
table.data td.sure { font-weight: 600; }
table.data thead th { border-bottom: 1.5px solid #333; }
"""


def write_trends(trends: Trends, reports: Path, figures: Path) -> list[Path]:
    """Write the page, the CSV and the figures.

    Parameters
    ----------
    trends : Trends
        Of :func:`mobiliteit.trends.follow`.
    reports, figures : Path
        Folders, usually those of the project.

    Returns
    -------
    list of Path
        ``trends.html``, ``trends.csv`` (the tidy frame, unrounded, with ``synthetic``), and for
        each later wave with a split ``trends_samenstelling_<wave>.png`` and ``.svg``.

    Raises
    ------
    OutputError
        A file cannot be written.
    """
    paths = [reports / HTML_NAME, reports / CSV_NAME]
    write_text(paths[0], trends_html(trends))
    tidy = trends.tidy().assign(synthetic=trends.synthetic)
    write_text(paths[1], tidy.to_csv(index=False, lineterminator="\n"))
    for wave in trends.design_effects:
        paths += save_figure(split_figure(trends, wave), figures, f"{FIGURE_NAME}_{wave}")
    return paths


def trends_html(trends: Trends) -> str:
    """Write the page: the split and its picture, then every table.

    Parameters
    ----------
    trends : Trends
        Of :func:`mobiliteit.trends.follow`.

    Returns
    -------
    str
        A whole HTML document, in Dutch, that needs nothing from outside.
    """
    body = [
        f"<h1>{TITLE}</h1>",
        f"<p><strong>{NO_EVIDENCE}</strong></p>" if trends.synthetic else "",
        f"<p>{html.escape(INTRO)}</p>",
    ]
    for wave in trends.waves[1:]:
        body += [f"<h2>Samenstelling en de rest: {html.escape(_pair(trends, wave.id))}</h2>"]
        body += _composition(trends, wave.id)
    for wave in trends.waves[1:]:
        own = trends.lines[trends.lines["wave"] == wave.id]
        for table in own["table"].unique():
            body.append(f"<h2>{html.escape(_heading(trends, table, wave.id))}</h2>")
            body.append(_lines(trends, own[own["table"] == table]))
    body.append(f"<p>{html.escape(_how(trends))}</p>")
    return page(TITLE, "\n".join(body), mark=trends.mark, style=STYLE)


def _pair(trends: Trends, wave: str) -> str:
    return f"{wave} tegen {trends.waves[0].id}"


def _how(trends: Trends) -> str:
    limits = percent_text(trends.level)
    people = "; ".join(f"{_pair(trends, wave)}: {n}" for wave, n in trends.shared.items())
    return (
        f"Intervallen: {limits}. Verschillen die na correctie (Holm, binnen de tabel) significant"
        " zijn op 5% staan vet. Gestandaardiseerd: in standaarddeviaties van de eerste golf, bij"
        " percentages Cohens h. De schaalcontrole is ongewogen. Mensen in beide golven:"
        f" {people}."
    )


def _composition(trends: Trends, wave: str) -> list[str]:
    if wave in trends.undecided:
        reason = f"Niet te splitsen: {trends.undecided[wave]}."
        return [f"<p><strong>{html.escape(reason)}</strong></p>"]
    study = trends.waves[0].study
    margins = ", ".join(study.label(name).lower() for name in trends.margins)
    effect = format_number(trends.design_effects[wave], 2)
    picture = base64.b64encode(render(split_figure(trends, wave), "svg")).decode("ascii")
    own = trends.parts[trends.parts["wave"] == wave]
    rows = []
    for part in own.to_dict("records"):
        decimals = 1 if part["statistic"] == "percent" else 2
        numbers = [
            format_number(part[name], decimals) for name in ("first", "second", "counterfactual")
        ]
        split = [_limited(part, (name, f"{name}_low", f"{name}_high"), decimals) for name in SPLIT]
        sure = part["rest_p_holm"] < 0.05
        cells = [_part_label(study, part), *numbers, *split, format_p(part["rest_p_holm"])]
        rows.append(_row(cells, part["note"], sure=6 if sure else None))
    header = [
        *("", trends.waves[0].id, wave, f"{wave}, herwogen", "verandering"),
        *("samenstelling", "de rest", "p rest (Holm)", "noot"),
    ]
    return [
        f"<p>{html.escape(SPLIT_TEXT.format(margins=margins))} Het herwegen kost precisie: een"
        f" factor {effect} in de variantie.</p>",
        f'<figure><img alt="Veranderingen" src="data:image/svg+xml;base64,{picture}"></figure>',
        _table(header, rows),
    ]


def _part_label(study: Study, part: Mapping[Any, Any]) -> str:
    if part["row"] == EVERYBODY:
        return study.label(part["variable"])
    return f"% {study.categories(part['variable'])[part['row']][0]}"


def _heading(trends: Trends, table: str, wave: str) -> str:
    study = trends.waves[0].study
    if table == SORTING:
        return f"De indeling: {_pair(trends, wave)}"
    return f"Tabel {table}, {study.tables.tables[table].title_nl}: {_pair(trends, wave)}"


def _lines(trends: Trends, lines: pd.DataFrame) -> str:
    study, rows = trends.waves[0].study, []
    for line in lines.to_dict("records"):
        decimals = 1 if line["statistic"] == "percent" else 2
        values = [
            _limited(line, (name, f"{name}_low", f"{name}_high"), decimals)
            for name in ("first", "second")
        ]
        moved = _limited(line, ("change", "low", "high"), decimals)
        label, indented = _line_label(study, line)
        cells = [
            label,
            *values,
            moved,
            format_number(line["standardized"], 2),
            format_p(line["p"]),
            format_p(line["p_holm"]),
        ]
        sure = 3 if line["p_holm"] < 0.05 else None
        rows.append(_row(cells, line["note"], indented=indented, sure=sure))
    first, second = trends.waves[0].id, lines["wave"].iloc[0]
    header = ["", first, second, "verschil", "gestandaardiseerd", "p", "p (Holm)", "noot"]
    return _table(header, rows)


def _line_label(study: Study, line: Mapping[Any, Any]) -> tuple[str, bool]:
    label = study.label(line["variable"])
    if line["table"] == SORTING:
        return study.categories(line["variable"])[line["row"]][0], False
    table = study.tables.tables[line["table"]]
    if isinstance(table, ClassTable):
        factor = max((f for f in table.factors if line["row"].startswith(f"{f}_")), key=len)
        classed = table.factors[factor]
        cls = study.categories(classed)[line["row"].removeprefix(f"{factor}_")][0]
        return f"{study.label(classed)} {cls}: {label}", False
    if not isinstance(table, GroupTable):
        return study.categories(line["variable"])[line["row"]][0], False
    percent = ", %" if line["statistic"] == "percent" else ""
    if line["column"] == EVERYBODY:
        return f"{label}{percent}", False
    return study.categories(table.by)[line["column"]][0], True


def _limited(numbers: Mapping[Any, Any], names: tuple[str, str, str], decimals: int) -> str:
    value, low, high = (float(numbers[name]) for name in names)
    if math.isnan(value):
        return MISSING
    text = format_number(value, decimals)
    if math.isnan(low):
        return text
    return f"{text} [{format_number(low, decimals)}; {format_number(high, decimals)}]"


def _row(
    cells: Sequence[str], note: str, *, indented: bool = False, sure: int | None = None
) -> str:
    shown = []
    for place, text in enumerate(cells):
        name = "sure" if place == sure else "indent" if indented and not place else ""
        kind = f' class="{name}"' if name else ""
        shown.append(f"<td{kind}>{html.escape(text)}</td>")
    return f'<tr>{"".join(shown)}<td class="note">{html.escape(note)}</td></tr>'


def _table(header: Iterable[str], rows: Iterable[str]) -> str:
    head = "".join(f"<th>{html.escape(text)}</th>" for text in header)
    return (
        f'<table class="data"><thead><tr>{head}</tr></thead><tbody>{"".join(rows)}</tbody></table>'
    )
