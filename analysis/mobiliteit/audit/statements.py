"""The claims of the text (part of the study's files), as findings of the audit.

:mod:`mobiliteit.claims` judges every statement of the text on the report's own tables; the audit
tells which ones a table contradicts, which ones the report's own test does not bear out, and how
many compare groups that the report tested only together.
"""

from __future__ import annotations

from collections.abc import Hashable
from typing import Any

import pandas as pd

from mobiliteit.audit.verdicts import Finding
from mobiliteit.claims.on_tables import judge_published
from mobiliteit.claims.schema import FILE, FOLDER
from mobiliteit.study import Study

KIND = "tekst en tabel"


def claim_findings(study: Study) -> list[Finding]:
    """Turn the verdicts on the claims into findings.

    Parameters
    ----------
    study : Study
        With ``published/claims.yaml``; a study without that file gives no findings.

    Returns
    -------
    list of Finding
        One for every claim that a printed table contradicts or whose test is not significant, and
        one for all claims on pairs that the report did not test. Lighter than findings of the
        audit's own, which rest on arithmetic alone.

    Raises
    ------
    StudyError
        The claims do not fit the study.
    """
    if not (study.path / FOLDER / FILE).is_file():
        return []
    judged = judge_published(study).frame
    findings = [
        _finding(claim, weight)
        for weight, rows in (
            (0.5, judged[judged["verdict"] == "contradicted"]),
            (0.4, judged[judged["why"] == "not_significant"]),
        )
        for claim in rows.to_dict("records")
    ]
    untested = judged[judged["why"] == "untested"]
    if len(untested):
        findings.append(_untested(untested, len(judged)))
    return findings


def _finding(claim: dict[Hashable, Any], weight: float) -> Finding:
    contradicted = claim["verdict"] == "contradicted"
    what_nl = "Weersproken door een tabel" if contradicted else "Niet gesteund door de toets"
    what_en = "Contradicted by a table" if contradicted else "Not supported by the test"
    name = claim["id"]
    return Finding(
        kind=KIND,
        title_nl=f"{what_nl}: {claim['claim_nl'].rstrip('.')}",
        title_en=f"{what_en}: {claim['claim_en'].rstrip('.')}",
        nl=f"Bewering {name}, in onze woorden. Waarop dit rust: {claim['basis_nl']}",
        en=f"Claim {name}, in our words. What this rests on: {claim['basis_en']}",
        page=str(claim["page"]),
        weight=weight,
    )


def _untested(untested: pd.DataFrame, total: int) -> Finding:
    pages = ", ".join(str(page) for page in sorted(set(untested["page"])))
    n = len(untested)
    return Finding(
        kind=KIND,
        title_nl=f"{n} van de {total} beweringen vergelijken wat het rapport alleen samen toetste",
        title_en=f"{n} of the {total} claims compare what the report tested only together",
        nl="De gedrukte toets gaat over alle groepen of klassen tegelijk; welke twee verschillen, "
        "volgt daar niet uit. De getallen wijzen wel in de beweerde richting.",
        en="The printed test is about all groups or classes at once; which two differ does not "
        "follow from it. The numbers do point in the direction claimed.",
        page=pages,
        weight=0.1,
    )
