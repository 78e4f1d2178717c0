"""A session in a file: JSON that is checked when it is read, and never code."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import AwareDatetime, Field, ValidationError, model_validator

from mobiliteit.claims.terms import Frozen
from mobiliteit.errors import MobiliteitError, Problem
from mobiliteit.logbook.entry import UNWRITABLE, Entry, Registration, WaveId
from mobiliteit.logbook.session import Session
from mobiliteit.project import write_text
from mobiliteit.study import misfits


class SavedSession(Frozen):
    """What a file of a session holds.

    Attributes
    ----------
    format, version
        What kind of file it is.
    wave : str
        Wave of the session.
    level : float
        Confidence level of its intervals.
    started : datetime
        When it began, in UTC.
    entries : tuple of Entry
        Everything asked, in the order of asking; each question once per file of a wave.
    waiting : tuple of Registration
        What was fixed beforehand and not asked yet.
    """

    format: Literal["mobiliteit-logboek"] = "mobiliteit-logboek"
    version: Literal[1] = 1
    wave: WaveId
    level: Annotated[float, Field(gt=0, lt=1)]
    started: AwareDatetime
    entries: tuple[Entry, ...]
    waiting: tuple[Registration, ...]

    @model_validator(mode="before")
    @classmethod
    def _writable(cls, content: Any) -> Any:
        if any(UNWRITABLE.search(text) for text in _texts(content)):
            raise ValueError("a text holds signs that cannot be written")
        return content

    @model_validator(mode="after")
    def _once(self) -> SavedSession:
        if len({entry.key for entry in self.entries}) < len(self.entries):
            raise ValueError("a question stands in `entries` more than once")
        return self


def save_session(session: Session, path: Path | str) -> Path:
    """Write everything asked in a session, and what was fixed beforehand, to a JSON file.

    Parameters
    ----------
    session : Session
        The session.
    path : path
        Where; written as a whole or not at all.

    Returns
    -------
    Path
        The file.

    Raises
    ------
    OutputError
        It cannot be written.
    """
    saved = SavedSession(
        wave=session.wave.id,
        level=session.level,
        started=session.started,
        entries=session.entries,
        waiting=session.waiting,
    )
    write_text(Path(path), saved.model_dump_json(indent=1) + "\n")
    return Path(path)


def load_session(path: Path | str, *, root: Path | str | None = None) -> Session:
    """Read a session that was saved, to go on with it.

    Parameters
    ----------
    path : path
        A file of :func:`save_session`.
    root : path, optional
        A folder in the project; by default the current one.

    Returns
    -------
    Session
        With everything that counted as asked. The pictures of answers are not in the file:
        :meth:`~mobiliteit.logbook.session.Session.answer` asks again for them. Where a wave's file
        has changed, :meth:`~mobiliteit.logbook.session.Session.changed` says so of each entry.

    Raises
    ------
    MobiliteitError
        The file cannot be read or is not as it was written, with all misfits; or its wave cannot be
        used.

    Notes
    -----
    Only the form of the file is checked. A log is a notebook kept by its owner: somebody who
    rewrites times and numbers by hand can make it say anything that fits together.
    """
    path = Path(path)
    headline = f"{path.name} is not a session that can be read."
    try:
        saved = SavedSession.model_validate_json(path.read_bytes())
    except OSError as error:
        what = error.strerror or "it cannot be read"
        problem = Problem(what, "Name a file that a session was saved in.", file=str(path))
        raise MobiliteitError(headline, [problem]) from None
    except ValidationError as error:
        remedy = "Put back the file as it was saved."
        problems = [replace(problem, remedy=remedy) for problem in misfits(error, path.name)]
        raise MobiliteitError(headline, problems) from None
    session = Session(saved.wave, level=saved.level, root=root)
    session.started = saved.started
    session.restore(saved.entries, saved.waiting)
    return session


def _texts(content: Any) -> Iterator[str]:
    if isinstance(content, str):
        yield content
    elif isinstance(content, dict | list | tuple):
        for part in content.values() if isinstance(content, dict) else content:
            yield from _texts(part)
