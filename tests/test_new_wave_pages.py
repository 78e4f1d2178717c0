"""What a notebook shows of a wave being brought in."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace

import pytest

from mobiliteit.notebook import raw_file, scratch_project
from mobiliteit.project import find_project
from mobiliteit.proposal import propose_wave
from mobiliteit.reading import read_file
from mobiliteit.render.new_wave import (
    MOST,
    show_check,
    show_file,
    show_planted,
    show_proposal,
    show_weighted,
)
from mobiliteit.tables import compute_table
from mobiliteit.wave import Wave, load_wave

PROJECT = find_project(Path(__file__).parent)


@pytest.fixture(scope="module")
def demo() -> Wave:
    return load_wave("2008-demo", root=PROJECT.root)


@pytest.fixture
def delivered(demo: Wave, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(PROJECT.notebooks)
    return raw_file(demo)


def test_a_file_tells_how_it_is_written(delivered: Path) -> None:
    shown = show_file(read_file(delivered))
    found = dict(shown.rows)
    assert found["records"] == "1424" and found["kolommen"] == "93"
    assert found["scheidingsteken"].startswith("semicolon")
    assert found["decimaalteken"].startswith("comma")
    assert "cp1252" in found["tekencodering"]
    # what is a guess is said
    assert any("patiëntenvervoer" in text for text in shown.lead)


def test_a_proposal_beside_the_truth_leaves_the_repository_alone(
    delivered: Path, demo: Wave
) -> None:
    before = sorted(PROJECT.raw("x").parent.iterdir())
    trial = scratch_project()
    proposal = propose_wave(delivered, "proef", root=trial.root)
    assert sorted(PROJECT.raw("x").parent.iterdir()) == before
    assert (trial.raw("proef") / "wave.yaml").is_file()
    shown = show_proposal(proposal, demo)
    counts = [tuple(map(int, row[1:])) for row in shown.rows]
    assert sum(n for n, *_ in counts) == len(proposal.matches)
    assert all(right + wrong == n for n, right, wrong, _ in counts)
    truth = {source: entry.variable for source, entry in demo.descriptor.columns.items()}
    # of the lines that count, none is wrong: the promise of a confidence of 0.80 and higher
    sure = [match for match in proposal.matches if match.accepted]
    assert sure and all(truth[match.source] == match.target for match in sure)
    assert sum(written for *_, written in counts) == len(sure)
    assert "email, ip" in shown.lead[1]


def test_many_messages_are_cut_short() -> None:
    problems = tuple(f"probleem {k}" for k in range(MOST + 30))
    report = SimpleNamespace(wave="proef", usable=False, problems=problems, warnings=("kijk",))
    shown = show_check(report)
    assert "nog niet bruikbaar. Fouten: 42. Om naar te kijken: 1." in shown.lead[0]
    assert len(shown.rows) == MOST + 1
    assert shown.rows[-1] == ("…", "en nog 31 meldingen")


def test_nothing_wrong_is_a_sentence_without_a_table() -> None:
    report = SimpleNamespace(wave="2027", usable=True, problems=(), warnings=())
    shown = show_check(report)
    assert "Golf 2027 is bruikbaar." in shown.lead[0] and not shown.rows


def test_planted_changes_in_words(demo: Wave, loaded: Wave) -> None:
    shown = show_planted(demo)
    assert [row[0] for row in shown.rows] == [plant.id for plant in demo.descriptor.planted]
    nothing = show_planted(loaded)
    assert not nothing.rows and "niets geplant" in nothing.lead[0]


def test_with_and_without_weights_side_by_side(demo: Wave) -> None:
    weighted, plain = (compute_table(wave, "3.5") for wave in (demo, demo.unweighted()))
    shown = show_weighted(weighted, plain)
    assert len(shown.rows) == 7
    assert all(len(row) == 7 for row in shown.rows)
    age = next(row for row in shown.rows if row[0].startswith("Leeftijd"))
    stayers = demo.frame[demo.frame["mobiliteitsgroep"] == "blijvers"]
    assert age[1] == f"{stayers['leeftijd'].mean():.1f}".replace(".", ",")
    # the young took part less, so that weights make every group younger
    numbers = [float(text.replace(",", ".")) for text in age[1:]]
    assert all(after < before for before, after in zip(numbers[::2], numbers[1::2], strict=True))
