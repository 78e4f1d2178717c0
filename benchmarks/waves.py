"""20,000 people in four waves held against 2006 and each other: seconds of each command's work.

The people are the bundled wave's records drawn with replacement; from wave to wave some are lost
and some answer like somebody else. Measured is the work behind ``scorecard --against``, ``panel``,
``trends``, ``scales`` and ``sorting`` after the waves were read, pages and figures included.
"""

from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np

import mobiliteit as mb
from large import bundled_records
from mobiliteit.project import Project

SEED = 2006
YEARS = (2006, 2008, 2010, 2012)
STAYING, CHANGING = 0.8, 0.15


def main() -> None:
    """Make the waves, and time what is done with them."""
    people = int(sys.argv[1]) if len(sys.argv) > 1 else 20_000
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        timed(f"made four waves of {people:,} people", lambda: make_waves(root, people))
        names = [f"groot-{year}" for year in YEARS]
        waves = timed("read", lambda: [mb.load_wave(name, root=root) for name in names])
        project = Project(root)
        start = time.perf_counter()
        timed(
            "scorecard --against 2006",
            lambda: mb.write_against(mb.score_against(waves[-1]), project.reports, project.figures),
        )
        timed(
            "panel",
            lambda: mb.write_panel(
                mb.analyse_panel(mb.link_waves(waves)), project.reports, project.figures
            ),
        )
        timed(
            "trends", lambda: mb.write_trends(mb.follow(*waves), project.reports, project.figures)
        )
        timed(
            "scales",
            lambda: mb.write_scales(mb.check_scales(*waves), project.reports, project.figures),
        )
        timed(
            "sorting, the last wave",
            lambda: mb.write_sorting(
                mb.sort_otherwise(names[-1], root=root), project.reports, project.figures
            ),
        )
        print(f"{'all but reading':<42} {time.perf_counter() - start:>6.1f} s")


def timed(name: str, action: Callable[[], object]) -> object:
    """Run `action`, print its seconds, and return what it gave."""
    start = time.perf_counter()
    result = action()
    print(f"{name:<42} {time.perf_counter() - start:>6.1f} s", flush=True)
    return result


def make_waves(root: Path, people: int) -> None:
    """Write the four waves under `root`: a first one, and three with losses and changes."""
    records, write = bundled_records()
    rng = np.random.default_rng(SEED)
    drawn = rng.integers(0, len(records), people)
    numbers = np.arange(1, people + 1)
    for year in YEARS:
        write(root, f"groot-{year}", records.iloc[drawn], numbers, {"year": year})
        stays = rng.random(len(numbers)) < STAYING
        numbers, drawn = numbers[stays], drawn[stays]
        changes = rng.random(len(numbers)) < CHANGING
        drawn = np.where(changes, rng.integers(0, len(records), len(numbers)), drawn)


if __name__ == "__main__":
    main()
