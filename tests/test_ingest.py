"""Reading a wave's raw file: as delivered, or one clear error; never a crash."""

from __future__ import annotations

import json
import subprocess
import sys
import textwrap

import numpy as np
import pandas as pd
import pytest

from builders import SmallWave, failure, only, source
from mobiliteit.errors import WaveError

# Runs in an interpreter of its own: a reader written in C can take the whole process down.
READ_ALL = textwrap.dedent(
    """
    import hashlib, json, sys
    from pathlib import Path
    from mobiliteit import ingest
    from mobiliteit.errors import WaveError
    from mobiliteit.study import load_study

    folder, study, outcomes = Path(sys.argv[1]), load_study(), []
    descriptor = ingest.load_descriptor(folder, study)
    for path in sorted(Path(sys.argv[2]).iterdir()):
        content = path.read_bytes()
        (folder / sys.argv[3]).write_bytes(content)
        if sys.argv[4] == "sealed":
            file = {"sha256": hashlib.sha256(content).hexdigest()}
            file = descriptor.file.model_copy(update=file)
            descriptor = descriptor.model_copy(update={"file": file})
        # not read anew for each: that takes longer than all the rest
        ingest.load_descriptor = lambda *where: descriptor
        try:
            raw = ingest.read_raw(folder, study)
            outcomes.append([path.name, "read", [problem.what for problem in raw.problems]])
        except WaveError as error:
            outcomes.append([path.name, "refused", [problem.what for problem in error.problems]])
        except Exception as error:
            outcomes.append([path.name, "crashed", [repr(error)]])
        print(json.dumps(outcomes[-1]), flush=True)
    """
)


def read_all(wave: SmallWave, contents: dict[str, bytes], *, seal: bool):
    """Name of each content to what reading it gave: (outcome, problems).

    With `seal` the checksum of the sidecar is that of the content: the reader itself must notice.
    """
    store = wave.root / "contents"
    store.mkdir()
    for name, content in contents.items():
        (store / name).write_bytes(content)
    command = [sys.executable, "-c", READ_ALL, str(wave.folder), str(store), wave.sav.name]
    command.append("sealed" if seal else "unsealed")
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    outcomes = [json.loads(line) for line in done.stdout.splitlines() if line.startswith("[")]
    last = outcomes[-1][0] if outcomes else "the first"
    assert done.returncode == 0, f"exit code {done.returncode} after {last}: {done.stderr[-2000:]}"
    assert len(outcomes) == len(contents)
    return {name: (outcome, problems) for name, outcome, problems in outcomes}


def assert_not_accepted(outcomes):
    for name, (outcome, problems) in outcomes.items():
        assert outcome != "crashed", (name, problems)
        assert problems, name


# ---- a good file


def test_a_good_file_is_read_as_delivered(messy):
    raw = messy.raw()
    assert raw.problems == ()
    assert raw.path == messy.sav
    assert raw.sha256 == messy.sidecar["file"]["sha256"]
    assert raw.descriptor.wave == "2031"
    assert list(raw.frame.columns) == list(messy.frame.columns)
    dates = messy.frame.columns == "startdatum"
    pd.testing.assert_frame_equal(
        raw.frame.loc[:, ~dates], messy.frame.loc[:, ~dates], check_dtype=False, rtol=0, atol=0
    )


def test_all_that_the_file_says_comes_along(small):
    table, name = small.raw().table, source("netwerken_1")
    assert len(table.frame) == len(small.frame)
    assert table.missing[name].codes == (9.0,)
    (column,) = (c for c in small.study.codebook.columns() if source(c.name) == name)
    assert table.value_labels[name] == {code: label.nl for code, label in column.values.items()}
    assert table.facts["format"] == "SPSS (.sav)"


def test_user_missing_codes_stay_codes(small):
    """The file declares them as user-missing, and the reader must not blank them."""
    column = source("netwerken_1")
    delivered = small.frame[column]
    assert (delivered == 9).any()
    assert (small.raw().frame[column] == delivered).all()


@pytest.mark.parametrize("options", [{"row_compress": True}, {"compress": True}])
def test_compressed_files_are_read(small, options):
    assert len(small.write(**options).raw().frame) == len(small.frame)


# ---- no file


def test_missing_file(small):
    small.sav.unlink()
    problem = only(failure(small.raw, WaveError))
    assert (problem.wave, problem.file) == ("2031", "klein.sav")
    assert "not there" in problem.what
    assert str(small.folder) in problem.remedy


def test_missing_wave(small):
    small.name = "2099"
    assert "2099" in failure(small.raw, WaveError).headline


def test_a_folder_in_place_of_the_file(small):
    small.sav.unlink()
    small.sav.mkdir()
    assert only(failure(small.raw, WaveError)).file == "klein.sav"


def test_zero_bytes(small):
    problem = only(failure(small.write_bytes(b"").raw, WaveError))
    assert (problem.wave, problem.what) == ("2031", "the file is empty")


def test_zero_rows(small):
    small.frame = small.frame.iloc[:0]
    small.write(seal=False).seal().write_sidecar()
    problem = only(failure(small.raw, WaveError))
    assert (problem.wave, problem.what) == ("2031", "it holds no respondents")


# ---- a damaged file


@pytest.mark.parametrize("share", [0.001, 0.1, 0.5, 0.99])
def test_truncated_and_sealed(small, share):
    content = small.sav.read_bytes()
    small.write_bytes(content[: int(len(content) * share)])
    problem = only(failure(small.raw, WaveError))
    assert (problem.wave, problem.file) == ("2031", "klein.sav")
    assert "cut off" in problem.what


def test_cut_off_overwritten_and_other_files_are_refused(small):
    """One interpreter reads them all, so that a crash of the reader shows as one."""
    rng = np.random.default_rng(1)
    contents, cut_off = {}, set()
    for options in ({}, {"row_compress": True}, {"compress": True}):
        content = small.write(**options).sav.read_bytes()
        size = len(content)
        for cut in {*range(1, size, size // 12), *(size - left for left in (1, 8, 9))}:
            name = f"{'_'.join(options) or 'plain'}_cut_at_{cut}"
            contents[name] = content[:cut]
            cut_off.add(name)
    content = small.write().sav.read_bytes()
    for number in range(4):
        for kept in (0, 4, 76, 176):
            noise = rng.bytes(int(rng.integers(1, 9000)))
            contents[f"noise_{number}_after_{kept}"] = content[:kept] + noise
    contents["csv"] = small.frame.head(3).to_csv().encode()
    contents["zip"] = b"PK\x03\x04" + bytes(400)
    contents["zeros"] = bytes(5000)
    outcomes = read_all(small, contents, seal=True)
    assert_not_accepted(outcomes)
    assert len(cut_off) > 40
    assert {outcomes[name][0] for name in cut_off} == {"refused"}


def damaged_header(content: bytes) -> bytes:
    """A file whose first value labels say that they belong to a variable that is not there."""
    start = content.index(b"\x04\0\0\0\x01\0\0\0")
    return content[: start + 8] + (60_000).to_bytes(4, "little") + content[start + 12 :]


def test_a_damaged_byte_in_the_header_does_not_end_the_interpreter(small):
    damaged = damaged_header(small.sav.read_bytes())
    assert_not_accepted(read_all(small, {"header": damaged}, seal=False))


def test_a_damaged_answer_is_noticed_by_the_checksum(small):
    content = bytearray(small.sav.read_bytes())
    content[-2] ^= 1
    (problem,) = small.write_bytes(bytes(content), seal=False).raw().problems
    assert "checksum" in problem.what


def test_a_date_that_cannot_be(small):
    """Bytes of a date that are damaged, or were never a date."""
    small.frame["startdatum"] = 1e18
    small.write(variable_format={"startdatum": "DATE11"})
    assert only(failure(small.raw, WaveError)).file == "klein.sav"


def test_damaged_bytes_are_told_with_what_else_is_wrong(small):
    small.write_bytes(damaged_header(small.sav.read_bytes()), seal=False)
    damaged, checksum = failure(small.raw, WaveError).problems
    assert "ends the parser" in damaged.what
    assert "checksum" in checksum.what
    assert {(p.wave, p.file) for p in (damaged, checksum)} == {("2031", "klein.sav")}


# ---- a file of another format


def test_a_text_file_is_read_as_the_sidecar_says(small):
    small.sidecar["file"]["name"] = "klein.csv"
    path = small.folder / "klein.csv"
    small.frame.rename(columns={"status": "€ status"}).to_csv(
        path, sep="|", decimal=",", index=False, encoding="iso8859-15"
    )
    small.sidecar["file"]["csv"] = {"separator": "|", "encoding": "iso8859-15"}
    raw = small.seal(len(small.frame)).write_sidecar().raw()
    assert raw.problems == ()
    assert "€ status" in raw.frame
    small.sidecar["file"]["csv"] = {"encoding": "utf-8"}
    problem = only(failure(small.write_sidecar().raw, WaveError))
    assert (problem.wave, problem.file, problem.rows) == ("2031", "klein.csv", ("line 1",))


def test_a_wrong_suffix(small):
    """A sidecar that names a file which is something else."""
    small.write_bytes(small.frame.to_csv(index=False).encode())
    problem = only(failure(small.raw, WaveError))
    assert "its name says SPSS (.sav), its content is text (CSV)" in problem.what
    assert problem.wave == "2031"


# ---- a file that is another one


def test_wrong_checksum_is_kept_for_cleaning(small):
    right = small.sidecar["file"]["sha256"]
    small.sidecar["file"]["sha256"] = "a" * 64
    raw = small.write_sidecar().raw()
    (problem,) = raw.problems
    assert (problem.wave, problem.file) == ("2031", "klein.sav")
    assert right[:12] in problem.what
    assert "a" * 12 in problem.what
    assert right in problem.remedy


def test_wrong_number_of_rows(small):
    small.frame = small.frame.iloc[:-1]
    small.write(seal=False)
    checksum, rows = small.raw().problems
    assert "checksum" in checksum.what
    assert rows.what == "it holds 31 rows, the sidecar says 32"


def test_one_changed_answer_changes_the_checksum(small):
    small.set(0, "leeftijd", 33).write(seal=False)
    assert len(small.raw().problems) == 1
