"""Check that every output of ``mobiliteit reproduce`` is there, and whole (``.ci/run``).

Waves are named as arguments; by default the first.

Looks at the files only and imports nothing of the package, so that a mistake there cannot hide
itself here.
"""

import csv
import re
import sys
from collections.abc import Iterator
from pathlib import Path

FIRST_WAVE = "2006"
SCORECARD_COLUMNS = ("table", "row", "column", "published", "computed", "verdict")
VERDICTS = frozenset({"exact", "last_digit", "different", "not_computable"})
CELLS = 479
PNG_SIGNATURE = b"\x89PNG\r\n\x1a\n"
PARQUET_MARK = b"PAR1"
FIGURES = "analysis/mobiliteit/study/figures.yaml"
OF_TWO_WAVES = {"moves", "moves_flow", "change", "trends", "words", "side_by_side"}
# What a file begins with, by its name.
REPORT = {
    "reproductie.html": b"<!doctype html>",
    "reproductie.docx": b"PK\x03\x04",
    "reproductie.pdf": b"%PDF-",
    "tabellen.xlsx": b"PK\x03\x04",
    "replicatie/README.md": b"# ",
    "replicatie/codeboek.html": b"<!doctype html>",
    "replicatie/codebook.html": b"<!doctype html>",
    "replicatie/codebook.xml": b"<?xml",
    "replicatie/manifest.json": b"{",
}


def problems(root: Path, wave: str) -> Iterator[str]:
    """Yield one sentence for everything of a wave that is missing or broken under `root`."""
    below = "" if wave == FIRST_WAVE else f"{wave}/"
    yield from clean_wave_problems(root, f"data_clean/{wave}.parquet")
    yield from scorecard_problems(root, f"reports/{below}scorecard.csv")
    yield from notebook_problems(root, f"reports/{below}")
    yield from figure_problems(root, f"figures/{below}")
    yield from report_problems(root, f"reports/{below}")


def clean_wave_problems(root: Path, name: str) -> Iterator[str]:
    """Yield what is wrong with the clean wave: not there, empty, or cut short."""
    path = root / name
    if not path.is_file():
        yield f"{name} is not there"
        return
    content = path.read_bytes()
    if len(content) < 12 or content[:4] != PARQUET_MARK or content[-4:] != PARQUET_MARK:
        yield f"{name} is empty or no whole parquet file ({len(content)} bytes)"


def scorecard_problems(root: Path, name: str) -> Iterator[str]:
    """Yield what is wrong with the scorecard: columns, number of lines, verdicts, empty cells."""
    path = root / name
    if not path.is_file():
        yield f"{name} is not there"
        return
    text = path.read_text(encoding="utf-8")
    lines = len(text.splitlines())
    if lines != CELLS + 1:
        yield f"{name} has {lines} lines; expected {CELLS + 1}: a header and {CELLS} cells"
    reader = csv.DictReader(text.splitlines())
    missing = [column for column in SCORECARD_COLUMNS if column not in (reader.fieldnames or ())]
    if missing:
        yield f"{name} lacks the columns {', '.join(missing)}"
        return
    rows = list(reader)
    unknown = sorted({row["verdict"] or "" for row in rows} - VERDICTS)
    if unknown:
        yield f"{name} has unknown verdicts: {', '.join(map(repr, unknown))}"
    unpublished = sum(not row["published"] for row in rows)
    if unpublished:
        yield f"{name} has {unpublished} rows without a published number"


def notebook_problems(root: Path, name: str) -> Iterator[str]:
    """Yield the notebooks that have no executed copy, and an executed copy without output."""
    sources = sorted(path.stem for path in (root / "notebooks").glob("[0-9]*.ipynb"))
    pages = {path.stem: path for path in (root / name).glob("[0-9]*.html")}
    if not sources:
        yield "notebooks/ has no notebooks"
    for stem in sources:
        if stem not in pages:
            yield f"notebooks/{stem}.ipynb has no executed copy {name}{stem}.html"
    for stem, page in sorted(pages.items()):
        if page.stat().st_size == 0:
            yield f"{name}{stem}.html is empty"


def figure_problems(root: Path, name: str) -> Iterator[str]:
    """Yield what is wrong with the figures: one is not there, is no picture or has no words."""
    catalogue = (root / FIGURES).read_text(encoding="utf-8")
    for figure, kind in re.findall(r"^  (\w+):\n    draws: (\w+)$", catalogue, re.MULTILINE):
        if kind in OF_TWO_WAVES and name == "figures/":
            continue
        for suffix in ("png", "svg"):
            if not (root / name / f"galerij_{figure}.{suffix}").is_file():
                yield f"{name}galerij_{figure}.{suffix} is not there"
    for drawing in sorted((root / name).glob("galerij_*.svg")):
        if not re.search("<desc>[^<]{40}", drawing.read_text(encoding="utf-8")):
            yield f"{name}{drawing.name} does not say what is to be seen"
    figures = sorted((root / name).glob("*.png"))
    if not figures:
        yield f"{name} has no *.png"
    for figure in figures:
        if figure.read_bytes()[:8] != PNG_SIGNATURE:
            yield f"{name}{figure.name} is no PNG picture"


def report_problems(root: Path, name: str) -> Iterator[str]:
    """Yield the files of report and replication package that are missing or of another kind."""
    for file, start in REPORT.items():
        path = root / name / file
        if not path.is_file():
            yield f"{name}{file} is not there"
        elif not path.read_bytes().startswith(start):
            yield f"{name}{file} does not begin as such a file does"


def main() -> int:
    """Print every problem and return 1, or one line that all is well and return 0."""
    root = Path(__file__).resolve().parent.parent
    waves = sys.argv[1:] or [FIRST_WAVE]
    found = [problem for wave in waves for problem in problems(root, wave)]
    for problem in found:
        print(f"FAILED: {problem}")
    if not found:
        whole = "clean data, scorecard, notebooks, figures and report"
        print(f"{whole} of {', '.join(waves)} are whole")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
