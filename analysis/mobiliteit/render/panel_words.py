"""The words of the page about the same people over waves."""

from __future__ import annotations

from collections.abc import Mapping

WORDS: Mapping[str, Mapping[str, str]] = {
    "nl": {
        "title": "Dezelfde mensen, golf na golf",
        "intro": (
            "Wie in meer dan een golf meedeed, is herkend aan het versleutelde nummer. Deze pagina"
            " zegt wie van groep wisselde, wie uitviel, wat er binnen mensen veranderde en wat "
            "samengaat met later succes."
        ),
        "synthetic": "Deze golven zijn synthetisch: geen uitkomst hier is een bevinding.",
        "weights_out": (
            "De gewichten van de golven zelf zijn weggelaten: die staan voor ieders eigen "
            "populatie. Waar gewogen staat, zijn de gevolgde mensen gewogen naar wie er in de "
            "eerdere golf meededen."
        ),
        "who": "Wie er in welke golf zit",
        "respondents": "respondenten",
        "linked": "in beide",
        "flagged": (
            "Feiten die niet kunnen veranderen, veranderden toch bij {n} van de {linked} "
            "gekoppelde mensen ({detail}). Zij zijn meegeteld; zonder hen: "
            "link_waves(...).consistent()."
        ),
        "none_flagged": "Geen van de {linked} gekoppelde mensen spreekt zichzelf tegen in {names}.",
        "moves": "Van groep naar groep",
        "from": "van",
        "to": "naar",
        "n": "n",
        "count": "aantal",
        "percent": "% van de rij",
        "interval": "{level}%-interval",
        "interval_all": "interval, hele rij",
        "few": "minder dan {few} mensen",
        "hidden": "niet getoond, minder dan {few} mensen of daaruit af te leiden",
        "moves_note": (
            "Intervallen: Wilson voor elke cel apart, Goodman voor alle cellen van een rij "
            "tegelijk; gewogen: logit, met de gewichten als bekend."
        ),
        "bowker": "Gaan er evenveel mensen heen als terug? Bowker: χ² = {chi2}, df = {df}, p {p}.",
        "stuart": "Bleven de groepen even groot? Stuart-Maxwell: χ² = {chi2}, df = {df}, p {p}.",
        "attrition": "Wie uitviel",
        "stayed_of": (
            "Van de {n} respondenten van {first} deden er {stayed} ({percent}%) ook mee in "
            "{second}."
        ),
        "stayed": "gebleven",
        "lost": "uitgevallen",
        "variable": "variabele",
        "effect": "verschil",
        "p": "p",
        "p_holm": "p (Holm)",
        "lost_note": (
            "Verschil: Hedges' g van gebleven min uitgevallen, of Cramérs V bij groepen; p van "
            "Welchs t of chi-kwadraat, daarnaast gecorrigeerd voor het aantal variabelen (Holm)."
        ),
        "weights": "Gewichten voor de uitval",
        "weights_how": (
            "Een logistische regressie geeft ieders kans om te blijven; het gewicht is het aandeel"
            " dat bleef, gedeeld door die kans. {trimmed} gewichten zijn op een grens gezet. "
            "Gewichten van {low} tot {high}; effectieve n {effective} van {stayed}; AUC {auc}. Zij"
            " maken alleen goed wat het model weet."
        ),
        "no_weights": "Er zijn geen gewichten",
        "nobody": (
            "Uit {what} bleef niemand ({n} mensen): voor hen kan geen gewicht spreken, zij tellen "
            "niet mee in wie de gewichten vertegenwoordigen."
        ),
        "odds": "odds ratio",
        "ongewogen": "ongewogen",
        "gewogen": "gewogen",
        "balance": "Gebleven tegenover allen, in standaarddeviaties",
        "change": "Verandering binnen mensen",
        "mean_before": "eerder",
        "mean_after": "later",
        "difference": "verschil",
        "d_z": "d_z",
        "d_av": "d_av",
        "alpha": "alfa",
        "reliable": "betrouwbaar lager / hoger (%)",
        "change_note": (
            "d_z: in standaarddeviaties van het verschil; d_av: van de antwoorden. Betrouwbaar "
            "lager of hoger: meer dan de meetfout laat verwachten (Jacobson en Truax); als niemand"
            " verandert, zijn dat er elk {half}%. Of een schaal in beide golven hetzelfde meet, "
            "zegt deze tabel niet: zie de schaalcontrole. † {few}."
        ),
        "within": "Binnen en tussen mensen",
        "mixed": "gemengd model",
        "fixed": "binnen mensen (fixed effects)",
        "mundlak": "tussen min binnen (Mundlak)",
        "within_note": (
            "{n} antwoorden van {people} mensen met minstens twee volledige golven. Gemengd model:"
            " eigen intercept per persoon (REML); {icc}% van de rest ligt tussen mensen. Binnen "
            "mensen: alleen veranderingen van dezelfde persoon, fouten geclusterd per persoon. "
            "Niet gewogen voor de uitval. "
            "Zijn de twee hetzelfde? F({df1}, {df2}) = {f}, p {p}: {verdict}"
        ),
        "differ": (
            "wie verschilt van anderen verschilt anders dan wie zelf verandert; lees de kolom "
            "binnen mensen."
        ),
        "same": "geen aanwijzing dat ze verschillen.",
        "lagged": "Wat samengaat met later succes",
        "predictor": "voorspeller",
        "eerder": "eerder",
        "nu": "nu",
        "beta": "bèta",
        "b": "b",
        "lagged_note": (
            "{n} stappen van {people} mensen, {missing} zonder alle antwoorden weggelaten; "
            "verklaarde variantie {r2}%. Fouten geclusterd per persoon."
        ),
        "crossed": "Over en weer",
        "crossed_note": (
            "{n} stappen van {people} mensen. Wat beide vergelijkingen overlaten, hangt samen met "
            "r = {r}."
        ),
        "caution": (
            "Wat dit kan laten zien, en wat niet: deze modellen zeggen wat bij mensen die verder "
            "gelijk zijn vóór iets anders kwam. Wat de oorzaak is, zeggen ze niet: al wat mensen "
            "verder van elkaar onderscheidt, werkt op beide. De grootte van twee paden over en "
            "weer zegt niet wat er eerst komt. Een kruislings model haalt blijvende verschillen "
            "tussen mensen en verandering binnen mensen door elkaar; die scheiden (RI-CLPM) vraagt"
            " drie golven en een model dat hier niet is gebouwd. Wie geen stap zette, zegt niets "
            "over het succes ervan."
        ),
        "few_rows": "Let op",
        "step": "{first} naar {second}",
        "onbekend": "onbekend",
        "beside": "Gelijk gehouden",
        "d_axis": "verandering in standaarddeviaties van het verschil (d_z)",
        "smd_axis": "verschil met allen, in standaarddeviaties",
        "beta_axis": "bèta",
        "moves_title": "Van groep naar groep: aandeel van elke rij, met interval",
        "change_title": "Verandering binnen dezelfde mensen",
        "balance_title": "Gebleven tegenover allen, voor en na weging",
        "lagged_title": "Wat samengaat met later succes",
    },
    "en": {
        "title": "The same people, wave after wave",
        "intro": (
            "People who took part in more than one wave are known by their hashed id. This page "
            "tells who changed groups, who was lost, what changed within people, and what goes "
            "with later success."
        ),
        "synthetic": "These waves are synthetic: no outcome here is a finding.",
        "weights_out": (
            "The waves' own weights are left out: those stand for the population of each. Where it"
            " says weighted, the people who were followed are weighted to those who took part in "
            "the earlier wave."
        ),
        "who": "Who is in which wave",
        "respondents": "respondents",
        "linked": "in both",
        "flagged": (
            "Facts that cannot change did so in {n} of the {linked} linked people ({detail}). They"
            " are kept; without them: link_waves(...).consistent()."
        ),
        "none_flagged": "None of the {linked} linked people contradicts himself in {names}.",
        "moves": "From group to group",
        "from": "from",
        "to": "to",
        "n": "n",
        "count": "count",
        "percent": "% of the row",
        "interval": "{level}% interval",
        "interval_all": "interval, whole row",
        "few": "fewer than {few} people",
        "hidden": "not shown, fewer than {few} people or else they could be worked out",
        "moves_note": (
            "Intervals: Wilson for each cell by itself, Goodman for all cells of a row at once; "
            "weighted: logit, taking the weights as known."
        ),
        "bowker": "Do as many people go as come back? Bowker: χ² = {chi2}, df = {df}, p {p}.",
        "stuart": (
            "Did the groups stay equally large? Stuart-Maxwell: χ² = {chi2}, df = {df}, p {p}."
        ),
        "attrition": "Who was lost",
        "stayed_of": (
            "Of the {n} respondents of {first}, {stayed} ({percent}%) took part in {second} too."
        ),
        "stayed": "stayed",
        "lost": "lost",
        "variable": "variable",
        "effect": "difference",
        "p": "p",
        "p_holm": "p (Holm)",
        "lost_note": (
            "Difference: Hedges' g of stayed minus lost, or Cramér's V for groups; p of Welch's t "
            "or chi-square, beside it corrected for the number of variables (Holm)."
        ),
        "weights": "Weights for who was lost",
        "weights_how": (
            "A logistic regression gives each one's chance to stay; the weight is the share that "
            "stayed over that chance. {trimmed} weights were cut off. Weights from {low} to "
            "{high}; effective n {effective} of {stayed}; AUC {auc}. They make up only for what "
            "the model knows."
        ),
        "no_weights": "There are no weights",
        "nobody": (
            "Of {what} nobody stayed ({n} people): no weight can speak for them, and they are not "
            "among those whom the weights represent."
        ),
        "odds": "odds ratio",
        "ongewogen": "unweighted",
        "gewogen": "weighted",
        "balance": "Stayed against everybody, in standard deviations",
        "change": "Change within people",
        "mean_before": "earlier",
        "mean_after": "later",
        "difference": "difference",
        "d_z": "d_z",
        "d_av": "d_av",
        "alpha": "alpha",
        "reliable": "reliably lower / higher (%)",
        "change_note": (
            "d_z: in standard deviations of the difference; d_av: of the answers. Reliably lower "
            "or higher: more than the error of measurement lets one expect (Jacobson and Truax); "
            "if nobody changes, that is {half}% each. Whether a scale measures the same in both "
            "waves this table does not say: see the check of the scales. † {few}."
        ),
        "within": "Within and between people",
        "mixed": "mixed model",
        "fixed": "within people (fixed effects)",
        "mundlak": "between minus within (Mundlak)",
        "within_note": (
            "{n} answers of {people} people with at least two complete waves. Mixed model: an "
            "intercept per person (REML); {icc}% of the rest lies between people. Within people: "
            "only changes of the same person, errors clustered by person. Not weighted for who was "
            "lost. Are the two the same? F({df1}, {df2}) = {f}, p {p}: {verdict}"
        ),
        "differ": (
            "who differs from others differs otherwise than who changes; read the column within "
            "people."
        ),
        "same": "no sign that they differ.",
        "lagged": "What goes with later outcomes",
        "predictor": "predictor",
        "eerder": "earlier",
        "nu": "now",
        "beta": "beta",
        "b": "b",
        "lagged_note": (
            "{n} steps of {people} people, {missing} without all answers left out; variance "
            "explained {r2}%. Errors clustered by person."
        ),
        "crossed": "Each on the other",
        "crossed_note": (
            "{n} steps of {people} people. What both equations leave correlates r = {r}."
        ),
        "caution": (
            "What this can show, and what not: these models tell what came before something else "
            "among people who are otherwise alike. They do not tell what causes what: whatever "
            "else people differ in works on both. The size of two paths across does not tell which"
            " comes first. A cross-lagged model mixes lasting differences between people with "
            "change within them; taking those apart (RI-CLPM) needs three waves and a model that "
            "is not built here. Who made no step tells nothing about its success."
        ),
        "few_rows": "Note",
        "step": "{first} to {second}",
        "onbekend": "unknown",
        "beside": "Held equal",
        "d_axis": "change in standard deviations of the difference (d_z)",
        "smd_axis": "difference from everybody, in standard deviations",
        "beta_axis": "beta",
        "moves_title": "From group to group: share of each row, with interval",
        "change_title": "Change within the same people",
        "balance_title": "Stayed against everybody, before and after weighing",
        "lagged_title": "What goes with later success",
    },
}

# The notes of the results are Dutch.
