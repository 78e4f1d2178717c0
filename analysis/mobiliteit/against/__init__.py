"""Does it still hold? A new wave against the findings of 2006.

:mod:`.findings` and :mod:`.from_claims` list what 2006 found, :mod:`.published_side` says what was
printed and which standard error it can have had (:mod:`.old_errors`), :mod:`.wave_side` gives the
same statistic of the wave, and :mod:`.rule` turns the measures of replication into one word.
"""

from __future__ import annotations

from mobiliteit.against.result import Against
from mobiliteit.against.score import score_against

__all__ = ["Against", "score_against"]
