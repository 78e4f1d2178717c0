"""Which printed means no class sizes can reconcile, and how much nonresponse the others need."""

from __future__ import annotations

from mobiliteit.audit.intervals import show
from mobiliteit.audit.program import Place
from mobiliteit.audit.report_data import Report
from mobiliteit.audit.structure import Structure
from mobiliteit.audit.verdicts import Finding


def conflicts(structure: Structure, floor: float) -> dict[Place, str]:
    """Cells that no class sizes can reconcile even at the floor, with the block they are in."""
    bad: dict[Place, str] = {}
    for variable, places in structure.summed().items():
        solver = structure.build([], [variable], floor).solver()
        if not solver.feasible:
            single = [place for place in places if solver.without({place}).feasible]
            bad.update(dict.fromkeys(single or places, f"|{variable}"))
    every = structure.build(structure.factors, structure.variables(), floor).solver()
    if every.without(bad).feasible:
        return bad
    for factor in structure.factors:
        if structure.build([factor], [], floor).solver().feasible:
            for variable in structure.variables():
                if not structure.build([factor], [variable], floor).solver().without(bad).feasible:
                    bad.update(_suspects(structure, factor, [variable], floor, set(bad)))
            if (
                structure.build([factor], structure.variables(), floor)
                .solver()
                .without(bad)
                .feasible
            ):
                continue
            bad.update(_suspects(structure, factor, structure.variables(), floor, set(bad)))
        else:
            bad.update(dict.fromkeys(_demographics(structure, factor), f"{factor}|"))
    rest = structure.build(structure.factors, structure.variables(), floor).solver().without(bad)
    if not rest.feasible:
        for cell in structure.cells:
            bad.setdefault(cell.place, "|")
    return bad


def _demographics(structure: Structure, factor: str) -> list[Place]:
    return [
        place
        for group in structure.report.group_sizes
        for place in structure.demographic_cells(factor, group)
    ]


def _suspects(
    structure: Structure,
    factor: str,
    variables: list[str],
    floor: float,
    known: set[Place] | None = None,
) -> dict[Place, str]:
    """Cells each of which, when forgotten, lets the rest fit; all of the block when none does."""
    known = known or set()
    block = [
        cell.place
        for cell in structure.cells
        if cell.factor == factor and cell.variable in variables and cell.place not in known
    ]
    name = f"{factor}|{','.join(variables) if len(variables) == 1 else ''}"
    solver = structure.build([factor], variables, floor).solver()
    single = [place for place in block if solver.without(known | {place}).feasible]
    return dict.fromkeys(single or block, name)


def messages(
    report: Report, structure: Structure, bad: dict[Place, str]
) -> list[tuple[tuple[Place, ...], tuple[str, str], tuple[str, str]]]:
    """Tell of every block its cells, and title and text in Dutch and in English."""
    messages = []
    for block in dict.fromkeys(bad.values()):
        places = tuple(place for place, name in bad.items() if name == block)
        factor, _, variable = block.partition("|")
        nl = report.study.label(structure.factors[factor]) if factor else "groepen en segmenten"
        en = (
            report.study.label(structure.factors[factor], "en") if factor else "groups and segments"
        )
        tables = ", ".join(dict.fromkeys(place[0] for place in places))
        what_nl = f" van {report.study.label(variable)}" if variable else ""
        what_en = f" of {report.study.label(variable, 'en')}" if variable else ""
        messages.append(
            (
                places,
                (
                    f"Tabel {tables}, {nl}: gemiddelden{what_nl} die niet te verzoenen zijn",
                    "Geen klassengroottes en geen verdeling van de antwoorden geven tegelijk deze "
                    "gemiddelden en die "
                    "in de andere tabellen. Eén ervan kan een drukfout zijn: "
                    f"{_list(report, places)}.",
                ),
                (
                    f"Table {tables}, {en}: means{what_en} that cannot be reconciled",
                    "No class sizes and no division of the answers give both these means and those "
                    "in the other tables. One of "
                    f"them may be a misprint: {_list(report, places)}.",
                ),
            )
        )
    return messages


def _list(report: Report, places: tuple[Place, ...]) -> str:
    return "; ".join(f"{report.cells[p].row_label} {report.cells[p].printed}" for p in places[:8])


def least_loss(structure: Structure, floor: float, bad: set[Place]) -> float:
    """Largest response, in steps of one per cent, at which everything fits."""
    low, high = round(100 * floor), 99
    while low < high:
        middle = (low + high + 1) // 2
        program = structure.build(structure.factors, structure.variables(), middle / 100)
        low, high = (middle, high) if program.solver().without(bad).feasible else (low, middle - 1)
    return low / 100


def needs_nonresponse(response: float) -> Finding:
    """Make the finding that the means fit, but not if everybody answered."""
    return Finding(
        "afgedwongen",
        "Klassegemiddelden en groepsgemiddelden passen alleen bij non-respons",
        "Class means and group means fit only with nonresponse",
        "Als iedereen alle vragen beantwoordde bestaan er geen klassengroottes die alle "
        "gemiddelden verzoenen; "
        f"bij een respons van {show(100 * response, 0)}% per klasse wel.",
        "If everybody answered all questions no class sizes reconcile all means; at a response of "
        f"{100 * response:.0f}% per class they do.",
        weight=1.0,
    )
