"""Rounding and writing of numbers: once, half up, on the decimal string."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from mobiliteit.render.numbers import (
    MISSING,
    describe_legend,
    format_cell,
    format_number,
    format_p,
    round_half_up,
    stars,
)

USUAL = {"*": 0.05, "**": 0.01, "***": 0.001}
AS_PRINTED = {"*": 0.05, "**": 0.10, "***": 0.01}


@pytest.mark.parametrize(
    ("value", "decimals", "expected"),
    [
        (2.675, 2, "2.68"),  # stored as 2.67499999999999982
        (1.005, 2, "1.01"),
        (0.5, 0, "1"),
        (1.5, 0, "2"),
        (2.5, 0, "3"),
        (-0.5, 0, "-1"),
        (-2.675, 2, "-2.68"),
        (-0.004, 2, "0.00"),
        (-0.0, 2, "0.00"),
        (0.0049999999, 2, "0.00"),
        (0.1 + 0.2, 1, "0.3"),
        (99.95, 1, "100.0"),
        (1137, 0, "1137"),
        (1e-20, 2, "0.00"),
    ],
)
def test_rounds_half_away_from_zero_on_the_decimal_string(
    value: float, decimals: int, expected: str
) -> None:
    rounded = round_half_up(value, decimals)
    assert str(rounded) == expected
    assert not (rounded == 0 and rounded.is_signed())


@pytest.mark.parametrize("value", [float("nan"), float("inf"), -float("inf")])
def test_what_is_no_number_is_not_rounded_but_shown_as_missing(value: float) -> None:
    with pytest.raises(ValueError, match="cannot round"):
        round_half_up(value, 2)
    assert format_number(value, 2) == MISSING


def test_decimal_sign_follows_the_language_and_the_leading_zero_may_go() -> None:
    assert format_number(1234.5, 2) == "1234,50"
    assert format_number(1234.5, 2, lang="en") == "1234.50"
    assert format_number(0.154, 2, leading_zero=False) == ",15"
    assert format_number(-0.204, 2, leading_zero=False) == "-,20"
    assert format_number(-0.001, 2, leading_zero=False) == ",00"
    assert format_number(10.5, 1, leading_zero=False) == "10,5"
    assert format_number(1.5, 1, leading_zero=False) == "1,5"


def test_p_values() -> None:
    assert format_p(0.0004) == "< 0,001"
    assert format_p(0.001) == "0,001"
    assert format_p(0.0495, "en") == "0.050"
    assert format_p(float("nan")) == MISSING


def test_stars_take_the_strictest_level_below_which_p_stays() -> None:
    assert [stars(p, USUAL) for p in (0.05, 0.049, 0.01, 0.0099, 0.001, 0.0009)] == [
        "", "*", "*", "**", "**", "***",
    ]  # fmt: skip
    # The legend as printed makes two stars the weakest mark.
    assert [stars(p, AS_PRINTED) for p in (0.2, 0.09, 0.04, 0.009)] == ["", "**", "*", "***"]
    assert stars(float("nan"), USUAL) == ""
    assert describe_legend(USUAL) == "* p < ,05, ** p < ,01, *** p < ,001"
    assert describe_legend(USUAL, "en") == "* p < .05, ** p < .01, *** p < .001"


@pytest.mark.parametrize(
    ("statistic", "value", "p", "decimals", "unit", "nl", "en"),
    [
        ("beta", -0.154, 0.004, 2, "", "-,15**", "-.15**"),
        ("r2_percent", 13.6, 0.0001, 0, "", "14%***", "14%***"),
        ("percent", 0.352, float("nan"), 1, "", "0,4%", "0.4%"),
        ("mean", 2.835, 0.01, 2, "", "*2,84", "*2.84"),
        ("mean", 36.5, float("nan"), 0, "jaar", "37 jaar", "37 jaar"),
        ("F", 3.0, 0.0499, 2, "", "Ja", "Yes"),
        ("chi2", 3.0, 0.05, 2, "", "Nee", "No"),
        ("chi2", 3.0, float("nan"), 2, "", MISSING, MISSING),
        ("mean", float("nan"), float("nan"), 2, "", MISSING, MISSING),
    ],
)
def test_cells_as_the_report_prints_them(
    statistic: str, value: float, p: float, decimals: int, unit: str, nl: str, en: str
) -> None:
    cell: dict[str, Any] = {
        "statistic": statistic, "value": value, "p": p, "decimals": decimals, "unit": unit,
    }  # fmt: skip
    assert format_cell(cell, USUAL, 0.05) == nl
    assert format_cell(cell, USUAL, 0.05, lang="en") == en


def test_rounding_gives_an_exact_decimal() -> None:
    assert round_half_up(4.165, 2) == Decimal("4.17")
