"""Who answered stays unknown: direct identifiers found, ids hashed, real waves kept out of git.

All people in here are invented. Mail addresses are at example.org, IP addresses of the ranges for
documentation, IBANs those that banks print as examples.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import hmac
import os
import shutil
import stat
import subprocess
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from builders import RESPONDENT, at, failure, only, source
from mobiliteit.errors import WaveError
from mobiliteit.identifiers import find_identifiers, hashed, make_salt, read_salt
from mobiliteit.ingest import read_raw
from mobiliteit.study import load_study

ROOT = Path(__file__).resolve().parents[1]
FIRST = ("Jan", "Fatima", "Sjoerd", "Anna", "Mehmet", "Truus", "Daan", "Noor")
LAST = ("de Vries", "Yilmaz", "Jansen", "van den Berg", "Bakker", "Smit", "Öz", "Visser")
RNG = np.random.default_rng(20061127)
N = 60


def people():
    return [f"{RNG.choice(FIRST)} {RNG.choice(LAST)}" for _ in range(N)]


def mobile(form):
    return [form.format(*RNG.integers(10, 100, 4)) for _ in range(N)]


def bsn():
    """Draw nine digits that pass the 11 test, by trying the last one."""
    found = []
    while len(found) < N:
        digits = RNG.integers(1, 10, 8)
        last = int((digits * np.arange(9, 1, -1)).sum() % 11)
        if last < 10:
            found.append("".join(map(str, [*digits, last])))
    return found


def days(first, last, form="%d-%m-%Y"):
    start, span = dt.date(first, 1, 1), (dt.date(last, 12, 31) - dt.date(first, 1, 1)).days
    return [(start + dt.timedelta(int(d))).strftime(form) for d in RNG.integers(0, span, N)]


def postcodes(sign=" "):
    return [
        f"{RNG.integers(1000, 9999)}{sign}{''.join(RNG.choice(list('ABX'), 2))}" for _ in range(N)
    ]


def kinds(values, name="V1", label=""):
    frame = pd.DataFrame({name: pd.Series(values)})
    return [finding.kind for finding in find_identifiers(frame, {name: label} if label else {})]


IDENTIFYING = {
    "e-mail": ("V1", [f"{n.split()[0].lower()}@example.org" for n in people()], "e-mail"),
    "one e-mail in remarks": ("V1", [*["geen"] * 40, "mail mij: j.smit@example.org"], "e-mail"),
    "mobile": ("V1", mobile("06-{}{}{}{}"), "telefoon"),
    "mobile, spaces": ("V1", mobile("06 {} {} {} {}"), "telefoon"),
    "mobile, abroad": ("V1", mobile("+31 6 {}{}{}{}"), "telefoon"),
    "mobile, brackets": ("V1", mobile("+31 (0)6 {}{}{}{}"), "telefoon"),
    "mobile as a number": ("V1", [float(v) for v in mobile("6{}{}{}{}")], "telefoon"),
    "fixed line": ("V1", mobile("0{}-1{}{}{}"), "telefoon"),
    "Belgian": ("V1", mobile("+32 4{} {} {} {}"), "telefoon"),
    "IPv4": ("V1", [f"192.0.2.{n}" for n in RNG.integers(0, 255, N)], "IP-adres"),
    "IPv6": ("V1", [f"2001:db8::{n:x}" for n in RNG.integers(1, 9999, N)], "IP-adres"),
    "IP by name": ("IPAddress", [*["onbekend"] * 30, *["198.51.100.7"] * 20], "IP-adres"),
    "birth": ("V1", days(1942, 1988), "geboortedatum"),
    "birth, ISO": ("V1", days(1942, 1988, "%Y-%m-%d"), "geboortedatum"),
    "birth, number": ("V1", [float(v) for v in days(1942, 1988, "%Y%m%d")], "geboortedatum"),
    "birth, two digits": ("V1", days(1942, 1988, "%d-%m-%y"), "geboortedatum"),
    "birth, dates": (
        "V1",
        [dt.date.fromisoformat(day) for day in days(1950, 1980, "%Y-%m-%d")],
        "geboortedatum",
    ),
    "birth, timestamps": ("V1", pd.to_datetime(days(1950, 1980, "%Y-%m-%d")), "geboortedatum"),
    "BSN": ("V1", bsn(), "BSN"),
    "BSN as a number": ("V1", [float(v) for v in bsn()], "BSN"),
    "IBAN": ("V1", ["NL91 ABNA 0417 1643 00", "BE71096123456769"], "IBAN"),
    "postcode": ("V1", postcodes(), "postcode"),
    "postcode, glued": ("V1", postcodes(""), "postcode"),
    "name": ("Naam", people(), "naam"),
    "first name": ("RecipientFirstName", [p.split()[0] for p in people()[:20]], "naam"),
    "surname": ("V1_achternaam", people(), "naam"),
    "address": ("adres", [f"Dorpsstraat {n}" for n in RNG.integers(1, 400, N)], "adres"),
    "town": ("woonplaats", ["Delft", "Goes", "Assen", "Tiel", "Epe"] * 3, "adres"),
    "house number": ("huisnummer", [float(n) for n in RNG.integers(1, 400, N)], "huisnummer"),
    "phone by name": ("telefoonnr", mobile("{}{}{}{}"), "telefoon"),
    "place": ("LocationLatitude", ["52.0115", "51.9225", "52.0115"], "plaatsbepaling"),
    "staff number": ("personeelsnummer", [float(n) for n in range(4001, 4041)], "personeelsnummer"),
}
HARMLESS = {
    "four digits": ("postcode", [float(n) for n in RNG.integers(1000, 9999, N)]),
    "answers": ("V1", RNG.integers(1, 6, N).astype("float64")),
    "a step called mobiel": ("mobiel", RNG.integers(0, 2, N).astype("float64")),
    "mail, yes or no": ("contact_email", ["ja", "nee"] * 30),
    "name of the employer": ("naam_instelling", [f"Huis {n}" for n in range(N)]),
    "sex in words": ("naam", ["man", "vrouw"] * 30),
    "year of birth": ("geboortejaar", RNG.integers(1940, 1990, N).astype("float64")),
    "visits": ("startdatum", days(2027, 2027)),
    "visits in 2006": ("startdatum", days(2006, 2006)),
    # its digits pass the eleven-test of a BSN
    "one day": ("V1", ["2027-02-03"] * N),
    "moments": ("tijd", [f"2027-02-{d:02} 10:{d:02}:07" for d in range(1, 29)]),
    "times": ("tijd", [f"10:{m}:07" for m in range(10, 60)]),
    "seconds": ("duur_sec", RNG.uniform(60, 5000, N)),
    "panel ids": ("respnr", np.arange(104001.0, 104001.0 + N)),
    "nine digits": ("sleutel", RNG.integers(100_000_000, 599_999_999, 400).astype("float64")),
    "weights": ("gewicht", RNG.uniform(0.3, 3, N)),
    "versions": ("versie", ["1.2.3", "1.2.4"] * 30),
    "empty": ("naam", [np.nan] * N),
    "blank": ("e-mail", ["", " "] * 30),
    "texts": ("V1", ["helemaal mee eens", "mee oneens", "weet niet"] * 20),
    "open answers": ("toelichting", [f"ik werk {n} uur bij 1 van de 3 teams" for n in range(N)]),
}


@pytest.mark.parametrize("case", IDENTIFYING)
def test_an_identifier_is_found(case):
    name, values, kind = IDENTIFYING[case]
    assert kinds(values, name) == [kind]


@pytest.mark.parametrize("case", HARMLESS)
def test_what_identifies_nobody_is_left_alone(case):
    assert kinds(HARMLESS[case][1], HARMLESS[case][0]) == []


@pytest.mark.parametrize(
    ("label", "kind"),
    [
        ("Wat is uw naam?", ["naam"]),
        ("Your first name", ["naam"]),
        ("Hoe vaak noemt u de naam van uw instelling in gesprekken?", []),
        ("Naam instelling", []),
        ("", []),
    ],
)
def test_a_short_label_says_it_too(label, kind):
    assert kinds(people(), "V12", label) == kind


def test_findings_count_and_never_quote():
    values = [*IDENTIFYING["e-mail"][1], "", np.nan]
    (finding,) = find_identifiers(pd.DataFrame({"V1": pd.Series(values, dtype="object")}), {})
    assert (finding.column, finding.n) == ("V1", N)
    assert "@" not in str(finding)


def test_one_address_among_many_thousands():
    values = pd.Series([f"antwoord {n}" for n in range(30_000)])
    values[17_123] = "x@example.org"
    assert kinds(values) == ["e-mail"]


def test_nothing_in_the_bundled_wave(study):
    raw = read_raw(ROOT / "data_raw" / "2006", study)
    assert find_identifiers(raw.frame, raw.table.labels) == []


def test_nothing_in_a_small_wave(messy):
    assert find_identifiers(messy.frame, {}) == []


# ---- what cleaning does about it


def with_mail(wave):
    wave.frame["V77"] = [f"p{n}@example.org" for n in range(len(wave.frame))]
    return wave


@pytest.mark.parametrize("part", [None, "ignore", "columns"])
def test_an_identifier_is_refused(brief, part):
    with_mail(brief)
    if part == "ignore":
        brief.sidecar["ignore"]["V*"] = "not needed"
    if part == "columns":
        del brief.frame[source("leeftijd")], brief.sidecar["columns"][source("leeftijd")]
        brief.sidecar["columns"]["V77"] = "leeftijd"
    error = failure(brief.write().clean, WaveError)
    told = [problem for problem in error.problems if "e-mail" in problem.what]
    assert [problem.column for problem in told] == ["V77"]
    assert "`identifiers`" in told[0].remedy
    assert "@" not in str(error)


def test_an_identifier_is_dropped_by_rule(brief):
    before = brief.clean().frame
    with_mail(brief).sidecar["identifiers"] = {"V77": "e-mail"}
    cleaned = brief.write().clean()
    pd.testing.assert_frame_equal(cleaned.frame, before)
    ledger = cleaned.ledger.frame()
    dropped = ledger[ledger["kind"] == "identifier"]
    assert dropped[["column", "reason", "n"]].to_numpy().tolist() == [["V77", "e-mail", 32]]


def test_what_only_looks_like_it_may_stay(brief):
    brief.frame["V77"] = days(1950, 1980)[: len(brief.frame)]
    brief.sidecar["ignore"]["V77"] = "not needed"
    failure(brief.write().clean, WaveError)
    brief.sidecar["not_identifying"] = {"V77": "date on which the employer was founded"}
    assert len(brief.write().clean().frame) == 32


def test_a_question_that_only_looks_like_it_is_translated(brief):
    before = brief.clean().frame
    brief.frame = brief.frame.rename(columns={source("leeftijd"): "huisnummer"})
    del brief.sidecar["columns"][source("leeftijd")]
    brief.sidecar["columns"]["huisnummer"] = "leeftijd"
    assert at(failure(brief.write().clean, WaveError), "huisnummer")
    brief.sidecar["not_identifying"] = {"huisnummer": "a slip of the supplier: it is the age"}
    pd.testing.assert_frame_equal(brief.write().clean().frame, before)


@pytest.mark.parametrize("part", ["identifiers", "not_identifying"])
def test_an_identifier_that_the_file_does_not_have(brief, part):
    brief.sidecar[part] = {"V77": "e-mail"}
    assert only(failure(brief.write().clean, WaveError)).column == "V77"


def mail_ids(wave):
    wave.frame[RESPONDENT] = [f"p{n}@example.org" for n in range(len(wave.frame))]
    return wave


def test_ids_that_identify_are_refused_without_a_salt(brief):
    error = failure(mail_ids(brief).write().clean, WaveError)
    assert "salt" in at(error, RESPONDENT).what
    assert "@" not in str(error)


def test_ids_that_identify_are_hashed_and_never_shown(brief):
    mail_ids(brief).sidecar["respondent"] = {"column": RESPONDENT, "salt": "salt for a test"}
    assert not brief.write().clean().frame.index.str.contains("@").any()
    brief.set(3, "leeftijd", 777)
    brief.append(brief.frame.iloc[[5]].assign(**{source("leeftijd"): 22}))
    error = failure(brief.write().clean, WaveError)
    assert "@" not in str(error)
    assert at(error, source("leeftijd")).rows[0] == "row 4"


# ---- hashing


def test_hash_as_the_standard_has_it():
    """RFC 4231, test case 2: HMAC-SHA-256 of "what do ya want for nothing?" under the key Jefe."""
    expected = "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"
    assert hashed(["what do ya want for nothing?"], "Jefe") == [expected[:16]]


def test_ids_of_a_real_wave_are_hashed_with_the_salt_beside_it(brief):
    cleaned = brief.real().write().clean()
    salt = (brief.root / "data_raw" / "salt.txt").read_text().strip()
    one = hmac.new(salt.encode(), b"5001", hashlib.sha256).hexdigest()[:16]
    assert cleaned.frame.index[0] == one
    assert cleaned.frame.index.name == "respondent"
    assert cleaned.process.index.equals(cleaned.frame.index)
    wave = brief.load()
    assert set(wave.frame.index) <= set(cleaned.frame.index)


def test_messages_about_the_file_name_ids_as_delivered(brief):
    brief.real().set(3, "leeftijd", 777)
    assert only(failure(brief.write().clean, WaveError)).rows == ("5004",)


def test_one_person_has_one_hash_however_the_file_holds_the_id(brief):
    brief.sidecar["respondent"] = {"column": RESPONDENT, "salt": "salt for a test"}
    numbers = brief.write().clean().frame.index
    brief.frame[RESPONDENT] = [f" {number:.0f} " for number in brief.frame[RESPONDENT]]
    assert brief.write().clean().frame.index.equals(numbers)


def test_two_people_with_one_hash(brief, monkeypatch):
    monkeypatch.setattr("mobiliteit.respondents.hashed", lambda ids, salt: ["0" * 16 for _ in ids])
    brief.sidecar["respondent"] = {"column": RESPONDENT, "salt": "salt for a test"}
    assert "same hash" in only(failure(brief.write().clean, WaveError)).what


# ---- the salt


def test_a_salt_is_made_once_and_for_its_owner_alone(tmp_path):
    path = make_salt(tmp_path / "data_raw")
    salt = read_salt(tmp_path / "data_raw")
    assert len(salt) == 64
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert make_salt(tmp_path / "data_raw") == path
    assert read_salt(tmp_path / "data_raw") == salt
    other = make_salt(tmp_path / "elsewhere")
    assert other.read_text() != path.read_text()


@pytest.mark.parametrize(
    ("text", "says"),
    [(None, "no salt"), ("short\n", "32"), ("", "32"), ("a" * 40 + "\n" + "b" * 40, "one line")],
)
def test_a_salt_that_cannot_be_used(tmp_path, text, says):
    if text is not None:
        (tmp_path / "salt.txt").write_text(text)
        (tmp_path / "salt.txt").chmod(0o600)
    problem = only(failure(lambda: read_salt(tmp_path), WaveError))
    assert says in problem.what
    assert not text or text.strip() not in str(problem)


@pytest.mark.skipif(os.name != "posix", reason="rights of files as POSIX has them")
@pytest.mark.parametrize("mode", [0o644, 0o640, 0o604])
def test_a_salt_that_others_can_read(tmp_path, mode):
    make_salt(tmp_path).chmod(mode)
    assert "chmod 600" in only(failure(lambda: read_salt(tmp_path), WaveError)).remedy


def test_a_real_wave_without_a_salt_says_so_with_all_else(brief):
    brief.real().set(3, "leeftijd", 777).write()
    (brief.root / "data_raw" / "salt.txt").unlink()
    error = failure(brief.clean, WaveError)
    assert {problem.file for problem in error.problems} == {"klein.sav", "salt.txt"}
    assert all(problem.wave == "2031" for problem in error.problems)


# ---- git


def test_real_waves_are_ignored_by_git():
    if shutil.which("git") is None or not (ROOT / ".git").exists():
        pytest.skip("no git checkout: nothing can be committed from here")
    paths = ["2027/x.sav", "2027/wave.yaml", "2027/marges.csv", "salt.txt", "2027.sav"]
    public = ["2006/panel_2006.sav", "2006/wave.yaml", "2008-demo/wave.yaml", "README.md"]
    asked = subprocess.run(
        ["git", "check-ignore", "--no-index", *(f"data_raw/{path}" for path in paths + public)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert asked.stdout.split() == [f"data_raw/{path}" for path in paths]


def test_only_synthetic_waves_are_under_version_control():
    if shutil.which("git") is None or not (ROOT / ".git").exists():
        pytest.skip("no git checkout: nothing can be committed from here")
    listed = subprocess.run(
        ["git", "ls-files", "data_raw"], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout.split()
    study = load_study()
    for sidecar in (path for path in listed if path.endswith("wave.yaml")):
        assert read_raw((ROOT / sidecar).parent, study).descriptor.synthetic
    folders = {Path(path).parts[1] for path in listed}
    assert folders <= {"README.md", *(Path(p).parts[1] for p in listed if p.endswith("wave.yaml"))}
