"""The ledger: every row that left and every value that changed or went missing, with its reason.

Rows in = rows kept + rows excluded, always; :meth:`Ledger.check` says so or raises.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

import pandas as pd

Kind = Literal[
    "in",
    "excluded",
    "kept",
    "flagged",
    "missing",
    "not_asked",
    "corrected",
    "recoded",
    "reversed",
    "rescaled",
    "turned",
    "identifier",
    "trimmed",
]
COLUMNS = ("wave", "stage", "kind", "column", "reason", "label_nl", "n")


@dataclass
class Ledger:
    """Counted steps of one wave, in the order in which they happened.

    Attributes
    ----------
    wave : str
        Id of the wave.
    entries : list of dict
        One per step, with the keys of :data:`COLUMNS` but the wave.
    """

    wave: str
    entries: list[dict[str, object]] = field(default_factory=list)

    def add(
        self, stage: str, kind: Kind, n: int, *, column: str = "", reason: str = "", label: str = ""
    ) -> None:
        """Record that `n` rows or values met `reason` in `stage`; nothing is recorded for n = 0."""
        if n:
            self.entries.append(
                {
                    "stage": stage,
                    "kind": kind,
                    "column": column,
                    "reason": reason,
                    "label_nl": label,
                    "n": int(n),
                }
            )

    def total(self, kind: Kind) -> int:
        """Sum of all counts of one kind."""
        return sum(int(str(entry["n"])) for entry in self.entries if entry["kind"] == kind)

    def check(self) -> None:
        """Raise ValueError unless rows in = rows kept + rows excluded."""
        rows_in, kept, excluded = (self.total(kind) for kind in ("in", "kept", "excluded"))
        if rows_in != kept + excluded:
            raise ValueError(
                f"the ledger of wave {self.wave} does not add up: "
                f"{rows_in} rows in, {kept} kept, {excluded} excluded"
            )

    def frame(self) -> pd.DataFrame:
        """Return the ledger as a frame with :data:`COLUMNS`."""
        return pd.DataFrame(
            [{"wave": self.wave, **entry} for entry in self.entries], columns=list(COLUMNS)
        )
