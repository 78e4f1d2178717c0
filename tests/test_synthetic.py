"""The generator of the bundled wave: its parts, and the wave that it left."""

from __future__ import annotations

import hashlib
import importlib.util
import struct
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import yaml
from scipy import stats

from mobiliteit.synthetic.assemble import assemble
from mobiliteit.synthetic.bounds import end_spike, measure_bounds
from mobiliteit.synthetic.cells import class_codes, mean_cells, reachable
from mobiliteit.synthetic.check import evaluate, ols, read_back
from mobiliteit.synthetic.counts import CountsError, class_cells, group_sizes, solve_counts
from mobiliteit.synthetic.draw import Draw, binary_counts, draw_answers
from mobiliteit.synthetic.items import cronbach_alpha, split_sums
from mobiliteit.synthetic.late import draw_late
from mobiliteit.synthetic.page import write_page
from mobiliteit.synthetic.people import draw_people
from mobiliteit.synthetic.problem import build_problem, r2_band, t_band
from mobiliteit.synthetic.rawfile import build_file, source_columns
from mobiliteit.synthetic.savfile import VERSION, write_wave
from mobiliteit.synthetic.targets import Targets, load_targets, parse_cell, round_half_up

WAVE = Path(__file__).resolve().parents[1] / "data_raw" / "2006"


@pytest.fixture(scope="module")
def targets() -> Targets:
    return load_targets()


@pytest.fixture(scope="module")
def people(targets: Targets) -> pd.DataFrame:
    return draw_people(targets, np.random.default_rng(5))


@pytest.fixture(scope="module")
def draw(targets: Targets, people: pd.DataFrame) -> Draw:
    return draw_answers(targets, people, np.random.default_rng(6))


@pytest.mark.parametrize(
    ("printed", "value", "decimals", "stars", "lead"),
    [
        (",15***", 0.15, 2, 3, False),
        ("-,06*", -0.06, 2, 1, False),
        ("*2,84", 2.84, 2, 0, True),
        ("26%", 26.0, 0, 0, False),
        ("7%**", 7.0, 0, 2, False),
        ("0,4%", 0.4, 1, 0, False),
        ("37 jaar", 37.0, 0, 0, False),
        ("*42", 42.0, 0, 0, True),
    ],
)
def test_printed_cells_are_read(printed, value, decimals, stars, lead):
    cell = parse_cell("3.x", "r", "c", printed)
    assert (cell.value, cell.decimals, cell.stars, cell.lead_star) == (value, decimals, stars, lead)


def test_a_cell_that_is_no_number_is_refused():
    with pytest.raises(ValueError, match="cannot read"):
        parse_cell("3.3", "inkomen", "blijvers", "3.07")


def test_a_printed_zero_without_a_sign_is_not_negative():
    low, high = parse_cell("3.8", "zorgtaken", "model_4", ",00").interval(0.1)
    assert 0 < low < high < 0.005


def test_half_up_as_the_report_printed():
    assert round_half_up(2.345, 2) == 2.35
    assert round_half_up(-0.125, 2) == -0.13
    assert round_half_up(17.5, 0) == 18


def test_small_groups_allow_some_decimals_only(targets: Targets):
    # arithmetic of the report: 2,70 is no mean of 29 whole answers, 3,26 none of 75
    low = targets.cell("3.6", "inkomen", "doorstroom_sector")
    assert not reachable(29, low)
    assert reachable(27, low)
    assert not reachable(75, targets.cell("3.6", "inkomen", "functie_branche"))
    assert not reachable(70, targets.cell("3.3", "nut_pop", "mobielen"))


def test_head_counts_add_up_and_leave_room_for_every_class_mean(targets: Targets):
    counts = solve_counts(targets)
    for classes in counts.values():
        assert (sum(classes.values()) == group_sizes(targets)).all()
    # sums over the classes of each factor can be equal for every outcome asked of everybody
    for outcome in ("loopbaantevredenheid", "netwerken", "willen", "moeten"):
        ranges = []
        for factor, classes in counts.items():
            cells = {
                k: c for f, k, c in class_cells(targets) if f == factor and c.column == outcome
            }
            bounds = [(n.sum(), cells[k].interval()) for k, n in classes.items()]
            ranges.append((sum(n * b[0] for n, b in bounds), sum(n * b[1] for n, b in bounds)))
        assert max(r[0] for r in ranges) <= min(r[1] for r in ranges)


def test_impossible_printed_means_are_an_error(targets: Targets):
    cells = tuple(
        replace(c, value=4.9) if (c.row, c.column) == ("geslacht_man", "netwerken") else c
        for c in targets.cells
    )
    with pytest.raises(CountsError, match="no head counts"):
        solve_counts(replace(targets, cells=cells))


def test_people_fit_their_segment_the_text_and_table_35(targets: Targets, people: pd.DataFrame):
    assert people["segment"].value_counts().to_dict() == targets.segment_sizes
    assert (people["leeftijd"].min(), people["leeftijd"].max()) == (18, 62)
    by_branch = people["branche"].value_counts()
    for cell in targets.table("3.2"):
        if cell.column == "aantal" and cell.row != "totaal":
            values = targets.codebook["variables"]["branche"]["values"]
            code = next(int(k) for k, v in values.items() if v["id"] == cell.row)
            assert by_branch[code] == cell.value
    for variable in ("leeftijd", "uren"):
        for group in targets.groups:
            low, high = targets.cell("3.5", variable, group).interval(0.03)
            assert low <= people.loc[people["group"] == group, variable].mean() <= high
    leavers = people[people["segment"] == "uitstroom"]
    assert (leavers["branche"] == 10).all()
    assert people[["leeftijd", "diensttijd"]].corr().iloc[0, 1] > 0.25


def test_a_seed_gives_the_same_people_and_answers(targets: Targets, people, draw):
    again = draw_people(targets, np.random.default_rng(5))
    pd.testing.assert_frame_equal(people, again)
    answers = draw_answers(targets, again, np.random.default_rng(6))
    assert np.array_equal(draw.values, answers.values)
    assert np.array_equal(draw.answered, answers.answered)


def test_first_draw_is_near_and_listwise_n_fits_table_38(targets: Targets, draw: Draw):
    mobile = (draw.people["group"] == "mobielen").to_numpy()
    talks = [np.isnan(draw.column(f"nut_{t}")) for t in ("functionering", "loopbaangesprek")]
    assert (~(talks[0] & talks[1]) & mobile).sum() == 392
    assert np.nansum(np.isnan(draw.column("diensttijd")) & mobile) >= 43
    for name, mask, cell in mean_cells(targets, draw.people):
        if cell.table == "3.3" and name in draw.names and cell.decimals == 2:
            assert abs(np.nanmean(draw.column(name)[mask]) - cell.number) < 0.6


def test_binary_counts_print_and_test_as_the_table(targets: Targets):
    sizes = group_sizes(targets)
    for name in targets.config["binary"]:
        counts = np.array(binary_counts(targets, name, sizes))
        for k, n, group in zip(counts, sizes, targets.groups, strict=True):
            cell = targets.cell("3.4", name, group)
            assert round_half_up(100 * k / n, 0) == cell.value
        p = stats.chi2_contingency(np.array([counts, sizes - counts]), correction=False).pvalue
        assert (p < 0.05) == targets.cell("3.4", name, "verschil").verdict


def test_late_questions_print_as_the_table(targets: Targets, draw: Draw):
    late = draw_late(targets, draw, np.random.default_rng(7))
    group = draw.people["group"].to_numpy()
    for name in ("nut_pop", "coach_intern_nut", "coach_extern_nut"):
        for g in targets.groups:
            x = late[name][(group == g) & (late[name] > 0)]
            assert round_half_up(x.mean(), 2) == targets.cell("3.3", name, g).value


def test_items_keep_the_sum_and_reach_the_alpha():
    rng = np.random.default_rng(1)
    sums = np.clip(np.rint(rng.normal(12.0, 3.0, 600)), 4, 20)
    answered = np.full(600, 4)
    answered[:5], sums[:5] = 3, 9
    answered[5] = 0
    items = split_sums(sums, answered, 4, 1, 5, 0.75, rng)
    kept = answered > 0
    assert (np.nansum(items[kept], axis=1) == sums[kept]).all()
    assert np.isnan(items[5]).all()
    assert (~np.isnan(items)).sum(axis=1).tolist() == answered.tolist()
    assert np.nanmin(items) >= 1
    assert np.nanmax(items) <= 5
    assert abs(cronbach_alpha(items) - 0.75) < 0.02


def test_alpha_against_a_worked_example():
    # item variances 1, 1; variance of the sum 4: alpha = 2 * (1 - 2 / 4) = 1
    items = np.array([[1.0, 1], [2, 2], [3, 3], [np.nan, 2]])
    assert cronbach_alpha(items) == pytest.approx(1.0)


def test_bands_agree_with_the_tests_they_stand_for():
    low, high = t_band(2, 400, 0.0)
    assert 2 * stats.t.sf(low, 400) == pytest.approx(0.01)
    assert 2 * stats.t.sf(high, 400) == pytest.approx(0.001)
    low, _ = r2_band(1, 435, 7, 0.0)
    f = (low / 7) / ((1 - low) / (435 - 8))
    assert stats.f.sf(f, 7, 435 - 8) == pytest.approx(0.05)


def test_ols_of_the_check_against_a_textbook_case():
    rng = np.random.default_rng(3)
    x = rng.normal(size=(200, 1))
    y = 0.5 * x[:, 0] + rng.normal(size=200)
    beta, p, r2, p_f = ols(y, x)
    r, p_r = stats.pearsonr(x[:, 0], y)
    assert beta[0] == pytest.approx(r)
    assert r2 == pytest.approx(r**2)
    assert (p[0], p_f) == (pytest.approx(p_r), pytest.approx(p_r))


def test_end_spike_is_about_the_score_beside_it():
    assert end_spike(np.repeat([1, 2, 3, 4, 5], [1, 2, 4, 2, 1]), 1, 5, 1) < 0
    assert end_spike(np.repeat([1, 2, 3, 4, 5], [1, 2, 4, 1, 3]), 1, 5, 1) > 0.1


def test_every_question_has_a_column(targets: Targets):
    columns = source_columns(targets)
    items = [i for v in targets.codebook["variables"] for i in targets.items_of(v)]
    assert list(columns.values()) == items
    assert len(set(columns)) == len(items)


# ------------------------------------------------------------------------------ the annealing
def test_moves_keep_the_bookkeeping_right(targets: Targets, draw: Draw):
    pytest.importorskip("numba", reason="the annealing needs the extra `synthesize` (numba)")
    from mobiliteit.synthetic import kernel
    from mobiliteit.synthetic.anneal import loss_of, start_state

    problem, x = build_problem(targets, draw)
    state = start_state(problem, x)
    before = loss_of(state)
    kernel.moves(problem, state, 0.1, 4000, 11)
    afresh = start_state(problem, state.x)
    assert loss_of(state) == pytest.approx(loss_of(afresh), rel=1e-6)
    # pairs of two columns that can move; the derived dialogue has none
    pairs = ~np.eye(len(state.pxy), dtype=bool)
    pairs[-1], pairs[:, -1] = False, False
    assert state.pxy[pairs] == pytest.approx(afresh.pxy[pairs])
    assert (state.hist == afresh.hist).all()
    assert loss_of(state) < before
    again = start_state(problem, x)
    kernel.moves(problem, again, 0.1, 4000, 11)
    assert np.array_equal(state.x, again.x)


def test_an_interrupted_annealing_goes_on_where_it_was(targets: Targets, draw: Draw, tmp_path):
    pytest.importorskip("numba", reason="the annealing needs the extra `synthesize` (numba)")
    from mobiliteit.synthetic.anneal import anneal

    problem, x = build_problem(targets, draw)
    short = {"start": 0.3, "stop": 0.1, "chunks": 3, "moves": 500, "extra_chunks": 1}
    spec = targets.config["anneal"] | short
    whole, loss = anneal(problem, x, spec, 1)

    def stop(chunk: int, *rest: float) -> None:
        if chunk == 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        anneal(problem, x, spec, 1, tmp_path / "c.npz", stop)
    resumed, loss_again = anneal(problem, x, spec, 1, tmp_path / "c.npz")
    assert np.array_equal(whole, resumed)
    assert loss == loss_again


@pytest.mark.skipif(
    importlib.util.find_spec("numba") is not None, reason="shows what happens without numba"
)
def test_without_numba_nothing_is_written(tmp_path):
    from mobiliteit.synthetic.generate import SyntheticError, run

    with pytest.raises(SyntheticError, match="numba is not installed"):
        run(1, tmp_path / "2006", progress=False)
    assert list(tmp_path.iterdir()) == []


# ------------------------------------------------------------------------------ the bundled wave
@pytest.fixture(scope="module")
def bundled(targets: Targets):
    return read_back(targets, WAVE)


def test_descriptor_records_seed_version_and_checksum(targets: Targets):
    side = yaml.safe_load((WAVE / "wave.yaml").read_text(encoding="utf-8"))
    data = (WAVE / side["file"]["name"]).read_bytes()
    assert side["file"]["sha256"] == hashlib.sha256(data).hexdigest()
    assert side["generator"]["version"] == VERSION
    assert side["generator"]["seed"] in targets.config["seeds"]
    assert side["synthetic"] is True


def test_all_cells_of_the_bundled_wave_by_brute_force(targets: Targets, bundled):
    verdicts = evaluate(targets, bundled[1])
    assert len(verdicts) == len(targets.cells)
    assert [v.cell for v in verdicts if not v.exact] == []


def test_cells_keep_clear_of_rounding_edges_and_thresholds(targets: Targets, bundled):
    fixed = {"3.1", "3.2", "3.4", "3.5"}  # counts: their room is what the numbers leave
    for v in evaluate(targets, bundled[1]):
        assert v.cell.table in fixed or v.slack >= 0.03, v
        assert v.p_room > 0.005, v


def test_bundled_wave_keeps_text_numbers_and_bounds(targets: Targets, bundled):
    assert [b for b in measure_bounds(targets, *bundled) if not b.met] == []


def test_the_file_holds_what_a_real_export_holds(targets: Targets, people, bundled):
    spec = targets.config["export"]
    side = yaml.safe_load((WAVE / "wave.yaml").read_text(encoding="utf-8"))
    extra = sum(spec["unclassifiable"].values())
    rows = len(people) + spec["screened_out"] + spec["unfinished"] + spec["doubled"] + extra
    assert side["file"]["rows"] == rows
    assert len(side["corrections"]) == len(spec["corrections"])
    assert len(bundled[0]) == len(people)


def test_the_header_is_that_of_an_spss_file(targets: Targets):
    # a fixed time of writing makes the file a function of the seed; the fields beside it stay
    data = (WAVE / "panel_2006.sav").read_bytes()
    assert data[:4] == b"$FL2"
    assert struct.unpack("<d", data[84:92]) == (100.0,)
    stamp = targets.config["export"]["descriptor"]["date"].strftime("%d %b %y")
    assert data[92:109].decode("ascii") == f"{stamp}12:00:00"


def test_a_whole_file_from_a_first_draw(targets: Targets, people, draw, tmp_path):
    answers = assemble(targets, draw, np.random.default_rng(8))
    raw, corrections = build_file(targets, answers, people, np.random.default_rng(9))
    path = write_wave(targets, raw, corrections, 5, tmp_path)
    again = write_wave(targets, raw, corrections, 5, tmp_path / "again")
    assert path.read_bytes() == again.read_bytes()
    back, scores = read_back(targets, tmp_path)
    assert len(back) == len(people)
    assert scores["segment"].value_counts().to_dict() == targets.segment_sizes
    assert set(class_codes(targets, scores)) == set(targets.config["factors"].values())
    assert sorted(p.name for p in tmp_path.iterdir()) == ["again", "panel_2006.sav", "wave.yaml"]


def test_page_is_one_marked_file(targets: Targets, tmp_path):
    text = write_page(targets, WAVE, tmp_path / "reports" / "page.html").read_text("utf-8")
    assert "Synthetisch" in text
    assert text.count("data:image/png;base64,") == 5
    assert "http://" not in text
    assert f"{len(targets.cells)} van {len(targets.cells)}" in text
