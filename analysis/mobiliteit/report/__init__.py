"""The report: all tables and figures of a wave in one document, in Dutch or English.

>>> import mobiliteit as mb
>>> scorecard = mb.open_scorecard("2006")
>>> mb.write_report(scorecard, "reports", lang="en", formats=["html", "pdf"])
"""

from __future__ import annotations

from mobiliteit.report.blocks import Report
from mobiliteit.report.content import build_report
from mobiliteit.report.write import FORMATS, NAMES, write_report

__all__ = ["FORMATS", "NAMES", "Report", "build_report", "write_report"]
