"""What stands beside a number that is followed: what a wave lacks, and what is known of the scale.

In both languages, since pages are.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from mobiliteit.descriptor import rescale_note
from mobiliteit.gaps import gap
from mobiliteit.inference.changes import Mean
from mobiliteit.inference.invariance_results import PARTIAL
from mobiliteit.render.numbers import format_number
from mobiliteit.results import number
from mobiliteit.scale_checks import ScaleChecks
from mobiliteit.study_schema import Label
from mobiliteit.tables import TOTAL
from mobiliteit.trends.lines import Line
from mobiliteit.wave import Wave

SAYS: Mapping[str, Mapping[str, str]] = {
    "nl": {
        "wave": "golf {wave}: {what}",
        "nobody": "niemand met een antwoord in golf {wave}",
        "others": "op de andere items alleen zou het verschil {} [{}; {}] zijn (ongewogen)",
        "no_class": "golf {wave} heeft niemand met {label}: {classes}",
        "no_split": "herwegen lukt niet ({what})",
    },
    "en": {
        "wave": "wave {wave}: {what}",
        "nobody": "nobody with an answer in wave {wave}",
        "others": "on the other items alone the difference would be {} [{}, {}] (unweighted)",
        "no_class": "wave {wave} has nobody with {label}: {classes}",
        "no_split": "it cannot be reweighted ({what})",
    },
}


@dataclass(frozen=True)
class Notes:
    """Notes about a later wave beside the first.

    Attributes
    ----------
    first, second : Wave
        The two waves.
    scales : ScaleChecks
        Whether the scales are still the same.
    """

    first: Wave
    second: Wave
    scales: ScaleChecks

    def about(self, line: Line, one: Mean, other: Mean) -> Label:
        """Say what the waves lack for a line, and what is known of its scale."""
        nl, en = (self._texts(line, one, other, lang) for lang in ("nl", "en"))
        return Label(nl=nl, en=en)

    def _texts(self, line: Line, one: Mean, other: Mean, lang: str) -> str:
        say, texts = SAYS[lang], []
        for wave, mean in ((self.first, one), (self.second, other)):
            lacking = gap(wave, line.variable, lang)
            if not lacking and not mean.n:
                texts.append(say["nobody"].format(wave=wave.id))
                continue
            what = lacking or rescale_note(wave.descriptor, wave.study, line.variable, lang)
            texts.append(say["wave"].format(wave=wave.id, what=what) if what else "")
        if one.n and other.n and line.variable in self.scales.checks:
            texts += self._scale(line, lang)
        return "; ".join(dict.fromkeys(filter(None, texts)))

    def _scale(self, line: Line, lang: str) -> list[str]:
        check, caution = self.scales[line.variable], self.scales.caution(line.variable, lang)
        if check.invariance is None or check.verdict != PARTIAL or line.column != TOTAL:
            return [caution]
        means = check.invariance.means.set_index("group")
        own = [
            format_number(number(means, self.second.id, name), 2, lang=lang)
            for name in ("expected", "expected_low", "expected_high")
        ]
        return [caution, SAYS[lang]["others"].format(*own)]
