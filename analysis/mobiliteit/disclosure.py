"""Which counts of people may be shown: none below ten, and none that would give one away."""

from __future__ import annotations

from collections.abc import Sequence

SMALLEST = 10


def small(count: int) -> bool:
    """Whether a count may not be shown: 1 to 9. That there is nobody may be said."""
    return 0 < count < SMALLEST


def shown_counts(counts: Sequence[int], *, total_known: bool) -> list[int | None]:
    """Hide small counts, and what would give them away.

    Parameters
    ----------
    counts : sequence of int
        People per group, 0 or more; the groups do not overlap.
    total_known : bool
        Whether their sum is known, or can be.

    Returns
    -------
    list of int or None
        In the same order; None is hidden. With a known total, hidden are at least two counts that
        are together at least :data:`SMALLEST`, and not all of them 1; the smallest others go first.

    Notes
    -----
    Where all counts together are below :data:`SMALLEST` nothing is left to hide behind: such a
    total is itself not to be shown (:func:`protected` says so). Somebody who knows the total, what
    is shown, and that a hidden count is at least 1 cannot work a count out. Who also knows how
    the others are chosen can where counts are equal or at the bound (three groups of exactly nine):
    that is the price of hiding as few as possible.
    """
    hidden = {place for place, count in enumerate(counts) if small(count)}
    if hidden and total_known:
        others = [place for place, count in enumerate(counts) if count >= SMALLEST]
        for place in sorted(others, key=lambda place: counts[place]):
            if _enough([counts[i] for i in hidden]):
                break
            hidden.add(place)
    return [None if place in hidden else int(count) for place, count in enumerate(counts)]


def protected(counts: Sequence[int], shown: Sequence[int | None]) -> bool:
    """Whether hidden counts stay hidden from who knows the total.

    Parameters
    ----------
    counts, shown : sequence
        Counts, and what :func:`shown_counts` made of them.

    Returns
    -------
    bool
        True when nothing is hidden, or at least two counts of together :data:`SMALLEST` that are
        not all 1.
    """
    hidden = [count for count, seen in zip(counts, shown, strict=True) if seen is None]
    return not hidden or _enough(hidden)


def _enough(hidden: Sequence[int]) -> bool:
    return len(hidden) > 1 and sum(hidden) >= SMALLEST and sum(hidden) > len(hidden)
