"""A wave from raw file to clean frame, ledger and files."""

from __future__ import annotations

import dataclasses
import json
import math
from importlib.metadata import version
from pathlib import Path

import pandas as pd
import pyarrow.parquet as pq
import pytest

from builders import GROUPS, SEGMENTS, failure, only, source
from mobiliteit import wave as wave_module
from mobiliteit.clean import clean
from mobiliteit.errors import AnalysisError, OutputError, WaveError
from mobiliteit.scales import score
from mobiliteit.wave import codebook_frame, load_wave, write_clean

ROOT = Path(__file__).parents[1]
TWICE = ("doorstroom_branche", "functie_instelling")
NAMES = ("2031.parquet", *(f"2031_{kind}.csv" for kind in ("codebook", "ledger", "reliability")))
NAMES = (*NAMES, "2031_unclassified.csv")


# ---- loading


def test_rows_in_are_rows_kept_and_rows_excluded_by_reason(loaded, _messy):
    ledger = loaded.ledger.frame()
    rows = ledger[ledger["kind"].isin(["in", "excluded", "kept"])]
    assert dict(zip(rows["label_nl"], rows["n"], strict=True)) == {
        "geleverde records": len(_messy.frame),
        "uitgescreend": 3,
        "niet afgemaakt": 2,
        "tweemaal geleverd": 4,
        "niet in te delen: past bij geen regel": 1,
        f"niet in te delen: past bij meer dan één regel ({' + '.join(TWICE)})": 1,
        "behouden respondenten": 32,
    }
    assert len(loaded.frame) == 32
    assert loaded.frame.index.is_unique


def test_everybody_is_in_the_segment_they_were_drawn_for(loaded):
    drawn = list(SEGMENTS) * 4
    assert loaded.frame["mobiliteitssegment"].tolist() == drawn
    assert loaded.frame["mobiliteitsgroep"].tolist() == [GROUPS[name] for name in drawn]
    assert loaded.frame["segmentregel"].tolist() == drawn
    assert list(loaded.frame["mobiliteitssegment"].cat.categories) == list(SEGMENTS)
    assert list(loaded.frame["mobiliteitsgroep"].cat.categories) == [
        "blijvers",
        "overwegers",
        "mobielen",
    ]


def test_who_cannot_be_classified_is_reported_with_the_reason(loaded):
    assert loaded.unclassified.to_dict("index") == {
        "6001": {"segmentregel": "", "segmentreden": "past bij geen regel"},
        "6002": {
            "segmentregel": " + ".join(TWICE),
            "segmentreden": "past bij meer dan één regel",
        },
    }


def test_the_frame_holds_items_scales_and_derived_variables(loaded):
    book = loaded.study.codebook
    for name in [*(c.name for c in book.columns()), *book.variables, *book.derived]:
        assert name in loaded.frame, name
    assert loaded.frame.columns.is_unique


def test_reversed_items_are_mirrored_and_counted(messy, loaded):
    before = messy.clean().frame.loc[loaded.frame.index, "employability_4"]
    after = loaded.frame["employability_4"]
    assert (before.dropna() + after.dropna() == 6).all()
    ledger = loaded.ledger.frame().query("kind == 'reversed'")
    n = dict(zip(ledger["column"], ledger["n"], strict=True))
    assert n["employability_4"] == after.notna().sum()
    assert set(ledger["reason"]) == {"1 + 5 - x"}
    assert set(n) == {c.name for c in loaded.study.codebook.columns() if c.reversed}


def test_a_score_worked_by_hand(brief):
    """Four items of which the last is reversed: (5 + 4 + 3 + (6 - 1)) / 4, and the missing ones."""
    for row, answers in enumerate([(5, 4, 3, 1), (5, 9, 9, 2), (9, 9, 9, 2), (9, 9, 9, 9)]):
        for item, answer in enumerate(answers, start=1):
            brief.set(row, f"employability_{item}", answer)
    scores = brief.write().load().frame["employability"]
    assert scores.iloc[0] == 4.25
    assert scores.iloc[1] == 4.5  # half of the items answered is enough
    assert math.isnan(scores.iloc[2])
    assert math.isnan(scores.iloc[3])


def test_scores_are_those_of_the_kept_respondents(messy, loaded):
    kept = messy.clean().frame.loc[loaded.frame.index]
    scored, reliabilities = score(kept, messy.study)
    pd.testing.assert_frame_equal(loaded.frame[scored.columns], scored)
    assert [entry.scale for entry in reliabilities] == [
        entry.scale for entry in loaded.reliabilities
    ]


def test_provenance_and_mark(loaded, messy):
    assert (loaded.id, loaded.synthetic) == ("2031", True)
    assert loaded.mark() == "Getrokken door de tests."
    assert loaded.mark("en") == "Drawn by the tests."
    facts = loaded.provenance()
    assert facts["raw_sha256"] == messy.sidecar["file"]["sha256"]
    assert (facts["respondents"], facts["synthetic"], facts["segment_rules"]) == (32, True, "2006")
    assert facts["mobiliteit"] == version("mobiliteit")
    json.dumps(facts)


def test_a_real_wave_carries_no_mark(brief):
    wave = brief.real().write_sidecar().load()
    assert (wave.synthetic, wave.mark(), wave.mark("en")) == (False, "", "")


def test_the_project_is_found_from_a_folder_in_it(brief, monkeypatch):
    monkeypatch.chdir(brief.folder)
    assert len(load_wave("2031", study=brief.study).frame) == 32


def test_missing_wave_names_those_there_are(brief):
    error = failure(lambda: load_wave("2099", root=brief.root, study=brief.study), WaveError)
    assert "2099" in error.headline
    assert "2031" in only(error).remedy


def test_a_faulty_wave_is_no_wave(brief):
    brief.set(0, "leeftijd", 777).write()
    assert only(failure(brief.load, WaveError)).column == source("leeftijd")


def test_a_respondent_who_gets_lost_on_the_way_stops_the_wave(brief, monkeypatch):
    def leaky(raw, study):
        answers = clean(raw, study)
        return dataclasses.replace(answers, frame=answers.frame.iloc[1:])

    monkeypatch.setattr(wave_module, "clean", leaky)
    with pytest.raises(ValueError, match="32 rows in, 31 kept, 0 excluded"):
        brief.load()


def test_nobody_can_be_classified(brief):
    brief.frame[source("stap")] = 9.0
    assert "2031" in str(failure(brief.write().load, WaveError))


# ---- samples


def test_sample(loaded):
    assert len(loaded.sample()) == len(loaded.sample({})) == 32
    movers = loaded.sample({"mobiliteitsgroep": ["mobielen"]})
    assert len(movers) == 24
    both = loaded.sample(
        {"mobiliteitsgroep": ["mobielen"], "mobiliteitssegment": ["instroom", "overwogen"]}
    )
    assert both["mobiliteitssegment"].unique().tolist() == ["instroom"]
    either = loaded.sample({"mobiliteitsgroep": ["blijvers", "overwegers"]})
    assert len(either) == 8


def test_a_missing_value_is_in_no_sample(loaded):
    answers = loaded.frame["zorgtaken"]
    assert answers.notna().sum() < 32
    assert len(loaded.sample({"zorgtaken": [0, 1]})) == answers.notna().sum()
    assert len(loaded.sample({"zorgtaken": [1]})) == (answers == 1).sum()


def test_a_sample_of_a_variable_that_is_not_there(loaded):
    error = failure(lambda: loaded.sample({"salaris": [1]}), AnalysisError)
    assert "salaris" in only(error).what


# ---- files


@pytest.fixture
def written(loaded, tmp_path):
    return tmp_path / "data_clean", write_clean(loaded, tmp_path / "data_clean")


def test_all_files_are_written_and_nothing_else(written):
    folder, paths = written
    assert [path.name for path in paths] == list(NAMES)
    assert sorted(path.name for path in folder.iterdir()) == sorted(NAMES)


def test_parquet_read_back(written, loaded):
    back = pd.read_parquet(written[1][0])
    assert back.pop("synthetisch").eq(True).all()
    pd.testing.assert_frame_equal(back, loaded.frame)


def test_parquet_metadata(written, loaded):
    metadata = pq.read_schema(written[1][0]).metadata
    assert json.loads(metadata[b"mobiliteit"]) == loaded.provenance()
    assert b"pandas" in metadata


def test_ledger_csv(written, loaded):
    back = pd.read_csv(written[1][2], dtype={"wave": str}, keep_default_na=False)
    assert back.pop("synthetic").eq(True).all()
    pd.testing.assert_frame_equal(back, loaded.ledger.frame(), check_dtype=False)
    rows = back.groupby("kind")["n"].sum()
    assert rows["in"] == rows["kept"] + rows["excluded"]


def test_codebook_csv(written, loaded):
    back = pd.read_csv(written[1][1], keep_default_na=False)
    assert back.pop("synthetic").eq(True).all()
    pd.testing.assert_frame_equal(back, codebook_frame(loaded), check_dtype=False)


def test_reliability_and_unclassified_csv(written, loaded):
    reliability = pd.read_csv(written[1][3])
    scales = loaded.study.codebook.scale_variables()
    assert reliability.query("statistic == 'alpha'")["row"].tolist() == list(scales)
    assert len(reliability) == len(scales) + sum(len(entry.items) for entry in scales.values())
    unclassified = pd.read_csv(written[1][4], dtype=str, keep_default_na=False)
    assert unclassified["respondent"].tolist() == ["6001", "6002"]


def test_files_are_the_same_every_time(written, loaded, tmp_path):
    for path in write_clean(loaded, tmp_path / "again"):
        assert path.read_bytes() == (written[0] / path.name).read_bytes(), path.name


def test_the_codebook_describes_every_column_of_the_frame(loaded):
    book = codebook_frame(loaded)
    assert book["column"].tolist() == list(loaded.frame.columns)
    assert (book["n"] + book["n_missing"]).eq(32).all()
    assert book["label_nl"].ne("").all()
    entry = book.set_index("column")
    assert entry.at["leeftijd", "values"] == "15 - 64"
    assert "7 = ambulancevervoer" not in entry.at["branche", "values"]
    assert "ambulancevervoer = ambulancevervoer" in entry.at["branche", "values"]
    assert entry.at["employability_4", "label_en"].endswith("(reversed)")
    assert entry.at["netwerken", "level"] == "interval"
    assert entry.at["mobiliteitsgroep", "values"].startswith("blijvers = Blijvers; ")
    assert entry.at["geslacht", "n"] == loaded.frame["geslacht"].notna().sum()


def test_the_codebook_gives_mirrored_codes_the_answer_that_was_given(loaded):
    values = codebook_frame(loaded).set_index("column")["values"]
    mirrored = [column for column in loaded.study.codebook.columns() if column.reversed]
    assert mirrored
    assert all(len(column.values) == 5 for column in mirrored)
    for column in mirrored:
        assert values[column.name].startswith(f"1 = {column.values[5].nl}; ")
        assert values[column.name].endswith(f"; 5 = {column.values[1].nl}")
    plain = next(
        c for c in loaded.study.codebook.columns() if c.level == "ordinal" and not c.reversed
    )
    assert values[plain.name].startswith(f"1 = {plain.values[1].nl}; ")


def test_a_writer_that_fails_leaves_the_old_files(written, loaded, monkeypatch):
    folder, paths = written
    before = {path.name: path.read_bytes() for path in paths}

    def fail(table, path):
        Path(path).write_bytes(b"half a file")
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(wave_module.pq, "write_table", fail)
    with pytest.raises(OutputError, match="No space left"):
        write_clean(loaded, folder)
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before


def test_a_folder_that_cannot_be_made(loaded, tmp_path):
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(OutputError):
        write_clean(loaded, tmp_path / "file" / "data_clean")


# ---- the bundled wave


@pytest.mark.skipif(not (ROOT / "data_raw" / "2006").is_dir(), reason="no bundled wave here")
def test_the_bundled_wave_keeps_1137_respondents_in_the_published_groups():
    wave = load_wave("2006", root=ROOT)
    assert wave.synthetic
    assert wave.ledger.total("kept") == len(wave.frame) == 1137
    assert wave.ledger.total("in") == 1137 + wave.ledger.total("excluded")
    assert wave.ledger.total("in") == wave.descriptor.file.rows
    groups = wave.frame["mobiliteitsgroep"].value_counts()
    assert groups.to_dict() == {"mobielen": 435, "blijvers": 373, "overwegers": 329}
    # a real export is no clean one
    assert wave.ledger.total("corrected") > 0
    assert wave.ledger.total("not_asked") > 0
    assert len(wave.unclassified) > 0
    assert {"screen_out", "onvolledig", "dubbel_geleverd"} <= set(wave.ledger.frame()["reason"])
