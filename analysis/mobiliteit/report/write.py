"""Writing the report: which formats, under which names."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from pathlib import Path

from mobiliteit.gallery.source import Gallery
from mobiliteit.project import all_or_none, write_atomically, write_text
from mobiliteit.render.export import STEMS, check_formats, write_bytes, write_tables
from mobiliteit.report.content import build_report
from mobiliteit.report.html import report_html

FORMATS = ("html", "docx", "pdf", "xlsx")
NAMES = {"nl": "reproductie", "en": "reproduction"}


def write_report(
    gallery: Gallery, folder: Path | str, *, lang: str = "nl", formats: Sequence[str] = FORMATS
) -> list[Path]:
    """Write the report of a wave.

    Parameters
    ----------
    gallery : Gallery
        Of :func:`mobiliteit.open_gallery`: the wave with its tables, scorecard and figures.
    folder : path
        Usually ``reports/``; made when needed.
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
        A file cannot be made or written; all files of the last report are then as they were.
    """
    check_formats(formats, FORMATS)
    target = Path(folder)
    made: dict[str, bytes | str] = {}
    if set(formats) - {"xlsx"}:
        report = build_report(gallery, lang=lang)
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
    paths = {name: target / f"{NAMES[lang]}.{name}" for name in made}
    written = [*paths.values()]
    with all_or_none([*written, target / f"{STEMS[lang]}.xlsx"]):
        for name, content in made.items():
            if isinstance(content, str):
                write_text(paths[name], content)
            else:
                write_atomically(paths[name], partial(write_bytes, content))
        if "xlsx" in formats:
            written += write_tables(gallery.results, gallery.scorecard, target, ["xlsx"], lang=lang)
    return written
