"""The audit of the real report, and the parts it is made of, against brute force."""

from __future__ import annotations

import csv
import itertools
import re
from fractions import Fraction

import numpy as np
import pytest
from scipy import stats

from mobiliteit.audit import audit_page, run_audit, write_audit
from mobiliteit.audit.chisquare import between_range, chi_square_range
from mobiliteit.audit.flags import within_range
from mobiliteit.audit.intervals import Interval, around, counts, show_numbers
from mobiliteit.audit.program import Program, solve
from mobiliteit.audit.reach import reachable
from mobiliteit.audit.report_data import Asked
from mobiliteit.audit.verdicts import KINDS, VERDICTS
from mobiliteit.claims.on_tables import judge_published
from mobiliteit.results import TIDY_COLUMNS


@pytest.fixture(scope="module")
def result(study):
    return run_audit(study)


def test_every_cell_is_judged_once(result):
    coverage = result.coverage()
    assert coverage.at["totaal", "cells"] == 479
    assert (coverage[list(VERDICTS)].sum(axis=1) == coverage["cells"]).all()
    assert len(result.cells) == 479
    judged = set(zip(*(result.verdicts[c] for c in ("table", "row", "column")), strict=True))
    assert judged >= set(zip(*(result.cells[c] for c in ("table", "row", "column")), strict=True))


def test_no_cell_of_the_real_report_is_impossible(result):
    assert result.coverage().at["totaal", "inconsistent"] == 0


def test_every_verdict_has_its_reasons(result):
    frame = result.verdicts
    assert set(frame["verdict"]) <= set(VERDICTS)
    assert frame["reason_nl"].str.endswith(".").all() and frame["reason_en"].str.endswith(".").all()
    # What no other value could have failed proves nothing, and says so.
    assert (frame.loc[~frame["could_fail"], "verdict"] == "undetermined").all()
    assert not frame.loc[frame["verdict"] == "undetermined", "could_fail"].any()


def test_grim_says_that_it_proves_nothing_on_large_groups(result):
    frame = result.verdicts
    grim = frame[(frame["check"] == "grim") & (frame["table"] == "3.3")]
    large = grim[grim["row"] == "sollicitaties"]
    assert (large["verdict"] == "undetermined").all()
    assert large["reason_nl"].str.contains("bewijst hier niets").all()


def finding(result, words):
    hits = result.findings[result.findings["title_nl"].str.contains(words, regex=False)]
    assert len(hits) == 1, words
    return hits.iloc[0]["text_nl"]


def test_what_arithmetic_forces(result):
    cases = finding(result, "Hoeveel mensen")
    assert "tabel 3.8 kolom 1: n 390–394" in cases
    assert "tabel 3.8 kolom 3: n 390–394" in cases
    assert re.search(r"tabel 3\.8 kolom 4: n \d+–349", cases)
    income = finding(result, "netto maandinkomen: niet iedereen")
    assert "2,70" in income and "n = 29" in income and "3,26" in income and "n = 75" in income
    assert "71, niet 70" in finding(result, "Nut POP")
    internal = finding(result, "Interne loopbaancoach: gebruikt")
    for counted in ("18/107", "18/109", "19/110", "15/73", "24/46", "25/48", "26/50"):
        assert counted in internal
    external = finding(result, "Externe loopbaancoach: gebruikt")
    assert "4/28, 4/29" in external and "4/25" in external and "12/25, 13/27" in external
    assert "2,37" in finding(result, "niet één vraag")
    spread = finding(result, "Standaardafwijkingen")
    assert "brede taken hoogstens 0,83" in spread and "nieuw vakgebied minstens 24" in spread


def test_the_printed_legend_is_impossible_and_the_usual_one_is_not(result):
    text = finding(result, "legenda van de sterren")
    assert "de gebruikelijke .05/.01/.001: past" in text
    assert "op volgorde .10/.05/.01: kan niet" in text
    assert "drukfout" in text


def test_findings_come_in_order_of_weight(result):
    order = [KINDS.index(kind) for kind in result.findings["kind"]]
    assert order == sorted(order)
    assert list(result.findings["order"]) == list(range(1, len(order) + 1))
    assert (result.findings["text_en"].str.len() > 10).all()


def test_tidy(result):
    frame = result.tidy()
    assert tuple(frame.columns) == TIDY_COLUMNS
    cells = frame[(frame["row"] == "totaal") & frame["column"].isin(VERDICTS)]
    assert cells["value"].sum() == 479


def test_page_and_file(result, tmp_path):
    page, table = write_audit(result, tmp_path / "reports")
    text = page.read_text(encoding="utf-8")
    assert not re.search(r"(src|href)=[\"']?(https?:)?//|@import|url\(", text)
    assert text == audit_page(result)
    assert text.index("Bevindingen") < text.index("Per tabel") < text.index("Alle oordelen")
    with table.open(encoding="utf-8", newline="") as handle:
        rows = list(csv.DictReader(handle))
    assert len(rows) == len(result.verdicts) + len(result.findings)
    assert {row["could_fail"] for row in rows} == {"yes", "no", ""}


def test_a_report_without_facts_is_audited_too(tmp_path):
    from audit_builders import planted

    study = planted(tmp_path / "study", ["3.6"], {})
    (study.path / "audit.yaml").unlink()
    assert run_audit(study).coverage().at["totaal", "cells"] == 9 + 28


# ------------------------------------------------------------------------------- brute force


@pytest.mark.slow
@pytest.mark.parametrize("decimals", [0, 1, 2])
def test_reachable_means_against_all_sums(decimals):
    unit, ns = 10**decimals, np.arange(1, 31)
    values = np.arange(1 * unit, 5 * unit + 1)
    found = reachable(values, ns, unit)
    half = Fraction(1, 2 * unit)
    for n in ns:
        for k, value in enumerate(values):
            wanted = any(
                abs(Fraction(s, int(n)) - Fraction(int(value), unit)) <= half
                for s in range(5 * int(n) + 1)
            )
            assert found[k, n - 1] == wanted


def test_counts_of_a_share():
    assert list(counts(around(16, 0).scaled(Fraction(1, 100)), 25)) == [4]
    assert list(counts(around(16, 0).scaled(Fraction(1, 100)), 26)) == []


def test_chi_square_range_holds_scipy_on_all_counts():
    shares = [around(p, 0).scaled(Fraction(1, 100)) for p in (14, 16, 48)]
    asked = [Asked(28, 30, 30, True), Asked(25, 25, 25, True), Asked(24, 27, 27, True)]
    found = chi_square_range(shares, asked)
    values = []
    options = [
        [(x, n) for n in range(a.lo, a.hi + 1) for x in counts(s, n)]
        for s, a in zip(shares, asked, strict=True)
    ]
    for combo in itertools.product(*options):
        table = np.array([[x, n - x] for x, n in combo])
        values.append(stats.chi2_contingency(table, correction=False).statistic)
    assert found.low == pytest.approx(min(values), rel=1e-9)
    assert found.high == pytest.approx(max(values), rel=1e-9)


def test_between_range_bounds_all_means_in_the_box():
    rng = np.random.default_rng(3)
    boxes = [around(v, 1) for v in ("3.1", "3.4", "3.2")]
    n = [30, 12, 55]
    low, high = between_range(boxes, n, n)
    ends = np.array([box.floats for box in boxes])
    means = rng.uniform(ends[:, 0], ends[:, 1], size=(4000, 3))
    means[:8] = list(itertools.product(*ends))
    common = means @ n / sum(n)
    found = ((means - common[:, None]) ** 2 * n).sum(axis=1)
    assert low <= found.min() + 1e-12
    assert high == pytest.approx(found.max())
    assert low == pytest.approx(found.min(), rel=0.05)


def test_within_range_bounds_all_samples_of_whole_answers():
    box = Interval(Fraction(229, 100), Fraction(231, 100))
    low, high = within_range([box], (1, 5), True)
    found = []
    for sample in itertools.combinations_with_replacement(range(1, 6), 10):
        if 2.29 <= np.mean(sample) <= 2.31:
            found.append(np.var(sample))
    assert low <= min(found) and max(found) <= high
    assert low == pytest.approx(min(found), abs=0.01)


def test_programs_side_by_side_give_what_they_give_alone():
    tasks = []
    for top in (3.0, 5.0, 8.0):
        program = Program()
        x, y = program.unknown("x"), program.unknown("y")
        program.need({x: 1.0, y: 1.0}, 1.0, top)
        program.need({x: 1.0, y: -1.0}, 0.0, 0.0)
        tasks.append(program.solver().extreme_task({x: 1.0}, largest=True))
        tasks.append(program.solver().ratio_tasks(x, [x, y])[1])
    assert solve(tasks) == pytest.approx([1.5, 0.5, 2.5, 0.5, 4.0, 0.5])
    assert solve(tasks) == pytest.approx([solve([task])[0] for task in tasks])


def test_a_program_without_a_solution_has_none():
    program = Program()
    x = program.unknown("x")
    program.need({x: 1.0}, 2.0, 3.0)
    program.need({x: 1.0}, 4.0, 5.0)
    good = Program()
    good.need({good.unknown("x"): 1.0}, 2.0, 3.0)
    tasks = [program.solver().extreme_task({0: 1.0}, largest=True)]
    tasks.append(good.solver().extreme_task({0: 1.0}, largest=True))
    assert solve(tasks) == [None, pytest.approx(3.0)]


def test_numbers_in_runs():
    assert show_numbers([3, 1, 2, 7, 9, 10]) == "1–3, 7, 9–10"
    assert show_numbers([]) == ""


def test_what_the_claims_of_the_text_add(study):
    """The contradicted claims are findings of their own, the untested ones are counted."""
    judged = judge_published(study).frame
    findings = run_audit(study).findings
    titles, texts = (" ".join(findings[column]) for column in ("title_nl", "text_nl"))
    contradicted = judged.loc[judged["verdict"] == "contradicted", "id"]
    assert len(contradicted)
    assert all(f"Bewering {claim}," in texts for claim in contradicted)
    untested = (judged["why"] == "untested").sum()
    assert f"{untested} van de {len(judged)} beweringen" in titles
