"""Whether an outcome differs between groups: means of a number, ranks of ordered answers.

Shares of a yes or of several categories are in :mod:`mobiliteit.asking.difference_shares`. With
controls the same through a model: differences between people who have the same controls.
"""

from __future__ import annotations

import numpy as np
from scipy import stats

from mobiliteit.asking.answer import Answer, Check, Estimate, Seen
from mobiliteit.asking.building import build, not_estimated, too_few, withheld
from mobiliteit.asking.data import Asked
from mobiliteit.asking.difference_shares import categories_differ, shares_differ
from mobiliteit.asking.models import model_of
from mobiliteit.asking.pairs import (
    group_model,
    group_sizes,
    groups_of,
    pair_estimate,
    whole_estimate,
)
from mobiliteit.asking.pictures import means_of_groups
from mobiliteit.asking.question import FOUND_IN
from mobiliteit.claims.terms import Text
from mobiliteit.errors import AnalysisError
from mobiliteit.inference.adjusted import AdjustedDifferences, adjusted_differences
from mobiliteit.inference.contrasts import pairwise_means, welch_anova
from mobiliteit.inference.ordered import OrdinalRegression, ordinal_regression
from mobiliteit.inference.ranks import RankComparison, compare_ranks
from mobiliteit.results import number

ALPHA = 0.05
# From this ratio of standard deviations on, unequal spread is more than a nuance.
UNEQUAL = 1.5
# Residuals more skewed than this need groups of at least so many for a mean to behave.
SKEWED, MANY = 1.0, 100

HOLM = Text(
    nl="p gecorrigeerd voor het aantal paren (Holm), interval per paar",
    en="p corrected for the number of pairs (Holm), interval of each pair by itself",
)
RANKS = Text(nl="rangtoets (Kruskal-Wallis)", en="rank test (Kruskal-Wallis)")
ODDS = Text(nl="ordinale logistische regressie", en="ordinal logistic regression")
HC3 = Text(nl="met HC3-fouten (ongelijke spreiding mag)", en="with HC3 errors (spread may differ)")
WELCH = Text(nl="toets van Welch (ongelijke spreiding mag)", en="Welch's test (spread may differ)")
GAMES_HOWELL = Text(
    nl="Games-Howell: ongelijke spreiding mag, alle paren samen",
    en="Games-Howell: spread may differ, all pairs together",
)
RANK_MODEL = Text(
    nl="variantieanalyse van rangen, bij gelijke controlevariabelen",
    en="analysis of variance of ranks, the controls held constant",
)
AS_NUMBER = Text(
    nl="variantieanalyse, met de antwoorden als getal (zoals in het rapport)",
    en="analysis of variance, with the answers as numbers (as in the report)",
)


def answer_difference(asked: Asked) -> Answer:
    """Answer whether an outcome differs between the categories of a variable.

    Parameters
    ----------
    asked : Asked
        A question of the form ``difference`` with its respondents.

    Returns
    -------
    Answer
        A number: d and the difference of two groups, omega squared and the d of each pair of more
        (:func:`~mobiliteit.inference.adjusted.adjusted_differences`), with Welch and Games-Howell
        beside them, or HC3 errors with controls. Ordered answers: the chance of superiority of two
        groups, epsilon squared and that chance per pair of more, with analysis of variance beside
        them; with controls odds ratios. Yes or no, and categories:
        :mod:`mobiliteit.asking.difference_shares`. Withheld for too few people, or where these
        data have no estimate.
    """
    question, prepared = asked.question, asked.prepared
    kind, level = prepared.kinds[question.outcome], prepared.levels[question.outcome]
    held = len(model_of(asked, question.controls).predictors)
    if why := too_few(asked, max(len(groups_of(asked)) - 1, 0) + held):
        return withheld(asked, why)
    if kind == "many":
        return categories_differ(asked)
    try:
        if kind == "two":
            return shares_differ(asked)
        return _ranks_differ(asked) if level == "ordinal" else _means_differ(asked)
    except AnalysisError as error:
        return not_estimated(asked, error)


def _means_differ(asked: Asked) -> Answer:
    question, frame = asked.question, asked.prepared.frame
    controls, level = question.controls, asked.level
    found = adjusted_differences(frame, question.outcome, question.by, controls, level=level)
    two = len(found.groups) == 2
    method = _method_of_means(two, bool(controls))
    main = [] if two else [_omega2(asked, found, method)]
    main += _effect_sizes(asked, found, method if two else HOLM)
    if two:
        main += _differences(asked, found, method)
    robust = _allowing_spread(asked, found)
    return build(
        asked,
        method=method,
        why=_why(asked, "number"),
        estimates=main,
        robust=robust,
        table=found.tidy(),
        checks=(
            _equal_spread(asked, found, robust[0]),
            _residuals(asked, found),
            group_sizes(asked),
        ),
        picture=means_of_groups(asked, question.by, found),
        p=found.p,
    )


def _ranks_differ(asked: Asked) -> Answer:
    question, prepared = asked.question, asked.prepared
    outcome, by, controls = question.outcome, question.by, question.controls
    level, frame = asked.level, prepared.frame
    ranked = frame.assign(**{outcome: stats.rankdata(frame[outcome])})
    shares = adjusted_differences(ranked, outcome, by, controls, level=level)
    numbers = adjusted_differences(frame, outcome, by, controls, level=level)
    two = len(shares.groups) == 2
    checks = [group_sizes(asked)]
    if controls:
        method = ODDS if two else RANK_MODEL
        groups = groups_of(asked)
        reference = groups[-1] if two else prepared.commonest(by)
        model = group_model(asked, reference)
        fit = ordinal_regression(model.frame, outcome, model.predictors, level=level)
        pairs = _odds_ratios(asked, fit, model.columns[by], reference)
        checks.append(_proportional(fit))
        # The thresholds would tell how many gave an answer that few gave.
        table = fit.tidy().pipe(lambda rows: rows[~rows["statistic"].str.startswith("threshold")])
        p = pairs[0].p if two else shares.p
    else:
        compared = compare_ranks(frame, outcome, by, level=level)
        method, table, p = RANKS, compared.tidy(), compared.p
        pairs = _superiorities(asked, compared, RANKS if two else HOLM)
    share = (shares.eta2, shares.low, shares.high, shares.p if controls else p)
    whole = whole_estimate(asked, "epsilon2", share, RANK_MODEL if controls else RANKS)
    as_number = _effect_sizes(asked, numbers, AS_NUMBER)
    return build(
        asked,
        method=method,
        why=_why(asked, "order"),
        estimates=[*pairs, whole] if two else [whole, *pairs],
        robust=as_number if two else [_omega2(asked, numbers, AS_NUMBER), *as_number],
        table=table,
        checks=checks,
        picture=means_of_groups(asked, by, numbers),
        p=p,
    )


def _omega2(asked: Asked, found: AdjustedDifferences, method: Text) -> Estimate:
    numbers = (found.omega2, found.low, found.high, found.p)
    return whole_estimate(asked, "omega2", numbers, method)


def _effect_sizes(asked: Asked, found: AdjustedDifferences, method: Text) -> list[Estimate]:
    return [
        pair_estimate(
            asked, pair["a"], pair["b"], "d", (pair["d"], pair["d_low"], pair["d_high"], pair["p"]),
            method,
        )
        for pair in found.pairs.to_dict("records")
    ]  # fmt: skip


def _differences(
    asked: Asked, found: AdjustedDifferences, method: Text, tag: str = ""
) -> list[Estimate]:
    names = ("difference", f"low{tag}", f"high{tag}", f"p{tag}")
    return [
        pair_estimate(
            asked, pair["a"], pair["b"], "difference",
            (pair[names[0]], pair[names[1]], pair[names[2]], pair[names[3]]), method,
        )
        for pair in found.pairs.to_dict("records")
    ]  # fmt: skip


def _allowing_spread(asked: Asked, found: AdjustedDifferences) -> list[Estimate]:
    """Test the same without taking one spread for all groups."""
    question, level, frame = asked.question, asked.level, asked.prepared.frame
    two, df1 = len(found.groups) == 2, found.df[0]
    if question.controls:
        f, p, how = found.f_hc3, found.p_hc3, HC3
        pairs = _differences(asked, found, HC3, "_hc3")
    else:
        welch = welch_anova(frame, question.outcome, question.by)
        f, p, how = welch.f, welch.p, WELCH
        own = pairwise_means(
            frame, question.outcome, question.by, level=level,
            method="holm_welch" if two else "games_howell",
        ).pairs  # fmt: skip
        pairs = [
            pair_estimate(
                asked, pair["a"], pair["b"], "difference",
                (pair["difference"], pair["low"], pair["high"], pair["p"]),
                WELCH if two else GAMES_HOWELL,
            )
            for pair in own.to_dict("records")
        ]  # fmt: skip
    if two:
        return pairs
    omega2 = df1 * (f - 1) / (df1 * (f - 1) + found.n)
    return [whole_estimate(asked, "omega2", (omega2, np.nan, np.nan, p), how), *pairs]


def _superiorities(asked: Asked, compared: RankComparison, method: Text) -> list[Estimate]:
    return [
        pair_estimate(
            asked, pair["a"], pair["b"], "superiority",
            (pair["superiority"], pair["low"], pair["high"], pair["p"]), method,
        )
        for pair in compared.pairs.to_dict("records")
    ]  # fmt: skip


def _odds_ratios(
    asked: Asked, fit: OrdinalRegression, columns: tuple[str, ...], reference: str
) -> list[Estimate]:
    by, names = asked.question.by, ("odds_ratio", "odds_ratio_low", "odds_ratio_high", "p")
    found = []
    for column in columns:
        value, low, high, p = (number(fit.coefficients, column, name) for name in names)
        group = column.removeprefix(f"{by}{FOUND_IN}")
        limits = (value, low, high, p)
        found.append(pair_estimate(asked, group, reference, "odds_ratio", limits, ODDS))
    return found


def _equal_spread(asked: Asked, found: AdjustedDifferences, robust: Estimate) -> Check:
    """Look at the spread within groups by the test of Brown and Forsythe (1974)."""
    by, frame = asked.question.by, asked.prepared.frame
    residuals = [found.residuals[(frame[by] == group).to_numpy()] for group in found.groups.index]
    test = stats.levene(*residuals, center="median")
    spread = [float(own.std(ddof=1)) for own in residuals]
    ratio = max(spread) / min(spread) if min(spread) > 0 else np.inf
    agree = (found.p < ALPHA) == (robust.p < ALPHA)
    if test.pvalue >= ALPHA:
        means = Text(
            nl="Dat de antwoorden in de ene groep meer uiteenlopen dan in de andere is niet"
            " aangetoond; de gewone toets past.",
            en="That answers spread more in one group than in another was not shown; the ordinary"
            " test fits.",
        )
        return Check("equal_spread", "fine", float(test.statistic), float(test.pvalue), means)
    means = Text(
        nl="De antwoorden lopen in de ene groep meer uiteen dan in de andere. Lees daarom de toets"
        " ernaast, die dat toelaat: "
        + ("die komt op hetzelfde uit." if agree else "die komt op iets anders uit."),
        en="Answers spread more in one group than in another. Read the test beside it, which allows"
        " that: " + ("it comes to the same." if agree else "it comes to something else."),
    )
    seen: Seen = "broken" if ratio >= UNEQUAL and not agree else "watch"
    return Check("equal_spread", seen, float(test.statistic), float(test.pvalue), means)


def _residuals(asked: Asked, found: AdjustedDifferences) -> Check:
    skew = float(stats.skew(found.residuals))
    if abs(skew) < SKEWED:
        means = Text(
            nl="De antwoorden liggen binnen de groepen niet erg scheef om hun gemiddelde.",
            en="Within groups the answers are not very skewed around their mean.",
        )
        return Check("residuals_normal", "fine", skew, np.nan, means)
    if float(found.groups["n"].min()) >= MANY:
        means = Text(
            nl=f"De antwoorden liggen scheef om hun gemiddelde. Met minstens {MANY} mensen per"
            " groep maakt dat voor de toets weinig uit; het gemiddelde zegt alleen minder over"
            " wie gewoon is.",
            en=f"The answers are skewed around their mean. With at least {MANY} people per group"
            " that matters little to the test; the mean only says less about who is typical.",
        )
        return Check("residuals_normal", "watch", skew, np.nan, means)
    means = Text(
        nl="De antwoorden liggen scheef om hun gemiddelde en een groep is klein: interval en p zijn"
        " hier bij benadering juist.",
        en="The answers are skewed around their mean and a group is small: interval and p are"
        " approximate here.",
    )
    return Check("residuals_normal", "broken", skew, np.nan, means)


def _proportional(fit: OrdinalRegression) -> Check:
    whole = fit.proportional.iloc[0]
    chi2, p = float(whole["chi2"]), float(whole["p"])
    if np.isnan(p):
        means = Text(
            nl="Of de odds ratio bij elke grens tussen antwoorden dezelfde is, was met deze"
            " aantallen niet na te gaan.",
            en="Whether the odds ratio is the same at every cut between answers could not be"
            " checked with these numbers.",
        )
        return Check("proportional_odds", "watch", chi2, p, means)
    if p >= ALPHA:
        means = Text(
            nl="Dat de odds ratio bij de ene grens tussen antwoorden anders is dan bij de andere,"
            " is niet aangetoond (Brant).",
            en="That the odds ratio differs from one cut between answers to another was not shown"
            " (Brant).",
        )
        return Check("proportional_odds", "fine", chi2, p, means)
    means = Text(
        nl="De odds ratio is niet bij elke grens tussen antwoorden dezelfde (Brant); lees haar als"
        " gemiddelde, met de variantieanalyse ernaast.",
        en="The odds ratio is not the same at every cut between answers (Brant); read it as an"
        " average, with the analysis of variance beside it.",
    )
    return Check("proportional_odds", "watch", chi2, p, means)


def _method_of_means(two: bool, controls: bool) -> Text:
    if controls:
        return Text(nl="covariantieanalyse (kleinste kwadraten)", en="analysis of covariance (OLS)")
    if two:
        return Text(nl="t-toets", en="t test")
    return Text(nl="variantieanalyse", en="analysis of variance")


def _why(asked: Asked, what: str) -> Text:
    outcome, by = asked.label(asked.question.outcome), asked.label(asked.question.by)
    k = len(groups_of(asked))
    nl, en = {
        "number": (
            "is een getal: daarvan zijn gemiddelden te vergelijken",
            "is a number, of which means can be compared",
        ),
        "order": (
            "heeft geordende antwoorden: daarvan telt alleen de volgorde",
            "has ordered answers, of which only the order counts",
        ),
    }[what]
    return Text(
        nl=f"‘{outcome.nl}’ {nl}. ‘{by.nl}’ verdeelt de mensen in {k} groepen.",
        en=f"‘{outcome.en}’ {en}. ‘{by.en}’ divides the people into {k} groups.",
    )
