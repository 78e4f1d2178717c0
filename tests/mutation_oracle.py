"""What a wave ought to become, worked out row by row in plain Python for the mutation tests.

Nothing here calls the package: the questionnaire is read from the study's file as plain YAML, and
the rules for segments are those of its wording. A table goes in as names and rows of cells, with
the sidecar as plain data; out comes the clean wave with its counts, or what has to be refused.
"""

from __future__ import annotations

import datetime as dt
import math
import re
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

import mobiliteit

Cell = float | str | None
BOOK = yaml.safe_load(
    (Path(mobiliteit.__file__).parent / "study" / "codebook.yaml").read_text(encoding="utf-8")
)
AGES = {"15_24": 15, "25_34": 25, "35_44": 35, "45_54": 45, "55_64": 55}
CONTRACTS = {"vast": "vast", "uitzicht_op_vast": "vast"}


class Refused(Exception):
    """The table cannot be used; `places` are what a message has to name."""

    def __init__(self, places: list[str]) -> None:
        self.places = list(dict.fromkeys(places))
        super().__init__(", ".join(self.places))


@dataclass(frozen=True)
class Question:
    """One column of the codebook, as far as cleaning needs it."""

    name: str
    variable: str
    values: dict[int, str | None]
    range: tuple[float, float] | None
    missing: dict[int, str]
    asked: dict[str, list[int]]
    reversed: bool

    def knows(self, number: float) -> bool:
        if self.range is not None:
            return self.range[0] <= number <= self.range[1]
        return number in self.values


@dataclass
class Clean:
    """A clean wave: kept respondents, and how often each thing happened.

    `counts` has kind, column and reason; of recodes and reversals the reason is left empty.
    """

    people: dict[str, dict[str, float | str | None]] = field(default_factory=dict)
    counts: Counter[tuple[str, str, str]] = field(default_factory=Counter)


def questions(variables: set[str]) -> list[Question]:
    """The columns of the codebook that belong to some variables, in its order."""
    found = []
    for name, entry in BOOK["variables"].items():
        if name not in variables:
            continue
        answers = BOOK["scales"][entry["scale"]] if "scale" in entry else entry
        nominal = answers["level"] == "nominal"
        values = {
            code: label["id"] if nominal else None
            for code, label in (answers.get("values") or {}).items()
        }
        for item in entry.get("items") or [name]:
            told = (entry.get("items") or {}).get(item, {})
            found.append(
                Question(
                    name=item,
                    variable=name,
                    values=values,
                    range=tuple(answers["range"]) if "range" in answers else None,
                    missing=answers.get("missing") or {},
                    asked=entry.get("asked") or {},
                    reversed=bool(told.get("reversed")),
                )
            )
    return found


def plain(cell: Any) -> Cell:
    """A number, a text without spaces around it, or None; a text that writes a number is one."""
    if cell is None or isinstance(cell, dt.date):
        return None if cell is None else cell.isoformat()
    if isinstance(cell, (bool, str)):
        text = " ".join(str(cell).split()).casefold()
        if not text:
            return None
        if re.fullmatch(r"[+-]?(\d+([.,]\d+)?|[.,]\d+)(e[+-]?\d+)?", text):
            return float(text.replace(",", "."))
        return text
    return None if math.isnan(cell) else float(cell)


def interpret(
    names: list[str], rows: list[list[Any]], sidecar: dict[str, Any], asked: list[Question]
) -> Clean:
    """Clean a table as its sidecar says; raises Refused where that cannot be."""
    excluding = {rule["column"] for rule in sidecar.get("exclude", [])}
    person = sidecar["respondent"]
    mapped = {
        source: {"variable": entry} if isinstance(entry, str) else entry
        for source, entry in sidecar["columns"].items()
    }
    wanted = {person, *excluding, *mapped, *sidecar.get("ignore", {})}
    odd = [name for name, n in Counter(names).items() if n > 1]
    odd += sorted(wanted ^ set(names))
    if odd:
        raise Refused(odd)
    clean, places = Clean(), []
    answered = Counter(entry["variable"] for entry in mapped.values())
    left = {question.name for question in asked} - set(sidecar.get("absent", {}))
    places += sorted(set(answered) ^ left) + [name for name, n in answered.items() if n > 1]
    clean.counts["in", "", "geleverd"] = len(rows)
    people = _people([dict(zip(names, row, strict=True)) for row in rows], sidecar, clean, places)
    removed = _correct(people, sidecar, clean, places)
    answers: dict[str, dict[str, float | None]] = {name: {} for name in people}
    reasons: dict[str, dict[str, str]] = {name: {} for name in people}
    source_of = {entry["variable"]: (source, entry) for source, entry in mapped.items()}
    for question in asked:
        source, entry = source_of.get(question.name, ("", {}))
        recode = {plain(code): to for code, to in (entry.get("recode") or {}).items()}
        missing = {plain(code): why for code, why in question.missing.items()}
        if entry.get("missing") is not None:
            missing = {}
        else:
            missing |= {plain(code): why for code, why in sidecar.get("missing", {}).items()}
        missing |= {plain(code): why for code, why in (entry.get("missing") or {}).items()}
        for name, row in people.items():
            value = plain(row.get(source))
            answers[name][question.name] = None
            if not source:
                reasons[name][question.name] = "ontbreekt_in_golf"
            elif value is None:
                reasons[name][question.name] = removed.get((name, source), "zonder_opgave")
            elif value in missing:
                reasons[name][question.name] = missing[value]
            elif recode and value in recode:
                answers[name][question.name] = float(recode[value])
                clean.counts["recoded", question.name, ""] += 1
            elif not recode and isinstance(value, float) and question.knows(value):
                answers[name][question.name] = value
            else:
                places.append(source)
    if places:
        raise Refused(places)
    for name, given in answers.items():
        _skip(given, reasons[name], asked, clean)
        place = _segment(given)
        if place is None:
            clean.counts["excluded", "", "niet_in_te_delen"] += 1
        else:
            clean.people[name] = _scored(given, asked) | place
    clean.counts["kept", "", "behouden"] = len(clean.people)
    for question in asked:
        if question.reversed:
            n = sum(made[question.name] is not None for made in clean.people.values())
            clean.counts["reversed", question.name, ""] = n
    clean.counts = Counter({key: n for key, n in clean.counts.items() if n})
    if not clean.people:
        raise Refused([str(sidecar["wave"])])
    return clean


def _people(
    rows: list[dict[str, Any]], sidecar: dict[str, Any], clean: Clean, places: list[str]
) -> dict[str, dict[str, Any]]:
    people: dict[str, dict[str, Any]] = {}
    seen: set[tuple[Any, ...]] = set()
    for row in rows:
        out = None
        for rule in sidecar.get("exclude", []):
            code = plain(row[rule["column"]])
            if isinstance(code, str):
                places.append(rule["column"])
            if out is None and code in [plain(one) for one in rule["is"]]:
                out = rule["reason"]
        if out is None and "identical_rows" in sidecar:
            cells = tuple(map(plain, row.values()))
            if cells in seen:
                out = sidecar["identical_rows"]["reason"]
            seen.add(cells)
        if out is not None:
            clean.counts["excluded", "", out] += 1
            continue
        name = _id(row[sidecar["respondent"]])
        if not name or name in people:
            places += [sidecar["respondent"], name] if name else [sidecar["respondent"]]
        people[name] = row
    if not people:
        places.append(str(sidecar["wave"]))
    return people


def _id(cell: Cell) -> str:
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return "" if plain(cell) is None else str(cell).strip()


def _correct(
    people: dict[str, dict[str, Any]], sidecar: dict[str, Any], clean: Clean, places: list[str]
) -> dict[tuple[str, str], str]:
    removed = {}
    for entry in sidecar.get("corrections", []):
        name, column = str(entry["respondent"]), entry["column"]
        if name not in people or plain(people[name][column]) != plain(entry["value"]):
            places += [column, name]
            continue
        people[name] = people[name] | {column: entry["to"]}
        if entry["to"] is None:
            removed[name, column] = entry["missing_reason"]
        clean.counts["corrected", column, entry["reason"]] += 1
    return removed


def _skip(
    given: dict[str, float | None], reasons: dict[str, str], asked: list[Question], clean: Clean
) -> None:
    """Empty what was not asked, and count what is empty where it was."""
    led_to: dict[str, bool] = {}
    for question in asked:
        led_to[question.variable] = all(
            led_to[name] and (given[name] is None or given[name] in codes)
            for name, codes in question.asked.items()
        )
        name = question.name
        if led_to[question.variable] and given[name] is None:
            clean.counts["missing", name, reasons[name]] += 1
        elif not led_to[question.variable] and given[name] is not None:
            clean.counts["not_asked", name, "niet_gevraagd_toch_beantwoord"] += 1
            given[name] = None


def _segment(given: dict[str, float | None]) -> dict[str, str] | None:
    """Segment and group by the wording of the eight segments; None unless exactly one fits."""
    step, old, new = given["stap"], given["sector_vorig"], given["sector"]
    old_branch, branch = given["branche_vorig"], given["branche"]
    institution, job = given["zelfde_instelling"], given["zelfde_functie"]
    moved, stayed = step == 1, step == 0 and new in (1, 2)
    from_care, to_care = moved and old in (1, 2), new in (1, 2)
    branches = old_branch is not None and branch is not None
    fits = {
        "instroom": moved and old == 3 and to_care,
        "doorstroom_sector": from_care and to_care and old != new,
        "doorstroom_branche": from_care and old == new and branches and old_branch != branch,
        "uitstroom": from_care and new == 3,
        "functie_branche": from_care
        and (old == new and branches and old_branch == branch and institution == 0 and job == 0),
        "functie_instelling": moved and to_care and old == new and institution == 1 and job == 0,
        "overwogen": stayed and given["overwogen"] == 1,
        "niet_overwogen": stayed and given["overwogen"] == 0,
    }
    found = [name for name, holds in fits.items() if holds]
    if len(found) != 1:
        return None
    group = {"overwogen": "overwegers", "niet_overwogen": "blijvers"}.get(found[0], "mobielen")
    return {"mobiliteitssegment": found[0], "mobiliteitsgroep": group, "segmentregel": found[0]}


def _scored(given: dict[str, float | None], asked: list[Question]) -> dict[str, float | str | None]:
    made: dict[str, float | str | None] = {}
    for question in asked:
        value = given[question.name]
        ids = {code: one for code, one in question.values.items() if one is not None}
        if value is not None and question.reversed:
            value = min(question.values) + max(question.values) - value
        made[question.name] = value if value is None or not ids else ids[int(value)]
    items = [made[f"employability_{n}"] for n in range(1, 5)]
    filled = [value for value in items if value is not None]
    made["employability"] = sum(filled) / len(filled) if len(filled) >= 2 else None
    age, contract = given["leeftijd"], made["dienstverband"]
    made["leeftijd_klasse"] = (
        None if age is None else [name for name, low in AGES.items() if low <= age][-1]
    )
    made["dienstverband_klasse"] = (
        None if contract is None else CONTRACTS.get(contract, "tijdelijk")
    )
    return made
