"""Whether what predictors have to do with an outcome runs via a mediator."""

from __future__ import annotations

import numpy as np
import pandas as pd

from mobiliteit.asking.answer import Answer, Check, Estimate, Picture
from mobiliteit.asking.building import build, not_estimated, too_few, withheld
from mobiliteit.asking.data import Asked
from mobiliteit.asking.models import model_of, pair_of
from mobiliteit.asking.pictured import PATHS
from mobiliteit.asking.question import split_name
from mobiliteit.claims.terms import Text
from mobiliteit.errors import AnalysisError
from mobiliteit.inference.mediate import Mediation, mediate
from mobiliteit.results import number

# Resamples, and how many people times resamples an answer may take: fewer for large waves.
RESAMPLES, LEAST, WORK = 5_000, 499, 50_000_000

LINEAR = Text(nl="lineaire regressie", en="linear regression")


def answer_mediation(asked: Asked) -> Answer:
    """Answer whether what predictors have to do with an outcome runs via a mediator.

    Parameters
    ----------
    asked : Asked
        A question of the form ``mediation`` with its respondents.

    Returns
    -------
    Answer
        The standardized indirect association of each predictor, with percentile limits of a
        bootstrap of respondents and the p-value that goes with them; then the paths, standardized:
        predictor to mediator, mediator to outcome, the direct and the whole association. Beside it
        BCa limits. The three steps by which the report argued are in the table and among the
        checks. A predictor with more than two categories has an indirect association for each but
        the commonest, held against that. Withheld for too few people, or without an estimate.

    Notes
    -----
    :func:`mobiliteit.inference.mediate.mediate`; its controls stand in every equation. Percentile
    limits come first since they hold their level best where one of the two paths is 0; BCa limits
    find too much there (its docstring has the simulation). 5,000 resamples, fewer beyond 10,000
    people (500 at 100,000), which the method says. p: twice the smaller share of resamples on
    either side of 0, the sample itself counted among them.
    """
    question, prepared = asked.question, asked.prepared
    model = model_of(asked, (*question.predictors, question.by, *question.controls))
    factors = [column for name in question.predictors for column in model.columns[name]]
    covariates = [column for name in question.controls for column in model.columns[name]]
    if why := too_few(asked, len(model.predictors)):
        return withheld(asked, why)
    resamples = int(np.clip(WORK // prepared.n, LEAST, RESAMPLES))
    try:
        found = mediate(
            model.frame, question.outcome, question.by, factors, covariates=covariates,
            level=asked.level, alpha=1 - asked.level, resamples=resamples,
        )  # fmt: skip
    except AnalysisError as error:
        return not_estimated(asked, error)
    labels = _labels(asked, factors)
    outcome, mediator = labels[question.outcome], labels[question.by]
    count = f"{resamples:,}"
    method = Text(
        nl=f"mediatie: twee lineaire regressies, bootstrap van {count.replace(',', '.')}"
        " hertrekkingen (percentielgrenzen)",
        en=f"mediation: two linear regressions, bootstrap of {count} resamples (percentile limits)",
    )
    return build(
        asked,
        method=method,
        why=Text(
            nl=f"De vraag is of het verband via ‘{mediator.nl}’ loopt. ‘{mediator.nl}’ en"
            f" ‘{outcome.nl}’ tellen als getal; het product van de twee paden is niet normaal"
            " verdeeld, vandaar de bootstrap.",
            en=f"The question is whether the association runs via ‘{mediator.en}’. ‘{mediator.en}’"
            f" and ‘{outcome.en}’ count as numbers; the product of the two paths is not normally"
            " distributed, hence the bootstrap.",
        ),
        estimates=[*_indirect(found, labels, method, "percentile"), *_paths(found, labels)],
        robust=_indirect(
            found, labels, Text(nl="bootstrap, BCa-grenzen", en="bootstrap, BCa limits"), "bca"
        ),
        table=found.tidy(),
        checks=[_limits_agree(found), _steps(found), _spread(found), *_as_numbers(asked)],
        picture=_picture(found, labels),
    )


def _labels(asked: Asked, factors: list[str]) -> dict[str, Text]:
    """Label the names of the question, and the categories that are factors of their own."""
    labels = {name: asked.label(name) for name in asked.question.names}
    for name in asked.question.predictors:
        if asked.prepared.kinds[name] == "two":
            labels[name] = pair_of(asked, name)[1]
    for factor in factors:
        if factor not in labels:
            name, category = split_name(factor)
            whole, part = asked.label(name), asked.prepared.label_of(name, category)
            labels[factor] = Text(nl=f"{whole.nl}: {part.nl}", en=f"{whole.en}: {part.en}")
    return labels


def bootstrap_p(found: Mediation, factor: str) -> float:
    """Two-sided p of an indirect association, from the resamples on either side of 0.

    Parameters
    ----------
    found : Mediation
        With its bootstrap.
    factor : str
        One of its factors.

    Returns
    -------
    float
        At least 2 / (resamples + 1).
    """
    draws = found.drawn.draws[:, len(found.factors) + found.factors.index(factor)]
    side = min(int((draws <= 0).sum()), int((draws >= 0).sum()))
    return float(min(1.0, 2 * (side + 1) / (len(draws) + 1)))


def _indirect(
    found: Mediation, labels: dict[str, Text], method: Text, limits: str
) -> list[Estimate]:
    name = "indirect_standardized"
    return [
        Estimate(
            id=factor,
            label=labels[factor],
            measure="indirect",
            value=number(found.indirect, factor, name),
            low=number(found.indirect, factor, f"{name}_{limits}_low"),
            high=number(found.indirect, factor, f"{name}_{limits}_high"),
            p=bootstrap_p(found, factor) if limits == "percentile" else float("nan"),
            n=found.n,
            method=method,
        )
        for factor in found.factors
    ]


def _paths(found: Mediation, labels: dict[str, Text]) -> list[Estimate]:
    outcome, mediator = found.outcome, found.mediator
    steps = [("a", factor, factor, mediator) for factor in found.factors]
    steps.append(("b", mediator, mediator, outcome))
    steps += [
        (path, factor, factor, outcome) for factor in found.factors for path in ("c_prime", "c")
    ]
    words = {
        "a": Text(nl="", en=""),
        "b": Text(nl=", bij gelijke voorspellers", en=", the predictors held constant"),
        "c_prime": Text(nl=", direct", en=", direct"),
        "c": Text(nl=", in totaal", en=", as a whole"),
    }
    estimates = []
    for path, row, source, target in steps:
        value, low, high, p = _coefficient(found, path, row)
        one, other, more = labels[source], labels[target], words[path]
        label = Text(nl=f"{one.nl} → {other.nl}{more.nl}", en=f"{one.en} → {other.en}{more.en}")
        key = f"{path}:{source}->{target}"
        estimates.append(Estimate(key, label, "beta", value, low, high, p, found.n, LINEAR))
    return estimates


def _picture(found: Mediation, labels: dict[str, Text]) -> Picture:
    outcome, mediator = found.outcome, found.mediator
    rows = [("a", factor, mediator, *_coefficient(found, "a", factor)) for factor in found.factors]
    rows.append(("b", mediator, outcome, *_coefficient(found, "b", mediator)))
    rows += [
        ("direct", factor, outcome, *_coefficient(found, "c_prime", factor))
        for factor in found.factors
    ]
    data = pd.DataFrame(rows, columns=list(PATHS["paths"]))
    shown = (*found.factors, mediator, outcome)
    return Picture("paths", {"paths": data}, {name: labels[name] for name in shown})


def _coefficient(found: Mediation, path: str, row: str) -> tuple[float, float, float, float]:
    names = ("beta", "beta_low", "beta_high", "p")
    value, low, high, p = (number(found.paths, (path, row), name) for name in names)
    return value, low, high, p


def _limits_agree(found: Mediation) -> Check:
    flags = found.argument.iloc[0]
    percentile, bca = (bool(flags[f"{kind}_excludes_zero"]) for kind in ("percentile", "bca"))
    if percentile == bca:
        means = Text(
            nl="Twee manieren om het interval te maken (percentiel en BCa) komen op hetzelfde uit.",
            en="Two ways to make the interval (percentile and BCa) come to the same.",
        )
        return Check("limits_agree", "fine", np.nan, np.nan, means)
    means = Text(
        nl="Het ene interval (percentiel of BCa) sluit nul uit en het andere niet: of er een"
        " indirect verband is, hangt aan de rekenwijze.",
        en="One interval (percentile or BCa) excludes zero and the other does not: whether there is"
        " an indirect association hangs on the way it is computed.",
    )
    return Check("limits_agree", "broken", np.nan, np.nan, means)


def _steps(found: Mediation) -> Check:
    met = bool(found.argument.iloc[0]["three_steps"])
    means = Text(
        nl="Aan de drie stappen waarmee het rapport een tussenstap aannemelijk maakte, is voor de"
        f" eerste voorspeller {'wel' if met else 'niet'} voldaan. Dat het directe pad niet"
        " significant is, toont nooit aan dat alles via de tussenstap loopt.",
        en="The three steps by which the report argued for a step in between are"
        f" {'met' if met else 'not met'} for the first predictor. A direct path that is not"
        " significant never shows that everything runs via the step in between.",
    )
    return Check("three_steps", "fine" if met else "watch", np.nan, np.nan, means)


def _spread(found: Mediation) -> Check:
    """Hold the paths' p-values against those that allow unequal spread."""
    alpha = found.alpha
    paths = found.paths.loc[["a", "b"]]
    agree = bool(((paths["p"] < alpha) == (paths["p_hc3"] < alpha)).all())
    if agree:
        means = Text(
            nl="Met fouten die ongelijke spreiding toelaten (HC3) komen de paden op hetzelfde uit.",
            en="With errors that allow unequal spread (HC3) the paths come to the same.",
        )
        return Check("equal_spread", "fine", np.nan, np.nan, means)
    means = Text(
        nl="Met fouten die ongelijke spreiding toelaten (HC3) is een pad wel of juist niet meer"
        " significant. Het interval van het indirecte verband laat die spreiding al toe.",
        en="With errors that allow unequal spread (HC3) a path becomes or ceases to be significant."
        " The interval of the indirect association already allows that spread.",
    )
    return Check("equal_spread", "watch", np.nan, np.nan, means)


def _as_numbers(asked: Asked) -> list[Check]:
    """Say which of mediator and outcome is no number, and is taken as one."""
    question, prepared = asked.question, asked.prepared
    taken = [
        asked.label(name)
        for name in (question.by, question.outcome)
        if prepared.kinds[name] == "two" or prepared.levels[name] != "interval"
    ]
    if not taken:
        return []
    nl, en = (
        " en ".join(f"‘{label.nl}’" for label in taken),
        " and ".join(f"‘{label.en}’" for label in taken),
    )
    means = Text(
        nl=f"{nl} is hier als getal behandeld; de paden gaan over gemiddelden of aandelen.",
        en=f"{en} was taken as a number here; the paths are about means or shares.",
    )
    return [Check("linear", "watch", np.nan, np.nan, means)]
