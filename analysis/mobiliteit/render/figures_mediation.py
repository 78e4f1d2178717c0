"""Mediation: indirect associations with their intervals, one panel per table that argues them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from matplotlib import rc_context
from matplotlib.figure import Figure

from mobiliteit.gaps import unavailable
from mobiliteit.render import canvas
from mobiliteit.render.drawing import APART, PAIRED, interval, square
from mobiliteit.render.wording import words
from mobiliteit.samples import percent_text

SAYS = {
    "nl": {
        "title": "Via {mediator} naar {outcome}: indirecte verbanden met {level}-interval",
        "axis": "gestandaardiseerd indirect verband",
        "bca": "bootstrap, BCa",
        "percentile": "bootstrap, percentiel",
        "gap": "niet te berekenen met deze golf",
    },
    "en": {
        "title": "Through {mediator} to {outcome}: indirect associations with {level} interval",
        "axis": "standardized indirect association",
        "bca": "bootstrap, BCa",
        "percentile": "bootstrap, percentile",
        "gap": "cannot be computed with this wave",
    },
}


def draw_mediation(results: Sequence[Any], lang: str = "nl") -> Figure:
    """Draw the indirect association of every factor twice, by two ways to make the interval.

    Parameters
    ----------
    results : sequence of MediationBeyond
        Of tables with the same mediator and outcome.
    lang : {'nl', 'en'}
        Language.

    Returns
    -------
    matplotlib.figure.Figure
        Filled: BCa limits. Hollow: percentile limits. A panel that cannot be computed says why.
    """
    say, wave = SAYS[lang], results[0].wave
    first, last = (results[0].definition.columns[name] for name in columns_of(results[0]))
    names = [wave.study.label(name, lang) for name in (first.outcome, last.outcome)]
    level = next((r.mediation.level for r in results if r.mediation is not None), 0.95)
    factors = [factors_of(result) for result in results]
    heights = [len(rows) + 1.2 for rows in factors]
    with rc_context(canvas.style()):
        drawing = canvas.start(
            say["title"].format(
                mediator=names[0][:1].lower() + names[0][1:],
                outcome=names[1][:1].lower() + names[1][1:],
                level=percent_text(level, lang),
            ),
            wave.mark(lang),
            size=(7.6, PAIRED * sum(heights) + 0.5),
            rows=len(results),
            legend=[(canvas.dot(0), say["bca"]), (square(), say["percentile"])],
            lang=lang,
            height_ratios=heights,
            sharex=True,
        )
        for axes, result, rows in zip(drawing.axes, results, factors, strict=True):
            n = ""
            if result.mediation is not None:
                n = f" (n = {result.mediation.n})"
                table = result.mediation.indirect
                for y, row in enumerate(rows):
                    for kind, place, series in (("bca", -APART, 0), ("percentile", APART, 1)):
                        stem = "indirect_standardized"
                        keys = (f"{stem}_{kind}_low", stem, f"{stem}_{kind}_high")
                        interval(axes, [table.at[row, key] for key in keys], y + place, series)
            else:
                why = unavailable(wave, [*rows, first.outcome, last.outcome], lang) or say["gap"]
                axes.text(
                    0.02, 0.5, canvas.wrapped(why, 50), transform=axes.transAxes, va="center",
                    fontsize=8.5,
                )  # fmt: skip
            axes.axvline(0, color=canvas.SOFT, linewidth=0.8)
            canvas.label_rows(axes, [wave.study.label(name, lang) for name in rows])
            axes.set_title(f"{words(lang)['table']} {result.number}{n}")
            axes.margins(x=0.06)
            canvas.number_axis(axes, lang, decimals=2, most=5)
        drawing.axes[-1].set_xlabel(say["axis"])
    return drawing.figure


def factors_of(result: Any) -> list[str]:
    """Return the factors whose indirect association is asked for, in the order of the table."""
    definition = result.definition
    return list(definition.columns[result.mediator_column].predictors or definition.rows)


def columns_of(result: Any) -> tuple[str, str]:
    """Return the columns of the mediator and of the outcome."""
    return result.mediator_column, result.outcome_column
