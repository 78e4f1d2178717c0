"""Mobiliteit: the research toolkit around the 2006 TNO study of careers in Dutch care and welfare.

>>> import mobiliteit as mb
>>> wave = mb.load_wave("2006")
>>> mb.score_wave(wave).summary()

The bundled wave is synthetic: it was drawn so that it agrees with the published tables, and nothing
that the report did not print may be read off it as a finding.
"""

from __future__ import annotations

from importlib import import_module
from typing import Any

# Names are fetched on first use, so that `mobiliteit --help` need not wait for pandas and
# statsmodels.
_HOME = {
    "adjust": "inference.multiplicity",
    "against_html": "render.against",
    "analyse_panel": "panel",
    "ask": "asking.ask",
    "association": "inference.association",
    "attrition": "panel",
    "binary_regression": "inference.binary",
    "block_regression": "inference.blocks",
    "check_manifest": "replication",
    "check": "hints",
    "check_scales": "scale_checks",
    "check_wave": "arrival",
    "compare_beyond": "beyond",
    "compare_means": "compare",
    "compare_ranks": "inference.ranks",
    "compare_shares": "compare",
    "compare_sortings": "sorting",
    "compute_table": "tables",
    "compute_tables": "tables",
    "correct_table": "inference.multiplicity",
    "count_groups": "compare",
    "count_tests": "beyond",
    "cross_lagged": "panel",
    "diagnose_regression": "inference.diagnostics",
    "equivalent_coefficient": "inference.equivalence",
    "equivalent_means": "inference.equivalence",
    "equivalent_shares": "inference.equivalence",
    "figure": "gallery",
    "figure_names": "gallery",
    "figures": "render.figures",
    "find_project": "project",
    "find_suppressors": "inference.suppress",
    "follow": "trends",
    "hypotheses_html": "render.hypotheses",
    "impute": "inference.imputation",
    "imputed_table": "imputed",
    "imputed_tables": "imputed",
    "independence": "inference.categorical",
    "infer_regression": "inference.regression",
    "item_reliability": "inference.reliability",
    "lab": "lab",
    "lagged_regression": "panel",
    "link_waves": "panel",
    "load_session": "logbook",
    "load_study": "study",
    "load_wave": "wave",
    "measurement_invariance": "inference.invariance",
    "mediate": "inference.mediate",
    "mediate_beyond": "beyond",
    "MobiliteitError": "errors",
    "moderated_regression": "inference.moderated",
    "open_gallery": "gallery",
    "open_scorecard": "notebook",
    "open_session": "notebook",
    "ordinal_regression": "inference.ordered",
    "pairwise_means": "inference.contrasts",
    "panel_html": "render.panel",
    "parse_question": "asking.grammar",
    "propose_wave": "proposal",
    "raw_file": "notebook",
    "regress_beyond": "beyond",
    "regress_imputed": "inference.regress_imputed",
    "replicate": "inference.replication",
    "reproduce": "reproduction",
    "run_hypotheses": "hypotheses",
    "save_session": "logbook",
    "scales_html": "render.scales",
    "sceptical_p": "inference.sceptical",
    "score_against": "against",
    "score_wave": "scorecard",
    "scratch_project": "notebook",
    "Session": "logbook",
    "shares": "inference.shares",
    "show_answer": "logbook",
    "show_beyond": "render.beyond",
    "show_check": "render.new_wave",
    "show_file": "render.new_wave",
    "show_imputed": "render.imputed",
    "show_ledger": "render.lists",
    "show_page": "render.page",
    "show_planted": "render.new_wave",
    "show_proposal": "render.new_wave",
    "show_repeat": "logbook",
    "show_session": "logbook",
    "show_summary": "render.summary",
    "show_table": "render.tables",
    "show_tables": "render.tables",
    "show_unequal": "render.lists",
    "show_wave": "render.lists",
    "show_weighted": "render.new_wave",
    "show_weights": "render.weights",
    "sort_otherwise": "sorting",
    "sorting_html": "render.sorting",
    "standardized_differences": "inference.effects",
    "standardized_regression": "regress",
    "transitions": "panel",
    "trends_html": "render.trends",
    "variance_explained": "inference.effects",
    "welch_anova": "inference.contrasts",
    "within_change": "panel",
    "within_models": "panel",
    "write_against": "render.against",
    "write_figures": "gallery",
    "write_hypotheses": "render.hypotheses",
    "write_log": "logbook",
    "write_manifest": "replication",
    "write_panel": "render.panel",
    "write_replication": "replication",
    "write_report": "report",
    "write_scales": "render.scales",
    "write_sorting": "render.sorting",
    "write_trends": "render.trends",
}
_MODULES = {"figures", "lab"}
__all__ = sorted(_HOME)


def __getattr__(name: str) -> Any:
    """Import the home module of a public name when the name is first used."""
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    module = import_module(f"{__name__}.{_HOME[name]}")
    return module if name in _MODULES else getattr(module, name)


def __dir__() -> list[str]:
    """List the public names."""
    return __all__
