"""Careless answering, flagged by the rules that a sidecar states.

Five rules, none applied unless ``careless`` in ``wave.yaml`` names it; what each asks for is in its
class in :mod:`mobiliteit.descriptor_schema`. They look at the cleaned answers in codebook coding,
before any item is mirrored, in the order of the columns of the file: that is how the respondent met
them. A flag is a suspicion. Whether it costs the respondent the place in the sample is a setting.

Sources: Meade & Craig (2012, Psychological Methods 17, 437-455) and Curran (2016, Journal of
Experimental Social Psychology 66, 4-19) for the indices and for using several; Johnson (2005,
Journal of Research in Personality 39, 103-129) for the longest run of one answer; Leiner (2019,
Survey Research Methods 13, 229-248) for time, as a limit and relative to the median.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from mobiliteit.descriptor_schema import (
    Careless,
    Descriptor,
    DuplicateAnswers,
    InconsistentItems,
    LongString,
    Speeders,
    StraightLining,
    TickColumns,
)
from mobiliteit.errors import Problem, WaveError
from mobiliteit.ledger import Ledger
from mobiliteit.results import tidy_frame
from mobiliteit.study import Study

RULES = {
    "speeders": ("te_snel", "te snel"),
    "straight_lining": ("rechte_lijn", "steeds hetzelfde antwoord in een blok"),
    "long_string": ("lange_reeks", "lange reeks gelijke antwoorden"),
    "inconsistent": ("tegenstrijdig", "gespiegelde vragen tegenstrijdig beantwoord"),
    "duplicates": ("gelijke_antwoorden", "dezelfde antwoorden als een ander"),
}
"""Rules in the order in which they are applied: reason and Dutch label in the ledger."""
SEVERAL = ("meer_signalen", "door meer regels aangewezen")
SECONDS = {"seconds": 1.0, "minutes": 60.0, "milliseconds": 0.001}
# Keeps 4 - 2.75 from missing a limit of 1.25 on binary fractions.
ALLOWANCE = 1e-9


@dataclass(frozen=True)
class CarelessReport:
    """Who was flagged by which rule, and who was left out for it.

    Attributes
    ----------
    wave : str
        Id of the wave.
    flags : pandas.DataFrame
        Index: respondent id, everybody who was cleaned. One boolean column per rule applied.
    measured : pandas.DataFrame
        Same shape: what the rule looked at. ``speeders``: duration in seconds;
        ``straight_lining``: number of blocks with one answer; ``long_string``: length of the
        longest run; ``inconsistent``: size of the contradiction in scale points (with `scales`
        above 1 the largest that so many scales reach); ``duplicates``: respondents with these
        answers, the own ones included. NaN where the rule cannot be applied to this respondent:
        nothing was recorded, or too little answered. Such a respondent is not flagged.
    limits : dict of str to float
        Rule to the value of `measured` from which (``speeders``: below which) it flags.
    reasons : pandas.Series
        Same index: the reason for which a respondent is excluded, '' for those kept.
    labels : dict of str to str
        Reason to its Dutch label, in the order in which reasons were given.
    """

    wave: str
    flags: pd.DataFrame
    measured: pd.DataFrame
    limits: dict[str, float]
    reasons: pd.Series
    labels: dict[str, str]

    @property
    def kept(self) -> pd.Series:
        """Whether a respondent stays in the wave."""
        return self.reasons == ""

    def counts(self) -> pd.DataFrame:
        """Count what each rule did.

        Returns
        -------
        pandas.DataFrame
            Index: rule. Columns ``limit``, ``evaluable``, ``not_evaluable``, ``flagged``,
            ``flagged_kept`` (flagged by this rule and not left out by any) and ``excluded`` (for
            this reason).
        """
        evaluable = self.measured.notna().sum()
        return pd.DataFrame(
            {
                "limit": pd.Series(self.limits, dtype="float64"),
                "evaluable": evaluable,
                "not_evaluable": len(self.measured) - evaluable,
                "flagged": self.flags.sum(),
                "flagged_kept": self.flags[self.kept].sum(),
                "excluded": [self.reasons.eq(RULES[rule][0]).sum() for rule in self.limits],
            },
            index=list(self.limits),
        )

    def suspects(self) -> pd.DataFrame:
        """List the respondents whom any rule flagged.

        Returns
        -------
        pandas.DataFrame
            Columns ``respondent, rules`` (joined with " + "), one per rule with what it measured,
            and ``excluded`` (the reason, '' for who was kept).
        """
        found = self.flags.any(axis=1)
        names = [
            " + ".join(self.flags.columns[row]) for row in self.flags[found].to_numpy(dtype=bool)
        ]
        frame = self.measured[found].assign(excluded=self.reasons[found])
        frame.insert(0, "rules", names)
        return frame.rename_axis("respondent").reset_index()

    def tidy(self) -> pd.DataFrame:
        """Return limits and counts as a tidy frame, and how many the rules left out together."""
        records: list[dict[str, Any]] = [
            {
                "row": str(rule),
                "statistic": str(statistic),
                "value": float(value),
                "n": int(counts["evaluable"]),
                "n_missing": int(counts["not_evaluable"]),
            }
            for rule, counts in self.counts().iterrows()
            for statistic, value in counts.items()
            if statistic not in ("evaluable", "not_evaluable")
        ]
        total = {"n": len(self.reasons), "statistic": "excluded", "row": "all"}
        records.append(total | {"value": float((~self.kept).sum())})
        return tidy_frame(records, analysis="careless", wave=self.wave)

    def enter(self, ledger: Ledger) -> None:
        """Write into the ledger who leaves, one reason each, and who is flagged and stays."""
        for reason, label in self.labels.items():
            n = int((self.reasons == reason).sum())
            ledger.add("careless", "excluded", n, reason=reason, label=label)
        for rule, n in self.flags[self.kept].sum().items():
            reason, label = RULES[str(rule)]
            ledger.add("careless", "flagged", int(n), reason=reason, label=label)


@dataclass(frozen=True)
class _Answers:
    """The answers as the rules see them: columns of the wave, in the order of the file."""

    frame: pd.DataFrame
    process: pd.DataFrame
    study: Study
    items: list[str]
    everything: list[str]


def flag_careless(
    answers: pd.DataFrame,
    process: pd.DataFrame,
    descriptor: Descriptor,
    study: Study,
    order: Sequence[str] = (),
) -> CarelessReport:
    """Apply the rules for careless answering that a sidecar names.

    Parameters
    ----------
    answers : pandas.DataFrame
        Index: respondent id. Cleaned answers in codebook coding, items not yet mirrored; NaN where
        missing or not asked.
    process : pandas.DataFrame
        Same index; the column with the duration, as delivered.
    descriptor : Descriptor
        The sidecar; its `careless` may be None, and then nobody is flagged.
    study : Study
        With the codebook.
    order : sequence of str
        Columns of the raw file, in its order; by default the order of the sidecar.

    Returns
    -------
    CarelessReport
        An item is a question with ordered answers. Items are neighbours when no other question of
        the study stands between them in the file; columns that the study does not use do not
        count. Missing answers are passed over: they neither end a run nor add to it, and a block
        needs `min_items` answers. Respondents excluded earlier play no part, also not in the
        median duration. Weights are not used.

    Raises
    ------
    WaveError
        A duration is no positive number, or a rule could never flag anybody in this wave (fewer
        items, blocks or scales than it asks for); all problems together.
    """
    rules = descriptor.careless or Careless()
    asked = _asked(descriptor, order)
    ordinal = {column.name for column in study.codebook.columns() if column.level == "ordinal"}
    items = [name for name in asked if name in ordinal]
    seen = _Answers(answers, process, study, items, asked)
    problems: list[Problem] = []
    measured: dict[str, pd.Series] = {}
    limits: dict[str, float] = {}
    for name, measure in _MEASURES.items():
        rule = getattr(rules, name)
        if rule is None:
            continue
        try:
            values, limits[name] = measure(seen, rule)
            measured[name] = pd.Series(values, index=answers.index, dtype="float64")
        except WaveError as error:
            problems += error.problems
    if (rules.exclude_from_flags or 0) > len(measured) + len(problems):
        what = f"careless.exclude_from_flags asks for {rules.exclude_from_flags} rules that flag"
        few = f"{what}, there are {len(measured) + len(problems)}"
        problems.append(Problem(few, "Lower it, or name more rules.", file="wave.yaml"))
    if problems:
        wave = descriptor.wave
        raise WaveError(f"The rules for careless answers of wave {wave} do not fit.", problems)
    table = pd.DataFrame(measured, index=answers.index)
    flags = table.ge(pd.Series(limits, dtype="float64") - ALLOWANCE)
    if "speeders" in table:
        flags["speeders"] = table["speeders"] < limits["speeders"]
    reasons = pd.Series("", index=answers.index, dtype="object")
    labels: dict[str, str] = {}
    for name in limits:
        if getattr(rules, name).action == "exclude":
            reason, labels[RULES[name][0]] = RULES[name]
            reasons = reasons.mask((reasons == "") & flags[name], reason)
    if rules.exclude_from_flags is not None:
        labels[SEVERAL[0]] = f"{SEVERAL[1]} ({rules.exclude_from_flags} of meer)"
        several = flags.sum(axis=1) >= rules.exclude_from_flags
        reasons = reasons.mask((reasons == "") & several, SEVERAL[0])
    return CarelessReport(descriptor.wave, flags, table, limits, reasons, labels)


def _asked(descriptor: Descriptor, order: Sequence[str]) -> list[str]:
    """List the codebook columns that the file holds, in its order."""
    targets = {source: [entry.variable] for source, entry in descriptor.columns.items()}
    for question in descriptor.multi_select:
        if isinstance(question, TickColumns):
            for source, target in question.columns.items():
                targets[source] = [question.variable or str(target)]
        else:
            targets[question.column] = [name for name in question.options.values() if name]
    in_file = [source for source in order or targets if source in targets]
    return list(dict.fromkeys(name for source in in_file for name in targets[source]))


def _cannot(what: str, remedy: str, column: str | None = None, **where: Any) -> WaveError:
    problem = Problem(what, remedy, file="wave.yaml", column=column, **where)
    return WaveError("This rule for careless answers cannot be applied.", [problem])


def _durations(seen: _Answers, rule: Speeders) -> tuple[pd.Series, float]:
    delivered = seen.process[rule.column]
    empty = delivered.isna() | (delivered.astype("str").str.strip() == "")
    numbers = pd.to_numeric(delivered.where(~empty), errors="coerce").astype("float64")
    wrong = ~empty & ~(np.isfinite(numbers) & (numbers > 0))
    if wrong.any():
        raise _cannot(
            f"{int(wrong.sum())} durations are no positive number",
            "Empty them in the file (an unknown duration flags nobody), or name another column "
            "under careless.speeders.",
            rule.column,
            values=tuple(dict.fromkeys(map(str, delivered[wrong]))),
            rows=tuple(map(str, delivered.index[wrong])),
        )
    if empty.all():
        raise _cannot(
            "it holds no duration at all", "Name another column, or remove the rule.", rule.column
        )
    seconds = numbers * SECONDS[rule.unit]
    if rule.seconds is not None:
        return seconds, rule.seconds
    return seconds, float(rule.share_of_median or 0) * float(seconds.median())


def _blocks(seen: _Answers) -> list[list[str]]:
    """Split the items into runs of neighbours that share a response scale."""
    variables = seen.study.codebook.variables
    scale_of = {
        column.name: variables[column.variable].scale or column.variable
        for column in seen.study.codebook.columns()
    }
    blocks: list[list[str]] = []
    last = ""
    for name in seen.everything:
        if name in seen.items and scale_of[name] == last:
            blocks[-1].append(name)
        elif name in seen.items:
            blocks.append([name])
        last = scale_of[name] if name in seen.items else ""
    return blocks


def _straight_blocks(seen: _Answers, rule: StraightLining) -> tuple[np.ndarray, float]:
    blocks = [block for block in _blocks(seen) if len(block) >= rule.min_items]
    if len(blocks) < rule.blocks:
        raise _cannot(
            f"careless.straight_lining asks for {rule.blocks} blocks of {rule.min_items} items or "
            f"more, the file has {len(blocks)}",
            "Lower `min_items` or `blocks`, or remove the rule.",
        )
    straight, usable = (np.zeros(len(seen.frame)) for _ in range(2))
    for block in blocks:
        codes = seen.frame[block].to_numpy(dtype="float64")
        enough = np.isfinite(codes).sum(axis=1) >= rule.min_items
        usable += enough
        straight += enough & (np.fmax.reduce(codes, axis=1) == np.fmin.reduce(codes, axis=1))
    return np.where(usable >= rule.blocks, straight, np.nan), rule.blocks


def _longest_run(seen: _Answers, rule: LongString) -> tuple[np.ndarray, float]:
    if len(seen.items) < rule.items:
        raise _cannot(
            f"careless.long_string asks for {rule.items} items in a row, the file has "
            f"{len(seen.items)}",
            "Lower `items`, or remove the rule.",
        )
    n = len(seen.frame)
    run, longest, answered = (np.zeros(n, dtype="int64") for _ in range(3))
    last = np.full(n, np.nan)
    for name in seen.items:
        codes = seen.frame[name].to_numpy(dtype="float64")
        given = np.isfinite(codes)
        run = np.where(given, np.where(codes == last, run + 1, 1), run)
        last = np.where(given, codes, last)
        longest = np.maximum(longest, run)
        answered += given
    return np.where(answered >= rule.items, longest, np.nan), rule.items


def _contradiction(seen: _Answers, rule: InconsistentItems) -> tuple[np.ndarray, float]:
    turned = {c.name: c.bounds for c in seen.study.codebook.columns() if c.reversed}
    gaps = []
    for variable in seen.study.codebook.scale_variables().values():
        items = [name for name in variable.items if name in seen.items]
        mirrored, plain = ([i for i in items if (i in turned) is side] for side in (True, False))
        if mirrored and plain:
            back = pd.DataFrame({i: sum(turned[i]) - seen.frame[i] for i in mirrored})
            gaps.append((seen.frame[plain].mean(axis=1) - back.mean(axis=1)).abs())
    if len(gaps) < rule.scales:
        raise _cannot(
            f"careless.inconsistent asks for {rule.scales} scales with reversed items, the file "
            f"has {len(gaps)}",
            "Lower `scales`, or remove the rule.",
        )
    # NaN sorts last, so that the k-th largest is NaN where fewer than k scales can be judged.
    ordered = -np.sort(-np.column_stack(gaps), axis=1)
    return ordered[:, rule.scales - 1], rule.difference


def _alike(seen: _Answers, rule: DuplicateAnswers) -> tuple[np.ndarray, float]:
    if len(seen.everything) < rule.min_answered:
        raise _cannot(
            f"careless.duplicates asks for {rule.min_answered} answers, the file has "
            f"{len(seen.everything)} questions",
            "Lower `min_answered`, or remove the rule.",
        )
    frame = seen.frame[seen.everything]
    codes = pd.DataFrame(
        {
            name: values.cat.codes.astype("float64").where(values.notna())
            if isinstance(values.dtype, pd.CategoricalDtype)
            else values
            for name, values in frame.items()
        }
    )
    enough = (frame.notna().sum(axis=1) >= rule.min_answered).to_numpy()
    alike = np.where(enough, 1.0, np.nan)
    # Hashes find the few who may be alike; only these are compared answer by answer.
    hashes = pd.util.hash_pandas_object(codes, index=False)
    candidates = np.flatnonzero(hashes.duplicated(keep=False).to_numpy() & enough)
    if len(candidates):
        rows = codes.iloc[candidates]
        groups = rows.groupby(list(rows.columns), dropna=False, sort=False).ngroup()
        alike[candidates] = groups.map(groups.value_counts())
    return alike, 2


_MEASURES: dict[str, Callable[[_Answers, Any], tuple[Any, float]]] = {
    "speeders": _durations,
    "straight_lining": _straight_blocks,
    "long_string": _longest_run,
    "inconsistent": _contradiction,
    "duplicates": _alike,
}
