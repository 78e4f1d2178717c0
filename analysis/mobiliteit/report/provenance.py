"""What a report was made from: files with their checksums, and versions."""

from __future__ import annotations

import hashlib
import platform
from collections.abc import Iterator, Mapping
from importlib.metadata import version

from mobiliteit.render.numbers import describe_legend
from mobiliteit.report.blocks import Block, Grid, Heading, Paragraph
from mobiliteit.report.words import WORDS
from mobiliteit.study import STUDY_DIR
from mobiliteit.wave import Wave

PACKAGES = (
    "mobiliteit",
    "numpy",
    "pandas",
    "scipy",
    "statsmodels",
    "matplotlib",
    "great-tables",
    "python-docx",
    "typst",
    "xlsxwriter",
)


def provenance_blocks(wave: Wave, legend: Mapping[str, float], lang: str) -> Iterator[Block]:
    """Say what a report was made from.

    Parameters
    ----------
    wave : Wave
        The wave.
    legend : mapping of str to float
        The star legend in use.
    lang : {'nl', 'en'}
        Language.

    Yields
    ------
    Block
        A heading; the raw file, the settings and the versions; and the files of the study with
        their checksums. No time of running: two runs give the same.
    """
    say, made = WORDS[lang], wave.provenance()
    rows = [(say[key], str(made[key])) for key in ("raw_file", "raw_sha256", "producer", "licence")]
    rows += [
        (say["weighted"], say["yes" if made["weighted"] else "no"]),
        (say["segment_rules"], str(made["segment_rules"])),
        (say["legend"], describe_legend(legend, lang)),
        (say["python"], platform.python_version()),
        *((name, version(name)) for name in PACKAGES),
    ]
    yield Heading(1, say["provenance"])
    yield Paragraph(say["provenance_text"])
    yield Grid(tuple(say["provenance_header"].split("|")), tuple(rows))
    files = sorted(path for path in STUDY_DIR.rglob("*") if path.suffix in (".yaml", ".csv"))
    sums = [
        (path.relative_to(STUDY_DIR).as_posix(), hashlib.sha256(path.read_bytes()).hexdigest())
        for path in files
    ]
    yield Grid(tuple(say["study_header"].split("|")), tuple(sums))
