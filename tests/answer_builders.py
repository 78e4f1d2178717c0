"""Answers made by hand: every form of question with its pictures, none from a wave."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd

from mobiliteit.asking.answer import Answer, Check, Estimate, LeftOut, Note, Picture
from mobiliteit.asking.question import Question, Restriction
from mobiliteit.claims.terms import Text
from mobiliteit.results import tidy_frame

NONE = math.nan


def both(nl: str, en: str | None = None) -> Text:
    return Text(nl=nl, en=nl if en is None else en)


NAMES = {
    "netwerken": both("Netwerken", "Networking"),
    "orienteren": both("Oriënteren", "Orienting"),
    "tevredenheid": both("Tevredenheid", "Satisfaction"),
    "succes": both("Succesvolle stap", "Successful step"),
    "leeftijd": both("Leeftijd", "Age"),
    "uren": both("Werkuren", "Hours"),
    "geslacht": both("Geslacht", "Sex"),
    "geslacht=vrouw": both("vrouw", "woman"),
    "geslacht=man": both("man"),
    "groep": both("Groep", "Group"),
    "groep=mobielen": both("Mobielen", "Movers"),
    "groep=blijvers": both("Blijvers", "Stayers"),
    "pop": both("Heeft een POP", "Has a POP"),
}
PHRASES = {
    "netwerken": both("netwerken", "networking"),
    "orienteren": both("oriënteren", "orienting"),
    "tevredenheid": both("de tevredenheid", "satisfaction"),
    "succes": both("een succesvolle stap", "a successful step"),
    "leeftijd": both("leeftijd", "age"),
    "uren": both("het aantal werkuren", "the number of hours"),
    "geslacht": both("geslacht", "sex"),
    "groep": both("groep", "group"),
    "pop": both("het hebben van een POP", "having a POP"),
}
KINDS = {"geslacht": "two", "pop": "two", "groep": "many", "succes": "two"}
WHO = (Restriction("groep", ("mobielen",)),)
NO_TABLE = tidy_frame([], analysis="question")
COHEN = both("Cohen (1988)")


def estimate(
    id: str, measure: str, value: float, low: float = NONE, high: float = NONE, **rest: Any
) -> Estimate:
    given: dict[str, Any] = {
        "label": NAMES.get(id, both(id)),
        "p": 0.004,
        "n": 530,
        "method": both("regressie", "regression"),
    }
    return Estimate(id=id, measure=measure, value=value, low=low, high=high, **(given | rest))  # type: ignore[arg-type]


def answer(question: Question, *estimates: Estimate, **rest: Any) -> Answer:
    given: dict[str, Any] = {
        "wave": "2006",
        "sha256": "ab" * 32,
        "verdict": "clear",
        "method": both("gewone kleinste kwadraten", "ordinary least squares"),
        "why": both(
            "De uitkomst is een getal, en wat ermee samenhangt ook.",
            "The outcome is a number, and so is what goes with it.",
        ),
        "mark": both("", ""),
        "estimates": estimates,
        "n": 530,
        "names": NAMES,
        "kinds": KINDS,
        "phrases": PHRASES,
        "people": both("mobielen", "movers") if question.who else both("", ""),
        "p": estimates[0].p if estimates else NONE,
        "convention": COHEN,
        "table": NO_TABLE,
    }
    return Answer(question=question, **(given | rest))


EFFECT = Question("effect", "tevredenheid", ("netwerken",))
HELD = Question("effect", "tevredenheid", ("netwerken",), who=WHO, controls=("leeftijd", "uren"))
CHANCE = Question("effect", "succes", ("netwerken",))
DIFFERENCE = Question("difference", "tevredenheid", by="groep")
SHARE = Question("difference", "pop", by="geslacht")
VIA = Question("mediation", "tevredenheid", ("orienteren",), by="netwerken")
FOR = Question("moderation", "tevredenheid", ("netwerken",), by="geslacht")
SINCE = Question("change", "tevredenheid", since="2006")
TREND = Question("change", "tevredenheid", ("netwerken",), since="2006")


def scatter(unit: str = "") -> Picture:
    draw = np.random.default_rng(1)
    x = draw.normal(3, 0.8, 500)
    y = 1.2 + 0.5 * x + draw.normal(0, 0.7, 500)
    grid = np.linspace(x.min(), x.max(), 30)
    line = 1.2 + 0.5 * grid
    if unit == "%":
        y, line = (y > 3).astype(float) + draw.uniform(-0.03, 0.03, 500), 0.15 * grid + 0.1
    half = 0.05 + 0.05 * abs(grid - 3)
    frame = pd.DataFrame({"x": grid, "y": line, "low": line - half, "high": line + half})
    labels = {"x": NAMES["netwerken"], "y": NAMES["tevredenheid"]}
    return Picture(
        "scatter",
        {"points": pd.DataFrame({"x": x, "y": y}), "line": frame},
        labels | ({"unit": both(unit)} if unit else {}),
    )


def group_means(labels: list[str], unit: str = "", *, points: bool = True) -> Picture:
    draw = np.random.default_rng(2)
    value = np.linspace(0.3, 0.6, len(labels)) if unit == "%" else np.linspace(3, 3.6, len(labels))
    groups = pd.DataFrame(
        {
            "id": [f"g{k}" for k in range(len(labels))],
            "label_nl": labels,
            "label_en": labels,
            "value": value,
            "low": value - 0.08,
            "high": value + 0.08,
            "n": [120] * len(labels),
        }
    )
    frames = {"groups": groups}
    if points:
        frames["points"] = pd.DataFrame(
            {
                "group": np.repeat(groups["id"].to_numpy(), 60),
                "offset": draw.uniform(-1, 1, 60 * len(labels)),
                "y": np.clip(np.repeat(value, 60) + draw.normal(0, 0.6, 60 * len(labels)), 1, 5),
            }
        )
    picture_labels = {"x": NAMES["groep"], "y": NAMES["tevredenheid"]}
    return Picture("groups", frames, picture_labels | ({"unit": both(unit)} if unit else {}))


def shares(groups: list[str], categories: list[str]) -> Picture:
    rows = []
    for i, group in enumerate(groups):
        weights = np.arange(1, len(categories) + 1) + i
        rows += [
            {
                "group": f"g{i}",
                "group_nl": group,
                "group_en": group,
                "category": f"c{k}",
                "category_nl": category,
                "category_en": category,
                "share": weights[k] / weights.sum(),
                "n": 80 + i,
            }
            for k, category in enumerate(categories)
        ]
    labels = {"x": NAMES["groep"], "y": NAMES["pop"], "unit": both("%")}
    return Picture("shares", {"shares": pd.DataFrame(rows)}, labels)


def slopes(levels: list[str]) -> Picture:
    parts = []
    for k, level in enumerate(levels):
        x = np.linspace(1, 5, 20)
        y = 2 + (0.2 + 0.25 * k) * (x - 3) + 0.8
        parts.append(
            pd.DataFrame(
                {
                    "level": f"l{k}",
                    "level_nl": level,
                    "level_en": level,
                    "x": x,
                    "y": y,
                    "low": y - 0.15,
                    "high": y + 0.15,
                }
            )
        )
    labels = {"x": NAMES["netwerken"], "y": NAMES["tevredenheid"]}
    return Picture("slopes", {"lines": pd.concat(parts, ignore_index=True)}, labels)


def paths(predictors: list[str], *, direct_p: float = 0.3, direct: float = 0.04) -> Picture:
    def row(path: str, source: str, target: str, value: float, p: float) -> dict[str, Any]:
        limits = {"low": value - 0.08, "high": value + 0.08}
        return {"path": path, "source": source, "target": target, "value": value, "p": p, **limits}

    rows = [row("a", name, "netwerken", 0.4, 0.0001) for name in predictors]
    rows += [row("b", "netwerken", "tevredenheid", 0.2, 0.0001)]
    rows += [row("direct", name, "tevredenheid", direct, direct_p) for name in predictors]
    names = [*predictors, "netwerken", "tevredenheid"]
    return Picture(
        "paths",
        {"paths": pd.DataFrame(rows)},
        {name: NAMES.get(name, both(name)) for name in names},
    )


def coefficients(labels: list[str]) -> Picture:
    value = np.linspace(-0.1, 0.4, len(labels))
    frame = pd.DataFrame(
        {
            "id": labels,
            "label_nl": labels,
            "label_en": labels,
            "value": value,
            "low": value - 0.07,
            "high": value + 0.07,
        }
    )
    return Picture("coefficients", {"coefficients": frame}, {"x": both("bèta", "beta")})


def full(synthetic: bool = True) -> Answer:
    """An answer with everything that an answer can have."""
    main = estimate("netwerken", "beta", 0.314, 0.252, 0.376)
    mark = both(
        "SYNTHETISCHE DATA: getrokken, niet verzameld.", "SYNTHETIC DATA: drawn, not collected."
    )
    notes = [
        Note("cross_section", both("Alles is op één moment gevraagd.", "All at one moment.")),
        Note("synthetic", both("Deze golf is synthetisch.", "This wave is synthetic.")),
    ]
    return answer(
        HELD,
        main,
        estimate("netwerken", "b", 0.402, 0.31, 0.49),
        size="medium",
        robust=(replace(main, low=0.24, high=0.39, method=both("HC3")),),
        table=tidy_frame(
            [
                {"row": name, "column": "tevredenheid", "statistic": "beta", "value": value, "p": p}
                for name, value, p in (("netwerken", 0.314, 0.00002), ("leeftijd", -0.05, 0.2))
            ],
            analysis="question",
            wave="2006",
        ),
        left_out=(
            LeftOut(both("geen antwoord op Netwerken", "no answer on Networking"), 12),
            LeftOut(both("geen antwoord op Werkuren", "no answer on Hours"), None),
        ),
        checks=(
            Check("linear", "fine", 0.8, 0.45, both("Het verband lijkt recht.", "Straight.")),
            Check("equal_spread", "watch", 12.0, 0.002, both("De spreiding verschilt.", "Uneven.")),
            Check("influence", "broken", 1.4, NONE, both("Enkele mensen tellen zwaar.", "A few.")),
        ),
        cautions=tuple(notes if synthetic else notes[:1]),
        published=(
            Note("3.7", both("Tabel 3.7: bèta 0,31*** (p. 33).", "Table 3.7: beta .31***.")),
        ),
        mark=mark if synthetic else both("", ""),
        picture=scatter(),
    )
