"""All source columns of a wave into codebook columns, with every misfit told.

What a single column means is in :mod:`mobiliteit.recode`, and what ticks mean in
:mod:`mobiliteit.multi_select`; here corrections are made first, steps are counted in the ledger,
and what no rule knows becomes a problem that names wave, column, values and respondents.
"""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from mobiliteit.codes import Key, key_of, shown
from mobiliteit.descriptor_checks import multi_sources
from mobiliteit.descriptor_schema import Correction, TickColumns
from mobiliteit.errors import Problem, brief
from mobiliteit.ingest import RawWave
from mobiliteit.ledger import Ledger
from mobiliteit.multi_select import tick_columns, tick_list
from mobiliteit.recode import (
    Rules,
    Translation,
    corrected,
    formula,
    problem_in,
    rules_for,
    translate,
)
from mobiliteit.respondents import Respondents
from mobiliteit.study import Study


@dataclass(frozen=True)
class Sources:
    """The source columns of the respondents, on their way to codebook columns.

    Attributes
    ----------
    raw : RawWave
        The wave, with the rules of its sidecar.
    study : Study
        With the codebook.
    people : Respondents
        Their source columns.
    hidden : set of str
        Source columns that tell who somebody is, of which nothing may be shown.
    ledger : Ledger
        Gets what is recoded, rescaled, turned round and corrected.
    problems : list of Problem
        Gets what no rule knows.
    """

    raw: RawWave
    study: Study
    people: Respondents
    hidden: set[str]
    ledger: Ledger
    problems: list[Problem]

    def translations(self) -> dict[str, Translation]:
        """Translate all that the sidecar maps, codebook column by codebook column.

        Returns
        -------
        dict
            Codebook column to its translation. A column that is not in the file, or that tells who
            somebody is, has a problem already and is left out, so that no message can show what it
            holds.
        """
        descriptor = self.raw.descriptor
        columns = {column.name: column for column in self.study.codebook.columns()}
        usable = set(self.people.rows.columns) - self.hidden
        found: dict[str, Translation] = {}
        for source, entry in descriptor.columns.items():
            if source in usable:
                declared = self.raw.table.missing.get(source)
                rules = rules_for(entry, columns[entry.variable], descriptor, declared)
                found[entry.variable] = self._column(source, rules)
        csv = descriptor.file.csv
        missing: dict[Key, str] = {key_of(c, csv): why for c, why in descriptor.missing.items()}
        for multi in descriptor.multi_select:
            sources = multi_sources(multi)
            if not usable.issuperset(sources):
                continue
            made = {source: self._corrected(source) for source in sources}
            removed = {source: reasons for source, (_, reasons) in made.items()}
            rows = pd.DataFrame({source: values for source, (values, _) in made.items()})
            if isinstance(multi, TickColumns):
                ticks = tick_columns(multi, rows, removed, missing, csv, self._report)
                how = "aangekruist"
            else:
                (source,) = sources
                ticks = tick_list(multi, rows[source], removed[source], missing, csv, self._report)
                how = f"in de lijst van {source}"
            for name, translation in ticks.items():
                n = int(translation.answers.notna().sum())
                self.ledger.add("clean", "recoded", n, column=name, reason=how)
            found |= ticks
        return found

    def _column(self, source: str, rules: Rules) -> Translation:
        values, removed = self._corrected(source)
        result = translate(values, rules, removed)
        name, n = rules.column.name, int(result.answers.notna().sum())
        if rules.recode:
            recode = self.raw.descriptor.columns[source].recode
            pairs = ", ".join(f"{shown(old)}->{new}" for old, new in recode.items())
            self.ledger.add("clean", "recoded", n, column=name, reason=pairs)
        if rules.rescale is not None:
            self.ledger.add("clean", "rescaled", n, column=name, reason=formula(rules))
        elif rules.reversed:
            self.ledger.add("clean", "turned", n, column=name, reason=formula(rules))
        self.problems.extend(self._unknown(source, rules, result.unknown))
        return result

    def _corrected(self, source: str) -> tuple[pd.Series, dict[str, str]]:
        """Source column with its hand corrections made, and why values were removed."""
        descriptor = self.raw.descriptor
        corrections = [entry for entry in descriptor.corrections if entry.column == source]

        def fail(correction: Correction, found: str) -> None:
            self.problems.append(
                problem_in(self.raw)(
                    f"a correction of {brief(shown(correction.value))} matches no row"
                    f" (found: {brief(found)})",
                    "Remove the correction, or correct its respondent or value.",
                    column=source,
                    rows=(correction.respondent,),
                )
            )

        values = self.people.rows[source]
        values, removed, applied = corrected(values, corrections, descriptor.file.csv, fail)
        for correction in applied:
            self.ledger.add("clean", "corrected", 1, column=source, reason=correction.reason)
        return values, removed

    def _report(
        self,
        what: str,
        remedy: str,
        column: str,
        mask: pd.Series,
        values: pd.Series | None = None,
    ) -> None:
        found = () if values is None else tuple(dict.fromkeys(map(shown, values)))
        self.problems.append(
            problem_in(self.raw)(
                what, remedy, column=column, values=found, rows=self.people.at(mask)
            )
        )

    def _unknown(self, source: str, rules: Rules, unknown: pd.Series) -> list[Problem]:
        """Say which values no rule knows: declared missing by the file, other numbers, texts."""
        if not unknown.notna().any():
            return []
        name = rules.column.name
        values = list(unknown.dropna().unique())
        declared = {
            value: self._labelled(source, value) for value in values if rules.declares(value)
        }
        texts = {v for v in values if isinstance(key_of(v, rules.csv), str)} - set(declared)
        numbers = set(values) - texts - set(declared)
        missing = ", ".join(map(shown, rules.missing)) or "none"
        known = f"valid are {rules.valid}; missing codes: {missing}"
        sorts = (
            (
                set(declared),
                f"the file declares values missing that neither the sidecar nor the codebook "
                f"explains for {name}",
                "Give each a reason under `missing` in wave.yaml (for this column, or for the "
                "whole file); reasons are " + ", ".join(self.study.codebook.missing_reasons) + ".",
            ),
            (
                numbers,
                f"it holds values that {name} does not know; {known}",
                "Add a recode or a correction to wave.yaml, or a code to the codebook.",
            ),
            (
                texts,
                f"it holds text where codes are expected; {known}",
                "List each text under `recode` or `missing` in wave.yaml, or state how numbers are "
                "written under file.csv.",
            ),
        )
        shown_as = declared | {value: shown(value) for value in values if value not in declared}
        return [
            problem_in(self.raw)(
                what,
                remedy,
                column=source,
                values=tuple(shown_as[value] for value in values if value in sort),
                rows=self.people.at(unknown.isin(sort)),
            )
            for sort, what, remedy in sorts
            if sort
        ]

    def _labelled(self, source: str, value: object) -> str:
        labels = self.raw.table.value_labels.get(source, {})
        label = next((text for code, text in labels.items() if key_of(code) == key_of(value)), "")
        return f"{shown(value)} ({label})" if label else shown(value)
