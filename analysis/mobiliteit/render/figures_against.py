"""Figures of a wave against 2006: all findings old and new side by side, and how each fared.

They draw from the frame of findings alone. Differences are shown in standard deviations of the new
wave, coefficients as they are, explained variance as a share.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd
from matplotlib import rc_context
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch, Rectangle
from scipy import stats

from mobiliteit.render import canvas
from mobiliteit.render.against_words import place_name
from mobiliteit.render.drawing import stacked

COLOURS = {
    "holds": "#009E73",
    "weaker": "#E69F00",
    "gone": "#D55E00",
    "reversed": "#CC79A7",
    "cannot_say": "#BBBBBB",
}
LETTERS = 46  # of a label, per line
BETWEEN, APART = 0.1, 0.045  # inches: per row besides its lines, and from its middle to each wave
MOST_TILES = 40
FURTHEST = 1.6
_SAYS = {
    "nl": {
        "all": "Elke bevinding van de tabellen: 2006 en golf {wave} naast elkaar",
        "strip": "Hoe het elke bevinding verging, per tabel en per paragraaf van de tekst",
        "old": "2006",
        "axis_old": "2006 (in standaarddeviaties; coëfficiënten als bèta)",
        "axis_new": "golf {wave}, met 95%-interval",
        "axis": "in standaarddeviaties van nu; bèta; verklaarde variantie als aandeel",
        "range": "2006: 95%-interval bij de kleinste (dik) en de grootste (dun) standaardfout",
        "forest": "Tabel {table}: 2006 en golf {wave}",
        "same": "gelijk aan 2006",
    },
    "en": {
        "all": "Every finding of the tables: 2006 and wave {wave} side by side",
        "strip": "How each finding fared, by table and by section of the text",
        "old": "2006",
        "axis_old": "2006 (in standard deviations; coefficients as beta)",
        "axis_new": "wave {wave}, with 95% interval",
        "axis": "in standard deviations of now; beta; explained variance as a share",
        "range": "2006: 95% interval at the smallest (thick) and the largest (thin) standard error",
        "forest": "Table {table}: 2006 and wave {wave}",
        "same": "equal to 2006",
    },
}


def side_by_side(frame: pd.DataFrame, words: Mapping[str, Any], mark: str, lang: str) -> Figure:
    """Draw every finding of the tables as a point: 2006 across, the new wave up.

    Parameters
    ----------
    frame : pandas.DataFrame
        Findings, as of ``Against.frame``.
    words : mapping
        Word to its label with ``nl``, ``en`` and ``sign``.
    mark : str
        The marks of the wave; empty for a real one that is used as it is.
    lang : {'nl', 'en'}
        Language.

    Returns
    -------
    matplotlib.figure.Figure
        Turned so that every finding of 2006 is positive: below zero means the other way. What no
        longer holds is named. Differences beyond 1.6 standard
        deviations would crush all others and are left to the figures per table.
    """
    say, wave = _SAYS[lang], frame["wave"].iloc[0]
    shown = drawn_findings(frame)
    with rc_context(canvas.style()):
        drawing = canvas.start(
            say["all"].format(wave=wave), mark, size=(7.8, 6.2), legend=_legend(words, lang),
            lang=lang,
        )  # fmt: skip
        axes = drawing.axes[0]
        top = 1.05 * max(shown["x"].max(), shown["y"].max())
        axes.axhline(0, color=canvas.INK, linewidth=0.8)
        axes.plot([0, top], [0, top], color=canvas.SOFT, linewidth=0.8, linestyle="--")
        axes.annotate(
            say["same"], (top, top), xytext=(-4, -14), textcoords="offset points", ha="right",
            fontsize=8.5, color=canvas.SOFT,
        )  # fmt: skip
        for word in reversed(list(COLOURS)):
            part = shown[shown["word"] == word]
            axes.errorbar(
                part["x"], part["y"], yerr=part["reach"], linestyle="none", marker="o",
                markersize=4 if word in ("holds", "cannot_say") else 6, color=COLOURS[word],
                ecolor=COLOURS[word], elinewidth=0.6, alpha=0.9, zorder=3,
            )  # fmt: skip
        changed = shown[shown["word"].isin(["reversed", "gone", "weaker"])]
        for finding in changed.to_dict("records"):
            axes.annotate(
                f"{finding['place']} {finding[f'label_{lang}']}",
                (finding["x"], finding["y"]), xytext=(7, -9), textcoords="offset points",
                fontsize=8.5, color=canvas.INK, zorder=5,
            )  # fmt: skip
        axes.grid(visible=True, axis="both")
        canvas.number_axis(axes, lang)
        axes.yaxis.set_major_formatter(axes.xaxis.get_major_formatter())
        axes.set_xlabel(say["axis_old"])
        axes.set_ylabel(say["axis_new"].format(wave=wave))
    return drawing.figure


def drawn_findings(frame: pd.DataFrame) -> pd.DataFrame:
    """Return the findings that :func:`side_by_side` draws, with their places ``x`` and ``y``."""
    shown = in_units(frame[frame["source"] == "table"])
    shown = shown[shown["old_u"].notna() & shown["new_u"].notna() & (shown["form"] != "r2")]
    sign = shown["old_u"].where(shown["old_u"] != 0, 1.0).apply(lambda x: math.copysign(1.0, x))
    shown = shown.assign(
        x=shown["old_u"] * sign,
        y=shown["new_u"] * sign,
        reach=(shown["high_u"] - shown["low_u"]) / 2,
    )
    return shown[(shown["x"] <= FURTHEST) & (shown["y"].abs() <= FURTHEST)]


def strip(frame: pd.DataFrame, words: Mapping[str, Any], mark: str, lang: str) -> Figure:
    """Draw a tile for every finding, with colour and sign for its word, one line per table.

    Parameters
    ----------
    frame, words, mark, lang
        As of :func:`side_by_side`.

    Returns
    -------
    matplotlib.figure.Figure
        Tables first, then the sections of the text; a line that is full goes on below.
    """
    say = _SAYS[lang]
    lines: list[tuple[str, list[str]]] = []
    for (source, place), part in frame.groupby(["source", "place"], sort=False):
        found = list(part["word"])
        for start in range(0, len(found), MOST_TILES):
            name = place_name(str(source), str(place), lang) if start == 0 else ""
            lines.append((name, found[start : start + MOST_TILES]))
    with rc_context(canvas.style()):
        drawing = canvas.start(
            say["strip"], mark, size=(7.8, 0.21 * len(lines) + 0.2), legend=_legend(words, lang),
            lang=lang,
        )  # fmt: skip
        axes = drawing.axes[0]
        for y, (_, found) in enumerate(lines):
            for x, word in enumerate(found):
                axes.add_patch(
                    Rectangle((x - 0.45, y - 0.42), 0.9, 0.84, facecolor=COLOURS[word], alpha=0.75)
                )
                axes.text(
                    x, y, words[word].sign, ha="center", va="center", fontsize=8.5, color=canvas.INK
                )
        axes.set_xlim(-0.6, MOST_TILES - 0.4)
        axes.set_ylim(len(lines) - 0.4, -0.6)
        axes.set_yticks(range(len(lines)), [name for name, _ in lines])
        axes.set_xticks([])
        axes.grid(visible=False)
        axes.spines[:].set_visible(False)
    return drawing.figure


def forest(
    frame: pd.DataFrame, table: str, words: Mapping[str, Any], mark: str, lang: str
) -> Figure:
    """Draw the findings of one table, each with 2006 above and the new wave below.

    Parameters
    ----------
    frame, words, mark, lang
        As of :func:`side_by_side`.
    table : str
        Number of the table.

    Returns
    -------
    matplotlib.figure.Figure
        2006 as a ring with two lines: its interval at the smallest (thick) and at the largest
        standard error that it can have had (thin; cut off at the edge). The new wave as a dot.
    """
    say, wave = _SAYS[lang], frame["wave"].iloc[0]
    chosen = in_units(frame[(frame["source"] == "table") & (frame["place"] == table)])
    z = float(stats.norm.ppf(0.975))
    ring = Line2D([], [], linestyle="none", marker="o", markersize=6, color=canvas.SOFT)
    ring.set_markerfacecolor("none")
    legend = [(ring, say["old"]), *_legend(words, lang)]
    labels = [canvas.wrapped(text, LETTERS) for text in chosen[f"label_{lang}"]]
    middles, height = stacked(labels, BETWEEN)
    with rc_context(canvas.style()):
        drawing = canvas.start(
            say["forest"].format(table=table, wave=wave), mark,
            size=(7.8, height + 1.0), legend=legend, lang=lang,
        )  # fmt: skip
        axes = drawing.axes[0]
        axes.axvline(0, color=canvas.INK, linewidth=0.8)
        for y, finding in zip(middles, chosen.to_dict("records"), strict=True):
            _old(axes, finding, y - APART, z)
            _new(axes, finding, y + APART, words)
        ends = chosen[["old_u", "new_u", "low_u", "high_u"]].to_numpy()
        low, high = pd.Series(ends.ravel()).min(), pd.Series(ends.ravel()).max()
        spare = 0.12 * (high - low)
        axes.set_xlim(min(low, 0) - spare, max(high, 0) + spare)
        axes.set_yticks(middles, labels)
        axes.set_ylim(height, 0)
        canvas.number_axis(axes, lang, decimals=2)
        axes.set_xlabel(canvas.wrapped(say["axis"], 56) + "\n" + canvas.wrapped(say["range"], 56))
    return drawing.figure


def in_units(frame: pd.DataFrame) -> pd.DataFrame:
    """Add ``old_u, new_u, low_u, high_u, se_u_low, se_u_high``: the numbers in one unit."""
    names = {
        "old": "old_u", "new": "new_u", "low": "low_u", "high": "high_u",
        "se_old_low": "se_u_low", "se_old_high": "se_u_high",
    }  # fmt: skip
    return frame.assign(**{new: frame[name] / frame["unit"] for name, new in names.items()})


def _old(axes: Axes, finding: Mapping[Any, Any], y: float, z: float) -> None:
    if not math.isfinite(finding["old_u"]):
        return
    for end, width in (("se_u_high", 0.6), ("se_u_low", 2.0)):
        reach = z * finding[end] if math.isfinite(finding[end]) else 1e3
        ends = [finding["old_u"] - reach, finding["old_u"] + reach]
        axes.plot(ends, [y, y], color=canvas.SOFT, linewidth=width, solid_capstyle="butt", zorder=2)
    axes.plot(
        [finding["old_u"]], [y], linestyle="none", marker="o", markersize=5,
        markerfacecolor="#FFFFFF", markeredgecolor=canvas.SOFT, zorder=3,
    )  # fmt: skip


def _new(axes: Axes, finding: Mapping[Any, Any], y: float, words: Mapping[str, Any]) -> None:
    colour, sign = COLOURS[finding["word"]], words[finding["word"]].sign
    if math.isfinite(finding["new_u"]):
        axes.plot([finding["low_u"], finding["high_u"]], [y, y], color=colour, linewidth=1.4)
        axes.plot(
            [finding["new_u"]], [y], linestyle="none", marker="o", markersize=4.5, color=colour
        )
    axes.annotate(
        sign, (1, y - APART), xycoords=("axes fraction", "data"), xytext=(4, 0),
        textcoords="offset points", va="center", fontsize=8.5,
    )  # fmt: skip


def _legend(words: Mapping[str, Any], lang: str) -> list[tuple[Any, str]]:
    return [
        (Patch(facecolor=colour, alpha=0.85), f"{words[word].sign} {getattr(words[word], lang)}")
        for word, colour in COLOURS.items()
    ]


def tables_in(frame: pd.DataFrame) -> Sequence[str]:
    """Return the numbers of the tables that have findings, in order."""
    return list(dict.fromkeys(frame.loc[frame["source"] == "table", "place"]))
