"""The models on the page about the same people over waves: within people, lagged, cross-lagged."""

from __future__ import annotations

import html
from collections.abc import Iterator, Mapping
from typing import Any

from mobiliteit.inference.notes import note_text
from mobiliteit.render.figures_panel import term_label
from mobiliteit.render.numbers import MISSING, format_number, format_p
from mobiliteit.render.page_parts import limits, p_text, paragraph, small, table_html
from mobiliteit.render.panel_words import WORDS

# A p-value below this counts as a difference between the mixed and the fixed-effects model.
DIFFER = 0.05


def within_parts(report: Any, lang: str) -> Iterator[str]:
    """Write the mixed and fixed-effects models, one table per question."""
    say, study = WORDS[lang], report.panel.study
    for key, fit in report.within.items():
        asked = report.panel.settings.within[key]
        yield f"<h3>{html.escape(asked.nl if lang == 'nl' else asked.en)}</h3>"
        if fit.note:
            yield paragraph(f"{say['few_rows']}: {note_text(fit.note, lang)}.")
            continue
        interval = say["interval"].format(level=f"{100 * fit.level:g}")
        headers = [say["predictor"]]
        for model in ("mixed", "fixed", "mundlak"):
            headers += [say[model], interval, say["p"]]
        cells = {(row["model"], row["row"]): row for row in fit.table.to_dict("records")}
        waves = set(report.panel.ids)
        rows = []
        for model, name in cells:
            if model != "mixed" or name not in (*waves, *fit.predictors, *fit.beside):
                continue
            line = [name if name in waves else study.label(name, lang)]
            extra = ("mundlak", f"gemiddelde van {name}")
            for place in ((model, name), ("fixed", name), extra):
                line += _estimate(cells.get(place), lang)
            rows.append(line)
        yield table_html(headers, rows)
        test = fit.mundlak
        numbers = {"df1": test.df[0], "df2": test.df[1], "p": p_text(test.p, lang)}
        numbers |= {"f": format_number(test.f, 2, lang=lang), "n": fit.n, "people": fit.people}
        numbers |= {"icc": format_number(100 * fit.icc, 0, lang=lang)}
        numbers |= {"verdict": say["differ" if test.p < DIFFER else "same"]}
        yield small(say["within_note"].format(**numbers))


def lagged_parts(report: Any, lang: str) -> Iterator[str]:
    """Write the lagged regressions, after what they can and cannot show."""
    say = WORDS[lang]
    yield paragraph(say["caution"])
    for key, fit in report.lagged.items():
        asked = report.panel.settings.lagged[key]
        yield f"<h3>{html.escape(asked.nl if lang == 'nl' else asked.en)}</h3>"
        note = asked.note_nl if lang == "nl" else asked.note_en
        if note:
            yield paragraph(note)
        yield from _equation(report, fit, lang)


def crossed_parts(report: Any, lang: str) -> Iterator[str]:
    """Write the cross-lagged models, two tables per question."""
    say = WORDS[lang]
    for key, found in report.crossed.items():
        asked = report.panel.settings.crossed[key]
        yield f"<h3>{html.escape(asked.nl if lang == 'nl' else asked.en)}</h3>"
        for fit in (found.one, found.other):
            yield from _equation(report, fit, lang, report.panel.study.label(fit.outcome, lang))
        r = format_number(found.residual_correlation, 2, lang=lang)
        numbers = {"n": found.one.n, "people": found.one.people, "r": r}
        yield small(say["crossed_note"].format(**numbers))


def _equation(report: Any, fit: Any, lang: str, caption: str = "") -> Iterator[str]:
    say, study = WORDS[lang], report.panel.study
    if fit.note:
        yield paragraph(f"{say['few_rows']}: {note_text(fit.note, lang)}.")
    interval = say["interval"].format(level=f"{100 * fit.level:g}")
    weightings = list(dict.fromkeys(fit.table["weighting"]))
    headers = [say["predictor"]]
    for weighting in weightings:
        headers += [f"{say['beta']}, {say[weighting]}", interval, say["b"], say["p"]]
    lines: dict[tuple[str, str], list[str]] = {}
    for row in fit.table.to_dict("records"):
        term = (row["row"], row["when"])
        line = lines.setdefault(term, [term_label(study, term, lang)])
        line += [format_number(row["beta"], 2, lang=lang, leading_zero=False)]
        line += [limits(row["beta_low"], row["beta_high"], 2, lang)]
        line += [format_number(row["b"], 3, lang=lang), format_p(row["p"], lang)]
    if lines:
        yield table_html(headers, list(lines.values()), caption)
    r2 = " / ".join(format_number(100 * value, 1, lang=lang) for value in fit.r2.values())
    numbers = {"n": fit.n, "people": fit.people, "missing": fit.n_missing, "r2": r2 or MISSING}
    yield small(say["lagged_note"].format(**numbers))


def _estimate(row: Mapping[str, Any] | None, lang: str) -> list[str]:
    if row is None:
        return ["", "", ""]
    interval = limits(row["low"], row["high"], 2, lang)
    return [format_number(row["b"], 2, lang=lang), interval, format_p(row["p"], lang)]
