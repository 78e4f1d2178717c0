"""A wave: cleaned, classified and scored respondents with their ledger and provenance."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from importlib.metadata import version
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from mobiliteit.careless import CarelessReport, flag_careless
from mobiliteit.clean import CleanAnswers, clean
from mobiliteit.csvfile import csv_text
from mobiliteit.descriptor import rescale_note
from mobiliteit.descriptor_schema import Descriptor
from mobiliteit.errors import AnalysisError, Problem, WaveError
from mobiliteit.ingest import RawWave, read_raw
from mobiliteit.ledger import Ledger
from mobiliteit.project import find_project, write_atomically, write_text
from mobiliteit.scales import Reliability, answers_given, score
from mobiliteit.segments import REASON_COLUMN, RULE_COLUMN, classify
from mobiliteit.study import Study, load_study
from mobiliteit.weights import LABELS, Weights, drop_weights, weigh

UNWEIGHTED_NL = "Ongewogen: de gewichten van deze golf zijn hier weggelaten."
UNWEIGHTED_EN = "Unweighted: the weights of this wave are left out here."


@dataclass(frozen=True)
class Wave:
    """A wave that is ready for analysis.

    Attributes
    ----------
    descriptor : Descriptor
        Its sidecar.
    study : Study
        The study that it belongs to.
    frame : pandas.DataFrame
        Index: respondent id. The kept respondents; items, scale scores, derived variables, segment,
        group and the rule that decided.
    unclassified : pandas.DataFrame
        Respondents who fit no segment rule, or more than one: rule and reason.
    ledger : Ledger
        Every exclusion, missing value, recode and correction.
    reliabilities : tuple of Reliability
        One per scale, over the kept respondents.
    sha256 : str
        Checksum of the raw file as read.
    careless : CarelessReport or None
        Who was flagged for careless answers, among all who were cleaned; None without rules.
    weights : Weights or None
        How the weights came about; `frame` then holds them, in the columns
        ``mobiliteit.weights.DESIGN_COLUMNS``. None where there are none.
    weights_left_out : bool
        Whether the wave has weights and :meth:`unweighted` left them out.
    """

    descriptor: Descriptor
    study: Study
    frame: pd.DataFrame
    unclassified: pd.DataFrame
    ledger: Ledger
    reliabilities: tuple[Reliability, ...]
    sha256: str
    careless: CarelessReport | None = None
    weights: Weights | None = None
    weights_left_out: bool = False

    @property
    def id(self) -> str:
        """Id of the wave."""
        return self.descriptor.wave

    @property
    def synthetic(self) -> bool:
        """Whether the answers were drawn by a generator."""
        return self.descriptor.synthetic

    def mark(self, lang: str = "nl") -> str:
        """Return what outputs must carry: that a wave is synthetic, or that its weights are out.

        Empty for a real wave that is used as it is.
        """
        descriptor, dutch = self.descriptor, lang == "nl"
        marks = []
        if self.synthetic:
            marks.append(descriptor.synthetic_note_nl if dutch else descriptor.synthetic_note_en)
        if self.weights_left_out:
            marks.append(UNWEIGHTED_NL if dutch else UNWEIGHTED_EN)
        return " ".join(marks)

    def unweighted(self) -> Wave:
        """Return the wave without its weights, for functions that have no weighted form.

        Returns
        -------
        Wave
            The same respondents; :meth:`mark` says that the weights were left out. A wave without
            weights is returned as it is.
        """
        if self.weights is None:
            return self
        return replace(self, frame=drop_weights(self.frame), weights=None, weights_left_out=True)

    def sample(self, conditions: Mapping[str, list[Any]] | None = None) -> pd.DataFrame:
        """Respondents for whom every variable has one of the listed values.

        Parameters
        ----------
        conditions : mapping of str to list, optional
            Variable to values; empty or None means everybody.

        Returns
        -------
        pandas.DataFrame
            The rows of :attr:`frame` that qualify; a missing value never does.

        Raises
        ------
        AnalysisError
            A variable is not in the wave.
        """
        rows = pd.Series(True, index=self.frame.index)
        for variable, values in (conditions or {}).items():
            if variable not in self.frame:
                raise AnalysisError(
                    "This sample cannot be taken.",
                    [Problem(f"{variable} is not in the data", "Use a name of the codebook.")],
                )
            rows &= self.frame[variable].isin(values)
        return self.frame[rows]

    def provenance(self) -> dict[str, Any]:
        """Say what this wave is and where it came from, in plain values."""
        descriptor = self.descriptor
        return {
            "wave": self.id,
            "study": self.study.codebook.study.id,
            "title_nl": descriptor.title_nl,
            "producer": descriptor.producer,
            "licence": descriptor.licence,
            "synthetic": self.synthetic,
            "note_nl": self.mark("nl"),
            "raw_file": descriptor.file.name,
            "raw_sha256": self.sha256,
            "respondents": len(self.frame),
            "weighted": self.weights is not None,
            "segment_rules": self.study.segments.version,
            "mobiliteit": version("mobiliteit"),
        }


def load_wave(
    name: str = "2006", *, root: Path | str | None = None, study: Study | None = None
) -> Wave:
    """Read, clean, classify and score a wave.

    Parameters
    ----------
    name : str
        Folder under ``data_raw/``.
    root : path, optional
        A folder in the project; by default the current one.
    study : Study, optional
        By default the 2006 study.

    Returns
    -------
    Wave
        With rows in = rows kept + rows excluded in its ledger.

    Raises
    ------
    MobiliteitError
        The wave or its study cannot be used; all problems together.
    """
    study = study or load_study()
    raw = read_raw(find_project(root).raw(name), study)
    return assemble(raw, clean(raw, study), study)


def assemble(raw: RawWave, answers: CleanAnswers, study: Study) -> Wave:
    """Make a wave of cleaned answers: flag, classify, score and weigh the respondents.

    Parameters
    ----------
    raw : RawWave
        As delivered.
    answers : CleanAnswers
        What cleaning made of it; its ledger is continued.
    study : Study
        With the segment rules.

    Returns
    -------
    Wave
        As of :func:`load_wave`.

    Raises
    ------
    WaveError
        Nobody is left, or the rules for careless answers or weights do not fit the data.
    """
    name, ledger = raw.descriptor.wave, answers.ledger
    frame, careless = answers.frame, None
    if raw.descriptor.careless is not None:
        order = [str(column) for column in raw.frame.columns]
        with answers.naming_rows():
            careless = flag_careless(frame, answers.process, raw.descriptor, study, order)
        careless.enter(ledger)
        frame = frame[careless.kept]
        if frame.empty:
            problem = Problem(
                f"the rules for careless answers exclude all {len(answers.frame)} respondents",
                "Flag instead of exclude, or choose other limits under `careless`.",
                wave=raw.descriptor.wave,
            )
            raise WaveError(f"Wave {name} has nobody to analyse.", [problem])
    sorted_into = classify(frame, study)
    segment, group = study.segments.segment_variable.id, study.segments.group_variable.id
    unclassified = sorted_into[group] == study.segments.unclassified.id
    label = study.segments.unclassified.nl
    for reason, n in _why(sorted_into[unclassified]).value_counts(sort=False).items():
        reason_id = study.segments.unclassified.id
        ledger.add("classify", "excluded", n, reason=reason_id, label=f"{label}: {reason}")
    kept = frame[~unclassified]
    if kept.empty:
        problem = Problem(
            f"none of its {len(frame)} respondents fits exactly one segment rule",
            "Check how wave.yaml maps the screening questions.",
            wave=raw.descriptor.wave,
        )
        raise WaveError(f"Wave {name} has nobody to analyse.", [problem])
    ledger.add("classify", "kept", len(kept), reason="behouden", label="behouden respondenten")
    ledger.check()
    scored, reliabilities = score(kept, study)
    for column in study.codebook.columns():
        if column.reversed:
            low, high = column.bounds
            ledger.add(
                "score",
                "reversed",
                scored[column.name].notna().sum(),
                column=column.name,
                reason=f"{low:g} + {high:g} - x",
            )
    segments = sorted_into.loc[kept.index].drop(columns=REASON_COLUMN)
    # remove_categories() would sort the others by name
    for sorting, ids in ((segment, study.segments.segments), (group, study.segments.groups)):
        segments[sorting] = segments[sorting].cat.set_categories(list(ids))
    people, weights = pd.concat([segments, scored], axis=1), None
    if raw.descriptor.weights is not None:
        with answers.naming_rows():
            people, weights = weigh(
                people,
                answers.process,
                raw.descriptor.weights,
                study,
                folder=raw.path.parent,
                wave=raw.descriptor.wave,
            )
        ledger.add("weigh", "trimmed", weights.trimmed, reason="gewicht op een grens gezet")
    return Wave(
        descriptor=raw.descriptor,
        study=study,
        frame=people,
        unclassified=sorted_into.loc[unclassified, [RULE_COLUMN, REASON_COLUMN]],
        ledger=ledger,
        reliabilities=reliabilities,
        sha256=raw.sha256,
        careless=careless,
        weights=weights,
    )


def _why(sorted_into: pd.DataFrame) -> pd.Series:
    rules = sorted_into[RULE_COLUMN]
    return sorted_into[REASON_COLUMN].where(
        rules == "", sorted_into[REASON_COLUMN] + " (" + rules + ")"
    )


def write_clean(wave: Wave, folder: Path) -> list[Path]:
    """Write the clean wave with its codebook, ledger and reliabilities.

    Parameters
    ----------
    wave : Wave
        The wave.
    folder : Path
        Usually ``data_clean/``.

    Returns
    -------
    list of Path
        ``<wave>.parquet`` (the synthetic mark and provenance in its metadata),
        ``<wave>_codebook.csv``, ``<wave>_ledger.csv``, ``<wave>_reliability.csv`` and
        ``<wave>_unclassified.csv``; ``<wave>_careless.csv`` with who was flagged, where the sidecar
        has rules for careless answers; ``<wave>_weights.csv`` with margins, convergence and
        design effect, where it has weights.
    """
    table = pa.Table.from_pandas(wave.frame.assign(synthetisch=wave.synthetic))
    provenance = json.dumps(wave.provenance(), ensure_ascii=False, sort_keys=True)
    table = table.replace_schema_metadata(
        {**(table.schema.metadata or {}), b"mobiliteit": provenance.encode()}
    )
    reliabilities = pd.concat([entry.tidy() for entry in wave.reliabilities], ignore_index=True)
    frames = {
        "codebook": codebook_frame(wave),
        "ledger": wave.ledger.frame(),
        "reliability": reliabilities.assign(wave=wave.id),
        "unclassified": wave.unclassified.reset_index(),
    }
    if wave.careless is not None:
        frames["careless"] = wave.careless.suspects()
    if wave.weights is not None:
        frames["reliability"]["note"] = "ongewogen"
        frames["weights"] = wave.weights.tidy().assign(wave=wave.id)
    paths = [folder / f"{wave.id}.parquet"]
    write_atomically(paths[0], lambda path: pq.write_table(table, path))
    for name, frame in frames.items():
        path = folder / f"{wave.id}_{name}.csv"
        write_text(path, csv_text(frame.assign(synthetic=wave.synthetic)))
        paths.append(path)
    return paths


def codebook_frame(wave: Wave) -> pd.DataFrame:
    """Describe the columns of the clean frame, one row each.

    Parameters
    ----------
    wave : Wave
        The wave.

    Returns
    -------
    pandas.DataFrame
        Columns ``column, role, level, label_nl, label_en, values, n, n_missing, assumption``, in
        the order of the frame. `values` lists codes or value ids with Dutch labels, or a range.
    """
    study, book = wave.study, wave.study.codebook
    items = {column.name: column for column in book.columns()}
    records = []
    for name in wave.frame.columns:
        record: dict[str, Any] = {"column": name, "n": int(wave.frame[name].notna().sum())}
        record["n_missing"] = len(wave.frame) - record["n"]
        if name in items:
            column, variable = items[name], book.variables[items[name].variable]
            ids = column.value_ids or {code: str(code) for code in column.values}
            given = answers_given(column)
            values = "; ".join(f"{ids[code]} = {label.nl}" for code, label in given.items())
            record |= {
                "role": variable.role,
                "level": column.level,
                "label_nl": column.label_nl + (" (gespiegeld)" if column.reversed else ""),
                "label_en": column.label_en + (" (reversed)" if column.reversed else ""),
                "values": values or "{:g} - {:g}".format(*column.bounds),
                "assumption": variable.assumption,
            }
        elif name in book.variables or name in book.derived:
            entry: Any = book.variables.get(name) or book.derived[name]
            record |= {
                "role": entry.role,
                "level": book.level(name),
                "label_nl": entry.label_nl,
                "label_en": entry.label_en,
                "assumption": entry.assumption,
            }
        elif name in LABELS:
            nl, en = LABELS[name]
            record |= {"role": "weging", "level": "design", "label_nl": nl, "label_en": en}
        elif name != RULE_COLUMN:
            categories = study.categories(name)
            record |= {
                "role": "indeling",
                "level": "nominal",
                "label_nl": study.label(name, "nl"),
                "label_en": study.label(name, "en"),
                "values": "; ".join(f"{key} = {nl}" for key, (nl, _) in categories.items()),
            }
        else:
            record |= {"role": "indeling", "level": "nominal", "label_nl": "Regel die besliste"}
        for lang in ("nl", "en"):
            note = rescale_note(wave.descriptor, study, name, lang)
            if note:
                record[f"label_{lang}"] += f" ({note})"
        records.append(record)
    order = ["column", "role", "level", "label_nl", "label_en", "values", "n", "n_missing"]
    return pd.DataFrame(records, columns=[*order, "assumption"]).fillna("")
