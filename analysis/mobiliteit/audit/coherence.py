"""The same variable in several tables: can any class sizes reconcile all its printed means."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from mobiliteit.audit.class_stars import class_flags
from mobiliteit.audit.coherence_conflicts import (
    conflicts,
    least_loss,
    messages,
    needs_nonresponse,
)
from mobiliteit.audit.flags import Flag
from mobiliteit.audit.intervals import show, show_range
from mobiliteit.audit.program import Place, Solver, Task, solve
from mobiliteit.audit.report_data import Report
from mobiliteit.audit.structure import Structure, read_structure
from mobiliteit.audit.verdicts import (
    CONSISTENT,
    INCONSISTENT,
    UNDETERMINED,
    Check,
    Finding,
    Outcome,
)
from mobiliteit.study_schema import GroupTable

SLACK = 1e-6


@dataclass(frozen=True)
class ClassSize:
    """Feasible size of a class among all respondents, when everybody answered.

    Attributes
    ----------
    factor, class_id : str
        The class.
    low, high : float
        Fewest and most people; not rounded.
    whole : int
        All respondents.
    """

    factor: str
    class_id: str
    low: float
    high: float
    whole: int


@dataclass(frozen=True)
class Coherence:
    """What the linear program gives.

    Attributes
    ----------
    outcome : Outcome
        Checks ``coherence`` and findings.
    sizes : tuple of ClassSize
        Feasible class sizes; empty when nothing is feasible.
    flags : tuple of Flag
        The stars of the class tables with bounds on the sums of squares.
    """

    outcome: Outcome
    sizes: tuple[ClassSize, ...] = ()
    flags: tuple[Flag, ...] = ()


def check_coherence(report: Report) -> Coherence:
    """Hold group means, segment means and class means of the same variables against each other.

    Parameters
    ----------
    report : Report
        The published cells.

    Returns
    -------
    Coherence
        With a check for every mean and percentage that takes part. Tried first with everybody
        answering, then with as little response as the floor of ``audit.yaml``; only what then still
        has no solution is called inconsistent.
    """
    structure = read_structure(report)
    if structure is None:
        return Coherence(Outcome())
    floor = report.facts.response_floor
    outcome = Outcome()
    bad = conflicts(structure, floor)
    response = 1.0
    full = structure.build(structure.factors, structure.variables(), 1.0).solver().without(bad)
    if not full.feasible:
        response = least_loss(structure, floor, set(bad))
        outcome.findings.append(needs_nonresponse(response))
    for places, text_nl, text_en in messages(report, structure, bad):
        outcome.findings.append(
            Finding(
                "onmogelijk",
                text_nl[0],
                text_en[0],
                text_nl[1],
                text_en[1],
                cells=places,
                weight=3.0,
                page=", ".join(dict.fromkeys(str(report.cells[p].page) for p in places)),
            )
        )
    ready = {
        factor: structure.build([factor], structure.variables(), response).solver().without(bad)
        for factor in structure.factors
    }
    outcome.checks += _class_checks(structure, bad, ready, response)
    outcome.checks += _group_checks(structure, bad, ready, response)
    sizes, flags = _sizes(structure, ready), class_flags(structure, ready)
    return Coherence(outcome, tuple(sizes), tuple(flags))


def _class_checks(
    structure: Structure, bad: dict[Place, str], ready: dict[str, Solver], response: float
) -> list[Check]:
    checks, tasks, cells = [], [], []
    for cell in structure.cells:
        if cell.place in bad:
            checks.append(
                Check(
                    *cell.place,
                    "coherence",
                    INCONSISTENT,
                    "Er zijn geen klassengroottes waarbij dit gemiddelde en de andere gedrukte "
                    "gemiddelden samen kunnen.",
                    "There are no class sizes with which this mean and the other printed means "
                    "can be together.",
                )
            )
            continue
        solver = ready[cell.factor].without([cell.place])
        whole = solver.names["y", cell.factor, cell.class_id, cell.variable]
        size = structure.people(solver.names, cell, response)
        tasks += solver.ratio_tasks(whole, size)
        cells.append(cell)
    found = solve(tasks)
    for k, cell in enumerate(cells):
        checks.append(
            _range_check(
                structure.report,
                cell.place,
                cell.variable,
                found[2 * k],
                found[2 * k + 1],
                response,
            )
        )
    return checks


def _range_check(
    report: Report,
    place: Place,
    variable: str,
    low: float | None,
    high: float | None,
    response: float,
    share: bool = False,
) -> Check:
    cell = report.cells[place]
    bounds = (0.0, 1.0) if share else report.bounds(variable)
    if low is None or high is None or bounds is None:
        return Check(
            *place,
            "coherence",
            UNDETERMINED,
            "Over dit getal zegt de vergelijking met andere tabellen niets.",
            "The comparison with other tables says nothing about this number.",
            could_fail=False,
            power=0.0,
        )
    unit = 10**cell.decimals * (0.01 if share else 1)
    scale = 100 if share else 1
    total = (bounds[1] - bounds[0]) * 10**cell.decimals * scale + 1
    first = (
        np.ceil(max(low, bounds[0]) * unit * scale**2 - 0.5 - SLACK)
        if share
        else np.ceil(max(low, bounds[0]) * unit - 0.5 - SLACK)
    )
    last = (
        np.floor(min(high, bounds[1]) * unit * scale**2 + 0.5 + SLACK)
        if share
        else np.floor(min(high, bounds[1]) * unit + 0.5 + SLACK)
    )
    power = float(max(0.0, 1 - max(last - first + 1, 0) / total))
    who = "" if response == 1 else f" (bij minstens {show(100 * response, 0)}% respons)"
    ends = show_range(low * scale, high * scale, cell.decimals + (0 if share else 1))
    unit_text = "%" if share else ""
    if power < 0.005:
        return Check(
            *place,
            "coherence",
            UNDETERMINED,
            f"Elk getal op de schaal zou met de andere tabellen te verzoenen zijn{who}.",
            "Any number on the scale could be reconciled with the other tables.",
            f"{ends}{unit_text}",
            could_fail=False,
            power=0.0,
        )
    return Check(
        *place,
        "coherence",
        CONSISTENT,
        f"De andere gedrukte cijfers laten hier {ends}{unit_text} toe, bij elke klassengrootte die "
        f"er kan zijn{who}; {cell.printed} past.",
        f"The other printed numbers allow {ends}{unit_text} here; {cell.printed} fits.",
        f"{ends}{unit_text}; respons {show(100 * response, 0)}%",
        power=power,
    )


def _group_checks(
    structure: Structure, bad: dict[Place, str], ready: dict[str, Solver], response: float
) -> list[Check]:
    """Means per group and segment, and demographic percentages, each from all the other cells."""
    report = structure.report
    checks = []
    group_variable = report.study.segments.group_variable.id
    small = {
        (factor, variable): structure.build([factor], [variable], response).solver().without(bad)
        for factor in structure.factors
        for variable in structure.variables()
    }
    extra = [v for v in structure.summed() if v not in structure.variables()]
    small |= {("", v): structure.build([], [v], response).solver().without(bad) for v in extra}
    tasks: list[Task] = []
    asked: list[tuple[Place, str, bool, int]] = []
    for number, table in report.tables(GroupTable):
        for row in report.rows(number):
            variable = report.variable(number, row)
            share = report.statistic(number, row) == "percent"
            for column in report.groups_of(table):
                place = (number, row, column)
                if place not in report.cells or report.cells[place].number is None:
                    continue
                factors = [
                    f
                    for f in structure.factors
                    if column in report.group_sizes
                    and place in structure.demographic_cells(f, column)
                ]
                mine: list[Task] = []
                if place in bad:
                    checks.append(
                        Check(
                            *place,
                            "coherence",
                            INCONSISTENT,
                            "Past niet bij de andere cijfers over deze indeling.",
                            "Does not fit the other numbers on this division.",
                        )
                    )
                elif factors and share:
                    solver = ready[factors[0]].without([place])
                    inside = structure.classes_of_yes(factors[0], variable) or []
                    size = report.group_sizes[column]
                    cost = {solver.names["n", factors[0], c, column]: 1.0 / size for c in inside}
                    mine = [solver.extreme_task(cost, largest=largest) for largest in (False, True)]
                elif (variable in structure.variables() or variable in extra) and not share:
                    own = table.by == group_variable or _splits(report, column, variable)
                    names = [""] if variable in extra else list(structure.factors)
                    for factor in names if own else ():
                        solver = small[factor, variable].without([place])
                        if ("T", column, variable) in solver.names:
                            whole, size = (
                                solver.names[letter, column, variable] for letter in "TA"
                            )
                            mine += solver.ratio_tasks(whole, [size])
                if mine:
                    asked.append((place, variable, share, len(mine)))
                    tasks += mine
    found = solve(tasks)
    at = 0
    for place, variable, share, count in asked:
        lows = [v for v in found[at : at + count : 2] if v is not None]
        highs = [v for v in found[at + 1 : at + count : 2] if v is not None]
        at += count
        low, high = (max(lows), min(highs)) if lows and highs else (None, None)
        checks.append(_range_check(report, place, variable, low, high, response, share))
    return checks


def _splits(report: Report, segment: str, variable: str) -> bool:
    segments = report.study.segments.segments
    return segment in segments and segments[segment].group in report.of_groups(variable)


def _sizes(structure: Structure, ready: dict[str, Solver]) -> list[ClassSize]:
    keys, tasks = [], []
    for factor, solver in ready.items():
        for class_id in structure.classes[factor]:
            cost = {
                solver.names["n", factor, class_id, group]: 1.0
                for group in structure.report.group_sizes
            }
            keys.append((factor, class_id))
            tasks += [solver.extreme_task(cost, largest=largest) for largest in (False, True)]
    found, whole = solve(tasks), sum(structure.report.group_sizes.values())
    sizes = []
    for k, (factor, class_id) in enumerate(keys):
        low, high = found[2 * k], found[2 * k + 1]
        if low is not None and high is not None:
            sizes.append(ClassSize(factor, class_id, low, high, whole))
    return sizes
