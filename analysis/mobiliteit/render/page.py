"""The shell of a page: one HTML file with its own style and nothing from outside.

A page can also be shown inside a notebook, where its style keeps to itself.
"""

from __future__ import annotations

import html
import re
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files

from mobiliteit.errors import AnalysisError, Problem

SCOPE = "mobiliteit-page"
_PARTS = re.compile(
    r'<html lang="(?P<lang>\w+)">.*?<style>(?P<style>.*?)</style>.*?'
    r'(?P<mark><div class="mark".*?</div>)?\s*(?:<nav>.*?</nav>)?\s*'
    r"<main>(?P<body>.*)</main>",
    re.DOTALL,
)


@dataclass(frozen=True)
class ShownPage:
    """A page inside a notebook.

    Attributes
    ----------
    html : str
        Mark and content of the page in one element, with the style of the page for that alone.
    """

    html: str

    def _repr_html_(self) -> str:
        return self.html


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


def show_page(text: str) -> ShownPage:
    """Show a page in a notebook: ``show_page(panel_html(report))``.

    Parameters
    ----------
    text : str
        A whole document of :func:`page`, as ``panel_html`` and its like give.

    Returns
    -------
    ShownPage
        Displays mark and content without the menu, headings one level lower than on the page. The
        style is nested under a class of its own, and touches nothing else of the notebook.

    Raises
    ------
    AnalysisError
        The text is no page of this package.
    """
    found = _PARTS.search(text)
    if found is None:
        problem = Problem("the text is no page", "Give what a function such as panel_html returns.")
        raise AnalysisError("The page cannot be shown.", [problem])
    body = re.sub(r"<(/?)h([1-5])\b", lambda tag: f"<{tag[1]}h{int(tag[2]) + 1}", found["body"])
    return ShownPage(
        f'<div class="{SCOPE}" lang="{found["lang"]}">\n'
        f"<style>\n.{SCOPE} {{{found['style']}}}\n</style>\n{found['mark'] or ''}\n{body}</div>"
    )
