"""The manifest: every file that a wave's results rest on or consist of, with its checksum."""

from __future__ import annotations

import hashlib
import json
import platform
import re
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from importlib.metadata import PackageNotFoundError, requires, version
from pathlib import Path
from typing import Any, Literal

from mobiliteit.descriptor import load_descriptor
from mobiliteit.project import FIRST_WAVE, Project, write_text
from mobiliteit.study import STUDY_DIR, load_study

FOLDER, FILE = "replicatie", "manifest.json"
PACKAGE = Path(__file__).resolve().parents[1]
# What decides, besides the package itself, which programs run, and with which versions.
ROOT_FILES = ("Makefile", "environment.yml", "pyproject.toml", "requirements.txt")
# Files that are a zip of parts, of which these tell who made them when.
ZIPPED, PROPERTIES = (".docx", ".xlsx"), "docProps/"
CHUNK = 1 << 20

Role = Literal["input", "study", "code", "output", "earlier"]


@dataclass(frozen=True)
class ManifestFile:
    """One file of the manifest.

    Attributes
    ----------
    path : str
        Below the root of the project, with slashes.
    role : {'input', 'study', 'code', 'output', 'earlier'}
        The wave as delivered; the files of the study; programs and lock; what a run made; what lay
        among the outputs already, made by another command or an earlier run.
    bytes : int
        Its size.
    sha256 : str
        Checksum of its bytes.
    contents : str, optional
        Of a Word or Excel file: checksum of its parts without their compression and properties,
        equal where nothing that a reader sees differs.
    """

    path: str
    role: Role
    bytes: int
    sha256: str
    contents: str | None = None


@dataclass(frozen=True)
class Manifest:
    """All files of one wave.

    Attributes
    ----------
    wave : str
        Id of the wave.
    synthetic : bool
        Whether its answers were drawn by a generator.
    note : str
        The synthetic mark, in English; empty for a real wave.
    versions : dict of str to str
        Python, this package, and the packages that it asks for itself.
    files : tuple of ManifestFile
        Sorted by path.
    """

    wave: str
    synthetic: bool
    note: str
    versions: dict[str, str]
    files: tuple[ManifestFile, ...]

    def text(self) -> str:
        """Return the manifest as JSON."""
        facts = asdict(self)
        facts["files"] = [
            {key: value for key, value in entry.items() if value is not None}
            for entry in facts["files"]
        ]
        return json.dumps(facts, ensure_ascii=False, indent=1) + "\n"


def manifest_path(project: Project) -> Path:
    """Return where the manifest of a wave lies."""
    return project.reports / FOLDER / FILE


def write_manifest(project: Project, stage: Project | None = None) -> Path:
    """Write the manifest of a wave.

    Parameters
    ----------
    project : Project
        Whose inputs and outputs are listed; its `wave` is meant.
    stage : Project, optional
        Where a run has put its outputs before they are moved into `project`: those count as this
        run's, and others that `project` has already as earlier. The manifest is written there.

    Returns
    -------
    Path
        ``reports/replicatie/manifest.json``, or in the folder of the wave below ``reports/``.

    Raises
    ------
    MobiliteitError
        The sidecar of the wave cannot be used.
    OutputError
        It cannot be written.
    """
    descriptor = load_descriptor(project.raw(project.wave), load_study())
    manifest = Manifest(
        wave=project.wave,
        synthetic=descriptor.synthetic,
        note=descriptor.synthetic_note_en if descriptor.synthetic else "",
        versions=versions(),
        files=list_files(project, stage),
    )
    path = manifest_path(stage or project)
    write_text(path, manifest.text())
    return path


def versions() -> dict[str, str]:
    """Return the versions of Python, of this package and of what it asks for itself."""
    found = {"python": platform.python_version(), "mobiliteit": version("mobiliteit")}
    for name in direct_packages():
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            continue
    return found


def direct_packages() -> list[str]:
    """List the packages that this one asks for itself, those of extras left out."""
    named = (entry for entry in requires("mobiliteit") or [] if "extra ==" not in entry)
    return sorted(re.split(r"[^A-Za-z0-9._-]", entry, maxsplit=1)[0].lower() for entry in named)


def list_files(project: Project, stage: Project | None = None) -> tuple[ManifestFile, ...]:
    """List what the results of a wave rest on and consist of, with checksums.

    Parameters
    ----------
    project, stage : Project
        As of :func:`write_manifest`.

    Returns
    -------
    tuple of ManifestFile
        Sorted by path. Hidden files and the manifest itself are left out.
    """
    found: dict[str, tuple[Path, Role]] = {}
    for path in _files(project.raw(project.wave)):
        found[_name(path, project.root)] = (path, "input")
    for path in _files(PACKAGE):
        role: Role = "study" if path.is_relative_to(STUDY_DIR) else "code"
        found[_name(path, project.root)] = (path, role)
    for path in (*project.notebooks.glob("*.ipynb"), *map(project.root.joinpath, ROOT_FILES)):
        if path.is_file():
            found[_name(path, project.root)] = (path, "code")
    kept: Role = "output" if stage is None else "earlier"
    for path in outputs(project):
        found[_name(path, project.root)] = (path, kept)
    if stage is not None:
        for path in outputs(stage, project.waves()):
            found[_name(path, stage.root)] = (path, "output")
    return tuple(_entry(name, *found[name]) for name in sorted(found))


def outputs(project: Project, waves: Iterable[str] | None = None) -> Iterator[Path]:
    """Yield the files that the outputs of the wave of a project consist of.

    Parameters
    ----------
    project : Project
        Its `wave` is meant.
    waves : iterable of str, optional
        All waves, whose files are told apart by name; by default those of `project`.

    Yields
    ------
    Path
        The wave's own files in ``data_clean/``, and all in its folders of figures and reports; not
        the manifest.
    """
    waves = {*(project.waves() if waves is None else waves), project.wave}
    for path in _files(project.data_clean):
        owners = [one for one in waves if path.name == f"{one}.parquet" or _begins(path.name, one)]
        if project.wave in owners and max(owners, key=len) == project.wave:
            yield path
    own = manifest_path(project)
    # The first wave has no folder of its own: those of the other waves lie inside its folders.
    others = waves - {project.wave} if project.wave == FIRST_WAVE else set()
    for folder in (project.figures, project.reports):
        for path in _files(folder):
            if path.relative_to(folder).parts[0] not in others and path != own:
                yield path


def _begins(name: str, wave: str) -> bool:
    return name.startswith(f"{wave}_")


def _files(folder: Path) -> Iterator[Path]:
    """Yield all files below a folder but hidden ones and what Python compiles for itself."""
    for path in sorted(folder.rglob("*")):
        parts = path.relative_to(folder).parts
        hidden = any(part.startswith(".") or part == "__pycache__" for part in parts)
        if not hidden and path.is_file():
            yield path


def _name(path: Path, root: Path) -> str:
    """Name a file below the root; the package may be installed elsewhere."""
    if path.is_relative_to(root):
        return path.relative_to(root).as_posix()
    return (Path("analysis") / PACKAGE.name / path.relative_to(PACKAGE)).as_posix()


def _entry(name: str, path: Path, role: Role) -> ManifestFile:
    contents = zip_contents(path) if path.suffix in ZIPPED else None
    return ManifestFile(name, role, path.stat().st_size, checksum(path), contents)


def checksum(path: Path) -> str:
    """Return the SHA-256 of a file."""
    found = hashlib.sha256()
    with path.open("rb") as file:
        while chunk := file.read(CHUNK):
            found.update(chunk)
    return found.hexdigest()


def zip_contents(path: Path) -> str | None:
    """Return the SHA-256 of the parts of a Word or Excel file, in order of their names.

    Parameters
    ----------
    path : Path
        The file.

    Returns
    -------
    str or None
        The same for files that differ in compression, order of parts and properties (maker, moment)
        alone; None where the file is no zip.
    """
    found = hashlib.sha256()
    try:
        with zipfile.ZipFile(path) as parts:
            for name in sorted(parts.namelist()):
                if not name.startswith(PROPERTIES):
                    found.update(f"{name}\0{parts.getinfo(name).file_size}\0".encode())
                    found.update(parts.read(name))
    except zipfile.BadZipFile:
        return None
    return found.hexdigest()


def read_files(found: Mapping[str, Any]) -> tuple[ManifestFile, ...]:
    """Return the files of a manifest that was read from JSON."""
    return tuple(ManifestFile(**entry) for entry in found["files"])
