"""Who was not asked a question, as opposed to who was asked and gave no answer."""

from __future__ import annotations

import numpy as np
import pandas as pd

from mobiliteit.wave import Wave


def not_asked(wave: Wave) -> pd.DataFrame:
    """Say of each empty cell of a wave whether nothing was asked there.

    Parameters
    ----------
    wave : Wave
        The wave. Weights play no part.

    Returns
    -------
    pandas.DataFrame
        Index: respondent id. Booleans, a column for each question and item of the codebook, each
        scale and each derived variable: True where there is no value since the wave did not have
        the question, or since an earlier answer closed the way to it. Of a score or a derived
        variable: where none of what it is made of was asked. A filter question without an answer
        closes nothing, as in cleaning (:func:`mobiliteit.clean.clean`).

    Notes
    -----
    Tested against the counts of the ledger, which are made in cleaning from the raw answers.
    """
    book, frame = wave.study.codebook, wave.frame
    columns = {column.name: column for column in book.columns()}
    shut: dict[str, np.ndarray] = {}
    closed: dict[str, np.ndarray] = {}
    for name, column in columns.items():
        shut[name] = np.zeros(len(frame), dtype=bool)
        for question, codes in column.asked.items():
            ids = columns[question].value_ids
            opening = codes if ids is None else [ids[code] for code in codes]
            answer = frame[question]
            shut[name] |= shut[question] | (answer.notna() & ~answer.isin(opening)).to_numpy()
        unasked = shut[name] | (name in wave.descriptor.absent)
        closed[name] = unasked & frame[name].isna().to_numpy()
    for name, variable in book.variables.items():
        if variable.items:
            closed[name] = _all_closed(closed, list(variable.items), frame[name])
    for name, derived in book.derived.items():
        closed[name] = _all_closed(closed, derived.of, frame[name])
    return pd.DataFrame(closed, index=frame.index)


def _all_closed(closed: dict[str, np.ndarray], sources: list[str], values: pd.Series) -> np.ndarray:
    return np.all([closed[source] for source in sources], axis=0) & values.isna().to_numpy()
