"""Writing the report: which formats, under which names."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path

from mobiliteit.project import write_atomically, write_text
from mobiliteit.render.export import check_formats, write_bytes, write_tables
from mobiliteit.report.content import build_report
from mobiliteit.report.html import report_html
from mobiliteit.scorecard import Scorecard
from mobiliteit.tables import TableResult, compute_tables

FORMATS = ("html", "docx", "pdf", "xlsx")
NAMES = {"nl": "reproductie", "en": "reproduction"}


def write_report(
    scorecard: Scorecard,
    folder: Path | str,
    *,
    results: Mapping[str, TableResult] | None = None,
    lang: str = "nl",
    formats: Sequence[str] = FORMATS,
) -> list[Path]:
    """Write the report of a wave.

    Parameters
    ----------
    scorecard : Scorecard
        Published against computed; knows the wave and the star legend.
    folder : path
        Usually ``reports/``; made when needed.
    results : mapping of str to TableResult, optional
        The tables of the wave, when they were computed already.
    lang : {'nl', 'en'}
        Language.
    formats : sequence of {'html', 'docx', 'pdf', 'xlsx'}
        Which files.

    Returns
    -------
    list of Path
        ``reproductie.html``, ``.docx`` and ``.pdf``, and ``tabellen.xlsx``; in English
        ``reproduction.*`` and ``tables.xlsx``. The same wave gives the same bytes.

    Raises
    ------
    AnalysisError
        There is no such format or language.
    OutputError
        A file cannot be made or written. All files are made before the first is written, and each
        is written as a whole or not at all.
    """
    check_formats(formats, FORMATS)
    target = Path(folder)
    results = compute_tables(scorecard.wave) if results is None else results
    made: dict[str, bytes | str] = {}
    if set(formats) - {"xlsx"}:
        report = build_report(scorecard, results, lang=lang)
        for name in formats:
            if name == "html":
                made[name] = report_html(report)
            elif name == "docx":
                # Imported here, as typst is: reading them takes longer than `--help` may.
                from mobiliteit.report.docx import report_docx

                made[name] = report_docx(report)
            elif name == "pdf":
                from mobiliteit.report.pdf import report_pdf

                made[name] = report_pdf(report)
    paths = []
    for name, content in made.items():
        path = target / f"{NAMES[lang]}.{name}"
        if isinstance(content, str):
            write_text(path, content)
        else:
            write_atomically(path, partial(write_bytes, content))
        paths.append(path)
    if "xlsx" in formats:
        paths += write_tables(results, scorecard, target, ["xlsx"], lang=lang)
    return paths
