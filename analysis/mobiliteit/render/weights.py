"""The weights of a wave as people read them: margins before and after, convergence, effective n."""

from __future__ import annotations

import html
from dataclasses import dataclass

from mobiliteit.errors import AnalysisError, Problem
from mobiliteit.render import wording
from mobiliteit.render.numbers import format_number
from mobiliteit.render.weight_words import WORDS
from mobiliteit.wave import Wave
from mobiliteit.weights import Weights

CELL = "padding:3px 10px;text-align:{};border-bottom:1px solid #d5d5d5"
LEAST_SHOWN = 0.0001


@dataclass(frozen=True)
class ShownWeights:
    """Weights, ready to be read. Displays itself as HTML in a notebook.

    Attributes
    ----------
    title, mark : str
        What it is, and the mark of the wave.
    header : tuple of str
        Headings of `rows`; the first two are words.
    rows : tuple of tuple of str
        One per category of a margin; empty where nothing was raked.
    notes : tuple of str
        Where the weights come from, convergence, design effect, effective n, limits.
    """

    title: str
    mark: str
    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    notes: tuple[str, ...]

    def _repr_html_(self) -> str:
        def line(texts: tuple[str, ...], tag: str) -> str:
            cells = "".join(
                f'<{tag} style="{CELL.format("left" if place < 2 else "right")}">'
                f"{html.escape(text)}</{tag}>"
                for place, text in enumerate(texts)
            )
            return f"<tr>{cells}</tr>"

        table = ""
        if self.rows:
            body = "".join(line(row, "td") for row in self.rows)
            table = (
                '<table style="border-collapse:collapse;font-size:13px"><thead>'
                f"{line(self.header, 'th')}</thead><tbody>{body}</tbody></table>"
            )
        mark = f"<p><em>{html.escape(self.mark)}</em></p>" if self.mark else ""
        notes = "".join(f"<li>{html.escape(note)}</li>" for note in self.notes)
        return f"<div><h4>{html.escape(self.title)}</h4>{mark}{table}<ul>{notes}</ul></div>"


def show_weights(wave: Wave, lang: str = "nl") -> ShownWeights:
    """Show how the weights of a wave were made.

    Parameters
    ----------
    wave : Wave
        A weighted wave.
    lang : {'nl', 'en'}
        Language of labels, notes and decimal sign.

    Returns
    -------
    ShownWeights
        Displays as HTML: per category the share in the sample, after weighting and in the
        population; then convergence, design effect and effective n.

    Raises
    ------
    AnalysisError
        The wave has no weights, or there is no such language.
    """
    wording.words(lang)
    made = wave.weights
    if made is None:
        problem = Problem(f"wave {wave.id} has no weights", "Name them in wave.yaml: `weights`.")
        raise AnalysisError("There are no weights to show.", [problem])
    say = WORDS[lang]
    rows = [
        (
            wave.study.label(str(row["variable"]), lang),
            _category(wave, str(row["variable"]), str(row["category"]), lang),
            str(row["n"]),
            *(
                format_number(100 * float(row[name]), 1, lang=lang) + "%"
                for name in ("sample", "weighted", "target")
            ),
        )
        for row in made.margins.to_dict("records")
    ]
    header = tuple(say[k] for k in ("variable", "category", "n", "sample", "reached", "target"))
    title = say["title"].format(wave=wave.id)
    return ShownWeights(title, wave.mark(lang), header, tuple(rows), tuple(_notes(made, lang)))


def _notes(made: Weights, lang: str) -> list[str]:
    say = WORDS[lang]

    def number(value: float, decimals: int = 2) -> str:
        return format_number(value, decimals, lang=lang)

    raked = bool(made.deviations)
    notes = []
    if made.column:
        notes.append(say["base" if raked else "column"].format(column=made.column))
    if raked:
        notes.append(say["source"].format(source=made.source.rstrip(".")))
        least = f"< {number(LEAST_SHOWN, 4)}"
        points = [100 * value for value in made.deviations]
        shown = [number(value, 4) if value >= LEAST_SHOWN else least for value in points]
        if len(shown) > 6:
            shown = [*shown[:4], "…", shown[-1]]
        notes.append(
            say["convergence"].format(path="; ".join(shown), iterations=len(made.deviations))
        )
        if (made.margins.groupby("variable")["n"].sum() < made.n).any():
            notes.append(say["missing"])
    notes.append(
        say["range"].format(
            lowest=number(made.lowest),
            highest=number(made.highest),
            effect=number(made.design_effect),
            effective=number(made.effective_n, 0),
            n=made.n,
        )
    )
    if made.limits is not None:
        low, high = made.limits
        trim = say["trim"].format(low=number(low), high=number(high), trimmed=made.trimmed)
        notes.append(trim)
    return notes


def _category(wave: Wave, variable: str, category: str, lang: str) -> str:
    study, book = wave.study, wave.study.codebook
    if variable in book.derived:
        for name, cls in book.derived[variable].classes.items():
            if category in (name, str(cls.code)):
                return cls.nl if lang == "nl" else cls.en
    if variable in book.variables:
        for code, label in book.answers(variable).values.items():
            if category in (label.id, str(code)):
                return label.nl if lang == "nl" else label.en
    return study.categories(variable)[category][lang == "en"]
