"""Small published reports for the audit's tests: real with an error planted, and simulated.

The simulated reports are computed here from drawn microdata with numpy, scipy and statsmodels
alone, and share no code with the package's tables, so that a sound report is sound for reasons of
its own.
"""

from __future__ import annotations

import csv
import shutil
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import statsmodels.api as sm
import yaml
from scipy import stats

from mobiliteit.study import STUDY_DIR, Study, load_study
from mobiliteit.study_schema import ClassTable, FrequencyTable, GroupTable, RegressionTable

Place = tuple[str, str, str]
PLAIN_FACTS: dict[str, Any] = {
    "response_floor": 0.75,
    "bounds": {"leeftijd": [18, 62]},
    "same_sample": {t: [["model_1", "model_2", "model_3"]] for t in ("3.8", "3.9")},
}
FIELDS = ["table", "page", "row", "row_label_nl", "column", "printed"]


def real_cells() -> list[dict[str, str]]:
    """The published cells as they are."""
    with (STUDY_DIR / "published" / "tables.csv").open(encoding="utf-8", newline="") as handle:
        return list(csv.DictReader(handle))


def write_study(
    folder: Path, cells: list[dict[str, str]], facts: dict[str, Any] | None = None
) -> Study:
    """A copy of the study with other published cells and, unless given, no facts about the text."""
    folder.mkdir(parents=True)
    for name in ("codebook.yaml", "segments.yaml", "tables.yaml"):
        shutil.copy(STUDY_DIR / name, folder / name)
    (folder / "audit.yaml").write_text(yaml.safe_dump(facts or PLAIN_FACTS), encoding="utf-8")
    (folder / "published").mkdir()
    with (folder / "published" / "tables.csv").open("w", encoding="utf-8", newline="") as handle:
        writer = csv.DictWriter(handle, FIELDS, lineterminator="\n")
        writer.writeheader()
        writer.writerows(cells)
    return load_study(folder)


def planted(
    folder: Path,
    tables: list[str],
    changes: dict[Place, str],
    rows: list[str] | None = None,
    facts: dict[str, Any] | None = None,
) -> Study:
    """Some tables (and rows, outside that of segments) of the real report, with changed cells."""
    cells = [
        cell
        for cell in real_cells()
        if cell["table"] == "3.1"
        or (cell["table"] in tables and (rows is None or cell["row"] in rows))
    ]
    left = dict(changes)
    for cell in cells:
        place = (cell["table"], cell["row"], cell["column"])
        cell["printed"] = left.pop(place, cell["printed"])
    assert not left
    return write_study(folder, cells, facts)


# ------------------------------------------------------------------------------------ simulation


def simulate(study: Study, seed: int, spread: float = 0.25) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Microdata of all variables: answers as scored, with nonresponse, and the segments."""
    rng = np.random.default_rng(seed)
    rules = study.segments
    sizes = {name: int(rng.integers(30, 110)) for name in rules.segments}
    sizes |= {"doorstroom_sector": 29, "overwogen": 310, "niet_overwogen": 360}
    segment = np.repeat(list(sizes), list(sizes.values()))
    group = np.array([rules.segments[s].group for s in segment])
    n, common = len(segment), rng.normal(size=len(segment))
    data = pd.DataFrame({rules.segment_variable.id: segment, rules.group_variable.id: group})
    shift = {s: rng.normal(0, spread) for s in sizes}

    def latent(weight: float = 0.5) -> np.ndarray:
        moved = np.array([shift[s] for s in segment]) * rng.choice([-1, 0, 1])
        return weight * common + moved + rng.normal(size=n)

    for name, variable in study.codebook.variables.items():
        if variable.role == "screening" or name in ("branche", "functie"):
            continue
        answers = study.codebook.answers(name)
        base = latent(rng.uniform(-0.6, 0.6))
        if variable.items:
            low, high = min(answers.values), max(answers.values)
            middle = rng.uniform(low + 0.7, high - 0.7)
            items = [
                np.clip(np.round(middle + 0.6 * base + rng.normal(0, 0.7, n)), low, high)
                for _ in variable.items
            ]
            data[name] = np.mean(items, axis=0)
        elif answers.level == "binary":
            share = {"coach_intern_mogelijk": 0.2, "coach_extern_mogelijk": 0.08}.get(
                name, rng.uniform(0.05, 0.4)
            )
            data[name] = (base > stats.norm.isf(share) * base.std() + base.mean()).astype(float)
        elif name == "leeftijd":
            data[name] = np.clip(np.round(34 + 9 * base), 18, 62)
        elif name == "uren":
            data[name] = np.clip(np.round(26 + 8 * base), 1, 60)
        elif name == "diensttijd":
            data[name] = np.clip(np.round(np.exp(1 + 0.6 * base)), 0, 50)
        elif answers.range is not None:
            data[name] = np.round(
                np.where(rng.random(n) < 0.5, 0, rng.exponential(20, n) * np.exp(0.3 * base))
            )
        elif answers.level == "nominal":
            ids = [label.id for label in answers.values.values()]
            data[name] = rng.choice(ids, n, p=rng.dirichlet(np.full(len(ids), 5)))
        else:
            codes = np.array(sorted(answers.values))
            data[name] = np.clip(np.round(codes.mean() + 0.9 * base), codes.min(), codes.max())
    for name, variable in study.codebook.variables.items():
        for parent, codes in variable.asked.items():
            if parent in data and name in data:
                data.loc[~data[parent].isin(codes), name] = np.nan
            elif name in data:
                data.loc[data[rules.group_variable.id] != "mobielen", name] = np.nan
    lost = {
        "inkomen": 0.09,
        "diensttijd": 0.12,
        "leermogelijkheden": 0.01,
        "werkgelegenheid_nu": 0.02,
    }
    for name, share in lost.items():
        data.loc[rng.random(n) < share, name] = np.nan
    for name, derived in study.codebook.derived.items():
        if derived.kind == "mean":
            data[name] = data[derived.of].mean(axis=1)
            continue
        values = pd.Series(np.nan, index=data.index, dtype=object)
        for key, entry in derived.classes.items():
            if derived.kind == "recode":
                inside = data[derived.of[0]].isin(entry.from_)
            else:
                inside = (data[derived.of[0]] >= entry.from_) & (data[derived.of[0]] < entry.to)
            values[inside] = float(entry.code) if entry.code is not None else key
        data[name] = values
    return data, pd.DataFrame({"size": pd.Series(sizes)})


def rounded(value: float, decimals: int) -> str:
    """Half up on the decimal string, with a comma."""
    exact = Decimal(format(value, ".12g")).quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP)
    return str(abs(exact) if exact == 0 else exact).replace(".", ",")


def marks(p: float) -> str:
    """The usual stars."""
    return "***" if p < 0.001 else "**" if p < 0.01 else "*" if p < 0.05 else ""


def publish(study: Study, data: pd.DataFrame) -> list[dict[str, str]]:
    """All tables of the study but that of the branches, printed as the report prints."""
    cells: list[dict[str, str]] = []
    segment, group = study.segments.segment_variable.id, study.segments.group_variable.id

    def put(table: str, row: str, column: str, printed: str) -> None:
        cells.append(dict(zip(FIELDS, (table, "1", row, row, column, printed), strict=True)))

    for number, table in study.tables.tables.items():
        rows = data
        if table.sample:
            rows = data[np.logical_and.reduce([data[k].isin(v) for k, v in table.sample.items()])]
        if isinstance(table, FrequencyTable):
            if table.variable != segment:
                continue
            for name in study.segments.segments:
                put(number, name, "respons", str(int((data[segment] == name).sum())))
            put(number, "totaal", "respons", str(len(data)))
        elif isinstance(table, GroupTable):
            names = [g for g in study.categories(table.by) if (rows[table.by] == g).any()]
            for row, entry in table.rows.items():
                known = rows[[table.by, entry.variable or row]].dropna()
                known.columns = ["by", "y"]
                known["y"] = known["y"].astype(float)
                parts = [known.loc[known["by"] == g, "y"] for g in names]
                percent = (entry.statistic or table.statistic) == "percent"
                decimals = table.decimals if entry.decimals is None else entry.decimals
                if any(len(part) < 2 for part in parts):
                    continue
                for name, part in zip(names, parts, strict=True):
                    text = rounded(float(part.mean()) * (100 if percent else 1), decimals)
                    unit = f" {entry.unit}" if entry.unit else ""
                    put(number, row, name, text + ("%" if percent else unit))
                if (entry.test or table.test) == "chi2":
                    counts = pd.crosstab(known["by"], known["y"])
                    p = stats.chi2_contingency(counts, correction=False).pvalue
                else:
                    p = stats.f_oneway(*parts).pvalue
                put(number, row, "verschil", "Ja" if p < 0.05 else "Nee")
        elif isinstance(table, RegressionTable):
            for column, model in table.columns.items():
                used = rows
                if model.sample:
                    used = data[data[group].isin(model.sample[group])]
                names = model.predictors or table.rows
                known = used[[model.outcome, *names]].astype(float).dropna()
                z = (known - known.mean()) / known.std()
                fit = sm.OLS(z[model.outcome], sm.add_constant(z[names])).fit()
                for name in names:
                    text = rounded(fit.params[name], 2).replace("0,", ",", 1)
                    put(number, name, column, text + marks(fit.pvalues[name]))
                share = rounded(100 * fit.rsquared, 0) + "%" + marks(fit.f_pvalue)
                put(number, table.explained_variance, column, share)
        elif isinstance(table, ClassTable):
            for factor, variable in table.factors.items():
                for column, entry in table.columns.items():
                    known = rows[[variable, entry.variable or column]].dropna()
                    known.columns = ["by", "y"]
                    parts = {
                        c: known.loc[known["by"] == c, "y"].astype(float)
                        for c in study.categories(variable)
                    }
                    if any(len(part) < 2 for part in parts.values()):
                        continue
                    p = stats.f_oneway(*parts.values()).pvalue
                    decimals = table.decimals if entry.decimals is None else entry.decimals
                    for k, (name, part) in enumerate(parts.items()):
                        star = "*" if k == 0 and p < 0.05 else ""
                        put(
                            number,
                            f"{factor}_{name}",
                            column,
                            star + rounded(float(part.mean()), decimals),
                        )
    return cells
