"""Who is asked about: the field for restrictions."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from html import escape
from typing import Any

import panel as pn

from mobiliteit.asking.lexicon import Lexicon
from mobiliteit.asking.question import Restriction
from mobiliteit.claims.terms import Text
from mobiliteit.lab.draft import Offer
from mobiliteit.lab.parts import NOTHING, WIDE, Listing, field, grouped, note, quiet, say
from mobiliteit.lab.style import CHIP, LINE
from mobiliteit.lab.words import words

ENDS = ("low", "high")


@dataclass(frozen=True)
class Row:
    """The widgets of one restriction: boxes for categories, or two ends of a range."""

    remove: Any
    lead: Any
    boxes: Any
    ends: tuple[Any, ...]

    @property
    def views(self) -> list[Any]:
        """In the order of the page."""
        return [self.remove, *([self.lead, self.boxes] if self.boxes else self.ends)]


class PeopleField:
    """A list of variables to restrict by, and per variable which answers count.

    Parameters
    ----------
    changed : callable
        Gets the restrictions that are complete.
    """

    def __init__(self, changed: Callable[[tuple[Restriction, ...]], None]) -> None:
        self._changed = changed
        self._who: tuple[Restriction, ...] = ()
        # Variables that were chosen while it is not said yet which answers count.
        self._open: tuple[str, ...] = ()
        self._quiet = False
        self._made: dict[str, Row] = {}
        self.rows = pn.Column(**WIDE)
        self.more = field(Listing, stylesheets=[LINE])
        self.view = pn.Column(self.more, self.rows, **WIDE)
        self._again: Callable[[], None] = lambda: None
        self.more.param.watch(self._on_more, "value")

    @quiet
    def show(
        self,
        who: tuple[Restriction, ...],
        missing: Mapping[str, Text],
        lexicon: Lexicon,
        lang: str,
    ) -> None:
        """Show restrictions, and what else could be restricted."""
        self._again = lambda: self.show(self._who, missing, lexicon, lang)
        self._who, words_ = who, words(lang)
        complete = {one.variable: one for one in who}
        self._open = tuple(name for name in self._open if name not in complete)
        # The place of a row stays the same when its last box is emptied and filled again.
        shown = complete | {name: Restriction(name) for name in self._open}
        order = [name for name in self._made if name in shown]
        order += [name for name in shown if name not in order]
        self._made = {name: self._made.get(name) or self._row(name, lexicon) for name in order}
        offered = [
            Offer(choice, choice.name not in shown, choice.name in missing)
            for choice in lexicon.choices("who")
        ]
        first = f"{words_['who_also']} …" if who else words_["everybody"]
        groups, greyed = grouped(offered, lang, first)
        self.more.offer(words_["who"], groups, greyed, NOTHING)
        for name, row in self._made.items():
            self._fill(row, shown[name], lexicon, lang)
        views = [view for row in self._made.values() for view in row.views]
        if list(self.rows) != views:
            self.rows[:] = views

    def _row(self, variable: str, lexicon: Lexicon) -> Row:
        remove = pn.widgets.Button(stylesheets=[CHIP], **WIDE)
        remove.on_click(lambda event: self._put(variable, None))
        if lexicon.categories(variable):
            boxes = field(pn.widgets.CheckBoxGroup)
            boxes.param.watch(
                lambda event: self._put(variable, Restriction(variable, tuple(event.new))), "value"
            )
            return Row(remove, note(), boxes, ())
        low, high = lexicon.bounds(variable) or (None, None)
        ends = tuple(
            field(pn.widgets.FloatInput, stylesheets=[LINE], value=None, start=low, end=high)
            for _ in ENDS
        )

        def on_range(event: Any) -> None:
            low, high = (end.value for end in ends)
            self._put(variable, Restriction(variable, (), low, high))

        for end in ends:
            end.param.watch(on_range, "value")
        return Row(remove, note(), None, ends)

    def _fill(self, row: Row, one: Restriction, lexicon: Lexicon, lang: str) -> None:
        words_ = words(lang)
        label = getattr(lexicon.label(one.variable), lang)
        row.remove.name = words_["remove"].format(label=label)
        say(row.lead, escape(words_["who_which"]))
        if row.boxes:
            listed = lexicon.categories(one.variable)
            options = {getattr(text, lang): key for key, text in listed}
            row.boxes.param.update(options=options, value=list(one.values))
        for end, name in zip(row.ends, ENDS, strict=True) if row.ends else ():
            limit = end.start if name == "low" else end.end
            label = words_[name] if limit is None else f"{words_[name]} ({limit:g})"
            end.param.update(name=label, value=getattr(one, name))

    def _put(self, variable: str, new: Restriction | None) -> None:
        if self._quiet:
            return
        empty = new is None or (not new.values and new.low is None and new.high is None)
        if new is None:
            self._made.pop(variable)
            self._open = tuple(name for name in self._open if name != variable)
        elif empty:
            self._open = (*self._open, variable)
        order = {name: place for place, name in enumerate(self._made)}
        kept = [one for one in self._who if one.variable != variable]
        kept += [] if new is None or empty else [new]
        who = tuple(sorted(kept, key=lambda one: order[one.variable]))
        if who == self._who:
            self._again()
        else:
            self._changed(who)

    def _on_more(self, event: Any) -> None:
        if not self._quiet and event.new:
            self._open = (*self._open, event.new)
            self._again()
