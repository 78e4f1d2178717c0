"""The findings of 2006 with what became of them: one row per finding, and its summaries."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from mobiliteit.against.rule import WORDS, WORST_FIRST, Rule
from mobiliteit.results import tidy_frame
from mobiliteit.wave import Wave

COLUMNS = (
    *("id", "source", "place", "claim", "kind", "form", "label_nl", "label_en", "direction"),
    *("old", "old_low", "old_high", "se_old_low", "se_old_high", "se_old_assumed", "se_old_odd"),
    *("new", "se_new", "df", "low", "high", "p", "p_holm", "p_bh", "n", "unit", "same_sign"),
    *("old_in_new", "new_in_old", "predicted", "smaller"),
    *("small_low", "small_high", "small_p_low", "small_p_high"),
    *("sceptical_nominal_low", "sceptical_nominal_high"),
    *("sceptical_golden_low", "sceptical_golden_high"),
    *("sceptical_controlled_low", "sceptical_controlled_high"),
    *("power", "detectable", "change_low", "change_high"),
    *("word", "why", "note", "weighted", "wave", "against", "synthetic"),
)
# Statistics of a finding in the tidy frame.
STATISTICS = (
    *("old", "old_low", "old_high", "se_old_low", "se_old_high", "new", "se_new", "low", "high"),
    *("p_holm", "p_bh", "small_low", "small_high", "small_p_low", "small_p_high"),
    *("sceptical_golden_low", "sceptical_golden_high", "power", "detectable"),
    *("change_low", "change_high"),
)


@dataclass(frozen=True)
class Against:
    """A wave held against the findings of 2006.

    Attributes
    ----------
    frame : pandas.DataFrame
        One row per finding, tables first and then the claims, with the columns of
        :data:`COLUMNS`. Percentages and explained variances are in points; ``old_low`` and
        ``old_high`` are the rounding; ``se_old_assumed`` says that nothing printed bounds the
        largest error; ``p_holm`` and ``p_bh`` are corrected over all distinct tests; ``change_*``
        is the difference with 2006 that is found with the power of the rule; NaN where a number is
        not there, with the reason in ``note``.
    rule : Rule
        How measures became words.
    wave : Wave
        The wave.
    against : str
        Which findings: ``2006``.
    tests : dict of str to float
        Distinct tests, how many are significant without correction, after Holm and after
        Benjamini-Hochberg, and how many would be by chance if nothing were there.
    """

    frame: pd.DataFrame
    rule: Rule
    wave: Wave
    against: str
    tests: Mapping[str, float]

    def tidy(self) -> pd.DataFrame:
        """Return the numbers of every finding as a tidy frame, with the word as note."""
        records: list[dict[str, Any]] = [
            {
                "row": finding["id"],
                "column": self.against,
                "statistic": statistic,
                "value": finding[statistic],
                "p": finding["p"] if statistic == "new" else np.nan,
                "n": finding["n"],
                "note": finding["word"],
            }
            for finding in self.frame.to_dict("records")
            for statistic in STATISTICS
        ]
        return tidy_frame(records, analysis="against", wave=self.wave.id)

    def summary(self) -> pd.DataFrame:
        """Count the words per table and per section of the text.

        Returns
        -------
        pandas.DataFrame
            Index: (source, place) in order, a claim counted once with the word of its worst part;
            columns ``findings`` and the words.
        """
        tables = self.frame[self.frame["source"] == "table"][["source", "place", "word"]]
        whole = self.claims.assign(source="claim")[["source", "place", "word"]]
        both = pd.concat([tables, whole], ignore_index=True)
        counts = (
            both.groupby(["source", "place", "word"], sort=False)
            .size()
            .unstack(fill_value=0)
            .reindex(columns=list(WORDS), fill_value=0)
            .reindex(pd.MultiIndex.from_frame(both[["source", "place"]].drop_duplicates()))
        )
        counts.insert(0, "findings", counts.sum(axis=1))
        return counts.astype("int64").rename_axis(columns=None)

    @property
    def claims(self) -> pd.DataFrame:
        """One row per claim: ``claim, place, parts, word``, the word being that of its worst part.

        Of the parts that cannot be said, those that no wave can give do not decide when another
        part can be.
        """
        rows = []
        for claim, parts in self.frame[self.frame["source"] == "claim"].groupby(
            "claim", sort=False
        ):
            able = parts[parts["form"] != "nothing"]
            words = list((able if len(able) else parts)["word"])
            word = min(words, key=WORST_FIRST.index)
            place = parts["place"].iloc[0]
            rows.append({"claim": claim, "place": place, "parts": len(parts), "word": word})
        return pd.DataFrame(rows, columns=["claim", "place", "parts", "word"])
