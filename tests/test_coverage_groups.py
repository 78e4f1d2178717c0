"""Do the intervals of the group comparisons hold what they say? Simulated with a known truth.

At least 4,000 draws each: the standard error of a coverage of 95% is then 0.34 points, of 90% 0.47.
Means and variances of normal samples are drawn as such, which is cheap: 16,000, 0.17 and 0.24.
Counts need no simulation: the chances of all tables are added up. What the docstrings state about
corners comes from here too (`test_corners_are_as_bad_as_the_docstrings_say`).
"""

import numpy as np
import pytest
from scipy import stats
from statsmodels.stats.proportion import confint_proportions_2indep, proportion_confint

from mobiliteit.inference.association import cramers_v_interval
from mobiliteit.inference.contrasts import pair_statistics
from mobiliteit.inference.effects import noncentral_f_interval, noncentral_t_interval
from mobiliteit.inference.ranks import superiority
from mobiliteit.inference.regression import standardized_influence
from mobiliteit.inference.shares import score_z
from mobiliteit.inference.studentized import studentized_range_quantile

pytestmark = pytest.mark.slow

DRAWS = 4_000
MANY = 16_000
HOLDS = (0.935, 0.965)
HOLDS_90 = (0.885, 0.915)


def groups(rng, n, mean, sd, draws=MANY):
    """Means and variances of normal samples, which are independent: shape (draws, groups)."""
    n, sd = np.asarray(n, dtype="float64"), np.asarray(sd, dtype="float64")
    means = rng.normal(mean, sd / np.sqrt(n), (draws, len(n)))
    return means, sd**2 * rng.chisquare(n - 1, (draws, len(n))) / (n - 1)


def quantiles(k, df, level=0.95):
    """Studentized range at many degrees of freedom, interpolated in 1/df (error below 1e-4)."""
    if np.ptp(df) == 0:
        return np.full(df.shape, studentized_range_quantile(level, k, float(df.flat[0])))
    grid = np.linspace(1 / df.max(), 1 / df.min(), 40)
    at = [studentized_range_quantile(level, k, float(1 / x)) for x in grid]
    return np.interp(1 / df, grid, at)


# ---- contrasts


def contrast_coverage(n, sd, *, pooled, simultaneous, level=0.95, seed=1):
    rng = np.random.default_rng(seed)
    truth = np.linspace(0, 1, len(n))
    means, variances = groups(rng, n, truth, sd)
    size = np.broadcast_to(np.asarray(n, dtype="float64"), means.shape)
    difference, se, df = pair_statistics(size, means, variances, pooled=pooled)
    a, b = np.triu_indices(len(n), 1)
    t = np.abs(difference - (truth[a] - truth[b])) / se
    if simultaneous:
        return ((np.sqrt(2) * t) <= quantiles(len(n), df, level)).all(axis=-1).mean()
    return (t <= stats.t.ppf((1 + level) / 2, df)).mean(axis=0)


SIZES = [(20, 60, 200), (390, 400, 347), (25, 25, 25, 25, 25), (15, 40, 80, 160, 300, 30)]


@pytest.mark.parametrize("n", SIZES)
def test_tukey_kramer(n):
    found = contrast_coverage(n, np.ones(len(n)), pooled=True, simultaneous=True)
    assert HOLDS[0] <= found <= HOLDS[1]


@pytest.mark.parametrize("n", SIZES)
@pytest.mark.parametrize("sd", [(1, 1), (1, 4), (4, 1)])
def test_games_howell(n, sd):
    spread = np.linspace(*sd, len(n))
    found = contrast_coverage(n, spread, pooled=False, simultaneous=True)
    assert HOLDS[0] <= found <= HOLDS[1]


@pytest.mark.parametrize("n", SIZES)
@pytest.mark.parametrize(("pooled", "sd"), [(True, (1, 1)), (False, (1, 4)), (False, (4, 1))])
def test_intervals_beside_holm(n, pooled, sd):
    spread = np.linspace(*sd, len(n))
    found = contrast_coverage(n, spread, pooled=pooled, simultaneous=False)
    assert (found >= HOLDS[0]).all() and (found <= HOLDS[1]).all()


# ---- effect sizes


def share_coverage(n, share, sd=None, *, level=0.95, seed=2, draws=DRAWS):
    """Coverage of the share of variance explained; `share` is that of the given sizes."""
    rng = np.random.default_rng(seed)
    n, sd = np.asarray(n, dtype="float64"), np.ones(len(n)) if sd is None else np.asarray(sd)
    pattern = np.linspace(-1, 1, len(n))
    pattern = pattern - (n * pattern).sum() / n.sum()
    within = (n * sd**2).sum() / n.sum()
    between = (n * pattern**2).sum() / n.sum()
    mean = pattern * np.sqrt(share / (1 - share) * within / between)
    means, variances = groups(rng, n, mean, sd, draws)
    grand = (n * means).sum(axis=1, keepdims=True) / n.sum()
    df = (len(n) - 1.0, n.sum() - len(n))
    f = (n * (means - grand) ** 2).sum(axis=1) / df[0]
    f /= ((n - 1) * variances).sum(axis=1) / df[1]
    low, high = (limit / (limit + n.sum()) for limit in noncentral_f_interval(f, df, level))
    return ((low <= share) & (share <= high)).mean()


@pytest.mark.parametrize("n", [(25, 25, 25), (50, 150, 600), (390, 400, 347), (40,) * 6])
@pytest.mark.parametrize("share", [0.03, 0.1, 0.3])
def test_variance_explained(n, share):
    assert HOLDS[0] <= share_coverage(n, share) <= HOLDS[1]


def difference_coverage(n, delta, sd=(1.0, 1.0), *, level=0.95, seed=3):
    rng = np.random.default_rng(seed)
    # The truth in standard deviations: of the pooled variance that samples of these sizes aim at.
    size = np.asarray(n, dtype="float64")
    pooled = np.sqrt(((size - 1) * np.square(sd)).sum() / (size.sum() - 2))
    means, variances = groups(rng, n, np.array([delta * pooled, 0]), sd, DRAWS)
    within = ((size - 1) * variances).sum(axis=1) / (size.sum() - 2)
    scale = np.sqrt((1 / size).sum())
    t = (means[:, 0] - means[:, 1]) / np.sqrt(within) / scale
    low, high = noncentral_t_interval(t, size.sum() - 2, level)
    return ((low * scale <= delta) & (delta <= high * scale)).mean()


@pytest.mark.parametrize("n", [(12, 12), (30, 200), (390, 347)])
@pytest.mark.parametrize("delta", [0, 0.2, 0.5, 1.2])
def test_standardized_difference(n, delta):
    assert HOLDS[0] <= difference_coverage(n, delta) <= HOLDS[1]


TABLES = {
    "2x2": ([0.6, 0.4], [0.7, 0.3]),
    "3x2": ([0.45, 0.35, 0.2], [0.85, 0.15]),
    "3x4": ([0.45, 0.35, 0.2], [0.4, 0.3, 0.2, 0.1]),
    "4x4": ([0.25] * 4, [0.25] * 4),
    "8x3": ([0.3, 0.2, 0.15, 0.1, 0.1, 0.05, 0.05, 0.05], [0.45, 0.35, 0.2]),
}


def table_with(v, rows, columns, seed):
    """A table of chances with these margins and this Cramér's V, in a random direction."""
    rng = np.random.default_rng(seed)
    rows, columns = np.array(rows), np.array(columns)
    independent = np.outer(rows, columns)
    while True:
        way = rng.normal(size=independent.shape) * independent
        for _ in range(200):
            way -= way.sum(axis=1, keepdims=True) * columns
            way -= way.sum(axis=0, keepdims=True) * rows[:, None]
        length = np.sqrt((way**2 / independent).sum() / (min(independent.shape) - 1))
        table = independent + way * v / length
        if table.min() > 0:
            return table


def v_coverage(name, v, n, *, seed=4, draws=DRAWS):
    table = table_with(v, *TABLES[name], seed)
    counts = np.random.default_rng(seed).multinomial(n, table.ravel(), size=draws)
    counts = counts.reshape(draws, *table.shape).astype("float64")
    low, high = cramers_v_interval(counts, 0.95)
    return ((low <= v + 1e-12) & (v <= high)).mean()


@pytest.mark.parametrize("name", TABLES)
@pytest.mark.parametrize("v", [0.05, 0.1, 0.2, 0.3])
def test_cramers_v(name, v):
    assert HOLDS[0] <= v_coverage(name, v, 1_137) <= HOLDS[1]


@pytest.mark.parametrize("name", ["2x2", "3x2", "3x4", "4x4"])
@pytest.mark.parametrize("v", [0.1, 0.2, 0.3])
def test_cramers_v_of_smaller_samples(name, v):
    assert HOLDS[0] <= v_coverage(name, v, 400) <= HOLDS[1]


# ---- shares: exact


def wilson_coverage(n, p):
    """Exact coverage at each share of `p`."""
    count = np.arange(n + 1)
    low, high = proportion_confint(count, n, alpha=0.05, method="wilson")
    inside = (low[:, None] <= p + 1e-12) & (p - 1e-12 <= high[:, None])
    return (stats.binom.pmf(count[:, None], n, p) * inside).sum(axis=0)


@pytest.mark.parametrize("n", [30, 100, 347, 1_137])
def test_wilson_on_average(n):
    assert HOLDS[0] <= wilson_coverage(n, np.linspace(0.05, 0.95, 901)).mean() <= HOLDS[1]


def two_shares(n, p):
    """All pairs of counts with their chances: shapes (m, 2) and (m,)."""
    one, two = (stats.binom.pmf(np.arange(n[i] + 1), n[i], p[i]) for i in (0, 1))
    chance = np.outer(one, two)
    kept = chance > 1e-9
    return np.argwhere(kept).astype("float64"), chance[kept]


def newcombe_coverage(n, p):
    count, chance = two_shares(n, p)
    low, high = confint_proportions_2indep(
        count[:, 0], n[0], count[:, 1], n[1], method="newcomb", compare="diff", alpha=0.05
    )
    gap = p[0] - p[1]
    return chance[(low <= gap) & (gap <= high)].sum()


def score_coverage(n, p):
    count, chance = two_shares(n, p)
    z = score_z(count, np.broadcast_to(np.asarray(n, dtype="float64"), count.shape), p[0] - p[1])
    return chance[np.abs(z) <= stats.norm.ppf(0.95)].sum()


TWO = [((40, 60), (0.3, 0.2)), ((390, 347), (0.12, 0.07)), ((100, 500), (0.6, 0.5))]


@pytest.mark.parametrize(("n", "p"), TWO)
def test_newcombe(n, p):
    assert HOLDS[0] <= newcombe_coverage(n, p) <= HOLDS[1]


@pytest.mark.parametrize(("n", "p"), TWO)
def test_score_interval_of_equivalent_shares(n, p):
    assert HOLDS_90[0] <= score_coverage(n, p) <= HOLDS_90[1]


# ---- ranks


def superiority_coverage(n, p, seed=6, draws=DRAWS):
    rng = np.random.default_rng(seed)
    a, b = (rng.choice(5, size=(draws, n[i]), p=p[i]).astype("float64") for i in (0, 1))
    p = np.array(p)
    below = np.concatenate([[0], np.cumsum(p[1])[:-1]])
    truth = (p[0] * (below + p[1] / 2)).sum()
    limits = np.array([superiority(x, y, 0.95)[1:] for x, y in zip(a, b, strict=True)])
    return ((limits[:, 0] <= truth) & (truth <= limits[:, 1])).mean()


MIDDLE, HIGH, SPLIT = (
    [0.1, 0.2, 0.4, 0.2, 0.1],
    [0.05, 0.1, 0.25, 0.35, 0.25],
    [0.35, 0.1, 0.1, 0.1, 0.35],
)


@pytest.mark.parametrize(
    ("n", "p"),
    [
        ((20, 30), (HIGH, MIDDLE)),
        ((60, 400), (MIDDLE, SPLIT)),
        ((390, 347), (HIGH, SPLIT)),
    ],
)
def test_chance_of_superiority(n, p):
    assert HOLDS[0] <= superiority_coverage(n, p) <= HOLDS[1]


# ---- equivalence


@pytest.mark.parametrize("n", [(15, 40), (390, 347)])
@pytest.mark.parametrize("sd", [(1, 2), (2, 1)])
def test_equivalence_of_means_raw(n, sd):
    found = contrast_coverage(n, sd, pooled=False, simultaneous=False, level=0.9)
    assert HOLDS_90[0] <= found[0] <= HOLDS_90[1]


@pytest.mark.parametrize("n", [(15, 40), (390, 347)])
@pytest.mark.parametrize("delta", [0, 0.2, 0.8])
def test_equivalence_of_means_in_standard_deviations(n, delta):
    assert HOLDS_90[0] <= difference_coverage(n, delta, level=0.9) <= HOLDS_90[1]


def beta_coverage(n, *, uneven, level=0.9, seed=7, draws=DRAWS):
    """Coverage of each of four standardized coefficients, one of a 0/1 predictor."""
    slopes = np.array([0.1, 0.0, 0.35, 0.2])

    def draw(rng, size):
        x = rng.normal(size=(size, 4))
        x[:, 1:3] += 0.5 * x[:, :1]
        x[:, 3] = x[:, 3] > 0.8
        spread = np.exp(0.4 * x[:, 2]) if uneven else 1.0
        return x, x @ slopes + spread * rng.normal(size=size)

    def betas(x, y):
        zx, zy = (x - x.mean(axis=0)) / x.std(axis=0), (y - y.mean()) / y.std()
        return np.linalg.solve(zx.T @ zx, zx.T @ zy), zx, zy

    truth = betas(*draw(np.random.default_rng(0), 4_000_000))[0]  # known to 0.0005
    rng, inside = np.random.default_rng(seed), np.zeros(4)
    critical = stats.t.ppf((1 + level) / 2, n - 5)
    for _ in range(draws):
        beta, zx, zy = betas(*draw(rng, n))
        se = np.sqrt((standardized_influence(zx, zy) ** 2).sum(axis=0)) / n
        inside += np.abs(beta - truth) <= critical * se
    return inside / draws


@pytest.mark.parametrize("n", [150, 390])
@pytest.mark.parametrize("uneven", [False, True])
def test_equivalence_of_a_coefficient(n, uneven):
    found = beta_coverage(n, uneven=uneven)
    assert (found >= HOLDS_90[0]).all() and (found <= HOLDS_90[1]).all()


@pytest.mark.parametrize("n", [(15, 40), (60, 60), (390, 347)])
def test_a_difference_at_the_bound_is_seldom_called_equivalent(n):
    rng = np.random.default_rng(8)
    bound = 0.9
    means, variances = groups(rng, n, np.array([bound, 0]), (1.0, 1.5))
    size = np.broadcast_to(np.asarray(n, dtype="float64"), means.shape)
    difference, se, df = pair_statistics(size, means, variances, pooled=False)
    reach = stats.t.ppf(0.95, df) * se
    called = (difference + reach < bound) & (difference - reach > -bound)
    assert called.mean() <= 0.06


# ---- corners: where an interval does not hold, its docstring says so


def test_corners_are_as_bad_as_the_docstrings_say():
    # one variance assumed where the small group has the large one
    unequal = {"n": (20, 60, 200), "sd": (4.0, 2.0, 1.0)}
    tukey = contrast_coverage(**unequal, pooled=True, simultaneous=True)
    assert tukey < 0.80
    assert difference_coverage((50, 200), 0.5, (2.0, 1.0)) < 0.90
    assert share_coverage((50, 100, 200), 0.06, (2.0, 1.5, 1.0)) < 0.93
    # at no effect at all, an interval that starts at zero cannot miss from below
    assert share_coverage((50, 150, 600), 0.0) == pytest.approx(0.975, abs=0.01)
    assert v_coverage("3x4", 0.0, 1_137) == pytest.approx(0.975, abs=0.01)
    # an expected count far below one
    assert wilson_coverage(50, np.array([0.0035])).item() < 0.90
