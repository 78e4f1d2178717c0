"""Which format a file has: its first bytes tell, and its suffix must agree."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from mobiliteit.errors import Problem, WaveError

HEAD = 4096
PORTABLE_MARK = slice(456, 464)


@dataclass(frozen=True)
class Format:
    """A format that can be read.

    Attributes
    ----------
    name : str
        As people call it.
    suffixes : tuple of str
        What its files are called, lower case.
    module : str
        Module of :mod:`mobiliteit.reading` with its ``read`` function.
    kind : str
        What that function must know to tell formats of one family apart.
    """

    name: str
    suffixes: tuple[str, ...]
    module: str
    kind: str = ""


SPSS = Format("SPSS", (".sav", ".zsav"), "statistical", "sav/zsav")
PORTABLE = Format("SPSS portable", (".por",), "statistical", "por")
STATA = Format("Stata", (".dta",), "statistical", "dta")
SAS = Format("SAS", (".sas7bdat",), "statistical", "sas7bdat")
TRANSPORT = Format("SAS transport", (".xpt", ".xport"), "statistical", "xport")
EXCEL = Format("Excel", (".xlsx", ".xlsm"), "excel")
PARQUET = Format("Parquet", (".parquet", ".pq"), "parquet")
TEXT = Format("text (CSV)", (".csv", ".tsv", ".tab", ".txt", ".dat", ".asc"), "text")
FORMATS = (SPSS, PORTABLE, STATA, SAS, TRANSPORT, EXCEL, PARQUET, TEXT)

# A file of each of these starts with the bytes; Stata since release 8, SAS since version 7.
_SIGNATURES: tuple[tuple[bytes, Format], ...] = (
    (b"$FL2", SPSS),
    (b"$FL3", SPSS),
    (b"<stata_dta>", STATA),
    *((bytes([release, order, 1, 0]), STATA) for release in range(113, 116) for order in (1, 2)),
    (bytes(12) + bytes.fromhex("c2ea8160b31411cfbd92080009c7318c181f1011"), SAS),
    (b"HEADER RECORD*******LIBRARY HEADER RECORD", TRANSPORT),
    (b"HEADER RECORD*******LIBV8   HEADER RECORD", TRANSPORT),
    (b"PK\x03\x04", EXCEL),
    (b"PAR1", PARQUET),
)
# What people send instead, and what to do about it.
_OTHERS: tuple[tuple[bytes, str, str], ...] = (
    (
        bytes.fromhex("d0cf11e0a1b11ae1"),
        "an old Excel workbook (.xls), or one with a password",
        "Open it in Excel and save it as .xlsx, without a password.",
    ),
    (b"PARE", "an encrypted Parquet file", "Ask the supplier for it without encryption."),
    (b"PK\x05\x06", "an empty ZIP archive", "Ask the supplier for it again."),
    (b"ARROW1", "a Feather (Arrow) file", "Ask the supplier for Parquet, CSV or SPSS."),
    (b"\x1f\x8b", "a file compressed with gzip", "Unpack it first."),
    (b"7z\xbc\xaf\x27\x1c", "a 7z archive", "Unpack it first."),
    (b"Rar!", "a RAR archive", "Unpack it first."),
    (b"BZh", "a file compressed with bzip2", "Unpack it first."),
    (b"\xfd7zXZ", "a file compressed with xz", "Unpack it first."),
    (b"%PDF", "a PDF document", "Ask the supplier for the data themselves."),
    (b"RDX", "an R workspace", "Ask the supplier for SPSS, Stata or CSV."),
    (b"{\\rtf", "an RTF document", "Ask the supplier for the data themselves."),
)
_WEB = (b"<!doctype", b"<html", b"<?xml", b"<table")
_REMEDY = "Ask the supplier for it again, as {suffix}."


def recognize(path: Path) -> Format:
    """Find the format of a file by its content.

    Parameters
    ----------
    path : Path
        An existing file.

    Returns
    -------
    Format
        The one that content and suffix agree on.

    Raises
    ------
    WaveError
        The file is empty, of an unknown format, or another than its suffix says; the message names
        what it really is.
    OSError
        It cannot be opened.
    """
    with path.open("rb") as stream:
        head = stream.read(HEAD)
    suffix = path.suffix.lower()
    named = next((entry for entry in FORMATS if suffix in entry.suffixes), None)
    if not head:
        raise _refuse(path, "the file is empty", "Ask the supplier for it again.")
    found = _by_content(head)
    if found is not None and found == named:
        return found
    what, remedy = _description(head, found)
    if named is None:
        known = ", ".join(entry.suffixes[0] for entry in FORMATS)
        if found is None:
            raise _refuse(path, f"it is {what}", remedy.format(suffix=f"one of {known}"))
        raise _refuse(
            path,
            f"its name ends in {suffix or 'no suffix'}, its content is {what}",
            f"Let its name end in {found.suffixes[0]}.",
        )
    if found is None and what == _UNKNOWN:
        raise _refuse(
            path,
            f"it is no readable {named.name} file, or it was cut off",
            _REMEDY.format(suffix=suffix),
        )
    if found is not None:
        remedy = f"If that is the right file, let its name end in {found.suffixes[0]}."
    raise _refuse(
        path,
        f"its name says {named.name} ({suffix}), its content is {what}",
        remedy.format(suffix=suffix),
    )


_UNKNOWN = "no file of a known format"


def _by_content(head: bytes) -> Format | None:
    for signature, entry in _SIGNATURES:
        if head.startswith(signature):
            return entry
    if head.replace(b"\r", b"").replace(b"\n", b"")[PORTABLE_MARK] == b"SPSSPORT":
        return PORTABLE
    if any(head.startswith(signature) for signature, *_ in _OTHERS):
        return None
    if head.lstrip().lower().startswith(_WEB):
        return None
    return TEXT if _is_text(head) else None


def _description(head: bytes, found: Format | None) -> tuple[str, str]:
    if found is EXCEL:
        return "a ZIP archive, such as an Excel workbook", ""
    if found is not None:
        return found.name, ""
    for signature, what, remedy in _OTHERS:
        if head.startswith(signature):
            return what, remedy
    if head.lstrip().lower().startswith(_WEB):
        return "a web page or XML", _REMEDY
    return _UNKNOWN, _REMEDY


def _is_text(head: bytes) -> bool:
    """Whether bytes may be text: no control characters, unless in an encoding of two bytes each.

    A single NUL in what is otherwise text is left for the reader, which tells its line.
    """
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return True
    if len(head) < 4:
        return False
    control = sum(byte < 32 and byte not in b"\t\n\r\f\x1a" for byte in head)
    nul_pairs = max(head[::2].count(0), head[1::2].count(0))
    return control * 20 < len(head) or nul_pairs * 5 > len(head) * 2


def _refuse(path: Path, what: str, remedy: str) -> WaveError:
    return WaveError(f"{path.name} cannot be read.", [Problem(what, remedy, file=path.name)])
