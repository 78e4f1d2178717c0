"""A question that can be put to a wave: what is asked, about whom, and what is held constant.

A question holds names of the codebook only; nothing in it is evaluated. Its canonical text
(:attr:`Question.text`) is what :mod:`mobiliteit.asking.grammar` reads, and what logs keep.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

Form = Literal["effect", "difference", "mediation", "moderation", "change"]
Direction = Literal["positive", "negative", "any"]

ARROW, TIMES, PLUS, BETWEEN, SINCE, BAR, CONTROLS = (
    "->",
    "*",
    "+",
    "between",
    "since",
    "|",
    "controls",
)
FOUND_IN, OR = "=", "/"
KEYWORDS = (BETWEEN, SINCE, CONTROLS)
# A hyphen belongs to a word when letters follow it, so that 25-44 stays a range.
PLAIN_WORD = r"\w+(?:-\w*[^\W\d]\w*)*"

Reach = Literal["between", "least", "most", "above", "below"]


@dataclass(frozen=True)
class Restriction:
    """Who is asked about: respondents with certain answers to one variable.

    Attributes
    ----------
    variable : str
        A variable of the clean frame.
    values : tuple of str
        Ids of categories, or codes as text, any of which will do; empty for a range.
    low, high : float or None
        Of a range, both included; None on an open side.
    """

    variable: str
    values: tuple[str, ...] = ()
    low: float | None = None
    high: float | None = None

    @property
    def text(self) -> str:
        """As the grammar reads it: ``a = x / y``, ``a 25 - 44``, ``a >= 25``, ``a < 44``, ..."""
        variable = written(self.variable)
        if self.values:
            return f"{variable} {FOUND_IN} {f' {OR} '.join(map(written, self.values))}"
        form, low, high = self.reach
        first, last = (None if one is None else _digits(one) for one in (low, high))
        match form:
            case "between":
                return f"{variable} {first} - {last}"
            case "least" | "above":
                return f"{variable} {'>=' if form == 'least' else '>'} {first}"
            case _:
                return f"{variable} {'<=' if form == 'most' else '<'} {last}"

    @property
    def reach(self) -> tuple[Reach, float | None, float | None]:
        """How a range is said, and the numbers that it is said with.

        ``above`` and ``below`` exclude the number: the bound of such a range is the nearest number
        beyond it that a computer knows.
        """
        low, high = self.low, self.high
        if low is not None and high is not None:
            return "between", low, high
        if low is not None:
            below = math.nextafter(low, -math.inf)
            return ("above", below, None) if _shorter(below, low) else ("least", low, None)
        if high is not None:
            above = math.nextafter(high, math.inf)
            return ("below", None, above) if _shorter(above, high) else ("most", None, high)
        return "between", low, high


@dataclass(frozen=True)
class Question:
    """One question.

    A *name* is a variable of the codebook, the segment or group variable, or a category of one of
    those written as ``variable=category``: whether somebody is in it (no 0, yes 1).

    Attributes
    ----------
    form : {'effect', 'difference', 'mediation', 'moderation', 'change'}
        ``effect``: what `predictors` have to do with `outcome`, together in one model.
        ``difference``: whether `outcome` differs between the categories of `by`.
        ``mediation``: whether what `predictors` (one or more) have to do with `outcome` runs via
        `by`. ``moderation``: whether what the one predictor has to do with `outcome` differs for
        `by`. ``change``: whether `outcome` changed since the wave `since`, or, with one predictor,
        what that has to do with it.
    outcome : str
        A name.
    predictors : tuple of str
        Names; empty for a difference, and for a change of `outcome` itself.
    by : str
        Grouping variable, mediator or moderator; empty for the other forms.
    since : str
        Wave that is held against, for a change.
    who : tuple of Restriction
        All must hold; empty for everybody.
    controls : tuple of str
        Held constant: names.
    """

    form: Form
    outcome: str
    predictors: tuple[str, ...] = ()
    by: str = ""
    since: str = ""
    who: tuple[Restriction, ...] = ()
    controls: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        """The canonical text: reading it gives an equal question."""
        outcome, by = written(self.outcome), written(self.by)
        drivers = f" {PLUS} ".join(map(written, self.predictors))
        match self.form:
            case "difference":
                relation = f"{outcome} {BETWEEN} {by}"
            case "mediation":
                relation = f"{drivers} {ARROW} {by} {ARROW} {outcome}"
            case "moderation":
                relation = f"{drivers} {TIMES} {by} {ARROW} {outcome}"
            case _:
                relation = f"{drivers} {ARROW} {outcome}" if drivers else outcome
        if self.since:
            relation += f" {SINCE} {written(self.since)}"
        terms = [restriction.text for restriction in self.who]
        if self.controls:
            terms.append(f"{CONTROLS}: {', '.join(map(written, self.controls))}")
        return f"{relation} {BAR} {', '.join(terms)}" if terms else relation

    @property
    def names(self) -> tuple[str, ...]:
        """Every name in the question, once, outcome first; restrictions left out."""
        asked = (self.outcome, *self.predictors, self.by, *self.controls)
        return tuple(dict.fromkeys(name for name in asked if name))


def split_name(name: str) -> tuple[str, str]:
    """Split a name into its variable and its category; the category is empty for a variable."""
    variable, _, category = name.partition(FOUND_IN)
    return variable, category


def written(name: str) -> str:
    """Write a name as the grammar reads it: what is no plain word stands in quotes."""
    return FOUND_IN.join(
        part if _is_plain(part) else f'"{part}"' for part in name.split(FOUND_IN, 1) if part
    )


def _is_plain(word: str) -> bool:
    return bool(re.fullmatch(PLAIN_WORD, word)) and word.casefold() not in KEYWORDS


def _digits(number: float) -> str:
    """Write a number in full, so that reading it gives the same number."""
    text = format(Decimal(repr(float(number))), "f")
    return text.removesuffix(".0")


def _shorter(number: float, than: float) -> bool:
    return len(_digits(number)) < len(_digits(than))
