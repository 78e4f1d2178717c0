"""Answers as HTML: everything is there, in order, safe, in both languages and without outside."""

from __future__ import annotations

import base64
import re
from dataclasses import replace
from html.parser import HTMLParser

import pytest

from answer_builders import DIFFERENCE, EFFECT, NONE, answer, both, estimate, full
from mobiliteit.asking.answer import Answer, LeftOut, Note
from mobiliteit.errors import AnalysisError
from mobiliteit.render.answer_labels import LABELS, SIGNS
from mobiliteit.render.answers import answer_html, answer_page

VOID = {"img", "br", "meta"}


class Reader(HTMLParser):
    """Collects the text and the attributes, and insists that tags are closed in order."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.texts: list[str] = []
        self.attributes: list[tuple[str, str | None]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.attributes += attrs
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if "style" not in self.open:
            self.texts.append(data)


def read(html: str) -> Reader:
    reader = Reader()
    reader.feed(html)
    assert not reader.open
    return reader


def text_of(html: str) -> str:
    return " ".join(" ".join(read(html).texts).replace("\xa0", " ").split())


@pytest.mark.parametrize("lang", ["nl", "en"])
def test_all_parts_stand_there_in_order(lang: str) -> None:
    given, say = full(), LABELS[lang]
    shown = text_of(answer_html(given, lang))
    parts = [
        getattr(given.mark, lang),
        given.question.text,
        given.say(lang),
        say["what"],
        *(say[name] for name in ("robust", "checks", "left_out", "published", "cautions")),
        say["method"],
        say["everything"],
    ]
    places = [shown.index(part) for part in parts]
    assert places == sorted(places)
    for notes in (given.checks, given.cautions, given.published):
        for note in notes:
            assert getattr(note.means if hasattr(note, "means") else note.text, lang) in shown
    assert getattr(given.why, lang) in shown


def test_estimates_have_interval_p_and_n() -> None:
    shown = text_of(answer_html(full(), figure=False))
    row = "Netwerken bèta: standaarddeviaties van de uitkomst per standaarddeviatie"
    assert f"{row} 0,31 0,25 tot 0,38 0,004 530 regressie" in shown
    assert f"{row} 0,31 0,24 tot 0,39 0,004 530 HC3" in shown
    shown = text_of(answer_html(full(), "en", figure=False))
    row = "Networking beta: standard deviations of the outcome per standard deviation"
    assert f"{row} 0.31 0.25 to 0.38 0.004 530 regression" in shown


def test_many_pairs_are_folded_away_and_none_is_lost() -> None:
    for count, folded in ((8, False), (9, True)):
        pairs = [estimate(f"pair{k}", "d", k / 10) for k in range(count)]
        html = answer_html(answer(DIFFERENCE, *pairs), figure=False)
        assert ("Nog 5 schattingen" in html) is folded and ("<details>" in html) is folded
        assert all(f"pair{k}<br>" in html for k in range(count))


def test_numbers_that_may_not_be_shown_are_not() -> None:
    hidden = replace(estimate("netwerken", "beta", 0.3), n=0, p=NONE)
    given = answer(EFFECT, hidden, left_out=(LeftOut(both("geen antwoord", "no answer"), None),))
    shown = text_of(answer_html(given))
    assert "0,30 – – – regressie" in shown
    assert "geen antwoord: aantal niet getoond" in shown and "None" not in shown


def test_checks_are_words_and_signs_besides_colours() -> None:
    shown = text_of(answer_html(full(), figure=False))
    assert "✓ in orde Recht verband. Het verband lijkt recht. (p = 0,450)" in shown
    assert f"{SIGNS['broken']} klopt niet Invloed van enkele mensen. Enkele mensen tellen" in shown


def test_the_picture_is_inside_with_its_alternative_text() -> None:
    html = answer_html(full())
    found = re.search(r'<img alt="([^"]+)" src="data:image/png;base64,([^"]+)">', html)
    assert found is not None
    assert found[1].startswith("Puntenwolk van Tevredenheid tegen Netwerken")
    assert base64.b64decode(found[2]).startswith(b"\x89PNG")
    assert "<img" not in answer_html(full(), figure=False)


def test_nothing_comes_from_outside_and_style_keeps_to_itself() -> None:
    for html in (answer_html(full()), answer_page(full(), "en")):
        for name, value in read(html).attributes:
            assert name not in ("href", "srcset", "onclick", "onload")
            assert name != "src" or (value or "").startswith("data:")
        # The letters of a picture can be any.
        text = re.sub(r"base64,[^\"]+", "", html)
        assert "http" not in text and "@import" not in text and "url(" not in text
    style = re.search(r"<style>(.*?)</style>", answer_html(full()), re.DOTALL)
    assert style is not None
    inside = re.sub(r"@media[^{]*\{(.*)\}", r"\1", style[1], flags=re.DOTALL)
    selectors = re.findall(r"([^{}]+)\{", inside)
    for selector in ",".join(selectors).split(","):
        assert selector.strip().startswith(".mobiliteit-answer"), selector


def test_texts_are_escaped() -> None:
    evil = both('<script>alert(1)</script> & ‘"’')
    note = (Note("x", evil),)
    given = replace(
        full(), cautions=note, published=note, mark=evil, method=evil, why=evil,
        names={"netwerken": evil}, phrases=dict.fromkeys(full().phrases, evil),
        estimates=(replace(estimate("netwerken", "beta", 0.3), label=evil, method=evil),),
    )  # fmt: skip
    html = answer_page(given)
    assert "<script" not in html
    assert html.count("&lt;script&gt;") >= 8


def test_the_question_is_a_sentence_and_a_text() -> None:
    put = text_of(answer_page(full()))
    held = "als leeftijd en het aantal werkuren gelijk worden gehouden?"
    assert f"Hangt netwerken samen met de tevredenheid, onder mobielen, {held}" in put
    assert "netwerken -> tevredenheid | groep = mobielen, controls: leeftijd, uren" in put


def test_the_page_has_the_mark_once_and_its_language() -> None:
    given = full()
    page = answer_page(given, "en")
    assert '<html lang="en">' in page and page.count("<h1>") == 1
    assert text_of(page).count(given.mark.en) == 1
    assert page.index('class="mark"') < page.index("<h1>")
    real = answer_page(full(synthetic=False))
    assert 'role="note"' not in real and "synthetisch" not in real.lower()


def test_what_an_answer_lacks_has_no_heading() -> None:
    why = both("Er zijn minder dan 12 mensen.", "Fewer than 12 people.")
    html = answer_html(answer(EFFECT, verdict="withheld", n=0, why=why))
    shown = text_of(html)
    say = LABELS["nl"]
    for name in ("what", "robust", "checks", "left_out", "published", "cautions", "everything"):
        assert say[name] not in shown
    assert shown.count(why.nl) == 1 and "<img" not in html and "530" not in shown


def test_a_notebook_shows_an_answer() -> None:
    given: Answer = full()
    assert given._repr_html_() == answer_html(given)


def test_the_same_answer_gives_the_same_bytes() -> None:
    given = answer(
        DIFFERENCE, estimate("mobielen:blijvers", "d", 0.3, 0.1, 0.5), picture=full().picture
    )
    assert answer_html(given) == answer_html(given)


def test_languages_have_the_same_labels_and_another_is_refused() -> None:
    assert set(LABELS["nl"]) == set(LABELS["en"])
    with pytest.raises(AnalysisError, match="no language 'fr'"):
        answer_html(full(), "fr")


def test_what_is_typed_at_the_prompt_stands_out_as_code() -> None:
    note = (Note("x", both("zie `mobiliteit trends` <b> en `scales`", "see `a`")),)
    html = answer_html(replace(full(), cautions=note), "nl")
    assert "zie <code>mobiliteit trends</code> &lt;b&gt; en <code>scales</code>" in html
