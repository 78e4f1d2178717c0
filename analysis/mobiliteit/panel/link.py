"""Who is in which waves: people are linked by their hashed ids, and held to what cannot change."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any

import numpy as np
import pandas as pd

from mobiliteit.errors import AnalysisError, Problem
from mobiliteit.panel.settings import PanelSettings, load_panel_settings
from mobiliteit.results import tidy_frame
from mobiliteit.study import Study
from mobiliteit.wave import Wave
from mobiliteit.weights import carries_weights

PERSON, WAVE = "persoon", "golf"
SEPARATOR = "@"
NOT_COMPUTED = "niet te berekenen: te weinig mensen, of voorspellers die elkaar bepalen"
INCONSISTENT_COLUMNS = ("person", "variable", "first", "second", "before", "after")


@dataclass(frozen=True)
class Panel:
    """Waves with the people that they share.

    Attributes
    ----------
    waves : tuple of Wave
        In the order of their years, without weights.
    frames : tuple of pandas.DataFrame
        The respondents of each, index: hashed id.
    presence : pandas.DataFrame
        Index: everybody's hashed id; one column of booleans per wave id.
    inconsistent : pandas.DataFrame
        Columns ``person, variable, first, second, before, after``: what changed between two waves
        that cannot, one row per contradiction. These people are kept; :meth:`consistent` drops
        them.
    settings : PanelSettings
        Of the study.
    """

    waves: tuple[Wave, ...]
    frames: tuple[pd.DataFrame, ...]
    presence: pd.DataFrame
    inconsistent: pd.DataFrame
    settings: PanelSettings

    @property
    def study(self) -> Study:
        """The study of the waves."""
        return self.waves[0].study

    @property
    def ids(self) -> list[str]:
        """Ids of the waves, in order."""
        return [wave.id for wave in self.waves]

    @property
    def steps(self) -> list[tuple[int, int]]:
        """Positions of the waves that follow each other."""
        return list(pairwise(range(len(self.waves))))

    @property
    def synthetic(self) -> bool:
        """Whether any of the waves was drawn by a generator."""
        return any(wave.synthetic for wave in self.waves)

    def mark(self, lang: str = "nl") -> str:
        """Return what outputs must carry: the marks of the waves, each once."""
        marks: dict[str, list[str]] = {}
        for wave in self.waves:
            marks.setdefault(wave.mark(lang), []).append(wave.id)
        return " ".join(f"{', '.join(ids)}: {mark}" for mark, ids in marks.items() if mark)

    @property
    def linked(self) -> pd.Index:
        """Ids of the people who are in two waves or more."""
        return self.presence.index[self.presence.sum(axis=1) >= 2]

    def pair(self, first: int, second: int) -> tuple[pd.DataFrame, pd.DataFrame]:
        """Return the rows of the people who are in two waves.

        Parameters
        ----------
        first, second : int
            Positions of the waves.

        Returns
        -------
        tuple of pandas.DataFrame
            Their answers then and later, the same people in the same order.
        """
        before, after = self.frames[first], self.frames[second]
        shared = before.index[before.index.isin(after.index)]
        return before.loc[shared], after.loc[shared]

    def long(self, variables: Sequence[str]) -> pd.DataFrame:
        """Return the linked people, one row per person and wave.

        Parameters
        ----------
        variables : sequence of str
            Columns of the waves.

        Returns
        -------
        pandas.DataFrame
            Columns ``persoon`` (hashed id), ``golf`` (wave id) and `variables`; sorted by wave,
            then as in the wave. Only people in two waves or more.

        Raises
        ------
        AnalysisError
            A variable is in none of the waves.
        """
        linked, parts = self.linked, []
        self.check(variables)
        for wave, frame in zip(self.waves, self.frames, strict=True):
            part = frame.loc[frame.index.isin(linked), list(variables)]
            part = part.rename_axis(PERSON).reset_index()
            part.insert(1, WAVE, wave.id)
            parts.append(part)
        return pd.concat(parts, ignore_index=True)

    def wide(self, variables: Sequence[str]) -> pd.DataFrame:
        """Return the linked people, one row each.

        Parameters
        ----------
        variables : sequence of str
            Columns of the waves.

        Returns
        -------
        pandas.DataFrame
            Index: hashed id. Per variable and wave a column such as ``uren@2006``, missing where
            the person is not in that wave.

        Raises
        ------
        AnalysisError
            A variable is in none of the waves.
        """
        self.check(variables)
        parts = [
            frame[list(variables)].reindex(self.linked).add_suffix(f"{SEPARATOR}{wave.id}")
            for wave, frame in zip(self.waves, self.frames, strict=True)
        ]
        return pd.concat(parts, axis=1).rename_axis(PERSON)

    def consistent(self) -> Panel:
        """Return the panel without the people who contradict themselves; the others stay."""
        dropped = self.inconsistent["person"].unique()
        frames = tuple(frame[~frame.index.isin(dropped)] for frame in self.frames)
        return replace(
            self,
            frames=frames,
            presence=self.presence[~self.presence.index.isin(dropped)],
            inconsistent=self.inconsistent.iloc[:0],
        )

    def check(self, variables: Sequence[str]) -> None:
        """Raise `AnalysisError` for variables that are not in the waves."""
        unknown = [name for name in variables if name not in self.frames[0]]
        if unknown:
            problem = Problem(
                f"{', '.join(unknown)} is not in the data", "Use names of the codebook."
            )
            raise AnalysisError("This cannot be followed over waves.", [problem])

    def tidy(self) -> pd.DataFrame:
        """Return who is in which waves, and contradictions, as a tidy frame.

        Rows ``respondents`` per wave, ``linked`` per two waves that follow each other, ``pattern``
        per combination of waves (``2006 + 2008``), and ``inconsistent`` (people) per variable.
        """
        records: list[dict[str, Any]] = [
            {"row": wave, "statistic": "respondents", "value": n, "n": n}
            for wave, n in self.presence.sum().items()
        ]
        for i, j in self.steps:
            n = int((self.presence.iloc[:, i] & self.presence.iloc[:, j]).sum())
            name = f"{self.ids[i]} - {self.ids[j]}"
            records.append({"row": name, "statistic": "linked", "value": n, "n": n})
        patterns = self.presence.value_counts(sort=False)
        for pattern, n in zip(patterns.index.tolist(), patterns.tolist(), strict=True):
            there = [name for name, here in zip(self.ids, pattern, strict=True) if here]
            records.append({"row": " + ".join(there), "statistic": "pattern", "value": n, "n": n})
        n = len(self.linked)
        for variable in (*self.settings.fixed, *self.settings.years):
            found = self.inconsistent["variable"] == variable
            people = self.inconsistent.loc[found, "person"].nunique()
            record = {"row": variable, "statistic": "inconsistent", "value": people, "n": n}
            records.append(record)
        return tidy_frame(records, analysis="panel", wave=" + ".join(self.ids), sample="panel")


def link_waves(waves: Sequence[Wave]) -> Panel:
    """Link the people of two waves or more by their hashed ids.

    Parameters
    ----------
    waves : sequence of Wave
        In any order, without weights (``wave.unweighted()``): the weights of a wave stand for its
        own population, not for the people who are followed.

    Returns
    -------
    Panel
        The waves in the order of their years. People who contradict themselves (a fact that cannot
        change did, or one that moves with the years moved otherwise) are flagged, and kept.

    Raises
    ------
    AnalysisError
        Fewer than two waves, two of one year, waves of different studies, ids that were hashed with
        different salts, waves that share nobody, or waves with weights.
    """
    ordered = sorted(waves, key=lambda wave: wave.descriptor.year)
    problems = _problems(ordered)
    if not problems:
        problems = [
            Problem(
                f"waves {first.id} and {second.id} share nobody",
                "Check that both have the supplier's own person ids, hashed with one salt.",
            )
            for first, second in pairwise(ordered)
            if not first.frame.index.isin(second.frame.index).any()
        ]
    if problems:
        raise AnalysisError("These waves cannot be linked.", problems)
    settings = load_panel_settings(ordered[0].study)
    everybody = ordered[0].frame.index
    for wave in ordered[1:]:
        everybody = everybody.union(wave.frame.index, sort=False)
    presence = pd.DataFrame(
        {wave.id: everybody.isin(wave.frame.index) for wave in ordered}, index=everybody
    ).rename_axis(PERSON)
    panel = Panel(
        waves=tuple(ordered),
        frames=tuple(wave.frame for wave in ordered),
        presence=presence,
        inconsistent=pd.DataFrame(columns=list(INCONSISTENT_COLUMNS)),
        settings=settings,
    )
    return replace(panel, inconsistent=_contradictions(panel))


def _problems(waves: Sequence[Wave]) -> list[Problem]:
    problems = []
    if len(waves) < 2:
        problems.append(Problem(f"{len(waves)} wave is no panel", "Name two waves or more."))
    for first, second in pairwise(waves):
        if first.descriptor.year == second.descriptor.year:
            what = f"waves {first.id} and {second.id} are both of {first.descriptor.year}"
            problems.append(Problem(what, "Name waves of different years."))
        if first.study.path != second.study.path:
            what = f"waves {first.id} and {second.id} belong to different studies"
            problems.append(Problem(what, "Load them with one study."))
        if _salt(first) != _salt(second):
            what = f"the person ids of waves {first.id} and {second.id} have different salts"
            remedy = "Read both waves with the salt that the earlier one was hashed with."
            problems.append(Problem(what, remedy))
    for wave in waves:
        if carries_weights(wave):
            problems.append(
                Problem(
                    "link_waves has no weighted form, and these respondents have weights",
                    "Use wave.unweighted() to leave the weights out on purpose.",
                    wave=wave.id,
                )
            )
    return problems


def _salt(wave: Wave) -> tuple[bool, str | None]:
    """Tell waves apart whose ids cannot match; all real waves share the one of the project."""
    return wave.synthetic, wave.descriptor.respondent.salt if wave.synthetic else None


def _contradictions(panel: Panel) -> pd.DataFrame:
    settings, parts = panel.settings, []
    for i in range(len(panel.waves)):
        for j in range(i + 1, len(panel.waves)):
            before, after = panel.pair(i, j)
            years = panel.waves[j].descriptor.year - panel.waves[i].descriptor.year
            for name in (*settings.fixed, *settings.years):
                was, now = before[name], after[name]
                known = (was.notna() & now.notna()).to_numpy()
                if name in settings.years:
                    moved = now.to_numpy(dtype="float64") - was.to_numpy(dtype="float64")
                    off = np.abs(moved - years) > settings.years[name] + 1e-9
                else:
                    off = was.astype("object").to_numpy() != now.astype("object").to_numpy()
                wrong = known & off
                parts.append(
                    pd.DataFrame(
                        {
                            "person": before.index[wrong],
                            "variable": name,
                            "first": panel.ids[i],
                            "second": panel.ids[j],
                            "before": was[wrong].astype("str").to_numpy(),
                            "after": now[wrong].astype("str").to_numpy(),
                        }
                    )
                )
    if not parts:
        return pd.DataFrame(columns=list(INCONSISTENT_COLUMNS))
    return pd.concat(parts, ignore_index=True)
