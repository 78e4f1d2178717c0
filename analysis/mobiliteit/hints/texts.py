"""What each convention does, and why the house does otherwise, in both languages."""

from __future__ import annotations

from typing import NamedTuple

from mobiliteit.claims.terms import Text


class Said(NamedTuple):
    """The words of a convention; ``{}`` takes what a family of conventions fills in.

    Attributes
    ----------
    done : Text
        What was done, as a clause.
    why : Text
        Why the report, or the house, does otherwise.
    """

    done: Text
    why: Text


def _said(nl: str, en: str, why_nl: str, why_en: str) -> Said:
    return Said(Text(nl=nl, en=en), Text(nl=why_nl, en=why_en))


SAID: dict[str, Said] = {
    "missing_codes": _said(
        "codes voor ontbrekende antwoorden (zoals 9, 99 of 999) telden mee als getal",
        "missing codes (such as 9, 99 or 999) counted as numbers",
        "Zo'n code zegt dat er geen antwoord is; als getal trekt ze elk gemiddelde omhoog.",
        "Such a code says that there is no answer; as a number it pulls every mean up.",
    ),
    "reversed_forgotten": _said(
        "omgekeerd gestelde items zijn niet gespiegeld",
        "reversed items were not mirrored",
        "Bij zo'n item betekent een hoog antwoord weinig van wat de schaal meet.",
        "A high answer to such an item means little of what the scale measures.",
    ),
    "reversed_top": _said(
        "omgekeerde items zijn gespiegeld als hoogste − x",
        "reversed items were mirrored as highest − x",
        "Op een schaal van 1 tot 5 is het 6 − x (laagste + hoogste − x); 5 − x klopt alleen als"
        " de schaal bij 0 begint.",
        "On a scale from 1 to 5 it is 6 − x (lowest + highest − x); 5 − x is right only where a"
        " scale starts at 0.",
    ),
    "sum_answered": _said(
        "de items van een schaal zijn opgeteld (wie niets invulde kreeg 0)",
        "the items of a scale were added up (0 for who answered none)",
        "Een schaalscore is het gemiddelde van de items, zodat ze op de antwoordschaal blijft.",
        "A scale score is the mean of its items, so that it stays on the answer scale.",
    ),
    "sum_complete": _said(
        "de items van een schaal zijn opgeteld, alleen bij wie ze alle invulde",
        "the items of a scale were added up, for who answered all of them",
        "Een schaalscore is het gemiddelde van de items, en de helft ingevuld is genoeg.",
        "A scale score is the mean of its items, and half of them answered is enough.",
    ),
    "least_any": _said(
        "één ingevuld item was genoeg voor een schaalscore",
        "one answered item was enough for a scale score",
        "Het codeboek vraagt een aandeel ingevulde items (min_answered).",
        "The codebook asks for a share of answered items (min_answered).",
    ),
    "least_all": _said(
        "wie een item van een schaal oversloeg, kreeg geen schaalscore",
        "who skipped an item of a scale got no score",
        "Het codeboek neemt genoegen met een aandeel ingevulde items (min_answered).",
        "The codebook is content with a share of answered items (min_answered).",
    ),
    "closed_right": _said(
        "klassen zijn rechts gesloten: de bovengrens hoort erbij, de ondergrens niet (pd.cut)",
        "classes were closed on the right: the upper edge is in, the lower is not (pd.cut)",
        "De klasse 25–34 loopt van 25 tot 35; geef pd.cut de optie right=False.",
        "The class 25–34 runs from 25 up to 35; give pd.cut right=False.",
    ),
    "rows": _said(
        "meegeteld zijn ook mensen die de golf weglaat: {}",
        "people whom the wave leaves out counted as well: {}",
        "Het logboek van de golf zegt wie wordt weggelaten, en waarom.",
        "The ledger of the wave says who is left out, and why.",
    ),
    "filled_zero": _said(
        "ontbrekende waarden zijn door 0 vervangen",
        "missing values were replaced by 0",
        "Geen antwoord is geen nul; wie niets invulde, blijft buiten de berekening.",
        "No answer is not zero; who gave none stays out of the calculation.",
    ),
    "filled_mean": _said(
        "ontbrekende waarden zijn door het gemiddelde vervangen",
        "missing values were replaced by the mean",
        "Dat verkleint de spreiding en de verbanden; hier blijft buiten wie niets invulde.",
        "That shrinks spread and relations; here who gave no answer stays out.",
    ),
    "listwise": _said(
        "wie één van de variabelen mist, is overal weggelaten",
        "who misses one of the variables was left out everywhere",
        "Weggelaten wordt per rij, of per regressiemodel, niet per tabel.",
        "People are left out row by row, or model by model, not of a whole table.",
    ),
    "sample": _said(
        "de berekening gaat over anderen: {}",
        "the calculation is about other people: {}",
        "Onder elke tabel staat over wie ze gaat.",
        "Every table says whom it is about.",
    ),
    "without": _said(
        "uit het model weggelaten: {}",
        "left out of the model: {}",
        "Een coëfficiënt hangt af van wat er verder in het model zit.",
        "A coefficient depends on what else is in the model.",
    ),
    "b": _said(
        "de coëfficiënten zijn niet gestandaardiseerd (b in plaats van bèta)",
        "the coefficients are not standardized (b instead of beta)",
        "De tabel drukt bèta's: het verband in standaardafwijkingen.",
        "The table prints betas: the relation in standard deviations.",
    ),
    "x_only": _said(
        "alleen de voorspellers zijn gestandaardiseerd, de uitkomst niet",
        "only the predictors were standardized, the outcome was not",
        "Een bèta is in standaardafwijkingen van beide.",
        "A beta is in standard deviations of both.",
    ),
    "y_only": _said(
        "alleen de uitkomst is gestandaardiseerd, de voorspellers niet",
        "only the outcome was standardized, the predictors were not",
        "Een bèta is in standaardafwijkingen van beide.",
        "A beta is in standard deviations of both.",
    ),
    "dummies_raw": _said(
        "ja/nee-variabelen zijn niet gestandaardiseerd, de andere wel",
        "yes/no variables were not standardized, the others were",
        "Het rapport standaardiseert alle voorspellers, ook die met 0 en 1.",
        "The report standardizes all predictors, those of 0 and 1 included.",
    ),
    "z_sample": _said(
        "z-scores zijn gemaakt vóór het weglaten van wie een variabele mist",
        "z-scores were made before leaving out who misses a variable",
        "Eerst weglaten, dan standaardiseren: anders is de spreiding in het model geen 1.",
        "First leave out, then standardize: otherwise the spread within the model is not 1.",
    ),
    "z_everybody": _said(
        "z-scores zijn gemaakt over de hele golf, niet over de mensen in het model",
        "z-scores were made over the whole wave, not over the people in the model",
        "Standaardiseer over precies de mensen op wie het model rust.",
        "Standardize over exactly the people that the model rests on.",
    ),
    "population_y": _said(
        "de uitkomst is gedeeld door de populatie-SD (n), de voorspellers door de steekproef-SD",
        "the outcome was divided by the population SD (n), the predictors by the sample SD",
        "Gebruik aan beide kanten dezelfde (ddof=1); numpy deelt uit zichzelf door n.",
        "Use the same on both sides (ddof=1); numpy by itself divides by n.",
    ),
    "population_x": _said(
        "de voorspellers zijn gedeeld door de populatie-SD (n), de uitkomst door de steekproef-SD",
        "the predictors were divided by the population SD (n), the outcome by the sample SD",
        "Gebruik aan beide kanten dezelfde (ddof=1); numpy deelt uit zichzelf door n.",
        "Use the same on both sides (ddof=1); numpy by itself divides by n.",
    ),
    "pairwise": _said(
        "ontbrekende waarden zijn paarsgewijs weggelaten: elke correlatie op haar eigen mensen",
        "missing values were left out pairwise: each correlation on people of its own",
        "Een model rust hier op één groep mensen, die alles invulden.",
        "A model here rests on one set of people, who answered everything.",
    ),
    "alone": _said(
        "elke voorspeller staat alleen in een model (dat geeft de correlatie)",
        "each predictor is alone in a model (which gives the correlation)",
        "De tabel geeft het verband bij gelijke waarden van de andere voorspellers.",
        "The table gives the relation at equal values of the other predictors.",
    ),
    "adjusted": _said(
        "de verklaarde variantie is de aangepaste R²",
        "the explained variance is the adjusted R²",
        "De tabel drukt de gewone R².",
        "The table prints the plain R².",
    ),
    "multiple_r": _said(
        "gegeven is de multipele correlatie R",
        "the multiple correlation R was given",
        "De verklaarde variantie is het kwadraat daarvan.",
        "The explained variance is its square.",
    ),
    "percent_all": _said(
        "percentages zijn genomen van iedereen, ook van wie geen antwoord gaf",
        "percentages were taken of everybody, also of who gave no answer",
        "De tabel neemt ze van wie de vraag kreeg en beantwoordde.",
        "The table takes them of who was asked and answered.",
    ),
    "percent_answer": _said(
        "percentages zijn in de andere richting genomen: van wie dit antwoord gaf",
        "percentages run the other way: of those who gave this answer",
        "De tabel zegt welk deel van een groep dit antwoord gaf.",
        "The table says which part of a group gave this answer.",
    ),
    "percent_no": _said(
        "geteld is het andere antwoord",
        "the other answer was counted",
        "Geteld wordt code 1; het codeboek zegt welk antwoord dat is.",
        "Code 1 is counted; the codebook says which answer that is.",
    ),
    "median": _said(
        "gegeven is de mediaan",
        "the median was given",
        "De tabel drukt gemiddelden.",
        "The table prints means.",
    ),
    "welch": _said(
        "getoetst is met Welch, zonder gelijke varianties te veronderstellen",
        "the test is Welch's, which does not assume equal variances",
        "Vaak de betere keus, maar het rapport toetste klassiek.",
        "Often the better choice, but the report used the classic test.",
    ),
    "corrected": _said(
        "de chi-kwadraat is met continuïteitscorrectie",
        "the chi-square has a continuity correction",
        "Het rapport gebruikt Pearsons chi-kwadraat zonder correctie.",
        "The report uses Pearson's chi-square without correction.",
    ),
    "likelihood": _said(
        "gegeven is de aannemelijkheidstoets (G), niet Pearsons chi-kwadraat",
        "the likelihood ratio test (G) was given, not Pearson's chi-square",
        "Het rapport gebruikt Pearsons chi-kwadraat.",
        "The report uses Pearson's chi-square.",
    ),
    "population_sd": _said(
        "standaardafwijkingen zijn die van een populatie (gedeeld door n)",
        "standard deviations are those of a population (divided by n)",
        "Voor een steekproef deelt men door n − 1 (ddof=1); np.std doet dat niet uit zichzelf.",
        "For a sample one divides by n − 1 (ddof=1); np.std does not by itself.",
    ),
    "swapped": _said(
        "verwisseld: {}",
        "swapped: {}",
        "De getallen staan bij een andere rij of kolom dan die waar ze horen.",
        "The numbers stand at another row or column than their own.",
    ),
    "turned": _said(
        "andersom gecodeerd: {}",
        "coded the other way round: {}",
        "Het codeboek zegt welk antwoord 1 is; andersom keert het teken van de coëfficiënt om.",
        "The codebook says which answer is 1; the other way round the coefficient changes sign.",
    ),
    "share": _said(
        "gegeven is een aandeel (tussen 0 en 1)",
        "a share (between 0 and 1) was given",
        "De tabel drukt percentages.",
        "The table prints percentages.",
    ),
    "comma_lost": _said(
        "de decimale komma ging verloren bij het inlezen",
        "the decimal comma was lost in reading",
        "Lees Nederlandse getallen met decimal=','.",
        "Read Dutch numbers with decimal=','.",
    ),
    "half_even": _said(
        "afgerond naar het even cijfer (zoals Python en numpy doen)",
        "rounded to the even digit (as Python and numpy do)",
        "Het rapport rondt een 5 naar boven af.",
        "The report rounds a 5 up.",
    ),
    "cut": _said(
        "cijfers zijn afgekapt, niet afgerond",
        "digits were cut off, not rounded",
        "Rond af op het laatste cijfer.",
        "Round the last digit.",
    ),
    "unweighted": _said(
        "de gewichten van de golf zijn weggelaten",
        "the weights of the wave were left out",
        "Een gewogen golf wordt gewogen geteld.",
        "A weighted wave is counted with its weights.",
    ),
}
