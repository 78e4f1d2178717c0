"""The replication package: what its pages say, and two runs that give the same."""

from __future__ import annotations

import dataclasses
import importlib
import json
import re
import shutil
from html.parser import HTMLParser
from importlib.metadata import version
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import yaml

from builders import SmallWave
from mobiliteit.claims.schema import load_claims
from mobiliteit.errors import OutputError
from mobiliteit.project import Project
from mobiliteit.replication import (
    check_manifest,
    codebook_html,
    describe_variables,
    write_replication,
)
from mobiliteit.replication.asked import not_asked
from mobiliteit.replication.codebook_page import NAMES
from mobiliteit.replication.manifest import direct_packages, outputs, zip_contents
from mobiliteit.replication.programs import (
    PROGRAMS,
    gallery_figures,
    notebook_figures,
    notebook_tables,
    program_of,
    text_numbers,
)
from mobiliteit.replication.readme import Run, lock_pins
from mobiliteit.replication.variables import Described
from mobiliteit.scorecard import Scorecard, score_wave
from mobiliteit.study import Study
from mobiliteit.wave import Wave
from test_cli import run
from test_failing_outputs import contents, small_files_only

ROOT = Path(__file__).resolve().parents[1]
HERE = Project(ROOT)


class Reader(HTMLParser):
    """The tables of a page, cell by cell, as text; and where it points."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.rows: list[list[str]] = []
        self.links: list[str] = []
        self.open = False
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.links += [value or "" for name, value in attrs if name in ("href", "src")]
        if tag == "tr":
            self.rows.append([])
        if tag in ("td", "th"):
            self.rows[-1].append("")
            self.open = True
        if tag == "br" and self.open:
            self.rows[-1][-1] += "\n"

    def handle_endtag(self, tag: str) -> None:
        if tag in ("td", "th"):
            self.open = False

    def handle_data(self, data: str) -> None:
        if self.open:
            self.rows[-1][-1] += data


@pytest.fixture(scope="module")
def card(loaded: Wave) -> Scorecard:
    return score_wave(loaded)


@pytest.fixture(scope="module")
def variables(loaded: Wave) -> tuple[Described, ...]:
    return describe_variables(loaded)


@pytest.fixture(scope="module")
def project(
    card: Scorecard, _messy: SmallWave, tmp_path_factory: pytest.TempPathFactory
) -> Project:
    """The messy wave with its package, in a project with the notebooks and the lock."""
    project = build(tmp_path_factory.mktemp("package"), _messy)
    paths = write_replication(card, project, seconds=90)
    assert [path.parent for path in paths] == [project.reports / "replicatie"] * 5
    return project


@pytest.fixture(scope="module")
def written(project: Project) -> dict[str, str]:
    folder = project.reports / "replicatie"
    return {path.name: path.read_text("utf-8") for path in folder.iterdir()}


def build(root: Path, messy: SmallWave) -> Project:
    project = Project(root, messy.name)
    shutil.copytree(messy.folder, project.raw(messy.name))
    shutil.copytree(ROOT / "notebooks", project.notebooks)
    shutil.copy(ROOT / "requirements.txt", root)
    return project


# -- codebook ------------------------------------------------------------------------------------


@pytest.mark.parametrize("lang", ["nl", "en"])
def test_the_codebook_page_describes_every_column(
    lang: str, loaded: Wave, written: dict[str, str]
) -> None:
    reader = Reader(written[NAMES[lang]])
    rows = {row[0]: row for row in reader.rows if re.fullmatch(r"[a-z0-9_]+", row[0])}
    assert set(rows) == set(loaded.frame.columns)
    for name, row in rows.items():
        n, unanswered, unasked = map(int, row[4:7])
        assert (n, unanswered + unasked) == (
            loaded.frame[name].notna().sum(),
            loaded.frame[name].isna().sum(),
        ), name
    assert set(reader.links) == {"codeboek.html", "codebook.html"}


def test_the_codebook_page_says_what_a_reader_needs(loaded: Wave, written: dict[str, str]) -> None:
    page = written[NAMES["nl"]]
    rows = {row[0]: row for row in Reader(page).rows}
    assert loaded.mark("nl") in page
    sex = loaded.frame["geslacht"].value_counts()
    assert rows["geslacht"][2] == f"0 = vrouw ({sex[0]})\n1 = man ({sex[1]})"
    assert rows["inkomen"][3] == "98 = weet niet\n99 = wil niet zeggen"
    assert "Gevraagd als: Heeft een persoonlijk ontwikkelingsplan (POP) = ja." in rows["nut_pop"][1]
    mirrored = rows["loopbaantevredenheid_2"]
    assert "Gespiegeld" in mirrored[1]
    assert mirrored[2].startswith("1 = helemaal mee eens (")
    age = loaded.frame["leeftijd"].dropna()
    shown = f"{age.mean():.2f} ({age.std():.2f})".replace(".", ",")
    assert rows["leeftijd"][7] == shown
    assert rows["leeftijd"][2] == "15 tot en met 64 jaar"
    assert rows["branche"][7] == ""  # no mean of a nominal variable


def test_not_asked_is_told_apart_from_not_answered(bundled: Wave, practice: Wave) -> None:
    frame, found = bundled.frame, not_asked(bundled).sum()
    stayed, no_plan = (frame["stap"] == 0), (frame["pop"] == 0)
    assert found["overwogen"] == (~stayed).sum() > 0
    assert found["nut_pop"] == no_plan.sum() > 0
    # a score, and a mean of several: where nothing of it was asked
    assert found["loopbaanstap_succes"] == stayed.sum() > 0
    never = (frame["freq_functionering"] == 1) & (frame["freq_loopbaangesprek"] == 1)
    assert found["dialoog"] == never.sum() > 0
    # the way to the third question is closed by the first, or by the second
    closed = (frame["coach_intern_mogelijk"] == 0) | (frame["coach_intern_gebruikt"] == 0)
    assert found["coach_intern_nut"] == closed.sum() > (frame["coach_intern_gebruikt"] == 0).sum()
    # what cleaning counted as asked and empty, question by question
    ledger = bundled.ledger.frame().query("kind == 'missing'").groupby("column")["n"].sum()
    for column in bundled.study.codebook.columns():
        unanswered = frame[column.name].isna().sum() - found[column.name]
        assert unanswered == ledger.get(column.name, 0), column.name
    # who skipped the question that decides was asked the next all the same
    skipped = frame.assign(pop=frame["pop"].mask(no_plan), nut_pop=np.nan)
    assert not not_asked(dataclasses.replace(bundled, frame=skipped))["nut_pop"].any()
    left_out = not_asked(practice)
    assert left_out["werkgelegenheid_jaar_geleden"].all()
    assert left_out["coach_extern_nut"].all()
    assert not left_out["leeftijd"].any()


def made_real(wave: Wave) -> Wave:
    """The same wave, as if real people had answered."""
    notes = {"synthetic": False, "synthetic_note_nl": "", "synthetic_note_en": ""}
    return dataclasses.replace(wave, descriptor=wave.descriptor.model_copy(update=notes))


def test_a_real_wave_has_no_mark(loaded: Wave, variables: tuple[Described, ...]) -> None:
    page = codebook_html(made_real(loaded), "en", variables)
    assert 'class="mark"' not in page
    assert "ynthetic" not in page


def test_a_suppliers_text_is_no_markup(loaded: Wave, variables: tuple[Described, ...]) -> None:
    odd = loaded.descriptor.model_copy(update={"title_nl": "<script>x</script>"})
    page = codebook_html(dataclasses.replace(loaded, descriptor=odd), "nl", variables)
    assert "<script>" not in page


# -- README --------------------------------------------------------------------------------------


def table_under(text: str, heading: str) -> list[list[str]]:
    """The rows of the first Markdown table under a heading, without its head."""
    after = text.split(f"\n{heading}\n", 1)[1]
    lines = [line for line in after.split("\n#", 1)[0].splitlines() if line.startswith("|")]
    return [[cell.strip() for cell in line.strip("|").split(" | ")] for line in lines[2:]]


def test_the_readme_has_all_that_data_editors_ask_for(written: dict[str, str]) -> None:
    text = written["README.md"]
    headings = [line.lstrip("# ") for line in text.splitlines() if line.startswith("## ")]
    assert headings == [
        "Overview",
        "Data availability and provenance statements",
        "Dataset list",
        "Computational requirements",
        "Description of programs",
        "Instructions to replicators",
        "List of tables, figures and in-text numbers",
        "References",
    ]
    assert "### Statement about rights" in text
    assert "### Summary of availability" in text
    assert "**less than 10 minutes**" in text
    assert not re.search(r"[{}]", text)


def test_the_readme_says_what_the_data_are(written: dict[str, str], card: Scorecard) -> None:
    text = written["README.md"]
    assert f"> **{card.wave.mark('en')}**" in text
    assert "are **synthetic**" in text
    assert card.wave.sha256 in text
    assert "- [x] All data **are** publicly available" in text


def test_a_real_wave_is_not_given_away(card: Scorecard, _messy: SmallWave, tmp_path: Path) -> None:
    changed = made_real(card.wave)
    project = build(tmp_path, _messy)
    paths = write_replication(Scorecard(card.frame, card.legend, changed), project)
    text = paths[0].read_text("utf-8")
    assert "**synthetic**" not in text
    assert "must not be redistributed" in text
    assert "- [x] **No data can be made** publicly available" in text
    assert "1. Put the file of the wave into" in text
    assert "**not measured" in text
    (row,) = [row for row in table_under(text, "## Dataset list") if "klein.sav" in row[0]]
    assert row[3] == "no"


def test_every_table_figure_and_number_has_its_program(
    written: dict[str, str], card: Scorecard, study: Study
) -> None:
    text = written["README.md"]
    tables = table_under(text, "### Tables")
    assert [row[0] for row in tables] == [f"Table {number}" for number in study.tables.tables]
    counts = card.summary()
    for number, row in zip(study.tables.tables, tables, strict=True):
        assert row[1] == f'`mobiliteit.tables.compute_table(wave, "{number}")`'
        notebook = ROOT / row[3].strip("`")
        assert f'"{number}"' in json.dumps(json.loads(notebook.read_text("utf-8"))).replace(
            '\\"', '"'
        )
        exact, cells = counts.loc[number, "exact"], counts.loc[number, "cells"]
        assert row[5] == f"{exact} of {cells} cells exact"
    ids = [row[0].strip("`") for row in table_under(text, "### In-text numbers")]
    assert ids == [stated.id for stated in text_numbers(study)]


def test_numbers_of_the_text_are_those_claims_that_state_one(study: Study) -> None:
    stated = {one.id: one for one in text_numbers(study)}
    for claim in load_claims(study):
        percent = re.search(r"\d ?%", claim.en)
        assert not percent or claim.id in stated, claim.en
    assert stated["r_benaderd"].reason
    assert not stated["r_vrouw"].reason


def test_notebooks_show_every_table_and_save_what_is_listed(study: Study) -> None:
    assert {shown.name for shown in notebook_tables(HERE)} >= set(study.tables.tables)
    figures = notebook_figures(HERE)
    assert [one.name for one in figures][:2] == ["01_respondenten", "02_drie_groepen"]
    for one in (*figures, *gallery_figures(study, "2006")):
        assert callable(resolve(one.function))
    first, later = (len(gallery_figures(study, wave)) for wave in ("2006", "2008-demo"))
    assert 0 < first < later


def resolve(function: str) -> object:
    module, _, name = function.rpartition(".")
    return getattr(importlib.import_module(f"mobiliteit.{module}"), name)


@pytest.mark.parametrize("program", PROGRAMS, ids=lambda program: program.function)
def test_programs_and_commands_exist(
    program: object, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert callable(resolve(program.function))  # type: ignore[attr-defined]
    name, command, *rest = program.typed("2031").split()  # type: ignore[attr-defined]
    assert run(monkeypatch, command, "--help") == 0
    told = capsys.readouterr().out
    assert f"{name} {command}" in told
    for option in rest:
        assert not option.startswith("--") or option in told


def test_a_command_names_its_wave_unless_it_is_the_first(written: dict[str, str]) -> None:
    by_name = {program.function: program for program in PROGRAMS}
    clean, against = by_name["wave.write_clean"], by_name["render.against.write_against"]
    assert (clean.typed("2006"), clean.typed("2031")) == (
        "mobiliteit clean",
        "mobiliteit clean --wave 2031",
    )
    assert against.typed("2006") == "mobiliteit scorecard WAVE --against 2006"
    assert against.typed("2031") == "mobiliteit scorecard 2031 --against 2006"
    commands = set(re.findall(r"`mobiliteit ([a-z][^`]*)`", written["README.md"]))
    of_no_wave = {"audit", "synthesize --check"}
    assert of_no_wave < commands
    assert all("2031" in command for command in commands - of_no_wave), commands


@pytest.mark.parametrize(
    ("path", "wave", "function"),
    [
        ("data_clean/2006_ledger.csv", "2006", "wave.write_clean"),
        ("data_clean/2006_ledger.csv", "2008-demo", None),
        ("reports/scorecard.csv", "2006", "render.scorecards.write_scorecard"),
        ("reports/2008-demo/scorecard.csv", "2008-demo", "render.scorecards.write_scorecard"),
        ("reports/scorecard.csv", "2008-demo", None),
        ("figures/2008-demo/panel_weging.svg", "2008-demo", "render.panel.write_panel"),
        ("reports/replicatie/README.md", "2006", "replication.write_replication"),
        ("figures/galerij_model.png", "2006", "gallery.write_figures"),
        ("reports/iets_anders.html", "2006", None),
    ],
)
def test_a_file_has_its_program(path: str, wave: str, function: str | None) -> None:
    found = program_of(path, wave)
    assert (found and found.function) == function


def test_versions_are_those_of_this_run_and_of_the_lock(written: dict[str, str]) -> None:
    pins = lock_pins(ROOT / "requirements.txt")
    text = (ROOT / "environment.yml").read_text("utf-8")
    frozen = [entry.split(" ;")[0] for entry in yaml.safe_load(text)["dependencies"][-1]["pip"]]
    # environment.yml repeats the lock, line by line, and adds the package itself
    assert sorted(f"{name}=={pin}" for name, several in pins.items() for pin in several) == sorted(
        entry for entry in frozen if "==" in entry
    )
    for name in direct_packages():
        (line,) = re.findall(rf"^  - {re.escape(name)} (.*)$", written["README.md"], re.M)
        assert line.split()[0] == version(name)
        expected = f" (lock, by version of Python: {' or '.join(pins[name])})"
        assert line.removeprefix(version(name)) in ("", expected)
        assert (line == version(name)) == (pins[name] == (version(name),))


@pytest.mark.parametrize(
    ("seconds", "said"),
    [
        (599.9, "less than 10 minutes"),
        (600, "10 to 60 minutes"),
        (3599, "10 to 60 minutes"),
        (3600, "more than an hour"),
    ],
)
def test_run_time_is_told_in_classes(seconds: float, said: str) -> None:
    assert Run(seconds, "", "").length == said


# -- the package as a whole ----------------------------------------------------------------------


def comparable(name: str, text: str) -> object:
    """The text of a file; of the manifest without the programs, which may be edited meanwhile."""
    if name != "manifest.json":
        return text
    found = json.loads(text)
    found["files"] = [one for one in found["files"] if one["role"] not in ("code", "study")]
    return found


def test_the_writers_give_the_same_bytes_and_no_path_of_this_machine(
    written: dict[str, str], card: Scorecard, _messy: SmallWave, tmp_path: Path
) -> None:
    project = build(tmp_path, _messy)
    again = write_replication(card, project, seconds=95)
    for path in again:
        text = path.read_text("utf-8")
        assert comparable(path.name, text) == comparable(path.name, written[path.name])
        assert str(tmp_path) not in text
        assert str(ROOT) not in text


def test_a_package_that_does_not_fit_leaves_the_last_one(
    project: Project, card: Scorecard, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = contents(project.root)
    # the pages are written before the DDI, which is too large
    monkeypatch.setattr("mobiliteit.replication.package.codebook_html", lambda *_: "page")
    with small_files_only(), pytest.raises(OutputError, match="untouched"):
        write_replication(card, project, seconds=5000)
    assert contents(project.root) == before


def test_no_file_holds_a_respondent(written: dict[str, str], card: Scorecard) -> None:
    ids = [str(one) for one in card.wave.frame.index]
    for name, text in written.items():
        visible = re.sub(r'<[^>]*>|"bytes": \d+|\d+\.\d+|[0-9a-f]{64}', " ", text)
        words = set(re.findall(r"\w+", visible))
        assert not words & set(ids), name


def test_the_command_writes_a_package_that_its_check_accepts(
    messy: SmallWave, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    arguments = ("--wave", messy.name, "--root", str(messy.root))
    assert run(monkeypatch, "replication", *arguments) == 0
    assert messy.sidecar["synthetic_note_en"] in capsys.readouterr().out
    assert check_manifest(Project(messy.root, messy.name)).none


def test_citation_and_licences(study: Study) -> None:
    # What CITATION.cff 1.2.0 asks of the file, of a person or entity, and of a reference.
    cited = yaml.safe_load((ROOT / "CITATION.cff").read_text("utf-8"))
    assert {"cff-version", "message", "title", "authors"} <= set(cited)
    assert cited["cff-version"] == "1.2.0"
    assert cited["type"] in ("software", "dataset")
    assert cited["license"] == "MIT"
    assert (ROOT / "LICENSE").read_text("utf-8").startswith("MIT License")
    assert re.fullmatch(r"\d{4}-\d{2}-\d{2}", cited["date-released"])
    named = re.search(r'^version = "(.+)"$', (ROOT / "pyproject.toml").read_text("utf-8"), re.M)
    assert named is not None
    assert cited["version"] == named[1]
    for source in (cited, *cited["references"]):
        assert {"title", "authors"} <= set(source)
        for author in source["authors"]:
            assert {"name"} <= set(author) or {"family-names"} <= set(author)
    assert all("type" in source for source in cited["references"])
    data = [source for source in cited["references"] if source["type"] == "data"]
    licences = {
        yaml.safe_load(path.read_text("utf-8"))["licence"]
        for path in (ROOT / "data_raw").glob("*/wave.yaml")
    }
    assert {source["license"] for source in data} == licences == {"CC0-1.0"}


# -- two runs of the whole job -------------------------------------------------------------------

BYTES = (".csv", ".html", ".md", ".xml", ".json", ".svg", ".png")


@pytest.mark.slow
def test_two_runs_give_the_same_and_every_file_has_its_program(tmp_path: Path) -> None:
    from mobiliteit.reproduction import reproduce

    made = []
    for name in ("een", "twee"):
        root = tmp_path / name
        shutil.copytree(ROOT / "data_raw", root / "data_raw")
        shutil.copytree(ROOT / "notebooks", root / "notebooks")
        shutil.copy(ROOT / "requirements.txt", root)
        reproduce("2006", root=root)
        assert check_manifest(Project(root)).none
        made.append({path.relative_to(root).as_posix(): path for path in outputs(Project(root))})
    first, second = made
    assert set(first) == set(second)
    assert {Path(name).suffix for name in first} >= {".csv", ".html", ".xlsx", ".docx"}
    for name, path in first.items():
        if path.suffix in BYTES:
            assert path.read_bytes() == second[name].read_bytes(), name
        elif path.suffix in (".xlsx", ".docx"):
            assert zip_contents(path) == zip_contents(second[name]) is not None, name
        elif path.suffix == ".parquet":
            pd.testing.assert_frame_equal(pd.read_parquet(path), pd.read_parquet(second[name]))
    homeless = [name for name in first if program_of(name, "2006") is None]
    assert not homeless
