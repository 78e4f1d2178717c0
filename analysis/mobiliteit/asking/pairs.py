"""What the answers about groups share: pairs in words, pictures of groups, and who may be shown."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd

from mobiliteit.asking.answer import Check, Estimate, Measure, Picture
from mobiliteit.asking.data import Asked
from mobiliteit.asking.models import Model, model_of
from mobiliteit.asking.pictured import GROUPS, SHARES
from mobiliteit.asking.pictures import PERCENT
from mobiliteit.asking.question import FOUND_IN
from mobiliteit.claims.terms import Text
from mobiliteit.disclosure import shown_counts, small

ENOUGH = 30
Limits = tuple[float, float, float, float]


def groups_of(asked: Asked) -> tuple[str, ...]:
    """Return the ids of the groups of a difference, in codebook order."""
    return tuple(str(key) for key in asked.prepared.frame[asked.question.by].cat.categories)


def sizes_of(asked: Asked) -> dict[str, int]:
    """Return how many people each group has."""
    counts = asked.prepared.frame[asked.question.by].value_counts(sort=False)
    return {str(key): int(count) for key, count in counts.items()}


def group_model(asked: Asked, reference: str) -> Model:
    """Make the columns of a regression of the outcome on the groups and the controls.

    Parameters
    ----------
    asked : Asked
        A difference.
    reference : str
        Id of the group that the others are held against.

    Returns
    -------
    Model
        The groups first, one 0/1 column ``variable=category`` each but the reference.
    """
    by, frame = asked.question.by, asked.prepared.frame
    model = model_of(asked, asked.question.controls)
    own = {
        f"{by}{FOUND_IN}{key}": (frame[by] == key).astype("float64")
        for key in groups_of(asked)
        if key != reference
    }
    return replace(
        model,
        frame=model.frame.assign(**own),
        columns={by: tuple(own), **model.columns},
        references={by: reference, **model.references},
    )


def pair_estimate(
    asked: Asked, a: str, b: str, measure: Measure, found: Limits, method: Text
) -> Estimate:
    """Put the contrast of two groups into an estimate.

    Parameters
    ----------
    asked : Asked
        A difference.
    a, b : str
        Ids of the groups, `a` held against `b`.
    measure : str
        One of :data:`mobiliteit.asking.answer.Measure`.
    found : tuple of float
        Value, lower limit, upper limit and p.
    method : Text
        As of the estimate.

    Returns
    -------
    Estimate
        With ``a:b`` as id, and the people of both groups; points start from the share in `b`.
    """
    sizes, by, outcome = sizes_of(asked), asked.question.by, asked.question.outcome
    frame, base = asked.prepared.frame, np.nan
    if measure == "points":
        base = float(frame.loc[frame[by] == b, outcome].mean())
    one, other = (asked.prepared.label_of(by, key) for key in (a, b))
    label = Text(nl=f"{one.nl} − {other.nl}", en=f"{one.en} − {other.en}")
    value, low, high, p = (float(number) for number in found)
    n = sizes[a] + sizes[b]
    return Estimate(f"{a}:{b}", label, measure, value, low, high, p, n, method, base)


def whole_estimate(asked: Asked, measure: Measure, found: Limits, method: Text) -> Estimate:
    """Put what is about all groups together into an estimate; as :func:`pair_estimate`."""
    by, (value, low, high, p) = asked.question.by, (float(number) for number in found)
    label = asked.label(by)
    return Estimate(by, label, measure, value, low, high, p, asked.prepared.n, method)


def exposed_groups(asked: Asked) -> tuple[str, ...]:
    """Return the groups in which a yes or a no was given by so few that it may not be shown."""
    frame, question = asked.prepared.frame, asked.question
    counts = pd.crosstab(frame[question.by], frame[question.outcome])
    few = counts.map(lambda count: small(int(count))).any(axis=1)
    return tuple(str(key) for key in counts.index[few])


def groups_picture(asked: Asked, shares: pd.DataFrame) -> Picture:
    """Make the picture of the share of a yes per group.

    Parameters
    ----------
    asked : Asked
        A difference of which the outcome is 0 or 1.
    shares : pandas.DataFrame
        Index: ids of groups. Columns ``value, low, high``.

    Returns
    -------
    Picture
        Of kind ``groups``, without points: those would show how many said yes.
    """
    question, sizes = asked.question, sizes_of(asked)
    labels = [asked.prepared.label_of(question.by, str(key)) for key in shares.index]
    groups = pd.DataFrame(
        {
            "id": [str(key) for key in shares.index],
            "label_nl": [label.nl for label in labels],
            "label_en": [label.en for label in labels],
            **{name: shares[name].to_numpy(dtype="float64") for name in ("value", "low", "high")},
            "n": [sizes[str(key)] for key in shares.index],
        }
    )
    titles = {"x": asked.label(question.by), "y": asked.label(question.outcome), "unit": PERCENT}
    return Picture("groups", {"groups": groups[list(GROUPS["groups"])]}, titles)


def shares_picture(asked: Asked) -> Picture:
    """Make the picture of the distribution of a categorical outcome per group.

    Parameters
    ----------
    asked : Asked
        A difference of which the outcome is categorical.

    Returns
    -------
    Picture
        Of kind ``shares``. The share of an answer that so few gave that it may not be shown is NaN,
        and so are as many others of its group as it takes to keep it hidden.
    """
    frame, question, prepared = asked.prepared.frame, asked.question, asked.prepared
    counts = pd.crosstab(frame[question.by], frame[question.outcome])
    records = []
    for group, row in counts.iterrows():
        own, size = prepared.label_of(question.by, str(group)), int(row.sum())
        shown = shown_counts([int(count) for count in row], total_known=True)
        for category, count in zip(row.index, shown, strict=True):
            label = prepared.label_of(question.outcome, str(category))
            share = np.nan if count is None else count / size
            records.append(
                (str(group), own.nl, own.en, str(category), label.nl, label.en, share, size)
            )
    data = pd.DataFrame(records, columns=list(SHARES["shares"]))
    titles = {"x": asked.label(question.by), "y": asked.label(question.outcome), "unit": PERCENT}
    return Picture("shares", {"shares": data}, titles)


def group_sizes(asked: Asked) -> Check:
    """Look at the smallest group: what it can show, and whether averages may be trusted there."""
    least = min(sizes_of(asked).values())
    value = np.nan if asked.prepared.rounded else float(least)
    if least >= ENOUGH:
        means = Text(
            nl=f"Elke groep heeft minstens {ENOUGH} mensen: genoeg om op een gemiddelde of aandeel"
            " af te gaan.",
            en=f"Every group has at least {ENOUGH} people: enough to rely on a mean or a share.",
        )
        return Check("group_sizes", "fine", value, np.nan, means)
    means = Text(
        nl=f"Een groep heeft minder dan {ENOUGH} mensen. Wat over die groep staat, heeft een breed"
        " interval en hangt aan weinig antwoorden.",
        en=f"A group has fewer than {ENOUGH} people. What is said about that group has a wide"
        " interval and hangs on few answers.",
    )
    return Check("group_sizes", "watch", value, np.nan, means)
