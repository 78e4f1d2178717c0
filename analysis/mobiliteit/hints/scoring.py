"""Respondents scored as a recipe says."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd
from numpy import inf, nextafter

from mobiliteit.hints.material import Material
from mobiliteit.hints.recipe import Recipe
from mobiliteit.scales import mean_of_answered, reverse, score
from mobiliteit.study import Study
from mobiliteit.study_schema import Derived

FEWEST = 1e-6  # of the items: one answer is enough


def scored(material: Material, recipe: Recipe, variables: frozenset[str]) -> pd.DataFrame:
    """Score the respondents.

    Parameters
    ----------
    material : Material
        Their answers.
    recipe : Recipe
        Which codes count, how items are reversed and combined, which edge of a class is in it, who
        is kept, and what stands for a missing value.
    variables : frozenset of str
        What a table needs; the rest is left out.

    Returns
    -------
    pandas.DataFrame
        One column per variable, and the two sorting variables.
    """
    answers, book = _answers(material, recipe), material.study.codebook
    segments = material.study.segments
    sorting = (segments.segment_variable.id, segments.group_variable.id)
    columns = {}
    for name in sorted(variables):
        if name in book.variables or name in book.derived:
            columns[name] = _column(material, answers, name, recipe)
    columns |= {name: answers[name] for name in sorting}
    frame = pd.DataFrame(columns, index=answers.index)
    if recipe.filled:
        numeric = frame.select_dtypes("number")
        filled = numeric.fillna(0.0 if recipe.filled == "zero" else numeric.mean())
        frame[numeric.columns] = filled
    return frame


def _answers(material: Material, recipe: Recipe) -> pd.DataFrame:
    known = material.codes if recipe.missing_codes else material.answers
    answers = material.answers if known is None else known
    if recipe.rows:
        answers = pd.concat([answers, *(material.left_out[r].answers for r in recipe.rows)])
        segments = material.study.segments
        for name in (segments.segment_variable.id, segments.group_variable.id):
            answers[name] = pd.Categorical(
                answers[name], categories=material.answers[name].cat.categories
            )
    return answers


def _column(material: Material, answers: pd.DataFrame, name: str, recipe: Recipe) -> pd.Series:
    """Score one variable, unless a recipe that is alike in what it depends on did so before."""
    book = material.study.codebook
    place: tuple[object, ...] = (name, recipe.missing_codes, recipe.rows)
    if name in book.derived:
        place += (recipe.closed, recipe.least, recipe.reversing, recipe.combining)
        kinds = {"mean": place, "recode": place[:3], "classes": place[:4]}
        place = kinds[book.derived[name].kind]
    elif book.variables[name].items:
        place += (recipe.combining, recipe.least)
        mirrored = any(item.reversed for item in book.variables[name].items.values())
        place += (recipe.reversing,) if mirrored else ()
    if place not in material.memo:
        material.memo[place] = (
            _derived(material, answers, name, recipe)
            if name in book.derived
            else _score(answers, material.study, name, recipe)
        )
    return material.memo[place]


def _derived(material: Material, answers: pd.DataFrame, name: str, recipe: Recipe) -> pd.Series:
    study, entry = material.study, material.study.codebook.derived[name]
    sources = {of: _column(material, answers, of, recipe) for of in entry.of}
    alone = {"variables": {}, "derived": {name: _derivation(entry, recipe)}}
    bare = replace(study, codebook=study.codebook.model_copy(update=alone))
    return score(pd.DataFrame(sources, index=answers.index), bare)[0][name]


def _score(answers: pd.DataFrame, study: Study, name: str, recipe: Recipe) -> pd.Series:
    variable = study.codebook.variables[name]
    if not variable.items:
        return answers[name]
    values = study.codebook.answers(name).values
    low, high = float(min(values)), float(max(values))
    items = answers[list(variable.items)].copy()
    for item, entry in variable.items.items():
        if entry.reversed and recipe.reversing != "none":
            items[item] = reverse(items[item], low if recipe.reversing == "mirror" else 0.0, high)
    if recipe.combining == "sum_answered":
        return items.sum(axis=1)
    if recipe.combining == "sum_complete":
        return items.sum(axis=1, skipna=False)
    return mean_of_answered(items, _least(recipe, variable.min_answered))


def _least(recipe: Recipe, of_codebook: float) -> float:
    return {"codebook": of_codebook, "any": FEWEST, "all": 1.0}[recipe.least]


def _derivation(entry: Derived, recipe: Recipe) -> Derived:
    if entry.kind == "mean":
        return entry.model_copy(update={"min_answered": _least(recipe, entry.min_answered)})
    if entry.kind != "classes" or recipe.closed == "left":
        return entry
    # x > a is x >= the number after a: the same rule then gives classes closed on the right
    classes = {
        key: cls.model_copy(
            update={
                "from_": float(nextafter(cls.from_, inf)),
                "to": None if cls.to is None else float(nextafter(cls.to, inf)),
            }
        )
        for key, cls in entry.classes.items()
    }
    return entry.model_copy(update={"classes": classes})
