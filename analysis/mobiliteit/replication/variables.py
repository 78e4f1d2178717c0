"""Every column of a clean wave described: what was asked, what it holds, and its distribution.

The codebook as a page (:mod:`mobiliteit.replication.codebook_page`) and as DDI XML
(:mod:`mobiliteit.replication.ddi`) are both written from this alone, so that they cannot differ.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, Literal

import numpy as np
import pandas as pd

from mobiliteit.descriptor import rescale_note
from mobiliteit.design import moments
from mobiliteit.replication.asked import not_asked
from mobiliteit.scales import answers_given
from mobiliteit.segments import RULE_COLUMN
from mobiliteit.study import Study
from mobiliteit.study_schema import Column, Derived, DerivedClass, Label, Level
from mobiliteit.wave import Wave
from mobiliteit.weights import CLUSTER, LABELS, STRATUM, WEIGHT

Kind = Literal["question", "item", "scale", "derived", "sorting", "weight"]
SORTING, WEIGHTING = "indeling", "weging"
RULE = Label(nl="Regel die besliste over het segment", en="Rule that decided the segment")


@dataclass(frozen=True)
class Category:
    """One value that a column can have.

    Attributes
    ----------
    value : str
        As it stands in the clean data: a code or a value id.
    label : Label
        What it means. Of a mirrored item: the answer that was given.
    n : int
        Respondents with it; a count, also in a weighted wave.
    percent : float
        Its weighted share of the valid answers, 0 to 100; NaN in a wave without weights.
    """

    value: str
    label: Label
    n: int
    percent: float = math.nan


@dataclass(frozen=True)
class Summary:
    """The distribution of a column of numbers, among respondents with a value.

    Attributes
    ----------
    low, high, mean, sd : float
        Unweighted, unrounded; the sample standard deviation (n - 1). NaN where undefined.
    weighted_mean, weighted_sd : float
        By the weights of the wave (:func:`mobiliteit.design.moments`); NaN where it has none.
    """

    low: float
    high: float
    mean: float
    sd: float
    weighted_mean: float = math.nan
    weighted_sd: float = math.nan


@dataclass(frozen=True)
class Described:
    """One column of the clean data.

    Attributes
    ----------
    name : str
        Name of the column.
    kind : {'question', 'item', 'scale', 'derived', 'sorting', 'weight'}
        Where it comes from: a question, one item of a scale, the score of a scale, a variable made
        of others, the segment rules, or the weights.
    role : str
        Role in the codebook, or :data:`SORTING` or :data:`WEIGHTING`.
    label : Label
        Its label, or the wording of the item (ours, not the questionnaire's).
    level : str
        Measurement level: nominal, ordinal, interval or binary.
    n, n_missing, n_not_asked : int
        Respondents with a value; without one; of these: not asked (:func:`.asked.not_asked`).
    categories : tuple of Category
        Its values in codebook order, also those that nobody has; empty for open numbers.
    range : tuple of float, optional
        Lowest and highest valid number, of an open number or a score.
    unit : Label, optional
        Of an open number.
    missing : mapping of int to Label
        Missing codes of the questionnaire with their reasons; the clean data has nothing there.
    asked : Label, optional
        Who was asked, where not everybody was.
    of : tuple of str
        Columns that it was made of.
    made : Label, optional
        How.
    reversed : bool
        Whether the item was mirrored, so that high means high on the scale.
    page, tables : int, tuple of str
        Where the report speaks of it; 0 where it does not.
    assumption : str
        What of this is inferred (English); empty where nothing is.
    notes : tuple of Label
        Peculiar to this wave: not asked, or carried over from another scale.
    summary : Summary, optional
        Of columns of numbers.
    """

    name: str
    kind: Kind
    role: str
    label: Label
    level: Level
    n: int
    n_missing: int
    n_not_asked: int = 0
    categories: tuple[Category, ...] = ()
    range: tuple[float, float] | None = None
    unit: Label | None = None
    missing: Mapping[int, Label] | None = None
    asked: Label | None = None
    of: tuple[str, ...] = ()
    made: Label | None = None
    reversed: bool = False
    page: int = 0
    tables: tuple[str, ...] = ()
    assumption: str = ""
    notes: tuple[Label, ...] = ()
    summary: Summary | None = None


def roles(study: Study) -> dict[str, Label]:
    """List the roles of the codebook, and the two that this package adds, with their labels."""
    return {
        **study.codebook.roles,
        SORTING: Label(nl="Indeling", en="Sorting"),
        WEIGHTING: Label(nl="Weging", en="Weighting"),
    }


def describe_variables(wave: Wave) -> tuple[Described, ...]:
    """Describe every column of the clean frame of a wave.

    Parameters
    ----------
    wave : Wave
        The wave. With weights, counts stay counts and weighted statistics stand beside them.

    Returns
    -------
    tuple of Described
        In the order of the roles; within one, in codebook order, a scale before its items.
    """
    order = list(roles(wave.study))
    found = [*_questionnaire(wave), *_derived(wave), *_sorting(wave), *_weights(wave)]
    unasked = not_asked(wave).sum()
    completed = (
        replace(
            entry,
            n_not_asked=int(unasked.get(entry.name, 0)),
            notes=(*entry.notes, *_rescaled(wave, entry.name)),
        )
        for entry in found
    )
    return tuple(sorted(completed, key=lambda entry: order.index(entry.role)))


def _questionnaire(wave: Wave) -> Iterator[Described]:
    book = wave.study.codebook
    for column in book.columns():
        variable = book.variables[column.variable]
        answers = book.answers(column.variable)
        common: dict[str, Any] = {
            "role": variable.role,
            "page": variable.source.page,
            "tables": tuple(variable.source.tables),
            "assumption": variable.assumption,
        }
        if column.name == next(iter(variable.items), None):
            least = f"{variable.min_answered:.0%}"
            made = Label(
                nl=f"gemiddelde van de items, als ten minste {least} daarvan is beantwoord",
                en=f"mean of the items, where at least {least} of them are answered",
            )
            yield Described(
                name=column.variable,
                kind="scale",
                label=Label(nl=variable.label_nl, en=variable.label_en),
                level="interval",
                range=column.bounds,
                of=tuple(variable.items),
                made=made,
                **common,
                **_distribution(wave, column.variable),
            )
        unit = answers.unit_nl and Label(nl=answers.unit_nl, en=answers.unit_en or answers.unit_nl)
        reason = wave.descriptor.absent.get(column.name)
        # carried over from another scale: what was answered then are not these values
        between = column.name in wave.descriptor.rescaled
        yield Described(
            name=column.name,
            kind="item" if variable.items else "question",
            label=Label(nl=column.label_nl, en=column.label_en),
            level=column.level,
            categories=() if between else _answers(wave, column),
            range=column.bounds if between else column.range,
            unit=unit or None,
            missing={code: book.missing_reasons[why] for code, why in column.missing.items()},
            asked=_asked(wave.study, column),
            reversed=column.reversed,
            notes=(Label(nl=f"niet gevraagd: {reason}", en=f"not asked: {reason}"),)
            if reason
            else (),
            **(common | {"assumption": "" if variable.items else variable.assumption}),
            **_distribution(wave, column.name, numeric=column.level != "nominal"),
        )


def _derived(wave: Wave) -> Iterator[Described]:
    study = wave.study
    for name, derived in study.codebook.derived.items():
        coded = derived.level == "binary"
        labels = {
            str(cls.code) if coded else key: Label(nl=cls.nl, en=cls.en)
            for key, cls in derived.classes.items()
        }
        yield Described(
            name=name,
            kind="derived",
            role=derived.role,
            label=Label(nl=derived.label_nl, en=derived.label_en),
            level=derived.level,
            categories=_categories(wave, name, labels),
            of=tuple(derived.of),
            made=_made(study, derived),
            page=derived.source.page,
            tables=tuple(derived.source.tables),
            assumption=derived.assumption,
            **_distribution(wave, name, numeric=coded or derived.kind == "mean"),
        )


def _sorting(wave: Wave) -> Iterator[Described]:
    rules = wave.study.segments
    made = Label(
        nl=f"door de regels van segments.yaml, versie {rules.version}",
        en=f"by the rules of segments.yaml, version {rules.version}",
    )
    used = dict.fromkeys(
        question
        for segment in rules.segments.values()
        for condition in segment.when
        for variable in condition.variables
        for question in wave.study.questions(variable)
    )
    segments = {key: Label(nl=one.nl, en=one.en) for key, one in rules.segments.items()}
    groups = {key: Label(nl=one.nl, en=one.en) for key, one in rules.groups.items()}
    for name, label, categories in (
        (rules.segment_variable.id, rules.segment_variable, segments),
        (rules.group_variable.id, rules.group_variable, groups),
        (RULE_COLUMN, RULE, segments),
    ):
        yield Described(
            name=name,
            kind="sorting",
            role=SORTING,
            label=label,
            level="nominal",
            categories=_categories(wave, name, categories),
            of=tuple(used),
            made=made,
            **_distribution(wave, name, numeric=False),
        )


def _weights(wave: Wave) -> Iterator[Described]:
    for name, (nl, en) in LABELS.items():
        if name not in wave.frame:
            continue
        code = name in (STRATUM, CLUSTER)
        yield Described(
            name=name,
            kind="weight",
            role=WEIGHTING,
            label=Label(nl=nl, en=en),
            level="nominal" if code else "interval",
            **_distribution(wave, name, numeric=not code, weighted=False),
        )


def _rescaled(wave: Wave, name: str) -> Iterator[Label]:
    nl, en = (rescale_note(wave.descriptor, wave.study, name, lang) for lang in ("nl", "en"))
    if nl:
        yield Label(nl=nl, en=en)


def _answers(wave: Wave, column: Column) -> tuple[Category, ...]:
    """Values of a question; of a mirrored item, each with the answer that was given."""
    ids = column.value_ids or {code: str(code) for code in column.values}
    given = answers_given(column)
    return _categories(wave, column.name, {ids[code]: label for code, label in given.items()})


def _categories(wave: Wave, name: str, labels: Mapping[str, Label]) -> tuple[Category, ...]:
    values = _as_text(wave.frame[name])
    counts = values.value_counts()
    weights = wave.frame[WEIGHT].groupby(values).sum() if WEIGHT in wave.frame else None
    return tuple(
        Category(
            value,
            label,
            int(counts.get(value, 0)),
            math.nan
            if weights is None or weights.sum() == 0
            else float(100 * weights.get(value, 0.0) / weights.sum()),
        )
        for value, label in labels.items()
    )


def _as_text(values: pd.Series) -> pd.Series:
    """Write values as the codebook names them: codes without decimals; missing stays missing."""
    if isinstance(values.dtype, pd.CategoricalDtype) or not pd.api.types.is_numeric_dtype(values):
        return values.astype("object")
    return values.map("{:g}".format, na_action="ignore")


def _distribution(
    wave: Wave, name: str, *, numeric: bool = True, weighted: bool = True
) -> dict[str, Any]:
    """Return `n`, `n_missing` and, of numbers, `summary`, as arguments of :class:`Described`."""
    values = wave.frame[name].dropna()
    counts = {"n": len(values), "n_missing": len(wave.frame) - len(values)}
    if not numeric:
        return counts
    numbers = values.to_numpy(dtype="float64")
    nothing = (math.nan, math.nan)
    if not len(numbers):
        return {**counts, "summary": Summary(*nothing, *nothing)}
    by_weight = nothing
    if weighted and WEIGHT in wave.frame:
        by_weight = moments(wave.frame.loc[values.index, WEIGHT].to_numpy("float64"), numbers)
    plain = moments(np.ones(len(numbers)), numbers)
    return {
        **counts,
        "summary": Summary(float(numbers.min()), float(numbers.max()), *plain, *by_weight),
    }


def _asked(study: Study, column: Column) -> Label | None:
    """Say of whom a question was asked; None when of everybody."""
    if not column.asked:
        return None
    parts: dict[str, list[str]] = {"nl": [], "en": []}
    for name, codes in column.asked.items():
        answers = study.codebook.answers(name)
        for lang, listed in parts.items():
            join = " of " if lang == "nl" else " or "
            said = [getattr(answers.values[code], lang) for code in codes if code in answers.values]
            listed.append(f"{study.label(name, lang)} = {join.join(said)}")
    return Label(nl="; ".join(parts["nl"]), en="; ".join(parts["en"]))


def _made(study: Study, derived: Derived) -> Label:
    """Say how a derived variable was made."""
    if derived.kind == "mean":
        least = f"{derived.min_answered:.0%}"
        return Label(
            nl=f"gemiddelde van de bronnen, als ten minste {least} daarvan is beantwoord",
            en=f"mean of the sources, where at least {least} of them are answered",
        )
    texts = {}
    for lang in ("nl", "en"):
        rules = (
            f"{getattr(cls, lang)}: {_rule(study, derived, cls, lang)}"
            for cls in derived.classes.values()
        )
        texts[lang] = "; ".join(rules)
    return Label(**texts)


def _rule(study: Study, derived: Derived, cls: DerivedClass, lang: str) -> str:
    if derived.kind == "classes":
        until = "tot" if lang == "nl" else "to below"
        return f"{cls.from_:g} {until} {cls.to:g}"
    answers = study.codebook.answers(derived.of[0])
    labels: dict[object, Label] = {}
    for code, label in answers.values.items():
        labels |= {code: label, label.id: label}
    return ", ".join(str(getattr(labels[code], lang)) for code in cls.from_)
