"""The bundled wave against the publication, by a verifier that shares no code with the package.

The first three tests are the proof: every cell, the numbers in the text, the sidecar. The others
verify the verifier: hand-worked cases, scipy's and statsmodels' own answers, and changed data.
"""

import ast
import importlib.util
import math
import shutil
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm
import yaml
from scipy import stats

SCRIPT = Path(__file__).with_name("verify_bundled_wave.py")
spec = importlib.util.spec_from_file_location(SCRIPT.stem, SCRIPT)
verify = importlib.util.module_from_spec(spec)
spec.loader.exec_module(verify)

NaN = np.nan


@pytest.fixture(scope="module")
def wave():
    return verify.read_wave(verify.WAVE)


@pytest.fixture(scope="module")
def sample(wave):
    return verify.sample_of(*wave)


@pytest.fixture(scope="module")
def cells(sample):
    return list(verify.check_tables(sample))


def wrong(checks):
    return [
        f"{check.part} {check.what}: published {check.published}, found {check.computed}"
        for check in checks
        if check.published != check.computed
    ]


# ---- the proof


@pytest.mark.parametrize("table", verify.CELLS)
def test_every_cell_of_the_table_is_exact(table, cells):
    own = [check for check in cells if check.part == table]
    assert len(own) == verify.CELLS[table]
    assert wrong(own) == []


def test_the_numbers_in_the_text_agree(sample):
    assert wrong(verify.check_text(sample)) == []


def test_the_sidecar_describes_the_file():
    assert wrong(verify.check_sidecar(verify.WAVE)) == []


# ---- independence


def test_479_cells_are_compared(cells):
    assert sum(verify.CELLS.values()) == len(cells) == 479


def test_the_script_shares_no_code_with_the_package():
    imported = set()
    for node in ast.walk(ast.parse(SCRIPT.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            imported |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0
            imported.add(node.module.split(".")[0])
    allowed = {"numpy", "pandas", "pyreadstat", "scipy", "statsmodels", "yaml"}
    assert imported - sys.stdlib_module_names <= allowed
    assert "importlib" not in imported


# ---- hand-worked: one case for each kind of cell


@pytest.mark.parametrize(
    ("value", "decimals", "printed"),
    [(2.345, 2, "2,35"), (3.0, 2, "3,00"), (2.3449, 2, "2,34"), (10.5, 0, "11"), (NaN, 2, "?")],
)
def test_number(value, decimals, printed):
    assert verify.number(value, decimals) == printed


def test_percentages():
    assert verify.percent(1 / 8) == "13%"  # half up, where Python's round gives 12
    assert verify.percent(4 / 1137, decimals=1) == "0,4%"


@pytest.mark.parametrize(
    ("beta", "p", "printed"),
    [
        (0.15, 0.0009, ",15***"),
        (-0.1, 0.0099, "-,10**"),
        (0.125, 0.049, ",13*"),
        (-0.125, 0.05, "-,13"),
        (-0.0049, 0.9, ",00"),
        (1.02, 0.001, "1,02**"),
    ],
)
def test_weights(beta, p, printed):
    assert verify.weight(beta, p) == printed


def test_analysis_of_variance():
    # Means 2, 3 and 7 around 4: F = (42 / 2) / (6 / 6) = 21, and for 2 and 6 degrees of freedom
    # p = (1 + 2 F / 6) ** -3 = 1 / 512. Who misses the answer or the class does not count.
    values = pd.Series([1, 2, 3, 2, 3, 4, 6, 7, 8, NaN, 100])
    classes = pd.Series([*"aaabbbccca", None])
    assert verify.anova_p(values, classes) == pytest.approx(1 / 512, rel=1e-12)


def test_chi_square():
    # 10, 20 and 30 of 50: 5 + 0 + 5 on the yes, 10/3 + 0 + 10/3 on the no; two degrees of freedom.
    yes = pd.Series(([1] * 10 + [0] * 40) + ([1] * 20 + [0] * 30) + ([1] * 30 + [0] * 20) + [NaN])
    classes = pd.Series(["a"] * 50 + ["b"] * 50 + ["c"] * 51)
    assert verify.chi_square_p(yes, classes) == pytest.approx(math.exp(-50 / 6), rel=1e-12)


def test_least_squares():
    # r = .8 over four complete rows, and then p = 1 - r.
    data = pd.DataFrame({"y": [10, 30, 20, 40, 70, NaN], "x": [1, 2, 3, 4, NaN, 9]})
    found = verify.least_squares(data)
    assert found["x"] == pytest.approx((0.8, 0.2), abs=1e-12)
    assert found[verify.EXPLAINED] == pytest.approx((0.64, 0.2), abs=1e-12)


def test_scores_missing_codes_and_skip_rules():
    answers = pd.DataFrame(NaN, index=range(3), columns=list(verify.questions()))
    answers["loopbaantevredenheid_1"] = [5, 9, 4]
    answers["loopbaantevredenheid_2"] = [1, 4, 9]  # reversed: 5, 2, missing
    answers["loopbaantevredenheid_3"] = [3, 3, 9]
    answers["freq_functionering"] = [1, 2, 9]
    answers["nut_functionering"] = [5, 4, 5]  # asked of the second only
    answers["freq_loopbaangesprek"] = [4, 4, 1]
    answers["nut_loopbaangesprek"] = [8, 1, 3]  # no opinion, 1, not asked
    answers["coach_intern_mogelijk"] = [0, 1, 1]
    answers["coach_intern_gebruikt"] = [1, 1, 0]
    answers["coach_intern_nut"] = [5, 4, 3]
    answers["inkomen"] = [98, 99, 7]
    frame = verify.variables(answers)
    expected = {
        "loopbaantevredenheid": [13 / 3, 2.5, NaN],
        "nut_functionering": [NaN, 4, NaN],
        "nut_loopbaangesprek": [NaN, 1, NaN],
        "dialoog": [NaN, 2.5, NaN],
        "coach_intern_nut": [NaN, 4, NaN],
        "inkomen": [NaN, NaN, 7],
    }
    for name, values in expected.items():
        np.testing.assert_allclose(frame[name], values, err_msg=name)


def test_records_that_are_kept_and_corrected():
    raw = pd.DataFrame(
        {
            "id": [1, 1, 2, 3, 4],
            "status": [1, 1, 2, 1, 1],
            "a": [1, 1, 1, 2, 9],
            "b": [7, 7, 7, 70, 8],
        }
    )
    sidecar = {
        "respondent": {"column": "id", "salt": "not of interest here"},
        "exclude": [{"column": "status", "is": [2, 3]}],
        "identical_rows": {"action": "drop"},
        "columns": {"a": {"variable": "x", "recode": {1: 1, 2: 0}}, "b": "y"},
        "corrections": [
            {"respondent": 3, "column": "b", "value": 70, "to": 7},
            {"respondent": 4, "column": "b", "value": 8, "to": None},
        ],
    }
    answers = verify.answers_of(raw.astype(float), sidecar)
    assert answers.index.tolist() == [1, 3, 4]
    assert answers["x"].tolist() == [1, 0, 9]
    np.testing.assert_array_equal(answers["y"], [7, 7, NaN])


def test_class_bounds_and_the_star_on_the_first_class():
    names = {*verify.REPORT["classes"], *verify.REPORT["3.10"], *verify.REPORT["3.11"]}
    frame = pd.DataFrame(1.0, index=range(8), columns=sorted(names))
    frame["uren"] = [0, 11, 12, 19, 20, 34, 35, 60]
    frame["netwerken"] = [1.0, 1.1, 2.0, 2.1, 3.0, 3.1, 4.0, 4.1]
    frame["opleiding_huidig"] = [1, 2, 1, 2, 2, 2, 1, 1]
    with np.errstate(all="ignore"):
        found = {cell[1:3]: cell[3] for cell in verify.class_means(frame)}
    rows = ["uren_minder_dan_12", "uren_12_19", "uren_20_34", "uren_35_of_meer"]
    assert [found[row, "netwerken"] for row in rows] == ["*1,05", "2,05", "3,05", "4,05"]
    assert [found[row, "opleiding_huidig"] for row in rows] == ["2", "2", "2", "1"]


# ---- against scipy's and statsmodels' own answers, on the wave


@pytest.mark.parametrize("model", list(verify.models()), ids=lambda model: "-".join(model[:2]))
def test_regressions_as_statsmodels_has_them(model, sample):
    _, _, outcome, predictors = model
    data = sample[sample["group"] == "mobielen"][[outcome, *predictors]].dropna()
    found = verify.least_squares(data)
    z = (data - data.mean()) / data.std()
    fit = sm.OLS(z[outcome], sm.add_constant(z[predictors])).fit()
    for name in predictors:
        assert found[name] == pytest.approx(
            (fit.params[name], fit.pvalues[name]), rel=1e-8, abs=1e-12
        )
    assert found[verify.EXPLAINED] == pytest.approx((fit.rsquared, fit.f_pvalue), rel=1e-8)


def test_differences_as_scipy_has_them(sample):
    for row in [*verify.REPORT["3.3"], *verify.REPORT["3.11"]]:
        by_group = [values.dropna() for _, values in sample.groupby("group")[row]]
        expected = stats.f_oneway(*by_group).pvalue
        assert verify.anova_p(sample[row], sample["group"]) == pytest.approx(expected, rel=1e-8)
    for row in [*verify.REPORT["3.4"], "geslacht", "zorgtaken"]:
        table = pd.crosstab(sample[row], sample["group"])
        expected = stats.chi2_contingency(table, correction=False).pvalue
        assert verify.chi_square_p(sample[row], sample["group"]) == pytest.approx(
            expected, rel=1e-8
        )


# ---- changed data: the cells that should change do, and no others


def stayers(raw):
    once = ~raw["respnr"].duplicated(keep=False)
    finished = (raw["status"] == 1) & raw["V01"].isin([1, 2])
    return raw[once & finished & (raw["V02"] == 2) & (raw["V07"] == 2)]


def mirrored(raw, columns, total):
    changed = raw.copy()
    for column in columns:
        valid = changed[column] < total
        changed.loc[valid, column] = total - changed.loc[valid, column]
    return changed


def with_answer(raw, rows, column, answer):
    changed = raw.copy()
    changed.loc[rows, column] = answer
    return changed


CHANGES = {
    "networking turned round": (
        lambda raw: mirrored(raw, ["V12_1", "V12_2", "V12_3", "V12_4"], 6),
        {"3.3", "3.7", "3.8", "3.9", "3.10"},
    ),
    "women and men exchanged": (
        lambda raw: mirrored(raw, ["V45"], 3),
        {"3.5", "3.8", "3.9", "3.10", "3.11"},
    ),
    "fifty more with a plan": (
        lambda raw: with_answer(
            raw, raw.index[(raw["V32"] == 2) & (raw["V02"] == 1)][:50], "V32", 1
        ),
        {"3.4", "3.8"},
    ),
    "twenty who trained the whole year": (
        lambda raw: with_answer(raw, raw.index[raw["V14"] == 0][:20], "V14", 365),
        {"3.3", "3.7", "3.10"},
    ),
    "one stayer in another branch": (
        lambda raw: with_answer(raw, stayers(raw).query("V52 == 1").index[:1], "V52", 2),
        {"3.2"},
    ),
}


@pytest.mark.parametrize("change", CHANGES)
def test_changed_answers_change_their_cells(change, wave, cells):
    raw, sidecar = wave
    apply, tables = CHANGES[change]
    after = verify.check_tables(verify.sample_of(apply(raw), sidecar))
    moved = [
        old.part for old, new in zip(cells, after, strict=True) if old.computed != new.computed
    ]
    assert set(moved) == tables


def test_one_answer_moves_one_respondent_to_another_segment(wave, cells):
    raw, sidecar = wave
    changed = with_answer(raw, stayers(raw).index[:1], "V07", 1)
    after = {
        check.what: check.computed
        for check in verify.check_tables(verify.sample_of(changed, sidecar))
    }
    before = {check.what: check.computed for check in cells}
    for name, by in (("overwogen", 1), ("niet_overwogen", -1), ("totaal", 0), ("instroom", 0)):
        assert int(after[f"{name} / respons"]) == int(before[f"{name} / respons"]) + by


def test_a_sidecar_that_is_wrong_is_found(tmp_path, wave, capsys):
    _, sidecar = wave
    shutil.copy(verify.WAVE / sidecar["file"]["name"], tmp_path)
    said = {**sidecar["file"], "sha256": "0" * 64, "rows": 1}
    tampered = {**sidecar, "file": said, "corrections": sidecar["corrections"][1:]}
    (tmp_path / "wave.yaml").write_text(yaml.safe_dump(tampered), encoding="utf-8")
    found = [
        check.what for check in verify.check_sidecar(tmp_path) if check.published != check.computed
    ]
    assert found == ["sha256", "rows", "impossible answers left"]
    assert verify.main(tmp_path) == 1
    assert "sha256" in capsys.readouterr().out
