"""What ``study/panel.yaml`` may say, and whether it fits the codebook."""

from __future__ import annotations

from collections.abc import Iterator

from pydantic import BaseModel, ConfigDict, Field, model_validator

from mobiliteit.errors import Problem, StudyError
from mobiliteit.study import Study, read_checked

FILE = "panel.yaml"


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class AttritionSettings(_Frozen):
    """On what those who stayed are compared, and what the chance to stay is made of."""

    compare: list[str] = Field(min_length=1)
    model: list[str] = Field(min_length=1)
    trim: tuple[float, float] = (0.01, 0.99)

    @model_validator(mode="after")
    def _in_order(self) -> AttritionSettings:
        if not 0 <= self.trim[0] < self.trim[1] <= 1:
            raise ValueError("trim is two shares from 0 to 1, the smaller one first")
        return self


class _Question(_Frozen):
    nl: str
    en: str
    note_nl: str = ""
    note_en: str = ""
    beside: list[str] = []


class WithinQuestion(_Question):
    """One outcome in mixed and fixed-effects models."""

    outcome: str
    predictors: list[str] = Field(min_length=1)


class LaggedQuestion(_Question):
    """One outcome on what came before."""

    outcome: str
    predictors: list[str] = Field(min_length=1)
    present: list[str] = []
    own_past: bool = True


class CrossedQuestion(_Question):
    """Two variables, each on both of the wave before."""

    one: str
    other: str


class PanelSettings(_Frozen):
    """The whole file; its comments say what each entry is for."""

    few: int = Field(default=10, ge=1)
    level: float = Field(default=0.95, gt=0, lt=1)
    fixed: list[str] = []
    years: dict[str, float] = {}
    change: list[str] = Field(min_length=1)
    attrition: AttritionSettings
    within: dict[str, WithinQuestion] = {}
    lagged: dict[str, LaggedQuestion] = {}
    crossed: dict[str, CrossedQuestion] = {}


def load_panel_settings(study: Study) -> PanelSettings:
    """Read and check ``panel.yaml`` of a study.

    Parameters
    ----------
    study : Study
        Its folder holds the file.

    Returns
    -------
    PanelSettings
        Frozen.

    Raises
    ------
    StudyError
        The file is missing or does not fit its schema or the codebook; all mistakes together.
    """
    settings = read_checked(study.path / FILE, PanelSettings)
    problems = list(_problems(settings, study))
    if problems:
        raise StudyError(f"The file {FILE} does not fit the codebook.", problems)
    return settings


def _problems(settings: PanelSettings, study: Study) -> Iterator[Problem]:
    book = study.codebook
    sorting = {study.segments.segment_variable.id, study.segments.group_variable.id}
    classed = {
        name for name, entry in book.derived.items() if entry.level in ("nominal", "ordinal")
    }
    nominal = {name for name in book.variables if book.level(name) == "nominal"}
    groups = sorting | classed | nominal
    known = {*book.variables, *book.derived, *sorting}
    for place, names, numeric in _uses(settings):
        for name in names:
            if name not in known:
                what, remedy = f"{place} names {name!r}, which does not exist", "Correct the name."
                yield Problem(what, remedy, file=FILE)
            elif numeric and name in groups:
                what = f"{place} names {name!r}, which is no number but makes groups"
                yield Problem(what, "Name a scale, a number or a 0/1 variable.", file=FILE)


def _uses(settings: PanelSettings) -> Iterator[tuple[str, list[str], bool]]:
    yield "fixed", settings.fixed, False
    yield "years", list(settings.years), True
    yield "change", settings.change, True
    yield "attrition.compare", settings.attrition.compare, False
    yield "attrition.model", settings.attrition.model, False
    for key, within in settings.within.items():
        yield f"within.{key}", [within.outcome, *within.predictors, *within.beside], True
    for key, lagged in settings.lagged.items():
        names = [lagged.outcome, *lagged.predictors, *lagged.present, *lagged.beside]
        yield f"lagged.{key}", names, True
    for key, crossed in settings.crossed.items():
        yield f"crossed.{key}", [crossed.one, crossed.other, *crossed.beside], True
