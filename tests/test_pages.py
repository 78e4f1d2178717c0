"""What all pages share: both languages whole, tables and figures as HTML, pages in a notebook."""

from __future__ import annotations

import base64
import html.parser
import re
import string
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from matplotlib.figure import Figure

from factor_builder import exact_rows, frame_of
from mobiliteit.errors import AnalysisError
from mobiliteit.inference.factors import SATURATED, fit_factor
from mobiliteit.inference.invariance import NOT_COMPARABLE, ONE_GROUP, measurement_invariance
from mobiliteit.inference.invariance_words import SAYS
from mobiliteit.inference.item_samples import item_sample
from mobiliteit.inference.notes import note_text
from mobiliteit.render import (
    against_words,
    panel_words,
    scales_words,
    sorting_words,
    trends_words,
)
from mobiliteit.render.against_words import place_name
from mobiliteit.render.page import page, show_page
from mobiliteit.render.page_parts import Cell, pictures, table_html, with_limits, write_page
from mobiliteit.scale_checks.checks import CAUTIONS
from mobiliteit.trends.notes import SAYS as NOTES

ITEMS = ["x1", "x2", "x3"]
TABLES: dict[str, Mapping[str, Mapping[str, str]]] = {
    "against": against_words.WORDS,
    "cautions": CAUTIONS,
    "invariance": SAYS,
    "models": scales_words.MODELS,
    "notes": NOTES,
    "panel": panel_words.WORDS,
    "scales": scales_words.WORDS,
    "sorting": sorting_words.WORDS,
    "trends": trends_words.WORDS,
    "verdicts": scales_words.VERDICTS,
}


def fields(text: str) -> list[str]:
    return sorted(name for _, name, _, _ in string.Formatter().parse(text) if name is not None)


class Tags(html.parser.HTMLParser):
    """Which elements are opened and closed, to see that a text is one balanced element."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.roots, self.balanced = 0, True
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.roots += not self.open
        if tag != "img":
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        self.balanced &= bool(self.open) and self.open.pop() == tag


# ---- both languages


@pytest.mark.parametrize("words", TABLES.values(), ids=TABLES)
def test_both_languages_say_the_same_things(words):
    assert words["nl"].keys() == words["en"].keys()
    for key, dutch in words["nl"].items():
        assert fields(dutch) == fields(words["en"][key]), key
        same = dutch == words["en"][key]
        # Symbols, and words that both languages have.
        assert not (same and len(dutch.split()) > 3), key


def noted(frame: pd.DataFrame, items: list[str] = ITEMS, by: str | None = None) -> str:
    return fit_factor(item_sample(frame, items, by)).note


def test_notes_of_factor_models_are_known_in_english():
    whole = frame_of(exact_rows(np.eye(3) + 1, n=40), exact_rows(np.eye(3) + 1, n=40))
    constant = whole.assign(x2=whole["x2"].where(whole["wave"] == "a", 3.0))
    heywood = frame_of(exact_rows([[1, 0.8, 0.8], [0.8, 1, 0.5], [0.8, 0.5, 1]]))
    notes = {
        noted(whole.assign(x1=np.nan)): "nobody answered all items",
        noted(whole.head(9)): "too few respondents: 9, needed 10",
        noted(constant, by="wave"): "everybody gave the same answer to x2 (b)",
        noted(whole.assign(x3=whole["x1"] - 2 * whole["x2"])): (
            "an item follows entirely from the others"
        ),
        noted(whole, ["x1", "x2"]): "two items do not determine one factor: it cannot be tested",
        noted(frame_of(exact_rows(np.eye(3)))): (
            "the items are too weakly related to determine one factor"
        ),
        noted(heywood): (
            "saturated model: it always fits, so it cannot be tested;"
            " negative residual variance (Heywood): x1"
        ),
    }
    for dutch, english in notes.items():
        assert note_text(dutch, "en") == english
        assert note_text(dutch, "nl") == dutch
    for dutch in (SATURATED, ONE_GROUP, NOT_COMPARABLE, "geen maximum gevonden"):
        assert note_text(dutch, "en") != dutch
    assert note_text("niemand die dit kent", "en") == "niemand die dit kent"


def test_a_verdict_on_a_scale_can_be_said_in_english():
    loadings = np.array([0.8, 0.7, 0.6, 0.7])
    covariance = np.outer(loadings, loadings) + np.diag(1 - loadings**2)
    first = exact_rows(covariance, 300)
    shifted = frame_of(first, first + np.array([0, 0.4, 0, 0]))
    found = measurement_invariance(shifted, [*ITEMS, "x4"], "wave")
    assert found.verdict == "partial"
    assert found.in_words("en") == (
        "The scale is partly the same; different: intercept of x2. Means can be compared in so far"
        " as the other items stayed equal."
    )
    two = measurement_invariance(shifted, ["x1", "x2"], "wave")
    assert two.in_words("en").startswith("With two items")
    nobody = measurement_invariance(shifted.assign(x1=np.nan), ITEMS, "wave")
    assert nobody.in_words("en") == "Cannot be tested: nobody answered all items."
    upside = [(0.9, 0.3, 0.7), (0.3, 0.9, 0.7), (0.7, 0.6, 0.2)]
    apart = frame_of(*(exact_rows(np.outer(w, w) + np.diag(1 - np.square(w)), 300) for w in upside))
    assert "the loadings differ" in measurement_invariance(apart, ITEMS, "wave").in_words("en")


@pytest.mark.parametrize(
    ("numbers", "nl", "en"),
    [
        ((0.125, -0.05, 1.0), "0,13 [-0,05; 1,00]", "0.13 [-0.05, 1.00]"),
        ((0.125, np.nan, np.nan), "0,13", "0.13"),
        ((np.nan, 0.0, 1.0), "–", "–"),
    ],
)
def test_a_number_with_its_interval(numbers, nl, en):
    assert (with_limits(numbers, 2, "nl"), with_limits(numbers, 2, "en")) == (nl, en)


# ---- pieces


def test_a_table_escapes_what_is_no_markup():
    text = table_html(["a", Cell("b", "text")], [["<i>", Cell("<b>x</b>", "note", markup=True)]])
    assert "<td>&lt;i&gt;</td>" in text
    assert '<td class="note"><b>x</b></td>' in text
    assert '<th class="text">b</th>' in text


def drawn(title: str) -> Figure:
    figure = Figure(figsize=(2, 1))
    figure.subplots().plot([0, 1], [0, 1])
    figure.set_label(title)
    return figure


def test_a_page_is_written_with_its_figures_inside_and_beside_it(tmp_path: Path) -> None:
    figures = {"een": drawn("A < B"), "twee": drawn("C")}
    frame = pd.DataFrame({"value": [1 / 3], "synthetic": [True]})
    paths = write_page(
        "naam",
        lambda shown: page("T", "".join(shown.values())),
        frame,
        figures,
        tmp_path / "r",
        tmp_path / "f",
    )
    names = ["naam.html", "naam.csv", "een.png", "een.svg", "twee.png", "twee.svg"]
    assert [path.name for path in paths] == names
    text = paths[0].read_text(encoding="utf-8")
    inside = re.findall(r'<img alt="([^"]*)" src="data:image/svg\+xml;base64,([^"]+)">', text)
    assert [alt for alt, _ in inside] == ["A &lt; B", "C"]
    for (_, data), name in zip(inside, ("een", "twee"), strict=True):
        assert base64.b64decode(data) == (tmp_path / "f" / f"{name}.svg").read_bytes()
    assert pd.read_csv(paths[1]).loc[0, "value"] == pytest.approx(1 / 3, rel=1e-15)
    assert list(pictures(figures)) == ["een", "twee"]


# ---- a page inside a notebook


def test_a_page_in_a_notebook_is_one_element_with_a_style_of_its_own():
    body = "<h1>Een</h1><section><h2>Twee</h2><p>x &lt; <strong>y</strong></p></section>"
    whole = page("T", body, mark="Verzonnen.", lang="en", style="p.eigen { color: red; }",
                 links={"een.html": "Een"}, current="een.html")  # fmt: skip
    shown = show_page(whole)._repr_html_()
    tags = Tags(shown)
    assert tags.roots == 1 and tags.balanced and not tags.open
    for gone in ("<html", "<head", "<body", "<main", "<title", "<nav", "een.html", "<h1"):
        assert gone not in shown
    assert "<h2>Een</h2>" in shown and "<h3>Twee</h3>" in shown
    assert "x &lt; <strong>y</strong>" in shown
    assert shown.count("Verzonnen.") == 1 and 'lang="en"' in shown
    style = re.search(r"<style>(.*)</style>", shown, re.DOTALL)
    assert style is not None
    # Everything stands inside one rule for the class of the element.
    css = style[1].strip()
    assert css.startswith(".mobiliteit-page {") and css.endswith("}")
    depth = np.cumsum([{"{": 1, "}": -1}.get(sign, 0) for sign in css])
    inside = depth[css.index("{") : -1]
    assert inside.min() == 1 and depth[-1] == 0
    assert "p.eigen" in css


def test_a_page_without_a_mark_has_none_in_a_notebook():
    shown = show_page(page("T", '<div class="mark">in the text</div>'))._repr_html_()
    assert shown.count('class="mark"') == 1


def test_only_a_page_can_be_shown():
    with pytest.raises(AnalysisError, match="no page"):
        show_page("<p>los</p>")


def test_a_note_of_the_text_is_named_in_english() -> None:
    assert place_name("claim", "noot 3", "en") == "Text note 3"
    assert place_name("claim", "noot 3", "nl") == "Tekst noot 3"
    assert place_name("table", "3.3", "en") == "Table 3.3"
