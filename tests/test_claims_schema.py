"""The file with claims: what fits, what does not, and that all that is wrong is said at once."""

from decimal import Decimal

import pytest

from builders import failure, only
from claims_builder import claim, write_claims_file, write_study
from mobiliteit.claims.places import model_of, place_of
from mobiliteit.claims.schema import load_claims
from mobiliteit.claims.terms import Line, text_number, text_reach
from mobiliteit.errors import StudyError
from mobiliteit.study import load_study

SCORE = {"table": "2", "row": "score"}
CLASSES = {"table": "3", "factor": "leeftijd", "column": "score"}
FREE = {"variable": "vast", "by": "groep", "sample": {"groep": ["laag", "hoog"]}}
X = {"table": "4", "row": "x", "column": "a"}

GOOD = [
    {"form": "order", "lines": [SCORE], "order": ["hoog", "midden", "laag"]},
    {"form": "larger", "lines": [SCORE, FREE], "more": ["hoog"], "less": ["laag"]},
    {"form": "largest", "lines": [{"table": "1", "column": "n"}], "position": "s_hoog"},
    {"form": "smallest", "lines": [CLASSES], "position": "rijp"},
    {"form": "differ", "lines": [SCORE]},
    {"form": "no_difference", "lines": [SCORE]},
    {"form": "equal", "lines": [SCORE], "pair": ["laag", "hoog"]},
    {"form": "monotone", "lines": [CLASSES], "direction": "up"},
    {"form": "value", "cells": [{"table": "1", "row": "totaal", "column": "n", "value": "100"}]},
    {
        "form": "ratio",
        "more": {"table": "3", "row": "leeftijd_oud", "column": "score"},
        "less": {"table": "2", "row": "score", "column": "laag"},
        "value": "3",
    },
    {"form": "compare", "more": X | {"row": "r2"}, "less": X | {"row": "r2", "column": "c"}},
    {"form": "sign", "coefficients": [X | {"sign": "+"}]},
    {"form": "no_relation", "table": "4", "column": "d", "rows": ["x", "z"]},
    {"form": "explained", "table": "4", "column": "a", "value": "9", "significant": True},
    {
        "form": "change",
        "table": "4",
        "rows": ["x"],
        "before": "c",
        "after": "d",
        "change": "shrinks",
    },
    {"form": "strongest", "coefficient": X},
    {
        "form": "mediated",
        "table": "4",
        "factors": ["x"],
        "mediator": "m",
        "path": "a",
        "total": "c",
        "direct": "d",
    },
    {"form": "correlation", "x": "x", "y": "vast", "sign": "0"},
    {"form": "suppressor", "coefficient": X},
    {
        "form": "respondents",
        "variable": "vast",
        "facts": [{"statistic": "share", "values": [1], "value": "40"}],
    },
    {"form": "not_checkable", "reason": {"nl": "oorzaak", "en": "cause"}},
]


@pytest.mark.parametrize("statement", GOOD, ids=lambda statement: statement["form"])
def test_every_form_loads(tmp_path, statement):
    loaded = load_claims(write_study(tmp_path, [claim(statement)]))
    assert [entry.form for entry in loaded] == [statement["form"]]


WRONG = [
    ({"form": "differ", "lines": [{"table": "9", "row": "score"}]}, "table '9'"),
    ({"form": "differ", "lines": [{"table": "2", "row": "nergens"}]}, "row 'nergens'"),
    ({"form": "differ", "lines": [{"table": "3", "row": "score"}]}, "no such line"),
    ({"form": "differ", "lines": [{"table": "2", "column": "laag"}]}, "no such line"),
    ({"form": "differ", "lines": [CLASSES | {"factor": "lengte"}]}, "factor 'lengte'"),
    ({"form": "differ", "lines": [CLASSES | {"column": "y"}]}, "column 'y'"),
    ({"form": "differ", "lines": [FREE | {"variable": "q"}]}, "variable 'q'"),
    ({"form": "differ", "lines": [FREE | {"by": "score"}]}, "score has no groups"),
    ({"form": "largest", "lines": [SCORE], "position": "top"}, "position 'top'"),
    ({"form": "largest", "lines": [FREE], "position": "midden"}, "position 'midden'"),
    ({"form": "smallest", "lines": [CLASSES], "position": "laag"}, "position 'laag'"),
    ({"form": "monotone", "lines": [SCORE], "direction": "up"}, "monotone"),
    (
        {
            "form": "value",
            "cells": [{"table": "3", "row": "leeftijd_kind", "column": "score", "value": "1"}],
        },
        "row 'leeftijd_kind'",
    ),
    (
        {
            "form": "value",
            "cells": [{"table": "2", "row": "score", "column": "top", "value": "1"}],
        },
        "column 'top'",
    ),
    ({"form": "sign", "coefficients": [{**X, "row": "m", "sign": "+"}]}, "row 'm'"),
    (
        {"form": "strongest", "coefficient": {"table": "2", "row": "score", "column": "laag"}},
        "no coefficients",
    ),
    ({"form": "explained", "table": "2", "column": "a", "value": "9"}, "no explained variance"),
    ({"form": "explained", "table": "4", "column": "q", "value": "9"}, "column 'q'"),
    ({"form": "correlation", "x": "x", "y": "q", "sign": "+"}, "variable 'q'"),
    (
        {
            "form": "respondents",
            "variable": "vast",
            "facts": [{"statistic": "share", "values": [2], "value": "1"}],
        },
        "value of vast 2",
    ),
    (
        {
            "form": "compare",
            "more": X,
            "less": {"table": "2", "row": "score", "column": "laag"},
        },
        "different kinds",
    ),
]


@pytest.mark.parametrize(("statement", "expected"), WRONG)
def test_a_name_that_does_not_exist_is_an_error(tmp_path, statement, expected):
    study = write_study(tmp_path, [claim(statement, "fout")])
    problem = only(failure(lambda: load_claims(study), StudyError))
    assert expected in problem.what
    assert problem.what.startswith("claim fout: ")


MISFITS = [
    {"form": "largest", "lines": [], "position": "hoog"},
    {"form": "bestaat_niet"},
    {"form": "differ", "lines": [SCORE], "extra": 1},
    {"form": "differ", "lines": [{"table": "2", "row": "score", "factor": "leeftijd"}]},
    {"form": "differ", "lines": [{"table": "2"}]},
    {"form": "differ", "lines": [SCORE | {"sample": {"groep": ["laag"]}}]},
    {"form": "explained", "table": "4", "column": "a", "value": "9.5"},
    {"form": "respondents", "variable": "x", "facts": [{"statistic": "share", "value": "9"}]},
    {
        "form": "respondents",
        "variable": "x",
        "facts": [{"statistic": "mean", "values": [1], "value": "9"}],
    },
    {
        "form": "respondents",
        "variable": "x",
        "facts": [{"statistic": "mean", "value": "9", "cells": [X], "line": SCORE}],
    },
]


@pytest.mark.parametrize("statement", MISFITS)
def test_a_statement_that_does_not_fit_its_form_is_an_error(tmp_path, statement):
    study = write_study(tmp_path, [claim(statement)])
    failure(lambda: load_claims(study), StudyError)


def test_all_problems_are_shown_together(tmp_path):
    wrong = [claim(WRONG[0][0], "een"), claim(WRONG[1][0], "twee"), claim(GOOD[0], "een")]
    study = write_study(tmp_path, wrong)
    error = failure(lambda: load_claims(study), StudyError)
    assert len(error.problems) == 3
    assert "'een' occurs twice" in str(error)


def test_a_claim_needs_an_id_a_page_and_both_languages(tmp_path):
    study = write_study(tmp_path, [claim(GOOD[0]) | {"id": "Met spatie", "page": 0, "nl": ""}])
    assert len(failure(lambda: load_claims(study), StudyError).problems) == 3


def test_no_file_and_no_yaml_are_errors(tmp_path):
    study = write_study(tmp_path)
    assert load_claims(study) == ()
    (tmp_path / "published" / "claims.yaml").write_text("claims: [", encoding="utf-8")
    failure(lambda: load_claims(study), StudyError)
    (tmp_path / "published" / "claims.yaml").unlink()
    failure(lambda: load_claims(study), StudyError)
    write_claims_file(tmp_path, [claim(GOOD[0])])
    assert len(load_claims(study)) == 1


def test_places_say_what_lines_stand_for(tmp_path):
    study = write_study(tmp_path)
    place = place_of(study, Line.model_validate(SCORE))
    assert (place.variable, place.by, place.statistic) == ("score", "groep", "mean")
    assert place.positions == ("laag", "midden", "hoog")
    free = place_of(study, Line.model_validate(FREE))
    assert (free.statistic, free.positions) == ("percent", ("laag", "hoog"))
    counts = place_of(study, Line.model_validate({"table": "1", "column": "n"}))
    assert (counts.statistic, counts.positions[0]) == ("count", "s_laag")
    classes = place_of(study, Line.model_validate(CLASSES))
    assert (classes.by, classes.positions) == ("klasse", ("jong", "rijp", "oud"))
    assert model_of(study, "4", "d").predictors == ("x", "z", "m")


def test_numbers_of_the_text_are_exact_and_reach_half_a_last_digit():
    assert text_number("-0,15") == Decimal("-0.15")
    assert text_reach("24") == (Decimal("23.5"), Decimal("24.5"))
    assert text_reach("0,4") == (Decimal("0.35"), Decimal("0.45"))
    assert text_reach("25", "2,5") == (Decimal("22.5"), Decimal("27.5"))


# ---- the claims of the 2006 study


def test_the_claims_of_2006_load_and_cover_every_section():
    claims = load_claims(load_study())
    assert {entry.section for entry in claims} == {
        *("3.1", "3.2.1", "3.2.2", "3.2.3", "3.2.4", "3.2.5", "noot 3", "3.3"),
    }
    assert len(claims) > 100
    pages = {}
    for entry in claims:
        pages.setdefault(entry.section, set()).add(entry.page)
    assert pages["3.1"] == {24}
    assert pages["3.3"] == {38, 39}
    assert {entry.form for entry in claims} >= {
        *("order", "larger", "largest", "smallest", "differ", "no_difference", "equal", "monotone"),
        *("value", "sign", "no_relation", "explained", "change", "compare", "strongest", "ratio"),
        *("not_mediated", "correlation", "suppressor", "respondents", "not_checkable"),
    }


def test_pages_of_2006_never_go_back():
    pages = [entry.page for entry in load_claims(load_study())]
    assert pages == sorted(pages)


def test_every_claim_is_in_two_languages():
    claims = load_claims(load_study())
    for entry in claims:
        assert entry.nl != entry.en
        assert entry.nl.endswith(".")
        assert entry.en.endswith(".")
    assert len({entry.nl for entry in claims}) == len(claims)
