"""The page about other segment rules, with its figure, and the CSV of its numbers."""

from __future__ import annotations

import html
from collections.abc import Iterator, Mapping
from functools import partial
from pathlib import Path
from typing import Any

import pandas as pd
from matplotlib.figure import Figure

from mobiliteit.render import wording
from mobiliteit.render.drawing import capital
from mobiliteit.render.figures_sorting import draw_sizes, group_labels
from mobiliteit.render.numbers import MISSING, format_p
from mobiliteit.render.page import page
from mobiliteit.render.page_parts import (
    Cell,
    paragraph,
    pictures,
    section,
    strong,
    table_html,
    write_page,
)
from mobiliteit.render.sorting_words import SIGNS, WORDS

NAME, FIGURE = "indeling", "indeling_groepen"


def draw_sorting(sorting: Any, lang: str = "nl") -> dict[str, Figure]:
    """Draw the sizes of the groups: file name without suffix to figure.

    Parameters
    ----------
    sorting : Sorting
        Of :func:`mobiliteit.sorting.sort_otherwise`.
    lang : {'nl', 'en'}
        Language.

    Returns
    -------
    dict of str to matplotlib.figure.Figure
        One figure.
    """
    return {FIGURE: draw_sizes(sorting, lang)}


def sorting_html(sorting: Any, lang: str = "nl", drawn: Mapping[str, str] | None = None) -> str:
    """Write the page: counts per version, the picture, then version by version.

    Parameters
    ----------
    sorting : Sorting
        Of :func:`mobiliteit.sorting.sort_otherwise`.
    lang : {'nl', 'en'}
        Language.
    drawn : mapping of str to str, optional
        Figures as HTML, by the names of :func:`draw_sorting`; by default they are drawn.

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
    shown = pictures(draw_sorting(sorting, lang)) if drawn is None else drawn
    body = [f"<h1>{say['title']}</h1>", paragraph(say["intro"])]
    if sorting.wave.synthetic:
        body.append(strong(general["no_evidence"]))
    body += [_overview(sorting, lang), paragraph(say["how"]), shown[FIGURE]]
    for entry in sorting.versions:
        heading = capital(getattr(entry.version, lang))
        body.append(section(heading, _version(sorting, entry, lang)))
    alpha = format_p(sorting.alpha, lang)
    settings = {"alpha": alpha, "resamples": sorting.resamples, "seed": sorting.seed}
    body.append(paragraph(say["settings"].format(**settings)))
    return page(say["title"], "\n".join(body), mark=sorting.wave.mark(lang), lang=lang)


def write_sorting(sorting: Any, reports: Path, figures: Path, *, lang: str = "nl") -> list[Path]:
    """Write the page, the CSV and the figure.

    Parameters
    ----------
    sorting : Sorting
        Of :func:`mobiliteit.sorting.sort_otherwise`.
    reports, figures : Path
        Folders, usually those of the wave.
    lang : {'nl', 'en'}
        Language of page and figure.

    Returns
    -------
    list of Path
        ``indeling.html``, ``indeling.csv`` (the tidy frame, unrounded, with ``synthetic``), and
        ``indeling_groepen.png`` and ``.svg``.

    Raises
    ------
    AnalysisError
        There is no such language.
    OutputError
        A file cannot be written.
    """
    wording.words(lang)
    frame = sorting.tidy().assign(synthetic=sorting.wave.synthetic)
    make = partial(sorting_html, sorting, lang)
    return write_page(NAME, make, frame, draw_sorting(sorting, lang), reports, figures)


def _overview(sorting: Any, lang: str) -> str:
    say, rows = WORDS[lang], []
    for entry, counts in zip(sorting.versions, sorting.summary().itertuples(), strict=True):
        name = getattr(entry.version, lang)
        if not entry.decided:
            rows.append([name, say["undecided"], *[MISSING] * 4])
            continue
        tests = say["of"].format(n=counts.tests_flipped, total=counts.tests)
        claims = say["of"].format(n=counts.claims_flipped, total=counts.claims)
        numbers = str(counts.numbers_flipped)
        rows.append([name, str(entry.moved), str(counts.cells), tests, claims, numbers])
    headers = ("version", "moved", "cells", "tests", "claims", "numbers")
    return table_html([say[name] for name in headers], rows)


def _version(sorting: Any, entry: Any, lang: str) -> Iterator[str]:
    say = WORDS[lang]
    yield paragraph(getattr(entry.version, f"why_{lang}"))
    if entry.undecided is not None:
        reason = getattr(entry.undecided, lang)
        yield strong(say["why_not"].format(wave=sorting.wave.id, reason=reason))
        return
    yield _moves(sorting, entry, lang)
    if not entry.moved and entry.cells.empty and entry.claims.empty:
        yield paragraph(say["nobody"])
        return
    tests = say["tests_flipping"].format(n=len(entry.flipped), total=entry.tests)
    yield f"<h3>{html.escape(tests)}</h3>"
    yield _flips(entry.flipped, lang)
    flipped, quoting = entry.flipped_claims, entry.quoting
    claims = say["claims_flipping"].format(n=len(flipped), total=entry.judged)
    yield f"<h3>{html.escape(claims)}</h3>"
    yield _claims(flipped.drop(quoting.index), lang)
    if len(quoting):
        yield paragraph(say["quoting"].format(ids=", ".join(quoting["id"])))
    lost = entry.claims.drop(flipped.index)
    if len(lost):
        yield paragraph(say["lost"].format(ids=", ".join(lost["id"])))
    yield paragraph(say["printed"].format(n=len(entry.cells), file=f"{NAME}.csv"))


def _moves(sorting: Any, entry: Any, lang: str) -> str:
    labels = group_labels(sorting, lang)
    rows = []
    for before, label in labels.items():
        row: list[str | Cell] = [label]
        for after, n in entry.moves.loc[before].items():
            row.append(Cell(str(n), "moved" if after != before and n else ""))
        rows.append(row)
    return table_html([WORDS[lang]["moves"], *labels.values()], rows)


def _flips(cells: pd.DataFrame, lang: str) -> str:
    say, own = WORDS[lang], "" if lang == "nl" else "_en"
    if cells.empty:
        return paragraph(say["none"])
    rows = [
        [
            f"{cell['table']}: {cell[f'row_label{own}']} / {cell[f'column_label{own}']}",
            *(cell[f"text_{which}{own}"] for which in ("before", "after")),
            *(format_p(cell[f"p_{which}"], lang) for which in ("before", "after")),
        ]
        for cell in cells.to_dict("records")
    ]
    headers = ("cell", "before", "after", "p_before", "p_after")
    return table_html([say[name] for name in headers], rows)


def _claims(claims: pd.DataFrame, lang: str) -> str:
    say = WORDS[lang]
    if claims.empty:
        return paragraph(say["none"])
    rows = [
        [
            f"{claim[f'claim_{lang}']} ({claim['id']})",
            *(_verdict(claim[which], lang) for which in ("before", "after")),
            format_p(claim["p"], lang),
        ]
        for claim in claims.to_dict("records")
    ]
    return table_html([say[name] for name in ("claim", "before", "after", "p_after")], rows)


def _verdict(name: str, lang: str) -> str:
    return f"{SIGNS[name]} {WORDS[lang][name]}"
