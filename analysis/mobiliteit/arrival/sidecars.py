"""Reading a sidecar that does not fit its schema, as far as the rest of it does."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import yaml
from pydantic import ValidationError

from mobiliteit.descriptor import SIDECAR, find_folder
from mobiliteit.descriptor_schema import Descriptor
from mobiliteit.errors import Problem, StudyError
from mobiliteit.study import misfits, read_checked

MOST_ROUNDS = 20


def read_leniently(directory: Path) -> tuple[Descriptor | None, list[Problem], set[str]]:
    """Read a wave's sidecar, leaving out the entries that do not fit.

    Parameters
    ----------
    directory : Path
        Folder of the wave.

    Returns
    -------
    descriptor : Descriptor or None
        What fits; None when not even the file and its ids are known.
    problems : list of Problem
        What does not fit.
    left_out : set of str
        Source columns whose entry was left out, and the codebook columns that they named.

    Raises
    ------
    WaveError
        There is no such folder.
    """
    find_folder(directory)
    path = directory / SIDECAR
    try:
        return read_checked(path, Descriptor), [], set()
    except StudyError as error:
        problems = list(error.problems)
    try:
        content = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, yaml.YAMLError):
        return None, problems, set()
    if not isinstance(content, dict):
        return None, problems, set()
    left_out: set[str] = set()
    for _ in range(MOST_ROUNDS):
        try:
            return Descriptor.model_validate(content), problems, left_out
        except ValidationError as error:
            problems += [new for new in misfits(error, path.name) if new not in problems]
            left_out |= _leave_out(content, [entry["loc"] for entry in error.errors()])
        for key, value in _stand_ins(directory.name).items():
            content.setdefault(key, value)
        if not {"file", "respondent"} <= set(content):
            break
    return None, problems, left_out


def _stand_ins(wave: str) -> dict[str, Any]:
    """Values for required entries that the stages of loading do not use."""
    texts = dict.fromkeys(("title_nl", "title_en", "producer", "licence"), "-")
    when = {"year": date.min.year, "date": date.min}
    return {"wave": wave, **texts, **when, "synthetic": False, "columns": {}}


def _leave_out(content: dict[str, Any], places: list[tuple[int | str, ...]]) -> set[str]:
    """Remove the smallest entries that hold misfits; return the names that go with them."""
    doomed: dict[tuple[int, Any], tuple[Any, Any]] = {}
    names: set[str] = set()
    for place in places:
        steps = _steps(content, place)
        if not steps:
            continue
        # an entry of `columns` goes as a whole: half a translation would give half an answer
        whole = place[0] == "columns" and len(steps) > 1
        holder, key = steps[1] if whole else steps[-1]
        doomed[id(holder), key] = (holder, key)
        if whole:
            entry = holder[key]
            variable = entry.get("variable") if isinstance(entry, dict) else entry
            names |= {str(key), str(variable)} if variable else {str(key)}
    for holder, key in sorted(
        doomed.values(), key=lambda pair: str(pair[1]).zfill(9), reverse=True
    ):
        del holder[key]
    return names


def _steps(content: Any, place: tuple[int | str, ...]) -> list[tuple[Any, Any]]:
    """Follow a place as far as it goes in what was written; the schema also names what it tried."""
    steps: list[tuple[Any, Any]] = []
    for part in place:
        if isinstance(content, dict):
            # the schema names keys as text, YAML may hold numbers
            key = next((key for key in content if str(key) == str(part)), None)
        else:
            inside = isinstance(content, list) and isinstance(part, int) and part < len(content)
            key = part if inside else None
        if key is None:
            break
        steps.append((content, key))
        content = content[key]
    return steps
