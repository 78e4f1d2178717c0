"""A question while it is being put together: what is chosen, what is lacking, what still fits.

Knows no widgets and no respondents.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Literal

from mobiliteit.asking.lexicon import Choice, Lexicon, Use
from mobiliteit.asking.question import FOUND_IN, Form, Question, Restriction, split_name
from mobiliteit.asking.rules import question_problems

Place = Literal["outcome", "predictors", "by", "controls", "since"]
PLACES: Mapping[Form, tuple[Place, ...]] = {
    "effect": ("predictors", "outcome", "controls"),
    "difference": ("outcome", "by", "controls"),
    "mediation": ("predictors", "outcome", "by", "controls"),
    "moderation": ("predictors", "outcome", "by", "controls"),
    "change": ("outcome", "since", "predictors", "controls"),
}
"""What a form asks for, in the order of the page."""
SEVERAL: Mapping[Form, int] = {"effect": 6, "mediation": 4, "moderation": 1, "change": 1}
"""At most so many predictors can be chosen on the page."""
MOST_CONTROLS = 8
_BY: Mapping[Form, Use] = {"difference": "by", "mediation": "mediator", "moderation": "moderator"}


@dataclass(frozen=True)
class Draft:
    """What was chosen so far. What a form does not use stays, for who goes back to another form.

    Attributes
    ----------
    form, outcome, predictors, by, since, who, controls
        As of :class:`~mobiliteit.asking.question.Question`; empty where nothing was chosen.
    """

    form: Form = "effect"
    outcome: str = ""
    predictors: tuple[str, ...] = ()
    by: str = ""
    since: str = ""
    who: tuple[Restriction, ...] = ()
    controls: tuple[str, ...] = ()

    @property
    def lacking(self) -> tuple[Place, ...]:
        """What must still be chosen, in the order of the page."""
        optional = ("controls", "predictors" if self.form == "change" else "")
        return tuple(
            place
            for place in PLACES[self.form]
            if place not in optional and not getattr(self, place)
        )

    @property
    def question(self) -> Question | None:
        """The question, with what its form uses alone; None while something is lacking."""
        if self.lacking:
            return None
        places = PLACES[self.form]
        return Question(
            self.form,
            self.outcome,
            self.predictors[: SEVERAL.get(self.form, 0)],
            self.by if "by" in places else "",
            self.since if "since" in places else "",
            self.who,
            self.controls,
        )

    def names(self, without: Place | None = None) -> tuple[str, ...]:
        """Names that were chosen, but for those of one place."""
        found: list[str] = []
        for place in PLACES[self.form]:
            if place not in ("since", without):
                value = getattr(self, place)
                found += [value] if isinstance(value, str) else value[: self.room(place)]
        return tuple(dict.fromkeys(filter(None, found)))

    def room(self, place: Place) -> int:
        """Return how many names a place can hold."""
        if place == "controls":
            return MOST_CONTROLS
        return SEVERAL.get(self.form, 0) if place == "predictors" else 1


@dataclass(frozen=True)
class Offer:
    """A variable in the list of a place.

    Attributes
    ----------
    choice : Choice
        Its words.
    fits : bool
        Whether it can be chosen beside what was chosen already.
    missing : bool
        Whether nobody in the wave has an answer to it.
    """

    choice: Choice
    fits: bool
    missing: bool


def draft_of(question: Question) -> Draft:
    """Return the draft that a question comes from."""
    return Draft(
        question.form,
        question.outcome,
        question.predictors,
        question.by,
        question.since,
        question.who,
        question.controls,
    )


def offers(
    draft: Draft, place: Place, lexicon: Lexicon, missing: Mapping[str, object]
) -> tuple[Offer, ...]:
    """List what can be chosen for a place.

    Parameters
    ----------
    draft : Draft
        What was chosen so far.
    place : str
        One of the places of its form that takes names.
    lexicon : Lexicon
        The words of the study.
    missing : mapping
        Variables that nobody in the wave can have, of
        :meth:`~mobiliteit.asking.lexicon.Lexicon.missing_in`.

    Returns
    -------
    tuple of Offer
        In the order of the codebook. What the form can never use at this place is left out.
    """
    others = draft.names(place)
    if place in ("predictors", "controls"):
        others += getattr(draft, place)[: draft.room(place)]
    found = []
    for choice in lexicon.choices(_use(draft.form, place)):
        numeric = draft.form == "mediation" and place in ("outcome", "by")
        if numeric and lexicon.kind(choice.name) != "number":
            continue
        name = first_name(draft, place, choice.name, lexicon)
        fits = not _clashes(lexicon, name, frozenset(others), draft.who)
        found.append(Offer(choice, fits, choice.name in missing))
    return tuple(found)


def categories(
    draft: Draft, place: Place, variable: str, lexicon: Lexicon
) -> tuple[tuple[str, str, str], ...]:
    """List which part of a variable can be meant.

    Returns
    -------
    tuple of (str, str, str)
        Category id with its Dutch and English label; empty where only the whole makes sense.
    """
    if not variable or (place == "by" and draft.form == "mediation"):
        return ()
    whole = whole_fits(draft, place, variable, lexicon)
    ordered = place == "outcome" and lexicon.level(variable) != "nominal"
    if whole and (lexicon.kind(variable) != "many" or place == "by" or ordered):
        return ()
    return tuple((key, text.nl, text.en) for key, text in lexicon.categories(variable))


def whole_fits(draft: Draft, place: Place, variable: str, lexicon: Lexicon) -> bool:
    """Say whether a variable can stand at a place as it is, and not one of its categories."""
    if place == "outcome":
        # Shares of several answers can be compared, but not with something held constant.
        many = lexicon.kind(variable) == "many"
        compared = draft.form == "difference" and not (many and draft.controls)
        return compared or lexicon.level(variable) != "nominal"
    if place == "predictors" and draft.form in ("mediation", "moderation", "change"):
        return lexicon.kind(variable) != "many"
    return True


def first_name(draft: Draft, place: Place, variable: str, lexicon: Lexicon) -> str:
    """Return the name that choosing a variable gives: the whole, or else its first category."""
    if not variable or whole_fits(draft, place, variable, lexicon):
        return variable
    return f"{variable}{FOUND_IN}{lexicon.categories(variable)[0][0]}"


def fitted(draft: Draft, lexicon: Lexicon) -> Draft:
    """Take a category where what was just chosen leaves no room for the whole of a variable."""

    def one(place: Place, name: str) -> str:
        return name if split_name(name)[1] else first_name(draft, place, name, lexicon)

    return replace(
        draft,
        outcome=one("outcome", draft.outcome),
        predictors=tuple(one("predictors", name) for name in draft.predictors),
    )


def _use(form: Form, place: Place) -> Use:
    if place == "by":
        return _BY[form]
    uses: Mapping[str, Use] = {
        "outcome": "outcome",
        "predictors": "predictor",
        "controls": "control",
    }
    return uses[place]


def _clashes(
    lexicon: Lexicon, name: str, others: frozenset[str], who: tuple[Restriction, ...]
) -> bool:
    variable = split_name(name)[0]
    if any(split_name(other)[0] == variable for other in others):
        return True
    # The rules of an effect, which any name can drive, look at what two names are made of; what is
    # about neither is that nobody can have answered both.
    return any(
        name in about or other not in about
        for other in sorted(others)
        for about in _refused(_Same(lexicon), Question("effect", other, (name,), who=who))
    )


@dataclass(frozen=True, eq=False)
class _Same:
    """A lexicon as a key: it is the same only when it is the same object."""

    lexicon: Lexicon

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Same) and other.lexicon is self.lexicon

    def __hash__(self) -> int:
        return id(self.lexicon)


@lru_cache(maxsize=20_000)
def _refused(key: _Same, trial: Question) -> tuple[tuple[str, ...], ...]:
    return tuple(problem.about for problem in question_problems(trial, key.lexicon))
