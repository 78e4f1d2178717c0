"""The fields that a question is put together with.

Each shows a value and calls back when somebody changes it; none keeps a value of its own.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import wraps
from html import escape
from typing import Any, ParamSpec

import panel as pn

from mobiliteit.asking.lexicon import Choice, Lexicon
from mobiliteit.asking.question import FOUND_IN, split_name
from mobiliteit.claims.terms import Text
from mobiliteit.lab.draft import Draft, Offer, Place, categories, first_name, whole_fits
from mobiliteit.lab.style import CHIP, FIELD, LINE, NOTE
from mobiliteit.lab.words import words

P = ParamSpec("P")
WIDE = {"sizing_mode": "stretch_width", "margin": 0}
# A row that goes on below: Panel's own needs scripts that evaluate text, which the page forbids.
WRAP = {"flex-wrap": "wrap"}
NOTHING = ""
HEADING = "§"  # before the value of a line that is a heading: no name begins with it


def quiet(show: Callable[P, None]) -> Callable[P, None]:
    """Make a method that shows something deaf to its own changes, also when it fails halfway."""

    @wraps(show)
    def shown(*args: P.args, **kwargs: P.kwargs) -> None:
        part: Any = args[0]
        part._quiet = True
        try:
            show(*args, **kwargs)
        finally:
            part._quiet = False

    return shown


def field(kind: type, **more: Any) -> Any:
    """Make a widget in the style of the page."""
    return kind(**{"stylesheets": [FIELD], **WIDE, **more})


class Listing(pn.widgets.Select):
    """A list in which lines can be grey, and that has headings.

    The headings are grey lines of their own: in a list with real groups the browser shows no line
    as grey. It knows a line by its words, and Panel tells it by value which are grey.
    """

    def offer(
        self, label: str, groups: dict[str, dict[str, str]], greyed: list[str], value: str
    ) -> None:
        """Show lines by group, some of them grey, and the one that is chosen, which never is."""
        lines: dict[str, str] = {}
        for heading, group in groups.items():
            lines |= ({f"— {heading.upper()} —": f"{HEADING}{heading}"} if heading else {}) | group
        grey = [name for name in lines.values() if name.startswith(HEADING) or name in greyed]
        self.param.update(
            name=label,
            options=lines,
            value=value,
            disabled_options=[name for name in grey if name != value],
        )

    def _process_param_change(self, params: dict[str, Any]) -> dict[str, Any]:
        props: dict[str, Any] = super()._process_param_change(params)
        if "disabled_options" in props:
            pairs = zip(self.labels, self.values, strict=True)
            grey = self.disabled_options
            props["disabled_options"] = [label for label, name in pairs if name in grey]
        return props


def note(text: str = "") -> pn.pane.HTML:
    """Make a line of small print; `text` is HTML."""
    return pn.pane.HTML(text, stylesheets=[NOTE], visible=bool(text), **WIDE)


def say(pane: pn.pane.HTML, text: str) -> None:
    """Put HTML in a pane, which is not there without any."""
    pane.param.update(object=text, visible=bool(text))


class NameField:
    """A list of variables, with a second one for a category where that makes sense.

    Parameters
    ----------
    place : str
        Of the question.
    changed : callable
        Gets the name that was chosen; empty for none.
    """

    def __init__(self, place: Place, changed: Callable[[str], None]) -> None:
        self.place, self._changed = place, changed
        self.variable = field(Listing, stylesheets=[LINE])
        self.category = field(pn.widgets.Select, stylesheets=[LINE], visible=False)
        self.about = note()
        self.view = pn.Column(self.variable, self.category, self.about, **WIDE)
        self._quiet, self._draft = False, Draft()
        self._lexicon: Lexicon | None = None
        self.variable.param.watch(self._on_variable, "value")
        self.category.param.watch(self._on_category, "value")

    @quiet
    def show(
        self,
        name: str,
        label: str,
        draft: Draft,
        offered: Sequence[Offer],
        missing: Mapping[str, Text],
        lexicon: Lexicon,
        lang: str,
    ) -> None:
        """Show a name, and what could be chosen instead."""
        self._draft, self._lexicon = draft, lexicon
        variable, category = split_name(name)
        groups, greyed = grouped(offered, lang, words(lang)["pick"])
        if variable and all(variable not in group.values() for group in groups.values()):
            groups["…"] = {getattr(lexicon.label(variable), lang): variable}
        self.variable.offer(label, groups, greyed, variable)
        show_category(self.category, variable, category, draft, self.place, lexicon, lang)
        say(self.about, explained(variable, offered, missing, lang))

    def _on_variable(self, event: Any) -> None:
        if not self._quiet and self._lexicon is not None:
            chosen = event.new or NOTHING
            self._changed(first_name(self._draft, self.place, chosen, self._lexicon))

    def _on_category(self, event: Any) -> None:
        if not self._quiet:
            self._changed(named(self.variable.value, event.new))


class NamesField:
    """A list of variables to add from, and those that were added.

    Parameters
    ----------
    place : str
        Of the question.
    changed : callable
        Gets the names.
    """

    def __init__(self, place: Place, changed: Callable[[tuple[str, ...]], None]) -> None:
        self.place, self._changed = place, changed
        self._names: tuple[str, ...] = ()
        self._draft, self._quiet = Draft(), False
        self._lexicon: Lexicon | None = None
        self._rows: dict[str, tuple[Any, Any, Any]] = {}
        self.chosen = pn.Column(**WIDE)
        self.more = field(Listing, stylesheets=[LINE])
        self.view = pn.Column(self.more, self.chosen, **WIDE)
        self.more.param.watch(self._on_more, "value")

    @quiet
    def show(
        self,
        names: tuple[str, ...],
        label: str,
        draft: Draft,
        offered: Sequence[Offer],
        missing: Mapping[str, Text],
        lexicon: Lexicon,
        lang: str,
    ) -> None:
        """Show names, and what could be added."""
        self._draft, self._lexicon, self._names = draft, lexicon, names
        groups, greyed = grouped(offered, lang, words(lang)["add" if names else "pick"])
        full = len(names) >= draft.room(self.place)
        self.more.offer(label, groups, greyed, NOTHING)
        self.more.disabled = full
        views = []
        for name in names:
            variable, category = split_name(name)
            shown = getattr(lexicon.label(variable), lang)
            # The widgets of a row stay, so that who types or tabs in it keeps the place.
            if variable not in self._rows:
                self._rows[variable] = self._row(variable)
            button, which, about = self._rows[variable]
            button.name = words(lang)["remove"].format(label=shown)
            show_category(which, variable, category, draft, self.place, lexicon, lang)
            say(about, explained(variable, offered, missing, lang))
            views += [button, which, about]
        if list(self.chosen) != views:
            self.chosen[:] = views

    def _row(self, variable: str) -> tuple[Any, Any, Any]:
        button = pn.widgets.Button(stylesheets=[CHIP], **WIDE)
        button.on_click(lambda event: self._swap(variable))
        which = field(pn.widgets.Select, stylesheets=[LINE])
        which.param.watch(
            lambda event: None if self._quiet else self._swap(variable, named(variable, event.new)),
            "value",
        )
        return button, which, note()

    def _swap(self, variable: str, new: str = "") -> None:
        swapped = (new if split_name(name)[0] == variable else name for name in self._names)
        self._changed(tuple(filter(None, swapped)))

    def _on_more(self, event: Any) -> None:
        if not self._quiet and event.new and self._lexicon is not None:
            name = first_name(self._draft, self.place, event.new, self._lexicon)
            self._changed((*self._names, name))


def named(variable: str, category: str) -> str:
    """Put a variable and a category (empty for the whole) together as a name."""
    return f"{variable}{FOUND_IN}{category}" if category else variable


def show_category(
    widget: Any,
    variable: str,
    category: str,
    draft: Draft,
    place: Place,
    lexicon: Lexicon,
    lang: str,
) -> None:
    """Show which category of a variable is meant, in a list that is there only where it helps."""
    parts = categories(draft, place, variable, lexicon)
    options = {nl if lang == "nl" else en: key for key, nl, en in parts}
    if not options or whole_fits(draft, place, variable, lexicon):
        options = {words(lang)["whole"]: NOTHING, **options}
    widget.param.update(
        name=words(lang)["category"],
        options=options,
        value=category if category in options.values() else next(iter(options.values())),
        visible=bool(parts),
    )


def grouped(
    offered: Sequence[Offer], lang: str, first: str
) -> tuple[dict[str, dict[str, str]], list[str]]:
    """Group what is offered by role, with `first` for nothing; and list what is grey."""
    groups: dict[str, dict[str, str]] = {"": {first: NOTHING}}
    greyed, labels = [], {first}
    for offer in offered:
        label = _label(offer, lang)
        if label in labels:
            # A list tells its lines apart by their words.
            label = f"{label} ({offer.choice.name})"
        labels.add(label)
        groups.setdefault(getattr(offer.choice.role, lang), {})[label] = offer.choice.name
        if offer.missing or not offer.fits:
            greyed.append(offer.choice.name)
    return groups, greyed


def explained(
    variable: str, offered: Sequence[Offer], missing: Mapping[str, Text], lang: str
) -> str:
    """Explain a variable, and say when nobody in the wave has it; HTML."""
    if not variable:
        return ""
    choice: Choice | None = next(
        (offer.choice for offer in offered if offer.choice.name == variable), None
    )
    text = escape(getattr(choice.explanation, lang)) if choice else ""
    if variable in missing:
        text += f' <strong class="wrong">{escape(getattr(missing[variable], lang))}</strong>'
    return text.strip()


def _label(offer: Offer, lang: str) -> str:
    label: str = getattr(offer.choice.label, lang)
    return words(lang)["not_here"].format(label=label) if offer.missing else label
