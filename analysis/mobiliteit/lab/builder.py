"""The left side of the page: putting a question together, or typing it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import replace
from html import escape
from itertools import groupby
from typing import Any

import panel as pn

from mobiliteit.asking.grammar import parse
from mobiliteit.asking.question import Question
from mobiliteit.asking.rules import question_problems, unaskable
from mobiliteit.errors import MobiliteitError
from mobiliteit.lab.desk import Desk
from mobiliteit.lab.draft import PLACES, SEVERAL, Draft, draft_of, fitted, offers
from mobiliteit.lab.parts import WIDE, NameField, NamesField, field, note, quiet, say
from mobiliteit.lab.people import PeopleField
from mobiliteit.lab.style import FORMS, LINE, PRIMARY, SECOND, TEXT
from mobiliteit.lab.words import FIELDS, words
from mobiliteit.render.question_words import FORMS as FORM_WORDS
from mobiliteit.render.question_words import question_sentence

DIRECTIONS = ("positive", "negative", "any")


class Builder:
    """The fields of a question, on the draft of a desk.

    Parameters
    ----------
    desk : Desk
        Its draft is what the fields show, and what they change.
    changed : callable
        Called after the wave was changed.

    Attributes
    ----------
    ask, fix : panel.widgets.Button
        For who listens: put the question, and fix it beforehand.
    """

    def __init__(self, desk: Desk, changed: Callable[[], Awaitable[None]]) -> None:
        self.desk, self._wave_changed, self._quiet = desk, changed, False
        self.title = pn.pane.HTML("", stylesheets=[TEXT], **WIDE)
        self.wave = field(
            pn.widgets.Select, stylesheets=[LINE], options=list(desk.waves.names), value=desk.wave
        )
        self.status = note()
        self.form = field(pn.widgets.RadioBoxGroup, stylesheets=[FORMS])
        self.outcome = NameField("outcome", lambda name: self._put(outcome=name))
        self.by = NameField("by", lambda name: self._put(by=name))
        self.one = NameField(
            "predictors", lambda name: self._put(predictors=(name,) if name else ())
        )
        self.several = NamesField("predictors", lambda names: self._put(predictors=names))
        self.controls = NamesField("controls", lambda names: self._put(controls=names))
        self.since = field(pn.widgets.Select, stylesheets=[LINE])
        self.who = PeopleField(lambda who: self._put(who=who))
        self.grey = note()
        self.fields = pn.Column(**WIDE)
        self.preview = pn.pane.HTML("", stylesheets=[TEXT], **WIDE)
        self.ask = pn.widgets.Button(stylesheets=[PRIMARY], css_classes=["lab-ask"], **WIDE)
        self.before = pn.pane.HTML("", stylesheets=[TEXT], **WIDE)
        self.direction = field(pn.widgets.Select, stylesheets=[LINE])
        self.fix = pn.widgets.Button(stylesheets=[SECOND], **WIDE)
        self.fixed = pn.pane.HTML("", stylesheets=[TEXT], visible=False, **WIDE)
        self.typed = field(pn.widgets.TextInput, max_length=1000, css_classes=["lab-typed"])
        self.take = pn.widgets.Button(stylesheets=[SECOND], **WIDE)
        self.misread = pn.pane.HTML("", stylesheets=[TEXT], visible=False, **WIDE)
        self.view = pn.Column(
            *(
                self.title,
                self.wave,
                self.status,
                pn.Spacer(height=12),
                self.form,
                pn.Spacer(height=12),
                self.fields,
                self.grey,
            ),
            *(
                self.preview,
                self.ask,
                pn.Spacer(height=12),
                self.before,
                self.direction,
                self.fix,
                self.fixed,
            ),
            *(pn.Spacer(height=12), self.typed, self.take, self.misread),
            css_classes=["lab-builder"],
            sizing_mode="stretch_width",
            margin=0,
        )
        parts = (self.direction, self.typed, self.take, self.ask, self.fix)
        for part in (*self.fields_of_all(), *parts):
            part.margin = (0, 0, 10, 0)
        self.wave.param.watch(self._on_wave, "value")
        self.form.param.watch(self._on_form, "value")
        self.since.param.watch(self._on_since, "value")
        self.take.on_click(self._on_typed)
        self.typed.param.watch(self._on_typed, "enter_pressed")

    def fields_of_all(self) -> tuple[Any, ...]:
        """Return the views of the fields, of whatever form."""
        named = (self.outcome, self.by, self.one, self.several, self.controls, self.who)
        return (*(one.view for one in named), self.since)

    @property
    def question(self) -> Question | None:
        """The question, when it is complete and fits together."""
        question = self.desk.draft.question
        return None if question is None or self._problems(question) else question

    @quiet
    def show(self) -> None:
        """Show the draft of the desk in the language of the desk."""
        if self.desk.draft.since not in self.desk.waves.earlier(self.desk.wave):
            self.desk.draft = replace(self.desk.draft, since="")
        lang, draft = self.desk.lang, self.desk.draft
        say_ = words(lang)
        self.title.object = f"<h2>{say_['build']}</h2>"
        self.wave.param.update(name=say_["wave"], value=self.desk.wave)
        self.show_status()
        self.form.param.update(
            name=say_["form"],
            options={
                f"{one.name[lang]}\n{one.explanation[lang]}": form
                for form, one in FORM_WORDS.items()
            },
            value=draft.form,
        )
        self._show_fields(draft, lang)
        self.grey.param.update(object=escape(say_["grey"]), visible=True)
        self.ask.name = say_["ask"]
        self.before.object = f"<h3>{say_['before']}</h3><p class='quiet'>{say_['before_why']}</p>"
        self.direction.param.update(
            name=say_["direction"],
            options={say_[one]: one for one in DIRECTIONS},
            value=self.direction.value or DIRECTIONS[0],
        )
        self.fix.name = say_["fix"]
        self.typed.name, self.take.name = say_["type"], say_["take_over"]
        self.show_question()

    def show_status(self) -> None:
        """Say whether the wave was read, and how many people are in it."""
        say_, name = words(self.desk.lang), self.desk.wave
        text = say_["loading"].format(wave=name)
        if self.desk.waves.is_read(name):
            text = say_["ready"].format(n=len(self.desk.waves.read(name).frame), wave=name)
        say(self.status, escape(text))

    def show_question(self) -> None:
        """Show the question as a sentence and as text, or what is lacking or wrong."""
        lang, draft = self.desk.lang, self.desk.draft
        say_, question = words(lang), draft.question
        if question is None:
            names = [FIELDS[lang][draft.form][place].strip("… ") for place in draft.lacking]
            listed = ", ".join(f"‘{name}’" for name in names)
            lacking = escape(say_["lacking"].format(fields=listed))
            self.preview.object = f"<h3>{say_['your_question']}</h3><p>{lacking}</p>"
            return
        phrase = self.desk.waves.lexicon.phrase
        sentence = escape(question_sentence(question, phrase, lang))
        problems = self._problems(question)
        wrong = refused(unaskable(question, problems), lang) if problems else ""
        self.preview.object = (
            f"<h3>{say_['your_question']}</h3><p class='question'>{sentence}</p>"
            f"<p class='quiet'>{say_['as_text']} <code>{escape(question.text)}</code></p>{wrong}"
        )

    def _problems(self, question: Question) -> Any:
        return question_problems(question, self.desk.waves.lexicon)

    def _show_fields(self, draft: Draft, lang: str) -> None:
        lexicon, missing = self.desk.waves.lexicon, self.desk.waves.missing(self.desk.wave)
        views = []
        for place in PLACES[draft.form]:
            label = FIELDS[lang][draft.form].get(place) or words(lang)["controls"]
            if place == "controls":
                self.who.show(draft.who, missing, lexicon, lang)
                views.append(self.who.view)
            if place == "since":
                earlier = self.desk.waves.earlier(self.desk.wave)
                first = words(lang)["pick" if earlier else "none_earlier"]
                options = {first: "", **{name: name for name in earlier}}
                self.since.param.update(name=label, options=options, value=draft.since)
                views.append(self.since)
                continue
            shown = offers(draft, place, lexicon, missing), missing, lexicon, lang
            if place == "controls" or (place == "predictors" and SEVERAL[draft.form] > 1):
                many = self.controls if place == "controls" else self.several
                many.show(getattr(draft, place)[: draft.room(place)], label, draft, *shown)
                views.append(many.view)
            else:
                value = getattr(draft, place)
                name = value if isinstance(value, str) else (*value, "")[0]
                one = {"outcome": self.outcome, "by": self.by, "predictors": self.one}[place]
                one.show(name, label, draft, *shown)
                views.append(one.view)
        if list(self.fields) != views:
            self.fields[:] = views

    def _put(self, **changes: Any) -> None:
        draft = replace(self.desk.draft, **changes)
        self.desk.draft = fitted(draft, self.desk.waves.lexicon)
        self.forget_messages()
        self.show()

    def forget_messages(self) -> None:
        """Take away what was said of an earlier question."""
        for pane in (self.fixed, self.misread):
            say(pane, "")

    async def _on_wave(self, event: Any) -> None:
        if not self._quiet:
            self.desk.wave = event.new
            self.forget_messages()
            self.show()
            await self._wave_changed()

    def _on_form(self, event: Any) -> None:
        if not self._quiet and event.new:
            self._put(form=event.new)

    def _on_since(self, event: Any) -> None:
        if not self._quiet:
            self._put(since=event.new or "")

    def _on_typed(self, event: Any) -> None:
        try:
            question = parse(self.typed.value_input or self.typed.value, self.desk.waves.lexicon)
        except MobiliteitError as error:
            say(self.misread, refused(error, self.desk.lang))
            return
        self.desk.draft = draft_of(question)
        self.forget_messages()
        self.show()


def refused(error: MobiliteitError, lang: str, lead: str = "refused") -> str:
    """Write why something cannot be done, a question letter for letter above its carets; HTML."""
    told = [f'<p class="wrong" role="alert">{escape(words(lang)[lead])}</p>']
    spoken, said = error.spoken(lang), error.say(lang).splitlines()[1:]
    for literal, lines in groupby(said, lambda line: line[:3].isspace()):
        text = escape("\n".join(line.strip(" -") if not literal else line[4:] for line in lines))
        told.append(f"<pre>{text}</pre>" if literal else f'<p lang="{spoken}">{text}</p>')
    return "".join(told)
