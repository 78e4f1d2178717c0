"""The lab in a real browser, as a person uses it: mouse, keyboard, narrow window, two languages."""

from __future__ import annotations

import json
import os
import re
import shutil
import zipfile
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest

from lab_server import running_lab
from mobiliteit.lab.desk import Desk, Desks
from mobiliteit.lab.notebook import HEIGHT, Framed
from mobiliteit.lab.waves import Waves
from mobiliteit.project import find_project

playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")

USUAL = ("chromium", "chromium-browser", "google-chrome", "chrome")
SWITCHES = [
    *("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync"),
    *("--disable-background-networking", "--disable-component-update"),
]
BROWSER = os.environ.get("MOBILITEIT_CHROMIUM") or next(
    filter(None, map(shutil.which, USUAL)), None
)
pytestmark = [
    pytest.mark.xdist_group("browser"),
    pytest.mark.skipif(
        BROWSER is None,
        reason=f"no browser found: none of {', '.join(USUAL)}, and MOBILITEIT_CHROMIUM is not set",
    ),
]
ROOT = find_project(Path(__file__).parent).root
SATISFACTION = "Subjectief succes: tevredenheid met loopbaan"
NOBODY = "http://127.0.0.1:9/"  # where nothing is served
PATIENCE = 25_000  # milliseconds; a first answer waits for the statistics to be imported


class Visit:
    """A page, and all that went wrong on it."""

    def __init__(self, page, port):
        self.page, self.port = page, port
        self.wrong, self.frames = [], []
        page.set_default_timeout(PATIENCE)
        page.on("console", self._heard)
        page.on("pageerror", lambda error: self.wrong.append(f"error: {error}"))
        page.on("request", self._requested)
        page.on("websocket", self._connected)

    def _heard(self, message):
        if message.type in ("error", "warning"):
            self.wrong.append(f"console: {message.text}")

    def _requested(self, request):
        ours = (f"http://127.0.0.1:{self.port}/", f"blob:http://127.0.0.1:{self.port}/", "data:")
        if not request.url.startswith(ours):
            self.wrong.append(f"request: {request.url}")

    def _connected(self, socket):
        if not socket.url.startswith(f"ws://127.0.0.1:{self.port}/"):
            self.wrong.append(f"socket: {socket.url}")
        socket.on("framereceived", lambda frame: self.frames.append(str(frame)))

    def open(self):
        self.page.goto(f"http://127.0.0.1:{self.port}/")
        return self.ready()

    def ready(self):
        self.page.wait_for_selector("html[data-ready=yes]")
        self.page.get_by_text("1137 ").first.wait_for()
        return self

    def pick(self, label, option):
        field = self.page.get_by_label(label, exact=True)
        field.select_option(option)
        self.settle()

    def settle(self):
        """Wait until what was sent has come back."""
        self.page.wait_for_timeout(120)

    def press(self, name):
        self.page.get_by_role("button", name=name, exact=True).click()
        self.settle()

    def ask(self, name="Vraag"):
        """Press the button, and wait for a new answer."""
        spoken = self.page.locator("#lab-said")
        before = spoken.inner_text()
        self.press(name)
        self.page.wait_for_function(
            "before => document.getElementById('lab-said').textContent !== before", arg=before
        )
        self.settle()
        return spoken.inner_text()

    def simple_question(self):
        self.pick("Hangt …", "Netwerken")
        self.pick("… samen met", SATISFACTION)
        return self

    def sees(self, text):
        """Wait until a text is there."""
        self.page.get_by_text(text).first.wait_for()
        return True

    def focused(self):
        return self.page.evaluate(
            "() => { let e = document.activeElement;"
            " while (e?.shadowRoot?.activeElement) e = e.shadowRoot.activeElement;"
            " return e ? (e.innerText || e.value || e.id || e.tagName) : ''; }"
        )


@contextmanager
def serving(folder):
    """Serve a folder, as a server of notebooks would; gives the port."""
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=folder)) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield server.server_port
        server.shutdown()


class Quiet(SimpleHTTPRequestHandler):
    """Says nothing of what it serves."""

    def log_message(self, *given):
        """Say nothing."""


@pytest.fixture(scope="module")
def waves():
    waves = Waves(ROOT)
    waves.read("2006")
    return waves


@pytest.fixture(scope="module")
def port(waves):
    with running_lab(Desks(lambda: Desk(waves, "2006", "nl"))) as port:
        yield port


@pytest.fixture(scope="module")
def browser():
    with playwright.sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=BROWSER, args=SWITCHES)
        yield browser
        browser.close()


@pytest.fixture
def visit(browser, port, request):
    """A page with a desk of its own, on which nothing may go wrong."""
    width = getattr(request, "param", 1280)
    context = browser.new_context(viewport={"width": width, "height": 800}, accept_downloads=True)
    visit = Visit(context.new_page(), port).open()
    yield visit
    context.close()
    assert visit.wrong == []


def test_choose_ask_keep_and_take_along(visit, tmp_path):
    page = visit.page
    assert page.get_by_role("note").first.is_visible(), "the synthetic mark"
    visit.simple_question()
    assert visit.sees("Hangt netwerken samen met de tevredenheid")
    spoken = visit.ask()
    assert "hangt" in spoken and visit.focused() == "Antwoord"
    picture = page.locator("figure img").first
    assert len(picture.get_attribute("alt")) > 40 and picture.evaluate("i => i.naturalWidth") > 300
    page.get_by_label("Opmerking bij dit antwoord (mag leeg)").fill("<img src=x onerror=alert(1)>")
    visit.press("Bewaar dit antwoord")
    page.get_by_text("1 vraag gesteld, 1 bewaard.").wait_for()
    files = {}
    for name in ("Notebook (.ipynb)", "Word (.docx)", "Tabel (.csv)"):
        with page.expect_download() as download:
            page.get_by_role("button", name=name).click()
        files[name] = tmp_path / download.value.suggested_filename
        download.value.save_as(files[name])
    assert json.loads(files["Notebook (.ipynb)"].read_text(encoding="utf-8"))["nbformat"] == 4
    assert zipfile.is_zipfile(files["Word (.docx)"])
    assert "netwerken -> loopbaantevredenheid" in files["Tabel (.csv)"].read_text(encoding="utf-8")


def test_other_forms_and_languages_and_no_answer_of_a_respondent_is_sent(visit, waves):
    page = visit.page
    visit.press("Vraag")
    visit.sees("Nog te kiezen: ‘Hangt’, ‘samen met’.")
    visit.simple_question().ask()
    page.get_by_role("radio", name="Is voor de een").check()
    page.get_by_text("Nog te kiezen: ‘naar’.").first.wait_for()
    visit.pick("… naar", "Geslacht")
    assert "vrouw" in visit.ask()
    page.get_by_role("radio", name="Verschilt tussen").check()
    page.get_by_label("… tussen de groepen van").wait_for()
    visit.pick("… tussen de groepen van", "Mobiliteitsgroep")
    assert "Blijvers" in visit.ask()
    page.get_by_text("3 vragen gesteld, 0 bewaard.").first.wait_for()
    page.get_by_label("Toon een eerder antwoord").select_option(index=1)
    page.locator(".asked", has_text="netwerken -> loopbaantevredenheid").wait_for()
    visit.press("English")
    page.get_by_text("Is networking related to career satisfaction?").first.wait_for()
    page.get_by_role("heading", name="Answer", exact=True).wait_for()
    page.wait_for_function("() => document.documentElement.lang === 'en'")
    assert page.get_by_text("synthetic answers: not a finding", exact=False).first.is_visible()
    assert not re.search(r"\b(?:Vraag|Antwoord|Bewaar|golf)\b", page.locator("main").inner_text())
    sent = "\n".join(visit.frames)
    frame = waves.read("2006").frame
    assert "loopbaantevredenheid" in sent and len(sent) > 10_000
    assert not any(str(key) in sent for key in frame.index if len(str(key)) > 5)
    without_picture = re.sub(r"data:image/png;base64,[\w+/=]+", "", sent)
    longest = max(len(run.split(",")) for run in re.findall(r"[-\d.,e]+", without_picture))
    assert 0 < longest < 30, "a list of numbers as long as that may be people"


@pytest.mark.slow
def test_what_goes_wrong_is_said_and_the_page_goes_on(visit, monkeypatch):
    page = visit.page
    visit.simple_question()
    with monkeypatch.context() as broken:
        broken.setattr(Desk, "ask", lambda desk, question: 1 / 0)
        assert "aan uw vraag ligt het niet" in visit.ask()
    assert "ZeroDivision" not in page.locator("body").inner_text()
    visit.ask()
    page.locator("figure img").wait_for()
    with monkeypatch.context() as broken:
        broken.setattr("mobiliteit.lab.builder.question_sentence", lambda *given: 1 / 0)
        visit.pick("… samen met", "Leeftijd")
        visit.sees("aan uw vraag ligt het niet")
    visit.pick("Hangt …", "Oriënteren")
    page.get_by_text("Hangen netwerken en oriëntatie op de loopbaan").first.wait_for()


@pytest.mark.slow
def test_a_notebook_unfolds_the_frame_when_the_page_is_there(browser, waves, tmp_path):
    desks, key = Desks(), "f" * 32
    desks.put(key, Desk(waves, "2006", "nl"))
    page = browser.new_context().new_page()
    with running_lab(desks, framed=True) as port, serving(tmp_path) as elsewhere:
        for address, height in ((f"http://127.0.0.1:{port}/?desk={key}", HEIGHT), (NOBODY, 0)):
            (tmp_path / "saved.html").write_text(Framed(address, "nl")._repr_html_())
            page.goto(f"http://localhost:{elsewhere}/saved.html")
            if height:
                lab = page.frame_locator("iframe")
                lab.get_by_label("Hangt …", exact=True).select_option("Netwerken")
                lab.get_by_text("Nog te kiezen: ‘samen met’.").wait_for()
            page.wait_for_timeout(200)
            assert page.locator("iframe").evaluate("frame => frame.offsetHeight") == height
    page.context.close()


@pytest.mark.slow
def test_fields_have_labels_grey_lines_and_boxes_that_stay(visit):
    page = visit.page
    snapshot = page.locator("body").aria_snapshot()
    kinds = "combobox|textbox|radio|checkbox|listbox|button"
    assert not re.findall(rf"^\s*- (?:{kinds})(?:$|:| \[)", snapshot, re.M), (
        "a field without a label"
    )
    visit.pick("… samen met", "Leeftijd")
    visit.sees("Een getal van 15 tot 64 jaar.")
    greyed = visit.page.get_by_label("Bij gelijke (mag leeg)", exact=True).evaluate(
        "list => [...list.options].filter(one => one.disabled).map(one => one.text)"
    )
    assert "Leeftijd" in greyed and "Leeftijd (klassen)" in greyed and "Geslacht" not in greyed
    visit.pick("Onder wie", "Mobiliteitsgroep")
    page.get_by_label("Overwegers").check()
    page.get_by_label("Mobielen").check()
    visit.pick("Hangt …", "Netwerken")
    visit.sees("onder overwegers of mobielen")
    assert page.get_by_label("Overwegers").is_checked()


@pytest.mark.slow
def test_fix_before_looking_and_not_after(visit):
    page = visit.page
    visit.simple_question()
    visit.press("Leg vast")
    page.locator("p.done", has_text="Vastgelegd op").wait_for()
    visit.ask()
    page.get_by_text("Toetsend: deze vraag lag vast").first.wait_for()
    visit.press("Leg vast")
    page.get_by_text("Deze vraag is niet vast te leggen.").wait_for()


@pytest.mark.slow
def test_typed_text_is_read_by_the_grammar_alone(visit):
    page = visit.page
    typed = page.get_by_label("Of typ de vraag als tekst")
    typed.fill("netwerkn -> <b>x</b>")
    typed.press("Enter")
    wrong = page.locator("pre").first
    wrong.wait_for()
    lines = wrong.inner_text().splitlines()
    assert lines[0].index("netwerkn") == lines[1].index("^")
    assert page.locator("pre b").count() == 0
    typed.fill("netwerken * geslacht -> loopbaantevredenheid")
    typed.press("Enter")
    page.get_by_label("… naar").wait_for()
    assert page.get_by_role("radio", name="Is voor de een").is_checked()
    assert page.locator("pre").count() == 0


def test_the_keyboard_is_enough(visit):
    page = visit.page
    page.keyboard.press("Tab")
    seen = []
    for _ in range(60):
        seen.append(visit.focused())
        if page.get_by_label("Hangt …", exact=True).evaluate(
            "field => field.getRootNode().activeElement === field"
        ):
            break
        page.keyboard.press("Tab")
    assert "Hypothesen uit het register" in seen and "English" in seen
    page.keyboard.type("Netwerken")
    visit.settle()
    page.keyboard.press("Tab")
    for _ in range(6):
        if page.get_by_label("… samen met").evaluate(
            "field => field.getRootNode().activeElement === field"
        ):
            break
        page.keyboard.press("Tab")
    page.keyboard.type("Subjectief")
    visit.settle()
    before = page.locator("#lab-said").inner_text()
    page.keyboard.press("Enter")
    page.wait_for_function(
        "before => document.getElementById('lab-said').textContent !== before", arg=before
    )
    visit.settle()
    assert visit.focused() == "Antwoord"


@pytest.mark.parametrize("visit", [375], indirect=True)
def test_a_narrow_window_stacks_and_nothing_sticks_out(visit):
    page = visit.page
    visit.simple_question().ask()
    left, right = (page.locator(f"#lab-{side}").bounding_box() for side in ("left", "right"))
    assert right["y"] >= left["y"] + left["height"] and right["width"] <= 375
    assert page.evaluate("document.documentElement.scrollWidth") <= 375
    heading = page.get_by_role("heading", name="Antwoord", exact=True).bounding_box()
    assert 0 <= heading["y"] < 300, "the answer is in view"


@pytest.mark.slow
def test_a_reload_and_a_second_tab_show_the_same_desk_another_browser_does_not(visit, browser):
    page = visit.page
    visit.simple_question().ask()
    page.reload()
    visit.ready()
    page.locator("p.say").wait_for()
    assert page.get_by_text("1 vraag gesteld, 0 bewaard.").is_visible()
    second = Visit(page.context.new_page(), visit.port).open()
    second.page.get_by_text("1 vraag gesteld, 0 bewaard.").wait_for()
    page.goto("about:blank")
    page.go_back()
    visit.ready()
    page.locator("p.say").wait_for()
    context = browser.new_context()
    other = Visit(context.new_page(), visit.port).open()
    other.sees("Nog geen vraag gesteld.")
    context.close()
    assert second.wrong == other.wrong == []


@pytest.mark.slow
def test_a_hypothesis_is_found_and_put_ready(visit):
    page = visit.page
    visit.press("Hypothesen uit het register")
    page.get_by_label("Zoek in de hypothesen").fill("netwerkt effectiviteit")
    page.get_by_text(re.compile(r"^\d{1,2} van \d+ hypothesen$")).wait_for()
    visit.press("Zet deze vraag klaar")
    page.get_by_role("heading", name="Vraag samenstellen").wait_for()
    assert "netwerken" in visit.page.locator(".lab-builder code").inner_text()
