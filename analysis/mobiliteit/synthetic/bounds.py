"""The numbers in the text and the plausibility bounds, with the values that a wave has."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from .items import cronbach_alpha
from .targets import Targets


@dataclass(frozen=True)
class Bound:
    """One text number or plausibility bound and the value that the wave has."""

    kind: str
    name: str
    value: float
    low: float
    high: float
    source: str

    @property
    def met(self) -> bool:
        """Whether the value lies between the bounds."""
        return self.low <= self.value <= self.high


def measure_bounds(targets: Targets, answers: pd.DataFrame, scores: pd.DataFrame) -> list[Bound]:
    """Numbers in the text, and every plausibility bound, with the value reached."""
    config = targets.config
    out = [_text_bound(scores, t) for t in config["text"]]
    for b in config["bounds"]["correlations"]:
        pair = scores[b["pair"]].dropna()
        out.append(
            Bound(
                "correlatie",
                " x ".join(b["pair"]),
                float(pair.corr().iloc[0, 1]),
                b["min"],
                b["max"],
                str(b["source"]),
            )
        )
    limits = config["bounds"]["alpha"]
    for name in config["scores"]:
        if "alpha" in config["scores"][name]:
            out.append(
                Bound(
                    "alpha",
                    name,
                    cronbach_alpha(keyed_items(targets, answers, name)),
                    limits["min"],
                    limits["max"],
                    limits["source"],
                )
            )
    days = [v for v, s in config["scores"].items() if "days" in s]
    zero = config["bounds"]["days_zero_pct"]
    for name in days:
        out.append(
            Bound(
                "zonder opleiding (%)",
                name,
                100 * float((scores[name].dropna() == 0).mean()),
                zero["min"],
                zero["max"],
                zero["source"],
            )
        )
    top = config["bounds"]["days_total_max"]
    out.append(
        Bound(
            "meeste opleidingsdagen",
            "samen",
            float(scores[days].sum(axis=1).max()),
            0,
            top["max"],
            top["source"],
        )
    )
    for b in config["bounds"]["sd"]:
        x = (
            scores.loc[scores["group"] == b["group"], b["variable"]]
            if "group" in b
            else scores[b["variable"]]
        )
        out.append(
            Bound(
                "standaardafwijking",
                b["variable"],
                float(x.std()),
                b.get("min", 0),
                b.get("max", math.inf),
                b["source"],
            )
        )
    spike, dip = config["bounds"]["end_spike"], config["bounds"]["second_peak"]
    for name in config["scores"]:
        if name in days or "range" in targets.scale_of(name):
            continue
        if "alpha" in config["scores"][name]:
            x, (lo, hi) = scores[name].dropna(), targets.bounds_of(name)
            if lo + (hi - lo) / 4 <= x.mean() <= hi - (hi - lo) / 4:
                out.append(
                    Bound(
                        "piek aan een uiteinde",
                        name,
                        end_spike(x.to_numpy(), lo, hi, len(targets.items_of(name))),
                        -1,
                        spike["max"],
                        spike["source"],
                    )
                )
        out.append(
            Bound(
                "tweede top", name, second_peak(targets, scores, name), 0, dip["max"], dip["source"]
            )
        )
    core = answers.drop(columns=[c for c in answers if answers[c].isna().all()])
    out.append(
        Bound(
            "tweelingen",
            "gelijke antwoorden op alles",
            float(core.duplicated().sum()),
            0,
            0,
            "ours",
        )
    )
    return out


def keyed_items(targets: Targets, answers: pd.DataFrame, name: str) -> np.ndarray:
    """Items of a scale with the reversed ones turned."""
    entry = targets.codebook["variables"][name]
    lo, hi = targets.bounds_of(name)
    cols = [
        lo + hi - answers[i] if entry["items"][i].get("reversed") else answers[i]
        for i in targets.items_of(name)
    ]
    return np.column_stack(cols)


def end_spike(x: np.ndarray, lo: int, hi: int, k: int) -> float:
    """Return by how much the share at an end exceeds the share beside it, for the worse end."""
    share = np.bincount(np.rint((x - lo) * k).astype(int), minlength=(hi - lo) * k + 1) / len(x)
    return float(max(share[0] - share[1], share[-1] - share[-2]))


def second_peak(targets: Targets, scores: pd.DataFrame, name: str) -> float:
    """Depth of the deepest valley between two peaks, as a share of the highest peak (0 = unimodal).

    Numbers by score are smoothed over three neighbouring scores first.
    """
    lo, hi = targets.bounds_of(name)
    k = len(targets.items_of(name))
    bins = np.rint((scores[name].dropna() - lo) * k).astype(int)
    h = np.bincount(bins, minlength=int((hi - lo) * k) + 1).astype(float)
    if len(h) > 7:
        pad = np.concatenate([h[:1], h, h[-1:]])
        h = 0.25 * pad[:-2] + 0.5 * pad[1:-1] + 0.25 * pad[2:]
    worst = 0.0
    for i in range(1, len(h) - 1):
        worst = max(worst, min(h[:i].max(), h[i + 1 :].max()) - h[i])
    return float(worst / h.max())


def _text_bound(scores: pd.DataFrame, rule: dict[str, Any]) -> Bound:
    x = scores[rule["variable"]]
    if "segment" in rule:
        x = x[scores["segment"] == rule["segment"]]
    x = x.dropna()
    value = {
        "mean": lambda: x.mean(),
        "min": lambda: x.min(),
        "max": lambda: x.max(),
        "count": lambda: x.isin(rule["codes"]).sum(),
        "pct": lambda: 100 * x.isin(rule["codes"]).mean(),
        "pct_at_least": lambda: 100 * (x >= rule["codes"][0]).mean(),
    }[rule["stat"]]()
    half = 0.0 if rule["stat"] in ("min", "max", "count") else 0.5 * 10.0 ** -rule["decimals"]
    return Bound(
        "tekst",
        rule["id"],
        float(value),
        rule["value"] - half,
        rule["value"] + half - (1e-9 if half else 0),
        f"p. {rule['source']}",
    )
