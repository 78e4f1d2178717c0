"""The log at the foot of the page: what was asked, what it comes to, and what to take along."""

from __future__ import annotations

import io
import tempfile
from collections.abc import Awaitable, Callable
from functools import partial
from html import escape
from pathlib import Path
from typing import Any

import panel as pn

from mobiliteit.lab.desk import Desk
from mobiliteit.lab.parts import WIDE, WRAP, field, quiet
from mobiliteit.lab.style import SECOND, TEXT
from mobiliteit.lab.words import words

SUFFIXES = {"notebook": ".ipynb", "word": ".docx", "csv": ".csv"}


class Log:
    """The questions of a desk.

    Parameters
    ----------
    desk : Desk
        Whose log it is.
    chosen : callable
        Called after an earlier answer was laid on the desk.
    """

    def __init__(self, desk: Desk, chosen: Callable[[], Awaitable[None]]) -> None:
        self.desk, self._chosen, self._quiet = desk, chosen, False
        self.content = pn.pane.HTML("", stylesheets=[TEXT], **WIDE)
        self.again = field(pn.widgets.Select, visible=False, max_width=720)
        self.lead = pn.pane.HTML("", stylesheets=[TEXT], **WIDE)
        self.downloads = {
            kind: pn.widgets.FileDownload(
                callback=partial(self.file, kind),
                filename="",
                label="",
                auto=True,
                embed=False,
                stylesheets=[SECOND],
                margin=(0, 10, 10, 0),
            )
            for kind in SUFFIXES
        }
        row = pn.Row(*self.downloads.values(), styles=WRAP, **WIDE)
        self.view = pn.Column(
            self.content, self.again, self.lead, row, css_classes=["lab-log"], **WIDE
        )
        self.again.param.watch(self._on_again, "value")

    @quiet
    def show(self) -> None:
        """Show the log as it is now."""
        say_, lang = words(self.desk.lang), self.desk.lang
        entries = self.desk.entries
        self.content.object = f"<h2>{say_['log']}</h2>{self._table()}"
        options = {say_["pick"]: ""}
        for place, entry in enumerate(entries):
            options[f"{place + 1}. {getattr(entry.sentence, lang)} ({entry.wave})"] = str(place)
        self.again.param.update(
            name=say_["again"], options=options, value="", visible=len(entries) > 1
        )
        kept = any(entry.kept for entry in entries)
        lead = f"<h3>{say_['downloads']}</h3>"
        self.lead.object = lead if kept else f"{lead}<p class='quiet'>{say_['nothing_kept']}</p>"
        for kind, button in self.downloads.items():
            name = say_["log"].split()[0].lower()
            button.param.update(
                label=say_[kind], filename=f"{name}{SUFFIXES[kind]}", disabled=not kept
            )

    def file(self, kind: str) -> io.BytesIO:
        """Return the kept answers as the bytes of a file."""
        from mobiliteit.logbook.csv_export import write_csv
        from mobiliteit.logbook.notebook_export import write_notebook
        from mobiliteit.logbook.word_export import write_docx

        lang = self.desk.lang
        write: dict[str, Callable[..., Path]] = {
            "notebook": partial(write_notebook, lang=lang),
            "word": partial(write_docx, lang=lang),
            "csv": write_csv,
        }
        # What writes a log writes files: here one that is gone before the page has it.
        with tempfile.TemporaryDirectory() as folder:
            path = write[kind](self.desk.session, Path(folder) / f"log{SUFFIXES[kind]}")
            return io.BytesIO(path.read_bytes())

    def _table(self) -> str:
        say_, lang, entries = words(self.desk.lang), self.desk.lang, self.desk.entries
        if not entries and not self.desk.waiting:
            return f"<p>{say_['nothing_asked']}</p>"
        from mobiliteit.logbook.overview import NUMBERS, asked_header, asked_rows, waiting_lines

        waiting = ""
        if self.desk.waiting:
            lines = waiting_lines(self.desk.session, lang)
            items = "".join(f"<li>{escape(line)}</li>" for line in lines)
            waiting = f"<h3>{say_['waiting']}</h3><ul>{items}</ul>"
        if not entries:
            return f"<p>{say_['nothing_asked']}</p>{waiting}"
        kept = sum(entry.kept for entry in entries)
        text = say_["asked_one" if len(entries) == 1 else "asked_many"]
        counted = text.format(asked=len(entries), kept=kept)
        lines = [_line(asked_header(lang), NUMBERS, "th")]
        lines += [_line(row, NUMBERS, "td") for row in asked_rows(self.desk.session, lang)]
        return (
            f"<p>{counted}</p>{waiting}<div class='wide'><table><thead>{lines[0]}</thead>"
            f"<tbody>{''.join(lines[1:])}</tbody></table></div>"
        )

    async def _on_again(self, event: Any) -> None:
        if not self._quiet and event.new:
            self.desk.show(self.desk.entries[int(event.new)])
            await self._chosen()


def _line(cells: tuple[str, ...], numbers: int, tag: str) -> str:
    first = len(cells) - numbers
    return "<tr>{}</tr>".format(
        "".join(
            f"<{tag}{' class=number' if place >= first else ''}>{escape(text)}</{tag}>"
            for place, text in enumerate(cells)
        )
    )
