"""Hints for students: frames made with one slip each, by pandas alone, and the slip is named.

The frames are made from the file and the clean frame of the bundled wave in the few lines that a
student would write; nothing here calls the package's own way of computing under a convention.
"""

import functools
import re
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pyreadstat
import pytest
import statsmodels.api as sm
from scipy import stats

import mobiliteit as mb
from builders import failure
from mobiliteit.errors import AnalysisError
from mobiliteit.hints import check, checking
from mobiliteit.hints.matching import agrees, printed
from mobiliteit.hints.material import gather
from mobiliteit.hints.numbers import Kitchen
from mobiliteit.hints.reading import Given
from mobiliteit.hints.recipe import Key, Recipe
from mobiliteit.identifiers import hashed
from mobiliteit.project import find_project
from mobiliteit.tables import compute_table

PAGES = Path(__file__).resolve().parents[1] / "docs"
GROUP, SEGMENT = "mobiliteitsgroep", "mobiliteitssegment"
SCALES = {
    "loopbaantevredenheid": 3, "loopbaanstap_succes": 3, "orienteren": 4, "netwerken": 4,
    "effectiviteit": 5, "gezondheidsbelemmeringen": 3, "privebelemmeringen": 3, "employability": 4,
    "willen": 3, "moeten": 3, "sociale_norm": 2, "mobiliteitsgerichte_organisatie": 4,
    "leermogelijkheden": 3, "uitdagende_taken": 3,
}  # fmt: skip
REVERSED = ["loopbaantevredenheid_2", "employability_4"]
MEANS_33 = [*SCALES, "inkomen", "sollicitaties", "opleiding_huidig", "nut_pop"]
MEANS_33.remove("loopbaanstap_succes")
FACTORS = {
    "geslacht": "geslacht_klasse", "opleidingsniveau": "opleiding_klasse",
    "leeftijd": "leeftijd_klasse", "zorgtaken": "zorgtaken_klasse", "uren": "uren_klasse",
    "dienstverband": "dienstverband_klasse",
}  # fmt: skip
OUTCOMES = {
    "3.10": ["loopbaantevredenheid", "loopbaanstap_succes", "netwerken", "opleiding_huidig"],
    "3.11": ["mobiliteitsgerichte_organisatie", "effectiviteit", "willen", "moeten"],
}
SHARES = {
    "3.4": ["pop", "coach_intern_mogelijk", "coach_intern_gebruikt", "ondersteuning_buiten"],
    "3.5": ["geslacht", "zorgtaken", "hoger_opgeleid", "vast_dienstverband"],
}
NAMED = {"hoger_opgeleid": "opleidingsniveau", "vast_dienstverband": "dienstverband"}


@pytest.fixture(scope="module")
def wave(bundled):
    return bundled


@pytest.fixture(scope="module")
def material(wave):
    return gather(wave)


@pytest.fixture(scope="module")
def computed(wave):
    return functools.cache(lambda table: compute_table(wave, table))


class Sharing(Kitchen):
    """A kitchen for some rows of a table, with one for all of it.

    Which rows are meant matters only for who is left out listwise: all else was computed before.
    """

    def __init__(self, whole, present):
        super().__init__(whole.material, whole.table, present)
        self.whole = whole

    def numbers(self, recipe):
        return super().numbers(recipe) if recipe.listwise else self.whole.numbers(recipe)


@pytest.fixture(scope="module")
def gathered(wave, material):
    """What is gathered of a wave, by its id."""
    known = {wave.id: material}
    return lambda of: known[of.id] if of.id in known else known.setdefault(of.id, gather(of))


@pytest.fixture(scope="module")
def kitchens():
    """Kitchens by material and table: what they remember is by recipe."""
    known = {}

    def kitchen(material, table, present):
        whole = known.setdefault((id(material), id(table)), Kitchen(material, table))
        place = id(material), id(table), present
        return known.setdefault(place, Sharing(whole, present))

    return kitchen


@pytest.fixture(autouse=True)
def _done_once(monkeypatch, wave, gathered, computed, kitchens):
    """Read the file and compute the tables once: they do not change between the frames."""
    monkeypatch.setattr(checking, "gather", gathered)
    monkeypatch.setattr(checking, "Kitchen", kitchens)
    monkeypatch.setattr(
        checking,
        "compute_table",
        lambda of, table: computed(table) if of is wave else compute_table(of, table),
    )


@pytest.fixture(scope="module")
def delivered(wave):
    """The rows of the file with their codes as they are, under the names of the codebook."""
    path = find_project().raw("2006") / "panel_2006.sav"
    frame, _ = pyreadstat.read_sav(str(path), user_missing=True)
    names = {source: entry.variable for source, entry in wave.descriptor.columns.items()}
    frame = frame.rename(columns=names)
    frame.index = hashed([f"{i:.0f}" for i in frame["respnr"]], wave.descriptor.respondent.salt)
    return frame


# ---- what a student does to the respondents


def plain(wave):
    return wave.frame.copy()


def items_of(wave):
    """Items as they were answered."""
    frame = wave.frame.copy()
    frame[REVERSED] = 6 - frame[REVERSED]
    return frame


def rescored(frame, how):
    """Scale scores from the items of `frame`; `how` gets the items of one scale."""
    frame = frame.copy()
    for scale, k in SCALES.items():
        frame[scale] = how(frame[[f"{scale}_{i}" for i in range(1, k + 1)]])
    both = frame[["nut_functionering", "nut_loopbaangesprek"]]
    frame["dialoog"] = both.mean(axis=1)
    return frame


def half(items):
    return items.mean(axis=1).where(items.notna().mean(axis=1) >= 0.5)


def with_codes(wave, delivered):
    """All missing codes stay: 9, 98, 99, 998 and 999 are numbers like any other."""
    frame, file = items_of(wave), delivered[~delivered.index.duplicated()]
    codes = {8, 9, 98, 99, 998, 999}
    columns = [c for c in file if c in frame and pd.api.types.is_float_dtype(frame[c])]
    for column in columns:
        if column in ("stap", "zelfde_instelling", "zelfde_functie", "overwogen"):
            continue
        raw = file[column].reindex(frame.index)
        code = raw.where(raw.isin(codes) & frame[column].isna())
        frame[column] = frame[column].fillna(code)
    frame[REVERSED] = 6 - frame[REVERSED]
    frame["hoger_opgeleid"] = frame["opleidingsniveau"].map(
        lambda x: 1.0 if x in (6, 7) else 0.0 if x <= 5 else np.nan
    )
    return rescored(frame, half)


PEOPLE = {
    "missing_codes": with_codes,
    "reversed_forgotten": lambda w, _: rescored(items_of(w), half),
    "reversed_top": lambda w, _: rescored(
        w.frame.assign(**{c: w.frame[c] - 1 for c in REVERSED}), half
    ),
    "sum_answered": lambda w, _: rescored(plain(w), lambda i: i.sum(axis=1)),
    "sum_complete": lambda w, _: rescored(plain(w), lambda i: sum(i[c] for c in i)),
    "least_all": lambda w, _: rescored(plain(w), lambda i: i.mean(axis=1, skipna=False)).assign(
        dialoog=w.frame[["nut_functionering", "nut_loopbaangesprek"]].mean(axis=1, skipna=False)
    ),
    "filled_zero": lambda w, _: plain(w).fillna(dict.fromkeys(w.frame.select_dtypes("number"), 0)),
    "filled_mean": lambda w, _: plain(w).fillna(w.frame.select_dtypes("number").mean()),
    "rows:dubbel_geleverd": lambda w, d: pd.concat(
        [plain(w), plain(w).loc[[i for i in d.index[d.index.duplicated()] if i in w.frame.index]]]
    ),
    "sample:overwegers+mobielen": lambda w, _: w.frame[w.frame[GROUP] != "blijvers"],
}


# ---- what a student computes


def group_means(frame, rows=MEANS_33, by=GROUP):
    return frame.groupby(by, observed=True)[list(rows)].mean().T


def shares(frame, table):
    found = 100 * frame.groupby(GROUP, observed=True)[SHARES[table]].mean().T
    return found.rename(index=NAMED)


def class_means(frame, table):
    parts = [
        frame.groupby(classed, observed=True)[OUTCOMES[table]].mean().rename(
            index=lambda cls, factor=factor: f"{factor}_{cls}"
        )
        for factor, classed in FACTORS.items()
    ]  # fmt: skip
    return pd.concat(parts)


def ols(frame, outcome, predictors, scale=lambda d: (d - d.mean()) / d.std()):
    data = scale(frame[[outcome, *predictors]].dropna())
    x = np.column_stack([np.ones(len(data)), data[list(predictors)]])
    solved = np.linalg.lstsq(x, data[outcome], rcond=None)[0]
    fitted = np.corrcoef(x @ solved, data[outcome])[0, 1] ** 2
    return pd.Series([*solved[1:], 100 * fitted], index=[*predictors, "verklaarde_variantie"])


def models(wave, frame, table, fit=ols, everybody=False):
    """All models of a regression table, each on its own people."""
    columns = {}
    definition = wave.study.tables.tables[table]
    for name, model in definition.columns.items():
        asked = definition.sample if model.sample is None else model.sample
        people = frame[frame[GROUP] == "mobielen"] if asked and not everybody else frame
        columns[name] = fit(people, model.outcome, model.predictors or definition.rows)
    return pd.DataFrame(columns)


def students_table(wave, frame, table):
    if table in ("3.1", "3.2"):
        counts = frame[SEGMENT if table == "3.1" else "branche"].value_counts(sort=False)
        if table == "3.1":
            return counts.to_frame("respons")
        return pd.DataFrame({"aantal": counts, "percentage": 100 * counts / counts.sum()})
    if table == "3.3":
        return group_means(frame)
    if table == "3.6":
        movers = frame[frame[GROUP] == "mobielen"]
        rows = ["loopbaantevredenheid", "inkomen", "loopbaanstap_succes", "sollicitaties"]
        return group_means(movers, rows, SEGMENT)
    if table in SHARES:
        return shares(frame, table)
    return class_means(frame, table) if table in OUTCOMES else models(wave, frame, table)


# Which slip in the data shows in which table.
SHOWS = {
    "missing_codes": ["3.3", "3.6", "3.7", "3.8", "3.9", "3.10", "3.11"],
    "reversed_forgotten": ["3.3", "3.6", "3.7", "3.10"],
    "reversed_top": ["3.3", "3.6", "3.7", "3.10"],
    "sum_answered": ["3.3", "3.6", "3.8", "3.9", "3.10", "3.11"],
    "sum_complete": ["3.3", "3.6", "3.10", "3.11"],
    "least_all": ["3.3", "3.6", "3.7", "3.8", "3.9", "3.10", "3.11"],
    "filled_zero": ["3.3", "3.4", "3.6", "3.7", "3.8", "3.9", "3.10"],
    "filled_mean": ["3.3", "3.6", "3.7", "3.8", "3.9", "3.10"],
    "rows:dubbel_geleverd": ["3.2", "3.3", "3.4", "3.5", "3.6", "3.7", "3.10", "3.11"],
    "sample:overwegers+mobielen": ["3.2", "3.10", "3.11"],
}
DECIMALS = 3


def causes(hints):
    """Ids of the first cause and of what gives the same numbers."""
    assert hints.explanations, hints.summary()
    first = hints.explanations[0]
    every = [first.conventions, *first.alternatives]
    return {" + ".join(convention.id for convention in choice) for choice in every}


def named(hints, cause):
    """The cause is named, holds for all that differs, and is no chance find."""
    assert cause in causes(hints)
    assert len(hints.unexplained) == 0, hints.summary()
    # pandas rounds a tie to the even digit, which is a cause of its own
    assert {entry.id for entry in hints.explanations[1:]} <= {"half_even"}
    assert hints.explanations[0].certain
    assert not hints.agrees


def every(shows):
    """Every other slip in one table at once, all in all tables among the slow tests."""
    return [
        pytest.param(
            slip, table, marks=[pytest.mark.slow] if place % 2 or table != tables[0] else []
        )
        for place, (slip, tables) in enumerate(shows.items())
        for table in tables
    ]


@pytest.mark.parametrize(("slip", "table"), every(SHOWS))
def test_a_slip_in_the_data_is_named(wave, delivered, slip, table):
    frame = PEOPLE[slip](wave, delivered)
    named(check(table, students_table(wave, frame, table).round(DECIMALS), wave=wave), slip)


@pytest.mark.parametrize("table", [f"3.{i}" for i in range(1, 12)])
def test_a_right_frame_agrees(wave, table):
    hints = check(table, students_table(wave, plain(wave), table).round(2), wave=wave)
    assert hints.agrees
    assert hints.explanations == ()
    assert hints.tried == 0
    assert hints.say("en").startswith(f"All {len(hints.frame)} numbers of table {table} agree")


@pytest.mark.parametrize("table", [f"3.{i}" for i in range(1, 12)])
def test_the_recipe_of_the_house_is_the_computed_table(wave, material, computed, table):
    numbers = Kitchen(material, wave.study.tables.tables[table]).numbers(Recipe())
    for cell in computed(table).cells.to_dict("records"):
        for statistic, ours in ((cell["statistic"], cell["value"]), ("n", cell["n"])):
            key = Key(cell["row"], cell["column"], statistic)
            if key in numbers:
                assert numbers[key] == pytest.approx(ours, rel=1e-9, nan_ok=True), key
        assert Key(cell["row"], cell["column"], cell["statistic"]) in numbers
        p = numbers.get(Key(cell["row"], cell["column"], "p"), cell["p"])
        if cell["statistic"] not in ("beta", "r2_percent"):
            assert p == pytest.approx(cell["p"], rel=1e-6, nan_ok=True)


# ---- slips in a regression


def raw_scale(data):
    return data


def with_sd(of_y, of_x):
    def scale(data):
        centred = data - data.mean()
        outcome, *predictors = data.columns
        y = centred[[outcome]] / of_y(data[[outcome]])
        return pd.concat([y, centred[predictors] / of_x(data[predictors])], axis=1)

    return scale


def one(_):
    return 1.0


def sample_sd(data):
    return data.std()


def population_sd(data):
    return pd.Series(np.std(data.to_numpy(), axis=0), index=data.columns)


def but_dummies(data):
    return data.std().where(data.nunique() > 2, 1.0)


def pairwise(frame, outcome, predictors):
    r = frame[[outcome, *predictors]].corr()
    beta = np.linalg.inv(r.loc[predictors, predictors]) @ r.loc[predictors, outcome]
    r2 = 100 * r.loc[predictors, outcome] @ beta
    return pd.Series([*beta, r2], index=[*predictors, "verklaarde_variantie"])


def alone(frame, outcome, predictors):
    return pd.Series({x: stats.pearsonr(*frame[[outcome, x]].dropna().T.to_numpy())[0]
                      for x in predictors})  # fmt: skip


def adjusted(frame, outcome, predictors):
    fit = ols(frame, outcome, predictors)
    n, k = len(frame[[outcome, *predictors]].dropna()), len(predictors)
    fit["verklaarde_variantie"] = 100 - (100 - fit["verklaarde_variantie"]) * (n - 1) / (n - k - 1)
    return fit


def multiple_r(frame, outcome, predictors):
    fit = ols(frame, outcome, predictors)
    fit["verklaarde_variantie"] = 100 * (fit["verklaarde_variantie"] / 100) ** 0.5
    return fit


def z_before(frame, outcome, predictors):
    names = [outcome, *predictors]
    z = (frame[names] - frame[names].mean()) / frame[names].std()
    return ols(z, outcome, predictors, raw_scale)


def scaled(of_y, of_x):
    return functools.partial(ols, scale=with_sd(of_y, of_x))


FITS = {
    "b": functools.partial(ols, scale=raw_scale),
    "x_only": scaled(one, sample_sd),
    "y_only": scaled(sample_sd, one),
    "dummies_raw": scaled(sample_sd, but_dummies),
    "population_y": scaled(population_sd, sample_sd),
    "population_x": scaled(sample_sd, population_sd),
    "z_sample": z_before,
    "pairwise": pairwise,
    "alone": alone,
    "adjusted": adjusted,
    "multiple_r": multiple_r,
}


WITHOUT_YES_OR_NO = "3.7"  # among its predictors
MODELS = {
    slip: [t for t in ("3.7", "3.8", "3.9") if (slip, t) != ("dummies_raw", WITHOUT_YES_OR_NO)]
    for slip in FITS
}


@pytest.mark.parametrize(("slip", "table"), every(MODELS))
def test_a_slip_in_a_regression_is_named(wave, slip, table):
    frame = models(wave, plain(wave), table, FITS[slip])
    decimals = 5 if slip.startswith("population") else DECIMALS
    named(check(table, frame.round(decimals), wave=wave), slip)


@pytest.mark.parametrize("table", ["3.7", "3.8", "3.9"])
def test_the_wrong_people_in_a_regression_are_named(wave, table):
    if table != "3.7":
        frame = models(wave, plain(wave), table, everybody=True)
        named(check(table, frame.round(DECIMALS), wave=wave), "sample:everybody")
    only = wave.frame[wave.frame[GROUP] == "mobielen"]
    if table == "3.7":
        named(check(table, models(wave, only, table).round(3), wave=wave), "sample:mobielen")
    else:
        z = (wave.frame.select_dtypes("number") - wave.frame.select_dtypes("number").mean()) / (
            wave.frame.select_dtypes("number").std()
        )
        whole = z.assign(**{GROUP: wave.frame[GROUP]})
        fit = functools.partial(ols, scale=raw_scale)
        named(check(table, models(wave, whole, table, fit).round(3), wave=wave), "z_everybody")


@pytest.mark.parametrize("table", ["3.8", "3.9"])
def test_predictors_left_out_are_named(wave, table):
    def without(*names):
        def fit(frame, outcome, predictors):
            kept = [name for name in predictors if name not in names]
            return ols(frame, outcome, kept).drop("verklaarde_variantie")

        return models(wave, plain(wave), table, fit)[["model_4"]].round(5)

    demographics = ["geslacht", "leeftijd", "opleidingsniveau", "zorgtaken", "uren", "diensttijd"]
    named(check(table, without(*demographics), wave=wave), "without:demografie")
    named(check(table, without("zorgtaken"), wave=wave), "without:zorgtaken")


def test_a_predictor_coded_the_other_way_is_named(wave):
    frame = plain(wave)
    frame["geslacht"] = 1 - frame["geslacht"]
    one_row = models(wave, frame, "3.8")[["model_4"]].round(4)
    named(check("3.8", one_row, wave=wave), "turned:geslacht")


@pytest.mark.parametrize("table", ["3.3", "3.7", "3.8", "3.9", "3.10"])
def test_listwise_over_the_whole_table_is_named(wave, table):
    frame, definition = plain(wave), wave.study.tables.tables[table]
    if table == "3.3":
        frame = frame.dropna(subset=[row for row in MEANS_33 if row != "nut_pop"])
        means = group_means(frame).drop(index="nut_pop").round(DECIMALS)
        named(check(table, means, wave=wave), "listwise")
        return
    elif table in OUTCOMES:
        frame = frame.dropna(subset=[*OUTCOMES[table], *FACTORS.values()])
    else:
        outcomes = [model.outcome for model in definition.columns.values()]
        frame = frame.dropna(subset=[*outcomes, *definition.rows])
    named(check(table, students_table(wave, frame, table).round(DECIMALS), wave=wave), "listwise")


# ---- slips in shares, classes and tests


@pytest.mark.parametrize("table", ["3.4", "3.5"])
def test_percentages_of_something_else_are_named(wave, table):
    grouped = wave.frame.groupby(GROUP, observed=True)[SHARES[table]]
    yes, people = grouped.sum().T, wave.frame[GROUP].value_counts(sort=False)
    of_all = (100 * yes / people).rename(index=NAMED)
    of_yes = (100 * yes.T / yes.sum(axis=1)).T.rename(index=NAMED)
    if table == "3.4":  # nobody misses what table 3.5 asks
        named(check(table, of_all.round(2), wave=wave), "percent_all")
    named(check(table, of_yes.round(2), wave=wave), "percent_answer")
    named(check(table, (100 - shares(wave.frame, table)).round(2), wave=wave), "percent_no")
    named(check(table, (shares(wave.frame, table) / 100).round(3), wave=wave), "share")


def test_shares_of_a_count_are_named(wave):
    counts = wave.frame["branche"].value_counts(sort=False)
    named(check("3.2", (counts / counts.sum()).round(4).to_frame("percentage"), wave=wave), "share")


@pytest.mark.parametrize("table", ["3.10", "3.11"])
def test_classes_closed_on_the_right_are_named(wave, table):
    frame = plain(wave)
    ages, hours = [15, 25, 35, 45, 55, 65], [0, 12, 20, 35, 61]
    labels = wave.frame["leeftijd_klasse"].cat.categories
    frame["leeftijd_klasse"] = pd.cut(frame["leeftijd"], ages, labels=labels)
    labels = wave.frame["uren_klasse"].cat.categories
    frame["uren_klasse"] = pd.cut(frame["uren"], hours, labels=labels)
    named(check(table, class_means(frame, table).round(DECIMALS), wave=wave), "closed_right")


def samples(frame, row, by=GROUP):
    return [values.dropna() for _, values in frame.groupby(by, observed=True)[row]]


def row_by_row(table, make):
    """A frame with one column of tests, by row."""
    return pd.DataFrame({"verschil": {NAMED.get(row, row): make(row) for row in table}})


def test_other_tests_are_named(wave):
    frame = wave.frame

    def counts(row):
        table = pd.crosstab(frame[GROUP], frame[row]).to_numpy()
        return table, np.outer(table.sum(1), table.sum(0)) / table.sum()

    def corrected(row):
        o, e = counts(row)
        return ((abs(o - e) - 0.5).clip(0) ** 2 / e).sum()

    def likelihood(row):
        return stats.chi2_contingency(counts(row)[0], lambda_="log-likelihood").statistic

    for table, rows in SHARES.items():
        named(check(table, row_by_row(rows, corrected).round(3), wave=wave), "corrected")
        named(check(table, row_by_row(rows, likelihood).round(3), wave=wave), "likelihood")

    def welch(row):
        # Welch (1951), written out: weights n/s2 and the corrected denominator
        n, m, v = np.array([(len(s), s.mean(), s.var()) for s in samples(frame, row)]).T
        w = n / v
        k, mean = len(n), (w * m).sum() / w.sum()
        tail = ((1 - w / w.sum()) ** 2 / (n - 1)).sum()
        return (w * (m - mean) ** 2).sum() / (k - 1) / (1 + 2 * (k - 2) * tail / (k**2 - 1))

    rows = ["inkomen", "netwerken", "willen", "moeten"]
    named(check("3.3", row_by_row(rows, welch).round(3), wave=wave), "welch")
    right = row_by_row(rows, lambda row: stats.f_oneway(*samples(frame, row)).statistic)
    assert check("3.3", right, wave=wave).agrees
    ps = right.rename(columns={"verschil": "p"})
    ps["p"] = [stats.f_oneway(*samples(frame, row)).pvalue for row in rows]
    assert check("3.3", ps, wave=wave).agrees


def test_medians_and_population_sds_are_named(wave):
    rows = ["inkomen", "netwerken", "opleiding_huidig", "willen", "effectiviteit"]
    grouped = wave.frame.groupby(GROUP, observed=True)[rows]
    named(check("3.3", grouped.median().T, wave=wave), "median")
    parts = {"mean": grouped.mean().T, "std": grouped.std().T}
    both = pd.concat(parts, axis=1).swaplevel(axis=1).round(4)
    hints = check("3.3", both, wave=wave)
    assert hints.agrees
    assert set(hints.frame["statistic"]) == {"mean", "sd"}
    tidy = grouped.std(ddof=0).round(4).T.reset_index(names="row").melt(
        "row", var_name="column"
    ).assign(statistic="sd")  # fmt: skip
    named(check("3.3", tidy, wave=wave), "population_sd")


# ---- slips in writing


def test_swaps_are_named(wave):
    frame = group_means(wave.frame).round(DECIMALS)
    columns = frame.rename(columns={"blijvers": "mobielen", "mobielen": "blijvers"})
    named(check("3.3", columns, wave=wave), "swapped:column:blijvers+mobielen")
    rows = class_means(wave.frame, "3.10").round(DECIMALS)
    rows = rows.rename(index={"geslacht_man": "geslacht_vrouw", "geslacht_vrouw": "geslacht_man"})
    named(check("3.10", rows, wave=wave), "swapped:row:geslacht_vrouw+geslacht_man")


def test_numbers_cut_off_or_without_their_comma_are_named(wave):
    frame = group_means(wave.frame)
    named(check("3.3", np.floor(frame * 1000) / 1000, wave=wave), "cut")
    lost = frame.round(2).map(lambda x: f"{x:.2f}".replace(".", "")).astype(float)
    named(check("3.3", lost, wave=wave), "comma_lost")


def test_ties_show_how_a_number_was_rounded():
    given = Given(Key("r", "c", "mean"), "2.4", 2.4, 1)
    assert not agrees(given, 2.45)
    assert agrees(given, 2.45, "half_even")
    assert agrees(given, 2.49, "cut")
    assert printed(-2.45, 1) == -2.5
    assert printed(-2.49, 1, "cut") == -2.4
    assert printed(0.3, 1, "cut") == 0.3


def test_people_who_are_left_out_and_counted_are_named(wave, delivered):
    """Who did not finish, but answered the questions that make a stayer or a considerer."""
    unfinished = delivered[(delivered["status"] == 3) & (delivered["stap"] == 2)]
    assert len(unfinished) > 5
    right = wave.frame[SEGMENT].value_counts()[["overwogen", "niet_overwogen"]]
    added = [(unfinished["overwogen"] == code).sum() for code in (1, 2)]
    assert "rows:onvolledig" in causes(check("3.1", (right + added).to_frame("respons"), wave=wave))
    copied = students_table(wave, PEOPLE["rows:dubbel_geleverd"](wave, delivered), "3.1")
    assert "rows:dubbel_geleverd" in causes(check("3.1", copied, wave=wave))


def test_a_rule_for_scales_that_was_ignored_is_named(wave, material, monkeypatch):
    """Nobody in the bundled wave answers less than half of a scale, so some are made to."""
    frame = items_of(wave)
    people = frame.index[::7]
    frame.loc[people, ["willen_1", "willen_2", "moeten_2", "moeten_3"]] = np.nan
    changed = replace(
        wave, frame=rescored(frame.assign(**{c: 6 - frame[c] for c in REVERSED}), half)
    )
    other = replace(material, wave=changed, answers=frame[list(material.answers)], memo={})
    hints_of = functools.partial(check, wave=changed)
    monkeypatch.setattr(checking, "gather", lambda _: other)
    any_item = rescored(changed.frame, lambda items: items.mean(axis=1))
    named(hints_of("3.3", group_means(any_item).round(3)), "least_any")
    named(hints_of("3.9", models(wave, any_item, "3.9").round(3)), "least_any")


# ---- two slips, noise, and too little to tell


def test_two_slips_at_once(wave):
    frame = rescored(items_of(wave), half)
    b = models(wave, frame, "3.7", FITS["b"]).round(4)
    hints = check("3.7", b, wave=wave)
    found = causes(hints)
    assert any({"b", "reversed_forgotten"} == set(choice.split(" + ")) for choice in found)


def test_different_slips_in_different_columns(wave):
    frame = models(wave, plain(wave), "3.7").round(DECIMALS)
    frame["inkomen"] = models(wave, plain(wave), "3.7", FITS["b"])["inkomen"].round(DECIMALS)
    everybody = models(wave, plain(wave), "3.7", everybody=True).round(DECIMALS)
    frame["loopbaanstap_succes"] = everybody["loopbaanstap_succes"] + 0.0
    hints = check("3.7", frame, wave=wave)
    by_column = hints.frame[~hints.frame["agrees"]].groupby("column")["cause"].unique()
    assert list(by_column["inkomen"]) == ["b"]


@pytest.mark.parametrize("table", ["3.1", "3.2", "3.5", "3.7"])
def test_noise_has_no_cause(wave, table):
    frame = students_table(wave, plain(wave), table).astype(float)
    rng = np.random.default_rng(20061211)
    noise = rng.uniform(0.2, 0.6, frame.shape) * rng.choice([-1, 1], frame.shape)
    hints = check(table, (frame * (1 + noise)).round(2 if table != "3.1" else 0), wave=wave)
    assert hints.explanations == ()
    assert len(hints.unexplained) == (~hints.frame["agrees"]).sum() > 5
    assert "geen gewoonte die we kennen" in hints.say("nl")
    assert hints.summary().loc["unknown", "numbers"] == len(hints.unexplained)


def test_one_number_can_be_chance_and_is_said_to_be(wave):
    right = group_means(wave.frame, ["loopbaantevredenheid"])[["blijvers"]]
    frame = group_means(rescored(items_of(wave), half), ["loopbaantevredenheid"])[["blijvers"]]
    hints = check("3.3", frame.round(1), wave=wave)
    assert frame.round(1).iloc[0, 0] != right.round(1).iloc[0, 0]
    assert not hints.explanations[0].certain
    assert "reversed_forgotten" in causes(hints)
    assert "toeval" in hints.say("nl")
    # with all its digits the same number is no chance find
    named(check("3.3", frame, wave=wave), "reversed_forgotten")


def test_one_number_is_spoken_of_as_one(wave):
    right = group_means(wave.frame, ["netwerken"])[["mobielen"]].round(3)
    alone = check("3.3", right, wave=wave)
    assert alone.say("nl").startswith("Het getal van tabel 3.3 komt overeen met het berekende.")
    assert alone.say("en").startswith("The number of table 3.3 agrees with the computed one.")
    wrong = check("3.3", right + 0.234, wave=wave)
    assert wrong.say("nl").startswith("Het getal van tabel 3.3 komt niet overeen")
    assert "Eén verschil volgt uit geen gewoonte die we kennen" in wrong.say("nl")
    two = group_means(wave.frame, ["netwerken"])[["mobielen", "blijvers"]].round(3)
    two["blijvers"] += 0.234
    assert "komt er 1 overeen met het berekende; 1 niet." in check("3.3", two, wave=wave).say("nl")
    none = check("3.3", two + 0.345, wave=wave)
    assert none.say("en").startswith("None of the 2 numbers of table 3.3 agrees")


# ---- stars

USUAL = {"*": 0.05, "**": 0.01, "***": 0.001}


def starred(wave, marks):
    """Table 3.7 as texts, with the stars that a rule gives the p-values of statsmodels."""
    columns = {}
    for name, model in wave.study.tables.tables["3.7"].columns.items():
        people = wave.frame if model.sample is None else wave.frame.query(f"{GROUP} == 'mobielen'")
        predictors = list(model.predictors or wave.study.tables.tables["3.7"].rows)
        data = people[[model.outcome, *predictors]].dropna()
        fit = sm.OLS(data[model.outcome], sm.add_constant(data[predictors])).fit()
        betas = fit.params[predictors] * data[predictors].std() / data[model.outcome].std()
        columns[name] = {
            row: f"{betas[row]:.3f}".replace(".", ",") + marks(fit.pvalues[row])
            for row in predictors
        }
    return pd.DataFrame(columns)


def by(legend):
    """The most stars whose level p stays below, as a legend with rising stars has them."""
    return lambda p: max((mark for mark, level in legend.items() if p < level), key=len, default="")


def test_right_stars_are_right_and_none_are_not_asked_for(wave):
    hints = check("3.7", starred(wave, by(USUAL)), wave=wave)
    assert hints.agrees
    assert len(hints.starred) == len(hints.frame) == 21
    assert "De sterren bij 21 getallen zijn vergeleken, en kloppen." in hints.say("nl")
    bare = check("3.7", starred(wave, lambda p: ""), wave=wave)
    assert bare.agrees
    assert len(bare.starred) == 0
    assert "sterren" not in bare.say("nl")


@pytest.mark.parametrize(
    ("marks", "cause"),
    [
        (by({"*": 0.10, "**": 0.05, "***": 0.01}), "another legend (* p < .10, ** p < .05"),
        # the legend that the report prints: 95%, 90% and 99%
        (
            lambda p: "***" if p < 0.01 else "*" if p < 0.05 else "**" if p < 0.1 else "",
            "another legend (* p < .05, ** p < .10, *** p < .01)",
        ),
        (by({"*": 0.05, "**": 0.01}), "another legend (* p < .05, ** p < .01)"),
        (lambda p: by(USUAL)(p / 2), "one-sided testing"),
    ],
)
def test_another_rule_for_stars_is_named(wave, marks, cause):
    hints = check("3.7", starred(wave, marks), wave=wave)
    assert hints.frame["agrees"].all()
    assert not hints.agrees
    assert f"Your stars fit {cause}" in hints.say("en")
    assert "Here * p < .05, ** p < .01, *** p < .001 holds." in hints.say("en")


def test_a_star_forgotten_is_shown_at_its_place(wave):
    frame = starred(wave, by(USUAL))
    frame.loc["netwerken", "inkomen"] = frame.loc["netwerken", "inkomen"].rstrip("*")
    hints = check("3.7", frame, wave=wave)
    (place,) = hints.other_stars.to_dict("records")
    assert (place["row"], place["stars"], place["computed_stars"]) == ("netwerken", "", "***")
    assert "(no star instead of ***)" in hints.say("en")
    assert "No rule that we know gives all of your stars." in hints.say("en")
    assert "***</td>" in hints._repr_html_()


def test_stars_of_numbers_that_differ_are_not_judged(wave):
    frame = starred(wave, by(USUAL))
    frame.loc["netwerken", "inkomen"] = "0,999"
    hints = check("3.7", frame, wave=wave)
    assert len(hints.starred) == 20
    assert len(hints.other_stars) == 0


def test_the_star_of_a_factor_stands_on_its_first_class(wave):
    classes = [values.dropna() for _, values in
               wave.frame.groupby("leeftijd_klasse", observed=True)["netwerken"]]  # fmt: skip
    assert stats.f_oneway(*classes).pvalue < 0.001
    means = class_means(wave.frame, "3.10")["netwerken"].map("{:.2f}".format)
    means = means[means.index.str.startswith("leeftijd_")]
    first, second = means.index[:2]

    def with_stars(**marks):
        texts = {row: marks.get(row, "") + text for row, text in means.items()}
        return check("3.10", pd.DataFrame({"netwerken": texts}), wave=wave)

    assert with_stars(**{first: "*"}).agrees
    assert list(with_stars(**{first: "*", second: "*"}).other_stars["row"]) == [second]
    assert "Your stars fit another legend" in with_stars(**{first: "***"}).say("en")


def test_a_star_where_nothing_is_tested_is_said_to_be_left_alone(wave):
    frame = group_means(wave.frame, ["netwerken"]).round(2).map("{:.2f}*".format)
    hints = check("3.3", frame, wave=wave)
    assert hints.agrees
    assert "they were held against nothing" in hints.say("en")


# ---- a weighted wave


def test_a_weighted_wave_is_held_against_its_weighted_table(practice):
    weights, rows = practice.frame["gewicht"], ["netwerken", "willen", "inkomen"]
    values = practice.frame[rows]
    parts = {}
    for group, people in practice.frame.groupby(GROUP, observed=True).groups.items():
        parts[group] = [
            np.average(values.loc[people, row].dropna(),
                       weights=weights[values.loc[people, row].dropna().index])
            for row in rows
        ]  # fmt: skip
    right = pd.DataFrame(parts, index=rows).round(4)
    assert check("3.3", right, wave=practice).agrees
    hints = check("3.3", group_means(practice.frame, rows).round(4), wave=practice)
    assert [entry.id for entry in hints.explanations] == ["unweighted"]
    assert hints.explanations[0].alternatives == ()
    assert not hints.frame["agrees"].any()
    assert "de gewichten van de golf zijn weggelaten" in hints.say("nl")
    # a slip beside the left out weights is named together with them
    frame = rescored(items_of(practice), half)
    two = check("3.3", group_means(frame, ["loopbaantevredenheid", *rows]).round(4), wave=practice)
    assert set(two.frame["cause"]) == {"unweighted + reversed_forgotten"}


# ---- the page for students


def test_the_example_of_the_page_for_students_says_what_the_page_says(wave, monkeypatch, capsys):
    page = (PAGES / "students.md").read_text("utf-8")
    (code,), (said,) = (
        re.findall(rf"```{kind}\n(.*?)```", page, re.S) for kind in ("python", "text")
    )
    monkeypatch.setattr(mb, "load_wave", lambda _: wave)
    exec(compile(code, "students.md", "exec"), {})
    assert capsys.readouterr().out == said


# ---- reading what a student hands in


def test_labels_other_directions_and_decimal_commas_are_read(wave):
    right = group_means(wave.frame, ["netwerken", "inkomen"]).round(2)
    labelled = right.rename(index=lambda name: wave.study.label(name, "en").upper())
    assert check("3.3", labelled, wave=wave).agrees
    hints = check("3.3", right.T.rename_axis(None), wave=wave)
    assert hints.agrees
    assert any("turned" in note.en for note in hints.notes)
    texts = right.map(lambda value: f"{value:.2f}".replace(".", ",")).reset_index(names="rij")
    hints = check("3.3", texts, wave=wave)
    assert hints.agrees
    assert any("comma" in note.en for note in hints.notes)
    verdict = pd.DataFrame({"row": ["netwerken"], "column": ["verschil"], "value": ["Nee"]})
    hints = check("3.3", verdict, wave=wave)
    p = stats.f_oneway(*samples(wave.frame, "netwerken")).pvalue
    assert hints.agrees == (p >= 0.05)


def test_all_that_is_wrong_with_a_frame_is_said_together(wave):
    frame = pd.DataFrame({"Stayers": ["3,92", "x"]}, index=["netwerkn", "inkomen"])
    error = failure(lambda: check("3.3", frame, wave=wave), AnalysisError)
    assert len(error.problems) == 2
    assert "Perhaps one of: netwerken" in str(error)
    failure(lambda: check("3.3", [1], wave=wave), AnalysisError)
    failure(lambda: check("3.3", frame[[]], wave=wave), AnalysisError)
    failure(lambda: check("3.99", frame, wave=wave), AnalysisError)
    assert "in quotes" in str(failure(lambda: check(3.7, frame, wave=wave), AnalysisError))
    tidy = pd.DataFrame(
        [["netwerken", "blijvers", 1, 2]], columns=["row", "column", *["value"] * 2]
    )
    assert "twice" in str(failure(lambda: check("3.3", tidy, wave=wave), AnalysisError))
    tidy = pd.DataFrame({"row": ["netwerken"], "column": "blijvers", "value": [np.array([1, 2])]})
    assert "no number" in str(failure(lambda: check("3.3", tidy, wave=wave), AnalysisError))
    sd = pd.DataFrame({"row": ["netwerken"], "column": ["inkomen"], "value": [1], "maat": ["sd"]})
    assert "no sd at netwerken / inkomen" in str(
        failure(lambda: check("3.7", sd, wave=wave), AnalysisError)
    )
