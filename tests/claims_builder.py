"""A tiny study of which every claim can be judged by hand, and a wave of it, for the tests.

Three segments are three groups (laag, midden, hoog). Table 1 counts them, table 2 compares groups,
table 3 classes, table 4 has the three regressions of a mediation: a (m on x, z), c (y on x, z) and
d (y on x, z, m).
"""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from builders import as_yaml
from mobiliteit.descriptor_schema import Descriptor
from mobiliteit.ledger import Ledger
from mobiliteit.study import Study, load_study
from mobiliteit.wave import Wave

SOURCE = {"page": 1}
INTERVAL = {"role": "r", "level": "interval", "range": [-100, 200], "source": SOURCE}
YES_NO = {0: {"nl": "nee", "en": "no"}, 1: {"nl": "ja", "en": "yes"}}
SEGMENTS = {"laag": 1, "midden": 2, "hoog": 3}
NUMBERS = ("score", "stil", "leeftijd", "x", "z", "m", "y")


def _variable(name: str, **more: Any) -> dict[str, Any]:
    return {"label_nl": name.capitalize(), "label_en": f"The {name}", **more}


CODEBOOK = {
    "study": {
        "id": "proef",
        "title_nl": "p",
        "title_en": "p",
        "source": "s",
        "source_en": "s",
        "population_nl": "p",
        "population_en": "p",
    },
    "roles": {"r": {"nl": "r", "en": "r"}},
    "missing_reasons": {},
    "scales": {},
    "variables": {
        "status": _variable(
            "status",
            role="r",
            level="nominal",
            values={code: {"nl": f"s{code}", "en": f"s{code}"} for code in (1, 2, 3)},
            source=SOURCE,
        ),
        **{name: _variable(name, **INTERVAL) for name in NUMBERS},
        "vast": _variable("vast", role="r", level="binary", values=YES_NO, source=SOURCE),
        "sekse": _variable("sekse", role="r", level="binary", values=YES_NO, source=SOURCE),
    },
    "derived": {
        "klasse": _variable(
            "klasse",
            role="r",
            kind="classes",
            of=["leeftijd"],
            source=SOURCE,
            classes={
                "jong": {"nl": "Jong", "en": "Young", "from": 0, "to": 30},
                "rijp": {"nl": "Rijp", "en": "Mature", "from": 30, "to": 50},
                "oud": {"nl": "Oud", "en": "Old", "from": 50, "to": 100},
            },
        ),
        "sekseklasse": _variable(
            "sekseklasse",
            role="r",
            kind="recode",
            of=["sekse"],
            source=SOURCE,
            classes={
                "v": {"nl": "Vrouw", "en": "Woman", "from": [0]},
                "w": {"nl": "Man", "en": "Man", "from": [1]},
            },
        ),
    },
}
GROUPS = {
    name: {"nl": name.capitalize(), "en": name, "definition_nl": "d", "definition_en": "d"}
    for name in SEGMENTS
}
RULES = {
    "version": "1",
    "window_months": 12,
    "segment_variable": {"id": "segment", "nl": "Segment", "en": "Segment"},
    "group_variable": {"id": "groep", "nl": "Groep", "en": "Group"},
    "unclassified": {"id": "geen", "nl": "geen", "en": "none"},
    "groups": GROUPS,
    "segments": {
        f"s_{name}": {
            "group": name,
            "nl": f"segment {name}",
            "en": f"segment {name}",
            "when": [{"variable": "status", "is": [code]}],
        }
        for name, code in SEGMENTS.items()
    },
}
SECTION = {"section": "1", "title_nl": "t", "title_en": "t"}
TABLES = {
    "significance": {"default": "s", "legends": {"s": {"*": 0.05}}, "difference": 0.05},
    "tables": {
        "1": {
            **SECTION,
            "kind": "frequency",
            "variable": "segment",
            "columns": {"n": "count", "pct": "percent"},
            "total": True,
        },
        "2": {
            **SECTION,
            "kind": "group_comparison",
            "by": "groep",
            "test": "anova",
            "statistic": "mean",
            "decimals": 1,
            "rows": {
                "score": {},
                "stil": {},
                "vast": {"statistic": "percent", "test": "chi2"},
                "leeftijd": {},
            },
        },
        "3": {
            **SECTION,
            "kind": "class_comparison",
            "factors": {"leeftijd": "klasse", "sekse": "sekseklasse"},
            "test": "anova",
            "columns": {"score": {}, "stil": {}},
        },
        "4": {
            **SECTION,
            "kind": "regression",
            "rows": ["x", "z", "m"],
            "explained_variance": "r2",
            "columns": {
                "a": {"outcome": "m", "predictors": ["x", "z"]},
                "c": {"outcome": "y", "predictors": ["x", "z"]},
                "d": {"outcome": "y", "predictors": ["x", "z", "m"]},
                "e": {"outcome": "m", "predictors": ["z"]},
            },
        },
    },
}
PRINTED = {
    # table 1: 20 + 30 + 50 = 100
    ("1", "s_laag"): {"n": "20", "pct": "20%"},
    ("1", "s_midden"): {"n": "30", "pct": "30%"},
    ("1", "s_hoog"): {"n": "50", "pct": "50%"},
    ("1", "totaal"): {"n": "100", "pct": "100%"},
    # table 2: a difference, none, a tie without a difference, and a row for weighted means
    ("2", "score"): {"laag": "1,0", "midden": "2,0", "hoog": "3,0", "verschil": "Ja"},
    ("2", "stil"): {"laag": "5,0", "midden": "5,1", "hoog": "5,2", "verschil": "Nee"},
    ("2", "vast"): {"laag": "8%", "midden": "8%", "hoog": "6%", "verschil": "Nee"},
    ("2", "leeftijd"): {"laag": "30", "midden": "40", "hoog": "50", "verschil": "Ja"},
    # table 3: the star stands on the first class of a factor
    ("3", "leeftijd_jong"): {"score": "*2,0", "stil": "5,0"},
    ("3", "leeftijd_rijp"): {"score": "1,5", "stil": "5,0"},
    ("3", "leeftijd_oud"): {"score": "3,0", "stil": "5,1"},
    ("3", "sekse_v"): {"score": "*1,0", "stil": "5,0"},
    ("3", "sekse_w"): {"score": "2,0", "stil": "5,2"},
    # table 4: x works by way of m, z does not
    ("4", "x"): {"a": ",30***", "c": ",20**", "d": ",10"},
    ("4", "z"): {"a": ",05", "c": "-,15*", "d": "-,15*", "e": ",00"},
    ("4", "m"): {"d": ",33***"},
    ("4", "r2"): {"a": "9%***", "c": "6%**", "d": "16%***", "e": "0%"},
}


def write_study(folder: Path, claims: list[dict[str, Any]] | None = None) -> Study:
    """Write the tiny study with these claims, and load it."""
    published = folder / "published"
    published.mkdir(parents=True, exist_ok=True)
    for name, content in (("codebook", CODEBOOK), ("segments", RULES), ("tables", TABLES)):
        text = as_yaml(content)
        (folder / f"{name}.yaml").write_text(text, encoding="utf-8")
    with (published / "tables.csv").open("w", encoding="utf-8", newline="") as handle:
        writer = csv.writer(handle)
        writer.writerow(["table", "page", "row", "row_label_nl", "column", "printed"])
        for (table, row), cells in PRINTED.items():
            for column, printed in cells.items():
                writer.writerow([table, 1, row, row, column, printed])
    write_claims_file(folder, claims or [])
    return load_study(folder)


def write_claims_file(folder: Path, claims: list[dict[str, Any]]) -> None:
    """Write the claims of a study."""
    text = as_yaml({"claims": claims})
    (folder / "published" / "claims.yaml").write_text(text, encoding="utf-8")


def claim(statement: dict[str, Any], name: str = "c", **more: Any) -> dict[str, Any]:
    """A claim with this statement."""
    base = {"id": name, "page": 1, "section": "1", "nl": "Iets.", "en": "Something."}
    return {**base, "statement": statement, **more}


def draw(n: int = 300, seed: int = 4) -> pd.DataFrame:
    """Respondents of the tiny study, `n` per group, drawn so that the answers are plain.

    score: 1, 2 and 3 standard deviations in the three groups, and rising with the class of age;
    stil: the same numbers in every group and for both sexes, to the last; vast: 10, 10 and 60%;
    x to m to y: all of x's association with y by way of m; z: nothing to do with anything.
    """
    rng = np.random.default_rng(seed)
    group = np.repeat(list(SEGMENTS), n)
    position = np.repeat([1.0, 2.0, 3.0], n)
    quantiles = np.repeat(np.linspace(-2, 2, n // 2), 2)
    x, z, e = rng.normal(size=(3, 3 * n))
    # exactly uncorrelated with x and with each other
    z = z - np.polyval(np.polyfit(x, z, 1), x)
    m = 0.5 * x + 0.8 * e
    y = 0.5 * m + 0.8 * rng.normal(size=3 * n)
    age = np.tile(np.arange(20, 20 + 60, 60 / n)[:n], 3)
    frame = pd.DataFrame(
        {
            "segment": pd.Categorical([f"s_{g}" for g in group], [f"s_{g}" for g in SEGMENTS]),
            "groep": pd.Categorical(group, list(SEGMENTS)),
            "score": position + age / 30 + rng.normal(scale=0.5, size=3 * n),
            "stil": np.tile(quantiles, 3),
            "vast": np.concatenate([np.arange(n) < share * n for share in (0.1, 0.1, 0.6)]) * 1.0,
            "sekse": np.tile([0.0, 1.0], 3 * n // 2),
            "leeftijd": age,
            "x": x,
            "z": z,
            "m": m,
            "y": y,
        }
    )
    frame["klasse"] = pd.cut(frame["leeftijd"], [0, 30, 50, 100], right=False)
    names = dict(zip(frame["klasse"].cat.categories, ["jong", "rijp", "oud"], strict=True))
    frame["klasse"] = frame["klasse"].cat.rename_categories(names)
    frame["sekseklasse"] = pd.Categorical(np.where(frame["sekse"] == 1, "w", "v"), ["v", "w"])
    return frame


def wave_of(study: Study, frame: pd.DataFrame, *, synthetic: bool = True) -> Wave:
    """A wave with these respondents."""
    descriptor = Descriptor.model_construct(
        wave="proef",
        synthetic=synthetic,
        synthetic_note_nl="Getrokken door de tests.",
        synthetic_note_en="Drawn by the tests.",
    )
    return Wave(descriptor, study, frame, pd.DataFrame(), Ledger("proef"), (), "0" * 64)
