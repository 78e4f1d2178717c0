"""Where things are: the folders of a checkout, and writing to them without leaving half a file."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from mobiliteit.errors import MobiliteitError, OutputError, Problem

RAW = "data_raw"
FIRST_WAVE = "2006"


@dataclass(frozen=True)
class Project:
    """The folders of a checkout.

    Attributes
    ----------
    root : Path
        Folder that holds ``data_raw/``.
    wave : str
        Wave whose outputs are meant. Those of the first wave lie in ``figures/`` and ``reports/``
        themselves, those of any other in a folder of its own below them, so that running a new wave
        leaves the reproduction of 2006 alone.
    """

    root: Path
    wave: str = FIRST_WAVE

    @property
    def data_clean(self) -> Path:
        """Folder of the cleaned waves."""
        return self.root / "data_clean"

    @property
    def figures(self) -> Path:
        """Folder of the wave's figures."""
        return self.root / "figures" / self._subfolder

    @property
    def reports(self) -> Path:
        """Folder of the wave's tables, scorecard and executed notebooks."""
        return self.root / "reports" / self._subfolder

    @property
    def _subfolder(self) -> str:
        return "" if self.wave == FIRST_WAVE else self.wave

    @property
    def notebooks(self) -> Path:
        """Folder of the notebooks."""
        return self.root / "notebooks"

    def raw(self, wave: str) -> Path:
        """Folder of one raw wave."""
        return self.root / RAW / wave

    def waves(self) -> list[str]:
        """Ids of the waves that have a sidecar, sorted."""
        return sorted(path.parent.name for path in (self.root / RAW).glob("*/wave.yaml"))


def find_project(start: Path | str | None = None, wave: str = FIRST_WAVE) -> Project:
    """Find the checkout that `start` lies in.

    Parameters
    ----------
    start : path, optional
        A folder in the checkout; by default the current folder.
    wave : str
        Wave whose outputs are meant.

    Returns
    -------
    Project
        The nearest folder, upwards from `start`, that holds ``data_raw/``.

    Raises
    ------
    MobiliteitError
        There is none.
    """
    here = Path(start) if start is not None else Path.cwd()
    for folder in (here.resolve(), *here.resolve().parents):
        if (folder / RAW).is_dir():
            return Project(folder, wave)
    raise MobiliteitError(
        "This is not a mobiliteit project.",
        [
            Problem(
                f"neither {here.resolve()} nor a folder above it holds {RAW}/",
                "Go to the folder of the project, or name it with --root.",
            )
        ],
    )


def write_atomically(path: Path, write: Callable[[Path], object]) -> None:
    """Let `write` make a temporary file beside `path`, then put it in its place.

    Parameters
    ----------
    path : Path
        Where the file belongs; its folder is made when needed.
    write : callable
        Gets the path of the temporary file, which has the same suffix.

    Raises
    ------
    OutputError
        The file cannot be written (read-only folder, disk full); the old one is still there.
    """
    temporary: Path | None = None
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=".", suffix=path.suffix)
        os.close(handle)
        temporary = Path(name)
        write(temporary)
        # mkstemp makes files that only their owner may read; outputs follow the user's umask.
        umask = os.umask(0)
        os.umask(umask)
        temporary.chmod(0o666 & ~umask)
        temporary.replace(path)
    except OSError as error:
        raise OutputError(
            "An output could not be written; what was there before is untouched.",
            [Problem(str(error), "Free some space or give another folder.", file=str(path))],
        ) from error
    finally:
        if temporary is not None:
            temporary.unlink(missing_ok=True)


def write_text(path: Path, text: str) -> None:
    """Write `text` as UTF-8 with Unix line ends, atomically."""
    write_atomically(path, lambda target: target.write_text(text, encoding="utf-8", newline="\n"))


@contextmanager
def all_or_none(paths: Iterable[Path]) -> Iterator[None]:
    """Put the old files back when the block that writes new ones raises.

    Parameters
    ----------
    paths : iterable of Path
        The files that the block writes, each atomically; those that are not there yet are removed
        again.

    Raises
    ------
    OutputError
        An old file cannot be held; the block was not entered.
    """
    held: dict[Path, Path | None] = {}
    try:
        for path in paths:
            held[path] = _hold(path)
        yield
    except BaseException:
        for path, old in held.items():
            if old is not None:
                old.replace(path)
            elif path.is_file():
                path.unlink()
        raise
    finally:
        for old in held.values():
            if old is not None:
                old.unlink(missing_ok=True)


def _hold(path: Path) -> Path | None:
    """Keep a file under a second name beside it: on a full disk there is no room for a copy."""
    if not path.is_file():
        return None
    held = path.with_name(f".{path.name}.{os.getpid()}.held")
    try:
        try:
            held.unlink(missing_ok=True)
            held.hardlink_to(path)
        except OSError:
            shutil.copy2(path, held)
    except OSError as error:
        held.unlink(missing_ok=True)
        raise OutputError(
            "The folder of an output cannot be written to; what was there before is untouched.",
            [Problem(str(error), "Make it writable, or give another folder.", file=str(path))],
        ) from error
    return held


@contextmanager
def staged(project: Project) -> Iterator[Project]:
    """Give a scratch project to write to; on success its outputs replace those of `project`.

    When the block raises, or an output cannot be moved, nothing of `project` has changed.

    Parameters
    ----------
    project : Project
        Whose outputs (``data_clean``, ``figures``, ``reports``) are to be renewed.

    Yields
    ------
    Project
        A project whose output folders are empty and lie on the same disk.
    """
    try:
        scratch = Path(tempfile.mkdtemp(dir=project.root, prefix=".staging-"))
    except OSError as error:
        raise OutputError(
            "The project's folder cannot be written to.",
            [Problem(str(error), "Make it writable, or copy the project.", file=str(project.root))],
        ) from error
    try:
        stage = Project(scratch, project.wave)
        yield stage
        made = sorted(path for path in scratch.rglob("*") if path.is_file())
        finals = [project.root / path.relative_to(scratch) for path in made]
        with all_or_none(finals):
            for path, final in zip(made, finals, strict=True):
                write_atomically(final, path.replace)
    finally:
        shutil.rmtree(scratch, ignore_errors=True)
