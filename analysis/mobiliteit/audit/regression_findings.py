"""What the regression tables force: the listwise n, the VIF, plain or adjusted R2, the legend."""

from __future__ import annotations

import numpy as np

from mobiliteit.audit.intervals import show
from mobiliteit.audit.regression import (
    Bools,
    Fit,
    Place,
    PrintedModel,
    Setting,
    _t_needed,
    fit_models,
    nested,
    p_range,
    show_n,
)
from mobiliteit.audit.report_data import Report
from mobiliteit.audit.verdicts import Finding
from mobiliteit.render.numbers import describe_legend

VIF_WORTH_TELLING = 1.3


def listwise(report: Report, fits: list[Fit], masks: list[Bools]) -> list[Finding]:
    """Tell of which columns the number of cases is bounded, and by which cells."""
    parts_nl, parts_en, cells = [], [], []
    for fit, mask in zip(fits, masks, strict=True):
        model = fit.model
        if not mask.any():
            continue
        ns = model.ns[mask]
        if ns.max() < model.most or ns.min() > 0.75 * model.most:
            text = show_n(model, mask)
            why = _why(report, fit, mask)
            parts_nl.append(f"{model.name}: n {text} van {model.most}{why}")
            parts_en.append(
                f"table {model.table} column {model.position}: n {text} of {model.most}{why}"
            )
            cells.append(model.r2_place)
    if not parts_nl:
        return []
    return [
        Finding(
            "afgedwongen",
            "Hoeveel mensen er in een regressie kunnen zitten",
            "How many people can be in a regression",
            "Het rapport noemt geen n bij de regressies. Uit R², coëfficiënten en sterren volgt: "
            + "; ".join(parts_nl)
            + ". Waar dat minder is dan de groep ontbraken er antwoorden.",
            "The report gives no n with the regressions. From R², coefficients and stars follows: "
            + "; ".join(parts_en)
            + ". Where that is less than the group, answers were missing.",
            page=", ".join(dict.fromkeys(str(f.model.page) for f in fits)),
            cells=tuple(cells),
            weight=2.2,
        )
    ]


def _why(report: Report, fit: Fit, mask: Bools) -> str:
    """Cells that set the lowest and the highest n of a column."""
    ns = fit.model.ns
    low, high = ns[mask].min(), ns[mask].max()
    reasons = []
    for place, fits in fit.by_cell.items():
        if not fits.any():
            continue
        if (ns[fits].min() == low and low > len(fit.model.predictors) + 2) or (
            ns[fits].max() == high and high < fit.model.most
        ):
            cell = report.cells[place]
            reasons.append(f"{cell.row_label} {cell.printed}")
    return f" ({'; '.join(reasons)})" if reasons else ""


def inflation(
    report: Report, fits: list[Fit], masks: list[Bools], setting: Setting
) -> list[Finding]:
    """Tell of which predictors the stars are too few for a VIF of one."""
    parts, cells = [], []
    for fit, mask in zip(fits, masks, strict=True):
        model = fit.model
        if not mask.any():
            continue
        for cell in model.coefficients:
            weakest = p_range(cell.mark, setting.levels)[0]
            if weakest <= 0:
                continue
            needed = _t_needed(weakest, len(model.predictors), model.most)
            vif = cell.low**2 * model.df / ((1 - model.r2[0]) * np.maximum(needed, 1e-9) ** 2)
            least = float(vif[mask].min())
            if least > VIF_WORTH_TELLING:
                parts.append(
                    (
                        least,
                        f"{report.cells[cell.place].row_label} {report.cells[cell.place].printed} "
                        f"({model.name}) {show(least, 2)}",
                    )
                )
                cells.append(cell.place)
    if not parts:
        return []
    text = "; ".join(part for _, part in sorted(parts, reverse=True))
    return [
        Finding(
            "afgedwongen",
            "Voorspellers die met de andere moeten samenhangen",
            "Predictors that must correlate with the others",
            "Zonder samenhang met de andere voorspellers zouden deze gewichten meer sterren "
            f"hebben. Hun VIF is minstens: {text}.",
            "Uncorrelated with the other predictors these coefficients would have more stars. "
            f"Their VIF is at least: {text}.",
            page=", ".join(
                str(page) for page in sorted({report.cells[place].page for place in cells})
            ),
            cells=tuple(cells),
            weight=0.7,
        )
    ]


def plain_r2(
    report: Report, models: list[PrintedModel], fits: list[Fit], other: list[Fit]
) -> list[Finding]:
    """Tell that the explained variances are not adjusted, when only so the stars agree."""
    plain, adjusted = conflicts(fits, report), conflicts(other, report)
    if plain or not adjusted:
        return []
    return [
        Finding(
            "afgedwongen",
            "De verklaarde variantie is de gewone R², niet de aangepaste",
            "The explained variance is plain R², not adjusted",
            f"Als aangepaste R² gelezen spreken de sterren elkaar tegen: {'; '.join(adjusted)}.",
            f"Read as adjusted R² the stars contradict each other: {'; '.join(adjusted)}.",
            page=", ".join(dict.fromkeys(str(m.page) for m in models)),
            weight=0.9,
        )
    ]


def conflicts(fits: list[Fit], report: Report) -> list[str]:
    """Describe why no numbers of cases fit all cells; an empty list when some do."""
    found = []
    for fit in fits:
        if fit.allowed().any():
            continue
        ends = []
        for place, mask in fit.by_cell.items():
            if mask.any():
                ns = fit.model.ns[mask]
                ends.append((ns.min(), ns.max(), place))
            else:
                found.append(f"{fit.model.name}: {_cell(report, place)} past bij geen enkele n")
        if ends:
            low, high = max(ends), min(ends, key=lambda end: end[1])
            if low[0] > high[1]:
                found.append(
                    f"{fit.model.name}: {_cell(report, low[2])} vraagt n "
                    f"≥ {int(low[0])}, "
                    f"{_cell(report, high[2])} n ≤ {int(high[1])}"
                )
    for small in fits:
        for large in fits:
            if not nested(small.model, large.model):
                continue
            one, two = small.allowed(), large.allowed()
            if one.any() and two.any():
                top, bottom = small.model.ns[one].max(), large.model.ns[two].min()
                if bottom > top:
                    found.append(
                        f"{large.model.name} vraagt n ≥ "
                        f"{int(bottom)}, "
                        f"kolom {small.model.position}, met een deel van dezelfde vragen, n ≤ "
                        f"{int(top)}"
                    )
    return found


def _cell(report: Report, place: Place) -> str:
    return f"{report.cells[place].row_label} {report.cells[place].printed}"


def legends(report: Report, models: list[PrintedModel]) -> list[Finding]:
    """Try every legend of the study and of audit.yaml on all regression tables."""
    legends = {**report.study.tables.significance.legends, **report.facts.legends}
    printed = report.facts.legend_printed
    if not printed or printed not in legends:
        return []
    results = {}
    for name, legend in legends.items():
        setting = tuple(legend.items())
        plain = conflicts(fit_models(models, report, Setting(setting)), report)
        twice = conflicts(fit_models(models, report, Setting(setting, adjusted=True)), report)
        results[name] = (plain, not plain or not twice)
    fitting = [name for name, (_, fits) in results.items() if fits]
    excluded = {name: why for name, (why, fits) in results.items() if not fits}
    if printed not in excluded:
        return []
    labels = report.facts.legend_labels
    levels = describe_legend(legends[printed])
    others_nl = "; ".join(
        f"{labels.get(name, (name, name))[0]}: "
        f"{'past' if name in fitting else 'kan niet (' + excluded[name][0] + ')'}"
        for name in legends
        if name != printed
    )
    others_en = "; ".join(
        f"{labels.get(name, (name, name))[1]}: {'fits' if name in fitting else 'cannot be'}"
        for name in legends
        if name != printed
    )
    return [
        Finding(
            "legenda",
            "De gedrukte legenda van de sterren kan niet kloppen",
            "The printed legend of the stars cannot be right",
            f"Onder de regressietabellen staat {levels}: twee sterren zouden zwakker zijn dan één. "
            "Zo gelezen is er voor "
            "geen enkel aantal mensen een uitkomst met deze sterren: "
            f"{'; '.join(excluded[printed])}. Andere legenda's: {others_nl}. "
            "Waarschijnlijk een drukfout in de legenda, niet in de tabellen.",
            f"Under the regression tables stands {levels}: two stars would be weaker than one. "
            "Read so, no number of people "
            f"gives these stars: {'; '.join(excluded[printed])}. Other legends: {others_en}. "
            "Probably a misprint in the legend, not in the tables.",
            page=report.facts.legend_page,
            cells=tuple(m.r2_place for m in models),
            weight=2.0,
        )
    ]
