"""What judging claims on a wave needs again and again: analyses done once, and numbers in words.

It reads no published table.
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Callable, Hashable, Iterable, Mapping
from dataclasses import asdict, dataclass
from typing import Any, TypeVar

import numpy as np
import pandas as pd
from pandas.util import hash_pandas_object
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
Result = TypeVar("Result")


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
    done : dict, optional
        What other benches did, and what this one adds to. An analysis is known by its settings and
        by the very values that go into it, so that respondents who were sorted otherwise are not
        analysed again where the sorting plays no part.
    """

    def __init__(
        self,
        wave: Wave,
        alpha: float,
        bounds: Bounds,
        resamples: int,
        seed: int,
        done: dict[Any, Any] | None = None,
    ) -> None:
        self.wave, self.study = wave, wave.study
        self.alpha, self.level, self.bounds = alpha, 1 - alpha, bounds
        self.resamples, self.seed = resamples, seed
        self._done = {} if done is None else done
        self._samples: dict[str, pd.DataFrame] = {}
        self._digests: dict[tuple[str, str], bytes] = {}

    def frame(self, sample: Mapping[str, list[Any]], *names: str) -> pd.DataFrame:
        """Return the respondents of a sample.

        Raises
        ------
        LackingError
            The wave did not ask one of the variables `names`.
        """
        if lacking := unavailable(self.wave, names):
            raise LackingError(Text(nl=lacking, en=unavailable(self.wave, names, "en")))
        key = repr(sample)
        if key not in self._samples:
            self._samples[key] = self.wave.sample(dict(sample))
        return self._samples[key]

    def once(
        self,
        what: tuple[Any, ...],
        sample: Mapping[str, list[Any]],
        names: Iterable[str],
        analyse: Callable[[pd.DataFrame], Result],
    ) -> Result:
        """Return an analysis of a sample, done at most once.

        Parameters
        ----------
        what : tuple
            What is done, and with which settings besides those of the bench.
        sample : mapping
            Of whom.
        names : iterable of str
            All columns that the analysis looks at.
        analyse : callable
            Does it; is given the respondents.

        Raises
        ------
        AnalysisError
            As the analysis does, and as :meth:`frame` does.
        """
        names = list(dict.fromkeys(names))
        frame = self.frame(sample, *names)
        values = [self._digest(sample, frame, name) for name in names]
        settings = self.alpha, self.resamples, self.seed, self.bounds
        key = (what, settings, *names, *values)
        if key not in self._done:
            self._done[key] = analyse(frame)
        found: Result = self._done[key]
        return found

    def _digest(self, sample: Mapping[str, list[Any]], frame: pd.DataFrame, name: str) -> bytes:
        key = (repr(sample), name)
        if key not in self._digests:
            digest = hashlib.blake2b(digest_size=16)
            if name in frame:
                column = frame[name]
                # The order of the categories is that of the groups, also of those without anybody.
                categories = [*getattr(column.dtype, "categories", ())]
                digest.update(f"{column.dtype.name} {categories} ".encode())
                digest.update(hash_pandas_object(column, index=False).to_numpy().tobytes())
            self._digests[key] = digest.digest()
        return self._digests[key]

    def groups(self, place: Place) -> pd.DataFrame:
        """Return ``n`` and ``mean`` (or ``percent``) of the positions of a line."""
        return self.omnibus(place).groups

    def omnibus(self, place: Place) -> Comparison:
        """Return the classic test over all positions, as the report's tables have it."""
        compare = compare_shares if place.statistic == "percent" else compare_means
        return self._between(
            place, ("omnibus",), lambda frame: compare(frame, place.variable, place.by)
        )

    def _between(
        self, place: Place, what: tuple[Any, ...], analyse: Callable[[pd.DataFrame], Result]
    ) -> Result:
        """Do an analysis of the groups of a line."""
        columns = place.variable, place.by
        return self.once((*what, place.statistic), place.sample, columns, analyse)

    def contrast(self, place: Place, a: str, b: str) -> dict[str, float]:
        """Return ``difference, low, high, p, n`` of one pair, `a` minus `b`.

        Games-Howell for means, Holm over all pairs for shares.

        Raises
        ------
        AnalysisError
            One of the two has nobody with an answer, or the pair cannot be tested.
        """

        def tested(frame: pd.DataFrame) -> dict[tuple[str, str], dict[Hashable, Any]]:
            names, level = (place.variable, place.by), self.level
            pairs = (
                shares(frame, *names, code=YES, level=level).pairs
                if place.statistic == "percent"
                else pairwise_means(frame, *names, level=level).pairs
            )
            return {(row["a"], row["b"]): row for row in pairs.to_dict("records")}

        pairs = self._between(place, ("pairs",), tested)
        for pair, sign in (((a, b), 1), ((b, a), -1)):
            row = pairs.get(pair)
            if row is not None and math.isfinite(row["p"]):
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
        names, bounds, alpha = (place.variable, place.by, (a, b)), self.bounds, self.alpha

        def tested(frame: pd.DataFrame) -> Equivalence:
            if place.statistic == "percent":
                return equivalent_shares(frame, *names, bound=bounds.points, alpha=alpha)
            return equivalent_means(frame, *names, bound=bounds.d, unit="sd", alpha=alpha)

        return self._between(place, ("equivalence", a, b), tested)

    def model(self, cell: Cell) -> tuple[ModelPlace, RegressionInference]:
        """Return the model of a column with its fit."""
        place = model_of(self.study, cell.table, cell.column)
        names = place.outcome, *place.predictors
        return place, self.once(
            ("model",),
            place.sample,
            names,
            lambda frame: infer_regression(
                frame, place.outcome, place.predictors, level=self.level
            ),
        )

    def mediation(self, table: str, path: str, total: str) -> Mediation:
        """Return the mediation of all factors of a table at once."""
        first, second = (model_of(self.study, table, column) for column in (path, total))
        return self.once(
            ("mediation",),
            second.sample,
            (second.outcome, first.outcome, *first.predictors),
            lambda frame: mediate(
                frame,
                second.outcome,
                first.outcome,
                first.predictors,
                level=self.level,
                alpha=self.alpha,
                resamples=self.resamples,
                seed=self.seed,
            ),
        )

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
