"""The sidecar of a wave: ``wave.yaml`` beside the raw file, and how it maps onto the codebook.

A sidecar says who made the file, under what licence, with which checksum; which rows are no
respondents; which source column is which variable of the codebook; and every value corrected by
hand. Its schema is in :mod:`mobiliteit.descriptor_schema`.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from mobiliteit.descriptor_schema import Descriptor, SourceColumn
from mobiliteit.errors import Problem, WaveError
from mobiliteit.study import Study, read_checked
from mobiliteit.study_schema import Column

SIDECAR = "wave.yaml"


def load_descriptor(directory: Path, study: Study) -> Descriptor:
    """Read a wave's sidecar and hold it against the codebook.

    Parameters
    ----------
    directory : Path
        Folder of the wave, ``data_raw/<wave>``.
    study : Study
        Whose codebook the columns refer to.

    Returns
    -------
    Descriptor
        Every codebook column is mapped once, or listed under `absent` with a reason.

    Raises
    ------
    WaveError
        The folder is not there, or the sidecar does not fit the codebook.
    StudyError
        The sidecar is missing or does not fit its schema.
    """
    if not directory.is_dir():
        waves = sorted(path.parent.name for path in directory.parent.glob(f"*/{SIDECAR}"))
        have = f"there are: {', '.join(waves)}" if waves else "there is none yet"
        raise WaveError(
            f"There is no wave {directory.name}.",
            [Problem(f"the folder {directory} does not exist", f"Name another wave; {have}.")],
        )
    descriptor = read_checked(directory / SIDECAR, Descriptor)
    problems = list(_problems(descriptor, study, directory))
    if problems:
        raise WaveError(f"The sidecar of wave {descriptor.wave} does not fit.", problems)
    return descriptor


def _problems(descriptor: Descriptor, study: Study, directory: Path) -> Iterator[Problem]:
    def problem(what: str, remedy: str, column: str | None = None) -> Problem:
        return Problem(what, remedy, wave=descriptor.wave, file=SIDECAR, column=column)

    if descriptor.wave != directory.name:
        yield problem(
            f"the sidecar names wave {descriptor.wave}, its folder is {directory.name}",
            "Give both the same name.",
        )
    if descriptor.synthetic and not (descriptor.synthetic_note_nl and descriptor.synthetic_note_en):
        yield problem(
            "a synthetic wave without a note that says so",
            "Fill in synthetic_note_nl and synthetic_note_en.",
        )
    columns = {column.name: column for column in study.codebook.columns()}
    known = set(columns)
    mapped = [entry.variable for entry in descriptor.columns.values()]
    for source, entry in descriptor.columns.items():
        if entry.variable not in known:
            yield problem(
                f"it maps to {entry.variable!r}, which is not in the codebook",
                "Correct the name, or move the column to `ignore`.",
                source,
            )
        elif mapped.count(entry.variable) > 1:
            yield problem(
                f"{entry.variable} is mapped more than once", "Keep one source column.", source
            )
        else:
            yield from (
                problem(what, "Correct the recode.", source)
                for what in _recode_problems(entry, columns[entry.variable])
            )
    for source in sorted(set(descriptor.columns) & set(descriptor.ignore)):
        yield problem("it is both mapped and ignored", "Remove one of the two.", source)
    for name in sorted(known - set(mapped) - set(descriptor.absent)):
        yield problem(
            f"no source column is mapped to {name}",
            "Map one under `columns`, or list it under `absent` with the reason.",
        )
    for name in sorted(set(descriptor.absent) & set(mapped)):
        yield problem(f"{name} is both mapped and absent", "Remove one of the two.")
    for name in sorted(set(descriptor.absent) - known):
        yield problem(f"`absent` lists {name}, which is not in the codebook", "Correct the name.")
    for correction in descriptor.corrections:
        if correction.column not in descriptor.columns:
            yield problem(
                "a correction of a column that is not mapped", "Correct it.", correction.column
            )
        reasons = study.codebook.missing_reasons
        if (correction.to is None) != (correction.missing_reason in reasons):
            yield problem(
                "a correction needs either `to`, or `to: null` with a missing_reason out of "
                + ", ".join(reasons),
                "Complete the entry.",
                correction.column,
            )


def _recode_problems(entry: SourceColumn, column: Column) -> Iterator[str]:
    """Say which source codes of a recode can never arrive, and which targets are no answers."""
    for code, target in entry.recode.items():
        low, high = column.bounds
        valid = low <= target <= high if column.range else target in column.values
        if not valid:
            yield f"it recodes {code} to {target}, which is no answer to {column.variable}"
        if code in column.missing:
            yield f"it recodes {code}, which is a missing code of {column.variable}"
