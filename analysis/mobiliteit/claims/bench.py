"""What judging claims on a wave needs again and again: analyses done once, and numbers in words.

It reads no published table.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
import pandas as pd
from scipy import stats

from mobiliteit.claims.places import ModelPlace, Place, model_of, position_label
from mobiliteit.claims.terms import Cell, Text
from mobiliteit.claims.verdicts import Part
from mobiliteit.compare import Comparison, compare_means, compare_shares
from mobiliteit.errors import AnalysisError, Problem
from mobiliteit.gaps import unavailable
from mobiliteit.inference.contrasts import pairwise_means
from mobiliteit.inference.equivalence import Equivalence, equivalent_means, equivalent_shares
from mobiliteit.inference.mediate import Mediation, mediate
from mobiliteit.inference.regression import RegressionInference, infer_regression
from mobiliteit.inference.shares import shares
from mobiliteit.render.numbers import format_number, format_p
from mobiliteit.wave import Wave

YES = 1


@dataclass(frozen=True)
class Bounds:
    """What is too small to count as a difference, stated beforehand.

    Attributes
    ----------
    d : float
        Between two means, in standard deviations: Cohen's "small".
    points : float
        Between two shares, in percentage points.
    beta, r : float
        A standardized coefficient and a correlation: Cohen's "small".
    indirect : float
        A standardized indirect effect: the product of a small (.1) and a medium (.3) path.
    """

    d: float = 0.2
    points: float = 5.0
    beta: float = 0.10
    r: float = 0.10
    indirect: float = 0.03

    def settings(self) -> dict[str, float]:
        """Return the bounds by name."""
        return {f"bound_{name}": value for name, value in asdict(self).items()}


class LackingError(AnalysisError):
    """A claim is about something that the wave did not ask."""

    def __init__(self, reason: Text) -> None:
        self.reason = reason
        super().__init__(
            "This claim cannot be judged.", [Problem(reason.en, "Judge it on another wave.")]
        )


class Bench:
    """A wave with the analyses done on it so far.

    Parameters
    ----------
    wave : Wave
        A clean wave.
    alpha : float
        Significance level; intervals have level 1 - alpha.
    bounds : Bounds
        What counts as no difference.
    resamples, seed : int
        Of every bootstrap.
    """

    def __init__(self, wave: Wave, alpha: float, bounds: Bounds, resamples: int, seed: int) -> None:
        self.wave, self.study = wave, wave.study
        self.alpha, self.level, self.bounds = alpha, 1 - alpha, bounds
        self.resamples, self.seed = resamples, seed
        self._done: dict[tuple[Any, ...], Any] = {}

    def frame(self, sample: Mapping[str, list[Any]], *names: str) -> pd.DataFrame:
        """Return the respondents of a sample.

        Raises
        ------
        LackingError
            The wave did not ask one of the variables `names`.
        """
        if lacking := unavailable(self.wave, names):
            raise LackingError(Text(nl=lacking, en=unavailable(self.wave, names, "en")))
        return self.wave.sample(dict(sample))

    def groups(self, place: Place) -> pd.DataFrame:
        """Return ``n`` and ``mean`` (or ``percent``) of the positions of a line."""
        return self.omnibus(place).groups

    def omnibus(self, place: Place) -> Comparison:
        """Return the classic test over all positions, as the report's tables have it."""
        key = ("omnibus", place.variable, place.by, repr(place.sample))
        if key not in self._done:
            compare = compare_shares if place.statistic == "percent" else compare_means
            frame = self.frame(place.sample, place.variable, place.by)
            self._done[key] = compare(frame, place.variable, place.by)
        return self._done[key]

    def contrast(self, place: Place, a: str, b: str) -> dict[str, float]:
        """Return ``difference, low, high, p, n`` of one pair, `a` minus `b`.

        Games-Howell for means, Holm over all pairs for shares.

        Raises
        ------
        AnalysisError
            One of the two has nobody with an answer, or the pair cannot be tested.
        """
        key = ("pairs", place.variable, place.by, repr(place.sample))
        if key not in self._done:
            frame, level = self.frame(place.sample, place.variable, place.by), self.level
            self._done[key] = (
                shares(frame, place.variable, place.by, code=YES, level=level).pairs
                if place.statistic == "percent"
                else pairwise_means(frame, place.variable, place.by, level=level).pairs
            )
        pairs: pd.DataFrame = self._done[key]
        for first, second, sign in ((a, b, 1), (b, a, -1)):
            found = pairs[(pairs["a"] == first) & (pairs["b"] == second)]
            if len(found) and math.isfinite(float(found["p"].iloc[0])):
                row = found.iloc[0]
                limits = sorted(sign * float(row[side]) for side in ("low", "high"))
                return {
                    "estimate": sign * float(row["difference"]),
                    "low": limits[0],
                    "high": limits[1],
                    "p": float(row["p"]),
                    "n": int(row["n"]),
                }
        problem = Problem(f"{place.variable}: {a} and {b} cannot be compared", "Add respondents.")
        raise AnalysisError("This claim cannot be judged.", [problem])

    def equivalence(self, place: Place, a: str, b: str) -> Equivalence:
        """Return the test that two positions differ by less than the bound."""
        frame = self.frame(place.sample, place.variable, place.by)
        if place.statistic == "percent":
            return equivalent_shares(
                frame,
                place.variable,
                place.by,
                (a, b),
                bound=self.bounds.points,
                alpha=self.alpha,
            )
        return equivalent_means(
            frame,
            place.variable,
            place.by,
            (a, b),
            bound=self.bounds.d,
            unit="sd",
            alpha=self.alpha,
        )

    def model(self, cell: Cell) -> tuple[ModelPlace, RegressionInference]:
        """Return the model of a column with its fit."""
        place = model_of(self.study, cell.table, cell.column)
        key = ("model", cell.table, cell.column)
        if key not in self._done:
            frame = self.frame(place.sample, place.outcome, *place.predictors)
            self._done[key] = infer_regression(
                frame, place.outcome, place.predictors, level=self.level
            )
        return place, self._done[key]

    def mediation(self, table: str, path: str, total: str, level: float) -> Mediation:
        """Return the mediation of all factors of a table at once, with intervals of a level."""
        key = ("mediation", table, path, total, level)
        if key not in self._done:
            first, second = (model_of(self.study, table, column) for column in (path, total))
            self._done[key] = mediate(
                self.frame(second.sample, second.outcome, first.outcome, *first.predictors),
                second.outcome,
                first.outcome,
                first.predictors,
                level=level,
                alpha=self.alpha,
                resamples=self.resamples,
                seed=self.seed,
            )
        return self._done[key]

    def names(self, place: Place, *positions: str) -> list[Text]:
        """Return the labels of positions."""
        return [position_label(self.study, place, position) for position in positions]


def mean_interval(values: pd.Series, level: float) -> tuple[float, float, float]:
    """Return a mean with its interval by Student's t; NaN limits for fewer than two values."""
    n = len(values)
    mean = float(values.mean()) if n else np.nan
    if n < 2:
        return mean, np.nan, np.nan
    reach = float(stats.t.ppf((1 + level) / 2, n - 1) * values.std(ddof=1) / np.sqrt(n))
    return mean, mean - reach, mean + reach


def share_interval(count: float, n: int, level: float) -> tuple[float, float, float]:
    """Return a percentage with its interval by Wilson (1927)."""
    if not n:
        return np.nan, np.nan, np.nan
    found = stats.binomtest(int(count), n).proportion_ci(level, method="wilson")
    return 100 * count / n, 100 * float(found.low), 100 * float(found.high)


def said(value: float, decimals: int, low: float = np.nan, high: float = np.nan) -> Text:
    """Write a number, with its interval in square brackets if it has one."""
    texts = []
    for lang in ("nl", "en"):
        text = format_number(value, decimals, lang=lang)
        if math.isfinite(low) and math.isfinite(high):
            limits = [format_number(limit, decimals, lang=lang) for limit in (low, high)]
            text += f" [{limits[0]}; {limits[1]}]"
        texts.append(text)
    return Text(nl=texts[0], en=texts[1])


def said_p(p: float) -> Text:
    """Write a p-value with its sign."""
    texts = [format_p(p, lang) for lang in ("nl", "en")]
    nl, en = (text if text.startswith("<") else f"= {text}" for text in texts)
    return Text(nl=f"p {nl}", en=f"p {en}")


def directed(
    subject: str, basis: Text, numbers: Mapping[str, Any], alpha: float, statistic: str
) -> Part:
    """Judge a number that should be positive: significantly so, significantly not, or neither."""
    verdict, why = "supported", ""
    if not numbers["p"] < alpha:
        verdict, why = "not_supported", "not_significant"
    elif numbers["estimate"] <= 0:
        verdict = "contradicted"
    return Part(subject, verdict, basis, why, statistic=statistic, **numbers)


def absent(
    subject: str,
    basis: Text,
    numbers: Mapping[str, Any],
    *,
    equivalent: bool,
    significant: bool,
    statistic: str,
) -> Part:
    """Judge a difference that should not be there: equivalence decides, then significance."""
    verdict, why = "not_supported", "not_equivalent"
    if equivalent:
        verdict, why = "supported", ""
    elif significant:
        verdict, why = "contradicted", ""
    return Part(subject, verdict, basis, why, statistic=statistic, **numbers)
