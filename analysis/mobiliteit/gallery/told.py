"""What a figure shows, in words: short enough to be listened to, and all of it beside that."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from mobiliteit.gallery.words import WORDS
from mobiliteit.render.drawing import capital

LONGEST = 600  # letters of an alternative text: a screen reader cannot skip within it


@dataclass(frozen=True)
class Row:
    """One thing to be seen in a figure.

    Attributes
    ----------
    text : str
        In words, with its numbers.
    weight : float
        How much it stands out beside the others of its figure; 0 or NaN for not at all.
    """

    text: str
    weight: float = 0.0


@dataclass(frozen=True)
class Told:
    """A figure in words.

    Attributes
    ----------
    alt : str
        The alternative text: all that is to be seen, or what stands out most.
    details : tuple of str
        All that is to be seen, one thing each; empty where :attr:`alt` has all of it.
    """

    alt: str
    details: tuple[str, ...] = ()

    @property
    def description(self) -> str:
        """Alternative text and details in one."""
        return " ".join([self.alt, *("; ".join(self.details),) * bool(self.details)])


def tell(
    kind: str, lang: str, rows: Iterable[Row], *, room: int = LONGEST, tail: str = "", **facts: Any
) -> Told:
    """Put what is to be seen in a figure into the sentence of its kind.

    Parameters
    ----------
    kind : str
        Name of the sentence in :data:`.words.WORDS`.
    lang : {'nl', 'en'}
        Language.
    rows : iterable of Row
        All that is to be seen, in the order of the figure.
    room : int
        Letters that the alternative text may take.
    tail : str
        A sentence behind it.
    **facts
        What else the sentence names.

    Returns
    -------
    Told
        Where not all rows fit, those that stand out most are in the alternative text, in the order
        of the figure, with the number of those that are not; one that does not stand out is only
        there where none does.
    """
    kept, say = list(rows), WORDS[lang]
    texts = [row.text.rstrip(".") for row in kept]

    def written(shown: list[str]) -> str:
        joined = "; ".join(shown) or say["none"]
        if ". {rows}" in say[kind]:
            joined = capital(joined)
        return say[kind].format(rows=joined, **facts) + tail

    if len(written(texts)) <= room:
        return Told(written(texts))
    left = room - len(written([say["most"], say["more"].format(k=len(kept))]))
    chosen: set[int] = set()
    standing_out = [k for k, row in enumerate(kept) if row.weight > 0] or range(len(kept))
    for position in sorted(standing_out, key=lambda k: -kept[k].weight):
        left -= len(texts[position]) + 2
        if left < 0:
            break
        chosen.add(position)
    shown = [text for k, text in enumerate(texts) if k in chosen]
    rest = say["more"].format(k=len(kept) - len(chosen))
    return Told(written([f"{say['most']}: {'; '.join(shown)}", rest]), tuple(texts))


def sureness(value: float, low: float, high: float) -> float:
    """Weigh a number by its distance from zero in widths of its interval; 0 if that holds zero."""
    return abs(value) / (high - low) if low > 0 or high < 0 else 0.0
