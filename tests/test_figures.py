"""Figures: nothing cut off or overlapping, published beside computed, the same bytes twice."""

from __future__ import annotations

from collections.abc import Callable
from itertools import combinations
from pathlib import Path

import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.transforms import Bbox

import figure_boxes
from mobiliteit.errors import AnalysisError
from mobiliteit.gallery import Gallery
from mobiliteit.render import canvas, figures
from mobiliteit.render.tables import TableView, display
from mobiliteit.scorecard import Scorecard

Views = dict[str, TableView]
DRAW: dict[str, Callable[[Views], Figure]] = {
    "counts": lambda views: figures.counts([views["3.1"], views["3.2"]]),
    "profile": lambda views: figures.profile(views["3.3"]),
    "groups": lambda views: figures.groups(views["3.6"]),
    "coefficients": lambda views: figures.coefficients(views["3.7"]),
    "models": lambda views: figures.models([views["3.8"], views["3.9"]]),
    "classes": lambda views: figures.classes(
        views["3.10"], "netwerken", ["leeftijd", "uren", "dienstverband"]
    ),
    "verdicts": lambda views: figures.verdicts(list(views.values())),
}


@pytest.fixture(scope="module")
def scorecard(bundled_gallery: Gallery) -> Scorecard:
    return bundled_gallery.scorecard


@pytest.fixture(scope="module")
def by_lang(bundled_gallery: Gallery) -> dict[str, Views]:
    return {lang: bundled_gallery.views(lang) for lang in ("nl", "en")}


def boxes(figure: Figure) -> dict[str, list[tuple[str, Bbox]]]:
    """Boxes of the texts, in groups in which none may overlap another."""
    renderer = FigureCanvasAgg(figure).get_renderer()
    found: dict[str, list[tuple[str, Bbox]]] = {
        "around": [(text.get_text(), text.get_window_extent(renderer)) for text in figure.texts]
    }
    found["around"] += [("legend", legend.get_window_extent(renderer)) for legend in figure.legends]
    for position, axes in enumerate(figure.axes):
        if not axes.get_visible():
            continue
        for name, axis in (("x", axes.xaxis), ("y", axes.yaxis)):
            low, high = sorted(axis.get_view_interval())
            labels = [
                (tick.label1.get_text(), tick.label1.get_window_extent(renderer))
                for tick in axis.get_major_ticks()
                if tick.label1.get_visible() and low <= tick.get_loc() <= high
            ]
            found[f"{name}{position}"] = [(text, box) for text, box in labels if text]
        headings = [(axes.get_title(loc="left"), axes._left_title.get_window_extent(renderer))]  # type: ignore[attr-defined]
        headings.append((axes.get_xlabel(), axes.xaxis.label.get_window_extent(renderer)))
        found["around"] += [(text, box) for text, box in headings if text]
    return found


@pytest.mark.parametrize(
    ("name", "lang"), [*((name, "nl") for name in DRAW), ("coefficients", "en"), ("counts", "en")]
)
def test_texts_lie_inside_the_canvas_and_apart(
    name: str, lang: str, by_lang: dict[str, Views], scorecard: Scorecard
) -> None:
    figure = DRAW[name](by_lang[lang])
    figure.draw_without_rendering()
    whole = figure.bbox.padded(1)
    for group, texts in boxes(figure).items():
        for text, box in texts:
            inside = (whole.x0 <= box.x0 and box.x1 <= whole.x1) and (
                whole.y0 <= box.y0 and box.y1 <= whole.y1
            )
            assert inside, f"{text!r} ({group}) is cut off"
        for (first, one), (second, other) in combinations(texts, 2):
            overlap = one.padded(-1).overlaps(other.padded(-1))
            assert not overlap, f"{first!r} and {second!r} ({group}) overlap"
    foot = " ".join(text.get_text() for text in figure.texts).replace("\n", " ")
    assert scorecard.wave.mark(lang) in foot


def test_two_runs_give_the_same_bytes(by_lang: dict[str, Views], tmp_path: Path) -> None:
    name = "coefficients"
    first = canvas.save_figure(DRAW[name](by_lang["nl"]), tmp_path / "one", name)
    second = canvas.save_figure(DRAW[name](by_lang["nl"]), tmp_path / "two", name)
    assert [path.name for path in first] == [f"{name}.png", f"{name}.svg"]
    assert [path.read_bytes() for path in first] == [path.read_bytes() for path in second]
    assert b"<dc:date>" not in first[1].read_bytes()
    assert first[0].read_bytes().startswith(b"\x89PNG")


def markers(figure: Figure, *, hollow: bool) -> set[float]:
    return {
        round(float(line.get_xdata()[0]), 10)
        for axes in figure.axes
        for line in axes.get_lines()
        if line.get_marker() not in ("None", None, "")
        and (line.get_markerfacecolor() == "none") is hollow
    }


def test_computed_is_filled_and_published_hollow(by_lang: dict[str, Views]) -> None:
    view = by_lang["nl"]["3.7"]
    figure = figures.coefficients(view)
    betas = view.cells[view.cells["statistic"] == "beta"]
    assert markers(figure, hollow=False) == {round(value, 10) for value in betas["value"]}
    assert markers(figure, hollow=True) == set(betas["published_value"])
    bare = figures.coefficients(display(view.result))
    assert not markers(bare, hollow=True)
    assert not bare.legends


def test_decimal_sign_and_labels_follow_the_language(by_lang: dict[str, Views]) -> None:
    for lang, sign, label in (("nl", ",", "Oriënteren"), ("en", ".", "")):
        figure = figures.coefficients(by_lang[lang]["3.7"])
        figure.draw_without_rendering()
        ticks = [tick.get_text() for tick in figure.axes[0].get_xticklabels()]
        assert all(sign in tick for tick in ticks)
        assert label in {tick.get_text() for tick in figure.axes[0].get_yticklabels()} or not label


def test_the_heat_map_shows_every_published_cell(
    by_lang: dict[str, Views], scorecard: Scorecard
) -> None:
    figure = figures.verdicts(list(by_lang["nl"].values()))
    drawn = sum(len(axes.patches) for axes in figure.axes)
    assert drawn == len(scorecard.frame)
    signs = sum(len(axes.texts) for axes in figure.axes)
    assert signs == (scorecard.frame["verdict"] != "exact").sum()


def test_a_choice_of_rows_and_wrong_names(by_lang: dict[str, Views]) -> None:
    views = by_lang["nl"]
    figure = figures.profile(views["3.3"], ["netwerken", "willen"])
    assert [tick.get_text() for tick in figure.axes[0].get_yticklabels()] == [
        "Netwerken", "Willen vertrekken",
    ]  # fmt: skip
    with pytest.raises(AnalysisError, match="there is no 'netwerkn' in this table"):
        figures.profile(views["3.3"], ["netwerkn"])
    with pytest.raises(AnalysisError, match=r"table 3\.7 is a regression"):
        figures.profile(views["3.7"])
    with pytest.raises(AnalysisError, match=r"Use some of: .*netwerken"):
        figures.classes(views["3.10"], "inkomen")


def test_show_saves_and_displays(by_lang: dict[str, Views], tmp_path: Path) -> None:
    figure = figures.classes(by_lang["nl"]["3.10"], "netwerken", ["uren"])
    shown = figures.show(figure, "uren", tmp_path)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["uren.png", "uren.svg"]
    html = shown._repr_html_()
    assert 'alt="Loopbaansucces' in html and "data:image/svg+xml;base64," in html


def test_a_matplotlibrc_of_the_user_plays_no_part(by_lang: dict[str, Views]) -> None:
    import matplotlib as mpl

    plain = canvas.render(figures.coefficients(by_lang["nl"]["3.7"]), "svg")
    with mpl.rc_context({"font.size": 20, "axes.facecolor": "black", "svg.hashsalt": None}):
        other = canvas.render(figures.coefficients(by_lang["nl"]["3.7"]), "svg")
    assert plain == other


def test_words_are_as_wide_in_every_format(by_lang: dict[str, Views]) -> None:
    """What was laid out to fit must fit in a PNG (160 dots per inch) and in an SVG (72)."""
    figure = figures.coefficients(by_lang["nl"]["3.7"])
    canvas.lay_out(figure)
    widths = []
    for dpi in (72, 160):
        figure.set_dpi(dpi)
        widths.append([box.width / dpi for _, box in figure_boxes.texts(figure)])
    assert widths[0] == pytest.approx(widths[1], rel=0.02, abs=0.02)
