"""What the page about the hypotheses says, in both languages."""

from __future__ import annotations

from collections.abc import Mapping

# A sign beside the word, so that verdicts can be told apart without colour.
SIGNS = {
    "supported": "✓",
    "contradicted": "✗",
    "none": "○",
    "cannot_tell": "?",
    "not_asked": "–",
    "needs_question": "+",
    "elsewhere": "→",
}
WORDS: Mapping[str, Mapping[str, str]] = {
    "nl": {
        "title": "De hypothesen, getoetst op golf {wave}",
        "intro": (
            "Het register telt {n} hypothesen: de pijlen en factoren van het model van het rapport,"
            " wat hoofdstuk 2 uit de literatuur aanhaalt, wat hoofdstuk 3 aan verbanden vond, en"
            " wat de documenten eromheen verwachten. Golf {wave} kan er {answered} beantwoorden,"
            " met {m} verschillende vragen."
        ),
        "found": (
            "Gesteund: {supported}. Weersproken: {contradicted}. Geen verband of verschil van"
            " belang waar er een verwacht werd: {none}. Deze golf kan het niet zeggen:"
            " {cannot_tell}. Niet gevraagd in deze golf: {not_asked}. Vraagt een nieuwe vraag:"
            " {needs_question}. Vergelijkt modellen, zie de beweringen van de tekst: {elsewhere}."
        ),
        "family": (
            "De {m} toetsen zijn als één familie gecorrigeerd. Zonder correctie zijn er {p}"
            " significant, na Benjamini-Hochberg {p_bh} en na Holm {p_holm}; het oordeel volgt"
            " Holm. Als er nergens iets was, zouden het er zonder correctie door toeval {chance}"
            " zijn."
        ),
        "circular": (
            "De bevindingen van hoofdstuk 3 komen uit de gegevens van 2006 zelf. Dat zij op golf"
            " {wave} terugkomen is geen onafhankelijke toets."
        ),
        "cross_section": (
            "Een verband op één moment is geen oorzaak: gesteund betekent dat het samengaat zoals"
            " verwacht."
        ),
        "rule": "Hoe het oordeel tot stand komt",
        "rule_supported": (
            "De toets is na correctie significant en de richting is zoals verwacht. Bij een"
            " volgorde van groepen wijzen alle verwachte paren de goede kant op en is er minstens"
            " één duidelijk. Bij een hypothese die geen verband verwacht: het hele interval ligt"
            " binnen wat de vuistregel van de maat verwaarloosbaar noemt."
        ),
        "rule_contradicted": (
            "De toets is na correctie significant en de richting is tegengesteld, of er werd geen"
            " verband verwacht."
        ),
        "rule_none": "Er werd een verband verwacht, en het hele interval is verwaarloosbaar.",
        "rule_cannot_tell": (
            "Geen van deze: het interval laat meer dan één uitkomst toe, of de toets is alleen"
            " zonder correctie significant, of er zijn te weinig mensen om iets te tonen."
        ),
        "supported": "gesteund",
        "contradicted": "weersproken",
        "none": "niets van belang",
        "cannot_tell": "niet te zeggen",
        "not_asked": "niet gevraagd",
        "needs_question": "vraagt een nieuwe vraag",
        "elsewhere": "zie de beweringen",
        "why_withheld": "te weinig mensen om iets te tonen",
        "why_unclear": "",
        "why_corrected_away": "op zichzelf wel significant, na correctie niet meer",
        "why_order": "er is verschil, maar niet duidelijk in de verwachte volgorde",
        "why_reversed": "andersom dan verwacht",
        "why_effect": "er is een verband of verschil",
        "positive": "positief",
        "negative": "negatief",
        "any": "een verband",
        "differs": "verschil",
        "ordered": "verschil, in deze volgorde",
        "no_effect": "niets van belang",
        "model": "Het model: figuren 2.1 en 2.2",
        "literature": "De literatuur van hoofdstuk 2",
        "finding": "Bevindingen van paragraaf {section}",
        "expectation": "Verwachtingen uit {document}",
        "overview": "Oordelen per bron",
        "source": "Bron",
        "hypotheses": "hypothesen",
        "hypothesis": "Hypothese",
        "expected": "verwacht",
        "verdict": "oordeel",
        "n": "n",
        "effect": "effect",
        "p": "p",
        "p_holm": "p (Holm)",
        "p_bh": "p (BH)",
        "detectable": "te vinden vanaf",
        "details": "alle {n} in een tabel",
        "page": "p. {page}",
        "section": "par. {section}",
        "figure": "figuur {figure}, {part}",
        "cited": "naar {cited}",
        "asks": "vraag",
        "lacks": "ontbreekt: {names}",
        "reading": (
            "Effect: de eerste schatting van het antwoord met haar 95%-interval. Te vinden vanaf:"
            " het kleinste effect dat deze golf met 80% kans vindt, zonder correctie. Onder elke"
            " hypothese staat de vraag; mb.ask herhaalt haar."
        ),
        "next": "Wat een volgende golf zou moeten vragen",
        "next_intro": (
            "Deze {n} vragen zijn nooit gesteld. Met alle vragen achter een hypothese erbij zijn"
            " {hypotheses} hypothesen te toetsen. Formulering en antwoorden zijn een voorstel."
        ),
        "concept": "Wat",
        "wording": "Voorstel",
        "answers": "Antwoorden",
        "helps": "helpt bij",
        "documents": "De bronnen",
        "figure_overview": "Het oordeel over elke hypothese, golf {wave}",
        "figure_forest": "{group}, golf {wave}",
        "axis": (
            "in kleine effecten: 1 is waar de vuistregel van de maat een effect klein begint te"
            " noemen; rechts is zoals verwacht"
        ),
        "to": "{low} t/m {high}",
    },
    "en": {
        "title": "The hypotheses, tested on wave {wave}",
        "intro": (
            "The register holds {n} hypotheses: the arrows and factors of the report's model, what"
            " chapter 2 cites from the literature, the relations that chapter 3 found, and what the"
            " documents around it expect. Wave {wave} can answer {answered} of them, with {m}"
            " different questions."
        ),
        "found": (
            "Supported: {supported}. Contradicted: {contradicted}. No association or difference"
            " that matters where one was expected: {none}. This wave cannot tell: {cannot_tell}."
            " Not asked in this wave: {not_asked}. In need of a new question: {needs_question}."
            " Comparing models, see the claims of the text: {elsewhere}."
        ),
        "family": (
            "The {m} tests are corrected as one family. Without correction {p} are significant,"
            " after Benjamini-Hochberg {p_bh} and after Holm {p_holm}; the verdicts follow Holm. If"
            " there were nothing anywhere, {chance} would be by chance without correction."
        ),
        "circular": (
            "The findings of chapter 3 come from the data of 2006 themselves. That they return on"
            " wave {wave} is no independent test."
        ),
        "cross_section": (
            "An association at one moment is no cause: supported means that things go together as"
            " expected."
        ),
        "rule": "How the verdict is reached",
        "rule_supported": (
            "The test is significant after correction and the direction is as expected. For an"
            " order of groups all expected pairs point the right way and at least one does so"
            " clearly. For a hypothesis that expects no association: the whole interval lies"
            " within what the convention of the measure calls negligible."
        ),
        "rule_contradicted": (
            "The test is significant after correction and the direction is the other way, or no"
            " association was expected."
        ),
        "rule_none": "An association was expected, and the whole interval is negligible.",
        "rule_cannot_tell": (
            "None of these: the interval allows more than one outcome, or the test is significant"
            " without correction only, or there are too few people to show anything."
        ),
        "supported": "supported",
        "contradicted": "contradicted",
        "none": "nothing that matters",
        "cannot_tell": "cannot tell",
        "not_asked": "not asked",
        "needs_question": "needs a new question",
        "elsewhere": "see the claims",
        "why_withheld": "too few people to show anything",
        "why_unclear": "",
        "why_corrected_away": "significant by itself, not after correction",
        "why_order": "there is a difference, but not clearly in the expected order",
        "why_reversed": "the other way round",
        "why_effect": "there is an association or difference",
        "positive": "positive",
        "negative": "negative",
        "any": "an association",
        "differs": "difference",
        "ordered": "difference, in this order",
        "no_effect": "nothing that matters",
        "model": "The model: figures 2.1 and 2.2",
        "literature": "The literature of chapter 2",
        "finding": "Findings of section {section}",
        "expectation": "Expectations in {document}",
        "overview": "Verdicts by source",
        "source": "Source",
        "hypotheses": "hypotheses",
        "hypothesis": "Hypothesis",
        "expected": "expected",
        "verdict": "verdict",
        "n": "n",
        "effect": "effect",
        "p": "p",
        "p_holm": "p (Holm)",
        "p_bh": "p (BH)",
        "detectable": "found from",
        "details": "all {n} in a table",
        "page": "p. {page}",
        "section": "section {section}",
        "figure": "figure {figure}, {part}",
        "cited": "after {cited}",
        "asks": "question",
        "lacks": "lacking: {names}",
        "reading": (
            "Effect: the first estimate of the answer with its 95% interval. Found from: the"
            " smallest effect that this wave finds with a chance of 80%, without correction. Below"
            " each hypothesis is its question; mb.ask repeats it."
        ),
        "next": "What a next wave would have to ask",
        "next_intro": (
            "These {n} questions were never asked. With all the questions behind a hypothesis"
            " added, {hypotheses} hypotheses can be tested. Wording and answers are a proposal."
        ),
        "concept": "What",
        "wording": "Proposal",
        "answers": "Answers",
        "helps": "helps with",
        "documents": "The sources",
        "figure_overview": "The verdict on every hypothesis, wave {wave}",
        "figure_forest": "{group}, wave {wave}",
        "axis": (
            "in small effects: 1 is where the convention of the measure begins to call an effect"
            " small; to the right is as expected"
        ),
        "to": "{low} to {high}",
    },
}
