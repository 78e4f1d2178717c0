"""From a wave's folder to its raw frame, as the supplier delivered it.

Nothing is interpreted here: user-missing codes stay codes, and no row or column is dropped.
"""

from __future__ import annotations

import hashlib
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pandas as pd
import pyreadstat

from mobiliteit.descriptor import load_descriptor
from mobiliteit.descriptor_schema import Descriptor
from mobiliteit.errors import Problem, WaveError
from mobiliteit.study import Study


@dataclass(frozen=True)
class RawWave:
    """A wave as delivered.

    Attributes
    ----------
    descriptor : Descriptor
        The sidecar.
    frame : pandas.DataFrame
        One row per delivered record, source columns, user-missing codes kept as numbers.
    path : Path
        The raw file.
    sha256 : str
        Its checksum as found.
    problems : tuple of Problem
        What already is wrong (checksum, number of rows), to be shown with what cleaning finds.
    """

    descriptor: Descriptor
    frame: pd.DataFrame
    path: Path
    sha256: str
    problems: tuple[Problem, ...]


def read_raw(directory: Path, study: Study) -> RawWave:
    """Read a wave's sidecar and raw SPSS file.

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
        The file is missing, empty, or no readable ``.sav``.
    """
    descriptor = load_descriptor(directory, study)
    path = directory / descriptor.file.name

    def fail(what: str, remedy: str) -> WaveError:
        problem = Problem(what, remedy, wave=descriptor.wave, file=path.name)
        return WaveError(f"The raw file of wave {descriptor.wave} cannot be read.", [problem])

    if not path.is_file():
        raise fail("the file is not there", f"Put it in {directory}, or correct file.name.")
    content = path.read_bytes()
    if not content:
        raise fail("the file is empty", "Ask the supplier for it again.")
    sha256 = hashlib.sha256(content).hexdigest()
    if sha256 != descriptor.file.sha256 and not _parser_survives(path):
        raise fail(
            "its bytes are damaged: reading it ends the parser, and its checksum is not that of "
            "the sidecar",
            "Restore the file, or ask the supplier for it again.",
        )
    try:
        frame, _ = pyreadstat.read_sav(str(path), user_missing=True)
    except (pyreadstat.ReadstatError, ValueError, OSError, OverflowError) as error:
        raise fail(
            f"it is no readable SPSS file, or it was cut off ({error})",
            "Ask the supplier for it again, as .sav.",
        ) from None
    if frame.empty:
        raise fail("it holds no respondents", "Ask the supplier for it again.")
    return RawWave(
        descriptor=descriptor,
        frame=frame,
        path=path,
        sha256=sha256,
        problems=tuple(_differences(descriptor, path, sha256, len(frame))),
    )


def _parser_survives(path: Path) -> bool:
    """Read a file that is not the one of the sidecar in a process that may crash.

    The parser is compiled code, which damaged bytes can end without an exception. A file with the
    right checksum needs no such care.
    """
    code = "import sys, pyreadstat; pyreadstat.read_sav(sys.argv[1], user_missing=True)"
    probe = subprocess.run(
        [sys.executable, "-c", code, str(path)], capture_output=True, check=False
    )
    return probe.returncode in (0, 1)  # 1: an exception, which the reading proper reports


def _differences(descriptor: Descriptor, path: Path, sha256: str, rows: int) -> list[Problem]:
    problems = []
    if sha256 != descriptor.file.sha256:
        problems.append(
            Problem(
                f"its checksum is {sha256[:12]}…, the sidecar says {descriptor.file.sha256[:12]}…: "
                "the file was changed, or is another one",
                f"Restore the file, or, if the change is meant, set file.sha256 to {sha256}.",
                wave=descriptor.wave,
                file=path.name,
            )
        )
    if rows != descriptor.file.rows:
        problems.append(
            Problem(
                f"it holds {rows} rows, the sidecar says {descriptor.file.rows}",
                "Restore the file, or correct file.rows.",
                wave=descriptor.wave,
                file=path.name,
            )
        )
    return problems
