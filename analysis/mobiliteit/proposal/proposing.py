"""``wave new``: from a supplier's file to a folder with that file and a proposed sidecar."""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from mobiliteit.descriptor import SIDECAR
from mobiliteit.descriptor_schema import CsvOptions, ExcelOptions
from mobiliteit.errors import OutputError, Problem, WaveError
from mobiliteit.identifiers import SALT_FILE, make_salt
from mobiliteit.project import RAW, find_project
from mobiliteit.proposal.columns import SourceProfile, describe_columns
from mobiliteit.proposal.matching import Match, match_columns
from mobiliteit.proposal.roles import Roles, find_people, find_process
from mobiliteit.proposal.sidecar import sidecar_text
from mobiliteit.reading import RawTable, read_file
from mobiliteit.study import Study, load_study

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,40}")


@dataclass(frozen=True)
class Proposal:
    """A proposed sidecar, and what it was made from.

    Attributes
    ----------
    wave : str
        Name of the wave.
    table : RawTable
        The file as read.
    profiles : tuple of SourceProfile
        Its columns.
    matches : tuple of Match
        Source columns with the codebook columns that they may be, in codebook order; one to one.
    roles : Roles
        What other columns look like.
    unmatched_columns : tuple of str
        Columns of the file with neither a match nor a role that needs no decision.
    unmatched_variables : tuple of str
        Columns of the codebook that no source column was matched with.
    text : str
        The sidecar.
    folder : Path or None
        Where it was written; None when it was not.
    salt : Path or None
        The file with the salt, when it was made now.
    """

    wave: str
    table: RawTable
    profiles: tuple[SourceProfile, ...]
    matches: tuple[Match, ...]
    roles: Roles
    unmatched_columns: tuple[str, ...]
    unmatched_variables: tuple[str, ...]
    text: str
    folder: Path | None = None
    salt: Path | None = None

    def frame(self) -> pd.DataFrame:
        """Return the matches: source, target, confidence (0-1), why, accepted, notes."""
        return pd.DataFrame(
            [
                {
                    "source": match.source,
                    "target": match.target,
                    "confidence": match.confidence,
                    "why": ", ".join(match.why),
                    "accepted": match.accepted,
                    "notes": "; ".join(match.translation.notes),
                }
                for match in self.matches
            ],
            columns=["source", "target", "confidence", "why", "accepted", "notes"],
        )


def propose(
    table: RawTable,
    study: Study,
    *,
    wave: str,
    file: str,
    sha256: str,
    csv: CsvOptions | None = None,
    excel: ExcelOptions | None = None,
) -> Proposal:
    """Propose a sidecar for a table; nothing is written.

    Parameters
    ----------
    table : RawTable
        The file as read.
    study : Study
        Whose codebook it is matched with.
    wave : str
        Name of the wave.
    file, sha256 : str
        Name and checksum of the file.
    csv, excel : optional
        How it was said to be written; goes into the sidecar as it is.

    Returns
    -------
    Proposal
        How sure each match is, is defined in :mod:`mobiliteit.proposal.matching`.
    """
    book = study.codebook
    columns = list(book.columns())
    profiles = describe_columns(table)
    people = find_people(table, profiles)
    settled = {*people.identifiers, *people.weights, people.respondent}
    matches = match_columns([p for p in profiles if p.name not in settled], book)
    roles = find_process(table, people, profiles, matches, columns)
    matched = {match.source for match in matches}
    found = {match.target for match in matches}
    decided = {*people.identifiers, people.respondent}
    unmatched = tuple(p.name for p in profiles if p.name not in matched | decided)
    lacking = tuple(column.name for column in columns if column.name not in found)
    text = sidecar_text(
        wave=wave,
        file=file,
        sha256=sha256,
        table=table,
        stated={"csv": csv, "excel": excel},
        profiles=profiles,
        matches=matches,
        roles=roles,
        unmatched=unmatched,
        lacking=lacking,
        study=study,
    )
    return Proposal(wave, table, tuple(profiles), tuple(matches), roles, unmatched, lacking, text)


def propose_wave(
    path: Path | str,
    name: str,
    *,
    root: Path | str | None = None,
    study: Study | None = None,
    csv: CsvOptions | None = None,
    excel: ExcelOptions | None = None,
) -> Proposal:
    """Copy a supplier's file into ``data_raw/<name>/`` and propose its ``wave.yaml``.

    Parameters
    ----------
    path : path
        The file, in any format that :func:`mobiliteit.reading.read_file` knows. It is copied,
        never moved.
    name : str
        Name of the new wave: letters, digits, ``-`` and ``_``.
    root : path, optional
        A folder in the project; by default the current one.
    study : Study, optional
        By default the 2006 study.
    csv : CsvOptions, optional
        How a text file is written, where that cannot be found from the file alone.
    excel : ExcelOptions, optional
        Which sheet, and how many rows of headers.

    Returns
    -------
    Proposal
        With the folder, and the salt for the person ids where there was none yet.

    Raises
    ------
    WaveError
        The name cannot be used, the wave is there already, or the file cannot be read. Nothing is
        written then.
    OutputError
        The folder cannot be written to.
    """
    study = study or load_study()
    project = find_project(root)
    path = Path(path)
    folder = project.raw(name)
    problems = list(_name_problems(name, folder)) + list(_file_problems(path, folder))
    if problems:
        raise WaveError(f"Wave {name!r} cannot be made.", problems)
    table = read_file(path, csv=csv, excel=excel)
    if table.frame.empty:
        problem = Problem(
            "it holds no respondents", "Ask the supplier for it again.", file=path.name
        )
        raise WaveError(f"The file {path.name} cannot be used.", [problem])
    sha256 = hashlib.sha256(path.read_bytes()).hexdigest()
    proposal = propose(table, study, wave=name, file=path.name, sha256=sha256, csv=csv, excel=excel)
    data_raw = project.root / RAW
    salt = data_raw / SALT_FILE
    made = None if salt.exists() else make_salt(data_raw)
    _place(path, proposal.text, folder)
    return Proposal(**{**vars(proposal), "folder": folder, "salt": salt if made else None})


def _name_problems(name: str, folder: Path) -> list[Problem]:
    if not _NAME.fullmatch(name):
        return [
            Problem(
                f"{name!r} is no name for a wave",
                "Use letters, digits, - and _, such as 2027 or 2027-panel.",
            )
        ]
    if (folder / SIDECAR).exists():
        return [
            Problem(
                "this wave has a sidecar already",
                f"Correct that one by hand, or give the new wave another name; to begin anew, "
                f"move {SIDECAR} away first.",
                wave=name,
                file=SIDECAR,
            )
        ]
    return []


def _file_problems(path: Path, folder: Path) -> list[Problem]:
    if not path.is_file():
        what = "it is a folder" if path.is_dir() else "the file is not there"
        return [Problem(what, "Name the supplier's file.", file=str(path))]
    if path.name == SIDECAR:
        return [Problem("it is a sidecar", "Name the file with the answers.", file=str(path))]
    there = folder / path.name
    if there.is_file() and not there.samefile(path) and there.read_bytes() != path.read_bytes():
        return [
            Problem(
                f"{folder} holds another file of that name",
                "Rename the file, or give the wave another name.",
                file=path.name,
            )
        ]
    return []


def _place(path: Path, text: str, folder: Path) -> None:
    """Put the file and its sidecar in place together: a new folder appears complete or not."""
    scratch: Path | None = None
    try:
        folder.parent.mkdir(exist_ok=True)
        scratch = Path(tempfile.mkdtemp(dir=folder.parent, prefix=".new-"))
        shutil.copyfile(path, scratch / path.name)
        (scratch / SIDECAR).write_text(text, encoding="utf-8", newline="\n")
        if folder.is_dir():
            if not (folder / path.name).exists():
                os.replace(scratch / path.name, folder / path.name)
            os.replace(scratch / SIDECAR, folder / SIDECAR)
        else:
            umask = os.umask(0)
            os.umask(umask)
            scratch.chmod(0o777 & ~umask)
            os.rename(scratch, folder)
            scratch = None
    except OSError as error:
        raise OutputError(
            "The wave could not be written; nothing was left behind.",
            [Problem(str(error), "Free some space or make the folder writable.", file=str(folder))],
        ) from None
    finally:
        if scratch is not None:
            shutil.rmtree(scratch, ignore_errors=True)
