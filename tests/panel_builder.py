"""Makes panels of plain frames, so that tests need no raw files to follow people."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping

import numpy as np
import pandas as pd

from mobiliteit.panel import Panel, link_waves
from mobiliteit.wave import Wave

GROUPS = ("blijvers", "overwegers", "mobielen")
FIRST_YEAR = 2031


def wave_of(like: Wave, frame: pd.DataFrame, position: int) -> Wave:
    """A wave of two years after the one before it, with nobody but those in `frame`."""
    year = FIRST_YEAR + 2 * position
    facts = {"geslacht": 0.0, "leeftijd": 30.0 + 2 * position, "mobiliteitsgroep": GROUPS[0]}
    frame = frame.assign(**{name: v for name, v in facts.items() if name not in frame})
    frame["mobiliteitsgroep"] = pd.Categorical(frame["mobiliteitsgroep"], categories=GROUPS)
    update = {"wave": str(year), "year": year}
    descriptor = like.descriptor.model_copy(update=update)
    return dataclasses.replace(like, frame=frame, descriptor=descriptor)


def panel_of(like: Wave, *frames: pd.DataFrame) -> Panel:
    """A panel of frames with person ids as index, in order."""
    return link_waves([wave_of(like, frame, k) for k, frame in enumerate(frames)])


def people(values: Mapping[str, np.ndarray], there: np.ndarray | None = None) -> pd.DataFrame:
    """A frame of numbered people, of whom those `there` take part."""
    frame = pd.DataFrame(dict(values))
    frame.index = pd.Index([f"p{k}" for k in range(len(frame))], name="id")
    return frame if there is None else frame[there]
