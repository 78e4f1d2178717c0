"""A small valid wave of the real study, drawn from its codebook, for tests to damage.

Every source column is called ``q_`` plus its name in the codebook. The frame and the sidecar are
plain objects: change them, call :meth:`SmallWave.write`, and the wave on disk follows.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyreadstat
import pytest
import yaml

from mobiliteit.clean import CleanAnswers, clean
from mobiliteit.errors import MobiliteitError, Problem
from mobiliteit.identifiers import make_salt
from mobiliteit.ingest import RawWave, read_raw
from mobiliteit.study import STUDY_DIR, Study, load_study
from mobiliteit.wave import Wave, load_wave

RESPONDENT = "respnr"
FIRST_ID = 5001
YES_NO = {1: 1, 2: 0}

# Worked by hand from the wording of the segments; None means not asked. Sectors: 1 care, 2 welfare,
# 3 another; branch 1 nursing homes, 2 welfare services, 3 youth care, 5 mental health, 10 outside.
SCREENING = (
    "stap",
    "sector_vorig",
    "sector",
    "branche_vorig",
    "branche",
    "zelfde_instelling",
    "zelfde_functie",
    "overwogen",
)
SEGMENTS: dict[str, tuple[int | None, ...]] = {
    "instroom": (1, 3, 1, 10, 5, 0, 0, None),
    "doorstroom_sector": (1, 2, 1, 2, 1, 0, 1, None),
    "doorstroom_branche": (1, 2, 2, 3, 2, 0, 1, None),
    "uitstroom": (1, 1, 3, 1, 10, 0, 0, None),
    "functie_branche": (1, 1, 1, 5, 5, 0, 0, None),
    "functie_instelling": (1, 2, 2, 2, 2, 1, 0, None),
    "overwogen": (0, None, 1, None, 1, None, None, 1),
    "niet_overwogen": (0, None, 2, None, 3, None, None, 0),
}
GROUPS = {
    "instroom": "mobielen",
    "doorstroom_sector": "mobielen",
    "doorstroom_branche": "mobielen",
    "uitstroom": "mobielen",
    "functie_branche": "mobielen",
    "functie_instelling": "mobielen",
    "overwogen": "overwegers",
    "niet_overwogen": "blijvers",
}
NO_RULE = (1, 1, 1, 5, 5, 0, 1, None)  # a new employer, the same branch and job
TWO_RULES = (1, 1, 1, 5, 1, 1, 0, None)  # a new branch and a new job within one institution


def as_yaml(content: object) -> str:
    """Write what a sidecar or a file of the study holds, in its own order."""
    # the writer in C, where PyYAML came with it, is some five times faster
    dumper: Any = getattr(yaml, "CSafeDumper", yaml.SafeDumper)
    return yaml.dump(content, Dumper=dumper, sort_keys=False, allow_unicode=True)


def source(name: str) -> str:
    """Source column of a codebook column."""
    return f"q_{name}"


@dataclass
class SmallWave:
    """A wave on disk, with the frame and the sidecar that it was written from."""

    root: Path
    name: str
    study: Study
    frame: pd.DataFrame
    sidecar: dict[str, Any]

    @property
    def folder(self) -> Path:
        return self.root / "data_raw" / self.name

    @property
    def sav(self) -> Path:
        return self.folder / str(self.sidecar["file"]["name"])

    def write(self, *, seal: bool = True, **options: Any) -> SmallWave:
        """Write the frame and the sidecar; without `seal` the old checksum and row count stay."""
        self.folder.mkdir(parents=True, exist_ok=True)
        columns = {source(column.name): column for column in self.study.codebook.columns()}
        labels = {
            name: {code: label.nl for code, label in column.values.items()}
            for name, column in columns.items()
            if column.values and name in self.frame.select_dtypes("number")
        }
        missing = {name: list(columns[name].missing) for name in labels if columns[name].missing}
        pyreadstat.write_sav(
            self.frame,
            str(self.sav),
            variable_value_labels=labels,
            missing_ranges=missing,
            **options,
        )
        if seal:
            self.seal(len(self.frame))
        return self.write_sidecar()

    def write_bytes(self, content: bytes, *, seal: bool = True) -> SmallWave:
        """Write any bytes as the raw file."""
        self.sav.write_bytes(content)
        return self.seal().write_sidecar() if seal else self

    def seal(self, rows: int | None = None) -> SmallWave:
        """Make the sidecar's checksum that of the file on disk."""
        self.sidecar["file"]["sha256"] = hashlib.sha256(self.sav.read_bytes()).hexdigest()
        if rows is not None:
            self.sidecar["file"]["rows"] = rows
        return self

    def write_sidecar(self, text: str | None = None) -> SmallWave:
        """Write the sidecar, or `text` in its place."""
        if text is None:
            text = as_yaml(self.sidecar)
        (self.folder / "wave.yaml").write_text(text, encoding="utf-8")
        return self

    def person(self, segment: str, position: int = 0) -> int:
        """Position in the frame of the nth respondent drawn for `segment`."""
        return list(SEGMENTS).index(segment) + position * len(SEGMENTS)

    def id(self, row: int) -> str:
        """Respondent id at a position of the frame, as the clean frame writes it."""
        return f"{self.frame[RESPONDENT].iloc[row]:.0f}"

    def set(self, row: int, name: str, value: float) -> SmallWave:
        """Put a source code into one cell of the frame."""
        self.frame.loc[self.frame.index[row], source(name)] = value
        return self

    def append(self, *rows: pd.DataFrame) -> SmallWave:
        """Add rows to the end of the frame."""
        self.frame = pd.concat([self.frame, *rows], ignore_index=True)
        return self

    def real(self) -> SmallWave:
        """Make it a wave of real people: no synthetic note, and a salt beside it."""
        self.sidecar |= {"synthetic": False, "synthetic_note_nl": "", "synthetic_note_en": ""}
        make_salt(self.root / "data_raw")
        return self

    def raw(self) -> RawWave:
        return read_raw(self.folder, self.study)

    def clean(self) -> CleanAnswers:
        return clean(self.raw(), self.study)

    def load(self) -> Wave:
        return load_wave(self.name, root=self.root, study=self.study)


def small_wave(
    root: Path,
    *,
    per_segment: int = 4,
    name: str = "2031",
    seed: int = 20060217,
    study: Study | None = None,
) -> SmallWave:
    """Write a valid wave with every segment `per_segment` times, and nobody else.

    Respondents are numbered from :data:`FIRST_ID` and come in the order of :data:`SEGMENTS`, over
    and over. Skip rules hold; one in twelve of the other answers is a missing code.
    """
    study = study or load_study()
    rng = np.random.default_rng(seed)
    answers = codes(list(SEGMENTS.values()) * per_segment, study, rng)
    frame = to_source(answers, study)
    n = len(frame)
    frame.insert(0, RESPONDENT, np.arange(FIRST_ID, FIRST_ID + n, dtype="float64"))
    frame.insert(1, "status", 1.0)
    frame.insert(2, "startdatum", [dt.date(2031, 2, 1 + i % 27) for i in range(n)])
    wave = SmallWave(root, name, study, frame, sidecar(study, name))
    return wave.write()


def codes(
    screening: list[tuple[int | None, ...]], study: Study, rng: np.random.Generator
) -> pd.DataFrame:
    """Draw answers in codebook codes: missing codes included, NaN where nothing was asked."""
    n = len(screening)
    given = pd.DataFrame(screening, columns=list(SCREENING)).astype("float64")
    answers: dict[str, np.ndarray] = {}
    for column in study.codebook.columns():
        if column.name in given:
            answers[column.name] = given[column.name].to_numpy()
            continue
        if column.range is not None:
            low, high = column.range
            drawn = rng.integers(int(low), min(int(high), 60) + 1, n).astype("float64")
        else:
            drawn = rng.choice(list(column.values), n).astype("float64")
        if column.missing:
            drawn = np.where(rng.random(n) < 1 / 12, rng.choice(list(column.missing), n), drawn)
        asked = np.ones(n, dtype=bool)
        for variable, listed in column.asked.items():
            asked &= np.isin(answers[variable], listed)
        answers[column.name] = np.where(asked, drawn, np.nan)
    return pd.DataFrame(answers)


def to_source(answers: pd.DataFrame, study: Study) -> pd.DataFrame:
    """Codebook codes to the codes of the file: 1 and 2 for yes and no."""
    back = {0.0: 2.0}
    columns = {}
    for column in study.codebook.columns():
        values = answers[column.name]
        columns[source(column.name)] = (
            values.replace(back) if set(column.values) == {0, 1} else values
        )
    return pd.DataFrame(columns)


def sidecar(study: Study, name: str) -> dict[str, Any]:
    """The sidecar of a small wave; :meth:`SmallWave.write` fills in checksum and rows."""
    columns: dict[str, Any] = {}
    for column in study.codebook.columns():
        plain = set(column.values) != {0, 1}
        columns[source(column.name)] = (
            column.name if plain else {"variable": column.name, "recode": dict(YES_NO)}
        )
    return {
        "wave": name,
        "year": 2031,
        "title_nl": "Kleine golf voor de tests",
        "title_en": "Small wave for the tests",
        "producer": "tests/builders.py",
        "licence": "CC0-1.0",
        "date": "2031-02-17",
        "synthetic": True,
        "synthetic_note_nl": "Getrokken door de tests.",
        "synthetic_note_en": "Drawn by the tests.",
        "file": {"name": "klein.sav", "sha256": "0" * 64, "rows": 1},
        "respondent": RESPONDENT,
        "exclude": [
            {
                "reason": "screen_out",
                "nl": "uitgescreend",
                "en": "screened out",
                "column": "status",
                "is": [2],
            },
            {
                "reason": "onvolledig",
                "nl": "niet afgemaakt",
                "en": "not finished",
                "column": "status",
                "is": [3],
            },
        ],
        "identical_rows": {
            "action": "drop",
            "reason": "dubbel_geleverd",
            "nl": "tweemaal geleverd",
            "en": "delivered twice",
        },
        "columns": columns,
        "ignore": {"status": "only excludes rows", "startdatum": "process data"},
        "corrections": [],
    }


def messy_wave(root: Path, *, study: Study | None = None) -> SmallWave:
    """A valid wave with everything a real export holds, in numbers that a test can count on.

    32 classified respondents and: 3 screened out, 2 unfinished, 4 second copies, 1 who fits no
    rule, 1 who fits two, 1 answer to a question that was not asked, 2 corrected values.
    """
    wave = small_wave(root, study=study)
    drawn = codes([NO_RULE, TWO_RULES], wave.study, np.random.default_rng(7))
    odd = to_source(drawn, wave.study).assign(**{RESPONDENT: [6001.0, 6002.0], "status": 1.0})
    out = wave.frame.iloc[:3].assign(**{RESPONDENT: [7001.0, 7002.0, 7003.0], "status": 2.0})
    half = wave.frame.iloc[3:5].assign(**{RESPONDENT: [7101.0, 7102.0], "status": 3.0})
    # an excluded row may hold anything: it is no respondent
    out[source("leeftijd")] = 777.0
    day = wave.frame["startdatum"].iloc[0]
    wave.append(odd.assign(startdatum=day), out, half)
    wave.set(wave.person("niet_overwogen"), "sector_vorig", 1)
    wave.set(8, "leeftijd", 510).set(9, "opleiding_nieuw", 3650)
    wave.append(wave.frame.iloc[10:13], wave.frame.iloc[10:11])
    wave.sidecar["corrections"] = [
        {
            "respondent": int(wave.id(8)),
            "column": source("leeftijd"),
            "value": 510,
            "to": 51,
            "reason": "a zero too many",
        },
        {
            "respondent": int(wave.id(9)),
            "column": source("opleiding_nieuw"),
            "value": 3650,
            "to": None,
            "missing_reason": "weet_niet",
            "reason": "more days than a year has",
        },
    ]
    return wave.write()


BRIEF = (
    *("sector", "stap", "sector_vorig", "branche_vorig", "zelfde_instelling", "zelfde_functie"),
    *("overwogen", "employability", "opleiding_nieuw", "freq_functionering", "nut_functionering"),
    *("coach_intern_mogelijk", "coach_intern_gebruikt", "coach_intern_nut", "geslacht", "leeftijd"),
    *("dienstverband", "branche"),
)


def brief_study(study: Study) -> Study:
    """The study with a questionnaire of 18 variables, for tests that clean many waves.

    Every kind of question is in it: open numbers, classes, yes and no, a scale with a reversed
    item, and skip rules upon skip rules. Its tables cannot be computed.
    """
    book = study.codebook
    variables = {name: entry for name, entry in book.variables.items() if name in BRIEF}
    derived = {name: entry for name, entry in book.derived.items() if set(entry.of) <= set(BRIEF)}
    return dataclasses.replace(
        study, codebook=book.model_copy(update={"variables": variables, "derived": derived})
    )


def copy_study(folder: Path, **texts: Callable[[str], str]) -> Path:
    """Copy the study's files; those named (``codebook=...``) pass through a function first."""
    folder.mkdir(parents=True, exist_ok=True)
    for name in ("codebook", "segments", "tables"):
        text = (STUDY_DIR / f"{name}.yaml").read_text(encoding="utf-8")
        changed = texts.get(name, str)(text)
        assert name not in texts or changed != text, f"the change of {name}.yaml changed nothing"
        (folder / f"{name}.yaml").write_text(changed, encoding="utf-8")
    return folder


def failure(
    action: Callable[[], object], kind: type[MobiliteitError] = MobiliteitError
) -> MobiliteitError:
    """The error that `action` raises, after checking that it is one clear message.

    Every problem says what is wrong and what to do, the message shows each on a line of its own,
    and no error of a library stands behind it unexplained.
    """
    with pytest.raises(kind) as caught:
        action()
    error = caught.value
    assert error.problems
    lines = str(error).splitlines()
    assert lines[0] == error.headline
    assert lines[0].endswith(".")
    for problem in error.problems:
        assert problem.what.strip()
        assert not problem.what.endswith(".")
        assert problem.remedy.endswith(".")
        assert f"  - {problem}" in str(error)
    assert "Traceback" not in str(error)
    assert error.__cause__ is None
    return error


def only(error: MobiliteitError) -> Problem:
    """The one problem of an error."""
    assert len(error.problems) == 1, str(error)
    return error.problems[0]


def at(error: MobiliteitError, column: str) -> Problem:
    """The one problem of an error that is about a source column."""
    found = [problem for problem in error.problems if problem.column == column]
    assert len(found) == 1, str(error)
    return found[0]
