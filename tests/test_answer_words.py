"""Sentences of answers: the exact words for every form, measure and verdict, in both languages."""

from __future__ import annotations

import itertools
import typing
from dataclasses import replace

import pytest

from answer_builders import (
    CHANCE,
    DIFFERENCE,
    EFFECT,
    FOR,
    HELD,
    NONE,
    SHARE,
    SINCE,
    TREND,
    VIA,
    answer,
    both,
    estimate,
    full,
    group_means,
    paths,
)
from mobiliteit.asking.answer import Answer, Measure, Note, Verdict
from mobiliteit.asking.question import Question
from mobiliteit.errors import AnalysisError
from mobiliteit.render.answer_measures import MEANINGS, NAMES, decimals_for, direction
from mobiliteit.render.answer_phrases import PHRASES
from mobiliteit.render.answer_words import listed, sentence

SEX = Question("effect", "tevredenheid", ("geslacht",))
TWO = Question("effect", "tevredenheid", ("netwerken", "orienteren"))
WITHHELD = both(
    "Er zijn minder dan 12 mensen met een antwoord op alle variabelen van de vraag.",
    "Fewer than 12 people have an answer to all variables of the question.",
)
LOW = estimate("vrouw", "beta", 0.3, 0.2, 0.4, label=both("vrouw", "woman"))
HIGH = estimate("man", "beta", 0.1, 0.004, 0.2)

CASES: dict[str, tuple[Answer, str, str]] = {
    "number, up": (
        answer(EFFECT, estimate("netwerken", "beta", 0.314, 0.252, 0.376), size="medium"),
        "In golf 2006 hangt netwerken samen met de tevredenheid: hoe hoger het een, hoe hoger het"
        " ander; dat verband heet middelgroot (bèta 0,31, 95%-interval 0,25 tot 0,38, n = 530;"
        " vuistregel: Cohen (1988)).",
        "In wave 2006, networking goes with satisfaction: the higher the one, the higher the other;"
        " that association is called medium (beta 0.31, 95% interval 0.25 to 0.38, n = 530; rule of"
        " thumb: Cohen (1988)).",
    ),
    "number, down, among some, two controls": (
        answer(HELD, estimate("netwerken", "beta", -0.12, -0.2, -0.004), size="small"),
        "Onder mobielen in golf 2006 hangt netwerken samen met de tevredenheid als leeftijd en het"
        " aantal werkuren gelijk zijn: hoe hoger het een, hoe lager het ander; dat verband heet"
        " klein (bèta -0,120, 95%-interval -0,200 tot -0,004, n = 530; vuistregel: Cohen (1988)).",
        "Among movers in wave 2006, networking goes with satisfaction when age and the number of"
        " hours are held constant: the higher the one, the lower the other; that association is"
        " called small (beta -0.120, 95% interval -0.200 to -0.004, n = 530; rule of thumb: Cohen"
        " (1988)).",
    ),
    "number, cannot tell": (
        answer(
            HELD,
            estimate("netwerken", "beta", 0.06, -0.05, 0.17),
            verdict="unclear",
            size="negligible",
        ),
        "Deze golf (2006) kan niet zeggen of netwerken samenhangt met de tevredenheid onder"
        " mobielen als leeftijd en het aantal werkuren gelijk zijn: bij deze antwoorden past zowel"
        " geen verband als een verband dat ertoe doet (bèta 0,06, 95%-interval -0,05 tot 0,17,"
        " n = 530; vuistregel: Cohen (1988)).",
        "This wave (2006) cannot tell whether networking goes with satisfaction among movers when"
        " age and the number of hours are held constant: these answers fit with both no"
        " association and one that matters (beta 0.06, 95% interval -0.05 to 0.17, n = 530; rule"
        " of thumb: Cohen (1988)).",
    ),
    "number, none": (
        answer(
            EFFECT,
            estimate("netwerken", "beta", 0.0, -0.04, 0.05),
            verdict="none",
            size="negligible",
        ),
        "In golf 2006 is er geen verband van betekenis tussen netwerken en de tevredenheid, want"
        " het hele interval ligt binnen wat verwaarloosbaar heet (bèta 0,00, 95%-interval -0,04"
        " tot 0,05, n = 530; vuistregel: Cohen (1988)).",
        "In wave 2006, there is no association that matters between networking and satisfaction,"
        " since the whole interval lies within what is called negligible (beta 0.00, 95% interval"
        " -0.04 to 0.05, n = 530; rule of thumb: Cohen (1988)).",
    ),
    "withheld": (
        answer(EFFECT, verdict="withheld", n=0, why=WITHHELD),
        "Deze golf (2006) kan niet zeggen of netwerken samenhangt met de tevredenheid. "
        + WITHHELD.nl,
        "This wave (2006) cannot tell whether networking goes with satisfaction. " + WITHHELD.en,
    ),
    "nothing estimated": (
        answer(EFFECT, estimate("netwerken", "beta", NONE), verdict="unclear"),
        "Deze golf (2006) kan niet zeggen of netwerken samenhangt met de tevredenheid: met deze"
        " antwoorden is het niet te schatten (n = 530).",
        "This wave (2006) cannot tell whether networking goes with satisfaction: it cannot be"
        " estimated from these answers (n = 530).",
    ),
    "a chance": (
        answer(CHANCE, estimate("netwerken", "points", -0.01, -0.018, -0.002), size="negligible"),
        "In golf 2006 hangt netwerken samen met een succesvolle stap: hoe hoger het een, hoe minder"
        " vaak het ander; dat verband heet verwaarloosbaar (-1,0 procentpunt, 95%-interval -1,8 tot"
        " -0,2, n = 530; vuistregel: Cohen (1988)).",
        "In wave 2006, networking goes with a successful step: the higher the one, the less often"
        " the other; that association is called negligible (-1.0 percentage point, 95% interval"
        " -1.8 to -0.2, n = 530; rule of thumb: Cohen (1988)).",
    ),
    "an odds ratio below 1": (
        answer(EFFECT, estimate("netwerken", "odds_ratio", 0.8, 0.7, 0.9), size="negligible"),
        "In golf 2006 hangt netwerken samen met de tevredenheid: hoe hoger het een, hoe lager het"
        " ander; dat verband heet verwaarloosbaar (odds ratio 0,80, 95%-interval 0,70 tot 0,90,"
        " n = 530; vuistregel: Cohen (1988)).",
        "In wave 2006, networking goes with satisfaction: the higher the one, the lower the other;"
        " that association is called negligible (odds ratio 0.80, 95% interval 0.70 to 0.90,"
        " n = 530; rule of thumb: Cohen (1988)).",
    ),
    "two categories in a model": (
        answer(SEX, estimate("geslacht", "d", -0.3, -0.5, -0.1), size="small"),
        "In golf 2006 hangt geslacht samen met de tevredenheid: gemiddeld lager"
        " bij ‘man’ dan bij ‘vrouw’; dat verband heet klein (d -0,30, 95%-interval -0,50 tot -0,10,"
        " n = 530; vuistregel: Cohen (1988)).",
        "In wave 2006, sex goes with satisfaction: lower on average for ‘man’ than"
        " for ‘woman’; that association is called small (d -0.30, 95% interval -0.50 to -0.10,"
        " n = 530; rule of thumb: Cohen (1988)).",
    ),
    "two predictors": (
        answer(
            TWO,
            estimate("netwerken", "beta", 0.3, 0.1, 0.5),
            estimate("netwerken", "b", 0.7, 0.2, 1.2),
            estimate("orienteren", "beta", 0.01, -0.1, 0.2),
            size="medium",
        ),
        "In golf 2006 hangt netwerken samen met de tevredenheid als oriënteren gelijk is: hoe hoger"
        " het een, hoe hoger het ander; dat verband heet middelgroot (bèta 0,30, 95%-interval 0,10"
        " tot 0,50, n = 530; vuistregel: Cohen (1988)). In hetzelfde model: oriënteren bèta 0,01"
        " (-0,10 tot 0,20).",
        "In wave 2006, networking goes with satisfaction when orienting is held constant: the"
        " higher the one, the higher the other; that association is called medium (beta 0.30, 95%"
        " interval 0.10 to 0.50, n = 530; rule of thumb: Cohen (1988)). In the same model:"
        " orienting beta 0.01 (-0.10 to 0.20).",
    ),
    "more than two groups": (
        answer(
            DIFFERENCE,
            estimate("groep", "omega2", 0.031, 0.01, 0.06, p=0.0001),
            picture=group_means(["Blijvers", "Overwegers", "Mobielen"]),
            size="small",
        ),
        "In golf 2006 verschilt de tevredenheid naar groep: gemiddeld het hoogst"
        " bij ‘Mobielen’ en het laagst bij ‘Blijvers’; dat verschil heet klein (omega² 3,1%,"
        " 95%-interval 1,0% tot 6,0%, p < 0,001, n = 530; vuistregel: Cohen (1988)).",
        "In wave 2006, satisfaction differs by group: highest on average for"
        " ‘Mobielen’ and lowest for ‘Blijvers’; that difference is called small (omega² 3.1%, 95%"
        " interval 1.0% to 6.0%, p < 0.001, n = 530; rule of thumb: Cohen (1988)).",
    ),
    "two groups": (
        answer(DIFFERENCE, estimate("mobielen:blijvers", "d", 0.31, 0.1, 0.5), size="small"),
        "In golf 2006 verschilt de tevredenheid naar groep: gemiddeld hoger bij ‘Mobielen’ dan bij"
        " ‘Blijvers’; dat verschil heet klein (d 0,31, 95%-interval 0,10 tot 0,50, n = 530;"
        " vuistregel: Cohen (1988)).",
        "In wave 2006, satisfaction differs by group: higher on average for ‘Movers’ than for"
        " ‘Stayers’; that difference is called small (d 0.31, 95% interval 0.10 to 0.50, n = 530;"
        " rule of thumb: Cohen (1988)).",
    ),
    "ranks of two groups": (
        answer(
            DIFFERENCE, estimate("mobielen:blijvers", "superiority", 0.41, 0.35, 0.47), size="small"
        ),
        "In golf 2006 verschilt de tevredenheid naar groep: meestal lager bij ‘Mobielen’ dan bij"
        " ‘Blijvers’; dat verschil heet klein (kans op het hogere antwoord 41,0%, 95%-interval"
        " 35,0% tot 47,0%, n = 530; vuistregel: Cohen (1988)).",
        "In wave 2006, satisfaction differs by group: mostly lower for ‘Movers’ than for ‘Stayers’;"
        " that difference is called small (chance of the higher answer 41.0%, 95% interval 35.0%"
        " to 47.0%, n = 530; rule of thumb: Cohen (1988)).",
    ),
    "shares of two groups, cannot tell": (
        answer(SHARE, estimate("vrouw:man", "points", -0.04, -0.12, 0.04), verdict="unclear"),
        "Deze golf (2006) kan niet zeggen of het hebben van een POP verschilt naar geslacht: bij"
        " deze antwoorden past zowel geen verschil als een verschil dat ertoe doet (-4,0"
        " procentpunt, 95%-interval -12,0 tot 4,0, n = 530).",
        "This wave (2006) cannot tell whether having a POP differs by sex: these answers fit with"
        " both no difference and one that matters (-4.0 percentage points, 95% interval -12.0 to"
        " 4.0, n = 530).",
    ),
    "mediation": (
        answer(
            VIA,
            estimate("orienteren", "indirect", 0.08, 0.03, 0.13),
            picture=paths(["orienteren"]),
            size="small",
        ),
        "In golf 2006 is er een positief indirect verband tussen oriënteren en de tevredenheid via"
        " netwerken; dat verband heet klein (indirect verband 0,08, 95%-interval 0,03 tot 0,13,"
        " n = 530; vuistregel: Cohen (1988)); of er daarnaast een direct verband is, blijft open.",
        "In wave 2006, there is a positive indirect association between orienting and satisfaction"
        " via networking; that association is called small (indirect association 0.08, 95% interval"
        " 0.03 to 0.13, n = 530; rule of thumb: Cohen (1988)); whether there is a direct"
        " association besides remains open.",
    ),
    "mediation, other direction": (
        answer(
            VIA,
            estimate("orienteren", "indirect", 0.08, 0.03, 0.13),
            picture=paths(["orienteren"], direct_p=0.001, direct=-0.2),
        ),
        "In golf 2006 is er een positief indirect verband tussen oriënteren en de tevredenheid via"
        " netwerken (indirect verband 0,08, 95%-interval 0,03 tot 0,13, n = 530); daarnaast is er"
        " een direct verband in de andere richting, bèta -0,20 (-0,28 tot -0,12).",
        "In wave 2006, there is a positive indirect association between orienting and satisfaction"
        " via networking (indirect association 0.08, 95% interval 0.03 to 0.13, n = 530); besides,"
        " there is a direct association in the other direction, beta -0.20 (-0.28 to -0.12).",
    ),
    "moderation": (
        answer(FOR, estimate("geslacht", "interaction", 0.2, 0.1, 0.3), LOW, HIGH, size="small"),
        "In golf 2006 verschilt het verband tussen netwerken en de tevredenheid naar geslacht; dat"
        " verschil heet klein (verschil in bèta 0,20, 95%-interval 0,10 tot 0,30, n = 530;"
        " vuistregel: Cohen (1988)); bij ‘vrouw’ is het verband bèta 0,30 (0,20 tot 0,40) en bij"
        " ‘man’ bèta 0,100 (0,004 tot 0,200).",
        "In wave 2006, the association between networking and satisfaction differs by sex; that"
        " difference is called small (difference in beta 0.20, 95% interval 0.10 to 0.30, n = 530;"
        " rule of thumb: Cohen (1988)); for ‘woman’ the association is beta 0.30 (0.20 to 0.40) and"
        " for ‘man’ beta 0.100 (0.004 to 0.200).",
    ),
    "moderation, none": (
        answer(
            FOR,
            estimate("geslacht", "interaction", 0.01, -0.05, 0.06),
            LOW,
            HIGH,
            verdict="none",
            size="negligible",
        ),
        "In golf 2006 verschilt het verband tussen netwerken en de tevredenheid niet van betekenis"
        " naar geslacht, want het hele interval ligt binnen wat verwaarloosbaar heet (verschil in"
        " bèta 0,01, 95%-interval -0,05 tot 0,06, n = 530; vuistregel: Cohen (1988)); bij ‘vrouw’"
        " is het verband bèta 0,30 (0,20 tot 0,40) en bij ‘man’ bèta 0,100 (0,004 tot 0,200).",
        "In wave 2006, the association between networking and satisfaction does not differ by sex"
        " in a way that matters, since the whole interval lies within what is called negligible"
        " (difference in beta 0.01, 95% interval -0.05 to 0.06, n = 530; rule of thumb: Cohen"
        " (1988)); for ‘woman’ the association is beta 0.30 (0.20 to 0.40) and for ‘man’ beta"
        " 0.100 (0.004 to 0.200).",
    ),
    "change": (
        answer(SINCE, estimate("tevredenheid", "d", -0.2, -0.3, -0.1), size="small", wave="2008"),
        "In golf 2008 is de tevredenheid gemiddeld lager dan in golf 2006; dat verschil heet klein"
        " (d -0,20, 95%-interval -0,30 tot -0,10, n = 530; vuistregel: Cohen (1988)).",
        "In wave 2008, satisfaction is, on average, lower than in wave 2006; that difference is"
        " called small (d -0.20, 95% interval -0.30 to -0.10, n = 530; rule of thumb: Cohen"
        " (1988)).",
    ),
    "change of a share": (
        answer(
            Question("change", "pop", since="2006"),
            estimate("pop", "points", 0.0401, 0.01, 0.08),
            wave="2008",
        ),
        "In golf 2008 komt het hebben van een POP vaker voor dan in golf 2006 (4,0 procentpunt,"
        " 95%-interval 1,0 tot 8,0, n = 530).",
        "In wave 2008, having a POP is found more often than in wave 2006 (4.0 percentage points,"
        " 95% interval 1.0 to 8.0, n = 530).",
    ),
    "change of an association": (
        answer(TREND, estimate("netwerken", "interaction", -0.2, -0.3, -0.1), wave="2008"),
        "In golf 2008 is het verband tussen netwerken en de tevredenheid anders dan in golf 2006:"
        " meer negatief (verschil in bèta -0,20, 95%-interval -0,30 tot -0,10, n = 530).",
        "In wave 2008, the association between networking and satisfaction is different from wave"
        " 2006: more negative (difference in beta -0.20, 95% interval -0.30 to -0.10, n = 530).",
    ),
    "synthetic": (
        full(),
        "Onder mobielen in golf 2006 hangt netwerken samen met de tevredenheid als leeftijd en het"
        " aantal werkuren gelijk zijn: hoe hoger het een, hoe hoger het ander; dat verband heet"
        " middelgroot (bèta 0,31, 95%-interval 0,25 tot 0,38, n = 530; vuistregel: Cohen (1988))"
        " (synthetische antwoorden: geen bevinding).",
        "Among movers in wave 2006, networking goes with satisfaction when age and the number of"
        " hours are held constant: the higher the one, the higher the other; that association is"
        " called medium (beta 0.31, 95% interval 0.25 to 0.38, n = 530; rule of thumb: Cohen"
        " (1988)) (synthetic answers: not a finding).",
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_the_sentence_says_exactly_this(name: str) -> None:
    given, nl, en = CASES[name]
    assert given.say() == nl
    assert given.say("en") == en


QUESTIONS = (EFFECT, HELD, CHANCE, SEX, TWO, DIFFERENCE, SHARE, VIA, FOR, SINCE, TREND)
CAUSES = ("veroorz", "leidt tot", "effect", "door ", "cause", "leads", "because", "evidence")


@pytest.mark.parametrize("lang", ["nl", "en"])
def test_every_combination_gives_one_clean_sentence(lang: str) -> None:
    measures, verdicts = typing.get_args(Measure), typing.get_args(Verdict)
    for question, measure, verdict in itertools.product(QUESTIONS, measures, verdicts):
        main = estimate(question.names[-1], measure, 0.4, 0.3, 0.6)
        asked = answer(question, main, verdict=verdict, size="small", why=WITHHELD)
        text = asked.say(lang)
        assert text[0].isupper() and text.endswith(".") and ".." not in text
        assert not any(sign in text for sign in "{}_") and "  " not in text and "nan" not in text
        assert not any(word in text.lower() for word in CAUSES)
        if verdict == "withheld":
            assert not any(number in text for number in ("0.4", "0,4", "40", "530"))
        if verdict in ("unclear", "withheld"):
            assert ("kan niet zeggen" if lang == "nl" else "cannot tell") in text


def test_a_wave_that_is_synthetic_always_says_so() -> None:
    mark = (Note("synthetic", both("synthetisch", "synthetic")),)
    for given, *_ in CASES.values():
        marked = replace(given, cautions=mark)
        assert "(synthetische antwoorden: geen bevinding)." in marked.say()
        assert "(synthetic answers: not a finding)." in marked.say("en")


def test_no_full_mediation_and_no_direct_association_without_its_p() -> None:
    main = estimate("orienteren", "indirect", 0.08, 0.03, 0.13)
    for p, shown in ((0.049, "daarnaast is er een direct"), (0.051, "blijft open"), (NONE, "open")):
        text = answer(VIA, main, picture=paths(["orienteren"], direct_p=p)).say()
        assert shown in text and "volledig" not in text


def test_other_predictors_of_one_model_are_told_with_what_they_compare() -> None:
    asked = Question("effect", "tevredenheid", ("netwerken", "geslacht"))
    label = both("Geslacht: man tegenover vrouw", "Sex: man against woman")
    beta, d = estimate("netwerken", "beta", 0.3), estimate("geslacht=man:vrouw", "d", 0.2)
    text = answer(asked, beta, replace(d, label=label)).say()
    assert "als geslacht gelijk is: " in text
    assert text.endswith(" In hetzelfde model: ‘Geslacht: man tegenover vrouw’ d 0,20.")
    via = replace(VIA, predictors=("orienteren", "uren"))
    parts = [estimate(name, "indirect", 0.1) for name in via.predictors]
    path = estimate("a:uren->netwerken", "beta", 0.9)
    text = answer(via, parts[0], path, parts[1]).say("en")
    assert " when the number of hours is held constant" in text
    assert text.endswith(" In the same model: the number of hours indirect association 0.10.")


def test_the_lowest_and_highest_of_more_than_two_slopes() -> None:
    levels = [estimate(name, "beta", value, NONE, NONE) for name, value in
              (("-1 SD", 0.1), ("0", 0.25), ("+1 SD", 0.4))]  # fmt: skip
    text = answer(FOR, estimate("geslacht", "interaction", 0.15, 0.1, 0.2), *levels).say()
    assert "bij ‘-1 SD’ is het verband bèta 0,10 en bij ‘+1 SD’ bèta 0,40." in text


def test_shares_of_groups_are_found_often_and_not_high() -> None:
    picture = group_means(["Blijvers", "Mobielen"], "%")
    given = answer(DIFFERENCE, estimate("groep", "cramers_v", 0.2, 0.1, 0.3), picture=picture)
    text = "naar groep: het vaakst bij ‘Mobielen’ en het minst vaak bij ‘Blijvers’"
    assert text in given.say()


@pytest.mark.parametrize(
    ("measure", "low", "high", "decimals"),
    [
        ("beta", 0.25, 0.4, 2),
        ("beta", 0.004, 0.2, 3),
        ("beta", -0.3, -0.0004, 4),
        ("beta", 0.005, 0.2, 2),  # rounds half up, to 0.01
        ("beta", -0.004, 0.2, 2),  # includes no effect: nothing to keep apart
        ("beta", 1e-9, 0.2, 4),
        ("odds_ratio", 1.003, 1.2, 3),
        ("odds_ratio", 0.8, 0.998, 3),
        ("superiority", 0.5002, 0.6, 2),
        ("points", 0.0004, 0.1, 2),
        ("points", 0.0006, 0.1, 1),
        ("beta", NONE, NONE, 2),
    ],
)
def test_an_interval_without_no_effect_does_not_seem_to_touch_it(
    measure: str, low: float, high: float, decimals: int
) -> None:
    assert decimals_for(measure, low, high) == decimals


def test_directions_and_lists() -> None:
    assert [direction("odds_ratio", v) for v in (0.5, 1.0, 2.0, NONE)] == [-1, 0, 1, 0]
    assert [direction("superiority", v) for v in (0.4, 0.5, 0.6)] == [-1, 0, 1]
    assert direction("omega2", 0.1) == 0 and direction("b", -0.1) == -1
    assert listed(["a"], "nl") == "a"
    assert listed(["a", "b", "c"], "en") == "a, b and c"


def test_every_measure_and_phrase_is_there_in_both_languages() -> None:
    assert set(PHRASES["nl"]) == set(PHRASES["en"])
    for words in (NAMES, MEANINGS):
        assert set(words["nl"]) == set(words["en"]) == set(typing.get_args(Measure))


def test_another_language_is_refused() -> None:
    with pytest.raises(AnalysisError, match=r"no language 'de'.*\n?.*Use one of: nl, en"):
        sentence(full(), "de")
