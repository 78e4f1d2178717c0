"""The logbook: a session of questions, some fixed beforehand, kept and exported."""

from mobiliteit.logbook.csv_export import write_csv
from mobiliteit.logbook.entry import Entry, Registration
from mobiliteit.logbook.exports import write_log
from mobiliteit.logbook.notebook_export import show_repeat, write_notebook
from mobiliteit.logbook.session import Session
from mobiliteit.logbook.shown import show_answer, show_session
from mobiliteit.logbook.store import load_session, save_session
from mobiliteit.logbook.word_export import write_docx

__all__ = [
    "Entry",
    "Registration",
    "Session",
    "load_session",
    "save_session",
    "show_answer",
    "show_repeat",
    "show_session",
    "write_csv",
    "write_docx",
    "write_log",
    "write_notebook",
]
