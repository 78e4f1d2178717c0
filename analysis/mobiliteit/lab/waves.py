"""The waves that every page of one process shares, each read once."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from pathlib import Path

from mobiliteit.asking.lexicon import Lexicon, load_lexicon
from mobiliteit.claims.terms import Text
from mobiliteit.errors import MobiliteitError, Problem, brief
from mobiliteit.project import find_project
from mobiliteit.study import Study, load_study
from mobiliteit.wave import Wave, load_wave


class Waves:
    """Reads waves of a project when they are needed, and keeps them.

    Nobody changes a wave that was read, so that threads and pages can share it.

    Parameters
    ----------
    root : path, optional
        A folder in the project; by default the current one.
    given : Wave, optional
        A wave that was read already.

    Attributes
    ----------
    names : tuple of str
        Waves that can be chosen, sorted.

    Raises
    ------
    MobiliteitError
        `root` lies in no project, and no wave was given.
    """

    def __init__(self, root: Path | str | None = None, given: Wave | None = None) -> None:
        self._root = root
        self._waves = {} if given is None else {given.id: given}
        self._missing: dict[str, Mapping[str, Text]] = {}
        self._lock = threading.RLock()
        self.study: Study = load_study() if given is None else given.study
        try:
            names = find_project(root).waves()
        except MobiliteitError:
            if given is None:
                raise
            names = []
        self.names = tuple(sorted({*names, *self._waves}))

    @property
    def lexicon(self) -> Lexicon:
        """The words of the study."""
        return load_lexicon(self.study)

    def check(self, name: str) -> None:
        """Refuse a wave that there is not.

        Raises
        ------
        MobiliteitError
            With the waves that there are.
        """
        if name not in self.names:
            listed = ", ".join(self.names) or "none; put one in data_raw/"
            problem = Problem(f"there is no wave {brief(name)}", f"Use one of: {listed}.")
            raise MobiliteitError("The lab cannot start.", [problem])

    def is_read(self, name: str) -> bool:
        """Whether a wave can be had at once."""
        return name in self._waves

    def read(self, name: str) -> Wave:
        """Return a wave; the first call takes seconds.

        Raises
        ------
        MobiliteitError
            The wave cannot be used.
        """
        with self._lock:
            if name not in self._waves:
                self.check(name)
                self._waves[name] = load_wave(name, root=self._root, study=self.study)
            return self._waves[name]

    def missing(self, name: str) -> Mapping[str, Text]:
        """Return what nobody in a wave has an answer to; nothing as long as it was not read."""
        if not self.is_read(name):
            return {}
        if name not in self._missing:
            self._missing[name] = self.lexicon.missing_in(self.read(name))
        return self._missing[name]
