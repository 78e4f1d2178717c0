"""Check that every output of ``make reproduce`` is there, and whole (``.ci/run``).

Looks at the files only and imports nothing of the package, so that a mistake there cannot hide
itself here.
"""

import csv
import sys
from collections.abc import Iterator
from pathlib import Path

CLEAN_WAVE = "data_clean/2006.parquet"
SCORECARD = "reports/scorecard.csv"
SCORECARD_COLUMNS = ("table", "row", "column", "published", "computed", "verdict")
VERDICTS = frozenset({"exact", "last_digit", "different", "not_computable"})
CELLS = 479
NOTEBOOKS = 7
PNG_SIGNATURE = b"\x89PNG\r\n\x1a\n"
PARQUET_MARK = b"PAR1"


def problems(root: Path) -> Iterator[str]:
    """Yield one sentence for everything that is missing or broken under `root`."""
    yield from clean_wave_problems(root / CLEAN_WAVE)
    yield from scorecard_problems(root / SCORECARD)
    yield from notebook_problems(root)
    yield from figure_problems(root / "figures")


def clean_wave_problems(path: Path) -> Iterator[str]:
    """Yield what is wrong with the clean wave: not there, empty, or cut short."""
    if not path.is_file():
        yield f"{CLEAN_WAVE} is not there"
        return
    content = path.read_bytes()
    if len(content) < 12 or content[:4] != PARQUET_MARK or content[-4:] != PARQUET_MARK:
        yield f"{CLEAN_WAVE} is empty or no whole parquet file ({len(content)} bytes)"


def scorecard_problems(path: Path) -> Iterator[str]:
    """Yield what is wrong with the scorecard: columns, number of lines, verdicts, empty cells."""
    if not path.is_file():
        yield f"{SCORECARD} is not there"
        return
    text = path.read_text(encoding="utf-8")
    lines = len(text.splitlines())
    if lines != CELLS + 1:
        yield f"{SCORECARD} has {lines} lines; expected {CELLS + 1}: a header and {CELLS} cells"
    reader = csv.DictReader(text.splitlines())
    missing = [name for name in SCORECARD_COLUMNS if name not in (reader.fieldnames or ())]
    if missing:
        yield f"{SCORECARD} lacks the columns {', '.join(missing)}"
        return
    rows = list(reader)
    unknown = sorted({row["verdict"] or "" for row in rows} - VERDICTS)
    if unknown:
        yield f"{SCORECARD} has unknown verdicts: {', '.join(map(repr, unknown))}"
    unpublished = sum(not row["published"] for row in rows)
    if unpublished:
        yield f"{SCORECARD} has {unpublished} rows without a published number"


def notebook_problems(root: Path) -> Iterator[str]:
    """Yield the notebooks that have no executed copy, and an executed copy without output."""
    sources = sorted(path.stem for path in (root / "notebooks").glob("0*.ipynb"))
    pages = {path.stem: path for path in (root / "reports").glob("0*.html")}
    if len(pages) < NOTEBOOKS:
        yield f"reports/ has {len(pages)} executed notebooks (0*.html); expected {NOTEBOOKS}"
    for stem in sources:
        if stem not in pages:
            yield f"notebooks/{stem}.ipynb has no executed copy reports/{stem}.html"
    for stem, page in sorted(pages.items()):
        if page.stat().st_size == 0:
            yield f"reports/{stem}.html is empty"


def figure_problems(folder: Path) -> Iterator[str]:
    """Yield what is wrong with the figures: none there, or a file that is no picture."""
    figures = sorted(folder.glob("*.png"))
    if not figures:
        yield "figures/ has no *.png"
    for figure in figures:
        if figure.read_bytes()[:8] != PNG_SIGNATURE:
            yield f"figures/{figure.name} is no PNG picture"


def main() -> int:
    """Print every problem and return 1, or one line that all is well and return 0."""
    root = Path(__file__).resolve().parent.parent
    found = list(problems(root))
    for problem in found:
        print(f"FAILED: {problem}")
    if not found:
        print(f"{CLEAN_WAVE}, {SCORECARD}, the notebooks and the figures are there and whole")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
