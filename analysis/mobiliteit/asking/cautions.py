"""What to be careful about in an answer, in a sentence or two each.

That many questions were asked is for the session that counts them to say
(:mod:`mobiliteit.logbook`).
"""

from __future__ import annotations

from collections.abc import Iterator

from mobiliteit.asking.answer import Answer, Note
from mobiliteit.asking.data import Asked
from mobiliteit.asking.question import split_name
from mobiliteit.claims.terms import Text
from mobiliteit.disclosure import SMALLEST
from mobiliteit.gaps import gap

SMALL_CELL = 30
LARGE_SHARE = 0.2

CROSS_SECTION = Text(
    nl="Alles is op één moment gevraagd. Dat dingen samenhangen zegt niet dat het een uit het ander"
    " volgt, en ook niet in welke richting.",
    en="Everything was asked at one moment. That things go together does not say that one follows"
    " from the other, nor in which direction.",
)
TWO_MOMENTS = Text(
    nl="Twee golven vergelijken zegt wat veranderde, niet waardoor; ook wie er meededen kan"
    " verschillen.",
    en="Comparing two waves says what changed, not why; who took part may differ as well.",
)
SYNTHETIC = Text(
    nl="Deze golf is synthetisch: de antwoorden zijn getrokken, niet gegeven. Dit laat zien hoe een"
    " antwoord eruitziet, en zegt niets over mensen.",
    en="This wave is synthetic: its answers were drawn, not given. This shows what an answer looks"
    " like, and says nothing about people.",
)
UNWEIGHTED = Text(
    nl="Deze golf heeft gewichten, maar dit antwoord is ongewogen: het geldt voor wie antwoordde,"
    " niet zonder meer voor de hele sector.",
    en="This wave has weights, but this answer is unweighted: it holds for those who answered, and"
    " not as a matter of course for the whole sector.",
)
SMALL_CELLS = Text(
    nl=f"Een van de groepen telt minder dan {SMALL_CELL} mensen: verschillen met die groep zijn"
    " onzeker.",
    en=f"One of the groups has fewer than {SMALL_CELL} people: differences with that group are"
    " uncertain.",
)
SMALL_GROUPS = Text(
    nl=f"Groepen van minder dan {SMALLEST} mensen tellen niet mee: over zo weinig mensen wordt"
    " niets getoond.",
    en=f"Groups of fewer than {SMALLEST} people do not count: nothing is shown about so few.",
)
ROUNDED = Text(
    nl="Aantallen mensen zijn hier afgerond op tientallen, omdat anders de grootte van een groep"
    f" van minder dan {SMALLEST} te achterhalen was.",
    en="Numbers of people are rounded to tens here, since otherwise the size of a group of fewer"
    f" than {SMALLEST} could be worked out.",
)
MANY_LEFT_OUT = Text(
    nl="Meer dan een vijfde van de mensen om wie het gaat is weggelaten. Als zij anders zijn dan de"
    " rest, klopt het antwoord alleen voor wie overbleef.",
    en="More than one in five of the people concerned were left out. If they are different from the"
    " others, the answer holds only for those who remained.",
)


def cautions_of(asked: Asked, answer: Answer) -> tuple[Note, ...]:
    """Say what to be careful about.

    Parameters
    ----------
    asked : Asked
        The question with its respondents.
    answer : Answer
        The answer to it.

    Returns
    -------
    tuple of Note
        Ids ``synthetic``, ``unweighted``, ``cross_section`` (or ``two_moments``),
        ``shared_items``, ``filter``, ``absent``, ``left_out``, ``small_groups``, ``rounded``,
        ``small_cells`` and ``ordinal``, those that are due, in this order.
    """
    return tuple(_cautions(asked, answer))


def _cautions(asked: Asked, answer: Answer) -> Iterator[Note]:
    question, prepared, wave = asked.question, asked.prepared, asked.wave
    if wave.synthetic:
        yield Note("synthetic", SYNTHETIC)
    if wave.weights_left_out:
        yield Note("unweighted", UNWEIGHTED)
    if question.form == "change":
        yield Note("two_moments", TWO_MOMENTS)
    else:
        yield Note("cross_section", CROSS_SECTION)
    yield from _shared_items(asked)
    yield from _filters(asked)
    yield from _absent(asked)
    if answer.verdict == "withheld":
        return
    if prepared.selected and 1 - prepared.n / prepared.selected > LARGE_SHARE:
        yield Note("left_out", MANY_LEFT_OUT)
    if prepared.small_groups:
        yield Note("small_groups", SMALL_GROUPS)
    if prepared.rounded:
        yield Note("rounded", ROUNDED)
    if any(
        prepared.groups_of(name).value_counts().min() < SMALL_CELL
        for name in (*question.predictors, question.by)
        if name in prepared.categories
    ):
        yield Note("small_cells", SMALL_CELLS)
    yield from _ordinal(asked)


def _shared_items(asked: Asked) -> Iterator[Note]:
    """Find predictors that are made of the outcome's questions, which relates them by itself."""
    study, question = asked.wave.study, asked.question
    outcome = set(study.questions(split_name(question.outcome)[0]))
    for name in (*question.predictors, question.by):
        if name and outcome & set(study.questions(split_name(name)[0])):
            one, other = asked.label(name), asked.label(question.outcome)
            yield Note(
                "shared_items",
                Text(
                    nl=f"‘{one.nl}’ en ‘{other.nl}’ zijn deels van dezelfde vragen gemaakt en"
                    " hangen alleen daardoor al samen.",
                    en=f"‘{one.en}’ and ‘{other.en}’ are partly made of the same questions, and go"
                    " together for that reason alone.",
                ),
            )


def _filters(asked: Asked) -> Iterator[Note]:
    """Find questions that were put to some people only."""
    book, seen = asked.wave.study.codebook, set()
    for name in asked.question.names:
        variable = split_name(name)[0]
        sources = book.derived[variable].of if variable in book.derived else [variable]
        asked_of = [one for one in sources if one in book.variables and book.variables[one].asked]
        if not asked_of or variable in seen:
            continue
        seen.add(variable)
        label = asked.label(variable)
        filters = dict.fromkeys(f for one in asked_of for f in book.variables[one].asked)
        by = [asked.label(one) for one in filters]
        yield Note(
            "filter",
            Text(
                nl=f"‘{label.nl}’ is alleen gevraagd aan mensen met een bepaald antwoord op"
                f" {' en '.join(f'‘{one.nl}’' for one in by)}; het antwoord geldt alleen voor hen.",
                en=f"‘{label.en}’ was asked only of people with a certain answer to"
                f" {' and '.join(f'‘{one.en}’' for one in by)}; the answer holds for them alone.",
            ),
        )


def _absent(asked: Asked) -> Iterator[Note]:
    """Find scales of which the wave did not ask all items."""
    for variable in dict.fromkeys(split_name(name)[0] for name in asked.question.names):
        why_nl, why_en = (gap(asked.wave, variable, lang) for lang in ("nl", "en"))
        if why_nl:
            label = asked.label(variable)
            yield Note(
                "absent",
                Text(nl=f"‘{label.nl}’: {why_nl}.", en=f"‘{label.en}’: {why_en}."),
            )


def _ordinal(asked: Asked) -> Iterator[Note]:
    """Find ordered answers that count as numbers."""
    question, prepared = asked.question, asked.prepared
    names = [*question.predictors, question.by]
    if question.form in ("moderation", "mediation", "change"):
        names.append(question.outcome)
    as_numbers = [
        asked.label(name)
        for name in names
        if name and prepared.levels[name] == "ordinal" and prepared.kinds[name] == "number"
    ]
    if question.form == "difference":
        as_numbers = []
    if as_numbers:
        nl, en = (
            (" en " if lang == "nl" else " and ").join(
                f"‘{getattr(one, lang)}’" for one in as_numbers
            )
            for lang in ("nl", "en")
        )
        yield Note(
            "ordinal",
            Text(
                nl=f"De antwoorden op {nl} hebben een volgorde; hier tellen ze als getallen, alsof"
                " elke stap even groot is.",
                en=f"The answers to {en} have an order; here they count as"
                " numbers, as if every step were equally large.",
            ),
        )
