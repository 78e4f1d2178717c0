"""What a wave did not ask leaves marked gaps, and empty groups leave notes; nothing crashes."""

from __future__ import annotations

import re
import warnings
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import numpy as np
import openpyxl
import pytest

from builders import SmallWave, failure, small_wave, source
from mobiliteit.beyond import (
    compare_beyond,
    count_tests,
    mediate_beyond,
    mediation_columns,
    regress_beyond,
)
from mobiliteit.claims.on_wave import judge_wave
from mobiliteit.errors import WaveError
from mobiliteit.gaps import gap, unavailable
from mobiliteit.render import canvas, figures
from mobiliteit.render.beyond import show_beyond
from mobiliteit.render.export import write_tables
from mobiliteit.render.lists import show_ledger, show_unequal, show_wave
from mobiliteit.render.scorecards import write_scorecard
from mobiliteit.render.summary import show_summary
from mobiliteit.render.tables import show_table, show_tables
from mobiliteit.scorecard import Scorecard, score_wave
from mobiliteit.study import Study, load_study
from mobiliteit.study_schema import ClassTable, GroupTable, RegressionTable
from mobiliteit.tables import compute_tables
from mobiliteit.wave import Wave, write_clean

REASON = "stond niet op de lijst"
STUDY = load_study()
COLUMNS = [column.name for column in STUDY.codebook.columns()]
SCREENING = {
    name
    for segment in STUDY.segments.segments.values()
    for condition in segment.when
    for name in condition.variables
}
DEMOGRAPHY = [
    *("geslacht", "leeftijd", "opleidingsniveau", "zorgtaken", "uren", "dienstverband"),
    "diensttijd",
]
SETS = {
    "a scale": [name for name in COLUMNS if name.startswith("netwerken_")],
    "coaches": [name for name in COLUMNS if name.startswith("coach_")],
    "demography": DEMOGRAPHY,
    "outcomes": [n for n in COLUMNS if n.startswith(("loopbaan", "inkomen"))],
}

ALL_SETS = [name for names in SETS.values() for name in names]


def without(wave: SmallWave, names: list[str], reason: str = REASON) -> SmallWave:
    """The wave as a supplier would deliver it who did not ask these questions."""
    for name in names:
        del wave.sidecar["columns"][source(name)]
        del wave.frame[source(name)]
    wave.sidecar["absent"] = dict.fromkeys(names, reason)
    return wave.write()


def people(root: Path, per_segment: int = 6) -> SmallWave:
    return small_wave(root, per_segment=per_segment)


def outputs(wave: Wave, scorecard: Scorecard, folder: Path) -> Iterator[Callable[[], object]]:
    """Everything that is made from a wave, short of the claims."""
    tables = wave.study.tables.tables
    views = {view.number: view for view in show_tables(scorecard)}
    results = {number: view.result for number, view in views.items()}
    yield partial(write_clean, wave, folder)
    yield partial(write_tables, results, scorecard, folder)
    yield partial(write_tables, results, None, folder, ["html", "markdown"], lang="en")
    yield partial(write_scorecard, scorecard, folder, ["csv", "html"])
    yield lambda: (str(show_summary(scorecard)), show_summary(scorecard)._repr_html_())
    yield lambda: [
        shown._repr_html_()
        for shown in (show_wave(wave), show_ledger(wave), show_unequal(scorecard))
    ]
    for number, table in tables.items():
        if isinstance(table, GroupTable | ClassTable):
            yield lambda n=number: show_beyond(compare_beyond(wave, n))._repr_html_()
        if isinstance(table, RegressionTable):
            yield lambda n=number: show_beyond(regress_beyond(wave, n))._repr_html_()
            if mediation_columns(table):
                yield lambda n=number: show_beyond(
                    mediate_beyond(wave, n, resamples=50), lang="en"
                )._repr_html_()
    yield lambda: show_beyond(count_tests(wave))._repr_html_()


def pictures(scorecard: Scorecard) -> Iterator[Callable[[], object]]:
    views = {view.number: view for view in show_tables(scorecard)}
    yield lambda: figures.counts([views["3.1"], views["3.2"]])
    yield lambda: figures.profile(views["3.3"])
    yield lambda: figures.groups(views["3.6"])
    yield lambda: figures.coefficients(views["3.7"])
    yield lambda: figures.models([views["3.8"], views["3.9"]])
    yield lambda: figures.classes(views["3.10"], "netwerken")
    yield lambda: figures.verdicts(list(views.values()))


def run_all(wave: Wave, folder: Path, *, claims: bool = True, drawn: bool = True) -> Scorecard:
    """Make everything, with every warning an error."""
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        scorecard = score_wave(wave)
        for make in outputs(wave, scorecard, folder):
            make()
        if drawn:
            for draw in pictures(scorecard):
                canvas.render(draw(), "png")
        if claims:
            judge_wave(wave, resamples=50)
    return scorecard


def check_marked(wave: Wave, names: list[str], scorecard: Scorecard) -> None:
    """Every cell that rests on what was not asked is empty and says so; every other does not."""
    absent = set(names)
    for number, result in compute_tables(wave).items():
        table, cells = result.definition, result.cells
        for cell in cells.to_dict("records"):
            lacks = [
                name
                for name in variables_of(wave.study, number, cell["row"], cell["column"])
                if set(wave.study.questions(name)) <= absent and set(wave.study.questions(name))
            ]
            said = f"niet gevraagd in deze golf ({REASON})" in cell["note"]
            where = (number, cell["row"], cell["column"])
            assert said is bool(lacks), where
            assert not lacks or (np.isnan(cell["value"]) and np.isnan(cell["p"])), where
            if lacks and isinstance(table, RegressionTable):
                assert all(wave.study.label(name) in cell["note"] for name in lacks)
    joined = scorecard.frame[scorecard.frame["note"].str.contains(REASON, regex=False)]
    joined = joined[joined["note"].str.contains("niet gevraagd", regex=False)]
    assert (joined["verdict"] == "not_computable").all()
    assert (joined["computed"] == "–").all()


def variables_of(study: Study, number: str, row: str, column: str) -> list[str]:
    """What a cell needs, written down here anew from the definition of its table."""
    table = study.tables.tables[number]
    if isinstance(table, GroupTable):
        return [table.rows[row].variable or row]
    if isinstance(table, RegressionTable):
        model = table.columns[column]
        return [model.outcome, *(model.predictors or table.rows)]
    if isinstance(table, ClassTable):
        factor = next(name for name in table.factors if re.match(f"{name}_", row))
        return [table.columns[column].variable or column, table.factors[factor]]
    return [table.variable]


@pytest.mark.parametrize("name", SETS)
def test_a_set_of_questions_that_was_not_asked(name: str, tmp_path: Path) -> None:
    wave = without(people(tmp_path), SETS[name]).load()
    check_marked(wave, SETS[name], score_wave(wave))


@pytest.fixture(scope="module")
def with_gaps(tmp_path_factory: pytest.TempPathFactory) -> Wave:
    """A wave that lacks all four sets at once."""
    return without(people(tmp_path_factory.mktemp("gaps")), ALL_SETS).load()


def test_everything_is_made_of_a_wave_with_many_gaps(with_gaps: Wave, tmp_path: Path) -> None:
    # the slow tests draw the figures too, for each of the sets
    scorecard = run_all(with_gaps, tmp_path / "out", claims=False, drawn=False)
    check_marked(with_gaps, ALL_SETS, scorecard)


@pytest.mark.slow
@pytest.mark.parametrize("name", SETS)
def test_each_set_with_everything(name: str, tmp_path: Path) -> None:
    wave = without(people(tmp_path), SETS[name]).load()
    check_marked(wave, SETS[name], run_all(wave, tmp_path / "out"))


@pytest.mark.slow
@pytest.mark.parametrize("name", [name for name in COLUMNS if name not in SCREENING])
def test_each_question_in_turn(name: str, tmp_path: Path) -> None:
    wave = without(people(tmp_path), [name]).load()
    check_marked(wave, [name], run_all(wave, tmp_path / "out"))


@pytest.mark.slow
@pytest.mark.parametrize("name", [n for n, v in STUDY.codebook.variables.items() if v.items])
def test_each_scale_in_turn(name: str, tmp_path: Path) -> None:
    items = list(STUDY.codebook.variables[name].items)
    wave = without(people(tmp_path), items).load()
    check_marked(wave, items, run_all(wave, tmp_path / "out"))


@pytest.mark.parametrize("name", sorted(SCREENING))
def test_without_a_screening_question_nobody_can_be_sorted(name: str, brief: SmallWave) -> None:
    error = failure(without(brief, [name]).load, WaveError)
    assert name in str(error), str(error)


def test_files_show_the_gap_and_its_reason(tmp_path: Path) -> None:
    wave = without(people(tmp_path), ["mobiliteitscentrum"]).load()
    scorecard, out = score_wave(wave), tmp_path / "out"
    write_tables(compute_tables(wave), scorecard, out)
    sentence = f"niet gevraagd in deze golf ({REASON})"
    for name in ("tabellen.csv", "tabellen.html", "tabellen.md"):
        assert sentence in (out / name).read_text(encoding="utf-8")
    lines = (out / "tabellen.md").read_text(encoding="utf-8").splitlines()
    row = next(line for line in lines if line.startswith("| Diensten mobiliteitscentrum"))
    assert row.count("– ∅") == 4
    sheet = openpyxl.load_workbook(out / "tabellen.xlsx")["Tabel 3.4"]
    texts = [str(cell.value) for line in sheet.iter_rows() for cell in line if cell.value]
    assert any(sentence in text for text in texts)
    assert "– ∅" in texts
    assert "Diensten mobiliteitscentrum" in show_wave(wave)._repr_html_()


def test_the_note_names_lines_and_not_every_cell(tmp_path: Path) -> None:
    wave = without(people(tmp_path), ["mobiliteitscentrum", *DEMOGRAPHY]).load()
    scorecard = score_wave(wave)
    notes = {n: show_table(scorecard, n).notes() for n in ("3.4", "3.5", "3.8", "3.11")}
    lead = f"Opmerking: niet gevraagd in deze golf ({REASON})"
    row = "Diensten mobiliteitscentrum gebruikt, %\N{NO-BREAK SPACE}ja"
    assert f"{lead} ({row})." in notes["3.4"]
    assert f"{lead} (de hele tabel)." in notes["3.5"]
    assert f"{lead} (de hele tabel)." in notes["3.11"]
    gaps = [note for note in notes["3.8"] if "niet te schatten" in note]
    assert len(gaps) == 2
    assert all(f"Model {k}:" in gaps[0] for k in (1, 2, 3)) and "Model 4:" in gaps[1]
    assert "Leeftijd: niet gevraagd" in gaps[1] and "Leeftijd" not in gaps[0]


def test_a_row_without_answers_does_not_stretch_n(tmp_path: Path) -> None:
    wave = without(people(tmp_path), ["inkomen"]).load()
    ranges = compute_tables(wave)["3.6"].n_range()
    assert (ranges["least"] > 0).all()
    gone = without(people(tmp_path / "b"), SETS["outcomes"] + ["sollicitaties"]).load()
    assert (compute_tables(gone)["3.6"].n_range() == 0).all(axis=None)


def test_part_of_a_scale_gives_a_score_with_a_caution(tmp_path: Path) -> None:
    wave = without(people(tmp_path), ["netwerken_1", "moeten_1", "moeten_2"]).load()
    caution = f"in deze golf zonder 1 van de 4 vragen ({REASON})"
    cells = compute_tables(wave)["3.3"].cells.set_index(["row", "column"])
    assert np.isfinite(cells.at[("netwerken", "mobielen"), "value"])
    assert cells.at[("netwerken", "mobielen"), "note"] == caution
    # one of three items is fewer than the half that a score asks for: a gap, and it says why
    assert np.isnan(cells.at[("moeten", "mobielen"), "value"])
    assert cells.at[("moeten", "mobielen"), "note"] == (
        f"in deze golf zonder 2 van de 3 vragen ({REASON})"
    )
    assert unavailable(wave, ["netwerken", "moeten", "willen"]) == (
        f"Moeten vertrekken: in deze golf zonder 2 van de 3 vragen ({REASON})"
    )
    assert gap(wave, "netwerken", "en") == (f"in this wave without 1 of its 4 questions ({REASON})")
    beta = compute_tables(wave)["3.7"].cells
    noted = beta[beta["note"] != ""]
    assert set(noted["row"]) == {"netwerken"} and (noted["note"] == caution).all()


def test_derived_variables_follow_their_sources(tmp_path: Path) -> None:
    wave = without(people(tmp_path), ["leeftijd", "nut_functionering"]).load()
    assert gap(wave, "leeftijd_klasse") == f"niet gevraagd in deze golf ({REASON})"
    assert "zonder 1 van de 2 vragen" in gap(wave, "dialoog")
    assert gap(wave, "mobiliteitsgroep") == "" and gap(wave, "uren_klasse") == ""


def test_not_asked_is_told_from_not_answered(tmp_path: Path) -> None:
    wave = people(tmp_path)
    wave.frame[source("pop")] = np.nan
    stayers = [wave.person("niet_overwogen", k) for k in range(6)]
    wave.frame.loc[stayers, source("coach_buiten")] = np.nan
    cells = compute_tables(without(wave, ["mobiliteitscentrum"]).load())["3.4"].cells
    notes = cells.set_index(["row", "column"])["note"]
    assert notes["pop", "blijvers"] == "geen antwoorden in deze groep"
    assert notes["coach_buiten", "blijvers"] == "geen antwoorden in deze groep"
    assert notes["coach_buiten", "mobielen"] == ""
    assert notes["mobiliteitscentrum", "blijvers"] == f"niet gevraagd in deze golf ({REASON})"


def test_claims_say_it_too(with_gaps: Wave) -> None:
    parts = [
        part
        for verdict in judge_wave(with_gaps, resamples=50).verdicts
        for part in verdict.parts
        if "niet gevraagd in deze golf" in part.basis.nl
    ]
    assert len(parts) > 100
    assert {part.verdict for part in parts} == {"not_checkable"}
    assert all("not asked in this wave" in part.basis.en for part in parts)


def test_what_goes_beyond_the_tables_says_it_too(tmp_path: Path) -> None:
    wave = without(people(tmp_path), ["leeftijd"]).load()
    sentence = f"niet gevraagd in deze golf ({REASON})"
    assert any(sentence in note for note in show_beyond(compare_beyond(wave, "3.5")).notes)
    for column, reason in regress_beyond(wave, "3.8").gaps.items():
        assert (sentence in reason) is (column == "model_4")
    assert sentence in mediate_beyond(wave, "3.8", "model_4").gap


# ---------------------------------------------------------------------- empty groups, few people


def only_rows(wave: SmallWave, rows: list[int]) -> SmallWave:
    wave.frame = wave.frame.loc[rows].reset_index(drop=True)
    return wave.write()


def no_stayers(wave: SmallWave) -> SmallWave:
    left = {wave.person("niet_overwogen", k) for k in range(6)}
    return only_rows(wave, [row for row in wave.frame.index if row not in left])


def no_movers(wave: SmallWave) -> SmallWave:
    names = ("overwogen", "niet_overwogen")
    return only_rows(wave, [wave.person(name, k) for k in range(6) for name in names])


def twelve_people(wave: SmallWave) -> SmallWave:
    return only_rows(wave, list(range(12)))


def one_person(wave: SmallWave) -> SmallWave:
    return only_rows(wave, [0])


def all_alike(wave: SmallWave) -> SmallWave:
    alike = {"leeftijd": 40.0, "pop": 2.0, "geslacht": 2.0, "inkomen": 4.0}
    for name in (*alike, *SETS["a scale"]):
        wave.frame[source(name)] = alike.get(name, 3.0)
    return wave.write()


SMALL = (no_stayers, no_movers, twelve_people, one_person, all_alike)
CASES = {case.__name__: case for case in SMALL}


def test_claims_of_a_wave_without_movers(tmp_path: Path) -> None:
    assert judge_wave(no_movers(people(tmp_path)).load(), resamples=50).verdicts


@pytest.mark.slow
def test_everything_is_made_of_one_person(tmp_path: Path) -> None:
    run_all(one_person(people(tmp_path)).load(), tmp_path / "out", claims=False, drawn=False)


@pytest.mark.slow
@pytest.mark.parametrize("case", CASES)
def test_every_such_wave_with_everything(case: str, tmp_path: Path) -> None:
    run_all(CASES[case](people(tmp_path)).load(), tmp_path / "out")


def test_a_group_without_anybody_keeps_its_column(tmp_path: Path) -> None:
    wave = no_stayers(people(tmp_path)).load()
    scorecard = score_wave(wave)
    cells = compute_tables(wave)["3.3"].cells
    own = cells[cells["column"] == "blijvers"]
    assert len(own) == len(cells["row"].unique())
    assert own["value"].isna().all()
    assert set(own["note"]) == {"niemand in deze groep"}
    shown = show_table(scorecard, "3.3")
    assert "Blijvers" in shown.columns().values()
    assert "Opmerking: niemand in deze groep (Blijvers)." in shown.notes()
    frame = scorecard.frame
    printed = frame[(frame["table"] == "3.3") & (frame["column"] == "blijvers")]
    assert (printed["verdict"] == "not_computable").all()
    assert (printed["note"] == "niemand in deze groep").all()
