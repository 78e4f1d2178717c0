"""The picture of the trends: the change of every scale and share, and what is left of it."""

from __future__ import annotations

from matplotlib import rc_context
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from mobiliteit.render import canvas
from mobiliteit.samples import percent_text
from mobiliteit.trends.result import Trends

OFFSET = 0.16
ROW = 0.34


def split_figure(trends: Trends, wave: str) -> Figure:
    """Draw the changes of a later wave, and the changes with the composition of the first.

    Parameters
    ----------
    trends : Trends
        Over two waves or more.
    wave : str
        Which later wave; one that could be given the margins of the first.

    Returns
    -------
    matplotlib.figure.Figure
        Shares above, in percentage points; scales below, in standard deviations of the first wave.
        Filled: the change. Hollow: the rest, when the composition is that of the first wave.
    """
    study, first = trends.waves[0].study, trends.waves[0].id
    own = trends.parts[trends.parts["wave"] == wave]
    shares, means = (own[own["statistic"] == kind] for kind in ("percent", "mean"))
    hollow = Line2D([], [], linestyle="none", marker="s", markersize=6, color=canvas.SERIES[1][0])
    hollow.set_markerfacecolor("none")
    heights = [len(shares) + 0.8, len(means) + 0.8]
    with rc_context(canvas.style()):
        drawing = canvas.start(
            f"Verandering van golf {first} naar {wave} ({percent_text(trends.level)}-interval)",
            trends.mark,
            size=(8.6, ROW * sum(heights) + 1.0),
            rows=2,
            legend=[(canvas.dot(0), "verandering"), (hollow, "bij gelijke samenstelling")],
            height_ratios=heights,
        )
        for axes, part, label in zip(
            drawing.axes,
            (shares, means),
            ("procentpunten", f"standaarddeviaties van {first}"),
            strict=True,
        ):
            names = []
            for y, row in enumerate(part.to_dict("records")):
                for name, place, series in (("change", -OFFSET, 0), ("rest", OFFSET, 1)):
                    numbers = [row[name + limit] / row["unit"] for limit in ("_low", "", "_high")]
                    _interval(axes, numbers, y + place, series)
                labels = study.categories(row["variable"]) if row["row"] != "totaal" else {}
                label_nl = labels[row["row"]][0] if labels else study.label(row["variable"])
                caution = " (zie noot)" if row["note"] else ""
                names.append(f"{label_nl}{caution}")
            axes.axvline(0, color=canvas.SOFT, linewidth=0.8)
            canvas.label_rows(axes, names, width=44)
            canvas.number_axis(axes, "nl", decimals=0 if part is shares else 1)
            axes.set_xlabel(label)
    return drawing.figure


def _interval(axes: Axes, numbers: list[float], y: float, series: int) -> None:
    colour, marker = canvas.SERIES[series]
    low, value, high = numbers
    axes.plot([low, high], [y, y], color=colour, linewidth=1.4)
    face = "white" if series else colour
    axes.plot([value], [y], marker=marker, markersize=5, color=colour, markerfacecolor=face)
