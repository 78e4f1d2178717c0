"""The page "does it still hold?": a picture of all findings, counts per word, and every measure."""

from __future__ import annotations

import base64
import html
import math
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pandas as pd

from mobiliteit.errors import AnalysisError, Problem
from mobiliteit.project import Project, write_text
from mobiliteit.render import canvas, figures_against
from mobiliteit.render.against_words import WHYS, WORDS
from mobiliteit.render.numbers import MISSING, format_number, format_p
from mobiliteit.render.page import page

HTML_NAME, CSV_NAME = "houdt_het_stand.html", "houdt_het_stand.csv"
FIGURE = "houdt_het_stand"
KINDS = ("effect", "none", "level", "judged")

_STYLE = """
table.against { border-collapse: collapse; font-size: 11.5px; margin: 8px 0 24px; }
table.against th, table.against td { text-align: right; vertical-align: top; padding: 3px 5px;
  border-bottom: 1px solid #ddd; }
table.against td.label, table.against th.label { text-align: left; min-width: 14em; }
.wide table.against td:nth-child(2) { text-align: left; min-width: 8em; }
table.against td.label small { color: #595959; }
table.against thead th { border-bottom: 1.5px solid #333; vertical-align: bottom; }
.word { display: inline-block; padding: 0 7px; border-radius: 8px; white-space: nowrap; }
.holds { background: #cdeadd; } .weaker { background: #fbe3b5; } .gone { background: #f8cdb6; }
.reversed { background: #f0d3e2; } .cannot_say { background: #e8e8e8; }
dl.rule { font-size: 14px; max-width: 52em; } dl.rule dt { margin-top: 8px; font-weight: 600; }
dl.rule dd { margin-left: 18px; }
details summary { cursor: pointer; color: #0b4f7d; margin: 6px 0; }
.wide { overflow-x: auto; }
"""


def against_html(result: Any, lang: str = "nl", pictures: Mapping[str, str] | None = None) -> str:
    """Write the page.

    Parameters
    ----------
    result : Against
        A wave held against 2006.
    lang : {'nl', 'en'}
        Language.
    pictures : mapping of str to str, optional
        Name of a figure to its SVG; by default they are drawn.

    Returns
    -------
    str
        A whole HTML document that needs nothing from outside, with the marks of the wave in its
        banner. Only numbers that are shown are rounded.

    Raises
    ------
    AnalysisError
        There is no such language.
    """
    if lang not in WORDS:
        problem = Problem(f"there is no language {lang!r}", f"Use one of: {', '.join(WORDS)}.")
        raise AnalysisError("The page cannot be written.", [problem])
    say, frame = WORDS[lang], result.frame
    drawn = pictures or {
        name: canvas.render(figure, "svg").decode()
        for name, figure in against_figures(result, lang).items()
    }
    wave = result.wave.id
    body = [f"<h1>{html.escape(say['title'].format(wave=wave))}</h1>"]
    body += [_picture(drawn[name], say[name]) for name in ("alles", "strook")]
    body += [f"<p>{html.escape(_intro(result, say, lang))}</p>"]
    if result.wave.synthetic:
        body.append(f"<p><strong>{say['synthetic']}</strong></p>")
    body += [f"<h2>{say['counts']}</h2>", _counts(result, say, lang)]
    body += [f"<h2>{say['changed']}</h2>", _changed(result, say, lang)]
    body += [f"<h2>{say['rule']}</h2>", _rule(result.rule, say, lang)]
    body += [f"<h2>{say['tables']}</h2>", f"<p>{say['reading']}</p>"]
    for table in figures_against.tables_in(frame):
        part = frame[(frame["source"] == "table") & (frame["place"] == table)]
        body += [
            f"<h3>{say['table']} {table}</h3>",
            _picture(drawn[_name(table)], f"{say['table']} {table}"),
            f"<details><summary>{say['measures']}</summary>"
            f"{_findings(result, part, say, lang)}</details>",
        ]
    body += [f"<h2>{say['claims']}</h2>"]
    claims = frame[frame["source"] == "claim"]
    for section, part in claims.groupby("place", sort=False):
        body.append(
            f"<details><summary>{say['section']} {section} ({part['claim'].nunique()}"
            f" {say['of_claims']})</summary>{_findings(result, part, say, lang)}</details>"
        )
    title = say["title"].format(wave=wave)
    mark = result.wave.mark(lang)
    return page(title, "\n".join(body), mark=mark, lang=lang, style=_STYLE)


def against_figures(result: Any, lang: str = "nl") -> dict[str, Any]:
    """Draw the figures of a wave against 2006: name to figure, those of all findings first."""
    frame, words, mark = result.frame, result.rule.words, result.wave.mark(lang)
    figures = {
        "alles": figures_against.side_by_side(frame, words, mark, lang),
        "strook": figures_against.strip(frame, words, mark, lang),
    }
    for table in figures_against.tables_in(frame):
        figures[_name(table)] = figures_against.forest(frame, table, words, mark, lang)
    return figures


def write_against(result: Any, project: Project, *, lang: str = "nl") -> list[Path]:
    """Write page, CSV and figures.

    Parameters
    ----------
    result : Against
        A wave held against 2006.
    project : Project
        Of the wave.
    lang : {'nl', 'en'}
        Language of page and figures; the CSV has both.

    Returns
    -------
    list of Path
        ``houdt_het_stand.html`` and ``.csv`` (unrounded, decimal point) in its reports, and its
        figures as PNG and SVG.

    Raises
    ------
    AnalysisError
        There is no such language.
    OutputError
        A file cannot be written.
    """
    if lang not in WORDS:
        against_html(result, lang)
    paths, pictures = [], {}
    for name, figure in against_figures(result, lang).items():
        saved = canvas.save_figure(figure, project.figures, f"{FIGURE}_{name}")
        pictures[name] = next(p for p in saved if p.suffix == ".svg").read_text(encoding="utf-8")
        paths += saved
    page_path, csv_path = project.reports / HTML_NAME, project.reports / CSV_NAME
    write_text(page_path, against_html(result, lang, pictures))
    write_text(csv_path, result.frame.to_csv(index=False, lineterminator="\n"))
    return [page_path, csv_path, *paths]


def _name(table: str) -> str:
    return f"tabel_{table.replace('.', '_')}"


def _picture(svg: str, title: str) -> str:
    data = base64.b64encode(svg.encode()).decode("ascii")
    alt = html.escape(title, quote=True)
    return f'<figure><img alt="{alt}" src="data:image/svg+xml;base64,{data}"></figure>'


def _intro(result: Any, say: Mapping[str, str], lang: str) -> str:
    tests, table = result.tests, result.frame[result.frame["source"] == "table"]
    typical = table.loc[table["form"] == "beta", "detectable"].median()
    spread = (table["detectable"] / table["unit"])[table["form"] == "difference"].median()
    return say["intro"].format(
        n=len(table),
        claims=len(result.claims),
        tests=int(tests["tests"]),
        significant=int(tests["significant"]),
        chance=format_number(tests["by_chance"], 0, lang=lang),
        holm=int(tests["p_holm"]),
        bh=int(tests["p_bh"]),
        beta=format_number(typical, 2, lang=lang),
        sd=format_number(spread, 2, lang=lang),
        power=format_number(100 * result.rule.power, 0, lang=lang),
    )


def _counts(result: Any, say: Mapping[str, str], lang: str) -> str:
    words, summary = result.rule.words, result.summary()
    head = [say["where"], say["findings"], *(_label(words[word], lang) for word in words)]
    rows = [
        [
            f"{say['table' if source == 'table' else 'section']} {place}",
            *(str(counts[name]) for name in ("findings", *words)),
        ]
        for (source, place), counts in summary.iterrows()
    ]
    return _table(head, rows)


def _changed(result: Any, say: Mapping[str, str], lang: str) -> str:
    frame = result.frame
    chosen = frame[frame["word"].isin(["reversed", "gone", "weaker"])]
    if chosen.empty:
        return f"<p>{say['nothing']}</p>"
    return _findings(result, chosen, say, lang)


def _rule(rule: Any, say: Mapping[str, str], lang: str) -> str:
    parts = [f"<p>{say['setting']}</p>", '<dl class="rule">']
    for kind in KINDS:
        parts.append(f"<dt>{say[f'kind_{kind}']}</dt>")
        for clause in rule.text[kind]:
            label = _chip(rule.words, clause.word, lang)
            parts.append(f"<dd>{label} {html.escape(getattr(clause, lang))}</dd>")
    return "\n".join([*parts, "</dl>"])


def _findings(result: Any, part: pd.DataFrame, say: Mapping[str, str], lang: str) -> str:
    names = ("label", "word", "old", "se_old", "new", "interval", "p", "p_holm", "inside",
             "predicted", "telescope", "sceptical", "power", "detectable", "change")  # fmt: skip
    head = [say[f"col_{name}"] for name in names]
    rows = [_row(result, finding, say, lang) for finding in part.to_dict("records")]
    return f'<div class="wide">{_table(head, rows, escaped=True)}</div>'


def _row(result: Any, finding: Mapping[Any, Any], say: Mapping[str, str], lang: str) -> list[str]:
    decimals = _decimals(finding)

    def number(name: str, places: int = decimals) -> str:
        return format_number(_float(finding[name]), places, lang=lang)

    def span(low: str, high: str, places: int = decimals) -> str:
        ends = number(low, places), number(high, places)
        if ends[1] == MISSING and _float(finding[high]) == math.inf:
            return say["at_least"].format(low=ends[0])
        return ends[0] if ends[0] == ends[1] else say["to"].format(low=ends[0], high=ends[1])

    assumed = " *" if finding["se_old_assumed"] is True else ""
    # Notes are in Dutch, as those of the tables; in English the reason stands in their place.
    note = (finding["note"] if lang == "nl" else "") or WHYS[lang][str(finding["why"])]
    seen = say.get(str(finding["smaller"]), "")
    label = html.escape(str(finding[f"label_{lang}"]))
    if finding["claim"]:
        label = f"<small>{html.escape(str(finding['id']))}</small> {label}"
    both = [say.get(str(finding[name]), MISSING) for name in ("old_in_new", "new_in_old")]
    interval = f"{number('low')}; {number('high')}"
    return [
        label,
        f"{_chip(result.rule.words, finding['word'], lang)}<br><small>{html.escape(note)}</small>",
        number("old"),
        html.escape(span("se_old_low", "se_old_high", decimals + 1) + assumed),
        number("new"),
        interval if MISSING not in interval else MISSING,
        format_p(_float(finding["p"]), lang),
        format_p(_float(finding["p_holm"]), lang),
        " / ".join(both),
        say.get(str(finding["predicted"]), MISSING),
        f"{span('small_low', 'small_high')}: {seen}" if seen else MISSING,
        _p_span(finding, lang),
        number("power", 2),
        number("detectable"),
        span("change_low", "change_high"),
    ]


def _p_span(finding: Mapping[Any, Any], lang: str) -> str:
    ends = [format_p(_float(finding[f"sceptical_golden_{end}"]), lang) for end in ("low", "high")]
    known = [end for end in dict.fromkeys(ends) if end != MISSING]
    return html.escape("–".join(known)) or MISSING


def _decimals(finding: Mapping[Any, Any]) -> int:
    unit = _float(finding["unit"])
    return 1 if math.isfinite(unit) and unit > 5 else 2


def _float(value: Any) -> float:
    return math.nan if pd.isna(value) else float(value)


def _chip(words: Mapping[str, Any], word: str, lang: str) -> str:
    return f'<span class="word {word}">{html.escape(_label(words[word], lang))}</span>'


def _label(word: Any, lang: str) -> str:
    return f"{word.sign} {getattr(word, lang)}"


def _table(head: list[str], rows: list[list[str]], *, escaped: bool = False) -> str:
    def cell(text: str, tag: str, first: bool) -> str:
        own = ' class="label"' if first else ""
        return f"<{tag}{own}>{text if escaped and tag == 'td' else html.escape(text)}</{tag}>"

    lines = [
        "<tr>" + "".join(cell(text, tag, k == 0) for k, text in enumerate(row)) + "</tr>"
        for tag, row in [("th", head), *(("td", row) for row in rows)]
    ]
    body = "".join(lines[1:])
    return f'<table class="against"><thead>{lines[0]}</thead><tbody>{body}</tbody></table>'
