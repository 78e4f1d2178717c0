"""What a notebook opens first: the wave it is about, beside the published numbers."""

from __future__ import annotations

import os

from mobiliteit.project import FIRST_WAVE
from mobiliteit.scorecard import Scorecard, score_wave
from mobiliteit.wave import load_wave


def open_scorecard(wave: str | None = None, legend: str | None = None) -> Scorecard:
    """Read a wave, compute its tables and hold them against the published ones.

    Parameters
    ----------
    wave : str, optional
        Folder under ``data_raw/``; by default the wave that the main job runs
        (``MOBILITEIT_WAVE``), or the first.
    legend : str, optional
        Star legend by name; by default that of the main job (``MOBILITEIT_LEGEND``), or of the
        study.

    Returns
    -------
    Scorecard
        Holds the wave; ``mobiliteit.show_table`` shows a table of it.

    Raises
    ------
    MobiliteitError
        The wave cannot be used.
    """
    wave = wave or os.environ.get("MOBILITEIT_WAVE", FIRST_WAVE)
    return score_wave(load_wave(wave), legend=legend or os.environ.get("MOBILITEIT_LEGEND"))
