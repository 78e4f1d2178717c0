"""Refusals in two languages: what is said of a question is never half in another."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

import mobiliteit.asking
from mobiliteit.errors import Misread, MobiliteitError, Problem, QuestionError

ASKING = sorted(Path(mobiliteit.asking.__path__[0]).glob("*.py"))
BOTH = Problem(
    "codes are unknown", "Name them.", wave="2010", file="x.sav", column="uren",
    values=tuple("abcdefghij"), rows=("p1", "p2"), nl=("codes zijn onbekend", "Noem ze."),
)  # fmt: skip
ENGLISH = Problem("it is odd", "Do not.", wave="2010")


@pytest.mark.parametrize("path", ASKING, ids=lambda path: path.stem)
def test_every_problem_of_a_question_is_made_in_both_languages(path):
    """The two functions of `refusals` take both; nothing beside them makes a problem."""
    calls = [
        node
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
    ]
    made = {node.func.id for node in calls} & {"Problem", "Misread"}
    assert made == ({"Problem", "Misread"} if path.stem == "refusals" else set())
    for node in calls:
        if node.func.id == "QuestionError":
            assert "nl" in {keyword.arg for keyword in node.keywords}


def test_a_problem_is_said_in_a_language_with_its_place_and_values():
    assert BOTH.say("nl") == (
        "golf 2010, bestand x.sav, kolom uren: codes zijn onbekend;"
        " waarden: a, b, c, d, e, f, g, h (en nog 2); het eerst bij: p1, p2. Noem ze."
    )
    assert (
        BOTH.say("en")
        == str(BOTH)
        == (
            "wave 2010, file x.sav, column uren: codes are unknown;"
            " values: a, b, c, d, e, f, g, h (and 2 more); first at: p1, p2. Name them."
        )
    )


def test_an_error_is_said_in_one_language():
    dutch = MobiliteitError("It fails.", [BOTH], nl="Het lukt niet.")
    assert dutch.spoken("nl") == "nl" and dutch.spoken("en") == "en"
    assert dutch.say("nl").splitlines() == ["Het lukt niet.", f"  - {BOTH.say('nl')}"]
    assert dutch.say("en") == str(dutch) == dutch.args[0]


@pytest.mark.parametrize(
    "error",
    [
        MobiliteitError("It fails.", [BOTH, ENGLISH], nl="Het lukt niet."),
        MobiliteitError("It fails.", [BOTH]),
    ],
)
def test_what_has_no_dutch_is_english_as_a_whole(error):
    assert error.spoken("nl") == "en" and error.say("nl") == str(error)
    assert "wave 2010" in error.say("nl") and "golf" not in error.say("nl")


def test_a_question_is_shown_as_it_stands_in_either_language():
    wrong = Misread("no name", "Use one.", nl=("geen naam", "Gebruik er een."), start=2, end=4)
    error = QuestionError("Not read.", [wrong], "a bc d", nl="Niet te lezen.")
    assert error.say("nl").splitlines() == [
        "Niet te lezen.", "    a bc d", "      ^^", "  - geen naam. Gebruik er een.",
    ]  # fmt: skip
    assert str(error).splitlines()[1:3] == error.say("nl").splitlines()[1:3]
