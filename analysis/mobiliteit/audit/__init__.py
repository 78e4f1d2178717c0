"""The audit: what the published numbers alone can prove.

>>> from mobiliteit.audit import run_audit, write_audit
>>> from mobiliteit.study import load_study
>>> result = run_audit(load_study())
>>> result.coverage()
"""

from __future__ import annotations

from mobiliteit.audit.page import (
    audit_page,
    coverage_html,
    findings_html,
    verdicts_html,
    write_audit,
)
from mobiliteit.audit.result import AuditResult, run_audit

__all__ = [
    "AuditResult",
    "audit_page",
    "coverage_html",
    "findings_html",
    "run_audit",
    "verdicts_html",
    "write_audit",
]
