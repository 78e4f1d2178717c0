"""The page "does it still hold?": a picture of all findings, counts per word, and every measure."""

from __future__ import annotations

import html
import math
from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import Any

import pandas as pd

from mobiliteit.render import figures_against, wording
from mobiliteit.render.against_words import WHYS, WORDS, place_name
from mobiliteit.render.numbers import MISSING, format_number, format_p
from mobiliteit.render.page import page
from mobiliteit.render.page_parts import Cell, paragraph, pictures, strong, table_html, write_page

NAME = "houdt_het_stand"
KINDS = ("effect", "none", "level", "judged")

_STYLE = """
details table.data, table.data:has(.word) { font-size: 11.5px; }
table.data:has(.word) td { white-space: normal; padding: 3px 5px; }
table.data:has(.word) td:first-child { min-width: 14em; }
table.data td.text { min-width: 8em; }
table.data small { color: #595959; }
.word { display: inline-block; padding: 0 7px; border-radius: 8px; white-space: nowrap; }
.holds { background: #cdeadd; } .weaker { background: #fbe3b5; } .gone { background: #f8cdb6; }
.reversed { background: #f0d3e2; } .cannot_say { background: #e8e8e8; }
dl.rule { font-size: 14px; max-width: 52em; } dl.rule dt { margin-top: 8px; font-weight: 600; }
dl.rule dd { margin-left: 18px; }
details summary { cursor: pointer; color: #0b4f7d; margin: 6px 0; }
"""


def against_html(result: Any, lang: str = "nl", drawn: Mapping[str, str] | None = None) -> str:
    """Write the page.

    Parameters
    ----------
    result : Against
        A wave held against 2006.
    lang : {'nl', 'en'}
        Language.
    drawn : mapping of str to str, optional
        Figures as HTML, by the names of :func:`against_figures`; by default they are drawn.

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
    wording.words(lang)
    say, frame = WORDS[lang], result.frame
    shown = pictures(against_figures(result, lang)) if drawn is None else drawn
    wave = result.wave.id
    body = [f"<h1>{html.escape(say['title'].format(wave=wave))}</h1>"]
    body += [shown[f"{NAME}_{name}"] for name in ("alles", "strook")]
    body += [paragraph(_intro(result, say, lang))]
    if result.wave.synthetic:
        body.append(strong(say["synthetic"]))
    body += [f"<h2>{say['counts']}</h2>", _counts(result, say, lang)]
    body += [f"<h2>{say['changed']}</h2>", _changed(result, say, lang)]
    body += [f"<h2>{say['rule']}</h2>", _rule(result.rule, say, lang)]
    body += [f"<h2>{say['tables']}</h2>", f"<p>{say['reading']}</p>"]
    for table in figures_against.tables_in(frame):
        part = frame[(frame["source"] == "table") & (frame["place"] == table)]
        body += [
            f"<h3>{place_name('table', table, lang)}</h3>",
            shown[_name(table)],
            f"<details><summary>{say['measures']}</summary>"
            f"{_findings(result, part, say, lang)}</details>",
        ]
    body += [f"<h2>{say['claims']}</h2>"]
    claims = frame[frame["source"] == "claim"]
    for section, part in claims.groupby("place", sort=False):
        body.append(
            f"<details><summary>{place_name('claim', section, lang)} ({part['claim'].nunique()}"
            f" {say['of_claims']})</summary>{_findings(result, part, say, lang)}</details>"
        )
    title = say["title"].format(wave=wave)
    mark = result.wave.mark(lang)
    return page(title, "\n".join(body), mark=mark, lang=lang, style=_STYLE)


def against_figures(result: Any, lang: str = "nl") -> dict[str, Any]:
    """Draw the figures of a wave against 2006: file name to figure, those of all findings first."""
    frame, words, mark = result.frame, result.rule.words, result.wave.mark(lang)
    figures = {
        f"{NAME}_alles": figures_against.side_by_side(frame, words, mark, lang),
        f"{NAME}_strook": figures_against.strip(frame, words, mark, lang),
    }
    for table in figures_against.tables_in(frame):
        figures[_name(table)] = figures_against.forest(frame, table, words, mark, lang)
    return figures


def write_against(result: Any, reports: Path, figures: Path, *, lang: str = "nl") -> list[Path]:
    """Write page, CSV and figures.

    Parameters
    ----------
    result : Against
        A wave held against 2006.
    reports, figures : Path
        Folders, usually those of the wave.
    lang : {'nl', 'en'}
        Language of page and figures; the CSV has both.

    Returns
    -------
    list of Path
        ``houdt_het_stand.html`` and ``.csv`` (unrounded, decimal point), and the figures as PNG and
        SVG.

    Raises
    ------
    AnalysisError
        There is no such language.
    OutputError
        A file cannot be written.
    """
    wording.words(lang)
    make = partial(against_html, result, lang)
    return write_page(NAME, make, result.frame, against_figures(result, lang), reports, figures)


def _name(table: str) -> str:
    return f"{NAME}_tabel_{table.replace('.', '_')}"


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
            place_name(source, place, lang),
            *(str(counts[name]) for name in ("findings", *words)),
        ]
        for (source, place), counts in summary.iterrows()
    ]
    return table_html(head, rows)


def _changed(result: Any, say: Mapping[str, str], lang: str) -> str:
    frame = result.frame
    chosen = frame[frame["word"].isin(["reversed", "gone", "weaker"])]
    if chosen.empty:
        return paragraph(say["nothing"])
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
    return table_html([head[0], Cell(head[1], "text"), *head[2:]], rows)


def _row(
    result: Any, finding: Mapping[Any, Any], say: Mapping[str, str], lang: str
) -> list[str | Cell]:
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
    chip = _chip(result.rule.words, finding["word"], lang)
    both = [say.get(str(finding[name]), MISSING) for name in ("old_in_new", "new_in_old")]
    interval = f"{number('low')}; {number('high')}"
    return [
        Cell(label, markup=True),
        Cell(
            f"{chip}<br><small>{html.escape(note)}</small>",
            "text",
            markup=True,
        ),
        number("old"),
        span("se_old_low", "se_old_high", decimals + 1) + assumed,
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
    return "–".join(known) or MISSING


def _decimals(finding: Mapping[Any, Any]) -> int:
    unit = _float(finding["unit"])
    return 1 if math.isfinite(unit) and unit > 5 else 2


def _float(value: Any) -> float:
    return math.nan if pd.isna(value) else float(value)


def _chip(words: Mapping[str, Any], word: str, lang: str) -> str:
    return f'<span class="word {word}">{html.escape(_label(words[word], lang))}</span>'


def _label(word: Any, lang: str) -> str:
    return f"{word.sign} {getattr(word, lang)}"
