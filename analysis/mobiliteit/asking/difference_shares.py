"""Whether a yes, or one of several answers, comes more often in one group than in another.

An answer that fewer than ten people of a group gave is not shown, nor what would give it away: the
share of that group and its contrasts are then left out, and the measure of the whole table stands.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from mobiliteit.asking.answer import Answer, Check, Estimate, Measure, Seen
from mobiliteit.asking.building import build, withheld
from mobiliteit.asking.data import Asked
from mobiliteit.asking.pairs import (
    exposed_groups,
    group_model,
    group_sizes,
    groups_of,
    groups_picture,
    pair_estimate,
    shares_picture,
    whole_estimate,
)
from mobiliteit.asking.pictures import shares_of_groups
from mobiliteit.asking.question import FOUND_IN
from mobiliteit.claims.terms import Text
from mobiliteit.disclosure import SMALLEST
from mobiliteit.inference.adjusted import adjusted_differences
from mobiliteit.inference.association import association
from mobiliteit.inference.binary import binary_regression
from mobiliteit.inference.categorical import (
    FEW_EXPECTED,
    SMALL_EXPECTED,
    Independence,
    independence,
)
from mobiliteit.inference.shares import shares
from mobiliteit.results import number, tidy_frame

# Tables drawn for an exact p that cannot be enumerated: its error is then below 0.005.
DRAWS = 9_999

CHI2 = Text(nl="chi-kwadraattoets", en="chi-square test")
TWO_SHARES = Text(
    nl="verschil tussen twee aandelen (interval van Newcombe)",
    en="difference of two shares (Newcombe's interval)",
)
EXACT_SHARES = Text(
    nl="verschil tussen twee aandelen (interval van Newcombe, exacte toets)",
    en="difference of two shares (Newcombe's interval, exact test)",
)
PAIRS = Text(
    nl="verschil tussen aandelen (Newcombe); p gecorrigeerd voor het aantal paren (Holm)",
    en="difference of shares (Newcombe); p corrected for the number of pairs (Holm)",
)
EXACT = Text(nl="exacte toets", en="exact test")
LOGISTIC = Text(
    nl="logistische regressie, gemiddeld verschil in kans",
    en="logistic regression, average difference in chance",
)
LINEAR = Text(
    nl="lineaire kansregressie met HC3-fouten",
    en="linear probability model with HC3 errors",
)
TOO_SMALL = Text(
    nl=f"In een van de twee groepen gaven minder dan {SMALLEST} mensen een van de antwoorden;"
    " daarover wordt niets getoond.",
    en=f"In one of the two groups fewer than {SMALLEST} people gave one of the answers; nothing is"
    " shown about so few.",
)


def shares_differ(asked: Asked) -> Answer:
    """Answer whether a yes comes more often in one group than in another.

    Parameters
    ----------
    asked : Asked
        A difference of which the outcome is 0 or 1.

    Returns
    -------
    Answer
        Two groups: the difference of the shares, then Cramér's V. More: Cramér's V, then the
        difference of each pair. With controls: the average difference in chance of a logistic
        regression (and the odds ratio), with the linear probability model beside it; over more
        than two groups omega squared of that linear model first. Beside it an exact test where an
        expected count is below 5.

    Raises
    ------
    AnalysisError
        The data have no estimate.
    """
    return _adjusted(asked) if asked.question.controls else _plain(asked)


def categories_differ(asked: Asked) -> Answer:
    """Answer whether the answers to a question with several are divided otherwise in each group.

    Parameters
    ----------
    asked : Asked
        A difference of which the outcome is categorical, without controls.

    Returns
    -------
    Answer
        Cramér's V of the whole table, with the chi-square test, and an exact one where an expected
        count is below 5.
    """
    question, frame = asked.question, asked.prepared.frame
    test = independence(frame, question.outcome, question.by, draws=DRAWS)
    whole = _cramers_v(asked, test.p)
    outcome, by = asked.label(question.outcome), asked.label(question.by)
    picture = shares_picture(asked)
    return build(
        asked,
        method=CHI2,
        why=Text(
            nl=f"‘{outcome.nl}’ heeft verschillende antwoorden zonder volgorde, en ‘{by.nl}’"
            " verdeelt de mensen in groepen: dan is te vergelijken hoe de antwoorden verdeeld"
            " zijn.",
            en=f"‘{outcome.en}’ has several answers without order, and ‘{by.en}’ divides the people"
            " into groups: then it can be compared how the answers are divided.",
        ),
        estimates=[whole],
        robust=_exact(whole, test),
        table=_share_rows(picture.data["shares"]),
        checks=(_expected(test), group_sizes(asked)),
        picture=picture,
    )


def _plain(asked: Asked) -> Answer:
    question, frame, level = asked.question, asked.prepared.frame, asked.level
    outcome, by, exposed = question.outcome, question.by, exposed_groups(asked)
    test = independence(frame, outcome, by, draws=DRAWS)
    found = shares(frame, outcome, by, level=level)
    two = len(found.groups) == 2
    whole = _cramers_v(asked, test.p)
    pairs = [
        pair_estimate(
            asked, pair["a"], pair["b"], "points",
            (pair["difference"] / 100, pair["low"] / 100, pair["high"] / 100, pair["p"]),
            PAIRS if not two else EXACT_SHARES if pair["test"] == "fisher" else TWO_SHARES,
        )
        for pair in found.pairs.to_dict("records")
        if not {pair["a"], pair["b"]} & set(exposed)
    ]  # fmt: skip
    picture = None
    if not exposed:
        limits = found.groups[["percent", "low", "high"]] / 100
        picture = groups_picture(asked, limits.rename(columns={"percent": "value"}))
    estimates = [*pairs, whole] if two else [whole, *pairs]
    checks = [_expected(test), group_sizes(asked)]
    return build(
        asked,
        method=estimates[0].method,
        why=_why(asked),
        estimates=estimates,
        robust=_exact(whole, test),
        table=None if picture is None else _mean_rows(picture.data["groups"]),
        checks=[*checks, _hidden()] if exposed else checks,
        picture=picture,
        p=estimates[0].p,
    )


def _adjusted(asked: Asked) -> Answer:
    question, prepared = asked.question, asked.prepared
    outcome, by, groups = question.outcome, question.by, groups_of(asked)
    two, exposed = len(groups) == 2, exposed_groups(asked)
    if two and exposed:
        return withheld(asked, TOO_SMALL)
    reference = groups[-1] if two else prepared.commonest(by)
    model = group_model(asked, reference)
    fit = binary_regression(
        model.frame, outcome, model.predictors, blocks=model.blocks, level=asked.level
    )
    linear = adjusted_differences(prepared.frame, outcome, by, question.controls, level=asked.level)
    shown = [
        (column, group)
        for column in model.columns[by]
        if not {group := column.removeprefix(f"{by}{FOUND_IN}"), reference} & set(exposed)
    ]
    measures: list[tuple[Measure, str]] = [("points", "points_p")]
    measures += [("odds_ratio", "p")] if two else []
    pairs = []
    for measure, test in measures:
        for column, group in shown:
            names = (measure, f"{measure}_low", f"{measure}_high", test)
            value, low, high, p = (number(fit.coefficients, column, key) for key in names)
            limits = (value, low, high, p)
            pairs.append(pair_estimate(asked, group, reference, measure, limits, LOGISTIC))
    _, p = fit.together(model.columns[by])
    share = (linear.omega2, linear.low, linear.high)
    estimates = pairs if two else [whole_estimate(asked, "omega2", (*share, p), LOGISTIC), *pairs]
    robust = [
        pair_estimate(
            asked, pair["a"], pair["b"], "points",
            (pair["difference"], pair["low_hc3"], pair["high_hc3"], pair["p_hc3"]), LINEAR,
        )
        for pair in linear.pairs.to_dict("records")
        if not {pair["a"], pair["b"]} & set(exposed)
    ]  # fmt: skip
    if not two:
        robust.insert(0, whole_estimate(asked, "omega2", (*share, linear.p_hc3), LINEAR))
    picture = None if exposed else shares_of_groups(asked, model, by, fit)
    checks = [group_sizes(asked)]
    return build(
        asked,
        method=LOGISTIC,
        why=_why(asked),
        estimates=estimates,
        robust=robust,
        table=None if picture is None else _mean_rows(picture.data["groups"]),
        checks=[*checks, _hidden()] if exposed else checks,
        picture=picture,
        p=pairs[0].p if two else p,
    )


def _cramers_v(asked: Asked, p: float) -> Estimate:
    question = asked.question
    found = association(asked.prepared.frame, question.outcome, question.by, level=asked.level)
    return whole_estimate(asked, "cramers_v", (found.v, found.low, found.high, p), CHI2)


def _exact(whole: Estimate, test: Independence) -> list[Estimate]:
    """Put the exact p beside the measure of the table, where expected counts are small."""
    if not test.exact_method:
        return []
    return [
        Estimate(
            whole.id, whole.label, whole.measure, whole.value, np.nan, np.nan, test.p_exact,
            whole.n, EXACT,
        )
    ]  # fmt: skip


def _expected(test: Independence) -> Check:
    if test.note != FEW_EXPECTED:
        means = Text(
            nl=f"Elk verwacht aantal is minstens {SMALL_EXPECTED}: de chi-kwadraattoets past.",
            en=f"Every expected count is at least {SMALL_EXPECTED}: the chi-square test fits.",
        )
        return Check("expected_counts", "fine", test.least_expected, np.nan, means)
    agree = (test.p < 0.05) == (test.p_exact < 0.05)
    means = Text(
        nl=f"Een verwacht aantal is kleiner dan {SMALL_EXPECTED}. Lees de exacte toets ernaast: "
        + ("die komt op hetzelfde uit." if agree else "die komt op iets anders uit."),
        en=f"An expected count is below {SMALL_EXPECTED}. Read the exact test beside it: "
        + ("it comes to the same." if agree else "it comes to something else."),
    )
    seen: Seen = "watch" if agree else "broken"
    return Check("expected_counts", seen, test.least_expected, np.nan, means)


def _hidden() -> Check:
    means = Text(
        nl=f"In een groep gaven minder dan {SMALLEST} mensen een van de antwoorden. Het"
        " aandeel van die groep en het verschil met andere groepen worden niet getoond; de toets"
        " over alle groepen samen telt iedereen mee.",
        en=f"In a group fewer than {SMALLEST} people gave one of the answers. The share of that"
        " group and its difference from others are not shown; the test over all groups together"
        " counts everybody.",
    )
    return Check("small_counts", "watch", np.nan, np.nan, means)


def _why(asked: Asked) -> Text:
    outcome, by = asked.label(asked.question.outcome), asked.label(asked.question.by)
    return Text(
        nl=f"‘{outcome.nl}’ is wel of niet het geval, en ‘{by.nl}’ verdeelt de mensen in groepen:"
        " dan zijn aandelen te vergelijken.",
        en=f"‘{outcome.en}’ is or is not the case, and ‘{by.en}’ divides the people into groups:"
        " then shares can be compared.",
    )


def _mean_rows(groups: pd.DataFrame) -> pd.DataFrame:
    records = [
        {"row": row["id"], "statistic": f"share{tag}", "value": row[name], "n": row["n"]}
        for row in groups.to_dict("records")
        for name, tag in (("value", ""), ("low", "_low"), ("high", "_high"))
    ]
    return tidy_frame(records, analysis="shares")


def _share_rows(shown: pd.DataFrame) -> pd.DataFrame:
    records = [
        {
            "row": row["category"],
            "column": row["group"],
            "statistic": "share",
            "value": row["share"],
            "n": row["n"],
            "note": f"minder dan {SMALLEST}, of verborgen daarom" if np.isnan(row["share"]) else "",
        }
        for row in shown.to_dict("records")
    ]
    return tidy_frame(records, analysis="shares")
