"""What the report says, once, for every format: text, tables and figures as neutral blocks."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from mobiliteit.audit import AuditResult, run_audit
from mobiliteit.clean import ABSENT
from mobiliteit.gallery.source import Gallery
from mobiliteit.project import FIRST_WAVE
from mobiliteit.render import canvas, figures, wording
from mobiliteit.render.appendix import appendix_parts, appendix_title
from mobiliteit.render.drawing import plain_title
from mobiliteit.render.ledger_words import HEADER, ledger_rows
from mobiliteit.render.lists import unequal_cells
from mobiliteit.render.tables import TableView, display
from mobiliteit.render.weight_words import weight_note
from mobiliteit.report.blocks import (
    Block,
    Bullets,
    FigureBlock,
    Grid,
    Heading,
    Paragraph,
    Report,
    TableBlock,
)
from mobiliteit.report.pictures import TableFigure, table_figures
from mobiliteit.report.provenance import provenance_blocks
from mobiliteit.report.words import WORDS
from mobiliteit.scorecard import Scorecard
from mobiliteit.tables import TableResult, compute_tables
from mobiliteit.wave import Wave

LISTED = 50  # cells that are not equal; more of them say nothing one by one
FINDINGS = 10  # of the audit that the report lists; its own page has all


def build_report(
    scorecard: Scorecard,
    results: Mapping[str, TableResult] | None = None,
    *,
    lang: str = "nl",
) -> Report:
    """Gather what the report of a wave says.

    Parameters
    ----------
    scorecard : Scorecard
        Published against computed; knows the wave and the star legend.
    results : mapping of str to TableResult, optional
        Its tables, when they were computed already.
    lang : {'nl', 'en'}
        Language; printed numbers, and the reasons that a sidecar gives for its gaps, stay as they
        are.

    Returns
    -------
    Report
        What it is and is not; the data; every table with its figure; the scorecard; for the wave of
        the report itself the audit in short; every table explained to students; and provenance. A
        cell that the wave cannot give is empty, with the reason under its table. Weighted where the
        wave is.

    Raises
    ------
    AnalysisError
        There is no such language.
    """
    wording.words(lang)
    say, wave = WORDS[lang], scorecard.wave
    results = compute_tables(wave) if results is None else results
    views = [
        display(result, scorecard.frame, lang=lang, legend=scorecard.legend)
        for result in results.values()
    ]
    facts, descriptor = wave.study.codebook.study, wave.descriptor
    blocks = [*_about(wave, len(views), lang), *_data(wave, lang)]
    blocks += [Heading(1, say["tables"]), Paragraph(say["tables_text"])]
    drawn = table_figures(views, Gallery(wave, legend=scorecard.legend))
    for view in views:
        heading = Heading(2, f"{view.number} {plain_title(view)}")
        blocks.append(TableBlock(heading, view))
        if view.number in drawn:
            number = list(drawn).index(view.number) + 1
            blocks.append(_figure(drawn[view.number], number))
    blocks += _score(scorecard, views, len(drawn) + 1)
    if wave.id == FIRST_WAVE:
        blocks += _audit(run_audit(wave.study), lang)
    blocks += _appendix(wave, results, lang)
    blocks += provenance_blocks(wave, views[0].legend, lang)
    return Report(
        title=say["title"].format(study=facts.title_nl if lang == "nl" else facts.title_en),
        subtitle=say["subtitle"].format(
            wave=wave.id, title=descriptor.title_nl if lang == "nl" else descriptor.title_en
        ),
        lang=lang,
        mark=wave.mark(lang),
        made=descriptor.date,
        blocks=tuple(blocks),
    )


def _about(wave: Wave, tables: int, lang: str) -> Iterator[Block]:
    say, facts = WORDS[lang], wave.study.codebook.study
    source = facts.source if lang == "nl" else facts.source_en
    version = wave.provenance()["mobiliteit"]
    yield Heading(1, say["what"])
    yield Paragraph(
        say["what_text"].format(tables=tables, source=source, wave=wave.id, version=version)
    )
    which = "same_year" if wave.id == FIRST_WAVE else "other_year"
    points = [say[which].format(wave=wave.id)]
    if wave.synthetic:
        points.insert(0, say["synthetic"])
    yield Bullets((*points, say["no_cause"], say["many_tests"]))


def _data(wave: Wave, lang: str) -> Iterator[Block]:
    say, study = WORDS[lang], wave.study
    which = 0 if lang == "nl" else 1
    by = study.segments.group_variable.id
    counts = wave.frame[by].value_counts(sort=False)
    labels = study.categories(by)
    groups = ", ".join(f"{labels[str(name)][which].lower()} {n}" for name, n in counts.items())
    facts = study.codebook.study
    yield Heading(1, say["data"])
    yield Paragraph(
        say["people"].format(
            n=len(wave.frame),
            groups=groups,
            population=facts.population_nl if lang == "nl" else facts.population_en,
        )
    )
    yield Paragraph(say["ledger"])
    yield Grid(HEADER[lang], tuple(ledger_rows(wave, lang)), numbers=1)
    missing = wave.ledger.frame().query("kind == 'missing'")
    asked = missing[missing["reason"] != ABSENT]
    yield Paragraph(say["missing"].format(n=int(asked["n"].sum())))
    if wave.weights is not None:
        yield Paragraph(weight_note(wave, lang))
    rows = _gaps(wave, lang)
    if rows:
        yield Paragraph(say["gaps"])
        yield Grid(tuple(say["gap_header"].split("|")), rows)


def _gaps(wave: Wave, lang: str) -> tuple[tuple[str, ...], ...]:
    absent, rows = wave.descriptor.absent, []
    for name in wave.study.codebook.variables:
        questions = wave.study.questions(name)
        lacking = [question for question in questions if question in absent]
        if lacking:
            of = WORDS[lang]["of"].format(lacking=len(lacking), total=len(questions))
            reasons = "; ".join(dict.fromkeys(absent[question] for question in lacking))
            rows.append((wave.study.label(name, lang), of, reasons))
    return tuple(rows)


def _figure(drawn: TableFigure, number: int) -> FigureBlock:
    return FigureBlock(
        number,
        canvas.render(drawn.figure, "png"),
        canvas.render(drawn.figure, "svg"),
        drawn.alt,
        drawn.caption,
    )


def _score(scorecard: Scorecard, views: list[TableView], number: int) -> Iterator[Block]:
    lang = views[0].lang
    say, words = WORDS[lang], wording.words(lang)
    summary = scorecard.summary()
    total = summary.loc["totaal"]
    counted = {"cells": total["cells"], "exact": total["exact"]}
    yield Heading(1, say["scorecard"])
    yield Paragraph(say["scorecard_text"].format(**counted))
    header = (words["table"], *(words[str(column)] for column in summary.columns))
    rows = [(str(table), *map(str, counts)) for table, *counts in summary.itertuples(name=None)]
    rows[-1] = (words["total"], *rows[-1][1:])
    yield Grid(header, tuple(rows), numbers=len(header) - 1)
    unequal = unequal_cells(views)
    if len(unequal.rows) > LISTED:
        yield Paragraph(say["many_unequal"].format(n=len(unequal.rows)))
    elif unequal.rows:
        yield Paragraph(say["unequal"])
        yield Grid(unequal.header, unequal.rows)
    figure = figures.verdicts(views)
    yield FigureBlock(
        number,
        canvas.render(figure, "png"),
        canvas.render(figure, "svg"),
        say["heat_alt"].format(**counted),
        say["heat_caption"],
    )


def _appendix(wave: Wave, results: Mapping[str, TableResult], lang: str) -> Iterator[Block]:
    yield Heading(1, appendix_title(lang))
    for part in appendix_parts(wave.study, results, lang):
        yield Heading(2, part.heading)
        for title, text in part.paragraphs:
            yield Paragraph(text, lead=f"{title}.")


def _audit(result: AuditResult, lang: str) -> Iterator[Block]:
    say, words, coverage = WORDS[lang], wording.words(lang), result.coverage()
    total = coverage.loc["totaal"]
    columns = ["cells", "verified", "consistent", "inconsistent", "undetermined"]
    yield Heading(1, say["audit"])
    yield Paragraph(say["audit_text"].format(**{name: total[name] for name in columns}))
    rows = [
        (str(table), *map(str, counts))
        for table, *counts in coverage[columns].itertuples(name=None)
    ]
    rows[-1] = (words["total"], *rows[-1][1:])
    yield Grid(tuple(say["audit_header"].split("|")), tuple(rows), numbers=len(columns))
    heaviest = result.findings.head(FINDINGS)
    yield Paragraph(say["audit_findings"].format(shown=len(heaviest), all=len(result.findings)))
    items = []
    for finding in heaviest.to_dict("records"):
        page = f" ({say['page'].format(page=finding['page'])})" if finding["page"] else ""
        items.append(f"{finding[f'title_{lang}']}{page}")
    yield Bullets(tuple(items))
