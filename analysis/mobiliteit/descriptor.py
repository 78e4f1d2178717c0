"""The sidecar of a wave: ``wave.yaml`` beside the raw file, and how it maps onto the codebook.

A sidecar says who made the file, under what licence, with which checksum; which rows are no
respondents; which source column is which variable of the codebook; and every value corrected by
hand. Its schema is in :mod:`mobiliteit.descriptor_schema`; what can be wrong with a sidecar that
fits the schema is in :mod:`mobiliteit.descriptor_checks`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

from mobiliteit.descriptor_checks import sidecar_problems
from mobiliteit.descriptor_schema import ANY, ITEM, Descriptor, SourceColumn
from mobiliteit.errors import Problem, WaveError
from mobiliteit.study import Study, read_checked

SIDECAR = "wave.yaml"
RESCALED = {"nl": "omgerekend van een schaal van {}", "en": "carried over from a scale of {}"}


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
        Every codebook column is mapped once, or listed under `absent` with a reason. Entries of
        `columns` that stand for all items of a scale are written out.

    Raises
    ------
    WaveError
        The folder is not there, or the sidecar does not fit the codebook.
    StudyError
        The sidecar is missing or does not fit its schema.
    """
    find_folder(directory)
    descriptor, problems = hold_against(
        read_checked(directory / SIDECAR, Descriptor), study, directory.name
    )
    if problems:
        raise WaveError(f"The sidecar of wave {descriptor.wave} does not fit.", problems)
    return descriptor


def find_folder(directory: Path) -> None:
    """Raise WaveError, naming the waves that there are, unless the folder of a wave is there."""
    if not directory.is_dir():
        waves = sorted(path.parent.name for path in directory.parent.glob(f"*/{SIDECAR}"))
        have = f"there are: {', '.join(waves)}" if waves else "there is none yet"
        raise WaveError(
            f"There is no wave {directory.name}.",
            [Problem(f"the folder {directory} does not exist", f"Name another wave; {have}.")],
        )


def hold_against(
    written: Descriptor, study: Study, folder: str
) -> tuple[Descriptor, list[Problem]]:
    """Write out the item patterns of a sidecar, and find all that does not fit the codebook.

    Parameters
    ----------
    written : Descriptor
        As the researcher wrote it.
    study : Study
        Whose codebook the columns refer to.
    folder : str
        Name of the wave's folder.

    Returns
    -------
    descriptor : Descriptor
        With an entry per item.
    problems : list of Problem
        What is wrong with it; empty when it fits.
    """
    columns, misfits = _written_out(written.columns, written.absent, study)
    descriptor = written.model_copy(update={"columns": columns})
    problems = [
        Problem(what, "Correct the entry.", wave=written.wave, file=SIDECAR, column=source)
        for source, what in misfits
    ]
    problems += [
        Problem(what, remedy, wave=written.wave, file=SIDECAR, column=column)
        for what, remedy, column in sidecar_problems(descriptor, study, folder)
    ]
    return descriptor, problems


def rescale_note(descriptor: Descriptor, study: Study, name: str, lang: str = "nl") -> str:
    """Say from which scale the answers behind a variable were carried over.

    Parameters
    ----------
    descriptor : Descriptor
        The sidecar.
    study : Study
        With the codebook.
    name : str
        A variable, derived or not, or one item of a scale.
    lang : {'nl', 'en'}
        Language.

    Returns
    -------
    str
        Such as ``omgerekend van een schaal van 1-7``; empty when none of its answers were.
    """
    rescaled = descriptor.rescaled
    if not rescaled:
        return ""
    scales = {rescaled[one] for one in study.questions(name) or [name] if one in rescaled}
    listed = (" en " if lang == "nl" else " and ").join(f"{a:g}-{b:g}" for a, b in sorted(scales))
    return RESCALED[lang].format(listed) if scales else ""


def ignored_columns(descriptor: Descriptor, found: Iterable[str]) -> dict[str, set[str]]:
    """Say which columns of a file each entry of `ignore` names.

    Parameters
    ----------
    descriptor : Descriptor
        Whose `ignore` may hold patterns such as ``timer_*``.
    found : iterable of str
        Columns of the file.

    Returns
    -------
    dict
        Entry to the columns that it names, empty where there is none.
    """
    columns = list(found)
    return {entry: set(_named(entry, columns)) for entry in descriptor.ignore}


def _named(entry: str, columns: list[str]) -> Iterable[str]:
    pattern = re.compile(".*".join(map(re.escape, entry.split(ANY))), re.DOTALL)
    return (column for column in columns if pattern.fullmatch(column))


def _written_out(
    columns: dict[str, SourceColumn], absent: Iterable[str], study: Study
) -> tuple[dict[str, SourceColumn], list[tuple[str, str]]]:
    """Write out the entries that stand for all items of a scale; list those that cannot be.

    An item, or a source column, that has an entry of its own keeps that one, and an item that is
    absent needs none.
    """
    names = [column.name for column in study.codebook.columns()]
    patterns = {source for source, entry in columns.items() if ITEM in entry.variable}
    settled = {entry.variable for name, entry in columns.items() if name not in patterns}
    settled.update(absent)
    expanded: dict[str, SourceColumn] = {}
    misfits = []
    for source, entry in columns.items():
        if source not in patterns:
            expanded[source] = entry
            continue
        if source.count(ITEM) != 1 or entry.variable.count(ITEM) != 1:
            misfits.append(
                (source, f"{ITEM} stands once on either side, here: {source}: {entry.variable}")
            )
            continue
        pattern = re.compile(re.escape(entry.variable).replace(re.escape(ITEM), r"(\d+)"))
        items = {name: match[1] for name in names if (match := pattern.fullmatch(name))}
        if not items:
            misfits.append((source, f"the codebook has no items such as {entry.variable}"))
        for name, item in items.items():
            one = source.replace(ITEM, item)
            if name in settled or (one in columns and one not in patterns):
                continue
            if one in expanded:
                misfits.append((source, f"it names {one} a second time"))
            expanded[one] = entry.model_copy(update={"variable": name})
    return expanded, misfits
