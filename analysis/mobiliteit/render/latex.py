"""Tables as LaTeX, to be read in by a document of one's own."""

from __future__ import annotations

import re
from collections.abc import Iterable

from mobiliteit.render import wording
from mobiliteit.render.layout import COMPUTED, Layout, lay_out
from mobiliteit.render.tables import COLOURS, TableView

PREAMBLE = r"""% \usepackage[T1]{fontenc}
% \usepackage{booktabs, rotating, tabularx}
% \usepackage[table]{xcolor}
"""
SHORT = 7  # letters of a heading per column that it stands over, in one line
TALL = 24  # rows that fit a page in the larger type, with many notes
_SIGNS = {
    "\\": r"\textbackslash{}",
    "{": r"\{",
    "}": r"\}",
    "$": r"\$",
    "&": r"\&",
    "#": r"\#",
    "%": r"\%",
    "_": r"\_",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
    "<": r"\textless{}",
    ">": r"\textgreater{}",
    "|": r"\textbar{}",
    '"': r"\textquotedbl{}",
    "\N{NO-BREAK SPACE}": "~",
    "\N{WORD JOINER}": "",
    "–": "--",
    "≈": r"$\approx$",
    "≠": r"$\neq$",
    "∅": r"$\emptyset$",
    "²": r"\textsuperscript{2}",
    "*": r"{*}",
    "[": r"{[}",
    "]": r"{]}",
}
_ANY = re.compile("|".join(map(re.escape, _SIGNS)))
_MINUS = re.compile(r"(?<!\d)-(?=[\d,.])")


def to_latex(views: TableView | Iterable[TableView]) -> str:
    """Write tables as LaTeX floats, each with caption, mark, n and notes.

    Parameters
    ----------
    views : TableView or iterable of TableView
        The tables.

    Returns
    -------
    str
        One ``table`` (or ``sidewaystable``, for many columns) after another; the first lines say in
        comments which packages they use. A cell that differs from the printed number has a colour
        and a sign.
    """
    views = [views] if isinstance(views, TableView) else list(views)
    colours = "".join(
        f"% \\definecolor{{{_colour(verdict)}}}{{HTML}}{{{colour.removeprefix('#')}}}\n"
        for verdict, colour in COLOURS.items()
    )
    return "\n".join([PREAMBLE + colours, *(_float(view) for view in views)])


def escaped(text: str) -> str:
    """Write text so that LaTeX prints it as it is."""
    return _ANY.sub(lambda found: _SIGNS[found[0]], " ".join(text.split("\n")))


def _float(view: TableView) -> str:
    layout = lay_out(view)
    kind = "sidewaystable" if layout.wide else "table"
    number, word = view.number, wording.words(view.lang)["table"]
    title = view.title.removeprefix(f"{word} {number}. ")
    count = len(layout.columns)
    size = "scriptsize" if layout.wide or len(layout.labels) > TALL else "footnotesize"
    lines = [
        rf"\begin{{{kind}}}[tbp]",
        # The number is that of the report, whatever the document counts, and in what language.
        rf"\renewcommand{{\thetable}}{{{number}}}\renewcommand{{\tablename}}{{{word}}}",
        r"\setlength{\abovecaptionskip}{0pt}\setlength{\belowcaptionskip}{6pt}",
        rf"\caption{{{escaped(title)}}}\label{{tab:{number}}}",
        rf"\{size}\setlength{{\tabcolsep}}{{2.5pt}}",
        # The labels take what the numbers leave of the width.
        rf"\begin{{tabularx}}{{\linewidth}}{{>{{\raggedright\arraybackslash}}X{'r' * count}}}",
        r"\toprule",
    ]
    lines += _headings(layout)
    for position, label in enumerate(layout.labels):
        if layout.opens(position):
            heading = escaped(layout.opens(position))
            lines.append(rf"\multicolumn{{{count + 1}}}{{l}}{{\textbf{{{heading}}}}} \\")
        if position in layout.sums and position:
            lines.append(r"\midrule")
        cells = [escaped(label)]
        for column in layout.columns:
            text = _MINUS.sub("$-$", escaped(column.texts[position]))
            verdict = column.verdicts[position]
            if column.kind != COMPUTED:
                text = rf"\textit{{{text}}}"
            if verdict in COLOURS:
                text = rf"\cellcolor{{{_colour(verdict)}}}{text}"
            cells.append(text)
        lines.append(" & ".join(cells) + r" \\")
    lines += [r"\bottomrule", r"\end{tabularx}", ""]
    notes = [*([view.mark] if view.mark else []), *view.notes()]
    lines += [rf"\par\smallskip\noindent\scriptsize {escaped(note)}" for note in notes]
    return "\n".join([*lines, rf"\end{{{kind}}}", ""])


def _headings(layout: Layout) -> list[str]:
    top, sizes, rules, under, at = [""], [""], [], [""], 2
    for spanner in layout.spanners:
        span = len(spanner.columns)
        kind = "c"
        if len(spanner.label) > SHORT * span:
            # As wide as its columns, so that a long heading takes lines rather than room.
            width = f"{(0.78 if layout.wide else 0.705) * span / len(layout.columns):.3f}"
            kind = rf">{{\centering\arraybackslash}}p{{{width}\linewidth}}"
        box = rf"\multicolumn{{{span}}}{{{kind}}}"
        top.append(rf"{box}{{\textbf{{{escaped(spanner.label)}}}}}")
        sizes.append(rf"\multicolumn{{{span}}}{{c}}{{{escaped(spanner.n)}}}")
        rules.append(rf"\cmidrule(lr){{{at}-{at + span - 1}}}")
        under += [rf"\textit{{{escaped(column.heading)}}}" for column in spanner.columns]
        at += span
    rows = [" & ".join(cells) + r" \\" for cells in (top, sizes, under)]
    return [*rows[:2], " ".join(rules), rows[2], r"\midrule"]


def _colour(verdict: str) -> str:
    return "mb" + verdict.replace("_", "")
