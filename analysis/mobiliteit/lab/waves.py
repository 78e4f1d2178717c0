"""The waves that every page of one process shares, each read once."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from mobiliteit.asking.lexicon import Lexicon, load_lexicon
from mobiliteit.claims.terms import Text
from mobiliteit.descriptor import load_descriptor
from mobiliteit.errors import MobiliteitError, Problem, brief
from mobiliteit.project import find_project
from mobiliteit.study import Study, load_study
from mobiliteit.wave import Wave, load_wave

if TYPE_CHECKING:
    from mobiliteit.hypotheses.schema import Register


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
        self._years: dict[str, int] | None = None
        self._register: Register | None = None
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

    def hypotheses(self) -> Register:
        """Return the register of the study; the first call takes half a second."""
        from mobiliteit.hypotheses.schema import load_hypotheses

        with self._lock:
            if self._register is None:
                self._register = load_hypotheses(self.study)
            return self._register

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

    def earlier(self, name: str) -> tuple[str, ...]:
        """Return the waves of earlier years than a wave, sorted; none while its year is unknown."""
        if self._years is None:
            self._years = dict(self._found())
        year = self._years.get(name)
        if year is None:
            return ()
        return tuple(one for one in self.names if self._years.get(one, year) < year)

    def _found(self) -> Iterator[tuple[str, int]]:
        for name in self.names:
            try:
                yield name, self._year(name)
            except MobiliteitError:
                # Nothing can be asked of a wave without a sidecar that can be read.
                continue

    def _year(self, name: str) -> int:
        if name in self._waves:
            return self._waves[name].descriptor.year
        return load_descriptor(find_project(self._root).raw(name), self.study).year

    def missing(self, name: str) -> Mapping[str, Text]:
        """Return what nobody in a wave has an answer to; nothing as long as it was not read."""
        if not self.is_read(name):
            return {}
        if name not in self._missing:
            self._missing[name] = self.lexicon.missing_in(self.read(name))
        return self._missing[name]
