"""Regressions on complete cases beside those with missing values imputed: tables, page and CSV."""

from __future__ import annotations

import html
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from mobiliteit.csvfile import csv_text
from mobiliteit.project import write_text
from mobiliteit.render import wording
from mobiliteit.render.beyond import BeyondView
from mobiliteit.render.imputed_words import WORDS
from mobiliteit.render.numbers import MISSING, format_number, format_p
from mobiliteit.render.page import page

HTML_NAME, MARKDOWN_NAME, CSV_NAME = "imputatie.html", "imputatie.md", "imputatie.csv"
# Chains that differ by more than this have not settled (Gelman et al. 2013, section 11.5).
SETTLED = 1.1
LINE_WIDTH, LINE_HEIGHT = 190, 64

_STYLE = """
table.filled { border-collapse: collapse; font-size: 12.5px; margin: 10px 0 6px; }
table.filled th, table.filled td { padding: 3px 9px; border-bottom: 1px solid #d5d5d5;
  text-align: right; vertical-align: middle; }
table.filled th:first-child, table.filled td:first-child,
table.filled .text { text-align: left; }
table.filled td { white-space: nowrap; }
table.filled td.text { white-space: normal; }
table.filled caption { text-align: left; font-weight: bold; padding: 4px 0; }
p.small { font-size: 12.5px; color: #404040; margin: 2px 0 30px; }
section { overflow-x: auto; }
"""


def show_imputed(result: Any, lang: str = "nl") -> BeyondView:
    """Show a table of regressions listwise and imputed, side by side.

    Parameters
    ----------
    result : ImputedTable
        Of :func:`mobiliteit.imputed.imputed_table`.
    lang : {'nl', 'en'}
        Language of labels, notes and decimal sign.

    Returns
    -------
    BeyondView
        Displays as HTML in a notebook, with the synthetic mark.

    Raises
    ------
    AnalysisError
        There is no such language.
    """
    wording.words(lang)
    say, study, names = WORDS[lang], result.wave.study, column_names(result, lang)
    level = format_number(100 * result.level, 0, lang=lang)
    headings = {
        "listwise": say["listwise"],
        "listwise_p": say["listwise_p"],
        "imputed": say["imputed"],
        "interval": say["interval"].format(level=level),
        "p": say["imputed_p"],
        "fmi": "fmi",
        "difference": say["difference"],
    }
    cells = result.cells()
    rows = []
    for column, model in result.models.items():
        group = _group(names[column], model, say)
        for line in cells[cells["column"] == column].to_dict("records"):
            if line["statistic"] == "beta":
                label = wording.variable_label(study, line["row"], lang)
            else:
                label = say[line["statistic"]]
            rows.append({"label": label, "group": group, **_texts(line, lang)})
    frame = pd.DataFrame(rows, columns=["label", "group", *headings])
    table = result.definition
    title = f"{wording.words(lang)['table']} {result.number}, {say['beside']}. "
    title += table.title_nl if lang == "nl" else table.title_en
    name = f"imputatie-{result.number.replace('.', '-')}"
    notes = tuple(_notes(result, names, lang))
    return BeyondView(title, result.wave.mark(lang), frame, headings, notes, name)


def column_names(result: Any, lang: str) -> dict[str, str]:
    """Name the models of a table by their outcome, numbered where an outcome comes back."""
    columns, study = result.definition.columns, result.wave.study
    outcomes = [model.outcome for model in columns.values()]
    numbered = len(set(outcomes)) < len(outcomes)
    lead = wording.words(lang)["model"]
    return {
        column: (f"{lead} {k}: " if numbered else "") + study.label(model.outcome, lang)
        for k, (column, model) in enumerate(columns.items(), start=1)
    }


def write_imputed(results: Mapping[str, Any], folder: Path, *, lang: str = "nl") -> list[Path]:
    """Write all tables as a page, as Markdown and as CSV.

    Parameters
    ----------
    results : mapping of str to ImputedTable
        Of :func:`mobiliteit.imputed.imputed_tables`, of one wave; at least one.
    folder : Path
        Usually ``reports/``.
    lang : {'nl', 'en'}
        Language of page and Markdown.

    Returns
    -------
    list of Path
        ``imputatie.html``, ``imputatie.md`` and ``imputatie.csv`` (tidy, unrounded, decimal point).

    Raises
    ------
    AnalysisError
        There is no such language.
    OutputError
        A file cannot be written.
    """
    tables = list(results.values())
    views = [show_imputed(result, lang) for result in tables]
    say, wave = WORDS[lang], tables[0].wave
    intro = [say["intro"], say["mar"], *([say["synthetic"]] if wave.synthetic else [])]
    body = [f"<h1>{html.escape(say['title'])}</h1>"]
    body += [f"<p>{html.escape(text)}</p>" for text in intro]
    for result, view in zip(tables, views, strict=True):
        body.append(f"<section>{view._repr_html_()}\n{_filled(result, lang)}</section>")
    text = page(say["title"], "\n".join(body), mark=wave.mark(lang), lang=lang, style=_STYLE)
    lines = [f"# {say['title']}", *([f"*{wave.mark(lang)}*"] if wave.mark(lang) else []), *intro]
    markdown = "\n\n".join([*lines, *(_markdown(view) for view in views)]) + "\n"
    frame = pd.concat([result.tidy() for result in tables]).assign(synthetic=wave.synthetic)
    paths = [folder / name for name in (HTML_NAME, MARKDOWN_NAME, CSV_NAME)]
    contents = (text, markdown, csv_text(frame))
    for path, content in zip(paths, contents, strict=True):
        write_text(path, content)
    return paths


def _group(name: str, model: Any, say: Mapping[str, str]) -> str:
    counts = []
    if model.listwise:
        counts.append(say["n_listwise"].format(n=model.listwise.n))
    if model.imputed:
        filled = model.imputed.n - model.imputed.n_complete
        counts.append(say["n_imputed"].format(n=model.imputed.n, filled=filled))
    return f"{name} ({'; '.join(counts)})" if counts else name


def _texts(line: Mapping[str, Any], lang: str) -> dict[str, str]:
    statistic = line["statistic"]

    def text(value: float) -> str:
        if statistic == "beta":
            return format_number(value, 3, lang=lang, leading_zero=False)
        if statistic == "F":
            return format_number(value, 2, lang=lang)
        return format_number(100 * value, 1, lang=lang)

    def percent(value: float) -> str:
        shown = text(value)
        return f"{shown}%" if statistic.startswith("r2") and shown != MISSING else shown

    ends = [text(line["low"]), text(line["high"])]
    interval = MISSING if MISSING in ends else f"[{('; ' if lang == 'nl' else ', ').join(ends)}]"
    tested = statistic != "r2_adjusted"
    found = {
        "listwise": percent(line["listwise"]),
        "listwise_p": format_p(line["listwise_p"], lang) if tested else "",
        "imputed": percent(line["imputed"]),
        "interval": interval if statistic != "F" else "",
        "p": format_p(line["p"], lang) if tested else "",
        "fmi": format_number(line["fmi"], 2, lang=lang) if statistic != "F" else "",
        "difference": text(line["difference"]),
    }
    return found


def _notes(result: Any, names: Mapping[str, str], lang: str) -> Iterable[str]:
    say, study, filled = WORDS[lang], result.wave.study, result.convergence()
    yield say["how"].format(m=result.m, iterations=result.iterations, seed=result.seed)
    yield say["pooled"]
    yield say["together"]
    shares = [
        f"{study.label(line['variable'], lang)} {format_number(100 * line['share'], 1, lang=lang)}%"
        f" ({line['missing']} {say['of']} {line['n']})"
        for line in filled.drop_duplicates(["variable", "missing", "n"]).to_dict("records")
    ]
    yield say["shares"].format(shares=", ".join(shares)) if shares else say["nothing"]
    for count in sorted({m.not_asked for m in result.models.values() if m.not_asked}):
        models = [names[c] for c, m in result.models.items() if m.not_asked == count]
        yield say["not_asked"].format(n=count, models=", ".join(map(_short, models)))
    fitted = {column: m.imputed for column, m in result.models.items() if m.imputed}
    if shares and fitted:
        column = max(fitted, key=lambda name: fitted[name].largest_fmi)
        largest = fitted[column].largest_fmi
        row = str(fitted[column].beta["fmi"].idxmax())
        place = f"{_short(names[column])}, {study.label(row, lang)}"
        number = format_number(largest, 2, lang=lang)
        yield say["fmi"].format(largest=number, place=place)
        if result.m < 100 * largest:
            yield say["more"].format(m=int(np.ceil(100 * largest)))
        rhat = filled[["rhat_mean", "rhat_sd"]].max().max()
        if np.isfinite(rhat):
            number, limit = (format_number(value, 2, lang=lang) for value in (rhat, SETTLED))
            yield say["settled" if rhat <= SETTLED else "unsettled"].format(
                rhat=number, limit=limit
            )
    yield say["mar"]
    for column, model in result.models.items():
        if model.note:
            yield f"{say['gap']}: {names[column]}: {model.note}."


def _filled(result: Any, lang: str) -> str:
    """List what was filled in, with the course of the chains."""
    say, study = WORDS[lang], result.wave.study
    names = column_names(result, lang)
    rows = []
    for columns, imputations in result.imputations.items():
        models = ", ".join(_short(names[column]) for column in columns)
        for name, line in imputations.convergence().iterrows():
            cells = [
                study.label(str(name), lang),
                models,
                say[line["method"]],
                f"{line['missing']} {say['of']} {line['n']}",
                format_number(line["rhat_mean"], 2, lang=lang),
                format_number(line["rhat_sd"], 2, lang=lang),
            ]
            drawn = [imputations.means[str(name)], imputations.spreads[str(name)]]
            texts = [_cell("td", k, html.escape(cell)) for k, cell in enumerate(cells)]
            pictures = [f"<td>{_chains(values)}</td>" for values in drawn]
            rows.append(f"<tr>{''.join([*texts, *pictures])}</tr>")
    if not rows:
        return ""
    heads = ("variable", "models", "method", "filled", "rhat_mean", "rhat_sd", "means", "spreads")
    head = "".join(_cell("th", k, html.escape(say[key])) for k, key in enumerate(heads))
    return (
        f'<table class="filled"><caption>{html.escape(say["chains"])}</caption>'
        f"<thead><tr>{head}</tr></thead><tbody>{''.join(rows)}</tbody></table>"
        f'<p class="small">{html.escape(say["reading"])}</p>'
    )


def _cell(tag: str, position: int, text: str) -> str:
    """Write one cell: words to the left, numbers and pictures to the right."""
    return f'<{tag} class="text">{text}</{tag}>' if position < 3 else f"<{tag}>{text}</{tag}>"


def _chains(values: np.ndarray) -> str:
    """Draw one line per chain over its rounds, as a piece of SVG."""
    low, high = float(np.nanmin(values, initial=np.inf)), float(np.nanmax(values, initial=-np.inf))
    if not np.isfinite([low, high]).all() or len(values) < 2:
        return MISSING
    x = np.linspace(3, LINE_WIDTH - 3, len(values))
    y = (values - low) / (high - low) if high > low else np.full(values.shape, 0.5)
    y = LINE_HEIGHT - 4 - y * (LINE_HEIGHT - 8)
    paths = [" ".join(f"{a:.1f},{b:.1f}" for a, b in zip(x, chain, strict=True)) for chain in y.T]
    lines = "".join(f'<polyline points="{points}"/>' for points in paths)
    size = f'width="{LINE_WIDTH}" height="{LINE_HEIGHT}"'
    pen = 'fill="none" stroke="#1f4e79" stroke-width="0.8" stroke-opacity="0.55"'
    return f'<svg {size} aria-hidden="true"><g {pen}>{lines}</g></svg>'


def _markdown(view: BeyondView) -> str:
    lines = [f"## {view.title}", ""]
    if view.mark:
        lines += [f"*{view.mark}*", ""]
    headings = ["", *view.headings.values()]
    for group, rows in view.rows.groupby("group", sort=False):
        lines += [f"**{group}**", "", _bar(headings)]
        lines.append("|---|" + "--:|" * len(view.headings))
        lines += [_bar([row["label"], *(row[name] for name in view.headings)])
                  for row in rows.to_dict("records")]  # fmt: skip
        lines.append("")
    return "\n".join([*lines, *(f"- {note}" for note in view.notes)])


def _bar(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in cells)} |"


def _short(name: str) -> str:
    # Numbered models are known by their number.
    return name.partition(":")[0]
