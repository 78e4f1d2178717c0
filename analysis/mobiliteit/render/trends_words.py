"""What the page about trends says, in both languages."""

from __future__ import annotations

from collections.abc import Mapping

WORDS: Mapping[str, Mapping[str, str]] = {
    "nl": {
        "title": "Wat veranderde er, en bij wie?",
        "intro": (
            "Elk gemiddelde en elk percentage van de tabellen in twee golven, met het verschil."
            " Golven met gewichten tellen gewogen. Wie in beide golven zit maakt dat de getallen"
            " samenhangen; daarmee is gerekend."
        ),
        "pair": "{later} tegen {first}",
        "split": "Samenstelling en de rest: {pair}",
        "split_how": (
            "De latere golf is herwogen tot de verdelingen van de eerste op: {margins}. Wat dan"
            " overblijft van het verschil kan niet komen doordat er op die kenmerken andere mensen"
            " werken. Wat wel van de samenstelling komt, zegt niet waarom de samenstelling"
            " veranderde. Het herwegen kost precisie: een factor {effect} in de variantie."
        ),
        "no_split": "Niet te splitsen: {reason}.",
        "sorting": "De indeling: {pair}",
        "table": "Tabel {number}, {title}: {pair}",
        "reweighted": "{wave}, herwogen",
        "change": "verandering",
        "composition": "samenstelling",
        "rest": "de rest",
        "rest_p": "p rest (Holm)",
        "note": "noot",
        "difference": "verschil",
        "standardized": "gestandaardiseerd",
        "p": "p",
        "p_holm": "p (Holm)",
        "how": (
            "Intervallen: {level}. Verschillen die na correctie (Holm, binnen de tabel) significant"
            " zijn op 5% staan vet. Gestandaardiseerd: in standaarddeviaties van de eerste golf,"
            " bij percentages Cohens h. De schaalcontrole is ongewogen. Mensen in beide golven:"
            " {people}."
        ),
        "figure": "Verandering van golf {first} naar {later} ({level}-interval)",
        "same_composition": "bij gelijke samenstelling",
        "points": "procentpunten",
        "deviations": "standaarddeviaties van {first}",
        "see_note": "zie noot",
    },
    "en": {
        "title": "What changed, and among whom?",
        "intro": (
            "Every mean and every percentage of the tables in two waves, with the difference. Waves"
            " with weights count by them. People who are in both waves make the numbers covary;"
            " that is allowed for."
        ),
        "pair": "{later} against {first}",
        "split": "Composition and the rest: {pair}",
        "split_how": (
            "The later wave is reweighted to the distributions of the first of: {margins}. What is"
            " then left of the difference cannot come from other people working there, as far as"
            " those characteristics go. What does come from the composition does not say why the"
            " composition changed. Reweighting costs precision: a factor {effect} in the variance."
        ),
        "no_split": "Cannot be split: {reason}.",
        "sorting": "The sorting: {pair}",
        "table": "Table {number}, {title}: {pair}",
        "reweighted": "{wave}, reweighted",
        "change": "change",
        "composition": "composition",
        "rest": "the rest",
        "rest_p": "p rest (Holm)",
        "note": "note",
        "difference": "difference",
        "standardized": "standardized",
        "p": "p",
        "p_holm": "p (Holm)",
        "how": (
            "Intervals: {level}. Differences that are significant at 5% after correction (Holm,"
            " within the table) are bold. Standardized: in standard deviations of the first wave,"
            " for percentages Cohen's h. The check of the scales is unweighted. People in both"
            " waves: {people}."
        ),
        "figure": "Change from wave {first} to {later} ({level} interval)",
        "same_composition": "with equal composition",
        "points": "percentage points",
        "deviations": "standard deviations of {first}",
        "see_note": "see note",
    },
}
