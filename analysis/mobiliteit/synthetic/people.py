"""Who the respondents are: group, segment, screening answers and demographics.

Class counts are exact (see :mod:`.counts`); who gets which class follows latent normal scores, so
that demographics hang together as they do among people (care for children and age, hours and
care, tenure and age).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np
import pandas as pd

from .counts import CountsError, group_sizes, solve_counts
from .targets import Targets


def draw_people(targets: Targets, rng: np.random.Generator) -> pd.DataFrame:
    """Draw the demographics and screening answers of the kept sample.

    Returns
    -------
    DataFrame
        One row per respondent; codebook names and codes (binary 0/1), no missing values except
        ``diensttijd`` and
        questions not asked (NaN); columns ``segment`` and ``group`` beside them.
    """
    counts = solve_counts(targets)
    sizes = group_sizes(targets)
    groups = targets.groups
    segment = np.repeat(list(targets.segment_sizes), list(targets.segment_sizes.values()))
    frame = pd.DataFrame({"segment": segment})
    frame["group"] = [targets.segments["segments"][s]["group"] for s in segment]
    frame = frame.iloc[rng.permutation(len(frame))].reset_index(drop=True)
    if [int((frame["group"] == g).sum()) for g in groups] != list(sizes):
        raise CountsError("the segments of table 3.1 do not add up to the groups")
    _age(targets, frame, counts["leeftijd_klasse"], rng)
    age = frame["leeftijd"].to_numpy()
    noise = lambda: rng.standard_normal(len(frame))  # noqa: E731
    male = _ranked(frame, counts["geslacht_klasse"], {"vrouw": 0, "man": 1}, groups, noise())
    frame["geslacht"] = male
    # care for children peaks around forty
    care = -(((age - 40) / 9.0) ** 2) + 1.1 * noise()
    frame["zorgtaken"] = _ranked(
        frame, counts["zorgtaken_klasse"], {"geen": 0, "wel": 1}, groups, care
    )
    study = 0.35 * np.where(age < 22, -1.0, 0.4) + noise()
    _education(targets, frame, counts["opleiding_klasse"], study)
    hours = (
        0.9 * male
        - 0.8 * frame["zorgtaken"] * (1 - male)
        - 0.9 * (age < 23)
        + 0.18 * frame["opleidingsniveau"]
        + 0.9 * noise()
    )
    _hours(targets, frame, counts["uren_klasse"], hours.to_numpy(), rng)
    steady = 0.04 * age + 0.02 * frame["uren"] + noise()
    vast = _ranked(
        frame,
        counts["dienstverband_klasse"],
        {"tijdelijk": 0, "vast": 1},
        groups,
        steady.to_numpy(),
    )
    _contract(targets, frame, vast, rng)
    _sectors(targets, frame, rng)
    _tenure(targets, frame, rng)
    _jobs(targets, frame, rng)
    return frame


def _ranked(
    frame: pd.DataFrame,
    counts: Mapping[str, np.ndarray],
    codes: Mapping[str, int],
    groups: list[str],
    latent: np.ndarray,
) -> np.ndarray:
    """Give classes by rank of a latent score inside each group, lowest class first."""
    out = np.zeros(len(frame), dtype=int)
    for g, group in enumerate(groups):
        rows = np.flatnonzero(frame["group"].to_numpy() == group)
        order = rows[np.argsort(np.asarray(latent)[rows], kind="stable")]
        out[order] = np.repeat([codes[c] for c in counts], [counts[c][g] for c in counts])
    return out


def nudge_mean(
    values: np.ndarray,
    lo: float,
    hi: float,
    redraw: Callable[[int], float],
    rng: np.random.Generator,
) -> None:
    """Redraw single values in place until the mean lies between two bounds.

    Raises
    ------
    CountsError
        Not reached in many tries: the bounds do not fit the classes.
    """
    target = (lo + hi) / 2
    for _ in range(20_000):
        mean = values.mean()
        if lo <= mean <= hi:
            return
        i = int(rng.integers(len(values)))
        new = redraw(i)
        if (new - values[i]) * (target - mean) > 0:
            values[i] = new
    raise CountsError(f"mean {values.mean():.3f} does not come between {lo} and {hi}")


def _mean_interval(targets: Targets, variable: str, group: str) -> tuple[float, float]:
    lo, hi = next(c.interval(0.1) for c in targets.cells if c.row == variable and c.column == group)
    return lo, hi


def _age(
    targets: Targets,
    frame: pd.DataFrame,
    counts: Mapping[str, np.ndarray],
    rng: np.random.Generator,
) -> None:
    """Whole years inside the age classes, with the printed means and extremes."""
    limits = targets.config["demographics"]["leeftijd"]
    classes = targets.codebook["derived"]["leeftijd_klasse"]["classes"]
    code = {c: k for k, c in enumerate(counts)}
    klass = _ranked(frame, counts, code, targets.groups, rng.standard_normal(len(frame)))
    lows = np.array([max(classes[c]["from"], limits["min"]) for c in counts])
    highs = np.array([min(classes[c]["to"] - 1, limits["max"]) for c in counts])
    age = np.array([rng.integers(lows[k], highs[k] + 1) for k in klass], dtype=float)
    for group in targets.groups:
        rows = np.flatnonzero(frame["group"].to_numpy() == group)
        part = age[rows]
        lo, hi = _mean_interval(targets, "leeftijd", group)
        own = klass[rows]

        def redraw(i: int, own: np.ndarray = own) -> float:
            return float(rng.integers(lows[own[i]], highs[own[i]] + 1))

        nudge_mean(part, lo, hi, redraw, rng)
        age[rows] = part
    # the youngest and the oldest of the text are there
    for extreme, pick in (
        (limits["min"], int(np.argmin(age))),
        (limits["max"], int(np.argmax(age))),
    ):
        age[pick] = extreme
    frame["leeftijd"] = age.astype(int)


def _education(
    targets: Targets, frame: pd.DataFrame, counts: Mapping[str, np.ndarray], latent: np.ndarray
) -> None:
    classes = targets.codebook["derived"]["opleiding_klasse"]["classes"]
    levels = {int(k): v for k, v in targets.config["counts"]["opleidingsniveau"].items()}
    klass = _ranked(frame, counts, {c: k for k, c in enumerate(counts)}, targets.groups, latent)
    out = np.zeros(len(frame), dtype=int)
    for k, name in enumerate(counts):
        rows = np.flatnonzero(klass == k)
        codes = classes[name]["from"]
        order = rows[np.argsort(np.asarray(latent)[rows], kind="stable")]
        wanted = [levels[c] for c in codes]
        wanted[-1] += len(rows) - sum(wanted)
        out[order] = np.repeat(codes, wanted)
    frame["opleidingsniveau"] = out


def _hours(
    targets: Targets,
    frame: pd.DataFrame,
    counts: Mapping[str, np.ndarray],
    latent: np.ndarray,
    rng: np.random.Generator,
) -> None:
    likely = targets.config["demographics"]["uren"]
    klass = _ranked(frame, counts, {c: k for k, c in enumerate(counts)}, targets.groups, latent)
    values = [np.array(list(likely[c]), dtype=float) for c in counts]
    weights = [np.array(list(likely[c].values()), dtype=float) for c in counts]
    draw = lambda k: float(rng.choice(values[k], p=weights[k] / weights[k].sum()))  # noqa: E731
    hours = np.array([draw(k) for k in klass])
    for group in targets.groups:
        rows = np.flatnonzero(frame["group"].to_numpy() == group)
        part = hours[rows]
        lo, hi = _mean_interval(targets, "uren", group)
        own = klass[rows]

        def redraw(i: int, own: np.ndarray = own) -> float:
            return draw(own[i])

        nudge_mean(part, lo, hi, redraw, rng)
        hours[rows] = part
    frame["uren"] = _full_time(targets, hours, rng).astype(int)


def _full_time(targets: Targets, hours: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Bring the share with full-time hours to the percentage in the text, by an hour each."""
    text = next(
        t for t in targets.config["text"] if t["stat"] == "pct_at_least" and t["variable"] == "uren"
    )
    limit = text["codes"][0]
    want = round(text["value"] / 100 * len(hours))
    extra = int((hours >= limit).sum()) - want
    pool = np.flatnonzero(hours == (limit if extra > 0 else limit - 1))
    hours[rng.choice(pool, abs(extra), replace=False)] += -1 if extra > 0 else 1
    return hours


def _contract(
    targets: Targets, frame: pd.DataFrame, vast: np.ndarray, rng: np.random.Generator
) -> None:
    """Four contract types inside the printed division in two."""
    mobile = (frame["group"] == targets.groups[-1]).to_numpy()
    out = np.where(vast == 1, 1, 3)
    # a new job more often starts with the prospect of a permanent contract
    prospect = rng.random(len(frame)) < np.where(mobile, 0.45, 0.06)
    on_call = rng.random(len(frame)) < 0.35
    out = np.where((vast == 1) & prospect, 2, out)
    frame["dienstverband"] = np.where((vast == 0) & on_call, 4, out)


def _tenure(targets: Targets, frame: pd.DataFrame, rng: np.random.Generator) -> None:
    """Years of service: longer with age, short after a change of employer."""
    age = frame["leeftijd"].to_numpy()
    years = np.zeros(len(frame))
    stay = (frame["zelfde_instelling"] == 1).to_numpy()
    for group, mean in targets.config["demographics"]["diensttijd"].items():
        rows = np.flatnonzero(frame["group"].to_numpy() == group)
        mobile = group == targets.groups[-1]
        if mobile:
            part = np.where(stay[rows], rng.gamma(1.6, 3.0, len(rows)), rng.random(len(rows)) * 1.4)
        else:
            part = (
                rng.gamma(1.5, mean / 1.5, len(rows)) * (age[rows] - 15) / (age[rows] - 15).mean()
            )
        # who made no step in the past year has been there for a year at least
        least = np.where(stay[rows] | (not mobile), 1, 0)
        cap = np.where(least > 0, np.maximum(1, age[rows] - 17), 1)
        part = np.clip(np.rint(part) if not mobile else np.floor(part), least, cap)
        lo, hi = _mean_interval(targets, "diensttijd", group)
        lo, hi = lo + 0.1, hi - 0.1

        def redraw(
            i: int, part: np.ndarray = part, least: np.ndarray = least, cap: np.ndarray = cap
        ) -> float:
            return float(np.clip(part[i] + rng.choice([-1, 1]), least[i], cap[i]))

        nudge_mean(part, lo, hi, redraw, rng)
        years[rows] = part
    frame["diensttijd"] = years


def _sectors(targets: Targets, frame: pd.DataFrame, rng: np.random.Generator) -> None:
    """Screening answers that put everybody in exactly the drawn segment."""
    spec = targets.config["demographics"]
    outside = int(spec["buiten_branche"])
    welfare = set(spec["welzijn_branches"])
    names = {
        entry["id"]: int(code)
        for code, entry in targets.codebook["variables"]["branche"]["values"].items()
    }
    totals = {
        names[c.row]: int(c.number)
        for c in targets.table("3.2")
        if c.column == "aantal" and c.row in names
    }
    segment = frame["segment"].to_numpy()
    n = len(frame)
    gone = segment == "uitstroom"
    branch = np.zeros(n, dtype=int)
    branch[gone] = outside
    totals[outside] -= int(gone.sum())
    rest = np.flatnonzero(~gone)
    branch[rng.permutation(rest)] = np.repeat(list(totals), list(totals.values()))
    own = np.where(np.isin(branch, list(welfare)), 2, 1)
    own = np.where((branch == outside) & (rng.random(n) < 0.45), 2, own)
    sector = np.where(gone, 3, own)

    def other_branch(i: int, s: int) -> int:
        pool = [
            b
            for b in names.values()
            if b != branch[i] and b != outside and (b in welfare) == (s == 2)
        ]
        weights = np.array([totals[b] for b in pool], dtype=float)
        return int(rng.choice(pool, p=weights / weights.sum()))

    step = np.isin(
        segment,
        [s for s, e in targets.segments["segments"].items() if e["group"] == targets.groups[-1]],
    )
    before = np.full(n, np.nan)
    old_branch = np.full(n, np.nan)
    same_house = np.full(n, np.nan)
    same_job = np.full(n, np.nan)
    for i in np.flatnonzero(step):
        kind = segment[i]
        same_house[i] = float(kind == "functie_instelling")
        same_job[i] = (
            0.0
            if kind.startswith("functie")
            else float(rng.random() < (0.5 if "branche" in kind else 0.25))
        )
        if kind == "instroom":
            before[i], old_branch[i] = 3, outside
        elif kind == "doorstroom_sector":
            before[i] = 3 - sector[i]
            old_branch[i] = other_branch(int(i), int(before[i]))
        elif kind == "doorstroom_branche":
            before[i] = sector[i]
            old_branch[i] = other_branch(int(i), int(before[i]))
        elif kind == "uitstroom":
            before[i] = 1 if rng.random() < 0.8 else 2
            old_branch[i] = other_branch(int(i), int(before[i]))
        else:
            before[i], old_branch[i] = sector[i], branch[i]
    frame["sector"] = sector
    frame["stap"] = step.astype(int)
    frame["sector_vorig"] = before
    frame["branche_vorig"] = old_branch
    frame["zelfde_instelling"] = same_house
    frame["zelfde_functie"] = same_job
    frame["overwogen"] = np.where(step, np.nan, (segment == "overwogen").astype(float))
    frame["branche"] = branch


def _jobs(targets: Targets, frame: pd.DataFrame, rng: np.random.Generator) -> None:
    """Draw the type of job: managers older and higher educated, leavers in other jobs."""
    counts = {int(k): v for k, v in targets.config["counts"]["functie"].items()}
    level = frame["opleidingsniveau"].to_numpy()
    age = frame["leeftijd"].to_numpy()
    job = np.full(len(frame), 1)
    gone = (frame["sector"] == 3).to_numpy()
    job[gone] = 4
    free = np.flatnonzero(~gone)
    manage = free[
        np.argsort(-(0.5 * level[free] + 0.04 * age[free] + 1.2 * rng.standard_normal(len(free))))[
            : counts[2]
        ]
    ]
    job[manage] = 2
    free = np.setdiff1d(free, manage)
    staff = free[
        np.argsort(-(0.5 * level[free] + 1.2 * rng.standard_normal(len(free))))[: counts[3]]
    ]
    job[staff] = 3
    free = np.setdiff1d(free, staff)
    odd = 1.5 * (
        frame["branche"].to_numpy()[free] == targets.config["demographics"]["buiten_branche"]
    ) + rng.standard_normal(len(free))
    job[free[np.argsort(-odd)[: counts[4] - int(gone.sum())]]] = 4
    frame["functie"] = job
