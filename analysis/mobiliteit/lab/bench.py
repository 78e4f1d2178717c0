"""The parts of the lab put together: what a page and a notebook show."""

from __future__ import annotations

import asyncio
import json
import logging
import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from functools import cache
from html import escape
from itertools import pairwise
from typing import Any, TypeVar

import panel as pn

from mobiliteit.asking.question import Question
from mobiliteit.errors import MobiliteitError
from mobiliteit.lab.answering import Answering
from mobiliteit.lab.builder import Builder, refused
from mobiliteit.lab.desk import Desk
from mobiliteit.lab.log import Log
from mobiliteit.lab.parts import WIDE, WRAP, say
from mobiliteit.lab.register import Hypotheses
from mobiliteit.lab.style import SECOND, TEXT
from mobiliteit.lab.waves import Waves
from mobiliteit.lab.words import LANGUAGES, words

LOG = logging.getLogger("mobiliteit.lab")
# One thread answers for all pages of a process: every further one would keep memory of its own.
WORKER = ThreadPoolExecutor(1, "lab")
Result = TypeVar("Result")


class Bench:
    """Everything on a page of the lab, around one desk.

    Parameters
    ----------
    desk : Desk
        What is shown, and what changes.

    Attributes
    ----------
    header, left, right, foot : panel.viewable.Viewable
        Where they stand on the page.
    signal : panel.pane.HTML
        Nothing to see: tells the page where to put the focus, what to say aloud, and its language.
    """

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self.builder = Builder(desk, self._on_wave)
        self.hypotheses = Hypotheses(desk, self._on_put)
        self.answering = Answering(desk, lambda: self.log.show())
        self.log = Log(desk, self._on_again)
        self.head = pn.pane.HTML("", stylesheets=[TEXT], **WIDE)
        self.mark = pn.pane.HTML("", stylesheets=[TEXT], css_classes=["lab-mark"], **WIDE)
        buttons = {"stylesheets": [SECOND], "margin": (0, 10, 6, 0)}
        self.other = pn.widgets.Button(**buttons)
        self.switch = pn.widgets.Button(**buttons)
        self.signal = pn.pane.HTML("", tags=["lab-signal"], visible=False)
        self.header = pn.Column(
            self.head,
            pn.Row(self.switch, self.other, styles=WRAP, **WIDE),
            **WIDE,
        )
        self.left = pn.Column(self.builder.view, self.hypotheses.view, **WIDE)
        self.right, self.foot = self.answering.view, self.log.view
        self._signals = 0
        self.other.on_click(self._on_language)
        self.switch.on_click(self._on_switch)
        self.builder.ask.on_click(self._on_ask)
        self.builder.fix.on_click(self._on_fix)
        self.show()
        self.answering.show(self.answering.written())
        self._signal("", "")

    def show(self) -> None:
        """Show everything but the answer, in the language of the desk."""
        lang = self.desk.lang
        say_ = words(lang)
        self.head.object = f"<h1>{say_['title']}</h1><p>{say_['lead']}</p>"
        self.other.name = say_["other_language"]
        searching = self.hypotheses.view.visible
        self.switch.name = say_["build" if searching else "register"]
        self.show_mark()
        self.builder.show()
        self.hypotheses.show()
        self.log.show()

    def show_mark(self) -> None:
        """Show the mark of the wave."""
        desk, mark = self.desk, ""
        if desk.waves.is_read(desk.wave):
            mark = desk.waves.read(desk.wave).unweighted().mark(desk.lang)
        text = f'<div class="mark" role="note">{escape(mark)}</div>' if mark else ""
        say(self.mark, text)

    async def prepare(self) -> None:
        """Read the wave and what answers are made with, while the page is there already."""
        try:
            await apart(_read, self.desk)
        except MobiliteitError as error:
            say(self.builder.status, refused(error, self.desk.lang, "unreadable"))
            return
        self.show_mark()
        self.builder.show()
        await apart(_warm, self.desk.waves, self.desk.wave)

    def fail(self, error: BaseException) -> None:
        """Say that the program itself went wrong; how is for the terminal.

        Parameters
        ----------
        error : BaseException
            That nobody caught.
        """
        LOG.error("the lab could not do what was asked", exc_info=error)
        text = words(self.desk.lang)["broken"]
        self.desk.shown = None
        self.answering.show(f'<p class="wrong" role="alert">{text}</p>')
        self._signal("answer", text)

    async def _on_ask(self, event: Any) -> None:
        question, say_ = self.builder.question, words(self.desk.lang)
        if question is None:
            self._signal("ask", _text_of(self.builder.preview.object))
            return
        self.builder.ask.param.update(name=say_["asking"], disabled=True)
        try:
            await apart(self.desk.ask, question)
            written = await apart(self.answering.written)
        except MobiliteitError as error:
            self.answering.refuse(error)
        else:
            self.answering.show(written)
        finally:
            self.builder.ask.param.update(name=words(self.desk.lang)["ask"], disabled=False)
        self.show_mark()
        self.builder.show_status()
        self.log.show()
        shown = self.desk.shown
        spoken = words(self.desk.lang)["refused"] if shown is None else shown.say(self.desk.lang)
        self._signal("answer", spoken)

    async def _on_fix(self, event: Any) -> None:
        question, lang = self.builder.question, self.desk.lang
        if question is None:
            self._signal("ask", _text_of(self.builder.preview.object))
            return
        direction = self.builder.direction.value
        try:
            fixed = await apart(self.desk.fix, question, direction)
        except MobiliteitError as error:
            say(self.builder.fixed, refused(error, lang, "not_fixed"))
        else:
            from mobiliteit.logbook.words import moment

            text = words(lang)["fixed"].format(at=getattr(moment(fixed.at), lang))
            say(self.builder.fixed, f'<p class="done" role="status">{escape(text)}</p>')
        self.log.show()

    async def _on_again(self) -> None:
        self.answering.show(await apart(self.answering.written))
        self._signal("answer", words(self.desk.lang)["answer"])

    async def _on_language(self, event: Any) -> None:
        self.desk.lang = next(lang for lang in LANGUAGES if lang != self.desk.lang)
        self.builder.forget_messages()
        self.show()
        self.answering.show(await apart(self.answering.written))
        self._signal("", "")

    def _on_switch(self, event: Any) -> None:
        # Read now, so that nobody sees its fields while they are empty.
        self.desk.waves.hypotheses()
        self._turn(not self.hypotheses.view.visible)
        self.hypotheses.show()

    def _on_put(self) -> None:
        self._turn(False)
        self.builder.show()
        self._signal("ask", "")

    async def _on_wave(self) -> None:
        await self.prepare()

    def _turn(self, searching: bool) -> None:
        self.hypotheses.view.visible, self.builder.view.visible = searching, not searching
        self.switch.name = words(self.desk.lang)["build" if searching else "register"]

    def _signal(self, focus: str, spoken: str) -> None:
        self._signals += 1
        lang = self.desk.lang
        told = {"n": self._signals, "focus": focus, "say": spoken, "lang": lang}
        self.signal.object = json.dumps(told | {"lost": words(lang)["lost"]})


async def apart(work: Callable[..., Result], *arguments: Any) -> Result:
    """Do work apart from the thread of the pages, which goes on serving them meanwhile."""
    return await asyncio.get_running_loop().run_in_executor(WORKER, work, *arguments)


def _read(desk: Desk) -> None:
    desk.waves.read(desk.wave)
    desk.waves.missing(desk.wave)


@cache
def _warm(waves: Waves, wave: str) -> None:
    """Answer a question that nobody asked, so that the first of somebody is as quick as later ones.

    Importing the statistics takes seconds, and finding fonts and reading the codebook take as long
    as an answer. The register of hypotheses is read as well.
    """
    from mobiliteit.asking.ask import ask
    from mobiliteit.asking.rules import question_problems
    from mobiliteit.logbook.session import Session  # noqa: F401
    from mobiliteit.render.answers import answer_html

    waves.hypotheses()
    lexicon, missing = waves.lexicon, waves.missing(wave)
    answered = [one.name for one in lexicon.choices("outcome") if one.name not in missing]
    numbers = [name for name in answered if lexicon.kind(name) == "number"]
    for outcome, predictor in pairwise(numbers):
        question = Question("effect", outcome, (predictor,))
        if not question_problems(question, lexicon):
            # What a wave cannot answer is said to who asks it.
            with suppress(MobiliteitError):
                answer_html(ask(question, waves.read(wave)), LANGUAGES[0])
            return


def _text_of(markup: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", markup).split())
