"""What the report says, once, for every format: text, tables and figures as neutral blocks."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import count

from mobiliteit.clean import ABSENT
from mobiliteit.errors import MobiliteitError
from mobiliteit.gallery.shown import picture
from mobiliteit.gallery.source import Gallery
from mobiliteit.project import FIRST_WAVE
from mobiliteit.render import wording
from mobiliteit.render.appendix import appendix_parts, appendix_title
from mobiliteit.render.drawing import plain_title
from mobiliteit.render.ledger_words import HEADER, ledger_rows
from mobiliteit.render.lists import unequal_cells
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
from mobiliteit.report.pictures import of_kind, own_figures, table_pictures
from mobiliteit.report.provenance import provenance_blocks
from mobiliteit.report.words import WORDS
from mobiliteit.tables import TableResult
from mobiliteit.wave import Wave

LISTED = 50  # cells that are not equal; more of them say nothing one by one
FINDINGS = 10  # of the audit that the report lists; its own page has all


def build_report(gallery: Gallery, *, lang: str = "nl") -> Report:
    """Gather what the report of a wave says.

    Parameters
    ----------
    gallery : Gallery
        The wave with its tables, its scorecard and its figures; a later wave with the earlier one
        that it is held against. Figures that were drawn already are not drawn again.
    lang : {'nl', 'en'}
        Language; printed numbers, and the reasons that a sidecar gives for its gaps, stay as they
        are.

    Returns
    -------
    Report
        What it is and is not; the data; every table with its figure; the other figures of the
        gallery, for a later wave those of two waves too; the scorecard; for the wave of the report
        itself the audit in short; every table explained to students; and provenance. A cell that
        the wave cannot give is empty, with the reason under its table; a figure that it cannot give
        is named as such. Weighted where the wave is.

    Raises
    ------
    AnalysisError
        There is no such language.
    """
    wording.words(lang)
    say, wave = WORDS[lang], gallery.wave
    views = gallery.views(lang)
    facts, descriptor = wave.study.codebook.study, wave.descriptor
    numbers = count(1)
    blocks = [*_about(wave, len(views), lang), *_data(wave, lang)]
    blocks += [Heading(1, say["tables"]), Paragraph(say["tables_text"])]
    drawn = table_pictures(gallery, lang)
    for view in views.values():
        heading = Heading(2, f"{view.number} {plain_title(view)}")
        blocks.append(TableBlock(heading, view))
        if view.number in drawn:
            blocks.append(FigureBlock(next(numbers), drawn[view.number]))
    blocks += _figures(gallery, "figures", own_figures(gallery, pairs=False), numbers, lang)
    blocks += _figures(gallery, "two_waves", own_figures(gallery, pairs=True), numbers, lang)
    blocks += _score(gallery, numbers, lang)
    if wave.id == FIRST_WAVE:
        blocks += _audit(gallery, numbers, lang)
    blocks += _appendix(wave, gallery.results, lang)
    legend = next(iter(views.values())).legend
    blocks += provenance_blocks(wave, legend, lang)
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


def _figures(
    gallery: Gallery, chapter: str, names: Sequence[str], numbers: Iterator[int], lang: str
) -> Iterator[Block]:
    """Show figures of the gallery in a chapter of their own."""
    if not names:
        return
    say = WORDS[lang]
    yield Heading(1, say[chapter])
    earlier = "" if gallery.earlier is None else gallery.earlier.id
    yield Paragraph(say[f"{chapter}_text"].format(wave=gallery.wave.id, earlier=earlier))
    for name in names:
        yield from _picture(gallery, name, numbers, lang)


def _picture(
    gallery: Gallery, name: str | None, numbers: Iterator[int], lang: str
) -> Iterator[Block]:
    if name is None:
        return
    try:
        own = picture(name, gallery, lang)
    except MobiliteitError:
        caption = getattr(gallery.catalogue.figures[name], lang)
        yield Paragraph(WORDS[lang]["not_drawn"].format(caption=caption))
    else:
        yield FigureBlock(next(numbers), own)


def _score(gallery: Gallery, numbers: Iterator[int], lang: str) -> Iterator[Block]:
    say, words = WORDS[lang], wording.words(lang)
    summary = gallery.scorecard.summary()
    total = summary.loc["totaal"]
    yield Heading(1, say["scorecard"])
    yield Paragraph(say["scorecard_text"].format(cells=total["cells"], exact=total["exact"]))
    header = (words["table"], *(words[str(column)] for column in summary.columns))
    rows = [(str(table), *map(str, counts)) for table, *counts in summary.itertuples(name=None)]
    rows[-1] = (words["total"], *rows[-1][1:])
    yield Grid(header, tuple(rows), numbers=len(header) - 1)
    unequal = unequal_cells(list(gallery.views(lang).values()))
    if len(unequal.rows) > LISTED:
        yield Paragraph(say["many_unequal"].format(n=len(unequal.rows)))
    elif unequal.rows:
        yield Paragraph(say["unequal"])
        yield Grid(unequal.header, unequal.rows)
    yield from _picture(gallery, of_kind(gallery, "scorecard"), numbers, lang)


def _appendix(wave: Wave, results: Mapping[str, TableResult], lang: str) -> Iterator[Block]:
    yield Heading(1, appendix_title(lang))
    for part in appendix_parts(wave.study, results, lang):
        yield Heading(2, part.heading)
        for title, text in part.paragraphs:
            yield Paragraph(text, lead=f"{title}.")


def _audit(gallery: Gallery, numbers: Iterator[int], lang: str) -> Iterator[Block]:
    say, words, result = WORDS[lang], wording.words(lang), gallery.audit
    coverage = result.coverage()
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
    yield from _picture(gallery, of_kind(gallery, "audit"), numbers, lang)
