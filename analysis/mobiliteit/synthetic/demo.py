"""The demo wave: respondents of a year two years after 2006, with and without planted changes.

A third are followed from 2006: two years older, same sex and education. They answer as they did
then (with a stated chance) or as somebody much like them; the new ones as somebody of 2006 does.
Answers are taken over whole, screening included, so that all relations between them are kept. What
is not planted is therefore the same as in 2006 but for chance; :data:`PLANTS` names what is.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from mobiliteit.clean import clean
from mobiliteit.identifiers import hashed
from mobiliteit.ingest import RawWave, read_raw
from mobiliteit.segments import classify
from mobiliteit.study import Study

from .demo_design import (
    COMPOSITION,
    RESPONDENTS,
    YEARS,
    Design,
    Panel,
    age_class,
    keeps_own_job,
    make_design,
)
from .demo_plants import (
    DRIFTING_ITEM,
    ENDING,
    REVERSAL,
    add_lagged,
    exchange_items,
    raise_item,
    raise_mean,
    scale_score,
    scales_of,
    take_relation,
)

IN_ANSWERS = (
    "effectiviteit_hoger",
    "netwerken_zonder_effect",
    "sollicitaties_omgekeerd",
    "item_verschuift",
    "netwerken_werkt_later",
)
PLANTS = (*COMPOSITION, *IN_ANSWERS)
"""Ids of all planted changes; ``wave.yaml`` of the demo wave says what each is."""


@dataclass(frozen=True)
class DemoAnswers:
    """A drawn wave, before it becomes a supplier's file.

    Attributes
    ----------
    answers : pandas.DataFrame
        Index: respondent id, of 2006 for who is followed. Columns and codes as in
        :attr:`Panel.answers`.
    people : pandas.DataFrame
        Same index: ``followed`` and ``own_answers`` (bool), ``model`` (whose answers of 2006 were
        taken), ``segment`` and ``group``.
    planted : tuple of str
        Ids of the planted changes.
    """

    answers: pd.DataFrame
    people: pd.DataFrame
    planted: tuple[str, ...]


def read_panel(directory: Path, study: Study) -> Panel:
    """Read the classified respondents of a synthetic wave to build on.

    Parameters
    ----------
    directory : Path
        ``data_raw/2006``.
    study : Study
        With codebook and segment rules.

    Returns
    -------
    Panel
        Under the respondent ids that stand in the raw file.

    Raises
    ------
    MobiliteitError
        The wave cannot be used.
    """
    raw = read_raw(directory, study)
    cleaned = clean(raw, study)
    sorted_into = classify(cleaned.frame, study)
    segment = sorted_into[study.segments.segment_variable.id].astype(str)
    group = sorted_into[study.segments.group_variable.id].astype(str)
    kept = (group != study.segments.unclassified.id).to_numpy()
    answers = in_codes(cleaned.frame, study)[kept]
    answers.index = source_ids(raw, answers.index)
    education = answers["opleidingsniveau"]
    classes = np.select([education <= 2, education <= 5], ["lager", "middelbaar"], "hoger")
    return Panel(
        answers=answers,
        segment=segment[kept].to_numpy(dtype=str),
        group=group[kept].to_numpy(dtype=str),
        age_class=age_class(answers["leeftijd"].to_numpy(dtype=float)),
        education=classes,
    )


def source_ids(raw: RawWave, index: pd.Index) -> pd.Index:
    """Turn hashed ids back into those of the raw file, which the same salt hashes to."""
    respondent = raw.descriptor.respondent
    if respondent.salt is None:
        return index
    ids = [f"{number:.0f}" for number in raw.frame[respondent.column].unique()]
    plain = dict(zip(hashed(ids, respondent.salt), ids, strict=True))
    return pd.Index([plain[one] for one in index], name=index.name)


def in_codes(frame: pd.DataFrame, study: Study) -> pd.DataFrame:
    """Write clean answers as codes throughout; nominal ones hold value ids in a clean frame."""
    columns = {}
    for column in study.codebook.columns():
        values = frame[column.name]
        if column.value_ids is not None:
            codes = {name: code for code, name in column.value_ids.items()}
            values = values.astype("object").map(codes)
        columns[column.name] = values.astype("float64")
    return pd.DataFrame(columns, index=frame.index)


def draw_demo(
    seed: int, *, panel: Panel, study: Study, planted: Iterable[str] = PLANTS
) -> DemoAnswers:
    """Draw a demo wave.

    Parameters
    ----------
    seed : int
        The same seed gives the same wave.
    panel : Panel
        The respondents of 2006, from :func:`read_panel`.
    study : Study
        Says which items make a scale.
    planted : iterable of str
        Which of :data:`PLANTS`; none for a wave in which nothing has changed.

    Returns
    -------
    DemoAnswers
        1,300 respondents, all of whom fit a segment.

    Raises
    ------
    ValueError
        A planted change that does not exist.
    """
    chosen = frozenset(planted)
    if unknown := chosen - set(PLANTS):
        raise ValueError(f"no such planted change: {', '.join(sorted(unknown))}; use {PLANTS}")
    rng = np.random.default_rng(seed)
    design = make_design(panel, chosen & set(COMPOSITION))
    answers, people = _people(panel, design, rng)
    for name in scales_of(study):
        exchange_items(answers, name, panel, study, rng)
    segment = people["segment"].to_numpy(dtype=str)
    mover = (people["group"] == "mobielen").to_numpy()
    if "effectiviteit_hoger" in chosen:
        raise_mean(answers, "effectiviteit", panel, study, rng)
    if "item_verschuift" in chosen:
        raise_item(answers, DRIFTING_ITEM, 5.0, rng)
    if "netwerken_zonder_effect" in chosen:
        take_relation(
            answers, "loopbaanstap_succes", "netwerken", ENDING, panel, segment, study, rng
        )
    if "sollicitaties_omgekeerd" in chosen:
        take_relation(
            answers, "loopbaantevredenheid", "sollicitaties", REVERSAL, panel, segment, study, rng
        )
    if "netwerken_werkt_later" in chosen:
        followed = people["followed"].to_numpy()
        earlier = np.full(len(answers), np.nan)
        then = pd.Series(scale_score(panel.answers, "netwerken", study), index=panel.answers.index)
        earlier[followed] = then[answers.index[followed]]
        now = scale_score(answers, "netwerken", study)
        add_lagged(answers, "loopbaanstap_succes", earlier, now, mover & followed, study, rng)
    return DemoAnswers(answers, people, tuple(plant for plant in PLANTS if plant in chosen))


def _people(
    panel: Panel, design: Design, rng: np.random.Generator
) -> tuple[pd.DataFrame, pd.DataFrame]:
    n = len(panel.answers)
    followed = np.flatnonzero(rng.random(n) < design.follow)
    own = rng.random(len(followed)) < design.own[followed]
    rows = design.donors[followed]
    drawn = (rng.random(len(followed))[:, None] * rows[:, -1:] >= rows).sum(axis=1)
    model = np.where(own, followed, np.minimum(drawn, n - 1))
    fresh = rng.choice(n, RESPONDENTS - len(followed), p=design.fresh)
    models = np.concatenate([model, fresh])
    first = int(panel.answers.index.astype(int).max()) // 100_000 * 100_000 + 100_000
    numbers = first + rng.choice(9 * len(fresh), len(fresh), replace=False)
    ids = np.concatenate([panel.answers.index[followed], numbers.astype(str)])
    answers = panel.answers.iloc[models].set_axis(pd.Index(ids, name="respondent"))
    _keep_own(answers, panel, followed, model)
    people = pd.DataFrame(
        {
            "followed": np.arange(len(models)) < len(followed),
            "own_answers": np.concatenate([own, np.zeros(len(fresh), dtype=bool)]),
            "model": panel.answers.index[models],
            "segment": panel.segment[models],
            "group": panel.group[models],
        },
        index=answers.index,
    )
    return answers, people


def _keep_own(answers: pd.DataFrame, panel: Panel, who: np.ndarray, model: np.ndarray) -> None:
    """Give the followed their own sex, education, age and years of service, and where they work."""
    mine, theirs = panel.answers.iloc[who], panel.answers.iloc[model]
    here = answers.index[: len(who)]
    for name in ("geslacht", "opleidingsniveau"):
        answers.loc[here, name] = mine[name].to_numpy()
    answers.loc[here, "leeftijd"] = mine["leeftijd"].to_numpy() + YEARS
    stayed = ~((theirs["stap"] == 1) & (theirs["zelfde_instelling"] == 0)).to_numpy()
    years = mine["diensttijd"].to_numpy() + YEARS
    answers.loc[here[stayed], "diensttijd"] = np.minimum(years[stayed], 50)
    own, still = keeps_own_job(panel)
    same = own[who] & still[model]
    for name in ("sector", "branche", "functie"):
        answers.loc[here[same], name] = mine[name].to_numpy()[same]
