"""The lab without a browser: drafts, what is offered, the fields, the server's limits."""

from __future__ import annotations

import asyncio
import http.client
import json
import re
import socket
import time
from dataclasses import replace
from html import escape
from pathlib import Path
from types import SimpleNamespace

import pytest

import mobiliteit as mb
from lab_server import running_lab
from mobiliteit.asking.grammar import parse
from mobiliteit.asking.question import Restriction
from mobiliteit.asking.rules import question_problems
from mobiliteit.claims.terms import Text
from mobiliteit.errors import MobiliteitError, Problem
from mobiliteit.lab import notebook
from mobiliteit.lab.bench import Bench
from mobiliteit.lab.desk import HOUR, MOST_DESKS, Desk, Desks
from mobiliteit.lab.draft import MOST_CONTROLS, PLACES, Draft, draft_of, fitted, offers
from mobiliteit.lab.log import Log
from mobiliteit.lab.notebook import SAVED
from mobiliteit.lab.parts import HEADING, explained, say
from mobiliteit.lab.waves import Waves
from mobiliteit.lab.words import FIELDS, LANGUAGES, words
from mobiliteit.project import find_project
from mobiliteit.wave import Wave
from test_cli import run

ROOT = find_project(Path(__file__).parent).root
TEXTS = {
    "effect": "netwerken + branche -> loopbaantevredenheid | mobielen, controls: leeftijd, uren",
    "difference": "sector between geslacht | leeftijd 25 - 44",
    "mediation": "effectiviteit -> netwerken -> loopbaantevredenheid",
    "moderation": "netwerken * geslacht -> loopbaanstap_succes",
    "change": "netwerken -> loopbaantevredenheid since 2006 | controls: leeftijd",
}


@pytest.fixture(scope="module")
def waves():
    return Waves(ROOT)


@pytest.fixture
def bench(waves):
    return Bench(Desk(waves, "2006", "nl"))


@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS)
def test_a_question_becomes_a_draft_and_the_same_question_again(waves, text):
    question = parse(text, waves.lexicon)
    assert draft_of(question).question == question
    assert draft_of(question).lacking == ()


def test_a_draft_says_what_is_lacking_and_keeps_what_another_form_uses(waves):
    assert Draft("mediation").lacking == ("predictors", "outcome", "by")
    assert Draft("change").lacking == ("outcome", "since")
    full = draft_of(parse(TEXTS["mediation"], waves.lexicon))
    as_effect = replace(full, form="effect")
    assert as_effect.question.by == "" and as_effect.question.predictors == ("effectiviteit",)
    assert replace(as_effect, form="mediation").question == full.question


@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS)
def test_nothing_that_is_offered_is_refused_and_what_is_grey_would_be(waves, text):
    lexicon, draft = waves.lexicon, draft_of(parse(text, waves.lexicon))
    tried = {True: 0, False: 0}
    for place in PLACES[draft.form]:
        if place == "since":
            continue
        for offer in offers(draft, place, lexicon, {}):
            value: object = offer.choice.name
            if place == "controls":
                value = (*draft.controls, value)
            elif place == "predictors":
                several = draft.form in ("effect", "mediation")
                value = (*(draft.predictors if several else ()), value)
            question = fitted(replace(draft, **{place: value}), lexicon).question
            problems = question_problems(question, lexicon)
            in_use = offer.choice.name in draft.names()
            assert bool(problems) is not offer.fits or (in_use and not problems), (place, offer)
            tried[offer.fits] += 1
    assert tried[True] > 60 and tried[False] > 3


def test_what_a_form_cannot_use_is_not_in_its_list(waves):
    lexicon = waves.lexicon
    by = {offer.choice.name for offer in offers(Draft("mediation"), "by", lexicon, {})}
    assert "netwerken" in by and not by & {"mobiliteitsgroep", "geslacht", "branche"}
    by = {offer.choice.name for offer in offers(Draft("difference"), "by", lexicon, {})}
    assert "mobiliteitsgroep" in by and not by & {"leeftijd", "netwerken"}


def test_who_is_asked_about_greys_what_then_has_no_variation(waves):
    group = waves.lexicon.group
    draft = Draft("difference", "netwerken", who=(Restriction(group, ("mobielen",)),))
    fits = {o.choice.name: o.fits for o in offers(draft, "by", waves.lexicon, {})}
    assert not fits[group] and fits["geslacht"]


def test_the_fields_make_a_question_of_every_form(bench):
    builder, desk = bench.builder, bench.desk
    builder.outcome.variable.value = "loopbaantevredenheid"
    builder.several.more.value = "netwerken"
    builder.several.more.value = "branche"
    builder.controls.more.value = "leeftijd"
    assert builder.several.more.value == ""
    assert builder.question.text == (
        "netwerken + branche -> loopbaantevredenheid | controls: leeftijd"
    )
    _, category, _ = builder.several._rows["branche"]
    category.value = category.options["ziekenhuizen"]
    assert re.search(r"branche = ?\w+ ->|branche=\w+ ->", builder.question.text)
    builder.several._rows["branche"][0].clicks += 1
    assert builder.question.predictors == ("netwerken",)
    builder.form.value = "difference"
    builder.by.variable.value = "geslacht"
    assert builder.question.text == "loopbaantevredenheid between geslacht | controls: leeftijd"
    builder.form.value = "moderation"
    assert builder.question.text.startswith("netwerken * geslacht -> loopbaantevredenheid")
    builder.form.value = "mediation"
    assert builder.question is None and "geslacht is dat niet" in builder.preview.object
    builder.by.variable.value = "orienteren"
    assert builder.question.text.startswith("netwerken -> orienteren -> loopbaantevredenheid")
    builder.form.value = "change"
    assert set(builder.since.options.values()) == {""} and builder.question is None
    builder.desk.wave = "2008-demo"
    builder.show()
    builder.since.value = "2006"
    assert builder.question.text.startswith("netwerken -> loopbaantevredenheid since 2006")
    builder.one.variable.value = ""
    assert builder.question.text.startswith("loopbaantevredenheid since 2006")
    assert desk.draft.form == "change"
    desk.wave = "2006"
    builder.show()
    assert desk.draft.since == "", "the first wave has no earlier one"


def test_another_wave_is_read_once_and_what_was_chosen_stays(waves, monkeypatch):
    monkeypatch.setattr("mobiliteit.lab.bench._warm", lambda waves, wave: None)
    builder = Bench(Desk(waves, "2006", "nl")).builder
    builder.several.more.value = "netwerken"
    builder.direction.value = "negative"
    asyncio.run(builder._on_wave(SimpleNamespace(new="2008-demo")))
    assert builder.desk.wave == builder.wave.value == "2008-demo"
    assert "1300 mensen in golf 2008-demo" in builder.status.object
    assert builder.several._names == ("netwerken",) and builder.direction.value == "negative"
    assert waves.read("2008-demo") is waves.read("2008-demo")


def test_a_list_that_is_full_takes_no_more(bench):
    builder = bench.builder
    for place, field in (("predictors", builder.several), ("controls", builder.controls)):
        lines = field.more.options.values()
        names = [name for name in lines if name and not name.startswith(HEADING)]
        names = names[: Draft().room(place)]
        bench.desk.draft = replace(Draft(), **{place: tuple(names[:-1])})
        builder.show()
        assert not field.more.disabled
        bench.desk.draft = replace(Draft(), **{place: tuple(names)})
        builder.show()
        assert field.more.disabled and len(field.chosen) == 3 * len(names)
    assert len(names) == MOST_CONTROLS == 8


def test_the_mark_of_a_wave_is_shown_and_is_text(bench, monkeypatch):
    bench.desk.waves.read("2006")
    bench.show_mark()
    assert "synthetisch" in bench.mark.object.lower() or "generator" in bench.mark.object
    monkeypatch.setattr(Wave, "mark", lambda wave, lang: "<b>proef")
    bench.show_mark()
    assert "&lt;b&gt;proef" in bench.mark.object and "<b>" not in bench.mark.object


def test_another_language_takes_away_what_was_said_in_the_first(bench):
    bench.builder.typed.value_input = bench.builder.typed.value = "onzin"
    bench.builder.take.clicks += 1
    assert bench.builder.misread.visible
    say(bench.builder.fixed, "<p>Vastgelegd.</p>")
    asyncio.run(bench._on_language(None))
    assert bench.desk.lang == "en" and bench.builder.ask.name == "Ask"
    assert not bench.builder.misread.visible and not bench.builder.fixed.visible
    assert json.loads(bench.signal.object)["lang"] == "en"


def test_a_form_that_needs_a_category_takes_one(bench):
    builder = bench.builder
    builder.form.value = "difference"
    builder.outcome.variable.value = "sector"
    assert bench.desk.draft.outcome == "sector" and builder.outcome.category.value == ""
    builder.by.variable.value = "geslacht"
    builder.controls.more.value = "leeftijd"
    assert builder.question.text.startswith("sector=zorg between geslacht")
    builder.controls._rows["leeftijd"][0].clicks += 1
    builder.outcome.category.value = ""
    assert builder.question.text == "sector between geslacht"
    builder.form.value = "effect"
    assert builder.outcome.category.visible and "" not in builder.outcome.category.options.values()
    assert bench.desk.draft.outcome.startswith("sector=")


def test_who_is_asked_about_by_boxes_and_by_a_range(bench):
    who, desk = bench.builder.who, bench.desk
    who.more.value = bench.desk.waves.lexicon.group
    boxes = who._made[desk.waves.lexicon.group].boxes
    boxes.value = ["overwegers"]
    boxes.value = ["overwegers", "mobielen"]
    who.more.value = "leeftijd"
    low, high = who._made["leeftijd"].ends
    assert (low.start, low.end) == (high.start, high.end) == (15, 64)
    low.value, high.value = 25, 44
    assert [one.text for one in desk.draft.who] == [
        "mobiliteitsgroep = overwegers / mobielen",
        "leeftijd 25 - 44",
    ]
    assert who._made[desk.waves.lexicon.group].boxes is boxes, "a box that is ticked must stay"
    boxes.value = []
    assert [one.text for one in desk.draft.who] == ["leeftijd 25 - 44"]
    who._made["leeftijd"].remove.clicks += 1
    assert desk.draft.who == ()


def test_typed_text_fills_the_fields_or_is_refused_letter_for_letter(bench):
    builder = bench.builder
    builder.typed.value_input = builder.typed.value = TEXTS["effect"]
    builder.take.clicks += 1
    assert builder.question == parse(TEXTS["effect"], bench.desk.waves.lexicon)
    assert builder.several._names == ("netwerken", "branche")
    builder.typed.value_input = builder.typed.value = "<script>alert(1)</script> -> netwerkn"
    builder.take.clicks += 1
    shown = builder.misread.object
    assert "<script" not in shown and "&lt;script&gt;" in shown and "^^^" in shown
    assert builder.question == parse(TEXTS["effect"], bench.desk.waves.lexicon)


def test_what_this_wave_did_not_ask_is_marked_and_grey(waves):
    waves.read("2008-demo")
    missing = waves.missing("2008-demo")
    assert "coach_extern_nut" in missing
    select = Bench(Desk(waves, "2008-demo", "nl")).builder.outcome.variable
    label = next(label for label, name in select.options.items() if name == "coach_extern_nut")
    assert label.endswith("(niet in deze golf)") and "coach_extern_nut" in select.disabled_options


def test_ask_keep_and_take_along(waves):
    bench = Bench(Desk(waves, "2006", "nl"))
    desk = bench.desk

    async def sit() -> None:
        await bench._on_ask(None)
        assert desk.shown is None and "Nog te kiezen" in bench.builder.preview.object
        assert "Nog te kiezen" in json.loads(bench.signal.object)["say"]
        desk.draft = draft_of(parse("netwerken -> loopbaantevredenheid", waves.lexicon))
        bench.builder.show()
        bench.builder.direction.value = "positive"
        await bench._on_fix(None)
        assert "Vastgelegd op" in bench.builder.fixed.object
        await bench._on_ask(None)
        await bench._on_fix(None)
        assert "niet vast te leggen" in bench.builder.fixed.object

    asyncio.run(sit())
    assert "1 vraag gesteld, 0 bewaard" in bench.log.content.object
    assert desk.shown.question.text == "netwerken -> loopbaantevredenheid"
    assert "synthetisch" in bench.answering.content.object
    assert desk.entries[0].family == "confirmatory"
    assert desk.entries[0].registration.direction == "positive"
    bench.answering.remark.value_input = bench.answering.remark.value = "<b>let op</b>"
    assert bench.answering.remark.visible
    bench.answering.keep.clicks += 1
    assert desk.entries[0].kept and desk.entries[0].remark == "<b>let op</b>"
    assert not bench.answering.remark.visible, "a remark that was kept cannot be changed"
    assert "1 vraag gesteld, 1 bewaard" in bench.log.content.object
    assert bench.log.file("word").read(2) == b"PK"
    table = bench.log.file("csv").read().decode()
    assert "netwerken -> loopbaantevredenheid" in table and "<b>let op</b>" in table
    written = json.load(bench.log.file("notebook"))
    assert written["nbformat"] == 4 and "Hangt netwerken" in json.dumps(written)
    bench.answering.keep.clicks += 1
    assert not desk.entries[0].kept and len(desk.entries) == 1
    assert "de vraag blijft meetellen" in bench.answering.said.object
    bench.answering.refuse(MobiliteitError("no", [Problem("nothing", "Do so.")]))
    assert desk.shown is None and not bench.answering.keeping.visible, "nothing to keep"
    desk.show(desk.entries[0])
    bench.fail(RuntimeError("planted"))
    assert desk.shown is None and not bench.answering.keeping.visible


def test_the_same_question_in_two_waves_is_two_entries(waves):
    desk = Desk(waves, "2006", "nl")
    question = parse("netwerken -> loopbaantevredenheid", waves.lexicon)
    desk.session.keep(desk.ask(question))
    desk.wave = "2008-demo"
    assert desk.ask(question).wave == "2008-demo"
    assert [(one.wave, one.kept) for one in desk.entries] == [("2006", True), ("2008-demo", False)]
    assert desk.shown_entry == desk.entries[1]
    desk.show(desk.entries[0])
    assert desk.shown_entry == desk.entries[0]
    log = Log(desk, lambda: None)
    log.show()
    assert log.again.visible and "2 vragen gesteld, 1 bewaard" in log.content.object
    assert not any(button.disabled for button in log.downloads.values())


def test_an_earlier_answer_is_laid_on_the_desk_again(waves):
    desk, chosen = Desk(waves, "2006", "en"), []

    async def laid() -> None:
        chosen.append(desk.shown.question.text)

    log = Log(desk, laid)
    log.show()
    assert not log.again.visible and all(button.disabled for button in log.downloads.values())
    for text in ("netwerken -> orienteren", "netwerken -> willen"):
        desk.ask(parse(text, waves.lexicon))
    log.show()
    asyncio.run(log._on_again(SimpleNamespace(new="0")))
    asyncio.run(log._on_again(SimpleNamespace(new="1")))
    assert chosen == ["netwerken -> orienteren", "netwerken -> willen"]


def test_what_the_program_does_wrong_is_said_calmly_and_the_page_goes_on(waves, caplog):
    bench = Bench(Desk(waves, "2006", "nl"))
    bench.desk.draft = draft_of(parse("netwerken -> loopbaantevredenheid", waves.lexicon))
    bench.desk.ask = lambda question: 1 / 0
    with pytest.raises(ZeroDivisionError) as raised:
        asyncio.run(bench._on_ask(None))
    assert not bench.builder.ask.disabled and bench.builder.ask.name == "Vraag"
    bench.fail(raised.value)
    assert "aan uw vraag ligt het niet" in bench.answering.content.object
    assert "ZeroDivision" not in bench.answering.content.object
    assert not bench.answering.keeping.visible
    assert caplog.records[-1].exc_info[1] is raised.value, "the terminal gets the traceback"
    assert "aan uw vraag ligt het niet" in json.loads(bench.signal.object)["say"]


def test_a_choice_that_fails_halfway_does_not_make_the_fields_deaf(bench, monkeypatch):
    builder = bench.builder
    with monkeypatch.context() as broken:
        broken.setattr("mobiliteit.lab.builder.question_sentence", lambda *given: 1 / 0)
        builder.several.more.value = "netwerken"
        with pytest.raises(ZeroDivisionError):
            builder.outcome.variable.value = "loopbaantevredenheid"
    builder.controls.more.value = "leeftijd"
    assert builder.question.text == "netwerken -> loopbaantevredenheid | controls: leeftijd"
    assert "als leeftijd gelijk" in builder.preview.object


def test_a_wave_that_cannot_be_read_is_said_to_be_that(waves, small):
    damaged = Waves(small.root)
    damaged.study = waves.study
    small.sav.write_bytes(b"\x00")
    broken = small.folder.parent / "1990" / "wave.yaml"
    broken.parent.mkdir()
    broken.write_text("{", encoding="utf-8")
    assert Waves(small.root).earlier(small.name) == (), "of a broken sidecar the year is unknown"
    bench = Bench(Desk(damaged, small.name, "nl"))
    asyncio.run(bench.prepare())
    assert "Deze golf kan niet gelezen worden" in bench.builder.status.object
    bench.desk.draft = draft_of(parse("netwerken -> loopbaantevredenheid", waves.lexicon))
    asyncio.run(bench._on_ask(None))
    assert "Deze golf kan niet gelezen worden" in bench.answering.content.object
    assert "kan zo niet gesteld" not in bench.answering.content.object


def test_a_reload_shows_the_same_desk(waves):
    desk = Desk(waves, "2006", "en")
    desk.draft = draft_of(parse(TEXTS["effect"], waves.lexicon))
    again = Bench(desk)
    assert again.builder.question.text == parse(TEXTS["effect"], waves.lexicon).text
    assert "Put a question together" in again.builder.title.object


def test_hypotheses_are_searched_and_put_ready(bench):
    bench.switch.clicks += 1
    hypotheses = bench.hypotheses
    everything = len(hypotheses.list.options)
    hypotheses.search.value_input = "netwerk"
    assert 0 < len(hypotheses.list.options) < everything == len(hypotheses.register.hypotheses)
    wanted = next(h for h in hypotheses.register.hypotheses if h.question is not None)
    hypotheses.search.value_input = ""
    hypotheses.list.value = wanted.entry.id
    hypotheses.ready.clicks += 1
    assert bench.desk.draft.question == wanted.question and bench.builder.view.visible
    lacking = next(h for h in hypotheses.register.hypotheses if h.entry.lacks)
    bench.switch.clicks += 1
    hypotheses.list.value = lacking.entry.id
    assert hypotheses.ready.disabled and "volgende golf" in hypotheses.about.object
    hypotheses.search.value_input = "qqqq <i>"
    assert hypotheses.about.object == "" and hypotheses.ready.disabled


def test_desks_are_few_and_are_cleared_after_an_hour(waves):
    now = [0.0]
    desks = Desks(lambda: Desk(waves, "2006", "nl"), lambda: now[0])
    first = desks.at("0")
    assert all(desks.at(str(key)) is not None for key in range(MOST_DESKS))
    assert desks.at("one too many") is None and desks.at("0") is first
    now[0] = HOUR / 2
    assert desks.at("0") is first
    now[0] = HOUR + 1
    assert desks.at("0") is first and desks.at("another") is not None
    assert desks.at("1") is not None


def test_desks_of_a_notebook_stay_until_room_is_needed(waves):
    now = [0.0]
    desks = Desks(clock=lambda: now[0])
    for key in range(MOST_DESKS):
        desk = Desk(waves, "2006", "nl")
        desk.used = key
        desks.put(str(key), desk)
    now[0] = 10 * HOUR
    assert desks.at("0") is not None and desks.at("unknown") is None
    desks.put("another", Desk(waves, "2006", "nl"))
    assert desks.at("1") is None, "the one that was used longest ago"
    assert None not in (desks.at("0"), desks.at("2"), desks.at("another"))


def test_both_languages_say_everything():
    nl, en = (words(lang) for lang in LANGUAGES)
    assert nl.keys() == en.keys() and all(nl.values()) and all(en.values())
    for name in nl:
        assert re.findall(r"{\w+}", nl[name]) == re.findall(r"{\w+}", en[name]), name
    for form, places in PLACES.items():
        for lang in LANGUAGES:
            assert set(FIELDS[lang][form]) == set(places) - {"controls"}


def test_a_notebook_frames_the_page_of_a_desk_of_its_own(waves, monkeypatch):
    monkeypatch.delenv(SAVED, raising=False)
    shown = [mb.lab(waves.read("2006"), root=ROOT, lang=lang) for lang in LANGUAGES]
    place, key = zip(*(one.address.split("?desk=") for one in shown), strict=True)
    assert place[0] == place[1] and key[0] != key[1]
    assert [notebook._DESKS.at(one).lang for one in key] == list(LANGUAGES)
    html = shown[1]._repr_html_()
    assert f'href="{shown[1].address}"' in html and "run this cell" in html
    assert '<iframe id="lab-' in html and f'src="{shown[1].address}"' in html
    port = int(re.search(r":(\d+)/$", place[0]).group(1))
    status, headers, body = fetch(port, f"/?desk={key[1]}")
    assert status == 200 and "lab-main" in body and "Set-Cookie" not in headers
    frames = headers["Content-Security-Policy"].split("frame-ancestors ")[1]
    assert frames == "http://127.0.0.1:* http://localhost:*"
    for other in ("", f"?desk={'0' * 32}", "?desk=%ff"):
        assert "lab-main" not in fetch(port, f"/{other}")[2], "a notice, and no desk"
    with pytest.raises(MobiliteitError, match="there is no wave nope"):
        mb.lab("nope", root=ROOT)


def test_a_page_made_of_a_notebook_says_how_to_get_the_lab(monkeypatch, tmp_path):
    monkeypatch.setenv(SAVED, str(tmp_path))
    text = mb.lab("2006", root=ROOT)._repr_html_()
    assert "mobiliteit lab" in text and "jupyter lab" in text
    assert "<script" not in text and "<iframe" not in text and "http" not in text


@pytest.fixture(scope="module")
def port(waves):
    with running_lab(Desks(lambda: Desk(waves, "2006", "nl"))) as port:
        yield port


def fetch(port, path="/", **headers):
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
    connection.request("GET", path, headers=headers)
    response = connection.getresponse()
    return response.status, response.headers, response.read().decode("utf-8", "replace")


@pytest.fixture(scope="module")
def page(port):
    """What the server answers to who asks for the page."""
    return fetch(port)


def test_a_page_may_load_from_its_own_server_alone(port, page):
    status, headers, body = page
    assert status == 200
    policy = dict(
        part.strip().split(" ", 1) for part in headers["Content-Security-Policy"].split(";")
    )
    assert policy["default-src"] == "'none'" and policy["frame-ancestors"] == "'none'"
    assert "unsafe" not in policy["script-src"]
    assert policy["connect-src"] == f"'self' ws://127.0.0.1:{port}"
    nonce = re.search(r"'nonce-([\w-]+)'", policy["script-src"]).group(1)
    assert body.count("<script") == body.count(f'<script nonce="{nonce}"') > 0
    assert not re.search(r"(?:src|href)=\"(?:https?:)?//(?!127)", body)
    assert nonce not in fetch(port, "/nothing")[1]["Content-Security-Policy"]
    assert headers["X-Content-Type-Options"] == "nosniff"


def test_a_desk_has_a_key_that_other_sites_cannot_send_along(port, page):
    cookie = page[1]["Set-Cookie"]
    assert re.match(
        rf"mobiliteit-lab-{port}=[0-9a-f]{{32}}; Path=/; HttpOnly; SameSite=Strict", cookie
    )
    # Every answer in HTML brings a key, and this one is quicker than the page.
    assert fetch(port, "/nothing")[1]["Set-Cookie"] not in (None, cookie)
    assert fetch(port, "/nothing", Cookie=cookie.split(";")[0])[1]["Set-Cookie"] is None
    mine = f"mobiliteit-lab-{port}=mine"
    assert fetch(port, "/nothing", Cookie=mine)[1]["Set-Cookie"] is not None


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1.evil.example", "192.168.1.4"])
@pytest.mark.parametrize("path", ["/", "/ws", "/lab/lab.js", "/autoload.js"])
def test_another_name_is_refused(port, host, path):
    status, _, body = fetch(port, path, Host=f"{host}:{port}")
    assert status == 403 and "data-root-id" not in body


def test_a_socket_from_another_origin_is_refused(port, page):
    token = re.search(r'"token":"([^"]+)"', page[2]).group(1)
    upgrade = {
        "Upgrade": "websocket",
        "Connection": "Upgrade",
        "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==",
        "Sec-WebSocket-Version": "13",
        "Sec-WebSocket-Protocol": f"bokeh, {token}",
    }
    assert fetch(port, "/ws", Origin="http://evil.example", **upgrade)[0] == 403


def test_it_listens_on_loopback_alone(port):
    addresses = {info[4][0] for info in socket.getaddrinfo(socket.gethostname(), port)}
    for address in (one for one in addresses if not one.startswith(("127.", "::1"))):
        with socket.socket() as tried:
            tried.settimeout(2)
            assert tried.connect_ex((address, port)) != 0


@pytest.mark.parametrize("path", ["/admin", "/liveness", "/rest/session_info", "/login"])
def test_there_is_no_other_page(port, path):
    assert fetch(port, path)[0] == 404


def test_a_page_that_cannot_be_made_is_a_page_that_says_so(waves, monkeypatch, caplog):
    monkeypatch.setattr("mobiliteit.lab.server.Bench", lambda desk: 1 / 0)
    with running_lab(Desks(lambda: Desk(waves, "2006", "nl"))) as port:
        status, _, body = fetch(port)
    assert status == 200 and "Traceback" not in body and "lab-main" not in body
    assert any("could not be made" in one.message and one.exc_info for one in caplog.records)


def test_only_so_many_pages_at_once(waves, monkeypatch):
    monkeypatch.setattr("mobiliteit.lab.server.MOST_PAGES", 1)
    with running_lab(Desks(lambda: Desk(waves, "2006", "nl"))) as port:
        assert "lab-main" in fetch(port)[2] and "lab-main" not in fetch(port)[2]


# Waits until the server has found out that nobody looks.
@pytest.mark.slow
def test_a_page_that_nobody_looks_at_makes_room(waves, monkeypatch):
    for name, value in (("MOST_PAGES", 1), ("UNUSED", 100), ("LOOKING", 100)):
        monkeypatch.setattr(f"mobiliteit.lab.server.{name}", value)
    with running_lab(Desks(lambda: Desk(waves, "2006", "nl"))) as port:
        assert "lab-main" in fetch(port)[2]
        until = time.monotonic() + 15
        while "lab-main" not in fetch(port)[2]:
            assert time.monotonic() < until, "it still counts"
            time.sleep(0.1)


def test_a_port_in_use_and_an_unknown_wave_are_one_message(port, monkeypatch, capsys):
    monkeypatch.chdir(ROOT)
    assert run(monkeypatch, "lab", "--no-browser", "--port", str(port)) == 2
    error = capsys.readouterr().err
    assert f"port {port} cannot be used" in error and "--port" in error
    assert run(monkeypatch, "lab", "--no-browser", "--wave", "1999") == 2
    assert "there is no wave" in capsys.readouterr().err


MARKUP = "<b onclick=x>"


def test_texts_of_the_study_are_shown_as_they_are_written(bench, monkeypatch):
    """A researcher's own label or hypothesis is text, whatever signs it holds."""
    builder, desk = bench.builder, bench.desk
    offer = offers(Draft("difference"), "outcome", desk.waves.lexicon, {})[0]
    odd = replace(offer, choice=replace(offer.choice, explanation=Text(nl=MARKUP, en=MARKUP)))
    name = offer.choice.name
    shown = [explained(name, [odd], {name: Text(nl=MARKUP, en=MARKUP)}, "nl")]
    monkeypatch.setattr("mobiliteit.lab.builder.question_sentence", lambda *given: MARKUP)
    desk.draft = draft_of(parse(TEXTS["difference"], desk.waves.lexicon))
    builder.show()
    shown.append(builder.preview.object)
    bench.switch.clicks += 1
    hypotheses = bench.hypotheses
    first = hypotheses.register.hypotheses[0]
    entry = first.entry.model_copy(update={"nl": MARKUP})
    monkeypatch.setattr(hypotheses, "_chosen", lambda: replace(first, entry=entry))
    hypotheses.list.value = list(hypotheses.list.options.values())[-1]
    shown.append(hypotheses.about.object)
    assert [text.count(escape(MARKUP)) for text in shown] == [2, 1, 1]
    assert not any(MARKUP in text for text in shown)
