"""What outputs say about weights, in Dutch and English."""

from __future__ import annotations

from mobiliteit.render.numbers import format_number
from mobiliteit.wave import Wave

WORDS: dict[str, dict[str, str]] = {
    "nl": {
        "F_design": "Waldtoets (F) op de gewogen groepsgemiddelden, met fouten volgens de"
        " steekproefopzet",
        "F_rao_scott": "chi-kwadraattoets op de gewogen aantallen met de tweede-ordecorrectie van"
        " Rao en Scott (F)",
        "ols": "gewogen regressie met gestandaardiseerde coëfficiënten (bèta) en fouten volgens de"
        " steekproefopzet, Waldtoets (F) van de verklaarde variantie",
        "weighted": "Gewogen: alle getallen zijn gewogen, behalve n, dat respondenten telt."
        " Effectief n van de golf = {effective} van {n} (ontwerpeffect van Kish {effect}). Fouten"
        " volgens de steekproefopzet (Taylor-linearisatie; strata: {strata}, clusters: {clusters})",
        "single": "; strata met één cluster: {single}, gerekend rond het algemene gemiddelde",
        "title": "Gewichten van golf {wave}",
        "variable": "Kenmerk",
        "category": "Categorie",
        "sample": "steekproef",
        "reached": "gewogen",
        "target": "populatie",
        "n": "n",
        "column": "Gewichten van de leverancier: kolom {column}.",
        "base": "Begingewichten: kolom {column}.",
        "source": "Marges: {source}.",
        "convergence": "Grootste afwijking van een marge per ronde, in procentpunten: {path}."
        " Gestopt na {iterations} ronden.",
        "missing": "Wie op een kenmerk geen waarde heeft, houdt daar het aandeel van het"
        " begingewicht.",
        "range": "Gewichten van {lowest} tot {highest}, gemiddeld 1; ontwerpeffect (Kish) {effect};"
        " effectief n = {effective} van {n}.",
        "trim": "Gewichten begrensd tussen {low} en {high}: {trimmed} respondenten staan op een"
        " grens.",
    },
    "en": {
        "F_design": "Wald test (F) of the weighted group means, with design-based errors",
        "F_rao_scott": "chi-square test of the weighted counts with the second-order correction of"
        " Rao and Scott (F)",
        "ols": "weighted regression with standardized coefficients (beta) and design-based errors,"
        " Wald test (F) of the explained variance",
        "weighted": "Weighted: all numbers are weighted, but for n, which counts respondents."
        " Effective n of the wave = {effective} of {n} (Kish's design effect {effect})."
        " Design-based errors (Taylor linearization; strata: {strata}, clusters: {clusters})",
        "single": "; strata with one cluster: {single}, taken around the grand mean",
        "title": "Weights of wave {wave}",
        "variable": "Variable",
        "category": "Category",
        "sample": "sample",
        "reached": "weighted",
        "target": "population",
        "n": "n",
        "column": "The supplier's weights: column {column}.",
        "base": "Base weights: column {column}.",
        "source": "Margins: {source}.",
        "convergence": "Largest deviation from a margin per round, in percentage points: {path}."
        " Stopped after {iterations} rounds.",
        "missing": "Who has no value on a variable keeps the share of his base weight there.",
        "range": "Weights from {lowest} to {highest}, mean 1; design effect (Kish) {effect};"
        " effective n = {effective} of {n}.",
        "trim": "Weights kept between {low} and {high}: {trimmed} respondents stand on a limit.",
    },
}


def weight_note(wave: Wave, lang: str) -> str:
    """Say how the numbers of a wave are weighted; empty for a wave without weights.

    Parameters
    ----------
    wave : Wave
        The wave.
    lang : {'nl', 'en'}
        Language.

    Returns
    -------
    str
        One or two sentences, with the design effect and the effective n.
    """
    if wave.weights is None:
        return ""
    say, made = WORDS[lang], wave.weights
    text = say["weighted"].format(
        effective=format_number(made.effective_n, 0, lang=lang),
        n=made.n,
        effect=format_number(made.design_effect, 2, lang=lang),
        strata=made.strata,
        clusters=made.clusters,
    )
    return text + (say["single"].format(single=made.single) if made.single else "") + "."
