"""What the page about scales over waves says, in both languages."""

from __future__ import annotations

from collections.abc import Mapping

from mobiliteit.inference.invariance_results import CANNOT_SAY, FAILS, HOLDS, PARTIAL

# A sign beside the word, so that verdicts can be told apart without it too.
SIGNS = {HOLDS: "✓", PARTIAL: "◐", FAILS: "✗", CANNOT_SAY: "?"}
VERDICTS: Mapping[str, Mapping[str, str]] = {
    "nl": {
        HOLDS: "dezelfde",
        PARTIAL: "deels dezelfde",
        FAILS: "niet dezelfde",
        CANNOT_SAY: "niet te toetsen",
    },
    "en": {
        HOLDS: "the same",
        PARTIAL: "partly the same",
        FAILS: "not the same",
        CANNOT_SAY: "cannot be tested",
    },
}
MODELS: Mapping[str, Mapping[str, str]] = {
    "nl": {
        "configural": "één factor in elke golf",
        "metric": "gelijke ladingen",
        "metric (partial)": "gelijke ladingen, op de vrije na",
        "scalar": "ook gelijke intercepten",
        "scalar (partial)": "ook gelijke intercepten, op de vrije na",
    },
    "en": {
        "configural": "one factor in each wave",
        "metric": "equal loadings",
        "metric (partial)": "equal loadings, but for the free ones",
        "scalar": "equal intercepts too",
        "scalar (partial)": "equal intercepts too, but for the free ones",
    },
}
WORDS: Mapping[str, Mapping[str, str]] = {
    "nl": {
        "title": "Is de schaal nog dezelfde schaal?",
        "intro": (
            "Een verschil tussen golven op een schaal zegt alleen iets over mensen als de vragen in"
            " beide golven hetzelfde meten. Per schaal: alfa en omega per golf, wat elk item"
            " bijdraagt, en of de ladingen en intercepten van de items gelijk bleven. Items die op"
            " zichzelf verschoven staan met naam genoemd."
        ),
        "how": (
            "Een stap houdt geen stand als de geschaalde chi-kwadraattoets significant is én de"
            " passing merkbaar slechter wordt. Alles is ongewogen, op wie alle items van een schaal"
            " beantwoordde; de oordelen zijn niet gecorrigeerd voor het aantal schalen."
        ),
        "shared": (
            "{n} respondenten zitten in meer dan één golf en tellen hier als verschillende mensen:"
            " toetsen en intervallen van een verandering zijn daardoor eerder te ruim dan te krap."
        ),
        "scale": "Schaal",
        "items": "items",
        "alpha": "alfa {wave}",
        "omega": "omega {wave}",
        "same": "dezelfde schaal?",
        "gap": "Golf {wave}: {what}.",
        "item": "Item",
        "loading": "lading {wave}",
        "item_rest": "item-rest {wave}",
        "alpha_row": "alfa ({level}-interval, Feldt)",
        "omega_row": "omega ({level}-interval)",
        "model": "Model",
        "chi2": "chi² (geschaald)",
        "step": "verschil chi²",
        "cfi_drop": "CFI daalt",
        "holds": "stap houdt stand",
        "yes": "ja",
        "no": "nee",
        "change": "Verandering",
        "minus": "{later} min {first}",
        "observed": "gemiddelde van de items",
        "expected": "waarvan door de factor alleen",
        "latent": "factor, in sd",
        "latent_p": "p (factor)",
        "note": "noot",
        "figure": "Verandering van golf {first} naar {later}, in punten van de schaal ({level}"
        "-interval)",
        "means": "gemiddelden",
        "factor": "de factor alleen, items als in de eerste golf",
    },
    "en": {
        "title": "Is the scale still the same scale?",
        "intro": (
            "A difference between waves on a scale says something about people only if its"
            " questions measure the same in both waves. For each scale: alpha and omega per wave,"
            " what each item contributes, and whether loadings and intercepts of the items stayed"
            " equal. Items that shifted by themselves are named."
        ),
        "how": (
            "A step fails when the scaled chi-square test is significant and the fit gets notably"
            " worse as well. Everything is unweighted, on those who answered all items of a scale;"
            " the verdicts are not corrected for the number of scales."
        ),
        "shared": (
            "{n} respondents are in more than one wave and count here as different people, so that"
            " tests and intervals of a change are too wide rather than too narrow."
        ),
        "scale": "Scale",
        "items": "items",
        "alpha": "alpha {wave}",
        "omega": "omega {wave}",
        "same": "the same scale?",
        "gap": "Wave {wave}: {what}.",
        "item": "Item",
        "loading": "loading {wave}",
        "item_rest": "item-rest {wave}",
        "alpha_row": "alpha ({level} interval, Feldt)",
        "omega_row": "omega ({level} interval)",
        "model": "Model",
        "chi2": "chi² (scaled)",
        "step": "chi² difference",
        "cfi_drop": "CFI drops",
        "holds": "step holds",
        "yes": "yes",
        "no": "no",
        "change": "Change",
        "minus": "{later} minus {first}",
        "observed": "mean of the items",
        "expected": "of which by the factor alone",
        "latent": "factor, in sd",
        "latent_p": "p (factor)",
        "note": "note",
        "figure": "Change from wave {first} to {later}, in points of the scale ({level} interval)",
        "means": "means",
        "factor": "the factor alone, items as in the first wave",
    },
}


def verdict(name: str, lang: str) -> str:
    """Write a verdict with its sign."""
    return f"{SIGNS[name]} {VERDICTS[lang][name]}"
