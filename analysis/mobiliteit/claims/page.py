"""The claims of the text with both verdicts, as a page and as CSV."""

from __future__ import annotations

import html
from collections.abc import Mapping
from pathlib import Path

import pandas as pd

from mobiliteit.claims.verdicts import ClaimVerdict, ClaimVerdicts
from mobiliteit.csvfile import csv_text
from mobiliteit.errors import AnalysisError, Problem
from mobiliteit.project import write_text
from mobiliteit.render.against_words import section_name
from mobiliteit.render.numbers import format_number
from mobiliteit.render.page import page

HTML_NAME, CSV_NAME = "claims.html", "claims.csv"
# A sign beside the colour, so that verdicts can be told apart in black and white too.
SIGNS = {"supported": "✓", "contradicted": "✗", "not_supported": "○", "not_checkable": "–"}
ORDER = tuple(SIGNS)
LONG = 230
_SHARED = [
    *("id", "page", "section", "form", "claim_nl", "claim_en"),
    *("note_nl", "note_en", "cites"),
]
_OWN = [
    *("verdict", "why", "basis_nl", "basis_en", "statistic"),
    *("estimate", "low", "high", "p", "n"),
]

_WORDS: dict[str, dict[str, str]] = {
    "nl": {
        "title": "Wat de tekst beweert, en wat de cijfers zeggen",
        "intro": "Elke bewering van de tekst over de cijfers, in eigen woorden, met het oordeel op"
        " de tabellen van het rapport zelf en dat op een golf. Het rapport toetste verschillen over"
        " alle groepen samen: een bewering over twee van drie groepen is in de tabellen dan niet"
        " getoetst, ook als de getallen de goede kant op wijzen.",
        "supported": "gesteund",
        "contradicted": "weersproken",
        "not_supported": "niet gesteund",
        "not_checkable": "niet toetsbaar",
        "untested": "niet getoetst",
        "not_significant": "niet significant",
        "not_equivalent": "niet significant, ook niet gelijkwaardig",
        "page": "p.",
        "claim": "Bewering",
        "published": "Tabellen van het rapport",
        "wave": "Golf",
        "drawn": "synthetisch",
        "section": "Paragraaf",
        "claims": "beweringen",
        "total": "totaal",
        "basis": "waarop dit rust",
        "note": "Noot",
        "cites": "De tekst noemt tabel",
        "settings": "Instellingen van de golf",
        "alpha": "significantieniveau",
        "bound_d": "grens van geen verschil tussen gemiddelden, in standaarddeviaties",
        "bound_points": "tussen percentages, in procentpunten",
        "bound_beta": "van een coëfficiënt",
        "bound_r": "van een correlatie",
        "bound_indirect": "van een indirect effect",
        "resamples": "hertrekkingen",
        "seed": "seed",
        "synthetic": "Deze golf is synthetisch: geen oordeel erover is bewijs.",
    },
    "en": {
        "title": "What the text claims, and what the numbers say",
        "intro": "Every claim of the text about the numbers, in our own words, with the verdict of"
        " the report's own tables and that of a wave. The report tested differences over all groups"
        " together: a claim about two of three groups is then untested in the tables, even when the"
        " numbers point the right way.",
        "supported": "supported",
        "contradicted": "contradicted",
        "not_supported": "not supported",
        "not_checkable": "not checkable",
        "untested": "untested",
        "not_significant": "not significant",
        "not_equivalent": "not significant, not equivalent either",
        "page": "p.",
        "claim": "Claim",
        "published": "Tables of the report",
        "wave": "Wave",
        "drawn": "synthetic",
        "section": "Section",
        "claims": "claims",
        "total": "total",
        "basis": "what this rests on",
        "note": "Note",
        "cites": "The text names table",
        "settings": "Settings for the wave",
        "alpha": "significance level",
        "bound_d": "bound of no difference between means, in standard deviations",
        "bound_points": "between percentages, in points",
        "bound_beta": "of a coefficient",
        "bound_r": "of a correlation",
        "bound_indirect": "of an indirect effect",
        "resamples": "resamples",
        "seed": "seed",
        "synthetic": "This wave is synthetic: no verdict on it is evidence.",
    },
}

_STYLE = """
table.claims { border-collapse: collapse; font-size: 14px; width: 100%; margin: 10px 0 26px; }
table.claims th, table.claims td { text-align: left; vertical-align: top; padding: 6px 9px;
  border-bottom: 1px solid #d5d5d5; }
table.claims thead th { border-bottom: 1.5px solid #333; }
table.claims td.page { white-space: nowrap; color: #595959; }
table.claims td.claim { width: 32%; }
table.claims td.verdict { width: 33%; }
table.claims .id { color: #595959; font: 12px/1.4 ui-monospace, "DejaVu Sans Mono", monospace; }
table.claims .basis, table.claims .note { font-size: 12.5px; color: #404040; margin: 3px 0 0;
  max-width: none; }
table.claims summary { font-size: 12.5px; color: #595959; cursor: pointer; }
.chip { display: inline-block; padding: 1px 8px; border-radius: 9px; font-size: 13px; }
.supported { background: #dcefe0; } .contradicted { background: #fbddcf; }
.not_supported { background: #fff1cc; } .not_checkable { background: #e4e4e4; }
table.counts { border-collapse: collapse; font-size: 14px; margin: 8px 0 20px; }
table.counts th, table.counts td { padding: 3px 10px; border-bottom: 1px solid #d5d5d5;
  text-align: right; }
table.counts th:first-child, table.counts td:first-child { text-align: left; }
"""


def claims_frame(published: ClaimVerdicts, wave: ClaimVerdicts | None = None) -> pd.DataFrame:
    """Put both verdicts on each claim on one row.

    Parameters
    ----------
    published : ClaimVerdicts
        On the report's own tables.
    wave : ClaimVerdicts, optional
        On a wave, of the same claims.

    Returns
    -------
    pandas.DataFrame
        The claim, then columns ``published_...`` and ``wave_...``: verdict, why, basis in both
        languages, and the numbers of the weakest deciding part; then ``wave`` (its id) and
        ``synthetic``. Unrounded.

    Raises
    ------
    AnalysisError
        The two are about different claims.
    """
    frame = published.frame
    shown = frame[_SHARED].copy()
    sources = {"published": published} | ({"wave": wave} if wave is not None else {})
    for name, verdicts in sources.items():
        other = verdicts.frame
        if list(other["id"]) != list(frame["id"]):
            problem = Problem("the verdicts are about different claims", "Judge the same study.")
            raise AnalysisError("The claims cannot be shown.", [problem])
        shown = pd.concat([shown, other[_OWN].add_prefix(f"{name}_")], axis=1)
    shown["wave"] = wave.source if wave is not None else ""
    shown["synthetic"] = wave.synthetic if wave is not None else False
    return shown


def claims_html(
    published: ClaimVerdicts, wave: ClaimVerdicts | None = None, lang: str = "nl"
) -> str:
    """Write the page with all claims.

    Parameters
    ----------
    published : ClaimVerdicts
        On the report's own tables.
    wave : ClaimVerdicts, optional
        On a wave, of the same claims.
    lang : {'nl', 'en'}
        Language.

    Returns
    -------
    str
        A whole HTML document that needs nothing from outside; the mark of a synthetic wave stands
        in its banner and beside its verdicts.

    Raises
    ------
    AnalysisError
        There is no such language, or the two are about different claims.
    """
    if lang not in _WORDS:
        problem = Problem(f"there is no language {lang!r}", f"Use one of: {', '.join(_WORDS)}.")
        raise AnalysisError("The claims cannot be shown.", [problem])
    claims_frame(published, wave)
    say = _WORDS[lang]
    mark = "" if wave is None else (wave.mark_nl if lang == "nl" else wave.mark_en)
    body = [f"<h1>{say['title']}</h1>", f"<p>{say['intro']}</p>"]
    columns = {say["published"]: published}
    if wave is not None:
        drawn = f" ({say['drawn']})" if wave.synthetic else ""
        columns[f"{say['wave']} {wave.source}{drawn}"] = wave
        if wave.synthetic:
            body.append(f"<p><strong>{say['synthetic']}</strong></p>")
    for heading, verdicts in columns.items():
        body += [f"<h2>{html.escape(heading)}</h2>", _counts(verdicts, say, lang)]
    if wave is not None and wave.settings:
        parts = [
            f"{say.get(name, name)} {_setting(value, lang)}"
            for name, value in wave.settings.items()
        ]
        body.append(f"<p>{say['settings']}: {'; '.join(parts)}.</p>")
    sections = dict.fromkeys(entry.claim.section for entry in published.verdicts)
    for section in sections:
        name = section_name(section, lang)
        heading = f"{say['section']} {name}" if section[0].isdigit() else name
        body += [f"<h2>{html.escape(heading)}</h2>", _section(columns, section, say, lang)]
    return page(say["title"], "\n".join(body), mark=mark, lang=lang, style=_STYLE)


def write_claims(
    published: ClaimVerdicts, wave: ClaimVerdicts | None, folder: Path, *, lang: str = "nl"
) -> list[Path]:
    """Write the page and the CSV with all claims.

    Parameters
    ----------
    published : ClaimVerdicts
        On the report's own tables.
    wave : ClaimVerdicts or None
        On a wave, of the same claims.
    folder : Path
        Usually ``reports/``.
    lang : {'nl', 'en'}
        Language of the page; the CSV has both.

    Returns
    -------
    list of Path
        ``claims.html`` and ``claims.csv`` (unrounded, decimal point).

    Raises
    ------
    AnalysisError
        There is no such language, or the two are about different claims.
    OutputError
        A file cannot be written.
    """
    text = claims_html(published, wave, lang)
    paths = [folder / HTML_NAME, folder / CSV_NAME]
    write_text(paths[0], text)
    write_text(paths[1], csv_text(claims_frame(published, wave)))
    return paths


def _counts(verdicts: ClaimVerdicts, say: Mapping[str, str], lang: str) -> str:
    summary = verdicts.summary()
    header = [say["section"], say["claims"], *(f"{SIGNS[name]} {say[name]}" for name in ORDER)]
    rows = [
        [
            say["total"] if section == "totaal" else section_name(str(section), lang),
            *(str(counts[name]) for name in ("claims", *ORDER)),
        ]
        for section, counts in summary.iterrows()
    ]
    head = "".join(f"<th>{html.escape(text)}</th>" for text in header)
    lines = [
        "<tr>" + "".join(f"<{tag}>{html.escape(text)}</{tag}>" for text in row) + "</tr>"
        for row, tag in zip(rows, ["td"] * (len(rows) - 1) + ["th"], strict=True)
    ]
    return (
        f'<table class="counts"><thead><tr>{head}</tr></thead>'
        f"<tbody>{''.join(lines)}</tbody></table>"
    )


def _section(
    columns: Mapping[str, ClaimVerdicts], section: str, say: Mapping[str, str], lang: str
) -> str:
    head = "".join(
        f"<th>{html.escape(text)}</th>" for text in (say["page"], say["claim"], *columns)
    )
    entries = [
        [entry for entry in verdicts.verdicts if entry.claim.section == section]
        for verdicts in columns.values()
    ]
    rows = "".join(_row(row, say, lang) for row in zip(*entries, strict=True))
    return f'<table class="claims"><thead><tr>{head}</tr></thead>\n<tbody>{rows}</tbody></table>'


def _row(entries: tuple[ClaimVerdict, ...], say: Mapping[str, str], lang: str) -> str:
    claim = entries[0].claim
    notes = []
    if claim.note:
        notes.append(f"{say['note']}: {claim.note.nl if lang == 'nl' else claim.note.en}")
    elif claim.cites:
        notes.append(f"{say['cites']} {claim.cites}.")
    text = html.escape(claim.nl if lang == "nl" else claim.en)
    text += "".join(f'<p class="note">{html.escape(note)}</p>' for note in notes)
    cells = "".join(f'<td class="verdict">{_verdict(e, say, lang)}</td>' for e in entries)
    return (
        f'<tr id="{claim.id}"><td class="page">{claim.page}</td>'
        f'<td class="claim">{text} <span class="id">{claim.id}</span></td>{cells}</tr>\n'
    )


def _verdict(entry: ClaimVerdict, say: Mapping[str, str], lang: str) -> str:
    word = f"{SIGNS[entry.verdict]} {say[entry.verdict]}"
    if entry.why:
        word += f": {say[entry.why]}"
    chip = f'<span class="chip {entry.verdict}">{html.escape(word)}</span>'
    basis = f'<p class="basis">{html.escape(entry.basis(lang))}</p>'
    if len(entry.basis(lang)) > LONG:
        basis = f"<details><summary>{say['basis']}</summary>{basis}</details>"
    return chip + basis


def _setting(value: float, lang: str) -> str:
    decimals = 0 if float(value).is_integer() else 2
    return format_number(float(value), decimals, lang=lang)
