"""What a notebook shows beside its tables: the wave itself, its ledger, and cells that differ."""

from __future__ import annotations

import html
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from mobiliteit.gaps import NOT_ASKED
from mobiliteit.render import ledger_words, wording
from mobiliteit.render.layout import unbroken
from mobiliteit.render.tables import TableView, show_tables
from mobiliteit.wave import Wave


@dataclass(frozen=True)
class ShownList:
    """Text with an optional table under it. Displays itself as HTML in a notebook.

    Attributes
    ----------
    lead : tuple of str
        Paragraphs above the table.
    header : tuple of str
        Headings of the columns; empty without a table.
    rows : tuple of tuple of str
        Cells as people read them, one tuple per row.
    numbers : int
        How many of the last columns hold numbers, and stand to the right.
    """

    lead: tuple[str, ...]
    header: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()
    numbers: int = 0

    def _repr_html_(self) -> str:
        lead = "".join(f"<p>{html.escape(text)}</p>" for text in self.lead)
        if not self.rows:
            return lead
        body = "".join(self._line(row, "td") for row in self.rows)
        return (
            f'{lead}<table style="border-collapse:collapse;font-size:13px">'
            f"<thead>{self._line(self.header, 'th')}</thead><tbody>{body}</tbody></table>"
        )

    def _line(self, texts: Sequence[str], tag: str) -> str:
        style = "padding:3px 10px;border-bottom:1px solid #d5d5d5;text-align:"
        first_number = len(self.header) - self.numbers
        cells = "".join(
            f'<{tag} style="{style}{"right;white-space:nowrap" if k >= first_number else "left"}">'
            f"{html.escape(text)}</{tag}>"
            for k, text in enumerate(texts)
        )
        return f"<tr>{cells}</tr>"


def show_wave(wave: Wave) -> ShownList:
    """Say which wave a notebook is about, in Dutch: what it is, who is in it and what it lacks.

    Parameters
    ----------
    wave : Wave
        The wave.

    Returns
    -------
    ShownList
        Title, respondents, the synthetic mark where it has one, and the variables that were not
        asked, with the reasons that its sidecar gives.
    """
    lead = [f"Golf {wave.id}: {wave.descriptor.title_nl}. {len(wave.frame)} respondenten."]
    if mark := wave.mark("nl"):
        lead.append(mark)
    if wave.synthetic:
        lead.append(wording.words("nl")["no_evidence"])
    absent, study = wave.descriptor.absent, wave.study
    rows = []
    for name in study.codebook.variables:
        questions = study.questions(name)
        lacking = [question for question in questions if question in absent]
        if lacking:
            reasons = "; ".join(dict.fromkeys(absent[question] for question in lacking))
            rows.append((study.label(name), f"{len(lacking)} van {len(questions)}", reasons))
    heading = NOT_ASKED["nl"]
    header = (heading[:1].upper() + heading[1:], "Vragen", "Reden")
    return ShownList(tuple(lead), header, tuple(rows))


def show_ledger(wave: Wave, lang: str = "nl") -> ShownList:
    """Show how the delivered records became respondents.

    Parameters
    ----------
    wave : Wave
        The wave.
    lang : {'nl', 'en'}
        Language.

    Returns
    -------
    ShownList
        The entries of its ledger that count records, in order: delivered, excluded with the
        reason, flagged and kept, kept. Delivered = excluded + kept.
    """
    return ShownList((), ledger_words.HEADER[lang], tuple(ledger_words.ledger_rows(wave, lang)), 1)


def show_unequal(scorecard: Any, lang: str = "nl") -> ShownList:
    """Show the cells of a scorecard that are not exact.

    Parameters
    ----------
    scorecard : Scorecard
        Published against computed.
    lang : {'nl', 'en'}
        Language of labels, computed numbers and verdicts.

    Returns
    -------
    ShownList
        Table, row, column, printed, computed and verdict of each; a sentence when there is none.
    """
    if (scorecard.frame["verdict"] == "exact").all():
        return ShownList((wording.words(lang)["all_equal"],))
    return unequal_cells(show_tables(scorecard, lang))


def unequal_cells(views: Sequence[TableView]) -> ShownList:
    """List the cells of tables that are not equal to the published ones, as `show_unequal` does."""
    say = wording.words(views[0].lang)
    rows = []
    for view in views:
        cells = view.cells[~view.cells["verdict"].isin(["", "exact"])]
        for cell in cells.to_dict("records"):
            label, group = unbroken(str(cell["row_label"])), str(cell["group"])
            rows.append(
                (
                    view.number,
                    f"{group}: {label}" if group else label,
                    str(cell["column_label"]),
                    str(cell["published"]),
                    str(cell["text"]),
                    f"{cell['sign']} {say[cell['verdict']]}",
                )
            )
    header = (say["table"], say["row"], say["column"], say["published"], say["computed"])
    return ShownList((), (*header, say["verdict"]), tuple(rows))
