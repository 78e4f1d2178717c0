"""Multiple imputation by chained equations: several completed data sets from one with holes.

Why not ``statsmodels.imputation.mice`` (0.15), which is in the environment: it knows predictive
mean matching alone, with one drawn coefficient vector for donors and recipients (type 2), no draw
of the residual variance, and no way to draw a 0/1 or nominal answer from a model of its own; donors
with tied predictions are always the same ones; its successive data sets come from one chain, so
that convergence cannot be judged; and it pools without Barnard and Rubin's degrees of freedom.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from mobiliteit.errors import AnalysisError, Problem
from mobiliteit.inference.chained import Coded, code, run_chains
from mobiliteit.inference.pooling import LEAST_IMPUTATIONS
from mobiliteit.inference.resample import DEFAULT_SEED, Array
from mobiliteit.results import tidy_frame
from mobiliteit.study_schema import Level
from mobiliteit.weights import without_weights

DEFAULT_IMPUTATIONS = 20
DEFAULT_ITERATIONS = 10
DEFAULT_DONORS = 5
# Doubles in the completed data of the chains that run at once (32 MB).
CHUNK = 2**22
METHODS = {"pmm": "predictive mean matching", "logistic": "logistische regressie"}


@dataclass(frozen=True)
class Imputations:
    """Data with m ways to fill their holes.

    Attributes
    ----------
    frame : pandas.DataFrame
        The variables, as they were given.
    values : dict of str to numpy.ndarray
        Incomplete variable to draws of shape (m, missing), in the order of the rows; of a nominal
        variable the codes of its categories.
    methods : dict of str to str
        Incomplete variable to ``pmm`` or ``logistic``.
    means, spreads : dict of str to numpy.ndarray
        Incomplete variable to mean and standard deviation of its draws, shape (iterations, m); of a
        nominal variable of more than two categories, of the share of the most common one.
    m, iterations, donors : int
        Data sets, rounds of each chain, and nearest respondents that matching chooses from.
    """

    frame: pd.DataFrame
    values: dict[str, Array]
    methods: dict[str, str]
    means: dict[str, Array]
    spreads: dict[str, Array]
    m: int
    iterations: int
    donors: int

    def completed(self, k: int) -> pd.DataFrame:
        """Return the kth completed data set, 0 <= k < m, with the types of the given one."""
        frame = self.frame.copy()
        for name, drawn in self.values.items():
            missing = frame[name].isna().to_numpy()
            kind = frame[name].dtype
            if isinstance(kind, pd.CategoricalDtype):
                codes = frame[name].cat.codes.to_numpy().copy()
                codes[missing] = drawn[k]
                frame[name] = pd.Series(kind.categories[codes], frame.index, dtype=kind)
            else:
                column = frame[name].to_numpy("float64").copy()
                column[missing] = drawn[k]
                frame[name] = column
        return frame

    def convergence(self) -> pd.DataFrame:
        """Say per incomplete variable how much was drawn, and whether the chains agree.

        Returns
        -------
        pandas.DataFrame
            Index: variable. Columns ``method``, ``n`` (respondents), ``missing`` (of them, drawn),
            ``share`` (of them, 0 to 1), ``rhat_mean`` and ``rhat_sd`` (:func:`r_hat` of the chain
            means and standard deviations).
        """
        rows = {
            name: {
                "method": self.methods[name],
                "n": len(self.frame),
                "missing": drawn.shape[1],
                "share": drawn.shape[1] / len(self.frame),
                "rhat_mean": r_hat(self.means[name]),
                "rhat_sd": r_hat(self.spreads[name]),
            }
            for name, drawn in self.values.items()
        }
        columns = ["method", "n", "missing", "share", "rhat_mean", "rhat_sd"]
        return pd.DataFrame.from_dict(rows, orient="index", columns=columns)

    def tidy(self) -> pd.DataFrame:
        """Return shares missing (percent) and convergence as a tidy frame."""
        records = [
            {
                "row": str(name),
                "statistic": statistic,
                "value": value,
                "n": line["n"],
                "n_missing": line["missing"],
                "note": METHODS[line["method"]],
            }
            for name, line in self.convergence().iterrows()
            for statistic, value in (
                ("percent_missing", 100 * line["share"]),
                ("rhat_mean", line["rhat_mean"]),
                ("rhat_sd", line["rhat_sd"]),
            )
        ]
        return tidy_frame(records, analysis="mice")


@without_weights
def impute(
    frame: pd.DataFrame,
    levels: Mapping[str, Level],
    *,
    m: int = DEFAULT_IMPUTATIONS,
    iterations: int = DEFAULT_ITERATIONS,
    donors: int = DEFAULT_DONORS,
    seed: int | Sequence[int] = DEFAULT_SEED,
) -> Imputations:
    """Fill the holes of a few variables m times, each given all the others.

    Parameters
    ----------
    frame : pandas.DataFrame
        Respondents. Every empty cell of the variables is filled: leave out who was not asked first
        (:func:`mobiliteit.inference.asked.asked`). Weights are not supported.
    levels : mapping of str to {'interval', 'ordinal', 'binary', 'nominal'}
        The variables of the analysis, outcome included, and any that help to predict them, with
        their measurement level. Numbers; a nominal variable is categorical.
    m : int
        Completed data sets, 2 or more, each from a chain of its own.
    iterations : int
        Rounds per chain.
    donors : int
        Nearest respondents that predictive mean matching chooses from.
    seed : int or sequence of int
        Of ``numpy.random.SeedSequence``. The first data sets stay the same when more are asked for.

    Returns
    -------
    Imputations
        Draws and chains.

    Raises
    ------
    AnalysisError
        A variable is missing from the frame, of another type than its level, infinite, empty or
        constant; too few answered; some variables determine another; or m, iterations, donors or
        the seed are too small. All problems of a kind together.

    Notes
    -----
    Van Buuren and Groothuis-Oudshoorn (2011, Journal of Statistical Software 45). Interval and
    ordinal variables: predictive mean matching on a Bayesian linear regression, so that only values
    occur that somebody gave. Binary and nominal ones: logistic regression, multinomial for more
    than two categories. Fewest missing first; the start is a random answer of somebody else.

    The draws rest on missing at random: given the variables here, whether an answer is missing does
    not depend on the answer. A derived variable is drawn as itself, not by way of its sources: do
    not put a variable and its source in together.

    Tested against ``mice``: with 400 imputations each, every cell and every pooled coefficient
    agree within simulation error. Where two in five answers on one predictor and one in five on
    another are missing because of the outcome (600 samples of 400, ``tests/test_imputation.py``),
    listwise betas are off by up to .08 and imputed ones by up to .014, as those of ``mice`` are:
    matching fills the tails from what little is there. Their 95% intervals held the truth in 94 to
    96%.
    """
    names = list(levels)
    check_settings(m, iterations, seed, donors)
    _raise_if([problem for name in names for problem in _column(frame, name, levels[name])])
    kept = frame[names]
    categorical = {name: levels[name] in ("binary", "nominal") for name in names}
    coded = [code(_codes(kept[name]), categorical=categorical[name]) for name in names]
    _raise_if(_too_little(names, coded))
    sequence = np.random.SeedSequence(seed)
    generators = [np.random.default_rng(child) for child in sequence.spawn(m)]
    size = max(1, CHUNK // (len(kept) * sum(variable.columns for variable in coded)))
    parts = [
        run_chains(coded, generators[start : start + size], iterations, donors)
        for start in range(0, m, size)
    ]
    holes = [j for j in range(len(names)) if len(coded[j].missing)]
    means = np.concatenate([part[1] for part in parts], axis=1)
    spreads = np.concatenate([part[2] for part in parts], axis=1)
    return Imputations(
        frame=kept,
        values={names[j]: np.concatenate([part[0][j] for part in parts]) for j in holes},
        methods={names[j]: "logistic" if categorical[names[j]] else "pmm" for j in holes},
        means={names[j]: means[:, :, j] for j in holes},
        spreads={names[j]: spreads[:, :, j] for j in holes},
        m=m,
        iterations=iterations,
        donors=donors,
    )


def check_settings(
    m: int, iterations: int, seed: int | Sequence[int], donors: int = DEFAULT_DONORS
) -> None:
    """Raise `AnalysisError`, with all problems, where :func:`impute` could not work with these."""
    least = {
        "imputations": (m, LEAST_IMPUTATIONS),
        "iterations": (iterations, 1),
        "donors": (donors, 1),
    }
    problems = [
        Problem(f"{value} {name} are too few", f"Use {needed} or more.")
        for name, (value, needed) in least.items()
        if value < needed
    ]
    if np.min(np.atleast_1d(np.asarray(seed, dtype="object"))) < 0:
        problems.append(Problem(f"a seed of {seed} is below 0", "Use a whole number from 0 up."))
    _raise_if(problems)


def r_hat(chains: Array) -> float:
    """Potential scale reduction of chains split in halves: near 1 when they agree.

    Parameters
    ----------
    chains : numpy.ndarray, shape (iterations, chains)
        One number per round of each chain.

    Returns
    -------
    float
        NaN with fewer than four rounds, or where the number never moves.

    Notes
    -----
    Gelman et al. (2013, Bayesian Data Analysis, section 11.4). An odd first round is dropped.
    """
    half = len(chains) // 2
    if half < 2 or not np.isfinite(chains).all():
        return float("nan")
    late = chains[len(chains) - 2 * half :]
    parts = np.concatenate([late[:half], late[half:]], axis=1)
    within = float(parts.var(axis=0, ddof=1).mean())
    between = half * float(parts.mean(axis=0).var(ddof=1))
    if not within > 0:
        return float("nan")
    return float(np.sqrt(((half - 1) / half * within + between / half) / within))


def _column(frame: pd.DataFrame, name: str, level: Level) -> list[Problem]:
    if name not in frame:
        return [Problem(f"{name} is not in the data", "Use a name of the codebook.")]
    column = frame[name]
    nominal = isinstance(column.dtype, pd.CategoricalDtype)
    if nominal != (level == "nominal") or not (
        nominal or pd.api.types.is_numeric_dtype(column.dtype)
    ):
        problem = f"{name} is said to be {level}, but its type is {column.dtype}"
        return [Problem(problem, "Give its level as in the codebook.")]
    if not nominal and np.isinf(column.to_numpy("float64")).any():
        return [Problem(f"{name} holds infinite values", "Correct them in the data.")]
    different = column.nunique()
    if not different:
        return [Problem(f"nobody has a value of {name}", "Leave it out.")]
    if different < 2:
        return [Problem(f"{name} is the same for all who answered", "Leave it out.")]
    if level == "binary" and different > 2:
        problem = f"{name} is said to be binary, but has {different} values"
        return [Problem(problem, "Give its level as in the codebook.")]
    return []


def _codes(column: pd.Series) -> Array:
    if isinstance(column.dtype, pd.CategoricalDtype):
        codes = column.cat.codes.to_numpy().astype("float64")
        return np.where(codes < 0, np.nan, codes)
    return column.to_numpy("float64")


def _too_little(names: Sequence[str], coded: Sequence[Coded]) -> list[Problem]:
    """Ask whether those who answered all can carry a model, and no variable says the same twice."""
    complete = np.ones(len(coded[0].values), dtype=bool)
    for variable in coded:
        complete &= ~np.isnan(variable.values)
    design = np.concatenate([variable.design(variable.values) for variable in coded], axis=1)
    n, k = int(complete.sum()), design.shape[1]
    if n < k + 2:
        remedy = "Use fewer variables, or ones that more respondents answered."
        return [Problem(f"only {n} respondents have all {len(names)} variables", remedy)]
    centred = design[complete] - design[complete].mean(axis=0)
    spread = centred.std(axis=0)
    # A variable on which the complete ones agree says nothing about collinearity.
    varied = centred[:, spread > 0] / spread[spread > 0]
    if np.linalg.matrix_rank(varied) < varied.shape[1]:
        problem = "some variables determine another exactly"
        return [Problem(problem, "Leave one of them out.", values=tuple(names))]
    return []


def _raise_if(problems: list[Problem]) -> None:
    if problems:
        raise AnalysisError("The missing values cannot be imputed.", problems)
