"""The demo wave: what is planted changes what it says and nothing else; the file gives it back."""

from __future__ import annotations

import hashlib
import re
import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from numpy.typing import NDArray

from mobiliteit.clean import clean
from mobiliteit.descriptor import load_descriptor
from mobiliteit.identifiers import hashed
from mobiliteit.ingest import read_raw
from mobiliteit.project import Project, find_project
from mobiliteit.scales import score
from mobiliteit.segments import classify
from mobiliteit.study import Study
from mobiliteit.synthetic.demo import (
    IN_ANSWERS,
    PLANTS,
    DemoAnswers,
    draw_demo,
    in_codes,
    read_panel,
)
from mobiliteit.synthetic.demo_design import Panel, age_class, make_design
from mobiliteit.synthetic.demo_file import FILE_NAME, SEED, WAVE, fill_template, write_demo
from mobiliteit.tables import compute_tables
from mobiliteit.wave import Wave, load_wave

PROJECT = find_project(Path(__file__).parent)
# Item answers that a planted change may touch.
TOUCHED = {
    "effectiviteit_hoger": "effectiviteit_",
    "netwerken_zonder_effect": "loopbaanstap_succes_",
    "sollicitaties_omgekeerd": "loopbaantevredenheid_",
    "item_verschuift": "leermogelijkheden_2",
    "netwerken_werkt_later": "loopbaanstap_succes_",
}


@pytest.fixture(scope="module")
def panel(study: Study) -> Panel:
    return read_panel(PROJECT.raw("2006"), study)


@pytest.fixture(scope="module")
def drawn(panel: Panel, study: Study) -> DemoAnswers:
    """The answers behind the committed file."""
    return draw_demo(SEED, panel=panel, study=study)


@pytest.fixture(scope="module")
def wave() -> Wave:
    return load_wave(WAVE, root=PROJECT.root)


def same(left: pd.Series, right: pd.Series) -> NDArray[np.bool_]:
    return ((left == right) | (left.isna() & right.isna())).to_numpy()


def test_the_panel_holds_the_ids_of_the_raw_file(panel: Panel, study: Study) -> None:
    raw = read_raw(PROJECT.raw("2006"), study)
    written = {f"{number:.0f}" for number in raw.frame[raw.descriptor.respondent.column]}
    assert len(panel.answers) == 1137
    assert set(panel.answers.index) <= written


@pytest.mark.parametrize("plant", IN_ANSWERS)
def test_a_change_in_answers_touches_only_what_it_names(
    plant: str, panel: Panel, study: Study
) -> None:
    before = draw_demo(3, panel=panel, study=study, planted=())
    after = draw_demo(3, panel=panel, study=study, planted=(plant,))
    changed = [
        name for name in before.answers if not same(before.answers[name], after.answers[name]).all()
    ]
    assert changed
    assert all(name.startswith(TOUCHED[plant]) for name in changed)
    pd.testing.assert_frame_equal(before.people, after.people)


def test_a_change_of_relation_keeps_the_answers_of_each_segment(panel: Panel, study: Study) -> None:
    before = draw_demo(4, panel=panel, study=study, planted=())
    after = draw_demo(
        4, panel=panel, study=study, planted=("netwerken_zonder_effect", "sollicitaties_omgekeerd")
    )
    segment = before.people["segment"]
    for name in ("loopbaanstap_succes", "loopbaantevredenheid"):
        items = [f"{name}_{k}" for k in (1, 2, 3)]
        for part in segment.unique():
            vectors = [
                sorted(map(tuple, one.answers.loc[segment == part, items].fillna(-1).to_numpy()))
                for one in (before, after)
            ]
            assert vectors[0] == vectors[1]


def test_sizes_of_the_shifts(panel: Panel, study: Study) -> None:
    first, then = "effectiviteit", "leermogelijkheden_2"
    before, after = (
        [
            score(draw_demo(seed, panel=panel, study=study, planted=plants).answers, study)[0]
            for seed in range(4)
        ]
        for plants in ((), ("effectiviteit_hoger", "item_verschuift"))
    )
    spread = score(panel.answers, study)[0][first].std()
    up = np.mean([b[first].mean() - a[first].mean() for a, b in zip(before, after, strict=True)])
    # The same people answer in both, so that only the drawing of whole points is left to chance:
    # its standard error over four waves of 1,300 is 0.002 sd and 0.006 points.
    assert up / spread == pytest.approx(0.30, abs=0.01)
    item = [b[then].mean() - a[then].mean() for a, b in zip(before, after, strict=True)]
    assert np.mean(item) == pytest.approx(0.60, abs=0.02)


def test_later_effect_of_networking(panel: Panel, study: Study) -> None:
    then = score(panel.answers, study)[0]["netwerken"]

    def partial(planted: tuple[str, ...]) -> float:
        slopes = []
        for seed in range(8):
            one = draw_demo(seed, panel=panel, study=study, planted=planted)
            who = one.people.query("followed and group == 'mobielen'").index
            now = score(one.answers.loc[who], study)[0]
            data = pd.DataFrame(
                {"y": now["loopbaanstap_succes"], "now": now["netwerken"], "then": then[who]}
            ).dropna()
            z = (data - data.mean()) / data.std()
            slopes.append(np.linalg.lstsq(z[["now", "then"]], z["y"], rcond=None)[0][1])
        return float(np.mean(slopes))

    # Of one wave the slope has a standard error near 0.09; of eight, 0.03.
    assert partial(()) == pytest.approx(0.0, abs=0.1)
    assert partial(("netwerken_werkt_later",)) == pytest.approx(0.44, abs=0.1)


def test_composition_is_planted_by_age_and_group_alone(panel: Panel) -> None:
    age, mover = panel.column("leeftijd"), panel.group == "mobielen"
    plain = make_design(panel, frozenset()).population
    assert plain == pytest.approx(np.full(1137, 1 / 1137))
    both = make_design(panel, frozenset({"meer_mobielen", "ouder_personeel"})).population
    assert both @ age == pytest.approx(age.mean() + 3)
    assert both @ mover == pytest.approx(mover.mean() + 0.08)
    # Equal weights at equal age and group: all that goes with those two is as it was.
    weights = pd.Series(both).groupby([age, panel.group])
    assert (weights.max() - weights.min()).max() < 1e-15
    only = make_design(panel, frozenset({"ouder_personeel"})).population
    assert only @ mover == pytest.approx(mover.mean())


def test_chances_add_up(panel: Panel) -> None:
    for planted in (frozenset[str](), frozenset(PLANTS)):
        design = make_design(panel, planted)
        assert design.follow.sum() == pytest.approx(1300 / 3)
        assert design.follow.min() >= 0 and design.follow.max() < 1
        assert design.donors[:, -1] == pytest.approx(np.ones(1137))
        assert design.fresh.sum() == pytest.approx(1) and design.fresh.min() > 0


def test_the_followed_are_themselves_two_years_on(panel: Panel, drawn: DemoAnswers) -> None:
    people, now = drawn.people, drawn.answers
    assert len(now) == 1300 and now.index.is_unique
    who = now.index[people["followed"]]
    assert 370 < len(who) < 500
    then, now = panel.answers.loc[who], now.loc[who]
    for name in ("geslacht", "opleidingsniveau"):
        assert (then[name] == now[name]).all()
    assert (now["leeftijd"] == then["leeftijd"] + 2).all()
    stayed = ~((now["stap"] == 1) & (now["zelfde_instelling"] == 0))
    assert same(now["diensttijd"], (then["diensttijd"] + 2).clip(upper=50))[stayed].all()
    home = (now["stap"] == 0) & then["sector"].isin([1, 2])
    assert same(now["branche"], then["branche"])[home].all()
    # As themselves in a good part, and never over the border of an age class.
    own = people.loc[who, "own_answers"]
    assert 0.35 < own.mean() < 0.6
    crossed = age_class(now["leeftijd"].to_numpy()) != age_class(then["leeftijd"].to_numpy())
    assert not own[crossed].any()
    gone = panel.answers.index[panel.segment == "uitstroom"]
    assert not set(gone) & set(who)


def test_everybody_fits_a_segment_and_skips_what_is_not_asked(
    drawn: DemoAnswers, study: Study
) -> None:
    sorted_into = classify(in_ids(drawn.answers, study), study)
    assert (sorted_into["mobiliteitssegment"].astype(str) == drawn.people["segment"]).all()
    for column in study.codebook.columns():
        for name, codes in column.asked.items():
            closed = drawn.answers[name].notna() & ~drawn.answers[name].isin(codes)
            assert drawn.answers.loc[closed, column.name].isna().all()
        values = drawn.answers[column.name].dropna()
        low, high = column.bounds
        assert values.between(low, high).all()


def in_ids(answers: pd.DataFrame, study: Study) -> pd.DataFrame:
    """Nominal answers as categoricals of value ids, as in a clean frame."""
    frame = answers.copy()
    for column in study.codebook.columns():
        ids = column.value_ids
        if ids is not None:
            named = frame[column.name].map(ids)
            frame[column.name] = pd.Categorical(named, categories=list(ids.values()))
    return frame


def test_no_two_respondents_answer_alike(drawn: DemoAnswers) -> None:
    assert not drawn.answers.duplicated().any()


def test_an_unknown_change_is_refused(panel: Panel, study: Study) -> None:
    with pytest.raises(ValueError, match="no such planted change: meer_geluk"):
        draw_demo(1, panel=panel, study=study, planted=("meer_geluk",))


def test_the_seed_decides_every_byte(tmp_path: Path) -> None:
    shutil.copytree(PROJECT.raw("2006"), tmp_path / "data_raw" / "2006")
    made = [
        [path.read_bytes() for path in write_demo(Project(tmp_path), seed=seed)]
        for seed in (11, 11)
    ]
    assert made[0] == made[1]
    assert made[0][0] != (PROJECT.raw(WAVE) / FILE_NAME).read_bytes()
    assert hashlib.sha256(made[0][0]).hexdigest() in made[0][2].decode()


def test_the_sidecar_is_the_template_filled_in(study: Study) -> None:
    folder = PROJECT.raw(WAVE)
    text = (folder / "wave.yaml").read_text(encoding="utf-8")
    descriptor = load_descriptor(folder, study)
    first = load_descriptor(PROJECT.raw("2006"), study)
    assert descriptor.respondent.salt == first.respondent.salt
    corrections = re.search(r"^corrections:.*\n((?:  - .*\n)+)", text, re.MULTILINE)
    assert corrections is not None
    facts = {
        "seed": SEED,
        "salt": first.respondent.salt,
        "file": descriptor.file.name,
        "sha256": descriptor.file.sha256,
        "rows": descriptor.file.rows,
        "corrections": corrections[1].rstrip("\n"),
    }
    assert fill_template(facts) == text
    assert {plant.id for plant in descriptor.planted} == set(PLANTS)
    assert descriptor.synthetic and all(plant.nl and plant.en for plant in descriptor.planted)


def test_the_file_gives_back_what_was_drawn(drawn: DemoAnswers, study: Study) -> None:
    raw = read_raw(PROJECT.raw(WAVE), study)
    cleaned = in_codes(clean(raw, study).frame, study)
    ids = hashed(drawn.answers.index, str(raw.descriptor.respondent.salt))
    found, truth = cleaned.loc[ids], drawn.answers.set_axis(ids)
    offered = truth[["pop", "coach_intern_mogelijk", "coach_extern_mogelijk"]].isna().any(axis=1)
    helped = truth[["ondersteuning_buiten", "coach_buiten"]].isna().any(axis=1)
    for name in truth:
        if name in raw.descriptor.absent:
            assert found[name].isna().all()
        elif name.startswith("uitdagende_taken_"):
            # 2 and 4 lie between two answers of the supplier's seven, a third of a point away
            assert same(found[name].isna(), truth[name].isna()).all()
            assert (found[name] - truth[name]).abs().max() == pytest.approx(1 / 3)
            assert abs((found[name] - truth[name]).mean()) < 0.03
        elif name in ("pop", "coach_intern_mogelijk", "coach_extern_mogelijk"):
            assert same(found[name], truth[name].mask(offered)).all()
        elif name in ("ondersteuning_buiten", "coach_buiten"):
            assert same(found[name], truth[name].mask(helped)).all()
        else:
            assert same(found[name], truth[name]).all(), name


def test_the_ledger_tells_who_left(wave: Wave, drawn: DemoAnswers) -> None:
    ledger = wave.ledger.frame()
    gone = ledger[ledger["kind"] == "excluded"].set_index("reason")["n"]
    assert gone.to_dict() == {
        "screen_out": 50,
        "onvolledig": 30,
        "dubbel_geleverd": 12,
        "te_snel": 16,
        "meer_signalen": 10,
        "niet_in_te_delen": 6,
    }
    assert len(wave.frame) == 1300
    kept = hashed(drawn.answers.index, str(wave.descriptor.respondent.salt))
    assert set(wave.frame.index) == set(kept)
    assert (ledger["kind"] == "corrected").sum() == 2
    assert ledger.loc[ledger["kind"] == "identifier", "column"].tolist() == ["email", "ip"]


def test_a_third_is_linked_with_2006(wave: Wave, drawn: DemoAnswers) -> None:
    first = load_wave("2006", root=PROJECT.root)
    both = wave.frame.index.intersection(first.frame.index)
    assert len(both) == drawn.people["followed"].sum()
    assert (wave.frame.loc[both, "leeftijd"] == first.frame.loc[both, "leeftijd"] + 2).all()


def test_weights_bring_back_the_population(wave: Wave) -> None:
    made = wave.weights
    assert made is not None
    margins = made.margins
    # Selective response: men, the young and the lower educated are too few before weighting.
    short = margins[margins["category"].isin(["man", "15_24", "lager"])]
    assert (short["sample"] < 0.9 * short["target"]).all()
    assert (margins["weighted"] - margins["target"]).abs().max() < 1e-6
    assert made.trimmed > 0 and made.highest <= 2 + 1e-6


def test_nobody_real_can_be_reached() -> None:
    text = (PROJECT.raw(WAVE) / "export_careers_2008.csv").read_text(encoding="cp1252")
    rows = [line.split(";") for line in text.splitlines()]
    header = rows[0]
    for row in rows[1:]:
        assert row[header.index("email")].endswith("@example.org")
        # the three ranges that RFC 5737 sets apart for documentation
        assert re.match(r"(192\.0\.2|198\.51\.100|203\.0\.113)\.\d+$", row[header.index("ip")])


def statistics(drawn: DemoAnswers, like: Wave, study: Study) -> pd.Series:
    """Every computed cell of all tables but counts, and the reliabilities."""
    answers = in_ids(drawn.answers, study)
    sorting = classify(answers, study).drop(columns="segmentreden")
    for name, ids in (
        ("mobiliteitssegment", study.segments.segments),
        ("mobiliteitsgroep", study.segments.groups),
    ):
        sorting[name] = sorting[name].cat.set_categories(list(ids))
    scored, reliabilities = score(answers, study)
    tables = compute_tables(replace(like, frame=pd.concat([sorting, scored], axis=1)))
    cells = pd.concat([table.cells.assign(table=number) for number, table in tables.items()])
    cells = cells[~cells["statistic"].isin(["count", "F", "chi2"]) & (cells["row"] != "totaal")]
    alphas = pd.DataFrame(
        [{"table": "alpha", "row": r.scale, "column": "", "statistic": "alpha", "value": r.alpha}
         for r in reliabilities]
    )  # fmt: skip
    frame = pd.concat([cells, alphas])
    return frame.set_index(["table", "row", "column", "statistic"])["value"].astype(float)


@pytest.mark.slow
def test_only_what_is_planted_changes(panel: Panel, study: Study) -> None:
    like = load_wave("2006", root=PROJECT.root)
    everybody = DemoAnswers(panel.answers, pd.DataFrame(), ())
    base = statistics(everybody, like, study)

    def shifts(planted: tuple[str, ...], waves: int) -> pd.Series:
        drawn = [
            statistics(draw_demo(9000 + k, panel=panel, study=study, planted=planted), like, study)
            for k in range(waves)
        ]
        values = pd.concat(drawn, axis=1)
        return ((values.mean(axis=1) - base) / values.std(axis=1)).dropna()

    still = shifts((), 100)
    # R squared of any redrawn sample is higher by what chance adds, (1 - R2) k / n.
    still = still[still.index.get_level_values("statistic") != "r2_percent"]
    assert len(still) > 400
    # In units of the standard error of one wave: a difference of two waves has 1.4 of these.
    assert still.abs().max() < 1
    assert still.abs().mean() < 0.25

    means = shifts(("effectiviteit_hoger",), 25)
    moved = means[means.abs() > 3].index
    assert {entry[1] for entry in moved if entry[0] == "3.3"} == {"effectiviteit"}
    assert all("effectiviteit" in (entry[1], entry[2]) for entry in moved)

    turned = shifts(("sollicitaties_omgekeerd",), 25)
    turned = turned[turned.index.get_level_values("statistic") == "beta"]
    assert turned[turned.abs() > 2].index.tolist() == [
        ("3.7", "sollicitaties", "loopbaantevredenheid", "beta")
    ]
    ended = shifts(("netwerken_zonder_effect",), 25)
    ended = ended[ended.index.get_level_values("statistic") == "beta"]
    assert ended["3.7", "netwerken", "loopbaanstap_succes", "beta"] < -1.5
    assert {entry[1] for entry in ended[ended.abs() > 1.6].index} == {"netwerken"}
