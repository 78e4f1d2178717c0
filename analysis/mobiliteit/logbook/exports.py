"""A session as files: notebook, Word, CSV, and the JSON that it can be taken up again from."""

from __future__ import annotations

from pathlib import Path

from mobiliteit.logbook.csv_export import write_csv
from mobiliteit.logbook.notebook_export import write_notebook
from mobiliteit.logbook.session import Session
from mobiliteit.logbook.store import save_session
from mobiliteit.logbook.word_export import write_docx

STEM = {"nl": "logboek", "en": "log"}


def write_log(session: Session, folder: Path | str, *, lang: str = "nl") -> list[Path]:
    """Write a session and all its exports.

    Parameters
    ----------
    session : Session
        With at least one answer kept.
    folder : path
        Where.
    lang : {'nl', 'en'}
        Language of notebook and Word document, and of the file names.

    Returns
    -------
    list of Path
        ``logboek.ipynb``, ``logboek.docx``, ``logboek.csv`` and ``logboek.json``; in English
        ``log.*``.

    Raises
    ------
    AnalysisError
        Nothing was kept, or there is no such language.
    OutputError
        A file cannot be written.
    """
    stem = Path(folder) / STEM.get(lang, lang)
    return [
        write_notebook(session, stem.with_suffix(".ipynb"), lang=lang),
        write_docx(session, stem.with_suffix(".docx"), lang=lang),
        write_csv(session, stem.with_suffix(".csv")),
        save_session(session, stem.with_suffix(".json")),
    ]
