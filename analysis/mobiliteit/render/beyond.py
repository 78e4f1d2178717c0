"""What stands beyond the tables, as people read it: one HTML table per result, with its notes."""

from __future__ import annotations

import html
from collections import Counter
from dataclasses import dataclass
from typing import Any

import pandas as pd

from mobiliteit.errors import AnalysisError, Problem
from mobiliteit.inference.regression import INTERVALS
from mobiliteit.render import wording
from mobiliteit.render.beyond_words import WORDS
from mobiliteit.render.numbers import MISSING, format_number, format_p
from mobiliteit.study_schema import ClassTable


@dataclass(frozen=True)
class BeyondView:
    """A result beyond the tables, ready to be read. Displays itself as HTML in a notebook.

    Attributes
    ----------
    title : str
        Number and title of the table.
    mark : str
        The synthetic mark; empty for a real wave.
    rows : pandas.DataFrame
        Texts: ``label``, ``group`` (heading above the row, or '') and the columns of `headings`.
    headings : dict
        Column to its heading.
    notes : tuple of str
        Sentences under the table: methods, corrections, missing values, cautions.
    name : str
        Id of the table in the page.
    """

    title: str
    mark: str
    rows: pd.DataFrame
    headings: dict[str, str]
    notes: tuple[str, ...]
    name: str

    def _repr_html_(self) -> str:
        from great_tables import GT, loc, style
        from great_tables import html as raw

        grouped = bool(self.rows["group"].any())
        shown = ["label", *(["group"] if grouped else []), *self.headings]
        table = GT(
            self.rows[shown],
            rowname_col="label",
            groupname_col="group" if grouped else None,
            id=self.name,
        )
        mark = raw(f"<em>{html.escape(self.mark)}</em>") if self.mark else None
        table = table.tab_header(title=raw(html.escape(self.title)), subtitle=mark)
        words = [name for name in self.headings if name in ("pairs", "reading")]
        digits = [name for name in self.headings if name not in words]
        table = table.cols_label(cases=dict(self.headings)).cols_align("right", columns=digits)
        table = table.tab_style(style.css("white-space:nowrap;"), loc.body(columns=digits))
        table = table.tab_style(style.css("max-width:22em;min-width:10em;"), loc.stub())
        if words:
            css = style.css("white-space:pre-line;min-width:16em;")
            table = table.cols_align("left", columns=words)
            table = table.tab_style(css, loc.body(columns=words))
        for note in self.notes:
            table = table.tab_source_note(raw(html.escape(note)))
        table = table.tab_options(
            table_font_names=["system-ui", "Segoe UI", "Helvetica", "Arial", "sans-serif"],
            table_font_size="11.5px",
            table_margin_left="0",
            heading_align="left",
            heading_title_font_size="16px",
            heading_subtitle_font_size="12px",
            data_row_padding="3px",
            data_row_padding_horizontal="5px",
            column_labels_padding_horizontal="5px",
            row_group_padding="5px",
            row_group_font_weight="bold",
            column_labels_font_weight="bold",
            source_notes_font_size="11.5px",
            source_notes_padding="2px",
        )
        return str(table.as_raw_html())


def show_beyond(result: Any, lang: str = "nl") -> BeyondView:
    """Show what stands beyond a table.

    Parameters
    ----------
    result : GroupsBeyond, RegressionsBeyond, MediationBeyond or FamiliesBeyond
        Of :mod:`mobiliteit.beyond`.
    lang : {'nl', 'en'}
        Language of labels, notes and decimal sign.

    Returns
    -------
    BeyondView
        Displays as HTML in a notebook, with the synthetic mark.

    Raises
    ------
    AnalysisError
        The result is of another kind, or there is no such language.
    """
    wording.words(lang)
    # Its classes live a floor higher: this one knows them by what they say they are.
    kind = getattr(result, "kind", "")
    if kind not in _SHOW:
        problem = Problem(
            f"{type(result).__name__} is no such result", "Use a function of mobiliteit.beyond."
        )
        raise AnalysisError("This cannot be shown.", [problem])
    title, rows, headings, notes = _SHOW[kind](result, lang)
    columns = ["label", "group", *headings]
    frame = pd.DataFrame([{**dict.fromkeys(columns, ""), **row} for row in rows], columns=columns)
    name = f"{kind}-{getattr(result, 'number', 'alle').replace('.', '-')}"
    return BeyondView(title, result.wave.mark(lang), frame, headings, tuple(notes), name)


_Shown = tuple[str, list[dict[str, str]], dict[str, str], list[str]]


def _groups(result: Any, lang: str) -> _Shown:
    say, study, table = WORDS[lang], result.wave.study, result.definition
    classed = isinstance(table, ClassTable)
    rows, notes = [], []
    for test in result.tests.to_dict("records"):
        groups = study.categories(test["by"])
        labels = {key: pair[lang == "en"] for key, pair in groups.items()}
        pairs = result.differing(test["row"], test["column"])
        texts = [_unbroken(f"{labels.get(a, a)} > {labels.get(b, b)}") for a, b in pairs]
        symbol = "ω²" if test["effect"] == "omega2" else "V"
        estimate = format_number(test["estimate"], 3, lang=lang)
        label = wording.variable_label(study, test["outcome"], lang)
        row = {
            "label": label,
            "group": study.label(test["by"], lang) if classed else "",
            "effect": f"{symbol} {estimate}" if estimate != MISSING else MISSING,
            "interval": _interval(test["low"], test["high"], 3, lang),
            "pairs": (";\n".join(texts) or say["no_pair"]) if test["compared"] else MISSING,
        }
        for name in ("p", "p_holm", "p_bh"):
            row[name] = format_p(test[name], lang)
        for name in ("p_welch", "p_rank", "p_exact"):
            row[name] = format_p(test[name], lang) if test[name] == test[name] else ""
        rows.append(row)
        if test["note"]:
            notes.append(f"{wording.words(lang)['note']}: {label}: {test['note']}.")
    order = ("p", "p_welch", "p_rank", "p_exact", "p_holm", "p_bh", "effect", "interval", "pairs")
    headings = {name: say[name] for name in order if any(row[name] for row in rows)}
    fixed = [
        say["family"].format(m=result.m, missing=result.n_missing_tests),
        say["effects"].format(level=f"{100 * result.level:g}"),
        *(say[name] for name in ("exact", "rank") if f"p_{name}" in headings),
        say["pair_note"].format(alpha=format_number(result.alpha, 2, lang=lang)),
        _missing("missing_pairwise", lang),
    ]
    return _title(result, lang), rows, headings, fixed + notes


def _regressions(result: Any, lang: str) -> _Shown:
    say, study, names = WORDS[lang], result.wave.study, _column_names(result, lang)
    rows, level = [], 0.95
    for column, model in result.models.items():
        level, fit = model.level, model.fit
        group, found = f"{names[column]} (n = {fit.n})", result.suppressors(column)
        for name, values in model.coefficients.iterrows():
            limits = (values["beta_low"], values["beta_high"])
            row = {
                "label": wording.variable_label(study, str(name), lang),
                "group": group,
                "beta": format_number(values["beta"], 2, lang=lang, leading_zero=False),
                "interval": _interval(*limits, 2, lang, leading_zero=False),
                "p_classic": format_p(values["p"], lang),
                "p_hc3": format_p(values["p_hc3"], lang),
                "vif": format_number(values["vif"], 2, lang=lang),
                "suppressor": say[found[name]] if name in found else "",
            }
            rows.append(row)
        rows.append(
            {
                "label": wording.words(lang)["explained"],
                "group": group,
                "beta": format_number(100 * fit.r2, 1, lang=lang) + "%",
                "interval": _interval(100 * model.r2_low, 100 * model.r2_high, 1, lang),
                "p_classic": format_p(fit.f_p, lang),
                "p_hc3": format_p(model.f_hc3_p, lang),
            }
        )
    for column, reason in result.gaps.items():
        rows.append({"label": f"{say['gap']}: {reason}", "group": names[column], "beta": MISSING})
    headings = {name: say[name] for name in ("beta", "interval", "p_classic", "p_hc3")}
    headings |= {"vif": "VIF", "suppressor": say["suppressor"]}
    notes = [
        say["change"].format(
            larger=_short(names[change["larger"]]),
            smaller=_short(names[change["smaller"]]),
            n=change["n"],
            change=format_number(100 * change["r2_change"], 1, lang=lang),
            added=", ".join(study.label(name, lang) for name in change["added"]),
            df1=f"{change['df1']:g}",
            df2=f"{change['df2']:g}",
            f=format_number(change["f"], 2, lang=lang),
            p=_p(change["p"], lang),
            p_hc3=_p(change["p_hc3"], lang),
        )
        for change in result.changes.to_dict("records")
    ]
    notes += [
        say["intervals"].format(level=f"{100 * level:g}", how=INTERVALS["delta"]),
        say["suppress"],
        _missing("missing_listwise", lang),
    ]
    return _title(result, lang), rows, headings, notes


def _mediation(result: Any, lang: str) -> _Shown:
    say, study, found = WORDS[lang], result.wave.study, result.mediation
    columns = result.definition.columns
    between = {
        "mediator": study.label(columns[result.mediator_column].outcome, lang),
        "outcome": study.label(columns[result.outcome_column].outcome, lang),
    }
    title = f"{wording.words(lang)['table']} {result.number}, {say['beyond']}: "
    title += say["mediation"].format(**between)
    order = ("a", "c", "c_prime", "indirect", "percentile", "bca", "steps", "reading")
    headings = {name: say[name] for name in order}
    if found is None:
        gap = {"label": say["gap"], "reading": result.gap}
        return title, [gap], headings, [f"{say['gap']}: {result.gap}."]
    rows = []
    for factor in found.factors:
        effect = found.indirect.loc[factor]
        row = {"label": wording.variable_label(study, factor, lang)}
        for path in ("a", "c", "c_prime"):
            cell = found.paths.loc[(path, factor)]
            beta = format_number(cell["beta"], 2, lang=lang, leading_zero=False)
            row[path] = f"{beta} (p {_p(cell['p'], lang)})"
        value = effect["indirect_standardized"]
        row["indirect"] = format_number(value, 3, lang=lang, leading_zero=False)
        for kind in ("percentile", "bca"):
            low, high = (effect[f"indirect_standardized_{kind}_{end}"] for end in ("low", "high"))
            row[kind] = _interval(low, high, 3, lang, leading_zero=False)
        row["steps"] = say["yes" if found.argument.at[factor, "three_steps"] else "no"]
        row["reading"] = found.reading(factor, lang).rpartition("; ")[0]
        rows.append(row)
    b = found.paths.loc[("b", found.mediator)]
    beta = format_number(b["beta"], 2, lang=lang, leading_zero=False)
    notes = [
        say["b"].format(b=beta, p=_p(b["p"], lang), **between),
        say["how"].format(
            level=f"{100 * found.level:g}",
            resamples=found.resamples,
            seed=found.seed,
            n=found.n,
            missing=found.n_missing,
        ),
        f"{say['caution']}: {found.caution(lang)}",
        *([f"{wording.words(lang)['note']}: {found.note}."] if found.note else []),
    ]
    return title, rows, headings, notes


def _families(result: Any, lang: str) -> _Shown:
    say, alpha = WORDS[lang], format_number(result.alpha, 2, lang=lang)
    order = {"tests": "tests", "missing": "missing_tests"}
    order |= {name: f"s_{name}" for name in ("p", "p_holm", "p_bh")}
    headings = {name: say[key].format(alpha=alpha) for name, key in order.items()}
    total = result.counts.sum()
    lines = [*result.counts.iterrows(), (wording.words(lang)["total"], total)]
    rows = [
        {"label": str(table), **{name: str(int(counts[name])) for name in headings}}
        for table, counts in lines
    ]
    m = int(total["tests"])
    expected = format_number(m * result.alpha, 0, lang=lang)
    return (
        say["families"],
        rows,
        headings,
        [say["chance"].format(m=m, expected=expected, alpha=alpha)],
    )


_SHOW = {
    "groups": _groups,
    "regressions": _regressions,
    "mediation": _mediation,
    "families": _families,
}


def _title(result: Any, lang: str) -> str:
    table = result.definition
    title = table.title_nl if lang == "nl" else table.title_en
    say = wording.words(lang)
    return f"{say['table']} {result.number}, {WORDS[lang]['beyond']}. {title}"


def _column_names(result: Any, lang: str) -> dict[str, str]:
    # As wording.column_labels: models with the same outcome are numbered.
    columns, study = result.definition.columns, result.wave.study
    numbered = max(Counter(model.outcome for model in columns.values()).values()) > 1
    lead = wording.words(lang)["model"]
    return {
        column: (f"{lead} {k}: " if numbered else "") + study.label(model.outcome, lang)
        for k, (column, model) in enumerate(columns.items(), start=1)
    }


def _interval(
    low: float, high: float, decimals: int, lang: str, *, leading_zero: bool = True
) -> str:
    ends = [
        format_number(end, decimals, lang=lang, leading_zero=leading_zero) for end in (low, high)
    ]
    if MISSING in ends:
        return MISSING
    return f"[{'; '.join(ends)}]" if lang == "nl" else f"[{', '.join(ends)}]"


def _p(p: float, lang: str) -> str:
    text = format_p(p, lang)
    return text if text.startswith("<") else f"= {text}"


def _missing(key: str, lang: str) -> str:
    say = wording.words(lang)
    return f"{say['missing']}: {say[key].split(';')[0]}."


def _short(name: str) -> str:
    # Nested models share their outcome, so they are numbered: the number is enough.
    return name.partition(":")[0]


def _unbroken(pair: str) -> str:
    # Keep a short pair on one line; long names of groups must be able to wrap.
    return pair.replace(" ", "\N{NO-BREAK SPACE}") if len(pair) < 30 else pair
