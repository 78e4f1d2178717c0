"""Tables as HTML, Markdown, CSV and Excel: what people read, and what stays attached to it."""

from __future__ import annotations

import dataclasses
import io
import re
from html.parser import HTMLParser
from pathlib import Path

import openpyxl
import pandas as pd
import pytest

from mobiliteit.errors import AnalysisError
from mobiliteit.notebook import open_scorecard
from mobiliteit.project import find_project
from mobiliteit.render import wording
from mobiliteit.render.export import to_csv, to_markdown, to_xlsx, write_tables
from mobiliteit.render.markup import to_html
from mobiliteit.render.page import page
from mobiliteit.render.scorecards import write_scorecard
from mobiliteit.render.summary import scorecard_summary, show_summary
from mobiliteit.render.tables import (
    TableView,
    display,
    show_table,
    show_tables,
    split_printed,
)
from mobiliteit.scorecard import Scorecard
from mobiliteit.tables import TableResult, compute_tables

ROOT = find_project(Path(__file__).parent).root


@pytest.fixture(scope="module")
def scorecard() -> Scorecard:
    """The bundled wave beside the published numbers; only to be read."""
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(ROOT)
        return open_scorecard("2006")


@pytest.fixture(scope="module")
def results(scorecard: Scorecard) -> dict[str, TableResult]:
    return compute_tables(scorecard.wave)


@pytest.fixture(scope="module")
def views(scorecard: Scorecard) -> dict[str, TableView]:
    return {view.number: view for view in show_tables(scorecard)}


@pytest.fixture
def damaged(results: dict[str, TableResult], scorecard: Scorecard) -> TableView:
    """Table 3.7 with one verdict of each kind, whatever the bundled wave gives."""
    frame = scorecard.frame.copy()
    own = frame.index[frame["table"] == "3.7"]
    frame.loc[own, "verdict"] = "exact"
    frame.loc[own[:3], "verdict"] = ["different", "last_digit", "not_computable"]
    return display(results["3.7"], frame)


class Page(HTMLParser):
    """Collects addresses, text, and the cells of tables with their styles."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.addresses: list[str] = []
        self.cells: list[tuple[str, str]] = []
        self.text = ""
        self._style: str | None = None
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = dict(attrs)
        self.addresses += [str(found[name]) for name in ("src", "href") if name in found]
        if tag in ("td", "th"):
            self._style = found.get("style") or ""
            self.cells.append((self._style, ""))

    def handle_endtag(self, tag: str) -> None:
        if tag in ("td", "th"):
            self._style = None

    def handle_data(self, data: str) -> None:
        self.text += data
        if self._style is not None:
            style, before = self.cells[-1]
            self.cells[-1] = (style, before + data)


def squeezed(text: str) -> str:
    return re.sub(r"\s+", " ", text)


def test_html_of_every_table_says_what_a_reader_needs(views: dict[str, TableView]) -> None:
    for view in views.values():
        html = to_html(view)
        shown = Page(html)
        text = squeezed(shown.text)
        assert view.title in text
        assert squeezed(view.mark) in text
        assert "Synthetisch" in view.mark or "generator" in view.mark
        assert "n = " in text
        assert "Toets: " in text and "Ontbrekende antwoorden: " in text
        assert f"hoofdstuk 3, p. {view.page}" in text
        assert "gedrukt" in text and "berekend" in text
        assert not [address for address in shown.addresses if "//" in address]
        assert "http" not in html and "@import" not in html
        assert "&amp;amp;" not in html and "&lt;span" not in html


def test_regressions_say_listwise_n_and_the_legend_in_use(scorecard: Scorecard) -> None:
    view = show_table(scorecard, "3.8")
    text = squeezed(Page(to_html(view)).text)
    assert "* p < ,05, ** p < ,01, *** p < ,001" in text
    for n in view.result.n_range()["least"]:
        assert f"n = {n}" in text
    printed = show_table(scorecard, "3.8", legend="as_printed")
    assert "** p < ,10" in squeezed(Page(to_html(printed)).text)


def test_a_cell_that_differs_has_a_colour_and_a_sign(damaged: TableView) -> None:
    cells = Page(to_html(damaged)).cells
    for colour, sign in (("#FBDDCF", "≠"), ("#FFF1CC", "≈"), ("#E4E4E4", "∅")):
        coloured = [text for style, text in cells if colour.lower() in style.lower()]
        assert len(coloured) == 1
        assert coloured[0].endswith(sign)


def test_a_result_alone_has_no_published_numbers(results: dict[str, TableResult]) -> None:
    view = show_table(results["3.9"])
    assert not view.has_published
    text = Page(to_html(view)).text
    assert "Gedrukte getallen" not in text and "Tekens" not in text
    assert show_table(results, "3.9").title == view.title


def test_labels_come_from_the_study(views: dict[str, TableView]) -> None:
    labels = {number: set(view.cells["row_label"]) for number, view in views.items()}
    assert "Totaal" in labels["3.1"]
    assert "Netwerken (1–5)" in labels["3.3"]
    assert "Geslacht, %\N{NO-BREAK SPACE}man" in labels["3.5"]
    assert "Verklaarde variantie" in labels["3.7"]
    assert "Geslacht (0 = vrouw, 1 = man)" in {
        label.replace("\N{NO-BREAK SPACE}", " ") for label in labels["3.8"]
    }
    assert "15-24 jaar" in labels["3.10"]
    assert set(views["3.10"].cells["group"]) >= {"Leeftijd", "Geslacht"}
    for view in views.values():
        # A key that shines through would be a label that was not found.
        assert not [label for label in labels[view.number] if "_" in label]
        assert not [label for label in view.columns().values() if "_" in label]


def test_english(scorecard: Scorecard) -> None:
    view = show_table(scorecard, "3.5", lang="en")
    text = squeezed(Page(to_html(view)).text)
    assert "Table 3.5. Demographics" in text
    assert "Stayers" in text and "Significant difference?" in text
    assert squeezed(scorecard.wave.mark("en")) in text
    means = show_table(scorecard, "3.3", lang="en").cells
    assert means[means["statistic"] == "mean"]["text"].str.contains(",").sum() == 0
    # What was printed stays as it was printed.
    assert means["published"].str.contains(",").any()
    with pytest.raises(AnalysisError, match="there is no language 'fr'"):
        show_table(scorecard, "3.3", lang="fr")


def test_markdown(views: dict[str, TableView], damaged: TableView) -> None:
    text = to_markdown(views.values())
    assert text.count("\n## Tabel ") + text.startswith("## Tabel ") == len(views)
    assert text.count(f"*{views['3.1'].mark}*") == len(views)
    assert "| Totaal | 1137 | 1137 |" in text
    widths = {line.count("|") for line in to_markdown(damaged).splitlines() if line.startswith("|")}
    assert len(widths) == 1
    assert "≠" in to_markdown(damaged)
    # Stars are escaped, so that they do not become emphasis.
    assert "\\*\\*\\*" in text


def test_csv_is_tidy_and_unrounded(views: dict[str, TableView], scorecard: Scorecard) -> None:
    frame = pd.read_csv(io.StringIO(to_csv(views.values())), dtype={"table": str})
    assert len(frame) == len(scorecard.frame)
    assert frame["synthetic"].all()
    expected = pd.concat([view.cells for view in views.values()], ignore_index=True)
    pd.testing.assert_series_equal(frame["value"], expected["value"], rtol=0, atol=1e-12)
    assert {"n", "n_missing", "p", "text", "published", "verdict", "row_label"} <= set(frame)


def test_xlsx_holds_numbers_as_numbers(views: dict[str, TableView], damaged: TableView) -> None:
    book = openpyxl.load_workbook(io.BytesIO(to_xlsx(views.values())))
    assert book.sheetnames == [f"Tabel {number}" for number in views]
    for view in views.values():
        sheet = book[f"Tabel {view.number}"]
        assert sheet["A1"].value == view.title
        assert sheet["A2"].value == view.mark
        numbers = sorted(
            cell.value
            for row in sheet.iter_rows(min_row=7, min_col=2)
            for cell in row
            if isinstance(cell.value, int | float)
        )
        cells = view.cells[~view.cells["statistic"].isin(["F", "chi2"])]
        expected = sorted([*cells["value"].dropna(), *cells["published_value"].dropna()])
        assert numbers == pytest.approx(expected, abs=1e-12)
    formats = {
        cell.number_format
        for row in openpyxl.load_workbook(io.BytesIO(to_xlsx(damaged))).active.iter_rows()
        for cell in row
    }
    assert '.00"***"' in formats
    assert any("≠" in layout for layout in formats)


def test_xlsx_holds_no_formulas(
    views: dict[str, TableView], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A label of the study that begins with an equals sign is a text like any other."""

    def labels(result: TableResult, lang: str) -> dict[str, str]:
        return dict.fromkeys(column_labels(result, lang), "=1+1")

    column_labels = wording.column_labels
    monkeypatch.setattr(wording, "column_labels", labels)
    sheet = openpyxl.load_workbook(io.BytesIO(to_xlsx(views["3.7"]))).active
    cells = [cell for row in sheet.iter_rows() for cell in row if cell.value == "=1+1"]
    assert cells
    assert {cell.data_type for cell in cells} == {"s"}


def test_the_same_tables_give_the_same_bytes(views: dict[str, TableView]) -> None:
    some = [views["3.7"], views["3.10"]]
    assert to_xlsx(some) == to_xlsx(some)
    assert to_html(some[0]) == to_html(some[0])


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (",15***", (0.15, ".00", "{}***")),
        ("-,06*", (-0.06, ".00", "{}*")),
        ("*2,84", (2.84, "0.00", "*{}")),
        ("37 jaar", (37, "0", "{} jaar")),
        ("0,4%", (0.4, "0.0", "{}%")),
        ("Ja", None),
        ("–", None),
        ("", None),
    ],
)
def test_printed_cells_are_split_into_number_and_marks(
    text: str, expected: tuple[float, str, str] | None
) -> None:
    assert split_printed(text) == expected


def test_notes_of_cells_reach_the_reader(results: dict[str, TableResult]) -> None:
    cells = results["3.7"].cells.copy()
    cells.loc[cells.index[0], ["value", "note"]] = [float("nan"), "te weinig respondenten"]
    broken = dataclasses.replace(results["3.7"], cells=cells)
    view = display(broken)
    assert view.cells["text"].iloc[0] == "–"
    assert "te weinig respondenten (Oriënteren (1–5) /" in Page(to_html(view)).text
    assert "te weinig respondenten" in to_markdown(view)


def test_files(results: dict[str, TableResult], scorecard: Scorecard, tmp_path: Path) -> None:
    some = {"3.1": results["3.1"], "3.7": results["3.7"]}
    written = write_tables(some, scorecard, tmp_path)
    assert [path.name for path in written] == [
        f"tabellen_3.1_3.7.{suffix}" for suffix in ("csv", "html", "md", "xlsx", "docx", "tex")
    ]
    html = (tmp_path / "tabellen_3.1_3.7.html").read_text(encoding="utf-8")
    assert html.startswith("<!doctype html>") and 'lang="nl"' in html
    assert html.count('class="mark"') == 1
    cards = write_scorecard(scorecard, tmp_path, ("csv", "html", "markdown", "xlsx"))
    frame = pd.read_csv(cards[0], dtype=str, keep_default_na=False)
    assert list(frame.columns[:1]) == ["table"] and len(frame) == len(scorecard.frame)
    sheet = openpyxl.load_workbook(cards[3]).active
    assert sheet.max_row == len(scorecard.frame) + 3
    with pytest.raises(AnalysisError, match="there is no format pdf"):
        write_tables(some, scorecard, tmp_path, ["pdf"])
    with pytest.raises(AnalysisError, match="no table was asked for"):
        write_tables({}, scorecard, tmp_path)


def test_summary(scorecard: Scorecard) -> None:
    summary, mark = scorecard.summary(), scorecard.wave.mark()
    text = scorecard_summary(summary, mark=mark)
    assert text.startswith(mark)
    last = text.splitlines()[-1].split()
    assert last == ["Totaal", *map(str, summary.iloc[-1])]
    assert scorecard_summary(summary, mark=mark, form="markdown").count("|") == 7 * (
        len(summary) + 2
    )
    shown = Page(show_summary(scorecard, "en")._repr_html_())
    assert "not computable" in shown.text and squeezed(scorecard.wave.mark("en")) in shown.text
    with pytest.raises(AnalysisError, match="there is no form 'tex'"):
        scorecard_summary(summary, form="tex")


def test_mistakes_name_the_remedy(scorecard: Scorecard, results: dict[str, TableResult]) -> None:
    with pytest.raises(AnalysisError, match=r"no table '9\.9'"):
        show_table(scorecard, "9.9")
    with pytest.raises(AnalysisError, match="no table was named"):
        show_table(scorecard)
    with pytest.raises(AnalysisError, match=r"there is no star legend 'strict'.*usual"):
        show_table(results["3.7"], legend="strict")


def test_a_page_escapes_what_it_is_given() -> None:
    text = page(
        "a < b", "<p>x</p>", mark="<mark> & so", links={"a.html": "A & B"}, current="a.html"
    )
    assert "<title>a &lt; b</title>" in text
    assert "&lt;mark&gt; &amp; so" in text
    assert 'aria-current="page">A &amp; B</a>' in text
