"""The conventions that are tried: each is a change of one choice of the recipe."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import combinations
from typing import Any

from mobiliteit.claims.terms import Text
from mobiliteit.hints.material import Material
from mobiliteit.hints.recipe import Recipe
from mobiliteit.hints.texts import SAID
from mobiliteit.study_schema import ClassTable, GroupTable, RegressionTable, Table
from mobiliteit.tables import DIFFERENCE, TableResult

Labels = Mapping[str, Text]


@dataclass(frozen=True, eq=False)
class Convention:
    """Another way to compute a table.

    Attributes
    ----------
    id : str
        A key of :data:`mobiliteit.hints.texts.SAID`, or ``key:which`` of a family.
    change : mapping
        Fields of :class:`mobiliteit.hints.recipe.Recipe` and what they become.
    done, why : Text
        What was done, and why the report or the house does otherwise.
    family : int
        How many conventions are alike (all swaps of two rows, for one); a match with one of many
        says less.
    paired : bool
        Whether it is also tried together with others.
    """

    id: str
    change: Mapping[str, Any]
    done: Text
    why: Text
    family: int
    paired: bool

    def apply(self, recipe: Recipe) -> Recipe:
        """Return the recipe with this change."""
        return replace(recipe, **self.change)


def conventions_for(material: Material, result: TableResult, labels: Labels) -> list[Convention]:
    """List the conventions that can make a difference to a table.

    Parameters
    ----------
    material : Material
        Says which people were left out, and whether the missing codes are known.
    result : TableResult
        The computed table.
    labels : mapping of str to Text
        Of its rows and columns, as people read them.

    Returns
    -------
    list of Convention
        The likelier ones first.
    """
    table = result.definition
    found = [
        _convention(name, change)
        for name, (kinds, change) in _SINGLE.items()
        if isinstance(table, kinds) and (name != "missing_codes" or material.codes is not None)
    ]
    found += _rounding(result)
    found += _family("rows", _rows(material))
    found += _family("sample", _samples(material, table))
    if isinstance(table, RegressionTable):
        found += _family("without", _without(material, table), paired=False)
        found += _family("turned", _turned(material, table), paired=False)
    found += _family("swapped", _swaps(result, labels, "column"), paired=False)
    found += _family("swapped", _swaps(result, labels, "row"), paired=False)
    return found


_ANY = (object,)
_MEANS = (GroupTable, ClassTable)
_SCORES = (GroupTable, ClassTable, RegressionTable)
_MODEL = (RegressionTable,)
_SINGLE: dict[str, tuple[tuple[type, ...], dict[str, Any]]] = {
    "b": (_MODEL, {"coefficient": "b"}),
    "missing_codes": (_SCORES, {"missing_codes": True}),
    "reversed_forgotten": (_SCORES, {"reversing": "none"}),
    "reversed_top": (_SCORES, {"reversing": "top"}),
    "closed_right": ((ClassTable,), {"closed": "right"}),
    "listwise": (_SCORES, {"listwise": True}),
    "pairwise": (_MODEL, {"coefficient": "pairwise"}),
    "z_sample": (_MODEL, {"coefficient": "z_sample"}),
    "z_everybody": (_MODEL, {"coefficient": "z_everybody"}),
    "alone": (_MODEL, {"coefficient": "alone"}),
    "x_only": (_MODEL, {"coefficient": "x_only"}),
    "y_only": (_MODEL, {"coefficient": "y_only"}),
    "dummies_raw": (_MODEL, {"coefficient": "dummies_raw"}),
    "population_y": (_MODEL, {"coefficient": "population_y"}),
    "population_x": (_MODEL, {"coefficient": "population_x"}),
    "adjusted": (_MODEL, {"explained": "adjusted"}),
    "multiple_r": (_MODEL, {"explained": "r"}),
    "sum_answered": (_SCORES, {"combining": "sum_answered"}),
    "sum_complete": (_SCORES, {"combining": "sum_complete"}),
    "least_any": (_SCORES, {"least": "any"}),
    "least_all": (_SCORES, {"least": "all"}),
    "filled_zero": (_SCORES, {"filled": "zero"}),
    "filled_mean": (_SCORES, {"filled": "mean"}),
    "percent_all": (_ANY, {"percent_of": "all"}),
    "percent_answer": ((GroupTable,), {"percent_of": "answer"}),
    "percent_no": ((GroupTable,), {"percent_of": "no"}),
    "median": (_MEANS, {"centre": "median"}),
    "welch": (_MEANS, {"test": "welch"}),
    "corrected": ((GroupTable,), {"test": "corrected"}),
    "likelihood": ((GroupTable,), {"test": "likelihood"}),
    "population_sd": (_MEANS, {"ddof": 0}),
    "share": (_ANY, {"factor": (("percent", 0.01), ("r2_percent", 0.01))}),
}


def _convention(name: str, change: Mapping[str, Any], *, paired: bool = True) -> Convention:
    said = SAID[name]
    return Convention(name, change, said.done, said.why, 1, paired)


def _rounding(result: TableResult) -> Iterator[Convention]:
    lost = float(10**result.definition.decimals)
    numbers = tuple((statistic, lost) for statistic in ("mean", "beta", "sd"))
    yield _convention("comma_lost", {"factor": numbers})
    yield _convention("half_even", {"rounding": "half_even"}, paired=False)
    yield _convention("cut", {"rounding": "cut"}, paired=False)


Member = tuple[str, Mapping[str, Any], Text]


def _family(name: str, members: Iterable[Member], *, paired: bool = True) -> Iterator[Convention]:
    """Give each member of a family the words of the family, with its own filled in."""
    listed, said = list(members), SAID[name]
    for which, change, label in listed:
        done = Text(nl=said.done.nl.format(label.nl), en=said.done.en.format(label.en))
        yield Convention(f"{name}:{which}", change, done, said.why, len(listed), paired)


def _rows(material: Material) -> Iterator[Member]:
    for reason, entry in material.left_out.items():
        yield reason, {"rows": (reason,)}, entry.label
    if len(material.left_out) > 1:
        label = Text(nl="iedereen in het bestand", en="everybody in the file")
        yield "all", {"rows": tuple(material.left_out)}, label


def _samples(material: Material, table: Table) -> Iterator[Member]:
    study = material.study
    name, groups = study.segments.group_variable.id, study.segments.groups
    conditions = [table.sample]
    if isinstance(table, RegressionTable):
        conditions += [m.sample for m in table.columns.values() if m.sample is not None]
    if any(conditions):
        yield "everybody", {"sample": ()}, Text(nl="iedereen", en="everybody")
    divided = isinstance(table, GroupTable) and table.by == name
    for size in (1, 2):
        for chosen in combinations(groups, size):
            # a table by group needs two of them
            if size == 1 and divided:
                continue
            label = Text(
                nl=" en ".join(groups[g].nl.lower() for g in chosen),
                en=" and ".join(groups[g].en.lower() for g in chosen),
            )
            yield "+".join(chosen), {"sample": ((name, chosen),)}, label


def _without(material: Material, table: RegressionTable) -> Iterator[Member]:
    book = material.study.codebook
    entries = {name: book.variables.get(name) or book.derived[name] for name in table.rows}
    for role in dict.fromkeys(entry.role for entry in entries.values()):
        members = tuple(name for name, entry in entries.items() if entry.role == role)
        if 1 < len(members) < len(table.rows):
            label = book.roles[role]
            yield role, {"without": members}, Text(nl=label.nl.lower(), en=label.en.lower())
    for name in table.rows:
        yield name, {"without": (name,)}, _label(material, name)


def _turned(material: Material, table: RegressionTable) -> Iterator[Member]:
    for name in table.rows:
        if material.study.codebook.level(name) == "binary":
            yield name, {"turned": (name,)}, _label(material, name)


def _swaps(result: TableResult, labels: Labels, line: str) -> Iterator[Member]:
    names = [name for name in dict.fromkeys(result.cells[line]) if name != DIFFERENCE]
    if isinstance(result.definition, RegressionTable):
        names = [name for name in names if name != result.definition.explained_variance]
    for one, other in combinations(names, 2):
        label = Text(
            nl=f"{labels[one].nl} en {labels[other].nl}",
            en=f"{labels[one].en} and {labels[other].en}",
        )
        yield f"{line}:{one}+{other}", {"swapped": (line, one, other)}, label


def _label(material: Material, name: str) -> Text:
    return Text(nl=material.study.label(name, "nl"), en=material.study.label(name, "en"))
