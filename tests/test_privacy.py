"""What may be shown of people: hidden counts cannot be worked out, points are nobody's."""

from __future__ import annotations

from itertools import product

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from asking_builder import planted
from mobiliteit.asking.ask import ask
from mobiliteit.asking.data import prepare
from mobiliteit.asking.privacy import MOST_POINTS, drawn_places, round_people, veiled
from mobiliteit.asking.question import Question, Restriction
from mobiliteit.disclosure import SMALLEST, protected, shown_counts, small

counts = st.lists(st.integers(0, 60), min_size=1, max_size=8)


def test_without_a_total_only_small_counts_are_hidden():
    assert shown_counts([0, 1, 9, 10, 40], total_known=False) == [0, None, None, 10, 40]


def test_a_single_hidden_count_takes_the_smallest_other_with_it():
    assert shown_counts([40, 3, 12, 25], total_known=True) == [40, None, None, 25]


def test_hidden_counts_together_are_at_least_ten():
    assert shown_counts([2, 3, 30, 20], total_known=True) == [None, None, 30, None]
    assert shown_counts([4, 6, 30, 20], total_known=True) == [None, None, 30, 20]


@given(counts, st.booleans())
def test_what_is_shown_is_true_and_never_small(numbers, total_known):
    shown = shown_counts(numbers, total_known=total_known)
    assert all(seen in (None, count) for count, seen in zip(numbers, shown, strict=True))
    assert not any(seen is not None and small(seen) for seen in shown)
    if sum(numbers) >= SMALLEST and sum(count > 0 for count in numbers) > 1 and total_known:
        assert protected(numbers, shown)


@pytest.mark.parametrize(("most", "length"), [(24, 2), (12, 3)])
def test_hidden_counts_cannot_be_worked_out_from_a_known_total(most, length):
    """Who knows the total, and that what is hidden is at least 1, is not sure of any count.

    All vectors are tried, and for each all others that would fit what is shown: in every place
    that is hidden they must differ. A total below ten is itself not to be shown.
    """
    for numbers in product(range(most), repeat=length):
        if sum(numbers) < SMALLEST or sum(count > 0 for count in numbers) < 2:
            continue
        shown = shown_counts(numbers, total_known=True)
        hidden = [place for place, seen in enumerate(shown) if seen is None]
        left = sum(numbers) - sum(seen for seen in shown if seen is not None)
        if hidden:
            ways = product(range(1, left + 1), repeat=len(hidden) - 1)
            fits = [(*way, left - sum(way)) for way in ways if sum(way) < left]
            assert all(len({way[i] for way in fits}) > 1 for i in range(len(hidden))), numbers


def test_ten_groups_of_one_hide_another():
    assert shown_counts([1] * 10 + [40, 50], total_known=True) == [None] * 11 + [50]
    assert not protected([1] * 10, [None] * 10)


def test_numbers_of_people_are_rounded_to_tens():
    assert [round_people(n) for n in (0, 1, 14, 15, 1134, 1136)] == [0, 10, 10, 20, 1130, 1140]


def test_no_point_is_alone_at_the_edge_or_where_somebody_answered():
    rng = np.random.default_rng(1)
    values = np.concatenate([rng.normal(size=500), [40.0, -40.0]])
    points = veiled(values, np.random.default_rng(2))
    assert np.abs(points).max() < 4
    assert np.sum(points > np.sort(values)[-SMALLEST] - 0.5) >= SMALLEST
    assert not np.isin(np.round(points, 6), np.round(values, 6)).any()
    codes = rng.integers(1, 6, 500).astype("float64")
    assert np.abs(veiled(codes, rng) - codes).max() <= 0.5


def test_of_few_people_only_the_middle_is_drawn():
    values = np.array([1.0] * 11 + [9.0])
    assert np.abs(veiled(values, np.random.default_rng(1)) - 1).max() <= 0.1 * values.std()


def test_at_most_two_thousand_points_are_drawn():
    places = drawn_places(50_000, np.random.default_rng(1))
    assert len(set(places)) == MOST_POINTS
    assert sorted(drawn_places(30, np.random.default_rng(1))) == list(range(30))


# ---- in a question


def test_a_group_of_nine_is_left_out_and_its_size_cannot_be_worked_out(loaded):
    groups = ["zorg"] * 200 + ["welzijn"] * 191 + ["andere_sector"] * 9
    wave = planted(loaded, 400, sector=groups, loopbaantevredenheid=np.arange(400) % 5 + 1)
    answer = ask("sector -> loopbaantevredenheid", wave)
    assert answer.left_out[0].count is None
    assert "rounded" in {note.id for note in answer.cautions}
    shown = [answer.n, *(entry.n for entry in (*answer.estimates, *answer.robust))]
    shown += answer.table["n"].dropna().tolist()
    assert answer.picture is not None
    shown += answer.picture.data["groups"]["n"].tolist()
    assert all(number % 10 == 0 for number in shown)
    assert not answer.table["statistic"].str.startswith("df").any()
    assert "andere_sector" not in answer.picture.data["groups"]["id"].tolist()


def test_two_small_groups_of_together_ten_need_no_rounding(loaded):
    groups = ["zorg"] * 193 + ["welzijn"] * 9 + ["andere_sector"] * 8
    wave = planted(loaded, 210, sector=groups, loopbaantevredenheid=np.arange(210) % 5 + 1)
    question = Question("difference", "loopbaantevredenheid", by="sector")
    prepared = prepare(question, wave)
    assert prepared.left_out[0].count == 17
    assert not prepared.rounded


def test_few_without_an_answer_are_hidden_and_do_not_follow_from_the_rest(loaded):
    values = np.arange(300) % 5 + 1.0
    values[:4] = np.nan
    wave = planted(loaded, 300, loopbaantevredenheid=values, netwerken=np.arange(300) % 7 / 2)
    answer = ask("netwerken -> loopbaantevredenheid", wave)
    assert [entry.count for entry in answer.left_out] == [None]
    assert answer.n == 300 and "rounded" in {note.id for note in answer.cautions}
    assert {entry.n for entry in answer.estimates} == {300}


def test_too_few_people_get_no_numbers_at_all(loaded):
    rng = np.random.default_rng(3)
    columns = {"netwerken": rng.normal(size=12), "loopbaantevredenheid": rng.normal(size=12)}
    assert ask("netwerken -> loopbaantevredenheid", planted(loaded, 12, **columns)).n == 12
    few = {name: values[:10] for name, values in columns.items()}
    answer = ask("netwerken -> loopbaantevredenheid", planted(loaded, 10, **few))
    assert answer.verdict == "withheld"
    assert (answer.n, answer.estimates, answer.left_out, answer.picture) == (0, (), (), None)
    assert answer.table.empty


def test_leaving_one_group_can_make_another_too_small(loaded):
    """Ten women, one of whom is in a branch of one: nine women are left, so all men."""
    sex = np.array([0.0] * 10 + [1.0] * 190)
    branch = ["zorg"] * 100 + ["welzijn"] * 100
    branch[0] = "andere_sector"
    wave = planted(loaded, 200, geslacht=sex, sector=branch)
    question = Question("effect", "loopbaantevredenheid", ("sector", "geslacht"))
    prepared = prepare(question, wave)
    assert prepared.small_groups == 10
    assert set(prepared.frame["geslacht"]) == {1.0}
    assert ask(question, wave).verdict == "withheld"


def test_a_restriction_keeps_those_with_a_value_only(loaded):
    age = np.tile([20.0, 30.0, 44.0, 45.0, np.nan], 40)
    wave = planted(loaded, 200, leeftijd=age)
    who = (Restriction("leeftijd", low=30, high=44),)
    prepared = prepare(Question("effect", "loopbaantevredenheid", ("netwerken",), who=who), wave)
    assert prepared.selected == 80
    assert set(wave.frame.loc[prepared.frame.index, "leeftijd"]) == {30.0, 44.0}
    assert isinstance(prepared.frame, pd.DataFrame)
