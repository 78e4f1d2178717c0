"""The parts of the lab put together: what a page and a notebook show."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import panel as pn

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
from mobiliteit.project import FIRST_WAVE

if TYPE_CHECKING:
    from mobiliteit.wave import Wave


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
            await apart(_warm, self.desk)
        except MobiliteitError as error:
            say(self.builder.status, refused(error, self.desk.lang))
            return
        self.show_mark()
        self.builder.show()

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
        told = {"n": self._signals, "focus": focus, "say": spoken, "lang": self.desk.lang}
        self.signal.object = json.dumps(told)


def lab(
    wave: Wave | str = FIRST_WAVE, *, lang: str = "nl", root: Path | str | None = None
) -> pn.Column:
    """Show the lab inside a notebook.

    Parameters
    ----------
    wave : Wave or str
        The wave to begin with, or its folder under ``data_raw/``.
    lang : {'nl', 'en'}
        Language to begin with.
    root : path, optional
        A folder in the project; by default the current one.

    Returns
    -------
    panel.Column
        The same parts as the page of ``mobiliteit lab``. It works only where Python runs: as a
        page that was saved it says so.

    Raises
    ------
    MobiliteitError
        There is no such wave, or it cannot be used.
    """
    if isinstance(wave, str):
        waves, name = Waves(root), wave
        waves.check(name)
    else:
        waves, name = Waves(root, wave), wave.id
    waves.read(name)
    bench = Bench(Desk(waves, name, lang))
    middle = pn.Row(
        pn.Column(bench.left, width=380),
        pn.Column(bench.right, **WIDE),
        sizing_mode="stretch_width",
    )
    return pn.Column(
        bench.mark, bench.header, middle, bench.foot, sizing_mode="stretch_width", max_width=1240
    )


async def apart(work: Callable[..., Result], *arguments: Any) -> Result:
    """Do work apart from the thread of the pages, which goes on serving them meanwhile."""
    return await asyncio.get_running_loop().run_in_executor(WORKER, work, *arguments)


def _warm(desk: Desk) -> None:
    """Read the wave of a desk, and import what the first answer would wait for."""
    import mobiliteit.asking.ask
    import mobiliteit.logbook.session
    import mobiliteit.render.answers  # noqa: F401

    desk.waves.read(desk.wave)
    desk.waves.missing(desk.wave)


def _text_of(markup: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", markup).split())
