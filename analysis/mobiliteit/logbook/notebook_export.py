"""What was kept of a session as a notebook that asks everything again and says what differs."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Mapping
from pathlib import Path
from pprint import pformat
from typing import Any

from mobiliteit.asking.answer import Answer, facts
from mobiliteit.logbook.export_words import FACTS, say
from mobiliteit.logbook.overview import Kept, kept_entries
from mobiliteit.logbook.session import Session
from mobiliteit.logbook.words import moment
from mobiliteit.project import write_text
from mobiliteit.render.lists import ShownList
from mobiliteit.render.numbers import MISSING

# Another machine adds up in another order: that much may differ, in proportion.
TOLERANCE = 1e-8
IMPORTS = """\
from IPython.display import HTML

import mobiliteit as mb
from mobiliteit.render.answers import answer_html"""


def write_notebook(session: Session, path: Path | str, *, lang: str = "nl") -> Path:
    """Write the kept answers of a session as a notebook.

    Parameters
    ----------
    session : Session
        The session.
    path : path
        Where; written as a whole or not at all.
    lang : {'nl', 'en'}
        Language of its text.

    Returns
    -------
    Path
        The file. Each question has its sentence as logged, the line of Python that asks it again,
        and a comparison of the two (:func:`show_repeat`). It runs in a folder of the project. The
        same session gives the same bytes.

    Raises
    ------
    AnalysisError
        Nothing was kept, or there is no such language.
    OutputError
        The file cannot be written.
    """
    words, gathered = say(lang), kept_entries(session)
    marks = dict.fromkeys(getattr(kept.entry.mark, lang) for kept in gathered)
    intro = [f"# {words['title']}", *(f"**{_plain(mark)}**" for mark in marks if mark)]
    cells = [
        _markdown("title", [*intro, words["repeats"]]),
        _code("open", IMPORTS),
    ]
    for number, kept in enumerate(gathered, start=1):
        logged = pformat(kept.entry.facts(), sort_dicts=False, width=88)
        cells += [
            _markdown(f"question-{number}", _paragraphs(kept, lang)),
            _code(
                f"ask-{number}",
                f"answer = {kept.entry.python}\nHTML(answer_html(answer, {json.dumps(lang)}))",
            ),
            _code(
                f"compare-{number}",
                f"logged = {logged}\nmb.show_repeat(answer, logged, lang={json.dumps(lang)})",
            ),
        ]
    notebook = {
        "cells": cells,
        "metadata": {
            "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
            "language_info": {"name": "python"},
        },
        "nbformat": 4,
        "nbformat_minor": 5,
    }
    target = Path(path)
    write_text(target, json.dumps(notebook, ensure_ascii=False, indent=1) + "\n")
    return target


def show_repeat(answer: Answer, logged: Mapping[str, Any], *, lang: str = "nl") -> ShownList:
    """Hold an answer against what a log says of it.

    Parameters
    ----------
    answer : Answer
        The question asked again.
    logged : mapping
        What :meth:`~mobiliteit.logbook.entry.Entry.facts` gave.
    lang : {'nl', 'en'}
        Language.

    Returns
    -------
    ShownList
        One sentence when all is equal, but for the last digits of numbers; otherwise a line for
        everything that differs, unrounded.

    Raises
    ------
    AnalysisError
        There is no such language.
    """
    words, now = say(lang), facts(answer)
    differing = [name for name in FACTS[lang] if not _same(logged.get(name), now[name])]
    if not differing:
        return ShownList((words["same"],))
    rows = tuple(
        (FACTS[lang][name], _text(logged.get(name)), _text(now[name])) for name in differing
    )
    return ShownList((words["differs"],), ("", words["logged"], words["now"]), rows)


def _same(then: Any, now: Any) -> bool:
    if isinstance(then, float | int) and isinstance(now, float | int):
        return math.isclose(then, now, rel_tol=TOLERANCE, abs_tol=TOLERANCE)
    return _text(then) == _text(now)


def _text(value: Any) -> str:
    missing = value is None or (isinstance(value, float) and not math.isfinite(value))
    return MISSING if missing else str(value)


def _paragraphs(kept: Kept, lang: str) -> list[str]:
    entry, words = kept.entry, say(lang)
    remark = [f"> {_plain(line)}" for line in entry.remark.splitlines() if line.strip()]
    return [
        f"## {_plain(getattr(entry.sentence, lang))}",
        *(["\n>\n".join(remark)] if remark else []),
        f"{words['then'].format(at=getattr(moment(entry.at), lang))} "
        f"{_plain(getattr(entry.says, lang))}",
        "\n".join(f"- {_plain(getattr(note, lang))}" for note in kept.notes),
    ]


def _plain(text: str) -> str:
    """Escape what Markdown or HTML would make something of."""
    return re.sub(r"([\\`*_{}\[\]<>#|~$&])", r"\\\1", " ".join(text.split()))


def _markdown(name: str, paragraphs: list[str]) -> dict[str, Any]:
    source = "\n\n".join(filter(None, paragraphs))
    return {"cell_type": "markdown", "id": name, "metadata": {}, "source": source}


def _code(name: str, source: str) -> dict[str, Any]:
    return {
        "cell_type": "code",
        "execution_count": None,
        "id": name,
        "metadata": {},
        "outputs": [],
        "source": source,
    }
