"""Who answered must not be readable: direct identifiers are found, and person ids are hashed.

Columns are judged by their name, by a short label, and by what they hold. What is found is
described by column and kind; the values themselves are never handed on.
"""

from __future__ import annotations

import hashlib
import hmac
import ipaddress
import os
import re
import secrets
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from pathlib import Path

import numpy as np
import pandas as pd

from mobiliteit.errors import Problem, WaveError

SALT_FILE = "salt.txt"
SALT_LENGTH = 32
ID_LENGTH = 16
"""Hexadecimal characters of a hashed id: that two of a million people share one has a chance of
some 3 in 100 million."""

# Shares of the filled-in values. A column of one kind still holds slips; and a column of another
# kind holds, by chance, one 9-digit number in eleven that passes the test of a BSN.
MOST, SOME = 0.6, 0.2
SAMPLE = 2000
"""Distinct values from which a share is taken, spread over the column; a single e-mail address or
IBAN is looked for among all."""
BIRTH_YEARS = (1915, 2015)
SPAN_OF_BIRTHS = 8
"""Years between first and last date: births lie decades apart, visits to a questionnaire do not."""

_EMAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)*\.[a-z]{2,}", re.IGNORECASE)
_PHONE = re.compile(r"(?:0[1-9]\d{8}|(?:\+|00)[1-9]\d{7,13}|31[1-9]\d{8}|6\d{8})")
_POSTCODE = re.compile(r"[1-9]\d{3}\s?[A-Z]{2}", re.IGNORECASE)
_IBAN = re.compile(r"[A-Z]{2}\d{2}[A-Z0-9]{11,30}", re.IGNORECASE)
_DATES = (
    re.compile(r"(?P<y>\d{4})[-/.](?P<m>\d{1,2})[-/.](?P<d>\d{1,2})(?:[T ].*)?"),
    re.compile(r"(?P<d>\d{1,2})[-/.](?P<m>\d{1,2})[-/.](?P<y>\d{4}|\d{2})(?: .*)?"),
    re.compile(r"(?P<y>(?:19|20)\d{2})(?P<m>[01]\d)(?P<d>[0-3]\d)"),
    re.compile(r"(?P<d>[0-3]?\d)(?P<m>[01]\d)(?P<y>(?:19|20)\d{2})"),
)

# Words of a column's name, taken apart at capitals and signs; two in a row also count as one.
_VOCABULARY = """
naam: naam namen voornaam voornamen achternaam roepnaam familienaam geslachtsnaam meisjesnaam
    tussenvoegsel voorletters initialen name firstname lastname surname fullname givenname
    familyname initials gebruikersnaam username
e-mail: email emailadres emailaddress mail mailadres mailaddress
telefoon: telefoon telefoonnummer telefoonnr tel telnr telnummer mobiel mobielnummer gsm phone
    phonenumber telephone mobile cellphone
adres: adres straat straatnaam adresregel woonadres postadres address street streetname woonplaats
    residence hometown
huisnummer: huisnummer huisnr housenumber
postcode: postcode postalcode zipcode zip
IP-adres: ip ipadres ipaddress ipaddr
geboortedatum: geboortedatum geboortedag gebdatum gebdat birthdate dateofbirth birthday dob
BSN: bsn burgerservicenummer sofinummer sofinr ssn socialsecurity
IBAN: iban rekeningnummer bankrekening bankaccount accountnumber
personeelsnummer: personeelsnummer personeelsnr employeenumber employeeid
plaatsbepaling: latitude longitude breedtegraad lengtegraad
"""
NAMES: dict[str, set[str]] = {
    kind: set(words.split())
    for kind, words in re.findall(r"^(\S+):((?:.|\n )*)", _VOCABULARY, re.M)
}
# The name of a thing is nobody's name.
_THINGS = """
instelling organisatie organisation organization bedrijf werkgever employer company functie job
opleiding school cursus course merk brand product bestand file variabele variable vraag question
sector branche afdeling department
"""
# What a label adds around the thing asked for.
_FILLERS = """
wat is uw je jouw het de een van en of in vul graag hier eigen persoonlijk persoonlijke what your
the a of please enter fill respondent
"""
THINGS, FILLERS = set(_THINGS.split()), set(_FILLERS.split())


@dataclass(frozen=True)
class Identifier:
    """A column that says who somebody is.

    Attributes
    ----------
    column : str
        The source column.
    kind : str
        What it holds, in Dutch: naam, e-mail, telefoon, ...
    reason : str
        Why it was taken for one, in words, without any value.
    n : int
        Values that are filled in.
    """

    column: str
    kind: str
    reason: str
    n: int


def find_identifiers(frame: pd.DataFrame, labels: Mapping[str, str]) -> list[Identifier]:
    """Find the columns that hold direct identifiers.

    Parameters
    ----------
    frame : pandas.DataFrame
        As delivered, one row per record.
    labels : mapping of str to str
        Column to its label, where the file has one.

    Returns
    -------
    list of Identifier
        In the order of the columns; one per column. Empty columns are none.

    Notes
    -----
    By content: e-mail addresses and IBANs (mod 97) anywhere, even one; telephone numbers (Dutch,
    or international with a plus), IP addresses, BSNs (the 11 test), full postcodes and dates of
    birth where most values are. Dates are births when they lie between 1915 and 2015 and years
    apart; a year alone is none, nor are the four digits of a postcode. A name or a short label
    that says so makes the fewer values that look like it enough, but never makes an identifier of
    a column of answer codes. Names without any hint in column name or label are not found.
    """
    found = []
    for column in map(str, frame.columns):
        codes, distinct = pd.factorize(frame[column])
        counts = np.bincount(codes[codes >= 0], minlength=len(distinct))
        finding = _judge(column, labels.get(column, ""), list(distinct), counts)
        if finding is not None:
            found.append(finding)
    return found


def _judge(
    column: str, label: str, distinct: list[object], counts: np.ndarray
) -> Identifier | None:
    filled = [
        place for place, value in enumerate(distinct) if not isinstance(value, str) or value.strip()
    ]
    n = int(counts[filled].sum())
    if not n:
        return None
    for kind, looks in _ONE_IS_ENOUGH.items():
        hits = [p for p in filled if isinstance(distinct[p], str) and looks(str(distinct[p]))]
        if hits:
            return Identifier(column, kind, f"{counts[hits].sum()} of its values look like one", n)
    if len(filled) > SAMPLE:
        chosen = np.linspace(0, len(filled) - 1, SAMPLE).astype("int64")
        filled = [filled[place] for place in chosen]
    texts, counts = [_text(distinct[place]) for place in filled], counts[filled]
    by_name = _kind_of_words(_words(column)) or _kind_of_label(label)
    for kind, looks in _MOST_LOOK_LIKE_IT.items():
        share = float(counts[[looks(text) for text in texts]].sum() / counts.sum())
        named = by_name == kind
        if share >= (SOME if named else MOST):
            also = ", and its name or label says so" if named else ""
            return Identifier(column, kind, f"{share:.0%} of its values look like one{also}", n)
    if _births(texts, counts, hinted=by_name == "geboortedatum"):
        return Identifier(column, "geboortedatum", "it holds dates of birth", n)
    if by_name in _BY_NAME and _BY_NAME[by_name](texts, n):
        return Identifier(column, by_name, "its name or label says so", n)
    return None


def _text(value: object) -> str:
    if isinstance(value, float | np.floating) and float(value).is_integer():
        return str(int(value))
    return str(value).strip()


def _words(text: str) -> list[str]:
    """Take a name apart: ``RecipientLastName`` and ``recipient_last_name`` are three words."""
    apart = re.sub(r"(?<=[a-z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", " ", text)
    return [word.casefold() for word in re.split(r"[\W_]+", apart) if word]


def _kind_of_words(words: list[str]) -> str | None:
    joined = {*words, *(a + b for a, b in pairwise(words)), "".join(words)}
    for kind in ("IP-adres", "e-mail", *NAMES):
        if joined & NAMES[kind] and not (kind == "naam" and joined & THINGS):
            return kind
    return None


def _kind_of_label(label: str) -> str | None:
    """Judge a label only when it names a thing: a question about e-mail asks for no address."""
    words = [word for word in _words(label) if word not in FILLERS]
    return _kind_of_words(words) if len(words) <= 2 else None


def _digits(text: str) -> str:
    return re.sub(r"[\s().\-/]", "", text)


def _is_email(text: str) -> bool:
    return "@" in text and _EMAIL.search(text) is not None


def _is_phone(text: str) -> bool:
    digits = _digits(text.replace("(0)", ""))
    return len(text) <= 22 and _PHONE.fullmatch(digits) is not None and _date(text) is None


def _is_ip(text: str) -> bool:
    if not re.fullmatch(r"[0-9a-f.:]{3,45}", text, re.IGNORECASE) or text.count(".") not in (0, 3):
        return False
    if "." not in text and text.count(":") < 3 and "::" not in text:
        return False  # a time of day
    try:
        ipaddress.ip_address(text)
    except ValueError:
        return False
    return True


def _is_bsn(text: str) -> bool:
    digits = _digits(text).zfill(9)
    if not re.fullmatch(r"\d{9}", digits) or len(_digits(text)) < 8 or _date(text):
        return False
    total = sum(
        int(digit) * weight
        for digit, weight in zip(digits, (9, 8, 7, 6, 5, 4, 3, 2, -1), strict=True)
    )
    return total % 11 == 0


def _is_iban(text: str) -> bool:
    if not text[:1].isalpha() or len(text) > 42:
        return False
    plain = re.sub(r"\s", "", text).upper()
    if not _IBAN.fullmatch(plain):
        return False
    return int("".join(str(int(sign, 36)) for sign in plain[4:] + plain[:4])) % 97 == 1


def _is_postcode(text: str) -> bool:
    return _POSTCODE.fullmatch(text) is not None


_ONE_IS_ENOUGH: dict[str, Callable[[str], bool]] = {"e-mail": _is_email, "IBAN": _is_iban}
_MOST_LOOK_LIKE_IT: dict[str, Callable[[str], bool]] = {
    "BSN": _is_bsn,
    "telefoon": _is_phone,
    "IP-adres": _is_ip,
    "postcode": _is_postcode,
}


def _date(text: str) -> date | None:
    for pattern in _DATES:
        match = pattern.fullmatch(text)
        if match is None:
            continue
        year = int(match["y"])
        year += (1900 if year > 30 else 2000) * (year < 100)
        try:
            return date(year, int(match["m"]), int(match["d"]))
        except ValueError:
            continue
    return None


def _births(texts: list[str], counts: np.ndarray, *, hinted: bool) -> bool:
    years = np.array([day.year if (day := _date(text)) else 0 for text in texts])
    low, high = BIRTH_YEARS
    born = (years >= low) & (years <= high)
    if counts[born].sum() < (SOME if hinted else MOST) * counts.sum():
        return False
    return hinted or int(np.ptp(years[born])) >= SPAN_OF_BIRTHS


def _free_text(texts: list[str], n: int) -> bool:
    """Whether people wrote themselves, rather than choosing from a few answers."""
    written = [text for text in texts if re.search(r"[^\W\d_]", text)]
    return len(written) > 20 or len(written) >= SOME * n


def _some_digits(least: int) -> Callable[[list[str], int], bool]:
    return lambda texts, n: (
        sum(len(re.sub(r"\D", "", text)) >= least for text in texts) >= SOME * len(texts)
    )


def _fractions(texts: list[str], n: int) -> bool:
    return any(re.fullmatch(r"-?\d+[.,]\d{2,}", text) for text in texts)


_BY_NAME: dict[str, Callable[[list[str], int], bool]] = {
    "naam": _free_text,
    "e-mail": _free_text,
    "adres": _free_text,
    "telefoon": _some_digits(7),
    "huisnummer": _some_digits(1),
    "BSN": _some_digits(8),
    "IBAN": _some_digits(7),
    "personeelsnummer": _some_digits(3),
    "plaatsbepaling": _fractions,
}


def read_salt(raw_root: Path) -> str:
    """Read the salt with which the person ids of real waves are hashed.

    Parameters
    ----------
    raw_root : Path
        The folder ``data_raw``.

    Returns
    -------
    str
        The one line of ``salt.txt``.

    Raises
    ------
    WaveError
        It is missing, too short, more than a line, or open to other users of the machine.
    """
    path = raw_root / SALT_FILE

    def fail(what: str, remedy: str) -> WaveError:
        problem = Problem(what, remedy, file=SALT_FILE)
        return WaveError("Person ids cannot be hashed.", [problem])

    try:
        lines = path.read_text(encoding="utf-8").splitlines()
        mode = path.stat().st_mode
    except (OSError, UnicodeDecodeError):
        raise fail(
            f"there is no salt in {path}, or it cannot be read",
            "Put back the one that earlier waves were hashed with; `mobiliteit wave new` makes one "
            "where there is none yet.",
        ) from None
    if len(lines) != 1 or len(lines[0].strip()) < SALT_LENGTH:
        raise fail(
            f"the salt is not one line of at least {SALT_LENGTH} characters",
            "Put back the one that earlier waves were hashed with.",
        )
    # Windows knows no such bits; there the folder's own rights decide
    if os.name == "posix" and mode & 0o077:
        raise fail(
            "others on this machine can read the salt, and with it find out who answered",
            f"Make it yours alone: chmod 600 {path}.",
        )
    return lines[0].strip()


def make_salt(raw_root: Path) -> Path:
    """Make a salt where there is none yet; one that is there is left as it is.

    Parameters
    ----------
    raw_root : Path
        The folder ``data_raw``.

    Returns
    -------
    Path
        ``salt.txt``, readable by its owner alone.
    """
    path = raw_root / SALT_FILE
    raw_root.mkdir(parents=True, exist_ok=True)
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write(secrets.token_hex(SALT_LENGTH) + "\n")
    return path


def hashed(ids: Iterable[str], salt: str) -> list[str]:
    """Hash person ids: the first :data:`ID_LENGTH` hexadecimal characters of HMAC-SHA256.

    Parameters
    ----------
    ids : iterable of str
        As the supplier wrote them, without spaces around them.
    salt : str
        The key. Waves hashed with the same one can be linked; without it no id can be guessed.

    Returns
    -------
    list of str
        In the same order.
    """
    key = salt.encode()
    return [hmac.digest(key, one.encode(), hashlib.sha256).hex()[:ID_LENGTH] for one in ids]
