"""The report: all tables and figures of a wave in one document, in Dutch or English.

>>> import mobiliteit as mb
>>> gallery = mb.open_gallery("2006")
>>> mb.write_report(gallery, "reports", lang="en", formats=["html", "pdf"])
"""

from __future__ import annotations

from mobiliteit.report.blocks import Report
from mobiliteit.report.content import build_report
from mobiliteit.report.write import FORMATS, NAMES, write_report

__all__ = ["FORMATS", "NAMES", "Report", "build_report", "write_report"]
