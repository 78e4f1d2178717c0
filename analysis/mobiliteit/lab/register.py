"""The register of hypotheses on the page: search, read, and put a question ready."""

from __future__ import annotations

from collections.abc import Callable
from html import escape
from typing import TYPE_CHECKING, Any

import panel as pn

from mobiliteit.asking.lexicon import folded
from mobiliteit.lab.desk import Desk
from mobiliteit.lab.draft import draft_of
from mobiliteit.lab.parts import WIDE, field, quiet
from mobiliteit.lab.style import SECOND, TEXT
from mobiliteit.lab.words import words

if TYPE_CHECKING:
    from mobiliteit.hypotheses.schema import Hypothesis, Register

SHORT = 92  # signs of a hypothesis in the list


class Hypotheses:
    """A list of the hypotheses.

    Parameters
    ----------
    desk : Desk
        Gets the question of a hypothesis as its draft.
    put : callable
        Called after that.
    """

    def __init__(self, desk: Desk, put: Callable[[], None]) -> None:
        self.desk, self._put, self._quiet = desk, put, False
        self.title = pn.pane.HTML("", stylesheets=[TEXT], **WIDE)
        self.search = field(pn.widgets.TextInput, max_length=100)
        self.list = field(pn.widgets.Select, size=14)
        self.about = pn.pane.HTML("", stylesheets=[TEXT], **WIDE)
        self.ready = pn.widgets.Button(stylesheets=[SECOND], **WIDE)
        self.view = pn.Column(
            self.title, self.search, self.list, self.about, self.ready, visible=False, **WIDE
        )
        for part in (self.search, self.list, self.about):
            part.margin = (0, 0, 10, 0)
        self.search.param.watch(lambda event: self.show(), "value_input")
        self.list.param.watch(lambda event: None if self._quiet else self._show_about(), "value")
        self.ready.on_click(self._on_ready)

    @property
    def register(self) -> Register:
        """The register of the study."""
        return self.desk.waves.hypotheses()

    @quiet
    def show(self) -> None:
        """Show the hypotheses that have what is searched for."""
        if not self.view.visible:
            return
        lang, say_ = self.desk.lang, words(self.desk.lang)
        wanted = folded(self.search.value_input or self.search.value or "").split()
        everything = self.register.hypotheses
        found = [h for h in everything if all(word in self._searched(h) for word in wanted)]
        options: dict[str, str] = {}
        for one in found:
            text = getattr(one.entry, lang)
            short = text if len(text) <= SHORT else f"{text[:SHORT].rsplit(' ', 1)[0]} …"
            options[short if short not in options else f"{short} ({one.entry.id})"] = one.entry.id
        self.title.object = f"<h2>{say_['register']}</h2>"
        self.search.name = say_["search"]
        counted = say_["found"].format(n=len(found), all=len(everything))
        value = self.list.value if self.list.value in options.values() else None
        self.list.param.update(
            name=counted,
            options=options or {"–": ""},
            value=value or next(iter(options.values()), ""),
        )
        self.ready.name = say_["put"]
        self._show_about()

    def _searched(self, one: Hypothesis) -> str:
        entry = one.entry
        parts = (entry.nl, entry.en, entry.id, entry.source.document, entry.source.cited)
        return folded(" ".join((*parts, one.question.text if one.question else "")))

    def _show_about(self) -> None:
        lang, say_ = self.desk.lang, words(self.desk.lang)
        chosen = self._chosen()
        self.ready.disabled = chosen is None or chosen.question is None
        if chosen is None:
            self.about.object = ""
            return
        entry, source = chosen.entry, chosen.entry.source
        document = getattr(self.register.documents[source.document], lang)
        where = [document, *([say_["page"].format(page=source.page)] if source.page else [])]
        where += [source.cited] if source.cited else []
        lines = [
            f"<p><strong>{escape(getattr(entry, lang))}</strong></p>",
            f"<p class='quiet'>{say_['expected']}: {escape(say_[entry.direction])}.<br>"
            f"{say_['source']}: {escape('; '.join(where))}.</p>",
        ]
        if entry.claims:
            lines.append(f"<p>{say_['elsewhere']}</p>")
        if entry.lacks:
            asked = [getattr(self.register.lacking[name].ask, lang) for name in entry.lacks]
            items = "".join(f"<li>{escape(text)}</li>" for text in asked)
            lines.append(f"<p>{say_['no_question']}</p><ul>{items}</ul>")
        if chosen.question is not None:
            lines.append(f"<p><code>{escape(chosen.question.text)}</code></p>")
        self.about.object = "".join(lines)

    def _chosen(self) -> Hypothesis | None:
        return self.register[self.list.value] if self.list.value else None

    def _on_ready(self, event: Any) -> None:
        chosen = self._chosen()
        if chosen is not None and chosen.question is not None:
            self.desk.draft = draft_of(chosen.question)
            self._put()
