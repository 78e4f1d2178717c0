"""Errors planted in a published report: each is found, by the right check and in the right cell."""

from __future__ import annotations

import pytest

from audit_builders import PLAIN_FACTS, planted
from mobiliteit.audit import run_audit

PLANTED = {
    "a wrong total": (["3.1"], None, {("3.1", "totaal", "respons"): "1136"}, "sum"),
    "a wrong percentage": (
        ["3.2"],
        None,
        {("3.2", "thuiszorg", "percentage"): "15%"},
        "percentage",
    ),
    "a mean outside its scale": (
        ["3.3"],
        ["willen"],
        {("3.3", "willen", "blijvers"): "5,21"},
        "bounds",
    ),
    "a mean that no whole answers give": (
        ["3.6"],
        ["sollicitaties"],
        {("3.6", "sollicitaties", "doorstroom_sector"): "3,01"},
        "grim",
    ),
    "a percentage that no count gives": (
        ["3.4"],
        ["coach_extern_mogelijk", "coach_extern_gebruikt"],
        {("3.4", "coach_extern_gebruikt", "overwegers"): "2%"},
        "grim",
    ),
    "a Ja between equal percentages": (
        ["3.4"],
        ["pop"],
        {("3.4", "pop", g): "20%" for g in ("blijvers", "overwegers", "mobielen")},
        "chi2",
    ),
    "a Nee between far percentages": (
        ["3.4"],
        ["pop"],
        {("3.4", "pop", "mobielen"): "66%", ("3.4", "pop", "verschil"): "Nee"},
        "chi2",
    ),
    "a Ja between equal means of whole answers": (
        ["3.3"],
        ["freq_functionering"],
        {
            ("3.3", "freq_functionering", "overwegers"): "2,51",
            ("3.3", "freq_functionering", "mobielen"): "2,51",
            ("3.3", "freq_functionering", "verschil"): "Ja",
        },
        "anova",
    ),
    "a Nee that no spread allows": (
        ["3.3"],
        ["leermogelijkheden"],
        {("3.3", "leermogelijkheden", "verschil"): "Nee"},
        "anova",
    ),
    "a star that the other columns exclude": (
        ["3.3", "3.5", "3.11"],
        None,
        {("3.11", "zorgtaken_geen", "willen"): "*2,80"},
        "anova",
    ),
    "class means that no class sizes reconcile": (
        ["3.3", "3.5", "3.10"],
        None,
        {("3.10", "zorgtaken_wel", "netwerken"): "4,64"},
        "coherence",
    ),
    "segments that do not give their group": (
        ["3.3", "3.6"],
        ["inkomen"],
        {("3.6", "inkomen", "doorstroom_branche"): "6,91"},
        "coherence",
    ),
    "stars on a coefficient of nothing": (
        ["3.7"],
        None,
        {("3.7", "sollicitaties", "loopbaanstap_succes"): "-,02***"},
        "stars",
    ),
    "no stars on an explained variance that must have them": (
        ["3.9"],
        None,
        {("3.9", "verklaarde_variantie", "model_2"): "17%"},
        "stars",
    ),
    "an explained variance that falls": (
        ["3.9"],
        None,
        {("3.9", "verklaarde_variantie", "model_3"): "15%***"},
        "nested_r2",
    ),
    "an explained variance that rises too much": (
        ["3.9"],
        None,
        {("3.9", "verklaarde_variantie", "model_3"): "24%***"},
        "nested_r2",
    ),
}


@pytest.mark.parametrize("name", PLANTED)
def test_a_planted_error_is_found_by_the_right_check(tmp_path, name):
    tables, rows, changes, check = PLANTED[name]
    result = run_audit(planted(tmp_path / "study", tables, changes, rows))
    wrong = result.verdicts[result.verdicts["verdict"] == "inconsistent"]
    assert check in set(wrong["check"])
    where = {(row, column) for _, row, column in changes}
    hit = wrong[wrong["check"] == check]
    rows_hit = {row for row, _ in zip(hit["row"], hit["column"], strict=True)}
    assert rows_hit & {row for row, _ in where}
    assert (result.findings["kind"] == "onmogelijk").any()
    assert wrong["could_fail"].all()


@pytest.mark.parametrize("name", PLANTED)
def test_without_the_planted_error_nothing_is_wrong(tmp_path, name):
    tables, rows, _, _ = PLANTED[name]
    result = run_audit(planted(tmp_path / "study", tables, {}, rows))
    assert not (result.verdicts["verdict"] == "inconsistent").any()


def statement(**entry):
    base = {"page": "1", "nl": "wat er staat", "en": "what it says", "id": "zin"}
    return {**PLAIN_FACTS, "statements": [{**base, **entry}]}


WILLEN = [["3.3", "willen", g] for g in ("overwegers", "blijvers", "mobielen")]
STATEMENTS = [
    (
        {"kind": "cell", "value": "3.13", "cells": WILLEN[:1]},
        {"kind": "cell", "value": "3.31", "cells": WILLEN[:1]},
    ),
    (
        {"kind": "larger", "cells": WILLEN, "flag": ["3.3", "willen", "verschil"]},
        {"kind": "larger", "cells": WILLEN[1:], "flag": ["3.3", "willen", "verschil"]},
    ),
    (
        {"kind": "sum", "value": "100", "parts": ["33", "33", "33"]},
        {"kind": "sum", "value": "100", "parts": ["33", "33", "32"]},
    ),
    (
        {
            "kind": "share",
            "value": "33",
            "cells": [["3.1", "niet_overwogen", "respons"], ["3.1", "totaal", "respons"]],
        },
        {
            "kind": "share",
            "value": "32",
            "cells": [["3.1", "niet_overwogen", "respons"], ["3.1", "totaal", "respons"]],
        },
    ),
    (
        {"kind": "overall", "value": "2.80", "row": ["3.3", "willen"]},
        {"kind": "overall", "value": "2.95", "row": ["3.3", "willen"]},
    ),
    (
        {"kind": "ratio", "value": "1.25", "cells": WILLEN[:2]},
        {"kind": "ratio", "value": "1.35", "cells": WILLEN[:2]},
    ),
]


@pytest.mark.parametrize(("good", "bad"), STATEMENTS, ids=[g["kind"] for g, _ in STATEMENTS])
def test_text_against_table(tmp_path, good, bad):
    right = run_audit(planted(tmp_path / "a", ["3.3"], {}, ["willen"], statement(**good)))
    wrong = run_audit(planted(tmp_path / "b", ["3.3"], {}, ["willen"], statement(**bad)))
    assert not (right.verdicts["verdict"] == "inconsistent").any()
    found = wrong.verdicts[wrong.verdicts["verdict"] == "inconsistent"]
    assert list(found["check"]) == ["text"]
    assert (wrong.findings["kind"] == "tekst en tabel").sum() == 1


def test_a_statement_about_a_cell_that_is_not_published_is_an_error(tmp_path):
    from mobiliteit.errors import StudyError

    facts = statement(kind="cell", value="1", cells=[["3.3", "willen", "niemand"]])
    with pytest.raises(StudyError, match="niemand"):
        run_audit(planted(tmp_path / "study", ["3.3"], {}, ["willen"], facts))
