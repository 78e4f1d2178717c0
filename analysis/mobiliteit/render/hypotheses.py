"""The page about the hypotheses: verdicts by source, every effect, what is still to be asked."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Mapping
from functools import partial
from pathlib import Path
from typing import Any

from matplotlib.figure import Figure

from mobiliteit.project import FIRST_WAVE
from mobiliteit.render import wording
from mobiliteit.render.answer_measures import brief_text, decimals_for, number_text
from mobiliteit.render.figures_hypotheses import draw_forest, draw_overview, drawn_rows
from mobiliteit.render.hypotheses_words import SIGNS, WORDS
from mobiliteit.render.numbers import MISSING, format_number, format_p
from mobiliteit.render.page import page
from mobiliteit.render.page_parts import (
    Cell,
    paragraph,
    pictures,
    section,
    small,
    strong,
    table_html,
    write_page,
)

NAME = "hypothesen"
_STYLE = """
.verdict { display: inline-block; padding: 0 7px; border-radius: 8px; white-space: nowrap; }
.supported { background: #cdeadd; } .contradicted { background: #f8cdb6; }
.none { background: #cfe2f1; } .cannot_tell, .not_asked { background: #e8e8e8; }
.needs_question, .elsewhere { background: #f3f3f3; }
td small { color: #595959; } td code { font-size: 11.5px; }
details summary { cursor: pointer; color: #0b4f7d; margin: 6px 0; }
dl dt { margin-top: 8px; } dl dd { margin-left: 18px; max-width: 46em; }
"""


def draw_hypotheses(result: Any, lang: str = "nl") -> dict[str, Figure]:
    """Draw the figures: file name without suffix to figure, the overview first.

    Parameters
    ----------
    result : Hypotheses
        Of :func:`mobiliteit.hypotheses.run.run_hypotheses`.
    lang : {'nl', 'en'}
        Language.

    Returns
    -------
    dict of str to matplotlib.figure.Figure
        The overview, and a figure per source with an answer.
    """
    headings, frame = _headings(result, lang), result.frame
    figures = {NAME: draw_overview(result, headings, lang)}
    for group, heading in headings.items():
        if len(drawn_rows(frame, group)):
            figures[_figure(group)] = draw_forest(result, group, heading, lang)
    return figures


def hypotheses_html(result: Any, lang: str = "nl", drawn: Mapping[str, str] | None = None) -> str:
    """Write the page.

    Parameters
    ----------
    result : Hypotheses
        Of :func:`mobiliteit.hypotheses.run.run_hypotheses`.
    lang : {'nl', 'en'}
        Language.
    drawn : mapping of str to str, optional
        Figures as HTML, by the names of :func:`draw_hypotheses`; by default they are drawn.

    Returns
    -------
    str
        A whole HTML document that needs nothing from outside, with the mark of the wave.

    Raises
    ------
    AnalysisError
        There is no such language.
    """
    general, say = wording.words(lang), WORDS[lang]
    shown = pictures(draw_hypotheses(result, lang)) if drawn is None else drawn
    wave, headings = result.wave, _headings(result, lang)
    title = say["title"].format(wave=wave.id)
    body = [f"<h1>{html.escape(title)}</h1>"]
    if wave.synthetic:
        body.append(strong(general["no_evidence"]))
    body += [paragraph(text) for text in _found(result, lang)]
    body += [shown[NAME], section(say["overview"], [_overview(result, headings, lang)])]
    body.append(section(say["rule"], [_rule(lang)]))
    for group, heading in headings.items():
        body.append(section(heading, _group(result, group, shown, lang)))
    body += [
        section(say["next"], _next(result, lang)),
        section(say["documents"], [_documents(result, lang)]),
    ]
    return page(title, "\n".join(body), mark=wave.mark(lang), lang=lang, style=_STYLE)


def write_hypotheses(result: Any, reports: Path, figures: Path, *, lang: str = "nl") -> list[Path]:
    """Write the page, the CSV and the figures.

    Parameters
    ----------
    result : Hypotheses
        Of :func:`mobiliteit.hypotheses.run.run_hypotheses`.
    reports, figures : Path
        Folders, usually those of the wave.
    lang : {'nl', 'en'}
        Language of page and figures; the CSV has both.

    Returns
    -------
    list of Path
        ``hypothesen.html``, ``hypothesen.csv`` (the frame, unrounded, with ``synthetic``), and the
        figures as PNG and SVG.

    Raises
    ------
    AnalysisError
        There is no such language.
    OutputError
        A file cannot be written.
    """
    wording.words(lang)
    frame = result.frame.assign(synthetic=result.wave.synthetic)
    make = partial(hypotheses_html, result, lang)
    return write_page(NAME, make, frame, draw_hypotheses(result, lang), reports, figures)


def _headings(result: Any, lang: str) -> dict[str, str]:
    say, headings = WORDS[lang], {}
    for judged in result.judged:
        entry = judged.hypothesis.entry
        named = {"section": entry.source.section, "document": entry.source.document}
        headings[judged.group] = say[entry.basis].format(**named)
    return headings


def _figure(group: str) -> str:
    return f"{NAME}_{re.sub('[^a-z0-9]+', '_', group.lower())}"


def _found(result: Any, lang: str) -> Iterator[str]:
    say, frame, counts = WORDS[lang], result.frame, result.summary().sum()
    wave, tests = result.wave.id, result.frame[result.frame["question"] != ""]
    tests = tests.drop_duplicates("question")
    alpha = 1 - result.level
    significant = {name: int((tests[name] < alpha).sum()) for name in ("p", "p_bh", "p_holm")}
    chance = format_number(alpha * result.m, 0, lang=lang)
    answered = len(frame) - counts[["not_asked", "needs_question", "elsewhere"]].sum()
    yield say["intro"].format(n=len(frame), wave=wave, answered=answered, m=result.m)
    yield say["found"].format(**counts)
    yield say["family"].format(m=result.m, chance=chance, **significant)
    yield say["cross_section"]
    if wave == FIRST_WAVE:
        yield say["circular"].format(wave=wave)


def _overview(result: Any, headings: Mapping[str, str], lang: str) -> str:
    say, counts = WORDS[lang], result.summary()
    names = [name for name in counts if name == "hypotheses" or counts[name].any()]
    head = [say["source"], *(f"{SIGNS.get(name, '')} {say[name]}".strip() for name in names)]
    rows = [
        [headings[group], *(str(row[name]) for name in names)] for group, row in counts.iterrows()
    ]
    return table_html(head, rows)


def _rule(lang: str) -> str:
    say = WORDS[lang]
    parts = [
        f"<dt>{_chip(name, lang)}</dt><dd>{html.escape(say[f'rule_{name}'])}</dd>"
        for name in ("supported", "contradicted", "none", "cannot_tell")
    ]
    return f"<dl>{''.join(parts)}</dl>"


def _group(result: Any, group: str, shown: Mapping[str, str], lang: str) -> Iterator[str]:
    say = WORDS[lang]
    chosen = [judged for judged in result.judged if judged.group == group]
    rows = result.frame[result.frame["group"] == group].to_dict("records")
    if _figure(group) in shown:
        yield shown[_figure(group)]
    names = (
        "hypothesis",
        "verdict",
        "n",
        "effect",
        "p",
        "p_holm",
        "p_bh",
        "detectable",
    )
    cells = [_cells(result, judged, row, lang) for judged, row in zip(chosen, rows, strict=True)]
    header = [Cell(say[name], "note" if name in ("verdict", "effect") else "") for name in names]
    table = table_html(header, cells)
    heading = html.escape(say["details"].format(n=len(rows)))
    yield f"<details><summary>{heading}</summary>{table}{small(say['reading'])}</details>"


def _cells(result: Any, judged: Any, row: Mapping[Any, Any], lang: str) -> list[str | Cell]:
    say, entry, answer = WORDS[lang], judged.hypothesis.entry, judged.answer
    expected = f"{say['expected']}: {_expected(entry, lang)}"
    below = (_place(entry, lang), expected)
    parts = [html.escape(row[lang]), *(f"<small>{html.escape(text)}</small>" for text in below)]
    if row["question"]:
        parts.append(f"<code>{html.escape(row['question'])}</code>")
    for lacking in [result.register.lacking[name] for name in entry.lacks]:
        named = say["lacks"].format(names=getattr(lacking.label, lang))
        parts.append(f"<small>{html.escape(named)}</small>")
    main = answer.main if answer is not None else None
    numbers: list[str | Cell] = [MISSING] * 6
    if main is not None:
        decimals = decimals_for(main.measure, main.low, main.high)
        numbers = [
            str(row["n"]),
            Cell(brief_text(main, lang), "note"),
            *(format_p(row[name], lang) for name in ("p", "p_holm", "p_bh")),
            number_text(main.measure, row["detectable"], decimals, lang),
        ]
    verdict = [_chip(row["verdict"], lang)]
    why = row[f"reason_{lang}"] or (say[f"why_{row['why']}"] if row["why"] else "")
    if why:
        verdict.append(f"<small>{html.escape(why)}</small>")
    statement = Cell("<br>".join(parts), "text", markup=True)
    judgement = Cell("<br>".join(verdict), "note", markup=True)
    return [statement, judgement, *numbers]


def _expected(entry: Any, lang: str) -> str:
    if entry.direction == "none":
        return WORDS[lang]["no_effect"]
    ordered = entry.highest or entry.lowest
    return WORDS[lang]["ordered" if ordered else entry.direction]


def _place(entry: Any, lang: str) -> str:
    say, source = WORDS[lang], entry.source
    parts = [
        source.document,
        say["section"].format(section=source.section) if source.section else "",
        say["page"].format(page=source.page) if source.page else "",
        say["figure"].format(figure=source.figure, part=getattr(source.part, lang))
        if source.figure
        else "",
        say["cited"].format(cited=source.cited) if source.cited else "",
    ]
    return ", ".join(filter(None, parts))


def _chip(verdict: str, lang: str) -> str:
    text = html.escape(f"{SIGNS[verdict]} {WORDS[lang][verdict]}")
    return f'<span class="verdict {verdict}">{text}</span>'


def _next(result: Any, lang: str) -> Iterator[str]:
    say, lacking = WORDS[lang], result.lacking
    waiting = sum(bool(judged.hypothesis.entry.lacks) for judged in result.judged)
    yield paragraph(say["next_intro"].format(n=len(lacking), hypotheses=waiting))
    statements = {j.hypothesis.entry.id: getattr(j.hypothesis.entry, lang) for j in result.judged}
    rows = []
    for entry, ids in lacking.values():
        helped = "<br>".join(html.escape(statements[name]) for name in ids)
        count = f"<details><summary>{len(ids)}</summary>{helped}</details>"
        rows.append(
            [
                getattr(entry.label, lang),
                Cell(getattr(entry.ask, lang), "text"),
                Cell(_answers(result, entry, lang), "note"),
                Cell(count, "note", markup=True),
            ]
        )
    names = ("concept", "wording", "answers", "helps")
    yield table_html([Cell(say[name], "note") for name in names], rows)


def _answers(result: Any, entry: Any, lang: str) -> str:
    if entry.answers is not None:
        return str(getattr(entry.answers, lang))
    values = result.wave.study.codebook.scales[entry.scale].values
    codes = list(values)
    if len(codes) == 2:
        return ", ".join(getattr(values[code], lang) for code in codes)
    ends = [f"{code} ({getattr(values[code], lang)})" for code in (codes[0], codes[-1])]
    return WORDS[lang]["to"].format(low=ends[0], high=ends[1])


def _documents(result: Any, lang: str) -> str:
    parts = [
        f"<dt>{html.escape(name)}</dt><dd>{html.escape(getattr(title, lang))}</dd>"
        for name, title in result.register.documents.items()
    ]
    return f"<dl>{''.join(parts)}</dl>"
