"""The bundled wave as other suppliers would have delivered it: renamed, relabelled, cut off."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import yaml

from mobiliteit.project import find_project
from mobiliteit.reading import RawTable, read_file
from mobiliteit.study import Study

FOLDER = find_project(Path(__file__).parent).raw("2006")


def bundled() -> tuple[RawTable, dict[str, str]]:
    """The bundled wave, and which codebook column each of its source columns is."""
    sidecar = yaml.safe_load((FOLDER / "wave.yaml").read_text(encoding="utf-8"))
    truth = {
        source: entry if isinstance(entry, str) else entry["variable"]
        for source, entry in sidecar["columns"].items()
    }
    return read_file(FOLDER / sidecar["file"]["name"]), truth


def renamed(table: RawTable, names: dict[str, str]) -> RawTable:
    """Other column names; labels and codes follow."""

    def follow(by_column: dict) -> dict:
        return {names.get(column, column): entry for column, entry in by_column.items()}

    return RawTable(
        table.frame.rename(columns=names),
        follow(table.labels),
        follow(table.value_labels),
        follow(table.missing),
    )


def numbered(
    table: RawTable, truth: dict[str, str], rng: np.random.Generator
) -> tuple[RawTable, dict[str, str]]:
    """Columns in a random order, named V001, V002, ... so that names and places say nothing."""
    columns = list(rng.permutation(table.frame.columns))
    names = {column: f"V{place:03d}" for place, column in enumerate(columns)}
    shuffled = RawTable(table.frame[columns], table.labels, table.value_labels, table.missing)
    return renamed(shuffled, names), {names[column]: target for column, target in truth.items()}


def labelled(table: RawTable, change: Callable[[str], str]) -> RawTable:
    """Every label passed through a function; an empty one is none."""
    labels = {column: change(label) for column, label in table.labels.items()}
    labels = {column: label for column, label in labels.items() if label}
    return RawTable(table.frame, labels, table.value_labels, table.missing)


def without_value_labels(table: RawTable) -> RawTable:
    return RawTable(table.frame, table.labels, {}, table.missing)


def in_english(table: RawTable, truth: dict[str, str], study: Study) -> RawTable:
    """Labels and answers as an English-speaking supplier would write them."""
    columns = {column.name: column for column in study.codebook.columns()}
    labels, values = {}, {}
    for source, target in truth.items():
        column = columns[target]
        variable = study.codebook.variables[column.variable]
        item = column.label_en if variable.items else ""
        labels[source] = f"{variable.label_en}: {item}".removesuffix(": ")
        english = {label.nl: label.en for label in column.values.values()}
        values[source] = {
            code: english.get(text, text) for code, text in table.value_labels[source].items()
        }
    return RawTable(table.frame, labels, values, table.missing)


def misspelt(text: str, rng: np.random.Generator, share: float = 0.05) -> str:
    """A letter left out, doubled by another, or replaced, at random places."""
    written = []
    for letter in text:
        chance = rng.random()
        if chance >= share / 3:
            written.append(letter if chance >= 2 * share / 3 else rng.choice(list("etnaori")))
        if chance > 1 - share / 3:
            written.append(rng.choice(list("etnaori")))
    return "".join(written)
