"""What following numbers over waves gives."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pandas as pd

from mobiliteit.results import tidy_frame
from mobiliteit.samples import pair_label, percent_text
from mobiliteit.scale_checks import ScaleChecks
from mobiliteit.study_schema import Label
from mobiliteit.wave import Wave

LINE_COLUMNS = (
    *("table", "row", "column", "variable", "statistic", "wave"),
    *("first", "first_low", "first_high", "first_n"),
    *("second", "second_low", "second_high", "second_n"),
    *("change", "low", "high", "standardized", "p", "p_holm", "p_bh"),
    *("note", "note_en"),
)
PART_COLUMNS = (
    *("row", "variable", "statistic", "wave", "first", "counterfactual", "second", "unit"),
    *("change", "change_low", "change_high", "change_p"),
    *("composition", "composition_low", "composition_high", "composition_p"),
    *("rest", "rest_low", "rest_high", "rest_p", "rest_p_holm", "n"),
    *("note", "note_en"),
)
SPLIT = ("change", "composition", "rest")


@dataclass(frozen=True)
class Trends:
    """Numbers followed over waves, each later wave against the first.

    Attributes
    ----------
    waves : tuple of Wave
        The first is what the others are held against.
    lines : pandas.DataFrame
        One row per number and later wave. Columns `LINE_COLUMNS`: ``first`` and ``second`` with
        limits and n (percentages in 0-100); ``change`` with limits in the same unit;
        ``standardized`` (of a mean: in standard deviations of the first wave; of a share: Cohen's
        h); p, and corrected within a table and wave; ``note`` says what a wave lacks and what is
        known of the scale, ``note_en`` in English. NaN where a wave has nobody.
    parts : pandas.DataFrame
        One row per scale or share and later wave. Columns `PART_COLUMNS`: the change, and its
        split; ``counterfactual`` is the later wave with the margins of the first; ``unit`` a
        standard deviation of the first wave (1 for shares); ``rest_p_holm`` over all rows of a
        wave.
    margins : tuple of str
        Variables that are made equal.
    undecided : dict of str to Label
        Later wave to why it cannot be given the margins of the first.
    design_effects : dict of str to float
        Later wave to Kish's design effect of its new weights.
    shared : dict of str to int
        Later wave to the people it shares with the first.
    scales : ScaleChecks
        Whether the scales are still the same, unweighted.
    level : float
        Confidence level.
    """

    waves: tuple[Wave, ...]
    lines: pd.DataFrame
    parts: pd.DataFrame
    margins: tuple[str, ...]
    undecided: dict[str, Label]
    design_effects: dict[str, float]
    shared: dict[str, int]
    scales: ScaleChecks
    level: float

    @property
    def synthetic(self) -> bool:
        """Whether one of the waves was drawn by a generator."""
        return any(wave.synthetic for wave in self.waves)

    def mark(self, lang: str = "nl") -> str:
        """Return the marks of all waves, each once."""
        return " ".join(dict.fromkeys(filter(None, (wave.mark(lang) for wave in self.waves))))

    def tidy(self) -> pd.DataFrame:
        """Return all numbers as a tidy frame.

        ``sample`` is the table; ``wave`` the later wave against the first, or the wave of a value.
        Statistics ``mean`` or ``percent`` (and ``_low``, ``_high``), ``change``,
        ``change_standardized``, ``p_holm``, ``p_bh``; for the split ``composition`` and ``rest``.
        """
        records = [*self._line_records(), *self._part_records()]
        return tidy_frame(records, analysis="trends", wave=self.waves[0].id)

    def _line_records(self) -> Iterator[dict[str, Any]]:
        interval, seen = f"{percent_text(self.level)}-interval", set()
        for line in self.lines.to_dict("records"):
            place = {"sample": line["table"], "row": line["row"], "column": line["column"]}
            for which, wave in (("first", self.waves[0].id), ("second", line["wave"])):
                key = (*place.values(), wave)
                if key in seen:
                    continue
                seen.add(key)
                for part in ("", "_low", "_high"):
                    yield {
                        **place,
                        "wave": wave,
                        "statistic": f"{line['statistic']}{part}",
                        "value": line[f"{which}{part}"],
                        "n": line[f"{which}_n"],
                        "note": interval if part else line["note"],
                    }
            place |= {"wave": pair_label(line["wave"], self.waves[0].id)}
            place |= {"n": line["first_n"] + line["second_n"], "note": line["note"]}
            yield {**place, "statistic": "change", "value": line["change"], "p": line["p"]}
            for name, column in (
                ("change_low", "low"), ("change_high", "high"),
                ("change_standardized", "standardized"), ("p_holm", "p_holm"), ("p_bh", "p_bh"),
            ):  # fmt: skip
                yield {**place, "statistic": name, "value": line[column]}

    def _part_records(self) -> Iterator[dict[str, Any]]:
        for part in self.parts.to_dict("records"):
            place = {
                "sample": "samenstelling",
                "row": part["row"],
                "column": part["variable"],
                "wave": pair_label(part["wave"], self.waves[0].id),
                "n": part["n"],
                "note": part["note"],
            }
            yield {**place, "statistic": "counterfactual", "value": part["counterfactual"]}
            for name in SPLIT:
                own = {"value": part[name], "p": part[f"{name}_p"]}
                yield {**place, "statistic": name, **own}
                for limit in ("low", "high"):
                    value = part[f"{name}_{limit}"]
                    yield {**place, "statistic": f"{name}_{limit}", "value": value}
