"""Did a finding come back? Measures of the replication literature, from two estimates.

Pure functions of an earlier estimate and a new one. An old report often prints no standard error:
it is then known between two bounds, and a measure says whether it holds for all, some or none of
the errors between them. The earlier estimate too is known between the bounds of its rounding.
Nothing here reads data; weights are in the standard errors that are given.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
import pandas as pd
from scipy import optimize, stats

from mobiliteit.errors import AnalysisError, Problem
from mobiliteit.inference.sceptical import SCEPTICAL, sceptical_p
from mobiliteit.results import tidy_frame
from mobiliteit.samples import check_level

ALL, SOME, NONE = "all", "some", "none"
SMALL_POWER = 1 / 3
# More degrees of freedom than this are as good as the normal distribution, which is quicker.
NORMAL_DF = 5000.0


@dataclass(frozen=True)
class Replication:
    """An earlier estimate beside a new one.

    Attributes
    ----------
    old : float
        Earlier estimate, as printed.
    old_box : (float, float)
        What it can have been before it was rounded.
    se_old : (float, float)
        Smallest and largest standard error it can have had; the largest may be infinite.
    new, se_new, df : float
        New estimate, its standard error and degrees of freedom.
    low, high, p : float
        Interval of the new estimate with level 1 - alpha, and two-sided p.
    alpha : float
        Significance level.
    same_sign : bool
        Whether old and new have the same sign; False when either is zero.
    old_in_new, new_in_old, predicted : {'all', 'some', 'none'}
        Is the old estimate in the new interval (for all it can have been), the new one in the old
        interval, and in the prediction interval (for all errors it can have had)?
    small : (float, float)
        Small telescopes: the effect that the old study would have found with a chance of 1/3, at
        either end of `se_old`; in the direction of the old estimate.
    small_p : (float, float)
        One-sided p of the hypothesis that the true effect is at least that; NaN where it has none.
    smaller : {'all', 'some', 'none'}
        Is the new effect significantly smaller than it?
    sceptical : dict of str to (float, float)
        One-sided sceptical p of each kind at either end of `se_old`; NaN where the end is 0 or
        infinite.
    power : float
        Chance that a study as large as the new one finds the old effect significant.
    detectable : float
        Effect that the new study finds with the chance `power_aim`.
    detectable_change : (float, float)
        Difference between old and new that is found significant with that chance.
    power_aim : float
        Usually 0.80.
    """

    old: float
    old_box: tuple[float, float]
    se_old: tuple[float, float]
    new: float
    se_new: float
    df: float
    low: float
    high: float
    p: float
    alpha: float
    same_sign: bool
    old_in_new: str
    new_in_old: str
    predicted: str
    small: tuple[float, float]
    small_p: tuple[float, float]
    smaller: str
    sceptical: dict[str, tuple[float, float]]
    power: float
    detectable: float
    detectable_change: tuple[float, float]
    power_aim: float

    @property
    def significant(self) -> bool:
        """Whether the new estimate is significant, in whatever direction."""
        return bool(self.p < self.alpha)

    def tidy(self) -> pd.DataFrame:
        """Return every measure as a tidy frame; those in words stand in the note."""
        pairs = {
            "old_rounding": self.old_box,
            "se_old": self.se_old,
            "small_telescope": self.small,
            "small_telescope_p": self.small_p,
            **{f"sceptical_p_{kind}": self.sceptical[kind] for kind in SCEPTICAL},
            "detectable_change": self.detectable_change,
        }
        records: list[dict[str, Any]] = [
            {"statistic": "old", "value": self.old},
            {"statistic": "new", "value": self.new, "p": self.p},
            {"statistic": "se_new", "value": self.se_new},
            {"statistic": "ci_low", "value": self.low},
            {"statistic": "ci_high", "value": self.high},
            {"statistic": "power", "value": self.power},
            {"statistic": "detectable", "value": self.detectable},
        ]
        records += [
            {"statistic": f"{name}_{side}", "value": value}
            for name, pair in pairs.items()
            for side, value in zip(("low", "high"), pair, strict=True)
        ]
        records += [
            {"statistic": name, "note": getattr(self, name)}
            for name in ("old_in_new", "new_in_old", "predicted", "smaller")
        ]
        return tidy_frame(records, analysis="replication")


def replicate(
    old: float,
    se_old: tuple[float, float],
    new: float,
    se_new: float,
    df: float = math.inf,
    *,
    old_box: tuple[float, float] | None = None,
    alpha: float = 0.05,
    power: float = 0.80,
) -> Replication:
    """Hold a new estimate against an earlier one.

    Parameters
    ----------
    old : float
        Earlier estimate.
    se_old : (float, float)
        Smallest and largest standard error it can have had, from 0 to infinity; equal when known.
    new, se_new : float
        New estimate of the same thing in the same unit, and its standard error, above 0.
    df : float
        Degrees of freedom of the new error; infinite for the normal distribution. Those of the old
        one count as infinite: a report that prints no error has hundreds of respondents.
    old_box : (float, float), optional
        What the earlier estimate can have been before rounding; by default `old` exactly.
    alpha : float
        Two-sided significance level; the test of small telescopes is one-sided at this level too,
        as Simonsohn has it.
    power : float
        Chance of finding that the detectable effects are for.

    Returns
    -------
    Replication
        All measures.

    Raises
    ------
    AnalysisError
        An estimate is not finite, an error is negative or the bounds of one are reversed, or a
        level lies outside 0 to 1.

    Notes
    -----
    Prediction interval: Patil, Peng & Leek (2016), old ± z sqrt(se_old^2 + se_new^2). Small
    telescopes: Simonsohn (2015). Sceptical p: Held (2020), see
    :func:`mobiliteit.inference.sceptical.sceptical_p`. Two estimates that share respondents are not
    independent: the prediction interval is then too wide.

    References
    ----------
    Patil, P., Peng, R. D., & Leek, J. T. (2016). What should researchers expect when they replicate
    studies? Perspectives on Psychological Science, 11, 539-544. Simonsohn, U. (2015). Small
    telescopes. Psychological Science, 26, 559-569.
    """
    check_level(alpha)
    check_level(power)
    box = (old, old) if old_box is None else old_box
    _check(old, box, se_old, new, se_new)
    reach = _quantile(1 - alpha / 2, df) * se_new
    sign = math.copysign(1.0, old) if old else math.nan
    small = [sign * effect_of_power(se, power=SMALL_POWER, alpha=alpha) for se in se_old]
    small_p = [smaller_p(sign * new, se_new, df, sign * bound) for bound in small]
    errors = [math.hypot(se, se_new) for se in se_old]
    return Replication(
        old=old,
        old_box=box,
        se_old=se_old,
        new=new,
        se_new=se_new,
        df=df,
        low=new - reach,
        high=new + reach,
        p=2 * _tail(abs(new) / se_new, df),
        alpha=alpha,
        same_sign=old * new > 0,
        old_in_new=_within(box, (new - reach, new + reach)),
        new_in_old=inside(box, se_old, new, 0.0, alpha),
        predicted=inside(box, se_old, new, se_new, alpha),
        small=(small[0], small[1]),
        small_p=(small_p[0], small_p[1]),
        smaller=_how_many([p < alpha for p in small_p]),
        sceptical={
            kind: (
                _sceptical_at(old, se_old[0], new, se_new, kind),
                _sceptical_at(old, se_old[1], new, se_new, kind),
            )
            for kind in SCEPTICAL
        },
        power=power_of(abs(old), se_new, df, alpha),
        detectable=effect_of_power(se_new, df, power, alpha),
        detectable_change=(
            effect_of_power(errors[0], power=power, alpha=alpha),
            effect_of_power(errors[1], power=power, alpha=alpha),
        ),
        power_aim=power,
    )


def prediction_interval(
    old: float, se_old: float, se_new: float, level: float = 0.95
) -> tuple[float, float]:
    """Where a new estimate falls with a given chance when the true effect is the same.

    Notes
    -----
    Patil, Peng & Leek (2016). Tested against values of R's ReplicationSuccess
    (``predictionInterval``, design prior ``predictive``).
    """
    reach = float(stats.norm.ppf((1 + level) / 2)) * math.hypot(se_old, se_new)
    return old - reach, old + reach


def inside(
    old_box: tuple[float, float],
    se_old: tuple[float, float],
    new: float,
    se_new: float,
    alpha: float = 0.05,
) -> str:
    """Say for how many of the possible old estimates and errors the new estimate is near enough.

    Parameters
    ----------
    old_box, se_old : (float, float)
        What the old estimate and its standard error can have been.
    new, se_new : float
        New estimate and error; with an error of 0 this is the old confidence interval, otherwise
        the prediction interval.
    alpha : float
        The interval has level 1 - alpha.

    Returns
    -------
    {'all', 'some', 'none'}
        The interval grows with the error and shrinks with the distance: the ends decide.
    """
    nearest = max(old_box[0] - new, new - old_box[1], 0.0)
    furthest = max(abs(new - old_box[0]), abs(new - old_box[1]))
    reach = [prediction_interval(0.0, se, se_new, 1 - alpha)[1] for se in se_old]
    if furthest <= reach[0]:
        return ALL
    return SOME if nearest <= reach[1] else NONE


def effect_of_power(
    se: float, df: float = math.inf, power: float = SMALL_POWER, alpha: float = 0.05
) -> float:
    """Effect that a study with this standard error finds significant with a given chance.

    Parameters
    ----------
    se : float
        Standard error, from 0 to infinity.
    df : float
        Its degrees of freedom.
    power : float
        The chance; 1/3 for the small telescope of Simonsohn (2015).
    alpha : float
        Two-sided significance level, below `power`.

    Returns
    -------
    float
        In the unit of the error; noncentral t, both tails.
    """
    return se * _ncp(power, min(df, NORMAL_DF), alpha) if se else 0.0


def power_of(effect: float, se: float, df: float = math.inf, alpha: float = 0.05) -> float:
    """Chance that an effect is found significant (two-sided; in either direction)."""
    return _power(effect / se, min(df, NORMAL_DF), alpha)


def smaller_p(effect: float, se: float, df: float, bound: float) -> float:
    """One-sided p of the hypothesis that the true effect is at least `bound`.

    Returns
    -------
    float
        Noncentral t (Simonsohn, 2015); small when the effect is significantly smaller than the
        bound. NaN when something is.
    """
    if not math.isfinite(effect) or math.isnan(bound):
        return math.nan
    if math.isinf(bound):
        return 0.0
    if df >= NORMAL_DF:
        return float(stats.norm.cdf((effect - bound) / se))
    return float(stats.nct.cdf(effect / se, df, bound / se))


def _sceptical_at(old: float, se_old: float, new: float, se_new: float, kind: str) -> float:
    if not (0 < se_old < math.inf):
        return math.nan
    return sceptical_p(old / se_old, new / se_new, (se_old / se_new) ** 2, kind)


@lru_cache(maxsize=8192)
def _ncp(power: float, df: float, alpha: float) -> float:
    return float(optimize.brentq(lambda ncp: _power(ncp, df, alpha) - power, 0, 60, xtol=1e-10))


def _power(ncp: float, df: float, alpha: float) -> float:
    if df >= NORMAL_DF:
        z = float(stats.norm.ppf(1 - alpha / 2))
        return float(stats.norm.sf(z - ncp) + stats.norm.cdf(-z - ncp))
    t = float(stats.t.ppf(1 - alpha / 2, df))
    # Far out the lower tail of the noncentral t is 0 and its series may not converge.
    below = float(stats.nct.cdf(-t, df, ncp)) if ncp < 6 else 0.0
    return float(stats.nct.sf(t, df, ncp)) + below


def _quantile(share: float, df: float) -> float:
    return float(stats.norm.ppf(share) if math.isinf(df) else stats.t.ppf(share, df))


def _tail(t: float, df: float) -> float:
    return float(stats.norm.sf(t) if math.isinf(df) else stats.t.sf(t, df))


def _within(box: tuple[float, float], interval: tuple[float, float]) -> str:
    if interval[0] <= box[0] and box[1] <= interval[1]:
        return ALL
    return SOME if box[0] <= interval[1] and interval[0] <= box[1] else NONE


def _how_many(answers: list[bool]) -> str:
    return ALL if all(answers) else SOME if any(answers) else NONE


def _check(
    old: float, box: tuple[float, float], se_old: tuple[float, float], new: float, se_new: float
) -> None:
    problems = []
    if not np.isfinite([old, new, *box]).all() or not box[0] <= old <= box[1]:
        problems.append(Problem("an estimate is not finite, or not in its rounding", "Correct it."))
    if not (0 < se_new < math.inf):
        problems.append(Problem(f"a new standard error of {se_new} is of no use", "Give another."))
    if not 0 <= se_old[0] <= se_old[1]:
        problems.append(Problem(f"old standard errors of {se_old} are no range", "Order them."))
    if problems:
        raise AnalysisError("Old and new cannot be held against each other.", problems)
