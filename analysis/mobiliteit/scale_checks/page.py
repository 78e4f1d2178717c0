"""The page and the files of the scales over waves."""

from __future__ import annotations

import base64
import html
import math
from collections.abc import Sequence
from pathlib import Path

from mobiliteit.inference.invariance_results import CANNOT_SAY, FAILS, HOLDS, PARTIAL
from mobiliteit.project import write_text
from mobiliteit.render.canvas import render, save_figure
from mobiliteit.render.lists import NO_EVIDENCE
from mobiliteit.render.numbers import MISSING, format_number, format_p
from mobiliteit.render.page import page
from mobiliteit.results import number
from mobiliteit.samples import percent_text
from mobiliteit.scale_checks.checks import ScaleCheck, ScaleChecks
from mobiliteit.scale_checks.picture import changes_figure

HTML_NAME, CSV_NAME, FIGURE_NAME = "schalen.html", "schalen.csv", "schalen_verandering"
TITLE = "Is de schaal nog dezelfde schaal?"
WORDS = {
    HOLDS: "✓ dezelfde",
    PARTIAL: "◐ deels dezelfde",
    FAILS: "✗ niet dezelfde",
    CANNOT_SAY: "? niet te toetsen",
}
MODELS = {
    "configural": "één factor in elke golf",
    "metric": "gelijke ladingen",
    "metric (partial)": "gelijke ladingen, op de vrije na",
    "scalar": "ook gelijke intercepten",
    "scalar (partial)": "ook gelijke intercepten, op de vrije na",
}
INTRO = (
    "Een verschil tussen golven op een schaal zegt alleen iets over mensen als de vragen in beide"
    " golven hetzelfde meten. Per schaal: alfa en omega per golf, wat elk item bijdraagt, en of de"
    " ladingen en intercepten van de items gelijk bleven. Items die op zichzelf verschoven staan"
    " met naam genoemd."
)
HOW = (
    "Een stap houdt geen stand als de geschaalde chi-kwadraattoets significant is én de passing"
    " merkbaar slechter wordt. Alles is ongewogen, op wie alle items van een schaal beantwoordde;"
    " de oordelen zijn niet gecorrigeerd voor het aantal schalen."
)
STYLE = """
table.data { border-collapse: collapse; font-size: 13px; margin: 8px 0 16px; }
table.data th, table.data td { padding: 3px 10px; border-bottom: 1px solid #d5d5d5;
  text-align: right; vertical-align: top; }
table.data th:first-child, table.data td:first-child { text-align: left; max-width: 34em; }
table.data thead th { border-bottom: 1.5px solid #333; }
"""


def write_scales(checks: ScaleChecks, reports: Path, figures: Path) -> list[Path]:
    """Write the page, the CSV and the figure.

    Parameters
    ----------
    checks : ScaleChecks
        Of :func:`mobiliteit.scale_checks.check_scales`.
    reports, figures : Path
        Folders, usually those of the project.

    Returns
    -------
    list of Path
        ``schalen.html``, ``schalen.csv`` (the tidy frame, unrounded, with ``synthetic``), and
        ``schalen_verandering.png`` and ``.svg``.

    Raises
    ------
    OutputError
        A file cannot be written.
    """
    paths = [reports / HTML_NAME, reports / CSV_NAME]
    write_text(paths[0], scales_html(checks))
    tidy = checks.tidy().assign(synthetic=any(wave.synthetic for wave in checks.waves))
    write_text(paths[1], tidy.to_csv(index=False, lineterminator="\n"))
    return [*paths, *save_figure(changes_figure(checks), figures, FIGURE_NAME)]


def scales_html(checks: ScaleChecks) -> str:
    """Write the page: an overview, the picture, then scale by scale.

    Parameters
    ----------
    checks : ScaleChecks
        Of :func:`mobiliteit.scale_checks.check_scales`.

    Returns
    -------
    str
        A whole HTML document, in Dutch, that needs nothing from outside.
    """
    picture = base64.b64encode(render(changes_figure(checks), "svg")).decode("ascii")
    synthetic = any(wave.synthetic for wave in checks.waves)
    body = [
        f"<h1>{TITLE}</h1>",
        f"<p><strong>{NO_EVIDENCE}</strong></p>" if synthetic else "",
        f"<p>{html.escape(INTRO)}</p>",
        _overview(checks),
        f"<p>{html.escape(HOW)}</p>",
        _shared(checks),
        f'<figure><img alt="Verandering per schaal" src="data:image/svg+xml;base64,{picture}">'
        "</figure>",
        *(_scale(checks, check) for check in checks.checks.values()),
    ]
    return page(TITLE, "\n".join(body), mark=checks.mark, style=STYLE)


def _shared(checks: ScaleChecks) -> str:
    if not checks.shared:
        return ""
    return (
        f"<p>{checks.shared} respondenten zitten in meer dan één golf en tellen hier als"
        " verschillende mensen: toetsen en intervallen van een verandering zijn daardoor eerder te"
        " ruim dan te krap.</p>"
    )


def _overview(checks: ScaleChecks) -> str:
    header = ["Schaal", "items"]
    for wave in checks.waves:
        header += [f"alfa {wave.id}", f"omega {wave.id}"]
    rows = []
    for scale, row in checks.summary().iterrows():
        numbers = [
            format_number(float(row[f"{what} {wave.id}"]), 2)
            for wave in checks.waves
            for what in ("alpha", "omega")
        ]
        items = [_item(checks, item) for item in checks[str(scale)].freed]
        verdict = WORDS[row["verdict"]] + (f": {'; '.join(items)}" if items else "")
        label = checks.waves[0].study.label(str(scale))
        rows.append([label, str(row["items"]), *numbers, verdict])
    return _table([*header, "dezelfde schaal?"], rows)


def _item(checks: ScaleChecks, name: str) -> str:
    for column in checks.waves[0].study.codebook.columns():
        if column.name == name:
            return column.label_nl.rstrip(".") + (" (gespiegeld)" if column.reversed else "")
    return name


def _scale(checks: ScaleChecks, check: ScaleCheck) -> str:
    parts = [f"<h2>{html.escape(checks.waves[0].study.label(check.scale))}</h2>"]
    for wave, note in check.gaps.items():
        parts.append(f"<p>Golf {html.escape(wave)}: {html.escape(note)}.</p>")
    if check.invariance is not None:
        sentence = check.invariance.sentence
        for name in check.invariance.sample.items:
            sentence = sentence.replace(name, f"“{_item(checks, name)}”")
        parts.append(f"<p><strong>{WORDS[check.verdict]}.</strong> {html.escape(sentence)}</p>")
    parts.append(_items(checks, check))
    if check.invariance is not None:
        parts += [_fit(check), _means(checks, check)]
    return "\n".join(parts)


def _items(checks: ScaleChecks, check: ScaleCheck) -> str:
    limits = f"{percent_text(checks.level)}-interval"
    header, rows = ["Item"], []
    alphas, omegas = [f"alfa ({limits}, Feldt)"], [f"omega ({limits})"]
    for wave, own in check.reliabilities.items():
        header += [f"lading {wave}", f"item-rest {wave}"]
        alphas += [_with_limits(own.alpha, *own.alpha_interval), ""]
        omegas += [_with_limits(own.omega, *own.omega_interval), ""]
    for item in checks.waves[0].study.codebook.variables[check.scale].items:
        row = [_item(checks, item)]
        for own in check.reliabilities.values():
            row += [
                format_number(number(own.items, item, name), 2) for name in ("loading", "item_rest")
            ]
        rows.append(row)
    return _table(header, [*rows, alphas, omegas])


def _fit(check: ScaleCheck) -> str:
    if check.invariance is None or not check.invariance.fits:
        return ""
    steps = check.invariance.steps.set_index("model")
    rows = []
    for name, fit in check.invariance.fits.items():
        measures = fit.measures
        row = [
            MODELS.get(name, name),
            format_number(measures["chi2_scaled"], 2),
            format_number(measures["df"], 0),
            *(format_number(measures[part], 3) for part in ("cfi", "rmsea", "srmr")),
        ]
        if name in steps.index:
            row += [
                format_number(number(steps, name, "chi2_scaled"), 2),
                format_number(number(steps, name, "df"), 0),
                format_p(number(steps, name, "p_scaled")),
                format_number(number(steps, name, "cfi_drop"), 3),
                "ja" if steps.at[name, "holds"] else "nee",
            ]
        else:
            row += [MISSING] * 5
        rows.append(row)
    header = ["Model", "chi² (geschaald)", "df", "CFI", "RMSEA", "SRMR"]
    return _table([*header, "verschil chi²", "df", "p", "CFI daalt", "stap houdt stand"], rows)


def _means(checks: ScaleChecks, check: ScaleCheck) -> str:
    if check.invariance is None or check.invariance.means.empty:
        return ""
    rows = []
    for entry in check.invariance.means.to_dict("records"):
        shown = [
            _with_limits(entry[what], entry[f"{what}_low"], entry[f"{what}_high"])
            for what in ("observed", "expected", "latent")
        ]
        change = f"{entry['group']} min {check.invariance.sample.labels[0]}"
        rows.append([change, *shown, format_p(entry["latent_p"]), str(entry["note"])])
    header = ["Verandering", "gemiddelde van de items", "waarvan door de factor alleen"]
    return _table([*header, "factor, in sd", "p (factor)", "noot"], rows)


def _with_limits(value: float, low: float, high: float) -> str:
    if math.isnan(value):
        return MISSING
    text = format_number(value, 2)
    if math.isnan(low):
        return text
    return f"{text} [{format_number(low, 2)}; {format_number(high, 2)}]"


def _table(header: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    def line(texts: Sequence[str], tag: str) -> str:
        cells = "".join(f"<{tag}>{html.escape(text)}</{tag}>" for text in texts)
        return f"<tr>{cells}</tr>"

    body = "".join(line(row, "td") for row in rows)
    head = line(header, "th")
    return f'<table class="data"><thead>{head}</thead><tbody>{body}</tbody></table>'
