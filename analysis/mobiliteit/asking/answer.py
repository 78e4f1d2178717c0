"""An answer: estimates with intervals, what they rest on, and what to be careful about.

Only numbers, ids and short texts in both languages; :mod:`mobiliteit.render` puts them into
sentences, tables and pictures. Nothing in an answer is a row of a respondent, and nothing in it
counts fewer than :data:`mobiliteit.asking.privacy.SMALLEST` people.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

import pandas as pd

from mobiliteit.asking.question import Question
from mobiliteit.claims.terms import Text
from mobiliteit.results import tidy_frame

Measure = Literal[
    "beta",  # standard deviations of the outcome per standard deviation of the predictor
    "d",  # Hedges' g: difference of means in pooled standard deviations
    "difference",  # of means, in the outcome's own unit
    "b",  # the outcome's own unit per unit of the predictor
    "points",  # difference of shares or average marginal effect, as a share (0.1 is ten points)
    "odds_ratio",  # per standard deviation of a number, or category against the rest
    "omega2",  # share of variance that goes with groups
    "epsilon2",  # the same of ranks
    "superiority",  # chance that one of the first group scores higher; 0.5 is no difference
    "cramers_v",
    "indirect",  # standardized indirect effect, a * b
    "interaction",  # change of beta per standard deviation of the moderator, or between categories
    "r2",  # share of variance explained
]
Verdict = Literal["clear", "none", "unclear", "withheld"]
Seen = Literal["fine", "watch", "broken"]


@dataclass(frozen=True)
class Estimate:
    """One number with its interval.

    Attributes
    ----------
    id : str
        What it belongs to: a name of the question, ``category:category`` for a pair of groups
        (first minus second), a predictor for an indirect effect.
    label : Text
        That, in words.
    measure : str
        One of :data:`Measure`.
    value, low, high : float
        Estimate and limits; NaN where they cannot be had.
    p : float
        Two-sided p-value; NaN where there is none.
    n : int
        People it rests on; 0 where that may not be shown.
    method : Text
        How it was estimated, in a few words.
    base : float
        Of ``points``: the share that they start from, as observed: of the group that is held
        against, or of everybody where they are per standard deviation. NaN where there is none.
    """

    id: str
    label: Text
    measure: Measure
    value: float
    low: float
    high: float
    p: float
    n: int
    method: Text
    base: float = float("nan")


@dataclass(frozen=True)
class Check:
    """One assumption of the method, looked at.

    Attributes
    ----------
    id : str
        ``residuals_normal``, ``equal_spread``, ``linear``, ``collinear``, ``influence``,
        ``proportional_odds``, ``expected_counts``, ``group_sizes``, ``separation``, ...
    seen : {'fine', 'watch', 'broken'}
        What was found.
    value, p : float
        The statistic and its p-value, NaN where there is none.
    means : Text
        What was found and what it means for this answer, in one or two sentences.
    """

    id: str
    seen: Seen
    value: float
    p: float
    means: Text


@dataclass(frozen=True)
class Note:
    """Something to say beside an answer: a caution, or what 2006 published.

    Attributes
    ----------
    id : str
        ``cross_section``, ``small_cells``, ``many_tests``, ``shared_items``, ``synthetic``,
        ``unweighted``, ...; for what was published: table, row and column.
    text : Text
        In a sentence or two.
    """

    id: str
    text: Text


@dataclass(frozen=True)
class LeftOut:
    """Why people were left out: how many, or None where the number may not be shown."""

    why: Text
    count: int | None


@dataclass(frozen=True)
class Picture:
    """The summaries that a picture is drawn from.

    Attributes
    ----------
    kind : {'scatter', 'groups', 'shares', 'slopes', 'paths', 'coefficients'}
        ``scatter``: partial regression, points jittered and at most 2,000 of them, with the line.
        ``groups``: means (or shares) of groups with intervals, and jittered points.
        ``shares``: distribution of a categorical outcome per group. ``slopes``: the line of the
        predictor per level of a moderator, or per wave. ``paths``: a mediation.
        ``coefficients``: estimates with intervals.
    data : mapping of str to DataFrame
        Per kind, as :mod:`mobiliteit.asking.pictured` documents.
    labels : mapping of str to Text
        Titles of axes and of what is drawn, by the names that `data` uses.
    """

    kind: str
    data: Mapping[str, pd.DataFrame]
    labels: Mapping[str, Text]


@dataclass(frozen=True)
class Answer:
    """The answer of a wave to a question.

    Attributes
    ----------
    question : Question
    wave, sha256 : str
        Id of the wave, and the checksum of its raw file.
    against_sha256 : str
        Checksum of the wave that is held against; empty without one.
    mark : Text
        What must be shown with it (synthetic, unweighted); empty texts for a real wave.
    verdict : {'clear', 'none', 'unclear', 'withheld'}
        ``clear``: the interval of the main estimate excludes no effect. ``none``: it lies
        within what the convention calls negligible. ``unclear``: neither, this wave cannot
        tell. ``withheld``: too few people to show anything.
    method, why : Text
        The name of the test, and why the measurement levels lead to it.
    estimates : tuple of Estimate
        The main one first.
    robust : tuple of Estimate
        The same by a method that assumes less.
    table : pandas.DataFrame
        Everything estimated, tidy (:data:`mobiliteit.results.TIDY_COLUMNS`).
    n : int
        People in the answer; 0 when withheld.
    left_out : tuple of LeftOut
    checks : tuple of Check
    cautions, published : tuple of Note
    picture : Picture or None
    level : float
        Confidence level of all intervals.
    p : float
        The p-value that counts in a family of questions: of the main estimate, or of the test as a
        whole where the question is about more than two groups.
    names : mapping of str to Text
        Labels: of every name of the question, and of every category that `estimates` speak of, as
        ``variable=category``.
    phrases : mapping of str to Text
        How every name of the question reads inside a sentence.
    people : Text
        Who is asked about, as it reads inside a sentence; empty texts for everybody.
    kinds : mapping of str to str
        Per name of the question ``number``, ``two`` (two categories) or ``many``.
    size : {'', 'negligible', 'small', 'medium', 'large'}
        What the convention calls the main estimate; empty where there is none.
    convention : Text
        Whose convention that is: a short name such as ``Cohen (1988)``.
    """

    question: Question
    wave: str
    sha256: str
    verdict: Verdict
    method: Text
    why: Text
    mark: Text
    estimates: tuple[Estimate, ...] = ()
    robust: tuple[Estimate, ...] = ()
    table: pd.DataFrame = field(default_factory=lambda: tidy_frame([], analysis="question"))
    n: int = 0
    left_out: tuple[LeftOut, ...] = ()
    checks: tuple[Check, ...] = ()
    cautions: tuple[Note, ...] = ()
    published: tuple[Note, ...] = ()
    picture: Picture | None = None
    level: float = 0.95
    p: float = float("nan")
    against_sha256: str = ""
    names: Mapping[str, Text] = field(default_factory=dict)
    phrases: Mapping[str, Text] = field(default_factory=dict)
    people: Text = field(default_factory=lambda: Text(nl="", en=""))
    kinds: Mapping[str, str] = field(default_factory=dict)
    size: str = ""
    convention: Text = field(default_factory=lambda: Text(nl="", en=""))

    @property
    def main(self) -> Estimate | None:
        """The main estimate; None when there is none to show."""
        return self.estimates[0] if self.estimates else None

    def tidy(self) -> pd.DataFrame:
        """Return everything estimated, unrounded."""
        return self.table.copy()

    def say(self, lang: str = "nl") -> str:
        """Return the answer in one plain sentence, Dutch (``nl``) or English (``en``)."""
        from mobiliteit.render.answer_words import sentence

        return sentence(self, lang)

    def _repr_html_(self) -> str:
        from mobiliteit.render.answers import answer_html

        return answer_html(self)


def facts(answer: Answer) -> dict[str, Any]:
    """Return what identifies an answer, in plain values, for logs and exports."""
    main = answer.main
    return {
        "question": answer.question.text,
        "wave": answer.wave,
        "sha256": answer.sha256,
        "against_sha256": answer.against_sha256,
        "verdict": answer.verdict,
        "n": answer.n,
        "measure": main.measure if main else "",
        "value": main.value if main else None,
        "low": main.low if main else None,
        "high": main.high if main else None,
        "p": answer.p,
    }
