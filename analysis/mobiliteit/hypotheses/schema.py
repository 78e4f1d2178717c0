"""The register of hypotheses: ``study/hypotheses.yaml``, what it may say, and whether it fits.

The register holds statements and questions, no numbers: what a wave says about them is in
:mod:`mobiliteit.hypotheses.run`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Literal

from pydantic import Field, model_validator

from mobiliteit.asking.grammar import parse
from mobiliteit.asking.lexicon import Lexicon, load_lexicon
from mobiliteit.asking.question import Question, split_name
from mobiliteit.claims.schema import load_claims
from mobiliteit.claims.terms import Frozen, Text
from mobiliteit.errors import Problem, QuestionError, StudyError
from mobiliteit.study import Study, read_checked
from mobiliteit.study_schema import Name

FILE = "hypotheses.yaml"

Basis = Literal["model", "literature", "finding", "expectation"]
Expected = Literal["positive", "negative", "none", "any", "differs"]


class Source(Frozen):
    """Where a hypothesis is stated.

    Attributes
    ----------
    document : str
        A key of ``documents``.
    page : int, optional
        Printed page number.
    section : str
        Number of the section; empty when unknown.
    figure : str, optional
        Number of a figure.
    part : Text, optional
        Which arrow or factor of the figure.
    cited : str
        Whom the document names as its own source.
    """

    document: str
    page: int | None = Field(default=None, gt=0)
    section: str = ""
    figure: str | None = None
    part: Text | None = None
    cited: str = ""

    @model_validator(mode="after")
    def _whole(self) -> Source:
        if (self.figure is None) != (self.part is None):
            raise ValueError("give `figure` together with `part`")
        return self


class Lacking(Frozen):
    """A question that no wave asked so far.

    Attributes
    ----------
    label, ask : Text
        What it measures, and the wording to put to people.
    scale : str, optional
        A response scale of the codebook; otherwise `answers`.
    answers : Text, optional
        What can be answered.
    """

    label: Text
    ask: Text
    scale: str | None = None
    answers: Text | None = None

    @model_validator(mode="after")
    def _answerable(self) -> Lacking:
        if (self.scale is None) == (self.answers is None):
            raise ValueError("give `scale` or `answers`, and not both")
        return self


class Entry(Frozen):
    """A hypothesis as it stands in the file.

    Attributes
    ----------
    id : str
        Unique.
    source : Source
    basis : {'model', 'literature', 'finding', 'expectation'}
        What it rests on: a figure, the literature of chapter 2, the data of 2006 (chapter 3), or a
        companion document.
    nl, en : str
        The statement.
    direction : {'positive', 'negative', 'none', 'any', 'differs'}
        What is expected of the first estimate of the question.
    question : str, optional
        What tests it, in the grammar of :mod:`mobiliteit.asking.grammar`.
    highest, lowest : str, optional
        Of a difference: the category that is expected to be highest or lowest of all.
    lacks : list of str
        Questions that were never asked: keys of ``lacking``.
    needs : list of str
        Variables of the codebook that the lacking questions are to be held against.
    claims : list of str
        Claims of the text that compare models, where no single question can.
    """

    id: Name
    source: Source
    basis: Basis
    nl: str
    en: str
    direction: Expected
    question: str | None = None
    highest: str | None = None
    lowest: str | None = None
    lacks: list[str] = Field(default_factory=list)
    needs: list[str] = Field(default_factory=list)
    claims: list[str] = Field(default_factory=list)

    @model_validator(mode="after")
    def _tested_in_one_way(self) -> Entry:
        if sum(map(bool, (self.question, self.lacks, self.claims))) != 1:
            raise ValueError("give one of `question`, `lacks` and `claims`")
        if self.needs and not self.lacks:
            raise ValueError("`needs` goes with `lacks`: a question names its own variables")
        if (self.highest or self.lowest) and (self.direction != "differs" or not self.question):
            raise ValueError("`highest` and `lowest` go with `direction: differs` and a `question`")
        return self


class Contents(Frozen):
    """The whole file."""

    documents: dict[str, Text]
    lacking: dict[str, Lacking]
    hypotheses: list[Entry]


@dataclass(frozen=True)
class Hypothesis:
    """A hypothesis with its question read.

    Attributes
    ----------
    entry : Entry
        As in the file.
    question : Question or None
        What tests it; None where the questionnaire or a single question cannot.
    """

    entry: Entry
    question: Question | None

    @property
    def needs(self) -> tuple[str, ...]:
        """Variables of the codebook that it takes, once, outcome first."""
        if self.question is None:
            return tuple(self.entry.needs)
        named = [split_name(name)[0] for name in self.question.names]
        named += [restriction.variable for restriction in self.question.who]
        return tuple(dict.fromkeys(named))


@dataclass(frozen=True)
class Register:
    """The register of a study.

    Attributes
    ----------
    documents : dict of str to Text
        Short name to full title.
    lacking : dict of str to Lacking
        What a next wave would have to ask.
    hypotheses : tuple of Hypothesis
        In the order of the file.
    """

    documents: dict[str, Text]
    lacking: dict[str, Lacking]
    hypotheses: tuple[Hypothesis, ...]

    def __getitem__(self, name: str) -> Hypothesis:
        """Return a hypothesis by its id; KeyError when there is none."""
        for hypothesis in self.hypotheses:
            if hypothesis.entry.id == name:
                return hypothesis
        raise KeyError(name)


def load_hypotheses(study: Study) -> Register:
    """Read and check the register of hypotheses of a study.

    Parameters
    ----------
    study : Study
        Whose folder holds ``hypotheses.yaml``.

    Returns
    -------
    Register
        With every question read by the grammar.

    Raises
    ------
    StudyError
        The file is missing, no YAML or does not fit its schema; an id occurs twice; a question
        cannot be read; or it names a document, variable, category, response scale, lacking question
        or claim that there is not. All together.
    """
    contents = read_checked(study.path / FILE, Contents)
    lexicon = load_lexicon(study)
    problems = [*_twice(contents.hypotheses), *_lacking_problems(study, contents)]
    hypotheses = []
    for entry in contents.hypotheses:
        question, found = _read(entry, lexicon)
        problems += [*_name_problems(entry, contents, lexicon), *found]
        if question is not None:
            problems += _expectation_problems(entry, question, lexicon)
        hypotheses.append(Hypothesis(entry, question))
    problems += _claim_problems(study, contents.hypotheses)
    if problems:
        raise StudyError("The register of hypotheses does not fit the study.", problems)
    return Register(contents.documents, contents.lacking, tuple(hypotheses))


def _problem(entry: Entry, what: str, remedy: str) -> Problem:
    return Problem(f"hypothesis {entry.id}: {what}", remedy, file=FILE)


def _twice(entries: Iterable[Entry]) -> Iterator[Problem]:
    for name, count in Counter(entry.id for entry in entries).items():
        if count > 1:
            yield Problem(f"the id {name!r} occurs {count} times", "Rename it.", file=FILE)


def _lacking_problems(study: Study, contents: Contents) -> Iterator[Problem]:
    used = {name for entry in contents.hypotheses for name in entry.lacks}
    scales = study.codebook.scales
    for name, lacking in contents.lacking.items():
        if name not in used:
            what = f"no hypothesis lacks {name!r}"
            yield Problem(what, "Remove it from `lacking`, or name it.", file=FILE)
        if name in load_lexicon(study).variables:
            what = f"{name!r} is asked: it is a variable of the codebook"
            yield Problem(what, "Give the hypotheses that lack it a question.", file=FILE)
        if lacking.scale is not None and lacking.scale not in scales:
            what = f"{name!r} has the response scale {lacking.scale!r}, which the codebook has not"
            yield Problem(what, f"Use one of: {', '.join(scales)}.", file=FILE)


def _read(entry: Entry, lexicon: Lexicon) -> tuple[Question | None, list[Problem]]:
    if entry.question is None:
        return None, []
    try:
        return parse(entry.question, lexicon), []
    except QuestionError as error:
        return None, [_problem(entry, problem.what, problem.remedy) for problem in error.problems]


def _name_problems(entry: Entry, contents: Contents, lexicon: Lexicon) -> Iterator[Problem]:
    named = (
        ("document", [entry.source.document], contents.documents),
        ("lacking question", entry.lacks, contents.lacking),
        ("variable", entry.needs, lexicon.variables),
    )
    for kind, names, known in named:
        for name in names:
            if name not in known:
                what = f"{kind} {name!r} does not exist"
                nearest = get_close_matches(name, known, n=3, cutoff=0.5) or known
                yield _problem(entry, what, f"Use one of: {', '.join(nearest)}.")


def _expectation_problems(entry: Entry, question: Question, lexicon: Lexicon) -> Iterator[Problem]:
    by = question.form == "difference"
    if by and entry.direction not in ("differs", "none"):
        what = f"a difference between groups cannot be {entry.direction}"
        yield _problem(entry, what, "Use `differs` or `none`.")
    if not by and entry.direction == "differs":
        what = f"{question.text!r} asks of no groups whether they differ"
        yield _problem(entry, what, "Use `positive`, `negative`, `none` or `any`.")
    if by:
        known = [category for category, _ in lexicon.categories(question.by)]
        for wanted in (entry.highest, entry.lowest):
            if wanted is not None and wanted not in known:
                what = f"{question.by} has no category {wanted!r}"
                yield _problem(entry, what, f"Use one of: {', '.join(known)}.")


def _claim_problems(study: Study, entries: Iterable[Entry]) -> Iterator[Problem]:
    named = [(entry, claim) for entry in entries for claim in entry.claims]
    if not named:
        return
    known = {claim.id for claim in load_claims(study)}
    for entry, claim in named:
        if claim not in known:
            yield _problem(entry, f"claim {claim!r} does not exist", "Name an id of claims.yaml.")
