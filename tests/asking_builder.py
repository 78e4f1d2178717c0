"""Waves with planted answers, and what the tests of questions share."""

from __future__ import annotations

import dataclasses
from typing import Any

import numpy as np
import pandas as pd

from mobiliteit.wave import Wave


def planted(wave: Wave, n: int, /, **columns: Any) -> Wave:
    """Make a wave of `n` people, copies of those of `wave`, with these columns of the clean frame.

    A column is an array or a value for everybody; texts become categories of the column.
    """
    frame = wave.frame.iloc[np.arange(n) % len(wave.frame)].copy()
    frame.index = pd.Index([f"p{i:06d}" for i in range(n)], name=wave.frame.index.name)
    for name, values in columns.items():
        made = pd.Series(values, index=frame.index)
        kind = frame[name].dtype
        frame[name] = (
            made.astype(kind) if isinstance(kind, pd.CategoricalDtype) else made.astype("float64")
        )
    return dataclasses.replace(wave, frame=frame)
