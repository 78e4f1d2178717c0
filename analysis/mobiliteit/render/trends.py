"""The page about different people over waves, with its figures, and the CSV of its numbers."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import Any

import pandas as pd
from matplotlib.figure import Figure

from mobiliteit.render import wording
from mobiliteit.render.figures_trends import draw_split, followed_label
from mobiliteit.render.numbers import format_number, format_p
from mobiliteit.render.page import page
from mobiliteit.render.page_parts import (
    Cell,
    paragraph,
    pictures,
    section,
    strong,
    table_html,
    with_limits,
    write_page,
)
from mobiliteit.render.trends_words import WORDS
from mobiliteit.samples import percent_text
from mobiliteit.study_schema import ClassTable, GroupTable
from mobiliteit.tables import TOTAL

NAME, FIGURE = "trends", "trends_samenstelling"
SURE = 0.05


def draw_trends(trends: Any, lang: str = "nl") -> dict[str, Figure]:
    """Draw the split of each later wave that has one.

    Parameters
    ----------
    trends : Trends
        Of :func:`mobiliteit.trends.follow`.
    lang : {'nl', 'en'}
        Language.

    Returns
    -------
    dict of str to matplotlib.figure.Figure
        File name without suffix to figure.
    """
    return {_figure(wave): draw_split(trends, wave, lang) for wave in trends.design_effects}


def trends_html(trends: Any, lang: str = "nl", drawn: Mapping[str, str] | None = None) -> str:
    """Write the page: the split and its picture, then every table.

    Parameters
    ----------
    trends : Trends
        Of :func:`mobiliteit.trends.follow`.
    lang : {'nl', 'en'}
        Language.
    drawn : mapping of str to str, optional
        Figures as HTML, by the names of :func:`draw_trends`; by default they are drawn.

    Returns
    -------
    str
        A whole HTML document that needs nothing from outside, with the marks of the waves.

    Raises
    ------
    AnalysisError
        There is no such language.
    """
    general, say = wording.words(lang), WORDS[lang]
    shown = pictures(draw_trends(trends, lang)) if drawn is None else drawn
    body = [f"<h1>{say['title']}</h1>", paragraph(say["intro"])]
    if trends.synthetic:
        body.append(strong(general["no_evidence"]))
    for wave in trends.waves[1:]:
        heading = say["split"].format(pair=_pair(trends, wave.id, lang))
        body.append(section(heading, _composition(trends, wave.id, shown, lang)))
    for wave in trends.waves[1:]:
        own = trends.lines[trends.lines["wave"] == wave.id]
        for table in own["table"].unique():
            lines = _lines(trends, own[own["table"] == table], lang)
            body.append(section(_heading(trends, table, wave.id, lang), [lines]))
    people = "; ".join(f"{_pair(trends, wave, lang)}: {n}" for wave, n in trends.shared.items())
    level = percent_text(trends.level, lang)
    body.append(paragraph(say["how"].format(level=level, people=people)))
    return page(say["title"], "\n".join(body), mark=trends.mark(lang), lang=lang)


def write_trends(trends: Any, reports: Path, figures: Path, *, lang: str = "nl") -> list[Path]:
    """Write the page, the CSV and the figures.

    Parameters
    ----------
    trends : Trends
        Of :func:`mobiliteit.trends.follow`.
    reports, figures : Path
        Folders, usually those of the last wave.
    lang : {'nl', 'en'}
        Language of page and figures.

    Returns
    -------
    list of Path
        ``trends.html``, ``trends.csv`` (the tidy frame, unrounded, with ``synthetic``), and for
        each later wave with a split ``trends_samenstelling_<wave>.png`` and ``.svg``.

    Raises
    ------
    AnalysisError
        There is no such language.
    OutputError
        A file cannot be written.
    """
    wording.words(lang)
    frame = trends.tidy().assign(synthetic=trends.synthetic)
    make = partial(trends_html, trends, lang)
    return write_page(NAME, make, frame, draw_trends(trends, lang), reports, figures)


def _figure(wave: str) -> str:
    return f"{FIGURE}_{wave}"


def _pair(trends: Any, wave: str, lang: str) -> str:
    return WORDS[lang]["pair"].format(later=wave, first=trends.waves[0].id)


def _composition(trends: Any, wave: str, shown: Mapping[str, str], lang: str) -> list[str]:
    say, study, first = WORDS[lang], trends.waves[0].study, trends.waves[0].id
    if wave in trends.undecided:
        reason = trends.undecided[wave]
        return [strong(say["no_split"].format(reason=reason.nl if lang == "nl" else reason.en))]
    margins = ", ".join(study.label(name, lang).lower() for name in trends.margins)
    effect = format_number(trends.design_effects[wave], 2, lang=lang)
    rows = []
    for part in trends.parts[trends.parts["wave"] == wave].to_dict("records"):
        decimals = _decimals(part)
        row: list[str | Cell] = [followed_label(study, part, lang)]
        row += [
            format_number(part[name], decimals, lang=lang)
            for name in ("first", "second", "counterfactual")
        ]
        row += [_limited(part, name, lang) for name in ("change", "composition")]
        sure = "sure" if part["rest_p_holm"] < SURE else ""
        row += [Cell(_limited(part, "rest", lang), sure), format_p(part["rest_p_holm"], lang)]
        rows.append([*row, _note(part, lang)])
    headers = ["", first, wave, say["reweighted"].format(wave=wave)]
    headers += [say[name] for name in ("change", "composition", "rest", "rest_p")]
    return [
        paragraph(say["split_how"].format(margins=margins, effect=effect)),
        shown[_figure(wave)],
        table_html([*headers, Cell(say["note"], "text")], rows),
    ]


def _heading(trends: Any, table: str, wave: str, lang: str) -> str:
    say, tables = WORDS[lang], trends.waves[0].study.tables.tables
    pair = _pair(trends, wave, lang)
    if table not in tables:
        return say["sorting"].format(pair=pair)
    title = tables[table].title_nl if lang == "nl" else tables[table].title_en
    return say["table"].format(number=table, title=title, pair=pair)


def _lines(trends: Any, lines: pd.DataFrame, lang: str) -> str:
    say, study, rows = WORDS[lang], trends.waves[0].study, []
    for line in lines.to_dict("records"):
        sure = "sure" if line["p_holm"] < SURE else ""
        change = with_limits([line[k] for k in ("change", "low", "high")], _decimals(line), lang)
        rows.append(
            [
                _line_label(study, line, lang),
                *(_limited(line, name, lang) for name in ("first", "second")),
                Cell(change, sure),
                format_number(line["standardized"], 2, lang=lang),
                *(format_p(line[name], lang) for name in ("p", "p_holm")),
                _note(line, lang),
            ]
        )
    headers = ["", trends.waves[0].id, lines["wave"].iloc[0]]
    headers += [say[name] for name in ("difference", "standardized", "p", "p_holm")]
    return table_html([*headers, Cell(say["note"], "text")], rows)


def _line_label(study: Any, line: Mapping[Any, Any], lang: str) -> str | Cell:
    english, label = lang == "en", study.label(line["variable"], lang)
    table = study.tables.tables.get(line["table"])
    if isinstance(table, ClassTable):
        factor = max((f for f in table.factors if line["row"].startswith(f"{f}_")), key=len)
        classed = table.factors[factor]
        cls = study.categories(classed)[line["row"].removeprefix(f"{factor}_")][english]
        return f"{study.label(classed, lang)} {cls}: {label}"
    if not isinstance(table, GroupTable):
        return str(study.categories(line["variable"])[line["row"]][english])
    if line["column"] == TOTAL:
        return f"{label}, %" if line["statistic"] == "percent" else label
    return Cell(study.categories(table.by)[line["column"]][english], "indent")


def _limited(numbers: Mapping[Any, Any], name: str, lang: str) -> str:
    values = [numbers[key] for key in (name, f"{name}_low", f"{name}_high")]
    return with_limits(values, _decimals(numbers), lang)


def _decimals(numbers: Mapping[Any, Any]) -> int:
    return 1 if numbers["statistic"] == "percent" else 2


def _note(numbers: Mapping[Any, Any], lang: str) -> Cell:
    return Cell(numbers["note" if lang == "nl" else "note_en"], "note")
