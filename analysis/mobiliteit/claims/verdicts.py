"""Verdicts on the claims of the text: one shape, whether tables or a wave gave them.

A claim is judged in parts: each pair of groups, each cell, each coefficient that it speaks of.
The verdict on the claim is that of its worst part: contradicted, then not supported, then not
checkable; it is supported only when every part is. :mod:`mobiliteit.claims.on_tables` judges on
the report's own tables, :mod:`mobiliteit.claims.on_wave` on a wave.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd

from mobiliteit.claims.forms import Claim
from mobiliteit.claims.terms import Text
from mobiliteit.results import tidy_frame

# From the best to the worst; a claim gets the verdict of its worst part.
VERDICTS = ("supported", "not_checkable", "not_supported", "contradicted")
# Why a claim is not supported. `not_equivalent`: no difference was found, but that there is none
# (or that a number is the same) was not shown either.
WHYS = ("not_significant", "not_equivalent", "untested")

NOT_PRINTED = Text(
    nl="het rapport drukt dit niet in een tabel", en="the report prints this in no table"
)


@dataclass(frozen=True)
class Part:
    """The verdict on one pair, cell or coefficient of a claim.

    Attributes
    ----------
    subject : str
        What it is about, in keys of the study: ``netwerken: mobielen - blijvers``.
    verdict : str
        One of :data:`VERDICTS`.
    basis : Text
        The cells or the test that it rests on, in a sentence without a full stop.
    why : str
        One of :data:`WHYS` for what is not supported, otherwise empty.
    statistic : str
        What `estimate` is: ``difference``, ``beta``, ``r2_percent``, ...
    estimate, low, high : float
        The number with its interval: of rounding for a printed number, a confidence interval on a
        wave; NaN where there is none.
    p : float
        Of the test of the part; for equivalence, of that test. NaN without a test.
    n : int or None
        Respondents.
    """

    subject: str
    verdict: str
    basis: Text
    why: str = ""
    statistic: str = ""
    estimate: float = np.nan
    low: float = np.nan
    high: float = np.nan
    p: float = np.nan
    n: int | None = None


@dataclass(frozen=True)
class ClaimVerdict:
    """A claim with the verdict on it and on each of its parts."""

    claim: Claim
    parts: tuple[Part, ...]

    @property
    def verdict(self) -> str:
        """One of :data:`VERDICTS`: that of the worst part."""
        return max((part.verdict for part in self.parts), key=VERDICTS.index)

    @property
    def deciding(self) -> tuple[Part, ...]:
        """The parts with the verdict of the claim."""
        return tuple(part for part in self.parts if part.verdict == self.verdict)

    @property
    def why(self) -> str:
        """Why it is not supported; of several reasons the first of :data:`WHYS`."""
        whys = {part.why for part in self.deciding} - {""}
        return min(whys, key=WHYS.index) if whys else ""

    @property
    def weakest(self) -> Part:
        """The deciding part with the largest p, or the first."""
        return max(self.deciding, key=lambda part: part.p if np.isfinite(part.p) else -1)

    def basis(self, lang: str = "nl") -> str:
        """Say what the verdict rests on: the deciding parts, and how many others there are."""
        texts = [getattr(part.basis, "nl" if lang == "nl" else "en") for part in self.deciding]
        text = "; ".join(dict.fromkeys(texts))
        others = len(self.parts) - len(self.deciding)
        if not others:
            return f"{text}."
        one, of = len(self.deciding) == 1, len(self.parts)
        if lang == "nl":
            decide = "beslist" if one else "beslissen"
            return f"{text} ({len(self.deciding)} van {of} onderdelen {decide})."
        decide = "decides" if one else "decide"
        return f"{text} ({len(self.deciding)} of {of} parts {decide})."


@dataclass(frozen=True)
class ClaimVerdicts:
    """The verdicts on all claims of a study.

    Attributes
    ----------
    source : str
        ``published``, or the id of the wave.
    verdicts : tuple of ClaimVerdict
        In the order of the claims.
    mark_nl, mark_en : str
        The marks of the wave (synthetic, unweighted); empty for the published tables.
    settings : dict of str to float
        Levels and bounds used.
    synthetic : bool
        Whether the wave was drawn by a generator: nothing here is then evidence.
    """

    source: str
    verdicts: tuple[ClaimVerdict, ...]
    mark_nl: str = ""
    mark_en: str = ""
    settings: dict[str, float] = field(default_factory=dict)
    synthetic: bool = False

    def __getitem__(self, claim: str) -> ClaimVerdict:
        """Return the verdict on a claim by its id; KeyError when there is none."""
        for verdict in self.verdicts:
            if verdict.claim.id == claim:
                return verdict
        raise KeyError(claim)

    @property
    def frame(self) -> pd.DataFrame:
        """One row per claim.

        Columns ``id, page, section, form, claim_nl, claim_en, verdict, why, basis_nl, basis_en,
        statistic, estimate, low, high, p, n`` (of the weakest deciding part), ``parts, supported``
        (counts of parts), ``note_nl, note_en, cites, source, synthetic``.
        """
        records = []
        for entry in self.verdicts:
            claim, part = entry.claim, entry.weakest
            records.append(
                {
                    "id": claim.id,
                    "page": claim.page,
                    "section": claim.section,
                    "form": claim.form,
                    "claim_nl": claim.nl,
                    "claim_en": claim.en,
                    "verdict": entry.verdict,
                    "why": entry.why,
                    "basis_nl": entry.basis("nl"),
                    "basis_en": entry.basis("en"),
                    **_numbers(part),
                    "parts": len(entry.parts),
                    "supported": sum(one.verdict == "supported" for one in entry.parts),
                    "note_nl": claim.note.nl if claim.note else "",
                    "note_en": claim.note.en if claim.note else "",
                    "cites": claim.cites or "",
                    "source": self.source,
                    "synthetic": self.synthetic,
                }
            )
        frame = pd.DataFrame(records)
        return frame.astype({"n": "Int64"}) if len(frame) else frame

    @property
    def parts(self) -> pd.DataFrame:
        """One row per part: its id, subject, verdict, why, numbers and basis."""
        records = [
            {
                "id": entry.claim.id,
                "subject": part.subject,
                "verdict": part.verdict,
                "why": part.why,
                **_numbers(part),
                "basis_nl": part.basis.nl,
                "basis_en": part.basis.en,
                "source": self.source,
                "synthetic": self.synthetic,
            }
            for entry in self.verdicts
            for part in entry.parts
        ]
        frame = pd.DataFrame(records)
        return frame.astype({"n": "Int64"}) if len(frame) else frame

    def tidy(self) -> pd.DataFrame:
        """Return the parts as a tidy frame.

        ``row`` is the claim, ``column`` the part; its estimate with p, n and the verdict as note,
        and ``ci_low`` and ``ci_high`` where there is an interval.
        """
        records: list[dict[str, Any]] = []
        for entry in self.verdicts:
            for part in entry.parts:
                place = {"row": entry.claim.id, "column": part.subject, "n": part.n}
                note = f"{part.verdict}: {part.why}" if part.why else part.verdict
                records.append(
                    place
                    | {
                        "statistic": part.statistic or "verdict",
                        "value": part.estimate,
                        "p": part.p,
                        "note": note,
                    }
                )
                if np.isfinite(part.low) or np.isfinite(part.high):
                    records += [
                        place | {"statistic": name, "value": value, "note": note}
                        for name, value in (("ci_low", part.low), ("ci_high", part.high))
                    ]
        return tidy_frame(records, analysis="claims", wave=self.source)

    def summary(self) -> pd.DataFrame:
        """Count the verdicts per section.

        Returns
        -------
        pandas.DataFrame
            Index: section in order, then ``totaal``; columns ``claims`` and the verdicts.
        """
        order = ["supported", "contradicted", "not_supported", "not_checkable"]
        frame = pd.DataFrame(
            [(entry.claim.section, entry.verdict) for entry in self.verdicts],
            columns=["section", "verdict"],
        )
        counts = (
            frame.groupby(["section", "verdict"], sort=False)
            .size()
            .unstack(fill_value=0)
            .reindex(columns=order, fill_value=0)
            .reindex(frame["section"].unique())
        )
        counts.loc["totaal"] = counts.sum()
        counts.insert(0, "claims", counts.sum(axis=1))
        return counts.astype("int64").rename_axis(index=None, columns=None)


def not_checkable(subject: str, reason: Text) -> Part:
    """Make the part of something that cannot be judged."""
    return Part(subject, "not_checkable", reason)


def _numbers(part: Part) -> dict[str, Any]:
    return {
        "statistic": part.statistic,
        "estimate": part.estimate,
        "low": part.low,
        "high": part.high,
        "p": part.p,
        "n": pd.NA if part.n is None else part.n,
    }
