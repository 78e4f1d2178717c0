"""The wording of what goes beyond the tables, in Dutch and English."""

from __future__ import annotations

WORDS: dict[str, dict[str, str]] = {
    "nl": {
        "beyond": "verder dan het rapport",
        "p": "p, toets van het rapport",
        "p_welch": "p, Welch",
        "p_rank": "p, Kruskal-Wallis",
        "p_exact": "p, exact",
        "effect": "effect",
        "interval": "interval",
        "p_holm": "p, Holm",
        "p_bh": "p, Benjamini-Hochberg",
        "pairs": "welke groepen verschillen",
        "no_pair": "geen enkel paar",
        "family": "Holm en Benjamini-Hochberg: de toetsen in de eerste kolom met p, samen één"
        " familie van {m}; niet uit te voeren: {missing}.",
        "effects": "Effect: ω² (gemiddelden; onder nul betekent geen) of Cramérs V, gecorrigeerd"
        " voor vertekening (percentages); interval van {level}%.",
        "exact": "Exact: waar een verwacht aantal kleiner is dan 5 (Fisher of Fisher-Freeman-"
        "Halton; bij te veel tabellen Monte Carlo).",
        "rank": "Kruskal-Wallis: bij losse vragen met geordende antwoorden.",
        "pair_note": "Paren: Games-Howell (gemiddelden) of toetsen met Holm-correctie binnen de rij"
        " (percentages), p < {alpha}; alleen bekeken waar een toets van de rij daaronder ligt."
        " Over de rijen heen is bij paren niet gecorrigeerd.",
        "beta": "bèta",
        "p_classic": "p, klassiek",
        "p_hc3": "p, HC3",
        "suppressor": "suppressor",
        "classical": "klassiek",
        "net": "ander teken",
        "cooperative": "coöperatief",
        "intervals": "Interval van {level}%: bij bèta {how}; bij de verklaarde variantie exact"
        " onder normaliteit. HC3: bestand tegen ongelijke spreiding van de residuen.",
        "suppress": "Suppressor: klassiek, hangt alleen niet samen met de uitkomst maar heeft een"
        " bèta; ander teken, bèta tegengesteld aan de correlatie; coöperatief, bèta duidelijk"
        " groter dan de correlatie. Een beschrijving van deze steekproef.",
        "change": "{larger} tegenover {smaller}, op dezelfde respondenten (n = {n}): R²"
        " {change} procentpunt hoger met {added}; F({df1}, {df2}) = {f}, p {p}; met HC3 p {p_hc3}.",
        "a": "a: factor → mediator",
        "c": "c: factor → uitkomst",
        "c_prime": "c′: met mediator",
        "indirect": "indirect, a × b",
        "percentile": "percentiel",
        "bca": "BCa",
        "reading": "lezing",
        "steps": "drie stappen van het rapport",
        "yes": "ja",
        "no": "nee",
        "mediation": "{mediator} tussen de factoren en {outcome}",
        "b": "b ({mediator} → {outcome}, naast de factoren): {b}, p {p}.",
        "how": "Alle getallen gestandaardiseerd; alle factoren tegelijk; intervallen van {level}%"
        " uit {resamples} hertrekkingen (seed {seed}). n = {n}, weggelaten: {missing}."
        " Een indirect verband heet aangetoond als beide intervallen nul uitsluiten.",
        "caution": "Let op",
        "gap": "Niet te berekenen",
        "families": "Aantal toetsen per tabel",
        "tests": "toetsen",
        "missing_tests": "niet uit te voeren",
        "s_p": "p < {alpha}",
        "s_p_holm": "na Holm",
        "s_p_bh": "na Benjamini-Hochberg",
        "chance": "Een familie is een tabel: alle p-waarden ervan, ook de F-toets van een"
        " verklaarde variantie. Zonder enig werkelijk verband zou bij deze {m} toetsen toeval"
        " alleen er gemiddeld {expected} onder {alpha} brengen.",
    },
    "en": {
        "beyond": "beyond the report",
        "p": "p, the report's test",
        "p_welch": "p, Welch",
        "p_rank": "p, Kruskal-Wallis",
        "p_exact": "p, exact",
        "effect": "effect",
        "interval": "interval",
        "p_holm": "p, Holm",
        "p_bh": "p, Benjamini-Hochberg",
        "pairs": "which groups differ",
        "no_pair": "no single pair",
        "family": "Holm and Benjamini-Hochberg: the tests of the first column of p, together one"
        " family of {m}; not possible: {missing}.",
        "effects": "Effect: ω² (means; below zero means none) or bias-corrected Cramér's V"
        " (percentages); {level}% interval.",
        "exact": "Exact: where an expected count is below 5 (Fisher or Fisher-Freeman-Halton; Monte"
        " Carlo where there are too many tables).",
        "rank": "Kruskal-Wallis: single questions with ordered answers.",
        "pair_note": "Pairs: Games-Howell (means) or tests with Holm's correction within the row"
        " (percentages), p < {alpha}; looked at only where a test of the row is below that. Pairs"
        " are not corrected across rows.",
        "beta": "beta",
        "p_classic": "p, classic",
        "p_hc3": "p, HC3",
        "suppressor": "suppressor",
        "classical": "classical",
        "net": "other sign",
        "cooperative": "cooperative",
        "intervals": "{level}% interval: of beta by the distribution-free delta method (HC3); of"
        " the explained variance exact under normality. HC3: robust against unequal residual"
        " spread.",
        "suppress": "Suppressor: classical, unrelated to the outcome by itself yet with a beta;"
        " other sign, beta opposed to the correlation; cooperative, beta clearly larger than the"
        " correlation. A description of this sample.",
        "change": "{larger} against {smaller}, on the same respondents (n = {n}): R² {change}"
        " percentage points higher with {added}; F({df1}, {df2}) = {f}, p {p}; with HC3 p {p_hc3}.",
        "a": "a: factor → mediator",
        "c": "c: factor → outcome",
        "c_prime": "c′: with mediator",
        "indirect": "indirect, a × b",
        "percentile": "percentile",
        "bca": "BCa",
        "reading": "reading",
        "steps": "three steps of the report",
        "yes": "yes",
        "no": "no",
        "mediation": "{mediator} between the factors and {outcome}",
        "b": "b ({mediator} → {outcome}, beside the factors): {b}, p {p}.",
        "how": "All numbers standardized; all factors at once; {level}% intervals from {resamples}"
        " resamples (seed {seed}). n = {n}, left out: {missing}. An indirect association is called"
        " shown when both intervals exclude zero.",
        "caution": "Caution",
        "gap": "Not computable",
        "families": "Number of tests per table",
        "tests": "tests",
        "missing_tests": "not possible",
        "s_p": "p < {alpha}",
        "s_p_holm": "after Holm",
        "s_p_bh": "after Benjamini-Hochberg",
        "chance": "A family is a table: all its p-values, the F test of an explained variance too."
        " Were there no association at all, chance alone would put {expected} of these {m} tests"
        " below {alpha} on average.",
    },
}
