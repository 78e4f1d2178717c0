"""What a log says of its answers, in both languages."""

from __future__ import annotations

from datetime import datetime

from mobiliteit.claims.terms import Text
from mobiliteit.logbook.entry import Entry
from mobiliteit.render.numbers import format_p

STATUS = {
    "confirmatory": Text(
        nl="Toetsend: deze vraag lag vast voordat het antwoord te zien was "
        "(verwachte richting: {direction}). {outcome}",
        en="Confirmatory: this question was fixed before its answer was seen "
        "(expected direction: {direction}). {outcome}",
    ),
    "exploratory": Text(
        nl="Verkennend: deze vraag lag niet van tevoren vast. Wat eruit komt is een vermoeden, dat "
        "met nieuwe gegevens te toetsen is.",
        en="Exploratory: this question was not fixed beforehand. What comes out is a conjecture, "
        "to be tested with new data.",
    ),
}
DIRECTIONS = {
    "positive": Text(nl="positief", en="positive"),
    "negative": Text(nl="negatief", en="negative"),
    "any": Text(nl="geen bepaalde", en="none in particular"),
}
OUTCOMES = {
    "expected": Text(
        nl="De gevonden richting is de verwachte.", en="The direction found is the one expected."
    ),
    "opposite": Text(
        nl="De gevonden richting is tegengesteld aan de verwachte.",
        en="The direction found is opposite to the one expected.",
    ),
    "undecided": Text(
        nl="Of de verwachte richting klopt, valt met dit antwoord niet te zeggen.",
        en="Whether the expected direction is right, this answer cannot tell.",
    ),
    "undirected": Text(
        nl="Een richting valt hier niet te toetsen.", en="There is no direction to test here."
    ),
}
MANY = Text(
    nl="Dit is een van {m} {kind} vragen in deze sessie. Wie vaak genoeg zoekt, vindt altijd "
    "iets. Gecorrigeerd voor dat aantal: p {holm} (Holm), p {bh} (Benjamini-Hochberg).",
    en="This is one of {m} {kind} questions in this session. Whoever searches often enough "
    "always finds something. Corrected for that number: p {holm} (Holm), p {bh} "
    "(Benjamini-Hochberg).",
)
KINDS = {
    "confirmatory": Text(nl="toetsende", en="confirmatory"),
    "exploratory": Text(nl="verkennende", en="exploratory"),
}
CHANGED = Text(
    nl="Het bestand van golf {wave} is sindsdien veranderd: dit antwoord rust op een bestand met "
    "controlegetal {then}…, en nu is dat {now}….",
    en="The file of wave {wave} has changed since: this answer rests on a file with checksum "
    "{then}…, and now that is {now}….",
)
UNREADABLE = Text(
    nl="Golf {wave} is hier nu niet te lezen: of het bestand nog hetzelfde is, is onbekend.",
    en="Wave {wave} cannot be read here now: whether its file is still the same is not known.",
)
FIXED = Text(
    nl="dit is vastgelegd op {at}, verwachte richting: {direction}",
    en="it was fixed at {at}, direction {direction}",
)
STAYS = Text(
    nl="Stel de vraag; wat is vastgelegd blijft zoals het was.",
    en="Ask it; what was fixed stays as it was.",
)
TOLD = Text(
    nl="wat eerder gevraagd is verraadt er iets van: {question}",
    en="what was asked before tells something of it: {question}",
)
EXPLORE = Text(
    nl="Stel haar als verkennende vraag, of leg haar vast voor een golf waar u niet naar keek.",
    en="Ask it as an exploratory question, or fix it for a wave that you have not looked at.",
)
DIGITS = 12  # of a checksum: enough to tell two files apart by eye


def fill(text: Text, **parts: str | Text) -> Text:
    """Fill in a text in both languages, each part in its own language."""
    return Text(
        **{
            lang: getattr(text, lang).format(
                **{
                    name: part if isinstance(part, str) else getattr(part, lang)
                    for name, part in parts.items()
                }
            )
            for lang in ("nl", "en")
        }
    )


def moment(at: datetime) -> Text:
    """Write a time in UTC, to the minute."""
    return Text(nl=f"{at:%d-%m-%Y %H:%M} UTC", en=f"{at:%Y-%m-%d %H:%M} UTC")


def status(entry: Entry) -> Text:
    """Say whether an entry is confirmatory or exploratory, and how it bears on the expectation."""
    text, registered = STATUS[entry.family], entry.registration
    if registered is None:
        return text
    return fill(
        text,
        direction=DIRECTIONS[registered.direction],
        outcome=OUTCOMES[entry.outcome],
    )


def many_tests(family: str, m: int, p_holm: float, p_bh: float) -> Text:
    """Say of how many questions of its family an answer is one, with its corrected p-values."""
    return fill(MANY, m=str(m), kind=KINDS[family], holm=_equals(p_holm), bh=_equals(p_bh))


def changed_file(wave: str, then: str, now: str | None) -> Text:
    """Say that the file of a wave is no longer that of an entry.

    Parameters
    ----------
    wave : str
        Id of the wave.
    then, now : str
        Checksums; `now` None where the wave cannot be read.
    """
    if now is None:
        return fill(UNREADABLE, wave=wave)
    return fill(CHANGED, wave=wave, then=then[:DIGITS], now=now[:DIGITS])


def joined(texts: list[Text]) -> Text:
    """Put sentences after one another."""
    return Text(nl=" ".join(text.nl for text in texts), en=" ".join(text.en for text in texts))


def _equals(p: float) -> Text:
    written = {lang: format_p(p, lang) for lang in ("nl", "en")}
    return Text(**{k: text if text.startswith("<") else f"= {text}" for k, text in written.items()})
