"""What the report says around its tables and figures, in Dutch and English."""

from __future__ import annotations

WORDS: dict[str, dict[str, str]] = {
    "nl": {
        "title": "{study}: de tabellen opnieuw berekend",
        "subtitle": "Golf {wave}: {title}",
        "contents": "Inhoud",
        "what": "Wat dit is, en wat niet",
        "what_text": "Hier staan de {tables} tabellen van {source}, opnieuw berekend uit de ruwe"
        " gegevens van golf {wave}, met elk gedrukt getal ernaast. Eén programma (mobiliteit"
        " {version}) leest de gegevens, schoont ze op, deelt de respondenten in, rekent en schrijft"
        " dit verslag; niets is met de hand overgenomen of bijgewerkt.",
        "same_year": "Berekend is niet gedrukt: de gedrukte getallen staan er zoals het rapport ze"
        " drukt en spelen in geen berekening mee.",
        "other_year": "De gedrukte getallen zijn die van 2006, de berekende die van golf {wave}."
        " Een verschil tussen de twee is dus geen fout, maar een verschil tussen twee metingen.",
        "synthetic": "De antwoorden van deze golf zijn door een generator getrokken. Wat hier staat"
        " is geen nieuwe bevinding en geen bewijs; het laat zien dat en hoe er gerekend wordt.",
        "no_cause": "De tabellen tonen samenhangen op één moment. Ze zeggen niet wat waardoor"
        " komt.",
        "many_tests": "De tabellen bevatten veel toetsen naast elkaar: bij een grens van 0,05 valt"
        " gemiddeld een op de twintig toetsen zonder enig verschil toch uit als significant.",
        "data": "De gegevens",
        "people": "Na opschonen zijn er {n} respondenten: {groups}. De populatie: {population}.",
        "ledger": "Van geleverd record tot respondent. Wat geleverd is, is wat afvalt plus wat"
        " blijft; gemarkeerde respondenten horen bij wie blijft.",
        "missing": "Van de antwoorden op de gestelde vragen ontbreken er na het opschonen {n}, elk"
        " met een reden in het logboek. Geen enkel ontbrekend antwoord is ingevuld.",
        "gaps": "Niet gevraagd in deze golf; wat erop rust is in de tabellen een leeg vak met de"
        " reden eronder.",
        "gap_header": "Variabele|Vragen|Reden",
        "of": "{lacking} van {total}",
        "tables": "De tabellen",
        "tables_text": "Onder elke tabel staan de toets, de betekenis van sterren en tekens, en wat"
        " er met ontbrekende antwoorden is gedaan.",
        "figure_alt": "{title}. Gevulde tekens en staven zijn berekend, open tekens gedrukt; alle"
        " getallen van deze figuur staan in tabel {number}.",
        "figure_caption": "{title} (bij tabel {number}).",
        "figures": "Meer figuren",
        "figures_text": "Figuren die bij meer dan één tabel horen of de antwoorden zelf laten zien."
        " Als afbeelding staan alle figuren in figures/, als galerij_*.",
        "two_waves": "Deze golf naast een eerdere",
        "two_waves_text": "Golf {wave} naast golf {earlier}. Verschil tussen golven is nog geen"
        " gevolg van wat er tussenin gebeurde.",
        "not_drawn": "Niet te tekenen met wat deze golf vroeg: {caption}",
        "scorecard": "De scorekaart",
        "scorecard_text": "Van de {cells} gedrukte cellen zijn er {exact} gelijk: hetzelfde getal"
        " in de gedrukte decimalen én dezelfde sterren, of hetzelfde Ja of Nee.",
        "many_unequal": "De {n} cellen die niet gelijk zijn hebben in hun tabel een kleur en een"
        " teken; ze staan een voor een in scorecard.csv.",
        "unequal": "De cellen die niet gelijk zijn:",
        "audit": "Wat de gedrukte cijfers zelf bewijzen",
        "audit_text": "De audit leest geen golf, alleen de gedrukte getallen. Elk gedrukt getal"
        " geldt als het hele interval dat erop afrondt. Van de {cells} cellen zijn er {verified}"
        " bewezen; {consistent} hadden kunnen botsen en doen dat niet; {inconsistent} kunnen niet;"
        " over {undetermined} valt niets te zeggen.",
        "audit_header": "Tabel|cellen|bewezen|past|kan niet|niet te zeggen",
        "audit_findings": "Wat eruit springt (de {shown} zwaarste van {all} bevindingen; alle, met"
        " de berekening erbij, staan in audit.html):",
        "page": "p. {page}",
        "provenance": "Herkomst",
        "provenance_text": "Waaruit dit verslag is gemaakt. Met dezelfde bestanden en dezelfde"
        " versies komen er dezelfde getallen uit.",
        "provenance_header": "Wat|Waarde",
        "raw_file": "Ruw bestand",
        "raw_sha256": "SHA-256 van het ruwe bestand",
        "producer": "Maker van het bestand",
        "licence": "Licentie van het bestand",
        "weighted": "Gewogen",
        "yes": "ja",
        "no": "nee",
        "segment_rules": "Versie van de indelingsregels",
        "legend": "Betekenis van de sterren",
        "python": "Python",
        "study_header": "Bestand van de studie|SHA-256",
    },
    "en": {
        "title": "{study}: the tables computed anew",
        "subtitle": "Wave {wave}: {title}",
        "contents": "Contents",
        "what": "What this is, and what it is not",
        "what_text": "These are the {tables} tables of {source}, computed anew from the raw data of"
        " wave {wave}, with every printed number beside them. One program (mobiliteit {version})"
        " reads the data, cleans them, sorts the respondents, computes and writes this report;"
        " nothing was copied or touched up by hand.",
        "same_year": "Computed is not printed: the printed numbers stand as the report prints them,"
        " with its decimal commas, and play no part in any computation.",
        "other_year": "The printed numbers are those of 2006, the computed ones those of wave"
        " {wave}. A difference between the two is no error, but a difference between two"
        " measurements. Printed numbers keep the decimal commas of the report.",
        "synthetic": "The answers of this wave were drawn by a generator. Nothing here is a new"
        " finding, nor evidence; it shows that the numbers are computed, and how.",
        "no_cause": "The tables show what goes together at one moment. They do not say what causes"
        " what.",
        "many_tests": "The tables hold many tests side by side: with a limit of 0.05, one test in"
        " twenty without any difference comes out as significant all the same.",
        "data": "The data",
        "people": "After cleaning there are {n} respondents: {groups}. The population:"
        " {population}.",
        "ledger": "From delivered record to respondent. What was delivered is what leaves plus what"
        " is kept; flagged respondents are among those kept.",
        "missing": "Of the answers to the questions that were asked, {n} are missing after"
        " cleaning, each with a reason in the ledger. No missing answer was filled in.",
        "gaps": "Not asked in this wave; what rests on it is an empty cell in the tables, with the"
        " reason (in the words of the wave's sidecar) under it.",
        "gap_header": "Variable|Questions|Reason",
        "of": "{lacking} of {total}",
        "tables": "The tables",
        "tables_text": "Under each table stand the test, the meaning of stars and signs, and what"
        " was done with missing answers.",
        "figure_alt": "{title}. Filled markers and bars are computed, hollow markers printed; all"
        " numbers of this figure are in table {number}.",
        "figure_caption": "{title} (with table {number}).",
        "figures": "More figures",
        "figures_text": "Figures that belong with more than one table, or show the answers"
        " themselves. As images all figures are in figures/, as gallery_*.",
        "two_waves": "This wave beside an earlier one",
        "two_waves_text": "Wave {wave} beside wave {earlier}. A difference between waves is not yet"
        " an effect of what happened in between.",
        "not_drawn": "Cannot be drawn from what this wave asked: {caption}",
        "scorecard": "The scorecard",
        "scorecard_text": "Of the {cells} printed cells {exact} are equal: the same number at the"
        " printed decimals and the same stars, or the same Yes or No.",
        "many_unequal": "The {n} cells that are not equal have a colour and a sign in their table;"
        " scorecard.csv has them one by one.",
        "unequal": "The cells that are not equal:",
        "audit": "What the printed numbers prove by themselves",
        "audit_text": "The audit reads no wave, only the printed numbers. Every printed number"
        " counts as the whole interval that rounds to it. Of the {cells} cells {verified} are"
        " proven; {consistent} could have clashed and do not; {inconsistent} cannot be; of"
        " {undetermined} nothing can be said.",
        "audit_header": "Table|cells|proven|fits|cannot be|nothing to say",
        "audit_findings": "What stands out (the {shown} weightiest of {all} findings; audit.html"
        " has all of them, with the arithmetic, in Dutch):",
        "page": "p. {page}",
        "provenance": "Provenance",
        "provenance_text": "What this report was made from. The same files and the same versions"
        " give the same numbers.",
        "provenance_header": "What|Value",
        "raw_file": "Raw file",
        "raw_sha256": "SHA-256 of the raw file",
        "producer": "Producer of the file",
        "licence": "Licence of the file",
        "weighted": "Weighted",
        "yes": "yes",
        "no": "no",
        "segment_rules": "Version of the segment rules",
        "legend": "Meaning of the stars",
        "python": "Python",
        "study_header": "File of the study|SHA-256",
    },
}
