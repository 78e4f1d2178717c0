"""The other versions of the segment rules: ``segment_versions.yaml`` and what it may say."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from pydantic import BaseModel, ConfigDict, Field, model_validator

from mobiliteit.errors import Problem, StudyError
from mobiliteit.study import Study, read_checked, segment_problems
from mobiliteit.study_schema import Condition, Label, Segment

FILE = "segment_versions.yaml"


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Version(_Frozen):
    """One other way to sort: what it changes in the rules of ``segments.yaml``.

    Attributes
    ----------
    nl, en : str
        What is decided otherwise.
    why_nl, why_en : str
        Why one could.
    groups : dict of str to str
        Segment to the group that it counts in.
    also : dict of str to list of Condition
        Segment to conditions that must hold besides its own.
    new : dict of str to Segment
        Segments that are added, after the others.
    missing : dict of str to int
        Question to the code that an answer stands for that was asked for and not given.
    window : int, optional
        Months that the questions look back on.
    needs : dict of str to Label
        Questions that the version asks and a questionnaire may not have.
    """

    nl: str
    en: str
    why_nl: str
    why_en: str
    groups: dict[str, str] = {}
    also: dict[str, list[Condition]] = {}
    new: dict[str, Segment] = {}
    missing: dict[str, int] = {}
    window: int | None = Field(default=None, gt=0)
    needs: dict[str, Label] = {}

    @model_validator(mode="after")
    def _decides_something(self) -> Version:
        if not (self.groups or self.also or self.new or self.missing or self.needs):
            raise ValueError("give `groups`, `also`, `new`, `missing` or `needs`")
        if self.window is not None and not self.needs:
            raise ValueError("another `window` `needs` another question")
        return self

    @property
    def questions(self) -> tuple[str, ...]:
        """Questions that the changed rules look at."""
        added = [condition for conditions in self.also.values() for condition in conditions]
        added += [condition for segment in self.new.values() for condition in segment.when]
        named = [name for condition in added for name in condition.variables]
        return tuple(dict.fromkeys([*self.needs, *named, *self.missing]))

    def applied_to(self, study: Study, name: str) -> Study:
        """Return the study with these rules; its missing answers are another matter."""
        rules = study.segments
        segments = {
            key: segment.model_copy(
                update={
                    "group": self.groups.get(key, segment.group),
                    "when": [*segment.when, *self.also.get(key, [])],
                }
            )
            for key, segment in rules.segments.items()
        }
        changed = {
            "version": f"{rules.version}, {name}",
            "window_months": self.window or rules.window_months,
            "segments": segments | self.new,
        }
        return replace(study, segments=rules.model_copy(update=changed))


class Versions(_Frozen):
    """The whole file."""

    versions: dict[str, Version]


def load_versions(study: Study) -> dict[str, Version]:
    """Read and check the other versions of the rules of a study.

    Parameters
    ----------
    study : Study
        Whose folder holds ``segment_versions.yaml``.

    Returns
    -------
    dict of str to Version
        By id, in the order of the file.

    Raises
    ------
    StudyError
        The file is missing, no YAML or does not fit, or a version names a segment, group, question
        or answer that the study does not have (and that is not under its `needs`). All together.
    """
    versions = read_checked(study.path / FILE, Versions).versions
    problems = [p for name, version in versions.items() for p in _problems(study, name, version)]
    if problems:
        raise StudyError("The other versions of the segment rules do not fit.", problems)
    return versions


def _problems(study: Study, name: str, version: Version) -> Iterator[Problem]:
    segments, book = study.segments.segments, study.codebook
    for key in [*version.groups, *version.also]:
        if key not in segments:
            known = f"Use one of: {', '.join(segments)}."
            yield Problem(f"{name} changes {key!r}, which is no segment", known, file=FILE)
    for key in version.new:
        if key in segments:
            yield Problem(
                f"{name}: the new segment {key} is there already", "Rename it.", file=FILE
            )
    for question, code in version.missing.items():
        answers = book.answers(question).values if question in book.variables else {}
        if question not in version.needs and code not in answers:
            known = "Name a question with answer codes, and one of them."
            yield Problem(f"{name}: {code} is no answer to {question!r}", known, file=FILE)
    changed = version.applied_to(study, name)
    for problem in segment_problems(changed):
        needed = any(repr(question) in problem.what for question in version.needs)
        if not needed:
            yield replace(problem, what=f"{name}: {problem.what}", file=FILE)
