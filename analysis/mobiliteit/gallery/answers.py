"""Answers to every question of a scale, as shares: what the diverging bars draw."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from mobiliteit.errors import AnalysisError, Problem
from mobiliteit.results import tidy_frame
from mobiliteit.scales import reverse
from mobiliteit.wave import Wave
from mobiliteit.weights import without_weights


@dataclass(frozen=True)
class ItemAnswers:
    """How the questions of scales with the same answers were answered.

    Attributes
    ----------
    codes : tuple of int
        The answers, lowest first.
    shares : pandas.DataFrame
        Index: question. Columns ``scale`` (its variable), one column per code of :attr:`codes`
        (share in [0, 1] among those who answered; NaN where nobody did), ``n`` and ``n_missing``
        (of the respondents who were to answer).
    reversed : frozenset of str
        Questions that count the other way round in their scale; their shares are of the answers as
        given.
    wave : Wave
        The wave.
    """

    codes: tuple[int, ...]
    shares: pd.DataFrame
    reversed: frozenset[str]
    wave: Wave

    def tidy(self) -> pd.DataFrame:
        """Return the shares as a tidy frame, in percent."""
        records = [
            {
                "row": str(item),
                "column": str(code),
                "statistic": "percent",
                "value": 100 * row[code],
                "n": row["n"],
                "n_missing": row["n_missing"],
            }
            for item, row in self.shares.iterrows()
            for code in self.codes
        ]
        return tidy_frame(records, analysis="answers", wave=self.wave.id)


@without_weights
def answer_shares(wave: Wave, scales: Sequence[str]) -> ItemAnswers:
    """Count the answers to the questions of scales.

    Parameters
    ----------
    wave : Wave
        A clean wave; weights are refused.
    scales : sequence of str
        Variables that are the mean of several questions with the same answers.

    Returns
    -------
    ItemAnswers
        Those who were not asked, because a filter question said so, are not missing.

    Raises
    ------
    AnalysisError
        A variable is no scale of several questions, or the scales have other answers.
    """
    book = wave.study.codebook
    known = book.scale_variables()
    problems = [
        Problem(f"{name} is no scale of several questions", f"Use one of: {', '.join(known)}.")
        for name in scales
        if name not in known
    ]
    found = {tuple(book.answers(name).values) for name in scales if name in known}
    if len(found) > 1:
        problems.append(Problem("the scales have other answers", "Take them one by one."))
    if problems:
        raise AnalysisError("The answers cannot be put beside each other.", problems)
    codes = tuple(sorted(found.pop()))
    columns = {column.name: column for column in book.columns()}
    rows: dict[str, dict[Any, Any]] = {}
    for name in scales:
        asked = wave.sample(dict(known[name].asked))
        for item in known[name].items:
            given = asked[item].dropna()
            if columns[item].reversed:
                # The clean frame holds them mirrored.
                given = reverse(given, *columns[item].bounds)
            n = len(given)
            share = {code: (given == code).sum() / n if n else np.nan for code in codes}
            rows[item] = {"scale": name, **share, "n": n, "n_missing": len(asked) - n}
    return ItemAnswers(
        codes=codes,
        shares=pd.DataFrame.from_dict(rows, orient="index"),
        reversed=frozenset(item for item in rows if columns[item].reversed),
        wave=wave,
    )
