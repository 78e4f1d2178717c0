"""The study as data: codebook, segment rules and table definitions, checked on loading.

The files under ``study/`` are what a researcher edits; this module turns them into frozen objects
and names every mistake in them at once, with the place and the remedy.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

import yaml
from pydantic import BaseModel, ValidationError

from mobiliteit.errors import Problem, StudyError
from mobiliteit.study_schema import (
    ClassTable,
    Codebook,
    FrequencyTable,
    GroupTable,
    RegressionTable,
    Segments,
    Table,
    Tables,
)

STUDY_DIR = Path(__file__).parent / "study"
LARGEST = 2**53  # whole numbers beyond it do not survive as floats

Schema = TypeVar("Schema", bound=BaseModel)


@dataclass(frozen=True)
class Study:
    """The study: everything but its published numbers, which :mod:`mobiliteit.published` reads."""

    path: Path
    codebook: Codebook
    segments: Segments
    tables: Tables

    def categories(self, name: str) -> dict[str, tuple[str, str]]:
        """Value ids of a nominal, classed or sorting variable with their Dutch and English labels.

        Parameters
        ----------
        name : str
            A variable of the codebook with value ids, a derived variable with classes, or one of
            the two variables that the segment rules make.

        Returns
        -------
        dict
            Value id to (Dutch label, English label), in codebook order.

        Raises
        ------
        StudyError
            The variable has no categories.
        """
        if name == self.segments.segment_variable.id:
            return {key: (entry.nl, entry.en) for key, entry in self.segments.segments.items()}
        if name == self.segments.group_variable.id:
            return {key: (entry.nl, entry.en) for key, entry in self.segments.groups.items()}
        if name in self.codebook.derived and self.codebook.derived[name].classes:
            classes = self.codebook.derived[name].classes
            return {key: (entry.nl, entry.en) for key, entry in classes.items()}
        if name in self.codebook.variables:
            answers = self.codebook.answers(name)
            if answers.level == "nominal":
                return {
                    label.id or str(code): (label.nl, label.en)
                    for code, label in answers.values.items()
                }
        raise StudyError(
            "This variable cannot divide people into groups.",
            [Problem(f"{name} has no categories", "Use a nominal or classed variable.")],
        )

    def positions(
        self, by: str, sample: Mapping[str, list[Any]], among: Iterable[str] | None = None
    ) -> list[str]:
        """List the groups, classes or categories of a variable that a sample can hold.

        Parameters
        ----------
        by : str
            As of :meth:`categories`.
        sample : mapping of str to list
            Conditions of the sample: variable to values.
        among : iterable of str, optional
            What `by` can be; by default its :meth:`categories`.

        Returns
        -------
        list of str
            In that order, whether or not a wave has anybody there.
        """
        positions = list(self.categories(by) if among is None else among)
        if by in sample:
            return [position for position in positions if position in sample[by]]
        group, segments = self.segments.group_variable.id, self.segments.segments
        if by == self.segments.segment_variable.id and group in sample:
            return [name for name in positions if segments[name].group in sample[group]]
        return positions

    def questions(self, name: str) -> list[str]:
        """List the codebook columns that a variable is made of.

        Parameters
        ----------
        name : str
            A variable, derived or not; the two that the segment rules make have none of their own.

        Returns
        -------
        list of str
            The items of a scale, or the question itself; for a derived variable those of its
            sources.
        """
        if name in self.codebook.derived:
            sources = self.codebook.derived[name].of
            return list(dict.fromkeys(q for one in sources for q in self.questions(one)))
        if name not in self.codebook.variables:
            return []
        return list(self.codebook.variables[name].items) or [name]

    def label(self, name: str, lang: str = "nl") -> str:
        """Label of any variable, the two of the segment rules included."""
        for entry in (self.segments.segment_variable, self.segments.group_variable):
            if name == entry.id:
                return entry.nl if lang == "nl" else entry.en
        return self.codebook.label(name, "nl" if lang == "nl" else "en")


# The parser in C, where PyYAML came with it, is some seven times faster.
_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def _misplaced(what: str, node: yaml.Node) -> yaml.YAMLError:
    return yaml.constructor.ConstructorError(None, None, what, node.start_mark)


class _StrictLoader(_Loader):
    """Loads plain YAML and refuses a key that stands twice, where YAML would keep the last."""

    def construct_object(self, node: yaml.Node, deep: bool = False) -> Any:
        try:
            value = super().construct_object(node, deep)
        except ValueError as error:  # a date or a number that cannot be
            raise _misplaced(str(error), node) from None
        if isinstance(value, int) and abs(value) > LARGEST:
            raise _misplaced(f"a whole number beyond {LARGEST}", node)
        return value

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        seen = set()
        for key, _ in node.value:
            if not isinstance(key, yaml.ScalarNode):
                raise _misplaced("a key is a list or a mapping", key)
            if key.tag != "tag:yaml.org,2002:merge" and key.value in seen:
                raise _misplaced(f"the key {key.value} stands there twice", key)
            seen.add(key.value)
        return dict(super().construct_mapping(node, deep))


def load_study(path: Path | str = STUDY_DIR) -> Study:
    """Load and check the study's files.

    Parameters
    ----------
    path : path
        Folder with ``codebook.yaml``, ``segments.yaml`` and ``tables.yaml``; by default the 2006
        study that comes with the package.

    Returns
    -------
    Study
        Frozen; loaded once per path.

    Raises
    ------
    StudyError
        A file is missing, is no YAML, does not fit its schema, or refers to something that is not
        there; all mistakes of a file together.
    """
    return _load(Path(path).resolve())


@cache
def _load(path: Path) -> Study:
    study = Study(
        path=path,
        codebook=read_checked(path / "codebook.yaml", Codebook),
        segments=read_checked(path / "segments.yaml", Segments),
        tables=read_checked(path / "tables.yaml", Tables),
    )
    problems = [*_codebook_problems(study), *segment_problems(study), *_table_problems(study)]
    if problems:
        raise StudyError("The files of the study do not fit each other.", problems)
    return study


def read_checked(path: Path, schema: type[Schema]) -> Schema:
    """Read a YAML file into its schema.

    Parameters
    ----------
    path : Path
        The file.
    schema : type
        The pydantic model that it must fit.

    Returns
    -------
    model
        An instance of `schema`.

    Raises
    ------
    StudyError
        The file is missing, no valid YAML, or does not fit; every misfit is one problem.
    """
    headline = f"The file {path.parent.name}/{path.name} cannot be used."
    try:
        text = path.read_text(encoding="utf-8")
        return schema.model_validate(yaml.load(text, Loader=_StrictLoader))
    except OSError as error:
        what = error.strerror or "it cannot be read"
        problem = Problem(what, "Put it back, or name another.", file=str(path))
        raise StudyError(headline, [problem]) from None
    except (yaml.YAMLError, UnicodeDecodeError, RecursionError) as error:
        problem = Problem(f"no valid YAML: {error}", "Correct it at that place.", file=str(path))
        raise StudyError(headline, [problem]) from None
    except ValidationError as error:
        raise StudyError(headline, misfits(error, path.name)) from None


def misfits(error: ValidationError, file: str) -> list[Problem]:
    """Say of each entry of a file that does not fit its schema where it is and what is wrong."""
    return [
        Problem(
            what=": ".join(filter(None, (".".join(map(str, entry["loc"])), entry["msg"]))),
            remedy="Correct the entry; CONTRIBUTING.md describes this file.",
            file=file,
        )
        for entry in error.errors()
    ]


def _unknown(
    names: Iterable[Any], known: Iterable[Any], place: str, file: str
) -> Iterator[Problem]:
    known = set(known)
    for name in names:
        if name not in known:
            yield Problem(
                f"{place} refers to {name!r}, which does not exist",
                "Correct the name or add what it names.",
                file=file,
            )


def _impossible(
    codes: Iterable[Any], name: str, study: Study, place: str, file: str
) -> Iterator[Problem]:
    """Find codes or value ids that no answer to the question `name` can have."""
    book = study.codebook
    if name not in book.variables:
        return  # the unknown name is a problem of its own
    if book.variables[name].items:
        yield Problem(
            f"{place} looks at {name}, which is a scale of several items",
            "Name a single question.",
            file=file,
        )
        return
    answers = book.answers(name)
    if answers.range is not None:
        low, high = answers.range
        wrong = [code for code in codes if not (_is_number(code) and low <= code <= high)]
    else:
        known = {*answers.values, *(label.id for label in answers.values.values())}
        wrong = [code for code in codes if code not in known]
    for code in wrong:
        yield Problem(
            f"{place} names {code!r}, which is no answer to {name}",
            "Correct the code.",
            file=file,
        )


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _codebook_problems(study: Study) -> Iterator[Problem]:
    book, file = study.codebook, "codebook.yaml"
    earlier: list[str] = []
    for name, variable in book.variables.items():
        yield from _unknown([variable.role], book.roles, f"{name}.role", file)
        for asked, codes in variable.asked.items():
            yield from _unknown([asked], book.variables, f"{name}.asked", file)
            if asked in book.variables and asked not in earlier:
                yield Problem(
                    f"{name}.asked looks at {asked}, which is asked later",
                    "Put the filter question before the questions that it filters.",
                    file=file,
                )
            elif _answers_are_known(study, asked):
                yield from _impossible(codes, asked, study, f"{name}.asked", file)
        earlier.append(name)
        if not _answers_are_known(study, name):
            yield from _unknown([variable.scale], book.scales, f"{name}.scale", file)
            continue
        answers = book.answers(name)
        yield from _unknown(answers.missing.values(), book.missing_reasons, f"{name}.missing", file)
        for code in answers.missing:
            inside = answers.range is not None and answers.range[0] <= code <= answers.range[1]
            if code in answers.values or inside:
                yield Problem(
                    f"{name}: code {code} is both a valid answer and a missing code",
                    "Give the missing answer another code.",
                    file=file,
                )
    columns = [name for key, variable in book.variables.items() for name in variable.items or [key]]
    for name in {name for name in columns if columns.count(name) > 1}:
        yield Problem(f"the column {name} is defined twice", "Rename one.", file=file)
    for name, derived in book.derived.items():
        yield from _unknown([derived.role], book.roles, f"{name}.role", file)
        yield from _unknown(derived.of, book.variables, f"{name}.of", file)
        if name in book.variables:
            yield Problem(f"{name} is a variable and derived", "Rename one.", file=file)
        if derived.kind == "recode" and _answers_are_known(study, derived.of[0]):
            for key, cls in derived.classes.items():
                place = f"{name}.{key}"
                yield from _impossible(cls.from_, derived.of[0], study, place, file)


def _answers_are_known(study: Study, name: str) -> bool:
    """Whether the variable exists and the response scale that it names, if any, does too."""
    variable = study.codebook.variables.get(name)
    return variable is not None and variable.scale in (None, *study.codebook.scales)


def segment_problems(study: Study) -> Iterator[Problem]:
    """Say which groups, questions and answers the segment rules name that are not there."""
    rules, file = study.segments, "segments.yaml"
    for name, segment in rules.segments.items():
        place = f"{name}.when"
        yield from _unknown([segment.group], rules.groups, f"{name}.group", file)
        for condition in segment.when:
            yield from _unknown(condition.variables, study.codebook.variables, place, file)
            for variable in condition.variables:
                if _answers_are_known(study, variable):
                    codes = condition.is_ or []
                    yield from _impossible(codes, variable, study, place, file)


def _table_problems(study: Study) -> Iterator[Problem]:
    file = "tables.yaml"
    book = study.codebook
    sorting = {study.segments.segment_variable.id, study.segments.group_variable.id}
    known = {*book.variables, *book.derived, *sorting}
    for number, table in study.tables.tables.items():
        place = f"table {number}"
        yield from _unknown(_variables_of(table), known, place, file)
        samples = [table.sample]
        if isinstance(table, RegressionTable):
            samples += [model.sample or {} for model in table.columns.values()]
            for name, model in table.columns.items():
                yield from _unknown(
                    model.predictors or [], table.rows, f"{place}, {name}: a predictor", file
                )
        for sample in samples:
            for variable, values in sample.items():
                yield from _unknown([variable], known, f"{place}, sample", file)
                if variable in sorting or variable in book.derived:
                    yield from _unknown(
                        values, study.categories(variable), f"{place}, sample", file
                    )
                elif _answers_are_known(study, variable):
                    yield from _impossible(values, variable, study, f"{place}, sample", file)


def _variables_of(table: Table) -> Iterator[str]:
    if isinstance(table, FrequencyTable):
        yield table.variable
    elif isinstance(table, GroupTable):
        yield table.by
        yield from (row.variable or name for name, row in table.rows.items())
    elif isinstance(table, RegressionTable):
        yield from table.rows
        yield from (model.outcome for model in table.columns.values())
    elif isinstance(table, ClassTable):
        yield from table.factors.values()
        yield from (entry.variable or name for name, entry in table.columns.items())
