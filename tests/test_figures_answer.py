"""Pictures of answers: nothing cut off or overlapping, and what is drawn is what the data say."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from itertools import combinations

import matplotlib as mpl
import numpy as np
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.colors import to_hex
from matplotlib.figure import Figure
from matplotlib.patches import FancyArrowPatch, FancyBboxPatch
from matplotlib.transforms import Bbox

from answer_builders import (
    CHANCE,
    DIFFERENCE,
    EFFECT,
    FOR,
    HELD,
    SHARE,
    VIA,
    answer,
    both,
    coefficients,
    estimate,
    full,
    group_means,
    paths,
    scatter,
    shares,
    slopes,
)
from mobiliteit.asking.answer import Answer, Picture
from mobiliteit.asking.pictured import FRAMES
from mobiliteit.asking.question import Question
from mobiliteit.errors import AnalysisError
from mobiliteit.render import canvas
from mobiliteit.render.answer_alt import alternative_text
from mobiliteit.render.figures_answer import answer_figure

MARK = both(
    "SYNTHETISCHE DATA: deze golf is getrokken uit de gepubliceerde tabellen; geen nieuwe meting.",
    "SYNTHETIC DATA: this wave was drawn from the published tables; not a new measurement.",
)
BRANCHES = [
    "Welzijn en maatschappelijke dienstverlening",
    "Verpleeg- en verzorgingshuizen",
    "Geestelijke gezondheidszorg",
]
FIVE = ["helemaal mee oneens", "mee oneens", "niet eens en niet oneens", "mee eens", "eens"]
MANY = [f"Een tamelijk lange categorie nummer {k}" for k in range(10)]
BETA = estimate("netwerken", "beta", 0.3, 0.2, 0.4)
OMEGA = estimate("groep", "omega2", 0.03, 0.01, 0.05)
INTERACTION = estimate("geslacht", "interaction", 0.2, 0.1, 0.3)
INDIRECT = estimate("orienteren", "indirect", 0.08, 0.03, 0.13)
LONG = "Uitdagende taken in het huidige werk"
THREE = Question("mediation", "tevredenheid", ("orienteren", "uren", LONG), by="netwerken")


def ratios(picture: Picture) -> Picture:
    frame = picture.data["coefficients"].copy()
    frame[["value", "low", "high"]] = np.exp(2 * frame[["value", "low", "high"]])
    return replace(picture, data={"coefficients": frame})


DRAWN: dict[str, Answer] = {
    "scatter": answer(HELD, BETA, picture=scatter(), mark=MARK),
    "scatter of shares": answer(
        CHANCE, estimate("netwerken", "points", 0.1, 0.02, 0.14), picture=scatter("%"), mark=MARK
    ),
    "groups": answer(DIFFERENCE, OMEGA, picture=group_means(BRANCHES), mark=MARK),
    "twelve groups": answer(DIFFERENCE, OMEGA, picture=group_means(BRANCHES * 4), mark=MARK),
    "groups of shares": answer(
        SHARE, OMEGA, picture=group_means(BRANCHES, "%", points=False), mark=MARK
    ),
    "shares": answer(SHARE, OMEGA, picture=shares(BRANCHES, FIVE), mark=MARK),
    "many shares": answer(SHARE, OMEGA, picture=shares(BRANCHES, MANY), mark=MARK),
    "slopes": answer(FOR, INTERACTION, picture=slopes(["vrouw", "man"]), mark=MARK),
    "many slopes": answer(FOR, INTERACTION, picture=slopes([*BRANCHES, "Mobielen"]), mark=MARK),
    "eight slopes": answer(FOR, INTERACTION, picture=slopes(MANY[:8]), mark=MARK),
    "paths": answer(VIA, INDIRECT, picture=paths(["orienteren"]), mark=MARK),
    "three paths": answer(THREE, INDIRECT, picture=paths(list(THREE.predictors)), mark=MARK),
    "long paths": answer(
        VIA,
        INDIRECT,
        picture=replace(
            paths(["orienteren"]),
            labels={name: both(f"{LONG}: {BRANCHES[0]}") for name in VIA.names},
        ),
        mark=MARK,
    ),
    "coefficients": answer(HELD, BETA, picture=coefficients([*BRANCHES, "Leeftijd"]), mark=MARK),
    "long coefficients": answer(
        HELD,
        BETA,
        picture=coefficients([f"Dienstverband: {branch} tegenover vast" for branch in BRANCHES]),
        mark=MARK,
    ),
    "odds ratios": answer(
        EFFECT,
        estimate("netwerken", "odds_ratio", 1.4, 1.1, 1.8),
        picture=ratios(coefficients(BRANCHES)),
        mark=MARK,
    ),
}


@cache
def draw(name: str, lang: str = "nl") -> Figure:
    figure = answer_figure(DRAWN[name], lang)
    assert figure is not None
    with mpl.rc_context(canvas.style()):
        figure.draw_without_rendering()
    return figure


def boxes(figure: Figure) -> dict[str, list[tuple[str, Bbox]]]:
    """Boxes of all texts, in groups in which none may overlap another."""
    renderer = FigureCanvasAgg(figure).get_renderer()
    axes = figure.axes[0]
    around = [(text.get_text(), text.get_window_extent(renderer)) for text in figure.texts]
    around += [("legend", legend.get_window_extent(renderer)) for legend in figure.legends]
    found = {"around": around}
    inside = [(text.get_text(), text.get_window_extent(renderer)) for text in axes.texts]
    if not axes.axison:
        return {"around": around + inside}
    for text in (axes.xaxis.label, axes.yaxis.label):
        if text.get_text():
            around.append((text.get_text(), text.get_window_extent(renderer)))
    for key, axis in (("x", axes.xaxis), ("y", axes.yaxis)):
        low, high = sorted(axis.get_view_interval())
        found[key] = [
            (tick.label1.get_text(), tick.label1.get_window_extent(renderer))
            for tick in axis.get_major_ticks()
            if low <= tick.get_loc() <= high and tick.label1.get_text()
        ]
    return found | {"inside": inside, "both": found["x"] + found["y"] + around}


@pytest.mark.parametrize("lang", ["nl", "en"])
@pytest.mark.parametrize("name", DRAWN)
def test_texts_lie_inside_and_apart(name: str, lang: str) -> None:
    figure = draw(name, lang)
    whole = figure.bbox.padded(1)
    assert figure.get_figwidth() * 100 <= 640
    for group, texts in boxes(figure).items():
        for text, box in texts:
            assert whole.x0 <= box.x0 and box.x1 <= whole.x1, f"{text!r} ({group}) is cut off"
            assert whole.y0 <= box.y0 and box.y1 <= whole.y1, f"{text!r} ({group}) is cut off"
        for (first, one), (second, other) in combinations(texts, 2):
            apart = not one.padded(-1).overlaps(other.padded(-1))
            assert apart, f"{first!r} and {second!r} ({group}) overlap"
    words = " ".join(text.get_text() for text in figure.texts).replace("\n", " ")
    assert getattr(MARK, lang) in words


@pytest.mark.parametrize("name", DRAWN)
def test_pictures_use_the_documented_frames(name: str) -> None:
    picture = DRAWN[name].picture
    assert picture is not None
    for frame, columns in FRAMES[picture.kind].items():
        if frame in picture.data:
            assert set(columns) <= set(picture.data[frame])


def test_means_and_intervals_stand_where_they_belong() -> None:
    axes = draw("groups").axes[0]
    groups = DRAWN["groups"].picture.data["groups"]  # type: ignore[union-attr]
    dots = [line for line in axes.get_lines() if line.get_markersize() == canvas.FILLED]
    ends = [line.get_xdata() for line in axes.get_lines() if line.get_linewidth() == 2.2]
    values = [float(line.get_xdata()[0]) for line in dots if len(line.get_xdata()) == 1]
    assert values == pytest.approx(groups["value"].tolist())
    assert np.array(ends) == pytest.approx(groups[["low", "high"]].to_numpy())


def test_shares_are_percentages() -> None:
    axes = draw("groups of shares").axes[0]
    dots = [line for line in axes.get_lines() if len(line.get_xdata()) == 1]
    assert [float(dot.get_xdata()[0]) for dot in dots] == pytest.approx([30, 45, 60])
    ends = [line.get_xdata() for line in axes.get_lines() if len(line.get_xdata()) == 2]
    assert np.array(ends) == pytest.approx(np.array([[22, 38], [37, 53], [52, 68]]))
    assert axes.get_xlabel() == "Tevredenheid (%)"
    bars = draw("shares").axes[0].patches
    widths = np.array([bar.get_width() for bar in bars]).reshape(3, 5)  # type: ignore[attr-defined]
    assert widths.sum(axis=1) == pytest.approx([100] * 3)
    assert widths[0] == pytest.approx(100 * np.arange(1, 6) / 15)


@pytest.mark.parametrize("categories", [FIVE, MANY])
def test_a_share_that_may_not_be_shown_is_absent_and_the_picture_says_so(
    categories: list[str],
) -> None:
    picture = shares(BRANCHES, categories)
    frame = picture.data["shares"]
    frame.loc[[0, 1], "share"] = np.nan
    given = answer(SHARE, OMEGA, picture=picture)
    figure = answer_figure(given)
    assert figure is not None
    axes = figure.axes[0]
    assert "te weinig mensen" in axes.get_xlabel()
    drawn = len(axes.patches) or sum(np.isfinite(line.get_xdata()).sum() for line in axes.lines)
    assert drawn == len(frame) - 2
    text = alternative_text(given)
    assert f"dienstverlening: {categories[2 if categories is FIVE else -1]}" in text
    assert "%" in text and "–%" not in text


def test_a_path_that_is_not_shown_is_dashed_and_grey() -> None:
    for p, dashed in ((0.3, 1), (0.001, 0)):
        given = answer(VIA, INDIRECT, picture=paths(["orienteren"], direct_p=p))
        figure = answer_figure(given)
        assert figure is not None
        arrows = [a for a in figure.axes[0].patches if isinstance(a, FancyArrowPatch)]
        assert len(arrows) == 3
        assert sum(arrow.get_linestyle() == "--" for arrow in arrows) == dashed
        soft = sum(to_hex(arrow.get_edgecolor()) == canvas.SOFT.lower() for arrow in arrows)
        assert soft == dashed
        assert [text.get_text() for text in figure.axes[0].texts[3:6]] == ["0,40", "0,20", "0,04"]


def test_ratios_are_as_far_from_one_as_their_inverse() -> None:
    axes = draw("odds ratios", "nl").axes[0]
    assert axes.get_xscale() == "log"
    assert "1,5" in [tick.get_text() for tick in axes.get_xticklabels()]
    reference = axes.get_lines()[0].get_xdata()
    assert list(reference) == [1.0, 1.0]
    assert list(draw("coefficients").axes[0].get_lines()[0].get_xdata()) == [0.0, 0.0]


def test_bands_are_drawn_as_long_as_they_can_be_told_apart() -> None:
    for name, bands in (("slopes", 2), ("many slopes", 4), ("eight slopes", 0)):
        assert len(draw(name).axes[0].collections) == bands


def test_boxes_of_a_path_diagram_lie_inside_and_apart() -> None:
    for name in ("paths", "three paths", "long paths"):
        figure = draw(name)
        axes = figure.axes[0]
        drawn = [patch for patch in axes.patches if isinstance(patch, FancyBboxPatch)]
        found = [patch.get_window_extent() for patch in drawn]
        assert len(found) == len(DRAWN[name].question.names)
        for box in found:
            assert axes.bbox.padded(2).contains(box.x0, box.y0)
            assert axes.bbox.padded(2).contains(box.x1, box.y1)
        assert not any(one.overlaps(other) for one, other in combinations(found, 2))


def test_lines_differ_in_more_than_colour() -> None:
    lines = draw("many slopes").axes[0].get_lines()
    looks = {(line.get_linestyle(), line.get_marker()) for line in lines}
    assert len(looks) == len(lines) == 4


def test_decimals_follow_the_range_and_the_language() -> None:
    for lang, expected in (("nl", "2,5"), ("en", "2.5")):
        axes = draw("slopes", lang).axes[0]
        assert expected in [tick.get_text() for tick in axes.get_yticklabels()]
        assert "3" in [tick.get_text() for tick in axes.get_xticklabels()]


def test_what_is_held_constant_stands_in_the_title() -> None:
    assert draw("scatter").get_label() == (
        "Tevredenheid naar Netwerken, bij gelijke waarden van Leeftijd en Werkuren"
    )


ALT = {
    "scatter": "Puntenwolk van Tevredenheid tegen Netwerken, met een lijn die loopt van 1,62 bij"
    " 0,8 tot 3,94 bij 5,5.",
    "groups of shares": "Tevredenheid per groep, met 95%-interval: Welzijn en maatschappelijke"
    " dienstverlening 30% (22% tot 38%); Verpleeg- en verzorgingshuizen 45% (37% tot 53%);"
    " Geestelijke gezondheidszorg 60% (52% tot 68%).",
    "slopes": "Tevredenheid tegen Netwerken, één lijn per groep: vrouw van 2,40 bij 1,0 tot 3,20"
    " bij 5,0; man van 1,90 bij 1,0 tot 3,70 bij 5,0.",
    "paths": "Paden met gestandaardiseerde coëfficiënten: Oriënteren naar Netwerken 0,40; Netwerken"
    " naar Tevredenheid 0,20; Oriënteren naar Tevredenheid 0,04 (niet aangetoond).",
    "odds ratios": "Schattingen met 95%-interval: Welzijn en maatschappelijke dienstverlening: odds"
    " ratio 0,82 (0,71 tot 0,94); Verpleeg- en verzorgingshuizen: odds ratio 1,35 (1,17 tot 1,55);"
    " Geestelijke gezondheidszorg: odds ratio 2,23 (1,93 tot 2,56).",
}


@pytest.mark.parametrize("name", ALT)
def test_the_alternative_text_has_the_numbers(name: str) -> None:
    assert alternative_text(DRAWN[name]) == ALT[name]


def test_alternative_texts_stay_short() -> None:
    assert "zorg: mee eens 24%, eens 28%" not in alternative_text(DRAWN["shares"])
    for name in DRAWN:
        for lang in ("nl", "en"):
            assert len(alternative_text(DRAWN[name], lang)) < 900
    twelve = answer(SHARE, OMEGA, picture=shares([f"groep {k}" for k in range(12)], MANY))
    text = alternative_text(twelve)
    assert text.startswith("Verdeling van Heeft een POP per groep, met het meest gegeven antwoord:")
    assert text.count("%") == 12


def test_no_picture_another_language_and_an_unknown_kind() -> None:
    bare = replace(full(), picture=None)
    assert answer_figure(bare) is None and alternative_text(bare) == ""
    with pytest.raises(AnalysisError, match="no language 'fr'"):
        answer_figure(full(), "fr")
    odd = replace(full(), picture=Picture("pie", {}, {}))
    with pytest.raises(AnalysisError, match=r"no picture of kind 'pie'.*\n?.*scatter, groups"):
        answer_figure(odd)
