"""How long the steps take, on the bundled wave: `make bench`.

Each step runs several times in a process of its own kind (functions in this one, commands as whole
processes); minimum, median and maximum are printed. Nothing here passes or fails.
"""

from __future__ import annotations

import platform
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from os import cpu_count
from pathlib import Path

from mediation import bootstrap
from mobiliteit.scorecard import score_wave
from mobiliteit.tables import compute_tables
from mobiliteit.wave import Wave, load_wave

ROOT = Path(__file__).resolve().parents[1]
COMMAND = [str(Path(sys.executable).with_name("mobiliteit"))]


def measure(name: str, action: Callable[[], object], runs: int) -> None:
    """Run `action` once to warm up and `runs` times counted, and print its seconds."""
    action()
    seconds = []
    for _ in range(runs):
        start = time.perf_counter()
        action()
        seconds.append(time.perf_counter() - start)
    print(
        f"{name:<34} {min(seconds):>8.2f} {statistics.median(seconds):>8.2f} {max(seconds):>8.2f}"
        f"   ({runs} runs)",
        flush=True,
    )


def command(*arguments: str) -> Callable[[], object]:
    """Return an action that runs the command line as a whole process, its output thrown away."""
    return lambda: subprocess.run(
        [*COMMAND, *arguments], cwd=ROOT, check=True, stdout=subprocess.DEVNULL
    )


def main() -> None:
    """Measure the functions of the pipeline and the commands."""
    print(f"Python {platform.python_version()}, {cpu_count()} cores, {platform.system()}")
    print(f"{'seconds':<34} {'min':>8} {'median':>8} {'max':>8}")
    wave: Wave = load_wave("2006", root=ROOT)
    results = compute_tables(wave)
    measure("read, clean, classify, score", lambda: load_wave("2006", root=ROOT), 5)
    measure("eleven tables", lambda: compute_tables(wave), 5)
    measure("scorecard of computed tables", lambda: score_wave(wave, results), 5)
    measure("mediation, 10,000 resamples", bootstrap, 5)
    measure("mobiliteit --help", command("--help"), 5)
    measure("mobiliteit clean", command("clean"), 3)
    measure("mobiliteit scorecard", command("scorecard"), 3)
    measure("mobiliteit audit", command("audit"), 3)
    measure("mobiliteit claims", command("claims"), 3)
    measure("mobiliteit impute", command("impute"), 3)
    measure("wave check 2008-demo", command("wave", "check", "2008-demo"), 3)
    measure("mobiliteit reproduce", command("reproduce"), 3)


if __name__ == "__main__":
    main()
