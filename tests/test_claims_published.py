"""Verdicts on the printed tables of a tiny study, each worked out by hand, and some of 2006."""

import math

import pytest

from claims_builder import PRINTED, claim, write_study
from mobiliteit.claims.on_tables import judge_published
from mobiliteit.results import TIDY_COLUMNS
from mobiliteit.study import load_study

SCORE, STIL = {"table": "2", "row": "score"}, {"table": "2", "row": "stil"}
VAST, AGE = {"table": "2", "row": "vast"}, {"table": "2", "row": "leeftijd"}
BY_AGE = {"table": "3", "factor": "leeftijd", "column": "score"}
BY_SEX = {"table": "3", "factor": "sekse", "column": "score"}
FREE = {"variable": "score", "by": "groep"}


def beta(row, column):
    return {"table": "4", "row": row, "column": column}


def judge(tmp_path, statement):
    verdicts = judge_published(write_study(tmp_path, [claim(statement)]))
    return verdicts["c"]


def verdict_of(tmp_path, statement):
    found = judge(tmp_path, statement)
    return (found.verdict, found.why)


SUPPORTED, CONTRADICTED = ("supported", ""), ("contradicted", "")
UNTESTED, NOT_SIGNIFICANT = ("not_supported", "untested"), ("not_supported", "not_significant")
NOT_CHECKABLE = ("not_checkable", "")

CASES = {
    # pairs: 1,0 < 2,0 < 3,0 with Ja over three groups; no pair was tested
    "order, right": (
        {"form": "order", "lines": [SCORE], "order": ["hoog", "midden", "laag"]},
        UNTESTED,
    ),
    "order, one step wrong": (
        {"form": "order", "lines": [SCORE], "order": ["hoog", "laag", "midden"]},
        CONTRADICTED,
    ),
    "larger, right": (
        {"form": "larger", "lines": [SCORE], "more": ["hoog"], "less": ["laag"]},
        UNTESTED,
    ),
    "larger, wrong": (
        {"form": "larger", "lines": [SCORE], "more": ["laag"], "less": ["hoog"]},
        CONTRADICTED,
    ),
    "larger, Nee": (
        {"form": "larger", "lines": [STIL], "more": ["hoog"], "less": ["laag"]},
        NOT_SIGNIFICANT,
    ),
    "larger, wrong and Nee": (
        {"form": "larger", "lines": [STIL], "more": ["laag"], "less": ["hoog"]},
        CONTRADICTED,
    ),
    "larger, a tie with Nee": (
        {"form": "larger", "lines": [VAST], "more": ["laag"], "less": ["midden", "hoog"]},
        NOT_SIGNIFICANT,
    ),
    # two classes: the star is the test of the pair
    "larger, two classes with a star": (
        {"form": "larger", "lines": [BY_SEX], "more": ["w"], "less": ["v"]},
        SUPPORTED,
    ),
    "larger, two classes without a star": (
        {
            "form": "larger",
            "lines": [BY_SEX | {"column": "stil"}],
            "more": ["w"],
            "less": ["v"],
        },
        NOT_SIGNIFICANT,
    ),
    "largest of counts needs no test": (
        {"form": "largest", "lines": [{"table": "1", "column": "n"}], "position": "s_hoog"},
        SUPPORTED,
    ),
    "smallest of counts, wrong": (
        {"form": "smallest", "lines": [{"table": "1", "column": "n"}], "position": "s_midden"},
        CONTRADICTED,
    ),
    "largest": ({"form": "largest", "lines": [SCORE], "position": "hoog"}, UNTESTED),
    "smallest, wrong": ({"form": "smallest", "lines": [SCORE], "position": "hoog"}, CONTRADICTED),
    "a line of no table": (
        {"form": "larger", "lines": [FREE], "more": ["hoog"], "less": ["laag"]},
        NOT_CHECKABLE,
    ),
    "differ, Ja": ({"form": "differ", "lines": [SCORE]}, SUPPORTED),
    "differ, Nee": ({"form": "differ", "lines": [STIL]}, CONTRADICTED),
    "differ, a star": ({"form": "differ", "lines": [BY_AGE]}, SUPPORTED),
    "no_difference, Nee": ({"form": "no_difference", "lines": [STIL]}, SUPPORTED),
    "no_difference, Ja": ({"form": "no_difference", "lines": [SCORE]}, CONTRADICTED),
    "no_difference, of two lines one has Ja": (
        {"form": "no_difference", "lines": [STIL, SCORE]},
        CONTRADICTED,
    ),
    "no_difference, of no table": ({"form": "no_difference", "lines": [FREE]}, NOT_CHECKABLE),
    "equal, Nee": ({"form": "equal", "lines": [STIL], "pair": ["laag", "hoog"]}, SUPPORTED),
    "equal, Ja, neighbours": (
        {"form": "equal", "lines": [SCORE], "pair": ["laag", "midden"]},
        UNTESTED,
    ),
    "equal, Ja, lowest and highest": (
        {"form": "equal", "lines": [SCORE], "pair": ["hoog", "laag"]},
        CONTRADICTED,
    ),
    # 2,0 > 1,5 < 3,0
    "monotone, broken": ({"form": "monotone", "lines": [BY_AGE], "direction": "up"}, CONTRADICTED),
    # 5,0 = 5,0 < 5,1 without a star
    "monotone, not significant": (
        {"form": "monotone", "lines": [BY_AGE | {"column": "stil"}], "direction": "up"},
        NOT_SIGNIFICANT,
    ),
    "monotone over two classes": (
        {"form": "monotone", "lines": [BY_SEX], "direction": "up"},
        SUPPORTED,
    ),
    # values
    "value, exact": (
        {"form": "value", "cells": [{**SCORE, "column": "hoog", "value": "3"}]},
        SUPPORTED,
    ),
    "value, finer than the cell but possible": (
        {"form": "value", "cells": [{**SCORE, "column": "hoog", "value": "3,04"}]},
        SUPPORTED,
    ),
    "value, finer than the cell and not possible": (
        {"form": "value", "cells": [{**SCORE, "column": "hoog", "value": "3,06"}]},
        CONTRADICTED,
    ),
    "value, one off": (
        {"form": "value", "cells": [{**AGE, "column": "laag", "value": "31"}]},
        CONTRADICTED,
    ),
    "value, within what words allow": (
        {"form": "value", "cells": [{**AGE, "column": "laag", "value": "31", "within": "2"}]},
        SUPPORTED,
    ),
    "value, shifted": (
        {"form": "value", "cells": [{**SCORE, "column": "hoog", "value": "2", "shift": "-1"}]},
        SUPPORTED,
    ),
    "value, no number": (
        {"form": "value", "cells": [{**SCORE, "column": "verschil", "value": "2"}]},
        NOT_CHECKABLE,
    ),
    # 3,0 : 1,0 is between 2,95/1,05 = 2,81 and 3,05/0,95 = 3,21
    "ratio, possible": (
        {
            "form": "ratio",
            "more": {**SCORE, "column": "hoog"},
            "less": {**SCORE, "column": "laag"},
            "value": "3",
        },
        SUPPORTED,
    ),
    "ratio, not possible": (
        {
            "form": "ratio",
            "more": {**SCORE, "column": "hoog"},
            "less": {**SCORE, "column": "laag"},
            "value": "2",
        },
        CONTRADICTED,
    ),
    "compare": (
        {"form": "compare", "more": beta("r2", "a"), "less": beta("r2", "c")},
        SUPPORTED,
    ),
    "compare, wrong": (
        {"form": "compare", "more": beta("r2", "c"), "less": beta("r2", "a")},
        CONTRADICTED,
    ),
    "compare, a tie": (
        {
            "form": "compare",
            "more": {**VAST, "column": "laag"},
            "less": {**VAST, "column": "midden"},
        },
        UNTESTED,
    ),
    # coefficients: c: x ,20** and z -,15*; d: x ,10, z -,15*, m ,33***; a: z ,05; e: z ,00
    "sign": ({"form": "sign", "coefficients": [beta("x", "c") | {"sign": "+"}]}, SUPPORTED),
    "sign, the other one": (
        {"form": "sign", "coefficients": [beta("z", "c") | {"sign": "+"}]},
        CONTRADICTED,
    ),
    "sign, no star": (
        {"form": "sign", "coefficients": [beta("x", "d") | {"sign": "+"}]},
        NOT_SIGNIFICANT,
    ),
    "sign, zero": (
        {"form": "sign", "coefficients": [beta("z", "e") | {"sign": "-"}]},
        NOT_SIGNIFICANT,
    ),
    "no_relation": (
        {"form": "no_relation", "table": "4", "column": "d", "rows": ["x"]},
        SUPPORTED,
    ),
    "no_relation, a star": (
        {"form": "no_relation", "table": "4", "column": "d", "rows": ["x", "z"]},
        CONTRADICTED,
    ),
    "explained": ({"form": "explained", "table": "4", "column": "a", "value": "9"}, SUPPORTED),
    "explained, wrong number": (
        {"form": "explained", "table": "4", "column": "a", "value": "8"},
        CONTRADICTED,
    ),
    "explained, said to be significant without a star": (
        {"form": "explained", "table": "4", "column": "e", "value": "0", "significant": True},
        CONTRADICTED,
    ),
    "explained, not significant": (
        {"form": "explained", "table": "4", "column": "e", "value": "0", "significant": False},
        SUPPORTED,
    ),
    "strongest": ({"form": "strongest", "coefficient": beta("m", "d")}, SUPPORTED),
    "strongest, wrong": ({"form": "strongest", "coefficient": beta("x", "d")}, CONTRADICTED),
    "correlation": ({"form": "correlation", "x": "x", "y": "y", "sign": "+"}, NOT_CHECKABLE),
    "suppressor": ({"form": "suppressor", "coefficient": beta("z", "c")}, NOT_CHECKABLE),
    "not_checkable": (
        {"form": "not_checkable", "reason": {"nl": "oorzaak", "en": "cause"}},
        NOT_CHECKABLE,
    ),
}


@pytest.mark.parametrize(("statement", "expected"), CASES.values(), ids=CASES)
def test_verdicts(tmp_path, statement, expected):
    assert verdict_of(tmp_path, statement) == expected


# x from c to d: ,20** to ,10 (loses its star); z: -,15* to -,15*
@pytest.mark.parametrize(
    ("row", "change", "tolerance", "expected"),
    [
        ("x", "shrinks", "0", SUPPORTED),
        ("x", "grows", "0", CONTRADICTED),
        ("x", "not_shrinks", "0,02", CONTRADICTED),
        ("x", "not_shrinks", "0,10", SUPPORTED),
        ("x", "stays", "0,10", CONTRADICTED),
        ("z", "stays", "0", SUPPORTED),
        ("z", "not_shrinks", "0", SUPPORTED),
        ("z", "grows", "0", UNTESTED),
        ("z", "shrinks", "0", UNTESTED),
    ],
)
def test_changes(tmp_path, row, change, tolerance, expected):
    statement = {
        "form": "change",
        "table": "4",
        "rows": [row],
        "before": "c",
        "after": "d",
        "change": change,
        "tolerance": tolerance,
    }
    assert verdict_of(tmp_path, statement) == expected


# x: c ,20**, a ,30***, b ,33***, c' ,10: all steps. z: a ,05 has no star, and c' is as large as c.
@pytest.mark.parametrize(
    ("form", "factor", "expected"),
    [
        ("mediated", "x", SUPPORTED),
        ("mediated", "z", CONTRADICTED),
        ("not_mediated", "x", CONTRADICTED),
        ("not_mediated", "z", SUPPORTED),
    ],
)
def test_mediation(tmp_path, form, factor, expected):
    statement = {
        "form": form,
        "table": "4",
        "factors": [factor],
        "mediator": "m",
        "path": "a",
        "total": "c",
        "direct": "d",
    }
    found = judge(tmp_path, statement)
    assert (found.verdict, found.why) == expected
    part = found.parts[0]
    assert part.estimate == pytest.approx({"x": 0.099, "z": 0.0165}[factor])
    # corners of the rounding of a and b
    corners = {"x": (0.295 * 0.325, 0.305 * 0.335), "z": (0.045 * 0.325, 0.055 * 0.335)}
    assert (part.low, part.high) == pytest.approx(corners[factor])
    assert ("niet voldaan: a, c' < c" in part.basis.nl) == (factor == "z")


def respondents(fact, variable="leeftijd"):
    return {"form": "respondents", "variable": variable, "facts": [fact]}


# 0.2 * 30 + 0.3 * 40 + 0.5 * 50 = 43; shares 0.2 * 8 + 0.3 * 8 + 0.5 * 6 = 7; all +- 0.5
@pytest.mark.parametrize(
    ("fact", "expected"),
    [
        ({"statistic": "mean", "value": "43", "line": AGE}, SUPPORTED),
        ({"statistic": "mean", "value": "43,4", "line": AGE}, SUPPORTED),
        ({"statistic": "mean", "value": "43,6", "line": AGE}, CONTRADICTED),
        ({"statistic": "mean", "value": "44", "line": AGE}, CONTRADICTED),
        ({"statistic": "mean", "value": "43"}, NOT_CHECKABLE),
        ({"statistic": "mean", "value": "43", "line": FREE}, NOT_CHECKABLE),
        ({"statistic": "share", "values": [1], "value": "7", "line": VAST}, SUPPORTED),
        (
            {
                "statistic": "share",
                "values": [0],
                "value": "93",
                "line": VAST,
                "complement": True,
            },
            SUPPORTED,
        ),
        (
            {
                "statistic": "share",
                "values": [0],
                "value": "95",
                "line": VAST,
                "complement": True,
            },
            CONTRADICTED,
        ),
    ],
)
def test_respondents_by_weighted_groups(tmp_path, fact, expected):
    assert verdict_of(tmp_path, respondents(fact)) == expected


@pytest.mark.parametrize(
    ("statistic", "value", "expected"),
    [
        ("count", "50", SUPPORTED),
        ("count", "51", CONTRADICTED),
        ("share", "50", SUPPORTED),
        ("share", "49", CONTRADICTED),
    ],
)
def test_respondents_by_sums_of_cells(tmp_path, statistic, value, expected):
    # 20 + 30 = 50 of 100
    fact = {
        "statistic": statistic,
        "values": ["laag", "midden"],
        "value": value,
        "cells": [{"table": "1", "row": f"s_{name}", "column": "n"} for name in ("laag", "midden")],
    }
    if statistic == "share":
        fact["of"] = {"table": "1", "row": "totaal", "column": "n"}
    found = judge(tmp_path, respondents(fact, "groep"))
    assert (found.verdict, found.why) == expected
    assert "20 + 30 = 50" in found.basis() or "50 van 100 = 50,00%" in found.basis()


def test_a_cell_that_is_not_printed_is_not_checkable(tmp_path, monkeypatch):
    cells = {key: dict(value) for key, value in PRINTED.items()}
    del cells["2", "score"]["hoog"]
    monkeypatch.setattr("claims_builder.PRINTED", cells)
    statement = {"form": "larger", "lines": [SCORE], "more": ["hoog"], "less": ["laag"]}
    assert verdict_of(tmp_path, statement) == NOT_CHECKABLE
    assert verdict_of(tmp_path, {"form": "differ", "lines": [SCORE]}) == NOT_CHECKABLE


def test_a_pair_names_its_cells_and_its_rounding(tmp_path):
    statement = {"form": "larger", "lines": [SCORE], "more": ["hoog"], "less": ["laag"]}
    found = judge(tmp_path, statement)
    part = found.parts[0]
    # 3,0 - 1,0: from 2,95 - 1,05 to 3,05 - 0,95
    assert (part.estimate, part.low, part.high) == pytest.approx((2.0, 1.9, 2.1))
    assert math.isnan(part.p)
    assert part.n is None
    assert found.basis("nl") == (
        "tabel 2, Score: Hoog 3,0 > Laag 1,0 (significant over 3 groepen: Ja, paren niet getoetst)."
    )
    assert "Hoog 3.0 > " not in found.basis("en")
    assert "hoog 3.0 > laag 1.0 (significant over 3 groups: Yes" in found.basis("en")


def test_the_worst_part_decides_and_the_sentence_says_so(tmp_path):
    statement = {"form": "larger", "lines": [SCORE], "more": ["midden"], "less": ["laag", "hoog"]}
    found = judge(tmp_path, statement)
    assert [part.verdict for part in found.parts] == ["not_supported", "contradicted"]
    assert found.verdict == "contradicted"
    assert found.why == ""
    assert found.basis("nl").endswith("(1 van 2 onderdelen beslist).")


def test_frames_have_a_row_per_claim_and_per_part(tmp_path):
    statements = [CASES["order, right"][0], CASES["sign"][0], CASES["correlation"][0]]
    claims = [claim(s, f"c{k}", section=str(k)) for k, s in enumerate(statements)]
    verdicts = judge_published(write_study(tmp_path, claims))
    frame = verdicts.frame.set_index("id")
    assert list(frame["verdict"]) == ["not_supported", "supported", "not_checkable"]
    assert list(frame["parts"]) == [2, 1, 1]
    assert not frame["synthetic"].any()
    assert list(verdicts.parts["id"]) == ["c0", "c0", "c1", "c2"]
    tidy = verdicts.tidy()
    assert tuple(tidy.columns) == TIDY_COLUMNS
    sign = tidy[tidy["row"] == "c1"].set_index("statistic")["value"]
    assert dict(sign) == pytest.approx({"beta": 0.20, "ci_low": 0.195, "ci_high": 0.205})
    summary = verdicts.summary()
    assert list(summary.index) == ["0", "1", "2", "totaal"]
    assert list(summary.loc["totaal"]) == [3, 1, 0, 1, 1]
    with pytest.raises(KeyError):
        verdicts["nergens"]


# ---- 2006


@pytest.fixture(scope="module")
def report():
    return judge_published(load_study())


def test_every_claim_of_2006_has_a_verdict_and_a_sentence(report):
    frame = report.frame
    assert set(frame["verdict"]) == {"supported", "contradicted", "not_supported", "not_checkable"}
    assert (frame["why"] != "").equals(frame["verdict"] == "not_supported")
    for column in ("basis_nl", "basis_en"):
        assert frame[column].str.len().gt(10).all()
    causes = {v.claim.id for v in report.verdicts if v.claim.form == "not_checkable"}
    assert causes <= set(frame.loc[frame["verdict"] == "not_checkable", "id"])


@pytest.mark.parametrize(
    ("name", "verdict", "words"),
    [
        # table 3.8: internal coaching has a star in column 2
        ("o_stap_factoren", "contradicted", "-,12*"),
        ("z_omgeving_stap", "contradicted", "-,12*"),
        # table 3.8: ,14** becomes ,10 without a star
        ("o_netwerken_blijft", "contradicted", ",14** wordt ,10"),
        # table 3.3: 11 days against 6 in an adjacent field, Ja
        ("z_opleiding_buiten", "contradicted", "significant: Ja"),
        # table 3.11: full-timers 1,72, the largest class of part-timers 1,68
        ("z_deeltijders_moeten", "contradicted", "1,68 < 35 uur of meer 1,72"),
        # table 3.4: 8%, 8%, 6%, Nee
        ("g_coach_extern_mogelijk", "not_supported", "8% = Overwegers 8%"),
        # 3 * 435 of 1137 = 38,26
        ("g_mobielen", "supported", "72 + 29 + 112 + 88 + 75 + 59 = 435"),
        ("r_vrouw", "supported", "tussen 83,2 en 84,2"),
        ("d_zorgtaken_opleiding", "supported", "in de tekst 2 x"),
        ("g_sollicitaties_aantal", "supported", "3,18 (-1); in de tekst 2"),
        ("f_effectiviteit_nul", "not_checkable", "niet in een tabel"),
    ],
)
def test_facts_of_2006(report, name, verdict, words):
    assert report[name].verdict == verdict
    assert words in report[name].basis("nl")
