"""The lab: seconds to the first page and to an answer, and memory after twenty answers.

The first page is that of ``mobiliteit lab`` in a process of its own, from its start on. Answers are
those of the page's own parts, picture included, on the bundled wave and on 100,000 respondents
drawn from it; each in a process of its own, so that its peak memory is the lab's own.
"""

from __future__ import annotations

import asyncio
import os
import resource
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path

from large import enlarge
from mobiliteit.cli import ONE_THREAD
from mobiliteit.project import find_project

QUESTIONS = (
    "netwerken -> loopbaantevredenheid",
    "netwerken + orienteren + leeftijd -> loopbaantevredenheid",
    "branche -> loopbaantevredenheid | controls: leeftijd, uren",
    "netwerken -> loopbaanstap_succes | mobielen, controls: leeftijd, uren",
    "netwerken -> inkomen | controls: leeftijd",
    "netwerken -> stap",
    "pop -> netwerken",
    "geslacht -> inkomen | controls: uren",
    "loopbaantevredenheid between mobiliteitsgroep",
    "loopbaantevredenheid between branche",
    "inkomen between geslacht",
    "stap between branche",
    "sector between geslacht",
    "uren between geslacht | controls: leeftijd",
    "effectiviteit -> netwerken -> loopbaantevredenheid",
    "employability + effectiviteit -> netwerken -> loopbaantevredenheid",
    "leeftijd -> uren -> inkomen | controls: opleidingsniveau",
    "netwerken * geslacht -> loopbaantevredenheid",
    "netwerken * leeftijd -> loopbaantevredenheid",
    "netwerken * mobiliteitsgroep -> loopbaantevredenheid",
)


def main() -> None:
    """Measure the first page, and answers on two waves."""
    root = find_project().root
    print(f"first page: {first_page():.1f} s")
    with tempfile.TemporaryDirectory() as folder:
        enlarge(Path(folder), 100_000)
        for place, wave in ((root, "2006"), (Path(folder), "groot")):
            command = [sys.executable, __file__, "--measure", str(place), wave]
            # with the threads of the command, as the lab itself
            subprocess.run(command, check=True, env={**ONE_THREAD, **os.environ})


def first_page() -> float:
    """Start the lab, and return the seconds until its page came."""
    start = time.perf_counter()
    command = [str(Path(sys.executable).with_name("mobiliteit")), "lab", "--no-browser"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as lab:
        try:
            address = lab.stdout.readline().split()[-1]
            with urllib.request.urlopen(address, timeout=60) as page:
                page.read()
            return time.perf_counter() - start
        finally:
            lab.terminate()


def measure(root: Path, wave: str) -> None:
    """Ask every question on one desk, and print what that took."""
    from mobiliteit.lab.bench import Bench
    from mobiliteit.lab.desk import Desk
    from mobiliteit.lab.waves import Waves

    waves = Waves(root)
    bench = Bench(Desk(waves, wave, "nl"))
    roots = [part.get_root() for part in (bench.header, bench.left, bench.right, bench.foot)]
    before = time.process_time()
    taken = asyncio.run(ask_all(bench))
    busy = (time.process_time() - before) / len(taken)
    people, slowest = len(waves.read(wave).frame), max(taken, key=taken.__getitem__)
    usual = sorted(taken.values())[len(taken) // 2]
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"{people:,} people, {len(taken)} answers on {len(roots)} parts of a page:")
    print(f"  half within {usual:.2f} s, slowest {taken[slowest]:.2f} s ({slowest})")
    print(f"  {busy:.2f} s of computing an answer, reading the wave included")
    print(f"  peak memory {memory:.0f} MB")


async def ask_all(bench) -> dict[str, float]:
    """Return the seconds per question, after the wave was read and one answer was given."""
    from mobiliteit.asking.grammar import parse
    from mobiliteit.lab.draft import draft_of

    await bench.prepare()
    taken = {}
    for text in ("leeftijd -> netwerken", *QUESTIONS):
        bench.desk.draft = draft_of(parse(text, bench.desk.waves.lexicon))
        bench.builder.show()
        start = time.perf_counter()
        await bench._on_ask(None)
        taken[text] = time.perf_counter() - start
    return {text: taken[text] for text in QUESTIONS}


if __name__ == "__main__":
    if sys.argv[1:2] == ["--measure"]:
        measure(Path(sys.argv[2]), sys.argv[3])
    else:
        main()
