"""Recompute every published number from the raw file of the bundled wave, without the package.

This script is the second opinion on the bundled wave. It reads the SPSS file, its sidecar, the
codebook and the segment rules, and works out the 479 cells of tables 3.1-3.11 by its own short
route: sums of squares, contingency tables and least squares in numpy, p values from scipy. What
belongs to which table is written down below, from the report. It imports nothing of `mobiliteit`.

Run ``python tests/verify_bundled_wave.py``: a summary per table, every number that disagrees, and
exit code 0 when all of them agree, 1 otherwise. A folder as argument checks the wave in there.
"""

import hashlib
import math
import sys
from collections.abc import Callable, Iterator
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pandas as pd
import pyreadstat
import yaml
from scipy import stats

ROOT = Path(__file__).resolve().parents[1]
STUDY = ROOT / "analysis" / "mobiliteit" / "study"
WAVE = ROOT / "data_raw" / "2006"
CODEBOOK = yaml.safe_load((STUDY / "codebook.yaml").read_text(encoding="utf-8"))
RULES = yaml.safe_load((STUDY / "segments.yaml").read_text(encoding="utf-8"))["segments"]

# What the report prints where. `classes`: from the first answer up to, not including, the second.
REPORT = yaml.safe_load("""
cells: {'3.1': 9, '3.2': 22, '3.3': 112, '3.4': 32, '3.5': 28, '3.6': 28, '3.7': 24, '3.8': 44,
  '3.9': 36, '3.10': 72, '3.11': 72}
groups: [blijvers, overwegers, mobielen]
steps: [instroom, doorstroom_sector, doorstroom_branche, uitstroom, functie_branche,
  functie_instelling]
branches: {1: verpleeg_verzorgingshuizen, 2: welzijn_maatschappelijke_dienstverlening,
  3: jeugdzorg, 4: kinderopvang, 5: ggz, 6: ziekenhuizen, 7: ambulancevervoer,
  8: gehandicaptenzorg, 9: thuiszorg, 10: andere_branche}
'3.3': [inkomen, loopbaantevredenheid, orienteren, netwerken, sollicitaties, opleiding_huidig,
  opleiding_aangrenzend, opleiding_nieuw, opleiding_persoonlijk, effectiviteit,
  gezondheidsbelemmeringen, privebelemmeringen, employability, willen, moeten, sociale_norm,
  mobiliteitsgerichte_organisatie, leermogelijkheden, uitdagende_taken, freq_functionering,
  nut_functionering, freq_loopbaangesprek, nut_loopbaangesprek, nut_pop, coach_intern_nut,
  coach_extern_nut, werkgelegenheid_nu, werkgelegenheid_jaar_geleden]
'3.4': [pop, coach_intern_mogelijk, coach_intern_gebruikt, coach_extern_mogelijk,
  coach_extern_gebruikt, ondersteuning_buiten, coach_buiten, mobiliteitscentrum]
'3.6': [loopbaantevredenheid, inkomen, loopbaanstap_succes, sollicitaties]
'3.7': [orienteren, netwerken, sollicitaties, opleiding_huidig, opleiding_aangrenzend,
  opleiding_nieuw, opleiding_persoonlijk]
'3.8': [mobiliteitsgerichte_organisatie, dialoog, pop, coach_intern_mogelijk,
  coach_extern_mogelijk, ondersteuning_buiten, coach_buiten, mobiliteitscentrum]
'3.9': [effectiviteit, gezondheidsbelemmeringen, privebelemmeringen, willen, moeten, sociale_norm]
controls: [geslacht, leeftijd, opleidingsniveau, zorgtaken, uren, diensttijd]
'3.10': [loopbaantevredenheid, loopbaanstap_succes, netwerken, opleiding_huidig]
'3.11': [mobiliteitsgerichte_organisatie, effectiviteit, willen, moeten]
classes:
  geslacht: {vrouw: [0, 1], man: [1, 2]}
  opleidingsniveau: {lager: [1, 3], middelbaar: [3, 6], hoger: [6, 8]}
  leeftijd: {'15_24': [15, 25], '25_34': [25, 35], '35_44': [35, 45], '45_54': [45, 55],
    '55_64': [55, 65]}
  zorgtaken: {geen: [0, 1], wel: [1, 2]}
  uren: {minder_dan_12: [0, 12], '12_19': [12, 20], '20_34': [20, 35], 35_of_meer: [35, .inf]}
  dienstverband: {tijdelijk: [3, 5], vast: [1, 3]}
""")
Cell = tuple[str, str, str, str]  # table, row, column, as printed
CELLS, GROUPS, STEPS = REPORT["cells"], REPORT["groups"], REPORT["steps"]
EXPLAINED = "verklaarde_variantie"


class Check(NamedTuple):
    """A published number beside the one computed here: they agree when the strings are equal."""

    part: str
    what: str
    published: str
    computed: str


# ------------------------------------------------------------------ from raw file to sample
def read_wave(folder: Path) -> tuple[pd.DataFrame, dict]:
    """Return the raw rows of a wave, user-missing codes and all, and its sidecar."""
    sidecar = yaml.safe_load((folder / "wave.yaml").read_text(encoding="utf-8"))
    raw, _ = pyreadstat.read_sav(folder / sidecar["file"]["name"], user_missing=True)
    return raw, sidecar


def answers_of(raw: pd.DataFrame, sidecar: dict) -> pd.DataFrame:
    """Return the answers, one row per kept record, under the names and codes of the codebook."""
    rows = raw
    for rule in sidecar["exclude"]:
        rows = rows[~rows[rule["column"]].isin(rule["is"])]
    if sidecar["identical_rows"]["action"] == "drop":
        rows = rows.drop_duplicates()
    rows = rows.set_index(sidecar["respondent"]["column"])
    for fix in sidecar["corrections"]:
        to = np.nan if fix["to"] is None else fix["to"]
        rows.loc[rows.index == fix["respondent"], fix["column"]] = to
    named = {}
    for source, target in sidecar["columns"].items():
        spec = target if isinstance(target, dict) else {"variable": target}
        codes = spec.get("recode", {})
        named[spec["variable"]] = rows[source].map(lambda x, codes=codes: codes.get(x, x))
    return pd.DataFrame(named)


def questions() -> dict[str, dict]:
    """Return one entry per question: a variable inherits from its scale, an item from both."""
    found = {}
    for name, entry in CODEBOOK["variables"].items():
        full = {**CODEBOOK["scales"].get(entry.get("scale"), {}), **entry}
        for item, own in entry.get("items", {name: {}}).items():
            found[item] = {**full, "reversed": own.get("reversed", False)}
    return found


def score(items: pd.DataFrame, least: float = 0.5) -> pd.Series:
    """Return the mean of the answered items where at least a share `least` was answered."""
    return items.mean(axis=1).where(items.notna().mean(axis=1) >= least)


def variables(answers: pd.DataFrame) -> pd.DataFrame:
    """Apply missing codes and skip rules, reverse what is reversed, build the scale scores."""
    clean: dict[str, pd.Series] = {}  # in the codebook's order: a gate stands above what it opens
    for name, entry in questions().items():
        clean[name] = answers[name].mask(answers[name].isin(list(entry["missing"])))
        for gate, asked in entry.get("asked", {}).items():
            clean[name] = clean[name].where(clean[gate].isin(asked))
        if entry["reversed"]:
            clean[name] = min(entry["values"]) + max(entry["values"]) - clean[name]
    frame = pd.DataFrame(clean)
    for name, entry in CODEBOOK["variables"].items():
        if "items" in entry:
            frame[name] = score(frame[list(entry["items"])], entry["min_answered"])
    return frame.assign(dialoog=score(frame[["nut_functionering", "nut_loopbaangesprek"]]))


def sample_of(raw: pd.DataFrame, sidecar: dict) -> pd.DataFrame:
    """Return the variables, segment and group of those who fit exactly one segment."""
    frame = variables(answers_of(raw, sidecar))

    def fits(condition: dict) -> pd.Series:
        if "variable" in condition:
            return frame[condition["variable"]].isin(condition["is"])
        kind, (left, right) = next(iter(condition.items()))
        known, equal = frame[[left, right]].notna().all(axis=1), frame[left] == frame[right]
        return known & {"same": equal, "different": ~equal}[kind]

    met = {name: sum(map(fits, rule["when"])) for name, rule in RULES.items()}
    hits = pd.DataFrame({name: met[name] == len(RULES[name]["when"]) for name in RULES})
    one = hits.sum(axis=1) == 1
    segment = hits[one].idxmax(axis=1)
    return frame[one].assign(segment=segment, group=[RULES[name]["group"] for name in segment])


# ------------------------------------------------------------------ printing as the report does
def number(value: float, decimals: int) -> str:
    """Return a number with a decimal comma, rounded half up; ``?`` when there is none."""
    if not math.isfinite(value):
        return "?"
    rounded = Decimal(f"{value:.10f}").quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP)
    return str(rounded).replace(".", ",")


def mean_of(row: str) -> Callable[[float], str]:
    """Return how a mean is printed: training days whole, scales with two decimals."""
    return lambda value: number(value, 0 if row.startswith("opleiding_") else 2)


def percent(share: float, decimals: int = 0) -> str:
    """Return a share as a percentage."""
    return number(100 * share, decimals) + "%"


def stars(p: float) -> str:
    """Return a star for each of the levels .05, .01 and .001 that `p` is below."""
    return "*" * sum(p < level for level in (0.05, 0.01, 0.001))


def weight(beta: float, p: float) -> str:
    """Return a standardized weight with its stars, without leading zero or sign of zero."""
    size = number(abs(beta), 2)
    return ("-" if beta < 0 and size != "0,00" else "") + size.removeprefix("0") + stars(p)


# ------------------------------------------------------------------ the statistics
def anova_p(values: pd.Series, classes: pd.Series) -> float:
    """Return the p value of a one-way analysis of variance."""
    data = pd.DataFrame({"y": values, "c": classes}).dropna()
    means = data.groupby("c")["y"].transform("mean")
    between, within = ((means - data["y"].mean()) ** 2).sum(), ((data["y"] - means) ** 2).sum()
    k, n = data["c"].nunique(), len(data)
    return stats.f.sf((between / (k - 1)) / (within / (n - k)), k - 1, n - k)


def chi_square_p(values: pd.Series, classes: pd.Series) -> float:
    """Return the p value of Pearson's chi-square, without continuity correction."""
    seen = pd.crosstab(values, classes).to_numpy()
    expected = np.outer(seen.sum(axis=1), seen.sum(axis=0)) / seen.sum()
    freedom = (seen.shape[0] - 1) * (seen.shape[1] - 1)
    return stats.chi2.sf(((seen - expected) ** 2 / expected).sum(), freedom)


def least_squares(data: pd.DataFrame) -> dict[str, tuple[float, float]]:
    """Regress the first column on the others, all standardized over the complete rows.

    Returns
    -------
    dict of str to (float, float)
        Weight and p value of each predictor; R2 (unadjusted) and the p value of its F test.
    """
    data = data.dropna()
    z = ((data - data.mean()) / data.std()).to_numpy()
    y, x = z[:, 0], z[:, 1:]
    n, k = x.shape
    beta = np.linalg.lstsq(x, y, rcond=None)[0]
    rest, total = ((y - x @ beta) ** 2).sum(), (y**2).sum()
    error = np.sqrt(np.diag(np.linalg.inv(x.T @ x)) * rest / (n - k - 1))
    p = 2 * stats.t.sf(np.abs(beta / error), n - k - 1)
    p_all = stats.f.sf(((total - rest) / k) / (rest / (n - k - 1)), k, n - k - 1)
    found = {name: (beta[i], p[i]) for i, name in enumerate(data.columns[1:])}
    return found | {EXPLAINED: (1 - rest / total, p_all)}


# ------------------------------------------------------------------ the eleven tables
def counts(frame: pd.DataFrame) -> Iterator[Cell]:
    """Tables 3.1 and 3.2: respondents by segment and by branch."""
    for name in [*STEPS, "overwogen", "niet_overwogen"]:
        yield "3.1", name, "respons", str((frame["segment"] == name).sum())
    yield "3.1", "totaal", "respons", str(len(frame))
    branch = frame["branche"].dropna()
    for code, name in REPORT["branches"].items():
        share = (branch == code).mean()
        yield "3.2", name, "aantal", str((branch == code).sum())
        yield "3.2", name, "percentage", percent(share, decimals=1 if share < 0.01 else 0)
    yield "3.2", "totaal", "aantal", str(len(branch))
    yield "3.2", "totaal", "percentage", percent(branch.isin(list(REPORT["branches"])).mean())


def differences(frame: pd.DataFrame) -> Iterator[Cell]:
    """Tables 3.3 to 3.6: means and percentages by group or by kind of step, and their test."""
    rows = [("3.3", row, frame[row], mean_of(row), anova_p) for row in REPORT["3.3"]]
    rows += [("3.6", row, frame[row], mean_of(row), anova_p) for row in REPORT["3.6"]]
    for row, unit in {"leeftijd": " jaar", "uren": " uur", "diensttijd": ""}.items():
        rows.append(("3.5", row, frame[row], lambda x, unit=unit: number(x, 0) + unit, anova_p))
    yes = {row: [1] for row in [*REPORT["3.4"], "geslacht", "zorgtaken"]}
    yes |= {"opleidingsniveau": [6, 7], "dienstverband": [1, 2]}
    for row, codes in yes.items():
        table = "3.4" if row in REPORT["3.4"] else "3.5"
        values = frame[row].isin(codes).astype(float).where(frame[row].notna())
        rows.append((table, row, values, percent, chi_square_p))
    for table, row, values, show, p_of in rows:
        by, names = ("segment", STEPS) if table == "3.6" else ("group", GROUPS)
        member = frame[by].where(frame[by].isin(names))
        for name in names:
            yield table, row, name, show(values[member == name].mean())
        yield table, row, "verschil", "Ja" if p_of(values, member) < 0.05 else "Nee"


def models() -> Iterator[tuple[str, str, str, list[str]]]:
    """Give table, column, outcome and predictors of the eleven regressions."""
    for outcome in ("loopbaantevredenheid", "inkomen", "loopbaanstap_succes"):
        yield "3.7", outcome, outcome, REPORT["3.7"]
    for table in ("3.8", "3.9"):
        with_network = [*REPORT[table], "netwerken"]
        yield table, "model_1", "netwerken", REPORT[table]
        yield table, "model_2", "loopbaanstap_succes", REPORT[table]
        yield table, "model_3", "loopbaanstap_succes", with_network
        yield table, "model_4", "loopbaanstap_succes", [*with_network, *REPORT["controls"]]


def regressions(frame: pd.DataFrame) -> Iterator[Cell]:
    """Tables 3.7 to 3.9: standardized weights and explained variance."""
    movers = frame[frame["group"] == "mobielen"]
    for table, column, outcome, predictors in models():
        sample = frame if outcome in ("loopbaantevredenheid", "inkomen") else movers
        found = least_squares(sample[[outcome, *predictors]])
        for row in predictors:
            yield table, row, column, weight(*found[row])
        r2, p = found[EXPLAINED]
        yield table, EXPLAINED, column, percent(r2) + stars(p)


def class_means(frame: pd.DataFrame) -> Iterator[Cell]:
    """Tables 3.10 and 3.11: means by class; a star on the first of classes that differ."""
    for factor, classes in REPORT["classes"].items():
        member = pd.Series(index=frame.index, dtype=object)
        for name, (low, high) in classes.items():
            member[frame[factor].between(low, high, inclusive="left")] = name
        for table, column in [(t, c) for t in ("3.10", "3.11") for c in REPORT[t]]:
            star = "*" if anova_p(frame[column], member) < 0.05 else ""
            for name in classes:
                mean = frame.loc[member == name, column].mean()
                yield table, f"{factor}_{name}", column, star + mean_of(column)(mean)
                star = ""


def check_tables(frame: pd.DataFrame) -> Iterator[Check]:
    """Compare every cell with `published/tables.csv`; one that has no counterpart disagrees."""
    rows = pd.read_csv(STUDY / "published" / "tables.csv", dtype=str, keep_default_na=False)
    published = rows.set_index(["table", "row", "column"])["printed"].to_dict()
    computed = {}
    for table in (counts, differences, regressions, class_means):
        computed |= {cell[:3]: cell[3] for cell in table(frame)}
    for key in published | computed:
        what = " / ".join(key[1:])
        yield Check(key[0], what, published.get(key, "none"), computed.get(key, "none"))


def check_text(frame: pd.DataFrame) -> Iterator[Check]:
    """Check what the text of chapter 3 says of the respondents, and its footnote 3."""
    age, hours, branch = frame["leeftijd"], frame["uren"].dropna(), frame["branche"]
    span = f"{number(age.mean(), 0)}, {age.min():g}, {age.max():g}"
    yield Check("text", "age: mean, lowest, highest", "34, 18, 62", span)
    yield Check("text", "mean hours", "26", number(hours.mean(), 0))
    yield Check("text", "36 hours or more: a quarter", "25%", percent((hours >= 36).mean()))
    for row, printed in {
        "geslacht": {0: "84%"},
        "opleidingsniveau": {1: "1%", 2: "4%", 3: "16%", 4: "12%", 5: "32%", 6: "28%", 7: "9%"},
        "functie": {1: "66%", 2: "3%", 3: "12%", 4: "20%"},
        "group": {"blijvers": "33%", "overwegers": "29%", "mobielen": "38%"},
    }.items():
        for code, share in printed.items():
            yield Check("text", f"{row} {code}", share, percent((frame[row] == code).mean()))
    outside = [(branch[frame["segment"] == "uitstroom"] == 10).sum(), (branch == 10).sum()]
    yield Check("text", "in a branch outside: leavers, all", "88, 166", "{}, {}".format(*outside))
    movers = frame[frame["group"] == "mobielen"]
    for name in ("effectiviteit", "sociale_norm"):
        r = movers[name].corr(movers["loopbaanstap_succes"])
        found = "|r| <= .05" if abs(r) <= 0.05 else f"r = {r:.3f}"
        yield Check("text", f"footnote 3: {name}, loopbaanstap_succes", "|r| <= .05", found)


def check_sidecar(folder: Path) -> Iterator[Check]:
    """Check that the sidecar describes the file: checksum, rows, columns, corrections, codes."""
    raw, sidecar = read_wave(folder)
    file, respondent = sidecar["file"], sidecar["respondent"]["column"]
    digest = hashlib.sha256((folder / file["name"]).read_bytes()).hexdigest()
    yield Check("sidecar", "sha256", file["sha256"], digest)
    yield Check("sidecar", "rows", str(file["rows"]), str(len(raw)))
    yield Check("sidecar", "synthetic", "True", str(sidecar["synthetic"]))
    known = [key for key in ("version", "seed") if sidecar["generator"].get(key) is not None]
    yield Check("sidecar", "generator", "['version', 'seed']", str(known))
    apart = {respondent, *sidecar["columns"], *sidecar["ignore"]} ^ {*raw}
    yield Check("sidecar", "columns not in both", "[]", str(sorted(apart)))
    for fix in sidecar["corrections"]:
        there = raw.loc[raw[respondent] == fix["respondent"], fix["column"]].unique()
        what = f"value to correct: {fix['column']} of {fix['respondent']}"
        yield Check("sidecar", what, str([float(fix["value"])]), str(there.tolist()))
    answers = answers_of(raw, sidecar)
    twice = answers.index[answers.index.duplicated()].tolist()
    yield Check("sidecar", "kept respondents with two records", "[]", str(twice))
    wrong = []
    for name, entry in questions().items():
        given = answers[name].dropna()
        low, high = entry.get("range", (0, 0))
        valid = given.isin(list(entry["values"])) if "values" in entry else given.between(low, high)
        wrong += [f"{name} {x:g}" for x in given[~valid & ~given.isin(list(entry["missing"]))]]
    yield Check("sidecar", "impossible answers left", "[]", str(wrong))


def main(folder: Path = WAVE) -> int:
    """Print the summary and every disagreement; return 0 when there is none, 1 otherwise."""
    frame = sample_of(*read_wave(folder))
    checks = [*check_tables(frame), *check_text(frame), *check_sidecar(folder)]
    wrong = [check for check in checks if check.published != check.computed]
    for part in [*CELLS, "text", "sidecar"]:
        all_of, wrong_of = (sum(it.part == part for it in group) for group in (checks, wrong))
        print(f"{part:8}{all_of - wrong_of:4} of {all_of:3} agree")
    cells, wrong_cells = (sum(it.part in CELLS for it in group) for group in (checks, wrong))
    print(f"tables  {cells - wrong_cells:4} of {cells:3} agree exactly")
    for check in wrong:
        print(f"{check.part:8}{check.what}: published {check.published}, found {check.computed}")
    return 1 if wrong or cells != sum(CELLS.values()) else 0


if __name__ == "__main__":
    sys.exit(main(*map(Path, sys.argv[1:2])))
