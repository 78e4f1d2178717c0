"""The sceptical p-value: whether a replication succeeded, for who doubts the original.

A pure function of two z-values and the ratio of their variances; nothing here reads data.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.polynomial.legendre import leggauss
from scipy import special, stats

from mobiliteit.errors import AnalysisError, Problem

SCEPTICAL = ("nominal", "golden", "controlled")
GOLDEN = (1 + math.sqrt(5)) / 2
# Gauss-Legendre on [0, 1].
_NODES, _WEIGHTS = (leggauss(200)[0] + 1) / 2, leggauss(200)[1] / 2


def sceptical_p(z_old: float, z_new: float, c: float, kind: str = "golden") -> float:
    """One-sided sceptical p-value of a replication (Held, 2020).

    Parameters
    ----------
    z_old, z_new : float
        Estimates divided by their standard errors.
    c : float
        Variance of the old estimate over that of the new, above 0.
    kind : {'nominal', 'golden', 'controlled'}
        ``nominal``: Held (2020). ``golden``: scaled so that an original study on the edge of
        significance can only be replicated by an effect at least as large. ``controlled``: scaled
        so that the chance of success without any effect is that of two significant studies; exact
        when the direction was stated beforehand.

    Returns
    -------
    float
        In [0, 1]; above 0.5 when the signs differ. It may be held against a one-sided level, such
        as 0.025.

    Raises
    ------
    AnalysisError
        Another kind, or `c` is not above 0.

    Notes
    -----
    z_S is the root of (z_old^2 / z_S^2 - 1) (z_new^2 / z_S^2 - 1) = c. Golden: sqrt(phi) z_S,
    phi = 1.618. Controlled: the square root of the chance, without any effect, of as large a z_S:
    an integral over the first z of the chance that the second suffices. Tested against published
    values of R's ReplicationSuccess 1.3.

    References
    ----------
    Held, L. (2020). A new standard for the analysis and design of replication studies. JRSS A, 183,
    431-448. Held, L., Micheloud, C., & Pawel, S. (2022). The assessment of replication success
    based on relative effect size. Annals of Applied Statistics, 16, 706-720. Micheloud, C.,
    Balabdaoui, F., & Held, L. (2023). Assessing replicability with the sceptical p-value.
    Statistica Neerlandica, 77, 573-591.
    """
    problems = []
    if kind not in SCEPTICAL:
        problems.append(Problem(f"there is no sceptical p {kind!r}", f"Use one of {SCEPTICAL}."))
    if not c > 0:
        problems.append(Problem(f"a ratio of variances of {c} is not above 0", "Give another."))
    if problems:
        raise AnalysisError("The sceptical p cannot be computed.", problems)
    squared = _sceptical_z2(z_old**2, z_new**2, c)
    if kind == "controlled":
        p = math.sqrt(_chance_of(squared, c)) / 2
    else:
        p = float(stats.norm.sf(math.sqrt(squared * (GOLDEN if kind == "golden" else 1))))
    return p if z_old * z_new > 0 else 1 - p


def _sceptical_z2(a: float, b: float, c: float) -> float:
    if not (a and b):
        return 0.0
    # (a/x - 1)(b/x - 1) = c is quadratic in x; this form of its root needs no case for c = 1.
    total = a + b
    return 2 * a * b / (total + math.sqrt(total**2 + 4 * (c - 1) * a * b))


def _chance_of(squared: float, c: float) -> float:
    """Chance without any effect, two-sided in both studies, of a z_S^2 above `squared`."""
    if squared <= 0:
        return 1.0
    z = math.sqrt(squared)
    # Squared nodes lie close together at z, where the chance that the second suffices sets in.
    first = z + 12 * _NODES**2
    needed = z * np.sqrt(1 + c / ((first / z) ** 2 - 1))
    heights = 4 * special.ndtr(-needed) * np.exp(-(first**2) / 2) / math.sqrt(2 * math.pi)
    return float(24 * (_WEIGHTS * _NODES) @ heights)
