"""The gallery: every figure readable, told in words from the data, and the same bytes twice."""

from __future__ import annotations

import math
import re
from pathlib import Path
from xml.etree import ElementTree

import pandas as pd
import pytest

import figure_boxes
from builders import SmallWave, copy_study
from mobiliteit.errors import AnalysisError, StudyError
from mobiliteit.gallery import Gallery, figure, figure_names, write_figures
from mobiliteit.gallery.answers import answer_shares
from mobiliteit.gallery.catalogue import PairEntry, load_catalogue
from mobiliteit.gallery.flows import FEWEST, count_flow, flow_of
from mobiliteit.gallery.kinds import DRAW
from mobiliteit.gallery.shown import Picture, figure_html, picture
from mobiliteit.gallery.told import LONGEST, Row, Told, sureness, tell
from mobiliteit.render.canvas import READABLE
from mobiliteit.render.figures_flows import draw_flow, foot_text
from mobiliteit.render.figures_items import higher_share, lower_share
from mobiliteit.study import Study, load_study
from mobiliteit.study_schema import Label
from mobiliteit.wave import UNWEIGHTED_NL, Wave

SVG = "{http://www.w3.org/2000/svg}"
CATALOGUE = load_catalogue(load_study()).figures
ALONE = [name for name, entry in CATALOGUE.items() if not isinstance(entry, PairEntry)]
PAIRS = [name for name, entry in CATALOGUE.items() if isinstance(entry, PairEntry)]
# The crowded ones, in the language whose words are longest there; the rest is slow.
QUICK = [
    ("antwoorden_stap", "en"), ("model", "nl"), ("stromen", "nl"),
]  # fmt: skip
QUICK_PAIRS = [("overgangen_stroom", "nl")]


@pytest.fixture(scope="module")
def gallery(bundled_gallery: Gallery) -> Gallery:
    return bundled_gallery


@pytest.fixture(scope="module")
def demo(bundled: Wave, practice: Wave) -> Gallery:
    """A weighted wave with gaps, held against the first."""
    return Gallery(practice, bundled)


def check_readable(gallery: Gallery, name: str, lang: str) -> None:
    shown = figure(name, gallery, lang)
    found = figure_boxes.measure(shown.figure)
    assert found.cut == []
    assert found.overlapping == []
    assert found.smallest >= READABLE
    assert found.faint == []
    if name != "overgangen":  # shades of one blue, each with its number
        assert found.strange == set()
    assert re.search(r"\d", shown.alt)
    assert 60 < len(shown.alt) <= LONGEST
    assert not re.search(r"[{}]|nan", shown.told.description)
    assert shown.caption != shown.alt


@pytest.mark.parametrize(("name", "lang"), QUICK)
def test_readable(name: str, lang: str, gallery: Gallery) -> None:
    check_readable(gallery, name, lang)


@pytest.mark.parametrize(("name", "lang"), QUICK_PAIRS)
def test_readable_with_two_waves(name: str, lang: str, demo: Gallery) -> None:
    check_readable(demo, name, lang)


@pytest.mark.slow
@pytest.mark.parametrize("lang", ["nl", "en"])
@pytest.mark.parametrize("name", ALONE)
def test_every_figure_of_the_bundled_wave(name: str, lang: str, gallery: Gallery) -> None:
    check_readable(gallery, name, lang)


@pytest.mark.slow
@pytest.mark.parametrize("lang", ["nl", "en"])
@pytest.mark.parametrize("name", [*ALONE, *PAIRS])
def test_every_figure_of_a_weighted_wave_with_gaps(name: str, lang: str, demo: Gallery) -> None:
    check_readable(demo, name, lang)


def test_every_kind_can_be_drawn_and_is_asked_for() -> None:
    assert {entry.draws for entry in CATALOGUE.values()} == set(DRAW)


def test_two_draws_give_the_same_bytes_and_words_inside(gallery: Gallery) -> None:
    shown = figure("stromen", gallery)
    one, two = Picture.of(shown.figure, shown.caption, shown.told), picture("stromen", gallery)
    assert one == two
    assert b"tIME" not in one.png
    assert picture("stromen", gallery) is two
    root = ElementTree.fromstring(one.svg)
    assert root.findtext(f"{SVG}title") == shown.figure.get_label() == one.title
    described = root.findtext(f"{SVG}desc") or ""
    assert described.startswith(shown.alt)
    assert all(row in described for row in shown.told.details)


def test_a_page_has_what_the_alternative_text_leaves_out(gallery: Gallery) -> None:
    shown = figure("antwoorden_kunnen", gallery, "en")
    page = shown._repr_html_()
    assert not shown.told.details and "<details" not in page
    assert f"<figcaption>{shown.caption}</figcaption>" in page
    told = Told("In <short>", ("a < b", "c"))
    page = figure_html(b"<svg/>", told, "Caption", "en")
    assert 'alt="In &lt;short&gt;"' in page and "data:image/svg+xml;base64,PHN2Zy8+" in page
    assert "<summary>All numbers of this figure</summary>" in page
    assert "<li>a &lt; b</li><li>c</li>" in page


def test_what_stands_out_is_told_first_and_the_rest_counted() -> None:
    rows = [Row(f"row {k} " + "x" * 90, weight) for k, weight in enumerate([1, 0, 9, math.nan, 5])]
    told = tell("items", "en", rows, room=330)
    shown = [k for k in range(5) if f"row {k}" in told.alt]
    assert shown == [2, 4] and len(told.alt) <= 330
    assert told.alt.startswith("Stacked bars, one per question. What stands out most: row 2")
    assert told.alt.endswith("; and 3 more.")
    assert told.details == tuple(row.text for row in rows)
    # A row that does not stand out is not told though there is room for it.
    assert "row 1" not in tell("items", "en", rows, room=500).alt
    none = [Row(row.text) for row in rows]
    assert "row 0" in tell("items", "en", none, room=330).alt
    whole = tell("items", "en", rows, room=1000)
    assert not whole.details and whole.alt.index("Row 0") < whole.alt.index("row 4")
    assert [sureness(*numbers) for numbers in ((2, 1, 3), (-2, -3, -1), (1, -1, 3))] == [1, 1, 0]


def test_files_carry_their_language(gallery: Gallery, tmp_path: Path) -> None:
    written = write_figures(gallery, tmp_path, lang="en", names=["antwoorden_stap", "overgangen"])
    assert [path.name for path in written.paths] == [
        "gallery_antwoorden_stap.png", "gallery_antwoorden_stap.svg",
    ]  # fmt: skip
    assert list(written.skipped) == ["overgangen"]
    assert "earlier" in written.skipped["overgangen"]
    assert figure_names(gallery) == ALONE


def test_what_cannot_be_drawn_is_an_error_with_a_remedy(gallery: Gallery, tmp_path: Path) -> None:
    with pytest.raises(AnalysisError, match=r"no figure 'profeil'. Use one of: profiel"):
        figure("profeil", gallery)
    with pytest.raises(AnalysisError, match="no language 'fr'"):
        figure("profiel", gallery, "fr")
    with pytest.raises(AnalysisError, match="Open a later wave"):
        figure("overgangen", gallery)
    with pytest.raises(AnalysisError, match="'a'") as caught:
        write_figures(gallery, tmp_path, names=["a", "b"])
    assert len(caught.value.problems) == 2


@pytest.mark.parametrize(
    ("name", "weighted"), [("coefficienten_gedrag", False), ("stromen", False), ("model", True)]
)
def test_weights_are_used_or_said_to_be_left_out(name: str, weighted: bool, demo: Gallery) -> None:
    drawn = figure(name, demo).figure
    foot = " ".join(text.get_text().replace("\n", " ") for text in drawn.texts)
    assert demo.wave.mark("nl") in foot
    assert (UNWEIGHTED_NL in foot) is not weighted


def test_answers_as_given_by_hand(gallery: Gallery) -> None:
    wave = gallery.plain
    [scale] = [name for name in CATALOGUE["antwoorden_gedrag"].variables[:1]]  # type: ignore[union-attr]
    found = answer_shares(wave, [scale])
    [turned] = found.reversed
    # The clean frame holds a reversed question mirrored: 5 there is 1 as given.
    mirrored = wave.frame[turned].dropna()
    row = found.shares.loc[turned]
    assert row[1] == pytest.approx((mirrored == 5).mean())
    assert row[5] == pytest.approx((mirrored == 1).mean())
    assert row["n"] == len(mirrored)
    assert found.shares[list(found.codes)].sum(axis=1).to_numpy() == pytest.approx(1)
    plain = found.shares.drop(turned).iloc[0]
    given = wave.frame[str(plain.name)].dropna()
    assert lower_share(plain, found.codes) == pytest.approx((given < 3).mean())
    assert higher_share(plain, found.codes) == pytest.approx((given > 3).mean())
    told = figure("antwoorden_gedrag", gallery).told.description
    assert f"{100 * (given < 3).mean():.0f}% onder" in told


def test_who_was_not_asked_is_not_missing(gallery: Gallery) -> None:
    entry = CATALOGUE["antwoorden_stap"]
    found = answer_shares(gallery.plain, entry.variables)  # type: ignore[union-attr]
    totals = set(found.shares["n"] + found.shares["n_missing"])
    group = gallery.wave.study.segments.group_variable.id
    assert totals == {int((gallery.wave.frame[group] == "mobielen").sum())}


PLACES = {key: Label(nl=key, en=key) for key in "abc"}


def flow(counts: dict[tuple[str, str], int]) -> pd.DataFrame:
    return pd.DataFrame([{0: a, 1: b} for (a, b), n in counts.items() for _ in range(n)])


def test_small_ways_are_left_out_and_cannot_be_worked_out() -> None:
    counts = {("a", "a"): 30, ("a", "b"): FEWEST, ("b", "a"): FEWEST - 1, ("c", "b"): 12}
    names = [Label(nl="toen", en="then"), Label(nl="nu", en="now")]
    found = count_flow(flow(counts), [PLACES, PLACES], names)
    assert found.ways.to_numpy().tolist() == [["a", "a", 30], ["a", "b", 10], ["c", "b", 12]]
    assert (found.n, found.left_out, found.drawn) == (61, 9, 52)
    assert list(found.stages[0]) == ["a", "c"]
    drawn = draw_flow(found, "Titel", "", "nl", few=FEWEST)
    shown = " ".join(text.get_text() for text, _ in figure_boxes.texts(drawn))
    assert "9" not in shown and "61" not in shown
    assert str(found.left_out) not in foot_text(found, "nl", FEWEST)
    many = count_flow(flow(counts | {("b", "b"): 8}), [PLACES, PLACES], names)
    assert "17" in foot_text(many, "nl", FEWEST)


def test_the_flow_of_moves_hides_what_the_heat_map_hides(demo: Gallery) -> None:
    step = demo.panel.transitions.steps[0]
    hidden = step.cells[step.cells["hidden"]]
    assert (hidden["count"] >= FEWEST).any()
    [heat, flow] = [figure(name, demo).told for name in ("overgangen", "overgangen_stroom")]
    labels = dict(zip(step.counts, ("Blijvers", "Overwegers", "Mobielen"), strict=True))
    for cell in step.cells.to_dict("records"):
        source, target = labels[cell["from"]], labels[cell["to"]]
        assert (f"{source} naar {target}" in heat.alt) is not cell["hidden"]
        assert (f"{source} – {target}" in flow.alt) is not cell["hidden"]
    assert str(step.n - hidden["count"].sum()) in flow.alt


def test_the_flow_is_that_of_the_printed_segments(gallery: Gallery) -> None:
    entry = CATALOGUE["stromen"]
    found = flow_of(gallery.plain, entry.through, entry.sample)  # type: ignore[union-attr]
    segments = gallery.results["3.1"].cells.set_index("row")["value"]
    for segment, n in found.ways.groupby(1)["n"].sum().items():
        assert 0 <= segments[segment] - n < FEWEST
    assert found.n == found.drawn + found.left_out == 435


def test_the_model_shows_the_printed_coefficients(gallery: Gallery) -> None:
    """The bundled wave gives the printed tables, so its diagram must show them to two decimals."""
    shown = figure("model", gallery)
    texts = [text.get_text() for text, _ in figure_boxes.texts(shown.figure)]
    lines: dict[float, list[tuple[float, str]]] = {}
    for text in shown.figure.axes[0].texts:
        x, y = text.get_position()
        lines.setdefault(round(float(y), 6), []).append((float(x), text.get_text()))
    rows = {
        min(line)[1].replace("\n", " ").lower(): [text for _, text in sorted(line)[1:]]
        for line in lines.values()
    }
    views = gallery.views("nl")
    model = gallery.catalogue.model
    for block in model.blocks:
        cells = views[block.table].cells.set_index(["row", "column"])["published_value"]
        for part in block.parts:
            for factor in part.factors:
                if factor.variable:
                    printed = [
                        f"{cells[factor.variable, column]:.2f}".replace(".", ",")
                        for column in (block.to_mediator, block.to_outcome)
                    ]
                    assert rows[factor.nl.lower()] == printed
    assert sum("niet in tabel" in text for text in texts) >= 4


def test_a_small_wave_gives_every_figure_or_says_why(small: SmallWave) -> None:
    little = Gallery(small.load())
    for name in ("antwoorden_kunnen", "model", "mediatie"):
        shown = figure(name, little, "en")
        assert figure_boxes.measure(shown.figure).cut == []
        assert "nan" not in shown.told.description
    empty = figure("stromen", little, "en").figure
    texts = [text.get_text() for text, _ in figure_boxes.texts(empty)]
    assert any("No flow counts 10 people" in text for text in texts)


def test_mistakes_in_the_file_are_named_together(tmp_path: Path) -> None:
    def spoil(text: str) -> str:
        text = text.replace("table: '3.3'", "table: '9.9'", 1)
        return text.replace("column: netwerken", "column: netwerkn")

    folder = copy_study(tmp_path / "study")
    whole = (load_study().path / "figures.yaml").read_text(encoding="utf-8")
    (folder / "figures.yaml").write_text(spoil(whole), encoding="utf-8")
    with pytest.raises(StudyError) as caught:
        load_catalogue(load_study(folder))
    told = str(caught.value)
    assert "'9.9'" in told and "'netwerkn'" in told and "figures.yaml" in told


def test_scales_with_other_answers_do_not_share_a_figure(study: Study, gallery: Gallery) -> None:
    scales = study.codebook.scale_variables()
    first = next(iter(scales))
    other = next(name for name in scales if scales[name].scale != scales[first].scale)
    with pytest.raises(AnalysisError, match="other answers"):
        answer_shares(gallery.plain, [first, other])
    with pytest.raises(AnalysisError, match="no scale of several questions"):
        answer_shares(gallery.plain, ["niets"])
