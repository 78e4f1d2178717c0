"""Measures of an answer as words: what they are called, their unit, decimals and direction."""

from __future__ import annotations

import math
from typing import Any

from mobiliteit.render.numbers import MISSING, format_number, format_p, round_half_up

# Shown times this; shares and explained variance are read as percentages.
_HUNDREDS = ("points", "omega2", "epsilon2", "superiority", "r2")
# Never below nothing: such a measure has a size, and no direction.
UNSIGNED = ("omega2", "epsilon2", "cramers_v", "r2")
_NULL = {"odds_ratio": 1.0, "superiority": 0.5}
# An interval that stays clear of no effect must not be rounded onto it: this many decimals more.
_MOST_DECIMALS = 4

NAMES: dict[str, dict[str, str]] = {
    "nl": {
        "beta": "bèta",
        "d": "d",
        "difference": "verschil",
        "b": "b",
        "points": "verschil",
        "odds_ratio": "odds ratio",
        "omega2": "omega²",
        "epsilon2": "epsilon²",
        "superiority": "kans op het hogere antwoord",
        "cramers_v": "Cramérs V",
        "indirect": "indirect verband",
        "interaction": "verschil in bèta",
        "r2": "R²",
    },
    "en": {
        "beta": "beta",
        "d": "d",
        "difference": "difference",
        "b": "b",
        "points": "difference",
        "odds_ratio": "odds ratio",
        "omega2": "omega²",
        "epsilon2": "epsilon²",
        "superiority": "chance of the higher answer",
        "cramers_v": "Cramér's V",
        "indirect": "indirect association",
        "interaction": "difference in beta",
        "r2": "R²",
    },
}
MEANINGS: dict[str, dict[str, str]] = {
    "nl": {
        "beta": "standaarddeviaties van de uitkomst per standaarddeviatie",
        "d": "verschil tussen gemiddelden, in standaarddeviaties",
        "difference": "verschil tussen gemiddelden, in de eenheid van de uitkomst",
        "b": "in de eenheid van de uitkomst, per eenheid",
        "points": "verschil tussen percentages, in procentpunten",
        "odds_ratio": "1 is geen verband",
        "omega2": "deel van de verschillen dat met de groepen samengaat",
        "epsilon2": "deel van de verschillen in rangorde dat met de groepen samengaat",
        "superiority": "50% is geen verschil",
        "cramers_v": "0 is geen verband, 1 een volledig verband",
        "indirect": "product van de twee paden, gestandaardiseerd",
        "interaction": "verschil tussen de verbanden",
        "r2": "deel van de verschillen in de uitkomst",
    },
    "en": {
        "beta": "standard deviations of the outcome per standard deviation",
        "d": "difference between means, in standard deviations",
        "difference": "difference between means, in units of the outcome",
        "b": "units of the outcome per unit",
        "points": "difference between percentages, in percentage points",
        "odds_ratio": "1 is no association",
        "omega2": "share of the differences that goes with the groups",
        "epsilon2": "share of the differences in rank that goes with the groups",
        "superiority": "50% is no difference",
        "cramers_v": "0 is no association, 1 a complete one",
        "indirect": "product of the two paths, standardized",
        "interaction": "difference between the associations",
        "r2": "share of the differences in the outcome",
    },
}
SIZES: dict[str, dict[str, str]] = {
    "nl": {
        "negligible": "verwaarloosbaar",
        "small": "klein",
        "medium": "middelgroot",
        "large": "groot",
    },
    "en": {"negligible": "negligible", "small": "small", "medium": "medium", "large": "large"},
}
_INTERVAL = {"nl": "{level}%-interval {low} tot {high}", "en": "{level}% interval {low} to {high}"}
_TO = {"nl": "tot", "en": "to"}
_POINTS = {"nl": ("procentpunt", "procentpunt"), "en": ("percentage point", "percentage points")}


def null_of(measure: str) -> float:
    """Return the value of a measure where there is no effect."""
    return _NULL.get(measure, 0.0)


def direction(measure: str, value: float) -> int:
    """Return 1 or -1 for above or below no effect; 0 without direction or number."""
    away = value - null_of(measure)
    if measure in UNSIGNED or not math.isfinite(away) or away == 0:
        return 0
    return 1 if away > 0 else -1


def decimals_for(measure: str, low: float, high: float) -> int:
    """Return the decimals at which an interval that excludes no effect does not seem to touch it.

    Parameters
    ----------
    measure : str
        One of :data:`mobiliteit.asking.answer.Measure`.
    low, high : float
        Limits; NaN plays no part.

    Returns
    -------
    int
        One for what is shown as a percentage and two for the rest, and more where the limit that
        is nearest to no effect would be rounded onto it; at most four.
    """
    fewest = 1 if measure in _HUNDREDS else 2
    null = null_of(measure)
    if not low <= high or low <= null <= high:
        return fewest
    nearest = shown(measure, low if low > null else high)
    for decimals in range(fewest, _MOST_DECIMALS):
        if float(round_half_up(nearest, decimals)) != shown(measure, null):
            return decimals
    return _MOST_DECIMALS


def shown(measure: str, value: float) -> float:
    """Return a value in the unit in which it is shown: shares as percentages."""
    return 100 * value if measure in _HUNDREDS else value


def number_text(measure: str, value: float, decimals: int, lang: str) -> str:
    """Write a value of a measure, with its percent sign; an en dash for NaN."""
    text = format_number(shown(measure, value), decimals, lang=lang)
    if text == MISSING or measure not in _HUNDREDS or measure == "points":
        return text
    return f"{text}%"


def estimate_text(estimate: Any, level: float, lang: str, *, p: float = math.nan) -> str:
    """Write an estimate as running text: measure, value, interval, and p-value if asked.

    Parameters
    ----------
    estimate : Estimate
        Of an answer.
    level : float
        Confidence level of its interval.
    lang : {'nl', 'en'}
        Language.
    p : float
        Shown unless NaN: for measures whose interval alone does not say whether there is anything.

    Returns
    -------
    str
        Such as ``bèta 0,31, 95%-interval 0,25 tot 0,37``.
    """
    decimals = decimals_for(estimate.measure, estimate.low, estimate.high)
    parts = [_named(estimate, decimals, lang)]
    if math.isfinite(estimate.low) and math.isfinite(estimate.high):
        low, high = _limits(estimate, decimals, lang)
        percent = format_number(100 * level, 0, lang=lang)
        parts.append(_INTERVAL[lang].format(level=percent, low=low, high=high))
    if math.isfinite(p):
        written = format_p(p, lang)
        parts.append(f"p {written}" if written.startswith("<") else f"p = {written}")
    return ", ".join(parts)


def brief_text(estimate: Any, lang: str) -> str:
    """Write an estimate with its interval shortly: ``bèta 0,31 (0,25 tot 0,37)``."""
    decimals = decimals_for(estimate.measure, estimate.low, estimate.high)
    named = _named(estimate, decimals, lang)
    if not (math.isfinite(estimate.low) and math.isfinite(estimate.high)):
        return named
    return f"{named} ({f' {_TO[lang]} '.join(_limits(estimate, decimals, lang))})"


def _named(estimate: Any, decimals: int, lang: str) -> str:
    number = number_text(estimate.measure, estimate.value, decimals, lang)
    if estimate.measure != "points":
        return f"{NAMES[lang][estimate.measure]} {number}"
    value = abs(shown("points", estimate.value))
    one = math.isfinite(value) and round_half_up(value, decimals) == 1
    return f"{number} {_POINTS[lang][not one]}"


def _limits(estimate: Any, decimals: int, lang: str) -> tuple[str, str]:
    low, high = (
        number_text(estimate.measure, limit, decimals, lang)
        for limit in (estimate.low, estimate.high)
    )
    return low, high


def size_text(size: str, lang: str) -> str:
    """Write the size of an effect in a word; empty where the convention has none."""
    return SIZES[lang].get(size, "")
