"""Figures of the same people over waves: moves, change, balance of weights, lagged relations."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import numpy as np
from matplotlib import rc_context
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from mobiliteit.disclosure import SMALLEST
from mobiliteit.inference.staying import UNKNOWN
from mobiliteit.render import canvas
from mobiliteit.render.drawing import ROW
from mobiliteit.render.numbers import MISSING, format_number
from mobiliteit.render.panel_words import WORDS

FEW = "†"
NBSP = "\N{NO-BREAK SPACE}"
SHADES, PALE = "Blues", 1.56  # dark letters stay readable on the darkest shade
CELL = 1.55  # inches


def draw_moves(report: Any, lang: str = "nl") -> Figure:
    """Draw one square per step: from which group (rows) to which (columns), shaded by share.

    Parameters
    ----------
    report : PanelReport
        Of :func:`mobiliteit.panel.analyse_panel`.
    lang : {'nl', 'en'}
        Language.

    Returns
    -------
    matplotlib.figure.Figure
        Each cell has its share of the row, the interval and the number of people; one that may not
        be shown has a dash.
    """
    say, study, found = WORDS[lang], report.panel.study, report.transitions
    labels = [pair[lang == "en"] for pair in study.categories(found.by).values()]
    k, steps = len(labels), found.steps
    mark = report.panel.mark(lang)
    if any(step.cells["hidden"].any() for step in steps):
        mark = f"{MISSING}: {say['hidden'].format(few=SMALLEST)}. {mark}".rstrip()
    across = min(len(steps), 3)
    down = -(-len(steps) // across)
    with rc_context(canvas.style()):
        drawing = canvas.start(
            say["moves_title"],
            mark,
            size=(max(CELL * k * across + 1.4, 6.5), (0.72 * k + 0.75) * down),
            rows=down,
            columns=across,
            lang=lang,
        )
        for axes in drawing.axes[len(steps) :]:
            axes.set_axis_off()
        for axes, step in zip(drawing.axes, steps, strict=False):
            _moves(axes, step, labels, lang)
            axes.set_ylabel(step.first)
            axes.set_title(say["step"].format(first=step.first, second=step.second))
    return drawing.figure


def _moves(axes: Axes, step: Any, labels: Sequence[str], lang: str) -> None:
    k = len(labels)
    hidden = step.cells["hidden"]
    share = step.cells["share"].mask(hidden, 0).to_numpy().reshape(k, k)
    axes.imshow(np.nan_to_num(share), cmap=SHADES, vmin=0, vmax=PALE, aspect="auto")
    for position, cell in enumerate(step.cells.to_dict("records")):
        i, j = divmod(position, k)
        text: dict[str, Any] = {"ha": "center", "va": "center", "color": canvas.INK}
        if cell["hidden"]:
            axes.text(j, i, MISSING, fontsize=11, **text)
        elif cell["n"]:
            low, share_of, high = (
                format_number(100 * cell[name], 0, lang=lang) for name in ("low", "share", "high")
            )
            axes.text(j, i - 0.14, f"{share_of}%", fontsize=11, fontweight="bold", **text)
            axes.text(j, i + 0.2, f"{low}–{high}  (n = {cell['count']})", fontsize=8, **text)
    totals = step.counts.sum(axis=1).tolist()
    # Where everything is hidden, a row counts too few for its total to be shown.
    rows = [
        name if hidden.all() else f"{name}\nn = {n}" for name, n in zip(labels, totals, strict=True)
    ]
    axes.set_yticks(range(k), rows)
    axes.set_xticks(range(k), labels)
    axes.xaxis.set_ticks_position("bottom")
    axes.tick_params(length=0)
    axes.grid(visible=False)
    axes.set_xlabel(step.second)
    for spine in axes.spines.values():
        spine.set_visible(False)


def draw_change(report: Any, lang: str = "nl") -> Figure:
    """Draw the change within people per variable, in standard deviations, with its interval.

    Parameters
    ----------
    report : PanelReport
        Of :func:`mobiliteit.panel.analyse_panel`.
    lang : {'nl', 'en'}
        Language.

    Returns
    -------
    matplotlib.figure.Figure
        One panel per step from wave to wave.
    """
    say, study, table = WORDS[lang], report.panel.study, report.change.table
    variables = list(dict.fromkeys(table["variable"]))
    steps = list(dict.fromkeys(zip(table["first"], table["second"], strict=True)))
    size = (3.1 + 3.9 * len(steps), ROW * len(variables) + 0.9)
    with _beside(report, "change_title", size, len(steps), lang, sharey=True) as drawing:
        for axes, (first, second) in zip(drawing.axes, steps, strict=True):
            own = table[(table["first"] == first) & (table["second"] == second)]
            for y, row in enumerate(own.to_dict("records")):
                _interval(axes, row["d_z_low"], row["d_z"], row["d_z_high"], y, 0)
            axes.set_title(say["step"].format(first=first, second=second))
            axes.set_xlabel(say["d_axis"])
            _finish(axes, [study.label(name, lang) for name in variables], lang)
    return drawing.figure


def draw_balance(report: Any, lang: str = "nl") -> Figure | None:
    """Draw how far those who stayed are from everybody, before and after weighing.

    Parameters
    ----------
    report : PanelReport
        Of :func:`mobiliteit.panel.analyse_panel`.
    lang : {'nl', 'en'}
        Language.

    Returns
    -------
    matplotlib.figure.Figure or None
        One panel per step; None where no step has weights.
    """
    say, study = WORDS[lang], report.panel.study
    steps = [step for step in report.attrition.steps if len(step.balance)]
    if not steps:
        return None
    most = max(len(step.balance) for step in steps)
    legend = [(canvas.dot(0, hollow=True), say["ongewogen"]), (canvas.dot(0), say["gewogen"])]
    size = (8.2 * len(steps), 0.22 * most + 0.9)
    with _beside(report, "balance_title", size, len(steps), lang, legend=legend) as drawing:
        for axes, step in zip(drawing.axes, steps, strict=True):
            names = []
            for y, row in enumerate(step.balance.to_dict("records")):
                canvas.plot_pair(axes, row["after"], row["before"], y)
                names.append(name_of(study, (row["variable"], row["category"]), lang))
            axes.set_title(say["step"].format(first=step.first, second=step.second))
            axes.set_xlabel(say["smd_axis"])
            _finish(axes, names, lang, decimals=2, width=80)
    return drawing.figure


def draw_lagged(report: Any, lang: str = "nl") -> Figure | None:
    """Draw the coefficients of the lagged regressions, unweighted and weighted.

    Parameters
    ----------
    report : PanelReport
        Of :func:`mobiliteit.panel.analyse_panel`.
    lang : {'nl', 'en'}
        Language.

    Returns
    -------
    matplotlib.figure.Figure or None
        One panel per question, each with its own rows; None where nothing could be computed.
    """
    say, study = WORDS[lang], report.panel.study
    fits = {key: fit for key, fit in report.lagged.items() if len(fit.table)}
    if not fits:
        return None
    weightings = list(dict.fromkeys(next(iter(fits.values())).table["weighting"]))
    most = max(len(fit.table) for fit in fits.values()) / len(weightings)
    legend = [(canvas.dot(k), say[name]) for k, name in enumerate(weightings)]
    size = (5.6 * len(fits), 0.42 * most + 1.1)
    with _beside(report, "lagged_title", size, len(fits), lang, legend=legend) as drawing:
        for axes, (key, fit) in zip(drawing.axes, fits.items(), strict=True):
            rows: dict[tuple[str, str], int] = {}
            for row in fit.table.to_dict("records"):
                at = rows.setdefault((row["row"], row["when"]), len(rows))
                series = weightings.index(row["weighting"])
                shift = (series - (len(weightings) - 1) / 2) * 0.3
                limits = (row["beta_low"], row["beta"], row["beta_high"])
                _interval(axes, *limits, at + shift, series)
            labels = [term_label(study, term, lang) for term in rows]
            asked = report.panel.settings.lagged[key]
            title = asked.nl if lang == "nl" else asked.en
            axes.set_title(canvas.wrapped(f"{title} (n{NBSP}={NBSP}{fit.people})", 38), fontsize=9)
            axes.set_xlabel(say["beta_axis"])
            _finish(axes, labels, lang)
    return drawing.figure


@contextmanager
def _beside(
    report: Any, title: str, size: tuple[float, float], columns: int, lang: str, **more: Any
) -> Iterator[canvas.Canvas]:
    """Set up panels beside each other on one scale, in the style of the house while in use."""
    with rc_context(canvas.style()):
        yield canvas.start(
            WORDS[lang][title],
            report.panel.mark(lang),
            size=size,
            columns=columns,
            lang=lang,
            sharex=True,
            **more,
        )


def name_of(study: Any, key: tuple[str, str], lang: str) -> str:
    """Name a variable, or one of its categories."""
    variable, category = key
    label = str(study.label(variable, lang))
    if not category:
        return label
    if category == UNKNOWN:
        return f"{label}: {WORDS[lang][UNKNOWN]}"
    return f"{label}: {study.categories(variable)[category][lang == 'en']}"


def term_label(study: Any, term: tuple[str, str], lang: str) -> str:
    """Name a variable with the wave that it is of."""
    variable, when = term
    return f"{study.label(variable, lang)} ({WORDS[lang][when]})"


def _interval(axes: Axes, low: float, value: float, high: float, y: float, series: int) -> None:
    """Draw an estimate with its interval, unless there is none."""
    if not math.isfinite(value):
        return
    colour, marker = canvas.SERIES[series]
    if math.isfinite(low) and math.isfinite(high):
        axes.plot([low, high], [y, y], color=colour, linewidth=1.4, zorder=2)
    axes.plot([value], [y], linestyle="none", marker=marker, markersize=canvas.FILLED,
              color=colour, zorder=3)  # fmt: skip


def _finish(
    axes: Axes, labels: Sequence[str], lang: str, *, decimals: int = 1, width: int = 46
) -> None:
    axes.axvline(0, color="#777777", linewidth=0.9, zorder=1)
    canvas.label_rows(axes, labels, width=width)
    axes.margins(x=0.08)
    canvas.number_axis(axes, lang, decimals=decimals, most=5)
