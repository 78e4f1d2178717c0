"""Headings and set phrases of the exports."""

from __future__ import annotations

from collections.abc import Mapping

from mobiliteit.errors import AnalysisError, Problem

FACTS: Mapping[str, Mapping[str, str]] = {
    "nl": {
        "question": "vraag",
        "wave": "golf",
        "sha256": "controlegetal van het bestand",
        "against_sha256": "controlegetal van het bestand waarmee vergeleken is",
        "verdict": "oordeel",
        "n": "n",
        "measure": "maat",
        "value": "waarde",
        "low": "ondergrens",
        "high": "bovengrens",
        "p": "p",
    },
    "en": {
        "question": "question",
        "wave": "wave",
        "sha256": "checksum of the file",
        "against_sha256": "checksum of the file it is held against",
        "verdict": "verdict",
        "n": "n",
        "measure": "measure",
        "value": "value",
        "low": "lower limit",
        "high": "upper limit",
        "p": "p",
    },
}
_PHRASES: Mapping[str, Mapping[str, str]] = {
    "nl": {
        "title": "Logboek van het lab",
        "repeats": "Dit notebook stelt elke bewaarde vraag opnieuw en legt het antwoord naast dat "
        "in het logboek. Voer het uit in een map van het project.",
        "then": "Antwoord in het logboek ({at}):",
        "same": "Gelijk aan het logboek.",
        "differs": "Dit is anders dan in het logboek.",
        "logged": "in het logboek",
        "now": "nu",
        "summary": "In deze sessie, begonnen op {at}, zijn vragen gesteld: {asked}. Daarvan zijn "
        "hier bewaard: {kept}. Toetsend (vooraf vastgelegd): {confirmatory}; verkennend: "
        "{exploratory}.",
        "asked": "Vraag",
        "estimate": "Schatting",
        "measure": "Maat",
        "value": "Waarde",
        "interval": "{level}%-interval",
        "p": "p",
        "n": "n",
        "robust": "{label} (robuust: {method})",
        "to": "{low} tot {high}",
        "figure": "Figuur {number}. {text}",
        "remark": "Opmerking",
        "notes": "Let op",
        "account": "Verantwoording",
        "method": "Methode: {text}.",
        "question": "Vraag zoals gesteld: {text}",
        "python": "Herhalen in Python: {text}",
        "file": "Golf {wave}, controlegetal (SHA-256) {sha256}.",
        "asked_at": "Gesteld op {at}, mobiliteit {version}.",
        "fixed_at": "Vooraf vastgelegd op {at}.",
        "no_picture": "Geen figuur: de antwoorden van toen zijn hier niet opnieuw te lezen.",
        "refused": "Deze vraag krijgt geen antwoord. De melding, zoals de opdracht die geeft:",
        "all": "Alle vragen van deze sessie",
        "all_lead": "Ook wat niet bewaard is telt mee. Gecorrigeerd is binnen twee families: "
        "toetsend en verkennend.",
        "family": "Soort",
        "confirmatory": "toetsend",
        "exploratory": "verkennend",
        "wave": "Golf",
        "holm": "p (Holm)",
        "bh": "p (BH)",
        "kept": "Bewaard",
        "yes": "ja",
        "no": "nee",
        "waiting": "Vastgelegd en nog niet gesteld",
        "waiting_line": "{question} (golf {wave}, vastgelegd op {at}, verwachte richting: "
        "{direction})",
    },
    "en": {
        "title": "Log of the lab",
        "repeats": "This notebook asks every question that was kept again, and holds the answer "
        "against the one in the log. Run it in a folder of the project.",
        "then": "Answer in the log ({at}):",
        "same": "The same as in the log.",
        "differs": "This is not as in the log.",
        "logged": "in the log",
        "now": "now",
        "summary": "Questions asked in this session, which began at {at}: {asked}. Kept here: "
        "{kept}. Confirmatory (fixed beforehand): {confirmatory}; exploratory: {exploratory}.",
        "asked": "Question",
        "estimate": "Estimate",
        "measure": "Measure",
        "value": "Value",
        "interval": "{level}% interval",
        "p": "p",
        "n": "n",
        "robust": "{label} (robust: {method})",
        "to": "{low} to {high}",
        "figure": "Figure {number}. {text}",
        "remark": "Remark",
        "notes": "Mind",
        "account": "Account",
        "method": "Method: {text}.",
        "question": "Question as asked: {text}",
        "python": "Repeat it in Python: {text}",
        "file": "Wave {wave}, checksum (SHA-256) {sha256}.",
        "asked_at": "Asked at {at}, mobiliteit {version}.",
        "fixed_at": "Fixed beforehand at {at}.",
        "no_picture": "No figure: the answers of that time cannot be read again here.",
        "refused": "This question gets no answer. The message, as the command gives it:",
        "all": "All questions of this session",
        "all_lead": "What was not kept counts as well. Corrected within two families: confirmatory "
        "and exploratory.",
        "family": "Kind",
        "confirmatory": "confirmatory",
        "exploratory": "exploratory",
        "wave": "Wave",
        "holm": "p (Holm)",
        "bh": "p (BH)",
        "kept": "Kept",
        "yes": "yes",
        "no": "no",
        "waiting": "Fixed beforehand and not asked yet",
        "waiting_line": "{question} (wave {wave}, fixed at {at}, expected direction: {direction})",
    },
}


def say(lang: str) -> Mapping[str, str]:
    """Return the phrases in a language.

    Raises
    ------
    AnalysisError
        There is no such language.
    """
    if lang not in _PHRASES:
        problem = Problem(f"there is no language {lang!r}", f"Use one of: {', '.join(_PHRASES)}.")
        raise AnalysisError("This cannot be put into words.", [problem])
    return _PHRASES[lang]
