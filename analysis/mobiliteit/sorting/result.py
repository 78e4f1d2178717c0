"""What comes of sorting otherwise: who moves, which cells change, which findings flip."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pandas as pd

from mobiliteit.results import number, tidy_frame
from mobiliteit.sorting.schema import Version
from mobiliteit.study_schema import Label
from mobiliteit.wave import Wave

CELL_COLUMNS = (
    *("table", "row", "column", "statistic", "before", "after", "p_before", "p_after"),
    *("n_before", "n_after", "text_before", "text_after", "flips"),
    *("text_before_en", "text_after_en"),
    *("row_label", "row_label_en", "column_label", "column_label_en"),
)
CLAIM_COLUMNS = (
    *("id", "form", "claim_nl", "claim_en", "before", "after"),
    *("basis_nl", "basis_en", "p"),
)
NUMBER_FORMS = ("value", "ratio", "respondents", "explained")
"""Forms of claims that quote a number: one respondent more may be enough to flip them."""
NOT_APPLICABLE = "not_applicable"


@dataclass(frozen=True)
class SortingVersion:
    """What one other version of the rules does to a wave.

    Attributes
    ----------
    id : str
        Id of the version; its changes are in `version`.
    version : Version
        The rules.
    undecided : Label or None
        Why it cannot be decided with this wave, in both languages; everything else is then empty.
    moves : pandas.DataFrame
        Respondents, unweighted. Index: groups of the report's rules, and the unclassified; columns:
        the same under the version.
    cells : pandas.DataFrame
        Cells of the tables that print otherwise. Columns `CELL_COLUMNS`: unrounded numbers, p and n
        of both, how they print, whether the test of the cell flips (Ja or Nee, stars), and labels,
        in Dutch and (``_en``) in English.
    claims : pandas.DataFrame
        Claims of the text with another verdict. Columns `CLAIM_COLUMNS`; ``after`` is
        ``not_applicable`` when the claim speaks of something that the version does not have.
    tests, judged : int
        Cells with a test, and claims, that both sortings have.
    """

    id: str
    version: Version
    undecided: Label | None
    moves: pd.DataFrame
    cells: pd.DataFrame
    claims: pd.DataFrame
    tests: int
    judged: int

    @property
    def decided(self) -> bool:
        """Whether this wave can be sorted so."""
        return self.undecided is None

    @property
    def moved(self) -> int:
        """Respondents who change group, into or out of the unclassified included."""
        counts = self.moves.to_numpy()
        return int(counts.sum() - counts.trace())

    @property
    def flipped(self) -> pd.DataFrame:
        """The cells of which the test flips."""
        return self.cells[self.cells["flips"].astype("bool")]

    @property
    def quoting(self) -> pd.DataFrame:
        """Those of the flipped claims that quote a number."""
        return self.flipped_claims[self.flipped_claims["form"].isin(NUMBER_FORMS)]

    @property
    def flipped_claims(self) -> pd.DataFrame:
        """The claims that both sortings can speak of, and that get another verdict."""
        return self.claims[self.claims["after"] != NOT_APPLICABLE]


@dataclass(frozen=True)
class Sorting:
    """A wave under the report's rules and under other versions of them.

    Attributes
    ----------
    wave : Wave
        Under the report's rules, without weights.
    versions : tuple of SortingVersion
        In the order of the file.
    alpha : float
        Level of the claims' tests.
    resamples, seed : int
        Of the claims' bootstraps.
    """

    wave: Wave
    versions: tuple[SortingVersion, ...]
    alpha: float
    resamples: int
    seed: int

    def __getitem__(self, version: str) -> SortingVersion:
        """Return a version by its id; KeyError when there is none."""
        for entry in self.versions:
            if entry.id == version:
                return entry
        raise KeyError(version)

    @property
    def sizes(self) -> pd.DataFrame:
        """Respondents per group; index: the report's rules and the versions that were decided."""
        rules = self.wave.study.segments
        group = rules.group_variable.id
        first = self.wave.frame[group].value_counts(sort=False).reindex(list(rules.groups))
        rows = {rules.version: [*first, len(self.wave.unclassified)]}
        rows |= {entry.id: entry.moves.sum().tolist() for entry in self.versions if entry.decided}
        columns = [*rules.groups, rules.unclassified.id]
        return pd.DataFrame.from_dict(rows, orient="index", columns=columns).astype("int64")

    def summary(self) -> pd.DataFrame:
        """Count per version.

        Returns
        -------
        pandas.DataFrame
            Index: versions. Columns ``moved`` (respondents), ``cells`` (that print otherwise),
            ``tests_flipped`` of ``tests``, ``claims_flipped`` of ``claims``, ``numbers_flipped``
            (those of the flipped that quote a number), ``not_applicable`` (claims that the version
            cannot speak of), nullable integers; missing where undecided.
        """
        records = {
            entry.id: {
                "moved": entry.moved,
                "cells": len(entry.cells),
                "tests_flipped": len(entry.flipped),
                "tests": entry.tests,
                "claims_flipped": len(entry.flipped_claims),
                "claims": entry.judged,
                "numbers_flipped": len(entry.quoting),
                "not_applicable": len(entry.claims) - len(entry.flipped_claims),
            }
            if entry.decided
            else {}
            for entry in self.versions
        }
        return pd.DataFrame.from_dict(records, orient="index").astype("Int64")

    def tidy(self) -> pd.DataFrame:
        """Return who moves, the counts, and all that changes, as a tidy frame.

        ``sample`` is the version. ``respondents``: from the group in ``row`` to that in ``column``.
        ``cell``: the new value of a cell (``row`` is table and row), its note says what it was.
        ``claim``: a claim with another verdict, in the note.
        """
        records = [record for entry in self.versions for record in self._records(entry)]
        return tidy_frame(records, analysis="sorting", wave=self.wave.id)

    def _records(self, entry: SortingVersion) -> Iterator[dict[str, Any]]:
        common = {"sample": entry.id}
        if entry.undecided is not None:
            yield {**common, "statistic": "undecided", "note": entry.undecided.nl}
            return
        n = int(entry.moves.to_numpy().sum())
        for before, row in entry.moves.iterrows():
            for after, count in row.items():
                place = {"row": str(before), "column": str(after), "statistic": "respondents"}
                yield {**common, **place, "value": float(count), "n": n}
        counts = self.summary()
        for name in counts.columns:
            value = number(counts, entry.id, name)
            yield {**common, "statistic": str(name), "value": value, "n": n}
        for cell in entry.cells.to_dict("records"):
            note = f"{cell['text_before']} wordt {cell['text_after']}"
            yield {
                **common,
                "row": f"{cell['table']} {cell['row']}",
                "column": cell["column"],
                "statistic": "cell_flipped" if cell["flips"] else "cell",
                "value": cell["after"],
                "p": cell["p_after"],
                "n": cell["n_after"],
                "note": note,
            }
        for claim in entry.claims.to_dict("records"):
            note = f"{claim['before']} wordt {claim['after']}"
            place = {"row": claim["id"], "statistic": "claim", "p": claim["p"]}
            yield {**common, **place, "note": note}
