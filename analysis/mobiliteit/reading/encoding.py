"""From bytes to text: in which encoding a text file is written.

UTF-8 and UTF-16 give themselves away. The older encodings of one byte per letter do not: every file
can be read in each of them. Which one makes words is decided by rules for the letters that occur in
Dutch, and shown as the guess that it is.
"""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass

from mobiliteit.errors import Problem, WaveError

UTF8, UTF16 = "utf-8", "utf-16"
# Most likely first: where two read a file alike, the first is named.
OLDER = ("cp1252", "iso8859-15", "cp850", "mac-roman")
_NAMES = {
    **dict.fromkeys((UTF8, UTF16, "utf-16-le", "utf-16-be", *OLDER)),
    **dict.fromkeys(("ascii", "iso8859-1", "cp437", "cp1250", "cp858")),
}
_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig", UTF8),
    (codecs.BOM_UTF16_LE, "utf-16", "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16", "utf-16-be"),
)
# How usual a letter is in Dutch words and names.
_WEIGHTS = {
    **dict.fromkeys("éëïÉË", 4),
    **dict.fromkeys("èöüêçÈÖÜÇÏ", 3),
    **dict.fromkeys("áàäóíúÁÀÄÓ", 2),
    **dict.fromkeys("ôîûâñßåøœæùòìãõšžščćłÔÎÛÂÑÅØÊÍÚ", 1),
}
_SIGNS = set("€‘’“”–—…•´`°½¼²³£§©®«»·¡¿\xa0")
_ODD = -4
_EXAMPLES = 3


@dataclass(frozen=True)
class Decoded:
    """A text with the encoding that it was in.

    Attributes
    ----------
    text : str
        Without byte order mark.
    encoding : str
        Name of the encoding and how it is known, in words.
    caution : str
        What to check, where the encoding is a guess; else empty.
    """

    text: str
    encoding: str
    caution: str = ""


def decode(content: bytes, stated: str | None) -> Decoded:
    """Decode a text file.

    Parameters
    ----------
    content : bytes
        The file.
    stated : str or None
        The encoding that the sidecar states; None to find it.

    Returns
    -------
    Decoded
        Text and encoding.

    Raises
    ------
    WaveError
        The stated encoding is unknown or contradicts the bytes; or there are zero bytes, which no
        text has. The message names lines and bytes.
    """
    mark = next((entry for entry in _MARKS if content.startswith(entry[0])), None)
    if stated is not None:
        return _as_stated(content, stated, mark)
    if mark is not None:
        text = _strictly(content, mark[1], mark[1])
        return Decoded(text, f"{mark[1].removesuffix('-sig')} (byte order mark)")
    wide = _without_mark(content)
    if wide is not None:
        return Decoded(_strictly(content, wide, wide), f"{wide} (zero bytes between letters)")
    _refuse_zeros(content)
    try:
        text = content.decode(UTF8)
    except UnicodeDecodeError:
        return _guess(content)
    return Decoded(text, "ASCII" if text.isascii() else "utf-8 (no other fits)")


def _as_stated(content: bytes, stated: str, mark: tuple[bytes, str, str] | None) -> Decoded:
    try:
        name = codecs.lookup(stated).name
    except LookupError:
        name = ""
    name = name.removesuffix("-sig")
    if name not in _NAMES:
        raise _refuse(
            f"`encoding` is {stated}, which is not known",
            f"Use one of: {', '.join(_NAMES)}; or leave it out.",
        )
    if mark is not None:
        if name not in {mark[1].removesuffix("-sig"), mark[2]}:
            raise _refuse(
                f"`encoding` says {stated}, but the file starts with the mark of {mark[2]}",
                "Correct `file.csv.encoding`, or leave it out.",
            )
        return Decoded(_strictly(content, mark[1], stated), f"{stated} (stated)")
    if not name.startswith(UTF16):
        _refuse_zeros(content)
    return Decoded(_strictly(content, name, stated), f"{stated} (stated)")


def _strictly(content: bytes, name: str, said: str) -> str:
    try:
        return content.decode(name)
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        wrong = content[error.start : error.start + 1].hex()
        raise _refuse(
            f"its bytes are not {said}: byte 0x{wrong} at position {error.start + 1}",
            "Correct `file.csv.encoding`, or leave it out to have it found.",
            rows=(f"line {line}",),
        ) from None


def _without_mark(content: bytes) -> str | None:
    """Recognize UTF-16 by the zero bytes that its ASCII letters have."""
    sample = content[: 2**16]
    half = max(len(sample) // 2, 1)
    for name, zeros, letters in (
        ("utf-16-le", sample[1::2], sample[::2]),
        ("utf-16-be", sample[::2], sample[1::2]),
    ):
        if zeros.count(0) > 0.5 * half and letters.count(0) < 0.01 * half:
            return name
    return None


def _refuse_zeros(content: bytes) -> None:
    if 0 not in content:
        return
    lines = (f"line {n}" for n, line in enumerate(content.split(b"\n"), start=1) if 0 in line)
    raise _refuse(
        "it holds zero bytes, which no text has: it is damaged, or no text file",
        "Restore the file, or ask the supplier for it again.",
        rows=tuple(lines),
    )


def _guess(content: bytes) -> Decoded:
    """Choose the older encoding in which the letters outside ASCII make the best words."""
    readings = {}
    for name in OLDER:
        try:
            readings[name] = content.decode(name)
        except UnicodeDecodeError:
            continue
    scores = {name: _score(text) for name, text in readings.items()}
    best = max(scores, key=lambda name: scores[name])  # mac-roman reads all, so there is one
    words = dict.fromkeys(re.findall(r"[^\s;,|\"]*[^\x00-\x7f][^\s;,|\"]*", readings[best]))
    shown = ", ".join(word[:30] for word in _informative(words))
    return Decoded(
        readings[best],
        f"{best} (a guess)",
        f"the encoding {best} is a guess: check that this reads well: {shown}; if not, state "
        "`file.csv.encoding`",
    )


def _informative(words: dict[str, None]) -> list[str]:
    return sorted(words, key=lambda word: -sum(letter.isalpha() for letter in word))[:_EXAMPLES]


def _score(text: str) -> int:
    """Add up how well each letter outside ASCII, with its neighbours, fits a Dutch word."""
    found = set(re.findall(r"(?s)(?=(.?[^\x00-\x7f].?))", f" {text} "))
    return sum(_fit(around) for around in found if len(around) == 3)


def _fit(around: str) -> int:
    before, letter, after = tuple(around)
    if letter in _SIGNS:
        within = before.isalpha() and after.isalpha()
        if letter == "’":
            return 5 if within else 1
        return _ODD if within and letter not in "–—\xa0" else 2
    weight = _WEIGHTS.get(letter)
    if weight is None:
        return _ODD
    if not before.isalpha() and not after.isalpha():
        return -1
    if letter.isupper() and (before.islower() or (after.islower() and before.isalpha())):
        return _ODD
    return weight


def _refuse(what: str, remedy: str, rows: tuple[str, ...] = ()) -> WaveError:
    return WaveError("", [Problem(what, remedy, rows=rows)])
