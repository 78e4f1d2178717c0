"""The page and the files of the other sortings."""

from __future__ import annotations

import base64
import html
from collections.abc import Iterable, Sequence
from pathlib import Path

import pandas as pd

from mobiliteit.project import write_text
from mobiliteit.render.canvas import render, save_figure
from mobiliteit.render.lists import NO_EVIDENCE
from mobiliteit.render.numbers import MISSING, format_p
from mobiliteit.render.page import page
from mobiliteit.sorting.picture import sizes_figure
from mobiliteit.sorting.result import NOT_APPLICABLE, NUMBER_FORMS, Sorting, SortingVersion

HTML_NAME, CSV_NAME, FIGURE_NAME = "indeling.html", "indeling.csv", "indeling_groepen"
TITLE = "Hoe breekbaar is de indeling?"
INTRO = (
    "Het rapport noemt de segmenten, niet de regels. Elke versie hieronder beslist op één punt"
    " anders dan study/segments.yaml. Wie verhuist daardoor van groep, en welke bevindingen komen"
    " dan anders uit? Een bevinding die bij een andere redelijke indeling kantelt, rust op die"
    " keus."
)
HOW = (
    "Aantallen respondenten, ongewogen. Een toets kantelt wanneer Ja Nee wordt of andersom, of het"
    " aantal sterren verandert. Een bewering van de tekst kantelt wanneer haar oordeel verandert;"
    " niet van toepassing: de bewering spreekt van iets dat deze versie niet kent."
)
VERDICTS = {
    "supported": "✓ gesteund",
    "contradicted": "✗ weersproken",
    "not_supported": "○ niet gesteund",
    "not_checkable": "– niet toetsbaar",
    NOT_APPLICABLE: "– niet van toepassing",
}
STYLE = """
table.data { border-collapse: collapse; font-size: 13.5px; margin: 8px 0 18px; }
table.data th, table.data td { padding: 3px 10px; border-bottom: 1px solid #d5d5d5;
  text-align: right; vertical-align: top; }
table.data .text { text-align: left; max-width: 34em; }
table.data thead th { border-bottom: 1.5px solid #333; }
table.data td.moved { background: #fff1cc; font-weight: 600; }
p.why { color: #404040; }
"""


def write_sorting(sorting: Sorting, reports: Path, figures: Path) -> list[Path]:
    """Write the page, the CSV and the figure.

    Parameters
    ----------
    sorting : Sorting
        A wave under all versions.
    reports, figures : Path
        Folders, usually those of the project.

    Returns
    -------
    list of Path
        ``indeling.html``, ``indeling.csv`` (the tidy frame, unrounded, with ``synthetic``), and
        ``indeling_groepen.png`` and ``.svg``.

    Raises
    ------
    OutputError
        A file cannot be written.
    """
    paths = [reports / HTML_NAME, reports / CSV_NAME]
    write_text(paths[0], sorting_html(sorting))
    tidy = sorting.tidy().assign(synthetic=sorting.wave.synthetic)
    write_text(paths[1], tidy.to_csv(index=False, lineterminator="\n"))
    return [*paths, *save_figure(sizes_figure(sorting), figures, FIGURE_NAME)]


def sorting_html(sorting: Sorting) -> str:
    """Write the page: counts per version, the picture, then version by version.

    Parameters
    ----------
    sorting : Sorting
        A wave under all versions.

    Returns
    -------
    str
        A whole HTML document, in Dutch, that needs nothing from outside.
    """
    picture = base64.b64encode(render(sizes_figure(sorting), "svg")).decode("ascii")
    body = [
        f"<h1>{TITLE}</h1>",
        f"<p>{html.escape(INTRO)}</p>",
        f"<p><strong>{NO_EVIDENCE}</strong></p>" if sorting.wave.synthetic else "",
        _overview(sorting),
        f"<p>{html.escape(HOW)}</p>",
        f'<figure><img alt="Grootte van de groepen" src="data:image/svg+xml;base64,{picture}">'
        "</figure>",
        *(_version(sorting, entry) for entry in sorting.versions),
        f"<p>Instellingen: significantieniveau van de beweringen {format_p(sorting.alpha)};"
        f" {sorting.resamples} hertrekkingen, seed {sorting.seed}.</p>",
    ]
    return page(TITLE, "\n".join(body), mark=sorting.wave.mark(), style=STYLE)


def _overview(sorting: Sorting) -> str:
    rows = []
    for entry, counts in zip(sorting.versions, sorting.summary().itertuples(), strict=True):
        if not entry.decided:
            rows.append([entry.version.nl, "niet te beslissen", *[MISSING] * 4])
            continue
        rows.append(
            [
                entry.version.nl,
                str(entry.moved),
                str(counts.cells),
                f"{counts.tests_flipped} van {counts.tests}",
                f"{counts.claims_flipped} van {counts.claims}",
                str(counts.numbers_flipped),
            ]
        )
    header = [
        *("Versie", "verhuizen", "cellen anders", "toetsen kantelen", "beweringen kantelen"),
        "waarvan een getal noemen",
    ]
    return _table(header, rows)


def _version(sorting: Sorting, entry: SortingVersion) -> str:
    heading = entry.version.nl[:1].upper() + entry.version.nl[1:]
    parts = [
        f"<h2>{html.escape(heading)}</h2>",
        f'<p class="why">{html.escape(entry.version.why_nl)}</p>',
    ]
    if not entry.decided:
        reason = f"Niet te beslissen met golf {sorting.wave.id}: {entry.undecided}."
        parts.append(f"<p><strong>{html.escape(reason)}</strong></p>")
        return "\n".join(parts)
    parts.append(_moves(sorting, entry))
    if not entry.moved and entry.cells.empty and entry.claims.empty:
        parts.append("<p>Niemand verhuist; er verandert niets.</p>")
        return "\n".join(parts)
    parts.append(f"<h3>Toetsen die kantelen ({len(entry.flipped)} van {entry.tests})</h3>")
    parts.append(_flips(entry.flipped))
    flipped = entry.flipped_claims
    parts.append(f"<h3>Beweringen die kantelen ({len(flipped)} van {entry.judged})</h3>")
    numbers = flipped["form"].isin(NUMBER_FORMS)
    parts.append(_claims(flipped[~numbers]))
    if numbers.any():
        quoted = html.escape(", ".join(flipped.loc[numbers, "id"]))
        parts.append(f"<p>Beweringen die een getal noemen, en nu een ander: {quoted}.</p>")
    lost = entry.claims.loc[entry.claims["after"] == NOT_APPLICABLE, "id"]
    if len(lost):
        parts.append(f"<p>Niet van toepassing: {html.escape(', '.join(lost))}.</p>")
    parts.append(f"<p>Cellen die anders afdrukken: {len(entry.cells)}; zie {CSV_NAME}.</p>")
    return "\n".join(parts)


def _moves(sorting: Sorting, entry: SortingVersion) -> str:
    rules = sorting.wave.study.segments
    labels = {key: group.nl for key, group in rules.groups.items()}
    labels[rules.unclassified.id] = rules.unclassified.nl
    head = "".join(f"<th>{html.escape(label)}</th>" for label in labels.values())
    lines = []
    for before, label in labels.items():
        cells = "".join(
            f'<td class="moved">{n}</td>' if after != before and n else f"<td>{n}</td>"
            for after, n in entry.moves.loc[before].items()
        )
        lines.append(f'<tr><th class="text">{html.escape(label)}</th>{cells}</tr>')
    return (
        '<table class="data"><thead><tr><th class="text">rapport ↓ / deze versie →</th>'
        f"{head}</tr></thead><tbody>{''.join(lines)}</tbody></table>"
    )


def _flips(cells: pd.DataFrame) -> str:
    rows = [
        [
            f"{cell['table']}: {cell['row_label']} / {cell['column_label']}",
            cell["text_before"],
            cell["text_after"],
            format_p(cell["p_before"]),
            format_p(cell["p_after"]),
        ]
        for cell in cells.to_dict("records")
    ]
    header = ["Tabel, rij en kolom", "regels rapport", "deze versie", "p rapport", "p versie"]
    return _table(header, rows)


def _claims(claims: pd.DataFrame) -> str:
    rows = [
        [
            f"{claim['claim_nl']} ({claim['id']})",
            VERDICTS[claim["before"]],
            VERDICTS[claim["after"]],
            format_p(claim["p"]),
        ]
        for claim in claims.to_dict("records")
    ]
    return _table(["Bewering", "regels rapport", "deze versie", "p versie"], rows)


def _table(header: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    def line(texts: Sequence[str], tag: str) -> str:
        first, *others = (html.escape(str(text)) for text in texts)
        cells = "".join(f"<{tag}>{text}</{tag}>" for text in others)
        return f'<tr><{tag} class="text">{first}</{tag}>{cells}</tr>'

    found = "".join(line(row, "td") for row in rows)
    if not found:
        return "<p>Geen.</p>"
    head = line(header, "th")
    return f'<table class="data"><thead>{head}</thead><tbody>{found}</tbody></table>'
