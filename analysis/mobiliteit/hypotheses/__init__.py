"""The register of hypotheses: what the report and its companions state, and what a wave says of it.

Public: :func:`~mobiliteit.hypotheses.run.run_hypotheses` and
:func:`~mobiliteit.hypotheses.schema.load_hypotheses`.
"""

from __future__ import annotations

from mobiliteit.hypotheses.result import Hypotheses, Judged
from mobiliteit.hypotheses.run import run_hypotheses
from mobiliteit.hypotheses.schema import Hypothesis, Register, load_hypotheses

__all__ = [
    "Hypotheses",
    "Hypothesis",
    "Judged",
    "Register",
    "load_hypotheses",
    "run_hypotheses",
]
