"""The schemas of the study's files: codebook, segment rules and table definitions.

Frozen pydantic models, one per kind of entry; an unknown key is an error. :mod:`mobiliteit.study`
loads the files with them and checks how they refer to each other.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator

Level = Literal["nominal", "ordinal", "interval", "binary"]
Conditions = dict[str, list[Any]]
# YAML reads 3.1 as a number, but a section or a table number is a name.
Name = Annotated[str, BeforeValidator(str)]


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Label(_Frozen):
    """A text in both languages; `id` names a nominal value in the clean data."""

    nl: str
    en: str
    id: str | None = None


class Named(Label):
    """A label whose id is required: it names a column or a value of the clean data."""

    id: str


class Source(_Frozen):
    """Where the report speaks of a variable."""

    page: int
    tables: list[str] = []


class ResponseScale(_Frozen):
    """Valid answers: a list of codes, or the range of an open numeric answer, and missing codes."""

    level: Level
    values: dict[int, Label] = {}
    range: tuple[float, float] | None = None
    unit_nl: str | None = None
    unit_en: str | None = None
    missing: dict[int, str] = {}


class Item(Label):
    """The wording of one item of a scale, ours and not the questionnaire's."""

    reversed: bool = False


class Phrased(_Frozen):
    """How a label reads inside a sentence: a noun phrase in the singular, if the label is none."""

    phrase_nl: str | None = None
    phrase_en: str | None = None


class Variable(Phrased):
    """A variable of the questionnaire: one question, or a scale of several items."""

    role: str
    label_nl: str
    label_en: str
    scale: str | None = None
    level: Level | None = None
    values: dict[int, Label] = {}
    range: tuple[float, float] | None = None
    unit_nl: str | None = None
    unit_en: str | None = None
    missing: dict[int, str] = {}
    items: dict[str, Item] = {}
    min_answered: float = Field(default=1.0, gt=0, le=1)
    asked: Conditions = {}
    source: Source
    assumption: str = ""

    @model_validator(mode="after")
    def _one_kind_of_answer(self) -> Variable:
        complete = self.level is not None and (bool(self.values) != (self.range is not None))
        anything = self.level is not None or self.values or self.range is not None
        if anything if self.scale is not None else not complete:
            raise ValueError("give either `scale`, or `level` with one of `values` and `range`")
        return self


class DerivedClass(_Frozen):
    """One class of a derived variable: codes (`recode`) or a left-closed interval (`classes`)."""

    nl: str
    en: str
    from_: Any = Field(alias="from")
    to: float | None = None
    code: int | None = None


class Derived(Phrased):
    """A variable made from cleaned ones."""

    role: str
    label_nl: str
    label_en: str
    kind: Literal["mean", "recode", "classes"]
    of: list[str]
    min_answered: float = Field(default=1.0, gt=0, le=1)
    classes: dict[str, DerivedClass] = {}
    source: Source
    assumption: str = ""

    @model_validator(mode="after")
    def _classes_fit_kind(self) -> Derived:
        classes = list(self.classes.values())
        if (self.kind == "mean") == bool(classes):
            raise ValueError("a derived variable has classes unless it is a mean")
        if self.kind != "mean" and len(self.of) != 1:
            raise ValueError("classes are made of one variable")
        if len({cls.code is None for cls in classes}) > 1:
            raise ValueError("give all classes a code, or none")
        if self.kind == "classes":
            if any(cls.to is None or not cls.from_ < cls.to for cls in classes):
                raise ValueError("each class runs `from` a number `to` a larger one")
            if any(a.to > b.from_ for a, b in pairwise(classes) if a.to):
                raise ValueError("classes follow each other and do not overlap")
        if self.kind == "recode":
            codes = [code for cls in classes for code in cls.from_]
            if len(codes) != len(set(codes)):
                raise ValueError("a code belongs to one class")
        return self

    @property
    def level(self) -> Level:
        """Measurement level: interval for means, binary for 0/1 codes, otherwise by the classes."""
        if self.kind == "mean":
            return "interval"
        if all(cls.code is not None for cls in self.classes.values()):
            return "binary"
        return "ordinal" if self.kind == "classes" else "nominal"


class StudyFacts(_Frozen):
    """What the study is."""

    id: str
    title_nl: str
    title_en: str
    source: str
    source_en: str
    population_nl: str
    population_en: str


@dataclass(frozen=True)
class Column:
    """One column of the cleaned questionnaire: a single question, or one item of a scale."""

    name: str
    variable: str
    label_nl: str
    label_en: str
    level: Level
    values: Mapping[int, Label]
    range: tuple[float, float] | None
    missing: Mapping[int, str]
    asked: Mapping[str, list[Any]]
    reversed: bool

    @property
    def value_ids(self) -> dict[int, str] | None:
        """Code to value id for a nominal column, None for the others."""
        if self.level != "nominal":
            return None
        return {code: label.id or str(code) for code, label in self.values.items()}

    @property
    def bounds(self) -> tuple[float, float]:
        """Lowest and highest valid code or number."""
        return self.range if self.range is not None else (min(self.values), max(self.values))


class Codebook(_Frozen):
    """All variables of the study."""

    study: StudyFacts
    roles: dict[str, Label]
    missing_reasons: dict[str, Label]
    scales: dict[str, ResponseScale]
    variables: dict[str, Variable]
    derived: dict[str, Derived]

    def answers(self, name: str) -> ResponseScale:
        """Return the valid answers to the variable `name`, its own or those of its scale."""
        variable = self.variables[name]
        if variable.scale is not None:
            return self.scales[variable.scale]
        keep = ("level", "values", "range", "unit_nl", "unit_en", "missing")
        return ResponseScale(**{key: getattr(variable, key) for key in keep})

    def columns(self) -> Iterator[Column]:
        """Yield the questionnaire column by column, in codebook order."""
        for name, variable in self.variables.items():
            answers = self.answers(name)
            entries: Mapping[str, Label | None] = variable.items or {name: None}
            for column, item in entries.items():
                yield Column(
                    name=column,
                    variable=name,
                    label_nl=item.nl if item else variable.label_nl,
                    label_en=item.en if item else variable.label_en,
                    level=answers.level,
                    values=answers.values,
                    range=answers.range,
                    missing=answers.missing,
                    asked=variable.asked,
                    reversed=isinstance(item, Item) and item.reversed,
                )

    def scale_variables(self) -> dict[str, Variable]:
        """Variables that are the mean of several items."""
        return {name: variable for name, variable in self.variables.items() if variable.items}

    def label(self, name: str, lang: Literal["nl", "en"] = "nl") -> str:
        """Label of a variable or derived variable in Dutch or English."""
        entry: Variable | Derived = self.variables.get(name) or self.derived[name]
        return entry.label_nl if lang == "nl" else entry.label_en

    def level(self, name: str) -> Level:
        """Measurement level of a variable or derived variable; scale scores are interval."""
        if name in self.derived:
            return self.derived[name].level
        return "interval" if self.variables[name].items else self.answers(name).level


class Condition(_Frozen):
    """One condition of a segment rule."""

    variable: str | None = None
    is_: list[int] | None = Field(default=None, alias="is")
    same: tuple[str, str] | None = None
    different: tuple[str, str] | None = None

    @model_validator(mode="after")
    def _one_form(self) -> Condition:
        forms = [self.variable and self.is_, self.same, self.different]
        if sum(bool(form) for form in forms) != 1 or bool(self.variable) != bool(self.is_):
            raise ValueError("give one of `variable` with `is`, `same` or `different`")
        return self

    @property
    def variables(self) -> tuple[str, ...]:
        """The variables that the condition looks at."""
        return self.same or self.different or (str(self.variable),)


class Segment(_Frozen):
    """A mobility segment with the rule that defines it."""

    group: str
    nl: str
    en: str
    when: list[Condition] = Field(min_length=1)


class Group(Label):
    """One of the groups that segments are taken together into."""

    definition_nl: str
    definition_en: str


class Segments(_Frozen):
    """The rules that sort respondents."""

    version: Name
    window_months: int
    segment_variable: Named
    group_variable: Named
    unclassified: Named
    groups: dict[str, Group]
    segments: dict[str, Segment]


class Row(_Frozen):
    """What one row or column of a table departs from the table's defaults in."""

    variable: str | None = None
    statistic: Literal["mean", "percent"] | None = None
    test: Literal["anova", "chi2"] | None = None
    decimals: int | None = None
    unit: str | None = None
    unit_en: str | None = None


class Model(_Frozen):
    """One column of a regression table."""

    outcome: str
    predictors: list[str] | None = None
    sample: Conditions | None = None


class TableBase(_Frozen):
    """What all tables have."""

    section: Name
    title_nl: str
    title_en: str
    sample: Conditions = {}
    decimals: int = 2
    small_decimals: int | None = None


class FrequencyTable(TableBase):
    """Counts and percentages of one variable."""

    kind: Literal["frequency"]
    variable: str
    columns: dict[str, Literal["count", "percent"]]
    total: bool = False


class GroupTable(TableBase):
    """Rows of variables, columns of groups, and a test of their difference."""

    kind: Literal["group_comparison"]
    by: str
    test: Literal["anova", "chi2"]
    statistic: Literal["mean", "percent"]
    rows: dict[str, Row]

    @model_validator(mode="after")
    def _test_fits_statistic(self) -> GroupTable:
        for name, row in self.rows.items():
            pair = (row.statistic or self.statistic, row.test or self.test)
            if pair not in (("mean", "anova"), ("percent", "chi2")):
                raise ValueError(f"row {name}: {pair[0]} cannot be tested by {pair[1]}")
        return self


class RegressionTable(TableBase):
    """Columns of models with standardized coefficients and the explained variance."""

    kind: Literal["regression"]
    rows: list[str]
    explained_variance: str
    columns: dict[str, Model]


class Outcome(_Frozen):
    """What one column of a class comparison departs from the table's defaults in."""

    variable: str | None = None
    decimals: int | None = None


class ClassTable(TableBase):
    """Rows of classes of several factors, columns of outcomes."""

    kind: Literal["class_comparison"]
    factors: dict[str, str]
    test: Literal["anova"]
    columns: dict[str, Outcome]


Table = Annotated[
    FrequencyTable | GroupTable | RegressionTable | ClassTable, Field(discriminator="kind")
]


class Significance(_Frozen):
    """Levels of the stars and of Ja/Nee."""

    default: str
    legends: dict[str, dict[str, float]]
    difference: float = Field(gt=0, lt=1)

    @model_validator(mode="after")
    def _default_exists(self) -> Significance:
        if self.default not in self.legends:
            raise ValueError(f"default legend {self.default!r} is not in {list(self.legends)}")
        return self


class Tables(_Frozen):
    """All table definitions."""

    significance: Significance
    tables: dict[str, Table]
