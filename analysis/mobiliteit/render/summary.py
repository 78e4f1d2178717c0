"""The summary of a scorecard: how many cells of each table agree, as text, Markdown or HTML."""

from __future__ import annotations

import html
from dataclasses import dataclass

import pandas as pd

from mobiliteit.errors import AnalysisError, Problem
from mobiliteit.render import wording

FORMS = ("text", "markdown", "html")


@dataclass(frozen=True)
class ShownSummary:
    """A summary that displays itself as HTML in a notebook."""

    summary: pd.DataFrame
    mark: str
    lang: str

    def _repr_html_(self) -> str:
        return scorecard_summary(self.summary, mark=self.mark, lang=self.lang, form="html")

    def __str__(self) -> str:
        """Return the summary as plain text."""
        return scorecard_summary(self.summary, mark=self.mark, lang=self.lang)


def show_summary(scorecard: object, lang: str = "nl") -> ShownSummary:
    """Show the summary of a scorecard in a notebook.

    Parameters
    ----------
    scorecard : Scorecard
        Published against computed.
    lang : {'nl', 'en'}
        Language.

    Returns
    -------
    ShownSummary
        Displays as HTML.
    """
    # The class of a scorecard lives a floor higher, where the published numbers are.
    counts: pd.DataFrame = scorecard.summary()  # type: ignore[attr-defined]
    return ShownSummary(counts, scorecard.wave.mark(lang), lang)  # type: ignore[attr-defined]


def scorecard_summary(
    summary: pd.DataFrame, *, mark: str = "", lang: str = "nl", form: str = "text"
) -> str:
    """Write the number of cells per table and verdict.

    Parameters
    ----------
    summary : pandas.DataFrame
        Index: number of the table, then the total; columns ``cells`` and the verdicts, as
        ``Scorecard.summary`` gives.
    mark : str
        The synthetic mark; stands above the table.
    lang : {'nl', 'en'}
        Language.
    form : {'text', 'markdown', 'html'}
        What to write.

    Returns
    -------
    str
        The summary; zero verdicts are shown as zero, so that nothing looks forgotten.

    Raises
    ------
    AnalysisError
        There is no such form or language.
    """
    if form not in FORMS:
        problem = Problem(f"there is no form {form!r}", f"Use one of: {', '.join(FORMS)}.")
        raise AnalysisError("The summary cannot be written.", [problem])
    say = wording.words(lang)
    signs = {verdict: f"{sign} " if sign else "" for verdict, sign in wording.SIGNS.items()}
    header = [say["table"]]
    header += [signs.get(str(name), "") + say[str(name)] for name in summary.columns]
    body = [[str(table), *map(str, counts)] for table, *counts in summary.itertuples(name=None)]
    body[-1][0] = say["total"]
    if form == "html":
        return _html(header, body, mark)
    if form == "markdown":
        lines = [header, [":--", *["--:"] * (len(header) - 1)], *body]
        table = "\n".join("| " + " | ".join(line) + " |" for line in lines)
        return f"*{mark}*\n\n{table}\n" if mark else f"{table}\n"
    widths = [max(len(line[k]) for line in [header, *body]) for k in range(len(header))]
    written = [
        "  ".join(
            text.ljust(width) if k == 0 else text.rjust(width)
            for k, (text, width) in enumerate(zip(line, widths, strict=True))
        ).rstrip()
        for line in [header, *body]
    ]
    rule = "-" * (sum(widths) + 2 * (len(widths) - 1))
    text = "\n".join([written[0], rule, *written[1:-1], rule, written[-1]])
    return f"{mark}\n\n{text}\n" if mark else f"{text}\n"


def _html(header: list[str], body: list[list[str]], mark: str) -> str:
    cell = "padding:3px 10px;text-align:{};border-bottom:1px solid #d5d5d5"

    def row(texts: list[str], tag: str) -> str:
        cells = "".join(
            f'<{tag} style="{cell.format("right" if k else "left")}">{html.escape(text)}</{tag}>'
            for k, text in enumerate(texts)
        )
        return f"<tr>{cells}</tr>"

    rows = "".join(row(line, "td") for line in body[:-1]) + row(body[-1], "th")
    lead = f"<p><em>{html.escape(mark)}</em></p>" if mark else ""
    return (
        f'{lead}<table style="border-collapse:collapse;font-size:14px">'
        f"<thead>{row(header, 'th')}</thead><tbody>{rows}</tbody></table>"
    )
