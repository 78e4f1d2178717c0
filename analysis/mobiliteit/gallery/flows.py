"""Where people were and are: counts of the ways through two variables or more, without small ones.

Fewer than :data:`FEWEST` people are never drawn, nor can their number be worked out: what is drawn
adds up by itself, and what is left out is told as one number, or only that it is small.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from mobiliteit.disclosure import SMALLEST
from mobiliteit.errors import AnalysisError, Problem
from mobiliteit.gaps import unavailable
from mobiliteit.results import tidy_frame
from mobiliteit.study_schema import Label
from mobiliteit.wave import Wave
from mobiliteit.weights import without_weights

FEWEST = SMALLEST
NOTHING = Label(nl="", en="")


@dataclass(frozen=True)
class Flow:
    """People by where they came from and where they are.

    Attributes
    ----------
    stages : tuple of dict of str to Label
        Per stage, from left to right, the places and what they are called; in the order of the
        codebook, those where nobody is drawn left out.
    names : tuple of Label
        What each stage is.
    ways : pandas.DataFrame
        One row per way of :data:`FEWEST` people or more: a column per stage (0, 1, ...) with the
        place, and ``n``.
    n : int
        People with a known place at every stage.
    left_out : int
        People in ways of fewer; they are among `n`.
    n_missing : int
        People of the sample without a place at some stage.
    gap : Label
        What the wave did not ask; empty where nothing lacks.
    """

    stages: tuple[dict[str, Label], ...]
    names: tuple[Label, ...]
    ways: pd.DataFrame
    n: int
    left_out: int
    n_missing: int
    gap: Label = NOTHING

    @property
    def drawn(self) -> int:
        """People in the ways that are shown."""
        return self.n - self.left_out

    def tidy(self) -> pd.DataFrame:
        """Return the counts of the ways as a tidy frame, first stage in the row."""
        k = len(self.stages)
        records = [
            {
                "row": str(way[0]),
                "column": " > ".join(str(way[stage]) for stage in range(1, k)),
                "statistic": "count",
                "value": float(way["n"]),
                "n": self.n,
                "n_missing": self.n_missing,
            }
            for way in self.ways.to_dict("records")
        ]
        return tidy_frame(records, analysis="flow")


@without_weights
def flow_of(wave: Wave, through: Sequence[str], sample: Mapping[str, list[Any]]) -> Flow:
    """Count people by the ways they went.

    Parameters
    ----------
    wave : Wave
        A clean wave; weights are refused.
    through : sequence of str
        Variables with categories, in the order of time: two or more.
    sample : mapping of str to list
        Conditions on the respondents; empty for all.

    Returns
    -------
    Flow
        Who lacks one of the variables is missing.

    Raises
    ------
    AnalysisError
        Fewer than two variables.
    StudyError
        A variable has no categories.
    """
    study = wave.study
    frame = wave.sample(sample)[list(through)]
    frame = frame.set_axis(range(len(through)), axis=1)
    labels = [
        {key: Label(nl=nl, en=en) for key, (nl, en) in study.categories(name).items()}
        for name in through
    ]
    names = [Label(nl=study.label(name, "nl"), en=study.label(name, "en")) for name in through]
    why = Label(nl=unavailable(wave, through, "nl"), en=unavailable(wave, through, "en"))
    return count_flow(frame, labels, names, why=why)


@without_weights
def count_flow(
    frame: pd.DataFrame,
    places: Sequence[Mapping[str, Label]],
    names: Sequence[Label],
    *,
    why: Label = NOTHING,
) -> Flow:
    """Count the ways through the columns of a frame, and leave out the small ones.

    Parameters
    ----------
    frame : pandas.DataFrame
        People; a column per stage, named 0, 1, ... in order of time. NaN where the place is
        unknown; weights are refused.
    places : sequence of mapping of str to Label
        Per stage the places in order.
    names : sequence of Label
        What each stage is.
    why : Label
        What lacks.

    Returns
    -------
    Flow
        Ways in the order of their places.

    Raises
    ------
    AnalysisError
        Fewer than two stages.
    """
    if len(places) < 2:
        problem = Problem("a flow runs through two variables or more", "Name another one.")
        raise AnalysisError("The flow cannot be counted.", [problem])
    stages = list(range(len(places)))
    known = frame[stages].dropna().astype("str")
    counts = known.groupby(stages, sort=False).size().rename("n").reset_index()
    few = counts["n"] < FEWEST
    return flow_of_ways(
        counts[~few], places, names, n=len(known), n_missing=len(frame) - len(known), why=why
    )


def flow_of_ways(
    ways: pd.DataFrame,
    places: Sequence[Mapping[str, Label]],
    names: Sequence[Label],
    *,
    n: int,
    n_missing: int = 0,
    why: Label = NOTHING,
) -> Flow:
    """Put counted ways that may be shown in the order of their places.

    Parameters
    ----------
    ways : pandas.DataFrame
        A column per stage (0, 1, ...) with the place, and ``n``.
    places, names, why
        As of :func:`count_flow`.
    n, n_missing : int
        People with a known place at every stage, and without.

    Returns
    -------
    Flow
        People of `n` in no way are left out.
    """
    stages = list(range(len(places)))
    order = [{place: k for k, place in enumerate(own)} for own in places]
    shown = sorted(
        ways.to_dict("records"),
        key=lambda way: [order[stage][way[stage]] for stage in stages],
    )
    frame = pd.DataFrame(shown, columns=[*stages, "n"])
    used = [set(frame[stage]) for stage in stages]
    return Flow(
        stages=tuple(
            {key: label for key, label in places[stage].items() if key in used[stage]}
            for stage in stages
        ),
        names=tuple(names),
        ways=frame,
        n=n,
        left_out=n - int(frame["n"].sum()),
        n_missing=n_missing,
        gap=why,
    )
