"""Which conventions give a student's numbers, weighed against chance."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from math import floor, isfinite, log

import numpy as np

from mobiliteit.hints.numbers import Numbers
from mobiliteit.hints.reading import MOST_DECIMALS, Given
from mobiliteit.hints.recipe import SIGNIFICANT
from mobiliteit.hints.result import Choice
from mobiliteit.render.numbers import round_half_up

SURE = 20.0  # the surprise must exceed what was tried by this factor
SLACK = 0.1  # numbers that a convention may get wrong, per number that it gets right
MOST_POSSIBLE = 5
NOISE = 1e-9  # of binary arithmetic, relative


@dataclass(frozen=True, eq=False)
class Tried:
    """What came out under one choice of conventions.

    Attributes
    ----------
    choice : tuple of Convention
        The conventions.
    hits : numpy.ndarray of bool
        Which of the student's numbers differ from ours and are what the choice gives.
    misses : numpy.ndarray of bool
        Where the choice gives another number than ours that is not the student's either.
    cost : float
        The surprise that is due for having tried this choice among so many.
    """

    choice: Choice
    hits: np.ndarray
    misses: np.ndarray
    cost: float


@dataclass(frozen=True, eq=False)
class Found:
    """A choice that gives some of the student's numbers; `keys` are their positions."""

    choices: tuple[Choice, ...]
    keys: np.ndarray
    certain: bool


def agrees(given: Given, value: float, rounding: str = "half_up") -> bool:
    """Whether a computed number, rounded as the student's, is the student's."""
    if not isfinite(value):
        return False
    if given.decimals >= MOST_DECIMALS:
        return abs(given.value - value) <= max(10.0**-MOST_DECIMALS, NOISE * abs(value))
    unit = 10.0**-given.decimals
    if abs(given.value - value) > unit * (1 + NOISE):
        return False
    return round(printed(value, given.decimals, rounding) / unit) == round(given.value / unit)


def _either(given: Given, value: float, rounding: str) -> bool:
    """Whether a number agrees, a tie rounded either way: what else was done is the question."""
    return agrees(given, value, rounding) or agrees(given, value, "half_even")


def printed(value: float, decimals: int, rounding: str = "half_up") -> float:
    """Round a number for comparison: half up, half to even, or cut off."""
    if rounding == "half_even":
        return float(np.round(float(f"{value:.12g}"), decimals))
    if rounding == "cut":
        scaled = abs(float(f"{value:.12g}")) * 10.0**decimals
        return float(np.sign(value) * floor(scaled * (1 + NOISE))) / 10.0**decimals
    return float(round_half_up(value, decimals))


@dataclass(frozen=True, eq=False)
class Held:
    """The student's numbers and ours, side by side.

    Attributes
    ----------
    given : tuple of Given
        The student's.
    base : numpy.ndarray
        Ours, in the same order.
    """

    given: tuple[Given, ...]
    base: np.ndarray

    @cached_property
    def value(self) -> np.ndarray:
        """The student's numbers as floats."""
        return np.array([entry.value for entry in self.given])

    @cached_property
    def unit(self) -> np.ndarray:
        """One in the last digit of each."""
        return np.array([10.0**-entry.decimals for entry in self.given])

    @cached_property
    def wrong(self) -> np.ndarray:
        """Which differ."""
        pairs = zip(self.given, self.base, strict=True)
        return np.array([not agrees(entry, ours) for entry, ours in pairs])

    @cached_property
    def bits(self) -> np.ndarray:
        """Minus the log of the chance that a wild guess hits each number."""
        off = np.nan_to_num(np.abs(self.value - self.base), nan=1.0)
        verdict = np.array([entry.key.statistic == SIGNIFICANT for entry in self.given])
        return np.where(verdict, log(2), -np.log(self.unit / (2 * off + self.unit)))


def try_out(choice: Choice, numbers: Numbers, held: Held, n_alike: int) -> Tried:
    """Hold what a choice gives against the student's numbers.

    Parameters
    ----------
    choice : tuple of Convention
        The conventions.
    numbers : dict
        The table under them.
    held : Held
        The student's numbers, and ours.
    n_alike : int
        How many choices of this kind are tried.

    Returns
    -------
    Tried
        Without hits where the choice changes nothing.
    """
    rounding = next((c.change["rounding"] for c in choice if "rounding" in c.change), "half_up")
    values = np.array([numbers.get(entry.key, np.nan) for entry in held.given])
    hits, misses = np.zeros(len(values), dtype=bool), np.zeros(len(values), dtype=bool)
    moved = ~np.isclose(values, held.base, rtol=NOISE, atol=0, equal_nan=True)
    near = np.abs(values - held.value) <= held.unit * (1 + NOISE)
    for at in np.flatnonzero(moved if rounding == "half_up" else np.ones_like(moved)):
        entry, value = held.given[at], values[at]
        right = bool(near[at]) and _either(entry, value, rounding)
        if right:
            hits[at] = held.wrong[at]
        elif not held.wrong[at] or not _same(entry, value, held.base[at], rounding):
            misses[at] = True
    # that a number lies on the edge between two digits is surprise enough
    cost = 0.0 if rounding == "half_even" else log(SURE) + log(n_alike)
    return Tried(choice, hits, misses, cost)


def _same(entry: Given, value: float, ours: float, rounding: str) -> bool:
    """Whether two computed numbers look the same at the student's decimals."""
    if not (isfinite(value) and isfinite(ours)):
        return isfinite(value) == isfinite(ours)
    if abs(value - ours) > 2 * 10.0**-entry.decimals:
        return False
    return printed(value, entry.decimals, rounding) == printed(ours, entry.decimals)


def explain(
    singles: Sequence[Tried],
    pairs: Callable[[np.ndarray], Iterable[Tried]],
    held: Held,
) -> tuple[list[Found], int]:
    """Find the fewest conventions that give most of the numbers that differ.

    Parameters
    ----------
    singles : sequence of Tried
        Each convention alone.
    pairs : callable
        Gets which numbers are not explained yet, and tries pairs; called if any are left.
    held : Held
        The student's numbers, and ours.

    Returns
    -------
    found : list of Found
        The best first. Where nothing is certain, one entry with what could be, if anything gives
        all numbers that differ.
    tried : int
        How many choices were tried.

    Notes
    -----
    Greedy: the choice with the most surprise beyond its cost comes first, then the best for what is
    left. A choice counts for the whole table, or for the columns or rows in which it spoils
    nothing.
    """
    bits, wrong = held.bits, held.wrong
    lines = [
        _lines([getattr(entry.key, line) for entry in held.given]) for line in ("column", "row")
    ]
    tried, left, found = list(singles), wrong.copy(), []
    paired = False
    while left.any():
        best = _best(tried, bits, left, lines)
        if not paired and (best is None or (left & ~best.keys).any()):
            tried += list(pairs(left))
            paired = True
            best = _best(tried, bits, left, lines)
        if best is None:
            break
        found.append(best)
        left &= ~best.keys
    if not found:
        whole = [one for one in tried if (one.hits == wrong).all() and not one.misses.any()]
        fewest = min((len(one.choice) for one in whole), default=0)
        possible = [one.choice for one in whole if len(one.choice) == fewest]
        if possible:
            found.append(Found(tuple(possible[:MOST_POSSIBLE]), wrong, certain=False))
    return found, len(tried)


def _lines(names: Sequence[str]) -> list[np.ndarray]:
    array = np.array(names)
    return [array == name for name in dict.fromkeys(names)]


def _best(
    tried: Iterable[Tried], bits: np.ndarray, left: np.ndarray, lines: list[list[np.ndarray]]
) -> Found | None:
    """Find the choices that explain most of what is left; None where none explains enough."""
    scores: list[tuple[float, Tried, np.ndarray]] = []
    for one in tried:
        if not (one.hits & left).any():
            continue
        keys = _covered(one, bits, left, lines)
        gain = bits[keys].sum() - one.cost
        if keys.any() and gain > 0:
            scores.append((gain, one, keys))
    if not scores:
        return None
    _, first, keys = max(scores, key=lambda entry: entry[0])
    alike = [
        one.choice
        for _, one, other in scores
        if (other == keys).all() and len(one.choice) == len(first.choice) and one is not first
    ]
    return Found((first.choice, *alike[: MOST_POSSIBLE - 1]), keys, certain=True)


def _covered(
    one: Tried, bits: np.ndarray, left: np.ndarray, lines: list[list[np.ndarray]]
) -> np.ndarray:
    """Return what a choice explains: in the whole table, or in the lines that it does not spoil."""
    hits = one.hits & left
    if one.misses.sum() <= SLACK * one.hits.sum():
        return hits
    options = []
    for line in lines:
        keys = np.zeros_like(hits)
        for inside in line:
            clean = not (one.misses & inside).any()
            enough = bits[hits & inside].sum() > one.cost + log(len(line))
            if clean and enough:
                keys |= hits & inside
        options.append(keys)
    return max(options, key=lambda keys: float(bits[keys].sum()))
