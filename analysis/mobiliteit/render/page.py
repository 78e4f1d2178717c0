"""The shell of a page: one HTML file with its own style and nothing from outside."""

from __future__ import annotations

import html
from collections.abc import Mapping
from importlib.resources import files


def page(
    title: str,
    body: str,
    *,
    mark: str = "",
    lang: str = "nl",
    style: str = "",
    links: Mapping[str, str] | None = None,
    current: str = "",
) -> str:
    """Put a body into a page.

    Parameters
    ----------
    title : str
        Title of the page, plain text.
    body : str
        HTML.
    mark : str
        The synthetic mark, shown in a banner at the top; empty for a real wave.
    lang : {'nl', 'en'}
        Language of the page.
    style : str
        CSS besides that of ``page.css``.
    links : mapping of str to str, optional
        Neighbouring pages: file name to title.
    current : str
        File name of this page among `links`.

    Returns
    -------
    str
        A whole HTML document.
    """
    css = files(__package__).joinpath("page.css").read_text(encoding="utf-8")
    banner = f'<div class="mark" role="note">{html.escape(mark)}</div>' if mark else ""
    steps = "".join(
        f'<li><a href="{html.escape(name)}"{_here(name, current)}>{html.escape(text)}</a></li>'
        for name, text in (links or {}).items()
    )
    menu = f"<nav><ul>{steps}</ul></nav>" if steps else ""
    return (
        f'<!doctype html>\n<html lang="{lang}">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{html.escape(title)}</title>\n<style>\n{css}\n{style}\n</style>\n</head>\n"
        f"<body>\n{banner}\n{menu}\n<main>\n{body}\n</main>\n</body>\n</html>\n"
    )


def _here(name: str, current: str) -> str:
    return ' aria-current="page"' if name == current else ""
