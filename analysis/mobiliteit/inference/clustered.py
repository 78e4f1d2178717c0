"""Linear regression with errors that allow for several rows of the same person.

Plain numbers in and out; :mod:`mobiliteit.panel` puts names to them.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy import stats

from mobiliteit.design import WaldTest, wald
from mobiliteit.errors import AnalysisError, Problem

Array = np.ndarray


@dataclass(frozen=True)
class ClusteredFit:
    """A least squares fit with cluster-robust errors.

    Attributes
    ----------
    coefficients : numpy.ndarray, shape (k,)
        Of the columns of the matrix, in their order.
    covariance : numpy.ndarray, shape (k, k)
        Of the coefficients, robust against unequal variances and against any relation between the
        rows of a cluster.
    residuals : numpy.ndarray, shape (n,)
        Outcome less what the fit says.
    r2 : float
        (Weighted) share of the variance around the (weighted) mean that is explained.
    n, clusters : int
        Rows and clusters.
    """

    coefficients: Array
    covariance: Array
    residuals: Array
    r2: float
    n: int
    clusters: int

    @property
    def errors(self) -> Array:
        """Standard errors of the coefficients."""
        return np.asarray(np.sqrt(np.diag(self.covariance)), dtype="float64")

    @property
    def df(self) -> int:
        """Degrees of freedom of the errors: clusters - 1."""
        return self.clusters - 1

    @property
    def p(self) -> Array:
        """Two-sided p-value of each coefficient, by t with :attr:`df` degrees of freedom."""
        t = self.coefficients / self.errors
        return np.asarray(2 * stats.t.sf(np.abs(t), self.df), dtype="float64")

    def interval(self, level: float) -> tuple[Array, Array]:
        """Confidence limits of the coefficients."""
        reach = float(stats.t.ppf((1 + level) / 2, self.df)) * self.errors
        return self.coefficients - reach, self.coefficients + reach

    def test(self, columns: list[int]) -> WaldTest:
        """Test that some coefficients are all 0: F with their number and :attr:`df`."""
        found = self.covariance[np.ix_(columns, columns)]
        return wald(self.coefficients[columns], found, self.df)


def fit_clustered(x: Array, y: Array, cluster: Array, weight: Array | None = None) -> ClusteredFit:
    """Least squares with cluster-robust errors.

    Parameters
    ----------
    x : numpy.ndarray, shape (n, k)
        Predictors, the constant among them where there is to be one; nothing missing.
    y : numpy.ndarray, shape (n,)
        The outcome; nothing missing.
    cluster : numpy.ndarray, shape (n,)
        Whose row it is: any values, equal within a cluster.
    weight : numpy.ndarray, shape (n,), optional
        Sampling weights, positive; only their ratios matter.

    Returns
    -------
    ClusteredFit
        With m clusters, the errors are those of Liang and Zeger (1986) times
        m / (m - 1) * (n - 1) / (n - k), and tests have m - 1 degrees of freedom.

    Raises
    ------
    AnalysisError
        Fewer than two clusters, no more rows than predictors, or predictors that determine each
        other.

    Notes
    -----
    Tested against R's ``sandwich::vcovCL(type = "HC1")``, weighted and not. Design-based errors
    (``survey::svyglm`` with the person as cluster) are the same but for the last factor.

    References
    ----------
    Liang, K.-Y., & Zeger, S. L. (1986). Longitudinal data analysis using generalized linear
    models. Biometrika, 73, 13-22.
    """
    n, k = x.shape
    codes = pd.factorize(cluster)[0]
    clusters = int(codes.max(initial=-1)) + 1
    weight = np.ones(n) if weight is None else weight / weight.mean()
    root = np.sqrt(weight)
    problem = None
    if clusters < 2 or n <= k:
        problem = Problem(
            f"{n} rows of {clusters} people are too few for {k} coefficients",
            "Use fewer predictors, or more people.",
            nl=(
                f"{n} rijen van {clusters} mensen zijn te weinig voor {k} coëfficiënten",
                "Gebruik minder voorspellers, of meer mensen.",
            ),
        )
    elif np.linalg.matrix_rank(_scaled(x * root[:, None])) < k:
        problem = Problem(
            "the predictors determine each other, or one of them is the same for everybody",
            "Leave one of them out.",
            nl=(
                "de voorspellers bepalen elkaar, of een ervan is voor iedereen hetzelfde",
                "Laat er een van weg.",
            ),
        )
    if problem is not None:
        raise AnalysisError("This regression cannot be computed.", [problem])
    weighted = x * weight[:, None]
    bread = np.linalg.inv(x.T @ weighted)
    coefficients = bread @ (weighted.T @ y)
    residuals = y - x @ coefficients
    scores = weighted * residuals[:, None]
    totals = np.column_stack([np.bincount(codes, weights=column) for column in scores.T])
    factor = clusters / (clusters - 1) * (n - 1) / (n - k)
    covariance = factor * bread @ (totals.T @ totals) @ bread
    spread = float(weight @ (y - np.average(y, weights=weight)) ** 2)
    r2 = 1 - float(weight @ residuals**2) / spread if spread > 0 else np.nan
    return ClusteredFit(coefficients, covariance, residuals, r2, n, clusters)


def person_sums(values: Array, codes: Array, people: int) -> Array:
    """Sum the rows of each person.

    Parameters
    ----------
    values : numpy.ndarray, shape (n, k)
        Rows.
    codes : numpy.ndarray of int, shape (n,)
        Person of each row, 0 to `people` - 1.
    people : int
        How many.

    Returns
    -------
    numpy.ndarray, shape (people, k)
    """
    return np.column_stack(
        [np.bincount(codes, weights=column, minlength=people) for column in values.T]
    )


def person_means(values: Array, codes: Array) -> Array:
    """Give each row the mean of its person, column by column; shapes as of :func:`person_sums`."""
    people = int(codes.max(initial=-1)) + 1
    size = np.bincount(codes, minlength=people)
    return (person_sums(values, codes, people) / size[:, None])[codes]


def fit_within(x: Array, y: Array, cluster: Array) -> ClusteredFit:
    """Regress deviations from each person's own mean on each other: fixed effects.

    Parameters
    ----------
    x : numpy.ndarray, shape (n, k)
        Predictors that change within persons, without a constant.
    y : numpy.ndarray, shape (n,)
        The outcome.
    cluster : numpy.ndarray, shape (n,)
        The person; who has a single row tells nothing here and should not be among them.

    Returns
    -------
    ClusteredFit
        As of :func:`fit_clustered`; `r2` is within persons.

    Raises
    ------
    AnalysisError
        As of :func:`fit_clustered`.

    Notes
    -----
    Tested against R's ``plm(model = "within")`` with ``vcovHC(type = "sss")``, of Arellano (1987).
    """
    codes = pd.factorize(cluster)[0]
    both = np.column_stack([x, y])
    deviations = both - person_means(both, codes)
    return fit_clustered(deviations[:, :-1], deviations[:, -1], codes)


def _scaled(x: Array) -> Array:
    """Bring the columns to one size, so that their rank does not hang on units."""
    size = np.sqrt((x**2).sum(axis=0))
    return x / np.where(size > 1e-12, size, 1.0) * (size > 1e-12)
