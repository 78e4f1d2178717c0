"""The page about the same people over waves, with its figures, and the CSV of its numbers."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from functools import partial
from pathlib import Path
from typing import Any

import pandas as pd
from matplotlib.figure import Figure

from mobiliteit.disclosure import SMALLEST
from mobiliteit.inference.notes import note_text
from mobiliteit.render import wording
from mobiliteit.render.figures_panel import (
    FEW,
    draw_balance,
    draw_change,
    draw_lagged,
    draw_moves,
    name_of,
)
from mobiliteit.render.numbers import MISSING, format_number, format_p
from mobiliteit.render.page import page
from mobiliteit.render.page_parts import (
    Cell,
    limits,
    p_text,
    paragraph,
    pictures,
    section,
    small,
    strong,
    table_html,
    write_page,
)
from mobiliteit.render.panel_models import crossed_parts, lagged_parts, within_parts
from mobiliteit.render.panel_words import WORDS

NAME = "panel"


def draw_panel(report: Any, lang: str = "nl") -> dict[str, Figure]:
    """Draw the figures of a panel.

    Parameters
    ----------
    report : PanelReport
        Of :func:`mobiliteit.panel.analyse_panel`.
    lang : {'nl', 'en'}
        Language.

    Returns
    -------
    dict of str to matplotlib.figure.Figure
        File name without suffix to figure; those that have nothing to show are left out.
    """
    figures = {
        "panel_overgangen": draw_moves(report, lang),
        "panel_verandering": draw_change(report, lang),
        "panel_weging": draw_balance(report, lang),
        "panel_later": draw_lagged(report, lang),
    }
    return {name: figure for name, figure in figures.items() if figure is not None}


def panel_html(report: Any, lang: str = "nl", drawn: Mapping[str, str] | None = None) -> str:
    """Write the page about a panel.

    Parameters
    ----------
    report : PanelReport
        Of :func:`mobiliteit.panel.analyse_panel`.
    lang : {'nl', 'en'}
        Language.
    drawn : mapping of str to str, optional
        Figures as HTML, by the names of :func:`draw_panel`; by default they are drawn.

    Returns
    -------
    str
        A whole HTML document that needs nothing from outside, with the marks of the waves.

    Raises
    ------
    AnalysisError
        There is no such language.
    """
    wording.words(lang)
    shown = pictures(draw_panel(report, lang)) if drawn is None else drawn
    return _page(report, shown, lang)


def write_panel(report: Any, reports: Path, figures: Path, *, lang: str = "nl") -> list[Path]:
    """Write the page, the CSV and the figures about a panel.

    Parameters
    ----------
    report : PanelReport
        Of :func:`mobiliteit.panel.analyse_panel`.
    reports, figures : Path
        Folders, usually those of the last wave.
    lang : {'nl', 'en'}
        Language of page and figures.

    Returns
    -------
    list of Path
        ``panel.html``, ``panel.csv`` (tidy, unrounded, decimal point; without what may not be
        shown), and each figure as PNG and SVG.

    Raises
    ------
    AnalysisError
        There is no such language.
    OutputError
        A file cannot be written.
    """
    wording.words(lang)
    frame = _to_show(report).assign(synthetic=report.panel.synthetic)
    make = partial(panel_html, report, lang)
    return write_page(NAME, make, frame, draw_panel(report, lang), reports, figures)


def _to_show(report: Any) -> pd.DataFrame:
    """Return the tidy frame of a panel without the numbers that may not be shown."""
    frame: pd.DataFrame = report.tidy()
    for step in report.transitions.steps:
        cells = step.cells[step.cells["hidden"]]
        here = frame["wave"].eq(f"{step.first} - {step.second}")
        here &= frame["analysis"].eq("transitions")
        pairs = pd.MultiIndex.from_frame(frame[["row", "column"]])
        gone = here & pairs.isin(list(zip(cells["from"], cells["to"], strict=True)))
        frame.loc[gone, "value"] = math.nan
        if step.cells["hidden"].all():
            frame.loc[gone, "n"] = pd.NA
    return frame


def _page(report: Any, drawn: Mapping[str, str], lang: str) -> str:
    say, panel = WORDS[lang], report.panel
    body = [f"<h1>{say['title']}</h1>", paragraph(say["intro"])]
    if panel.synthetic:
        body.append(strong(say["synthetic"]))
    if any(wave.weights_left_out for wave in panel.waves):
        body.append(paragraph(say["weights_out"]))
    parts = (
        ("moves", _moves, "panel_overgangen"),
        ("attrition", _attrition, "panel_weging"),
        ("change", _change, "panel_verandering"),
        ("within", within_parts, ""),
        ("lagged", lagged_parts, "panel_later"),
        ("crossed", crossed_parts, ""),
    )
    body += [section(say["who"], _who(report, lang))]
    for heading, write, figure in parts:
        shown = [drawn[figure]] if figure in drawn else []
        body.append(section(say[heading], [*shown, *write(report, lang)]))
    mark = panel.mark(lang)
    return page(say["title"], "\n".join(body), mark=mark, lang=lang)


def _who(report: Any, lang: str) -> Iterator[str]:
    say, panel = WORDS[lang], report.panel
    presence = panel.presence
    rows = [[name, str(n)] for name, n in presence.sum().items()]
    yield table_html(["", say["respondents"]], rows)
    rows = []
    for i, j in panel.steps:
        n = int((presence.iloc[:, i] & presence.iloc[:, j]).sum())
        rows.append([say["step"].format(first=panel.ids[i], second=panel.ids[j]), str(n)])
    yield table_html(["", say["linked"]], rows)
    settings, found = panel.settings, panel.inconsistent
    names = [panel.study.label(name, lang) for name in (*settings.fixed, *settings.years)]
    if found.empty:
        text = say["none_flagged"].format(linked=len(panel.linked), names=", ".join(names))
    else:
        counts = found.groupby("variable", sort=False)["person"].nunique()
        detail = ", ".join(f"{panel.study.label(v, lang)}: {n}" for v, n in counts.items())
        people = found["person"].nunique()
        text = say["flagged"].format(n=people, linked=len(panel.linked), detail=detail)
    yield paragraph(text)


def _moves(report: Any, lang: str) -> Iterator[str]:
    say, found = WORDS[lang], report.transitions
    labels = {k: v[lang == "en"] for k, v in report.panel.study.categories(found.by).items()}
    interval = say["interval"].format(level=f"{100 * found.level:g}")
    counts = [say["n"], say["count"], say["percent"], interval]
    headers: list[str | Cell] = [say["from"], Cell(say["to"], "text"), *counts]
    headers += [say["interval_all"], say["gewogen"], interval]
    for step in found.steps:
        rows = []
        # Where everything is hidden, a row counts too few for its total to be shown.
        all_hidden = step.cells["hidden"].all()
        for cell in step.cells.to_dict("records"):
            row = [labels[cell["from"]], Cell(labels[cell["to"]], "text")]
            row.append(MISSING if all_hidden else str(cell["n"]))
            if cell["hidden"]:
                rows.append([*row, *[MISSING] * (len(headers) - len(row))])
                continue
            row += [str(cell["count"]), _percent(cell["share"], lang)]
            row.append(_percents(cell["low"], cell["high"], lang))
            row.append(_percents(cell["low_all"], cell["high_all"], lang))
            row.append(_percent(cell["weighted_share"], lang))
            rows.append([*row, _percents(cell["weighted_low"], cell["weighted_high"], lang)])
        caption = say["step"].format(first=step.first, second=step.second)
        yield table_html(headers, rows, caption)
        for key, (chi2, df, p) in (("bowker", step.bowker), ("stuart", step.homogeneity)):
            number = format_number(chi2, 2, lang=lang)
            yield paragraph(say[key].format(chi2=number, df=df, p=p_text(p, lang)))
    note = say["moves_note"]
    if any(step.cells["hidden"].any() for step in found.steps):
        note += f" {MISSING}: {say['hidden'].format(few=SMALLEST)}."
    yield small(note)


def _attrition(report: Any, lang: str) -> Iterator[str]:
    say, study = WORDS[lang], report.panel.study
    interval = say["interval"].format(level=f"{100 * report.attrition.level:g}")
    for step in report.attrition.steps:
        percent = format_number(100 * step.stayed / step.n, 1, lang=lang)
        about = {"first": step.first, "second": step.second, "n": step.n, "stayed": step.stayed}
        yield paragraph(say["stayed_of"].format(percent=percent, **about))
        rows = []
        for row in step.lost.to_dict("records"):
            symbol = "g" if row["kind"] == "mean" else "V"
            effect = format_number(row["effect"], 2, lang=lang)
            texts = [study.label(row["variable"], lang), str(row["n"])]
            texts += [
                format_number(row[name], 2, lang=lang) if symbol == "g" else ""
                for name in ("stayed", "lost")
            ]
            texts += [f"{symbol} {effect}", limits(row["low"], row["high"], 2, lang)]
            rows.append([*texts, format_p(row["p"], lang), format_p(row["p_holm"], lang)])
        headers = [say[name] for name in ("variable", "n", "stayed", "lost", "effect")]
        yield table_html([*headers, interval, say["p"], say["p_holm"]], rows)
        yield small(say["lost_note"])
        yield f"<h3>{say['weights']}</h3>"
        for variable, category, n in step.nobody:
            what = name_of(study, (variable, category), lang)
            yield paragraph(say["nobody"].format(what=what, n=n))
        if step.weight is None:
            yield paragraph(f"{say['no_weights']}: {note_text(step.note, lang)}.")
            continue
        numbers = {"low": step.weight.min(), "high": step.weight.max(), "auc": step.auc}
        texts_of = {name: format_number(value, 2, lang=lang) for name, value in numbers.items()}
        effective = format_number(step.effective_n, 0, lang=lang)
        facts = {"trimmed": step.trimmed, "effective": effective, "stayed": len(step.weight)}
        yield paragraph(say["weights_how"].format(**facts, **texts_of))
        rows = [
            [
                name_of(study, key, lang),
                format_number(line["odds"], 2, lang=lang),
                limits(line["low"], line["high"], 2, lang),
                format_p(line["p"], lang),
            ]
            for key, line in step.model.iterrows()
        ]
        yield table_html([say["variable"], say["odds"], interval, say["p"]], rows)


def _change(report: Any, lang: str) -> Iterator[str]:
    say, study, found = WORDS[lang], report.panel.study, report.change
    interval = say["interval"].format(level=f"{100 * found.level:g}")
    headers = [say[name] for name in ("variable", "n", "mean_before", "mean_after", "difference")]
    headers += [interval, say["p"], say["p_holm"], say["gewogen"], interval]
    sizes = [say["variable"], "d_z", interval, "d_av", say["alpha"], say["reliable"]]
    for (first, second), table in found.table.groupby(["first", "second"], sort=False):
        rows, standardized = [], []
        for row in table.to_dict("records"):
            number = {
                name: format_number(row[name], 2, lang=lang)
                for name in ("before", "after", "mean", "d_z", "d_av", "weighted", "alpha")
            }
            name = study.label(row["variable"], lang) + (f" {FEW}" if row["few"] else "")
            line = [name, str(row["n"]), number["before"], number["after"], number["mean"]]
            line += [limits(row["low"], row["high"], 2, lang), format_p(row["p"], lang)]
            line += [format_p(row["p_holm"], lang), number["weighted"]]
            rows.append([*line, limits(row["weighted_low"], row["weighted_high"], 2, lang)])
            changed = [
                format_number(row[name], 1, lang=lang)
                for name in ("percent_lower", "percent_higher")
            ]
            line = [name, number["d_z"], limits(row["d_z_low"], row["d_z_high"], 2, lang)]
            line += [number["d_av"], number["alpha"].replace(MISSING, "")]
            standardized.append([*line, "" if MISSING in changed else " / ".join(changed)])
        yield table_html(headers, rows, say["step"].format(first=first, second=second))
        yield table_html(sizes, standardized)
    half = format_number(50 * (1 - found.level), 1, lang=lang)
    few = say["few"].format(few=report.panel.settings.few)
    yield small(say["change_note"].format(half=half, few=few))


def _percent(share: float, lang: str) -> str:
    return format_number(100 * share, 1, lang=lang)


def _percents(low: float, high: float, lang: str) -> str:
    return limits(100 * low, 100 * high, 1, lang)
