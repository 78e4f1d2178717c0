"""The right side of the page: the answer, and whether to keep it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import panel as pn

from mobiliteit.errors import MobiliteitError
from mobiliteit.lab.builder import refused
from mobiliteit.lab.desk import Desk
from mobiliteit.lab.parts import WIDE, field, say
from mobiliteit.lab.style import SECOND, TEXT
from mobiliteit.lab.words import words


class Answering:
    """The answer on a desk.

    Parameters
    ----------
    desk : Desk
        Whose answer is shown.
    changed : callable
        Called after an answer was kept or let go.
    """

    def __init__(self, desk: Desk, changed: Callable[[], None]) -> None:
        self.desk, self._changed = desk, changed
        self.title = pn.pane.HTML("", stylesheets=[TEXT], **WIDE)
        self.content = pn.pane.HTML("", stylesheets=[TEXT], **WIDE)
        self.remark = field(pn.widgets.TextInput, max_length=1000)
        self.keep = pn.widgets.Button(stylesheets=[SECOND], margin=(8, 0, 0, 0))
        self.said = pn.pane.HTML("", stylesheets=[TEXT], visible=False, **WIDE)
        self.keeping = pn.Column(
            self.remark,
            self.keep,
            self.said,
            visible=False,
            sizing_mode="stretch_width",
            margin=(20, 0, 0, 0),
        )
        self.view = pn.Column(
            self.title, self.content, self.keeping, css_classes=["lab-answer"], **WIDE
        )
        self.keep.on_click(self._on_keep)

    def written(self) -> str:
        """Write the answer of the desk as HTML; takes a second, for the picture."""
        shown = self.desk.shown
        if shown is None:
            return ""
        from mobiliteit.render.answers import answer_html

        return answer_html(shown, self.desk.lang)

    def show(self, content: str) -> None:
        """Show an answer that was written, or with nothing what will come here."""
        say_ = words(self.desk.lang)
        self.title.object = f'<h2 tabindex="-1" class="lab-focus">{say_["answer"]}</h2>'
        start = f"<p>{say_['no_answer']}</p><p class='quiet'>{say_['privacy']}</p>"
        self.content.object = content or start
        self.show_keeping()

    def refuse(self, error: MobiliteitError) -> None:
        """Show why there is no answer."""
        desk = self.desk
        desk.shown = None
        lead = "refused" if desk.waves.is_read(desk.wave) else "unreadable"
        self.show(refused(error, desk.lang, lead))

    def show_keeping(self, message: str = "") -> None:
        """Show whether the answer is kept."""
        entry, say_ = self.desk.shown_entry, words(self.desk.lang)
        kept = entry is not None and entry.kept
        self.remark.param.update(
            name=say_["remark"], value=entry.remark if entry else "", visible=not kept
        )
        self.keep.name = say_["forget" if kept else "keep"]
        text = say_[message] if message else say_["kept"] if kept else ""
        say(self.said, f'<p class="done" role="status">{text}</p>' if text else "")
        self.keeping.visible = entry is not None

    def _on_keep(self, event: Any) -> None:
        answer, entry = self.desk.shown, self.desk.shown_entry
        if answer is None or entry is None:
            return
        if entry.kept:
            self.desk.session.forget(answer)
        else:
            self.desk.session.keep(answer, self.remark.value_input or self.remark.value)
        self.show_keeping("forgotten" if entry.kept else "")
        self._changed()
