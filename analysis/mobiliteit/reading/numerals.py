"""Numbers in a text file: which sign is the decimal, which groups thousands, which are no numbers.

``1.137`` is a thousand in one file and a bit more than one in another. Columns that can only be
written one way decide for the whole file, since a program writes all its numbers alike. Where no
column decides, it is an error: a guess would be off by a factor of thousand without anybody seeing.

A column is numbers when all that is filled in is a number; one text among them leaves the whole
column as delivered. So do a leading zero (``0031`` is a name made of digits) and more digits than a
double holds.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from mobiliteit.errors import Problem

_WORDS = {",": "comma", ".": "point", " ": "space", "'": "apostrophe"}
_CURRENCY = re.compile(r"^(?:€|EUR\b|\$|£)\s*|\s*(?:€|\bEUR)$")
_SPACES = re.compile("[\u00a0\u2007\u202f\u2009]")
_EXACT_DIGITS = 15
OTHER = {",": ".", ".": ","}


@dataclass(frozen=True)
class Notation:
    """How a file writes numbers.

    Attributes
    ----------
    decimal : str
        Decimal sign; empty when no number has one.
    thousands : str
        Signs that may group digits.
    facts : dict
        ``decimal`` and ``thousands`` in words.
    cautions : tuple of str
        Columns that another notation would read otherwise.
    problems : tuple of Problem
        Why the notation cannot be decided.
    """

    decimal: str
    thousands: str
    facts: dict[str, str] = field(default_factory=dict)
    cautions: tuple[str, ...] = ()
    problems: tuple[Problem, ...] = ()


def find_notation(
    columns: Mapping[str, Sequence[str]],
    *,
    decimal: str | None,
    thousands: str | None,
    separator: str,
) -> Notation:
    """Find how a file writes numbers.

    Parameters
    ----------
    columns : mapping of str to sequence of str
        Column to its different texts, without the empty ones.
    decimal, thousands : str or None
        As the sidecar states them.
    separator : str
        Of the file's columns: where it is a comma, a column of ``1.137`` has decimals.

    Returns
    -------
    Notation
        With problems where columns contradict each other or the sidecar, or leave it open.
    """
    if decimal is not None and decimal == thousands:
        problem = Problem(
            "`decimal` and `thousands` are the same sign", "Correct `file.csv` in the sidecar."
        )
        return Notation(decimal, "", problems=(problem,))
    stated = decimal or OTHER.get(thousands or "")
    sure: dict[str, list[str]] = {",": [], ".": []}
    open_: list[str] = []
    for name, texts in columns.items():
        fits = [sign for sign in sure if _signed(texts) and to_numbers(texts, sign, _groups(sign))]
        if len(fits) == 2:
            open_.append(name)
        elif fits:
            sure[fits[0]].append(name)
    found, problems, why = stated or "", [], "stated"
    if stated and sure[OTHER[stated]] and not sure[stated]:
        problems.append(_contradiction(stated, sure[OTHER[stated]], columns))
    if not stated:
        why = "found"
        if sure[","] and sure["."]:
            problems.append(_mixed(sure, columns))
        found = next((sign for sign in sure if sure[sign]), "")
        if not found and open_:
            if separator == "," and not any(
                "," in text for name in open_ for text in columns[name]
            ):
                found, why = ".", "since the comma separates columns"
            else:
                problems += [_ambiguous(name, columns[name]) for name in open_]
    allowed = thousands if thousands is not None else _groups(found)
    return Notation(
        decimal=found,
        thousands=allowed,
        facts={
            "decimal": f"{_WORDS[found]} ({why})" if found else "none found",
            "thousands": _thousands_fact(columns, found, thousands),
        },
        cautions=() if stated else tuple(_cautions(open_, found, columns)),
        problems=tuple(problems),
    )


def to_numbers(texts: Sequence[str], decimal: str, thousands: str) -> list[float] | None:
    """Read texts as numbers.

    Parameters
    ----------
    texts : sequence of str
        The different texts of a column, none empty.
    decimal : str
        Decimal sign, or empty.
    thousands : str
        Signs of which one may group the digits of a number by three.

    Returns
    -------
    list of float or None
        One per text; None as soon as one of them is no number.
    """
    form = _form(decimal, thousands)
    numbers = []
    for text in texts:
        bare = _bare(text)
        match = form.fullmatch(bare)
        if match is None or sum(letter.isdigit() for letter in match["digits"]) > _EXACT_DIGITS:
            return None
        if match["group"]:
            bare = bare.replace(match["group"], "")
        numbers.append(float(bare.replace(decimal, ".") if decimal else bare))
    return numbers


def has_currency(texts: Sequence[str]) -> bool:
    """Whether a sign of currency stands at one of the texts."""
    return any(_CURRENCY.search(_bare_of_spaces(text).lstrip("+-")) for text in texts)


def _bare_of_spaces(text: str) -> str:
    return _SPACES.sub(" ", text).strip().replace("\N{MINUS SIGN}", "-")


def _bare(text: str) -> str:
    bare = _bare_of_spaces(text)
    sign = bare[:1] if bare[:1] in "+-" else ""
    bare = _CURRENCY.sub("", bare[len(sign) :].lstrip() if sign else bare)
    return sign + bare


_FORMS: dict[tuple[str, str], re.Pattern[str]] = {}


def _form(decimal: str, thousands: str) -> re.Pattern[str]:
    key = decimal, thousands
    if key not in _FORMS:
        grouped = ""
        if thousands:
            sign = f"(?P<group>[{re.escape(thousands)}])"
            grouped = f"[1-9][0-9]{{0,2}}{sign}[0-9]{{3}}(?:(?P=group)[0-9]{{3}})*|"
        else:
            grouped = "(?P<group>(?!))|"
        whole = f"(?:{grouped}0|[1-9][0-9]*)"
        fraction = f"(?:{re.escape(decimal)}[0-9]+)?|{re.escape(decimal)}[0-9]+" if decimal else ""
        _FORMS[key] = re.compile(f"[+-]?(?P<digits>{whole}{fraction})(?:[eE][+-]?[0-9]{{1,3}})?")
    return _FORMS[key]


def _groups(decimal: str) -> str:
    return OTHER.get(decimal, "") + " '"


def _signed(texts: Sequence[str]) -> bool:
    """Whether any text is more than digits: only such a column can tell the notation."""
    return any("," in text or "." in text for text in texts)


def _example(texts: Sequence[str]) -> str:
    return next(text.strip() for text in texts if "," in text or "." in text)


def _contradiction(stated: str, names: list[str], columns: Mapping[str, Sequence[str]]) -> Problem:
    other = OTHER[stated]
    return Problem(
        f"the sidecar says that the decimal sign is a {_WORDS[stated]}, but columns write a "
        f"{_WORDS[other]}",
        "Correct `decimal` and `thousands` under `file.csv`, or leave them out.",
        values=tuple(f"{name}: {_example(columns[name])}" for name in names),
    )


def _mixed(sure: dict[str, list[str]], columns: Mapping[str, Sequence[str]]) -> Problem:
    return Problem(
        "some columns write a decimal comma, others a decimal point",
        "State `decimal` under `file.csv`; columns written otherwise are then left as text.",
        values=tuple(
            f"{name}: {_example(columns[name])}" for names in sure.values() for name in names[:3]
        ),
    )


def _ambiguous(name: str, texts: Sequence[str]) -> Problem:
    example = _example(texts)
    sign = "." if "." in example else ","
    groups = _bare(example).replace(sign, "")
    decimals = _bare(example).replace(sign, ".")
    return Problem(
        f"{example} may be {groups} or {decimals}, and no column of the file tells",
        f'State `file.csv.decimal`: "{OTHER[sign]}" for {groups}, "{sign}" for {decimals}.',
        column=name,
    )


def _cautions(names: list[str], decimal: str, columns: Mapping[str, Sequence[str]]) -> list[str]:
    cautions = []
    for name in names if decimal else []:
        text = _example(columns[name])
        numbers = to_numbers([text], decimal, _groups(decimal))
        if numbers and (OTHER[decimal] in text or decimal == "."):
            cautions.append(
                f"{name}: {text} is read as {numbers[0]:.10g}, since the file's decimal sign is a "
                f"{_WORDS[decimal]}"
            )
    return cautions


def _thousands_fact(columns: Mapping[str, Sequence[str]], decimal: str, stated: str | None) -> str:
    if stated is not None:
        return f"{_WORDS[stated]} (stated)"
    used = set()
    for texts in columns.values():
        numbers = to_numbers(texts, decimal, _groups(decimal))
        if numbers is not None:
            form = _form(decimal, _groups(decimal))
            matches = (form.fullmatch(_bare(text)) for text in texts)
            used |= {match["group"] for match in matches if match and match["group"]}
    return ", ".join(_WORDS[sign] for sign in sorted(used)) + " (found)" if used else "none found"
