"""What an answer says about a hypothesis: supported, contradicted, no effect, or this cannot tell.

A hypothesis is supported or contradicted only by a test that is still significant after Holm's
correction over all questions of the register that the wave could answer.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import copysign, exp, isfinite, log, nan, sqrt
from typing import Literal

from scipy import stats

from mobiliteit.asking.answer import Answer, Estimate
from mobiliteit.asking.conventions import OMNIBUS, distance, negligible, null_value
from mobiliteit.hypotheses.schema import Entry

Verdict = Literal[
    "supported",  # significant, and as expected; or no effect where none was expected
    "contradicted",  # significant, and the other way; or an effect where none was expected
    "none",  # an effect was expected, and there is none that matters
    "cannot_tell",  # neither an effect nor its absence can be shown
    "not_asked",  # the wave did not ask what the question takes
    "needs_question",  # no wave asked it so far
    "elsewhere",  # compares models: judged among the claims of the text
]
Why = Literal[
    "",
    "withheld",  # too few people to show anything
    "unclear",  # the interval holds both no effect and effects that matter
    "corrected_away",  # significant by itself, and no longer after correction
    "order",  # the groups differ, but not clearly in the expected order
    "reversed",  # clearly the other way
    "effect",  # an effect where none was expected
]

POWER = 0.8
# Shares of variance and products of two coefficients grow with the square of an effect; their
# square roots are as far apart as the other measures are (Cohen's 0.1, 0.3 and 0.5).
_SQUARED = frozenset({"omega2", "epsilon2", "r2", "indirect"})


@dataclass(frozen=True)
class Judgement:
    """A verdict and what it rests on.

    Attributes
    ----------
    verdict : str
        One of :data:`Verdict`.
    why : str
        One of :data:`Why`; empty where the verdict says it all.
    """

    verdict: Verdict
    why: Why = ""


def judge(entry: Entry, answer: Answer, p_holm: float) -> Judgement:
    """Say what an answer means for a hypothesis.

    Parameters
    ----------
    entry : Entry
        What is expected. ``highest`` is expected above every other category, ``lowest`` below it.
    answer : Answer
        Of the wave, to the question of the entry.
    p_holm : float
        Its p-value corrected for the family; NaN when it has none.

    Returns
    -------
    Judgement
        ``supported`` for an expected order takes groups that differ, no expected pair clearly the
        other way, all pairs pointing the expected way and one of them clearly. Where none is
        expected it takes an interval within what the convention of the measure calls negligible.
    """
    main = answer.main
    if answer.verdict == "withheld" or main is None:
        return Judgement("cannot_tell", "withheld")
    sure, nothing = p_holm < 1 - answer.level, within_negligible(main, per_sd(answer))
    unclear: Why = "corrected_away" if answer.p < 1 - answer.level else "unclear"
    if entry.direction == "none":
        if nothing:
            return Judgement("supported")
        return Judgement("contradicted", "effect") if sure else Judgement("cannot_tell", unclear)
    if not sure:
        return Judgement("none") if nothing else Judgement("cannot_tell", unclear)
    if entry.direction == "any":
        return Judgement("supported")
    if entry.direction == "differs":
        return _ordered(entry, answer)
    rises = main.value > null_value(main.measure)
    as_expected = rises == (entry.direction == "positive")
    return Judgement("supported") if as_expected else Judgement("contradicted", "reversed")


def _ordered(entry: Entry, answer: Answer) -> Judgement:
    expected = [
        (estimate, +1 if first == entry.highest or second == entry.lowest else -1)
        for estimate in answer.estimates
        for first, _, second in [estimate.id.partition(":")]
        if second and {first, second} & {entry.highest, entry.lowest}
    ]
    if not expected:
        # no order is expected, or too few people in the groups that it is about
        ordered = entry.highest or entry.lowest
        return Judgement("cannot_tell", "order") if ordered else Judgement("supported")
    if any(_clear(pair, -sign) for pair, sign in expected):
        return Judgement("contradicted", "reversed")
    all_so = all((pair.value - null_value(pair.measure)) * sign > 0 for pair, sign in expected)
    if all_so and any(_clear(pair, sign) for pair, sign in expected):
        return Judgement("supported")
    return Judgement("cannot_tell", "order")


def _clear(pair: Estimate, sign: int) -> bool:
    null = null_value(pair.measure)
    return pair.low > null if sign > 0 else pair.high < null


def per_sd(answer: Answer) -> bool:
    """Whether the main estimate is an effect per standard deviation of a number.

    The conventions of some measures are then other than between two groups.
    """
    main = answer.main
    return main is not None and answer.kinds.get(main.id) == "number"


def within_negligible(estimate: Estimate, per_sd: bool) -> bool:
    """Whether an interval lies within what the convention of the measure calls negligible."""
    measure, base = estimate.measure, estimate.base
    ends = [
        distance(measure, end, per_sd=per_sd, base=base) for end in (estimate.low, estimate.high)
    ]
    least = negligible(measure, per_sd=per_sd, base=base)
    # any comparison with a NaN is false
    return all(isfinite(end) for end in ends) and max(ends) < least


def in_small_effects(
    measure: str, value: float, *, per_sd: bool = False, base: float = nan
) -> float:
    """Express an effect in small ones, so that measures can stand beside each other.

    Parameters
    ----------
    measure : str
        One of :data:`mobiliteit.asking.answer.Measure`.
    value : float
        An estimate or a limit of it.
    per_sd : bool
        As of :func:`per_sd`.
    base : float
        As of :class:`~mobiliteit.asking.answer.Estimate`.

    Returns
    -------
    float
        0 for no effect and 1 (or -1) where the convention of the measure begins to call it small.
        Ratios by their logarithm, shares of variance and products by their square root, points from
        a known share as an h; not below 0 for a measure that cannot be. NaN for one without
        convention.

    Notes
    -----
    For drawing only. Medium is then between 2.4 and 3 and large between 3.6 and 5, since the
    conventions do not agree among themselves.
    """
    step = negligible(measure, per_sd=per_sd, base=base)
    if measure == "points":
        return copysign(distance(measure, value, per_sd=per_sd, base=base) / step, value)
    if measure == "odds_ratio":
        return log(value) / log(1 + step) if value > 0 else nan
    beyond = value - null_value(measure)
    if measure in OMNIBUS:
        beyond = max(beyond, 0.0)
    if measure in _SQUARED:
        return (1 if beyond >= 0 else -1) * sqrt(abs(beyond) / step)
    return beyond / step


def detectable(estimate: Estimate, level: float) -> float:
    """Return the smallest effect that would be found in four of five such samples.

    Parameters
    ----------
    estimate : Estimate
        With its interval, from which the standard error is taken.
    level : float
        Confidence level of the interval.

    Returns
    -------
    float
        Distance from no effect in the unit of the measure; of an odds ratio, the ratio. For one
        test at that level, without correction; NaN for a measure of several groups at once and
        where there is no interval.

    Notes
    -----
    (z of the level + z of the power) standard errors, of an odds ratio on the scale of its
    logarithm. Simple and approximate: intervals of products are not symmetric.
    """
    ratio = estimate.measure == "odds_ratio"
    if estimate.measure in OMNIBUS or (ratio and not estimate.low > 0):
        return nan
    ends = [log(end) if ratio else end for end in (estimate.low, estimate.high)]
    z = float(stats.norm.ppf((1 + level) / 2))
    least = (z + float(stats.norm.ppf(POWER))) * (ends[1] - ends[0]) / (2 * z)
    return exp(least) if ratio else least
