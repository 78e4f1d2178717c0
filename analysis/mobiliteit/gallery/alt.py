"""What is to be seen in the figures, with its numbers, made from the results."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from mobiliteit.gallery.told import LONGEST, Row, Told, sureness, tell
from mobiliteit.gallery.words import WORDS
from mobiliteit.render.figures_items import higher_share, item_labels, lower_share
from mobiliteit.render.figures_trends import followed_label
from mobiliteit.render.numbers import format_number
from mobiliteit.render.tables import TableView
from mobiliteit.render.wording import row_labels
from mobiliteit.tables import DIFFERENCE

SURE = 0.05
CHANGED = ("reversed", "gone", "weaker")


def profile_text(view: TableView, rows: Sequence[str]) -> Told:
    """Name the means of every group on every scale; far apart stands out."""
    say, labels = WORDS[view.lang], row_labels(view.result, view.lang, coding=False)
    cells = view.cells[view.cells["row"].isin(rows) & (view.cells["column"] != DIFFERENCE)]
    told = [
        Row(say["row"].format(label=labels[str(row)], cells=_named(own)), _range(own))
        for row, own in cells.groupby("row", sort=False)
    ]
    printed = say["and_printed"] if view.has_published else ""
    return tell("profile", view.lang, told, k=len(rows), and_printed=printed)


def classes_text(view: TableView, column: str, factors: Sequence[str]) -> Told:
    """Name the mean of every class; far apart stands out."""
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
        text = say["row"].format(label=study.label(classed, view.lang), cells=cells)
        told.append(Row(text, _range(own)))
    return tell("classes", view.lang, told, outcome=view.columns()[column])


def coefficients_text(view: TableView, inference: Any) -> Told:
    """Name every coefficient of every model with its limits; sure ones stand out."""
    say, labels = WORDS[view.lang], row_labels(view.result, view.lang, coding=False)
    told = []
    for column, model in inference.models.items():
        for row, values in model.coefficients.iterrows():
            numbers = (values["beta"], values["beta_low"], values["beta_high"])
            limits = _limits(*numbers, 2, view.lang)
            cell = say["interval"].format(label=labels[str(row)], **limits)
            if len(inference.models) > 1:
                cell = say["model_of"].format(model=view.columns()[column], cell=cell)
            told.append(Row(cell, sureness(*numbers)))
    return tell("coefficients", view.lang, told)


def items_text(answers: Any, lang: str) -> Told:
    """Name the share below and above the middle answer of every question; lopsided stands out."""
    say, codes = WORDS[lang], answers.codes
    labels = item_labels(answers, lang)
    told = []
    for item, row in zip(answers.shares.index, answers.shares.to_dict("records"), strict=True):
        if not row["n"]:
            continue
        lower, higher = 100 * lower_share(row, codes), 100 * higher_share(row, codes)
        text = say["item"].format(
            label=labels[str(item)].rstrip("."),
            low=format_number(lower, 0, lang=lang),
            high=format_number(higher, 0, lang=lang),
            lowest=say["lowest"],
            highest=say["highest"],
            n=row["n"],
        )
        told.append(Row(text, abs(higher - lower)))
    return tell("items", lang, told)


def model_text(estimated: Any, lang: str) -> Told:
    """Name the paths that are not chance, and those from the behaviour to the outcome."""
    say, study = WORDS[lang], estimated.wave.study
    model, paths = estimated.model, estimated.paths
    sure = paths[(paths["p"] < SURE) & (paths["path"] != "behaviour")]
    told = [
        Row(
            say["path"].format(
                source=study.label(path["source"], lang),
                target=study.label(path["target"], lang),
                value=format_number(path["beta"], 2, lang=lang),
            ),
            abs(path["beta"]),
        )
        for path in sure.to_dict("records")
    ]
    last = paths[paths["path"] == "behaviour"]["beta"]
    return tell(
        "model", lang, told,
        mediator=study.label(model.behaviour.variable, lang),
        outcome=study.label(model.outcome.variable, lang),
        last=", ".join(format_number(value, 2, lang=lang) for value in last),
    )  # fmt: skip


def flow_text(flow: Any, lang: str, few: int) -> Told:
    """Name every way that is drawn; wide ones stand out."""
    say, stages = WORDS[lang], range(len(flow.stages))
    told = [
        Row(
            say["way"].format(
                places=" – ".join(getattr(flow.stages[k][way[k]], lang) for k in stages),
                n=way["n"],
            ),
            way["n"],
        )
        for way in flow.ways.to_dict("records")
    ]
    small = say["flow_small"].format(few=few) if flow.left_out else ""
    return tell("flow", lang, told, tail=small, n=flow.drawn)


def mediation_text(results: Sequence[Any], lang: str) -> Told:
    """Name every indirect association with its limits; sure ones stand out."""
    say, study = WORDS[lang], results[0].wave.study
    mediator = results[0].definition.columns[results[0].mediator_column].outcome
    stem, told = "indirect_standardized", []
    for result in results:
        if result.mediation is None:
            continue
        for factor, row in result.mediation.indirect.iterrows():
            numbers = (row[stem], row[f"{stem}_bca_low"], row[f"{stem}_bca_high"])
            label = study.label(str(factor), lang)
            text = say["interval"].format(label=label, **_limits(*numbers, 3, lang))
            told.append(Row(text, sureness(*numbers)))
    return tell("mediation", lang, told, mediator=study.label(mediator, lang))


def verdicts_text(kind: str, counts: Mapping[str, int], lang: str) -> Told:
    """Count the cells by verdict."""
    say = WORDS[lang]
    told = [Row(say["count"].format(label=label, n=n), n) for label, n in counts.items()]
    return tell(kind, lang, told, n=sum(counts.values()))


def moves_text(report: Any, lang: str) -> Told:
    """Name the share of every move from group to group that may be shown."""
    say, found = WORDS[lang], report.transitions
    labels = {k: v[lang == "en"] for k, v in report.panel.study.categories(found.by).items()}
    texts = []
    for step in found.steps:
        told = [
            Row(
                say["move"].format(
                    source=labels[cell["from"]],
                    target=labels[cell["to"]],
                    value=format_number(100 * cell["share"], 0, lang=lang),
                ),
                cell["share"],
            )
            for cell in step.cells.to_dict("records")
            if cell["n"] and not cell["hidden"]
        ]
        facts = {"first": step.first, "second": step.second, "n": step.n}
        hidden = int(step.cells["hidden"].sum())
        tail = say["moves_hidden"].format(k=hidden) if hidden else ""
        room = LONGEST // len(found.steps)
        texts.append(tell("moves", lang, told, room=room, tail=tail, **facts))
    return _together(texts)


def change_text(report: Any, lang: str) -> Told:
    """Name the change of every variable within people; sure ones stand out."""
    say, study, texts = WORDS[lang], report.panel.study, []
    steps = list(report.change.table.groupby(["first", "second"], sort=False))
    for (first, second), table in steps:
        told = []
        for row in table.to_dict("records"):
            numbers = (row["d_z"], row["d_z_low"], row["d_z_high"])
            if math.isfinite(row["d_z"]):
                label = study.label(row["variable"], lang)
                text = say["changed"].format(label=label, **_limits(*numbers, 2, lang))
                told.append(Row(text, sureness(*numbers)))
        room = LONGEST // len(steps)
        texts.append(tell("change", lang, told, room=room, first=first, second=second))
    return _together(texts)


def trends_text(trends: Any, wave: str, lang: str) -> Told:
    """Name the change of every share, in points, and scale, in standard deviations."""
    say, study = WORDS[lang], trends.waves[0].study
    told = []
    for row in trends.parts[trends.parts["wave"] == wave].to_dict("records"):
        value, low, high = (row[f"change{end}"] / row["unit"] for end in ("", "_low", "_high"))
        decimals = 1 if row["statistic"] == "percent" else 2
        label = followed_label(study, row, lang)
        limits = _limits(value, low, high, decimals, lang)
        told.append(Row(say["changed"].format(label=label, **limits), sureness(value, low, high)))
    return tell("trends", lang, told, first=trends.waves[0].id, second=wave)


def words_text(result: Any, lang: str) -> Told:
    """Count the findings by their word."""
    say, words = WORDS[lang], result.rule.words
    counts = result.frame["word"].value_counts()
    told = [
        Row(say["count"].format(label=getattr(words[word], lang), n=int(counts.get(word, 0))))
        for word in words
    ]
    return tell("words", lang, told, wave=result.wave.id)


def side_text(result: Any, frame: pd.DataFrame, lang: str) -> Told:
    """Count the points, and name those that no longer hold."""
    say, words = WORDS[lang], result.rule.words
    counts = frame["word"].value_counts()
    told = [
        Row(say["count"].format(label=getattr(words[word], lang), n=int(counts[word])), math.inf)
        for word in words
        if counts.get(word, 0)
    ]
    changed = frame[frame["word"].isin(CHANGED)]
    for place, label in zip(changed["place"], changed[f"label_{lang}"], strict=True):
        told.append(Row(say["changed_one"].format(name=f"{place} {label}")))
    return tell("side", lang, told, n=len(frame), wave=result.wave.id)


def _together(texts: Sequence[Told]) -> Told:
    details = tuple(row for told in texts for row in told.details)
    return Told(" ".join(told.alt for told in texts), details)


def _named(cells: pd.DataFrame) -> str:
    return ", ".join(
        f"{label} {text}" for label, text in zip(cells["column_label"], cells["text"], strict=True)
    )


def _range(cells: pd.DataFrame) -> float:
    return float(cells["value"].max() - cells["value"].min())


def _limits(value: float, low: float, high: float, decimals: int, lang: str) -> dict[str, str]:
    numbers = {"value": value, "low": low, "high": high}
    return {name: format_number(number, decimals, lang=lang) for name, number in numbers.items()}
