"""From a wave's folder to its raw table, as the supplier delivered it.

Nothing is interpreted here: user-missing codes stay codes, and no row or column is dropped.
"""

from __future__ import annotations

import dataclasses
import hashlib
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from mobiliteit.descriptor import load_descriptor
from mobiliteit.descriptor_schema import Descriptor
from mobiliteit.errors import Problem, WaveError
from mobiliteit.reading import RawTable, read_file
from mobiliteit.study import Study


@dataclass(frozen=True)
class RawWave:
    """A wave as delivered.

    Attributes
    ----------
    descriptor : Descriptor
        The sidecar.
    table : RawTable
        The file: answers, labels, value labels, declared missing codes, and what was found out
        about its format.
    path : Path
        The raw file.
    sha256 : str
        Its checksum as found.
    problems : tuple of Problem
        What already is wrong (checksum, number of rows), to be shown with what cleaning finds.
    """

    descriptor: Descriptor
    table: RawTable
    path: Path
    sha256: str
    problems: tuple[Problem, ...]

    @property
    def frame(self) -> pd.DataFrame:
        """One row per delivered record, source columns, user-missing codes kept as numbers."""
        return self.table.frame


def read_raw(directory: Path, study: Study) -> RawWave:
    """Read a wave's sidecar and raw file, of any format that :func:`read_file` knows.

    Parameters
    ----------
    directory : Path
        ``data_raw/<wave>``, with ``wave.yaml`` and the file that it names.
    study : Study
        Whose codebook the sidecar refers to.

    Returns
    -------
    RawWave
        A file that can be read but differs from its sidecar carries problems; cleaning raises them
        together with its own, so that all are shown at once.

    Raises
    ------
    WaveError
        The file is missing, empty, damaged, of an unknown format, or not as the sidecar says that
        it is written.
    """
    return read_described(load_descriptor(directory, study), directory)


def read_described(descriptor: Descriptor, directory: Path) -> RawWave:
    """Read the raw file that a sidecar describes; as :func:`read_raw`, with the sidecar given."""
    path = directory / descriptor.file.name

    def fail(*problems: Problem) -> WaveError:
        placed = [dataclasses.replace(p, wave=descriptor.wave, file=path.name) for p in problems]
        return WaveError(f"The raw file of wave {descriptor.wave} cannot be read.", placed)

    if not path.is_file():
        raise fail(
            Problem("the file is not there", f"Put it in {directory}, or correct file.name.")
        )
    try:
        with path.open("rb") as stream:
            sha256 = hashlib.file_digest(stream, "sha256").hexdigest()
        table = read_file(path, csv=descriptor.file.csv, excel=descriptor.file.excel)
    except OSError as error:
        raise fail(
            Problem(f"the file cannot be opened ({error.strerror})", "Give yourself access to it.")
        ) from None
    except WaveError as error:
        found = list(error.problems)
        if sha256 != descriptor.file.sha256:
            found.append(_other_checksum(descriptor, sha256))
        raise fail(*found) from None
    return RawWave(
        descriptor=descriptor,
        table=table,
        path=path,
        sha256=sha256,
        problems=tuple(
            dataclasses.replace(problem, wave=descriptor.wave, file=path.name)
            for problem in _differences(descriptor, sha256, len(table.frame))
        ),
    )


def _differences(descriptor: Descriptor, sha256: str, rows: int) -> list[Problem]:
    problems = []
    if sha256 != descriptor.file.sha256:
        problems.append(_other_checksum(descriptor, sha256))
    if rows != descriptor.file.rows:
        problems.append(
            Problem(
                f"it holds {rows} rows, the sidecar says {descriptor.file.rows}",
                "Restore the file, or correct file.rows.",
            )
        )
    return problems


def _other_checksum(descriptor: Descriptor, sha256: str) -> Problem:
    return Problem(
        f"its checksum is {sha256[:12]}…, the sidecar says {descriptor.file.sha256[:12]}…: "
        "the file was changed, or is another one",
        f"Restore the file, or, if the change is meant, set file.sha256 to {sha256}.",
    )
