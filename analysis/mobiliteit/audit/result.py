"""The audit as a whole: run every family of checks and put the results in frames."""

from __future__ import annotations

import math
import time
from dataclasses import dataclass

import pandas as pd

from mobiliteit.audit.anova import check_means, judge_flags
from mobiliteit.audit.chisquare import check_chi_square
from mobiliteit.audit.coherence import check_coherence
from mobiliteit.audit.flags import group_flags
from mobiliteit.audit.grim import check_grim
from mobiliteit.audit.regression_checks import check_regressions
from mobiliteit.audit.report_data import Report, read_report
from mobiliteit.audit.statements import claim_findings
from mobiliteit.audit.sums import check_sums
from mobiliteit.audit.text import check_text
from mobiliteit.audit.verdicts import (
    INCONSISTENT,
    KINDS,
    TEXT,
    UNDETERMINED,
    VERDICTS,
    Check,
    Finding,
    Outcome,
    combine,
    frame_of,
)
from mobiliteit.results import number, tidy_frame
from mobiliteit.study import Study

FINDING_COLUMNS = ("order", "kind", "page", "title_nl", "title_en", "text_nl", "text_en", "cells")


@dataclass(frozen=True)
class AuditResult:
    """What the published numbers alone can prove.

    Attributes
    ----------
    verdicts : pandas.DataFrame
        One row per cell and check: ``table``, ``row``, ``column``, ``check``, ``verdict``
        (verified, consistent, inconsistent, undetermined), ``reason_nl``, ``reason_en``,
        ``numbers``, ``could_fail`` (whether another printed value would have failed the check)
        and ``power`` (share of the printable values that the check excludes; NaN where that
        cannot be counted).
        Statements of the running text have table ``tekst``, their page as row, their id as column.
    findings : pandas.DataFrame
        In order of weight: ``order``, ``kind``, ``page``, titles and texts in both languages, and
        the cells they rest on.
    cells : pandas.DataFrame
        One row per published cell: ``table``, ``page``, ``row``, ``row_label_nl``, ``column``,
        ``printed``, ``verdict`` (the checks taken together) and ``bounds_only`` (consistent, but by
        nothing more than the ends of its scale).
    study : Study
        The study.
    seconds : float
        How long it took.
    """

    verdicts: pd.DataFrame
    findings: pd.DataFrame
    cells: pd.DataFrame
    study: Study
    seconds: float

    def coverage(self) -> pd.DataFrame:
        """Count cells by verdict per table.

        Returns
        -------
        pandas.DataFrame
            Index: table number in order, then ``totaal``; columns ``cells``, the four verdicts
            (which add up to ``cells``), ``bounds_only`` (among the consistent), ``checks`` and
            ``could_fail`` (checks that another value would have failed).
        """
        counts = (
            self.cells.groupby(["table", "verdict"], sort=False)
            .size()
            .unstack(fill_value=0)
            .reindex(columns=list(VERDICTS), fill_value=0)
        )
        counts.insert(0, "cells", counts.sum(axis=1))
        own = self.verdicts[self.verdicts["table"] != TEXT]
        counts["bounds_only"] = self.cells.groupby("table", sort=False)["bounds_only"].sum()
        counts["checks"] = own.groupby("table").size()
        counts["could_fail"] = own.groupby("table")["could_fail"].sum()
        counts = counts.fillna(0)
        counts.loc["totaal"] = counts.sum()
        return counts.astype("int64").rename_axis(columns=None)

    def tidy(self) -> pd.DataFrame:
        """Return coverage as a long frame with :data:`mobiliteit.results.TIDY_COLUMNS`."""
        coverage = self.coverage()
        return tidy_frame(
            [
                {
                    "row": str(table),
                    "column": verdict,
                    "statistic": "count",
                    "value": number(coverage, table, verdict),
                    "n": int(number(coverage, table, "cells")),
                }
                for table in coverage.index
                for verdict in (*VERDICTS, "bounds_only")
            ],
            analysis="audit",
        )


def run_audit(study: Study) -> AuditResult:
    """Ask of every published cell what arithmetic allows.

    Parameters
    ----------
    study : Study
        Whose ``published/tables.csv``, definitions and ``audit.yaml`` are read; no wave.

    Returns
    -------
    AuditResult
        Verdicts with their reasoning, findings and coverage.

    Raises
    ------
    StudyError
        The published tables or ``audit.yaml`` cannot be used.

    Notes
    -----
    Every printed number is taken as its closed rounding interval. Nonresponse is not printed, so
    that only what no response from the floor of ``audit.yaml`` up can give is inconsistent.
    """
    start = time.perf_counter()
    report = read_report(study)
    outcome = Outcome()
    outcome.add(check_sums(report))
    outcome.add(check_grim(report))
    outcome.add(check_chi_square(report))
    coherence = check_coherence(report)
    outcome.add(coherence.outcome)
    flags = [*group_flags(report), *coherence.flags]
    outcome.add(judge_flags(report, flags))
    outcome.checks += check_means(report, flags)
    outcome.add(check_regressions(report))
    outcome.add(check_text(report, coherence.sizes))
    outcome.findings += _untold(report, outcome)
    outcome.findings += claim_findings(study)
    cells = _cells(report, outcome.checks)
    order = {place: k for k, place in enumerate(report.cells)}
    checks = sorted(outcome.checks, key=lambda c: order.get((c.table, c.row, c.column), len(order)))
    return AuditResult(
        frame_of(checks), _findings(outcome.findings), cells, study, time.perf_counter() - start
    )


def _untold(report: Report, outcome: Outcome) -> list[Finding]:
    """Make a finding of every impossible cell that no family of checks has told of."""
    told = {place for finding in outcome.findings for place in finding.cells}
    findings = []
    for check in outcome.checks:
        place = (check.table, check.row, check.column)
        if check.verdict != INCONSISTENT or check.table == TEXT or place in told:
            continue
        told.add(place)
        cell = report.cells[place]
        findings.append(
            Finding(
                "onmogelijk",
                f"Tabel {cell.table}, {cell.row_label}: {cell.printed} kan niet",
                f"Table {cell.table}, {cell.row_label}: {cell.printed} cannot be",
                f"{check.reason_nl} ({check.numbers}; kolom {cell.column})",
                f"{check.reason_en} ({check.numbers}; column {cell.column})",
                page=str(cell.page),
                cells=(place,),
            )
        )
    return findings


def _cells(report: Report, checks: list[Check]) -> pd.DataFrame:
    by_cell: dict[tuple[str, str, str], list[tuple[str, str]]] = {
        place: [] for place in report.cells
    }
    for check in checks:
        if (check.table, check.row, check.column) in by_cell:
            by_cell[check.table, check.row, check.column].append((check.check, check.verdict))
    for place, found in by_cell.items():
        if not found:
            # No family of checks knows what to do with this cell: say so.
            checks.append(
                Check(
                    *place,
                    "none",
                    UNDETERMINED,
                    "Geen enkele toets is op deze cel toe te passen.",
                    "No check can be applied to this cell.",
                    could_fail=False,
                    power=math.nan,
                )
            )
    rows = []
    for place, cell in report.cells.items():
        verdict, bounds_only = combine(by_cell[place])
        rows.append(
            {
                "table": cell.table,
                "page": cell.page,
                "row": cell.row,
                "row_label_nl": cell.row_label,
                "column": cell.column,
                "printed": cell.printed,
                "verdict": verdict,
                "bounds_only": bounds_only,
            }
        )
    return pd.DataFrame(rows)


def _findings(findings: list[Finding]) -> pd.DataFrame:
    ranked = sorted(findings, key=lambda f: (KINDS.index(f.kind), -f.weight))
    rows = [
        {
            "order": k,
            "kind": finding.kind,
            "page": finding.page,
            "title_nl": finding.title_nl,
            "title_en": finding.title_en,
            "text_nl": finding.nl,
            "text_en": finding.en,
            "cells": "; ".join(" ".join(place) for place in finding.cells),
        }
        for k, finding in enumerate(ranked, start=1)
    ]
    return pd.DataFrame(rows, columns=list(FINDING_COLUMNS))
