"""The stars of the class tables, whose class sizes are not printed, as flags to be judged.

How far the class means can lie apart, and where the overall mean is, depends on how many are in
each class; the linear program bounds both.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from mobiliteit.audit import intervals
from mobiliteit.audit.flags import Flag, within_range
from mobiliteit.audit.program import Place, Solver, solve
from mobiliteit.audit.structure import Structure
from mobiliteit.study_schema import ClassTable


@dataclass(frozen=True)
class _Star:
    """A star, or its absence, in a class table, with the class means that it is about."""

    factor: str
    variable: str
    label: str
    places: dict[str, Place]
    groups: tuple[str, ...]


def class_flags(structure: Structure, ready: dict[str, Solver]) -> list[Flag]:
    """Stars of the class tables, with bounds on the sum of squares from the program."""
    report = structure.report
    stars = []
    for number, table in report.tables(ClassTable):
        for factor in table.factors:
            rows = report.class_rows(number, factor)
            for column, entry in table.columns.items():
                variable = entry.variable or column
                places = {
                    c: (number, row, column)
                    for c, row in rows.items()
                    if (number, row, column) in report.cells
                }
                if len(places) >= 2 and report.bounds(variable) is not None and factor in ready:
                    label = (
                        f"{report.study.label(table.factors[factor])}, "
                        f"{report.study.label(variable)}"
                    )
                    stars.append(_Star(factor, variable, label, places, report.of_groups(variable)))
    means = _overall(stars, ready)
    tasks = []
    for star, mean in zip(stars, means, strict=True):
        solver = ready[star.factor]
        near, far = {}, {}
        for c, place in star.places.items():
            low, high = intervals.of_cell(report.cells[place]).floats
            gap = max(low - mean[1], mean[0] - high, 0.0)
            centre = (mean[0] + mean[1]) / 2
            for group in star.groups:
                at = solver.names["n", star.factor, c, group]
                near[at] = gap**2
                far[at] = max(abs(low - centre), abs(high - centre)) ** 2
        tasks += [solver.extreme_task(near, largest=False), solver.extreme_task(far, largest=True)]
    found = solve(tasks)
    flags = []
    for k, star in enumerate(stars):
        least, most = found[2 * k], found[2 * k + 1]
        if least is None or most is None or not np.isfinite(means[k]).all():
            continue
        cells = [report.cells[place] for place in star.places.values()]
        flags.append(
            Flag(
                (cells[0].table, cells[0].row, cells[0].column),
                star.label,
                cells[0].page,
                star.variable,
                star.groups,
                "*" in cells[0].marks,
                sum(report.group_sizes[g] for g in star.groups),
                len(cells),
                (max(least, 0.0), most),
                within_range(
                    [intervals.of_cell(cell) for cell in cells],
                    report.bounds(star.variable) or (0.0, 0.0),
                    report.single(star.variable),
                ),
                tuple(star.places.values()),
            )
        )
    return flags


def _overall(stars: list[_Star], ready: dict[str, Solver]) -> list[tuple[float, float]]:
    """Range of the overall mean for each star; infinite where there is none."""
    tasks = []
    for star in stars:
        solver = ready[star.factor]
        for letter in "TA":
            cost = {solver.names[letter, g, star.variable]: 1.0 for g in star.groups}
            tasks += [solver.extreme_task(cost, largest=largest) for largest in (False, True)]
    found = solve(tasks)
    means = []
    for k in range(len(stars)):
        low, high, few, many = found[4 * k : 4 * k + 4]
        if low is None or high is None or not few or not many:
            means.append((-np.inf, np.inf))
        else:
            means.append((low / many, high / few))
    return means
