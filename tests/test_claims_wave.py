"""Verdicts on a drawn wave of the tiny study, checked against scipy and by hand."""

import ast
import math
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from scipy import stats

import mobiliteit
from builders import failure
from claims_builder import claim, draw, wave_of, write_study
from mobiliteit.claims.on_wave import Bounds, judge_wave
from mobiliteit.errors import AnalysisError

SCORE, STIL = {"table": "2", "row": "score"}, {"table": "2", "row": "stil"}
VAST = {"table": "2", "row": "vast"}
BY_AGE = {"table": "3", "factor": "leeftijd", "column": "score"}
BY_SEX = {"table": "3", "factor": "sekse", "column": "stil"}
FREE = {"variable": "score", "by": "klasse", "sample": {"groep": ["laag"]}}
RESAMPLES = 400

SUPPORTED, CONTRADICTED = ("supported", ""), ("contradicted", "")
NOT_SIGNIFICANT = ("not_supported", "not_significant")
NOT_EQUIVALENT = ("not_supported", "not_equivalent")
NOT_CHECKABLE = ("not_checkable", "")


def beta(row, column):
    return {"table": "4", "row": row, "column": column}


@pytest.fixture(scope="module")
def frame():
    return draw()


def judge(tmp_path, frame, statement, **options):
    wave = wave_of(write_study(tmp_path, [claim(statement)]), frame)
    return judge_wave(wave, resamples=RESAMPLES, **options)["c"]


LARGER = {"form": "larger", "lines": [SCORE], "more": ["hoog"], "less": ["laag"]}
PATHS = {"table": "4", "mediator": "m", "path": "a", "total": "c", "direct": "d"}
CHANGE = {"form": "change", "table": "4", "before": "c", "after": "d"}

CASES = {
    "order": (
        {"form": "order", "lines": [SCORE], "order": ["hoog", "midden", "laag"]},
        SUPPORTED,
    ),
    "order, wrong": (
        {"form": "order", "lines": [SCORE], "order": ["laag", "midden", "hoog"]},
        CONTRADICTED,
    ),
    "larger": (LARGER, SUPPORTED),
    "larger, wrong": (
        {**LARGER, "more": ["laag"], "less": ["hoog"]},
        CONTRADICTED,
    ),
    "larger, no difference": ({**LARGER, "lines": [STIL]}, NOT_SIGNIFICANT),
    # 60% against 10% and 10%
    "larger, shares": (
        {**LARGER, "lines": [VAST], "less": ["laag", "midden"]},
        SUPPORTED,
    ),
    "larger, shares alike": (
        {**LARGER, "lines": [VAST], "more": ["laag"], "less": ["midden"]},
        NOT_SIGNIFICANT,
    ),
    "larger, of no table": (
        {**LARGER, "lines": [FREE], "more": ["oud"], "less": ["jong"]},
        SUPPORTED,
    ),
    "largest": ({"form": "largest", "lines": [SCORE], "position": "hoog"}, SUPPORTED),
    "smallest, wrong": (
        {"form": "smallest", "lines": [SCORE], "position": "hoog"},
        CONTRADICTED,
    ),
    # 300 of each: no more of one than of another
    "largest of counts, a tie": (
        {"form": "largest", "lines": [{"table": "1", "column": "n"}], "position": "s_hoog"},
        CONTRADICTED,
    ),
    "differ": ({"form": "differ", "lines": [SCORE]}, SUPPORTED),
    "differ, not significant": ({"form": "differ", "lines": [STIL]}, NOT_SIGNIFICANT),
    "differ, shares": ({"form": "differ", "lines": [VAST]}, SUPPORTED),
    # equal to the last digit, 300 each: the 90% interval of d is within 0.14
    "no_difference": ({"form": "no_difference", "lines": [STIL]}, SUPPORTED),
    "no_difference, both sexes": ({"form": "no_difference", "lines": [BY_SEX]}, SUPPORTED),
    "no_difference, wrong": ({"form": "no_difference", "lines": [SCORE]}, CONTRADICTED),
    "equal": ({"form": "equal", "lines": [STIL], "pair": ["laag", "hoog"]}, SUPPORTED),
    "equal, shares": ({"form": "equal", "lines": [VAST], "pair": ["laag", "midden"]}, SUPPORTED),
    "equal, wrong": (
        {"form": "equal", "lines": [VAST], "pair": ["laag", "hoog"]},
        CONTRADICTED,
    ),
    "monotone": ({"form": "monotone", "lines": [BY_AGE], "direction": "up"}, SUPPORTED),
    "monotone, wrong": (
        {"form": "monotone", "lines": [BY_AGE], "direction": "down"},
        CONTRADICTED,
    ),
    # 300 of 900
    "value, a count": (
        {
            "form": "value",
            "cells": [{"table": "1", "row": "s_laag", "column": "n", "value": "300"}],
        },
        SUPPORTED,
    ),
    "value, another count": (
        {
            "form": "value",
            "cells": [{"table": "1", "row": "totaal", "column": "n", "value": "901"}],
        },
        CONTRADICTED,
    ),
    "value, a share": (
        {"form": "value", "cells": [{**VAST, "column": "hoog", "value": "60"}]},
        SUPPORTED,
    ),
    # Wilson's interval of 180 of 300 is 54.4 to 65.4
    "value, a share inside the interval": (
        {"form": "value", "cells": [{**VAST, "column": "hoog", "value": "58"}]},
        NOT_EQUIVALENT,
    ),
    "value, a share outside the interval": (
        {"form": "value", "cells": [{**VAST, "column": "hoog", "value": "70"}]},
        CONTRADICTED,
    ),
    "value, shifted": (
        {
            "form": "value",
            "cells": [{**VAST, "column": "hoog", "value": "50", "shift": "-10"}],
        },
        SUPPORTED,
    ),
    # 60 : 10
    "ratio": (
        {
            "form": "ratio",
            "more": {**VAST, "column": "hoog"},
            "less": {**VAST, "column": "laag"},
            "value": "6",
        },
        SUPPORTED,
    ),
    "ratio, wrong": (
        {
            "form": "ratio",
            "more": {**VAST, "column": "hoog"},
            "less": {**VAST, "column": "laag"},
            "value": "2",
        },
        CONTRADICTED,
    ),
    # y = 0.5 m + 0.8 e against m = 0.5 x + 0.8 e: x explains more of m than z does
    "compare": (
        {"form": "compare", "more": beta("r2", "a"), "less": beta("r2", "e")},
        SUPPORTED,
    ),
    "compare, wrong": (
        {"form": "compare", "more": beta("r2", "e"), "less": beta("r2", "a")},
        CONTRADICTED,
    ),
    "compare, two outcomes": (
        {"form": "compare", "more": beta("r2", "a"), "less": beta("r2", "c")},
        NOT_CHECKABLE,
    ),
    "sign": ({"form": "sign", "coefficients": [beta("x", "a") | {"sign": "+"}]}, SUPPORTED),
    "sign, wrong": (
        {"form": "sign", "coefficients": [beta("x", "a") | {"sign": "-"}]},
        CONTRADICTED,
    ),
    "sign, none": (
        {"form": "sign", "coefficients": [beta("x", "d") | {"sign": "+"}]},
        NOT_SIGNIFICANT,
    ),
    "no_relation": (
        {"form": "no_relation", "table": "4", "column": "d", "rows": ["x", "z"]},
        SUPPORTED,
    ),
    "no_relation, wrong": (
        {"form": "no_relation", "table": "4", "column": "d", "rows": ["m"]},
        CONTRADICTED,
    ),
    "explained, not significant": (
        {"form": "explained", "table": "4", "column": "e", "value": "0", "significant": False},
        SUPPORTED,
    ),
    "explained, significance denied": (
        {"form": "explained", "table": "4", "column": "e", "value": "0", "significant": True},
        NOT_SIGNIFICANT,
    ),
    "explained, wrong": (
        {"form": "explained", "table": "4", "column": "a", "value": "90"},
        CONTRADICTED,
    ),
    "shrinks": ({**CHANGE, "rows": ["x"], "change": "shrinks"}, SUPPORTED),
    "grows, wrong": ({**CHANGE, "rows": ["x"], "change": "grows"}, CONTRADICTED),
    "not_shrinks, wrong": ({**CHANGE, "rows": ["x"], "change": "not_shrinks"}, CONTRADICTED),
    "stays": ({**CHANGE, "rows": ["z"], "change": "stays", "tolerance": "0,10"}, SUPPORTED),
    "stays, wrong": ({**CHANGE, "rows": ["x"], "change": "stays"}, CONTRADICTED),
    "change of outcome": (
        {**CHANGE, "before": "a", "rows": ["x"], "change": "stays"},
        NOT_CHECKABLE,
    ),
    "strongest": ({"form": "strongest", "coefficient": beta("m", "d")}, SUPPORTED),
    "strongest, wrong": ({"form": "strongest", "coefficient": beta("z", "d")}, CONTRADICTED),
    "mediated": ({**PATHS, "form": "mediated", "factors": ["x"]}, SUPPORTED),
    "not_mediated, wrong": ({**PATHS, "form": "not_mediated", "factors": ["x"]}, CONTRADICTED),
    "correlation": ({"form": "correlation", "x": "x", "y": "m", "sign": "+"}, SUPPORTED),
    "correlation, wrong": (
        {"form": "correlation", "x": "x", "y": "m", "sign": "-"},
        CONTRADICTED,
    ),
    # z was made uncorrelated with x
    "correlation, zero": ({"form": "correlation", "x": "x", "y": "z", "sign": "0"}, SUPPORTED),
    "correlation, none": (
        {"form": "correlation", "x": "x", "y": "z", "sign": "+"},
        NOT_SIGNIFICANT,
    ),
    "correlation, zero, wrong": (
        {"form": "correlation", "x": "x", "y": "m", "sign": "0"},
        CONTRADICTED,
    ),
    "suppressor, it correlates": (
        {"form": "suppressor", "coefficient": beta("m", "d")},
        CONTRADICTED,
    ),
    "suppressor, nothing": (
        {"form": "suppressor", "coefficient": beta("z", "a")},
        NOT_SIGNIFICANT,
    ),
    "respondents": (
        {
            "form": "respondents",
            "variable": "groep",
            "facts": [
                {"statistic": "count", "values": ["laag"], "value": "300"},
                {"statistic": "share", "values": ["laag", "hoog"], "value": "67"},
            ],
        },
        SUPPORTED,
    ),
    # ages 20 up to 80, evenly
    "respondents, numbers": (
        {
            "form": "respondents",
            "variable": "leeftijd",
            "facts": [
                {"statistic": "min", "value": "20"},
                {"statistic": "max", "value": "80"},
                {"statistic": "mean", "value": "50"},
                {"statistic": "at_least", "values": [50], "value": "50"},
            ],
        },
        SUPPORTED,
    ),
    "respondents, wrong": (
        {
            "form": "respondents",
            "variable": "leeftijd",
            "facts": [{"statistic": "mean", "value": "40"}],
        },
        CONTRADICTED,
    ),
    "not_checkable": (
        {"form": "not_checkable", "reason": {"nl": "oorzaak", "en": "cause"}},
        NOT_CHECKABLE,
    ),
}


@pytest.mark.parametrize(("statement", "expected"), CASES.values(), ids=CASES)
def test_verdicts(tmp_path, frame, statement, expected):
    found = judge(tmp_path, frame, statement)
    assert (found.verdict, found.why) == expected, found.basis()


def test_no_difference_needs_more_than_a_large_p(tmp_path):
    # the same numbers in every group, but only 20 of them: d within 0.2 cannot be shown
    few = draw(20)
    for statement in (
        {"form": "no_difference", "lines": [STIL]},
        {"form": "equal", "lines": [STIL], "pair": ["laag", "hoog"]},
        {"form": "no_relation", "table": "4", "column": "d", "rows": ["z"]},
        {**PATHS, "form": "not_mediated", "factors": ["z"]},
    ):
        found = judge(tmp_path, few, statement)
        assert (found.verdict, found.why) == NOT_EQUIVALENT, found.basis()


def test_wider_bounds_show_what_narrow_ones_cannot(tmp_path):
    statement = {"form": "no_difference", "lines": [STIL]}
    found = judge(tmp_path, draw(20), statement, bounds=Bounds(d=1.0))
    assert found.verdict == "supported"


def test_a_trivial_difference_counts_as_none(tmp_path, frame):
    # the groups differ by some standard deviations: significant, and within a bound of 50
    statement = {"form": "no_difference", "lines": [SCORE]}
    assert judge(tmp_path, frame, statement, bounds=Bounds(d=50)).verdict == "supported"


def test_of_two_classes_the_pair_is_welchs_test(tmp_path, frame):
    statement = {
        "form": "larger",
        "lines": [{"table": "3", "factor": "sekse", "column": "score"}],
        "more": ["w"],
        "less": ["v"],
    }
    part = judge(tmp_path, frame, statement).parts[0]
    men, women = (frame.loc[frame["sekse"] == code, "score"] for code in (1, 0))
    test = stats.ttest_ind(men, women, equal_var=False)
    limits = test.confidence_interval(0.95)
    assert part.estimate == pytest.approx(men.mean() - women.mean())
    assert (part.low, part.high) == pytest.approx((limits.low, limits.high), rel=1e-6)
    assert part.p == pytest.approx(test.pvalue, rel=1e-5)
    assert part.n == 900


def test_the_other_way_round_the_numbers_turn(tmp_path, frame):
    one = judge(tmp_path, frame, LARGER).parts[0]
    other = judge(tmp_path, frame, {**LARGER, "more": ["laag"], "less": ["hoog"]}).parts[0]
    assert other.estimate == pytest.approx(-one.estimate)
    assert (other.low, other.high) == pytest.approx((-one.high, -one.low))
    assert (other.p, other.n) == (one.p, one.n)


def test_zero_correlation_by_fishers_z(tmp_path, frame):
    part = judge(tmp_path, frame, CASES["correlation, zero"][0]).parts[0]
    n, r = len(frame), float(np.corrcoef(frame["x"], frame["z"])[0, 1])
    scale = math.sqrt(n - 3)
    p = max(
        stats.norm.sf((math.atanh(r) + math.atanh(0.1)) * scale),
        stats.norm.sf((math.atanh(0.1) - math.atanh(r)) * scale),
    )
    assert part.p == pytest.approx(p, rel=1e-6)


def test_a_change_is_the_indirect_effect_where_one_mediator_enters(tmp_path, frame):
    direct = frame.assign(y=frame["y"] + 0.3 * frame["x"])
    part = judge(tmp_path, direct, CASES["shrinks"][0]).parts[0]
    mediated = judge(tmp_path, direct, CASES["mediated"][0]).parts[0]
    # sizes of the same sign: |c'| - |c| = -(c - c') = -ab
    assert part.estimate == pytest.approx(-mediated.estimate, abs=1e-9)


def test_a_classical_suppressor_is_found(tmp_path):
    rng = np.random.default_rng(1)
    frame = draw()
    n = len(frame)
    signal, noise, e = rng.normal(size=(3, n))
    # z is the noise in x: it says nothing of y, and clears x of what y does not share
    frame["x"], frame["z"] = (
        signal + noise,
        noise - np.polyval(np.polyfit(signal, noise, 1), signal),
    )
    frame["y"] = signal + 0.5 * (e - np.polyval(np.polyfit(frame["z"], e, 1), frame["z"]))
    found = judge(tmp_path, frame, {"form": "suppressor", "coefficient": beta("z", "c")})
    assert found.verdict == "supported", found.basis()
    assert found.parts[0].estimate < -0.3


def test_a_broken_step_contradicts_a_rising_trend(tmp_path, frame):
    bent = frame.copy()
    bent.loc[bent["klasse"] == "rijp", "score"] -= 3
    bent.loc[bent["klasse"] == "oud", "score"] += 3
    found = judge(tmp_path, bent, CASES["monotone"][0])
    assert found.verdict == "contradicted"
    assert [part.verdict for part in found.parts] == ["supported", "contradicted"]


def test_what_a_wave_lacks_is_not_checkable_with_the_reason(tmp_path, frame):
    without = frame.drop(columns=["score", "m"])
    for statement in (
        LARGER,
        {"form": "differ", "lines": [SCORE]},
        {"form": "value", "cells": [{**SCORE, "column": "hoog", "value": "3"}]},
        {"form": "correlation", "x": "score", "y": "x", "sign": "+"},
        {"form": "respondents", "variable": "m", "facts": [{"statistic": "min", "value": "1"}]},
        CASES["sign"][0],
        CASES["mediated"][0],
        CASES["shrinks"][0],
        CASES["suppressor, it correlates"][0],
    ):
        found = judge(tmp_path, without, statement)
        assert found.verdict == "not_checkable"
        assert "is not in the data" in found.basis()


def test_a_group_with_nobody_is_not_checkable(tmp_path, frame):
    nobody = frame[frame["groep"] != "midden"]
    statement = {**LARGER, "less": ["midden"]}
    assert judge(tmp_path, nobody, statement).verdict == "not_checkable"


def test_missing_answers_leave_pairwise(tmp_path, frame):
    some = frame.copy()
    some.loc[some.index[:30], "score"] = np.nan
    part = judge(tmp_path, some, LARGER).parts[0]
    groups = some.groupby("groep", observed=True)["score"].mean()
    assert part.n == 570
    assert part.estimate == pytest.approx(groups["hoog"] - groups["laag"])


def test_a_synthetic_wave_marks_its_verdicts(tmp_path, frame):
    study = write_study(tmp_path, [claim(LARGER)])
    drawn = judge_wave(wave_of(study, frame), resamples=RESAMPLES)
    assert drawn.synthetic
    assert drawn.mark_nl == "Getrokken door de tests."
    assert drawn.frame["synthetic"].all()
    assert drawn.tidy()["wave"].unique() == ["proef"]
    real = judge_wave(wave_of(study, frame, synthetic=False), resamples=RESAMPLES)
    assert not real.synthetic
    assert not real.frame["synthetic"].any()
    assert drawn.settings["alpha"] == 0.05
    assert drawn.settings["bound_d"] == 0.2


def test_the_level_is_a_setting(tmp_path, frame):
    strict = judge(tmp_path, frame, LARGER, alpha=0.001).parts[0]
    usual = judge(tmp_path, frame, LARGER).parts[0]
    assert strict.low < usual.low
    wave = wave_of(write_study(tmp_path, [claim(LARGER)]), frame)
    failure(lambda: judge_wave(wave, alpha=0.5), AnalysisError)


def test_the_same_seed_gives_the_same_verdicts(tmp_path, frame):
    statement = {**PATHS, "form": "mediated", "factors": ["x", "z"]}
    first, second = (judge(tmp_path, frame, statement, seed=7).parts for _ in range(2))
    assert first == second


def test_judging_a_wave_reaches_no_published_number():
    """Follow all imports of the wave's judge: the published tables are not among them."""
    folder = Path(mobiliteit.__file__).parent
    todo, seen = ["claims.on_wave"], set()
    while todo:
        name = todo.pop()
        path = folder / f"{name.replace('.', '/')}.py"
        if name in seen or not path.is_file():
            continue
        seen.add(name)
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("mobiliteit"):
                home = (node.module or "").removeprefix("mobiliteit").removeprefix(".")
                todo += [home, *(f"{home}.{alias.name}".strip(".") for alias in node.names)]
    assert {"claims.schema", "claims.terms"} <= seen
    assert not {name for name in seen if "published" in name or "printed" in name}


def test_every_claim_of_2006_gets_a_verdict_without_its_data(tmp_path):
    """A wave of the real study with hardly any variables: everything is said to be lacking."""
    from mobiliteit.study import load_study

    study = load_study()
    groups = list(study.segments.groups)
    frame = pd.DataFrame({"mobiliteitsgroep": pd.Categorical(groups * 4, groups)})
    verdicts = judge_wave(wave_of(study, frame), resamples=RESAMPLES)
    lacking = [entry for entry in verdicts.verdicts if entry.verdict != "not_checkable"]
    # only the sizes of the groups can be told
    assert {entry.claim.id for entry in lacking} <= {"g_blijvers", "g_overwegers", "g_mobielen"}
