"""The archive that a workbook is, looked through before anything opens it.

A workbook is a ZIP archive of XML, both of which can be made to explode. Reading a member never
gives more than the archive declares, so the declared sizes are what counts; and XML with
definitions of its own, which no workbook has, is refused.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterable
from xml.parsers import expat

from openpyxl.utils import column_index_from_string

from mobiliteit.errors import Problem, WaveError

SMALL = 100 * 2**20
MOST_SHRUNK = 200
_BLOCK = 2**20
_LONGEST_MERGE = 100
_MERGED = re.compile(rb'<(?:\w+:)?mergeCell ref="([A-Z]+)([0-9]+):([A-Z]+)([0-9]+)"')
_CONTENTS = (
    ("xl/workbook.bin", "a binary workbook (.xlsb)", "Open it in Excel and save it as .xlsx."),
    ("word/document.xml", "a Word document", "Ask the supplier for the data themselves."),
    ("ppt/presentation.xml", "a presentation", "Ask the supplier for the data themselves."),
    ("content.xml", "an OpenDocument file", "Open it and save it as .xlsx."),
)


class _Definition(Exception):
    pass


class _Begun(Exception):
    pass


def check_archive(archive: zipfile.ZipFile, limits: dict[str, int]) -> None:
    """Raise WaveError for an archive that is no workbook, or that may be meant to do harm.

    Parameters
    ----------
    archive : zipfile.ZipFile
        As opened: nothing is unpacked yet.
    limits : dict
        ``inflated``: the most bytes that all its parts may unpack to. More than `SMALL` bytes may
        not be shrunk more than `MOST_SHRUNK` times; real sheets shrink ten to twenty times.
    """
    members = archive.infolist()
    names = {member.filename for member in members}
    if "xl/workbook.xml" not in names:
        for inside, what, remedy in _CONTENTS:
            if inside in names:
                raise _refuse(f"it is {what}, not an Excel workbook", remedy)
        raise _refuse("it is a ZIP archive, not an Excel workbook", "Unpack it first.")
    total = sum(member.file_size for member in members)
    packed = max(sum(member.compress_size for member in members), 1)
    if total > limits["inflated"] or (total > SMALL and total > MOST_SHRUNK * packed):
        raise _refuse(
            f"it unpacks to {total / 2**20:.0f} MiB from {packed / 2**20:.1f} MiB: more than a "
            "table of answers can take",
            "If it is not damaged, ask the supplier for the columns that you need, or for CSV.",
        )
    for member in members:
        if member.filename.endswith((".xml", ".rels")):
            _refuse_definitions(archive, member)


def _refuse_definitions(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> None:
    """Read XML up to its first element: a definition of entities would stand before that."""

    def stop(kind: type[Exception]) -> None:
        raise kind

    parser = expat.ParserCreate()
    parser.StartDoctypeDeclHandler = lambda *told: stop(_Definition)
    parser.StartElementHandler = lambda *told: stop(_Begun)
    try:
        with archive.open(member) as stream:
            parser.ParseFile(stream)
    except _Begun:
        return
    except _Definition:
        raise _refuse(
            f"its XML defines entities ({member.filename}), which no workbook does: it may be "
            "meant to do harm",
            "Do not open it; ask the supplier for it again.",
        ) from None


def merged_cells(archive: zipfile.ZipFile, member: str) -> Iterable[tuple[int, int, int, int]]:
    """Find the merged regions of a sheet, which openpyxl leaves out when it reads cell by cell.

    Parameters
    ----------
    archive : zipfile.ZipFile
        The workbook.
    member : str
        The sheet's XML in it.

    Yields
    ------
    tuple of int
        First column, first row, last column, last row; all from 1.
    """
    rest = b""
    with archive.open(member.lstrip("/")) as stream:
        while block := stream.read(_BLOCK):
            content = rest + block
            end = 0
            for match in _MERGED.finditer(content):
                left, top, right, bottom = match.groups()
                end = match.end()
                yield (
                    column_index_from_string(left.decode()),
                    int(top),
                    column_index_from_string(right.decode()),
                    int(bottom),
                )
            rest = content[max(end, len(content) - _LONGEST_MERGE) :]


def _refuse(what: str, remedy: str) -> WaveError:
    return WaveError("", [Problem(what, remedy)])
