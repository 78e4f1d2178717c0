"""The claims of the text on a wave: every pair, coefficient and number with a test of its own.

The rules, part by part, at significance level alpha:

- *Pairs* (order, larger, largest, smallest): Games-Howell for means, z or Fisher with Holm's
  correction for shares. Significant and the right way round: supported; significant and the wrong
  way: contradicted; otherwise not supported (not significant). Counts of respondents are compared
  as they are.
- *differ*: the classic test over all groups, as the tables have it.
- *no_difference*, *equal*, *no_relation*, *not_mediated*, a correlation of zero: supported only
  where two one-sided tests show every difference to be smaller than a bound stated beforehand
  (:class:`mobiliteit.claims.bench.Bounds`), also when it is significant: it is then shown to be
  trivial. Otherwise a significant one contradicts, and the rest is not supported: not significant,
  not equivalent either.
- *monotone*: a linear trend over the classes, and no step between neighbouring classes that goes
  significantly the other way.
- *value*, *ratio*, *respondents*, *explained*: supported where the estimate rounds to the number of
  the text; contradicted where its confidence interval holds no number that does; otherwise not
  supported. Counts, minimum and maximum have no interval. Whether an explained variance is
  significant: its F test.
- *sign*: the t test of the coefficient. *correlation*: Pearson's r.
- *change*, *strongest*, *compare* (explained variances): percentile bootstrap of the difference on
  one listwise n, of the sizes of coefficients or of R2.
- *mediated*: the BCa interval of the indirect effect, all factors at once.
- *suppressor*: as :func:`mobiliteit.inference.suppress.find_suppressors` calls a classical one.

What this wave cannot give (a variable or a group that it lacks) is not checkable, with the reason.
No published number is read: those that the text mentions stand in the claims. Verdicts on a
synthetic wave carry its mark and are evidence of nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import combinations, pairwise
from typing import Any

from scipy import stats

from mobiliteit.claims.bench import (
    Bench,
    Bounds,
    LackingError,
    absent,
    directed,
    said,
    said_p,
)
from mobiliteit.claims.forms import (
    Claim,
    Differ,
    Equal,
    Extreme,
    Larger,
    Monotone,
    NoDifference,
    NotCheckable,
    Order,
    Statement,
)
from mobiliteit.claims.on_wave_cells import CELL_RULES
from mobiliteit.claims.on_wave_models import MODEL_RULES
from mobiliteit.claims.places import Place, line_label, place_of, ranked_pairs
from mobiliteit.claims.schema import load_claims
from mobiliteit.claims.terms import Line, Text
from mobiliteit.claims.verdicts import NOT_PRINTED, ClaimVerdict, ClaimVerdicts, Part, not_checkable
from mobiliteit.compare import count_groups
from mobiliteit.errors import AnalysisError, Problem
from mobiliteit.inference.resample import DEFAULT_RESAMPLES, DEFAULT_SEED
from mobiliteit.results import number
from mobiliteit.samples import TOO_FEW_GROUPS, check_level
from mobiliteit.wave import Wave
from mobiliteit.weights import without_weights

__all__ = ["Bounds", "judge_wave"]


@without_weights
def judge_wave(
    wave: Wave,
    alpha: float = 0.05,
    *,
    bounds: Bounds | None = None,
    resamples: int = DEFAULT_RESAMPLES,
    seed: int = DEFAULT_SEED,
    claims: Sequence[Claim] | None = None,
    done: dict[Any, Any] | None = None,
) -> ClaimVerdicts:
    """Judge every claim of the text on a wave.

    Parameters
    ----------
    wave : Wave
        A clean wave; its study holds the claims.
    alpha : float
        Significance level, between 0 and 0.5. Intervals have level 1 - alpha.
    bounds : Bounds, optional
        What is too small to count as a difference.
    resamples, seed : int
        Of the bootstraps.
    claims : sequence of Claim, optional
        Which ones, all of which must fit the wave's study; by default all of the study.
    done : dict, optional
        Keeps analyses from one call to the next (see :class:`mobiliteit.claims.bench.Bench`).

    Returns
    -------
    ClaimVerdicts
        With the wave's mark. Missing values leave pairwise, from regressions listwise. Weights are
        refused. Tests are corrected within a comparison, not over the claims.

    Raises
    ------
    StudyError
        The claims cannot be used.
    AnalysisError
        `alpha` is out of range.
    """
    check_level(2 * alpha)
    bounds = bounds or Bounds()
    bench = Bench(wave, alpha, bounds, resamples, seed, done)
    chosen = load_claims(wave.study) if claims is None else claims
    verdicts = tuple(ClaimVerdict(claim, tuple(_judge(bench, claim))) for claim in chosen)
    settings = {"alpha": alpha, **bounds.settings(), "resamples": resamples, "seed": seed}
    marks = wave.mark("nl"), wave.mark("en")
    return ClaimVerdicts(wave.id, verdicts, *marks, settings, wave.synthetic)


def _judge(bench: Bench, claim: Claim) -> list[Part]:
    try:
        return list(_RULES[type(claim.statement)](bench, claim.statement))
    except LackingError as lacking:
        return [not_checkable("", lacking.reason)]
    except AnalysisError as error:
        reason = "; ".join(problem.what for problem in error.problems)
        text = Text(
            nl=f"op deze golf niet te berekenen ({reason})",
            en=f"this wave cannot give it ({reason})",
        )
        return [not_checkable("", text)]


def _pair(bench: Bench, line: Line, more: str, less: str) -> Part:
    place = place_of(bench.study, line)
    subject = f"{place.variable}: {more} - {less}"
    if place.statistic == "count":
        return _counts(bench, place, subject, more, less)
    numbers = bench.contrast(place, more, less)
    basis = _compared(bench, line, place, more, less, numbers)
    return directed(subject, basis, numbers, bench.alpha, "difference")


def _compared(
    bench: Bench, line: Line, place: Place, a: str, b: str, numbers: dict[str, float]
) -> Text:
    groups, (one, other) = bench.groups(place), bench.names(place, a, b)
    percent = place.statistic == "percent"
    decimals, sign = (1, "%") if percent else (2, "")
    first, second = (said(number(groups, p, place.statistic), decimals) for p in (a, b))
    difference = said(numbers["estimate"], decimals, numbers["low"], numbers["high"])
    label, p = line_label(bench.study, line), said_p(numbers["p"])
    test = "Holm" if percent else "Games-Howell"
    return Text(
        nl=f"{label.nl}: {one.nl} {first.nl}{sign}, {other.nl} {second.nl}{sign};"
        f" verschil {difference.nl}, {test}, {p.nl}",
        en=f"{label.en}: {one.en} {first.en}{sign}, {other.en} {second.en}{sign};"
        f" difference {difference.en}, {test}, {p.en}",
    )


def _counts(bench: Bench, place: Place, subject: str, more: str, less: str) -> Part:
    counts = count_groups(bench.frame(place.sample, place.variable), place.variable).counts
    a, b = int(counts[more]), int(counts[less])
    one, other = bench.names(place, more, less)
    sign = ">" if a > b else "<" if a < b else "="
    basis = Text(nl=f"{one.nl} {a} {sign} {other.nl} {b}", en=f"{one.en} {a} {sign} {other.en} {b}")
    verdict = "supported" if a > b else "contradicted"
    n = int(counts.sum())
    return Part(subject, verdict, basis, statistic="count", estimate=float(a - b), n=n)


def _ranked(bench: Bench, statement: Order | Larger | Extreme) -> Iterator[Part]:
    for line, more, less in ranked_pairs(bench.study, statement):
        yield _pair(bench, line, more, less)


def _differ(bench: Bench, statement: Differ) -> Iterator[Part]:
    for line in statement.lines:
        place = place_of(bench.study, line)
        if place.statistic == "count":
            yield not_checkable(place.variable, NOT_PRINTED)
            continue
        test = bench.omnibus(place)
        holds = test.p < bench.alpha
        yield Part(
            place.variable,
            "supported" if holds else "not_supported",
            _over_all(bench, line, place),
            "" if holds else "not_significant",
            statistic="F" if test.test == "anova" else "chi2",
            estimate=test.statistic,
            p=test.p,
            n=test.n,
        )


def _over_all(bench: Bench, line: Line, place: Place) -> Text:
    test, label = bench.omnibus(place), line_label(bench.study, line)
    decimals, sign = (1, "%") if place.statistic == "percent" else (2, "")
    values = [said(number(test.groups, q, place.statistic), decimals) for q in place.positions]
    names = bench.names(place, *place.positions)
    letter = ("F", "F") if test.test == "anova" else ("chi-kwadraat", "chi-square")
    shown, p = said(test.statistic, 2), said_p(test.p)
    pairs = list(zip(names, values, strict=True))
    nl = ", ".join(f"{name.nl} {value.nl}{sign}" for name, value in pairs)
    en = ", ".join(f"{name.en} {value.en}{sign}" for name, value in pairs)
    return Text(
        nl=f"{label.nl}: {nl}; {letter[0]} = {shown.nl}, {p.nl}",
        en=f"{label.en}: {en}; {letter[1]} = {shown.en}, {p.en}",
    )


def _no_difference(bench: Bench, statement: NoDifference) -> Iterator[Part]:
    for line in statement.lines:
        place = place_of(bench.study, line)
        if place.statistic == "count":
            yield not_checkable(place.variable, NOT_PRINTED)
            continue
        filled = [q for q in place.positions if number(bench.groups(place), q, "n") > 0]
        if len(filled) < 2:
            problem = Problem(f"{place.variable}: {TOO_FEW_GROUPS}", "Add respondents.")
            raise AnalysisError("This claim cannot be judged.", [problem])
        significant = bench.omnibus(place).p < bench.alpha
        parts = [_alike(bench, place, a, b, significant) for a, b in combinations(filled, 2)]
        equivalent = all(part.verdict == "supported" for part in parts)
        worst = max(parts, key=lambda part: part.p)
        over_all = _over_all(bench, line, place)
        yield absent(
            place.variable,
            Text(nl=f"{over_all.nl}; {worst.basis.nl}", en=f"{over_all.en}; {worst.basis.en}"),
            {
                "estimate": worst.estimate,
                "low": worst.low,
                "high": worst.high,
                "p": worst.p,
                "n": bench.omnibus(place).n,
            },
            equivalent=equivalent,
            significant=significant,
            statistic=worst.statistic,
        )


def _alike(bench: Bench, place: Place, a: str, b: str, significant: bool) -> Part:
    test = bench.equivalence(place, a, b)
    one, other = bench.names(place, a, b)
    shown = said(test.estimate, 2, test.low, test.high)
    percent = place.statistic == "percent"
    unit = ("procentpunt", "points") if percent else ("standaarddeviatie", "standard deviations")
    bound, p = said(test.bound, 1 if test.bound >= 1 else 2), said_p(test.p)
    basis = Text(
        nl=f"{one.nl} - {other.nl} {shown.nl} {unit[0]}, kleiner dan {bound.nl}: {p.nl}",
        en=f"{one.en} - {other.en} {shown.en} {unit[1]}, smaller than {bound.en}: {p.en}",
    )
    return absent(
        f"{place.variable}: {a} - {b}",
        basis,
        {
            "estimate": test.estimate,
            "low": test.low,
            "high": test.high,
            "p": test.p,
            "n": test.n,
        },
        equivalent=test.equivalent,
        significant=significant,
        statistic="difference_points" if percent else "cohens_d",
    )


def _equal(bench: Bench, statement: Equal) -> Iterator[Part]:
    for line in statement.lines:
        place = place_of(bench.study, line)
        if place.statistic == "count":
            yield not_checkable(place.variable, NOT_PRINTED)
            continue
        a, b = statement.pair
        significant = bench.contrast(place, a, b)["p"] < bench.alpha
        part = _alike(bench, place, a, b, significant)
        label = line_label(bench.study, line)
        basis = Text(nl=f"{label.nl}: {part.basis.nl}", en=f"{label.en}: {part.basis.en}")
        yield Part(**{**vars(part), "basis": basis})


def _monotone(bench: Bench, statement: Monotone) -> Iterator[Part]:
    up = statement.direction == "up"
    for line in statement.lines:
        place = place_of(bench.study, line)
        over_all = _over_all(bench, line, place)
        frame = bench.frame(place.sample, place.variable)[[place.by, place.variable]].dropna()
        codes = frame[place.by].cat.codes
        if codes.nunique() < 2:
            yield not_checkable(place.variable, NOT_PRINTED)
            continue
        fit = stats.linregress(codes, frame[place.variable].astype("float64"))
        sign, n = (1 if up else -1), len(frame)
        reach = float(stats.t.ppf((1 + bench.level) / 2, n - 2) * fit.stderr)
        slope, p = sign * float(fit.slope), float(fit.pvalue)
        trend, shown = said(sign * slope, 3), said_p(p)
        basis = Text(
            nl=f"{over_all.nl}; per klasse {trend.nl}, trend {shown.nl}",
            en=f"{over_all.en}; per class {trend.en}, trend {shown.en}",
        )
        numbers = {
            "estimate": slope, "low": slope - reach, "high": slope + reach, "p": p, "n": n,
        }  # fmt: skip
        yield directed(f"{place.variable}: trend", basis, numbers, bench.alpha, "trend")
        filled = [q for q in place.positions if number(bench.groups(place), q, "n") > 1]
        for low, high in pairwise(filled):
            step = _pair(bench, line, *((high, low) if up else (low, high)))
            if step.verdict == "contradicted":
                yield step


def _reason(bench: Bench, statement: NotCheckable) -> Iterator[Part]:
    yield not_checkable("", statement.reason)


_RULES: dict[type[Statement], Callable[[Bench, Any], Iterator[Part]]] = {
    Order: _ranked,
    Larger: _ranked,
    Extreme: _ranked,
    Differ: _differ,
    NoDifference: _no_difference,
    Equal: _equal,
    Monotone: _monotone,
    NotCheckable: _reason,
    **CELL_RULES,
    **MODEL_RULES,
}
