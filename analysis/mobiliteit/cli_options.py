"""What the commands share: the options for folder and language, and the lines that they print."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Annotated

import typer


def check_lang(lang: str) -> str:
    """Return a language of the outputs, or refuse it as the value of ``--lang``."""
    if lang not in ("nl", "en"):
        raise typer.BadParameter(f"{lang!r} is no language here; use nl or en")
    return lang


def show_mark(mark: str) -> None:
    """Print the mark of a wave that is synthetic or used without its weights, if it has one."""
    if mark:
        typer.echo(f"NB {mark}\n")


def show_written(paths: Iterable[Path]) -> None:
    """Print which pages and tables were written, and how many figures in which folder."""
    figures = []
    for path in paths:
        if path.suffix in (".png", ".svg"):
            figures.append(path)
        else:
            typer.echo(f"Written: {path}")
    if figures:
        typer.echo(f"Figures: {len(figures)}, in {figures[0].parent}")


RootOption = Annotated[
    Path | None, typer.Option("--root", help="Folder of the project; by default the current one.")
]
LangOption = Annotated[
    str,
    typer.Option("--lang", help="Language of labels and numbers: nl or en.", callback=check_lang),
]
