"""What the figures are drawn from: a wave, the one before it, and every result they need, once."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, TypeVar

from mobiliteit.against import Against, score_against
from mobiliteit.audit import AuditResult, run_audit
from mobiliteit.beyond import mediate_beyond, regress_beyond
from mobiliteit.beyond_results import MediationBeyond, RegressionsBeyond
from mobiliteit.errors import AnalysisError, Problem
from mobiliteit.gallery.catalogue import Catalogue, load_catalogue
from mobiliteit.panel import PanelReport, analyse_panel, link_waves
from mobiliteit.render.tables import TableView, display
from mobiliteit.scorecard import Scorecard, score_wave
from mobiliteit.tables import TableResult, compute_tables
from mobiliteit.trends import Trends, follow
from mobiliteit.wave import Wave

Kept = TypeVar("Kept")


@dataclass(frozen=True)
class Gallery:
    """A wave whose figures are drawn; what one figure needed is there for the next.

    Attributes
    ----------
    wave : Wave
        The wave. Figures without a weighted form leave its weights out and say so.
    earlier : Wave or None
        The wave that figures of two waves hold it against.
    legend : str or None
        Star legend by name; None for that of the study.
    """

    wave: Wave
    earlier: Wave | None = None
    legend: str | None = None
    _kept: dict[Any, Any] = field(default_factory=dict, init=False, repr=False, compare=False)

    @classmethod
    def around(
        cls, scorecard: Scorecard, results: Mapping[str, TableResult], earlier: Wave | None = None
    ) -> Gallery:
        """Make the gallery of a wave whose tables were computed and judged already."""
        gallery = cls(scorecard.wave, earlier, scorecard.legend)
        gallery.__dict__.update(results=results, scorecard=scorecard)
        return gallery

    @cached_property
    def catalogue(self) -> Catalogue:
        """The figures of the study."""
        return load_catalogue(self.wave.study)

    @cached_property
    def plain(self) -> Wave:
        """The wave without its weights."""
        return self.wave.unweighted()

    @cached_property
    def results(self) -> Mapping[str, TableResult]:
        """The tables of the wave, weighted where it is."""
        return compute_tables(self.wave)

    @cached_property
    def scorecard(self) -> Scorecard:
        """Published against computed."""
        return score_wave(self.wave, self.results, legend=self.legend)

    @cached_property
    def audit(self) -> AuditResult:
        """The published numbers alone."""
        return run_audit(self.wave.study)

    @cached_property
    def panel(self) -> PanelReport:
        """The people who are in both waves."""
        return analyse_panel(link_waves([self.before.unweighted(), self.plain]))

    @cached_property
    def trends(self) -> Trends:
        """Both waves as samples of different people."""
        return follow(self.before, self.wave)

    @cached_property
    def against(self) -> Against:
        """The wave held against the findings of the report."""
        return score_against(self.wave)

    @property
    def before(self) -> Wave:
        """The earlier wave.

        Raises
        ------
        AnalysisError
            There is none.
        """
        if self.earlier is None:
            problem = Problem(
                "it holds a wave against an earlier one",
                'Open a later wave: mobiliteit.open_gallery("2008-demo").',
                wave=self.wave.id,
            )
            raise AnalysisError("The figure cannot be drawn.", [problem])
        return self.earlier

    def views(self, lang: str, *, plain: bool = False) -> dict[str, TableView]:
        """Return the tables beside their published numbers, by number.

        Parameters
        ----------
        lang : {'nl', 'en'}
            Language.
        plain : bool
            Leave the weights of the wave out.
        """
        plain = plain and self.wave.weights is not None

        def make() -> dict[str, TableView]:
            scored = score_wave(self.plain, legend=self.legend) if plain else self.scorecard
            results = compute_tables(self.plain) if plain else self.results
            return {
                number: display(result, scored.frame, lang=lang, legend=scored.legend)
                for number, result in results.items()
            }

        return self.keep(("views", lang, plain), make)

    def regressions(self, number: str) -> RegressionsBeyond:
        """Return a table of regressions with its intervals, without weights."""
        return self.keep(("regressions", number), lambda: regress_beyond(self.plain, number))

    def mediation(self, number: str) -> MediationBeyond:
        """Return the mediation that a table argues, without weights."""
        return self.keep(("mediation", number), lambda: mediate_beyond(self.plain, number))

    def keep(self, key: tuple[object, ...], make: Callable[[], Kept]) -> Kept:
        """Return what goes by a key, made when it is asked for first."""
        if key not in self._kept:
            self._kept[key] = make()
        kept: Kept = self._kept[key]
        return kept
