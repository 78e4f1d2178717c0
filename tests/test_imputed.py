"""A table's regressions listwise and imputed: who is filled in, who is not, and how it reads."""

from __future__ import annotations

import dataclasses
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import mobiliteit as mb
from builders import SmallWave, failure, only
from mobiliteit.errors import AnalysisError
from mobiliteit.imputed import ImputedTable, imputed_table, imputed_tables
from mobiliteit.inference.asked import asked
from mobiliteit.render.imputed import show_imputed, write_imputed
from mobiliteit.results import TIDY_COLUMNS
from mobiliteit.study_schema import RegressionTable
from mobiliteit.tables import compute_table
from mobiliteit.wave import Wave, load_wave
from mobiliteit.weights import WEIGHT
from test_cli import run

QUICK = {"m": 3, "iterations": 2}
MOVERS = {"mobiliteitsgroep": ["mobielen"]}


@pytest.fixture(scope="module")
def wave() -> Wave:
    return load_wave("2006")


@pytest.fixture(scope="module")
def tables(wave: Wave) -> dict[str, ImputedTable]:
    return imputed_tables(wave, **QUICK)


def test_every_table_of_regressions_is_there(wave: Wave, tables: dict[str, ImputedTable]) -> None:
    kinds = wave.study.tables.tables.items()
    assert list(tables) == [name for name, kind in kinds if isinstance(kind, RegressionTable)]
    for number, result in tables.items():
        own = result.cells().query("statistic == 'beta'")
        printed = compute_table(wave, number).cells.query("statistic == 'beta'")
        both = own.merge(printed, on=["row", "column"], validate="one_to_one")
        assert len(both) == len(own) == len(printed)
        np.testing.assert_array_equal(both["listwise"], both["value"])
        np.testing.assert_array_equal(both["listwise_p"], both["p_y"])
        assert (both["listwise_n"] == both["n_y"]).all()
        assert (both["sample_x"] == both["sample_y"]).all()


def test_who_was_not_asked_is_left_out_and_counted(
    wave: Wave, tables: dict[str, ImputedTable]
) -> None:
    # Who had no talk was not asked how useful it was: 43 of the 435 movers, and all without a value
    movers = wave.sample(MOVERS)
    talked = asked(wave, movers, "dialoog")
    assert (talked == movers["dialoog"].notna()).all()
    for model in tables["3.8"].models.values():
        assert model.imputed is not None
        assert model.imputed.n == talked.sum() == 392
        assert model.not_asked == 43
    for found in tables["3.8"].imputations.values():
        assert "dialoog" not in found.values
        assert not set(found.frame.index) & set(movers.index[~talked])
    assert "43 respondenten" in " ".join(show_imputed(tables["3.8"]).notes)


def test_asked_and_not_answered_is_filled_in(wave: Wave, tables: dict[str, ImputedTable]) -> None:
    found = tables["3.7"].imputations["loopbaantevredenheid", "inkomen"]
    frame = wave.frame
    assert found.values["inkomen"].shape == (3, frame["inkomen"].isna().sum())
    model = tables["3.7"].models["inkomen"]
    assert model.imputed is not None
    assert model.listwise is not None
    assert model.imputed.n == len(frame)
    assert model.imputed.n_complete == model.listwise.n == 1016


def test_skip_rules_are_those_of_cleaning(small: SmallWave) -> None:
    wave = small.load()
    frame = wave.frame.copy()
    for column in wave.study.codebook.columns():
        if column.name in frame:
            reached = asked(wave, frame, column.variable)
            # the ledger counts missing answers among who was asked, and nobody else answered
            assert not frame.loc[~reached, column.name].notna().any(), column.name
            entries = [
                entry["n"]
                for entry in wave.ledger.entries
                if entry["kind"] == "missing" and entry["column"] == column.name
            ]
            assert sum(entries) == frame.loc[reached, column.name].isna().sum(), column.name


def with_entry(wave: Wave, name: str, **changes: object) -> Wave:
    """The wave with another entry in its codebook."""
    book = wave.study.codebook
    kind = "variables" if name in book.variables else "derived"
    entries = dict(getattr(book, kind))
    entries[name] = entries[name].model_copy(update=changes)
    book = book.model_copy(update={kind: entries})
    return replace(wave, study=dataclasses.replace(wave.study, codebook=book))


def test_a_filter_may_be_nominal_unanswered_or_have_a_filter_itself(wave: Wave) -> None:
    frame = wave.frame.copy()
    first, second = frame.index[:2]
    other = with_entry(wave, "leeftijd", asked={"sector": [1]})
    reached = asked(other, frame, "leeftijd")
    values = wave.study.codebook.answers("sector").values
    assert (reached == (frame["sector"] == values[1].id)).all()
    frame.loc[[first], "sector"] = np.nan
    frame.loc[[second], "sector"] = values[2].id
    reached = asked(other, frame, "leeftijd")
    assert reached[:2].tolist() == [True, False]
    nut = asked(wave, frame, "coach_intern_nut")
    assert (nut == (frame["coach_intern_gebruikt"] == 1)).all()


def test_a_mean_counts_as_asked_when_enough_of_it_was(wave: Wave) -> None:
    frame = wave.frame
    sources = [asked(wave, frame, name) for name in wave.study.codebook.derived["dialoog"].of]
    assert (asked(wave, frame, "dialoog") == (sources[0] | sources[1])).all()
    both = with_entry(wave, "dialoog", min_answered=1.0)
    assert (asked(both, frame, "dialoog") == (sources[0] & sources[1])).all()
    assert (sources[0] != sources[1]).any()


def test_nobody_was_asked_what_the_wave_lacks(wave: Wave) -> None:
    lacking = replace(wave, frame=wave.frame.assign(inkomen=np.nan))
    assert not asked(lacking, lacking.frame, "inkomen").any()
    result = imputed_table(lacking, "3.7", **QUICK)
    gap, other = result.models["inkomen"], result.models["loopbaantevredenheid"]
    assert gap.imputed is None
    assert gap.listwise is None
    assert "niet te schatten" in gap.note
    assert other.imputed is not None
    assert not other.note
    tidy = result.tidy()
    assert tidy.query("column == 'inkomen'")["value"].isna().all()
    assert gap.note in " ".join(show_imputed(result).notes)


def test_one_impossible_model_leaves_the_others(wave: Wave) -> None:
    # income as another variable twice over: only the model that has it cannot be estimated
    double = replace(wave, frame=wave.frame.assign(inkomen=2 * wave.frame["netwerken"]))
    double.frame.loc[double.frame.index[:5], "inkomen"] = np.nan
    result = imputed_table(double, "3.7", **QUICK)
    assert "determine another" in result.models["inkomen"].note
    assert result.models["loopbaantevredenheid"].imputed is not None
    assert result.models["loopbaanstap_succes"].imputed is not None


def test_numbers_depend_on_the_seed_alone(wave: Wave, tables: dict[str, ImputedTable]) -> None:
    again = imputed_table(wave, "3.9", **QUICK).tidy()
    pd.testing.assert_frame_equal(again, tables["3.9"].tidy())
    other = imputed_table(wave, "3.9", seed=7, **QUICK).tidy()
    assert not other["value"].equals(again["value"])


def test_tidy_holds_both_regressions_and_their_difference(tables: dict[str, ImputedTable]) -> None:
    tidy = tables["3.7"].tidy()
    assert list(tidy.columns) == list(TIDY_COLUMNS)
    assert set(tidy["wave"]) == {"2006"}
    values = {
        kind: tidy.query(
            f"analysis == '3.7 {kind}' and column == 'inkomen' and statistic == 'beta'"
        ).set_index("row")["value"]
        for kind in ("listwise", "imputed", "difference")
    }
    difference = values["imputed"] - values["listwise"]
    pd.testing.assert_series_equal(difference, values["difference"])
    assert (difference != 0).all()


def test_weights_are_refused_not_ignored(wave: Wave) -> None:
    weighted = replace(wave, frame=wave.frame.assign(**{WEIGHT: 1.0}))
    assert "weights" in only(failure(lambda: imputed_table(weighted, "3.7"), AnalysisError)).what
    frame = weighted.frame[["netwerken", "leeftijd", WEIGHT]]
    levels = {"netwerken": "interval", "leeftijd": "interval"}
    assert "weights" in only(failure(lambda: mb.impute(frame, levels), AnalysisError)).what


@pytest.mark.parametrize(
    ("number", "settings", "words"),
    [
        ("3.3", {}, "no table of regressions"),
        ("9.9", {}, "no table of regressions"),
        ("3.7", {"m": 1}, "1 imputations are too few"),
        ("3.7", {"seed": -1}, "below 0"),
        ("3.7", {"level": 95.0}, "not between 0 and 1"),
    ],
)
def test_what_cannot_be_asked_for_is_refused(
    number: str, settings: dict[str, float], words: str, wave: Wave
) -> None:
    error = failure(lambda: imputed_table(wave, number, **settings), AnalysisError)
    assert words in only(error).what


def test_it_reads_in_both_languages_with_the_mark(tables: dict[str, ImputedTable]) -> None:
    result = tables["3.7"]
    dutch, english = show_imputed(result), show_imputed(result, "en")
    assert dutch.mark == result.wave.mark("nl")
    assert english.mark == result.wave.mark("en")
    value = result.cells().iloc[0]["imputed"]
    text = f"{abs(value):.3f}"[1:]
    sign = "-" if value < 0 else ""
    assert dutch.rows.at[0, "imputed"] == sign + text.replace(".", ",")
    assert english.rows.at[0, "imputed"] == sign + text
    notes = " ".join(dutch.notes)
    assert "3 aangevulde bestanden" in notes
    assert "seed 2006" in notes
    assert "missing at random" in notes
    assert "8,4% (95 van 1137)" in notes
    headings = " ".join(dutch.rows["group"].unique())
    assert "listwise n = 1016; geïmputeerd n = 1137, van wie 121 aangevuld" in headings


def test_few_data_sets_for_much_missing_are_told(wave: Wave) -> None:
    rng = np.random.default_rng(3)
    frame = wave.frame.copy()
    frame.loc[rng.random(len(frame)) < 0.5, "orienteren"] = np.nan
    result = imputed_table(replace(wave, frame=frame), "3.7", m=5, iterations=2)
    largest = max(m.imputed.largest_fmi for m in result.models.values() if m.imputed)
    assert largest > 0.3
    needed = int(np.ceil(100 * largest))
    assert f"neem er {needed} of meer" in " ".join(show_imputed(result).notes)


def test_page_markdown_and_csv(tables: dict[str, ImputedTable], tmp_path: Path) -> None:
    paths = write_imputed(tables, tmp_path)
    assert [path.name for path in paths] == ["imputatie.html", "imputatie.md", "imputatie.csv"]
    page, markdown = (path.read_text(encoding="utf-8") for path in paths[:2])
    mark = next(iter(tables.values())).wave.mark("nl")
    assert mark in page
    assert mark in markdown
    assert "http" not in page.replace("http://www.w3.org", "")
    assert page.count("<svg") == 2 * sum(
        len(found.values) for result in tables.values() for found in result.imputations.values()
    )
    csv = pd.read_csv(paths[2], keep_default_na=False, na_values={"value": "", "p": ""})
    assert csv["synthetic"].all()
    tidy = pd.concat([result.tidy() for result in tables.values()])
    np.testing.assert_allclose(csv["value"], tidy["value"].to_numpy(), rtol=1e-14)
    rows = [line for line in markdown.splitlines() if line.startswith("| ")]
    assert len({line.count("|") for line in rows}) == 1


def test_the_command_writes_the_reports(
    small: SmallWave, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    arguments = ["impute", "--wave", small.name, "--root", str(small.root), "--lang", "en"]
    assert run(monkeypatch, *arguments, "--imputations", "4") == 0
    shown = capsys.readouterr().out
    folder = small.root / "reports" / small.name
    for name in ("imputatie.html", "imputatie.md", "imputatie.csv"):
        assert (folder / name).stat().st_size > 0
        assert name in shown
    assert small.load().mark("nl") in shown
    assert run(monkeypatch, *arguments, "--imputations", "1") == 2
