"""Whether an outcome changed between two waves, or what a predictor has to do with it.

Two waves compare two sets of people; some may be in both, and the errors allow for that. Unless
everybody is in both, a change of the waves is none of persons.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pandas as pd

from mobiliteit.asking.answer import Answer, Estimate, Measure
from mobiliteit.asking.building import build, not_estimated, too_few, withheld
from mobiliteit.asking.change_pictures import level_picture, slope_picture
from mobiliteit.asking.change_words import change_cautions, change_checks, why_of
from mobiliteit.asking.data import Asked
from mobiliteit.asking.models import model_of, pair_of
from mobiliteit.asking.privacy import with_rounded_people
from mobiliteit.asking.refusals import problem
from mobiliteit.asking.two_waves import Both, put_together
from mobiliteit.claims.terms import Text
from mobiliteit.design import Design, design_of
from mobiliteit.disclosure import SMALLEST, small
from mobiliteit.errors import AnalysisError
from mobiliteit.inference import changes
from mobiliteit.inference.changes import Mean, mean_of, two_waves
from mobiliteit.inference.effects import noncentral_t_interval, small_sample_factor
from mobiliteit.inference.paired import paired_change
from mobiliteit.inference.pooled_waves import (
    SlopeChange,
    change_of_mean,
    change_of_slope,
    pooled_sd,
)
from mobiliteit.results import tidy_frame
from mobiliteit.weights import with_design

MEANS = Text(
    nl="verschil tussen twee golven; fouten houden rekening met wie in beide zit",
    en="difference between two waves; errors allow for who is in both",
)
HELD = Text(
    nl="regressie over beide golven samen; fouten per persoon geclusterd",
    en="regression over both waves together; errors clustered by person",
)
SLOPES = Text(
    nl="regressie per golf, samen geschat; fouten per persoon geclusterd",
    en="regression in each wave, estimated together; errors clustered by person",
)
SAME_PEOPLE = Text(
    nl="alleen wie in beide golven zit, met zichzelf vergeleken",
    en="only those in both waves, each compared with themselves",
)
SAME_SLOPES = Text(nl="alleen wie in beide golven zit", en="only those in both waves")
TOO_SMALL = Text(
    nl=f"In een van de golven gaven minder dan {SMALLEST} mensen een van de antwoorden; daarover"
    " wordt niets getoond.",
    en=f"In one of the waves fewer than {SMALLEST} people gave one of the answers; nothing is shown"
    " about so few.",
)


def answer_change(asked: Asked) -> Answer:
    """Answer whether an outcome, or its association with a predictor, changed since a wave.

    Parameters
    ----------
    asked : Asked
        A question of the form ``change``, with the wave that is held against. The same
        restrictions choose the people in both waves.

    Returns
    -------
    Answer
        Always this wave less the other. Of an outcome: d and the difference, or percentage points
        of a yes; beside them the change of those who are in both, where they are ten or more. Of
        an association: the difference of the slopes (``interaction``; ``points`` of a yes), then
        the slope in each wave, which are in standard deviations within waves, of a 0/1 predictor
        from 0 to 1; beside it the same among those in both. `n` counts people once. Its cautions
        say what makes two waves differ besides change; :mod:`mobiliteit.asking.ask` adds to them.

    Raises
    ------
    AnalysisError
        There is no other wave, or a wave has no value of a name.

    Notes
    -----
    Without controls a change of a mean is that of :func:`mobiliteit.inference.changes.change`, as
    in ``mobiliteit trends`` without weights; with controls, and of a slope, least squares over both
    waves with errors clustered by hashed person id
    (:mod:`mobiliteit.inference.pooled_waves`). The limits of d invert the noncentral t. Ordered
    answers count as numbers.
    """
    both = put_together(asked)
    question, kinds = both.asked.question, both.asked.prepared.kinds
    columns = model_of(both.asked, question.controls)
    if why := too_few(both.asked, 2 * (1 + len(question.predictors) + len(columns.predictors))):
        return withheld(both.asked, why)
    if kinds[question.outcome] == "two" and _few(both):
        return withheld(both.asked, TOO_SMALL)
    held = columns.frame[columns.predictors].to_numpy(dtype="float64")
    try:
        answer = (_slope if question.predictors else _level)(both, held)
    except AnalysisError as error:
        return not_estimated(both.asked, error)
    first, second = ({"nl": wave.mark("nl"), "en": wave.mark("en")} for wave in both.waves)
    marks = {
        lang: " ".join(dict.fromkeys(filter(None, (second[lang], first[lang])))) for lang in first
    }
    answer = replace(answer, mark=Text(**marks), cautions=change_cautions(both))
    return with_rounded_people(answer) if both.asked.prepared.rounded else answer


def _few(both: Both) -> bool:
    # An answer of few was left out of its wave already: what is left there is one answer.
    if any(len(part.categories[both.asked.question.outcome]) < 2 for part in both.parts):
        return True
    values = both.values(both.asked.question.outcome)
    counts = [(values[rows] == code).sum() for rows in (~both.later, both.later) for code in (0, 1)]
    return any(small(int(count)) for count in counts)


def _level(both: Both, held: np.ndarray) -> Answer:
    asked, question = both.asked, both.asked.question
    values, yes = both.values(question.outcome), asked.prepared.kinds[question.outcome] == "two"
    means = _means(both, values)
    if question.controls:
        found, method = change_of_mean(values, both.later, held, both.person), HELD
    else:
        waves, method = (
            two_waves(*means[2], (both.waves[0].frame.index, both.waves[1].frame.index)),
            MEANS,
        )
        found = changes.change(waves, means[0], means[1])
    if not found.se > 0:
        what = Text(nl="iedereen gaf hetzelfde antwoord", en="everybody gave the same answer")
        remedy = Text(nl="Vraag naar een andere uitkomst.", en="Ask about another outcome.")
        raise AnalysisError("This change cannot be estimated.", [problem(what, remedy)])
    low, high = found.limits(asked.level)
    estimate = _making(both, method)
    raw = estimate("points" if yes else "difference", (found.value, low, high, found.p))
    estimates = [replace(raw, base=means[0].value) if yes else raw]
    if not yes:
        sd = pooled_sd(values, both.later)
        t, scale = found.value / found.se, found.se / sd
        limits = noncentral_t_interval(np.array([t]), found.df, asked.level)
        d = t * scale * small_sample_factor(len(values) - 2)
        ends = [float(limit[0]) * scale for limit in limits]
        estimates.insert(0, estimate("d", (d, ends[0], ends[1], found.p)))
    return build(
        asked,
        method=method,
        why=why_of(both, yes=yes),
        estimates=estimates,
        robust=_same_people(both, values, yes=yes),
        table=_mean_rows(both, means[:2]),
        checks=change_checks(both),
        picture=level_picture(both, means[:2], yes=yes),
        n=both.people,
        against_sha256=both.waves[0].sha256,
    )


def _slope(both: Both, held: np.ndarray) -> Answer:
    asked, question = both.asked, both.asked.question
    name, yes = question.predictors[0], asked.prepared.kinds[question.outcome] == "two"
    y, x = both.values(question.outcome), both.values(name)
    number = asked.prepared.kinds[name] == "number"
    scale = (pooled_sd(x, both.later) if number else 1.0) / (1 if yes else pooled_sd(y, both.later))
    found = change_of_slope(y, x, both.later, held, both.person)
    measures: tuple[Measure, Measure] = ("points", "points") if yes else (
        "interaction", "beta" if number else "d"
    )  # fmt: skip
    estimates = [_making(both, SLOPES)(measures[0], _scaled(found.change, scale, asked.level))]
    sizes = (both.parts[0].n, both.parts[1].n)
    for wave, slope, n in zip(both.waves, (found.first, found.second), sizes, strict=True):
        value, low, high, p = _scaled(slope, scale, asked.level)
        label = Text(nl=f"golf {wave.id}", en=f"wave {wave.id}")
        estimates.append(Estimate(wave.id, label, measures[1], value, low, high, p, n, SLOPES))
    return build(
        asked,
        method=SLOPES,
        why=why_of(both, yes=yes),
        estimates=estimates,
        robust=_same_slopes(both, y, x, held, scale, measures[0]),
        table=_slope_rows(both, found),
        checks=change_checks(both),
        picture=slope_picture(both, found, yes=yes),
        n=both.people,
        against_sha256=both.waves[0].sha256,
    )


def _means(both: Both, values: np.ndarray) -> tuple[Mean, Mean, tuple[Design, Design]]:
    """Mean of each wave over those who are asked about, under the design of the whole wave."""
    means, designs = [], []
    for wave, part, rows in zip(both.waves, both.parts, (~both.later, both.later), strict=True):
        index = wave.frame.index
        whole = np.full(len(index), np.nan)
        whole[index.get_indexer(part.frame.index)] = values[rows]
        designs.append(design_of(with_design(pd.DataFrame(index=index), np.ones(len(index)))))
        means.append(mean_of(designs[-1], whole))
    return means[0], means[1], (designs[0], designs[1])


def _making(both: Both, method: Text) -> Callable[[Measure, tuple[float, ...]], Estimate]:
    asked, question = both.asked, both.asked.question
    name = (question.predictors or (question.outcome,))[0]

    two = question.predictors and asked.prepared.kinds[name] == "two"
    label = pair_of(asked, name)[1] if two else asked.label(name)

    def make(measure: Measure, found: tuple[float, ...]) -> Estimate:
        value, low, high, p = found
        return Estimate(name, label, measure, value, low, high, p, both.people, method)

    return make


def _scaled(
    found: changes.Estimate, scale: float, level: float
) -> tuple[float, float, float, float]:
    low, high = found.limits(level)
    return scale * found.value, scale * low, scale * high, found.p


def _same_people(both: Both, values: np.ndarray, *, yes: bool) -> list[Estimate]:
    """Compare those in both waves with themselves; none where they are fewer than ten."""
    shared = both.shared
    if len(shared) < SMALLEST:
        return []
    sides = [
        pd.Series(values[rows], index=both.person[rows]).loc[shared].to_numpy()
        for rows in (~both.later, both.later)
    ]
    if yes and any(small(int((side == code).sum())) for side in sides for code in (0, 1)):
        return []
    found = paired_change(sides[0], sides[1], both.asked.level)
    question = both.asked.question
    return [
        Estimate(
            question.outcome, both.asked.label(question.outcome), "points" if yes else "difference",
            found.mean, found.low, found.high, found.p, found.n, SAME_PEOPLE,
        )
    ]  # fmt: skip


def _same_slopes(
    both: Both, y: np.ndarray, x: np.ndarray, held: np.ndarray, scale: float, measure: Measure
) -> list[Estimate]:
    rows = np.isin(both.person, both.shared)
    n = int(rows.sum()) // 2
    if n < SMALLEST + 2 * (1 + held.shape[1]):
        return []
    try:
        found = change_of_slope(y[rows], x[rows], both.later[rows], held[rows], both.person[rows])
    except AnalysisError:
        return []  # those in both do not vary enough: there is no second opinion
    made = _making(both, SAME_SLOPES)(measure, _scaled(found.change, scale, both.asked.level))
    return [replace(made, n=n)]


def _mean_rows(both: Both, means: tuple[Mean, Mean]) -> pd.DataFrame:
    records = [
        {"row": both.asked.question.outcome, "column": wave.id, "statistic": name, "value": value}
        | {"n": mean.n}
        for wave, mean in zip(both.waves, means, strict=True)
        for name, value in (("mean", mean.value), ("sd", mean.sd))
    ]
    return tidy_frame(records, analysis="change")


def _slope_rows(both: Both, found: SlopeChange) -> pd.DataFrame:
    name, outcome = both.asked.question.predictors[0], both.asked.question.outcome
    slopes = [
        (both.waves[0].id, found.first, both.parts[0].n),
        (both.waves[1].id, found.second, both.parts[1].n),
        ("change", found.change, both.people),
    ]
    records = [
        {"row": name, "column": f"{outcome} {where}", "statistic": statistic, "value": value}
        | ({"p": slope.p, "n": n} if statistic == "b" else {"n": n})
        for where, slope, n in slopes
        for statistic, value in (("b", slope.value), ("b_se", slope.se))
    ]
    return tidy_frame(records, analysis="change")
