"""What the tests share: the study, and small waves in a folder of their own."""

from __future__ import annotations

import copy
import gc
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from builders import SmallWave, brief_study, messy_wave, small_wave
from mobiliteit.study import Study, load_study
from mobiliteit.tables import TableResult, compute_tables
from mobiliteit.wave import Wave, load_wave

if TYPE_CHECKING:
    from mobiliteit.gallery import Gallery
    from mutation_tools import Arena

ROOT = Path(__file__).resolve().parents[1]


def pytest_collection_finish() -> None:
    """Spare the collector what lives as long as the session: modules, classes, the tests."""
    gc.collect()
    gc.freeze()


@pytest.fixture(scope="session")
def study() -> Study:
    """The 2006 study that comes with the package."""
    return load_study()


@pytest.fixture(scope="session")
def _small(tmp_path_factory: pytest.TempPathFactory) -> SmallWave:
    return small_wave(tmp_path_factory.mktemp("small"))


@pytest.fixture(scope="session")
def _messy(tmp_path_factory: pytest.TempPathFactory) -> SmallWave:
    return messy_wave(tmp_path_factory.mktemp("messy"))


def _copy(wave: SmallWave, root: Path) -> SmallWave:
    shutil.copytree(wave.root, root, dirs_exist_ok=True)
    return SmallWave(root, wave.name, wave.study, wave.frame.copy(), copy.deepcopy(wave.sidecar))


@pytest.fixture
def small(_small: SmallWave, tmp_path: Path) -> SmallWave:
    """A valid wave of 32 respondents, four per segment; the test may damage it."""
    return _copy(_small, tmp_path)


@pytest.fixture
def messy(_messy: SmallWave, tmp_path: Path) -> SmallWave:
    """A valid wave with all that a real export holds; the test may damage it."""
    return _copy(_messy, tmp_path)


@pytest.fixture(scope="session")
def _brief(tmp_path_factory: pytest.TempPathFactory, study: Study) -> SmallWave:
    return small_wave(tmp_path_factory.mktemp("brief"), study=brief_study(study))


@pytest.fixture
def brief(_brief: SmallWave, tmp_path: Path) -> SmallWave:
    """As `small`, with a questionnaire of 18 variables: quick to clean, but without tables."""
    return _copy(_brief, tmp_path)


@pytest.fixture(scope="session")
def loaded(_messy: SmallWave) -> Wave:
    """The messy wave, loaded once; only to be read."""
    return _messy.load()


@pytest.fixture(scope="session")
def bundled() -> Wave:
    """The wave of 2006 that comes with the repository, loaded once; only to be read."""
    return load_wave("2006", root=ROOT)


@pytest.fixture(scope="session")
def bundled_tables(bundled: Wave) -> dict[str, TableResult]:
    """All tables of the bundled wave, computed once; only to be read."""
    return compute_tables(bundled)


@pytest.fixture(scope="session")
def bundled_gallery(bundled: Wave, bundled_tables: dict[str, TableResult]) -> Gallery:
    """The figures of the bundled wave, which remember what one of them needed; only to be read."""
    from mobiliteit.gallery import Gallery
    from mobiliteit.scorecard import score_wave

    return Gallery.around(score_wave(bundled, bundled_tables), bundled_tables)


@pytest.fixture(scope="session")
def practice() -> Wave:
    """The practice wave, weighted and with gaps, loaded once; only to be read."""
    return load_wave("2008-demo", root=ROOT)


@pytest.fixture
def arena(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, study: Study) -> Arena:
    """A wave for the mutation tests, and the command that cleans it, with the brief study."""
    from mutation_tools import build_arena

    brief = brief_study(study)
    monkeypatch.setattr("mobiliteit.wave.load_study", lambda: brief)
    return build_arena(tmp_path)
