"""Verdicts on the cells of the regression tables: stars, coefficients and explained variances."""

from __future__ import annotations

import numpy as np

from mobiliteit.audit.intervals import show
from mobiliteit.audit.regression import (
    MARKS,
    Bools,
    Fit,
    Place,
    PrintedModel,
    Setting,
    added_share,
    describe,
    fit_models,
    narrowed,
    read_models,
    same_sample,
    show_n,
    show_share,
    star_fits,
    variance_fits,
)
from mobiliteit.audit.regression_findings import inflation, legends, listwise, plain_r2
from mobiliteit.audit.report_data import Report
from mobiliteit.audit.verdicts import (
    CONSISTENT,
    INCONSISTENT,
    UNDETERMINED,
    VERIFIED,
    Check,
    Finding,
    Outcome,
)


def check_regressions(report: Report) -> Outcome:
    """Check every star, coefficient and explained variance of the regression tables.

    Returns
    -------
    Outcome
        Checks ``stars`` (every cell) and ``nested_r2`` (explained variances of columns that add a
        predictor); findings on the listwise n, the VIF, plain or adjusted R2 and the legends.
    """
    outcome = Outcome()
    models = read_models(report)
    if not models:
        return outcome
    significance = report.study.tables.significance
    usual = tuple(significance.legends[significance.default].items())
    plain, adjusted = Setting(usual), Setting(usual, adjusted=True)
    fits = fit_models(models, report, plain)
    other = fit_models(models, report, adjusted)
    for i, fit in enumerate(fits):
        for place in fit.by_cell:
            outcome.checks.append(_star(report, fits, other, i, place, plain, adjusted, outcome))
    outcome.add(_nested_r2(report, models))
    masks = narrowed(fits)
    outcome.findings += listwise(report, fits, masks)
    outcome.findings += inflation(report, fits, masks, plain)
    outcome.findings += plain_r2(report, models, fits, other)
    outcome.findings += legends(report, models)
    return outcome


def _possible(
    fits: list[Fit], index: int, place: Place, setting: Setting
) -> tuple[dict[str, bool], Bools]:
    """Which marks a cell can carry, given the n that all other cells allow."""
    fit = fits[index]
    masks = narrowed(fits, without=place)
    mask = masks[index]
    if not all(m.any() for m in masks):
        # Some other cell is at odds already; judge this one by itself.
        mask = np.ones(len(fit.model.ns), dtype=bool)
    cell = next((c for c in fit.model.coefficients if c.place == place), None)
    found = {}
    for mark in MARKS:
        if mark and mark not in setting.levels:
            continue
        if cell is None:
            here = variance_fits(fit.model, mark, setting)
        else:
            here = star_fits(fit.model, cell, mark, setting, fit.spreads[place])
        found[mark] = bool((here & mask).any())
    return found, mask


def _star(
    report: Report,
    fits: list[Fit],
    other: list[Fit],
    index: int,
    place: Place,
    plain: Setting,
    adjusted: Setting,
    outcome: Outcome,
) -> Check:
    model = fits[index].model
    cell = report.cells[place]
    found, mask = _possible(fits, index, place, plain)
    own = cell.marks
    coefficient = next((c for c in model.coefficients if c.place == place), None)
    n = show_n(model, mask)
    numbers = f"n {n}"
    if coefficient is None:
        numbers += f"; R² = {show_share(*model.r2)}; p = {len(model.predictors)} voorspellers"
    else:
        low, high = fits[index].spreads[place]
        inside = mask if mask.any() else np.ones_like(mask)
        numbers += (
            f"; {describe(coefficient, report)}; t = {show(low[inside].min(), 2)} tot "
            f"{show(high[inside].max(), 2)}"
        )
    allowed = [mark for mark, can in found.items() if can]
    power = 1 - len(allowed) / len(found)
    shown = ", ".join(mark or "geen ster" for mark in allowed) or "niets"
    shown_en = ", ".join(mark or "no star" for mark in allowed) or "nothing"
    name, name_en = (own, own) if own else ("geen ster", "no star")
    if not found.get(own, False):
        again, _ = _possible(other, index, place, adjusted)
        if again.get(own, False):
            verdict = CONSISTENT
            nl = f"'{name}' past alleen als de verklaarde varianties aangepaste R² zijn."
            en = f"'{name_en}' fits only if the explained variances are adjusted R²."
        else:
            verdict = INCONSISTENT
            nl = f"'{name}' kan niet: met deze getallen is alleen mogelijk: {shown}."
            en = f"'{name_en}' cannot be: with these numbers only this is possible: {shown_en}."
            outcome.findings.append(
                Finding(
                    "onmogelijk",
                    f"Tabel {model.table}, {cell.row_label}: {cell.printed} kan niet",
                    f"Table {model.table}, {cell.row_label}: {cell.printed} cannot be",
                    f"{nl} ({numbers}; kolom {model.position})",
                    f"{en} ({numbers}; column {model.position})",
                    page=str(cell.page),
                    cells=(place,),
                    weight=2.0,
                )
            )
    elif len(allowed) == 1:
        verdict = VERIFIED
        nl = f"Er kan niets anders staan dan {name}, voor elke n die de andere cellen toelaten."
        en = f"Nothing but {name_en} can stand here, for any n that the other cells allow."
    elif power > 0:
        verdict = CONSISTENT
        nl = f"Mogelijk is: {shown}; gedrukt staat {name}."
        en = f"Possible is: {shown_en}; printed is {name_en}."
    else:
        verdict = UNDETERMINED
        nl = "Zonder standaardfouten kan elk aantal sterren hier staan."
        en = "Without standard errors any number of stars can stand here."
    return Check(
        *place, "stars", verdict, nl, en, numbers, could_fail=verdict != UNDETERMINED, power=power
    )


def _nested_r2(report: Report, models: list[PrintedModel]) -> Outcome:
    outcome = Outcome()
    for small in models:
        for large in models:
            together = same_sample(report, small, large) and small.outcome == large.outcome
            grows = set(small.predictors) < set(large.predictors)
            if not grows or small.table != large.table or small.outcome != large.outcome:
                continue
            extra = added_share(small, large, models, report)
            if not together:
                outcome.checks.append(
                    Check(
                        *large.r2_place,
                        "nested_r2",
                        UNDETERMINED,
                        "De kolom heeft meer voorspellers dan een eerdere, maar hoeft niet over "
                        "dezelfde mensen te gaan.",
                        "The column has more predictors than an earlier one, but need not be "
                        "about the same people.",
                        f"{show_share(*small.r2)} → {show_share(*large.r2)}",
                        could_fail=False,
                        power=0.0,
                    )
                )
                continue
            low, high = (extra[0], extra[1]) if extra else (0.0, 1.0)
            room = (small.r2[0] + low, small.r2[1] + high)
            good = room[0] <= large.r2[1] + 1e-12 and large.r2[0] <= room[1] + 1e-12
            falls = large.r2[1] < small.r2[0]
            numbers = (
                f"{show_share(*small.r2)} + {show_share(low, high)} = {show_share(*room)}; gedrukt "
                f"{show_share(*large.r2)}"
            )
            if good:
                nl = (
                    "De stijging van R² past bij het gewicht van de toegevoegde voorspeller "
                    "(dezelfde mensen in beide kolommen)."
                )
                en = (
                    "The rise of R² fits the coefficient of the added predictor (the same people "
                    "in both columns)."
                )
            elif falls:
                nl = (
                    "R² daalt hoewel een voorspeller is toegevoegd; op dezelfde mensen kan dat "
                    "niet."
                )
                en = "R² falls although a predictor was added; on the same people that cannot be."
            else:
                nl = (
                    "De stijging van R² past niet bij het gewicht van de toegevoegde voorspeller, "
                    "op dezelfde mensen."
                )
                en = (
                    "The rise of R² does not fit the coefficient of the added predictor, on the "
                    "same people."
                )
            width = 100 * (room[1] - room[0]) + 2
            for model in (large, small):
                outcome.checks.append(
                    Check(
                        *model.r2_place,
                        "nested_r2",
                        CONSISTENT if good else INCONSISTENT,
                        nl,
                        en,
                        numbers,
                        power=max(0.0, 1 - width / 101),
                    )
                )
            if not good:
                outcome.findings.append(
                    Finding(
                        "onmogelijk",
                        f"Tabel {large.table}: verklaarde variantie van kolom {small.position} "
                        "naar "
                        f"kolom {large.position}",
                        f"Table {large.table}: explained variance from column {small.position} to "
                        f"column {large.position}",
                        f"{nl} ({numbers})",
                        f"{en} ({numbers})",
                        page=str(large.page),
                        cells=(small.r2_place, large.r2_place),
                        weight=2.5,
                    )
                )
    return outcome
