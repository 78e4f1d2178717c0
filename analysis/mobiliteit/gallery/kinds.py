"""How each kind of figure is drawn and told: an entry of the catalogue in, figure and text out."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from matplotlib.figure import Figure

from mobiliteit.against import Against
from mobiliteit.against.rule import WordLabel
from mobiliteit.gallery import alt
from mobiliteit.gallery.answers import answer_shares
from mobiliteit.gallery.flows import FEWEST, Flow, flow_of, flow_of_ways
from mobiliteit.gallery.paths import estimate_model
from mobiliteit.gallery.source import Gallery
from mobiliteit.gallery.told import Told
from mobiliteit.gallery.words import WORDS
from mobiliteit.render import figures, figures_against
from mobiliteit.render.drawing import on_the_same_scale, without_numbers
from mobiliteit.render.figures_flows import draw_flow
from mobiliteit.render.figures_items import draw_items
from mobiliteit.render.figures_mediation import draw_mediation
from mobiliteit.render.figures_panel import draw_change, draw_moves
from mobiliteit.render.figures_paths import draw_model
from mobiliteit.render.figures_trends import draw_split
from mobiliteit.render.figures_verdicts import AUDIT_SAYS, VERDICT_COLOURS, audited
from mobiliteit.render.wording import words
from mobiliteit.study_schema import Label

Drawn = tuple[Figure, Told]
Draw = Callable[[Gallery, Any, str], Drawn]


def _profile(gallery: Gallery, entry: Any, lang: str) -> Drawn:
    view = gallery.views(lang)[entry.table]
    return figures.profile(view), alt.profile_text(view, on_the_same_scale(view))


def _items(gallery: Gallery, entry: Any, lang: str) -> Drawn:
    answers = answer_shares(gallery.plain, entry.variables)
    return draw_items(answers, lang), alt.items_text(answers, lang)


def _coefficients(gallery: Gallery, entry: Any, lang: str) -> Drawn:
    # Intervals and points must rest on the same respondents, and intervals have no weighted form.
    view = gallery.views(lang, plain=True)[entry.table]
    inference = gallery.regressions(entry.table)
    return figures.coefficients(view, inference=inference), alt.coefficients_text(view, inference)


def _classes(gallery: Gallery, entry: Any, lang: str) -> Drawn:
    view = gallery.views(lang)[entry.table]
    figure = figures.classes(view, entry.column, entry.factors)
    return figure, alt.classes_text(view, entry.column, entry.factors)


def _model(gallery: Gallery, entry: Any, lang: str) -> Drawn:
    estimated = estimate_model(gallery.catalogue.model, gallery.results)
    return draw_model(estimated, lang), alt.model_text(estimated, lang)


def _flow(gallery: Gallery, entry: Any, lang: str) -> Drawn:
    flow = flow_of(gallery.plain, entry.through, entry.sample)
    names = ", ".join(_small(getattr(name, lang)) for name in flow.names)
    title = WORDS[lang]["flow_title"].format(names=names)
    return _flowing(flow, title, gallery.plain.mark(lang), lang)


def _mediation(gallery: Gallery, entry: Any, lang: str) -> Drawn:
    results = [gallery.mediation(number) for number in entry.tables]
    return draw_mediation(results, lang), alt.mediation_text(results, lang)


def _scorecard(gallery: Gallery, entry: Any, lang: str) -> Drawn:
    views = list(gallery.views(lang).values())
    found = gallery.scorecard.frame["verdict"].value_counts()
    counts = {words(lang)[name]: int(found.get(name, 0)) for name in VERDICT_COLOURS}
    return figures.verdicts(views), alt.verdicts_text("scorecard", counts, lang)


def _audit(gallery: Gallery, entry: Any, lang: str) -> Drawn:
    views = list(gallery.views(lang).values())
    found = gallery.audit.cells["verdict"].value_counts()
    counts = {AUDIT_SAYS[lang][str(name)]: int(n) for name, n in found.items()}
    return audited(gallery.audit, views), alt.verdicts_text("audit", counts, lang)


def _moves(gallery: Gallery, entry: Any, lang: str) -> Drawn:
    return draw_moves(gallery.panel, lang), alt.moves_text(gallery.panel, lang)


def _moves_flow(gallery: Gallery, entry: Any, lang: str) -> Drawn:
    panel, found = gallery.panel.panel, gallery.panel.transitions
    places = {
        key: Label(nl=nl, en=en) for key, (nl, en) in panel.study.categories(found.by).items()
    }
    step = found.steps[0]
    shown = step.cells[~step.cells["hidden"] & (step.cells["count"] > 0)]
    ways = shown[["from", "to", "count"]].set_axis([0, 1, "n"], axis=1)
    names = [
        Label(**{key: WORDS[key]["in_wave"].format(wave=wave) for key in ("nl", "en")})
        for wave in (step.first, step.second)
    ]
    flow = flow_of_ways(ways, [places, places], names, n=step.n)
    title = WORDS[lang]["moves_title"].format(waves=f"{step.first} – {step.second}")
    return _flowing(flow, title, panel.mark(lang), lang)


def _change(gallery: Gallery, entry: Any, lang: str) -> Drawn:
    return draw_change(gallery.panel, lang), alt.change_text(gallery.panel, lang)


def _trends(gallery: Gallery, entry: Any, lang: str) -> Drawn:
    trends, wave = gallery.trends, gallery.wave.id
    if wave in trends.undecided:
        why = getattr(trends.undecided[wave], lang)
        return without_numbers(getattr(entry, lang), trends.mark(lang), why, lang), Told(why)
    return draw_split(trends, wave, lang), alt.trends_text(trends, wave, lang)


def _words(gallery: Gallery, entry: Any, lang: str) -> Drawn:
    result = gallery.against
    mark = gallery.wave.mark(lang)
    figure = figures_against.strip(result.frame, _labels(result), mark, lang)
    return figure, alt.words_text(result, lang)


def _side_by_side(gallery: Gallery, entry: Any, lang: str) -> Drawn:
    result = gallery.against
    mark = gallery.wave.mark(lang)
    figure = figures_against.side_by_side(result.frame, _labels(result), mark, lang)
    return figure, alt.side_text(result, figures_against.drawn_findings(result.frame), lang)


def _flowing(flow: Flow, title: str, mark: str, lang: str) -> Drawn:
    return draw_flow(flow, title, mark, lang, few=FEWEST), alt.flow_text(flow, lang, FEWEST)


def _labels(result: Against) -> dict[str, WordLabel]:
    return {str(word): label for word, label in result.rule.words.items()}


def _small(text: str) -> str:
    return text[:1].lower() + text[1:]


DRAW: dict[str, Draw] = {
    "profile": _profile,
    "items": _items,
    "coefficients": _coefficients,
    "classes": _classes,
    "model": _model,
    "flow": _flow,
    "mediation": _mediation,
    "scorecard": _scorecard,
    "audit": _audit,
    "moves": _moves,
    "moves_flow": _moves_flow,
    "change": _change,
    "trends": _trends,
    "words": _words,
    "side_by_side": _side_by_side,
}
