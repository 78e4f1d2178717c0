"""The records that a panel supplier would deliver; :mod:`.savfile` writes them.

Codes and missing codes come from the codebook. Around the kept sample stands what a real
export holds: screened-out and unfinished respondents, records delivered twice, people who fit no
segment or two, answers to questions that should have been skipped, and slips of the pen that
``wave.yaml`` corrects.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

import numpy as np
import pandas as pd

from .targets import Targets


def source_columns(targets: Targets) -> dict[str, str]:
    """Source column -> codebook variable or item, numbered in the order of the codebook."""
    out = {}
    for number, name in enumerate(targets.codebook["variables"], start=1):
        items = targets.items_of(name)
        for k, item in enumerate(items, start=1):
            out[f"V{number:02d}" if len(items) == 1 else f"V{number:02d}_{k}"] = item
    return out


def parents_of(targets: Targets) -> dict[str, str]:
    """Codebook column -> variable that it is an item of, or is itself."""
    return {item: name for name in targets.codebook["variables"] for item in targets.items_of(name)}


def recode_of(targets: Targets, name: str) -> dict[int, int] | None:
    """Codes of the file -> codes of the codebook, None where they are the same."""
    spec = targets.config["export"]
    if name in spec["recode"]:
        return {int(k): int(v) for k, v in spec["recode"][name].items()}
    if targets.codebook["variables"][name].get("scale") == "janee":
        return {int(k): int(v) for k, v in spec["ja_nee"].items()}
    return None


def missing_codes(targets: Targets, name: str) -> list[int]:
    """Missing codes of a variable, most usual first."""
    return [int(c) for c in targets.scale_of(name).get("missing", {})]


def to_source(targets: Targets, answers: pd.DataFrame, rng: np.random.Generator) -> pd.DataFrame:
    """Turn answers in codebook codes into the columns and codes of the file.

    Parameters
    ----------
    answers : DataFrame
        One column per variable without items and per item, codebook codes; NaN = no answer. Whether
        a question was
        asked follows from the codebook's skip rules: asked and empty becomes a missing code, not
        asked stays empty.
    """
    parents = parents_of(targets)
    out: dict[str, np.ndarray] = {}
    for column, item in source_columns(targets).items():
        name = parents[item]
        values = answers[item].to_numpy(dtype=float).copy()
        empty = np.isnan(values) & asked_mask(targets, answers, name)
        recode = recode_of(targets, name)
        if recode:
            back = {v: k for k, v in recode.items()}
            values = np.array([v if np.isnan(v) else back[int(v)] for v in values], dtype=float)
        codes = missing_codes(targets, name)
        picks = (
            rng.choice(codes, int(empty.sum()), p=_missing_weights(len(codes))) if codes else np.nan
        )
        values[empty] = picks
        out[column] = values
    return pd.DataFrame(out)


def _missing_weights(n: int) -> np.ndarray:
    w = np.array([1.0, 2.0, 1.0])[:n]
    return w / w.sum()


def asked_mask(targets: Targets, answers: pd.DataFrame, name: str) -> np.ndarray:
    """Tell who is asked a variable; without an answer to the asking question, nobody is."""
    mask = np.ones(len(answers), dtype=bool)
    for source, codes in targets.codebook["variables"][name].get("asked", {}).items():
        mask &= answers[source].isin(codes).to_numpy() & asked_mask(targets, answers, source)
    return mask


def build_file(
    targets: Targets, answers: pd.DataFrame, people: pd.DataFrame, rng: np.random.Generator
) -> tuple[pd.DataFrame, list[dict[str, Any]]]:
    """Raw frame of all delivered rows, and the corrections that ``wave.yaml`` must list.

    Parameters
    ----------
    answers : DataFrame
        Kept sample, see :func:`to_source`.
    people : DataFrame
        The same rows, with ``group`` and ``segment``.
    """
    spec = targets.config["export"]
    names = spec["columns"]
    kept = to_source(targets, answers, rng)
    skipped = _answer_skipped(targets, answers, kept, rng)
    odd = _unclassifiable(targets, answers, people, rng)
    half = _unfinished(targets, kept, rng)
    out = _screened_out(targets, kept, rng)
    parts = [(kept, 1), (odd, 1), (half, 3), (out, 2)]
    raw = pd.concat([p for p, _ in parts], ignore_index=True)
    status = np.concatenate([np.full(len(p), s) for p, s in parts])
    n = len(raw)
    first = np.sort(rng.choice(np.arange(4 * n), n, replace=False)) + int(spec["numbers_from"])
    raw.insert(0, names["respondent"], rng.permutation(first).astype(float))
    raw.insert(1, names["status"], status.astype(float))
    start = spec["first_day"]
    raw.insert(
        2,
        names["date"],
        [
            start + dt.timedelta(days=int(d))
            for d in np.minimum(spec["days"] - 1, rng.exponential(3.0, n))
        ],
    )
    duration = np.where(
        status == 1,
        rng.lognormal(6.85, 0.35, n),
        np.where(status == 3, rng.lognormal(5.6, 0.6, n), rng.lognormal(3.4, 0.3, n)),
    )
    raw.insert(3, names["duration"], np.round(duration))
    corrections = _slips(targets, raw, answers, skipped, rng)
    raw = raw.sort_values([names["date"], names["respondent"]], kind="stable").reset_index(
        drop=True
    )
    twice = rng.choice(np.flatnonzero(raw[names["status"]] == 1), spec["doubled"], replace=False)
    twice = [
        i
        for i in twice
        if raw.at[i, names["respondent"]] not in {c["respondent"] for c in corrections}
    ]
    pool = iter(rng.permutation(np.flatnonzero(raw[names["status"]] == 1)))
    while len(twice) < spec["doubled"]:
        i = next(pool)
        if i not in twice and raw.at[i, names["respondent"]] not in {
            c["respondent"] for c in corrections
        }:
            twice.append(i)
    order = np.concatenate([np.arange(n), np.asarray(twice)])
    place = np.concatenate(
        [np.arange(n), np.asarray(twice) + rng.integers(1, 90, len(twice)) + 0.5]
    )
    raw = raw.iloc[order[np.argsort(place, kind="stable")]].reset_index(drop=True)
    return raw, corrections


def _answer_skipped(
    targets: Targets, answers: pd.DataFrame, kept: pd.DataFrame, rng: np.random.Generator
) -> set[int]:
    """Fill in a few answers to questions that should have been skipped; they count as not asked."""
    columns = {item: c for c, item in source_columns(targets).items()}
    done: set[int] = set()
    pool = [
        v
        for v, e in targets.codebook["variables"].items()
        if "asked" in e and "items" not in e and e["role"] != "screening"
    ]
    for _ in range(targets.config["export"]["answered_though_skipped"]):
        name = str(rng.choice(pool))
        rows = np.flatnonzero(kept[columns[name]].isna() & ~asked_mask(targets, answers, name))
        i = int(rng.choice(rows))
        recode = recode_of(targets, name)
        codes = (
            list(recode)
            if recode
            else list(range(targets.bounds_of(name)[0], targets.bounds_of(name)[1] + 1))
        )
        kept.at[i, columns[name]] = float(rng.choice(codes))
        done.add(i)
    return done


def _unclassifiable(
    targets: Targets, answers: pd.DataFrame, people: pd.DataFrame, rng: np.random.Generator
) -> pd.DataFrame:
    """Complete respondents whose screening answers fit no segment, or two."""
    spec = targets.config["export"]["unclassifiable"]
    inside = np.flatnonzero(people["segment"] == "functie_branche")
    house = np.flatnonzero(
        (people["segment"] == "functie_instelling")
        & (people["branche"] != targets.config["demographics"]["buiten_branche"])
    )
    a = answers.iloc[rng.choice(inside, spec["same_job_same_branch"], replace=False)].copy()
    a["zelfde_functie"] = 1.0
    b = answers.iloc[rng.choice(house, spec["internal_other_branch"], replace=False)].copy()
    for i in b.index:
        near = {1: [1, 5, 6, 8, 9], 2: [2, 3, 4]}[int(b.at[i, "sector"])]
        b.at[i, "branche_vorig"] = float(rng.choice([c for c in near if c != b.at[i, "branche"]]))
    both = pd.concat([a, b], ignore_index=True)
    # other people than their models: every answer of a scale shifts by chance within its range
    parents = parents_of(targets)
    for column in both:
        name = parents[column]
        if "items" in targets.codebook["variables"][name]:
            lo, hi = targets.bounds_of(name)
            both[column] = (both[column] + rng.choice([-1, 0, 0, 1], len(both))).clip(lo, hi)
    both["leeftijd"] = (both["leeftijd"] + rng.integers(1, 5, len(both))).clip(18, 60)
    return to_source(targets, both, rng)


def _unfinished(targets: Targets, kept: pd.DataFrame, rng: np.random.Generator) -> pd.DataFrame:
    """Respondents who stopped somewhere: the questions after that are empty."""
    n = targets.config["export"]["unfinished"]
    rows = kept.iloc[rng.choice(len(kept), n, replace=False)].reset_index(drop=True).copy()
    lead = len(targets.items_of("sector")) + 8
    for i in range(n):
        stop = int(rng.integers(lead, len(rows.columns) - 6))
        rows.iloc[i, stop:] = np.nan
        # not the answers of the model
        for c in rows.columns[lead:stop]:
            if rng.random() < 0.4 and not np.isnan(rows.at[i, c]):
                rows.at[i, c] = kept[c].dropna().iloc[int(rng.integers(kept[c].notna().sum()))]
    return rows


def _screened_out(targets: Targets, kept: pd.DataFrame, rng: np.random.Generator) -> pd.DataFrame:
    """Panel members outside care and welfare: only the first selection questions are filled in."""
    n = targets.config["export"]["screened_out"]
    columns = {item: c for c, item in source_columns(targets).items()}
    rows = pd.DataFrame(np.nan, index=range(n), columns=kept.columns)
    rows[columns["sector"]] = 3.0
    rows[columns["stap"]] = rng.choice([1.0, 2.0], n, p=[0.3, 0.7])
    rows.loc[rows[columns["stap"]] == 1, columns["sector_vorig"]] = 3.0
    return rows


def _slips(
    targets: Targets,
    raw: pd.DataFrame,
    answers: pd.DataFrame,
    avoid: set[int],
    rng: np.random.Generator,
) -> list[dict[str, Any]]:
    """Put the slips of the pen in the file and list their corrections."""
    spec = targets.config["export"]
    columns = {item: c for c, item in source_columns(targets).items()}
    used = set(avoid)
    out = []
    for slip in spec["corrections"]:
        name, kind = slip["variable"], slip["slip"]
        values = answers[name].to_numpy(dtype=float)
        gone = "missing_reason" in slip
        hits = (
            np.isnan(values)
            if gone
            else (values >= 2) & (values <= 60) & (values * 10 > targets.bounds_of(name)[1])
        )
        if kind == "year":
            hits = (values >= 2) & (values <= 12)
        i = int(rng.choice([r for r in np.flatnonzero(hits) if r not in used]))
        used.add(i)
        wrong = {"times_10": values[i] * 10, "year": spec["year"] - values[i]}.get(kind, kind)
        entry: dict[str, Any] = {
            "respondent": int(raw[spec["columns"]["respondent"]].iloc[i]),
            "column": columns[name],
            "value": int(wrong),
            "to": None if gone else int(values[i]),
            "reason": slip["reason"].format(slip=int(wrong), value="" if gone else int(values[i])),
        }
        if gone:
            entry["missing_reason"] = slip["missing_reason"]
        raw.at[i, columns[name]] = float(wrong)
        out.append(entry)
    return out
