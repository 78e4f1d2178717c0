"""The whole job, in a folder of its own."""

from __future__ import annotations

import csv
import re
import shutil
from pathlib import Path

import nbformat
import pyarrow.parquet as pq
import pytest

from builders import SmallWave
from mobiliteit.errors import MobiliteitError
from mobiliteit.gallery import Gallery
from mobiliteit.project import write_text
from mobiliteit.reproduction import reproduce, stages

ROOT = Path(__file__).resolve().parents[1]
# A few notebooks will do here: `.ci/run` runs the whole job and looks at all that it leaves.
NOTEBOOKS = ("01_respondenten", "07_scorekaart")


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A copy of what a checkout has before the job ran."""
    for wave in ("2006", "2008-demo"):
        shutil.copytree(ROOT / "data_raw" / wave, tmp_path / "data_raw" / wave)
    (tmp_path / "notebooks").mkdir()
    for name in NOTEBOOKS:
        shutil.copy(ROOT / "notebooks" / f"{name}.ipynb", tmp_path / "notebooks")
    return tmp_path


def contents(root: Path) -> dict[str, bytes]:
    return {
        str(path.relative_to(root)): path.read_bytes()
        for folder in ("data_clean", "figures", "reports")
        for path in sorted((root / folder).rglob("*"))
        if path.is_file()
    }


@pytest.fixture(autouse=True)
def _without_report(monkeypatch: pytest.MonkeyPatch) -> None:
    """Leave report and figures out: they have tests of their own, also of what a failure leaves."""

    def draw(gallery: Gallery, folder: Path, *, lang: str) -> None:
        write_text(folder / f"drawn_{gallery.wave.id}_{lang}.svg", "<svg/>")

    monkeypatch.setattr("mobiliteit.reproduction.write_figures", draw)
    monkeypatch.setattr("mobiliteit.reproduction.write_report", lambda *given, **more: [])


def test_the_job_leaves_all_that_it_should(project: Path) -> None:
    told: list[str] = []
    result = reproduce("2006", root=project, report=told.append)
    assert len(told) == stages(project)

    made = contents(project)
    assert {f"reports/{name}.html" for name in NOTEBOOKS} <= set(made)
    assert {"reports/tabellen.html", "reports/tabellen.xlsx", "data_clean/2006_ledger.csv"} <= set(
        made
    )
    assert {f"figures/{name}.png" for name in NOTEBOOKS} <= set(made)
    assert "figures/drawn_2006_nl.svg" in made
    assert not list(project.glob(".staging-*"))

    lines = list(csv.DictReader(made["reports/scorecard.csv"].decode().splitlines()))
    published = (ROOT / "analysis/mobiliteit/study/published/tables.csv").read_text("utf-8")
    expected = list(csv.DictReader(published.splitlines()))
    keys = ("table", "row", "column")
    assert [[line[k] for k in keys] for line in lines] == [[e[k] for k in keys] for e in expected]
    assert [line["published"] for line in lines] == [entry["printed"] for entry in expected]
    assert {line["verdict"] for line in lines} == {"exact"}
    assert {line["synthetic"] for line in lines} == {"True"}
    assert len(result.scorecard.frame) == 479

    clean = pq.read_table(project / "data_clean" / "2006.parquet").to_pandas()
    assert len(clean) == 1137
    assert clean["mobiliteitsgroep"].value_counts().to_dict() == {
        "blijvers": 373,
        "overwegers": 329,
        "mobielen": 435,
    }

    for name, content in made.items():
        if name.endswith(".html"):
            page = content.decode()
            assert "generator" in page, f"{name} does not say that the wave is synthetic"
            assert not re.search(r"(src|href)\s*=\s*[\"']?(https?:)?//", page), name


def test_a_notebook_that_fails_leaves_earlier_outputs_alone(small: SmallWave) -> None:
    project = small.root
    (project / "notebooks").mkdir()
    broken = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell("1 / 0")])
    nbformat.write(broken, project / "notebooks" / "01_stuk.ipynb")
    (project / "reports").mkdir()
    (project / "reports" / "scorecard.csv").write_text("earlier")
    before = contents(project)
    with pytest.raises(MobiliteitError, match="01_stuk") as failure:
        reproduce(small.name, root=project)
    assert "ZeroDivisionError" in str(failure.value)
    assert contents(project) == before
