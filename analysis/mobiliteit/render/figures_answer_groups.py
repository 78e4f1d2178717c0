"""Pictures of groups: means or shares over jittered points, and distributions of answers."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import matplotlib as mpl
import pandas as pd
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from mobiliteit.render import canvas
from mobiliteit.render.drawing import ROW
from mobiliteit.render.figures_answer_parts import (
    PERCENT,
    WIDTH,
    WORDS,
    axis_title,
    foot,
    held_words,
    label,
    numbers,
    scale_of,
)
from mobiliteit.render.numbers import format_number

# More categories than this cannot be told apart as shades of one bar: they get a row each.
MOST_SHADES = 6
_BAR, _NARROW = 0.62, 7.0  # height of a bar in rows; percents that still hold a number
_SPREAD = 0.3  # of points, in rows


def draw_groups(answer: Any, lang: str) -> Figure:
    """Draw means or shares per group with intervals, over the points where there are any."""
    picture, say, scale = answer.picture, WORDS[lang], scale_of(answer.picture)
    groups, points = picture.data["groups"], picture.data.get("points")
    cloud = points is not None and len(points) > 0
    percent = f"{100 * answer.level:.0f}"
    legend: list[tuple[Any, str]] = [
        (canvas.dot(0), say["share" if scale > 1 else "mean"].format(level=percent))
    ]
    if cloud:
        speck = Line2D([], [], linestyle="none", marker="o", markersize=3, color=canvas.SOFT)
        legend.append((speck, say["point"]))
    names = dict(zip(groups["id"], groups[f"label_{lang}"], strict=True))
    labels = _with_n(names, groups.set_index("id")["n"])
    lines = max(text.count("\n") for text in labels) + 1
    drawing = canvas.start(
        _title(answer, "groups", lang),
        foot(answer, lang),
        size=(WIDTH, max(0.5 if cloud else 0.4, 0.16 * lines) * len(groups) + 0.75),
        legend=legend,
        lang=lang,
    )
    axes = drawing.axes[0]
    for y, row in enumerate(groups.to_dict("records")):
        if cloud:
            own = points[points["group"] == row["id"]]
            axes.plot(
                scale * own["y"], y + _SPREAD * own["offset"], linestyle="none", marker="o",
                markersize=2.4, color=canvas.SOFT, alpha=0.28, markeredgewidth=0, rasterized=True,
            )  # fmt: skip
        colour, _ = canvas.SERIES[0]
        axes.plot([scale * row["low"], scale * row["high"]], [y, y], color=colour, lw=2.2, zorder=3)
        canvas.plot_pair(axes, scale * row["value"], None, y)
    axes.set_yticks(range(len(groups)), labels)
    axes.set_ylim(len(groups) - 0.45, -0.55)
    axes.margins(x=0.04)
    numbers(axes.xaxis, lang)
    axes.set_xlabel(canvas.wrapped(axis_title(picture, lang), 46))
    return drawing.figure


def draw_shares(answer: Any, lang: str) -> Figure:
    """Draw how the answers of each group are distributed: one bar per group, or one row per answer.

    Shades run from the first answer to the last, as the legend does, with the percentages in them;
    more than six answers get a row each, with a marker per group.
    """
    frame = answer.picture.data["shares"]
    groups = _names(frame, "group", lang)
    categories = _names(frame, "category", lang)
    if len(categories) > MOST_SHADES:
        return _dots(answer, frame, groups, categories, lang)
    labels = _with_n(groups, frame.drop_duplicates("group").set_index("group")["n"])
    lines = max(text.count("\n") for text in labels) + 1
    shades = mpl.colormaps["Blues"]
    colours = [
        shades(0.18 + 0.72 * k / max(1, len(categories) - 1)) for k in range(len(categories))
    ]
    drawing = canvas.start(
        _title(answer, "shares", lang),
        foot(answer, lang),
        size=(WIDTH, max(0.46, 0.16 * lines) * len(groups) + 0.7),
        legend=[
            (Patch(facecolor=colour, edgecolor=canvas.INK, linewidth=0.5), name)
            for colour, name in zip(colours, categories.values(), strict=True)
        ],
        lang=lang,
    )
    axes = drawing.axes[0]
    for y, group in enumerate(groups):
        own = frame[frame["group"] == group].set_index("category")["share"]
        left = 0.0
        for k, category in enumerate(categories):
            width = 100 * float(own.get(category, 0.0))
            if not math.isfinite(width):
                continue
            axes.barh(
                y, width, left=left, height=_BAR, color=colours[k], edgecolor=canvas.INK, lw=0.5
            )
            if width >= _NARROW:
                ink = "white" if k > 0.55 * (len(categories) - 1) else canvas.INK
                text = format_number(width, 0, lang=lang)
                axes.text(
                    left + width / 2, y, text, ha="center", va="center", fontsize=8, color=ink
                )
            left += width
    axes.set_yticks(range(len(groups)), labels)
    axes.set_ylim(len(groups) - 0.5, -0.5)
    axes.set_xlim(0, 100)
    numbers(axes.xaxis, lang)
    axes.set_xlabel(_percent_title(frame, lang))
    return drawing.figure


def _dots(
    answer: Any,
    frame: pd.DataFrame,
    groups: Mapping[str, str],
    categories: Mapping[str, str],
    lang: str,
) -> Figure:
    drawing = canvas.start(
        _title(answer, "shares", lang),
        foot(answer, lang),
        size=(WIDTH, ROW * 1.15 * len(categories) + 0.7),
        legend=[(_marker(k), name) for k, name in enumerate(groups.values())],
        lang=lang,
    )
    axes = drawing.axes[0]
    rows = list(categories)
    step = 0.7 / len(groups)
    for k, group in enumerate(groups):
        own = frame[frame["group"] == group]
        marker = _marker(k)
        places = [
            rows.index(category) + (k - (len(groups) - 1) / 2) * step
            for category in own["category"]
        ]
        axes.plot(
            100 * own["share"], places, linestyle="none", marker=marker.get_marker(),
            markersize=marker.get_markersize(), markerfacecolor=marker.get_markerfacecolor(),
            markeredgecolor=marker.get_markeredgecolor(), clip_on=False, zorder=3,
        )  # fmt: skip
    canvas.label_rows(axes, list(categories.values()), width=30)
    axes.set_xlim(left=0)
    numbers(axes.xaxis, lang)
    axes.set_xlabel(_percent_title(frame, lang))
    return drawing.figure


def _marker(series: int) -> Line2D:
    """Return the marker of a group: the second half dozen hollow."""
    marker = canvas.dot(series, hollow=series >= len(canvas.SERIES))
    marker.set_markersize(canvas.FILLED)
    return marker


def _with_n(names: Mapping[str, str], n: pd.Series) -> list[str]:
    """Wrap the labels of groups, each with the number of people under it where that is known."""
    return [
        canvas.wrapped(name, 26) + (f"\nn = {int(n[group])}" if pd.notna(n[group]) else "")
        for group, name in names.items()
    ]


def _percent_title(frame: pd.DataFrame, lang: str) -> str:
    """Return the title of the axis of shares, which says why some are not there."""
    hidden = f" ({WORDS[lang]['hidden']})" if frame["share"].isna().any() else ""
    return PERCENT + hidden


def _names(frame: pd.DataFrame, what: str, lang: str) -> dict[str, str]:
    first = frame.drop_duplicates(what)
    return dict(zip(first[what], first[f"{what}_{lang}"], strict=True))


def _title(answer: Any, kind: str, lang: str) -> str:
    picture = answer.picture
    x, y = label(picture, "x", lang), label(picture, "y", lang)
    return WORDS[lang][kind].format(x=x, y=y) + held_words(answer, lang)
