"""What the page of the lab says, in both languages."""

from __future__ import annotations

from collections.abc import Mapping

LANGUAGES = ("nl", "en")
# Where a wish goes: what stands in front of a field, per form of question and place.
FIELDS: Mapping[str, Mapping[str, Mapping[str, str]]] = {
    "nl": {
        "effect": {"predictors": "Hangt …", "outcome": "… samen met"},
        "difference": {"outcome": "Verschilt …", "by": "… tussen de groepen van"},
        "mediation": {
            "predictors": "Loopt de samenhang van …",
            "outcome": "… met",
            "by": "… via",
        },
        "moderation": {
            "predictors": "Verschilt de samenhang van …",
            "outcome": "… met",
            "by": "… naar",
        },
        "change": {
            "outcome": "Is …",
            "since": "… veranderd sinds golf",
            "predictors": "… of is de samenhang veranderd met (mag leeg)",
        },
    },
    "en": {
        "effect": {"predictors": "Is …", "outcome": "… related to"},
        "difference": {"outcome": "Does …", "by": "… differ between the groups of"},
        "mediation": {
            "predictors": "Does the relation of …",
            "outcome": "… with",
            "by": "… run via",
        },
        "moderation": {
            "predictors": "Does the relation of …",
            "outcome": "… with",
            "by": "… differ by",
        },
        "change": {
            "outcome": "Has …",
            "since": "… changed since wave",
            "predictors": "… or has its relation changed with (may be empty)",
        },
    },
}
_WORDS: Mapping[str, Mapping[str, str]] = {
    "nl": {
        "title": "Lab",
        "lead": "Stel een vraag aan een golf van het onderzoek. Alles is een keuze uit het "
        "codeboek; de toets volgt uit de meetniveaus.",
        "other_language": "English",
        "build": "Vraag samenstellen",
        "register": "Hypothesen uit het register",
        "wave": "In golf",
        "form": "Wat voor vraag?",
        "who": "Onder wie",
        "everybody": "iedereen",
        "who_also": "en ook",
        "who_which": "Welke antwoorden tellen mee?",
        "low": "Vanaf",
        "high": "Tot en met",
        "controls": "Bij gelijke (mag leeg)",
        "pick": "kies …",
        "none_earlier": "er is geen eerdere golf",
        "add": "voeg toe …",
        "remove": "Haal weg: {label}",
        "category": "Welk antwoord?",
        "whole": "alle, naast elkaar",
        "grey": "Grijs in een lijst: gaat over dezelfde antwoorden als wat al gekozen is, of "
        "kan onder deze mensen niet verschillen.",
        "not_here": "{label} (niet in deze golf)",
        "your_question": "Uw vraag",
        "as_text": "Als tekst, om te kopiëren:",
        "type": "Of typ de vraag als tekst",
        "take_over": "Neem deze tekst over",
        "ask": "Vraag",
        "asking": "Bezig …",
        "loading": "Golf {wave} wordt gelezen …",
        "ready": "{n} mensen in golf {wave}.",
        "lacking": "Nog te kiezen: {fields}.",
        "refused": "Deze vraag kan zo niet gesteld worden.",
        "before": "Vooraf vastleggen",
        "before_why": "Wie een vraag met een verwachting vastlegt vóór het antwoord te zien is, "
        "toetst. Alle andere vragen zijn verkennend.",
        "direction": "Verwachte richting",
        "positive": "positief (meer gaat met meer samen)",
        "negative": "negatief (meer gaat met minder samen)",
        "any": "geen bepaalde richting",
        "fix": "Leg vast",
        "fixed": "Vastgelegd op {at}. Stel nu de vraag.",
        "not_fixed": "Deze vraag is niet vast te leggen.",
        "answer": "Antwoord",
        "no_answer": "Hier komt het antwoord: eerst in een zin, daaronder het effect met "
        "interval, een plaatje, de aannames en waar u op moet letten.",
        "privacy": "Deze pagina draait alleen op deze computer en stuurt niets naar buiten. "
        "Groepen van minder dan tien mensen worden niet getoond; punten in plaatjes zijn "
        "verschoven. Wie twee vragen van elkaar aftrekt kan meer te weten komen: deel "
        "antwoorden met beleid.",
        "remark": "Opmerking bij dit antwoord (mag leeg)",
        "keep": "Bewaar dit antwoord",
        "kept": "Bewaard.",
        "forget": "Bewaar niet langer",
        "forgotten": "Niet meer bewaard; de vraag blijft meetellen.",
        "log": "Logboek van deze sessie",
        "nothing_asked": "Nog geen vraag gesteld. Elke vraag die u stelt telt mee.",
        "asked_one": "1 vraag gesteld, {kept} bewaard.",
        "asked_many": "{asked} vragen gesteld, {kept} bewaard. Hoe meer vragen, hoe eerder er "
        "bij toeval iets uitkomt: daarom staan de p-waarden er ook gecorrigeerd bij.",
        "waiting": "Vastgelegd en nog niet gesteld",
        "again": "Toon een eerder antwoord",
        "downloads": "Bewaarde antwoorden meenemen",
        "notebook": "Notebook (.ipynb)",
        "word": "Word (.docx)",
        "csv": "Tabel (.csv)",
        "nothing_kept": "Bewaar eerst een antwoord.",
        "search": "Zoek in de hypothesen",
        "hypothesis": "Hypothese",
        "found": "{n} van {all} hypothesen",
        "put": "Zet deze vraag klaar",
        "no_question": "Geen golf vroeg dit tot nu toe. Een volgende golf zou moeten vragen:",
        "elsewhere": "Deze hypothese vergelijkt modellen; één vraag kan dat niet. Zie de "
        "uitspraken van het rapport.",
        "expected": "Verwacht",
        "source": "Bron",
        "page": "p. {page}",
        "differs": "een verschil tussen groepen",
        "none": "geen verband van betekenis",
        "full": "Er staan te veel pagina's van het lab open. Sluit er een en laad opnieuw.",
        "gone": "Deze pagina van het lab is er niet meer. Voer de cel van het notebook opnieuw "
        "uit.",
        "unreadable": "Deze golf kan niet gelezen worden. Kies een andere golf, of verbeter wat "
        "hieronder staat en laad deze pagina opnieuw.",
        "broken": "Er ging iets mis in het programma zelf; aan uw vraag ligt het niet. De pagina "
        "blijft bruikbaar: probeer het nog eens, of stel een andere vraag. Wat er misging staat "
        "in het venster waarin het lab gestart is; stuur dat mee als u het meldt.",
        "no_page": "De pagina van het lab kan niet gemaakt worden.",
        "no_page_why": "Er ging iets mis in het programma zelf. Laad deze pagina opnieuw. Helpt "
        "dat niet, start het lab dan opnieuw; wat er misging staat in het venster waarin het "
        "gestart is. Stuur dat mee als u het meldt.",
        "lost": "De verbinding met het lab is weg: het programma is gestopt of opnieuw gestart. "
        "Start het lab weer en laad deze pagina opnieuw.",
        "framed": "Het lab, zolang de kernel van dit notebook draait, voor deze computer alleen. "
        "Staat hieronder niets, voer dan deze cel uit.",
        "own_tab": "In een eigen tabblad",
        "saved": "Hier staat het lab, waarin u met de muis een vraag samenstelt, zolang Python "
        "draait. Dit is een bewaarde pagina: hier valt niets te bedienen. Open het notebook met "
        "<code>jupyter lab</code> en voer het uit, of start het lab zonder notebook met "
        "<code>mobiliteit lab</code>.",
    },
    "en": {
        "title": "Lab",
        "lead": "Put a question to a wave of the study. Everything is a choice from the codebook; "
        "the test follows from the measurement levels.",
        "other_language": "Nederlands",
        "build": "Put a question together",
        "register": "Hypotheses of the register",
        "wave": "In wave",
        "form": "What kind of question?",
        "who": "Among whom",
        "everybody": "everybody",
        "who_also": "and also",
        "who_which": "Which answers count?",
        "low": "From",
        "high": "Up to and including",
        "controls": "Held constant (may be empty)",
        "pick": "choose …",
        "none_earlier": "there is no earlier wave",
        "add": "add …",
        "remove": "Take out: {label}",
        "category": "Which answer?",
        "whole": "all, side by side",
        "grey": "Grey in a list: about the same answers as what was chosen already, or cannot "
        "differ among these people.",
        "not_here": "{label} (not in this wave)",
        "your_question": "Your question",
        "as_text": "As text, to copy:",
        "type": "Or type the question as text",
        "take_over": "Use this text",
        "ask": "Ask",
        "asking": "Busy …",
        "loading": "Reading wave {wave} …",
        "ready": "{n} people in wave {wave}.",
        "lacking": "Still to choose: {fields}.",
        "refused": "This question cannot be asked like this.",
        "before": "Fix it before looking",
        "before_why": "Whoever fixes a question with an expectation before its answer is seen, "
        "tests it. All other questions are exploratory.",
        "direction": "Expected direction",
        "positive": "positive (more goes with more)",
        "negative": "negative (more goes with less)",
        "any": "none in particular",
        "fix": "Fix it",
        "fixed": "Fixed at {at}. Now ask the question.",
        "not_fixed": "This question cannot be fixed beforehand.",
        "answer": "Answer",
        "no_answer": "The answer comes here: first in a sentence, below that the effect with its "
        "interval, a picture, the assumptions and what to be careful about.",
        "privacy": "This page runs on this computer alone and sends nothing out. Groups of fewer "
        "than ten people are not shown; points in pictures are shifted. Who subtracts two "
        "questions from one another may learn more: share answers with care.",
        "remark": "Remark on this answer (may be empty)",
        "keep": "Keep this answer",
        "kept": "Kept.",
        "forget": "Keep it no longer",
        "forgotten": "No longer kept; the question still counts.",
        "log": "Log of this session",
        "nothing_asked": "No question asked yet. Every question that you ask counts.",
        "asked_one": "1 question asked, {kept} kept.",
        "asked_many": "{asked} questions asked, {kept} kept. The more questions, the sooner "
        "something comes out by chance: that is why p-values are also shown corrected.",
        "waiting": "Fixed and not asked yet",
        "again": "Show an earlier answer",
        "downloads": "Take kept answers along",
        "notebook": "Notebook (.ipynb)",
        "word": "Word (.docx)",
        "csv": "Table (.csv)",
        "nothing_kept": "Keep an answer first.",
        "search": "Search the hypotheses",
        "hypothesis": "Hypothesis",
        "found": "{n} of {all} hypotheses",
        "put": "Put this question ready",
        "no_question": "No wave asked this so far. A next wave would have to ask:",
        "elsewhere": "This hypothesis compares models, which one question cannot do. See the "
        "claims of the report.",
        "expected": "Expected",
        "source": "Source",
        "page": "p. {page}",
        "differs": "a difference between groups",
        "none": "no relation that matters",
        "full": "Too many pages of the lab are open. Close one and load this again.",
        "gone": "This page of the lab is there no longer. Run the cell of the notebook again.",
        "unreadable": "This wave cannot be read. Choose another wave, or mend what is said below "
        "and load this page again.",
        "broken": "Something went wrong in the program itself; it is not your question. The page "
        "can still be used: try again, or ask another question. What went wrong is written in the "
        "window where the lab was started; send it along when you report this.",
        "no_page": "The page of the lab cannot be made.",
        "no_page_why": "Something went wrong in the program itself. Load this page again. If that "
        "does not help, start the lab again; what went wrong is written in the window where it "
        "was started. Send it along when you report this.",
        "lost": "The connection with the lab is gone: the program was stopped or started again. "
        "Start the lab and load this page again.",
        "framed": "The lab, as long as the kernel of this notebook runs, for this computer alone. "
        "If there is nothing below, run this cell.",
        "own_tab": "In a tab of its own",
        "saved": "Here the lab stands, in which a question is put together with the mouse, as "
        "long as Python runs. This is a saved page: nothing on it can be used. Open the notebook "
        "with <code>jupyter lab</code> and run it, or start the lab without a notebook with "
        "<code>mobiliteit lab</code>.",
    },
}


def words(lang: str) -> Mapping[str, str]:
    """Return the set phrases of the page in a language (``nl`` or ``en``)."""
    return _WORDS[lang]
