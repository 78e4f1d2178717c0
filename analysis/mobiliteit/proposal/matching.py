"""Which source column is which variable of the codebook, and how sure that is.

For each pair of a source column and a codebook column the evidence is a sum, in natural-log units:

- name: 8 t(s), s the likeness of the names (0.87 for one that is the other cut short); a name that
  is only a number (``V12_1``) says nothing;
- label: 9 t(s), s the likeness of the labels, in Dutch or English, of the item or of its scale
  with the item's number; a label that is unlike costs 2, and takes half of what the name gave;
- answers: from -6 to 6, see :func:`mobiliteit.proposal.answers.translate`;
- battery: a group of numbered source columns and a scale of as many items share what they have in
  common: 0.5 of their mean evidence over the items, and 1.5 for the item with the same number; a
  scale with another number of items loses 1.5.

t(s) = ((s - 0.6) / 0.4)^2 above 0.6 and 0 below: likeness of unrelated texts is about 0.4.

The confidence of a pair is a posterior share, the smaller of two: exp(evidence) over the sum of
that of all codebook columns for this source column, and over that of all source columns for this
codebook column, both with exp(3) for "none of these". Two candidates that are equally good thus
share their confidence, however good they are. Where neither name nor label speaks it is at most
0.75: another question may have the same answers. The pairs themselves are the one-to-one assignment
with the largest sum of evidence (Hungarian method, `scipy.optimize.linear_sum_assignment`).

The weights were set by judgement, so that a name and a label alone each suffice when they are the
same, and answers alone never do; ``tests/test_proposal.py`` measures how often a confidence holds.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.optimize import linear_sum_assignment

from mobiliteit.proposal.answers import Translation, translate
from mobiliteit.proposal.columns import SourceProfile, find_batteries
from mobiliteit.proposal.wording import (
    CONTRADICTED,
    alikeness,
    plain,
    says_nothing,
    shortened,
    stem_and_index,
)
from mobiliteit.study_schema import Codebook, Column

NAME, LABEL, UNLIKE = 8.0, 9.0, -2.0
GROUP, SAME_NUMBER, OTHER_COUNT = 0.5, 1.5, -1.5
NONE = 3.0
ACCEPTED = 0.8
"""Confidence from which a proposal is written as a line; below it, as a comment."""
SHORTENED = 0.87
"""Likeness of a name that is another cut short: not enough by itself, without other evidence."""
CUT_FROM = 20
"""A label of fewer letters is not taken for the beginning of a longer one."""
BY_ANSWERS = 0.75
"""Confidence at most where neither name nor label speaks."""
MENTIONED = 0.2
"""Below this a pair is not mentioned at all."""


@dataclass(frozen=True)
class Match:
    """A source column and the codebook column that it is taken to be.

    Attributes
    ----------
    source, target : str
        Columns of the file and of the codebook.
    confidence : float
        0 to 1, see :mod:`mobiliteit.proposal.matching`.
    why : tuple of str
        What it rests on, in Dutch: ``naam``, ``label``, ``antwoorden``, ``reeks``.
    translation : Translation
        How the answers translate.
    """

    source: str
    target: str
    confidence: float
    why: tuple[str, ...]
    translation: Translation

    @property
    def accepted(self) -> bool:
        """Whether it is proposed as a line that counts, and not as a comment."""
        return (
            self.confidence >= ACCEPTED
            and self.translation.rescale is None
            and not self.translation.ticks
        )


def match_columns(profiles: Sequence[SourceProfile], book: Codebook) -> list[Match]:
    """Match source columns one to one with the columns of the codebook.

    Parameters
    ----------
    profiles : sequence of SourceProfile
        Columns of a file that may be answers.
    book : Codebook
        The codebook.

    Returns
    -------
    list of Match
        In the order of the codebook; confidence at least :data:`MENTIONED`.
    """
    columns = list(book.columns())
    if not profiles:
        return []
    translations = _translations(profiles, columns, book)
    answers = np.array([[entry.evidence for entry in row] for row in translations])
    names = NAME * _telling(_name_likeness(profiles, columns, book))
    likeness = _label_likeness(profiles, columns, book)
    labels = LABEL * _telling(likeness)
    unlike = (likeness < 0.5) & np.array([[bool(p.plain_label)] for p in profiles])
    names = np.where(unlike, names / 2, names)
    labels = np.where(unlike, UNLIKE, labels)
    batteries = _battery_evidence(list(profiles), book, columns, names + labels + answers)
    evidence = names + labels + answers + batteries
    confidence = _confidence(evidence)
    confidence = np.where(names + labels > 0.5, confidence, np.minimum(confidence, BY_ANSWERS))
    matches = []
    for i, j in _assign(evidence):
        if confidence[i, j] < MENTIONED or answers[i, j] <= -6:
            continue
        parts = (names[i, j], labels[i, j], answers[i, j], batteries[i, j])
        words = ("naam", "label", "antwoorden", "reeks")
        matches.append(
            Match(
                source=profiles[i].name,
                target=columns[j].name,
                confidence=float(confidence[i, j]),
                why=tuple(word for word, part in zip(words, parts, strict=True) if part > 0.5),
                translation=translations[i][j],
            )
        )
    order = {column.name: place for place, column in enumerate(columns)}
    return sorted(matches, key=lambda match: order[match.target])


def _telling(likeness: np.ndarray) -> np.ndarray:
    """Return t(s): nothing up to the likeness of unrelated texts, then rising steeply to 1."""
    return np.clip((likeness - CONTRADICTED) / (1 - CONTRADICTED), 0, 1) ** 2


def _translations(
    profiles: Sequence[SourceProfile], columns: list[Column], book: Codebook
) -> list[list[Translation]]:
    """Translate each pair once per distinct set of answers on either side."""
    targets = [str((c.values, c.range, c.missing, c.level)) for c in columns]
    known: dict[tuple[object, ...], Translation] = {}
    rows = []
    for profile in profiles:
        source = (
            profile.kind,
            tuple(profile.labels.items()),
            profile.codes if not profile.labels else frozenset(profile.counts),
            profile.declared,
            profile.low,
            profile.high,
        )
        row = []
        for column, target in zip(columns, targets, strict=True):
            key = (source, target)
            if key not in known:
                known[key] = translate(profile, column, book)
            row.append(known[key])
        rows.append(row)
    return rows


def _name_likeness(
    profiles: Sequence[SourceProfile], columns: list[Column], book: Codebook
) -> np.ndarray:
    """Likeness of names, those with another item number being unlike."""
    split = [stem_and_index(profile.plain_name) for profile in profiles]
    stems = [
        "" if says_nothing(profile.plain_name) else stem
        for profile, (stem, _) in zip(profiles, split, strict=True)
    ]
    best = np.zeros((len(profiles), len(columns)))
    for variant in ("name", "nl", "en"):
        targets = [_name_variant(column, variant, book) for column in columns]
        same = np.array([[left[1] == right[1] for right in targets] for left in split])
        goals = [stem for stem, _ in targets]
        # compounds: tevreden_loopbaan is loopbaantevreden
        joined = [["".join(sorted(name.split())) for name in names] for names in (stems, goals)]
        likeness = np.maximum(alikeness(stems, goals), alikeness(*joined))
        short = np.array([[shortened(stem, goal) for goal in goals] for stem in stems])
        likeness = np.where(short, np.maximum(likeness, SHORTENED), likeness)
        best = np.maximum(best, np.where(same, likeness, 0.0))
    return best


def _name_variant(column: Column, variant: str, book: Codebook) -> tuple[str, int | None]:
    if variant == "name":
        return stem_and_index(plain(column.name))
    variable = book.variables[column.variable]
    label = plain(variable.label_nl if variant == "nl" else variable.label_en)
    return label, stem_and_index(plain(column.name))[1] if variable.items else None


def _label_likeness(
    profiles: Sequence[SourceProfile], columns: list[Column], book: Codebook
) -> np.ndarray:
    """Likeness of labels: of the item, of scale and item, and of scale and item number."""
    whole = [profile.plain_label for profile in profiles]
    # A label may be the introduction of the battery and then the item.
    ends = [plain(_last_part(profile.label)) for profile in profiles]
    best = np.zeros((len(profiles), len(columns)))
    for lang in ("nl", "en"):
        own, full, numbered = [], [], []
        for column in columns:
            variable = book.variables[column.variable]
            scale = plain(variable.label_nl if lang == "nl" else variable.label_en)
            item = plain(column.label_nl if lang == "nl" else column.label_en)
            index = stem_and_index(plain(column.name))[1]
            own.append(item)
            full.append(f"{scale} {item}" if variable.items else item)
            numbered.append(f"{scale} {index}" if variable.items else item)
        for targets in (own, full, numbered):
            best = np.maximum(best, alikeness(whole, targets))
            best = np.maximum(best, 0.95 * _cut_off(whole, targets))
        best = np.maximum(best, 0.98 * alikeness(ends, own))
    return best


def _cut_off(labels: list[str], targets: list[str]) -> np.ndarray:
    """Likeness of labels that a supplier cut off to the same length of longer ones."""
    likeness = np.zeros((len(labels), len(targets)))
    for i, label in enumerate(labels):
        if len(label) >= CUT_FROM:
            longer = [t[: len(label)] if len(t) > len(label) + 2 else "" for t in targets]
            likeness[i] = alikeness([label], longer)[0]
    return likeness


def _last_part(label: str) -> str:
    """Return what stands after the last colon or spaced dash, when that is more than two words."""
    for mark in (": ", " - ", " – "):
        last = label.rpartition(mark)[2]
        if mark in label and len(last.split()) > 2:
            return last
    return ""


def _battery_evidence(
    profiles: list[SourceProfile], book: Codebook, columns: list[Column], single: np.ndarray
) -> np.ndarray:
    """Find what each pair gains or loses because the columns around it are one scale, or not."""
    place = {profile.name: i for i, profile in enumerate(profiles)}
    target = {column.name: j for j, column in enumerate(columns)}
    gain = np.zeros(single.shape)
    for battery in find_batteries(profiles):
        rows = [place[name] for name in battery.columns]
        for variable in book.scale_variables().values():
            items = [target[name] for name in variable.items]
            block = np.ix_(rows, items)
            if len(rows) != len(items):
                gain[block] = OTHER_COUNT
                continue
            taken = linear_sum_assignment(-single[block])
            shared = max(0.0, float(single[block][taken].mean()))
            gain[block] = GROUP * shared
            gain[rows, items] += SAME_NUMBER
    return gain


def _confidence(evidence: np.ndarray) -> np.ndarray:
    """Posterior share over the row and over the column, the smaller of the two."""
    weight = np.exp(np.clip(evidence, -50, 50))
    none = np.exp(NONE)
    over_targets = weight / (weight.sum(axis=1, keepdims=True) + none)
    over_sources = weight / (weight.sum(axis=0, keepdims=True) + none)
    return np.minimum(over_targets, over_sources)


def _assign(evidence: np.ndarray) -> list[tuple[int, int]]:
    """One-to-one pairs with the largest sum; pairs that speak against each other are left out."""
    worth = np.maximum(evidence, 0.0)
    # Where all else is equal, the order of the file is that of the questionnaire.
    rows, columns = np.indices(evidence.shape)
    away = np.abs(rows / evidence.shape[0] - columns / evidence.shape[1])
    pairs = linear_sum_assignment(-(worth - 1e-6 * away))
    return [(int(i), int(j)) for i, j in zip(*pairs, strict=True) if evidence[i, j] > 0]
