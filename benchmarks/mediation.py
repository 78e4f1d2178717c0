"""The mediation bootstrap that `make bench` measures: 10,000 resamples of eight factors at once.

Made-up answers of 390 respondents, four factors of them yes or no; the promise is under a second on
two cores.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from mobiliteit.inference.mediate import mediate

RESPONDENTS, FACTORS, RESAMPLES = 390, 8, 10_000


def made_up() -> pd.DataFrame:
    """Draw respondents: factors ``x1`` to ``x8``, mediator ``m`` and outcome ``y``."""
    generator = np.random.default_rng(2006)
    scales = generator.normal(size=(RESPONDENTS, FACTORS // 2))
    facilities = (generator.random((RESPONDENTS, FACTORS // 2)) < 0.15).astype(float)
    factors = np.hstack([scales + facilities, facilities])
    frame = pd.DataFrame(factors, columns=[f"x{i + 1}" for i in range(FACTORS)])
    frame["m"] = 0.3 * frame["x1"] + generator.normal(size=RESPONDENTS)
    frame["y"] = 0.2 * frame["m"] + generator.normal(size=RESPONDENTS)
    return frame


def bootstrap() -> None:
    """Do the whole mediation once: paths, bootstrap, jackknife, intervals."""
    frame = made_up()
    mediate(frame, "y", "m", list(frame.columns[:FACTORS]), resamples=RESAMPLES)
