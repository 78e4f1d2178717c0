"""Every segment rule worked by hand: one who fits, who just does not, who did not answer."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from builders import GROUPS, NO_RULE, SCREENING, SEGMENTS, TWO_RULES
from mobiliteit.segments import REASON_COLUMN, RULE_COLUMN, classify

UNCLASSIFIED = "niet_in_te_delen"


def screening(study, *people):
    """Clean screening answers of people given as codes, as cleaning leaves them."""
    codes = pd.DataFrame(people, columns=list(SCREENING)).astype("float64")
    codes.index = pd.Index([f"p{number}" for number in range(len(codes))], name="respondent")
    for column in study.codebook.columns():
        if column.name in SCREENING and column.value_ids is not None:
            codes[column.name] = pd.Categorical(
                codes[column.name].map(column.value_ids), categories=list(column.value_ids.values())
            )
    return codes


def one(study, person):
    return classify(screening(study, person), study).iloc[0]


def but(segment, **changes):
    """The model respondent of a segment with some answers changed."""
    answers = dict(zip(SCREENING, SEGMENTS[segment], strict=True)) | changes
    return tuple(answers[name] for name in SCREENING)


def test_the_groups_of_the_hand_worked_cases_are_those_of_the_rules(study):
    assert {name: entry.group for name, entry in study.segments.segments.items()} == GROUPS


@pytest.mark.parametrize("segment", SEGMENTS)
def test_one_who_fits(study, segment):
    row = one(study, SEGMENTS[segment])
    assert row["mobiliteitssegment"] == segment
    assert row["mobiliteitsgroep"] == GROUPS[segment]
    assert row[RULE_COLUMN] == segment
    assert row[REASON_COLUMN] == ""


ALSO_FITS = [
    # into care from outside, into welfare from outside; the branch and the job play no part
    ("instroom", {"sector": 2, "branche": 3}),
    ("instroom", {"sector": 1, "branche": 10, "zelfde_functie": 1}),
    ("doorstroom_sector", {"sector_vorig": 1, "branche_vorig": 5, "sector": 2, "branche": 4}),
    ("doorstroom_sector", {"branche_vorig": 10, "branche": 10, "zelfde_functie": 0}),
    ("doorstroom_branche", {"sector_vorig": 1, "branche_vorig": 6, "sector": 1, "branche": 9}),
    ("doorstroom_branche", {"zelfde_functie": 0}),
    ("uitstroom", {"sector_vorig": 2, "branche_vorig": 4}),
    ("uitstroom", {"zelfde_functie": 1, "zelfde_instelling": 1}),
    ("functie_branche", {"sector_vorig": 2, "sector": 2, "branche_vorig": 4, "branche": 4}),
    ("functie_instelling", {"sector_vorig": 1, "sector": 1, "branche_vorig": 7, "branche": 7}),
    ("overwogen", {"sector": 2, "branche": 4}),
    ("niet_overwogen", {"sector": 1, "branche": 8}),
]


@pytest.mark.parametrize(("segment", "changes"), ALSO_FITS)
def test_others_who_fit(study, segment, changes):
    row = one(study, but(segment, **changes))
    assert (row["mobiliteitssegment"], row["mobiliteitsgroep"]) == (segment, GROUPS[segment])


# For each condition of each rule: the model respondent of its segment with that condition alone
# broken, and where that person belongs instead (worked by hand; None is nowhere).
NEAR_MISSES = [
    ("instroom", "stap", {"stap": 0, "overwogen": 1}, "overwogen"),
    ("instroom", "sector_vorig", {"sector_vorig": 2}, "doorstroom_sector"),
    ("instroom", "sector_vorig", {"sector_vorig": 1}, "doorstroom_branche"),
    ("instroom", "sector", {"sector": 3}, None),  # from one other sector to another
    ("doorstroom_sector", "stap", {"stap": 0, "overwogen": 0}, "niet_overwogen"),
    ("doorstroom_sector", "sector_vorig", {"sector_vorig": 3}, "instroom"),
    ("doorstroom_sector", "sector", {"sector": 3}, "uitstroom"),
    ("doorstroom_sector", "different sector", {"sector_vorig": 1}, "doorstroom_branche"),
    ("doorstroom_branche", "stap", {"stap": 0, "overwogen": 0}, "niet_overwogen"),
    ("doorstroom_branche", "sector_vorig", {"sector_vorig": 3, "sector": 3}, None),
    ("doorstroom_branche", "same sector", {"sector_vorig": 1}, "doorstroom_sector"),
    ("doorstroom_branche", "different branche", {"branche": 3}, None),  # the same job as well
    (
        "doorstroom_branche",
        "different branche",
        {"branche": 3, "zelfde_functie": 0},
        "functie_branche",
    ),
    ("uitstroom", "stap", {"stap": 0, "overwogen": 1}, None),  # not in care or welfare now
    ("uitstroom", "sector_vorig", {"sector_vorig": 3}, None),
    ("uitstroom", "sector", {"sector": 1}, "doorstroom_branche"),
    ("uitstroom", "sector", {"sector": 2}, "doorstroom_sector"),
    ("functie_branche", "stap", {"stap": 0, "overwogen": 1}, "overwogen"),
    ("functie_branche", "sector_vorig", {"sector_vorig": 3, "sector": 3}, None),
    ("functie_branche", "same sector", {"sector": 2}, "doorstroom_sector"),
    ("functie_branche", "same branche", {"branche": 6}, "doorstroom_branche"),
    ("functie_branche", "zelfde_instelling", {"zelfde_instelling": 1}, "functie_instelling"),
    ("functie_branche", "zelfde_functie", {"zelfde_functie": 1}, None),
    ("functie_instelling", "stap", {"stap": 0, "overwogen": 0}, "niet_overwogen"),
    ("functie_instelling", "sector", {"sector": 3, "sector_vorig": 3}, None),
    ("functie_instelling", "same sector", {"sector_vorig": 1}, "doorstroom_sector"),
    ("functie_instelling", "zelfde_instelling", {"zelfde_instelling": 0}, "functie_branche"),
    ("functie_instelling", "zelfde_functie", {"zelfde_functie": 1}, None),
    ("overwogen", "stap", {"stap": 1}, None),
    ("overwogen", "sector", {"sector": 3}, None),
    ("overwogen", "overwogen", {"overwogen": 0}, "niet_overwogen"),
    ("niet_overwogen", "stap", {"stap": 1}, None),
    ("niet_overwogen", "sector", {"sector": 3}, None),
    ("niet_overwogen", "overwogen", {"overwogen": 1}, "overwogen"),
]


@pytest.mark.parametrize(("segment", "condition", "changes", "instead"), NEAR_MISSES)
def test_a_near_miss(study, segment, condition, changes, instead):
    row = one(study, but(segment, **changes))
    assert row["mobiliteitssegment"] == (instead or UNCLASSIFIED)
    assert row["mobiliteitsgroep"] == (GROUPS[instead] if instead else UNCLASSIFIED)
    assert (row[REASON_COLUMN] == "") == (instead is not None)


def test_there_is_a_near_miss_for_every_condition(study):
    covered = {}
    for segment, condition, _, _ in NEAR_MISSES:
        covered.setdefault(segment, set()).add(condition)
    for name, segment in study.segments.segments.items():
        assert len(covered[name]) == len(segment.when), name


# ---- missing answers

USED = {
    "instroom": ("stap", "sector_vorig", "sector"),
    "doorstroom_sector": ("stap", "sector_vorig", "sector"),
    "doorstroom_branche": ("stap", "sector_vorig", "sector", "branche_vorig", "branche"),
    "uitstroom": ("stap", "sector_vorig", "sector"),
    "functie_branche": SCREENING[:7],
    "functie_instelling": ("stap", "sector_vorig", "sector", "zelfde_instelling", "zelfde_functie"),
    "overwogen": ("stap", "sector", "overwogen"),
    "niet_overwogen": ("stap", "sector", "overwogen"),
}


@pytest.mark.parametrize(("segment", "name"), [(s, n) for s, names in USED.items() for n in names])
def test_a_missing_answer_that_a_rule_needs(study, segment, name):
    row = one(study, but(segment, **{name: None}))
    assert row["mobiliteitssegment"] == UNCLASSIFIED
    assert row[RULE_COLUMN] == ""
    told, _, asked = row[REASON_COLUMN].partition("; geen antwoord op: ")
    assert told == "past bij geen regel"
    assert name in asked.split(", ")


@pytest.mark.parametrize(
    ("segment", "name"),
    [
        (segment, name)
        for segment, answers in SEGMENTS.items()
        for name, code in zip(SCREENING, answers, strict=True)
        if code is not None and name not in USED[segment]
    ],
)
def test_a_missing_answer_that_no_rule_needs(study, segment, name):
    assert one(study, but(segment, **{name: None}))["mobiliteitssegment"] == segment


def test_two_missing_answers_are_not_the_same_answer(study):
    row = one(study, but("functie_branche", branche=None, branche_vorig=None))
    assert row["mobiliteitssegment"] == UNCLASSIFIED
    row = one(study, but("functie_instelling", sector=None, sector_vorig=None))
    assert row["mobiliteitssegment"] == UNCLASSIFIED


def test_questions_that_were_not_asked_are_not_blamed(study):
    """Who made no step was not asked about the previous job: only `overwogen` is missing."""
    row = one(study, but("overwogen", overwogen=None))
    assert row[REASON_COLUMN] == "past bij geen regel; geen antwoord op: overwogen"
    row = one(study, but("instroom", sector_vorig=None))
    assert row[REASON_COLUMN] == "past bij geen regel; geen antwoord op: sector_vorig"


def test_no_answer_at_all(study):
    row = one(study, (None,) * len(SCREENING))
    assert row["mobiliteitssegment"] == UNCLASSIFIED
    assert "stap" in row[REASON_COLUMN]


# ---- none, and two at once


def test_no_rule_fits_though_all_is_answered(study):
    row = one(study, NO_RULE)
    assert (row["mobiliteitssegment"], row["mobiliteitsgroep"]) == (UNCLASSIFIED, UNCLASSIFIED)
    assert (row[RULE_COLUMN], row[REASON_COLUMN]) == ("", "past bij geen regel")


def test_two_rules_fit(study):
    row = one(study, TWO_RULES)
    assert (row["mobiliteitssegment"], row["mobiliteitsgroep"]) == (UNCLASSIFIED, UNCLASSIFIED)
    assert row[RULE_COLUMN] == "doorstroom_branche + functie_instelling"
    assert row[REASON_COLUMN] == "past bij meer dan één regel"


def test_all_complete_answers_fit_one_rule_but_for_the_two_gaps_that_are_known(study):
    """Of all who made a step: only the cases that segments.yaml names are left over."""
    movers = [
        (1, before, now, 1, branch, house, job, None)
        for before in (1, 2, 3)
        for now in (1, 2, 3)
        for branch in (1, 2)
        for house in (0, 1)
        for job in (0, 1)
    ]
    result = classify(screening(study, *movers), study)
    for person, (_, before, now, _, branch, house, job, _) in zip(
        result.itertuples(), movers, strict=True
    ):
        inside = before == now and now != 3
        nowhere = (before == now == 3) or (inside and branch == 1 and job == 1)
        twice = inside and branch == 2 and house == 1 and job == 0
        rules = getattr(person, RULE_COLUMN)
        assert (rules == "") == nowhere, person
        assert (" + " in rules) == twice, person


# ---- the frame


def test_the_frame(study):
    answers = screening(study, *SEGMENTS.values(), NO_RULE)
    before = answers.copy()
    result = classify(answers, study)
    pd.testing.assert_frame_equal(answers, before)
    assert result.index.equals(answers.index)
    assert list(result.columns) == [
        "mobiliteitssegment",
        "mobiliteitsgroep",
        RULE_COLUMN,
        REASON_COLUMN,
    ]
    assert list(result["mobiliteitssegment"].cat.categories) == [*SEGMENTS, UNCLASSIFIED]
    assert list(result["mobiliteitsgroep"].cat.categories) == [
        *("blijvers", "overwegers", "mobielen"),
        UNCLASSIFIED,
    ]
    assert result["mobiliteitssegment"].notna().all()
    assert result[RULE_COLUMN].map(type).eq(str).all()


def test_the_order_of_people_makes_no_difference(study):
    answers = screening(study, *SEGMENTS.values(), NO_RULE, TWO_RULES)
    order = np.random.default_rng(3).permutation(len(answers))
    shuffled = classify(answers.iloc[order], study)
    pd.testing.assert_frame_equal(shuffled.loc[answers.index], classify(answers, study))


def test_rules_see_codes_also_where_a_question_was_not_in_the_wave(study):
    answers = screening(study, *SEGMENTS.values())
    answers["branche_vorig"] = pd.Categorical([None] * len(answers), categories=["zorg"])
    result = classify(answers, study)["mobiliteitssegment"].tolist()
    lost = {"doorstroom_branche", "functie_branche"}
    assert result == [UNCLASSIFIED if name in lost else name for name in SEGMENTS]
