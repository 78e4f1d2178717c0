"""What a notebook opens first: the wave it is about, beside the published numbers."""

from __future__ import annotations

import atexit
import os
import shutil
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from mobiliteit.project import FIRST_WAVE, RAW, Project, find_project
from mobiliteit.scorecard import Scorecard, score_wave
from mobiliteit.wave import Wave, load_wave

if TYPE_CHECKING:
    from mobiliteit.logbook import Session


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


def open_session(wave: str | None = None) -> Session:
    """Begin a session of questions to a wave.

    Parameters
    ----------
    wave : str, optional
        As of :func:`open_scorecard`.

    Returns
    -------
    Session
        Nothing asked yet.

    Raises
    ------
    MobiliteitError
        The wave cannot be used.
    """
    # The other notebooks need not wait for the lab.
    from mobiliteit.logbook import Session

    return Session(wave or os.environ.get("MOBILITEIT_WAVE", FIRST_WAVE))


def raw_file(wave: Wave) -> Path:
    """Say where the file of a wave lies, in the project of the current folder."""
    return find_project().raw(wave.id) / wave.descriptor.file.name


def scratch_project() -> Project:
    """Make an empty project to try things in; it is gone when Python stops.

    Returns
    -------
    Project
        With a ``data_raw/`` that holds no wave.
    """
    root = Path(tempfile.mkdtemp(prefix="mobiliteit-"))
    atexit.register(shutil.rmtree, root, ignore_errors=True)
    (root / RAW).mkdir()
    return Project(root)
