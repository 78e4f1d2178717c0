"""100,000 respondents from raw ``.sav`` to all tables: seconds and share of each stage, and memory.

The respondents are the bundled wave's records drawn with replacement, with new ids. Everything
happens in a scratch folder and in a process of its own, so that its peak memory is the job's own;
that of the process that parses the file is added to it, although the two need not coincide.
"""

from __future__ import annotations

import hashlib
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyreadstat
import yaml

import mobiliteit.wave
from mobiliteit.project import find_project
from mobiliteit.reading.helper import HELPER
from mobiliteit.study import load_study
from mobiliteit.tables import compute_tables

SEED = 2006
STAGES = {
    "read_raw": "read",
    "clean": "clean",
    "classify": "classify",
    "score": "score",
}


def main() -> None:
    """Make the large wave, and measure it in a process of its own."""
    rows = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        start = time.perf_counter()
        enlarge(root, rows)
        print(f"made a wave of {rows:,} records in {time.perf_counter() - start:.1f} s")
        subprocess.run([sys.executable, __file__, "--measure", str(root)], check=True)


def enlarge(root: Path, rows: int) -> None:
    """Write a wave of `rows` records under `root`, drawn from the bundled one."""
    records, write = bundled_records()
    drawn = np.random.default_rng(SEED).integers(0, len(records), rows)
    write(root, "groot", records.iloc[drawn], np.arange(1, rows + 1), {})


def bundled_records() -> tuple[pd.DataFrame, Callable[..., None]]:
    """Read the bundled wave's records, and make a function that writes waves like it.

    Returns
    -------
    DataFrame
        The raw records, without those that the sidecar corrects.
    callable
        ``write(root, name, records, numbers, changes)``: a wave of `records` with respondent
        `numbers` under ``root/data_raw/name``, its sidecar that of the bundled one but for
        `changes`.
    """
    bundled = find_project(Path(__file__).parent).raw("2006")
    side = yaml.safe_load((bundled / "wave.yaml").read_text(encoding="utf-8"))
    frame, meta = pyreadstat.read_sav(str(bundled / side["file"]["name"]), user_missing=True)
    corrected = {int(entry["respondent"]) for entry in side["corrections"]}
    ids = side["respondent"]["column"]

    def write(
        root: Path, name: str, records: pd.DataFrame, numbers: np.ndarray, changes: dict[str, Any]
    ) -> None:
        folder = root / "data_raw" / name
        folder.mkdir(parents=True)
        path = folder / f"{name}.sav"
        pyreadstat.write_sav(
            records.assign(**{ids: numbers.astype("float64")}).reset_index(drop=True),
            str(path),
            column_labels=meta.column_names_to_labels,
            variable_value_labels=meta.variable_value_labels,
            missing_ranges=meta.missing_ranges,
            variable_format=meta.original_variable_types,
        )
        sha256 = hashlib.sha256(path.read_bytes()).hexdigest()
        file = {"name": path.name, "sha256": sha256, "rows": len(records)}
        own = side | {"wave": name, "file": file, "corrections": []} | changes
        (folder / "wave.yaml").write_text(
            yaml.safe_dump(own, allow_unicode=True, sort_keys=False), encoding="utf-8"
        )

    return frame[~frame[ids].isin(corrected)], write


def measure(root: Path) -> None:
    """Load the large wave and compute its tables; print seconds, shares and peak memory."""
    study = load_study()
    seconds: dict[str, float] = {}
    start = time.perf_counter()
    with stages(seconds):
        wave = mobiliteit.wave.load_wave("groot", root=root, study=study)
    loaded = time.perf_counter() - start
    seconds["weights, ledger and the rest of loading"] = loaded - sum(seconds.values())
    compute_tables(wave)
    total = time.perf_counter() - start
    seconds["eleven tables"] = total - loaded
    for stage, spent in seconds.items():
        print(f"  {stage:<42} {spent:>6.1f} s  {spent / total:>5.0%}")
    print(f"  {'raw .sav to all tables':<42} {total:>6.1f} s  ({len(wave.frame):,} kept)")
    HELPER.close()  # only a process that has ended is counted
    print(f"  peak memory: this process {peak(resource.RUSAGE_SELF):.2f} GiB", end="")
    print(f", the one that parses {peak(resource.RUSAGE_CHILDREN):.2f} GiB")


@contextmanager
def stages(seconds: dict[str, float]) -> Iterator[None]:
    """Time the steps of :func:`mobiliteit.wave.load_wave` while it runs as it is."""

    def timed(name: str, function: Callable[..., object]) -> Callable[..., object]:
        @wraps(function)
        def run(*arguments: object, **options: object) -> object:
            start = time.perf_counter()
            result = function(*arguments, **options)
            seconds[STAGES[name]] = seconds.get(STAGES[name], 0.0) + time.perf_counter() - start
            return result

        return run

    originals = {name: getattr(mobiliteit.wave, name) for name in STAGES}
    for name, function in originals.items():
        setattr(mobiliteit.wave, name, timed(name, function))
    try:
        yield
    finally:
        for name, function in originals.items():
            setattr(mobiliteit.wave, name, function)


def peak(who: int) -> float:
    """Peak memory in GiB; Linux counts it in KiB, macOS in bytes."""
    unit = 1 if sys.platform == "darwin" else 1024
    return resource.getrusage(who).ru_maxrss * unit / 1024**3


if __name__ == "__main__":
    if "--measure" in sys.argv:
        measure(Path(sys.argv[-1]))
    else:
        main()
