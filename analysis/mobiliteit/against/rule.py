"""From measures to one word: the rule of ``study/against.yaml``."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator
from scipy import stats

from mobiliteit.inference.replication import ALL, NONE, Replication, effect_of_power, smaller_p
from mobiliteit.study import Study, read_checked

FILE = "against.yaml"
WORDS = ("holds", "weaker", "gone", "reversed", "cannot_say")
# A claim in parts gets the word of its worst part.
WORST_FIRST = ("reversed", "gone", "weaker", "cannot_say", "holds")
KINDS = ("effect", "none", "level", "judged")
Word = Literal["holds", "weaker", "gone", "reversed", "cannot_say"]


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class WordLabel(_Frozen):
    """A word in both languages, with a sign for where colour is not enough."""

    nl: str
    en: str
    sign: str = Field(min_length=1, max_length=1)


class Clause(_Frozen):
    """One line of the rule in words."""

    word: Word
    nl: str
    en: str


class TooSmall(_Frozen):
    """What is too small to count: in standard deviations, points, beta and points of R2."""

    sd: float = Field(gt=0)
    points: float = Field(gt=0)
    beta: float = Field(gt=0)
    r2: float = Field(gt=0)


class Rule(_Frozen):
    """The settings that turn measures into a word.

    ``prediction`` and ``telescopes`` say whether "significantly smaller" must hold for all or for
    some of the standard errors that 2006 can have had.
    """

    alpha: float = Field(gt=0, lt=0.5)
    power: float = Field(gt=0, lt=1)
    prediction: Literal["all", "some"]
    telescopes: Literal["all", "some"]
    resamples: int = Field(ge=200)
    largest_vif: float = Field(ge=1)
    bounds: TooSmall
    words: dict[Word, WordLabel]
    text: dict[Literal["effect", "none", "level", "judged"], list[Clause]]

    @model_validator(mode="after")
    def _complete(self) -> Rule:
        if set(self.words) != set(WORDS) or set(self.text) != set(KINDS):
            raise ValueError(f"name the words {WORDS} and the kinds {KINDS}, each once")
        return self


def load_rule(study: Study) -> Rule:
    """Read the rule of a study.

    Raises
    ------
    StudyError
        ``against.yaml`` is missing or does not fit.
    """
    return read_checked(study.path / FILE, Rule)


def choose(
    rule: Rule, kind: str, found: Replication, bound: float, direction: int
) -> tuple[str, str]:
    """Say in one word what became of a finding, and which measure decided.

    Parameters
    ----------
    rule : Rule
        The settings.
    kind : {'effect', 'none', 'level'}
        What 2006 found.
    found : Replication
        The measures, with ``old`` in the direction of the finding as it was printed.
    bound : float
        What is too small to count, in the unit of the estimates.
    direction : int
        Sign that the finding has: 1 or -1.

    Returns
    -------
    (str, str)
        A word of :data:`WORDS`, and why: ``other_sign``, ``telescopes``, ``smaller``,
        ``significant``, ``equivalent``, ``changed``, ``now_significant`` or ``no_power``.
    """
    apart = found.predicted == NONE or (rule.prediction == "some" and found.predicted != ALL)
    if kind == "effect":
        return _effect(rule, found, direction, apart)
    centre = found.old_box if kind == "level" else (0.0, 0.0)
    # Two one-sided tests at level alpha: the interval with level 1 - 2 alpha.
    reach = (found.high - found.low) / 2 * _narrower(found)
    if centre[0] - bound < found.new - reach and found.new + reach < centre[1] + bound:
        return "holds", "equivalent"
    if kind == "level":
        return ("gone", "changed") if apart else ("cannot_say", "no_power")
    if found.significant:
        return ("gone", "changed") if apart else ("cannot_say", "now_significant")
    return "cannot_say", "no_power"


def _effect(rule: Rule, found: Replication, direction: int, apart: bool) -> tuple[str, str]:
    same = found.new * direction > 0
    if found.significant and not same:
        return "reversed", "other_sign"
    if not found.significant and _unseen(rule, found, direction):
        return "gone", "telescopes"
    shrunk = found.new * direction < min(abs(end) for end in found.old_box)
    if apart and shrunk:
        return "weaker", "smaller"
    return ("holds", "significant") if found.significant else ("cannot_say", "no_power")


def _unseen(rule: Rule, found: Replication, direction: int) -> bool:
    """Whether the new effect is significantly smaller than the smallest that 2006 could see.

    A finding that was seen had an error of at most |old| / z. A wider range of errors, from groups
    of unknown size, would else let 2006 see nothing that small as its own finding.
    """
    own = min(abs(end) for end in found.old_box) / float(stats.norm.ppf(1 - found.alpha / 2))
    end = found.small[1 if rule.telescopes == "some" else 0]
    bound = min(abs(end), effect_of_power(own, alpha=found.alpha))
    return smaller_p(direction * found.new, found.se_new, found.df, bound) < found.alpha


def _narrower(found: Replication) -> float:
    quantiles = stats.t.ppf([1 - found.alpha, 1 - found.alpha / 2], found.df)
    return float(quantiles[0] / quantiles[1])
