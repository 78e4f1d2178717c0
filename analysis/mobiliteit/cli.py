"""The command line: ``mobiliteit reproduce | clean | tables | scorecard | wave | synthesize``.

Heavy imports happen inside the commands, so that ``--help`` answers at once. Exit codes: 0 done,
2 bad input.
"""

from __future__ import annotations

import os
import sys
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

from mobiliteit import cli_against, cli_lab, cli_report, cli_wave
from mobiliteit.cli_options import LangOption, RootOption, show_mark, show_written

if TYPE_CHECKING:
    from mobiliteit.scorecard import Scorecard

# The matrices of this package are small: threads of linear algebra only wait for each other, and a
# question to 100,000 people then takes four times as long. Who wants them sets these beforehand.
ONE_THREAD = {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1", "MKL_NUM_THREADS": "1"}

app = typer.Typer(
    name="mobiliteit",
    help="Reproduce the tables of the 2006 TNO study of careers in Dutch care and welfare.\n\n"
    "Start with `mobiliteit reproduce`: it reads the wave in data_raw/2006, cleans it, sorts the "
    "respondents into blijvers, overwegers and mobielen, computes the eleven tables, and shows "
    "cell by cell how they compare with the published ones.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)


app.add_typer(cli_wave.app)
app.command()(cli_against.panel)
app.command()(cli_against.trends)
app.command()(cli_against.scales)
app.command()(cli_against.sorting)
app.command()(cli_lab.ask)
app.command()(cli_lab.hypotheses)
app.command()(cli_lab.lab)
app.command()(cli_report.report)
app.command()(cli_report.figures)
app.command()(cli_report.replication)
app.command()(cli_report.manifest)


class Format(StrEnum):
    """Formats that the scorecard can be written in."""

    csv = "csv"
    html = "html"
    markdown = "markdown"
    xlsx = "xlsx"


class TableFormat(StrEnum):
    """Formats that tables can be written in."""

    csv = "csv"
    html = "html"
    markdown = "markdown"
    xlsx = "xlsx"
    docx = "docx"
    latex = "latex"


WaveOption = Annotated[str, typer.Option("--wave", help="Which wave: a folder in data_raw/.")]
FormatOption = Annotated[Format, typer.Option("--format", help="What kind of file to write.")]
LegendOption = Annotated[
    str | None,
    typer.Option(
        "--legend",
        help="What the stars mean: usual (.05, .01, .001) or as_printed (the report's own legend).",
    ),
]


@app.command()
def reproduce(
    wave: WaveOption = "2006",
    lang: LangOption = "nl",
    root: RootOption = None,
    legend: LegendOption = None,
) -> None:
    """Run everything: clean data, tables, figures, notebooks, scorecard and report.

    --lang chooses the language of the report, the tables and the scorecard; the notebooks are in
    Dutch.
    """
    from mobiliteit import reproduction

    with _progress(reproduction.stages(root)) as report:
        result = reproduction.reproduce(wave, root=root, legend=legend, lang=lang, report=report)
    _show(result.scorecard)
    project = result.project
    typer.echo(f"\nData:     {project.data_clean}")
    typer.echo(f"Figures:  {project.figures}")
    first = {"nl": "reproductie.html", "en": "reproduction.html"}[lang]
    typer.echo(f"Reports:  {project.reports}  (begin with {first})")


@app.command()
def clean(wave: WaveOption = "2006", root: RootOption = None) -> None:
    """Clean a wave and sort its respondents; write it to data_clean/ with codebook and ledger."""
    from mobiliteit.project import find_project
    from mobiliteit.wave import load_wave, write_clean

    data = load_wave(wave, root=root)
    paths = write_clean(data, find_project(root, wave).data_clean)
    show_mark(data.mark("nl"))
    group = data.study.segments.group_variable.id
    typer.echo(f"Records delivered: {data.ledger.total('in')}")
    for entry in data.ledger.entries:
        if entry["kind"] == "excluded":
            typer.echo(f"  excluded: {entry['n']:>5}  {entry['label_nl']}")
    typer.echo(f"Respondents kept:  {len(data.frame)}")
    for name, n in data.frame[group].value_counts(sort=False).items():
        typer.echo(f"  {name}: {n}")
    typer.echo(f"Values made missing: {data.ledger.total('missing')}, with reasons in the ledger")
    show_written(paths)


@app.command()
def tables(
    wave: WaveOption = "2006",
    table: Annotated[
        list[str] | None, typer.Option("--table", help="One table, such as 3.7; may be repeated.")
    ] = None,
    file_format: Annotated[
        TableFormat, typer.Option("--format", help="What kind of file to write.")
    ] = TableFormat.html,
    lang: LangOption = "nl",
    root: RootOption = None,
    legend: LegendOption = None,
) -> None:
    """Compute the tables and write them beside the published numbers."""
    from mobiliteit.project import find_project
    from mobiliteit.render.export import write_tables
    from mobiliteit.scorecard import score_wave
    from mobiliteit.tables import compute_table
    from mobiliteit.wave import load_wave

    data = load_wave(wave, root=root)
    numbers = table or list(data.study.tables.tables)
    results = {number: compute_table(data, number) for number in numbers}
    scorecard = score_wave(data, results, legend=legend)
    reports = find_project(root, wave).reports
    show_mark(data.mark("nl"))
    show_written(write_tables(results, scorecard, reports, formats=[file_format.value], lang=lang))


@app.command()
def scorecard(
    which: Annotated[
        str | None, typer.Argument(metavar="[WAVE]", help="Which wave; the same as --wave.")
    ] = None,
    wave: WaveOption = "2006",
    against: Annotated[
        str | None,
        typer.Option("--against", help="Ask of each finding of 2006 whether it still holds."),
    ] = None,
    file_format: FormatOption = Format.csv,
    lang: LangOption = "nl",
    root: RootOption = None,
    legend: LegendOption = None,
) -> None:
    """Compare every computed cell with the published one, and count the verdicts.

    With --against 2006: does each finding of the report still hold in this wave?
    """
    from mobiliteit.project import find_project
    from mobiliteit.render.scorecards import write_scorecard
    from mobiliteit.scorecard import score_wave
    from mobiliteit.wave import load_wave

    name = which or wave
    if against is not None:
        cli_against.hold_against(name, against, lang=lang, root=root)
        return
    data = load_wave(name, root=root)
    result = score_wave(data, legend=legend)
    folder = find_project(root, name).reports
    paths = write_scorecard(result, folder, formats=[file_format.value], lang=lang)
    _show(result)
    show_written(paths)


@app.command()
def audit(root: RootOption = None) -> None:
    """Ask of every published number what arithmetic allows; reads no wave."""
    from mobiliteit.audit import run_audit, write_audit
    from mobiliteit.project import find_project
    from mobiliteit.study import load_study

    result = run_audit(load_study())
    paths = write_audit(result, find_project(root).reports)
    typer.echo(result.coverage().to_string())
    typer.echo(f"\n{len(result.findings)} findings, in order of weight:")
    for title in result.findings["title_nl"]:
        typer.echo(f"  - {title}")
    show_written(paths)


@app.command()
def claims(wave: WaveOption = "2006", lang: LangOption = "nl", root: RootOption = None) -> None:
    """Judge every statement of the report's text, on its own tables and on a wave."""
    from mobiliteit.claims.on_tables import judge_published
    from mobiliteit.claims.on_wave import judge_wave
    from mobiliteit.claims.page import write_claims
    from mobiliteit.project import find_project
    from mobiliteit.wave import load_wave

    data = load_wave(wave, root=root)
    published, on_wave = judge_published(data.study), judge_wave(data.unweighted())
    paths = write_claims(published, on_wave, find_project(root, wave).reports, lang=lang)
    typer.echo(f"On the report's own tables:\n{published.summary().to_string()}\n")
    typer.echo(f"On wave {data.id}:\n{on_wave.summary().to_string()}\n")
    show_mark(data.unweighted().mark("nl"))
    show_written(paths)


@app.command()
def impute(
    wave: WaveOption = "2006",
    imputations: Annotated[
        int, typer.Option("--imputations", min=2, help="How many completed data sets to make.")
    ] = 20,
    seed: Annotated[
        int, typer.Option("--seed", min=0, help="The same seed gives the same numbers.")
    ] = 2006,
    lang: LangOption = "nl",
    root: RootOption = None,
) -> None:
    """Compute the regressions with missing answers left out and imputed, side by side."""
    from mobiliteit.imputed import imputed_tables
    from mobiliteit.project import find_project
    from mobiliteit.render.imputed import write_imputed
    from mobiliteit.wave import load_wave

    data = load_wave(wave, root=root).unweighted()
    results = imputed_tables(data, m=imputations, seed=seed)
    paths = write_imputed(results, find_project(root, wave).reports, lang=lang)
    show_mark(data.mark("nl"))
    show_written(paths)


@app.command()
def synthesize(
    seed: Annotated[
        int | None, typer.Option("--seed", help="Only this seed; by default several are tried.")
    ] = None,
    check: Annotated[
        bool,
        typer.Option("--check", help="Draw nothing: check the bundled wave, remake its page."),
    ] = False,
    demo: Annotated[
        bool, typer.Option("--demo", help="Draw the demo wave of 2008 instead; takes seconds.")
    ] = False,
    root: RootOption = None,
) -> None:
    """Draw the bundled synthetic wave anew, or check it (drawing takes minutes and needs numba).

    The wave is written to data_raw/2006 only when it agrees with every published cell and bound; an
    interrupted run goes on where it was.
    """
    from mobiliteit.project import FIRST_WAVE, find_project
    from mobiliteit.synthetic.demo_file import SEED, write_demo
    from mobiliteit.synthetic.generate import check_wave, run
    from mobiliteit.synthetic.page import write_page
    from mobiliteit.synthetic.targets import load_targets

    project = find_project(root)
    if demo:
        if check:
            raise typer.BadParameter("the demo wave is not held to targets", param_hint="--check")
        for path in write_demo(project, seed=SEED if seed is None else seed):
            typer.echo(f"Written: {path}")
        return
    wave, page = project.raw(FIRST_WAVE), project.reports / "bundled_wave.html"
    if not check:
        result = run(seed, wave)
        for attempt in result.attempts:
            typer.echo(
                f"seed {attempt.seed}: {attempt.exact} of {attempt.cells} cells, "
                f"{len(attempt.missed)} missed, {attempt.seconds:.0f} s"
            )
    targets = load_targets()
    checked = check_wave(targets, wave)
    write_page(targets, wave, page)
    for line in checked.missed:
        typer.echo(f"missed: {line}")
    met = sum(bound.met for bound in checked.bounds)
    typer.echo(f"{checked.exact} of {len(checked.verdicts)} published cells exact")
    typer.echo(f"{met} of {len(checked.bounds)} numbers in the text and bounds met")
    typer.echo(f"Written: {page}")
    if checked.missed:
        raise typer.Exit(1)


def main() -> None:
    """Run the command line; bad input becomes one message and exit code 2."""
    from mobiliteit.errors import MobiliteitError

    for name, value in ONE_THREAD.items():
        os.environ.setdefault(name, value)
    try:
        app()
    except MobiliteitError as error:
        typer.echo(str(error), err=True)
        sys.exit(2)


def _show(result: Scorecard) -> None:
    from rich.console import Console
    from rich.table import Table

    from mobiliteit.render.numbers import describe_legend

    titles = {"exact": "exact", "last_digit": "last digit", "not_computable": "not computable"}
    table = Table(title=f"Scorecard, wave {result.wave.id}: published against computed cells")
    table.add_column("table")
    summary = result.summary()
    for column in summary.columns:
        table.add_column(titles.get(column, column), justify="right")
    for number, row in zip(summary.index, summary.to_numpy(), strict=True):
        table.add_row(str(number), *map(str, row))
    console = Console()
    console.print(table)
    levels = result.wave.study.tables.significance.legends[result.legend]
    legend = describe_legend(levels, "en")
    total = summary.loc["totaal"]
    typer.echo(
        f"{total['exact']} of {total['cells']} cells exact. Stars ({result.legend}): {legend}."
    )
    show_mark(result.wave.mark("nl"))


class _progress:
    """A progress bar in a terminal, one line per stage elsewhere."""

    def __init__(self, total: int) -> None:
        from rich.progress import (
            BarColumn,
            MofNCompleteColumn,
            Progress,
            TextColumn,
            TimeElapsedColumn,
        )

        self.bar = Progress(
            BarColumn(), MofNCompleteColumn(), TimeElapsedColumn(), TextColumn("{task.description}")
        )
        self.task = self.bar.add_task("golf lezen", total=total)
        self.done = 0
        self.total = total

    def __enter__(self) -> _progress:
        if self.bar.console.is_terminal:
            self.bar.start()
        return self

    def __exit__(self, *exception: object) -> None:
        if self.bar.console.is_terminal:
            self.bar.stop()

    def __call__(self, stage: str) -> None:
        self.done += 1
        if self.bar.console.is_terminal:
            self.bar.update(self.task, advance=1, description=stage)
        else:
            typer.echo(f"[{self.done:>2}/{self.total}] {stage}")


if __name__ == "__main__":
    main()
