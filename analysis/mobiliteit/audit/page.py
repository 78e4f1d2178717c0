"""The page and the file of the audit."""

from __future__ import annotations

import html
from collections.abc import Mapping
from importlib.resources import files
from pathlib import Path
from typing import Any

import pandas as pd

from mobiliteit.audit.result import AuditResult
from mobiliteit.audit.verdicts import TEXT
from mobiliteit.csvfile import csv_text
from mobiliteit.errors import AnalysisError, Problem
from mobiliteit.project import write_text
from mobiliteit.render.numbers import format_number
from mobiliteit.render.page import page

PAGE, TABLE = "audit.html", "audit.csv"
NAMES = {
    "verified": "bewezen",
    "consistent": "past",
    "inconsistent": "kan niet",
    "undetermined": "niet te zeggen",
}
CHECKS = {
    "sum": "optelling",
    "percentage": "percentage uit aantal",
    "same_total": "zelfde totaal",
    "bounds": "schaal",
    "grim": "hele antwoorden (GRIM)",
    "chi2": "chi-kwadraat",
    "anova": "variantieanalyse",
    "coherence": "samenhang van tabellen",
    "stars": "sterren en n",
    "nested_r2": "toename van R²",
    "text": "tekst en tabel",
    "none": "geen toets",
}
KIND_NAMES = {
    "onmogelijk": "Kan niet",
    "tekst en tabel": "Tekst en tabel spreken elkaar tegen",
    "legenda": "Legenda",
    "afgedwongen": "Volgt uit de cijfers",
    "verwijzing": "Verwijzing",
    "drukfout": "Drukfout",
    "label": "Opschrift",
    "term": "Term",
    "afronding": "Afronding, geen fout",
}


def write_audit(result: AuditResult, folder: Path | str) -> tuple[Path, Path]:
    """Write ``audit.html`` and ``audit.csv``, each atomically.

    Parameters
    ----------
    result : AuditResult
        Of :func:`mobiliteit.audit.run_audit`.
    folder : path
        Where they belong; made when needed.

    Returns
    -------
    (Path, Path)
        The page (one file, nothing from outside) and the table (all verdicts, then all findings
        with table ``bevinding``; decimal commas in the texts, a decimal point in ``power``).

    Raises
    ------
    OutputError
        A file cannot be written; what was there before is untouched.
    """
    target = Path(folder)
    write_text(target / PAGE, audit_page(result))
    findings = pd.DataFrame(
        {
            "table": "bevinding",
            "row": result.findings["order"].map(lambda k: f"{k}"),
            "column": result.findings["kind"],
            "check": "",
            "verdict": "",
            "reason_nl": result.findings["title_nl"] + " — " + result.findings["text_nl"],
            "reason_en": result.findings["title_en"] + " — " + result.findings["text_en"],
            "numbers": result.findings["cells"],
            "could_fail": "",
            "power": "",
        }
    )
    verdicts = result.verdicts.assign(
        power=result.verdicts["power"].map(lambda p: "" if pd.isna(p) else f"{p:.3f}"),
        could_fail=result.verdicts["could_fail"].map({True: "yes", False: "no"}),
    )
    write_text(target / TABLE, csv_text(pd.concat([verdicts, findings], ignore_index=True)))
    return target / PAGE, target / TABLE


def audit_page(result: AuditResult) -> str:
    """Build the page: findings, coverage per table, then every verdict.

    Parameters
    ----------
    result : AuditResult
        The audit.

    Returns
    -------
    str
        A whole HTML document in Dutch.
    """
    coverage = result.coverage()
    total = coverage.loc["totaal"]
    impossible = int((result.findings["kind"] == "onmogelijk").sum())
    title = "Wat de gepubliceerde cijfers zelf kunnen bewijzen"
    source = html.escape(result.study.codebook.study.source)
    lead = (
        f"De {total['cells']} gedrukte cellen van {source} zijn nagerekend zonder de gegevens: "
        "alleen met wat het rapport zelf "
        f"drukt. <b>{total['verified']}</b> cellen zijn bewezen, <b>{total['consistent']}</b> "
        "hadden kunnen botsen en doen dat niet "
        f"(van {total['bounds_only']} daarvan is alleen na te gaan dat ze binnen hun schaal "
        f"liggen), <b>{total['inconsistent']}</b> "
        f"kunnen niet, en over <b>{total['undetermined']}</b> valt uit de cijfers niets te zeggen."
    )
    fair = (
        "Geen enkele cel is onmogelijk: wat hieronder staat zijn tegenspraken tussen tekst en "
        "tabel, gevolgen die het rapport "
        "niet noemt, en slordigheden. Een drukfout is een drukfout."
        if not total["inconsistent"]
        else f"Bevindingen over cellen die niet kunnen: {impossible}; "
        "een drukfout is daarvoor de eerste verklaring."
    )
    body = (
        f"<h1>{title}</h1><p class='lead'>{lead}</p><p>{fair}</p>"
        "<p>Elk gedrukt getal geldt als het hele interval dat erop afrondt. Non-respons drukt het "
        "rapport niet; "
        "alleen wat ook bij flinke non-respons onmogelijk is heet ‘kan niet’. Wat uit de cijfers "
        "volgt als iedereen antwoordde, "
        "staat er als zodanig bij.</p>"
        f"<section><h2>Bevindingen, de zwaarste eerst</h2>{_findings(result.findings)}</section>"
        f"<section><h2>Per tabel</h2>{_coverage(coverage)}</section>"
        "<section><h2>Alle oordelen</h2><p>Per cel iedere toets, met de getallen waarop zij rust "
        "en of zij had kunnen mislukken. "
        "‘Uitgesloten’ is het deel van de waarden dat hier gedrukt had kunnen staan en bij deze "
        "toets zou zijn gevallen.</p>"
        f"{_all(result)}</section>"
    )
    return page(title, body, lang="nl", style=_style())


def findings_html(result: AuditResult) -> str:
    """Show the findings as a piece of HTML that brings its own style, for a notebook."""
    return _styled(_findings(result.findings))


def coverage_html(result: AuditResult) -> str:
    """Show the coverage per table as a piece of HTML that brings its own style, for a notebook."""
    return _styled(_coverage(result.coverage()))


def verdicts_html(result: AuditResult, table: str, row: str | None = None) -> str:
    """Show all verdicts of a table, or of one row of it, as HTML for a notebook.

    Raises
    ------
    AnalysisError
        There is no such table or row.
    """
    kept = result.verdicts[result.verdicts["table"] == table]
    if row is not None:
        kept = kept[kept["row"] == row]
    if kept.empty:
        problem = Problem(f"there are no verdicts on {table} {row or ''}", "Name another row.")
        raise AnalysisError("The verdicts cannot be shown.", [problem])
    cells = {(c["table"], c["row"], c["column"]): c for c in result.cells.to_dict("records")}
    return _styled(_table(kept, cells))


def _styled(body: str) -> str:
    return f"<style>{_style()}</style>{body}"


def _style() -> str:
    return files(__package__).joinpath("audit.css").read_text(encoding="utf-8")


def _findings(findings: pd.DataFrame) -> str:
    items = []
    order = list(KIND_NAMES)
    for entry in findings.to_dict("records"):
        kind = str(entry["kind"])
        where = (
            f" <span class='where'>p. {html.escape(str(entry['page']))}</span>"
            if entry["page"]
            else ""
        )
        items.append(
            f"<li><span class='kind k{order.index(kind)}'>{KIND_NAMES[kind]}</span>"
            f"<b>{html.escape(str(entry['title_nl']))}</b>{where}<p>{html.escape(str(entry['text_nl']))}</p></li>"
        )
    return f"<ol class='findings'>{''.join(items)}</ol>" if items else "<p>Geen.</p>"


def _coverage(coverage: pd.DataFrame) -> str:
    head = "".join(
        f"<th class='num'>{name}</th>"
        for name in (
            "cellen",
            "bewezen",
            "past",
            "alleen binnen schaal",
            "kan niet",
            "niet te zeggen",
            "toetsen",
            "had kunnen mislukken",
        )
    )
    rows = []
    for table, entry in coverage.iterrows():
        shares = [
            entry["verified"],
            entry["consistent"] - entry["bounds_only"],
            entry["bounds_only"],
            entry["inconsistent"],
            entry["undetermined"],
        ]
        bar = "".join(
            f"<span class='b{k}' style='width:{100 * n / max(entry['cells'], 1):.2f}%'></span>"
            for k, n in enumerate(shares)
        )
        numbers = (
            entry["cells"],
            entry["verified"],
            shares[1],
            shares[2],
            entry["inconsistent"],
            entry["undetermined"],
            entry["checks"],
            entry["could_fail"],
        )
        cells = "".join(f"<td class='num'>{n}</td>" for n in numbers)
        kind = " class='sum'" if table == "totaal" else ""
        name = "Totaal" if table == "totaal" else f"Tabel {table}"
        rows.append(
            f"<tr{kind}><td class='table'>{name}</td><td><div "
            f"class='bar'>{bar}</div></td>{cells}</tr>"
        )
    key = "".join(
        f"<span class='box b{k}'></span>{name}"
        for k, name in enumerate(
            ("bewezen", "past", "alleen binnen de schaal", "kan niet", "niet te zeggen")
        )
    )
    return (
        f"<p class='key'>{key}</p><div class='scroll'><table "
        f"class='audit'><thead><tr><th></th><th></th>{head}</tr></thead>"
        f"<tbody>{''.join(rows)}</tbody></table></div>"
    )


def _all(result: AuditResult) -> str:
    cells = {(c["table"], c["row"], c["column"]): c for c in result.cells.to_dict("records")}
    parts = []
    for table, group in result.verdicts.groupby("table", sort=False):
        name = "De lopende tekst" if table == TEXT else f"Tabel {table}"
        parts.append(
            f"<details><summary>{name} ({len(group)} toetsen)</summary>"
            f"{_table(group, cells)}</details>"
        )
    return "".join(parts)


def _table(verdicts: pd.DataFrame, cells: Mapping[tuple[str, str, str], Mapping[Any, Any]]) -> str:
    rows, last = [], None
    for entry in verdicts.to_dict("records"):
        place = (entry["table"], entry["row"], entry["column"])
        if entry["table"] == TEXT:
            name, printed = str(entry["row"]), str(entry["column"]).replace("_", " ")
        else:
            found = cells[place]
            name = f"{_short(str(found['row_label_nl']))}, {entry['column']}"
            printed = str(found["printed"])
        same = " class='same'" if place == last else ""
        last = place
        power = entry["power"]
        share = "" if pd.isna(power) else format_number(100 * power, 0) + "%"
        verdict = str(entry["verdict"])
        rows.append(
            f"<tr{same}><td class='cell'>{html.escape(name)}</td>"
            f"<td class='cell'>{html.escape(printed)}</td><td>{CHECKS[str(entry['check'])]}</td>"
            f"<td><span class='v {verdict}'>{NAMES[verdict]}</span></td>"
            f"<td class='reason'>{html.escape(str(entry['reason_nl']))}</td>"
            f"<td class='numbers'>{html.escape(str(entry['numbers']))}</td>"
            f"<td>{'ja' if entry['could_fail'] else 'nee'}</td><td class='num'>{share}</td></tr>"
        )
    return (
        "<div class='scroll'><table class='audit'><thead><tr><th>cel</th><th>gedrukt</th>"
        "<th>toets</th><th>oordeel</th><th>reden</th><th>getallen</th><th>kon mislukken</th>"
        "<th class='num'>uitgesloten</th></tr></thead>"
        f"<tbody>{''.join(rows)}</tbody></table></div>"
    )


def _short(text: str, most: int = 44) -> str:
    return text if len(text) <= most else text[: most - 1].rstrip() + "…"
