"""What a change rests on, and what else makes two waves differ, in words."""

from __future__ import annotations

import numpy as np

from mobiliteit.asking.answer import Check, Note
from mobiliteit.asking.two_waves import Both, otherwise_asked
from mobiliteit.claims.terms import Text
from mobiliteit.disclosure import SMALLEST

ENOUGH = 30


def change_checks(both: Both) -> list[Check]:
    """Look at the size of the waves, who is in both, and whether answers count as numbers."""
    return [_sizes(both), _shared(both), *_as_number(both)]


def why_of(both: Both, *, yes: bool) -> Text:
    """Say why the levels lead to means, shares or lines."""
    asked, question = both.asked, both.asked.question
    label = asked.label(question.outcome)
    nl, en = (
        ("is wel of niet het geval: aandelen", "is or is not the case: shares")
        if yes
        else ("telt als getal: gemiddelden", "counts as a number: means")
    )
    if question.predictors:
        return Text(
            nl=f"‘{label.nl}’ {nl} worden in elke golf op de voorspeller gelegd, en de lijnen"
            " vergeleken.",
            en=f"‘{label.en}’ {en} are put against the predictor in each wave, and the lines"
            " compared.",
        )
    return Text(
        nl=f"‘{label.nl}’ {nl} van de twee golven worden vergeleken.",
        en=f"‘{label.en}’ {en} of the two waves are compared.",
    )


def change_cautions(both: Both) -> tuple[Note, ...]:
    """Say what two waves may differ in besides what is asked; for all forms see `cautions`."""
    asked, study = both.asked, both.asked.wave.study
    notes = [
        Note(
            "composition",
            Text(
                nl="De golven kunnen uit andere mensen bestaan (leeftijd, branche, opleiding). Wat"
                " daarvan komt is hier alleen weggenomen voor wat gelijk gehouden is; zie"
                " `mobiliteit trends`.",
                en="The waves may hold different people (age, branch, education). What comes from"
                " that is taken out here only for what is held constant; see `mobiliteit trends`.",
            ),
        )
    ]
    names = (asked.question.outcome, *asked.question.predictors)
    scales = [asked.label(name) for name in names if len(study.questions(name)) > 1]
    if scales:
        nl, en = (
            " en ".join(f"‘{label.nl}’" for label in scales),
            " and ".join(f"‘{label.en}’" for label in scales),
        )
        notes.append(
            Note(
                "invariance",
                Text(
                    nl=f"{nl} is een schaal van verschillende vragen. Dat die in beide golven"
                    " hetzelfde meet is hier niet nagegaan; `mobiliteit scales` doet dat.",
                    en=f"{en} is a scale of several questions. Whether it measures the same in both"
                    " waves was not checked here; `mobiliteit scales` does that.",
                ),
            )
        )
    notes += [
        Note(
            "asked_otherwise",
            Text(nl=f"Golf {wave}: {text.nl}.", en=f"Wave {wave}: {text.en}."),
        )
        for wave, text in otherwise_asked(both)
    ]
    return tuple(notes)


def _sizes(both: Both) -> Check:
    least = min(part.n for part in both.parts)
    value = np.nan if both.asked.prepared.rounded else float(least)
    if least >= ENOUGH:
        means = Text(
            nl=f"Beide golven hebben minstens {ENOUGH} mensen bij deze vraag.",
            en=f"Both waves have at least {ENOUGH} people for this question.",
        )
        return Check("group_sizes", "fine", value, np.nan, means)
    means = Text(
        nl=f"Een van de golven heeft minder dan {ENOUGH} mensen bij deze vraag: de uitkomst hangt"
        " aan weinig antwoorden.",
        en=f"One of the waves has fewer than {ENOUGH} people for this question: the result hangs on"
        " few answers.",
    )
    return Check("group_sizes", "watch", value, np.nan, means)


def _shared(both: Both) -> Check:
    count = len(both.shared)
    if count >= SMALLEST:
        means = Text(
            nl="Een deel van de mensen zit in beide golven. De fouten houden daar rekening mee;"
            " hun eigen verandering staat ernaast.",
            en="Some people are in both waves. The errors allow for that; their own change stands"
            " beside it.",
        )
    else:
        means = Text(
            nl=f"Minder dan {SMALLEST} mensen zitten in beide golven: het zijn zo goed als twee"
            " aparte groepen mensen, en niemands eigen verandering.",
            en=f"Fewer than {SMALLEST} people are in both waves: these are as good as two separate"
            " groups of people, and nobody's own change.",
        )
    return Check("shared_people", "fine", np.nan, np.nan, means)


def _as_number(both: Both) -> list[Check]:
    asked, question = both.asked, both.asked.question
    if asked.prepared.levels[question.outcome] != "ordinal":
        return []
    means = Text(
        nl="De antwoorden hebben alleen een volgorde, en zijn hier als getal behandeld: de stappen"
        " ertussen tellen als even groot.",
        en="The answers have an order only, and were taken as numbers here: the steps between them"
        " count as equal.",
    )
    return [Check("linear", "watch", np.nan, np.nan, means)]
