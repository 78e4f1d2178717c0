"""From annealed scores to the answers of the questionnaire."""

from __future__ import annotations

import numpy as np
import pandas as pd

from .draw import Draw
from .items import split_sums
from .late import draw_late
from .targets import Targets


def assemble(targets: Targets, draw: Draw, rng: np.random.Generator) -> pd.DataFrame:
    """Assemble all answers of the kept sample, one column per question, in codebook codes.

    NaN is no answer; whether the question was asked follows from the skip rules
    (:func:`.rawfile.asked_mask`).
    """
    late = draw_late(targets, draw, rng)
    out: dict[str, np.ndarray] = {}
    for name, entry in targets.codebook["variables"].items():
        if name in late:
            out[name] = np.where(late[name] < 0, np.nan, late[name])
        elif name in draw.names:
            j = draw.names.index(name)
            if "items" not in entry:
                out[name] = draw.column(name)
                continue
            items = targets.items_of(name)
            lo, hi = targets.bounds_of(name)
            sums = draw.values[:, j] * draw.answered[:, j]
            split = split_sums(
                sums,
                draw.answered[:, j],
                len(items),
                lo,
                hi,
                targets.config["scores"][name]["alpha"],
                rng,
            )
            for k, item in enumerate(items):
                flip = bool(entry["items"][item].get("reversed"))
                out[item] = lo + hi - split[:, k] if flip else split[:, k]
        else:
            out[name] = draw.people[name].to_numpy(dtype=float)
    return pd.DataFrame(out)
