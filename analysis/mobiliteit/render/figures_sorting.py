"""The figure of the sortings: how large the groups are under each version."""

from __future__ import annotations

from typing import Any

from matplotlib import rc_context
from matplotlib.figure import Figure
from matplotlib.patches import Patch

from mobiliteit.render import canvas
from mobiliteit.render.sorting_words import WORDS

BAR, ROOM = 0.62, 0.46
OUT = "#D9D9D9"


def draw_sizes(sorting: Any, lang: str = "nl") -> Figure:
    """Draw the groups under each version as one bar, with the number of respondents in each part.

    Parameters
    ----------
    sorting : Sorting
        A wave under all versions.
    lang : {'nl', 'en'}
        Language.

    Returns
    -------
    matplotlib.figure.Figure
        The report's rules on top; versions that could not be decided are left out.
    """
    say, rules, sizes = WORDS[lang], sorting.wave.study.segments, sorting.sizes
    colours = [colour for colour, _ in canvas.SERIES[: len(rules.groups)]] + [OUT]
    named = {entry.id: getattr(entry.version, lang) for entry in sorting.versions}
    rows = [named.get(str(name), say["as_report"].format(name=name)) for name in sizes.index]
    with rc_context(canvas.style()):
        drawing = canvas.start(
            say["figure"].format(wave=sorting.wave.id),
            sorting.wave.mark(lang),
            size=(9.2, ROOM * len(rows) + 0.5),
            legend=[
                (Patch(facecolor=colour, edgecolor="white"), label)
                for colour, label in zip(colours, group_labels(sorting, lang).values(), strict=True)
            ],
            lang=lang,
        )
        axes = drawing.axes[0]
        for y, counts in enumerate(sizes.to_numpy()):
            left = 0.0
            for k, count in enumerate(counts):
                axes.barh(y, count, BAR, left=left, color=colours[k], edgecolor="white")
                if count > counts.sum() / 30:
                    ink = canvas.INK if k else "white"
                    axes.text(left + count / 2, y, str(count), ha="center", va="center", color=ink)
                left += count
            if counts[-1]:
                axes.text(left, y, f"  {counts[-1]}", ha="left", va="center", fontsize=8)
        canvas.label_rows(axes, rows, width=46)
        canvas.number_axis(axes, lang, decimals=0)
        axes.set_xlim(0, sizes.to_numpy().sum(axis=1).max() * 1.04)
        axes.set_xlabel(say["respondents"])
        axes.grid(visible=False, axis="y")
    return drawing.figure


def group_labels(sorting: Any, lang: str) -> dict[str, str]:
    """Labels of the groups of the report's rules, and of the unclassified."""
    rules = sorting.wave.study.segments
    named = {**rules.groups, rules.unclassified.id: rules.unclassified}
    return {key: str(getattr(label, lang)) for key, label in named.items()}
