"""Diverging bars: the answers to every question, from disagreement at the left to agreement."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from matplotlib import rc_context
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Patch
from matplotlib.ticker import FuncFormatter, MultipleLocator

from mobiliteit.gaps import gap
from mobiliteit.render import canvas
from mobiliteit.render.drawing import without_numbers
from mobiliteit.render.numbers import format_number

# Orange for the lower answers, blue for the higher, grey for the middle; dark letters on all.
LOWER, MIDDLE, HIGHER = ("#E69F00", "#F7DDA8"), "#E3E3E3", ("#BFDCEB", "#56B4E9")
BAR, LINE, GAP = 0.66, 0.165, 0.13  # share of a row; inches per line of a question, between rows
ENOUGH = 0.075  # a share that has room for its number
LETTERS = 42
SAYS = {
    "nl": {
        "title": "Antwoorden per vraag: {scales}",
        "axis": "percentage van wie antwoordde",
        "reversed": "telt omgekeerd",
        "no_answers": "geen antwoorden",
    },
    "en": {
        "title": "Answers per question: {scales}",
        "axis": "percentage of those who answered",
        "reversed": "counts reversed",
        "no_answers": "no answers",
    },
}


def draw_items(answers: Any, lang: str = "nl") -> Figure:
    """Draw a bar per question, its middle answer around zero.

    Parameters
    ----------
    answers : ItemAnswers
        Of the gallery.
    lang : {'nl', 'en'}
        Language.

    Returns
    -------
    matplotlib.figure.Figure
        Percentages of those who answered, with their number behind; a small one is not written.
    """
    say, wave, codes = SAYS[lang], answers.wave, answers.codes
    table = answers.shares
    title = say["title"].format(scales=scale_names(answers, lang))
    if not (table["n"] > 0).any():
        lacking = {name: gap(wave, name, lang) for name in dict.fromkeys(table["scale"])}
        why = "; ".join(filter(None, dict.fromkeys(lacking.values()))) or say["no_answers"]
        return without_numbers(title, wave.mark(lang), why, lang)
    colours = shades(len(codes))
    words = wave.study.codebook.answers(table["scale"].iloc[0]).values
    legend = [
        (Patch(facecolor=colour, edgecolor="#999999"), getattr(words[code], lang))
        for code, colour in zip(codes, colours, strict=True)
    ]
    labels = [canvas.wrapped(text, LETTERS) for text in item_labels(answers, lang).values()]
    heights = [LINE * (label.count("\n") + 1) + GAP for label in labels]
    with rc_context(canvas.style()):
        drawing = canvas.start(
            title, wave.mark(lang), size=(7.6, sum(heights) + 0.55), legend=legend, lang=lang
        )
        axes = drawing.axes[0]
        top, middles, reach = 0.0, [], 0.0
        for height, row in zip(heights, table.to_dict("records"), strict=True):
            y = top + height / 2
            reach = max(reach, _bar(axes, row, codes, colours, (y, height), lang))
            n = f"n = {row['n']}" if row["n"] else say["no_answers"]
            axes.annotate(
                n, (1, y), xycoords=("axes fraction", "data"), xytext=(3, 0),
                textcoords="offset points", va="center", fontsize=8.5,
            )  # fmt: skip
            middles.append(y)
            top += height
        axes.axvline(0, color=canvas.SOFT, linewidth=0.9, zorder=1)
        axes.set_yticks(middles, labels)
        axes.set_ylim(top, 0)
        axes.set_xlim(-1.04 * reach, 1.04 * reach)
        axes.xaxis.set_major_locator(MultipleLocator(25))
        axes.xaxis.set_major_formatter(
            FuncFormatter(lambda value, _: f"{format_number(abs(value), 0, lang=lang)}%")
        )
        axes.set_xlabel(say["axis"])
    return drawing.figure


def shades(k: int) -> list[str]:
    """Return the colours of `k` answers, lowest first; those in between take the lighter shade."""
    half = k // 2
    lower = [LOWER[0] if j == 0 else LOWER[1] for j in range(half)]
    higher = [HIGHER[1] if j == half - 1 else HIGHER[0] for j in range(half)]
    return [*lower, *([MIDDLE] if k % 2 else []), *higher]


def scale_names(answers: Any, lang: str) -> str:
    """Name the scales that the questions are of, in one line."""
    labels = [
        answers.wave.study.label(name, lang) for name in dict.fromkeys(answers.shares["scale"])
    ]
    return ", ".join([labels[0], *(label[:1].lower() + label[1:] for label in labels[1:])])


def item_labels(answers: Any, lang: str) -> dict[str, str]:
    """Return the wording of each question, and whether it counts the other way round."""
    texts = {
        column.name: column.label_nl if lang == "nl" else column.label_en
        for column in answers.wave.study.codebook.columns()
    }
    turned = f" ({SAYS[lang]['reversed']})"
    return {
        str(item): texts[item] + (turned if item in answers.reversed else "")
        for item in answers.shares.index
    }


def lower_share(row: Mapping[Any, Any], codes: tuple[int, ...]) -> float:
    """Return the share of answers below the middle one, or below the middle."""
    return float(sum(row[code] for code in codes[: len(codes) // 2]))


def higher_share(row: Mapping[Any, Any], codes: tuple[int, ...]) -> float:
    """Return the share of answers above the middle one, or above the middle."""
    return float(sum(row[code] for code in codes[-(len(codes) // 2) :]))


def _bar(
    axes: Axes,
    row: Mapping[Any, Any],
    codes: tuple[int, ...],
    colours: list[str],
    place: tuple[float, float],
    lang: str,
) -> float:
    """Draw the bar of a question, and return how far it reaches from zero."""
    if not row["n"]:
        return 0.0
    y, height = place
    middle = row[codes[len(codes) // 2]] if len(codes) % 2 else 0.0
    left = start = -100 * (lower_share(row, codes) + middle / 2)
    for code, colour in zip(codes, colours, strict=True):
        wide = 100 * row[code]
        axes.barh(
            y, wide, BAR * height, left=left, color=colour, edgecolor="white", linewidth=0.6,
            zorder=2,
        )  # fmt: skip
        if row[code] >= ENOUGH:
            text = format_number(wide, 0, lang=lang)
            axes.text(left + wide / 2, y, text, ha="center", va="center", fontsize=8.5, zorder=3)
        left += wide
    return float(math.ceil(max(-start, left)))
