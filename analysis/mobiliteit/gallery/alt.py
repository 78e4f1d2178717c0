"""Alternative texts of the figures: what is to be seen, with its numbers, made from the results."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import pandas as pd

from mobiliteit.gallery.words import WORDS
from mobiliteit.render.figures_items import higher_share, item_labels, lower_share
from mobiliteit.render.figures_trends import followed_label
from mobiliteit.render.numbers import format_number
from mobiliteit.render.tables import TableView
from mobiliteit.render.wording import row_labels
from mobiliteit.tables import DIFFERENCE

SURE = 0.05
CHANGED = ("reversed", "gone", "weaker")


def sentence(kind: str, lang: str, rows: Iterable[str], **facts: Any) -> str:
    """Put the rows of a figure into its sentence."""
    joined = "; ".join(rows).rstrip(".")
    return WORDS[lang][kind].format(rows=joined or WORDS[lang]["none"], **facts)


def profile_text(view: TableView, rows: Sequence[str]) -> str:
    """Name the means of every group on every scale."""
    say, labels = WORDS[view.lang], row_labels(view.result, view.lang, coding=False)
    cells = view.cells[view.cells["row"].isin(rows) & (view.cells["column"] != DIFFERENCE)]
    told = [
        say["row"].format(label=labels[str(row)], cells=_named(own))
        for row, own in cells.groupby("row", sort=False)
    ]
    printed = say["and_printed"] if view.has_published else ""
    return sentence("profile", view.lang, told, k=len(rows), and_printed=printed)


def classes_text(view: TableView, column: str, factors: Sequence[str]) -> str:
    """Name the mean of every class."""
    say, study = WORDS[view.lang], view.result.wave.study
    table = view.result.definition
    told = []
    for factor in factors:
        classed = table.factors[factor]  # type: ignore[union-attr]
        rows = [f"{factor}_{key}" for key in study.categories(classed)]
        own = view.cells[view.cells["row"].isin(rows) & (view.cells["column"] == column)]
        cells = ", ".join(
            f"{label} {text}" for label, text in zip(own["row_label"], own["text"], strict=True)
        )
        told.append(say["row"].format(label=study.label(classed, view.lang), cells=cells))
    return sentence("classes", view.lang, told, outcome=view.columns()[column])


def coefficients_text(view: TableView, inference: Any) -> str:
    """Name every coefficient of every model with its limits."""
    say, labels = WORDS[view.lang], row_labels(view.result, view.lang, coding=False)
    told = []
    for column, model in inference.models.items():
        cells = [
            say["interval"].format(
                label=labels[str(row)],
                **_limits(values["beta"], values["beta_low"], values["beta_high"], 2, view.lang),
            )
            for row, values in model.coefficients.iterrows()
        ]
        told.append(say["model_of"].format(label=view.columns()[column], cells=", ".join(cells)))
    return sentence("coefficients", view.lang, told)


def items_text(answers: Any, lang: str) -> str:
    """Name the share below and above the middle answer of every question."""
    say, codes = WORDS[lang], answers.codes
    labels = item_labels(answers, lang)
    told = [
        say["item"].format(
            label=labels[str(item)].rstrip("."),
            low=format_number(100 * lower_share(row, codes), 0, lang=lang),
            high=format_number(100 * higher_share(row, codes), 0, lang=lang),
            lowest=say["lowest"],
            highest=say["highest"],
            n=row["n"],
        )
        for item, row in zip(answers.shares.index, answers.shares.to_dict("records"), strict=True)
        if row["n"]
    ]
    return sentence("items", lang, told)


def model_text(estimated: Any, lang: str) -> str:
    """Name the paths that are not chance, and those from the behaviour to the outcome."""
    say, study = WORDS[lang], estimated.wave.study
    model, paths = estimated.model, estimated.paths
    sure = paths[(paths["p"] < SURE) & (paths["path"] != "behaviour")]
    told = [
        say["path"].format(
            source=study.label(path["source"], lang),
            target=study.label(path["target"], lang),
            value=format_number(path["beta"], 2, lang=lang),
        )
        for path in sure.to_dict("records")
    ]
    last = paths[paths["path"] == "behaviour"]["beta"]
    return sentence(
        "model", lang, told,
        mediator=study.label(model.behaviour.variable, lang),
        outcome=study.label(model.outcome.variable, lang),
        last=", ".join(format_number(value, 2, lang=lang) for value in last),
    )  # fmt: skip


def flow_text(flow: Any, lang: str, few: int) -> str:
    """Name every way that is drawn."""
    say, stages = WORDS[lang], range(len(flow.stages))
    told = [
        say["way"].format(
            places=" – ".join(getattr(flow.stages[k][way[k]], lang) for k in stages), n=way["n"]
        )
        for way in flow.ways.to_dict("records")
    ]
    small = say["flow_small"].format(few=few) if flow.left_out else ""
    return sentence("flow", lang, told, n=flow.drawn) + small


def mediation_text(results: Sequence[Any], lang: str) -> str:
    """Name every indirect association with its limits."""
    say, study = WORDS[lang], results[0].wave.study
    mediator = results[0].definition.columns[results[0].mediator_column].outcome
    stem, told = "indirect_standardized", []
    for result in results:
        if result.mediation is None:
            continue
        for factor, row in result.mediation.indirect.iterrows():
            numbers = (row[stem], row[f"{stem}_bca_low"], row[f"{stem}_bca_high"])
            label = study.label(str(factor), lang)
            told.append(say["interval"].format(label=label, **_limits(*numbers, 3, lang)))
    return sentence("mediation", lang, told, mediator=study.label(mediator, lang))


def verdicts_text(kind: str, counts: Mapping[str, int], lang: str) -> str:
    """Count the cells by verdict."""
    say = WORDS[lang]
    told = [say["count"].format(label=label, n=n) for label, n in counts.items()]
    return sentence(kind, lang, told, n=sum(counts.values()))


def moves_text(report: Any, lang: str) -> str:
    """Name the share of every move from group to group."""
    say, found = WORDS[lang], report.transitions
    labels = {k: v[lang == "en"] for k, v in report.panel.study.categories(found.by).items()}
    texts = []
    for step in found.steps:
        told = [
            say["move"].format(
                source=labels[cell["from"]],
                target=labels[cell["to"]],
                value=format_number(100 * cell["share"], 0, lang=lang),
            )
            for cell in step.cells.to_dict("records")
            if cell["n"]
        ]
        facts = {"first": step.first, "second": step.second, "n": step.n}
        texts.append(sentence("moves", lang, told, **facts))
    return " ".join(texts)


def change_text(report: Any, lang: str) -> str:
    """Name the change of every variable within people."""
    say, study, texts = WORDS[lang], report.panel.study, []
    for (first, second), table in report.change.table.groupby(["first", "second"], sort=False):
        told = [
            say["changed"].format(
                label=study.label(row["variable"], lang),
                **_limits(row["d_z"], row["d_z_low"], row["d_z_high"], 2, lang),
            )
            for row in table.to_dict("records")
            if math.isfinite(row["d_z"])
        ]
        texts.append(sentence("change", lang, told, first=first, second=second))
    return " ".join(texts)


def trends_text(trends: Any, wave: str, lang: str) -> str:
    """Name the change of every share, in points, and scale, in standard deviations."""
    say, study = WORDS[lang], trends.waves[0].study
    told = []
    for row in trends.parts[trends.parts["wave"] == wave].to_dict("records"):
        value, low, high = (row[f"change{end}"] / row["unit"] for end in ("", "_low", "_high"))
        decimals = 1 if row["statistic"] == "percent" else 2
        label = followed_label(study, row, lang)
        limits = _limits(value, low, high, decimals, lang)
        told.append(say["changed"].format(label=label, **limits))
    return sentence("trends", lang, told, first=trends.waves[0].id, second=wave)


def words_text(result: Any, lang: str) -> str:
    """Count the findings by their word."""
    say, words = WORDS[lang], result.rule.words
    counts = result.frame["word"].value_counts()
    told = [
        say["count"].format(label=getattr(words[word], lang), n=int(counts.get(word, 0)))
        for word in words
    ]
    return sentence("words", lang, told, wave=result.wave.id)


def side_text(result: Any, frame: pd.DataFrame, lang: str) -> str:
    """Count the points, and name those that no longer hold."""
    say, words = WORDS[lang], result.rule.words
    counts = frame["word"].value_counts()
    told = [
        say["count"].format(label=getattr(words[word], lang), n=int(counts[word]))
        for word in words
        if counts.get(word, 0)
    ]
    changed = frame[frame["word"].isin(CHANGED)]
    names = [
        f"{place} {label}"
        for place, label in zip(changed["place"], changed[f"label_{lang}"], strict=True)
    ]
    if names:
        told.append(say["changed_ones"].format(names=", ".join(names)))
    return sentence("side", lang, told, n=len(frame), wave=result.wave.id)


def _named(cells: pd.DataFrame) -> str:
    return ", ".join(
        f"{label} {text}" for label, text in zip(cells["column_label"], cells["text"], strict=True)
    )


def _limits(value: float, low: float, high: float, decimals: int, lang: str) -> dict[str, str]:
    numbers = {"value": value, "low": low, "high": high}
    return {name: format_number(number, decimals, lang=lang) for name, number in numbers.items()}
