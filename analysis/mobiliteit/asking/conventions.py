"""What counts as a small, medium or large effect, and by whose convention.

Conventions, not laws: they say how effects in behavioural research tend to fall, and what is small
here may matter much elsewhere. Each measure has one, named in every answer.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import asin, erf, exp, inf, isnan, nan, pi, sin, sqrt

from mobiliteit.claims.terms import Text

SIZES = ("negligible", "small", "medium", "large")
# Measures of a test over several groups at once, which cannot fall below zero: whether there is
# anything is said by their p-value, not by their interval.
OMNIBUS = frozenset({"omega2", "epsilon2", "cramers_v", "r2"})


@dataclass(frozen=True)
class Convention:
    """From where an effect is small, medium and large.

    Attributes
    ----------
    null : float
        The value that means no effect.
    bounds : tuple of float
        Where small, medium and large begin, as distances from `null` (of an odds ratio: the ratio
        less 1, the smaller than 1 turned round).
    source : Text
        Who proposed it.
    """

    null: float
    bounds: tuple[float, ...]
    source: Text


def _same(text: str) -> Text:
    return Text(nl=text, en=text)


# Cohen's d of 0.2, 0.5 and 0.8 as a difference of two shares around one half (h = 2 arcsin), and
# as a chance of superiority of two normal distributions, the normal distribution at d / sqrt(2).
_D, _R = (0.2, 0.5, 0.8), (0.1, 0.3, 0.5)
_AS_POINTS = (sin(0.1), sin(0.25), sin(0.4))
_AS_CHANCE = (erf(0.1) / 2, erf(0.25) / 2, erf(0.4) / 2)
# Chinn (2000): the logistic distribution has a standard deviation of about 1.81 log odds.
_LOGIT_PER_D = 1.81

_CONVENTIONS: Mapping[str, Convention] = {
    "beta": Convention(
        0.0,
        _R,
        Text(nl="Cohen (1988), als bij een correlatie", en="Cohen (1988), as for a correlation"),
    ),
    "d": Convention(0.0, _D, _same("Cohen (1988)")),
    "points": Convention(
        0.0,
        _AS_POINTS,
        Text(
            nl="Cohens h (1988), voor aandelen rond de helft",
            en="Cohen's h (1988), for shares around one half",
        ),
    ),
    "odds_ratio": Convention(
        1.0,
        tuple(exp(_LOGIT_PER_D * d) - 1 for d in _D),
        Text(
            nl="Cohens d (1988), omgerekend volgens Chinn (2000)",
            en="Cohen's d (1988), converted after Chinn (2000)",
        ),
    ),
    "omega2": Convention(0.0, (0.01, 0.06, 0.14), _same("Cohen (1988)")),
    "epsilon2": Convention(
        0.0,
        (0.01, 0.06, 0.14),
        Text(nl="Cohen (1988), als bij omega²", en="Cohen (1988), as for omega²"),
    ),
    "superiority": Convention(
        0.5,
        _AS_CHANCE,
        Text(
            nl="Cohens d (1988), omgerekend naar een kans",
            en="Cohen's d (1988), turned into a chance",
        ),
    ),
    "cramers_v": Convention(0.0, _R, Text(nl="Cohens w (1988)", en="Cohen's w (1988)")),
    "indirect": Convention(
        0.0,
        (0.01, 0.09, 0.25),
        Text(
            nl="producten van Cohens .1, .3 en .5 (Kenny en Judd, 2014)",
            en="products of Cohen's .1, .3 and .5 (Kenny and Judd, 2014)",
        ),
    ),
    "interaction": Convention(
        0.0,
        _R,
        Text(
            nl="Cohens q (1988), voor een verschil van twee verbanden",
            en="Cohen's q (1988), for a difference of two relations",
        ),
    ),
    "r2": Convention(0.0, (0.02, 0.13, 0.26), _same("Cohen (1988)")),
}
# Per standard deviation of a number an effect is smaller than between two groups that lie apart:
# what a correlation of .1, .3 and .5 comes to, for a latent logistic outcome and for an outcome
# that half of the people have.
_PER_SD: Mapping[str, Convention] = {
    "odds_ratio": Convention(
        1.0,
        tuple(exp(pi / sqrt(3) * r / sqrt(1 - r**2)) - 1 for r in _R),
        Text(
            nl="Cohens r (1988), omgerekend naar odds per standaardafwijking",
            en="Cohen's r (1988), converted to odds per standard deviation",
        ),
    ),
    "points": Convention(
        0.0,
        tuple(r / 2 for r in _R),
        Text(
            nl="Cohens r (1988), omgerekend naar kans per standaardafwijking",
            en="Cohen's r (1988), converted to chance per standard deviation",
        ),
    ),
}
# Ten points are much where two in a hundred say yes, and little where half of them do. Where the
# share is known that points start from, they are an h of two shares, or a correlation with an
# outcome of that spread.
_FROM_SHARE = Convention(
    0.0,
    _D,
    Text(
        nl="Cohens h (1988), vanaf het aandeel in de groep waarmee vergeleken wordt",
        en="Cohen's h (1988), from the share in the group that is compared with",
    ),
)
_FROM_SHARE_PER_SD = Convention(
    0.0,
    _R,
    Text(
        nl="Cohens r (1988), omgerekend naar kans per standaardafwijking bij dit aandeel",
        en="Cohen's r (1988), converted to chance per standard deviation at this share",
    ),
)
_OWN_UNIT = Convention(
    0.0,
    (nan, nan, nan),
    Text(nl="in eigen eenheden: geen vuistregel", en="in its own units: no rule of thumb"),
)


def _of(measure: str, per_sd: bool = False, base: float = nan) -> Convention:
    if measure == "points" and not isnan(base):
        return _FROM_SHARE_PER_SD if per_sd else _FROM_SHARE
    wide = _CONVENTIONS.get(measure, _OWN_UNIT)
    return _PER_SD.get(measure, wide) if per_sd else wide


def cohens_h(share: float, other: float) -> float:
    """Return the difference of two shares as Cohen's h, `other` minus `share`, -pi to pi."""
    return 2 * (asin(sqrt(other)) - asin(sqrt(share)))


def null_value(measure: str) -> float:
    """Return the value of a measure that means no effect: 0, 1 of a ratio, 0.5 of a chance."""
    return _of(measure).null


def distance(measure: str, value: float, *, per_sd: bool = False, base: float = nan) -> float:
    """Return how far a value is from no effect, 0 or more, as the bounds of its convention count.

    Parameters
    ----------
    measure, value, per_sd, base
        As of :func:`size`.

    Returns
    -------
    float
        A ratio below 1 is turned round; points that start from a known share are an h, or a
        correlation. NaN for a NaN.
    """
    if measure == "odds_ratio":
        return (max(value, 1 / value) if value > 0 else inf) - 1
    if measure == "points" and not isnan(base) and not isnan(value):
        if per_sd:
            return abs(value) / sqrt(base * (1 - base))
        # a limit, or a chance that is adjusted, can lie beyond what a share can be
        return abs(cohens_h(base, min(max(base + value, 0.0), 1.0)))
    return abs(value - null_value(measure))


def size(measure: str, value: float, *, per_sd: bool = False, base: float = nan) -> str:
    """Say how large an effect is.

    Parameters
    ----------
    measure : str
        One of :data:`mobiliteit.asking.answer.Measure`.
    value : float
        The estimate.
    per_sd : bool
        Whether it is an effect per standard deviation of a number: of ``points`` and
        ``odds_ratio``, which have another meaning between two groups.
    base : float
        As of :class:`~mobiliteit.asking.answer.Estimate`: the share that ``points`` start from.
        Without one they are judged as around one half, where a difference of shares is smallest in
        h.

    Returns
    -------
    str
        One of :data:`SIZES`; empty for a NaN, and for the measures in the outcome's own unit
        (``b``, ``difference``), which have no convention.
    """
    bounds = _of(measure, per_sd, base).bounds
    if isnan(value) or isnan(bounds[0]):
        return ""
    far = distance(measure, value, per_sd=per_sd, base=base)
    return SIZES[sum(far >= bound for bound in bounds)]


def convention(measure: str, *, per_sd: bool = False, base: float = nan) -> Text:
    """Name the source of a measure's convention, in both languages; see :func:`size`."""
    return _of(measure, per_sd, base).source


def negligible(measure: str, *, per_sd: bool = False, base: float = nan) -> float:
    """Return the :func:`distance` below which an effect is negligible.

    NaN for a measure without convention; see :func:`size` for `per_sd` and `base`.
    """
    return _of(measure, per_sd, base).bounds[0]


def verdict_of(
    measure: str,
    low: float,
    high: float,
    p: float,
    level: float,
    *,
    per_sd: bool = False,
    base: float = nan,
) -> str:
    """Judge an estimate by its interval.

    Parameters
    ----------
    measure : str
        Its measure.
    low, high : float
        Limits; NaN where there are none.
    p : float
        Of the test of the whole, used for :data:`OMNIBUS` measures alone.
    level : float
        Confidence level of the limits.
    per_sd, base
        As of :func:`size`.

    Returns
    -------
    {'clear', 'none', 'unclear'}
        ``clear``: no effect is excluded; ``none``: the interval lies within what is negligible;
        ``unclear``: neither, or there is no interval.
    """
    null = null_value(measure)
    if p < 1 - level if measure in OMNIBUS else low > null or high < null:
        return "clear"
    ends = (distance(measure, end, per_sd=per_sd, base=base) for end in (low, high))
    # any comparison with a NaN is false
    inside = max(ends) < negligible(measure, per_sd=per_sd, base=base)
    return "none" if inside and not isnan(low) and not isnan(high) else "unclear"
