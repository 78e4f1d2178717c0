"""What a check says of a cell, and how the checks of one cell add up."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

import pandas as pd

VERIFIED, CONSISTENT, INCONSISTENT, UNDETERMINED = (
    "verified",
    "consistent",
    "inconsistent",
    "undetermined",
)
VERDICTS = (VERIFIED, CONSISTENT, INCONSISTENT, UNDETERMINED)
COLUMNS = (
    "table",
    "row",
    "column",
    "check",
    "verdict",
    "reason_nl",
    "reason_en",
    "numbers",
    "could_fail",
    "power",
)
BOUNDS = "bounds"
TEXT = "tekst"

# Kinds of findings in order of weight.
KINDS = (
    "onmogelijk",
    "tekst en tabel",
    "legenda",
    "afgedwongen",
    "verwijzing",
    "drukfout",
    "label",
    "term",
    "afronding",
)


@dataclass(frozen=True)
class Check:
    """One check of one cell.

    Attributes
    ----------
    table, row, column : str
        The cell; a statement of the running text has table ``tekst``.
    check : str
        Which check.
    verdict : str
        One of :data:`VERDICTS`.
    reason_nl, reason_en : str
        The reasoning in one sentence.
    numbers : str
        The numbers used, with decimal commas.
    could_fail : bool
        Whether another printed value would have failed this check.
    power : float
        Share of the values that could have been printed that this check excludes; NaN where that
        cannot be counted.
    """

    table: str
    row: str
    column: str
    check: str
    verdict: str
    reason_nl: str
    reason_en: str
    numbers: str = ""
    could_fail: bool = True
    power: float = field(default=float("nan"))


@dataclass(frozen=True)
class Finding:
    """Something worth telling a reader of the report.

    Attributes
    ----------
    kind : str
        One of :data:`KINDS`, which also orders findings.
    title_nl, title_en, nl, en : str
        Heading and text.
    page : str
        Page of the report.
    cells : tuple of (table, row, column)
        What it rests on.
    weight : float
        Order within the kind, heaviest first.
    """

    kind: str
    title_nl: str
    title_en: str
    nl: str
    en: str
    page: str = ""
    cells: tuple[tuple[str, str, str], ...] = ()
    weight: float = 1.0


@dataclass
class Outcome:
    """What a family of checks gives."""

    checks: list[Check] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)

    def add(self, other: Outcome) -> None:
        """Append another outcome."""
        self.checks += other.checks
        self.findings += other.findings


def combine(checks: Iterable[tuple[str, str]]) -> tuple[str, bool]:
    """Verdict of a cell from (check, verdict) of its checks, and whether only bounds held it.

    One impossible check makes the cell inconsistent; otherwise the strongest verdict counts.
    """
    pairs = list(checks)
    found = {verdict for _, verdict in pairs}
    for verdict in (INCONSISTENT, VERIFIED, CONSISTENT):
        if verdict in found:
            names = {check for check, given in pairs if given == verdict}
            return verdict, verdict == CONSISTENT and names == {BOUNDS}
    return UNDETERMINED, False


def frame_of(checks: list[Check]) -> pd.DataFrame:
    """Return the checks as a frame with the columns of :data:`COLUMNS`."""
    frame = pd.DataFrame([check.__dict__ for check in checks], columns=list(COLUMNS))
    frame["could_fail"] = frame["could_fail"].astype(bool)
    frame["power"] = frame["power"].astype("float64")
    return frame
