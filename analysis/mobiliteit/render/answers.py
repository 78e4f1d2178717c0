"""An answer as a piece of HTML and as a page: the sentence first, then all that it rests on."""

from __future__ import annotations

import base64
import html
import math
import re
from collections.abc import Iterable, Sequence
from typing import Any

from mobiliteit.errors import AnalysisError, Problem
from mobiliteit.render import canvas
from mobiliteit.render.answer_alt import alternative_text
from mobiliteit.render.answer_labels import LABELS, SIGNS
from mobiliteit.render.answer_measures import MEANINGS, NAMES, decimals_for, number_text
from mobiliteit.render.answer_words import sentence
from mobiliteit.render.figures_answer import answer_figure
from mobiliteit.render.numbers import MISSING, format_number, format_p
from mobiliteit.render.page import page
from mobiliteit.render.page_parts import Cell, p_text, table_html
from mobiliteit.render.question_words import question_sentence

SCOPE = "mobiliteit-answer"
MOST_ROWS, FIRST_ROWS = 8, 4
_STYLE = """
.S { color: #1b1b1b; font: 15px/1.5 system-ui, "Segoe UI", Helvetica, Arial, sans-serif;
  max-width: 860px; }
.S p, .S li { max-width: 44em; }
.S .marked { background: #fff1cc; border-left: 4px solid #b36b00; color: #3d2500; padding: 6px 12px;
  font-size: 13px; }
.S .marked::before { content: "⚠ "; }
.S .asked { color: #595959; font-size: 13px; margin: 10px 0 4px; }
.S .asked code { background: none; padding: 0; overflow-wrap: anywhere; }
.S .say { font-size: 18px; line-height: 1.45; margin: 4px 0 14px; padding-left: 14px;
  border-left: 4px solid #595959; }
.S .say.clear { border-color: #0072b2; } .S .say.none { border-color: #009e73; }
.S .say.unclear { border-color: #e69f00; } .S .say.withheld { border-color: #999; }
.S h2 { font-size: 16px; margin: 22px 0 6px; }
.S ul { margin: 4px 0; padding-left: 1.2em; }
.S figure { margin: 14px 0; }
.S figure img { width: 100%; max-width: 600px; height: auto; display: block; }
.S .wide { overflow-x: auto; }
.S table.data { border-collapse: collapse; font-size: 13px; margin: 6px 0; }
.S table.data th, .S table.data td { padding: 3px 9px; border: 0; border-bottom: 1px solid #d5d5d5;
  text-align: right; vertical-align: top; white-space: nowrap; background: none; }
.S table.data thead th { border-bottom: 1.5px solid #333; vertical-align: bottom;
  font-weight: 600; }
.S table.data th:first-child, .S table.data td:first-child, .S table.data th.text,
.S table.data td.text { text-align: left; white-space: normal; min-width: 7em; }
.S table.data small { color: #595959; display: inline-block; line-height: 1.3; }
.S .seen { display: inline-block; border-radius: 8px; padding: 0 8px; font-size: 13px;
  white-space: nowrap; }
.S .fine { background: #cdeadd; } .S .watch { background: #fbe3b5; }
.S .broken { background: #f8cdb6; }
.S .checks { list-style: none; padding: 0; } .S .checks li { margin: 0 0 6px; }
.S details summary { cursor: pointer; color: #0b4f7d; }
@media (max-width: 480px) { .S .say { font-size: 16px; }
  .S table.data th, .S table.data td { padding: 3px 6px; } }
""".replace(".S ", f".{SCOPE} ")


def answer_html(answer: Any, lang: str = "nl", figure: bool = True) -> str:
    """Write an answer as a piece of HTML with its own style, which needs nothing from outside.

    Parameters
    ----------
    answer : Answer
        Of :mod:`mobiliteit.asking`.
    lang : {'nl', 'en'}
        Language.
    figure : bool
        Whether the picture is in it, as a PNG with alternative text.

    Returns
    -------
    str
        One ``<div>``. Under the mark of the wave and the sentence stand the estimates, the picture,
        the robust variant, the checks, who were left out, what was published, the cautions, the
        method and why, and everything estimated. Numbers are rounded here, at display.

    Raises
    ------
    AnalysisError
        There is no such language.
    """
    return _fragment(answer, lang, figure=figure, mark=True)


def answer_page(answer: Any, lang: str = "nl") -> str:
    """Write an answer as a whole page, with the mark of its wave in a banner.

    Parameters
    ----------
    answer : Answer
        Of :mod:`mobiliteit.asking`.
    lang : {'nl', 'en'}
        Language.

    Returns
    -------
    str
        A whole HTML document that needs nothing from outside.

    Raises
    ------
    AnalysisError
        There is no such language.
    """
    body = _fragment(answer, lang, figure=True, mark=False)
    title = LABELS[lang]["title"].format(wave=answer.wave)
    heading = f"<h1>{html.escape(title)}</h1>\n"
    return page(title, heading + body, mark=getattr(answer.mark, lang), lang=lang)


def _fragment(answer: Any, lang: str, *, figure: bool, mark: bool) -> str:
    if lang not in LABELS:
        problem = Problem(f"there is no language {lang!r}", f"Use one of: {', '.join(LABELS)}.")
        raise AnalysisError("The answer cannot be shown.", [problem])
    say = LABELS[lang]
    marked = getattr(answer.mark, lang) if mark else ""
    parts = [
        f"<style>{_STYLE}</style>",
        f'<p class="marked" role="note">{html.escape(marked)}</p>' if marked else "",
        f'<p class="asked">{_asked(answer, lang)}</p>',
        f'<p class="say {answer.verdict}">{_kept(sentence(answer, lang))}</p>',
        _estimates(answer.estimates, answer.level, lang),
        _picture(answer, lang) if figure else "",
        _section(say["robust"], _estimates(answer.robust, answer.level, lang)),
        _section(say["checks"], _checks(answer.checks, lang)),
        _section(say["left_out"], _left_out(answer, lang)),
        _section(say["published"], _notes(answer.published, lang)),
        _section(say["cautions"], _notes(answer.cautions, lang)),
        _section(say["method"], _method(answer, lang)),
        _everything(answer, lang),
    ]
    inside = "\n".join(part for part in parts if part)
    return f'<div class="{SCOPE}" lang="{lang}">\n{inside}\n</div>'


def _asked(answer: Any, lang: str) -> str:
    """Write the question as a sentence, and as the text that asks it again."""

    def phrase(about: Any) -> Any:
        return answer.phrases[about] if isinstance(about, str) else answer.people

    put = question_sentence(answer.question, phrase, lang)
    return f"{html.escape(put)}<br><code>{html.escape(answer.question.text)}</code>"


def _section(heading: str, content: str) -> str:
    """Put content under a heading; nothing without content."""
    return f"<h2>{html.escape(heading)}</h2>\n{content}" if content else ""


def _estimates(estimates: Sequence[Any], level: float, lang: str) -> str:
    if not estimates:
        return ""
    say = LABELS[lang]
    percent = format_number(100 * level, 0, lang=lang)
    headers: list[str | Cell] = [
        say["what"],
        say["value"],
        say["interval"].format(level=percent),
        "p",
        "n",
        Cell(say["how"], "text"),
    ]
    rows = [_estimate(entry, lang) for entry in estimates]
    if len(rows) <= MOST_ROWS:
        return table_html(headers, rows)
    # the pairs of many groups: the first of them, and the others for who wants to see them
    more = say["more"].format(n=len(rows) - FIRST_ROWS)
    return (
        f"{table_html(headers, rows[:FIRST_ROWS])}<details><summary>{html.escape(more)}</summary>"
        f"{table_html(headers, rows[FIRST_ROWS:])}</details>"
    )


def _estimate(estimate: Any, lang: str) -> list[str | Cell]:
    measure = estimate.measure
    decimals = decimals_for(measure, estimate.low, estimate.high)
    value, low, high = (
        number_text(measure, number, decimals, lang)
        for number in (estimate.value, estimate.low, estimate.high)
    )
    label = html.escape(getattr(estimate.label, lang))
    measured = html.escape(f"{NAMES[lang][measure]}: {MEANINGS[lang][measure]}")
    return [
        Cell(f"{label}<br><small>{measured}</small>", markup=True),
        value,
        MISSING if MISSING in (low, high) else f"{low} {LABELS[lang]['to']} {high}",
        format_p(estimate.p, lang),
        str(estimate.n) if estimate.n else MISSING,
        Cell(getattr(estimate.method, lang), "text"),
    ]


def _picture(answer: Any, lang: str) -> str:
    drawn = answer_figure(answer, lang)
    if drawn is None:
        return ""
    data = base64.b64encode(canvas.render(drawn, "png")).decode("ascii")
    alt = html.escape(alternative_text(answer, lang), quote=True)
    return f'<figure><img alt="{alt}" src="data:image/png;base64,{data}"></figure>'


def _checks(checks: Iterable[Any], lang: str) -> str:
    say, items = LABELS[lang], []
    for check in checks:
        word = f"{SIGNS[check.seen]} {say[check.seen]}"
        name = say.get(check.id, "")
        p = f" (p {p_text(check.p, lang)})" if math.isfinite(check.p) else ""
        text = _kept(f"{getattr(check.means, lang)}{p}")
        bold = f"<strong>{html.escape(name)}.</strong> " if name else ""
        items.append(f'<li><span class="seen {check.seen}">{word}</span> {bold}{text}</li>')
    return f'<ul class="checks">{"".join(items)}</ul>' if items else ""


def _left_out(answer: Any, lang: str) -> str:
    say = LABELS[lang]
    texts = [
        f"{getattr(left.why, lang)}: {say['hidden'] if left.count is None else left.count}"
        for left in answer.left_out
    ]
    return _list(texts)


def _notes(notes: Iterable[Any], lang: str) -> str:
    return _list([getattr(note.text, lang) for note in notes])


def _method(answer: Any, lang: str) -> str:
    method, why = (getattr(text, lang) for text in (answer.method, answer.why))
    shown = method[:1].upper() + method[1:]
    stop = "" if shown.endswith(".") else "."
    # The sentence of a withheld answer has said why already.
    after = "" if answer.verdict == "withheld" else f" {html.escape(why)}"
    return f"<p>{html.escape(shown)}{stop}{after}</p>" if method else ""


def _everything(answer: Any, lang: str) -> str:
    table, say = answer.tidy(), LABELS[lang]
    if table.empty:
        return ""
    rows: list[list[str | Cell]] = [
        [
            row["row"],
            Cell(row["column"], "text"),
            Cell(row["statistic"], "text"),
            format_number(float(row["value"]), 3, lang=lang),
            format_p(float(row["p"]), lang),
        ]
        for row in table.to_dict("records")
    ]
    headers: list[str | Cell] = [
        say["row"],
        Cell(say["column"], "text"),
        Cell(say["statistic"], "text"),
        say["value"],
        "p",
    ]
    return (
        f"<details><summary>{html.escape(say['everything'])}</summary>"
        f"{table_html(headers, rows)}</details>"
    )


def _kept(text: str) -> str:
    """Escape text, and keep the likes of ``n = 530`` on one line."""
    return re.sub(r"\b([np]) (=|&lt;) (?=\d)", r"\1&nbsp;\2&nbsp;", html.escape(text))


def _list(texts: Sequence[str]) -> str:
    # What is typed at the prompt stands between backticks, as in the terminal.
    shown = [re.sub(r"`([^`]+)`", r"<code>\1</code>", html.escape(text)) for text in texts]
    return f"<ul>{''.join(f'<li>{text}</li>' for text in shown)}</ul>" if shown else ""
