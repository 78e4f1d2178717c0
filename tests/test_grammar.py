"""Questions as text: what they mean, and what is wrong with them and where."""

from __future__ import annotations

import dataclasses
import math
import re
from itertools import pairwise
from typing import get_args

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

import mobiliteit as mb
from mobiliteit.asking.grammar import parse
from mobiliteit.asking.lexicon import Lexicon, Use, load_lexicon
from mobiliteit.asking.question import Question, Restriction
from mobiliteit.asking.rules import check_question, question_problems
from mobiliteit.asking.tokens import LONGEST
from mobiliteit.errors import Misread, QuestionError
from mobiliteit.study import load_study
from mobiliteit.study_schema import Label

SLOW_TO_DRAW = settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.filter_too_much]
)
MOVERS = Restriction("mobiliteitsgroep", ("mobielen",))


@pytest.fixture(scope="module")
def lexicon(study) -> Lexicon:
    return load_lexicon(study)


ENGLISH = re.compile(
    r"\b(the|and|an|be|no|write|use|which|not|nobody|cannot|with|this|missing|leave|name|category"
    r"|number|wave|restriction|others|people|answers|question)\b",
    re.IGNORECASE,
)


def refused(text: str) -> QuestionError:
    with pytest.raises(QuestionError) as caught:
        mb.parse_question(text)
    return caught.value


def assert_dutch(error: QuestionError) -> None:
    """A refusal can be said in Dutch, and nothing in it is then English."""
    assert error.spoken("nl") == "nl" and not ENGLISH.search(error.nl)
    for problem in error.problems:
        said, remedy = problem.nl
        assert not ENGLISH.search(said) and not ENGLISH.search(remedy), problem.nl
        assert remedy.endswith(".") and not said.endswith(".")
        assert said.strip() in error.say("nl") and remedy in error.say("nl")
        assert ENGLISH.search(f"{problem.what} {problem.remedy}")


# ---- what is read


READ = {
    "netwerken -> loopbaanstap_succes | mobielen, controls: leeftijd, uren": Question(
        "effect",
        "loopbaanstap_succes",
        ("netwerken",),
        who=(MOVERS,),
        controls=("leeftijd", "uren"),
    ),
    "netwerken + opleiding_huidig→loopbaantevredenheid": Question(
        "effect", "loopbaantevredenheid", ("netwerken", "opleiding_huidig")
    ),
    "effectiviteit -> netwerken -> loopbaantevredenheid": Question(
        "mediation", "loopbaantevredenheid", ("effectiviteit",), "netwerken"
    ),
    "netwerken × geslacht -> loopbaanstap_succes": Question(
        "moderation", "loopbaanstap_succes", ("netwerken",), "geslacht"
    ),
    "loopbaantevredenheid BETWEEN mobiliteitsgroep": Question(
        "difference", "loopbaantevredenheid", by="mobiliteitsgroep"
    ),
    # what the rules of the segments only compare is no part of them
    "sector between mobiliteitsgroep": Question("difference", "sector", by="mobiliteitsgroep"),
    "loopbaantevredenheid since 2008-demo": Question(
        "change", "loopbaantevredenheid", since="2008-demo"
    ),
    "Netwerken -> loopbaantevredenheid Since 2006": Question(
        "change", "loopbaantevredenheid", ("netwerken",), since="2006"
    ),
    # names by label or phrase in either language, quoted when there are spaces
    '"career satisfaction" between Sex': Question(
        "difference", "loopbaantevredenheid", by="geslacht"
    ),
    "„Willen  vertrekken” -> “Objective success: net monthly income”": Question(
        "effect", "inkomen", ("willen",)
    ),
    "Privé-belemmeringen -> netwerken": Question("effect", "netwerken", ("privebelemmeringen",)),
    # a category as a name: of a variable, by code or label, and a group or segment alone
    "geslacht=man + branche = ggz -> netwerken": Question(
        "effect", "netwerken", ("geslacht=1", "branche=ggz")
    ),
    "movers -> netwerken": Question("effect", "netwerken", ("mobiliteitsgroep=mobielen",)),
    "instroom -> netwerken": Question("effect", "netwerken", ("mobiliteitssegment=instroom",)),
    # a variable goes before the segment of the same name
    "overwogen -> netwerken": Question("effect", "netwerken", ("overwogen",)),
}


@pytest.mark.parametrize("text", READ)
def test_a_question_means_what_it_says(text):
    assert mb.parse_question(text) == READ[text]


WHO = {
    "vrouw": Restriction("geslacht_klasse", ("vrouw",)),
    "woman": Restriction("geslacht_klasse", ("vrouw",)),
    "geslacht = woman": Restriction("geslacht", ("0",)),
    "pop=ja": Restriction("pop", ("1",)),
    '"25-34 jaar"': Restriction("leeftijd_klasse", ("25_34",)),
    "15_24": Restriction("leeftijd_klasse", ("15_24",)),
    # in the order of the codebook, and once
    "branche = ziekenhuizen / ggz/ziekenhuizen": Restriction("branche", ("ggz", "ziekenhuizen")),
    "leeftijd 25-44": Restriction("leeftijd", low=25, high=44),
    "leeftijd 25,5 – 44.5": Restriction("leeftijd", low=25.5, high=44.5),
    "leeftijd = 30": Restriction("leeftijd", low=30, high=30),
    "leeftijd -5 - 30": Restriction("leeftijd", low=-5, high=30),
    "uren>=12": Restriction("uren", low=12),
    "uren ≤ 12,5": Restriction("uren", high=12.5),
    "uren > 12": Restriction("uren", low=math.nextafter(12, 13)),
    "uren < 12": Restriction("uren", high=math.nextafter(12, 11)),
    "opleidingsniveau 2 - 5": Restriction("opleidingsniveau", low=2, high=5),
}


@pytest.mark.parametrize("term", WHO)
def test_a_term_says_who_is_asked_about(term):
    question = mb.parse_question(f"netwerken -> inkomen | {term}")
    assert question.who == (WHO[term],)
    assert mb.parse_question(question.text) == question


def test_a_term_said_twice_counts_once():
    question = mb.parse_question("netwerken -> inkomen | vrouw, leeftijd >= 30, vrouw")
    assert question.text == ("netwerken -> inkomen | geslacht_klasse = vrouw, leeftijd >= 30")


def test_terms_and_controls_stand_behind_one_bar():
    question = mb.parse_question("netwerken->inkomen|blijvers,uren<20,CONTROLS:leeftijd,pop=0")
    assert question.text == (
        "netwerken -> inkomen | mobiliteitsgroep = blijvers, uren < 20, controls: leeftijd, pop=0"
    )


# ---- what is wrong, and where: the word between the marks is underlined


WRONG = [
    # words
    ("«netwerkn» -> inkomen", "no name of the codebook", "netwerken"),
    ("netwerken -> «inkommen»", "no name of the codebook", "inkomen"),
    ("netwerken -> «tevredenheid»", "no name of the codebook", "loopbaantevredenheid"),
    ("«Career orientation» -> inkomen", "needs quotes", '"Career orientation"'),
    ("«netwerken leeftijd» -> inkomen", "is not one name", "between"),
    ("«mobilen» -> inkomen", "no name of the codebook", "mobielen"),
    ("«woman» -> inkomen", "a category, not a variable", "geslacht_klasse=vrouw"),
    ('«""» -> inkomen', "no name of the codebook", "label in quotes"),
    # categories
    ("geslacht=«mann» -> inkomen", "no category of geslacht", "0 (vrouw), 1 (man)"),
    ("branche=«zorg» -> inkomen", "no category of branche", "thuiszorg"),
    ("leeftijd=«30» -> inkomen", "is a number and has no categories", "leeftijd >= 1"),
    ("geslacht«=» -> inkomen", "a category is missing", "Write one of"),
    ("«=»man -> inkomen", "a name is missing", "Write one of"),
    ("geslacht=0=«1» -> inkomen", "one category", "variable=category"),
    ("«mobielen»=1 -> inkomen", "a category, not a variable", "mobiliteitsgroep=mobielen"),
    # shape
    ("", "there is no question", "name -> outcome"),
    ("«netwerken + uren»", "asks nothing", "name -> outcome"),
    ("«->» inkomen", "a name is missing", "name -> outcome"),
    ("netwerken «->»", "a name is missing", "name -> outcome"),
    ("netwerken «+» -> inkomen", "a name is missing", "name -> outcome"),
    ("pop -> netwerken -> inkomen -> «stap»", "more than two ->", "one mediator"),
    ("netwerken * geslacht «*» stap -> inkomen", "no more", "moderator"),
    ("netwerken «+» uren * geslacht -> inkomen", "no more", "control"),
    ("netwerken * geslacht «->» willen -> inkomen", "two ->", "moderator"),
    ("netwerken -> inkomen «*» pop", "cannot stand in a name", "Write one of"),
    ("netwerken «->» inkomen between geslacht", "one outcome and one variable", "controls:"),
    ("inkomen between geslacht «between» pop", "one outcome and one variable", "controls:"),
    ("inkomen «between» ", "a name is missing", "Write one of"),
    ("inkomen «since»", "the wave is missing", "since wave"),
    ("inkomen since «2006 or so»", "no name of a wave", "since wave"),
    ("inkomen since 2006 «since» 2008", "one since", "since wave"),
    ("netwerken «+» pop -> inkomen since 2006", "one name and one outcome", "since wave"),
    ("inkomen «between» pop since 2006", "one name and one outcome", "since wave"),
    ("«|» mobielen", "what is asked is missing", "Write one of"),
    # signs
    ("netwerken «#» -> inkomen", "means nothing", "Leave it out"),
    ("netwerken -> «__import__('os')»", None, None),
    ('netwerken -> «"inkomen»', "not closed", "Close it"),
    # behind the bar
    ("netwerken -> inkomen «|»", "nothing stands behind |", "controls:"),
    ("netwerken -> inkomen | blijvers «|» vrouw", "one |", "commas"),
    ("netwerken -> inkomen | blijvers «,», vrouw", "a term is missing", "25 - 44"),
    ("netwerken -> inkomen | «mobilen»", "no group, segment or class", "= mobielen"),
    ("netwerken -> inkomen | «vast»", "several things", "dienstverband = vast"),
    ("netwerken -> inkomen | «overwogen»", "several things", "mobiliteitssegment = overwogen"),
    ("netwerken -> inkomen | «leeftijd»", "which answers are meant", "leeftijd 15 - 64"),
    ("netwerken -> inkomen | «geslacht»", "which answers are meant", "geslacht = 0"),
    ("netwerken -> inkomen | leeftijd «44 - 25»", "ends before it starts", "smaller number first"),
    ("netwerken -> inkomen | «leeftijd 25 -»", None, None),
    ("netwerken -> inkomen | leeftijd «oud» - 44", "this is no number", "25 or 2.5"),
    ("netwerken -> inkomen | leeftijd «>=»", "a number is missing", "25 or 2.5"),
    ("netwerken -> inkomen | uren > 3 < «5»", "compares once", "25 - 44"),
    ("netwerken -> inkomen | «branche» >= 3", "categories, no numbers", "branche = "),
    ("netwerken -> inkomen | leeftijd >= «9999999999999999»", "too long", "15 digits"),
    ("netwerken -> inkomen | leeftijd = «30 / 40»", "this is no number", "25 or 2.5"),
    ("netwerken -> inkomen | branche = ggz / «ggx»", "no category of branche", "ggz"),
    ("netwerken -> inkomen | branche = ggz = «1»", "one =", "category"),
    ("netwerken -> inkomen | «vrouw man»", "says not who", "25 - 44"),
    ("netwerken -> inkomen | «25-34 jaar»", None, None),
    ("netwerken -> inkomen | vrouw «controls»: uren", "a comma is missing", "comes last"),
    ("netwerken -> inkomen | «controls» uren", "a colon is missing", "controls: name"),
    ("netwerken -> inkomen | controls«:»", "a name is missing", "Write one of"),
    ("netwerken -> inkomen | controls: uren«,»", "a name is missing", "Write one of"),
    ("netwerken -> inkomen | controls: leeftijd «>=» 25", "cannot stand in a name", None),
    # what does not fit together
    ("netwerken -> «netwerken»", "the outcome and stands among the rest", "Leave it out"),
    ("netwerken + «netwerken» -> inkomen", "named twice", "Leave it out"),
    ("uren -> inkomen | controls: «uren»", "named twice", "Leave it out"),
    ("leeftijd -> netwerken | controls: «leeftijd_klasse»", "same answers", "Keep one"),
    ("mobiliteitsgroep + «mobiliteitssegment» -> netwerken", "same answers", "Keep one"),
    ("stap + «mobielen» -> netwerken", "same answers", "Keep one"),
    ("hoger_opgeleid -> inkomen | controls: «opleiding_klasse»", "same answers", "Keep one"),
    ("nut_functionering -> «dialoog»", "same answers", "Keep one"),
    ("branche=ggz -> «branche=thuiszorg»", "same answers", "Keep one"),
    ("netwerken -> «branche»", "categories without an order", "branche=verpleeg"),
    (
        "«branche» between pop | controls: uren",
        "nothing can be held constant",
        "Leave the controls",
    ),
    ("«mobiliteitsgroep» between pop | controls: uren", "held constant", "mobiliteitsgroep=blij"),
    ("netwerken -> «branche» -> inkomen", "the mediator of a mediation is a number", "scale score"),
    ("netwerken -> «mobiliteitsgroep»", "without an order", "mobiliteitsgroep=blijvers"),
    ("«branche» since 2006", "without an order", "branche=verpleeg"),
    ("netwerken between «leeftijd»", "does not divide people", "leeftijd_klasse"),
    ("inkomen between «netwerken»", "does not divide people", "netwerken -> outcome"),
    ("netwerken -> «pop» -> inkomen", "the mediator of a mediation is a number", "scale score"),
    ("netwerken -> «mobielen» -> inkomen", "the mediator of a mediation", "scale score"),
    ("netwerken -> inkomen -> «pop»", "the outcome of a mediation is a number", "scale score"),
    ("«branche» -> inkomen since 2006", "several categories", "branche=verpleeg"),
    ("«coach_intern_mogelijk» -> coach_intern_nut", "everybody has", "Others were not asked"),
    ("«branche» * geslacht -> inkomen", "several categories", "branche=verpleeg"),
    ("«branche» -> netwerken -> inkomen", "several categories", "branche=verpleeg"),
    # people of whom all, or none, have an answer
    ("netwerken between «mobiliteitsgroep» | mobielen", "everybody has", "Leave out"),
    ("netwerken between «mobiliteitssegment» | blijvers", "everybody has", "Leave out"),
    ("netwerken between «mobiliteitsgroep» | instroom", "everybody has", "Leave out"),
    ("«stap» -> netwerken | mobielen", "everybody has stap=1", "Leave out"),
    ("«geslacht» -> netwerken | vrouw", "everybody has geslacht=0", "Leave out"),
    ("netwerken between «geslacht_klasse» | geslacht=0", "everybody has", "Leave out"),
    ("netwerken between «leeftijd_klasse» | leeftijd 25 - 34", "everybody has", "Leave out"),
    ("«leeftijd» -> netwerken | leeftijd = 30", "always 30", "Leave out"),
    ("«branche=ggz» -> netwerken | branche = thuiszorg/kinderopvang", "nobody can have", "Leave"),
    ("netwerken -> loopbaanstap_succes | «blijvers»", "nobody can be in all", "asked of others"),
    ("netwerken -> nut_pop | «pop=0»", "nobody can be in all", "asked of others"),
    ("netwerken -> inkomen | vrouw, «geslacht = man»", "nobody can be in all", "Leave out"),
    ("netwerken -> inkomen | uren > 30, «uren < 20»", "nobody can be in all", "Leave out"),
    ("netwerken -> inkomen | «leeftijd 70 - 80»", "nobody can be in all", "Leave out"),
    ("loopbaanstap_succes between «mobiliteitsgroep»", "everybody has", "Others were not asked"),
    ("zelfde_functie + «mobielen» -> netwerken", None, None),
]


@pytest.mark.parametrize(("marked", "what", "remedy"), WRONG)
def test_every_mistake_is_pointed_at(marked, what, remedy):
    text = marked.replace("«", "").replace("»", "")
    error = refused(text)
    assert_dutch(error)
    if what is None:
        return
    start = marked.find("«")
    end = marked.find("»") - 1 if start >= 0 else 0
    start = max(start, 0)
    places = {(problem.start, problem.end): problem for problem in error.problems}
    assert (start, end) in places, error
    found = places[start, end]
    assert what in found.what
    assert remedy is None or remedy in found.remedy
    # the message shows the text with carets under that word, in a window where it is long
    lines = str(error).splitlines()
    for shown, carets in pairwise(lines):
        if set(carets) == {" ", "^"}:
            column, width = carets.index("^"), carets.count("^")
            if shown[column : column + width].strip() == text[start:end].strip():
                break
    else:
        pytest.fail(f"no caret under {text[start:end]!r}:\n{error}")


def test_a_text_without_what_cannot_be_in_it_has_one_problem():
    """Cases of which only the word is known have that word alone as their problem."""
    for marked, what, _ in WRONG:
        if what is not None and "«" in marked:
            error = refused(marked.replace("«", "").replace("»", ""))
            assert len(error.problems) == 1, error


def test_all_mistakes_of_a_text_are_told_together():
    error = refused("netwerkn + uren -> inkommen | mobilen, leeftijd 44 - 25, controls: leeftid")
    places = [error.text[problem.start : problem.end] for problem in error.problems]
    assert places == ["netwerkn", "inkommen", "mobilen", "44 - 25", "leeftid"]
    assert str(error).count("^ ") + str(error).count("^\n") == 5


def test_a_long_text_is_shown_around_the_word():
    controls = ", ".join(f"netwerken_{number}" for number in range(60))
    error = refused(f"netwerken -> inkomen | controls: {controls}")
    for shown, carets, _ in zip(*[iter(str(error).splitlines()[1:])] * 3, strict=True):
        assert len(shown) <= 84
        column, width = carets.index("^"), carets.count("^")
        assert re.fullmatch(r"netwerken_\d+", shown[column : column + width])
    assert len(error.problems) == 60


def test_a_question_has_at_most_a_thousand_signs():
    question = "netwerken -> inkomen"
    assert mb.parse_question(question + " " * (LONGEST - len(question))).outcome == "inkomen"
    assert "1001 signs" in str(refused(question + " " * (LONGEST + 1 - len(question))))


def test_signs_that_a_terminal_obeys_are_not_shown():
    error = refused("netwerken \x1b[31m-> inkomen\n| \u202evrouw")
    assert "\x1b" not in str(error) and "\u202e" not in str(error)
    # wide signs take two columns, and the carets follow
    shown, carets = str(refused("網路 + netwerkn -> inkomen")).splitlines()[4:6]
    assert carets.index("^") == shown.index("netwerkn") + 2


# ---- whatever is written


@given(st.text(max_size=1100))
@settings(max_examples=500, deadline=None)
def test_any_text_is_a_question_or_an_error(text):
    read_or_refused(text)


SOUP = st.sampled_from(
    [
        *("netwerken", "loopbaantevredenheid", "geslacht", "mobielen", "overwogen", "vrouw"),
        *("leeftijd", "inkomen", "branche", "instroom", "15_24", "dialoog", '"Career orientation"'),
        *("->", "→", "*", "+", "|", "=", "/", ",", ":", "-", ">=", "<", "between", "since"),
        *("controls", "controls:", "25", "2,5", "-1", "1e400", "2008-demo", "'", '"', "²", "\x00"),
    ]
)


@given(st.lists(SOUP, max_size=14), st.sampled_from(["", " ", "\n"]))
@settings(max_examples=500, deadline=None)
def test_any_order_of_words_is_a_question_or_an_error(words, between):
    read_or_refused(between.join(words))


def read_or_refused(text: str) -> None:
    """A text gives a question that reads as itself, or problems that lie inside the text."""
    try:
        question = mb.parse_question(text)
    except QuestionError as error:
        assert error.problems
        for problem in error.problems:
            assert isinstance(problem, Misread)
            assert -1 <= problem.start <= problem.end <= len(text)
            assert problem.what and problem.remedy.endswith(".")
        assert str(error).isprintable() or "\n" in str(error)
        assert error.spoken("nl") == "nl"
    else:
        assert mb.parse_question(question.text) == question


# ---- what was built is read back

LEXICON = load_lexicon(load_study())


VARIABLES = {use: [choice.name for choice in LEXICON.choices(use)] for use in get_args(Use)}
NAMES = {
    use: st.sampled_from(variables)
    if use == "mediator"
    else st.sampled_from(variables)
    | st.sampled_from(
        [f"{name}={key}" for name in variables for key, _ in LEXICON.categories(name)]
    )
    for use, variables in VARIABLES.items()
}


@st.composite
def restrictions(draw) -> Restriction:
    variable = draw(st.sampled_from(VARIABLES["who"]))
    ids = [key for key, _ in LEXICON.categories(variable)]
    bounds = LEXICON.bounds(variable)
    if ids and (bounds is None or draw(st.booleans())):
        kept = draw(st.sets(st.sampled_from(ids), min_size=1))
        return Restriction(variable, tuple(key for key in ids if key in kept))
    assert bounds is not None
    number = st.integers(int(bounds[0]), int(bounds[1])).map(float) | st.decimals(
        bounds[0], bounds[1], places=4
    ).map(float)
    low, high = sorted((draw(number), draw(number)))
    return draw(
        st.sampled_from(
            [
                Restriction(variable, low=low, high=high),
                Restriction(variable, low=low),
                Restriction(variable, high=high),
                Restriction(variable, low=math.nextafter(low, math.inf)),
                Restriction(variable, high=math.nextafter(high, -math.inf)),
            ]
        )
    )


@st.composite
def questions(draw) -> Question:
    form = draw(st.sampled_from(["effect", "difference", "mediation", "moderation", "change"]))
    many = form in ("effect", "mediation")
    most = {"difference": 0, "change": draw(st.sampled_from([0, 1]))}.get(form, 3 if many else 1)
    question = Question(
        form=form,
        outcome=draw(NAMES["outcome"]),
        predictors=tuple(
            draw(st.lists(NAMES["predictor"], min_size=min(most, 1), max_size=most, unique=True))
        ),
        by={
            "difference": draw(NAMES["by"]),
            "mediation": draw(NAMES["mediator"]),
            "moderation": draw(NAMES["moderator"]),
        }.get(form, ""),
        since=draw(st.sampled_from(["2006", "2008-demo", "golf_3", "2010.1"]))
        if form == "change"
        else "",
        who=tuple(draw(st.lists(restrictions(), max_size=2, unique=True))),
        controls=tuple(draw(st.lists(NAMES["control"], max_size=2, unique=True))),
    )
    assume(not question_problems(question, LEXICON))
    return question


@given(questions())
@SLOW_TO_DRAW
def test_a_question_reads_as_itself(question):
    assert parse(question.text, LEXICON) == question


@given(
    st.decimals(min_value=-(10**9), max_value=10**9, places=4).map(float),
    st.sampled_from([">", ">=", "<", "<="]),
)
def test_a_bound_keeps_its_number_and_whether_it_is_in(number, sign):
    upward = {">": True, ">=": True, "<": False, "<=": False}[sign]
    within = math.nextafter(number, math.inf if upward else -math.inf)
    bound = number if "=" in sign else within
    restriction = Restriction("a", low=bound) if upward else Restriction("a", high=bound)
    variable, found, text = restriction.text.split(" ")
    assert (variable, found, float(text)) == ("a", sign, number)
    assert "e" not in text


def test_names_that_are_no_plain_words_are_quoted():
    who = (Restriction("c d", ("between", "25-44")),)
    question = Question("effect", "a b", ("since", "x=y z"), who=who)
    assert question.text == '"since" + x="y z" -> "a b" | "c d" = "between" / "25-44"'


# ---- questions that were not made from text


UNASKABLE = [
    (Question("effect", "netwerkn", ("inkomen",)), "netwerkn is no variable"),
    (Question("effect", "inkomen", ("geslacht=7",)), "'7' is no category of geslacht"),
    (Question("effect", "inkomen", ("uren=",)), "'' is no category of uren"),
    (Question("effect", "inkomen"), "of the form effect has other parts"),
    (Question("change", "inkomen"), "of the form change has other parts"),
    (Question("difference", "inkomen", ("uren",), "geslacht"), "has other parts"),
    (Question("moderation", "inkomen", ("uren", "netwerken"), "geslacht"), "has one predictor"),
    (Question("change", "inkomen", ("uren", "netwerken"), since="2006"), "has one predictor"),
    (Question("effect", "inkomen", ("uren",), who=(Restriction("x", ("1",)),)), "x is no variable"),
    (
        Question("effect", "inkomen", ("uren",), who=(Restriction("geslacht", ("man",)),)),
        "'man' is no category of geslacht",
    ),
    (
        Question("effect", "inkomen", ("uren",), who=(Restriction("geslacht"),)),
        "which answers to geslacht are meant",
    ),
    (
        Question("effect", "inkomen", ("uren",), who=(Restriction("branche", low=1),)),
        "branche has categories, no numbers",
    ),
]


@pytest.mark.parametrize(("question", "what"), UNASKABLE)
def test_a_question_made_by_hand_is_checked_alike(question, what, lexicon):
    with pytest.raises(QuestionError, match=re.escape(what)) as caught:
        check_question(question, lexicon)
    assert_dutch(caught.value)


def test_all_categories_of_a_variable_say_the_same_thing_twice(lexicon):
    question = Question("effect", "netwerken", ("geslacht=0", "geslacht=1"))
    (problem,) = question_problems(question, lexicon)
    assert "the last follows from the others" in problem.what
    some = Question("effect", "netwerken", ("branche=ggz", "branche=thuiszorg"))
    assert question_problems(some, lexicon) == ()


def test_more_than_twelve_categories_do_not_divide_people(study):
    branch = study.codebook.variables["branche"]
    values = {code: Label(nl=f"b{code}", en=f"b{code}", id=f"b{code}") for code in range(1, 14)}
    variables = {
        **study.codebook.variables,
        "branche": branch.model_copy(update={"values": values}),
    }
    book = study.codebook.model_copy(update={"variables": variables})
    wide = load_lexicon(dataclasses.replace(study, codebook=book))
    for question in (
        Question("difference", "netwerken", by="branche"),
        Question("moderation", "netwerken", ("uren",), "branche"),
    ):
        (problem,) = question_problems(question, wide)
        assert "has 13 categories, and at most 12" in problem.what
    assert question_problems(Question("effect", "netwerken", ("branche",)), wide) == ()
