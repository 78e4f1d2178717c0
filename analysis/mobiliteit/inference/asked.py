"""Who was asked a question: an empty answer of somebody else is no missing value."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from mobiliteit.study import Study
from mobiliteit.wave import Wave


def asked(wave: Wave, frame: pd.DataFrame, name: str) -> np.ndarray:
    """Say who was asked a variable, or enough of what it is made of.

    Parameters
    ----------
    wave : Wave
        The wave, with the skip rules of its study.
    frame : pandas.DataFrame
        Respondents of the wave.
    name : str
        A variable, derived or not; the groupings of the segment rules were asked of everybody.

    Returns
    -------
    numpy.ndarray of bool
        In the order of `frame`. As in cleaning, an unanswered filter question does not close the
        way. A derived mean counts as asked where as many of its sources were asked as it needs
        answers to; a variable of which the wave has no value at all was asked of nobody.
    """
    book = wave.study.codebook
    if name in wave.frame and not wave.frame[name].notna().any():
        return np.zeros(len(frame), dtype=bool)
    if name in book.derived:
        derived = book.derived[name]
        count = np.sum([asked(wave, frame, source) for source in derived.of], axis=0)
        # The allowance is that of scoring, for binary fractions.
        return np.asarray(count >= derived.min_answered * len(derived.of) - 1e-9)
    reached = np.ones(len(frame), dtype=bool)
    if name in book.variables:
        for source, codes in book.variables[name].asked.items():
            answer = frame[source]
            open_way = answer.isin(_as_values(wave.study, source, codes)) | answer.isna()
            if wave.frame[source].notna().any():
                reached &= asked(wave, frame, source)
            reached &= open_way.to_numpy()
    return reached


def _as_values(study: Study, name: str, codes: list[Any]) -> list[Any]:
    """Turn codes of a question into what the clean frame holds for them."""
    answers = study.codebook.answers(name)
    if answers.level != "nominal":
        return codes
    return [answers.values[code].id or str(code) for code in codes]
