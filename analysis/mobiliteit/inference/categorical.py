"""Categorical outcomes: the chi-square test of a whole table, exact p-values and residuals.

:func:`mobiliteit.compare.compare_shares` gives the published test of one share; this is what stands
beside it, with :mod:`mobiliteit.inference.shares`. Missing values leave pairwise (see
:mod:`mobiliteit.samples`). Weights are refused.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from scipy import special, stats
from statsmodels.stats.contingency_tables import Table

from mobiliteit.errors import AnalysisError, Problem
from mobiliteit.inference.multiplicity import adjust
from mobiliteit.results import tidy_frame
from mobiliteit.samples import cross_table
from mobiliteit.weights import without_weights

SMALL_EXPECTED = 5
FEW_EXPECTED = f"een verwacht aantal is kleiner dan {SMALL_EXPECTED}"
MOST_TABLES = 300_000


@dataclass(frozen=True)
class Independence:
    """Test of a categorical outcome against groups, with what each cell adds.

    Attributes
    ----------
    outcome, by : str
        Variable of the columns, and of the rows.
    observed, expected : pandas.DataFrame
        Counts, and counts under independence; index the groups, columns the answers, those that
        nobody has left out.
    residuals, residual_p : pandas.DataFrame
        Adjusted standardized residuals (standard normal under independence), and their p-values,
        Holm-corrected over the cells.
    chi2 : float
        Pearson's chi-square without continuity correction; NaN when it cannot be computed.
    df : int
        (r - 1)(c - 1).
    p : float
        Its p-value by the chi-square distribution.
    p_exact : float
        Where an expected count is below 5: p of the exact test, or its Monte Carlo estimate. NaN
        elsewhere.
    exact_method : str
        ``fisher`` (2 x 2), ``fisher_freeman_halton``, ``monte_carlo``, or empty.
    monte_carlo_se : float
        Standard error of a Monte Carlo p; NaN for the others.
    least_expected : float
        The smallest expected count.
    n, n_missing : int
        Respondents used, and left out for want of either.
    note : str
        Why there is no test, or a caution.
    """

    outcome: str
    by: str
    observed: pd.DataFrame
    expected: pd.DataFrame
    residuals: pd.DataFrame
    residual_p: pd.DataFrame
    chi2: float
    df: int
    p: float
    p_exact: float
    exact_method: str
    monte_carlo_se: float
    least_expected: float
    n: int
    n_missing: int
    note: str = ""

    def tidy(self) -> pd.DataFrame:
        """Return the tests (row: the outcome) and the cells (row: outcome and answer)."""
        common = {"n": self.n, "n_missing": self.n_missing}
        test: dict[str, Any] = {"row": self.outcome, "column": self.by, **common}
        records: list[dict[str, Any]] = [
            test | {"statistic": "chi2", "value": self.chi2, "p": self.p, "note": self.note},
            test | {"statistic": "least_expected", "value": self.least_expected},
        ]
        if self.exact_method:
            exact = {"value": self.p_exact, "p": self.p_exact, "note": self.exact_method}
            records.append(test | {"statistic": "p_exact"} | exact)
        cells = {
            "count": self.observed,
            "expected": self.expected,
            "adjusted_residual": self.residuals,
        }
        for j, answer in enumerate(self.observed.columns):
            for i, group in enumerate(self.observed.index):
                for statistic, values in cells.items():
                    cell = {"row": f"{self.outcome}: {answer}", "column": group, **common}
                    cell |= {"statistic": statistic, "value": values.to_numpy()[i, j]}
                    if statistic == "adjusted_residual":
                        cell["p"] = self.residual_p.to_numpy()[i, j]
                    records.append(cell)
        return tidy_frame(records, analysis="independence")


@without_weights
def independence(
    frame: pd.DataFrame, outcome: str, by: str, *, draws: int = 99_999, seed: int = 2006
) -> Independence:
    """Pearson's chi-square test of a whole cross table, exact where counts are small.

    Parameters
    ----------
    frame : pandas.DataFrame
        Respondents.
    outcome : str
        A categorical column, or a numeric one of which each distinct value is an answer.
    by : str
        A categorical column; its categories are the groups.
    draws, seed : int
        Monte Carlo tables, and the seed of their generator.

    Returns
    -------
    Independence
        NaN, with a note, when there is only one group or one answer.

    Raises
    ------
    AnalysisError
        A column is not there or of the wrong type, or there are no draws.

    Notes
    -----
    ``scipy.stats.chi2_contingency(correction=False)``. Where an expected count is below 5, also the
    exact test that takes the margins as given and adds the probabilities of all tables that are no
    likelier than the observed one: for 2 x 2 ``scipy.stats.fisher_exact``; for larger tables, which
    scipy does not enumerate, all tables are visited here (Freeman & Halton, 1951); with more than
    300,000 of them (partial ones included), scipy's seeded Monte Carlo, whose p is (1 + tables no
    likelier) / (1 + draws), so never 0.

    Adjusted residual (Haberman, 1973; ``statsmodels`` ``standardized_resids``)::

        (O - E) / sqrt(E (1 - row share) (1 - column share))

    two-sided normal p, Holm-corrected over all cells; where there are two answers or two groups,
    the mirrored cells are one test and count once.

    Tested against R's ``chisq.test`` (``statistic``, ``stdres``) and ``fisher.test``, and PSPP's
    CROSSTABS.

    References
    ----------
    Freeman, G. H., & Halton, J. H. (1951). Biometrika, 38, 141-149. Haberman, S. J. (1973).
    Biometrics, 29, 205-220.
    """
    if draws < 1:
        problem = Problem(f"{draws} draws give no p-value", "Ask for at least 999.")
        raise AnalysisError("This test cannot be done.", [problem])
    table = cross_table(frame, outcome, by)
    observed = table.observed
    blank = pd.DataFrame(np.nan, index=observed.index, columns=observed.columns)
    if table.no_test:
        return Independence(
            outcome, by, observed, blank, blank, blank, np.nan, 0, np.nan, np.nan, "", np.nan,
            np.nan, table.n, table.n_missing, table.no_test,
        )  # fmt: skip
    counts = observed.to_numpy()
    test = stats.chi2_contingency(counts, correction=False)
    residuals = np.asarray(Table(counts, shift_zeros=False).standardized_resids)
    least = float(test.expected_freq.min())
    p_exact, method, se, note = np.nan, "", np.nan, ""
    if least < SMALL_EXPECTED:
        note = FEW_EXPECTED
        p_exact, method = exact_p(counts, draws=draws, seed=seed)
        if method == "monte_carlo":
            se = float(np.sqrt(p_exact * (1 - p_exact) / draws))
    return Independence(
        outcome=outcome,
        by=by,
        observed=observed,
        expected=blank.fillna(0) + test.expected_freq,
        residuals=blank.fillna(0) + residuals,
        residual_p=blank.fillna(0) + _residual_p(residuals),
        chi2=float(test.statistic),
        df=int(test.dof),
        p=float(test.pvalue),
        p_exact=p_exact,
        exact_method=method,
        monte_carlo_se=se,
        least_expected=least,
        n=table.n,
        n_missing=table.n_missing,
        note=note,
    )


def exact_p(counts: np.ndarray, *, draws: int, seed: int) -> tuple[float, str]:
    """Exact p of a table of counts, or its Monte Carlo estimate where there are too many tables.

    Returns
    -------
    p : float
        Sum of the probabilities of all tables with these margins that are no likelier than this
        one.
    method : str
        ``fisher``, ``fisher_freeman_halton`` or ``monte_carlo``.
    """
    if counts.shape == (2, 2):
        return float(stats.fisher_exact(counts).pvalue), "fisher"
    p = fisher_freeman_halton(counts)
    if p is not None:
        return p, "fisher_freeman_halton"
    method = stats.MonteCarloMethod(n_resamples=draws, rng=np.random.default_rng(seed))
    return float(stats.fisher_exact(counts, method=method).pvalue), "monte_carlo"


def fisher_freeman_halton(counts: np.ndarray, most: int = MOST_TABLES) -> float | None:
    """Exact p of an r x c table by visiting every table with its margins.

    Parameters
    ----------
    counts : numpy.ndarray
        Shape (r, c), whole numbers, no empty row or column.
    most : int
        Give up beyond so many tables, partial ones included.

    Returns
    -------
    float or None
        None when there are too many tables.

    Notes
    -----
    Tables are filled column by column, all at once; a table's probability is
    prod(rows!) prod(columns!) / (n! prod(cells!)). As in R's ``fisher.test``, a table counts as no
    likelier when its probability is below the observed one times 1 + 1e-7.
    """
    counts = counts[:, np.argsort(counts.sum(axis=0))]  # the largest column follows from the others
    rows, columns = counts.sum(axis=1), counts.sum(axis=0)
    left, weight = rows[None, :], np.zeros(1)
    for total in columns[:-1]:
        filled = _fill_column(left, int(total), most)
        if filled is None:
            return None
        origin, column = filled
        left = left[origin] - column
        weight = weight[origin] - special.gammaln(column + 1).sum(axis=1)
    weight -= special.gammaln(left + 1).sum(axis=1)
    constant = special.gammaln(rows + 1).sum() + special.gammaln(columns + 1).sum()
    constant -= special.gammaln(counts.sum() + 1)
    observed = -special.gammaln(counts + 1).sum()
    return float(min(np.exp(weight[weight <= observed + 1e-7] + constant).sum(), 1.0))


def _fill_column(left: np.ndarray, total: int, most: int) -> tuple[np.ndarray, np.ndarray] | None:
    # Every way to put `total` into the rows of each partial table, given what those rows have left.
    origin = np.arange(len(left))
    need = np.full(len(left), total)
    cells: list[np.ndarray] = []
    for row in range(left.shape[1] - 1):
        later = left[origin, row + 1 :].sum(axis=1)
        least, largest = np.maximum(0, need - later), np.minimum(left[origin, row], need)
        options = largest - least + 1
        if options.sum() > most:
            return None
        step = np.arange(options.sum()) - np.repeat(np.cumsum(options) - options, options)
        chosen = np.repeat(least, options) + step
        cells = [np.repeat(cell, options) for cell in cells] + [chosen]
        origin, need = np.repeat(origin, options), np.repeat(need, options) - chosen
    return origin, np.column_stack([*cells, need])


def _residual_p(residuals: np.ndarray) -> np.ndarray:
    # With two rows or columns, the second mirrors the first: the same test, counted once.
    tested = residuals[: 1 if len(residuals) == 2 else None]
    tested = tested[:, : 1 if residuals.shape[1] == 2 else None]
    p = 2 * stats.norm.sf(np.abs(tested))
    return np.broadcast_to(adjust(p.ravel()).reshape(p.shape), residuals.shape)
