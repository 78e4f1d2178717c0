"""Does the written wave give the published tables? Brute force, from the files alone.

Reads the SPSS file and its ``wave.yaml`` back, cleans and classifies by the study files, and
computes every published cell the plain way: no sums kept by the generator are used.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
import pyreadstat
import yaml
from scipy import stats

from .cells import class_codes
from .counts import class_cells
from .problem import regression_specs
from .targets import Cell, Targets, round_half_up


@dataclass(frozen=True)
class Verdict:
    """One published cell against the wave.

    Attributes
    ----------
    cell : Cell
    computed : float or bool
        Unrounded number, or the outcome of the test.
    exact : bool
        Number at printed precision, stars, Ja or Nee all agree.
    slack : float
        Room to the nearer edge of the rounding interval, in half-widths (1 = centre, 0 = edge);
        inf for counts and tests.
    p_room : float
        Relative distance of the p value to the nearest threshold that matters; inf where there is
        no test.
    """

    cell: Cell
    computed: float | bool
    exact: bool
    slack: float
    p_room: float


def read_back(targets: Targets, wave_dir: Path) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Clean answers and scores of the kept sample, from the files.

    Returns
    -------
    answers : DataFrame
        Codebook variables and items, NaN = missing or not asked.
    scores : DataFrame
        One column per variable (scale scores), with ``segment`` and ``group``.
    """
    side = yaml.safe_load((wave_dir / "wave.yaml").read_text(encoding="utf-8"))
    raw, _ = pyreadstat.read_sav(str(wave_dir / side["file"]["name"]), user_missing=True)
    if len(raw) != side["file"]["rows"]:
        raise ValueError(
            f"{side['file']['name']}: {len(raw)} rows, wave.yaml says {side['file']['rows']}"
        )
    person = side["respondent"]["column"]
    for fix in side["corrections"]:
        row = raw[person] == fix["respondent"]
        if not (raw.loc[row, fix["column"]] == fix["value"]).any():
            raise ValueError(f"correction of {fix['respondent']} {fix['column']} matches no value")
        raw.loc[row, fix["column"]] = np.nan if fix["to"] is None else fix["to"]
    for rule in side["exclude"]:
        raw = raw[~raw[rule["column"]].isin(rule["is"])]
    raw = raw.drop_duplicates().reset_index(drop=True)
    if raw[person].duplicated().any():
        raise ValueError("respondent numbers are not unique after dropping identical rows")
    variables = targets.codebook["variables"]
    parents = {item: name for name in variables for item in targets.items_of(name)}
    answers = pd.DataFrame(index=raw.index)
    for column, entry in side["columns"].items():
        item, recode = (
            (entry, {}) if isinstance(entry, str) else (entry["variable"], entry["recode"])
        )
        missing = [int(c) for c in targets.scale_of(parents[item]).get("missing", {})]
        values = raw[column].astype(float)
        values = values.where(~values.isin(missing))
        answers[item] = values.map(lambda x, r=recode: x if np.isnan(x) else r.get(int(x), x))
    for name, entry in variables.items():
        for source, codes in entry.get("asked", {}).items():
            for item in targets.items_of(name):
                answers[item] = answers[item].where(answers[source].isin(codes))
        lo, hi = (
            (0, math.inf)
            if "values" not in targets.scale_of(name) and "range" not in targets.scale_of(name)
            else targets.bounds_of(name)
        )
        for item in targets.items_of(name):
            bad = answers[item].notna() & ((answers[item] < lo) | (answers[item] > hi))
            if bad.any():
                raise ValueError(f"{item}: {sorted(set(answers.loc[bad, item]))} outside {lo}-{hi}")
    segment = _segments(targets, answers)
    keep = np.array([s is not None for s in segment])
    answers = answers[keep].reset_index(drop=True)
    scores = pd.DataFrame({name: _score(targets, answers, name) for name in variables})
    for name, entry in targets.codebook["derived"].items():
        if entry["kind"] == "mean":
            part = scores[entry["of"]]
            enough = part.notna().mean(axis=1) >= entry["min_answered"]
            scores[name] = part.mean(axis=1).where(enough)
    scores["segment"] = [s for s in segment if s is not None]
    scores["group"] = [targets.segments["segments"][s]["group"] for s in scores["segment"]]
    return answers, scores


def _segments(targets: Targets, answers: pd.DataFrame) -> list[str | None]:
    """Segment of each respondent, None for who fits none or more than one."""
    fits = {}
    for name, entry in targets.segments["segments"].items():
        ok = np.ones(len(answers), dtype=bool)
        for rule in entry["when"]:
            if "variable" in rule:
                ok &= answers[rule["variable"]].isin(rule["is"]).to_numpy()
            else:
                a, b = (answers[v].to_numpy() for v in rule.get("same", rule.get("different")))
                known = ~np.isnan(a) & ~np.isnan(b)
                ok &= known & ((a == b) if "same" in rule else (a != b))
        fits[name] = ok
    table = pd.DataFrame(fits)
    return [
        table.columns[int(np.argmax(row))] if row.sum() == 1 else None for row in table.to_numpy()
    ]


def _score(targets: Targets, answers: pd.DataFrame, name: str) -> pd.Series:
    entry = targets.codebook["variables"][name]
    items = answers[targets.items_of(name)].copy()
    lo, hi = targets.bounds_of(name) if "items" in entry else (0, 0)
    for item in items:
        if "items" in entry and entry["items"][item].get("reversed"):
            items[item] = lo + hi - items[item]
    enough = items.notna().mean(axis=1) >= entry.get("min_answered", 1.0)
    return items.mean(axis=1).where(enough)


def ols(y: np.ndarray, x: np.ndarray) -> tuple[np.ndarray, np.ndarray, float, float]:
    """Standardised betas, their p values, R2 and the p value of its F test."""
    z = (x - x.mean(0)) / x.std(0, ddof=1)
    w = (y - y.mean()) / y.std(ddof=1)
    n, k = z.shape
    beta, *_ = np.linalg.lstsq(z, w, rcond=None)
    rss = float(((w - z @ beta) ** 2).sum())
    r2 = 1 - rss / float((w**2).sum())
    se = np.sqrt(rss / (n - k - 1) * np.diag(np.linalg.inv(z.T @ z)))
    p = 2 * stats.t.sf(np.abs(beta / se), n - k - 1)
    f = (r2 / k) / ((1 - r2) / (n - k - 1))
    return beta, p, r2, float(stats.f.sf(f, k, n - k - 1))


def _stars(p: float) -> int:
    return int(p < 0.05) + int(p < 0.01) + int(p < 0.001)


def _p_room(p: float, stars: bool) -> float:
    return min(
        abs(math.log(max(p, 1e-300) / level))
        for level in ((0.05, 0.01, 0.001) if stars else (0.05,))
    )


def _number(cell: Cell, value: float, stars: int = 0, p: float | None = None) -> Verdict:
    count = cell.column in ("respons", "aantal")
    off = abs(value - cell.number) / cell.half
    exact = (
        round_half_up(value, cell.decimals) == round(cell.number, cell.decimals)
        and stars == cell.stars
    )
    exact &= not (cell.value == 0 and value < 0)
    return Verdict(
        cell,
        float(value),
        bool(exact),
        math.inf if count else 1 - off,
        math.inf if p is None else _p_room(p, True),
    )


def evaluate(targets: Targets, scores: pd.DataFrame) -> list[Verdict]:
    """All published cells, computed the plain way."""
    out: dict[Cell, Verdict] = {}
    group, segment = scores["group"].to_numpy(), scores["segment"].to_numpy()
    for cell in targets.table("3.1"):
        out[cell] = _number(
            cell, len(scores) if cell.row == "totaal" else float((segment == cell.row).sum())
        )
    code = {v["id"]: int(k) for k, v in targets.codebook["variables"]["branche"]["values"].items()}
    for cell in targets.table("3.2"):
        n = (
            len(scores)
            if cell.row == "totaal"
            else int((scores["branche"] == code[cell.row]).sum())
        )
        out[cell] = _number(cell, n if cell.column == "aantal" else 100 * n / len(scores))
    for cell in targets.cells:
        if cell.table in ("3.3", "3.4", "3.5", "3.6"):
            by, order = (
                (segment, list(targets.segment_sizes)[:6])
                if cell.table == "3.6"
                else (group, targets.groups)
            )
            percent = any(
                c.printed.endswith("%") for c in targets.table(cell.table) if c.row == cell.row
            )
            out[cell] = _compare(targets, scores, cell, by, order, percent)
    for spec in regression_specs(targets):
        cols = [*spec.predictors, spec.outcome]
        part = scores if spec.sample is None else scores[scores["group"] == spec.sample]
        data = part[cols].dropna().to_numpy(dtype=float)
        beta, p, r2, p_f = ols(data[:, -1], data[:, :-1])
        for j, cell in enumerate(spec.cells):
            out[cell] = _number(cell, beta[j], _stars(p[j]), p[j])
        out[spec.r2] = _number(spec.r2, 100 * r2, _stars(p_f), p_f)
    classes = class_codes(targets, scores)
    for factor, key, cell in class_cells(targets):
        y = scores[cell.column].to_numpy()
        ok = ~np.isnan(y)
        names = list(targets.codebook["derived"][factor]["classes"])
        p_class = float(stats.f_oneway(*[y[ok & (classes[factor] == k)] for k in names]).pvalue)
        first = key == names[0]
        value = _number(cell, y[ok & (classes[factor] == key)].mean())
        star = first and p_class < 0.05
        out[cell] = Verdict(
            cell,
            value.computed,
            value.exact and star == cell.lead_star,
            value.slack,
            _p_room(p_class, False) if first else math.inf,
        )
    return [out[c] for c in targets.cells]


def _compare(
    targets: Targets,
    scores: pd.DataFrame,
    cell: Cell,
    by: np.ndarray,
    order: list[str],
    percent: bool,
) -> Verdict:
    """Compute a mean or percentage by group, or the test of the row."""
    y = scores[cell.row].to_numpy(dtype=float)
    if percent:
        yes = next(
            (
                e
                for e in targets.codebook["derived"].values()
                if e["of"] == [cell.row] and set(e["classes"]) == {"nee", "ja"}
            ),
            None,
        )
        if yes is not None:
            ids = {
                v.get("id"): int(k)
                for k, v in targets.codebook["variables"][cell.row]["values"].items()
            }
            y = np.where(
                np.isnan(y),
                np.nan,
                np.isin(y, [ids.get(c, c) for c in yes["classes"]["ja"]["from"]]),
            )
    parts = [y[(by == name) & ~np.isnan(y)] for name in order]
    if cell.verdict is None:
        return _number(cell, parts[order.index(cell.column)].mean() * (100 if percent else 1))
    if percent:
        p = stats.chi2_contingency(
            np.array([[x.sum(), len(x) - x.sum()] for x in parts]), correction=False
        ).pvalue
    else:
        p = stats.f_oneway(*parts).pvalue
    return Verdict(
        cell, bool(p < 0.05), bool((p < 0.05) == cell.verdict), math.inf, _p_room(float(p), False)
    )
