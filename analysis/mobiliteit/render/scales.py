"""The page about scales over waves, with its figures, and the CSV of its numbers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import partial
from pathlib import Path
from typing import Any

from matplotlib.figure import Figure

from mobiliteit.inference.notes import note_text
from mobiliteit.render import wording
from mobiliteit.render.figures_scales import draw_changes
from mobiliteit.render.numbers import MISSING, format_number, format_p
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
from mobiliteit.render.scales_words import MODELS, WORDS, verdict
from mobiliteit.results import number
from mobiliteit.samples import percent_text

NAME, FIGURE = "schalen", "schalen_verandering"


def draw_scales(checks: Any, lang: str = "nl") -> dict[str, Figure]:
    """Draw the changes of the scales in each later wave.

    Parameters
    ----------
    checks : ScaleChecks
        Of :func:`mobiliteit.scale_checks.check_scales`.
    lang : {'nl', 'en'}
        Language.

    Returns
    -------
    dict of str to matplotlib.figure.Figure
        File name without suffix to figure; a wave that shares no scale with the first has none.
    """
    figures = {
        f"{FIGURE}_{wave.id}": draw_changes(checks, wave.id, lang) for wave in checks.waves[1:]
    }
    return {name: figure for name, figure in figures.items() if figure is not None}


def scales_html(checks: Any, lang: str = "nl", drawn: Mapping[str, str] | None = None) -> str:
    """Write the page: an overview, the pictures, then scale by scale.

    Parameters
    ----------
    checks : ScaleChecks
        Of :func:`mobiliteit.scale_checks.check_scales`.
    lang : {'nl', 'en'}
        Language.
    drawn : mapping of str to str, optional
        Figures as HTML, by the names of :func:`draw_scales`; by default they are drawn.

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
    shown = pictures(draw_scales(checks, lang)) if drawn is None else drawn
    body = [f"<h1>{say['title']}</h1>", paragraph(say["intro"])]
    if checks.synthetic:
        body.append(strong(general["no_evidence"]))
    body += [_overview(checks, lang), paragraph(say["how"])]
    if checks.shared:
        body.append(paragraph(say["shared"].format(n=checks.shared)))
    body += shown.values()
    for scale, check in checks.checks.items():
        heading = checks.waves[0].study.label(scale, lang)
        body.append(section(heading, _scale(checks, check, lang)))
    return page(say["title"], "\n".join(body), mark=checks.mark(lang), lang=lang)


def write_scales(checks: Any, reports: Path, figures: Path, *, lang: str = "nl") -> list[Path]:
    """Write the page, the CSV and the figures.

    Parameters
    ----------
    checks : ScaleChecks
        Of :func:`mobiliteit.scale_checks.check_scales`.
    reports, figures : Path
        Folders, usually those of the last wave.
    lang : {'nl', 'en'}
        Language of page and figures.

    Returns
    -------
    list of Path
        ``schalen.html``, ``schalen.csv`` (the tidy frame, unrounded, with ``synthetic``), and
        ``schalen_verandering_<wave>.png`` and ``.svg`` for each later wave.

    Raises
    ------
    AnalysisError
        There is no such language.
    OutputError
        A file cannot be written.
    """
    wording.words(lang)
    frame = checks.tidy().assign(synthetic=checks.synthetic)
    make = partial(scales_html, checks, lang)
    return write_page(NAME, make, frame, draw_scales(checks, lang), reports, figures)


def _overview(checks: Any, lang: str) -> str:
    say, headers, rows = WORDS[lang], [], []
    for wave in checks.waves:
        headers += [say["alpha"].format(wave=wave.id), say["omega"].format(wave=wave.id)]
    for scale, row in checks.summary().iterrows():
        numbers = [
            format_number(float(row[f"{what} {wave.id}"]), 2, lang=lang)
            for wave in checks.waves
            for what in ("alpha", "omega")
        ]
        items = [checks.item(name, lang) for name in checks[str(scale)].freed]
        found = verdict(row["verdict"], lang) + (f": {'; '.join(items)}" if items else "")
        label = checks.waves[0].study.label(str(scale), lang)
        rows.append([label, str(row["items"]), *numbers, Cell(found, "text")])
    return table_html([say["scale"], say["items"], *headers, Cell(say["same"], "text")], rows)


def _scale(checks: Any, check: Any, lang: str) -> Iterator[str]:
    say, found = WORDS[lang], check.invariance
    for wave, gap in check.gaps.items():
        what = gap.nl if lang == "nl" else gap.en
        yield paragraph(say["gap"].format(wave=wave, what=what))
    if found is not None:
        sentence = found.in_words(lang)
        for name in found.sample.items:
            sentence = sentence.replace(name, f"“{checks.item(name, lang)}”")
        yield strong(f"{verdict(check.verdict, lang)}.")
        yield paragraph(sentence)
    yield _items(checks, check, lang)
    if found is not None and found.fits:
        yield _fit(found, lang)
    if found is not None and not found.means.empty:
        yield _means(found, lang)


def _items(checks: Any, check: Any, lang: str) -> str:
    say, level = WORDS[lang], percent_text(checks.level, lang)
    headers, rows = [say["item"]], []
    alphas = [say["alpha_row"].format(level=level)]
    omegas = [say["omega_row"].format(level=level)]
    for wave, own in check.reliabilities.items():
        headers += [say["loading"].format(wave=wave), say["item_rest"].format(wave=wave)]
        alphas += [with_limits([own.alpha, *own.alpha_interval], 2, lang), ""]
        omegas += [with_limits([own.omega, *own.omega_interval], 2, lang), ""]
    for item in checks.waves[0].study.codebook.variables[check.scale].items:
        row = [checks.item(item, lang)]
        for own in check.reliabilities.values():
            row += [
                format_number(number(own.items, item, name), 2, lang=lang)
                for name in ("loading", "item_rest")
            ]
        rows.append(row)
    return table_html(headers, [*rows, alphas, omegas])


def _fit(found: Any, lang: str) -> str:
    say, steps = WORDS[lang], found.steps.set_index("model")
    rows = []
    for name, fit in found.fits.items():
        measures = fit.measures
        row = [MODELS[lang][name]]
        row += [format_number(measures["chi2_scaled"], 2, lang=lang)]
        row += [format_number(measures["df"], 0, lang=lang)]
        row += [format_number(measures[part], 3, lang=lang) for part in ("cfi", "rmsea", "srmr")]
        if name in steps.index:
            row += [
                format_number(number(steps, name, "chi2_scaled"), 2, lang=lang),
                format_number(number(steps, name, "df"), 0, lang=lang),
                format_p(number(steps, name, "p_scaled"), lang),
                format_number(number(steps, name, "cfi_drop"), 3, lang=lang),
                say["yes"] if steps.at[name, "holds"] else say["no"],
            ]
        else:
            row += [MISSING] * 5
        rows.append(row)
    headers = [say["model"], say["chi2"], "df", "CFI", "RMSEA", "SRMR"]
    return table_html([*headers, say["step"], "df", "p", say["cfi_drop"], say["holds"]], rows)


def _means(found: Any, lang: str) -> str:
    say, first, rows = WORDS[lang], found.sample.labels[0], []
    for entry in found.means.to_dict("records"):
        row: list[str | Cell] = [say["minus"].format(later=entry["group"], first=first)]
        for what in ("observed", "expected", "latent"):
            row.append(with_limits([entry[what + end] for end in ("", "_low", "_high")], 2, lang))
        note = Cell(note_text(entry["note"], lang), "note")
        rows.append([*row, format_p(entry["latent_p"], lang), note])
    headers = [say[name] for name in ("change", "observed", "expected", "latent", "latent_p")]
    return table_html([*headers, Cell(say["note"], "text")], rows)
