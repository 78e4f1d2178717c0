"""Mediation: against R, by hand, on what must hold, and what it refuses to say."""

import numpy as np
import pandas as pd
import pytest

from mobiliteit.errors import AnalysisError
from mobiliteit.inference.mediate import Mediation, delta_interval, mediate
from mobiliteit.inference.resample import bca_limits, bootstrap_counts, percentile_limits
from mobiliteit.results import TIDY_COLUMNS
from reference.regression_values import draws, r
from reference.values import data

OUTCOME, MEDIATOR = "succes", "netwerken"
FACTORS = [
    "effectiviteit",
    "scholing",
    "geslacht",
    "leeftijd",
    "opleidingsniveau",
    "zorgtaken",
    "pop",
]
EXACT = {"rel": 1e-9, "abs": 1e-13}


@pytest.fixture(scope="module")
def result():
    return mediate(data(), OUTCOME, MEDIATOR, FACTORS, resamples=2000)


def made(n=200, seed=1, a=0.5, b=0.5, direct=0.0):
    generator = np.random.default_rng(seed)
    x, other = generator.normal(size=(2, n))
    m = a * x + generator.normal(size=n)
    y = b * m + direct * x + 0.2 * other + generator.normal(size=n)
    return pd.DataFrame({"x": x, "other": other, "m": m, "y": y})


# ---- against R


@pytest.mark.parametrize("path", ["a", "c", "c_prime", "b"])
def test_paths_agree_with_r(result, path):
    for name in FACTORS if path != "b" else [MEDIATOR]:
        for statistic in ("b", "b_se", "p"):
            value = result.paths.at[(path, name), statistic]
            assert value == pytest.approx(r("paths", name, path, statistic), **EXACT)


def test_indirect_effects_agree_with_lavaan(result):
    # lavaan optimizes its likelihood: it stops some 1e-7 from the solution. Its errors of a and b
    # divide by n where least squares divide by n - 8 and n - 9.
    n, k = result.n, len(FACTORS)
    a, b = result.paths.loc["a"], result.paths.loc["b"].loc[MEDIATOR]
    errors, _, _ = delta_interval(
        a["b"].to_numpy(),
        a["b_se"].to_numpy() * np.sqrt((n - k - 1) / n),
        b["b"],
        b["b_se"] * np.sqrt((n - k - 2) / n),
    )
    for name, error in zip(FACTORS, errors, strict=True):
        value = result.indirect.at[name, "indirect"]
        assert value == pytest.approx(r("lavaan", name, "ab", "indirect"), rel=1e-5, abs=1e-9)
        value = result.indirect.at[name, "indirect_standardized"]
        assert value == pytest.approx(r("lavaan", name, "ab", "standardized"), rel=1e-5, abs=1e-8)
        assert error == pytest.approx(r("lavaan", name, "ab", "delta_se"), rel=1e-5)


def test_bootstrap_errors_agree_with_lavaan(result):
    # 1,000 draws there and 2,000 here: a standard error varies by 1 / sqrt(2 R) and, with these
    # heavy tails, up to twice that. 15% is three of the combined errors.
    for name in FACTORS:
        expected = r("lavaan", name, "ab", "bootstrap_se")
        assert result.indirect.at[name, "indirect_se"] == pytest.approx(expected, rel=0.15)


def test_limits_at_another_level_are_those_of_a_mediation_at_that_level(result):
    other = mediate(data(), OUTCOME, MEDIATOR, FACTORS, resamples=2000, level=0.9)
    columns = [f"indirect_standardized_percentile_{side}" for side in ("low", "high")]
    for name in FACTORS:
        assert result.percentile(name, 0.9) == tuple(other.indirect.loc[name, columns])
        assert result.percentile(name, 0.95) == tuple(result.indirect.loc[name, columns])


@pytest.mark.parametrize("effect", ["effectiviteit", "scholing"])
def test_limits_on_the_draws_of_r_agree_with_boot(result, effect):
    # Percentile: order statistics 25 and 975 of 999, the same number in both. BCa falls between two
    # order statistics, where boot interpolates on the normal scale: within the distance between the
    # two.
    drawn, left_out = draws(effect)
    low, high = percentile_limits(drawn[:, None])
    assert low[0] == pytest.approx(r("boot", effect, "ab", "percentile_low"), rel=1e-12)
    assert high[0] == pytest.approx(r("boot", effect, "ab", "percentile_high"), rel=1e-12)
    estimate = np.array([result.indirect.at[effect, "indirect"]])
    limits = bca_limits(drawn[:, None], estimate, left_out[:, None])
    for limit, name in zip(limits, ("bca_low", "bca_high"), strict=True):
        expected = r("boot", effect, "ab", name)
        after = np.searchsorted(np.sort(drawn), expected)
        gap = np.diff(np.sort(drawn)[after - 2 : after + 2]).max()
        assert limit[0] == pytest.approx(expected, abs=0.2 * gap)


def test_jackknife_agrees_with_r():
    # R left out each respondent in turn; the limits above rest on it.
    from mobiliteit.inference.mediate import indirect_effects
    from mobiliteit.inference.resample import jackknife_covariances

    complete = data()[[*FACTORS, MEDIATOR, OUTCOME]].dropna().to_numpy()
    complete = complete - complete.mean(axis=0)
    values = indirect_effects(2, np.ones(2))(jackknife_covariances(complete))
    for position, effect in enumerate(("effectiviteit", "scholing")):
        np.testing.assert_allclose(values[:, position], draws(effect)[1], rtol=1e-8, atol=1e-14)


def test_limits_agree_with_those_of_r(result):
    # Different draws: a limit varies by about a tenth of the standard error with 999 of them.
    for effect in ("effectiviteit", "scholing"):
        error = result.indirect.at[effect, "indirect_se"]
        for limit in ("percentile_low", "percentile_high", "bca_low", "bca_high"):
            value = result.indirect.at[effect, f"indirect_{limit}"]
            assert value == pytest.approx(r("boot", effect, "ab", limit), abs=0.4 * error)


# ---- what must hold


def test_total_is_direct_plus_indirect(result):
    paths = result.paths["b"]
    difference = paths["c"] - paths["c_prime"]
    np.testing.assert_allclose(difference, result.indirect["indirect"], rtol=1e-9, atol=1e-14)
    np.testing.assert_allclose(
        paths["a"] * paths["b"].loc[MEDIATOR], result.indirect["indirect"], rtol=1e-9, atol=1e-14
    )
    betas = result.paths["beta"]
    np.testing.assert_allclose(
        betas["a"] * betas["b"].loc[MEDIATOR],
        result.indirect["indirect_standardized"],
        rtol=1e-9,
        atol=1e-14,
    )


def test_every_resample_is_a_fit():
    # The bootstrap against least squares on the rows drawn, one by one.
    frame = made(n=60)
    found = mediate(frame, "y", "m", ["x", "other"], resamples=199, seed=5)
    values = frame.to_numpy()
    effects = []
    for counts in next(bootstrap_counts(60, 199, seed=5)):
        x1, x2, m, y = np.repeat(values, counts.astype(int), axis=0).T
        one = np.ones(60)
        a = np.linalg.lstsq(np.column_stack([one, x1, x2]), m)[0][1]
        b = np.linalg.lstsq(np.column_stack([one, x1, x2, m]), y)[0][3]
        effects.append([a * b, a * b * x1.std() / y.std()])
    effects = np.array(effects)
    row = found.indirect.loc["x"]
    for position, name in enumerate(("indirect", "indirect_standardized")):
        low, high = percentile_limits(effects[:, [position]])
        assert row[f"{name}_percentile_low"] == pytest.approx(low[0], rel=1e-9)
        assert row[f"{name}_percentile_high"] == pytest.approx(high[0], rel=1e-9)
        assert row[f"{name}_se"] == pytest.approx(effects[:, position].std(ddof=1), rel=1e-9)


def test_covariates_are_in_every_equation():
    frame = made()
    with_covariate = mediate(frame, "y", "m", ["x"], covariates=["other"], resamples=499)
    as_factors = mediate(frame, "y", "m", ["x", "other"], resamples=499)
    pd.testing.assert_frame_equal(with_covariate.indirect, as_factors.indirect.loc[["x"]])
    assert with_covariate.paths.loc["c"].index.tolist() == ["x"]
    assert with_covariate.covariates == ("other",)
    without = mediate(frame, "y", "m", ["x"], resamples=499)
    assert without.indirect.at["x", "indirect"] != with_covariate.indirect.at["x", "indirect"]


def test_one_listwise_n():
    frame = made()
    frame.loc[0, "y"] = frame.loc[1, "m"] = frame.loc[2, "x"] = frame.loc[3, "other"] = np.nan
    found = mediate(frame, "y", "m", ["x"], covariates=["other"], resamples=199)
    assert (found.n, found.n_missing) == (196, 4)
    assert found.tidy()["n"].eq(196).all()


def test_units_change_the_effects_but_not_the_standardized_ones():
    frame = made()
    before = mediate(frame, "y", "m", ["x", "other"], resamples=499)
    scaled = frame.assign(x=frame["x"] * 10, y=frame["y"] * 3 + 5, m=frame["m"] / 7)
    after = mediate(scaled, "y", "m", ["x", "other"], resamples=499)
    for name in ("", "_se", "_bca_low", "_percentile_high", "_delta_se"):
        value = after.indirect.at["x", f"indirect{name}"]
        assert value == pytest.approx(0.3 * before.indirect.at["x", f"indirect{name}"], rel=1e-8)
    names = [name for name in before.indirect if name.startswith("indirect_standardized")]
    pd.testing.assert_frame_equal(before.indirect[names], after.indirect[names], rtol=1e-8)


def test_seeds():
    one, again, other = (
        mediate(made(), "y", "m", ["x"], resamples=299, seed=seed) for seed in (1, 1, 2)
    )
    pd.testing.assert_frame_equal(one.indirect, again.indirect)
    assert one.indirect.at["x", "indirect_bca_low"] != other.indirect.at["x", "indirect_bca_low"]


# ---- the argument


def test_mediation_that_is_there_is_found():
    frame = made(seed=7, direct=0.3)
    # The other factor goes with neither x nor m in this very sample: its a is 0, its ab too.
    known = np.column_stack([np.ones(len(frame)), frame[["x", "m"]]])
    frame["other"] -= known @ np.linalg.lstsq(known, frame["other"])[0]
    found = mediate(frame, "y", "m", ["x", "other"], resamples=999)
    row = found.argument.loc["x"]
    assert row["three_steps"] and row["percentile_excludes_zero"] and row["bca_excludes_zero"]
    assert row["reading"] == "same"
    assert not found.argument.loc["other", ["percentile_excludes_zero", "bca_excludes_zero"]].any()
    low, high = found.indirect.loc["x", ["indirect_bca_low", "indirect_bca_high"]]
    assert low < 0.25 < high
    assert found.reading("other") == (
        "geen indirect verband aangetoond; aan de drie stappen van het rapport is niet voldaan"
    )


def test_an_indirect_effect_without_a_total_one():
    # c = .5 * .5 - .25 = 0: the three steps stop at the first, the indirect effect is there.
    found = mediate(made(n=400, direct=-0.25), "y", "m", ["x"], resamples=999)
    row = found.argument.loc["x"]
    assert not row["c_significant"] and not row["three_steps"]
    assert row["bca_excludes_zero"] and row["reading"] == "opposite"
    assert "suppressie" in found.reading("x") and "suppression" in found.reading("x", "en")


def test_full_mediation_is_never_concluded():
    # No direct path at all, and c' not significant: the text must still not say "full".
    found = mediate(made(n=150, seed=3), "y", "m", ["x"], resamples=999)
    assert found.paths.at[("c_prime", "x"), "p"] > 0.05 and found.argument.at["x", "three_steps"]
    assert found.argument.at["x", "reading"] == "unclear"
    for lang, word, cause in (("nl", "volledig", "geen oorzaak"), ("en", "full", "not cause")):
        assert word not in found.reading("x", lang)
        assert cause in found.caution(lang)
    notes = found.tidy().set_index(["row", "column", "statistic"])["note"]
    for statistic in ("indirect", "indirect_standardized"):
        assert found.caution() in notes["x", "ab", statistic]


# ---- shape and errors


def test_tidy(result):
    tidy = result.tidy()
    assert isinstance(result, Mediation)
    assert list(tidy.columns) == list(TIDY_COLUMNS)
    assert not tidy.duplicated(["row", "column", "statistic"]).any()
    cells = tidy.set_index(["row", "column", "statistic"])
    for name in FACTORS:
        for path in ("a", "c", "c_prime"):
            assert cells.at[(name, path, "beta"), "value"] == result.paths.at[(path, name), "beta"]
            assert cells.at[(name, path, "b"), "p"] == result.paths.at[(path, name), "p"]
        low = cells.loc[(name, "ab", "indirect_bca_low")]
        assert low["value"] == result.indirect.at[name, "indirect_bca_low"]
        assert low["note"] == "95%, 2000 hertrekkingen, seed 2006"
        met = result.argument.at[name, "three_steps"]
        assert cells.at[(name, "argument", "three_steps"), "value"] == float(met)
    assert cells.at[("", "mediator", "r2"), "value"] == result.r2["mediator"]
    assert cells.at[(MEDIATOR, "b", "beta"), "value"] == result.paths.at[("b", MEDIATOR), "beta"]


def test_the_input_is_left_as_it_was():
    frame = data()
    mediate(frame, OUTCOME, MEDIATOR, FACTORS, resamples=199)
    pd.testing.assert_frame_equal(frame, data())


@pytest.mark.parametrize(
    ("factors", "options", "message"),
    [
        ([], {}, "there are no factors"),
        (["effectiviteit"], {"alpha": 0}, "0 is no significance level"),
        (["effectiviteit"], {"resamples": 50}, "50 resamples are too few"),
        (["effectiviteit"], {"level": 1.0}, "a level of 1.0 is not between 0 and 1"),
        (["effectiviteit", "netwerken"], {}, "netwerken is named more than once"),
        (["effectiviteit"], {"covariates": ["weg"]}, "weg is not in the data"),
    ],
)
def test_mediations_that_cannot_be(factors, options, message):
    with pytest.raises(AnalysisError) as caught:
        mediate(data(), OUTCOME, MEDIATOR, factors, **options)
    assert message in str(caught.value)


def test_a_bootstrap_that_the_data_cannot_bear():
    frame = made(n=30)
    frame["x"] = [1.0] + [0.0] * 29
    found = mediate(frame, "y", "m", ["x"], resamples=999)
    # One respondent alone fixes the paths of x, which leaves nothing for HC3 to divide by.
    assert found.paths["p_hc3"].isna().all() and found.paths["p"].notna().all()
    assert "zonder variantie overgeslagen" in found.note
    assert (
        found.note in found.tidy().set_index(["column", "statistic"]).at[("ab", "indirect"), "note"]
    )
    rarer = pd.concat([frame.iloc[:12]] * 1).assign(z=[0.0, 1.0] + [0.0] * 10, w=[0.0] * 11 + [1.0])
    with pytest.raises(AnalysisError, match="has no variance in"):
        mediate(rarer, "y", "m", ["x", "z", "w"], resamples=999)
