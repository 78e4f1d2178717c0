"""The records of the demo wave as its supplier delivers them.

How answers are coded follows from reading the sidecar backwards, so that file and sidecar cannot
disagree. Around the respondents stands what a real export holds: e-mail and IP addresses (of
nobody), unfinished and doubled records, people who answer without reading, and slips of the pen.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from mobiliteit.descriptor_schema import Descriptor, SourceColumn, TickColumns, TickList
from mobiliteit.study import Study
from mobiliteit.study_schema import Column

from .demo import DemoAnswers
from .demo_design import Panel
from .demo_plants import exchange_items, item_names, scales_of

SPEEDERS, STRAIGHT_LINERS = 16, 10
SCREENED_OUT, UNFINISHED, DOUBLED, ODD = 50, 30, 12, 6
STRAIGHT_ANSWERS = (3, 4)
# Process columns, in the order of the file around the questions.
FIRST = ("resp_id", "email", "ip", "status", "datum", "duur_sec", "steekproef")
TIMERS = ("timer_1", "timer_2", "timer_3")
# Ranges that are set apart for examples: no such address belongs to anybody.
ADDRESSES = ("192.0.2", "198.51.100", "203.0.113")
FIRST_DAY, DAYS = pd.Timestamp(2008, 10, 6), 27


@dataclass(frozen=True)
class Slip:
    """A slip of the pen: an answer written ten times too large, and where it is corrected."""

    column: str
    variable: str
    least: float
    reason: str


SLIPS = (
    Slip(
        "leeftijd_jr", "leeftijd", 30, "een nul te veel: zo oud kan niet, een tiende daarvan past"
    ),
    Slip(
        "dagen_huidig_vak", "opleiding_huidig", 40, "een nul te veel: meer dagen dan een jaar telt"
    ),
)


def export(
    drawn: DemoAnswers, panel: Panel, study: Study, descriptor: Descriptor, seed: int
) -> tuple[pd.DataFrame, list[dict[str, Any]]]:
    """Make the supplier's file.

    Parameters
    ----------
    drawn : DemoAnswers
        The respondents.
    panel : Panel
        Respondents of 2006, models of the records that are left out.
    study : Study
        Codebook, for skip rules and bounds.
    descriptor : Descriptor
        The sidecar that will lie beside the file; patterns written out.
    seed : int
        As that of the draw.

    Returns
    -------
    frame : pandas.DataFrame
        All delivered records as texts, empty where nothing was asked.
    corrections : list of dict
        Entries of the sidecar's `corrections`.
    """
    rng = np.random.default_rng([seed, 1])
    parts = [
        (drawn.answers, "compleet"),
        (_others(SPEEDERS, panel, study, rng, "speeder"), "compleet"),
        (_others(STRAIGHT_LINERS, panel, study, rng, "straight"), "compleet"),
        (_others(ODD, panel, study, rng, "odd"), "compleet"),
        (_others(UNFINISHED, panel, study, rng), "afgebroken"),
        (_others(SCREENED_OUT, panel, study, rng), "screenout"),
    ]
    answers = pd.concat([part for part, _ in parts], ignore_index=True)
    status = np.repeat([name for _, name in parts], [len(part) for part, _ in parts])
    n, own = len(answers), len(drawn.answers)
    followed = drawn.people["followed"].to_numpy()
    taken = drawn.answers.index.astype(int)
    extra = taken.max() + 1 + rng.choice(9 * (n - own), n - own, replace=False)
    ids = np.concatenate([taken, extra])
    questions = coded(answers, study, descriptor, rng)
    for row in np.flatnonzero(status == "afgebroken"):
        stop = int(rng.integers(9, questions.shape[1] - 12))
        questions.loc[row, questions.columns[stop:]] = ""
    out = status == "screenout"
    questions.loc[out, "sector_nu"] = "elders"
    questions.loc[out, questions.columns[1:]] = ""
    corrections = _slips(questions, answers, np.arange(n) < own, ids, rng)
    seconds = np.maximum(330, rng.lognormal(6.85, 0.35, n))
    quick = slice(own, own + SPEEDERS)
    seconds[quick] = rng.uniform(60, 210, SPEEDERS)
    seconds[status == "afgebroken"] *= 0.4
    seconds[out] = rng.uniform(15, 60, out.sum())
    pages = rng.dirichlet([8.0] * len(TIMERS), n) * seconds[:, None]
    day = FIRST_DAY + pd.to_timedelta(np.minimum(DAYS, rng.exponential(6.0, n)).astype(int), "D")
    hosts = rng.choice(ADDRESSES, n), rng.integers(1, 255, n)
    process = {
        "resp_id": ids.astype(str),
        "email": [f"deelnemer{number}@example.org" for number in rng.permutation(n) + 1000],
        "ip": [f"{net}.{host}" for net, host in zip(*hosts, strict=True)],
        "status": status,
        "datum": day.strftime("%d-%m-%Y"),
        "duur_sec": np.rint(seconds).astype(int).astype(str),
        "steekproef": np.where(
            np.concatenate([followed, np.zeros(n - own, bool)]), "panel", "nieuw"
        ),
    }
    raw = pd.concat([pd.DataFrame({name: process[name] for name in FIRST}), questions], axis=1)
    for k, name in enumerate(TIMERS):
        raw[name] = np.rint(pages[:, k]).astype(int).astype(str)
    order = np.lexsort((ids, day))
    raw, place = raw.iloc[order].reset_index(drop=True), np.arange(n, dtype=float)
    corrected = {entry["respondent"] for entry in corrections}
    whole = (raw["status"] == "compleet") & ~raw["resp_id"].astype(int).isin(corrected)
    twice = rng.choice(np.flatnonzero(whole), DOUBLED, replace=False)
    raw = pd.concat([raw, raw.iloc[twice]], ignore_index=True)
    place = np.concatenate([place, twice + rng.integers(1, 60, DOUBLED) + 0.5])
    return raw.iloc[np.argsort(place, kind="stable")].reset_index(drop=True), corrections


def _others(
    n: int, panel: Panel, study: Study, rng: np.random.Generator, kind: str = ""
) -> pd.DataFrame:
    """Answers of people who do not end up in the analysis."""
    pool = np.arange(len(panel.answers))
    if kind == "odd":
        pool = np.flatnonzero(panel.segment == "functie_branche")
    answers = panel.answers.iloc[rng.choice(pool, n, replace=False)].reset_index(drop=True)
    if kind == "odd":
        # a new employer, the same branch and job: no segment of the report fits
        answers["zelfde_functie"] = 1.0
    bounds = {column.name: column.bounds for column in study.codebook.columns()}
    flat = rng.choice(STRAIGHT_ANSWERS, n)
    for name in scales_of(study):
        if kind not in ("speeder", "straight"):
            exchange_items(answers, name, panel, study, rng)
            continue
        for item in item_names(name, study):
            low, high = map(int, bounds[item])
            given = flat.clip(low, high) if kind == "straight" else rng.integers(low, high + 1, n)
            answers[item] = np.where(answers[item].notna(), given, np.nan)
    return answers


def coded(
    answers: pd.DataFrame, study: Study, descriptor: Descriptor, rng: np.random.Generator
) -> pd.DataFrame:
    """Write answers in codebook codes as the columns of the file, in the order of the sidecar.

    Parameters
    ----------
    answers : pandas.DataFrame
        Codebook columns in codes, NaN where missing or not asked.
    study, descriptor, rng
        See :func:`export`.

    Returns
    -------
    pandas.DataFrame
        Texts; who was asked and gave no answer has a missing code.
    """
    asked = _asked(answers, study)
    columns = {column.name: column for column in study.codebook.columns()}
    out: dict[str, NDArray[np.object_]] = {}
    for source, entry in descriptor.columns.items():
        column = columns[entry.variable]
        values = answers[entry.variable].to_numpy(dtype=float)
        texts = _translated(values, entry, column, rng)
        gone = np.isnan(values) & asked[entry.variable]
        texts[gone] = rng.choice(_missing_texts(entry, column, descriptor), int(gone.sum()))
        out[source] = texts
    for question in descriptor.multi_select:
        if isinstance(question, TickColumns):
            out |= _ticked(answers, question)
        else:
            out |= _listed(answers, question, rng)
    return pd.DataFrame(out, index=answers.index)


def _asked(answers: pd.DataFrame, study: Study) -> dict[str, NDArray[np.bool_]]:
    asked: dict[str, NDArray[np.bool_]] = {}
    for column in study.codebook.columns():
        mask = np.ones(len(answers), dtype=bool)
        for name, codes in column.asked.items():
            mask &= asked[name] & answers[name].isin(codes).to_numpy()
        asked[column.name] = mask
    return asked


def _translated(
    values: np.ndarray, entry: SourceColumn, column: Column, rng: np.random.Generator
) -> NDArray[np.object_]:
    """Invert a sidecar entry: rescaling, reversal, recoding."""
    if entry.recode:
        back = {float(target): str(code) for code, target in entry.recode.items()}
        texts = [back.get(value, "") for value in values]
        return np.array(texts, dtype="object")
    low, high = column.bounds
    first, last = entry.rescale or (low, high)
    source = first + (values - low) * (last - first) / (high - low)
    # an answer between two of the supplier's is one of them, so that the mean stays
    source = np.floor(source) + (rng.random(len(source)) < source % 1)
    if entry.reversed:
        source = first + last - source
    decimals = 1 if column.variable == "uren" else 0
    texts = ["" if np.isnan(x) else f"{x:.{decimals}f}".replace(".", ",") for x in source]
    return np.array(texts, dtype="object")


def _missing_texts(entry: SourceColumn, column: Column, descriptor: Descriptor) -> list[str]:
    """Missing codes that this column may hold: words among words, numbers elsewhere."""
    words = any(len(str(code)) > 1 for code in entry.recode)
    reasons = set(column.missing.values())
    return [
        str(code)
        for code, reason in descriptor.missing.items()
        if isinstance(code, str) == words and reason in reasons
    ]


def _ticked(answers: pd.DataFrame, question: TickColumns) -> dict[str, NDArray[np.object_]]:
    targets = [str(target) for target in question.columns.values()]
    values = answers[targets].to_numpy(dtype=float)
    known = np.isfinite(values).all(axis=1)
    yes, no = str(question.ticked[0]), str(question.unticked[0])
    ticks = (values == 1) & known[:, None]
    out = {
        source: np.where(ticks[:, k], yes, no).astype("object")
        for k, source in enumerate(question.columns)
    }
    out[str(question.none)] = np.where(known & ~ticks.any(axis=1), yes, no).astype("object")
    return out


def _listed(
    answers: pd.DataFrame, question: TickList, rng: np.random.Generator
) -> dict[str, NDArray[np.object_]]:
    codes = {str(code): target for code, target in question.options.items()}
    used = {code: target for code, target in codes.items() if target is not None}
    values = answers[list(used.values())].to_numpy(dtype=float)
    # an answer that the study does not use, ticked now and then
    other = rng.random(len(answers)) < 0.05
    nothing, missing = str(question.none[0]), str(next(iter(question.missing)))
    texts = []
    for row, extra in zip(values, other, strict=True):
        chosen = [code for code, value in zip(used, row, strict=True) if value == 1]
        chosen += [code for code in codes if extra and code not in used]
        text = question.separator.join(chosen) or nothing
        texts.append(missing if np.isnan(row).any() else text)
    return {question.column: np.array(texts, dtype="object")}


def _slips(
    questions: pd.DataFrame,
    answers: pd.DataFrame,
    kept: NDArray[np.bool_],
    ids: NDArray[np.int64],
    rng: np.random.Generator,
) -> list[dict[str, Any]]:
    """Put the slips in the file, and list what corrects them."""
    corrections = []
    for slip in SLIPS:
        rows = np.flatnonzero(kept & (answers[slip.variable].to_numpy(dtype=float) >= slip.least))
        row = int(rng.choice(rows))
        value = int(answers[slip.variable].iloc[row])
        questions.loc[row, slip.column] = str(10 * value)
        corrections.append(
            {"respondent": int(ids[row]), "column": slip.column, "value": 10 * value, "to": value,
             "reason": slip.reason}
        )  # fmt: skip
    return corrections
