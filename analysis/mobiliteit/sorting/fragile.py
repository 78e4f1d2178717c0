"""Sorting a wave by other versions of the rules, and holding what follows beside the report's.

Weights are left out: a version changes who is kept, so that weights would have to be made anew.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from mobiliteit.claims.forms import Claim
from mobiliteit.claims.on_wave import judge_wave
from mobiliteit.claims.schema import load_claims, statement_problems
from mobiliteit.claims.verdicts import ClaimVerdicts
from mobiliteit.clean import CleanAnswers, clean
from mobiliteit.errors import WaveError
from mobiliteit.gaps import NOT_ASKED
from mobiliteit.inference.resample import DEFAULT_SEED
from mobiliteit.ingest import RawWave, read_raw
from mobiliteit.ledger import Ledger
from mobiliteit.project import find_project
from mobiliteit.render.numbers import stars
from mobiliteit.render.tables import show_table
from mobiliteit.results import TEST_STATISTICS
from mobiliteit.samples import check_level
from mobiliteit.segments import RULE_COLUMN
from mobiliteit.sorting.result import (
    CELL_COLUMNS,
    CLAIM_COLUMNS,
    NOT_APPLICABLE,
    Sorting,
    SortingVersion,
)
from mobiliteit.sorting.schema import Version, load_versions
from mobiliteit.study import Study, load_study
from mobiliteit.study_schema import Label
from mobiliteit.tables import compute_tables
from mobiliteit.wave import Wave, assemble

DEFAULT_RESAMPLES = 1000
"""Fewer than for the claims themselves: every version judges what it changes again."""


def sort_otherwise(
    name: str = "2006",
    *,
    root: Path | str | None = None,
    study: Study | None = None,
    alpha: float = 0.05,
    resamples: int = DEFAULT_RESAMPLES,
    seed: int = DEFAULT_SEED,
) -> Sorting:
    """Sort a wave by every version of the segment rules, and see what changes.

    Parameters
    ----------
    name : str
        Folder under ``data_raw/``.
    root : path, optional
        A folder in the project; by default the current one.
    study : Study, optional
        By default the 2006 study; its folder holds the versions.
    alpha : float
        Level of the claims' tests, between 0 and 0.5.
    resamples, seed : int
        Of the claims' bootstraps, the same for every version, so that a verdict flips by the
        sorting and not by the draw.

    Returns
    -------
    Sorting
        Of the unweighted wave.

    Raises
    ------
    MobiliteitError
        The wave, its study or the versions cannot be used.
    """
    study = study or load_study()
    raw = read_raw(find_project(root).raw(name), study)
    return compare_sortings(
        raw, clean(raw, study), study, alpha=alpha, resamples=resamples, seed=seed
    )


def compare_sortings(
    raw: RawWave,
    answers: CleanAnswers,
    study: Study,
    *,
    alpha: float = 0.05,
    resamples: int = DEFAULT_RESAMPLES,
    seed: int = DEFAULT_SEED,
) -> Sorting:
    """Do what :func:`sort_otherwise` does, on answers that are cleaned already.

    Parameters
    ----------
    raw : RawWave
        As delivered.
    answers : CleanAnswers
        What cleaning made of it; nothing is changed in it.
    study : Study
        With the report's rules; its folder holds the versions and the claims.
    alpha, resamples, seed
        As of :func:`sort_otherwise`.

    Returns
    -------
    Sorting
        A version that needs a question which the questionnaire or the wave lacks, or under which
        nobody is left, is undecided, with the reason.
    """
    check_level(2 * alpha)
    versions, claims = load_versions(study), load_claims(study)
    bench = _Bench(raw, answers, claims, alpha, resamples, seed)
    base = bench.sort(study, answers)
    cells, verdicts = bench.cells(base), bench.judge(base)
    found = []
    for name, version in versions.items():
        reason = _undecided(raw, study, version)
        if reason is not None:
            found.append(_no_answer(name, version, reason))
            continue
        changed = version.applied_to(study, name)
        try:
            wave = bench.sort(changed, with_silence(answers, version, study))
        except WaveError as error:
            what = "; ".join(problem.what for problem in error.problems)
            reason = Label(nl=f"zo is er geen golf van te maken ({what})", en=what)
            found.append(_no_answer(name, version, reason))
            continue
        found.append(_compared(name, version, bench, (base, cells, verdicts), wave))
    return Sorting(base, tuple(found), alpha, resamples, seed)


class _Bench:
    """What is done again for each version."""

    def __init__(
        self,
        raw: RawWave,
        answers: CleanAnswers,
        claims: tuple[Claim, ...],
        alpha: float,
        resamples: int,
        seed: int,
    ) -> None:
        self.weighted = raw.descriptor.weights is not None
        self.raw = replace(raw, descriptor=raw.descriptor.model_copy(update={"weights": None}))
        self.ledger, self.claims = answers.ledger, claims
        self.alpha, self.resamples, self.seed = alpha, resamples, seed
        self.done: dict[Any, Any] = {}

    def sort(self, study: Study, answers: CleanAnswers) -> Wave:
        """Make a wave by the rules of a study, with a ledger of its own."""
        ledger = Ledger(self.ledger.wave, list(self.ledger.entries))
        wave = assemble(self.raw, replace(answers, ledger=ledger), study)
        return replace(wave, weights_left_out=self.weighted)

    def cells(self, wave: Wave) -> pd.DataFrame:
        """All cells of all tables, with how they print; index: table, row and column."""
        level = wave.study.tables.significance.difference
        frames = []
        for number, result in compute_tables(wave).items():
            view, english = show_table(result), show_table(result, lang="en").cells
            frame = view.cells.assign(
                table=number,
                row_label=_headed(view.cells),
                row_label_en=_headed(english),
                column_label_en=english["column_label"],
                text_en=english["text"],
            )
            frame["test"] = [
                _outcome(str(statistic), float(p), view.legend, level)
                for statistic, p in zip(frame["statistic"], frame["p"], strict=True)
            ]
            frames.append(frame)
        return pd.concat(frames).set_index(["table", "row", "column"])

    def judge(self, wave: Wave) -> ClaimVerdicts:
        """Judge the claims that the rules of a wave can speak of."""
        fitting = [c for c in self.claims if not list(statement_problems(wave.study, c))]
        return judge_wave(
            wave,
            self.alpha,
            resamples=self.resamples,
            seed=self.seed,
            claims=fitting,
            done=self.done,
        )


def _headed(cells: pd.DataFrame) -> pd.Series:
    """Row labels, with the heading that they stand under."""
    return cells["group"].where(cells["group"] == "", cells["group"] + ": ") + cells["row_label"]


def _outcome(statistic: str, p: float, legend: Mapping[str, float], level: float) -> str:
    """Say how a test came out, as far as a reader sees it; empty without a test."""
    if not np.isfinite(p):
        return ""
    if statistic in TEST_STATISTICS or statistic == "mean":
        return "Ja" if p < level else "Nee"
    return stars(p, legend) or "ns"


def _undecided(raw: RawWave, study: Study, version: Version) -> Label | None:
    book, absent = study.codebook.variables, raw.descriptor.absent
    lacking = []
    for question in version.questions:
        if question not in book:
            needed = version.needs[question]
            nl = f"de vragenlijst vraagt niet {needed.nl}"
            lacking.append((nl, f"the questionnaire does not ask {needed.en}"))
        elif question in absent:
            reason = absent[question]
            nl, en = (f"{study.label(question, k)}: {NOT_ASKED[k]} ({reason})" for k in NOT_ASKED)
            lacking.append((nl, en))
    if not lacking:
        return None
    nl, en = ("; ".join(texts) for texts in zip(*lacking, strict=True))
    return Label(nl=nl, en=en)


def _no_answer(name: str, version: Version, reason: Label) -> SortingVersion:
    cells, claims = pd.DataFrame(columns=list(CELL_COLUMNS)), pd.DataFrame(columns=[*CLAIM_COLUMNS])
    return SortingVersion(name, version, reason, pd.DataFrame(), cells, claims, 0, 0)


def with_silence(answers: CleanAnswers, version: Version, study: Study) -> CleanAnswers:
    """Let silence on a question that was asked stand for the answer that the version gives it.

    Parameters
    ----------
    answers : CleanAnswers
        Left as they are.
    version : Version
        Its `missing` says which answer.
    study : Study
        With the skip rules: who was not asked keeps no answer.

    Returns
    -------
    CleanAnswers
        With those answers filled in, a filter question before the questions that it filters.
    """
    if not version.missing:
        return answers
    frame = answers.frame.copy()
    for column in study.codebook.columns():
        if column.name not in version.missing:
            continue
        code = version.missing[column.name]
        asked = pd.Series(True, index=frame.index)
        for question, codes in column.asked.items():
            ids = study.codebook.answers(question).values
            asked &= frame[question].isin([*codes, *(ids[c].id for c in codes if c in ids)])
        value = float(code) if column.value_ids is None else column.value_ids[code]
        silent = frame[column.name].isna() & asked
        frame[column.name] = frame[column.name].mask(silent, value)
    return replace(answers, frame=frame)


def _groups(wave: Wave) -> pd.Series:
    """Group of everybody who was sorted, the unclassified included."""
    rules = wave.study.segments
    kept = wave.frame[rules.group_variable.id].astype("object")
    others = pd.Series(rules.unclassified.id, index=wave.unclassified.index, dtype="object")
    return pd.concat([kept, others])


def _compared(
    name: str,
    version: Version,
    bench: _Bench,
    base: tuple[Wave, pd.DataFrame, ClaimVerdicts],
    wave: Wave,
) -> SortingVersion:
    first, cells, verdicts = base
    rules = first.study.segments
    labels = [*rules.groups, rules.unclassified.id]
    before = _groups(first)
    after = _groups(wave).reindex(before.index)
    moves = pd.crosstab(before, after).reindex(index=labels, columns=labels, fill_value=0)
    moves = moves.rename_axis(index=None, columns=None)
    sorting = [rules.segment_variable.id, rules.group_variable.id, RULE_COLUMN]
    if first.frame.index.equals(wave.frame.index) and first.frame[sorting].astype("str").equals(
        wave.frame[sorting].astype("str")
    ):
        # Nobody moved, so nothing can have changed.
        other_cells, other_verdicts = cells, verdicts
    else:
        other_cells, other_verdicts = bench.cells(wave), bench.judge(wave)
    changed, tests = _changed_cells(cells, other_cells)
    claims, judged = _changed_claims(verdicts, other_verdicts)
    return SortingVersion(name, version, None, moves, changed, claims, tests, judged)


def _changed_cells(before: pd.DataFrame, after: pd.DataFrame) -> tuple[pd.DataFrame, int]:
    # A cell that one of the sortings does not have prints as nothing, and flips nothing.
    labels = ["row_label", "row_label_en", "column_label", "column_label_en"]
    own = ["statistic", "value", "p", "n", "text", "text_en", "test", *labels]
    # Order of the report, then what only the version has.
    places = before.index.append(after.index.difference(before.index, sort=False))
    one, other = before[own].reindex(places), after[own].reindex(places)
    texts, others = one["text"].fillna(""), other["text"].fillna("")
    tested = one["test"].fillna("").ne("") & other["test"].fillna("").ne("")
    frame = pd.DataFrame(
        {
            "statistic": one["statistic"].fillna(other["statistic"]),
            "before": one["value"],
            "after": other["value"],
            "p_before": one["p"],
            "p_after": other["p"],
            "n_before": one["n"],
            "n_after": other["n"],
            "text_before": texts,
            "text_after": others,
            "flips": tested & (one["test"] != other["test"]),
            "text_before_en": one["text_en"].fillna(""),
            "text_after_en": other["text_en"].fillna(""),
            **{name: one[name].fillna(other[name]) for name in labels},
        },
        index=places,
    )
    changed = frame[(texts != others) | frame["flips"]].reset_index()
    return changed[list(CELL_COLUMNS)], int(tested.sum())


def _changed_claims(before: ClaimVerdicts, after: ClaimVerdicts) -> tuple[pd.DataFrame, int]:
    others = {entry.claim.id: entry for entry in after.verdicts}
    records: list[dict[str, Any]] = []
    for entry in before.verdicts:
        other = others.get(entry.claim.id)
        if other is not None and other.verdict == entry.verdict:
            continue
        claim = entry.claim
        records.append(
            {
                "id": claim.id,
                "form": claim.form,
                "claim_nl": claim.nl,
                "claim_en": claim.en,
                "before": entry.verdict,
                "after": NOT_APPLICABLE if other is None else other.verdict,
                "basis_nl": "" if other is None else other.basis("nl"),
                "basis_en": "" if other is None else other.basis("en"),
                "p": np.nan if other is None else other.weakest.p,
            }
        )
    return pd.DataFrame(records, columns=list(CLAIM_COLUMNS)), len(others)
