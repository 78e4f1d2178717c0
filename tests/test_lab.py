"""The lab without a browser: drafts, what is offered, the fields, the server's limits."""

from __future__ import annotations

import asyncio
import http.client
import json
import re
import socket
from dataclasses import replace
from pathlib import Path

import pytest

import mobiliteit as mb
from lab_server import running_lab
from mobiliteit.asking.grammar import parse
from mobiliteit.asking.question import Restriction
from mobiliteit.asking.rules import question_problems
from mobiliteit.errors import MobiliteitError
from mobiliteit.lab.bench import Bench
from mobiliteit.lab.desk import HOUR, MOST_DESKS, Desk, Desks
from mobiliteit.lab.draft import PLACES, Draft, draft_of, fitted, offers
from mobiliteit.lab.waves import Waves
from mobiliteit.lab.words import FIELDS, LANGUAGES, words
from mobiliteit.project import find_project
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
    assert builder.question is None and "is not" in builder.preview.object
    builder.by.variable.value = "orienteren"
    assert builder.question.text.startswith("netwerken -> orienteren -> loopbaantevredenheid")
    builder.form.value = "change"
    builder.since.value = "2008-demo"
    assert builder.question.text.startswith("netwerken -> loopbaantevredenheid since 2008-demo")
    builder.one.variable.value = ""
    assert builder.question.text.startswith("loopbaantevredenheid since 2008-demo")
    assert desk.draft.form == "change"


def test_a_form_that_needs_a_category_takes_one(bench):
    builder = bench.builder
    builder.form.value = "difference"
    builder.outcome.variable.value = "sector"
    assert not builder.outcome.category.visible
    builder.form.value = "effect"
    assert builder.outcome.category.visible
    assert bench.desk.draft.outcome.startswith("sector=")


def test_who_is_asked_about_by_boxes_and_by_a_range(bench):
    who, desk = bench.builder.who, bench.desk
    who.more.value = bench.desk.waves.lexicon.group
    boxes = who._made[desk.waves.lexicon.group].boxes
    boxes.value = ["overwegers"]
    boxes.value = ["overwegers", "mobielen"]
    who.more.value = "leeftijd"
    low, high = who._made["leeftijd"].ends
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
        desk.draft = draft_of(parse("netwerken -> loopbaantevredenheid", waves.lexicon))
        bench.builder.show()
        bench.builder.direction.value = "positive"
        await bench._on_fix(None)
        assert "Vastgelegd op" in bench.builder.fixed.object
        await bench._on_ask(None)
        await bench._on_fix(None)
        assert "niet vast te leggen" in bench.builder.fixed.object

    asyncio.run(sit())
    assert desk.shown.question.text == "netwerken -> loopbaantevredenheid"
    assert "synthetisch" in bench.answering.content.object
    assert desk.entries[0].family == "confirmatory"
    bench.answering.remark.value_input = bench.answering.remark.value = "<b>let op</b>"
    bench.answering.keep.clicks += 1
    assert desk.entries[0].kept and desk.entries[0].remark == "<b>let op</b>"
    assert "1 vraag gesteld, 1 bewaard" in bench.log.content.object
    assert bench.log.file("word").read(2) == b"PK"
    table = bench.log.file("csv").read().decode()
    assert "netwerken -> loopbaantevredenheid" in table and "<b>let op</b>" in table
    assert json.load(bench.log.file("notebook"))["nbformat"] == 4
    bench.answering.keep.clicks += 1
    assert not desk.entries[0].kept and len(desk.entries) == 1


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


def test_both_languages_say_everything():
    nl, en = (words(lang) for lang in LANGUAGES)
    assert nl.keys() == en.keys() and all(nl.values()) and all(en.values())
    for name in nl:
        assert re.findall(r"{\w+}", nl[name]) == re.findall(r"{\w+}", en[name]), name
    for form, places in PLACES.items():
        for lang in LANGUAGES:
            assert set(FIELDS[lang][form]) == set(places) - {"controls"}


def test_the_lab_for_a_notebook(waves):
    shown = mb.lab(waves.read("2006"), root=ROOT, lang="en")
    assert shown.get_root() is not None
    with pytest.raises(MobiliteitError, match="there is no wave nope"):
        mb.lab("nope", root=ROOT)


@pytest.fixture(scope="module")
def port(waves):
    with running_lab(waves, "2006") as port:
        yield port


def fetch(port, path="/", **headers):
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
    connection.request("GET", path, headers=headers)
    response = connection.getresponse()
    return response.status, response.headers, response.read().decode("utf-8", "replace")


def test_a_page_may_load_from_its_own_server_alone(port):
    status, headers, body = fetch(port)
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
    assert nonce not in fetch(port)[1]["Content-Security-Policy"]
    assert headers["X-Content-Type-Options"] == "nosniff"


def test_a_desk_has_a_key_that_other_sites_cannot_send_along(port):
    cookie = fetch(port)[1]["Set-Cookie"]
    assert re.match(
        rf"mobiliteit-lab-{port}=[0-9a-f]{{32}}; Path=/; HttpOnly; SameSite=Strict", cookie
    )
    assert fetch(port)[1]["Set-Cookie"] != cookie
    assert fetch(port, Cookie=cookie.split(";")[0])[1]["Set-Cookie"] is None
    assert fetch(port, Cookie=f"mobiliteit-lab-{port}=mine")[1]["Set-Cookie"] is not None


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1.evil.example", "192.168.1.4"])
@pytest.mark.parametrize("path", ["/", "/ws", "/lab/lab.js", "/autoload.js"])
def test_another_name_is_refused(port, host, path):
    status, _, body = fetch(port, path, Host=f"{host}:{port}")
    assert status == 403 and "data-root-id" not in body


def test_a_socket_from_another_origin_is_refused(port):
    token = re.search(r'"token":"([^"]+)"', fetch(port)[2]).group(1)
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


def test_a_port_in_use_and_an_unknown_wave_are_one_message(port, monkeypatch, capsys):
    monkeypatch.chdir(ROOT)
    assert run(monkeypatch, "lab", "--no-browser", "--port", str(port)) == 2
    error = capsys.readouterr().err
    assert f"port {port} cannot be used" in error and "--port" in error
    assert run(monkeypatch, "lab", "--no-browser", "--wave", "1999") == 2
    assert "there is no wave" in capsys.readouterr().err
