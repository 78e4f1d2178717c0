"""Words of the tables with imputed values, in Dutch and English."""

from __future__ import annotations

WORDS: dict[str, dict[str, str]] = {
    "nl": {
        "title": "Ontbrekende antwoorden: weggelaten en aangevuld, naast elkaar",
        "intro": "De regressies van het rapport tellen alleen wie op alle variabelen van een model"
        " antwoord gaf (volledige gevallen, listwise). Hier staan ze naast dezelfde regressies"
        " waarin ontbrekende antwoorden meer keren zijn aangevuld (multiple imputatie met"
        " gekoppelde vergelijkingen) en de uitkomsten samengevoegd.",
        "mar": "Aanvullen veronderstelt dat antwoorden ontbreken om redenen die in de andere"
        " variabelen van de tabel te zien zijn (missing at random), en niet om het ontbrekende"
        " antwoord zelf. Of dat zo is, kunnen deze gegevens niet laten zien.",
        "synthetic": "Deze golf is synthetisch: hier is te zien hoe de berekening werkt, en niets"
        " ervan is bewijs.",
        "beside": "listwise en geïmputeerd",
        "listwise": "bèta, listwise",
        "listwise_p": "p, listwise",
        "imputed": "bèta, geïmputeerd",
        "interval": "{level}%-interval",
        "imputed_p": "p, geïmputeerd",
        "difference": "verschil",
        "r2": "Verklaarde variantie",
        "r2_adjusted": "Verklaarde variantie, aangepast",
        "F": "F van alle voorspellers",
        "n_listwise": "listwise n = {n}",
        "n_imputed": "geïmputeerd n = {n}, van wie {filled} aangevuld",
        "how": "Geïmputeerd: {m} aangevulde bestanden, elk na {iterations} rondes van een eigen"
        " keten, seed {seed}. Getallen en geordende antwoorden: predictive mean matching (het"
        " antwoord van een van de vijf meest gelijkende respondenten); ja/nee: logistische"
        " regressie.",
        "pooled": "Samengevoegd met de regels van Rubin, vrijheidsgraden van Barnard en Rubin;"
        " bèta's uit z-scores binnen elk bestand; verklaarde variantie volgens Harel; p ervan: de"
        " gezamenlijke F-toets (D1). fmi: aandeel van de informatie dat door ontbreken verloren"
        " ging. Verschil: geïmputeerd min listwise, bij verklaarde variantie in procentpunten.",
        "together": "Modellen over dezelfde respondenten delen hun aangevulde bestanden; alle"
        " variabelen van die modellen, de uitkomsten ook, voorspellen elkaar. Een afgeleide"
        " variabele is zelf aangevuld, niet via haar bronnen.",
        "shares": "Aangevuld: {shares}.",
        "nothing": "In geen van de modellen ontbrak een antwoord van wie de vraag kreeg: er is"
        " niets aangevuld.",
        "of": "van",
        "not_asked": "Een vraag van het model niet gekregen: {n} respondenten ({models}). Wat niet"
        " gevraagd is, is niet aangevuld; zij tellen in geen van beide kolommen mee.",
        "fmi": "Grootste fmi van een bèta: {largest} ({place}).",
        "more": "Dat is veel voor zo weinig bestanden: neem er {m} of meer.",
        "settled": "De ketens lopen gelijk op: grootste R-hat {rhat} (tot {limit} is goed).",
        "unsettled": "Let op: de ketens lopen nog uiteen, grootste R-hat {rhat} (tot {limit} is"
        " goed). Vraag meer rondes.",
        "gap": "Niet te berekenen",
        "variable": "Variabele",
        "models": "Model",
        "method": "Methode",
        "filled": "aangevuld",
        "rhat_mean": "R-hat, gemiddelde",
        "rhat_sd": "R-hat, sd",
        "means": "gemiddelde per ronde",
        "spreads": "sd per ronde",
        "pmm": "predictive mean matching",
        "logistic": "logistische regressie",
        "chains": "Wat is aangevuld, en het verloop van de ketens",
        "reading": "Elke lijn is een keten: het gemiddelde en de standaarddeviatie van wat zij per"
        " ronde aanvulde, van de eerste ronde (links) tot de laatste. Lijnen die zonder richting"
        " door elkaar lopen, zijn goed.",
    },
    "en": {
        "title": "Missing answers: left out and imputed, side by side",
        "intro": "The regressions of the report count only respondents who answered all variables"
        " of a model (complete cases, listwise). Here they stand beside the same regressions with"
        " missing answers filled in several times (multiple imputation by chained equations) and"
        " the results pooled.",
        "mar": "Imputing takes it that answers are missing for reasons that show in the other"
        " variables of the table (missing at random), and not because of the missing answer itself."
        " These data cannot show whether that is so.",
        "synthetic": "This wave is synthetic: it shows how the computation works, and nothing of it"
        " is evidence.",
        "beside": "listwise and imputed",
        "listwise": "beta, listwise",
        "listwise_p": "p, listwise",
        "imputed": "beta, imputed",
        "interval": "{level}% interval",
        "imputed_p": "p, imputed",
        "difference": "difference",
        "r2": "Explained variance",
        "r2_adjusted": "Explained variance, adjusted",
        "F": "F of all predictors",
        "n_listwise": "listwise n = {n}",
        "n_imputed": "imputed n = {n}, {filled} of them filled in",
        "how": "Imputed: {m} completed data sets, each after {iterations} rounds of a chain of its"
        " own, seed {seed}. Numbers and ordered answers: predictive mean matching (the answer of"
        " one of the five most similar respondents); yes/no: logistic regression.",
        "pooled": "Pooled by Rubin's rules with the degrees of freedom of Barnard and Rubin; betas"
        " of z-scores within each data set; explained variance after Harel; its p: the joint F test"
        " (D1). fmi: share of the information that was lost because of missing answers. Difference:"
        " imputed minus listwise, of explained variance in percentage points.",
        "together": "Models about the same respondents share their completed data sets; all"
        " variables of those models, outcomes included, predict each other. A derived variable is"
        " imputed itself, not by way of its sources.",
        "shares": "Filled in: {shares}.",
        "nothing": "No answer was missing in any of the models from anyone who was asked: nothing"
        " was filled in.",
        "of": "of",
        "not_asked": "Not asked a question of the model: {n} respondents ({models}). What was not"
        " asked is not filled in; they count in neither column.",
        "fmi": "Largest fmi of a beta: {largest} ({place}).",
        "more": "That is much for so few data sets: use {m} or more.",
        "settled": "The chains run together: largest R-hat {rhat} (up to {limit} is good).",
        "unsettled": "Caution: the chains still differ, largest R-hat {rhat} (up to {limit} is"
        " good). Ask for more rounds.",
        "gap": "Not computable",
        "variable": "Variable",
        "models": "Model",
        "method": "Method",
        "filled": "filled in",
        "rhat_mean": "R-hat, mean",
        "rhat_sd": "R-hat, sd",
        "means": "mean per round",
        "spreads": "sd per round",
        "pmm": "predictive mean matching",
        "logistic": "logistic regression",
        "chains": "What was filled in, and the course of the chains",
        "reading": "Each line is a chain: the mean and the standard deviation of what it filled in,"
        " from the first round (left) to the last. Lines that cross without direction are good.",
    },
}
