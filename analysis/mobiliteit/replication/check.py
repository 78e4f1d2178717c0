"""Holding the files of a wave against its manifest."""

from __future__ import annotations

import json
from dataclasses import dataclass

from mobiliteit.errors import MobiliteitError, Problem
from mobiliteit.project import Project
from mobiliteit.replication.manifest import (
    ManifestFile,
    list_files,
    manifest_path,
    read_files,
    versions,
)


@dataclass(frozen=True)
class Differences:
    """How the files of a wave differ from its manifest.

    Attributes
    ----------
    missing, changed : tuple of ManifestFile
        As the manifest lists them.
    extra : tuple of ManifestFile
        As found; the manifest does not list them.
    versions : dict of str to (str, str)
        Packages whose version was another: name to version then and now (empty: not there). They
        are told, and are no difference of files.
    """

    missing: tuple[ManifestFile, ...]
    changed: tuple[ManifestFile, ...]
    extra: tuple[ManifestFile, ...]
    versions: dict[str, tuple[str, str]]

    @property
    def none(self) -> bool:
        """Whether every file is as the manifest says, and there are no others."""
        return not (self.missing or self.changed or self.extra)


def check_manifest(project: Project) -> Differences:
    """Hold inputs, programs and outputs of a wave against its manifest.

    Parameters
    ----------
    project : Project
        Its `wave` is meant.

    Returns
    -------
    Differences
        A Word or Excel file counts as changed only when its contents are; what tells who made it
        when plays no part.

    Raises
    ------
    MobiliteitError
        There is no manifest, or it cannot be read.
    """
    path = manifest_path(project)
    try:
        stored = json.loads(path.read_text(encoding="utf-8"))
        listed = {entry.path: entry for entry in read_files(stored)}
        then = {str(name): str(value) for name, value in stored["versions"].items()}
    except FileNotFoundError as error:
        problem = Problem(
            "there is no manifest",
            "Write it: mobiliteit manifest, or mobiliteit reproduce.",
            wave=project.wave,
            file=str(path),
        )
        raise MobiliteitError("The files cannot be checked.", [problem]) from error
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        problem = Problem(
            f"this is no manifest ({type(error).__name__}: {error})",
            "Write it anew: mobiliteit manifest.",
            wave=project.wave,
            file=str(path),
        )
        raise MobiliteitError("The files cannot be checked.", [problem]) from error
    found = {entry.path: entry for entry in list_files(project)}
    now = versions()
    return Differences(
        missing=tuple(entry for name, entry in listed.items() if name not in found),
        changed=tuple(
            entry
            for name, entry in listed.items()
            if name in found and not _same(entry, found[name])
        ),
        extra=tuple(entry for name, entry in found.items() if name not in listed),
        versions={
            name: (then.get(name, ""), now.get(name, ""))
            for name in sorted(then.keys() | now.keys())
            if then.get(name) != now.get(name)
        },
    )


def _same(listed: ManifestFile, found: ManifestFile) -> bool:
    if listed.contents is not None:
        return listed.contents == found.contents
    return listed.sha256 == found.sha256
