"""The commands of a new wave: ``mobiliteit wave new | check``.

Heavy imports happen inside the commands, so that ``--help`` answers at once.
"""

from __future__ import annotations

import math
import textwrap
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TypeVar

import typer

from mobiliteit.cli_options import RootOption

if TYPE_CHECKING:
    from rich.console import Console

    from mobiliteit.arrival import Arrival, ArrivalReport
    from mobiliteit.descriptor_schema import CsvOptions, ExcelOptions
    from mobiliteit.proposal import Proposal

WIDTH = 100
MOST_NAMED = 12

app = typer.Typer(
    name="wave",
    help="Bring in a new wave: propose its sidecar, and check it.",
    no_args_is_help=True,
    rich_markup_mode=None,
)

Options = TypeVar("Options", "CsvOptions", "ExcelOptions")
TextOption = Annotated[
    str | None, typer.Option(help="Of a text file, where it cannot be found from the file.")
]
SheetOption = Annotated[str | None, typer.Option(help="Of a workbook: which sheet.")]
SheetRowOption = Annotated[
    int | None,
    typer.Option(help="Of a workbook: how many rows of headers; which one has the names."),
]


@app.command()
def new(
    file: Annotated[
        Path,
        typer.Argument(help="The supplier's file: SPSS, Stata, SAS, CSV, Excel or Parquet."),
    ],
    name: Annotated[str, typer.Option("--name", help="Name of the new wave, such as 2027.")],
    encoding: TextOption = None,
    separator: TextOption = None,
    decimal: TextOption = None,
    thousands: TextOption = None,
    sheet: SheetOption = None,
    header_rows: SheetRowOption = None,
    names_row: SheetRowOption = None,
    root: RootOption = None,
) -> None:
    """Copy a supplier's file into data_raw/ and propose how its columns fit the codebook.

    The sidecar wave.yaml that it writes is to be corrected by hand; `mobiliteit wave check` then
    tells what is still wrong.
    """
    from mobiliteit.descriptor_schema import CsvOptions, ExcelOptions
    from mobiliteit.proposal import propose_wave

    csv = {
        "encoding": encoding,
        "separator": separator,
        "decimal": decimal,
        "thousands": thousands,
    }
    excel = {"sheet": sheet, "header_rows": header_rows, "names_row": names_row}
    proposal = propose_wave(
        file, name, root=root, csv=_stated(CsvOptions, csv), excel=_stated(ExcelOptions, excel)
    )
    _show_proposal(proposal)


def _stated(schema: type[Options], given: Mapping[str, str | int | None]) -> Options | None:
    """Make options of what was given; None when nothing was."""
    from pydantic import ValidationError

    values = {name: value for name, value in given.items() if value is not None}
    if not values:
        return None
    try:
        return schema.model_validate(values)
    except ValidationError as error:
        first = error.errors()[0]
        option = "--" + str(first["loc"][0]).replace("_", "-")
        raise typer.BadParameter(first["msg"], param_hint=option) from None


@app.command()
def check(
    name: Annotated[str, typer.Argument(help="Which wave: a folder in data_raw/.")],
    root: RootOption = None,
) -> None:
    """Tell all that is still wrong with a wave, and show what arrives of each variable.

    Exit code 0: it can be used. 2: it cannot yet.
    """
    from mobiliteit.arrival import check_wave

    report = check_wave(name, root=root)
    _show_report(report)
    if not report.usable:
        raise typer.Exit(2)


def _console() -> Console:
    from rich.console import Console

    console = Console(highlight=False, markup=False, emoji=False)
    # a file or a pipe has no width of its own
    console.width = min(console.width, WIDTH) if console.is_terminal else WIDTH
    return console


def _item(text: str, width: int, mark: str = "-") -> str:
    """Fold a line of a list, the rest of it below its first word."""
    from mobiliteit.errors import legible

    return textwrap.fill(
        legible(text),
        width,
        initial_indent=f"  {mark} ",
        subsequent_indent="    ",
        break_long_words=False,
        break_on_hyphens=False,
    )


def _show_proposal(proposal: Proposal) -> None:
    console = _console()
    matches = proposal.matches
    sure = [match for match in matches if match.accepted]
    console.print(f"Wave {proposal.wave}: {len(sure)} of {_asked(proposal)} questions are mapped.")
    console.print(f"Read as: {_file_facts(proposal.table.facts)}")
    for caution in proposal.table.cautions:
        console.print(_item(caution, console.width, "!"))
    for low, high in ((0.95, 1.01), (0.8, 0.95)):
        n = sum(low <= match.confidence < high for match in sure)
        console.print(f"  {n:>4} with confidence {low:.2f} to {min(high, 1):.2f}")
    for title, names in (
        ("for you to decide, in a comment", [m.source for m in matches if not m.accepted]),
        ("columns of the file without a match", list(proposal.unmatched_columns)),
        ("questions of the codebook without a source", list(proposal.unmatched_variables)),
        ("identifiers, dropped", list(proposal.roles.identifiers)),
    ):
        if names:
            console.print(_item(f"{title}: {_some(names)}", console.width, f"{len(names):>3}"))
    if proposal.folder is not None:
        console.print(f"\nWritten: {proposal.folder}")
    if proposal.salt is not None:
        console.print(f"Written: {proposal.salt}")
        console.print(
            _item(
                "the key that hashes person ids. Keep it, and keep it to yourself: without it a "
                "later wave cannot be linked to this one, and who has it can find people back.",
                console.width,
            )
        )
    console.print("\nWhat next:")
    console.print(_item("go through wave.yaml and correct it by hand", console.width, "1."))
    console.print(_item(f"mobiliteit wave check {proposal.wave}", console.width, "2."))


def _asked(proposal: Proposal) -> int:
    return len(proposal.matches) + len(proposal.unmatched_variables)


def _file_facts(facts: dict[str, str]) -> str:
    own = {"format", "rows", "columns"}
    rest = [f"{name} {value}" for name, value in facts.items() if name not in own]
    size = f"{facts.get('rows', '?')} rows, {facts.get('columns', '?')} columns"
    return ", ".join([facts.get("format", "?"), *rest, size])


def _some(names: list[str]) -> str:
    shown = ", ".join(names[:MOST_NAMED])
    left_out = len(names) - MOST_NAMED
    return f"{shown} (and {left_out} more)" if left_out > 0 else shown


def _show_report(report: ArrivalReport) -> None:
    console = _console()
    console.print(f"Wave {report.wave}")
    if report.facts:
        console.print(f"Read as: {_file_facts(report.facts)}")
    for caution in report.cautions:
        console.print(_item(caution, console.width, "!"))
    if report.problems:
        console.print("What follows is what is left when what is wrong is set aside.")
    if any(entry.state in ("answers", "aside") for entry in report.columns):
        _show_columns(report, console)
    for title, counts in (("Rows", report.rows), ("Groups", report.groups)):
        if counts:
            console.print(f"\n{title}:")
            for label, n in counts.items():
                console.print(_item(label, console.width, f"{n:>7,}"))
    _show_careless(report, console)
    _show_reliabilities(report, console)
    _show_weights(report, console)
    if report.warnings:
        console.print(f"\nLook at this ({len(report.warnings)}):")
        for warning in report.warnings:
            console.print(_item(warning, console.width, "!"))
    if report.problems:
        console.print(f"\nTo put right ({len(report.problems)}):")
        for problem in report.problems:
            console.print(_item(str(problem), console.width))
        console.print(f"\nWave {report.wave} cannot be used yet.")
    else:
        console.print(f"\nWave {report.wave} can be used: nothing is wrong with it.")


def _show_columns(report: ArrivalReport, console: Console) -> None:
    from rich.table import Table

    table = Table(box=None, pad_edge=False, show_edge=False, width=console.width, title=None)
    table.add_column("question", width=26, overflow="fold")
    table.add_column("from", width=12, overflow="fold")
    table.add_column("what arrives", overflow="fold", ratio=1)
    table.add_column("mean", width=5, justify="right")
    table.add_column("missing", width=18, overflow="fold")
    previous = ""
    for entry in report.columns:
        item = entry.name != entry.variable
        if item and entry.variable != previous:
            table.add_row(entry.variable, "", "; ".join(entry.counts), "", "")
        previous = entry.variable
        name = f"  {entry.name.removeprefix(entry.variable)}" if item else entry.name
        counted = item or not entry.counts
        mean = f"{entry.mean:.2f}" if counted and not math.isnan(entry.mean) else ""
        table.add_row(name, _sources(entry), _arrives(entry, item), mean, _missing(entry))
    console.print()
    console.print(table)


def _sources(entry: Arrival) -> str:
    if len(entry.sources) > 2:
        return f"{entry.sources[0]} and {len(entry.sources) - 1} more"
    return ", ".join(entry.sources)


def _arrives(entry: Arrival, item: bool) -> str:
    from mobiliteit.errors import legible

    parts = list(_content(entry, item))
    return legible("; ".join([*parts, *(f"[{mark}]" for mark in entry.marks)]))


def _content(entry: Arrival, item: bool) -> Iterator[str]:
    """Say what arrives; an item leaves the words of its answers to the line of its scale."""
    if entry.state == "absent":
        yield f"not in this wave: {entry.note}"
    elif entry.state == "none":
        yield "NOT MAPPED"
    elif entry.state == "aside":
        yield "SET ASIDE, see below"
        if entry.counts:
            yield "delivered: " + _counts(entry, words=True)
    elif not entry.n:
        yield "NO ANSWERS"
    elif entry.counts:
        yield _counts(entry, words=not item)
    else:
        yield f"{entry.low:g} to {entry.high:g} (n {entry.n:,})"


def _counts(entry: Arrival, *, words: bool) -> str:
    """Write counts per code: ``1 zorg: 814``, or without the word ``1:814``."""
    if words:
        return " · ".join(f"{answer}: {n:,}" for answer, n in entry.counts.items())
    return "  ".join(f"{answer.split()[0]}:{n}" for answer, n in entry.counts.items())


def _missing(entry: Arrival) -> str:
    if entry.state != "answers":
        return ""
    share = "" if math.isnan(entry.share_missing) else f"{100 * entry.share_missing:.1f}%"
    reasons = [f"{reason} {n:,}" for reason, n in entry.missing.items()]
    asked = [f"not asked {entry.not_asked:,}"] if entry.not_asked else []
    return "; ".join([share, *reasons, *asked])


def _show_careless(report: ArrivalReport, console: Console) -> None:
    if report.careless is None:
        return
    console.print("\nCareless answers:")
    for line in report.careless.counts().to_string().splitlines():
        console.print(f"  {line}")


def _show_reliabilities(report: ArrivalReport, console: Console) -> None:
    if not report.reliabilities:
        return
    console.print("\nReliability (Cronbach's alpha, lowest item-rest correlation, n):")
    for scale in report.reliabilities:
        rest = [r for r in scale.item_rest.values() if not math.isnan(r)]
        lowest = f"{min(rest):>6.2f}" if rest else "     -"
        alpha = "     -" if math.isnan(scale.alpha) else f"{scale.alpha:>6.2f}"
        console.print(f"  {scale.scale:<34}{alpha}{lowest}{scale.n:>8,}")


def _show_weights(report: ArrivalReport, console: Console) -> None:
    weights = report.weights
    if weights is None:
        return
    console.print("\nWeights:")
    console.print(
        f"  {weights.lowest:.2f} to {weights.highest:.2f}, {weights.trimmed} trimmed; design "
        f"effect {weights.design_effect:.2f}, effective n {weights.effective_n:,.0f} of "
        f"{weights.n:,}"
    )
    if weights.deviations:
        console.print(
            f"  raked in {len(weights.deviations)} iterations, largest difference from a margin "
            f"{weights.deviations[-1]:.1e}"
        )
