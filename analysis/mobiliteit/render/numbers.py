"""Numbers as the report prints them. This is the only place where anything is rounded."""

from __future__ import annotations

import math
from collections.abc import Mapping
from decimal import ROUND_HALF_UP, Decimal

from mobiliteit.results import TEST_STATISTICS

MISSING = "–"
# Twelve significant digits hide the noise of binary arithmetic (2.675 stored as
# 2.67499999999999982) and keep everything that data of this kind can mean.
SIGNIFICANT_DIGITS = 12


def round_half_up(value: float, decimals: int) -> Decimal:
    """Round a number once, half away from zero on its decimal string.

    Parameters
    ----------
    value : float
        A finite number.
    decimals : int
        Decimals to keep, 0 or more.

    Returns
    -------
    Decimal
        With exactly `decimals` decimals; zero is never negative.

    Raises
    ------
    ValueError
        The value is not finite.
    """
    if not math.isfinite(value):
        raise ValueError(f"cannot round {value}")
    exact = Decimal(format(value, f".{SIGNIFICANT_DIGITS}g"))
    rounded = exact.quantize(Decimal(1).scaleb(-decimals), rounding=ROUND_HALF_UP)
    return abs(rounded) if rounded == 0 else rounded


def format_number(
    value: float, decimals: int, *, lang: str = "nl", leading_zero: bool = True
) -> str:
    """Write a number with a decimal comma (Dutch) or point (English).

    Parameters
    ----------
    value : float
        NaN and infinities give an en dash.
    decimals : int
        Decimals to show.
    lang : {'nl', 'en'}
        Decimal sign; thousands are not grouped, as in the report.
    leading_zero : bool
        Whether 0,15 keeps its zero; the report's coefficients drop it.

    Returns
    -------
    str
        The text.
    """
    if not math.isfinite(value):
        return MISSING
    text = str(round_half_up(value, decimals))
    if not leading_zero:
        text = text.replace("0.", ".", 1) if text.lstrip("-").startswith("0.") else text
    return text.replace(".", ",") if lang == "nl" else text


def format_p(p: float, lang: str = "nl") -> str:
    """Write a p-value with three decimals, or as smaller than 0,001; NaN gives an en dash."""
    if not math.isfinite(p):
        return MISSING
    if p < 0.001:
        return "< " + format_number(0.001, 3, lang=lang)
    return format_number(p, 3, lang=lang)


def stars(p: float, legend: Mapping[str, float]) -> str:
    """Return the mark of the strictest level that `p` stays below.

    Parameters
    ----------
    p : float
        A p-value; NaN gets no mark.
    legend : mapping of str to float
        Mark to level, such as ``{'*': .05, '**': .01, '***': .001}``. The order plays no part, so
        that the legend as the report prints it, where ``**`` is the weakest, can be applied too.

    Returns
    -------
    str
        The mark, or an empty string.
    """
    reached = [(level, mark) for mark, level in legend.items() if p < level]
    return min(reached)[1] if reached else ""


def describe_legend(legend: Mapping[str, float], lang: str = "nl") -> str:
    """Write the legend of the stars on one line."""
    levels = {
        mark: format_number(level, 3 if level < 0.01 else 2, lang=lang, leading_zero=False)
        for mark, level in legend.items()
    }
    return ", ".join(f"{mark} p < {level}" for mark, level in levels.items())


def format_cell(
    cell: Mapping[str, object],
    legend: Mapping[str, float],
    difference: float,
    *,
    lang: str = "nl",
) -> str:
    """Write one cell of a computed table as the report would print it.

    Parameters
    ----------
    cell : mapping
        A row of ``TableResult.cells``.
    legend : mapping of str to float
        Stars of regression tables.
    difference : float
        Level below which a test says Ja, and a class mean gets its star.
    lang : {'nl', 'en'}
        Language of Ja/Nee and of the decimal sign.

    Returns
    -------
    str
        An en dash where there is no number.
    """
    statistic, value, p = str(cell["statistic"]), float(str(cell["value"])), float(str(cell["p"]))
    decimals = int(str(cell["decimals"]))
    if statistic in TEST_STATISTICS:
        if not math.isfinite(p):
            return MISSING
        yes, no = ("Ja", "Nee") if lang == "nl" else ("Yes", "No")
        return yes if p < difference else no
    if not math.isfinite(value):
        return MISSING
    if statistic == "beta":
        return format_number(value, decimals, lang=lang, leading_zero=False) + stars(p, legend)
    if statistic == "r2_percent":
        return format_number(value, decimals, lang=lang) + "%" + stars(p, legend)
    if statistic == "percent":
        return format_number(value, decimals, lang=lang) + "%"
    lead = "*" if p < difference else ""
    unit = f" {cell['unit']}" if cell["unit"] else ""
    return lead + format_number(value, decimals, lang=lang) + unit
