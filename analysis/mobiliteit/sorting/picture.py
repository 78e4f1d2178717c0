"""The picture of the sortings: how large the groups are under each version."""

from __future__ import annotations

from matplotlib import rc_context
from matplotlib.figure import Figure
from matplotlib.patches import Patch

from mobiliteit.render import canvas
from mobiliteit.sorting.result import Sorting

BAR, ROOM = 0.62, 0.46
OUT = "#D9D9D9"


def sizes_figure(sorting: Sorting) -> Figure:
    """Draw the groups under each version as one bar, with the number of respondents in each part.

    Parameters
    ----------
    sorting : Sorting
        A wave under all versions.

    Returns
    -------
    matplotlib.figure.Figure
        The report's rules on top; versions that could not be decided are left out.
    """
    rules, sizes = sorting.wave.study.segments, sorting.sizes
    labels = {key: entry.nl for key, entry in rules.groups.items()}
    labels[rules.unclassified.id] = rules.unclassified.nl
    colours = [colour for colour, _ in canvas.SERIES[: len(rules.groups)]] + [OUT]
    named = {entry.id: entry.version.nl for entry in sorting.versions}
    rows = [named.get(str(name), f"zoals het rapport ({name})") for name in sizes.index]
    with rc_context(canvas.style()):
        drawing = canvas.start(
            f"Hoe groot de groepen zijn bij elke indeling, golf {sorting.wave.id}",
            sorting.wave.mark(),
            size=(9.2, ROOM * len(rows) + 0.5),
            legend=[
                (Patch(facecolor=colour, edgecolor="white"), label)
                for colour, label in zip(colours, labels.values(), strict=True)
            ],
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
        canvas.number_axis(axes, "nl", decimals=0)
        axes.set_xlim(0, sizes.to_numpy().sum(axis=1).max() * 1.04)
        axes.set_xlabel("respondenten")
        axes.grid(visible=False, axis="y")
    return drawing.figure
