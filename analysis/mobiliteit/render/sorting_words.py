"""What the page about other segment rules says, in both languages."""

from __future__ import annotations

from collections.abc import Mapping

# A sign beside the word, so that verdicts can be told apart without it too.
SIGNS = {
    "supported": "✓",
    "contradicted": "✗",
    "not_supported": "○",
    "not_checkable": "–",
    "not_applicable": "–",
}
WORDS: Mapping[str, Mapping[str, str]] = {
    "nl": {
        "title": "Hoe breekbaar is de indeling?",
        "intro": (
            "Het rapport noemt de segmenten, niet de regels. Elke versie hieronder beslist op één"
            " punt anders dan study/segments.yaml. Wie verhuist daardoor van groep, en welke"
            " bevindingen komen dan anders uit? Een bevinding die bij een andere redelijke indeling"
            " kantelt, rust op die keus."
        ),
        "how": (
            "Aantallen respondenten, ongewogen. Een toets kantelt wanneer Ja Nee wordt of andersom,"
            " of het aantal sterren verandert. Een bewering van de tekst kantelt wanneer haar"
            " oordeel verandert; niet van toepassing: de bewering spreekt van iets dat deze versie"
            " niet kent."
        ),
        "supported": "gesteund",
        "contradicted": "weersproken",
        "not_supported": "niet gesteund",
        "not_checkable": "niet toetsbaar",
        "not_applicable": "niet van toepassing",
        "version": "Versie",
        "moved": "verhuizen",
        "cells": "cellen anders",
        "tests": "toetsen kantelen",
        "claims": "beweringen kantelen",
        "numbers": "waarvan een getal noemen",
        "undecided": "niet te beslissen",
        "of": "{n} van {total}",
        "why_not": "Niet te beslissen met golf {wave}: {reason}.",
        "nobody": "Niemand verhuist; er verandert niets.",
        "tests_flipping": "Toetsen die kantelen ({n} van {total})",
        "claims_flipping": "Beweringen die kantelen ({n} van {total})",
        "quoting": "Beweringen die een getal noemen, en nu een ander: {ids}.",
        "lost": "Niet van toepassing: {ids}.",
        "printed": "Cellen die anders afdrukken: {n}; zie {file}.",
        "none": "Geen.",
        "moves": "rapport ↓ / deze versie →",
        "cell": "Tabel, rij en kolom",
        "before": "regels rapport",
        "after": "deze versie",
        "p_before": "p rapport",
        "p_after": "p versie",
        "claim": "Bewering",
        "settings": (
            "Instellingen: significantieniveau van de beweringen {alpha}; {resamples}"
            " hertrekkingen, seed {seed}."
        ),
        "figure": "Hoe groot de groepen zijn bij elke indeling, golf {wave}",
        "as_report": "zoals het rapport ({name})",
        "respondents": "respondenten",
    },
    "en": {
        "title": "How fragile is the sorting?",
        "intro": (
            "The report names the segments, not the rules. Each version below decides one point"
            " otherwise than study/segments.yaml. Who changes group because of it, and which"
            " findings then come out otherwise? A finding that flips with another reasonable"
            " sorting rests on that choice."
        ),
        "how": (
            "Counts of respondents, unweighted. A test flips when Yes becomes No or the other way"
            " round, or when the number of stars changes. A claim of the text flips when its"
            " verdict changes; not applicable: the claim speaks of something that this version does"
            " not have."
        ),
        "supported": "supported",
        "contradicted": "contradicted",
        "not_supported": "not supported",
        "not_checkable": "not checkable",
        "not_applicable": "not applicable",
        "version": "Version",
        "moved": "move",
        "cells": "cells differ",
        "tests": "tests flip",
        "claims": "claims flip",
        "numbers": "of which quote a number",
        "undecided": "cannot be decided",
        "of": "{n} of {total}",
        "why_not": "Cannot be decided with wave {wave}: {reason}.",
        "nobody": "Nobody moves; nothing changes.",
        "tests_flipping": "Tests that flip ({n} of {total})",
        "claims_flipping": "Claims that flip ({n} of {total})",
        "quoting": "Claims that quote a number, and now another one: {ids}.",
        "lost": "Not applicable: {ids}.",
        "printed": "Cells that print otherwise: {n}; see {file}.",
        "none": "None.",
        "moves": "report ↓ / this version →",
        "cell": "Table, row and column",
        "before": "rules of the report",
        "after": "this version",
        "p_before": "p report",
        "p_after": "p version",
        "claim": "Claim",
        "settings": (
            "Settings: significance level of the claims {alpha}; {resamples} resamples, seed"
            " {seed}."
        ),
        "figure": "How large the groups are under each sorting, wave {wave}",
        "as_report": "as the report ({name})",
        "respondents": "respondents",
    },
}
