"""Does it still hold? Every finding of 2006 on a wave, in one word."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Any

import pandas as pd

from mobiliteit.against.findings import Finding, Question, table_findings
from mobiliteit.against.from_claims import claim_findings
from mobiliteit.against.published_side import Printed, PublishedSide
from mobiliteit.against.result import COLUMNS, Against
from mobiliteit.against.rule import Rule, choose, load_rule
from mobiliteit.against.wave_side import Estimated, WaveSide
from mobiliteit.audit.report_data import read_report
from mobiliteit.claims.bench import Bench, Bounds, LackingError
from mobiliteit.claims.forms import Claim, NotCheckable
from mobiliteit.claims.on_wave_cells import CELL_RULES
from mobiliteit.claims.on_wave_models import MODEL_RULES
from mobiliteit.claims.schema import load_claims
from mobiliteit.claims.verdicts import ClaimVerdict
from mobiliteit.errors import AnalysisError, Problem
from mobiliteit.inference.multiplicity import METHODS, adjust
from mobiliteit.inference.replication import Replication, replicate
from mobiliteit.inference.resample import DEFAULT_SEED
from mobiliteit.inference.sceptical import SCEPTICAL
from mobiliteit.project import FIRST_WAVE
from mobiliteit.wave import UNWEIGHTED_NL, Wave

OF_A_LEVEL = ("low", "high", "old_in_new", "new_in_old", "predicted", "change_low", "change_high")
NOT_PRINTED = "het rapport drukt dit getal niet"
NO_ERROR = "deze golf geeft hier geen standaardfout"
NO_PEOPLE = "een aantal of uiterste hangt af van hoeveel mensen meededen"
CONTRADICTED = "de tabellen van 2006 wijzen zelf niet deze kant op"


def score_against(wave: Wave, against: str = FIRST_WAVE, *, rule: Rule | None = None) -> Against:
    """Hold a wave against every finding of the report.

    Parameters
    ----------
    wave : Wave
        A clean wave, with or without weights.
    against : str
        Whose findings: ``2006``, the only wave with a published report.
    rule : Rule, optional
        By default that of ``study/against.yaml``.

    Returns
    -------
    Against
        One row per finding. Weighted estimates have design-based errors; the claims that are more
        than one number (a mediation, say) are judged without weights, and their note says so.
        Missing values leave pairwise, from a regression listwise. People who took part in both
        waves are counted as if they were others, which makes the prediction interval too wide and
        the word cautious.

    Raises
    ------
    AnalysisError
        There is no published report of `against`.
    StudyError
        A file of the study cannot be used.

    Notes
    -----
    Measures: :mod:`mobiliteit.inference.replication`. Errors of 2006:
    :mod:`mobiliteit.against.old_errors`. Simulated rates: ``tests/test_against_simulated.py``.
    """
    if against != FIRST_WAVE:
        problem = Problem(f"there is no published report of wave {against!r}", f"Use {FIRST_WAVE}.")
        raise AnalysisError("A wave can only be held against a report.", [problem])
    study = wave.study
    rule = rule or load_rule(study)
    report, claims = read_report(study), load_claims(study)
    significance = study.tables.significance
    legend = significance.legends[significance.default]
    published = PublishedSide(report, legend, rule.largest_vif)
    on_wave, judge = WaveSide(wave), _Judge(wave, rule, claims)
    records, tested = [], dict[Question, float]()
    findings = [*table_findings(report), *claim_findings(report, claims)]
    for finding in findings:
        if finding.kind == "judged":
            record = judge.record(finding)
        else:
            record = _record(finding, published.of(finding), on_wave.of(finding.question), rule)
        if finding.kind in ("effect", "none") and math.isfinite(record["p"]):
            tested[_test(finding.question)] = record["p"]
        records.append(_common(finding, wave, against) | record)
    corrected = {
        f"p_{name}": dict(zip(tested, adjust(list(tested.values()), name), strict=True))
        for name in METHODS
    }
    for finding, record in zip(findings, records, strict=True):
        if finding.kind in ("effect", "none"):
            key = _test(finding.question)
            record |= {name: p.get(key, math.nan) for name, p in corrected.items()}
    frame = pd.DataFrame(records, columns=list(COLUMNS)).astype({"n": "Int64"})
    counts = {
        "tests": float(len(tested)),
        "significant": float(sum(p < rule.alpha for p in tested.values())),
        **{name: float(sum(p < rule.alpha for p in ps.values())) for name, ps in corrected.items()},
        "by_chance": rule.alpha * len(tested),
    }
    return Against(frame, rule, wave, against, counts)


def _test(question: Question) -> Question:
    """Make the same test of two findings one: a - b is b - a, and where it stands is no matter."""
    if question.form in ("beta", "r2"):
        return question
    a, b = sorted([question.a, question.b])
    return replace(question, a=a, b=b, table="", row="", column="")


def _common(finding: Finding, wave: Wave, against: str) -> dict[str, Any]:
    names = ("id", "source", "place", "claim", "kind", "direction")
    return {name: getattr(finding, name) for name in names} | {
        "form": finding.question.form,
        "label_nl": finding.label.nl,
        "label_en": finding.label.en,
        "note": "",
        "wave": wave.id,
        "against": against,
        "synthetic": wave.synthetic,
    }


def _record(finding: Finding, old: Printed, new: Estimated, rule: Rule) -> dict[str, Any]:
    errors = old.errors
    record: dict[str, Any] = {
        "old": old.value,
        "old_low": old.box[0],
        "old_high": old.box[1],
        "se_old_low": errors.low,
        "se_old_high": errors.high,
        "se_old_assumed": errors.assumed,
        "se_old_odd": errors.at_odds,
        "new": new.value,
        "se_new": new.se,
        "df": new.df,
        "p": math.nan,
        "n": new.n,
        "unit": new.unit,
        "weighted": new.weighted,
        "word": "cannot_say",
        "why": "no_number",
    }
    if finding.question.form == "nothing":
        return record | {"note": NO_PEOPLE}
    if not new.usable:
        return record | {"note": new.note or NO_ERROR}
    if math.isnan(old.value):
        # Held against nothing: the new number stands by itself.
        alone = replicate(0.0, (0.0, math.inf), new.value, new.se, new.df, alpha=rule.alpha)
        own = {"low": alone.low, "high": alone.high, "p": alone.p, "detectable": alone.detectable}
        return record | own | {"note": NOT_PRINTED}
    found = replicate(
        old.value, (errors.low, errors.high), new.value, new.se, new.df, old_box=old.box,
        alpha=rule.alpha, power=rule.power,
    )  # fmt: skip
    if math.isfinite(new.p):
        found = replace(found, p=new.p)
    # Against zero a mean or percentage is not tested: only what is about a change is of use.
    measures = _measures(found)
    if finding.kind == "level":
        measures = {name: measures[name] for name in OF_A_LEVEL}
    record |= measures
    if finding.kind == "effect" and old.value * finding.direction <= 0:
        return record | {"why": "contradicted_then", "note": CONTRADICTED}
    word, why = choose(rule, finding.kind, found, _bound(finding, new, rule), finding.direction)
    return record | {"word": word, "why": why}


def _bound(finding: Finding, new: Estimated, rule: Rule) -> float:
    form, bounds = finding.question.form, rule.bounds
    if form in ("beta", "r2"):
        return bounds.beta if form == "beta" else bounds.r2
    return bounds.points if finding.question.share else bounds.sd * new.unit


def _measures(found: Replication) -> dict[str, Any]:
    names = ("low", "high", "p", "same_sign", "old_in_new", "new_in_old", "predicted", "smaller")
    record = {name: getattr(found, name) for name in (*names, "power", "detectable")}
    pairs = {"small": found.small, "small_p": found.small_p, "change": found.detectable_change}
    pairs |= {f"sceptical_{kind}": found.sceptical[kind] for kind in SCEPTICAL}
    ends = {
        f"{name}_{side}": value
        for name, pair in pairs.items()
        for side, value in zip(("low", "high"), pair, strict=True)
    }
    return record | ends


class _Judge:
    """The claims that are more than one number, by the rules for claims, without weights."""

    def __init__(self, wave: Wave, rule: Rule, claims: tuple[Claim, ...]) -> None:
        bounds = Bounds(d=rule.bounds.sd, points=rule.bounds.points, beta=rule.bounds.beta)
        bare = wave.unweighted()
        self.bench = Bench(bare, rule.alpha, bounds, rule.resamples, DEFAULT_SEED)
        self.left_out = UNWEIGHTED_NL if bare.weights_left_out else ""
        self.claims = {claim.id: claim for claim in claims}

    def record(self, finding: Finding) -> dict[str, Any]:
        """Return the verdict on a claim as a record."""
        claim = self.claims[finding.claim]
        record = {"p": math.nan, "word": "cannot_say", "why": "judged", "weighted": False}
        rules = CELL_RULES | MODEL_RULES
        if isinstance(claim.statement, NotCheckable):
            return record | {"note": claim.statement.reason.nl, "why": "no_number"}
        try:
            parts = tuple(rules[type(claim.statement)](self.bench, claim.statement))
        except LackingError as lacking:
            return record | {"note": lacking.reason.nl, "why": "no_number"}
        except AnalysisError as error:
            reasons = "; ".join(problem.what for problem in error.problems)
            return record | {"note": reasons, "why": "no_number"}
        verdict = ClaimVerdict(claim, parts)
        weakest = verdict.weakest
        note = " ".join(filter(None, [verdict.basis("nl"), self.left_out]))
        return record | {
            "new": weakest.estimate,
            "low": weakest.low,
            "high": weakest.high,
            "p": weakest.p,
            "n": pd.NA if weakest.n is None else weakest.n,
            "word": "holds" if verdict.verdict == "supported" else "cannot_say",
            "why": "contradicted_now" if verdict.verdict == "contradicted" else "judged",
            "note": note,
        }
