"""What the page "does it still hold?" says, in both languages."""

from __future__ import annotations

WORDS: dict[str, dict[str, str]] = {
    "nl": {
        "title": "Houdt het stand? Golf {wave} tegen 2006",
        "intro": "Elke bevinding van 2006 opnieuw: {n} coëfficiënten, verklaarde varianties en"
        " getoetste verschillen van de tabellen, en {claims} beweringen van de tekst. Een verschil"
        " tussen meer dan twee groepen is hier dat tussen de hoogste en de laagste groep van 2006."
        " Deze golf kon met een kans van {power}% een bèta van {beta} zien, en een verschil van"
        " {sd} standaarddeviatie (mediaan over de bevindingen). Van de {tests} verschillende"
        " toetsen zijn er {significant} significant; als nergens iets was, zouden het er door"
        " toeval {chance} zijn. Na correctie naar Holm blijven er {holm}, naar"
        " Benjamini-Hochberg {bh}. Wie aan beide golven meedeed, telt als twee mensen:"
        " dat maakt de oordelen voorzichtig.",
        "synthetic": "Deze golf is synthetisch: geen oordeel erover is bewijs.",
        "counts": "Hoe vaak elk woord",
        "changed": "Wat niet standhoudt",
        "nothing": "Niets.",
        "rule": "De regel",
        "setting": "Instelbaar in study/against.yaml; de eerste regel die past, geldt.",
        "kind_effect": "2006 vond een verschil of verband, of de tekst zegt dat het er is",
        "kind_none": "2006 vond geen verschil of verband, of de tekst zegt dat het er niet is",
        "kind_level": "Een getal van 2006",
        "kind_judged": "Een bewering die meer is dan één getal (zonder gewichten beoordeeld)",
        "tables": "De tabellen",
        "reading": "Het rapport drukt geen standaardfouten. De kolom se 2006 geeft de kleinste en"
        " de grootste die afronding, R2, n, sterren en Ja/Nee toelaten; met * rust de grootste op"
        " een aangenomen variantie-inflatie. Een maat geldt voor alle, sommige of geen van die"
        " fouten. Small telescopes: het effect dat 2006 met een kans van een derde zag, en of het"
        " nieuwe daar significant onder ligt. Sceptische p: eenzijdig, gouden schaal."
        " 2006 in nieuw: ligt 2006 in het nieuwe interval, en het nieuwe getal in dat van 2006? Te"
        " zien: het effect, en het verschil met 2006, dat deze golf met 80% kans vindt.",
        "measures": "alle maten",
        "claims": "De beweringen van de tekst",
        "of_claims": "beweringen",
        "table": "Tabel",
        "section": "Tekst",
        "where": "Waar",
        "findings": "bevindingen",
        "at_least": "vanaf {low}",
        "to": "{low} tot {high}",
        "all": "alle",
        "some": "sommige",
        "none": "geen",
        "col_label": "Bevinding",
        "col_old": "2006",
        "col_se_old": "se 2006",
        "col_new": "nu",
        "col_interval": "95%-interval",
        "col_p": "p",
        "col_p_holm": "p (Holm)",
        "col_inside": "2006 in nieuw / nieuw in 2006",
        "col_predicted": "in voor-spelling",
        "col_telescope": "small telescopes",
        "col_sceptical": "sceptische p",
        "col_power": "kans op 2006",
        "col_detectable": "te zien: effect",
        "col_change": "te zien: verschil",
        "col_word": "In één woord",
    },
    "en": {
        "title": "Does it still hold? Wave {wave} against 2006",
        "intro": "Every finding of 2006 once more: {n} coefficients, explained variances and tested"
        " differences of the tables, and {claims} claims of the text. A difference between more"
        " than two groups is here that between the highest and the lowest group of 2006. This wave"
        " could see a beta of {beta} with a chance of {power}%, and a difference of {sd} standard"
        " deviations (median over the findings). Of the {tests} distinct tests {significant} are"
        " significant; if nothing were there anywhere, {chance} would be by chance. After Holm's"
        " correction {holm} remain, after Benjamini-Hochberg's {bh}. Who took part in both waves"
        " counts as two people, which makes the verdicts cautious.",
        "synthetic": "This wave is synthetic: no verdict on it is evidence.",
        "counts": "How often each word",
        "changed": "What does not hold",
        "nothing": "Nothing.",
        "rule": "The rule",
        "setting": "Set in study/against.yaml; the first line that fits, counts.",
        "kind_effect": "2006 found a difference or relation, or the text says that there is one",
        "kind_none": "2006 found no difference or relation, or the text says that there is none",
        "kind_level": "A number of 2006",
        "kind_judged": "A claim that is more than one number (judged without weights)",
        "tables": "The tables",
        "reading": "The report prints no standard errors. The column se 2006 gives the smallest and"
        " the largest that rounding, R2, n, stars and Ja/Nee allow; with * the largest rests on an"
        " assumed variance inflation. A measure holds for all, some or none of those errors. Small"
        " telescopes: the effect that 2006 saw with a chance of a third, and whether the new one is"
        " significantly below it. Sceptical p: one-sided, golden scale. 2006 in new: does"
        " 2006 lie in the new interval, and the new number in that of 2006? Seen: the effect, and"
        " the change since 2006, that this wave finds with a chance of 80%.",
        "measures": "all measures",
        "claims": "The claims of the text",
        "of_claims": "claims",
        "table": "Table",
        "section": "Text",
        "where": "Where",
        "findings": "findings",
        "at_least": "from {low}",
        "to": "{low} to {high}",
        "all": "all",
        "some": "some",
        "none": "none",
        "col_label": "Finding",
        "col_old": "2006",
        "col_se_old": "se 2006",
        "col_new": "now",
        "col_interval": "95% interval",
        "col_p": "p",
        "col_p_holm": "p (Holm)",
        "col_inside": "2006 in new / new in 2006",
        "col_predicted": "in pre-diction",
        "col_telescope": "small telescopes",
        "col_sceptical": "sceptical p",
        "col_power": "chance of 2006",
        "col_detectable": "seen: effect",
        "col_change": "seen: change",
        "col_word": "In one word",
    },
}
WHYS: dict[str, dict[str, str]] = {
    "nl": {
        "other_sign": "significant de andere kant op",
        "telescopes": "kleiner dan 2006 kon zien",
        "smaller": "significant kleiner dan in 2006",
        "significant": "significant, dezelfde kant op",
        "equivalent": "verschil te klein om mee te tellen",
        "changed": "significant anders dan in 2006",
        "now_significant": "nu significant, niet aantoonbaar anders dan in 2006",
        "no_power": "te onnauwkeurig",
        "no_number": "geen getal",
        "contradicted_then": "de tabellen van 2006 zelf niet",
        "judged": "oordeel over de bewering",
        "contradicted_now": "deze golf weerspreekt de bewering; 2006 gaf geen getal",
    },
    "en": {
        "other_sign": "significant in the other direction",
        "telescopes": "smaller than 2006 could see",
        "smaller": "significantly smaller than in 2006",
        "significant": "significant in the same direction",
        "equivalent": "difference too small to count",
        "changed": "significantly other than in 2006",
        "now_significant": "significant now, not demonstrably other than in 2006",
        "no_power": "too imprecise",
        "no_number": "no number",
        "contradicted_then": "not so in the tables of 2006 themselves",
        "judged": "verdict on the claim",
        "contradicted_now": "this wave contradicts the claim; 2006 gave no number",
    },
}


def section_name(section: str, lang: str) -> str:
    """Name a section of the report's text; a note goes by what the report calls it in Dutch."""
    return section.replace("noot", "note") if lang == "en" else section


def place_name(source: str, place: str, lang: str) -> str:
    """Name the table, or the section of the text, that findings are from."""
    say = WORDS[lang]
    if source == "table":
        return f"{say['table']} {place}"
    return f"{say['section']} {section_name(place, lang)}"
