"""What a report is made of, whatever it is written in."""

from __future__ import annotations

import datetime
from dataclasses import dataclass

from mobiliteit.gallery.shown import Picture
from mobiliteit.render.tables import TableView


@dataclass(frozen=True)
class Heading:
    """A heading.

    Attributes
    ----------
    level : int
        1 for a chapter, 2 for a section.
    text : str
        What it says.
    """

    level: int
    text: str


@dataclass(frozen=True)
class Paragraph:
    """Plain text.

    Attributes
    ----------
    text : str
        What it says.
    lead : str
        Bold words before the text; empty for none.
    """

    text: str
    lead: str = ""


@dataclass(frozen=True)
class Bullets:
    """Points in a list.

    Attributes
    ----------
    items : tuple of str
        At least one.
    """

    items: tuple[str, ...]


@dataclass(frozen=True)
class Grid:
    """A plain table, without numbers of the study's tables.

    Attributes
    ----------
    header : tuple of str
        Headings of the columns.
    rows : tuple of tuple of str
        Cells as people read them.
    numbers : int
        How many of the last columns stand to the right.
    """

    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    numbers: int = 0


@dataclass(frozen=True)
class TableBlock:
    """A table of the study with its notes, under a heading that goes where the table goes.

    Attributes
    ----------
    heading : Heading
        Stands on the same page.
    view : TableView
        Computed beside published.
    """

    heading: Heading
    view: TableView


@dataclass(frozen=True)
class FigureBlock:
    """A figure with its caption.

    Attributes
    ----------
    number : int
        Counted from 1 through the report.
    picture : Picture
        The figure, with its alternative text and its caption without the number.
    """

    number: int
    picture: Picture


Block = Heading | Paragraph | Bullets | Grid | TableBlock | FigureBlock


@dataclass(frozen=True)
class Report:
    """The report of a wave.

    Attributes
    ----------
    title, subtitle : str
        What stands at the head.
    lang : str
        'nl' or 'en'.
    mark : str
        The synthetic mark; empty for a real wave.
    made : datetime.date
        Date of the wave's sidecar: a report has no date of its own, so that two runs give the same.
    blocks : tuple of Block
        In reading order; levels of headings go down one at a time.
    """

    title: str
    subtitle: str
    lang: str
    mark: str
    made: datetime.date
    blocks: tuple[Block, ...]

    @property
    def headings(self) -> tuple[Heading, ...]:
        """The headings, in order."""
        found = (block.heading if isinstance(block, TableBlock) else block for block in self.blocks)
        return tuple(block for block in found if isinstance(block, Heading))
