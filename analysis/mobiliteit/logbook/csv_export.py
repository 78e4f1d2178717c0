"""What was kept of a session as CSV, safe to open in a spreadsheet."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from mobiliteit.csvfile import csv_text
from mobiliteit.logbook.entry import LoggedEstimate
from mobiliteit.logbook.overview import Kept, kept_entries
from mobiliteit.logbook.session import Session
from mobiliteit.project import write_text


def write_csv(session: Session, path: Path | str) -> Path:
    """Write the kept answers of a session as CSV, one line per estimate.

    Parameters
    ----------
    session : Session
        The session.
    path : path
        Where; written as a whole or not at all.

    Returns
    -------
    Path
        The file. Numbers unrounded, with a decimal point; texts in both languages. The main
        estimate is the first of its question and alone has ``p_holm``, ``p_bh`` and ``tests``;
        ``robust`` marks those of the method that assumes less. An answer without estimates has one
        line. A text that a spreadsheet would take for a formula begins with an apostrophe.

    Raises
    ------
    AnalysisError
        Nothing was kept.
    OutputError
        The file cannot be written.
    """
    lines = [
        line
        for kept in kept_entries(session)
        for estimate in (kept.entry.estimates or (None,))
        for line in [_line(kept, estimate)]
    ]
    frame = pd.DataFrame(lines)
    frame["tests"] = frame["tests"].astype("Int64")
    frame["n"] = frame["n"].astype("Int64")
    target = Path(path)
    write_text(target, csv_text(frame))
    return target


def _line(kept: Kept, estimate: LoggedEstimate | None) -> dict[str, Any]:
    entry, registered = kept.entry, kept.entry.registration
    main = estimate is None or estimate == entry.main
    numbers = {
        name: None if estimate is None else getattr(estimate, name)
        for name in ("value", "low", "high", "p")
    }
    return {
        "question": entry.question,
        "question_nl": entry.sentence.nl,
        "question_en": entry.sentence.en,
        "wave": entry.wave,
        "since": entry.since,
        "verdict": entry.verdict,
        "answer_nl": entry.says.nl,
        "answer_en": entry.says.en,
        "mark_nl": entry.mark.nl,
        "mark_en": entry.mark.en,
        "remark": entry.remark,
        "family": entry.family,
        "registered_at": registered.at.isoformat() if registered else "",
        "expected_direction": registered.direction if registered else "",
        "outcome": entry.outcome if registered else "",
        "estimate_nl": estimate.label.nl if estimate else "",
        "estimate_en": estimate.label.en if estimate else "",
        "measure": estimate.measure if estimate else "",
        "robust": estimate.robust if estimate else False,
        **{name: np.nan if value is None else value for name, value in numbers.items()},
        "n": estimate.n if estimate else entry.n,
        "level": entry.level,
        "p_question": np.nan if entry.p is None or not main else entry.p,
        "p_holm": kept.p_holm if main else np.nan,
        "p_bh": kept.p_bh if main else np.nan,
        "tests": kept.tests if main else pd.NA,
        "method_nl": estimate.method.nl if estimate else entry.method.nl,
        "method_en": estimate.method.en if estimate else entry.method.en,
        "asked_at": entry.at.isoformat(),
        "file_changed": kept.changed,
        "sha256": entry.sha256,
        "against_sha256": entry.against_sha256,
        "python": entry.python,
        "mobiliteit": entry.mobiliteit,
    }
